//! Sets of the documents of a segment, a bit each. A word that every second
//! text has is joined, left out and counted in a few thousand steps.

use std::ops::Range;

use tantivy::DocId;

/// Some of the documents below an end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Set {
    words: Vec<u64>,
    end: DocId,
}

impl Set {
    /// None of the documents below `end`.
    pub(super) fn none(end: DocId) -> Self {
        Set {
            words: vec![0; end.div_ceil(64) as usize],
            end,
        }
    }

    /// All of them.
    pub(super) fn all(end: DocId) -> Self {
        let mut set = Set::none(end);
        set.insert_range(0..end);
        set
    }

    /// Those that pass a test, which is made of 64 documents at a time: given
    /// the first of them it fills in the answers. So the compiler makes it of
    /// several at once.
    pub(super) fn tested(end: DocId, mut test: impl FnMut(usize, &mut [bool])) -> Self {
        let mut set = Set::none(end);
        for (at, word) in set.words.iter_mut().enumerate() {
            let first = at * 64;
            let mut passed = [false; 64];
            let count = (end as usize - first).min(64);
            test(first, &mut passed[..count]);
            for (byte, passed) in (0..).zip(passed.chunks_exact(8)) {
                let passed: [u8; 8] = std::array::from_fn(|at| u8::from(passed[at]));
                // Brings the lowest bit of each byte together in the highest.
                let bits = u64::from_le_bytes(passed).wrapping_mul(0x0102_0408_1020_4080) >> 56;
                *word |= bits << (8 * byte);
            }
        }
        set
    }

    pub(super) fn insert(&mut self, document: DocId) {
        if let Some(word) = self.words.get_mut(document as usize / 64) {
            *word |= 1 << (document % 64);
        }
    }

    pub(super) fn insert_range(&mut self, range: Range<DocId>) {
        for (at, mask) in masks(range.start..range.end.min(self.end)) {
            self.words[at] |= mask;
        }
    }

    pub(super) fn contains(&self, document: DocId) -> bool {
        let word = self.words.get(document as usize / 64);
        word.is_some_and(|word| word >> (document % 64) & 1 == 1)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.words
            .iter()
            .map(|word| word.count_ones() as usize)
            .sum()
    }

    /// How many there are in a range.
    pub(super) fn count(&self, range: Range<DocId>) -> usize {
        masks(range)
            .map(|(at, mask)| (self.words[at] & mask).count_ones() as usize)
            .sum()
    }

    /// Those in a range, in order.
    pub(super) fn within(&self, range: Range<DocId>) -> impl Iterator<Item = DocId> + '_ {
        masks(range).flat_map(|(at, mask)| ones(at, self.words[at] & mask))
    }

    /// The first from a document on.
    pub(super) fn next(&self, from: DocId) -> Option<DocId> {
        let at = from as usize / 64;
        let first = self.words.get(at)? & u64::MAX << (from % 64);
        let (at, word) = if first != 0 {
            (at, first)
        } else {
            let after = self.words[at + 1..].iter().zip(at + 1..);
            let (word, at) = after.into_iter().find(|(word, _)| **word != 0)?;
            (at, *word)
        };
        Some(at as DocId * 64 + word.trailing_zeros())
    }

    /// All, in order.
    pub(super) fn iter(&self) -> impl Iterator<Item = DocId> + '_ {
        let words = self.words.iter().enumerate();
        words.flat_map(|(at, word)| ones(at, *word))
    }

    pub(super) fn add(&mut self, other: &Set) {
        self.join(other, |word, other| word | other);
    }

    pub(super) fn keep(&mut self, other: &Set) {
        self.join(other, |word, other| word & other);
    }

    pub(super) fn remove(&mut self, other: &Set) {
        self.join(other, |word, other| word & !other);
    }

    fn join(&mut self, other: &Set, join: impl Fn(u64, u64) -> u64) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word = join(*word, *other);
        }
    }
}

/// The words a range touches, each with its bits of the range.
fn masks(range: Range<DocId>) -> impl Iterator<Item = (usize, u64)> {
    let Range { start, end } = range;
    let words = if start < end {
        start / 64..end.div_ceil(64)
    } else {
        0..0
    };
    words.map(move |word| {
        let low = start.saturating_sub(word * 64);
        let above = (word + 1) * 64 - end.min((word + 1) * 64);
        (word as usize, u64::MAX << low & u64::MAX >> above)
    })
}

fn ones(at: usize, mut word: u64) -> impl Iterator<Item = DocId> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros())?;
        word &= word - 1;
        Some(at as DocId * 64 + bit)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    proptest::proptest! {
        #[test]
        fn a_set_is_what_a_plain_one_is(
            end in 1u32..300,
            left: Vec<u16>,
            right: Vec<u16>,
            range in (0u32..300, 0u32..300),
        ) {
            let plain = |numbers: &[u16]| -> BTreeSet<DocId> {
                numbers.iter().map(|number| u32::from(*number) % end).collect()
            };
            let bits = |plain: &BTreeSet<DocId>| {
                let mut set = Set::none(end);
                plain.iter().for_each(|document| set.insert(*document));
                set
            };
            let listed = |set: &Set| set.iter().collect::<BTreeSet<_>>();
            let (left, right) = (plain(&left), plain(&right));
            let (one, other) = (bits(&left), bits(&right));
            proptest::prop_assert_eq!(&listed(&one), &left);
            let tested = Set::tested(end, |first, passed| {
                for (document, passed) in (first as u32..).zip(passed) {
                    *passed = left.contains(&document);
                }
            });
            proptest::prop_assert_eq!(&tested, &one);
            let next = left.iter().copied().find(|one| *one >= range.0);
            proptest::prop_assert_eq!(one.next(range.0), next);
            proptest::prop_assert_eq!(one.len(), left.len());
            proptest::prop_assert_eq!(one.is_empty(), left.is_empty());
            let joined = |join: fn(&mut Set, &Set)| {
                let mut joined = one.clone();
                join(&mut joined, &other);
                listed(&joined)
            };
            proptest::prop_assert_eq!(joined(Set::add), &left | &right);
            proptest::prop_assert_eq!(joined(Set::keep), &left & &right);
            proptest::prop_assert_eq!(joined(Set::remove), &left - &right);
            let range = range.0.min(end)..range.1.min(end);
            let inside: Vec<_> = left.iter().copied().filter(|one| range.contains(one)).collect();
            proptest::prop_assert_eq!(one.within(range.clone()).collect::<Vec<_>>(), inside.clone());
            proptest::prop_assert_eq!(one.count(range.clone()), inside.len());
            let mut filled = Set::none(end);
            filled.insert_range(range.clone());
            proptest::prop_assert_eq!(listed(&filled), range.collect::<BTreeSet<_>>());
            for document in 0..end {
                proptest::prop_assert_eq!(one.contains(document), left.contains(&document));
            }
            proptest::prop_assert_eq!(Set::all(end).len(), end as usize);
        }
    }
}
