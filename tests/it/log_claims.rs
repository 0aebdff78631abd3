//! Pairs of versions with a log entry: every claim kind and phrasing, planted
//! undeclared changes and false claims. The whole table is one snapshot.

use lookback::format::{read_policy, read_version};
use lookback::policy::{Dictionary, Version};
use lookback::revlog::{claims, hold};

/// A version from lines: `I.A text` is a criterion, with `any:`, `all:` or
/// `2:` before its text for how it combines; `CPT 62320`, `ICD-10-CM G90.521`
/// or `HCPCS A4300` is a code, with ` @ title` behind it for its table;
/// `# Heading: text` is prose; `* text` is a reference.
fn version(lines: &[&str]) -> Version {
    let mut text =
        "format = 1\nversion = \"v\"\neffective = \"2020\"\nprovenance = \"published\"\n"
            .to_owned();
    let mut tables: Vec<(String, String, Vec<String>)> = vec![];
    for line in lines {
        let (first, rest) = line.split_once(' ').expect("two words");
        match first {
            "CPT" | "HCPCS" | "ICD-10-CM" => {
                let (code, title) = rest.split_once(" @ ").unwrap_or((rest, first));
                let row = format!("{{ code = \"{code}\", text = \"{code}\" }}");
                let place = tables
                    .iter_mut()
                    .find(|(system, known, _)| system == first && known == title);
                match place {
                    Some((.., rows)) => rows.push(row),
                    None => tables.push((first.to_owned(), title.to_owned(), vec![row])),
                }
            }
            "#" => {
                let (heading, prose) = rest.split_once(": ").expect("a heading");
                text.push_str(&format!(
                    "[[sections]]\nheading = \"{heading}\"\ntext = \"{prose}\"\n"
                ));
            }
            "*" => text.push_str(&format!("[[references]]\ntext = \"{rest}\"\n")),
            id => {
                let (need, rest) = match rest.split_once(": ") {
                    Some((need @ ("any" | "all" | "none"), rest)) => {
                        (format!("need = \"{need}\"\n"), rest)
                    }
                    Some((count, rest)) if count.parse::<u32>().is_ok() => {
                        (format!("need = {{ at_least = {count} }}\n"), rest)
                    }
                    _ => (String::new(), rest),
                };
                text.push_str(&format!(
                    "[[criteria]]\nid = \"{id}\"\ntext = \"{rest}\"\n{need}"
                ));
            }
        }
    }
    for (system, title, rows) in tables {
        text.push_str(&format!(
            "[[codes]]\nsystem = \"{system}\"\ntitle = \"{title}\"\ngate = \"advise\"\nrows = [{}]\n",
            rows.join(", ")
        ));
    }
    let (version, diagnostics) = read_version("v.toml", text.as_bytes(), &facts());
    version.unwrap_or_else(|| panic!("{diagnostics:?}\n{text}"))
}

fn facts() -> Dictionary {
    let policy = b"format = 1\nreference = \"P\"\ntitle = \"t\"\npublisher = \"p\"\n";
    read_policy("policy.toml", policy)
        .0
        .expect("a policy")
        .facts
}

/// The version most rows start from.
const BASE: &[&str] = &[
    "I all: A trial is necessary when",
    "I.A Pain has lasted for 3 months",
    "I.B No local infection at the site",
    "I.C Drug therapy has failed",
    "II 2: A permanent implant is necessary when",
    "II.A The trial cut pain by 50%",
    "II.B No local infection at the site",
    "II.C The device fits the body",
    "CPT 62320",
    "CPT 62322",
    "CPT 62350",
    "CPT 62355",
    "CPT 62355 @ Codes that need a second opinion",
    "ICD-10-CM G90.521 @ Diagnoses that support coverage",
    "ICD-10-CM G90.522 @ Diagnoses that support coverage",
    "ICD-10-CM G89.4 @ Diagnoses that do not support coverage",
    "ICD-10-CM G89.0 @ Diagnoses that support coverage",
    "ICD-10-CM G89.0 @ Diagnoses that do not support coverage",
    "# Background: Pain is common.",
    "* Guideline of 2018.",
];

/// `BASE` with lines replaced, removed or added: `old => new`, `- line`, `+ line`.
fn edited(edits: &[&str]) -> Version {
    let mut lines: Vec<&str> = BASE.to_vec();
    for edit in edits {
        if let Some((old, new)) = edit.split_once(" => ") {
            let place = lines.iter().position(|line| *line == old);
            lines[place.unwrap_or_else(|| panic!("{old} is in the base"))] = new;
        } else if let Some(gone) = edit.strip_prefix("- ") {
            let before = lines.len();
            lines.retain(|line| *line != gone);
            assert!(lines.len() < before, "{gone} is in the base");
        } else if let Some(added) = edit.strip_prefix("+ ") {
            let id = added.split(' ').next().expect("a word");
            let parent = id.rsplit_once('.').map(|(parent, _)| format!("{parent}."));
            let after =
                parent.and_then(|parent| lines.iter().rposition(|line| line.starts_with(&parent)));
            lines.insert(after.map_or(lines.len(), |after| after + 1), added);
        } else {
            panic!("{edit} is an edit");
        }
    }
    version(&lines)
}

/// Name, edits, entry.
type Row<'a> = (&'a str, &'a [&'a str], &'a str);

const LOCAL_I: &str = "I.B No local infection at the site => I.B No active infection";
const LOCAL_II: &str = "II.B No local infection at the site => II.B No active infection";

const DIVIDED: [&str; 2] = [
    "I.B No local infection at the site => I.B No local infection",
    "+ I.D Nothing at the site",
];

const ROWS: &[Row<'_>] = &[
    ("codes added", &["+ CPT 62351"], "Added CPT code 62351."),
    (
        "codes added, passive",
        &["+ CPT 62351", "+ CPT 62361"],
        "CPT 62351 and 62361 added.",
    ),
    (
        "a range of codes",
        &["+ CPT 62360", "+ CPT 62361", "+ CPT 62362"],
        "Added 62360-62362.",
    ),
    (
        "a range in words",
        &[
            "+ ICD-10-CM G90.523 @ Diagnoses that support coverage",
            "+ ICD-10-CM G90.529 @ Diagnoses that support coverage",
        ],
        "Added ICD-10 codes G90.523 through G90.529.",
    ),
    ("codes removed", &["- CPT 62350"], "Deleted 62350."),
    (
        "codes termed",
        &["- CPT 62350"],
        "Coding change: 62350 termed 12/31/19.",
    ),
    (
        "added and removed",
        &["+ CPT 62351", "- CPT 62350"],
        "Added 62351 and removed 62350.",
    ),
    (
        "codes replaced",
        &["+ CPT 62351", "- CPT 62350"],
        "Replaced deleted code 62350 with 62351.",
    ),
    (
        "codes moved",
        &[
            "ICD-10-CM G89.4 @ Diagnoses that do not support coverage => ICD-10-CM G89.4 @ Diagnoses that support coverage",
        ],
        "Moved G89.4 to the supported diagnoses.",
    ),
    (
        "removed from that list",
        &["- ICD-10-CM G89.4 @ Diagnoses that do not support coverage"],
        "Removed G89.4 from the list of diagnoses that do not support coverage.",
    ),
    ("false: not added", &[], "Added CPT code 62351."),
    ("false: was there before", &[], "Added CPT code 62320."),
    ("false: still listed", &[], "Removed 62350."),
    (
        "false: the other way round",
        &["- CPT 62350"],
        "Added 62350.",
    ),
    (
        "undeclared code",
        &["+ CPT 62351", "+ CPT 62361"],
        "Added 62351.",
    ),
    (
        "phrase replaced everywhere",
        &[LOCAL_I, LOCAL_II],
        "Changed \"no local infection at the site\" in trial and permanent implant criteria to state \"no active infection.\"",
    ),
    (
        "curly quotes, cut short",
        &[LOCAL_I, LOCAL_II],
        "Changed “no local infection at the site.” to “no active infection",
    ),
    (
        "mispaired quotes",
        &[LOCAL_I, LOCAL_II],
        "Replaced ”no local infection at the site“ with “no active infection“.",
    ),
    (
        "single quotes",
        &[LOCAL_I, LOCAL_II],
        "Replaced 'no local infection at the site' with 'no active infection'.",
    ),
    (
        "by number",
        &[LOCAL_I],
        "In I.B, updated \"local\" to \"active\".",
    ),
    (
        "false: only half of it",
        &[LOCAL_I],
        "Changed \"no local infection at the site\" in trial and permanent implant criteria to \"no active infection\".",
    ),
    (
        "false: elsewhere",
        &[LOCAL_I],
        "Changed \"no local infection at the site\" to \"no active infection\" in II.B.",
    ),
    (
        "false: not at all",
        &[],
        "Changed \"no local infection\" to \"no active infection\".",
    ),
    (
        "phrase added",
        &["I.C Drug therapy has failed => I.C Drug therapy has failed or was not tolerated"],
        "Added \"or was not tolerated\" to I.C.",
    ),
    (
        "phrase removed",
        &["II.B No local infection at the site => II.B No local infection"],
        "Removed \"at the site\" from II.B.",
    ),
    (
        "false: phrase removed",
        &[],
        "Removed \"at the site\" from II.B.",
    ),
    (
        "duration",
        &["I.A Pain has lasted for 3 months => I.A Pain has lasted for 6 months"],
        "Updated duration of pain from 3 to 6 months in I.A.",
    ),
    (
        "duration without the old",
        &["I.A Pain has lasted for 3 months => I.A Pain has lasted for 6 months"],
        "Increased duration of pain to 6 months.",
    ),
    (
        "threshold",
        &["II.A The trial cut pain by 50% => II.A The trial cut pain by 60%"],
        "Changed pain reduction from ≥ 50% to ≥ 60% for permanent implant.",
    ),
    (
        "false: another threshold",
        &["II.A The trial cut pain by 50% => II.A The trial cut pain by 70%"],
        "Changed pain reduction from 50% to 60%.",
    ),
    (
        "quantifier",
        &[
            "II 2: A permanent implant is necessary when => II 3: A permanent implant is necessary when",
        ],
        "Changed from two to three of the following in section II.",
    ),
    (
        "combinator",
        &["I all: A trial is necessary when => I any: A trial is necessary when"],
        "Revised criteria in I from all to any of the following.",
    ),
    (
        "criterion added by number",
        &["+ I.D A psychologist agrees"],
        "Added criterion I.D.",
    ),
    (
        "criterion added by words",
        &["+ I.D A psychologist agrees"],
        "Added criteria requiring agreement of a psychologist.",
    ),
    (
        "criteria added with theirs",
        &[
            "+ I.D Behavior",
            "+ I.D.1 A psychologist agrees",
            "+ I.D.2 A plan is in place",
        ],
        "Added criterion I.D. on behavior.",
    ),
    (
        "criterion removed",
        &["- II.C The device fits the body"],
        "Removed criterion II.C.",
    ),
    (
        "removed, the rest renumbered",
        &[
            "- I.B No local infection at the site",
            "I.C Drug therapy has failed => I.B Drug therapy has failed",
        ],
        "Deleted criteria on infection for trials.",
    ),
    ("false: criterion added", &[], "Added criterion I.D."),
    (
        "undeclared criterion",
        &["+ I.D A psychologist agrees", "+ CPT 62351"],
        "Added 62351.",
    ),
    (
        "undeclared wording",
        &["I.C Drug therapy has failed => I.C Drug therapy has failed twice"],
        "References reviewed.",
    ),
    (
        "references",
        &["* Guideline of 2018. => * Guideline of 2019."],
        "References reviewed and updated.",
    ),
    ("references, unchanged", &[], "References reviewed."),
    (
        "background",
        &["# Background: Pain is common. => # Background: Pain is very common."],
        "Background updated with no impact on criteria.",
    ),
    ("false: background", &[], "Background updated."),
    (
        "undeclared prose",
        &["# Background: Pain is common. => # Background: Pain is very common."],
        "Annual review completed.",
    ),
    (
        "annual review, no change",
        &[],
        "Annual review, no changes.",
    ),
    (
        "false: no change",
        &["+ CPT 62351"],
        "Annual review. No criteria changes.",
    ),
    ("policy developed", &[], "Policy developed."),
    (
        "title",
        &[],
        "Renamed title from Pumps to Implantable Pumps.",
    ),
    (
        "several at once",
        &[
            LOCAL_I,
            LOCAL_II,
            "+ CPT 62351",
            "* Guideline of 2018. => * Guideline of 2019.",
        ],
        "Added 62351. Changed “no local infection at the site” to “no active infection”; references reviewed and updated. Specialist reviewed.",
    ),
    ("not read", &[], "Minor wording."),
    (
        "false: another unit",
        &["I.A Pain has lasted for 3 months => I.A Pain has lasted for 6 weeks"],
        "Updated duration of pain from 3 to 6 months in I.A.",
    ),
    (
        "false: other words changed",
        &["I.B No local infection at the site => I.B No active infection at the site"],
        "Changed \"infection\" to \"site\" in I.B.",
    ),
    (
        "false: localized is not local",
        &["I.B No local infection at the site => I.B No localized infection at the site"],
        "Added \"no local\" to I.B.",
    ),
    (
        "false: no such criterion",
        &["II.B No local infection at the site => II.B No local infection"],
        "Removed \"at the site\" in I.B.9.",
    ),
    (
        "false: a range of which one came",
        &["+ CPT 62361"],
        "62360-62370 added.",
    ),
    (
        "false: a range some of which was there",
        &["+ CPT 62319", "+ CPT 62324"],
        "Added 62319-62324.",
    ),
    (
        "undeclared, sharing one word of several",
        &["+ I.D Cessation of anticoagulants"],
        "Added criteria on smoking cessation.",
    ),
    (
        "undeclared, a changed criterion that denies",
        &["I.C Drug therapy has failed => I.C Patient must not be pregnant"],
        "Changed criterion I.C: patient must not be pregnant.",
    ),
    (
        "Roman numerals in prose",
        &["+ I.D Intravenous infusion of opioids failed"],
        "Added criteria on opioids by IV infusion.",
    ),
    ("a disease with a numeral", &[], "Added type II diabetes."),
    (
        "codes referred to",
        &["+ CPT 62351"],
        "Added 62351, see also 62321.",
    ),
    (
        "codes that criteria are about",
        &["+ I.D Removal of the pump (62350) is planned"],
        "Added criteria for removal of 62350.",
    ),
    (
        "false: a value in other words of the place",
        &["II.A The trial cut pain by 50% => II.A The trial cut pain by 60 points"],
        "Changed pain reduction from 50% to 60%.",
    ),
    (
        "a phrase that grew",
        &["I.B No local infection at the site => I.B No local infection or abscess at the site"],
        "Changed \"local infection\" to \"local infection or abscess\" in I.B.",
    ),
    (
        "units spelt in two ways",
        &["II.A The trial cut pain by 50% => II.A The trial cut pain by 60 percent"],
        "Changed pain reduction from 50 percent to 60%.",
    ),
    (
        "false: no change, with a criterion that denies",
        &["I.C Drug therapy has failed => I.C Drug therapy has not failed"],
        "Annual review. No substantive criteria changes.",
    ),
    ("told of before", &[], "62321 was removed previously."),
    (
        "false: removed from one list of two",
        &["- CPT 62355"],
        "Removed 62355.",
    ),
    (
        "removed from both lists",
        &[
            "- CPT 62355",
            "- CPT 62355 @ Codes that need a second opinion",
        ],
        "Removed 62355.",
    ),
    (
        "removed from the list that is named",
        &["- CPT 62355 @ Codes that need a second opinion"],
        "Removed 62355 from the list of codes that need a second opinion.",
    ),
    (
        "removed from the list that is named by its system",
        &["- CPT 62355"],
        "Removed 62355 from the CPT table.",
    ),
    (
        "false: removed from another list",
        &["- CPT 62355"],
        "Removed 62355 from the list of codes that need a second opinion.",
    ),
    (
        "false: removed from the list of the opposite",
        &["- ICD-10-CM G89.0 @ Diagnoses that support coverage"],
        "Removed G89.0 from the list of diagnoses that do not support coverage.",
    ),
    (
        "false: removed from one of the lists meant",
        &["- ICD-10-CM G89.0 @ Diagnoses that support coverage"],
        "Removed G89.0 from the diagnoses.",
    ),
    (
        "added to another list",
        &["+ CPT 62322 @ Codes that need a second opinion"],
        "Added 62322.",
    ),
    (
        "false: moved and not removed",
        &["CPT 62322 => CPT 62322 @ Codes that need a second opinion"],
        "Removed 62322.",
    ),
    (
        "moved, told in two sentences",
        &["CPT 62322 => CPT 62322 @ Codes that need a second opinion"],
        "Removed 62322 from the CPT list. Added 62322 to the list of codes that need a second opinion.",
    ),
    (
        "undeclared, where a removed code went",
        &["CPT 62322 => CPT 62322 @ Codes that need a second opinion"],
        "Removed 62322 from the CPT list.",
    ),
    (
        "a criterion divided, told as added",
        &DIVIDED,
        "Added criterion I.D.",
    ),
    (
        "undeclared, a criterion divided",
        &DIVIDED,
        "Annual review completed.",
    ),
    (
        "false: a phrase that only stands in another part now",
        &DIVIDED,
        "Removed \"at the site\" from the policy.",
    ),
];

#[test]
fn every_phrasing_is_read_and_held_against_the_change() {
    let base = version(BASE);
    let mut report = String::new();
    for (name, edits, entry) in ROWS {
        let (checked, undeclared) = hold(claims(entry), &base, &edited(edits));
        report.push_str(&format!("== {name}\n{}\n", edits.join("\n")));
        report.push_str(&format!("log: {entry}\n"));
        for one in checked {
            report.push_str(&format!(
                "  {}: {}: {}\n",
                one.status.name(),
                one.claim.describe(),
                one.found
            ));
        }
        for one in undeclared {
            report.push_str(&format!("  UNDECLARED {}\n", one.describe()));
        }
    }
    insta::assert_snapshot!(report);
}

/// What the names of the rows promise, so that a snapshot accepted by mistake
/// is noticed.
#[test]
fn false_claims_and_undeclared_changes_are_all_found_and_nothing_else_is() {
    use lookback::revlog::Status;
    let base = version(BASE);
    for (name, edits, entry) in ROWS {
        let (checked, undeclared) = hold(claims(entry), &base, &edited(edits));
        let contradicted = checked.iter().any(|one| one.status == Status::Contradicted);
        let is_false = name.starts_with("false") || *name == "policy developed";
        assert_eq!(contradicted, is_false, "{name}: {checked:?}");
        if !is_false {
            assert_eq!(
                !undeclared.is_empty(),
                name.starts_with("undeclared"),
                "{name}: {undeclared:?}"
            );
        }
    }
    assert!(ROWS.len() >= 40);
}
