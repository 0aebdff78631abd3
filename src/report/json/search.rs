//! `lookback/search/1`

use serde::Serialize;

use super::evidence::Provenance;
use super::writer::bytes;
use crate::search::Hit;
use crate::workbench::Searched;

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    query: &'a str,
    /// How the query was read.
    reading: &'a str,
    /// Whether nothing matched as written, and these match similar words.
    fuzzy: bool,
    /// How many hits there are, listed or not.
    total: usize,
    /// Where a date was asked about and nothing found: the hits without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    total_without_date: Option<usize>,
    hits: Vec<HitDocument<'a>>,
    facets: Facets<'a>,
    provenance: Provenance,
}

#[derive(Serialize)]
struct HitDocument<'a> {
    kind: &'static str,
    policy: &'a str,
    id: Option<&'a str>,
    /// Every place with this text and span: several criteria may share one.
    ids: &'a [String],
    heading: &'a str,
    text: &'a str,
    highlights: Vec<Highlight<'a>>,
    versions: [&'a str; 2],
    current: bool,
    codes: Vec<String>,
}

/// A matched word, by its bytes in `text`.
#[derive(Serialize)]
struct Highlight<'a> {
    start: usize,
    end: usize,
    text: &'a str,
}

#[derive(Serialize)]
struct Facets<'a> {
    policies: Vec<Count<'a>>,
    kinds: Vec<Count<'a>>,
    systems: Vec<Count<'a>>,
}

#[derive(Serialize)]
struct Count<'a> {
    name: &'a str,
    count: usize,
}

fn hit(hit: &Hit) -> HitDocument<'_> {
    let item = &*hit.item;
    HitDocument {
        kind: item.kind.name(),
        policy: &item.policy,
        id: item.ids.first().map(String::as_str),
        ids: &item.ids,
        heading: &item.heading,
        text: &item.text,
        highlights: hit
            .highlights
            .iter()
            .map(|range| Highlight {
                start: range.start,
                end: range.end,
                text: &item.text[range.clone()],
            })
            .collect(),
        versions: [&item.first, &item.last],
        current: item.current,
        codes: item.code.iter().map(ToString::to_string).collect(),
    }
}

fn counts<'a>(counts: impl Iterator<Item = (&'a str, usize)>) -> Vec<Count<'a>> {
    counts.map(|(name, count)| Count { name, count }).collect()
}

/// What a search found as `lookback/search/1`.
pub fn search(searched: &Searched) -> Vec<u8> {
    let results = &searched.results;
    let facets = &results.facets;
    bytes(&Document {
        schema: "lookback/search/1",
        query: &searched.query,
        reading: &results.reading,
        fuzzy: results.fuzzy,
        total: results.total,
        total_without_date: searched.without_date,
        hits: results.hits.iter().map(hit).collect(),
        facets: Facets {
            policies: counts(
                facets
                    .policies
                    .iter()
                    .map(|(name, count)| (name.as_str(), *count)),
            ),
            kinds: counts(
                facets
                    .kinds
                    .iter()
                    .map(|(kind, count)| (kind.name(), *count)),
            ),
            systems: counts(
                facets
                    .systems
                    .iter()
                    .map(|(system, count)| (system.name(), *count)),
            ),
        },
        provenance: Provenance::from(&searched.evidence),
    })
}
