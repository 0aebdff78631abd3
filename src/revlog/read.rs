//! From an entry's statements to its claims.

use super::claims::Claim;
use super::mention::{codes, ids};
use super::phrase::{Statement, Verb, statements, verb};

/// Reads an entry into its claims, in order. What is not understood is a
/// claim too, so that nothing is passed over in silence.
pub fn claims(entry: &str) -> Vec<Claim> {
    let mut claims: Vec<Claim> = vec![];
    for statement in statements(entry) {
        let claim = claim(&statement);
        if !(claims.contains(&claim) && matches!(claim, Claim::Reviewed | Claim::NoChange)) {
            claims.push(claim);
        }
    }
    claims
}

const CRITERIA: &[&str] = &[
    "criteria",
    "criterion",
    "indication",
    "indications",
    "statement",
    "statements",
    "requirement",
    "requirements",
    "section",
    "contraindication",
    "contraindications",
];

fn claim(statement: &Statement) -> Claim {
    let not_read = || Claim::NotRead {
        text: statement.text.clone(),
    };
    if says_no_change(statement) {
        return Claim::NoChange;
    }
    if tells_of_before(statement) {
        return not_read();
    }
    if statement.says(&["references", "reference"]) && statement.quotes.is_empty() {
        return Claim::ReferencesReviewed;
    }
    if statement.says(&["title", "retitled"]) {
        return Claim::TitleChanged;
    }
    let is_new = statement.says(&["new", "original", "initial"]) && statement.says(&["policy"]);
    match statement.verb {
        Some(Verb::Developed) => Claim::PolicyDeveloped,
        Some(verb) => codes_claim(statement, verb)
            .or_else(|| text_claim(statement, verb))
            .or_else(|| criteria_claim(statement, verb))
            .or_else(|| section_claim(statement))
            .or_else(|| (verb == Verb::Reviewed).then_some(Claim::Reviewed))
            .unwrap_or_else(not_read),
        None if is_new => Claim::PolicyDeveloped,
        None if statement.says(&["review", "reviews"]) => Claim::Reviewed,
        None => not_read(),
    }
}

/// `no criteria changes`, `without changes`, `not changed`. The words must
/// stand together: a changed criterion may itself say `must not`.
fn says_no_change(statement: &Statement) -> bool {
    let words: Vec<&str> = statement.words().collect();
    statement.quotes.is_empty()
        && codes(&statement.text).is_empty()
        && (0..words.len()).any(|at| denies_change(&words[at..]))
}

fn denies_change(words: &[&str]) -> bool {
    const BETWEEN: &[&str] = &[
        "criteria",
        "criterion",
        "content",
        "coverage",
        "policy",
        "substantive",
        "substantial",
        "significant",
        "clinical",
        "coding",
        "code",
        "text",
        "wording",
        "other",
        "further",
        "material",
        "major",
        "medical",
        "necessity",
        "and",
        "or",
        "to",
        "the",
        "any",
    ];
    const AFTER_ONE: &[&str] = &[
        "to",
        "in",
        "of",
        "made",
        "needed",
        "was",
        "required",
        "necessary",
        "and",
        "or",
    ];
    let Some((first, rest)) = words.split_first() else {
        return false;
    };
    let rest = match *first {
        "unchanged" => return true,
        "not" => {
            let done = ["changed", "revised", "updated"];
            return rest.first().is_some_and(|word| done.contains(word));
        }
        "no" | "without" => rest,
        _ => return false,
    };
    let between = rest
        .iter()
        .take_while(|word| BETWEEN.contains(word))
        .count();
    match rest[between..] {
        ["changes" | "revisions" | "updates", ..] => true,
        // `no revision surgery` is about the patient.
        ["change" | "revision" | "update", ref after @ ..] => {
            after.first().is_none_or(|word| AFTER_ONE.contains(word))
        }
        _ => false,
    }
}

fn codes_claim(statement: &Statement, verb: Verb) -> Option<Claim> {
    // Codes inside a quoted phrase are part of the phrase.
    if !statement.quotes.is_empty() {
        return None;
    }
    let text = claimed_part(&statement.text);
    let codes = codes(text);
    if codes.is_empty() {
        return None;
    }
    let anchor = anchor(&statement.frame);
    match verb {
        Verb::Added => Some(Claim::CodesAdded { codes, anchor }),
        Verb::Removed => Some(Claim::CodesRemoved { codes, anchor }),
        Verb::Moved => Some(Claim::CodesMoved { codes }),
        Verb::Replaced => {
            let (old, new) = [" with ", " by ", " to "]
                .into_iter()
                .find_map(|joint| text.split_once(joint))?;
            let (old, new) = (super::mention::codes(old), super::mention::codes(new));
            (!old.is_empty() && !new.is_empty()).then_some(Claim::CodesReplaced { old, new })
        }
        Verb::Reviewed | Verb::Developed => None,
    }
}

/// The part of a statement that says what was done to codes: not what it
/// refers to, nor the codes that criteria are about.
fn claimed_part(text: &str) -> &str {
    const MENTIONS: &[&str] = &[
        "see ",
        "refer to ",
        "removal of ",
        "insertion of ",
        "replacement of ",
        "criteria for ",
        "criteria on ",
        "criteria of ",
        "criterion for ",
        "criterion on ",
        "requirement for ",
        "requirements for ",
        "indication for ",
        "indications for ",
    ];
    let lower = text.to_ascii_lowercase();
    let begins_word = |at: usize| !lower[..at].ends_with(|one: char| one.is_alphanumeric());
    let cut = MENTIONS
        .iter()
        .flat_map(|mention| lower.match_indices(mention))
        .map(|(at, _)| at)
        .filter(|at| begins_word(*at))
        .min();
    &text[..cut.unwrap_or(text.len())]
}

/// `was removed previously`: what the entry tells of another version.
fn tells_of_before(statement: &Statement) -> bool {
    const BEFORE: &[&str] = &["previously", "formerly", "already", "earlier"];
    const END: &[&str] = &["in", "on", "by", "from", "as", "and"];
    let words: Vec<&str> = statement.words().collect();
    words.iter().enumerate().any(|(at, word)| {
        let is_before = |at: Option<usize>| {
            at.and_then(|at| words.get(at))
                .is_some_and(|word| BEFORE.contains(word))
        };
        statement.verb.is_some()
            && verb(word) == statement.verb
            && (is_before(at.checked_sub(1))
                || (is_before(Some(at + 1))
                    && words.get(at + 2).is_none_or(|word| END.contains(word))))
    })
}

fn text_claim(statement: &Statement, verb: Verb) -> Option<Claim> {
    let anchor = anchor(&statement.frame);
    match (verb, statement.quotes.as_slice()) {
        (Verb::Replaced, [old, new]) => Some(Claim::TextReplaced {
            old: old.clone(),
            new: new.clone(),
            anchor,
        }),
        (Verb::Added, [phrase]) => Some(Claim::TextAdded {
            phrase: phrase.clone(),
            anchor,
        }),
        (Verb::Removed, [phrase]) => Some(Claim::TextRemoved {
            phrase: phrase.clone(),
            anchor,
        }),
        (Verb::Replaced, []) => value_claim(statement),
        _ => None,
    }
}

/// `from 3 to 6 months`, `to at least two of`.
fn value_claim(statement: &Statement) -> Option<Claim> {
    let frame = &statement.frame;
    let (before, new) = frame.split_once(" to ")?;
    let (new, after) = cut_at_place(new);
    if !is_value(new) {
        return None;
    }
    let (about, old) = match before.rsplit_once("from ") {
        Some((about, old)) => (about, Some(old.trim())),
        None => (before, None),
    };
    let old = old
        .filter(|old| is_value(old))
        .map(|old| with_unit(old, new));
    let anchor = anchor(after).or_else(|| anchor(about)).or_else(|| {
        let about = about
            .split_once(' ')
            .map_or("", |(_, object)| object)
            .trim();
        (!about.is_empty()).then(|| about.to_owned())
    });
    Some(Claim::ValueChanged {
        old,
        new: new.to_owned(),
        anchor,
    })
}

const PLACES: &[&str] = &[
    " in ", " for ", " under ", " within ", " of the ", " (", ", ",
];

fn cut_at_place(text: &str) -> (&str, &str) {
    let cut = PLACES.iter().filter_map(|place| text.find(place)).min();
    let cut = cut.unwrap_or(text.len());
    (text[..cut].trim(), &text[cut..])
}

/// Words for how many, as criteria and logs use them.
pub(super) const QUANTIFIERS: &[(&str, &str)] = &[
    ("one", "1"),
    ("two", "2"),
    ("three", "3"),
    ("four", "4"),
    ("five", "5"),
    ("six", "6"),
    ("twelve", "12"),
    ("all", "all"),
    ("both", "all"),
    ("any", "any"),
    ("either", "any"),
    ("none", "none"),
];

fn is_value(text: &str) -> bool {
    let is_quantifier = |word| QUANTIFIERS.iter().any(|(known, _)| *known == word);
    text.chars().any(|one| one.is_ascii_digit()) || super::phrase::words(text).any(is_quantifier)
}

/// `3` beside `6 months` is `3 months`.
fn with_unit(old: &str, new: &str) -> String {
    let has_unit = super::phrase::words(old).count() > 1;
    match new.split_once(' ') {
        Some((_, unit))
            if !has_unit && unit.chars().all(|one| one.is_alphabetic() || one == ' ') =>
        {
            format!("{old} {unit}")
        }
        _ => old.to_owned(),
    }
}

fn criteria_claim(statement: &Statement, verb: Verb) -> Option<Claim> {
    let numbered = ids(&statement.text).iter().any(|id| id.contains('.'));
    let names_criteria = statement.says(CRITERIA) || numbered;
    if !names_criteria {
        return None;
    }
    let words = statement.text.clone();
    match verb {
        Verb::Added => Some(Claim::CriteriaAdded { words }),
        Verb::Removed => Some(Claim::CriteriaRemoved { words }),
        Verb::Moved => Some(Claim::CriteriaMoved { words }),
        _ => None,
    }
}

/// The headings that policies of every publisher have.
const SECTIONS: &[&str] = &[
    "background",
    "description",
    "overview",
    "summary",
    "definitions",
    "disclaimer",
    "rationale",
    "coding",
    "reminder",
    "evidence",
    "guidelines",
];

fn section_claim(statement: &Statement) -> Option<Claim> {
    let heading = statement.words().find(|word| SECTIONS.contains(word))?;
    Some(Claim::SectionUpdated {
        heading: heading.to_owned(),
    })
}

/// Where something took place: the words about place after a quoted phrase,
/// or after the object.
fn anchor(frame: &str) -> Option<String> {
    let parts: Vec<&str> = frame.split("\"\"").collect();
    let (before, after) = parts.split_at(1);
    after.iter().chain(before).find_map(|part| place(part))
}

fn place(part: &str) -> Option<String> {
    const BEGIN: &[&str] = &["in", "for", "of", "under", "within", "from", "to"];
    const END: &[&str] = &[
        "to", "state", "with", "by", "read", "and", "the", "now", "say", "as", "list", "table",
        "updated", "changed", "revised", "replaced",
    ];
    let words: Vec<&str> = part
        .split([' ', ',', ':'])
        .filter(|word| !word.is_empty())
        .collect();
    let start = words.iter().position(|word| BEGIN.contains(word))?;
    let end = words.iter().rposition(|word| !END.contains(word))?;
    let words: Vec<String> = words[start..=end.max(start)]
        .iter()
        .map(|word| with_number(word))
        .collect();
    (end > start).then(|| words.join(" "))
}

/// A criterion's number in the spelling of the policy.
fn with_number(word: &str) -> String {
    let upper = word.to_uppercase();
    if word.contains('.') && !ids(&upper).is_empty() {
        upper
    } else {
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_into_claims() {
        let entries = [
            "Policy developed.  Specialist reviewed.",
            "New policy.",
            "Added CPT codes:  62320, 62321, 62351, 62361",
            "Codes G90.521 - G90.523 added to the list of supportive diagnoses.",
            "Replaced deleted code 62310 with 62320.",
            "Moved 62355 to Group 2 codes.",
            "Removed C1755 and G90.529; added E0785.",
            "Changed \"no local infection\" in the criteria for trial and permanent implants to say \"no active infection\".",
            "Changed “no local infection.” in trial criteria to state “no active infection.” References reviewed.",
            "Replaced ”one“ with ”two of“ in I.B.",
            "In II.B.3, updated \"local\" to \"active\".",
            "Added \"or intolerance\" to I.B.3.",
            "Removed \"by imaging\" from criteria.",
            "Updated life expectancy from 3 to 6 months in I.A.2.",
            "Increased pain reduction to ≥ 60% for permanent placement.",
            "Changed from one to two of the following in section I.",
            "Criterion I.B.12 added: smoking cessation.",
            "Deleted criteria for repeat trials.",
            "Moved criterion II.B.4 to I.B.",
            "Renamed title from X to Y.",
            "Background updated with no impact to criteria.",
            "Annual review, no changes.",
            "Annual review completed.",
            "Revised without changes to criteria.",
            "References reviewed and updated.",
            "Coding change: 62350 termed 12/31/19.",
            "Minor wording.",
        ];
        let report: Vec<_> = entries
            .iter()
            .map(|entry| {
                let claims: Vec<_> = claims(entry)
                    .iter()
                    .map(|claim| format!("    {}: {}", claim.kind(), claim.describe()))
                    .collect();
                format!("{entry}\n{}", claims.join("\n"))
            })
            .collect();
        insta::assert_snapshot!(report.join("\n"));
    }

    proptest::proptest! {
        #[test]
        fn any_entry_is_read(entry in ".{0,60}|[A-Z0-9. -]{0,40}|(added|from|to|\"|3|I.A| ){0,20}") {
            let _ = claims(&entry);
        }
    }
}
