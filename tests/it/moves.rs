//! Which changes move the outcome, against making and taking back each by hand
//! and trying every case.

use std::collections::BTreeSet;

use lookback::criteria::effect::{Difference, changes_that_move};
use lookback::criteria::evaluate::determine;
use lookback::criteria::parse_rule;
use lookback::policy::{Criterion, CriterionId, Need, Version};
use proptest::prelude::*;

use crate::causes::written;
use crate::effect::{OPEN, every_case};
use crate::evaluation::find;
use crate::generate::{dictionary, rule_text, version};

/// An edit of one criterion, which keeps its number.
#[derive(Clone, Debug)]
enum Edit {
    Rule(String),
    Need(usize),
    Remove,
    Add(String),
    /// Under the statement.
    Move(prop::sample::Index),
}

fn edit() -> impl Strategy<Value = (prop::sample::Index, Edit)> {
    let edit = prop_oneof![
        rule_text().prop_map(Edit::Rule),
        (0usize..4).prop_map(Edit::Need),
        Just(Edit::Remove),
        rule_text().prop_map(Edit::Add),
        any::<prop::sample::Index>().prop_map(Edit::Move),
    ];
    (any::<prop::sample::Index>(), edit)
}

/// An edit with the criterion it is made to.
type Made = (CriterionId, Edit);

/// The edits that can be made one without the other: each under a parent of
/// its own, which keeps a criterion, and none below another.
fn independent(version: &Version, edits: &[(prop::sample::Index, Edit)]) -> Vec<Made> {
    let mut made: Vec<Made> = vec![];
    let mut parents = BTreeSet::new();
    for (which, edit) in edits {
        let all: Vec<&Criterion> = version
            .all_criteria()
            .filter(|one| one.id.parent().is_some())
            .collect();
        if all.is_empty() {
            continue;
        }
        let one = all[which.index(all.len())];
        let parent = one.id.parent().expect("a parent");
        let siblings = version.criterion(&parent).expect("a parent").children.len();
        let below = |one: &CriterionId, other: &CriterionId| {
            std::iter::successors(Some(one.clone()), CriterionId::parent).any(|id| id == *other)
        };
        let apart = made
            .iter()
            .all(|(id, _)| !below(id, &one.id) && !below(&one.id, id));
        if apart && siblings > 1 && parents.insert(parent) {
            made.push((one.id.clone(), edit.clone()));
        }
    }
    made
}

fn take(criteria: &mut Vec<Criterion>, id: &CriterionId) -> Option<Criterion> {
    if let Some(place) = criteria.iter().position(|one| one.id == *id) {
        return Some(criteria.remove(place));
    }
    criteria
        .iter_mut()
        .find_map(|one| take(&mut one.children, id))
}

/// The number an added criterion gets.
fn added(id: &CriterionId) -> CriterionId {
    let parent = id.parent().expect("a parent");
    CriterionId::new(&format!("{parent}.99")).expect("an id")
}

fn apply(version: &Version, edits: &[&Made]) -> Version {
    let mut version = version.clone();
    for (id, edit) in edits {
        let rule = |text: &str| parse_rule(text, &dictionary()).ok();
        match edit {
            Edit::Rule(text) => {
                find(&mut version.criteria, id).expect("it").rule = rule(text);
            }
            Edit::Need(need) => {
                let needs = [Need::All, Need::Any, Need::None, Need::AtLeast(1)];
                find(&mut version.criteria, id).expect("it").need = needs[*need];
            }
            Edit::Remove => {
                take(&mut version.criteria, id);
            }
            Edit::Add(text) => {
                let parent = id.parent().expect("a parent");
                let parent = find(&mut version.criteria, &parent).expect("it");
                parent.children.push(Criterion {
                    id: added(id),
                    text: String::new(),
                    when: None,
                    rule: rule(text),
                    need: Need::All,
                    covers: true,
                    children: vec![],
                });
            }
            Edit::Move(to) => {
                let places: Vec<usize> = (0..version.criteria.len())
                    .filter(|place| !version.criteria[*place].children.is_empty())
                    .collect();
                let moved = take(&mut version.criteria, id).expect("it");
                let to = places[to.index(places.len())];
                version.criteria[to].children.push(moved);
            }
        }
    }
    version
}

fn difference((id, edit): &Made) -> Difference {
    let here = vec![id.clone()];
    let (old, new) = match edit {
        Edit::Remove => (here, vec![]),
        Edit::Add(_) => (vec![], vec![added(id)]),
        _ => (here.clone(), here),
    };
    Difference { old, new }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn a_change_moves_what_making_it_or_taking_it_back_moves(
        old in version(),
        edits in prop::collection::vec(edit(), 1..5),
    ) {
        let edits = independent(&old, &edits);
        let all: Vec<&Made> = edits.iter().collect();
        let new = apply(&old, &all);
        let Some(cases) = every_case(&[&old, &new]) else {
            return Ok(());
        };
        let differ = |one: &Version, other: &Version| {
            cases.iter().any(|case| determine(one, case, OPEN) != determine(other, case, OPEN))
        };
        let differences: Vec<Difference> = edits.iter().map(difference).collect();
        let same = |id: &CriterionId| old.criterion(id).map(|one| one.id.clone());
        let found = changes_that_move(&old, &new, &dictionary(), &same, &differences)
            .expect("small policies are compared");
        let expected: Vec<Option<bool>> = (0..edits.len())
            .map(|index| {
                let mut others = all.clone();
                let one = others.remove(index);
                Some(differ(&old, &apply(&old, &[one])) || differ(&new, &apply(&old, &others)))
            })
            .collect();
        prop_assert_eq!(found, expected, "{:?}", edits);
    }
}

fn ids(texts: &[&str]) -> Vec<CriterionId> {
    let ids = texts
        .iter()
        .map(|text| CriterionId::new(text).expect("an id"));
    ids.collect()
}

#[test]
fn what_came_together_is_made_together() {
    let old = written(&[("I", ""), ("I.1", "rule = 'a'"), ("I.2", "rule = 'd'")]);
    let same = |id: &CriterionId| Some(id.clone());
    type Row<'a> = (&'a str, &'a [(&'a str, &'a str)], Difference, bool);
    let table: [Row<'_>; 4] = [
        (
            "a group that asks for what is asked anyway",
            &[
                ("I", ""),
                ("I.1", "rule = 'a'"),
                ("I.2", "rule = 'd'"),
                ("I.3", "need = 'any'"),
                ("I.3.1", "rule = 'd'"),
                ("I.3.2", "rule = 'd || a'"),
            ],
            Difference {
                old: vec![],
                new: ids(&["I.3"]),
            },
            false,
        ),
        (
            "one that is now tested by two under it",
            &[
                ("I", ""),
                ("I.1", "rule = 'a'"),
                ("I.2", ""),
                ("I.2.1", "rule = 'd'"),
                ("I.2.2", "rule = 'd'"),
            ],
            Difference {
                old: ids(&["I.2"]),
                new: ids(&["I.2"]),
            },
            false,
        ),
        (
            "one that was divided",
            &[
                ("I", ""),
                ("I.1", "rule = 'a'"),
                ("I.2", "rule = 'c'"),
                ("I.3", "rule = 'd'"),
            ],
            Difference {
                old: ids(&["I.2"]),
                new: ids(&["I.2", "I.3"]),
            },
            // What is true of `a` is true of `c`.
            false,
        ),
        (
            "one that asks for more",
            &[
                ("I", ""),
                ("I.1", "rule = 'a'"),
                ("I.2", "rule = 'd'"),
                ("I.3", "rule = 'n > 1'"),
            ],
            Difference {
                old: vec![],
                new: ids(&["I.3"]),
            },
            true,
        ),
    ];
    for (name, new, difference, expected) in table {
        let new = written(new);
        let only_old = |id: &CriterionId| same(id).filter(|id| old.criterion(id).is_some());
        let found = changes_that_move(&old, &new, &dictionary(), &only_old, &[difference]);
        assert_eq!(found, Ok(vec![Some(expected)]), "{name}");
    }
}
