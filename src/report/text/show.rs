//! A version to read.

use super::evidence;
use crate::policy::{Criterion, Need, Policy, Version};
use crate::report::{Line, Page, Role};
use crate::workbench::Evidence;

/// Which part of a version is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// The criteria.
    Criteria,
    /// The code tables.
    Codes,
    /// The revision log.
    Log,
    /// Everything.
    #[default]
    All,
}

/// A version, or one part of it.
pub fn show(policy: &Policy, version: &Version, part: Part, evidence: &Evidence) -> Page {
    let mut page = Page::default();
    head(&mut page, policy, version);
    let wanted = |one: Part| part == Part::All || part == one;
    if part == Part::All {
        sections(&mut page, version);
    }
    if wanted(Part::Criteria) {
        criteria(&mut page, version);
    }
    if wanted(Part::Codes) {
        codes(&mut page, version);
    }
    if part == Part::All {
        notices(&mut page, version);
    }
    if wanted(Part::Log) {
        log(&mut page, version);
    }
    if part == Part::All {
        references(&mut page, version);
    }
    evidence::add(&mut page, evidence);
    page
}

fn head(page: &mut Page, policy: &Policy, version: &Version) {
    page.line(
        Role::Heading,
        &format!("{} {}", policy.reference, policy.title),
    );
    let mut facts = vec![
        format!("version {}", version.name),
        format!("effective {}", version.effective),
    ];
    facts.extend(version.reviewed.map(|date| format!("reviewed {date}")));
    facts.push(match version.approved {
        Some(date) => format!("approved {date}"),
        None => "no approval date".to_owned(),
    });
    facts.push(version.provenance.name().to_owned());
    page.line(Role::Plain, &facts.join(", "));
    page.line(Role::Plain, &policy.publisher);
    if let Some(source) = &version.source {
        page.push(
            Line::default()
                .hanging(2)
                .plain("from: ")
                .plain(&source.title),
        );
    }
}

fn sections(page: &mut Page, version: &Version) {
    for section in &version.sections {
        page.heading(&section.heading);
        for paragraph in section.paragraphs() {
            page.push(Line::indented(2).plain(&paragraph));
        }
    }
}

fn criteria(page: &mut Page, version: &Version) {
    page.heading("Criteria");
    criterion_tree(page, version, 2);
}

/// Every criterion with its rule, statement by statement.
pub(super) fn criterion_tree(page: &mut Page, version: &Version, indent: usize) {
    for statement in &version.criteria {
        if !statement.covers {
            page.push(Line::indented(indent).add(Role::Bad, "meeting this means not covered:"));
        }
        criterion(page, statement, indent);
        page.blank();
    }
}

fn criterion(page: &mut Page, one: &Criterion, indent: usize) {
    let number = format!("{} ", one.id);
    page.push(
        Line::indented(indent)
            .hanging(number.len())
            .add(Role::Heading, &number)
            .plain(&one.text),
    );
    let below = indent + 4;
    let rules = [("when", &one.when), ("rule", &one.rule)];
    for (name, rule) in rules {
        if let Some(rule) = rule {
            page.push(
                Line::indented(below)
                    .hanging(name.len() + 1)
                    .add(Role::Quiet, &format!("{name} {}", rule.source)),
            );
        }
    }
    if one.is_answered_directly() {
        page.push(Line::indented(below).add(
            Role::Quiet,
            &format!("answered by the fact {}", one.id.answer_fact()),
        ));
    }
    if !one.children.is_empty() {
        page.push(Line::indented(below).add(Role::Quiet, &needing(one.need)));
    }
    for child in &one.children {
        criterion(page, child, indent + 2);
    }
}

/// How the criteria under one combine, before they are listed.
pub(crate) fn needing(need: Need) -> String {
    match need {
        Need::All => "all of:".to_owned(),
        Need::Any => "any of:".to_owned(),
        Need::None => "none of:".to_owned(),
        Need::AtLeast(count) => format!("at least {count} of:"),
    }
}

fn codes(page: &mut Page, version: &Version) {
    for table in &version.codes {
        page.heading(&format!(
            "{}: {} ({})",
            table.system,
            table.title,
            table.gate.name()
        ));
        for row in &table.rows {
            page.push(
                Line::indented(2)
                    .hanging(9)
                    .padded(Role::Heading, row.code.as_str(), 9)
                    .plain(&row.text),
            );
        }
    }
}

fn notices(page: &mut Page, version: &Version) {
    if version.notices.is_empty() {
        return;
    }
    page.heading("Notices");
    for notice in &version.notices {
        page.push(Line::indented(2).hanging(2).plain(&notice.text));
        if let Some(when) = &notice.when {
            page.push(Line::indented(6).add(Role::Quiet, &format!("when {}", when.source)));
        }
    }
}

fn log(page: &mut Page, version: &Version) {
    page.heading("Revision log");
    for entry in &version.revisions {
        let approved = entry.approved.map(|date| date.to_string());
        let line = Line::indented(2)
            .hanging(12)
            .padded(Role::Heading, &entry.date.to_string(), 12)
            .plain(&entry.text);
        page.push(match approved {
            Some(date) => line.add(Role::Quiet, &format!(" (approved {date})")),
            None => line.add(Role::Doubt, " (no approval date)"),
        });
    }
}

fn references(page: &mut Page, version: &Version) {
    if version.references.is_empty() {
        return;
    }
    page.heading("References");
    for reference in &version.references {
        let mut line = Line::indented(2).hanging(2);
        if let Some(policy) = &reference.policy {
            line = line.add(Role::Heading, &format!("{policy} "));
        }
        page.push(line.plain(&reference.text));
    }
}
