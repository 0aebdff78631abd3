//! Loads a library from a source: what is broken is reported, the rest is used.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::LibraryError;
use super::source::{Origin, Source, is_text};
use super::workers::share_out;
use crate::format::{Diagnostic, Severity, read_policy, read_version};
use crate::policy::{ContentHash, Policy};

/// Every policy of a library, and what is wrong with its files.
#[derive(Clone, Debug, PartialEq)]
pub struct Library {
    /// The policies, by reference number.
    pub policies: Vec<Policy>,
    /// What is wrong with its files, by file and line.
    pub diagnostics: Vec<Diagnostic>,
    /// The files of stored cases, as they were found. Reading them is for
    /// those who ask about cases.
    pub case_files: Vec<StoredFile>,
    /// The reference code sets in it, as path and bytes; opening them is for
    /// those who ask about codes.
    pub code_sets: Vec<(String, Vec<u8>)>,
    /// What it was read from.
    pub origin: Origin,
}

/// A file of the library that is read later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredFile {
    /// Its path in the library.
    pub path: String,
    /// The policy in whose folder it lies.
    pub policy: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl Library {
    /// The files that could not be used, in order.
    pub fn unusable_files(&self) -> Vec<String> {
        unusable_files(&self.diagnostics)
    }

    /// The policy of that reference number, in any case.
    pub fn policy(&self, reference: &str) -> Option<&Policy> {
        self.policies
            .iter()
            .find(|policy| policy.reference.eq_ignore_ascii_case(reference))
    }
}

/// A folder of a library and the files in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folder {
    /// Its name.
    pub name: String,
    /// The names of its files, in order.
    pub files: Vec<String>,
}

/// What a folder holds, looked at by itself.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LoadedFolder {
    /// The folder's name.
    pub name: String,
    /// Its policy, if it can be read.
    pub policy: Option<Policy>,
    /// What is wrong with its files.
    pub diagnostics: Vec<Diagnostic>,
    /// Its files of stored cases.
    pub case_files: Vec<StoredFile>,
    /// The policy's file and the versions' that were read, by their bytes.
    pub hashes: Vec<(String, ContentHash)>,
}

/// Loads every policy of a source.
///
/// # Errors
/// When the source cannot be listed at all. A file that cannot be read or
/// understood is a diagnostic of the library.
pub fn load(source: &dyn Source) -> Result<Library, LibraryError> {
    let paths = source.list()?;
    let mut library = load_folders(source, &folders(&paths));
    let (sets, faults) = read_code_sets(source, &paths);
    library.code_sets = sets;
    library.diagnostics.extend(faults);
    sort_diagnostics(&mut library.diagnostics);
    Ok(library)
}

/// Loads some folders of a source, as if it had no others.
pub fn load_folders(source: &dyn Source, folders: &[Folder]) -> Library {
    let mut library = Library {
        policies: vec![],
        diagnostics: vec![],
        case_files: vec![],
        code_sets: vec![],
        origin: source.origin(),
    };
    for folder in load_each(source, folders, |folder| folder) {
        library.add(folder);
    }
    library
        .policies
        .sort_by(|left, right| left.reference.cmp(&right.reference));
    sort_diagnostics(&mut library.diagnostics);
    library
}

impl Library {
    fn add(&mut self, mut folder: LoadedFolder) {
        if let Some(policy) = folder.policy.take() {
            match self.policy(&policy.reference) {
                Some(twin) => folder.refuse_as_twin(&twin.reference),
                None => self.policies.push(policy),
            }
        }
        self.diagnostics.extend(folder.diagnostics);
        self.case_files.extend(folder.case_files);
    }
}

/// Orders diagnostics by file and line.
pub(super) fn sort_diagnostics(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(|left, right| (&left.file, left.line).cmp(&(&right.file, right.line)));
}

/// The files with errors, in order.
pub(super) fn unusable_files(diagnostics: &[Diagnostic]) -> Vec<String> {
    let mut files: Vec<String> = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == Severity::Error)
        .map(|diagnostic| diagnostic.file.clone())
        .collect();
    files.sort();
    files.dedup();
    files
}

impl LoadedFolder {
    /// The files that could not be used, in order.
    pub fn unusable_files(&self) -> Vec<String> {
        unusable_files(&self.diagnostics)
    }

    /// Gives up the folder: its policy stands in a folder before it. What is
    /// wrong with its versions is of no interest then.
    pub fn refuse_as_twin(&mut self, reference: &str) {
        let path = format!("{}/{POLICY_FILE}", self.name);
        self.diagnostics
            .retain(|diagnostic| diagnostic.file == path);
        self.diagnostics.push(Diagnostic::of_file(
            &path,
            format!("another folder already holds {reference}"),
            "give each policy one folder and each folder one policy",
        ));
        self.policy = None;
        self.case_files.clear();
    }
}

/// The folders of a library, in order, from the paths of its files.
pub fn folders(paths: &[String]) -> Vec<Folder> {
    let mut folders: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for path in paths {
        if let Some((folder, file)) = path.split_once('/')
            && folder != CODE_SETS_FOLDER
        {
            folders.entry(folder).or_default().push(file.to_owned());
        }
    }
    let folder = |(name, files): (&str, Vec<String>)| Folder {
        name: name.to_owned(),
        files,
    };
    folders.into_iter().map(folder).collect()
}

/// Loads folders on all processors, and hands each over as soon as it is
/// there; what is made of them is returned in their order. No more of them
/// are held at once than there are processors.
pub fn load_each<R: Send>(
    source: &dyn Source,
    folders: &[Folder],
    make: impl Fn(LoadedFolder) -> R + Sync,
) -> Vec<R> {
    share_out(folders, |folder| make(load_folder(source, folder)))
}

/// The folder of a library that holds reference code sets instead of a policy.
pub const CODE_SETS_FOLDER: &str = "code-sets";
/// What the names of code sets end with.
const CODE_SET: &str = ".lookback-codes";

/// The code sets among the files of a library, and what is wrong with them.
pub(super) fn read_code_sets(
    source: &dyn Source,
    paths: &[String],
) -> (Vec<(String, Vec<u8>)>, Vec<Diagnostic>) {
    let inside = |path: &&String| {
        let folder = path.split_once('/').map(|(folder, _)| folder);
        folder == Some(CODE_SETS_FOLDER) && path.ends_with(CODE_SET)
    };
    let mut sets = vec![];
    let mut faults = vec![];
    for path in paths.iter().filter(inside) {
        match source.read(path) {
            Ok(bytes) => sets.push((path.clone(), bytes)),
            Err(error) => faults.push(Diagnostic::of_file(path, error.message, error.hint)),
        }
    }
    (sets, faults)
}

/// What the names of files of cases end with.
const CASE_FILES: [&str; 3] = [".jsonl", ".csv", ".parquet"];

/// The file that makes a folder a policy.
pub(super) const POLICY_FILE: &str = "policy.toml";

fn load_folder(source: &dyn Source, folder: &Folder) -> LoadedFolder {
    let mut loaded = read_head(source, folder);
    if let Some(mut policy) = loaded.policy.take() {
        read_versions(source, folder, &mut policy, &mut loaded);
        let (cases, faults) = read_cases(source, folder, &policy.reference);
        loaded.case_files = cases;
        loaded.diagnostics.extend(faults);
        loaded.policy = Some(policy);
    }
    loaded
}

/// A folder with its policy, and without its versions and cases.
pub(super) fn read_head(source: &dyn Source, folder: &Folder) -> LoadedFolder {
    let mut loaded = LoadedFolder {
        name: folder.name.clone(),
        ..LoadedFolder::default()
    };
    let path = format!("{}/{POLICY_FILE}", folder.name);
    if !folder.files.iter().any(|file| file == POLICY_FILE) {
        if folder.files.iter().any(|file| file.ends_with(".toml")) {
            loaded.diagnostics.push(Diagnostic::of_file(
                &path,
                "the folder has versions but no policy.toml",
                "add policy.toml with reference, title, publisher and facts",
            ));
        }
        return loaded;
    }
    let Some(bytes) = read(source, &path, &mut loaded) else {
        return loaded;
    };
    loaded.hashes.push((path.clone(), hash_of(&bytes)));
    let (policy, diagnostics) = read_policy(&path, &bytes);
    loaded.diagnostics.extend(diagnostics);
    loaded.policy = policy;
    loaded
}

/// Reads the versions of a policy.
pub(super) fn read_versions(
    source: &dyn Source,
    folder: &Folder,
    policy: &mut Policy,
    loaded: &mut LoadedFolder,
) {
    for file in folder.files.iter().filter(|file| is_version(file)) {
        let path = format!("{}/{file}", folder.name);
        if file.contains('/') || !file.ends_with(".toml") {
            misplaced(&path, policy, loaded);
        } else {
            load_version(source, &path, policy, loaded);
        }
    }
    policy
        .versions
        .sort_by(|left, right| (left.effective, &left.name).cmp(&(right.effective, &right.name)));
}

/// Reads the stored cases of a policy.
pub(super) fn read_cases(
    source: &dyn Source,
    folder: &Folder,
    reference: &str,
) -> (Vec<StoredFile>, Vec<Diagnostic>) {
    let mut loaded = LoadedFolder::default();
    let is_case_file = |file: &&String| CASE_FILES.iter().any(|ending| file.ends_with(ending));
    let names = folder.files.iter().filter(is_case_file);
    let files = names.filter_map(|file| {
        let path = format!("{}/{file}", folder.name);
        Some(StoredFile {
            bytes: read(source, &path, &mut loaded)?,
            path,
            policy: reference.to_owned(),
        })
    });
    (files.collect(), loaded.diagnostics)
}

/// Whether a file of a folder is a version, or was perhaps meant as one.
fn is_version(file: &str) -> bool {
    is_text(file) && file != POLICY_FILE
}

impl Folder {
    /// The names of the files of versions, without `.toml`.
    pub(super) fn version_files(&self) -> Vec<&str> {
        let files = self.files.iter().filter(|file| is_version(file));
        files
            .filter_map(|file| file.strip_suffix(".toml"))
            .collect()
    }
}

/// A file that looks like a version and is not where or as versions are: it
/// may have been meant as one.
fn misplaced(path: &str, policy: &mut Policy, loaded: &mut LoadedFolder) {
    loaded.diagnostics.push(Diagnostic::of_file(
        path,
        "the file looks like a version and is not read as one",
        "put it directly into the policy's folder, with a name that ends in .toml",
    ));
    policy.unread.push(path.to_owned());
}

fn load_version(source: &dyn Source, path: &str, policy: &mut Policy, loaded: &mut LoadedFolder) {
    let Some(bytes) = read(source, path, loaded) else {
        policy.unread.push(path.to_owned());
        return;
    };
    let (version, diagnostics) = read_version(path, &bytes, &policy.facts);
    let hash = version.as_ref().map(|version| version.hash.clone());
    let hash = hash.unwrap_or_else(|| hash_of(&bytes));
    loaded.hashes.push((path.to_owned(), hash));
    loaded.diagnostics.extend(diagnostics);
    let Some(version) = version else {
        policy.unread.push(path.to_owned());
        return;
    };
    if policy.version(&version.name).is_some() {
        loaded.diagnostics.push(Diagnostic::of_file(
            path,
            format!("another file already holds version {}", version.name),
            "give each version a name of its own",
        ));
        policy.unread.push(path.to_owned());
        return;
    }
    let stem = path
        .rsplit('/')
        .next()
        .unwrap_or(path)
        .trim_end_matches(".toml");
    if stem != version.name {
        loaded.diagnostics.push(Diagnostic {
            severity: Severity::Warning,
            ..Diagnostic::of_file(
                path,
                format!("the file holds version {}", version.name),
                format!("name it {}.toml", version.name),
            )
        });
    }
    policy.versions.push(version);
}

fn read(source: &dyn Source, path: &str, loaded: &mut LoadedFolder) -> Option<Vec<u8>> {
    match source.read(path) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            loaded
                .diagnostics
                .push(Diagnostic::of_file(path, error.message, error.hint));
            None
        }
    }
}

fn hash_of(bytes: &[u8]) -> ContentHash {
    ContentHash(Sha256::digest(bytes).into())
}

#[cfg(test)]
mod tests {
    use super::super::MemorySource;
    use super::*;

    const POLICY: &str = "format = 1\nreference = \"P.1\"\ntitle = \"t\"\npublisher = \"p\"\n";

    fn version(name: &str) -> String {
        format!(
            "format = 1\nversion = \"{name}\"\neffective = \"{name}\"\nprovenance = \"draft\"\n"
        )
    }

    #[test]
    fn versions_are_ordered_by_effective_date_and_a_broken_one_stops_no_other() {
        let source = MemorySource::default()
            .with("P.1/policy.toml", POLICY)
            .with("P.1/2020-01.toml", version("2020-01"))
            .with("P.1/2019-02.toml", version("2019-02"))
            .with("P.1/2019-07.toml", b"\xff".to_vec())
            .with("P.1/cases.jsonl", "{}");
        let library = load(&source).expect("a library");
        let names: Vec<_> = library.policies[0]
            .versions
            .iter()
            .map(|version| version.name.as_str())
            .collect();
        assert_eq!(names, ["2019-02", "2020-01"]);
        assert_eq!(library.diagnostics.len(), 1);
        assert_eq!(library.diagnostics[0].file, "P.1/2019-07.toml");
        assert_eq!(library.case_files[0].policy, "P.1");
    }

    #[test]
    fn misplaced_files_are_reported() {
        let source = MemorySource::default()
            .with("A/policy.toml", POLICY)
            .with("A/one.toml", version("2019-02"))
            .with("A/two.toml", version("2019-02"))
            .with("B/policy.toml", POLICY)
            .with("C/2020-01.toml", version("2020-01"));
        let report: Vec<_> = load(&source)
            .expect("a library")
            .diagnostics
            .iter()
            .map(Diagnostic::to_string)
            .collect();
        insta::assert_snapshot!(report.join("\n"));
    }

    #[test]
    fn the_embedded_library_is_sound() {
        let library = load(&super::super::EmbeddedSource).expect("a library");
        assert_eq!(library.diagnostics, []);
        assert_eq!(library.policies.len(), 1);
        assert_eq!(library.policies[0].versions.len(), 3);
    }
}
