//! A replay, for a committee or an auditor: what came out first, then why,
//! then case by case.

use super::{Block, Chart, Run, evidence, plain, run};
use crate::criteria::Determination;
use crate::replay::Change;
use crate::report::page::Role;
use crate::report::replayed::{self, Cell, Table};
use crate::report::text::responsible;
use crate::report::{ReplayReport, counted, grouped};

/// So many rows of a list are shown; how many more there are is said.
const LISTED: usize = 10_000;
/// So many criteria are drawn; the table beside has them all.
const DRAWN: usize = 20;

/// A replay.
pub fn replay(report: ReplayReport<'_>) -> Vec<Block> {
    let mut blocks = vec![
        Block::Heading(1, report.title()),
        Block::List(summary(report)),
    ];
    blocks.extend(determinations(report));
    blocks.extend(changes(report));
    blocks.extend(recorded(report));
    blocks.extend(section(
        "Missing facts that leave cases pending, most often first",
        replayed::lacking(report.summary),
    ));
    blocks.extend(cases(report));
    blocks.extend(section("Rejected rows", replayed::rejects(report)));
    blocks.extend(evidence(report.evidence));
    blocks
}

fn summary(report: ReplayReport<'_>) -> Vec<Vec<Run>> {
    let summary = report.summary;
    let flips = summary.changes.iter().map(Change::flips).sum();
    let mut lines = vec![];
    if report.cancelled {
        let text = "Cancelled: the remaining cases were not replayed.";
        lines.push(vec![run(Role::Doubt, text)]);
    }
    lines.push(vec![
        run(Role::Heading, grouped(summary.flipping)),
        plain(format!(
            " of {} cases come out differently from one version to the next, in {} flips",
            grouped(summary.cases),
            grouped(flips)
        )),
    ]);
    if summary.recorded.none < summary.cases {
        lines.push(vec![
            run(Role::Heading, grouped(summary.recorded.deviating)),
            plain(" recorded determinations do not follow from the version they were made under"),
        ]);
    }
    if !report.rejects.is_empty() {
        let rows = counted(report.rejects.len(), "row was", "rows were");
        let text = format!("{rows} rejected and take no part: see Rejected rows");
        lines.push(vec![run(Role::Doubt, text)]);
    }
    let unusable = report.evidence.unusable.len();
    if unusable > 0 {
        let files = counted(unusable, "file", "files");
        let text = format!("{files} of the library could not be used: see What this rests on");
        lines.push(vec![run(Role::Doubt, text)]);
    }
    let terms = "not-met: criteria not met, for clinician review; pend: a fact is missing";
    lines.push(vec![run(Role::Quiet, terms)]);
    lines
}

fn determinations(report: ReplayReport<'_>) -> Vec<Block> {
    let summary = report.summary;
    let bars = summary.versions.iter().zip(&summary.counts);
    let bars = bars.map(|(version, counts)| {
        let counts = Determination::ALL.map(|one| counts.of(one));
        (version.to_string(), counts.to_vec())
    });
    let chart = Chart::Parts {
        title: "Determinations by version".to_owned(),
        parts: names(),
        bars: bars.collect(),
    };
    let mut blocks = vec![
        Block::Heading(2, "Determinations".to_owned()),
        Block::Chart(chart),
    ];
    blocks.extend(table(replayed::determinations(summary)));
    blocks
}

fn names() -> Vec<String> {
    Determination::ALL.map(|one| one.name().to_owned()).to_vec()
}

fn changes(report: ReplayReport<'_>) -> Vec<Block> {
    let summary = report.summary;
    if summary.changes.is_empty() {
        return vec![];
    }
    let heading = "Changes from one version to the next";
    let mut blocks = vec![Block::Heading(2, heading.to_owned())];
    for change in &summary.changes {
        let (from, to) = summary.between(change);
        let name = format!("{from} to {}", to.version);
        blocks.push(Block::Heading(3, name.clone()));
        if change.flips() == 0 {
            let text = "No case comes out differently.";
            blocks.push(Block::Paragraph(vec![plain(text)]));
        } else {
            blocks.extend(self::change(change, &name));
        }
    }
    blocks
}

fn change(change: &Change, name: &str) -> Vec<Block> {
    let row = |was| Determination::ALL.map(|now| change.transitions.of(was, now));
    let mut blocks = vec![Block::Chart(Chart::Matrix {
        title: format!("Determinations before and after, {name}"),
        names: names(),
        cells: Determination::ALL.map(|was| row(was).to_vec()).to_vec(),
    })];
    let transitions = change
        .transitions
        .changes()
        .map(|(was, now, cases)| vec![was.name().into(), now.name().into(), cases.into()]);
    blocks.extend(table(Table::new(&["was", "now", "cases"], transitions)));
    blocks.extend(causes(change, name));
    blocks
}

/// Which criteria account for the flips of a change.
fn causes(change: &Change, name: &str) -> Vec<Block> {
    let flips = change.flips();
    let heading = format!("What the {} flips are due to, {name}", grouped(flips));
    let criteria = change.by_criterion();
    let bars = criteria.iter().take(DRAWN);
    let mut blocks = vec![
        Block::Heading(4, heading.clone()),
        Block::Chart(Chart::Shares {
            title: heading,
            of: flips,
            bars: bars
                .map(|(one, count)| (responsible(one), *count))
                .collect(),
        }),
    ];
    if let Some((one, count)) = criteria.first() {
        let together = match count - change.alone(one) {
            0 => ".".to_owned(),
            some => format!(", {} of them only together with others.", grouped(some)),
        };
        let (count, flips) = (grouped(*count), grouped(flips));
        blocks.push(Block::Paragraph(vec![
            plain(format!("{count} of {flips} flips are due to ")),
            run(Role::Heading, responsible(one)),
            plain(together),
        ]));
    }
    blocks.extend(table(replayed::criteria(change)));
    blocks.extend(table(replayed::together(change)));
    blocks
}

fn recorded(report: ReplayReport<'_>) -> Vec<Block> {
    let summary = report.summary;
    if summary.recorded.none == summary.cases {
        return vec![];
    }
    let lines = replayed::recorded(summary).map(|(count, _, what)| {
        let count = run(Role::Heading, grouped(count));
        vec![count, plain(format!(" {what}"))]
    });
    let heading = "Recorded determinations, held against the version they were made under";
    vec![
        Block::Heading(2, heading.to_owned()),
        Block::List(lines.collect()),
    ]
}

/// What is told case by case, if it was listed.
fn cases(report: ReplayReport<'_>) -> Vec<Block> {
    if report.replay.is_none() {
        return vec![];
    }
    let mut blocks = section("Flips", replayed::flips(report));
    let deviating = "Recorded determinations that do not follow from their version";
    blocks.extend(section(deviating, replayed::deviations(report)));
    let unchecked = "Recorded determinations that cannot be checked";
    blocks.extend(section(unchecked, replayed::unverifiable(report)));
    let doubtful = "Decided under a version not certainly in force on a date of the case";
    blocks.extend(section(doubtful, replayed::doubts(report)));
    let heading = if report.flips_only {
        "Cases that flip (! differs from the version before)"
    } else {
        "Cases (! differs from the version before)"
    };
    blocks.extend(section(heading, replayed::outcomes(report)));
    blocks.extend(section("Cases that pend", replayed::missing(report)));
    blocks
}

/// A table under its heading; nothing, if it has no rows.
fn section(heading: &str, table: Table<'_>) -> Vec<Block> {
    let blocks = self::table(table);
    let heading = (!blocks.is_empty()).then(|| Block::Heading(2, heading.to_owned()));
    heading.into_iter().chain(blocks).collect()
}

/// A table, and how many more rows it has than are shown; nothing, if none.
fn table(mut table: Table<'_>) -> Vec<Block> {
    let cell = |(column, cell): (usize, Cell<'_>)| match cell {
        Cell::Count(count) => vec![plain(grouped(count))],
        Cell::Text(text) if text.is_empty() => vec![],
        Cell::Text(text) if column == 0 => vec![run(Role::Heading, text)],
        Cell::Text(text) => vec![plain(text)],
    };
    let rows = table.rows.by_ref().take(LISTED);
    let rows: Vec<Vec<_>> = rows
        .map(|row| row.into_iter().enumerate().map(cell).collect())
        .collect();
    if rows.is_empty() {
        return vec![];
    }
    let head = table.head.iter().map(|name| capitalized(name)).collect();
    let mut blocks = vec![Block::Table { head, rows }];
    let more = table.rows.count() as u64;
    if more > 0 {
        let text = format!(
            "{} more are not shown here; --format csv and --format xlsx list them all.",
            grouped(more)
        );
        blocks.push(Block::Paragraph(vec![run(Role::Doubt, text)]));
    }
    blocks
}

fn capitalized(name: &str) -> String {
    let mut characters = name.chars();
    let first = characters.next().map(|one| one.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}
