//! What the index finds against what a plain reading of every item finds.

use std::collections::BTreeMap;

use super::analysis::Analyzers;
use super::codes::mentions;
use super::item::Days;
use super::schema::context;
use super::*;
use crate::library::{Library, MemorySource, load};

/// Whether an item satisfies a query.
struct Plain<'a> {
    analyzers: Analyzers,
    library: &'a Library,
}

impl Plain<'_> {
    fn found(&self, query: &Query) -> Vec<Item> {
        let items = self.library.policies.iter().flat_map(items);
        items.filter(|item| self.satisfies(item, query)).collect()
    }

    fn satisfies(&self, item: &Item, query: &Query) -> bool {
        let fits = |condition: &Condition| self.fits(item, condition);
        query.required.iter().all(|group| group.iter().any(fits))
            && !query.excluded.iter().any(fits)
    }

    fn fits(&self, item: &Item, condition: &Condition) -> bool {
        match condition {
            Condition::Word(word) => self.has_word(item, word),
            Condition::Phrase(phrase) => self.has_phrase(item, phrase),
            Condition::Beginning(start) => {
                let words = self.analyzers.words(&item.text);
                let start = self.analyzers.words(start).remove(0).plain;
                self.has_word(item, &start) || words.iter().any(|one| one.plain.starts_with(&start))
            }
            Condition::Like(..) => unreachable!("no query here asks for likeness"),
            Condition::Code(code) => {
                item.code.as_ref().is_some_and(|own| code.asks_for(own))
                    || mentions(&item.text).any(|(_, mention)| code.matches(&mention))
            }
            Condition::Only(filter) => self.is_of(item, filter),
        }
    }

    fn has_word(&self, item: &Item, word: &str) -> bool {
        let is_number = |number: &str| number.eq_ignore_ascii_case(word);
        let may_be_number = !word.chars().all(char::is_alphabetic);
        self.has_phrase(item, word)
            || (may_be_number
                && (item.ids.iter().any(|id| is_number(id)) || is_number(&item.policy)))
    }

    fn has_phrase(&self, item: &Item, phrase: &str) -> bool {
        let stems = |text: &str| -> Vec<String> {
            let words = self.analyzers.words(text).into_iter();
            words.map(|word| word.stem).collect()
        };
        let phrase = stems(phrase);
        [item.text.as_str(), context(item)]
            .iter()
            .any(|text| stems(text).windows(phrase.len()).any(|part| part == phrase))
    }

    fn is_of(&self, item: &Item, filter: &Filter) -> bool {
        let begun = Days::of(item.effective.from).1;
        match filter {
            Filter::Policy(policy) => item.policy.eq_ignore_ascii_case(policy),
            Filter::Kind(kind) => item.kind == *kind,
            Filter::System(system) => item
                .code
                .as_ref()
                .is_some_and(|code| code.system() == *system),
            Filter::Version(version) => {
                let policy = self.library.policy(&item.policy).expect("its policy");
                let names: Vec<_> = policy.versions.iter().map(|one| &one.name).collect();
                let wanted = match version.as_str() {
                    "latest" => names.len().checked_sub(1),
                    "previous" => names.len().checked_sub(2),
                    name => names.iter().position(|one| *one == name),
                };
                wanted.is_some_and(|at| (item.first_index..=item.last_index).contains(&at))
            }
            Filter::AsOf(date) => {
                let (first, last) = Days::of(*date);
                item.days.from <= last && item.days.until > first
            }
            Filter::Changed(from, to) => {
                let first = from.map_or(0, |date| Days::of(date).0);
                let last = to.map_or(u64::MAX - 1, |date| Days::of(date).1);
                let ended = item.effective.to.map(Days::of);
                (item.days.from <= last && begun >= first)
                    || ended.is_some_and(|(ending, ended)| ending <= last && ended >= first)
            }
        }
    }
}

const WORD: &str = "(the|of|not|are|infection|infections|pump|pumps|happy|6235[12]|G90\\.52[12])";

/// A query of a few parts, as a person would type it.
fn query() -> impl proptest::strategy::Strategy<Value = String> {
    let part = format!(
        "(-|OR |||)({WORD}|\"{WORD} {WORD}( {WORD})?\"|(in|pu|t|happi)\\*|62*|6235?|62350-62352\
        |kind:(code|criterion|section|title)|policy:P\\.[12]|version:(latest|previous|2002)\
        |system:cpt|as-of:200[1-4]|changed:200[1-4](\\.\\.)?)"
    );
    let parts = proptest::string::string_regex(&part).expect("an expression");
    proptest::strategy::Strategy::prop_map(proptest::collection::vec(parts, 1..5), |parts| {
        parts.join(" ")
    })
}

fn text() -> impl proptest::strategy::Strategy<Value = String> {
    let text = format!("{WORD}( {WORD}){{0,5}}");
    proptest::string::string_regex(&text).expect("an expression")
}

/// The files of some policies, each a list of versions, each a list of texts.
fn library(policies: &[Vec<Vec<String>>]) -> Library {
    let mut source = MemorySource::default();
    for (number, versions) in policies.iter().enumerate() {
        let head = format!(
            "format = 1\nreference = \"P.{number}\"\ntitle = \"pumps\"\npublisher = \"p\"\n"
        );
        source = source.with(&format!("P.{number}/policy.toml"), head);
        for (year, texts) in (2001..).zip(versions) {
            let mut body = format!(
                "format = 1\nversion = \"{year}\"\neffective = \"{year}\"\nprovenance = \"published\"\n"
            );
            for (at, text) in texts.iter().enumerate() {
                let id = ["I", "II", "III", "IV"][at % 4];
                body += &match at % 2 {
                    0 => format!("[[criteria]]\nid = \"{id}\"\ntext = \"{text}\"\n"),
                    _ => format!("[[sections]]\nheading = \"of the {text}\"\ntext = \"{text}\"\n"),
                };
            }
            let code = texts.len() % 3;
            body += &format!(
                "[[codes]]\nsystem = \"CPT\"\ntitle = \"t\"\ngate = \"address\"\n\
                 rows = [{{ code = \"6235{code}\", text = \"not the pump\" }}]\n"
            );
            source = source.with(&format!("P.{number}/{year}.toml"), body);
        }
    }
    load(&source).expect("a library")
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(24))]

    #[test]
    fn the_index_finds_what_a_plain_reading_finds(
        policies in proptest::collection::vec(
            proptest::collection::vec(
                proptest::collection::vec(text(), 0..4),
                1..4,
            ),
            1..4,
        ),
        queries in proptest::collection::vec(query(), 24),
    ) {
        let library = library(&policies);
        let index = SearchIndex::build(&library).expect("an index");
        let plain = Plain { analyzers: Analyzers::new(), library: &library };
        for text in queries {
            let query = Query::read(&text, false).expect("a query");
            if query.is_empty() {
                continue;
            }
            let expected = plain.found(&query);
            let request = Request { query: text.clone(), limit: usize::MAX, ..Request::default() };
            let results = index.search(&request).expect("results");
            if expected.is_empty() && results.fuzzy {
                continue;
            }
            let sorted = |items: Vec<&Item>| {
                let mut shown: Vec<String> = items.iter().map(|item| format!("{item:?}")).collect();
                shown.sort();
                shown
            };
            let found = results.hits.iter().map(|hit| &*hit.item).collect();
            proptest::prop_assert_eq!(sorted(found), sorted(expected.iter().collect()), "{}", &text);
            proptest::prop_assert_eq!(results.total, expected.len());
            let mut kinds: BTreeMap<ItemKind, usize> = BTreeMap::new();
            let mut policies: BTreeMap<&str, usize> = BTreeMap::new();
            for item in &expected {
                *kinds.entry(item.kind).or_default() += 1;
                *policies.entry(&item.policy).or_default() += 1;
            }
            proptest::prop_assert_eq!(results.facets.kinds, kinds.into_iter().collect::<Vec<_>>());
            let mut counted = results.facets.policies;
            counted.sort();
            let policies = policies.into_iter().map(|(name, count)| (name.to_owned(), count));
            proptest::prop_assert_eq!(counted, policies.collect::<Vec<_>>());
        }
    }
}
