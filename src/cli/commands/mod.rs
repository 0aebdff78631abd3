//! One file a command: its arguments and what it does.

pub(super) mod check;
pub(super) mod code_set;
pub(super) mod codes;
pub(super) mod diff;
pub(super) mod effect;
pub(super) mod explain;
pub(super) mod log;
pub(super) mod replay;
pub(super) mod search;
pub(super) mod show;
pub(super) mod sql;
pub(super) mod tui;
pub(super) mod versions;
