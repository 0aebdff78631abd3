//! The life of a code across the library.

use std::collections::BTreeMap;

use super::open::Workbench;
use super::problem::Problem;
use crate::policy::{Code, CodeSystem, Gate, Policy};

/// Which codes are meant: one, a prefix, a pattern or a range, in any case,
/// ICD-10-CM with or without its dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodePattern {
    /// This code, or with `*` and `?` any like it.
    Like(String),
    /// From the first to the last, by spelling.
    Range(String, String),
}

/// A pattern may be this long.
const MAX_PATTERN: usize = 64;

impl CodePattern {
    /// Reads `62351`, `6236*`, `G90.52?` or `62360-62370`.
    ///
    /// # Errors
    /// When the text holds other than letters, digits, dots, `*`, `?` and one hyphen.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let plain: String = text
            .trim()
            .chars()
            .filter(|character| *character != '.')
            .map(|character| character.to_ascii_uppercase())
            .collect();
        let is_code = |text: &str, wild: &[char]| {
            !text.is_empty()
                && text
                    .chars()
                    .all(|one| one.is_ascii_alphanumeric() || wild.contains(&one))
        };
        if plain.len() <= MAX_PATTERN {
            if let Some((first, last)) = plain.split_once('-')
                && is_code(first, &[])
                && is_code(last, &[])
            {
                return Ok(CodePattern::Range(first.to_owned(), last.to_owned()));
            }
            if is_code(&plain, &['*', '?']) {
                return Ok(CodePattern::Like(plain));
            }
        }
        Err(Problem::usage(
            format!("`{text}` is neither a code nor a pattern of codes"),
            "write a code, as 62351; a prefix, as 6236*; or a range, as 62360-62370",
        ))
    }

    /// Whether a code is meant.
    pub fn matches(&self, code: &Code) -> bool {
        let code: String = code.as_str().chars().filter(|one| *one != '.').collect();
        match self {
            CodePattern::Like(pattern) => is_like(pattern.as_bytes(), code.as_bytes()),
            // Codes of other lengths would fall between by spelling alone.
            CodePattern::Range(first, last) => {
                (first.as_str()..=last.as_str()).contains(&code.as_str())
                    && (code.len() == first.len() || code.len() == last.len())
            }
        }
    }
}

/// Whether `text` is like `pattern`, in which `*` stands for any text and `?`
/// for one character. Takes time in proportion to the product of the lengths.
fn is_like(pattern: &[u8], text: &[u8]) -> bool {
    let mut reachable = vec![false; text.len() + 1];
    reachable[0] = true;
    for sign in pattern {
        let mut next = vec![false; text.len() + 1];
        for at in 0..=text.len() {
            next[at] = match sign {
                b'*' => reachable[at] || (at > 0 && next[at - 1]),
                b'?' => at > 0 && reachable[at - 1],
                sign => at > 0 && reachable[at - 1] && text[at - 1] == *sign,
            };
        }
        reachable = next;
    }
    reachable[text.len()]
}

/// Where a code is listed, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLife {
    /// The code system.
    pub system: CodeSystem,
    /// The code.
    pub code: Code,
    /// One for each policy that ever listed it.
    pub listings: Vec<Listing>,
}

/// A code in one policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The policy.
    pub policy: String,
    /// The versions that list it, in runs with the same wording.
    pub spans: Vec<ListingSpan>,
    /// The versions that do not list it.
    pub absent: Vec<String>,
}

/// Versions in a row that list a code in the same words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListingSpan {
    /// The first of them.
    pub first: String,
    /// The last of them.
    pub last: String,
    /// Whether the last is the latest version of the policy.
    pub current: bool,
    /// The table.
    pub table: String,
    /// What the table decides.
    pub gate: Gate,
    /// The descriptor.
    pub text: String,
}

impl Listing {
    /// The sentence that answers "since when?".
    pub fn describe(&self) -> String {
        let runs: Vec<String> = self
            .spans
            .iter()
            .map(|span| match (span.current, span.first == span.last) {
                (true, _) => format!("listed since {}", span.first),
                (false, true) => format!("listed in {} only", span.first),
                (false, false) => format!("listed from {} to {}", span.first, span.last),
            })
            .collect();
        if self.absent.is_empty() {
            runs.join("; ")
        } else {
            format!("{}; absent in {}", runs.join("; "), self.absent.join(", "))
        }
    }
}

impl Workbench {
    /// The lives of all codes meant, by system and code.
    pub fn codes(&self, pattern: &CodePattern) -> Vec<CodeLife> {
        let mut lives: BTreeMap<Code, Vec<Listing>> = BTreeMap::new();
        for policy in &self.library.policies {
            let mut codes: Vec<&Code> = policy
                .versions
                .iter()
                .flat_map(|version| version.all_codes())
                .map(|(_, row)| &row.code)
                .filter(|code| pattern.matches(code))
                .collect();
            codes.sort();
            codes.dedup();
            for code in codes {
                let listing = listing(policy, code);
                lives.entry(code.clone()).or_default().push(listing);
            }
        }
        lives
            .into_iter()
            .map(|(code, listings)| CodeLife {
                system: code.system(),
                code,
                listings,
            })
            .collect()
    }
}

fn listing(policy: &Policy, code: &Code) -> Listing {
    let mut listing = Listing {
        policy: policy.reference.clone(),
        spans: vec![],
        absent: vec![],
    };
    let mut before_lists_it = false;
    for (index, version) in policy.versions.iter().enumerate() {
        let row = version.all_codes().find(|(_, row)| row.code == *code);
        let Some((table, row)) = row else {
            listing.absent.push(version.name.clone());
            before_lists_it = false;
            continue;
        };
        let current = index + 1 == policy.versions.len();
        match listing.spans.last_mut() {
            Some(span)
                if before_lists_it
                    && (&span.text, &span.table, span.gate)
                        == (&row.text, &table.title, table.gate) =>
            {
                span.last.clone_from(&version.name);
                span.current = current;
            }
            _ => listing.spans.push(ListingSpan {
                first: version.name.clone(),
                last: version.name.clone(),
                current,
                table: table.title.clone(),
                gate: table.gate,
                text: row.text.clone(),
            }),
        }
        before_lists_it = true;
    }
    listing
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::EmbeddedSource;

    fn found(pattern: &str) -> Vec<String> {
        let workbench = Workbench::of(&EmbeddedSource).expect("the embedded library");
        workbench
            .codes(&CodePattern::parse(pattern).expect("a pattern"))
            .iter()
            .map(|life| format!("{} {}", life.code, life.listings[0].describe()))
            .collect()
    }

    #[test]
    fn a_code_tells_since_when_it_is_listed() {
        assert_eq!(
            found("62351"),
            ["62351 listed since 2019-07; absent in 2019-02"]
        );
        assert_eq!(found("g90521"), ["G90.521 listed since 2019-02"]);
        assert_eq!(found("99999"), Vec::<String>::new());
    }

    #[test]
    fn prefixes_patterns_and_ranges() {
        assert_eq!(found("6236*").len(), 7);
        assert_eq!(found("62360-62365").len(), 4);
        assert_eq!(found("G90.52?").len(), 3);
        assert_eq!(found("*").len(), 39);
    }

    #[test]
    fn other_texts_are_refused() {
        for text in ["", "62 351", "a-b-c", "é", "--", &"9".repeat(100)] {
            assert!(CodePattern::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn patterns() {
        let table = [
            ("A*C", "ABC", true),
            ("A*C", "AC", true),
            ("A*C", "ACB", false),
            ("**", "", true),
            ("?", "", false),
            ("A?", "AB", true),
        ];
        for (pattern, text, expected) in table {
            assert_eq!(
                is_like(pattern.as_bytes(), text.as_bytes()),
                expected,
                "{pattern} {text}"
            );
        }
    }
}
