//! Changes of code tables, by code and never by row position.

use std::collections::BTreeMap;

use super::pair::Pair;
use crate::policy::{Code, Gate, Version};

/// What happened to a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeChangeKind {
    /// It is listed now.
    Added,
    /// It is no longer listed.
    Removed,
    /// It is worded otherwise.
    Changed,
    /// It stands in another table, or its table decides something else.
    Moved,
}

impl CodeChangeKind {
    /// The word reports use.
    pub fn name(self) -> &'static str {
        match self {
            CodeChangeKind::Added => "added",
            CodeChangeKind::Removed => "removed",
            CodeChangeKind::Changed => "changed",
            CodeChangeKind::Moved => "moved",
        }
    }
}

/// A code row with its table, as one version has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeView {
    /// Its descriptor.
    pub text: String,
    /// Its table's heading.
    pub table: String,
    /// What its table decides.
    pub gate: Gate,
}

/// One changed code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeChange {
    /// What happened to it.
    pub kind: CodeChangeKind,
    /// The code.
    pub code: Code,
    /// The row in both versions; one is absent if it was added or removed.
    pub views: Pair<Option<CodeView>>,
}

/// Every changed code, by system and code. A code that stands in several
/// tables is compared table by table, in order.
pub(super) fn changes(old: &Version, new: &Version) -> Vec<CodeChange> {
    let rows = Pair::new(old, new).map(rows);
    let mut codes: Vec<&Code> = rows.old.keys().chain(rows.new.keys()).collect();
    codes.sort();
    codes.dedup();
    let mut changes = vec![];
    for code in codes {
        let views = rows
            .as_ref()
            .map(|rows| rows.get(code).map_or(&[][..], Vec::as_slice));
        for index in 0..views.old.len().max(views.new.len()) {
            let views = views.map(|views| views.get(index).cloned());
            if let Some(kind) = kind(&views) {
                changes.push(CodeChange {
                    kind,
                    code: code.clone(),
                    views,
                });
            }
        }
    }
    changes
}

fn rows(version: &Version) -> BTreeMap<Code, Vec<CodeView>> {
    let mut rows: BTreeMap<Code, Vec<CodeView>> = BTreeMap::new();
    for (table, row) in version.all_codes() {
        rows.entry(row.code.clone()).or_default().push(CodeView {
            text: row.text.split_whitespace().collect::<Vec<_>>().join(" "),
            table: table.title.clone(),
            gate: table.gate,
        });
    }
    rows
}

fn kind(views: &Pair<Option<CodeView>>) -> Option<CodeChangeKind> {
    match (&views.old, &views.new) {
        (None, Some(_)) => Some(CodeChangeKind::Added),
        (Some(_), None) => Some(CodeChangeKind::Removed),
        (Some(old), Some(new)) if (&old.table, old.gate) != (&new.table, new.gate) => {
            Some(CodeChangeKind::Moved)
        }
        (Some(old), Some(new)) => (old.text != new.text).then_some(CodeChangeKind::Changed),
        (None, None) => None,
    }
}
