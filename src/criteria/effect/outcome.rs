//! What a version determines, as sets of cases.
//!
//! The same meaning as the reference evaluator's, on all cases at once; held
//! against it case by case in the tests.

use super::cases::{Cases, Set, Told, TooLarge};
use crate::criteria::evaluate::test_passes;
use crate::criteria::explanation::Determination;
use crate::policy::{Criterion, Expr, FactValue, Need, Version};

/// The cases of each determination. Together they are all that can occur.
pub(super) struct Outcomes {
    pub met: Set,
    pub not_met: Set,
    pub pend: Set,
    pub not_addressed: Set,
}

impl Outcomes {
    pub(super) fn of(version: &Version, cases: &Cases) -> Result<Self, TooLarge> {
        let reading = Reading { cases };
        let mut addressed = reading.known(false);
        let mut covered = reading.known(false);
        let mut excluded = reading.known(false);
        for statement in &version.criteria {
            let scope = reading.scope(statement)?;
            let value = reading.and(&scope, &reading.criterion(statement)?)?;
            addressed = reading.or(&addressed, &scope)?;
            if statement.covers {
                covered = reading.or(&covered, &value)?;
            } else {
                excluded = reading.or(&excluded, &value)?;
            }
        }
        let met = reading.and(&covered, &not(excluded))?;
        let within = |set: &Set| cases.and(set, cases.possible());
        let outcomes = Outcomes {
            not_addressed: within(&addressed.no)?,
            met: within(&cases.and(&addressed.yes, &met.yes)?)?,
            not_met: within(&cases.and(&addressed.yes, &met.no)?)?,
            pend: cases.none(),
        };
        let settled = cases.or(&outcomes.met, &outcomes.not_met)?;
        let settled = cases.or(&settled, &outcomes.not_addressed)?;
        Ok(Outcomes {
            pend: cases.not(&settled)?,
            ..outcomes
        })
    }

    /// The cases of one determination.
    pub(super) fn set(&self, determination: Determination) -> &Set {
        match determination {
            Determination::Met => &self.met,
            Determination::NotMet => &self.not_met,
            Determination::Pend => &self.pend,
            Determination::NotAddressed => &self.not_addressed,
        }
    }

    /// Whether every case comes out the same.
    pub(super) fn same(&self, other: &Outcomes) -> bool {
        Determination::ALL
            .into_iter()
            .all(|one| self.set(one) == other.set(one))
    }
}

pub(super) fn not(told: Told) -> Told {
    Told {
        yes: told.no,
        no: told.yes,
    }
}

/// Reads criteria as sets of cases.
pub(super) struct Reading<'a> {
    pub cases: &'a Cases,
}

impl Reading<'_> {
    pub(super) fn known(&self, value: bool) -> Told {
        let told = Told {
            yes: self.cases.any(),
            no: self.cases.none(),
        };
        if value { told } else { not(told) }
    }

    pub(super) fn and(&self, left: &Told, right: &Told) -> Result<Told, TooLarge> {
        Ok(Told {
            yes: self.cases.and(&left.yes, &right.yes)?,
            no: self.cases.or(&left.no, &right.no)?,
        })
    }

    pub(super) fn or(&self, left: &Told, right: &Told) -> Result<Told, TooLarge> {
        Ok(not(self.and(&not(left.clone()), &not(right.clone()))?))
    }

    fn expr(&self, expr: &Expr) -> Result<Told, TooLarge> {
        Ok(match expr {
            Expr::Literal(value) => self.known(*value),
            Expr::Test(test) => self
                .cases
                .told(test.fact(), |value| test_passes(test, value))?,
            Expr::Not(inner) => not(self.expr(inner)?),
            Expr::And(left, right) => self.and(&self.expr(left)?, &self.expr(right)?)?,
            Expr::Or(left, right) => self.or(&self.expr(left)?, &self.expr(right)?)?,
        })
    }

    /// Where a statement speaks to the request.
    pub(super) fn scope(&self, statement: &Criterion) -> Result<Told, TooLarge> {
        match &statement.when {
            Some(when) => self.expr(&when.expr),
            None => Ok(self.known(true)),
        }
    }

    /// A criterion's own test, without its children.
    pub(super) fn own(&self, criterion: &Criterion) -> Result<Told, TooLarge> {
        match &criterion.rule {
            Some(rule) => self.expr(&rule.expr),
            None if criterion.children.is_empty() => {
                self.cases.told(&criterion.id.answer_fact(), |value| {
                    value == &FactValue::Bool(true)
                })
            }
            None => Ok(self.known(true)),
        }
    }

    fn criterion(&self, criterion: &Criterion) -> Result<Told, TooLarge> {
        let own = self.own(criterion)?;
        if criterion.children.is_empty() {
            return Ok(own);
        }
        let children: Vec<Told> = criterion
            .children
            .iter()
            .map(|child| self.criterion(child))
            .collect::<Result<_, _>>()?;
        let children: Vec<&Told> = children.iter().collect();
        self.and(&own, &self.combined(criterion.need, &children)?)
    }

    pub(super) fn combined(&self, need: Need, children: &[&Told]) -> Result<Told, TooLarge> {
        match need {
            Need::All => self.at_least(children.len(), children),
            Need::Any => self.at_least(1, children),
            Need::None => Ok(not(self.at_least(1, children)?)),
            Need::AtLeast(count) => self.at_least(count as usize, children),
        }
    }

    /// At least so many hold; it fails where so many fail that too few are left.
    fn at_least(&self, count: usize, children: &[&Told]) -> Result<Told, TooLarge> {
        let yes: Vec<&Set> = children.iter().map(|child| &child.yes).collect();
        let no: Vec<&Set> = children.iter().map(|child| &child.no).collect();
        Ok(Told {
            yes: self.so_many(count, &yes)?,
            no: match (children.len() + 1).checked_sub(count) {
                Some(too_many) => self.so_many(too_many, &no)?,
                None => self.cases.any(),
            },
        })
    }

    /// Where at least `count` of the sets hold the case.
    ///
    /// From the last set up, so that each step adds on top of the diagrams,
    /// and only what can still lead to `count`: for all of them, or for any,
    /// that is one diagram a set.
    pub(super) fn so_many(&self, count: usize, sets: &[&Set]) -> Result<Set, TooLarge> {
        if count > sets.len() {
            return Ok(self.cases.none());
        }
        // held[k]: at least k of the sets from here on.
        let mut held = vec![self.cases.none(); count + 1];
        held[0] = self.cases.any();
        for (index, set) in sets.iter().enumerate().rev() {
            let least = count.saturating_sub(index).max(1);
            let most = count.min(sets.len() - index);
            for k in (least..=most).rev() {
                let one_more = self.cases.and(&held[k - 1], set)?;
                held[k] = self.cases.or(&held[k], &one_more)?;
            }
        }
        Ok(held.swap_remove(count))
    }

    /// For each set in turn: where at least `count` of the others hold the case.
    pub(super) fn so_many_others(&self, count: usize, sets: &[&Set]) -> Result<Vec<Set>, TooLarge> {
        let others = sets.len().saturating_sub(1);
        if count == 0 {
            return Ok(vec![self.cases.any(); sets.len()]);
        }
        if count > others {
            return Ok(vec![self.cases.none(); sets.len()]);
        }
        if count == 1 {
            return self.folded_others(sets, self.cases.none(), Cases::or);
        }
        if count == others {
            return self.folded_others(sets, self.cases.any(), Cases::and);
        }
        let without = |index: usize| [&sets[..index], &sets[index + 1..]].concat();
        (0..sets.len())
            .map(|index| self.so_many(count, &without(index)))
            .collect()
    }

    fn folded_others(
        &self,
        sets: &[&Set],
        neutral: Set,
        fold: fn(&Cases, &Set, &Set) -> Result<Set, TooLarge>,
    ) -> Result<Vec<Set>, TooLarge> {
        let mut after = vec![neutral.clone()];
        for set in sets.iter().skip(1).rev() {
            let next = fold(self.cases, &after[after.len() - 1], set)?;
            after.push(next);
        }
        let mut before = neutral;
        let mut others = vec![];
        for (set, after) in sets.iter().zip(after.iter().rev()) {
            others.push(fold(self.cases, &before, after)?);
            before = fold(self.cases, &before, set)?;
        }
        Ok(others)
    }
}
