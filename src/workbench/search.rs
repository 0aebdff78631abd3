//! Searching the library.

use super::evidence::Evidence;
use super::find::Finder;
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
    /// Searches the library. The first search opens the index.
    ///
    /// # Errors
    /// When the query is refused, or the index fails.
    pub fn search(&self, request: &Request) -> Result<Searched, Problem> {
        if let Some(finder) = self.finder() {
            return finder.search(request);
        }
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

    /// What there is to say about the index once it was searched, at most a
    /// line each.
    pub fn index_notes(&self) -> Vec<String> {
        let finder = self.finder.get().and_then(Option::as_ref);
        finder.map(Finder::notes).unwrap_or_default()
    }

    /// The kept index, where it is of just what was loaded: a library that
    /// changed since must not give hits that the rest of the program does not
    /// know.
    fn finder(&self) -> Option<&Finder> {
        let open = || {
            let finder = Finder::open(self.opening.as_ref()?).ok()?;
            finder.is_of(&self.library).then_some(finder)
        };
        self.finder.get_or_init(open).as_ref()
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
