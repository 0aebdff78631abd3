//! The revision log, held against the versions.

mod entries;
mod state;
mod update;
mod view;

#[cfg(test)]
mod tests;

pub use state::State;
pub use view::draw;
