//! Why one case came out as it did under one version.

use super::evidence;
use super::show::needing;
use crate::criteria::{CodeFinding, Determination, FactRead, Node, StatementNode, Truth};
use crate::policy::Gate;
use crate::report::{Line, Page, Role};
use crate::workbench::Explained;

/// An explanation.
pub fn explain(explained: &Explained) -> Page {
    let mut page = Page::default();
    head(&mut page, explained);
    page.heading("Criteria");
    for statement in &explained.explanation.statements {
        self::statement(&mut page, statement, explained);
    }
    page.heading("Codes");
    for finding in &explained.explanation.codes {
        codes(&mut page, finding);
    }
    if !explained.explanation.notices.is_empty() {
        page.heading("Notices");
        for notice in &explained.explanation.notices {
            let line = Line::indented(2).hanging(2).plain(&notice.text);
            page.push(match (notice.applies, &notice.condition) {
                (Truth::Unknown, Some(condition)) => {
                    line.add(Role::Doubt, &format!(" (if {condition}: not recorded)"))
                }
                _ => line,
            });
        }
    }
    evidence::add(&mut page, &explained.evidence);
    page
}

/// The role in which a determination is shown.
pub(super) fn determination_role(determination: Determination) -> Role {
    match determination {
        Determination::Met => Role::Good,
        Determination::NotMet => Role::Bad,
        Determination::Pend | Determination::NotAddressed => Role::Doubt,
    }
}

fn head(page: &mut Page, explained: &Explained) {
    let explanation = &explained.explanation;
    let determination = explanation.determination;
    let mut line = Line::default()
        .add(Role::Heading, &explained.case.id)
        .plain(&format!(" under {}: ", explained.version))
        .add(
            determination_role(determination),
            &determination.name().to_uppercase(),
        );
    if determination == Determination::NotMet {
        line = line.plain(" (criteria not met, for clinician review)");
    }
    page.push(line);
    page.line(Role::Quiet, explained.basis.describe());
    if let Some(note) = &explained.case.note {
        page.line(Role::Plain, note);
    }
    if let Some(recorded) = &explained.case.recorded {
        let version = recorded.version.as_deref().unwrap_or("no version recorded");
        page.line(
            Role::Plain,
            &format!("recorded: {} ({version})", recorded.determination),
        );
    }
    for dated in &explained.dates {
        page.line(
            Role::Plain,
            &format!(
                "{} {}: {}",
                dated.basis.name(),
                dated.date,
                dated.in_force.describe()
            ),
        );
    }
    let turns_on = why(explained);
    page.push(Line::default().hanging(2).add(Role::Heading, &turns_on));
}

/// The determination's reason in one sentence.
pub(crate) fn why(explained: &Explained) -> String {
    let explanation = &explained.explanation;
    let deciding: Vec<_> = explanation
        .deciding
        .iter()
        .map(ToString::to_string)
        .collect();
    let deciding = deciding.join(", ");
    match explanation.determination {
        Determination::Met => format!("because {deciding} is met"),
        Determination::Pend => {
            let settling = &explained.settling;
            let missing: Vec<_> = settling.missing.iter().map(ToString::to_string).collect();
            let missing = missing.join(", ");
            let smallest = if settling.smallest {
                ""
            } else {
                " (perhaps fewer will do)"
            };
            match (&settling.first, settling.missing.len()) {
                (Some(first), 2..) => format!(
                    "cannot tell yet: ask for {first} first; whatever the answers, these settle it: {missing}{smallest}"
                ),
                _ => format!("cannot tell until this is known: {missing}"),
            }
        }
        Determination::NotMet if explanation.required == Truth::False => {
            let tables: Vec<_> = explanation
                .codes
                .iter()
                .filter(|table| table.gate == Gate::Require && table.fails())
                .map(|table| table.title.as_str())
                .collect();
            format!("because no code is listed in: {}", tables.join(", "))
        }
        Determination::NotMet if explanation.excluded == Truth::True => {
            format!("because {deciding} excludes it")
        }
        Determination::NotMet => format!("because of {deciding}"),
        Determination::NotAddressed if explanation.listed == Truth::False => {
            let unlisted: std::collections::BTreeSet<_> = explanation
                .codes
                .iter()
                .filter(|table| table.gate == Gate::Address)
                .flat_map(|table| &table.unlisted)
                .map(ToString::to_string)
                .collect();
            let unlisted: Vec<_> = unlisted.into_iter().collect();
            format!("because this version does not list {}", unlisted.join(", "))
        }
        Determination::NotAddressed => "because no statement speaks to this request".to_owned(),
    }
}

fn statement(page: &mut Page, statement: &StatementNode, explained: &Explained) {
    match (&statement.when, statement.scope()) {
        (Some(when), Truth::False) => {
            page.push(
                Line::indented(2)
                    .hanging(2)
                    .add(Role::Quiet, "[DOES NOT APPLY] ")
                    .add(Role::Heading, &format!("{} ", statement.node.id))
                    .plain(&statement.node.text),
            );
            rule(page, 6, &when.source, &when.facts);
        }
        (when, _) => {
            node(page, &statement.node, 2, explained);
            if let Some(when) = when.as_ref().filter(|when| when.value == Truth::Unknown) {
                page.push(Line::indented(6).add(Role::Doubt, "cannot tell whether this applies"));
                rule(page, 6, &when.source, &when.facts);
            }
        }
    }
}

/// The value of a criterion in words, wherever it is shown.
fn mark(value: Truth) -> (&'static str, Role) {
    match value {
        Truth::True => ("[MET]", Role::Good),
        Truth::False => ("[NOT MET]", Role::Bad),
        Truth::Unknown => ("[UNKNOWN]", Role::Doubt),
    }
}

fn node(page: &mut Page, one: &Node, indent: usize, explained: &Explained) {
    let (word, role) = mark(one.value);
    let decides = explained.explanation.deciding.contains(&one.id);
    let mut line = Line::indented(indent)
        .hanging(10)
        .padded(role, word, 10)
        .add(Role::Heading, &format!("{} ", one.id))
        .plain(&one.text);
    if decides {
        line = line.add(role, " <- decides");
    }
    page.push(line);
    if let Some(outcome) = &one.rule {
        rule(page, indent + 10, &outcome.source, &outcome.facts);
    }
    if let Some(answer) = &one.answer {
        page.push(Line::indented(indent + 10).add(Role::Quiet, &answer.to_string()));
    }
    if one.children.is_empty() {
        return;
    }
    if one.own == Truth::False {
        let count = one.children.len();
        page.push(Line::indented(indent + 10).add(
            Role::Quiet,
            &format!("its {count} criteria are not looked at: this alternative does not apply"),
        ));
        return;
    }
    page.push(Line::indented(indent + 10).add(Role::Quiet, &needing(one.need)));
    for child in &one.children {
        node(page, child, indent + 2, explained);
    }
}

/// A rule and the facts it read. A rule that only asks for one fact is told
/// by that fact.
fn rule(page: &mut Page, indent: usize, source: &str, facts: &[FactRead]) {
    if !asks_for_one(source, facts) {
        page.push(Line::indented(indent).hanging(2).add(Role::Quiet, source));
    }
    let facts: Vec<_> = facts.iter().map(ToString::to_string).collect();
    page.push(Line::indented(indent).hanging(2).plain(&facts.join(", ")));
}

pub(crate) fn asks_for_one(source: &str, facts: &[FactRead]) -> bool {
    matches!(facts, [only] if source.trim_start_matches('!') == only.name)
}

fn codes(page: &mut Page, finding: &CodeFinding) {
    let join = |codes: &[crate::policy::Code]| {
        let codes: Vec<_> = codes.iter().map(ToString::to_string).collect();
        codes.join(", ")
    };
    let listed = match finding.value {
        Truth::Unknown => "no code recorded".to_owned(),
        Truth::True => format!("lists {}", join(&finding.listed)),
        Truth::False => "lists none of the codes".to_owned(),
    };
    let unlisted = match finding.unlisted.as_slice() {
        [] => String::new(),
        unlisted => format!("; not {}", join(unlisted)),
    };
    let gate = asked_of_codes(finding.gate);
    page.push(
        Line::indented(2)
            .hanging(2)
            .add(Role::Heading, &format!("{} ", finding.title))
            .plain(&format!("{listed}{unlisted} "))
            .add(Role::Quiet, &format!("({gate})")),
    );
}

/// What a table decides, in words.
pub(crate) fn asked_of_codes(gate: Gate) -> &'static str {
    match gate {
        Gate::Address => "a listed code is needed in one of these tables",
        Gate::Require => "a listed code is required",
        Gate::Advise => "for information only",
    }
}
