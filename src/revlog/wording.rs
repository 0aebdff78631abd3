//! Whether a text holds a phrase, and whether one phrase took the place of
//! another.

/// Whether a text lost the one phrase and gained the other. Both may have
/// stood in it before and after, while other words changed: they are counted.
/// A phrase that is part of the other need not go, or come, itself.
pub(super) fn phrase_changed(
    old: Option<&str>,
    new: Option<&str>,
    was: Option<&str>,
    now: Option<&str>,
) -> bool {
    let count = |text: Option<&str>, phrase: &str| text.map_or(0, |text| occurrences(text, phrase));
    let lost = |old: &str| count(now, old) < count(was, old);
    let gained = |new: &str| count(was, new) < count(now, new);
    match (old, new) {
        (Some(old), Some(new)) => {
            (lost(old) || (holds(new, old) && count(was, old) > 0))
                && (gained(new) || (holds(old, new) && count(now, new) > 0))
                && (lost(old) || gained(new))
        }
        (Some(old), None) => lost(old) && count(now, old) == 0,
        (None, Some(new)) => gained(new),
        (None, None) => false,
    }
}

/// Whether a text holds a phrase.
pub(super) fn holds(text: &str, phrase: &str) -> bool {
    occurrences(text, phrase) > 0
}

/// How often a text holds a phrase, whatever the case, spacing and kind of
/// quotation marks. A phrase begins and ends where words do: `local` is no
/// part of `localized`, nor 3 of 3.5.
fn occurrences(text: &str, phrase: &str) -> usize {
    let (text, phrase) = (plain(text), plain(phrase));
    if phrase.is_empty() {
        return 0;
    }
    text.match_indices(&phrase)
        .filter(|(at, _)| is_boundary(&text, *at) && is_boundary(&text, at + phrase.len()))
        .count()
}

fn plain(text: &str) -> String {
    let text = text
        .to_lowercase()
        .replace(['“', '”'], "\"")
        .replace(['‘', '’'], "'");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether no word goes on across a position: letters, digits, and hyphens or
/// points between them.
fn is_boundary(text: &str, at: usize) -> bool {
    let mut before = text[..at].chars().rev();
    let mut after = text[at..].chars();
    let goes_on = |one: Option<char>| one.is_some_and(char::is_alphanumeric);
    match (before.next(), after.next()) {
        (Some('-' | '.'), next) if goes_on(next) => !goes_on(before.next()),
        (last, Some('-' | '.')) if goes_on(last) => !goes_on(after.next()),
        (last, next) => !(goes_on(last) && goes_on(next)),
    }
}
