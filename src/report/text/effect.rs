//! Whether a version is stricter, with a case for each direction.

use super::evidence;
use super::explain::determination_role;
use super::replay::because;
use crate::criteria::effect::{Scope, Verdict};
use crate::policy::Code;
use crate::report::{Line, Page, Role};
use crate::workbench::Affected;

/// The effect of changing from one version to another.
pub fn effect(affected: &Affected) -> Page {
    let mut page = Page::default();
    let versions = &affected.versions;
    page.line(
        Role::Heading,
        &format!("{} to {}", versions.old, versions.new),
    );
    verdict(&mut page, affected);
    scope(&mut page, affected);
    for (index, example) in affected.effect.examples.iter().enumerate() {
        page.heading(&format!("Example: {} to {}", example.was, example.now));
        for (name, value) in example.facts.iter() {
            page.push(Line::indented(2).plain(&format!("{name} = {value}")));
        }
        let causes: Vec<_> = affected.because[index].iter().map(because).collect();
        if !causes.is_empty() {
            page.push(Line::indented(2).hanging(2).add(
                determination_role(example.now),
                &format!("because of {}", causes.join("; ")),
            ));
        }
        page.push(Line::indented(2).add(Role::Quiet, "other facts make no difference to it"));
    }
    if affected.dead.is_none() {
        page.line(
            Role::Doubt,
            "which criteria are without effect is not told: there are too many to analyse",
        );
    }
    let dead = affected.dead.as_deref().unwrap_or_default();
    if !dead.is_empty() {
        page.heading("Criteria without effect");
        for dead in dead {
            page.push(
                Line::indented(2)
                    .add(Role::Heading, dead.id.as_str())
                    .plain(&format!(" {}", dead.kind.describe())),
            );
        }
    }
    evidence::add(&mut page, &affected.evidence);
    page
}

fn verdict(page: &mut Page, affected: &Affected) {
    let effect = &affected.effect;
    let (role, words) = match effect.verdict {
        Verdict::Equivalent => (
            Role::Plain,
            "EQUIVALENT: with codes that both list, no case comes out better or worse",
        ),
        Verdict::Stricter => (
            Role::Bad,
            "STRICTER: some cases come out worse, none better",
        ),
        Verdict::Looser => (Role::Good, "LOOSER: some cases come out better, none worse"),
        Verdict::Both => (
            Role::Doubt,
            "BOTH: some cases come out worse, others better",
        ),
    };
    page.push(Line::default().plain("criteria: ").add(role, words));
    if effect.only_where_facts_are_missing {
        page.line(
            Role::Quiet,
            "they differ only on cases in which a fact is missing",
        );
    }
}

fn scope(page: &mut Page, affected: &Affected) {
    let scope = match affected.effect.scope {
        Scope::Same => None,
        Scope::Wider => Some("more requests than before fall under the criteria"),
        Scope::Narrower => Some("fewer requests than before fall under the criteria"),
        Scope::Different => Some("other requests than before fall under the criteria"),
    };
    if let Some(scope) = scope {
        page.line(Role::Plain, &format!("scope: {scope}"));
    }
    let codes = &affected.codes;
    let list = |codes: &[Code]| {
        let codes: Vec<_> = codes.iter().map(Code::as_str).collect();
        codes.join(", ")
    };
    if !codes.new.is_empty() {
        let count = codes.new.len();
        page.push(Line::default().hanging(7).add(
            Role::Good,
            &format!("codes: wider by {count}: {}", list(&codes.new)),
        ));
    }
    if !codes.old.is_empty() {
        let count = codes.old.len();
        page.push(Line::default().hanging(7).add(
            Role::Bad,
            &format!("codes: narrower by {count}: {}", list(&codes.old)),
        ));
    }
}
