//! What must hold of every policy and every case.

use lookback::criteria::domain::domains;
use lookback::criteria::request::Gates;
use lookback::criteria::{
    Determination, Missing, Request, Responsible, Truth, causes, evaluate, parse_rule, settling_set,
};
use lookback::policy::{Code, CodeSystem, Criterion, CriterionId, FactValue, Gate, Version};
use proptest::prelude::*;

use crate::generate::{dictionary, request, rule_text, version};

/// Every way in which one missing thing can turn out.
fn learned(version: &Version, request: &Request, missing: &Missing) -> Vec<Request> {
    let with_codes = |procedure: bool| {
        let system = if procedure {
            CodeSystem::Cpt
        } else {
            CodeSystem::Icd10Cm
        };
        let texts = if procedure {
            ["10001", "10002", "10003"]
        } else {
            ["A00.1", "A00.2", "A00.3"]
        };
        texts
            .into_iter()
            .map(|text| {
                let codes = vec![Code::parse(system, text).expect("a code")];
                let mut next = request.clone();
                if procedure {
                    next.procedure_codes = codes;
                } else {
                    next.diagnosis_codes = codes;
                }
                next
            })
            .collect()
    };
    match missing {
        Missing::ProcedureCodes => with_codes(true),
        Missing::DiagnosisCodes => with_codes(false),
        Missing::Fact(name) => domains(&[version], &dictionary())
            .remove(name)
            .unwrap_or_else(|| vec![FactValue::Bool(true), FactValue::Bool(false)])
            .into_iter()
            .filter_map(|value| {
                let mut facts = request.facts.clone();
                facts.set(name.clone(), value);
                let facts = facts.close(&dictionary()).ok()?;
                Some(Request {
                    facts,
                    ..request.clone()
                })
            })
            .collect(),
    }
}

fn is_known(request: &Request, missing: &Missing) -> bool {
    match missing {
        Missing::ProcedureCodes => !request.procedure_codes.is_empty(),
        Missing::DiagnosisCodes => !request.diagnosis_codes.is_empty(),
        Missing::Fact(name) => request.facts.get(name).is_some(),
    }
}

/// Whether a case is settled however these things turn out, by trying all.
fn settles(version: &Version, request: &Request, set: &[Missing]) -> bool {
    if evaluate(version, request).determination != Determination::Pend {
        return true;
    }
    match set.split_first() {
        None => false,
        Some((first, rest)) if is_known(request, first) => settles(version, request, rest),
        Some((first, rest)) => learned(version, request, first)
            .iter()
            .all(|next| settles(version, next, rest)),
    }
}

fn find<'a>(criteria: &'a mut [Criterion], id: &CriterionId) -> Option<&'a mut Criterion> {
    for criterion in criteria {
        if criterion.id == *id {
            return Some(criterion);
        }
        if let Some(found) = find(&mut criterion.children, id) {
            return Some(found);
        }
    }
    None
}

fn everything(version: &Version) -> Vec<Missing> {
    let facts = domains(&[version], &dictionary())
        .into_keys()
        .map(Missing::Fact);
    [Missing::ProcedureCodes, Missing::DiagnosisCodes]
        .into_iter()
        .chain(facts)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn learning_never_changes_a_settled_answer(version in version(), request in request()) {
        let before = evaluate(&version, &request).determination;
        if before != Determination::Pend {
            for missing in everything(&version) {
                if !is_known(&request, &missing) {
                    for next in learned(&version, &request, &missing) {
                        prop_assert_eq!(evaluate(&version, &next).determination, before);
                    }
                }
            }
        }
    }

    #[test]
    fn a_settling_set_settles_and_none_is_smaller(version in version(), request in request()) {
        let settling = settling_set(&version, &dictionary(), &request);
        prop_assert!(settling.smallest);
        let pends = evaluate(&version, &request).determination == Determination::Pend;
        prop_assert_eq!(pends, !settling.missing.is_empty());
        prop_assert!(settles(&version, &request, &settling.missing));
        let open: Vec<Missing> = everything(&version)
            .into_iter()
            .filter(|missing| !is_known(&request, missing))
            .collect();
        if pends && open.len() <= 8 {
            for smaller in 0u32..1 << open.len() {
                if (smaller.count_ones() as usize) < settling.missing.len() {
                    let set: Vec<Missing> = open
                        .iter()
                        .enumerate()
                        .filter(|(index, _)| smaller & (1 << index) != 0)
                        .map(|(_, missing)| missing.clone())
                        .collect();
                    prop_assert!(!settles(&version, &request, &set), "{set:?} would do");
                }
            }
        }
    }

    #[test]
    fn the_explanation_tells_how_the_determination_came_about(
        version in version(), request in request(),
    ) {
        let explanation = evaluate(&version, &request);
        let gates = Gates::of(&version, &request);
        let covering = |covers: bool| explanation
            .statements
            .iter()
            .filter(|statement| statement.covers == covers)
            .fold(Truth::False, |value, statement| value.or(statement.outcome));
        prop_assert_eq!(explanation.covered, covering(true));
        prop_assert_eq!(explanation.excluded, covering(false));
        prop_assert_eq!(explanation.required, gates.required());
        for (_, node) in explanation.statements.iter().flat_map(|one| one.node.walk()) {
            let below = if node.children.is_empty() {
                Truth::True
            } else {
                Truth::combine(node.need, node.children.iter().map(|child| child.value))
            };
            prop_assert_eq!(node.value, node.own.and(below), "{}", node.id);
        }
        for id in &explanation.deciding {
            let node = explanation.node(id).expect("a deciding criterion");
            if explanation.determination == Determination::Pend {
                prop_assert_eq!(node.value, Truth::Unknown);
            }
        }
        let names_tables = explanation.codes.iter().any(|table| table.gate == Gate::Require);
        let can_be_met = explanation.statements.iter().any(|statement| statement.covers);
        if explanation.determination == Determination::NotMet && can_be_met {
            prop_assert!(!explanation.deciding.is_empty() || names_tables);
        }
    }

    #[test]
    fn every_flip_has_a_cause(old in version(), new in version(), request in request()) {
        let causes = causes(&old, &new, &request, &|id| Some(id.clone()));
        let was = evaluate(&old, &request).determination;
        let now = evaluate(&new, &request).determination;
        prop_assert_eq!(was != now, !causes.is_empty());
    }

    #[test]
    fn where_one_criterion_changed_it_is_the_cause(
        old in version(), at in any::<prop::sample::Index>(), rule in rule_text(), request in request(),
    ) {
        let leaves: Vec<CriterionId> = old
            .all_criteria()
            .filter(|criterion| criterion.children.is_empty())
            .map(|criterion| criterion.id.clone())
            .collect();
        let id = at.get(&leaves);
        let mut new = old.clone();
        let changed = find(&mut new.criteria, id).expect("the criterion");
        changed.rule = Some(parse_rule(&rule, &dictionary()).expect("a generated rule"));
        let causes = causes(&old, &new, &request, &|id| Some(id.clone()));
        let was = evaluate(&old, &request).determination;
        if was != evaluate(&new, &request).determination {
            let named: Vec<_> = causes.iter().map(|cause| cause.what.clone()).collect();
            prop_assert_eq!(named, vec![Responsible::Criterion(id.clone())]);
        }
    }

    #[test]
    fn rules_mean_what_cel_says_they_mean(text in rule_text(), request in request()) {
        let rule = parse_rule(&text, &dictionary()).expect("a generated rule");
        let value = lookback::criteria::evaluate::expr_truth(&rule.expr, &request.facts);
        let mut context = cel::Context::default();
        for (name, fact) in request.facts.iter() {
            match fact {
                FactValue::Bool(fact) => context.add_variable_from_value(name, *fact),
                FactValue::Choice(fact) => context.add_variable_from_value(name, fact.clone()),
                FactValue::Number(fact) => context.add_variable_from_value(name, *fact),
            }
        }
        // CEL tells whole numbers from others by their spelling; facts do not.
        let spelt = spelt_as_decimals(&text);
        let program = cel::Program::compile(&spelt).expect("CEL accepts the subset");
        // A missing fact is an error in CEL unless the other side settles it,
        // as it is unknown here.
        match program.execute(&context) {
            Ok(cel::Value::Bool(found)) => prop_assert_eq!(value, Truth::from(found), "{}", text),
            Ok(other) => prop_assert!(false, "{text} gave {other:?}"),
            Err(_) => prop_assert_eq!(value, Truth::Unknown, "{}", text),
        }
    }
}

fn spelt_as_decimals(text: &str) -> String {
    text.chars()
        .map(|character| {
            if character.is_ascii_digit() {
                format!("{character}.0")
            } else {
                character.to_string()
            }
        })
        .collect()
}
