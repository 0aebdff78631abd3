//! Turns a reading into a tantivy query.

use std::cell::Cell;
use std::ops::Bound;

use tantivy::query::doc_predicate_query::{DocPredicateQuery, FunctionPredicate};
use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, FuzzyTermQuery,
    InvertedIndexRangeQuery, Occur, PhrasePrefixQuery, PhraseQuery, Query as IndexQuery, TermQuery,
    TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, Searcher, SegmentReader, Term};

use super::SearchError;
use super::analysis::{Analyzers, Word};
use super::codes::{CodePattern, CodeShape};
use super::item::Days;
use super::query::{Condition, Filter, Query};
use super::schema::{Fields, column};
use crate::policy::{CodeSystem, Date};

/// The score of a code row that fits a pattern asked for, twice that if its
/// code is asked for exactly: more than any words can score, so that it tells
/// such rows apart.
pub(super) const CODE_ASKED: f32 = 100_000.0;
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

/// Makes queries for one state of the index.
pub(super) struct Planner<'a> {
    fields: &'a Fields,
    analyzers: &'a Analyzers,
    searcher: &'a Searcher,
    compared: Cell<usize>,
    work: Cell<u64>,
}

impl<'a> Planner<'a> {
    pub(super) fn new(
        fields: &'a Fields,
        analyzers: &'a Analyzers,
        searcher: &'a Searcher,
    ) -> Self {
        Planner {
            fields,
            analyzers,
            searcher,
            compared: Cell::new(0),
            work: Cell::new(0),
        }
    }

    /// The query for a reading.
    pub(super) fn query(&self, query: &Query) -> Result<Boxed, SearchError> {
        let mut clauses: Vec<(Occur, Boxed)> = Vec::new();
        for group in &query.required {
            clauses.push((Occur::Must, any(self.alternatives(group)?)));
        }
        if clauses.is_empty() {
            clauses.push((Occur::Must, constant(Box::new(AllQuery), 0.0)));
        }
        for excluded in self.alternatives(&query.excluded)? {
            clauses.push((Occur::MustNot, excluded));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// Conditions any of which will do. Those on days are asked together:
    /// each by itself would go through all items once more.
    fn alternatives(&self, conditions: &[Condition]) -> Result<Vec<Boxed>, SearchError> {
        let mut ways = vec![];
        let mut days = vec![];
        for condition in conditions {
            match condition {
                Condition::Only(Filter::AsOf(date)) => days.push(DayTest::as_of(*date)),
                Condition::Only(Filter::Changed(from, to)) => {
                    days.push(DayTest::changed(*from, *to));
                }
                condition => ways.push(self.condition(condition)?),
            }
        }
        if !days.is_empty() {
            self.charge(self.searcher.num_docs() * days.len() as u64 / 8)?;
            ways.push(constant(on_days(days), 0.0));
        }
        Ok(ways)
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

    fn condition(&self, condition: &Condition) -> Result<Boxed, SearchError> {
        match condition {
            Condition::Word(word) => self.word(word),
            Condition::Phrase(phrase) => self.in_order(&self.analyzers.words(phrase)),
            Condition::Beginning(word) => self.beginning(word),
            Condition::Like(word, reach) => self.like(word, *reach),
            Condition::Code(code) => self.code(code),
            Condition::Only(filter) => Ok(constant(self.filter(filter), 0.0)),
        }
    }

    /// A word in the text or what it stands under. What is no plain word may
    /// also be a number: a criterion's, a policy's, a date.
    fn word(&self, word: &str) -> Result<Boxed, SearchError> {
        let mut ways = vec![self.in_order(&self.analyzers.words(word))?];
        if is_number_like(word) {
            let number = whole(self.fields.id, word);
            ways.push(constant(number, NUMBER_WEIGHT));
            ways.push(constant(whole(self.fields.policy, word), 0.0));
        }
        Ok(any(ways))
    }

    /// Words in a row, in the text or in what it stands under. Of the two
    /// only those are asked that know every word: few words are in headings,
    /// and asking two places costs more than twice as much as asking one.
    fn in_order(&self, words: &[Word]) -> Result<Boxed, SearchError> {
        let mut ways = vec![];
        for (field, weight) in [
            (self.fields.text, 1.0),
            (self.fields.context, CONTEXT_WEIGHT),
        ] {
            let terms: Vec<Term> = words
                .iter()
                .map(|word| Term::from_field_text(field, &word.stem))
                .collect();
            let mut known = !terms.is_empty();
            let mut entries = 0;
            for term in &terms {
                let found = if known {
                    self.searcher.doc_freq(term)?
                } else {
                    0
                };
                known = known && found > 0;
                entries += found;
            }
            if !known {
                continue;
            }
            let each = if terms.len() > 1 { PHRASE_WORK } else { 1 };
            self.charge(entries * each)?;
            let sequence = sequence(terms);
            ways.push(if weight == 1.0 {
                sequence
            } else {
                Box::new(BoostQuery::new(sequence, weight))
            });
        }
        Ok(any(ways))
    }

    /// A word, or one that begins like it. Stems do not begin as words do,
    /// so the words as written are asked.
    fn beginning(&self, word: &str) -> Result<Boxed, SearchError> {
        let words = self.analyzers.words(word);
        let mut ways = vec![self.word(word)?];
        if is_number_like(word) {
            let number = self.prefix(self.fields.id, &word.to_lowercase())?;
            ways.push(constant(number, NUMBER_WEIGHT));
        }
        match words.as_slice() {
            [] => {}
            [one] => ways.push(self.prefix(self.fields.words, &one.plain)?),
            [before @ .., last] => {
                let stems = before.iter().map(|word| word.stem.as_str());
                let terms = stems
                    .chain([last.plain.as_str()])
                    .map(|text| Term::from_field_text(self.fields.text, text));
                ways.push(Box::new(PhrasePrefixQuery::new(terms.collect())));
            }
        }
        Ok(any(ways))
    }

    fn prefix(&self, field: Field, prefix: &str) -> Result<Boxed, SearchError> {
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let mut terms = index.terms().range().ge(prefix).into_stream()?;
            let mut entries = 0;
            while terms.advance() && terms.key().starts_with(prefix.as_bytes()) {
                entries += 20 + u64::from(terms.value().doc_freq);
            }
            self.charge(entries)?;
        }
        let term = |text: &str| Term::from_field_text(field, text);
        let end = format!("{prefix}{}", char::MAX);
        Ok(Box::new(InvertedIndexRangeQuery::new(
            Bound::Included(term(prefix)),
            Bound::Excluded(term(&end)),
        )))
    }

    /// A word like another; the nearer it is, the higher it scores.
    fn like(&self, word: &str, reach: u8) -> Result<Boxed, SearchError> {
        let words = self.analyzers.words(word);
        let [one] = words.as_slice() else {
            return self.in_order(&words);
        };
        let mut ways = vec![self.in_order(&words)?];
        if one.plain.len() <= MAX_LIKE {
            // Each letter it may be off, the vocabulary is gone through once.
            for segment in self.searcher.segment_readers() {
                let words = segment.inverted_index(self.fields.words)?;
                self.charge(words.terms().num_terms() as u64 * u64::from(reach))?;
            }
            let term = Term::from_field_text(self.fields.words, &one.plain);
            ways.extend((1..=reach).map(|distance| -> Boxed {
                Box::new(FuzzyTermQuery::new(term.clone(), distance, true))
            }));
        }
        Ok(any(ways))
    }

    /// Codes listed, and texts that mention them.
    fn code(&self, code: &CodePattern) -> Result<Boxed, SearchError> {
        let (listed, mentioned, score) = match &code.shape {
            CodeShape::Exact(exact) => (
                term(self.fields.code, exact),
                term(self.fields.mention, exact),
                2.0 * CODE_ASKED,
            ),
            _ => (
                self.codes(self.fields.code, code)?,
                self.codes(self.fields.mention, code)?,
                CODE_ASKED,
            ),
        };
        let listed = constant(listed, score);
        let listed: Boxed = if code.dotted {
            let system = self.filter(&Filter::System(CodeSystem::Icd10Cm));
            let system = constant(system, 0.0);
            Box::new(BooleanQuery::intersection(vec![listed, system]))
        } else {
            listed
        };
        Ok(any(vec![listed, mentioned]))
    }

    /// The codes of a field that fit a pattern, found by walking its list.
    fn codes(&self, field: Field, pattern: &CodePattern) -> Result<Boxed, SearchError> {
        let mut found = Vec::new();
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(field)?;
            let mut codes = index.terms().range().ge(pattern.lowest()).into_stream()?;
            while codes.advance() {
                let Ok(code) = std::str::from_utf8(codes.key()) else {
                    continue;
                };
                if pattern.is_past(code) {
                    break;
                }
                self.count_comparison(pattern)?;
                if pattern.matches(code) {
                    found.push(Term::from_field_text(field, code));
                }
            }
        }
        if found.is_empty() {
            return Ok(Box::new(EmptyQuery));
        }
        Ok(Box::new(TermSetQuery::new(found)))
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

    fn filter(&self, filter: &Filter) -> Boxed {
        let number = |field, value| -> Boxed {
            Box::new(TermQuery::new(
                Term::from_field_u64(field, value),
                IndexRecordOption::Basic,
            ))
        };
        match filter {
            Filter::Policy(policy) => whole(self.fields.policy, policy),
            Filter::Kind(kind) => number(self.fields.kind, kind.number()),
            Filter::System(system) => number(self.fields.system, *system as u64),
            Filter::Version(version) if version.eq_ignore_ascii_case("latest") => {
                truth(self.fields.current)
            }
            Filter::Version(version) if version.eq_ignore_ascii_case("previous") => {
                truth(self.fields.previous)
            }
            Filter::Version(version) => whole(self.fields.version, version),
            Filter::AsOf(date) => on_days(vec![DayTest::as_of(*date)]),
            Filter::Changed(from, to) => on_days(vec![DayTest::changed(*from, *to)]),
        }
    }
}

/// A test of the days on which an item began and ended.
#[derive(Clone, Copy, Debug)]
enum DayTest {
    /// It may be in force between these days.
    InForce { first: u64, last: u64 },
    /// It may have begun or ended between these days: a coarse date counts as
    /// any of its days.
    Changed { first: u64, last: u64 },
}

impl DayTest {
    fn as_of(date: Date) -> Self {
        let (first, last) = Days::of(date);
        DayTest::InForce { first, last }
    }

    fn changed(from: Option<Date>, to: Option<Date>) -> Self {
        DayTest::Changed {
            first: from.map_or(0, |date| Days::of(date).0),
            // What has not ended ends at the very last number.
            last: to.map_or(u64::MAX - 1, |date| Days::of(date).1),
        }
    }

    fn passes(self, day: impl Fn(usize) -> u64) -> bool {
        match self {
            DayTest::InForce { first, last } => day(0) <= last && day(1) > first,
            DayTest::Changed { first, last } => {
                (day(0) <= last && day(2) >= first) || (day(3) <= last && day(4) >= first)
            }
        }
    }
}

/// What passes any of some tests of days. They are made on the documents that
/// pass everything else: tantivy's own query for ranges would read its column
/// from end to end first.
fn on_days(tests: Vec<DayTest>) -> Boxed {
    let of_segment = move |segment: &SegmentReader| {
        let columns: tantivy::Result<Vec<_>> = column::DAYS
            .iter()
            .map(|name| Ok(segment.fast_fields().u64(name)?.first_or_default_col(0)))
            .collect();
        let (columns, tests) = (columns?, tests.clone());
        Ok(move |document: DocId| {
            let day = |column: usize| columns[column].get_val(document);
            tests.iter().any(|test| test.passes(day))
        })
    };
    Box::new(DocPredicateQuery::from(FunctionPredicate::from(of_segment)))
}

fn truth(field: Field) -> Boxed {
    Box::new(TermQuery::new(
        Term::from_field_bool(field, true),
        IndexRecordOption::Basic,
    ))
}

/// Whether a word may be the number of a criterion or a policy, or a date.
fn is_number_like(word: &str) -> bool {
    !word.chars().all(char::is_alphabetic)
}

fn term(field: Field, text: &str) -> Boxed {
    Box::new(TermQuery::new(
        Term::from_field_text(field, text),
        IndexRecordOption::Basic,
    ))
}

/// A whole value, in any case.
fn whole(field: Field, text: &str) -> Boxed {
    term(field, &text.to_lowercase())
}

fn any(mut ways: Vec<Boxed>) -> Boxed {
    match ways.len() {
        0 => Box::new(EmptyQuery),
        1 => ways.remove(0),
        _ => Box::new(BooleanQuery::union(ways)),
    }
}

fn sequence(mut terms: Vec<Term>) -> Boxed {
    if terms.len() == 1 {
        return Box::new(TermQuery::new(
            terms.remove(0),
            IndexRecordOption::WithFreqs,
        ));
    }
    Box::new(PhraseQuery::new(terms))
}

fn constant(query: Boxed, score: f32) -> Boxed {
    Box::new(ConstScoreQuery::new(query, score))
}
