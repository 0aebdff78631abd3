//! The words of the rule language, with their positions.

use super::parse::RuleError;

/// A word of the rule language.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    /// A fact name, with its dots.
    Name(String),
    Text(String),
    Number(f64),
    /// An operator or bracket, as written.
    Mark(&'static str),
}

/// Longer marks first, so that `<=` is not read as `<`.
const MARKS: [&str; 14] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "(", ")", "[", "]", ",",
];

/// Splits a rule into tokens, each with its byte offset.
pub(super) fn tokens(source: &str) -> Result<Vec<(usize, Token)>, RuleError> {
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(first) = source[at..].chars().next() {
        let rest = &source[at..];
        let (token, length) = match first {
            ' ' | '\t' | '\n' | '\r' => {
                at += 1;
                continue;
            }
            '"' | '\'' => text(source, at, first)?,
            '0'..='9' => number(source, at, rest)?,
            '-' if rest[1..].starts_with(|next: char| next.is_ascii_digit()) => {
                number(source, at, rest)?
            }
            'a'..='z' | 'A'..='Z' | '_' => name(rest),
            _ => match MARKS.into_iter().find(|mark| rest.starts_with(mark)) {
                Some(mark) => (Token::Mark(mark), mark.len()),
                None => return Err(unexpected(source, at, first)),
            },
        };
        tokens.push((at, token));
        at += length;
    }
    Ok(tokens)
}

fn name(rest: &str) -> (Token, usize) {
    let length = rest
        .find(|next: char| !(next.is_ascii_alphanumeric() || next == '_' || next == '.'))
        .unwrap_or(rest.len());
    (Token::Name(rest[..length].to_owned()), length)
}

fn number(source: &str, at: usize, rest: &str) -> Result<(Token, usize), RuleError> {
    let length = rest
        .char_indices()
        .find(|(index, next)| {
            !(next.is_ascii_alphanumeric() || *next == '.' || (*index == 0 && *next == '-'))
        })
        .map_or(rest.len(), |(index, _)| index);
    let written = &rest[..length];
    let plain = written
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b'-')
        && !written.ends_with('.');
    match written.parse::<f64>() {
        Ok(value) if plain && value.is_finite() => Ok((Token::Number(value), length)),
        _ => Err(RuleError::at(
            source,
            at,
            format!("`{written}` is not a number"),
            "write a decimal number, as 3 or 0.5",
        )),
    }
}

fn text(source: &str, at: usize, quote: char) -> Result<(Token, usize), RuleError> {
    let mut value = String::new();
    let mut characters = source[at + 1..].char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some((_, escaped @ ('\\' | '"' | '\''))) => value.push(escaped),
                _ => {
                    return Err(RuleError::at(
                        source,
                        at + 1 + index,
                        "this escape is not known".to_owned(),
                        r#"only \\, \" and \' are"#,
                    ));
                }
            },
            '\n' | '\r' => break,
            _ if character == quote => return Ok((Token::Text(value), index + 2)),
            _ => value.push(character),
        }
    }
    Err(RuleError::at(
        source,
        at,
        "the text is not closed".to_owned(),
        "end it with the quotation mark it began with",
    ))
}

fn unexpected(source: &str, at: usize, found: char) -> RuleError {
    let hint = match found {
        '=' => "to compare, write ==",
        '&' => "to join conditions, write &&",
        '|' => "to offer alternatives, write ||",
        '“' | '”' | '‘' | '’' => "use straight quotation marks",
        '≥' => "write >=",
        '≤' => "write <=",
        '≠' => "write !=",
        '+' | '-' | '*' | '/' | '%' => "rules compare a fact with a value; they do not calculate",
        _ => "rules are made of fact names, values, comparisons, &&, ||, ! and parentheses",
    };
    let shown = if crate::text::is_hidden(found) || !found.is_ascii() {
        format!("`{found}` (U+{:04X})", found as u32)
    } else {
        format!("`{found}`")
    };
    RuleError::at(source, at, format!("{shown} is not part of a rule"), hint)
}
