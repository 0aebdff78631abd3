//! What an entry says was done.

use crate::policy::Code;

/// One thing an entry says was done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Claim {
    /// Codes were added.
    CodesAdded {
        /// The codes.
        codes: Vec<CodesNamed>,
        /// The table, in the entry's own words.
        anchor: Option<String>,
    },
    /// Codes were removed.
    CodesRemoved {
        /// The codes.
        codes: Vec<CodesNamed>,
        /// The table, in the entry's own words.
        anchor: Option<String>,
    },
    /// Codes were replaced by others.
    CodesReplaced {
        /// The codes that went.
        old: Vec<CodesNamed>,
        /// The codes that came.
        new: Vec<CodesNamed>,
    },
    /// Codes were moved to another table.
    CodesMoved {
        /// The codes.
        codes: Vec<CodesNamed>,
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
    /// A phrase was added.
    TextAdded {
        /// The phrase.
        phrase: String,
        /// Where, in the entry's own words.
        anchor: Option<String>,
    },
    /// A phrase was removed.
    TextRemoved {
        /// The phrase.
        phrase: String,
        /// Where, in the entry's own words.
        anchor: Option<String>,
    },
    /// A threshold, a duration or a quantifier changed.
    ValueChanged {
        /// The old value, if the entry gives it.
        old: Option<String>,
        /// The new value.
        new: String,
        /// Where, in the entry's own words.
        anchor: Option<String>,
    },
    /// Criteria were added.
    CriteriaAdded {
        /// What the entry says of them.
        words: String,
    },
    /// Criteria were removed.
    CriteriaRemoved {
        /// What the entry says of them.
        words: String,
    },
    /// Criteria were moved or renumbered.
    CriteriaMoved {
        /// What the entry says of them.
        words: String,
    },
    /// The title changed.
    TitleChanged,
    /// A section of prose was updated.
    SectionUpdated {
        /// Its heading, in the entry's own words.
        heading: String,
    },
    /// The references were reviewed, and perhaps updated.
    ReferencesReviewed,
    /// The policy was written.
    PolicyDeveloped,
    /// Somebody reviewed it: a specialist, or the yearly review.
    Reviewed,
    /// Nothing changed.
    NoChange,
    /// Something this program does not read.
    NotRead {
        /// The words.
        text: String,
    },
}

/// A code, or a range of codes, as an entry names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodesNamed {
    /// One code.
    One(Code),
    /// From one to another, both included.
    Range(Code, Code),
}

impl CodesNamed {
    /// Whether a code is meant.
    pub fn names(&self, code: &Code) -> bool {
        match self {
            CodesNamed::One(one) => one == code,
            CodesNamed::Range(first, last) => {
                first.system() == code.system() && (first..=last).contains(&code)
            }
        }
    }
}

impl std::fmt::Display for CodesNamed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            CodesNamed::One(code) => write!(f, "{code}"),
            CodesNamed::Range(first, last) => write!(f, "{first} to {last}"),
        }
    }
}

impl Claim {
    /// The word reports use.
    pub fn kind(&self) -> &'static str {
        match self {
            Claim::CodesAdded { .. } => "codes-added",
            Claim::CodesRemoved { .. } => "codes-removed",
            Claim::CodesReplaced { .. } => "codes-replaced",
            Claim::CodesMoved { .. } => "codes-moved",
            Claim::TextReplaced { .. } => "text-replaced",
            Claim::TextAdded { .. } => "text-added",
            Claim::TextRemoved { .. } => "text-removed",
            Claim::ValueChanged { .. } => "value-changed",
            Claim::CriteriaAdded { .. } => "criteria-added",
            Claim::CriteriaRemoved { .. } => "criteria-removed",
            Claim::CriteriaMoved { .. } => "criteria-moved",
            Claim::TitleChanged => "title-changed",
            Claim::SectionUpdated { .. } => "section-updated",
            Claim::ReferencesReviewed => "references-reviewed",
            Claim::PolicyDeveloped => "policy-developed",
            Claim::Reviewed => "reviewed",
            Claim::NoChange => "no-change",
            Claim::NotRead { .. } => "not-read",
        }
    }

    /// The codes it names.
    pub fn codes(&self) -> Vec<&CodesNamed> {
        match self {
            Claim::CodesAdded { codes, .. }
            | Claim::CodesRemoved { codes, .. }
            | Claim::CodesMoved { codes } => codes.iter().collect(),
            Claim::CodesReplaced { old, new } => old.iter().chain(new).collect(),
            _ => vec![],
        }
    }

    /// The old and the new phrase or value it names, and where.
    pub fn phrases(&self) -> (Option<&str>, Option<&str>, Option<&str>) {
        match self {
            Claim::TextReplaced { old, new, anchor } => (Some(old), Some(new), anchor.as_deref()),
            Claim::TextAdded { phrase, anchor } => (None, Some(phrase), anchor.as_deref()),
            Claim::TextRemoved { phrase, anchor } => (Some(phrase), None, anchor.as_deref()),
            Claim::ValueChanged { old, new, anchor } => {
                (old.as_deref(), Some(new), anchor.as_deref())
            }
            Claim::CodesAdded { anchor, .. } | Claim::CodesRemoved { anchor, .. } => {
                (None, None, anchor.as_deref())
            }
            _ => (None, None, None),
        }
    }

    /// The claim in a few words.
    pub fn describe(&self) -> String {
        let list = |codes: &[CodesNamed]| {
            let codes: Vec<_> = codes.iter().map(ToString::to_string).collect();
            codes.join(", ")
        };
        let place = |anchor: &Option<String>| {
            let place = anchor.as_ref().map(|anchor| format!(" ({anchor})"));
            place.unwrap_or_default()
        };
        match self {
            Claim::CodesAdded { codes, anchor } => {
                format!("codes added: {}{}", list(codes), place(anchor))
            }
            Claim::CodesRemoved { codes, anchor } => {
                format!("codes removed: {}{}", list(codes), place(anchor))
            }
            Claim::CodesReplaced { old, new } => {
                format!("codes replaced: {} by {}", list(old), list(new))
            }
            Claim::CodesMoved { codes } => format!("codes moved: {}", list(codes)),
            Claim::TextReplaced { old, new, anchor } => {
                format!("\"{old}\" replaced by \"{new}\"{}", place(anchor))
            }
            Claim::TextAdded { phrase, anchor } => {
                format!("\"{phrase}\" added{}", place(anchor))
            }
            Claim::TextRemoved { phrase, anchor } => {
                format!("\"{phrase}\" removed{}", place(anchor))
            }
            Claim::ValueChanged { old, new, anchor } => match old {
                Some(old) => format!("{old} changed to {new}{}", place(anchor)),
                None => format!("changed to {new}{}", place(anchor)),
            },
            Claim::CriteriaAdded { words } => format!("criteria added: {words}"),
            Claim::CriteriaRemoved { words } => format!("criteria removed: {words}"),
            Claim::CriteriaMoved { words } => format!("criteria moved: {words}"),
            Claim::TitleChanged => "title changed".to_owned(),
            Claim::SectionUpdated { heading } => format!("{heading} updated"),
            Claim::ReferencesReviewed => "references reviewed".to_owned(),
            Claim::PolicyDeveloped => "policy developed".to_owned(),
            Claim::Reviewed => "reviewed".to_owned(),
            Claim::NoChange => "no change".to_owned(),
            Claim::NotRead { text } => format!("not read: {text}"),
        }
    }
}
