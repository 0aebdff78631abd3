//! What generated rows would seldom be.

use std::collections::BTreeMap;

use lookback::criteria::parse_rule;
use lookback::policy::{Code, CodeRow, CodeSystem, CodeTable, Gate, Version};
use lookback::replay::sql::{Dialect, SqlReplay, Statement};
use rusqlite::types::Value as Sql;
use serde_json::{Value, json};

use super::{Field, Row, agrees, columns, missing, plain_version, policy, run, text, write};
use crate::generate;

/// Why each row is rejected, or what is determined, by the row's number.
fn told(statement: &Statement, rows: &[BTreeMap<String, Sql>]) -> Vec<String> {
    let mut answers: Vec<_> = run(statement, rows)
        .into_iter()
        .map(|row| (format!("{:?}", row["case_id"]), row))
        .collect();
    answers.sort_by(|one, other| one.0.cmp(&other.0));
    let told = answers.iter().map(|(id, row)| match &row["rejected"] {
        Sql::Text(reason) => format!("{id} {reason}"),
        _ => format!("{id} {:?}", row["determination_2020-01"]),
    });
    told.collect()
}

#[test]
fn what_is_rejected_and_why() {
    let mut version = plain_version();
    let rule = parse_rule("n > 3 && a && k == \"x\"", &generate::dictionary());
    version.criteria[0].rule = Some(rule.expect("a rule"));
    version.codes = codes_of(Gate::Address);
    let policy = policy(vec![version]);
    let statement = write(&policy, Dialect::Sqlite).expect("a statement");
    let id = |id: &str| ("case_id", Sql::Text(id.to_owned()));
    let text = |text: &str| Sql::Text(text.to_owned());
    let rows = [
        columns([id("01"), ("n", Sql::Real(f64::INFINITY))]),
        columns([id("02"), ("n", text("4"))]),
        columns([id("03"), ("n", Sql::Integer(i64::MIN))]),
        columns([id("04"), ("a", Sql::Real(1.0))]),
        columns([id("05"), ("a", text("Yes"))]),
        columns([id("06"), ("a", text("true")), ("c", Sql::Integer(0))]),
        columns([id("07"), ("k", text("X"))]),
        columns([id("08"), ("procedure_codes", text("10001\0"))]),
        columns([id("09"), ("procedure_codes", text("10001,10002"))]),
        columns([id("10"), ("procedure_codes", text("10001\u{a0}"))]),
        columns([id("11"), ("procedure_codes", text("\"10001\""))]),
        columns([id("12"), ("procedure_codes", Sql::Integer(99999))]),
        columns([id("13"), ("policy", text("p.1"))]),
        columns([id("14")]),
        columns([id("14")]),
        columns([id(" ")]),
        columns([]),
    ];
    insta::assert_snapshot!(told(&statement, &rows).join("\n"));
}

fn codes_of(gate: Gate) -> Vec<CodeTable> {
    let code = |text| CodeRow {
        code: Code::as_printed(CodeSystem::Cpt, text),
        text: String::new(),
    };
    vec![CodeTable {
        system: CodeSystem::Cpt,
        title: String::new(),
        gate,
        // The second is a misprint: it is in no case, and not in the statement.
        rows: vec![code("10001"), code("1000'")],
    }]
}

#[test]
fn codes_a_document_misprints_stay_out_of_the_statement() {
    let mut version = plain_version();
    version.codes = codes_of(Gate::Require);
    let policy = policy(vec![version]);
    for dialect in Dialect::ALL {
        let sql = write(&policy, dialect).expect("a statement").sql;
        assert!(sql.contains("10001") && !sql.contains("1000'"), "{sql}");
    }
}

#[test]
fn a_collation_of_the_table_makes_no_words_the_same() {
    let mut version = plain_version();
    let rule = parse_rule("k == \"x\"", &generate::dictionary());
    version.criteria[0].rule = Some(rule.expect("a rule"));
    let policy = policy(vec![version]);
    let statement = write(&policy, Dialect::Sqlite).expect("a statement");
    let database = rusqlite::Connection::open_in_memory().expect("a database");
    database
        .execute_batch(
            "CREATE TABLE cases (case_id TEXT COLLATE NOCASE, policy TEXT, k TEXT COLLATE NOCASE);
             INSERT INTO cases VALUES ('a', NULL, 'x'), ('A', NULL, 'X')",
        )
        .expect("a table");
    let found: Vec<(String, Option<String>, Option<String>)> = database
        .prepare(&format!("{} ORDER BY 1 COLLATE BINARY DESC", statement.sql))
        .expect("a query")
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .expect("an answer")
        .collect::<Result<_, _>>()
        .expect("rows");
    let refused = "`k` is not one of x, y, z".to_owned();
    assert_eq!(
        found,
        [
            ("a".to_owned(), None, Some("met".to_owned())),
            ("A".to_owned(), Some(refused), None)
        ]
    );
}

#[test]
fn a_column_that_is_not_there_is_an_error_and_no_word() {
    let statement = write(&policy(vec![plain_version()]), Dialect::Sqlite).expect("a statement");
    let database = rusqlite::Connection::open_in_memory().expect("a database");
    let create = "CREATE TABLE cases (case_id, policy)";
    database.execute(create, []).expect("a table");
    let error = database
        .prepare(&statement.sql)
        .expect_err("no such column");
    assert!(error.to_string().contains("criterion.I"), "{error}");
}

#[test]
fn what_the_table_is_without_is_missing_in_every_case() {
    let policy = policy(vec![plain_version()]);
    let versions: Vec<&Version> = policy.versions.iter().collect();
    let without = ["policy", "criterion.I"].map(str::to_owned).into();
    let statement = SqlReplay {
        policy: &policy,
        versions: &versions,
        dialect: Dialect::Sqlite,
        table: "cases",
        without: &without,
    };
    let statement = statement.write().expect("a statement");
    let database = rusqlite::Connection::open_in_memory().expect("a database");
    let table = "CREATE TABLE cases (case_id); INSERT INTO cases VALUES ('c')";
    database.execute_batch(table).expect("a table");
    let row = database.query_row(&statement.sql, [], |row| {
        Ok([row.get::<_, String>(0)?, row.get(2)?, row.get(3)?])
    });
    assert_eq!(row.expect("a row"), ["c", "pend", "I"]);
}

#[test]
fn lists_of_values_mean_what_they_say() {
    let rules = [
        "a == true",
        "a != true",
        "a == false",
        "a != false",
        "a in [true]",
        "a in [false]",
        "a in [true, false]",
        "!(n != 2)",
        "n in [2]",
        "!(k in [\"x\"])",
        "true && !false",
        "false",
    ];
    let versions: Vec<Version> = rules
        .iter()
        .enumerate()
        .map(|(index, rule)| {
            let mut version = plain_version();
            version.name = format!("v{index:02}");
            let rule = parse_rule(rule, &generate::dictionary());
            version.criteria[0].rule = Some(rule.expect("a rule"));
            version
        })
        .collect();
    let mut policy = policy(versions);
    // No rule can spell an empty list, but a list may be.
    let mut empty = plain_version();
    let test = lookback::policy::Test::In {
        fact: "n".to_owned(),
        values: vec![],
    };
    empty.criteria[0].rule = Some(lookback::policy::Rule {
        source: String::new(),
        expr: lookback::policy::Expr::Test(test),
    });
    policy.versions.push(empty);
    let statement = write(&policy, Dialect::Sqlite).expect("a statement");
    let values = [
        json!({}),
        json!({"a": true}),
        json!({"a": false}),
        json!({"n": 2}),
        json!({"n": 3}),
        json!({"k": "x"}),
        json!({"k": "y"}),
    ];
    let rows: Vec<Row> = values
        .iter()
        .enumerate()
        .map(|(index, facts)| {
            let id = format!("c{index}");
            let mut row = columns([("case_id", Sql::Text(id.clone()))]);
            for (name, value) in facts.as_object().expect("facts") {
                row.insert(
                    name.clone(),
                    match value {
                        Value::Bool(value) => Sql::Integer(i64::from(*value)),
                        Value::String(word) => Sql::Text(word.clone()),
                        other => Sql::Real(other.as_f64().expect("a number")),
                    },
                );
            }
            Row {
                json: json!({ "case_id": id, "facts": facts }),
                columns: row,
            }
        })
        .collect();
    agrees(&policy, &statement, &rows);
}

/// A version of which every determination depends on guards, exclusions and
/// what is missing.
const GUARDED: &str = r#"
format = 1
version = "2020-01"
effective = "2020-01"
provenance = "draft"
[[criteria]]
id = "I"
text = "any of two, both guarded"
when = "d"
need = "any"
[[criteria]]
id = "I.A"
text = "guarded"
rule = "a"
[[criteria]]
id = "I.A.1"
text = "answered directly"
[[criteria]]
id = "I.B"
text = "guarded"
rule = "b"
need = "none"
[[criteria]]
id = "I.B.1"
text = "tested"
rule = "n > 1"
[[criteria]]
id = "II"
text = "excluded"
covers = false
rule = 'k == "x"'
"#;

#[test]
fn guards_agree_in_every_case() {
    let (version, faults) =
        lookback::format::read_version("v.toml", GUARDED.as_bytes(), &generate::dictionary());
    assert_eq!(faults, []);
    let policy = policy(vec![version.expect("a version")]);
    let statement = write(&policy, Dialect::Sqlite).expect("a statement");
    let truths = [
        missing(),
        (json!(true), Sql::Integer(1)),
        (json!(false), Sql::Integer(0)),
    ];
    let numbers = [
        missing(),
        (json!(1), Sql::Integer(1)),
        (json!(2), Sql::Integer(2)),
    ];
    let words = [missing(), text("x"), text("y")];
    let facts: [(&str, &[Field; 3]); 6] = [
        ("a", &truths),
        ("b", &truths),
        ("d", &truths),
        ("criterion.I.A.1", &truths),
        ("n", &numbers),
        ("k", &words),
    ];
    let rows: Vec<Row> = (0..3usize.pow(6))
        .map(|case| {
            let id = format!("c{case}");
            let mut row = columns([("case_id", Sql::Text(id.clone()))]);
            let mut named = serde_json::Map::new();
            for (place, (name, values)) in facts.iter().enumerate() {
                let (value, sql) = values[case / 3usize.pow(place as u32) % 3].clone();
                named.insert((*name).to_owned(), value);
                row.insert((*name).to_owned(), sql);
            }
            let json = json!({ "case_id": id, "facts": named });
            Row { json, columns: row }
        })
        .collect();
    agrees(&policy, &statement, &rows);
}

#[test]
fn a_table_of_misprints_lists_nothing() {
    let mut version = plain_version();
    version.codes = codes_of(Gate::Address);
    version.codes[0].rows.remove(0);
    let policy = policy(vec![version]);
    let statement = write(&policy, Dialect::Sqlite).expect("a statement");
    let id = |id: &str| ("case_id", Sql::Text(id.to_owned()));
    let rows = [
        columns([id("1")]),
        columns([id("2"), ("procedure_codes", Sql::Text("10001".to_owned()))]),
    ];
    let told = told(&statement, &rows);
    assert_eq!(
        told,
        [
            "Text(\"1\") Text(\"pend\")",
            "Text(\"2\") Text(\"not-addressed\")"
        ]
    );
}
