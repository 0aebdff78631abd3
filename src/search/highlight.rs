//! Which words of a text a query was about.

use std::ops::Range;

use super::analysis::{Analyzers, Word};
use super::codes::{CodePattern, mentions};
use super::query::{Condition, Query};

/// Marks what a query found, in any text.
pub(super) struct Highlighter<'a> {
    analyzers: &'a Analyzers,
    sequences: Vec<Vec<Test>>,
    codes: Vec<CodePattern>,
}

/// What one word of a text must be.
enum Test {
    Stem(String),
    Beginning { plain: String, stem: String },
    Like { plain: String, reach: usize },
}

impl Test {
    fn accepts(&self, word: &Word) -> bool {
        match self {
            Test::Stem(stem) => word.stem == *stem,
            Test::Beginning { plain, stem } => word.plain.starts_with(plain) || word.stem == *stem,
            Test::Like { plain, reach } => strsim::osa_distance(plain, &word.plain) <= *reach,
        }
    }
}

impl<'a> Highlighter<'a> {
    pub(super) fn new(analyzers: &'a Analyzers, query: &Query) -> Self {
        let mut highlighter = Highlighter {
            analyzers,
            sequences: vec![],
            codes: vec![],
        };
        for condition in query.required.iter().flatten() {
            match condition {
                Condition::Code(code) => highlighter.codes.push(code.clone()),
                Condition::Only(_) => {}
                words => highlighter.sequences.push(sequence(analyzers, words)),
            }
        }
        highlighter
    }

    /// The byte ranges found in a text, in order, none touching another.
    pub(super) fn ranges(&self, text: &str) -> Vec<Range<usize>> {
        let words = self.analyzers.words(text);
        let mut found: Vec<Range<usize>> = self
            .sequences
            .iter()
            .flat_map(|tests| occurrences(tests, &words))
            .collect();
        if !self.codes.is_empty() {
            let is_asked = |key: &str| self.codes.iter().any(|code| code.matches(key));
            found.extend(
                mentions(text)
                    .filter(|(_, key)| is_asked(key))
                    .map(|(at, _)| at),
            );
        }
        found.sort_by_key(|range| (range.start, range.end));
        found.dedup_by(|next, before| {
            let overlaps = next.start <= before.end;
            if overlaps {
                before.end = before.end.max(next.end);
            }
            overlaps
        });
        found
    }
}

/// The tests for the words of a condition.
fn sequence(analyzers: &Analyzers, condition: &Condition) -> Vec<Test> {
    let (Condition::Word(text)
    | Condition::Phrase(text)
    | Condition::Beginning(text)
    | Condition::Like(text, _)) = condition
    else {
        return vec![];
    };
    let mut words = analyzers.words(text);
    let last = words.pop();
    let is_one = words.is_empty();
    let before = words.into_iter().map(|word| Test::Stem(word.stem));
    let last = last.map(|word| match condition {
        Condition::Beginning(_) => Test::Beginning {
            plain: word.plain,
            stem: word.stem,
        },
        Condition::Like(_, reach) if is_one => Test::Like {
            plain: word.plain,
            reach: usize::from(*reach),
        },
        _ => Test::Stem(word.stem),
    });
    before.chain(last).collect()
}

fn occurrences<'a>(
    tests: &'a [Test],
    words: &'a [Word],
) -> impl Iterator<Item = Range<usize>> + 'a {
    words
        .windows(tests.len().max(1))
        .filter(move |window| {
            !tests.is_empty()
                && tests
                    .iter()
                    .zip(*window)
                    .all(|(test, word)| test.accepts(word))
        })
        .map(|window| window[0].at.start..window[window.len() - 1].at.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with what is highlighted in brackets.
    fn marked(query: &str, text: &str) -> String {
        let query = Query::read(query, false).expect("a query");
        let analyzers = Analyzers::new();
        let mut marked = String::new();
        let mut end = 0;
        for range in Highlighter::new(&analyzers, &query).ranges(text) {
            marked.push_str(&text[end..range.start]);
            marked.push_str(&format!("[{}]", &text[range.clone()]));
            end = range.end;
        }
        marked + &text[end..]
    }

    #[test]
    fn what_was_found_is_marked() {
        let table = [
            (
                "infection",
                "No active infections.",
                "No active [infections].",
            ),
            (
                "infections",
                "Infected? INFECTION",
                "[Infected]? [INFECTION]",
            ),
            ("naive", "opioid-naïve", "opioid-[naïve]"),
            (
                "\"local infection\"",
                "infection, local infections",
                "infection, [local infections]",
            ),
            (
                "non-opioid",
                "opioid, non-opioid drugs",
                "opioid, [non-opioid] drugs",
            ),
            ("infec*", "infected infection", "[infected] [infection]"),
            ("infecton~", "an infection", "an [infection]"),
            ("local -infection", "local infection", "[local] infection"),
            ("kind:log infection", "log infection", "log [infection]"),
            (
                "6232?",
                "Added CPT 62320, 62351.",
                "Added CPT [62320], 62351.",
            ),
            ("g90521", "see G90.521.", "see [G90.521]."),
            ("\"a b\" \"b c\"", "a b c d", "[a b c] d"),
            ("absent", "present", "present"),
        ];
        for (query, text, expected) in table {
            assert_eq!(marked(query, text), expected, "{query}");
        }
    }

    proptest::proptest! {
        #[test]
        fn ranges_are_sorted_and_apart(query in "[ab\"*~ ]{0,12}", text in "[abé .]{0,30}") {
            marked(&query, &text);
        }
    }
}
