//! What is wrong with a file, where, and the way out.

use std::fmt;

use crate::text::SafeText;

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Something good to know; nothing need be done.
    Note,
    /// Something a person should look at; the file is used.
    Warning,
    /// The file is not used.
    Error,
}

impl Severity {
    /// The word reports use.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

/// One fault of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// The file, relative to the library.
    pub file: String,
    /// The line, counted from 1; none where the whole file is meant.
    pub line: Option<usize>,
    /// The column in characters, counted from 1; none far into a long line.
    pub column: Option<usize>,
    /// What is wrong: lower case, no full stop.
    pub message: String,
    /// The way out.
    pub hint: Option<String>,
}

impl Diagnostic {
    /// An error about a file as a whole.
    pub fn of_file(file: &str, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Diagnostic {
            severity: Severity::Error,
            file: file.to_owned(),
            line: None,
            column: None,
            message: message.into(),
            hint: Some(hint.into()),
        }
    }

    /// Where it is, as `file:line:column`, safe to print.
    pub fn place(&self) -> String {
        let mut place = SafeText::exact(&self.file).into_string();
        for number in [self.line, self.column].into_iter().flatten() {
            place.push_str(&format!(":{number}"));
        }
        place
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}: {}",
            self.place(),
            self.severity.name(),
            SafeText::line(&self.message)
        )?;
        match &self.hint {
            Some(hint) => write!(f, "\n  hint: {}", SafeText::line(hint)),
            None => Ok(()),
        }
    }
}
