//! Sets built from small files in the published layouts.

use jiff::civil::date;
use proptest::prelude::*;

use super::read::archive::tests::archive;
use super::read::hcpcs::tests::record;
use super::read::workbook::tests::workbook;
use super::*;
use crate::policy::{Code, Date};

/// An order file of `code flag title` lines.
pub(super) fn order(lines: &[&str]) -> Vec<u8> {
    let line = |(number, line): (usize, &&str)| {
        let mut parts = line.splitn(3, ' ');
        let mut part = || parts.next().unwrap_or_default();
        let (code, flag, title) = (part(), part(), part());
        format!("{:05} {code:<7} {flag} {title:<60} {title}\r\n", number + 1)
    };
    let lines: String = lines.iter().enumerate().map(line).collect();
    lines.into_bytes()
}

const FY2016: [&str; 5] = [
    "G57 0 Mononeuropathies of lower limb",
    "G577 0 Causalgia of lower limb",
    "G5771 1 Causalgia of right lower limb",
    "G5772 1 Causalgia of left lower limb",
    "G58 1 Other mononeuropathies",
];
const FY2017: [&str; 7] = [
    "G57 0 Mononeuropathies of lower limb",
    "G577 0 Causalgia of lower limb",
    "G5771 1 Causalgia of right lower limb",
    "G5772 1 Causalgia of left lower limb",
    "G5773 1 Causalgia of bilateral lower limbs",
    "G58 0 Other mononeuropathy",
    "G580 1 Intercostal neuropathy",
];
const FY2018: [&str; 3] = [
    "G57 0 Mononeuropathies",
    "G577 0 Causalgia",
    "G5772 1 Causalgia, left",
];

/// A file by name.
type File<'a> = (&'a str, &'a [u8]);

pub(super) fn built(files: &[File<'_>], base: Option<&CodeSet>) -> Result<Vec<CodeSet>, ReadError> {
    let files: Vec<_> = files
        .iter()
        .map(|(name, bytes)| NamedFile { name, bytes })
        .collect();
    import(&files, None, &|system| {
        base.filter(|base| base.system() == system)
    })
}

pub(super) fn diagnoses() -> CodeSet {
    let years = [order(&FY2016), order(&FY2017), order(&FY2018)];
    let zip = archive(&[
        ("folder/icd10cm_order_2017.txt", &years[1]),
        ("x.pdf", b"x".as_slice()),
    ]);
    let sets = built(
        &[
            ("icd10cm_order_2018.txt", &years[2]),
            ("cms_2017_dx.zip", &zip),
            ("icd10cm_order_2016.txt", &years[0]),
        ],
        None,
    );
    sets.expect("files").remove(0)
}

pub(super) fn procedures() -> CodeSet {
    let year = |records: &[String]| records.concat().into_bytes();
    let first = year(&[
        record(
            "A4300",
            3,
            "Implantable catheter",
            "1986010120020101        N",
        ),
        record("C9130", 3, "Injection", "201304012014010120131231N"),
        record("G9976", 3, "Documentation", "2018010120180101        A"),
    ]);
    let second = year(&[
        record(
            "A4300",
            3,
            "Implantable access catheter",
            "1986010120180701        C",
        ),
        record(
            "J0185",
            3,
            "Injection, aprepitant",
            "2019010120190101        A",
        ),
    ]);
    let files: [(&str, &[u8]); 2] = [
        ("HCPC2018_CONTR_ANWEB.txt", &first),
        ("HCPC2019_CONTR_ANWEB.txt", &second),
    ];
    built(&files, None).expect("files").remove(0)
}

fn code(set: &CodeSet, text: &str) -> Code {
    Code::as_printed(set.system(), text)
}

#[test]
fn a_code_and_a_day_have_a_status_and_an_edition() {
    let icd = diagnoses();
    let hcpcs = procedures();
    let table = [
        (&icd, "G57.71", (2016, 1, 1), "Valid FY2016"),
        (
            &icd,
            "G57.73",
            (2016, 9, 30),
            "NotYetValid { from: 2016-10-01 } FY2016",
        ),
        (&icd, "G57.73", (2016, 10, 1), "Valid FY2017"),
        (
            &icd,
            "G57.73",
            (2017, 10, 1),
            "Terminated { last: 2017-09-30, again: None } FY2018",
        ),
        (&icd, "G58", (2016, 9, 30), "Valid FY2016"),
        (&icd, "G58", (2016, 10, 1), "Header FY2017"),
        (&icd, "G57.79", (2017, 1, 1), "NeverValid FY2017"),
        (&icd, "G57.71", (2015, 1, 1), "NotCovered FY2015"),
        (&icd, "G57.72", (2018, 10, 1), "NotCovered FY2019"),
        (
            &icd,
            "G57.71",
            (2030, 1, 1),
            "Terminated { last: 2017-09-30, again: None } FY2030",
        ),
        (&icd, "G57.79", (2030, 1, 1), "NotCovered FY2030"),
        (&icd, "nonsense", (2017, 1, 1), "NeverValid FY2017"),
        (&hcpcs, "A4300", (1990, 1, 1), "Valid 1990"),
        (
            &hcpcs,
            "A4300",
            (1985, 1, 1),
            "NotYetValid { from: 1986-01-01 } 1985",
        ),
        (&hcpcs, "A4300", (2020, 1, 1), "NotCovered 2020"),
        (
            &hcpcs,
            "C9130",
            (2019, 1, 1),
            "Terminated { last: 2013-12-31, again: None } 2019",
        ),
        (
            &hcpcs,
            "G9976",
            (2019, 1, 1),
            "Terminated { last: 2018-12-31, again: None } 2019",
        ),
        (&hcpcs, "D0120", (2019, 1, 1), "NotCovered 2019"),
    ];
    for (set, text, (year, month, day), expected) in table {
        let answer = set.on(&code(set, text), date(year, month, day));
        let told = format!("{:?} {}", answer.status, answer.edition.year_name());
        assert_eq!(told, expected, "{text} on {year}-{month}-{day}");
    }
}

#[test]
fn a_coarse_date_has_every_status_of_its_days() {
    let set = diagnoses();
    let during = |text: &str, date: &str| -> Vec<String> {
        let date: Date = date.parse().expect("a date");
        let statuses = set.during(&code(&set, text), date);
        statuses
            .iter()
            .map(|(day, status)| format!("{day} {status:?}"))
            .collect()
    };
    assert_eq!(during("G57.71", "2016-02"), ["2016-02-01 Valid"]);
    assert_eq!(
        during("G58", "2016"),
        ["2016-01-01 Valid", "2016-10-01 Header"]
    );
    assert_eq!(
        during("G57.72", "2018"),
        ["2018-01-01 Valid", "2018-10-01 NotCovered"]
    );
}

#[test]
fn titles_neighbours_children_and_revisions() {
    let set = diagnoses();
    let key = |text| Key::read(text).expect("a code");
    let names = |keys: Vec<Key>| keys.iter().map(Key::to_string).collect::<Vec<_>>();
    let day = date(2017, 1, 1);
    let title = |text, day| {
        set.title(&key(text), day)
            .map(|title| title.long.to_string())
    };
    assert_eq!(
        title("G58", date(2016, 1, 1)).as_deref(),
        Some("Other mononeuropathies")
    );
    assert_eq!(title("G58", day).as_deref(), Some("Other mononeuropathy"));
    assert_eq!(title("G59", day), None);
    assert_eq!(names(set.children(&key("G57"), day)), ["G577"]);
    assert_eq!(
        names(set.children(&key("G577"), day)),
        ["G5771", "G5772", "G5773"]
    );
    assert_eq!(
        names(set.children(&key("G577"), date(2016, 1, 1))),
        ["G5771", "G5772"]
    );
    assert_eq!(
        set.neighbours(&key("G5772")),
        (Some(key("G5771")), Some(key("G5773")))
    );
    assert_eq!(set.neighbours(&key("A00")), (None, Some(key("G57"))));
    assert_eq!(
        set.next_revision(&key("G5772"), day),
        Some(date(2017, 10, 1))
    );
    assert_eq!(set.next_revision(&key("G577"), date(2018, 1, 1)), None);
    assert_eq!(set.describe(), "ICD-10-CM FY2016 to FY2018");
}

#[test]
fn years_added_one_by_one_give_the_same_bytes() {
    let whole = diagnoses();
    let mut set: Option<CodeSet> = None;
    for (name, lines) in [("2016", &FY2016[..]), ("2017", &FY2017), ("2018", &FY2018)] {
        let name = format!("icd10cm_order_{name}.txt");
        let bytes = order(lines);
        let sets = built(&[(name.as_str(), bytes.as_slice())], set.as_ref());
        set = Some(sets.expect("a file").remove(0));
    }
    assert_eq!(set.expect("a set").bytes(), whole.bytes());
}

#[test]
fn imports_that_would_leave_a_hole_are_refused() {
    let (a, b) = (order(&FY2016), order(&FY2018));
    let addenda = b"Add:         1 A00     Cholera".as_slice();
    let table: [(&[File<'_>], &str); 5] = [
        (
            &[
                ("icd10cm_order_2016.txt", &a),
                ("icd10cm_order_2018.txt", &b),
            ],
            "FY2018 cannot follow ICD-10-CM FY2016",
        ),
        (
            &[
                ("icd10cm_order_2016.txt", &a),
                ("x/icd10cm_order_2016.txt", &a),
            ],
            "is in icd10cm_order_2016.txt already",
        ),
        (
            &[("order.txt", &a)],
            "order.txt: its name does not tell its year",
        ),
        (
            &[("icd10cm_order_addenda_2016.txt", addenda)],
            "whose order file is missing",
        ),
        (&[("x.txt", b"hello")], "x.txt: it holds no file of codes"),
    ];
    for (files, reason) in table {
        let error = built(files, None).expect_err(reason).to_string();
        assert!(error.contains(reason), "{error}");
    }
}

#[test]
fn a_damaged_compact_file_is_told() {
    let set = diagnoses();
    let bytes = set.bytes();
    for place in 0..bytes.len() {
        let mut damaged = bytes.to_vec();
        damaged[place] ^= 0x10;
        assert!(CodeSet::open("x", damaged).is_err(), "byte {place}");
        assert!(CodeSet::open("x", bytes[..place].to_vec()).is_err());
    }
    assert!(CodeSet::open("x", bytes.to_vec()).is_ok());
}

/// The published files in miniature, for cutting and changing.
fn samples() -> Vec<(&'static str, Vec<u8>)> {
    let records = record("A4300", 3, "Catheter", "1986010120020101        N").into_bytes();
    let book = workbook(&[
        &["HCPC", "RECID", "LONG DESCRIPTION", "ADD DT"],
        &["A4300", "3", "Catheter", "19860101"],
    ]);
    let text = order(&FY2016);
    vec![
        (
            "icd10cm_order_2016.zip",
            archive(&[("icd10cm_order_2016.txt", &text)]),
        ),
        ("icd10cm_order_2016.txt", text),
        (
            "icd10cm_order_addenda_2016.txt",
            b"Add:         1 A00     Cholera".to_vec(),
        ),
        ("HCPC2019_CONTR_ANWEB.txt", records),
        ("HCPC2019_CONTR_ANWEB.xlsx", book),
        ("cpt_2020.txt", b"99990\tMade up\n".to_vec()),
        ("unknown_2020", vec![]),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        for (name, _) in samples() {
            let _ = built(&[(name, &bytes)], None);
        }
        let _ = CodeSet::open("x", bytes);
    }

    #[test]
    fn no_change_of_a_published_file_makes_a_reader_panic(
        sample in any::<prop::sample::Index>(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        let samples = samples();
        let (name, bytes) = sample.get(&samples);
        let mut bytes = bytes.clone();
        for (place, byte) in changes {
            if !bytes.is_empty() {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
        }
        let _ = built(&[(name, &bytes)], None);
    }

    #[test]
    fn no_text_makes_a_lookup_panic(text: String, year in 1901i16..2198) {
        let set = diagnoses();
        let code = Code::as_printed(set.system(), &text);
        let _ = set.on(&code, date(year, 6, 1));
        let _ = set.during(&code, year.to_string().parse().expect("a year"));
        if let Some(key) = Key::of(&code) {
            let _ = (set.neighbours(&key), set.children(&key, date(2017, 1, 1)));
        }
    }
}
