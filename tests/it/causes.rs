//! What accounts for a flip, where criteria are renumbered, come and go.

use std::fmt::Write;

use lookback::criteria::{Cause, Request, Responsible, accounts, causes, evaluate, request::Gates};
use lookback::format::read_version;
use lookback::policy::{CriterionId, FactValue, Version};
use proptest::prelude::*;

use crate::generate::{dictionary, request, version};

/// A version with these criteria, each with the rest of its table.
pub fn written(criteria: &[(&str, &str)]) -> Version {
    let mut file =
        "format = 1\nversion = \"2020-01\"\neffective = \"2020-01\"\nprovenance = \"draft\"\n"
            .to_owned();
    for (id, rest) in criteria {
        write!(file, "[[criteria]]\nid = \"{id}\"\ntext = \"t\"\n{rest}\n").expect("a string");
    }
    let (version, diagnostics) = read_version("v.toml", file.as_bytes(), &dictionary());
    assert_eq!(diagnostics, []);
    version.expect("a version")
}

/// A request that records these Boolean facts.
pub fn recording(facts: &[(&str, bool)]) -> Request {
    let facts = facts
        .iter()
        .map(|(name, value)| ((*name).to_owned(), FactValue::Bool(*value)));
    Request {
        facts: facts.collect(),
        ..Request::default()
    }
}

fn id(text: &str) -> CriterionId {
    CriterionId::new(text).expect("an id")
}

/// The causes in words: what, from what, to what.
fn words(causes: &[Cause]) -> Vec<String> {
    let value = |truth: Option<lookback::criteria::Truth>| truth.map_or("absent", |one| one.name());
    let word = |cause: &Cause| {
        format!(
            "{}: {} to {}",
            cause.what,
            value(cause.was),
            value(cause.now)
        )
    };
    causes.iter().map(word).collect()
}

#[test]
fn a_gone_criterion_is_told_from_the_one_that_has_its_number_now() {
    let request = recording(&[("c", false), ("d", true)]);
    let renumbered = |new: &CriterionId| match new.as_str() {
        "I" => Some(id("I")),
        "I.1" => Some(id("I.2")),
        _ => None,
    };
    let both = written(&[("I", ""), ("I.1", "rule = 'c'"), ("I.2", "rule = 'd'")]);
    let one = written(&[("I", ""), ("I.1", "rule = 'd'")]);
    let removed = causes(&both, &one, &request, &renumbered);
    assert_eq!(
        words(&removed),
        ["I.1 of the older version: false to absent"]
    );
    let back = |new: &CriterionId| match new.as_str() {
        "I" => Some(id("I")),
        "I.2" => Some(id("I.1")),
        _ => None,
    };
    let added = causes(&one, &both, &request, &back);
    assert_eq!(words(&added), ["I.1: absent to false"]);
}

#[test]
fn a_criterion_that_moved_is_one_cause() {
    let old = written(&[
        ("I", "need = 'any'"),
        ("I.1", "rule = 'c'"),
        ("I.2", "rule = 'd'"),
        ("II", "covers = false"),
        ("II.1", "rule = 'a'"),
    ]);
    let new = written(&[
        ("I", "need = 'any'"),
        ("I.1", "rule = 'd'"),
        ("II", "covers = false"),
        ("II.1", "rule = 'a'"),
        ("II.2", "rule = 'c'"),
    ]);
    let moved = |new: &CriterionId| match new.as_str() {
        "I.1" => Some(id("I.2")),
        "II.2" => Some(id("I.1")),
        other => Some(id(other)),
    };
    let request = recording(&[("c", true), ("d", false), ("a", false)]);
    let found = causes(&old, &new, &request, &moved);
    assert_eq!(words(&found), ["II.2 (moved from I.1): true to true"]);
    let back = |new: &CriterionId| match new.as_str() {
        "I.2" => Some(id("I.1")),
        "I.1" => Some(id("II.2")),
        other => Some(id(other)),
    };
    let found = causes(&new, &old, &request, &back);
    assert_eq!(words(&found), ["I.1 (moved from II.2): true to true"]);
}

#[test]
fn swapped_numbers_change_nothing() {
    let swapped = |new: &CriterionId| match new.as_str() {
        "I.1" => Some(id("I.2")),
        "I.2" => Some(id("I.1")),
        other => Some(id(other)),
    };
    let old = written(&[("I", ""), ("I.1", "rule = 'c'"), ("I.2", "rule = 'd'")]);
    let new = written(&[("I", ""), ("I.1", "rule = 'd'"), ("I.2", "rule = '!c'")]);
    let request = recording(&[("c", false), ("d", true)]);
    let found = causes(&old, &new, &request, &swapped);
    assert_eq!(words(&found), ["I.2: false to true"]);
}

#[test]
fn hundreds_of_changed_siblings_are_quick() {
    let ids: Vec<String> = (1..=400).map(|number| format!("I.{number}")).collect();
    let siblings = |need: &'static str, rule: &'static str| {
        let mut criteria = vec![("I", need)];
        criteria.extend(ids.iter().map(|id| (id.as_str(), rule)));
        written(&criteria)
    };
    let same = |id: &CriterionId| Some(id.clone());
    let request = recording(&[("c", false), ("d", true)]);
    let table = [
        ("", 400),
        ("need = 'any'", 400),
        ("need = { at_least = 200 }", 201),
    ];
    for (need, named) in table {
        let (old, new) = (siblings(need, "rule = 'c'"), siblings(need, "rule = 'd'"));
        let found = causes(&old, &new, &request, &same);
        assert_eq!(found.len(), named, "{need}");
        let set: Vec<_> = found.into_iter().map(|cause| cause.what).collect();
        assert!(accounts(&old, &new, &request, &same, &set), "{need}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn what_is_named_accounts_whatever_became_of_the_numbers(
        old in version(),
        new in version(),
        request in request(),
        shuffled in prop::collection::vec(any::<prop::sample::Index>(), 40),
    ) {
        let old_ids: Vec<CriterionId> = old.all_criteria().map(|one| one.id.clone()).collect();
        let new_ids: Vec<CriterionId> = new.all_criteria().map(|one| one.id.clone()).collect();
        // Two thirds keep their parent, so that there is something to pair.
        let old_id = |id: &CriterionId| {
            let place = new_ids.iter().position(|one| one == id)?;
            let chance = shuffled[place % shuffled.len()];
            let siblings: Vec<&CriterionId> = old_ids
                .iter()
                .filter(|one| chance.index(3) == 0 || one.parent() == id.parent())
                .collect();
            (chance.index(5) > 0 && !siblings.is_empty())
                .then(|| siblings[chance.index(siblings.len())].clone())
        };
        let causes = causes(&old, &new, &request, &old_id);
        let was = evaluate(&old, &request).determination;
        let now = evaluate(&new, &request).determination;
        prop_assert_eq!(was != now, !causes.is_empty());
        let set: Vec<Responsible> = causes.iter().map(|cause| cause.what.clone()).collect();
        prop_assert!(was == now || accounts(&old, &new, &request, &old_id, &set), "{:?}", set);
        for left_out in 0..set.len() {
            let mut fewer = set.clone();
            fewer.remove(left_out);
            prop_assert!(!accounts(&old, &new, &request, &old_id, &fewer), "{:?} would do", fewer);
        }
        for cause in &causes {
            let is_leaf = |version: &Version, id: &CriterionId| {
                version.criterion(id).is_none_or(|one| one.children.is_empty())
            };
            match &cause.what {
                Responsible::Criterion { id, gone: true } => {
                    prop_assert!(old.criterion(id).is_some() && cause.now.is_none());
                }
                Responsible::Criterion { id, gone: false } => {
                    let before = old_id(id);
                    if is_leaf(&new, id) && before.is_none_or(|before| is_leaf(&old, &before)) {
                        prop_assert!(cause.was != cause.now, "{:?}", cause);
                    }
                }
                Responsible::Codes => {
                    prop_assert!(Gates::of(&old, &request) != Gates::of(&new, &request));
                }
                Responsible::Moved { id, from } => {
                    prop_assert_eq!(old_id(id), Some(from.clone()));
                    prop_assert!(new.criterion(id).is_some() && old.criterion(from).is_some());
                }
                Responsible::Scope { .. } => {}
            }
        }
    }
}
