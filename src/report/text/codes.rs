//! Where codes are listed, and since when.

use super::evidence;
use crate::report::{Line, Page, Role};
use crate::workbench::{CodeLife, Evidence};

/// The lives of the codes that `asked` means.
pub fn codes(asked: &str, lives: &[CodeLife], evidence: &Evidence) -> Page {
    let mut page = Page::default();
    if lives.is_empty() {
        page.line(
            Role::Doubt,
            &format!("no version of any policy lists {asked}"),
        );
    }
    for life in lives {
        page.push(
            Line::default()
                .add(Role::Heading, life.code.as_str())
                .plain(&format!(" {}", life.system)),
        );
        for listing in &life.listings {
            page.push(
                Line::indented(2)
                    .hanging(2)
                    .add(Role::Heading, &format!("{} ", listing.policy))
                    .plain(&listing.describe()),
            );
            let mut before: Option<&str> = None;
            for span in &listing.spans {
                if before != Some(&span.text) {
                    page.push(Line::indented(6).add(Role::Quiet, &span.text));
                }
                before = Some(&span.text);
            }
        }
        reference(&mut page, life);
    }
    evidence::add(&mut page, evidence);
    page
}

fn reference(page: &mut Page, life: &CodeLife) {
    if life.listings.is_empty() {
        page.push(Line::indented(2).add(Role::Doubt, "no version of any policy lists it"));
    }
    match &life.reference {
        Some(reference) => {
            let known = !reference.life.intervals.is_empty();
            let role = if known { Role::Plain } else { Role::Doubt };
            page.push(
                Line::indented(2)
                    .hanging(2)
                    .add(role, &reference.describe()),
            );
            for title in &reference.life.titles {
                let from = format!("from {}: ", title.from);
                let line = Line::indented(6).add(Role::Quiet, &from);
                page.push(line.add(Role::Quiet, &title.title.long));
            }
        }
        None => {
            let none = format!("no {} code set: its validity is not known", life.system);
            page.push(Line::indented(2).add(Role::Quiet, &none));
        }
    }
    for finding in &life.findings {
        let place = format!("{}@{}: ", finding.policy, finding.version);
        page.push(
            Line::indented(2)
                .hanging(2)
                .add(Role::Doubt, "! ")
                .add(Role::Heading, &place)
                .plain(&finding.message),
        );
    }
}
