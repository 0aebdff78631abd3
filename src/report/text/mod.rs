//! Answers as text for people.

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
mod replay_summary;
mod search;
mod show;
mod versions;

pub use check::check;
pub use code_set::imported_sets;
pub use codes::codes;
pub use diff::{diff, history};
pub use effect::effect;
pub use explain::explain;
pub(crate) use explain::{asked_of_codes, asks_for_one, why};
pub use in_force::in_force;
pub use library::library;
pub use log::log;
pub use replay::replay;
pub(crate) use replay::{because, responsible};
pub use replay_summary::replay_summary;
pub use search::search;
pub(crate) use show::needing;
pub use show::{Part, show};
pub use versions::versions;
