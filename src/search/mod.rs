//! Search: which policies hold a word or a code, and since when.
//!
//! The unit found is an [`Item`]: a criterion, a code row, a paragraph, with
//! the span of versions in which its text is unchanged. A sentence that lived
//! through nine revisions is one hit, and the index grows with change rather
//! than with the number of versions.
//!
//! The way of a query: [`query`](Query) reads what was typed, never failing
//! on malformed input; `plan` tells by which lists and tests of the index it is
//! answered; `hits` finds, as sets; `rank` counts and orders; `highlight` marks
//! the words found. Nothing outside this folder
//! knows tantivy, and tantivy's own query parser is never used: it overflows
//! the stack on deep nesting.
//!
//! The index is kept in the user's cache folder: [`open`](SearchIndex::open)
//! brings it up to date with the library, `build` fills it, `cache` keeps its
//! files and checks them, `catalogue` says what it is of.
//!
//! Cases are never indexed.

mod analysis;
mod build;
mod bytes;
mod cache;
mod catalogue;
mod codes;
mod highlight;
mod hits;
mod index;
mod item;
mod lexer;
mod matching;
mod open;
#[cfg(test)]
mod plain;
mod plan;
mod query;
mod rank;
mod record;
mod schema;
mod segment;
mod set;
mod spans;
mod tables;
#[cfg(test)]
mod tests;

pub use cache::{CACHE_VARIABLE, IndexCache};
pub use catalogue::{PolicyRecord, VersionRecord};
pub use codes::{CodePattern, CodeShape};
pub use index::{Hit, Request, SearchIndex, SearchResults};
pub use item::{Item, ItemKind, Period};
pub use open::OpenedIndex;
pub use query::{Condition, Filter, MAX_CONDITIONS, MAX_LENGTH, Query};
pub use rank::Facets;
pub use spans::items;

/// Why a search has no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SearchError {
    /// What stands in the way.
    pub message: String,
    /// The way out.
    pub hint: String,
    /// Whether the index, rather than what was asked, is at fault.
    pub environment: bool,
}

impl SearchError {
    fn asked(message: impl Into<String>, hint: impl Into<String>) -> Self {
        SearchError {
            message: message.into(),
            hint: hint.into(),
            environment: false,
        }
    }
}

impl SearchError {
    fn stopped() -> Self {
        SearchError {
            message: "the search index was not finished, for it was stopped".to_owned(),
            hint: "search again to begin anew".to_owned(),
            environment: false,
        }
    }

    fn index(reason: impl std::fmt::Display) -> Self {
        SearchError {
            message: format!("the search index failed: {reason}"),
            hint: "start again with --no-index-cache, which searches in memory".to_owned(),
            environment: true,
        }
    }
}

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> Self {
        SearchError::index(error)
    }
}

impl From<crate::library::LibraryError> for SearchError {
    fn from(error: crate::library::LibraryError) -> Self {
        SearchError {
            message: error.message,
            hint: error.hint,
            environment: error.environment,
        }
    }
}

impl From<std::io::Error> for SearchError {
    fn from(error: std::io::Error) -> Self {
        tantivy::TantivyError::from(error).into()
    }
}
