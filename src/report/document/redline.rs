//! The redline a committee is handed: summary first, then criterion by
//! criterion, codes, text, the log, the effect, and the cases it touches.

use super::changes::{Remarks, changes};
use super::{Block, Run, effect, evidence, log, plain, run};
use crate::compare::Weight;
use crate::criteria::Determination;
use crate::replay::Replay;
use crate::report::counted;
use crate::report::page::Role;
use crate::report::text::because;
use crate::workbench::{Compared, Declarations, Declared, LogOfChange, Redline};

/// Two versions, for a committee.
pub fn redline(redline: &Redline) -> Vec<Block> {
    let compared = &redline.compared;
    let mut blocks = vec![
        Block::Heading(1, compared.title()),
        Block::List(summary(redline)),
    ];
    blocks.extend(changes(
        &compared.comparison,
        &undeclared(&redline.declared),
        2,
    ));
    blocks.extend(facts(compared));
    let (entries, unlogged) = (redline.log.entries(), redline.log.unlogged());
    if !entries.is_empty() || !unlogged.is_empty() {
        blocks.push(Block::Heading(2, "What the revision log says".to_owned()));
        blocks.extend(entries.iter().flat_map(log::entry));
        let unlogged = unlogged.iter();
        blocks.extend(unlogged.flat_map(|(version, changes)| log::unlogged(version, changes)));
    }
    blocks.push(Block::Heading(2, "Effect".to_owned()));
    match &redline.affected {
        Ok(affected) => blocks.extend(effect::findings(affected)),
        Err(problem) => blocks.push(Block::Paragraph(vec![run(
            Role::Doubt,
            format!("Not analysed: {}.", problem.message),
        )])),
    }
    blocks.extend(cases(redline));
    blocks.extend(evidence(&redline.compared.evidence));
    blocks
}

fn summary(redline: &Redline) -> Vec<Vec<Run>> {
    let comparison = &redline.compared.comparison;
    let substantive = comparison
        .criteria
        .iter()
        .filter(|change| change.meaning.weight == Weight::Substantive)
        .count();
    let caution = redline.compared.caution();
    let mut lines: Vec<Vec<Run>> = caution
        .into_iter()
        .map(|caution| vec![run(Role::Doubt, caution)])
        .collect();
    lines.extend([
        vec![plain(format!(
            "{} changed, {substantive} of them in substance; {} and {} changed",
            counted(comparison.criteria.len(), "criterion", "criteria"),
            counted(comparison.codes.len(), "code", "codes"),
            counted(comparison.sections.len(), "paragraph", "paragraphs"),
        ))],
        vec![plain(log_summary(&redline.log))],
    ]);
    let tables = comparison.tables.len();
    if tables > 0 {
        let tables = counted(tables, "code table", "code tables");
        lines.push(vec![plain(format!(
            "{tables} added, removed or with another gate"
        ))]);
    }
    lines.push(match &redline.affected {
        Ok(affected) => vec![
            plain("over every possible case: "),
            run(Role::Heading, affected.verdict_in_words()),
        ],
        Err(problem) => vec![run(
            Role::Doubt,
            format!(
                "the effect on every possible case was not analysed: {}",
                problem.message
            ),
        )],
    });
    lines.push(match &redline.replay {
        Ok(cases) => vec![plain(format!(
            "{} of {} come out differently",
            cases.replay.flips.len(),
            counted(cases.replay.outcomes.len(), "stored case", "stored cases")
        ))],
        Err(why) => vec![run(
            Role::Doubt,
            format!("stored cases were not replayed: {why}"),
        )],
    });
    lines
}

/// Which changes the log leaves out.
fn undeclared(declared: &Declarations) -> Remarks {
    let told = |declared: &[Declared]| -> Vec<Option<String>> {
        let declared = declared.iter();
        declared
            .map(|one| one.is_undeclared().then(|| UNDECLARED.to_owned()))
            .collect()
    };
    Remarks {
        criteria: told(&declared.criteria),
        codes: told(&declared.codes),
        tables: told(&declared.tables),
        sections: told(&declared.sections),
    }
}

const UNDECLARED: &str = "The log does not declare this.";

/// What the log declares. A log that was not asked, or has no entry, declares
/// nothing: that is not the same as leaving nothing out.
fn log_summary(log: &LogOfChange) -> String {
    if let LogOfChange::NotAsked(why) = log {
        return format!("the revision log was not held against this change: {why}");
    }
    let count = log.undeclared();
    let undeclared = format!(
        "{} not declared by the revision log",
        counted(count, "change is", "changes are")
    );
    match (log.entries().is_empty(), count) {
        (true, 0) => "the revision log has no entry for this change".to_owned(),
        (true, _) => format!("the revision log has no entry for this change: {undeclared}"),
        (false, 0) => "the revision log leaves no change undeclared".to_owned(),
        (false, _) => undeclared,
    }
}

/// What differs between two dictionaries of facts.
fn facts(compared: &Compared) -> Vec<Block> {
    if compared.facts.is_empty() {
        return vec![];
    }
    let facts = compared.facts.iter();
    vec![
        Block::Heading(2, "Facts".to_owned()),
        Block::List(facts.map(|one| vec![plain(one.describe())]).collect()),
    ]
}

/// The stored cases: how many come out how, and each that comes out otherwise.
fn cases(redline: &Redline) -> Vec<Block> {
    let mut blocks = vec![Block::Heading(2, "Stored cases".to_owned())];
    let paragraph = |role, text: String| Block::Paragraph(vec![run(role, text)]);
    let cases = match &redline.replay {
        Ok(cases) => cases,
        Err(why) => {
            blocks.push(paragraph(Role::Doubt, format!("Not replayed: {why}.")));
            return blocks;
        }
    };
    let (replay, rejected) = (&cases.replay, cases.rejected);
    if rejected > 0 {
        let rows = counted(rejected, "row was", "rows were");
        let text = format!("{rows} rejected and take no part: see lookback check.");
        blocks.push(paragraph(Role::Doubt, text));
    }
    if replay.outcomes.is_empty() {
        let text = "The library stores no case of this policy.".to_owned();
        blocks.push(paragraph(Role::Plain, text));
        return blocks;
    }
    blocks.push(counts(replay));
    if replay.flips.is_empty() {
        let text = "No stored case comes out differently.".to_owned();
        blocks.push(paragraph(Role::Plain, text));
        return blocks;
    }
    let rows = replay.flips.iter().map(|flip| {
        let causes: Vec<_> = flip.because.iter().map(because).collect();
        vec![
            vec![run(Role::Heading, flip.case.clone())],
            vec![plain(flip.was.name())],
            vec![plain(flip.now.name())],
            vec![plain(causes.join("; "))],
        ]
    });
    blocks.push(Block::Heading(
        3,
        "Cases that come out differently".to_owned(),
    ));
    blocks.push(Block::Table {
        head: ["Case", "Before", "After", "Because of"]
            .map(str::to_owned)
            .to_vec(),
        rows: rows.collect(),
    });
    blocks
}

/// How many cases each version determines how.
fn counts(replay: &Replay) -> Block {
    let names = Determination::ALL.map(|one| one.name().to_owned());
    let head = [vec!["Version".to_owned()], names.to_vec()].concat();
    let counts = replay.counts();
    let rows = replay
        .versions
        .iter()
        .zip(&counts)
        .map(|(version, counts)| {
            let mut row = vec![vec![run(Role::Heading, version.to_string())]];
            let cells = Determination::ALL.map(|one| vec![plain(counts.of(one).to_string())]);
            row.extend(cells);
            row
        });
    Block::Table {
        head,
        rows: rows.collect(),
    }
}
