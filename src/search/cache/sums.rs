//! Check sums by block, and reading that never hands out a byte unchecked.
//!
//! tantivy answers from four of its seven kinds of files with a flipped byte
//! and says nothing. Checking all of an index whenever it is opened would
//! take longer than most searches; checking it now and then would let a wrong
//! answer through. So every file is summed in blocks as it is written, and a
//! block is checked when it is first read: an answer costs the checking of
//! what it rests on, and none rests on anything unchecked.
//!
//! CRC-32 finds every change within four bytes of each other, and all but one
//! in four billion of the others; the sums themselves stand in the manifest,
//! under SHA-256.

use std::fmt;
use std::io;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tantivy::HasLen;
use tantivy::directory::{FileHandle, OwnedBytes};

/// The bytes of a block: small enough that a short read checks little.
pub(super) const BLOCK: usize = 16 * 1024;

/// The length of a file and the sums of its blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Sums {
    pub(super) length: usize,
    pub(super) blocks: Vec<u32>,
}

/// Sums a file while it is written.
#[derive(Default)]
pub(super) struct Summing {
    sums: Sums,
    open: crc32fast::Hasher,
}

impl Summing {
    pub(super) fn add(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let room = BLOCK - self.sums.length % BLOCK;
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.open.update(now);
            self.sums.length += now.len();
            if now.len() == room {
                let full = std::mem::take(&mut self.open);
                self.sums.blocks.push(full.finalize());
            }
            bytes = later;
        }
    }

    pub(super) fn finish(mut self) -> Sums {
        if !self.sums.length.is_multiple_of(BLOCK) {
            self.sums.blocks.push(self.open.finalize());
        }
        self.sums
    }
}

/// What reading a damaged file fails with.
#[derive(Debug)]
struct Damage;

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a file of the index is not as it was written")
    }
}

impl std::error::Error for Damage {}

pub(super) fn damage() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, Damage)
}

/// A file whose blocks are checked when they are first read.
pub(super) struct Checked {
    file: Arc<dyn FileHandle>,
    sums: Sums,
    /// A bit for each block: whether it was found to be as written.
    sound: Vec<AtomicU64>,
}

impl fmt::Debug for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Checked({} bytes)", self.sums.length)
    }
}

impl Checked {
    /// # Errors
    /// When the file has another length than it was written with.
    pub(super) fn new(file: Arc<dyn FileHandle>, sums: Sums) -> io::Result<Self> {
        if file.len() != sums.length {
            return Err(damage());
        }
        let words = sums.blocks.len().div_ceil(64);
        Ok(Checked {
            file,
            sums,
            sound: (0..words).map(|_| AtomicU64::new(0)).collect(),
        })
    }

    fn check(&self, block: usize) -> io::Result<()> {
        // Checking twice does no harm, so nothing is to be ordered here.
        let (word, bit) = (&self.sound[block / 64], 1 << (block % 64));
        if word.load(Ordering::Relaxed) & bit != 0 {
            return Ok(());
        }
        let start = block * BLOCK;
        let end = (start + BLOCK).min(self.sums.length);
        let bytes = self.file.read_bytes(start..end)?;
        if crc32fast::hash(&bytes) != self.sums.blocks[block] {
            return Err(damage());
        }
        word.fetch_or(bit, Ordering::Relaxed);
        Ok(())
    }
}

impl HasLen for Checked {
    fn len(&self) -> usize {
        self.sums.length
    }
}

impl FileHandle for Checked {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        if range.start > range.end || range.end > self.sums.length {
            return Err(damage());
        }
        if range.is_empty() {
            return Ok(OwnedBytes::empty());
        }
        for block in range.start / BLOCK..=(range.end - 1) / BLOCK {
            self.check(block)?;
        }
        self.file.read_bytes(range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn summed(bytes: &[u8], piece: usize) -> Sums {
        let mut summing = Summing::default();
        bytes.chunks(piece).for_each(|piece| summing.add(piece));
        summing.finish()
    }

    fn checked(bytes: Vec<u8>, sums: Sums) -> io::Result<Checked> {
        Checked::new(Arc::new(OwnedBytes::new(bytes)), sums)
    }

    #[test]
    fn sums_do_not_depend_on_how_a_file_is_written() {
        for length in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK] {
            let bytes: Vec<u8> = (0..length).map(|at| (at % 251) as u8).collect();
            let sums = summed(&bytes, 1);
            assert_eq!(sums.blocks.len(), length.div_ceil(BLOCK));
            for piece in [7, BLOCK, usize::MAX] {
                assert_eq!(summed(&bytes, piece), sums, "{length} by {piece}");
            }
        }
    }

    #[test]
    fn what_is_damaged_is_not_handed_out_and_the_rest_is() {
        let bytes = vec![7; 2 * BLOCK + 10];
        let sums = summed(&bytes, BLOCK);
        for at in [0, BLOCK, 2 * BLOCK + 9] {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1;
            let file = checked(flipped, sums.clone()).expect("a file");
            for block in 0..3 {
                let range = block * BLOCK..block * BLOCK + 1;
                let read = file.read_bytes(range);
                assert_eq!(read.is_err(), block == at / BLOCK, "{at} {block}");
            }
            assert!(file.read_bytes(0..bytes.len()).is_err());
        }
        assert!(checked(bytes[1..].to_vec(), sums.clone()).is_err(), "cut");
        let whole = checked(bytes.clone(), sums).expect("a file");
        assert_eq!(
            &*whole.read_bytes(5..BLOCK + 5).expect("bytes"),
            &bytes[5..BLOCK + 5]
        );
    }
}
