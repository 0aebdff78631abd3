//! Every possible case, as bits.
//!
//! A fact has one bit for each value that rules can tell apart
//! (see [`domains`]); at most one of them is set, and none if the fact is
//! missing. A set of cases is a decision diagram over those bits.

use std::cell::Cell;
use std::collections::BTreeMap;

use biodivine_lib_bdd::{Bdd, BddNode, BddVariable, BddVariableSet, op_function};

use crate::criteria::domain::domains;
use crate::policy::{Dictionary, FactValue, Facts, Version};

/// A set of cases.
pub(super) type Set = Bdd;

/// The analysis needs more room or more time than it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

/// A diagram may have this many nodes.
const MAX_NODES: usize = 500_000;
/// So many nodes may be looked at and made for one question.
const MAX_WORK: usize = 12_000_000;
/// So many for all questions that are asked of the same cases.
const MAX_WORK_IN_ALL: usize = 36_000_000;
/// There may be this many bits.
const MAX_BITS: usize = 4_000;

/// The bits of one fact.
struct FactBits {
    values: Vec<(FactValue, BddVariable)>,
}

/// The space of cases.
pub(super) struct Cases {
    variables: BddVariableSet,
    facts: BTreeMap<String, FactBits>,
    possible: Set,
    complete: Set,
    work: Cell<usize>,
    work_in_all: Cell<usize>,
}

/// The cases in which something is true, and those in which it is false. It
/// is unknown in the rest.
#[derive(Clone, PartialEq)]
pub(super) struct Told {
    pub yes: Set,
    pub no: Set,
}

impl Cases {
    /// The cases that the rules of these versions can tell apart.
    pub(super) fn of(versions: &[&Version], dictionary: &Dictionary) -> Result<Self, TooLarge> {
        let domains = domains(versions, dictionary);
        let bits: usize = domains.values().map(Vec::len).sum();
        if bits > MAX_BITS {
            return Err(TooLarge);
        }
        let variables = BddVariableSet::new_anonymous(bits as u16);
        let mut free = variables.variables().into_iter();
        let mut facts = BTreeMap::new();
        for name in in_order_of_use(versions, &domains) {
            let values = domains[&name].iter().cloned().zip(&mut free).collect();
            facts.insert(name, FactBits { values });
        }
        let mut cases = Cases {
            possible: variables.mk_true(),
            complete: variables.mk_true(),
            variables,
            facts,
            work: Cell::new(0),
            work_in_all: Cell::new(0),
        };
        cases.rule_out_impossible(dictionary)?;
        Ok(cases)
    }

    /// At most one value a fact; what is implied is known.
    fn rule_out_impossible(&mut self, dictionary: &Dictionary) -> Result<(), TooLarge> {
        let mut possible = self.variables.mk_true();
        let mut complete = self.variables.mk_true();
        // From the last bit up, so that each step adds on top of the diagram.
        let mut facts: Vec<&FactBits> = self.facts.values().collect();
        facts.sort_by_key(|fact| std::cmp::Reverse(fact.values.first().map(|(_, bit)| *bit)));
        for fact in facts {
            let bits: Vec<BddVariable> = fact.values.iter().map(|(_, bit)| *bit).collect();
            possible = self.and(&self.variables.mk_sat_up_to_k(1, &bits), &possible)?;
            complete = self.and(&self.variables.mk_sat_exactly_k(1, &bits), &complete)?;
        }
        for definition in dictionary.iter() {
            for effect in dictionary.implied_by(&definition.name) {
                let (Some(cause), Some(effect)) =
                    (self.truth_of(&definition.name), self.truth_of(effect))
                else {
                    continue;
                };
                let forwards = cause.yes.imp(&effect.yes);
                let backwards = effect.no.imp(&cause.no);
                possible = self.and(&possible, &self.and(&forwards, &backwards)?)?;
            }
        }
        self.complete = self.and(&complete, &possible)?;
        self.possible = possible;
        Ok(())
    }

    /// Where a Boolean fact is true, and where it is false.
    fn truth_of(&self, fact: &str) -> Option<Told> {
        self.facts.get(fact)?;
        self.told(fact, |value| value == &FactValue::Bool(true))
            .ok()
    }

    /// Where a fact's value passes a test, and where it does not.
    pub(super) fn told(
        &self,
        fact: &str,
        passes: impl Fn(&FactValue) -> bool,
    ) -> Result<Told, TooLarge> {
        let mut told = Told {
            yes: self.none(),
            no: self.none(),
        };
        let values = self.facts.get(fact).map_or(&[][..], |fact| &fact.values);
        for (value, bit) in values {
            let side = if passes(value) {
                &mut told.yes
            } else {
                &mut told.no
            };
            *side = self.or(side, &self.variables.mk_var(*bit))?;
        }
        Ok(told)
    }

    /// A set of the nodes of a diagram, the last of them its root. They need not be
    /// as few as can be, nor in order.
    pub(super) fn of_nodes(&self, nodes: &[BddNode]) -> Result<Set, TooLarge> {
        if nodes.len() > MAX_NODES {
            return Err(TooLarge);
        }
        let set = Bdd::from_nodes(nodes).map_err(|_| TooLarge)?;
        self.and(&set, &self.any())
    }

    /// No case.
    pub(super) fn none(&self) -> Set {
        self.variables.mk_false()
    }

    /// Every combination of bits, impossible ones too.
    pub(super) fn any(&self) -> Set {
        self.variables.mk_true()
    }

    /// Every case that can occur.
    pub(super) fn possible(&self) -> &Set {
        &self.possible
    }

    /// Every case that can occur and in which no fact is missing.
    pub(super) fn complete(&self) -> &Set {
        &self.complete
    }

    pub(super) fn and(&self, left: &Set, right: &Set) -> Result<Set, TooLarge> {
        self.combine(left, right, op_function::and)
    }

    pub(super) fn or(&self, left: &Set, right: &Set) -> Result<Set, TooLarge> {
        self.combine(left, right, op_function::or)
    }

    /// The cases of a set that are not in the other.
    pub(super) fn minus(&self, left: &Set, right: &Set) -> Result<Set, TooLarge> {
        self.combine(left, right, op_function::and_not)
    }

    /// Another question: what one took is not held against the next.
    pub(super) fn begin_another(&self) {
        self.work.set(0);
    }

    fn combine(
        &self,
        left: &Set,
        right: &Set,
        operation: fn(Option<bool>, Option<bool>) -> Option<bool>,
    ) -> Result<Set, TooLarge> {
        if self.work.get() > MAX_WORK || self.work_in_all.get() > MAX_WORK_IN_ALL {
            return Err(TooLarge);
        }
        let set = Bdd::binary_op_with_limit(MAX_NODES, left, right, operation).ok_or(TooLarge)?;
        let work = left.size() + right.size() + set.size();
        self.work.set(self.work.get() + work);
        self.work_in_all.set(self.work_in_all.get() + work);
        Ok(set)
    }

    /// The case of a set with the fewest facts.
    pub(super) fn smallest(&self, set: &Set) -> Option<Facts> {
        let case = set.most_negative_valuation()?;
        let facts = self.facts.iter().filter_map(|(name, fact)| {
            let (value, _) = fact.values.iter().find(|(_, bit)| case.value(*bit))?;
            Some((name.clone(), value.clone()))
        });
        Some(facts.collect())
    }
}

/// The facts in the order in which criteria use them: diagrams stay small when
/// what is tested together lies together.
fn in_order_of_use(
    versions: &[&Version],
    domains: &BTreeMap<String, Vec<FactValue>>,
) -> Vec<String> {
    let mut order: Vec<String> = vec![];
    let mut used = |name: &str| {
        if domains.contains_key(name) && !order.iter().any(|known| known == name) {
            order.push(name.to_owned());
        }
    };
    for criterion in versions.iter().flat_map(|version| version.all_criteria()) {
        for rule in criterion.when.iter().chain(&criterion.rule) {
            rule.expr.for_each_test(&mut |test| used(test.fact()));
        }
        if criterion.is_answered_directly() {
            used(&criterion.id.answer_fact());
        }
    }
    order
}
