//! `lookback/explain/1`

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::evidence::Provenance;
use super::replay::{Dated, facts};
use super::writer::bytes;
use crate::criteria::{CodeFinding, Node, StatementNode};
use crate::workbench::Explained;

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    case: String,
    version: String,
    basis: &'static str,
    /// The dates of the case, with what was in force on each.
    dates: Vec<Dated>,
    determination: &'static str,
    x12: Option<&'static str>,
    recorded: Option<&'static str>,
    recorded_version: Option<String>,
    addressed: &'static str,
    covered: &'static str,
    excluded: &'static str,
    required: &'static str,
    deciding: Vec<String>,
    missing: Vec<String>,
    missing_is_smallest: bool,
    /// The missing fact to ask for first.
    ask_first: Option<String>,
    statements: Vec<Statement>,
    codes: Vec<Table>,
    notices: Vec<Notice>,
    provenance: Provenance,
}

#[derive(Serialize)]
struct Statement {
    when: Option<String>,
    scope: &'static str,
    covers: bool,
    outcome: &'static str,
    #[serde(flatten)]
    criterion: Criterion,
}

#[derive(Serialize)]
struct Criterion {
    id: String,
    text: String,
    value: &'static str,
    rule: Option<String>,
    rule_value: Option<&'static str>,
    need: Option<String>,
    facts: BTreeMap<String, Value>,
    children: Vec<Criterion>,
}

#[derive(Serialize)]
struct Table {
    system: &'static str,
    title: String,
    gate: &'static str,
    value: &'static str,
    listed: Vec<String>,
    unlisted: Vec<String>,
}

#[derive(Serialize)]
struct Notice {
    text: String,
    condition: Option<String>,
    applies: &'static str,
}

fn criterion(node: &Node) -> Criterion {
    Criterion {
        id: node.id.to_string(),
        text: node.text.clone(),
        value: node.value.outcome(),
        rule: node.rule.as_ref().map(|rule| rule.source.clone()),
        rule_value: node.rule.as_ref().map(|rule| rule.value.name()),
        need: (!node.children.is_empty()).then(|| node.need.to_string()),
        facts: facts(node.facts()),
        children: node.children.iter().map(criterion).collect(),
    }
}

fn statement(statement: &StatementNode) -> Statement {
    Statement {
        when: statement.when.as_ref().map(|when| when.source.clone()),
        scope: statement.scope().name(),
        covers: statement.covers,
        outcome: statement.outcome.outcome(),
        criterion: criterion(&statement.node),
    }
}

fn table(finding: &CodeFinding) -> Table {
    let codes = |codes: &[crate::policy::Code]| codes.iter().map(ToString::to_string).collect();
    Table {
        system: finding.system.name(),
        title: finding.title.clone(),
        gate: finding.gate.name(),
        value: finding.value.name(),
        listed: codes(&finding.listed),
        unlisted: codes(&finding.unlisted),
    }
}

/// An explanation as `lookback/explain/1`.
pub fn explain(explained: &Explained) -> Vec<u8> {
    let explanation = &explained.explanation;
    let recorded = explained.case.recorded.as_ref();
    bytes(&Document {
        schema: "lookback/explain/1",
        case: explained.case.id.clone(),
        version: explained.version.to_string(),
        basis: explained.basis.describe(),
        dates: explained.dates.iter().map(Dated::from).collect(),
        determination: explanation.determination.name(),
        x12: explanation.determination.x12(),
        recorded: recorded.map(|one| one.determination.name()),
        recorded_version: recorded.and_then(|one| one.version.clone()),
        addressed: explanation.addressed.name(),
        covered: explanation.covered.name(),
        excluded: explanation.excluded.name(),
        required: explanation.required.name(),
        deciding: explanation
            .deciding
            .iter()
            .map(ToString::to_string)
            .collect(),
        missing: explained
            .settling
            .missing
            .iter()
            .map(ToString::to_string)
            .collect(),
        missing_is_smallest: explained.settling.smallest,
        ask_first: explained.settling.first.as_ref().map(ToString::to_string),
        statements: explanation.statements.iter().map(statement).collect(),
        codes: explanation.codes.iter().map(table).collect(),
        notices: explanation
            .notices
            .iter()
            .map(|notice| Notice {
                text: notice.text.clone(),
                condition: notice.condition.clone(),
                applies: notice.applies.name(),
            })
            .collect(),
        provenance: Provenance::from(&explained.evidence),
    })
}
