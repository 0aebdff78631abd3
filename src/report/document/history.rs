//! The changes of several versions, each with the version that made it.

use super::changes::{Remarks, changes};
use super::{Block, Run, evidence, plain, run};
use crate::report::counted;
use crate::report::page::Role;
use crate::workbench::{History, Step};

/// A history.
pub fn history(history: &History) -> Vec<Block> {
    let mut blocks = vec![
        Block::Heading(1, history.title()),
        Block::List(summary(history)),
    ];
    blocks.extend(history.steps.iter().flat_map(step));
    blocks.extend(evidence(&history.evidence));
    blocks
}

fn summary(history: &History) -> Vec<Vec<Run>> {
    let mut lines: Vec<Vec<Run>> = history.steps.iter().map(in_short).collect();
    let undone = history.undone();
    if undone > 0 {
        let undone = counted(undone, "change is", "changes are");
        lines.push(vec![plain(format!("{undone} undone by a later version"))]);
    }
    let notes = history.notes.iter();
    lines.extend(notes.map(|note| vec![run(Role::Doubt, note.clone())]));
    lines
}

fn in_short(step: &Step) -> Vec<Run> {
    let comparison = &step.comparison;
    let told = format!(
        ": {}, {} and {} changed",
        counted(comparison.criteria.len(), "criterion", "criteria"),
        counted(comparison.codes.len(), "code", "codes"),
        counted(comparison.sections.len(), "paragraph", "paragraphs"),
    );
    vec![
        run(Role::Heading, step.versions.new.version.clone()),
        plain(told),
    ]
}

fn step(step: &Step) -> Vec<Block> {
    let versions = &step.versions;
    let heading = format!("{} out of {}", versions.new.version, versions.old.version);
    let mut blocks = vec![Block::Heading(2, heading)];
    let told = changes(&step.comparison, &Remarks::from(&step.fates), 3);
    if told.is_empty() {
        let text = "No difference in criteria, codes or text.";
        blocks.push(Block::Paragraph(vec![plain(text)]));
    }
    blocks.extend(told);
    blocks
}
