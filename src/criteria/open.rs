//! The facts that a pending determination rests on.

use std::collections::BTreeSet;

use super::evaluate::{Outcome, criterion_truth, expr_truth, own_truth, statement_scope};
use super::explanation::Determination;
use super::request::{Gates, Request};
use super::truth::Truth;
use crate::policy::{Criterion, Expr, Facts, Version};

/// The missing facts whose being unknown carries up to a determination that
/// pends; none for one that does not. Not the fewest that would settle it,
/// which [`super::settling_set`] finds, but none that makes no difference as
/// the others stand: what is settled is not looked into.
pub fn open_facts(version: &Version, request: &Request) -> BTreeSet<String> {
    let facts = &request.facts;
    let outcome = Outcome::of(version, facts, Gates::of(version, request));
    let mut open = Open {
        facts,
        found: BTreeSet::new(),
    };
    if outcome.determination() != Determination::Pend {
        return open.found;
    }
    let is_met = outcome.covered.and(!outcome.excluded).and(outcome.required);
    let any_scope = any_scope(version, facts);
    let addressed = !outcome.addressed.is_known() && !any_scope.is_known();
    for statement in &version.criteria {
        let value = statement_scope(statement, facts).and(criterion_truth(statement, facts));
        let side = if statement.covers {
            outcome.covered
        } else {
            outcome.excluded
        };
        let met = [is_met, side, value].iter().all(|one| !one.is_known());
        if let Some(rule) = statement.when.as_ref().filter(|_| met || addressed) {
            open.rule(&rule.expr);
        }
        if met {
            open.criterion(statement);
        }
    }
    open.found
}

/// Whether any statement speaks to the request.
fn any_scope(version: &Version, facts: &Facts) -> Truth {
    let scopes = version.criteria.iter();
    let scopes = scopes.map(|statement| statement_scope(statement, facts));
    scopes.fold(Truth::False, Truth::or)
}

struct Open<'f> {
    facts: &'f Facts,
    found: BTreeSet<String>,
}

impl Open<'_> {
    fn criterion(&mut self, criterion: &Criterion) {
        if criterion_truth(criterion, self.facts).is_known() {
            return;
        }
        if !own_truth(criterion, self.facts).is_known() {
            match &criterion.rule {
                Some(rule) => self.rule(&rule.expr),
                None => {
                    self.found.insert(criterion.id.answer_fact());
                }
            }
        }
        let children = criterion.children.iter();
        let values = children.map(|child| criterion_truth(child, self.facts));
        if !Truth::combine(criterion.need, values).is_known() {
            criterion
                .children
                .iter()
                .for_each(|child| self.criterion(child));
        }
    }

    fn rule(&mut self, expr: &Expr) {
        if expr_truth(expr, self.facts).is_known() {
            return;
        }
        match expr {
            Expr::Literal(_) => {}
            Expr::Test(test) => {
                self.found.insert(test.fact().to_owned());
            }
            Expr::Not(inner) => self.rule(inner),
            Expr::And(left, right) | Expr::Or(left, right) => {
                self.rule(left);
                self.rule(right);
            }
        }
    }
}
