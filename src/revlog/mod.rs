//! The revision log: entries into claims, and claims against what the
//! comparison of the versions concerned observed.

mod check;
mod claims;
mod phrase;

pub use check::{
    CheckedClaim, EntryReading, LogFinding, LogFindingKind, LogReading, Status, Undeclared,
    read_log,
};
pub use claims::{Claim, claims};
