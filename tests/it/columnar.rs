//! The columnar engine says of generated policies and files of cases what the
//! reference evaluator says of them row by row.

use std::io::Read;

use lookback::cases::csv::CsvRows;
use lookback::cases::{Case, CaseBook, ColumnMap, Reject, Vocabulary};
use lookback::policy::{Policy, Version};
use lookback::replay::{Counted, Counting, Session, Summary, replay};
use proptest::prelude::*;

use crate::generate::{dictionary, version};

fn policy() -> impl Strategy<Value = Policy> {
    let names = ["2018-05", "2019-07", "2020-01-15"];
    (prop::collection::vec(version(), 3), any::<bool>()).prop_map(move |(mut versions, alike)| {
        if alike {
            // Real revisions change a little: the third is the first with other codes.
            let codes = versions[2].codes.clone();
            versions[2] = Version {
                codes,
                ..versions[0].clone()
            };
        }
        for (version, name) in versions.iter_mut().zip(names) {
            version.name = name.to_owned();
            version.effective = name.parse().expect("a date");
            version.provenance = lookback::policy::Provenance::Published;
        }
        Policy {
            reference: "GEN.1".to_owned(),
            title: String::new(),
            publisher: String::new(),
            facts: dictionary(),
            versions,
            unread: vec![],
        }
    })
}

/// A field of a column: mostly right, sometimes not, often missing.
fn field(column: &'static str) -> BoxedStrategy<String> {
    let of = |right: &'static [&'static str], wrong: &'static [&'static str]| {
        prop_oneof![
            30 => Just(String::new()),
            60 => prop::sample::select(right).prop_map(str::to_owned),
            1 => prop::sample::select(wrong).prop_map(str::to_owned),
            3 => prop::sample::select(right).prop_map(|text| format!(" {text} ")),
            3 => prop::sample::select(right).prop_map(|text| format!("\"{text}\"")),
        ]
        .boxed()
    };
    match column {
        "policy" => of(&["GEN.1"], &["GEN.2"]),
        "service_date" | "decision_date" => of(
            &[
                "2018-06-01",
                "2019-07",
                "2019-07-10",
                "2020",
                "2021-03-04",
                "2001-01-01",
            ],
            &["2019-02-30", "01/20"],
        ),
        "procedure_codes" => of(
            &["10001", "10003", "10001;10002", "10003 10001", "J0001"],
            &["1000", "10001,"],
        ),
        "diagnosis_codes" => of(&["A00.1", "a001", "A00.3;A00.2", "B99"], &["A0"]),
        "determination" => of(&["met", "not-met", "pend", "not-addressed"], &["approved"]),
        "determination_version" => of(
            &["2018-05", "2019-07", "2020-01-15", "2017-01"],
            &["x", "2019-07\0", "\"2018-05\"\r"],
        ),
        "n" => of(
            &[
                "0",
                "1",
                "1.5",
                "2",
                "3",
                "12345678",
                "123456789",
                "-1",
                "3e0",
            ],
            &["six", "1,0"],
        ),
        "k" => of(&["x", "y", "z"], &["w", "X"]),
        _ => of(
            &["true", "false", "TRUE", "no", "1", "0", "Yes"],
            &["maybe", "NULL"],
        ),
    }
}

const COLUMNS: [&str; 16] = [
    "case_id",
    "policy",
    "service_date",
    "procedure_codes",
    "diagnosis_codes",
    "determination",
    "determination_version",
    "decision_date",
    "a",
    "b",
    "c",
    "d",
    "n",
    "k",
    "criterion.I",
    "criterion.II",
];

fn rows() -> impl Strategy<Value = Vec<Vec<String>>> {
    let columns: Vec<_> = COLUMNS[1..].iter().map(|column| field(column)).collect();
    let id = prop_oneof![
        20 => (0u32..3000).prop_map(|id| format!("c{id:05}")),
        1 => Just(String::new()),
        1 => Just(" c00007".to_owned()),
        1 => Just("\"c,8\"\"\"".to_owned()),
    ];
    prop::collection::vec((id, columns), 0..150).prop_map(|rows| {
        let rows = rows.into_iter();
        rows.map(|(id, fields)| std::iter::once(id).chain(fields).collect())
            .collect()
    })
}

/// What a row as text may be instead.
fn damage() -> impl Strategy<Value = Option<&'static [u8]>> {
    prop_oneof![
        80 => Just(None),
        1 => Just(Some(&b"short,row"[..])),
        1 => Just(Some(&b""[..])),
        1 => Just(Some(&b"   "[..])),
        1 => Just(Some(&b"bad \xff utf,,,,,,,,,,,,,,,"[..])),
        1 => Just(Some(&b"nul\0,,,,,,,,,,,,,,,"[..])),
    ]
}

/// What only a reader that goes byte by byte can tell.
fn stray() -> impl Strategy<Value = Option<&'static [u8]>> {
    prop_oneof![
        6 => Just(None),
        1 => Just(Some(&b"a\"b,,,,,,,,,,,,,,,"[..])),
        1 => Just(Some(&b"\"open,,,,,,,,,,,,,,,"[..])),
        1 => Just(Some(&b"\"after\" it,,,,,,,,,,,,,,,"[..])),
    ]
}

prop_compose! {
    fn file()(
        rows in rows(),
        sorted: bool,
        damages in prop::collection::vec(damage(), 150),
        stray in stray(),
        crlf: bool,
        cut in 0usize..8,
    ) -> Vec<u8> {
        let mut rows = rows;
        if sorted {
            rows.sort();
            rows.dedup_by(|one, other| one[0] == other[0]);
        }
        let end: &[u8] = if crlf { b"\r\n" } else { b"\n" };
        let mut bytes = COLUMNS.join(",").into_bytes();
        bytes.extend_from_slice(end);
        let half = rows.len() / 2;
        for (index, (row, damage)) in rows.iter().zip(&damages).enumerate() {
            let stray = stray.filter(|_| index == half);
            match stray.or(*damage) {
                Some(text) => bytes.extend_from_slice(text),
                None => bytes.extend_from_slice(row.join(",").as_bytes()),
            }
            bytes.extend_from_slice(end);
        }
        if cut < 4 && !rows.is_empty() {
            bytes.truncate(bytes.len() - cut);
        }
        bytes
    }
}

/// Bytes that break off after the first of them.
struct Breaking<'b> {
    bytes: &'b [u8],
    breaks: bool,
}

impl Read for Breaking<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.bytes.is_empty() && self.breaks {
            return Err(std::io::Error::other("the disk is gone"));
        }
        self.bytes.read(into)
    }
}

/// Row by row, by the definitions.
fn by_reference(input: Breaking<'_>, policy: &Policy) -> (Summary, Vec<Reject>) {
    let vocabulary = Vocabulary::of([policy]);
    let map = ColumnMap::default();
    let mut book = CaseBook::default();
    CsvRows::new(input, &map, &vocabulary).for_each(|row| book.add("c.csv", row));
    let cases: Vec<&Case> = book.cases.iter().collect();
    let versions: Vec<(&Policy, &Version)> = policy
        .versions
        .iter()
        .map(|version| (policy, version))
        .collect();
    let replay = replay(&cases, &versions, &mut |_| true);
    (replay.summary(&cases, &versions), book.rejects)
}

fn by_columns(
    input: impl Fn() -> Breaking<'static>,
    policy: &Policy,
    threads: usize,
    block: usize,
) -> Counted {
    let vocabulary = Vocabulary::of([policy]);
    let versions: Vec<(&Policy, &Version)> = policy
        .versions
        .iter()
        .map(|version| (policy, version))
        .collect();
    let asked = Counting {
        policies: &[policy],
        versions: &versions,
        vocabulary: &vocabulary,
        columns: &ColumnMap::default(),
        threads,
        block,
    };
    let (mut first, mut second) = (|_| true, |_| true);
    let mut quick = Session::quick(asked, &mut first);
    if quick.table("c.csv", Box::new(input())).is_ok() {
        return quick.finish();
    }
    assert!(quick.is_in_doubt());
    let mut exact = Session::exact(asked, &mut second);
    exact.table("c.csv", Box::new(input())).expect("a count");
    exact.finish()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn columns_count_what_the_reference_counts(
        policy in policy(),
        bytes in file(),
        threads in 1usize..4,
        block in 1usize..4000,
        breaks in prop::option::weighted(0.3, any::<prop::sample::Index>()),
    ) {
        let bytes: &'static [u8] = Vec::leak(bytes);
        let kept = breaks.map_or(bytes.len(), |at| at.index(bytes.len()));
        let input = || Breaking { bytes: &bytes[..kept], breaks: breaks.is_some() };
        let (summary, rejects) = by_reference(input(), &policy);
        let counted = by_columns(input, &policy, threads, block);
        let differ = counted.rejects.iter().zip(&rejects).find(|(one, other)| one != other);
        prop_assert_eq!(differ, None);
        prop_assert_eq!(counted.rejects.len(), rejects.len());
        prop_assert_eq!(&counted.summary, &summary);
    }
}
