//! Comparing two versions.

use super::evidence::Evidence;
use super::facts::{FactChange, fact_changes};
use super::names::Named;
use super::open::Workbench;
use crate::compare::{Comparison, Pair, compare};
use crate::policy::VersionRef;

/// Two versions compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The versions.
    pub versions: Pair<VersionRef>,
    /// How the two belong together.
    pub relation: Relation,
    /// What differs.
    pub comparison: Comparison,
    /// What differs between the dictionaries of facts, where one policy is
    /// compared as two commits had it.
    pub facts: Vec<FactChange>,
    /// What the answer rests on.
    pub evidence: Evidence,
}

/// How the two sides of a comparison belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relation {
    /// Two versions of one policy.
    Versions,
    /// Versions of two policies, by title.
    Policies(Pair<String>),
    /// One policy as two commits had it; each in words.
    Commits(Pair<String>),
}

impl Relation {
    pub(super) fn of(pair: Pair<Named<'_>>, at: Option<Pair<String>>) -> Self {
        let policies = pair.map(|(policy, _)| policy);
        match at {
            _ if policies.old.reference != policies.new.reference => {
                Relation::Policies(policies.map(|policy| policy.title.clone()))
            }
            Some(at) => Relation::Commits(at),
            None => Relation::Versions,
        }
    }

    /// Two versions, as a heading names them.
    pub(super) fn title(&self, versions: &Pair<VersionRef>) -> String {
        let Pair { old, new } = versions;
        match self {
            Relation::Commits(at) => format!("{old} {} to {new} {}", at.old, at.new),
            _ => format!("{old} to {new}"),
        }
    }

    /// The word reports use.
    pub fn name(&self) -> &'static str {
        match self {
            Relation::Versions => "versions",
            Relation::Policies(_) => "policies",
            Relation::Commits(_) => "commits",
        }
    }
}

impl Compared {
    /// What is compared, in a line.
    pub fn title(&self) -> String {
        self.relation.title(&self.versions)
    }

    /// What must be known to read it rightly: a sentence without full stop.
    pub fn caution(&self) -> Option<String> {
        match &self.relation {
            Relation::Versions => None,
            Relation::Policies(titles) => Some(format!(
                "these are two policies, {} and {}: what only one of them has is shown as removed or added",
                titles.old, titles.new
            )),
            Relation::Commits(at) if self.versions.differs() => Some(format!(
                "the older version is read {}, the newer {}",
                at.old, at.new
            )),
            Relation::Commits(_) => Some(
                "this is one version as two states of the library have it: an edit, not a revision"
                    .to_owned(),
            ),
        }
    }

    /// Whether criteria, codes, prose and the facts they rest on are the same.
    pub fn is_unchanged(&self) -> bool {
        self.comparison.is_unchanged() && self.facts.is_empty()
    }
}

/// Compares two versions; `at` tells of which states of the library they are,
/// if of two.
pub(super) fn compared(
    pair: Pair<Named<'_>>,
    at: Option<Pair<String>>,
    evidence: Evidence,
) -> Compared {
    let relation = Relation::of(pair, at);
    Compared {
        versions: pair.map(|(policy, version)| policy.version_ref(version)),
        facts: match relation {
            Relation::Policies(_) => vec![],
            _ => fact_changes(pair.map(|(policy, _)| &policy.facts)),
        },
        comparison: compare(pair.old.1, pair.new.1),
        relation,
        evidence,
    }
}

impl Workbench {
    /// Compares two versions.
    pub fn compare(&self, pair: Pair<Named<'_>>) -> Compared {
        compared(pair, None, self.evidence(&[pair.old, pair.new]))
    }
}
