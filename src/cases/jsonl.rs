//! Cases as JSON Lines: one object a line, facts in an object of their own.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::io::Read;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};

use super::ReadRow;
use super::columns::{FACTS, is_fixed, json_names};
use super::input::{Pieces, broken_off};
use super::row::{Given, Row};
use super::vocabulary::Vocabulary;
use crate::policy::FactValue;
use crate::text::nearest;

/// A line may be this long, in bytes.
const MAX_LINE: usize = 1024 * 1024;

/// Reads a file of JSON Lines without holding it in memory.
pub struct JsonRows<'v, R> {
    pieces: Pieces<R>,
    vocabulary: &'v Vocabulary<'v>,
    /// The line to come.
    line: usize,
    /// Whether the rest of a line that was too long is to be passed over.
    skipping: bool,
    opened: bool,
    done: bool,
}

/// What the bytes at hand begin with.
enum Found {
    /// A line, of so many bytes with its end.
    Line(usize),
    /// A part of a line, too long for one.
    Part(usize),
    More,
    End,
}

impl<'v, R: Read> JsonRows<'v, R> {
    /// The rows of `input`.
    pub fn new(input: R, vocabulary: &'v Vocabulary<'v>) -> Self {
        JsonRows {
            pieces: Pieces::of(input),
            vocabulary,
            line: 1,
            skipping: false,
            opened: false,
            done: false,
        }
    }

    fn found(&self) -> Found {
        let bytes = self.pieces.rest();
        match bytes.iter().position(|byte| *byte == b'\n') {
            Some(at) => Found::Line(at + 1),
            None if bytes.len() > MAX_LINE => Found::Part(bytes.len()),
            None if !self.pieces.is_end() => Found::More,
            None if bytes.is_empty() => Found::End,
            None => Found::Line(bytes.len()),
        }
    }

    fn end(&mut self, error: &std::io::Error) -> ReadRow {
        self.done = true;
        ReadRow::rejected(self.line, broken_off(error))
    }

    /// What the line at hand says; none for a blank one.
    fn row(&self, length: usize) -> Option<ReadRow> {
        let line = &self.pieces.rest()[..length];
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        if self.skipping || line.iter().all(u8::is_ascii_whitespace) {
            return None;
        }
        Some(ReadRow {
            line: self.line,
            case: row(line).and_then(|row| row.typed(self.vocabulary)),
        })
    }
}

impl<R: Read> Iterator for JsonRows<'_, R> {
    type Item = ReadRow;

    fn next(&mut self) -> Option<ReadRow> {
        if !self.opened {
            self.opened = true;
            if let Err(error) = self.pieces.skip_mark() {
                return Some(self.end(&error));
            }
        }
        while !self.done {
            let row = match self.found() {
                Found::Line(length) => {
                    let row = self.row(length);
                    self.pieces.take(length);
                    self.skipping = false;
                    self.line += 1;
                    row
                }
                Found::Part(length) => {
                    let row = (!self.skipping).then(|| ReadRow {
                        line: self.line,
                        case: Err(too_long()),
                    });
                    self.pieces.take(length);
                    self.skipping = true;
                    row
                }
                Found::More => match self.pieces.more() {
                    Ok(()) => None,
                    Err(error) => Some(self.end(&error)),
                },
                Found::End => {
                    self.done = true;
                    None
                }
            };
            if row.is_some() {
                return row;
            }
        }
        None
    }
}

fn too_long() -> String {
    format!("the line is longer than {MAX_LINE} bytes")
}

fn row(line: &[u8]) -> Result<Row<'static>, String> {
    if line.len() > MAX_LINE {
        return Err(too_long());
    }
    let text = std::str::from_utf8(line)
        .map_err(|error| format!("not UTF-8 text at byte {}", error.valid_up_to() + 1))?;
    let no_case = || {
        "the line does not begin a case: each case is one { ... } on a line of its own".to_owned()
    };
    if !text.trim_start().starts_with('{') {
        return Err(no_case());
    }
    match serde_json::from_str(text) {
        Ok(Json::Object(members)) => Ok(of_object(members)),
        Ok(_) => Err(no_case()),
        Err(error) => Err(in_words(&error)),
    }
}

/// The parser counts lines within the one line it is given: only its column helps.
fn in_words(error: &serde_json::Error) -> String {
    if error.is_eof() {
        return format!(
            "the line ends within the case, at column {}: each case stands on one line of its own",
            error.column()
        );
    }
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    format!("{message}, at column {}", error.column())
}

/// What an object says, and all that is wrong with it.
fn of_object(members: Vec<(String, Json)>) -> Row<'static> {
    let mut row = Row::default();
    let mut seen = HashSet::new();
    for (name, value) in members {
        if !seen.insert(name.clone()) {
            row.faults.push(format!("column `{name}` stands twice"));
        } else if !is_fixed(&name) && name != FACTS {
            row.faults.push(unknown(&name));
        } else if let Err(fault) = set(&mut row, &name, value) {
            row.faults.push(fault);
        }
    }
    if !seen.contains("case_id") {
        row.faults.push("`case_id` is missing".to_owned());
    }
    row
}

fn unknown(name: &str) -> String {
    match nearest(name, json_names()) {
        Some(known) => format!("unknown column `{name}`; did you mean `{known}`?"),
        None => format!("unknown column `{name}`; facts stand in `facts`"),
    }
}

/// Takes over one member. `null` says nothing.
fn set(row: &mut Row<'static>, name: &str, value: Json) -> Result<(), String> {
    let misfit = |value: &Json, expected: &str| {
        let shown = value.describe();
        Err(format!("`{name}` is {shown}: expected {expected}"))
    };
    match (name, value) {
        (_, Json::Null) if name != "case_id" => {}
        (FACTS, Json::Object(members)) => facts(row, members),
        (FACTS, other) => return misfit(&other, "an object of facts"),
        ("procedure_codes" | "diagnosis_codes", value) => {
            let expected = "a list of texts, as [\"62323\"]";
            let Json::List(items) = value else {
                return misfit(&value, expected);
            };
            let mut codes = vec![];
            for item in items {
                match item {
                    Json::Text(code) => codes.push(Cow::Owned(code)),
                    other => return misfit(&other, expected),
                }
            }
            if name == "procedure_codes" {
                row.procedure_codes = codes;
            } else {
                row.diagnosis_codes = codes;
            }
        }
        (_, Json::Text(text)) => {
            let text = Some(Cow::Owned(text));
            match name {
                "case_id" => row.case_id = text,
                "policy" => row.policy = text,
                "service_date" => row.service_date = text,
                "determination" => row.determination = text,
                "determination_version" => row.determination_version = text,
                "decision_date" => row.decision_date = text,
                _ => row.note = text,
            }
        }
        (_, other) => return misfit(&other, "text in quotation marks"),
    }
    Ok(())
}

/// Takes over facts. One that stands twice is a fault: taking the last would
/// be a guess. `null` means missing.
fn facts(row: &mut Row<'static>, members: Vec<(String, Json)>) {
    let mut seen = HashSet::new();
    for (name, value) in members {
        if !seen.insert(name.clone()) {
            row.faults.push(format!("fact `{name}` stands twice"));
            continue;
        }
        let value = match value {
            Json::Null => continue,
            Json::Bool(value) => FactValue::Bool(value),
            Json::Number(value) => FactValue::Number(value),
            Json::Text(value) => FactValue::Choice(value),
            other => {
                let shown = other.describe();
                row.faults.push(format!(
                    "`{name}` is {shown}: expected a word, a number, true or false"
                ));
                continue;
            }
        };
        row.facts.push((Cow::Owned(name), Given::Typed(value)));
    }
}

/// A JSON value that keeps what stands twice.
enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    fn describe(&self) -> String {
        match self {
            Json::Null => "null".to_owned(),
            Json::Bool(value) => value.to_string(),
            Json::Number(value) => value.to_string(),
            Json::Text(value) => format!("\"{value}\""),
            Json::List(_) => "a list".to_owned(),
            Json::Object(_) => "an object".to_owned(),
        }
    }
}

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(JsonVisitor)
    }
}

struct JsonVisitor;

impl<'de> Visitor<'de> for JsonVisitor {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value as f64))
    }

    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Json, E> {
        if value.is_finite() {
            Ok(Json::Number(value))
        } else {
            Err(E::custom("number out of range"))
        }
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        Ok(Json::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Json, E> {
        Ok(Json::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = vec![];
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Json::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Json, A::Error> {
        let mut members = vec![];
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Json::Object(members))
    }
}

#[cfg(test)]
mod tests;
