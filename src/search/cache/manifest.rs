//! The one file that says what an index is: its files with their sums, and
//! what it is of.

use std::collections::BTreeMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::super::bytes::{Reader, Writer};
use super::super::catalogue::Catalogue;
use super::super::schema;
use super::sums::{BLOCK, Sums};

/// Goes up whenever what is indexed changes: what an item is, how text is cut
/// into words, what the manifest holds.
const FORMAT: u64 = 2;

const TITLE: &[u8] = b"lookback index\n";

/// What an index is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Manifest {
    /// The library's files and policies.
    pub(in super::super) catalogue: Arc<Catalogue>,
    /// tantivy's commit point.
    pub(super) meta: Vec<u8>,
    /// The files of the index.
    pub(super) files: BTreeMap<String, Sums>,
}

impl Manifest {
    pub(in super::super) fn new(
        catalogue: Catalogue,
        (meta, files): (Vec<u8>, BTreeMap<String, Sums>),
    ) -> Self {
        Manifest {
            catalogue: Arc::new(catalogue),
            meta,
            files,
        }
    }

    /// The same index with another catalogue.
    pub(in super::super) fn with(self, catalogue: Catalogue) -> Self {
        Manifest {
            catalogue: Arc::new(catalogue),
            ..self
        }
    }

    /// Title, the program that wrote it, all else; and a hash of all that.
    pub(in super::super) fn to_bytes(&self) -> Vec<u8> {
        let mut to = Writer::default();
        to.bytes(TITLE);
        to.bytes(&program());
        self.catalogue.write(&mut to);
        to.count(self.meta.len());
        to.bytes(&self.meta);
        to.count(self.files.len());
        for (name, sums) in &self.files {
            to.text(name);
            to.count(sums.length);
            sums.blocks
                .iter()
                .for_each(|sum| to.bytes(&sum.to_le_bytes()));
        }
        let hash = Sha256::digest(&to.0);
        to.bytes(&hash);
        to.0
    }

    /// The manifest of some bytes.
    ///
    /// # Errors
    /// When it is another program's, or not as it was written.
    pub(in super::super) fn read(bytes: &[u8]) -> Result<Self, Unfit> {
        let (body, hash) = bytes.split_last_chunk::<32>().ok_or(Unfit::Damaged)?;
        if Sha256::digest(body)[..] != hash[..] {
            return Err(Unfit::Damaged);
        }
        let mut from = Reader(body);
        if from.bytes(TITLE.len()) != Some(TITLE) {
            return Err(Unfit::Damaged);
        }
        if from.array() != Some(program()) {
            return Err(Unfit::Older);
        }
        read_body(&mut from).ok_or(Unfit::Damaged)
    }
}

/// Whether a manifest that begins so is this program's.
pub(super) fn is_of_this_program(head: &[u8]) -> bool {
    let mut from = Reader(head);
    from.bytes(TITLE.len()) == Some(TITLE) && from.array() == Some(program())
}

fn read_body(from: &mut Reader<'_>) -> Option<Manifest> {
    let catalogue = Catalogue::read(from)?;
    let length = from.count()?;
    let meta = from.bytes(length)?.to_owned();
    let files = from.list(|from| {
        let name = from.text()?.to_owned();
        let length = from.count()?;
        let blocks = from.bytes(length.div_ceil(BLOCK).checked_mul(4)?)?;
        let sum = |bytes: &[u8; 4]| u32::from_le_bytes(*bytes);
        let blocks = blocks.as_chunks().0.iter().map(sum).collect();
        Some((name, Sums { length, blocks }))
    })?;
    Some(Manifest {
        catalogue: Arc::new(catalogue),
        meta,
        files: files.into_iter().collect(),
    })
}

/// Why an index cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Unfit {
    /// Another version of the program wrote it.
    Older,
    /// It is not as it was written.
    Damaged,
}

/// What stands for the program that can use an index: the format, the
/// program's version, tantivy's version and the schema. The program's version
/// is among them so that a change of what is indexed that forgot [`FORMAT`]
/// does not outlive a release.
fn program() -> [u8; 32] {
    let (schema, _) = schema::schema();
    let schema = serde_json::to_string(&schema).unwrap_or_default();
    let version = env!("CARGO_PKG_VERSION");
    let tantivy = tantivy::version_string();
    Sha256::digest(format!("{FORMAT}\n{version}\n{tantivy}\n{schema}")).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_comes_back_and_any_flipped_byte_is_noticed() {
        let sums = Sums {
            length: BLOCK + 1,
            blocks: vec![1, 2],
        };
        let files = BTreeMap::from([("one.idx".to_owned(), sums)]);
        let manifest = Manifest::new(Catalogue::default(), (b"{}".to_vec(), files));
        let bytes = manifest.to_bytes();
        assert_eq!(Manifest::read(&bytes), Ok(manifest));
        for at in 0..bytes.len() {
            let mut flipped = bytes.clone();
            flipped[at] ^= 0x20;
            assert_eq!(Manifest::read(&flipped), Err(Unfit::Damaged), "{at}");
            assert_eq!(Manifest::read(&bytes[..at]), Err(Unfit::Damaged), "{at}");
        }
    }

    #[test]
    fn the_index_of_another_program_is_older() {
        let mut to = Writer::default();
        to.bytes(TITLE);
        to.bytes(&[0; 32]);
        let hash = Sha256::digest(&to.0);
        to.bytes(&hash);
        assert_eq!(Manifest::read(&to.0), Err(Unfit::Older));
    }
}
