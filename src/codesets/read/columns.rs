//! Files of fixed columns, as text.

use std::borrow::Cow;

use jiff::civil::Date;

/// The text of a file: UTF-8 if it is that, else Latin-1, which CMS used in
/// its early files and in which every byte is a character.
pub(super) fn decode(bytes: &[u8]) -> Cow<'_, str> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().map(|byte| char::from(*byte)).collect()),
    }
}

/// The lines that hold something, counted from 1. Old files end with the
/// end-of-file character of DOS.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line.trim_end_matches(['\r', '\u{1a}'])))
        .filter(|(_, line)| !line.trim().is_empty())
}

/// The characters of a line from one column to another, counted from 1, both
/// included, without the spaces around them. Columns behind the end are empty.
pub(super) fn columns(line: &str, from: usize, to: usize) -> &str {
    let place = |column: usize| {
        if line.is_ascii() {
            column.min(line.len())
        } else {
            let mut places = line.char_indices().map(|(place, _)| place);
            places.nth(column).unwrap_or(line.len())
        }
    };
    line[place(from - 1)..place(to)].trim()
}

/// A day written `YYYYMMDD`.
pub(super) fn day(text: &str) -> Option<Date> {
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let date = Date::new(
        text[..4].parse().ok()?,
        text[4..6].parse().ok()?,
        text[6..].parse().ok()?,
    );
    date.ok()
        .filter(|date| crate::codesets::edition::YEARS.contains(&date.year()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_from_one() {
        assert_eq!(columns("00001 A00     0 Cholera", 7, 13), "A00");
        assert_eq!(columns("00001 A00     0 Cholera", 15, 15), "0");
        assert_eq!(columns("é  b", 4, 9), "b");
        assert_eq!(columns("ab", 5, 9), "");
    }

    #[test]
    fn latin_1_is_read_where_it_is_not_utf_8() {
        assert_eq!(decode(b"excori\xe9e"), "excoriée");
        assert_eq!(decode("excoriée".as_bytes()), "excoriée");
    }

    #[test]
    fn days_are_eight_digits() {
        assert_eq!(day("20190101"), Some(jiff::civil::date(2019, 1, 1)));
        for text in ["", "2019011", "20190230", "00010101", "2019-1-1"] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
