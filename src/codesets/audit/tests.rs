//! What a coder would say of small tables, held against small sets.

use super::*;
use crate::codesets::tests::{built, diagnoses, order, procedures};
use crate::policy::{CodeRow, CodeTable, ContentHash, Dictionary, Gate, Provenance};

/// A version of tables written as `SYSTEM: code text; code text`.
fn version(effective: &str, tables: &[&str]) -> Version {
    let table = |text: &&str| {
        let (system, rows) = text.split_once(": ").expect("a system");
        let system = CodeSystem::from_name(system).expect("a system");
        let row = |row: &str| {
            let (code, text) = row.split_once(' ').unwrap_or((row, ""));
            CodeRow {
                code: Code::as_printed(system, code),
                text: text.to_owned(),
            }
        };
        CodeTable {
            system,
            title: format!("{system} codes"),
            gate: Gate::Address,
            rows: rows.split("; ").map(row).collect(),
        }
    };
    Version {
        name: effective.to_owned(),
        effective: effective.parse().expect("a date"),
        reviewed: None,
        approved: None,
        provenance: Provenance::Published,
        source: None,
        sections: vec![],
        criteria: vec![],
        codes: tables.iter().map(table).collect(),
        notices: vec![],
        revisions: vec![],
        references: vec![],
        hash: ContentHash([0; 32]),
    }
}

fn policy(versions: Vec<Version>) -> Policy {
    Policy {
        reference: "P".to_owned(),
        title: String::new(),
        publisher: String::new(),
        facts: Dictionary::default(),
        versions,
        unread: vec![],
    }
}

fn sets() -> CodeSets {
    CodeSets::new([diagnoses(), procedures()])
}

/// The findings on a version as `rule: message`, with `(n)` behind notes.
fn found(sets: &CodeSets, effective: &str, tables: &[&str]) -> Vec<String> {
    let audit = audit(&policy(vec![version(effective, tables)]), sets);
    let tell = |one: &CodeFinding| {
        let note = if one.severity == Severity::Note {
            " (n)"
        } else {
            ""
        };
        format!("{}: {}{note}", one.kind.name(), one.message)
    };
    audit.findings.iter().map(tell).collect()
}

#[test]
fn one_code_one_finding() {
    let sets = sets();
    let table: [(&str, &str, &[&str]); 21] = [
        ("2016-02", "ICD-10-CM: G57.71; G57.72", &[]),
        ("2016-12", "ICD-10-CM: G58.0", &[]),
        (
            "2016-02",
            "ICD-10-CM: G57.73",
            &[
                "code-not-yet-valid: G57.73 was not yet valid on 2016-02: it is valid from 2016-10-01 on (ICD-10-CM FY2017)",
            ],
        ),
        (
            "2016",
            "ICD-10-CM: G57.73",
            &[
                "code-not-yet-valid: G57.73 was valid for part of 2016 only: from 2016-10-01 on (ICD-10-CM FY2017) (n)",
            ],
        ),
        (
            "2017",
            "ICD-10-CM: G57.73",
            &[
                "code-terminated: G57.73 was valid for part of 2017 only: until 2017-09-30 (ICD-10-CM FY2018) (n)",
            ],
        ),
        (
            "2018-01-15",
            "ICD-10-CM: G57.73",
            &[
                "code-terminated: G57.73 was no longer valid on 2018-01-15: its last day was 2017-09-30 (ICD-10-CM FY2017)",
            ],
        ),
        (
            "2017-01",
            "ICD-10-CM: G57.7",
            &["code-header: G57.7 is a header in ICD-10-CM FY2017, not a code a claim can carry"],
        ),
        (
            "2016",
            "ICD-10-CM: G58",
            &["code-header: G58 became a header within 2016, on 2016-10-01 (ICD-10-CM FY2017) (n)"],
        ),
        (
            "2017-01",
            "ICD-10-CM: G57.79",
            &[
                "code-never-valid: G57.79 was never valid: it is in no edition of ICD-10-CM FY2016 to FY2018",
            ],
        ),
        ("2012-01", "ICD-10-CM: G57.79", &[]),
        ("2020-01", "ICD-10-CM: G57.72", &[]),
        (
            "2017-01",
            "ICD-10-CM: 337.22",
            &["code-malformed: 337.22 does not have the form of an ICD-10-CM code"],
        ),
        ("2018-06", "HCPCS: A4300", &[]),
        ("2018-06", "HCPCS: D0120", &[]),
        (
            "2018-06",
            "HCPCS: J0185",
            &[
                "code-not-yet-valid: J0185 was not yet valid on 2018-06: it is valid from 2019-01-01 on (HCPCS 2019)",
            ],
        ),
        (
            "2018-06",
            "ICD-10-CM: A4300",
            &["code-wrong-table: A43.00 is not an ICD-10-CM code; A4300 is a HCPCS code"],
        ),
        (
            "2018-06",
            "CPT: A4300",
            &["code-wrong-table: A4300 is not a CPT code; A4300 is a HCPCS code"],
        ),
        (
            "2018-06",
            "HCPCS: 62350",
            &["code-wrong-table: 62350 is not a HCPCS code; 62350 is a CPT code"],
        ),
        (
            "2018-06",
            "HCPCS: G57.71",
            &["code-wrong-table: G57.71 is not a HCPCS code; G57.71 is an ICD-10-CM code"],
        ),
        ("2018-06", "CPT: 62350", &[]),
        (
            "2018-06",
            "CPT: 62350; 62350",
            &["code-duplicate: 62350 is listed twice in \"CPT codes\" (n)"],
        ),
    ];
    for (effective, codes, expected) in table {
        assert_eq!(
            found(&sets, effective, &[codes]),
            expected,
            "{codes} on {effective}"
        );
    }
}

#[test]
fn descriptors_differ_in_kind() {
    let lines = [
        "G580 1 Intercostal neuropathy, non-traumatic, with pain, unspecified",
        "G581 1 Injection of 10 mg",
    ];
    let later = [
        "G580 1 Intercostal neuropathy, with pain",
        "G581 1 Injection of 10 mg",
    ];
    let (first, second) = (order(&lines), order(&later));
    let files: [(&str, &[u8]); 2] = [
        ("icd10cm_order_2018.txt", &first),
        ("icd10cm_order_2019.txt", &second),
    ];
    let sets = CodeSets::new(built(&files, None).expect("files"));
    let of = |effective: &str, text: &str| {
        found(&sets, effective, &[&format!("ICD-10-CM: {text}")]).join("; ")
    };
    let table = [
        (
            "2018-01",
            "G58.0 intercostal neuropathy, non-traumatic, with pain, unspecified",
            "",
        ),
        (
            "2018-01",
            "G58.0 Intercostal neuropathy nontraumatic with pain, unspecified",
            "code-descriptor-punctuation",
        ),
        (
            "2018-01",
            "G58.0 Intercostal neuropathy, non-traumatic, w pain, unsp",
            "code-descriptor-spelling",
        ),
        (
            "2018-01",
            "G58.0 Intercostal neuropathy, non-traumatic, without pain, unspecified",
            "code-descriptor-meaning",
        ),
        (
            "2018-01",
            "G58.1 Injection of 100 mg",
            "code-descriptor-meaning",
        ),
        (
            "2018-01",
            "G58.1 Injecting 10 mg",
            "code-descriptor-wording",
        ),
        ("2018-01", "G58.1", ""),
        (
            "2019-01",
            "G58.0 Intercostal neuropathy, non-traumatic, with pain, unspecified",
            "code-descriptor-outdated",
        ),
    ];
    for (effective, text, rule) in table {
        let told = of(effective, text);
        assert_eq!(told.split(':').next(), Some(rule), "{text}: {told}");
    }
    assert_eq!(
        of("2018-01", "G58.1 Injection of 100 mg"),
        "code-descriptor-meaning: G58.1: \"100\" where ICD-10-CM FY2018 has \"10\"; that may change what is meant"
    );
}

#[test]
fn siblings_are_told_from_other_neighbours() {
    let lines = [
        "S7200 0 Fracture of neck",
        "S72001A 1 Fracture of neck of right femur, initial",
        "S72001D 1 Fracture of neck of right femur, subsequent",
        "S72002A 1 Fracture of neck of left femur, initial",
        "S72009A 1 Fracture of neck of unspecified femur, initial",
        "S72011A 1 Fracture of head of right femur, initial",
    ];
    let file = order(&lines);
    let files: [(&str, &[u8]); 1] = [("icd10cm_order_2018.txt", &file)];
    let sets = CodeSets::new(built(&files, None).expect("files"));
    let missing = |codes: &str| -> Vec<String> {
        let found = found(&sets, "2018-01", &[&format!("ICD-10-CM: {codes}")]);
        let missing = found
            .iter()
            .filter_map(|one| one.strip_prefix("code-sibling-missing: "));
        missing
            .map(|one| one.split(',').next().unwrap_or_default().to_owned())
            .collect()
    };
    let table: [(&str, &[&str]); 6] = [
        ("S72.001A; S72.002A", &["S72.009A"]),
        ("S72.001A", &["S72.002A"]),
        ("S72.009A", &[]),
        ("S72.001A; S72.002A; S72.009A", &[]),
        ("S72.001A; S72.00", &[]),
        ("S72.011A", &[]),
    ];
    for (codes, expected) in table {
        assert_eq!(missing(codes), expected, "{codes}");
    }
}

#[test]
fn younger_siblings_are_noted_for_a_while() {
    let sets = sets();
    let tables = ["ICD-10-CM: G57.71; G57.72; G57.73"];
    assert_eq!(
        found(&sets, "2017-02", &tables),
        [
            "code-newer-than-siblings: G57.73 is valid from 2016-10-01 (ICD-10-CM FY2017) on only, later than G57.71 and G57.72 (n)"
        ]
    );
}

#[test]
fn a_gap_is_one_or_two_codes_between_runs() {
    let sets = sets();
    let table: [(&str, Option<&str>); 5] = [
        (
            "CPT: 62322; 62323; 62326; 62327",
            Some("62324-62325 are not listed between 62322-62323 and 62326-62327"),
        ),
        (
            "CPT: 62322; 62323; 62325; 62326",
            Some("62324 is not listed between"),
        ),
        ("CPT: 62322; 62323; 62325", None),
        ("CPT: 62322; 62323; 62327; 62328", None),
        ("HCPCS: E0782; E0783; E0785; E0786", None),
    ];
    for (codes, expected) in table {
        let found = found(&sets, "2030-01", &[codes]);
        let gap = found
            .iter()
            .find_map(|one| one.strip_prefix("code-run-gap: "));
        match expected {
            Some(start) => assert!(gap.is_some_and(|gap| gap.starts_with(start)), "{found:?}"),
            None => assert_eq!(gap, None, "{codes}"),
        }
    }
}

#[test]
fn a_licensed_set_tells_which_codes_of_a_gap_there_are() {
    let text = "99990\tOne\n99991\tTwo\n99993\tFour\n99994\tFive\n99995\tSix\n";
    let files: [(&str, &[u8]); 1] = [("cpt_2030.txt", text.as_bytes())];
    let sets = CodeSets::new(built(&files, None).expect("a file"));
    let told = |effective: &str, codes: &str| found(&sets, effective, &[codes]);
    let no_such = "CPT: 99990 One; 99991 Two; 99993 Four; 99994 Five";
    assert_eq!(told("2030-01", no_such), Vec::<String>::new());
    assert_eq!(
        told("2030-01", "CPT: 99992"),
        ["code-never-valid: 99992 was never valid: it is in no edition of CPT 2030"]
    );
    assert_eq!(told("2029-01", "CPT: 99990"), Vec::<String>::new());
}

#[test]
fn a_finding_that_lasts_is_told_once_with_its_first_version() {
    let versions = ["2017-01", "2017-03", "2018-01"].map(|effective| {
        let codes = if effective == "2018-01" {
            "G58.0"
        } else {
            "G57.79"
        };
        version(effective, &[&format!("ICD-10-CM: {codes}")])
    });
    let audit = audit(&policy(versions.to_vec()), &sets());
    let told: Vec<_> = audit
        .findings
        .iter()
        .map(|one| (one.kind.name(), one.since.as_str(), one.version.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            ("code-never-valid", "2017-01", "2017-03"),
            ("code-terminated", "2018-01", "2018-01"),
        ]
    );
}

#[test]
fn what_no_set_tells_is_counted() {
    let tables = [
        "CPT: 62350; 62351",
        "HCPCS: A4300; D0120",
        "ICD-10-CM: G57.72",
    ];
    let versions = vec![version("2018-01", &tables), version("2031-01", &tables)];
    let audit = audit(&policy(versions), &sets());
    let told: Vec<_> = audit
        .unchecked
        .iter()
        .map(|one| (one.version.as_str(), one.system.name(), one.codes))
        .collect();
    assert_eq!(
        told,
        [
            ("2018-01", "CPT", 2),
            ("2018-01", "HCPCS", 1),
            ("2031-01", "CPT", 2),
            ("2031-01", "HCPCS", 2),
            ("2031-01", "ICD-10-CM", 1),
        ]
    );
    assert_eq!(audit.findings, []);
}
