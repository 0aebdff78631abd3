//! `lookback sql`: the statements it writes, and what it refuses.

use std::collections::BTreeSet;

use lookback::policy::{Criterion, CriterionId, Version};
use lookback::replay::sql::{Dialect, SqlError, SqlReplay};
use serde_json::json;

use super::{is_one_query, plain_version, policy, write};
use crate::environment::Environment;

#[test]
fn the_statement_for_the_shipped_policy() {
    let environment = Environment::new();
    for dialect in Dialect::ALL {
        let name = dialect.name();
        let run = environment.run(&["sql", "CP.MP.173", "--dialect", name]);
        is_one_query(&run.stdout, dialect);
        insta::assert_snapshot!(format!("cp_mp_173_{name}"), run.page());
    }
}

/// A policy whose words, numbers and rules are as awkward as they get.
#[test]
fn awkward_words_are_literals() {
    let library = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/engines/library");
    let environment = Environment::new();
    for dialect in Dialect::ALL {
        let name = dialect.name();
        let run = environment.run(&["--library", library, "sql", "EN.1", "--dialect", name]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert!(!run.stdout.contains('\u{200b}'), "{name}");
        is_one_query(&run.stdout, dialect);
    }
}

#[test]
fn a_name_of_a_table_is_a_name() {
    let policy = policy(vec![plain_version()]);
    let versions: Vec<&Version> = policy.versions.iter().collect();
    let write = |table: &str, dialect| {
        let replay = SqlReplay {
            policy: &policy,
            versions: &versions,
            dialect,
            table,
            without: &BTreeSet::new(),
        };
        replay.write()
    };
    for dialect in Dialect::ALL {
        let awkward = write("claims.cases\"; DROP TABLE `x` --", dialect);
        is_one_query(&awkward.expect("a statement").sql, dialect);
        for wrong in ["", "a..b", "cases\u{200b}", "a\nb"] {
            assert_eq!(
                write(wrong, dialect),
                Err(SqlError::Table(wrong.to_owned()))
            );
        }
    }
}

#[test]
fn names_that_engines_take_for_one_are_refused() {
    let long = "x".repeat(64);
    let mut version = plain_version();
    version.name = long;
    let one = policy(vec![version.clone()]);
    assert!(matches!(
        write(&one, Dialect::Postgres),
        Err(SqlError::LongName(_))
    ));
    assert!(write(&one, Dialect::Duckdb).is_ok());

    let child = |id: &str| Criterion {
        id: CriterionId::new(id).expect("an id"),
        ..version.criteria[0].clone()
    };
    let mut version = plain_version();
    version.criteria[0].children = vec![child("I.a"), child("I.A")];
    let alike = policy(vec![version]);
    assert!(matches!(
        write(&alike, Dialect::Spark),
        Err(SqlError::SameName(..))
    ));
}

#[test]
fn json_tells_what_is_read_and_given() {
    let environment = Environment::new();
    let arguments = [
        "sql",
        "CP.MP.173",
        "--against",
        "2019-07,2020-01",
        "--without",
        "policy,drug",
    ];
    let document = environment.json(&arguments);
    assert_eq!(document["schema"], "lookback/sql/1");
    assert_eq!(
        document["versions"],
        json!(["CP.MP.173@2019-07", "CP.MP.173@2020-01"])
    );
    assert_eq!(
        document["gives"],
        json!([
            "case_id",
            "rejected",
            "determination_2019-07",
            "deciding_2019-07",
            "determination_2020-01",
            "deciding_2020-01",
            "flip_2019-07_2020-01"
        ])
    );
    let reads = document["reads"].as_array().expect("columns");
    assert_eq!(
        reads[0],
        json!({ "column": "case_id", "type": "VARCHAR", "without": false })
    );
    assert_eq!(
        reads[1],
        json!({ "column": "policy", "type": "VARCHAR", "without": true })
    );
    assert!(reads.contains(
        &json!({ "column": "life_expectancy_months", "type": "DOUBLE", "without": false })
    ));
    let statement = document["statement"].as_str().expect("a statement");
    is_one_query(statement, Dialect::Duckdb);
    let text = environment.run(&arguments).stdout;
    assert!(
        text.ends_with(&format!("\n\n{statement}\n")),
        "the head, then the statement"
    );
}

#[test]
fn the_statement_is_written_to_a_file() {
    let environment = Environment::new();
    let arguments = ["sql", "CP.MP.173", "--out", "replay.sql"];
    let run = environment.run(&arguments);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{}", run.stderr);
    let printed = environment.run(&["sql", "CP.MP.173"]).stdout;
    assert_eq!(environment.read("replay.sql"), printed);
    assert_eq!(
        environment.run(&arguments).code,
        2,
        "nothing is replaced unasked"
    );
}

#[test]
fn problems_name_the_way_out() {
    let environment = Environment::with_library();
    let folder = "policy-versions/CP.MP.174";
    let policy = environment.read("policy-versions/CP.MP.173/policy.toml");
    environment.write(
        &format!("{folder}/policy.toml"),
        policy.replace("CP.MP.173", "CP.MP.174").as_bytes(),
    );
    let wrong: [&[&str]; 6] = [
        &["sql", "CP.MP.137"],
        &["sql", "CP.MP.173", "--against", "2018-01"],
        &["sql", "CP.MP.173", "--table", "claims..cases"],
        &["sql", "CP.MP.173", "--without", "life_expectancy"],
        &["sql", "CP.MP.173", "--without", "case_id"],
        &["sql", "CP.MP.174"],
    ];
    let report: Vec<_> = wrong
        .iter()
        .map(|arguments| {
            let run = environment.run(arguments);
            assert_eq!(run.stdout, "", "{arguments:?}");
            format!(
                "$ lookback {}\nexit {}\n{}",
                arguments.join(" "),
                run.code,
                run.stderr
            )
        })
        .collect();
    insta::assert_snapshot!("sql_problems", report.join("\n"));
}
