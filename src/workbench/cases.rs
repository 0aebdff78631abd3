//! Reading cases, wherever they are.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, Read, Seek};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::evidence::CaseFileEvidence;
use super::open::Workbench;
use super::problem::Problem;
use crate::cases::csv::CsvRows;
use crate::cases::parquet::ParquetRows;
use crate::cases::{CaseBook, ColumnMap, Format, JsonRows, Packing, ReadRow, SNIFFED, Vocabulary};
use crate::library::StoredFile;
use crate::policy::{ContentHash, Policy};
use crate::replay::{CountError, Session};

/// Where cases come from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CaseSource {
    /// The cases stored with the library.
    #[default]
    Stored,
    /// These files.
    Files(CaseFiles),
}

/// Files of cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseFiles {
    /// Their paths; `-` is standard input.
    pub paths: Vec<PathBuf>,
    /// What their columns are called.
    pub columns: ColumnMap,
}

impl CaseFiles {
    /// Whether they can be read a second time: pipes cannot.
    pub(super) fn can_be_read_again(&self) -> bool {
        let is_file = |path: &PathBuf| {
            path.as_os_str() != STDIN && path.metadata().is_ok_and(|found| found.is_file())
        };
        self.paths.iter().all(is_file)
    }
}

/// Given each row with its file; answers whether to go on.
pub type Sink<'s> = &'s mut dyn FnMut(&str, ReadRow) -> bool;

/// How rows are taken.
pub(super) enum Take<'t, 's> {
    /// One by one.
    Rows(Sink<'t>),
    /// Only their counts.
    Count(&'t mut Session<'s>),
}

/// What standard input goes by.
const STDIN: &str = "-";

impl Workbench {
    /// The cases stored with the library.
    pub fn stored_cases(&self) -> &CaseBook {
        self.stored_cases.get_or_init(|| {
            let mut book = CaseBook::default();
            for head in self.library.heads() {
                self.add_cases(&head.reference, &mut book);
            }
            book
        })
    }

    /// The cases stored with a policy.
    pub fn cases_of(&self, reference: &str) -> Arc<CaseBook> {
        let Some(head) = self.library.head(reference) else {
            return Arc::default();
        };
        let mut known = self.cases_of.lock().unwrap_or_else(PoisonError::into_inner);
        let read = || {
            let mut book = CaseBook::default();
            self.add_cases(&head.reference, &mut book);
            Arc::new(book)
        };
        Arc::clone(known.entry(head.reference.clone()).or_insert_with(read))
    }

    fn add_cases(&self, reference: &str, book: &mut CaseBook) {
        for file in self.library.case_files(reference) {
            // The folder says whose cases they are. Of its versions only
            // answers to criteria need be known: they are read if a row
            // cannot be told without them.
            let head = Vocabulary::of(self.library.head(reference));
            let mut rows = stored_rows(file, &head);
            if rows.iter().any(|row| row.case.is_err()) {
                rows = stored_rows(file, &Vocabulary::of(self.library.policy(reference)));
            }
            rows.into_iter().for_each(|row| book.add(&file.path, row));
        }
    }

    /// The stored files of cases, of one policy or of all, by content.
    pub(super) fn case_evidence(&self, policy: Option<&Policy>) -> Vec<CaseFileEvidence> {
        let heads = match policy {
            Some(policy) => std::slice::from_ref(policy),
            None => self.library.heads(),
        };
        let files = heads
            .iter()
            .flat_map(|head| self.library.case_files(&head.reference));
        files
            .map(|file| CaseFileEvidence::of(&file.path, &file.bytes))
            .collect()
    }

    /// The cases of a source, held in memory.
    pub(super) fn case_book(
        &self,
        source: &CaseSource,
        policy: Option<&Policy>,
    ) -> Result<(Cow<'_, CaseBook>, Vec<CaseFileEvidence>), Problem> {
        let CaseSource::Files(files) = source else {
            let book = match policy {
                Some(policy) => Cow::Owned(CaseBook::clone(&self.cases_of(&policy.reference))),
                None => Cow::Borrowed(self.stored_cases()),
            };
            return Ok((book, self.case_evidence(policy)));
        };
        let mut book = CaseBook::default();
        let evidence = self.each_row(files, policy, &mut |file, row| {
            book.add(file, row);
            true
        })?;
        Ok((Cow::Owned(book), evidence))
    }

    /// Reads files of cases row by row, without holding them in memory.
    ///
    /// # Errors
    /// When a file cannot be opened, or not be read as what it is. What is
    /// wrong within a file is told by its rows.
    pub fn each_row(
        &self,
        files: &CaseFiles,
        policy: Option<&Policy>,
        sink: Sink<'_>,
    ) -> Result<Vec<CaseFileEvidence>, Problem> {
        self.each_file(files, policy, &mut Take::Rows(sink))
    }

    /// Reads files of cases, however they are taken.
    pub(super) fn each_file(
        &self,
        files: &CaseFiles,
        policy: Option<&Policy>,
        take: &mut Take<'_, '_>,
    ) -> Result<Vec<CaseFileEvidence>, Problem> {
        // A case that names no policy is of the one that was asked for.
        let policies = match policy {
            Some(policy) => vec![policy],
            None => self.library.policies(),
        };
        let vocabulary = Vocabulary::of(policies);
        if let Some(fault) = files.columns.faults(&vocabulary).into_iter().next() {
            let hint = "write --column NAME=HEADER: our name, then the header of the file";
            return Err(Problem::usage(fault, hint));
        }
        let is_stdin = |path: &&PathBuf| path.as_os_str() == STDIN;
        if files.paths.iter().filter(is_stdin).count() > 1 {
            return Err(Problem::usage(
                "standard input is named twice",
                "name it once",
            ));
        }
        let mut evidence = vec![];
        for path in &files.paths {
            let reading = Reading {
                name: path.display().to_string(),
                map: &files.columns,
                vocabulary: &vocabulary,
            };
            let (hash, go_on) = if is_stdin(&path) {
                reading.stream(io::stdin(), true, take)?
            } else {
                reading.file(path, take)?
            };
            evidence.push(CaseFileEvidence {
                file: reading.name,
                hash,
            });
            if !go_on {
                break;
            }
        }
        Ok(evidence)
    }
}

fn stored_rows(file: &StoredFile, vocabulary: &Vocabulary<'_>) -> Vec<ReadRow> {
    let map = ColumnMap::default();
    let bytes = file.bytes.as_slice();
    match Format::of_name(&file.path) {
        Some(Format::Csv) => CsvRows::new(bytes, &map, vocabulary).collect(),
        Some(Format::Parquet) => {
            let bytes = Bytes::from(file.bytes.clone());
            ParquetRows::new(bytes, &map, vocabulary).collect()
        }
        _ => JsonRows::new(bytes, vocabulary).collect(),
    }
}

/// One file that is being read.
struct Reading<'v> {
    name: String,
    map: &'v ColumnMap,
    vocabulary: &'v Vocabulary<'v>,
}

impl Reading<'_> {
    fn file(&self, path: &Path, take: &mut Take<'_, '_>) -> Result<(ContentHash, bool), Problem> {
        let mut file = File::open(path).map_err(|error| self.unreadable(&error))?;
        if path.is_dir() {
            return Err(self.problem("is a folder", "name the files of cases in it"));
        }
        let (packing, stem) = Packing::of_name(&self.name);
        if Format::of_name(stem) != Some(Format::Parquet) {
            return self.stream(file, false, take);
        }
        if packing != Packing::None {
            return Err(self.problem(
                "cannot be read: Parquet is packed within, its parts are read out of order",
                "unpack it first",
            ));
        }
        let mut hashed = Hashed::of(&mut file);
        hashed.drain().map_err(|error| self.unreadable(&error))?;
        let hash = hashed.hash();
        file.rewind().map_err(|error| self.unreadable(&error))?;
        let rows = ParquetRows::new(file, self.map, self.vocabulary);
        Ok((hash, self.rows(Box::new(rows), take)?))
    }

    /// Reads CSV or JSON Lines, packed or not, from start to end.
    fn stream(
        &self,
        input: impl Read + Send,
        is_stdin: bool,
        take: &mut Take<'_, '_>,
    ) -> Result<(ContentHash, bool), Problem> {
        let fail = |error: io::Error| self.unreadable(&error);
        let mut hashed = Hashed::of(input);
        let (mut packing, stem) = Packing::of_name(&self.name);
        let told = Format::of_name(stem).filter(|_| !is_stdin);
        let mut head = vec![];
        if told.is_none() {
            head = first_bytes(&mut hashed).map_err(fail)?;
            packing = Packing::of_bytes(&head);
        }
        let mut input = packing.unpack(before(head, &mut hashed)).map_err(fail)?;
        let mut head = vec![];
        let format = match told {
            Some(format) => format,
            None => {
                head = first_bytes(&mut input).map_err(fail)?;
                Format::of_bytes(&head)
            }
        };
        let input = before(head, input);
        let go_on = match (format, take) {
            (Format::Csv, Take::Count(session)) => {
                self.counted(session.table(&self.name, Box::new(input)))?
            }
            (Format::Csv, take) => {
                let rows = CsvRows::new(input, self.map, self.vocabulary);
                self.rows(Box::new(rows), take)?
            }
            (Format::JsonLines, take) if self.map.is_empty() => {
                let rows = JsonRows::new(input, self.vocabulary);
                self.rows(Box::new(rows), take)?
            }
            (Format::JsonLines, _) => {
                return Err(Problem::usage(
                    format!(
                        "--column and --ignore-column cannot be used with {}: JSON Lines name each value themselves",
                        self.name
                    ),
                    "replay CSV and Parquet files apart from JSON Lines",
                ));
            }
            (Format::Parquet, _) => {
                return Err(self.problem(
                    "is Parquet, which cannot be read from a pipe: its parts are read out of order",
                    "name a file that ends in .parquet",
                ));
            }
        };
        if go_on {
            hashed.drain().map_err(fail)?;
        }
        Ok((hashed.hash(), go_on))
    }

    /// Whether to go on.
    fn rows(
        &self,
        mut rows: Box<dyn Iterator<Item = ReadRow> + '_>,
        take: &mut Take<'_, '_>,
    ) -> Result<bool, Problem> {
        match take {
            Take::Rows(sink) => Ok(rows.all(|row| sink(&self.name, row))),
            Take::Count(session) => self.counted(session.rows(&self.name, rows)),
        }
    }

    /// Whether to go on.
    fn counted(&self, counted: Result<(), CountError>) -> Result<bool, Problem> {
        match counted {
            Ok(()) => Ok(true),
            Err(CountError::Cancelled | CountError::MaybeTwice) => Ok(false),
            Err(CountError::Unasked(policy)) => Err(Problem::usage(
                CountError::Unasked(policy).to_string(),
                "name one with --against, or leave its cases out with --policy",
            )),
            Err(error @ CountError::TooLarge) => {
                Err(Problem::input(error.to_string(), "leave out --summary"))
            }
            Err(CountError::Input(error)) => Err(self.unreadable(&error)),
        }
    }

    fn unreadable(&self, error: &io::Error) -> Problem {
        self.problem(
            &format!("cannot be read: {error}"),
            "name a file of cases: CSV, JSON Lines or Parquet",
        )
    }

    fn problem(&self, what: &str, hint: &str) -> Problem {
        Problem::input(format!("{} {what}", self.name), hint)
    }
}

fn first_bytes(input: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut bytes = vec![];
    input.take(SNIFFED as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// These bytes, then those of `rest`.
fn before<R: Read + Send>(bytes: Vec<u8>, rest: R) -> impl Read + Send {
    io::Cursor::new(bytes).chain(rest)
}

/// Hashes what is read.
struct Hashed<R> {
    input: R,
    hash: Sha256,
}

impl<R: Read> Hashed<R> {
    fn of(input: R) -> Self {
        Hashed {
            input,
            hash: Sha256::new(),
        }
    }

    /// Reads what is left, for its hash.
    fn drain(&mut self) -> io::Result<()> {
        io::copy(self, &mut io::sink()).map(drop)
    }

    fn hash(self) -> ContentHash {
        ContentHash(self.hash.finalize().into())
    }
}

impl<R: Read> Read for Hashed<R> {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(bytes)?;
        self.hash.update(&bytes[..count]);
        Ok(count)
    }
}
