//! `lookback/codes/1`

use serde::Serialize;

use super::evidence::Provenance;
use super::writer::bytes;
use crate::codesets::Edition;
use crate::codesets::audit::CodeFinding;
use crate::workbench::{CodeLife, Evidence, Listing, Reference};

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    codes: Vec<Code>,
    provenance: Provenance,
}

#[derive(Serialize)]
struct Code {
    system: &'static str,
    code: String,
    listings: Vec<ListingDocument>,
    /// When it was valid. Empty if the set does not have it, null without a set.
    valid: Option<Vec<Valid>>,
    /// What it was called, from when on.
    descriptors: Vec<Descriptor>,
    neighbours: Vec<String>,
    children: Vec<String>,
    code_set: Option<CodeSet>,
    findings: Vec<Finding>,
}

#[derive(Serialize)]
struct Valid {
    from: String,
    to: Option<String>,
    billable: bool,
    /// The edition of the set that applied on the first day; null where that
    /// day lies before the set.
    edition: Option<String>,
}

#[derive(Serialize)]
struct Descriptor {
    from: String,
    text: String,
}

#[derive(Serialize)]
struct CodeSet {
    name: String,
    /// The first and the last day it covers.
    covers: [String; 2],
}

#[derive(Serialize)]
struct Finding {
    rule: &'static str,
    severity: &'static str,
    policy: String,
    /// The first and the last version it is true of.
    versions: [String; 2],
    effective: String,
    edition: Option<String>,
    message: String,
    hint: Option<String>,
}

#[derive(Serialize)]
struct ListingDocument {
    policy: String,
    /// The versions that list it, each run as first and last.
    versions: Vec<[String; 2]>,
    /// The descriptor, as the newest version that lists it has it.
    text: String,
    history: Vec<Span>,
    absent: Vec<String>,
}

#[derive(Serialize)]
struct Span {
    first: String,
    last: String,
    current: bool,
    table: String,
    gate: &'static str,
    text: String,
}

fn listing(listing: &Listing) -> ListingDocument {
    ListingDocument {
        policy: listing.policy.clone(),
        versions: listing
            .spans
            .iter()
            .map(|span| [span.first.clone(), span.last.clone()])
            .collect(),
        text: listing
            .spans
            .last()
            .map(|span| span.text.clone())
            .unwrap_or_default(),
        history: listing
            .spans
            .iter()
            .map(|span| Span {
                first: span.first.clone(),
                last: span.last.clone(),
                current: span.current,
                table: span.table.clone(),
                gate: span.gate.name(),
                text: span.text.clone(),
            })
            .collect(),
        absent: listing.absent.clone(),
    }
}

fn valid(life: &CodeLife, reference: &Reference) -> Vec<Valid> {
    let intervals = reference.life.intervals.iter();
    intervals
        .map(|one| Valid {
            from: one.from.to_string(),
            to: one.to.map(|day| day.to_string()),
            billable: one.billable,
            edition: (one.from >= reference.covers.0)
                .then(|| Edition::on(life.system, one.from).to_string()),
        })
        .collect()
}

fn finding(one: &CodeFinding) -> Finding {
    Finding {
        rule: one.kind.name(),
        severity: one.severity.name(),
        policy: one.policy.clone(),
        versions: [one.since.clone(), one.version.clone()],
        effective: one.effective.to_string(),
        edition: one.edition.map(|edition| edition.to_string()),
        message: one.message.clone(),
        hint: one.hint.clone(),
    }
}

fn code(life: &CodeLife) -> Code {
    let reference = life.reference.as_ref();
    let names = |codes: &[crate::policy::Code]| codes.iter().map(ToString::to_string).collect();
    Code {
        system: life.system.name(),
        code: life.code.to_string(),
        listings: life.listings.iter().map(listing).collect(),
        valid: reference.map(|reference| valid(life, reference)),
        descriptors: reference
            .into_iter()
            .flat_map(|reference| &reference.life.titles)
            .map(|title| Descriptor {
                from: title.from.to_string(),
                text: title.title.long.to_string(),
            })
            .collect(),
        neighbours: reference
            .map(|one| names(&one.neighbours))
            .unwrap_or_default(),
        children: reference
            .map(|one| names(&one.children))
            .unwrap_or_default(),
        code_set: reference.map(|one| CodeSet {
            name: one.set.clone(),
            covers: [one.covers.0.to_string(), one.covers.1.to_string()],
        }),
        findings: life.findings.iter().map(finding).collect(),
    }
}

/// The lives of codes as `lookback/codes/1`.
pub fn codes(lives: &[CodeLife], evidence: &Evidence) -> Vec<u8> {
    bytes(&Document {
        schema: "lookback/codes/1",
        codes: lives.iter().map(code).collect(),
        provenance: Provenance::from(evidence),
    })
}
