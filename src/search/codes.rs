//! Codes as queries write them, and as texts mention them.
//!
//! The index keeps codes without their dot and in upper case, so that
//! `g90521` and `G90.521` are one. A code matches exactly or by a pattern,
//! never by likeness: one digit off is another procedure.

use std::fmt;
use std::ops::Range;

use crate::policy::{Code, CodeSystem};

/// Longer patterns match no code.
const MAX_PATTERN: usize = 10;

/// No code is longer: seven characters and a dot.
const LONGEST: usize = 8;

/// A code, or codes, as a query asks for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodePattern {
    /// As the query wrote it, in upper case.
    pub text: String,
    /// What it asks for.
    pub shape: CodeShape,
    /// Whether it was written with a dot, which only ICD-10-CM codes have.
    pub dotted: bool,
}

/// What a code pattern asks for; codes are without their dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodeShape {
    /// One code.
    Exact(String),
    /// Codes of that form: `?` is one character, `*` any number.
    Wildcard(String),
    /// The codes from one to another, subdivisions of the last included.
    Range(String, String),
}

impl CodePattern {
    /// A code, a pattern or a range, whichever a word is.
    pub fn read(word: &str) -> Option<Self> {
        CodePattern::exact(word)
            .or_else(|| CodePattern::range(word))
            .or_else(|| CodePattern::wildcard(word).filter(|_| word.contains(['*', '?'])))
    }

    /// Whether a code is asked for.
    pub fn asks_for(&self, code: &Code) -> bool {
        (!self.dotted || code.system() == CodeSystem::Icd10Cm) && self.matches(&key(code.as_str()))
    }

    /// The code a word looks like, if it has the shape of any system's.
    pub fn exact(word: &str) -> Option<Self> {
        let may_be_one = has_digit(word) && word.len() <= LONGEST;
        (may_be_one && !readings(word).is_empty()).then(|| CodePattern {
            text: word.to_ascii_uppercase(),
            shape: CodeShape::Exact(key(word)),
            dotted: word.contains('.'),
        })
    }

    /// The codes that begin like a word, if codes can.
    pub fn beginning(word: &str) -> Option<Self> {
        CodePattern::wildcard(&format!("{word}*"))
    }

    /// The pattern of a word with `*` or `?`, if some code can have that form.
    pub fn wildcard(word: &str) -> Option<Self> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"*?.".contains(&byte);
        let dotted = word.contains('.');
        let letters = word.bytes().filter(|byte| *byte != b'*').count();
        let plausible = word.bytes().all(allowed)
            && word.len() <= MAX_PATTERN
            && (!dotted || (word.find('.') == Some(3) && word.matches('.').count() == 1))
            && (word.contains('*') || (3..=8).contains(&letters))
            && (word.bytes().any(|byte| byte.is_ascii_digit())
                || (letters == 1 && word.as_bytes()[0].is_ascii_alphabetic()));
        plausible.then(|| CodePattern {
            text: word.to_ascii_uppercase(),
            shape: CodeShape::Wildcard(key(word)),
            dotted,
        })
    }

    /// The range of a word like `62360-62370`, if both ends are codes of one system.
    pub fn range(word: &str) -> Option<Self> {
        let (low, high) = word.split_once(['-', '–'])?;
        let systems = |word| readings(word).into_iter().map(|code| code.system());
        systems(low).find(|system| systems(high).any(|other| other == *system))?;
        let (low, high) = if key(low) <= key(high) {
            (low, high)
        } else {
            (high, low)
        };
        Some(CodePattern {
            text: format!("{low}-{high}").to_ascii_uppercase(),
            shape: CodeShape::Range(key(low), key(high)),
            dotted: word.contains('.'),
        })
    }

    /// Whether a code, without its dot, is asked for.
    pub(super) fn matches(&self, code: &str) -> bool {
        match &self.shape {
            CodeShape::Exact(exact) => code == exact,
            CodeShape::Wildcard(pattern) => wildcard_matches(pattern.as_bytes(), code.as_bytes()),
            CodeShape::Range(low, high) => {
                code >= low.as_str() && (code <= high.as_str() || code.starts_with(high.as_str()))
            }
        }
    }

    /// Where in an ordered list of codes those asked for can begin.
    pub(super) fn lowest(&self) -> &str {
        match &self.shape {
            CodeShape::Exact(low) | CodeShape::Range(low, _) => low,
            CodeShape::Wildcard(pattern) => literal(pattern),
        }
    }

    /// Whether codes from this one on are past all that are asked for.
    pub(super) fn is_past(&self, code: &str) -> bool {
        match &self.shape {
            CodeShape::Exact(exact) => code > exact.as_str(),
            CodeShape::Range(_, high) => code > high.as_str() && !code.starts_with(high.as_str()),
            CodeShape::Wildcard(pattern) => {
                let literal = literal(pattern);
                code > literal && !code.starts_with(literal)
            }
        }
    }
}

impl fmt::Display for CodePattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let readings = readings(&self.text);
        let name = |code: &Code| format!("{} {code}", code.system());
        match (&self.shape, readings.as_slice()) {
            (CodeShape::Range(..), _) => {
                let (low, high) = self.text.split_once('-').unwrap_or((&self.text, ""));
                write!(f, "codes {low} to {high}")
            }
            (CodeShape::Wildcard(_), _) => write!(f, "codes {}", self.text),
            (CodeShape::Exact(_), [one]) => f.write_str(&name(one)),
            (CodeShape::Exact(_), several) => {
                let names: Vec<_> = several.iter().map(name).collect();
                write!(f, "code {} ({})", self.text, names.join(" or "))
            }
        }
    }
}

/// The codes a word can be: `G9052` has the shape of an HCPCS code and of an
/// ICD-10-CM code without its dot.
fn readings(word: &str) -> Vec<Code> {
    CodeSystem::ALL
        .into_iter()
        .filter_map(|system| Code::parse(system, word).ok())
        .collect()
}

/// A code as the index keeps it.
pub(super) fn key(code: &str) -> String {
    code.replace('.', "").to_ascii_uppercase()
}

/// The codes a text mentions, where they stand, as the index keeps them.
pub(super) fn mentions(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    let is_outside = |character: char| !character.is_alphanumeric() && character != '.';
    // Most texts mention none, and every code has a digit.
    let text = if has_digit(text) { text } else { "" };
    let mut end = 0;
    text.split_inclusive(is_outside).filter_map(move |piece| {
        let start = end + piece.len() - piece.trim_start_matches('.').len();
        end += piece.len();
        let word = piece.trim_matches(|character: char| !character.is_alphanumeric());
        let may_be_one = has_digit(word) && word.len() <= LONGEST;
        (may_be_one && !readings(word).is_empty()).then(|| (start..start + word.len(), key(word)))
    })
}

fn has_digit(text: &str) -> bool {
    text.bytes().any(|byte| byte.is_ascii_digit())
}

/// The part of a pattern before its first wildcard.
fn literal(pattern: &str) -> &str {
    pattern.split(['*', '?']).next().unwrap_or_default()
}

/// Matches without recursion: on a mismatch the last `*` takes one more.
fn wildcard_matches(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut next) = (0, 0);
    let mut star = None;
    while next < text.len() {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at + 1, next));
                at += 1;
            }
            Some(byte) if *byte == b'?' || *byte == text[next] => {
                at += 1;
                next += 1;
            }
            _ => {
                let Some((after, taken)) = star else {
                    return false;
                };
                star = Some((after, taken + 1));
                (at, next) = (after, taken + 1);
            }
        }
    }
    pattern[at..].iter().all(|byte| *byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_codes_without_their_dot() {
        let table = [
            ("6236*", "62360", true),
            ("6236*", "62355", false),
            ("G90.52?", "G90521", true),
            ("g9052?", "G90521", true),
            ("G90.52?", "G9052", false),
            ("*521", "G90521", true),
            ("G*2*", "G90521", true),
            ("G*3", "G90521", false),
        ];
        for (pattern, code, expected) in table {
            let read = CodePattern::wildcard(pattern).expect(pattern);
            assert_eq!(read.matches(code), expected, "{pattern} {code}");
        }
    }

    #[test]
    fn ranges_include_their_ends_and_subdivisions() {
        let table = [
            ("62360-62370", "62370", true),
            ("62370-62360", "62360", true),
            ("62360-62370", "62371", false),
            ("G90.5-G90.5", "G90521", true),
            ("G90.5-G90.5", "G906", false),
        ];
        for (range, code, expected) in table {
            let read = CodePattern::range(range).expect(range);
            assert_eq!(read.matches(code), expected, "{range} {code}");
        }
        for no_range in ["2019-07", "62360-G90", "non-opioid", "a-b-c"] {
            assert_eq!(CodePattern::range(no_range), None, "{no_range}");
        }
    }

    #[test]
    fn texts_mention_codes() {
        let found = |text| mentions(text).map(|(at, key)| format!("{}={key}", &text[at]));
        let text = "Added CPT 62320, (62321). G90.521; é62351, 6235, x-A4300… CP.MP.173";
        assert_eq!(
            found(text).collect::<Vec<_>>(),
            [
                "62320=62320",
                "62321=62321",
                "G90.521=G90521",
                "A4300=A4300"
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn wildcards_are_what_a_plain_definition_says(pattern in "[ab?*]{0,6}", text in "[ab]{0,6}") {
            fn plain(pattern: &[u8], text: &[u8]) -> bool {
                match (pattern, text) {
                    ([], []) => true,
                    ([b'*', rest @ ..], _) => {
                        plain(rest, text) || (!text.is_empty() && plain(pattern, &text[1..]))
                    }
                    ([b'?', rest @ ..], [_, more @ ..]) => plain(rest, more),
                    ([one, rest @ ..], [other, more @ ..]) => one == other && plain(rest, more),
                    _ => false,
                }
            }
            let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
            proptest::prop_assert_eq!(wildcard_matches(pattern, text), plain(pattern, text));
        }
    }
}
