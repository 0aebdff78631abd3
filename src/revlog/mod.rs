//! The revision log: entries into claims, and claims against what the
//! comparison of the versions concerned observed.
//!
//! `phrase` splits an entry into statements, `mention` finds the criteria and
//! codes it names, `read` turns each into a claim,
//! `ledger` holds claims against changes, `place` finds the criteria an entry
//! points to in words, `hygiene` looks at the log as such.

mod check;
mod claims;
mod hygiene;
mod ledger;
mod mention;
mod phrase;
mod place;
mod read;
mod values;
mod wording;

pub use check::{CheckedClaim, EntryReading, LogReading, Status, Undeclared, read_log};
pub use claims::{Claim, CodesNamed};
pub use hygiene::{LogFinding, LogFindingKind};
pub use ledger::hold;
pub use read::claims;
