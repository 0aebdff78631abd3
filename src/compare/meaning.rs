//! What a change of words means, lifted out of the words.
//!
//! Only what certainly says the same is *editorial*: a final full stop, the
//! kind of quotation marks, a hyphen for a space, case, a number spelt out. Any
//! other sign can matter, and where it stands: `A and (B or C)`. Everything else is *substantive*, and what can be named
//! is named: a threshold, a quantifier, a comparison, a negation, a unit.

use unicode_security::skeleton;

use super::pair::Pair;
use super::words::{folded, folds_to_same};

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
    let seen = Pair::new(old, new).map(visible);
    if !seen.differs() && !folds_to_same(old, new) {
        return Meaning {
            weight: Weight::Substantive,
            reasons: vec!["only characters that cannot be seen differ".to_owned()],
        };
    }
    let written = Pair::new(old, new).map(tokens);
    let words = written.as_ref().map(|tokens| {
        let lower = tokens.iter().map(|token| token.to_lowercase());
        lower.collect::<Vec<_>>()
    });
    if !words.differs() {
        return editorial(if !written.differs() {
            "only punctuation differs"
        } else {
            "only punctuation and case differ"
        });
    }
    if look_alike(&seen) {
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
    add("sign", of(is_sign));
    if reasons.is_empty() {
        let words = of(|word| word.starts_with(char::is_alphanumeric));
        reasons.push(if words.differs() {
            "words differ".to_owned()
        } else {
            "punctuation that can matter differs".to_owned()
        });
    }
    reasons
}

/// The text without what cannot be seen. Every kind of space looks like one.
fn visible(text: &str) -> String {
    let seen: String = text.chars().filter(|one| !is_invisible(*one)).collect();
    seen.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether two visible texts differ only in characters that look alike. What
/// both begin and end with, up to a space, looks the same anyway.
fn look_alike(seen: &Pair<String>) -> bool {
    let words = seen
        .as_ref()
        .map(|text| text.split(' ').collect::<Vec<_>>());
    let same = |(old, new): &(&&str, &&str)| old == new;
    let start = words.old.iter().zip(&words.new).take_while(same).count();
    let rest = words.as_ref().map(|words| &words[start..]);
    let ends = rest.old.iter().rev().zip(rest.new.iter().rev());
    let end = ends.take_while(same).count();
    let looks = rest.map(|words| {
        let words = words[..words.len() - end].join(" ");
        skeleton(&words).collect::<String>()
    });
    !looks.differs()
}

/// Format characters and variation selectors: nothing is drawn for them.
fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
        || (character.is_control() && !character.is_whitespace())
}

/// The words and signs of a text in order, without what is certainly only
/// spelling: a full stop or semicolon at its end, and hyphens and dashes that
/// stand for a space.
fn tokens(text: &str) -> Vec<String> {
    let text = folded(text);
    let text = text.trim_end_matches(['.', ';', ' ']);
    let characters: Vec<char> = text.chars().map(plain_sign).collect();
    let mut tokens: Vec<String> = vec![];
    let mut in_word = false;
    for (at, character) in characters.iter().copied().enumerate() {
        let before = at.checked_sub(1).map(|before| characters[before]);
        let after = characters.get(at + 1).copied();
        let part = character.is_alphanumeric() || is_inside_word(before, character, after);
        match tokens.last_mut() {
            Some(word) if part && in_word => word.push(character),
            _ if character == ' ' || is_spacing_dash(character, &characters[at + 1..]) => {}
            _ => tokens.push(character.to_string()),
        }
        in_word = part;
    }
    tokens
}

/// Signs of one kind as one of them.
fn plain_sign(character: char) -> char {
    match character {
        '“' | '”' | '„' | '«' | '»' => '"',
        '‘' | '’' | '‚' => '\'',
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        other => other,
    }
}

/// Whether a sign belongs to the word or number it stands in: 3.5, 1,000,
/// `patient's`.
fn is_inside_word(before: Option<char>, character: char, after: Option<char>) -> bool {
    let both = |is: fn(char) -> bool| before.is_some_and(is) && after.is_some_and(is);
    match character {
        '.' | ',' => both(|one| one.is_ascii_digit()),
        '\'' => both(char::is_alphabetic),
        _ => false,
    }
}

/// A dash before a digit is a sign or a range; before a word it stands for a
/// space.
fn is_spacing_dash(character: char, after: &[char]) -> bool {
    let next = after.iter().find(|one| **one != ' ');
    character == '-' && next.is_none_or(|next| next.is_alphabetic())
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
        "kg", "g", "ml", "cm", "mm", "percent", "%",
    ]
    .contains(&word)
}

fn is_joint(word: &str) -> bool {
    ["and", "or"].contains(&word)
}

/// A sign that changes a value, or joins two.
fn is_sign(word: &str) -> bool {
    ["-", "+", "±", "=", "≠", "≈", "/", "×", "*"].contains(&word)
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
            ("50% of it", "50 of it", "substantive: unit: % to none"),
            ("to -5", "to 5", "substantive: sign: - to none"),
            (
                "to \u{2212}5",
                "to -5",
                "editorial: only punctuation differs",
            ),
            ("= 40", "≠ 40", "substantive: sign: = to ≠"),
            ("±5", "5", "substantive: sign: ± to none"),
            ("1/2", "1-2", "substantive: sign: / to -"),
            (
                "A and (B or C)",
                "(A and B) or C",
                "substantive: punctuation that can matter differs",
            ),
            (
                "> 3 months and 5",
                "3 months and > 5",
                "substantive: punctuation that can matter differs",
            ),
            (
                "pain, not relieved",
                "pain not, relieved",
                "substantive: punctuation that can matter differs",
            ),
            (
                "long-term “care”",
                "long term \"care\".",
                "editorial: only punctuation differs",
            ),
            (
                "the patient’s 3\u{2013}6 visits",
                "the patient's 3-6 visits",
                "editorial: only punctuation differs",
            ),
            (
                "1,000 steps",
                "1000 steps",
                "substantive: numbers: 1,000 to 1000",
            ),
            (
                "3 months",
                "3\u{a0}months",
                "substantive: only characters that cannot be seen differ",
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
