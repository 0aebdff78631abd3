//! Whether a version is stricter.

use super::{Block, evidence, plain, run};
use crate::report::page::Role;
use crate::report::text::because;
use crate::workbench::Affected;

/// The effect of changing from one version to another.
pub fn effect(affected: &Affected) -> Vec<Block> {
    let versions = &affected.versions;
    let title = format!("Effect of {} to {}", versions.old, versions.new);
    let mut blocks = vec![Block::Heading(1, title)];
    blocks.extend(findings(affected));
    blocks.extend(evidence(&affected.evidence));
    blocks
}

/// The verdict and its examples.
pub(super) fn findings(affected: &Affected) -> Vec<Block> {
    let effect = &affected.effect;
    let mut lines = vec![
        vec![
            plain("Over every possible case, the criteria are "),
            run(Role::Heading, effect.verdict.name()),
            plain("."),
        ],
        vec![plain(format!(
            "Which requests the statements speak to: {}.",
            effect.scope.name()
        ))],
    ];
    let codes = [
        ("added", &affected.codes.new),
        ("removed", &affected.codes.old),
    ];
    for (what, codes) in codes {
        if !codes.is_empty() {
            let list: Vec<_> = codes.iter().map(ToString::to_string).collect();
            lines.push(vec![plain(format!(
                "Codes that are addressed, {what}: {}.",
                list.join(", ")
            ))]);
        }
    }
    if affected.dead.is_none() {
        lines.push(vec![run(
            Role::Doubt,
            "Which criteria are without effect could not be analysed.",
        )]);
    }
    for dead in affected.dead.iter().flatten() {
        lines.push(vec![run(
            Role::Doubt,
            format!("Criterion {} {}.", dead.id, dead.kind.describe()),
        )]);
    }
    let mut blocks = vec![Block::List(lines)];
    for (example, causes) in effect.examples.iter().zip(&affected.because) {
        let causes: Vec<_> = causes.iter().map(because).collect();
        blocks.push(Block::Heading(
            3,
            format!("Example: {} to {}", example.was, example.now),
        ));
        blocks.push(Block::Paragraph(vec![plain(format!(
            "Because of {}.",
            causes.join("; ")
        ))]));
        let facts = example.facts.iter();
        blocks.push(Block::List(
            facts
                .map(|(name, value)| vec![plain(format!("{name} = {value}"))])
                .collect(),
        ));
    }
    blocks
}
