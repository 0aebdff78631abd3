//! The index on disk: a cache, never a source.
//!
//! One folder holds the index of one library. Its files are written once and
//! never changed; the manifest, replaced as a whole, names those that count
//! and what the index is of. Whatever goes wrong with any of them, the way out
//! is the same: build it again from the library. So nothing is synced to disk
//! here: what a power cut tears is noticed by its sums and rebuilt.

mod directory;
mod manifest;
mod sums;
mod unused;

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use sha2::{Digest, Sha256};

pub(super) use directory::CacheDirectory;
pub(super) use manifest::{Manifest, Unfit};

/// Names another folder for the cache than the user's.
pub const CACHE_VARIABLE: &str = "LOOKBACK_CACHE";

/// Where indexes are kept between runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexCache {
    folder: Option<PathBuf>,
}

impl IndexCache {
    /// The folder that `LOOKBACK_CACHE` names, or `lookback` in the user's
    /// cache folder. Without either, indexes are in memory.
    pub fn of_user() -> Self {
        let named = std::env::var_os(CACHE_VARIABLE).filter(|name| !name.is_empty());
        let folder = named.map(PathBuf::from).or_else(|| {
            let base = etcetera::choose_base_strategy().ok()?;
            Some(base.cache_dir().join("lookback"))
        });
        IndexCache { folder }
    }

    /// A folder.
    pub fn in_folder(folder: &Path) -> Self {
        IndexCache {
            folder: Some(folder.to_owned()),
        }
    }

    /// Nowhere: indexes are in memory.
    pub fn none() -> Self {
        IndexCache::default()
    }

    /// The shelf of a place.
    pub(super) fn shelf(&self, place: &str) -> Option<Shelf> {
        let digest = Sha256::digest(place.as_bytes());
        let name: String = digest[..16]
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let folder = self.folder.as_ref()?.join(format!("{SHELF}{name}"));
        Some(Shelf { folder })
    }
}

/// The folder of one library's index.
#[derive(Clone, Debug)]
pub(super) struct Shelf {
    folder: PathBuf,
}

/// What the name of a shelf begins with.
const SHELF: &str = "index-";
const MANIFEST: &str = "manifest";
const LOCK: &str = "lock";

/// The right to write a shelf, held until it is dropped or the program ends,
/// however it ends.
#[derive(Debug)]
pub(super) struct ShelfLock {
    file: File,
}

impl ShelfLock {
    /// Whether the lock is that of the shelf: another instance may have
    /// removed an unused shelf between the opening of the file and its locking.
    #[cfg(unix)]
    fn holds(&self, shelf: &Shelf) -> bool {
        use std::os::unix::fs::MetadataExt;
        let number = |metadata: fs::Metadata| (metadata.dev(), metadata.ino());
        let now = fs::metadata(shelf.folder.join(LOCK)).map(number);
        now.is_ok_and(|now| self.file.metadata().map(number).is_ok_and(|own| own == now))
    }

    /// An open file cannot be removed here.
    #[cfg(not(unix))]
    fn holds(&self, _: &Shelf) -> bool {
        true
    }
}

impl Shelf {
    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The manifest's bytes, if there is one.
    pub(super) fn manifest(&self) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.folder.join(MANIFEST)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Makes the folder, for its owner only, and locks it; nothing, if
    /// another instance writes it.
    pub(super) fn lock(&self) -> io::Result<Option<ShelfLock>> {
        create_private(&self.folder)?;
        let file = private()
            .create(true)
            .truncate(false)
            .open(self.folder.join(LOCK))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(ShelfLock { file }).filter(|lock| lock.holds(self))),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Replaces the manifest as a whole, then removes the files it does not
    /// name. Another instance may still be reading the old manifest: it finds
    /// a file missing, reads the new one and starts over.
    pub(super) fn commit(&self, _: &ShelfLock, manifest: &Manifest) -> io::Result<()> {
        let mut file = tempfile::NamedTempFile::new_in(&self.folder)?;
        io::Write::write_all(&mut file, &manifest.to_bytes())?;
        file.persist(self.folder.join(MANIFEST))?;
        self.tidy(Some(manifest));
        Ok(())
    }

    /// Removes what the manifest on the shelf does not name.
    pub(super) fn clear(&self, _: &ShelfLock) {
        let bytes = self.manifest().ok().flatten();
        let manifest = bytes.and_then(|bytes| Manifest::read(&bytes).ok());
        self.tidy(manifest.as_ref());
    }

    /// What cannot be removed now is removed after a later commit.
    fn tidy(&self, manifest: Option<&Manifest>) {
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let kept = name.to_str().is_some_and(|name| {
                name == LOCK
                    || manifest.is_some_and(|manifest| {
                        name == MANIFEST || manifest.files.contains_key(name)
                    })
            });
            if !kept {
                let _ = fs::remove_file(entry.path());
            }
        }
    }
}

/// Opens files to write that none but their owner may read.
fn private() -> fs::OpenOptions {
    let mut options = File::options();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a folder that none but its owner may look into. Fails for a folder
/// of another user: what others can write must not answer for the library.
fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
        builder.mode(0o700).create(folder)?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
    }
    #[cfg(not(unix))]
    builder.create(folder)
}
