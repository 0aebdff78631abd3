//! `lookback/show/1`

use serde::Serialize;

use super::evidence::Provenance;
use super::writer::bytes;
use crate::policy::{Criterion, Policy, Version};
use crate::report::text::Part;
use crate::workbench::Evidence;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    policy: &'a str,
    title: &'a str,
    publisher: &'a str,
    version: &'a str,
    effective: String,
    reviewed: Option<String>,
    approved: Option<String>,
    provenance_of_text: &'static str,
    source: Option<Source<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sections: Option<Vec<Section<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    criteria: Option<Vec<CriterionDocument<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    codes: Option<Vec<Table<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notices: Option<Vec<Notice<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revisions: Option<Vec<Entry<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    references: Option<Vec<Reference<'a>>>,
    provenance: Provenance,
}

#[derive(Serialize)]
struct Source<'a> {
    title: &'a str,
    sha256: Option<&'a str>,
}

#[derive(Serialize)]
struct Section<'a> {
    heading: &'a str,
    paragraphs: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct CriterionDocument<'a> {
    id: &'a str,
    text: &'a str,
    when: Option<&'a str>,
    rule: Option<&'a str>,
    need: String,
    covers: bool,
    children: Vec<CriterionDocument<'a>>,
}

#[derive(Serialize)]
struct Table<'a> {
    system: &'static str,
    title: &'a str,
    gate: &'static str,
    rows: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    code: &'a str,
    text: &'a str,
}

#[derive(Serialize)]
struct Notice<'a> {
    when: Option<&'a str>,
    text: &'a str,
}

#[derive(Serialize)]
struct Entry<'a> {
    date: String,
    approved: Option<String>,
    text: &'a str,
}

#[derive(Serialize)]
struct Reference<'a> {
    policy: Option<&'a str>,
    text: &'a str,
}

pub(super) fn criterion(one: &Criterion) -> CriterionDocument<'_> {
    CriterionDocument {
        id: one.id.as_str(),
        text: &one.text,
        when: one.when.as_ref().map(|rule| rule.source.as_str()),
        rule: one.rule.as_ref().map(|rule| rule.source.as_str()),
        need: one.need.to_string(),
        covers: one.covers,
        children: one.children.iter().map(criterion).collect(),
    }
}

fn sections(version: &Version) -> Vec<Section<'_>> {
    let sections = version.sections.iter();
    sections
        .map(|one| Section {
            heading: &one.heading,
            paragraphs: one.paragraphs().collect(),
        })
        .collect()
}

fn tables(version: &Version) -> Vec<Table<'_>> {
    let tables = version.codes.iter();
    tables
        .map(|table| Table {
            system: table.system.name(),
            title: &table.title,
            gate: table.gate.name(),
            rows: table
                .rows
                .iter()
                .map(|row| Row {
                    code: row.code.as_str(),
                    text: &row.text,
                })
                .collect(),
        })
        .collect()
}

fn revisions(version: &Version) -> Vec<Entry<'_>> {
    let revisions = version.revisions.iter();
    revisions
        .map(|one| Entry {
            date: one.date.to_string(),
            approved: one.approved.map(|date| date.to_string()),
            text: &one.text,
        })
        .collect()
}

fn notices(version: &Version) -> Vec<Notice<'_>> {
    let notices = version.notices.iter();
    notices
        .map(|one| Notice {
            when: one.when.as_ref().map(|rule| rule.source.as_str()),
            text: &one.text,
        })
        .collect()
}

fn references(version: &Version) -> Vec<Reference<'_>> {
    let references = version.references.iter();
    references
        .map(|one| Reference {
            policy: one.policy.as_deref(),
            text: &one.text,
        })
        .collect()
}

/// A version, or one part of it, as `lookback/show/1`.
pub fn show(policy: &Policy, version: &Version, part: Part, evidence: &Evidence) -> Vec<u8> {
    let wanted = |one: Part| part == Part::All || part == one;
    let all = part == Part::All;
    bytes(&Document {
        schema: "lookback/show/1",
        policy: &policy.reference,
        title: &policy.title,
        publisher: &policy.publisher,
        version: &version.name,
        effective: version.effective.to_string(),
        reviewed: version.reviewed.map(|date| date.to_string()),
        approved: version.approved.map(|date| date.to_string()),
        provenance_of_text: version.provenance.name(),
        source: version.source.as_ref().map(|source| Source {
            title: &source.title,
            sha256: source.sha256.as_deref(),
        }),
        sections: all.then(|| sections(version)),
        criteria: wanted(Part::Criteria).then(|| version.criteria.iter().map(criterion).collect()),
        codes: wanted(Part::Codes).then(|| tables(version)),
        notices: all.then(|| notices(version)),
        revisions: wanted(Part::Log).then(|| revisions(version)),
        references: all.then(|| references(version)),
        provenance: Provenance::from(evidence),
    })
}
