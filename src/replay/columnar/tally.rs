//! What comes out of many cases, counted.

use std::collections::{BTreeMap, HashMap};

use foldhash::fast::FixedState;

use super::encode::{Encoded, NO_VERSION};
use super::plan::{Outcome, Plan};
use super::program::{CASES, Lane, NONE, Values, WORDS};
use crate::cases::Case;
use crate::criteria::{Responsible, causes};

/// Beyond so many ways to flip, the causes of others are worked out each time.
const MOST_KNOWN: usize = 1 << 20;

/// The place of `pend` in [`crate::criteria::Determination::ALL`].
const PEND: usize = 2;

/// The counts of one policy's cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub cases: u64,
    /// For each version asked about, by place among the determinations.
    pub determinations: Vec<[u64; 4]>,
    /// For each two neighbours: from what to what.
    pub transitions: Vec<[[u64; 4]; 4]>,
    /// For each two neighbours: how many flips which criteria account for.
    pub causes: Vec<BTreeMap<Vec<Responsible>, u64>>,
    /// For each version and fact its criteria read: how many of the cases
    /// that pend rest on its being missing.
    pub missing: Vec<Vec<u64>>,
    /// Cases that flip between any two neighbours.
    pub flipping: u64,
    pub recorded: RecordedTally,
}

/// What recorded decisions are held against their versions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RecordedTally {
    pub none: u64,
    pub reproduced: u64,
    pub deviating: u64,
    /// Recorded, but it cannot be told under which version.
    pub unverifiable: u64,
    /// Decided under a version not certainly in force.
    pub doubtful: u64,
}

impl Tally {
    pub fn new(plan: &Plan<'_>) -> Self {
        Tally {
            determinations: vec![[0; 4]; plan.asked],
            transitions: vec![[[0; 4]; 4]; plan.pairs.len()],
            causes: vec![BTreeMap::new(); plan.pairs.len()],
            missing: plan
                .facts
                .iter()
                .map(|facts| vec![0; facts.len()])
                .collect(),
            ..Tally::default()
        }
    }

    /// Adds what another counted of other cases.
    pub fn add(&mut self, other: Tally) {
        self.cases += other.cases;
        self.flipping += other.flipping;
        add(
            self.determinations.as_flattened_mut(),
            other.determinations.as_flattened(),
        );
        let transitions = self.transitions.as_flattened_mut().as_flattened_mut();
        add(transitions, other.transitions.as_flattened().as_flattened());
        for (mine, theirs) in self.missing.iter_mut().zip(&other.missing) {
            add(mine, theirs);
        }
        for (mine, theirs) in self.causes.iter_mut().zip(other.causes) {
            for (what, count) in theirs {
                *mine.entry(what).or_default() += count;
            }
        }
        let (mine, theirs) = (&mut self.recorded, other.recorded);
        mine.none += theirs.none;
        mine.reproduced += theirs.reproduced;
        mine.deviating += theirs.deviating;
        mine.unverifiable += theirs.unverifiable;
        mine.doubtful += theirs.doubtful;
    }
}

fn add(mine: &mut [u64], theirs: &[u64]) {
    for (mine, theirs) in mine.iter_mut().zip(theirs) {
        *mine += theirs;
    }
}

/// Gives the case of a row.
pub(super) type CaseOf<'c> = &'c mut dyn FnMut(usize) -> Option<Case>;

/// Counts the cases of one policy.
#[derive(Debug)]
pub(super) struct Counter<'a> {
    plan: &'a Plan<'a>,
    pub tally: Tally,
    values: Values,
    classes: Vec<[Lane; 4]>,
    /// For each pair, the causes of flips by what they depend on: places in
    /// `sets`.
    known: Vec<HashMap<Box<[u64]>, usize, FixedState>>,
    sets: Vec<Vec<Responsible>>,
    /// For each pair, how many flips each of `sets` accounts for.
    counts: Vec<Vec<u64>>,
    key: Vec<u64>,
    open: Vec<Lane>,
}

impl<'a> Counter<'a> {
    pub fn new(plan: &'a Plan<'a>) -> Self {
        Counter {
            plan,
            tally: Tally::new(plan),
            values: Values::default(),
            classes: vec![],
            known: vec![HashMap::default(); plan.pairs.len()],
            sets: vec![],
            counts: vec![vec![]; plan.pairs.len()],
            key: vec![],
            open: vec![],
        }
    }

    /// What was counted.
    pub fn finish(mut self) -> Tally {
        for (causes, counts) in self.tally.causes.iter_mut().zip(&self.counts) {
            for (set, count) in self.sets.iter().zip(counts) {
                if *count > 0 {
                    *causes.entry(set.clone()).or_default() += count;
                }
            }
        }
        self.tally
    }

    /// Counts the cases of `mine`, a bit a row.
    pub fn count(&mut self, encoded: &Encoded, mine: &[u64], case_of: CaseOf<'_>) {
        for (lane, words) in mine.chunks(WORDS).enumerate() {
            let mut cases = NONE;
            cases[..words.len()].copy_from_slice(words);
            if cases != NONE {
                self.lane(encoded, lane, &cases, case_of);
            }
        }
    }

    fn lane(&mut self, encoded: &Encoded, lane: usize, cases: &Lane, case_of: CaseOf<'_>) {
        let plan = self.plan;
        plan.program.run(&encoded.inputs, lane, &mut self.values);
        self.classes.clear();
        let outcomes = plan.outcomes.iter();
        self.classes
            .extend(outcomes.map(|outcome| classes(outcome, &self.values, cases)));
        self.tally.cases += ones(cases);
        self.determinations();
        self.recorded(encoded, lane, cases);
        self.flips(lane, case_of);
    }

    fn determinations(&mut self) {
        for (version, classes) in self.classes[..self.plan.asked].iter().enumerate() {
            for (count, class) in self.tally.determinations[version].iter_mut().zip(classes) {
                *count += ones(class);
            }
            let pend = &classes[PEND];
            if *pend == NONE {
                continue;
            }
            let outcome = self.plan.outcomes[version];
            let roots = [(outcome.addressed, *pend), (outcome.met, *pend)];
            let open = &mut self.open;
            self.plan.program.open(&roots, &self.values, open);
            let facts = self.plan.facts[version].iter();
            for ((_, values), count) in facts.zip(&mut self.tally.missing[version]) {
                let lanes = values.iter().map(|value| &open[value.node()]);
                let any = lanes.fold(NONE, |any, lane| lane_of(|word| any[word] | lane[word]));
                *count += ones(&any);
            }
        }
    }

    /// Holds recorded decisions against the versions they were made under.
    fn recorded(&mut self, encoded: &Encoded, lane: usize, cases: &Lane) {
        let rows = encoded.recorded.get(lane * CASES..).unwrap_or_default();
        let tally = &mut self.tally.recorded;
        for (place, row) in rows.iter().take(CASES).enumerate() {
            let (word, bit) = (place / 64, place % 64);
            if cases[word] >> bit & 1 == 0 {
                continue;
            }
            let Some(determination) = row.determination else {
                tally.none += 1;
                continue;
            };
            tally.doubtful += u64::from(row.doubtful);
            match self.classes.get(usize::from(row.version)) {
                Some(classes) if row.version != NO_VERSION => {
                    let follows = classes[usize::from(determination)][word] >> bit & 1;
                    tally.reproduced += follows;
                    tally.deviating += 1 - follows;
                }
                _ => tally.unverifiable += 1,
            }
        }
    }

    fn flips(&mut self, lane: usize, case_of: CaseOf<'_>) {
        let mut flipping = NONE;
        for pair in 0..self.plan.pairs.len() {
            let (old, new) = (self.classes[pair], self.classes[pair + 1]);
            let mut flips = NONE;
            for (was, old) in old.iter().enumerate() {
                for (now, new) in new.iter().enumerate() {
                    let both = lane_of(|word| old[word] & new[word]);
                    self.tally.transitions[pair][was][now] += ones(&both);
                    if was != now {
                        flips = lane_of(|word| flips[word] | both[word]);
                    }
                }
            }
            flipping = lane_of(|word| flipping[word] | flips[word]);
            for case in set_bits(&flips) {
                self.flip(pair, lane, case, case_of);
            }
        }
        self.tally.flipping += ones(&flipping);
    }

    fn flip(&mut self, pair: usize, lane: usize, case: usize, case_of: CaseOf<'_>) {
        let plan = self.plan;
        self.key.clear();
        for nodes in plan.pairs[pair].signature.chunks(32) {
            let digits = nodes.iter().map(|node| self.values.digit(*node, case));
            self.key.push(digits.fold(0, |key, digit| key << 2 | digit));
        }
        let set = match self.known[pair].get(self.key.as_slice()) {
            Some(set) => *set,
            None => {
                let Some(case) = case_of(lane * CASES + case) else {
                    return;
                };
                let set = self.responsible(pair, &case);
                if self.known[pair].len() < MOST_KNOWN {
                    self.known[pair].insert(self.key.as_slice().into(), set);
                }
                set
            }
        };
        let counts = &mut self.counts[pair];
        if counts.len() <= set {
            counts.resize(set + 1, 0);
        }
        counts[set] += 1;
    }

    /// The place of the set of criteria that accounts for a flip.
    fn responsible(&mut self, pair: usize, case: &Case) -> usize {
        let plan = self.plan;
        let alignment = &plan.pairs[pair].alignment;
        let (old, new) = (plan.versions[pair], plan.versions[pair + 1]);
        let causes = causes(old, new, &case.request, &|id| alignment.old_id(id).cloned());
        let set: Vec<Responsible> = causes.into_iter().map(|cause| cause.what).collect();
        let known = self.sets.iter().position(|one| *one == set);
        known.unwrap_or_else(|| {
            self.sets.push(set);
            self.sets.len() - 1
        })
    }
}

/// The cases by determination; see `criteria::evaluate`.
fn classes(outcome: &Outcome, values: &Values, cases: &Lane) -> [Lane; 4] {
    let (addressed, not_addressed) = values.of(outcome.addressed);
    let (met, not_met) = values.of(outcome.met);
    let settled = |how: &Lane| lane_of(|word| cases[word] & addressed[word] & how[word]);
    let (met, not_met) = (settled(met), settled(not_met));
    let not_addressed = lane_of(|word| cases[word] & not_addressed[word]);
    let pend = lane_of(|word| cases[word] & !(met[word] | not_met[word] | not_addressed[word]));
    [met, not_met, pend, not_addressed]
}

fn lane_of(word: impl FnMut(usize) -> u64) -> Lane {
    std::array::from_fn(word)
}

fn ones(lane: &Lane) -> u64 {
    lane.iter().map(|word| u64::from(word.count_ones())).sum()
}

fn set_bits(lane: &Lane) -> impl Iterator<Item = usize> {
    lane.iter().enumerate().flat_map(|(word, bits)| {
        let mut left = *bits;
        std::iter::from_fn(move || {
            let bit = left.checked_ilog2().map(|_| left.trailing_zeros())?;
            left &= left - 1;
            Some(word * 64 + bit as usize)
        })
    })
}
