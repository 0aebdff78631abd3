//! A log as a text to read.

use crate::revlog::{CheckedClaim, EntryReading, LogReading, Status, Undeclared};
use crate::tui::paint::{Block, Ink, Para, Piece, plain};

/// What a block of the log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A heading, or a finding on the log as such.
    About,
    /// An entry, counted from 0.
    Entry(usize),
}

/// The blocks of a log.
pub fn blocks(reading: &LogReading) -> Vec<Block<Key>> {
    let mut blocks = vec![];
    let entries = reading.entries.iter().enumerate();
    blocks.extend(entries.map(|(index, entry)| block(index, entry)));
    blocks.extend(reading.unlogged.iter().map(|(version, changes)| {
        let head = vec![
            Piece::new(Ink::Heading, version.clone()),
            Piece::new(Ink::Open, "  ! no entry in the log"),
        ];
        let mut paras = vec![Para::of(0, head)];
        paras.extend(changes.iter().map(undeclared));
        Block::of(Key::About, paras).spaced()
    }));
    if !reading.findings.is_empty() {
        blocks.push(Block::heading(Key::About, "Findings on the log as such"));
    }
    for finding in &reading.findings {
        let body = vec![plain(&finding.message)];
        let paras = vec![Para::led(0, Piece::new(Ink::Open, "! "), body)];
        blocks.push(Block::of(Key::About, paras));
    }
    blocks
}

fn block(index: usize, reading: &EntryReading) -> Block<Key> {
    let quoted = format!("\"{}\"", reading.entry.text);
    let mut paras = vec![Para::of(0, head(reading)), Para::of(2, vec![plain(quoted)])];
    paras.extend(reading.claims.iter().map(claim));
    paras.extend(reading.undeclared.iter().map(undeclared));
    if let Some(caveat) = &reading.caveat {
        let lead = Piece::new(Ink::Open, "Note: ");
        paras.push(Para::led(2, lead, vec![Piece::new(Ink::Dim, caveat)]));
    }
    Block::of(Key::Entry(index), paras).spaced()
}

fn undeclared(change: &Undeclared) -> Para {
    let lead = Piece::new(Ink::Bad, "UNDECLARED     ");
    let text = format!("{}, which the log does not say", change.describe());
    Para::led(2, lead, vec![plain(text)])
}

/// The date of an entry, its approval, and the version it made.
fn head(reading: &EntryReading) -> Vec<Piece> {
    let mut pieces = vec![Piece::new(Ink::Heading, reading.entry.date.to_string())];
    pieces.push(match reading.entry.approved {
        Some(date) => plain(format!("  approved {date}")),
        None => Piece::new(Ink::Open, "  ! no approval date in the log"),
    });
    pieces.push(match (&reading.version, &reading.before) {
        (Some(version), Some(before)) => plain(format!("  made version {version} out of {before}")),
        (Some(version), None) => plain(format!("  made version {version}, the first here")),
        (None, _) => Piece::new(Ink::Open, "  ! no version of that date in the library"),
    });
    pieces
}

fn claim(checked: &CheckedClaim) -> Para {
    let (ink, word) = match checked.status {
        Status::BorneOut => (Ink::Good, "BORNE OUT      "),
        Status::Contradicted => (Ink::Bad, "CONTRADICTED   "),
        Status::NotCheckable => (Ink::Open, "NOT CHECKABLE  "),
    };
    let body = vec![
        plain(checked.claim.describe()),
        Piece::new(Ink::Dim, format!(": {}", checked.found)),
    ];
    Para::led(2, Piece::new(ink, word), body)
}
