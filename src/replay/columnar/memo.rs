//! What the texts of a column mean, each worked out once.

use std::collections::HashMap;

use super::fields::{Span, Text};

/// Beyond so many texts, new ones are worked out each time: memory stays
/// bounded whatever a file holds.
const MOST: usize = 1 << 15;

/// A text of up to 16 bytes: two words, and how long it is.
type Short = (u64, u64, u32);

/// Meanings by text. Short texts, which codes and dates are, are told apart
/// as numbers.
#[derive(Debug)]
pub(super) struct Memo<V> {
    /// A power of two of places, each tried in turn from where a text belongs.
    short: Vec<Option<(Short, V)>>,
    held: usize,
    long: HashMap<Box<[u8]>, V>,
}

impl<V: Copy> Memo<V> {
    pub fn new() -> Self {
        Memo {
            short: vec![None; 256],
            held: 0,
            long: HashMap::new(),
        }
    }

    /// What the text means; `meaning` works it out.
    pub fn get(&mut self, text: Text<'_>, span: Span, meaning: impl FnOnce(&[u8]) -> V) -> V {
        let bytes = text.bytes(span);
        if bytes.len() > 16 {
            return self.get_long(bytes, meaning);
        }
        let (low, high) = text.words(span);
        let key = (low, high, span.len);
        let mut place = self.place(key);
        while let Some((known, value)) = &self.short[place] {
            if *known == key {
                return *value;
            }
            place = (place + 1) & (self.short.len() - 1);
        }
        let value = meaning(bytes);
        if self.held < MOST {
            self.short[place] = Some((key, value));
            self.held += 1;
            if self.held * 2 > self.short.len() {
                self.grow();
            }
        }
        value
    }

    fn get_long(&mut self, bytes: &[u8], meaning: impl FnOnce(&[u8]) -> V) -> V {
        if let Some(value) = self.long.get(bytes) {
            return *value;
        }
        let value = meaning(bytes);
        if self.long.len() < MOST {
            self.long.insert(bytes.into(), value);
        }
        value
    }

    fn place(&self, (low, high, _): Short) -> usize {
        let mixed = (low ^ high.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 40) as usize & (self.short.len() - 1)
    }

    fn grow(&mut self) {
        let places = self.short.len() * 4;
        let held = std::mem::replace(&mut self.short, vec![None; places]);
        for entry in held.into_iter().flatten() {
            let mut place = self.place(entry.0);
            while self.short[place].is_some() {
                place = (place + 1) & (places - 1);
            }
            self.short[place] = Some(entry);
        }
    }
}
