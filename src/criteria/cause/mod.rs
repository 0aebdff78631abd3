//! Which criteria account for a flip.
//!
//! A set of criteria *accounts* for a flip when it does so both ways: giving
//! these back their old values gives back the old determination, and giving
//! these alone their new values already gives the new one. Of all such sets
//! the smallest is named.

mod pairs;

use super::evaluate::{Outcome, criterion_truth, determine, statement_scope};
use super::explanation::{Determination, FactRead};
use super::request::{Gates, Request};
use super::settle::next_combination;
use super::truth::Truth;
use crate::policy::{Criterion, CriterionId, Facts, Rule, Version};
use pairs::{Difference, Listed, Pair, pairs};

/// Something whose different outcome accounts for a flip.
#[derive(Clone, Debug, PartialEq)]
pub struct Cause {
    /// What differs.
    pub what: Responsible,
    /// Its value under the old version; none where that version lacks it.
    pub was: Option<Truth>,
    /// Its value under the new version; none where that version lacks it.
    pub now: Option<Truth>,
    /// The facts that the old and the new rule read.
    pub facts: Vec<FactRead>,
}

/// What can be responsible for a flip. A criterion of the new version goes by
/// its number there. One that is *gone*, having no counterpart there, goes by
/// its old number, which another criterion may bear by now.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Responsible {
    /// The code tables: another set of codes is listed.
    Codes,
    /// The scope of a statement, or whether it covers.
    Scope {
        /// Its number.
        id: CriterionId,
        /// Whether only the old version has it.
        gone: bool,
    },
    /// A criterion.
    Criterion {
        /// Its number.
        id: CriterionId,
        /// Whether only the old version has it.
        gone: bool,
    },
    /// A criterion that stands under another one, or is no statement any
    /// more, or has become one.
    Moved {
        /// Its number in the new version.
        id: CriterionId,
        /// Its number in the old version.
        from: CriterionId,
    },
}

impl std::fmt::Display for Responsible {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let version = |gone: bool| if gone { " of the older version" } else { "" };
        match self {
            Responsible::Codes => f.write_str("codes"),
            Responsible::Scope { id, gone } => write!(f, "{id} (scope){}", version(*gone)),
            Responsible::Criterion { id, gone } => write!(f, "{id}{}", version(*gone)),
            Responsible::Moved { id, from } => write!(f, "{id} (moved from {from})"),
        }
    }
}

/// How many criteria the search for the smallest set may look at. Beyond that
/// it settles for a set from which nothing can be left out.
const BUDGET: usize = 1_000_000;

/// The smallest set of differences that accounts for `request` being
/// determined differently by `new` than by `old`. `old_id` gives the number a
/// criterion of the new version had in the old one.
pub fn causes(
    old: &Version,
    new: &Version,
    request: &Request,
    old_id: &dyn Fn(&CriterionId) -> Option<CriterionId>,
) -> Vec<Cause> {
    let flip = Flip::of(old, new, request, old_id);
    if flip.was == flip.now {
        return vec![];
    }
    let smallest = flip.smallest();
    smallest
        .into_iter()
        .map(|index| flip.cause(&flip.differences[index]))
        .collect()
}

/// Whether these differences account for the flip: giving them back their old
/// values gives back the old determination, and giving them alone their new
/// values gives the new one.
pub fn accounts(
    old: &Version,
    new: &Version,
    request: &Request,
    old_id: &dyn Fn(&CriterionId) -> Option<CriterionId>,
    set: &[Responsible],
) -> bool {
    let flip = Flip::of(old, new, request, old_id);
    let picked: Vec<usize> = (0..flip.differences.len())
        .filter(|index| set.contains(&flip.differences[*index].what))
        .collect();
    picked.len() == set.len() && flip.accounts(&picked)
}

/// Two versions of which one is to become the other, difference by difference.
struct Flip<'a> {
    facts: &'a Facts,
    old_gates: Gates,
    new_gates: Gates,
    was: Determination,
    now: Determination,
    statements: Vec<Pair<'a>>,
    /// What differs and is not merely the sum of differences further down.
    differences: Vec<Difference<'a>>,
    /// How many pairs there are.
    size: usize,
}

impl<'a> Flip<'a> {
    fn of(
        old: &'a Version,
        new: &'a Version,
        request: &'a Request,
        old_id: &dyn Fn(&CriterionId) -> Option<CriterionId>,
    ) -> Self {
        let facts = &request.facts;
        let (old_gates, new_gates) = (Gates::of(old, request), Gates::of(new, request));
        let mut flip = Flip {
            facts,
            old_gates,
            new_gates,
            was: determine(old, facts, old_gates),
            now: determine(new, facts, new_gates),
            statements: vec![],
            differences: vec![],
            size: 0,
        };
        if flip.was != flip.now {
            flip.statements = pairs(&old.criteria, &new.criteria, facts, old_id);
            flip.list_differences(old_id);
        }
        flip
    }

    fn list_differences(&mut self, old_id: &dyn Fn(&CriterionId) -> Option<CriterionId>) {
        if self.old_gates != self.new_gates {
            self.differences.push(Difference {
                what: Responsible::Codes,
                old: None,
                new: None,
            });
        }
        for statement in &mut self.statements {
            if statement.scope_differs() {
                statement.scope_differs = Some(self.differences.len());
                let scope = statement
                    .named()
                    .map(|(id, gone)| Responsible::Scope { id, gone });
                self.differences
                    .extend(scope.map(|what| statement.difference(what)));
            }
        }
        let mut listed = Listed::in_addition_to(&mut self.differences, old_id);
        for statement in &mut self.statements {
            self.size += statement.list(&mut listed);
        }
    }

    /// The determination, where the marked differences keep their old values.
    fn determination(&self, is_old: &[bool]) -> Determination {
        let codes_differ = self.old_gates != self.new_gates;
        let gates = if codes_differ && is_old[0] {
            self.old_gates
        } else {
            self.new_gates
        };
        let statements = self.statements.iter().filter_map(|statement| {
            let framed = match statement.scope_differs {
                Some(index) if is_old[index] => statement.old,
                _ => statement.new,
            }?;
            let value = statement.value(is_old).unwrap_or(Truth::False);
            Some((
                framed.scope,
                framed.criterion.covers,
                framed.scope.and(value),
            ))
        });
        Outcome::from_statements(statements, gates).determination()
    }

    fn accounts(&self, set: &[usize]) -> bool {
        let mut is_old = vec![false; self.differences.len()];
        for index in set {
            is_old[*index] = true;
        }
        if self.determination(&is_old) != self.was {
            return false;
        }
        for others in &mut is_old {
            *others = !*others;
        }
        self.determination(&is_old) == self.now
    }

    /// What it takes to see whether a set accounts for the flip.
    fn work(&self) -> usize {
        2 * (self.size + self.differences.len())
    }

    /// The first of the smallest sets. The sets grow up to the size of one
    /// that is found by leaving out.
    fn smallest(&self) -> Vec<usize> {
        let irreducible = self.irreducible();
        let mut left = BUDGET;
        for size in 1..=irreducible.len() {
            let mut picked: Vec<usize> = (0..size).collect();
            loop {
                let Some(after) = left.checked_sub(self.work()) else {
                    return irreducible;
                };
                left = after;
                if self.accounts(&picked) {
                    return picked;
                }
                if !next_combination(&mut picked, self.differences.len()) {
                    break;
                }
            }
        }
        irreducible
    }

    /// Starts from every difference and leaves out what is not needed, many
    /// at a time as long as that works.
    fn irreducible(&self) -> Vec<usize> {
        let mut kept: Vec<usize> = (0..self.differences.len()).collect();
        let mut left = BUDGET;
        let mut together = kept.len().div_ceil(2);
        while together > 0 {
            let mut start = 0;
            while start < kept.len() {
                let Some(after) = left.checked_sub(self.work()) else {
                    return kept;
                };
                left = after;
                let end = (start + together).min(kept.len());
                let without = [&kept[..start], &kept[end..]].concat();
                if self.accounts(&without) {
                    kept = without;
                } else {
                    start = end;
                }
            }
            together /= 2;
        }
        kept
    }

    fn cause(&self, difference: &Difference<'a>) -> Cause {
        let (old, new) = (difference.old, difference.new);
        let (was, now, facts) = match &difference.what {
            Responsible::Codes => {
                let truth = |gates: Gates| Some(gates.address.and(gates.required()));
                (truth(self.old_gates), truth(self.new_gates), vec![])
            }
            Responsible::Scope { .. } => {
                let scope =
                    |one: Option<&Criterion>| one.map(|one| statement_scope(one, self.facts));
                let facts = self.facts_of([old, new], |one| one.when.as_ref());
                (scope(old), scope(new), facts)
            }
            Responsible::Criterion { .. } | Responsible::Moved { .. } => {
                let truth =
                    |one: Option<&Criterion>| one.map(|one| criterion_truth(one, self.facts));
                let mut facts = self.facts_of([old, new], |one| one.rule.as_ref());
                self.add_answers([old, new], &mut facts);
                (truth(old), truth(new), facts)
            }
        };
        Cause {
            what: difference.what.clone(),
            was,
            now,
            facts,
        }
    }

    fn facts_of(
        &self,
        criteria: [Option<&'a Criterion>; 2],
        rule: impl Fn(&'a Criterion) -> Option<&'a Rule>,
    ) -> Vec<FactRead> {
        let mut facts: Vec<FactRead> = vec![];
        for rule in criteria.into_iter().flatten().filter_map(&rule) {
            for fact in FactRead::of_rule(rule, self.facts) {
                if facts.iter().all(|known| known.name != fact.name) {
                    facts.push(fact);
                }
            }
        }
        facts
    }

    fn add_answers(&self, criteria: [Option<&Criterion>; 2], facts: &mut Vec<FactRead>) {
        for one in criteria.into_iter().flatten() {
            let answer = one.id.answer_fact();
            if one.is_answered_directly() && facts.iter().all(|fact| fact.name != answer) {
                facts.push(FactRead::of(&answer, self.facts));
            }
        }
    }
}
