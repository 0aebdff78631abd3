//! What stands in the way of an answer, in words for a person.

use std::fmt;

use crate::library::LibraryError;

/// Whose doing a problem is; it fixes the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// Something was asked for that is not there, or asked wrongly.
    Usage,
    /// What was given cannot be used.
    Input,
    /// The machine stands in the way: permissions, locks, disk.
    Environment,
}

impl ProblemKind {
    /// The exit code of a command that ends so.
    pub fn exit_code(self) -> u8 {
        match self {
            ProblemKind::Usage => 2,
            ProblemKind::Input => 3,
            ProblemKind::Environment => 4,
        }
    }
}

/// A problem with its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Whose doing it is.
    pub kind: ProblemKind,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// The ways out.
    pub hints: Vec<String>,
}

impl Problem {
    /// Something was asked for that is not there, or asked wrongly.
    pub fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Problem::new(ProblemKind::Usage, message, hint)
    }

    /// What was given cannot be used.
    pub fn input(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Problem::new(ProblemKind::Input, message, hint)
    }

    /// The machine stands in the way.
    pub fn environment(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Problem::new(ProblemKind::Environment, message, hint)
    }

    fn new(kind: ProblemKind, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Problem {
            kind,
            message: message.into(),
            hints: Some(hint.into())
                .into_iter()
                .filter(|hint| !hint.is_empty())
                .collect(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Problem {}

impl From<LibraryError> for Problem {
    fn from(error: LibraryError) -> Self {
        if error.environment {
            Problem::environment(error.message, error.hint)
        } else {
            Problem::usage(error.message, error.hint)
        }
    }
}
