//! Files as they are published, into rows.
//!
//! Each reader takes bytes and gives rows or a [`ReadError`] that names the
//! file and the line. A file is used whole or not at all: a code set with a
//! hole would call a valid code unknown.

pub(super) mod addenda;
pub(super) mod archive;
pub(super) mod columns;
pub(super) mod cpt;
pub(super) mod document;
pub(super) mod hcpcs;
pub(super) mod order;
pub(super) mod workbook;

use super::{Key, ReadError};

/// The code in a column, or an error that quotes it.
fn key(file: &str, line: usize, text: &str) -> Result<Key, ReadError> {
    Key::read(text).ok_or_else(|| {
        ReadError::of_line(
            file,
            line,
            format!("`{text}` is not a code"),
            "see whether the file has the layout of CMS, with nothing added or shifted",
        )
    })
}
