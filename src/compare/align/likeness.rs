//! How much texts have in common, without holding each against every other.

use std::collections::HashMap;

use unicode_segmentation::UnicodeSegmentation;

/// Two texts whose differing middles multiply to more than this many pairs of
/// words are not searched.
const MAX_CELLS: usize = 16_000_000;

/// Pairs of texts that share words, and what they multiply to in pairs of
/// words, may be this many. With more, none is said to be similar.
const MAX_SHARING: usize = 4_000_000;
const MAX_WORK: usize = 100_000_000;

/// A text as numbers of its words, the same for the same word whatever its
/// case. The rarer a word is among all texts, the lower its number.
pub(super) type Words = Vec<u32>;

/// The words of the texts at these places of both sides; none elsewhere.
pub(super) fn numbered(sides: [(&[&str], &[usize]); 2]) -> [Vec<Words>; 2] {
    let mut known: HashMap<String, usize> = HashMap::new();
    let mut counts: Vec<usize> = vec![];
    let mut read = |text: &str| -> Vec<usize> {
        let lower = text.to_lowercase();
        let words = lower.unicode_words().map(|word| match known.get(word) {
            Some(number) => {
                counts[*number] += 1;
                *number
            }
            None => {
                known.insert(word.to_owned(), counts.len());
                counts.push(1);
                counts.len() - 1
            }
        });
        words.collect()
    };
    let texts = sides.map(|(texts, places)| {
        let read = places.iter().map(|place| (*place, read(texts[*place])));
        (texts.len(), read.collect::<Vec<_>>())
    });
    // By count and then by spelling: neither depends on which side is the old one.
    let mut order: Vec<(&String, &usize)> = known.iter().collect();
    order.sort_by_key(|(word, number)| (counts[**number], *word));
    let mut ranks = vec![0; order.len()];
    for (rank, (_, number)) in order.into_iter().enumerate() {
        ranks[*number] = rank as u32;
    }
    texts.map(|(length, read)| {
        let mut words = vec![vec![]; length];
        for (place, numbers) in read {
            words[place] = numbers.into_iter().map(|number| ranks[number]).collect();
        }
        words
    })
}

/// How much two sequences share, from 0 (nothing) to 1 (all, in order); at
/// least that much, where finding all takes too much work.
pub(in crate::compare) fn likeness<T: PartialEq>(old: &[T], new: &[T]) -> f64 {
    match old.len() + new.len() {
        0 => 1.0,
        total => 2.0 * shared(old, new) as f64 / total as f64,
    }
}

/// The length of the longest sequence that both hold, in order.
fn shared<T: PartialEq>(old: &[T], new: &[T]) -> usize {
    let start = old
        .iter()
        .zip(new)
        .take_while(|(old, new)| old == new)
        .count();
    let (old, new) = (&old[start..], &new[start..]);
    let same = |(old, new): &(&T, &T)| old == new;
    let end = old
        .iter()
        .rev()
        .zip(new.iter().rev())
        .take_while(same)
        .count();
    let (old, new) = (&old[..old.len() - end], &new[..new.len() - end]);
    if old.len().saturating_mul(new.len()) > MAX_CELLS {
        return start + end;
    }
    let mut row = vec![0; new.len() + 1];
    for old in old {
        let mut diagonal = 0;
        for (at, new) in new.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if old == new {
                diagonal + 1
            } else {
                above.max(row[at])
            };
            diagonal = above;
        }
    }
    start + row[new.len()] + end
}

/// Every pair of texts at least that alike, as places in `old` and `new`.
///
/// Two texts so alike share one of their rarest words: of those no more than
/// the words that need not be shared, and one.
pub(super) fn alike(
    old: &[(usize, &Words)],
    new: &[(usize, &Words)],
    least: f64,
) -> Vec<(f64, usize, usize)> {
    let [old, new] = [old, new].map(|texts| {
        let sorted = texts.iter().map(|(place, words)| Sorted::of(*place, words));
        sorted
            .filter(|one| !one.words.is_empty())
            .collect::<Vec<_>>()
    });
    let mut holders: HashMap<(u32, u32), Vec<usize>> = HashMap::new();
    for (index, text) in new.iter().enumerate() {
        for token in text.telling(least) {
            holders.entry(token).or_default().push(index);
        }
    }
    let mut pairs = vec![];
    let mut seen = vec![usize::MAX; new.len()];
    let (mut sharing, mut work) = (0, 0);
    for (index, one) in old.iter().enumerate() {
        for other in one
            .telling(least)
            .filter_map(|token| holders.get(&token))
            .flatten()
        {
            if std::mem::replace(&mut seen[*other], index) == index {
                continue;
            }
            let other = &new[*other];
            let total = (one.words.len() + other.words.len()) as f64;
            sharing += 1;
            if sharing > MAX_SHARING {
                return vec![];
            }
            if 2.0 * one.in_common(other) as f64 / total < least {
                continue;
            }
            work += one.words.len() * other.words.len();
            if work > MAX_WORK {
                return vec![];
            }
            let score = likeness(one.words, other.words);
            if score >= least {
                pairs.push((score, one.place, other.place));
            }
        }
    }
    pairs
}

/// A text with its words by rarity, told apart where one stands repeatedly.
struct Sorted<'a> {
    place: usize,
    words: &'a Words,
    tokens: Vec<(u32, u32)>,
}

impl<'a> Sorted<'a> {
    fn of(place: usize, words: &'a Words) -> Self {
        let mut sorted = words.clone();
        sorted.sort_unstable();
        let mut tokens: Vec<(u32, u32)> = vec![];
        for word in sorted {
            let repeated = match tokens.last() {
                Some((last, times)) if *last == word => times + 1,
                _ => 0,
            };
            tokens.push((word, repeated));
        }
        Sorted {
            place,
            words,
            tokens,
        }
    }

    /// The words of which a text at least that alike holds one.
    fn telling(&self, least: f64) -> impl Iterator<Item = (u32, u32)> {
        let length = self.tokens.len() as f64;
        // A text of which this many words are shared is as short as can be.
        let needed = (least * length / (2.0 - least) - 1e-9).ceil();
        let count = self.tokens.len() + 1 - (needed as usize).max(1);
        self.tokens[..count].iter().copied()
    }

    /// How many words both hold, in any order.
    fn in_common(&self, other: &Sorted<'_>) -> usize {
        let mut rest = other.tokens.iter().copied().peekable();
        let held = self.tokens.iter().filter(|token| {
            while rest.next_if(|other| other < token).is_some() {}
            rest.next_if_eq(token).is_some()
        });
        held.count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn none_alike_is_passed_over(
            old in proptest::collection::vec("[a-f ]{0,16}", 0..8),
            new in proptest::collection::vec("[a-f ]{0,16}", 0..8),
            least in 0.1f64..1.0,
        ) {
            let texts = [&old, &new].map(|texts| texts.iter().map(String::as_str).collect::<Vec<_>>());
            let places = [&old, &new].map(|texts| (0..texts.len()).collect::<Vec<_>>());
            let words = numbered([(&texts[0], &places[0]), (&texts[1], &places[1])]);
            let [old, new] = words
                .each_ref()
                .map(|words| words.iter().enumerate().collect::<Vec<_>>());
            let mut found = alike(&old, &new, least);
            let mut expected = vec![];
            for (one, old) in &old {
                for (other, new) in &new {
                    let score = likeness(old, new);
                    if score >= least && !old.is_empty() && !new.is_empty() {
                        expected.push((score, *one, *other));
                    }
                }
            }
            found.sort_by_key(|(_, old, new)| (*old, *new));
            proptest::prop_assert_eq!(found, expected);
        }

        #[test]
        fn what_is_shared_is_the_same_both_ways(old in "[ab]{0,9}", new in "[ab]{0,9}") {
            let [old, new] = [old, new].map(String::into_bytes);
            proptest::prop_assert_eq!(shared(&old, &new), shared(&new, &old));
            let longest = (0..1u32 << old.len())
                .map(|picked| (0..old.len()).filter(|at| picked >> at & 1 == 1).map(|at| old[at]).collect::<Vec<u8>>())
                .filter(|picked| {
                    let mut rest = new.iter();
                    picked.iter().all(|one| rest.any(|other| other == one))
                })
                .map(|picked| picked.len())
                .max();
            proptest::prop_assert_eq!(Some(shared(&old, &new)), longest);
        }
    }
}
