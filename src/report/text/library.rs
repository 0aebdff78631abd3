//! What differs between two states of a library.

use super::diff::summary;
use super::evidence;
use crate::compare::Comparison;
use crate::report::{Line, Page, Role};
use crate::workbench::{LibraryChanges, PolicyChange, VersionChange, VersionChangeKind};

/// The policies and versions that came, went or were edited.
pub fn library(changes: &LibraryChanges) -> Page {
    let mut page = Page::default();
    page.line(Role::Heading, &changes.title());
    page.line(Role::Plain, &changes.summary());
    for change in &changes.policies {
        page.blank();
        policy(&mut page, change);
    }
    evidence::add(&mut page, &changes.evidence);
    page
}

fn policy(page: &mut Page, change: &PolicyChange) {
    let (sign, role) = match (&change.titles.old, &change.titles.new) {
        (None, _) => ("+", Role::Good),
        (_, None) => ("-", Role::Bad),
        _ => ("~", Role::Doubt),
    };
    let title = change.titles.new.as_ref().or(change.titles.old.as_ref());
    page.push(
        Line::default()
            .hanging(2)
            .add(role, &format!("{sign} "))
            .add(Role::Heading, &change.policy)
            .plain(&format!(" {}", title.map_or("", String::as_str)))
            .add(role, &format!(" {}", change.in_words())),
    );
    for fact in &change.facts {
        let line = Line::indented(2).hanging(2).add(Role::Doubt, "~ ");
        page.push(line.plain(&fact.describe()));
    }
    for one in &change.versions {
        version(page, one);
    }
}

fn version(page: &mut Page, change: &VersionChange) {
    let (sign, role) = match change.kind {
        VersionChangeKind::Added(_) => ("+", Role::Good),
        VersionChangeKind::Removed(_) => ("-", Role::Bad),
        VersionChangeKind::Edited { .. } => ("~", Role::Doubt),
        VersionChangeKind::InDoubt(_) => ("?", Role::Doubt),
    };
    page.push(
        Line::indented(2)
            .hanging(2)
            .add(role, &format!("{sign} "))
            .add(Role::Heading, &change.version)
            .add(role, &format!(" {}", change.kind.in_words())),
    );
    if let VersionChangeKind::Edited { comparison, .. } = &change.kind {
        page.push(Line::indented(6).plain(&edit(comparison)));
    }
}

/// What an edit changed.
fn edit(comparison: &Comparison) -> String {
    if !comparison.is_unchanged() {
        return summary(comparison);
    }
    let head = comparison.metadata.iter().map(|change| change.field);
    let log = (!comparison.revisions.is_empty()).then_some("revision log");
    let told: Vec<&str> = head.chain(log).collect();
    if told.is_empty() {
        "its form only: nothing that is read out of it changed".to_owned()
    } else {
        format!(
            "no difference in criteria, codes or text; changed: {}",
            told.join(", ")
        )
    }
}
