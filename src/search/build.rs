//! Fills an index: folders are loaded, cut into items and added as they come,
//! so that a library is never held as a whole.

use std::collections::{BTreeMap, BTreeSet};

use tantivy::indexer::NoMergePolicy;
use tantivy::{Index, IndexWriter, Term};

use super::SearchError;
use super::analysis::Analyzers;
use super::catalogue::{Catalogue, FolderRecord};
use super::schema::{Fields, Origin, document};
use super::spans::items;
use crate::library::{Folder, LoadedFolder, Source, Stamped, load_each};
use crate::policy::Policy;

/// The memory of one thread that writes, in bytes.
const WRITER_MEMORY: usize = 60_000_000;
/// More threads than this would not keep the memory of a build small.
const MOST_WRITERS: usize = 3;
/// Segments beyond this many are merged: each costs every search a little.
const MOST_SEGMENTS: usize = 8;

/// Writes items into an index.
pub(super) struct Filling<'a> {
    fields: &'a Fields,
    writer: IndexWriter,
}

/// The files of a folder, with their stamps.
pub(super) type Stamps<'a> = BTreeMap<&'a str, &'a [Stamped]>;

/// Stamps by folder; they are in order of path.
pub(super) fn by_folder(stamps: &[Stamped]) -> Stamps<'_> {
    let folder = |stamped: &Stamped| stamped.path.split('/').next().map(str::len);
    stamps
        .chunk_by(|left, right| {
            folder(left) == folder(right)
                && left.path[..folder(left).unwrap_or(0)]
                    == right.path[..folder(right).unwrap_or(0)]
        })
        .filter_map(|files| Some((files[0].path.split('/').next()?, files)))
        .collect()
}

impl<'a> Filling<'a> {
    pub(super) fn of(
        index: &Index,
        fields: &'a Fields,
        analyzers: &Analyzers,
    ) -> Result<Self, SearchError> {
        analyzers.register(index.tokenizers());
        let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let threads = threads.min(MOST_WRITERS);
        let writer: IndexWriter =
            index.writer_with_num_threads(threads, threads * WRITER_MEMORY)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Filling { fields, writer })
    }

    /// Takes a folder's items out.
    pub(super) fn remove(&self, folder: &str) {
        self.writer
            .delete_term(Term::from_field_text(self.fields.folder, folder));
    }

    /// Adds a policy's items.
    pub(super) fn add(
        &self,
        policy: &Policy,
        folder: &str,
        number: u32,
    ) -> Result<(), SearchError> {
        for (place, item) in items(policy).into_iter().enumerate() {
            let origin = Origin {
                policy,
                folder,
                number,
                place,
            };
            let document = document(self.fields, &origin, &item);
            self.writer.add_document(document)?;
        }
        Ok(())
    }

    /// Loads folders and adds them, on all processors. Folders that stay as
    /// they are keep their records and numbers; those replaced their numbers.
    pub(super) fn load(
        &self,
        source: &dyn Source,
        stamps: &Stamps<'_>,
        replaced: &BTreeSet<&str>,
        before: Catalogue,
    ) -> Result<Catalogue, SearchError> {
        let kept = |folder: &FolderRecord| {
            stamps.contains_key(folder.name.as_str()) && !replaced.contains(folder.name.as_str())
        };
        let numbers = numbers(&before, stamps);
        let folders: Vec<Folder> = replaced.iter().map(|name| folder(name, stamps)).collect();
        let add = |loaded: LoadedFolder| -> Result<FolderRecord, SearchError> {
            // What was not read for that reason is not unreadable.
            if source.stopped() {
                return Err(SearchError::stopped());
            }
            let number = numbers
                .get(loaded.name.as_str())
                .copied()
                .unwrap_or(u32::MAX);
            if let Some(policy) = &loaded.policy {
                self.add(policy, &loaded.name, number)?;
            }
            let stamps = stamps.get(loaded.name.as_str()).copied();
            Ok(FolderRecord::of(
                number,
                stamps.unwrap_or_default(),
                &loaded,
            ))
        };
        let added: Result<Vec<_>, _> = load_each(source, &folders, add).into_iter().collect();
        let mut records = added?;
        records.extend(before.into_folders().into_iter().filter(kept));
        let catalogue = Catalogue::new(records);
        let twins = catalogue.folders().iter().filter(|folder| folder.is_twin);
        twins.for_each(|folder| self.remove(&folder.name));
        Ok(catalogue)
    }

    /// Makes what was added searchable.
    pub(super) fn commit(mut self) -> Result<(), SearchError> {
        self.writer.commit()?;
        let mut segments = self.writer.index().searchable_segment_metas()?;
        if segments.len() > MOST_SEGMENTS {
            // The large ones stay: one changed file must not cost a rewrite
            // of everything.
            segments.sort_by_key(|segment| segment.num_docs());
            let small = segments.len() - MOST_SEGMENTS / 2;
            let ids: Vec<_> = segments[..small]
                .iter()
                .map(|segment| segment.id())
                .collect();
            self.writer.merge(&ids).wait()?;
        }
        self.writer.wait_merging_threads()?;
        Ok(())
    }
}

/// A number for every folder: its own, or the lowest that is free.
fn numbers<'a>(before: &Catalogue, stamps: &Stamps<'a>) -> BTreeMap<&'a str, u32> {
    let own: BTreeMap<&str, u32> = before
        .folders()
        .iter()
        .filter(|folder| stamps.contains_key(folder.name.as_str()))
        .map(|folder| (folder.name.as_str(), folder.number))
        .collect();
    let taken: BTreeSet<u32> = own.values().copied().collect();
    let mut free = (0..).filter(|number| !taken.contains(number));
    let number = |folder: &str| own.get(folder).copied().or_else(|| free.next());
    let mut number = number;
    stamps
        .keys()
        .filter_map(|folder| Some((*folder, number(folder)?)))
        .collect()
}

/// A folder's files of texts; cases are not among them.
fn folder(name: &str, stamps: &Stamps<'_>) -> Folder {
    let files = stamps.get(name).copied().unwrap_or_default();
    let file = |stamped: &Stamped| {
        stamped
            .path
            .split_once('/')
            .map(|(_, file)| file.to_owned())
    };
    Folder {
        name: name.to_owned(),
        files: files.iter().filter_map(file).collect(),
    }
}
