//! The frame round the screens: tabs, places one came from, overlays.
//!
//! ```text
//!  1 Search  2 Policy  3 Compare  4 Log  5 Replay  6 Check      tabs
//!  the screen                                                   body
//!  embedded · as of 2019-08-14                                  status
//!  Enter open  c compare  / search  ? help  q quit              hints
//! ```

mod answers;
mod state;
mod travel;
mod update;
mod view;

#[cfg(test)]
mod tests;

pub use state::App;
pub use view::draw;
