//! Random policies and requests: every combinator, gate, type and `implies`.

use lookback::criteria::{Request, parse_rule};
use lookback::policy::{
    Code, CodeRow, CodeSystem, CodeTable, ContentHash, Criterion, CriterionId, Dictionary,
    FactDefinition, FactKind, FactValue, Facts, Gate, Need, Provenance, Version,
};
use proptest::prelude::*;

/// A small dictionary with every type and a chain of implications.
pub fn dictionary() -> Dictionary {
    let definition = |name: &str, kind: FactKind, implies: &[&str]| FactDefinition {
        name: name.to_owned(),
        ask: format!("{name}?"),
        kind,
        implies: implies.iter().map(|name| (*name).to_owned()).collect(),
    };
    let choices = ["x", "y", "z"].map(str::to_owned).to_vec();
    Dictionary::new([
        definition("a", FactKind::Bool, &["b"]),
        definition("b", FactKind::Bool, &["c"]),
        definition("c", FactKind::Bool, &[]),
        definition("d", FactKind::Bool, &[]),
        definition("n", FactKind::Number { unit: None }, &[]),
        definition("k", FactKind::Choice { choices }, &[]),
    ])
}

/// The text of a rule over that dictionary.
pub fn rule_text() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        prop::sample::select(vec!["a", "b", "c", "d"]).prop_map(str::to_owned),
        (
            prop::sample::select(vec!["<", "<=", ">", ">=", "==", "!="]),
            0..4
        )
            .prop_map(|(op, number)| format!("n {op} {number}")),
        (
            prop::sample::select(vec!["==", "!="]),
            prop::sample::select(vec!["x", "y", "z"])
        )
            .prop_map(|(op, word)| format!("k {op} \"{word}\"")),
        Just("k in [\"x\", \"z\"]".to_owned()),
        Just("n in [1, 3]".to_owned()),
        Just("true".to_owned()),
    ];
    leaf.prop_recursive(3, 8, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| format!("!({one})")),
            (inner.clone(), inner.clone()).prop_map(|(one, two)| format!("({one}) && ({two})")),
            (inner.clone(), inner).prop_map(|(one, two)| format!("({one}) || ({two})")),
        ]
    })
}

/// A criterion before it has a number.
#[derive(Clone, Debug)]
struct Shape {
    rule: Option<String>,
    need: usize,
    children: Vec<Shape>,
}

fn shape() -> impl Strategy<Value = Shape> {
    let rule = prop::option::weighted(0.8, rule_text());
    let leaf = rule.prop_map(|rule| Shape {
        rule,
        need: 0,
        children: vec![],
    });
    leaf.prop_recursive(2, 10, 3, |inner| {
        (
            prop::option::weighted(0.3, rule_text()),
            0usize..5,
            prop::collection::vec(inner, 1..4),
        )
            .prop_map(|(rule, need, children)| Shape {
                rule,
                need,
                children,
            })
    })
}

fn criterion(id: &str, shape: &Shape, when: Option<&str>, covers: bool) -> Criterion {
    let rule = |text: &str| parse_rule(text, &dictionary()).expect("a generated rule");
    let count = shape.children.len() as u32;
    Criterion {
        id: CriterionId::new(id).expect("an id"),
        text: format!("criterion {id}"),
        when: when.map(rule),
        rule: shape.rule.as_deref().map(rule),
        need: match shape.need {
            0 => Need::All,
            1 => Need::Any,
            2 => Need::None,
            more => Need::AtLeast((more as u32 - 2).min(count.max(1))),
        },
        covers,
        children: shape
            .children
            .iter()
            .enumerate()
            .map(|(index, child)| criterion(&format!("{id}.{}", index + 1), child, None, true))
            .collect(),
    }
}

fn code_tables() -> impl Strategy<Value = Vec<CodeTable>> {
    let table = |system: CodeSystem, codes: [&str; 2], gate: Gate, size: usize| CodeTable {
        system,
        title: system.name().to_owned(),
        gate,
        rows: codes[..size]
            .iter()
            .map(|code| CodeRow {
                code: Code::parse(system, code).expect("a code"),
                text: String::new(),
            })
            .collect(),
    };
    let gates = || prop::option::of(prop::sample::select(Gate::ALL.to_vec()));
    (gates(), gates(), 1usize..3, 1usize..3).prop_map(move |(procedures, diagnoses, one, two)| {
        let cpt = procedures.map(|gate| table(CodeSystem::Cpt, ["10001", "10002"], gate, one));
        // An address gate on diagnoses has no meaning: the gate asks for procedures.
        let icd = diagnoses
            .filter(|gate| *gate != Gate::Address)
            .map(|gate| table(CodeSystem::Icd10Cm, ["A00.1", "A00.2"], gate, two));
        cpt.into_iter().chain(icd).collect()
    })
}

/// A version over that dictionary.
pub fn version() -> impl Strategy<Value = Version> {
    let statement = (
        shape(),
        prop::option::weighted(0.5, rule_text()),
        prop::bool::weighted(0.75),
    );
    (prop::collection::vec(statement, 1..4), code_tables()).prop_map(|(statements, codes)| {
        Version {
            name: "2020-01".to_owned(),
            effective: "2020-01".parse().expect("a date"),
            reviewed: None,
            approved: None,
            provenance: Provenance::Draft,
            source: None,
            sections: vec![],
            criteria: statements
                .iter()
                .zip(["I", "II", "III"])
                .map(|((shape, when, covers), id)| criterion(id, shape, when.as_deref(), *covers))
                .collect(),
            codes,
            notices: vec![],
            revisions: vec![],
            references: vec![],
            hash: ContentHash([0; 32]),
        }
    })
}

fn facts() -> impl Strategy<Value = Facts> {
    let truth = || prop::option::weighted(0.6, any::<bool>().prop_map(FactValue::Bool));
    let number = prop::option::weighted(
        0.6,
        (0..8).prop_map(|half| FactValue::Number(f64::from(half) / 2.0)),
    );
    let word = prop::option::weighted(
        0.6,
        prop::sample::select(vec!["x", "y", "z"])
            .prop_map(|word| FactValue::Choice(word.to_owned())),
    );
    let answers = prop::collection::btree_map(
        prop::sample::select(vec!["I", "I.1", "I.2", "II", "II.1", "I.1.1"]),
        any::<bool>(),
        0..4,
    );
    let facts = (truth(), truth(), truth(), truth(), number, word, answers);
    facts.prop_filter_map("contradictory facts", |(a, b, c, d, n, k, answers)| {
        let named = [("a", a), ("b", b), ("c", c), ("d", d), ("n", n), ("k", k)];
        let answers = answers
            .into_iter()
            .map(|(id, answer)| (format!("criterion.{id}"), FactValue::Bool(answer)));
        named
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), value?)))
            .chain(answers)
            .collect::<Facts>()
            .close(&dictionary())
            .ok()
    })
}

/// A request with any of its parts missing.
pub fn request() -> impl Strategy<Value = Request> {
    let codes = |system: CodeSystem, codes: [&'static str; 3]| {
        prop::sample::subsequence(codes.to_vec(), 0..=2).prop_map(move |codes| {
            codes
                .into_iter()
                .map(|code| Code::parse(system, code).expect("a code"))
                .collect::<Vec<_>>()
        })
    };
    (
        codes(CodeSystem::Cpt, ["10001", "10002", "10003"]),
        codes(CodeSystem::Icd10Cm, ["A00.1", "A00.2", "A00.3"]),
        facts(),
    )
        .prop_map(|(procedure_codes, diagnosis_codes, facts)| Request {
            procedure_codes,
            diagnosis_codes,
            facts,
        })
}
