//! A replay: counts, transitions, flips, deviations, and the cases one by one.

use super::evidence;
use super::explain::determination_role;
use crate::cases::Reject;
use crate::criteria::{Cause, Determination, Responsible};
use crate::policy::VersionRef;
use crate::replay::{Change, Counts, Flip, Outcome, Replay, Reproduced};
use crate::report::{Line, Page, Role, counted};
use crate::workbench::Replayed;

/// A replay; with `flips_only`, without the cases that do not flip.
pub fn replay(replayed: &Replayed, flips_only: bool) -> Page {
    let mut page = Page::default();
    let replay = &replayed.replay;
    let versions = counted(replay.versions.len(), "version", "versions");
    let against = format!(" against {versions}");
    head(
        &mut page,
        replay.outcomes.len(),
        &against,
        &replayed.rejects,
        replay.cancelled,
    );
    counts(&mut page, &replay.versions, &replay.counts());
    transitions(&mut page, &replay.versions, &replay.changes());
    flips(&mut page, replay);
    deviations(&mut page, replay);
    doubts(&mut page, replay);
    if !flips_only {
        cases(&mut page, replay);
    }
    rejects(&mut page, &replayed.rejects, usize::MAX);
    evidence::add(&mut page, &replayed.evidence);
    page
}

/// How many cases were replayed against what, and what stands against that.
pub(super) fn head(
    page: &mut Page,
    cases: usize,
    against: &str,
    rejects: &[Reject],
    cancelled: bool,
) {
    let cases = counted(cases, "case", "cases");
    let rejected = match rejects.len() {
        0 => String::new(),
        count => format!("; {} rejected", counted(count, "row", "rows")),
    };
    page.line(Role::Heading, &format!("{cases}{against}{rejected}"));
    if cancelled {
        page.line(
            Role::Bad,
            "cancelled: the remaining cases were not replayed",
        );
    }
}

/// Columns for the name of a version.
fn name_columns(versions: &[VersionRef]) -> usize {
    let widths = versions.iter().map(|one| one.to_string().len());
    widths.max().unwrap_or_default() + 2
}

pub(super) fn counts(page: &mut Page, versions: &[VersionRef], counts: &[Counts]) {
    page.heading("Determinations");
    let columns = name_columns(versions);
    let head = Determination::ALL.into_iter().fold(
        Line::indented(2).padded(Role::Quiet, "", columns),
        |line, one| line.add(Role::Quiet, &format!("{:>15}", one.name())),
    );
    page.push(head);
    for (version, counts) in versions.iter().zip(counts) {
        let row = Determination::ALL.into_iter().fold(
            Line::indented(2).padded(Role::Heading, &version.to_string(), columns),
            |line, one| line.plain(&format!("{:>15}", counts.of(one))),
        );
        page.push(row);
    }
}

pub(super) fn transitions(page: &mut Page, versions: &[VersionRef], changes: &[Change]) {
    if changes.is_empty() {
        return;
    }
    page.heading("Changes from one version to the next");
    for Change {
        from: index,
        transitions,
        ..
    } in changes
    {
        page.push(Line::indented(2).add(
            Role::Heading,
            &format!("{} to {}", versions[*index], versions[index + 1].version),
        ));
        let mut any = false;
        for (was, now, count) in transitions.changes() {
            any = true;
            page.push(
                Line::indented(4)
                    .plain(&format!("{count:>9}  {was} to "))
                    .add(determination_role(now), now.name()),
            );
        }
        if !any {
            page.push(Line::indented(4).plain("no case comes out differently"));
        }
    }
}

fn flips(page: &mut Page, replay: &Replay) {
    page.heading(&format!(
        "Flips ({} in {})",
        replay.flips.len(),
        counted(replay.flipping_cases(), "case", "cases")
    ));
    let columns = id_columns(replay);
    for flip in &replay.flips {
        page.push(flip_line(flip, columns));
    }
}

fn id_columns(replay: &Replay) -> usize {
    let widths = replay.outcomes.iter().map(|one| one.case.len());
    widths.max().unwrap_or_default() + 2
}

fn flip_line(flip: &Flip, columns: usize) -> Line {
    let because: Vec<_> = flip.because.iter().map(because).collect();
    Line::indented(2)
        .hanging(columns)
        .padded(Role::Heading, &flip.case, columns)
        .plain(&format!(
            "{} to {}: {} to ",
            flip.from.version, flip.to.version, flip.was
        ))
        .add(determination_role(flip.now), flip.now.name())
        .add(Role::Quiet, &format!(" because of {}", because.join("; ")))
}

/// A cause in words: the criterion, its values and the facts.
pub(crate) fn because(cause: &Cause) -> String {
    let value = |value: Option<crate::criteria::Truth>| value.map_or("absent", |one| one.outcome());
    let facts: Vec<_> = cause.facts.iter().map(ToString::to_string).collect();
    let facts = if facts.is_empty() {
        String::new()
    } else {
        format!(": {}", facts.join(", "))
    };
    let what = responsible(&cause.what);
    match &cause.what {
        Responsible::Codes => what,
        _ => format!(
            "{what} ({} to {}{facts})",
            value(cause.was),
            value(cause.now)
        ),
    }
}

/// What is responsible for a flip, in words.
pub(crate) fn responsible(one: &Responsible) -> String {
    match one {
        Responsible::Codes => "the codes listed".to_owned(),
        other => other.to_string(),
    }
}

fn deviations(page: &mut Page, replay: &Replay) {
    let deviating: Vec<_> = replay.deviations().collect();
    page.heading(&format!(
        "Recorded determinations that do not follow from their version ({})",
        deviating.len()
    ));
    let columns = id_columns(replay);
    for outcome in deviating {
        let Reproduced::Deviates { version, follows } = &outcome.reproduced else {
            continue;
        };
        let recorded = outcome
            .recorded
            .as_ref()
            .map(|one| one.determination.name());
        page.push(
            Line::indented(2)
                .hanging(columns)
                .padded(Role::Heading, &outcome.case, columns)
                .plain(&format!(
                    "recorded {} under {version}, which gives ",
                    recorded.unwrap_or("-")
                ))
                .add(determination_role(*follows), follows.name()),
        );
    }
}

/// Decisions whose version cannot be told, or was not the one in force.
fn doubts(page: &mut Page, replay: &Replay) {
    let columns = id_columns(replay);
    let line = |case: &str, text: &str| {
        Line::indented(2)
            .hanging(columns)
            .padded(Role::Heading, case, columns)
            .plain(text)
    };
    let unverifiable: Vec<_> = replay.unverifiable().collect();
    if !unverifiable.is_empty() {
        page.heading(&format!(
            "Recorded determinations that cannot be checked ({})",
            unverifiable.len()
        ));
        for (outcome, why) in unverifiable {
            page.push(line(&outcome.case, why));
        }
    }
    let doubtful: Vec<&Outcome> = replay
        .outcomes
        .iter()
        .filter(|one| !one.doubts.is_empty())
        .collect();
    if !doubtful.is_empty() {
        page.heading(&format!(
            "Decided under a version not certainly in force on a date of the case ({})",
            doubtful.len()
        ));
        for outcome in doubtful {
            let version = outcome
                .recorded
                .as_ref()
                .and_then(|one| one.version.as_deref());
            let dates: Vec<_> = outcome
                .doubts
                .iter()
                .map(|one| {
                    format!(
                        "{} {}: {}",
                        one.basis.name(),
                        one.date,
                        one.in_force.describe()
                    )
                })
                .collect();
            page.push(line(
                &outcome.case,
                &format!(
                    "decided under {}; {}",
                    version.unwrap_or("-"),
                    dates.join("; ")
                ),
            ));
        }
    }
}

fn cases(page: &mut Page, replay: &Replay) {
    page.heading("Cases (! flips from the version before; DEV does not follow from its version)");
    let columns = id_columns(replay);
    let head = replay.versions.iter().fold(
        Line::indented(2).padded(Role::Quiet, "", columns).padded(
            Role::Quiet,
            "recorded under",
            28,
        ),
        |line, version| line.padded(Role::Quiet, &version.version, 15),
    );
    page.push(head);
    for outcome in &replay.outcomes {
        page.push(case(outcome, columns));
    }
}

fn case(outcome: &Outcome, columns: usize) -> Line {
    let mut recorded = match &outcome.recorded {
        Some(one) => format!(
            "{} {}",
            one.determination,
            one.version.as_deref().unwrap_or("")
        ),
        None => "-".to_owned(),
    };
    if matches!(outcome.reproduced, Reproduced::Deviates { .. }) {
        recorded.push_str(" DEV");
    }
    let mut line = Line::indented(2)
        .padded(Role::Heading, &outcome.case, columns)
        .padded(Role::Plain, &recorded, 28);
    let mut before = None;
    for verdict in &outcome.verdicts {
        let Some(verdict) = verdict else {
            line = line.padded(Role::Quiet, "-", 15);
            continue;
        };
        let flipped = before.is_some_and(|before| before != verdict.determination);
        before = Some(verdict.determination);
        let shown = format!(
            "{}{}",
            verdict.determination,
            if flipped { " !" } else { "" }
        );
        line = line.padded(determination_role(verdict.determination), &shown, 15);
    }
    line
}

/// The rows that were refused, at most `listed` of them one by one.
pub(super) fn rejects(page: &mut Page, rejects: &[Reject], listed: usize) {
    if rejects.is_empty() {
        return;
    }
    page.heading(&format!("Rejected rows ({})", rejects.len()));
    for reject in rejects.iter().take(listed) {
        page.push(
            Line::indented(2)
                .hanging(2)
                .add(Role::Bad, &format!("{}:{}: ", reject.file, reject.line))
                .plain(&reject.reason),
        );
    }
    if rejects.len() > listed {
        let rest = format!("and {} more; --json lists them all", rejects.len() - listed);
        page.push(Line::indented(2).add(Role::Quiet, &rest));
    }
}
