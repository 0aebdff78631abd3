//! Changes that a later version undid.
//!
//! A change of a criterion is undone by the first later version in which
//! everything it changed is again as it was. Criteria are followed from
//! version to version as the comparison pairs them, so that a new number is
//! no new criterion; one that went and came back as it was is one criterion.
//! Codes, tables and paragraphs are followed through their changes.

use std::collections::HashMap;

use crate::compare::{
    Alignment, Aspect, ChangeKind, Comparison, CriterionChange, CriterionView, Pair,
};
use crate::policy::{Criterion, CriterionId, Version};

/// What came of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fate {
    /// The later version that undid it.
    pub undone_in: Option<String>,
    /// The earlier version whose change it undoes.
    pub undoes: Option<String>,
}

impl Fate {
    /// The fate in words; nothing, if the change stands and undoes none.
    pub fn describe(&self) -> Option<String> {
        let undoes = self.undoes.as_ref();
        let undoes = undoes.map(|version| format!("undoes what {version} changed"));
        let undone = self.undone_in.as_ref();
        let undone = undone.map(|version| format!("undone in {version}"));
        let words: Vec<String> = undoes.into_iter().chain(undone).collect();
        (!words.is_empty()).then(|| words.join("; "))
    }
}

/// The fates of the changes of one comparison, in its order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fates {
    /// Of criteria.
    pub criteria: Vec<Fate>,
    /// Of codes.
    pub codes: Vec<Fate>,
    /// Of code tables.
    pub tables: Vec<Fate>,
    /// Of paragraphs.
    pub sections: Vec<Fate>,
}

impl Fates {
    /// Every fate.
    pub fn all(&self) -> impl Iterator<Item = &Fate> {
        let tables = self.codes.iter().chain(&self.tables);
        self.criteria.iter().chain(tables).chain(&self.sections)
    }
}

/// The fates of the changes from each version to the next.
pub(super) fn fates(versions: &[Version], comparisons: &[Comparison]) -> Vec<Fates> {
    let names: Vec<&str> = versions.iter().map(|one| one.name.as_str()).collect();
    let criteria = criteria(versions, comparisons);
    let codes = follow(comparisons, |one| {
        let changes = one.codes.iter();
        changes
            .map(|change| (change.code.clone(), change.views.clone()))
            .collect()
    });
    let tables = follow(comparisons, |one| {
        let changes = one.tables.iter();
        let gate = |view: &Option<crate::compare::TableView>| view.map(|view| view.gate);
        changes
            .map(|change| {
                let key = (change.system, change.title.clone());
                (key, change.views.as_ref().map(gate))
            })
            .collect()
    });
    let sections = follow(comparisons, |one| {
        let changes = one.sections.iter();
        changes
            .map(|change| (change.heading.clone(), change.text.clone()))
            .collect()
    });
    let told = |undone: &Undone, step: usize, count: usize| undone.fates(step, count, &names);
    let steps = comparisons.iter().enumerate();
    steps
        .map(|(step, one)| Fates {
            criteria: told(&criteria, step, one.criteria.len()),
            codes: told(&codes, step, one.codes.len()),
            tables: told(&tables, step, one.tables.len()),
            sections: told(&sections, step, one.sections.len()),
        })
        .collect()
}

/// A change: which step, and its place among the changes of its kind.
type At = (usize, usize);

/// Which change was undone by which.
#[derive(Default)]
struct Undone {
    by: HashMap<At, At>,
    undoes: HashMap<At, At>,
}

impl Undone {
    fn add(&mut self, change: At, by: At) {
        self.by.insert(change, by);
        // Of several changes that one takes back, the first is named.
        self.undoes.entry(by).or_insert(change);
    }

    fn fates(&self, step: usize, count: usize, names: &[&str]) -> Vec<Fate> {
        // A step leads to the version after it.
        let version = |at: Option<&At>| at.map(|(step, _)| names[step + 1].to_owned());
        (0..count)
            .map(|index| Fate {
                undone_in: version(self.by.get(&(step, index))),
                undoes: version(self.undoes.get(&(step, index))),
            })
            .collect()
    }
}

/// Follows things through their changes: each change of a key begins where
/// the one before it ended.
fn follow<K: PartialEq, V: PartialEq>(
    comparisons: &[Comparison],
    changes: impl Fn(&Comparison) -> Vec<(K, Pair<Option<V>>)>,
) -> Undone {
    let steps: Vec<Vec<(K, Pair<Option<V>>)>> = comparisons.iter().map(changes).collect();
    let mut undone = Undone::default();
    for (step, changes) in steps.iter().enumerate() {
        for (index, (key, views)) in changes.iter().enumerate() {
            let mut now = &views.new;
            for (later, changes) in steps.iter().enumerate().skip(step + 1) {
                let goes_on = |next: &Pair<Option<V>>| {
                    // What is gone comes back as it was, or something else comes.
                    next.old == *now && (now.is_some() || next.new == views.old)
                };
                let next = changes
                    .iter()
                    .position(|(other, views)| other == key && goes_on(views));
                let Some(next) = next else { continue };
                now = &changes[next].1.new;
                if *now == views.old {
                    undone.add((step, index), (later, next));
                    break;
                }
            }
        }
    }
    undone
}

/// A criterion through the versions: what each has of it.
type Thread<'a> = Vec<Option<&'a Criterion>>;

struct Threads<'a> {
    threads: Vec<Thread<'a>>,
    /// The thread of a criterion of a version.
    of: Vec<HashMap<&'a CriterionId, usize>>,
}

impl<'a> Threads<'a> {
    fn of(versions: &'a [Version]) -> Self {
        let mut all = Threads {
            threads: vec![],
            of: vec![],
        };
        for (at, version) in versions.iter().enumerate() {
            let since = at
                .checked_sub(1)
                .map(|before| Alignment::of(&versions[before], version));
            all.of.push(HashMap::new());
            for criterion in version.all_criteria() {
                let old = since.as_ref().and_then(|since| since.old_id(&criterion.id));
                let thread = match old {
                    Some(old) => all.of[at - 1].get(old).copied(),
                    None => all.returned(at, criterion),
                };
                let thread = thread.unwrap_or_else(|| {
                    all.threads.push(vec![None; versions.len()]);
                    all.threads.len() - 1
                });
                all.threads[thread][at] = Some(criterion);
                all.of[at].insert(&criterion.id, thread);
            }
        }
        all
    }

    /// The thread of a criterion that was gone before this version and is
    /// back as it was; under its old number rather than another.
    fn returned(&self, at: usize, criterion: &Criterion) -> Option<usize> {
        let last = |thread: &Thread<'a>| {
            let gone = thread[at].is_none() && at > 0 && thread[at - 1].is_none();
            gone.then(|| thread[..at].iter().rev().find_map(|one| *one))
                .flatten()
        };
        let back = self.threads.iter().enumerate().filter_map(|(index, one)| {
            let last = last(one)?;
            is_as_it_was(&CriterionView::from(last), &CriterionView::from(criterion))
                .then_some((last.id != criterion.id, index))
        });
        back.min().map(|(_, index)| index)
    }
}

fn criteria(versions: &[Version], comparisons: &[Comparison]) -> Undone {
    let threads = Threads::of(versions);
    let thread_of = |step: usize, change: &CriterionChange| {
        let in_new = change.views.new.as_ref();
        let in_old = change.views.old.as_ref();
        let new = in_new.and_then(|view| threads.of[step + 1].get(&view.id));
        new.or_else(|| in_old.and_then(|view| threads.of[step].get(&view.id)))
            .copied()
    };
    // The change of a thread in each step.
    let places: Vec<HashMap<usize, usize>> = comparisons
        .iter()
        .enumerate()
        .map(|(step, one)| {
            let changes = one.criteria.iter().enumerate();
            changes
                .filter_map(|(index, change)| Some((thread_of(step, change)?, index)))
                .collect()
        })
        .collect();
    let mut undone = Undone::default();
    for (step, comparison) in comparisons.iter().enumerate() {
        for (index, change) in comparison.criteria.iter().enumerate() {
            let Some(thread) = thread_of(step, change) else {
                continue;
            };
            let later = (step + 1..comparisons.len()).find_map(|later| {
                let place = *places[later].get(&thread)?;
                let now = threads.threads[thread][later + 1].map(CriterionView::from);
                is_undone(change, now.as_ref()).then_some((later, place))
            });
            if let Some(by) = later {
                undone.add((step, index), by);
            }
        }
    }
    undone
}

/// Whether everything a change changed is as it was before it.
fn is_undone(change: &CriterionChange, now: Option<&CriterionView>) -> bool {
    match (&change.views.old, now) {
        (None, now) => now.is_none(),
        (Some(_), None) => false,
        (Some(old), Some(now)) if change.kind == ChangeKind::Removed => is_as_it_was(old, now),
        (Some(old), Some(now)) => {
            let moved = matches!(change.kind, ChangeKind::Moved | ChangeKind::Renumbered);
            let aspects = change.aspects.iter();
            aspects.copied().all(|aspect| is_equal(aspect, old, now))
                && (!moved || old.id == now.id)
        }
    }
}

fn is_as_it_was(old: &CriterionView, now: &CriterionView) -> bool {
    let all = [
        Aspect::Text,
        Aspect::Rule,
        Aspect::When,
        Aspect::Need,
        Aspect::Covers,
    ];
    all.into_iter().all(|aspect| is_equal(aspect, old, now))
}

fn is_equal(aspect: Aspect, old: &CriterionView, now: &CriterionView) -> bool {
    match aspect {
        Aspect::Text => old.text.split_whitespace().eq(now.text.split_whitespace()),
        Aspect::Rule => old.rule == now.rule,
        Aspect::When => old.when == now.when,
        Aspect::Need => old.need == now.need,
        Aspect::Covers => old.covers == now.covers,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::subsequence;

    use super::*;
    use crate::compare::compare;
    use crate::format::{read_policy, read_version};

    /// A version of criteria and codes; every criterion has words of its own.
    fn version(name: &str, criteria: &[(usize, usize)], codes: &[&str]) -> Version {
        let head = b"format = 1\nreference = \"P\"\ntitle = \"t\"\npublisher = \"p\"\n";
        let policy = read_policy("policy.toml", head).0.expect("a policy");
        let rows: Vec<String> = codes
            .iter()
            .map(|code| format!("{{ code = \"{code}\", text = \"{code}\" }}"))
            .collect();
        let criteria: Vec<String> = criteria
            .iter()
            .enumerate()
            .map(|(index, (key, wording))| {
                let words: Vec<String> = (0..8).map(|word| format!("w{key}x{word}")).collect();
                format!(
                    "[[criteria]]\nid = \"I.{}\"\ntext = \"{} r{wording}\"\n",
                    index + 1,
                    words.join(" ")
                )
            })
            .collect();
        let text = format!(
            "format = 1\nversion = \"{name}\"\neffective = \"{name}\"\nprovenance = \"published\"\n\
             [[criteria]]\nid = \"I\"\ntext = \"Pain\"\n{}\
             [[codes]]\nsystem = \"CPT\"\ntitle = \"Codes\"\ngate = \"advise\"\nrows = [{}]\n",
            criteria.concat(),
            rows.join(", ")
        );
        let (version, found) = read_version("v.toml", text.as_bytes(), &policy.facts);
        version.unwrap_or_else(|| panic!("{found:?}"))
    }

    /// Each change with its fate, by step.
    fn told(versions: &[Version]) -> Vec<Vec<(String, Fate)>> {
        let comparisons: Vec<Comparison> = versions
            .windows(2)
            .map(|pair| compare(&pair[0], &pair[1]))
            .collect();
        let fates = fates(versions, &comparisons);
        let steps = comparisons.iter().zip(fates);
        steps
            .map(|(one, fates)| {
                let criteria = one.criteria.iter();
                let criteria = criteria.map(|one| format!("{} {}", one.id(), one.kind.name()));
                let codes = one.codes.iter();
                let codes = codes.map(|one| format!("{} {}", one.code, one.kind.name()));
                criteria
                    .zip(fates.criteria)
                    .chain(codes.zip(fates.codes))
                    .collect()
            })
            .collect()
    }

    fn fate(undone_in: Option<&str>, undoes: Option<&str>) -> Fate {
        Fate {
            undone_in: undone_in.map(str::to_owned),
            undoes: undoes.map(str::to_owned),
        }
    }

    #[test]
    fn a_change_is_undone_by_the_first_version_that_takes_it_back() {
        let versions = [
            version("2018-01", &[(1, 0), (2, 0)], &["62320"]),
            version("2019-01", &[(1, 1), (2, 0)], &["62320", "62321"]),
            version("2020-01", &[(1, 1)], &["62320", "62321"]),
            version("2021-01", &[(1, 0), (2, 0)], &["62320"]),
            version("2022-01", &[(1, 1), (2, 0)], &["62320"]),
        ];
        let change = |what: &str, fate: Fate| (what.to_owned(), fate);
        assert_eq!(
            told(&versions),
            [
                vec![
                    change("I.1 changed", fate(Some("2021-01"), None)),
                    change("62321 added", fate(Some("2021-01"), None)),
                ],
                vec![change("I.2 removed", fate(Some("2021-01"), None))],
                vec![
                    change("I.1 changed", fate(Some("2022-01"), Some("2019-01"))),
                    change("I.2 added", fate(None, Some("2020-01"))),
                    change("62321 removed", fate(None, Some("2019-01"))),
                ],
                vec![change("I.1 changed", fate(None, Some("2021-01")))],
            ]
        );
    }

    #[test]
    fn something_else_in_its_place_undoes_nothing() {
        let versions = [
            version("2018-01", &[(1, 0)], &["62320"]),
            version("2019-01", &[], &[]),
            version("2020-01", &[(2, 0)], &["62321"]),
        ];
        for (what, fate) in told(&versions).into_iter().flatten() {
            assert_eq!(fate, Fate::default(), "{what}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn going_back_undoes_every_change(
            first in subsequence((0..8).collect::<Vec<usize>>(), 0..8).prop_shuffle(),
            second in subsequence((0..8).collect::<Vec<usize>>(), 0..8).prop_shuffle(),
            wording in 0..2usize,
        ) {
            let of = |name: &str, keys: &[usize], wording: usize| {
                let criteria: Vec<_> = keys.iter().map(|key| (*key, wording)).collect();
                version(name, &criteria, &[])
            };
            let versions = [
                of("2018-01", &first, 0),
                of("2019-01", &second, wording),
                of("2020-01", &first, 0),
            ];
            let steps = told(&versions);
            for (what, fate) in &steps[0] {
                prop_assert_eq!(fate.undone_in.as_deref(), Some("2020-01"), "{}", what);
            }
            for (what, fate) in &steps[1] {
                prop_assert_eq!(fate.undoes.as_deref(), Some("2019-01"), "{}", what);
            }
        }
    }
}
