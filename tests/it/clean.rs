//! Whether the files of a library are those of the commit that is checked out.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use git2::{IndexAddOption, Repository, Signature};
use lookback::library::{FolderSource, Source};
use tempfile::TempDir;

/// A repository with a library of two policies, all of it committed long ago.
struct Kept {
    folder: TempDir,
    repository: Repository,
}

const FILES: [&str; 7] = [
    "notes.txt",
    "library/README.md",
    "library/.hidden",
    "library/P.1/policy.toml",
    "library/P.1/2019-01.toml",
    "library/P.1/sources/original.txt",
    "library/P.2/policy.toml",
];

impl Kept {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let kept = Kept {
            repository: Repository::init(folder.path()).expect("a repository"),
            folder,
        };
        for file in FILES {
            kept.write(file, &format!("text of {file}\n"));
        }
        kept.commit();
        kept
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Sets the time of the last change of a file, so many seconds ago.
    fn age(&self, file: &str, seconds: u64) {
        let then = SystemTime::now() - Duration::from_secs(seconds);
        let opened = fs::File::options().write(true).open(self.path(file));
        opened.and_then(|file| file.set_modified(then)).expect(file);
    }

    fn stage(&self) {
        let mut index = self.repository.index().expect("an index");
        let all = IndexAddOption::DEFAULT;
        index.add_all(["*"], all, None).expect("staged");
        index.update_all(["*"], None).expect("staged");
        index.write().expect("an index");
    }

    fn commit(&self) {
        self.stage();
        self.commit_index();
    }

    fn commit_index(&self) {
        let mut index = self.repository.index().expect("an index");
        let tree = index.write_tree().expect("a tree");
        let tree = self.repository.find_tree(tree).expect("a tree");
        let author = Signature::now("Synthetic", "synthetic@example.org").expect("an author");
        let parent = self
            .repository
            .head()
            .and_then(|head| head.peel_to_commit());
        let parents: Vec<_> = parent.iter().collect();
        self.repository
            .commit(Some("HEAD"), &author, &author, "x", &tree, &parents)
            .expect("a commit");
    }

    /// Changes what the index has of a file.
    fn note(&self, file: &str, change: impl Fn(&mut git2::IndexEntry)) {
        let mut index = self.repository.index().expect("an index");
        let mut entry = index.get_path(Path::new(file), 0).expect("an entry");
        change(&mut entry);
        index.add(&entry).expect("an entry");
        index.write().expect("an index");
    }

    fn library(&self, folder: &str) -> Option<bool> {
        let source = FolderSource::open(&self.path(folder)).expect("a library");
        let asked = source.origin().clean;
        // The answer is the same where the files were looked at before.
        let source = FolderSource::open(&self.path(folder)).expect("a library");
        source.stamps().expect("stamps");
        assert_eq!(source.origin().clean, asked);
        asked
    }

    fn is_clean(&self) -> bool {
        self.library("library").expect("a commit")
    }
}

#[test]
fn what_was_committed_is_clean() {
    let kept = Kept::new();
    assert!(kept.is_clean());
    assert_eq!(kept.library("library/P.1"), Some(true));
    assert_eq!(
        kept.library(""),
        Some(true),
        "the repository is the library"
    );
}

#[test]
fn a_change_of_any_file_of_the_folder_counts_and_none_beside_it() {
    for file in FILES {
        let kept = Kept::new();
        kept.write(file, "another text\n");
        assert_eq!(kept.is_clean(), file == "notes.txt", "{file} changed");
        let kept = Kept::new();
        fs::remove_file(kept.path(file)).expect("removed");
        assert_eq!(kept.is_clean(), file == "notes.txt", "{file} removed");
        kept.stage();
        assert_eq!(
            kept.is_clean(),
            file == "notes.txt",
            "{file} removed, staged"
        );
        kept.commit();
        assert!(kept.is_clean(), "{file} removed, committed");
    }
}

#[test]
fn what_is_staged_is_not_committed() {
    let kept = Kept::new();
    kept.write("library/P.1/2019-01.toml", "another text\n");
    kept.stage();
    assert!(!kept.is_clean());
    // The file is the commit's again, the index is not.
    kept.write(
        "library/P.1/2019-01.toml",
        "text of library/P.1/2019-01.toml\n",
    );
    assert!(!kept.is_clean());
    kept.stage();
    assert!(kept.is_clean());
}

#[test]
fn touching_a_file_does_not_change_it() {
    let kept = Kept::new();
    for file in FILES {
        kept.age(file, 3_600);
    }
    assert!(kept.is_clean());
    let text = fs::read(kept.path("library/P.1/2019-01.toml")).expect("a file");
    fs::remove_file(kept.path("library/P.1/2019-01.toml")).expect("removed");
    fs::write(kept.path("library/P.1/2019-01.toml"), text).expect("a file");
    assert!(kept.is_clean(), "another file with the same content");
}

/// A change that leaves size and times as they were is seen if the file was
/// last touched when the index was written: the stamp proves nothing then.
#[test]
fn a_change_within_a_tick_of_the_clock_is_seen() {
    let kept = Kept::new();
    let file = "library/P.1/2019-01.toml";
    kept.write(file, "TEXT of library/P.1/2019-01.toml\n");
    let metadata = kept.path(file).metadata().expect("a file");
    kept.note(file, |entry| {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let time =
                |seconds: i64, fraction: i64| git2::IndexTime::new(seconds as i32, fraction as u32);
            entry.mtime = time(metadata.mtime(), metadata.mtime_nsec());
            entry.ctime = time(metadata.ctime(), metadata.ctime_nsec());
            entry.ino = metadata.ino() as u32;
        }
        entry.file_size = metadata.len() as u32;
    });
    // As old as the file: the index says nothing about it.
    let index = fs::File::options()
        .write(true)
        .open(kept.path(".git/index"));
    let modified = metadata.modified().expect("a time");
    index
        .and_then(|index| index.set_modified(modified))
        .expect("an index");
    assert!(!kept.is_clean());
}

#[test]
fn new_files_that_the_library_reads_count_also_if_git_ignores_them() {
    for (file, clean) in [
        ("library/P.1/2020-01.toml", false),
        ("library/P.1/cases.jsonl", false),
        ("library/P.1/drafts/2020-01.toml", false),
        ("library/P.3/policy.toml", false),
        ("library/code-sets/icd.lookback-codes", false),
        ("library/P.1/.swap", true),
        ("library/P.1/drafts/notes.txt", true),
        ("notes/new.txt", true),
    ] {
        let kept = Kept::new();
        kept.write(file, "new\n");
        assert_eq!(kept.is_clean(), clean, "{file}");
        kept.write(".git/info/exclude", "*\n");
        assert_eq!(kept.is_clean(), clean, "{file} ignored");
    }
}

#[test]
fn files_git_was_told_not_to_look_at_are_looked_at() {
    let file = "library/P.1/2019-01.toml";
    let assume = |entry: &mut git2::IndexEntry| entry.flags |= 0x8000;
    let skip = |entry: &mut git2::IndexEntry| {
        entry.flags |= 0x4000;
        entry.flags_extended |= 1 << 14;
    };
    let marks: [&dyn Fn(&mut git2::IndexEntry); 2] = [&assume, &skip];
    for mark in marks {
        let kept = Kept::new();
        kept.note(file, mark);
        assert!(kept.is_clean(), "nothing was changed");
        kept.write(file, "another text\n");
        assert!(!kept.is_clean());
        fs::remove_file(kept.path(file)).expect("removed");
        assert!(!kept.is_clean());
    }
}

#[cfg(unix)]
#[test]
fn modes_links_and_folders_in_place_of_files_are_seen() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let file = "library/P.1/2019-01.toml";
    let kept = Kept::new();
    let allow = |mode| fs::set_permissions(kept.path(file), fs::Permissions::from_mode(mode));
    allow(0o755).expect("a mode");
    assert!(!kept.is_clean());
    let mut config = kept.repository.config().expect("settings");
    config.set_bool("core.filemode", false).expect("a setting");
    assert!(kept.is_clean(), "git was told that modes mean nothing here");
    config.set_bool("core.filemode", true).expect("a setting");
    allow(0o600).expect("a mode");
    assert!(kept.is_clean(), "git knows only who may execute");

    let kept = Kept::new();
    fs::rename(kept.path(file), kept.path("elsewhere")).expect("moved");
    symlink(kept.path("elsewhere"), kept.path(file)).expect("a link");
    assert!(!kept.is_clean(), "a link to the same text");
    kept.commit();
    assert!(kept.is_clean(), "a committed link");
    fs::remove_file(kept.path(file)).expect("removed");
    symlink("nowhere", kept.path(file)).expect("a link");
    assert!(!kept.is_clean(), "a link that leads elsewhere");

    let kept = Kept::new();
    fs::remove_file(kept.path(file)).expect("removed");
    fs::create_dir(kept.path(file)).expect("a folder");
    assert!(!kept.is_clean());
}

#[cfg(unix)]
#[test]
fn odd_names_are_names() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let kept = Kept::new();
    for name in [
        "P.1/a b.toml",
        "P.1/[x]*.toml",
        "P.1/ä.toml",
        "P-1/policy.toml",
        "P.1a/q.toml",
    ] {
        kept.write(&format!("library/{name}"), "odd\n");
    }
    let raw = kept
        .path("library/P.1")
        .join(OsStr::from_bytes(b"\xff.toml"));
    // Some file systems have no such names.
    let has_raw = fs::write(&raw, "odd\n").is_ok();
    kept.commit();
    assert!(kept.is_clean());
    kept.write("library/P.1/[x]*.toml", "changed\n");
    assert!(!kept.is_clean());
    kept.commit();
    if has_raw {
        fs::write(&raw, "changed\n").expect("a file");
        assert!(!kept.is_clean());
    }
}

#[test]
fn a_repository_within_the_library_is_not_of_the_commit() {
    let kept = Kept::new();
    let inner = Repository::init(kept.path("library/P.3")).expect("a repository");
    kept.write("library/P.3/policy.toml", "inner\n");
    assert!(!kept.is_clean());
    let author = Signature::now("Synthetic", "synthetic@example.org").expect("an author");
    let mut index = inner.index().expect("an index");
    index.add_path(Path::new("policy.toml")).expect("staged");
    let tree = inner
        .find_tree(index.write_tree().expect("a tree"))
        .expect("a tree");
    let commit = inner
        .commit(Some("HEAD"), &author, &author, "x", &tree, &[])
        .expect("a commit");
    kept.note("library/P.2/policy.toml", |entry| {
        entry.path = b"library/P.3".to_vec();
        entry.mode = 0o160_000;
        entry.id = commit;
    });
    kept.commit_index();
    assert!(
        !kept.is_clean(),
        "what a submodule holds is not the commit's"
    );
    fs::remove_dir_all(kept.path("library/P.3")).expect("removed");
    fs::create_dir(kept.path("library/P.3")).expect("a folder");
    assert!(
        kept.is_clean(),
        "a submodule that is not checked out holds nothing"
    );
}

#[test]
fn line_ends_that_git_changes_on_their_way_are_no_change() {
    let kept = Kept::new();
    let mut config = kept.repository.config().expect("settings");
    config.set_str("core.autocrlf", "true").expect("a setting");
    let file = "library/P.1/2019-01.toml";
    kept.write(file, "text of library/P.1/2019-01.toml\r\n");
    kept.stage();
    assert!(kept.is_clean());
    kept.age(file, 3_600);
    assert!(kept.is_clean(), "read again, for it was touched");
    kept.write(file, "text of another file\r\n");
    assert!(!kept.is_clean());
}

#[test]
fn a_folder_that_no_commit_has_is_of_none() {
    let kept = Kept::new();
    kept.write("other/P.1/policy.toml", "x\n");
    assert_eq!(kept.library("other"), None);
    let outside = tempfile::tempdir().expect("a folder");
    let source = FolderSource::open(outside.path()).expect("a library");
    assert_eq!(source.origin().commit, None);
}
