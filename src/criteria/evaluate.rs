//! The reference evaluator: what a version says about a request.

use super::explanation::{
    CodeFinding, Determination, Explanation, FactRead, Node, RuleOutcome, ShownNotice,
    StatementNode,
};
use super::request::{Gates, Request};
use super::truth::Truth;
use crate::policy::{
    Code, CodeTable, Comparison, Criterion, Expr, FactValue, Facts, Gate, Rule, Test, Version,
};

/// What `version` says about `request`, with every value it rests on.
pub fn evaluate(version: &Version, request: &Request) -> Explanation {
    let gates = Gates::of(version, request);
    let facts = &request.facts;
    let outcome = Outcome::of(version, facts, gates);
    let statements = version
        .criteria
        .iter()
        .map(|statement| {
            let when = statement
                .when
                .as_ref()
                .map(|rule| rule_outcome(rule, facts));
            let node = node(statement, facts);
            StatementNode {
                outcome: statement_scope(statement, facts).and(node.value),
                when,
                covers: statement.covers,
                node,
            }
        })
        .collect();
    let mut explanation = Explanation {
        determination: outcome.determination(),
        addressed: outcome.addressed,
        listed: gates.address,
        covered: outcome.covered,
        excluded: outcome.excluded,
        required: outcome.required,
        statements,
        codes: code_findings(version, request),
        notices: notices(version, facts),
        deciding: vec![],
    };
    explanation.deciding = explanation.find_deciding();
    explanation
}

/// Only the determination: the same meaning, without the explanation.
pub fn determine(version: &Version, facts: &Facts, gates: Gates) -> Determination {
    Outcome::of(version, facts, gates).determination()
}

/// The values a determination is made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    pub addressed: Truth,
    pub covered: Truth,
    pub excluded: Truth,
    pub required: Truth,
}

impl Outcome {
    pub(super) fn of(version: &Version, facts: &Facts, gates: Gates) -> Self {
        Outcome::from_statements(
            version.criteria.iter().map(|statement| {
                let scope = statement_scope(statement, facts);
                let value = scope.and(criterion_truth(statement, facts));
                (scope, statement.covers, value)
            }),
            gates,
        )
    }

    /// From each statement's scope, whether it covers, and scope AND value.
    pub(super) fn from_statements(
        statements: impl Iterator<Item = (Truth, bool, Truth)>,
        gates: Gates,
    ) -> Self {
        let mut outcome = Outcome {
            addressed: Truth::False,
            covered: Truth::False,
            excluded: Truth::False,
            required: gates.required(),
        };
        for (scope, covers, value) in statements {
            outcome.addressed = outcome.addressed.or(scope);
            if covers {
                outcome.covered = outcome.covered.or(value);
            } else {
                outcome.excluded = outcome.excluded.or(value);
            }
        }
        outcome.addressed = outcome.addressed.and(gates.address);
        outcome
    }

    pub(super) fn determination(self) -> Determination {
        let met = self.covered.and(!self.excluded).and(self.required);
        match (self.addressed, met) {
            (Truth::False, _) => Determination::NotAddressed,
            (Truth::Unknown, _) | (Truth::True, Truth::Unknown) => Determination::Pend,
            (Truth::True, Truth::True) => Determination::Met,
            (Truth::True, Truth::False) => Determination::NotMet,
        }
    }
}

/// Whether a statement speaks to the request.
pub(super) fn statement_scope(statement: &Criterion, facts: &Facts) -> Truth {
    statement
        .when
        .as_ref()
        .map_or(Truth::True, |rule| expr_truth(&rule.expr, facts))
}

/// The value of a criterion: its own test AND its combined children.
pub fn criterion_truth(criterion: &Criterion, facts: &Facts) -> Truth {
    let own = own_truth(criterion, facts);
    if criterion.children.is_empty() {
        return own;
    }
    let children = criterion
        .children
        .iter()
        .map(|child| criterion_truth(child, facts));
    own.and(Truth::combine(criterion.need, children))
}

/// A criterion's own test, without its children: its rule, or for a leaf
/// without one the fact named after it.
pub(super) fn own_truth(criterion: &Criterion, facts: &Facts) -> Truth {
    match &criterion.rule {
        Some(rule) => expr_truth(&rule.expr, facts),
        None if criterion.children.is_empty() => {
            answer_truth(facts.get(&criterion.id.answer_fact()))
        }
        None => Truth::True,
    }
}

fn answer_truth(answer: Option<&FactValue>) -> Truth {
    match answer {
        Some(FactValue::Bool(value)) => (*value).into(),
        _ => Truth::Unknown,
    }
}

/// The value of a rule on these facts.
pub fn expr_truth(expr: &Expr, facts: &Facts) -> Truth {
    match expr {
        Expr::Literal(value) => (*value).into(),
        Expr::Test(test) => facts
            .get(test.fact())
            .map_or(Truth::Unknown, |value| test_holds(test, value)),
        Expr::Not(inner) => !expr_truth(inner, facts),
        Expr::And(left, right) => expr_truth(left, facts).and(expr_truth(right, facts)),
        Expr::Or(left, right) => expr_truth(left, facts).or(expr_truth(right, facts)),
    }
}

/// Whether a value passes a test of its fact.
pub(super) fn test_passes(test: &Test, value: &FactValue) -> bool {
    test_holds(test, value) == Truth::True
}

/// A value of another type than its test expects answers nothing: types are
/// checked when rules and cases are read, so this is a second line of defence.
fn test_holds(test: &Test, value: &FactValue) -> Truth {
    match test {
        Test::Holds { .. } => answer_truth(Some(value)),
        Test::In { values, .. } => values.contains(value).into(),
        Test::Compare {
            op,
            value: expected,
            ..
        } => match (op, value, expected) {
            (Comparison::Eq, left, right) => (left == right).into(),
            (Comparison::Ne, left, right) => (left != right).into(),
            (op, FactValue::Number(left), FactValue::Number(right)) => match op {
                Comparison::Lt => left < right,
                Comparison::Le => left <= right,
                Comparison::Gt => left > right,
                _ => left >= right,
            }
            .into(),
            _ => Truth::Unknown,
        },
    }
}

fn node(criterion: &Criterion, facts: &Facts) -> Node {
    Node {
        id: criterion.id.clone(),
        text: criterion.text.clone(),
        value: criterion_truth(criterion, facts),
        own: own_truth(criterion, facts),
        rule: criterion
            .rule
            .as_ref()
            .map(|rule| rule_outcome(rule, facts)),
        answer: criterion
            .is_answered_directly()
            .then(|| FactRead::of(&criterion.id.answer_fact(), facts)),
        need: criterion.need,
        children: criterion
            .children
            .iter()
            .map(|child| node(child, facts))
            .collect(),
    }
}

fn rule_outcome(rule: &Rule, facts: &Facts) -> RuleOutcome {
    RuleOutcome {
        source: rule.source.clone(),
        value: expr_truth(&rule.expr, facts),
        facts: FactRead::of_rule(rule, facts),
    }
}

fn code_findings(version: &Version, request: &Request) -> Vec<CodeFinding> {
    version
        .codes
        .iter()
        .map(|table| {
            let recorded = request.codes(table.system.is_procedure());
            let listed: Vec<_> = recorded
                .iter()
                .filter(|code| table.rows.iter().any(|row| row.code.names_same(code)))
                .cloned()
                .collect();
            CodeFinding {
                system: table.system,
                title: table.title.clone(),
                gate: table.gate,
                unlisted: recorded
                    .iter()
                    .filter(|code| answers_for(version, table, code) && !listed.contains(code))
                    .cloned()
                    .collect(),
                value: if recorded.is_empty() {
                    Truth::Unknown
                } else {
                    (!listed.is_empty()).into()
                },
                listed,
            }
        })
        .collect()
}

/// Whether a table is one to look for a code in: it is of the code's system,
/// or no table of its gate is.
fn answers_for(version: &Version, table: &CodeTable, code: &Code) -> bool {
    let mut alike = version.codes.iter().filter(|one| one.gate == table.gate);
    code.system() == table.system || !alike.any(|one| one.system == code.system())
}

/// A notice whose condition cannot be told is shown too: leaving it out would
/// be a guess.
fn notices(version: &Version, facts: &Facts) -> Vec<ShownNotice> {
    version
        .notices
        .iter()
        .filter_map(|notice| {
            let applies = notice
                .when
                .as_ref()
                .map_or(Truth::True, |rule| expr_truth(&rule.expr, facts));
            (applies != Truth::False).then(|| ShownNotice {
                text: notice.text.clone(),
                condition: notice.when.as_ref().map(|rule| rule.source.clone()),
                applies,
            })
        })
        .collect()
}

impl CodeFinding {
    /// Whether the request fails because of this table.
    pub fn fails(&self) -> bool {
        self.gate != Gate::Advise && self.value == Truth::False
    }
}
