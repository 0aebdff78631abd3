//! Criteria as three-valued SQL, and why each has the value it has.

use super::dialect::Dialect;
use super::term::{Layers, Term, join};
use crate::policy::{Comparison, Criterion, Expr, FactValue, Need, Test};

/// A criterion with its value, and the criteria it turns on.
#[derive(Debug)]
pub(super) struct Node {
    /// Its value: its own test AND its combined children.
    pub(super) value: Term,
    /// Its own test alone.
    own: Term,
    has_children: bool,
    /// The lowest criteria that make it hold, fail or stay open, as a text of
    /// numbers, a blank before each.
    pub(super) turns_on: Term,
}

/// Writes the criteria of one version.
pub(super) struct Writer<'l> {
    pub(super) dialect: Dialect,
    pub(super) layers: &'l mut Layers,
    /// The place of the version.
    pub(super) version: usize,
}

impl Writer<'_> {
    pub(super) fn column(&mut self, term: Term, what: &str) -> Term {
        self.layers.column(term, what, self.version)
    }

    fn fact(&self, name: &str) -> Term {
        Term::atom(self.dialect.name_of(name))
    }

    pub(super) fn node(&mut self, criterion: &Criterion) -> Node {
        let id = criterion.id.as_str();
        let own = match &criterion.rule {
            Some(rule) => self.expr(&rule.expr),
            None if criterion.children.is_empty() => self.fact(&criterion.id.answer_fact()),
            None => Term::constant(true),
        };
        let own = self.column(own, id);
        let itself = Term::atom(self.dialect.text(&format!(" {id}")));
        if criterion.children.is_empty() {
            return Node {
                value: own.clone(),
                own,
                has_children: false,
                turns_on: itself,
            };
        }
        let children: Vec<Node> = criterion
            .children
            .iter()
            .map(|one| self.node(one))
            .collect();
        let below = combine(criterion.need, &children);
        let below = self.column(below, &format!("below {id}"));
        let value = self.column(Term::all([own.clone(), below.clone()]), id);
        let turns_on = turns_on(criterion.need, &itself, &own, &below, &value, &children);
        Node {
            turns_on: self.column(turns_on, &format!("what {id} turns on")),
            value,
            own,
            has_children: true,
        }
    }

    /// The value of a rule.
    pub(super) fn expr(&self, expr: &Expr) -> Term {
        match expr {
            Expr::Literal(value) => Term::constant(*value),
            Expr::Test(test) => self.test(test),
            Expr::Not(inner) => self.expr(inner).not(),
            Expr::And(left, right) => Term::all([self.expr(left), self.expr(right)]),
            Expr::Or(left, right) => Term::any([self.expr(left), self.expr(right)]),
        }
    }

    fn test(&self, test: &Test) -> Term {
        let fact = self.fact(test.fact());
        match test {
            Test::Holds { .. } => fact,
            Test::Compare {
                op,
                value: FactValue::Bool(value),
                ..
            } => {
                if *value == (*op == Comparison::Eq) {
                    fact
                } else {
                    fact.not()
                }
            }
            Test::Compare { op, value, .. } => {
                let operator = match op {
                    Comparison::Eq => "=",
                    Comparison::Ne => "<>",
                    other => other.symbol(),
                };
                Term::comparison(format!("{} {operator} {}", fact.sql(), self.literal(value)))
            }
            Test::In { values, .. } => self.one_of(&fact, values),
        }
    }

    fn one_of(&self, fact: &Term, values: &[FactValue]) -> Term {
        if values.is_empty() {
            // No value passes, and a missing one is as unknown as ever.
            return Term::case(&[(fact.is_unknown().not(), Term::constant(false))], None);
        }
        if let [FactValue::Bool(_), ..] = values {
            let known = values.iter().map(|value| match value {
                FactValue::Bool(false) => fact.not(),
                _ => fact.clone(),
            });
            return Term::any(known);
        }
        let values: Vec<String> = values.iter().map(|value| self.literal(value)).collect();
        Term::comparison(format!("{} IN ({})", fact.sql(), values.join(", ")))
    }

    fn literal(&self, value: &FactValue) -> String {
        match value {
            FactValue::Bool(value) => Term::constant(*value).sql().to_owned(),
            FactValue::Number(number) => Dialect::number(*number),
            FactValue::Choice(word) => self.dialect.text(word),
        }
    }
}

/// The children as their parent needs them.
fn combine(need: Need, children: &[Node]) -> Term {
    let values = || children.iter().map(|child| child.value.clone());
    match need {
        Need::All => Term::all(values()),
        Need::Any => Term::any(values()),
        Need::None => Term::any(values()).not(),
        Need::AtLeast(count) => at_least(count, &values().collect::<Vec<_>>()),
    }
}

/// Counts those that hold, and those that may.
fn at_least(count: u32, values: &[Term]) -> Term {
    let counted = |of: &dyn Fn(&Term) -> String| join(values.iter().map(of).collect(), "+");
    let hold = counted(&|one| format!("CASE WHEN {} THEN 1 ELSE 0 END", one.sql()));
    let may = counted(&|one| format!("CASE WHEN NOT {} THEN 0 ELSE 1 END", one.operand()));
    let sql = format!("CASE WHEN {hold} >= {count} THEN TRUE WHEN {may} < {count} THEN FALSE END");
    Term::naming(sql, values)
}

/// Mirrors `Explanation::find_deciding` below a statement: which criteria a
/// node with children owes its value to.
fn turns_on(
    need: Need,
    itself: &Term,
    own: &Term,
    below: &Term,
    value: &Term,
    children: &[Node],
) -> Term {
    let holding = match need {
        Need::Any => {
            let children = children.iter();
            let parts: Vec<Term> = children
                .map(|child| only_if(&child.value, child.turns_on.clone()))
                .collect();
            Term::concat(&parts)
        }
        _ => itself.clone(),
    };
    let failing = if own.is(true) {
        failing_below(need, children)
    } else {
        let below = failing_below(need, children);
        Term::case(&[(own.not(), itself.clone())], Some(&below))
    };
    let open: Vec<Term> = children
        .iter()
        .map(|child| only_if(&child.value.is_unknown(), child.turns_on.clone()))
        .collect();
    let open = if own.is(true) {
        Term::concat(&open)
    } else {
        Term::concat(&[
            only_if(&own.is_unknown(), itself.clone()),
            only_if(&below.is_unknown(), Term::concat(&open)),
        ])
    };
    Term::case(
        &[(value.clone(), holding), (value.not(), failing)],
        Some(&open),
    )
}

/// What makes children fail their parent, whose own test does not.
fn failing_below(need: Need, children: &[Node]) -> Term {
    let part = |child: &Node, condition: Term| only_if(&condition, child.turns_on.clone());
    if need != Need::Any {
        let fails = |child: &Node| match need {
            Need::None => child.value.clone(),
            _ => child.value.not(),
        };
        let parts: Vec<Term> = children.iter().map(|one| part(one, fails(one))).collect();
        return Term::concat(&parts);
    }
    // All fail. Those whose guard fails are passed over, unless all are.
    let can_be_guarded = |child: &Node| child.has_children && !child.own.is(true);
    let kept: Vec<Term> = children
        .iter()
        .map(|child| {
            if can_be_guarded(child) {
                Term::case(
                    &[(child.own.not(), Term::atom("''"))],
                    Some(&child.turns_on),
                )
            } else {
                child.turns_on.clone()
            }
        })
        .collect();
    let kept = Term::concat(&kept);
    if !children.iter().all(can_be_guarded) {
        return kept;
    }
    let all_guarded = Term::all(children.iter().map(|child| child.own.not()));
    let all: Vec<Term> = children
        .iter()
        .map(|child| child.turns_on.clone())
        .collect();
    Term::case(&[(all_guarded, Term::concat(&all))], Some(&kept))
}

/// A text, where a condition holds.
pub(super) fn only_if(condition: &Term, text: Term) -> Term {
    if condition.is(true) {
        return text;
    }
    Term::case(&[(condition.clone(), text)], Some(&Term::atom("''")))
}
