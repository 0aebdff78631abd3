//! Cases as CSV: a header, then one case a row.
//!
//! [`Scanner`] finds records, [`Header`] tells what their fields are, and
//! [`Row::typed`] what the values are.

mod record;
mod rows;

pub use record::{Fault, MAX_RECORD, Record, Scan, Scanner, Taken};
pub use rows::{CsvRows, NO_HEADER};

use std::borrow::Cow;

use super::columns::{ColumnMap, Header, Target};
use super::row::Row;
use super::vocabulary::Vocabulary;

/// Reads the header record of a CSV file.
///
/// # Errors
/// As [`Header::new`]; and when the record is no header.
pub fn header(
    record: &Record<'_>,
    map: &ColumnMap,
    vocabulary: &Vocabulary<'_>,
) -> Result<Header, String> {
    let encoding = "save the file as CSV in UTF-8";
    if let Some(fault) = &record.fault {
        return Err(match fault {
            Fault::TooLong => {
                format!("the header is longer than {MAX_RECORD} bytes: the file is no CSV")
            }
            Fault::Unclosed { field, .. } => format!(
                "the header's column {} opens a quotation mark that is never closed",
                field + 1
            ),
            Fault::AfterQuote { field, .. } => format!(
                "text follows the closing quotation mark of the header's column {}",
                field + 1
            ),
        });
    }
    let mut names = vec![];
    for field in &record.fields {
        if field.contains(&0) {
            return Err(format!(
                "the file is not UTF-8 text, perhaps UTF-16: {encoding}"
            ));
        }
        let name = std::str::from_utf8(field)
            .map_err(|_| format!("the header is not UTF-8 text: {encoding}"))?;
        if name.trim().contains('\r') {
            return Err(
                "its lines end with a carriage return alone: save the file with line ends as on Windows or Linux"
                    .to_owned(),
            );
        }
        names.push(name);
    }
    Header::new(names, map, vocabulary)
}

impl Header {
    /// What a record's fields say. An empty field says nothing.
    ///
    /// # Errors
    /// When they cannot be told, or are too few or too many.
    pub fn row<'r>(&'r self, record: &'r Record<'_>) -> Result<Row<'r>, String> {
        if let Some(fault) = &record.fault {
            return Err(self.in_words(fault, record.line));
        }
        let (expected, found) = (self.columns().len(), record.fields.len());
        if found < expected && !record.is_terminated {
            return Err(format!(
                "cut off: the file ends within this row, in field {found} of {expected}"
            ));
        }
        if found != expected {
            return Err(format!(
                "the row has {found} {}, the header {expected}",
                if found == 1 { "field" } else { "fields" }
            ));
        }
        let mut row = Row::default();
        for (column, field) in self.columns().iter().zip(&record.fields) {
            match text(field) {
                Ok(value) => row.set(&column.target, Cow::Borrowed(value)),
                // What is not read can be anything.
                Err(_) if column.target == Target::Ignored => {}
                Err(fault) => row.faults.push(format!("\"{}\" {fault}", column.name)),
            }
        }
        Ok(row)
    }

    fn in_words(&self, fault: &Fault, first_line: usize) -> String {
        let place = |field: &usize, line: &usize| {
            let name = match self.columns().get(*field) {
                Some(column) => format!("\"{}\"", column.name),
                None => format!("field {}", field + 1),
            };
            if *line == first_line {
                name
            } else {
                format!("{name} on line {line}")
            }
        };
        match fault {
            Fault::Unclosed { field, line } => format!(
                "the quotation mark that opens {} is never closed",
                place(field, line)
            ),
            Fault::AfterQuote { field, line } => format!(
                "text follows the closing quotation mark of {}; a quotation mark within a quoted value is written twice",
                place(field, line)
            ),
            Fault::TooLong => format!("the row is longer than {MAX_RECORD} bytes"),
        }
    }
}

fn text(field: &[u8]) -> Result<&str, String> {
    if field.contains(&0) {
        return Err("holds a NUL character".to_owned());
    }
    std::str::from_utf8(field)
        .map_err(|error| format!("is not UTF-8 text at its byte {}", error.valid_up_to() + 1))
}

#[cfg(test)]
mod tests;
