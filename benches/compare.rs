//! Comparing two versions of 5,000 criteria and 20,000 code rows, beside
//! `git diff --no-index --word-diff` on the two files.
//!
//! `cargo bench --bench compare`

#![expect(clippy::print_stdout, reason = "a bench prints its figures")]

use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use lookback::compare::compare;
use lookback::criteria::effect::{dead_criteria, effect};
use lookback::format::read_version;
use lookback::library::{EmbeddedSource, load};
use lookback::policy::{Dictionary, Version};

const STATEMENTS: usize = 50;
const CRITERIA_EACH: usize = 99;
const CODES: usize = 20_000;
const RUNS: usize = 9;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let files = [false, true].map(|edited| {
        let path = folder
            .path()
            .join(if edited { "new.toml" } else { "old.toml" });
        std::fs::write(&path, document(edited)).expect("a file");
        path
    });
    let [old, new] = files.each_ref().map(|path| {
        let bytes = std::fs::read(path).expect("the file");
        let (version, diagnostics) = read_version("v.toml", &bytes, &Dictionary::default());
        version.unwrap_or_else(|| panic!("{diagnostics:?}"))
    });
    let ours = median(|| {
        black_box(compare(&old, &new));
    });
    let with_reading = median(|| {
        let [old, new] = files.each_ref().map(|path| {
            let bytes = std::fs::read(path).expect("the file");
            read_version("v.toml", &bytes, &Dictionary::default())
                .0
                .expect("a version")
        });
        black_box(compare(&old, &new));
    });
    let git = median(|| {
        let status = Command::new("git")
            .args(["diff", "--no-index", "--word-diff", "--no-color"])
            .args(&files)
            .stdout(Stdio::null())
            .status();
        black_box(status.expect("git runs"));
    });
    println!("5,000 criteria and 20,000 codes, median of {RUNS}");
    println!("  compare               {ours:>12.2?}");
    println!("  read both and compare {with_reading:>12.2?}");
    println!("  git diff --word-diff  {git:>12.2?}");
    let ratio = |one: Duration| git.as_secs_f64() / one.as_secs_f64();
    println!(
        "  git takes {:.1} times as long as comparing, {:.1} as reading and comparing",
        ratio(ours),
        ratio(with_reading)
    );

    let [old, new] = ["", " twice"].map(alike);
    let reworded = median(|| {
        black_box(compare(&old, &new));
    });
    println!("5,000 criteria, all alike and all reworded: compare {reworded:.2?}");

    let policy = load(&EmbeddedSource).expect("a library").policies.remove(0);
    let [.., old, new] = policy.versions.as_slice() else {
        panic!("two versions");
    };
    let shipped = median(|| {
        black_box(compare(old, new));
    });
    let analysed = median(|| {
        black_box(effect(old, new, &policy.facts)).expect("compared");
    });
    println!("CP.MP.173: compare {shipped:.2?}, effect {analysed:.2?}");

    for (count, least) in [(100, 3), (100, 50), (300, 150)] {
        let [old, new] = [count, least].map(|least| siblings(count, least));
        let compared = median(|| {
            let _ = black_box(effect(&old, &new, &policy.facts));
        });
        let searched = median(|| {
            let _ = black_box(dead_criteria(&new, &policy.facts));
        });
        let told = |answered: bool| if answered { "" } else { " (given up)" };
        println!(
            "{count} criteria, from all to at least {least}: effect {compared:.2?}{}, dead {searched:.2?}{}",
            told(effect(&old, &new, &policy.facts).is_ok()),
            told(dead_criteria(&new, &policy.facts).is_ok())
        );
    }
}

/// Criteria that share all words but one, which is the hardest to align.
fn alike(ending: &str) -> Version {
    let head = "format = 1\nversion = \"v\"\neffective = \"2020\"\nprovenance = \"draft\"\n";
    let mut text = head.to_owned() + &criterion("I", "All of these");
    for number in usize::from(!ending.is_empty())..STATEMENTS * 100 {
        let words = format!("Failure of treatment number{number} was documented{ending}");
        text.push_str(&criterion(&format!("I.{}", number + 1), &words));
    }
    read(&text)
}

/// So many criteria, each answered by a reviewer, of which at least so many are needed.
fn siblings(count: usize, least: usize) -> Version {
    let mut text = "format = 1\nversion = \"v\"\neffective = \"2020\"\nprovenance = \"draft\"\n\
        [[criteria]]\nid = \"I\"\ntext = \"t\"\n"
        .to_owned();
    text.push_str(&format!("need = {{ at_least = {least} }}\n"));
    for number in 1..=count {
        text.push_str(&criterion(&format!("I.{number}"), "t"));
    }
    read(&text)
}

fn read(text: &str) -> Version {
    let (version, diagnostics) = read_version("v.toml", text.as_bytes(), &Dictionary::default());
    version.unwrap_or_else(|| panic!("{diagnostics:?}"))
}

fn median(mut action: impl FnMut()) -> Duration {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            action();
            start.elapsed()
        })
        .collect();
    times.sort();
    times[RUNS / 2]
}

/// A version file; the edited one has 7% of its criteria reworded, every
/// fiftieth removed, and codes added and removed.
fn document(edited: bool) -> String {
    let mut text =
        "format = 1\nversion = \"v\"\neffective = \"2020\"\nprovenance = \"draft\"\n".to_owned();
    let mut seed = 7u64;
    for statement in 1..=STATEMENTS {
        text.push_str(&criterion(
            &format!("{statement}"),
            &sentence(&mut seed, 12),
        ));
        let mut number = 0;
        for index in 0..CRITERIA_EACH {
            let mut words = sentence(&mut seed, 18);
            if edited && index % 50 == 49 {
                continue;
            }
            if edited && index % 14 == 3 {
                words.push_str(" at any site");
            }
            number += 1;
            text.push_str(&criterion(&format!("{statement}.{number}"), &words));
        }
    }
    text.push_str(
        "[[codes]]\nsystem = \"ICD-10-CM\"\ntitle = \"t\"\ngate = \"advise\"\nrows = [\n",
    );
    for index in 0..CODES {
        let descriptor = sentence(&mut seed, 8);
        let skipped = if edited {
            index % 97 == 5
        } else {
            index % 89 == 7
        };
        if !skipped {
            let letter = char::from(b'A' + (index / 1000 % 26) as u8);
            let code = format!("{letter}{:02}.{}", index / 10 % 100, index % 10);
            text.push_str(&format!(
                "  {{ code = \"{code}\", text = \"{descriptor}\" }},\n"
            ));
        }
    }
    text.push_str("]\n");
    text
}

fn criterion(id: &str, words: &str) -> String {
    format!("[[criteria]]\nid = \"{id}\"\ntext = \"{words}\"\n")
}

/// Words of a small vocabulary, the same for the same seed.
fn sentence(seed: &mut u64, words: usize) -> String {
    let words: Vec<String> = (0..words)
        .map(|_| {
            *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            format!("word{}", (*seed >> 33) % 3_000)
        })
        .collect();
    words.join(" ")
}
