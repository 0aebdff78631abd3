//! The criteria and codes that a text names.

use super::claims::CodesNamed;
use crate::policy::{Code, CodeSystem};

/// The criteria an entry names by number: `I.A.4`, `section I.D.` A number
/// without a point counts only behind a word of place, and may still be prose.
pub(super) fn ids(text: &str) -> Vec<String> {
    const BEFORE: &[&str] = &[
        "criterion",
        "criteria",
        "section",
        "sections",
        "statement",
        "statements",
        "indication",
        "in",
        "of",
        "under",
        "within",
        "from",
        "to",
        "for",
        "part",
        "added",
        "removed",
        "moved",
    ];
    let words = text.split(|one: char| !(one.is_ascii_alphanumeric() || one == '.'));
    let mut ids = vec![];
    let mut before_names = false;
    for word in words
        .map(|word| word.trim_matches('.'))
        .filter(|word| !word.is_empty())
    {
        let is_id = is_roman(word) && (word.contains('.') || before_names);
        if is_id {
            ids.push(word.to_owned());
        }
        let lower = word.to_lowercase();
        before_names =
            BEFORE.contains(&lower.as_str()) || is_id || (before_names && lower == "and");
    }
    ids
}

fn is_roman(word: &str) -> bool {
    let first = word.split('.').next().unwrap_or_default();
    !first.is_empty()
        && first.bytes().all(|one| b"IVXLC".contains(&one))
        && (word.len() > 1 || !["C", "L"].contains(&word))
}

/// Every code a text names, ranges told apart. An ICD-10-CM code is recognised
/// by its dot: without it, other words look like codes.
pub(super) fn codes(text: &str) -> Vec<CodesNamed> {
    let mut codes: Vec<CodesNamed> = vec![];
    let mut after: Option<(usize, Code)> = None;
    let inside = |one: char| one.is_ascii_alphanumeric() || one == '.';
    let mut at = 0;
    while at < text.len() {
        let rest = &text[at..];
        let length = rest.find(|one| !inside(one)).unwrap_or(rest.len());
        if length == 0 {
            at += rest.chars().next().map_or(1, char::len_utf8);
            continue;
        }
        let word = rest[..length].trim_end_matches('.');
        if let Some(code) = code(word) {
            let first = after.take().filter(|(end, first)| {
                first.system() == code.system() && is_range(&text[*end..at])
            });
            match first {
                Some((_, first)) => {
                    codes.pop();
                    codes.push(CodesNamed::Range(first, code));
                }
                None => {
                    after = Some((at + word.len(), code.clone()));
                    if !codes.contains(&CodesNamed::One(code.clone())) {
                        codes.push(CodesNamed::One(code));
                    }
                }
            }
        }
        at += length;
    }
    codes
}

fn code(word: &str) -> Option<Code> {
    if word.bytes().any(|byte| byte.is_ascii_lowercase()) {
        return None;
    }
    if word.contains('.') {
        Code::parse(CodeSystem::Icd10Cm, word).ok()
    } else {
        Code::parse_procedure(word).ok()
    }
}

fn is_range(between: &str) -> bool {
    ["-", "–", "—", "to", "through", "thru"]
        .contains(&between.trim().trim_start_matches('.').trim())
}
