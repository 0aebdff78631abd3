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

use ratatui::layout::{Constraint, Layout, Margin, Rect};

use super::preview;
use super::state::State;
use crate::policy::Policy;
use crate::search::{Hit, Item};
use crate::tui::env::Env;
use crate::tui::paint::{Canvas, Ink, Piece, fit, plain};

/// The regions of the search.
pub struct Areas {
    field: Rect,
    summary: Rect,
    /// The list of hits.
    pub list: Rect,
    preview: Rect,
    /// What the hits are of, where there is room beside the list.
    facets: Option<Rect>,
    beside: bool,
}

impl Areas {
    /// The inside of where the values are listed: beside the hits, or while
    /// one chooses among them in the place of the preview.
    pub fn facets(&self, narrowing: bool) -> Rect {
        let outer = match self.facets {
            Some(facets) => facets,
            None if narrowing => self.preview,
            None => Rect::ZERO,
        };
        inside(outer, self.beside)
    }
}

fn inside(area: Rect, framed: bool) -> Rect {
    match framed {
        true => area.inner(Margin::new(1, 1)),
        false => Rect {
            x: area.x + 1,
            y: area.y + 1,
            width: area.width.saturating_sub(2),
            height: area.height.saturating_sub(1),
        },
    }
}

/// Columns of the values, where they stand beside the hits.
const FACETS: u16 = 34;

/// The regions of the search: the preview stands below, or beside if there is
/// room; if there is more, the values do too.
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
    let (preview, facets) = match rest.width >= 170 {
        true => {
            let columns = [Constraint::Min(1), Constraint::Length(FACETS)];
            let [preview, facets] = Layout::horizontal(columns).areas(preview);
            (preview, Some(facets))
        }
        false => (preview, None),
    };
    Areas {
        field,
        summary,
        list,
        preview,
        facets,
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
    canvas.line(areas.summary, &summary(state, env));
    let several = env.workbench.library().heads().len() > 1;
    let hits = state.hits();
    let width = usize::from(areas.list.width).saturating_sub(3);
    canvas.list(areas.list, state.listing, hits.len(), |index| {
        row(&hits[index], several, width)
    });
    if let Some(count) = state.without_date {
        let results = if count == 1 {
            "is 1 result"
        } else {
            &format!("are {count} results")
        };
        let text =
            format!("  Without the date there {results}; leave the field, and @ changes it.");
        canvas.text(areas.list, &[Piece::new(Ink::Open, text)]);
    }
    if areas.facets.is_some() || state.narrowing {
        facets(state, &areas, canvas);
    }
    let covered = state.narrowing && areas.facets.is_none();
    if let Some(hit) = state.hit().filter(|_| !covered) {
        let title = format!("{} {}", hit.item.policy, hit.item.kind.name());
        let area = titled(areas.preview, &title, areas.beside, canvas);
        let life = state.life.as_ref();
        preview::draw(hit, life, env, area, canvas);
    }
}

/// A part of the screen with a title; answers what is left of it.
fn titled(area: Rect, title: &str, framed: bool, canvas: &mut Canvas<'_>) -> Rect {
    let title = [Piece::new(Ink::Heading, title)];
    match framed {
        true => canvas.framed(area, &title),
        false => {
            canvas.rule(area, &title);
            inside(area, false)
        }
    }
}

/// What the hits are of, and how many of each.
fn facets(state: &State, areas: &Areas, canvas: &mut Canvas<'_>) {
    let values = state.values();
    if values.is_empty() {
        return;
    }
    let title = match state.narrowing {
        true => "narrow to: Enter",
        false => "narrow: f",
    };
    titled(
        areas.facets.unwrap_or(areas.preview),
        title,
        areas.beside,
        canvas,
    );
    let list = areas.facets(state.narrowing);
    let width = usize::from(list.width).saturating_sub(3);
    let listing = state.facet.settled(values.len(), list.height.into());
    let row = |index: usize| {
        let value = &values[index];
        let count = value.count.to_string();
        let room = width.saturating_sub(count.len() + 3);
        let (mark, ink) = match value.chosen {
            true => ("• ", Ink::Strong),
            false => ("  ", Ink::Plain),
        };
        vec![
            plain(mark),
            column(ink, &value.term, room.clamp(8, 40)),
            Piece::new(Ink::Dim, format!(" {count}")),
        ]
    };
    match state.narrowing {
        true => canvas.list(list, listing, values.len(), row),
        // Nothing is selected while one is among the hits.
        false => {
            let shown = canvas.scrolled(list, listing.offset, values.len());
            for at in 0..shown.height.min(values.len() as u16) {
                let mut pieces = vec![plain("  ")];
                pieces.extend(row(at.into()));
                canvas.row(shown, at, &pieces);
            }
        }
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

/// Rows that the welcome has beside the policies.
const BEGINNING: usize = 10;

/// The policies, as many as there is room for.
fn policies(env: Env<'_>, room: usize) -> Vec<Vec<Piece>> {
    let heads = env.workbench.library().heads();
    let shown = match heads.len() <= room {
        true => heads.len(),
        false => room.saturating_sub(1),
    };
    let mut lines: Vec<Vec<Piece>> = heads[..shown]
        .iter()
        .map(|head| policy(head, env))
        .collect();
    let more = heads.len() - shown;
    if more > 0 {
        let text = match shown {
            0 => format!("{more} policies; : finds one by its name"),
            _ => format!("and {more} more policies; : finds one by its name"),
        };
        lines.push(vec![Piece::new(Ink::Dim, text)]);
    }
    lines
}

fn policy(head: &Policy, env: Env<'_>) -> Vec<Piece> {
    let opened = env.policy(&head.reference);
    let count = match opened {
        Some(policy) => policy.versions.len(),
        None => env.workbench.library().version_files(&head.reference).len(),
    };
    let mut about = format!(
        "  {count} {}",
        if count == 1 { "version" } else { "versions" }
    );
    if let Some(policy) = opened {
        let latest = policy.latest().map_or("none", |one| one.name.as_str());
        about.push_str(&format!(", the latest {latest}"));
    }
    vec![
        Piece::new(Ink::Id, &head.reference),
        plain(format!("  {}", head.title)),
        Piece::new(Ink::Dim, about),
    ]
}

/// What the library holds, and how to ask.
fn welcome(env: Env<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    let mut lines = vec![vec![Piece::new(
        Ink::Dim,
        "Type words, a code such as 62351, a prefix such as 6236*, or a range such as 62360-62370.",
    )]];
    lines.push(vec![]);
    lines.push(vec![Piece::new(Ink::Heading, "In this library")]);
    let room = usize::from(area.height).saturating_sub(BEGINNING);
    // A line each, or there would be no telling how many there is room for.
    let policies = policies(env, room).into_iter();
    lines.extend(policies.map(|line| fit(&line, area.width.into())));
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

fn summary(state: &State, env: Env<'_>) -> Vec<Piece> {
    if let Some(problem) = &state.problem {
        let hint = problem.hints.join("; ");
        let text = format!(" {}; ", problem.message);
        return vec![Piece::new(Ink::Bad, text), plain(hint)];
    }
    let Some(results) = &state.results else {
        let text = match env.workbench.is_indexed() {
            true => " searching …",
            false => " The search index is being made; the results come when it is done.",
        };
        return vec![Piece::new(Ink::Dim, text)];
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
pub fn span(item: &Item) -> String {
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
    let fitted = fit(&[Piece::new(ink, text)], width - 1);
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

pub fn highlighted(text: &str, highlights: &[Range<usize>], start: usize) -> Vec<Piece> {
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
