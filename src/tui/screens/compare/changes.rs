//! A comparison as a text to read.

use std::collections::BTreeSet;

use super::sides::changes;
use crate::compare::{Comparison, Pair};
use crate::tui::paint::{Block, Body, Ink, Para, Piece, plain};
use crate::workbench::{Declarations, Declared, Examined, Kept, Unchanged};

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

    /// What of it is the same, in the gaps between the changes.
    fn unchanged(self, unchanged: &Unchanged) -> &[Vec<Kept>] {
        match self {
            Group::Criteria => &unchanged.criteria,
            Group::Codes => &unchanged.codes,
            Group::Text => &unchanged.sections,
            Group::Log | Group::Head => &[],
        }
    }

    /// What the log says of a change of it.
    pub fn declared(self, declared: &Declarations, index: usize) -> Declared {
        let (codes, tables) = (&declared.codes, &declared.tables);
        let found = match self {
            Group::Criteria => declared.criteria.get(index),
            // Tables stand behind the codes.
            Group::Codes => codes.iter().chain(tables).nth(index),
            Group::Text => declared.sections.get(index),
            Group::Log | Group::Head => None,
        };
        found.copied().unwrap_or_default()
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
    /// What is the same, before the change of that number.
    Kept(Group, usize),
}

impl Key {
    /// The group it belongs to.
    pub fn group(self) -> Group {
        match self {
            Key::Group(group) | Key::Change(group, _) | Key::Kept(group, _) => group,
        }
    }

    /// Whether it is a change.
    pub fn is_change(&self) -> bool {
        matches!(self, Key::Change(..))
    }
}

/// How changes are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style<'a> {
    /// Whether old and new stand side by side.
    pub beside: bool,
    /// The groups of which only the heading is shown.
    pub folded: &'a BTreeSet<Group>,
    /// The gaps between changes of which all that stayed is shown.
    pub opened: &'a BTreeSet<(Group, usize)>,
}

/// The blocks of a comparison. Every group has its heading, so that nothing
/// changed is said and not left to be noticed; what stayed between changes is
/// a line that can be opened.
pub fn blocks(examined: &Examined, style: Style<'_>) -> Vec<Block<Key>> {
    let comparison = &examined.compared.comparison;
    let mut blocks = vec![];
    for group in Group::ALL {
        let folded = style.folded.contains(&group);
        blocks.push(heading(group, group.count(comparison), folded));
        if folded {
            continue;
        }
        let gaps = group.unchanged(&examined.unchanged);
        let gap = |place: usize| {
            let kept = gaps.get(place).filter(|kept| !kept.is_empty())?;
            let open = style.opened.contains(&(group, place));
            Some(self::kept(group, place, kept, open))
        };
        let changes = changes(group, comparison);
        let count = changes.len();
        for (index, change) in changes.into_iter().enumerate() {
            blocks.extend(gap(index));
            let declared = group.declared(&examined.declared, index);
            blocks.push(change.block(group, index, style.beside, declared));
        }
        blocks.extend(gap(count));
    }
    blocks
}

/// What is the same, in a line, or line by line.
fn kept(group: Group, place: usize, kept: &[Kept], open: bool) -> Block<Key> {
    let (one, many) = match group {
        Group::Criteria => ("criterion", "criteria"),
        Group::Codes => ("code", "codes"),
        _ => ("paragraph", "paragraphs"),
    };
    let noun = if kept.len() == 1 { one } else { many };
    let sign = if open { "▾" } else { "…" };
    let head = format!("{sign} {} unchanged {noun}", kept.len());
    let mut paras = vec![Para::of(2, vec![Piece::new(Ink::Dim, &head)])];
    if open {
        paras.extend(kept.iter().map(|one| {
            let lead = Piece::new(Ink::Id, format!("{}  ", one.name));
            Para::led(4, lead, vec![Piece::new(Ink::Dim, &one.text)])
        }));
    }
    Block::of(Key::Kept(group, place), paras).outlined(1, head)
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
    fn block(self, group: Group, index: usize, beside: bool, declared: Declared) -> Block<Key> {
        let lead = Piece::new(self.ink, format!("{} {}", self.sign, self.title));
        let note = Piece::new(Ink::Dim, format!("  {}", self.note));
        let undeclared = declared.is_undeclared();
        let mark = undeclared.then(|| Piece::new(Ink::Bad, "  ! UNDECLARED"));
        let outline = format!(
            "{} {}{}",
            self.sign,
            self.title,
            if undeclared { " !" } else { "" }
        );
        let head = [lead, note].into_iter().chain(mark).collect();
        let mut head = vec![Para::of(2, head)];
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
