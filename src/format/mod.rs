//! Files to and from `policy`, with diagnostics.
//!
//! Reading never stops at the first fault: every fault of a file becomes a
//! [`Diagnostic`] with file, line and the way out. A file with errors yields
//! no value, so that nothing half-read is ever evaluated.

mod diagnostic;
mod document;
mod lower;
mod raw;

pub use diagnostic::{Diagnostic, Severity};
pub use document::Document;
pub use lower::{read_policy, read_version};

/// The format number this program reads and writes.
pub const FORMAT: i64 = 1;
