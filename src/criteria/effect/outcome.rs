//! What a version determines, as sets of cases.
//!
//! The same meaning as the reference evaluator's, on all cases at once; held
//! against it case by case in the tests.

use super::cases::{Cases, Set, Told, TooLarge};
use crate::criteria::evaluate::test_passes;
use crate::criteria::explanation::Determination;
use crate::policy::{Criterion, CriterionId, Expr, FactValue, Need, Version};

/// The cases of each determination. Together they are all that can occur.
pub(super) struct Outcomes {
    pub met: Set,
    pub not_met: Set,
    pub pend: Set,
    pub not_addressed: Set,
}

/// A criterion whose value is fixed, to see whether it matters.
pub(super) struct Fixed<'a> {
    pub id: &'a CriterionId,
    pub value: bool,
}

impl Outcomes {
    pub(super) fn of(version: &Version, cases: &Cases) -> Result<Self, TooLarge> {
        Outcomes::with(version, cases, None)
    }

    /// As if one criterion always had one value.
    pub(super) fn with(
        version: &Version,
        cases: &Cases,
        fixed: Option<&Fixed<'_>>,
    ) -> Result<Self, TooLarge> {
        let reading = Reading { cases, fixed };
        let mut addressed = reading.known(false);
        let mut covered = reading.known(false);
        let mut excluded = reading.known(false);
        for statement in &version.criteria {
            let scope = match &statement.when {
                Some(when) => reading.expr(&when.expr)?,
                None => reading.known(true),
            };
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

/// Where a criterion holds, and where it fails, among the cases that can occur.
pub(super) fn criterion_told(criterion: &Criterion, cases: &Cases) -> Result<Told, TooLarge> {
    let told = Reading { cases, fixed: None }.criterion(criterion)?;
    Ok(Told {
        yes: cases.and(&told.yes, cases.possible())?,
        no: cases.and(&told.no, cases.possible())?,
    })
}

fn not(told: Told) -> Told {
    Told {
        yes: told.no,
        no: told.yes,
    }
}

struct Reading<'a> {
    cases: &'a Cases,
    fixed: Option<&'a Fixed<'a>>,
}

impl Reading<'_> {
    fn known(&self, value: bool) -> Told {
        let told = Told {
            yes: self.cases.any(),
            no: self.cases.none(),
        };
        if value { told } else { not(told) }
    }

    fn and(&self, left: &Told, right: &Told) -> Result<Told, TooLarge> {
        Ok(Told {
            yes: self.cases.and(&left.yes, &right.yes)?,
            no: self.cases.or(&left.no, &right.no)?,
        })
    }

    fn or(&self, left: &Told, right: &Told) -> Result<Told, TooLarge> {
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

    fn criterion(&self, criterion: &Criterion) -> Result<Told, TooLarge> {
        if let Some(fixed) = self.fixed.filter(|fixed| *fixed.id == criterion.id) {
            return Ok(self.known(fixed.value));
        }
        let own = match &criterion.rule {
            Some(rule) => self.expr(&rule.expr)?,
            None if criterion.children.is_empty() => {
                self.cases.told(&criterion.id.answer_fact(), |value| {
                    value == &FactValue::Bool(true)
                })?
            }
            None => self.known(true),
        };
        if criterion.children.is_empty() {
            return Ok(own);
        }
        let children: Vec<Told> = criterion
            .children
            .iter()
            .map(|child| self.criterion(child))
            .collect::<Result<_, _>>()?;
        self.and(&own, &self.combined(criterion.need, &children)?)
    }

    fn combined(&self, need: Need, children: &[Told]) -> Result<Told, TooLarge> {
        match need {
            Need::All => self.at_least(children.len(), children),
            Need::Any => self.at_least(1, children),
            Need::None => Ok(not(self.at_least(1, children)?)),
            Need::AtLeast(count) => self.at_least(count as usize, children),
        }
    }

    /// At least so many hold; it fails where so many fail that too few are left.
    fn at_least(&self, count: usize, children: &[Told]) -> Result<Told, TooLarge> {
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
    fn so_many(&self, count: usize, sets: &[&Set]) -> Result<Set, TooLarge> {
        // held[k]: at least k of the sets seen so far.
        let mut held = vec![self.cases.none(); count + 1];
        held[0] = self.cases.any();
        for set in sets {
            for k in (1..=count).rev() {
                let one_more = self.cases.and(&held[k - 1], set)?;
                held[k] = self.cases.or(&held[k], &one_more)?;
            }
        }
        Ok(held.swap_remove(count))
    }
}
