//! Which criterion of the new version is which of the old one.
//!
//! Passes, the surest evidence first; a criterion paired in one is out of the
//! next. Equal wording is surer than an equal number: a number goes to
//! whatever stands there, the wording stays with the criterion.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::words::similarity;
use crate::policy::{Criterion, CriterionId, Version};

/// Texts of the same number with at least this similarity are the same criterion.
const SAME_NUMBER: f64 = 0.5;
/// Texts of different numbers need this much.
const OTHER_NUMBER: f64 = 0.6;
/// What is left with the same number needs at least a little in common:
/// otherwise one criterion was removed and another put in its place.
const LEFT_OVER: f64 = 0.25;
/// With more pairs than this left to compare by likeness, only equal numbers
/// and equal texts are looked at: comparing all with all would take too long.
const MAX_PAIRS: usize = 40_000;

/// Pairs of criteria between two versions, by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alignment {
    new_to_old: BTreeMap<CriterionId, CriterionId>,
    old_to_new: BTreeMap<CriterionId, CriterionId>,
}

impl Alignment {
    /// Aligns the criteria of two versions.
    pub fn of(old: &Version, new: &Version) -> Self {
        let mut aligner = Aligner {
            old: Side::of(old),
            new: Side::of(new),
            alignment: Alignment::default(),
        };
        aligner.pair_same_numbers(|old, new| key(&old.text) == key(&new.text));
        aligner.pair_equal_texts(Among::OnlyOnes);
        aligner.pair_equal_texts(Among::SameParent);
        aligner.pair_same_numbers(|old, new| {
            let same_rule = old.rule.is_some() && old.rule == new.rule;
            same_rule || similarity(&old.text, &new.text) >= SAME_NUMBER
        });
        aligner.pair_equal_texts(Among::SameParent);
        aligner.pair_equal_texts(Among::All);
        aligner.pair_similar_texts();
        aligner.pair_same_numbers(|old, new| similarity(&old.text, &new.text) >= LEFT_OVER);
        aligner.alignment
    }

    /// The number a criterion of the new version had in the old one.
    pub fn old_id(&self, new: &CriterionId) -> Option<&CriterionId> {
        self.new_to_old.get(new)
    }

    /// The number a criterion of the old version has in the new one.
    pub fn new_id(&self, old: &CriterionId) -> Option<&CriterionId> {
        self.old_to_new.get(old)
    }

    fn pair(&mut self, old: &CriterionId, new: &CriterionId) {
        self.new_to_old.insert(new.clone(), old.clone());
        self.old_to_new.insert(old.clone(), new.clone());
    }

    /// Whether two criteria stand under the same one.
    fn same_parent(&self, old: &CriterionId, new: &CriterionId) -> bool {
        match (old.parent(), new.parent()) {
            (None, None) => true,
            (Some(old), Some(new)) => self.new_id(&old) == Some(&new),
            _ => false,
        }
    }
}

/// Which of several criteria with the same text may be paired.
#[derive(Clone, Copy, PartialEq)]
enum Among {
    /// Only a text that stands once on each side.
    OnlyOnes,
    /// Only those under the same criterion, in order.
    SameParent,
    /// All, in order.
    All,
}

/// What of one version is not paired yet, in document order.
struct Side<'a> {
    open: Vec<&'a Criterion>,
}

impl<'a> Side<'a> {
    fn of(version: &'a Version) -> Self {
        Side {
            open: version.all_criteria().collect(),
        }
    }

    fn by_text(&self) -> HashMap<String, Vec<&'a Criterion>> {
        let mut by_text: HashMap<String, Vec<&Criterion>> = HashMap::new();
        for criterion in &self.open {
            by_text
                .entry(key(&criterion.text))
                .or_default()
                .push(criterion);
        }
        by_text
    }
}

struct Aligner<'a> {
    old: Side<'a>,
    new: Side<'a>,
    alignment: Alignment,
}

impl Aligner<'_> {
    /// Takes pairs, the first of each criterion counting.
    fn take(&mut self, pairs: Vec<(CriterionId, CriterionId)>) {
        for (old, new) in pairs {
            let taken =
                self.alignment.new_id(&old).is_some() || self.alignment.old_id(&new).is_some();
            if !taken {
                self.alignment.pair(&old, &new);
            }
        }
        let alignment = &self.alignment;
        self.old
            .open
            .retain(|one| alignment.new_id(&one.id).is_none());
        self.new
            .open
            .retain(|one| alignment.old_id(&one.id).is_none());
    }

    fn pair_same_numbers(&mut self, same: impl Fn(&Criterion, &Criterion) -> bool) {
        let old: HashMap<&CriterionId, &Criterion> =
            self.old.open.iter().map(|one| (&one.id, *one)).collect();
        let pairs = self.new.open.iter().filter_map(|new| {
            let old = old.get(&new.id)?;
            same(old, new).then(|| (old.id.clone(), new.id.clone()))
        });
        let pairs = pairs.collect();
        self.take(pairs);
    }

    /// Moved as they were.
    fn pair_equal_texts(&mut self, among: Among) {
        let (old, new) = (self.old.by_text(), self.new.by_text());
        let mut pairs = vec![];
        let mut taken: HashSet<&CriterionId> = HashSet::new();
        for criterion in &self.new.open {
            let text = key(&criterion.text);
            let Some(candidates) = old.get(&text) else {
                continue;
            };
            let alone = candidates.len() == 1 && new[&text].len() == 1;
            for candidate in candidates {
                let fits = match among {
                    Among::OnlyOnes => alone,
                    Among::SameParent => self.alignment.same_parent(&candidate.id, &criterion.id),
                    Among::All => true,
                };
                if fits && taken.insert(&candidate.id) {
                    pairs.push((candidate.id.clone(), criterion.id.clone()));
                    break;
                }
            }
        }
        self.take(pairs);
    }

    /// Moved and reworded: the most similar first, ties in document order.
    fn pair_similar_texts(&mut self) {
        if self.old.open.len().saturating_mul(self.new.open.len()) > MAX_PAIRS {
            return;
        }
        let mut scored = vec![];
        for old in &self.old.open {
            for new in &self.new.open {
                let score = similarity(&old.text, &new.text);
                if score >= OTHER_NUMBER {
                    scored.push((score, (old.id.clone(), new.id.clone())));
                }
            }
        }
        // The sort is stable: equals stay in document order.
        scored.sort_by(|left, right| right.0.total_cmp(&left.0));
        self.take(scored.into_iter().map(|(_, pair)| pair).collect());
    }
}

fn key(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
