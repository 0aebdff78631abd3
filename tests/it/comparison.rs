//! What became what: pairs of small versions and the changes between them.

use lookback::compare::{Comparison, compare};
use lookback::format::{read_policy, read_version};
use lookback::policy::{Dictionary, Version};

const HEAD: &str =
    "format = 1\nversion = \"2020-01\"\neffective = \"2020-01\"\nprovenance = \"draft\"\n";

fn facts() -> Dictionary {
    let policy = "format = 1\nreference = \"P\"\ntitle = \"t\"\npublisher = \"p\"\n\
        [facts.infection]\nask = \"?\"\ntype = \"bool\"\n\
        [facts.months]\nask = \"?\"\ntype = \"number\"\n";
    read_policy("policy.toml", policy.as_bytes())
        .0
        .expect("a policy")
        .facts
}

fn version(body: &str) -> Version {
    let text = format!("{HEAD}{body}");
    let (version, diagnostics) = read_version("v.toml", text.as_bytes(), &facts());
    version.unwrap_or_else(|| panic!("{diagnostics:?}\n{text}"))
}

/// Criteria from lines of `number text | rule`.
fn criteria(lines: &[&str]) -> Version {
    let body: String = lines
        .iter()
        .map(|line| {
            let (line, rule) = line.split_once(" | ").map_or((*line, ""), |pair| pair);
            let (id, text) = line.split_once(' ').expect("a number and a text");
            let rule = if rule.is_empty() {
                String::new()
            } else {
                format!("rule = '{rule}'\n")
            };
            format!("[[criteria]]\nid = \"{id}\"\ntext = \"{text}\"\n{rule}")
        })
        .collect();
    version(&body)
}

/// `kind old>new aspects`, one change each.
fn changes(old: &[&str], new: &[&str]) -> Vec<String> {
    let Comparison {
        criteria: changes, ..
    } = compare(&criteria(old), &criteria(new));
    changes
        .iter()
        .map(|change| {
            let id = |view: &Option<lookback::compare::CriterionView>| {
                view.as_ref()
                    .map_or("-".to_owned(), |view| view.id.to_string())
            };
            let aspects: Vec<_> = change.aspects.iter().map(|one| one.name()).collect();
            let ids = format!("{}>{}", id(&change.views.old), id(&change.views.new));
            format!("{} {ids} {}", change.kind.name(), aspects.join("+"))
                .trim_end()
                .to_owned()
        })
        .collect()
}

#[test]
fn criteria_are_told_apart_by_number_text_and_place() {
    let base = [
        "I All of",
        "I.1 No active infection",
        "I.2 Life expectancy above three months",
    ];
    type Case<'a> = (&'a str, &'a [&'a str], &'a [&'a str]);
    let table: [Case; 9] = [
        ("nothing", &base, &[]),
        (
            "reworded",
            &[
                "I All of",
                "I.1 No local infection",
                "I.2 Life expectancy above three months",
            ],
            &["changed I.1>I.1 text"],
        ),
        (
            "only the rule",
            &[
                "I All of",
                "I.1 No active infection | infection",
                "I.2 Life expectancy above three months",
            ],
            &["changed I.1>I.1 rule"],
        ),
        (
            "added at the end",
            &[&base[..], &["I.3 A plan for weaning is in place"]].concat(),
            &["added ->I.3"],
        ),
        (
            "removed, the rest renumbered",
            &["I All of", "I.1 Life expectancy above three months"],
            &["removed I.1>-", "renumbered I.2>I.1"],
        ),
        (
            "put in front",
            &[
                "I All of",
                "I.1 A psychologist has seen the patient",
                "I.2 No active infection",
                "I.3 Life expectancy above three months",
            ],
            &["added ->I.1", "renumbered I.1>I.2", "renumbered I.2>I.3"],
        ),
        (
            "another in its place",
            &[
                "I All of",
                "I.1 A psychologist has seen the patient",
                "I.2 Life expectancy above three months",
            ],
            &["removed I.1>-", "added ->I.1"],
        ),
        (
            "moved under another",
            &[
                "I All of",
                "I.2 Life expectancy above three months",
                "II Any of",
                "II.1 No active infection",
            ],
            &["added ->II", "moved I.1>II.1"],
        ),
        (
            "swapped",
            &[
                "I All of",
                "I.1 Life expectancy above three months",
                "I.2 No active infection",
            ],
            &["renumbered I.2>I.1", "renumbered I.1>I.2"],
        ),
    ];
    for (name, new, expected) in table {
        assert_eq!(changes(&base, new), expected, "{name}");
    }
}

#[test]
fn a_statement_carries_its_criteria_along() {
    let old = [
        "I Pumps",
        "I.1 No active infection",
        "II Stimulators",
        "II.1 A trial has helped the pain",
    ];
    let new = ["I Stimulators", "I.1 A trial has helped the pain"];
    assert_eq!(
        changes(&old, &new),
        ["removed I>-", "removed I.1>-", "renumbered II>I"]
    );
}

#[test]
fn equal_wording_is_surer_than_an_equal_number() {
    let failure = |of: &str| format!("Documented failure of {of}");
    let [therapy, opioids, injections] =
        ["physical therapy", "oral opioids", "steroid injections"].map(failure);
    let [old_1, old_2, old_3] = [("I.1", &therapy), ("I.2", &opioids), ("I.3", &injections)]
        .map(|(id, text)| format!("{id} {text}"));
    let [new_1, new_2] =
        [("I.1", &opioids), ("I.2", &injections)].map(|(id, text)| format!("{id} {text}"));
    assert_eq!(
        changes(
            &["I All of", &old_1, &old_2, &old_3],
            &["I All of", &new_1, &new_2]
        ),
        ["removed I.1>-", "renumbered I.2>I.1", "renumbered I.3>I.2"]
    );
}

#[test]
fn a_text_that_stands_twice_stays_where_it_was() {
    let old = [
        "I A trial",
        "I.1 No infection",
        "II An implant",
        "II.1 It fits",
        "II.2 No infection",
    ];
    let new = [
        "I A trial",
        "II An implant",
        "II.1 It fits",
        "II.2 A plan is in place",
        "II.3 No infection",
    ];
    assert_eq!(
        changes(&old, &new),
        ["removed I.1>-", "added ->II.2", "renumbered II.2>II.3"]
    );
}

/// `kind old>new: reason`, of what was split or merged, and the plain rest.
fn divisions(old: &[&str], new: &[&str]) -> Vec<String> {
    let changes = compare(&criteria(old), &criteria(new)).criteria;
    changes
        .iter()
        .map(|change| match change.is_divided() {
            true => format!("{} {}", change.kind.name(), change.meaning.reasons[0]),
            false => format!("{} {}", change.kind.name(), change.numbers()),
        })
        .collect()
}

#[test]
fn what_was_divided_and_joined_is_told_with_all_numbers() {
    let both = "no active infection at the site and no known allergy to the implant";
    let first = "No active infection at the site";
    let second = "No known allergy to the implant";
    let at = |id: &str, text: &str| format!("{id} {text}");
    let whole = [
        "I All of".to_owned(),
        at("I.1", both),
        at("I.2", "Pain for three months"),
    ];
    type Case<'a> = (&'a str, Vec<String>, &'a [&'a str], &'a [&'a str]);
    let table: [Case<'_>; 5] = [
        (
            "beside each other",
            vec![
                at("I.1", first),
                at("I.2", second),
                at("I.3", "Pain for three months"),
            ],
            &[
                "split I.1 divided into I.1 and I.2",
                "renumbered I.2 to I.3",
            ],
            &["merged I.1 and I.2 joined to I.1", "renumbered I.3 to I.2"],
        ),
        (
            "under a heading, with a word changed",
            vec![
                at("I.1", "Both of these"),
                at("I.1.1", "No local infection at the site"),
                at("I.1.2", second),
                at("I.2", "Pain for three months"),
            ],
            &["split I.1 divided into I.1, I.1.1 and I.1.2"],
            &["merged I.1, I.1.1 and I.1.2 joined to I.1"],
        ),
        (
            "one part elsewhere",
            vec![
                at("I.1", first),
                at("I.2", "Pain for three months"),
                at("II", second),
            ],
            &["split I.1 divided into I.1 and II"],
            &["merged I.1 and II joined to I.1"],
        ),
        (
            "the second part is new",
            vec![
                at("I.1", first),
                at("I.2", "Drug therapy was tried for weeks"),
                at("I.3", "Pain for three months"),
            ],
            &["changed I.1", "added I.2", "renumbered I.2 to I.3"],
            &["changed I.1", "removed I.2", "renumbered I.3 to I.2"],
        ),
        (
            "what it says is said once more",
            vec![
                at("I.1", both),
                at("I.2", first),
                at("I.3", "Pain for three months"),
            ],
            &["added I.2", "renumbered I.2 to I.3"],
            &["removed I.2", "renumbered I.3 to I.2"],
        ),
    ];
    for (name, mut new, forwards, backwards) in table {
        new.insert(0, "I All of".to_owned());
        let [old, new] = [&whole[..], &new[..]]
            .map(|lines| lines.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(divisions(&old, &new), forwards, "{name}");
        assert_eq!(divisions(&new, &old), backwards, "{name}, back");
    }
}

#[test]
fn hundreds_of_reworded_and_renumbered_criteria_are_known_again() {
    let texts = |ending: &str, from: usize| -> Vec<String> {
        let one = |index: usize| {
            format!(
                "I.{} Failure of treatment number{} was documented{ending}",
                index - from + 1,
                index
            )
        };
        (from..400).map(one).collect()
    };
    let with_head = |lines: Vec<String>| -> Vec<String> {
        std::iter::once("I All of".to_owned())
            .chain(lines)
            .collect()
    };
    let (old, new) = (with_head(texts("", 0)), with_head(texts(" twice", 1)));
    let [old, new] = [&old, &new].map(|lines| lines.iter().map(String::as_str).collect::<Vec<_>>());
    let expected: Vec<String> = (1..400)
        .map(|index| format!("renumbered I.{}>I.{index} text", index + 1))
        .collect();
    let found = changes(&old, &new);
    assert_eq!(found[1..], expected);
    assert_eq!(found[0], "removed I.1>-");
}

#[test]
fn codes_are_compared_by_code_and_never_by_row() {
    let table = |title: &str, gate: &str, rows: &str| {
        version(&format!(
            "[[codes]]\nsystem = \"CPT\"\ntitle = \"{title}\"\ngate = \"{gate}\"\nrows = [{rows}]\n"
        ))
    };
    let row = |code: &str, text: &str| format!("{{ code = \"{code}\", text = \"{text}\" }},");
    let old = table(
        "A",
        "address",
        &[row("62320", "one"), row("62322", "two")].concat(),
    );
    let kinds = |new: &Version| -> Vec<String> {
        compare(&old, new)
            .codes
            .iter()
            .map(|change| format!("{} {}", change.kind.name(), change.code))
            .collect()
    };
    let inserted = table(
        "A",
        "address",
        &[
            row("62319", "new"),
            row("62322", "two"),
            row("62320", "one"),
        ]
        .concat(),
    );
    assert_eq!(kinds(&inserted), ["added 62319"]);
    let reworded = table(
        "A",
        "address",
        &[row("62320", "uno"), row("62322", "two")].concat(),
    );
    assert_eq!(kinds(&reworded), ["changed 62320"]);
    let moved = table("A", "advise", &[row("62320", "one")].concat());
    assert_eq!(kinds(&moved), ["moved 62320", "removed 62322"]);
}

#[test]
fn prose_is_compared_by_paragraph_and_rewrapping_is_no_change() {
    let section = |text: &str| {
        version(&format!(
            "[[sections]]\nheading = \"H\"\ntext = \"\"\"\n{text}\n\"\"\"\n"
        ))
    };
    let old = section("One two three\nfour.\n\nFive six.\n\nSeven eight nine ten.");
    let rewrapped = section("One two\nthree four.\n\nFive six.\n\nSeven\neight nine ten.");
    assert_eq!(compare(&old, &rewrapped).sections, []);
    let edited = section("One two three four.\n\nSeven eight nine eleven.\n\nTwelve.");
    let changes: Vec<_> = compare(&old, &edited)
        .sections
        .iter()
        .map(|change| (change.text.old.clone(), change.text.new.clone()))
        .collect();
    let text = |text: &str| Some(text.to_owned());
    assert_eq!(
        changes,
        [
            (text("Five six."), None),
            (
                text("Seven eight nine ten."),
                text("Seven eight nine eleven.")
            ),
            (None, text("Twelve.")),
        ]
    );
}
