//! Is it a code, of this system, valid and billable when the version took
//! effect?

use std::collections::BTreeMap;

use jiff::civil::Date as Day;

use super::{Found, Kind, Severity, listed};
use crate::codesets::{CodeSet, CodeSets, Edition, Key, Status};
use crate::policy::{Code, CodeRow, CodeSystem, Date, Version};

/// What was made of a row.
pub(super) enum Checked {
    Findings(Vec<Found>),
    /// No set tells.
    NotCovered,
}

/// Codes that are listed twice.
pub(super) fn tables(version: &Version) -> Vec<Found> {
    let mut seen: BTreeMap<&Code, (usize, &str)> = BTreeMap::new();
    let mut found = vec![];
    for (number, table) in version.codes.iter().enumerate() {
        for row in &table.rows {
            let Some((before, title)) = seen.insert(&row.code, (number, &table.title)) else {
                continue;
            };
            let (kind, message) = if before == number {
                let message = format!("{} is listed twice in \"{title}\"", row.code);
                (Kind::Duplicate, message)
            } else {
                let both = format!("\"{title}\" and in \"{}\"", table.title);
                (
                    Kind::InTwoTables,
                    format!("{} is listed in {both}", row.code),
                )
            };
            found.push(Found {
                kind,
                severity: Severity::Note,
                code: row.code.clone(),
                edition: None,
                message,
                hint: None,
            });
        }
    }
    found
}

/// What is to be said of a row.
pub(super) fn of_row(row: &CodeRow, effective: Date, sets: &CodeSets) -> Checked {
    let code = &row.code;
    let set = sets.of(code.system());
    let known = Key::of(code)
        .zip(set)
        .is_some_and(|(key, set)| set.knows(&key));
    if !known && let Some(found) = of_other_system(code, sets) {
        return Checked::Findings(vec![found]);
    }
    if !code.is_well_formed() {
        return Checked::Findings(vec![malformed(code)]);
    }
    let Some(set) = set else {
        return Checked::NotCovered;
    };
    let statuses = set.during(code, effective);
    if statuses
        .iter()
        .any(|(_, status)| *status == Status::NotCovered)
    {
        return Checked::NotCovered;
    }
    Checked::Findings(
        of_statuses(code, effective, set, &statuses)
            .into_iter()
            .collect(),
    )
}

fn malformed(code: &Code) -> Found {
    Found {
        kind: Kind::Malformed,
        severity: Severity::Warning,
        code: code.clone(),
        edition: None,
        message: format!("{code} does not have the form of {} code", a(code.system())),
        hint: Some("correct it, or ask the publisher what was meant".to_owned()),
    }
}

/// A system with its article.
fn a(system: CodeSystem) -> String {
    match system {
        CodeSystem::Icd10Cm => format!("an {system}"),
        CodeSystem::Cpt | CodeSystem::Hcpcs => format!("a {system}"),
    }
}

/// A code that its own system does not have and another does: it stands in
/// the wrong table. Where the other system has no set, its form must leave no
/// other reading. Digits among diagnoses may as well be ICD-9-CM as CPT, so
/// nothing is said of them but that they are no ICD-10-CM code.
fn of_other_system(code: &Code, sets: &CodeSets) -> Option<Found> {
    let key = Key::of(code)?;
    let other = CodeSystem::ALL.into_iter().find(|other| {
        *other != code.system()
            && !(*other == CodeSystem::Cpt && code.system() == CodeSystem::Icd10Cm)
            && Code::parse(*other, key.as_str()).is_ok()
            && match sets.of(*other) {
                Some(set) => set.knows(&key),
                None => *other == CodeSystem::Cpt && !code.is_well_formed(),
            }
    })?;
    let name = key.code(other);
    Some(Found {
        kind: Kind::WrongTable,
        severity: Severity::Warning,
        code: code.clone(),
        edition: None,
        message: format!(
            "{code} is not {} code; {name} is {} code",
            a(code.system()),
            a(other)
        ),
        hint: Some(format!("list it in a table of {other} codes")),
    })
}

fn of_statuses(
    code: &Code,
    effective: Date,
    set: &CodeSet,
    statuses: &[(Day, Status)],
) -> Option<Found> {
    let valid = |status: &Status| matches!(status, Status::Valid | Status::Header);
    if let [(day, status)] = statuses {
        return of_status(code, effective, set, *day, *status);
    }
    // Some of the days the date may mean differ from others.
    let (first, start) = *statuses.first()?;
    let (last, end) = *statuses.last()?;
    if !statuses.iter().any(|(_, status)| valid(status)) {
        return of_status(code, effective, set, first, start);
    }
    let (kind, message) = match (start, end) {
        (Status::NotYetValid { from }, _) => (
            Kind::NotYetValid,
            format!("{code} was valid for part of {effective} only: from {from} on"),
        ),
        (_, Status::Terminated { last, .. }) => (
            Kind::Terminated,
            format!("{code} was valid for part of {effective} only: until {last}"),
        ),
        (_, Status::Header) => (
            Kind::Header,
            format!("{code} became a header within {effective}, on {last}"),
        ),
        _ => return None,
    };
    let edition = Edition::on(set.system(), last);
    Some(Found {
        kind,
        severity: Severity::Note,
        code: code.clone(),
        edition: Some(edition),
        message: format!("{message} ({edition})"),
        hint: None,
    })
}

fn of_status(
    code: &Code,
    effective: Date,
    set: &CodeSet,
    day: Day,
    status: Status,
) -> Option<Found> {
    let system = set.system();
    let edition = Edition::on(system, day);
    let (kind, message, hint) = match status {
        Status::Valid | Status::NotCovered => return None,
        Status::Header => (
            Kind::Header,
            format!("{code} is a header in {edition}, not a code a claim can carry"),
            subdivisions(code, set, day),
        ),
        Status::NotYetValid { from } => (
            Kind::NotYetValid,
            format!(
                "{code} was not yet valid on {effective}: it is valid from {from} on ({})",
                Edition::on(system, from)
            ),
            None,
        ),
        Status::Terminated { last, again } => (
            Kind::Terminated,
            format!(
                "{code} was no longer valid on {effective}: its last day was {last} ({}){}",
                Edition::on(system, last),
                again
                    .map(|day| format!(", until it came back on {day}"))
                    .unwrap_or_default()
            ),
            None,
        ),
        Status::NeverValid => (
            Kind::NeverValid,
            format!(
                "{code} was never valid: it is in no edition of {}",
                set.describe()
            ),
            neighbours(code, set),
        ),
    };
    Some(Found {
        kind,
        severity: Severity::Warning,
        code: code.clone(),
        edition: Some(edition),
        message,
        hint,
    })
}

fn subdivisions(code: &Code, set: &CodeSet, day: Day) -> Option<String> {
    let children = set.children(&Key::of(code)?, day);
    let shown: Vec<Code> = children
        .iter()
        .take(4)
        .map(|key| key.code(set.system()))
        .collect();
    let more = if children.len() > shown.len() {
        ", ..."
    } else {
        ""
    };
    let below = listed(&shown);
    (!shown.is_empty()).then(|| format!("list what is meant of those below it: {below}{more}"))
}

fn neighbours(code: &Code, set: &CodeSet) -> Option<String> {
    let (before, behind) = set.neighbours(&Key::of(code)?);
    let near: Vec<Code> = [before, behind]
        .into_iter()
        .flatten()
        .map(|key| key.code(set.system()))
        .collect();
    (!near.is_empty()).then(|| format!("its neighbours are {}", listed(&near)))
}
