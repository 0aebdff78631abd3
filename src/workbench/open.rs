//! Opening a library.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock};

use super::codesets::OpenedSets;
use super::find::Finder;
use super::problem::Problem;
use crate::cases::CaseBook;
use crate::library::{DEFAULT_FOLDER, Holdings, Source, Watched, open_source};
use crate::search::IndexCache;

/// Which library is meant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opening {
    /// The folder; `policy-versions/` here or the embedded library, if none.
    pub folder: Option<PathBuf>,
    /// The git revision; the files as they are, if none.
    pub revision: Option<String>,
    /// Where the search index is kept between runs.
    pub index: IndexPlace,
}

/// Where the search index is kept between runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum IndexPlace {
    /// In the user's cache folder, or where `LOOKBACK_CACHE` says.
    #[default]
    User,
    /// In that folder.
    Folder(PathBuf),
    /// Nowhere: it is made anew in memory each time.
    Memory,
}

impl Opening {
    pub(super) fn cache(&self) -> IndexCache {
        match &self.index {
            IndexPlace::User => IndexCache::of_user(),
            IndexPlace::Folder(folder) => IndexCache::in_folder(folder),
            IndexPlace::Memory => IndexCache::none(),
        }
    }
}

/// A folder without any policy is not a library: answering "nothing lists
/// this code" from it would be a wrong answer.
pub(super) fn no_policy(opening: &Opening) -> Problem {
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
    pub(super) library: Holdings,
    /// The library as the index reads it.
    pub(super) indexed: Arc<Watched>,
    pub(super) cache: IndexCache,
    pub(super) stored_cases: OnceLock<CaseBook>,
    pub(super) cases_of: Mutex<BTreeMap<String, Arc<CaseBook>>>,
    pub(super) code_sets: OnceLock<OpenedSets>,
    pub(super) finder: Mutex<Option<Arc<Finder>>>,
}

impl Workbench {
    /// Opens a library.
    ///
    /// # Errors
    /// When it is not there or cannot be read. Faults of single files are in
    /// [`Holdings::diagnostics`].
    pub fn open(opening: &Opening) -> Result<Self, Problem> {
        let source = open_source(opening.folder.as_deref(), opening.revision.as_deref())?;
        // What git has to say is wanted later, and always.
        let asked = Arc::clone(&source);
        std::thread::spawn(move || asked.origin());
        let library = Holdings::open(Arc::clone(&source))?;
        if library.heads().is_empty() && library.diagnostics().is_empty() {
            return Err(no_policy(opening));
        }
        Ok(Workbench::with(library, source, opening.cache()))
    }

    /// Opens the library of a source; its index is in memory.
    ///
    /// # Errors
    /// As [`Workbench::open`].
    pub fn of<S: Source + Clone + 'static>(source: &S) -> Result<Self, Problem> {
        let source: Arc<dyn Source> = Arc::new(source.clone());
        let library = Holdings::open(Arc::clone(&source))?;
        Ok(Workbench::with(library, source, IndexCache::none()))
    }

    /// Opens some folders of a source.
    pub(super) fn of_folders(
        source: Arc<dyn Source>,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Self, Problem> {
        let library = Holdings::of_folders(Arc::clone(&source), wanted)?;
        Ok(Workbench::with(library, source, IndexCache::none()))
    }

    fn with(library: Holdings, source: Arc<dyn Source>, cache: IndexCache) -> Self {
        Workbench {
            library,
            indexed: Arc::new(Watched::of(source)),
            cache,
            stored_cases: OnceLock::new(),
            cases_of: Mutex::new(BTreeMap::new()),
            code_sets: OnceLock::new(),
            finder: Mutex::new(None),
        }
    }

    /// The library.
    pub fn library(&self) -> &Holdings {
        &self.library
    }
}
