//! Which criteria account for a flip.
//!
//! A set of criteria *accounts* for a flip when it does so both ways: giving
//! these back their old values gives back the old determination, and giving
//! these alone their new values already gives the new one. Of all such sets
//! the smallest is named.

use std::collections::BTreeSet;

use super::evaluate::{Outcome, criterion_truth, own_truth, statement_scope};
use super::explanation::{Determination, FactRead};
use super::request::{Gates, Request};
use super::settle::next_combination;
use super::truth::Truth;
use crate::policy::{Criterion, CriterionId, Facts, Version};

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

/// What can be responsible for a flip.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Responsible {
    /// The code tables: another set of codes is listed.
    Codes,
    /// The scope of a statement, or whether it covers.
    Scope(CriterionId),
    /// A criterion, by its number in the new version (in the old one if it is gone).
    Criterion(CriterionId),
}

impl std::fmt::Display for Responsible {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Responsible::Codes => f.write_str("codes"),
            Responsible::Scope(id) => write!(f, "{id} (scope)"),
            Responsible::Criterion(id) => write!(f, "{id}"),
        }
    }
}

/// Beyond this many candidate sets the search settles for a set that cannot
/// be made smaller by leaving one out.
const BUDGET: usize = 20_000;

/// The smallest set of differences that accounts for `request` being
/// determined differently by `new` than by `old`. `old_id` gives the number a
/// criterion of the new version had in the old one.
pub fn causes(
    old: &Version,
    new: &Version,
    request: &Request,
    old_id: &dyn Fn(&CriterionId) -> Option<CriterionId>,
) -> Vec<Cause> {
    let flip = Flip {
        old,
        new,
        facts: &request.facts,
        old_gates: Gates::of(old, request),
        new_gates: Gates::of(new, request),
        old_id,
    };
    let was = flip.determination(&|_| true);
    let now = flip.determination(&|_| false);
    if was == now {
        return vec![];
    }
    let candidates = flip.candidates();
    flip.smallest(&candidates, was, now)
        .into_iter()
        .map(|what| flip.cause(what))
        .collect()
}

struct Flip<'a> {
    old: &'a Version,
    new: &'a Version,
    facts: &'a Facts,
    old_gates: Gates,
    new_gates: Gates,
    old_id: &'a dyn Fn(&CriterionId) -> Option<CriterionId>,
}

/// A criterion of both versions, or of one.
#[derive(Clone, Copy)]
struct Pair<'a> {
    old: Option<&'a Criterion>,
    new: Option<&'a Criterion>,
}

impl Pair<'_> {
    fn id(&self) -> Option<&CriterionId> {
        self.new.or(self.old).map(|criterion| &criterion.id)
    }
}

impl<'a> Flip<'a> {
    /// The children of a pair: those of the new version with their
    /// counterparts, then those of the old version that have none.
    fn pairs(&self, old: &'a [Criterion], new: &'a [Criterion]) -> Vec<Pair<'a>> {
        let counterpart = |criterion: &Criterion| {
            let id = (self.old_id)(&criterion.id)?;
            old.iter().find(|candidate| candidate.id == id)
        };
        let mut pairs: Vec<Pair<'a>> = new
            .iter()
            .map(|criterion| Pair {
                old: counterpart(criterion),
                new: Some(criterion),
            })
            .collect();
        let gone = old.iter().filter(|criterion| {
            !pairs
                .iter()
                .any(|pair| pair.old.is_some_and(|paired| paired.id == criterion.id))
        });
        let gone: Vec<_> = gone
            .map(|criterion| Pair {
                old: Some(criterion),
                new: None,
            })
            .collect();
        pairs.extend(gone);
        pairs
    }

    fn statements(&self) -> Vec<Pair<'a>> {
        self.pairs(&self.old.criteria, &self.new.criteria)
    }

    fn children(&self, pair: Pair<'a>) -> Vec<Pair<'a>> {
        self.pairs(
            pair.old.map_or(&[], |criterion| &criterion.children),
            pair.new.map_or(&[], |criterion| &criterion.children),
        )
    }

    /// The new determination, had everything that `is_old` picks its old value.
    fn determination(&self, is_old: &dyn Fn(&Responsible) -> bool) -> Determination {
        let gates = if is_old(&Responsible::Codes) {
            self.old_gates
        } else {
            self.new_gates
        };
        let statements: Vec<_> = self
            .statements()
            .into_iter()
            .filter_map(|pair| {
                let id = pair.id()?.clone();
                let value = self.value(pair, is_old).unwrap_or(Truth::False);
                let framed = if is_old(&Responsible::Scope(id)) {
                    pair.old
                } else {
                    pair.new
                }?;
                let scope = statement_scope(framed, self.facts);
                Some((scope, framed.covers, scope.and(value)))
            })
            .collect();
        Outcome::from_statements(statements.into_iter(), gates).determination()
    }

    /// The value of a pair under that mixture; none where it is left out.
    fn value(&self, pair: Pair<'a>, is_old: &dyn Fn(&Responsible) -> bool) -> Option<Truth> {
        let id = pair.id()?.clone();
        if is_old(&Responsible::Criterion(id)) {
            return pair.old.map(|old| criterion_truth(old, self.facts));
        }
        let new = pair.new?;
        let own = own_truth(new, self.facts);
        if new.children.is_empty() {
            return Some(own);
        }
        let children = self
            .children(pair)
            .into_iter()
            .filter_map(|child| self.value(child, is_old));
        Some(own.and(Truth::combine(new.need, children)))
    }

    /// Differences that are not merely the sum of differences further down.
    fn candidates(&self) -> Vec<Responsible> {
        let mut candidates = BTreeSet::new();
        if self.old_gates != self.new_gates {
            candidates.insert(Responsible::Codes);
        }
        for pair in self.statements() {
            let framed = |criterion: Option<&Criterion>| {
                criterion.map(|one| (statement_scope(one, self.facts), one.covers))
            };
            if framed(pair.old) != framed(pair.new)
                && let Some(id) = pair.id()
            {
                candidates.insert(Responsible::Scope(id.clone()));
            }
            self.differing(pair, &mut candidates);
        }
        candidates.into_iter().collect()
    }

    fn differing(&self, pair: Pair<'a>, candidates: &mut BTreeSet<Responsible>) {
        let Some(id) = pair.id() else { return };
        let truth =
            |criterion: Option<&Criterion>| criterion.map(|one| criterion_truth(one, self.facts));
        let was = truth(pair.old);
        let all_below =
            |what: &Responsible| !matches!(what, Responsible::Criterion(other) if other == id);
        if was != truth(pair.new) && self.value(pair, &all_below) != was {
            candidates.insert(Responsible::Criterion(id.clone()));
        }
        if pair.old.is_some() && pair.new.is_some() {
            for child in self.children(pair) {
                self.differing(child, candidates);
            }
        }
    }

    fn smallest(
        &self,
        candidates: &[Responsible],
        was: Determination,
        now: Determination,
    ) -> Vec<Responsible> {
        let accounts = |set: &[&Responsible]| {
            let others_old = |what: &Responsible| candidates.contains(what) && !set.contains(&what);
            self.determination(&|what| set.contains(&what)) == was
                && self.determination(&others_old) == now
        };
        let mut tried = 0;
        for size in 1..=candidates.len() {
            let mut picked: Vec<usize> = (0..size).collect();
            loop {
                tried += 1;
                if tried > BUDGET {
                    return self.irreducible(candidates, &accounts);
                }
                let set: Vec<_> = picked.iter().map(|index| &candidates[*index]).collect();
                if accounts(&set) {
                    return set.into_iter().cloned().collect();
                }
                if !next_combination(&mut picked, candidates.len()) {
                    break;
                }
            }
        }
        candidates.to_vec()
    }

    /// Starts from every difference and leaves out what is not needed.
    fn irreducible(
        &self,
        candidates: &[Responsible],
        accounts: &dyn Fn(&[&Responsible]) -> bool,
    ) -> Vec<Responsible> {
        let mut kept: Vec<&Responsible> = candidates.iter().collect();
        for candidate in candidates {
            let without: Vec<_> = kept
                .iter()
                .copied()
                .filter(|one| *one != candidate)
                .collect();
            if accounts(&without) {
                kept = without;
            }
        }
        kept.into_iter().cloned().collect()
    }

    fn cause(&self, what: Responsible) -> Cause {
        match &what {
            Responsible::Codes => {
                let truth = |gates: Gates| gates.address.and(gates.required());
                Cause {
                    was: Some(truth(self.old_gates)),
                    now: Some(truth(self.new_gates)),
                    facts: vec![],
                    what,
                }
            }
            Responsible::Scope(id) => {
                let (old, new) = self.both(id);
                let scope =
                    |one: Option<&Criterion>| one.map(|one| statement_scope(one, self.facts));
                Cause {
                    was: scope(old),
                    now: scope(new),
                    facts: self.facts_of(&[old, new], |one| one.when.as_ref()),
                    what,
                }
            }
            Responsible::Criterion(id) => {
                let (old, new) = self.both(id);
                let truth =
                    |one: Option<&Criterion>| one.map(|one| criterion_truth(one, self.facts));
                let mut facts = self.facts_of(&[old, new], |one| one.rule.as_ref());
                for one in [old, new].into_iter().flatten() {
                    let answer = one.id.answer_fact();
                    if one.is_answered_directly() && facts.iter().all(|fact| fact.name != answer) {
                        facts.push(FactRead::of(&answer, self.facts));
                    }
                }
                Cause {
                    was: truth(old),
                    now: truth(new),
                    facts,
                    what,
                }
            }
        }
    }

    fn both(&self, id: &CriterionId) -> (Option<&'a Criterion>, Option<&'a Criterion>) {
        match self.new.criterion(id) {
            Some(new) => (
                (self.old_id)(id).and_then(|old| self.old.criterion(&old)),
                Some(new),
            ),
            None => (self.old.criterion(id), None),
        }
    }

    fn facts_of(
        &self,
        criteria: &[Option<&'a Criterion>],
        rule: impl Fn(&'a Criterion) -> Option<&'a crate::policy::Rule>,
    ) -> Vec<FactRead> {
        let mut facts: Vec<FactRead> = vec![];
        for rule in criteria.iter().copied().flatten().filter_map(&rule) {
            for fact in FactRead::of_rule(rule, self.facts) {
                if facts.iter().all(|known| known.name != fact.name) {
                    facts.push(fact);
                }
            }
        }
        facts
    }
}
