//! A replay, counted.

use super::evidence;
use super::replay::{counts, rejects, transitions};
use crate::criteria::Responsible;
use crate::replay::{Change, Summary};
use crate::report::{Line, Page, Role, counted};
use crate::workbench::CountedReplay;

/// So many lines of a list are printed; the rest is counted.
const LISTED: usize = 20;

/// What comes out of many cases, without the cases.
pub fn replay_summary(replay: &CountedReplay) -> Page {
    let mut page = Page::default();
    let summary = &replay.summary;
    page.line(
        Role::Heading,
        &format!(
            "{} against {}{}",
            counted(summary.cases as usize, "case", "cases"),
            counted(summary.versions.len(), "version", "versions"),
            match replay.rejects.len() {
                0 => String::new(),
                count => format!("; {} rejected", counted(count, "row", "rows")),
            }
        ),
    );
    if replay.cancelled {
        page.line(
            Role::Bad,
            "cancelled: the remaining cases were not replayed",
        );
    }
    counts(&mut page, &summary.versions, &summary.counts);
    transitions(&mut page, &summary.versions, &summary.changes);
    for change in summary.changes.iter().filter(|change| change.flips() > 0) {
        causes(&mut page, summary, change);
    }
    recorded(&mut page, summary);
    missing(&mut page, summary);
    rejects(&mut page, &replay.rejects, LISTED);
    evidence::add(&mut page, &replay.evidence);
    page
}

fn causes(page: &mut Page, summary: &Summary, change: &Change) {
    let (flips, (from, to)) = (change.flips(), summary.between(change));
    page.heading(&format!(
        "What the {flips} flips from {from} to {} are due to",
        to.version
    ));
    for (set, count) in change.causes.iter().take(LISTED) {
        let names: Vec<_> = set.iter().map(name).collect();
        page.push(
            Line::indented(4)
                .plain(&format!("{count:>9} of {flips}  "))
                .add(Role::Heading, &names.join(" with ")),
        );
    }
    more(page, change.causes.len(), "more combinations");
}

fn name(one: &Responsible) -> String {
    match one {
        Responsible::Codes => "the codes listed".to_owned(),
        other => other.to_string(),
    }
}

fn more(page: &mut Page, count: usize, of: &str) {
    if let Some(rest @ 1..) = count.checked_sub(LISTED) {
        page.push(Line::indented(4).add(Role::Quiet, &format!("and {rest} {of}")));
    }
}

fn recorded(page: &mut Page, summary: &Summary) {
    let recorded = summary.recorded;
    if recorded.none == summary.cases {
        return;
    }
    page.heading("Recorded determinations, held against the version they were made under");
    let rows = [
        (recorded.reproduced, Role::Plain, "follow from it"),
        (recorded.deviating, Role::Bad, "do not follow from it"),
        (
            recorded.unverifiable,
            Role::Plain,
            "cannot be checked: it cannot be told which version applied",
        ),
        (recorded.none, Role::Quiet, "cases have none"),
        (
            recorded.doubtful,
            Role::Plain,
            "of them were made under a version not certainly in force on a date of the case",
        ),
    ];
    for (count, role, what) in rows.into_iter().filter(|(count, ..)| *count > 0) {
        page.push(
            Line::indented(2)
                .plain(&format!("{count:>11}  "))
                .add(role, what),
        );
    }
}

fn missing(page: &mut Page, summary: &Summary) {
    for (version, missing) in summary.versions.iter().zip(&summary.missing) {
        if missing.is_empty() {
            continue;
        }
        page.heading(&format!(
            "Facts that cases lack which pend under {version}, most often first"
        ));
        for (fact, count) in missing.iter().take(LISTED / 2) {
            page.push(Line::indented(2).plain(&format!("{count:>11}  {fact}")));
        }
        if let Some(rest @ 1..) = missing.len().checked_sub(LISTED / 2) {
            page.push(Line::indented(4).add(Role::Quiet, &format!("and {rest} more facts")));
        }
    }
}
