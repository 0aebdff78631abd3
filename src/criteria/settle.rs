//! Which missing facts would settle a pended case.
//!
//! A set of facts *settles* a case when, whatever their values turn out to
//! be, the determination is no longer `pend`. The smallest such set is what a
//! reviewer has to ask for.

use std::collections::{BTreeMap, HashSet};
use std::fmt;

use super::domain::domains;
use super::evaluate::{criterion_truth, determine, expr_truth, statement_scope};
use super::explanation::Determination;
use super::request::{Gates, Request};
use super::truth::Truth;
use crate::policy::{Criterion, Dictionary, FactValue, Facts, Gate, Rule, Version};

/// Something a case does not record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Missing {
    /// No procedure code is recorded.
    ProcedureCodes,
    /// No diagnosis code is recorded.
    DiagnosisCodes,
    /// This fact is not recorded.
    Fact(String),
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Missing::ProcedureCodes => "procedure_codes",
            Missing::DiagnosisCodes => "diagnosis_codes",
            Missing::Fact(name) => name,
        })
    }
}

/// The facts that settle a pended case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settling {
    /// The facts to ask for, in document order; none if the case does not pend.
    pub missing: Vec<Missing>,
    /// The one of them to ask for first: its answer leaves the fewest others
    /// to ask for.
    pub first: Option<Missing>,
    /// Whether no smaller set would do. False only when the search for one
    /// was cut short: the set then settles the case but may hold more than it
    /// must.
    pub smallest: bool,
}

/// How many criteria a search may look at before it is cut short.
const BUDGET: usize = 1_000_000;
/// Where more than this is open, no smaller set is searched for.
const MAX_OPEN: usize = 60;

/// The smallest set of missing facts that settles `request` under `version`.
pub fn settling_set(version: &Version, dictionary: &Dictionary, request: &Request) -> Settling {
    let state = State {
        facts: request.facts.clone(),
        gates: Gates::of(version, request),
    };
    if determine(version, &state.facts, state.gates) != Determination::Pend {
        return Settling {
            smallest: true,
            ..Settling::default()
        };
    }
    let open = open_questions(version, &state);
    if open.len() > MAX_OPEN {
        return Settling {
            first: open.first().cloned(),
            missing: open,
            smallest: false,
        };
    }
    let mut search = Search {
        version,
        dictionary,
        looked_at: 0,
        size: version.all_criteria().count().max(1),
        moves: moves(version, dictionary, &state),
    };
    let (missing, smallest) = search.smallest(&state);
    Settling {
        first: search.first(&state, &missing),
        missing,
        smallest,
    }
}

/// The ways in which one missing thing may turn out.
type Moves = BTreeMap<Missing, Vec<Move>>;

#[derive(Clone, Debug)]
enum Move {
    Fact(String, FactValue),
    Procedure { address: Truth, require: Truth },
    Diagnosis { require: Truth },
}

#[derive(Clone)]
struct State {
    facts: Facts,
    gates: Gates,
}

fn moves(version: &Version, dictionary: &Dictionary, state: &State) -> Moves {
    let mut domains = domains(&[version], dictionary);
    let answers = |gate: Gate, procedure: bool| {
        let asked = version
            .codes
            .iter()
            .any(|table| table.gate == gate && table.system.is_procedure() == procedure);
        if asked {
            vec![Truth::True, Truth::False]
        } else {
            vec![Truth::True]
        }
    };
    let mut moves = Moves::new();
    for missing in open_questions(version, state) {
        let turns = match &missing {
            Missing::Fact(name) => domains
                .remove(name)
                .unwrap_or_default()
                .into_iter()
                .map(|value| Move::Fact(name.clone(), value))
                .collect(),
            Missing::ProcedureCodes => {
                let mut turns = vec![];
                for address in answers(Gate::Address, true) {
                    for require in answers(Gate::Require, true) {
                        turns.push(Move::Procedure { address, require });
                    }
                }
                turns
            }
            Missing::DiagnosisCodes => answers(Gate::Require, false)
                .into_iter()
                .map(|require| Move::Diagnosis { require })
                .collect(),
        };
        moves.insert(missing, turns);
    }
    moves
}

/// What is missing and may still bear on the determination, in document
/// order. Learning a fact never adds to it.
fn open_questions(version: &Version, state: &State) -> Vec<Missing> {
    let mut open = Open::default();
    if !state.gates.address.is_known() || !state.gates.require_procedure.is_known() {
        open.push(Missing::ProcedureCodes);
    }
    if !state.gates.require_diagnosis.is_known() {
        open.push(Missing::DiagnosisCodes);
    }
    for statement in &version.criteria {
        let scope = statement_scope(statement, &state.facts);
        if let Some(when) = statement.when.as_ref().filter(|_| !scope.is_known()) {
            open_in_rule(when, state, &mut open);
        }
        if scope != Truth::False {
            open_in(statement, state, &mut open);
        }
    }
    open.order
}

fn open_in(criterion: &Criterion, state: &State, open: &mut Open) {
    if criterion_truth(criterion, &state.facts).is_known() {
        return;
    }
    match &criterion.rule {
        Some(rule) => open_in_rule(rule, state, open),
        None if criterion.children.is_empty() => {
            open.push(Missing::Fact(criterion.id.answer_fact()));
        }
        None => {}
    }
    for child in &criterion.children {
        open_in(child, state, open);
    }
}

fn open_in_rule(rule: &Rule, state: &State, open: &mut Open) {
    if expr_truth(&rule.expr, &state.facts).is_known() {
        return;
    }
    rule.expr.for_each_test(&mut |test| {
        if state.facts.get(test.fact()).is_none() {
            open.push(Missing::Fact(test.fact().to_owned()));
        }
    });
}

/// Things that are missing, each once, in the order in which they were met.
#[derive(Default)]
struct Open {
    order: Vec<Missing>,
    known: HashSet<Missing>,
}

impl Open {
    fn push(&mut self, missing: Missing) {
        if self.known.insert(missing.clone()) {
            self.order.push(missing);
        }
    }
}

/// The search was cut short.
struct OutOfBudget;

struct Search<'a> {
    version: &'a Version,
    dictionary: &'a Dictionary,
    looked_at: usize,
    /// What one determination looks at.
    size: usize,
    moves: Moves,
}

impl Search<'_> {
    /// The smallest settling set, and whether it is certain that there is no
    /// smaller one.
    fn smallest(&mut self, state: &State) -> (Vec<Missing>, bool) {
        let all = open_questions(self.version, state);
        let Ok(necessary) = self.necessary(state, &all) else {
            return (all, false);
        };
        let optional: Vec<Missing> = all
            .iter()
            .filter(|missing| !necessary.contains(missing))
            .cloned()
            .collect();
        for size in 0..=optional.len() {
            match self.with_optional(state, &necessary, &optional, size) {
                Ok(Some(missing)) => {
                    let chosen = all.into_iter().filter(|one| missing.contains(one));
                    return (chosen.collect(), true);
                }
                Ok(None) => {}
                Err(OutOfBudget) => break,
            }
        }
        (all, false)
    }

    /// The fact whose answers leave the fewest open questions, all answers
    /// weighed alike; the first of equals.
    fn first(&self, state: &State, missing: &[Missing]) -> Option<Missing> {
        let answers: usize = missing.iter().map(|one| self.moves[one].len()).sum();
        if answers * self.size > BUDGET {
            return missing.first().cloned();
        }
        let left_open = |one: &Missing| -> f64 {
            let answers: Vec<usize> = self.moves[one]
                .iter()
                .filter_map(|turn| self.after(state, turn.clone()))
                .map(|after| self.left_open(&after))
                .collect();
            answers.iter().sum::<usize>() as f64 / answers.len().max(1) as f64
        };
        missing
            .iter()
            .min_by(|one, other| left_open(one).total_cmp(&left_open(other)))
            .cloned()
    }

    fn left_open(&self, state: &State) -> usize {
        match determine(self.version, &state.facts, state.gates) {
            Determination::Pend => open_questions(self.version, state).len(),
            _ => 0,
        }
    }

    /// The facts without which not even all the others settle the case. Every
    /// settling set holds them.
    fn necessary(&mut self, state: &State, all: &[Missing]) -> Result<Vec<Missing>, OutOfBudget> {
        let mut necessary = vec![];
        for one in all {
            let others: Vec<&Missing> = all.iter().filter(|other| *other != one).collect();
            if !self.settles(state, &others)? {
                necessary.push(one.clone());
            }
        }
        Ok(necessary)
    }

    /// The first set of `necessary` and `size` of the optional facts that settles.
    fn with_optional(
        &mut self,
        state: &State,
        necessary: &[Missing],
        optional: &[Missing],
        size: usize,
    ) -> Result<Option<Vec<Missing>>, OutOfBudget> {
        let mut picked: Vec<usize> = (0..size).collect();
        loop {
            let mut set: Vec<&Missing> = necessary.iter().collect();
            set.extend(picked.iter().map(|index| &optional[*index]));
            if self.settles(state, &set)? {
                return Ok(Some(set.into_iter().cloned().collect()));
            }
            if !next_combination(&mut picked, optional.len()) {
                return Ok(None);
            }
        }
    }

    /// Whether the case is settled however the facts of `set` turn out.
    fn settles(&mut self, state: &State, set: &[&Missing]) -> Result<bool, OutOfBudget> {
        self.looked_at += self.size;
        if self.looked_at > BUDGET {
            return Err(OutOfBudget);
        }
        if determine(self.version, &state.facts, state.gates) != Determination::Pend {
            return Ok(true);
        }
        // Only what still bears on the case is asked: anything else would
        // multiply the ways it can turn out without changing one.
        let next = open_questions(self.version, state)
            .into_iter()
            .find(|open| set.contains(&open));
        let Some(next) = next else {
            return Ok(false);
        };
        for turn in self.moves[&next].clone() {
            let Some(after) = self.after(state, turn) else {
                continue;
            };
            if !self.settles(&after, set)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The state after one thing is learned; none if it cannot turn out so.
    fn after(&self, state: &State, turn: Move) -> Option<State> {
        let mut next = state.clone();
        match turn {
            Move::Fact(name, value) => {
                next.facts.set(name, value);
                next.facts = next.facts.close(self.dictionary).ok()?;
            }
            Move::Procedure { address, require } => {
                next.gates.address = address;
                next.gates.require_procedure = require;
            }
            Move::Diagnosis { require } => next.gates.require_diagnosis = require,
        }
        Some(next)
    }
}

/// Moves on to the next ascending choice out of `total`; false after the last.
pub(super) fn next_combination(picked: &mut [usize], total: usize) -> bool {
    let size = picked.len();
    for index in (0..size).rev() {
        if picked[index] < total - (size - index) {
            picked[index] += 1;
            for after in index + 1..size {
                picked[after] = picked[after - 1] + 1;
            }
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn combinations_are_ascending_and_complete() {
        let mut picked = vec![0, 1];
        let mut seen = vec![picked.clone()];
        while next_combination(&mut picked, 4) {
            seen.push(picked.clone());
        }
        assert_eq!(
            seen,
            [[0, 1], [0, 2], [0, 3], [1, 2], [1, 3], [2, 3]].map(Vec::from)
        );
        assert!(!next_combination(&mut [], 3));
    }
}
