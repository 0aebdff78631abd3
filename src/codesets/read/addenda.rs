//! The addenda of an ICD-10-CM order file: what changed since the release
//! before.
//!
//! A line begins with `Add:`, `Delete:`, `Revise from:` or `Revise to:`;
//! columns, counted from 1: 14 the flag, 16-22 the code, 24-83 the short
//! title, 85 on the long one. A summary at the end names the two files that
//! were compared, as `72748 codes in icd10cm_order_2022.txt`.

use super::columns::{columns, decode, lines};
use super::key;
use super::order::{Row, Rows, row_of};
use crate::codesets::{Key, ReadError};

/// What changed between two releases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::codesets) struct Addenda {
    /// Codes as they were: deleted, or about to be revised.
    pub before: Vec<(Key, Row)>,
    /// Codes as they are: added, or revised.
    pub after: Vec<(Key, Row)>,
    /// The names of the files compared, in the order of the summary.
    pub compared: Vec<String>,
}

impl Addenda {
    /// Whether both files compared are of that year: the release began within
    /// the year, not with it.
    pub(in crate::codesets) fn is_within(&self, year: i16) -> bool {
        let year = year.to_string();
        self.compared.len() >= 2 && self.compared.iter().all(|name| name.contains(&year))
    }

    /// The release before, out of the one after.
    pub(in crate::codesets) fn undone(&self, rows: &Rows) -> Rows {
        replaced(rows, &self.after, &self.before)
    }

    /// The release after, out of the one before or out of itself.
    pub(in crate::codesets) fn applied(&self, rows: &Rows) -> Rows {
        replaced(rows, &self.before, &self.after)
    }
}

fn replaced(rows: &Rows, old: &[(Key, Row)], new: &[(Key, Row)]) -> Rows {
    let mut rows = rows.clone();
    for (code, _) in old {
        rows.remove(code);
    }
    rows.extend(new.iter().cloned());
    rows
}

/// Reads addenda.
pub(in crate::codesets) fn read(file: &str, bytes: &[u8]) -> Result<Addenda, ReadError> {
    let text = decode(bytes);
    let mut addenda = Addenda::default();
    for (number, line) in lines(&text) {
        let list = match columns(line, 1, 13) {
            "Add:" | "Revise to:" => &mut addenda.after,
            "Delete:" | "Revise from:" => &mut addenda.before,
            _ => {
                let name = line.split_once(" in ").map(|(_, name)| name.trim());
                let name = name.filter(|name| name.ends_with(".txt"));
                addenda.compared.extend(name.map(str::to_owned));
                continue;
            }
        };
        let code = key(file, number, columns(line, 16, 22))?;
        list.push(row_of(file, number, line, code, 14, 24)?);
    }
    Ok(addenda)
}

/// Whether a text begins like addenda of an order file.
pub(super) fn looks_like(text: &str) -> bool {
    let heads = ["Add:", "Delete:", "Revise from:", "Revise to:"];
    let first = lines(text).next().map(|(_, line)| line);
    first.is_some_and(|line| {
        heads.contains(&columns(line, 1, 13)) && matches!(columns(line, 14, 14), "0" | "1")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPLIT: &str = "\
Delete:      1 Z283    Underimmunization status
Add:         0 Z283    Underimmunization status
Add:         1 Z2839   Other underimmunization status

Codes
  72748 codes in icd10cm_order_2022.txt
  72750 codes in icd10cm_order_2022.txt
";

    #[test]
    fn a_code_that_is_split_is_billable_before_and_a_header_after() {
        let addenda = read("a.txt", SPLIT.as_bytes()).expect("addenda");
        assert!(addenda.is_within(2022) && !addenda.is_within(2021));
        let after = addenda.applied(&Rows::new());
        let before = addenda.undone(&after);
        let flags = |rows: &Rows| -> Vec<(String, bool)> {
            rows.iter()
                .map(|(key, row)| (key.to_string(), row.billable))
                .collect()
        };
        assert_eq!(
            flags(&after),
            [("Z283".into(), false), ("Z2839".into(), true)]
        );
        assert_eq!(flags(&before), [("Z283".into(), true)]);
        assert_eq!(addenda.applied(&after), after);
    }

    #[test]
    fn a_broken_line_is_named() {
        let error = read("a.txt", b"Add:         1 +\n").expect_err("a fault");
        assert_eq!(error.to_string(), "a.txt:1: `+` is not a code");
    }
}
