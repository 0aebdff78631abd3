//! Reports to hand on: the same answer in every format, whatever names hold.

use std::collections::BTreeSet;
use std::io::Read;

use calamine::{Data, Reader, Xlsx, open_workbook_from_rs};
use lookback::cases::csv::{Scan, Scanner};

use crate::environment::Environment;
use crate::git::commit;

/// Every record of a CSV text.
fn records(text: &str) -> Vec<Vec<String>> {
    let mut scanner = Scanner::default();
    let mut records = vec![];
    loop {
        match scanner.next(&text.as_bytes()[scanner.offset() as usize..], true) {
            Scan::Record(record) => {
                assert_eq!(record.fault, None, "line {}", record.line);
                let fields = record.fields.iter();
                let field = |one: &[u8]| String::from_utf8(one.to_vec()).expect("UTF-8");
                records.push(fields.map(|one| field(one)).collect());
            }
            Scan::Blank(_) => {}
            Scan::More | Scan::End => return records,
        }
    }
}

fn workbook(bytes: &[u8]) -> Xlsx<std::io::Cursor<&[u8]>> {
    open_workbook_from_rs(std::io::Cursor::new(bytes)).expect("a workbook")
}

/// Every sheet with its cells: text quoted, numbers not.
fn cells(bytes: &[u8]) -> String {
    let mut book = workbook(bytes);
    let mut text = String::new();
    for (name, range) in book.worksheets() {
        text.push_str(&format!("== {name}\n"));
        for row in range.rows() {
            let cells = row.iter().map(|cell| match cell {
                Data::Empty => String::new(),
                Data::String(text) => format!("{text:?}"),
                other => format!("{other}"),
            });
            text.push_str(&cells.collect::<Vec<_>>().join("  "));
            text.push('\n');
        }
    }
    text
}

/// What a command writes to a file of that ending.
fn written(environment: &Environment, arguments: &[&str], ending: &str) -> Vec<u8> {
    let file = format!("report.{ending}");
    let run = environment.run(&[arguments, &["--out", &file, "--force"]].concat());
    assert_eq!(run.stdout, "");
    std::fs::read(environment.path(&file)).unwrap_or_else(|_| panic!("{ending}: {}", run.stderr))
}

#[test]
fn reports_on_the_stored_cases() {
    let environment = Environment::new();
    let reports: [(&str, &[&str]); 9] = [
        ("replay_csv", &["replay", "--format", "csv"]),
        ("replay_html", &["replay", "--format", "html"]),
        ("replay_md", &["replay", "--format", "md", "--flips"]),
        ("summary_text", &["replay", "--summary"]),
        ("summary_csv", &["replay", "--summary", "--format", "csv"]),
        ("summary_html", &["replay", "--summary", "--format", "html"]),
        ("summary_md", &["replay", "--summary", "--format", "md"]),
        ("explain_html", &["explain", "IPP-0042", "--format", "html"]),
        (
            "explain_md",
            &[
                "explain",
                "IPP-0033",
                "--against",
                "latest",
                "--format",
                "md",
            ],
        ),
    ];
    for (name, arguments) in reports {
        insta::assert_snapshot!(name, environment.run(arguments).page());
    }
    let book = written(&environment, &["replay"], "xlsx");
    insta::assert_snapshot!("replay_xlsx", cells(&book));
    let book = written(&environment, &["replay", "--summary"], "xlsx");
    insta::assert_snapshot!("summary_xlsx", cells(&book));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let environment = Environment::new();
    for ending in ["txt", "json", "csv", "md", "html", "xlsx"] {
        for arguments in [&["replay"][..], &["replay", "--summary"]] {
            let first = written(&environment, arguments, ending);
            assert_eq!(first, written(&environment, arguments, ending), "{ending}");
        }
    }
    // Two runs within a second would agree on the clock as well.
    let book = written(&environment, &["replay"], "xlsx");
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book)).expect("an archive");
    let mut properties = String::new();
    let mut part = archive.by_name("docProps/core.xml").expect("properties");
    part.read_to_string(&mut properties).expect("text");
    assert!(
        properties.contains(">2000-01-01T00:00:00Z</dcterms:created>"),
        "{properties}"
    );
    assert!(
        properties.contains(">2000-01-01T00:00:00Z</dcterms:modified>"),
        "{properties}"
    );
}

#[test]
fn the_form_is_the_one_named_or_the_one_the_file_is_called_by() {
    let environment = Environment::new();
    let begins: [(&[&str], &str, &str); 6] = [
        (&["replay"], "json", "{\n"),
        (&["replay"], "CSV", "row,case,"),
        (&["replay", "--format", "csv"], "txt", "row,case,"),
        (&["replay", "--json"], "html", "{\n"),
        (&["replay"], "htm", "<!DOCTYPE html>"),
        (&["explain", "IPP-0042"], "markdown", "# IPP-0042"),
    ];
    for (arguments, ending, begins) in begins {
        let text = String::from_utf8(written(&environment, arguments, ending)).expect("text");
        assert!(
            text.starts_with(begins),
            "{arguments:?} {ending}: {text:.40}"
        );
    }
    let refused: [(&[&str], &str); 3] = [
        (&["replay", "--format", "xlsx"], "a workbook is not printed"),
        (
            &["replay", "--out", "a.pdf"],
            "this answer has no form called .pdf",
        ),
        (
            &["explain", "IPP-0042", "--out", "a.csv"],
            "this answer has no form called .csv",
        ),
    ];
    for (arguments, message) in refused {
        let run = environment.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        assert!(run.stderr.contains(message), "{}", run.stderr);
    }
}

#[test]
fn the_formats_tell_the_same_numbers() {
    let environment = Environment::new();
    let json = environment.json(&["replay"]);
    let rows = records(&environment.run(&["replay", "--format", "csv"]).stdout);
    let column = |name: &str| {
        rows[0]
            .iter()
            .position(|one| one == name)
            .expect("a column")
    };
    let cases: Vec<_> = rows.iter().filter(|row| row[0] == "case").collect();
    assert_eq!(cases.len(), json["cases"]);
    for version in json["versions"].as_array().expect("versions") {
        let version = version.as_str().expect("a name");
        for (name, count) in json["counts"][version].as_object().expect("counts") {
            let name = name.replace('_', "-");
            let found = cases.iter().filter(|row| row[column(version)] == name);
            assert_eq!(found.count(), *count, "{version} {name}");
        }
    }
    let results = json["results"].as_array().expect("results");
    for (row, result) in cases.iter().zip(results) {
        assert_eq!(row[column("case")], result["case"]);
        let expected = match result["reproduced"].as_bool() {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        };
        assert_eq!(row[column("reproduced")], expected, "{}", result["case"]);
    }
    let flips = records(
        &environment
            .run(&["replay", "--flips", "--format", "csv"])
            .stdout,
    );
    let flips = flips.iter().filter(|row| row[0] == "case");
    let flipping: BTreeSet<_> = flips.map(|row| row[column("case")].clone()).collect();
    let expected = json["flips"].as_array().expect("flips").iter();
    let expected = expected.map(|flip| flip["case"].as_str().expect("a case").to_owned());
    assert_eq!(flipping, expected.collect());
}

#[test]
fn criteria_are_counted_alone_and_with_others() {
    let environment = Environment::new();
    let json = environment.json(&["replay", "--summary"]);
    let found = &json["by_criterion"][1];
    assert_eq!(found["criterion"], "I.B.9");
    assert_eq!((&found["flips"], &found["alone"]), (&6.into(), &5.into()));
    let total: i64 = json["causes"]
        .as_array()
        .expect("causes")
        .iter()
        .filter(|set| {
            set["criteria"]
                .as_array()
                .is_some_and(|one| one.contains(&"I.B.9".into()))
        })
        .filter_map(|set| set["flips"].as_i64())
        .sum();
    assert_eq!(total, 6);
}

#[test]
fn provenance_has_commit_state_hashes_and_arguments() {
    let environment = Environment::with_library();
    let hash = commit(&environment, "first");
    let provenance = || {
        let run = environment.run(&["replay", "--against", "2019-07,latest", "--format", "csv"]);
        let rows = records(&run.stdout).into_iter();
        let notes = rows.filter(|row| row[0] == "provenance");
        notes
            .filter_map(|row| row.last().cloned())
            .collect::<Vec<_>>()
    };
    let rows = provenance();
    assert!(rows[1].starts_with("library "), "{rows:?}");
    assert!(
        rows[1].ends_with(&format!("policy-versions commit {hash}, clean")),
        "{rows:?}"
    );
    let command = "command lookback replay --against 2019-07,latest --format csv";
    assert_eq!(rows.last().map(String::as_str), Some(command));
    assert_eq!(
        rows.iter()
            .filter(|row| row.starts_with("version "))
            .count(),
        2
    );
    environment.edit("policy-versions/CP.MP.173/2020-01.toml", "\n", "\n\n");
    let dirty = provenance();
    assert!(
        dirty[1].ends_with(", with uncommitted changes"),
        "{dirty:?}"
    );
    assert_ne!(rows[3], dirty[3]);
    let html = environment.run(&["replay", "--format", "html"]).stdout;
    assert!(html.contains(&format!("commit {hash}, with uncommitted changes")));
}

/// Names that a spreadsheet, a browser, a reader of Markdown or a terminal
/// would act upon.
const HOSTILE: [&str; 12] = [
    "=HYPERLINK(\"http://example.org\",\"x\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1",
    "-2+3",
    "\t=1+1",
    " =1+1",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\u{1b}]0;owned\u{7}",
    "| a | [b](javascript:alert(1)) ![](x) |",
    "a\r\n=1+1,\"b\"",
    "\u{202e}https://example.org\u{feff}",
];

/// A library and cases in which everything that may is hostile.
fn hostile() -> Environment {
    let environment = Environment::new();
    let choices = serde_json::to_string(&HOSTILE[..8]).expect("a list");
    let policy = format!(
        "format = 1\nreference = \"H.1\"\ntitle = \"<script>=1\"\npublisher = \"=1\"\n\
         [facts.drug]\nask = \"<b>?\"\ntype = \"choice\"\nchoices = {choices}\n"
    );
    environment.write("policy-versions/H.1/policy.toml", policy.as_bytes());
    for (version, chosen) in [("2019-01", HOSTILE[0]), ("2020-01", HOSTILE[6])] {
        let rule = format!("drug == {chosen:?}");
        let text = format!(
            "format = 1\nversion = \"{version}\"\neffective = \"{version}\"\n\
             provenance = \"published\"\n[[criteria]]\nid = \"I\"\n\
             text = \"=1 <script>| a |\"\nrule = {}\n",
            serde_json::to_string(&rule).expect("a string")
        );
        environment.write(
            &format!("policy-versions/H.1/{version}.toml"),
            text.as_bytes(),
        );
    }
    let mut rows = String::new();
    for (index, name) in HOSTILE.into_iter().enumerate() {
        let facts = serde_json::json!({ "drug": HOSTILE[index % 8] });
        let case = serde_json::json!({
            "case_id": name, "policy": "H.1", "determination": "met",
            "determination_version": name, "facts": facts, "note": name,
        });
        rows.push_str(&format!("{case}\n"));
        let wrong = serde_json::json!({ "case_id": format!("{name} 2"), "policy": "H.1", name: 1 });
        rows.push_str(&format!("{wrong}\n"));
    }
    environment.write("=1 <b>.jsonl", rows.as_bytes());
    environment
}

const REPLAY: [&str; 2] = ["replay", "=1 <b>.jsonl"];

#[test]
fn no_cell_of_a_csv_file_is_a_formula() {
    let environment = hostile();
    for more in [&[][..], &["--summary"]] {
        let run = environment.run(&[&REPLAY[..], &["--format", "csv"], more].concat());
        assert_eq!(run.code, 3, "{}", run.stderr);
        let mut kept = 0;
        for cell in records(&run.stdout).into_iter().flatten() {
            let first = cell.trim_start().chars().next();
            assert!(!first.is_some_and(|one| "=+-@".contains(one)), "{cell:?}");
            assert!(!cell.contains(char::is_control), "{cell:?}");
            kept += usize::from(cell.contains("HYPERLINK"));
        }
        assert!(kept > 0, "names are kept");
    }
}

#[test]
fn a_workbook_holds_text_and_numbers_only() {
    let environment = hostile();
    for more in [&[][..], &["--summary"]] {
        let bytes = written(&environment, &[&REPLAY[..], more].concat(), "xlsx");
        let mut book = workbook(&bytes);
        let mut texts = 0;
        for name in book.sheet_names() {
            let formulas = book.worksheet_formula(&name).expect("a sheet");
            assert!(formulas.used_cells().next().is_none(), "{name}");
            let range = book.worksheet_range(&name).expect("a sheet");
            for (_, _, cell) in range.used_cells() {
                match cell {
                    Data::String(text) => {
                        assert!(!text.contains(char::is_control), "{text:?}");
                        texts += usize::from(text.starts_with("=HYPERLINK"));
                    }
                    Data::Float(_) | Data::Int(_) => {}
                    other => panic!("{name}: {other:?}"),
                }
            }
        }
        assert_eq!(texts > 0, more.is_empty(), "names stand as they are");
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&bytes)).expect("an archive");
        for index in 0..archive.len() {
            let part = archive.by_index(index).expect("a part");
            let name = format!("{:?}", part.name());
            let text = std::io::read_to_string(part).expect("text");
            assert!(
                !text.contains("<hyperlink") && !text.contains("<f>"),
                "{name}"
            );
        }
    }
}

#[test]
fn a_page_holds_only_the_tags_of_the_writer() {
    let environment = hostile();
    let own: BTreeSet<_> = "!DOCTYPE html head meta title style body h1 h2 h3 h4 p ul li table \
                            thead tbody tr th td strong span ins del svg desc defs pattern rect \
                            circle text"
        .split_whitespace()
        .collect();
    let commands: [&[&str]; 3] = [
        &REPLAY,
        &["replay", "=1 <b>.jsonl", "--summary"],
        &[
            "explain",
            HOSTILE[6],
            "--cases",
            "=1 <b>.jsonl",
            "--against",
            "2020-01",
        ],
    ];
    for arguments in commands {
        let page = environment.run(&[arguments, &["--format", "html"]].concat());
        assert!(page.stdout.ends_with("</html>\n"), "{}", page.stderr);
        for tag in page.stdout.split('<').skip(1) {
            let tag = tag.split('>').next().expect("a tag");
            let name = tag
                .trim_start_matches('/')
                .split(' ')
                .next()
                .expect("a name");
            assert!(own.contains(name), "{tag}");
            for attribute in [" on", " href", " src", "javascript"] {
                assert!(!tag.contains(attribute), "{tag}");
            }
        }
        let hidden = |one: char| one.is_control() && one != '\n';
        assert!(!page.stdout.contains(hidden));
        assert!(page.stdout.contains("&lt;script&gt;"));
    }
}

#[test]
fn markdown_keeps_names_as_text() {
    let environment = hostile();
    let explain = [
        "explain",
        HOSTILE[6],
        "--cases",
        "=1 <b>.jsonl",
        "--against",
        "2020-01",
    ];
    for arguments in [&REPLAY[..], &explain] {
        let page = environment
            .run(&[arguments, &["--format", "md"]].concat())
            .stdout;
        assert!(!page.is_empty());
        let mut columns = None;
        for line in page.lines() {
            let plain = line.replace("\\\\", "");
            for mark in ["<", "](", "!["] {
                let bare = plain
                    .match_indices(mark)
                    .find(|(at, _)| !plain[..*at].ends_with('\\'));
                assert_eq!(bare, None, "{line}");
            }
            let bars = plain.replace("\\|", "").matches('|').count();
            columns = line.starts_with('|').then(|| *columns.get_or_insert(bars));
            assert!(columns.is_none_or(|columns| columns == bars), "{line}");
        }
    }
}

#[test]
fn rejected_rows_and_a_report_in_full_stand_in_every_format() {
    let environment = hostile();
    for ending in ["txt", "json", "csv", "md", "html", "xlsx"] {
        let bytes = written(&environment, &REPLAY, ending);
        let text = match ending {
            "xlsx" => cells(&bytes),
            _ => String::from_utf8(bytes).expect("text"),
        };
        assert!(
            text.contains("unknown column"),
            "{ending} lists the rejected rows: {text}"
        );
        assert!(text.contains("lookback 0."), "{ending} names the program");
    }
}
