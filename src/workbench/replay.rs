//! Replaying stored cases.

use std::collections::BTreeSet;

use super::cases::CaseSource;
use super::evidence::Evidence;
use super::names::{Named, version_of};
use super::open::Workbench;
use super::problem::Problem;
use super::what_if::WhatIf;
use crate::cases::{Case, Reject};
use crate::policy::Policy;
use crate::replay::{Basis, InForceReplay, Progress, Replay, Summary, replay, replay_in_force};

/// What to replay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReplayRequest {
    /// Where the cases come from.
    pub cases: CaseSource,
    /// Only cases of this policy; and the policy of cases that name none.
    pub policy: Option<String>,
    /// The versions to replay against.
    pub against: Against,
    /// Versions to replay beside them that are not in the library.
    pub what_if: WhatIf,
}

/// The versions to replay against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Against {
    /// Every version of every policy that has cases.
    #[default]
    All,
    /// These, as a person names them.
    Versions(Vec<String>),
}

/// A replay with what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Replayed {
    /// The replay.
    pub replay: Replay,
    /// What comes out of it, counted.
    pub summary: Summary,
    /// The rows that were refused.
    pub rejects: Vec<Reject>,
    /// What the answer rests on.
    pub evidence: Evidence,
}

/// What to replay against the versions in force.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct InForceRequest {
    /// Where the cases come from.
    pub cases: CaseSource,
    /// Only cases of this policy; and the policy of cases that name none.
    pub policy: Option<String>,
    /// The date that counts; if none is named, when a case was decided, or
    /// else when the service was to be given.
    pub basis: Option<Basis>,
}

/// A replay against the versions in force, with what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplayedInForce {
    /// The date that was asked for.
    pub basis: Option<Basis>,
    /// The replay.
    pub replay: InForceReplay,
    /// The rows that were refused.
    pub rejects: Vec<Reject>,
    /// What the answer rests on.
    pub evidence: Evidence,
}

impl Workbench {
    /// Replays each case against the version in force on its date.
    ///
    /// # Errors
    /// When a file of cases cannot be read, or there is no such policy.
    pub fn replay_in_force(
        &self,
        request: &InForceRequest,
        progress: Progress<'_>,
    ) -> Result<ReplayedInForce, Problem> {
        let policy = match &request.policy {
            Some(reference) => Some(self.policy(Some(reference))?),
            None => None,
        };
        let (book, files) = self.case_book(&request.cases, policy)?;
        let asked = book
            .cases
            .iter()
            .filter(|case| policy.is_none_or(|policy| policy.reference == case.policy));
        let cases: Vec<(&Policy, &Case)> = asked
            .filter_map(|case| Some((self.library.policy(&case.policy)?, case)))
            .collect();
        let replay = replay_in_force(&cases, request.basis, progress);
        // The answer rests on every version that could have been in force.
        let policies = self.library.policies_read();
        let versions: Vec<Named<'_>> = policies
            .filter(|policy| {
                cases
                    .iter()
                    .any(|(one, _)| one.reference == policy.reference)
            })
            .flat_map(|policy| policy.approved().map(move |version| (policy, version)))
            .collect();
        let mut evidence = self.evidence(&versions);
        evidence.case_files = files;
        Ok(ReplayedInForce {
            basis: request.basis,
            replay,
            rejects: book.rejects.clone(),
            evidence,
        })
    }

    /// Replays cases. `progress` is told how many are done and answers
    /// whether to go on.
    ///
    /// # Errors
    /// When a file of cases cannot be read, or there is no such version.
    pub fn replay(
        &self,
        request: &ReplayRequest,
        progress: Progress<'_>,
    ) -> Result<Replayed, Problem> {
        let policy = match &request.policy {
            Some(reference) => Some(self.policy(Some(reference))?),
            None => None,
        };
        let (book, files) = self.case_book(&request.cases, policy)?;
        let cases: Vec<&Case> = book
            .cases
            .iter()
            .filter(|case| policy.is_none_or(|policy| policy.reference == case.policy))
            .collect();
        let proposals = self.proposals(&request.what_if, policy)?;
        let mut versions = self.versions_against(&request.against, policy, &cases)?;
        for proposal in &proposals {
            proposal.join(&mut versions);
        }
        let mut evidence = self.evidence(&versions);
        for proposal in &proposals {
            proposal.note(&mut evidence.versions);
        }
        evidence.case_files = files;
        let unasked = cases.iter().find(|case| {
            !versions
                .iter()
                .any(|(policy, _)| policy.reference == case.policy)
        });
        if let Some(case) = unasked {
            return Err(Problem::usage(
                format!(
                    "no version of {} is among those to replay against",
                    case.policy
                ),
                format!(
                    "name one with --against, or leave its cases out with --policy; {} is one",
                    case.id
                ),
            ));
        }
        let replay = replay(&cases, &versions, progress);
        Ok(Replayed {
            summary: replay.summary(&cases, &versions),
            replay,
            rejects: book.rejects.clone(),
            evidence,
        })
    }

    /// The versions meant, by policy and effective date, each once.
    pub(super) fn versions_against<'a>(
        &'a self,
        against: &Against,
        policy: Option<&'a Policy>,
        cases: &[&Case],
    ) -> Result<Vec<Named<'a>>, Problem> {
        let of_cases: BTreeSet<&str> = cases.iter().map(|case| case.policy.as_str()).collect();
        let is_concerned = |one: &Policy| match policy {
            Some(policy) => one.reference == policy.reference,
            None => of_cases.contains(one.reference.as_str()),
        };
        self.library.read_all(&is_concerned);
        let concerned: Vec<&Policy> = self
            .library
            .policies_read()
            .filter(|one| is_concerned(one))
            .collect();
        self.versions_of(against, &concerned)
    }

    /// The versions meant of these policies, by policy and effective date,
    /// each once.
    pub(super) fn versions_of<'a>(
        &'a self,
        against: &Against,
        concerned: &[&'a crate::policy::Policy],
    ) -> Result<Vec<Named<'a>>, Problem> {
        let mut versions: Vec<Named<'a>> = match against {
            Against::All => concerned
                .iter()
                .flat_map(|policy| policy.versions.iter().map(|version| (*policy, version)))
                .collect(),
            Against::Versions(names) => {
                let mut versions = vec![];
                for name in names {
                    match concerned {
                        [only] if !name.contains('@') && self.library.head(name).is_none() => {
                            versions.push((*only, version_of(only, name)?));
                        }
                        _ => versions.push(self.version(name)?),
                    }
                }
                versions
            }
        };
        let key = |named: &Named<'a>| {
            let (policy, version) = named;
            (
                policy.reference.clone(),
                version.effective,
                version.name.clone(),
            )
        };
        versions.sort_by_key(key);
        versions.dedup_by_key(|named| key(named));
        Ok(versions)
    }
}
