//! All changes over several versions, each with the version that made it.

mod fate;

pub use fate::{Fate, Fates};

use super::evidence::Evidence;
use super::names::{Named, all_read, position};
use super::open::Workbench;
use super::problem::Problem;
use crate::compare::{Comparison, Pair, compare};
use crate::policy::{Date, Policy, Version, VersionRef};

/// The changes of a policy over several versions.
#[derive(Clone, Debug, PartialEq)]
pub struct History {
    /// The policy, by reference number.
    pub policy: String,
    /// The date from which on, if one was asked for.
    pub since: Option<Date>,
    /// What must be known to read it rightly: lower case, no full stop.
    pub notes: Vec<String>,
    /// The changes from each version to the next, the oldest first.
    pub steps: Vec<Step>,
    /// What the answer rests on.
    pub evidence: Evidence,
}

/// What one version changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The version before, and the one that made the changes.
    pub versions: Pair<VersionRef>,
    /// What differs.
    pub comparison: Comparison,
    /// What came of each change later.
    pub fates: Fates,
}

impl History {
    /// What it is, in a line.
    pub fn title(&self) -> String {
        let range = match self.ends() {
            Some(ends) => format!("{} to {}", ends.old.version, ends.new.version),
            None => "no version".to_owned(),
        };
        match self.since {
            Some(since) => format!("{} since {since}: {range}", self.policy),
            None => format!("{}: {range}, version by version", self.policy),
        }
    }

    /// The oldest and the newest version, if there is a step between them.
    pub fn ends(&self) -> Option<Pair<&VersionRef>> {
        let first = self.steps.first()?;
        let last = self.steps.last()?;
        Some(Pair::new(&first.versions.old, &last.versions.new))
    }

    /// Whether no step changed criteria, codes or prose.
    pub fn is_unchanged(&self) -> bool {
        self.steps.iter().all(|step| step.comparison.is_unchanged())
    }

    /// How many changes a later version undid.
    pub fn undone(&self) -> usize {
        let fates = self.steps.iter().flat_map(|step| step.fates.all());
        fates.filter(|fate| fate.undone_in.is_some()).count()
    }
}

impl Workbench {
    /// The changes of every version that may have taken effect on or after a
    /// date, each held against the version before it.
    ///
    /// # Errors
    /// When there is none, or not all versions can be read.
    pub fn history_since(&self, policy: &Policy, since: Date) -> Result<History, Problem> {
        let versions = &all_read(policy, "the one that made a change")?.versions;
        let reference = &policy.reference;
        let later = |version: &Version| !version.effective.certainly_before(since);
        let Some(first) = versions.iter().position(later) else {
            let latest = versions.last().map(|version| {
                format!(
                    "its latest, {}, is effective {}",
                    version.name, version.effective
                )
            });
            return Err(Problem::usage(
                format!("no version of {reference} took effect since {since}"),
                latest.unwrap_or_else(|| "it has no versions".to_owned()),
            ));
        };
        let base = first.saturating_sub(1);
        if versions.len() - base < 2 {
            return Err(Problem::usage(
                format!("{reference} has no version before {}", versions[base].name),
                "there is nothing to compare it with",
            ));
        }
        let mut notes = vec![];
        if first == 0 && since.certainly_before(versions[0].effective) {
            notes.push(format!(
                "the library has no version before {}: what changed earlier is not told",
                versions[0].name
            ));
        }
        if first == 0 && !since.certainly_before(versions[0].effective) {
            notes.push(format!(
                "the library has no version before {}: what it changed is not told",
                versions[0].name
            ));
        }
        if first > 0 && versions[first].effective.first_day() < since.first_day() {
            notes.push(format!(
                "{} is effective {}, which may be before {since}",
                versions[first].name, versions[first].effective
            ));
        }
        Ok(History {
            since: Some(since),
            notes,
            ..self.history(policy, &versions[base..])
        })
    }

    /// The changes of every version after the older of two, up to the newer.
    ///
    /// # Errors
    /// When they are not two versions of one policy, the older first, or not
    /// all versions can be read.
    pub fn history_between(&self, pair: Pair<Named<'_>>) -> Result<History, Problem> {
        let (policy, _) = pair.old;
        if policy.reference != pair.new.0.reference {
            return Err(Problem::usage(
                format!(
                    "{} and {} are two policies: there are no versions between them",
                    policy.reference, pair.new.0.reference
                ),
                "name two versions of one policy",
            ));
        }
        let versions = &all_read(policy, "the one that made a change")?.versions;
        let (from, to) = (position(pair.old), position(pair.new));
        if from >= to {
            return Err(Problem::usage(
                format!(
                    "{} does not come before {}",
                    pair.old.1.name, pair.new.1.name
                ),
                "name the older version first",
            ));
        }
        Ok(self.history(policy, &versions[from..=to]))
    }

    fn history(&self, policy: &Policy, versions: &[Version]) -> History {
        let comparisons: Vec<Comparison> = versions
            .windows(2)
            .map(|pair| compare(&pair[0], &pair[1]))
            .collect();
        let fates = fate::fates(versions, &comparisons);
        let names = versions
            .windows(2)
            .map(|pair| Pair::new(&pair[0], &pair[1]).map(|version| policy.version_ref(version)));
        let steps = names.zip(comparisons).zip(fates);
        let named: Vec<Named<'_>> = versions.iter().map(|version| (policy, version)).collect();
        History {
            policy: policy.reference.clone(),
            since: None,
            notes: vec![],
            steps: steps
                .map(|((versions, comparison), fates)| Step {
                    versions,
                    comparison,
                    fates,
                })
                .collect(),
            evidence: self.evidence(&named),
        }
    }
}
