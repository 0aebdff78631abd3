//! Asking the index.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use tantivy::schema::Value;
use tantivy::{DocAddress, Index, ReloadPolicy, Searcher, TantivyDocument};

use super::SearchError;
use super::analysis::Analyzers;
use super::catalogue::{Catalogue, PolicyRecord};
use super::codes::CodePattern;
use super::highlight::Highlighter;
use super::item::{Item, ItemKind};
use super::plan::Planner;
use super::query::{Condition, Filter, Query, reach};
use super::rank::{Facets, Ranked, Ranking};
use super::record;
use super::schema::{Fields, column, schema};
use super::segment::{Read, Segment};
use super::tables;
use crate::policy::{Date, Policy};

/// What is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The query, as typed.
    pub query: String,
    /// Only this policy, beside what the query says.
    pub policy: Option<String>,
    /// Only this kind of item.
    pub kind: Option<ItemKind>,
    /// Only what may be in force on this date.
    pub as_of: Option<Date>,
    /// How many hits are listed at most.
    pub limit: usize,
    /// Whether the query is still being typed, so that its last word may go on.
    pub prefix_last: bool,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SearchResults {
    /// How the query was read.
    pub reading: String,
    /// The best hits, the best first.
    pub hits: Vec<Hit>,
    /// How many hits there are, listed or not.
    pub total: usize,
    /// Whether nothing matched as written, and these match words like those asked for.
    pub fuzzy: bool,
    /// What the hits are of.
    pub facets: Facets,
}

/// An item that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Hit {
    /// The item.
    pub item: Arc<Item>,
    /// How well its words match; comparable within one search.
    pub score: f32,
    /// What matched, in bytes of the item's text; sorted, not overlapping.
    pub highlights: Vec<Range<usize>>,
}

/// The items of a library, ready to be searched from any thread.
pub struct SearchIndex {
    searcher: Searcher,
    /// What was read of each segment, to be asked again.
    read: Vec<Read>,
    fields: Fields,
    analyzers: Analyzers,
    catalogue: Arc<Catalogue>,
    kept: bool,
}

impl std::fmt::Debug for SearchIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SearchIndex({} items)", self.items())
    }
}

impl SearchIndex {
    pub(super) fn of(
        index: &Index,
        catalogue: Arc<Catalogue>,
        kept: bool,
    ) -> Result<Self, SearchError> {
        let (_, fields) = schema();
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        let searcher = reader.searcher();
        let segments = searcher.segment_readers().iter();
        Ok(SearchIndex {
            read: segments.map(|_| Read::default()).collect(),
            searcher,
            fields,
            analyzers: Analyzers::new(),
            catalogue,
            kept,
        })
    }

    /// Whether it is kept on disk, where it may come to harm.
    pub fn is_kept(&self) -> bool {
        self.kept
    }

    /// How many items there are.
    pub fn items(&self) -> u64 {
        self.searcher.num_docs()
    }

    /// Whether it is of exactly these policies, by content.
    pub fn is_of(&self, policies: &[Policy]) -> bool {
        self.catalogue.is_of(policies)
    }

    /// The policies it is of.
    pub fn policies(&self) -> impl Iterator<Item = &PolicyRecord> {
        self.catalogue.policies()
    }

    /// The reference numbers of the policies.
    pub fn references(&self) -> impl Iterator<Item = &str> {
        self.policies().map(|policy| policy.reference.as_str())
    }

    /// The files of the library that cannot be used, in order.
    pub fn unusable_files(&self) -> Vec<String> {
        self.catalogue.unusable()
    }

    /// Answers a request. Where nothing matches, words that no text has are
    /// replaced by words like them.
    ///
    /// # Errors
    /// When the query is too long, or a pattern covers too many codes.
    pub fn search(&self, request: &Request) -> Result<SearchResults, SearchError> {
        let mut query = Query::read(&request.query, request.prefix_last)?;
        if query.is_empty() {
            return Ok(SearchResults {
                reading: query.to_string(),
                ..SearchResults::default()
            });
        }
        let filters = [
            request.policy.clone().map(Filter::Policy),
            request.kind.map(Filter::Kind),
            request.as_of.map(Filter::AsOf),
        ];
        filters
            .into_iter()
            .flatten()
            .for_each(|filter| query.require(filter));
        let planner = self.planner();
        let ranked = self.ranked(&planner, &query, request.limit)?;
        if ranked.total == 0 {
            for reach in 1..=2 {
                let Some(wider) = widened(&planner, &query, reach)? else {
                    break;
                };
                let ranked = self.ranked(&planner, &wider, request.limit)?;
                if ranked.total > 0 {
                    return self.results(&wider, ranked, true);
                }
            }
        }
        self.results(&query, ranked, false)
    }

    /// The policies that ever listed a code, in order of reference number:
    /// their versions with their code tables, and nothing else.
    ///
    /// # Errors
    /// When the pattern covers too many codes, or the index fails.
    pub fn policies_listing(&self, pattern: &CodePattern) -> Result<Vec<Policy>, SearchError> {
        let ranked = self.ranked(&self.planner(), &Query::listing(pattern), 0)?;
        let listing: BTreeSet<String> = ranked
            .facets
            .policies
            .into_iter()
            .map(|(reference, _)| reference)
            .collect();
        let wanted = self.catalogue.by_number();
        let wanted = wanted.filter(|(_, policy)| listing.contains(&policy.reference));
        let wanted: BTreeMap<u32, &PolicyRecord> = wanted.collect();
        let places = self.last_items(|policy| wanted.contains_key(&policy))?;
        let mut policies = vec![];
        for (number, record) in wanted {
            let at = places.get(&number).map(|(_, at)| *at);
            let policy = at.map(|at| self.tables(at, record)).transpose()?.flatten();
            let unread = || SearchError::index("code tables cannot be read");
            policies.push(policy.ok_or_else(unread)?);
        }
        policies.sort_by(|left: &Policy, right| left.reference.cmp(&right.reference));
        Ok(policies)
    }

    /// The last item of each policy that is wanted, with its place.
    fn last_items(
        &self,
        is_wanted: impl Fn(u32) -> bool,
    ) -> Result<BTreeMap<u32, (u64, DocAddress)>, SearchError> {
        let mut last: BTreeMap<u32, (u64, DocAddress)> = BTreeMap::new();
        let segments = self.searcher.segment_readers().iter().enumerate();
        for ((number, reader), read) in segments.zip(&self.read) {
            let segment = Segment::new(number, reader, read);
            let (places, alive) = (segment.column(column::PLACE)?, segment.alive()?);
            for run in segment.runs()? {
                if !is_wanted(run.facts.policy) {
                    continue;
                }
                let is_alive = |one: &u32| alive.is_none_or(|alive| alive.contains(*one));
                for document in (run.start..run.end).filter(is_alive) {
                    let found = (
                        places.get_val(document),
                        DocAddress::new(number as u32, document),
                    );
                    let known = last.entry(run.facts.policy).or_insert(found);
                    *known = found.max(*known);
                }
            }
        }
        Ok(last)
    }

    fn tables(&self, at: DocAddress, record: &PolicyRecord) -> Result<Option<Policy>, SearchError> {
        let document: TantivyDocument = self.searcher.doc(at)?;
        let tables = document.get_first(self.fields.tables);
        Ok(tables.and_then(|tables| tables::read(tables.as_bytes()?, record)))
    }

    fn planner(&self) -> Planner<'_> {
        Planner::new(
            &self.fields,
            &self.analyzers,
            &self.searcher,
            &self.catalogue,
        )
    }

    fn ranked(
        &self,
        planner: &Planner<'_>,
        query: &Query,
        limit: usize,
    ) -> Result<Ranked, SearchError> {
        let ranking = Ranking {
            limit,
            current_first: !query.names_a_time(),
            catalogue: &self.catalogue,
        };
        Ok(ranking.ask(&self.searcher, &self.read, &planner.plan(query)?)?)
    }

    fn results(
        &self,
        query: &Query,
        ranked: Ranked,
        fuzzy: bool,
    ) -> Result<SearchResults, SearchError> {
        let highlighter = Highlighter::new(&self.analyzers, query);
        let hits: Result<Vec<_>, SearchError> = ranked
            .best
            .into_iter()
            .map(|place| {
                let item = self.item(place.at)?;
                Ok(Hit {
                    highlights: highlighter.ranges(&item.text),
                    item: Arc::new(item),
                    score: place.score,
                })
            })
            .collect();
        Ok(SearchResults {
            reading: query.to_string(),
            hits: hits?,
            total: ranked.total,
            fuzzy,
            facets: ranked.facets,
        })
    }

    fn item(&self, at: DocAddress) -> Result<Item, SearchError> {
        let document: TantivyDocument = self.searcher.doc(at)?;
        let record = document.get_first(self.fields.record);
        let item = record.and_then(|record| record::read(record.as_bytes()?));
        item.ok_or_else(|| SearchError::index("an item cannot be read"))
    }
}

/// The query with words like those that no text has, or nothing if every
/// word occurs somewhere. Codes and what has digits stay as they are.
fn widened(
    planner: &Planner<'_>,
    query: &Query,
    at_most: u8,
) -> Result<Option<Query>, SearchError> {
    let mut wider = query.clone();
    let mut unknown = Vec::new();
    for condition in wider.required.iter_mut().flatten() {
        let (Condition::Word(word) | Condition::Beginning(word)) = condition else {
            continue;
        };
        if word.chars().all(char::is_alphabetic) && planner.is_unknown(word)? {
            unknown.push(format!("`{word}`"));
            *condition = Condition::Like(word.clone(), reach(word).min(at_most));
        }
    }
    if unknown.is_empty() {
        return Ok(None);
    }
    wider
        .notes
        .push(format!("no text has {}", unknown.join(", ")));
    Ok(Some(wider))
}
