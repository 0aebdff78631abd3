//! `lookback/diff-library/1`

use serde::Serialize;

use super::diff::Fact;
use super::evidence::Provenance;
use super::writer::bytes;
use crate::compare::Comparison;
use crate::workbench::{LibraryChanges, PolicyChange, VersionChange, VersionChangeKind};

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    policies: Vec<Policy>,
    provenance: Provenance,
}

#[derive(Serialize)]
struct Policy {
    /// `added`, `removed`, `changed`, or `in-doubt` where a file of the other
    /// state cannot be used.
    kind: &'static str,
    policy: String,
    title_old: Option<String>,
    title_new: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    in_doubt: Vec<String>,
    facts: Vec<Fact>,
    versions: Vec<Version>,
}

#[derive(Serialize)]
struct Version {
    /// `added`, `removed`, `edited` or `in-doubt`.
    kind: &'static str,
    version: String,
    /// Whether something changed that is to stay as it is.
    after_approval: bool,
    sha256_old: Option<String>,
    sha256_new: Option<String>,
    /// How many changes of each kind an edit made.
    #[serde(skip_serializing_if = "Option::is_none")]
    changes: Option<Counts>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    in_doubt: Vec<String>,
}

#[derive(Serialize)]
struct Counts {
    criteria: usize,
    codes: usize,
    tables: usize,
    sections: usize,
    revisions: usize,
    metadata: usize,
}

impl From<&Comparison> for Counts {
    fn from(comparison: &Comparison) -> Self {
        Counts {
            criteria: comparison.criteria.len(),
            codes: comparison.codes.len(),
            tables: comparison.tables.len(),
            sections: comparison.sections.len(),
            revisions: comparison.revisions.len(),
            metadata: comparison.metadata.len(),
        }
    }
}

fn version(change: &VersionChange) -> Version {
    let hash = change.hashes.as_ref();
    let hash = hash.map(|hash| hash.as_ref().map(ToString::to_string));
    let (changes, in_doubt) = match &change.kind {
        VersionChangeKind::Edited { comparison, .. } => {
            (Some(Counts::from(comparison.as_ref())), vec![])
        }
        VersionChangeKind::InDoubt(files) => (None, files.clone()),
        _ => (None, vec![]),
    };
    Version {
        kind: change.kind.name(),
        version: change.version.clone(),
        after_approval: change.kind.is_after_approval(),
        sha256_old: hash.old,
        sha256_new: hash.new,
        changes,
        in_doubt,
    }
}

fn policy(change: &PolicyChange) -> Policy {
    Policy {
        kind: change.name(),
        policy: change.policy.clone(),
        title_old: change.titles.old.clone(),
        title_new: change.titles.new.clone(),
        in_doubt: change.in_doubt.clone(),
        facts: change.facts.iter().map(Fact::from).collect(),
        versions: change.versions.iter().map(version).collect(),
    }
}

/// Two states of a library as `lookback/diff-library/1`.
pub fn library(changes: &LibraryChanges) -> Vec<u8> {
    bytes(&Document {
        schema: "lookback/diff-library/1",
        policies: changes.policies.iter().map(policy).collect(),
        provenance: Provenance::from(&changes.evidence),
    })
}
