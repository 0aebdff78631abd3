//! What a version determines, as sets of cases.
//!
//! The same meaning as the reference evaluator's, on all cases at once; held
//! against it case by case in the tests.

use super::cases::{Cases, Set, Told, TooLarge};
use super::count::so_many;
use crate::criteria::evaluate::test_passes;
use crate::criteria::explanation::Determination;
use crate::policy::{Criterion, Expr, FactValue, Need};

/// The cases of each determination. What is in none of the sets and can occur
/// pends: that set is the largest by far, and hardly ever needed.
#[derive(PartialEq)]
pub(super) struct Outcomes {
    pub met: Set,
    pub not_met: Set,
    pub not_addressed: Set,
}

impl Outcomes {
    pub(super) fn of(statements: &[Criterion], cases: &Cases) -> Result<Self, TooLarge> {
        let reading = Reading { cases };
        let mut addressed = reading.known(false);
        let mut covered = reading.known(false);
        let mut excluded = reading.known(false);
        for statement in statements {
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
        Ok(Outcomes {
            not_addressed: within(&addressed.no)?,
            met: within(&cases.and(&addressed.yes, &met.yes)?)?,
            not_met: within(&cases.and(&addressed.yes, &met.no)?)?,
        })
    }

    /// The cases of a set, all of which can occur, that have this determination.
    pub(super) fn among(
        &self,
        set: &Set,
        determination: Determination,
        cases: &Cases,
    ) -> Result<Set, TooLarge> {
        match determination {
            Determination::Met => cases.and(set, &self.met),
            Determination::NotMet => cases.and(set, &self.not_met),
            Determination::NotAddressed => cases.and(set, &self.not_addressed),
            Determination::Pend => {
                let settled = [&self.not_met, &self.not_addressed, &self.met];
                settled
                    .into_iter()
                    .try_fold(set.clone(), |left, settled| cases.minus(&left, settled))
            }
        }
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
            yes: so_many(self.cases, count, &yes)?,
            no: match (children.len() + 1).checked_sub(count) {
                Some(too_many) => so_many(self.cases, too_many, &no)?,
                None => self.cases.any(),
            },
        })
    }
}
