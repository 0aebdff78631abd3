//! Effect analysis against brute force over every possible case.

use std::collections::BTreeMap;

use lookback::criteria::domain::domains;
use lookback::criteria::effect::{
    Dead, DeadKind, Effect, Scope, Verdict, dead_criteria, effect, moves_the_outcome,
};
use lookback::criteria::evaluate::{criterion_truth, determine};
use lookback::criteria::request::Gates;
use lookback::criteria::{Determination, Truth, parse_rule};
use lookback::library::{EmbeddedSource, load};
use lookback::policy::{Criterion, CriterionId, FactValue, Facts, Policy, Version};
use proptest::prelude::*;

use crate::causes::written;
use crate::evaluation::find;
use crate::generate::{dictionary, version};

pub const OPEN: Gates = Gates {
    address: Truth::True,
    require_procedure: Truth::True,
    require_diagnosis: Truth::True,
};

/// More cases than this are not tried one by one.
const MAX_CASES: usize = 2_000;

/// Every case that these versions can tell apart, missing facts included;
/// none if there are too many.
pub fn every_case(versions: &[&Version]) -> Option<Vec<Facts>> {
    let domains: BTreeMap<String, Vec<FactValue>> = domains(versions, &dictionary());
    let count: usize = domains.values().map(|values| values.len() + 1).product();
    if count > MAX_CASES {
        return None;
    }
    let mut cases = vec![Facts::default()];
    for (name, values) in &domains {
        let with_values = cases.iter().flat_map(|case| {
            values.iter().map(|value| {
                let mut case = case.clone();
                case.set(name.clone(), value.clone());
                case
            })
        });
        let with_values: Vec<_> = with_values.collect();
        cases.extend(with_values);
    }
    // Of the impossible ones and of those that leave out what is implied, only
    // what they close to is a case.
    let closed = cases.into_iter().filter(|case| {
        let closed = case.clone().close(&dictionary());
        closed.is_ok_and(|closed| {
            closed
                .iter()
                .all(|(name, _)| !domains.contains_key(name) || case.get(name).is_some())
        })
    });
    Some(closed.collect())
}

fn rank(determination: Determination) -> u8 {
    match determination {
        Determination::Met => 2,
        Determination::Pend => 1,
        Determination::NotMet | Determination::NotAddressed => 0,
    }
}

fn verdict(old: &Version, new: &Version, cases: &[Facts]) -> Verdict {
    let ranks = cases.iter().map(|case| {
        let of = |version| rank(determine(version, case, OPEN));
        (of(old), of(new))
    });
    let (mut stricter, mut looser) = (false, false);
    for (was, now) in ranks {
        stricter |= now < was;
        looser |= now > was;
    }
    match (stricter, looser) {
        (false, false) => Verdict::Equivalent,
        (true, false) => Verdict::Stricter,
        (false, true) => Verdict::Looser,
        (true, true) => Verdict::Both,
    }
}

fn scope(old: &Version, new: &Version, cases: &[Facts]) -> Scope {
    let spoken_to = |version, case| determine(version, case, OPEN) != Determination::NotAddressed;
    let (mut wider, mut narrower) = (false, false);
    for case in cases {
        let (was, now) = (spoken_to(old, case), spoken_to(new, case));
        wider |= now && !was;
        narrower |= was && !now;
    }
    match (wider, narrower) {
        (false, false) => Scope::Same,
        (true, false) => Scope::Wider,
        (false, true) => Scope::Narrower,
        (true, true) => Scope::Different,
    }
}

/// The version, with one criterion always met, or never.
fn with_fixed(version: &Version, id: &CriterionId, value: bool) -> Version {
    let mut version = version.clone();
    let fixed = find(&mut version.criteria, id).expect("the criterion");
    fixed.rule = Some(parse_rule(&value.to_string(), &dictionary()).expect("a rule"));
    fixed.children = vec![];
    version
}

/// In which way a criterion is dead, by trying every case.
fn dead_kind(version: &Version, criterion: &Criterion, cases: &[Facts]) -> Option<DeadKind> {
    let domains = domains(&[version], &dictionary());
    let values: Vec<Truth> = cases
        .iter()
        .filter(|case| domains.keys().all(|name| case.get(name).is_some()))
        .map(|case| criterion_truth(criterion, case))
        .collect();
    let (met, not_met) = (
        with_fixed(version, &criterion.id, true),
        with_fixed(version, &criterion.id, false),
    );
    let same = |case: &Facts| determine(&met, case, OPEN) == determine(&not_met, case, OPEN);
    if !values.contains(&Truth::True) {
        Some(DeadKind::NeverMet)
    } else if !values.contains(&Truth::False) {
        Some(DeadKind::AlwaysMet)
    } else {
        cases.iter().all(same).then_some(DeadKind::NeverMatters)
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_trying_every_case(old in version(), new in version()) {
        let Some(cases) = every_case(&[&old, &new]) else {
            return Ok(());
        };
        let found = effect(&old, &new, &dictionary()).expect("small policies are compared");
        prop_assert_eq!(found.verdict, verdict(&old, &new, &cases));
        prop_assert_eq!(found.scope, scope(&old, &new, &cases));
        let known = domains(&[&old, &new], &dictionary());
        let worse_or_better = |case: &&Facts| {
            rank(determine(&old, case, OPEN)) != rank(determine(&new, case, OPEN))
        };
        let differing: Vec<&Facts> = cases.iter().filter(worse_or_better).collect();
        let with_all_facts = |case: &&Facts| known.keys().all(|name| case.get(name).is_some());
        prop_assert_eq!(
            found.only_where_facts_are_missing,
            !differing.is_empty() && !differing.iter().any(with_all_facts)
        );
        let differs = |case: &Facts| {
            determine(&old, case, OPEN) != determine(&new, case, OPEN)
        };
        prop_assert_eq!(
            moves_the_outcome(&old, &new, &dictionary()),
            Ok(cases.iter().any(differs))
        );
        for example in &found.examples {
            prop_assert!(example.was != example.now);
            prop_assert_eq!(determine(&old, &example.facts, OPEN), example.was);
            prop_assert_eq!(determine(&new, &example.facts, OPEN), example.now);
            prop_assert!(example.facts.clone().close(&dictionary()).is_ok());
        }
        let directions = match found.verdict {
            Verdict::Equivalent => 0,
            Verdict::Both => 2,
            _ => 1,
        };
        prop_assert_eq!(found.examples.len(), directions);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, ..ProptestConfig::default() })]

    #[test]
    fn criteria_that_cannot_matter_are_those_that_do_not(version in version()) {
        let Some(cases) = every_case(&[&version]) else {
            return Ok(());
        };
        let dead = dead_criteria(&version, &dictionary()).expect("small policies are analysed");
        let mut expected: Vec<Dead> = vec![];
        for criterion in version.all_criteria() {
            let below_dead = std::iter::successors(criterion.id.parent(), CriterionId::parent)
                .any(|above| expected.iter().any(|one| one.id == above));
            if !below_dead && let Some(kind) = dead_kind(&version, criterion, &cases) {
                expected.push(Dead { id: criterion.id.clone(), kind });
            }
        }
        prop_assert_eq!(dead, expected);
    }
}

#[test]
fn hundreds_of_criteria_are_compared() {
    let leaves = |count: usize, need: &str| {
        let ids: Vec<String> = (1..=count).map(|number| format!("I.{number}")).collect();
        let mut criteria = vec![("I", need)];
        criteria.extend(ids.iter().map(|id| (id.as_str(), "")));
        written(&criteria)
    };
    let table = [
        (100, "", Verdict::Equivalent),
        (100, "need = 'any'", Verdict::Looser),
        (100, "need = 'none'", Verdict::Both),
        (100, "need = { at_least = 3 }", Verdict::Looser),
        (100, "need = { at_least = 50 }", Verdict::Looser),
        (300, "", Verdict::Equivalent),
        (300, "need = 'any'", Verdict::Looser),
        (200, "need = { at_least = 100 }", Verdict::Looser),
    ];
    for (count, need, expected) in table {
        let (old, new) = (leaves(count, ""), leaves(count, need));
        let found = effect(&old, &new, &dictionary()).map(|found| found.verdict);
        assert_eq!(found, Ok(expected), "{count} {need}");
        let dead = dead_criteria(&new, &dictionary());
        assert_eq!(dead, Ok(vec![]), "{count} {need}");
    }
}

/// One of hundreds can be told from the rest.
#[test]
fn the_one_dead_criterion_of_hundreds_is_found() {
    let ids: Vec<String> = (1..=150).map(|number| format!("I.{number}")).collect();
    let of = |need: &str, last: &str| {
        let mut criteria = vec![("I", need)];
        criteria.extend(ids.iter().map(|id| (id.as_str(), "")));
        criteria.push(("I.900", "rule = 'n > 1'\nneed = 'any'"));
        criteria.extend([("I.900.1", "rule = 'n > 0'"), ("I.900.2", last)]);
        dead_criteria(&written(&criteria), &dictionary())
    };
    let dead = |id: &str, kind| {
        let id = CriterionId::new(id).expect("an id");
        Ok(vec![Dead { id, kind }])
    };
    for need in ["", "need = 'any'", "need = { at_least = 40 }"] {
        // Where it is asked for, the one before it holds already.
        let never = of(need, "rule = 'd'");
        assert_eq!(never, dead("I.900.2", DeadKind::NeverMatters), "{need}");
        let always = of(need, "rule = 'd || !d'");
        assert_eq!(always, dead("I.900.2", DeadKind::AlwaysMet), "{need}");
    }
}

fn shipped() -> Policy {
    load(&EmbeddedSource).expect("a library").policies.remove(0)
}

fn between(policy: &Policy, old: &str, new: &str) -> Effect {
    let version = |name| policy.version(name).expect("a version");
    effect(version(old), version(new), &policy.facts).expect("compared")
}

#[test]
fn any_infection_is_stricter_than_one_at_the_site() {
    let policy = shipped();
    let found = between(&policy, "2019-07", "2020-01");
    assert_eq!(found.verdict, Verdict::Stricter);
    assert!(!found.only_where_facts_are_missing);
    let [example] = found.examples.as_slice() else {
        panic!("one direction, one example");
    };
    let infection = |name: &str| example.facts.get(name).cloned();
    assert_eq!(infection("active_infection"), Some(FactValue::Bool(true)));
    assert_eq!(infection("local_infection"), Some(FactValue::Bool(false)));
    // Without the infection elsewhere, both versions agree.
    let mut healthy = example.facts.clone();
    healthy.set("active_infection", FactValue::Bool(false));
    for version in &policy.versions {
        assert_eq!(determine(version, &healthy, OPEN), Determination::Met);
    }
}

#[test]
fn more_codes_leave_the_criteria_as_they_are() {
    let found = between(&shipped(), "2019-02", "2019-07");
    assert_eq!(found.verdict, Verdict::Equivalent);
    assert_eq!(found.examples, []);
}

#[test]
fn every_criterion_of_the_shipped_policy_matters() {
    let policy = shipped();
    for version in &policy.versions {
        assert_eq!(
            dead_criteria(version, &policy.facts),
            Ok(vec![]),
            "{}",
            version.name
        );
    }
}
