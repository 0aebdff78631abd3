//! Why one case came out as it did, as a tree.

use super::{Block, Branch, Run, evidence, plain, run};
use crate::criteria::{CodeFinding, Determination, FactRead, Node, StatementNode, Truth};
use crate::report::page::Role;
use crate::report::text::{asked_of_codes, asks_for_one, needing, why};
use crate::workbench::Explained;

/// An explanation.
pub fn explain(explained: &Explained) -> Vec<Block> {
    let explanation = &explained.explanation;
    let title = format!(
        "{} under {}: {}",
        explained.case.id,
        explained.version,
        explanation.determination.name().to_uppercase()
    );
    let statements = explanation.statements.iter();
    let mut blocks = vec![
        Block::Heading(1, title),
        Block::Paragraph(vec![run(Role::Heading, why(explained))]),
        Block::List(head(explained)),
        Block::Heading(2, "Criteria".to_owned()),
        Block::Tree(statements.map(|one| statement(one, explained)).collect()),
    ];
    if !explanation.codes.is_empty() {
        blocks.push(Block::Heading(2, "Codes".to_owned()));
        blocks.push(Block::Table {
            head: ["Table", "Lists", "Does not list", "Decides"]
                .map(str::to_owned)
                .to_vec(),
            rows: explanation.codes.iter().map(codes).collect(),
        });
    }
    if !explanation.notices.is_empty() {
        let notices = explanation.notices.iter().map(|notice| {
            let mut runs = vec![plain(notice.text.clone())];
            if let (Truth::Unknown, Some(condition)) = (notice.applies, &notice.condition) {
                runs.push(run(Role::Doubt, format!(" (if {condition}: not recorded)")));
            }
            runs
        });
        blocks.push(Block::Heading(2, "Notices".to_owned()));
        blocks.push(Block::List(notices.collect()));
    }
    blocks.extend(evidence(&explained.evidence));
    blocks
}

fn head(explained: &Explained) -> Vec<Vec<Run>> {
    let mut lines = vec![];
    if explained.explanation.determination == Determination::NotMet {
        let text = "criteria not met, for clinician review";
        lines.push(vec![run(Role::Doubt, text)]);
    }
    lines.push(vec![plain(explained.basis.describe())]);
    lines.extend(
        explained
            .case
            .note
            .iter()
            .map(|note| vec![plain(note.clone())]),
    );
    if let Some(recorded) = &explained.case.recorded {
        let version = recorded.version.as_deref().unwrap_or("no version recorded");
        let text = format!("recorded: {} ({version})", recorded.determination);
        lines.push(vec![plain(text)]);
    }
    lines.extend(explained.dates.iter().map(|dated| {
        let (basis, in_force) = (dated.basis.name(), dated.in_force.describe());
        vec![plain(format!("{basis} {}: {in_force}", dated.date))]
    }));
    lines
}

fn statement(statement: &StatementNode, explained: &Explained) -> Branch {
    let Some(when) = &statement.when else {
        return branch(&statement.node, explained);
    };
    let scope = tested(&when.source, &when.facts);
    match when.value {
        Truth::True => branch(&statement.node, explained),
        Truth::Unknown => {
            let mut branch = branch(&statement.node, explained);
            let text = format!(" cannot tell whether this applies: {scope}");
            branch.runs.push(run(Role::Doubt, text));
            branch
        }
        Truth::False => Branch {
            runs: vec![
                run(Role::Quiet, "does not apply "),
                run(Role::Heading, statement.node.id.to_string()),
                plain(format!(" {}", statement.node.text)),
                run(Role::Quiet, format!(" ({scope})")),
            ],
            below: vec![],
        },
    }
}

fn branch(node: &Node, explained: &Explained) -> Branch {
    let value = match node.value {
        Truth::True => run(Role::Heading, "MET"),
        Truth::False => run(Role::Heading, "NOT MET"),
        Truth::Unknown => run(Role::Doubt, "UNKNOWN"),
    };
    let id = run(Role::Heading, node.id.to_string());
    let mut runs = vec![value, plain(" "), id, plain(format!(" {}", node.text))];
    if let Some(rule) = &node.rule {
        let tested = tested(&rule.source, &rule.facts);
        runs.push(run(Role::Quiet, format!(" ({tested})")));
    }
    if let Some(answer) = &node.answer {
        runs.push(run(Role::Quiet, format!(" ({answer})")));
    }
    if explained.explanation.deciding.contains(&node.id) {
        runs.extend([plain(" "), run(Role::Heading, "decides")]);
    }
    let looked_at = node.own != Truth::False;
    match (node.children.len(), looked_at) {
        (0, _) => {}
        (_, true) => runs.push(run(Role::Quiet, format!(" {}", needing(node.need)))),
        (count, false) => runs.push(run(
            Role::Quiet,
            format!(" its {count} criteria are not looked at: this alternative does not apply"),
        )),
    }
    let below = node.children.iter().filter(|_| looked_at);
    Branch {
        runs,
        below: below.map(|child| branch(child, explained)).collect(),
    }
}

/// A rule and the facts it read; the facts alone, where the rule only asks
/// for one.
fn tested(source: &str, facts: &[FactRead]) -> String {
    let read: Vec<_> = facts.iter().map(ToString::to_string).collect();
    let read = read.join(", ");
    if asks_for_one(source, facts) {
        read
    } else {
        format!("{source}: {read}")
    }
}

fn codes(finding: &CodeFinding) -> Vec<Vec<Run>> {
    let join = |codes: &[crate::policy::Code]| {
        let codes: Vec<_> = codes.iter().map(ToString::to_string).collect();
        plain(codes.join(", "))
    };
    let listed = match finding.value {
        Truth::Unknown => run(Role::Doubt, "no code recorded"),
        Truth::True => join(&finding.listed),
        Truth::False => plain("none of the codes"),
    };
    vec![
        vec![run(Role::Heading, finding.title.clone())],
        vec![listed],
        vec![join(&finding.unlisted)],
        vec![run(Role::Quiet, asked_of_codes(finding.gate))],
    ]
}
