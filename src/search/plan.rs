//! Turns a reading into a tantivy query.

use std::cell::Cell;

use tantivy::postings::TermInfo;
use tantivy::query::{
    FuzzyTermQuery, PhrasePrefixQuery, PhraseQuery, Query as IndexQuery, TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::SearchError;
use super::analysis::{Analyzers, Word, pair};
use super::catalogue::Catalogue;
use super::codes::{CodePattern, CodeShape};
use super::matching::{DayTest, FactTest, Matching};
use super::query::{Condition, Filter, Query};
use super::schema::{Facts, Fields};
use crate::policy::CodeSystem;

/// Words of a heading count less than words of the text.
const CONTEXT_WEIGHT: f32 = 0.3;
/// The score of an item asked for by its number.
const NUMBER_WEIGHT: f32 = 10.0;
/// The codes that the patterns of one query may be compared with.
const MAX_COMPARED: usize = 200_000;
/// How much work a query may be; at this much it answers within 200 ms.
const MAX_WORK: u64 = 6_000_000;
/// How much more an entry costs whose positions are compared.
const PHRASE_WORK: u64 = 4;
/// Longer words are like no other: their automaton would be too large.
const MAX_LIKE: usize = 32;

type Boxed = Box<dyn IndexQuery>;

/// What a query asks of the documents of an index.
pub(super) struct Plan {
    /// Of each of these, a document must fit one.
    pub(super) required: Vec<Vec<Way>>,
    /// A document must fit none of these.
    pub(super) excluded: Vec<Way>,
}

/// A way to be found, and what it is worth.
pub(super) struct Way {
    pub(super) matching: Matching,
    /// What [`Matching::Query`] finds and [`Worth::Words`] weighs.
    pub(super) query: Option<Boxed>,
    pub(super) worth: Worth,
}

/// What it is worth to be found in a way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Worth {
    Nothing,
    /// So much, wherever.
    Constant(f32),
    /// As much as the words weigh, times this.
    Words(f32),
    /// It is a code that was asked for: exactly (2) or by a pattern (1).
    Code(u8),
}

impl Way {
    fn new(matching: Matching, worth: Worth) -> Self {
        Way {
            matching,
            query: None,
            worth,
        }
    }
}

/// Makes queries for one state of the index.
pub(super) struct Planner<'a> {
    fields: &'a Fields,
    analyzers: &'a Analyzers,
    searcher: &'a Searcher,
    catalogue: &'a Catalogue,
    compared: Cell<usize>,
    work: Cell<u64>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(
        fields: &'a Fields,
        analyzers: &'a Analyzers,
        searcher: &'a Searcher,
        catalogue: &'a Catalogue,
    ) -> Self {
        Planner {
            fields,
            analyzers,
            searcher,
            catalogue,
            compared: Cell::new(0),
            work: Cell::new(0),
        }
    }

    /// The plan for a reading.
    pub(super) fn plan(&self, query: &Query) -> Result<Plan, SearchError> {
        let required = query.required.iter();
        let required: Result<_, _> = required.map(|group| self.ways(group)).collect();
        Ok(Plan {
            required: required?,
            excluded: self.ways(&query.excluded)?,
        })
    }

    fn ways(&self, conditions: &[Condition]) -> Result<Vec<Way>, SearchError> {
        let ways = conditions.iter().map(|condition| self.condition(condition));
        let ways: Result<Vec<_>, _> = ways.collect();
        Ok(ways?.into_iter().flatten().collect())
    }

    /// Counts the work of a query, roughly in entries of lists to be read.
    fn charge(&self, work: u64) -> Result<(), SearchError> {
        self.work.set(self.work.get().saturating_add(work));
        if self.work.get() > MAX_WORK {
            return Err(SearchError::asked(
                "the query asks for too many common words at once",
                "search for the few words that matter",
            ));
        }
        Ok(())
    }

    /// Whether a word of a query occurs in no text.
    pub(super) fn is_unknown(&self, word: &str) -> Result<bool, SearchError> {
        for word in self.analyzers.words(word) {
            for field in [self.fields.text, self.fields.context] {
                let term = Term::from_field_text(field, &word.stem);
                if self.searcher.doc_freq(&term)? > 0 {
                    return Ok(false);
                }
            }
        }
        Ok(true)
    }

    fn condition(&self, condition: &Condition) -> Result<Vec<Way>, SearchError> {
        match condition {
            Condition::Word(word) => self.word(word),
            Condition::Phrase(phrase) => self.in_order(&self.analyzers.words(phrase)),
            Condition::Beginning(word) => self.beginning(word),
            Condition::Like(word, reach) => self.like(word, *reach),
            Condition::Code(code) => self.code(code),
            Condition::Only(filter) => Ok(vec![Way::new(self.filter(filter)?, Worth::Nothing)]),
        }
    }

    /// A word in the text or what it stands under. What is no plain word may
    /// also be a number: a criterion's, a policy's, a date.
    fn word(&self, word: &str) -> Result<Vec<Way>, SearchError> {
        let mut ways = self.in_order(&self.analyzers.words(word))?;
        if is_number_like(word) {
            let number = self.list(&id(self.fields, word))?;
            ways.push(Way::new(number, Worth::Constant(NUMBER_WEIGHT)));
            ways.push(Way::new(self.of_policy(word), Worth::Nothing));
        }
        Ok(ways)
    }

    /// Words in a row, in the text or in what it stands under. Of the two
    /// only those are asked that know every word.
    fn in_order(&self, words: &[Word]) -> Result<Vec<Way>, SearchError> {
        let mut ways = vec![];
        for (field, weight) in [
            (self.fields.text, 1.0),
            (self.fields.context, CONTEXT_WEIGHT),
        ] {
            let terms = terms(field, words);
            let lists: Result<Vec<_>, _> = terms.iter().map(|(_, term)| self.infos(term)).collect();
            let mut lists = lists?;
            let entries: Vec<u64> = lists.iter().map(|lists| entries(lists)).collect();
            if terms.is_empty() || entries.contains(&0) {
                continue;
            }
            let each = if terms.len() > 1 { PHRASE_WORK } else { 1 };
            self.charge(entries.iter().sum::<u64>() * each)?;
            let (matching, query): (_, Boxed) = match terms.as_slice() {
                [(_, term)] => {
                    let query = TermQuery::new(term.clone(), IndexRecordOption::WithFreqs);
                    (Matching::Lists(field, lists.remove(0)), Box::new(query))
                }
                _ => (
                    Matching::Query,
                    Box::new(PhraseQuery::new_with_offset(terms)),
                ),
            };
            ways.push(Way {
                matching,
                query: Some(query),
                worth: Worth::Words(weight),
            });
        }
        Ok(ways)
    }

    /// A word, or one that begins like it. Stems do not begin as words do,
    /// so the words as written are asked.
    fn beginning(&self, word: &str) -> Result<Vec<Way>, SearchError> {
        let words = self.analyzers.words(word);
        let mut ways = self.word(word)?;
        if is_number_like(word) {
            let number = self.prefix(self.fields.id, &word.to_lowercase())?;
            ways.push(Way::new(number, Worth::Constant(NUMBER_WEIGHT)));
        }
        match words.as_slice() {
            [] => {}
            [one] => ways.push(Way::new(
                self.prefix(self.fields.words, &one.plain)?,
                Worth::Constant(1.0),
            )),
            [before @ .., last] => {
                let stems = before.iter().map(|word| word.stem.as_str());
                let terms = stems
                    .chain([last.plain.as_str()])
                    .map(|text| Term::from_field_text(self.fields.text, text));
                ways.push(Way {
                    matching: Matching::Query,
                    query: Some(Box::new(PhrasePrefixQuery::new(terms.collect()))),
                    worth: Worth::Words(1.0),
                });
            }
        }
        Ok(ways)
    }

    /// The lists of all terms of a field that begin so.
    fn prefix(&self, field: Field, prefix: &str) -> Result<Matching, SearchError> {
        let mut lists = vec![];
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let mut terms = index.terms().range().ge(prefix).into_stream()?;
            let mut found = vec![];
            while terms.advance() && terms.key().starts_with(prefix.as_bytes()) {
                found.push(terms.value().clone());
            }
            self.charge(entries(std::slice::from_ref(&found)) + 20 * found.len() as u64)?;
            lists.push(found);
        }
        Ok(Matching::Lists(field, lists))
    }

    /// A word like another; the nearer it is, the higher it scores.
    fn like(&self, word: &str, reach: u8) -> Result<Vec<Way>, SearchError> {
        let words = self.analyzers.words(word);
        let mut ways = self.in_order(&words)?;
        if let [one] = words.as_slice()
            && one.plain.len() <= MAX_LIKE
        {
            // Each letter it may be off, the vocabulary is gone through once.
            for segment in self.searcher.segment_readers() {
                let words = segment.inverted_index(self.fields.words)?;
                self.charge(words.terms().num_terms() as u64 * u64::from(reach))?;
            }
            let term = Term::from_field_text(self.fields.words, &one.plain);
            ways.extend((1..=reach).map(|distance| Way {
                matching: Matching::Query,
                query: Some(Box::new(FuzzyTermQuery::new(term.clone(), distance, true))),
                worth: Worth::Constant(1.0),
            }));
        }
        Ok(ways)
    }

    /// Codes listed, and texts that mention them.
    fn code(&self, code: &CodePattern) -> Result<Vec<Way>, SearchError> {
        let (mut listed, mentioned) = match &code.shape {
            CodeShape::Exact(exact) => {
                let term = |field| Term::from_field_text(field, exact);
                let mention = term(self.fields.mention);
                let mentioned = Way {
                    matching: self.list(&mention)?,
                    query: Some(Box::new(TermQuery::new(mention, IndexRecordOption::Basic))),
                    worth: Worth::Words(1.0),
                };
                let listed = self.list(&term(self.fields.code))?;
                (Way::new(listed, Worth::Code(2)), mentioned)
            }
            _ => (
                Way::new(self.codes(self.fields.code, code)?, Worth::Code(1)),
                Way::new(self.codes(self.fields.mention, code)?, Worth::Constant(1.0)),
            ),
        };
        if code.dotted {
            let system = self.filter(&Filter::System(CodeSystem::Icd10Cm))?;
            listed.matching = Matching::Both(Box::new(listed.matching), Box::new(system));
        }
        Ok(vec![listed, mentioned])
    }

    /// The codes of a field that fit a pattern, found by walking its list.
    fn codes(&self, field: Field, pattern: &CodePattern) -> Result<Matching, SearchError> {
        let mut lists = vec![];
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let mut codes = index.terms().range().ge(pattern.lowest()).into_stream()?;
            let mut found = vec![];
            while codes.advance() {
                let Ok(code) = std::str::from_utf8(codes.key()) else {
                    continue;
                };
                if pattern.is_past(code) {
                    break;
                }
                self.count_comparison(pattern)?;
                if pattern.matches(code) {
                    found.push(codes.value().clone());
                }
            }
            lists.push(found);
        }
        Ok(Matching::Lists(field, lists))
    }

    /// Where a term is, by segment.
    fn infos(&self, term: &Term) -> Result<Vec<Vec<TermInfo>>, SearchError> {
        let of_segment = |segment: &tantivy::SegmentReader| {
            let index = segment.inverted_index(term.field())?;
            Ok(index.get_term_info(term)?.into_iter().collect())
        };
        let segments = self.searcher.segment_readers();
        segments.iter().map(of_segment).collect()
    }

    fn list(&self, term: &Term) -> Result<Matching, SearchError> {
        Ok(Matching::Lists(term.field(), self.infos(term)?))
    }

    fn count_comparison(&self, pattern: &CodePattern) -> Result<(), SearchError> {
        self.compared.set(self.compared.get() + 1);
        if self.compared.get() > MAX_COMPARED {
            return Err(SearchError::asked(
                format!("`{}` covers too many codes", pattern.text),
                "write more of the code, or fewer patterns",
            ));
        }
        Ok(())
    }

    fn filter(&self, filter: &Filter) -> Result<Matching, SearchError> {
        Ok(match filter {
            Filter::Policy(policy) => self.of_policy(policy),
            Filter::Kind(kind) => Matching::Of(FactTest::Kind(kind.number() as u8)),
            Filter::System(system) => Matching::Of(FactTest::System(Facts::system(*system))),
            Filter::Version(version) => {
                self.charge_test()?;
                Matching::In(self.catalogue.places(version))
            }
            Filter::AsOf(date) => {
                self.charge_test()?;
                Matching::On(DayTest::as_of(*date))
            }
            Filter::Changed(from, to) => {
                self.charge_test()?;
                Matching::On(DayTest::changed(*from, *to))
            }
        })
    }

    /// A test of documents goes through all of them at worst.
    fn charge_test(&self) -> Result<(), SearchError> {
        self.charge(self.searcher.num_docs() / 8)
    }

    fn of_policy(&self, reference: &str) -> Matching {
        match self.catalogue.number_of(reference) {
            Some(number) => Matching::Of(FactTest::Policy(number)),
            None => Matching::Lists(self.fields.folder, vec![]),
        }
    }
}

/// The terms of words in a row, each with its place among them. Of common
/// words side by side the pairs are asked for.
fn terms(field: Field, words: &[Word]) -> Vec<(usize, Term)> {
    let mut terms = vec![];
    let mut is_paired = false;
    for (place, word) in words.iter().enumerate() {
        let after = words.get(place + 1);
        let pair = after.and_then(|after| pair(&word.stem, &after.stem));
        match &pair {
            Some(pair) => terms.push((place, Term::from_field_text(field, pair))),
            None if is_paired => {}
            None => terms.push((place, Term::from_field_text(field, &word.stem))),
        }
        is_paired = pair.is_some();
    }
    terms
}

/// How many entries some lists have.
fn entries(lists: &[Vec<TermInfo>]) -> u64 {
    let entries = lists.iter().flatten().map(|list| u64::from(list.doc_freq));
    entries.sum()
}

/// Whether a word may be the number of a criterion or a policy, or a date.
fn is_number_like(word: &str) -> bool {
    !word.chars().all(char::is_alphabetic)
}

/// A criterion's number, in any case.
fn id(fields: &Fields, text: &str) -> Term {
    Term::from_field_text(fields.id, &text.to_lowercase())
}
