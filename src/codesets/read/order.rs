//! The ICD-10-CM order file: every code and header, one a line.
//!
//! Columns, counted from 1: 1-5 a number, 7-13 the code without its dot, 15
//! whether it is billable (1) or a header (0), 17-76 the short title, 78 on
//! the long one.

use std::collections::BTreeMap;

use super::columns::{columns, decode, lines};
use super::key;
use crate::codesets::{Key, ReadError, Title};

/// A code or header of ICD-10-CM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::codesets) struct Row {
    pub billable: bool,
    pub title: Title,
}

/// The codes and headers of a release.
pub(in crate::codesets) type Rows = BTreeMap<Key, Row>;

/// Reads an order file.
pub(in crate::codesets) fn read(file: &str, bytes: &[u8]) -> Result<Rows, ReadError> {
    let text = decode(bytes);
    let mut rows = Rows::new();
    for (number, line) in lines(&text) {
        let (code, row) = row(file, number, line, 7)?;
        if rows.insert(code, row).is_some() {
            return Err(ReadError::of_line(
                file,
                number,
                format!("`{code}` is there twice"),
                "use the file as CMS publishes it",
            ));
        }
    }
    if rows.is_empty() {
        let hint = "name an ICD-10-CM order file, as icd10cm_order_2020.txt";
        return Err(ReadError::of_file(file, "it holds no codes", hint));
    }
    Ok(rows)
}

/// The code that stands in a line from column `start` on, in the layout that
/// order files and their addenda share.
pub(super) fn row(
    file: &str,
    number: usize,
    line: &str,
    start: usize,
) -> Result<(Key, Row), ReadError> {
    let code = key(file, number, columns(line, start, start + 6))?;
    row_of(file, number, line, code, start + 8, start + 10)
}

/// As [`row`], with the places of the flag and of the titles given.
pub(super) fn row_of(
    file: &str,
    number: usize,
    line: &str,
    code: Key,
    flag: usize,
    titles: usize,
) -> Result<(Key, Row), ReadError> {
    let billable = match columns(line, flag, flag) {
        "1" => true,
        "0" => false,
        other => {
            return Err(ReadError::of_line(
                file,
                number,
                format!("`{other}` in column {flag} tells neither a header (0) nor a code (1)"),
                "name the order file, not the codes file: only the order file tells headers apart",
            ));
        }
    };
    let title = Title::new(
        columns(line, titles + 61, usize::MAX),
        columns(line, titles, titles + 59),
    );
    Ok((code, Row { billable, title }))
}

/// Whether a text begins like an order file.
pub(super) fn looks_like(text: &str) -> bool {
    lines(text).next().is_some_and(|(_, line)| {
        columns(line, 1, 5)
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            && columns(line, 1, 5).len() == 5
            && matches!(columns(line, 15, 15), "0" | "1")
            && Key::read(columns(line, 7, 13)).is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TWO: &str = concat!(
        "00001 A00     0 Cholera                                                      Cholera\r\n",
        "00002 A000    1 Cholera due to Vibrio cholerae 01, biovar cholerae           ",
        "Cholera due to Vibrio cholerae 01,  biovar cholerae\r\n\u{1a}",
    );

    #[test]
    fn codes_and_headers_are_told_apart() {
        let rows = read("o.txt", TWO.as_bytes()).expect("rows");
        let found: Vec<_> = rows
            .iter()
            .map(|(key, row)| (key.as_str(), row.billable, &*row.title.long))
            .collect();
        let long = "Cholera due to Vibrio cholerae 01, biovar cholerae";
        assert_eq!(found, [("A00", false, "Cholera"), ("A000", true, long)]);
        assert!(looks_like(TWO));
    }

    #[test]
    fn faults_name_file_line_and_value() {
        let twice = TWO.replace('\u{1a}', "").repeat(2);
        let table = [
            (&*twice, "o.txt:3", "`A00` is there twice"),
            ("", "o.txt", "no codes"),
            ("00001 A00     2 Cholera", "o.txt:1", "`2` in column 15"),
            ("00001 A+0     1 Cholera", "o.txt:1", "`A+0` is not a code"),
            ("A000    Cholera due to", "o.txt:1", "in column 15"),
        ];
        for (text, place, reason) in table {
            let error = read("o.txt", text.as_bytes())
                .expect_err(reason)
                .to_string();
            assert!(
                error.starts_with(place) && error.contains(reason),
                "{error}"
            );
        }
    }
}
