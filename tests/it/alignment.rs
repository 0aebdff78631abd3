//! Editing a version at random and comparing gives back exactly the edits.

use std::collections::{BTreeMap, BTreeSet};

use lookback::compare::{ChangeKind, Comparison, compare};
use lookback::policy::{ContentHash, Criterion, CriterionId, Need, Provenance, Version};
use proptest::prelude::*;

/// A criterion before it has a number; `key` is its identity through edits.
#[derive(Clone, Debug)]
struct Draft {
    key: usize,
    text: String,
    children: Vec<Draft>,
}

/// A text of its own for each key: few words in common with any other.
fn text(key: usize, revision: usize) -> String {
    let words: Vec<String> = (0..9)
        .map(|word| format!("w{}x{word}", key * 31 + 7))
        .collect();
    let mut words = words;
    for (index, word) in words.iter_mut().enumerate().take(revision) {
        *word = format!("r{key}n{index}");
    }
    words.join(" ")
}

fn numbered(
    drafts: &[Draft],
    above: Option<&str>,
    keys: &mut BTreeMap<CriterionId, usize>,
) -> Vec<Criterion> {
    drafts
        .iter()
        .enumerate()
        .map(|(index, draft)| {
            let id = match above {
                Some(above) => format!("{above}.{}", index + 1),
                None => format!("{}", index + 1),
            };
            let criterion_id = CriterionId::new(&id).expect("an id");
            keys.insert(criterion_id.clone(), draft.key);
            Criterion {
                children: numbered(&draft.children, Some(&id), keys),
                id: criterion_id,
                text: draft.text.clone(),
                when: None,
                rule: None,
                need: Need::All,
                covers: true,
            }
        })
        .collect()
}

fn version(drafts: &[Draft]) -> (Version, BTreeMap<CriterionId, usize>) {
    let mut keys = BTreeMap::new();
    let criteria = numbered(drafts, None, &mut keys);
    let version = Version {
        name: "2020-01".to_owned(),
        effective: "2020-01".parse().expect("a date"),
        reviewed: None,
        approved: None,
        provenance: Provenance::Draft,
        source: None,
        sections: vec![],
        criteria,
        codes: vec![],
        notices: vec![],
        revisions: vec![],
        references: vec![],
        hash: ContentHash([0; 32]),
    };
    (version, keys)
}

/// Three statements with leaves.
fn drafts(sizes: &[usize]) -> Vec<Draft> {
    let mut key = 0;
    let mut draft = |children: Vec<Draft>| {
        key += 1;
        Draft {
            key,
            text: text(key, 0),
            children,
        }
    };
    sizes
        .iter()
        .map(|size| {
            let children = (0..*size).map(|_| draft(vec![])).collect();
            draft(children)
        })
        .collect()
}

#[derive(Clone, Debug)]
enum Edit {
    Remove(prop::sample::Index, prop::sample::Index),
    Add(prop::sample::Index, prop::sample::Index),
    Move(
        prop::sample::Index,
        prop::sample::Index,
        prop::sample::Index,
    ),
    Reword(prop::sample::Index, prop::sample::Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    let index = any::<prop::sample::Index>;
    prop_oneof![
        (index(), index()).prop_map(|(one, two)| Edit::Remove(one, two)),
        (index(), index()).prop_map(|(one, two)| Edit::Add(one, two)),
        (index(), index(), index()).prop_map(|(one, two, three)| Edit::Move(one, two, three)),
        (index(), index()).prop_map(|(one, two)| Edit::Reword(one, two)),
    ]
}

/// What the edits come to, by key.
#[derive(Debug, Default, PartialEq, Eq)]
struct Edited {
    added: BTreeSet<usize>,
    removed: BTreeSet<usize>,
    moved: BTreeSet<usize>,
    reworded: BTreeSet<usize>,
}

fn apply(edits: &[Edit], drafts: &mut [Draft]) {
    let mut next_key = 1_000;
    for edit in edits {
        match edit {
            Edit::Remove(statement, leaf) => {
                let statement = statement.index(drafts.len());
                let children = &mut drafts[statement].children;
                if !children.is_empty() {
                    children.remove(leaf.index(children.len()));
                }
            }
            Edit::Add(statement, at) => {
                let statement = statement.index(drafts.len());
                let children = &mut drafts[statement].children;
                let at = at.index(children.len() + 1);
                next_key += 1;
                let draft = Draft {
                    key: next_key,
                    text: text(next_key, 0),
                    children: vec![],
                };
                children.insert(at, draft);
            }
            Edit::Move(from, leaf, to) => {
                let (from, to) = (from.index(drafts.len()), to.index(drafts.len()));
                if from != to && !drafts[from].children.is_empty() {
                    let leaf = leaf.index(drafts[from].children.len());
                    let draft = drafts[from].children.remove(leaf);
                    drafts[to].children.push(draft);
                }
            }
            Edit::Reword(statement, leaf) => {
                let statement = statement.index(drafts.len());
                let children = &mut drafts[statement].children;
                if !children.is_empty() {
                    let leaf = leaf.index(children.len());
                    children[leaf].text = text(children[leaf].key, 2);
                }
            }
        }
    }
}

/// Where every criterion stands and what it says, by key.
fn places(drafts: &[Draft]) -> BTreeMap<usize, (usize, String)> {
    let leaves = drafts.iter().flat_map(|statement| {
        let leaves = statement.children.iter();
        leaves.map(|leaf| (leaf.key, (statement.key, leaf.text.clone())))
    });
    leaves.collect()
}

fn expected(old: &[Draft], new: &[Draft]) -> Edited {
    let (old, new) = (places(old), places(new));
    let mut edited = Edited::default();
    for (key, (parent, text)) in &old {
        match new.get(key) {
            None => {
                edited.removed.insert(*key);
            }
            Some((now, now_text)) => {
                if now != parent {
                    edited.moved.insert(*key);
                }
                if now_text != text {
                    edited.reworded.insert(*key);
                }
            }
        }
    }
    edited.added = new
        .keys()
        .filter(|key| !old.contains_key(key))
        .copied()
        .collect();
    edited
}

fn observed(
    comparison: &Comparison,
    old_keys: &BTreeMap<CriterionId, usize>,
    new_keys: &BTreeMap<CriterionId, usize>,
) -> Edited {
    let mut edited = Edited::default();
    for change in &comparison.criteria {
        let old = change.views.old.as_ref().map(|view| old_keys[&view.id]);
        let new = change.views.new.as_ref().map(|view| new_keys[&view.id]);
        match change.kind {
            ChangeKind::Added => edited.added.extend(new),
            ChangeKind::Removed => edited.removed.extend(old),
            ChangeKind::Moved => edited.moved.extend(new),
            ChangeKind::Changed | ChangeKind::Renumbered => {}
        }
        if old.is_some() && new.is_some() && !change.aspects.is_empty() {
            assert_eq!(old, new, "a criterion is taken for another");
            edited.reworded.extend(new);
        }
    }
    edited
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, ..ProptestConfig::default() })]

    #[test]
    fn comparing_gives_back_the_edits(
        sizes in prop::collection::vec(1usize..7, 2..4),
        edits in prop::collection::vec(edit(), 0..8),
    ) {
        let before = drafts(&sizes);
        let mut after = before.clone();
        apply(&edits, &mut after);
        let ((old, old_keys), (new, new_keys)) = (version(&before), version(&after));
        let forwards = compare(&old, &new);
        prop_assert_eq!(observed(&forwards, &old_keys, &new_keys), expected(&before, &after));
        // Backwards is the mirror image.
        let backwards = compare(&new, &old);
        prop_assert_eq!(observed(&backwards, &new_keys, &old_keys), expected(&after, &before));
        prop_assert_eq!(forwards.criteria.len(), backwards.criteria.len());
    }
}
