//! The revision log, entry by entry.

use super::{Block, Run, evidence, plain, run};
use crate::report::page::Role;
use crate::revlog::{CheckedClaim, EntryReading, LogReading, Status, Undeclared};
use crate::workbench::Evidence;

/// The log of a policy, held against its versions.
pub fn log(reference: &str, reading: &LogReading, rests_on: &Evidence) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(1, format!("{reference}: revision log"))];
    for entry in &reading.entries {
        blocks.extend(self::entry(entry));
    }
    for (version, changes) in &reading.unlogged {
        blocks.extend(unlogged(version, changes));
    }
    if !reading.findings.is_empty() {
        blocks.push(Block::Heading(2, "Findings".to_owned()));
        let findings = reading.findings.iter();
        blocks.push(Block::List(
            findings
                .map(|one| vec![plain(one.message.clone())])
                .collect(),
        ));
    }
    blocks.extend(evidence(rests_on));
    blocks
}

/// One entry: what it says, its claims, and what it does not say.
pub(super) fn entry(reading: &EntryReading) -> Vec<Block> {
    let approved = match reading.entry.approved {
        Some(date) => plain(format!(" (approved {date})")),
        None => run(Role::Doubt, " (no approval date)"),
    };
    let mut blocks = vec![
        Block::Heading(3, format!("Entry of {}", reading.entry.date)),
        Block::Paragraph(vec![plain(reading.entry.text.clone()), approved]),
        Block::Table {
            head: ["Claim", "Status", "What was found"]
                .map(str::to_owned)
                .to_vec(),
            rows: reading.claims.iter().map(claim).collect(),
        },
    ];
    blocks.extend(undeclared(&reading.undeclared));
    if let Some(caveat) = &reading.caveat {
        blocks.push(Block::Paragraph(vec![run(
            Role::Quiet,
            format!("Note: {caveat}."),
        )]));
    }
    blocks
}

/// A version that no entry made, and what it changed.
pub(super) fn unlogged(version: &str, changes: &[Undeclared]) -> Vec<Block> {
    let heading = Block::Heading(3, format!("Version {version}: no entry in the log"));
    std::iter::once(heading)
        .chain(undeclared(changes))
        .collect()
}

fn undeclared(changes: &[Undeclared]) -> Option<Block> {
    let lines = changes
        .iter()
        .map(|one| vec![run(Role::Doubt, format!("undeclared: {}", one.describe()))]);
    (!changes.is_empty()).then(|| Block::List(lines.collect()))
}

fn claim(checked: &CheckedClaim) -> Vec<Vec<Run>> {
    let status = match checked.status {
        Status::BorneOut => run(Role::Heading, "borne out"),
        Status::Contradicted => run(Role::Doubt, "contradicted"),
        Status::NotCheckable => run(Role::Quiet, "not checkable"),
    };
    vec![
        vec![plain(checked.claim.describe())],
        vec![status],
        vec![plain(checked.found.clone())],
    ]
}
