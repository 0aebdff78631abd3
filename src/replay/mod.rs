//! Re-running stored cases against versions.

mod columnar;
mod in_force;
mod run;
pub mod sql;
mod summary;
mod timing;

pub use columnar::{BLOCK, CountError, Counted, Counting, Progress as CountProgress, Session};
pub use in_force::{Follows, InForceOutcome, InForceReplay, Standing, replay_in_force};
pub use run::{Progress, replay, reproduced};
pub use summary::{Change, Counts, RecordedCounts, Summary, Transitions};
pub use timing::{Applied, Dated, dates};

use crate::cases::Recorded;
use crate::criteria::{Cause, Determination, Missing};
use crate::policy::VersionRef;

/// What every case is determined to be under every version asked about.
#[derive(Clone, Debug, PartialEq)]
pub struct Replay {
    /// The versions, by policy and effective date.
    pub versions: Vec<VersionRef>,
    /// The cases, in the order they were read.
    pub outcomes: Vec<Outcome>,
    /// The cases that neighbouring versions determine differently.
    pub flips: Vec<Flip>,
    /// Whether it was cancelled before the last case.
    pub cancelled: bool,
}

/// One case under every version of its policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The case.
    pub case: String,
    /// Its policy.
    pub policy: String,
    /// What was decided, if it was.
    pub recorded: Option<Recorded>,
    /// Whether the recorded determination follows from its version.
    pub reproduced: Reproduced,
    /// The dates of the case on which the version it was decided under was
    /// not in force, or not certainly so.
    pub doubts: Vec<Dated>,
    /// For each version of [`Replay::versions`]: what it determines; none
    /// where the version is of another policy.
    pub verdicts: Vec<Option<Verdict>>,
}

/// Which date of a case is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// When the service was to be given.
    Service,
    /// When it was decided.
    Decision,
}

impl Basis {
    /// The word reports use.
    pub fn name(self) -> &'static str {
        match self {
            Basis::Service => "service",
            Basis::Decision => "decision",
        }
    }
}

/// What one version determines on one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The determination.
    pub determination: Determination,
    /// For `pend`: the facts that would settle it.
    pub missing: Vec<Missing>,
}

/// Whether a recorded determination follows from the version it was made under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reproduced {
    /// Nothing was recorded.
    NotRecorded,
    /// It cannot be told which version applied.
    NoVersion {
        /// Why, in words.
        why: String,
    },
    /// It follows.
    Reproduced {
        /// The version.
        version: String,
    },
    /// It does not follow.
    Deviates {
        /// The version.
        version: String,
        /// What follows from it.
        follows: Determination,
    },
}

/// A case that two versions determine differently.
#[derive(Clone, Debug, PartialEq)]
pub struct Flip {
    /// The case.
    pub case: String,
    /// The older version.
    pub from: VersionRef,
    /// The newer version.
    pub to: VersionRef,
    /// What the older determines.
    pub was: Determination,
    /// What the newer determines.
    pub now: Determination,
    /// The criteria whose different outcome accounts for it.
    pub because: Vec<Cause>,
}

impl Replay {
    /// The outcome of one case.
    pub fn outcome(&self, case: &str) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.case == case)
    }

    /// The flips of one case.
    pub fn flips_of<'a>(&'a self, case: &'a str) -> impl Iterator<Item = &'a Flip> {
        self.flips.iter().filter(move |flip| flip.case == case)
    }

    /// The cases of which it cannot be told whether their recorded
    /// determination follows.
    pub fn unverifiable(&self) -> impl Iterator<Item = (&Outcome, &str)> {
        self.outcomes
            .iter()
            .filter_map(|outcome| match &outcome.reproduced {
                Reproduced::NoVersion { why } => Some((outcome, why.as_str())),
                _ => None,
            })
    }

    /// How many cases flip between any two neighbouring versions.
    pub fn flipping_cases(&self) -> usize {
        let mut cases: Vec<&str> = self.flips.iter().map(|flip| flip.case.as_str()).collect();
        cases.dedup();
        cases.len()
    }

    /// The cases whose recorded determination does not follow.
    pub fn deviations(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes
            .iter()
            .filter(|outcome| matches!(outcome.reproduced, Reproduced::Deviates { .. }))
    }
}
