//! Fills an index: folders are loaded, cut into items and added as they come,
//! so that a library is never held as a whole.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use tantivy::index::Segment;
use tantivy::indexer::{AddOperation, NoMergePolicy, SegmentWriter};
use tantivy::{Index, IndexWriter, Term};

use super::SearchError;
use super::analysis::Analyzers;
use super::catalogue::{Catalogue, FolderRecord};
use super::schema::{Facts, Fields, Origin, document};
use super::spans::items;
use super::tables;
use crate::library::{Folder, LoadedFolder, Source, Stamped, load_each};
use crate::policy::Policy;

/// The memory of the writer that keeps account of segments, in bytes: the
/// least it takes, as it is given no documents.
const WRITER_MEMORY: usize = 15_000_000;
/// A segment that takes up so much memory is written, in bytes.
const SEGMENT_MEMORY: usize = 120_000_000;
/// What a segment's dictionary is laid out for at first, in bytes. It grows;
/// laid out for more than there is it would only be slower.
const SEGMENT_START: usize = 3_000_000;
/// Segments beyond this many are merged: each costs every search a little.
const MOST_SEGMENTS: usize = 8;

/// Writes items into an index.
///
/// Every thread that adds a policy writes to a segment of its own, so that
/// none waits for another or frees what another allocated. Which policies
/// stand together in a segment is chance, and nothing depends on it.
pub(super) struct Filling<'a> {
    fields: &'a Fields,
    writer: IndexWriter,
    /// The segments that nobody is writing to right now.
    open: Mutex<Vec<OpenSegment>>,
}

/// A segment that is being written.
struct OpenSegment {
    segment: Segment,
    writer: SegmentWriter,
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
        let writer: IndexWriter = index.writer_with_num_threads(1, WRITER_MEMORY)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Filling {
            fields,
            writer,
            open: Mutex::default(),
        })
    }

    /// Takes the items of folders out of the index as it was opened. To be
    /// done before any are added: a segment that is added later is subject to
    /// deletions that are not committed.
    pub(super) fn remove(&mut self, folders: &[&str]) -> Result<(), SearchError> {
        if folders.is_empty() || self.writer.index().searchable_segment_ids()?.is_empty() {
            return Ok(());
        }
        folders.iter().for_each(|folder| self.delete(folder));
        self.writer.commit()?;
        Ok(())
    }

    fn delete(&self, folder: &str) {
        self.writer
            .delete_term(Term::from_field_text(self.fields.folder, folder));
    }

    /// Adds a policy's items; those alike in what hits are counted by stand
    /// together.
    pub(super) fn add(
        &self,
        policy: &Policy,
        folder: &str,
        number: u32,
    ) -> Result<(), SearchError> {
        let items = items(policy);
        let mut order: Vec<_> = items.iter().enumerate().collect();
        order.sort_by_key(|(_, item)| Facts::of(number, item).pack());
        // The last item is the least likely to be listed, and to be read for that.
        let last = items.len().saturating_sub(1);
        let tables = tables::write(policy);
        let mut open = self.open_segment()?;
        for (place, item) in order {
            let origin = Origin {
                folder,
                number,
                place,
                tables: tables.as_deref().filter(|_| place == last),
            };
            open.writer.add_document(AddOperation {
                opstamp: 0,
                document: document(self.fields, &origin, item),
            })?;
        }
        if open.writer.mem_usage() < SEGMENT_MEMORY {
            let mut segments = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            segments.push(open);
            return Ok(());
        }
        self.close(open)
    }

    fn open_segment(&self) -> Result<OpenSegment, SearchError> {
        let mut segments = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(open) = segments.pop() {
            return Ok(open);
        }
        drop(segments);
        let segment = self.writer.new_segment();
        Ok(OpenSegment {
            writer: SegmentWriter::for_segment(SEGMENT_START, segment.clone())?,
            segment,
        })
    }

    /// Writes a segment.
    fn close(&self, open: OpenSegment) -> Result<(), SearchError> {
        let documents = open.writer.max_doc();
        open.writer.finalize()?;
        let segment = open.segment.with_max_doc(documents);
        Ok(self.writer.add_segment(segment.meta().clone())?)
    }

    /// Writes the segments that are still open, all at once.
    fn close_all(&self) -> Result<(), SearchError> {
        let mut segments = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let open: Vec<_> = segments.drain(..).collect();
        std::thread::scope(|scope| {
            let closing: Vec<_> = open
                .into_iter()
                .map(|open| scope.spawn(|| self.close(open)))
                .collect();
            closing.into_iter().try_for_each(|one| match one.join() {
                Ok(closed) => closed,
                Err(fault) => std::panic::resume_unwind(fault),
            })
        })
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
        self.close_all()?;
        records.extend(before.into_folders().into_iter().filter(kept));
        let catalogue = Catalogue::new(records);
        let twins = catalogue.folders().iter().filter(|folder| folder.is_twin);
        twins.for_each(|folder| self.delete(&folder.name));
        Ok(catalogue)
    }

    /// Makes what was added searchable.
    pub(super) fn commit(mut self) -> Result<(), SearchError> {
        self.close_all()?;
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
