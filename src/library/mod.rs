//! Where versions come from: a folder, a git revision, or the copy in the
//! program.
//!
//! A [`Source`] lists and reads files; loading is written once against it.

mod checkout;
mod embedded;
mod folder;
mod git;
mod holdings;
mod load;
mod source;
mod watched;
mod workers;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use embedded::{EmbeddedSource, embedded_code_sets};
pub use folder::FolderSource;
pub use git::GitSource;
pub use holdings::Holdings;
pub use load::{
    CODE_SETS_FOLDER, Folder, Library, LoadedFolder, StoredFile, folders, load, load_each,
    load_folders,
};
pub use source::{MemorySource, Origin, Source, Stamp, Stamped};
pub use watched::Watched;
pub(crate) use workers::share_out;

/// The folder looked for where none is named.
pub const DEFAULT_FOLDER: &str = "policy-versions";

/// Why a library cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LibraryError {
    /// What stands in the way.
    pub message: String,
    /// The way out.
    pub hint: String,
    /// Whether the machine, rather than what was asked, is at fault.
    pub environment: bool,
}

impl LibraryError {
    fn asked(message: impl Into<String>, hint: impl Into<String>) -> Self {
        LibraryError {
            message: message.into(),
            hint: hint.into(),
            environment: false,
        }
    }

    fn environment(message: impl Into<String>, hint: impl Into<String>) -> Self {
        LibraryError {
            environment: true,
            ..LibraryError::asked(message, hint)
        }
    }
}

/// Which library is meant: the folder named; else `policy-versions/` in the
/// working folder; else the embedded copy. With a revision, as git has it.
///
/// # Errors
/// When the folder is not there, or git cannot give the revision.
pub fn open_source(
    folder: Option<&Path>,
    revision: Option<&str>,
) -> Result<Arc<dyn Source>, LibraryError> {
    let folder: Option<PathBuf> = match folder {
        Some(folder) => Some(folder.to_owned()),
        None => Some(PathBuf::from(DEFAULT_FOLDER)).filter(|folder| folder.is_dir()),
    };
    match (folder, revision) {
        (Some(folder), Some(revision)) => Ok(Arc::new(GitSource::open(&folder, revision)?)),
        (Some(folder), None) => Ok(Arc::new(FolderSource::open(&folder)?)),
        (None, None) => Ok(Arc::new(EmbeddedSource)),
        (None, Some(_)) => Err(LibraryError::asked(
            "the library embedded in the program has no git history",
            "name a library folder inside a git repository with --library DIR",
        )),
    }
}
