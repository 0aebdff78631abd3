//! Which criterion of the new version is which of the old one.
//!
//! Four passes, the surest evidence first. A criterion paired in one pass is
//! out of the next.

use std::collections::{BTreeMap, HashMap};

use super::words::similarity;
use crate::policy::{Criterion, CriterionId, Version};

/// Texts of the same number with at least this similarity are the same criterion.
const SAME_NUMBER: f64 = 0.5;
/// Texts of different numbers need this much.
const OTHER_NUMBER: f64 = 0.6;
/// What is left with the same number needs at least a little in common:
/// otherwise one criterion was removed and another put in its place.
const LEFT_OVER: f64 = 0.25;
/// With more criteria than this left over on both sides, only equal numbers
/// are looked at: comparing all with all would take too long.
const MAX_PAIRS: usize = 1_000_000;

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
            old: old.all_criteria().map(|one| (&one.id, one)).collect(),
            new: new.all_criteria().map(|one| (&one.id, one)).collect(),
            alignment: Alignment::default(),
        };
        aligner.pair_same_numbers(|old, new| {
            let resembles = old.text == new.text || similarity(&old.text, &new.text) >= SAME_NUMBER;
            let same_rule = old.rule.is_some() && old.rule == new.rule;
            resembles || same_rule
        });
        aligner.pair_equal_texts();
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
}

struct Aligner<'a> {
    /// What is not paired yet, by number.
    old: BTreeMap<&'a CriterionId, &'a Criterion>,
    new: BTreeMap<&'a CriterionId, &'a Criterion>,
    alignment: Alignment,
}

impl Aligner<'_> {
    fn pair(&mut self, old: &CriterionId, new: &CriterionId) {
        self.alignment.pair(old, new);
        self.old.remove(old);
        self.new.remove(new);
    }

    fn pair_same_numbers(&mut self, same: impl Fn(&Criterion, &Criterion) -> bool) {
        let pairs: Vec<CriterionId> = self
            .new
            .iter()
            .filter(|(id, new)| self.old.get(*id).is_some_and(|old| same(old, new)))
            .map(|(id, _)| (*id).clone())
            .collect();
        for id in pairs {
            self.pair(&id, &id);
        }
    }

    /// Moved as they were. A text that stands several times is paired in order.
    fn pair_equal_texts(&mut self) {
        let mut by_text: HashMap<String, Vec<CriterionId>> = HashMap::new();
        for (id, old) in self.old.iter().rev() {
            by_text
                .entry(key(&old.text))
                .or_default()
                .push((*id).clone());
        }
        let mut pairs = vec![];
        for (id, new) in &self.new {
            if let Some(old) = by_text.get_mut(&key(&new.text)).and_then(Vec::pop) {
                pairs.push((old, (*id).clone()));
            }
        }
        for (old, new) in pairs {
            self.pair(&old, &new);
        }
    }

    /// Moved and reworded: the most similar first, ties in document order.
    fn pair_similar_texts(&mut self) {
        if self.old.len().saturating_mul(self.new.len()) > MAX_PAIRS {
            return;
        }
        let mut scored = vec![];
        for (old_id, old) in &self.old {
            for (new_id, new) in &self.new {
                let score = similarity(&old.text, &new.text);
                if score >= OTHER_NUMBER {
                    scored.push((score, (*old_id).clone(), (*new_id).clone()));
                }
            }
        }
        scored.sort_by(|left, right| {
            right
                .0
                .total_cmp(&left.0)
                .then_with(|| (&left.1, &left.2).cmp(&(&right.1, &right.2)))
        });
        for (_, old, new) in scored {
            if self.old.contains_key(&old) && self.new.contains_key(&new) {
                self.pair(&old, &new);
            }
        }
    }
}

fn key(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
