//! What changed between two versions.

use super::evidence;
use crate::compare::{
    Aspect, ChangeKind, CodeChange, CodeChangeKind, Comparison, CriterionChange, CriterionView,
    Meaning, Pair, SectionChange, TableChange, WordKind, WordSpan, meaning,
};
use crate::report::{Line, Page, Role, counted};
use crate::workbench::{Compared, Fate, Fates, History};

/// A comparison.
pub fn diff(compared: &Compared) -> Page {
    let mut page = Page::default();
    page.line(Role::Heading, &compared.title());
    if let Some(caution) = compared.caution() {
        page.push(Line::default().hanging(2).add(Role::Doubt, &caution));
    }
    page.line(Role::Plain, &summary(&compared.comparison));
    changes(&mut page, &compared.comparison, &Fates::default());
    if !compared.facts.is_empty() {
        page.heading("Facts");
        for change in &compared.facts {
            let line = Line::default().hanging(2).add(Role::Doubt, "~ ");
            page.push(line.plain(&change.describe()));
        }
    }
    evidence::add(&mut page, &compared.evidence);
    page
}

/// The changes of several versions, each with the version that made it.
pub fn history(history: &History) -> Page {
    let mut page = Page::default();
    page.line(Role::Heading, &history.title());
    let undone = match history.undone() {
        0 => "no change is undone by a later one".to_owned(),
        count => format!(
            "{} undone by a later version",
            counted(count, "change is", "changes are")
        ),
    };
    page.line(
        Role::Plain,
        &format!(
            "{}; {undone}",
            counted(history.steps.len(), "version", "versions")
        ),
    );
    for note in &history.notes {
        page.push(
            Line::default()
                .hanging(2)
                .add(Role::Doubt, &format!("note: {note}")),
        );
    }
    for step in &history.steps {
        page.blank();
        page.push(
            Line::default()
                .add(Role::Heading, &format!("== {}", step.versions.new.version))
                .plain(&format!(" out of {}: ", step.versions.old.version))
                .plain(&summary(&step.comparison)),
        );
        changes(&mut page, &step.comparison, &step.fates);
    }
    evidence::add(&mut page, &history.evidence);
    page
}

/// The changes, part by part; each with its fate, where there are fates.
fn changes(page: &mut Page, comparison: &Comparison, fates: &Fates) {
    if !comparison.criteria.is_empty() {
        page.heading("Criteria");
        for (index, change) in comparison.criteria.iter().enumerate() {
            criterion(page, change, fates.criteria.get(index));
        }
    }
    if !comparison.codes.is_empty() || !comparison.tables.is_empty() {
        page.heading("Codes");
        for (index, change) in comparison.tables.iter().enumerate() {
            table(page, change, fates.tables.get(index));
        }
        for (index, change) in comparison.codes.iter().enumerate() {
            code(page, change, fates.codes.get(index));
        }
    }
    if !comparison.sections.is_empty() {
        page.heading("Text");
        for (index, change) in comparison.sections.iter().enumerate() {
            section(page, change, fates.sections.get(index));
        }
    }
    revisions(page, comparison);
    metadata(page, comparison);
}

/// What came of a change later, behind what it is.
fn with_fate(line: Line, fate: Option<&Fate>) -> Line {
    match fate.and_then(Fate::describe) {
        Some(words) => line.add(Role::Doubt, &format!(" [{words}]")),
        None => line,
    }
}

pub(super) fn summary(comparison: &Comparison) -> String {
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
        _ => ("~", Role::Doubt),
    }
}

fn criterion(page: &mut Page, change: &CriterionChange, fate: Option<&Fate>) {
    let (sign, role) = sign(change.kind);
    let head = Line::default()
        .add(role, &format!("{sign} "))
        .add(Role::Heading, &change.numbers())
        .plain(&format!(" {}", change.kind.name()))
        .add(Role::Quiet, &weighed(&change.meaning));
    page.push(with_fate(head, fate));
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
    for part in &change.others {
        page.push(
            Line::indented(4)
                .add(Role::Quiet, &format!("part {}: ", part.id))
                .plain(&part.text),
        );
        let rule = part.rule.iter();
        let lines = rule.map(|rule| Line::indented(6).add(Role::Quiet, "rule ").plain(rule));
        lines.for_each(|line| page.push(line));
    }
}

/// ` (substantive: negation: none to no)`
fn weighed(meaning: &Meaning) -> String {
    format!(
        " ({}: {})",
        meaning.weight.name(),
        meaning.reasons.join("; ")
    )
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

fn table(page: &mut Page, change: &TableChange, fate: Option<&Fate>) {
    let (sign, role) = code_sign(change.kind());
    let head = Line::default()
        .hanging(2)
        .add(role, &format!("{sign} "))
        .plain(&change.describe());
    page.push(with_fate(head, fate));
}

fn code_sign(kind: CodeChangeKind) -> (&'static str, Role) {
    match kind {
        CodeChangeKind::Added => ("+", Role::Good),
        CodeChangeKind::Removed => ("-", Role::Bad),
        CodeChangeKind::Changed | CodeChangeKind::Moved => ("~", Role::Doubt),
    }
}

fn code(page: &mut Page, change: &CodeChange, fate: Option<&Fate>) {
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
    let head = Line::default()
        .hanging(11)
        .add(role, &format!("{sign} "))
        .padded(Role::Heading, change.code.as_str(), 9)
        .plain(&format!(
            "{} {}: ",
            change.code.system(),
            change.kind.name()
        ))
        .plain(&shown);
    page.push(with_fate(head, fate));
    match change.kind {
        CodeChangeKind::Changed => {
            let words = words(&crate::compare::words(&text(old), &text(new)));
            page.push(words.add(Role::Quiet, &weighed(&meaning(&text(old), &text(new)))));
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

fn section(page: &mut Page, change: &SectionChange, fate: Option<&Fate>) {
    let head = Line::default()
        .add(Role::Doubt, "~ ")
        .add(Role::Heading, &change.heading)
        .add(Role::Quiet, &weighed(&change.meaning));
    page.push(with_fate(head, fate));
    page.push(words(&change.words));
}

fn revisions(page: &mut Page, comparison: &Comparison) {
    if comparison.revisions.is_empty() {
        return;
    }
    page.heading("Revision log");
    for change in &comparison.revisions {
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

fn metadata(page: &mut Page, comparison: &Comparison) {
    if comparison.metadata.is_empty() {
        return;
    }
    page.heading("Dates and source");
    for change in &comparison.metadata {
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
