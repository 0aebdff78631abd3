//! Removes the indexes of libraries that are no longer searched.
//!
//! A shelf tells by the time of its manifest when it was last of use; opening
//! it moves that time on, once a day. Removal is as safe as any writing: it
//! takes the shelf's lock, and whoever wants the index again builds it again.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::time::{Duration, SystemTime};

use super::manifest::is_of_this_program;
use super::{IndexCache, LOCK, MANIFEST, SHELF, Shelf};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// An index is kept so long after its last use.
const KEPT: Duration = Duration::from_secs(60 * DAY.as_secs());
/// One of another version of the program so long: this one would build it again.
const KEPT_OF_OTHERS: Duration = Duration::from_secs(7 * DAY.as_secs());
/// So many shelves are looked at, and so many removed, at a time.
const MOST_SEEN: usize = 500;
const MOST_REMOVED: usize = 4;

impl Shelf {
    /// Notes that the index is of use. Where it cannot be noted, as on a disk
    /// that is read only, nothing can be removed either.
    pub(in super::super) fn note_use(&self) {
        let path = self.folder.join(MANIFEST);
        if last_used(&path).is_some_and(|age| age > DAY)
            && let Ok(file) = File::options().append(true).open(&path)
        {
            let _ = file.set_modified(SystemTime::now());
        }
    }

    /// Whether it has been of no use for long.
    fn is_unused(&self) -> bool {
        let manifest = self.folder.join(MANIFEST);
        match last_used(&manifest) {
            Some(age) => age > KEPT || (age > KEPT_OF_OTHERS && !is_ours(&manifest)),
            // Its first building was cut short.
            None => last_used(&self.folder.join(LOCK)).is_some_and(|age| age > KEPT_OF_OTHERS),
        }
    }

    /// Removes the shelf if it is unused and nobody writes it.
    fn remove_unused(&self) -> bool {
        if !self.is_unused() {
            return false;
        }
        let Ok(Some(_lock)) = self.lock() else {
            return false;
        };
        // It may have been used while the lock was not ours.
        if !self.is_unused() {
            return false;
        }
        self.tidy(None);
        let _ = fs::remove_file(self.folder.join(LOCK));
        fs::remove_dir(&self.folder).is_ok()
    }
}

/// How long ago a file was written; nothing for what is no plain file.
fn last_used(path: &Path) -> Option<Duration> {
    let metadata = fs::symlink_metadata(path).ok()?;
    let written = metadata.modified().ok().filter(|_| metadata.is_file())?;
    Some(written.elapsed().unwrap_or_default())
}

fn is_ours(manifest: &Path) -> bool {
    let mut head = vec![];
    let read = File::open(manifest).and_then(|file| file.take(256).read_to_end(&mut head));
    // What cannot be read is left alone.
    read.is_err() || is_of_this_program(&head)
}

impl IndexCache {
    /// Removes shelves that are long unused, a few at a time, but not the one
    /// in use.
    pub(in super::super) fn remove_unused(&self, in_use: &Shelf) {
        let Some(folder) = &self.folder else { return };
        let mut removed = 0;
        for entry in fs::read_dir(folder).into_iter().flatten().take(MOST_SEEN) {
            let Ok(entry) = entry else { continue };
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            let name = entry.file_name();
            if !is_folder || !name.to_str().is_some_and(is_shelf) || in_use.folder == entry.path() {
                continue;
            }
            let shelf = Shelf {
                folder: entry.path(),
            };
            removed += usize::from(shelf.remove_unused());
            if removed == MOST_REMOVED {
                return;
            }
        }
    }
}

/// Whether a folder has the name of a shelf.
fn is_shelf(name: &str) -> bool {
    let digest = name.strip_prefix(SHELF);
    digest.is_some_and(|digest| {
        digest.len() == 32 && digest.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::super::catalogue::Catalogue;
    use super::super::Manifest;
    use super::*;

    /// A cache with shelves of an index each, last used so many days ago.
    fn cache(days: &[(&str, u64)]) -> (tempfile::TempDir, IndexCache) {
        let folder = tempfile::tempdir().expect("a folder");
        let cache = IndexCache::in_folder(folder.path());
        for (place, days) in days {
            let shelf = cache.shelf(place).expect("a shelf");
            let lock = shelf.lock().expect("a lock").expect("free");
            let manifest = Manifest::new(Catalogue::default(), (vec![], BTreeMap::new()));
            shelf.commit(&lock, &manifest).expect("committed");
            fs::write(shelf.folder.join("0.idx"), "words").expect("written");
            set_age(&shelf.folder.join(MANIFEST), *days);
        }
        (folder, cache)
    }

    fn set_age(path: &Path, days: u64) {
        let file = File::options().append(true).open(path).expect("a file");
        let then = SystemTime::now() - DAY * days as u32;
        file.set_modified(then).expect("a time");
    }

    fn has(cache: &IndexCache, place: &str) -> bool {
        cache.shelf(place).expect("a shelf").folder.exists()
    }

    #[test]
    fn what_is_long_unused_is_removed_and_nothing_else() {
        let (folder, cache) = cache(&[("mine", 900), ("old", 61), ("new", 59), ("busy", 61)]);
        let other = folder.path().join("index-of-something-else");
        fs::create_dir(&other).expect("a folder");
        let busy = cache.shelf("busy").expect("a shelf");
        let lock = busy.lock().expect("a lock").expect("free");
        let mine = cache.shelf("mine").expect("a shelf");
        cache.remove_unused(&mine);
        let left = ["mine", "old", "new", "busy"].map(|place| has(&cache, place));
        assert_eq!(left, [true, false, true, true]);
        assert!(other.exists());
        drop(lock);
        cache.remove_unused(&mine);
        assert!(!has(&cache, "busy"));
    }

    #[test]
    fn what_is_of_use_is_noted() {
        let (_folder, cache) = cache(&[("used", 61)]);
        let used = cache.shelf("used").expect("a shelf");
        used.note_use();
        cache.remove_unused(&cache.shelf("mine").expect("a shelf"));
        assert!(has(&cache, "used"));
    }

    #[test]
    fn the_index_of_another_program_and_one_never_finished_go_sooner() {
        let (_folder, cache) = cache(&[("others", 0), ("young", 0), ("begun", 0), ("ours", 8)]);
        let path = |place, file| cache.shelf(place).expect("a shelf").folder.join(file);
        for (place, days) in [("others", 8), ("young", 6)] {
            fs::write(path(place, MANIFEST), "lookback index\nof another").expect("written");
            set_age(&path(place, MANIFEST), days);
        }
        fs::remove_file(path("begun", MANIFEST)).expect("removed");
        set_age(&path("begun", LOCK), 8);
        cache.remove_unused(&cache.shelf("mine").expect("a shelf"));
        let left = ["others", "young", "begun", "ours"].map(|place| has(&cache, place));
        assert_eq!(left, [false, true, false, true]);
    }

    #[test]
    fn few_are_removed_at_a_time() {
        let places: Vec<String> = (0..9).map(|place| place.to_string()).collect();
        let days: Vec<_> = places.iter().map(|place| (place.as_str(), 61)).collect();
        let (folder, cache) = cache(&days);
        let mine = cache.shelf("mine").expect("a shelf");
        let left = || fs::read_dir(folder.path()).expect("a folder").count();
        let counts: Vec<_> = (0..3)
            .map(|_| {
                cache.remove_unused(&mine);
                left()
            })
            .collect();
        assert_eq!(counts, [5, 1, 0]);
    }

    #[cfg(unix)]
    #[test]
    fn a_lock_on_a_shelf_that_was_removed_is_none() {
        let (_folder, cache) = cache(&[("old", 61)]);
        let old = cache.shelf("old").expect("a shelf");
        let lock = old.lock().expect("a lock").expect("free");
        fs::remove_file(old.folder.join(LOCK)).expect("removed");
        assert!(!lock.holds(&old));
        drop(lock);
        assert!(old.lock().expect("a lock").is_some());
    }
}
