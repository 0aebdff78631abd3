//! A segment of the index as answers read it: what its documents are, in
//! runs; its columns of days; which documents still count.
//!
//! All of it is read when it is first asked for and kept: a program that
//! answers once reads what that answer needs, one that stays reads it once.

use std::sync::{Arc, OnceLock};

use tantivy::columnar::ColumnValues;
use tantivy::{DocId, SegmentReader};

use super::schema::{COLUMNS, Facts, column};
use super::set::Set;

/// Documents in a row that are alike in all that hits are counted by.
/// Documents are added so that there are few.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// The first document.
    pub(super) start: DocId,
    /// The document behind the last.
    pub(super) end: DocId,
    /// What they are.
    pub(super) facts: Facts,
}

/// What was read of a segment so far.
#[derive(Default)]
pub(super) struct Read {
    runs: OnceLock<Vec<Run>>,
    alive: OnceLock<Option<Set>>,
    columns: [OnceLock<Vec<u32>>; COLUMNS.len()],
}

/// A segment.
#[derive(Clone, Copy)]
pub(super) struct Segment<'a> {
    /// Its place among the segments.
    pub(super) number: usize,
    /// It, as tantivy has it.
    pub(super) reader: &'a SegmentReader,
    /// What was read of it.
    read: &'a Read,
}

/// So many values are read at once.
const STRIDE: usize = 1024;

impl<'a> Segment<'a> {
    pub(super) fn new(number: usize, reader: &'a SegmentReader, read: &'a Read) -> Self {
        Segment {
            number,
            reader,
            read,
        }
    }

    /// The document behind the last.
    pub(super) fn end(&self) -> DocId {
        self.reader.max_doc()
    }

    /// Its documents in runs.
    pub(super) fn runs(&self) -> tantivy::Result<&'a [Run]> {
        let runs = known(&self.read.runs, || {
            let mut runs: Vec<Run> = vec![];
            let mut last = None;
            self.each(column::FACTS, |document, packed| {
                if last != Some(packed) {
                    last = Some(packed);
                    runs.push(Run {
                        start: document,
                        end: document,
                        facts: Facts::unpack(packed),
                    });
                }
                if let Some(run) = runs.last_mut() {
                    run.end = document + 1;
                }
            })?;
            Ok(runs)
        })?;
        Ok(runs)
    }

    /// The documents that were not replaced; nothing, if none was.
    pub(super) fn alive(&self) -> tantivy::Result<Option<&'a Set>> {
        let alive = known(&self.read.alive, || {
            let alive = self.reader.alive_bitset();
            Ok(alive.map(|alive| {
                let mut set = Set::none(self.end());
                alive.iter_alive().for_each(|document| set.insert(document));
                set
            }))
        })?;
        Ok(alive.as_ref())
    }

    /// The values of a column of [`COLUMNS`], one for each document.
    pub(super) fn whole(&self, number: usize) -> tantivy::Result<&'a [u32]> {
        let values = known(&self.read.columns[number], || {
            let mut values = Vec::with_capacity(self.end() as usize);
            self.each(COLUMNS[number], |_, value| {
                values.push(u32::try_from(value).unwrap_or(u32::MAX));
            })?;
            Ok(values)
        })?;
        Ok(values)
    }

    /// A column, to read a few values of.
    pub(super) fn column(&self, name: &str) -> tantivy::Result<Arc<dyn ColumnValues<u64>>> {
        let column = self.reader.fast_fields().u64(name)?;
        Ok(column.first_or_default_col(0))
    }

    fn each(&self, name: &str, mut take: impl FnMut(DocId, u64)) -> tantivy::Result<()> {
        let column = self.column(name)?;
        let mut values = [0; STRIDE];
        for start in (0..self.end()).step_by(STRIDE) {
            let values = &mut values[..STRIDE.min((self.end() - start) as usize)];
            column.get_range(u64::from(start), values);
            (start..)
                .zip(values)
                .for_each(|(at, value)| take(at, *value));
        }
        Ok(())
    }
}

/// What a cell holds, made if it holds nothing yet.
fn known<T>(cell: &OnceLock<T>, make: impl FnOnce() -> tantivy::Result<T>) -> tantivy::Result<&T> {
    if let Some(known) = cell.get() {
        return Ok(known);
    }
    let made = make()?;
    Ok(cell.get_or_init(|| made))
}
