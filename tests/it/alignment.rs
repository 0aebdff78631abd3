//! Editing a version at random and comparing gives back exactly the edits.

use std::collections::{BTreeMap, BTreeSet};

use lookback::compare::{ChangeKind, Comparison, Pair, compare};
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
    /// Wholes with their parts.
    split: BTreeMap<usize, BTreeSet<usize>>,
    merged: BTreeMap<usize, BTreeSet<usize>>,
}

impl Edited {
    /// What the way back comes to.
    fn mirrored(self) -> Self {
        Edited {
            added: self.removed,
            removed: self.added,
            split: self.merged,
            merged: self.split,
            ..self
        }
    }
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

/// How a leaf is divided, or joined with the one after it.
#[derive(Clone, Copy, Debug)]
enum Cut {
    /// Into two beside each other.
    Siblings,
    /// Into two under a new heading.
    UnderHead,
    /// Into three.
    Thirds,
    /// With the next one.
    Join,
}

fn cut() -> impl Strategy<Value = (Cut, prop::sample::Index, usize)> {
    let cuts = vec![Cut::Siblings, Cut::UnderHead, Cut::Thirds, Cut::Join];
    (
        prop::sample::select(cuts),
        any::<prop::sample::Index>(),
        3usize..7,
    )
}

/// Divides and joins leaves that are worded as they were, each once.
fn divide(cuts: &[(Cut, prop::sample::Index, usize)], drafts: &mut [Draft], edited: &mut Edited) {
    let mut next_key = 2_000;
    let mut part = |text: &[&str]| {
        next_key += 1;
        Draft {
            key: next_key,
            text: text.join(" "),
            children: vec![],
        }
    };
    let untouched = |draft: &Draft| draft.key < 1_000 && draft.text == text(draft.key, 0);
    for (cut, which, at) in cuts {
        let leaves: Vec<(usize, usize)> = (0..drafts.len())
            .flat_map(|statement| {
                let children = drafts[statement].children.iter().enumerate();
                let whole = children.filter(|(_, child)| untouched(child));
                whole
                    .map(move |(leaf, _)| (statement, leaf))
                    .collect::<Vec<_>>()
            })
            .collect();
        if leaves.is_empty() {
            continue;
        }
        let (statement, leaf) = leaves[which.index(leaves.len())];
        let children = &mut drafts[statement].children;
        let whole = children[leaf].clone();
        let words: Vec<&str> = whole.text.split(' ').collect();
        let parts = match cut {
            Cut::Siblings | Cut::UnderHead => vec![part(&words[..*at]), part(&words[*at..])],
            Cut::Thirds => words.chunks(3).map(&mut part).collect(),
            Cut::Join => match children.get(leaf + 1) {
                Some(next) if untouched(next) => {
                    let both = part(&[&whole.text, &next.text]);
                    edited.merged.insert(both.key, [whole.key, next.key].into());
                    children.splice(leaf..leaf + 2, [both]);
                    continue;
                }
                _ => continue,
            },
        };
        let mut keys: BTreeSet<usize> = parts.iter().map(|part| part.key).collect();
        if let Cut::UnderHead = cut {
            let mut head = part(&["All", "of", "these"]);
            keys.insert(head.key);
            head.children = parts;
            children.splice(leaf..=leaf, [head]);
        } else {
            children.splice(leaf..=leaf, parts);
        }
        edited.split.insert(whole.key, keys);
    }
}

/// Where every criterion stands and what it says, by key.
fn places(drafts: &[Draft]) -> BTreeMap<usize, (usize, String)> {
    fn add(drafts: &[Draft], places: &mut BTreeMap<usize, (usize, String)>) {
        for above in drafts {
            let leaves = above.children.iter();
            places.extend(leaves.map(|leaf| (leaf.key, (above.key, leaf.text.clone()))));
            add(&above.children, places);
        }
    }
    let mut places = BTreeMap::new();
    add(drafts, &mut places);
    places
}

/// Adds what came, went and changed to what was divided and joined.
fn expected(old: &[Draft], new: &[Draft], mut edited: Edited) -> Edited {
    let (mut old, mut new) = (places(old), places(new));
    for (whole, parts) in &edited.split {
        old.remove(whole);
        new.retain(|key, _| !parts.contains(key));
    }
    for (whole, parts) in &edited.merged {
        new.remove(whole);
        old.retain(|key, _| !parts.contains(key));
    }
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
        let keys = Pair {
            old: change
                .ids()
                .old
                .into_iter()
                .map(|id| old_keys[id])
                .collect::<BTreeSet<_>>(),
            new: change
                .ids()
                .new
                .into_iter()
                .map(|id| new_keys[id])
                .collect::<BTreeSet<_>>(),
        };
        match change.kind {
            ChangeKind::Split => {
                edited.split.extend(old.map(|whole| (whole, keys.new)));
                continue;
            }
            ChangeKind::Merged => {
                edited.merged.extend(new.map(|whole| (whole, keys.old)));
                continue;
            }
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
    #![proptest_config(ProptestConfig { cases: 600, ..ProptestConfig::default() })]

    #[test]
    fn comparing_gives_back_the_edits(
        sizes in prop::collection::vec(1usize..7, 2..4),
        edits in prop::collection::vec(edit(), 0..8),
        cuts in prop::collection::vec(cut(), 0..4),
    ) {
        let before = drafts(&sizes);
        let mut after = before.clone();
        apply(&edits, &mut after);
        let mut divided = Edited::default();
        divide(&cuts, &mut after, &mut divided);
        let ((old, old_keys), (new, new_keys)) = (version(&before), version(&after));
        let forwards = compare(&old, &new);
        let expected = expected(&before, &after, divided);
        prop_assert_eq!(&observed(&forwards, &old_keys, &new_keys), &expected);
        // Backwards is the mirror image.
        let backwards = compare(&new, &old);
        prop_assert_eq!(observed(&backwards, &new_keys, &old_keys), expected.mirrored());
        prop_assert_eq!(forwards.criteria.len(), backwards.criteria.len());
    }
}
