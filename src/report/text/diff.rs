//! What changed between two versions.

use super::evidence;
use crate::compare::{
    Aspect, ChangeKind, CodeChange, CodeChangeKind, CriterionChange, CriterionView, Pair,
    SectionChange, TableChange, WordKind, WordSpan,
};
use crate::report::{Line, Page, Role, counted};
use crate::workbench::Compared;

/// A comparison.
pub fn diff(compared: &Compared) -> Page {
    let mut page = Page::default();
    let comparison = &compared.comparison;
    page.line(
        Role::Heading,
        &format!("{} to {}", compared.versions.old, compared.versions.new),
    );
    page.line(Role::Plain, &summary(compared));
    if !comparison.criteria.is_empty() {
        page.heading("Criteria");
        for change in &comparison.criteria {
            criterion(&mut page, change);
        }
    }
    if !comparison.codes.is_empty() || !comparison.tables.is_empty() {
        page.heading("Codes");
        for change in &comparison.tables {
            table(&mut page, change);
        }
        for change in &comparison.codes {
            code(&mut page, change);
        }
    }
    if !comparison.sections.is_empty() {
        page.heading("Text");
        for change in &comparison.sections {
            section(&mut page, change);
        }
    }
    revisions(&mut page, compared);
    metadata(&mut page, compared);
    evidence::add(&mut page, &compared.evidence);
    page
}

fn summary(compared: &Compared) -> String {
    let comparison = &compared.comparison;
    if comparison.is_unchanged() {
        return "no difference in criteria, codes or text".to_owned();
    }
    let tables = comparison.tables.len();
    let tables = (tables > 0).then_some((tables, "code table", "code tables"));
    [
        (comparison.criteria.len(), "criterion", "criteria"),
        (comparison.codes.len(), "code", "codes"),
        (comparison.sections.len(), "paragraph", "paragraphs"),
    ]
    .into_iter()
    .chain(tables)
    .map(|(count, one, many)| match count {
        0 => format!("no change of {many}"),
        count => format!("{} changed", counted(count, one, many)),
    })
    .collect::<Vec<_>>()
    .join(", ")
}

/// The sign and role of a change, told apart by more than colour.
fn sign(kind: ChangeKind) -> (&'static str, Role) {
    match kind {
        ChangeKind::Added => ("+", Role::Good),
        ChangeKind::Removed => ("-", Role::Bad),
        ChangeKind::Changed | ChangeKind::Moved | ChangeKind::Renumbered => ("~", Role::Doubt),
    }
}

fn criterion(page: &mut Page, change: &CriterionChange) {
    let (sign, role) = sign(change.kind);
    let numbers = match (&change.views.old, &change.views.new) {
        (Some(old), Some(new)) if old.id != new.id => format!("{} to {}", old.id, new.id),
        _ => change.id().to_string(),
    };
    page.push(
        Line::default()
            .add(role, &format!("{sign} "))
            .add(Role::Heading, &numbers)
            .plain(&format!(" {}", change.kind.name()))
            .add(
                Role::Quiet,
                &format!(
                    " ({}: {})",
                    change.meaning.weight.name(),
                    change.meaning.reasons.join("; ")
                ),
            ),
    );
    page.push(words(&change.words));
    for aspect in &change.aspects {
        let values = change
            .views
            .as_ref()
            .map(|view| view.as_ref().and_then(|view| value(view, *aspect)));
        if *aspect != Aspect::Text {
            sides(page, aspect.name(), &values);
        }
    }
}

fn value(view: &CriterionView, aspect: Aspect) -> Option<String> {
    match aspect {
        Aspect::Text => Some(view.text.clone()),
        Aspect::Rule => view.rule.clone(),
        Aspect::When => view.when.clone(),
        Aspect::Need => Some(view.need.to_string()),
        Aspect::Covers => Some(view.covers.to_string()),
    }
}

fn sides(page: &mut Page, name: &str, values: &Pair<Option<String>>) {
    let sides = [
        ("-", Role::Bad, &values.old),
        ("+", Role::Good, &values.new),
    ];
    for (sign, role, value) in sides {
        let value = value.as_deref().unwrap_or("(none)");
        page.push(
            Line::indented(4)
                .hanging(name.len() + 3)
                .add(Role::Quiet, &format!("{name} "))
                .add(role, &format!("{sign} {value}")),
        );
    }
}

/// The words of both sides, marked so that they can be told apart without colour.
fn words(spans: &[WordSpan]) -> Line {
    let mut line = Line::indented(4);
    for span in spans {
        line = match span.kind {
            WordKind::Same => line.plain(&span.text),
            WordKind::Removed => line.add(Role::Bad, &format!("[-{}-]", span.text)),
            WordKind::Added => line.add(Role::Good, &format!("{{+{}+}}", span.text)),
        };
    }
    line
}

fn table(page: &mut Page, change: &TableChange) {
    let (sign, role) = code_sign(change.kind());
    page.push(
        Line::default()
            .hanging(2)
            .add(role, &format!("{sign} "))
            .plain(&change.describe()),
    );
}

fn code_sign(kind: CodeChangeKind) -> (&'static str, Role) {
    match kind {
        CodeChangeKind::Added => ("+", Role::Good),
        CodeChangeKind::Removed => ("-", Role::Bad),
        CodeChangeKind::Changed | CodeChangeKind::Moved => ("~", Role::Doubt),
    }
}

fn code(page: &mut Page, change: &CodeChange) {
    let (sign, role) = code_sign(change.kind);
    let old = change.views.old.as_ref();
    let new = change.views.new.as_ref();
    let text = |view: Option<&crate::compare::CodeView>| {
        view.map(|view| view.text.clone()).unwrap_or_default()
    };
    let shown = new
        .or(old)
        .map(|view| view.text.clone())
        .unwrap_or_default();
    page.push(
        Line::default()
            .hanging(11)
            .add(role, &format!("{sign} "))
            .padded(Role::Heading, change.code.as_str(), 9)
            .plain(&format!(
                "{} {}: ",
                change.code.system(),
                change.kind.name()
            ))
            .plain(&shown),
    );
    match change.kind {
        CodeChangeKind::Changed => {
            page.push(words(&crate::compare::words(&text(old), &text(new))));
        }
        CodeChangeKind::Moved => {
            let table = |view: Option<&crate::compare::CodeView>| {
                view.map(|view| format!("{} ({})", view.table, view.gate.name()))
            };
            sides(page, "table", &Pair::new(table(old), table(new)));
        }
        // The code may stand in another table as well.
        CodeChangeKind::Added | CodeChangeKind::Removed => {
            let table = new.or(old).map_or("", |view| view.table.as_str());
            let side = if new.is_some() { "to" } else { "from" };
            page.push(Line::indented(4).add(Role::Quiet, &format!("{side} {table}")));
        }
    }
}

fn section(page: &mut Page, change: &SectionChange) {
    page.push(
        Line::default()
            .add(Role::Doubt, "~ ")
            .add(Role::Heading, &change.heading),
    );
    page.push(words(&change.words));
}

fn revisions(page: &mut Page, compared: &Compared) {
    if compared.comparison.revisions.is_empty() {
        return;
    }
    page.heading("Revision log");
    for change in &compared.comparison.revisions {
        let sides = [
            ("-", Role::Bad, &change.entry.old),
            ("+", Role::Good, &change.entry.new),
        ];
        for (sign, role, entry) in sides {
            if let Some(entry) = entry {
                page.push(
                    Line::default()
                        .hanging(11)
                        .add(role, &format!("{sign} "))
                        .padded(Role::Heading, &entry.date.to_string(), 9)
                        .plain(&entry.text),
                );
            }
        }
    }
}

fn metadata(page: &mut Page, compared: &Compared) {
    if compared.comparison.metadata.is_empty() {
        return;
    }
    page.heading("Dates and source");
    for change in &compared.comparison.metadata {
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "(none)".to_owned());
        page.push(
            Line::default()
                .hanging(2)
                .add(Role::Doubt, "~ ")
                .plain(&format!("{} ", change.field))
                .add(Role::Bad, &format!("[-{}-]", value(&change.values.old)))
                .add(Role::Good, &format!("{{+{}+}}", value(&change.values.new))),
        );
    }
}
