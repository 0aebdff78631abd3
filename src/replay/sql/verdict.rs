//! From criteria and code tables to a determination and what decides it.

use super::criteria::{Node, Writer, only_if};
use super::gates;
use super::term::Term;
use crate::criteria::Determination;
use crate::policy::Version;

/// What a version determines, and the criteria it turns on.
pub(super) struct Verdict {
    pub(super) determination: Term,
    pub(super) deciding: Term,
}

/// A statement with its scope.
struct Scoped {
    id: Term,
    covers: bool,
    scope: Term,
    /// Scope AND value.
    outcome: Term,
    node: Node,
}

/// Writes what a version determines.
pub(super) fn verdict(version: &Version, writer: &mut Writer<'_>) -> Verdict {
    let statements: Vec<Scoped> = version
        .criteria
        .iter()
        .map(|criterion| {
            let id = criterion.id.as_str();
            let scope = match &criterion.when {
                Some(rule) => writer.expr(&rule.expr),
                None => Term::constant(true),
            };
            let scope = writer.column(scope, &format!("scope of {id}"));
            let node = writer.node(criterion);
            let outcome = Term::all([scope.clone(), node.value.clone()]);
            Scoped {
                id: Term::atom(writer.dialect.text(&format!(" {id}"))),
                covers: criterion.covers,
                outcome: writer.column(outcome, &format!("{id} in its scope")),
                scope,
                node,
            }
        })
        .collect();
    let of = |covers: bool| statements.iter().filter(move |one| one.covers == covers);
    let outcomes = |covers: bool| Term::any(of(covers).map(|one| one.outcome.clone()));
    let listed = writer.column(gates::address(version, writer.dialect), "codes addressed");
    let required: Vec<Term> = gates::required(version, writer.dialect)
        .into_iter()
        .map(|table| writer.column(table, "codes required"))
        .collect();
    let scopes = Term::any(statements.iter().map(|one| one.scope.clone()));
    let addressed = writer.column(Term::all([scopes, listed]), "addressed");
    let covered = writer.column(outcomes(true), "covered");
    let excluded = writer.column(outcomes(false), "excluded");
    let met = Term::all(
        [covered.clone(), excluded.not()]
            .into_iter()
            .chain(required),
    );
    let met = writer.column(met, "met");
    let determination = writer.column(determination(&addressed, &met), "determination");
    let deciding = Deciding {
        statements: &statements,
        covered,
        excluded,
        met,
        determination: determination.clone(),
    };
    Verdict {
        deciding: writer.column(deciding.text(), "deciding"),
        determination,
    }
}

fn named(determination: Determination) -> Term {
    Term::atom(format!("'{determination}'"))
}

fn determination(addressed: &Term, met: &Term) -> Term {
    let branches = [
        (addressed.not(), named(Determination::NotAddressed)),
        (addressed.is_unknown(), named(Determination::Pend)),
        (met.clone(), named(Determination::Met)),
        (met.not(), named(Determination::NotMet)),
    ];
    Term::case(&branches, Some(&named(Determination::Pend)))
}

/// Mirrors `Explanation::find_deciding`.
struct Deciding<'a> {
    statements: &'a [Scoped],
    covered: Term,
    excluded: Term,
    met: Term,
    determination: Term,
}

impl Deciding<'_> {
    fn of(&self, covers: bool) -> impl Iterator<Item = &Scoped> {
        let statements = self.statements.iter();
        statements.filter(move |one| one.covers == covers)
    }

    /// The numbers of the criteria, a blank before each.
    fn text(&self) -> Term {
        let is = |determination: Determination| {
            Term::naming(
                format!(
                    "{} = {}",
                    self.determination.operand(),
                    named(determination).sql()
                ),
                [&self.determination],
            )
        };
        let branches = [
            (is(Determination::Met), self.holding(true)),
            (is(Determination::NotMet), self.not_met()),
            (is(Determination::Pend), self.open()),
        ];
        Term::case(&branches, Some(&Term::atom("''")))
    }

    fn holding(&self, covers: bool) -> Term {
        let parts = self.of(covers);
        let parts: Vec<Term> = parts
            .map(|one| only_if(&one.outcome, one.node.turns_on.clone()))
            .collect();
        Term::concat(&parts)
    }

    fn not_met(&self) -> Term {
        let uncovered = only_if(&self.covered.not(), self.failing());
        if self.of(false).next().is_none() {
            return uncovered;
        }
        Term::concat(&[self.holding(false), uncovered])
    }

    /// Statements that speak to the request, or all if none does.
    fn failing(&self) -> Term {
        let spoken_to: Vec<Term> = self
            .of(true)
            .map(|one| {
                if one.scope.is(true) {
                    return one.node.turns_on.clone();
                }
                let silent = (one.scope.not(), Term::atom("''"));
                Term::case(&[silent], Some(&one.node.turns_on))
            })
            .collect();
        let spoken_to = Term::concat(&spoken_to);
        if self.of(true).next().is_none() {
            return spoken_to;
        }
        let silent = Term::all(self.of(true).map(|one| one.scope.not()));
        if silent.is(false) {
            return spoken_to;
        }
        let all: Vec<Term> = self.of(true).map(|one| one.id.clone()).collect();
        Term::case(&[(silent, Term::concat(&all))], Some(&spoken_to))
    }

    /// What is unknown and matters: not where others of its kind have settled
    /// that it is covered or excluded, nor where it cannot be met any more.
    fn open(&self) -> Term {
        let parts: Vec<Term> = self
            .statements
            .iter()
            .map(|one| {
                let kind = if one.covers {
                    &self.covered
                } else {
                    &self.excluded
                };
                let conditions = [kind, &one.outcome, &one.node.value].map(Term::is_unknown);
                only_if(&Term::all(conditions), one.node.turns_on.clone())
            })
            .collect();
        only_if(&self.met.is_unknown(), Term::concat(&parts))
    }
}
