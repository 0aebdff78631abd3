//! What came out, counted.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::{Cell, ReplayReport, Table, provenance};
use crate::criteria::{Determination, Responsible};
use crate::replay::{Change, Summary};
use crate::report::Role;
use crate::report::text::responsible;

/// One row a version: how many cases it determines how.
pub(in crate::report) fn determinations(summary: &Summary) -> Table<'_> {
    let head: Vec<_> = std::iter::once("version")
        .chain(Determination::ALL.map(Determination::name))
        .collect();
    let versions = summary.versions.iter().zip(&summary.counts);
    let rows = versions.map(|(version, counts)| {
        let counts = Determination::ALL.map(|one| Cell::from(counts.of(one)));
        let version = Cell::from(version.to_string());
        std::iter::once(version).chain(counts).collect()
    });
    Table::new(&head, rows)
}

/// One row for every two determinations that cases went between, those that
/// stayed as they were included.
pub(in crate::report) fn transitions(summary: &Summary) -> Table<'_> {
    let rows = summary.changes.iter().flat_map(|change| {
        let (from, to) = summary.between(change);
        pairs(change).map(move |(was, now, cases)| {
            vec![
                from.to_string().into(),
                to.to_string().into(),
                was.name().into(),
                now.name().into(),
                if was == now { "no" } else { "yes" }.into(),
                cases.into(),
            ]
        })
    });
    Table::new(&["from", "to", "was", "now", "flips", "cases"], rows)
}

fn pairs(change: &Change) -> impl Iterator<Item = (Determination, Determination, u64)> + '_ {
    let pairs = Determination::ALL
        .into_iter()
        .flat_map(|was| Determination::ALL.map(|now| (was, now)));
    let counted = pairs.map(|(was, now)| (was, now, change.transitions.of(was, now)));
    counted.filter(|(.., cases)| *cases > 0)
}

/// One row a criterion: how many flips of a change it accounts for, most first.
pub(in crate::report) fn criteria(change: &Change) -> Table<'_> {
    let rows = change.by_criterion().into_iter().map(|(one, flips)| {
        let alone = change.alone(one);
        vec![
            responsible(one).into(),
            flips.into(),
            alone.into(),
            (flips - alone).into(),
        ]
    });
    let head = ["criterion", "flips", "alone", "together with others"];
    Table::new(&head, rows)
}

/// One row for every set of several criteria that account for flips together.
pub(in crate::report) fn together(change: &Change) -> Table<'_> {
    let sets = change.causes.iter().filter(|(set, _)| set.len() > 1);
    let rows = sets.map(|(set, flips)| vec![names(set).into(), (*flips).into()]);
    Table::new(&["criteria together", "flips"], rows)
}

fn names(set: &[Responsible]) -> String {
    let names: Vec<_> = set.iter().map(responsible).collect();
    names.join(" with ")
}

/// What recorded determinations are, held against their versions: what there
/// is any of.
pub(in crate::report) fn recorded(
    summary: &Summary,
) -> impl Iterator<Item = (u64, Role, &'static str)> {
    let counts = summary.recorded;
    let named = [
        (counts.reproduced, Role::Plain, "follow from it"),
        (counts.deviating, Role::Bad, "do not follow from it"),
        (
            counts.unverifiable,
            Role::Plain,
            "cannot be checked: it cannot be told which version applied",
        ),
        (counts.none, Role::Quiet, "cases have none"),
        (
            counts.doubtful,
            Role::Plain,
            "were made under a version not certainly in force on a date of the case",
        ),
    ];
    named.into_iter().filter(|(count, ..)| *count > 0)
}

/// One row for every missing fact that leaves cases pending, with one column a
/// version: how many cases. Those that most lack come first.
pub(in crate::report) fn lacking(summary: &Summary) -> Table<'_> {
    let mut facts: BTreeMap<&str, Vec<u64>> = BTreeMap::new();
    for (version, missing) in summary.missing.iter().enumerate() {
        for (fact, cases) in missing {
            let counts = facts.entry(fact).or_default();
            counts.resize(summary.versions.len(), 0);
            counts[version] = *cases;
        }
    }
    let mut facts: Vec<_> = facts.into_iter().collect();
    // Facts of the same number stay in the order of their names.
    facts.sort_by_key(|(_, counts)| Reverse(counts.iter().copied().max()));
    let versions = summary.versions.iter().map(ToString::to_string);
    let rows = facts.into_iter().map(|(fact, counts)| {
        let counts = counts.into_iter().map(Cell::from);
        std::iter::once(fact.into()).chain(counts).collect()
    });
    Table {
        head: std::iter::once("fact".to_owned()).chain(versions).collect(),
        rows: Box::new(rows),
    }
}

/// Every count of the report in five columns: section, from, to, what, count.
pub(in crate::report) fn summary(report: ReplayReport<'_>) -> Table<'static> {
    let summary = report.summary;
    let mut rows = Rows::default();
    rows.add("cases", ["", "", "replayed"], Some(summary.cases));
    rows.add(
        "cases",
        ["", "", "flip between neighbouring versions"],
        Some(summary.flipping),
    );
    if report.cancelled {
        rows.add(
            "cases",
            ["", "", "cancelled: the remaining cases were not replayed"],
            None,
        );
    }
    rows.add(
        "cases",
        ["", "", "rows rejected"],
        Some(report.rejects.len() as u64),
    );
    for (version, counts) in summary.versions.iter().zip(&summary.counts) {
        for one in Determination::ALL {
            let version = version.to_string();
            rows.add(
                "determinations",
                ["", &version, one.name()],
                Some(counts.of(one)),
            );
        }
    }
    for change in &summary.changes {
        rows.change(summary, change);
    }
    for (count, _, what) in recorded(summary) {
        rows.add("recorded determinations", ["", "", what], Some(count));
    }
    for (version, missing) in summary.versions.iter().zip(&summary.missing) {
        for (fact, cases) in missing {
            rows.add(
                "missing facts",
                ["", &version.to_string(), fact],
                Some(*cases),
            );
        }
    }
    Table::new(
        &["section", "from", "to", "what", "count"],
        rows.0.into_iter(),
    )
}

#[derive(Default)]
struct Rows(Vec<Vec<Cell<'static>>>);

impl Rows {
    fn add(&mut self, section: &'static str, texts: [&str; 3], count: Option<u64>) {
        let texts = texts.map(|text| Cell::from(text.to_owned()));
        let cells = std::iter::once(section.into()).chain(texts);
        let count = count.map_or(Cell::EMPTY, Cell::Count);
        self.0.push(cells.chain([count]).collect());
    }

    fn change(&mut self, summary: &Summary, change: &Change) {
        let (from, to) = summary.between(change);
        let (from, to) = (from.to_string(), to.to_string());
        for (was, now, cases) in pairs(change) {
            self.add(
                "transitions",
                [&from, &to, &format!("{was} to {now}")],
                Some(cases),
            );
        }
        for (one, flips) in change.by_criterion() {
            self.add(
                "flips by criterion",
                [&from, &to, &responsible(one)],
                Some(flips),
            );
        }
        for (set, flips) in &change.causes {
            self.add(
                "flips by set of criteria",
                [&from, &to, &names(set)],
                Some(*flips),
            );
        }
    }
}

/// The rows that were refused, each in one text.
pub(in crate::report) fn rejected(report: ReplayReport<'_>) -> impl Iterator<Item = String> {
    let rejects = report.rejects.iter();
    rejects.map(|one| format!("{}:{}: {}", one.file, one.line, one.reason))
}

/// What the answer rests on, each in one text.
pub(in crate::report) fn rests_on(report: ReplayReport<'_>) -> impl Iterator<Item = String> {
    provenance(report.evidence).rows.map(|row| {
        let texts = row.into_iter().filter_map(|cell| match cell {
            Cell::Text(text) if !text.is_empty() => Some(text.into_owned()),
            _ => None,
        });
        texts.collect::<Vec<_>>().join(" ")
    })
}
