//! The hits of a plan in a segment, as sets, and what each is worth.

use tantivy::query::{Bm25StatisticsProvider, EnableScoring, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, Score, Searcher, Term};

use super::plan::{Way, Worth};
use super::segment::{Run, Segment};
use super::set::Set;

/// A way of a plan, ready to be asked.
pub(super) struct Asked<'a> {
    pub(super) way: &'a Way,
    weight: Option<Box<dyn Weight>>,
}

impl Asked<'_> {
    fn set(&self, segment: Segment<'_>, among: Option<&Set>) -> tantivy::Result<Set> {
        let matching = &self.way.matching;
        matching.set(segment, self.weight.as_deref(), among)
    }
}

/// Makes ways ready to be asked.
pub(super) fn asked<'a>(searcher: &Searcher, ways: &'a [Way]) -> tantivy::Result<Vec<Asked<'a>>> {
    let statistics = Statistics(searcher);
    let weight = |way: &Way| {
        let scoring = EnableScoring::enabled_from_statistics_provider(&statistics, searcher);
        way.query.as_ref().map(|query| query.weight(scoring))
    };
    let asked = |way| {
        let weight = weight(way).transpose()?;
        Ok(Asked { way, weight })
    };
    ways.iter().map(asked).collect()
}

/// The hits of a segment.
pub(super) struct Hits<'a> {
    pub(super) segment: Segment<'a>,
    /// The runs that have hits.
    pub(super) runs: Vec<&'a Run>,
    pub(super) all: Set,
    /// Those whose code fits at least so well, one and two, if codes are asked for.
    fits: Option<[Set; 2]>,
    /// What hits are worth that are in these.
    constants: Vec<(Set, Score)>,
}

impl Hits<'_> {
    /// The fit of the code of a hit.
    pub(super) fn fit(&self, document: DocId) -> u8 {
        let fits = self.fits.iter().flatten();
        fits.map(|set| u8::from(set.contains(document))).sum()
    }

    /// What a hit is worth wherever its words stand.
    pub(super) fn constant(&self, document: DocId) -> Score {
        let constants = self.constants.iter();
        let of_hit = constants.filter(|(set, _)| set.contains(document));
        of_hit.map(|(_, worth)| worth).sum()
    }

    /// The hits of a run by the fit of their codes.
    pub(super) fn by_fit(&self, run: &Run, count: usize) -> [usize; 3] {
        let [one, two] = match &self.fits {
            Some(fits) => [0, 1].map(|at: usize| fits[at].count(run.start..run.end)),
            None => [0, 0],
        };
        [count - one, one - two, two]
    }

    /// The hits of a run whose code fits at least so well.
    pub(super) fn at_least(&self, fit: u8) -> Option<&Set> {
        match (fit, &self.fits) {
            (0, _) => Some(&self.all),
            (fit, Some(fits)) => fits.get(usize::from(fit) - 1),
            (_, None) => None,
        }
    }
}

/// The documents of a segment that fit one way of each group and none that
/// is excluded.
pub(super) fn hits<'a>(
    segment: Segment<'a>,
    required: &[Vec<Asked<'_>>],
    excluded: &[Asked<'_>],
) -> tantivy::Result<Option<Hits<'a>>> {
    let mut all: Option<Set> = segment.alive()?.cloned();
    let mut fits: Option<[Set; 2]> = None;
    let mut constants = vec![];
    for group in required {
        let mut found = Set::none(segment.end());
        for asked in group {
            let set = asked.set(segment, all.as_ref())?;
            found.add(&set);
            match asked.way.worth {
                Worth::Code(fit) => {
                    let [one, two] =
                        fits.get_or_insert_with(|| [0, 1].map(|_| Set::none(segment.end())));
                    // Two patterns that fit are as good as the code itself.
                    let mut better = set.clone();
                    if fit < 2 {
                        better.keep(one);
                    }
                    two.add(&better);
                    one.add(&set);
                }
                Worth::Constant(worth) => constants.push((set, worth)),
                Worth::Words(_) | Worth::Nothing => {}
            }
        }
        match &mut all {
            Some(all) => all.keep(&found),
            None => all = Some(found),
        }
        if all.as_ref().is_some_and(Set::is_empty) {
            return Ok(None);
        }
    }
    let mut all = all.unwrap_or_else(|| Set::all(segment.end()));
    for asked in excluded {
        let set = asked.set(segment, Some(&all))?;
        all.remove(&set);
    }
    if all.is_empty() {
        return Ok(None);
    }
    fits.iter_mut().flatten().for_each(|fit| fit.keep(&all));
    Ok(Some(Hits {
        segment,
        runs: runs_with(&all, segment.runs()?),
        all,
        fits,
        constants,
    }))
}

/// The runs that have some of a set.
fn runs_with<'a>(set: &Set, runs: &'a [Run]) -> Vec<&'a Run> {
    let (mut found, mut left, mut from) = (vec![], runs, 0);
    while let Some(next) = set.next(from) {
        // Of a common word it is one of the next runs; of a rare one it may
        // be far away.
        let mut reach = 1;
        while left.get(reach - 1).is_some_and(|run| run.end <= next) {
            reach *= 2;
        }
        let near = reach / 2..reach.min(left.len());
        let skipped = near.start + left[near].partition_point(|run| run.end <= next);
        let Some(run) = left.get(skipped) else { break };
        found.push(run);
        (left, from) = (&left[skipped + 1..], run.end);
    }
    found
}

/// Weighs the words of a way, document after document.
pub(super) struct Weigher {
    scorer: Box<dyn Scorer>,
    times: Score,
}

impl Weigher {
    pub(super) fn weigh(&mut self, document: DocId) -> Score {
        if self.scorer.doc() < document {
            self.scorer.seek(document);
        }
        if self.scorer.doc() == document {
            self.scorer.score() * self.times
        } else {
            0.0
        }
    }
}

pub(super) fn weighers(
    hits: &Hits<'_>,
    required: &[Vec<Asked<'_>>],
) -> tantivy::Result<Vec<Weigher>> {
    let mut weighers = vec![];
    for asked in required.iter().flatten() {
        if let (Worth::Words(times), Some(weight)) = (asked.way.worth, &asked.weight) {
            let scorer = weight.scorer(hits.segment.reader, 1.0)?;
            weighers.push(Weigher { scorer, times });
        }
    }
    Ok(weighers)
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

#[cfg(test)]
mod tests {
    use super::super::schema::Facts;
    use super::*;

    proptest::proptest! {
        #[test]
        fn the_runs_with_hits_are_those_that_have_some(
            lengths in proptest::collection::vec(1u32..9, 0..200),
            documents: Vec<u16>,
        ) {
            let mut start = 0;
            let run = |length: u32| {
                let run = Run { start, end: start + length, facts: Facts::unpack(0) };
                start = run.end;
                run
            };
            let runs: Vec<Run> = lengths.into_iter().map(run).collect();
            let end = runs.last().map_or(0, |run| run.end);
            let mut set = Set::none(end);
            for document in documents.iter().filter(|_| end > 0) {
                set.insert(u32::from(*document) % end);
            }
            let expected: Vec<&Run> = runs
                .iter()
                .filter(|run| set.count(run.start..run.end) > 0)
                .collect();
            proptest::prop_assert_eq!(runs_with(&set, &runs), expected);
        }
    }
}
