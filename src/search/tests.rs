//! Searches of the embedded library.

use std::sync::LazyLock;

use super::*;
use crate::library::{EmbeddedSource, LibraryError, MemorySource, Origin, Source, Stamped, load};

static INDEX: LazyLock<SearchIndex> = LazyLock::new(build);

fn build() -> SearchIndex {
    SearchIndex::build(&load(&EmbeddedSource).expect("a library")).expect("an index")
}

fn request(query: &str) -> Request {
    Request {
        query: query.to_owned(),
        limit: 20,
        ..Request::default()
    }
}

fn search(query: &str) -> SearchResults {
    INDEX.search(&request(query)).expect("results")
}

/// `criterion II.B.3 2019-02..2019-07: text`, with the matches in brackets.
fn shown(hit: &Hit) -> String {
    let item = &hit.item;
    let mut text = String::new();
    let mut end = 0;
    for range in &hit.highlights {
        text.push_str(&item.text[end..range.start]);
        text.push_str(&format!("[{}]", &item.text[range.clone()]));
        end = range.end;
    }
    text.push_str(&item.text[end..]);
    let ids = item.ids.join(",");
    let now = if item.current { " now" } else { "" };
    format!(
        "{} {ids} {}..{}{now}: {text}",
        item.kind, item.first, item.last
    )
}

fn codes(results: &SearchResults) -> Vec<&str> {
    let code = |hit: &Hit| hit.item.code.is_some();
    results
        .hits
        .iter()
        .filter(|hit| code(hit))
        .map(|hit| hit.item.ids[0].as_str())
        .collect()
}

#[test]
fn a_changed_wording_is_two_hits() {
    let results = search("infection kind:criterion");
    let shown: Vec<_> = results.hits.iter().map(shown).collect();
    assert_eq!(
        shown,
        [
            "criterion I.A.4,I.B.9,II.B.3 2020-01..2020-01 now: No active [infection].",
            "criterion I.A.4,I.B.9,II.B.3 2019-02..2019-07: \
             No local [infection] at the catheter site.",
        ]
    );
    let old = &results.hits[1].item;
    assert_eq!(old.effective.from.to_string(), "2019-02");
    assert_eq!(
        old.effective.to.map(|date| date.to_string()).as_deref(),
        Some("2020-01")
    );
    assert_eq!(results.hits[0].item.effective.to, None);
}

#[test]
fn a_code_row_comes_before_what_mentions_it() {
    let results = search("62351");
    let shown: Vec<_> = results.hits.iter().map(shown).collect();
    assert!(
        shown[0].starts_with("code 62351 2019-07..2020-01 now: Place"),
        "{shown:?}"
    );
    assert_eq!(
        shown[1..],
        ["log 2019-07 2019-07..2020-01 now: Added CPT 62320, 62321, [62351], 62361."]
    );
    assert_eq!(
        results.facets.systems,
        [(crate::policy::CodeSystem::Cpt, 1)]
    );
}

#[test]
fn codes_are_found_in_every_spelling_and_by_pattern() {
    let pump = [
        "62360", "62361", "62362", "62365", "62367", "62368", "62369",
    ];
    let pump_to_70 = [&pump[..], &["62370"]].concat();
    let crps = ["G90.521", "G90.522", "G90.523"];
    let table: [(&str, &[&str]); 14] = [
        ("6236*", &pump),
        ("62360-62370", &pump_to_70),
        ("62370-62360", &pump_to_70),
        ("G90.52?", &crps),
        ("g9052?", &crps),
        ("g90.521-g90.523", &crps),
        ("g90521", &crps[..1]),
        ("G90.521", &crps[..1]),
        ("a4300", &["A4300"]),
        ("A43.00", &[]),
        ("CPT 62355", &["62355"]),
        ("ICD-10-CM *521", &crps[..1]),
        ("6236* -62361 laminectomy", &[]),
        ("62351 OR 62355 system:cpt", &["62351", "62355"]),
    ];
    for (query, expected) in table {
        let results = INDEX.search(&request(query)).expect("results");
        assert_eq!(codes(&results), expected, "{query}");
        assert!(!results.fuzzy, "{query}");
    }
}

#[test]
fn what_is_asked_is_what_is_found() {
    let table = [
        "\"no active infection\"",
        "infection",
        "infection -active",
        "infection OR coagulopathy kind:criterion",
        "infections version:2019-07 kind:criterion",
        "infection version:latest kind:criterion",
        "infection as-of:2019-08-14",
        "infection kind:criterion as-of:2020-01-15",
        "CP.MP.173 kind:title",
        "intrathecal pain pump kind:title",
        "II.B.3",
        "2019-07",
        "NASS kind:section",
        "medicaid",
        "baclofen kind:reference policy:cp.mp.173",
        "infecton",
        "infecton catheter",
        "infecton kind:criterion",
        "pian kind:title",
        "infection medicaid",
        "62352",
        "policy:CP.MP.1 infection",
    ];
    let report: Vec<_> = table
        .iter()
        .map(|query| {
            let results = INDEX.search(&request(query)).expect("results");
            let fuzzy = if results.fuzzy { ", like" } else { "" };
            let hits: Vec<_> = results.hits.iter().map(shown).collect();
            format!(
                "# {query}\n= {} ({}{fuzzy})\n{}",
                results.reading,
                results.total,
                hits.join("\n")
            )
        })
        .collect();
    insta::assert_snapshot!(report.join("\n"));
}

#[test]
fn fields_of_the_request_narrow_the_query() {
    let narrowed = Request {
        policy: Some("cp.mp.173".to_owned()),
        kind: Some(ItemKind::Criterion),
        as_of: Some("2019-08-14".parse().expect("a date")),
        ..request("infection")
    };
    let results = INDEX.search(&narrowed).expect("results");
    assert_eq!(results.total, 1);
    assert_eq!(
        results.reading,
        "infection, policy cp.mp.173, kind criterion, as of 2019-08-14"
    );
    let elsewhere = Request {
        policy: Some("CP.MP.107".to_owned()),
        ..narrowed
    };
    assert_eq!(INDEX.search(&elsewhere).expect("results").total, 0);
}

#[test]
fn nothing_asked_is_nothing_found() {
    for query in ["", "   ", "OR", "\"\"", "kind:foo"] {
        let narrowed = Request {
            kind: Some(ItemKind::Criterion),
            ..request(query)
        };
        let results = INDEX.search(&narrowed).expect("results");
        assert_eq!((results.total, results.hits.len()), (0, 0), "{query}");
    }
}

#[test]
fn facets_count_all_hits_and_the_limit_lists_some() {
    let limited = Request {
        limit: 3,
        ..request("intrathecal")
    };
    let some = INDEX.search(&limited).expect("results");
    let all = INDEX
        .search(&Request {
            limit: usize::MAX,
            ..limited
        })
        .expect("results");
    assert_eq!(some.hits.len(), 3);
    assert_eq!(all.hits[..3], some.hits[..]);
    assert_eq!(all.hits.len(), all.total);
    assert_eq!(all.facets, some.facets);
    assert_eq!(all.facets.policies, [("CP.MP.173".to_owned(), all.total)]);
    let by_kind: usize = all.facets.kinds.iter().map(|(_, count)| count).sum();
    assert_eq!(by_kind, all.total);
}

#[test]
fn the_last_word_matches_while_it_is_typed() {
    let table = [
        ("local infe", "criterion I.A.4,I.B.9,II.B.3"),
        ("\"local infe", "criterion I.A.4,I.B.9,II.B.3"),
        ("6235", "code 62350"),
        ("62351", "code 62351"),
        ("g90.5", "code G90.521"),
        ("cp.mp.1", "title CP.MP.173"),
        ("cp.mp.173", "title CP.MP.173"),
        ("ii.b.4", "criterion II.B.4"),
        ("zzz", ""),
    ];
    for (query, expected) in table {
        let typing = Request {
            prefix_last: true,
            ..request(query)
        };
        let results = INDEX.search(&typing).expect("results");
        let first = results.hits.first().map(shown).unwrap_or_default();
        assert!(first.starts_with(expected), "{query}: {first}");
        assert_eq!(first.is_empty(), expected.is_empty(), "{query}: {first}");
    }
}

#[test]
fn a_search_gives_the_same_answer_from_every_build() {
    let hits = |built: &SearchIndex| built.search(&request("pain")).expect("results");
    assert_eq!(hits(&build()), hits(&build()));
}

#[test]
fn an_index_is_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    shared(&*INDEX);
}

/// Two letters, different for each number.
fn letters(number: usize) -> String {
    let letter = |number: usize| char::from(b'a' + (number % 26) as u8);
    [letter(number), letter(number / 26)].iter().collect()
}

#[test]
fn the_costliest_queries_are_answered() {
    let words = |make: fn(usize) -> String, between: &str| {
        let words: Vec<_> = (0..MAX_CONDITIONS).map(make).collect();
        words.join(between)
    };
    let table = [
        words(|number| format!("infection{}~", letters(number)), " OR "),
        words(|number| format!("{}*", letters(number)), " OR "),
        words(|number| format!("*{number}*1*2*"), " OR "),
        words(|number| format!("\"pain pain {number}\""), " OR "),
        words(|_| "-a".to_owned(), " "),
        format!("{}~", "é".repeat(MAX_LENGTH - 1)),
        "(".repeat(MAX_LENGTH),
        format!("\"{}", "no ".repeat(600)),
    ];
    for query in table {
        INDEX.search(&request(&query)).expect("results");
    }
}

/// A source that notes which files are read, and has a place.
struct Watched {
    files: MemorySource,
    read: std::sync::Mutex<Vec<String>>,
}

impl Watched {
    fn new(files: MemorySource) -> Self {
        Watched {
            files,
            read: std::sync::Mutex::default(),
        }
    }

    fn read(&self) -> Vec<String> {
        let mut read = std::mem::take(&mut *self.read.lock().expect("a list"));
        read.sort();
        read
    }
}

impl Source for Watched {
    fn list(&self) -> Result<Vec<String>, LibraryError> {
        self.files.list()
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, LibraryError> {
        self.read.lock().expect("a list").push(path.to_owned());
        self.files.read(path)
    }

    fn stamps(&self) -> Result<Vec<Stamped>, LibraryError> {
        self.files.stamps()
    }

    fn origin(&self) -> Origin {
        self.files.origin()
    }

    fn place(&self) -> Option<String> {
        Some("here".to_owned())
    }
}

/// A policy's files; each version holds the words given for it.
fn with_policy(
    files: MemorySource,
    folder: &str,
    reference: &str,
    versions: &[&str],
) -> MemorySource {
    let head =
        format!("format = 1\nreference = \"{reference}\"\ntitle = \"pumps\"\npublisher = \"p\"\n");
    let files = files.with(&format!("{folder}/policy.toml"), head);
    (2001..).zip(versions).fold(files, |files, (year, words)| {
        let rows: String = words
            .split(' ')
            .enumerate()
            .map(|(at, word)| {
                let id = ["I", "II", "III", "IV"][at % 4];
                format!("[[criteria]]\nid = \"{id}\"\ntext = \"{word} pump, 6235{at}\"\n")
            })
            .collect();
        let text = format!(
            "format = 1\nversion = \"{year}\"\neffective = \"{year}\"\nprovenance = \"draft\"\n{rows}"
        );
        files.with(&format!("{folder}/{year}.toml"), text)
    })
}

#[test]
fn a_changed_file_costs_the_reading_of_its_policy_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let cache = IndexCache::in_folder(folder.path());
    let files = MemorySource::default();
    let files = with_policy(files, "A", "P.1", &["red blue", "red"]);
    let files = with_policy(files, "B", "P.2", &["red"]);
    let open = |files: &MemorySource| {
        let watched = Watched::new(files.clone());
        let opened = SearchIndex::open(&watched, &cache).expect("an index");
        let found = opened.index.search(&request("red")).expect("results").total;
        (found, opened.notes.len(), watched.read().join(" "))
    };
    let all = "A/2001.toml A/2002.toml A/policy.toml B/2001.toml B/policy.toml";
    assert_eq!(open(&files), (2, 1, all.to_owned()), "made");
    assert_eq!(open(&files), (2, 0, String::new()), "unchanged");
    let changed = with_policy(files.clone(), "B", "P.2", &["green"]);
    // What differs is hashed, then its folder is read.
    let read = "B/2001.toml B/2001.toml B/2001.toml B/policy.toml";
    assert_eq!(open(&changed), (1, 0, read.to_owned()), "changed");
    assert_eq!(open(&changed), (1, 0, String::new()), "unchanged again");
    let more = with_policy(changed, "C", "P.3", &["red"]);
    let read = "C/2001.toml C/policy.toml";
    assert_eq!(open(&more), (2, 0, read.to_owned()), "added");
    let fewer = with_policy(MemorySource::default(), "A", "P.1", &["red blue", "red"]);
    assert_eq!(open(&fewer), (1, 0, String::new()), "removed");
}

#[test]
fn a_policy_in_two_folders_is_found_in_the_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let cache = IndexCache::in_folder(folder.path());
    let found = |files: &MemorySource| {
        let opened = SearchIndex::open(&Watched::new(files.clone()), &cache).expect("an index");
        let total = |word| opened.index.search(&request(word)).expect("results").total;
        (total("red"), total("green"), opened.index.unusable_files())
    };
    let second = with_policy(MemorySource::default(), "B", "p.1", &["green"]);
    assert_eq!(found(&second), (0, 1, vec![]));
    let both = with_policy(second.clone(), "A", "P.1", &["red"]);
    assert_eq!(found(&both), (1, 0, vec!["B/policy.toml".to_owned()]));
    assert_eq!(found(&both), (1, 0, vec!["B/policy.toml".to_owned()]));
    assert_eq!(found(&second), (0, 1, vec![]));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(16))]

    /// What is found, and in what order, does not depend on the index's past.
    #[test]
    fn an_index_kept_up_to_date_answers_as_one_made_anew(
        steps in proptest::collection::vec(
            (0usize..4, proptest::collection::vec("(red|blue|green)( (red|blue|green)){0,3}", 0..3)),
            1..7,
        ),
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = IndexCache::in_folder(folder.path());
        let mut policies: std::collections::BTreeMap<usize, Vec<String>> = Default::default();
        for (number, versions) in steps {
            policies.insert(number, versions);
            policies.retain(|_, versions| !versions.is_empty());
            let files = policies.iter().fold(MemorySource::default(), |files, (number, versions)| {
                let versions: Vec<&str> = versions.iter().map(String::as_str).collect();
                with_policy(files, &format!("F{number}"), &format!("P.{}", 9 - number), &versions)
            });
            let source = Watched::new(files);
            let kept = SearchIndex::open(&source, &cache).expect("an index").index;
            let made = SearchIndex::open(&source, &IndexCache::none()).expect("an index").index;
            for query in ["red", "red blue", "blue OR green", "-red", "6235*", "gren", "\"red pump\""] {
                proptest::prop_assert_eq!(
                    kept.search(&request(query)).expect("results"),
                    made.search(&request(query)).expect("results"),
                    "{}", query
                );
            }
        }
    }

    #[test]
    fn any_bytes_are_answered_or_refused(bytes: Vec<u8>, typing: bool) {
        let request = Request {
            prefix_last: typing,
            ..request(&String::from_utf8_lossy(&bytes))
        };
        let _ = INDEX.search(&request);
    }
}

#[test]
fn changes_and_previous_versions_are_found() {
    let table = [
        ("infection kind:criterion changed:2020", 2),
        ("infection kind:criterion changed:2019-08..2019-12", 0),
        ("infection kind:criterion changed:2019", 1),
        ("infection kind:criterion changed:2020..", 2),
        ("infection kind:criterion changed:..2018", 0),
        ("infection kind:criterion version:previous", 1),
        ("infection kind:criterion as-of:2019-08 OR as-of:2020-02", 2),
        ("infection kind:criterion -as-of:2019-08", 1),
    ];
    for (query, expected) in table {
        assert_eq!(search(query).total, expected, "{query}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_answered_or_refused(
        queries in proptest::collection::vec("[-a-z0-9GOR \"“:*?~.,()]{0,60}|.{0,40}|\\PC{0,20}", 16),
        typing: bool,
    ) {
        for query in queries {
            let request = Request { prefix_last: typing, ..request(&query) };
            let Ok(results) = INDEX.search(&request) else { continue };
            proptest::prop_assert!(results.hits.len() <= results.total.min(request.limit));
            for hit in &results.hits {
                let mut end = 0;
                for range in &hit.highlights {
                    proptest::prop_assert!(range.start >= end && range.start < range.end);
                    proptest::prop_assert!(hit.item.text.get(range.clone()).is_some());
                    end = range.end;
                }
            }
        }
    }
}
