//! A replay, counted.

use super::replay::{counts, head, rejects, transitions};
use super::{evidence, responsible};
use crate::replay::{Change, Summary};
use crate::report::{Line, Page, Role, counted, grouped, replayed};
use crate::workbench::CountedReplay;

/// So many lines of a list are printed; the rest is counted.
const LISTED: usize = 20;

/// What comes out of many cases, without the cases.
pub fn replay_summary(replay: &CountedReplay) -> Page {
    let mut page = Page::default();
    let summary = &replay.summary;
    let versions = counted(summary.versions.len(), "version", "versions");
    let against = format!(" against {versions}");
    head(
        &mut page,
        summary.cases as usize,
        &against,
        &replay.rejects,
        replay.cancelled,
    );
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

/// Which criteria account for the flips of a change, and which only together.
fn causes(page: &mut Page, summary: &Summary, change: &Change) {
    let (flips, (from, to)) = (change.flips(), summary.between(change));
    page.heading(&format!(
        "What the {} flips from {from} to {} are due to",
        grouped(flips),
        to.version
    ));
    let line = |count: u64| {
        let share = format!("{:>9} of {}  ", grouped(count), grouped(flips));
        Line::indented(4).plain(&share)
    };
    let criteria = change.by_criterion();
    for (one, count) in criteria.iter().take(LISTED) {
        let mut line = line(*count).add(Role::Heading, &responsible(one));
        if let with_others @ 1.. = count - change.alone(one) {
            let note = format!(
                " ({} of them only together with others)",
                grouped(with_others)
            );
            line = line.add(Role::Quiet, &note);
        }
        page.push(line);
    }
    more(page, criteria.len(), "more criteria");
    let sets = change.causes.iter().filter(|(set, _)| set.len() > 1);
    let sets: Vec<_> = sets.collect();
    if sets.is_empty() {
        return;
    }
    page.push(Line::indented(2).plain("together:"));
    for (set, count) in sets.iter().take(LISTED) {
        let names: Vec<_> = set.iter().map(responsible).collect();
        page.push(line(*count).add(Role::Heading, &names.join(" with ")));
    }
    more(page, sets.len(), "more combinations");
}

fn more(page: &mut Page, count: usize, of: &str) {
    if let Some(rest @ 1..) = count.checked_sub(LISTED) {
        page.push(Line::indented(4).add(Role::Quiet, &format!("and {rest} {of}")));
    }
}

fn recorded(page: &mut Page, summary: &Summary) {
    if summary.recorded.none == summary.cases {
        return;
    }
    page.heading("Recorded determinations, held against the version they were made under");
    for (count, role, what) in replayed::recorded(summary) {
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
            "Missing facts that leave cases pending under {version}, most often first"
        ));
        for (fact, count) in missing.iter().take(LISTED / 2) {
            page.push(Line::indented(2).plain(&format!("{count:>11}  {fact}")));
        }
        if let Some(rest @ 1..) = missing.len().checked_sub(LISTED / 2) {
            page.push(Line::indented(4).add(Role::Quiet, &format!("and {rest} more facts")));
        }
    }
}
