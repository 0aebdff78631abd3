//! `lookback/versions/1`
//!
//! With a period, the versions that were in force on a day of it, certainly or
//! possibly, with their criteria. `in_force` holds runs of days, both ends
//! included, `until` null where nothing known ends them; where one is not
//! `certain`, `or` names the other versions that may have been in force, and
//! `or_none_yet` tells that possibly none had taken effect. Where `unread`
//! names files, it cannot be told which version was in force when.

use serde::Serialize;

use super::evidence::Provenance;
use super::show::{CriterionDocument, criterion};
use super::writer::bytes;
use crate::workbench::{DaysInForce, VersionInForce, Versions};

#[derive(Serialize)]
struct Document<'a> {
    schema: &'static str,
    provenance: Provenance,
    period: Option<Days>,
    policies: Vec<PolicyDocument<'a>>,
}

#[derive(Serialize)]
struct Days {
    from: String,
    until: String,
}

#[derive(Serialize)]
struct PolicyDocument<'a> {
    policy: &'a str,
    title: &'a str,
    unread: &'a [String],
    versions: Vec<VersionDocument<'a>>,
}

#[derive(Serialize)]
struct VersionDocument<'a> {
    version: &'a str,
    effective: String,
    /// `year`, `month` or `day`.
    precision: &'static str,
    reviewed: Option<String>,
    approved: Option<String>,
    provenance_of_text: &'static str,
    in_force: Vec<RunDocument<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    criteria: Option<Vec<CriterionDocument<'a>>>,
}

#[derive(Serialize)]
struct RunDocument<'a> {
    from: String,
    until: Option<String>,
    certain: bool,
    or: &'a [String],
    or_none_yet: bool,
}

fn run(days: &DaysInForce) -> RunDocument<'_> {
    RunDocument {
        from: days.from.to_string(),
        until: days.until.map(|until| until.to_string()),
        certain: days.is_certain(),
        or: &days.or,
        or_none_yet: days.or_none_yet,
    }
}

fn version<'a>(shown: &'a VersionInForce<'a>, with_criteria: bool) -> VersionDocument<'a> {
    let version = shown.version;
    VersionDocument {
        version: &version.name,
        effective: version.effective.to_string(),
        precision: version.effective.precision(),
        reviewed: version.reviewed.map(|date| date.to_string()),
        approved: version.approved.map(|date| date.to_string()),
        provenance_of_text: version.provenance.name(),
        in_force: shown.days.iter().map(run).collect(),
        criteria: with_criteria.then(|| version.criteria.iter().map(criterion).collect()),
    }
}

/// Versions as `lookback/versions/1`.
pub fn versions(versions: &Versions<'_>) -> Vec<u8> {
    bytes(&Document {
        schema: "lookback/versions/1",
        provenance: Provenance::from(&versions.evidence),
        period: versions.period.map(|period| Days {
            from: period.from.to_string(),
            until: period.until.to_string(),
        }),
        policies: versions
            .policies
            .iter()
            .map(|one| PolicyDocument {
                policy: &one.policy.reference,
                title: &one.policy.title,
                unread: &one.policy.unread,
                versions: one
                    .versions
                    .iter()
                    .map(|shown| version(shown, versions.period.is_some()))
                    .collect(),
            })
            .collect(),
    })
}
