//! What a plan asks of the documents of a segment, and which of them fit.

use tantivy::postings::TermInfo;
use tantivy::query::Weight;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, TERMINATED};

use super::item::Days;
use super::schema::{COLUMNS, Facts, column};
use super::segment::Segment;
use super::set::Set;
use crate::policy::Date;

/// What documents must be to be found.
#[derive(Clone, Debug)]
pub(super) enum Matching {
    /// In one of the lists of a field, which are given for each segment.
    Lists(Field, Vec<Vec<TermInfo>>),
    /// What the query of the way finds.
    Query,
    /// Of a kind, a system or a policy.
    Of(FactTest),
    /// In a version: by the number of a policy, the version's place in it.
    In(Vec<Option<u32>>),
    /// Of days that pass a test.
    On(DayTest),
    /// Both.
    Both(Box<Matching>, Box<Matching>),
}

/// A test of what hits are counted by.
#[derive(Clone, Copy, Debug)]
pub(super) enum FactTest {
    Kind(u8),
    /// As [`Facts`] has it.
    System(u8),
    Policy(u32),
}

impl FactTest {
    fn passes(self, facts: Facts) -> bool {
        match self {
            FactTest::Kind(kind) => facts.kind == kind,
            FactTest::System(system) => facts.system == system,
            FactTest::Policy(policy) => facts.policy == policy,
        }
    }
}

impl Matching {
    /// Whether it is told by columns, document by document: such a test is
    /// better made of those that passed all else.
    pub(super) fn is_tested(&self) -> bool {
        matches!(self, Matching::In(_) | Matching::On(_))
    }

    /// The documents of a segment that fit; of tests, only those of some
    /// documents need be made. `weight` is for [`Matching::Query`].
    pub(super) fn set(
        &self,
        segment: Segment<'_>,
        weight: Option<&dyn Weight>,
        among: Option<&Set>,
    ) -> tantivy::Result<Set> {
        match self {
            Matching::Lists(field, lists) => listed(segment, *field, lists),
            Matching::Query => {
                let mut set = Set::none(segment.end());
                if let Some(weight) = weight {
                    weight.for_each_no_score(segment.reader, &mut |documents| {
                        documents.iter().for_each(|one| set.insert(*one));
                    })?;
                }
                Ok(set)
            }
            Matching::Of(test) => {
                let mut set = Set::none(segment.end());
                for run in segment.runs()? {
                    if test.passes(run.facts) {
                        set.insert_range(run.start..run.end);
                    }
                }
                Ok(set)
            }
            Matching::In(places) => in_versions(segment, places, among),
            Matching::On(test) => on_days(segment, *test, among),
            Matching::Both(one, other) => {
                let mut set = one.set(segment, weight, among)?;
                if !set.is_empty() {
                    set.keep(&other.set(segment, weight, among)?);
                }
                Ok(set)
            }
        }
    }
}

/// The documents of some lists.
fn listed(segment: Segment<'_>, field: Field, lists: &[Vec<TermInfo>]) -> tantivy::Result<Set> {
    let mut set = Set::none(segment.end());
    let Some([first, others @ ..]) = lists.get(segment.number).map(Vec::as_slice) else {
        return Ok(set);
    };
    let index = segment.reader.inverted_index(field)?;
    let mut postings = index.read_block_postings_from_terminfo(first, IndexRecordOption::Basic)?;
    let mut others = others.iter();
    loop {
        while !postings.docs().is_empty() && postings.doc(0) != TERMINATED {
            postings.docs().iter().for_each(|one| set.insert(*one));
            postings.advance();
        }
        let Some(next) = others.next() else {
            return Ok(set);
        };
        index.reset_block_postings_from_terminfo(next, &mut postings)?;
    }
}

fn in_versions(
    segment: Segment<'_>,
    places: &[Option<u32>],
    among: Option<&Set>,
) -> tantivy::Result<Set> {
    let (first, last) = (segment.whole(FIRST)?, segment.whole(LAST)?);
    let mut set = Set::none(segment.end());
    for run in segment.runs()? {
        let Some(Some(place)) = places.get(run.facts.policy as usize) else {
            continue;
        };
        let mut take = |document: DocId| {
            let at = document as usize;
            if first[at] <= *place && *place <= last[at] {
                set.insert(document);
            }
        };
        match among {
            Some(among) => among.within(run.start..run.end).for_each(take),
            None => (run.start..run.end).for_each(&mut take),
        }
    }
    Ok(set)
}

/// One document in so many is few: their values are read one by one.
const FEW: usize = 16;

fn on_days(segment: Segment<'_>, test: DayTest, among: Option<&Set>) -> tantivy::Result<Set> {
    if let Some(among) = among.filter(|among| among.len() * FEW < segment.end() as usize) {
        let needed = match test {
            DayTest::InForce { .. } => 2,
            DayTest::Changed { .. } => DAYS,
        };
        let columns = COLUMNS[..needed].iter().map(|name| segment.column(name));
        let columns = columns.collect::<tantivy::Result<Vec<_>>>()?;
        let mut set = Set::none(segment.end());
        for document in among.iter() {
            let day = |number: usize| {
                let column = columns.get(number);
                [column.map_or(0, |days| column::day(days.get_val(document)))]
            };
            let days: [_; DAYS] = std::array::from_fn(day);
            let mut passed = [false];
            test.pass(days.each_ref().map(|day| day.as_slice()), &mut passed);
            if passed[0] {
                set.insert(document);
            }
        }
        return Ok(set);
    }
    let day = |number| segment.whole(number);
    let (from, until) = (day(0)?, day(1)?);
    let all = match test {
        // Columns that do not count need not be read.
        DayTest::InForce { .. } => [from, until, from, from, from],
        DayTest::Changed { .. } => [from, until, day(2)?, day(3)?, day(4)?],
    };
    Ok(Set::tested(segment.end(), |at, passed| {
        let range = at..at + passed.len();
        let days = all.map(|days| &days[range.clone()]);
        test.pass(days, passed);
    }))
}

/// How many of the [`COLUMNS`] are days; they come first.
const DAYS: usize = 5;
/// The place of the first version among the columns, and that of the last.
const FIRST: usize = DAYS;
const LAST: usize = DAYS + 1;

/// A test of the days on which an item began and ended.
#[derive(Clone, Copy, Debug)]
pub(super) enum DayTest {
    /// It may be in force between these days.
    InForce { first: u32, last: u32 },
    /// It may have begun or ended between these days: a coarse date counts as
    /// any of its days.
    Changed { first: u32, last: u32 },
}

impl DayTest {
    pub(super) fn as_of(date: Date) -> Self {
        let (first, last) = Days::of(date);
        DayTest::InForce {
            first: column::day(first),
            last: column::day(last),
        }
    }

    pub(super) fn changed(from: Option<Date>, to: Option<Date>) -> Self {
        DayTest::Changed {
            first: from.map_or(0, |date| column::day(Days::of(date).0)),
            // What has not ended ends at the very last number.
            last: to.map_or(u32::MAX - 1, |date| column::day(Days::of(date).1)),
        }
    }

    /// Tests some documents, given their days, column by column.
    fn pass(self, days: [&[u32]; DAYS], passed: &mut [bool]) {
        let [from, until, begun, ending, ended] = days;
        let days = from
            .iter()
            .zip(until)
            .zip(begun.iter().zip(ending).zip(ended));
        for (passed, ((from, until), ((begun, ending), ended))) in passed.iter_mut().zip(days) {
            // Without branches, so that several are tested at once.
            *passed = match self {
                DayTest::InForce { first, last } => (*from <= last) & (*until > first),
                DayTest::Changed { first, last } => {
                    ((*from <= last) & (*begun >= first)) | ((*ending <= last) & (*ended >= first))
                }
            };
        }
    }
}
