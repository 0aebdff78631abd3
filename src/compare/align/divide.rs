//! A criterion that was divided into several, or that several were joined to.
//!
//! The words of each part, nearly all and in order, come from a stretch of the
//! whole that no other part comes from, and together they make up most of it.

use std::collections::HashMap;

use super::likeness::Words;
use super::side::Side;
use crate::compare::pair::Pair;

/// Of a part's words, the whole holds at least so much in order.
const OF_PART: f64 = 0.7;
/// Of the whole's words, the parts hold at least so much.
const OF_WHOLE: f64 = 0.7;
/// Each part holds at least so much of the whole, and so many words.
const LEAST_OF_WHOLE: f64 = 0.15;
const LEAST_WORDS: usize = 2;
/// The stretch of the whole from which a part comes is at most so many times
/// as long as the part: words picked here and there prove nothing.
const STRETCH: f64 = 1.5;
/// Wholes and parts that share a word may be this many, and may multiply to
/// so many pairs of words; with more, nothing is said to be divided.
const MAX_SHARING: usize = 1_000_000;
const MAX_WORK: usize = 50_000_000;

/// A criterion of one side and what it is on the other.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::compare) struct Division {
    /// Its place on its side.
    pub whole: usize,
    /// The places of its parts on the other side, in document order.
    pub parts: Vec<usize>,
    /// The part that is its counterpart.
    pub main: usize,
    /// How many of its words the parts hold, and how much of it that is.
    words: usize,
    share: f64,
}

/// What of each side was divided into parts on the other. No criterion is in
/// two divisions: the most complete counts.
pub(super) fn divisions(
    old: &Side<'_>,
    new: &Side<'_>,
    open: &Pair<Vec<usize>>,
    words: &Pair<Vec<Words>>,
) -> Pair<Vec<Division>> {
    let old = Half {
        side: old,
        open: &open.old,
        words: &words.old,
    };
    let new = Half {
        side: new,
        open: &open.new,
        words: &words.new,
    };
    let splits = of_one_side(&old, &new).into_iter();
    let merges = of_one_side(&new, &old).into_iter();
    let mut all: Vec<(bool, Division)> = splits
        .map(|split| (true, split))
        .chain(merges.map(|merge| (false, merge)))
        .collect();
    let text = |(is_split, one): &(bool, Division)| {
        let half = if *is_split { &old } else { &new };
        &half.words[one.whole]
    };
    all.sort_by(|left, right| {
        let by_share = right.1.share.total_cmp(&left.1.share);
        let by_words = right.1.words.cmp(&left.1.words);
        let by_text = text(left).cmp(text(right));
        let by_place = left.1.whole.cmp(&right.1.whole);
        by_share.then(by_words).then(by_text).then(by_place)
    });
    let mut used = Pair::new(
        vec![false; old.side.criteria.len()],
        vec![false; new.side.criteria.len()],
    );
    let mut found = Pair::default();
    for (is_split, division) in all {
        let (wholes, parts, list): (_, _, &mut Vec<Division>) = if is_split {
            (&mut used.old, &mut used.new, &mut found.old)
        } else {
            (&mut used.new, &mut used.old, &mut found.new)
        };
        if wholes[division.whole] || division.parts.iter().any(|part| parts[*part]) {
            continue;
        }
        wholes[division.whole] = true;
        division.parts.iter().for_each(|part| parts[*part] = true);
        list.push(division);
    }
    found
}

/// One side, as the whole or as the parts.
struct Half<'a> {
    side: &'a Side<'a>,
    /// The places of those that are not worded as before.
    open: &'a [usize],
    words: &'a [Words],
}

fn of_one_side(wholes: &Half<'_>, parts: &Half<'_>) -> Vec<Division> {
    let mut holders: HashMap<u32, Vec<usize>> = HashMap::new();
    for part in parts.open {
        for word in telling(&parts.words[*part]) {
            holders.entry(word).or_default().push(*part);
        }
    }
    let mut found = vec![];
    let (mut sharing, mut work) = (0, 0);
    for whole in wholes.open {
        let words = &wholes.words[*whole];
        let mut distinct = words.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let mut candidates: Vec<usize> = distinct
            .iter()
            .filter_map(|word| holders.get(word))
            .flatten()
            .copied()
            .collect();
        candidates.sort_unstable();
        candidates.dedup();
        sharing += candidates.len();
        candidates.retain(|part| {
            let partner = parts.side.partners[*part];
            partner.is_none_or(|partner| partner == *whole)
                && hold_most(&distinct, &parts.words[*part])
        });
        let lengths = candidates.iter().map(|part| parts.words[*part].len());
        work += words.len() * lengths.sum::<usize>();
        if sharing > MAX_SHARING || work > MAX_WORK {
            return vec![];
        }
        if candidates.len() > 1 {
            found.extend(division(*whole, &candidates, wholes, parts));
        }
    }
    found
}

/// The rarest words of a part, of which a whole holds at least one.
fn telling(part: &Words) -> Vec<u32> {
    let mut sorted = part.clone();
    sorted.sort_unstable();
    let needed = (OF_PART * part.len() as f64).ceil() as usize;
    sorted.truncate((part.len() + 1).saturating_sub(needed.max(1)));
    sorted.dedup();
    sorted
}

/// Whether most words of a part are among these.
fn hold_most(distinct: &[u32], part: &Words) -> bool {
    let held = part
        .iter()
        .filter(|word| distinct.binary_search(word).is_ok());
    part.len() >= LEAST_WORDS && held.count() as f64 >= OF_PART * part.len() as f64
}

/// Takes the parts that hold most first, each from words that are left.
fn division(
    whole: usize,
    candidates: &[usize],
    wholes: &Half<'_>,
    parts: &Half<'_>,
) -> Option<Division> {
    let words = &wholes.words[whole];
    let mut left: Vec<Option<u32>> = words.iter().copied().map(Some).collect();
    let mut by_size: Vec<(usize, usize)> = candidates
        .iter()
        .map(|part| (stretch(&left, &parts.words[*part]).len(), *part))
        .collect();
    by_size.sort_by_key(|(held, part)| (std::cmp::Reverse(*held), *part));
    let mut taken: Vec<usize> = vec![];
    let mut held = 0;
    for (_, part) in &by_size {
        let places = stretch(&left, &parts.words[*part]);
        let count = places.len();
        let enough = count >= LEAST_WORDS
            && count as f64 >= OF_PART * parts.words[*part].len() as f64
            && count as f64 >= LEAST_OF_WHOLE * words.len() as f64;
        if enough {
            places.into_iter().for_each(|place| left[place] = None);
            taken.push(*part);
            held += count;
        }
    }
    let share = held as f64 / words.len() as f64;
    if taken.len() < 2 || share < OF_WHOLE {
        return None;
    }
    let head = head(whole, &taken, parts);
    let partner = wholes.side.partners[whole];
    if partner.is_some_and(|partner| !taken.contains(&partner) && head != Some(partner)) {
        return None;
    }
    let main = partner.or(head).unwrap_or(taken[0]);
    taken.extend(head);
    taken.sort_unstable();
    Some(Division {
        whole,
        parts: taken,
        main,
        words: held,
        share,
    })
}

/// The criterion under which all parts stand, if it came with them.
fn head(whole: usize, taken: &[usize], parts: &Half<'_>) -> Option<usize> {
    let parent = |part: &usize| parts.side.parents[*part];
    let head = parent(taken.first()?)?;
    let partner = parts.side.partners[head];
    let is_head = taken.iter().all(|part| parent(part) == Some(head))
        && partner.is_none_or(|partner| partner == whole);
    is_head.then_some(head)
}

/// Where the whole holds a part's words: in order, and close together.
fn stretch(whole: &[Option<u32>], part: &Words) -> Vec<usize> {
    let mut places = places(whole, part);
    let longest = STRETCH * part.len() as f64;
    while let [first, .., last] = places[..] {
        if ((last - first + 1) as f64) <= longest {
            break;
        }
        if places[1] - first > last - places[places.len() - 2] {
            places.remove(0);
        } else {
            places.pop();
        }
    }
    places
}

/// The places of the longest sequence that both hold.
fn places(whole: &[Option<u32>], part: &Words) -> Vec<usize> {
    let width = part.len() + 1;
    let mut lengths = vec![0u32; (whole.len() + 1) * width];
    for (row, word) in whole.iter().enumerate().rev() {
        for (column, other) in part.iter().enumerate().rev() {
            let at = row * width + column;
            lengths[at] = if *word == Some(*other) {
                lengths[at + width + 1] + 1
            } else {
                lengths[at + width].max(lengths[at + 1])
            };
        }
    }
    let mut places = vec![];
    let (mut row, mut column) = (0, 0);
    while row < whole.len() && column < part.len() {
        let at = row * width + column;
        if whole[row] == Some(part[column]) {
            places.push(row);
            (row, column) = (row + 1, column + 1);
        } else if lengths[at + width] >= lengths[at + 1] {
            row += 1;
        } else {
            column += 1;
        }
    }
    places
}
