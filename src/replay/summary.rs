//! Counting a replay.

use std::collections::BTreeMap;

use super::{Outcome, Replay, Reproduced};
use crate::cases::Case;
use crate::criteria::{Determination, Responsible, open_facts};
use crate::policy::{Policy, Version, VersionRef};

/// How many cases came out as what, under one version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([u64; 4]);

/// How many cases went from what to what, between two versions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transitions([[u64; 4]; 4]);

/// What came out of many cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// The versions, by policy and effective date.
    pub versions: Vec<VersionRef>,
    /// How many cases were replayed.
    pub cases: u64,
    /// For each version: how many came out as what.
    pub counts: Vec<Counts>,
    /// For each two neighbouring versions of one policy.
    pub changes: Vec<Change>,
    /// How many cases flip between any two neighbouring versions.
    pub flipping: u64,
    /// For each version: how many of the cases that pend rest on which missing
    /// fact, as [`open_facts`] has it; most first.
    pub missing: Vec<Vec<(String, u64)>>,
    /// What recorded decisions are, held against their versions.
    pub recorded: RecordedCounts,
}

/// What changes between two neighbouring versions of one policy.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// The place of the older among [`Summary::versions`]; the newer is next.
    pub from: usize,
    /// What went to what.
    pub transitions: Transitions,
    /// How many flips which criteria account for together; most first.
    pub causes: Vec<(Vec<Responsible>, u64)>,
}

/// What recorded decisions are, held against their versions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordedCounts {
    /// Cases without one.
    pub none: u64,
    /// Those that follow.
    pub reproduced: u64,
    /// Those that do not.
    pub deviating: u64,
    /// Those of which it cannot be told under which version they were made.
    pub unverifiable: u64,
    /// Those made under a version not certainly in force on a date of the case.
    pub doubtful: u64,
}

fn place(determination: Determination) -> usize {
    Determination::ALL
        .iter()
        .position(|one| *one == determination)
        .unwrap_or_default()
}

impl Counts {
    /// From counts in the order of [`Determination::ALL`].
    pub(super) fn new(counts: [u64; 4]) -> Self {
        Counts(counts)
    }

    /// The number of cases so determined.
    pub fn of(&self, determination: Determination) -> u64 {
        self.0[place(determination)]
    }

    /// Counts one more case.
    pub(super) fn add(&mut self, determination: Determination) {
        self.0[place(determination)] += 1;
    }
}

impl Transitions {
    /// From counts in the order of [`Determination::ALL`].
    pub(super) fn new(counts: [[u64; 4]; 4]) -> Self {
        Transitions(counts)
    }

    /// The number of cases that went from `was` to `now`.
    pub fn of(&self, was: Determination, now: Determination) -> u64 {
        self.0[place(was)][place(now)]
    }

    /// Every change that occurs, with its number of cases.
    pub fn changes(&self) -> impl Iterator<Item = (Determination, Determination, u64)> + '_ {
        Determination::ALL.into_iter().flat_map(move |was| {
            Determination::ALL.into_iter().filter_map(move |now| {
                let count = self.of(was, now);
                (was != now && count > 0).then_some((was, now, count))
            })
        })
    }
}

impl Summary {
    /// The older and the newer version of a change.
    pub fn between(&self, change: &Change) -> (&VersionRef, &VersionRef) {
        (&self.versions[change.from], &self.versions[change.from + 1])
    }
}

impl Change {
    /// How many cases flip.
    pub fn flips(&self) -> u64 {
        self.transitions.changes().map(|(_, _, count)| count).sum()
    }

    /// How many flips each criterion has a part in, most first.
    pub fn by_criterion(&self) -> Vec<(&Responsible, u64)> {
        let mut counts: BTreeMap<&Responsible, u64> = BTreeMap::new();
        for (set, count) in &self.causes {
            for one in set {
                *counts.entry(one).or_default() += count;
            }
        }
        most_first(counts)
    }

    /// How many flips a criterion accounts for without any other.
    pub fn alone(&self, one: &Responsible) -> u64 {
        let alone = |set: &[Responsible]| matches!(set, [only] if only == one);
        let sets = self.causes.iter().filter(|(set, _)| alone(set));
        sets.map(|(_, count)| count).sum()
    }
}

/// In the order of their counts, the greatest first.
pub(super) fn most_first<T: Ord>(counts: impl IntoIterator<Item = (T, u64)>) -> Vec<(T, u64)> {
    let counts = counts.into_iter().filter(|(_, count)| *count > 0);
    let mut counts: Vec<_> = counts.collect();
    counts.sort_by(|(left, one), (right, other)| other.cmp(one).then_with(|| left.cmp(right)));
    counts
}

/// For each two neighbours of one policy, the place of the older.
pub(super) fn neighbours(versions: &[VersionRef]) -> impl Iterator<Item = usize> + '_ {
    let pairs = versions.windows(2).enumerate();
    pairs.filter_map(|(index, pair)| (pair[0].policy == pair[1].policy).then_some(index))
}

impl Replay {
    /// What came out, counted. `cases` and `versions` are those replayed.
    pub fn summary(&self, cases: &[&Case], versions: &[(&Policy, &Version)]) -> Summary {
        let mut missing = vec![BTreeMap::new(); versions.len()];
        let by_id: BTreeMap<&str, &Case> =
            cases.iter().map(|one| (one.id.as_str(), *one)).collect();
        for outcome in &self.outcomes {
            let Some(case) = by_id.get(outcome.case.as_str()) else {
                continue;
            };
            for (version, verdict) in outcome.verdicts.iter().enumerate() {
                if verdict.as_ref().map(|one| one.determination) != Some(Determination::Pend) {
                    continue;
                }
                for fact in open_facts(versions[version].1, &case.request) {
                    *missing[version].entry(fact).or_default() += 1;
                }
            }
        }
        Summary {
            versions: self.versions.clone(),
            cases: self.outcomes.len() as u64,
            counts: self.counts(),
            changes: self.changes(),
            flipping: self.flipping_cases() as u64,
            missing: missing.into_iter().map(most_first).collect(),
            recorded: self.recorded(),
        }
    }

    /// The counts under each version, in the order of [`Replay::versions`].
    pub fn counts(&self) -> Vec<Counts> {
        let mut counts = vec![Counts::default(); self.versions.len()];
        for outcome in &self.outcomes {
            for (counts, verdict) in counts.iter_mut().zip(&outcome.verdicts) {
                if let Some(verdict) = verdict {
                    counts.add(verdict.determination);
                }
            }
        }
        counts
    }

    /// For each two neighbouring versions of one policy: what changes.
    pub fn changes(&self) -> Vec<Change> {
        neighbours(&self.versions)
            .map(|from| Change {
                from,
                transitions: self.transitions(from),
                causes: self.causes(from),
            })
            .collect()
    }

    fn transitions(&self, from: usize) -> Transitions {
        let mut transitions = Transitions::default();
        for outcome in &self.outcomes {
            if let (Some(was), Some(now)) = (&outcome.verdicts[from], &outcome.verdicts[from + 1]) {
                transitions.0[place(was.determination)][place(now.determination)] += 1;
            }
        }
        transitions
    }

    fn causes(&self, from: usize) -> Vec<(Vec<Responsible>, u64)> {
        let mut causes: BTreeMap<Vec<Responsible>, u64> = BTreeMap::new();
        let here = |one: &&super::Flip| {
            one.from == self.versions[from] && one.to == self.versions[from + 1]
        };
        for flip in self.flips.iter().filter(here) {
            let what = flip.because.iter().map(|cause| cause.what.clone());
            *causes.entry(what.collect()).or_default() += 1;
        }
        most_first(causes)
    }

    fn recorded(&self) -> RecordedCounts {
        let count = |is: &dyn Fn(&Outcome) -> bool| {
            self.outcomes.iter().filter(|one| is(one)).count() as u64
        };
        RecordedCounts {
            none: count(&|one| matches!(one.reproduced, Reproduced::NotRecorded)),
            reproduced: count(&|one| matches!(one.reproduced, Reproduced::Reproduced { .. })),
            deviating: count(&|one| matches!(one.reproduced, Reproduced::Deviates { .. })),
            unverifiable: count(&|one| matches!(one.reproduced, Reproduced::NoVersion { .. })),
            doubtful: count(&|one| !one.doubts.is_empty()),
        }
    }
}
