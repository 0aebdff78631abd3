//! Counting many cases at once.
//!
//! Cases become columns of bits: for each test of a rule, in which cases it
//! passes and in which it fails. Rules are evaluated on 512 cases together, a
//! file is read in blocks on all processors. What grows with its length are a
//! few bytes for each identifier and the rows that are refused.
//! `criteria::evaluate` is the definition; this must agree with it.

mod block;
mod encode;
mod fields;
mod ids;
mod memo;
mod plan;
mod plans;
mod program;
mod run;
mod signature;
mod source;
mod tally;

use std::collections::BTreeMap;
use std::io::{self, Read};

pub use run::Progress;
pub use source::BLOCK;

use super::summary::{
    Change, Counts, RecordedCounts, Summary, Transitions, most_first, neighbours,
};
use crate::cases::csv::{MAX_RECORD, NO_HEADER, Scan, Scanner, header};
use crate::cases::{ColumnMap, Header, ReadRow, Reject, Vocabulary, broken_off};
use crate::policy::{Policy, Version};
use block::Sheet;
use ids::Ids;
use plans::{Plans, Stop};
use run::{Batch, Body, Ended, Totals};
use source::Broken;
use tally::Tally;

/// What was asked.
#[derive(Clone, Copy, Debug)]
pub struct Counting<'a> {
    /// The policies whose cases may turn up.
    pub policies: &'a [&'a Policy],
    /// The versions to replay against, by policy and effective date.
    pub versions: &'a [(&'a Policy, &'a Version)],
    /// What cases may speak of.
    pub vocabulary: &'a Vocabulary<'a>,
    /// What the user says about headers.
    pub columns: &'a ColumnMap,
    /// On how many threads.
    pub threads: usize,
    /// Bytes read at a time; see [`BLOCK`].
    pub block: usize,
}

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// The counts.
    pub summary: Summary,
    /// The rows that were refused, in the order of the files.
    pub rejects: Vec<Reject>,
}

/// Why counting a file came to an end before the end of the file.
#[derive(Debug, thiserror::Error)]
pub enum CountError {
    /// It cannot be read on.
    #[error("it cannot be read: {0}")]
    Input(io::Error),
    /// There are cases of a policy, but none of its versions is asked about.
    #[error("no version of {0} is among those to replay against")]
    Unasked(String),
    /// A policy has too many code tables to be counted this way.
    #[error("a policy has too many code tables")]
    TooLarge,
    /// An identifier may stand twice. Everything is to be counted again by a
    /// [`Session::exact`].
    #[error("an identifier may stand twice")]
    MaybeTwice,
    /// It was told to stop.
    #[error("cancelled")]
    Cancelled,
}

impl From<Ended> for CountError {
    fn from(ended: Ended) -> Self {
        match ended {
            Ended::Input(error) => CountError::Input(error),
            Ended::Stop(Stop::Unasked(policy)) => CountError::Unasked(policy),
            Ended::Stop(Stop::TooLarge) => CountError::TooLarge,
            Ended::MaybeTwice => CountError::MaybeTwice,
            Ended::Cancelled => CountError::Cancelled,
        }
    }
}

/// Replays the cases of one file after another and counts what comes out.
pub struct Session<'a> {
    asked: Counting<'a>,
    plans: Plans<'a>,
    totals: Totals<'a>,
    in_doubt: bool,
}

impl<'a> Session<'a> {
    /// A session that is quick, and says so if it cannot tell whether an
    /// identifier stands twice: see [`CountError::MaybeTwice`].
    pub fn quick(asked: Counting<'a>, progress: Progress<'a>) -> Self {
        Session::with(asked, Ids::rising(), progress)
    }

    /// A session that keeps every identifier.
    pub fn exact(asked: Counting<'a>, progress: Progress<'a>) -> Self {
        Session::with(asked, Ids::exact(), progress)
    }

    fn with(asked: Counting<'a>, ids: Ids, progress: Progress<'a>) -> Self {
        Session {
            plans: Plans::new(asked.policies, asked.versions),
            asked,
            totals: Totals {
                ids,
                rejects: vec![],
                tallies: BTreeMap::new(),
                cases: 0,
                line: 1,
                progress,
            },
            in_doubt: false,
        }
    }

    /// Counts the cases of a CSV file, on all threads. A header that cannot
    /// be used is a reject.
    ///
    /// # Errors
    /// When it cannot be read to its end. What was counted of it stays counted.
    pub fn table(
        &mut self,
        file: &str,
        mut input: Box<dyn Read + Send + '_>,
    ) -> Result<(), CountError> {
        let mut begun = vec![];
        let read = (&mut input)
            .take(MAX_RECORD as u64 + 3)
            .read_to_end(&mut begun);
        let mut without = NO_HEADER.to_owned();
        let mut is_end = begun.len() < MAX_RECORD;
        if let Err(error) = read {
            // What came before is read; then it breaks off again.
            without = broken_off(&error);
            is_end = false;
            input = Box::new(Broken(Some(error)));
        }
        let mark = begun.starts_with(b"\xef\xbb\xbf");
        begun.drain(..if mark { 3 } else { 0 });
        let header = match self.header(&begun, is_end, without) {
            Ok(header) => header,
            Err((line, reason)) => {
                self.reject(file, line, reason);
                return Ok(());
            }
        };
        for reason in header.header.unknown() {
            self.reject(file, header.first_line, reason.clone());
        }
        begun.drain(..header.end);
        let sheet = Sheet {
            plans: &self.plans,
            vocabulary: self.asked.vocabulary,
            header: &header.header,
        };
        let body = Body {
            file,
            line: header.line,
            begun,
            input,
        };
        match run::count(sheet, body, self.asked, &mut self.totals) {
            Ok(()) => Ok(()),
            // As its reader row by row has it: what came before stands.
            Err(Ended::Input(error)) => {
                self.totals.rejects.push(Reject {
                    file: file.to_owned(),
                    line: self.totals.line,
                    reason: broken_off(&error),
                });
                Ok(())
            }
            Err(ended) => Err(self.ended(ended)),
        }
    }

    fn header(
        &self,
        begun: &[u8],
        is_end: bool,
        without: String,
    ) -> Result<FoundHeader, (usize, String)> {
        let (mut scanner, mut end) = (Scanner::default(), 0);
        loop {
            match scanner.next(&begun[end..], is_end) {
                Scan::Record(record) => {
                    end += record.taken.length();
                    let header = header(&record, self.asked.columns, self.asked.vocabulary);
                    return Ok(FoundHeader {
                        header: header.map_err(|reason| (record.line, reason))?,
                        first_line: record.line,
                        end,
                        line: scanner.line(),
                    });
                }
                Scan::Blank(taken) => end += taken.length(),
                Scan::More | Scan::End => return Err((scanner.line(), without)),
            }
        }
    }

    fn reject(&mut self, file: &str, line: usize, reason: String) {
        self.totals.rejects.push(Reject {
            file: file.to_owned(),
            line,
            reason,
        });
    }

    /// Counts cases that come row by row.
    ///
    /// # Errors
    /// When they cannot be counted to their end.
    pub fn rows(
        &mut self,
        file: &str,
        rows: impl Iterator<Item = ReadRow>,
    ) -> Result<(), CountError> {
        let counted = self.count_rows(file, rows);
        counted.map_err(|ended| self.ended(ended))
    }

    fn count_rows(&mut self, file: &str, rows: impl Iterator<Item = ReadRow>) -> Result<(), Ended> {
        let mut batch = Batch::new(&self.plans, file);
        for row in rows {
            batch.add(row.line, row.case, &mut self.totals)?;
        }
        batch.finish(&mut self.totals)
    }

    /// Whether an identifier may stand twice: then it has to be counted again.
    pub fn is_in_doubt(&self) -> bool {
        self.in_doubt
    }

    fn ended(&mut self, ended: Ended) -> CountError {
        self.in_doubt |= matches!(ended, Ended::MaybeTwice);
        ended.into()
    }

    /// What was counted.
    pub fn finish(self) -> Counted {
        Counted {
            summary: summary(self.asked, &self.plans, &self.totals.tallies),
            rejects: self.totals.rejects,
        }
    }
}

/// A header and what follows it.
struct FoundHeader {
    header: Header,
    first_line: usize,
    /// Where it ends.
    end: usize,
    /// The line after it.
    line: usize,
}

fn summary(asked: Counting<'_>, plans: &Plans<'_>, tallies: &BTreeMap<usize, Tally>) -> Summary {
    let has_cases = |policy: &Policy| {
        let place = plans.place(&policy.reference);
        plans.only().is_some() || place.is_some_and(|place| tallies.contains_key(&place))
    };
    let versions = asked.versions.iter();
    let versions: Vec<_> = versions
        .filter(|(policy, _)| has_cases(policy))
        .map(|(policy, version)| policy.version_ref(version))
        .collect();
    let mut summary = Summary {
        counts: vec![Counts::default(); versions.len()],
        missing: vec![vec![]; versions.len()],
        versions,
        ..Summary::default()
    };
    summary.changes = neighbours(&summary.versions)
        .map(|from| Change {
            from,
            ..Change::default()
        })
        .collect();
    for (place, tally) in tallies {
        let Ok(plan) = plans.get(*place) else {
            continue;
        };
        let reference = &plans.policy(*place).reference;
        let first = summary
            .versions
            .iter()
            .position(|one| one.policy == *reference);
        let Some(first) = first else { continue };
        summary.cases += tally.cases;
        summary.flipping += tally.flipping;
        for (index, counts) in tally.determinations.iter().enumerate() {
            summary.counts[first + index] = Counts::new(*counts);
            let names = plan.facts[index].iter().map(|(name, _)| name.clone());
            summary.missing[first + index] =
                most_first(names.zip(tally.missing[index].iter().copied()));
        }
        for (index, transitions) in tally.transitions.iter().enumerate() {
            if let Some(change) = summary
                .changes
                .iter_mut()
                .find(|one| one.from == first + index)
            {
                change.transitions = Transitions::new(*transitions);
                change.causes = most_first(tally.causes[index].clone());
            }
        }
        let (sum, one) = (&mut summary.recorded, tally.recorded);
        *sum = RecordedCounts {
            none: sum.none + one.none,
            reproduced: sum.reproduced + one.reproduced,
            deviating: sum.deviating + one.deviating,
            unverifiable: sum.unverifiable + one.unverifiable,
            doubtful: sum.doubtful + one.doubtful,
        };
    }
    summary
}
