//! How long it takes to index and to search a payer's library.
//!
//!     cargo bench --bench search                  # 1,000 policies of 10 versions
//!     cargo bench --bench search -- 100           # fewer policies
//!     cargo bench --bench search -- 1000 peer     # and SQLite FTS5 on the same rows
//!     cargo bench --bench search -- warm LIBRARY CACHE phrase   # one class of queries
//!
//! Prints figures and judges none. The peer is `peer.py` beside this file; it
//! needs python3 with its sqlite3 module.

mod payer;
mod queries;
mod rows;

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use lookback::library::FolderSource;
use lookback::search::{IndexCache, Request, SearchIndex};
use payer::Shape;
use queries::{Class, HOSTILE};

const BINARY: &str = env!("CARGO_BIN_EXE_lookback");
const BUILDS: usize = 3;
const PROCESSES: usize = 40;
const QUERIES: usize = 400;
/// The peer ranks every row that has a common word, and takes its time.
const PEER_QUERIES: usize = 100;

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|word| !word.starts_with("--"))
        .collect();
    if let ["build", library, cache] = words[..] {
        return build(Path::new(library), Path::new(cache));
    }
    if let ["index", library] = words[..] {
        return index(Path::new(library));
    }
    if let ["warm", library, cache, ref classes @ ..] = words[..] {
        return warm(Path::new(library), Path::new(cache), classes);
    }
    let shape = Shape {
        policies: words.first().map_or(Ok(1_000), |count| count.parse())?,
        versions: 10,
        seed: 7,
    };
    let folder = tempfile::tempdir()?;
    let (library, cache) = (folder.path().join("library"), folder.path().join("cache"));
    payer::write(&library, shape)?;
    say(&format!("{shape:?}, {:.0} MB of files", size(&library)));
    builds(&library, &cache)?;
    processes(&library, &cache)?;
    warm(&library, &cache, &[])?;
    touched(&library, &cache, shape)?;
    if words.contains(&"peer") {
        peer(&library, folder.path())?;
    }
    Ok(())
}

/// The median of five: on a machine with other work to do a single time says
/// as much about that as about the query.
fn typical(ask: impl Fn() -> (Duration, usize)) -> (Duration, usize) {
    let mut times: Vec<_> = (0..5).map(|_| ask()).collect();
    times.sort_unstable();
    times[2]
}

fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn row(name: &str, times: &mut [Duration]) {
    times.sort_unstable();
    let at = |part: f64| {
        let place = (times.len() as f64 * part) as usize;
        times[place.min(times.len() - 1)].as_secs_f64() * 1_000.0
    };
    say(&format!(
        "{name:<34} p50 {:8.3} ms   p99 {:8.3} ms   max {:8.3} ms",
        at(0.5),
        at(0.99),
        at(1.0)
    ));
}

/// Megabytes of all files below a folder.
fn size(folder: &Path) -> f64 {
    let mut bytes = 0;
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(metadata) if metadata.is_dir() => folders.push(entry.path()),
                Ok(metadata) => bytes += metadata.len(),
                Err(_) => {}
            }
        }
    }
    bytes as f64 / 1e6
}

/// Builds in a process of its own, whose memory is measured.
fn builds(library: &Path, cache: &Path) -> Outcome<()> {
    let mut times = vec![];
    for _ in 0..BUILDS {
        if cache.exists() {
            std::fs::remove_dir_all(cache)?;
        }
        let start = Instant::now();
        let output = Command::new(std::env::current_exe()?)
            .args(["build".as_ref(), library.as_os_str(), cache.as_os_str()])
            .output()?;
        times.push(start.elapsed());
        say(String::from_utf8_lossy(&output.stdout).trim_end());
    }
    row("build from files, whole process", &mut times);
    for _ in 0..BUILDS {
        let output = Command::new(std::env::current_exe()?)
            .args(["index".as_ref(), library.as_os_str()])
            .output()?;
        say(String::from_utf8_lossy(&output.stdout).trim_end());
    }
    say(&format!("index on disk {:.1} MB", size(cache)));
    Ok(())
}

fn build(library: &Path, cache: &Path) -> Outcome<()> {
    let start = Instant::now();
    let source = FolderSource::open(library)?;
    let opened = SearchIndex::open(&source, &IndexCache::in_folder(cache))?;
    let taken = start.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM:"));
    say(&format!(
        "build: {:.2} s, of processors {:.2} s, {} items, {}",
        taken,
        processors(),
        opened.index.items(),
        peak.unwrap_or("memory unknown")
    ));
    Ok(())
}

/// Seconds of processors that this process has used.
fn processors() -> f64 {
    let status = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = status.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split_whitespace().skip(11).take(2);
    ticks
        .filter_map(|ticks| ticks.parse::<f64>().ok())
        .sum::<f64>()
        / 100.0
}

/// Indexes what is loaded already: the peer, too, is given its rows.
fn index(library: &Path) -> Outcome<()> {
    let library = lookback::library::load(&FolderSource::open(library)?)?;
    let (start, before) = (Instant::now(), processors());
    SearchIndex::build(&library)?;
    say(&format!(
        "index of what is loaded: {:.2} s, of processors {:.2} s",
        start.elapsed().as_secs_f64(),
        processors() - before
    ));
    Ok(())
}

/// Whole processes on the unchanged library.
fn processes(library: &Path, cache: &Path) -> Outcome<()> {
    for query in ["62351", "infection", "\"active infection\"", "xyzzyq"] {
        let mut times = vec![];
        for _ in 0..PROCESSES {
            times.push(process(library, cache, &["search", query])?);
        }
        row(&format!("process: search {query}"), &mut times);
    }
    // The commonest of all, a common one, and one that nobody lists.
    for code in [payer::code(0, 0), payer::code(0, 40), "99999".to_owned()] {
        let mut times = vec![];
        for _ in 0..PROCESSES {
            times.push(process(library, cache, &["codes", &code])?);
        }
        row(&format!("process: codes {code}"), &mut times);
    }
    let mut times = vec![];
    for _ in 0..PROCESSES {
        times.push(process(library, cache, &["--version"])?);
    }
    row("process: --version", &mut times);
    Ok(())
}

fn process(library: &Path, cache: &Path, arguments: &[&str]) -> Outcome<Duration> {
    let start = Instant::now();
    Command::new(BINARY)
        .args(arguments)
        .arg("--library")
        .arg(library)
        .env("LOOKBACK_CACHE", cache)
        .output()?;
    Ok(start.elapsed())
}

/// Queries of each class, or of some, in one process that has asked before.
fn warm(library: &Path, cache: &Path, classes: &[&str]) -> Outcome<()> {
    let source = FolderSource::open(library)?;
    let start = Instant::now();
    let opened = SearchIndex::open(&source, &IndexCache::in_folder(cache))?;
    say(&format!(
        "open, unchanged, in process {:.2} ms",
        start.elapsed().as_secs_f64() * 1_000.0
    ));
    let ask = |query: &str, limit: usize| {
        let request = Request {
            query: query.to_owned(),
            limit,
            ..Request::default()
        };
        let start = Instant::now();
        let answer = opened.index.search(&request);
        (start.elapsed(), answer.map_or(0, |found| found.total))
    };
    let wanted = |class: &Class| classes.is_empty() || classes.contains(&class.name());
    for class in Class::ALL.into_iter().filter(wanted) {
        let asked = class.queries(QUERIES);
        for one in asked.iter().take(20) {
            ask(&one.ours, 20);
        }
        let mut hits = 0;
        let mut times = vec![];
        let mut slowest = (Duration::ZERO, "");
        for one in &asked {
            let (time, found) = typical(|| ask(&one.ours, 20));
            hits += found;
            times.push(time);
            slowest = slowest.max((time, &one.ours));
        }
        let name = format!("warm: {} ({} hits)", class.name(), hits / asked.len());
        row(&name, &mut times);
        if slowest.0 > Duration::from_millis(2) {
            say(&format!("    slowest {:?}: {}", slowest.0, slowest.1));
        }
    }
    for (name, query) in HOSTILE.iter().filter(|_| classes.is_empty()) {
        let (time, _) = typical(|| ask(&query(), 20));
        row(&format!("hostile: {name}"), &mut [time]);
    }
    Ok(())
}

/// One version file of one policy changed.
fn touched(library: &Path, cache: &Path, shape: Shape) -> Outcome<()> {
    let mut times = vec![];
    for number in 0..10.min(shape.policies) {
        let other = Shape { seed: 8, ..shape };
        payer::write_policy(library, other, number)?;
        times.push(process(library, cache, &["search", "infection"])?);
    }
    row("process: one policy changed", &mut times);
    Ok(())
}

/// SQLite FTS5 on the same rows, now and on this machine.
fn peer(library: &Path, folder: &Path) -> Outcome<()> {
    let table = folder.join("rows.tsv");
    rows::write(library, &table)?;
    let asked = folder.join("queries.tsv");
    let mut lines = String::new();
    for class in Class::ALL {
        for one in class.queries(PEER_QUERIES) {
            if let Some(sql) = &one.peer {
                lines.push_str(&format!("{}\t{}\t{sql}\n", class.name(), one.ours));
            }
        }
    }
    std::fs::write(&asked, lines)?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/search/peer.py");
    Command::new("python3")
        .arg(script)
        .args([&table, &asked, &folder.join("peer.db")])
        .status()?;
    Ok(())
}
