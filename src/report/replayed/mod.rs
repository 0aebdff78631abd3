//! What every report of a replay says, whatever its format.

mod cases;
mod provenance;
mod summary;
mod table;

pub(super) use cases::{
    cases, deviations, doubts, flips, missing, outcomes, rejects, unverifiable,
};
pub(super) use provenance::provenance;
pub(super) use summary::{
    criteria, determinations, lacking, recorded, rejected, rests_on, summary, together, transitions,
};
pub(super) use table::{Cell, Table};

use super::counted;
use crate::cases::Reject;
use crate::replay::{Flip, Outcome, Replay, Summary};
use crate::workbench::{CountedReplay, Evidence, Replayed};

/// A replay to report: listed case by case, or counted.
#[derive(Clone, Copy, Debug)]
pub struct ReplayReport<'a> {
    /// What came out, counted.
    pub summary: &'a Summary,
    /// The cases; none if they were only counted.
    pub replay: Option<&'a Replay>,
    /// Whether only the cases that flip are listed.
    pub flips_only: bool,
    /// The rows that were refused.
    pub rejects: &'a [Reject],
    /// Whether it was cancelled before the last case.
    pub cancelled: bool,
    /// What it rests on.
    pub evidence: &'a Evidence,
}

impl<'a> ReplayReport<'a> {
    /// The report of a replay; with `flips_only`, only cases that flip are listed.
    pub fn listed(replayed: &'a Replayed, flips_only: bool) -> Self {
        ReplayReport {
            summary: &replayed.summary,
            replay: Some(&replayed.replay),
            flips_only,
            rejects: &replayed.rejects,
            cancelled: replayed.replay.cancelled,
            evidence: &replayed.evidence,
        }
    }

    /// The report of a replay that was counted.
    pub fn counted(counted: &'a CountedReplay) -> Self {
        ReplayReport {
            summary: &counted.summary,
            replay: None,
            flips_only: false,
            rejects: &counted.rejects,
            cancelled: counted.cancelled,
            evidence: &counted.evidence,
        }
    }

    /// The report in a few words.
    pub fn title(&self) -> String {
        format!(
            "Replay of {} against {}",
            counted(self.summary.cases as usize, "case", "cases"),
            counted(self.summary.versions.len(), "version", "versions")
        )
    }

    /// The cases to list, each with its flips.
    pub(super) fn cases(self) -> impl Iterator<Item = (&'a Outcome, &'a [Flip])> {
        let outcomes = self.replay.map_or(&[][..], |replay| &replay.outcomes);
        // Flips are in the order of the cases.
        let mut rest = self.replay.map_or(&[][..], |replay| &replay.flips);
        let with_flips = outcomes.iter().map(move |outcome| {
            let of_case = |flip: &&Flip| flip.case == outcome.case;
            let (flips, after) = rest.split_at(rest.iter().take_while(of_case).count());
            rest = after;
            (outcome, flips)
        });
        with_flips.filter(move |(_, flips)| !self.flips_only || !flips.is_empty())
    }
}
