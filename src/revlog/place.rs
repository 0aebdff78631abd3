//! The criteria and tables that an entry points to in words.

use std::collections::BTreeSet;

use super::mention::ids;
use super::phrase::words;
use crate::policy::{Criterion, CriterionId, Version};

/// A place an entry names, and the criteria there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The entry's words for it.
    pub words: String,
    /// The criteria, those under them included; none where neither version
    /// has the number the entry names.
    pub criteria: BTreeSet<CriterionId>,
    /// Whether the entry names it by number.
    pub numbered: bool,
}

/// Words that say nothing about which criteria are meant.
const EMPTY: &[&str] = &[
    "criteria",
    "criterion",
    "section",
    "sections",
    "policy",
    "following",
    "added",
    "removed",
    "list",
    "statement",
    "statements",
    "indication",
    "indications",
    "requirement",
    "requiring",
    "requires",
    "required",
    "from",
    "with",
    "that",
    "this",
    "under",
    "within",
    "both",
    "also",
    "code",
    "codes",
    "table",
    "when",
    "were",
    "deleted",
    "moved",
    "placement",
    "medical",
    "necessity",
    "updated",
    "changed",
];

/// The words of a text by which a criterion could be recognised, shortened so
/// that `implantation` and `implanting` meet.
pub(super) fn telling_words(text: &str) -> BTreeSet<String> {
    let lower = text.to_lowercase();
    words(&lower)
        .filter(|word| word.len() > 3 && !EMPTY.contains(word))
        .map(|word| word.chars().take(6).collect())
        .collect()
}

/// Whether two words, as `telling_words` shortens them, may be one.
pub(super) fn meet(one: &str, other: &str) -> bool {
    let stem = |word: &str| word.chars().take(5).collect::<String>();
    one == other || stem(one) == stem(other)
}

/// The criteria a text names by number. A number without a point is one only
/// where a version has it: prose has Roman numerals of its own.
pub(super) fn known_ids(text: &str, before: &Version, version: &Version) -> Vec<String> {
    let has = |id: &String| {
        CriterionId::new(id).is_some_and(|id| {
            [before, version]
                .iter()
                .any(|one| one.criterion(&id).is_some())
        })
    };
    ids(text)
        .into_iter()
        .filter(|id| id.contains('.') || has(id))
        .collect()
}

/// The places an anchor names: criteria by number, and top-level statements by
/// their words. `trial and permanent placement` names two.
pub(super) fn places(anchor: &str, before: &Version, version: &Version) -> Vec<Place> {
    let numbered: Vec<Place> = known_ids(&anchor.to_uppercase(), before, version)
        .into_iter()
        .map(|words| {
            let id = CriterionId::new(&words);
            let criterion = id.and_then(|id| version.criterion(&id).or(before.criterion(&id)));
            Place {
                words,
                criteria: criterion.map_or_else(BTreeSet::new, below),
                numbered: true,
            }
        })
        .collect();
    if !numbered.is_empty() {
        return numbered;
    }
    anchor
        .split([',', '/'])
        .flat_map(|part| part.split(" and "))
        .filter_map(|part| statement_of(part, version))
        .collect()
}

/// What to say of places that neither version has.
pub(super) fn absent(places: &[Place]) -> Option<String> {
    let absent: Vec<&str> = places
        .iter()
        .filter(|place| place.criteria.is_empty())
        .map(|place| place.words.as_str())
        .collect();
    (!absent.is_empty()).then(|| format!("neither version has a criterion {}", absent.join(", ")))
}

/// The statements whose own words, or whose alternatives' words, the part
/// shares and the other statements do not.
fn statement_of(part: &str, version: &Version) -> Option<Place> {
    let wanted = telling_words(part);
    let scores: Vec<(usize, &Criterion)> = version
        .criteria
        .iter()
        .map(|statement| {
            let own = telling_words(&statement.text);
            (wanted.intersection(&own).count(), statement)
        })
        .collect();
    let best = scores
        .iter()
        .map(|(score, _)| *score)
        .max()
        .unwrap_or_default();
    if best == 0 {
        return None;
    }
    let criteria = scores
        .iter()
        .filter(|(score, _)| *score == best)
        .flat_map(|(_, statement)| below(statement))
        .collect();
    Some(Place {
        words: part.trim().to_owned(),
        criteria,
        numbered: false,
    })
}

fn below(criterion: &Criterion) -> BTreeSet<CriterionId> {
    criterion.walk().map(|one| one.id.clone()).collect()
}

/// The code tables an entry speaks of.
pub(super) struct Tables {
    /// Their headings; none where the entry names no table, and so speaks of all.
    named: Vec<String>,
}

impl Tables {
    /// The tables an anchor names by the words of their headings, or by a code
    /// system in them: those that share the most words with it. Of several,
    /// the one that has no other word is meant: what does `not support` is not
    /// what does.
    pub(super) fn named(anchor: Option<&str>, before: &Version, version: &Version) -> Self {
        let Some(anchor) = anchor else {
            return Tables { named: vec![] };
        };
        let wanted = heading_words(anchor);
        let tables = before.codes.iter().chain(&version.codes);
        let titles: BTreeSet<&String> = tables.map(|table| &table.title).collect();
        let scored: Vec<(usize, bool, &String)> = titles
            .into_iter()
            .filter_map(|title| {
                let words = heading_words(title);
                let shared = |word: &&String| wanted.iter().any(|other| meet(word, other));
                let telling = telling_words(title);
                let names = |word: &String| telling.contains(word) || is_system(word);
                let count = words.iter().filter(shared).count();
                let is_named = words.iter().filter(shared).any(names);
                is_named.then_some((count, count == words.len(), title))
            })
            .collect();
        let best = scored
            .iter()
            .map(|(count, whole, _)| (*count, *whole))
            .max();
        let named = scored
            .iter()
            .filter(|(count, whole, _)| Some((*count, *whole)) == best)
            .map(|(.., title)| (*title).clone())
            .collect();
        Tables { named }
    }

    /// Whether a table is one of them.
    pub(super) fn hold(&self, title: &str) -> bool {
        self.named.is_empty() || self.named.iter().any(|named| named == title)
    }

    /// ` in Group 1`; nothing where all are meant.
    pub(super) fn in_words(&self) -> String {
        match self.named.as_slice() {
            [] => String::new(),
            named => format!(" in {}", named.join(", ")),
        }
    }
}

/// The words of a heading, the short ones too: `not` tells two lists apart.
fn heading_words(text: &str) -> BTreeSet<String> {
    const NOTHING: &[&str] = &[
        "from", "in", "of", "to", "the", "a", "an", "list", "table", "for",
    ];
    let lower = text.to_lowercase();
    words(&lower)
        .filter(|word| !NOTHING.contains(word))
        .map(|word| word.chars().take(6).collect())
        .collect()
}

fn is_system(word: &str) -> bool {
    ["cpt", "hcpcs", "icd-10"].contains(&word)
}
