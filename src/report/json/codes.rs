//! `lookback/codes/1`

use serde::Serialize;

use super::evidence::Provenance;
use super::writer::bytes;
use crate::workbench::{CodeLife, Evidence, Listing};

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

/// The lives of codes as `lookback/codes/1`.
pub fn codes(lives: &[CodeLife], evidence: &Evidence) -> Vec<u8> {
    bytes(&Document {
        schema: "lookback/codes/1",
        codes: lives
            .iter()
            .map(|life| Code {
                system: life.system.name(),
                code: life.code.to_string(),
                listings: life.listings.iter().map(listing).collect(),
            })
            .collect(),
        provenance: Provenance::from(evidence),
    })
}
