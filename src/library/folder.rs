//! A library as a folder of the file system.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use super::LibraryError;
use super::checkout::{Checkout, Found};
use super::load::POLICY_FILE;
use super::source::{Origin, Source, Stamp, Stamped, is_text};
use super::workers::share_out;

/// A folder.
#[derive(Debug)]
pub struct FolderSource {
    folder: PathBuf,
    /// Asked for once.
    origin: OnceLock<Origin>,
    /// What was found when the stamps were asked for last: telling whether
    /// the files are those of a commit takes no second look at them.
    found: Mutex<Option<Arc<Vec<Found>>>>,
}

impl FolderSource {
    /// Opens a folder. Git is asked what commit it is of when that matters.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn open(folder: &Path) -> Result<Self, LibraryError> {
        if !folder.is_dir() {
            return Err(LibraryError::asked(
                format!("there is no library folder {}", folder.display()),
                "name an existing folder with --library DIR, or leave it out to use the embedded library",
            ));
        }
        Ok(FolderSource {
            folder: folder.to_owned(),
            origin: OnceLock::new(),
            found: Mutex::new(None),
        })
    }

    /// Every listed file, in order of path; of a link to a folder the link.
    fn look(&self) -> Result<Vec<Found>, LibraryError> {
        let folders = self.folders()?;
        let found = share_out(&folders, |(folder, is_link)| {
            self.found_in(folder, *is_link)
        });
        let found: Result<Vec<_>, _> = found.into_iter().collect();
        let mut found: Vec<Found> = found?.into_iter().flatten().collect();
        found.sort_by(|left, right| left.path.cmp(&right.path));
        Ok(found)
    }

    fn found_in(&self, folder: &str, is_link: bool) -> Result<Vec<Found>, LibraryError> {
        let place = self.folder.join(folder);
        let fail = |error: std::io::Error| unreadable(&place, &error);
        if is_link {
            let metadata = place.symlink_metadata().map_err(fail)?;
            let path = folder.to_owned();
            return Ok(vec![Found { path, metadata }]);
        }
        let files = self.files_of(folder)?.into_iter();
        files
            .map(|(path, entry)| {
                let metadata = entry.metadata().map_err(fail)?;
                Ok(Found { path, metadata })
            })
            .collect()
    }

    /// Whether the files are those of the commit, as they were when their
    /// stamps were asked for, or else as they are now.
    fn is_clean(&self, checkout: Checkout) -> Option<bool> {
        let mut last = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let found = match &*last {
            Some(found) => Arc::clone(found),
            None => Arc::clone(last.insert(Arc::new(self.look().ok()?))),
        };
        drop(last);
        Some(checkout.is_clean(&found))
    }

    /// The files of a policy's folder, links and whatever else is no folder
    /// included: what cannot be used must be told, not passed over. Of folders
    /// in it, only what could be versions.
    fn files_of(&self, folder: &str) -> Result<Vec<(String, fs::DirEntry)>, LibraryError> {
        let path = self.folder.join(folder);
        // A link to a folder is told by the file it would have to hold.
        if !path.symlink_metadata().is_ok_and(|kind| kind.is_dir()) {
            return Ok(vec![]);
        }
        let mut files = vec![];
        for (name, entry) in entries(&path)? {
            if !entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                files.push((format!("{folder}/{name}"), entry));
                continue;
            }
            for (inner, entry) in entries(&path.join(&name)).unwrap_or_default() {
                if is_text(&inner) {
                    files.push((format!("{folder}/{name}/{inner}"), entry));
                }
            }
        }
        Ok(files)
    }

    /// The folders of the library, and links to folders.
    fn folders(&self) -> Result<Vec<(String, bool)>, LibraryError> {
        let mut folders = vec![];
        for (name, entry) in entries(&self.folder)? {
            let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
            if entry.path().is_dir() {
                folders.push((name, is_link));
            }
        }
        Ok(folders)
    }
}

/// A file of the library may be this large; a file of cases as large as the
/// machine can hold.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

impl Source for FolderSource {
    fn list(&self) -> Result<Vec<String>, LibraryError> {
        let mut files = vec![];
        for (folder, is_link) in self.folders()? {
            if is_link {
                files.push(format!("{folder}/{POLICY_FILE}"));
                continue;
            }
            files.extend(self.files_of(&folder)?.into_iter().map(|(path, _)| path));
        }
        files.sort();
        Ok(files)
    }

    fn list_folder(&self, folder: &str) -> Result<Vec<String>, LibraryError> {
        let files = self.files_of(folder)?.into_iter();
        let mut files: Vec<String> = files.map(|(path, _)| path).collect();
        files.sort();
        Ok(files)
    }

    /// Nothing is read through a link, for it could lead out of the library,
    /// nor from what is no file, for it might never end.
    fn read(&self, path: &str) -> Result<Vec<u8>, LibraryError> {
        let full = self.folder.join(path);
        let above = full.parent().unwrap_or(&self.folder);
        for part in [above, &full] {
            let kind = part
                .symlink_metadata()
                .map_err(|error| unreadable(part, &error))?;
            if kind.is_symlink() {
                return Err(LibraryError::asked(
                    format!(
                        "{} is a symbolic link, and links are not followed",
                        part.display()
                    ),
                    "put the file itself in its place",
                ));
            }
        }
        let fail = |error: std::io::Error| unreadable(&full, &error);
        let kind = full.symlink_metadata().map_err(fail)?;
        if !kind.is_file() {
            return Err(LibraryError::asked(
                format!("{} is not a file", full.display()),
                "remove it from the library",
            ));
        }
        if is_text(path) && kind.len() > MAX_BYTES {
            return Err(LibraryError::asked(
                format!(
                    "{} is larger than {} MB",
                    full.display(),
                    MAX_BYTES / 1024 / 1024
                ),
                "see whether this is the right file",
            ));
        }
        fs::read(&full).map_err(fail)
    }

    fn origin(&self) -> Origin {
        let ask = || {
            let checkout = Checkout::of(&self.folder);
            Origin {
                place: self.folder.display().to_string(),
                commit: checkout.as_ref().map(Checkout::commit),
                clean: checkout.and_then(|checkout| self.is_clean(checkout)),
                revision: None,
            }
        };
        self.origin.get_or_init(ask).clone()
    }

    fn stamps(&self) -> Result<Vec<Stamped>, LibraryError> {
        let mut last = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        // The clock is read before any file is looked at: what changes from
        // here on is not settled.
        let now = nanoseconds(Ok(SystemTime::now()));
        let found = Arc::clone(last.insert(Arc::new(self.look()?)));
        drop(last);
        let stamped = |file: &Found| Stamped {
            path: file.path.clone(),
            stamp: stamp(&file.metadata, now),
        };
        let texts = found.iter().filter(|file| is_text(&file.path));
        Ok(texts.map(stamped).collect())
    }

    fn place(&self) -> Option<String> {
        let folder = self.folder.canonicalize().ok()?;
        Some(format!("folder {}", folder.to_str()?))
    }
}

/// Clocks of file systems tick as rarely as every two seconds (FAT). A file
/// touched less than two ticks before it was looked at may change once more
/// without its times showing it, so its stamp is not settled: whoever
/// remembers the stamp must read the file again.
const UNSETTLED: u64 = 4_000_000_000;

/// Size, times and identity of a file. The time of the last change of its
/// entry (ctime) is what `touch` and `cp -p` cannot set back.
fn stamp(metadata: &fs::Metadata, now: u64) -> Stamp {
    let modified = nanoseconds(metadata.modified());
    #[cfg(unix)]
    let (changed, node, device) = {
        use std::os::unix::fs::MetadataExt;
        let seconds = u64::try_from(metadata.ctime()).unwrap_or_default();
        let fraction = u64::try_from(metadata.ctime_nsec()).unwrap_or_default();
        let changed = seconds
            .saturating_mul(1_000_000_000)
            .saturating_add(fraction);
        (changed, metadata.ino(), metadata.dev())
    };
    #[cfg(not(unix))]
    let (changed, node, device) = (nanoseconds(metadata.created()), 0, 0);
    Stamp {
        mark: [metadata.len(), modified, changed, node, device],
        settled: modified.max(changed).saturating_add(UNSETTLED) < now,
    }
}

fn nanoseconds(time: std::io::Result<SystemTime>) -> u64 {
    let since = time
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let nanoseconds = since.map(|since| since.as_nanos());
    nanoseconds
        .and_then(|count| u64::try_from(count).ok())
        .unwrap_or_default()
}

/// What a folder holds, hidden files left out. A name that is not UTF-8 is
/// written so that it can be told; it cannot be read by that name.
fn entries(folder: &Path) -> Result<Vec<(String, fs::DirEntry)>, LibraryError> {
    let fail = |error: std::io::Error| unreadable(folder, &error);
    let mut entries = vec![];
    for entry in fs::read_dir(folder).map_err(fail)? {
        let entry = entry.map_err(fail)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            entries.push((name, entry));
        }
    }
    Ok(entries)
}

fn unreadable(path: &Path, error: &std::io::Error) -> LibraryError {
    LibraryError::environment(
        format!("{} cannot be read: {error}", path.display()),
        "see whether it is there and whether you may read it",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_used_is_listed_and_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let policy = folder.path().join("P");
        fs::create_dir_all(policy.join("versions")).expect("a folder");
        fs::write(policy.join("policy.toml"), "x").expect("a file");
        fs::write(policy.join(".swap"), "x").expect("a file");
        fs::write(policy.join("versions/2021-01.toml"), "x").expect("a file");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("/etc/passwd", policy.join("2020.toml")).expect("a link");
            std::os::unix::fs::symlink("/etc", folder.path().join("Q")).expect("a link");
            let source = FolderSource::open(folder.path()).expect("a library");
            let listed = source.list().expect("a listing");
            assert_eq!(
                listed,
                [
                    "P/2020.toml",
                    "P/policy.toml",
                    "P/versions/2021-01.toml",
                    "Q/policy.toml"
                ]
            );
            for link in ["P/2020.toml", "Q/policy.toml"] {
                let error = source.read(link).expect_err(link);
                assert!(error.message.contains("symbolic link"), "{error}");
            }
        }
    }

    #[test]
    fn a_stamp_changes_with_the_file_and_settles_with_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let policy = folder.path().join("P");
        fs::create_dir(&policy).expect("a folder");
        fs::write(policy.join("policy.toml"), "x").expect("a file");
        fs::write(policy.join("cases.jsonl"), "x").expect("a file");
        let source = FolderSource::open(folder.path()).expect("a library");
        let before = source.stamps().expect("stamps");
        let paths: Vec<_> = before.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(paths, ["P/policy.toml"], "cases are left out");
        assert!(!before[0].stamp.settled, "it was written just now");
        fs::write(policy.join("policy.toml"), "xy").expect("a file");
        assert_ne!(source.stamps().expect("stamps"), before);
        let metadata = fs::metadata(policy.join("policy.toml")).expect("metadata");
        let later = nanoseconds(Ok(SystemTime::now())) + 2 * UNSETTLED;
        assert!(stamp(&metadata, later).settled);
        assert!(
            !stamp(&metadata, 0).settled,
            "a time in the future never settles"
        );
    }

    #[test]
    fn a_missing_folder_is_named() {
        let error = FolderSource::open(Path::new("no/such/folder")).expect_err("an error");
        assert!(error.message.contains("no/such/folder"), "{error}");
    }
}
