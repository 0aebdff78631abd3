//! Work that is done off the screen's thread, and what comes of it.

use super::paint::Gauge;
use crate::compare::Pair;
use crate::policy::{Date, VersionRef};
use crate::search::SearchResults;
use crate::workbench::{Affected, Examined, Explained, Finding, Problem, Replayed, TracedLog};

/// Something to find out.
#[derive(Clone, Debug, PartialEq)]
pub enum Job {
    /// Search the library.
    Search(Query),
    /// Compare two versions.
    Compare(Pair<VersionRef>),
    /// Analyse the effect of changing from one version to another.
    Effect(Pair<VersionRef>),
    /// Hold the log of a policy against its versions.
    ReadLog(String),
    /// Replay the stored cases of a policy.
    Replay(String),
    /// Explain a stored case under a version.
    Explain(CaseUnder),
    /// Collect every finding.
    Check,
    /// Fail, so that a test can see what becomes of the screen.
    Panic,
}

impl Job {
    /// What it is, in words.
    pub fn name(&self) -> &'static str {
        match self {
            Job::Search(_) => "the search",
            Job::Compare(_) => "the comparison",
            Job::Effect(_) => "the effect",
            Job::ReadLog(_) => "reading the log",
            Job::Replay(_) => "the replay",
            Job::Explain(_) => "the explanation",
            Job::Check => "the check",
            Job::Panic => "the test",
        }
    }
}

/// A search, with the number that tells newer from older ones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Rises with every search.
    pub generation: u64,
    /// What was typed.
    pub text: String,
    /// The date asked about.
    pub as_of: Option<Date>,
}

/// A stored case under a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseUnder {
    /// The case.
    pub case: String,
    /// The version.
    pub version: VersionRef,
}

/// What came of a job.
#[derive(Clone, Debug)]
pub enum Answer {
    /// Of a search.
    Searched {
        /// Which search.
        generation: u64,
        /// What it found, or why it could not be understood.
        results: Result<SearchResults, Problem>,
    },
    /// Of a comparison.
    Compared {
        /// Which versions.
        versions: Pair<VersionRef>,
        /// What differs.
        examined: Result<Box<Examined>, Problem>,
    },
    /// Of an analysis.
    Affected {
        /// Which versions.
        versions: Pair<VersionRef>,
        /// What the change does.
        affected: Result<Box<Affected>, Problem>,
    },
    /// Of reading a log.
    LogRead {
        /// Of which policy.
        policy: String,
        /// The reading.
        log: Box<TracedLog>,
    },
    /// A replay goes on.
    Replaying {
        /// Of which policy.
        policy: String,
        /// How far it is.
        gauge: Gauge,
    },
    /// A replay is over.
    Replayed {
        /// Of which policy.
        policy: String,
        /// What every case is determined to be.
        replayed: Result<Box<Replayed>, Problem>,
    },
    /// Of an explanation.
    Explained {
        /// Which case under which version.
        of: CaseUnder,
        /// The explanation.
        explained: Result<Box<Explained>, Problem>,
    },
    /// Of the check.
    Checked(Vec<Finding>),
}
