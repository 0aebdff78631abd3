//! The trait behind which libraries are kept, and one in memory for tests.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::LibraryError;

/// A place that holds the files of a library.
///
/// Paths are relative to the library, with `/` between their parts.
pub trait Source: Send + Sync {
    /// Every file in the library's folders, in order of path. Links and what
    /// else cannot be used are listed too, to be told of when they are read.
    ///
    /// # Errors
    /// When the place cannot be listed.
    fn list(&self) -> Result<Vec<String>, LibraryError>;

    /// The listed files of one of its folders.
    ///
    /// # Errors
    /// When the place cannot be listed.
    fn list_folder(&self, folder: &str) -> Result<Vec<String>, LibraryError> {
        let mut paths = self.list()?;
        paths.retain(|path| path.split('/').next() == Some(folder));
        Ok(paths)
    }

    /// The bytes of one listed file.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read(&self, path: &str) -> Result<Vec<u8>, LibraryError>;

    /// What the place is.
    fn origin(&self) -> Origin;

    /// Every listed file of a policy or a version with its stamp, in order of
    /// path, without reading files where that can be helped. Cases are left
    /// out: nothing that outlives the program is to know of them.
    ///
    /// # Errors
    /// When the place cannot be listed.
    fn stamps(&self) -> Result<Vec<Stamped>, LibraryError> {
        let files = self.list()?.into_iter().filter(|path| is_text(path));
        files
            .map(|path| {
                let stamp = Stamp::of_content(&self.read(&path)?);
                Ok(Stamped { path, stamp })
            })
            .collect()
    }

    /// A name that is the place's own from run to run; nothing, where it is
    /// not worth remembering anything about the place.
    fn place(&self) -> Option<String> {
        None
    }

    /// Whether whoever reads it was told to stop: what fails from then on says
    /// nothing of the files, and nothing may be kept of it.
    fn stopped(&self) -> bool {
        false
    }
}

/// Whether a path is that of a policy or a version.
pub(super) fn is_text(path: &str) -> bool {
    path.to_ascii_lowercase().ends_with(".toml")
}

/// A file with its stamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamped {
    /// The file.
    pub path: String,
    /// Its stamp.
    pub stamp: Stamp,
}

/// What tells, without reading a file, that it is as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Numbers that are not all the same once the file has changed.
    pub mark: [u64; 5],
    /// Whether any later change will show in the mark. A clock ticks: a file
    /// changed just now could change again within the same tick.
    pub settled: bool,
}

impl Stamp {
    /// The stamp of content known as a whole.
    pub fn of_content(bytes: &[u8]) -> Self {
        let digest: [u8; 32] = Sha256::digest(bytes).into();
        Stamp::of_id(&digest)
    }

    /// The stamp of content that an id of up to 32 bytes stands for.
    pub(super) fn of_id(id: &[u8]) -> Self {
        let mut mark = [0; 5];
        for (at, byte) in id.iter().take(32).enumerate() {
            mark[at / 8] = mark[at / 8] << 8 | u64::from(*byte);
        }
        Stamp {
            mark,
            settled: true,
        }
    }
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
    /// What git knows of it, in full: the commit, and whether the files are
    /// those of it.
    pub fn state(&self) -> Option<String> {
        let commit = self.commit.as_ref()?;
        Some(match (&self.revision, self.clean) {
            (Some(revision), _) => format!("commit {commit}, asked for as {revision}"),
            (None, Some(true)) => format!("commit {commit}, clean"),
            (None, Some(false)) => format!("commit {commit}, with uncommitted changes"),
            (None, None) => format!("commit {commit}"),
        })
    }

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
