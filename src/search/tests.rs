//! Searches of the embedded library.

use std::sync::LazyLock;

use super::*;
use crate::library::{EmbeddedSource, load};

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
