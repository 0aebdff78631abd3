//! Whether the files of a folder are those of the commit that is checked out.
//!
//! Told as git tells it, without asking git for all it can tell. The index
//! has for every file its content's id and the stamp it had; a file that has
//! this stamp still is not read. What the index has is the commit's if the
//! tree it would make has the id of the commit's tree, and no tree need be
//! read to know that.

use std::cmp::Ordering;
use std::fs::Metadata;
use std::path::{Path, PathBuf};

use git2::{IndexEntry, ObjectType, Oid, Repository, Status, StatusOptions};

use super::git::{folder_tree, is_safe_name, repository_of};
use super::source::is_text;
use super::workers::share_out;

/// A folder of a repository, as the commit and the index have it.
pub(super) struct Checkout {
    repository: Repository,
    /// The folder in the file system.
    folder: PathBuf,
    /// Where the folder lies in the repository.
    inside: PathBuf,
    commit: Oid,
    /// The commit's tree of the folder.
    tree: Oid,
    /// What the index has below the folder, by path.
    entries: Vec<Entry>,
    /// When the index was written.
    written: (i32, u32),
    /// Whether git takes notice of who may execute a file.
    watches_modes: bool,
}

/// What the index has of a file; its path is relative to the folder.
struct Entry {
    path: String,
    index: IndexEntry,
}

/// A file that was found in the folder.
#[derive(Clone, Debug)]
pub(super) struct Found {
    /// Its path, relative to the folder.
    pub(super) path: String,
    /// What the file system says of it; of a link, not of where it leads.
    pub(super) metadata: Metadata,
}

const ASSUME_UNCHANGED: u16 = 0x8000;
const STAGE: u16 = 0x3000;
const SKIP_WORKTREE: u16 = 1 << 14;
const KIND: u32 = 0o170_000;
const FILE: u32 = 0o100_000;
const LINK: u32 = 0o120_000;
const REPOSITORY: u32 = 0o160_000;
#[cfg(unix)]
const EXECUTABLE: u32 = 0o100;

impl Checkout {
    /// What git has of a folder; nothing where it cannot say, or where the
    /// commit has no such folder.
    pub(super) fn of(folder: &Path) -> Option<Self> {
        let (repository, inside) = repository_of(folder).ok()??;
        let (commit, tree) = {
            let commit = repository.head().ok()?.peel_to_commit().ok()?;
            let tree = folder_tree(&repository, &commit, &inside)?;
            (commit.id(), tree.id())
        };
        let index = repository.index().ok()?;
        let written = index.path()?.metadata().ok()?;
        let mut prefix = git_path(&inside)?;
        if !prefix.is_empty() {
            prefix.push(b'/');
        }
        let mut entries: Vec<Entry> = index
            .iter()
            .filter_map(|mut index| {
                index.path = index.path.strip_prefix(&prefix[..])?.to_owned();
                let path = String::from_utf8_lossy(&index.path).into_owned();
                Some(Entry { path, index })
            })
            .collect();
        // An index that ignores case is in another order.
        entries.sort_by(|left, right| left.index.path.cmp(&right.index.path));
        let watches_modes = repository
            .config()
            .and_then(|config| config.get_bool("core.filemode"))
            .unwrap_or(true);
        Some(Checkout {
            folder: folder.to_owned(),
            inside,
            commit,
            tree,
            entries,
            written: modified(&written),
            watches_modes,
            repository,
        })
    }

    /// The commit's id in hexadecimal.
    pub(super) fn commit(&self) -> String {
        self.commit.to_string()
    }

    /// Whether the files found are those of the commit, no more and no fewer.
    /// `found` are all files that the library may read, in order of path;
    /// other files count if git keeps them.
    pub(super) fn is_clean(&self, found: &[Found]) -> bool {
        let conflicted = |entry: &Entry| entry.index.flags & STAGE != 0;
        if self.entries.iter().any(conflicted) || self.tree_of_index() != Some(self.tree) {
            return false;
        }
        let Some(doubtful) = self.not_as_stamped(found) else {
            return false;
        };
        let folder = &self.folder;
        let same = share_out(&doubtful, |entry| is_content(folder, entry));
        let mut changed: Vec<&Entry> = doubtful
            .into_iter()
            .zip(same)
            .filter(|(_, same)| !same)
            .map(|(entry, _)| entry)
            .collect();
        // Git may have been told to change line ends on their way; only git
        // knows then. Mostly the first file settles it.
        let rest = changed.split_off(changed.len().min(1));
        self.is_unchanged_to_git(&changed) && self.is_unchanged_to_git(&rest)
    }

    /// The id of the tree that a commit of the index would give the folder.
    fn tree_of_index(&self) -> Option<Oid> {
        tree_of(&self.entries, 0)
    }

    /// The files that have another stamp than the index remembers, or one
    /// that could hide a change; nothing, if a file is missing or too many.
    fn not_as_stamped(&self, found: &[Found]) -> Option<Vec<&Entry>> {
        let mut doubtful = vec![];
        // Names that are not UTF-8 are written otherwise than git sorts them.
        let mut entries: Vec<&Entry> = self.entries.iter().collect();
        entries.sort_by(|left, right| left.path.cmp(&right.path));
        let mut found = found.iter().peekable();
        for entry in entries {
            let order = found.peek().map(|file| file.path.cmp(&entry.path));
            if order == Some(Ordering::Less) {
                return None;
            }
            let read;
            let metadata = match order {
                Some(Ordering::Equal) => &found.next()?.metadata,
                _ if entry.index.mode & KIND == REPOSITORY => continue,
                _ if is_listed(&entry.path) => return None,
                _ => {
                    let path = self.folder.join(os_path(&entry.index.path)?);
                    read = path.symlink_metadata().ok()?;
                    &read
                }
            };
            if !self.is_kind(entry, metadata) {
                return None;
            }
            if !self.has_stamp(entry, metadata) {
                doubtful.push(entry);
            }
        }
        found.next().is_none().then_some(doubtful)
    }

    fn is_kind(&self, entry: &Entry, metadata: &Metadata) -> bool {
        #[cfg(unix)]
        if self.watches_modes && entry.index.mode & KIND == FILE {
            use std::os::unix::fs::MetadataExt;
            if metadata.mode() & EXECUTABLE != entry.index.mode & EXECUTABLE {
                return false;
            }
        }
        match entry.index.mode & KIND {
            FILE => metadata.is_file(),
            LINK => metadata.is_symlink(),
            _ => false,
        }
    }

    /// Whether a file was not touched since its content was looked at. One
    /// touched as late as the index was written may have been touched again
    /// within the same tick of the clock.
    fn has_stamp(&self, entry: &Entry, metadata: &Metadata) -> bool {
        let index = &entry.index;
        let noted = (index.mtime.seconds(), index.mtime.nanoseconds());
        // The index keeps the lower half of large numbers.
        let same = noted == modified(metadata) && index.file_size == metadata.len() as u32;
        #[cfg(unix)]
        let same = {
            use std::os::unix::fs::MetadataExt;
            let changed = (metadata.ctime() as i32, metadata.ctime_nsec() as u32);
            same && (index.ctime.seconds(), index.ctime.nanoseconds()) == changed
                && index.ino == metadata.ino() as u32
        };
        same && noted < self.written
    }

    fn is_unchanged_to_git(&self, entries: &[&Entry]) -> bool {
        if entries.is_empty() {
            return true;
        }
        // Of these git would say that nothing changed, whatever did.
        let unwatched = |entry: &&Entry| {
            entry.index.flags & ASSUME_UNCHANGED != 0
                || entry.index.flags_extended & SKIP_WORKTREE != 0
        };
        if entries.iter().any(unwatched) {
            return false;
        }
        let mut options = StatusOptions::new();
        options.disable_pathspec_match(true).update_index(false);
        for entry in entries {
            match os_path(&entry.index.path) {
                Some(path) => options.pathspec(self.inside.join(path)),
                None => return false,
            };
        }
        let statuses = self.repository.statuses(Some(&mut options));
        statuses.is_ok_and(|all| all.iter().all(|one| one.status() == Status::CURRENT))
    }
}

/// Whether a file has the content that the index has of it.
fn is_content(folder: &Path, entry: &Entry) -> bool {
    let id = os_path(&entry.index.path).and_then(|path| {
        let path = folder.join(path);
        if entry.index.mode & KIND == LINK {
            let target = path.read_link().ok()?;
            return Oid::hash_object(ObjectType::Blob, &git_path(&target)?).ok();
        }
        Oid::hash_file(ObjectType::Blob, path).ok()
    });
    id == Some(entry.index.id)
}

/// Whether the library would list a file of that path.
fn is_listed(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    let seen = parts.iter().all(|part| is_safe_name(part));
    seen && match parts.len() {
        2 => true,
        3 => is_text(path),
        _ => false,
    }
}

/// The id of the tree of some entries, whose paths have the same first
/// `start` bytes.
fn tree_of(entries: &[Entry], start: usize) -> Option<Oid> {
    let mut tree = vec![];
    let mut rest = entries;
    while let Some(first) = rest.first() {
        let name = first.index.path.get(start..)?;
        let (mode, name, id, taken) = match name.iter().position(|byte| *byte == b'/') {
            Some(length) => {
                let folder = &first.index.path[..=start + length];
                let within = |entry: &Entry| entry.index.path.starts_with(folder);
                let taken = rest.iter().take_while(|entry| within(entry)).count();
                let id = tree_of(&rest[..taken], folder.len())?;
                (0o040_000, &name[..length], id, taken)
            }
            None => (first.index.mode, name, first.index.id, 1),
        };
        tree.extend(format!("{mode:o} ").bytes());
        tree.extend(name);
        tree.push(0);
        tree.extend(id.as_bytes());
        rest = &rest[taken..];
    }
    Oid::hash_object(ObjectType::Tree, &tree).ok()
}

/// When a file was last modified, as the index writes it.
fn modified(metadata: &Metadata) -> (i32, u32) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        (metadata.mtime() as i32, metadata.mtime_nsec() as u32)
    }
    #[cfg(not(unix))]
    {
        let since = metadata
            .modified()
            .ok()
            .and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        since.map_or((0, 0), |since| {
            (since.as_secs() as i32, since.subsec_nanos())
        })
    }
}

/// A path as git writes it.
fn git_path(path: &Path) -> Option<Vec<u8>> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        Some(path.as_os_str().as_bytes().to_owned())
    }
    #[cfg(not(unix))]
    {
        Some(path.to_str()?.replace('\\', "/").into_bytes())
    }
}

/// A path as git writes it, for the file system.
fn os_path(path: &[u8]) -> Option<PathBuf> {
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        Some(std::ffi::OsStr::from_bytes(path).into())
    }
    #[cfg(not(unix))]
    {
        Some(std::str::from_utf8(path).ok()?.into())
    }
}
