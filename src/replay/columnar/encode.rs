//! Fields of CSV text into inputs, a column at a time.
//!
//! Only what is written plainly is read here. Whatever is not marks its row as
//! *odd*, and the row is read again by the reader that defines what rows mean.

use super::fields::{Fields, Span, Text};
use super::memo::Memo;
use super::plan::Plan;
use super::program::Inputs;
use crate::cases::{Case, Header, Recorded, Target, codes_of, number_of, truth_of};
use crate::criteria::{Determination, Truth, expr_truth};
use crate::policy::{
    Code, CodeSystem, Comparison, Date, Expr, FactKind, FactValue, InForce, Policy, Test,
};

/// No version: none is recorded, or it cannot be told which applied.
pub(super) const NO_VERSION: u16 = u16::MAX;

/// Reads the rows of one policy.
#[derive(Debug)]
pub(super) struct Encoder<'a> {
    plan: &'a Plan<'a>,
    uses: Vec<Use>,
    procedures: Memo<Codes>,
    diagnoses: Memo<Codes>,
    dates: Memo<Dated>,
    determinations: Memo<Option<u8>>,
    versions: Memo<u16>,
}

/// The cases of a block that are of one policy, as inputs.
#[derive(Debug, Default)]
pub(super) struct Encoded {
    pub inputs: Inputs,
    /// The rows of this policy, a bit a row.
    pub mine: Vec<u64>,
    /// Those of them to be read again.
    pub odd: Vec<u64>,
    pub recorded: Vec<RecordedRow>,
    service: Vec<Dated>,
    decision: Vec<Dated>,
}

/// What is recorded of a decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RecordedRow {
    /// What was decided, by place in [`Determination::ALL`].
    pub determination: Option<u8>,
    /// The version it follows or does not follow from.
    pub version: u16,
    /// Whether the recorded version was not certainly in force.
    pub doubtful: bool,
    is_named: bool,
}

impl Default for RecordedRow {
    fn default() -> Self {
        RecordedRow {
            determination: None,
            version: NO_VERSION,
            doubtful: false,
            is_named: false,
        }
    }
}

/// What a column is to a policy.
#[derive(Debug)]
enum Use {
    Skip,
    /// A fact that the policy does not have.
    Foreign,
    Service,
    Decision,
    Procedures,
    Diagnoses,
    Determination,
    Version,
    Bool(BoolColumn),
    Number(Vec<(Expr, usize)>),
    Choice(ChoiceColumn),
}

/// A column of answers, with the spelling of yes and no met last: files keep
/// to one.
#[derive(Debug)]
struct BoolColumn {
    place: Option<usize>,
    yes: u64,
    no: u64,
}

#[derive(Debug)]
struct ChoiceColumn {
    /// Each choice with the first word of its text.
    choices: Vec<(u64, Box<[u8]>)>,
    /// For each test, whether each choice passes it.
    tests: Vec<(Vec<bool>, usize)>,
}

#[derive(Clone, Copy, Debug)]
enum Codes {
    Missing,
    Malformed,
    Known(u64),
}

#[derive(Clone, Copy, Debug)]
enum Dated {
    Missing,
    Malformed,
    /// With the version in force, if that is certain.
    Known(u16),
}

impl<'a> Encoder<'a> {
    /// A reader of a table's rows.
    pub fn new(plan: &'a Plan<'a>, header: &Header) -> Self {
        let columns = header.columns().iter();
        Encoder {
            uses: columns.map(|column| usage(plan, &column.target)).collect(),
            ..Encoder::of_cases(plan)
        }
    }

    /// A reader of cases that are read already.
    pub fn of_cases(plan: &'a Plan<'a>) -> Self {
        Encoder {
            plan,
            uses: vec![],
            procedures: Memo::new(),
            diagnoses: Memo::new(),
            dates: Memo::new(),
            determinations: Memo::new(),
            versions: Memo::new(),
        }
    }

    /// Reads the rows that `out` calls its own.
    pub fn encode(&mut self, text: Text<'_>, fields: &Fields, out: &mut Encoded) {
        let rows = fields.rows();
        out.inputs.reset(self.plan.inputs.count, rows);
        out.odd.clear();
        out.odd.resize(rows.div_ceil(64), 0);
        for lane in [&mut out.service, &mut out.decision] {
            lane.clear();
            lane.resize(rows, Dated::Missing);
        }
        out.recorded.clear();
        out.recorded.resize(rows, RecordedRow::default());
        let mut spans = [Span::default(); 64];
        for column in 0..self.uses.len() {
            if matches!(self.uses[column], Use::Skip) {
                continue;
            }
            for word in 0..rows.div_ceil(64) {
                let count = fields.spans(text, column, word, &mut spans);
                let odd = self.word(column, word, text, &spans[..count], out);
                out.odd[word] |= odd;
            }
        }
        self.contradictions(out);
        self.finish_recorded(out);
        for (odd, mine) in out.odd.iter_mut().zip(&out.mine) {
            *odd &= mine;
        }
    }

    /// Up to 64 fields of a column; the odd ones among them.
    fn word(
        &mut self,
        column: usize,
        word: usize,
        text: Text<'_>,
        spans: &[Span],
        out: &mut Encoded,
    ) -> u64 {
        let first = word * 64;
        let plan = self.plan;
        match &mut self.uses[column] {
            Use::Skip => 0,
            Use::Foreign => bits(spans, |span| span.len > 0),
            Use::Bool(column) => {
                let (yes, no, odd) = column.read(text, spans);
                if let Some(place) = column.place {
                    out.inputs.put(place, word, yes, no);
                }
                odd
            }
            Use::Number(tests) => numbers(text, spans, tests, word, &mut out.inputs),
            Use::Choice(column) => column.read(text, spans, word, &mut out.inputs),
            Use::Procedures | Use::Diagnoses => {
                let procedures = matches!(self.uses[column], Use::Procedures);
                let memo = if procedures {
                    &mut self.procedures
                } else {
                    &mut self.diagnoses
                };
                let mut found = [Codes::Missing; 64];
                for (span, found) in spans.iter().zip(&mut found) {
                    if span.len > 0 {
                        *found = memo.get(text, *span, |bytes| codes(plan, procedures, bytes));
                    }
                }
                put_gates(
                    plan,
                    procedures,
                    &found[..spans.len()],
                    word,
                    &mut out.inputs,
                )
            }
            Use::Service | Use::Decision => {
                let rows = if matches!(self.uses[column], Use::Service) {
                    &mut out.service
                } else {
                    &mut out.decision
                };
                let mut odd = 0;
                for (bit, span) in spans.iter().enumerate() {
                    if span.len > 0 {
                        let read = |bytes: &[u8]| dated(plan, bytes);
                        let date = self.dates.get(text, *span, read);
                        odd |= u64::from(matches!(date, Dated::Malformed)) << bit;
                        rows[first + bit] = date;
                    }
                }
                odd
            }
            Use::Determination => {
                let mut odd = 0;
                for (bit, span) in spans.iter().enumerate() {
                    if span.len > 0 {
                        let known = self.determinations.get(text, *span, determination);
                        odd |= u64::from(known.is_none()) << bit;
                        out.recorded[first + bit].determination = known;
                    }
                }
                odd
            }
            Use::Version => {
                let mut odd = 0;
                for (bit, span) in spans.iter().enumerate() {
                    if span.len > 0 {
                        let bytes = text.bytes(*span);
                        odd |= u64::from(!is_trimmed(bytes)) << bit;
                        let row = &mut out.recorded[first + bit];
                        row.version = self.versions.get(text, *span, |name| version(plan, name));
                        row.is_named = true;
                    }
                }
                odd
            }
        }
    }

    /// Marks the rows that record something and the contrary of what it implies.
    fn contradictions(&self, out: &mut Encoded) {
        for (cause, effect) in &self.plan.implications {
            for (word, odd) in out.odd.iter_mut().enumerate() {
                *odd |= out.inputs.yes(*cause, word) & out.inputs.no(*effect, word);
            }
        }
    }

    /// Which version each recorded decision rests on.
    fn finish_recorded(&self, out: &mut Encoded) {
        for (row, recorded) in out.recorded.iter_mut().enumerate() {
            let (service, decision) = (out.service[row], out.decision[row]);
            if recorded.determination.is_none() {
                // A date or a version of a decision, but no decision.
                let half = recorded.is_named || !matches!(decision, Dated::Missing);
                out.odd[row / 64] |= u64::from(half) << (row % 64);
                continue;
            }
            if recorded.is_named {
                let doubts = |date: Dated| match date {
                    Dated::Known(version) => version == NO_VERSION || version != recorded.version,
                    _ => false,
                };
                recorded.doubtful = doubts(service) || doubts(decision);
            } else {
                recorded.version = match (decision, service) {
                    (Dated::Known(version), _) | (Dated::Missing, Dated::Known(version)) => version,
                    _ => NO_VERSION,
                };
            }
        }
    }

    /// Takes over a case that was read the slow way.
    pub fn put_case(&self, row: usize, case: &Case, out: &mut Encoded) {
        let plan = self.plan;
        let request = &case.request;
        for (name, place) in &plan.inputs.bools {
            let value = request.facts.get(name);
            let truth = match value {
                Some(FactValue::Bool(value)) => (*value).into(),
                _ => Truth::Unknown,
            };
            out.inputs.set(*place, row, truth);
        }
        for (test, place) in plan.inputs.tests.values().flatten() {
            let truth = expr_truth(&Expr::Test(test.clone()), &request.facts);
            out.inputs.set(*place, row, truth);
        }
        for procedures in [true, false] {
            let codes = request.codes(procedures);
            let bits = plan.gate_bits(procedures, codes.to_vec());
            let gates = plan.inputs.gates[usize::from(!procedures)].iter();
            for (bit, gate) in gates.enumerate() {
                let truth = match codes.is_empty() {
                    true => Truth::Unknown,
                    false => (bits >> bit & 1 == 1).into(),
                };
                out.inputs.set(gate.place, row, truth);
            }
        }
        out.recorded[row] = recorded(plan, case);
        out.odd[row / 64] &= !(1 << (row % 64));
    }
}

impl Encoded {
    /// Makes room for so many cases, all of this policy, to be put one by one.
    pub fn reset(&mut self, plan: &Plan<'_>, rows: usize) {
        self.inputs.reset(plan.inputs.count, rows);
        for words in [&mut self.mine, &mut self.odd] {
            words.clear();
            words.resize(rows.div_ceil(64), 0);
        }
        self.recorded.clear();
        self.recorded.resize(rows, RecordedRow::default());
    }
}

fn usage(plan: &Plan<'_>, target: &Target) -> Use {
    match target {
        Target::CaseId | Target::Policy | Target::Note | Target::Ignored | Target::Unknown => {
            Use::Skip
        }
        Target::ServiceDate => Use::Service,
        Target::DecisionDate => Use::Decision,
        Target::ProcedureCodes => Use::Procedures,
        Target::DiagnosisCodes => Use::Diagnoses,
        Target::Determination => Use::Determination,
        Target::DeterminationVersion => Use::Version,
        Target::Fact(name) => fact_usage(plan, name),
    }
}

fn fact_usage(plan: &Plan<'_>, name: &str) -> Use {
    let bools = || {
        Use::Bool(BoolColumn {
            place: plan.inputs.bools.get(name).copied(),
            yes: spelling("true"),
            no: spelling("false"),
        })
    };
    let tests = || plan.inputs.tests.get(name).into_iter().flatten();
    match plan.policy.facts.get(name).map(|one| &one.kind) {
        Some(FactKind::Bool) => bools(),
        Some(FactKind::Number { .. }) => {
            let tests = tests().map(|(test, place)| (Expr::Test(test.clone()), *place));
            Use::Number(tests.collect())
        }
        Some(FactKind::Choice { choices }) => Use::Choice(ChoiceColumn::new(choices, tests())),
        None if is_answer(plan.policy, name) => bools(),
        None => Use::Foreign,
    }
}

fn is_answer(policy: &Policy, name: &str) -> bool {
    let mut criteria = policy.versions.iter().flat_map(|one| one.all_criteria());
    criteria.any(|one| one.is_answered_directly() && one.id.answer_fact() == name)
}

/// A short text as the first word of a field.
fn spelling(text: &str) -> u64 {
    let bytes = text.bytes().take(8).enumerate();
    bytes.fold(0, |word, (index, byte)| {
        word | u64::from(byte) << (8 * index)
    })
}

fn bits(spans: &[Span], is_set: impl Fn(&Span) -> bool) -> u64 {
    let spans = spans.iter().enumerate();
    spans.fold(0, |bits, (bit, span)| bits | u64::from(is_set(span)) << bit)
}

fn is_trimmed(bytes: &[u8]) -> bool {
    let solid = |byte: Option<&u8>| byte.is_none_or(|byte| byte.is_ascii_graphic());
    solid(bytes.first()) && solid(bytes.last())
}

fn trimmed(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().map(str::trim)
}

impl BoolColumn {
    /// Where it is yes, where no, and where neither and not empty.
    fn read(&mut self, text: Text<'_>, spans: &[Span]) -> (u64, u64, u64) {
        let (mut yes, mut no, mut empty) = (0, 0, 0);
        for (bit, span) in spans.iter().enumerate() {
            let word = text.head(*span);
            yes |= u64::from(word == self.yes) << bit;
            no |= u64::from(word == self.no) << bit;
            empty |= u64::from(span.len == 0) << bit;
        }
        let mut odd = !(yes | no | empty) & !0 >> (64 - spans.len().clamp(1, 64));
        let mut left = odd;
        while left != 0 {
            let bit = left.trailing_zeros();
            left &= left - 1;
            let span = spans[bit as usize];
            let value = std::str::from_utf8(text.bytes(span))
                .ok()
                .and_then(truth_of);
            let Some(value) = value else { continue };
            odd &= !(1 << bit);
            if value {
                (yes, self.yes) = (yes | 1 << bit, text.head(span));
            } else {
                (no, self.no) = (no | 1 << bit, text.head(span));
            }
        }
        (yes, no, odd)
    }
}

impl ChoiceColumn {
    fn new<'t>(choices: &[String], tests: impl Iterator<Item = &'t (Test, usize)>) -> Self {
        let passes = |test: &Test, choice: &String| {
            let facts = [(test.fact().to_owned(), FactValue::Choice(choice.clone()))];
            let facts = facts.into_iter().collect();
            expr_truth(&Expr::Test(test.clone()), &facts) == Truth::True
        };
        ChoiceColumn {
            choices: choices
                .iter()
                .map(|one| (spelling(one), one.as_bytes().into()))
                .collect(),
            tests: tests
                .map(|(test, place)| {
                    let passes = choices.iter().map(|choice| passes(test, choice));
                    (passes.collect(), *place)
                })
                .collect(),
        }
    }

    fn read(&self, text: Text<'_>, spans: &[Span], word: usize, inputs: &mut Inputs) -> u64 {
        let empty = bits(spans, |span| span.len == 0);
        let mut known = 0;
        let mut yes = [0u64; 64];
        let mut yes_of_more = vec![0u64; self.tests.len().saturating_sub(yes.len())];
        for (choice, (head, bytes)) in self.choices.iter().enumerate() {
            let mut here = 0;
            for (bit, span) in spans.iter().enumerate() {
                let same = text.head(*span) == *head && span.len as usize == bytes.len();
                here |= u64::from(same) << bit;
            }
            if bytes.len() > 8 {
                let mut left = here;
                while left != 0 {
                    let bit = left.trailing_zeros();
                    left &= left - 1;
                    if text.bytes(spans[bit as usize]) != &**bytes {
                        here &= !(1 << bit);
                    }
                }
            }
            known |= here;
            let yes = yes.iter_mut().chain(&mut yes_of_more);
            for ((passes, _), yes) in self.tests.iter().zip(yes) {
                *yes |= if passes[choice] { here } else { 0 };
            }
        }
        let yes = yes.iter().chain(&yes_of_more);
        for ((_, place), yes) in self.tests.iter().zip(yes) {
            inputs.put(*place, word, *yes, known & !yes);
        }
        !(known | empty) & !0 >> (64 - spans.len().clamp(1, 64))
    }
}

fn numbers(
    text: Text<'_>,
    spans: &[Span],
    tests: &[(Expr, usize)],
    word: usize,
    inputs: &mut Inputs,
) -> u64 {
    let mut values = [0f64; 64];
    let (mut known, mut odd) = (0u64, 0u64);
    for (bit, span) in spans.iter().enumerate() {
        let number = match whole(text, *span) {
            Some(number) => Some(number),
            None if span.len == 0 => continue,
            None => std::str::from_utf8(text.bytes(*span))
                .ok()
                .and_then(number_of),
        };
        match number {
            Some(number) => {
                values[bit] = number;
                known |= 1 << bit;
            }
            None => odd |= 1 << bit,
        }
    }
    for (test, place) in tests {
        let yes = passing(test, &values) & known;
        inputs.put(*place, word, yes, known & !yes);
    }
    odd
}

/// One to eight digits: the most common number.
fn whole(text: Text<'_>, span: Span) -> Option<f64> {
    if span.len == 0 || span.len > 8 {
        return None;
    }
    let unused = 8 * (8 - span.len);
    // Missing leading digits are zeros.
    let digits = text.head(span) << unused | !(!0 << unused) & ZEROS;
    let low = digits ^ ZEROS;
    let above_nine = low.wrapping_add(0x7676_7676_7676_7676) | low;
    if above_nine & 0x8080_8080_8080_8080 != 0 {
        return None;
    }
    // Neighbours are joined: digits to pairs, pairs to fours, fours to eights.
    let pairs = (low.wrapping_mul(10) + (low >> 8)) & 0x00FF_00FF_00FF_00FF;
    let fours = (pairs.wrapping_mul(100) + (pairs >> 16)) & 0x0000_FFFF_0000_FFFF;
    let eight = (fours.wrapping_mul(10_000) + (fours >> 32)) & 0xFFFF_FFFF;
    Some(eight as f64)
}

const ZEROS: u64 = 0x3030_3030_3030_3030;

/// In which of 64 cases a number passes a test.
fn passing(test: &Expr, values: &[f64; 64]) -> u64 {
    let each = |passes: &dyn Fn(f64) -> bool| {
        let values = values.iter().enumerate();
        values.fold(0u64, |bits, (bit, value)| {
            bits | u64::from(passes(*value)) << bit
        })
    };
    macro_rules! compare {
        ($limit:expr, $op:tt) => {{
            let limit = *$limit;
            let values = values.iter().enumerate();
            values.fold(0u64, |bits, (bit, value)| bits | u64::from(*value $op limit) << bit)
        }};
    }
    match test {
        Expr::Test(Test::Compare {
            op,
            value: FactValue::Number(limit),
            ..
        }) => match op {
            Comparison::Eq => compare!(limit, ==),
            Comparison::Ne => compare!(limit, !=),
            Comparison::Lt => compare!(limit, <),
            Comparison::Le => compare!(limit, <=),
            Comparison::Gt => compare!(limit, >),
            Comparison::Ge => compare!(limit, >=),
        },
        Expr::Test(Test::In { values, .. }) => {
            each(&|value| values.contains(&FactValue::Number(value)))
        }
        _ => 0,
    }
}

fn codes(plan: &Plan<'_>, procedures: bool, bytes: &[u8]) -> Codes {
    let Some(text) = trimmed(bytes) else {
        return Codes::Malformed;
    };
    let parse = |text: &str| {
        if procedures {
            Code::parse_procedure(text)
        } else {
            Code::parse(CodeSystem::Icd10Cm, text)
        }
    };
    match codes_of(text).map(parse).collect::<Result<Vec<_>, _>>() {
        Err(_) => Codes::Malformed,
        Ok(codes) if codes.is_empty() => Codes::Missing,
        Ok(codes) => Codes::Known(plan.gate_bits(procedures, codes)),
    }
}

fn put_gates(
    plan: &Plan<'_>,
    procedures: bool,
    found: &[Codes],
    word: usize,
    inputs: &mut Inputs,
) -> u64 {
    let (mut known, mut odd) = (0u64, 0u64);
    for (bit, codes) in found.iter().enumerate() {
        known |= u64::from(matches!(codes, Codes::Known(_))) << bit;
        odd |= u64::from(matches!(codes, Codes::Malformed)) << bit;
    }
    let gates = plan.inputs.gates[usize::from(!procedures)].iter();
    for (gate_bit, gate) in gates.enumerate() {
        let yes = found
            .iter()
            .enumerate()
            .fold(0, |yes, (bit, codes)| match codes {
                Codes::Known(bits) => yes | (bits >> gate_bit & 1) << bit,
                _ => yes,
            });
        inputs.put(gate.place, word, yes, known & !yes);
    }
    odd
}

fn dated(plan: &Plan<'_>, bytes: &[u8]) -> Dated {
    match trimmed(bytes).map(str::parse) {
        Some(Ok(date)) => Dated::Known(in_force(plan, date)),
        _ if bytes.iter().all(u8::is_ascii_whitespace) => Dated::Missing,
        _ => Dated::Malformed,
    }
}

fn in_force(plan: &Plan<'_>, date: Date) -> u16 {
    match plan.policy.in_force(date) {
        InForce::One(version) => plan.place(version),
        _ => NO_VERSION,
    }
}

fn determination(bytes: &[u8]) -> Option<u8> {
    let found = trimmed(bytes).and_then(Determination::from_name)?;
    let place = Determination::ALL.iter().position(|one| *one == found)?;
    Some(place as u8)
}

fn version(plan: &Plan<'_>, name: &[u8]) -> u16 {
    let version = trimmed(name).and_then(|name| plan.policy.version(name));
    version.map_or(NO_VERSION, |version| plan.place(version))
}

fn recorded(plan: &Plan<'_>, case: &Case) -> RecordedRow {
    let Some(recorded) = &case.recorded else {
        return RecordedRow::default();
    };
    let Recorded {
        determination,
        version: name,
        decision_date,
    } = recorded;
    let dates = [*decision_date, case.service_date];
    let place = Determination::ALL
        .iter()
        .position(|one| one == determination);
    let named = name.as_ref().map(|name| {
        let version = plan.policy.version(name);
        version.map_or(NO_VERSION, |version| plan.place(version))
    });
    let by_date = || {
        dates
            .iter()
            .flatten()
            .next()
            .map(|date| in_force(plan, *date))
    };
    RecordedRow {
        determination: place.map(|place| place as u8),
        version: named.or_else(by_date).unwrap_or(NO_VERSION),
        doubtful: named.is_some_and(|named| {
            let mut applied = dates.iter().flatten().map(|date| in_force(plan, *date));
            applied.any(|applied| applied == NO_VERSION || applied != named)
        }),
        is_named: named.is_some(),
    }
}
