//! A library as a git revision had it, read from the object database.
//!
//! Nothing is checked out and no program is run: libgit2 runs no hooks,
//! filters or pagers for what is done here. Its check that the repository
//! belongs to the user stays on.

use std::path::{Component, Path, PathBuf};

use git2::{Commit, ErrorCode, ObjectType, Oid, Repository, Tree};

use super::LibraryError;
use super::source::{Origin, Source, Stamp, Stamped, is_text};

/// A folder of one commit.
pub struct GitSource {
    // libgit2's handle may move between threads but not be shared.
    repository: std::sync::Mutex<Repository>,
    tree: Oid,
    origin: Origin,
}

impl GitSource {
    /// The folder `folder` as `revision` had it.
    ///
    /// `revision` is a branch, a tag, `HEAD` or a commit id of at least four
    /// digits, each with `~N` behind it for the N-th commit before.
    ///
    /// # Errors
    /// When the folder is in no repository, the revision is not known, or the
    /// folder was not there then.
    pub fn open(folder: &Path, revision: &str) -> Result<Self, LibraryError> {
        let (repository, inside) = repository_of(folder)?.ok_or_else(|| {
            LibraryError::asked(
                format!("{} is in no git repository", folder.display()),
                "--at needs a library that is kept in git",
            )
        })?;
        let (commit, tree) = {
            let commit = resolve(&repository, revision)?;
            let tree = folder_tree(&repository, &commit, &inside).ok_or_else(|| {
                LibraryError::asked(
                    format!("there was no folder {} at {revision}", inside.display()),
                    "name another revision, or the folder's name at that time with --library",
                )
            })?;
            (commit.id(), tree.id())
        };
        Ok(GitSource {
            repository: std::sync::Mutex::new(repository),
            tree,
            origin: Origin {
                place: folder.display().to_string(),
                commit: Some(commit.to_string()),
                clean: Some(true),
                revision: Some(revision.to_owned()),
            },
        })
    }

    fn with_tree<T>(
        &self,
        action: impl FnOnce(&Repository, &Tree<'_>) -> Result<T, git2::Error>,
    ) -> Result<T, LibraryError> {
        let repository = self
            .repository
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let result = repository
            .find_tree(self.tree)
            .and_then(|tree| action(&repository, &tree));
        result.map_err(|error| git_error(&error))
    }
}

impl GitSource {
    /// Every file with the id of its content.
    fn files(&self) -> Result<Vec<(String, Oid)>, LibraryError> {
        self.with_tree(files_in)
    }
}

impl Source for GitSource {
    fn list(&self) -> Result<Vec<String>, LibraryError> {
        let files = self.files()?;
        Ok(files.into_iter().map(|(path, _)| path).collect())
    }

    /// Git names content by its hash, so a stamp costs no reading.
    fn stamps(&self) -> Result<Vec<Stamped>, LibraryError> {
        let files = self.files()?.into_iter().filter(|(path, _)| is_text(path));
        Ok(files
            .map(|(path, id)| Stamped {
                path,
                stamp: Stamp::of_id(id.as_bytes()),
            })
            .collect())
    }

    fn place(&self) -> Option<String> {
        let folder = std::path::absolute(&self.origin.place).ok()?;
        Some(format!("git {}", folder.to_str()?))
    }

    fn read(&self, path: &str) -> Result<Vec<u8>, LibraryError> {
        self.with_tree(|repository, tree| {
            let entry = tree.get_path(Path::new(path))?;
            if !is_plain_file(&entry) {
                return Err(git2::Error::from_str(&format!(
                    "{path} is not a plain file"
                )));
            }
            Ok(repository.find_blob(entry.id())?.content().to_vec())
        })
    }

    fn origin(&self) -> Origin {
        self.origin.clone()
    }
}

/// Symbolic links are blobs too, told apart by their mode.
fn is_plain_file(entry: &git2::TreeEntry<'_>) -> bool {
    entry.kind() == Some(ObjectType::Blob) && entry.filemode() & 0o170_000 == 0o100_000
}

pub(super) fn is_safe_name(name: &str) -> bool {
    !name.starts_with('.') && !name.contains(['/', '\\'])
}

/// The files one folder deep in a tree, with their ids, in order of path.
fn files_in(repository: &Repository, tree: &Tree<'_>) -> Result<Vec<(String, Oid)>, git2::Error> {
    let mut files = vec![];
    for folder in tree
        .iter()
        .filter(|entry| entry.kind() == Some(ObjectType::Tree))
    {
        let inner = repository.find_tree(folder.id())?;
        // Links and names that are not UTF-8 are listed too, to be told of
        // when they are read.
        for file in inner
            .iter()
            .filter(|one| one.kind() != Some(ObjectType::Tree))
        {
            let names = [folder.name_bytes(), file.name_bytes()];
            let names = names.map(|name| String::from_utf8_lossy(name).into_owned());
            if names.iter().all(|name| is_safe_name(name)) {
                files.push((names.join("/"), file.id()));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// The repository a folder lies in, and where in it. The folder itself or one
/// of those above it must *be* the repository; environment variables that
/// point elsewhere are not followed.
pub(super) fn repository_of(folder: &Path) -> Result<Option<(Repository, PathBuf)>, LibraryError> {
    // The folder need not exist any more: an earlier revision may hold it.
    let absolute = std::path::absolute(folder)
        .map_err(|error| LibraryError::environment(error.to_string(), "name the folder in full"))?;
    let absolute = absolute.canonicalize().unwrap_or_else(|_| plain(&absolute));
    for above in absolute.ancestors() {
        match Repository::open(above) {
            Ok(repository) if repository.is_bare() => return Ok(None),
            // A repository whose files lie elsewhere says nothing of these.
            Ok(repository)
                if repository
                    .workdir()
                    .is_none_or(|files| !same_folder(files, above)) =>
            {
                return Ok(None);
            }
            Ok(repository) => {
                let inside = absolute.strip_prefix(above).unwrap_or(Path::new(""));
                return Ok(Some((repository, inside.to_owned())));
            }
            Err(error) if error.code() == ErrorCode::NotFound => {}
            Err(error) => return Err(git_error(&error)),
        }
    }
    Ok(None)
}

fn same_folder(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            part => plain.push(part),
        }
    }
    plain
}

pub(super) fn folder_tree<'r>(
    repository: &'r Repository,
    commit: &Commit<'r>,
    inside: &Path,
) -> Option<Tree<'r>> {
    let root = commit.tree().ok()?;
    if inside.components().next().is_none() {
        return Some(root);
    }
    let entry = root.get_path(inside).ok()?;
    repository.find_tree(entry.id()).ok()
}

/// At most this many steps back with `~N`.
const MAX_STEPS: usize = 100_000;

/// Finds a commit. The text is never handed to git's own revision language,
/// which has hung on hostile input before.
fn resolve<'r>(repository: &'r Repository, revision: &str) -> Result<Commit<'r>, LibraryError> {
    let unknown = || {
        LibraryError::asked(
            format!("git knows no revision `{revision}`"),
            "name a branch, a tag, HEAD or a commit id, with ~N for the N-th commit before it",
        )
    };
    let (name, steps) = match revision.split_once('~') {
        None => (revision, 0),
        Some((name, "")) => (name, 1),
        Some((name, steps)) => (name, steps.parse().map_err(|_| unknown())?),
    };
    if steps > MAX_STEPS {
        return Err(unknown());
    }
    let mut commit = named_commit(repository, name).ok_or_else(unknown)?;
    for step in 0..steps {
        commit = commit.parent(0).map_err(|_| {
            LibraryError::asked(
                format!("`{name}` has only {step} commits before it"),
                "ask for fewer with ~N",
            )
        })?;
    }
    Ok(commit)
}

fn named_commit<'r>(repository: &'r Repository, name: &str) -> Option<Commit<'r>> {
    if name.is_empty() {
        return None;
    }
    let references = ["", "refs/heads/", "refs/tags/", "refs/remotes/"];
    let mut found: Vec<Commit<'r>> = vec![];
    for prefix in references {
        // Without a prefix only HEAD and full reference names are meant.
        if prefix.is_empty() && name != "HEAD" && !name.starts_with("refs/") {
            continue;
        }
        let full = format!("{prefix}{name}");
        if let Ok(reference) = repository.find_reference(&full)
            && let Ok(commit) = reference.peel_to_commit()
        {
            found.push(commit);
        }
    }
    // A branch and a tag of one name may mean different commits: then
    // neither is taken, for either could be the one meant.
    if let Some(first) = found.first() {
        let same = found.iter().all(|commit| commit.id() == first.id());
        return same.then(|| first.clone());
    }
    let is_id = (4..=40).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_id {
        return repository.find_commit_by_prefix(name).ok();
    }
    None
}

fn git_error(error: &git2::Error) -> LibraryError {
    let hint = match error.code() {
        ErrorCode::Owner => {
            "the repository belongs to another user; copy it, or have git trust it with `git config --global --add safe.directory PATH`"
        }
        _ => "see whether `git status` works in that folder",
    };
    LibraryError::environment(format!("git: {}", error.message()), hint)
}
