//! What a change says on its old and on its new side.

use super::changes::{Change, Group};
use crate::compare::{
    CodeChange, CodeChangeKind, CodeView, Comparison, CriterionChange, CriterionView, FieldChange,
    Pair, RevisionChange, SectionChange, TableChange, TableView, WordKind, WordSpan,
};
use crate::policy::Revision;
use crate::tui::paint::{Ink, Piece, plain};
use crate::tui::screens::policy::need_in_words;

/// The changes of a group, in order.
pub fn changes(group: Group, comparison: &Comparison) -> Vec<Change> {
    match group {
        Group::Criteria => comparison.criteria.iter().map(criterion).collect(),
        Group::Codes => {
            let codes = comparison.codes.iter().map(code);
            codes.chain(comparison.tables.iter().map(table)).collect()
        }
        Group::Text => comparison.sections.iter().map(section).collect(),
        Group::Log => comparison.revisions.iter().map(revision).collect(),
        Group::Head => comparison.metadata.iter().map(field).collect(),
    }
}

fn sign(has_old: bool, has_new: bool) -> (&'static str, Ink) {
    match (has_old, has_new) {
        (false, _) => ("+", Ink::Added),
        (_, false) => ("-", Ink::Removed),
        _ => ("~", Ink::Changed),
    }
}

/// One side of a text whose words are marked, with brackets that say so
/// without colours: `[-gone-]`, `{+new+}`.
fn side(words: &[WordSpan], gone: WordKind) -> Vec<Piece> {
    let both = words.iter().any(|span| span.kind == WordKind::Same);
    let shown = words.iter().filter(|span| span.kind != gone);
    shown
        .flat_map(|span| match span.kind {
            WordKind::Same => vec![plain(&span.text)],
            WordKind::Removed => marked(Ink::Removed, &span.text, both.then_some(("[-", "-]"))),
            WordKind::Added => marked(Ink::Added, &span.text, both.then_some(("{+", "+}"))),
        })
        .collect()
}

/// Changed words between their brackets, the spaces round them outside.
fn marked(ink: Ink, text: &str, brackets: Option<(&str, &str)>) -> Vec<Piece> {
    let Some((open, close)) = brackets else {
        return vec![Piece::new(ink, text)];
    };
    let words = text.trim();
    let before = &text[..text.len() - text.trim_start().len()];
    let after = &text[text.trim_end().len()..];
    vec![
        plain(before),
        Piece::new(ink, format!("{open}{words}{close}")),
        plain(after),
    ]
}

fn criterion(change: &CriterionChange) -> Change {
    let (old, new) = (&change.views.old, &change.views.new);
    let (sign, ink) = sign(old.is_some(), new.is_some());
    let aspects: Vec<&str> = change.aspects.iter().map(|one| one.name()).collect();
    let mut note = change.kind.name().to_owned();
    if let (Some(old), Some(new)) = (old, new)
        && old.id != new.id
    {
        note = format!("{note} from {}", old.id);
    }
    if !change.others.is_empty() {
        note = format!("{}: {}", change.kind.name(), change.numbers());
    }
    if !aspects.is_empty() {
        note = format!("{note}: {}", aspects.join(", "));
    }
    let same_text = old.is_some() && new.is_some() && !aspects.contains(&"text");
    Change {
        sign,
        ink,
        title: change.id().to_string(),
        note,
        lines: Pair::new(
            criterion_lines(
                old.as_ref(),
                new.as_ref(),
                &change.words,
                WordKind::Added,
                same_text,
            ),
            criterion_lines(
                new.as_ref(),
                old.as_ref(),
                &change.words,
                WordKind::Removed,
                same_text,
            ),
        ),
    }
}

/// The lines of one side: its text, and whatever else differs.
fn criterion_lines(
    view: Option<&CriterionView>,
    other: Option<&CriterionView>,
    words: &[WordSpan],
    gone: WordKind,
    same_text: bool,
) -> Vec<Vec<Piece>> {
    let Some(view) = view else { return vec![] };
    let mut lines = vec![];
    if !same_text {
        lines.push(side(words, gone));
    }
    let covers = |view: &CriterionView| if view.covers { "yes" } else { "no" }.to_owned();
    let fields = |view: &CriterionView| {
        [
            ("rule", view.rule.clone()),
            ("applies when", view.when.clone()),
            ("combines", Some(need_in_words(view.need))),
            ("meeting it means covered", Some(covers(view))),
        ]
    };
    let others = other.map(fields);
    for (index, (name, value)) in fields(view).into_iter().enumerate() {
        let differs = others
            .as_ref()
            .is_none_or(|others| others[index].1 != value);
        // Of what only one version has, the rule is told and the usual is not.
        let told = others.is_some() || index < 2 && value.is_some();
        if differs && told {
            let value = value.unwrap_or_else(|| "none".to_owned());
            lines.push(vec![
                Piece::new(Ink::Dim, format!("{name}: ")),
                plain(value),
            ]);
        }
    }
    lines
}

fn code(change: &CodeChange) -> Change {
    let (sign, ink) = sign(change.views.old.is_some(), change.views.new.is_some());
    let moved = change.kind == CodeChangeKind::Moved;
    let line = |view: &Option<CodeView>| -> Vec<Vec<Piece>> {
        let Some(view) = view else { return vec![] };
        let table = Piece::new(Ink::Dim, format!("  ({})", view.table));
        let mut line = vec![plain(&view.text)];
        line.extend(moved.then_some(table));
        vec![line]
    };
    Change {
        sign,
        ink,
        title: format!("{} {}", change.code.system(), change.code),
        note: change.kind.name().to_owned(),
        lines: change.views.as_ref().map(line),
    }
}

fn table(change: &TableChange) -> Change {
    let (sign, ink) = sign(change.views.old.is_some(), change.views.new.is_some());
    let line = |view: Option<TableView>| -> Vec<Vec<Piece>> {
        let told = view.map(|view| format!("gate {}, {} rows", view.gate.name(), view.rows));
        told.map(|told| vec![plain(told)]).into_iter().collect()
    };
    Change {
        sign,
        ink,
        title: format!("{} {}", change.system, change.title),
        note: format!("table {}", change.kind().name()),
        lines: change.views.map(line),
    }
}

fn section(change: &SectionChange) -> Change {
    let has = change.text.as_ref().map(Option::is_some);
    let (sign, ink) = sign(has.old, has.new);
    let note = match (has.old, has.new) {
        (true, true) => "paragraph changed",
        (true, false) => "paragraph removed",
        _ => "paragraph added",
    };
    let lines = |has: bool, gone: WordKind| -> Vec<Vec<Piece>> {
        if has {
            vec![side(&change.words, gone)]
        } else {
            vec![]
        }
    };
    Change {
        sign,
        ink,
        title: change.heading.clone(),
        note: note.to_owned(),
        lines: Pair::new(
            lines(has.old, WordKind::Added),
            lines(has.new, WordKind::Removed),
        ),
    }
}

fn revision(change: &RevisionChange) -> Change {
    let (sign, ink) = sign(change.entry.old.is_some(), change.entry.new.is_some());
    let line = |entry: &Option<Revision>| -> Vec<Vec<Piece>> {
        entry.iter().map(|entry| vec![plain(&entry.text)]).collect()
    };
    let entry = change.entry.new.as_ref().or(change.entry.old.as_ref());
    let approved = entry.and_then(|entry| entry.approved);
    Change {
        sign,
        ink,
        title: entry.map_or(String::new(), |entry| format!("entry of {}", entry.date)),
        note: match approved {
            Some(date) => format!("approved {date}"),
            None => "no approval date".to_owned(),
        },
        lines: change.entry.as_ref().map(line),
    }
}

fn field(change: &FieldChange) -> Change {
    let line = |value: &Option<String>| -> Vec<Vec<Piece>> {
        let value = value.clone().unwrap_or_else(|| "none".to_owned());
        vec![vec![plain(value)]]
    };
    Change {
        sign: "~",
        ink: Ink::Changed,
        title: change.field.to_owned(),
        note: String::new(),
        lines: change.values.as_ref().map(line),
    }
}
