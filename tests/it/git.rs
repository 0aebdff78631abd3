//! The library as git had it.

use git2::{IndexAddOption, Repository, Signature};

use crate::environment::Environment;

/// Commits everything below the environment's folder.
pub fn commit(environment: &Environment, message: &str) -> String {
    let folder = environment.path("");
    let repository =
        Repository::open(&folder).unwrap_or_else(|_| Repository::init(&folder).expect("git init"));
    let mut index = repository.index().expect("an index");
    index
        .add_all(["*"], IndexAddOption::DEFAULT, None)
        .expect("git add");
    index.write().expect("an index");
    let tree = repository
        .find_tree(index.write_tree().expect("a tree"))
        .expect("a tree");
    let author = Signature::now("Synthetic", "synthetic@example.org").expect("an author");
    let parent = repository
        .head()
        .and_then(|head| head.peel_to_commit())
        .ok();
    let parents: Vec<_> = parent.iter().collect();
    repository
        .commit(Some("HEAD"), &author, &author, message, &tree, &parents)
        .expect("git commit")
        .to_string()
}

fn history() -> (Environment, String, String) {
    let environment = Environment::with_library();
    let first = commit(&environment, "first");
    environment.edit(
        "policy-versions/CP.MP.173/2020-01.toml",
        "text = \"No active infection.\"",
        "text = \"No infection of any kind.\"",
    );
    let second = commit(&environment, "second");
    (environment, first, second)
}

#[test]
fn an_earlier_commit_answers_as_it_did_then() {
    let (environment, first, second) = history();
    let criteria = ["show", "--section", "criteria"];
    let now = environment.run(&criteria).stdout;
    assert!(now.contains("No infection of any kind."));
    for revision in [first.as_str(), &first[..8], "HEAD~", "HEAD~1"] {
        let then = environment.run(&[&["--at", revision], &criteria[..]].concat());
        assert!(
            then.stdout.contains("No active infection."),
            "{revision}: {}",
            then.stderr
        );
        assert!(!then.stdout.contains("of any kind"), "{revision}");
        assert!(then.stdout.contains(&first[..12]), "the commit is named");
    }
    let at_second = environment.run(&[&["--at", &second], &criteria[..]].concat());
    assert!(at_second.stdout.contains("of any kind"));
}

#[test]
fn nothing_is_checked_out_and_changes_are_told() {
    let (environment, first, second) = history();
    let document = environment.json(&["show"]);
    let library = &document["provenance"]["library"];
    assert_eq!(library["commit"], second);
    assert_eq!(library["clean"], true);

    environment.edit(
        "policy-versions/CP.MP.173/2019-02.toml",
        "approved = ",
        "# edited\napproved = ",
    );
    let before = environment.read("policy-versions/CP.MP.173/2019-02.toml");
    environment.run(&["--at", &first, "show"]);
    assert_eq!(
        environment.read("policy-versions/CP.MP.173/2019-02.toml"),
        before
    );
    let document = environment.json(&["show"]);
    assert_eq!(document["provenance"]["library"]["clean"], false);
}

#[test]
fn files_git_does_not_look_at_are_no_part_of_the_commit() {
    let clean = |environment: &Environment| {
        let document = environment.json(&["show", "CP.MP.173@2019-02"]);
        document["provenance"]["library"]["clean"].clone()
    };
    let (environment, ..) = history();
    assert_eq!(clean(&environment), true);
    environment.write(".git/info/exclude", b"*-ignored.toml\n");
    let ignored = environment.read("policy-versions/CP.MP.173/2019-02.toml");
    let ignored = ignored.replace("version = \"2019-02\"", "version = \"2018-ignored\"");
    environment.write(
        "policy-versions/CP.MP.173/2018-ignored.toml",
        ignored.as_bytes(),
    );
    assert_eq!(clean(&environment), false, "an ignored file is read");

    let (environment, ..) = history();
    let repository = Repository::open(environment.path("")).expect("a repository");
    let mut index = repository.index().expect("an index");
    let path = std::path::Path::new("policy-versions/CP.MP.173/2019-07.toml");
    let mut entry = index.get_path(path, 0).expect("an entry");
    entry.flags |= 0x8000;
    index.add(&entry).expect("an entry");
    index.write().expect("an index");
    environment.edit(
        "policy-versions/CP.MP.173/2019-07.toml",
        "Background",
        "Backdrop",
    );
    assert_eq!(clean(&environment), false, "a file is not watched");
}

#[test]
fn what_git_does_not_know_is_told() {
    let (environment, ..) = history();
    for revision in [
        "nowhere", "HEAD~99", "HEAD~x", "", "@{-1}", ":/first", "0000000",
    ] {
        let run = environment.run(&["--at", revision, "show"]);
        assert_eq!(run.code, 2, "{revision}: {}", run.stderr);
        assert!(run.stderr.contains("hint"), "{revision}: {}", run.stderr);
    }
    let outside = Environment::with_library();
    let run = outside.run(&["--at", "HEAD", "show"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("in no git repository"),
        "{}",
        run.stderr
    );
}

#[test]
fn links_in_a_commit_are_not_followed() {
    let environment = Environment::with_library();
    let outside = environment.path("secret.toml");
    environment.write("secret.toml", b"format = 1\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink(
        outside,
        environment.path("policy-versions/CP.MP.173/2021-01.toml"),
    )
    .expect("a link");
    commit(&environment, "with a link");
    let run = environment.run(&["--at", "HEAD", "check"]);
    assert!(run.stdout.contains("not a plain file"), "{}", run.stdout);
    assert!(
        !run.stdout.contains("version CP.MP.173@2021-01"),
        "{}",
        run.stdout
    );
}
