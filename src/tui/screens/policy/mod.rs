//! The policy reader: outline, text, and the versions as a line through time.

mod document;
mod state;
mod update;
mod view;

#[cfg(test)]
mod tests;

pub use document::{Spot, need_in_words};
pub use state::State;
pub use view::{draw, timeline};
