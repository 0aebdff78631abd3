//! Text on its way to a person.
//!
//! Documents, cases, file names and git are written by others. Whatever of
//! theirs reaches a screen or a command line does so as [`SafeText`], in
//! which nothing can move the cursor, reorder a line or hide: each such
//! character is written out, as `<U+200B>`.

mod nearest;
mod safe;

pub use nearest::nearest;
pub use safe::{SafeText, is_hidden};
