//! The redline a committee is handed: summary first, then criterion by
//! criterion, codes, text, the log, the effect, and the cases it touches.

use super::{Block, Run, effect, evidence, log, plain, run};
use crate::compare::{CodeChange, CriterionChange, SectionChange, Weight, WordKind, WordSpan};
use crate::report::counted;
use crate::report::page::Role;
use crate::report::text::because;
use crate::workbench::{Compared, Redline};

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
    if !redline.entries.is_empty() {
        blocks.push(Block::Heading(2, "What the revision log says".to_owned()));
        blocks.extend(redline.entries.iter().flat_map(log::entry));
    }
    if let Some(affected) = &redline.affected {
        blocks.push(Block::Heading(2, "Effect".to_owned()));
        blocks.extend(effect::findings(affected));
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
    let undeclared: usize = redline
        .entries
        .iter()
        .map(|entry| entry.undeclared.len())
        .sum();
    let mut lines = vec![
        vec![plain(format!(
            "{} changed, {substantive} of them in substance; {} and {} changed",
            counted(comparison.criteria.len(), "criterion", "criteria"),
            counted(comparison.codes.len(), "code", "codes"),
            counted(comparison.sections.len(), "paragraph", "paragraphs"),
        ))],
        vec![plain(match undeclared {
            0 => "the revision log leaves no change undeclared".to_owned(),
            count => format!(
                "{} not declared by the revision log",
                counted(count, "change is", "changes are")
            ),
        })],
    ];
    if let Some(affected) = &redline.affected {
        lines.push(vec![
            plain("over every possible case, the criteria are "),
            run(Role::Heading, affected.effect.verdict.name()),
        ]);
    }
    let flips = &redline.replay.flips;
    lines.push(vec![plain(format!(
        "{} of {} come out differently",
        flips.len(),
        counted(redline.replay.outcomes.len(), "stored case", "stored cases")
    ))]);
    lines
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
    if changes.is_empty() {
        return vec![];
    }
    vec![
        Block::Heading(2, "Codes".to_owned()),
        Block::Table {
            head: ["System", "Code", "Change", "Before", "After"]
                .map(str::to_owned)
                .to_vec(),
            rows: changes.iter().map(code).collect(),
        },
    ]
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
