//! Each case under the version in force on its date.

use super::evidence;
use super::explain::determination_role;
use super::replay::{head, rejects};
use crate::criteria::Determination;
use crate::policy::VersionRef;
use crate::replay::{Basis, Follows, InForceOutcome, InForceReplay, Standing, Verdict};
use crate::report::{Line, Page, Role};
use crate::workbench::ReplayedInForce;

/// A replay against the versions in force; with `brief`, without the cases
/// about which there is nothing to say.
pub fn in_force(replayed: &ReplayedInForce, brief: bool) -> Page {
    let mut page = Page::default();
    let replay = &replayed.replay;
    let against = format!(
        ", each against the version in force on {}",
        basis(replayed.basis)
    );
    head(
        &mut page,
        replay.outcomes.len(),
        &against,
        &replayed.rejects,
        replay.cancelled,
    );
    standings(&mut page, replay);
    counts(&mut page, replay);
    decisions(&mut page, replay);
    doubts(&mut page, replay);
    if !brief {
        cases(&mut page, replay);
    }
    rejects(&mut page, &replayed.rejects, usize::MAX);
    evidence::add(&mut page, &replayed.evidence);
    page
}

fn basis(asked: Option<Basis>) -> &'static str {
    match asked {
        None => "its decision date, or else its service date",
        Some(Basis::Decision) => "its decision date",
        Some(Basis::Service) => "its service date",
    }
}

/// Standings with what they are called.
const STANDINGS: [(Standing, &str); 5] = [
    (Standing::Certain, "one version was in force"),
    (Standing::InDoubt, "in doubt: a date is too coarse to tell"),
    (Standing::NoneYet, "no version was in force yet"),
    (Standing::Undated, "no such date is recorded"),
    (Standing::Unread, "a version file cannot be used"),
];

fn standings(page: &mut Page, replay: &InForceReplay) {
    page.heading("Which version applied");
    let row = |count: usize, name: &str| Line::indented(2).plain(&format!("{count:>7}  {name}"));
    for (standing, name) in STANDINGS {
        let count = replay.of(standing).count();
        if count > 0 || standing == Standing::Certain {
            page.push(row(count, name));
        }
    }
    for basis in [Basis::Decision, Basis::Service] {
        let name = format!("by {} date", basis.name());
        page.push(row(replay.by(basis), &name));
    }
}

fn counts(page: &mut Page, replay: &InForceReplay) {
    page.heading("Determinations of the version in force, where one was");
    let counts = replay.counts();
    let widths = counts.keys().map(|one| one.to_string().len());
    let columns = widths.max().unwrap_or_default() + 2;
    let head = Determination::ALL.into_iter().fold(
        Line::indented(2).padded(Role::Quiet, "", columns),
        |line, one| line.add(Role::Quiet, &format!("{:>15}", one.name())),
    );
    page.push(head);
    for (version, counts) in counts {
        let row = Determination::ALL.into_iter().fold(
            Line::indented(2).padded(Role::Heading, &version.to_string(), columns),
            |line, one| line.plain(&format!("{:>15}", counts.of(one))),
        );
        page.push(row);
    }
}

fn id_columns(replay: &InForceReplay) -> usize {
    let widths = replay.outcomes.iter().map(|one| one.case.len());
    widths.max().unwrap_or_default() + 2
}

fn line(outcome: &InForceOutcome, columns: usize) -> Line {
    Line::indented(2)
        .hanging(columns)
        .padded(Role::Heading, &outcome.case, columns)
}

fn date(outcome: &InForceOutcome) -> String {
    match &outcome.dated {
        Some(dated) => format!("{} {}", dated.basis.name(), dated.date),
        None => "no date".to_owned(),
    }
}

fn recorded(outcome: &InForceOutcome) -> String {
    match &outcome.recorded {
        Some(one) => match &one.version {
            Some(version) => format!("{} under {version}", one.determination),
            None => one.determination.to_string(),
        },
        None => "nothing".to_owned(),
    }
}

/// `2019-02 gives met`.
fn gives(line: Line, (version, verdict): &(VersionRef, Verdict)) -> Line {
    let determination = verdict.determination;
    line.plain(&format!("{} gives ", version.version))
        .add(determination_role(determination), determination.name())
}

fn decisions(page: &mut Page, replay: &InForceReplay) {
    page.heading("Recorded determinations");
    for (follows, name) in [
        (Follows::Yes, "follow from the version in force"),
        (Follows::No, "do not follow from it"),
        (Follows::CannotTell, "of which that cannot be told"),
        (Follows::NotRecorded, "cases without one"),
    ] {
        let count = replay.following(follows);
        page.push(Line::indented(2).plain(&format!("{count:>7}  {name}")));
    }
    let columns = id_columns(replay);
    let deviating = replay.outcomes.iter();
    let deviating: Vec<_> = deviating.filter(|one| one.follows == Follows::No).collect();
    if !deviating.is_empty() {
        page.heading(&format!(
            "Do not follow from the version in force ({})",
            deviating.len()
        ));
    }
    for outcome in deviating {
        let start = line(outcome, columns).plain(&format!(
            "recorded {}; {}: ",
            recorded(outcome),
            date(outcome)
        ));
        page.push(each(start, outcome));
    }
    let others = replay.outcomes.iter();
    let others: Vec<_> = others
        .filter_map(|one| Some((one, one.other_in_force()?)))
        .collect();
    if !others.is_empty() {
        page.heading(&format!(
            "Decided under a version that was not in force ({})",
            others.len()
        ));
    }
    for (outcome, version) in others {
        page.push(line(outcome, columns).plain(&format!(
            "recorded {}; {}: {version} was in force",
            recorded(outcome),
            date(outcome)
        )));
    }
}

fn each(start: Line, outcome: &InForceOutcome) -> Line {
    let verdicts = outcome.verdicts.iter().enumerate();
    verdicts.fold(start, |line, (index, one)| {
        let line = if index > 0 { line.plain(", ") } else { line };
        gives(line, one)
    })
}

/// The cases whose version is not certain, by why.
fn doubts(page: &mut Page, replay: &InForceReplay) {
    let columns = id_columns(replay);
    for (standing, name) in STANDINGS {
        let outcomes: Vec<_> = replay.of(standing).collect();
        if standing == Standing::Certain || outcomes.is_empty() {
            continue;
        }
        page.heading(&format!("{} ({})", capital(name), outcomes.len()));
        for outcome in outcomes {
            let start = line(outcome, columns);
            let row = match &outcome.dated {
                None => start.plain(&format!("recorded {}", recorded(outcome))),
                Some(dated) if standing == Standing::InDoubt => {
                    let text = format!("{}: {}; ", date(outcome), dated.in_force.describe());
                    let row = each(start.plain(&text), outcome);
                    if outcome.is_same_either_way() {
                        row.add(Role::Quiet, ": the same either way")
                    } else {
                        row
                    }
                }
                Some(dated) => {
                    let text = format!("{}: {}", date(outcome), dated.in_force.describe());
                    start.plain(&text)
                }
            };
            page.push(row);
        }
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn cases(page: &mut Page, replay: &InForceReplay) {
    page.heading("Cases (DEV does not follow from the version in force)");
    let columns = id_columns(replay);
    for outcome in replay.of(Standing::Certain) {
        let deviates = if outcome.follows == Follows::No {
            " DEV"
        } else {
            ""
        };
        let start = line(outcome, columns)
            .padded(Role::Plain, &date(outcome), 22)
            .padded(
                Role::Plain,
                &format!("recorded {}{deviates}", recorded(outcome)),
                45,
            );
        page.push(each(start, outcome));
    }
}
