//! Collects hits: the best in order, how many there are, and of what.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use super::item::ItemKind;
use super::plan::CODE_ASKED;
use super::schema::column;
use crate::policy::CodeSystem;

/// How many hits there are of what, also beyond those listed. What has none
/// is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facets {
    /// By policy, the most hits first.
    pub policies: Vec<(String, usize)>,
    /// By kind of item.
    pub kinds: Vec<(ItemKind, usize)>,
    /// By code system, code rows only.
    pub systems: Vec<(CodeSystem, usize)>,
}

/// Asks for the best hits.
pub(super) struct Ranking {
    /// How many are wanted.
    pub(super) limit: usize,
    /// Whether current text comes before superseded text.
    pub(super) current_first: bool,
}

/// What was collected.
pub(super) struct Ranked {
    /// The numbers of the best items, the best first.
    pub(super) best: Vec<Place>,
    pub(super) total: usize,
    pub(super) facets: Facets,
}

/// Where an item stands among the hits: code rows asked for by their code,
/// exactly before by pattern, then titles and criteria, then the rest; in each the current text first; then by score.
/// Equals stand in the order of the index: by policy, kind and place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    code_fit: u8,
    is_prominent: bool,
    is_current: bool,
    pub(super) score: Score,
    pub(super) item: u64,
}

impl Place {
    /// The better place is the lesser.
    fn compare(&self, other: &Place) -> Ordering {
        let key = |place: &Place| Reverse((place.code_fit, place.is_prominent, place.is_current));
        key(self)
            .cmp(&key(other))
            .then(other.score.total_cmp(&self.score))
            .then(self.item.cmp(&other.item))
    }
}

/// The best places so far, pruned now and then so that memory stays bounded.
struct Best {
    limit: usize,
    places: Vec<Place>,
}

impl Best {
    const SLACK: usize = 256;

    fn push(&mut self, place: Place) {
        self.places.push(place);
        if self.places.len() >= self.limit.saturating_mul(2).saturating_add(Self::SLACK) {
            self.places
                .select_nth_unstable_by(self.limit, Place::compare);
            self.places.truncate(self.limit);
        }
    }

    fn in_order(mut self) -> Vec<Place> {
        self.places.sort_unstable_by(Place::compare);
        self.places.truncate(self.limit);
        self.places
    }
}

impl Ranking {
    fn best(&self) -> Best {
        Best {
            limit: self.limit,
            places: vec![],
        }
    }
}

impl Collector for Ranking {
    type Fruit = Ranked;
    type Child = SegmentRanking;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<SegmentRanking> {
        let columns = segment.fast_fields();
        let policies = columns.str(column::POLICY)?;
        let policy_count = policies.as_ref().map_or(0, |column| column.num_terms());
        Ok(SegmentRanking {
            current_first: self.current_first,
            best: self.best(),
            item: columns.u64(column::ITEM)?,
            kind: columns.u64(column::KIND)?,
            system: columns.u64(column::SYSTEM)?,
            current: columns.bool(column::CURRENT)?,
            policies,
            by_policy: vec![0; policy_count],
            by_kind: [0; ItemKind::ALL.len()],
            by_system: [0; CodeSystem::ALL.len()],
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(&self, segments: Vec<SegmentFruit>) -> tantivy::Result<Ranked> {
        let mut best = self.best();
        let mut by_policy: BTreeMap<String, usize> = BTreeMap::new();
        let mut by_kind = [0; ItemKind::ALL.len()];
        let mut by_system = [0; CodeSystem::ALL.len()];
        for segment in segments {
            segment.best.into_iter().for_each(|place| best.push(place));
            for (policy, count) in segment.by_policy {
                *by_policy.entry(policy).or_default() += count;
            }
            add(&mut by_kind, segment.by_kind);
            add(&mut by_system, segment.by_system);
        }
        let mut policies: Vec<_> = by_policy.into_iter().collect();
        policies.sort_by_key(|(_, count)| Reverse(*count));
        Ok(Ranked {
            best: best.in_order(),
            total: by_kind.iter().sum(),
            facets: Facets {
                policies,
                kinds: counted(ItemKind::ALL, by_kind),
                systems: counted(CodeSystem::ALL, by_system),
            },
        })
    }
}

/// Collects the hits of one segment.
pub(super) struct SegmentRanking {
    current_first: bool,
    best: Best,
    item: Column<u64>,
    kind: Column<u64>,
    system: Column<u64>,
    current: Column<bool>,
    policies: Option<StrColumn>,
    by_policy: Vec<usize>,
    by_kind: [usize; ItemKind::ALL.len()],
    by_system: [usize; CodeSystem::ALL.len()],
}

/// What one segment has.
pub(super) struct SegmentFruit {
    best: Vec<Place>,
    by_policy: Vec<(String, usize)>,
    by_kind: [usize; ItemKind::ALL.len()],
    by_system: [usize; CodeSystem::ALL.len()],
}

impl SegmentCollector for SegmentRanking {
    type Fruit = SegmentFruit;

    fn collect(&mut self, document: DocId, score: Score) {
        let kind = self.kind.first(document);
        count(&mut self.by_kind, kind);
        count(&mut self.by_system, self.system.first(document));
        if let Some(policies) = &self.policies {
            count(&mut self.by_policy, policies.ords().first(document));
        }
        let kind = kind.and_then(|kind| ItemKind::ALL.get(kind as usize));
        let code_fit = (score / CODE_ASKED) as u8;
        self.best.push(Place {
            code_fit,
            is_prominent: kind.is_some_and(|kind| kind.is_prominent()),
            is_current: self.current_first && self.current.first(document) == Some(true),
            score: score % CODE_ASKED,
            item: self.item.first(document).unwrap_or(u64::MAX),
        });
    }

    fn harvest(self) -> SegmentFruit {
        let name = |number: usize| {
            let mut name = String::new();
            let policies = self.policies.as_ref()?;
            policies.ord_to_str(number as u64, &mut name).ok()?;
            Some(name)
        };
        let by_policy = self
            .by_policy
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
            .filter_map(|(number, count)| Some((name(number)?, *count)))
            .collect();
        SegmentFruit {
            best: self.best.in_order(),
            by_policy,
            by_kind: self.by_kind,
            by_system: self.by_system,
        }
    }
}

fn count(counts: &mut [usize], number: Option<u64>) {
    if let Some(count) = number.and_then(|number| counts.get_mut(number as usize)) {
        *count += 1;
    }
}

fn add<const N: usize>(sums: &mut [usize; N], counts: [usize; N]) {
    for (sum, count) in sums.iter_mut().zip(counts) {
        *sum += count;
    }
}

fn counted<T, const N: usize>(names: [T; N], counts: [usize; N]) -> Vec<(T, usize)> {
    names
        .into_iter()
        .zip(counts)
        .filter(|(_, count)| *count > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_best_are_those_a_full_sort_puts_first(
            rows in proptest::collection::vec((proptest::bool::ANY, 0u8..4), 0..900),
            limit in 0usize..20,
        ) {
            let places: Vec<Place> = rows
                .into_iter()
                .zip(0..)
                .map(|((is_current, score), item)| Place {
                    code_fit: 0,
                    is_prominent: false,
                    is_current,
                    score: f32::from(score),
                    item,
                })
                .collect();
            let mut best = Best { limit, places: vec![] };
            places.iter().for_each(|place| best.push(*place));
            let mut sorted = places;
            sorted.sort_by(Place::compare);
            let items = |places: &[Place]| places.iter().map(|place| place.item).collect::<Vec<_>>();
            proptest::prop_assert_eq!(
                items(&best.in_order()),
                items(&sorted[..limit.min(sorted.len())])
            );
        }
    }
}
