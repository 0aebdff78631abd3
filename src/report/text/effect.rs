//! Whether a version is stricter, with a case for each direction.

use super::evidence;
use super::explain::determination_role;
use super::replay::because;
use crate::criteria::effect::Verdict;
use crate::report::{Line, Page, Role};
use crate::workbench::Affected;

/// The effect of changing from one version to another.
pub fn effect(affected: &Affected) -> Page {
    let mut page = Page::default();
    page.line(Role::Heading, &affected.title());
    verdict(&mut page, affected);
    for (example, replayed) in affected.effect.examples.iter().zip(&affected.examples) {
        page.heading(&format!("Example: {} to {}", example.was, example.now));
        for (fact, (name, value)) in replayed.facts.iter().zip(example.facts.iter()) {
            page.push(
                Line::indented(2)
                    .hanging(4)
                    .plain(&format!("{name} = {value}"))
                    .add(Role::Quiet, &format!("  ({})", fact.describe())),
            );
        }
        let causes: Vec<_> = replayed.because.iter().map(because).collect();
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
    let role = match effect.verdict {
        Verdict::Equivalent => Role::Plain,
        Verdict::Stricter => Role::Bad,
        Verdict::Looser => Role::Good,
        Verdict::Both => Role::Doubt,
    };
    let line = Line::default().plain("criteria: ");
    page.push(line.add(role, affected.verdict_in_words()));
    for line in affected.scope_in_words() {
        page.push(Line::default().hanging(7).plain(&line));
    }
}
