//! The rows of a CSV file, one after another.

use std::collections::VecDeque;
use std::io::Read;

use super::{Scan, Scanner, header};
use crate::cases::ReadRow;
use crate::cases::columns::{ColumnMap, Header};
use crate::cases::input::{Pieces, broken_off};
use crate::cases::vocabulary::Vocabulary;

/// What is wrong with a file of nothing.
pub const NO_HEADER: &str = "the file is empty: its first line is to name its columns";

/// Reads a CSV file without holding it in memory.
pub struct CsvRows<'v, R> {
    pieces: Pieces<R>,
    scanner: Scanner,
    map: &'v ColumnMap,
    vocabulary: &'v Vocabulary<'v>,
    header: Option<Header>,
    /// What the header has to tell, before the first row.
    told: VecDeque<ReadRow>,
    state: State,
}

#[derive(PartialEq)]
enum State {
    Unopened,
    Open,
    Done,
}

impl<'v, R: Read> CsvRows<'v, R> {
    /// The rows of `input`, whose columns are called as `map` says.
    pub fn new(input: R, map: &'v ColumnMap, vocabulary: &'v Vocabulary<'v>) -> Self {
        CsvRows {
            pieces: Pieces::of(input),
            scanner: Scanner::default(),
            map,
            vocabulary,
            header: None,
            told: VecDeque::new(),
            state: State::Unopened,
        }
    }

    /// Ends the reading, for a reason that is told.
    fn end(&mut self, reason: String) -> ReadRow {
        self.state = State::Done;
        ReadRow::rejected(self.scanner.line(), reason)
    }

    fn open(&mut self) -> Option<ReadRow> {
        self.state = State::Open;
        match self.pieces.skip_mark() {
            Ok(mark) => {
                self.scanner = Scanner::at(1, mark as u64);
                None
            }
            Err(error) => Some(self.end(broken_off(&error))),
        }
    }

    /// What the next record says; none for a blank line or the header.
    fn step(&mut self) -> Option<ReadRow> {
        let scan = self.scanner.next(self.pieces.rest(), self.pieces.is_end());
        let (taken, row) = match scan {
            Scan::More => {
                return match self.pieces.more() {
                    Ok(()) => None,
                    Err(error) => Some(self.end(broken_off(&error))),
                };
            }
            Scan::End if self.header.is_none() => {
                return Some(self.end(NO_HEADER.to_owned()));
            }
            Scan::End => {
                self.state = State::Done;
                return None;
            }
            Scan::Blank(taken) => (taken, None),
            Scan::Record(record) => {
                let line = record.line;
                let row = match &self.header {
                    Some(header) => {
                        let case = header.row(&record);
                        let case = case.and_then(|row| row.typed(self.vocabulary));
                        Some(ReadRow { line, case })
                    }
                    None => match header(&record, self.map, self.vocabulary) {
                        Ok(header) => {
                            let unknown = header.unknown().iter();
                            self.told = unknown
                                .map(|reason| ReadRow::rejected(line, reason.clone()))
                                .collect();
                            self.header = Some(header);
                            None
                        }
                        Err(reason) => {
                            self.state = State::Done;
                            Some(ReadRow::rejected(line, reason))
                        }
                    },
                };
                (record.taken, row)
            }
        };
        self.pieces
            .take((taken.bytes.end - taken.bytes.start) as usize);
        row
    }
}

impl<R: Read> Iterator for CsvRows<'_, R> {
    type Item = ReadRow;

    fn next(&mut self) -> Option<ReadRow> {
        if self.state == State::Unopened
            && let Some(row) = self.open()
        {
            return Some(row);
        }
        loop {
            if let Some(row) = self.told.pop_front() {
                return Some(row);
            }
            if self.state == State::Done {
                return None;
            }
            if let Some(row) = self.step() {
                return Some(row);
            }
        }
    }
}
