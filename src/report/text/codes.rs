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
    }
    evidence::add(&mut page, evidence);
    page
}
