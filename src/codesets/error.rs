//! Why a file of codes cannot be used.

use crate::text::SafeText;

/// Why a file of codes cannot be used: where, what, and the way out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {message}", SafeText::exact(file), line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct ReadError {
    /// The file; for a member of an archive, both.
    pub file: String,
    /// The line or row, counted from 1.
    pub line: Option<usize>,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// The way out.
    pub hint: String,
}

impl ReadError {
    /// A fault of a file as a whole.
    pub(super) fn of_file(
        file: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> ReadError {
        ReadError {
            file: file.to_owned(),
            line: None,
            message: message.into(),
            hint: hint.into(),
        }
    }

    /// A fault of one line.
    pub(super) fn of_line(
        file: &str,
        line: usize,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> ReadError {
        ReadError {
            line: Some(line),
            ..ReadError::of_file(file, message, hint)
        }
    }
}
