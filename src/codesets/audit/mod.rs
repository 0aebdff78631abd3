//! Holds the code tables of a policy against the code sets.
//!
//! A finding is one a coder would agree with. What no set can tell is no
//! finding: it is counted as unchecked, with the reason.

mod drift;
mod gaps;
mod siblings;
#[cfg(test)]
mod tests;
mod validity;

use std::collections::BTreeMap;

use super::{CodeSets, Edition};
use crate::policy::{Code, CodeSystem, Date, Policy, Version};

/// What is wrong with a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// It does not have the shape of its system.
    Malformed,
    /// It is a code of another system.
    WrongTable,
    /// It is in no edition.
    NeverValid,
    /// It was not valid yet, or not on all days the date may mean.
    NotYetValid,
    /// It was no longer valid, or not on all days the date may mean.
    Terminated,
    /// It is a header.
    Header,
    /// One table lists it twice.
    Duplicate,
    /// Two tables of its system list it.
    InTwoTables,
    /// The descriptor differs in punctuation.
    DriftPunctuation,
    /// The descriptor differs in how words are abbreviated or spelt.
    DriftSpelling,
    /// The descriptor is an older one.
    DriftOutdated,
    /// The descriptor is worded differently.
    DriftWording,
    /// The descriptor differs in what it means.
    DriftMeaning,
    /// The code of another side is not listed.
    SiblingMissing,
    /// It is younger than the codes of the other sides.
    Newer,
    /// A run of codes leaves some out.
    Gap,
}

impl Kind {
    /// The name that reports and filters use.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Malformed => "code-malformed",
            Kind::WrongTable => "code-wrong-table",
            Kind::NeverValid => "code-never-valid",
            Kind::NotYetValid => "code-not-yet-valid",
            Kind::Terminated => "code-terminated",
            Kind::Header => "code-header",
            Kind::Duplicate => "code-duplicate",
            Kind::InTwoTables => "code-in-two-tables",
            Kind::DriftPunctuation => "code-descriptor-punctuation",
            Kind::DriftSpelling => "code-descriptor-spelling",
            Kind::DriftOutdated => "code-descriptor-outdated",
            Kind::DriftWording => "code-descriptor-wording",
            Kind::DriftMeaning => "code-descriptor-meaning",
            Kind::SiblingMissing => "code-sibling-missing",
            Kind::Newer => "code-newer-than-siblings",
            Kind::Gap => "code-run-gap",
        }
    }
}

/// How much a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Good to know.
    Note,
    /// Something to correct, or to have a reason for.
    Warning,
}

impl Severity {
    /// The word reports use.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
        }
    }
}

/// Something about a code of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeFinding {
    /// What is wrong.
    pub kind: Kind,
    /// How much it matters.
    pub severity: Severity,
    /// The policy.
    pub policy: String,
    /// The last version of a run of versions it is true of.
    pub version: String,
    /// The first of them.
    pub since: String,
    /// The code.
    pub code: Code,
    /// When the last version took effect.
    pub effective: Date,
    /// The edition it rests on; none where no set was needed.
    pub edition: Option<Edition>,
    /// The finding in a sentence: no full stop.
    pub message: String,
    /// The way out.
    pub hint: Option<String>,
}

/// Codes of a version that no set tells anything of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unchecked {
    /// The version.
    pub version: String,
    /// When it took effect.
    pub effective: Date,
    /// The system.
    pub system: CodeSystem,
    /// How many codes.
    pub codes: usize,
}

/// What an audit found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audit {
    /// The findings, by version and code.
    pub findings: Vec<CodeFinding>,
    /// What could not be checked.
    pub unchecked: Vec<Unchecked>,
}

/// A finding before its version is added.
struct Found {
    kind: Kind,
    severity: Severity,
    code: Code,
    edition: Option<Edition>,
    message: String,
    hint: Option<String>,
}

/// Audits every version of a policy.
pub fn audit(policy: &Policy, sets: &CodeSets) -> Audit {
    let mut audit = Audit::default();
    // Findings of the version before, by what they are about.
    let mut running: BTreeMap<(Kind, Code), usize> = BTreeMap::new();
    for version in &policy.versions {
        let (found, unchecked) = audit_version(version, sets);
        audit.unchecked.extend(unchecked);
        let mut current = BTreeMap::new();
        for one in found {
            let key = (one.kind, one.code.clone());
            let before = running.get(&key).map(|place| &audit.findings[*place]);
            let since = before.map_or(&version.name, |before| &before.since).clone();
            let finding = finding(policy, version, since, one);
            let place = match running.get(&key) {
                Some(place) => {
                    audit.findings[*place] = finding;
                    *place
                }
                None => {
                    audit.findings.push(finding);
                    audit.findings.len() - 1
                }
            };
            current.insert(key, place);
        }
        running = current;
    }
    audit.findings.sort_by(|left, right| {
        let order = |one: &CodeFinding| (one.code.system(), one.code.clone(), one.kind);
        order(left).cmp(&order(right))
    });
    audit
}

fn finding(policy: &Policy, version: &Version, since: String, found: Found) -> CodeFinding {
    CodeFinding {
        kind: found.kind,
        severity: found.severity,
        policy: policy.reference.clone(),
        version: version.name.clone(),
        since,
        code: found.code,
        effective: version.effective,
        edition: found.edition,
        message: found.message,
        hint: found.hint,
    }
}

fn audit_version(version: &Version, sets: &CodeSets) -> (Vec<Found>, Vec<Unchecked>) {
    let mut found = validity::tables(version);
    let mut unchecked: BTreeMap<CodeSystem, usize> = BTreeMap::new();
    for (_, row) in version.all_codes() {
        match validity::of_row(row, version.effective, sets) {
            validity::Checked::Findings(findings) => found.extend(findings),
            validity::Checked::NotCovered => *unchecked.entry(row.code.system()).or_default() += 1,
        }
        found.extend(drift::of_row(row, version.effective, sets));
    }
    found.extend(siblings::of_version(version, sets));
    found.extend(gaps::of_version(version, sets));
    let unchecked = unchecked.into_iter().map(|(system, codes)| Unchecked {
        version: version.name.clone(),
        effective: version.effective,
        system,
        codes,
    });
    (found, unchecked.collect())
}

/// Codes in a sentence: `A, B and C`.
fn listed(codes: &[Code]) -> String {
    let names: Vec<&str> = codes.iter().map(Code::as_str).collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [many @ .., last] => format!("{} and {last}", many.join(", ")),
    }
}
