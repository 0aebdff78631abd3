//! Writes JSON in which nothing hidden stands raw.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use crate::text::is_hidden;

/// The bytes of a document, indented, with a line end behind it.
pub(super) fn bytes(document: &impl Serialize) -> Vec<u8> {
    let mut bytes = vec![];
    let mut serializer = Serializer::with_formatter(&mut bytes, Escaping::default());
    document
        .serialize(&mut serializer)
        .expect("writing plain data to memory cannot fail");
    bytes.push(b'\n');
    bytes
}

/// As the pretty formatter, but characters that a terminal would act upon or
/// not show are escaped.
#[derive(Default)]
struct Escaping(PrettyFormatter<'static>);

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut plain_from = 0;
        for (index, character) in fragment.char_indices() {
            if is_hidden(character) {
                writer.write_all(&fragment.as_bytes()[plain_from..index])?;
                let mut units = [0; 2];
                for unit in character.encode_utf16(&mut units) {
                    write!(writer, "\\u{unit:04x}")?;
                }
                plain_from = index + character.len_utf8();
            }
        }
        writer.write_all(&fragment.as_bytes()[plain_from..])
    }

    fn begin_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hidden_characters_are_escaped_and_read_back_the_same() {
        let text = "no\u{200b}infection \u{9b}31m \u{e0041} \u{7f} ≥ 50";
        let bytes = bytes(&vec![text]);
        let written = String::from_utf8(bytes).expect("UTF-8");
        assert!(
            !written.trim().replace('\n', "").chars().any(is_hidden),
            "{written}"
        );
        let read: Vec<String> = serde_json::from_str(&written).expect("JSON");
        assert_eq!(read, [text]);
    }
}
