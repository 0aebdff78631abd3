use super::*;
use crate::policy::FactValue;

const POLICY: &str = r#"format = 1
reference = "P.1"
title = "A policy"
publisher = "Nobody"

[facts.infection]
ask = "Is there an infection?"
type = "bool"

[facts.months]
ask = "Life expectancy"
type = "number"
unit = "months"
"#;

const VERSION: &str = r#"format = 1
version = "2020-01"
effective = "2020-01"
provenance = "published"

[[criteria]]
id = "I"
text = "Covered when:"
[[criteria]]
id = "I.A"
text = "No infection."
rule = "!infection"
"#;

fn facts() -> Dictionary {
    let (policy, diagnostics) = read_policy("policy.toml", POLICY.as_bytes());
    assert_eq!(diagnostics, []);
    policy.expect("a policy").facts
}

/// Every diagnostic of a version file, one a line.
fn faults(version: &[u8]) -> String {
    let (value, diagnostics) = read_version("2020-01.toml", version, &facts());
    assert!(value.is_none(), "a file with errors yields no version");
    let lines: Vec<_> = diagnostics.iter().map(Diagnostic::to_string).collect();
    lines.join("\n")
}

#[test]
fn a_version_is_read_whole() {
    let (version, diagnostics) = read_version("2020-01.toml", VERSION.as_bytes(), &facts());
    assert_eq!(diagnostics, []);
    let version = version.expect("a version");
    assert_eq!(version.criteria.len(), 1);
    assert_eq!(version.criteria[0].children[0].id.as_str(), "I.A");
    assert_eq!(
        version.hash.to_string(),
        format!("{}", ContentHash(Sha256::digest(VERSION.as_bytes()).into()))
    );
}

#[test]
fn every_fault_names_file_line_and_the_way_out() {
    let changed = |from: &str, to: &str| {
        assert!(VERSION.contains(from));
        VERSION.replace(from, to).into_bytes()
    };
    let table: Vec<(&str, Vec<u8>)> = vec![
        ("unknown key", changed("provenance =", "provenence =")),
        ("unknown key in a list", changed("rule =", "rul =")),
        ("unknown fact", changed("!infection", "!infektion")),
        ("wrong type", changed("!infection", "infection > 3")),
        (
            "wrong value type",
            changed("text = \"No infection.\"", "text = 3"),
        ),
        (
            "impossible date",
            changed("effective = \"2020-01\"", "effective = \"2020-02-30\""),
        ),
        ("not UTF-8", [VERSION.as_bytes(), b"\n# caf\xe9\n"].concat()),
        (
            "not TOML",
            changed("[[criteria]]\nid = \"I\"", "[[criteria]\nid = \"I\""),
        ),
        ("missing key", changed("text = \"No infection.\"\n", "")),
        ("orphan", changed("\"I.A\"", "\"II.A\"")),
        ("twice", changed("\"I.A\"", "\"I\"")),
        ("scope below a statement", changed("rule =", "when =")),
        (
            "combinator",
            changed("id = \"I\"\n", "id = \"I\"\nneed = \"al\"\n"),
        ),
        (
            "count",
            changed("id = \"I\"\n", "id = \"I\"\nneed = { at_least = 2 }\n"),
        ),
        (
            "nothing to combine",
            changed("rule = \"!infection\"", "need = \"any\""),
        ),
        (
            "diagnoses that address",
            format!("{VERSION}[[codes]]\nsystem = \"ICD-10-CM\"\ntitle = \"t\"\ngate = \"address\"\nrows = []\n")
                .into_bytes(),
        ),
        ("newer format", changed("format = 1", "format = 2")),
        (
            "name",
            changed("version = \"2020-01\"", "version = \"../2020\""),
        ),
        (
            "two at once",
            changed("!infection", "!infektion\"\nned = \"all"),
        ),
    ];
    let report: Vec<_> = table
        .iter()
        .map(|(name, bytes)| format!("== {name}\n{}", faults(bytes)))
        .collect();
    insta::assert_snapshot!(report.join("\n"));
}

#[test]
fn faults_of_a_dictionary() {
    let table = [
        ("type", POLICY.replace("\"bool\"", "\"boolean\"")),
        ("no choices", POLICY.replace("\"bool\"", "\"choice\"")),
        (
            "implies a number",
            POLICY.replace("\"bool\"", "\"bool\"\nimplies = [\"months\"]"),
        ),
        (
            "implies nothing known",
            POLICY.replace("\"bool\"", "\"bool\"\nimplies = [\"month\"]"),
        ),
        ("name", POLICY.replace("facts.infection", "facts.Infection")),
        ("path", POLICY.replace("P.1", "../P")),
    ];
    let report: Vec<_> = table
        .iter()
        .map(|(name, text)| {
            let (value, diagnostics) = read_policy("policy.toml", text.as_bytes());
            assert!(value.is_none(), "{name}");
            let lines: Vec<_> = diagnostics.iter().map(Diagnostic::to_string).collect();
            format!("== {name}\n{}", lines.join("\n"))
        })
        .collect();
    insta::assert_snapshot!(report.join("\n"));
}

#[test]
fn codes_a_document_misprints_are_kept_with_a_warning() {
    let text = format!(
        "{VERSION}\n[[codes]]\nsystem = \"CPT\"\ntitle = \"t\"\ngate = \"address\"\nrows = [\n  \
         {{ code = \"6232O\", text = \"a\" }},\n  {{ code = \"62321\", text = \"b\" }},\n  \
         {{ code = \"62321\", text = \"b\" }},\n]\n"
    );
    let (version, diagnostics) = read_version("v.toml", text.as_bytes(), &facts());
    assert_eq!(version.expect("a version").codes[0].rows.len(), 3);
    let lines: Vec<_> = diagnostics.iter().map(Diagnostic::to_string).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn byte_order_marks_and_line_ends_do_not_matter() {
    let crlf = format!("\u{feff}{}", VERSION.replace('\n', "\r\n"));
    let (version, diagnostics) = read_version("v.toml", crlf.as_bytes(), &facts());
    assert_eq!(diagnostics, []);
    assert!(version.is_some());
}

#[test]
fn a_literal_in_a_rule_has_the_type_of_its_fact() {
    let text = VERSION.replace("!infection", "months > 3");
    let (version, _) = read_version("v.toml", text.as_bytes(), &facts());
    let version = version.expect("a version");
    let rule = version.criteria[0].children[0]
        .rule
        .clone()
        .expect("a rule");
    let mut values = vec![];
    rule.expr.for_each_test(&mut |test| {
        if let crate::policy::Test::Compare { value, .. } = test {
            values.push(value.clone());
        }
    });
    assert_eq!(values, [FactValue::Number(3.0)]);
}

#[test]
fn very_many_faults_and_very_long_words_stay_readable() {
    let rows = format!("{{ code = \"{}\", text = \"\" }},\n", "x".repeat(1_000)).repeat(500);
    let wrong = "[[criteria]]\nid = \"?\"\ntext = \"\"\n".repeat(2_000);
    let text = format!(
        "{VERSION}{wrong}[[codes]]\nsystem = \"CPT\"\ntitle = \"t\"\ngate = \"address\"\nrows = [\n{rows}]\n"
    );
    let (version, diagnostics) = read_version("v.toml", text.as_bytes(), &facts());
    assert!(version.is_none());
    assert_eq!(diagnostics.len(), 402);
    assert!(
        diagnostics
            .iter()
            .all(|one| one.message.chars().count() < 200)
    );
    let more: Vec<_> = diagnostics.iter().rev().take(2).collect();
    assert_eq!(more[1].message, "and 1800 more errors");
    assert_eq!(more[0].severity, super::super::Severity::Warning);
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes: Vec<u8>, at in 0usize..400, text in ".{0,20}") {
        let _ = read_version("v.toml", &bytes, &facts());
        let mut damaged = VERSION.to_owned();
        let at = (0..=at.min(damaged.len())).rev().find(|at| damaged.is_char_boundary(*at)).unwrap_or(0);
        damaged.insert_str(at, &text);
        let _ = read_version("v.toml", damaged.as_bytes(), &facts());
    }
}
