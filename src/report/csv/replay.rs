//! A replay: one row a case, or what was counted.

use super::{row, write};
use crate::report::ReplayReport;
use crate::report::replayed::{self, Cell};

/// A replay as CSV. Listed, it has one row a case, with `case` in the column
/// `row`; rows that say `rejected` or `provenance` there follow, with text in
/// the column `note`. Counted, it has the columns section, from, to, what and
/// count; rejected rows and provenance are its last sections.
pub fn replay(report: ReplayReport<'_>) -> Vec<u8> {
    let mut out = vec![];
    if report.replay.is_some() {
        listed(report, &mut out);
    } else {
        counted(report, &mut out);
    }
    out
}

fn listed(report: ReplayReport<'_>, out: &mut Vec<u8>) {
    let cases = replayed::cases(report);
    let columns = cases.head.len();
    let head = cases.head.iter().map(String::as_str);
    row(std::iter::once("row").chain(head).map(Cell::from), out);
    for cells in cases.rows {
        row(std::iter::once("case".into()).chain(cells), out);
    }
    let cancelled = "the remaining cases were not replayed".to_owned();
    let cancelled = report.cancelled.then_some(("cancelled", cancelled));
    for (section, text) in cancelled.into_iter().chain(notes(report)) {
        let empty = std::iter::repeat_n(Cell::EMPTY, columns - 1);
        let cells = std::iter::once(section.into()).chain(empty);
        row(cells.chain([text.into()]), out);
    }
}

fn counted(report: ReplayReport<'_>, out: &mut Vec<u8>) {
    write(replayed::summary(report), out);
    for (section, text) in notes(report) {
        let cells = [
            section.into(),
            Cell::EMPTY,
            Cell::EMPTY,
            text.into(),
            Cell::EMPTY,
        ];
        row(cells, out);
    }
}

/// What is neither a case nor a count.
fn notes(report: ReplayReport<'_>) -> impl Iterator<Item = (&'static str, String)> {
    let rejected = replayed::rejected(report).map(|text| ("rejected", text));
    let rests_on = replayed::rests_on(report).map(|text| ("provenance", text));
    rejected.chain(rests_on)
}
