//! Searching the library.

use std::sync::{Arc, PoisonError};

use super::evidence::Evidence;
use super::find::Finder;
use super::open::Workbench;
use super::problem::Problem;
use crate::search::{Request, SearchError, SearchResults};

/// What a search found, with what it rests on.
#[derive(Clone, Debug)]
pub struct Searched {
    /// What was typed.
    pub query: String,
    /// What was found.
    pub results: SearchResults,
    /// Where a date was asked about and nothing was found: how many hits
    /// there are without it.
    pub without_date: Option<usize>,
    /// What the answer rests on.
    pub evidence: Evidence,
}

/// The same request without a date, if it names one.
pub(super) fn without_date(request: &Request) -> Option<Request> {
    let is_date = |word: &&str| word.to_lowercase().starts_with("as-of:");
    let words: Vec<&str> = request.query.split_whitespace().collect();
    let named = request.as_of.is_some() || words.iter().any(is_date);
    let others: Vec<&str> = words.into_iter().filter(|word| !is_date(word)).collect();
    named.then(|| Request {
        query: others.join(" "),
        as_of: None,
        limit: 0,
        ..request.clone()
    })
}

impl Workbench {
    /// Searches the library. The first search opens the index.
    ///
    /// # Errors
    /// When the query is refused, or the index fails.
    pub fn search(&self, request: &Request) -> Result<Searched, Problem> {
        self.finder()?.search(request)
    }

    /// The index of the library, opened when it is first asked for. One that
    /// could not be opened is opened again.
    ///
    /// # Errors
    /// When no index can be made even in memory.
    pub(super) fn finder(&self) -> Result<Arc<Finder>, Problem> {
        let mut opened = self.finder.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(finder) = &*opened {
            return Ok(Arc::clone(finder));
        }
        self.indexed.begin();
        let finder = Finder::of(self.indexed.clone(), self.cache.clone())?;
        Ok(Arc::clone(opened.insert(Arc::new(finder))))
    }

    /// Whether the index is open, so that a search is answered at once.
    pub fn is_indexed(&self) -> bool {
        let opened = self.finder.try_lock();
        opened.is_ok_and(|finder| finder.is_some())
    }

    /// How many files were read for the index, and how many there are.
    pub fn indexing(&self) -> (usize, usize) {
        self.indexed.progress()
    }

    /// Stops making the index. Searching again begins anew.
    pub fn stop_indexing(&self) {
        self.indexed.stop();
    }
}

impl From<SearchError> for Problem {
    fn from(error: SearchError) -> Self {
        if error.environment {
            Problem::environment(error.message, error.hint)
        } else {
            Problem::usage(error.message, error.hint)
        }
    }
}
