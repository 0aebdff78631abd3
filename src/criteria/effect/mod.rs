//! Whether one version is stricter than another, over every possible case.
//!
//! Cases are sets of bits (`cases`), each version's determinations are sets
//! of cases (`outcome`), both as binary decision diagrams: comparing the sets
//! compares the versions on all cases at once, missing facts included. Code
//! tables are left out: who is addressed by code is a comparison of lists.

mod cases;
mod changes;
mod count;
mod mix;
mod outcome;
mod single;

pub use changes::{Difference, changes_that_move};
pub use single::{Dead, DeadKind, dead_criteria, moves_the_outcome};

use cases::{Cases, Set, TooLarge};
use outcome::Outcomes;

use crate::policy::{Dictionary, Facts, Version};

use super::explanation::Determination;

/// What changing from one version to another does.
#[derive(Clone, Debug, PartialEq)]
pub struct Effect {
    /// Stricter, looser, both or neither.
    pub verdict: Verdict,
    /// Whether the statements speak to more requests, fewer, or both.
    pub scope: Scope,
    /// Whether the two differ only on cases in which a fact is missing.
    pub only_where_facts_are_missing: bool,
    /// A case for each direction, with as few facts as will do.
    pub examples: Vec<Example>,
}

/// Which way the determinations go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No case comes out better or worse.
    Equivalent,
    /// Some case comes out worse, none better.
    Stricter,
    /// Some case comes out better, none worse.
    Looser,
    /// Some case comes out worse, another better.
    Both,
}

impl Verdict {
    fn of(stricter: bool, looser: bool) -> Self {
        match (stricter, looser) {
            (false, false) => Verdict::Equivalent,
            (true, false) => Verdict::Stricter,
            (false, true) => Verdict::Looser,
            (true, true) => Verdict::Both,
        }
    }

    /// The word reports use.
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Equivalent => "equivalent",
            Verdict::Stricter => "stricter",
            Verdict::Looser => "looser",
            Verdict::Both => "both",
        }
    }
}

/// Which requests the statements speak to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// The same.
    Same,
    /// More.
    Wider,
    /// Fewer.
    Narrower,
    /// Others.
    Different,
}

impl Scope {
    fn of(wider: bool, narrower: bool) -> Self {
        match (wider, narrower) {
            (false, false) => Scope::Same,
            (true, false) => Scope::Wider,
            (false, true) => Scope::Narrower,
            (true, true) => Scope::Different,
        }
    }

    /// The word reports use.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Same => "same",
            Scope::Wider => "wider",
            Scope::Narrower => "narrower",
            Scope::Different => "different",
        }
    }
}

/// A case that the two versions determine differently. Facts it leaves out
/// make no difference.
#[derive(Clone, Debug, PartialEq)]
pub struct Example {
    /// What the older version determines.
    pub was: Determination,
    /// What the newer version determines.
    pub now: Determination,
    /// Its facts.
    pub facts: Facts,
}

/// The analysis needs more room than it is given. Nothing is concluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the criteria are too entangled to be compared over every case")]
pub struct NotCompared;

impl From<TooLarge> for NotCompared {
    fn from(_: TooLarge) -> Self {
        NotCompared
    }
}

/// What changing from `old` to `new` does, over every case.
///
/// *Worse* is from `met` to anything else, or from `pend` to `not-met` or
/// `not-addressed`; *better* is the reverse.
///
/// # Errors
/// When the analysis would take more room than it is given.
pub fn effect(
    old: &Version,
    new: &Version,
    dictionary: &Dictionary,
) -> Result<Effect, NotCompared> {
    let cases = Cases::of(&[old, new], dictionary)?;
    let was = Outcomes::of(&old.criteria, &cases)?;
    let now = Outcomes::of(&new.criteria, &cases)?;
    let worse = cases.worse(&was, &now)?;
    let better = cases.worse(&now, &was)?;
    let left_out = cases.minus(&now.not_addressed, &was.not_addressed)?;
    let taken_in = cases.minus(&was.not_addressed, &now.not_addressed)?;
    let differ = !worse.is_false() || !better.is_false();
    let complete = |set: &Set| cases.and(set, cases.complete());
    let some_complete = !complete(&worse)?.is_false() || !complete(&better)?.is_false();
    let mut examples = vec![];
    examples.extend(example(&cases, &was, &now)?);
    examples.extend(example(&cases, &now, &was)?.map(|example| Example {
        was: example.now,
        now: example.was,
        facts: example.facts,
    }));
    Ok(Effect {
        verdict: Verdict::of(!worse.is_false(), !better.is_false()),
        scope: Scope::of(!taken_in.is_false(), !left_out.is_false()),
        only_where_facts_are_missing: differ && !some_complete,
        examples,
    })
}

/// A case that comes out worse in `now`: the plainest kind there is, and of
/// those one with the fewest facts.
fn example(cases: &Cases, was: &Outcomes, now: &Outcomes) -> Result<Option<Example>, TooLarge> {
    use Determination::{Met, NotAddressed, NotMet, Pend};
    let kinds = [
        (Met, NotMet),
        (Met, NotAddressed),
        (Met, Pend),
        (Pend, NotMet),
        (Pend, NotAddressed),
    ];
    for (before, after) in kinds {
        let found = match (before, after) {
            (Met, after) => now.among(&was.met, after, cases)?,
            (before, NotMet) => was.among(&now.not_met, before, cases)?,
            (before, _) => was.among(&now.not_addressed, before, cases)?,
        };
        if let Some(facts) = cases.smallest(&found) {
            return Ok(Some(Example {
                was: before,
                now: after,
                facts,
            }));
        }
    }
    Ok(None)
}

impl Cases {
    /// Cases that come out worse in `now`; none if no case does. Those no longer
    /// met, or, where there are none, those that pended and are settled against
    /// the request: these are many more, and in none of them is every
    /// fact known.
    fn worse(&self, was: &Outcomes, now: &Outcomes) -> Result<Set, TooLarge> {
        let no_longer_met = self.minus(&was.met, &now.met)?;
        if !no_longer_met.is_false() {
            return Ok(no_longer_met);
        }
        let settled_against = self.or(&now.not_met, &now.not_addressed)?;
        was.among(&settled_against, Determination::Pend, self)
    }
}
