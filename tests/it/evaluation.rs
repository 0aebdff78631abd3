//! What must hold of every policy and every case.

use lookback::criteria::domain::domains;
use lookback::criteria::request::Gates;
use lookback::criteria::{
    Determination, Explanation, Missing, Node, Request, Responsible, StatementNode, Truth, causes,
    evaluate, parse_rule, settling_set,
};
use lookback::policy::{
    Code, CodeRow, CodeSystem, CodeTable, Criterion, CriterionId, FactValue, Gate, Version,
};
use proptest::prelude::*;

use crate::causes::{recording, written};
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

/// The criterion of that number, to be changed.
pub fn find<'a>(criteria: &'a mut [Criterion], id: &CriterionId) -> Option<&'a mut Criterion> {
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

/// Whether the criteria were met, had each deciding one the other value.
fn met_otherwise(explanation: &Explanation) -> Truth {
    let of_kind = |covers: bool| {
        let statements = explanation.statements.iter();
        statements
            .filter(|one| one.covers == covers)
            .map(|one| one.scope().and(otherwise(&one.node, &explanation.deciding)))
            .fold(Truth::False, Truth::or)
    };
    of_kind(true).and(!of_kind(false)).and(explanation.required)
}

fn otherwise(node: &Node, deciding: &[CriterionId]) -> Truth {
    if deciding.contains(&node.id) {
        return !node.value;
    }
    if node.children.is_empty() {
        return node.own;
    }
    let children = node.children.iter().map(|child| otherwise(child, deciding));
    node.own.and(Truth::combine(node.need, children))
}

#[test]
fn a_procedure_is_found_under_either_heading_and_named_if_it_is_not() {
    let listing = |system: CodeSystem, code: &str| {
        let mut version = written(&[("I", "rule = 'true'")]);
        version.codes = vec![CodeTable {
            system,
            title: "t".to_owned(),
            gate: Gate::Address,
            rows: vec![CodeRow {
                code: Code::as_printed(system, code),
                text: String::new(),
            }],
        }];
        version
    };
    let asking = |code: &str| Request {
        procedure_codes: vec![Code::parse_procedure(code).expect("a code")],
        ..Request::default()
    };
    let table = [
        (CodeSystem::Cpt, "J1234", "j1234", Determination::Met),
        (CodeSystem::Hcpcs, "62321", "62321", Determination::Met),
        (
            CodeSystem::Cpt,
            "62321",
            "J1234",
            Determination::NotAddressed,
        ),
        (
            CodeSystem::Hcpcs,
            "J1234",
            "62321",
            Determination::NotAddressed,
        ),
    ];
    for (system, listed, asked, expected) in table {
        let explanation = evaluate(&listing(system, listed), &asking(asked));
        assert_eq!(explanation.determination, expected, "{listed} {asked}");
        let unlisted = &explanation.codes[0].unlisted;
        assert_eq!(unlisted.is_empty(), expected == Determination::Met);
    }
}

#[test]
fn alternatives_are_passed_over_only_for_a_failing_guard() {
    let alternatives = |need: &str| {
        written(&[
            ("I", need),
            ("I.1", "rule = 'a'"),
            ("I.2", "rule = 'b'"),
            ("I.2.1", "rule = 'a'"),
            ("I.3", "rule = 'd'"),
            ("I.3.1", "rule = 'a'"),
        ])
    };
    let request = recording(&[("a", false), ("b", false), ("d", true)]);
    let table: [(&str, &[&str]); 3] = [
        ("need = 'any'", &["I.1", "I.3.1"]),
        ("need = { at_least = 3 }", &["I.1", "I.2", "I.3.1"]),
        ("", &["I.1", "I.2", "I.3.1"]),
    ];
    for (need, expected) in table {
        let deciding = evaluate(&alternatives(need), &request).deciding;
        let deciding: Vec<_> = deciding.iter().map(CriterionId::as_str).collect();
        assert_eq!(deciding, expected, "{need}");
    }
}

#[test]
fn what_is_open_but_cannot_matter_does_not_decide() {
    let version = written(&[
        ("I", "rule = 'a'"),
        ("II", "rule = 'c'"),
        ("III", "rule = 'd'\ncovers = false"),
    ]);
    let decides = |facts: &[(&str, bool)]| {
        let deciding = evaluate(&version, &recording(facts)).deciding;
        let deciding: Vec<_> = deciding.iter().map(ToString::to_string).collect();
        deciding.join(" ")
    };
    assert_eq!(decides(&[]), "I II III");
    assert_eq!(decides(&[("a", true)]), "III");
    assert_eq!(decides(&[("a", false), ("d", false)]), "II");
}

#[test]
fn hundreds_of_open_questions_are_answered_at_once() {
    let nested: Vec<String> = (1..=32).map(|depth| vec!["I"; depth].join(".")).collect();
    let flat: Vec<String> = (1..=1_000).map(|number| format!("I.{number}")).collect();
    let tree = |ids: &[String], need: &'static str| {
        let mut criteria = vec![("I", need)];
        let below = ids.iter().filter(|id| *id != "I");
        criteria.extend(below.map(|id| (id.as_str(), "")));
        written(&criteria)
    };
    let table = [
        (tree(&flat, ""), 1_000, false),
        (tree(&flat, "need = 'any'"), 1_000, false),
        (tree(&flat[..50], ""), 50, true),
        (tree(&flat[..50], "need = 'any'"), 50, true),
        (tree(&flat[..50], "need = { at_least = 25 }"), 50, false),
        (tree(&nested, ""), 1, true),
    ];
    for (version, missing, smallest) in table {
        let settling = settling_set(&version, &dictionary(), &Request::default());
        assert_eq!(
            (settling.missing.len(), settling.smallest),
            (missing, smallest)
        );
    }
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
    fn had_the_deciding_criteria_come_out_otherwise_so_would_the_determination(
        version in version(), request in request(),
    ) {
        let explanation = evaluate(&version, &request);
        let by_criteria = match explanation.determination {
            Determination::Met => true,
            Determination::NotMet => {
                let can_be_met = |one: &StatementNode| one.covers && one.scope() != Truth::False;
                explanation.required != Truth::False
                    && explanation.statements.iter().any(can_be_met)
            }
            _ => false,
        };
        if by_criteria {
            let other = met_otherwise(&explanation);
            let unchanged = match explanation.determination {
                Determination::Met => Truth::True,
                _ => Truth::False,
            };
            prop_assert_ne!(other, unchanged, "{:?}", explanation.deciding);
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
            prop_assert_eq!(named, vec![Responsible::Criterion { id: id.clone(), gone: false }]);
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
