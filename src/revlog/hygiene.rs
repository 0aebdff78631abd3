//! What is wrong with a log as such.

use super::check::version_of;
use crate::policy::{Policy, Provenance, Version};

/// Something wrong with the log as such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFinding {
    /// What it is.
    pub kind: LogFindingKind,
    /// The finding in a sentence: lower case, no full stop.
    pub message: String,
}

/// The kinds of findings on a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogFindingKind {
    /// An entry has no approval date.
    ApprovalMissing,
    /// An entry was approved before it was made.
    ApprovalEarly,
    /// The entries are not in order of date.
    OutOfOrder,
    /// An entry has no version in the library.
    EntryWithoutVersion,
    /// A version has no entry in the log.
    VersionWithoutEntry,
}

impl LogFindingKind {
    /// The word reports use.
    pub fn name(self) -> &'static str {
        match self {
            LogFindingKind::ApprovalMissing => "log-approval-missing",
            LogFindingKind::ApprovalEarly => "log-approval-early",
            LogFindingKind::OutOfOrder => "log-out-of-order",
            LogFindingKind::EntryWithoutVersion => "log-entry-without-version",
            LogFindingKind::VersionWithoutEntry => "log-version-without-entry",
        }
    }
}

/// What is wrong with the log of a policy's latest version.
pub(super) fn findings(policy: &Policy, latest: &Version) -> Vec<LogFinding> {
    let mut findings = vec![];
    let mut add = |kind, message| findings.push(LogFinding { kind, message });
    for entry in &latest.revisions {
        match entry.approved {
            None => add(
                LogFindingKind::ApprovalMissing,
                format!("the entry of {} has no approval date", entry.date),
            ),
            Some(approved) if approved.certainly_before(entry.date) => add(
                LogFindingKind::ApprovalEarly,
                format!(
                    "the entry of {} was approved in {approved}, before it was made",
                    entry.date
                ),
            ),
            Some(_) => {}
        }
        if version_of(policy, entry).is_none() {
            add(
                LogFindingKind::EntryWithoutVersion,
                format!("the library has no version for the entry of {}", entry.date),
            );
        }
    }
    let dates: Vec<_> = latest.revisions.iter().map(|entry| entry.date).collect();
    if !dates.is_sorted() && !dates.iter().rev().is_sorted() {
        add(
            LogFindingKind::OutOfOrder,
            "the entries are in order of date neither upwards nor downwards".to_owned(),
        );
    }
    for version in &policy.versions {
        if version.provenance != Provenance::Draft
            && !latest
                .revisions
                .iter()
                .any(|entry| entry.date.overlaps(version.effective))
        {
            add(
                LogFindingKind::VersionWithoutEntry,
                format!("the log has no entry for version {}", version.name),
            );
        }
    }
    findings
}
