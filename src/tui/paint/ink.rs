//! Text ready to be drawn, with what it means rather than how it looks.

use unicode_width::UnicodeWidthStr;

use crate::text::SafeText;

/// What a piece of text means; the theme says how that looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Ink {
    /// Ordinary text.
    #[default]
    Plain,
    /// Text that stands out.
    Strong,
    /// Text that steps back: units, separators, explanations.
    Dim,
    /// A heading.
    Heading,
    /// The number of a criterion, a code, a case.
    Id,
    /// The part of a text that a search found.
    Match,
    /// What only the newer version has.
    Added,
    /// What only the older version has.
    Removed,
    /// What both have, otherwise.
    Changed,
    /// Met, borne out.
    Good,
    /// Not met, contradicted, an error.
    Bad,
    /// Pending, unknown, a warning.
    Open,
    /// A key to press.
    Key,
    /// What is selected.
    Selected,
}

/// A run of text of one meaning, in which every character can be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    text: String,
    ink: Ink,
}

impl Piece {
    /// Text of that meaning. Line breaks and tabs become spaces.
    pub fn new(ink: Ink, text: impl AsRef<str>) -> Self {
        let text = text.as_ref().replace(['\n', '\r', '\t'], " ");
        Piece {
            text: SafeText::exact(&text).into_string(),
            ink,
        }
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What it means.
    pub fn ink(&self) -> Ink {
        self.ink
    }

    /// The columns it takes.
    pub fn width(&self) -> usize {
        self.text.width()
    }
}

/// Ordinary text.
pub fn plain(text: impl AsRef<str>) -> Piece {
    Piece::new(Ink::Plain, text)
}

/// The columns that pieces take in a row.
pub fn width_of(pieces: &[Piece]) -> usize {
    pieces.iter().map(Piece::width).sum()
}
