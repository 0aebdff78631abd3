//! The code audit as findings on the library.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use super::check::{Finding, FindingSource};
use super::open::Workbench;
use crate::codesets::audit::{Audit, CodeFinding, Kind, Severity as Weight, audit};
use crate::format::Severity;
use crate::policy::{Code, CodeSystem, Policy, VersionRef};

/// The most versions a note names.
const NAMED: usize = 3;

/// What the audit says of a code of a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeNote {
    /// The code.
    pub code: Code,
    /// The versions of which it is true, by their places in the policy.
    pub versions: RangeInclusive<usize>,
    /// How much it matters.
    pub severity: Severity,
    /// The finding in a sentence: lower case, no full stop.
    pub message: String,
    /// The way out.
    pub hint: Option<String>,
}

/// Codes no set tells anything of.
#[derive(Default)]
struct Unchecked {
    codes: usize,
    versions: BTreeSet<VersionRef>,
}

impl Workbench {
    /// What the audit says of the codes of a policy.
    pub fn code_notes(&self, policy: &Policy) -> Vec<CodeNote> {
        let place = |name: &str| policy.versions.iter().position(|one| one.name == name);
        let findings = audit(policy, self.code_sets()).findings.into_iter();
        let note = |one: CodeFinding| {
            Some(CodeNote {
                versions: place(&one.since)?..=place(&one.version)?,
                severity: severity(&one),
                code: one.code,
                message: one.message,
                hint: one.hint,
            })
        };
        findings.filter_map(note).collect()
    }

    pub(super) fn code_findings(&self) -> Vec<Finding> {
        let mut findings = self.set_findings();
        let mut unchecked: BTreeMap<CodeSystem, Unchecked> = BTreeMap::new();
        for policy in self.library.policies() {
            let Audit {
                findings: found,
                unchecked: left,
            } = audit(policy, self.code_sets());
            findings.extend(found.iter().filter(|one| is_news(one)).map(finding));
            for one in left {
                let version = VersionRef {
                    policy: policy.reference.clone(),
                    version: one.version,
                };
                let all = unchecked.entry(one.system).or_default();
                all.codes += one.codes;
                all.versions.insert(version);
            }
        }
        let notes = unchecked
            .iter()
            .map(|(system, left)| self.unchecked(*system, left));
        findings.extend(notes);
        findings
    }

    /// Code sets of the library that cannot be used.
    fn set_findings(&self) -> Vec<Finding> {
        let faults = self.opened_sets().faults.iter();
        faults
            .map(|fault| Finding {
                severity: Severity::Warning,
                source: FindingSource::Codes,
                rule: "code-set-unusable",
                about: None,
                place: Some(fault.file.clone()),
                message: format!("{}; the built-in set is used", fault.message),
                hint: Some(fault.hint.clone()),
            })
            .collect()
    }

    fn unchecked(&self, system: CodeSystem, left: &Unchecked) -> Finding {
        let named: Vec<String> = left
            .versions
            .iter()
            .take(NAMED)
            .map(ToString::to_string)
            .collect();
        let more = left.versions.len() - named.len();
        let mut versions = named.join(", ");
        if more > 0 {
            versions.push_str(&format!(" and {more} more"));
        }
        let codes = counted_codes(left.codes);
        let (message, hint) = match self.code_sets().of(system) {
            Some(set) => (
                format!(
                    "{} does not tell whether {codes} of {versions} were valid: it covers {} to {}",
                    set.describe(),
                    set.covered().start(),
                    set.covered().end(),
                ),
                "add the years that are missing with `lookback code-set import`",
            ),
            None => (
                format!(
                    "there is no {system} code set: {codes} of {versions} are checked for their form, for duplicates and for gaps only"
                ),
                "a licensed file can be read with `lookback code-set import`",
            ),
        };
        Finding {
            severity: Severity::Note,
            source: FindingSource::Codes,
            rule: "codes-not-covered",
            about: None,
            place: None,
            message,
            hint: Some(hint.to_owned()),
        }
    }
}

fn counted_codes(count: usize) -> String {
    let noun = if count == 1 { "row" } else { "rows" };
    format!("{count} {noun}")
}

/// Reading the file has told the others already, with their line.
fn is_news(finding: &CodeFinding) -> bool {
    !matches!(finding.kind, Kind::Malformed | Kind::Duplicate)
}

fn severity(one: &CodeFinding) -> Severity {
    match one.severity {
        Weight::Note => Severity::Note,
        Weight::Warning => Severity::Warning,
    }
}

fn finding(one: &CodeFinding) -> Finding {
    let versions = if one.since == one.version {
        one.version.clone()
    } else {
        format!("{}..{}", one.since, one.version)
    };
    Finding {
        severity: severity(one),
        source: FindingSource::Codes,
        rule: one.kind.name(),
        about: Some(format!("{}@{versions}", one.policy)),
        place: None,
        message: one.message.clone(),
        hint: one.hint.clone(),
    }
}
