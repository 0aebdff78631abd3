//! Search as you type.

mod facets;
mod preview;
mod spot;
mod state;
mod update;
mod view;

#[cfg(test)]
mod tests;

pub use state::State;
pub use view::draw;
