//! What an entry says was done.

use super::phrase::{Clause, clauses};
use crate::policy::{Code, CodeSystem};

/// One thing an entry says was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Codes were added.
    CodesAdded {
        /// The codes.
        codes: Vec<Code>,
    },
    /// Codes were removed.
    CodesRemoved {
        /// The codes.
        codes: Vec<Code>,
    },
    /// A phrase was replaced by another.
    TextReplaced {
        /// The old phrase.
        old: String,
        /// The new phrase.
        new: String,
        /// Where, in the entry's own words.
        anchor: Option<String>,
    },
    /// The references were reviewed, and perhaps updated.
    ReferencesReviewed,
    /// The policy was written.
    PolicyDeveloped,
    /// Somebody reviewed it: a specialist, or the yearly review.
    Reviewed,
    /// Something this program does not read.
    NotRead {
        /// The words.
        text: String,
    },
}

impl Claim {
    /// The word reports use.
    pub fn kind(&self) -> &'static str {
        match self {
            Claim::CodesAdded { .. } => "codes-added",
            Claim::CodesRemoved { .. } => "codes-removed",
            Claim::TextReplaced { .. } => "text-replaced",
            Claim::ReferencesReviewed => "references-reviewed",
            Claim::PolicyDeveloped => "policy-developed",
            Claim::Reviewed => "reviewed",
            Claim::NotRead { .. } => "not-read",
        }
    }

    /// The claim in a sentence.
    pub fn describe(&self) -> String {
        let list = |codes: &[Code]| {
            let codes: Vec<_> = codes.iter().map(Code::as_str).collect();
            codes.join(", ")
        };
        match self {
            Claim::CodesAdded { codes } => format!("codes added: {}", list(codes)),
            Claim::CodesRemoved { codes } => format!("codes removed: {}", list(codes)),
            Claim::TextReplaced { old, new, anchor } => {
                let anchor = anchor.as_ref().map(|anchor| format!(" ({anchor})"));
                format!(
                    "\"{old}\" replaced by \"{new}\"{}",
                    anchor.unwrap_or_default()
                )
            }
            Claim::ReferencesReviewed => "references reviewed".to_owned(),
            Claim::PolicyDeveloped => "policy developed".to_owned(),
            Claim::Reviewed => "reviewed".to_owned(),
            Claim::NotRead { text } => format!("not read: {text}"),
        }
    }
}

/// Reads an entry into its claims, in order. What is not understood is a
/// claim too, so that nothing is passed over in silence.
pub fn claims(entry: &str) -> Vec<Claim> {
    clauses(entry).iter().flat_map(read).collect()
}

const ADDING: &[&str] = &["added", "add", "adding", "adds"];
const REMOVING: &[&str] = &[
    "removed", "remove", "removing", "deleted", "delete", "termed",
];
const REPLACING: &[&str] = &[
    "replaced", "changed", "updated", "revised", "reworded", "modified",
];

fn read(clause: &Clause) -> Vec<Claim> {
    let mut claims = vec![];
    if let [old, new] = clause.quotes.as_slice()
        && clause.says(REPLACING)
    {
        claims.push(Claim::TextReplaced {
            old: old.clone(),
            new: new.clone(),
            anchor: anchor(&clause.frame),
        });
    }
    let codes = codes(&clause.text);
    if !codes.is_empty() && clause.quotes.is_empty() {
        if clause.says(ADDING) && !clause.says(REMOVING) {
            claims.push(Claim::CodesAdded { codes });
        } else if clause.says(REMOVING) && !clause.says(ADDING) {
            claims.push(Claim::CodesRemoved { codes });
        }
    }
    if clause.says(&["references", "reference"]) && clause.says(&["reviewed", "updated", "added"]) {
        claims.push(Claim::ReferencesReviewed);
    } else if clause.says(&["policy"]) && clause.says(&["developed", "created", "new", "original"])
    {
        claims.push(Claim::PolicyDeveloped);
    } else if claims.is_empty() && is_review(clause) {
        claims.push(Claim::Reviewed);
    }
    if claims.is_empty() {
        claims.push(Claim::NotRead {
            text: clause.text.clone(),
        });
    }
    claims
}

fn is_review(clause: &Clause) -> bool {
    let by_whom = clause.says(&["specialist", "annual", "committee", "no"]);
    by_whom && clause.says(&["review", "reviewed", "changes", "change"]) && clause.quotes.is_empty()
}

/// Where a replacement took place: the words about place that stand between
/// or after the quoted phrases.
fn anchor(frame: &str) -> Option<String> {
    let parts: Vec<&str> = frame.split("\"\"").skip(1).collect();
    parts.into_iter().find_map(|part| {
        let words: Vec<&str> = part
            .split(|character: char| character.is_whitespace() || character == ',')
            .filter(|word| !word.is_empty())
            .collect();
        let start = words
            .iter()
            .position(|word| ["in", "for", "of", "under", "within", "from"].contains(word))?;
        let end = words.iter().rposition(|word| {
            !["to", "state", "with", "by", "read", "and", "the"].contains(word)
        })?;
        (end > start).then(|| words[start..=end].join(" "))
    })
}

/// Every code a clause names. An ICD-10-CM code is recognised by its dot, for
/// without it the clause's own words look like codes.
fn codes(text: &str) -> Vec<Code> {
    let mut codes: Vec<Code> = vec![];
    let words =
        text.split(|character: char| !(character.is_ascii_alphanumeric() || character == '.'));
    for word in words.map(|word| word.trim_matches('.')) {
        let is_shouted = !word.bytes().any(|byte| byte.is_ascii_lowercase());
        let code = if word.contains('.') {
            Code::parse(CodeSystem::Icd10Cm, word).ok()
        } else {
            Code::parse_procedure(word).ok()
        };
        if let Some(code) = code.filter(|code| is_shouted && !codes.contains(code)) {
            codes.push(code);
        }
    }
    codes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_read_into_claims() {
        let entries = [
            "Policy developed.  Specialist reviewed.",
            "Added CPT codes:  62320, 62321, 62351, 62361",
            "Replaced \"no local infection at the site\" with \"no active infection\" for the trial and permanent criteria; references reviewed and updated.",
            "Changed “no local infection.” in trial criteria to state “no active infection.” References reviewed.",
            "Removed G90.529 and C1755.",
            "Annual review, no changes.",
            "Reorganised the background.",
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
}
