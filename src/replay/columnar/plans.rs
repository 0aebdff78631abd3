//! The plans of the policies whose cases turn up.

use std::sync::OnceLock;

use super::plan::Plan;
use crate::policy::{Policy, Version};

/// Why a file cannot be counted here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// A policy has cases, but no version of it is asked about.
    Unasked(String),
    /// A policy is too large for words of 64 bits.
    TooLarge,
}

/// A plan for each policy, made when its first case turns up.
#[derive(Debug)]
pub(super) struct Plans<'a> {
    policies: &'a [&'a Policy],
    asked: &'a [(&'a Policy, &'a Version)],
    made: Vec<OnceLock<Option<Plan<'a>>>>,
}

impl<'a> Plans<'a> {
    /// Plans for `policies`, against the versions of `asked`.
    pub fn new(policies: &'a [&'a Policy], asked: &'a [(&'a Policy, &'a Version)]) -> Self {
        Plans {
            policies,
            asked,
            made: policies.iter().map(|_| OnceLock::new()).collect(),
        }
    }

    /// The only policy, which a case need not name.
    pub fn only(&self) -> Option<usize> {
        (self.policies.len() == 1).then_some(0)
    }

    /// The place of a policy.
    pub fn place(&self, reference: &str) -> Option<usize> {
        self.policies
            .iter()
            .position(|one| one.reference == reference)
    }

    /// The policy at a place.
    pub fn policy(&self, place: usize) -> &'a Policy {
        self.policies[place]
    }

    /// The plan of a policy.
    ///
    /// # Errors
    /// When its cases cannot be counted here.
    pub fn get(&self, place: usize) -> Result<&Plan<'a>, Stop> {
        let policy = self.policies[place];
        let plan = self.made[place].get_or_init(|| {
            let asked = self.asked.iter();
            let asked = asked.filter(|(one, _)| one.reference == policy.reference);
            let versions: Vec<&Version> = asked.map(|(_, version)| *version).collect();
            Plan::new(policy, &versions)
        });
        match plan {
            Some(plan) if plan.asked == 0 => Err(Stop::Unasked(policy.reference.clone())),
            Some(plan) => Ok(plan),
            None => Err(Stop::TooLarge),
        }
    }
}
