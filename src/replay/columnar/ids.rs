//! Which identifiers stood before.

use std::collections::HashSet;
use std::hash::BuildHasher;

use foldhash::quality::FixedState;

/// The identifiers of the cases so far.
///
/// Exports are mostly in order of their identifiers: while each is greater
/// than the one before, none can have stood before, and nothing is compared
/// but neighbours. Otherwise their hashes are kept; if one stood before, only
/// their texts can tell whether the identifier did, and everything is read
/// again with these kept instead.
#[derive(Debug)]
pub(super) enum Ids {
    Rising { last: Vec<u8>, hashes: Vec<u64> },
    Hashed(HashSet<u64, FixedState>),
    Exact(HashSet<Box<[u8]>>),
}

/// The identifiers of one block.
#[derive(Debug, Default)]
pub(super) struct BlockIds {
    hashes: Vec<u64>,
    /// Whether each is greater than the one before.
    is_rising: bool,
    first: Vec<u8>,
    last: Vec<u8>,
}

/// A hash stood before: whether the identifier did has to be seen.
#[derive(Debug)]
pub(super) struct MaybeTwice;

/// The hash of an identifier, the same in every run.
fn hash(id: &[u8]) -> u64 {
    FixedState::with_seed(0).hash_one(id)
}

impl BlockIds {
    /// Forgets those it held.
    pub fn clear(&mut self) {
        self.hashes.clear();
        self.first.clear();
        self.last.clear();
        self.is_rising = true;
    }

    /// Adds one that follows `last`.
    pub fn add(&mut self, id: &[u8], last: &[u8]) {
        if self.hashes.is_empty() {
            self.first.extend_from_slice(id);
        } else {
            self.is_rising &= last < id;
        }
        self.hashes.push(hash(id));
    }

    /// Tells which was the last.
    pub fn end(&mut self, last: &[u8]) {
        self.last.extend_from_slice(last);
    }
}

impl Ids {
    pub fn rising() -> Self {
        Ids::Rising {
            last: vec![],
            hashes: vec![],
        }
    }

    pub fn exact() -> Self {
        Ids::Exact(HashSet::new())
    }

    /// Adds those of the next block, none of which stood before.
    ///
    /// # Errors
    /// When one may have stood before.
    pub fn add(&mut self, block: &BlockIds) -> Result<(), MaybeTwice> {
        if block.hashes.is_empty() {
            return Ok(());
        }
        if let Ids::Rising { last, hashes } = self {
            if block.is_rising && (hashes.is_empty() || *last < block.first) {
                hashes.extend_from_slice(&block.hashes);
                last.clone_from(&block.last);
                return Ok(());
            }
            let mut kept = HashSet::with_hasher(FixedState::with_seed(0));
            for hash in std::mem::take(hashes) {
                if !kept.insert(hash) {
                    return Err(MaybeTwice);
                }
            }
            *self = Ids::Hashed(kept);
        }
        if let Ids::Hashed(kept) = self {
            for hash in &block.hashes {
                if !kept.insert(*hash) {
                    return Err(MaybeTwice);
                }
            }
        }
        Ok(())
    }

    /// Adds one; whether it is new.
    ///
    /// # Errors
    /// When that cannot be told.
    pub fn add_one(&mut self, id: &[u8]) -> Result<bool, MaybeTwice> {
        if let Ids::Exact(kept) = self {
            return Ok(kept.insert(id.into()));
        }
        let mut block = BlockIds::default();
        block.clear();
        block.add(id, &[]);
        block.end(id);
        self.add(&block).map(|()| true)
    }

    /// Whether texts are kept.
    pub fn is_exact(&self) -> bool {
        matches!(self, Ids::Exact(_))
    }
}
