//! Opening a library.

use std::path::PathBuf;
use std::sync::OnceLock;

use super::codesets::OpenedSets;
use super::find::Finder;
use super::problem::Problem;
use crate::cases::CaseBook;
use crate::format::Diagnostic;
use crate::library::{
    DEFAULT_FOLDER, Folder, Library, Source, load, load_code_sets, load_folders, open_source,
};
use crate::search::{IndexCache, SearchError, SearchIndex};

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
    pub(super) library: Library,
    pub(super) stored_cases: OnceLock<CaseBook>,
    pub(super) code_sets: OnceLock<OpenedSets>,
    pub(super) index: OnceLock<Result<SearchIndex, SearchError>>,
    /// How the library was opened, to open its kept index; nothing, for one
    /// whose index is in memory.
    pub(super) opening: Option<Opening>,
    pub(super) finder: OnceLock<Option<Finder>>,
}

impl Workbench {
    /// Opens a library.
    ///
    /// # Errors
    /// When it is not there or cannot be read. Faults of single files are in
    /// [`Library::diagnostics`].
    pub fn open(opening: &Opening) -> Result<Self, Problem> {
        let source = open_source(opening.folder.as_deref(), opening.revision.as_deref())?;
        let mut workbench = Workbench::of(source.as_ref())?;
        let library = &workbench.library;
        if library.policies.is_empty() && library.diagnostics.is_empty() {
            return Err(no_policy(opening));
        }
        workbench.opening = Some(opening.clone());
        Ok(workbench)
    }

    /// Opens the library of a source; its index is in memory.
    ///
    /// # Errors
    /// As [`Workbench::open`].
    pub fn of(source: &dyn Source) -> Result<Self, Problem> {
        Ok(Workbench::with(load(source)?))
    }

    /// Opens some folders of a source.
    pub(super) fn of_folders(
        source: &dyn Source,
        folders: &[Folder],
        paths: &[String],
    ) -> Result<Self, Problem> {
        let mut library = load_folders(source, folders);
        load_code_sets(source, paths, &mut library);
        Ok(Workbench::with(library))
    }

    /// Names files that cannot be used among those that were not loaded.
    pub(super) fn add_unusable(&mut self, files: Vec<String>) {
        let known = self.library.unusable_files();
        let others = files.into_iter().filter(|file| !known.contains(file));
        self.library.diagnostics.extend(others.map(|file| {
            Diagnostic::of_file(&file, "the file cannot be used", "see `lookback check`")
        }));
    }

    fn with(library: Library) -> Self {
        Workbench {
            library,
            stored_cases: OnceLock::new(),
            code_sets: OnceLock::new(),
            index: OnceLock::new(),
            opening: None,
            finder: OnceLock::new(),
        }
    }

    /// The library.
    pub fn library(&self) -> &Library {
        &self.library
    }
}
