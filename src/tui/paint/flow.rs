//! A long text made of blocks, read with a cursor that stands on one of them.
//!
//! The policy, a comparison, the log, an explanation and the findings are all
//! read in this way, so moving about is written once.

use super::ink::{Ink, Piece, plain, width_of};
use super::wrap::wrap;

/// A paragraph: what leads it stands once, the body hangs beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Para {
    /// Columns before the lead.
    pub indent: usize,
    /// What leads the paragraph, as its number.
    pub lead: Vec<Piece>,
    /// The text.
    pub body: Vec<Piece>,
}

impl Para {
    /// A paragraph without a lead.
    pub fn of(indent: usize, body: Vec<Piece>) -> Self {
        Para {
            indent,
            lead: vec![],
            body,
        }
    }

    /// A paragraph with a lead.
    pub fn led(indent: usize, lead: Piece, body: Vec<Piece>) -> Self {
        Para {
            indent,
            lead: vec![lead],
            body,
        }
    }

    fn lay(&self, width: usize) -> Vec<Vec<Piece>> {
        // Deep nesting on a narrow screen must leave room for words.
        let indent = self.indent.min(width / 3);
        let lead = width_of(&self.lead);
        let hang = if lead > width / 2 { 2 } else { lead };
        let mut text = self.lead.clone();
        text.extend(self.body.iter().cloned());
        if hang == lead {
            text.drain(..self.lead.len());
        }
        let room = width.saturating_sub(indent + if hang == lead { lead } else { 0 });
        let mut lines = vec![];
        for (row, line) in wrap(&text, room).into_iter().enumerate() {
            let mut pieces = vec![plain(" ".repeat(indent))];
            if hang == lead && row == 0 {
                pieces.extend(self.lead.iter().cloned());
            } else if hang == lead {
                pieces.push(plain(" ".repeat(lead)));
            }
            pieces.extend(line);
            lines.push(pieces);
        }
        lines
    }
}

/// The lines of a block, before it is known how wide they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// Paragraphs one below the other.
    Paras(Vec<Para>),
    /// Two columns, the older on the left, below a common heading.
    Beside {
        /// What stands above both.
        head: Vec<Para>,
        /// The left column.
        left: Vec<Para>,
        /// The right column.
        right: Vec<Para>,
    },
}

/// A part of the text that the cursor can stand on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Block<K> {
    /// What it is.
    pub key: K,
    /// Its text.
    pub body: Body,
    /// Its line in an outline, with its depth, if it has one.
    pub outline: Option<(usize, String)>,
    /// Whether an empty line stands before it.
    pub spaced: bool,
}

impl<K> Block<K> {
    /// A block of paragraphs.
    pub fn of(key: K, paras: Vec<Para>) -> Self {
        Block {
            key,
            body: Body::Paras(paras),
            outline: None,
            spaced: false,
        }
    }

    /// A heading, which an outline lists too.
    pub fn heading(key: K, text: &str) -> Self {
        Block {
            outline: Some((0, text.to_owned())),
            spaced: true,
            ..Block::of(key, vec![Para::of(0, vec![Piece::new(Ink::Heading, text)])])
        }
    }

    /// The block, listed in the outline.
    #[must_use]
    pub fn outlined(mut self, depth: usize, text: impl Into<String>) -> Self {
        self.outline = Some((depth, text.into()));
        self
    }

    /// The block, with an empty line before it.
    #[must_use]
    pub fn spaced(mut self) -> Self {
        self.spaced = true;
        self
    }

    fn lay(&self, width: usize) -> Vec<Vec<Piece>> {
        let column = |paras: &[Para], width: usize| -> Vec<Vec<Piece>> {
            paras.iter().flat_map(|para| para.lay(width)).collect()
        };
        match &self.body {
            Body::Paras(paras) => column(paras, width),
            Body::Beside { head, left, right } => {
                let half = width.saturating_sub(3) / 2;
                let mut lines = column(head, width);
                lines.extend(beside(column(left, half), column(right, half), half));
                lines
            }
        }
    }
}

fn beside(left: Vec<Vec<Piece>>, right: Vec<Vec<Piece>>, half: usize) -> Vec<Vec<Piece>> {
    let rows = left.len().max(right.len());
    let (mut left, mut right) = (left.into_iter(), right.into_iter());
    (0..rows)
        .map(|_| {
            let mut line = left.next().unwrap_or_default();
            let gap = half.saturating_sub(width_of(&line));
            line.push(plain(" ".repeat(gap)));
            line.push(Piece::new(Ink::Dim, " │ "));
            line.extend(right.next().unwrap_or_default());
            line
        })
        .collect()
}

/// One line of a laid-out text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LaidLine {
    /// The block it belongs to.
    pub block: usize,
    /// Its text.
    pub pieces: Vec<Piece>,
}

/// A text broken into lines of one width.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Laid {
    /// The lines.
    pub lines: Vec<LaidLine>,
    /// For each block: its first line and the one after its last.
    places: Vec<(usize, usize)>,
}

impl Laid {
    /// Breaks blocks into lines.
    pub fn of<K>(blocks: &[Block<K>], width: usize) -> Self {
        let mut laid = Laid::default();
        for (index, block) in blocks.iter().enumerate() {
            if block.spaced && !laid.lines.is_empty() {
                laid.push(index, vec![]);
            }
            let start = laid.lines.len();
            for pieces in block.lay(width) {
                laid.push(index, pieces);
            }
            laid.places.push((start, laid.lines.len()));
        }
        laid
    }

    fn push(&mut self, block: usize, pieces: Vec<Piece>) {
        self.lines.push(LaidLine { block, pieces });
    }

    /// The first line of a block and the one after its last.
    pub fn place(&self, block: usize) -> (usize, usize) {
        self.places.get(block).copied().unwrap_or_default()
    }
}

/// A way to move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Motion {
    /// To the one before.
    Up,
    /// To the one after.
    Down,
    /// A screenful back.
    PageUp,
    /// A screenful on.
    PageDown,
    /// To the first.
    Home,
    /// To the last.
    End,
}

/// Where a reader is in a text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    /// The block the cursor stands on.
    pub cursor: usize,
    /// The first line on the screen.
    pub offset: usize,
}

impl Flow {
    /// At the beginning of a block.
    pub fn at(block: usize) -> Self {
        Flow {
            cursor: block,
            offset: usize::MAX,
        }
    }

    /// Moves; a block that does not fit the screen is scrolled through first.
    pub fn go(&mut self, motion: Motion, laid: &Laid, height: usize) {
        let last = laid.places.len().saturating_sub(1);
        *self = self.settled(laid, height);
        let (start, end) = laid.place(self.cursor);
        match motion {
            Motion::Down if end > self.offset + height => self.offset += 1,
            Motion::Up if start < self.offset => self.offset -= 1,
            Motion::Down => self.cursor = (self.cursor + 1).min(last),
            Motion::Up => self.cursor = self.cursor.saturating_sub(1),
            Motion::PageDown => self.page(self.offset + height, laid, height),
            Motion::PageUp => self.page(self.offset.saturating_sub(height), laid, height),
            Motion::Home => *self = Flow::default(),
            Motion::End => self.cursor = last,
        }
        *self = self.settled(laid, height);
    }

    fn page(&mut self, line: usize, laid: &Laid, height: usize) {
        let last_offset = laid.lines.len().saturating_sub(height);
        if line > last_offset && self.offset >= last_offset {
            self.cursor = laid.places.len().saturating_sub(1);
            return;
        }
        if line == 0 && self.offset == 0 {
            self.cursor = 0;
            return;
        }
        self.offset = line.min(last_offset);
        let first = laid
            .places
            .iter()
            .position(|(start, _)| *start >= self.offset);
        let top = laid.lines.get(self.offset).map_or(0, |line| line.block);
        self.cursor = match first {
            Some(first) if laid.place(first).0 < self.offset + height => first,
            _ => top,
        };
    }

    /// The same place with the cursor on the screen, whatever the size of
    /// either has become.
    #[must_use]
    pub fn settled(self, laid: &Laid, height: usize) -> Self {
        let cursor = self.cursor.min(laid.places.len().saturating_sub(1));
        let (start, end) = laid.place(cursor);
        let last_offset = laid.lines.len().saturating_sub(height);
        let offset = if self.offset == usize::MAX {
            start.saturating_sub(1)
        } else if end - start > height {
            // Taller than the screen: any part of it may be shown.
            self.offset.clamp(start, end - height)
        } else if start < self.offset {
            if cursor == 0 { 0 } else { start }
        } else if end > self.offset + height {
            end - height
        } else {
            self.offset
        };
        Flow {
            cursor,
            offset: offset.min(last_offset),
        }
    }
}
