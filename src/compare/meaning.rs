//! What a change of words means, lifted out of the words.
//!
//! Only what certainly says the same is *editorial*: punctuation, case, a
//! number spelt out. Everything else is *substantive*, and what can be named
//! is named: a threshold, a quantifier, a comparison, a negation, a unit.

use unicode_security::skeleton;
use unicode_segmentation::UnicodeSegmentation;

use super::pair::Pair;

/// Whether a change can matter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Weight {
    /// It certainly says the same.
    Editorial,
    /// It may say something else.
    Substantive,
}

impl Weight {
    /// The word reports use.
    pub fn name(self) -> &'static str {
        match self {
            Weight::Editorial => "editorial",
            Weight::Substantive => "substantive",
        }
    }
}

/// What a change of words comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meaning {
    /// Whether it can matter.
    pub weight: Weight,
    /// Why, each reason in a few words.
    pub reasons: Vec<String>,
}

/// What changing `old` to `new` means.
pub fn meaning(old: &str, new: &str) -> Meaning {
    let editorial = |reason: &str| Meaning {
        weight: Weight::Editorial,
        reasons: vec![reason.to_owned()],
    };
    // A change nobody can see is the one to be told of first.
    if visible(old) == visible(new) && old.split_whitespace().ne(new.split_whitespace()) {
        return Meaning {
            weight: Weight::Substantive,
            reasons: vec!["only characters that cannot be seen differ".to_owned()],
        };
    }
    let words = Pair::new(old, new).map(words);
    if words.old == words.new {
        let same_case = Pair::new(old, new).map(|text| text.unicode_words().collect::<Vec<_>>());
        return editorial(if same_case.old == same_case.new {
            "only punctuation differs"
        } else {
            "only punctuation and case differ"
        });
    }
    let looks = |text: &str| skeleton(&visible(text)).collect::<String>();
    if looks(old) == looks(new) {
        return Meaning {
            weight: Weight::Substantive,
            reasons: vec!["only characters that look alike differ".to_owned()],
        };
    }
    let spelt = words.as_ref().map(|words| {
        let spelt = words.iter().map(|word| spelt_as_digits(word).to_owned());
        spelt.collect::<Vec<_>>()
    });
    if spelt.old == spelt.new {
        return editorial("only the spelling of numbers differs");
    }
    Meaning {
        weight: Weight::Substantive,
        reasons: reasons(&spelt, old, new),
    }
}

fn reasons(words: &Pair<Vec<String>>, old: &str, new: &str) -> Vec<String> {
    let mut reasons = vec![];
    let of = |keep: fn(&str) -> bool| {
        words.as_ref().map(|words| {
            let kept = words.iter().filter(|word| keep(word)).cloned();
            kept.collect::<Vec<String>>()
        })
    };
    let mut add = |what: &str, values: Pair<Vec<String>>| {
        if values.old != values.new {
            let show = |values: Vec<String>| match values.as_slice() {
                [] => "none".to_owned(),
                values => values.join(", "),
            };
            let shown = values.map(show);
            reasons.push(format!("{what}: {} to {}", shown.old, shown.new));
        }
    };
    add("numbers", of(is_number));
    add("quantifier", of(is_quantifier));
    add("negation", of(is_negation));
    add("unit", of(is_unit));
    add("comparison", Pair::new(old, new).map(comparisons));
    add("joined by", of(is_joint));
    if reasons.is_empty() {
        reasons.push("words differ".to_owned());
    }
    reasons
}

/// The text without what cannot be seen.
fn visible(text: &str) -> String {
    let seen: String = text.chars().filter(|one| !is_invisible(*one)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Format characters and variation selectors: nothing is drawn for them.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
        || (character.is_control() && !character.is_whitespace())
}

fn words(text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let mut words: Vec<String> = lower.unicode_words().map(str::to_owned).collect();
    // Signs that compare are words; other punctuation is not.
    words.extend(comparisons(text));
    words
}

/// What a text compares by, in order, as signs.
fn comparisons(text: &str) -> Vec<String> {
    const PHRASES: &[(&str, &str)] = &[
        ("at least", "≥"),
        ("no less than", "≥"),
        ("not less than", "≥"),
        ("or more", "≥"),
        ("at most", "≤"),
        ("no more than", "≤"),
        ("not more than", "≤"),
        ("or less", "≤"),
        ("up to", "≤"),
        ("more than", ">"),
        ("greater than", ">"),
        ("longer than", ">"),
        ("less than", "<"),
        ("fewer than", "<"),
        (">=", "≥"),
        ("<=", "≤"),
        ("≥", "≥"),
        ("≤", "≤"),
        (">", ">"),
        ("<", "<"),
    ];
    let lower = text.to_lowercase();
    let mut found = vec![];
    let mut rest = lower.as_str();
    while let Some(first) = rest.chars().next() {
        match PHRASES.iter().find(|(phrase, _)| rest.starts_with(phrase)) {
            Some((phrase, sign)) => {
                found.push((*sign).to_owned());
                rest = &rest[phrase.len()..];
            }
            None => rest = &rest[first.len_utf8()..],
        }
    }
    found
}

fn spelt_as_digits(word: &str) -> &str {
    const NUMBERS: &[(&str, &str)] = &[
        ("two", "2"),
        ("three", "3"),
        ("four", "4"),
        ("five", "5"),
        ("six", "6"),
        ("seven", "7"),
        ("eight", "8"),
        ("nine", "9"),
        ("ten", "10"),
        ("eleven", "11"),
        ("twelve", "12"),
    ];
    let digits = NUMBERS.iter().find(|(known, _)| *known == word);
    digits.map_or(word, |(_, digits)| digits)
}

fn is_number(word: &str) -> bool {
    word.starts_with(|one: char| one.is_ascii_digit())
}

fn is_quantifier(word: &str) -> bool {
    [
        "all", "any", "both", "either", "each", "every", "none", "neither", "one",
    ]
    .contains(&word)
}

fn is_negation(word: &str) -> bool {
    [
        "no", "not", "without", "never", "neither", "nor", "unless", "except", "absence", "cannot",
    ]
    .contains(&word)
}

fn is_unit(word: &str) -> bool {
    [
        "day", "days", "week", "weeks", "month", "months", "year", "years", "hour", "hours", "mg",
        "kg", "g", "ml", "cm", "mm", "percent",
    ]
    .contains(&word)
}

fn is_joint(word: &str) -> bool {
    ["and", "or"].contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_weighed_with_the_reason() {
        let table = [
            (
                "No infection.",
                "No infection;",
                "editorial: only punctuation differs",
            ),
            (
                "No Infection",
                "no infection.",
                "editorial: only punctuation and case differ",
            ),
            (
                "for two weeks",
                "for 2 weeks",
                "editorial: only the spelling of numbers differs",
            ),
            (
                "for 3 months",
                "for 6 months",
                "substantive: numbers: 3 to 6",
            ),
            (
                "for 3 weeks",
                "for 3 months",
                "substantive: unit: weeks to months",
            ),
            (
                "one of these",
                "two of these",
                "substantive: numbers: none to 2; quantifier: one to none",
            ),
            (
                "all of these",
                "any of these",
                "substantive: quantifier: all to any",
            ),
            (
                "evidence of tumor",
                "no evidence of tumor",
                "substantive: negation: none to no",
            ),
            (
                "pain > 3 months",
                "pain ≥ 3 months",
                "substantive: comparison: > to ≥",
            ),
            (
                "more than 50%",
                "at least 50%",
                "substantive: comparison: > to ≥",
            ),
            ("a and b", "a or b", "substantive: joined by: and to or"),
            (
                "local infection",
                "active infection",
                "substantive: words differ",
            ),
            (
                "no infection",
                "no\u{200b} infection",
                "substantive: only characters that cannot be seen differ",
            ),
            (
                "A4300",
                "\u{410}4300",
                "substantive: only characters that look alike differ",
            ),
        ];
        for (old, new, expected) in table {
            let found = meaning(old, new);
            let found = format!("{}: {}", found.weight.name(), found.reasons.join("; "));
            assert_eq!(found, expected, "{old} / {new}");
        }
    }

    proptest::proptest! {
        #[test]
        fn both_directions_weigh_the_same(old in "[a-c0-3 .,>≥]{0,12}", new in "[a-c0-3 .,>≥]{0,12}") {
            proptest::prop_assert_eq!(meaning(&old, &new).weight, meaning(&new, &old).weight);
        }
    }
}
