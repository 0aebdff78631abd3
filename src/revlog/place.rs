//! The criteria and tables that an entry points to in words.

use std::collections::BTreeSet;

use super::phrase::words;
use super::read::ids;
use crate::policy::{Criterion, CriterionId, Version};

/// A place an entry names, and the criteria there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The entry's words for it.
    pub words: String,
    /// The criteria, those under them included.
    pub criteria: BTreeSet<CriterionId>,
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

/// The places an anchor names that the version has: criteria by number, and
/// top-level statements by their words. `trial and permanent placement`
/// names two.
pub(super) fn places(anchor: &str, text: &str, version: &Version) -> Vec<Place> {
    let numbered: Vec<Place> = ids(text)
        .into_iter()
        .filter_map(|id| {
            let criterion = version.criterion(&CriterionId::new(&id)?)?;
            Some(Place {
                words: id,
                criteria: below(criterion),
            })
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
    })
}

fn below(criterion: &Criterion) -> BTreeSet<CriterionId> {
    criterion.walk().map(|one| one.id.clone()).collect()
}

/// Whether a table's heading is what an anchor names. An anchor that names no
/// table by its words leaves all open.
pub(super) fn names_table(anchor: Option<&str>, table: &str, all_tables: &[String]) -> bool {
    let Some(anchor) = anchor else { return true };
    let wanted = telling_words(anchor);
    let shares = |title: &str| telling_words(title).intersection(&wanted).next().is_some();
    !all_tables.iter().any(|title| shares(title)) || shares(table)
}
