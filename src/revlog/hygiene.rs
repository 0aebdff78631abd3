//! What is wrong with a log as such.

use super::check::version_of;
use crate::policy::{Policy, Provenance, Revision, Version};

/// Something wrong with the log as such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFinding {
    /// What it is.
    pub kind: LogFindingKind,
    /// The version concerned, if the library has it.
    pub version: Option<String>,
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
    let of_entries = latest
        .revisions
        .iter()
        .flat_map(|entry| of_entry(policy, entry));
    let unlogged = policy
        .versions
        .iter()
        .filter(|version| is_unlogged(version, latest))
        .map(|version| LogFinding {
            kind: LogFindingKind::VersionWithoutEntry,
            version: Some(version.name.clone()),
            message: format!("the log has no entry for version {}", version.name),
        });
    let dates: Vec<_> = latest.revisions.iter().map(|entry| entry.date).collect();
    let disordered = !dates.is_sorted() && !dates.iter().rev().is_sorted();
    let disorder = disordered.then(|| LogFinding {
        kind: LogFindingKind::OutOfOrder,
        version: Some(latest.name.clone()),
        message: "the entries are in order of date neither upwards nor downwards".to_owned(),
    });
    of_entries.chain(disorder).chain(unlogged).collect()
}

fn of_entry(policy: &Policy, entry: &Revision) -> Vec<LogFinding> {
    let version = version_of(policy, entry).map(|index| policy.versions[index].name.clone());
    let date = entry.date;
    let mut findings = vec![];
    let mut add = |kind, message| {
        findings.push(LogFinding {
            kind,
            version: version.clone(),
            message,
        });
    };
    match entry.approved {
        None => add(
            LogFindingKind::ApprovalMissing,
            format!("the entry of {date} has no approval date"),
        ),
        Some(approved) if approved.certainly_before(date) => add(
            LogFindingKind::ApprovalEarly,
            format!("the entry of {date} was approved in {approved}, before it was made"),
        ),
        Some(_) => {}
    }
    if version.is_none() {
        add(
            LogFindingKind::EntryWithoutVersion,
            format!("the library has no version for the entry of {date}"),
        );
    }
    findings
}

fn is_unlogged(version: &Version, latest: &Version) -> bool {
    version.provenance != Provenance::Draft
        && !latest
            .revisions
            .iter()
            .any(|entry| entry.date.overlaps(version.effective))
}
