//! Opening a library.

use std::path::PathBuf;
use std::sync::OnceLock;

use super::codesets::OpenedSets;
use super::problem::Problem;
use crate::cases::CaseBook;
use crate::library::{DEFAULT_FOLDER, Library, Source, load, open_source};
use crate::search::{SearchError, SearchIndex};

/// Which library is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// The folder; `policy-versions/` here or the embedded library, if none.
    pub folder: Option<PathBuf>,
    /// The git revision; the files as they are, if none.
    pub revision: Option<String>,
}

/// A folder without any policy is not a library: answering "nothing lists
/// this code" from it would be a wrong answer.
fn no_policy(opening: &Opening) -> Problem {
    let folder = opening.folder.clone().unwrap_or_default();
    let inner = folder.join(DEFAULT_FOLDER);
    let hint = if inner.is_dir() {
        format!("did you mean {}?", inner.display())
    } else if folder.join("policy.toml").is_file() {
        "this is the folder of one policy; name the folder above it".to_owned()
    } else {
        "a library holds one folder a policy, with a policy.toml in it".to_owned()
    };
    Problem::usage(format!("{} holds no policy", folder.display()), hint)
}

/// An opened library, and what has been worked out from it so far.
pub struct Workbench {
    pub(super) library: Library,
    pub(super) stored_cases: OnceLock<CaseBook>,
    pub(super) code_sets: OnceLock<OpenedSets>,
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
        let workbench = Workbench::of(source.as_ref())?;
        let library = &workbench.library;
        if library.policies.is_empty() && library.diagnostics.is_empty() {
            return Err(no_policy(opening));
        }
        Ok(workbench)
    }

    /// Opens the library of a source.
    ///
    /// # Errors
    /// As [`Workbench::open`].
    pub fn of(source: &dyn Source) -> Result<Self, Problem> {
        Ok(Workbench {
            library: load(source)?,
            stored_cases: OnceLock::new(),
            code_sets: OnceLock::new(),
            index: OnceLock::new(),
        })
    }

    /// The library.
    pub fn library(&self) -> &Library {
        &self.library
    }
}
