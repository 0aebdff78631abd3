//! `lookback/replay/1`, against the version in force on each case's date.
//!
//! `in_force` takes the place of transitions and flips, which compare versions
//! on the same case. `counts` are of the cases on which one version certainly
//! was in force. In `results`, `reproduced` tells whether the recorded
//! determination follows from the version in force; null where that depends on
//! which it was, or where none is known.

use std::collections::BTreeMap;

use serde::Serialize;

use super::evidence::Provenance;
use super::replay::{CountsDocument, RejectDocument};
use super::writer::bytes;
use crate::replay::{Applied, Basis, Follows, InForceOutcome, Standing};
use crate::workbench::ReplayedInForce;

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    provenance: Provenance,
    versions: Vec<String>,
    cases: usize,
    rejected: usize,
    cancelled: bool,
    in_force: Summary,
    counts: BTreeMap<String, CountsDocument>,
    results: Vec<ResultDocument>,
    rejects: Vec<RejectDocument>,
}

#[derive(Serialize)]
struct Summary {
    /// `decision`, `service`, or `decision-or-service`: the first recorded.
    basis: &'static str,
    by_decision_date: usize,
    by_service_date: usize,
    certain: usize,
    in_doubt: usize,
    none_yet: usize,
    undated: usize,
    unread: usize,
    reproduced: usize,
    deviating: usize,
    cannot_tell: usize,
    not_recorded: usize,
}

#[derive(Serialize)]
struct ResultDocument {
    case: String,
    policy: String,
    recorded: Option<&'static str>,
    recorded_version: Option<String>,
    reproduced: Option<bool>,
    /// `certain`, `in-doubt`, `none-yet`, `undated` or `unread`.
    standing: &'static str,
    basis: Option<&'static str>,
    date: Option<String>,
    /// The versions in force: one, or each that may have been.
    in_force: Vec<String>,
    /// Whether possibly none had taken effect.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    or_none_yet: bool,
    determinations: BTreeMap<String, &'static str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    missing: BTreeMap<String, Vec<String>>,
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Certain => "certain",
        Standing::InDoubt => "in-doubt",
        Standing::NoneYet => "none-yet",
        Standing::Undated => "undated",
        Standing::Unread => "unread",
    }
}

fn result(outcome: &InForceOutcome) -> ResultDocument {
    let recorded = outcome.recorded.as_ref();
    let dated = outcome.dated.as_ref();
    let verdicts = outcome.verdicts.iter();
    ResultDocument {
        case: outcome.case.clone(),
        policy: outcome.policy.clone(),
        recorded: recorded.map(|one| one.determination.name()),
        recorded_version: recorded.and_then(|one| one.version.clone()),
        reproduced: match outcome.follows {
            Follows::Yes => Some(true),
            Follows::No => Some(false),
            Follows::CannotTell | Follows::NotRecorded => None,
        },
        standing: standing(outcome.standing()),
        basis: dated.map(|dated| dated.basis.name()),
        date: dated.map(|dated| dated.date.to_string()),
        in_force: verdicts.clone().map(|(one, _)| one.to_string()).collect(),
        or_none_yet: matches!(
            dated.map(|dated| &dated.in_force),
            Some(Applied::OneOf {
                before_first: true,
                ..
            })
        ),
        determinations: verdicts
            .clone()
            .map(|(version, verdict)| (version.to_string(), verdict.determination.name()))
            .collect(),
        missing: verdicts
            .filter(|(_, verdict)| !verdict.missing.is_empty())
            .map(|(version, verdict)| {
                let missing = verdict.missing.iter().map(ToString::to_string);
                (version.to_string(), missing.collect())
            })
            .collect(),
    }
}

/// A replay against the versions in force as `lookback/replay/1`; with
/// `brief`, only the results about which there is something to say.
pub fn in_force(replayed: &ReplayedInForce, brief: bool) -> Vec<u8> {
    let replay = &replayed.replay;
    let counts = replay.counts();
    let unremarkable = |one: &InForceOutcome| {
        one.standing() == Standing::Certain
            && one.follows != Follows::No
            && one.other_in_force().is_none()
    };
    let versions = replayed.evidence.versions.iter();
    bytes(&Document {
        schema: "lookback/replay/1",
        provenance: Provenance::from(&replayed.evidence),
        versions: versions.map(|one| one.version.to_string()).collect(),
        cases: replay.outcomes.len(),
        rejected: replayed.rejects.len(),
        cancelled: replay.cancelled,
        in_force: Summary {
            basis: replayed.basis.map_or("decision-or-service", Basis::name),
            by_decision_date: replay.by(Basis::Decision),
            by_service_date: replay.by(Basis::Service),
            certain: replay.of(Standing::Certain).count(),
            in_doubt: replay.of(Standing::InDoubt).count(),
            none_yet: replay.of(Standing::NoneYet).count(),
            undated: replay.of(Standing::Undated).count(),
            unread: replay.of(Standing::Unread).count(),
            reproduced: replay.following(Follows::Yes),
            deviating: replay.following(Follows::No),
            cannot_tell: replay.following(Follows::CannotTell),
            not_recorded: replay.following(Follows::NotRecorded),
        },
        counts: counts
            .iter()
            .map(|(version, counts)| (version.to_string(), CountsDocument::from(counts)))
            .collect(),
        results: replay
            .outcomes
            .iter()
            .filter(|one| !brief || !unremarkable(one))
            .map(result)
            .collect(),
        rejects: replayed.rejects.iter().map(RejectDocument::from).collect(),
    })
}
