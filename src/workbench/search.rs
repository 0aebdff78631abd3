//! Searching the library.

use super::evidence::Evidence;
use super::open::Workbench;
use super::problem::Problem;
use crate::search::{Request, SearchError, SearchIndex, SearchResults};

/// What a search found, with what it rests on.
#[derive(Clone, Debug)]
pub struct Searched {
    /// What was typed.
    pub query: String,
    /// What was found.
    pub results: SearchResults,
    /// What the answer rests on.
    pub evidence: Evidence,
}

impl Workbench {
    /// Searches the library. The first search builds the index.
    ///
    /// # Errors
    /// When the query is refused, or the index fails.
    pub fn search(&self, request: &Request) -> Result<Searched, Problem> {
        let results = self.index()?.search(request)?;
        let versions: Vec<_> = self
            .library
            .policies
            .iter()
            .filter(|policy| {
                let found = |hit: &crate::search::Hit| hit.item.policy == policy.reference;
                results.hits.iter().any(found)
            })
            .flat_map(|policy| policy.versions.iter().map(move |version| (policy, version)))
            .collect();
        Ok(Searched {
            query: request.query.clone(),
            evidence: self.evidence(&versions),
            results,
        })
    }

    fn index(&self) -> Result<&SearchIndex, SearchError> {
        self.index
            .get_or_init(|| SearchIndex::build(&self.library))
            .as_ref()
            .map_err(Clone::clone)
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
