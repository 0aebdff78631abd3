//! Stored cases: typed rows out of case files, and the rows that were refused.
//!
//! A row with any fault is rejected whole, with file, line and reason;
//! nothing in it is guessed and no other row is lost.
//!
//! Readers hand out one [`ReadRow`] after another and hold no file in memory.

pub mod csv;
pub mod parquet;

mod columns;
mod input;
mod jsonl;
mod row;
mod value;
mod vocabulary;

pub use columns::{Column, ColumnMap, Header, Target};
pub use input::{Format, Packing, SNIFFED, broken_off};
pub use jsonl::JsonRows;
pub use row::Row;
pub use value::{codes_of, number_of, truth_of};
pub use vocabulary::Vocabulary;

use std::collections::HashMap;

use crate::criteria::{Determination, Request};
use crate::policy::Date;

/// A stored prior-authorization request and what was decided on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Its identifier, unique among the cases read together.
    pub id: String,
    /// The policy it was decided under.
    pub policy: String,
    /// When the service was to be given.
    pub service_date: Option<Date>,
    /// Its codes and facts, closed under `implies`.
    pub request: Request,
    /// What was decided, if it was.
    pub recorded: Option<Recorded>,
    /// What the case is about, in words.
    pub note: Option<String>,
}

/// A recorded decision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// What was decided.
    pub determination: Determination,
    /// The version it was decided under, if recorded.
    pub version: Option<String>,
    /// When it was decided, if recorded.
    pub decision_date: Option<Date>,
}

/// A row that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// Why: lower case, no full stop.
    pub reason: String,
}

/// A row as it was read: a case, or why it is none.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadRow {
    /// Its line, or in Parquet its row, counted from 1.
    pub line: usize,
    /// The case; or why the row was refused: lower case, no full stop.
    pub case: Result<Case, String>,
}

impl ReadRow {
    fn rejected(line: usize, reason: String) -> Self {
        ReadRow {
            line,
            case: Err(reason),
        }
    }
}

/// The cases of one or more files, held in memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CaseBook {
    /// The cases, in the order of the files.
    pub cases: Vec<Case>,
    /// The rows that were refused, in the order of the files.
    pub rejects: Vec<Reject>,
    /// The place of each case, by its identifier.
    places: HashMap<String, usize>,
}

impl CaseBook {
    /// The case of that identifier.
    pub fn case(&self, id: &str) -> Option<&Case> {
        self.cases.get(*self.places.get(id)?)
    }

    /// Adds a row of a file. A case whose identifier was read before is
    /// rejected.
    pub fn add(&mut self, file: &str, row: ReadRow) {
        let case = row.case.and_then(|case| {
            if self.places.contains_key(&case.id) {
                Err(format!("case `{}` was read before", case.id))
            } else {
                Ok(case)
            }
        });
        match case {
            Ok(case) => {
                self.places.insert(case.id.clone(), self.cases.len());
                self.cases.push(case);
            }
            Err(reason) => self.rejects.push(Reject {
                file: file.to_owned(),
                line: row.line,
                reason,
            }),
        }
    }
}
