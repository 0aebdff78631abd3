//! Claims held against what the comparison observed.

use super::claims::{Claim, claims};
use crate::compare::{
    CodeChange, CodeChangeKind, Comparison, CriterionChange, SectionChange, compare,
};
use crate::policy::{Code, Policy, Provenance, Revision, Version};

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
fn version_of(policy: &Policy, entry: &Revision) -> Option<usize> {
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
        (Some(before), Some(version)) => check(claims, before, version),
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

fn unchecked(claim: Claim, why: &str) -> CheckedClaim {
    let found = match &claim {
        Claim::NotRead { .. } => "this program does not read this sentence".to_owned(),
        Claim::Reviewed => "a review leaves no trace in the text".to_owned(),
        _ => why.to_owned(),
    };
    CheckedClaim {
        claim,
        status: Status::NotCheckable,
        found,
    }
}

/// The changes between two versions, with what has been accounted for.
struct Ledger {
    comparison: Comparison,
    criteria: Vec<bool>,
    codes: Vec<bool>,
    sections: Vec<bool>,
}

fn check(
    claims: Vec<Claim>,
    before: &Version,
    version: &Version,
) -> (Vec<CheckedClaim>, Vec<Undeclared>) {
    let comparison = compare(before, version);
    let mut ledger = Ledger {
        criteria: vec![false; comparison.criteria.len()],
        codes: vec![false; comparison.codes.len()],
        sections: vec![false; comparison.sections.len()],
        comparison,
    };
    let checked = claims
        .into_iter()
        .map(|claim| ledger.check(claim, before, version))
        .collect();
    (checked, ledger.undeclared())
}

impl Ledger {
    fn check(&mut self, claim: Claim, before: &Version, version: &Version) -> CheckedClaim {
        let (status, found) = match &claim {
            Claim::CodesAdded { codes } => {
                self.codes_changed(codes, CodeChangeKind::Added, before, version)
            }
            Claim::CodesRemoved { codes } => {
                self.codes_changed(codes, CodeChangeKind::Removed, before, version)
            }
            Claim::TextReplaced { old, new, .. } => self.text_replaced(old, new, version),
            Claim::ReferencesReviewed => self.references_reviewed(before, version),
            Claim::PolicyDeveloped => (
                Status::Contradicted,
                format!("version {} came before", before.name),
            ),
            Claim::Reviewed | Claim::NotRead { .. } => return unchecked(claim, ""),
        };
        CheckedClaim {
            claim,
            status,
            found,
        }
    }

    fn codes_changed(
        &mut self,
        codes: &[Code],
        kind: CodeChangeKind,
        before: &Version,
        version: &Version,
    ) -> (Status, String) {
        let mut wrong = vec![];
        for code in codes {
            let place = self
                .comparison
                .codes
                .iter()
                .position(|change| change.code == *code && change.kind == kind);
            match place {
                Some(place) => self.codes[place] = true,
                None => wrong.push(code_instead(code, kind, before, version)),
            }
        }
        if wrong.is_empty() {
            let count = codes.len();
            let noun = if count == 1 { "code" } else { "codes" };
            let all = if count > 2 { "all " } else { "" };
            (
                Status::BorneOut,
                format!("{all}{count} {noun} {}", kind.name()),
            )
        } else {
            (Status::Contradicted, wrong.join("; "))
        }
    }

    fn text_replaced(&mut self, old: &str, new: &str, version: &Version) -> (Status, String) {
        let mut places = vec![];
        for (index, change) in self.comparison.criteria.iter().enumerate() {
            if let (Some(was), Some(now)) = (&change.views.old, &change.views.new)
                && holds(&was.text, old)
                && holds(&now.text, new)
            {
                self.criteria[index] = true;
                places.push(now.id.to_string());
            }
        }
        for (index, change) in self.comparison.sections.iter().enumerate() {
            if let (Some(was), Some(now)) = (&change.text.old, &change.text.new)
                && holds(was, old)
                && holds(now, new)
            {
                self.sections[index] = true;
                places.push(format!("section {}", change.heading));
            }
        }
        let still: Vec<_> = version
            .all_criteria()
            .filter(|criterion| holds(&criterion.text, old) && !holds(&criterion.text, new))
            .map(|criterion| criterion.id.to_string())
            .collect();
        match (places.is_empty(), still.is_empty()) {
            (false, true) => (
                Status::BorneOut,
                format!("replaced in {}", places.join(", ")),
            ),
            (false, false) => (
                Status::Contradicted,
                format!(
                    "replaced in {}, but {} still says \"{old}\"",
                    places.join(", "),
                    still.join(", ")
                ),
            ),
            (true, false) => (
                Status::Contradicted,
                format!("{} still says \"{old}\"", still.join(", ")),
            ),
            (true, true) => (
                Status::Contradicted,
                "no text changed in this way".to_owned(),
            ),
        }
    }

    fn references_reviewed(&mut self, before: &Version, version: &Version) -> (Status, String) {
        let mut changed = 0;
        for (index, change) in self.comparison.sections.iter().enumerate() {
            if change.heading == "References" {
                self.sections[index] = true;
                changed += 1;
            }
        }
        let rebuilt = [before, version]
            .into_iter()
            .find(|version| version.provenance == Provenance::Reconstructed);
        match (changed, rebuilt) {
            (0, Some(rebuilt)) => (
                Status::NotCheckable,
                format!(
                    "the references of {} were carried back from a later version",
                    rebuilt.name
                ),
            ),
            (0, None) => (
                Status::NotCheckable,
                "the references are the same in both; a review need not change them".to_owned(),
            ),
            (changed, _) => (Status::BorneOut, format!("{changed} references changed")),
        }
    }

    fn undeclared(self) -> Vec<Undeclared> {
        let open = |accounted: Vec<bool>| accounted.into_iter().map(|accounted| !accounted);
        let criteria = self
            .comparison
            .criteria
            .into_iter()
            .zip(open(self.criteria));
        let codes = self.comparison.codes.into_iter().zip(open(self.codes));
        let sections = self
            .comparison
            .sections
            .into_iter()
            .zip(open(self.sections));
        criteria
            .filter_map(|(change, open)| open.then_some(Undeclared::Criterion(change)))
            .chain(codes.filter_map(|(change, open)| open.then_some(Undeclared::Code(change))))
            .chain(
                sections.filter_map(|(change, open)| open.then_some(Undeclared::Section(change))),
            )
            .collect()
    }
}

/// What happened to a code instead of what the claim says.
fn code_instead(code: &Code, kind: CodeChangeKind, before: &Version, version: &Version) -> String {
    let listed = |version: &Version| version.all_codes().any(|(_, row)| row.code == *code);
    match (kind, listed(before), listed(version)) {
        (_, true, true) => format!("{code} is listed in both versions"),
        (_, false, false) => format!("{code} is listed in neither version"),
        (CodeChangeKind::Added, ..) => format!("{code} was removed"),
        _ => format!("{code} was added"),
    }
}

/// Whether a text holds a phrase, whatever the case, spacing and kind of
/// quotation marks.
fn holds(text: &str, phrase: &str) -> bool {
    let plain = |text: &str| {
        text.to_lowercase()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .replace(['“', '”'], "\"")
            .replace(['‘', '’'], "'")
    };
    plain(text).contains(&plain(phrase))
}

fn findings(policy: &Policy, latest: &Version) -> Vec<LogFinding> {
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
