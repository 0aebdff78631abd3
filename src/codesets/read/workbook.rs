//! HCPCS Level II as a workbook, for those who have only that.
//!
//! One row a code, under a row of headings. The descriptor of a code is cut
//! at about a thousand characters and action dates may be missing, so where
//! an archive holds both files the fixed-width one is read.

use std::io::Cursor;

use calamine::{DataRef, Reader, Xlsx};

use super::archive;
use super::hcpcs::{Fields, Row, rows};
use crate::codesets::{Key, ReadError};

/// The columns used, by heading.
const HEADINGS: [&str; 7] = [
    "HCPC",
    "RECID",
    "LONG DESCRIPTION",
    "SHORT DESCRIPTION",
    "ADD DT",
    "ACT EFF DT",
    "TERM DT",
];

/// Cells of one row, by the headings above.
type Cells = [String; HEADINGS.len()];

/// The column of a cell, counted from 0, and its text.
type PlacedCell = (u32, String);

/// Reads a workbook.
pub(in crate::codesets) fn read(file: &str, bytes: &[u8]) -> Result<Vec<Row>, ReadError> {
    // A workbook is an archive: unfolded once under our limits, it can be
    // trusted not to fill the memory.
    archive::members(file, bytes, &|_| true)?;
    let mut records = vec![];
    let mut places: Option<[Option<u32>; HEADINGS.len()]> = None;
    each_row(file, bytes, &mut |number, cells| match &places {
        None => {
            let found = HEADINGS.map(|heading| {
                cells
                    .iter()
                    .find(|(_, text)| text.trim().eq_ignore_ascii_case(heading))
                    .map(|(column, _)| *column)
            });
            if found[0].is_some() && found[4].is_some() {
                places = Some(found);
            }
        }
        Some(places) => {
            let cell = |place: &Option<u32>| {
                let found = cells.iter().find(|(column, _)| Some(*column) == *place);
                found
                    .map(|(_, text)| text.trim().to_owned())
                    .unwrap_or_default()
            };
            let cells: Cells = std::array::from_fn(|index| cell(&places[index]));
            records.extend(record(number, cells));
        }
    })?;
    if places.is_none() {
        return Err(ReadError::of_file(
            file,
            "no row has the headings HCPC and ADD DT",
            "name the workbook of HCPCS codes, as HCPC2019_CONTR_ANWEB.xlsx",
        ));
    }
    rows(file, records)
}

/// A row that begins a code. The 2019 workbook has a row with a piece of a
/// descriptor left over (RECID 4); it and modifiers are passed over.
fn record(line: usize, cells: Cells) -> Option<Fields> {
    let [code, kind, long, short, added, acted, terminated] = cells;
    let begins = kind == "3" || kind.is_empty();
    (begins && Key::read(&code).is_some()).then_some(Fields {
        line,
        code,
        long,
        short,
        added,
        acted,
        terminated,
    })
}

/// The cells of each row of the first sheet, streamed: a sheet that claims a
/// million columns is not given them.
fn each_row(
    file: &str,
    bytes: &[u8],
    action: &mut dyn FnMut(usize, &[PlacedCell]),
) -> Result<(), ReadError> {
    let broken = |error: &dyn std::fmt::Display| {
        ReadError::of_file(
            file,
            format!("the workbook cannot be read: {error}"),
            "download it again, or use the text file of the same archive",
        )
    };
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let sheets = book.sheet_names();
    let sheet = sheets.first().ok_or_else(|| broken(&"it has no sheet"))?;
    let mut cells = book
        .worksheet_cells_reader(sheet)
        .map_err(|error| broken(&error))?;
    let mut row: Vec<PlacedCell> = vec![];
    let mut current = 0;
    while let Some(cell) = cells.next_cell().map_err(|error| broken(&error))? {
        let (number, column) = cell.get_position();
        if number != current {
            action(current as usize + 1, &row);
            row.clear();
            current = number;
        }
        row.push((column, text(cell.get_value())));
    }
    action(current as usize + 1, &row);
    Ok(())
}

fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::String(text) => text.clone(),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
pub(in crate::codesets) mod tests {
    use super::*;

    /// A workbook of rows, the least that makes one.
    pub(in crate::codesets) fn workbook(rows: &[&[&str]]) -> Vec<u8> {
        let mut sheet = String::from(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>",
        );
        for (number, row) in rows.iter().enumerate() {
            sheet.push_str(&format!("<row r=\"{}\">", number + 1));
            for (column, text) in row.iter().enumerate() {
                let letter = char::from(b'A' + column as u8);
                let place = format!("{letter}{}", number + 1);
                let cell = format!("<c r=\"{place}\" t=\"inlineStr\"><is><t>{text}</t></is></c>");
                sheet.push_str(&cell);
            }
            sheet.push_str("</row>");
        }
        sheet.push_str("</sheetData></worksheet>");
        let book = "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\"><sheets><sheet name=\"S\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
        let relations = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
        let root = "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\"><Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
        let types =
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>";
        archive::tests::archive(&[
            ("[Content_Types].xml", types.as_bytes()),
            ("_rels/.rels", root.as_bytes()),
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", relations.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ])
    }

    #[test]
    fn headings_are_found_under_disclaimers_and_leftovers_passed_over() {
        let bytes = workbook(&[
            &["***Disclaimers"],
            &[
                "HCPC",
                "RECID",
                "LONG DESCRIPTION",
                "SHORT DESCRIPTION",
                "ADD DT",
                "ACT EFF DT",
                "TERM DT",
            ],
            &["   A1", "7", "Dressing", "", "20020701", "", ""],
            &["A4300", "3", "Catheter", "Cath", "19860101", "", "20181231"],
            &["A4300", "4", "more of it"],
        ]);
        let rows = read("h.xlsx", &bytes).expect("rows");
        assert_eq!(rows.len(), 1);
        assert_eq!(&*rows[0].title.long, "Catheter");
        assert_eq!(rows[0].terminated, Some(jiff::civil::date(2018, 12, 31)));
    }

    #[test]
    fn a_workbook_of_something_else_is_named() {
        let bytes = workbook(&[&["a", "b"]]);
        let error = read("h.xlsx", &bytes).expect_err("a fault");
        assert!(
            error.to_string().contains("no row has the headings"),
            "{error}"
        );
    }
}
