//! Comparing two versions.

use super::evidence::Evidence;
use super::names::Named;
use super::open::Workbench;
use crate::compare::{Comparison, Pair, compare};
use crate::policy::VersionRef;

/// Two versions compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// The versions.
    pub versions: Pair<VersionRef>,
    /// What differs.
    pub comparison: Comparison,
    /// What the answer rests on.
    pub evidence: Evidence,
}

impl Workbench {
    /// Compares two versions.
    pub fn compare(&self, pair: Pair<Named<'_>>) -> Compared {
        Compared {
            versions: pair.map(|(policy, version)| policy.version_ref(version)),
            comparison: compare(pair.old.1, pair.new.1),
            evidence: self.evidence(&[pair.old, pair.new]),
        }
    }
}
