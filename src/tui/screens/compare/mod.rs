//! Two versions side by side, or one below the other, change by change.

mod changes;
mod effect;
mod sides;
mod spots;
mod state;
mod update;
mod view;

#[cfg(test)]
mod tests;

pub use state::State;
pub use view::draw;
