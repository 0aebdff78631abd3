//! A CSV file in blocks of whole rows.

use std::io::{self, Read};

use super::fields::{LEAD, TAIL};
use crate::cases::csv::MAX_RECORD;

/// Bytes of a block: what the second cache holds, with the fields found in it.
pub const BLOCK: usize = 512 * 1024;

/// Where blocks come from.
pub(super) struct Source<'r> {
    input: Box<dyn Read + Send + 'r>,
    /// Rows begun in the block before.
    rest: Vec<u8>,
    block: usize,
    next: usize,
    ended: bool,
    /// Why it ended, if not because it was at its end.
    broken: Option<io::Error>,
}

/// What a block is, beside its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// Its place among the blocks.
    pub place: usize,
    /// Whether its last row ends with the input instead of a line end.
    pub is_cut: bool,
    /// Whether its rows are longer than rows may be.
    pub is_endless: bool,
}

impl<'r> Source<'r> {
    /// A source of rows; `rest` comes before what `input` gives.
    pub fn new(rest: Vec<u8>, input: Box<dyn Read + Send + 'r>, block: usize) -> Self {
        Source {
            input,
            rest,
            block,
            next: 0,
            ended: false,
            broken: None,
        }
    }

    /// Fills `bytes` with the next block, a line end before it and room after
    /// it; none at the end, or where the input breaks off.
    pub fn next(&mut self, bytes: &mut Vec<u8>) -> Option<Block> {
        bytes.clear();
        bytes.push(b'\n');
        bytes.append(&mut self.rest);
        let end = loop {
            let wanted = self
                .block
                .saturating_sub(bytes.len())
                .max(self.block / 4 + 1);
            if !self.ended {
                let got = (&mut self.input).take(wanted as u64).read_to_end(bytes);
                self.ended = got.as_ref().map_or(true, |got| *got < wanted);
                if let Err(error) = got {
                    // What came before stands; half a row does not.
                    let end = memchr::memrchr(b'\n', bytes).map_or(0, |at| at + 1);
                    bytes.truncate(end);
                    self.broken = Some(error);
                }
            }
            if self.ended || bytes.len() > 2 * MAX_RECORD {
                break bytes.len();
            }
            if let Some(end) = last_row_end(&bytes[LEAD..]) {
                break LEAD + end;
            }
        };
        if bytes.len() == LEAD {
            return None;
        }
        let is_endless = !self.ended && end > 2 * MAX_RECORD;
        self.rest.extend_from_slice(&bytes[end..]);
        bytes.truncate(end);
        let is_cut = self.ended && self.rest.is_empty() && bytes.last() != Some(&b'\n');
        if is_cut {
            bytes.push(b'\n');
        }
        bytes.resize(bytes.len() + TAIL, 0);
        let place = self.next;
        self.next += 1;
        Some(Block {
            place,
            is_cut,
            is_endless,
        })
    }

    /// What was not given out yet.
    pub fn into_rest(self) -> (Vec<u8>, Box<dyn Read + Send + 'r>, Option<io::Error>) {
        (self.rest, self.input, self.broken)
    }
}

/// An input that breaks off.
pub(super) struct Broken(pub Option<io::Error>);

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        self.0.take().map_or(Ok(0), Err)
    }
}

/// Where the last row ends, as far as quotation marks that enclose fields can
/// tell; whether they do is seen when the fields are found.
fn last_row_end(bytes: &[u8]) -> Option<usize> {
    let mut end = memchr::memrchr(b'\n', bytes)? + 1;
    let mut marks = memchr::memchr_iter(b'"', &bytes[..end]).count();
    while marks % 2 == 1 {
        let before = memchr::memrchr(b'\n', &bytes[..end - 1])? + 1;
        marks -= memchr::memchr_iter(b'"', &bytes[before..end]).count();
        end = before;
    }
    Some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_end_within_quotation_marks_ends_no_row() {
        assert_eq!(last_row_end(b"a,b\nc,\"d\ne"), Some(4));
        assert_eq!(last_row_end(b"a,b\nc,\"d\ne\"\nf"), Some(12));
        assert_eq!(last_row_end(b"\"a\nb"), None);
        assert_eq!(last_row_end(b"a"), None);
    }

    proptest::proptest! {
        #[test]
        fn blocks_give_back_every_byte(rows in proptest::collection::vec(0usize..400_000, 0..12), cut: bool) {
            let mut text: Vec<u8> = vec![];
            for (index, length) in rows.iter().enumerate() {
                text.extend(std::iter::repeat_n(b'a' + index as u8, *length));
                text.push(b'\n');
            }
            if cut { text.extend_from_slice(b"cut"); }
            let mut source = Source::new(vec![], Box::new(text.as_slice()), BLOCK);
            let (mut bytes, mut given) = (vec![], vec![]);
            while let Some(block) = source.next(&mut bytes) {
                let end = bytes.len() - TAIL - usize::from(block.is_cut);
                given.extend_from_slice(&bytes[LEAD..end]);
                proptest::prop_assert!(!block.is_endless);
            }
            proptest::prop_assert_eq!(&given, &text);
        }
    }
}
