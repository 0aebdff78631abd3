//! Changes: criterion by criterion, codes, text.

use super::{Block, Run, plain, run};
use crate::compare::{
    Aspect, CodeChange, CodeView, Comparison, CriterionChange, CriterionView, Meaning,
    SectionChange, WordKind, WordSpan,
};
use crate::report::page::Role;
use crate::workbench::{Fate, Fates};

/// What there is to say of each change beyond itself, in the order of the
/// comparison; nothing, where a list is short.
#[derive(Default)]
pub(super) struct Remarks {
    pub criteria: Vec<Option<String>>,
    pub codes: Vec<Option<String>>,
    pub tables: Vec<Option<String>>,
    pub sections: Vec<Option<String>>,
}

impl From<&Fates> for Remarks {
    fn from(fates: &Fates) -> Self {
        let told = |fates: &[Fate]| fates.iter().map(Fate::describe).collect();
        Remarks {
            criteria: told(&fates.criteria),
            codes: told(&fates.codes),
            tables: told(&fates.tables),
            sections: told(&fates.sections),
        }
    }
}

/// A remark as runs; none, if there is nothing to say.
fn remark(remarks: &[Option<String>], index: usize) -> Option<Run> {
    let remark = remarks.get(index)?.as_ref()?;
    Some(run(Role::Doubt, remark.clone()))
}

/// The changes, under headings of a level and the one below it.
pub(super) fn changes(comparison: &Comparison, remarks: &Remarks, level: u8) -> Vec<Block> {
    let mut blocks = vec![];
    if !comparison.criteria.is_empty() {
        blocks.push(Block::Heading(level, "Criteria".to_owned()));
        let criteria = comparison.criteria.iter().enumerate();
        blocks.extend(criteria.flat_map(|(index, change)| {
            criterion(change, remark(&remarks.criteria, index), level + 1)
        }));
    }
    blocks.extend(codes(comparison, remarks, level));
    if !comparison.sections.is_empty() {
        blocks.push(Block::Heading(level, "Text".to_owned()));
        let sections = comparison.sections.iter().enumerate();
        blocks.extend(sections.flat_map(|(index, change)| {
            section(change, remark(&remarks.sections, index), level + 1)
        }));
    }
    blocks
}

fn criterion(change: &CriterionChange, remark: Option<Run>, level: u8) -> Vec<Block> {
    let mut blocks = vec![
        Block::Heading(
            level,
            format!("{}: {}", change.numbers(), change.kind.name()),
        ),
        Block::Paragraph(words(&change.words)),
        weighed(&change.meaning),
    ];
    blocks.extend(remark.map(|remark| Block::Paragraph(vec![remark])));
    blocks.extend(
        TESTED
            .into_iter()
            .filter_map(|aspect| tested(change, aspect)),
    );
    blocks.extend(parts(change));
    blocks
}

fn weighed(meaning: &Meaning) -> Block {
    let reasons = meaning.reasons.join("; ");
    let weight = meaning.weight.name();
    Block::Paragraph(vec![run(Role::Quiet, format!("{weight}: {reasons}"))])
}

/// The further parts of a criterion that was divided or joined.
fn parts(change: &CriterionChange) -> Option<Block> {
    let parts = change.others.iter().map(|part| {
        let rule = part.rule.as_ref().map(|rule| format!(" (rule {rule})"));
        let told = format!("part {}: {}", part.id, part.text);
        vec![plain(told + &rule.unwrap_or_default())]
    });
    (!change.others.is_empty()).then(|| Block::List(parts.collect()))
}

/// What of a criterion decides, besides its words.
const TESTED: [Aspect; 4] = [Aspect::Rule, Aspect::When, Aspect::Need, Aspect::Covers];

/// One thing that decides, if it differs. Of what only one version has, the
/// rule and scope are told and the usual is not.
fn tested(change: &CriterionChange, aspect: Aspect) -> Option<Block> {
    let both = change.views.old.is_some() && change.views.new.is_some();
    let value = |view: &CriterionView| match aspect {
        Aspect::Text => None,
        Aspect::Rule => view.rule.clone(),
        Aspect::When => view.when.clone(),
        Aspect::Need => both.then(|| view.need.to_string()),
        Aspect::Covers => both.then(|| view.covers.to_string()),
    };
    let values = change.views.as_ref();
    let values = values.map(|view| view.as_ref().and_then(value));
    if !values.differs() {
        return None;
    }
    let values = values.map(|value| value.unwrap_or_else(|| "none".to_owned()));
    Some(Block::Paragraph(vec![
        plain(format!("{} ", aspect.name())),
        run(Role::Bad, values.old),
        plain(" "),
        run(Role::Good, values.new),
    ]))
}

fn words(spans: &[WordSpan]) -> Vec<Run> {
    spans
        .iter()
        .map(|span| {
            let role = match span.kind {
                WordKind::Same => Role::Plain,
                WordKind::Removed => Role::Bad,
                WordKind::Added => Role::Good,
            };
            run(role, span.text.clone())
        })
        .collect()
}

fn codes(comparison: &Comparison, remarks: &Remarks, level: u8) -> Vec<Block> {
    let (changes, tables) = (&comparison.codes, &comparison.tables);
    if changes.is_empty() && tables.is_empty() {
        return vec![];
    }
    let mut blocks = vec![Block::Heading(level, "Codes".to_owned())];
    if !tables.is_empty() {
        let tables = tables.iter().enumerate().map(|(index, change)| {
            let told = plain(change.describe());
            with(vec![told], remark(&remarks.tables, index))
        });
        blocks.push(Block::List(tables.collect()));
    }
    if !changes.is_empty() {
        let rows = changes.iter().enumerate();
        let rows = rows.map(|(index, change)| code(change, remark(&remarks.codes, index)));
        blocks.push(Block::Table {
            head: ["System", "Code", "Change", "Before", "After"]
                .map(str::to_owned)
                .to_vec(),
            rows: rows.collect(),
        });
    }
    blocks
}

fn with(mut runs: Vec<Run>, remark: Option<Run>) -> Vec<Run> {
    if let Some(remark) = remark {
        runs.extend([plain(" "), remark]);
    }
    runs
}

fn code(change: &CodeChange, remark: Option<Run>) -> Vec<Vec<Run>> {
    let text = |role, view: &Option<CodeView>| {
        let text = view
            .as_ref()
            .map(|view| format!("{} ({})", view.text, view.table));
        text.map(|text| run(role, text))
            .into_iter()
            .collect::<Vec<_>>()
    };
    vec![
        vec![plain(change.code.system().name())],
        vec![run(Role::Heading, change.code.as_str())],
        with(vec![plain(change.kind.name())], remark),
        text(Role::Bad, &change.views.old),
        text(Role::Good, &change.views.new),
    ]
}

fn section(change: &SectionChange, remark: Option<Run>, level: u8) -> Vec<Block> {
    let mut blocks = vec![
        Block::Heading(level, change.heading.clone()),
        Block::Paragraph(words(&change.words)),
        weighed(&change.meaning),
    ];
    blocks.extend(remark.map(|remark| Block::Paragraph(vec![remark])));
    blocks
}
