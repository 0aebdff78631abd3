//! The reference code sets: opening them, and building them from published
//! files.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::open::{Opening, Workbench};
use super::problem::Problem;
use crate::codesets::{CodeSet, CodeSets, Edition, NamedFile, ReadError, file_name, import};
use crate::library::{CODE_SETS_FOLDER, DEFAULT_FOLDER, embedded_code_sets};
use crate::policy::CodeSystem;

/// The sets at hand, and what is wrong with those that are not used.
#[derive(Debug)]
pub(super) struct OpenedSets {
    pub sets: CodeSets,
    pub faults: Vec<ReadError>,
}

impl Workbench {
    /// The code sets: those of the library, and for the systems it has none
    /// of, those built into the program. They are opened when first asked for.
    pub fn code_sets(&self) -> &CodeSets {
        &self.opened_sets().sets
    }

    pub(super) fn opened_sets(&self) -> &OpenedSets {
        self.code_sets.get_or_init(|| {
            let mut faults = vec![];
            let own = self.library.code_sets().iter();
            let own: Vec<CodeSet> = own
                .filter_map(|(path, bytes)| {
                    let opened = CodeSet::open(path, bytes.clone());
                    opened.map_err(|fault| faults.push(fault)).ok()
                })
                .collect();
            let sets = with_built_in(own);
            OpenedSets { sets, faults }
        })
    }
}

/// Sets, and the built-in ones of the systems they are not of.
fn with_built_in(own: Vec<CodeSet>) -> CodeSets {
    let wanted = |path: &str| {
        let is_of = |set: &CodeSet| path.ends_with(file_name(set.system()));
        !own.iter().any(is_of)
    };
    let built_in: Vec<CodeSet> = embedded_code_sets()
        .filter(|(path, _)| wanted(path))
        .filter_map(|(path, bytes)| CodeSet::open(&path, bytes).ok())
        .collect();
    CodeSets::new(own.into_iter().chain(built_in))
}

/// Which files are to be made code sets of, and where these go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CodeSetImport {
    /// The published files.
    pub files: Vec<PathBuf>,
    /// The folder; the library's folder of code sets, if none.
    pub into: Option<PathBuf>,
    /// The year of files whose names tell none.
    pub year: Option<i16>,
    /// Whether to begin anew instead of carrying on what is there.
    pub rebuild: bool,
}

/// A code set that was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportedSet {
    /// Where.
    pub path: PathBuf,
    /// Its system.
    pub system: CodeSystem,
    /// Its size in bytes.
    pub size: usize,
    /// Its years.
    pub years: Vec<ImportedYear>,
}

/// A year of a code set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportedYear {
    /// The edition.
    pub edition: Edition,
    /// The codes of its file.
    pub codes: u32,
    /// Codes valid on its last day and not on that of the year before.
    pub added: usize,
    /// Codes valid on the last day of the year before and not on its own.
    pub ended: usize,
}

/// Builds code sets from published files and writes them, each whole or not
/// at all.
///
/// # Errors
/// When a file cannot be read or used, or a set cannot be written.
pub fn import_code_sets(
    opening: &Opening,
    request: &CodeSetImport,
) -> Result<Vec<ImportedSet>, Problem> {
    let folder = target_folder(opening, request)?;
    let mut files = vec![];
    for path in &request.files {
        let bytes = fs::read(path).map_err(|error| {
            Problem::input(
                format!("{} cannot be read: {error}", path.display()),
                "name files as CMS publishes them: zip archives, or the text in them",
            )
        })?;
        files.push((path.display().to_string(), bytes));
    }
    let files: Vec<_> = files
        .iter()
        .map(|(name, bytes)| NamedFile { name, bytes })
        .collect();
    let existing = if request.rebuild {
        CodeSets::default()
    } else {
        existing_sets(&folder)?
    };
    let sets = import(&files, request.year, &|system| existing.of(system))?;
    sets.iter().map(|set| write(set, &folder)).collect()
}

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        Problem::input(error.to_string(), error.hint)
    }
}

fn target_folder(opening: &Opening, request: &CodeSetImport) -> Result<PathBuf, Problem> {
    if let Some(into) = &request.into {
        return Ok(into.clone());
    }
    let library = opening.folder.clone().unwrap_or(DEFAULT_FOLDER.into());
    if library.is_dir() {
        return Ok(library.join(CODE_SETS_FOLDER));
    }
    Err(Problem::usage(
        format!("there is no library folder {}", library.display()),
        "name the folder for the code sets with --into DIR, or the library with --library DIR",
    ))
}

/// The sets to carry on: those of the folder, and the built-in ones.
fn existing_sets(folder: &Path) -> Result<CodeSets, Problem> {
    let mut own = vec![];
    for system in CodeSystem::ALL {
        let path = folder.join(file_name(system));
        match fs::read(&path) {
            Ok(bytes) => own.push(CodeSet::open(&path.display().to_string(), bytes)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(unwritable(&path, &error)),
        }
    }
    Ok(with_built_in(own))
}

fn write(set: &CodeSet, folder: &Path) -> Result<ImportedSet, Problem> {
    let path = folder.join(file_name(set.system()));
    write_file(folder, &path, set).map_err(|error| unwritable(&path, &error))?;
    Ok(ImportedSet {
        path,
        system: set.system(),
        size: set.bytes().len(),
        years: years(set),
    })
}

/// A licensed set is for its owner only; the others are public.
fn write_file(folder: &Path, path: &Path, set: &CodeSet) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    if set.system() != CodeSystem::Cpt {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o644));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(set.bytes())?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

fn unwritable(path: &Path, error: &io::Error) -> Problem {
    Problem::environment(
        format!("{} cannot be written: {error}", path.display()),
        "see whether the folder is writable and the disk not full",
    )
}

fn years(set: &CodeSet) -> Vec<ImportedYear> {
    let valid = |edition: Edition| set.valid_on(edition.last_day());
    let mut before = None;
    let mut years = vec![];
    for published in set.editions() {
        let now = valid(published.edition);
        let difference = |of: &Vec<bool>, from: &Vec<bool>| {
            of.iter()
                .zip(from)
                .filter(|(one, other)| **one && !**other)
                .count()
        };
        let (added, ended) = match &before {
            Some(before) => (difference(&now, before), difference(before, &now)),
            None => (0, 0),
        };
        years.push(ImportedYear {
            edition: published.edition,
            codes: published.codes,
            added,
            ended,
        });
        before = Some(now);
    }
    years
}
