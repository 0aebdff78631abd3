//! Findings on a library.

use super::evidence;
use crate::format::Severity;
use crate::report::{Line, Page, Role, counted};
use crate::workbench::{Evidence, Finding};

/// Findings, errors first.
pub fn check(findings: &[Finding], evidence: &Evidence) -> Page {
    let mut page = Page::default();
    for finding in findings {
        let role = match finding.severity {
            Severity::Error => Role::Bad,
            Severity::Warning => Role::Doubt,
            Severity::Note => Role::Quiet,
        };
        let place = [&finding.place, &finding.about];
        let place: Vec<&str> = place.into_iter().flatten().map(String::as_str).collect();
        let mut line = Line::default()
            .hanging(2)
            .add(role, &format!("{}: ", finding.severity.name()));
        if !place.is_empty() {
            line = line.add(Role::Heading, &format!("{}: ", place.join(" ")));
        }
        page.push(
            line.plain(&finding.message)
                .add(Role::Quiet, &format!(" [{}]", finding.rule)),
        );
        if let Some(hint) = &finding.hint {
            page.push(Line::indented(2).add(Role::Quiet, &format!("hint: {hint}")));
        }
    }
    page.blank();
    let count = |severity| {
        findings
            .iter()
            .filter(|one| one.severity == severity)
            .count()
    };
    let errors = counted(count(Severity::Error), "error", "errors");
    let warnings = counted(count(Severity::Warning), "warning", "warnings");
    let notes = counted(count(Severity::Note), "note", "notes");
    page.line(Role::Heading, &format!("{errors}, {warnings}, {notes}"));
    evidence::add(&mut page, evidence);
    page
}
