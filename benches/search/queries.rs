//! Queries of each class, ours and what comes nearest in SQLite.

use crate::payer::{Dice, code, word};

/// A query.
pub struct Asked {
    /// As `lookback search` takes it.
    pub ours: String,
    /// As a condition on the peer's table, if it has the like.
    pub peer: Option<String>,
}

/// A class of queries.
#[derive(Clone, Copy)]
pub enum Class {
    Word,
    TwoWords,
    Phrase,
    Either,
    Without,
    Beginning,
    Fuzzy,
    Misspelt,
    Code,
    CodePrefix,
    CodeWildcard,
    CodeRange,
    AsOf,
    Changed,
    InPolicy,
    Typing,
}

const RANKS: usize = 30_000;

impl Class {
    pub const ALL: [Class; 16] = [
        Class::Word,
        Class::TwoWords,
        Class::Phrase,
        Class::Either,
        Class::Without,
        Class::Beginning,
        Class::Fuzzy,
        Class::Misspelt,
        Class::Code,
        Class::CodePrefix,
        Class::CodeWildcard,
        Class::CodeRange,
        Class::AsOf,
        Class::Changed,
        Class::InPolicy,
        Class::Typing,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Class::Word => "word",
            Class::TwoWords => "two words",
            Class::Phrase => "phrase",
            Class::Either => "a OR b",
            Class::Without => "a -b",
            Class::Beginning => "beginning*",
            Class::Fuzzy => "fuzzy~",
            Class::Misspelt => "misspelt",
            Class::Code => "code",
            Class::CodePrefix => "code prefix",
            Class::CodeWildcard => "code wildcard",
            Class::CodeRange => "code range",
            Class::AsOf => "word as-of",
            Class::Changed => "word changed",
            Class::InPolicy => "word in policy",
            Class::Typing => "kind:criterion word",
        }
    }

    /// Words are drawn as the texts draw theirs, the commonest included.
    pub fn queries(self, count: usize) -> Vec<Asked> {
        let mut dice = Dice::new(0xA5 + self as u64);
        (0..count).map(|_| self.query(&mut dice)).collect()
    }

    fn query(self, dice: &mut Dice) -> Asked {
        let first = word(dice.rank(RANKS));
        let second = word(dice.rank(RANKS));
        let code = code(dice.below(3), dice.rank(3_000));
        let matches = |text: &str| Some(format!("match\t{text}"));
        let codes = |condition: String| Some(format!("code\t{condition}"));
        let (ours, peer) = match self {
            Class::Word => (first.clone(), matches(&first)),
            Class::TwoWords => (
                format!("{first} {second}"),
                matches(&format!("{first} {second}")),
            ),
            Class::Phrase => {
                let phrase = format!("\"{first} {second}\"");
                (phrase.clone(), matches(&phrase))
            }
            Class::Either => {
                let either = format!("{first} OR {second}");
                (either.clone(), matches(&either))
            }
            Class::Without => (
                format!("{first} -{second}"),
                matches(&format!("{first} NOT {second}")),
            ),
            Class::Beginning => {
                let start: String = first.chars().take(4).collect();
                (format!("{start}*"), matches(&format!("{start}*")))
            }
            Class::Fuzzy => (format!("{}~", misspelt(dice)), None),
            Class::Misspelt => (misspelt(dice), None),
            Class::Code => (code.clone(), codes(format!("= '{code}'"))),
            Class::CodePrefix => {
                let start = &code[..4.min(code.len() - 1)];
                (
                    format!("{start}*"),
                    codes(format!("between '{start}' and '{start}~'")),
                )
            }
            Class::CodeWildcard => {
                let mut pattern = code.clone();
                pattern.pop();
                (format!("{pattern}?"), codes(format!("glob '{pattern}?'")))
            }
            Class::CodeRange => {
                let low = crate::payer::code(0, dice.rank(3_000));
                let number: usize = low.parse().unwrap_or(10_000);
                let high = format!("{:05}", number + 30);
                (
                    format!("{low}-{high}"),
                    codes(format!("between '{low}' and '{high}'")),
                )
            }
            Class::AsOf => {
                let year = 2009 + dice.below(12);
                (
                    format!("{first} as-of:{year}-06-15"),
                    Some(format!("as-of\t{first}\t{year}-06")),
                )
            }
            Class::Changed => {
                let year = 2010 + dice.below(10);
                (format!("{first} changed:{year}..{}", year + 1), None)
            }
            Class::InPolicy => (
                format!("{first} policy:CP.MP.{}", 1 + dice.below(100)),
                None,
            ),
            Class::Typing => (format!("kind:criterion {first}"), None),
        };
        Asked { ours, peer }
    }
}

/// A word of six letters or more with one letter left out.
fn misspelt(dice: &mut Dice) -> String {
    loop {
        let mut right = word(dice.rank(RANKS));
        if right.len() >= 6 {
            right.remove(1 + dice.below(right.len() - 2));
            return right;
        }
    }
}

/// A name and what makes the query.
type Hostile = (&'static str, fn() -> String);

/// What someone may type who means no good.
pub const HOSTILE: &[Hostile] = &[
    ("64 common words OR", || many(word, " OR ")),
    ("64 common words", || many(word, " ")),
    ("64 fuzzy words", || {
        many(|at| format!("{}~", word(80 + 37 * at)), " OR ")
    }),
    ("64 misspelt words", || {
        many(|at| format!("{}qx", word(80 + 37 * at)), " ")
    }),
    ("64 prefixes", || {
        many(
            |at| format!("{}*", &"abcdefghijklmnopqrstuvwxyz"[at % 26..=at % 26]),
            " OR ",
        )
    }),
    ("64 short prefixes of words", || {
        many(|at| format!("{}*", &word(at * 7)[..1]), " OR ")
    }),
    ("64 code wildcards", || {
        many(|at| format!("*{}*", at % 10), " OR ")
    }),
    ("64 code prefixes", || {
        many(|at| format!("{}*", at % 10), " OR ")
    }),
    ("64 wide code ranges", || {
        many(|at| format!("1000{}-7000{}", at % 10, at % 10), " OR ")
    }),
    ("all codes", || "*0* OR *1* OR *2*".to_owned()),
    ("64 common phrases", || {
        many(
            |at| format!("\"{} {}\"", word(at % 8), word(at % 7)),
            " OR ",
        )
    }),
    ("one phrase of common words", || {
        format!("\"{}\"", many(|at| word(at % 3), " "))
    }),
    ("a phrase of 600 words", || {
        format!("\"{}\"", "the of ".repeat(280))
    }),
    ("64 exclusions", || many(|at| format!("-{}", word(at)), " ")),
    ("64 dates", || {
        many(|at| format!("as-of:20{:02}", at % 30), " ")
    }),
    ("64 ranges of dates", || {
        many(|at| format!("changed:20{:02}..", at % 30), " ")
    }),
    ("all kinds", || {
        "kind:code kind:criterion kind:section kind:log".to_owned()
    }),
    ("2,000 letters", || "a".repeat(2_000)),
    ("2,000 accents~", || "é".repeat(1_990) + "~"),
    ("brackets", || "(".repeat(2_000)),
];

fn many(make: impl Fn(usize) -> String, between: &str) -> String {
    let mut text = String::new();
    for at in 0..64 {
        let next = make(at);
        if text.len() + next.len() + between.len() > 1_990 {
            break;
        }
        if at > 0 {
            text.push_str(between);
        }
        text.push_str(&next);
    }
    text
}
