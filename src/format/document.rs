//! A TOML file being read: its text, its tables and what was found wrong.

use std::ops::Range;

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::diagnostic::{Diagnostic, Severity};
use super::raw::Table;
use crate::policy::{Date, Dictionary, Rule};
use crate::text::nearest;

/// A file being read. Faults are collected, not returned.
pub struct Document<'a> {
    file: &'a str,
    text: &'a str,
    diagnostics: Vec<Diagnostic>,
}

/// A file may be this large.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

impl<'a> Document<'a> {
    /// Decodes a file.
    ///
    /// # Errors
    /// When it is too large or not UTF-8.
    pub fn decode(file: &'a str, bytes: &'a [u8]) -> Result<Self, Diagnostic> {
        if bytes.len() > MAX_BYTES {
            return Err(Diagnostic::of_file(
                file,
                format!("the file is larger than {} MB", MAX_BYTES / 1024 / 1024),
                "split the policy, or see whether this is the right file",
            ));
        }
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Document {
                file,
                text,
                diagnostics: vec![],
            }),
            Err(error) => {
                let before = &bytes[..error.valid_up_to()];
                let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
                Err(Diagnostic {
                    line: Some(line),
                    ..Diagnostic::of_file(
                        file,
                        format!("byte {:#04x} is not UTF-8 text", bytes[before.len()]),
                        "save the file as UTF-8",
                    )
                })
            }
        }
    }

    /// The file's tables, or nothing if it is not TOML.
    pub fn parse(&mut self) -> Option<DeTable<'a>> {
        match DeTable::parse(self.text) {
            Ok(table) => Some(table.into_inner()),
            Err(error) => {
                let message = first_line(error.message());
                self.error(error.span(), message, None);
                None
            }
        }
    }

    /// Reads one struct from one table, reporting every unknown key of it.
    pub(super) fn read<T: Table + DeserializeOwned>(
        &mut self,
        what: &str,
        value: Spanned<DeValue<'a>>,
    ) -> Option<T> {
        let span = value.span();
        let DeValue::Table(mut table) = value.into_inner() else {
            self.error(Some(span), format!("{what} is not a table"), None);
            return None;
        };
        self.drop_unknown_keys::<T>(what, &mut table);
        self.deserialize(Spanned::new(span, DeValue::Table(table)))
    }

    fn drop_unknown_keys<T: Table>(&mut self, what: &str, table: &mut DeTable<'a>) {
        let unknown: Vec<_> = table
            .keys()
            .filter(|key| !T::KEYS.contains(&key.get_ref().as_ref()))
            .cloned()
            .collect();
        for key in unknown {
            let value = table.remove(&key);
            let name = key.get_ref();
            let hint = match nearest(name, T::KEYS.iter().copied()) {
                Some(known) => {
                    // Read on as if it were spelt right, so that the key is
                    // not reported as missing too.
                    if let Some(value) = value
                        && !table.contains_key(known)
                    {
                        table.insert(Spanned::new(key.span(), known.into()), value);
                    }
                    format!("did you mean `{known}`?")
                }
                None => format!("the keys of {what} are {}", T::KEYS.join(", ")),
            };
            self.error(
                Some(key.span()),
                format!("{what} has no key `{name}`"),
                Some(hint),
            );
        }
    }

    fn deserialize<T: DeserializeOwned>(&mut self, value: Spanned<DeValue<'a>>) -> Option<T> {
        let span = value.span();
        match T::deserialize(ValueDeserializer::from(value)) {
            Ok(value) => Some(value),
            Err(error) => {
                let (message, hint) = in_words(error.message());
                self.error(error.span().or(Some(span)), message, hint);
                None
            }
        }
    }

    /// Takes an array of tables out of `table`; none if the key is absent.
    pub(super) fn take_tables(
        &mut self,
        table: &mut DeTable<'a>,
        key: &str,
    ) -> Vec<Spanned<DeValue<'a>>> {
        let Some((_, value)) = table.remove_entry(key) else {
            return vec![];
        };
        let span = value.span();
        match value.into_inner() {
            DeValue::Array(array) => array.into_iter().collect(),
            _ => {
                self.error(
                    Some(span),
                    format!("`{key}` is not a list of tables"),
                    Some(format!("begin each with [[{key}]]")),
                );
                vec![]
            }
        }
    }

    /// Reads a date, reporting it if it is none.
    pub(super) fn date(&mut self, written: &Spanned<String>) -> Option<Date> {
        match written.get_ref().parse() {
            Ok(date) => Some(date),
            Err(error) => {
                self.error(
                    Some(written.span()),
                    error.to_string(),
                    Some("dates keep their precision: 2020, 2020-01 or 2020-01-15".to_owned()),
                );
                None
            }
        }
    }

    /// Reads a rule, reporting it if it is none.
    pub(super) fn rule(
        &mut self,
        key: &str,
        written: &Spanned<String>,
        dictionary: &Dictionary,
    ) -> Option<Rule> {
        match crate::criteria::parse_rule(written.get_ref(), dictionary) {
            Ok(rule) => Some(rule),
            Err(error) => {
                let span = written.span();
                let start = self.rule_offset(&span, written.get_ref(), error.offset);
                self.error(
                    Some(start..span.end),
                    format!("in `{key}`: {error}"),
                    Some(error.hint.clone()),
                );
                None
            }
        }
    }

    /// The place in the file of an offset within a string value. A string
    /// with escapes is not laid out as its value is, so its start must do.
    fn rule_offset(&self, span: &Range<usize>, value: &str, offset: usize) -> usize {
        let written = self.text.get(span.clone()).unwrap_or_default();
        written
            .find(value)
            .map_or(span.start, |start| span.start + start + offset)
    }

    /// Reads one of a few words, reporting any other.
    pub(super) fn word<T: Copy>(
        &mut self,
        key: &str,
        written: &Spanned<String>,
        words: &[(&str, T)],
    ) -> Option<T> {
        let found = words.iter().find(|(word, _)| word == written.get_ref());
        if found.is_none() {
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let hint = match nearest(written.get_ref(), known.iter().copied()) {
                Some(word) => format!("did you mean \"{word}\"?"),
                None => format!("write one of \"{}\"", known.join("\", \"")),
            };
            self.error(
                Some(written.span()),
                format!("`{}` is no value of `{key}`", written.get_ref()),
                Some(hint),
            );
        }
        found.map(|(_, value)| *value)
    }

    /// Reports an error.
    pub(super) fn error(
        &mut self,
        span: Option<Range<usize>>,
        message: impl Into<String>,
        hint: Option<String>,
    ) {
        self.report(Severity::Error, span, message.into(), hint);
    }

    /// Reports something worth a look.
    pub(super) fn warning(&mut self, span: Range<usize>, message: impl Into<String>, hint: String) {
        self.report(Severity::Warning, Some(span), message.into(), Some(hint));
    }

    fn report(
        &mut self,
        severity: Severity,
        span: Option<Range<usize>>,
        message: String,
        hint: Option<String>,
    ) {
        let start = span.map(|span| span.start.min(self.text.len()));
        let before = start.and_then(|start| self.text.get(..start));
        self.diagnostics.push(Diagnostic {
            severity,
            file: self.file.to_owned(),
            line: before.map(|before| before.matches('\n').count() + 1),
            column: before.map(|before| {
                let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
                before[line_start..].chars().count() + 1
            }),
            message,
            hint,
        });
    }

    /// Whether an error was reported.
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Everything reported, by line.
    pub fn into_diagnostics(mut self) -> Vec<Diagnostic> {
        self.diagnostics.sort_by_key(|diagnostic| diagnostic.line);
        self.diagnostics
    }
}

/// The parser's message in this program's words, with a way out where there is one.
fn in_words(message: &str) -> (String, Option<String>) {
    let message = first_line(message);
    if let Some(key) = message.strip_prefix("missing field ") {
        return (
            format!("the key {key} is missing"),
            Some(format!("add {key}")),
        );
    }
    if let Some(rest) = message.strip_prefix("invalid type: ")
        && let Some((found, expected)) = rest.split_once(", expected ")
    {
        let expected = match expected {
            "a string" => "text in quotation marks",
            "a sequence" => "a list in [ ]",
            "i64" | "u32" => "a whole number",
            "a boolean" => "true or false",
            other if other.starts_with("struct ") => "a table",
            other => other,
        };
        return (
            format!("{found} stands where {expected} is expected"),
            Some(format!("write {expected}")),
        );
    }
    (message, None)
}

fn first_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().to_owned()
}
