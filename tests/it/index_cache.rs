//! The index in the cache folder: whatever happens to it, the next search
//! finds everything.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use lookback::search::Request;
use lookback::workbench::{Finder, IndexPlace, Opening, Workbench};
use tempfile::TempDir;

use crate::environment::{Environment, Run};

#[path = "../../benches/search/payer.rs"]
#[allow(dead_code)]
mod payer;

/// A small library of a payer's shape, and a place for its index.
struct Place {
    folder: TempDir,
}

/// Queries that read every kind of file of an index.
const QUERIES: [&str; 8] = [
    "the",
    "\"the of\"",
    "patient -infection",
    "infecton~",
    "tre*",
    "1* OR 2* OR 3*",
    "kind:criterion pain as-of:2014",
    "changed:2012..2013 version:previous the",
];

impl Place {
    fn new(policies: usize) -> Self {
        let place = Place {
            folder: tempfile::tempdir().expect("a folder"),
        };
        payer::write(&place.library(), shape(policies)).expect("a library");
        place
    }

    fn library(&self) -> PathBuf {
        self.folder.path().join("library")
    }

    fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    fn finder(&self, index: IndexPlace) -> Finder {
        Finder::open(&Opening {
            folder: Some(self.library()),
            revision: None,
            index,
        })
        .expect("an index")
    }

    fn kept(&self) -> Finder {
        self.finder(IndexPlace::Folder(self.cache()))
    }

    /// What a search in memory finds.
    fn expected(&self) -> Vec<String> {
        answers(&self.finder(IndexPlace::Memory))
    }

    /// The files of the index.
    fn files(&self) -> Vec<PathBuf> {
        let shelves = fs::read_dir(self.cache()).into_iter().flatten().flatten();
        let mut files: Vec<PathBuf> = shelves
            .flat_map(|shelf| fs::read_dir(shelf.path()).into_iter().flatten().flatten())
            .map(|entry| entry.path())
            .collect();
        files.sort();
        files
    }

    /// The index with all its bytes, to be put back.
    fn saved(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let read = |path: PathBuf| (path.clone(), fs::read(path).expect("a file"));
        self.files().into_iter().map(read).collect()
    }

    fn restore(&self, saved: &BTreeMap<PathBuf, Vec<u8>>) {
        for file in self.files() {
            if !saved.contains_key(&file) {
                fs::remove_file(file).expect("removed");
            }
        }
        for (path, bytes) in saved {
            fs::write(path, bytes).expect("a file");
        }
    }

    fn program(&self, cache: &Path) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lookback"));
        command
            .args(["search", "the", "--json", "--library"])
            .arg(self.library())
            .env("LOOKBACK_CACHE", cache)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, cache: &Path) -> Run {
        finished(self.program(cache).spawn().expect("the program runs"))
    }
}

fn finished(child: Child) -> Run {
    let output = child.wait_with_output().expect("the program ends");
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).expect("UTF-8"),
        stderr: String::from_utf8(output.stderr).expect("UTF-8"),
    }
}

fn shape(policies: usize) -> payer::Shape {
    payer::Shape {
        policies,
        versions: 3,
        seed: 3,
    }
}

fn answers(finder: &Finder) -> Vec<String> {
    QUERIES
        .iter()
        .map(|query| {
            let request = Request {
                query: (*query).to_owned(),
                limit: 30,
                ..Request::default()
            };
            let searched = finder.search(&request).expect(query);
            assert!(searched.results.total > 0, "{query} finds something");
            format!("{:?} {:?}", searched.results, searched.evidence.versions)
        })
        .collect()
}

const DAMAGED: &str = "the search index was damaged; it was built again from the library";

#[test]
fn an_index_is_made_once_and_said_to_be() {
    let environment = Environment::with_library();
    let first = environment.run(&["search", "infection"]);
    let second = environment.run(&["search", "infection"]);
    assert_eq!(first.stdout, second.stdout);
    assert_eq!(
        (first.stderr.as_str(), second.stderr.as_str()),
        (
            "note: there was no search index of this library yet; it was built\n",
            ""
        )
    );
    assert!(environment.path(".cache/lookback").is_dir());
    let aside = environment.run(&["search", "infection", "--no-index-cache"]);
    assert_eq!((aside.stdout, aside.stderr), (first.stdout, String::new()));
}

#[test]
fn no_index_cache_leaves_nothing_behind() {
    let environment = Environment::with_library();
    environment.run(&["search", "infection", "--no-index-cache"]);
    assert!(!environment.path(".cache").exists());
}

#[test]
fn a_change_is_found_even_where_size_and_time_stay() {
    let environment = Environment::with_library();
    let file = "policy-versions/CP.MP.173/2020-01.toml";
    let before = environment.run(&["search", "infection", "--json"]);
    let modified = fs::metadata(environment.path(file)).and_then(|data| data.modified());
    environment.edit(file, "infection", "confectin");
    fs::File::options()
        .append(true)
        .open(environment.path(file))
        .and_then(|to| to.set_modified(modified?))
        .expect("a time set back");
    let after = environment.run(&["search", "confectin", "--json"]);
    assert!(
        after.stdout.contains("\"text\": \"No active confectin"),
        "{}",
        after.stdout
    );
    assert_ne!(before.stdout, after.stdout);
    environment.write("policy-versions/CP.MP.9/policy.toml", b"no policy");
    let broken = environment.run(&["search", "confectin"]);
    assert!(
        broken.stdout.contains("not used CP.MP.9/policy.toml"),
        "{}",
        broken.stdout
    );
    fs::remove_dir_all(environment.path("policy-versions/CP.MP.9")).expect("removed");
    let mended = environment.run(&["search", "confectin", "--json"]);
    assert_eq!(mended.stdout, after.stdout);
}

#[test]
fn codes_are_answered_alike_with_and_without_an_index() {
    let environment = Environment::with_library();
    environment.write("policy-versions/CP.MP.9/policy.toml", b"no policy");
    for code in ["62351", "6236*", "99999", "pump"] {
        let kept = environment.run(&["codes", code, "--json"]);
        let aside = environment.run(&["codes", code, "--json", "--no-index-cache"]);
        assert_eq!(
            (kept.code, kept.stdout),
            (aside.code, aside.stdout),
            "{code}"
        );
    }
}

/// What the index tells of codes is what the library itself tells.
#[test]
fn codes_are_told_as_by_the_loaded_library() {
    let place = Place::new(12);
    let workbench = Workbench::open(&Opening {
        folder: Some(place.library()),
        revision: None,
        index: IndexPlace::Memory,
    })
    .expect("a library");
    let finder = place.kept();
    let (mut listed, mut found) = (0, 0);
    let common = (0..3).flat_map(|system| (0..40).map(move |rank| payer::code(system, rank)));
    let patterns = ["1*", "G90.521", "A9999", "10000-30000", "6????", "e11*"].map(str::to_owned);
    for text in common.chain(patterns) {
        let expected = workbench.codes(&text).expect("lives");
        let (lives, evidence) = finder.codes(&text).expect("lives");
        assert_eq!(lives, expected, "{text}");
        listed += lives
            .iter()
            .filter(|life| !life.listings.is_empty())
            .count();
        found += lives
            .iter()
            .filter(|life| !life.findings.is_empty())
            .count();
        let policies = workbench.library().policies().into_iter().filter(|policy| {
            let mut listings = lives.iter().flat_map(|life| &life.listings);
            lives.is_empty() || listings.any(|listing| listing.policy == policy.reference)
        });
        let versions = policies.flat_map(|policy| {
            let versions = policy.versions.iter();
            versions.map(move |version| (policy, version))
        });
        let rests_on = workbench.evidence(&versions.collect::<Vec<_>>());
        let expected = rests_on.resting_on(workbench.code_set_evidence());
        assert_eq!(evidence, expected, "{text}");
    }
    assert!(listed > 100 && found > 0, "{listed} {found}");
}

#[test]
fn any_flipped_byte_is_noticed() {
    let place = Place::new(3);
    let expected = place.expected();
    assert_eq!(answers(&place.kept()), expected);
    let saved = place.saved();
    assert!(saved.len() >= 9, "{saved:?}", saved = saved.keys());
    let mut mended = 0;
    for (path, bytes) in &saved {
        let step = (bytes.len() / 4).max(1);
        for at in (0..bytes.len())
            .step_by(step)
            .chain(bytes.len().checked_sub(1))
        {
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            fs::write(path, flipped).expect("a file");
            let finder = place.kept();
            assert_eq!(answers(&finder), expected, "{} at {at}", path.display());
            mended += usize::from(finder.notes() == [DAMAGED]);
            place.restore(&saved);
        }
    }
    // What no query reads may be damaged unnoticed; most is read.
    assert!(mended > 30, "{mended}");
}

#[test]
fn cut_and_missing_files_are_noticed() {
    let place = Place::new(3);
    let expected = place.expected();
    assert_eq!(answers(&place.kept()), expected);
    let saved = place.saved();
    for (path, bytes) in saved.iter().filter(|(path, _)| !path.ends_with("lock")) {
        for length in [Some(bytes.len() / 2), Some(bytes.len() - 1), None] {
            match length {
                Some(length) => fs::write(path, &bytes[..length]).expect("a file"),
                None => fs::remove_file(path).expect("removed"),
            }
            let finder = place.kept();
            assert_eq!(answers(&finder), expected, "{} {length:?}", path.display());
            assert_eq!(finder.notes().len(), 1, "{} {length:?}", path.display());
            place.restore(&saved);
        }
    }
}

/// Moments are told by what is on disk, not by a clock: with so many files.
#[test]
fn a_program_killed_while_it_indexes_leaves_nothing_wrong() {
    let place = Place::new(8);
    let expected = place.expected();
    let mut killed = 0;
    for moment in 0..16 {
        let rebuilds = moment < 10;
        if rebuilds {
            let _ = fs::remove_dir_all(place.cache());
        } else {
            let other = payer::Shape {
                seed: moment as u64,
                ..shape(8)
            };
            payer::write_policy(&place.library(), other, 0).expect("a policy");
        }
        let before = place.files();
        let mut child = place
            .program(&place.cache())
            .spawn()
            .expect("the program runs");
        let enough = |files: &[PathBuf]| {
            files.iter().filter(|file| !before.contains(file)).count() >= moment % 10
        };
        while child.try_wait().expect("a state").is_none() && !enough(&place.files()) {
            std::thread::yield_now();
        }
        killed += usize::from(child.try_wait().expect("a state").is_none());
        let _ = child.kill();
        let _ = child.wait();
        let expected = if rebuilds {
            expected.clone()
        } else {
            place.expected()
        };
        assert_eq!(answers(&place.kept()), expected, "killed at {moment}");
        let again = place.kept();
        assert_eq!((answers(&again), again.notes()), (expected, vec![]));
    }
    assert!(killed > 0, "none was killed in time");
}

#[test]
fn several_programs_at_once_find_the_same() {
    let place = Place::new(6);
    let expected = place.run(&place.folder.path().join("other")).stdout;
    let children: Vec<_> = (0..4)
        .map(|_| {
            place
                .program(&place.cache())
                .spawn()
                .expect("the program runs")
        })
        .collect();
    for child in children {
        let run = finished(child);
        assert_eq!((run.code, &run.stdout), (0, &expected), "{}", run.stderr);
    }
    assert_eq!(place.run(&place.cache()).stderr, "", "one of them kept it");
}

#[test]
fn while_another_program_writes_the_index_is_made_in_memory() {
    let place = Place::new(3);
    let expected = place.run(&place.cache()).stdout;
    let lock = place
        .files()
        .into_iter()
        .find(|file| file.ends_with("lock"));
    let lock = fs::File::open(lock.expect("a lock")).expect("a lock");
    lock.try_lock().expect("locked");
    let unchanged = place.run(&place.cache());
    assert_eq!(
        (unchanged.stdout, unchanged.stderr.as_str()),
        (expected, "")
    );
    payer::write_policy(
        &place.library(),
        payer::Shape {
            seed: 9,
            ..shape(3)
        },
        1,
    )
    .expect("a policy");
    let changed = place.run(&place.cache());
    assert!(
        changed.stderr.contains("another lookback is writing it"),
        "{}",
        changed.stderr
    );
    drop(lock);
    let after = place.run(&place.cache());
    assert_eq!((after.stdout, after.stderr.as_str()), (changed.stdout, ""));
}

#[test]
fn where_nothing_can_be_written_the_index_is_made_in_memory() {
    let place = Place::new(3);
    let expected = place.run(&place.cache()).stdout;
    let file = place.folder.path().join("file");
    fs::write(&file, "").expect("a file");
    let run = place.run(&file.join("cache"));
    assert_eq!((run.code, &run.stdout), (0, &expected));
    assert!(
        run.stderr.contains("the search index cannot be kept"),
        "{}",
        run.stderr
    );
}

/// A committed index is read where it may not be written.
#[cfg(unix)]
#[test]
fn a_read_only_index_is_read() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new(3);
    let expected = place.run(&place.cache()).stdout;
    let shelf = place.files()[0].parent().expect("a shelf").to_owned();
    let allow = |mode| fs::set_permissions(&shelf, fs::Permissions::from_mode(mode));
    allow(0o500).expect("read only");
    let run = place.run(&place.cache());
    allow(0o700).expect("writable");
    assert_eq!((run.code, &run.stdout), (0, &expected), "{}", run.stderr);
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_the_index() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new(2);
    place.run(&place.cache());
    let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    for file in place.files() {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
        assert_eq!(mode(file.parent().expect("a shelf")), 0o700);
    }
}

/// A write that fails for want of room, wherever in the index it is. The
/// shell's limit on the size of files stands in for a full disk.
#[cfg(unix)]
#[test]
fn want_of_room_is_no_failure() {
    let place = Place::new(6);
    let expected = place.run(&place.folder.path().join("other")).stdout;
    for blocks in [0, 1, 8, 32] {
        let mut shell = Command::new("sh");
        let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$0\" \"$@\"");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_lookback")]);
        shell
            .args(["search", "the", "--json", "--library"])
            .arg(place.library());
        shell.env("LOOKBACK_CACHE", place.cache());
        shell.stdout(Stdio::piped()).stderr(Stdio::piped());
        let run = finished(shell.spawn().expect("a shell"));
        assert_eq!(
            (run.code, &run.stdout),
            (0, &expected),
            "{blocks}: {}",
            run.stderr
        );
        assert!(
            run.stderr.contains("the search index cannot be kept"),
            "{}",
            run.stderr
        );
        let left: Vec<_> = place.files();
        assert!(left.iter().all(|file| file.ends_with("lock")), "{left:?}");
    }
    assert_eq!(place.run(&place.cache()).stdout, expected);
}

/// A disk that is really full, where mounting one is permitted.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_no_failure() {
    let place = Place::new(6);
    let expected = place.run(&place.folder.path().join("other")).stdout;
    let disk = place.folder.path().join("disk");
    fs::create_dir(&disk).expect("a folder");
    let mut mount = Command::new("mount");
    mount
        .args(["-t", "tmpfs", "-o", "size=128k", "lookback-test"])
        .arg(&disk);
    if !mount.output().is_ok_and(|output| output.status.success()) {
        use std::io::Write;
        let _ = writeln!(
            std::io::stderr(),
            "skipped: no small disk can be mounted here"
        );
        return;
    }
    let full = place.run(&disk.join("cache"));
    let again = place.run(&disk.join("cache"));
    let unmounted = Command::new("umount").arg(&disk).output();
    assert_eq!((full.code, &full.stdout), (0, &expected), "{}", full.stderr);
    assert!(
        full.stderr.contains("the search index cannot be kept"),
        "{}",
        full.stderr
    );
    assert_eq!((again.code, &again.stdout), (0, &expected));
    assert!(unmounted.is_ok_and(|output| output.status.success()));
}

#[test]
fn no_case_enters_the_index() {
    let environment = Environment::with_library();
    let canary = "ZZPHI-7391";
    environment.write(
        "policy-versions/CP.MP.173/more.jsonl",
        format!("{{\"case_id\": \"{canary}\"}}\n").as_bytes(),
    );
    environment.run(&["search", "infection"]);
    environment.run(&["search", canary]);
    let mut folders = vec![environment.path(".cache")];
    let mut files = 0;
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let bytes = fs::read(entry.path()).expect("a file");
            let text = String::from_utf8_lossy(&bytes).to_lowercase();
            assert!(!text.contains(&canary.to_lowercase()) && !text.contains("ipp-00"));
            files += 1;
        }
    }
    assert!(files > 5, "{files}");
}
