//! The screens, a folder each: `state` is plain data, `update` says what a
//! key makes of it, `view` draws it.

pub mod check;
pub mod compare;
pub mod log;
pub mod policy;
pub mod replay;
pub mod search;
