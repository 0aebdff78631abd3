//! Rows of cells: what is written as CSV, as a sheet, or in a document.

use std::borrow::Cow;

/// A table whose rows are made as they are written.
pub struct Table<'a> {
    /// The names of its columns.
    pub head: Vec<String>,
    /// Its rows, each with as many cells as the head.
    pub rows: Box<dyn Iterator<Item = Vec<Cell<'a>>> + 'a>,
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell<'a> {
    /// Text of anybody's: how it is made harmless depends on where it goes.
    Text(Cow<'a, str>),
    /// A number of things counted.
    Count(u64),
}

impl<'a> Table<'a> {
    /// A table with these columns.
    pub fn new(head: &[&str], rows: impl Iterator<Item = Vec<Cell<'a>>> + 'a) -> Self {
        Table {
            head: head.iter().map(|name| (*name).to_owned()).collect(),
            rows: Box::new(rows),
        }
    }
}

impl Cell<'_> {
    /// A cell of which there is nothing to say.
    pub const EMPTY: Cell<'static> = Cell::Text(Cow::Borrowed(""));
}

impl From<u64> for Cell<'_> {
    fn from(count: u64) -> Self {
        Cell::Count(count)
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Cell::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Cell::Text(Cow::Owned(text))
    }
}
