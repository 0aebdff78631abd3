//! Effect analysis against brute force over every possible case.

use std::collections::BTreeMap;

use lookback::criteria::domain::domains;
use lookback::criteria::effect::{
    DeadKind, Effect, Verdict, dead_criteria, effect, moves_the_outcome,
};
use lookback::criteria::evaluate::{criterion_truth, determine};
use lookback::criteria::request::Gates;
use lookback::criteria::{Determination, Truth};
use lookback::library::{EmbeddedSource, load};
use lookback::policy::{FactValue, Facts, Policy, Version};
use proptest::prelude::*;

use crate::generate::{dictionary, version};

const OPEN: Gates = Gates {
    address: Truth::True,
    require_procedure: Truth::True,
    require_diagnosis: Truth::True,
};

/// More cases than this are not tried one by one.
const MAX_CASES: usize = 2_000;

/// Every case that these versions can tell apart, missing facts included;
/// none if there are too many.
fn every_case(versions: &[&Version]) -> Option<Vec<Facts>> {
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

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_trying_every_case(old in version(), new in version()) {
        let Some(cases) = every_case(&[&old, &new]) else {
            return Ok(());
        };
        let found = effect(&old, &new, &dictionary()).expect("small policies are compared");
        prop_assert_eq!(found.verdict, verdict(&old, &new, &cases));
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
        let known: Vec<&Facts> = cases
            .iter()
            .filter(|case| {
                domains(&[&version], &dictionary()).keys().all(|name| case.get(name).is_some())
            })
            .collect();
        for criterion in version.all_criteria() {
            let values: Vec<Truth> = known
                .iter()
                .map(|case| criterion_truth(criterion, case))
                .collect();
            let kind = dead.iter().find(|one| one.id == criterion.id).map(|one| one.kind);
            match kind {
                Some(DeadKind::NeverMet) => prop_assert!(!values.contains(&Truth::True)),
                Some(DeadKind::AlwaysMet) => prop_assert!(!values.contains(&Truth::False)),
                _ => {}
            }
        }
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
