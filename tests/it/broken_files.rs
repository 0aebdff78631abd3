//! One bad file never stops the others.

use crate::environment::Environment;

/// Breaks one version of the shipped library in one way, and shows what
/// `check` says and which versions still load.
fn check(path: &str, from: &str, to: &str) -> String {
    let environment = Environment::with_library();
    environment.edit(path, from, to);
    report(&environment)
}

fn report(environment: &Environment) -> String {
    let run = environment.run(&["check"]);
    assert_eq!(run.code, 1);
    let findings: Vec<_> = run
        .stdout
        .lines()
        .skip_while(|line| !line.starts_with("error"))
        .take_while(|line| !line.starts_with("warning") && !line.is_empty())
        .collect();
    let shown = environment.run(&["replay", "--flips"]);
    let warning: Vec<_> = shown.stderr.lines().collect();
    let versions: Vec<_> = shown
        .stdout
        .lines()
        .filter(|line| line.starts_with("version "))
        .map(|line| line.split_whitespace().nth(1).unwrap_or_default())
        .collect();
    format!(
        "{}\n{}\nstill replayed: {}\n",
        findings.join("\n"),
        warning.join("\n"),
        versions.join(", ")
    )
}

#[test]
fn every_fault_is_told_and_the_rest_is_used() {
    let file = "policy-versions/CP.MP.173/2019-07.toml";
    let table = [
        ("unknown key", file, "provenance = \"", "provenence = \""),
        (
            "unknown fact",
            file,
            "rule = \"!local_infection\"",
            "rule = \"!locl_infection\"",
        ),
        (
            "wrong type",
            file,
            "life_expectancy_months > 3",
            "life_expectancy_months > true",
        ),
        (
            "impossible date",
            file,
            "effective = \"2019-07\"",
            "effective = \"2019-17\"",
        ),
        (
            "wrong value",
            "policy-versions/CP.MP.173/cases.jsonl",
            "\"life_expectancy_months\": 240",
            "\"life_expectancy_months\": \"twenty\"",
        ),
    ];
    let mut reports: Vec<_> = table
        .iter()
        .map(|(name, path, from, to)| format!("== {name}\n{}", check(path, from, to)))
        .collect();
    let environment = Environment::with_library();
    let mut bytes = environment.read(file).into_bytes();
    bytes.extend(b"# caf\xe9\n");
    environment.write(file, &bytes);
    reports.push(format!("== not UTF-8\n{}", report(&environment)));
    insta::assert_snapshot!(reports.join("\n"));
}

#[test]
fn a_broken_version_may_be_the_one_in_force() {
    let environment = Environment::with_library();
    environment.edit(
        "policy-versions/CP.MP.173/2019-07.toml",
        "effective = ",
        "efective = ",
    );
    let run = environment.run(&["show", "CP.MP.173@2019-08-14"]);
    assert_eq!((run.code, run.stdout.as_str()), (3, ""));
    assert!(
        run.stderr.contains("cannot be told which version"),
        "{}",
        run.stderr
    );
    assert_eq!(environment.run(&["show", "CP.MP.173@2019-02"]).code, 0);
    for latest in [&["show"][..], &["diff"], &["show", "@previous"]] {
        let run = environment.run(latest);
        assert_eq!((run.code, run.stdout.as_str()), (3, ""), "{latest:?}");
    }
    let log = environment.run(&["log"]).stdout;
    assert!(!log.contains("undeclared"), "{log}");
}

#[test]
fn a_broken_dictionary_is_told() {
    let environment = Environment::with_library();
    environment.edit(
        "policy-versions/CP.MP.173/policy.toml",
        "type = \"bool\"",
        "type = \"boole\"",
    );
    let run = environment.run(&["show"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("the library holds no policy"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("lookback check"), "{}", run.stderr);
}

#[test]
fn what_hides_in_a_file_is_shown() {
    let environment = Environment::with_library();
    environment.edit(
        "policy-versions/CP.MP.173/2020-01.toml",
        "text = \"No active infection.\"",
        "text = \"No\\u200b active \\u001b[31minfection\\u202e.\"",
    );
    for arguments in [
        &["show", "--section", "criteria"][..],
        &["diff"],
        &["search", "infection"],
        &["explain", "IPP-0033", "--against", "latest"],
        &["diff", "--json"],
        &["show", "--json"],
        &["explain", "IPP-0033", "--against", "latest", "--json"],
    ] {
        let run = environment.run(arguments);
        for raw in ['\u{200b}', '\u{1b}', '\u{202e}'] {
            assert!(
                !run.stdout.contains(raw),
                "{arguments:?} lets {raw:?} through"
            );
        }
    }
    let page = environment.run(&["show", "--section", "criteria"]).stdout;
    assert!(
        page.contains("No<U+200B> active <U+001B>[31minfection<U+202E>."),
        "{page}"
    );
}
