//! The revision log, entry by entry.

use super::{Block, Run, evidence, plain, run};
use crate::report::page::Role;
use crate::revlog::{CheckedClaim, EntryReading, LogReading, Status};
use crate::workbench::Evidence;

/// The log of a policy, held against its versions.
pub fn log(reference: &str, reading: &LogReading, rests_on: &Evidence) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(1, format!("{reference}: revision log"))];
    for entry in &reading.entries {
        blocks.extend(self::entry(entry));
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
    if !reading.undeclared.is_empty() {
        let undeclared = reading.undeclared.iter();
        blocks.push(Block::List(
            undeclared
                .map(|one| vec![run(Role::Doubt, format!("undeclared: {}", one.describe()))])
                .collect(),
        ));
    }
    if let Some(caveat) = &reading.caveat {
        blocks.push(Block::Paragraph(vec![run(
            Role::Quiet,
            format!("Note: {caveat}."),
        )]));
    }
    blocks
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
