//! The cells of the cases-by-version matrix.

use super::cases::{deviates, flips_at};
use super::words::ink_of;
use crate::policy::VersionRef;
use crate::replay::Outcome;
use crate::tui::paint::{Ink, Piece, fit, plain};

/// Columns of what was recorded, and of a version.
const RECORDED: usize = 16;
const VERSION: usize = 17;

/// How the columns of the matrix are laid out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// The width of the identifiers.
    pub case: usize,
    /// The versions that fit, by place.
    pub shown: std::ops::Range<usize>,
    /// The selected version, by place.
    pub selected: usize,
}

impl Columns {
    /// The columns that fit a width, the selected version among them;
    /// `widest` is the width of the widest identifier.
    pub fn of(widest: usize, versions: usize, selected: usize, width: usize) -> Self {
        let case = widest.clamp(6, 22) + 2;
        let fit = width.saturating_sub(case + RECORDED) / VERSION;
        let fit = fit.clamp(1, versions.max(1));
        let start = (selected + 1).saturating_sub(fit);
        let start = start.min(versions.saturating_sub(fit));
        Columns {
            case,
            shown: start..(start + fit).min(versions),
            selected,
        }
    }

    /// Columns before the first version.
    pub fn before(&self) -> usize {
        self.case + RECORDED
    }
}

/// A count under each version that is shown.
pub fn counted(columns: &Columns, count: impl Fn(usize) -> u64) -> Vec<Piece> {
    let shown = columns.shown.clone();
    shown
        .map(|index| plain(format!(" {:<1$}", count(index), VERSION - 1)))
        .collect()
}

/// The line above the matrix.
pub fn header(versions: &[VersionRef], columns: &Columns) -> Vec<Piece> {
    let mut pieces = vec![
        padded(Ink::Strong, "case", columns.case),
        padded(Ink::Strong, "recorded", RECORDED),
    ];
    for index in columns.shown.clone() {
        let mut text = versions[index].version.clone();
        if index == columns.shown.start && index > 0 {
            text = format!("… {text}");
        }
        if index + 1 == columns.shown.end && columns.shown.end < versions.len() {
            text.push_str(" …");
        }
        let here = index == columns.selected;
        let ink = if here { Ink::Selected } else { Ink::Strong };
        let name = Piece::new(
            ink,
            if here {
                format!("[{text}]")
            } else {
                format!(" {text}")
            },
        );
        let gap = VERSION.saturating_sub(name.width());
        pieces.extend([name, plain(" ".repeat(gap))]);
    }
    pieces
}

/// The line of a case. A flip is marked in the cell of the newer version, a
/// deviation beside what was recorded; the selected cell stands in brackets.
pub fn row(outcome: &Outcome, columns: &Columns, selected: bool) -> Vec<Piece> {
    let mut pieces = vec![padded(Ink::Id, &outcome.case, columns.case)];
    pieces.push(match &outcome.recorded {
        None => padded(Ink::Dim, "-", RECORDED),
        Some(recorded) if deviates(outcome) => {
            let text = format!("DEV {}", recorded.determination.name());
            padded(Ink::Bad, &text, RECORDED)
        }
        Some(recorded) => padded(Ink::Plain, recorded.determination.name(), RECORDED),
    });
    let cells = columns.shown.clone();
    pieces.extend(cells.map(|index| cell(outcome, index, selected && index == columns.selected)));
    pieces
}

fn cell(outcome: &Outcome, index: usize, selected: bool) -> Piece {
    let Some(verdict) = outcome.verdicts.get(index).and_then(Option::as_ref) else {
        return padded(Ink::Dim, "", VERSION);
    };
    let name = verdict.determination.name();
    let text = match (flips_at(outcome, index), selected) {
        (true, true) => format!(">[{name}]!"),
        (true, false) => format!("> {name} !"),
        (false, true) => format!("[{name}]"),
        (false, false) => format!(" {name}"),
    };
    padded(ink_of(verdict.determination), &text, VERSION)
}

fn padded(ink: Ink, text: &str, width: usize) -> Piece {
    let fitted = fit(&[Piece::new(ink, text)], width);
    let text: String = fitted.iter().map(Piece::text).collect();
    let gap = width - Piece::new(ink, &text).width();
    Piece::new(ink, format!("{text}{}", " ".repeat(gap)))
}
