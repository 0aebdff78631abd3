//! A licensed CPT file in the AMA's tab-separated long-descriptor layout: a
//! code, a tab, its descriptor. What stands before the first code is passed
//! over. Such a file and what is made of it stay on the user's machine.

use super::columns::{decode, lines};
use super::hcpcs::Row;
use crate::codesets::edition::Edition;
use crate::codesets::{Key, ReadError, Title};
use crate::policy::{Code, CodeSystem};

/// Reads a CPT file of a year.
pub(in crate::codesets) fn read(
    file: &str,
    bytes: &[u8],
    edition: Edition,
) -> Result<Vec<Row>, ReadError> {
    let text = decode(bytes);
    let mut rows: Vec<Row> = lines(&text)
        .filter_map(|(_, line)| entry(line))
        .map(|(code, text)| Row {
            code,
            title: Title::new(text, ""),
            added: edition.first_day(),
            terminated: None,
            acted: None,
        })
        .collect();
    rows.sort_by_key(|row| row.code);
    if let Some(twin) = rows.windows(2).find(|pair| pair[0].code == pair[1].code) {
        let message = format!("`{}` is there twice", twin[0].code);
        let hint = "use the file as the AMA delivers it";
        return Err(ReadError::of_file(file, message, hint));
    }
    if rows.is_empty() {
        return Err(ReadError::of_file(
            file,
            "no line has a CPT code, a tab and a descriptor",
            "name the tab-separated file of long descriptors",
        ));
    }
    Ok(rows)
}

/// The code and descriptor of a line, if it has both.
fn entry(line: &str) -> Option<(Key, &str)> {
    let (code, rest) = line.split_once('\t')?;
    let text = rest.split('\t').next().unwrap_or_default();
    let code = Code::parse(CodeSystem::Cpt, code).ok()?;
    Some((Key::of(&code)?, text)).filter(|(_, text)| !text.trim().is_empty())
}

/// Whether a text looks like such a file.
pub(super) fn looks_like(text: &str) -> bool {
    lines(text).take(200).any(|(_, line)| entry(line).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    const EDITION: Edition = Edition {
        system: CodeSystem::Cpt,
        year: 2020,
    };

    #[test]
    fn codes_follow_whatever_stands_before_them() {
        let text = "Made up for a test\n\n99990\tA made-up procedure\r\n0999T\tAnother\n";
        assert!(looks_like(text));
        let rows = read("c.txt", text.as_bytes(), EDITION).expect("rows");
        let found: Vec<_> = rows
            .iter()
            .map(|row| (row.code.as_str(), &*row.title.long))
            .collect();
        assert_eq!(
            found,
            [("0999T", "Another"), ("99990", "A made-up procedure")]
        );
        assert!(read("c.txt", b"nothing", EDITION).is_err());
        assert!(read("c.txt", b"99990\ta\n99990\tb\n", EDITION).is_err());
    }
}
