//! Answers as CSV, as RFC 4180 has it: UTF-8, lines that end with CR LF.

mod replay;

pub use replay::replay;

use super::replayed::{Cell, Table};
use crate::text::SafeText;

/// A table with its head.
fn write(table: Table<'_>, out: &mut Vec<u8>) {
    row(table.head.iter().map(String::as_str).map(Cell::from), out);
    for cells in table.rows {
        row(cells, out);
    }
}

fn row<'a>(cells: impl IntoIterator<Item = Cell<'a>>, out: &mut Vec<u8>) {
    for (index, cell) in cells.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        match cell {
            Cell::Text(text) => field(&harmless(&text), out),
            Cell::Count(count) => out.extend_from_slice(count.to_string().as_bytes()),
        }
    }
    out.extend_from_slice(b"\r\n");
}

/// Text that no spreadsheet takes for a formula: an apostrophe goes before a
/// first character that would begin one, white space and byte order marks
/// before it or not, of half or full width. What is hidden is written out.
fn harmless(text: &str) -> String {
    let safe = SafeText::exact(text).into_string();
    let is_blank = |one: char| one.is_whitespace() || one.is_control() || one == '\u{feff}';
    let first = text.trim_start_matches(is_blank).chars().next();
    let begins_formula = first.is_some_and(|one| "=+-@＝＋－＠".contains(one));
    let begins_with_control = text.starts_with(['\t', '\r', '\n']);
    if begins_formula || begins_with_control {
        format!("'{safe}")
    } else {
        safe
    }
}

fn field(text: &str, out: &mut Vec<u8>) {
    if text.contains([',', '"', '\r', '\n']) {
        out.push(b'"');
        out.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        out.push(b'"');
    } else {
        out.extend_from_slice(text.as_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::csv::{Scan, Scanner};

    #[test]
    fn no_text_is_a_formula() {
        let table = [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("  =1", "'  =1"),
            ("\t=1", "'<U+0009>=1"),
            ("\rx", "'<U+000D>x"),
            ("\u{feff}=1", "'<U+FEFF>=1"),
            ("\u{a0}=1", "'<U+00A0>=1"),
            ("＝1", "'＝1"),
            ("IPP-0001", "IPP-0001"),
            ("a=1", "a=1"),
            ("'=1", "'=1"),
            ("", ""),
        ];
        for (text, expected) in table {
            assert_eq!(harmless(text), expected, "{text:?}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_reader_finds_the_cells_written(texts in proptest::collection::vec(
            proptest::prop_oneof!["[ab,\"'=; \r\n]{0,8}", proptest::prelude::any::<String>()],
            2..5,
        )) {
            let mut out = vec![];
            row(texts.iter().map(|text| Cell::from(text.as_str())), &mut out);
            let Scan::Record(record) = Scanner::default().next(&out, true) else {
                panic!("no record in {out:?}");
            };
            let written: Vec<_> = texts.iter().map(|text| harmless(text)).collect();
            let read: Vec<_> = record.fields.iter().map(|one| String::from_utf8_lossy(one)).collect();
            proptest::prop_assert_eq!(record.fault, None);
            proptest::prop_assert_eq!(read, written);
        }
    }
}
