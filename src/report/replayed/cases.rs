//! Cases, flips, doubts and rejected rows, one a row.

use super::{Cell, ReplayReport, Table};
use crate::criteria::Missing;
use crate::replay::{Flip, Outcome, Reproduced};
use crate::report::text::because;

/// One row a case: what was recorded, what each version makes of it, what is
/// missing there, and why it flips.
pub(in crate::report) fn cases(report: ReplayReport<'_>) -> Table<'_> {
    let versions = || report.summary.versions.iter().map(ToString::to_string);
    let fixed = [
        "case",
        "policy",
        "recorded",
        "recorded version",
        "reproduced",
        "follows",
    ];
    let head = fixed.map(str::to_owned).into_iter();
    let missing = versions().map(|version| format!("missing {version}"));
    let last = ["flips", "note"].map(str::to_owned);
    Table {
        head: head.chain(versions()).chain(missing).chain(last).collect(),
        rows: Box::new(report.cases().map(|(outcome, flips)| case(outcome, flips))),
    }
}

fn case<'a>(outcome: &'a Outcome, flips: &'a [Flip]) -> Vec<Cell<'a>> {
    let recorded = outcome.recorded.as_ref();
    let (reproduced, follows) = match &outcome.reproduced {
        Reproduced::NotRecorded => ("", ""),
        Reproduced::NoVersion { .. } => ("cannot tell", ""),
        Reproduced::Reproduced { .. } => ("yes", ""),
        Reproduced::Deviates { follows, .. } => ("no", follows.name()),
    };
    let mut row: Vec<Cell<'_>> = vec![
        outcome.case.as_str().into(),
        outcome.policy.as_str().into(),
        recorded.map_or("", |one| one.determination.name()).into(),
        version_of(outcome).into(),
        reproduced.into(),
        follows.into(),
    ];
    let verdicts = outcome.verdicts.iter();
    row.extend(verdicts.clone().map(|verdict| {
        let verdict = verdict.as_ref();
        Cell::from(verdict.map_or("", |one| one.determination.name()))
    }));
    row.extend(verdicts.map(|verdict| {
        let missing = verdict.iter().flat_map(|one| &one.missing);
        Cell::from(join(missing.map(ToString::to_string), "; "))
    }));
    row.push(join(flips.iter().map(flip), " | ").into());
    row.push(join(unchecked(outcome).into_iter().chain(doubt(outcome)), " | ").into());
    row
}

fn join(texts: impl Iterator<Item = String>, separator: &str) -> String {
    texts.collect::<Vec<_>>().join(separator)
}

fn flip(flip: &Flip) -> String {
    format!(
        "{} to {}: {} to {} because of {}",
        flip.from.version,
        flip.to.version,
        flip.was,
        flip.now,
        causes(flip)
    )
}

fn causes(flip: &Flip) -> String {
    join(flip.because.iter().map(because), "; ")
}

/// Why it cannot be told whether the recorded determination follows.
fn unchecked(outcome: &Outcome) -> Option<String> {
    match &outcome.reproduced {
        Reproduced::NoVersion { why } => Some(format!("cannot be checked: {why}")),
        _ => None,
    }
}

/// The dates on which the recorded version was not, or not certainly, in force.
fn doubt(outcome: &Outcome) -> Option<String> {
    let dates = outcome.doubts.iter().map(|one| {
        let (basis, in_force) = (one.basis.name(), one.in_force.describe());
        format!("{basis} {}: {in_force}", one.date)
    });
    (!outcome.doubts.is_empty()).then(|| join(dates, "; "))
}

/// One row a flip.
pub(in crate::report) fn flips(report: ReplayReport<'_>) -> Table<'_> {
    let flips = report.replay.map_or(&[][..], |replay| &replay.flips);
    let rows = flips.iter().map(|flip| {
        vec![
            flip.case.as_str().into(),
            flip.from.to_string().into(),
            flip.to.to_string().into(),
            flip.was.name().into(),
            flip.now.name().into(),
            causes(flip).into(),
        ]
    });
    Table::new(&["case", "from", "to", "was", "now", "because of"], rows)
}

/// The cases by version, for people: an exclamation mark where one differs
/// from the version before.
pub(in crate::report) fn outcomes(report: ReplayReport<'_>) -> Table<'_> {
    let versions = report.summary.versions.iter().map(ToString::to_string);
    let head = ["case", "recorded", "under"].map(str::to_owned);
    let rows = report.cases().map(|(outcome, _)| {
        let recorded = outcome.recorded.as_ref();
        let mut row: Vec<Cell<'_>> = vec![
            outcome.case.as_str().into(),
            recorded.map_or("", |one| one.determination.name()).into(),
            version_of(outcome).into(),
        ];
        let mut before = None;
        row.extend(outcome.verdicts.iter().map(|verdict| {
            let Some(verdict) = verdict else {
                return Cell::EMPTY;
            };
            let now = verdict.determination;
            let flips = before.is_some_and(|before| before != now);
            before = Some(now);
            if flips {
                format!("{now} !").into()
            } else {
                now.name().into()
            }
        }));
        row
    });
    Table {
        head: head.into_iter().chain(versions).collect(),
        rows: Box::new(rows),
    }
}

/// For every case that pends: the facts that would settle it, and under which
/// versions they are the same.
pub(in crate::report) fn missing(report: ReplayReport<'_>) -> Table<'_> {
    let rows = report.cases().flat_map(move |(outcome, _)| {
        let verdicts = report.summary.versions.iter().zip(&outcome.verdicts);
        let mut groups: Vec<(&[Missing], Vec<&str>)> = vec![];
        for (version, verdict) in verdicts {
            let Some(missing) = verdict.as_ref().map(|one| one.missing.as_slice()) else {
                continue;
            };
            let name = version.version.as_str();
            match groups.iter_mut().find(|(facts, _)| *facts == missing) {
                _ if missing.is_empty() => {}
                Some((_, versions)) => versions.push(name),
                None => groups.push((missing, vec![name])),
            }
        }
        groups.into_iter().map(|(missing, versions)| {
            let facts = missing.iter().map(ToString::to_string);
            vec![
                outcome.case.as_str().into(),
                versions.join(", ").into(),
                join(facts, ", ").into(),
            ]
        })
    });
    Table::new(&["case", "under", "facts that would settle it"], rows)
}

fn version_of(outcome: &Outcome) -> &str {
    let recorded = outcome.recorded.as_ref();
    let version = recorded.and_then(|one| one.version.as_deref());
    version.unwrap_or_default()
}

/// The recorded determinations that do not follow from their version.
pub(in crate::report) fn deviations(report: ReplayReport<'_>) -> Table<'_> {
    let outcomes = report.replay.into_iter().flat_map(|one| one.deviations());
    let rows = outcomes.filter_map(|outcome| {
        let Reproduced::Deviates { version, follows } = &outcome.reproduced else {
            return None;
        };
        let recorded = outcome.recorded.as_ref();
        Some(vec![
            outcome.case.as_str().into(),
            recorded.map_or("", |one| one.determination.name()).into(),
            version.as_str().into(),
            follows.name().into(),
        ])
    });
    Table::new(&["case", "recorded", "under", "which gives"], rows)
}

/// The recorded determinations that cannot be checked, and why.
pub(in crate::report) fn unverifiable(report: ReplayReport<'_>) -> Table<'_> {
    let cases = report.replay.into_iter().flat_map(|one| one.unverifiable());
    let rows = cases.map(|(outcome, why)| vec![outcome.case.as_str().into(), why.into()]);
    Table::new(&["case", "why"], rows)
}

/// The cases decided under a version not certainly in force on one of their dates.
pub(in crate::report) fn doubts(report: ReplayReport<'_>) -> Table<'_> {
    let outcomes = report.replay.map_or(&[][..], |replay| &replay.outcomes);
    let rows = outcomes.iter().filter_map(|outcome| {
        Some(vec![
            outcome.case.as_str().into(),
            version_of(outcome).into(),
            doubt(outcome)?.into(),
        ])
    });
    Table::new(&["case", "decided under", "in force on its dates"], rows)
}

/// The rows that were refused.
pub(in crate::report) fn rejects(report: ReplayReport<'_>) -> Table<'_> {
    let rows = report.rejects.iter().map(|one| {
        vec![
            one.file.as_str().into(),
            (one.line as u64).into(),
            one.reason.as_str().into(),
        ]
    });
    Table::new(&["file", "line", "reason"], rows)
}
