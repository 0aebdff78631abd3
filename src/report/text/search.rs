//! What a search found.

use super::evidence;
use crate::report::{Line, Page, Role, counted};
use crate::search::{Hit, Item};
use crate::workbench::Searched;

/// The hits, the best first.
pub fn search(searched: &Searched) -> Page {
    let mut page = Page::default();
    let results = &searched.results;
    page.push(
        Line::default()
            .add(Role::Heading, &counted(results.total, "hit", "hits"))
            .add(Role::Quiet, &format!(" for {}", results.reading)),
    );
    if results.fuzzy {
        page.line(
            Role::Doubt,
            "nothing matches as written; these hold similar words",
        );
    }
    if let Some(count) = searched.without_date {
        let hits = counted(count, "hit", "hits");
        page.line(
            Role::Doubt,
            &format!("without the date there would be {hits}"),
        );
    }
    for hit in &results.hits {
        page.blank();
        self::hit(&mut page, hit);
    }
    let more = results.total.saturating_sub(results.hits.len());
    if more > 0 {
        page.blank();
        page.line(
            Role::Quiet,
            &format!(
                "{} more; see them with --limit",
                counted(more, "hit", "hits")
            ),
        );
    }
    evidence::add(&mut page, &searched.evidence);
    page
}

fn hit(page: &mut Page, hit: &Hit) {
    let item = &*hit.item;
    page.push(
        Line::default()
            .hanging(2)
            .add(Role::Heading, &format!("{} ", item.policy))
            .plain(&place(item))
            .add(Role::Quiet, &format!("  {}", span(item))),
    );
    let mut line = Line::indented(2);
    let mut from = 0;
    for range in &hit.highlights {
        line = line
            .plain(&item.text[from..range.start])
            .add(Role::Found, &item.text[range.clone()]);
        from = range.end;
    }
    page.push(line.plain(&item.text[from..]));
}

/// Where an item stands, in words.
fn place(item: &Item) -> String {
    let ids = item.ids.join(", ");
    match item.code.as_ref() {
        Some(code) => format!("{} {code}", code.system()),
        None if item.heading.is_empty() => format!("{} {ids}", item.kind),
        None => format!("{} {}", item.kind, item.heading),
    }
}

/// The versions it lives in, in words.
fn span(item: &Item) -> String {
    match (item.current, item.first == item.last) {
        (true, _) => format!("since {}", item.first),
        (false, true) => format!("in {} only", item.first),
        (false, false) => format!("{} to {}", item.first, item.last),
    }
}
