//! Collects hits: the best in order, how many there are, and of what.

use std::cmp::Ordering;
use std::sync::Arc;

use tantivy::columnar::ColumnValues;
use tantivy::fastfield::AliveBitSet;
use tantivy::query::{Bm25StatisticsProvider, EnableScoring, Query, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{
    COLLECT_BLOCK_BUFFER_LEN, DocAddress, DocId, Score, Searcher, SegmentOrdinal, SegmentReader,
    TERMINATED, Term,
};

use super::catalogue::Catalogue;
use super::item::ItemKind;
use super::plan::CODE_ASKED;
use super::schema::{Facts, column};
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
    /// Whether hits are counted and scored in one pass: where scores tell
    /// tiers apart, or asking a second time would cost more than it saves.
    pub(super) one_pass: bool,
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

impl Ranking<'_> {
    /// Collects one segment.
    fn collect(
        &self,
        weight: &dyn Weight,
        segment: &SegmentReader,
        number: SegmentOrdinal,
    ) -> tantivy::Result<Collected> {
        let mut collected = Collected::new(self);
        let mut found = Found::in_segment(segment)?;
        if self.one_pass {
            self.collect_scored(&found, weight, segment, number, &mut collected)?;
        } else {
            self.count_tiers(&mut found, weight, segment, &mut collected)?;
            self.score_tiers(&found, weight, segment, number, &mut collected)?;
        }
        Ok(collected)
    }

    /// Counts the hits and sorts them into tiers, without scoring them: of a
    /// common word most hits are in a tier too low to be listed.
    fn count_tiers(
        &self,
        found: &mut Found<'_>,
        weight: &dyn Weight,
        segment: &SegmentReader,
        collected: &mut Collected,
    ) -> tantivy::Result<()> {
        let mut packed = [0; COLLECT_BLOCK_BUFFER_LEN];
        weight.for_each_no_score(segment, &mut |documents| {
            for documents in documents.chunks(COLLECT_BLOCK_BUFFER_LEN) {
                let packed = &mut packed[..documents.len()];
                found.facts.get_vals(documents, packed);
                for (document, packed) in documents.iter().zip(packed) {
                    if !found.alive.is_none_or(|alive| alive.is_alive(*document)) {
                        continue;
                    }
                    let facts = Facts::unpack(*packed);
                    collected.count(facts);
                    found.tiers[usize::from(self.tier(facts))].push(*document);
                }
            }
        })
    }

    /// Scores the hits of the tiers that may be listed.
    fn score_tiers(
        &self,
        found: &Found<'_>,
        weight: &dyn Weight,
        segment: &SegmentReader,
        number: SegmentOrdinal,
        collected: &mut Collected,
    ) -> tantivy::Result<()> {
        let mut wanted: Vec<(DocId, u8)> = vec![];
        for (tier, documents) in (0..4).zip(&found.tiers).rev() {
            if wanted.len() < self.limit {
                wanted.extend(documents.iter().map(|document| (*document, tier)));
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        wanted.sort_unstable();
        let mut scorer = weight.scorer(segment, 1.0)?;
        for (document, tier) in wanted {
            if scorer.doc() < document {
                scorer.seek(document);
            }
            let at = DocAddress::new(number, document);
            collected
                .best
                .push(self.place(found, at, tier, scorer.score()));
        }
        Ok(())
    }

    /// Collects and scores all hits; the score also says how a hit fits the
    /// codes asked for.
    fn collect_scored(
        &self,
        found: &Found<'_>,
        weight: &dyn Weight,
        segment: &SegmentReader,
        number: SegmentOrdinal,
        collected: &mut Collected,
    ) -> tantivy::Result<()> {
        let mut scorer = weight.scorer(segment, 1.0)?;
        let mut document = scorer.doc();
        while document != TERMINATED {
            if found.alive.is_none_or(|alive| alive.is_alive(document)) {
                let facts = Facts::unpack(found.facts.get_val(document));
                collected.count(facts);
                let score = scorer.score();
                let code_fit = (score / CODE_ASKED).min(2.0) as u8;
                let tier = self.tier(facts) + 4 * code_fit;
                let at = DocAddress::new(number, document);
                let place = self.place(found, at, tier, score % CODE_ASKED);
                collected.best.push(place);
            }
            document = scorer.advance();
        }
        Ok(())
    }

    fn place(&self, found: &Found<'_>, at: DocAddress, tier: u8, score: Score) -> Place {
        let facts = Facts::unpack(found.facts.get_val(at.doc_id));
        let place = found.places.get_val(at.doc_id);
        Place {
            tier,
            score: stepped(score),
            order: self.catalogue.rank(facts.policy) << 32 | place,
            at,
        }
    }

    fn tier(&self, facts: Facts) -> u8 {
        let kind = ItemKind::ALL.get(usize::from(facts.kind));
        let prominent = kind.is_some_and(|kind| kind.is_prominent());
        let current = self.current_first && facts.current;
        2 * u8::from(prominent) + u8::from(current)
    }

    /// Asks an index.
    pub(super) fn ask(&self, searcher: &Searcher, query: &dyn Query) -> tantivy::Result<Ranked> {
        let statistics = Statistics(searcher);
        let scoring = EnableScoring::enabled_from_statistics_provider(&statistics, searcher);
        let weight = query.weight(scoring)?;
        let mut all = Collected::new(self);
        for (number, segment) in (0..).zip(searcher.segment_readers()) {
            all.add(self.collect(weight.as_ref(), segment, number)?);
        }
        Ok(all.ranked(self.catalogue))
    }
}

/// What is read of one segment while its hits are collected.
struct Found<'a> {
    facts: Arc<dyn ColumnValues<u64>>,
    places: Arc<dyn ColumnValues<u64>>,
    alive: Option<&'a AliveBitSet>,
    /// The hits by tier, none of which fits a code.
    tiers: [Vec<DocId>; 4],
}

impl<'a> Found<'a> {
    fn in_segment(segment: &'a SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        Ok(Found {
            facts: columns.u64(column::FACTS)?.first_or_default_col(0),
            places: columns.u64(column::PLACE)?.first_or_default_col(0),
            alive: segment.alive_bitset(),
            tiers: Default::default(),
        })
    }
}

/// What was collected so far.
struct Collected {
    best: Best,
    by_policy: Vec<usize>,
    by_kind: [usize; ItemKind::ALL.len()],
    by_system: [usize; CodeSystem::ALL.len() + 1],
}

impl Collected {
    fn new(ranking: &Ranking<'_>) -> Self {
        Collected {
            best: Best::new(ranking.limit),
            by_policy: vec![0; ranking.catalogue.numbers()],
            by_kind: [0; ItemKind::ALL.len()],
            by_system: [0; CodeSystem::ALL.len() + 1],
        }
    }

    fn count(&mut self, facts: Facts) {
        count(&mut self.by_policy, facts.policy as usize);
        count(&mut self.by_kind, usize::from(facts.kind));
        count(&mut self.by_system, usize::from(facts.system));
    }

    fn add(&mut self, segment: Collected) {
        let places = segment.best.in_order();
        places.into_iter().for_each(|place| self.best.push(place));
        add(&mut self.by_policy, &segment.by_policy);
        add(&mut self.by_kind, &segment.by_kind);
        add(&mut self.by_system, &segment.by_system);
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

/// The statistics by which words are weighed, of the library as it is: those
/// of the index count items that were replaced until segments are merged, so
/// that the order of hits would depend on the past of the cache.
struct Statistics<'a>(&'a Searcher);

/// The length a text is compared with, in words. A fixed one will do, and
/// unlike the average it need not be kept up to date.
const USUAL_LENGTH: u64 = 16;

impl Bm25StatisticsProvider for Statistics<'_> {
    fn total_num_tokens(&self, _: Field) -> tantivy::Result<u64> {
        Ok(self.0.num_docs() * USUAL_LENGTH)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.0.num_docs())
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let mut frequency = 0;
        for segment in self.0.segment_readers() {
            let index = segment.inverted_index(term.field())?;
            frequency += match segment.alive_bitset() {
                None => index.doc_freq(term)?,
                Some(alive) => index
                    .read_postings(term, IndexRecordOption::Basic)?
                    .map_or(0, |postings| postings.doc_freq_given_deletes(alive)),
            };
        }
        Ok(u64::from(frequency))
    }
}

fn count(counts: &mut [usize], number: usize) {
    if let Some(count) = counts.get_mut(number) {
        *count += 1;
    }
}

fn add(sums: &mut [usize], counts: &[usize]) {
    for (sum, count) in sums.iter_mut().zip(counts) {
        *sum += count;
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
