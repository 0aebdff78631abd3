//! Splits a query into words and phrases. Nothing is an error here.

/// A part of a query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// The words between `OR`s are alternatives.
    Or,
    /// A word or a field with its value.
    Word {
        /// The word, without punctuation around it.
        text: String,
        /// Whether `-` or `NOT` stands before it.
        negated: bool,
        /// Whether it is still being typed.
        open: bool,
    },
    /// What stood in quotation marks.
    Phrase {
        /// The words.
        text: String,
        /// Whether `-` or `NOT` stands before it.
        negated: bool,
    },
}

/// Splits a query. While it is `typing`, its last word is open, and a
/// quotation mark that is not closed yet is overlooked.
pub(super) fn pieces(query: &str, typing: bool) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut negated = false;
    let mut rest = query;
    loop {
        rest = rest.trim_start_matches(is_between);
        if rest.is_empty() {
            return pieces;
        }
        if let Some(after) = rest.strip_prefix('-') {
            negated = !after.starts_with(is_between) && !after.is_empty();
            rest = after;
        } else if let Some(after) = rest.strip_prefix(is_quote) {
            let closing = after.find(is_quote);
            if closing.is_none() && typing {
                rest = after;
                continue;
            }
            let text = after[..closing.unwrap_or(after.len())].to_owned();
            rest = closing.map_or("", |at| skip_first(&after[at..]));
            if text.contains(char::is_alphanumeric) {
                pieces.push(Piece::Phrase { text, negated });
            }
            negated = false;
        } else {
            let (word, after) = word(rest);
            rest = after;
            match word {
                "OR" if !negated => pieces.push(Piece::Or),
                "AND" if !negated => {}
                "NOT" if !negated => negated = true,
                _ => {
                    let open = typing && after.is_empty();
                    pieces.extend(trimmed(word, negated, open));
                    negated = false;
                }
            }
        }
    }
}

/// The word a text begins with, and what follows. The value of a field may
/// stand in quotation marks.
fn word(text: &str) -> (&str, &str) {
    let end = text
        .find(|character| is_between(character) || is_quote(character))
        .unwrap_or(text.len());
    let (word, after) = text.split_at(end);
    if word.ends_with(':')
        && let Some(value) = after.strip_prefix(is_quote)
        && let Some(closing) = value.find(is_quote)
    {
        let end = text.len() - value.len() + closing;
        return (&text[..end], skip_first(&text[end..]));
    }
    (word, after)
}

/// A word without the punctuation around it, if letters or digits are left.
fn trimmed(word: &str, negated: bool, open: bool) -> Option<Piece> {
    let is_noise = |character: char| !character.is_alphanumeric() && !"*?".contains(character);
    let text = word
        .trim_start_matches(is_noise)
        .trim_end_matches(|character| is_noise(character) && !"~:".contains(character));
    // The open end of `changed:2019..` is no punctuation.
    let is_open_range = text.contains(':') && word.ends_with("..") && !text.contains("..");
    let text = if is_open_range { word } else { text };
    text.contains(char::is_alphanumeric).then(|| Piece::Word {
        text: text.replace(is_quote, ""),
        negated,
        open: open && word.ends_with(char::is_alphanumeric),
    })
}

fn is_between(character: char) -> bool {
    character.is_whitespace() || ",;()".contains(character)
}

fn is_quote(character: char) -> bool {
    matches!(character, '"' | '“' | '”' | '„')
}

fn skip_first(text: &str) -> &str {
    let mut characters = text.chars();
    characters.next();
    characters.as_str()
}
