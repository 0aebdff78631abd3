//! Counting many cases at once.
//!
//! Cases become columns of bits: for each test of a rule, in which cases it
//! passes and in which it fails. Rules are evaluated on 512 cases together, a
//! file is read in blocks on all processors, and memory stays bounded however
//! long it is. `criteria::evaluate` is the definition; this must agree with it.

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
use crate::cases::csv::{MAX_RECORD, Scan, Scanner, header};
use crate::cases::{ColumnMap, Reject, Vocabulary};
use crate::policy::{ContentHash, Policy, Version};
use block::Sheet;
use ids::Ids;
use plans::{Plans, Stop};
use run::{Body, Ended, Totals};
use tally::Tally;

/// A CSV file of cases, which can be read more than once.
pub struct CaseTable<'f> {
    /// Its name.
    pub name: String,
    /// Gives its bytes from the first on.
    pub open: Box<dyn Fn() -> io::Result<Box<dyn Read + Send>> + Sync + 'f>,
}

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
    /// Whether it was cancelled before the last case.
    pub cancelled: bool,
    /// The files, each with the SHA-256 of its bytes.
    pub files: Vec<(String, ContentHash)>,
}

/// Why nothing was counted.
#[derive(Debug, thiserror::Error)]
pub enum CountError {
    /// A file cannot be read.
    #[error("{file} cannot be read: {error}")]
    Input {
        /// The file.
        file: String,
        /// Why.
        error: io::Error,
    },
    /// The header of a file cannot be used.
    #[error("{file}: {reason}")]
    Header {
        /// The file.
        file: String,
        /// Why.
        reason: String,
    },
    /// There are cases of a policy, but none of its versions is asked about.
    #[error("no version of {0} is among those to replay against")]
    Unasked(String),
    /// A policy has too many code tables to be counted this way.
    #[error("a policy has too many code tables")]
    TooLarge,
}

/// Replays the cases of these files and counts what comes out.
///
/// # Errors
/// When a file cannot be read, or a policy has cases but no version here.
pub fn count(
    asked: Counting<'_>,
    files: &[CaseTable<'_>],
    progress: Progress<'_>,
) -> Result<Counted, CountError> {
    match count_with(asked, files, Ids::rising(), progress) {
        // Some identifier may stand twice: now their texts are kept.
        Ok(None) => {
            let again = count_with(asked, files, Ids::exact(), progress)?;
            again.ok_or(CountError::TooLarge)
        }
        Ok(Some(counted)) => Ok(counted),
        Err(error) => Err(error),
    }
}

fn count_with(
    asked: Counting<'_>,
    files: &[CaseTable<'_>],
    ids: Ids,
    progress: Progress<'_>,
) -> Result<Option<Counted>, CountError> {
    let plans = Plans::new(asked.policies, asked.versions);
    let mut totals = Totals {
        ids,
        rejects: vec![],
        tallies: BTreeMap::new(),
        cases: 0,
        progress,
    };
    let mut cancelled = false;
    let mut hashed = vec![];
    for file in files {
        hashed.push((file.name.clone(), ContentHash([0; 32])));
        match count_file(asked, &plans, file, &mut totals)? {
            None => {}
            Some(Ended::Cancelled) => {
                cancelled = true;
                break;
            }
            Some(Ended::MaybeTwice) => return Ok(None),
            Some(Ended::Stop(Stop::Unasked(policy))) => return Err(CountError::Unasked(policy)),
            Some(Ended::Stop(Stop::TooLarge)) => return Err(CountError::TooLarge),
            Some(Ended::Input(error)) => {
                return Err(CountError::Input {
                    file: file.name.clone(),
                    error,
                });
            }
        }
    }
    Ok(Some(Counted {
        summary: summary(asked, &plans, &totals.tallies),
        rejects: totals.rejects,
        cancelled,
        files: hashed,
    }))
}

/// Why it ended early, if it did.
fn count_file(
    asked: Counting<'_>,
    plans: &Plans<'_>,
    file: &CaseTable<'_>,
    totals: &mut Totals<'_>,
) -> Result<Option<Ended>, CountError> {
    let input_error = |error| CountError::Input {
        file: file.name.clone(),
        error,
    };
    let header_error = |reason| CountError::Header {
        file: file.name.clone(),
        reason,
    };
    let mut input = (file.open)().map_err(input_error)?;
    let mut begun = vec![];
    let got = (&mut input)
        .take(MAX_RECORD as u64 + 3)
        .read_to_end(&mut begun);
    got.map_err(input_error)?;
    let mark = begun.starts_with(b"\xef\xbb\xbf");
    begun.drain(..if mark { 3 } else { 0 });
    let is_end = begun.len() < MAX_RECORD;
    let (mut scanner, mut at) = (Scanner::default(), 0);
    let header = loop {
        match scanner.next(&begun[at..], is_end) {
            Scan::Record(record) => {
                at += (record.taken.bytes.end - record.taken.bytes.start) as usize;
                break header(&record, asked.columns, asked.vocabulary).map_err(header_error)?;
            }
            Scan::Blank(taken) => at += (taken.bytes.end - taken.bytes.start) as usize,
            Scan::More | Scan::End => return Ok(None),
        }
    };
    let unknown = header.unknown().iter().map(|reason| Reject {
        file: file.name.clone(),
        line: 1,
        reason: reason.clone(),
    });
    totals.rejects.extend(unknown);
    begun.drain(..at);
    let sheet = Sheet {
        plans,
        vocabulary: asked.vocabulary,
        header: &header,
    };
    let body = Body {
        file: &file.name,
        line: scanner.line(),
        begun,
        input,
    };
    Ok(run::count(sheet, body, asked, totals).err())
}

fn summary(asked: Counting<'_>, plans: &Plans<'_>, tallies: &BTreeMap<usize, Tally>) -> Summary {
    let mut summary = Summary {
        versions: asked
            .versions
            .iter()
            .map(|(policy, version)| policy.version_ref(version))
            .collect(),
        counts: vec![Counts::default(); asked.versions.len()],
        missing: vec![vec![]; asked.versions.len()],
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
