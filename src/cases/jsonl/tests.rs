use super::*;
use crate::cases::{Case, Reject};
use crate::library::{EmbeddedSource, load};
use crate::policy::Policy;

fn policies() -> Vec<Policy> {
    load(&EmbeddedSource)
        .expect("the embedded library")
        .policies
}

struct FileRows {
    cases: Vec<(usize, Case)>,
    rejects: Vec<Reject>,
}

fn read_jsonl(file: &str, bytes: &[u8], policies: &[Policy]) -> FileRows {
    let (mut cases, mut rejects) = (vec![], vec![]);
    for row in JsonRows::new(bytes, &Vocabulary::of(policies)) {
        let (file, line) = (file.to_owned(), row.line);
        match row.case {
            Ok(case) => cases.push((line, case)),
            Err(reason) => rejects.push(Reject { file, line, reason }),
        }
    }
    FileRows { cases, rejects }
}

#[test]
fn a_row_is_typed_and_closed_under_implication() {
    let line = br#"{"case_id":"a","procedure_codes":["62351"],"diagnosis_codes":["g90521"],"facts":{"local_infection":true,"life_expectancy_months":3.5,"service":"trial","drug":null}}"#;
    let rows = read_jsonl("c.jsonl", line, &policies());
    assert_eq!(rows.rejects, []);
    let case = &rows.cases[0].1;
    assert_eq!(case.request.diagnosis_codes[0].as_str(), "G90.521");
    assert_eq!(
        case.request.facts.get("active_infection"),
        Some(&FactValue::Bool(true))
    );
    assert_eq!(case.request.facts.get("drug"), None);
}

#[test]
fn every_faulty_row_is_listed_and_no_other_is_lost() {
    let lines: Vec<&[u8]> = vec![
        br#"{"case_id":"good-1"}"#,
        br#"{"case_id":"wrong-type","facts":{"life_expectancy_months":"six"}}"#,
        br#"{"case_id":"unknown-fact","facts":{"life_expectancy_month":6}}"#,
        br#"{"case_id":"unknown-column","color":"red"}"#,
        br#"{"case_id":"choice","facts":{"service":"temporary"}}"#,
        br#"{"case_id":"contradiction","facts":{"local_infection":true,"active_infection":false}}"#,
        br#"{"case_id":"code","procedure_codes":["6235O"]}"#,
        br#"{"case_id":"date","service_date":"2019-02-30"}"#,
        br#"{"case_id":"determination","determination":"approved"}"#,
        br#"{"case_id":"undecided","decision_date":"2019-01-01"}"#,
        br#"{"case_id":"twice","facts":{"drug":"opioid","drug":"baclofen"}}"#,
        br#"{"case_id":"policy","policy":"CP.MP.999"}"#,
        br#"{"case_id":"answer","facts":{"criterion.I.A.1":true}}"#,
        b"{\"case_id\":\"latin-1 \xe9\"}",
        br#"{"procedure_codes":[]}"#,
        br#"{"case_id":"list","procedure_codes":"62323"}"#,
        br#"{"case_id":17,"note":["n"],"drug":"opioid","note":"n","facts":{"drug":[],"service":"trail","criterion.I":1},"procedure_codes":["x",2],"service_date":null}"#,
        b"\"procedure_codes\": []",
        b"",
        br#"{"case_id":"good-2"}"#,
        br#"{"case_id":"cut off","#,
    ];
    let rows = read_jsonl("c.jsonl", &lines.join(&b'\n'), &policies());
    let ids: Vec<_> = rows
        .cases
        .iter()
        .map(|(_, case)| case.id.as_str())
        .collect();
    assert_eq!(ids, ["good-1", "good-2"]);
    let report: Vec<_> = rows
        .rejects
        .iter()
        .map(|reject| format!("{}: {}", reject.line, reject.reason))
        .collect();
    insta::assert_snapshot!(report.join("\n"));
}

/// As many lines come out as hold something. A byte order mark alone is a
/// line of nothing.
fn every_line_is_accounted_for(bytes: &[u8], policies: &[Policy]) -> bool {
    let rows = read_jsonl("c", bytes, policies);
    let lines = bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.iter().all(u8::is_ascii_whitespace))
        .count();
    let read = rows.cases.len() + rows.rejects.len();
    let reasons = rows.rejects.iter().all(|reject| !reject.reason.is_empty());
    (read == lines || read + 1 == lines) && reasons
}

const GOOD: &str = r#"{"case_id":"a","policy":"CP.MP.173","service_date":"2020-01-15","procedure_codes":["62351"],"diagnosis_codes":["g90521"],"determination":"met","decision_date":"2020-02","facts":{"local_infection":true,"life_expectancy_months":3.5,"service":"trial","drug":null},"note":"n"}"#;

proptest::proptest! {
    #[test]
    fn any_bytes_are_read_or_rejected(bytes: Vec<u8>) {
        proptest::prop_assert!(every_line_is_accounted_for(&bytes, &[]));
    }

    #[test]
    fn damaged_rows_are_read_or_rejected(
        at in 0..GOOD.len(), length in 0usize..12, put: Vec<u8>, word in ".{0,6}",
    ) {
        static POLICIES: std::sync::LazyLock<Vec<Policy>> = std::sync::LazyLock::new(policies);
        let end = (at + length).min(GOOD.len());
        for put in [put.as_slice(), word.as_bytes(), b"null", b"1e999", b"-0", b"[]", b"\""] {
            let good = GOOD.as_bytes();
            let bytes = [good, b"\n", &good[..at], put, &good[end..], b"\n", good].concat();
            proptest::prop_assert!(every_line_is_accounted_for(&bytes, &POLICIES));
            let rows = read_jsonl("c", &bytes, &POLICIES);
            proptest::prop_assert_eq!(rows.cases.first().map(|(line, _)| *line), Some(1));
            let last = bytes.split(|byte| *byte == b'\n').count();
            proptest::prop_assert_eq!(rows.cases.last().map(|(line, _)| *line), Some(last));
        }
    }
}
