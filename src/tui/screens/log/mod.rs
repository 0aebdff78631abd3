//! The revision log, held against the versions.

mod entries;
mod state;
mod update;
mod view;

#[cfg(test)]
mod tests;

pub use entries::Key;
pub use state::{State, Wanted};
pub use view::draw;
