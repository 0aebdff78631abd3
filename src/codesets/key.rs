//! A code as code sets key it.

use std::fmt;

use crate::policy::{Code, CodeSystem};

/// The most characters a code of any system has, without its dot.
const LONGEST: usize = 7;

/// A code without its dot, in upper case; ordered as the files are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key([u8; LONGEST]);

impl Key {
    /// Reads a code of letters and digits, with or without its dot. None for
    /// what no code of any system can be.
    pub fn read(text: &str) -> Option<Key> {
        let mut bytes = [0; LONGEST];
        let mut length = 0;
        for byte in text.trim().bytes().filter(|byte| *byte != b'.') {
            if !byte.is_ascii_alphanumeric() || length == LONGEST {
                return None;
            }
            bytes[length] = byte.to_ascii_uppercase();
            length += 1;
        }
        (length >= 3).then_some(Key(bytes))
    }

    /// The key of exactly these characters, upper case and without a dot.
    pub(super) fn exact(characters: &[u8]) -> Option<Key> {
        let allowed = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit();
        let fits = (3..=LONGEST).contains(&characters.len()) && characters.iter().all(allowed);
        let mut bytes = [0; LONGEST];
        bytes
            .get_mut(..characters.len())
            .filter(|_| fits)?
            .copy_from_slice(characters);
        Some(Key(bytes))
    }

    /// The key of a policy's code, if it can be one.
    pub fn of(code: &Code) -> Option<Key> {
        Key::read(code.as_str())
    }

    /// The code in the spelling of a system.
    pub fn code(&self, system: CodeSystem) -> Code {
        Code::as_printed(system, self.as_str())
    }

    /// The code without its dot.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(self.bytes()).unwrap_or_default()
    }

    /// Its characters.
    pub fn bytes(&self) -> &[u8] {
        let length = self.0.iter().position(|byte| *byte == 0);
        &self.0[..length.unwrap_or(LONGEST)]
    }

    /// Whether it is a subdivision of another, however deep.
    pub fn is_below(&self, other: &Key) -> bool {
        self != other && self.bytes().starts_with(other.bytes())
    }

    /// The code it is a subdivision of, one character shorter.
    pub fn shortened(&self) -> Option<Key> {
        let bytes = self.bytes();
        let shorter = std::str::from_utf8(&bytes[..bytes.len().checked_sub(1)?]).ok()?;
        Key::read(shorter)
    }

    /// The code with another character in one place.
    pub(super) fn with(&self, place: usize, character: u8) -> Key {
        let mut key = *self;
        if place < key.bytes().len() {
            key.0[place] = character;
        }
        key
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_keyed_without_dot_and_case() {
        for (text, expected) in [
            ("G90.521", Some("G90521")),
            (" g90521 ", Some("G90521")),
            ("S72.001A", Some("S72001A")),
            ("62351", Some("62351")),
            ("G9", None),
            ("S72001AB", None),
            ("G90é", None),
            ("", None),
        ] {
            let key = Key::read(text);
            assert_eq!(key.as_ref().map(Key::as_str), expected, "{text}");
        }
    }

    #[test]
    fn subdivisions_lie_below() {
        let key = |text| Key::read(text).expect("a code");
        assert!(key("G90521").is_below(&key("G9052")));
        assert!(!key("G9052").is_below(&key("G9052")));
        assert_eq!(key("G90521").shortened(), Some(key("G9052")));
        assert_eq!(key("G90").shortened(), None);
        assert!(key("G905") < key("G9052") && key("G9052") < key("G906"));
    }
}
