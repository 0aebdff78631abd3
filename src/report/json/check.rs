//! `lookback/check/1`

use serde::Serialize;

use super::evidence::Provenance;
use super::writer::bytes;
use crate::workbench::{Evidence, Finding};

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    findings: Vec<FindingDocument<'a>>,
    provenance: Provenance,
}

#[derive(Serialize)]
struct FindingDocument<'a> {
    severity: &'static str,
    source: &'static str,
    rule: &'static str,
    about: Option<&'a str>,
    place: Option<&'a str>,
    message: &'a str,
    hint: Option<&'a str>,
}

/// Findings as `lookback/check/1`.
pub fn check(findings: &[Finding], evidence: &Evidence) -> Vec<u8> {
    bytes(&Document {
        schema: "lookback/check/1",
        findings: findings
            .iter()
            .map(|one| FindingDocument {
                severity: one.severity.name(),
                source: one.source.name(),
                rule: one.rule,
                about: one.about.as_deref(),
                place: one.place.as_deref(),
                message: &one.message,
                hint: one.hint.as_deref(),
            })
            .collect(),
        provenance: Provenance::from(evidence),
    })
}
