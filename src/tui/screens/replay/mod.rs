//! Stored cases against every version, and why a case comes out as it does.

mod cases;
mod explain;
mod matrix;
mod state;
mod update;
mod view;
mod words;

#[cfg(test)]
mod tests;

pub use explain::{Key, criteria};
pub use state::State;
pub use view::draw;
pub use words::{cause, ink_of};
