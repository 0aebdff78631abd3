//! A replay: a sheet for each thing it tells.

use super::sheet::{Book, SheetError};
use crate::report::{ReplayReport, replayed};

/// A replay as a workbook. One that was only counted has no sheets of flips
/// and cases.
///
/// # Errors
/// When a sheet would have more rows than Excel reads.
pub fn replay(report: ReplayReport<'_>) -> Result<Vec<u8>, SheetError> {
    let mut book = Book::new(&report.title())?;
    book.add("Summary", replayed::summary(report))?;
    book.add("Transitions", replayed::transitions(report.summary))?;
    if report.replay.is_some() {
        book.add("Flips", replayed::flips(report))?;
        book.add("Cases", replayed::cases(report))?;
    }
    book.add("Rejected", replayed::rejects(report))?;
    book.add("Provenance", replayed::provenance(report.evidence))?;
    book.write()
}
