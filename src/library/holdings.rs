//! What a library holds. The names of all policies are known once it is
//! open; the versions of a policy are read when it is first asked for.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use super::LibraryError;
use super::load::{
    Folder, LoadedFolder, StoredFile, folders, read_cases, read_code_sets, read_head,
    read_versions, sort_diagnostics, unusable_files,
};
use super::source::{Origin, Source};
use super::workers::share_out;
use crate::format::Diagnostic;
use crate::policy::Policy;

/// The policies of a source, each read when it is asked for.
///
/// Every `policy.toml` is read at once: only then is it known which folder
/// holds which policy, and that no two hold the same.
pub struct Holdings {
    source: Arc<dyn Source>,
    /// By reference number.
    shelves: Vec<Shelf>,
    /// The policies without their versions, in the order of the shelves.
    heads: Vec<Policy>,
    /// What is wrong with files other than versions.
    faults: Mutex<Vec<Diagnostic>>,
    /// The paths of all files.
    paths: Vec<String>,
    code_sets: OnceLock<Vec<(String, Vec<u8>)>>,
}

/// A folder with a policy.
struct Shelf {
    folder: Folder,
    versions: OnceLock<ReadVersions>,
    cases: OnceLock<Vec<StoredFile>>,
}

struct ReadVersions {
    policy: Policy,
    diagnostics: Vec<Diagnostic>,
}

impl Holdings {
    /// Opens the library of a source.
    ///
    /// # Errors
    /// When the source cannot be listed at all. A file that cannot be read or
    /// understood is a diagnostic.
    pub fn open(source: Arc<dyn Source>) -> Result<Self, LibraryError> {
        Holdings::of_folders(source, |_| true)
    }

    /// As [`Holdings::open`], as if the library had no other folders of
    /// policies than those wanted.
    ///
    /// # Errors
    /// As [`Holdings::open`].
    pub fn of_folders(
        source: Arc<dyn Source>,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Self, LibraryError> {
        let paths = source.list()?;
        let mut all = folders(&paths);
        all.retain(|folder| wanted(&folder.name));
        let read = share_out(&all, |folder| read_head(source.as_ref(), folder));
        let mut found: Vec<(Policy, Folder)> = vec![];
        let mut faults = vec![];
        let mut known: HashMap<String, String> = HashMap::new();
        for (folder, mut head) in all.into_iter().zip(read) {
            if let Some(policy) = &head.policy {
                match known.entry(policy.reference.to_ascii_lowercase()) {
                    Entry::Occupied(twin) => head.refuse_as_twin(twin.get()),
                    Entry::Vacant(place) => {
                        place.insert(policy.reference.clone());
                    }
                }
            }
            faults.extend(head.diagnostics);
            found.extend(head.policy.map(|policy| (policy, folder)));
        }
        found.sort_by(|(left, _), (right, _)| left.reference.cmp(&right.reference));
        let (heads, folders): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        Ok(Holdings {
            source,
            shelves: folders.into_iter().map(Shelf::of).collect(),
            heads,
            faults: Mutex::new(faults),
            paths,
            code_sets: OnceLock::new(),
        })
    }

    /// What it was read from. Git may take its time to tell.
    pub fn origin(&self) -> Origin {
        self.source.origin()
    }

    /// The policies without their versions, by reference number.
    pub fn heads(&self) -> &[Policy] {
        &self.heads
    }

    /// The policy of that reference number, in any case, without its versions.
    pub fn head(&self, reference: &str) -> Option<&Policy> {
        Some(&self.heads[self.place(reference)?])
    }

    /// The policy of that reference number, in any case. Its versions are
    /// read now if they were not before.
    pub fn policy(&self, reference: &str) -> Option<&Policy> {
        Some(self.read(self.place(reference)?))
    }

    /// The policy of that reference number, if its versions were read.
    pub fn policy_read(&self, reference: &str) -> Option<&Policy> {
        let shelf = &self.shelves[self.place(reference)?];
        Some(&shelf.versions.get()?.policy)
    }

    /// Every policy, by reference number. What was not read is read now.
    pub fn policies(&self) -> Vec<&Policy> {
        self.read_all(&|_| true);
        (0..self.shelves.len())
            .map(|place| self.read(place))
            .collect()
    }

    /// The policies that were read, by reference number.
    pub fn policies_read(&self) -> impl Iterator<Item = &Policy> {
        let shelves = self.shelves.iter();
        shelves.filter_map(|shelf| Some(&shelf.versions.get()?.policy))
    }

    /// Reads whatever was not read, on all processors. `is_wanted` is told of
    /// every policy before it is read, and answers whether to read it.
    pub fn read_all(&self, is_wanted: &(dyn Fn(&Policy) -> bool + Sync)) {
        let unread: Vec<usize> = (0..self.shelves.len())
            .filter(|place| self.shelves[*place].versions.get().is_none())
            .collect();
        share_out(&unread, |place| {
            if is_wanted(&self.heads[*place]) {
                self.read(*place);
            }
        });
    }

    /// How many policies have versions that were not read.
    pub fn unread(&self) -> usize {
        let unread = |shelf: &&Shelf| shelf.versions.get().is_none();
        self.shelves.iter().filter(unread).count()
    }

    /// The names of the files of a policy's versions, without `.toml`: mostly
    /// the names of the versions.
    pub fn version_files(&self, reference: &str) -> Vec<&str> {
        let shelf = self.place(reference).map(|place| &self.shelves[place]);
        shelf.map_or(vec![], |shelf| shelf.folder.version_files())
    }

    /// The files of stored cases of a policy, read now if they were not before.
    pub fn case_files(&self, reference: &str) -> &[StoredFile] {
        let Some(place) = self.place(reference) else {
            return &[];
        };
        let shelf = &self.shelves[place];
        shelf.cases.get_or_init(|| {
            let reference = &self.heads[place].reference;
            let (files, faults) = read_cases(self.source.as_ref(), &shelf.folder, reference);
            self.add_faults(faults);
            files
        })
    }

    /// The reference code sets in it, as path and bytes; opening them is for
    /// those who ask about codes.
    pub fn code_sets(&self) -> &[(String, Vec<u8>)] {
        self.code_sets.get_or_init(|| {
            let (sets, faults) = read_code_sets(self.source.as_ref(), &self.paths);
            self.add_faults(faults);
            sets
        })
    }

    /// What is wrong with the files that were read, by file and line.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut diagnostics = self
            .faults
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let read = self.shelves.iter().filter_map(|shelf| shelf.versions.get());
        diagnostics.extend(read.flat_map(|read| read.diagnostics.iter().cloned()));
        sort_diagnostics(&mut diagnostics);
        diagnostics
    }

    /// How many things are wrong with the files that were read.
    pub fn faults(&self) -> usize {
        let others = self
            .faults
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len();
        let read = self.shelves.iter().filter_map(|shelf| shelf.versions.get());
        others + read.map(|read| read.diagnostics.len()).sum::<usize>()
    }

    /// The files among those read that could not be used, in order.
    pub fn unusable_files(&self) -> Vec<String> {
        unusable_files(&self.diagnostics())
    }

    fn add_faults(&self, faults: Vec<Diagnostic>) {
        let mut known = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(faults);
    }

    fn place(&self, reference: &str) -> Option<usize> {
        let is_it = |head: &Policy| head.reference.eq_ignore_ascii_case(reference);
        self.heads.iter().position(is_it)
    }

    fn read(&self, place: usize) -> &Policy {
        let shelf = &self.shelves[place];
        let read = shelf.versions.get_or_init(|| {
            let mut loaded = LoadedFolder {
                name: shelf.folder.name.clone(),
                ..LoadedFolder::default()
            };
            let mut policy = self.heads[place].clone();
            read_versions(
                self.source.as_ref(),
                &shelf.folder,
                &mut policy,
                &mut loaded,
            );
            ReadVersions {
                policy,
                diagnostics: loaded.diagnostics,
            }
        });
        &read.policy
    }
}

impl Shelf {
    fn of(folder: Folder) -> Self {
        Shelf {
            folder,
            versions: OnceLock::new(),
            cases: OnceLock::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{EmbeddedSource, MemorySource, load};
    use super::*;

    fn policy(reference: &str) -> String {
        format!("format = 1\nreference = \"{reference}\"\ntitle = \"t\"\npublisher = \"p\"\n")
    }

    fn version(name: &str) -> String {
        format!(
            "format = 1\nversion = \"{name}\"\neffective = \"{name}\"\nprovenance = \"draft\"\n"
        )
    }

    /// Three policies, one of them twice; two broken versions; a folder
    /// without a policy.
    fn source() -> MemorySource {
        MemorySource::default()
            .with("A/policy.toml", policy("P.2"))
            .with("A/2019-01.toml", version("2019-01"))
            .with("A/2020-01.toml", "format = 1\n")
            .with("A/cases.jsonl", "{}")
            .with("B/policy.toml", policy("p.2"))
            .with("B/2021-01.toml", version("2021-01"))
            .with("C/2020-01.toml", version("2020-01"))
            .with("D/policy.toml", policy("P.1"))
            .with("D/2018-01.toml", version("2018-01"))
            .with("E/policy.toml", policy("P.3"))
            .with("E/2018-01.toml", "format = 2\n")
            .with("F/policy.toml", "format = 1\n")
    }

    fn open(source: impl Source + 'static) -> Holdings {
        Holdings::open(Arc::new(source)).expect("a library")
    }

    #[test]
    fn what_is_read_on_demand_is_what_is_read_at_once() {
        let sources: [(Holdings, _); 2] = [
            (open(source()), load(&source())),
            (open(EmbeddedSource), load(&EmbeddedSource)),
        ];
        for (holdings, whole) in sources {
            let whole = whole.expect("a library");
            let policies: Vec<Policy> = holdings.policies().into_iter().cloned().collect();
            assert_eq!(policies, whole.policies);
            let cases = holdings.heads().iter();
            let cases: Vec<StoredFile> = cases
                .flat_map(|head| holdings.case_files(&head.reference).to_vec())
                .collect();
            assert_eq!(cases, whole.case_files);
            assert_eq!(holdings.code_sets(), whole.code_sets);
            assert_eq!(holdings.diagnostics(), whole.diagnostics);
            assert_eq!(holdings.unread(), 0);
        }
    }

    #[test]
    fn only_the_policy_asked_for_is_read() {
        let holdings = open(source());
        assert_eq!(holdings.unread(), 3);
        let names: Vec<&str> = holdings
            .heads()
            .iter()
            .map(|head| head.reference.as_str())
            .collect();
        assert_eq!(names, ["P.1", "P.2", "P.3"]);
        assert!(holdings.policy_read("P.2").is_none());
        // What all files of policies show is told before any version is read.
        let broken = ["B/policy.toml", "C/policy.toml", "F/policy.toml"];
        assert_eq!(holdings.unusable_files(), broken);

        assert_eq!(
            holdings.policy("p.2").map(|policy| policy.versions.len()),
            Some(1)
        );
        assert!(holdings.policy_read("P.2").is_some());
        assert_eq!(holdings.unread(), 2);
        assert!(
            holdings
                .unusable_files()
                .contains(&"A/2020-01.toml".to_owned())
        );
        assert!(
            !holdings
                .unusable_files()
                .contains(&"E/2018-01.toml".to_owned())
        );
        assert!(holdings.policy("P.4").is_none());
    }

    #[test]
    fn reading_everything_can_be_stopped() {
        let holdings = open(source());
        holdings.read_all(&|_| false);
        assert_eq!(holdings.unread(), 3);
        holdings.read_all(&|policy| policy.reference != "P.2");
        assert_eq!(holdings.unread(), 1);
    }

    #[test]
    fn versions_are_named_by_their_files() {
        let holdings = open(source());
        assert_eq!(holdings.version_files("P.2"), ["2019-01", "2020-01"]);
        assert_eq!(holdings.version_files("P.9"), Vec::<&str>::new());
    }
}
