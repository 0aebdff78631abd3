//! A log as a text to read.

use crate::revlog::{CheckedClaim, EntryReading, Status, Undeclared};
use crate::tui::paint::{Block, Ink, Para, Piece, plain};
use crate::workbench::TracedLog;

/// What a block of the log is; everything counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A heading, or a finding on the log as such.
    About,
    /// An entry.
    Entry(usize),
    /// A claim of an entry.
    Claim(usize, usize),
    /// A change that an entry leaves out.
    Undeclared(usize, usize),
    /// A version that no entry made.
    Unlogged(usize),
    /// A change of such a version.
    UnloggedChange(usize, usize),
}

impl Key {
    /// Whether it begins an entry, or a version without one.
    pub fn is_head(&self) -> bool {
        matches!(self, Key::Entry(_) | Key::Unlogged(_))
    }
}

/// The blocks of a log.
pub fn blocks(log: &TracedLog) -> Vec<Block<Key>> {
    let reading = &log.reading;
    let mut blocks = vec![];
    for (index, entry) in reading.entries.iter().enumerate() {
        let accounts = log.accounts.get(index).map_or(&[][..], Vec::as_slice);
        self::entry(index, entry, accounts, &mut blocks);
    }
    for (index, (version, changes)) in reading.unlogged.iter().enumerate() {
        let head = vec![
            Piece::new(Ink::Heading, version.clone()),
            Piece::new(Ink::Open, "  ! no entry in the log"),
        ];
        blocks.push(Block::of(Key::Unlogged(index), vec![Para::of(0, head)]).spaced());
        let changes = changes.iter().enumerate();
        blocks.extend(changes.map(|(at, change)| {
            Block::of(Key::UnloggedChange(index, at), vec![undeclared(change)])
        }));
    }
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

/// An entry: what it says, then claim by claim, then what it leaves out.
fn entry(
    index: usize,
    reading: &EntryReading,
    accounts: &[Vec<Undeclared>],
    blocks: &mut Vec<Block<Key>>,
) {
    let quoted = format!("\"{}\"", reading.entry.text);
    let mut paras = vec![Para::of(0, head(reading)), Para::of(2, vec![plain(quoted)])];
    if let Some(caveat) = &reading.caveat {
        let lead = Piece::new(Ink::Open, "Note: ");
        paras.push(Para::led(2, lead, vec![Piece::new(Ink::Dim, caveat)]));
    }
    blocks.push(Block::of(Key::Entry(index), paras).spaced());
    for (at, one) in reading.claims.iter().enumerate() {
        let changes = accounts.get(at).map_or(0, Vec::len);
        blocks.push(Block::of(Key::Claim(index, at), vec![claim(one, changes)]));
    }
    let left = reading.undeclared.iter().enumerate();
    blocks.extend(
        left.map(|(at, change)| Block::of(Key::Undeclared(index, at), vec![undeclared(change)])),
    );
}

fn undeclared(change: &Undeclared) -> Para {
    let lead = Piece::new(Ink::Bad, "UNDECLARED     ");
    let text = format!("{}, which the log does not say", change.describe());
    Para::led(2, lead, vec![plain(text), Piece::new(Ink::Dim, " →")])
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

/// A claim, and how many changes it leads to.
fn claim(checked: &CheckedClaim, changes: usize) -> Para {
    let (ink, word) = match checked.status {
        Status::BorneOut => (Ink::Good, "BORNE OUT      "),
        Status::Contradicted => (Ink::Bad, "CONTRADICTED   "),
        Status::NotCheckable => (Ink::Open, "NOT CHECKABLE  "),
    };
    let leads = match changes {
        0 => String::new(),
        1 => " →".to_owned(),
        changes => format!(" → {changes} changes"),
    };
    let body = vec![
        plain(checked.claim.describe()),
        Piece::new(Ink::Dim, format!(": {}{leads}", checked.found)),
    ];
    Para::led(2, Piece::new(ink, word), body)
}
