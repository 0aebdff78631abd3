//! Collects hits: the best in order, how many there are, and of what.
//!
//! Hits are found as sets, counted by the runs of documents that are alike,
//! and only those that may be listed are weighed: of a common word most are
//! in a tier too low for that.

use std::cmp::Ordering;

use tantivy::{DocAddress, Score, Searcher, SegmentOrdinal};

use super::catalogue::Catalogue;
use super::hits::{Asked, Hits, asked, hits, weighers};
use super::item::ItemKind;
use super::plan::Plan;
use super::schema::{Facts, column};
use super::segment::{Read, Segment};
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
pub(super) struct Ranking<'a> {
    /// How many are wanted.
    pub(super) limit: usize,
    /// Whether current text comes before superseded text.
    pub(super) current_first: bool,
    /// The policies, to order and to name them.
    pub(super) catalogue: &'a Catalogue,
}

/// What was collected.
pub(super) struct Ranked {
    /// Where the best items are, the best first.
    pub(super) best: Vec<Place>,
    pub(super) total: usize,
    pub(super) facets: Facets,
}

/// Where an item stands among the hits: code rows asked for by their code,
/// exactly before by pattern, then titles and criteria, then the rest; in
/// each the current text first; then by score. Equals stand in the order of
/// the library: by policy, kind and place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Four times the fit of the code, two for prominent, one for current.
    tier: u8,
    pub(super) score: Score,
    order: u64,
    pub(super) at: DocAddress,
}

impl Place {
    /// The better place is the lesser.
    fn compare(&self, other: &Place) -> Ordering {
        other
            .tier
            .cmp(&self.tier)
            .then(other.score.total_cmp(&self.score))
            .then(self.order.cmp(&other.order))
    }
}

/// The best places so far, pruned now and then so that memory stays bounded.
struct Best {
    limit: usize,
    places: Vec<Place>,
    /// The worst place worth keeping, once there are enough.
    bar: Option<Place>,
}

impl Best {
    const SLACK: usize = 256;

    fn new(limit: usize) -> Self {
        Best {
            limit,
            places: vec![],
            bar: None,
        }
    }

    fn push(&mut self, place: Place) {
        if self.limit == 0 {
            return;
        }
        if self.bar.is_some_and(|bar| place.compare(&bar).is_ge()) {
            return;
        }
        self.places.push(place);
        let enough = self.limit.saturating_mul(2).saturating_add(Self::SLACK);
        if self.places.len() >= enough {
            let last = self.limit - 1;
            let (_, bar, _) = self.places.select_nth_unstable_by(last, Place::compare);
            self.bar = Some(*bar);
            self.places.truncate(self.limit);
        }
    }

    /// Whether what has this tier and score is worse than enough others.
    fn is_beaten(&self, tier: u8, score: Score) -> bool {
        self.bar.is_some_and(|bar| {
            let by_score = bar.score.total_cmp(&score).is_gt();
            bar.tier > tier || (bar.tier == tier && by_score)
        })
    }

    fn in_order(mut self) -> Vec<Place> {
        self.places.sort_unstable_by(Place::compare);
        self.places.truncate(self.limit);
        self.places
    }
}

/// Scores are compared to this fraction. The sum of a few floats depends on
/// the order in which the index adds them, and that on how it is cut into
/// segments; the order of hits must not.
const SCORE_STEPS: Score = 256.0;

fn stepped(score: Score) -> Score {
    (score * SCORE_STEPS).round() / SCORE_STEPS
}

/// Four for each fit of a code.
const TIERS: usize = 12;

impl Ranking<'_> {
    /// Asks an index.
    pub(super) fn ask(
        &self,
        searcher: &Searcher,
        read: &[Read],
        plan: &Plan,
    ) -> tantivy::Result<Ranked> {
        let mut required: Vec<_> = plan
            .required
            .iter()
            .map(|ways| asked(searcher, ways))
            .collect::<tantivy::Result<_>>()?;
        // What is tested document by document is tested last.
        required.sort_by_key(|ways| ways.iter().any(|one| one.way.matching.is_tested()));
        let excluded = asked(searcher, &plan.excluded)?;
        let mut collected = Collected::new(self);
        let mut found = vec![];
        for ((number, reader), read) in searcher.segment_readers().iter().enumerate().zip(read) {
            let segment = Segment::new(number, reader, read);
            if let Some(hits) = hits(segment, &required, &excluded)? {
                self.count(&hits, &mut collected);
                found.push(hits);
            }
        }
        let lowest = collected.lowest_listed(self.limit);
        for hits in found.iter().filter(|_| self.limit > 0) {
            self.weigh(hits, &required, lowest, &mut collected.best)?;
        }
        Ok(collected.ranked(self.catalogue))
    }

    /// Counts the hits of a segment by what they are.
    fn count(&self, hits: &Hits<'_>, collected: &mut Collected) {
        for run in &hits.runs {
            let count = hits.all.count(run.start..run.end);
            collected.count(run.facts, count);
            let tier = usize::from(self.tier(run.facts));
            for (fit, count) in hits.by_fit(run, count).into_iter().enumerate() {
                collected.by_tier[tier + 4 * fit] += count;
            }
        }
    }

    /// Weighs the hits of a segment that are in a tier to be listed.
    fn weigh(
        &self,
        hits: &Hits<'_>,
        required: &[Vec<Asked<'_>>],
        lowest: u8,
        best: &mut Best,
    ) -> tantivy::Result<()> {
        let mut weighers = weighers(hits, required)?;
        let places = hits.segment.column(column::PLACE)?;
        let number = hits.segment.number as SegmentOrdinal;
        for run in &hits.runs {
            let tier = self.tier(run.facts);
            let fit = lowest.saturating_sub(tier).div_ceil(4);
            let Some(set) = hits.at_least(fit) else {
                continue;
            };
            let rank = self.catalogue.rank(run.facts.policy) << 32;
            for document in set.within(run.start..run.end) {
                let tier = tier + 4 * hits.fit(document);
                let words: Score = weighers.iter_mut().map(|one| one.weigh(document)).sum();
                let score = stepped(hits.constant(document) + words);
                if !best.is_beaten(tier, score) {
                    best.push(Place {
                        tier,
                        score,
                        order: rank | places.get_val(document),
                        at: DocAddress::new(number, document),
                    });
                }
            }
        }
        Ok(())
    }

    fn tier(&self, facts: Facts) -> u8 {
        let kind = ItemKind::ALL.get(usize::from(facts.kind));
        let prominent = kind.is_some_and(|kind| kind.is_prominent());
        let current = self.current_first && facts.current;
        2 * u8::from(prominent) + u8::from(current)
    }
}

/// What was collected so far.
struct Collected {
    best: Best,
    by_policy: Vec<usize>,
    by_kind: [usize; ItemKind::ALL.len()],
    by_system: [usize; CodeSystem::ALL.len() + 1],
    by_tier: [usize; TIERS],
}

impl Collected {
    fn new(ranking: &Ranking<'_>) -> Self {
        Collected {
            best: Best::new(ranking.limit),
            by_policy: vec![0; ranking.catalogue.numbers()],
            by_kind: [0; ItemKind::ALL.len()],
            by_system: [0; CodeSystem::ALL.len() + 1],
            by_tier: [0; TIERS],
        }
    }

    fn count(&mut self, facts: Facts, hits: usize) {
        count(&mut self.by_policy, facts.policy as usize, hits);
        count(&mut self.by_kind, usize::from(facts.kind), hits);
        count(&mut self.by_system, usize::from(facts.system), hits);
    }

    /// The lowest tier that may be listed: those above it have too few hits.
    fn lowest_listed(&self, limit: usize) -> u8 {
        let mut hits = 0;
        for (tier, count) in (0..TIERS as u8).zip(self.by_tier).rev() {
            hits += count;
            if hits >= limit {
                return tier;
            }
        }
        0
    }

    fn ranked(self, catalogue: &Catalogue) -> Ranked {
        let mut policies: Vec<_> = catalogue
            .references()
            .map(|(number, reference)| (reference.to_owned(), self.by_policy[number]))
            .filter(|(_, count)| *count > 0)
            .collect();
        policies.sort_by(|left, right| right.1.cmp(&left.1).then_with(|| left.0.cmp(&right.0)));
        Ranked {
            best: self.best.in_order(),
            total: self.by_kind.iter().sum(),
            facets: Facets {
                policies,
                kinds: counted(ItemKind::ALL, &self.by_kind),
                systems: counted(CodeSystem::ALL, &self.by_system[1..]),
            },
        }
    }
}

fn count(counts: &mut [usize], number: usize, hits: usize) {
    if let Some(count) = counts.get_mut(number) {
        *count += hits;
    }
}

fn counted<T, const N: usize>(names: [T; N], counts: &[usize]) -> Vec<(T, usize)> {
    names
        .into_iter()
        .zip(counts.iter().copied())
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
                    tier: u8::from(is_current),
                    score: f32::from(score),
                    order: u64::from(item),
                    at: DocAddress::new(0, item),
                })
                .collect();
            let mut best = Best::new(limit);
            places.iter().for_each(|place| best.push(*place));
            let mut sorted = places;
            sorted.sort_by(Place::compare);
            let items = |places: &[Place]| places.iter().map(|place| place.order).collect::<Vec<_>>();
            proptest::prop_assert_eq!(
                items(&best.in_order()),
                items(&sorted[..limit.min(sorted.len())])
            );
        }
    }
}
