//! `lookback/diff/1` and `lookback/diff-steps/1`

use serde::Serialize;

use super::evidence::Provenance;
use super::writer::bytes;
use crate::compare::{
    Aspect, CodeChange, CodeView, Comparison, CriterionChange, CriterionView, FieldChange,
    RevisionChange, SectionChange, TableChange, WordSpan,
};
use crate::policy::Revision;
use crate::workbench::{Compared, FactChange, Fate, Fates, History};

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    from: String,
    to: String,
    /// `versions` of one policy, of two `policies`, or as two `commits` had them.
    relation: &'static str,
    #[serde(flatten)]
    changes: Changes,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    facts: Vec<Fact>,
    provenance: Provenance,
}

/// A fact that two dictionaries define differently.
#[derive(Serialize)]
pub(super) struct Fact {
    name: String,
    old: Option<String>,
    new: Option<String>,
}

impl From<&FactChange> for Fact {
    fn from(change: &FactChange) -> Self {
        Fact {
            name: change.name.clone(),
            old: change.definitions.old.clone(),
            new: change.definitions.new.clone(),
        }
    }
}

/// The changes, part by part.
#[derive(Serialize)]
struct Changes {
    criteria: Vec<Fated<Criterion>>,
    codes: Vec<Fated<Code>>,
    tables: Vec<Fated<Table>>,
    sections: Vec<Fated<Section>>,
    revisions: Vec<Entry>,
    metadata: Vec<Field>,
}

/// A change with what came of it later, where that is asked.
#[derive(Serialize)]
struct Fated<T> {
    #[serde(flatten)]
    change: T,
    #[serde(skip_serializing_if = "Option::is_none")]
    undone_in: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    undoes: Option<String>,
}

fn fated<'a, T, U: From<&'a T>>(changes: &'a [T], fates: &[Fate]) -> Vec<Fated<U>> {
    let changes = changes.iter().enumerate();
    changes
        .map(|(index, change)| {
            let fate = fates.get(index).cloned().unwrap_or_default();
            Fated {
                change: U::from(change),
                undone_in: fate.undone_in,
                undoes: fate.undoes,
            }
        })
        .collect()
}

impl Changes {
    fn of(comparison: &Comparison, fates: &Fates) -> Self {
        Changes {
            criteria: fated(&comparison.criteria, &fates.criteria),
            codes: fated(&comparison.codes, &fates.codes),
            tables: fated(&comparison.tables, &fates.tables),
            sections: fated(&comparison.sections, &fates.sections),
            revisions: comparison.revisions.iter().flat_map(entry).collect(),
            metadata: comparison.metadata.iter().map(Field::from).collect(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Criterion {
    kind: &'static str,
    id_old: Option<String>,
    id_new: Option<String>,
    old: Option<String>,
    new: Option<String>,
    changed: Vec<&'static str>,
    words: Vec<Word>,
    /// `editorial` or `substantive`, and why.
    weight: &'static str,
    reasons: Vec<String>,
    rule_old: Option<String>,
    rule_new: Option<String>,
    when_old: Option<String>,
    when_new: Option<String>,
    need_old: Option<String>,
    need_new: Option<String>,
    covers_old: Option<bool>,
    covers_new: Option<bool>,
    /// Of `split` the other parts in the new version, of `merged` those in the old.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<Part>,
}

#[derive(Serialize)]
struct Part {
    id: String,
    text: String,
    rule: Option<String>,
    when: Option<String>,
    need: String,
    covers: bool,
}

impl From<&CriterionView> for Part {
    fn from(view: &CriterionView) -> Self {
        Part {
            id: view.id.to_string(),
            text: view.text.clone(),
            rule: view.rule.clone(),
            when: view.when.clone(),
            need: view.need.to_string(),
            covers: view.covers,
        }
    }
}

impl From<&CriterionChange> for Criterion {
    fn from(change: &CriterionChange) -> Self {
        fn of<T>(view: &Option<CriterionView>, field: impl Fn(&CriterionView) -> T) -> Option<T> {
            view.as_ref().map(field)
        }
        let (old, new) = (&change.views.old, &change.views.new);
        Criterion {
            kind: change.kind.name(),
            id_old: of(old, |one| one.id.to_string()),
            id_new: of(new, |one| one.id.to_string()),
            old: of(old, |one| one.text.clone()),
            new: of(new, |one| one.text.clone()),
            changed: change
                .aspects
                .iter()
                .map(|one| Aspect::name(*one))
                .collect(),
            words: change.words.iter().map(Word::from).collect(),
            weight: change.meaning.weight.name(),
            reasons: change.meaning.reasons.clone(),
            rule_old: of(old, |one| one.rule.clone()).flatten(),
            rule_new: of(new, |one| one.rule.clone()).flatten(),
            when_old: of(old, |one| one.when.clone()).flatten(),
            when_new: of(new, |one| one.when.clone()).flatten(),
            need_old: of(old, |one| one.need.to_string()),
            need_new: of(new, |one| one.need.to_string()),
            covers_old: of(old, |one| one.covers),
            covers_new: of(new, |one| one.covers),
            parts: change.others.iter().map(Part::from).collect(),
        }
    }
}

#[derive(Serialize)]
struct Word {
    kind: &'static str,
    text: String,
}

impl From<&WordSpan> for Word {
    fn from(span: &WordSpan) -> Self {
        Word {
            kind: span.kind.name(),
            text: span.text.clone(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Code {
    kind: &'static str,
    system: &'static str,
    code: String,
    old: Option<String>,
    new: Option<String>,
    table_old: Option<String>,
    table_new: Option<String>,
    gate_old: Option<&'static str>,
    gate_new: Option<&'static str>,
}

impl From<&CodeChange> for Code {
    fn from(change: &CodeChange) -> Self {
        let of = |view: &Option<CodeView>| {
            view.as_ref()
                .map(|one| (one.text.clone(), one.table.clone(), one.gate.name()))
        };
        let (old, new) = (of(&change.views.old), of(&change.views.new));
        Code {
            kind: change.kind.name(),
            system: change.code.system().name(),
            code: change.code.to_string(),
            table_old: old.as_ref().map(|one| one.1.clone()),
            table_new: new.as_ref().map(|one| one.1.clone()),
            gate_old: old.as_ref().map(|one| one.2),
            gate_new: new.as_ref().map(|one| one.2),
            old: old.map(|one| one.0),
            new: new.map(|one| one.0),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Table {
    kind: &'static str,
    system: &'static str,
    title: String,
    gate_old: Option<&'static str>,
    gate_new: Option<&'static str>,
    rows_old: Option<usize>,
    rows_new: Option<usize>,
}

impl From<&TableChange> for Table {
    fn from(change: &TableChange) -> Self {
        let (old, new) = (change.views.old, change.views.new);
        Table {
            kind: change.kind().name(),
            system: change.system.name(),
            title: change.title.clone(),
            gate_old: old.map(|one| one.gate.name()),
            gate_new: new.map(|one| one.gate.name()),
            rows_old: old.map(|one| one.rows),
            rows_new: new.map(|one| one.rows),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Section {
    heading: String,
    old: Option<String>,
    new: Option<String>,
    words: Vec<Word>,
    weight: &'static str,
    reasons: Vec<String>,
}

impl From<&SectionChange> for Section {
    fn from(change: &SectionChange) -> Self {
        Section {
            heading: change.heading.clone(),
            old: change.text.old.clone(),
            new: change.text.new.clone(),
            words: change.words.iter().map(Word::from).collect(),
            weight: change.meaning.weight.name(),
            reasons: change.meaning.reasons.clone(),
        }
    }
}

#[derive(Serialize)]
struct Entry {
    kind: &'static str,
    date: String,
    approved: Option<String>,
    text: String,
}

fn entry(change: &RevisionChange) -> Vec<Entry> {
    let of = |kind, entry: &Option<Revision>| {
        entry.as_ref().map(|entry| Entry {
            kind,
            date: entry.date.to_string(),
            approved: entry.approved.map(|date| date.to_string()),
            text: entry.text.clone(),
        })
    };
    let sides = [
        of("removed", &change.entry.old),
        of("added", &change.entry.new),
    ];
    sides.into_iter().flatten().collect()
}

#[derive(Serialize)]
struct Field {
    field: &'static str,
    old: Option<String>,
    new: Option<String>,
}

impl From<&FieldChange> for Field {
    fn from(change: &FieldChange) -> Self {
        Field {
            field: change.field,
            old: change.values.old.clone(),
            new: change.values.new.clone(),
        }
    }
}

/// A comparison as `lookback/diff/1`.
pub fn diff(compared: &Compared) -> Vec<u8> {
    bytes(&Document {
        schema: "lookback/diff/1",
        from: compared.versions.old.to_string(),
        to: compared.versions.new.to_string(),
        relation: compared.relation.name(),
        changes: Changes::of(&compared.comparison, &Fates::default()),
        facts: compared.facts.iter().map(Fact::from).collect(),
        provenance: Provenance::from(&compared.evidence),
    })
}

#[derive(Serialize)]
struct HistoryDocument<'a> {
    schema: &'static str,
    policy: &'a str,
    since: Option<String>,
    notes: &'a [String],
    steps: Vec<Step>,
    provenance: Provenance,
}

#[derive(Serialize)]
struct Step {
    from: String,
    to: String,
    #[serde(flatten)]
    changes: Changes,
}

/// The changes of several versions as `lookback/diff-steps/1`.
pub fn history(history: &History) -> Vec<u8> {
    let steps = history.steps.iter();
    bytes(&HistoryDocument {
        schema: "lookback/diff-steps/1",
        policy: &history.policy,
        since: history.since.map(|date| date.to_string()),
        notes: &history.notes,
        steps: steps
            .map(|step| Step {
                from: step.versions.old.to_string(),
                to: step.versions.new.to_string(),
                changes: Changes::of(&step.comparison, &step.fates),
            })
            .collect(),
        provenance: Provenance::from(&history.evidence),
    })
}
