//! Commands read the policies they are about, and say what they did not read.

use std::sync::Arc;

use lookback::library::{FolderSource, Source, Watched};
use lookback::search::{IndexCache, Request, SearchIndex};

use crate::environment::Environment;

/// The shipped library beside a policy of one sound and one broken version.
fn two_policies() -> Environment {
    let environment = Environment::with_library();
    let policy = "format = 1\nreference = \"XX.2\"\ntitle = \"Other\"\npublisher = \"A payer\"\n";
    let version = "format = 1\nversion = \"2019-01\"\neffective = \"2019-01\"\nprovenance = \"draft\"\n\
                   [[sections]]\nheading = \"Description\"\ntext = \"A lamp.\"\n";
    environment.write("policy-versions/other/policy.toml", policy.as_bytes());
    environment.write("policy-versions/other/2019-01.toml", version.as_bytes());
    environment.write("policy-versions/other/2020-01.toml", b"format = 1\n");
    environment
}

#[test]
fn what_is_not_read_is_said_and_does_not_disturb() {
    let environment = two_policies();
    for command in [
        &["show", "CP.MP.173"][..],
        &["diff", "cp.mp.173@2019-02..2020-01"],
        &["log", "CP.MP.173"],
        &["effect", "CP.MP.173"],
        &["replay", "--policy", "CP.MP.173"],
        &["explain", "IPP-0004"],
    ] {
        let run = environment.run(command);
        assert!(
            !run.stderr.contains("2020-01.toml"),
            "{command:?}: {}",
            run.stderr
        );
        let told = "not read the versions of 1 other policy";
        assert!(run.stdout.contains(told), "{command:?}: {}", run.stdout);
        let document = environment.json(command);
        let library = &document["provenance"]["library"];
        assert_eq!(library["policies_not_read"], 1, "{command:?}");
        assert_eq!(library["unusable"], serde_json::json!([]), "{command:?}");
    }
    let check = environment.json(&["check"]);
    assert!(check.to_string().contains("other/2020-01.toml"));
    assert_eq!(
        check["provenance"]["library"]["policies_not_read"],
        serde_json::Value::Null
    );
}

#[test]
fn what_is_wrong_with_the_policy_asked_for_is_told() {
    let environment = two_policies();
    let run = environment.run(&["show", "XX.2@2019-01"]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(run.stderr.contains("other/2020-01.toml"), "{}", run.stderr);
    let run = environment.run(&["show", "xx.2"]);
    assert_eq!(run.code, 3, "the latest cannot be told: {}", run.stderr);
    assert!(run.stderr.contains("other/2020-01.toml"), "{}", run.stderr);
}

#[test]
fn names_are_resolved_among_all_policies() {
    let environment = two_policies();
    let run = environment.run(&["show"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("name one: CP.MP.173, XX.2"),
        "{}",
        run.stderr
    );
    let run = environment.run(&["show", "XX.3"]);
    assert!(run.stderr.contains("did you mean XX.2?"), "{}", run.stderr);
    let run = environment.run(&["show", "2019-07"]);
    assert_eq!(run.code, 2, "it could be of either policy: {}", run.stdout);
    // A policy goes by its reference number, not by its folder.
    let run = environment.run(&["show", "other"]);
    assert_eq!(run.code, 2);
    // Two folders with one policy are told whatever is asked.
    let twin = environment.read("policy-versions/other/policy.toml");
    environment.write("policy-versions/twin/policy.toml", twin.as_bytes());
    let run = environment.run(&["show", "CP.MP.173"]);
    assert!(run.stderr.contains("twin/policy.toml"), "{}", run.stderr);
}

#[test]
fn without_the_date_there_may_be_hits() {
    let environment = Environment::with_library();
    let search = ["search", "62351", "--as-of", "2010"];
    let run = environment.run(&search);
    assert!(
        run.stdout
            .contains("without the date there would be 2 hits"),
        "{}",
        run.stdout
    );
    assert_eq!(environment.json(&search)["total_without_date"], 2);
    let found = environment.json(&["search", "62351", "--as-of", "2020"]);
    assert_eq!(found["total_without_date"], serde_json::Value::Null);
    let named = environment.json(&["search", "62351 as-of:2010"]);
    assert_eq!(named["total_without_date"], 2);
    let nothing = environment.json(&["search", "zzzzqqqq", "--as-of", "2010"]);
    assert_eq!(nothing["total_without_date"], 0);
}

#[test]
fn an_index_that_was_stopped_is_not_kept() {
    let environment = two_policies();
    let folder = FolderSource::open(&environment.path("policy-versions")).expect("a library");
    let cache = IndexCache::in_folder(&environment.path("cache"));
    let watched = Watched::of(Arc::new(folder));
    watched.stop();
    let stopped = SearchIndex::open(&watched, &cache);
    assert!(stopped.is_err_and(|error| error.message.contains("stopped")));
    watched.begin();
    let opened = SearchIndex::open(&watched, &cache).expect("an index");
    let request = Request {
        query: "lamp".to_owned(),
        limit: 5,
        ..Request::default()
    };
    assert_eq!(opened.index.search(&request).expect("results").total, 1);
    let (read, listed) = watched.progress();
    assert_eq!(listed, watched.stamps().expect("stamps").len());
    assert!(read >= listed, "every file was read: {read} of {listed}");
}
