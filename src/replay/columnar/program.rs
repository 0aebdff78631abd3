//! Three-valued logic on machine words: 512 cases at a time.
//!
//! A value is two bits a case, *yes* and *no*; neither means unknown. Negation
//! swaps them and costs nothing: it is a mark on the reference to a value.
//! Equal expressions are one node, within a version and across versions.

use std::collections::HashMap;

use crate::criteria::Truth;
use crate::policy::Need;

/// Words of a lane.
pub(super) const WORDS: usize = 8;

/// Cases of a lane.
pub(super) const CASES: usize = 64 * WORDS;

/// One bit a case.
pub(super) type Lane = [u64; WORDS];

/// No case.
pub(super) const NONE: Lane = [0; WORDS];

/// A value of the program, possibly negated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Ref(u32);

/// What holds in every case.
pub(super) const TRUE: Ref = Ref(0);

impl std::ops::Not for Ref {
    type Output = Ref;

    fn not(self) -> Ref {
        Ref(self.0 ^ 1)
    }
}

impl Ref {
    pub fn node(self) -> usize {
        (self.0 >> 1) as usize
    }

    fn is_negated(self) -> bool {
        self.0 & 1 == 1
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Op {
    True,
    /// As it was recorded.
    Input(usize),
    /// Every operand holds.
    All(Vec<Ref>),
    /// At least so many operands hold.
    AtLeast(usize, Vec<Ref>),
    /// A recorded fact, closed under `implies`: yes if it or a cause of it is
    /// recorded as true, no if it or an effect of it is recorded as false.
    Closed {
        causes: Vec<Ref>,
        effects: Vec<Ref>,
    },
}

/// Expressions over inputs, each once, operands before what uses them.
#[derive(Debug)]
pub(super) struct Program {
    ops: Vec<Op>,
    known: HashMap<Op, Ref>,
}

impl Program {
    pub fn new() -> Self {
        Program {
            ops: vec![Op::True],
            known: HashMap::new(),
        }
    }

    fn node(&mut self, op: Op) -> Ref {
        if let Some(known) = self.known.get(&op) {
            return *known;
        }
        let one = Ref((self.ops.len() as u32) << 1);
        self.ops.push(op.clone());
        self.known.insert(op, one);
        one
    }

    /// What is recorded in an input.
    pub fn input(&mut self, place: usize) -> Ref {
        self.node(Op::Input(place))
    }

    /// A recorded fact closed under `implies`; `causes` and `effects` include it.
    pub fn closed(&mut self, causes: Vec<Ref>, effects: Vec<Ref>) -> Ref {
        self.node(Op::Closed { causes, effects })
    }

    /// Whether all hold.
    pub fn all(&mut self, operands: impl IntoIterator<Item = Ref>) -> Ref {
        let mut kept: Vec<Ref> = operands.into_iter().filter(|one| *one != TRUE).collect();
        kept.sort_unstable();
        kept.dedup();
        match kept.as_slice() {
            [] => TRUE,
            [only] => *only,
            _ if kept.contains(&!TRUE) => !TRUE,
            _ => self.node(Op::All(kept)),
        }
    }

    /// Whether one holds.
    pub fn any(&mut self, operands: impl IntoIterator<Item = Ref>) -> Ref {
        !self.all(operands.into_iter().map(|one| !one))
    }

    /// Children combined as their parent needs them; see [`Truth::combine`].
    pub fn combine(&mut self, need: Need, children: Vec<Ref>) -> Ref {
        match need {
            Need::All => self.all(children),
            Need::Any => self.any(children),
            Need::None => !self.any(children),
            Need::AtLeast(count) => {
                let count = count as usize;
                match count {
                    0 => TRUE,
                    1 => self.any(children),
                    _ if count > children.len() => !TRUE,
                    _ if count == children.len() => self.all(children),
                    _ => self.node(Op::AtLeast(count, children)),
                }
            }
        }
    }

    /// A value that is the same in every case.
    pub fn constant(value: bool) -> Ref {
        if value { TRUE } else { !TRUE }
    }

    /// Computes every node for the cases of one lane.
    pub fn run(&self, inputs: &Inputs, lane: usize, values: &mut Values) {
        values.yes.resize(self.ops.len(), NONE);
        values.no.resize(self.ops.len(), NONE);
        for (index, op) in self.ops.iter().enumerate() {
            let (yes, no) = match op {
                Op::True => ([!0; WORDS], NONE),
                Op::Input(place) => inputs.get(*place, lane),
                Op::All(operands) => {
                    let (mut yes, mut no) = ([!0; WORDS], NONE);
                    for operand in operands {
                        let (one_yes, one_no) = values.of(*operand);
                        for word in 0..WORDS {
                            yes[word] &= one_yes[word];
                            no[word] |= one_no[word];
                        }
                    }
                    (yes, no)
                }
                Op::AtLeast(count, operands) => {
                    let values = &*values;
                    let yes = operands.iter().map(|one| *values.of(*one).0);
                    let no = operands.iter().map(|one| *values.of(*one).1);
                    // Fewer than `count` can hold once more than the rest do not.
                    let too_many = operands.len() + 1 - count;
                    (at_least(*count, yes), at_least(too_many, no))
                }
                Op::Closed { causes, effects } => {
                    let (mut yes, mut no) = (NONE, NONE);
                    for cause in causes {
                        let (one, _) = values.of(*cause);
                        (0..WORDS).for_each(|word| yes[word] |= one[word]);
                    }
                    for effect in effects {
                        let (_, one) = values.of(*effect);
                        (0..WORDS).for_each(|word| no[word] |= one[word]);
                    }
                    (yes, no)
                }
            };
            values.yes[index] = yes;
            values.no[index] = no;
        }
    }
}

impl Program {
    /// In which cases a value that is unknown rests on which others: from
    /// `roots`, each with its cases, down to whatever is unknown beneath.
    pub fn open(&self, roots: &[(Ref, Lane)], values: &Values, open: &mut Vec<Lane>) {
        open.clear();
        open.resize(self.ops.len(), NONE);
        for (root, cases) in roots {
            add_unknown(*root, cases, values, open);
        }
        for index in (0..self.ops.len()).rev() {
            let cases = open[index];
            if cases == NONE {
                continue;
            }
            match &self.ops[index] {
                Op::All(operands) | Op::AtLeast(_, operands) => {
                    for operand in operands {
                        add_unknown(*operand, &cases, values, open);
                    }
                }
                Op::True | Op::Input(_) | Op::Closed { .. } => {}
            }
        }
    }
}

fn add_unknown(one: Ref, cases: &Lane, values: &Values, open: &mut [Lane]) {
    let (yes, no) = values.of(one);
    let open = &mut open[one.node()];
    for word in 0..WORDS {
        open[word] |= cases[word] & !(yes[word] | no[word]);
    }
}

/// In which cases at least `count` of the lanes are set: the lanes are added
/// up, one bit of the sums a lane.
fn at_least(count: usize, lanes: impl Iterator<Item = Lane>) -> Lane {
    let mut sums: Vec<Lane> = vec![];
    for mut carry in lanes {
        for sum in &mut sums {
            for word in 0..WORDS {
                let both = sum[word] & carry[word];
                sum[word] ^= carry[word];
                carry[word] = both;
            }
        }
        if carry != NONE {
            sums.push(carry);
        }
    }
    if count >> sums.len() > 0 {
        return NONE;
    }
    // Compared with `count` from the lowest bit up.
    let mut reached = [!0; WORDS];
    for (bit, sum) in sums.iter().enumerate() {
        for word in 0..WORDS {
            reached[word] = if count >> bit & 1 == 1 {
                reached[word] & sum[word]
            } else {
                reached[word] | sum[word]
            };
        }
    }
    reached
}

/// What is recorded: for each input and lane, the cases where it is true and
/// those where it is false.
#[derive(Debug, Default)]
pub(super) struct Inputs {
    lanes: usize,
    yes: Vec<Lane>,
    no: Vec<Lane>,
}

impl Inputs {
    /// Forgets what is recorded and makes room for so many inputs and cases.
    pub fn reset(&mut self, inputs: usize, cases: usize) {
        self.lanes = cases.div_ceil(CASES);
        for lanes in [&mut self.yes, &mut self.no] {
            lanes.clear();
            lanes.resize(inputs * self.lanes, NONE);
        }
    }

    fn get(&self, input: usize, lane: usize) -> (Lane, Lane) {
        let place = input * self.lanes + lane;
        (self.yes[place], self.no[place])
    }

    /// The cases, from `64 * word` on, in which an input is true.
    pub fn yes(&self, input: usize, word: usize) -> u64 {
        self.yes[input * self.lanes + word / WORDS][word % WORDS]
    }

    /// The cases, from `64 * word` on, in which an input is false.
    pub fn no(&self, input: usize, word: usize) -> u64 {
        self.no[input * self.lanes + word / WORDS][word % WORDS]
    }

    /// Records an input in up to 64 cases from case `64 * word` on.
    pub fn put(&mut self, input: usize, word: usize, yes: u64, no: u64) {
        let place = input * self.lanes + word / WORDS;
        self.yes[place][word % WORDS] = yes;
        self.no[place][word % WORDS] = no;
    }

    /// Records an input in one case.
    pub fn set(&mut self, input: usize, case: usize, value: Truth) {
        let place = input * self.lanes + case / CASES;
        let (word, bit) = (case / 64 % WORDS, 1u64 << (case % 64));
        for (lane, holds) in [
            (&mut self.yes[place], value == Truth::True),
            (&mut self.no[place], value == Truth::False),
        ] {
            lane[word] = if holds {
                lane[word] | bit
            } else {
                lane[word] & !bit
            };
        }
    }
}

/// What every node is, for the cases of one lane.
#[derive(Debug, Default)]
pub(super) struct Values {
    yes: Vec<Lane>,
    no: Vec<Lane>,
}

impl Values {
    /// The cases in which it holds, and those in which it does not.
    pub fn of(&self, one: Ref) -> (&Lane, &Lane) {
        let (yes, no) = (&self.yes[one.node()], &self.no[one.node()]);
        if one.is_negated() {
            (no, yes)
        } else {
            (yes, no)
        }
    }

    /// Its value in one case of the lane: 0 false, 1 true, 2 unknown.
    pub fn digit(&self, one: Ref, case: usize) -> u64 {
        let (yes, no) = self.of(one);
        let (word, bit) = (case / 64, case % 64);
        let (yes, no) = (yes[word] >> bit & 1, no[word] >> bit & 1);
        (2 - 2 * (yes | no)) | yes
    }
}
