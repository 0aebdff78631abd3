//! Whether a version is stricter.

use super::{Block, evidence, plain, run};
use crate::criteria::effect::Example;
use crate::report::page::Role;
use crate::report::text::because;
use crate::workbench::{Affected, ReplayedExample};

/// The effect of changing from one version to another.
pub fn effect(affected: &Affected) -> Vec<Block> {
    let title = format!("Effect of {}", affected.title());
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
            plain("Over every possible case: "),
            run(Role::Heading, affected.verdict_in_words()),
        ],
        vec![plain(format!(
            "Requests that the statements speak to, against before: {}.",
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
    let examples = effect.examples.iter().zip(&affected.examples);
    blocks.extend(examples.flat_map(|(one, replayed)| example(one, replayed)));
    blocks
}

/// A case for one direction: what is asked and answered, and what each
/// version makes of it.
fn example(example: &Example, replayed: &ReplayedExample) -> Vec<Block> {
    let causes: Vec<_> = replayed.because.iter().map(because).collect();
    let codes = &replayed.request.procedure_codes;
    let codes: Vec<_> = codes.iter().map(ToString::to_string).collect();
    let codes = match codes.as_slice() {
        [] => "no procedure code, for no table asks for one".to_owned(),
        codes => format!("procedure code {}", codes.join(", ")),
    };
    let mut lines = vec![vec![plain(codes)]];
    let facts = replayed.facts.iter();
    lines.extend(facts.map(|fact| {
        let name = run(Role::Quiet, format!(" ({})", fact.name));
        match &fact.question {
            Some(question) => {
                let answer = run(Role::Heading, fact.answer.clone());
                vec![plain(format!("{question} ")), answer, name]
            }
            None => vec![plain(fact.describe())],
        }
    }));
    vec![
        Block::Heading(3, format!("Example: {} to {}", example.was, example.now)),
        Block::List(lines),
        Block::Paragraph(vec![plain(format!(
            "The older version makes it {}, the newer {}, because of {}. Other facts make no difference to it.",
            example.was,
            example.now,
            causes.join("; ")
        ))]),
    ]
}
