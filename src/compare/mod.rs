//! Two versions into typed changes.
//!
//! Three stages, each in its own file: what became what (`align`), words
//! inside a pair (`words`), naming the change (the rest). The output is data
//! with spans; colours and layout belong to the views.

mod align;
mod codes;
mod criteria;
mod document;
mod meaning;
mod pair;
mod words;

pub use align::Alignment;
pub use codes::{CodeChange, CodeChangeKind, CodeView, TableChange, TableView};
pub use criteria::{Aspect, ChangeKind, CriterionChange, CriterionView};
pub use document::{FieldChange, RevisionChange, SectionChange};
pub use meaning::{Meaning, Weight, meaning};
pub use pair::Pair;
pub use words::{WordKind, WordSpan, similarity, words};

use crate::policy::Version;
use align::Aligned;

/// Everything that differs between two versions.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// Criteria, in the order of the new version, removed ones where they stood.
    pub criteria: Vec<CriterionChange>,
    /// Code rows, by system and code.
    pub codes: Vec<CodeChange>,
    /// Code tables as such, empty ones too.
    pub tables: Vec<TableChange>,
    /// Prose, notices and references, by paragraph.
    pub sections: Vec<SectionChange>,
    /// Entries of the revision log.
    pub revisions: Vec<RevisionChange>,
    /// Dates, provenance and source.
    pub metadata: Vec<FieldChange>,
}

impl Comparison {
    /// Whether criteria, codes, their tables and prose are the same. The log and metadata
    /// of two versions always differ.
    pub fn is_unchanged(&self) -> bool {
        self.criteria.is_empty()
            && self.codes.is_empty()
            && self.tables.is_empty()
            && self.sections.is_empty()
    }
}

/// Compares two versions.
pub fn compare(old: &Version, new: &Version) -> Comparison {
    Comparison {
        criteria: criteria::changes(&Aligned::of(old, new)),
        codes: codes::changes(old, new),
        tables: codes::table_changes(old, new),
        sections: document::section_changes(old, new),
        revisions: document::revision_changes(old, new),
        metadata: document::metadata_changes(old, new),
    }
}
