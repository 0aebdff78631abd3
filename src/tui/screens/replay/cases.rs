//! Which cases are listed, in which order, and what they come to.

use std::cmp::Reverse;

use crate::criteria::Determination;
use crate::replay::{Counts, Outcome, Replay, Reproduced};
use crate::tui::paint::plain;

/// Which cases are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Filter {
    /// Every case.
    #[default]
    All,
    /// Those that two versions determine differently.
    Flips,
    /// Those whose recorded determination does not follow.
    Deviations,
    /// Those that pend under some version.
    Pend,
}

impl Filter {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Filter::All => "all",
            Filter::Flips => "flips",
            Filter::Deviations => "deviations",
            Filter::Pend => "pend",
        }
    }

    /// The next filter, round and round.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Filter::All => Filter::Flips,
            Filter::Flips => Filter::Deviations,
            Filter::Deviations => Filter::Pend,
            Filter::Pend => Filter::All,
        }
    }

    /// Whether a case is listed.
    pub fn admits(self, outcome: &Outcome) -> bool {
        match self {
            Filter::All => true,
            Filter::Flips => flips(outcome) > 0,
            Filter::Deviations => deviates(outcome),
            Filter::Pend => {
                let mut verdicts = outcome.verdicts.iter().flatten();
                verdicts.any(|verdict| verdict.determination == Determination::Pend)
            }
        }
    }
}

/// The order of the cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As they were read.
    #[default]
    Case,
    /// Most flips first.
    Flips,
    /// By what was recorded.
    Recorded,
}

impl Order {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Order::Case => "case",
            Order::Flips => "flips",
            Order::Recorded => "recorded",
        }
    }

    /// The next order, round and round.
    #[must_use]
    pub fn next(self) -> Self {
        match self {
            Order::Case => Order::Flips,
            Order::Flips => Order::Recorded,
            Order::Recorded => Order::Case,
        }
    }
}

/// The cases that are listed. Worked out when the list changes and not when
/// it is drawn, for there may be many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listed {
    /// Their places among the outcomes of the replay, in the order of the list.
    pub rows: Vec<usize>,
    /// The width of the widest identifier.
    pub widest: usize,
}

impl Listed {
    /// The cases that a filter admits, in an order.
    pub fn of(replay: &Replay, filter: Filter, order: Order) -> Self {
        let outcomes = &replay.outcomes;
        let mut rows: Vec<usize> = (0..outcomes.len())
            .filter(|index| filter.admits(&outcomes[*index]))
            .collect();
        let recorded = |outcome: &Outcome| outcome.recorded.as_ref().map(|one| one.determination);
        match order {
            Order::Case => {}
            Order::Flips => rows.sort_by_key(|index| Reverse(flips(&outcomes[*index]))),
            Order::Recorded => rows.sort_by_key(|index| recorded(&outcomes[*index])),
        }
        let widths = rows
            .iter()
            .map(|index| plain(&outcomes[*index].case).width());
        Listed {
            widest: widths.max().unwrap_or_default(),
            rows,
        }
    }
}

/// What a replay comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many cases flip.
    pub flips: usize,
    /// How many cases deviate.
    pub deviations: usize,
    /// How many cases come out as what, by version.
    pub counts: Vec<Counts>,
}

impl Tally {
    /// What a replay comes to.
    pub fn of(replay: &Replay) -> Self {
        let outcomes = replay.outcomes.iter();
        Tally {
            flips: outcomes.filter(|one| Filter::Flips.admits(one)).count(),
            deviations: replay.deviations().count(),
            counts: replay.counts(),
        }
    }
}

/// How often a case flips from one version to the next.
fn flips(outcome: &Outcome) -> usize {
    (1..outcome.verdicts.len())
        .filter(|index| flips_at(outcome, *index))
        .count()
}

/// Whether a case flips from the version before the one at `index` to it.
pub fn flips_at(outcome: &Outcome, index: usize) -> bool {
    let at = |index: usize| outcome.verdicts.get(index)?.as_ref();
    match (index.checked_sub(1).and_then(at), at(index)) {
        (Some(was), Some(now)) => was.determination != now.determination,
        _ => false,
    }
}

/// Whether what was recorded does not follow.
pub fn deviates(outcome: &Outcome) -> bool {
    matches!(outcome.reproduced, Reproduced::Deviates { .. })
}
