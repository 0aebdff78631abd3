//! Loads a library from a source: what is broken is reported, the rest is used.

use std::collections::BTreeMap;

use super::LibraryError;
use super::source::{Origin, Source};
use crate::format::{Diagnostic, Severity, read_policy, read_version};
use crate::policy::Policy;

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
        let mut files: Vec<String> = self
            .diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
            .map(|diagnostic| diagnostic.file.clone())
            .collect();
        files.dedup();
        files
    }

    /// The policy of that reference number, in any case.
    pub fn policy(&self, reference: &str) -> Option<&Policy> {
        self.policies
            .iter()
            .find(|policy| policy.reference.eq_ignore_ascii_case(reference))
    }
}

/// Loads every policy of a source.
///
/// # Errors
/// When the source cannot be listed at all. A file that cannot be read or
/// understood is a diagnostic of the library.
pub fn load(source: &dyn Source) -> Result<Library, LibraryError> {
    let mut library = Library {
        policies: vec![],
        diagnostics: vec![],
        case_files: vec![],
        code_sets: vec![],
        origin: source.origin(),
    };
    let mut folders: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in source.list()? {
        if let Some((folder, file)) = path.split_once('/') {
            folders
                .entry(folder.to_owned())
                .or_default()
                .push(file.to_owned());
        }
    }
    for file in folders.remove(CODE_SETS_FOLDER).unwrap_or_default() {
        load_code_set(source, &file, &mut library);
    }
    for (folder, files) in folders {
        load_folder(source, &folder, &files, &mut library);
    }
    library
        .policies
        .sort_by(|left, right| left.reference.cmp(&right.reference));
    library
        .diagnostics
        .sort_by(|left, right| (&left.file, left.line).cmp(&(&right.file, right.line)));
    Ok(library)
}

/// The folder of a library that holds reference code sets instead of a policy.
pub const CODE_SETS_FOLDER: &str = "code-sets";
/// What the names of code sets end with.
const CODE_SET: &str = ".lookback-codes";

fn load_code_set(source: &dyn Source, file: &str, library: &mut Library) {
    let path = format!("{CODE_SETS_FOLDER}/{file}");
    if file.ends_with(CODE_SET)
        && let Some(bytes) = read(source, &path, library)
    {
        library.code_sets.push((path, bytes));
    }
}

/// The file that makes a folder a policy.
const POLICY_FILE: &str = "policy.toml";

fn load_folder(source: &dyn Source, folder: &str, files: &[String], library: &mut Library) {
    if !files.iter().any(|file| file == POLICY_FILE) {
        if files.iter().any(|file| file.ends_with(".toml")) {
            library.diagnostics.push(Diagnostic::of_file(
                &format!("{folder}/{POLICY_FILE}"),
                "the folder has versions but no policy.toml",
                "add policy.toml with reference, title, publisher and facts",
            ));
        }
        return;
    }
    let path = format!("{folder}/{POLICY_FILE}");
    let Some(bytes) = read(source, &path, library) else {
        return;
    };
    let (policy, diagnostics) = read_policy(&path, &bytes);
    library.diagnostics.extend(diagnostics);
    let Some(mut policy) = policy else { return };
    if let Some(twin) = library.policy(&policy.reference) {
        let reference = twin.reference.clone();
        library.diagnostics.push(Diagnostic::of_file(
            &path,
            format!("another folder already holds {reference}"),
            "give each policy one folder and each folder one policy",
        ));
        return;
    }
    for file in files {
        let path = format!("{folder}/{file}");
        if file.ends_with(".jsonl") {
            if let Some(bytes) = read(source, &path, library) {
                library.case_files.push(StoredFile {
                    path,
                    policy: policy.reference.clone(),
                    bytes,
                });
            }
        } else if file.ends_with(".toml") && file != POLICY_FILE {
            load_version(source, &path, &mut policy, library);
        }
    }
    policy
        .versions
        .sort_by(|left, right| (left.effective, &left.name).cmp(&(right.effective, &right.name)));
    library.policies.push(policy);
}

fn load_version(source: &dyn Source, path: &str, policy: &mut Policy, library: &mut Library) {
    let Some(bytes) = read(source, path, library) else {
        policy.unread.push(path.to_owned());
        return;
    };
    let (version, diagnostics) = read_version(path, &bytes, &policy.facts);
    library.diagnostics.extend(diagnostics);
    let Some(version) = version else {
        policy.unread.push(path.to_owned());
        return;
    };
    if policy.version(&version.name).is_some() {
        library.diagnostics.push(Diagnostic::of_file(
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
        library.diagnostics.push(Diagnostic {
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

fn read(source: &dyn Source, path: &str, library: &mut Library) -> Option<Vec<u8>> {
    match source.read(path) {
        Ok(bytes) => Some(bytes),
        Err(error) => {
            library
                .diagnostics
                .push(Diagnostic::of_file(path, error.message, error.hint));
            None
        }
    }
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
