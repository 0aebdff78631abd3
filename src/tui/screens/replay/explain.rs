//! An explanation as a text to read.

use super::words::{ink_of, truth_in_words};
use crate::criteria::{
    CodeFinding, Determination, Explanation, FactRead, Node, ShownNotice, StatementNode, Truth,
};
use crate::policy::{Code, CriterionId, Gate};
use crate::tui::paint::{Block, Ink, Para, Piece, plain};
use crate::tui::screens::policy::need_in_words;
use crate::workbench::Explained;

/// What a block of an explanation is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A heading or a summary.
    About,
    /// A criterion.
    Criterion(CriterionId),
}

/// The blocks of an explanation.
pub fn blocks(explained: &Explained) -> Vec<Block<Key>> {
    let explanation = &explained.explanation;
    let mut blocks = vec![summary(explained)];
    blocks.push(Block::heading(Key::About, "Criteria"));
    blocks.extend(criteria(explanation));
    if !explanation.codes.is_empty() {
        blocks.push(Block::heading(Key::About, "Codes of the request"));
        blocks.extend(explanation.codes.iter().map(codes));
    }
    if !explanation.notices.is_empty() {
        blocks.push(Block::heading(Key::About, "Notices"));
        blocks.extend(explanation.notices.iter().map(notice));
    }
    blocks
}

/// The criteria with their values, one below the other.
pub fn criteria(explanation: &Explanation) -> Vec<Block<Key>> {
    let mut blocks = vec![];
    for statement in &explanation.statements {
        self::statement(statement, &explanation.deciding, &mut blocks);
    }
    blocks
}

fn summary(explained: &Explained) -> Block<Key> {
    let explanation = &explained.explanation;
    let determination = explanation.determination;
    let mut head = vec![
        Piece::new(Ink::Strong, "Determination: "),
        Piece::new(ink_of(determination), determination.name().to_uppercase()),
        Piece::new(Ink::Dim, format!("  {}", in_words(determination))),
    ];
    head.extend(recorded(explained));
    let mut paras = vec![Para::of(0, head)];
    paras.extend(reasons(explanation));
    if !explained.settling.missing.is_empty() {
        paras.push(missing(explained));
    }
    for dated in &explained.dates {
        let lead = Piece::new(Ink::Dim, format!("{} {}: ", dated.basis.name(), dated.date));
        paras.push(Para::led(0, lead, vec![plain(dated.in_force.describe())]));
    }
    if let Some(note) = &explained.case.note {
        let lead = Piece::new(Ink::Dim, "Note: ");
        paras.push(Para::led(0, lead, vec![plain(note)]));
    }
    paras.push(basis(explained));
    Block::of(Key::About, paras)
}

fn in_words(determination: Determination) -> &'static str {
    match determination {
        Determination::Met => "the criteria are met",
        Determination::NotMet => "the criteria are not met: for clinician review",
        Determination::Pend => "a fact is missing",
        Determination::NotAddressed => "this version does not speak to the request",
    }
}

fn recorded(explained: &Explained) -> Vec<Piece> {
    let Some(recorded) = &explained.case.recorded else {
        return vec![];
    };
    let under = recorded
        .version
        .as_ref()
        .map(|version| format!(" under {version}"));
    let text = format!(
        " · recorded: {}{}",
        recorded.determination.name(),
        under.unwrap_or_default()
    );
    vec![Piece::new(Ink::Dim, text)]
}

/// What it turns on: criteria, or codes and scope.
fn reasons(explanation: &Explanation) -> Vec<Para> {
    let told =
        |text: String| Para::led(0, Piece::new(Ink::Strong, "Turns on: "), vec![plain(text)]);
    let deciding: Vec<&str> = explanation
        .deciding
        .iter()
        .map(CriterionId::as_str)
        .collect();
    let mut paras = vec![];
    if !deciding.is_empty() {
        paras.push(told(deciding.join(", ")));
    }
    if explanation.listed == Truth::False {
        paras.push(told(
            "no procedure code of the request is listed".to_owned(),
        ));
    } else if explanation.determination == Determination::NotAddressed {
        paras.push(told("no statement applies to the request".to_owned()));
    }
    if explanation.required == Truth::False {
        paras.push(told("a required table lists none of its codes".to_owned()));
    }
    paras
}

fn missing(explained: &Explained) -> Para {
    let names: Vec<String> = explained
        .settling
        .missing
        .iter()
        .map(ToString::to_string)
        .collect();
    let lead = Piece::new(Ink::Open, "Missing: ");
    let text = match &explained.settling.first {
        Some(first) if names.len() > 1 => format!(
            "ask for {first} first; whatever the answers, these settle it: {}",
            names.join(", ")
        ),
        _ => format!("{} would settle it", names.join(", ")),
    };
    Para::led(0, lead, vec![plain(text)])
}

/// What the answer rests on.
fn basis(explained: &Explained) -> Para {
    let version = explained.evidence.versions.first();
    let hash = version.map_or(String::new(), |one| one.hash.short());
    let provenance = version.map_or("", |one| one.provenance.name());
    let text = format!(
        "Rests on {} ({provenance}), sha256 {hash}",
        explained.version
    );
    Para::of(0, vec![Piece::new(Ink::Dim, text)])
}

fn statement(statement: &StatementNode, deciding: &[CriterionId], blocks: &mut Vec<Block<Key>>) {
    let applies = statement.scope() != Truth::False;
    let mut head = self::node(0, &statement.node, applies, deciding);
    scope(statement, &mut head);
    blocks.push(head.spaced());
    if applies {
        below(&statement.node, 1, deciding, blocks);
    }
}

/// The criteria under one, unless it is an alternative that does not apply:
/// what they would need is then beside the point.
fn below(node: &Node, depth: usize, deciding: &[CriterionId], blocks: &mut Vec<Block<Key>>) {
    if node.own == Truth::False {
        return;
    }
    for child in &node.children {
        blocks.push(self::node(depth, child, true, deciding));
        below(child, depth + 1, deciding, blocks);
    }
}

/// Which requests a statement speaks to, and whether this is one.
fn scope(statement: &StatementNode, block: &mut Block<Key>) {
    let crate::tui::paint::Body::Paras(paras) = &mut block.body else {
        return;
    };
    if let Some(when) = &statement.when {
        let answer = match when.value {
            Truth::True => (Ink::Good, "applies: "),
            Truth::False => (Ink::Dim, "does not apply: "),
            Truth::Unknown => (Ink::Open, "applies perhaps: "),
        };
        let facts: Vec<String> = when.facts.iter().map(FactRead::to_string).collect();
        let text = format!("{} ({})", when.source, facts.join(", "));
        let lead = Piece::new(answer.0, answer.1);
        paras.push(Para::led(2, lead, vec![Piece::new(Ink::Dim, text)]));
    }
    if !statement.covers {
        let text = "meeting this means NOT covered";
        paras.push(Para::of(2, vec![Piece::new(Ink::Bad, text)]));
    }
}

fn node(depth: usize, node: &Node, applies: bool, deciding: &[CriterionId]) -> Block<Key> {
    let indent = 2 * depth;
    let (ink, word) = if applies {
        truth_in_words(node.value)
    } else {
        (Ink::Dim, "[NOT ASKED]")
    };
    let decides = deciding.contains(&node.id);
    let mut body = vec![
        Piece::new(Ink::Id, format!("{}  ", node.id)),
        plain(&node.text),
    ];
    if decides {
        body.push(Piece::new(Ink::Strong, "  << decides"));
    }
    let lead = Piece::new(ink, format!("{word:<11} "));
    let mut paras = vec![Para::led(indent, lead, body)];
    let under = indent + 12;
    let mut rule = vec![];
    if !applies {
        return Block::of(Key::Criterion(node.id.clone()), paras);
    }
    if node.own == Truth::False && !node.children.is_empty() {
        let text = format!(
            "its {} criteria are not looked at: this alternative does not apply",
            node.children.len()
        );
        paras.push(Para::of(under, vec![Piece::new(Ink::Dim, text)]));
    } else if !node.children.is_empty() {
        rule.push(Piece::new(Ink::Strong, need_in_words(node.need)));
    }
    if let Some(source) = node.rule.as_ref().map(|rule| &rule.source) {
        let gap = if rule.is_empty() { "" } else { " · " };
        rule.push(Piece::new(Ink::Dim, format!("{gap}rule {source}")));
    }
    if !rule.is_empty() {
        paras.push(Para::of(under, rule));
    }
    if !node.facts().is_empty() {
        paras.push(Para::of(under, facts(node.facts())));
    }
    Block::of(Key::Criterion(node.id.clone()), paras)
}

fn facts(facts: &[FactRead]) -> Vec<Piece> {
    let told = facts.iter().map(|fact| match fact.value {
        Some(_) => vec![plain(fact.to_string())],
        None => vec![Piece::new(Ink::Open, fact.to_string())],
    });
    let told: Vec<Vec<Piece>> = told.collect();
    told.join(&Piece::new(Ink::Dim, ", "))
}

fn codes(finding: &CodeFinding) -> Block<Key> {
    let list = |codes: &[Code]| -> String {
        let codes: Vec<&str> = codes.iter().map(Code::as_str).collect();
        codes.join(", ")
    };
    let (ink, word) = match (finding.value, finding.gate) {
        (Truth::True, _) => (Ink::Good, "[LISTED]"),
        (Truth::False, Gate::Require) => (Ink::Bad, "[NOT LISTED]"),
        (Truth::False, _) => (Ink::Plain, "[NOT LISTED]"),
        (Truth::Unknown, _) => (Ink::Open, "[UNKNOWN]"),
    };
    let mut body = vec![plain(format!("{}: {}", finding.system, finding.title))];
    for (what, codes) in [
        ("lists", &finding.listed),
        ("does not list", &finding.unlisted),
    ] {
        if !codes.is_empty() {
            let text = format!("; {what} {}", list(codes));
            body.push(Piece::new(Ink::Dim, text));
        }
    }
    body.push(Piece::new(
        Ink::Dim,
        match finding.gate {
            Gate::Address => " (one listed code in any such table suffices)",
            Gate::Require => " (a listed code is required)",
            Gate::Advise => " (for information only)",
        },
    ));
    let lead = Piece::new(ink, format!("{word:<13}"));
    Block::of(Key::About, vec![Para::led(0, lead, body)])
}

fn notice(notice: &ShownNotice) -> Block<Key> {
    let mut body = vec![plain(&notice.text)];
    if notice.applies == Truth::Unknown {
        let condition = notice.condition.as_deref().unwrap_or_default();
        let text = format!("  (if {condition})");
        body.push(Piece::new(Ink::Open, text));
    }
    Block::of(Key::About, vec![Para::led(0, plain("- "), body)])
}
