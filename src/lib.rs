//! lookback audits versioned clinical policies.
//!
//! It answers where a code or criterion is and since when, what changed
//! between two revisions, which version applied to a case and what another
//! would have decided, and what every answer rests on.
//!
//! `ARCHITECTURE.md` maps the modules; dependencies point downwards only.

pub mod cases;
pub mod cli;
pub mod codesets;
pub mod compare;
pub mod criteria;
pub mod format;
pub mod library;
pub mod policy;
pub mod replay;
pub mod report;
pub mod revlog;
pub mod search;
pub mod text;
pub mod tui;
pub mod workbench;
