//! Any two: two states of the library, two policies, several versions.

use serde_json::{Value, json};

use crate::environment::Environment;
use crate::git::commit;

const LATEST: &str = "policy-versions/CP.MP.173/2020-01.toml";

/// A published version edited, a reconstruction touched, a policy added.
fn edited() -> Environment {
    let environment = Environment::with_library();
    commit(&environment, "first");
    environment.edit(
        LATEST,
        "rule = \"!active_infection\"",
        "rule = \"!local_infection\"",
    );
    environment.edit(
        "policy-versions/CP.MP.173/2019-02.toml",
        "approved = ",
        "# touched\napproved = ",
    );
    let head = environment.read("policy-versions/CP.MP.173/policy.toml");
    let head = head.replace("\"CP.MP.173\"", "\"XX.1\"");
    environment.write("policy-versions/XX.1/policy.toml", head.as_bytes());
    let version = environment.read(LATEST);
    let version = version.replace("life_expectancy_months > 3", "life_expectancy_months > 6");
    environment.write("policy-versions/XX.1/2020-01.toml", version.as_bytes());
    commit(&environment, "second");
    environment
}

fn kinds(document: &Value) -> Vec<(String, String, bool)> {
    let policies = document["policies"].as_array().expect("policies");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    policies
        .iter()
        .flat_map(|policy| {
            let versions = policy["versions"].as_array().expect("versions");
            versions.iter().map(|version| {
                let name = format!("{}@{}", text(&policy["policy"]), text(&version["version"]));
                let after = version["after_approval"] == json!(true);
                (name, text(&version["kind"]), after)
            })
        })
        .collect()
}

#[test]
fn what_commits_did_to_the_library_is_listed() {
    let environment = edited();
    let document = environment.json(&["diff", "--between", "HEAD~1..HEAD"]);
    assert_eq!(document["schema"], "lookback/diff-library/1");
    let kinds = kinds(&document);
    let kinds: Vec<_> = kinds
        .iter()
        .map(|(name, kind, after)| (name.as_str(), kind.as_str(), *after))
        .collect();
    assert_eq!(
        kinds,
        [
            ("CP.MP.173@2019-02", "edited", false),
            ("CP.MP.173@2020-01", "edited", true),
            ("XX.1@2020-01", "added", false),
        ]
    );
    let policies = document["policies"].as_array().expect("policies");
    assert_eq!(policies[1]["kind"], "added");
    let touched = &policies[0]["versions"][0]["changes"];
    assert_eq!(touched["criteria"], 0);
    assert_eq!(policies[0]["versions"][1]["changes"]["criteria"], 1);
    let provenance = &document["provenance"];
    assert_eq!(provenance["library"]["revision"], "HEAD");
    assert_eq!(provenance["library_old"]["revision"], "HEAD~1");

    let page = environment
        .run(&["diff", "--between", "HEAD~1..HEAD"])
        .stdout;
    for told in [
        "EDITED AFTER APPROVAL (approved 2020-01)",
        "its form only",
        "XX.1",
        "2 versions edited, 1 of them after publication",
    ] {
        assert!(page.contains(told), "{told}: {page}");
    }
    let same = environment.run(&["diff", "--between", "HEAD..HEAD", "--exit-code"]);
    assert!(same.stdout.contains("no policy, version or fact differs"));
    assert_eq!(same.code, 0);
    let only = environment.run(&["diff", "XX.1", "--between", "HEAD~1..HEAD", "--exit-code"]);
    assert!(!only.stdout.contains("CP.MP.173"), "{}", only.stdout);
    assert_eq!(only.code, 1);
    for (old, new, kind) in [("HEAD", "HEAD~1", "removed"), ("HEAD~1", "", "added")] {
        let range = format!("{old}..{new}");
        let document = environment.json(&["diff", "XX.1", "--between", &range]);
        assert_eq!(document["policies"][0]["kind"], kind, "{range}");
    }
}

#[test]
fn an_edit_of_a_version_is_told_as_an_edit() {
    let environment = edited();
    let range = ["--between", "HEAD~1..HEAD"];
    let arguments = [&["diff", "CP.MP.173@2020-01"], &range[..]].concat();
    let document = environment.json(&arguments);
    assert_eq!(document["relation"], "commits");
    assert_eq!(document["criteria"].as_array().map(Vec::len), Some(1));
    let page = environment.run(&arguments).stdout;
    assert!(page.starts_with("CP.MP.173@2020-01 at HEAD~1 to CP.MP.173@2020-01 at HEAD\n"));
    assert!(page.contains("an edit, not a revision"), "{page}");
    let redline = environment.run(&[&arguments[..], &["--format", "md"]].concat());
    for told in [
        "was not held against this change: it tells what versions changed",
        "**LOOSER",
        "## Stored cases",
    ] {
        assert!(redline.stdout.contains(told), "{told}: {}", redline.stdout);
    }
    let effect = environment.json(&[&["effect", "CP.MP.173@2020-01"], &range[..]].concat());
    assert_eq!(effect["verdict"], "looser");
    let two = ["diff", "CP.MP.173@2019-07", "CP.MP.173@2020-01"];
    let document = environment.json(&[&two, &range[..]].concat());
    assert_eq!(document["criteria"].as_array().map(Vec::len), Some(3));
}

#[test]
fn facts_that_mean_something_else_are_told_and_not_analysed() {
    let environment = Environment::with_library();
    commit(&environment, "first");
    environment.edit(
        "policy-versions/CP.MP.173/policy.toml",
        "implies = [\"active_infection\"]",
        "",
    );
    let range = ["--between", "HEAD.."];
    let page = environment.run(&[&["diff"], &range[..]].concat()).stdout;
    assert!(page.contains("fact local_infection changed"), "{page}");
    let latest = ["diff", "CP.MP.173@2019-07", "CP.MP.173@2020-01"];
    let page = environment.run(&[&latest, &range[..]].concat()).stdout;
    assert!(page.contains("fact local_infection changed"), "{page}");
    let arguments = ["effect", "CP.MP.173@2019-07", "CP.MP.173@2020-01"];
    let run = environment.run(&[&arguments, &range[..]].concat());
    assert_eq!(run.code, 2);
    let why = "local_infection implies active_infection and nothing";
    let told = run.stderr.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains(why), "{told}");
}

#[test]
fn what_cannot_be_read_is_in_doubt_and_not_gone() {
    let environment = Environment::with_library();
    commit(&environment, "first");
    environment.edit(LATEST, "format = 1", "format = 1\nnonsense = 2");
    let document = environment.json(&["diff", "--between", "HEAD.."]);
    let version = &document["policies"][0]["versions"][0];
    assert_eq!(version["kind"], "in-doubt");
    assert_eq!(version["in_doubt"], json!(["CP.MP.173/2020-01.toml"]));
    environment.write("policy-versions/CP.MP.173/policy.toml", b"format = 1\n");
    let document = environment.json(&["diff", "--between", "HEAD.."]);
    assert_eq!(document["policies"][0]["kind"], "in-doubt");
}

#[test]
fn a_range_that_is_none_names_the_way_out() {
    let environment = edited();
    for arguments in [
        &["diff", "--between", "HEAD"][..],
        &["diff", "--between", "..HEAD"],
        &["diff", "--between", "HEAD~1...HEAD"],
        &["diff", "--between", "nowhere..HEAD"],
        &["diff", "--at", "HEAD", "--between", "HEAD~1..HEAD"],
        &["diff", "NO.1", "--between", "HEAD~1..HEAD"],
        &["diff", "CP.MP.173@1999", "--between", "HEAD~1..HEAD"],
        &["effect", "--between", "HEAD~1..HEAD"],
    ] {
        let run = environment.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.stderr);
        assert!(
            run.stderr.contains("hint: "),
            "{arguments:?}: {}",
            run.stderr
        );
    }
}

#[test]
fn two_policies_are_called_two_policies() {
    let environment = edited();
    // The edit under which both ask the same, but for one threshold.
    let pair = ["CP.MP.173@2019-07", "XX.1@2020-01"];
    let document = environment.json(&[&["diff"], &pair[..]].concat());
    assert_eq!(document["relation"], "policies");
    let redline = environment.run(&[&["diff"], &pair[..], &["--format", "md"]].concat());
    for told in [
        "these are two policies",
        "held against this change: the versions are of two policies",
        "not replayed: a stored case is of one policy",
        "**STRICTER",
    ] {
        assert!(redline.stdout.contains(told), "{told}: {}", redline.stdout);
    }
    environment.edit(
        "policy-versions/XX.1/policy.toml",
        "unit = \"months\"",
        "unit = \"weeks\"",
    );
    let run = environment.run(&[&["effect"], &pair[..]].concat());
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("a number (weeks)"), "{}", run.stderr);
}

#[test]
fn a_change_taken_back_is_told_as_such() {
    let environment = Environment::with_library();
    let latest = environment.read(LATEST);
    let back = latest
        .replace("version = \"2020-01\"", "version = \"2021-01\"")
        .replacen("effective = \"2020-01\"", "effective = \"2021-01\"", 1)
        .replace(
            "text = \"No active infection.\"",
            "text = \"No local infection at the catheter site.\"",
        )
        .replace(
            "rule = \"!active_infection\"",
            "rule = \"!local_infection\"",
        );
    environment.write("policy-versions/CP.MP.173/2021-01.toml", back.as_bytes());
    let document = environment.json(&["diff", "--since", "2018"]);
    assert_eq!(document["schema"], "lookback/diff-steps/1");
    assert_eq!(document["since"], "2018");
    let steps = document["steps"].as_array().expect("steps");
    assert_eq!(steps.len(), 3);
    assert_eq!(steps[1]["to"], "CP.MP.173@2020-01");
    for change in steps[1]["criteria"].as_array().expect("changes") {
        assert_eq!(change["undone_in"], "2021-01");
    }
    for change in steps[2]["criteria"].as_array().expect("changes") {
        assert_eq!(change["undoes"], "2020-01");
    }
    assert!(steps[0]["codes"][0].get("undone_in").is_none());
    let page = environment.run(&["diff", "CP.MP.173@2019-07..2021-01", "--steps"]);
    assert!(
        page.stdout.contains("[undone in 2021-01]"),
        "{}",
        page.stdout
    );
    let html = environment.run(&["diff", "--since", "2019-08", "--format", "html"]);
    assert!(html.stdout.contains("undoes what 2020-01 changed"));
    for wrong in [
        &["diff", "--since", "2022"][..],
        &["diff", "--since", "soon"],
        &["diff", "CP.MP.173@2020-01", "--since", "2018"],
        &["diff", "CP.MP.173@2020-01", "2019-02", "--steps"],
    ] {
        assert_eq!(environment.run(wrong).code, 2, "{wrong:?}");
    }
}
