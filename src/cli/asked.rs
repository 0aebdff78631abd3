//! What was asked, as reports cite it.

use std::ffi::OsString;

/// The arguments the program was started with, as typed, but for where the
/// answer goes: that makes no part of it.
pub(super) fn arguments() -> Vec<String> {
    without_destination(std::env::args_os().skip(1))
}

fn without_destination(given: impl Iterator<Item = OsString>) -> Vec<String> {
    let mut words = given.map(|word| word.to_string_lossy().into_owned());
    let mut kept = vec![];
    while let Some(word) = words.next() {
        match word.as_str() {
            // What follows are no options.
            "--" => {
                kept.push(word);
                kept.extend(words.by_ref());
            }
            "--force" => {}
            "--out" => drop(words.next()),
            other if other.starts_with("--out=") => {}
            _ => kept.push(word),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::without_destination;

    #[test]
    fn where_the_answer_goes_is_left_out() {
        let table = [
            ("replay --flips --out a.csv --force", "replay --flips"),
            ("replay --out=a.csv my.jsonl", "replay my.jsonl"),
            ("replay --force -- --out a", "replay -- --out a"),
            ("replay --out", "replay"),
        ];
        for (given, expected) in table {
            let words = given.split(' ').map(Into::into);
            assert_eq!(without_destination(words).join(" "), expected);
        }
    }
}
