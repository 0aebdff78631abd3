//! The index in memory, and asking it.

use std::ops::Range;
use std::sync::Arc;

use tantivy::directory::RamDirectory;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher};

use super::SearchError;
use super::analysis::Analyzers;
use super::highlight::Highlighter;
use super::item::{Item, ItemKind};
use super::plan::Planner;
use super::query::{Condition, Filter, Query, reach};
use super::rank::{Facets, Ranked, Ranking};
use super::schema::{Fields, document, schema};
use super::spans::items;
use crate::library::Library;
use crate::policy::Date;

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
    reader: IndexReader,
    fields: Fields,
    analyzers: Analyzers,
    items: Vec<Arc<Item>>,
}

impl std::fmt::Debug for SearchIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SearchIndex({} items)", self.items.len())
    }
}

/// The memory of the index writer, in bytes: enough for a library of usual
/// size to become one segment.
const WRITER_MEMORY: usize = 64_000_000;

impl SearchIndex {
    /// Indexes a library in memory.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn build(library: &Library) -> Result<Self, SearchError> {
        let (schema, fields) = schema();
        let analyzers = Analyzers::new();
        let index = Index::builder()
            .schema(schema)
            .open_or_create(RamDirectory::create())?;
        analyzers.register(index.tokenizers());
        let mut found = Vec::new();
        let mut writer: IndexWriter = index.writer_with_num_threads(1, WRITER_MEMORY)?;
        for policy in &library.policies {
            for item in items(policy) {
                let number = found.len() as u64;
                writer.add_document(document(&fields, policy, &item, number))?;
                found.push(Arc::new(item));
            }
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()?;
        Ok(SearchIndex {
            reader,
            fields,
            analyzers,
            items: found,
        })
    }

    /// The items, by policy, kind and place in the document.
    pub fn items(&self) -> &[Arc<Item>] {
        &self.items
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
        let searcher = self.reader.searcher();
        let planner = Planner::new(&self.fields, &self.analyzers, &searcher);
        let ranked = ranked(&searcher, &planner, &query, request.limit)?;
        if ranked.total == 0 {
            for reach in 1..=2 {
                let Some(wider) = widened(&planner, &query, reach)? else {
                    break;
                };
                let ranked = self::ranked(&searcher, &planner, &wider, request.limit)?;
                if ranked.total > 0 {
                    return Ok(self.results(&wider, ranked, true));
                }
            }
        }
        Ok(self.results(&query, ranked, false))
    }

    fn results(&self, query: &Query, ranked: Ranked, fuzzy: bool) -> SearchResults {
        let highlighter = Highlighter::new(&self.analyzers, query);
        let hits = ranked.best.into_iter().filter_map(|place| {
            let item = self.items.get(usize::try_from(place.item).ok()?)?;
            Some(Hit {
                item: Arc::clone(item),
                score: place.score,
                highlights: highlighter.ranges(&item.text),
            })
        });
        SearchResults {
            reading: query.to_string(),
            hits: hits.collect(),
            total: ranked.total,
            fuzzy,
            facets: ranked.facets,
        }
    }
}

fn ranked(
    searcher: &Searcher,
    planner: &Planner<'_>,
    query: &Query,
    limit: usize,
) -> Result<Ranked, SearchError> {
    let ranking = Ranking {
        limit,
        current_first: !query.names_a_time(),
    };
    Ok(searcher.search(&*planner.query(query)?, &ranking)?)
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
