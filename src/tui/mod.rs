//! The terminal UI: the only user of ratatui and crossterm.
//!
//! It is built of four kinds of parts. *State* is plain data. *Updates* are
//! functions from a message and a state to a changed state and what to ask
//! of the world. *Views* read the state and write cells. Outside them, `run`
//! turns events into messages and `worker` finds things out on other threads.
//!
//! | part | is |
//! |---|---|
//! | `run`, `terminal`, `signals` | the loop and the terminal, the only input and output |
//! | `worker`, `job` | what is done on other threads, and what comes of it |
//! | `app` | the frame round the screens: tabs, history, overlays |
//! | `screens` | a folder a screen |
//! | `keys` | the one table of keys |
//! | `paint`, `theme` | text into cells; the only way to the screen |

mod app;
mod env;
mod field;
mod job;
mod keys;
mod message;
mod overlay;
mod paint;
mod place;
mod run;
mod screens;
mod signals;
mod terminal;
#[cfg(test)]
mod tests;
mod theme;
mod worker;

pub use run::{Start, TuiError, run};
