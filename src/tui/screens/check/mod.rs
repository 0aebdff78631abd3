//! Everything a person should look at.

mod findings;
mod state;
mod update;
mod view;

#[cfg(test)]
mod tests;

pub use state::State;
pub use view::draw;
