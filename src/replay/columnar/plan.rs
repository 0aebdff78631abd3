//! What is computed for the cases of one policy: its versions as one program.

use std::collections::{BTreeMap, BTreeSet};

use super::program::{Program, Ref, TRUE};
use super::signature::signature;
use crate::compare::Alignment;
use crate::criteria::{Gates, Request, Truth};
use crate::policy::{
    Code, Criterion, Expr, FactKind, Gate, Policy, Rule, Test, Version, criterion::ANSWER_PREFIX,
};

/// As many gates of one kind of code as fit the bits of a word.
const MOST_GATES: usize = 64;

/// The versions of a policy, compiled.
#[derive(Debug)]
pub(super) struct Plan<'a> {
    pub policy: &'a Policy,
    /// The versions asked about, then those that decisions may rest on.
    pub versions: Vec<&'a Version>,
    /// How many versions are asked about.
    pub asked: usize,
    pub program: Program,
    /// For each version, what its determination is made from.
    pub outcomes: Vec<Outcome>,
    /// For each two neighbours among those asked about.
    pub pairs: Vec<Pair>,
    pub inputs: InputMap,
    /// Inputs of facts of which one, if true, contradicts the other if false.
    pub implications: Vec<(usize, usize)>,
    /// For each version asked about, the facts its criteria read, each with
    /// the values that are unknown where it is.
    pub facts: Vec<Vec<(String, Vec<Ref>)>>,
}

/// What a determination is made from; see `criteria::evaluate`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outcome {
    pub addressed: Ref,
    /// Covered, not excluded, and with every required code.
    pub met: Ref,
}

/// Two neighbouring versions.
#[derive(Debug)]
pub(super) struct Pair {
    pub alignment: Alignment,
    /// Everything that the causes of a flip can depend on.
    pub signature: Vec<Ref>,
}

/// Where each thing a case records goes.
#[derive(Debug, Default)]
pub(super) struct InputMap {
    /// How many inputs there are.
    pub count: usize,
    /// Boolean facts and answers.
    pub bools: BTreeMap<String, usize>,
    /// The tests of numbers and choices.
    pub tests: BTreeMap<String, Vec<(Test, usize)>>,
    /// Gates on procedure codes, then on diagnosis codes.
    pub gates: [Vec<GateInput>; 2],
}

/// What the tables of a version say about codes of one kind.
#[derive(Debug)]
pub(super) struct GateInput {
    version: usize,
    of: GateOf,
    pub place: usize,
    /// The tables: no two inputs are the same.
    tables: Vec<BTreeSet<String>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum GateOf {
    Address,
    RequireProcedure,
    RequireDiagnosis,
}

impl GateOf {
    fn is_of_procedures(self) -> bool {
        self != GateOf::RequireDiagnosis
    }

    fn value(self, gates: Gates) -> Truth {
        match self {
            GateOf::Address => gates.address,
            GateOf::RequireProcedure => gates.require_procedure,
            GateOf::RequireDiagnosis => gates.require_diagnosis,
        }
    }
}

impl<'a> Plan<'a> {
    /// Compiles the versions asked about, and every other of the policy
    /// behind them. None if the policy has more gates than a word has bits.
    pub fn new(policy: &'a Policy, asked: &[&'a Version]) -> Option<Self> {
        let others = policy.versions.iter();
        let others = others.filter(|one| !asked.iter().any(|version| std::ptr::eq(*version, *one)));
        let versions: Vec<&Version> = asked.iter().copied().chain(others).collect();
        let mut compiler = Compiler {
            policy,
            program: Program::new(),
            inputs: InputMap::default(),
        };
        let outcomes = (0..versions.len())
            .map(|index| compiler.outcome(&versions, index))
            .collect();
        let pairs = (1..asked.len())
            .map(|index| {
                let (old, new) = (asked[index - 1], asked[index]);
                let alignment = Alignment::of(old, new);
                let mut signature = signature(&mut compiler, old, new, &alignment);
                for index in [index - 1, index] {
                    signature.extend(compiler.gates(&versions, index));
                }
                signature.sort_unstable();
                signature.dedup();
                signature.retain(|one| *one != TRUE && *one != !TRUE);
                Pair {
                    alignment,
                    signature,
                }
            })
            .collect();
        let implications = compiler.implications();
        let facts = asked
            .iter()
            .map(|version| compiler.facts(version))
            .collect();
        let fits = |gates: &Vec<GateInput>| gates.len() <= MOST_GATES;
        compiler.inputs.gates.iter().all(fits).then_some(Plan {
            policy,
            versions,
            asked: asked.len(),
            outcomes,
            pairs,
            implications,
            facts,
            program: compiler.program,
            inputs: compiler.inputs,
        })
    }

    /// The place of a version among those compiled.
    pub fn place(&self, version: &Version) -> u16 {
        let place = self
            .versions
            .iter()
            .position(|one| std::ptr::eq(*one, version));
        place.map_or(u16::MAX, |place| place as u16)
    }

    /// What the gates say about codes, a bit a gate; none are recorded if
    /// there are no codes.
    pub fn gate_bits(&self, procedures: bool, codes: Vec<Code>) -> u64 {
        let mut request = Request::default();
        if procedures {
            request.procedure_codes = codes;
        } else {
            request.diagnosis_codes = codes;
        }
        let gates = &self.inputs.gates[usize::from(!procedures)];
        gates.iter().enumerate().fold(0, |bits, (bit, gate)| {
            let said = Gates::of(self.versions[gate.version], &request);
            bits | u64::from(gate.of.value(said) == Truth::True) << bit
        })
    }
}

/// Turns criteria and rules into nodes.
pub(super) struct Compiler<'a> {
    policy: &'a Policy,
    program: Program,
    inputs: InputMap,
}

impl Compiler<'_> {
    fn outcome(&mut self, versions: &[&Version], index: usize) -> Outcome {
        let version = versions[index];
        let (mut scopes, mut covered, mut excluded) = (vec![], vec![], vec![]);
        for statement in &version.criteria {
            let scope = self.scope(statement);
            let value = self.criterion(statement);
            let value = self.program.all([scope, value]);
            scopes.push(scope);
            if statement.covers {
                covered.push(value);
            } else {
                excluded.push(value);
            }
        }
        let [address, procedures, diagnoses] = self.gates(versions, index);
        let addressed = self.program.any(scopes);
        let covered = self.program.any(covered);
        let excluded = self.program.any(excluded);
        Outcome {
            addressed: self.program.all([addressed, address]),
            met: self
                .program
                .all([covered, !excluded, procedures, diagnoses]),
        }
    }

    /// Whether a statement speaks to the request.
    pub fn scope(&mut self, statement: &Criterion) -> Ref {
        match &statement.when {
            Some(rule) => self.rule(rule),
            None => TRUE,
        }
    }

    /// A criterion's own test AND its combined children.
    pub fn criterion(&mut self, criterion: &Criterion) -> Ref {
        let own = self.own(criterion);
        if criterion.children.is_empty() {
            return own;
        }
        let children = criterion.children.iter();
        let children = children.map(|child| self.criterion(child)).collect();
        let children = self.program.combine(criterion.need, children);
        self.program.all([own, children])
    }

    /// A criterion's own test, without its children.
    pub fn own(&mut self, criterion: &Criterion) -> Ref {
        match &criterion.rule {
            Some(rule) => self.rule(rule),
            None if criterion.children.is_empty() => self.fact(&criterion.id.answer_fact()),
            None => TRUE,
        }
    }

    fn rule(&mut self, rule: &Rule) -> Ref {
        self.expr(&rule.expr)
    }

    fn expr(&mut self, expr: &Expr) -> Ref {
        match expr {
            Expr::Literal(value) => Program::constant(*value),
            Expr::Test(test) => self.test(test),
            Expr::Not(inner) => !self.expr(inner),
            Expr::And(left, right) => {
                let both = [self.expr(left), self.expr(right)];
                self.program.all(both)
            }
            Expr::Or(left, right) => {
                let both = [self.expr(left), self.expr(right)];
                self.program.any(both)
            }
        }
    }

    fn test(&mut self, test: &Test) -> Ref {
        let fact = test.fact();
        let is_bool = self
            .policy
            .facts
            .get(fact)
            .is_none_or(|one| one.kind == FactKind::Bool);
        if let (true, Test::Holds { .. }) = (is_bool, test) {
            return self.fact(fact);
        }
        if let (true, Some(wanted)) = (is_bool, tested_bools(test)) {
            let fact = self.fact(fact);
            return match wanted {
                // Known, whatever it is: the fact's own unknown is kept.
                (true, true) => self.program.any([fact, !fact]),
                (false, false) => self.program.all([fact, !fact]),
                (true, false) => fact,
                (false, true) => !fact,
            };
        }
        let place = self.test_input(test);
        self.program.input(place)
    }

    fn test_input(&mut self, test: &Test) -> usize {
        let tests = self.inputs.tests.entry(test.fact().to_owned()).or_default();
        if let Some((_, place)) = tests.iter().find(|(known, _)| known == test) {
            return *place;
        }
        let place = self.inputs.count;
        self.inputs.count += 1;
        tests.push((test.clone(), place));
        place
    }

    /// A Boolean fact or an answer, closed under `implies`.
    fn fact(&mut self, name: &str) -> Ref {
        if name.starts_with(ANSWER_PREFIX) {
            return self.recorded(name);
        }
        let (causes, effects) = self.relatives(name);
        if causes.len() + effects.len() == 2 {
            return self.recorded(name);
        }
        let causes = causes.iter().map(|one| self.recorded(one)).collect();
        let effects = effects.iter().map(|one| self.recorded(one)).collect();
        self.program.closed(causes, effects)
    }

    fn recorded(&mut self, name: &str) -> Ref {
        let place = self.place(name);
        self.program.input(place)
    }

    /// The input of a Boolean fact or an answer.
    fn place(&mut self, name: &str) -> usize {
        if let Some(place) = self.inputs.bools.get(name) {
            return *place;
        }
        let place = self.inputs.count;
        self.inputs.count += 1;
        self.inputs.bools.insert(name.to_owned(), place);
        place
    }

    /// The facts that imply this one and those it implies, itself among both.
    fn relatives(&self, name: &str) -> (Vec<String>, Vec<String>) {
        let facts = &self.policy.facts;
        let causes = facts
            .names()
            .filter(|one| *one == name || facts.implied_by(one).contains(&name));
        let effects = facts.implied_by(name).into_iter().chain([name]);
        (
            causes.map(str::to_owned).collect(),
            effects.map(str::to_owned).collect(),
        )
    }

    /// What contradicts what, through any number of steps and whether or not
    /// a criterion reads it.
    fn implications(&mut self) -> Vec<(usize, usize)> {
        let facts = &self.policy.facts;
        let mut pairs = vec![];
        for cause in facts.names() {
            for effect in facts.implied_by(cause) {
                pairs.push((cause, effect));
            }
        }
        let pairs = pairs.into_iter();
        pairs
            .map(|(cause, effect)| (self.place(cause), self.place(effect)))
            .collect()
    }

    /// The facts that a version's criteria read, each with the values that
    /// are unknown where it is.
    fn facts(&mut self, version: &Version) -> Vec<(String, Vec<Ref>)> {
        let mut facts: BTreeMap<String, Vec<Ref>> = BTreeMap::new();
        for criterion in version.all_criteria() {
            let rules = [&criterion.when, &criterion.rule];
            for rule in rules.into_iter().flatten() {
                rule.expr.for_each_test(&mut |test| {
                    let value = self.tested(test);
                    let values = facts.entry(test.fact().to_owned()).or_default();
                    if !values.contains(&value) {
                        values.push(value);
                    }
                });
            }
            if criterion.is_answered_directly() {
                let name = criterion.id.answer_fact();
                let value = self.fact(&name);
                facts.entry(name).or_insert_with(|| vec![value]);
            }
        }
        facts.into_iter().collect()
    }

    fn tested(&mut self, test: &Test) -> Ref {
        match self.policy.facts.get(test.fact()) {
            Some(one) if one.kind != FactKind::Bool => {
                let place = self.test_input(test);
                self.program.input(place)
            }
            _ => self.fact(test.fact()),
        }
    }

    /// The gates of a version: address, required procedures, required diagnoses.
    fn gates(&mut self, versions: &[&Version], index: usize) -> [Ref; 3] {
        [
            (GateOf::Address, Gate::Address),
            (GateOf::RequireProcedure, Gate::Require),
            (GateOf::RequireDiagnosis, Gate::Require),
        ]
        .map(|(of, gate)| {
            let procedures = of.is_of_procedures();
            let tables = versions[index].codes.iter();
            let tables =
                tables.filter(|one| one.gate == gate && one.system.is_procedure() == procedures);
            let mut tables: Vec<BTreeSet<String>> = tables
                .map(|table| {
                    table
                        .rows
                        .iter()
                        .map(|row| row.code.as_str().to_owned())
                        .collect()
                })
                .collect();
            if tables.is_empty() {
                return TRUE;
            }
            if of == GateOf::Address {
                // One of them suffices.
                tables = vec![tables.into_iter().flatten().collect()];
            }
            let place = self.gate_input(index, of, tables);
            self.program.input(place)
        })
    }

    fn gate_input(&mut self, version: usize, of: GateOf, tables: Vec<BTreeSet<String>>) -> usize {
        let known = &mut self.inputs.gates[usize::from(!of.is_of_procedures())];
        // A set that addresses and one that is required say the same of a code.
        if let Some(same) = known.iter().find(|one| one.tables == tables) {
            return same.place;
        }
        let place = self.inputs.count;
        self.inputs.count += 1;
        known.push(GateInput {
            version,
            of,
            place,
            tables,
        });
        place
    }

    /// Children of which all are the same in two versions, as one value where
    /// their parent needs allow it.
    pub fn together(&mut self, need: crate::policy::Need, children: Vec<Ref>) -> Vec<Ref> {
        match need {
            crate::policy::Need::AtLeast(_) => children,
            need => vec![self.program.combine(need, children)],
        }
    }
}

/// Which values of a Boolean fact pass a test: true, false.
fn tested_bools(test: &Test) -> Option<(bool, bool)> {
    use crate::policy::{Comparison, FactValue};
    let passes = |value: bool| match test {
        Test::Holds { .. } => Some(value),
        Test::In { values, .. } => Some(values.contains(&FactValue::Bool(value))),
        Test::Compare {
            op,
            value: expected,
            ..
        } => match op {
            Comparison::Eq => Some(*expected == FactValue::Bool(value)),
            Comparison::Ne => Some(*expected != FactValue::Bool(value)),
            _ => None,
        },
    };
    Some((passes(true)?, passes(false)?))
}
