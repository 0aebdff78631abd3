//! Files of cases in every form, and versions that are not in the library, as
//! people and programs see them.

use std::io::Write;

use serde_json::Value;

use crate::environment::Environment;

/// Rows that are sound, and one of each fault.
const CASES: &[u8] = b"case_id,local_infection,drug,life_expectancy_months,colour,service\n\
    A-1,no,opioid,12,red,trial\n\
    A-2,no,opioid,12,red,trial\n\
    A-3,,,,,\n\
    A-4,\"no\",\"opioid\",\"12\",\"light, or \"\"dark\"\"\nred\",trial\n\
    A-5,no,opioid,twelve,red,trail\n\
    A-6,yes,opioid,12,red,trial\n\
    A-2,no,opioid,12,red,trial\n\
    A-7,no,opi\xefd,12,red,trial\n\
    A-8,no,opioid,12";

fn ids(replayed: &Value) -> Vec<&str> {
    let results = replayed["results"].as_array().expect("results");
    let ids = results
        .iter()
        .map(|one| one["case"].as_str().expect("an id"));
    ids.collect()
}

#[test]
fn a_csv_with_every_fault_is_replayed_without_the_rows_at_fault() {
    let environment = Environment::new();
    environment.write("cases.csv", CASES);
    let run = environment.run(&["replay", "cases.csv", "--against", "latest"]);
    insta::assert_snapshot!("csv_with_faults", run.page());
    let run = environment.run(&["replay", "cases.csv", "--json"]);
    assert_eq!(run.code, 3);
    let replayed: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(ids(&replayed), ["A-1", "A-2", "A-3", "A-4", "A-6"]);
    assert_eq!(replayed["rejected"], 5);
    let run = environment.run(&["replay", "cases.csv", "--json", "--ignore-column", "colour"]);
    let replayed: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(replayed["rejected"], 4);
}

fn packed(text: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(vec![], flate2::Compression::default());
    writer.write_all(text).expect("memory");
    writer.finish().expect("memory")
}

#[test]
fn the_same_cases_come_from_every_form() {
    let environment = Environment::new();
    let csv = b"Auth No,drug,local_infection,service\r\nA-1,opioid,no,trial\r\n";
    let json =
        br#"{"case_id":"A-1","facts":{"drug":"opioid","local_infection":false,"service":"trial"}}"#;
    environment.write("a.csv", csv);
    environment.write("a.csv.gz", &packed(csv));
    environment.write("a.csv.zst", &zstd::encode_all(&csv[..], 0).expect("memory"));
    environment.write("a.export", &packed(csv));
    environment.write("a.jsonl", json);
    let column = ["--column", "case_id=Auth No"];
    let replay = |file: &str, column: &[&str], input: &[u8]| {
        let arguments = [&["replay", file, "--json"], column].concat();
        let run = environment.run_on(&arguments, input);
        assert_eq!(run.code, 0, "{file}: {}", run.stderr);
        let mut replayed: Value = serde_json::from_str(&run.stdout).expect("JSON");
        replayed["provenance"] = Value::Null;
        replayed
    };
    let expected = replay("a.jsonl", &[], b"");
    assert_eq!(ids(&expected), ["A-1"]);
    for file in ["a.csv", "a.csv.gz", "a.csv.zst", "a.export"] {
        assert_eq!(replay(file, &column, b""), expected, "{file}");
    }
    for input in [csv.to_vec(), packed(csv)] {
        assert_eq!(replay("-", &column, &input), expected);
    }
    assert_eq!(replay("-", &[], json), expected);
}

#[test]
fn what_is_no_file_of_cases_comes_with_a_way_out() {
    let environment = Environment::new();
    let csv = b"case_id,drug\nA-1,opioid\n";
    environment.write("a.csv", csv);
    environment.write("a.jsonl", br#"{"case_id":"A-1"}"#);
    environment.write("a.parquet", csv);
    environment.write("a.parquet.gz", &packed(csv));
    environment.write("cut.csv.gz", &packed(csv)[..30]);
    environment.write("empty.csv", b"");
    environment.write("folder/a.csv", csv);
    let told: Vec<String> = [
        &["a.csv", "a.jsonl"][..],
        &["a.parquet"],
        &["a.parquet.gz"],
        &["cut.csv.gz"],
        &["empty.csv"],
        &["folder"],
        &["-", "-"],
        &["a.jsonl", "--ignore-column", "drug"],
        &["a.csv", "--column", "drugs=drug"],
        &["a.csv", "--column", "service=Service"],
        &["a.csv", "--column", "drug"],
    ]
    .iter()
    .map(|arguments| {
        let run = environment.run(&[&["replay", "--flips"], *arguments].concat());
        let page = run.page();
        let rejects = page.split("Rejected rows").nth(1).unwrap_or(&page);
        let rejects = rejects.split("\n\nprogram").next().unwrap_or_default();
        format!(
            "$ lookback replay {}\nexit {} {rejects}",
            arguments.join(" "),
            run.code
        )
    })
    .collect();
    insta::assert_snapshot!("files_that_are_none", told.join("\n\n"));
}

#[test]
fn a_library_keeps_cases_as_csv_too() {
    let environment = Environment::with_library();
    environment.write(
        "policy-versions/CP.MP.173/more.csv",
        b"case_id,drug\nM-1,opioid\nIPP-0001,opioid\n",
    );
    let run = environment.run(&["replay", "--json"]);
    assert_eq!(run.code, 3);
    let replayed: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(ids(&replayed).last(), Some(&"M-1"));
    assert_eq!(replayed["rejects"][0]["line"], 3);
    let explained = environment.json(&["explain", "M-1"]);
    assert_eq!(explained["case"], "M-1");
}

#[test]
fn drafts_and_edits_are_replayed_beside_what_is_approved() {
    let environment = Environment::with_library();
    let edit = "II.B.1: pain_reduction_pct >= 60";
    let arguments = ["replay", "--flips", "--against", "latest", "--edit", edit];
    insta::assert_snapshot!("replay_edit", environment.run(&arguments).page());
    let replayed = environment.json(&arguments);
    let edited = &replayed["provenance"]["versions"][1];
    assert_eq!(edited["version"], "CP.MP.173@2020-01+edit");
    assert_eq!(edited["edited_from"], "CP.MP.173@2020-01");
    assert_eq!(edited["edits"][0], edit);

    // A copy of an approved version comes out as that does.
    let copy = environment.read("policy-versions/CP.MP.173/2019-07.toml");
    environment.write("next.toml", copy.as_bytes());
    let replayed = environment.json(&["replay", "--draft", "next.toml", "--against", "2019-07"]);
    let counts = &replayed["counts"];
    assert_eq!(
        counts["CP.MP.173@DRAFT-2019-07"],
        counts["CP.MP.173@2019-07"]
    );
    assert_eq!(replayed["flips"], serde_json::json!([]));
    assert_eq!(replayed["provenance"]["versions"][1]["file"], "next.toml");

    let broken = copy.replace("life_expectancy_months > 3", "life_expectancy_month > 3");
    environment.write("broken.toml", broken.as_bytes());
    let told: Vec<String> = [
        &["--edit", "2019-02/II.B.99: active_infection"][..],
        &["--edit", "II.B.1 pain_reduction_pct >= 60"],
        &["--edit", "@2019-07/II.B.1:  pain_reduction >= 60"],
        &[
            "--edit",
            "II.B.1: active_infection",
            "--edit",
            "II.B.1: drug",
        ],
        &["--edit", edit, "--against", "in-force"],
        &["--draft", "broken.toml"],
        &["--draft", "next.toml", "--draft", "next.toml"],
        &["--draft", "missing.toml"],
    ]
    .iter()
    .map(|arguments| {
        let run = environment.run(&[&["replay"], *arguments].concat());
        format!("$ lookback replay {}\n{}", arguments.join(" "), run.page())
    })
    .collect();
    insta::assert_snapshot!("what_if_problems", told.join("\n"));
}
