//! How long it takes to replay many cases against three versions.
//!
//!     cargo bench --bench replay                      # 1 million cases
//!     cargo bench --bench replay -- 10000000          # as many as named
//!     cargo bench --bench replay -- 1000000 PYTHON    # and Polars on the same file
//!     cargo bench --bench replay -- write FILE 1000   # only write the cases
//!
//! Prints figures and judges none. The peer is `peer.py` beside this file;
//! PYTHON is an interpreter that has the package polars.

mod cases;

use std::io::Write;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use lookback::library::{EmbeddedSource, load};

const BINARY: &str = env!("CARGO_BIN_EXE_lookback");
const RUNS: usize = 5;
const POLICY: &str = "CP.MP.173";

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments
        .iter()
        .map(String::as_str)
        .filter(|word| !word.starts_with("--"))
        .collect();
    if let ["write", file, count] = words[..] {
        let library = load(&EmbeddedSource)?;
        let policy = library.policy(POLICY).ok_or("the policy is not there")?;
        return Ok(cases::write(Path::new(file), policy, count.parse()?)?);
    }
    let count: u64 = words.first().map_or(Ok(1_000_000), |count| count.parse())?;
    let library = load(&EmbeddedSource)?;
    let policy = library.policy(POLICY).ok_or("the policy is not there")?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("cases.csv");
    cases::write(&file, policy, count)?;
    let size = std::fs::metadata(&file)?.len();
    say(&format!("{count} cases, {} MB", size / 1_000_000));
    let ours = median(|| run(Command::new(BINARY).args(replay(&file))))?;
    say(&format!("lookback replay --summary  {ours:>9.1?}"));
    if let Some(python) = words.get(1) {
        let peer = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/replay/peer.py");
        let theirs = median(|| run(Command::new(python).arg(&peer).arg(&file)))?;
        say(&format!("polars, streaming          {theirs:>9.1?}"));
        let ratio = theirs.as_secs_f64() / ours.as_secs_f64();
        say(&format!("{ratio:.1} times as long"));
    }
    Ok(())
}

fn replay(file: &Path) -> Vec<&std::ffi::OsStr> {
    let mut words: Vec<&std::ffi::OsStr> = vec!["replay".as_ref(), file.as_ref()];
    words.extend(["--policy", POLICY, "--summary"].map(std::ffi::OsStr::new));
    words
}

fn run(command: &mut Command) -> Outcome<()> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{command:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
}

fn median(mut run: impl FnMut() -> Outcome<()>) -> Outcome<Duration> {
    let mut times = vec![];
    for _ in 0..RUNS {
        let start = Instant::now();
        run()?;
        times.push(start.elapsed());
    }
    times.sort_unstable();
    Ok(times[RUNS / 2])
}

fn say(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}
