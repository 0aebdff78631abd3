//! Claims held against what the comparison observed.

use super::claims::Claim;
use super::hygiene::{LogFinding, findings};
use super::ledger::{hold, unchecked};
use super::read::claims;
use crate::compare::{CodeChange, CriterionChange, SectionChange};
use crate::policy::{Policy, Provenance, Revision, Version};

/// The revision log of a policy, read from its latest version.
#[derive(Clone, Debug, PartialEq)]
pub struct LogReading {
    /// The entries, in the order of the log.
    pub entries: Vec<EntryReading>,
    /// What is wrong with the log as such.
    pub findings: Vec<LogFinding>,
}

/// One entry with its claims and the change it should account for.
#[derive(Clone, Debug, PartialEq)]
pub struct EntryReading {
    /// The entry.
    pub entry: Revision,
    /// The version it made, if the library has it.
    pub version: Option<String>,
    /// The version before that, if the library has it.
    pub before: Option<String>,
    /// Its claims, each held against the change.
    pub claims: Vec<CheckedClaim>,
    /// Changes between the two versions that no claim accounts for.
    pub undeclared: Vec<Undeclared>,
    /// Why agreement may prove less than it seems to.
    pub caveat: Option<String>,
}

/// A claim and whether the versions bear it out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedClaim {
    /// The claim.
    pub claim: Claim,
    /// Whether it is borne out.
    pub status: Status,
    /// What was found, or why it cannot be checked.
    pub found: String,
}

/// Whether a claim is borne out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// The versions differ as the claim says.
    BorneOut,
    /// They do not.
    Contradicted,
    /// It cannot be told.
    NotCheckable,
}

impl Status {
    /// The word reports use.
    pub fn name(self) -> &'static str {
        match self {
            Status::BorneOut => "borne-out",
            Status::Contradicted => "contradicted",
            Status::NotCheckable => "not-checkable",
        }
    }
}

/// A change that no claim accounts for.
#[derive(Clone, Debug, PartialEq)]
pub enum Undeclared {
    /// Of a criterion.
    Criterion(CriterionChange),
    /// Of a code.
    Code(CodeChange),
    /// Of a paragraph.
    Section(SectionChange),
}

impl Undeclared {
    /// The change in a few words.
    pub fn describe(&self) -> String {
        match self {
            Undeclared::Criterion(change) => {
                format!("criterion {} {}", change.id(), change.kind.name())
            }
            Undeclared::Code(change) => format!(
                "{} {} {}",
                change.code.system(),
                change.code,
                change.kind.name()
            ),
            Undeclared::Section(change) => format!("a paragraph of {} changed", change.heading),
        }
    }
}

/// Reads the log of a policy's latest version against all its versions.
pub fn read_log(policy: &Policy) -> LogReading {
    let Some(latest) = policy.latest() else {
        return LogReading {
            entries: vec![],
            findings: vec![],
        };
    };
    let entries = latest
        .revisions
        .iter()
        .map(|entry| read_entry(policy, entry))
        .collect();
    LogReading {
        findings: findings(policy, latest),
        entries,
    }
}

/// The version an entry made: the one that took effect on its date.
pub(super) fn version_of(policy: &Policy, entry: &Revision) -> Option<usize> {
    policy
        .versions
        .iter()
        .position(|version| version.effective == entry.date)
        .or_else(|| {
            policy
                .versions
                .iter()
                .position(|version| version.effective.overlaps(entry.date))
        })
}

fn read_entry(policy: &Policy, entry: &Revision) -> EntryReading {
    let index = version_of(policy, entry);
    let version = index.map(|index| &policy.versions[index]);
    let before = index
        .and_then(|index| index.checked_sub(1))
        .map(|index| &policy.versions[index]);
    let claims = claims(&entry.text);
    let (checked, undeclared) = match (before, version) {
        _ if !policy.unread.is_empty() => {
            let why = format!(
                "{} cannot be used and may be the version before",
                policy.unread.join(", ")
            );
            (not_checkable(claims, &why), vec![])
        }
        (Some(before), Some(version)) => hold(claims, before, version),
        (None, Some(version)) => (first_version(claims, version), vec![]),
        _ => (
            not_checkable(claims, "the library has no version of that date"),
            vec![],
        ),
    };
    EntryReading {
        entry: entry.clone(),
        version: version.map(|version| version.name.clone()),
        before: before.map(|version| version.name.clone()),
        caveat: before.zip(version).and_then(|(old, new)| caveat(old, new)),
        claims: checked,
        undeclared,
    }
}

/// A version rebuilt from the log agrees with the log because it was rebuilt so.
fn caveat(before: &Version, version: &Version) -> Option<String> {
    let rebuilt: Vec<&str> = [before, version]
        .into_iter()
        .filter(|version| version.provenance == Provenance::Reconstructed)
        .map(|version| version.name.as_str())
        .collect();
    let verb = if rebuilt.len() == 1 { "was" } else { "were" };
    (!rebuilt.is_empty()).then(|| {
        format!(
            "{} {verb} reconstructed from this log: agreement shows that the \
             reconstruction follows the log, not that the published text did",
            rebuilt.join(" and ")
        )
    })
}

fn not_checkable(claims: Vec<Claim>, why: &str) -> Vec<CheckedClaim> {
    claims
        .into_iter()
        .map(|claim| CheckedClaim {
            claim,
            status: Status::NotCheckable,
            found: why.to_owned(),
        })
        .collect()
}

fn first_version(claims: Vec<Claim>, version: &Version) -> Vec<CheckedClaim> {
    claims
        .into_iter()
        .map(|claim| match claim {
            Claim::PolicyDeveloped => CheckedClaim {
                claim,
                status: Status::BorneOut,
                found: format!("{} is the first version in the library", version.name),
            },
            claim => unchecked(claim, "the library has no version before it"),
        })
        .collect()
}
