//! Does a descriptor say what the code set says, and if not, what differs?

use std::collections::BTreeSet;

use super::{Found, Kind, Severity};
use crate::codesets::{CodeSet, CodeSets, Edition, Key, Title};
use crate::policy::{CodeRow, Date};

/// Abbreviations of descriptors, and other ways to write a word.
const SPELLINGS: [(&str, &str); 32] = [
    ("&", "and"),
    ("abn", "abnormal"),
    ("acq", "acquired"),
    ("addl", "additional"),
    ("bilat", "bilateral"),
    ("clos", "closed"),
    ("diab", "diabetes"),
    ("disp", "displaced"),
    ("dx", "diagnosis"),
    ("encntr", "encounter"),
    ("fx", "fracture"),
    ("incl", "including"),
    ("inj", "injection"),
    ("init", "initial"),
    ("lt", "left"),
    ("nec", "not elsewhere classified"),
    ("neoplm", "neoplasm"),
    ("nos", "not otherwise specified"),
    ("oth", "other"),
    ("prep", "preparation"),
    ("proc", "procedure"),
    ("rt", "right"),
    ("subs", "subsequent"),
    ("syn", "syndrome"),
    ("tx", "treatment"),
    ("unsp", "unspecified"),
    ("unspec", "unspecified"),
    ("w", "with"),
    ("w/", "with"),
    ("w/o", "without"),
    ("wo", "without"),
    ("tumour", "tumor"),
];

/// Words that change what a code means when they come or go. Numbers do too.
const MEANINGFUL: [&str; 24] = [
    "acute",
    "bilateral",
    "chronic",
    "excludes",
    "initial",
    "lower",
    "left",
    "no",
    "non",
    "not",
    "open",
    "closed",
    "partial",
    "replacement",
    "right",
    "sequela",
    "subsequent",
    "temporary",
    "total",
    "unilateral",
    "unspecified",
    "upper",
    "with",
    "without",
];

/// What is to be said of the descriptor of a row.
pub(super) fn of_row(row: &CodeRow, effective: Date, sets: &CodeSets) -> Option<Found> {
    let set = sets.of(row.code.system())?;
    let key = Key::of(&row.code)?;
    let covered = set.covered();
    let (first, last) = (effective.first_day(), effective.last_day());
    let there = set
        .intervals(&key)
        .iter()
        .any(|one| one.holds(first) || one.holds(last));
    let tells = covered.contains(&first) && covered.contains(&last);
    if row.text.trim().is_empty() || !there || !tells {
        return None;
    }
    let (title, end) = (set.title(&key, first)?, set.title(&key, last)?);
    if [&title, &end]
        .into_iter()
        .any(|title| says(title, &row.text))
    {
        return None;
    }
    let edition = Edition::on(set.system(), last);
    let (kind, severity, message) = judge(&row.text, &end, edition, &older(set, &key, last));
    Some(Found {
        kind,
        severity,
        code: row.code.clone(),
        edition: Some(edition),
        message: format!("{}: {message}", row.code),
        hint: Some(format!("{edition} calls it \"{}\"", end.long)),
    })
}

/// Whether a text is a title, long or short, in any case.
fn says(title: &Title, text: &str) -> bool {
    let same = |title: &str| words(title) == words(text);
    same(&title.long) || title.short.as_deref().is_some_and(same)
}

/// The titles a code bore before the one of that day, with their last edition.
fn older(set: &CodeSet, key: &Key, day: jiff::civil::Date) -> Vec<(Title, Edition)> {
    let titles = set.life(key).map(|life| life.titles).unwrap_or_default();
    titles
        .windows(2)
        .filter(|pair| pair[1].from <= day)
        .filter_map(|pair| {
            let last = pair[1].from.yesterday().ok()?;
            Some((pair[0].title.clone(), Edition::on(set.system(), last)))
        })
        .collect()
}

fn judge(
    text: &str,
    title: &Title,
    edition: Edition,
    older: &[(Title, Edition)],
) -> (Kind, Severity, String) {
    let (ours, theirs) = difference(text, &title.long);
    let quoted = |words: &str| match words {
        "" => "nothing".to_owned(),
        words => format!("\"{words}\""),
    };
    let differing = format!("{} where {edition} has {}", quoted(&ours), quoted(&theirs));
    if bare(text) == bare(&title.long) {
        let message = format!("{differing}; only the punctuation differs");
        return (Kind::DriftPunctuation, Severity::Note, message);
    }
    if bare(&spelt_out(text)) == bare(&spelt_out(&title.long)) {
        let message = format!("{differing}; only the spelling differs");
        return (Kind::DriftSpelling, Severity::Note, message);
    }
    let outdated = older
        .iter()
        .find(|(title, _)| bare(&title.long) == bare(text));
    if let Some((_, last)) = outdated {
        let message = format!("the descriptor is that of {last}: {differing}");
        return (Kind::DriftOutdated, Severity::Warning, message);
    }
    if meaning(text) != meaning(&title.long) {
        let message = format!("{differing}; that may change what is meant");
        return (Kind::DriftMeaning, Severity::Warning, message);
    }
    let message = format!("{differing}; the same is said in other words");
    (Kind::DriftWording, Severity::Note, message)
}

/// The words that differ, without those that both begin and end with.
fn difference(ours: &str, theirs: &str) -> (String, String) {
    let (ours, theirs): (Vec<_>, Vec<_>) = (
        ours.split_whitespace().collect(),
        theirs.split_whitespace().collect(),
    );
    let same = |(one, other): &(&&str, &&str)| one.eq_ignore_ascii_case(other);
    let front = ours.iter().zip(&theirs).take_while(same).count();
    let (ours, theirs) = (&ours[front..], &theirs[front..]);
    let back = ours
        .iter()
        .rev()
        .zip(theirs.iter().rev())
        .take_while(same)
        .count();
    let part = |words: &[&str]| words[..words.len() - back].join(" ");
    (part(ours), part(theirs))
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_lowercase).collect()
}

/// Letters and digits only.
fn bare(text: &str) -> String {
    let letters = text.chars().filter(|one| one.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

fn spelt_out(text: &str) -> String {
    let spelt = |word: String| {
        let trimmed = word.trim_matches(|one: char| ",.;:()[]".contains(one));
        let found = SPELLINGS.iter().find(|(short, _)| *short == trimmed);
        found.map_or(word.clone(), |(_, long)| (*long).to_owned())
    };
    words(text)
        .into_iter()
        .map(spelt)
        .collect::<Vec<_>>()
        .join(" ")
}

/// The numbers and the words that carry meaning.
fn meaning(text: &str) -> BTreeSet<String> {
    let spelt = spelt_out(text);
    let parts = spelt.split(|one: char| !(one.is_alphanumeric() || one == '.'));
    parts
        .map(|part| part.trim_matches('.'))
        .filter(|part| MEANINGFUL.contains(part) || part.contains(|one: char| one.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}
