//! One block of a CSV file: read, checked and counted.

use std::collections::HashMap;

use super::encode::{Encoded, Encoder};
use super::fields::{Fields, LEAD, Span, StrayQuote, TAIL, Text};
use super::ids::{BlockIds, Ids, MaybeTwice};
use super::memo::Memo;
use super::plans::{Plans, Stop};
use super::source::Block;
use super::tally::Counter;
use crate::cases::csv::{MAX_RECORD, Scan, Scanner};
use crate::cases::{Case, Header, Target, Vocabulary};

/// What stays the same for a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sheet<'a, 'p> {
    pub plans: &'a Plans<'p>,
    pub vocabulary: &'a Vocabulary<'a>,
    pub header: &'a Header,
}

/// A row that was refused, by its place in the block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct BlockReject {
    /// Lines of the block before it.
    pub line: usize,
    pub reason: String,
}

/// Reads one block after another and counts their cases.
#[derive(Debug)]
pub(super) struct BlockReader<'a, 'p> {
    sheet: Sheet<'a, 'p>,
    id_column: usize,
    policy_column: Option<usize>,
    policies: Memo<Option<usize>>,
    fields: Fields,
    /// By policy, as they turn up.
    readers: HashMap<usize, PolicyReader<'a>>,
    /// The policies of this block.
    active: Vec<usize>,
    /// The identifiers of rows that were read the slow way.
    slow_ids: HashMap<usize, String>,
    ids: BlockIds,
    /// Valid rows, a bit a row.
    valid: Vec<u64>,
    pub rejects: Vec<BlockReject>,
    /// Lines of the block.
    pub lines: usize,
}

#[derive(Debug)]
struct PolicyReader<'a> {
    encoder: Encoder<'a>,
    encoded: Encoded,
    counter: Counter<'a>,
}

impl<'a, 'p: 'a> BlockReader<'a, 'p> {
    pub fn new(sheet: Sheet<'a, 'p>) -> Self {
        let columns = sheet.header.columns();
        let place = |target: &Target| columns.iter().position(|one| one.target == *target);
        BlockReader {
            sheet,
            id_column: place(&Target::CaseId).unwrap_or_default(),
            policy_column: place(&Target::Policy),
            policies: Memo::new(),
            fields: Fields::default(),
            readers: HashMap::new(),
            active: vec![],
            slow_ids: HashMap::new(),
            ids: BlockIds::default(),
            valid: vec![],
            rejects: vec![],
            lines: 0,
        }
    }

    /// Reads the rows of a block.
    ///
    /// # Errors
    /// When only a reader that goes byte by byte can tell what its rows are.
    pub fn read(&mut self, bytes: &[u8], block: Block) -> Result<Result<(), Stop>, StrayQuote> {
        if block.is_endless {
            return Err(StrayQuote);
        }
        let text = Text(bytes);
        let columns = self.sheet.header.columns().len();
        self.fields.find(bytes, b',', columns)?;
        // What is too long for a row is seen by a reader that counts.
        let is_long = |row: usize| {
            let (start, end) = self.fields.row(row);
            end + 1 - start >= MAX_RECORD
        };
        if bytes.len() > MAX_RECORD && (0..self.fields.rows()).any(is_long) {
            return Err(StrayQuote);
        }
        self.rejects.clear();
        self.slow_ids.clear();
        self.lines = self.fields.lines;
        if let Err(stop) = self.find_policies(text) {
            return Ok(Err(stop));
        }
        for policy in &self.active {
            if let Some(reader) = self.readers.get_mut(policy) {
                reader
                    .encoder
                    .encode(text, &self.fields, &mut reader.encoded);
            }
        }
        let mut odd = self.rows_of_no_policy();
        self.add_odd(&mut odd);
        self.mark_unreadable(bytes, &mut odd);
        self.read_uneven(bytes, block)?;
        if let Err(stop) = self.read_odd(bytes, block, &odd) {
            return Ok(Err(stop));
        }
        self.find_ids(text);
        Ok(Ok(()))
    }

    /// Takes up the identifiers of the rows; those that stood before are refused.
    ///
    /// # Errors
    /// When it cannot be told which.
    pub fn check_ids(&mut self, bytes: &[u8], ids: &mut Ids) -> Result<(), MaybeTwice> {
        if !ids.is_exact() {
            return ids.add(&self.ids);
        }
        let text = Text(bytes);
        let mut spans = [Span::default(); 64];
        for word in 0..self.valid.len() {
            self.fields.spans(text, self.id_column, word, &mut spans);
            for bit in ones(self.valid[word]) {
                let row = word * 64 + bit;
                let slow = self.slow_ids.get(&row).map(String::as_bytes);
                let id = slow.unwrap_or_else(|| text.bytes(spans[bit]));
                if !ids.add_one(id)? {
                    let id = String::from_utf8_lossy(id);
                    let reason = format!("case `{id}` was read before");
                    self.refuse(bytes, row, reason);
                }
            }
        }
        self.rejects.sort_by_key(|one| one.line);
        Ok(())
    }

    /// Counts the rows that are left; how many there are.
    pub fn count(&mut self, bytes: &[u8], block: Block) -> u64 {
        let mut cases = 0;
        for policy in &self.active {
            let Some(reader) = self.readers.get_mut(policy) else {
                continue;
            };
            let (sheet, fields) = (&self.sheet, &self.fields);
            let mine = std::mem::take(&mut reader.encoded.mine);
            let before = reader.counter.tally.cases;
            reader.counter.count(&reader.encoded, &mine, &mut |row| {
                let (start, end) = fields.row(row);
                slow_case(sheet, bytes, block, start, end).and_then(Result::ok)
            });
            cases += reader.counter.tally.cases - before;
            reader.encoded.mine = mine;
        }
        cases
    }

    /// What was counted, by policy.
    pub fn finish(self) -> impl Iterator<Item = (usize, super::tally::Tally)> {
        let readers = self.readers.into_iter();
        readers.map(|(policy, reader)| (policy, reader.counter.finish()))
    }

    /// Gives each row to the reader of its policy.
    fn find_policies(&mut self, text: Text<'_>) -> Result<(), Stop> {
        for policy in self.active.drain(..) {
            if let Some(reader) = self.readers.get_mut(&policy) {
                reader.encoded.mine.clear();
            }
        }
        let rows = self.fields.rows();
        let mut spans = [Span::default(); 64];
        for word in 0..rows.div_ceil(64) {
            let count = match self.policy_column {
                Some(column) => self.fields.spans(text, column, word, &mut spans),
                None => (rows - word * 64).min(64),
            };
            let Some(column) = self.policy_column else {
                if let Some(only) = self.sheet.plans.only() {
                    self.activate(only, rows)?[word] = !0 >> (64 - count);
                }
                continue;
            };
            debug_assert!(column < self.sheet.header.columns().len());
            for (bit, span) in spans[..count].iter().enumerate() {
                let plans = self.sheet.plans;
                let policy = match span.len {
                    0 => plans.only(),
                    _ => self.policies.get(text, *span, |name| {
                        std::str::from_utf8(name)
                            .ok()
                            .and_then(|name| plans.place(name))
                    }),
                };
                // A row of a policy that is not asked about may be one to refuse.
                if let Some(policy) = policy.filter(|one| plans.get(*one).is_ok()) {
                    self.activate(policy, rows)?[word] |= 1 << bit;
                }
            }
        }
        Ok(())
    }

    /// The rows of a policy, after seeing to it that it can be read.
    fn activate(&mut self, policy: usize, rows: usize) -> Result<&mut Vec<u64>, Stop> {
        if !self.readers.contains_key(&policy) {
            let plan = self.sheet.plans.get(policy)?;
            let reader = PolicyReader {
                encoder: Encoder::new(plan, self.sheet.header),
                encoded: Encoded::default(),
                counter: Counter::new(plan),
            };
            self.readers.insert(policy, reader);
        }
        if !self.active.contains(&policy) {
            self.active.push(policy);
        }
        let reader = self.readers.get_mut(&policy).ok_or(Stop::TooLarge)?;
        let mine = &mut reader.encoded.mine;
        if mine.is_empty() {
            mine.resize(rows.div_ceil(64), 0);
        }
        Ok(mine)
    }

    fn rows_of_no_policy(&mut self) -> Vec<u64> {
        let rows = self.fields.rows();
        let mut odd = vec![!0u64; rows.div_ceil(64)];
        if let (Some(last), rest @ 1..) = (odd.last_mut(), rows % 64) {
            *last = !0 >> (64 - rest);
        }
        for policy in &self.active {
            for (odd, mine) in odd.iter_mut().zip(&self.readers[policy].encoded.mine) {
                *odd &= !mine;
            }
        }
        odd
    }

    fn add_odd(&self, odd: &mut [u64]) {
        for policy in &self.active {
            for (odd, theirs) in odd.iter_mut().zip(&self.readers[policy].encoded.odd) {
                *odd |= theirs;
            }
        }
    }

    /// Rows with what is no text; and identifiers that have blanks around
    /// them, none at all, or quotation marks.
    fn mark_unreadable(&self, bytes: &[u8], odd: &mut [u64]) {
        if !self.fields.is_plain {
            for row in 0..self.fields.rows() {
                let (start, end) = self.fields.row(row);
                let row_text = &bytes[start..end];
                let is_text = std::str::from_utf8(row_text).is_ok();
                let is_plain = is_text && memchr::memchr(0, row_text).is_none();
                odd[row / 64] |= u64::from(!is_plain) << (row % 64);
            }
        }
        let mut spans = [Span::default(); 64];
        let has_quotes = self.fields.has_quotes;
        for (word, odd) in odd.iter_mut().enumerate() {
            let count = self
                .fields
                .spans(Text(bytes), self.id_column, word, &mut spans);
            for (bit, span) in spans[..count].iter().enumerate() {
                let id = Text(bytes).bytes(*span);
                let solid = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
                let plain = solid(id.first()) && solid(id.last());
                let marked = has_quotes && id.contains(&b'"');
                *odd |= u64::from(!plain || marked) << bit;
            }
        }
    }

    fn read_uneven(&mut self, bytes: &[u8], block: Block) -> Result<(), StrayQuote> {
        for index in 0..self.fields.uneven.len() {
            let (start, end) = self.fields.uneven[index];
            match slow_case(&self.sheet, bytes, block, start, end) {
                None => {}
                Some(Err(reason)) => self.reject(bytes, start, reason),
                // Somebody is wrong about where fields end.
                Some(Ok(_)) => return Err(StrayQuote),
            }
        }
        Ok(())
    }

    fn read_odd(&mut self, bytes: &[u8], block: Block, odd: &[u64]) -> Result<(), Stop> {
        for (word, bits) in odd.iter().enumerate() {
            for bit in ones(*bits) {
                let row = word * 64 + bit;
                let (start, end) = self.fields.row(row);
                for policy in &self.active {
                    if let Some(reader) = self.readers.get_mut(policy) {
                        reader.encoded.mine[word] &= !(1 << bit);
                    }
                }
                match slow_case(&self.sheet, bytes, block, start, end) {
                    None => {}
                    Some(Err(reason)) => self.reject(bytes, start, reason),
                    Some(Ok(case)) => self.put(row, case)?,
                }
            }
        }
        self.rejects.sort_by_key(|one| one.line);
        Ok(())
    }

    fn put(&mut self, row: usize, case: Case) -> Result<(), Stop> {
        let rows = self.fields.rows();
        let Some(policy) = self.sheet.plans.place(&case.policy) else {
            return Err(Stop::TooLarge);
        };
        let is_new = !self.active.contains(&policy);
        self.activate(policy, rows)?;
        let plan = self.sheet.plans.get(policy)?;
        if let Some(reader) = self.readers.get_mut(&policy) {
            if is_new {
                reader.encoded.reset(plan, rows);
            }
            reader.encoded.mine[row / 64] |= 1 << (row % 64);
            reader.encoder.put_case(row, &case, &mut reader.encoded);
        }
        self.slow_ids.insert(row, case.id);
        Ok(())
    }

    fn find_ids(&mut self, text: Text<'_>) {
        self.valid.clear();
        self.valid.resize(self.fields.rows().div_ceil(64), 0);
        for policy in &self.active {
            for (valid, mine) in self
                .valid
                .iter_mut()
                .zip(&self.readers[policy].encoded.mine)
            {
                *valid |= mine;
            }
        }
        let (fields, column, slow) = (&self.fields, self.id_column, &self.slow_ids);
        self.ids.clear();
        let mut spans = [Span::default(); 64];
        let mut last: &[u8] = &[];
        for (word, valid) in self.valid.iter().enumerate() {
            fields.spans(text, column, word, &mut spans);
            for bit in ones(*valid) {
                let read_slowly = || slow.get(&(word * 64 + bit)).map(String::as_bytes);
                let id = (!slow.is_empty()).then(read_slowly).flatten();
                let id = id.unwrap_or_else(|| text.bytes(spans[bit]));
                self.ids.add(id, last);
                last = id;
            }
        }
        self.ids.end(last);
    }

    /// Refuses a row that was good on its own.
    fn refuse(&mut self, bytes: &[u8], row: usize, reason: String) {
        for policy in &self.active {
            if let Some(reader) = self.readers.get_mut(policy) {
                reader.encoded.mine[row / 64] &= !(1 << (row % 64));
            }
        }
        let (start, _) = self.fields.row(row);
        self.reject(bytes, start, reason);
    }

    fn reject(&mut self, bytes: &[u8], start: usize, reason: String) {
        let line = memchr::memchr_iter(b'\n', &bytes[LEAD..start]).count();
        self.rejects.push(BlockReject { line, reason });
    }
}

/// A row as the reader takes it that defines what rows mean; none if it is blank.
fn slow_case(
    sheet: &Sheet<'_, '_>,
    bytes: &[u8],
    block: Block,
    start: usize,
    end: usize,
) -> Option<Result<Case, String>> {
    // The line end that completes the last block is not the file's.
    let is_last = end + 1 + TAIL == bytes.len();
    let end = if block.is_cut && is_last {
        end
    } else {
        end + 1
    };
    match Scanner::at(1, 0).next(&bytes[start..end], true) {
        Scan::Record(record) => {
            let row = sheet.header.row(&record);
            Some(row.and_then(|row| row.typed(sheet.vocabulary)))
        }
        _ => None,
    }
}

fn ones(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (bits != 0).then(|| bits.trailing_zeros())?;
        bits &= bits - 1;
        Some(bit as usize)
    })
}
