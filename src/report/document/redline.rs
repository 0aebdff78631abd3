//! The redline a committee is handed: summary first, then criterion by
//! criterion, codes, text, the log, the effect, and the cases it touches.

use super::{Block, Run, effect, evidence, log, plain, run};
use crate::compare::{CodeChange, CriterionChange, SectionChange, Weight, WordKind, WordSpan};
use crate::report::counted;
use crate::report::page::Role;
use crate::report::text::because;
use crate::workbench::{Compared, LogOfChange, Redline};

/// Two versions, for a committee.
pub fn redline(redline: &Redline) -> Vec<Block> {
    let compared = &redline.compared;
    let versions = &compared.versions;
    let mut blocks = vec![
        Block::Heading(1, format!("{} to {}", versions.old, versions.new)),
        Block::List(summary(redline)),
    ];
    blocks.extend(criteria(compared));
    blocks.extend(codes(compared));
    blocks.extend(sections(compared));
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
    let mut lines = vec![
        vec![plain(format!(
            "{} changed, {substantive} of them in substance; {} and {} changed",
            counted(comparison.criteria.len(), "criterion", "criteria"),
            counted(comparison.codes.len(), "code", "codes"),
            counted(comparison.sections.len(), "paragraph", "paragraphs"),
        ))],
        vec![plain(log_summary(&redline.log))],
    ];
    let tables = comparison.tables.len();
    if tables > 0 {
        let tables = counted(tables, "code table", "code tables");
        lines.push(vec![plain(format!(
            "{tables} added, removed or with another gate"
        ))]);
    }
    lines.push(match &redline.affected {
        Ok(affected) => vec![
            plain("over every possible case, the criteria are "),
            run(Role::Heading, affected.effect.verdict.name()),
        ],
        Err(problem) => vec![run(
            Role::Doubt,
            format!(
                "the effect on every possible case was not analysed: {}",
                problem.message
            ),
        )],
    });
    let flips = &redline.replay.flips;
    lines.push(vec![plain(format!(
        "{} of {} come out differently",
        flips.len(),
        counted(redline.replay.outcomes.len(), "stored case", "stored cases")
    ))]);
    lines
}

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

fn criteria(compared: &Compared) -> Vec<Block> {
    let changes = &compared.comparison.criteria;
    if changes.is_empty() {
        return vec![];
    }
    let mut blocks = vec![Block::Heading(2, "Criteria".to_owned())];
    blocks.extend(changes.iter().flat_map(criterion));
    blocks
}

fn criterion(change: &CriterionChange) -> Vec<Block> {
    let numbers = match (&change.views.old, &change.views.new) {
        (Some(old), Some(new)) if old.id != new.id => format!("{} to {}", old.id, new.id),
        _ => change.id().to_string(),
    };
    let rule = |view: &Option<crate::compare::CriterionView>| {
        view.as_ref().and_then(|view| view.rule.clone())
    };
    let mut blocks = vec![
        Block::Heading(3, format!("{numbers}: {}", change.kind.name())),
        Block::Paragraph(words(&change.words)),
        Block::Paragraph(vec![run(
            Role::Quiet,
            format!(
                "{}: {}",
                change.meaning.weight.name(),
                change.meaning.reasons.join("; ")
            ),
        )]),
    ];
    let rules = change.views.as_ref().map(rule);
    if rules.differs() {
        let show = |rule: Option<String>| rule.unwrap_or_else(|| "none".to_owned());
        let rules = rules.map(show);
        blocks.push(Block::Paragraph(vec![
            plain("rule "),
            run(Role::Bad, rules.old),
            plain(" "),
            run(Role::Good, rules.new),
        ]));
    }
    blocks
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

fn codes(compared: &Compared) -> Vec<Block> {
    let changes = &compared.comparison.codes;
    let tables = &compared.comparison.tables;
    if changes.is_empty() && tables.is_empty() {
        return vec![];
    }
    let mut blocks = vec![Block::Heading(2, "Codes".to_owned())];
    if !tables.is_empty() {
        let tables = tables.iter().map(|change| vec![plain(change.describe())]);
        blocks.push(Block::List(tables.collect()));
    }
    if !changes.is_empty() {
        blocks.push(Block::Table {
            head: ["System", "Code", "Change", "Before", "After"]
                .map(str::to_owned)
                .to_vec(),
            rows: changes.iter().map(code).collect(),
        });
    }
    blocks
}

fn code(change: &CodeChange) -> Vec<Vec<Run>> {
    let text = |role, view: &Option<crate::compare::CodeView>| {
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
        vec![plain(change.kind.name())],
        text(Role::Bad, &change.views.old),
        text(Role::Good, &change.views.new),
    ]
}

fn sections(compared: &Compared) -> Vec<Block> {
    let changes = &compared.comparison.sections;
    if changes.is_empty() {
        return vec![];
    }
    let mut blocks = vec![Block::Heading(2, "Text".to_owned())];
    blocks.extend(changes.iter().flat_map(|change: &SectionChange| {
        [
            Block::Heading(3, change.heading.clone()),
            Block::Paragraph(words(&change.words)),
        ]
    }));
    blocks
}

fn cases(redline: &Redline) -> Vec<Block> {
    let flips = &redline.replay.flips;
    if flips.is_empty() {
        return vec![];
    }
    let rows = flips.iter().map(|flip| {
        let causes: Vec<_> = flip.because.iter().map(because).collect();
        vec![
            vec![run(Role::Heading, flip.case.clone())],
            vec![plain(flip.was.name())],
            vec![plain(flip.now.name())],
            vec![plain(causes.join("; "))],
        ]
    });
    vec![
        Block::Heading(2, "Stored cases that come out differently".to_owned()),
        Block::Table {
            head: ["Case", "Before", "After", "Because of"]
                .map(str::to_owned)
                .to_vec(),
            rows: rows.collect(),
        },
    ]
}
