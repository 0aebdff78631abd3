//! Stored cases: typed rows out of case files, and the rows that were refused.
//!
//! A row with any fault is rejected whole, with file, line and reason;
//! nothing in it is guessed and no other row is lost.

pub mod csv;

mod columns;
mod jsonl;
mod row;
mod value;
mod vocabulary;

pub use columns::{Column, ColumnMap, Header, Target};
pub use jsonl::read_jsonl;
pub use row::Row;
pub use value::{codes_of, number_of, truth_of};
pub use vocabulary::Vocabulary;

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

/// The cases of one or more files.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CaseBook {
    /// The cases, in the order of the files.
    pub cases: Vec<Case>,
    /// The rows that were refused.
    pub rejects: Vec<Reject>,
}

impl CaseBook {
    /// The case of that identifier.
    pub fn case(&self, id: &str) -> Option<&Case> {
        self.cases.iter().find(|case| case.id == id)
    }

    /// Adds the rows of another file. A case whose identifier was read before
    /// is rejected.
    pub fn add(&mut self, file: FileRows) {
        self.rejects.extend(file.rejects);
        let mut known: std::collections::HashSet<String> =
            self.cases.iter().map(|case| case.id.clone()).collect();
        for (line, case) in file.cases {
            if known.insert(case.id.clone()) {
                self.cases.push(case);
            } else {
                self.rejects.push(Reject {
                    file: file.file.clone(),
                    line,
                    reason: format!("case `{}` was read before", case.id),
                });
            }
        }
        self.rejects
            .sort_by(|left, right| (&left.file, left.line).cmp(&(&right.file, right.line)));
    }
}

/// The rows of one file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FileRows {
    /// The file's name.
    pub file: String,
    /// The cases, each with its line.
    pub cases: Vec<(usize, Case)>,
    /// The rows that were refused.
    pub rejects: Vec<Reject>,
}
