//! The replay as SQL: on SQLite it says what the reference evaluator says, and
//! every dialect's statement is read back by a parser.

mod command;
mod generated;
mod meaning;

use std::collections::{BTreeMap, BTreeSet};

use lookback::cases::{Case, CaseBook, JsonRows, Vocabulary};
use lookback::criteria::evaluate;
use lookback::policy::{Policy, Version};
use lookback::replay::sql::{Dialect, SqlError, SqlReplay, Statement};
use rusqlite::types::Value as Sql;
use serde_json::{Value, json};
use sqlparser::dialect::{DatabricksDialect, DuckDbDialect, PostgreSqlDialect, SQLiteDialect};

use crate::generate;

/// A row as a case file and as a table has it.
#[derive(Clone, Debug)]
struct Row {
    json: Value,
    columns: BTreeMap<String, Sql>,
}

/// A field of a row, as JSON and as SQL have it.
type Field = (Value, Sql);

fn text(text: &str) -> Field {
    (json!(text), Sql::Text(text.to_owned()))
}

fn missing() -> Field {
    (Value::Null, Sql::Null)
}

fn policy(versions: Vec<Version>) -> Policy {
    Policy {
        reference: "P.1".to_owned(),
        title: String::new(),
        publisher: String::new(),
        facts: generate::dictionary(),
        versions,
        unread: vec![],
    }
}

fn write(policy: &Policy, dialect: Dialect) -> Result<Statement, SqlError> {
    let versions: Vec<&Version> = policy.versions.iter().collect();
    SqlReplay {
        policy,
        versions: &versions,
        dialect,
        table: "cases",
        without: &BTreeSet::new(),
    }
    .write()
}

/// What a statement gives for each row of a table with the columns it reads.
fn run(statement: &Statement, rows: &[BTreeMap<String, Sql>]) -> Vec<BTreeMap<String, Sql>> {
    let database = rusqlite::Connection::open_in_memory().expect("a database");
    let columns: Vec<&str> = statement
        .reads
        .iter()
        .map(|one| one.column.as_str())
        .collect();
    let named: Vec<String> = columns.iter().map(|name| format!("\"{name}\"")).collect();
    let create = format!("CREATE TABLE cases ({})", named.join(", "));
    database.execute(&create, []).expect("a table");
    let marks = vec!["?"; columns.len()].join(", ");
    let insert = format!("INSERT INTO cases VALUES ({marks})");
    for row in rows {
        let values = columns
            .iter()
            .map(|name| row.get(*name).unwrap_or(&Sql::Null));
        let values = rusqlite::params_from_iter(values);
        database.execute(&insert, values).expect("a row");
    }
    let mut query = database
        .prepare(&statement.sql)
        .unwrap_or_else(|error| panic!("{error}\n{}", statement.sql));
    let names: Vec<String> = query.column_names().map(str::to_owned).collect();
    assert_eq!(names, statement.gives);
    let found = query.query_map([], |row| {
        let fields = names.iter().enumerate();
        fields
            .map(|(index, name)| Ok((name.clone(), row.get(index)?)))
            .collect()
    });
    let found = found.expect("an answer");
    found.collect::<Result<_, _>>().expect("rows")
}

fn by_case(answers: Vec<BTreeMap<String, Sql>>) -> BTreeMap<String, BTreeMap<String, Sql>> {
    let id = |row: &BTreeMap<String, Sql>| match &row["case_id"] {
        Sql::Text(id) => id.clone(),
        other => panic!("{other:?} is no identifier"),
    };
    answers.into_iter().map(|row| (id(&row), row)).collect()
}

/// What the reference evaluator says, as the statement would put it.
fn expected(policy: &Policy, case: &Case) -> BTreeMap<String, Sql> {
    let mut row = BTreeMap::new();
    row.insert("case_id".to_owned(), Sql::Text(case.id.clone()));
    row.insert("rejected".to_owned(), Sql::Null);
    let mut before: Option<(&str, lookback::criteria::Determination)> = None;
    for version in &policy.versions {
        let explanation = evaluate(version, &case.request);
        let name = version.name.as_str();
        let determination = explanation.determination;
        let text = |text: String| Sql::Text(text);
        row.insert(
            format!("determination_{name}"),
            text(determination.to_string()),
        );
        let deciding: Vec<&str> = explanation.deciding.iter().map(|id| id.as_str()).collect();
        row.insert(format!("deciding_{name}"), text(deciding.join(" ")));
        if let Some((older, was)) = before {
            let flips = i64::from(was != determination);
            row.insert(format!("flip_{older}_{name}"), Sql::Integer(flips));
        }
        before = Some((name, determination));
    }
    row
}

/// Holds what a statement gives against the reference evaluator, row by row.
fn agrees(policy: &Policy, statement: &Statement, rows: &[Row]) {
    let columns: Vec<_> = rows.iter().map(|row| row.columns.clone()).collect();
    let answers = by_case(run(statement, &columns));
    assert_eq!(answers.len(), rows.len());
    let lines: Vec<String> = rows.iter().map(|row| row.json.to_string()).collect();
    let vocabulary = Vocabulary::of([policy]);
    let lines = lines.join("\n");
    let mut read = CaseBook::default();
    JsonRows::new(lines.as_bytes(), &vocabulary).for_each(|row| read.add("rows", row));
    for case in &read.cases {
        assert_eq!(
            answers[&case.id],
            expected(policy, case),
            "{}\n{}",
            case.id,
            statement.sql
        );
    }
    for reject in &read.rejects {
        let row = &rows[reject.line - 1];
        let answer = &answers[row.json["case_id"].as_str().expect("an identifier")];
        let Sql::Text(_) = &answer["rejected"] else {
            panic!(
                "{} is not rejected: {}\n{:?}",
                row.json, reject.reason, answer
            );
        };
        let others = answer
            .iter()
            .filter(|(name, _)| !["case_id", "rejected"].contains(&name.as_str()));
        for (name, value) in others {
            assert_eq!(*value, Sql::Null, "{name}");
        }
    }
}

/// A version with one statement, answered directly.
fn plain_version() -> Version {
    let text = "format = 1\nversion = \"2020-01\"\neffective = \"2020-01\"\nprovenance = \"draft\"\n\
                [[criteria]]\nid = \"I\"\ntext = \"covered when\"\n";
    let (version, faults) =
        lookback::format::read_version("2020-01.toml", text.as_bytes(), &generate::dictionary());
    assert_eq!(faults, []);
    version.expect("a version")
}

fn is_one_query(sql: &str, dialect: Dialect) {
    use sqlparser::ast::Statement::Query;
    let parse = |sql: &str| {
        let parsed = match dialect {
            Dialect::Duckdb => sqlparser::parser::Parser::parse_sql(&DuckDbDialect {}, sql),
            Dialect::Spark => sqlparser::parser::Parser::parse_sql(&DatabricksDialect {}, sql),
            Dialect::Postgres => sqlparser::parser::Parser::parse_sql(&PostgreSqlDialect {}, sql),
            Dialect::Sqlite => {
                // SQLite knows the word, the parser knows it of PostgreSQL only.
                let sql = sql.replace(" AS MATERIALIZED (", " AS (");
                sqlparser::parser::Parser::parse_sql(&SQLiteDialect {}, &sql)
            }
        };
        parsed.unwrap_or_else(|error| panic!("{}: {error}\n{sql}", dialect.name()))
    };
    let parsed = parse(sql);
    let [Query(query)] = parsed.as_slice() else {
        panic!("one query, not {parsed:?}");
    };
    assert_eq!(parse(&query.to_string()), parsed);
}

/// The columns of a row, by name.
fn columns<const N: usize>(columns: [(&str, Sql); N]) -> BTreeMap<String, Sql> {
    columns.map(|(name, value)| (name.to_owned(), value)).into()
}
