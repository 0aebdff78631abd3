//! Cases as JSON Lines: one object a line, facts in an object of their own.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _, MapAccess, Visitor};

use super::row::{Given, Row};
use super::vocabulary::Vocabulary;
use super::{FileRows, Reject};
use crate::policy::{FactValue, Policy};

/// A line may be this long, in bytes.
const MAX_LINE: usize = 1024 * 1024;

/// Reads a file of cases. A case that names no policy is of the only one given.
pub fn read_jsonl<'p>(
    file: &str,
    bytes: &[u8],
    policies: impl IntoIterator<Item = &'p Policy>,
) -> FileRows {
    let mut rows = FileRows {
        file: file.to_owned(),
        ..FileRows::default()
    };
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let vocabulary = Vocabulary::of(policies);
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let case = raw(line).and_then(|row| row.typed(&vocabulary));
        match case {
            Ok(case) => rows.cases.push((index + 1, case)),
            Err(reason) => rows.rejects.push(Reject {
                file: file.to_owned(),
                line: index + 1,
                reason,
            }),
        }
    }
    rows
}

fn raw(line: &[u8]) -> Result<Row<'static>, String> {
    if line.len() > MAX_LINE {
        return Err(format!("the line is longer than {MAX_LINE} bytes"));
    }
    let text = std::str::from_utf8(line)
        .map_err(|error| format!("not UTF-8 text at byte {}", error.valid_up_to() + 1))?;
    let raw: RawCase = serde_json::from_str(text).map_err(|error| in_words(&error))?;
    let one = |text: Option<String>| text.map(Cow::Owned);
    let many = |texts: Vec<String>| texts.into_iter().map(Cow::Owned).collect();
    let facts = raw.facts.0.into_iter();
    Ok(Row {
        case_id: raw.case_id.into(),
        policy: one(raw.policy),
        service_date: one(raw.service_date),
        procedure_codes: many(raw.procedure_codes),
        diagnosis_codes: many(raw.diagnosis_codes),
        determination: one(raw.determination),
        determination_version: one(raw.determination_version),
        decision_date: one(raw.decision_date),
        facts: facts
            .map(|(name, value)| (Cow::Owned(name), Given::Typed(value)))
            .collect(),
        note: one(raw.note),
    })
}

/// The parser counts lines within the one line it is given: only its column helps.
fn in_words(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    if message.contains("expected struct RawCase") || error.is_syntax() && error.column() <= 2 {
        return "the line does not begin a case: each case is one { ... } on a line of its own"
            .to_owned();
    }
    if error.is_eof() {
        return format!(
            "the line ends within the case, at column {}: each case stands on one line of its own",
            error.column()
        );
    }
    let wrong_type = message
        .strip_prefix("invalid type: ")
        .and_then(|rest| rest.split_once(", expected "));
    let message = match wrong_type {
        Some((found, expected)) => {
            let expected = match expected {
                "a string" => "text in quotation marks",
                "a sequence" => "a list, as [\"62323\"],",
                other => other,
            };
            format!("{found} stands where {expected} is expected")
        }
        None => message
            .replace("unknown field", "unknown column")
            .replace("missing field", "missing column")
            .replace("duplicate field", "duplicate column"),
    };
    format!("{message}, at column {}", error.column())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCase {
    case_id: String,
    #[serde(default)]
    policy: Option<String>,
    #[serde(default)]
    service_date: Option<String>,
    #[serde(default)]
    procedure_codes: Vec<String>,
    #[serde(default)]
    diagnosis_codes: Vec<String>,
    #[serde(default)]
    determination: Option<String>,
    #[serde(default)]
    determination_version: Option<String>,
    #[serde(default)]
    decision_date: Option<String>,
    #[serde(default)]
    facts: RawFacts,
    #[serde(default)]
    note: Option<String>,
}

/// Facts by name. A name that stands twice is an error: taking the last would
/// be a guess. `null` means missing.
#[derive(Default)]
struct RawFacts(BTreeMap<String, FactValue>);

impl<'de> Deserialize<'de> for RawFacts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(FactsVisitor)
    }
}

struct FactsVisitor;

impl<'de> Visitor<'de> for FactsVisitor {
    type Value = RawFacts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of facts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawFacts, A::Error> {
        let mut seen = std::collections::BTreeSet::new();
        let mut facts = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            let value = match map.next_value::<serde_json::Value>()? {
                serde_json::Value::Null => None,
                serde_json::Value::Bool(value) => Some(FactValue::Bool(value)),
                serde_json::Value::String(value) => Some(FactValue::Choice(value)),
                serde_json::Value::Number(number) => number.as_f64().map(FactValue::Number),
                _ => {
                    return Err(A::Error::custom(format_args!(
                        "fact `{name}` is neither a word, a number, true nor false"
                    )));
                }
            };
            if !seen.insert(name.clone()) {
                return Err(A::Error::custom(format_args!("fact `{name}` stands twice")));
            }
            if let Some(value) = value {
                facts.insert(name, value);
            }
        }
        Ok(RawFacts(facts))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::{EmbeddedSource, load};

    fn policies() -> Vec<Policy> {
        load(&EmbeddedSource)
            .expect("the embedded library")
            .policies
    }

    #[test]
    fn a_row_is_typed_and_closed_under_implication() {
        let line = br#"{"case_id":"a","procedure_codes":["62351"],"diagnosis_codes":["g90521"],"facts":{"local_infection":true,"life_expectancy_months":3.5,"service":"trial","drug":null}}"#;
        let rows = read_jsonl("c.jsonl", line, &policies());
        assert_eq!(rows.rejects, []);
        let case = &rows.cases[0].1;
        assert_eq!(case.request.diagnosis_codes[0].as_str(), "G90.521");
        assert_eq!(
            case.request.facts.get("active_infection"),
            Some(&FactValue::Bool(true))
        );
        assert_eq!(case.request.facts.get("drug"), None);
    }

    #[test]
    fn every_faulty_row_is_listed_and_no_other_is_lost() {
        let lines: Vec<&[u8]> = vec![
            br#"{"case_id":"good-1"}"#,
            br#"{"case_id":"wrong-type","facts":{"life_expectancy_months":"six"}}"#,
            br#"{"case_id":"unknown-fact","facts":{"life_expectancy_month":6}}"#,
            br#"{"case_id":"unknown-column","color":"red"}"#,
            br#"{"case_id":"choice","facts":{"service":"temporary"}}"#,
            br#"{"case_id":"contradiction","facts":{"local_infection":true,"active_infection":false}}"#,
            br#"{"case_id":"code","procedure_codes":["6235O"]}"#,
            br#"{"case_id":"date","service_date":"2019-02-30"}"#,
            br#"{"case_id":"determination","determination":"approved"}"#,
            br#"{"case_id":"undecided","decision_date":"2019-01-01"}"#,
            br#"{"case_id":"twice","facts":{"drug":"opioid","drug":"baclofen"}}"#,
            br#"{"case_id":"policy","policy":"CP.MP.999"}"#,
            br#"{"case_id":"answer","facts":{"criterion.I.A.1":true}}"#,
            b"{\"case_id\":\"latin-1 \xe9\"}",
            br#"{"procedure_codes":[]}"#,
            br#"{"case_id":"list","procedure_codes":"62323"}"#,
            b"\"procedure_codes\": []",
            b"",
            br#"{"case_id":"good-2"}"#,
            br#"{"case_id":"cut off","#,
        ];
        let rows = read_jsonl("c.jsonl", &lines.join(&b'\n'), &policies());
        let ids: Vec<_> = rows
            .cases
            .iter()
            .map(|(_, case)| case.id.as_str())
            .collect();
        assert_eq!(ids, ["good-1", "good-2"]);
        let report: Vec<_> = rows
            .rejects
            .iter()
            .map(|reject| format!("{}: {}", reject.line, reject.reason))
            .collect();
        insta::assert_snapshot!(report.join("\n"));
    }

    /// As many lines come out as hold something. A byte order mark alone is a
    /// line of nothing.
    fn every_line_is_accounted_for(bytes: &[u8], policies: &[Policy]) -> bool {
        let rows = read_jsonl("c", bytes, policies);
        let lines = bytes
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.iter().all(u8::is_ascii_whitespace))
            .count();
        let read = rows.cases.len() + rows.rejects.len();
        let reasons = rows.rejects.iter().all(|reject| !reject.reason.is_empty());
        (read == lines || read + 1 == lines) && reasons
    }

    const GOOD: &str = r#"{"case_id":"a","policy":"CP.MP.173","service_date":"2020-01-15","procedure_codes":["62351"],"diagnosis_codes":["g90521"],"determination":"met","decision_date":"2020-02","facts":{"local_infection":true,"life_expectancy_months":3.5,"service":"trial","drug":null},"note":"n"}"#;

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_rejected(bytes: Vec<u8>) {
            proptest::prop_assert!(every_line_is_accounted_for(&bytes, &[]));
        }

        #[test]
        fn damaged_rows_are_read_or_rejected(
            at in 0..GOOD.len(), length in 0usize..12, put: Vec<u8>, word in ".{0,6}",
        ) {
            static POLICIES: std::sync::LazyLock<Vec<Policy>> = std::sync::LazyLock::new(policies);
            let end = (at + length).min(GOOD.len());
            for put in [put.as_slice(), word.as_bytes(), b"null", b"1e999", b"-0", b"[]", b"\""] {
                let good = GOOD.as_bytes();
                let bytes = [good, b"\n", &good[..at], put, &good[end..], b"\n", good].concat();
                proptest::prop_assert!(every_line_is_accounted_for(&bytes, &POLICIES));
                let rows = read_jsonl("c", &bytes, POLICIES.iter());
                proptest::prop_assert_eq!(rows.cases.first().map(|(line, _)| *line), Some(1));
                let last = bytes.split(|byte| *byte == b'\n').count();
                proptest::prop_assert_eq!(rows.cases.last().map(|(line, _)| *line), Some(last));
            }
        }
    }
}
