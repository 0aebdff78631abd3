//! What differs between two states of a library.

use super::changes::{Remarks, changes};
use super::{Block, evidence, plain, run};
use crate::report::page::Role;
use crate::workbench::{LibraryChanges, PolicyChange, VersionChangeKind};

/// The policies and versions that came, went or were edited, and what each
/// edit changed.
pub fn library(changes: &LibraryChanges) -> Vec<Block> {
    let mut blocks = vec![
        Block::Heading(1, changes.title()),
        Block::Paragraph(vec![plain(changes.summary())]),
    ];
    blocks.extend(changes.policies.iter().flat_map(policy));
    blocks.extend(evidence(&changes.evidence));
    blocks
}

fn policy(change: &PolicyChange) -> Vec<Block> {
    let title = change.titles.new.as_ref().or(change.titles.old.as_ref());
    let title = title.map_or("", String::as_str);
    let heading = format!("{} {title} {}", change.policy, change.in_words());
    let versions = change.versions.iter().map(|one| {
        let role = match one.kind.is_after_approval() {
            true => Role::Doubt,
            false => Role::Plain,
        };
        let words = run(role, format!(" {}", one.kind.in_words()));
        vec![run(Role::Heading, one.version.clone()), words]
    });
    let facts = change.facts.iter().map(|one| vec![plain(one.describe())]);
    let mut blocks = vec![
        Block::Heading(2, heading),
        Block::List(versions.chain(facts).collect()),
    ];
    for one in &change.versions {
        if let VersionChangeKind::Edited { comparison, .. } = &one.kind
            && !comparison.is_unchanged()
        {
            let heading = format!("{}: what was edited", one.version);
            blocks.push(Block::Heading(3, heading));
            blocks.extend(self::changes(comparison, &Remarks::default(), 4));
        }
    }
    blocks
}
