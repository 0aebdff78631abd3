//! Tables as sheets of a workbook.
//!
//! Text is always written as text, never as a formula, number or link. The
//! workbook bears a fixed date, so that the same answer gives the same bytes.

use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, Worksheet, XlsxError,
};

use crate::report::grouped;
use crate::report::replayed::{Cell, Table};
use crate::text::SafeText;

/// Excel reads so many rows of a sheet, the head included.
const ROWS: u32 = 1_048_576;
/// And so much of a cell, in UTF-16 units.
const CELL: usize = 32_767;
/// Columns are between so many characters wide.
const WIDTHS: (usize, usize) = (8, 60);

/// Why a workbook cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum SheetError {
    /// A sheet has too many rows.
    #[error("sheet {sheet} would have more than {} rows, which is all that Excel reads", grouped(u64::from(*.rows)))]
    Rows {
        /// The sheet.
        sheet: &'static str,
        /// The most it may have.
        rows: u32,
    },
    /// The writer refuses.
    #[error("the workbook cannot be made: {0}")]
    Writer(#[from] XlsxError),
}

impl SheetError {
    /// What to do about it.
    pub fn way_out(&self) -> &'static str {
        match self {
            SheetError::Rows { .. } => {
                "--format csv has no such limit; --flips lists only cases that flip, --summary none"
            }
            SheetError::Writer(_) => "--format csv holds the same rows",
        }
    }
}

/// A workbook being made.
pub(super) struct Book {
    workbook: Workbook,
    rows: u32,
}

impl Book {
    pub(super) fn new(title: &str) -> Result<Self, SheetError> {
        let mut workbook = Workbook::new();
        let properties = DocProperties::new()
            .set_title(SafeText::exact(title).as_str())
            .set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
        workbook.set_properties(&properties);
        Ok(Book {
            workbook,
            rows: ROWS,
        })
    }

    /// Adds a table as a sheet: its head stays in sight, and can be filtered by.
    pub(super) fn add(&mut self, name: &'static str, table: Table<'_>) -> Result<(), SheetError> {
        let limit = self.rows;
        let sheet = self.workbook.add_worksheet();
        sheet.set_name(name)?;
        // The button of the filter takes room too.
        let room = |name: &String| text(name).chars().count() + 3;
        let mut widths: Vec<usize> = table.head.iter().map(room).collect();
        let bold = Format::new().set_bold();
        for (column, name) in (0u16..).zip(&table.head) {
            sheet.write_string_with_format(0, column, text(name), &bold)?;
        }
        let mut last = 0;
        for cells in table.rows {
            last += 1;
            if last >= limit {
                return Err(SheetError::Rows {
                    sheet: name,
                    rows: limit,
                });
            }
            for ((column, cell), width) in (0u16..).zip(&cells).zip(&mut widths) {
                *width = (*width).max(write(sheet, last, column, cell)?);
            }
        }
        lay_out(sheet, last, &widths)
    }

    pub(super) fn write(mut self) -> Result<Vec<u8>, SheetError> {
        Ok(self.workbook.save_to_buffer()?)
    }
}

/// Writes a cell; how many characters wide it is.
fn write(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: &Cell<'_>,
) -> Result<usize, XlsxError> {
    match cell {
        Cell::Text(empty) if empty.is_empty() => Ok(0),
        Cell::Text(any) => {
            let text = text(any);
            let width = text.chars().count() + 1;
            sheet.write_string(row, column, text)?;
            Ok(width)
        }
        // Excel's numbers are exact as far as any number of cases goes.
        Cell::Count(count) => {
            sheet.write_number(row, column, *count as f64)?;
            Ok(0)
        }
    }
}

fn lay_out(sheet: &mut Worksheet, last: u32, widths: &[usize]) -> Result<(), SheetError> {
    let wrapped = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    for (column, width) in (0u16..).zip(widths) {
        sheet.set_column_width(column, (*width).clamp(WIDTHS.0, WIDTHS.1) as f64)?;
        sheet.set_column_format(column, &wrapped)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    let columns = u16::try_from(widths.len()).unwrap_or(u16::MAX);
    sheet.autofilter(0, 0, last, columns.saturating_sub(1))?;
    sheet.set_repeat_rows(0, 0)?;
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    Ok(())
}

/// Text as it can be seen; what is longer than a cell is cut, and says so.
fn text(text: &str) -> String {
    const CUT: &str = " … (cut: longer than a cell of Excel)";
    let safe = SafeText::exact(text).into_string();
    if safe.encode_utf16().count() <= CELL {
        return safe;
    }
    let mut room = CELL - CUT.encode_utf16().count();
    let fits = |one: &char| {
        let Some(rest) = room.checked_sub(one.len_utf16()) else {
            return false;
        };
        room = rest;
        true
    };
    let mut kept: String = safe.chars().take_while(fits).collect();
    kept.push_str(CUT);
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn book_of(rows: u32, limit: u32) -> Result<(), SheetError> {
        let mut book = Book::new("test")?;
        book.rows = limit;
        let row = |row: u32| vec![Cell::from(u64::from(row))];
        book.add("Cases", Table::new(&["case"], (0..rows).map(row)))
    }

    #[test]
    fn a_sheet_that_excel_would_cut_is_refused() {
        assert!(book_of(9, 10).is_ok());
        let error = book_of(10, 10).expect_err("a refusal").to_string();
        assert_eq!(
            error,
            "sheet Cases would have more than 10 rows, which is all that Excel reads"
        );
    }

    #[test]
    fn text_longer_than_a_cell_is_cut_and_says_so() {
        let long = "\u{1f600}".repeat(CELL);
        let cut = text(&long);
        assert!(cut.encode_utf16().count() <= CELL);
        assert!(cut.ends_with("(cut: longer than a cell of Excel)"));
        assert_eq!(text("short"), "short");
    }
}
