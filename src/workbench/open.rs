//! Opening a library.

use std::path::PathBuf;
use std::sync::OnceLock;

use super::problem::Problem;
use crate::cases::CaseBook;
use crate::library::{Library, Source, load, open_source};
use crate::search::{SearchError, SearchIndex};

/// Which library is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// The folder; `policy-versions/` here or the embedded library, if none.
    pub folder: Option<PathBuf>,
    /// The git revision; the files as they are, if none.
    pub revision: Option<String>,
}

/// An opened library, and what has been worked out from it so far.
pub struct Workbench {
    pub(super) library: Library,
    pub(super) stored_cases: OnceLock<CaseBook>,
    pub(super) index: OnceLock<Result<SearchIndex, SearchError>>,
}

impl Workbench {
    /// Opens a library.
    ///
    /// # Errors
    /// When it is not there or cannot be read. Faults of single files are in
    /// [`Library::diagnostics`].
    pub fn open(opening: &Opening) -> Result<Self, Problem> {
        let source = open_source(opening.folder.as_deref(), opening.revision.as_deref())?;
        Workbench::of(source.as_ref())
    }

    /// Opens the library of a source.
    ///
    /// # Errors
    /// As [`Workbench::open`].
    pub fn of(source: &dyn Source) -> Result<Self, Problem> {
        Ok(Workbench {
            library: load(source)?,
            stored_cases: OnceLock::new(),
            index: OnceLock::new(),
        })
    }

    /// The library.
    pub fn library(&self) -> &Library {
        &self.library
    }
}
