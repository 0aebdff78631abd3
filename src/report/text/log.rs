//! The revision log with its claims.

use super::evidence;
use crate::report::{Line, Page, Role};
use crate::revlog::{CheckedClaim, EntryReading, LogReading, Status, Undeclared};
use crate::workbench::Evidence;

/// The log of a policy, held against its versions.
pub fn log(reference: &str, reading: &LogReading, evidence: &Evidence) -> Page {
    let mut page = Page::default();
    page.line(Role::Heading, &format!("{reference} revision log"));
    if reading.entries.is_empty() {
        page.line(Role::Doubt, "the latest version has no revision log");
    }
    for one in &reading.entries {
        page.blank();
        entry(&mut page, one);
    }
    for (version, changes) in &reading.unlogged {
        page.blank();
        page.push(
            Line::default()
                .add(Role::Heading, version)
                .add(Role::Doubt, "  no entry in the log"),
        );
        undeclared(&mut page, changes);
    }
    if !reading.findings.is_empty() {
        page.heading("Findings");
        for finding in &reading.findings {
            page.push(
                Line::indented(2)
                    .hanging(2)
                    .add(Role::Doubt, "! ")
                    .plain(&finding.message),
            );
        }
    }
    evidence::add(&mut page, evidence);
    page
}

fn entry(page: &mut Page, reading: &EntryReading) {
    let date = reading.entry.date.to_string();
    let head = Line::default().add(Role::Heading, &date);
    let head = match reading.entry.approved {
        Some(approved) => head.plain(&format!("  approved {approved}")),
        None => head.add(Role::Doubt, "  no approval date"),
    };
    page.push(match (&reading.before, &reading.version) {
        (Some(before), Some(version)) => {
            head.plain(&format!("  made version {version} out of {before}"))
        }
        (None, Some(version)) => head.plain(&format!("  made version {version}, the first")),
        _ => head.add(Role::Doubt, "  no version in the library"),
    });
    page.push(Line::indented(2).plain(&reading.entry.text));
    for one in &reading.claims {
        claim(page, one);
    }
    undeclared(page, &reading.undeclared);
    if let Some(caveat) = &reading.caveat {
        page.push(
            Line::indented(4)
                .hanging(2)
                .add(Role::Quiet, &format!("note: {caveat}")),
        );
    }
}

fn undeclared(page: &mut Page, changes: &[Undeclared]) {
    for change in changes {
        page.push(
            Line::indented(4)
                .hanging(2)
                .add(Role::Bad, "! undeclared: ")
                .plain(&change.describe()),
        );
    }
}

fn claim(page: &mut Page, checked: &CheckedClaim) {
    let (word, role) = match checked.status {
        Status::BorneOut => ("BORNE OUT", Role::Good),
        Status::Contradicted => ("CONTRADICTED", Role::Bad),
        Status::NotCheckable => ("NOT CHECKABLE", Role::Doubt),
    };
    page.push(
        Line::indented(4)
            .hanging(15)
            .padded(role, word, 15)
            .plain(&checked.claim.describe())
            .add(Role::Quiet, &format!(": {}", checked.found)),
    );
}
