//! The published files of code sets, imported whole.
//!
//! They lie outside the project, in the folder that `LOOKBACK_DATA` names.
//! Where it names none these tests say so and pass; what they rest on is
//! tested on small files in `src/codesets/` all the same.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::sync::OnceLock;

use lookback::codesets::{CodeSet, Key, NamedFile, Status, import};
use lookback::library::embedded_code_sets;
use lookback::policy::{Code, CodeSystem};

use crate::environment::Environment;

/// The published archives, in order of name; none without `LOOKBACK_DATA`.
fn archives(folder: &str) -> Option<Vec<PathBuf>> {
    let Some(data) = std::env::var_os("LOOKBACK_DATA") else {
        // Written past the capture of the test harness, so that it is seen.
        let note = "SKIPPED: LOOKBACK_DATA names no folder of published code sets";
        let _ = writeln!(std::io::stderr(), "{note}");
        return None;
    };
    let folder = PathBuf::from(data).join("codesets").join(folder);
    let entries = std::fs::read_dir(&folder).expect("the published code sets");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.retain(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        name.ends_with("_dx.zip") || name.ends_with("Alpha-Numeric-HCPCS-File.zip")
    });
    paths.sort();
    Some(paths)
}

fn imported(paths: &[PathBuf]) -> CodeSet {
    let files: Vec<(String, Vec<u8>)> = paths
        .iter()
        .map(|path| {
            (
                path.display().to_string(),
                std::fs::read(path).expect("a file"),
            )
        })
        .collect();
    let files: Vec<_> = files
        .iter()
        .map(|(name, bytes)| NamedFile { name, bytes })
        .collect();
    let mut sets = import(&files, None, &|_| None).expect("published files");
    assert_eq!(sets.len(), 1);
    sets.remove(0)
}

fn diagnoses() -> Option<&'static CodeSet> {
    static SET: OnceLock<Option<CodeSet>> = OnceLock::new();
    SET.get_or_init(|| archives("icd10cm").map(|paths| imported(&paths)))
        .as_ref()
}

fn procedures() -> Option<&'static CodeSet> {
    static SET: OnceLock<Option<CodeSet>> = OnceLock::new();
    SET.get_or_init(|| archives("hcpcs").map(|paths| imported(&paths)))
        .as_ref()
}

fn shipped(system: CodeSystem) -> CodeSet {
    let mut sets = embedded_code_sets()
        .map(|(path, bytes)| CodeSet::open(&path, bytes).expect("a shipped set"));
    sets.find(|set| set.system() == system)
        .expect("a set of that system")
}

#[test]
fn every_year_has_the_codes_of_its_file_and_changes_as_published() {
    let Some(set) = diagnoses() else { return };
    let counts: Vec<u32> = set.editions().iter().map(|one| one.codes).collect();
    assert_eq!(
        counts,
        [
            69_823, 69_823, 69_823, 71_486, 71_704, 71_932, 72_184, 72_621, 72_750, 73_674, 74_044,
            74_260, 74_719
        ]
    );
    // The codes of April 2020 are in the file of 2021 only, so the state at
    // the end of 2020 has two more than its file, and 2021 adds two fewer.
    let changes = [
        (2017, 1974, 311),
        (2018, 360, 142),
        (2020, 273 + 2, 21),
        (2021, 496 - 2, 59),
        (2023, 1218, 294),
        (2026, 487, 28),
    ];
    for (year, added, ended) in changes {
        let edition = |year| set.editions().iter().find(|one| one.edition.year == year);
        let state = |year| {
            let edition = edition(year).expect("the year").edition;
            set.valid_on(edition.last_day())
        };
        let (before, after) = (state(year - 1), state(year));
        let count = |one: &[bool], other: &[bool]| {
            one.iter()
                .zip(other)
                .filter(|(one, other)| **one && !**other)
                .count()
        };
        assert_eq!(
            (count(&after, &before), count(&before, &after)),
            (added, ended),
            "{year}"
        );
    }
}

#[test]
fn codes_begin_and_end_on_their_days() {
    for set in [diagnoses(), Some(&shipped(CodeSystem::Icd10Cm))]
        .into_iter()
        .flatten()
    {
        let table = [
            ("G57.73", "2016-09-30", "NotYetValid { from: 2016-10-01 }"),
            ("G57.73", "2016-10-01", "Valid"),
            ("U07.1", "2020-03-31", "NotYetValid { from: 2020-04-01 }"),
            ("U07.1", "2020-04-01", "Valid"),
            ("J12.82", "2020-12-31", "NotYetValid { from: 2021-01-01 }"),
            ("M35.8", "2020-12-31", "Valid"),
            ("M35.8", "2021-01-01", "Header"),
            ("Z28.3", "2022-03-31", "Valid"),
            ("Z28.3", "2022-04-01", "Header"),
            ("Z28.310", "2022-03-31", "NotYetValid { from: 2022-04-01 }"),
            ("T74.A1XA", "2023-04-01", "Valid"),
            ("T74.A1XA", "2023-03-31", "NotYetValid { from: 2023-04-01 }"),
            ("G90.529", "2019-02-01", "Valid"),
            ("G90.52", "2019-02-01", "Header"),
            ("G90.524", "2019-02-01", "NeverValid"),
            ("A00.0", "2012-01-01", "NotCovered"),
            ("A00.0", "2026-10-01", "NotCovered"),
        ];
        for (code, day, expected) in table {
            let code = Code::parse(CodeSystem::Icd10Cm, code).expect("a code");
            let answer = set.on(&code, day.parse().expect("a day"));
            assert_eq!(format!("{:?}", answer.status), expected, "{code} on {day}");
        }
    }
}

/// A rough count had 6,440 codes and 505 terminated in the workbook, 6,443 and
/// 506 in the text. Both hold 6,440 codes, of which 506 are terminated: three
/// lines of the text are disclaimers whose first five characters look like
/// one more code each; and the workbook has a row too many for G8891, a piece
/// of its descriptor without dates, behind which its termination is lost if
/// the last row of a code counts.
#[test]
fn both_files_of_hcpcs_2019_hold_the_same_codes() {
    let Some(paths) = archives("hcpcs") else {
        return;
    };
    let archive = std::fs::read(paths.last().expect("2019")).expect("the archive");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(archive)).expect("an archive");
    let mut member = |name: &str| {
        let mut bytes = vec![];
        let mut member = archive.by_name(name).expect(name);
        std::io::Read::read_to_end(&mut member, &mut bytes).expect("its bytes");
        bytes
    };
    let read = |name: &str, bytes: &[u8]| {
        let files = [NamedFile { name, bytes }];
        import(&files, None, &|_| None).expect(name).remove(0)
    };
    let text = member("HCPC2019_CONTR_ANWEB.txt");
    let book = member("HCPC2019_CONTR_ANWEB.xlsx");
    let sets = [
        read("HCPC2019_CONTR_ANWEB.txt", &text),
        read("HCPC2019_CONTR_ANWEB.xlsx", &book),
    ];
    let last = sets[0].editions()[0].edition.last_day();
    for set in &sets {
        let terminated = set
            .keys()
            .filter(|key| set.intervals(key).iter().all(|one| one.to.is_some()))
            .count();
        assert_eq!((set.len(), terminated), (6_440, 506));
        let key = Key::read("G8891").expect("a code");
        assert!(matches!(set.status(&key, last), Status::Terminated { .. }));
    }
    let same = |key: &Key| sets[0].intervals(key) == sets[1].intervals(key);
    assert!(sets[0].keys().all(|key| same(&key)), "the dates agree");
    let title = |set: &CodeSet, key: &Key| set.title(key, last).map(|title| title.long);
    let differ: Vec<_> = sets[0]
        .keys()
        .filter(|key| title(&sets[0], key) != title(&sets[1], key))
        .map(|key| key.to_string())
        .collect();
    assert_eq!(differ, ["G0503"], "the workbook cuts one descriptor");

    let text = String::from_utf8_lossy(&text);
    let beginnings: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.get(..5))
        .filter(|start| start.trim().len() == 5)
        .collect();
    assert_eq!(beginnings.len(), 6_443);
    let disclaimers: Vec<_> = beginnings
        .iter()
        .filter(|start| start.starts_with('*'))
        .collect();
    assert_eq!(disclaimers.len(), 3);
}

#[test]
fn the_shipped_sets_are_those_of_the_published_files() {
    for set in [diagnoses(), procedures()].into_iter().flatten() {
        assert!(
            shipped(set.system()).bytes() == set.bytes(),
            "the shipped {} set differs: rebuild it as the README says",
            set.system()
        );
    }
}

#[test]
fn nothing_licensed_is_shipped() {
    for (path, bytes) in embedded_code_sets() {
        let set = CodeSet::open(&path, bytes).expect("a shipped set");
        assert_ne!(set.system(), CodeSystem::Cpt, "{path}");
        let dental = set.keys().filter(|key| key.as_str().starts_with('D'));
        let is_hcpcs = set.system() == CodeSystem::Hcpcs;
        assert!(!is_hcpcs || dental.count() == 0, "{path}");
    }
}

const FIRST: &str = "00001 A00     0 Cholera\r\n00002 A000    1 Cholera, classical\r\n";
const SECOND: &str = "00001 A00     0 Cholera\r\n00002 A001    1 Cholera, el Tor\r\n";

#[test]
fn a_set_is_built_carried_on_and_used() {
    let environment = Environment::with_library();
    environment.write("icd10cm_order_2030.txt", FIRST.as_bytes());
    environment.write("icd10cm_order_2031.txt", SECOND.as_bytes());
    let first = environment.run(&["code-set", "import", "--rebuild", "icd10cm_order_2030.txt"]);
    assert_eq!(first.code, 0, "{}", first.stderr);
    let second = environment.json(&["code-set", "import", "icd10cm_order_2031.txt"]);
    assert_eq!(second["schema"], "lookback/code-set/1");
    assert_eq!(second["sets"][0]["years"][1]["added"], 1);
    assert_eq!(second["sets"][0]["years"][1]["ended"], 1);

    let codes = environment.json(&["codes", "A00.0"]);
    assert_eq!(
        codes["codes"][0]["code_set"]["name"],
        "ICD-10-CM FY2030 to FY2031"
    );
    assert_eq!(codes["codes"][0]["valid"][0]["to"], "2030-09-30");

    let again = environment.run(&["code-set", "import", "icd10cm_order_2031.txt"]);
    assert_eq!(again.code, 3);
    assert!(
        again.stderr.contains("in the code set already"),
        "{}",
        again.stderr
    );
}

#[test]
fn a_licensed_set_is_for_its_owner_only() {
    let environment = Environment::new();
    environment.write("made-up.txt", b"99990\tA made-up procedure\n");
    let arguments = [
        "code-set",
        "import",
        "made-up.txt",
        "--year",
        "2020",
        "--into",
        "mine",
    ];
    let run = environment.run(&arguments);
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(
        run.stdout.contains("keep this file on your machine"),
        "{}",
        run.stdout
    );
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let file = std::fs::metadata(environment.path("mine/cpt.lookback-codes")).expect("the set");
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_damaged_set_is_told_and_the_built_in_one_used() {
    let environment = Environment::with_library();
    environment.write(
        "policy-versions/code-sets/icd10cm.lookback-codes",
        b"lookback-codes 1\n?",
    );
    let check = environment.run(&["check"]);
    assert!(
        check.stdout.contains("code-set-unusable"),
        "{}",
        check.stdout
    );
    assert!(check.stdout.contains("G90.529"), "{}", check.stdout);
}

#[test]
fn what_cannot_be_imported_names_the_way_out() {
    let environment = Environment::new();
    environment.write("hello.txt", b"hello");
    environment.write("order.txt", FIRST.as_bytes());
    let wrong: [&[&str]; 5] = [
        &["code-set", "import", "order.txt"],
        &["code-set", "import", "order.txt", "--into", "sets"],
        &["code-set", "import", "hello.txt", "--into", "sets"],
        &["code-set", "import", "missing.zip", "--into", "sets"],
        &[
            "code-set",
            "import",
            "order.txt",
            "--year",
            "2030",
            "--into",
            "sets",
        ],
    ];
    let report: Vec<_> = wrong
        .iter()
        .map(|arguments| {
            let run = environment.run(arguments);
            let command = arguments.join(" ");
            format!("$ lookback {command}\nexit {}\n{}", run.code, run.stderr)
        })
        .collect();
    insta::assert_snapshot!(report.join("\n"));
}
