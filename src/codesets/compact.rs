//! The compact file of a code set, and how it is read back.
//!
//! A line that names the format; the index; the titles in blocks; a checksum.
//! The index (codes, lives) is read when the set is opened, a block only when
//! one of its titles is asked for. Lives that many codes share are stored
//! once, codes and titles without what they share with the one before. The
//! same lives give the same bytes.

use std::collections::BTreeMap;
use std::io::{Read, Write};

use flate2::read::ZlibDecoder;
use flate2::write::ZlibEncoder;
use flate2::{Compression, Crc};
use jiff::civil::Date;

use super::edition::{Edition, YEARS};
use super::life::{Interval, Title};
use super::merge::Merger;
use super::{Key, Published, ReadError};
use crate::policy::CodeSystem;

/// The first line of every compact file.
const MAGIC: &[u8] = b"lookback-codes 1\n";
/// Titles in a block: enough to compress well, few enough to read at once.
pub(super) const BLOCK: usize = 512;
/// The most a part of the file may unfold to.
const MAX_PART: u64 = 32 << 20;
/// The most there may be of anything counted.
const MAX_COUNT: usize = 1_000_000;

/// A life without its titles: the intervals, and the days from which the code
/// bears its first, second, ... title.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shape {
    pub intervals: Vec<Interval>,
    pub named: Vec<Date>,
}

/// What a compact file holds, titles still folded.
#[derive(Clone, Debug)]
pub(super) struct Index {
    pub system: CodeSystem,
    pub editions: Vec<Published>,
    pub shapes: Vec<Shape>,
    pub codes: Vec<Entry>,
    /// Where in the file each block lies.
    pub blocks: Vec<std::ops::Range<usize>>,
}

/// A code of the index.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub key: Key,
    /// Which of the shapes it has.
    pub shape: u32,
    /// The place of its first title among all titles.
    pub title: u32,
}

/// Lives into the bytes of a compact file.
pub(super) fn write(merger: &Merger) -> Vec<u8> {
    let mut shapes: BTreeMap<Shape, u32> = BTreeMap::new();
    let shape = |life: &super::Life| Shape {
        intervals: life.intervals.clone(),
        named: life.titles.iter().map(|title| title.from).collect(),
    };
    for life in merger.lives.values() {
        shapes.insert(shape(life), 0);
    }
    for (place, number) in shapes.values_mut().enumerate() {
        *number = place as u32;
    }
    let titles: Vec<&Title> = merger
        .lives
        .values()
        .flat_map(|life| life.titles.iter().map(|title| &title.title))
        .collect();
    let blocks: Vec<Vec<u8>> = titles
        .chunks(BLOCK)
        .map(|titles| fold(&block(titles)))
        .collect();

    let mut out = Out::default();
    out.number(system_number(merger.system));
    out.list(&merger.editions, |out, one| {
        out.number(one.edition.year as usize);
        out.number(one.codes as usize);
    });
    out.list(shapes.keys(), Out::shape);
    let mut before = Key::read("000")
        .map(|key| key.bytes().to_vec())
        .unwrap_or_default();
    out.list(&merger.lives, |out, (key, life)| {
        out.differing(&before, key.bytes());
        before = key.bytes().to_vec();
        out.number(shapes[&shape(life)] as usize);
    });
    out.list(&blocks, |out, block| out.number(block.len()));

    let index = fold(&out.0);
    let mut file = Out(MAGIC.to_vec());
    file.number(index.len());
    file.0.extend(index);
    file.0.extend(blocks.concat());
    let sum = checksum(&file.0);
    file.0.extend(sum);
    file.0
}

fn block(titles: &[&Title]) -> Vec<u8> {
    let mut out = Out::default();
    for text in [
        |title: &Title| title.long.to_string(),
        |title: &Title| title.short.as_deref().unwrap_or_default().to_owned(),
    ] {
        let mut before = String::new();
        for title in titles {
            let text = text(title);
            out.differing(before.as_bytes(), text.as_bytes());
            before = text;
        }
    }
    out.0
}

/// The titles of a block; none if it is damaged.
pub(super) fn read_block(bytes: &[u8]) -> Option<Vec<Title>> {
    let bytes = unfold(bytes)?;
    let mut input = In(&bytes);
    let mut texts: Vec<String> = vec![];
    let mut before = vec![];
    while !input.0.is_empty() {
        input.differing(&mut before)?;
        texts.push(String::from_utf8(before.clone()).ok()?);
        if texts.len() > 2 * BLOCK {
            return None;
        }
    }
    let shorts = texts.split_off(texts.len() / 2);
    let titles = texts.into_iter().zip(shorts).map(|(long, short)| Title {
        long: long.into(),
        short: (!short.is_empty()).then(|| short.into()),
    });
    Some(titles.collect())
}

/// Reads the index of a compact file.
pub(super) fn read(file: &str, bytes: &[u8]) -> Result<Index, ReadError> {
    let fault = |message: &str| {
        let hint =
            "build it again with `lookback code-set import`, or remove it to use the built-in set";
        ReadError::of_file(file, message, hint)
    };
    let body = bytes
        .strip_prefix(MAGIC)
        .ok_or_else(|| fault("it is not a code set of this version of lookback"))?;
    let damaged = || fault("the code set is damaged");
    let (body, sum) = body.split_last_chunk::<4>().ok_or_else(damaged)?;
    if checksum(&bytes[..bytes.len() - sum.len()]) != *sum {
        return Err(damaged());
    }
    index(bytes, body).ok_or_else(damaged)
}

fn index(bytes: &[u8], body: &[u8]) -> Option<Index> {
    let mut file = In(body);
    let length = file.number()?;
    let folded = file.take(length)?;
    let unfolded = unfold(folded)?;
    let mut blocks_from = bytes.len() - 4 - file.0.len();
    let mut input = In(&unfolded);
    let system = *CodeSystem::ALL.get(input.number()?)?;
    let editions = input.list(|input| {
        let year = i16::try_from(input.number()?).ok()?;
        let codes = u32::try_from(input.number()?).ok()?;
        let edition = Edition { system, year };
        YEARS
            .contains(&year)
            .then_some(Published { edition, codes })
    })?;
    let shapes: Vec<Shape> = input.list(In::shape)?;
    let mut before: Vec<u8> = b"000".to_vec();
    let mut titles = 0;
    let codes: Vec<Entry> = input.list(|input| {
        input.differing(&mut before)?;
        let key = Key::exact(&before)?;
        let shape = u32::try_from(input.number()?).ok()?;
        let title = titles;
        titles += u32::try_from(shapes.get(shape as usize)?.named.len()).ok()?;
        Some(Entry { key, shape, title })
    })?;
    let blocks: Vec<_> = input.list(|input| {
        let from = blocks_from;
        blocks_from = from.checked_add(input.number()?)?;
        (blocks_from <= bytes.len()).then_some(from..blocks_from)
    })?;
    let sorted = codes.windows(2).all(|pair| pair[0].key < pair[1].key);
    let consecutive = editions
        .windows(2)
        .all(|pair| pair[0].edition.year + 1 == pair[1].edition.year);
    let whole = blocks.len() == (titles as usize).div_ceil(BLOCK) && !editions.is_empty();
    (sorted && consecutive && whole).then_some(Index {
        system,
        editions,
        shapes,
        codes,
        blocks,
    })
}

fn system_number(system: CodeSystem) -> usize {
    CodeSystem::ALL
        .iter()
        .position(|one| *one == system)
        .unwrap_or_default()
}

fn checksum(bytes: &[u8]) -> [u8; 4] {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum().to_le_bytes()
}

fn fold(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(vec![], Compression::best());
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .expect("writing to memory cannot fail")
}

fn unfold(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut unfolded = vec![];
    ZlibDecoder::new(bytes)
        .take(MAX_PART + 1)
        .read_to_end(&mut unfolded)
        .ok()?;
    (unfolded.len() as u64 <= MAX_PART).then_some(unfolded)
}

/// Bytes being written. Numbers take seven bits a byte, the lowest first.
#[derive(Default)]
struct Out(Vec<u8>);

impl Out {
    fn number(&mut self, mut number: usize) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    fn list<T>(
        &mut self,
        items: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>,
        mut write: impl FnMut(&mut Self, T),
    ) {
        let items = items.into_iter();
        self.number(items.len());
        items.for_each(|item| write(self, item));
    }

    /// How much a text shares with the one before, and what differs.
    fn differing(&mut self, before: &[u8], text: &[u8]) {
        let shared = before
            .iter()
            .zip(text)
            .take_while(|(one, other)| one == other)
            .count();
        self.number(shared);
        self.number(text.len() - shared);
        self.0.extend(&text[shared..]);
    }

    fn day(&mut self, day: Date) {
        let months = (i32::from(day.year()) - 1900) * 12 + i32::from(day.month()) - 1;
        self.number((months * 31 + i32::from(day.day()) - 1) as usize);
    }

    fn shape(&mut self, shape: &Shape) {
        self.list(&shape.intervals, |out, one| {
            out.day(one.from);
            out.number(usize::from(one.billable) | (usize::from(one.to.is_some()) << 1));
            if let Some(to) = one.to {
                out.day(to);
            }
        });
        self.list(&shape.named, |out, day| out.day(*day));
    }
}

/// Bytes being read. Whatever they are, reading ends.
struct In<'a>(&'a [u8]);

impl<'a> In<'a> {
    fn number(&mut self) -> Option<usize> {
        let mut number = 0usize;
        for shift in (0..35).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    fn list<T>(&mut self, mut read: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let length = self.number().filter(|length| *length <= MAX_COUNT)?;
        // Nothing takes less than a byte.
        let mut items = Vec::with_capacity(length.min(self.0.len()));
        for _ in 0..length {
            items.push(read(self)?);
        }
        Some(items)
    }

    /// Turns the text before into the next one.
    fn differing(&mut self, text: &mut Vec<u8>) -> Option<()> {
        let shared = self.number()?;
        let length = self.number()?;
        if shared > text.len() {
            return None;
        }
        text.truncate(shared);
        text.extend(self.take(length)?);
        Some(())
    }

    fn day(&mut self) -> Option<Date> {
        let number = i32::try_from(self.number()?).ok()?;
        let (months, day) = (number / 31, number % 31 + 1);
        let year = i16::try_from(1900 + months / 12).ok()?;
        let date = Date::new(
            year,
            i8::try_from(months % 12 + 1).ok()?,
            i8::try_from(day).ok()?,
        );
        date.ok().filter(|date| YEARS.contains(&date.year()))
    }

    fn shape(&mut self) -> Option<Shape> {
        let intervals: Vec<Interval> = self.list(|input| {
            let from = input.day()?;
            let flags = input.number()?;
            let to = if flags & 2 != 0 {
                Some(input.day()?)
            } else {
                None
            };
            let billable = flags & 1 != 0;
            to.is_none_or(|to| from <= to)
                .then_some(Interval { from, to, billable })
        })?;
        let apart = intervals
            .windows(2)
            .all(|pair| pair[0].to.is_some_and(|to| to < pair[1].from));
        let named = self.list(In::day)?;
        (apart && !intervals.is_empty() && !named.is_empty()).then_some(Shape { intervals, named })
    }
}
