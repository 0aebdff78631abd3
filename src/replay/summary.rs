//! Counting a replay.

use super::Replay;
use crate::criteria::Determination;

/// How many cases came out as what, under one version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts([usize; 4]);

/// How many cases went from what to what, between two versions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Transitions([[usize; 4]; 4]);

fn place(determination: Determination) -> usize {
    Determination::ALL
        .iter()
        .position(|one| *one == determination)
        .unwrap_or_default()
}

impl Counts {
    /// The number of cases so determined.
    pub fn of(&self, determination: Determination) -> usize {
        self.0[place(determination)]
    }
}

impl Transitions {
    /// The number of cases that went from `was` to `now`.
    pub fn of(&self, was: Determination, now: Determination) -> usize {
        self.0[place(was)][place(now)]
    }

    /// Every change that occurs, with its number of cases.
    pub fn changes(&self) -> impl Iterator<Item = (Determination, Determination, usize)> + '_ {
        Determination::ALL.into_iter().flat_map(move |was| {
            Determination::ALL.into_iter().filter_map(move |now| {
                let count = self.of(was, now);
                (was != now && count > 0).then_some((was, now, count))
            })
        })
    }
}

impl Replay {
    /// The counts under each version, in the order of [`Replay::versions`].
    pub fn counts(&self) -> Vec<Counts> {
        let mut counts = vec![Counts::default(); self.versions.len()];
        for outcome in &self.outcomes {
            for (counts, verdict) in counts.iter_mut().zip(&outcome.verdicts) {
                if let Some(verdict) = verdict {
                    counts.0[place(verdict.determination)] += 1;
                }
            }
        }
        counts
    }

    /// For each two neighbouring versions of one policy, by the place of the
    /// older: what went to what.
    pub fn transitions(&self) -> Vec<(usize, Transitions)> {
        let neighbours = self
            .versions
            .windows(2)
            .enumerate()
            .filter(|(_, pair)| pair[0].policy == pair[1].policy);
        neighbours
            .map(|(index, _)| {
                let mut transitions = Transitions::default();
                for outcome in &self.outcomes {
                    if let (Some(was), Some(now)) =
                        (&outcome.verdicts[index], &outcome.verdicts[index + 1])
                    {
                        transitions.0[place(was.determination)][place(now.determination)] += 1;
                    }
                }
                (index, transitions)
            })
            .collect()
    }
}
