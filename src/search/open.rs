//! Opening the index of a library: the one kept, where the library is as it
//! was; brought up to date, where files changed; built, where it is of no use.
//!
//! Whether a file changed is told by its stamp, as git tells it: what has the
//! stamp it had is not read. A stamp taken so soon after a change that another
//! could hide behind it is not remembered, and the file is read and hashed
//! again until its stamp is old enough. So the answer is of the library as it
//! is, or there is none.

use std::collections::BTreeSet;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use tantivy::Index;
use tantivy::directory::RamDirectory;

use super::SearchError;
use super::analysis::Analyzers;
use super::build::{Filling, Stamps, by_folder};
use super::cache::{CacheDirectory, IndexCache, Manifest, Shelf, ShelfLock, Unfit};
use super::catalogue::{Catalogue, FolderRecord};
use super::index::SearchIndex;
use super::schema::schema;
use crate::library::{Library, Source, Stamped, share_out};
use crate::policy::{ContentHash, Policy};

/// An index, and what there is to say about how it was opened.
#[derive(Debug)]
pub struct OpenedIndex {
    /// The index.
    pub index: SearchIndex,
    /// At most a line each.
    pub notes: Vec<String>,
}

/// An index as a shelf has it.
struct Kept {
    manifest: Manifest,
    index: SearchIndex,
}

/// Why a shelf has no index to use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lack {
    Missing,
    Unfit(Unfit),
}

impl Lack {
    fn note(self) -> &'static str {
        match self {
            Lack::Missing => "there was no search index of this library yet; it was built",
            Lack::Unfit(Unfit::Older) => {
                "the search index was another version's; it was built again from the library"
            }
            Lack::Unfit(Unfit::Damaged) => {
                "the search index was damaged; it was built again from the library"
            }
        }
    }
}

impl SearchIndex {
    /// The index of a library as it is now, from the cache where that can be.
    ///
    /// # Errors
    /// When the library cannot be listed, or no index can be made even in memory.
    pub fn open(source: &dyn Source, cache: &IndexCache) -> Result<OpenedIndex, SearchError> {
        let shelf = source.place().and_then(|place| cache.shelf(&place));
        let Some(shelf) = shelf else {
            return Ok(OpenedIndex {
                index: in_memory(source, &source.stamps()?)?,
                notes: vec![],
            });
        };
        // One looks at the library while the other looks at the index.
        let (stamps, kept) = std::thread::scope(|scope| {
            let kept = scope.spawn(|| kept(&shelf));
            (source.stamps(), kept.join())
        });
        let kept = kept.unwrap_or(Err(Lack::Unfit(Unfit::Damaged)));
        let was_kept = kept.is_ok();
        let opened = open(source, &shelf, &stamps?, kept)?;
        if was_kept {
            shelf.note_use();
        } else {
            // A new index is the time to make room: it takes long anyway.
            cache.remove_unused(&shelf);
        }
        Ok(opened)
    }

    /// The index built again, whatever the cache has: what it had turned out
    /// to be damaged.
    ///
    /// # Errors
    /// As [`SearchIndex::open`].
    pub fn mend(source: &dyn Source, cache: &IndexCache) -> Result<OpenedIndex, SearchError> {
        let stamps = source.stamps()?;
        let shelf = source.place().and_then(|place| cache.shelf(&place));
        let lack = Lack::Unfit(Unfit::Damaged);
        match shelf {
            Some(shelf) => refresh(source, &shelf, &stamps, Err(lack)),
            None => Ok(OpenedIndex {
                index: in_memory(source, &stamps)?,
                notes: vec![lack.note().to_owned()],
            }),
        }
    }

    /// Indexes a loaded library in memory.
    ///
    /// # Errors
    /// When the index cannot be written.
    pub fn build(library: &Library) -> Result<Self, SearchError> {
        let (schema, fields) = schema();
        let index = Index::builder()
            .schema(schema)
            .open_or_create(RamDirectory::create())?;
        let filling = Filling::of(&index, &fields, &Analyzers::new())?;
        let policies: Vec<_> = (0..).zip(&library.policies).collect();
        let add = |(number, policy): &(u32, &Policy)| {
            filling.add(policy, &policy.reference, *number)?;
            Ok(FolderRecord::of_policy(*number, policy))
        };
        let records: Result<_, SearchError> = share_out(&policies, add).into_iter().collect();
        filling.commit()?;
        SearchIndex::of(&index, Arc::new(Catalogue::new(records?)), false)
    }
}

fn in_memory(source: &dyn Source, stamps: &[Stamped]) -> Result<SearchIndex, SearchError> {
    let (schema, fields) = schema();
    let index = Index::builder()
        .schema(schema)
        .open_or_create(RamDirectory::create())?;
    let stamps = by_folder(stamps);
    let all = stamps.keys().copied().collect();
    let filling = Filling::of(&index, &fields, &Analyzers::new())?;
    let catalogue = filling.load(source, &stamps, &all, Catalogue::default())?;
    filling.commit()?;
    SearchIndex::of(&index, Arc::new(catalogue), false)
}

/// Tries as often as another instance may replace the index meanwhile.
const TRIES: usize = 5;

/// What a shelf has.
fn kept(shelf: &Shelf) -> Result<Kept, Lack> {
    let mut bytes = read(shelf)?;
    for _ in 0..TRIES {
        let manifest = Manifest::read(&bytes).map_err(Lack::Unfit)?;
        if let Ok(index) = open_kept(shelf, &manifest) {
            return Ok(Kept { manifest, index });
        }
        let now = read(shelf)?;
        if now == bytes {
            break;
        }
        bytes = now;
    }
    Err(Lack::Unfit(Unfit::Damaged))
}

fn read(shelf: &Shelf) -> Result<Vec<u8>, Lack> {
    let bytes = shelf.manifest().map_err(|_| Lack::Unfit(Unfit::Damaged))?;
    bytes.ok_or(Lack::Missing)
}

fn open_kept(shelf: &Shelf, manifest: &Manifest) -> Result<SearchIndex, SearchError> {
    let index = Index::open(CacheDirectory::open(shelf, manifest)?)?;
    Analyzers::new().register(index.tokenizers());
    SearchIndex::of(&index, Arc::clone(&manifest.catalogue), true)
}

fn open(
    source: &dyn Source,
    shelf: &Shelf,
    stamps: &[Stamped],
    kept: Result<Kept, Lack>,
) -> Result<OpenedIndex, SearchError> {
    if let Ok(kept) = kept {
        let found = compare(source, &by_folder(stamps), &kept.manifest.catalogue);
        if found.changed.is_empty() && !found.removed {
            if let Some(settled) = found.settled {
                settle(shelf, &kept.manifest, settled);
            }
            return Ok(OpenedIndex {
                index: kept.index,
                notes: vec![],
            });
        }
        return refresh(source, shelf, stamps, Ok(kept));
    }
    refresh(source, shelf, stamps, kept)
}

/// Remembers the stamps of files that were found to be the same by reading
/// them. If another instance is writing, the next one will.
fn settle(shelf: &Shelf, manifest: &Manifest, catalogue: Catalogue) {
    let Ok(Some(lock)) = shelf.lock() else { return };
    if shelf.manifest().ok().flatten().as_deref() == Some(&manifest.to_bytes()) {
        let _ = shelf.commit(&lock, &manifest.clone().with(catalogue));
    }
}

/// Brings the index of a shelf up to date; in memory, where it cannot be.
fn refresh(
    source: &dyn Source,
    shelf: &Shelf,
    stamps: &[Stamped],
    kept: Result<Kept, Lack>,
) -> Result<OpenedIndex, SearchError> {
    let reason = match shelf.lock() {
        Ok(Some(lock)) => match write(source, shelf, &lock, stamps, kept) {
            Ok(opened) => return Ok(opened),
            // What was not committed would only take up room.
            Err(error) => {
                shelf.clear(&lock);
                error.message
            }
        },
        Ok(None) => "another lookback is writing it".to_owned(),
        Err(error) => format!("{}: {error}", shelf.folder().display()),
    };
    Ok(OpenedIndex {
        index: in_memory(source, stamps)?,
        notes: vec![format!(
            "the search index cannot be kept, so it was made in memory: {reason}"
        )],
    })
}

fn write(
    source: &dyn Source,
    shelf: &Shelf,
    lock: &ShelfLock,
    stamps: &[Stamped],
    kept: Result<Kept, Lack>,
) -> Result<OpenedIndex, SearchError> {
    let stamps = by_folder(stamps);
    // Another instance may have written since; what counts is what is there
    // now that no other can.
    let (before, notes) = match kept {
        Ok(_) => match self::kept(shelf) {
            Ok(kept) => (Some(kept.manifest), vec![]),
            Err(lack) => (None, vec![lack.note().to_owned()]),
        },
        Err(lack) => (None, vec![lack.note().to_owned()]),
    };
    let updated = match before {
        Some(before) => update(source, shelf, &stamps, before)?,
        None => None,
    };
    let manifest = match updated {
        Some(manifest) => manifest,
        None => build(source, shelf, &stamps)?,
    };
    shelf.commit(lock, &manifest)?;
    Ok(OpenedIndex {
        index: open_kept(shelf, &manifest)?,
        notes,
    })
}

/// Replaces the items of the folders that changed. Gives up where a policy
/// stands in two folders: which of them counts may change with either.
fn update(
    source: &dyn Source,
    shelf: &Shelf,
    stamps: &Stamps<'_>,
    before: Manifest,
) -> Result<Option<Manifest>, SearchError> {
    let directory = CacheDirectory::open(shelf, &before)?;
    let found = compare(source, stamps, &before.catalogue);
    let index = Index::open(directory.clone())?;
    let (_, fields) = schema();
    let mut filling = Filling::of(&index, &fields, &Analyzers::new())?;
    let had_twins = before.catalogue.has_twins();
    let folders = before.catalogue.folders().iter();
    let gone = folders.map(|folder| folder.name.as_str());
    let gone: Vec<&str> = gone
        .filter(|name| !stamps.contains_key(name) || found.changed.contains(name))
        .collect();
    filling.remove(&gone)?;
    let before = match found.settled {
        Some(settled) => settled,
        None => Catalogue::clone(&before.catalogue),
    };
    let catalogue = filling.load(source, stamps, &found.changed, before)?;
    if had_twins || catalogue.has_twins() {
        return Ok(None);
    }
    filling.commit()?;
    manifest(&index, &directory, catalogue).map(Some)
}

fn build(source: &dyn Source, shelf: &Shelf, stamps: &Stamps<'_>) -> Result<Manifest, SearchError> {
    let directory = CacheDirectory::create(shelf)?;
    let (schema, fields) = schema();
    let index = Index::builder()
        .schema(schema)
        .open_or_create(directory.clone())?;
    let all = stamps.keys().copied().collect();
    let filling = Filling::of(&index, &fields, &Analyzers::new())?;
    let catalogue = filling.load(source, stamps, &all, Catalogue::default())?;
    filling.commit()?;
    manifest(&index, &directory, catalogue)
}

fn manifest(
    index: &Index,
    directory: &CacheDirectory,
    catalogue: Catalogue,
) -> Result<Manifest, SearchError> {
    let segments = index.searchable_segment_metas()?;
    let is_used = |name: &str| {
        segments.iter().any(|segment| {
            let id = segment.id().uuid_string();
            let deletes = segment.delete_opstamp();
            let deletes = deletes.map(|stamp| format!("{id}.{stamp}.del"));
            name.starts_with(&id) && (!name.ends_with(".del") || Some(name) == deletes.as_deref())
        })
    };
    Ok(Manifest::new(catalogue, directory.committed(is_used)))
}

/// What differs between a library and what an index is of.
struct Found<'a> {
    /// The folders that are new or not as they were.
    changed: BTreeSet<&'a str>,
    /// Whether a folder is no longer there.
    removed: bool,
    /// The catalogue with the stamps of files that are as they were but have
    /// other stamps; nothing, if there are none that will stay.
    settled: Option<Catalogue>,
}

fn compare<'a>(source: &dyn Source, stamps: &Stamps<'a>, before: &Catalogue) -> Found<'a> {
    let records: std::collections::BTreeMap<&str, &FolderRecord> = before
        .folders()
        .iter()
        .map(|folder| (folder.name.as_str(), folder))
        .collect();
    let mut changed = BTreeSet::new();
    let mut settled: Vec<(&str, usize, [u64; 5])> = vec![];
    for (name, files) in stamps {
        let Some(record) = records.get(name) else {
            changed.insert(*name);
            continue;
        };
        let same_names = record.files.len() == files.len()
            && record
                .files
                .iter()
                .zip(*files)
                .all(|(record, file)| record.path == file.path);
        if !same_names {
            changed.insert(*name);
            continue;
        }
        for (at, (record, file)) in record.files.iter().zip(*files).enumerate() {
            if record.mark == Some(file.stamp.mark) && record.hash.is_some() {
                continue;
            }
            if !is_content(source, &file.path, record.hash.as_ref()) {
                changed.insert(*name);
                break;
            }
            if file.stamp.settled {
                settled.push((name, at, file.stamp.mark));
            }
        }
    }
    let removed = records.keys().any(|name| !stamps.contains_key(name));
    let settled = (!settled.is_empty()).then(|| before.with_marks(&settled));
    Found {
        changed,
        removed,
        settled,
    }
}

fn is_content(source: &dyn Source, path: &str, hash: Option<&ContentHash>) -> bool {
    let Some(hash) = hash else { return false };
    source
        .read(path)
        .is_ok_and(|bytes| Sha256::digest(bytes)[..] == hash.0[..])
}
