//! What changing from one version to another does to determinations.

use std::collections::BTreeSet;

use super::evidence::Evidence;
use super::names::Named;
use super::open::Workbench;
use super::problem::Problem;
use crate::compare::Pair;
use crate::criteria::effect::{Dead, Effect, dead_criteria, effect};
use crate::criteria::{Cause, Request, causes};
use crate::policy::{Code, Gate, Version, VersionRef};

/// The effect of changing from one version to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Affected {
    /// The versions.
    pub versions: Pair<VersionRef>,
    /// What it does to the criteria, over every case.
    pub effect: Effect,
    /// For each example: the criteria that account for it.
    pub because: Vec<Vec<Cause>>,
    /// Procedure codes that only the older, or only the newer version addresses.
    pub codes: Pair<Vec<Code>>,
    /// Criteria of the newer version that cannot do what they are there for.
    /// None where that would take more room than the analysis is given.
    pub dead: Option<Vec<Dead>>,
    /// What the answer rests on.
    pub evidence: Evidence,
}

impl Workbench {
    /// Analyses the effect of changing from one version to another.
    ///
    /// # Errors
    /// When the versions are of two policies, or the criteria are too
    /// entangled for the analysis.
    pub fn effect(&self, pair: Pair<Named<'_>>) -> Result<Affected, Problem> {
        let Pair {
            old: (policy, old),
            new: (other, new),
        } = pair;
        if policy.reference != other.reference {
            return Err(Problem::usage(
                format!(
                    "{} and {} are two policies",
                    policy.reference, other.reference
                ),
                "name two versions of one policy: only they test the same facts",
            ));
        }
        let refused = |error: crate::criteria::effect::NotCompared| {
            Problem::input(
                error.to_string(),
                "replay stored cases against both instead",
            )
        };
        let effect = effect(old, new, &policy.facts).map_err(refused)?;
        let alignment = crate::compare::Alignment::of(old, new);
        let because = effect.examples.iter().map(|example| {
            let request = Request {
                facts: example.facts.clone(),
                procedure_codes: shared_code(old, new),
                ..Request::default()
            };
            causes(old, new, &request, &|id| alignment.old_id(id).cloned())
        });
        Ok(Affected {
            versions: pair.map(|(policy, version)| policy.version_ref(version)),
            because: because.collect(),
            codes: addressed_by_one(old, new),
            dead: dead_criteria(new, &policy.facts).ok(),
            evidence: self.evidence(&[pair.old, pair.new]),
            effect,
        })
    }
}

fn addressed(version: &Version) -> BTreeSet<&Code> {
    let rows = version.all_codes();
    rows.filter(|(table, _)| table.gate == Gate::Address)
        .map(|(_, row)| &row.code)
        .collect()
}

fn addressed_by_one(old: &Version, new: &Version) -> Pair<Vec<Code>> {
    let sets = Pair::new(addressed(old), addressed(new));
    let only = |one: &BTreeSet<&Code>, other: &BTreeSet<&Code>| {
        one.difference(other).map(|code| (*code).clone()).collect()
    };
    Pair::new(only(&sets.old, &sets.new), only(&sets.new, &sets.old))
}

/// A procedure code that both versions address, so that an example is about
/// the criteria.
fn shared_code(old: &Version, new: &Version) -> Vec<Code> {
    let codes = Pair::new(addressed(old), addressed(new));
    let shared = codes.old.intersection(&codes.new).next();
    shared.map(|code| (*code).clone()).into_iter().collect()
}
