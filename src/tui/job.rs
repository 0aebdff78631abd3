//! Work that is done off the screen's thread, and what comes of it.

use super::paint::Gauge;
use crate::compare::Pair;
use crate::policy::{Code, Date, VersionRef};
use crate::search::SearchResults;
use crate::workbench::{
    Affected, CodeLife, CodeNote, Examined, Explained, Finding, Problem, Replayed, TracedLog,
};

/// Something to find out.
#[derive(Clone, Debug, PartialEq)]
pub enum Job {
    /// Search the library.
    Search(Query),
    /// Read the versions of a policy.
    Open(String),
    /// Ask what the library was read from.
    Origin,
    /// Audit the codes of a policy.
    Audit(String),
    /// Tell the life of a code across the library, and whether it was valid
    /// on a date.
    Life(Code, Date),
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
            Job::Open(_) => "opening the policy",
            Job::Origin => "asking where the library is from",
            Job::Audit(_) => "the code audit",
            Job::Life(..) => "the life of the code",
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

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The hits.
    pub results: SearchResults,
    /// Where a date was asked about and nothing found: the hits without it.
    pub without_date: Option<usize>,
}

/// A code across the library.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lived {
    /// Its life; none if no policy lists it and no set has it.
    pub life: Option<CodeLife>,
    /// Whether it was valid on the date, in a sentence.
    pub validity: String,
}

/// Work that takes long on a large library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Making the search index.
    Index,
    /// Collecting every finding.
    Check,
}

/// How far long work is, in files read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The work.
    pub work: Work,
    /// The files.
    pub gauge: Gauge,
    /// How many a second.
    pub rate: usize,
}

impl Progress {
    /// The progress in words.
    pub fn describe(&self) -> String {
        let what = match self.work {
            Work::Index => "making the search index",
            Work::Check => "checking",
        };
        let Gauge { done, total } = self.gauge;
        match done < total {
            true => format!(
                "{what}: {done} of {total} files read, {} a second",
                self.rate
            ),
            false => format!("{what}: all {total} files read"),
        }
    }
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
        results: Result<Found, Problem>,
    },
    /// A policy can be read now, if the library has it.
    Opened(String),
    /// What the library was read from, in a line.
    Origin(String),
    /// Of the audit of a policy's codes.
    Audited {
        /// Of which policy.
        policy: String,
        /// What there is to say of its codes.
        notes: Vec<CodeNote>,
    },
    /// Of the life of a code.
    Lived {
        /// Of which code.
        code: Code,
        /// The date asked about.
        date: Date,
        /// Its life.
        life: Result<Box<Lived>, Problem>,
    },
    /// Long work goes on.
    Working(Progress),
    /// Long work was stopped.
    Stopped(Work),
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
