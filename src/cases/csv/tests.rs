use super::*;
use crate::cases::Case;
use crate::library::{EmbeddedSource, load};
use crate::policy::Policy;

fn policies() -> &'static [Policy] {
    static POLICIES: std::sync::LazyLock<Vec<Policy>> =
        std::sync::LazyLock::new(|| load(&EmbeddedSource).expect("the library").policies);
    &POLICIES
}

/// Every record as `line: field|field`, blanks as `line: -`, faults named;
/// the input handed over in pieces of `step` bytes.
fn scanned(bytes: &[u8], step: usize) -> Vec<String> {
    let mut scanner = Scanner::default();
    let mut given = step.min(bytes.len());
    let mut shown = vec![];
    loop {
        let offset = scanner.offset() as usize;
        let line = scanner.line();
        match scanner.next(&bytes[offset..given], given == bytes.len()) {
            Scan::End => return shown,
            Scan::More => given = (given + step).min(bytes.len()),
            Scan::Blank(_) => {}
            Scan::Record(record) => {
                assert_eq!(record.line, line);
                assert_eq!(record.taken.bytes.start as usize, offset);
                let fields: Vec<_> = record
                    .fields
                    .iter()
                    .map(|field| String::from_utf8_lossy(field))
                    .collect();
                let end = if record.is_terminated {
                    ""
                } else {
                    " (no end)"
                };
                shown.push(match record.fault {
                    None => format!("{line}: {}{end}", fields.join("|")),
                    Some(fault) => format!("{line}: {fault:?}"),
                });
            }
        }
    }
}

fn every_step(bytes: &[u8]) -> Vec<String> {
    let whole = scanned(bytes, usize::MAX);
    for step in 1..8 {
        assert_eq!(scanned(bytes, step), whole, "in pieces of {step}");
    }
    whole
}

#[test]
fn records_are_found_whatever_is_quoted() {
    let table: [(&str, &[&str]); 14] = [
        ("a,b\nc,d\n", &["1: a|b", "2: c|d"]),
        ("a,b\r\nc,d\r\n", &["1: a|b", "2: c|d"]),
        ("a,b\n\n \t\r\nc,d", &["1: a|b", "4: c|d (no end)"]),
        ("\"a\",\"b\"\r\n", &["1: a|b"]),
        ("\"a,b\"\"c\",\"\"\n", &["1: a,b\"c|"]),
        ("\"\"\"\",\"\"\"a\"\n", &["1: \"|\"a"]),
        ("\"one\r\ntwo\",x\ny,z\n", &["1: one\r\ntwo|x", "3: y|z"]),
        ("6\" needle,a\"b\n", &["1: 6\" needle|a\"b"]),
        (",\n,", &["1: |", "2: | (no end)"]),
        ("a\rb,c\n", &["1: a\rb|c"]),
        ("\"a\"\r", &["1: a (no end)"]),
        ("a,b\r", &["1: a|b (no end)"]),
        ("", &[]),
        ("\n\n", &[]),
    ];
    for (text, expected) in table {
        assert_eq!(every_step(text.as_bytes()), expected, "{text:?}");
    }
}

#[test]
fn a_fault_of_quotation_marks_costs_no_row_after_it() {
    let table: [(&str, &[&str]); 5] = [
        (
            "a,\"b\nc,d\ne,f\n",
            &["1: Unclosed { field: 1, line: 1 }", "2: c|d", "3: e|f"],
        ),
        (
            // The next row's mark closes what was left open.
            "a,\"b\nc,\"d\"\ne,f\n",
            &["1: AfterQuote { field: 1, line: 1 }", "2: c|d", "3: e|f"],
        ),
        (
            "a,\"b\"c\nd,e\n",
            &["1: AfterQuote { field: 1, line: 1 }", "2: d|e"],
        ),
        (
            "\"a\nb\",\"c\nd,e",
            &["1: Unclosed { field: 1, line: 2 }", "3: d|e (no end)"],
        ),
        ("a,\"", &["1: Unclosed { field: 1, line: 1 }"]),
    ];
    for (text, expected) in table {
        assert_eq!(every_step(text.as_bytes()), expected, "{text:?}");
    }
}

#[test]
fn no_record_is_longer_than_a_mebibyte() {
    let long = "x".repeat(MAX_RECORD);
    for step in [100_000, MAX_RECORD, usize::MAX] {
        let text = format!("a,b\n{long}y,z\nc,d\n");
        assert_eq!(
            scanned(text.as_bytes(), step),
            ["1: a|b", "2: TooLong", "3: c|d"]
        );
        let text = format!("a,b\ne,\"f\n{}c,d\n", "g,h\n".repeat(MAX_RECORD / 4));
        let found = scanned(text.as_bytes(), step);
        assert_eq!(found[1], "2: Unclosed { field: 1, line: 2 }");
        assert_eq!(found.len(), 3 + MAX_RECORD / 4);
        let text = format!("e,\"{long}\",f\nc,d");
        let found = scanned(text.as_bytes(), step);
        assert_eq!(
            found,
            ["1: Unclosed { field: 1, line: 1 }", "2: c|d (no end)"]
        );
    }
}

/// Every row of a file, typed.
fn rows(text: &[u8], map: &ColumnMap) -> (Vec<Case>, Vec<String>) {
    let vocabulary = Vocabulary::of(policies());
    let (mut cases, mut rejects) = (vec![], vec![]);
    for row in CsvRows::new(text, map, &vocabulary) {
        match row.case {
            Ok(case) => cases.push(case),
            Err(reason) => rejects.push(format!("{}: {reason}", row.line)),
        }
    }
    (cases, rejects)
}

fn mapped(columns: &[(&str, &str)], ignored: &[&str]) -> ColumnMap {
    let owned = |text: &str| text.to_owned();
    ColumnMap {
        columns: columns
            .iter()
            .map(|(name, header)| (owned(name), owned(header)))
            .collect(),
        ignored: ignored.iter().map(|one| owned(one)).collect(),
    }
}

#[test]
fn a_row_says_what_an_object_says() {
    let text = "\u{feff} note,case_id ,drug,local_infection,life_expectancy_months,service,\
        procedure_codes,diagnosis_codes,service_date,determination,determination_version,\
        decision_date,policy\n\
        \"two\nlines\", a ,,Yes,+3.5,trial,62351; 62350,g90521,2020-01-15,met,2020-01,2020-02,\n";
    let (cases, rejects) = rows(text.as_bytes(), &ColumnMap::default());
    assert_eq!(rejects, [""; 0]);
    let line = r#"{"case_id":"a","service_date":"2020-01-15","procedure_codes":["62351","62350"],"diagnosis_codes":["G90.521"],"determination":"met","determination_version":"2020-01","decision_date":"2020-02","facts":{"local_infection":true,"life_expectancy_months":3.5,"service":"trial"},"note":"two\nlines"}"#;
    let vocabulary = Vocabulary::of(policies());
    let same = crate::cases::JsonRows::new(line.as_bytes(), &vocabulary).next();
    assert_eq!(cases.into_iter().next(), same.and_then(|row| row.case.ok()));
}

#[test]
fn every_faulty_row_is_listed_with_all_that_is_wrong_in_it() {
    let text: Vec<&[u8]> = vec![
        b"case_id,service_date,procedure_codes,determination,life_expectancy_months,service,active_infection,local_infection",
        b"good-1,,,,,,,",
        b"type,,,,six,,,",
        b"words,NULL,,,N/A,unknown,na,",
        b"many,2019-02-30,\"62320,62321\",meet,\"1,000\",trail,maybe,oui",
        b"contradiction,,,,,,no,yes",
        b",,,,,,,",
        b"few,,",
        b"many,,,,,,,,,",
        b"\xff,,,,,\xe9,,a\0b",
        b"open,,,,,\"trial,,",
        b"after,,,,,\"trial\" ,,",
        b"good-2,,,,,,,",
        b"cut,2019",
    ];
    let (cases, rejects) = rows(&text.join(&b'\n'), &ColumnMap::default());
    let ids: Vec<_> = cases.iter().map(|case| case.id.as_str()).collect();
    assert_eq!(ids, ["good-1", "good-2"]);
    insta::assert_snapshot!(rejects.join("\n"));
}

#[test]
fn headers_are_mapped_left_out_or_told_of() {
    let good = "Auth No,Infekt,Color,,local_infektion\n7,yes,red,x,y\n";
    let map = mapped(
        &[("case_id", "Auth No"), ("active_infection", "Infekt")],
        &["Color"],
    );
    let (cases, mut told) = rows(good.as_bytes(), &map);
    assert_eq!((cases.len(), cases[0].id.as_str()), (1, "7"));
    for (text, map) in [
        ("", ColumnMap::default()),
        ("case_id,drug,case_id,drug\n", ColumnMap::default()),
        ("Case_ID,drug\n", ColumnMap::default()),
        ("Auth No,case_id\n", mapped(&[("case_id", "Auth No")], &[])),
        ("case_id\n", mapped(&[("drug", "Drugs")], &["case-id"])),
        ("c\0a\0s\0e\0\n", ColumnMap::default()),
        ("case_id,drug\ra,opioid\r", ColumnMap::default()),
        ("case_id,\"drug\n", ColumnMap::default()),
    ] {
        told.extend(rows(text.as_bytes(), &map).1);
    }
    let vocabulary = Vocabulary::of(policies());
    told.extend(mapped(&[("drugs", "a"), ("drug", "b"), ("drug", "b")], &[]).faults(&vocabulary));
    insta::assert_snapshot!(told.join("\n"));
}

proptest::proptest! {
    /// Whatever the bytes, they are all taken, in any pieces.
    #[test]
    fn any_bytes_are_scanned(text in "[a,\"\r\n é]{0,40}", step in 1usize..9) {
        let bytes = text.as_bytes();
        proptest::prop_assert_eq!(scanned(bytes, step), scanned(bytes, usize::MAX));
    }

    /// As many rows come out as lines go in, if nothing is quoted.
    #[test]
    fn as_many_rows_come_out_as_go_in(lines: Vec<Vec<u8>>) {
        let mut text = b"case_id,drug,active_infection\n".to_vec();
        let mut expected = 0;
        for line in lines {
            let line: Vec<u8> = line.into_iter().filter(|byte| !b"\"\n".contains(byte)).collect();
            expected += usize::from(!line.iter().all(u8::is_ascii_whitespace));
            text.extend(line);
            text.push(b'\n');
        }
        let (cases, rejects) = rows(&text, &ColumnMap::default());
        proptest::prop_assert_eq!(cases.len() + rejects.len(), expected);
    }

    /// A damaged row costs no other.
    #[test]
    fn damaged_rows_are_read_or_rejected(
        at in 0usize..30, length in 0usize..12, put in "[ab,\"é\u{0}]{0,6}",
    ) {
        let good = "x,opioid,\"y\"\"es\",\"note\"";
        let end = (at + length).min(good.len());
        let damaged = [&good.as_bytes()[..at.min(end)], put.as_bytes(), &good.as_bytes()[end..]].concat();
        let mut text = b"case_id,drug,policy,note\nfirst,,,\n".to_vec();
        text.extend(damaged);
        text.extend(b"\nlast,,,\n");
        let (cases, rejects) = rows(&text, &ColumnMap::default());
        proptest::prop_assert_eq!(cases.first().map(|case| case.id.as_str()), Some("first"));
        proptest::prop_assert_eq!(cases.last().map(|case| case.id.as_str()), Some("last"));
        proptest::prop_assert!(cases.len() + rejects.len() <= 3);
    }
}
