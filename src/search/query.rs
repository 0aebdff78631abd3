//! The query language: words, "phrases", `-not`, `OR`, codes, fields.
//!
//! Any text is read, leniently; what was made of it can be shown. Only what
//! is too long is refused, so that every query has a bounded answer. There
//! are no parentheses: `a OR b c` asks for one of `a` and `b`, and for `c`.

use std::fmt;

use super::SearchError;
use super::codes::CodePattern;
use super::item::ItemKind;
use super::lexer::{Piece, pieces};
use crate::policy::{CodeSystem, Date, DateError};

/// A query may be this long, in characters.
pub const MAX_LENGTH: usize = 2_000;
/// A query may have this many words, phrases, codes and fields.
pub const MAX_CONDITIONS: usize = 64;

/// What a query was read as. Its `Display` is the reading that is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Of each of these, an item must satisfy one.
    pub required: Vec<Vec<Condition>>,
    /// An item must satisfy none of these.
    pub excluded: Vec<Condition>,
    /// What could not be used, and why.
    pub notes: Vec<String>,
}

/// What a query asks of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// It has the word, in any of its forms.
    Word(String),
    /// It has the words, in this order.
    Phrase(String),
    /// It has a word that begins so.
    Beginning(String),
    /// It has a word so many letters off at most.
    Like(String, u8),
    /// It lists or mentions a code.
    Code(CodePattern),
    /// It is of that field.
    Only(Filter),
}

/// A field and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// Of the policy with that reference number.
    Policy(String),
    /// Of that kind.
    Kind(ItemKind),
    /// A code row of that system.
    System(CodeSystem),
    /// In the version of that name; `latest` is each policy's latest,
    /// `previous` the one before it.
    Version(String),
    /// In a version that may be in force on that date.
    AsOf(Date),
    /// Begun or ended between two dates, either of them open.
    Changed(Option<Date>, Option<Date>),
}

impl Query {
    /// Reads a query. While it is being typed, its last word may go on.
    ///
    /// # Errors
    /// When it is longer than [`MAX_LENGTH`] or has more than [`MAX_CONDITIONS`].
    pub fn read(text: &str, typing: bool) -> Result<Self, SearchError> {
        if text.chars().nth(MAX_LENGTH).is_some() {
            return Err(SearchError::asked(
                format!("the query is longer than {MAX_LENGTH} characters"),
                "search for the few words that matter",
            ));
        }
        let pieces = pieces(text, typing);
        if pieces.iter().filter(|piece| **piece != Piece::Or).count() > MAX_CONDITIONS {
            return Err(SearchError::asked(
                format!("the query has more than {MAX_CONDITIONS} words"),
                "search for the few words that matter; for many codes, use a range or a prefix",
            ));
        }
        let mut query = Query::default();
        let mut or = false;
        for piece in pieces {
            match piece {
                Piece::Or => or = true,
                Piece::Phrase { text, negated } => {
                    let condition = match CodePattern::exact(text.trim()) {
                        Some(code) => Condition::Code(code),
                        None => Condition::Phrase(folded(&text)),
                    };
                    query.add(vec![condition], negated, std::mem::take(&mut or));
                }
                Piece::Word {
                    text,
                    negated,
                    open,
                } => {
                    let conditions = query.conditions(&text, open && !negated);
                    query.add(conditions, negated, std::mem::take(&mut or));
                }
            }
        }
        Ok(query)
    }

    /// Asks for the rows of code tables that list a code.
    pub(super) fn listing(pattern: &CodePattern) -> Self {
        let mut query = Query::default();
        query.required.push(vec![Condition::Code(pattern.clone())]);
        query.require(Filter::Kind(ItemKind::Code));
        query
    }

    /// Requires a field, beside what was typed.
    pub(super) fn require(&mut self, filter: Filter) {
        self.required.push(vec![Condition::Only(filter)]);
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.required.is_empty() && self.excluded.is_empty()
    }

    /// Whether it asks for a point in time rather than for what applies now.
    pub fn names_a_time(&self) -> bool {
        let is_time = |condition: &Condition| {
            matches!(
                condition,
                Condition::Only(Filter::Version(_) | Filter::AsOf(_) | Filter::Changed(..))
            )
        };
        self.required.iter().flatten().any(is_time)
    }

    /// What a word means; several conditions are alternatives.
    fn conditions(&mut self, word: &str, open: bool) -> Vec<Condition> {
        if let Some((name, value)) = word.split_once(':')
            && let Some(field) = Field::from_name(name)
        {
            return match field.filter(value) {
                Ok(filter) => vec![Condition::Only(filter)],
                Err(reason) => {
                    self.notes.push(format!("`{word}` is ignored: {reason}"));
                    vec![]
                }
            };
        }
        let word = word.trim_end_matches(':');
        let mut conditions = vec![condition(word)];
        let is_code_start = open && has_digit(word) || is_letter_and_star(word);
        if is_code_start && let Some(code) = CodePattern::beginning(word.trim_end_matches('*')) {
            conditions.push(Condition::Code(code));
        }
        if open && let Condition::Word(word) = &conditions[0] {
            conditions[0] = Condition::Beginning(word.clone());
        }
        conditions
    }

    fn add(&mut self, conditions: Vec<Condition>, negated: bool, or: bool) {
        let Some(first) = conditions.first() else {
            return;
        };
        if negated {
            self.excluded.extend(conditions);
            return;
        }
        let joined = match first {
            Condition::Only(filter) => self.group_of(filter),
            _ => None,
        };
        let last = self.required.len().checked_sub(1).filter(|_| or);
        match joined.or(last) {
            Some(at) => self.required[at].extend(conditions),
            None if self.required.contains(&conditions) => {}
            None => self.required.push(conditions),
        }
    }

    /// Where the same field is asked for already: two kinds are alternatives.
    fn group_of(&self, filter: &Filter) -> Option<usize> {
        let same_field = |condition: &Condition| match condition {
            Condition::Only(other) => {
                std::mem::discriminant(other) == std::mem::discriminant(filter)
            }
            _ => false,
        };
        self.required
            .iter()
            .position(|group| group.iter().any(same_field))
    }
}

/// What a word asks for, when it is no field.
fn condition(word: &str) -> Condition {
    let plain = word.trim_end_matches('~');
    if let Some(code) = CodePattern::range(plain)
        .or_else(|| CodePattern::exact(plain))
        .or_else(|| pattern(plain))
    {
        return Condition::Code(code);
    }
    let bare = folded(&plain.replace(['*', '?'], " "));
    let fuzzy = plain != word && !has_digit(&bare);
    if fuzzy {
        let reach = reach(&bare);
        Condition::Like(bare, reach)
    } else if plain.ends_with('*') {
        Condition::Beginning(bare)
    } else {
        Condition::Word(bare)
    }
}

fn pattern(word: &str) -> Option<CodePattern> {
    (word.contains(['*', '?']) && has_digit(word))
        .then(|| CodePattern::wildcard(word))
        .flatten()
}

/// `G*` may be the codes of a chapter as well as words.
fn is_letter_and_star(word: &str) -> bool {
    matches!(word.as_bytes(), [letter, b'*'] if letter.is_ascii_alphabetic())
}

fn has_digit(word: &str) -> bool {
    word.contains(|character: char| character.is_ascii_digit())
}

fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// How many letters a word like another may be off: short words have too
/// many neighbours.
pub(super) fn reach(word: &str) -> u8 {
    if word.chars().count() < 6 { 1 } else { 2 }
}

/// The fields a query can name.
#[derive(Clone, Copy)]
enum Field {
    Policy,
    Kind,
    System,
    Version,
    AsOf,
    Changed,
}

impl Field {
    fn from_name(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "policy" => Some(Field::Policy),
            "kind" => Some(Field::Kind),
            "system" => Some(Field::System),
            "version" => Some(Field::Version),
            "as-of" => Some(Field::AsOf),
            "changed" => Some(Field::Changed),
            _ => None,
        }
    }

    fn filter(self, value: &str) -> Result<Filter, String> {
        let value = value.trim();
        if value.is_empty() {
            return Err("it has no value".to_owned());
        }
        match self {
            Field::Policy => Ok(Filter::Policy(value.to_owned())),
            Field::Version => Ok(Filter::Version(value.to_owned())),
            Field::Kind => ItemKind::from_name(value).map(Filter::Kind).ok_or_else(|| {
                format!(
                    "the kinds are {}",
                    ItemKind::ALL.map(|k| k.name()).join(", ")
                )
            }),
            Field::System => system(value).map(Filter::System).ok_or_else(|| {
                format!(
                    "the code systems are {}",
                    CodeSystem::ALL.map(|s| s.name()).join(", ")
                )
            }),
            Field::AsOf => value
                .parse()
                .map(Filter::AsOf)
                .map_err(|error: DateError| error.reason),
            Field::Changed => changed(value),
        }
    }
}

/// The range of `2019..2020`, `2019..`, `..2020` or `2019`.
fn changed(value: &str) -> Result<Filter, String> {
    let date = |text: &str| match text {
        "" => Ok(None),
        text => text
            .parse::<Date>()
            .map(Some)
            .map_err(|error: DateError| error.reason),
    };
    let (from, to) = match value.split_once("..") {
        Some((from, to)) => (date(from)?, date(to)?),
        None => (date(value)?, date(value)?),
    };
    match (from, to) {
        (None, None) => Err("it names no date".to_owned()),
        (Some(from), Some(to)) if to.certainly_before(from) => {
            Ok(Filter::Changed(Some(to), Some(from)))
        }
        (from, to) => Ok(Filter::Changed(from, to)),
    }
}

/// The system of that name; its short names will do.
fn system(name: &str) -> Option<CodeSystem> {
    let short = name.to_ascii_lowercase().replace('-', "");
    CodeSystem::from_name(name).or_else(|| short.starts_with("icd").then_some(CodeSystem::Icd10Cm))
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let alternatives = |group: &Vec<Condition>| {
            let shown: Vec<_> = group.iter().map(Condition::to_string).collect();
            shown.join(" or ")
        };
        let required = self.required.iter().map(alternatives);
        let excluded = self.excluded.iter().map(|one| format!("not {one}"));
        let asked: Vec<_> = required.chain(excluded).collect();
        let parts: Vec<_> = Some(asked.join(", "))
            .filter(|asked| !asked.is_empty())
            .into_iter()
            .chain(self.notes.iter().cloned())
            .collect();
        f.write_str(&parts.join("; "))
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Condition::Word(word) => f.write_str(word),
            Condition::Phrase(phrase) => write!(f, "\"{phrase}\""),
            Condition::Beginning(word) => write!(f, "{word}…"),
            Condition::Like(word, _) => write!(f, "words like {word}"),
            Condition::Code(code) => code.fmt(f),
            Condition::Only(Filter::Policy(policy)) => write!(f, "policy {policy}"),
            Condition::Only(Filter::Kind(kind)) => write!(f, "kind {kind}"),
            Condition::Only(Filter::System(system)) => write!(f, "system {system}"),
            Condition::Only(Filter::Version(version)) => write!(f, "version {version}"),
            Condition::Only(Filter::AsOf(date)) => write!(f, "as of {date}"),
            Condition::Only(Filter::Changed(from, to)) => match (from, to) {
                (Some(from), Some(to)) if from == to => write!(f, "changed in {from}"),
                (Some(from), Some(to)) => write!(f, "changed from {from} to {to}"),
                (Some(from), None) => write!(f, "changed since {from}"),
                (None, Some(to)) => write!(f, "changed until {to}"),
                (None, None) => f.write_str("changed"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(table: &[&str], typing: bool) -> String {
        let line = |query: &&str| match Query::read(query, typing) {
            Ok(read) => format!("{query}\n    {read}"),
            Err(error) => format!("{query}\n    refused: {}; {}", error.message, error.hint),
        };
        table.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn queries_are_read_leniently() {
        insta::assert_snapshot!(report(
            &[
                "",
                "infection",
                "  local   infection ",
                "\"local infection\" catheter",
                "“local infection”",
                "\"never closed",
                "infection -catheter -\"local infection\"",
                "infection NOT catheter AND pump",
                "infection - catheter",
                "--catheter",
                "infection OR coagulopathy pump",
                "OR infection OR OR coagulopathy OR",
                "infection -catheter OR pump",
                "infection infection",
                "(((infection) OR (pump)))",
                "infection, pump; \"\" & ?",
                "non-opioid",
                "infecton~",
                "pian~",
                "62351~",
                "infect*",
                "is it an infection?",
                "62351",
                "\"62351\"",
                "a4300",
                "G90.521",
                "g90521",
                "G9052",
                "g90.52",
                "6236*",
                "g90.52?",
                "G*",
                "*521",
                "*",
                "62360-62370",
                "62370–62360",
                "G90.521-g90523",
                "2019-07",
                "CP.MP.173 II.B.3",
                "policy:cp.mp.173 kind:criteria system:icd version:2019-07 as-of:2019-08-14",
                "policy:\"CP MP\" infection",
                "kind:criterion KIND:code infection",
                "-kind:log infection",
                "kind:foo infection",
                "system:snomed",
                "as-of:yesterday",
                "as-of:2019-13",
                "infection changed:2019..2020",
                "changed:2019-07",
                "changed:2019.. changed:..2018-02-03",
                "changed:2020..2019",
                "changed:..",
                "changed:soon..2020",
                "infection version:previous",
                "kind:",
                "note: infection",
                "http://www.cms.gov",
                "a:b:c",
                "kind:log OR infection",
            ],
            false
        ));
    }

    #[test]
    fn the_last_word_may_still_be_typed() {
        insta::assert_snapshot!(report(
            &[
                "local infec",
                "infec ",
                "\"local infec",
                "6235",
                "62351",
                "g90.5",
                "infec*",
                "infec~",
                "pump -infec",
                "kind:crit",
                "policy:CP",
            ],
            true
        ));
    }

    #[test]
    fn length_and_number_are_bounded() {
        let long = "a".repeat(MAX_LENGTH + 1);
        let many = "a ".repeat(MAX_CONDITIONS + 1);
        let ors = "OR ".repeat(600);
        let read = |text: &str| Query::read(text, false).map_err(|error| error.message);
        assert_eq!(
            read(&long),
            Err("the query is longer than 2000 characters".to_owned())
        );
        assert_eq!(
            read(&many),
            Err("the query has more than 64 words".to_owned())
        );
        assert_eq!(read(&ors), Ok(Query::default()));
        assert!(read(&"é".repeat(MAX_LENGTH)).is_ok());
        assert!(read(&"(".repeat(MAX_LENGTH)).is_ok());
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_or_refused(
            text in "[-a-z0-9GOR \"“:*?~.,()]{0,80}|.{0,40}",
            typing: bool,
        ) {
            if let Ok(query) = Query::read(&text, typing) {
                proptest::prop_assert!(query.required.iter().all(|group| !group.is_empty()));
            }
        }
    }
}
