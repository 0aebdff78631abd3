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
    /// Where each line begins.
    lines: Vec<usize>,
    errors: Faults,
    warnings: Faults,
}

/// Faults of one severity, as many as are shown.
#[derive(Default)]
struct Faults {
    shown: Vec<Diagnostic>,
    left_out: usize,
}

impl Faults {
    fn push(&mut self, diagnostic: Diagnostic) {
        if self.shown.len() < MAX_SHOWN {
            self.shown.push(diagnostic);
        } else {
            self.left_out += 1;
        }
    }
}

/// A file may be this large.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;
/// So many faults of one severity are shown.
const MAX_SHOWN: usize = 200;
/// So many characters of a key or value of the file are shown.
const MAX_QUOTED: usize = 80;
/// A message or hint may have this many characters.
const MAX_WORDS: usize = 400;
/// No column is counted beyond so many bytes of a line.
const MAX_COLUMN: usize = 64 * 1024;

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
                lines: line_starts(text),
                errors: Faults::default(),
                warnings: Faults::default(),
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
        let line = start.map(|start| self.lines.partition_point(|line| *line <= start));
        let column = start.zip(line).and_then(|(start, line)| {
            let before = self.text.get(self.lines[line - 1]..start)?;
            (before.len() <= MAX_COLUMN).then(|| before.chars().count() + 1)
        });
        let faults = match severity {
            Severity::Error => &mut self.errors,
            Severity::Warning | Severity::Note => &mut self.warnings,
        };
        faults.push(Diagnostic {
            severity,
            file: self.file.to_owned(),
            line,
            column,
            message: shortened(&message),
            hint: hint.as_deref().map(shortened),
        });
    }

    /// Whether an error was reported.
    pub fn has_errors(&self) -> bool {
        !self.errors.shown.is_empty()
    }

    /// Everything reported, by line; of very much, how much more there is.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        let mut diagnostics = vec![];
        let mut more = vec![];
        for (faults, kind) in [(self.errors, "errors"), (self.warnings, "warnings")] {
            if let (Some(first), 1..) = (faults.shown.first(), faults.left_out) {
                more.push(Diagnostic {
                    severity: first.severity,
                    ..Diagnostic::of_file(
                        self.file,
                        format!("and {} more {kind}", faults.left_out),
                        "correct those above first",
                    )
                });
            }
            diagnostics.extend(faults.shown);
        }
        diagnostics.sort_by_key(|diagnostic| diagnostic.line);
        diagnostics.extend(more);
        diagnostics
    }
}

fn line_starts(text: &str) -> Vec<usize> {
    let after = text.match_indices('\n').map(|(newline, _)| newline + 1);
    std::iter::once(0).chain(after).collect()
}

/// A message with what it quotes from the file, and itself, cut to a length
/// that can be read.
fn shortened(message: &str) -> String {
    let parts = message.split('`').enumerate().map(|(index, part)| {
        let is_quoted = index % 2 == 1;
        cut(part, if is_quoted { MAX_QUOTED } else { MAX_WORDS })
    });
    cut(&parts.collect::<Vec<_>>().join("`"), MAX_WORDS)
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
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
