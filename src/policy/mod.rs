//! What a policy is: plain data, with the small rules that make the data
//! trustworthy (dates keep their precision, codes have a shape, facts a type).
//!
//! Nothing here reads files, draws or evaluates.

pub mod code;
pub mod criterion;
pub mod date;
pub mod fact;
pub mod rule;
pub mod timeline;
pub mod version;

pub use code::{Code, CodeError, CodeSystem};
pub use criterion::{Criterion, CriterionId, Need};
pub use date::{Date, DateError};
pub use fact::{Contradiction, Dictionary, FactDefinition, FactKind, FactValue, Facts};
pub use rule::{Comparison, Expr, Rule, Test};
pub use timeline::{InForce, Stretch};
pub use version::{
    CodeRow, CodeTable, ContentHash, Gate, Notice, Policy, Provenance, Reference, Revision,
    Section, Source, Version, VersionRef, paragraphs,
};
