//! HCPCS Level II: the fixed-width file, 320 characters a record.
//!
//! Columns, counted from 1: 1-5 the code, 11 the kind of record (3 the first
//! of a procedure, 4 more of its descriptor, 7 and 8 those of a modifier),
//! 12-91 the long descriptor, 92-119 the short one, 269-276 the day the code
//! was added, 277-284 the day of the last action, 285-292 the last day it may
//! be used, 293 the action. Disclaimers may stand before the first record.

use jiff::civil::Date;

use super::columns::{columns, day, decode, lines};
use super::key;
use crate::codesets::{Key, ReadError, Title};

/// A code of HCPCS Level II, or of CPT.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::codesets) struct Row {
    pub code: Key,
    pub title: Title,
    /// The day it was added.
    pub added: Date,
    /// The last day it may be used.
    pub terminated: Option<Date>,
    /// The day of the last action, as a new descriptor.
    pub acted: Option<Date>,
}

/// A record as its fields are written.
#[derive(Clone, Debug, Default)]
pub(super) struct Fields {
    pub line: usize,
    pub code: String,
    pub long: String,
    pub short: String,
    pub added: String,
    pub acted: String,
    pub terminated: String,
}

/// Reads a fixed-width file.
pub(in crate::codesets) fn read(file: &str, bytes: &[u8]) -> Result<Vec<Row>, ReadError> {
    let text = decode(bytes);
    let mut records: Vec<Fields> = vec![];
    for (line, record) in lines(&text) {
        let code = columns(record, 1, 5);
        match columns(record, 11, 11) {
            _ if Key::read(code).is_none() => {} // a line of the disclaimers, or a modifier
            "3" => records.push(fields(line, record)),
            "4" => continue_descriptor(file, &mut records, line, record)?,
            _ => {}
        }
    }
    rows(file, records)
}

fn fields(line: usize, record: &str) -> Fields {
    let column = |from, to| columns(record, from, to).to_owned();
    Fields {
        line,
        code: column(1, 5),
        long: column(12, 91),
        short: column(92, 119),
        added: column(269, 276),
        acted: column(277, 284),
        terminated: column(285, 292),
    }
}

fn continue_descriptor(
    file: &str,
    records: &mut [Fields],
    line: usize,
    record: &str,
) -> Result<(), ReadError> {
    let code = columns(record, 1, 5);
    match records.last_mut().filter(|last| last.code == code) {
        Some(last) => {
            last.long.push(' ');
            last.long.push_str(columns(record, 12, 91));
            Ok(())
        }
        None => Err(ReadError::of_line(
            file,
            line,
            format!("more of a descriptor of `{code}`, whose first record is not before it"),
            "use the file as CMS publishes it, in its order",
        )),
    }
}

/// Records into rows. Dental codes (D) are the American Dental Association's
/// and are passed over.
pub(super) fn rows(file: &str, records: Vec<Fields>) -> Result<Vec<Row>, ReadError> {
    let mut rows = records
        .into_iter()
        .filter(|fields| !fields.code.starts_with(['D', 'd']))
        .map(|fields| row(file, &fields))
        .collect::<Result<Vec<_>, _>>()?;
    rows.sort_by_key(|row| row.code);
    if let Some(twin) = rows.windows(2).find(|pair| pair[0].code == pair[1].code) {
        let message = format!("`{}` is there twice", twin[0].code);
        let hint = "use the file as CMS publishes it";
        return Err(ReadError::of_file(file, message, hint));
    }
    if rows.is_empty() {
        let hint = "name the file of HCPCS codes, as HCPC2019_CONTR_ANWEB.txt";
        return Err(ReadError::of_file(file, "it holds no codes", hint));
    }
    Ok(rows)
}

fn row(file: &str, fields: &Fields) -> Result<Row, ReadError> {
    let date = |name: &str, text: &str| match text {
        "" => Ok(None),
        text => day(text).map(Some).ok_or_else(|| {
            ReadError::of_line(
                file,
                fields.line,
                format!("`{text}` is not a day: the {name} date of {}", fields.code),
                "expected YYYYMMDD; use the file as CMS publishes it",
            )
        }),
    };
    let added = date("add", &fields.added)?.ok_or_else(|| {
        let message = format!("{} has no add date", fields.code);
        let hint = "use the file as CMS publishes it, with its date columns";
        ReadError::of_line(file, fields.line, message, hint)
    })?;
    let terminated = date("termination", &fields.terminated)?;
    if let Some(last) = terminated.filter(|last| *last < added) {
        let message = format!(
            "{} ended on {last}, before it was added on {added}",
            fields.code
        );
        let hint = "use the file as CMS publishes it";
        return Err(ReadError::of_line(file, fields.line, message, hint));
    }
    Ok(Row {
        code: key(file, fields.line, &fields.code)?,
        title: Title::new(&fields.long, &fields.short),
        added,
        terminated,
        acted: date("action", &fields.acted)?,
    })
}

/// Whether a text looks like a file of 320-character records.
pub(super) fn looks_like(text: &str) -> bool {
    lines(text)
        .take(50)
        .any(|(_, line)| line.len() == 320 && matches!(columns(line, 11, 11), "3" | "7"))
}

#[cfg(test)]
pub(in crate::codesets) mod tests {
    use super::*;

    /// A record of the published layout.
    pub(in crate::codesets) fn record(code: &str, kind: u8, long: &str, dates: &str) -> String {
        let head = format!("{code:<5}00100{kind}{long:<80}{:<28}", "Short");
        format!("{head:<268}{dates:<52}\r\n")
    }

    #[test]
    fn descriptors_go_on_over_records() {
        let text = [
            "***Disclaimers\t\r\n\r\n*Inclusion or exclusion\r\n".to_owned(),
            record(
                "   A1",
                7,
                "Dressing for one wound",
                "2002070120020701        N",
            ),
            record(
                "A4300",
                3,
                "Implantable access catheter,",
                "1986010120020101        N",
            ),
            record("A4300", 4, "external access", ""),
            record("C9130", 3, "Injection", "201304012014010120131231N"),
            record("D0120", 3, "Dental", "1990010119900101        N"),
        ]
        .concat();
        assert!(looks_like(&text));
        let rows = read("h.txt", text.as_bytes()).expect("rows");
        let found: Vec<_> = rows
            .iter()
            .map(|row| {
                let end = row.terminated.map(|day| day.to_string());
                (
                    row.code.as_str(),
                    &*row.title.long,
                    row.added.to_string(),
                    end,
                )
            })
            .collect();
        let catheter = "Implantable access catheter, external access";
        assert_eq!(
            found,
            [
                ("A4300", catheter, "1986-01-01".to_owned(), None),
                (
                    "C9130",
                    "Injection",
                    "2013-04-01".to_owned(),
                    Some("2013-12-31".to_owned())
                ),
            ]
        );
    }

    #[test]
    fn faults_name_file_line_and_value() {
        let good = record("A4300", 3, "Catheter", "1986010120020101        N");
        let table = [
            (format!("{good}{good}"), "h.txt: `A4300` is there twice"),
            (String::new(), "h.txt: it holds no codes"),
            (
                record("A4300", 4, "x", ""),
                "h.txt:1: more of a descriptor of `A4300`",
            ),
            (
                record("A4300", 3, "x", "198601"),
                "h.txt:1: `198601` is not a day",
            ),
            (
                record("A4300", 3, "x", ""),
                "h.txt:1: A4300 has no add date",
            ),
            (
                record("A4300", 3, "x", "201301012013010120121231D"),
                "h.txt:1: A4300 ended on 2012-12-31, before",
            ),
        ];
        for (text, reason) in table {
            let error = read("h.txt", text.as_bytes())
                .expect_err(reason)
                .to_string();
            assert!(error.starts_with(reason), "{error}");
        }
    }
}
