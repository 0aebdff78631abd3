//! Each case under the version that was in force on its date: what a
//! retrospective audit asks.

use std::collections::BTreeMap;

use super::run::{Progress, verdict};
use super::timing::Applied;
use super::{Basis, Counts, Dated, Verdict};
use crate::cases::{Case, Recorded};
use crate::policy::{Policy, Version, VersionRef};

/// Cases under the versions in force on their dates.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct InForceReplay {
    /// The cases, in the order they were read.
    pub outcomes: Vec<InForceOutcome>,
    /// Whether it was cancelled before the last case.
    pub cancelled: bool,
}

/// One case under the version in force on its date.
#[derive(Clone, Debug, PartialEq)]
pub struct InForceOutcome {
    /// The case.
    pub case: String,
    /// Its policy.
    pub policy: String,
    /// What was decided, if it was.
    pub recorded: Option<Recorded>,
    /// The date that counts and what was in force on it; none, if the case
    /// has no such date.
    pub dated: Option<Dated>,
    /// What the version in force determines; or each that may have been.
    pub verdicts: Vec<(VersionRef, Verdict)>,
    /// Whether the recorded determination follows.
    pub follows: Follows,
}

/// How certain it is which version applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// One version was in force.
    Certain,
    /// A date is too coarse to tell which.
    InDoubt,
    /// No version had taken effect.
    NoneYet,
    /// The case has no such date.
    Undated,
    /// A version file cannot be used that may hold the one in force.
    Unread,
}

/// Whether a recorded determination follows from the version in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follows {
    /// Nothing was recorded.
    NotRecorded,
    /// It does, from each version that may have been in force.
    Yes,
    /// It does not, from none that may have been in force.
    No,
    /// That depends on which version was in force, or none is known.
    CannotTell,
}

impl InForceOutcome {
    /// How certain it is which version applied.
    pub fn standing(&self) -> Standing {
        match self.dated.as_ref().map(|dated| &dated.in_force) {
            None => Standing::Undated,
            Some(Applied::None) => Standing::NoneYet,
            Some(Applied::One(_)) => Standing::Certain,
            Some(Applied::OneOf { .. }) => Standing::InDoubt,
            Some(Applied::Unread(_)) => Standing::Unread,
        }
    }

    /// The version that was in force, if that is certain, and what it
    /// determines.
    pub fn certain(&self) -> Option<&(VersionRef, Verdict)> {
        let first = self.verdicts.first();
        first.filter(|_| self.standing() == Standing::Certain)
    }

    /// The version that was in force, where the case was recorded as decided
    /// under another.
    pub fn other_in_force(&self) -> Option<&str> {
        let recorded = self.recorded.as_ref()?.version.as_ref()?;
        let (version, _) = self.certain()?;
        (version.version != *recorded).then_some(version.version.as_str())
    }

    /// Whether possibly no version had taken effect.
    fn may_be_none(&self) -> bool {
        let in_force = self.dated.as_ref().map(|dated| &dated.in_force);
        matches!(
            in_force,
            Some(Applied::OneOf {
                before_first: true,
                ..
            })
        )
    }

    /// Whether the versions that may have been in force determine the same.
    pub fn is_same_either_way(&self) -> bool {
        let mut each = self.verdicts.iter().map(|(_, one)| one.determination);
        let first = each.next();
        !self.may_be_none() && first.is_some() && each.all(|one| Some(one) == first)
    }
}

impl InForceReplay {
    /// The cases of that standing.
    pub fn of(&self, standing: Standing) -> impl Iterator<Item = &InForceOutcome> {
        let outcomes = self.outcomes.iter();
        outcomes.filter(move |one| one.standing() == standing)
    }

    /// What each version determines on the cases it certainly was in force on.
    pub fn counts(&self) -> BTreeMap<&VersionRef, Counts> {
        let mut counts: BTreeMap<&VersionRef, Counts> = BTreeMap::new();
        for (version, verdict) in self.outcomes.iter().filter_map(InForceOutcome::certain) {
            counts
                .entry(version)
                .or_default()
                .add(verdict.determination);
        }
        counts
    }

    /// How many cases go by that date.
    pub fn by(&self, basis: Basis) -> usize {
        let dated = self.outcomes.iter().filter_map(|one| one.dated.as_ref());
        dated.filter(|dated| dated.basis == basis).count()
    }

    /// How many recorded determinations follow, or not, or cannot be told.
    pub fn following(&self, follows: Follows) -> usize {
        let outcomes = self.outcomes.iter();
        outcomes.filter(|one| one.follows == follows).count()
    }
}

/// Replays each case against the version in force on its date: on the one of
/// `basis`, or else when it was decided, or when the service was to be given.
pub fn replay_in_force(
    cases: &[(&Policy, &Case)],
    basis: Option<Basis>,
    progress: Progress<'_>,
) -> InForceReplay {
    let mut replay = InForceReplay::default();
    for (done, (policy, case)) in cases.iter().enumerate() {
        if !progress(done) {
            replay.cancelled = true;
            break;
        }
        replay.outcomes.push(outcome(policy, case, basis));
    }
    replay
}

fn outcome(policy: &Policy, case: &Case, basis: Option<Basis>) -> InForceOutcome {
    let dated = dated(policy, case, basis);
    let names: &[String] = match dated.as_ref().map(|dated| &dated.in_force) {
        Some(Applied::One(name)) => std::slice::from_ref(name),
        Some(Applied::OneOf { versions, .. }) => versions,
        _ => &[],
    };
    let versions = names.iter().filter_map(|name| policy.version(name));
    let verdicts: Vec<(VersionRef, Verdict)> = versions
        .map(|version: &Version| (policy.version_ref(version), verdict(policy, version, case)))
        .collect();
    let mut outcome = InForceOutcome {
        case: case.id.clone(),
        policy: policy.reference.clone(),
        recorded: case.recorded.clone(),
        dated,
        verdicts,
        follows: Follows::NotRecorded,
    };
    outcome.follows = follows(&outcome);
    outcome
}

fn dated(policy: &Policy, case: &Case, basis: Option<Basis>) -> Option<Dated> {
    let decided = case.recorded.as_ref().and_then(|one| one.decision_date);
    let (basis, date) = [
        (Basis::Decision, decided),
        (Basis::Service, case.service_date),
    ]
    .into_iter()
    .filter(|(one, _)| basis.is_none_or(|asked| asked == *one))
    .find_map(|(basis, date)| Some((basis, date?)))?;
    Some(Dated {
        basis,
        date,
        in_force: Applied::on(policy, date),
    })
}

fn follows(outcome: &InForceOutcome) -> Follows {
    let Some(recorded) = &outcome.recorded else {
        return Follows::NotRecorded;
    };
    let agrees =
        |(_, verdict): &(VersionRef, Verdict)| verdict.determination == recorded.determination;
    let each = &outcome.verdicts;
    if each.is_empty() || outcome.may_be_none() {
        Follows::CannotTell
    } else if each.iter().all(agrees) {
        Follows::Yes
    } else if each.iter().any(agrees) {
        Follows::CannotTell
    } else {
        Follows::No
    }
}
