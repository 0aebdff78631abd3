//! A shelf as tantivy sees it.
//!
//! tantivy's own commit point, `meta.json`, and its list of files are kept in
//! memory and go into our manifest, and its requests to delete are passed
//! over: until a manifest names them, new files are nothing, and until it no
//! longer does, old files stay. A program killed at any moment leaves the
//! index as the manifest has it.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tantivy::Directory;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, Lock, MmapDirectory, TerminatingWrite, WatchCallback,
    WatchHandle, WritePtr,
};

use super::sums::{Checked, Summing, Sums, damage};
use super::{Manifest, Shelf, private};

/// The files of a shelf, those of the manifest and those written since.
#[derive(Clone, Debug)]
pub(in super::super) struct CacheDirectory {
    folder: PathBuf,
    mapped: MmapDirectory,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// The files that are complete.
    files: BTreeMap<String, Sums>,
    /// What tantivy replaces as a whole.
    small: BTreeMap<PathBuf, Vec<u8>>,
}

const META: &str = "meta.json";

impl CacheDirectory {
    /// The index a manifest names.
    pub(in super::super) fn open(shelf: &Shelf, manifest: &Manifest) -> io::Result<Self> {
        let directory = CacheDirectory::create(shelf)?;
        let mut state = directory.state();
        state.files.clone_from(&manifest.files);
        state.small.insert(META.into(), manifest.meta.clone());
        drop(state);
        Ok(directory)
    }

    /// An index to be written.
    pub(in super::super) fn create(shelf: &Shelf) -> io::Result<Self> {
        let mapped = MmapDirectory::open(shelf.folder()).map_err(io::Error::other)?;
        Ok(CacheDirectory {
            folder: shelf.folder().to_owned(),
            mapped,
            state: Arc::default(),
        })
    }

    /// tantivy's commit point, and the sums of the files it names.
    pub(in super::super) fn committed(
        &self,
        used: impl Fn(&str) -> bool,
    ) -> (Vec<u8>, BTreeMap<String, Sums>) {
        let state = self.state();
        let meta = state.small.get(Path::new(META)).cloned();
        let files = state.files.iter().filter(|(name, _)| used(name));
        let files = files.map(|(name, sums)| (name.clone(), sums.clone()));
        (meta.unwrap_or_default(), files.collect())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn name(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

impl Directory for CacheDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        let missing = || OpenReadError::FileDoesNotExist(path.to_owned());
        let sums = self
            .state()
            .files
            .get(&name(path))
            .cloned()
            .ok_or_else(missing)?;
        let file = self.mapped.get_file_handle(path)?;
        let failed = |error| OpenReadError::wrap_io_error(error, path.to_owned());
        Ok(Arc::new(Checked::new(file, sums).map_err(failed)?))
    }

    fn delete(&self, _: &Path) -> Result<(), DeleteError> {
        Ok(())
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        let state = self.state();
        Ok(state.small.contains_key(path) || state.files.contains_key(&name(path)))
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let file = private().create_new(true).open(self.folder.join(path));
        let file = file.map_err(|error| OpenWriteError::wrap_io_error(error, path.to_owned()))?;
        Ok(BufWriter::new(Box::new(Output {
            file,
            summing: Summing::default(),
            name: name(path),
            state: Arc::clone(&self.state),
        })))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let bytes = self.state().small.get(path).cloned();
        bytes.ok_or_else(|| OpenReadError::FileDoesNotExist(path.to_owned()))
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        self.state().small.insert(path.to_owned(), data.to_owned());
        Ok(())
    }

    fn sync_directory(&self) -> io::Result<()> {
        Ok(())
    }

    /// The shelf's own lock stands for all of tantivy's.
    fn acquire_lock(&self, _: &Lock) -> Result<DirectoryLock, LockError> {
        Ok(DirectoryLock::from(Box::new(())))
    }

    fn watch(&self, _: WatchCallback) -> tantivy::Result<WatchHandle> {
        Ok(WatchHandle::empty())
    }
}

/// A file being written.
struct Output {
    file: std::fs::File,
    summing: Summing,
    name: String,
    state: Arc<Mutex<State>>,
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.summing.add(bytes.get(..written).ok_or_else(damage)?);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl TerminatingWrite for Output {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        self.file.flush()?;
        let sums = std::mem::take(&mut self.summing).finish();
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.files.insert(std::mem::take(&mut self.name), sums);
        Ok(())
    }
}
