//! A comparison as a text to read.

use std::collections::BTreeSet;

use super::sides::changes;
use crate::compare::{Comparison, Pair};
use crate::tui::paint::{Block, Body, Ink, Para, Piece, plain};

/// A kind of changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Of criteria.
    Criteria,
    /// Of codes.
    Codes,
    /// Of prose, notices and references.
    Text,
    /// Of the revision log.
    Log,
    /// Of dates, provenance and source.
    Head,
}

impl Group {
    /// Every group, in order.
    pub const ALL: [Group; 5] = [
        Group::Criteria,
        Group::Codes,
        Group::Text,
        Group::Log,
        Group::Head,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Group::Criteria => "Criteria",
            Group::Codes => "Codes",
            Group::Text => "Text, notices and references",
            Group::Log => "Revision log",
            Group::Head => "Dates and source",
        }
    }

    /// How many changes it has.
    pub fn count(self, comparison: &Comparison) -> usize {
        match self {
            Group::Criteria => comparison.criteria.len(),
            Group::Codes => comparison.codes.len() + comparison.tables.len(),
            Group::Text => comparison.sections.len(),
            Group::Log => comparison.revisions.len(),
            Group::Head => comparison.metadata.len(),
        }
    }
}

/// What a block of the comparison is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// The heading of a group.
    Group(Group),
    /// A change of a group, counted from 0.
    Change(Group, usize),
}

/// How changes are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style<'a> {
    /// Whether old and new stand side by side.
    pub beside: bool,
    /// The groups of which only the heading is shown.
    pub folded: &'a BTreeSet<Group>,
}

/// The blocks of a comparison. Every group has its heading, so that nothing
/// changed is said and not left to be noticed.
pub fn blocks(comparison: &Comparison, style: Style<'_>) -> Vec<Block<Key>> {
    let mut blocks = vec![];
    for group in Group::ALL {
        let folded = style.folded.contains(&group);
        blocks.push(heading(group, group.count(comparison), folded));
        if !folded {
            let changes = changes(group, comparison).into_iter().enumerate();
            blocks.extend(changes.map(|(index, change)| change.block(group, index, style.beside)));
        }
    }
    blocks
}

fn heading(group: Group, count: usize, folded: bool) -> Block<Key> {
    let sign = match (count, folded) {
        (0, _) => " ",
        (_, true) => "▸",
        (_, false) => "▾",
    };
    let count = match count {
        0 => "no change".to_owned(),
        1 => "1 change".to_owned(),
        count => format!("{count} changes"),
    };
    let name = Piece::new(Ink::Heading, format!("{sign} {}: ", group.name()));
    let paras = vec![Para::of(0, vec![name, plain(&count)])];
    Block::of(Key::Group(group), paras)
        .outlined(0, format!("{}: {count}", group.name()))
        .spaced()
}

/// A change, ready to be laid out either way.
pub(super) struct Change {
    pub sign: &'static str,
    pub ink: Ink,
    pub title: String,
    pub note: String,
    pub lines: Pair<Vec<Vec<Piece>>>,
}

impl Change {
    fn block(self, group: Group, index: usize, beside: bool) -> Block<Key> {
        let lead = Piece::new(self.ink, format!("{} {}", self.sign, self.title));
        let note = Piece::new(Ink::Dim, format!("  {}", self.note));
        let outline = format!("{} {}", self.sign, self.title);
        let mut head = vec![Para::of(2, vec![lead, note])];
        let key = Key::Change(group, index);
        let para = |sign: &str, ink: Ink| {
            let lead = Piece::new(ink, format!("{sign} "));
            move |line: Vec<Piece>| Para::led(0, lead.clone(), line)
        };
        let sides = Pair::new(
            self.lines
                .old
                .into_iter()
                .map(para("-", Ink::Removed))
                .collect::<Vec<_>>(),
            self.lines
                .new
                .into_iter()
                .map(para("+", Ink::Added))
                .collect::<Vec<_>>(),
        );
        let block = if beside {
            Block {
                body: Body::Beside {
                    head,
                    left: sides.old,
                    right: sides.new,
                },
                ..Block::of(key, vec![])
            }
        } else {
            let both = sides.old.into_iter().chain(sides.new);
            head.extend(both.map(|para| Para { indent: 4, ..para }));
            Block::of(key, head)
        };
        block.outlined(1, outline)
    }
}
