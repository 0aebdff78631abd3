//! The trait behind which libraries are kept, and one in memory for tests.

use std::collections::BTreeMap;

use super::LibraryError;

/// A place that holds the files of a library.
///
/// Paths are relative to the library, with `/` between their parts.
pub trait Source: Send + Sync {
    /// Every file, in order of path. Only files directly in the library's
    /// folders are listed, and no symbolic links: policies are one folder deep.
    ///
    /// # Errors
    /// When the place cannot be listed.
    fn list(&self) -> Result<Vec<String>, LibraryError>;

    /// The bytes of one listed file.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, LibraryError>;

    /// What the place is.
    fn origin(&self) -> Origin;
}

/// What a library was read from, as answers cite it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The place, in words: a path, or `embedded`.
    pub place: String,
    /// The commit that the files are of, in hexadecimal, if git knows.
    pub commit: Option<String>,
    /// Whether the files are exactly those of that commit.
    pub clean: Option<bool>,
    /// The revision asked for, if the library is read as git had it.
    pub revision: Option<String>,
}

impl Origin {
    /// The origin in one line, as screens and reports show it.
    pub fn describe(&self) -> String {
        let short = |commit: &str| commit.chars().take(12).collect::<String>();
        match (&self.commit, &self.revision, self.clean) {
            (None, ..) => self.place.clone(),
            (Some(commit), Some(revision), _) => {
                format!("{} at {revision} ({})", self.place, short(commit))
            }
            (Some(commit), None, Some(false)) => {
                format!(
                    "{} ({} with uncommitted changes)",
                    self.place,
                    short(commit)
                )
            }
            (Some(commit), None, _) => format!("{} ({})", self.place, short(commit)),
        }
    }
}

/// Files in memory, for tests and what-if questions.
#[derive(Clone, Debug, Default)]
pub struct MemorySource {
    files: BTreeMap<String, Vec<u8>>,
}

impl MemorySource {
    /// Adds a file, or replaces it.
    #[must_use]
    pub fn with(mut self, path: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.insert(path.to_owned(), bytes.into());
        self
    }
}

impl Source for MemorySource {
    fn list(&self) -> Result<Vec<String>, LibraryError> {
        Ok(self.files.keys().cloned().collect())
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, LibraryError> {
        self.files
            .get(path)
            .cloned()
            .ok_or_else(|| LibraryError::asked(format!("there is no file {path}"), ""))
    }

    fn origin(&self) -> Origin {
        Origin {
            place: "memory".to_owned(),
            commit: None,
            clean: None,
            revision: None,
        }
    }
}
