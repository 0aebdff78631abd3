//! Turns a reading into a tantivy query.

use std::cell::Cell;
use std::ops::Bound;

use tantivy::query::{
    AllQuery, BooleanQuery, BoostQuery, ConstScoreQuery, EmptyQuery, FuzzyTermQuery,
    InvertedIndexRangeQuery, Occur, PhrasePrefixQuery, PhraseQuery, Query as IndexQuery,
    RangeQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::SearchError;
use super::analysis::{Analyzers, Word};
use super::codes::{CodePattern, CodeShape};
use super::item::Days;
use super::query::{Condition, Filter, Query};
use super::schema::Fields;
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
/// Longer words are like no other: their automaton would be too large.
const MAX_LIKE: usize = 32;

type Boxed = Box<dyn IndexQuery>;

/// Makes queries for one state of the index.
pub(super) struct Planner<'a> {
    fields: &'a Fields,
    analyzers: &'a Analyzers,
    searcher: &'a Searcher,
    compared: Cell<usize>,
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
        }
    }

    /// The query for a reading.
    pub(super) fn query(&self, query: &Query) -> Result<Boxed, SearchError> {
        let mut clauses: Vec<(Occur, Boxed)> = Vec::new();
        for group in &query.required {
            let alternatives: Result<Vec<_>, _> =
                group.iter().map(|one| self.condition(one)).collect();
            clauses.push((Occur::Must, any(alternatives?)));
        }
        if clauses.is_empty() {
            clauses.push((Occur::Must, constant(Box::new(AllQuery), 0.0)));
        }
        for condition in &query.excluded {
            clauses.push((Occur::MustNot, self.condition(condition)?));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
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
            Condition::Word(word) => Ok(self.word(word)),
            Condition::Phrase(phrase) => Ok(self.in_order(&self.analyzers.words(phrase))),
            Condition::Beginning(word) => Ok(self.beginning(word)),
            Condition::Like(word, reach) => Ok(self.like(word, *reach)),
            Condition::Code(code) => self.code(code),
            Condition::Only(filter) => Ok(constant(self.filter(filter), 0.0)),
        }
    }

    /// A word in the text or what it stands under. What is no plain word may
    /// also be a number: a criterion's, a policy's, a date.
    fn word(&self, word: &str) -> Boxed {
        let mut ways = vec![self.in_order(&self.analyzers.words(word))];
        if is_number_like(word) {
            let number = whole(self.fields.id, word);
            ways.push(constant(number, NUMBER_WEIGHT));
            ways.push(constant(whole(self.fields.policy, word), 0.0));
        }
        any(ways)
    }

    fn in_order(&self, words: &[Word]) -> Boxed {
        let sequence = |field| -> Boxed {
            let mut terms: Vec<Term> = words
                .iter()
                .map(|word| Term::from_field_text(field, &word.stem))
                .collect();
            match terms.len() {
                0 => Box::new(EmptyQuery),
                1 => Box::new(TermQuery::new(
                    terms.remove(0),
                    IndexRecordOption::WithFreqs,
                )),
                _ => Box::new(PhraseQuery::new(terms)),
            }
        };
        let context = BoostQuery::new(sequence(self.fields.context), CONTEXT_WEIGHT);
        any(vec![sequence(self.fields.text), Box::new(context)])
    }

    /// A word, or one that begins like it. Stems do not begin as words do,
    /// so the words as written are asked.
    fn beginning(&self, word: &str) -> Boxed {
        let words = self.analyzers.words(word);
        let mut ways = vec![self.word(word)];
        if is_number_like(word) {
            let number = self.prefix(self.fields.id, &word.to_lowercase());
            ways.push(constant(number, NUMBER_WEIGHT));
        }
        match words.as_slice() {
            [] => {}
            [one] => ways.push(self.prefix(self.fields.words, &one.plain)),
            [before @ .., last] => {
                let stems = before.iter().map(|word| word.stem.as_str());
                let terms = stems
                    .chain([last.plain.as_str()])
                    .map(|text| Term::from_field_text(self.fields.text, text));
                ways.push(Box::new(PhrasePrefixQuery::new(terms.collect())));
            }
        }
        any(ways)
    }

    fn prefix(&self, field: Field, prefix: &str) -> Boxed {
        let term = |text: &str| Term::from_field_text(field, text);
        let end = format!("{prefix}{}", char::MAX);
        Box::new(InvertedIndexRangeQuery::new(
            Bound::Included(term(prefix)),
            Bound::Excluded(term(&end)),
        ))
    }

    /// A word like another; the nearer it is, the higher it scores.
    fn like(&self, word: &str, reach: u8) -> Boxed {
        let words = self.analyzers.words(word);
        let [one] = words.as_slice() else {
            return self.in_order(&words);
        };
        let mut ways = vec![self.in_order(&words)];
        if one.plain.len() <= MAX_LIKE {
            let term = Term::from_field_text(self.fields.words, &one.plain);
            ways.extend((1..=reach).map(|distance| -> Boxed {
                Box::new(FuzzyTermQuery::new(term.clone(), distance, true))
            }));
        }
        any(ways)
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
                Box::new(TermQuery::new(
                    Term::from_field_bool(self.fields.current, true),
                    IndexRecordOption::Basic,
                ))
            }
            Filter::Version(version) => whole(self.fields.version, version),
            Filter::AsOf(date) => self.as_of(*date),
        }
    }

    fn as_of(&self, date: Date) -> Boxed {
        let (first, last) = Days::of(date);
        let begun = RangeQuery::new(
            Bound::Unbounded,
            Bound::Included(Term::from_field_u64(self.fields.from, last)),
        );
        let not_over = RangeQuery::new(
            Bound::Excluded(Term::from_field_u64(self.fields.until, first)),
            Bound::Unbounded,
        );
        Box::new(BooleanQuery::intersection(vec![
            Box::new(begun),
            Box::new(not_over),
        ]))
    }
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
    if ways.len() == 1 {
        return ways.remove(0);
    }
    Box::new(BooleanQuery::union(ways))
}

fn constant(query: Boxed, score: f32) -> Boxed {
    Box::new(ConstScoreQuery::new(query, score))
}
