//! Holds the code against the map in `ARCHITECTURE.md`: which folder may use
//! which, and which crate is named where.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Crates that one folder alone may name.
const OWNED_CRATES: &[(&str, &[&str])] = &[
    ("biodivine_lib_bdd", &["criteria"]),
    ("calamine", &["codesets"]),
    ("clap", &["cli"]),
    ("crc32fast", &["search"]),
    ("crossterm", &["tui"]),
    ("flate2", &["codesets", "cases"]),
    ("etcetera", &["search"]),
    ("git2", &["library"]),
    ("include_dir", &["library"]),
    ("parquet", &["cases"]),
    ("ratatui", &["tui"]),
    ("rust_xlsxwriter", &["report"]),
    ("signal_hook", &["tui"]),
    ("similar", &["compare"]),
    ("strsim", &["text", "search"]),
    ("tantivy", &["search"]),
    ("toml", &["format"]),
    ("unicode_security", &["compare"]),
    ("tui_input", &["tui"]),
    ("zip", &["codesets"]),
    ("zstd", &["cases"]),
];

/// Folders in which nothing is read from or written to the world.
const PURE: &[&str] = &[
    "text", "policy", "criteria", "compare", "revlog", "format", "codesets", "cases", "replay",
    "report",
];

/// A row of the map: a folder and the folders it may use.
fn map() -> BTreeMap<String, BTreeSet<String>> {
    let document = fs::read_to_string(root().join("ARCHITECTURE.md")).expect("ARCHITECTURE.md");
    let rows = document.lines().filter(|line| line.starts_with("| `"));
    let name = |cell: &str| {
        let name = cell.trim().trim_matches('`').trim_end_matches('/');
        name.to_owned()
    };
    let map: BTreeMap<_, _> = rows
        .map(|row| {
            let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
            let uses = cells[2].split(',').map(name).filter(|one| one != "nothing");
            (name(cells[0]), uses.collect())
        })
        .collect();
    assert!(!map.is_empty(), "ARCHITECTURE.md holds the map");
    map
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every source file below a folder, with the folder's name.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files = vec![];
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(self::files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// A file's code: without comments, and without its tests, which may use
/// whatever sets up a test.
fn code(file: &Path) -> String {
    if file.ends_with("tests.rs") || file.components().any(|part| part.as_os_str() == "tests") {
        return String::new();
    }
    let text = fs::read_to_string(file).expect("a source file");
    let without_tests = text
        .split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default();
    without_tests
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The names that follow `prefix` in a text, lists in braces included.
fn names_after<'a>(text: &'a str, prefix: &str) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    for (at, _) in text.match_indices(prefix) {
        let rest = &text[at + prefix.len()..];
        let list = match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default(),
            None => rest,
        };
        let is_list = rest.starts_with('{');
        for part in list.split(',').take(if is_list { usize::MAX } else { 1 }) {
            let name = part
                .trim()
                .split(|one: char| !(one.is_alphanumeric() || one == '_'))
                .next();
            names.extend(name.filter(|name| !name.is_empty()));
        }
    }
    names
}

#[test]
fn folders_use_only_what_the_map_allows() {
    let map = map();
    let mut wrong = vec![];
    for (folder, allowed) in &map {
        for file in files(&root().join("src").join(folder)) {
            for used in names_after(&code(&file), "crate::") {
                if used != folder && !allowed.contains(used) {
                    wrong.push(format!("{} uses {used}", file.display()));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "the map does not allow:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn the_map_names_every_folder_and_no_other() {
    let folders: BTreeSet<String> = fs::read_dir(root().join("src"))
        .expect("src")
        .map(|entry| entry.expect("an entry"))
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().expect("a plain name"))
        .collect();
    let map: BTreeSet<String> = map().into_keys().collect();
    assert_eq!(map, folders);
}

#[test]
fn dependencies_point_downwards_only() {
    let map = map();
    let mut settled: BTreeSet<&String> = BTreeSet::new();
    while settled.len() < map.len() {
        let next: Vec<_> = map
            .iter()
            .filter(|(folder, uses)| {
                !settled.contains(folder) && uses.iter().all(|used| settled.contains(used))
            })
            .map(|(folder, _)| folder)
            .collect();
        assert!(
            !next.is_empty(),
            "a circle among the folders not in {settled:?}"
        );
        settled.extend(next);
    }
}

#[test]
fn crates_are_named_where_they_belong() {
    let mut wrong = vec![];
    for file in files(&root().join("src")) {
        let text = code(&file);
        let inside = file
            .strip_prefix(root().join("src"))
            .expect("a source file");
        let folder = inside.components().next().expect("a part").as_os_str();
        for (owned, folders) in OWNED_CRATES {
            let named = [format!("{owned}::"), format!("use {owned};")];
            let is_named = named.iter().any(|name| {
                text.match_indices(name.as_str()).any(|(at, _)| {
                    !text[..at]
                        .ends_with(|one: char| one.is_alphanumeric() || one == '_' || one == ':')
                })
            });
            if is_named && !folders.iter().any(|one| folder == *one) {
                wrong.push(format!("{} names {owned}", inside.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_core_does_no_input_or_output() {
    let mut wrong = vec![];
    for folder in PURE {
        for file in files(&root().join("src").join(folder)) {
            let text = code(&file);
            for world in [
                "std::fs",
                "std::env",
                "std::net",
                "std::process",
                "std::thread",
                "stdout(",
            ] {
                // Counting takes all processors; its result does not depend on them.
                let may = world == "std::thread" && file.ends_with("replay/columnar/run.rs");
                if text.contains(world) && !may {
                    wrong.push(format!("{} uses {world}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn files_can_be_held_in_the_head() {
    let long: Vec<_> = files(&root().join("src"))
        .into_iter()
        .map(|file| {
            (
                fs::read_to_string(&file).expect("a file").lines().count(),
                file,
            )
        })
        .filter(|(lines, _)| *lines > 800)
        .collect();
    assert_eq!(long, [], "split these");
}
