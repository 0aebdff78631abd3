//! The library compiled into the program, so that it answers anywhere.

use include_dir::{Dir, include_dir};

use super::LibraryError;
use super::load::CODE_SETS_FOLDER;
use super::source::{Origin, Source};

static EMBEDDED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/policy-versions");

/// The code sets in the embedded library, as path and bytes.
pub fn embedded_code_sets() -> impl Iterator<Item = (String, &'static [u8])> {
    let folder = EMBEDDED.get_dir(CODE_SETS_FOLDER);
    folder
        .into_iter()
        .flat_map(Dir::files)
        .map(|file| (file.path().display().to_string(), file.contents()))
}

/// The embedded library.
#[derive(Clone, Copy, Debug)]
pub struct EmbeddedSource;

impl Source for EmbeddedSource {
    fn list(&self) -> Result<Vec<String>, LibraryError> {
        let mut files: Vec<String> = EMBEDDED
            .dirs()
            .flat_map(|folder| folder.files())
            .map(|file| {
                let parts: Vec<_> = file
                    .path()
                    .components()
                    .map(|part| part.as_os_str().to_string_lossy())
                    .collect();
                parts.join("/")
            })
            .collect();
        files.sort();
        Ok(files)
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, LibraryError> {
        EMBEDDED
            .get_file(path)
            .map(|file| file.contents().to_vec())
            .ok_or_else(|| {
                LibraryError::asked(format!("the embedded library has no file {path}"), "")
            })
    }

    fn origin(&self) -> Origin {
        Origin {
            place: "embedded library".to_owned(),
            commit: None,
            clean: None,
            revision: None,
        }
    }
}
