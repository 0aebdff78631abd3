//! Codes that differ in nothing but the side of the body.
//!
//! Siblings are derived from the code set: codes that differ in one character
//! and whose titles are the same but for the side. That finds G90.529 beside
//! G90.521 and S72.002A beside S72.001A alike.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date as Day, date};

use super::{Found, Kind, Severity, listed};
use crate::codesets::{CodeSet, CodeSets, Edition, Key};
use crate::policy::{Code, CodeSystem, Date, Version};

/// The day from which claims had to carry ICD-10-CM.
const MANDATORY: Day = date(2015, 10, 1);
/// Years for which it is worth saying that a sibling is younger: decisions
/// older than that are seldom looked back at.
const RECENT: i16 = 5;

/// The side a title names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Side {
    Right,
    Left,
    Bilateral,
    Unspecified,
}

impl Side {
    fn of(words: &[String]) -> Option<Side> {
        let has = |word: &str| words.iter().any(|one| one == word);
        match () {
            () if has("bilateral") => Some(Side::Bilateral),
            () if has("right") && has("left") => None,
            () if has("right") => Some(Side::Right),
            () if has("left") => Some(Side::Left),
            () if has("unspecified") => Some(Side::Unspecified),
            () => None,
        }
    }
}

/// Siblings by side.
type Group = BTreeMap<Side, Key>;

/// Missing siblings, and siblings younger than the others.
pub(super) fn of_version(version: &Version, sets: &CodeSets) -> Vec<Found> {
    let Some(set) = sets.of(CodeSystem::Icd10Cm) else {
        return vec![];
    };
    let codes = version.all_codes().map(|(_, row)| &row.code);
    let listed: BTreeSet<Key> = codes
        .filter(|code| code.system() == CodeSystem::Icd10Cm)
        .filter_map(Key::of)
        .collect();
    let mut groups: BTreeSet<Group> = BTreeSet::new();
    for key in &listed {
        groups.extend(groups_of(key, version.effective, set));
    }
    let mut found = vec![];
    for group in groups {
        let (there, missing): (Vec<_>, Vec<_>) =
            group.iter().partition(|(_, key)| is_listed(key, &listed));
        let there: Group = there.into_iter().map(|(side, key)| (*side, *key)).collect();
        for (side, key) in missing {
            found.extend(missing_sibling(*side, key, &there, version.effective, set));
        }
        found.extend(younger(&there, version.effective, set));
    }
    found
}

/// Listed itself, or through the header above it.
fn is_listed(key: &Key, listed: &BTreeSet<Key>) -> bool {
    listed.contains(key) || listed.iter().any(|one| key.is_below(one))
}

/// The groups a code belongs to, one for each place that may tell the side.
fn groups_of(key: &Key, effective: Date, set: &CodeSet) -> Vec<Group> {
    let day = effective.last_day();
    let Some((side, rest)) = described(key, effective, set, day) else {
        return vec![];
    };
    let mut groups = vec![];
    for place in 3..key.bytes().len() {
        let mut group = Group::from([(side, *key)]);
        for character in (b'0'..=b'9').chain(b'A'..=b'Z') {
            let other = key.with(place, character);
            if let Some((side, same)) = described(&other, effective, set, day)
                && same == rest
            {
                group.entry(side).or_insert(other);
            }
        }
        if group.contains_key(&Side::Right) && group.contains_key(&Side::Left) {
            groups.push(group);
        }
    }
    groups
}

/// The side a code's title names and the rest of the title, if claims may
/// carry the code on all days the date may mean.
fn described(key: &Key, effective: Date, set: &CodeSet, day: Day) -> Option<(Side, Vec<String>)> {
    let valid = set.intervals(key).iter().any(|one| {
        one.billable && one.holds(effective.first_day()) && one.holds(effective.last_day())
    });
    if !valid || !set.covered().contains(&day) {
        return None;
    }
    let title = set.title(key, day)?.long.to_lowercase();
    let words: Vec<String> = title
        .split(|one: char| !one.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(|word| word.strip_suffix('s').unwrap_or(word).to_owned())
        .collect();
    let side = Side::of(&words)?;
    let sides = ["right", "left", "bilateral", "unspecified", "side"];
    let mut rest: Vec<String> = words
        .into_iter()
        .filter(|word| !sides.contains(&word.as_str()))
        .collect();
    rest.sort();
    Some((side, rest))
}

fn missing_sibling(
    side: Side,
    key: &Key,
    there: &Group,
    effective: Date,
    set: &CodeSet,
) -> Option<Found> {
    let has = |side| there.contains_key(&side);
    let (severity, what) = match side {
        Side::Right if has(Side::Left) => (Severity::Warning, "the right side"),
        Side::Left if has(Side::Right) => (Severity::Warning, "the left side"),
        Side::Bilateral if has(Side::Right) && has(Side::Left) => (Severity::Warning, "both sides"),
        Side::Unspecified if has(Side::Right) && has(Side::Left) => {
            (Severity::Note, "the unspecified side")
        }
        _ => return None,
    };
    let edition = Edition::on(set.system(), effective.last_day());
    let code = key.code(set.system());
    let beside = listed(&codes(there, set));
    Some(Found {
        kind: Kind::SiblingMissing,
        severity,
        message: format!(
            "{code}, the code for {what}, is not listed beside {beside}; it is valid in {edition}"
        ),
        hint: Some("add it, or have a reason to leave it out".to_owned()),
        code,
        edition: Some(edition),
    })
}

fn codes(group: &Group, set: &CodeSet) -> Vec<Code> {
    let mut codes: Vec<Code> = group.values().map(|key| key.code(set.system())).collect();
    codes.sort();
    codes
}

/// Listed siblings that became valid after the others.
fn younger(there: &Group, effective: Date, set: &CodeSet) -> Vec<Found> {
    let start = |key: &Key| {
        let intervals = set.intervals(key);
        intervals
            .iter()
            .find(|one| one.holds(effective.first_day()))
            .copied()
    };
    let mut found = vec![];
    for key in there.values() {
        let Some(begun) = start(key).filter(|one| set.tells_start(one)) else {
            continue;
        };
        let recent =
            begun.from > MANDATORY && begun.from.year() >= effective.first_day().year() - RECENT;
        let mut older = there.clone();
        older.retain(|_, other| start(other).is_some_and(|one| one.from < begun.from));
        if !recent || older.is_empty() {
            continue;
        }
        let code = key.code(set.system());
        let edition = Edition::on(set.system(), begun.from);
        let beside = listed(&codes(&older, set));
        found.push(Found {
            kind: Kind::Newer,
            severity: Severity::Note,
            message: format!(
                "{code} is valid from {} ({edition}) on only, later than {beside}",
                begun.from
            ),
            hint: Some("a request with an earlier date of service cannot carry it".to_owned()),
            code,
            edition: Some(edition),
        });
    }
    found
}
