//! A library as a folder of the file system.

use std::fs;
use std::path::{Path, PathBuf};

use super::LibraryError;
use super::git;
use super::source::{Origin, Source};

/// A folder.
#[derive(Clone, Debug)]
pub struct FolderSource {
    folder: PathBuf,
    origin: Origin,
}

impl FolderSource {
    /// Opens a folder, asking git what commit it is of.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn open(folder: &Path) -> Result<Self, LibraryError> {
        if !folder.is_dir() {
            return Err(LibraryError::asked(
                format!("there is no library folder {}", folder.display()),
                "name an existing folder with --library DIR, or leave it out to use the embedded library",
            ));
        }
        let state = git::state_of(folder);
        Ok(FolderSource {
            folder: folder.to_owned(),
            origin: Origin {
                place: folder.display().to_string(),
                commit: state.as_ref().map(|state| state.commit.clone()),
                clean: state.map(|state| state.clean),
                revision: None,
            },
        })
    }
}

impl Source for FolderSource {
    fn list(&self) -> Result<Vec<String>, LibraryError> {
        let mut files = vec![];
        for folder in entries(&self.folder)? {
            if !folder.is_folder {
                continue;
            }
            for file in entries(&self.folder.join(&folder.name))? {
                if !file.is_folder {
                    files.push(format!("{}/{}", folder.name, file.name));
                }
            }
        }
        files.sort();
        Ok(files)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, LibraryError> {
        let full = self.folder.join(path);
        fs::read(&full).map_err(|error| unreadable(&full, &error))
    }

    fn origin(&self) -> Origin {
        self.origin.clone()
    }
}

struct Entry {
    name: String,
    is_folder: bool,
}

/// What a folder holds. Hidden files and symbolic links are passed over: a
/// link could lead out of the library.
fn entries(folder: &Path) -> Result<Vec<Entry>, LibraryError> {
    let fail = |error: std::io::Error| unreadable(folder, &error);
    let mut entries = vec![];
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let kind = entry.file_type().map_err(fail)?;
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if !kind.is_symlink() && !name.starts_with('.') {
            entries.push(Entry {
                name,
                is_folder: kind.is_dir(),
            });
        }
    }
    Ok(entries)
}

fn unreadable(path: &Path, error: &std::io::Error) -> LibraryError {
    LibraryError::environment(
        format!("{} cannot be read: {error}", path.display()),
        "see whether it is there and whether you may read it",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_hidden_files_are_passed_over() {
        let folder = tempfile::tempdir().expect("a folder");
        let policy = folder.path().join("P");
        fs::create_dir(&policy).expect("a folder");
        fs::write(policy.join("policy.toml"), "x").expect("a file");
        fs::write(policy.join(".swap"), "x").expect("a file");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("/etc/passwd", policy.join("2020.toml")).expect("a link");
            std::os::unix::fs::symlink("/etc", folder.path().join("Q")).expect("a link");
        }
        let source = FolderSource::open(folder.path()).expect("a library");
        assert_eq!(source.list(), Ok(vec!["P/policy.toml".to_owned()]));
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = FolderSource::open(Path::new("no/such/folder")).expect_err("an error");
        assert!(error.message.contains("no/such/folder"), "{error}");
    }
}
