//! How soon the program answers on a payer's library: whole processes outside
//! and inside a git repository, and the terminal UI on a pseudo-terminal.
//!
//!     cargo bench --bench opening                  # 1,000 policies of 10 versions
//!     cargo bench --bench opening -- 100           # fewer policies
//!     cargo bench --bench opening -- write DIR     # only writes the library
//!
//! Prints figures and judges none.

#[allow(dead_code)]
#[path = "../search/payer.rs"]
mod payer;
#[cfg(unix)]
mod screen;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use payer::Shape;

const BINARY: &str = env!("CARGO_BIN_EXE_lookback");
const PROCESSES: usize = 30;
const ENOUGH: Duration = Duration::from_secs(10);

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|word| !word.starts_with("--"))
        .collect();
    let policies = words.iter().find_map(|word| word.parse().ok());
    let shape = Shape {
        policies: policies.unwrap_or(1_000),
        versions: 10,
        seed: 7,
    };
    if let ["write", folder, ..] = words[..] {
        return Ok(payer::write(Path::new(folder), shape)?);
    }
    let folder = tempfile::tempdir()?;
    let plain = folder.path().join("plain");
    let kept = folder.path().join("kept");
    for place in [&plain, &kept] {
        payer::write(&place.join("library"), shape)?;
    }
    commit(&kept)?;
    for (name, place) in [("no git", &plain), ("in git", &kept)] {
        processes(name, place)?;
        #[cfg(unix)]
        screen::first_frames(name, place)?;
    }
    Ok(())
}

fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn row(name: &str, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |part: f64| {
        let place = (times.len() as f64 * part) as usize;
        let time = times.get(place.min(times.len().saturating_sub(1)));
        time.map_or(0.0, |time| time.as_secs_f64() * 1_000.0)
    };
    say(&format!(
        "{name:<46} p50 {:8.1} ms   max {:8.1} ms",
        at(0.5),
        at(1.0)
    ));
}

/// Commits everything below a folder, as `git add` and `git commit` do.
fn commit(folder: &Path) -> Outcome<()> {
    let repository = git2::Repository::init(folder)?;
    let mut index = repository.index()?;
    index.add_all(["*"], git2::IndexAddOption::DEFAULT, None)?;
    index.write()?;
    let tree = repository.find_tree(index.write_tree()?)?;
    let author = git2::Signature::now("Synthetic", "synthetic@example.org")?;
    repository.commit(Some("HEAD"), &author, &author, "library", &tree, &[])?;
    Ok(())
}

fn processes(name: &str, place: &Path) -> Outcome<()> {
    let policy = payer::reference(41);
    let searched = run(place, &["search", "infection"])?;
    if !searched.status.success() {
        return Err(String::from_utf8_lossy(&searched.stderr).into());
    }
    let commands: [&[&str]; 6] = [
        &["--version"],
        &["search", "infection"],
        &["show", &policy],
        &["diff", &policy],
        &["log", &policy],
        &["effect", &policy],
    ];
    for command in commands {
        let mut times = vec![];
        let begin = Instant::now();
        while times.len() < 3 || (times.len() < PROCESSES && begin.elapsed() < ENOUGH) {
            let start = Instant::now();
            run(place, command)?;
            times.push(start.elapsed());
        }
        row(&format!("{name}: {}", command.join(" ")), times);
    }
    Ok(())
}

fn run(place: &Path, command: &[&str]) -> Outcome<Output> {
    let output = Command::new(BINARY)
        .args(command)
        .arg("--library")
        .arg(place.join("library"))
        .env("LOOKBACK_CACHE", place.join("cache"))
        .output()?;
    Ok(output)
}
