//! Generated policies and rows: faults, contradictions and what is missing.

use std::collections::BTreeMap;

use lookback::criteria::parse_rule;
use lookback::policy::{FactKind, Policy};
use lookback::replay::sql::{Dialect, Statement};
use proptest::prelude::*;
use rusqlite::types::Value as Sql;
use serde_json::json;

use super::{Field, Row, agrees, is_one_query, missing, plain_version, policy, text, write};
use crate::generate;

fn truth() -> impl Strategy<Value = Field> {
    prop_oneof![
        40 => Just(missing()),
        28 => Just((json!(true), Sql::Integer(1))),
        28 => Just((json!(false), Sql::Integer(0))),
        1 => Just((json!("maybe"), Sql::Text("maybe".to_owned()))),
        1 => Just((json!(2), Sql::Integer(2))),
    ]
}

fn number() -> impl Strategy<Value = Field> {
    prop_oneof![
        30 => Just(missing()),
        30 => (0..8).prop_map(|half| {
            let number = f64::from(half) / 2.0;
            (json!(number), Sql::Real(number))
        }),
        30 => (0i64..4).prop_map(|whole| (json!(whole), Sql::Integer(whole))),
        1 => Just(text("six")),
        1 => Just((json!(true), Sql::Text("true".to_owned()))),
    ]
}

fn word() -> impl Strategy<Value = Field> {
    prop_oneof![
        30 => Just(missing()),
        60 => prop::sample::select(vec!["x", "y", "z"]).prop_map(text),
        2 => prop::sample::select(vec!["X", "w", "", "x "]).prop_map(text),
    ]
}

/// Codes as a list and as one text, with whatever separates and spells them.
fn codes(known: [&'static str; 4], malformed: &'static str) -> impl Strategy<Value = Field> {
    let separators = prop::sample::select(vec![" ", ";", " ; ", "\n", "\t"]);
    let codes = prop::sample::subsequence(known.to_vec(), 0..=3);
    (
        codes,
        separators,
        prop::bool::weighted(0.04),
        prop::bool::weighted(0.5),
    )
        .prop_map(move |(mut codes, separator, wrong, none)| {
            if wrong {
                codes.push(malformed);
            }
            let joined = match (codes.is_empty(), none) {
                (true, true) => Sql::Null,
                (true, false) => Sql::Text(separator.to_owned()),
                _ => Sql::Text(codes.join(separator)),
            };
            (json!(codes), joined)
        })
}

/// A row for these facts, faults and contradictions included.
fn row(read: Vec<(String, FactKind)>) -> impl Strategy<Value = Row> {
    let facts: Vec<_> = read
        .into_iter()
        .map(|(name, kind)| {
            let field = match kind {
                FactKind::Bool => truth().boxed(),
                FactKind::Number { .. } => number().boxed(),
                FactKind::Choice { .. } => word().boxed(),
            };
            (Just(name), field)
        })
        .collect();
    let policy =
        prop_oneof![20 => Just(missing()), 20 => Just(text("P.1")), 1 => Just(text("P.2"))];
    let procedures = codes(["10001", "10002", "10003", "a0001"], "1000");
    let diagnoses = codes(["A00.1", "a002", "A00.3", "B99"], "A00.");
    (facts, policy, procedures, diagnoses).prop_map(|(facts, policy, procedures, diagnoses)| {
        let mut columns = BTreeMap::new();
        let mut named = serde_json::Map::new();
        for (name, (value, sql)) in facts {
            named.insert(name.clone(), value);
            columns.insert(name, sql);
        }
        columns.insert("policy".to_owned(), policy.1);
        columns.insert("procedure_codes".to_owned(), procedures.1);
        columns.insert("diagnosis_codes".to_owned(), diagnoses.1);
        let json = json!({
            "policy": policy.0, "procedure_codes": procedures.0,
            "diagnosis_codes": diagnoses.0, "facts": named,
        });
        Row { json, columns }
    })
}

/// The facts a statement reads, with their types.
fn facts_read(statement: &Statement, policy: &Policy) -> Vec<(String, FactKind)> {
    let columns = ["case_id", "policy", "procedure_codes", "diagnosis_codes"];
    let read = statement.reads.iter().map(|read| read.column.clone());
    read.filter(|name| !columns.contains(&name.as_str()))
        .map(|name| {
            let defined = policy.facts.get(&name).map(|fact| fact.kind.clone());
            (name, defined.unwrap_or(FactKind::Bool))
        })
        .collect()
}

fn policy_and_rows() -> impl Strategy<Value = (Policy, Vec<Row>)> {
    let versions = (
        prop::collection::vec(generate::version(), 1..4),
        prop::bool::weighted(0.3),
    );
    let policy = versions.prop_map(|(mut versions, alike)| {
        if alike && versions.len() > 1 {
            versions[1] = versions[0].clone();
        }
        for (index, version) in versions.iter_mut().enumerate() {
            version.name = format!("2020-0{}", index + 1);
        }
        policy(versions)
    });
    policy.prop_flat_map(|policy| {
        let statement = write(&policy, Dialect::Sqlite).expect("a statement");
        let rows = prop::collection::vec(row(facts_read(&statement, &policy)), 1..24);
        let reads = statement.reads;
        (Just(policy), rows).prop_map(move |(policy, mut rows)| {
            for (index, row) in rows.iter_mut().enumerate() {
                let id = format!("c{index}");
                row.json["case_id"] = json!(id);
                row.columns.insert("case_id".to_owned(), Sql::Text(id));
                // Codes that no table of the statement asks for are not read.
                for list in ["procedure_codes", "diagnosis_codes"] {
                    if reads.iter().all(|read| read.column != list) {
                        row.json[list] = json!([]);
                    }
                }
            }
            (policy, rows)
        })
    })
}

proptest! {
    #[test]
    fn sqlite_says_what_the_reference_evaluator_says((policy, rows) in policy_and_rows()) {
        let statement = write(&policy, Dialect::Sqlite).expect("a statement");
        agrees(&policy, &statement, &rows);
    }

    #[test]
    fn every_dialect_is_read_back((policy, _) in policy_and_rows()) {
        for dialect in Dialect::ALL {
            let statement = write(&policy, dialect).expect("a statement");
            is_one_query(&statement.sql, dialect);
        }
    }

    #[test]
    fn numbers_are_compared_as_the_evaluator_does(bits: u64, other: u64, near: bool) {
        let threshold = f64::from_bits(bits);
        let number = if near { threshold.next_up() } else { f64::from_bits(other) };
        prop_assume!(threshold.is_finite() && number.is_finite());
        // A rule spells its numbers without an exponent.
        let mut version = plain_version();
        version.criteria[0].rule = Some(parse_rule(&format!("n >= {threshold}"), &generate::dictionary()).expect("a rule"));
        let policy = policy(vec![version]);
        let statement = write(&policy, Dialect::Sqlite).expect("a statement");
        let rows: Vec<Row> = [threshold, number, threshold.next_down()].into_iter().filter(|one| one.is_finite()).enumerate().map(|(index, number)| {
            let id = format!("c{index}");
            Row {
                json: json!({ "case_id": id, "facts": { "n": number } }),
                columns: [("case_id", Sql::Text(id)), ("n", Sql::Real(number))].map(|(name, value)| (name.to_owned(), value)).into(),
            }
        }).collect();
        agrees(&policy, &statement, &rows);
    }
}
