//! Answers into bytes: one folder a format, one file an answer.
//!
//! Text is built as a [`Page`] of spans with roles; whether a role becomes a
//! colour is decided when the page is written. Every page and every JSON
//! document ends with the evidence the answer rests on.

pub mod document;
pub mod json;
mod page;
pub mod sql;
pub mod text;

pub use page::{Line, Page, Role};

/// `1 case`, `2 cases`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    format!("{count} {noun}")
}
