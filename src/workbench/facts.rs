//! Two dictionaries of facts: what differs, and whether rules of both sides
//! can be held against each other.

use std::collections::BTreeSet;

use super::names::Named;
use crate::compare::Pair;
use crate::criteria::domain::domains;
use crate::policy::criterion::ANSWER_PREFIX;
use crate::policy::{Dictionary, FactDefinition, FactKind, Version};

/// A fact that two dictionaries define differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactChange {
    /// Its name.
    pub name: String,
    /// Its definitions in words; one is absent if it was added or removed.
    pub definitions: Pair<Option<String>>,
}

impl FactChange {
    /// The change in a few words.
    pub fn describe(&self) -> String {
        let name = &self.name;
        match (&self.definitions.old, &self.definitions.new) {
            (None, Some(new)) => format!("fact {name} added: {new}"),
            (Some(old), None) => format!("fact {name} removed: {old}"),
            (old, new) => {
                let words = |one: &Option<String>| one.clone().unwrap_or_default();
                format!("fact {name} changed: {} to {}", words(old), words(new))
            }
        }
    }
}

/// Every fact that differs, by name.
pub(super) fn fact_changes(dictionaries: Pair<&Dictionary>) -> Vec<FactChange> {
    let names: BTreeSet<&str> = dictionaries
        .old
        .names()
        .chain(dictionaries.new.names())
        .collect();
    names
        .into_iter()
        .filter_map(|name| {
            let definitions = dictionaries.map(|one| one.get(name));
            definitions.differs().then(|| FactChange {
                name: name.to_owned(),
                definitions: definitions.map(|one| one.map(describe)),
            })
        })
        .collect()
}

fn describe(fact: &FactDefinition) -> String {
    let mut words = kind(&fact.kind);
    if !fact.implies.is_empty() {
        words = format!("{words}, implies {}", fact.implies.join(", "));
    }
    format!("{words}, \"{}\"", fact.ask)
}

fn kind(kind: &FactKind) -> String {
    match kind {
        FactKind::Bool => "yes or no".to_owned(),
        kind => kind.expectation(),
    }
}

/// Why rules of the two sides cannot be held against each other; nothing, if
/// every fact that either tests is of one name, type and implication in both.
pub(super) fn disagreement(pair: Pair<Named<'_>>) -> Option<String> {
    let (old, new) = (pair.old.0, pair.new.0);
    if std::ptr::eq(old, new) {
        return None;
    }
    let versions = [pair.old.1, pair.new.1];
    let answered = |version: &Version| {
        let mut criteria = version.all_criteria();
        criteria.any(|criterion| criterion.is_answered_directly())
    };
    if old.reference != new.reference && versions.iter().any(|version| answered(version)) {
        return Some("criteria without a rule ask each policy's own question".to_owned());
    }
    let tested: BTreeSet<String> = domains(&versions, &new.facts)
        .into_keys()
        .filter(|name| !name.starts_with(ANSWER_PREFIX))
        .collect();
    let sides = Pair::new(&old.facts, &new.facts);
    let lacking = |side: &Dictionary, which: &str| {
        let names: Vec<&str> = tested
            .iter()
            .map(String::as_str)
            .filter(|name| side.get(name).is_none())
            .collect();
        (!names.is_empty()).then(|| format!("the {which} side has no fact {}", listed(&names)))
    };
    let wrong: Vec<String> = [lacking(sides.old, "older"), lacking(sides.new, "newer")]
        .into_iter()
        .flatten()
        .chain(
            tested
                .iter()
                .filter_map(|name| differs(name, sides, &tested)),
        )
        .collect();
    (!wrong.is_empty()).then(|| wrong.join("; "))
}

/// So many names tell enough.
const NAMED: usize = 3;

fn listed(names: &[&str]) -> String {
    let named = names[..names.len().min(NAMED)].join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => named,
        more => format!("{named} and {more} more"),
    }
}

/// What about a fact that both have differs so that an answer would not mean
/// the same.
fn differs(name: &str, sides: Pair<&Dictionary>, tested: &BTreeSet<String>) -> Option<String> {
    let (old, new) = (sides.old.get(name)?, sides.new.get(name)?);
    if !is_same_kind(&old.kind, &new.kind) {
        let kinds = (kind(&old.kind), kind(&new.kind));
        return Some(format!("{name} is {} and {}", kinds.0, kinds.1));
    }
    let implied = sides.map(|one| -> BTreeSet<&str> {
        let implied = one.implied_by(name).into_iter();
        implied.filter(|fact| tested.contains(*fact)).collect()
    });
    let told = |facts: &BTreeSet<&str>| match facts.len() {
        0 => "nothing".to_owned(),
        _ => facts.iter().copied().collect::<Vec<_>>().join(", "),
    };
    implied.differs().then(|| {
        format!(
            "{name} implies {} and {}",
            told(&implied.old),
            told(&implied.new)
        )
    })
}

/// Whether two kinds admit the same values; the order of choices is no matter.
fn is_same_kind(old: &FactKind, new: &FactKind) -> bool {
    match (old, new) {
        (FactKind::Choice { choices: old }, FactKind::Choice { choices: new }) => {
            old.iter().collect::<BTreeSet<_>>() == new.iter().collect::<BTreeSet<_>>()
        }
        (old, new) => old == new,
    }
}
