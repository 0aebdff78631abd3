//! `lookback/replay/1`

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::evidence::Provenance;
use super::writer::bytes;
use crate::cases::Reject;
use crate::criteria::{Cause, Determination, FactRead};
use crate::policy::FactValue;
use crate::replay::{Change, Counts, Flip, Outcome, RecordedCounts, Replay, Reproduced, Summary};
use crate::report::ReplayReport;
use crate::workbench::{CountedReplay, Evidence, Replayed};

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    provenance: Provenance,
    versions: Vec<String>,
    cases: u64,
    rejected: usize,
    cancelled: bool,
    counts: BTreeMap<String, CountsDocument>,
    transitions: Vec<Value>,
    /// How many flips which criteria account for together.
    causes: Vec<CausesDocument>,
    /// How many flips each criterion has a part in, and how many it accounts
    /// for alone.
    by_criterion: Vec<CriterionDocument>,
    /// For each version: how many of the cases that pend rest on which missing fact.
    lacking: BTreeMap<String, Vec<LackedDocument>>,
    /// Recorded decisions, held against the versions they were made under.
    decisions: DecisionsDocument,
    #[serde(skip_serializing_if = "Option::is_none")]
    results: Option<Vec<ResultDocument>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    flips: Option<Vec<FlipDocument>>,
    rejects: Vec<RejectDocument>,
}

#[derive(Serialize)]
struct CausesDocument {
    from: String,
    to: String,
    criteria: Vec<String>,
    flips: u64,
}

#[derive(Serialize)]
struct CriterionDocument {
    from: String,
    to: String,
    criterion: String,
    flips: u64,
    alone: u64,
}

#[derive(Serialize)]
struct LackedDocument {
    fact: String,
    cases: u64,
}

#[derive(Serialize)]
struct DecisionsDocument {
    none: u64,
    reproduced: u64,
    deviating: u64,
    unverifiable: u64,
    /// Made under a version not certainly in force on a date of the case.
    doubtful: u64,
}

impl From<&RecordedCounts> for DecisionsDocument {
    fn from(counts: &RecordedCounts) -> Self {
        DecisionsDocument {
            none: counts.none,
            reproduced: counts.reproduced,
            deviating: counts.deviating,
            unverifiable: counts.unverifiable,
            doubtful: counts.doubtful,
        }
    }
}

#[derive(Serialize)]
pub(super) struct CountsDocument {
    met: u64,
    not_met: u64,
    pend: u64,
    not_addressed: u64,
}

impl From<&Counts> for CountsDocument {
    fn from(counts: &Counts) -> Self {
        CountsDocument {
            met: counts.of(Determination::Met),
            not_met: counts.of(Determination::NotMet),
            pend: counts.of(Determination::Pend),
            not_addressed: counts.of(Determination::NotAddressed),
        }
    }
}

#[derive(Serialize)]
struct ResultDocument {
    case: String,
    recorded: Option<&'static str>,
    recorded_version: Option<String>,
    /// Whether the recorded determination follows; null where it cannot be told.
    reproduced: Option<bool>,
    /// What follows instead, where it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    follows: Option<&'static str>,
    /// Why it cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    /// Dates on which the recorded version was not, or not certainly, in force.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    version_doubts: Vec<Dated>,
    determinations: BTreeMap<String, &'static str>,
    /// For each version that pends: the facts that would settle it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    missing: BTreeMap<String, Vec<String>>,
}

/// A date of a case and what was in force on it.
#[derive(Serialize)]
pub(super) struct Dated {
    basis: &'static str,
    date: String,
    in_force: String,
}

impl From<&crate::replay::Dated> for Dated {
    fn from(dated: &crate::replay::Dated) -> Self {
        Dated {
            basis: dated.basis.name(),
            date: dated.date.to_string(),
            in_force: dated.in_force.describe(),
        }
    }
}

#[derive(Serialize)]
struct FlipDocument {
    case: String,
    from: String,
    to: String,
    was: &'static str,
    now: &'static str,
    because: Vec<CauseDocument>,
}

#[derive(Serialize)]
pub(super) struct CauseDocument {
    criterion: String,
    was: Option<&'static str>,
    now: Option<&'static str>,
    facts: BTreeMap<String, Value>,
}

#[derive(Serialize)]
pub(super) struct RejectDocument {
    file: String,
    line: usize,
    reason: String,
}

impl From<&Reject> for RejectDocument {
    fn from(reject: &Reject) -> Self {
        RejectDocument {
            file: reject.file.clone(),
            line: reject.line,
            reason: reject.reason.clone(),
        }
    }
}

/// A fact's value; null if it is missing.
pub(super) fn fact_value(value: Option<&FactValue>) -> Value {
    match value {
        None => Value::Null,
        Some(FactValue::Bool(value)) => json!(value),
        Some(FactValue::Choice(value)) => json!(value),
        // A whole number is written as people write it.
        Some(FactValue::Number(value)) if value.fract() == 0.0 && value.abs() < 1e15 => {
            json!(*value as i64)
        }
        Some(FactValue::Number(value)) => json!(value),
    }
}

pub(super) fn facts(facts: &[FactRead]) -> BTreeMap<String, Value> {
    facts
        .iter()
        .map(|fact| (fact.name.clone(), fact_value(fact.value.as_ref())))
        .collect()
}

pub(super) fn cause(cause: &Cause) -> CauseDocument {
    CauseDocument {
        criterion: cause.what.to_string(),
        was: cause.was.map(|value| value.outcome()),
        now: cause.now.map(|value| value.outcome()),
        facts: facts(&cause.facts),
    }
}

fn flip(flip: &Flip) -> FlipDocument {
    FlipDocument {
        case: flip.case.clone(),
        from: flip.from.to_string(),
        to: flip.to.to_string(),
        was: flip.was.name(),
        now: flip.now.name(),
        because: flip.because.iter().map(cause).collect(),
    }
}

fn result(replay: &Replay, outcome: &Outcome) -> ResultDocument {
    let verdicts = || {
        let versions = replay.versions.iter().map(ToString::to_string);
        versions
            .zip(&outcome.verdicts)
            .filter_map(|(version, verdict)| Some((version, verdict.as_ref()?)))
    };
    let recorded = outcome.recorded.as_ref();
    let (reproduced, follows, why) = match &outcome.reproduced {
        Reproduced::NotRecorded => (None, None, None),
        Reproduced::NoVersion { why } => (None, None, Some(why.clone())),
        Reproduced::Reproduced { .. } => (Some(true), None, None),
        Reproduced::Deviates { follows, .. } => (Some(false), Some(follows.name()), None),
    };
    ResultDocument {
        case: outcome.case.clone(),
        recorded: recorded.map(|one| one.determination.name()),
        recorded_version: recorded.and_then(|one| one.version.clone()),
        reproduced,
        follows,
        why,
        version_doubts: outcome.doubts.iter().map(Dated::from).collect(),
        determinations: verdicts()
            .map(|(version, verdict)| (version, verdict.determination.name()))
            .collect(),
        missing: verdicts()
            .filter(|(_, verdict)| !verdict.missing.is_empty())
            .map(|(version, verdict)| {
                let missing = verdict.missing.iter().map(ToString::to_string);
                (version, missing.collect())
            })
            .collect(),
    }
}

fn causes(summary: &Summary, change: &Change) -> Vec<CausesDocument> {
    let (from, to) = summary.between(change);
    let causes = change.causes.iter().map(|(set, flips)| CausesDocument {
        from: from.to_string(),
        to: to.to_string(),
        criteria: set.iter().map(ToString::to_string).collect(),
        flips: *flips,
    });
    causes.collect()
}

fn by_criterion(summary: &Summary, change: &Change) -> Vec<CriterionDocument> {
    let (from, to) = summary.between(change);
    let criteria = change.by_criterion().into_iter();
    let criteria = criteria.map(|(one, flips)| CriterionDocument {
        from: from.to_string(),
        to: to.to_string(),
        criterion: one.to_string(),
        flips,
        alone: change.alone(one),
    });
    criteria.collect()
}

/// `met_to_not_met: N`, every pair of different determinations.
fn transition(summary: &Summary, change: &Change) -> Value {
    let (from, to) = summary.between(change);
    let transitions = &change.transitions;
    let mut object = Map::new();
    object.insert("from".to_owned(), json!(from.to_string()));
    object.insert("to".to_owned(), json!(to.to_string()));
    for was in Determination::ALL {
        for now in Determination::ALL {
            if was != now {
                let name = format!("{}_to_{}", was.name(), now.name()).replace('-', "_");
                object.insert(name, json!(transitions.of(was, now)));
            }
        }
    }
    Value::Object(object)
}

/// A replay as `lookback/replay/1`; with `flips_only`, results of cases that flip.
pub fn replay(replayed: &Replayed, flips_only: bool) -> Vec<u8> {
    let replay = &replayed.replay;
    let cases = ReplayReport::listed(replayed, flips_only).cases();
    bytes(&Document {
        results: Some(cases.map(|(outcome, _)| result(replay, outcome)).collect()),
        flips: Some(replay.flips.iter().map(flip).collect()),
        ..document(
            &replayed.summary,
            &replayed.rejects,
            replay.cancelled,
            &replayed.evidence,
        )
    })
}

/// A replay without its cases, as `lookback/replay/1` without `results` and `flips`.
pub fn replay_summary(counted: &CountedReplay) -> Vec<u8> {
    bytes(&document(
        &counted.summary,
        &counted.rejects,
        counted.cancelled,
        &counted.evidence,
    ))
}

fn document(
    summary: &Summary,
    rejects: &[Reject],
    cancelled: bool,
    evidence: &Evidence,
) -> Document {
    let versions: Vec<String> = summary.versions.iter().map(ToString::to_string).collect();
    let counts = summary.counts.iter().map(CountsDocument::from);
    let missing = summary.missing.iter().map(|facts| {
        let facts = facts.iter().map(|(fact, cases)| LackedDocument {
            fact: fact.clone(),
            cases: *cases,
        });
        facts.collect()
    });
    Document {
        schema: "lookback/replay/1",
        provenance: Provenance::from(evidence),
        cases: summary.cases,
        rejected: rejects.len(),
        cancelled,
        counts: versions.iter().cloned().zip(counts).collect(),
        transitions: summary
            .changes
            .iter()
            .map(|change| transition(summary, change))
            .collect(),
        causes: summary
            .changes
            .iter()
            .flat_map(|change| causes(summary, change))
            .collect(),
        by_criterion: summary
            .changes
            .iter()
            .flat_map(|change| by_criterion(summary, change))
            .collect(),
        lacking: versions.iter().cloned().zip(missing).collect(),
        decisions: DecisionsDocument::from(&summary.recorded),
        versions,
        results: None,
        flips: None,
        rejects: rejects.iter().map(RejectDocument::from).collect(),
    }
}
