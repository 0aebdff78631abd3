//! `lookback/log/1`

use serde::Serialize;

use super::diff::{Code, Criterion, Section, Table};
use super::evidence::Provenance;
use super::writer::bytes;
use crate::revlog::{CheckedClaim, EntryReading, LogReading, Undeclared};
use crate::workbench::Evidence;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    policy: &'a str,
    entries: Vec<Entry>,
    undeclared: Vec<Change>,
    findings: Vec<Finding>,
    provenance: Provenance,
}

#[derive(Serialize)]
struct Entry {
    date: String,
    approved: Option<String>,
    text: String,
    version: Option<String>,
    before: Option<String>,
    claims: Vec<ClaimDocument>,
    caveat: Option<String>,
}

#[derive(Serialize)]
struct ClaimDocument {
    kind: &'static str,
    text: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    codes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    old: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    new: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    anchor: Option<String>,
    status: &'static str,
    found: String,
}

impl From<&CheckedClaim> for ClaimDocument {
    fn from(checked: &CheckedClaim) -> Self {
        let (old, new, anchor) = checked.claim.phrases();
        ClaimDocument {
            kind: checked.claim.kind(),
            text: checked.claim.describe(),
            codes: checked
                .claim
                .codes()
                .iter()
                .map(ToString::to_string)
                .collect(),
            old: old.map(str::to_owned),
            new: new.map(str::to_owned),
            anchor: anchor.map(str::to_owned),
            status: checked.status.name(),
            found: checked.found.clone(),
        }
    }
}

/// A change that no claim accounts for, with the version that made it.
#[derive(Serialize)]
struct Change {
    version: Option<String>,
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    criterion: Option<Criterion>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<Code>,
    #[serde(skip_serializing_if = "Option::is_none")]
    table: Option<Table>,
    #[serde(skip_serializing_if = "Option::is_none")]
    section: Option<Section>,
}

fn change(version: Option<&str>, undeclared: &Undeclared) -> Change {
    let mut change = Change {
        version: version.map(str::to_owned),
        text: undeclared.describe(),
        criterion: None,
        code: None,
        table: None,
        section: None,
    };
    match undeclared {
        Undeclared::Criterion(one) => change.criterion = Some(one.into()),
        Undeclared::Code(one) => change.code = Some(one.into()),
        Undeclared::Table(one) => change.table = Some(one.into()),
        Undeclared::Section(one) => change.section = Some(one.into()),
    }
    change
}

#[derive(Serialize)]
struct Finding {
    rule: &'static str,
    message: String,
}

fn entry(reading: &EntryReading) -> Entry {
    Entry {
        date: reading.entry.date.to_string(),
        approved: reading.entry.approved.map(|date| date.to_string()),
        text: reading.entry.text.clone(),
        version: reading.version.clone(),
        before: reading.before.clone(),
        claims: reading.claims.iter().map(ClaimDocument::from).collect(),
        caveat: reading.caveat.clone(),
    }
}

/// A revision log, read, as `lookback/log/1`.
pub fn log(policy: &str, reading: &LogReading, evidence: &Evidence) -> Vec<u8> {
    let undeclared = reading
        .undeclared()
        .map(|(version, one)| change(version, one));
    bytes(&Document {
        schema: "lookback/log/1",
        policy,
        entries: reading.entries.iter().map(entry).collect(),
        undeclared: undeclared.collect(),
        findings: reading
            .findings
            .iter()
            .map(|one| Finding {
                rule: one.kind.name(),
                message: one.message.clone(),
            })
            .collect(),
        provenance: Provenance::from(evidence),
    })
}
