//! What an index is of: the files of a library, folder by folder, and what
//! an answer about them rests on. With it a search needs no library.

use std::collections::{BTreeMap, HashSet};

use sha2::{Digest, Sha256};

use super::bytes::{Reader, Writer};
use crate::library::{LoadedFolder, Stamped};
use crate::policy::{ContentHash, Policy, Provenance};

/// The folders of a library.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Catalogue {
    /// In order of name.
    folders: Vec<FolderRecord>,
    /// By the number of a policy, its place in the order of references.
    ranks: Vec<u64>,
}

/// A folder as it was indexed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FolderRecord {
    /// Its name.
    pub(super) name: String,
    /// The number by which the index knows it.
    pub(super) number: u32,
    /// Its files of texts, in order.
    pub(super) files: Vec<FileRecord>,
    /// Its policy, if it has one that can be used.
    pub(super) policy: Option<PolicyRecord>,
    /// The files that cannot be used.
    pub(super) unusable: Vec<String>,
    /// Whether a folder before it holds the same policy.
    pub(super) is_twin: bool,
}

/// A file as it was indexed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FileRecord {
    /// Its path.
    pub(super) path: String,
    /// The stamp it had before it was read; nothing, if that was not settled.
    pub(super) mark: Option<[u64; 5]>,
    /// The hash of its bytes; nothing, if it was not read.
    pub(super) hash: Option<ContentHash>,
}

/// A policy as it was indexed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyRecord {
    /// Its reference number.
    pub reference: String,
    /// Its versions, by effective date.
    pub versions: Vec<VersionRecord>,
    /// A hash of all its items depend on.
    pub(super) digest: ContentHash,
}

/// A version as it was indexed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRecord {
    /// Its name.
    pub name: String,
    /// How its text was come by.
    pub provenance: Provenance,
    /// The SHA-256 of its file.
    pub hash: ContentHash,
}

impl PolicyRecord {
    pub(super) fn of(policy: &Policy) -> Self {
        PolicyRecord {
            reference: policy.reference.clone(),
            versions: policy
                .versions
                .iter()
                .map(|version| VersionRecord {
                    name: version.name.clone(),
                    provenance: version.provenance,
                    hash: version.hash.clone(),
                })
                .collect(),
            digest: digest(policy),
        }
    }
}

/// Reference and title are of `policy.toml`, all else of the versions' files.
fn digest(policy: &Policy) -> ContentHash {
    let mut to = Writer::default();
    to.text(&policy.reference);
    to.text(&policy.title);
    to.list(&policy.versions, |to, version| to.bytes(&version.hash.0));
    ContentHash(Sha256::digest(&to.0).into())
}

impl FolderRecord {
    /// The record of a policy that is in memory only.
    pub(super) fn of_policy(number: u32, policy: &Policy) -> Self {
        FolderRecord {
            name: policy.reference.clone(),
            number,
            files: vec![],
            policy: Some(PolicyRecord::of(policy)),
            unusable: vec![],
            is_twin: false,
        }
    }

    /// The record of a folder that was stamped before it was loaded.
    pub(super) fn of(number: u32, stamps: &[Stamped], loaded: &LoadedFolder) -> Self {
        let hash = |path: &str| {
            let known = loaded.hashes.iter().find(|(file, _)| file == path);
            known.map(|(_, hash)| hash.clone())
        };
        FolderRecord {
            name: loaded.name.clone(),
            number,
            files: stamps
                .iter()
                .map(|file| FileRecord {
                    path: file.path.clone(),
                    mark: file.stamp.settled.then_some(file.stamp.mark),
                    hash: hash(&file.path),
                })
                .collect(),
            policy: loaded.policy.as_ref().map(PolicyRecord::of),
            unusable: loaded.unusable_files(),
            is_twin: false,
        }
    }
}

impl Catalogue {
    /// The catalogue of some folders, in any order. Of several that hold one
    /// policy the first by name keeps it.
    pub(super) fn new(mut folders: Vec<FolderRecord>) -> Self {
        folders.sort_by(|left, right| left.name.cmp(&right.name));
        let mut seen = HashSet::new();
        for folder in &mut folders {
            let policy = folder.policy.as_ref();
            let is_new =
                policy.is_none_or(|policy| seen.insert(policy.reference.to_ascii_lowercase()));
            if !is_new {
                folder.is_twin = true;
                folder.policy = None;
                folder.unusable = vec![format!("{}/policy.toml", folder.name)];
            }
        }
        let ranks = ranks(&folders);
        Catalogue { folders, ranks }
    }

    pub(super) fn folders(&self) -> &[FolderRecord] {
        &self.folders
    }

    pub(super) fn into_folders(self) -> Vec<FolderRecord> {
        self.folders
    }

    /// Whether a policy stands in two folders.
    pub(super) fn has_twins(&self) -> bool {
        self.folders.iter().any(|folder| folder.is_twin)
    }

    /// One more than the highest number of a policy.
    pub(super) fn numbers(&self) -> usize {
        self.ranks.len()
    }

    /// The place of a policy, by number, in the order of references.
    pub(super) fn rank(&self, number: u32) -> u64 {
        let rank = self.ranks.get(number as usize).copied();
        rank.unwrap_or(u64::from(u32::MAX))
    }

    /// The policies by reference number.
    pub(super) fn policies(&self) -> impl Iterator<Item = &PolicyRecord> {
        self.folders
            .iter()
            .filter_map(|folder| folder.policy.as_ref())
    }

    /// The reference numbers of the policies, each with its number.
    pub(super) fn references(&self) -> impl Iterator<Item = (usize, &str)> {
        self.folders.iter().filter_map(|folder| {
            let policy = folder.policy.as_ref()?;
            Some((folder.number as usize, policy.reference.as_str()))
        })
    }

    /// The number of the policy with a reference number, in any case.
    pub(super) fn number_of(&self, reference: &str) -> Option<u32> {
        let wanted = reference.to_lowercase();
        let mut policies = self.references();
        let found = policies.find(|(_, known)| is_lower_case_of(&wanted, known));
        found.and_then(|(number, _)| u32::try_from(number).ok())
    }

    /// The policies by number.
    pub(super) fn by_number(&self) -> impl Iterator<Item = (u32, &PolicyRecord)> {
        let folders = self.folders.iter();
        folders.filter_map(|folder| Some((folder.number, folder.policy.as_ref()?)))
    }

    /// By the number of a policy, the place of the version of a name, in any
    /// case: `latest` is the last, `previous` the one before it.
    pub(super) fn places(&self, version: &str) -> Vec<Option<u32>> {
        let wanted = version.to_lowercase();
        let mut places = vec![None; self.numbers()];
        for folder in &self.folders {
            let Some(policy) = &folder.policy else {
                continue;
            };
            let place = match wanted.as_str() {
                "latest" => policy.versions.len().checked_sub(1),
                "previous" => policy.versions.len().checked_sub(2),
                name => policy
                    .versions
                    .iter()
                    .position(|version| is_lower_case_of(name, &version.name)),
            };
            if let Some(known) = places.get_mut(folder.number as usize) {
                *known = place.and_then(|place| u32::try_from(place).ok());
            }
        }
        places
    }

    /// The files that cannot be used, in order.
    pub(super) fn unusable(&self) -> Vec<String> {
        let mut files: Vec<String> = self
            .folders
            .iter()
            .flat_map(|folder| folder.unusable.iter().cloned())
            .collect();
        files.sort();
        files
    }

    /// The catalogue with other stamps for some files, each by folder and place.
    pub(super) fn with_marks(&self, marks: &[(&str, usize, [u64; 5])]) -> Self {
        let mut catalogue = self.clone();
        for (name, at, mark) in marks {
            let folder = catalogue
                .folders
                .binary_search_by(|folder| folder.name.as_str().cmp(name));
            let folder = folder
                .ok()
                .and_then(|place| catalogue.folders.get_mut(place));
            if let Some(file) = folder.and_then(|folder| folder.files.get_mut(*at)) {
                file.mark = Some(*mark);
            }
        }
        catalogue
    }

    /// Whether it is of exactly these policies.
    pub(super) fn is_of(&self, policies: &[Policy]) -> bool {
        let known: BTreeMap<&str, &ContentHash> = self
            .policies()
            .map(|policy| (policy.reference.as_str(), &policy.digest))
            .collect();
        known.len() == policies.len()
            && policies
                .iter()
                .all(|policy| known.get(policy.reference.as_str()) == Some(&&digest(policy)))
    }
}

fn is_lower_case_of(lower: &str, text: &str) -> bool {
    lower.eq_ignore_ascii_case(text) || (!text.is_ascii() && text.to_lowercase() == lower)
}

fn ranks(folders: &[FolderRecord]) -> Vec<u64> {
    let mut policies: Vec<(&str, usize)> = folders
        .iter()
        .filter_map(|folder| {
            let policy = folder.policy.as_ref()?;
            Some((policy.reference.as_str(), folder.number as usize))
        })
        .collect();
    policies.sort_unstable();
    let numbers = policies.iter().map(|(_, number)| number + 1).max();
    let mut ranks = vec![0; numbers.unwrap_or_default()];
    for (rank, (_, number)) in (0..).zip(policies) {
        ranks[number] = rank;
    }
    ranks
}

impl Catalogue {
    pub(super) fn write(&self, to: &mut Writer) {
        to.list(&self.folders, |to, folder| {
            to.text(&folder.name);
            to.number(u64::from(folder.number));
            to.list(&folder.files, |to, file| {
                to.text(file_name(&file.path));
                to.option(file.mark, |to, mark| {
                    mark.iter().for_each(|number| to.number(*number));
                });
                to.option(file.hash.as_ref(), |to, hash| to.bytes(&hash.0));
            });
            to.option(folder.policy.as_ref(), write_policy);
            to.list(&folder.unusable, |to, path| to.text(path));
            to.number(u64::from(folder.is_twin));
        });
    }

    pub(super) fn read(from: &mut Reader<'_>) -> Option<Self> {
        let folders = from.list(|from| {
            let name = from.text()?.to_owned();
            Some(FolderRecord {
                number: u32::try_from(from.number()?).ok()?,
                files: from.list(|from| read_file(from, &name))?,
                name,
                policy: from.option(read_policy)?,
                unusable: from.list(|from| Some(from.text()?.to_owned()))?,
                is_twin: from.number()? == 1,
            })
        })?;
        let ranks = ranks(&folders);
        Some(Catalogue { folders, ranks })
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn read_file(from: &mut Reader<'_>, folder: &str) -> Option<FileRecord> {
    Some(FileRecord {
        path: format!("{folder}/{}", from.text()?),
        mark: from.option(|from| {
            let mut mark = [0; 5];
            for number in &mut mark {
                *number = from.number()?;
            }
            Some(mark)
        })?,
        hash: from.option(read_hash)?,
    })
}

fn read_hash(from: &mut Reader<'_>) -> Option<ContentHash> {
    from.array().map(ContentHash)
}

fn write_policy(to: &mut Writer, policy: &PolicyRecord) {
    to.text(&policy.reference);
    to.list(&policy.versions, |to, version| {
        to.text(&version.name);
        to.number(version.provenance as u64);
        to.bytes(&version.hash.0);
    });
    to.bytes(&policy.digest.0);
}

fn read_policy(from: &mut Reader<'_>) -> Option<PolicyRecord> {
    Some(PolicyRecord {
        reference: from.text()?.to_owned(),
        versions: from.list(|from| {
            Some(VersionRecord {
                name: from.text()?.to_owned(),
                provenance: *Provenance::ALL.get(from.count()?)?,
                hash: read_hash(from)?,
            })
        })?,
        digest: read_hash(from)?,
    })
}
