//! Drawing the search.
//!
//! ```text
//! Search  infection▏
//! 4 results for infection
//! > criterion  I.A.4, I.B.9  since 2020-01  No active infection.
//! ── criterion · CP.MP.173 ──────────────────────────────────────
//! No active infection.
//! ```

use std::ops::Range;

use ratatui::layout::{Constraint, Layout, Rect};

use super::state::State;
use crate::search::{Hit, Item};
use crate::tui::env::Env;
use crate::tui::paint::{Canvas, Ink, Piece, plain};

/// The regions of the search.
pub struct Areas {
    field: Rect,
    summary: Rect,
    /// The list of hits.
    pub list: Rect,
    preview: Rect,
    beside: bool,
}

/// The regions of the search: the preview stands below, or beside if there is room.
pub fn areas(body: Rect) -> Areas {
    let [field, summary, rest] = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(1),
    ])
    .areas(body);
    let beside = rest.width >= 130;
    let [list, preview] = if beside {
        Layout::horizontal([Constraint::Percentage(58), Constraint::Min(1)]).areas(rest)
    } else {
        Layout::vertical([Constraint::Percentage(55), Constraint::Min(1)]).areas(rest)
    };
    Areas {
        field,
        summary,
        list,
        preview,
        beside,
    }
}

/// Draws the search.
pub fn draw(state: &State, env: Env<'_>, canvas: &mut Canvas<'_>) {
    let areas = areas(env.body);
    let lead = [Piece::new(Ink::Strong, " Search: ")];
    if state.typing {
        canvas.field(areas.field, &lead, &state.input);
    } else {
        let typed = plain(state.input.value());
        canvas.line(areas.field, &[lead[0].clone(), typed]);
    }
    if state.input.value().trim().is_empty() {
        return welcome(env, below(areas.summary, env.body), canvas);
    }
    canvas.line(areas.summary, &summary(state));
    let several = env.workbench.library().policies.len() > 1;
    let hits = state.hits();
    let width = usize::from(areas.list.width).saturating_sub(3);
    canvas.list(areas.list, state.listing, hits.len(), |index| {
        row(&hits[index], several, width)
    });
    if let Some(hit) = state.hit() {
        let area = preview_frame(&areas, canvas, &hit.item);
        preview(hit, env, area, canvas);
    }
}

fn below(area: Rect, body: Rect) -> Rect {
    Rect {
        x: body.x + 2,
        width: body.width.saturating_sub(4),
        height: body.bottom().saturating_sub(area.y),
        ..area
    }
}

/// What the library holds, and how to ask.
fn welcome(env: Env<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    let mut lines = vec![vec![Piece::new(
        Ink::Dim,
        "Type words, a code such as 62351, a prefix such as 6236*, or a range such as 62360-62370.",
    )]];
    lines.push(vec![]);
    lines.push(vec![Piece::new(Ink::Heading, "In this library")]);
    for policy in &env.workbench.library().policies {
        let count = policy.versions.len();
        let versions = if count == 1 { "version" } else { "versions" };
        let latest = policy.latest().map_or("none", |one| one.name.as_str());
        lines.push(vec![
            Piece::new(Ink::Id, &policy.reference),
            plain(format!("  {}", policy.title)),
            Piece::new(
                Ink::Dim,
                format!("  {count} {versions}, the latest {latest}"),
            ),
        ]);
    }
    lines.push(vec![]);
    lines.push(vec![Piece::new(Ink::Heading, "To begin")]);
    for (key, does) in [
        ("infection", "where infection is mentioned, and since when"),
        ("62351", "since when the code is listed"),
        (
            "Tab",
            "the other screens: read, compare, log, replay, check",
        ),
        ("F1", "the keys of the screen you are on"),
    ] {
        let gap = " ".repeat(12 - key.len());
        lines.push(vec![Piece::new(Ink::Key, key), plain(gap), plain(does)]);
    }
    let mut area = area;
    for line in lines {
        let taken = canvas.text(area, &line);
        area.y += taken.min(area.height);
        area.height = area.height.saturating_sub(taken);
    }
}

fn summary(state: &State) -> Vec<Piece> {
    if let Some(problem) = &state.problem {
        let hint = problem.hints.join("; ");
        let text = format!(" {}; ", problem.message);
        return vec![Piece::new(Ink::Bad, text), plain(hint)];
    }
    let Some(results) = &state.results else {
        return vec![Piece::new(Ink::Dim, " searching …")];
    };
    let noun = if results.total == 1 {
        "result"
    } else {
        "results"
    };
    let mut pieces = vec![plain(format!(" {} {noun}", results.total))];
    if results.hits.len() < results.total {
        pieces.push(plain(format!(", the best {} listed", results.hits.len())));
    }
    pieces.push(Piece::new(Ink::Dim, format!(" for {}", results.reading)));
    if results.fuzzy {
        let text = " (nothing matches as typed; these are spelt alike)";
        pieces.push(Piece::new(Ink::Open, text));
    }
    if state.waiting {
        pieces.push(Piece::new(Ink::Dim, " …"));
    }
    pieces
}

/// The versions an item lives in.
fn span(item: &Item) -> String {
    match (item.current, item.first == item.last) {
        (true, _) => format!("since {}", item.first),
        (false, true) => format!("{} only", item.first),
        (false, false) => format!("{} to {}", item.first, item.last),
    }
}

fn row(hit: &Hit, several: bool, width: usize) -> Vec<Piece> {
    let item = &hit.item;
    let ids = match item.ids.as_slice() {
        [] => item.heading.clone(),
        ids => ids.join(", "),
    };
    let mut pieces = vec![column(Ink::Dim, item.kind.name(), 10)];
    if several {
        pieces.push(column(Ink::Plain, &item.policy, 14));
    }
    pieces.push(column(Ink::Id, &ids, if width > 100 { 24 } else { 15 }));
    pieces.push(column(Ink::Plain, &span(item), 19));
    let taken: usize = pieces.iter().map(Piece::width).sum();
    pieces.extend(excerpt(
        &item.text,
        &hit.highlights,
        width.saturating_sub(taken),
    ));
    pieces
}

fn column(ink: Ink, text: &str, width: usize) -> Piece {
    let fitted = crate::tui::paint::fit(&[Piece::new(ink, text)], width - 1);
    let text: String = fitted.iter().map(Piece::text).collect();
    let gap = width - Piece::new(ink, &text).width();
    Piece::new(ink, format!("{text}{}", " ".repeat(gap)))
}

/// The text with its highlights, from shortly before the first of them if
/// that would not be seen otherwise.
fn excerpt(text: &str, highlights: &[Range<usize>], width: usize) -> Vec<Piece> {
    let first = highlights.first().map_or(0, |range| range.start);
    let seen = highlights.first().map_or(0, |range| range.end);
    if plain(text.get(..seen).unwrap_or_default()).width() < width {
        return highlighted(text, highlights, 0);
    }
    let before = text.get(..first).unwrap_or_default();
    let words = before.char_indices().rev().filter(|(_, one)| *one == ' ');
    let start = words.map(|(index, _)| index + 1).nth(2).unwrap_or_default();
    let mut pieces = vec![Piece::new(Ink::Dim, "… ")];
    pieces.extend(highlighted(text, highlights, start));
    pieces
}

fn highlighted(text: &str, highlights: &[Range<usize>], start: usize) -> Vec<Piece> {
    let mut pieces = vec![];
    let mut at = start;
    for range in highlights.iter().filter(|range| range.start >= start) {
        let before = text.get(at..range.start).unwrap_or_default();
        let found = text.get(range.clone()).unwrap_or_default();
        pieces.push(plain(before));
        pieces.push(Piece::new(Ink::Match, found));
        at = range.end;
    }
    pieces.push(plain(text.get(at..).unwrap_or_default()));
    pieces
}

fn preview_frame(areas: &Areas, canvas: &mut Canvas<'_>, item: &Item) -> Rect {
    let title = [Piece::new(
        Ink::Heading,
        format!("{} {}", item.policy, item.kind.name()),
    )];
    if areas.beside {
        return canvas.framed(areas.preview, &title);
    }
    canvas.rule(areas.preview, &title);
    Rect {
        x: areas.preview.x + 1,
        y: areas.preview.y + 1,
        width: areas.preview.width.saturating_sub(2),
        height: areas.preview.height.saturating_sub(1),
    }
}

/// The whole text of a hit, where it stands and in which versions.
fn preview(hit: &Hit, env: Env<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    let item = &hit.item;
    let mut area = area;
    let mut paragraph = |pieces: &[Piece], gap: u16| {
        let taken = canvas.text(area, pieces) + gap;
        area.y += taken.min(area.height);
        area.height = area.height.saturating_sub(taken);
    };
    let place = [item.heading.as_str(), &item.ids.join(", ")]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    paragraph(&[Piece::new(Ink::Id, place)], 0);
    paragraph(&highlighted(&item.text, &hit.highlights, 0), 1);
    paragraph(&versions(item, env), 0);
}

/// Which versions have an item and which do not.
fn versions(item: &Item, env: Env<'_>) -> Vec<Piece> {
    let Some(policy) = env.policy(&item.policy) else {
        return vec![];
    };
    let mut pieces = vec![Piece::new(Ink::Dim, "Versions: "), plain(span(item))];
    let without: Vec<&str> = policy
        .versions
        .iter()
        .enumerate()
        .filter(|(index, _)| !(item.first_index..=item.last_index).contains(index))
        .map(|(_, version)| version.name.as_str())
        .collect();
    if !without.is_empty() {
        let text = format!("; not in {}", without.join(", "));
        pieces.push(Piece::new(Ink::Dim, text));
    }
    pieces
}
