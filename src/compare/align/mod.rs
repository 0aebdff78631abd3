//! Which criterion of the new version is which of the old one.
//!
//! Passes, the surest evidence first; a criterion paired in one is out of the
//! next. Equal wording is surer than an equal number: a number goes to
//! whatever stands there, the wording stays with the criterion. What was
//! divided or joined (`divide`) is told before what is left is paired by
//! number on weak evidence.
//!
//! No pass asks which version is the old one, so that the way back is the
//! mirror image.

mod divide;
mod likeness;
mod side;

use std::collections::HashMap;
use std::hash::Hash;

use super::pair::Pair;
use crate::policy::{CriterionId, Version};
pub(super) use divide::Division;
use divide::divisions;
pub(super) use likeness::likeness;
use likeness::{Words, alike, numbered};
use side::Side;

/// Texts of the same number with at least this similarity are the same criterion.
const SAME_NUMBER: f64 = 0.5;
/// Not so, where one of the two is more similar to another by more than this.
const RIVAL: f64 = 0.05;
/// Texts of different numbers need this much.
const OTHER_NUMBER: f64 = 0.6;
/// What is left with the same number needs at least a little in common:
/// otherwise one criterion was removed and another put in its place.
const LEFT_OVER: f64 = 0.25;

/// Pairs of criteria between two versions, by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alignment {
    new_to_old: HashMap<CriterionId, CriterionId>,
    old_to_new: HashMap<CriterionId, CriterionId>,
}

impl Alignment {
    /// Aligns the criteria of two versions.
    pub fn of(old: &Version, new: &Version) -> Self {
        let aligned = Aligned::of(old, new);
        let mut alignment = Alignment::default();
        for (place, partner) in aligned.old.partners.iter().enumerate() {
            let Some(partner) = partner else { continue };
            let old = &aligned.old.criteria[place].id;
            let new = &aligned.new.criteria[*partner].id;
            alignment.new_to_old.insert(new.clone(), old.clone());
            alignment.old_to_new.insert(old.clone(), new.clone());
        }
        alignment
    }

    /// The number a criterion of the new version had in the old one.
    pub fn old_id(&self, new: &CriterionId) -> Option<&CriterionId> {
        self.new_to_old.get(new)
    }

    /// The number a criterion of the old version has in the new one.
    pub fn new_id(&self, old: &CriterionId) -> Option<&CriterionId> {
        self.old_to_new.get(old)
    }
}

/// The criteria of two versions, by place in the document.
pub(super) struct Aligned<'a> {
    pub old: Side<'a>,
    pub new: Side<'a>,
    /// Criteria of the old version that were divided. One part of each is its
    /// counterpart; the others have none.
    pub splits: Vec<Division>,
    /// Criteria of the new version that several of the old one were joined to.
    pub merges: Vec<Division>,
}

/// Where a criterion stands: under which of the new version, or as a statement.
type Place = Option<usize>;

impl<'a> Aligned<'a> {
    pub fn of(old: &'a Version, new: &'a Version) -> Self {
        let mut texts = HashMap::new();
        let mut aligned = Aligned {
            old: Side::of(old, &mut texts),
            new: Side::of(new, &mut texts),
            splits: vec![],
            merges: vec![],
        };
        aligned.pair_same_numbers(|one, old, new| one.old.texts[old] == one.new.texts[new]);
        aligned.pair_only_ones();
        aligned.pair_under_same_parent();
        aligned.pair_by_wording();
        aligned
    }

    /// What is not worded as it was.
    fn pair_by_wording(&mut self) {
        let open = Pair::new(&self.old, &self.new).map(|side| side.open().collect::<Vec<_>>());
        if open.old.is_empty() || open.new.is_empty() {
            return;
        }
        let texts = Pair::new(&self.old, &self.new).map(|side| {
            let texts = side.criteria.iter().map(|one| one.text.as_str());
            texts.collect::<Vec<_>>()
        });
        let [old, new] = numbered([(&texts.old, &open.old), (&texts.new, &open.new)]);
        let words = Pair::new(old, new);
        let likeness = |old: usize, new: usize| likeness(&words.old[old], &words.new[new]);
        fn of<'w>(open: &[usize], words: &'w [Words]) -> Vec<(usize, &'w Words)> {
            open.iter().map(|place| (*place, &words[*place])).collect()
        }
        let (old, new) = (of(&open.old, &words.old), of(&open.new, &words.new));
        let similar = alike(&old, &new, OTHER_NUMBER);
        let mut best = Pair::new(vec![0.0f64; words.old.len()], vec![0.0; words.new.len()]);
        for (score, old, new) in &similar {
            best.old[*old] = score.max(best.old[*old]);
            best.new[*new] = score.max(best.new[*new]);
        }
        self.pair_same_numbers(|one, old, new| {
            let (was, now) = (one.old.criteria[old], one.new.criteria[new]);
            let same_rule = was.rule.is_some() && was.rule == now.rule;
            let score = likeness(old, new);
            let rival = best.old[old].max(best.new[new]);
            same_rule || (score >= SAME_NUMBER && score + RIVAL >= rival)
        });
        self.pair_under_same_parent();
        self.pair_equal_texts(|text, _| Some(text), |text, _| Some(text));
        self.pair_similar_texts(similar);
        self.divide(&open, &words);
        self.pair_same_numbers(|one, old, new| {
            !one.is_divided(old, new) && likeness(old, new) >= LEFT_OVER
        });
    }

    fn pair(&mut self, old: usize, new: usize) {
        self.old.partners[old] = Some(new);
        self.new.partners[new] = Some(old);
    }

    fn pair_same_numbers(&mut self, same: impl Fn(&Self, usize, usize) -> bool) {
        let numbers = self.old.by_number();
        let open: Vec<usize> = self.new.open().collect();
        for new in open {
            let Some(old) = numbers.get(&self.new.criteria[new].id) else {
                continue;
            };
            if self.old.partners[*old].is_none() && same(self, *old, new) {
                self.pair(*old, new);
            }
        }
    }

    /// A text that stands once on each side.
    fn pair_only_ones(&mut self) {
        let once = |side: &Side<'_>| {
            let mut places: HashMap<usize, Option<usize>> = HashMap::new();
            for place in side.open() {
                let stands = places.entry(side.texts[place]);
                stands.and_modify(|one| *one = None).or_insert(Some(place));
            }
            places
        };
        let (old, new) = (once(&self.old), once(&self.new));
        for (text, place) in old {
            if let (Some(old), Some(Some(new))) = (place, new.get(&text)) {
                self.pair(old, *new);
            }
        }
    }

    fn pair_under_same_parent(&mut self) {
        let partners = self.old.partners.clone();
        self.pair_equal_texts(
            |text, parent| match parent {
                None => Some((text, None)),
                Some(parent) => partners[parent].map(|place| (text, Some(place))),
            },
            |text, parent| Some((text, parent)),
        );
    }

    /// Pairs what has the same key, in order. The key is made of a text and
    /// where it stands; what has none is not paired.
    fn pair_equal_texts<K: Hash + Eq>(
        &mut self,
        old_key: impl Fn(usize, Place) -> Option<K>,
        new_key: impl Fn(usize, Place) -> Option<K>,
    ) {
        let mut candidates: HashMap<K, Vec<usize>> = HashMap::new();
        for old in self.old.open() {
            if let Some(key) = old_key(self.old.texts[old], self.old.parents[old]) {
                candidates.entry(key).or_default().push(old);
            }
        }
        candidates.values_mut().for_each(|places| places.reverse());
        let open: Vec<usize> = self.new.open().collect();
        for new in open {
            let key = new_key(self.new.texts[new], self.new.parents[new]);
            let places = key.and_then(|key| candidates.get_mut(&key));
            if let Some(old) = places.and_then(Vec::pop) {
                self.pair(old, new);
            }
        }
    }

    /// Moved and reworded: the most similar first; of equals those under the
    /// same criterion, then those least displaced.
    fn pair_similar_texts(&mut self, mut pairs: Vec<(f64, usize, usize)>) {
        pairs.sort_by(|left, right| {
            let place = |(_, old, new): &(f64, usize, usize)| {
                let elsewhere = !self.stand_under_same(*old, *new);
                (elsewhere, old.abs_diff(*new), old + new, *old)
            };
            let by_score = right.0.total_cmp(&left.0);
            by_score.then_with(|| place(left).cmp(&place(right)))
        });
        for (_, old, new) in pairs {
            if self.old.partners[old].is_none() && self.new.partners[new].is_none() {
                self.pair(old, new);
            }
        }
    }

    /// Whether two criteria stand under the same one, or are both statements.
    pub fn stand_under_same(&self, old: usize, new: usize) -> bool {
        match (self.old.parents[old], self.new.parents[new]) {
            (None, None) => true,
            (Some(old), Some(new)) => self.old.partners[old] == Some(new),
            _ => false,
        }
    }

    /// Finds what was divided and joined, and pairs each whole with a part.
    fn divide(&mut self, open: &Pair<Vec<usize>>, words: &Pair<Vec<Words>>) {
        let found = divisions(&self.old, &self.new, open, words);
        for split in &found.old {
            if self.old.partners[split.whole].is_none() {
                self.pair(split.whole, split.main);
            }
        }
        for merge in &found.new {
            if self.new.partners[merge.whole].is_none() {
                self.pair(merge.main, merge.whole);
            }
        }
        (self.splits, self.merges) = (found.old, found.new);
    }

    fn is_divided(&self, old: usize, new: usize) -> bool {
        self.splits.iter().any(|split| split.parts.contains(&new))
            || self.merges.iter().any(|merge| merge.parts.contains(&old))
    }
}
