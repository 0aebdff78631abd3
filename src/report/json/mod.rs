//! Answers as JSON: a documented, tested contract.
//!
//! Every document begins with `schema`. Fields may be added, never renamed.

mod check;
mod code_set;
mod codes;
mod diff;
mod effect;
mod evidence;
mod explain;
mod in_force;
mod library;
mod log;
mod replay;
mod sarif;
mod search;
mod show;
mod sql;
mod versions;
mod writer;

pub use check::check;
pub use code_set::imported_sets;
pub use codes::codes;
pub use diff::{diff, history};
pub use effect::effect;
pub use explain::explain;
pub use in_force::in_force;
pub use library::library;
pub use log::log;
pub use replay::{replay, replay_summary};
pub use sarif::sarif;
pub use search::search;
pub use show::show;
pub use sql::sql;
pub use versions::versions;
