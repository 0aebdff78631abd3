//! `lookback/effect/1`

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::evidence::Provenance;
use super::replay::{CauseDocument, cause, fact_value};
use super::writer::bytes;
use crate::policy::Code;
use crate::workbench::{Affected, FactInWords};

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    from: String,
    to: String,
    /// As in `lookback/diff/1`.
    relation: &'static str,
    verdict: &'static str,
    scope: &'static str,
    only_where_facts_are_missing: bool,
    examples: Vec<Example>,
    codes_wider: Vec<String>,
    codes_narrower: Vec<String>,
    /// Null where it could not be analysed.
    without_effect: Option<Vec<Dead>>,
    provenance: Provenance,
}

#[derive(Serialize)]
struct Example {
    was: &'static str,
    now: &'static str,
    facts: BTreeMap<String, Value>,
    /// With the facts, the case to replay.
    procedure_codes: Vec<String>,
    /// The facts as question and answer.
    in_words: Vec<String>,
    because: Vec<CauseDocument>,
}

#[derive(Serialize)]
struct Dead {
    criterion: String,
    kind: &'static str,
}

/// An effect as `lookback/effect/1`.
pub fn effect(affected: &Affected) -> Vec<u8> {
    let effect = &affected.effect;
    let codes = |codes: &[Code]| codes.iter().map(ToString::to_string).collect();
    let examples = effect.examples.iter().zip(&affected.examples);
    bytes(&Document {
        schema: "lookback/effect/1",
        from: affected.versions.old.to_string(),
        to: affected.versions.new.to_string(),
        relation: affected.relation.name(),
        verdict: effect.verdict.name(),
        scope: effect.scope.name(),
        only_where_facts_are_missing: effect.only_where_facts_are_missing,
        examples: examples
            .map(|(example, replayed)| Example {
                was: example.was.name(),
                now: example.now.name(),
                facts: example
                    .facts
                    .iter()
                    .map(|(name, value)| (name.to_owned(), fact_value(Some(value))))
                    .collect(),
                procedure_codes: codes(&replayed.request.procedure_codes),
                in_words: replayed.facts.iter().map(FactInWords::describe).collect(),
                because: replayed.because.iter().map(cause).collect(),
            })
            .collect(),
        codes_wider: codes(&affected.codes.new),
        codes_narrower: codes(&affected.codes.old),
        without_effect: affected.dead.as_ref().map(|dead| {
            let dead = dead.iter().map(|dead| Dead {
                criterion: dead.id.to_string(),
                kind: dead.kind.describe(),
            });
            dead.collect()
        }),
        provenance: Provenance::from(&affected.evidence),
    })
}
