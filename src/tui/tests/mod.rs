//! What the tests of the terminal UI share.

pub mod stage;
