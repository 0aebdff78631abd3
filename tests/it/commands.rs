//! The commands on the embedded library, as people and programs see them.

use serde_json::{Value, json};

use crate::environment::Environment;

fn strings<'a>(values: &'a Value, field: &str) -> Vec<&'a str> {
    let values = values.as_array().expect("an array");
    values
        .iter()
        .filter_map(|value| value[field].as_str())
        .collect()
}

#[test]
fn pages() {
    let environment = Environment::new();
    let pages: [(&str, &[&str]); 19] = [
        ("search", &["search", "infection"]),
        ("search_fuzzy", &["search", "infecton", "kind:criterion"]),
        ("search_code", &["search", "62351"]),
        ("search_nothing", &["search", "xylophone"]),
        ("codes", &["codes", "6236*"]),
        ("codes_unlisted", &["codes", "99999"]),
        ("codes_diagnosis", &["codes", "G57.73"]),
        ("codes_sibling", &["codes", "G90.529"]),
        (
            "show_criteria",
            &["show", "CP.MP.173@2019-08-14", "--section", "criteria"],
        ),
        ("diff", &["diff", "CP.MP.173"]),
        ("diff_codes", &["diff", "CP.MP.173@2019-02..2019-07"]),
        ("diff_since", &["diff", "--since", "2018"]),
        ("log", &["log"]),
        ("effect", &["effect"]),
        ("effect_codes", &["effect", "CP.MP.173@2019-02..2019-07"]),
        ("replay_flips", &["replay", "--flips"]),
        (
            "explain_not_met",
            &["explain", "IPP-0033", "--against", "latest"],
        ),
        ("explain_pend", &["explain", "IPP-0042"]),
        ("check", &["check"]),
    ];
    for (name, arguments) in pages {
        insta::assert_snapshot!(name, environment.run(arguments).page());
    }
}

#[test]
fn documents_to_hand_on() {
    let environment = Environment::new();
    let documents: [(&str, &[&str]); 4] = [
        ("redline_html", &["diff", "--format", "html"]),
        (
            "redline_md",
            &["diff", "CP.MP.173@2019-02..2020-01", "--format", "md"],
        ),
        ("log_md", &["log", "--format", "md"]),
        ("check_sarif", &["check", "--format", "sarif"]),
    ];
    for (name, arguments) in documents {
        insta::assert_snapshot!(name, environment.run(arguments).page());
    }
}

#[test]
fn help_is_for_people() {
    let environment = Environment::new();
    insta::assert_snapshot!("help", environment.run(&["--help"]).page());
    insta::assert_snapshot!("help_replay", environment.run(&["replay", "--help"]).page());
}

#[test]
fn problems_name_the_way_out() {
    let environment = Environment::new();
    let wrong: [&[&str]; 9] = [
        &["show", "CP.MP.137"],
        &["show", "CP.MP.173@2019-07-10"],
        &["diff", "CP.MP.173@2019-02"],
        &["codes", "pump"],
        &["search", "pump", "--kind", "criterium"],
        &["explain", "IPP-00"],
        &["replay", "no-such-file.jsonl"],
        &["--library", "nowhere", "show"],
        &["--at", "HEAD", "show"],
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
    insta::assert_snapshot!(report.join("\n"));
}

#[test]
fn diff_finds_the_three_criteria_and_the_four_codes() {
    let environment = Environment::new();
    let wording = environment.json(&["diff", "CP.MP.173@2019-07", "CP.MP.173@2020-01"]);
    assert_eq!(wording["schema"], "lookback/diff/1");
    assert_eq!(
        strings(&wording["criteria"], "id_new"),
        ["I.A.4", "I.B.9", "II.B.3"]
    );
    assert_eq!(strings(&wording["criteria"], "kind"), ["changed"; 3]);
    assert_eq!(wording["codes"], json!([]));
    assert_eq!(wording["sections"], json!([]));

    let codes = environment.json(&["diff", "CP.MP.173@2019-02", "CP.MP.173@2019-07"]);
    assert_eq!(codes["criteria"], json!([]));
    assert_eq!(
        strings(&codes["codes"], "code"),
        ["62320", "62321", "62351", "62361"]
    );
    assert_eq!(strings(&codes["codes"], "kind"), ["added"; 4]);
}

#[test]
fn search_finds_each_wording_once_with_its_span() {
    let environment = Environment::new();
    let found = environment.json(&["search", "infection"]);
    let hits = found["hits"].as_array().expect("hits");
    let spans: Vec<_> = hits
        .iter()
        .filter(|hit| hit["kind"] == "criterion")
        .map(|hit| (&hit["text"], &hit["versions"], &hit["ids"]))
        .collect();
    let ids = json!(["I.A.4", "I.B.9", "II.B.3"]);
    assert_eq!(
        spans,
        [
            (
                &json!("No active infection."),
                &json!(["2020-01", "2020-01"]),
                &ids
            ),
            (
                &json!("No local infection at the catheter site."),
                &json!(["2019-02", "2019-07"]),
                &ids
            ),
        ]
    );
}

#[test]
fn codes_tell_since_when() {
    let found = Environment::new().json(&["codes", "62351"]);
    let listing = &found["codes"][0]["listings"][0];
    assert_eq!(listing["versions"], json!([["2019-07", "2020-01"]]));
    assert_eq!(listing["absent"], json!(["2019-02"]));
}

#[test]
fn replay_counts_flips_and_deviations() {
    let replayed = Environment::new().json(&["replay", "--against", "all"]);
    let versions = [
        "CP.MP.173@2019-02",
        "CP.MP.173@2019-07",
        "CP.MP.173@2020-01",
    ];
    assert_eq!(replayed["versions"], json!(versions));
    assert_eq!(replayed["rejected"], 0);
    let cases = replayed["cases"].as_u64().expect("a number");
    for version in versions {
        let counts = replayed["counts"][version].as_object().expect("counts");
        let sum: u64 = counts.values().filter_map(Value::as_u64).sum();
        assert_eq!(sum, cases, "{version}");
    }
    let elsewhere = replayed["flips"]
        .as_array()
        .expect("flips")
        .iter()
        .find(|flip| flip["case"] == "IPP-0033")
        .expect("the flip of IPP-0033");
    assert_eq!(
        elsewhere["because"],
        json!([{
            "criterion": "I.A.4",
            "was": "met",
            "now": "not-met",
            "facts": { "local_infection": false, "active_infection": true },
        }])
    );
    let deviating: Vec<_> = replayed["results"]
        .as_array()
        .expect("results")
        .iter()
        .filter(|result| result["reproduced"] == false)
        .map(|result| result["case"].as_str().expect("a case"))
        .collect();
    assert_eq!(deviating.len(), 7);
}

#[test]
fn every_document_tells_what_it_rests_on() {
    let environment = Environment::new();
    let documents: [&[&str]; 9] = [
        &["search", "infection"],
        &["codes", "62351"],
        &["show"],
        &["diff"],
        &["log"],
        &["effect"],
        &["replay"],
        &["explain", "IPP-0001"],
        &["check"],
    ];
    for arguments in documents {
        let document = environment.json(arguments);
        let schema = format!("lookback/{}/1", arguments[0]);
        assert_eq!(document["schema"], schema);
        let provenance = &document["provenance"];
        assert_eq!(
            provenance["library"]["place"], "embedded library",
            "{arguments:?}"
        );
        let hash = provenance["versions"][0]["sha256"]
            .as_str()
            .expect("a hash");
        assert_eq!(hash.len(), 64, "{arguments:?}");
    }
}

#[test]
fn the_same_question_has_the_same_bytes_for_an_answer() {
    let environment = Environment::new();
    for arguments in [&["replay", "--json"][..], &["search", "pain"], &["check"]] {
        assert_eq!(
            environment.run(arguments).stdout,
            environment.run(arguments).stdout
        );
    }
}

#[test]
fn exit_codes() {
    let environment = Environment::with_library();
    environment.write("good.jsonl", b"{\"case_id\":\"a\"}\n");
    environment.write("bad.jsonl", b"{\"case_id\":\"a\"}\n{\"case_id\":\"a\"}\n");
    let table: [(&[&str], i32); 9] = [
        (&["diff"], 0),
        (&["diff", "--exit-code"], 1),
        (&["replay", "--exit-code"], 1),
        (&["replay", "good.jsonl", "--exit-code"], 0),
        (&["replay", "bad.jsonl"], 3),
        (&["check"], 1),
        (&["show", "nothing"], 2),
        (&["no-such-command"], 2),
        (&["replay", "missing.jsonl"], 3),
    ];
    for (arguments, code) in table {
        let run = environment.run(arguments);
        assert_eq!(run.code, code, "{arguments:?}\n{}", run.stderr);
    }
}

#[test]
fn a_report_is_written_whole_and_for_its_owner_only() {
    let environment = Environment::new();
    let run = environment.run(&["replay", "--json", "--out", "report.json"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert!(environment.read("report.json").starts_with('{'));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let file = std::fs::metadata(environment.path("report.json")).expect("the report");
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }
    let refused = environment.run(&["replay", "--out", "no/such/folder/report.json"]);
    assert_eq!(refused.code, 4);
    let kept = environment.run(&["replay", "--flips", "--out", "report.json"]);
    assert_eq!(kept.code, 2, "a report is not replaced unasked");
    let replaced = environment.run(&["replay", "--flips", "--out", "report.json", "--force"]);
    assert_eq!(replaced.code, 0);
    assert!(
        environment.read("report.json").starts_with('{'),
        "named .json, written as JSON"
    );
}

#[test]
fn arguments_reach_the_terminal_only_as_text() {
    let environment = Environment::new();
    let hostile = "sh\u{1b}]0;title\u{7}ow\u{202e}";
    for arguments in [
        &[hostile][..],
        &["show", hostile],
        &["search", "--as-of", hostile, "x"],
        &["replay", hostile],
        &["--library", hostile, "show"],
        &["search", hostile],
    ] {
        let run = environment.run(arguments);
        let printed = format!("{}{}", run.stdout, run.stderr);
        for raw in ['\u{1b}', '\u{7}', '\u{202e}'] {
            assert!(!printed.contains(raw), "{arguments:?} lets {raw:?} through");
        }
    }
}

#[test]
fn colour_is_asked_for_or_left_out() {
    let environment = Environment::new();
    assert!(!environment.run(&["diff"]).stdout.contains('\u{1b}'));
    assert!(
        environment
            .run(&["diff", "--color", "always"])
            .stdout
            .contains('\u{1b}')
    );
}

#[test]
fn check_tells_what_the_log_leaves_out_and_gets_wrong() {
    let environment = Environment::with_library();
    let latest = "policy-versions/CP.MP.173/2020-01.toml";
    environment.edit(
        latest,
        "There is no active coagulopathy.",
        "There is no known coagulopathy.",
    );
    environment.edit(
        latest,
        "Added CPT 62320, 62321, 62351, 62361.",
        "Added CPT 62320, 62321, 62350, 62351, 62361.",
    );
    let run = environment.run(&["check", "--format", "sarif"]);
    assert_eq!(run.code, 1);
    let document: Value = serde_json::from_str(&run.stdout).expect("SARIF is JSON");
    let results = &document["runs"][0]["results"];
    let of = |rule: &str| -> Vec<String> {
        let results = results.as_array().expect("results").iter();
        results
            .filter(|one| one["ruleId"] == rule && one["level"] == "warning")
            .map(|one| {
                let place = &one["locations"][0]["logicalLocations"][0]["fullyQualifiedName"];
                let message = one["message"]["text"].as_str().unwrap_or_default();
                let message = message.lines().next().unwrap_or_default();
                format!("{}: {message}", place.as_str().unwrap_or_default())
            })
            .collect()
    };
    insta::assert_snapshot!(
        "check_log",
        [of("change-undeclared"), of("log-claim-contradicted")]
            .concat()
            .join("\n")
    );
    let rules = document["runs"][0]["tool"]["driver"]["rules"].as_array();
    let described = rules.expect("rules").iter().filter(|rule| {
        let id = rule["id"].as_str().unwrap_or_default();
        id.starts_with("log-") || id.starts_with("change-")
    });
    for rule in described {
        assert!(rule["shortDescription"]["text"].is_string(), "{rule}");
    }
    let redline = environment.run(&["diff", "--format", "html"]).stdout;
    assert!(redline.contains("The log does not declare this."));
}
