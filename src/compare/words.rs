//! Word-level differences inside a pair of texts.
//!
//! White space is folded first, so a re-wrapped line is no change. The
//! search for the shortest difference has no deadline: with one its result
//! would depend on the clock. What takes too much work by the sizes alone is
//! not searched: it counts as replaced.

use similar::{Algorithm, DiffOp, capture_diff_slices};
use unicode_segmentation::UnicodeSegmentation;

use super::align::likeness;

/// Two texts whose differing middles multiply to more than this many pairs of
/// words are not searched.
const MAX_PAIRS: usize = 16_000_000;

/// The shortest way from one sequence to the other; where finding it takes too
/// much work, all between what both begin and end with is replaced.
pub(super) fn differences<T: Eq + std::hash::Hash + Ord>(old: &[T], new: &[T]) -> Vec<DiffOp> {
    let shared = |pairs: &mut dyn Iterator<Item = (&T, &T)>| {
        pairs.take_while(|(old, new)| old == new).count()
    };
    let start = shared(&mut old.iter().zip(new));
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = shared(&mut old_rest.iter().rev().zip(new_rest.iter().rev()));
    let (old_len, new_len) = (old_rest.len() - end, new_rest.len() - end);
    if old_len.saturating_mul(new_len) <= MAX_PAIRS {
        return capture_diff_slices(Algorithm::Myers, old, new);
    }
    let equal = |old_index, new_index, len| DiffOp::Equal {
        old_index,
        new_index,
        len,
    };
    vec![
        equal(0, 0, start),
        DiffOp::Replace {
            old_index: start,
            old_len,
            new_index: start,
            new_len,
        },
        equal(start + old_len, start + new_len, end),
    ]
}

/// What became of a run of words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordKind {
    /// In both texts.
    Same,
    /// Only in the old text.
    Removed,
    /// Only in the new text.
    Added,
}

impl WordKind {
    /// The word reports use.
    pub fn name(self) -> &'static str {
        match self {
            WordKind::Same => "same",
            WordKind::Removed => "removed",
            WordKind::Added => "added",
        }
    }
}

/// A run of words, spaces included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordSpan {
    /// What became of it.
    pub kind: WordKind,
    /// The words.
    pub text: String,
}

/// The words of both texts, in order; where both changed, the old ones first.
pub fn words(old: &str, new: &str) -> Vec<WordSpan> {
    let (old, new) = (folded(old), folded(new));
    if old == new {
        let whole = (!old.is_empty()).then_some(WordSpan {
            kind: WordKind::Same,
            text: old,
        });
        return whole.into_iter().collect();
    }
    let old: Vec<&str> = old.split_word_bounds().collect();
    let new: Vec<&str> = new.split_word_bounds().collect();
    let mut merger = Merger::default();
    for op in differences(&old, &new) {
        match op {
            DiffOp::Equal { old_index, len, .. } => {
                merger.same(&old[old_index..old_index + len].concat());
            }
            DiffOp::Delete {
                old_index, old_len, ..
            } => merger.changed(&old[old_index..old_index + old_len].concat(), ""),
            DiffOp::Insert {
                new_index, new_len, ..
            } => merger.changed("", &new[new_index..new_index + new_len].concat()),
            DiffOp::Replace {
                old_index,
                old_len,
                new_index,
                new_len,
            } => merger.changed(
                &old[old_index..old_index + old_len].concat(),
                &new[new_index..new_index + new_len].concat(),
            ),
        }
    }
    merger.finish()
}

/// Whether two texts are the same with their white space folded.
pub(super) fn folds_to_same(old: &str, new: &str) -> bool {
    old == new
        || old
            .split_ascii_whitespace()
            .eq(new.split_ascii_whitespace())
}

/// The text with its white space folded. Only the spaces and line ends of a
/// keyboard are: any other space looks the same and is not.
pub(super) fn folded(text: &str) -> String {
    text.split_ascii_whitespace().collect::<Vec<_>>().join(" ")
}

/// Joins changes that are only a space apart: `local infection` is easier to
/// read as one removal than as two with a space kept between them.
#[derive(Default)]
struct Merger {
    spans: Vec<WordSpan>,
    removed: String,
    added: String,
    /// White space since the last change, not yet known to end it.
    space: String,
}

impl Merger {
    fn same(&mut self, text: &str) {
        if self.in_change() && self.space.is_empty() && text.trim().is_empty() {
            text.clone_into(&mut self.space);
            return;
        }
        self.close();
        self.push(WordKind::Same, text);
    }

    fn changed(&mut self, removed: &str, added: &str) {
        // The space stood in both texts.
        let space = std::mem::take(&mut self.space);
        self.removed.push_str(&space);
        self.added.push_str(&space);
        self.removed.push_str(removed);
        self.added.push_str(added);
    }

    fn in_change(&self) -> bool {
        !self.removed.is_empty() || !self.added.is_empty()
    }

    fn close(&mut self) {
        let removed = std::mem::take(&mut self.removed);
        let added = std::mem::take(&mut self.added);
        let space = std::mem::take(&mut self.space);
        self.push(WordKind::Removed, &removed);
        self.push(WordKind::Added, &added);
        self.push(WordKind::Same, &space);
    }

    fn push(&mut self, kind: WordKind, text: &str) {
        match self.spans.last_mut() {
            _ if text.is_empty() => {}
            Some(last) if last.kind == kind => last.text.push_str(text),
            _ => self.spans.push(WordSpan {
                kind,
                text: text.to_owned(),
            }),
        }
    }

    fn finish(mut self) -> Vec<WordSpan> {
        self.close();
        self.spans
    }
}

/// How much two texts share, from 0 (nothing) to 1 (all their words, in order);
/// at least that much, where finding all takes too much work.
pub fn similarity(old: &str, new: &str) -> f64 {
    let (old, new) = (old.to_lowercase(), new.to_lowercase());
    let old: Vec<&str> = old.unicode_words().collect();
    let new: Vec<&str> = new.unicode_words().collect();
    likeness(&old, &new)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `[-removed-]{+added+}`
    fn marked(old: &str, new: &str) -> String {
        words(old, new)
            .iter()
            .map(|span| match span.kind {
                WordKind::Same => span.text.clone(),
                WordKind::Removed => format!("[-{}-]", span.text),
                WordKind::Added => format!("{{+{}+}}", span.text),
            })
            .collect()
    }

    #[test]
    fn words_are_marked_and_rewrapping_is_no_change() {
        let table = [
            ("a b", "a\n   b", "a b"),
            (
                "No local infection at the site.",
                "No active infection.",
                "No [-local-]{+active+} infection[- at the site-].",
            ),
            ("> 3 months", "> 6 months", "> [-3-]{+6+} months"),
            ("one two three", "one 2 3", "one [-two three-]{+2 3+}"),
            ("", "new", "{+new+}"),
            ("same", "same", "same"),
            ("a b", "a\u{a0}b", "a[- -]{+\u{a0}+}b"),
        ];
        for (old, new, expected) in table {
            assert_eq!(marked(old, new), expected);
        }
    }

    #[test]
    fn similarity_runs_from_nothing_to_all() {
        assert_eq!(similarity("", ""), 1.0);
        assert_eq!(similarity("a b c", "A  b C."), 1.0);
        assert_eq!(similarity("a b", "c d"), 0.0);
        assert_eq!(similarity("a b", "a c"), 0.5);
    }

    #[test]
    fn a_text_too_long_to_search_is_replaced_between_what_stays() {
        let long = |word: &str| {
            let middle = (0..5_000).map(|index| format!("{word}{index} "));
            format!("first {}last", middle.collect::<String>())
        };
        let (old, new) = (long("a"), long("b"));
        let kinds: Vec<WordKind> = words(&old, &new).iter().map(|span| span.kind).collect();
        assert_eq!(
            kinds,
            [
                WordKind::Same,
                WordKind::Removed,
                WordKind::Added,
                WordKind::Same
            ]
        );
        assert!(similarity(&old, &new) < 0.01);
        assert_eq!(similarity(&old, &old), 1.0);
    }

    proptest::proptest! {
        #[test]
        fn both_texts_can_be_read_back(old in "[abc .]{0,24}", new in "[abc .]{0,24}") {
            let text = |without: WordKind| -> String {
                words(&old, &new)
                    .iter()
                    .filter(|span| span.kind != without)
                    .map(|span| span.text.as_str())
                    .collect()
            };
            proptest::prop_assert_eq!(text(WordKind::Added), folded(&old));
            proptest::prop_assert_eq!(text(WordKind::Removed), folded(&new));
        }
    }
}
