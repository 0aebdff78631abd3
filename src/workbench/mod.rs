//! The application layer: one file a use case, shared by both front ends.
//!
//! Front ends say what they want and draw what they get; every rule about
//! policies lives here or below.

mod audit;
mod between;
mod cases;
mod check;
mod codes;
mod codesets;
mod compare;
mod count;
mod effect;
mod evidence;
mod examine;
mod explain;
mod facts;
mod find;
mod history;
mod names;
mod open;
mod problem;
mod redline;
mod replay;
mod search;
mod sql;
mod versions;
mod what_if;

pub use crate::library::Origin;
pub use audit::CodeNote;
pub use between::{Between, LibraryChanges, PolicyChange, VersionChange, VersionChangeKind};
pub use cases::{CaseFiles, CaseSource, Sink};
pub use check::{Finding, FindingSource, Reading};
pub use codes::{CodeLife, Listing, ListingSpan, Reference};
pub use codesets::{CodeSetImport, ImportedSet, ImportedYear, import_code_sets};
pub use compare::{Compared, Relation};
pub use count::CountedReplay;
pub use effect::{Affected, ChangeEffect, FactInWords, ReplayedExample};
pub use evidence::{CaseFileEvidence, CodeSetEvidence, Evidence, VersionEvidence};
pub use examine::{Declarations, Declared, Examined, Kept, TracedLog, Unchanged};
pub use explain::{Basis, Explained};
pub use facts::FactChange;
pub use find::Finder;
pub use history::{Fate, Fates, History, Step};
pub use open::{IndexPlace, Opening, Workbench};
pub use problem::{Problem, ProblemKind};
pub use redline::{CasesReplayed, LogOfChange, Redline};
pub use replay::{Against, InForceRequest, ReplayRequest, Replayed, ReplayedInForce};
pub use search::Searched;
pub use sql::{SqlDialect, SqlRequest, WrittenSql};
pub use versions::{DaysInForce, Period, PolicyVersions, VersionInForce, Versions};
pub use what_if::{ProposalOrigin, WhatIf};
