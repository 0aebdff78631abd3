//! The one text type that screens and command lines accept.

use std::fmt;

/// A line of text in which every character can be seen.
///
/// White space, line breaks included, is folded to single spaces; control
/// characters, escape sequences, bidirectional overrides, zero-width and
/// other invisible characters are written out by number, as `<U+200B>`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SafeText(String);

impl SafeText {
    /// One line, with its white space folded.
    pub fn line(text: &str) -> Self {
        let mut safe = String::with_capacity(text.len());
        for word in text
            .split([' ', '\t', '\n', '\r'])
            .filter(|word| !word.is_empty())
        {
            if !safe.is_empty() {
                safe.push(' ');
            }
            push_visible(&mut safe, word);
        }
        SafeText(safe)
    }

    /// The text as it stands, spaces included: for text whose byte positions
    /// matter or that must be quoted exactly.
    pub fn exact(text: &str) -> Self {
        let mut safe = String::with_capacity(text.len());
        push_visible(&mut safe, text);
        SafeText(safe)
    }

    /// Several lines, each kept exactly.
    pub fn lines(text: &str) -> Vec<Self> {
        text.lines().map(SafeText::exact).collect()
    }

    /// The visible text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The visible text, owned.
    pub fn into_string(self) -> String {
        self.0
    }
}

impl fmt::Display for SafeText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl From<&str> for SafeText {
    fn from(text: &str) -> Self {
        SafeText::line(text)
    }
}

fn push_visible(safe: &mut String, text: &str) {
    for character in text.chars() {
        if is_hidden(character) {
            safe.push_str(&format!("<U+{:04X}>", character as u32));
        } else {
            safe.push(character);
        }
    }
}

/// Whether a character draws nothing, moves what is drawn, looks like a space
/// and is another, or stands for something a terminal would act upon.
pub fn is_hidden(character: char) -> bool {
    matches!(character,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' // C0, DEL, C1
        | '\u{a0}' | '\u{1680}' | '\u{2000}'..='\u{200a}' // spaces that look like one
        | '\u{202f}' | '\u{205f}' | '\u{3000}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' // soft hyphen, joiner, Arabic mark
        | '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}' // Hangul fillers
        | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' // zero width, bidi
        | '\u{2060}'..='\u{206f}' | '\u{2800}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_hides_is_written_out() {
        let table = [
            ("no\u{200b}infection", "no<U+200B>infection"),
            ("\u{1b}[2Jgone", "<U+001B>[2Jgone"),
            ("\u{9b}31m", "<U+009B>31m"),
            ("a\u{202e}b", "a<U+202E>b"),
            ("3\u{a0}months", "3<U+00A0>months"),
            ("3\u{2009}mg", "3<U+2009>mg"),
            ("3\u{3000}mg", "3<U+3000>mg"),
            ("so\u{ad}ft", "so<U+00AD>ft"),
            ("\u{e0041}", "<U+E0041>"),
            ("\u{7}", "<U+0007>"),
            ("naïve ≥ 50 %", "naïve ≥ 50 %"),
        ];
        for (text, expected) in table {
            assert_eq!(SafeText::line(text).as_str(), expected);
        }
    }

    #[test]
    fn a_line_folds_white_space_and_exact_text_does_not() {
        assert_eq!(SafeText::line("  a\r\n\tb  c ").as_str(), "a b c");
        assert_eq!(SafeText::exact("a  b").as_str(), "a  b");
        assert_eq!(SafeText::exact("a\nb").as_str(), "a<U+000A>b");
    }

    proptest::proptest! {
        #[test]
        fn nothing_hidden_is_left(text: String) {
            proptest::prop_assert!(!SafeText::line(&text).as_str().chars().any(is_hidden));
            proptest::prop_assert!(!SafeText::exact(&text).as_str().chars().any(is_hidden));
        }

        #[test]
        fn different_texts_look_different(left in "[a\u{200b}\u{ad} ]{0,6}", right in "[a\u{200b}\u{ad} ]{0,6}") {
            proptest::prop_assert_eq!(left == right, SafeText::exact(&left) == SafeText::exact(&right));
        }
    }
}
