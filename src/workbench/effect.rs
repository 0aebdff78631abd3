//! What changing from one version to another does to determinations.

use std::collections::BTreeSet;

use super::compare::Relation;
use super::evidence::Evidence;
use super::facts::disagreement;
use super::names::Named;
use super::open::Workbench;
use super::problem::Problem;
use crate::compare::{Alignment, CriterionChange, Pair, Weight, compare};
use crate::criteria::effect::{
    Dead, Difference, Effect, Scope, Verdict, changes_that_move, dead_criteria, effect,
};
use crate::criteria::{Cause, Explanation, Request, causes, evaluate};
use crate::policy::{
    Code, CriterionId, Dictionary, FactKind, FactValue, Facts, Gate, Version, VersionRef,
};

/// The effect of changing from one version to another.
#[derive(Clone, Debug, PartialEq)]
pub struct Affected {
    /// The versions.
    pub versions: Pair<VersionRef>,
    /// How the two belong together.
    pub relation: Relation,
    /// What it does to the criteria, over every case.
    pub effect: Effect,
    /// Its examples replayed, in their order.
    pub examples: Vec<ReplayedExample>,
    /// The substantive changes of criteria, in the order of the comparison.
    pub changes: Vec<ChangeEffect>,
    /// Procedure codes that only the older, or only the newer version addresses.
    pub codes: Pair<Vec<Code>>,
    /// Criteria of the newer version that cannot do what they are there for.
    /// None where that would take more room than the analysis is given.
    pub dead: Option<Vec<Dead>>,
    /// What the answer rests on.
    pub evidence: Evidence,
}

/// An example of an effect, replayed against both versions.
#[derive(Clone, Debug, PartialEq)]
pub struct ReplayedExample {
    /// Its facts as question and answer.
    pub facts: Vec<FactInWords>,
    /// The request that was replayed: a code that both list, and the facts.
    pub request: Request,
    /// The criteria that account for it.
    pub because: Vec<Cause>,
    /// What each version makes of it.
    pub explained: Pair<Explanation>,
}

/// A fact of a case as a person would put it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactInWords {
    /// Its name.
    pub name: String,
    /// What a reviewer is asked, if the dictionary tells.
    pub question: Option<String>,
    /// The answer.
    pub answer: String,
}

impl FactInWords {
    /// Question and answer in a line.
    pub fn describe(&self) -> String {
        match &self.question {
            Some(question) => format!("{question} {}", self.answer),
            None => format!("{}: {}", self.name, self.answer),
        }
    }
}

impl Affected {
    /// What is compared, in a line.
    pub fn title(&self) -> String {
        self.relation.title(&self.versions)
    }

    /// The verdict and what it means.
    pub fn verdict_in_words(&self) -> &'static str {
        match self.effect.verdict {
            Verdict::Equivalent => {
                "EQUIVALENT: with codes that both list, no case comes out better or worse"
            }
            Verdict::Stricter => "STRICTER: some cases come out worse, none better",
            Verdict::Looser => "LOOSER: some cases come out better, none worse",
            Verdict::Both => "BOTH: some cases come out worse, others better",
        }
    }

    /// What else there is to know: where the two differ, and which requests
    /// and codes they speak to. A line each.
    pub fn scope_in_words(&self) -> Vec<String> {
        let missing = self.effect.only_where_facts_are_missing;
        let missing =
            missing.then(|| "they differ only on cases in which a fact is missing".to_owned());
        let scope = match self.effect.scope {
            Scope::Same => None,
            Scope::Wider => Some("more requests than before fall under the criteria"),
            Scope::Narrower => Some("fewer requests than before fall under the criteria"),
            Scope::Different => Some("other requests than before fall under the criteria"),
        };
        let scope = scope.map(|scope| format!("scope: {scope}"));
        let codes = |what: &str, codes: &[Code]| {
            let list: Vec<_> = codes.iter().map(Code::as_str).collect();
            (!codes.is_empty())
                .then(|| format!("codes: {what} by {}: {}", codes.len(), list.join(", ")))
        };
        let wider = codes("wider", &self.codes.new);
        let narrower = codes("narrower", &self.codes.old);
        [missing, scope, wider, narrower]
            .into_iter()
            .flatten()
            .collect()
    }
}

/// What one change of a criterion does.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeEffect {
    /// The change.
    pub change: CriterionChange,
    /// Whether some case comes out differently where this change alone is made
    /// to the older version, or alone is taken back from the newer one. None
    /// where it cannot be told.
    pub moves: Option<bool>,
}

impl Workbench {
    /// Analyses the effect of changing from one version to another.
    ///
    /// # Errors
    /// When the two do not test the same facts, or the criteria are too
    /// entangled for the analysis.
    pub fn effect(&self, pair: Pair<Named<'_>>) -> Result<Affected, Problem> {
        affected(pair, None, self.evidence(&[pair.old, pair.new]))
    }
}

/// Analyses the effect of changing from one version to another.
pub(super) fn affected(
    pair: Pair<Named<'_>>,
    at: Option<Pair<String>>,
    evidence: Evidence,
) -> Result<Affected, Problem> {
    if let Some(why) = disagreement(pair) {
        return Err(Problem::usage(
            format!(
                "{} and {} do not test the same facts: {why}",
                pair.old.0.version_ref(pair.old.1),
                pair.new.0.version_ref(pair.new.1)
            ),
            "the effect on every case can be told only where both sides ask the same",
        ));
    }
    let (old, new) = (pair.old.1, pair.new.1);
    let facts = &pair.new.0.facts;
    let refused = |error: crate::criteria::effect::NotCompared| {
        Problem::input(
            error.to_string(),
            "replay stored cases against both instead",
        )
    };
    let effect = effect(old, new, facts).map_err(refused)?;
    let alignment = Alignment::of(old, new);
    let replayed = effect.examples.iter().map(|example| {
        let request = Request {
            facts: example.facts.clone(),
            procedure_codes: shared_code(old, new),
            ..Request::default()
        };
        let because = causes(old, new, &request, &|id| alignment.old_id(id).cloned());
        let explained = Pair::new(evaluate(old, &request), evaluate(new, &request));
        ReplayedExample {
            facts: in_words(&example.facts, facts),
            request,
            because,
            explained,
        }
    });
    Ok(Affected {
        versions: pair.map(|(policy, version)| policy.version_ref(version)),
        relation: Relation::of(pair, at),
        examples: replayed.collect(),
        changes: change_effects(old, new, facts, &alignment),
        codes: addressed_by_one(old, new),
        dead: dead_criteria(new, facts).ok(),
        evidence,
        effect,
    })
}

fn change_effects(
    old: &Version,
    new: &Version,
    facts: &Dictionary,
    alignment: &Alignment,
) -> Vec<ChangeEffect> {
    let mut changes = compare(old, new).criteria;
    changes.retain(|change| change.meaning.weight == Weight::Substantive);
    let differences: Vec<Difference> = changes.iter().map(difference).collect();
    let old_id = |id: &CriterionId| alignment.old_id(id).cloned();
    let moves = changes_that_move(old, new, facts, &old_id, &differences)
        .unwrap_or_else(|_| vec![None; changes.len()]);
    let changes = changes.into_iter().zip(moves);
    changes
        .map(|(change, moves)| ChangeEffect { change, moves })
        .collect()
}

fn difference(change: &CriterionChange) -> Difference {
    let ids = change
        .ids()
        .map(|ids| ids.into_iter().cloned().collect::<Vec<_>>());
    Difference {
        old: ids.old,
        new: ids.new,
    }
}

/// Facts as question and answer.
fn in_words(facts: &Facts, dictionary: &Dictionary) -> Vec<FactInWords> {
    let facts = facts.iter();
    facts
        .map(|(name, value)| {
            let known = dictionary.get(name);
            let answer = match (value, known.map(|fact| &fact.kind)) {
                (FactValue::Bool(true), _) => "yes".to_owned(),
                (FactValue::Bool(false), _) => "no".to_owned(),
                (value, Some(FactKind::Number { unit: Some(unit) })) => format!("{value} {unit}"),
                (value, _) => value.to_string(),
            };
            FactInWords {
                name: name.to_owned(),
                question: known.map(|fact| fact.ask.clone()),
                answer,
            }
        })
        .collect()
}

fn addressed(version: &Version) -> BTreeSet<&Code> {
    let rows = version.all_codes();
    rows.filter(|(table, _)| table.gate == Gate::Address)
        .map(|(_, row)| &row.code)
        .collect()
}

fn addressed_by_one(old: &Version, new: &Version) -> Pair<Vec<Code>> {
    let sets = Pair::new(addressed(old), addressed(new));
    let only = |one: &BTreeSet<&Code>, other: &BTreeSet<&Code>| {
        one.difference(other).map(|code| (*code).clone()).collect()
    };
    Pair::new(only(&sets.old, &sets.new), only(&sets.new, &sets.old))
}

/// A procedure code that both versions address, so that an example is about
/// the criteria.
fn shared_code(old: &Version, new: &Version) -> Vec<Code> {
    let codes = Pair::new(addressed(old), addressed(new));
    let shared = codes.old.intersection(&codes.new).next();
    shared.map(|code| (*code).clone()).into_iter().collect()
}
