//! A code set, and what can be asked of it.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

use jiff::civil::Date;

use super::compact::{self, BLOCK, Entry, Index, Shape};
use super::edition::Edition;
use super::life::{DatedTitle, Interval, Life, Title};
use super::merge::Merger;
use super::{Key, Published, ReadError};
use crate::policy::{Code, CodeSystem, Date as Dated};

/// The codes of one system over the years.
#[derive(Debug)]
pub struct CodeSet {
    bytes: Cow<'static, [u8]>,
    index: Index,
    blocks: Vec<OnceLock<Option<Vec<Title>>>>,
}

/// What a code was on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Valid: a claim may carry it.
    Valid,
    /// There, but a header: claims carry its subdivisions.
    Header,
    /// Not yet valid.
    NotYetValid {
        /// The first day on which it is.
        from: Date,
    },
    /// No longer valid.
    Terminated {
        /// The last day on which it was.
        last: Date,
        /// The day from which it is back, if it is.
        again: Option<Date>,
    },
    /// In no edition of the set.
    NeverValid,
    /// The set does not tell.
    NotCovered,
}

/// A status and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: Status,
    /// The edition that applied on the day asked for, whether or not the set
    /// has it.
    pub edition: Edition,
}

impl CodeSet {
    /// Opens a compact file.
    ///
    /// # Errors
    /// When it is damaged or of another format.
    pub fn open(file: &str, bytes: impl Into<Cow<'static, [u8]>>) -> Result<CodeSet, ReadError> {
        let bytes = bytes.into();
        let index = compact::read(file, &bytes)?;
        let blocks = index.blocks.iter().map(|_| OnceLock::new()).collect();
        Ok(CodeSet {
            bytes,
            index,
            blocks,
        })
    }

    /// The code system.
    pub fn system(&self) -> CodeSystem {
        self.index.system
    }

    /// The bytes it was opened from.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The years it was built from, in order.
    pub fn editions(&self) -> &[Published] {
        &self.index.editions
    }

    /// How many codes and headers it knows.
    pub fn len(&self) -> usize {
        self.index.codes.len()
    }

    /// Whether it knows none.
    pub fn is_empty(&self) -> bool {
        self.index.codes.is_empty()
    }

    /// Every code and header, in order.
    pub fn keys(&self) -> impl Iterator<Item = Key> {
        self.index.codes.iter().map(|entry| entry.key)
    }

    /// The days for which it knows every code.
    pub fn covered(&self) -> RangeInclusive<Date> {
        let editions = &self.index.editions;
        let first = editions
            .first()
            .map_or(Date::ZERO, |one| one.edition.first_day());
        let last = editions
            .last()
            .map_or(Date::ZERO, |one| one.edition.last_day());
        first..=last
    }

    /// Its years in words: `ICD-10-CM FY2014 to FY2026`.
    pub fn describe(&self) -> String {
        let (first, last) = (self.editions().first(), self.editions().last());
        match (first, last) {
            (Some(first), Some(last)) if first.edition != last.edition => {
                format!("{} to {}", first.edition, last.edition.year_name())
            }
            (Some(only), _) => only.edition.to_string(),
            _ => self.system().to_string(),
        }
    }

    /// Whether it is a code at all, header or not, in some year.
    pub fn knows(&self, key: &Key) -> bool {
        self.entry(key).is_some()
    }

    /// Whether codes of that form are in it by rule. The dental codes of
    /// HCPCS (D) are the American Dental Association's and in no set.
    pub fn speaks_of(&self, key: &Key) -> bool {
        self.system() != CodeSystem::Hcpcs || !key.bytes().starts_with(b"D")
    }

    /// What a code was on a day.
    pub fn on(&self, code: &Code, day: Date) -> Answer {
        Answer {
            status: Key::of(code).map_or(Status::NeverValid, |key| self.status(&key, day)),
            edition: Edition::on(self.system(), day),
        }
    }

    /// What a code was on a day.
    pub fn status(&self, key: &Key, day: Date) -> Status {
        let covered = self.covered();
        let Some(entry) = self.entry(key) else {
            let tells = covered.contains(&day) && self.speaks_of(key);
            return if tells {
                Status::NeverValid
            } else {
                Status::NotCovered
            };
        };
        let intervals = &self.shape(entry).intervals;
        let next = intervals.iter().find(|one| day < one.from);
        let last = intervals.iter().rev().find(|one| one.from <= day);
        match (last, next) {
            // What is open in the newest edition may have ended since.
            (Some(one), _) if one.to.is_none() && day > *covered.end() => Status::NotCovered,
            (Some(one), _) if one.holds(day) && one.billable => Status::Valid,
            (Some(one), _) if one.holds(day) => Status::Header,
            (Some(Interval { to: Some(last), .. }), next) => Status::Terminated {
                last: *last,
                again: next.map(|one| one.from),
            },
            (None, Some(one)) if self.tells_start(one) => Status::NotYetValid { from: one.from },
            _ => Status::NotCovered,
        }
    }

    /// Whether an interval began when it seems to: editions without dates of
    /// their own cannot tell what was there before the first of them.
    pub fn tells_start(&self, interval: &Interval) -> bool {
        self.system() == CodeSystem::Hcpcs || interval.from > *self.covered().start()
    }

    /// What a code was over a date known to the year, month or day: each
    /// status with its first day, in order of time.
    pub fn during(&self, code: &Code, date: Dated) -> Vec<(Date, Status)> {
        let (first, last) = (date.first_day(), date.last_day());
        let mut days = vec![first];
        if let Some(entry) = Key::of(code).and_then(|key| self.entry(&key)) {
            for one in &self.shape(entry).intervals {
                days.push(one.from);
                days.extend(one.to.and_then(|day| day.tomorrow().ok()));
            }
        }
        days.push(*self.covered().start());
        days.extend(self.covered().end().tomorrow().ok());
        days.retain(|day| (first..=last).contains(day));
        days.sort();
        days.dedup();
        let mut statuses: Vec<(Date, Status)> = vec![];
        for day in days {
            let status = self.on(code, day).status;
            if statuses.last().is_none_or(|(_, before)| *before != status) {
                statuses.push((day, status));
            }
        }
        statuses
    }

    /// For each code, in order, whether a claim may carry it on a day.
    pub fn valid_on(&self, day: Date) -> Vec<bool> {
        let valid = |entry| {
            let mut intervals = self.shape(entry).intervals.iter();
            intervals.any(|one| one.holds(day) && one.billable)
        };
        self.index.codes.iter().map(valid).collect()
    }

    /// When a code was valid and what it was called, if the set knows it.
    pub fn life(&self, key: &Key) -> Option<Life> {
        let entry = *self.entry(key)?;
        Some(self.life_of(&entry))
    }

    /// When a code was valid, if the set knows it.
    pub fn intervals(&self, key: &Key) -> &[Interval] {
        self.entry(key)
            .map_or(&[], |entry| &self.shape(entry).intervals)
    }

    /// What a code is called on a day: the title of that day, or the first
    /// known if the day lies before it.
    pub fn title(&self, key: &Key, day: Date) -> Option<Title> {
        let titles = self.life(key)?.titles;
        let current = titles.iter().rfind(|one| one.from <= day);
        current.or(titles.first()).map(|one| one.title.clone())
    }

    /// The codes next to one, whether or not the set has it: the one before
    /// and the one behind.
    pub fn neighbours(&self, key: &Key) -> (Option<Key>, Option<Key>) {
        let codes = &self.index.codes;
        let place = codes.partition_point(|entry| entry.key < *key);
        let behind = codes[place..].iter().find(|entry| entry.key != *key);
        let before = place.checked_sub(1).map(|place| codes[place].key);
        (before, behind.map(|entry| entry.key))
    }

    /// All subdivisions of a code that are there on a day.
    pub fn below(&self, key: &Key, day: Date) -> impl Iterator<Item = Key> {
        let codes = &self.index.codes;
        let place = codes.partition_point(|entry| entry.key <= *key);
        let below = codes[place..].iter().take_while({
            let key = *key;
            move |entry| entry.key.is_below(&key)
        });
        below
            .filter(move |entry| self.shape(entry).intervals.iter().any(|one| one.holds(day)))
            .map(|entry| entry.key)
    }

    /// The direct subdivisions of a code that are there on a day.
    pub fn children(&self, key: &Key, day: Date) -> Vec<Key> {
        let mut children: Vec<Key> = vec![];
        for below in self.below(key, day) {
            if !children.last().is_some_and(|last| below.is_below(last)) {
                children.push(below);
            }
        }
        children
    }

    /// The first day after one on which anything about a code changes.
    pub fn next_revision(&self, key: &Key, day: Date) -> Option<Date> {
        let shape = self.shape(self.entry(key)?);
        let ends = shape
            .intervals
            .iter()
            .filter_map(|one| one.to?.tomorrow().ok());
        let starts = shape.intervals.iter().map(|one| one.from);
        let named = shape.named.iter().copied();
        starts
            .chain(ends)
            .chain(named)
            .filter(|one| *one > day)
            .min()
    }

    /// Every code and its life, to be carried on.
    pub(super) fn to_merger(&self) -> Merger {
        let codes = self.index.codes.iter();
        Merger {
            system: self.system(),
            editions: self.index.editions.clone(),
            lives: codes
                .map(|entry| (entry.key, self.life_of(entry)))
                .collect::<BTreeMap<_, _>>(),
        }
    }

    fn life_of(&self, entry: &Entry) -> Life {
        let shape = self.shape(entry);
        let titles = shape.named.iter().enumerate().filter_map(|(place, from)| {
            let title = self.title_at(entry.title as usize + place)?;
            Some(DatedTitle { from: *from, title })
        });
        Life {
            titles: titles.collect(),
            intervals: shape.intervals.clone(),
        }
    }

    fn entry(&self, key: &Key) -> Option<&Entry> {
        let codes = &self.index.codes;
        let place = codes.binary_search_by(|entry| entry.key.cmp(key)).ok()?;
        codes.get(place)
    }

    fn shape(&self, entry: &Entry) -> &Shape {
        &self.index.shapes[entry.shape as usize]
    }

    /// The title of a place among all titles. The file's checksum was right
    /// when it was opened, so a block that cannot be read is one we wrote so.
    fn title_at(&self, place: usize) -> Option<Title> {
        let block = place / BLOCK;
        let range = self.index.blocks.get(block)?.clone();
        let titles = self
            .blocks
            .get(block)?
            .get_or_init(|| compact::read_block(&self.bytes[range]));
        titles.as_ref()?.get(place % BLOCK).cloned()
    }
}
