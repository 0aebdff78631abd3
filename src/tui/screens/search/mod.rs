//! Search as you type.

mod spot;
mod state;
mod update;
mod view;

#[cfg(test)]
mod tests;

pub use state::State;
pub use view::draw;
