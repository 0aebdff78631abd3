//! Drawing the comparison.
//!
//! ```text
//! CP.MP.173  old 2019-07  new 2020-01               change 2 of 5
//! ▾ Criteria: 3 changes
//! > ~ I.A.4  changed: text, rule
//!     - No [-local-] infection [-at the catheter site-].
//!     + No {+active+} infection.
//! ```

use ratatui::layout::{Constraint, Layout, Rect};

use super::changes::Key;
use super::effect;
use super::state::State;
use crate::policy::VersionRef;
use crate::tui::env::Env;
use crate::tui::paint::{Block, Canvas, Ink, Listing, Piece, Reader, plain};

/// The regions of the comparison.
pub struct Areas {
    head: Rect,
    /// A rule below it.
    pub sides: Rect,
    outline: Rect,
    /// The changes.
    pub text: Reader,
    /// The effect, which has no list beside it.
    pub effect: Reader,
}

/// The regions of the comparison; the list of changes stands beside it only
/// where there is room.
pub fn areas(body: Rect) -> Areas {
    let [head, sides, rest] = Layout::vertical([
        Constraint::Length(2),
        Constraint::Length(1),
        Constraint::Min(1),
    ])
    .areas(body);
    let width = if body.width >= 140 { 34 } else { 0 };
    let [outline, text] =
        Layout::horizontal([Constraint::Length(width), Constraint::Min(1)]).areas(rest);
    Areas {
        head,
        sides,
        outline,
        text: Reader::of(text),
        effect: Reader::measured(rest),
    }
}

/// Draws the comparison.
pub fn draw(state: &State, env: Env<'_>, canvas: &mut Canvas<'_>) {
    let areas = areas(env.body);
    head(state, env, areas.head, canvas);
    if state.effect.is_some() {
        return effect::draw(state, &areas, canvas);
    }
    match &state.examined {
        None => {
            let text = match state.versions {
                Some(_) => "  comparing …",
                None => "  There are no two versions to compare.",
            };
            canvas.line(areas.text.area(), &[Piece::new(Ink::Dim, text)]);
        }
        Some(Err(problem)) => {
            canvas.text(areas.text.area(), &[Piece::new(Ink::Bad, &problem.message)]);
        }
        Some(Ok(_)) => changes(state, env, &areas, canvas),
    }
}

fn changes(state: &State, env: Env<'_>, areas: &Areas, canvas: &mut Canvas<'_>) {
    let beside = state.is_beside(env.body.width);
    let blocks = state.blocks(beside);
    columns(state, beside, areas, canvas);
    if areas.outline.width > 0 {
        outline(&blocks, state.flow.cursor, areas.outline, canvas);
    }
    areas.text.draw(canvas, state.flow, &blocks);
}

fn head(state: &State, env: Env<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    let Some(versions) = &state.versions else {
        return;
    };
    let two = versions.old.policy != versions.new.policy;
    let described = |named: &VersionRef| {
        let (_, version) = env.version(named)?;
        // Two references leave no room for more.
        Some(match two {
            true => named.to_string(),
            false => format!("{} ({})", version.name, version.provenance.name()),
        })
    };
    let (old, new) = (described(&versions.old), described(&versions.new));
    let (number, total) = state.count();
    let count = match total {
        0 => String::new(),
        _ if number == 0 => format!("{total} changes "),
        _ => format!("change {number} of {total} "),
    };
    let title = match two {
        true => "two policies",
        false => &versions.new.policy,
    };
    let line = [
        Piece::new(Ink::Heading, format!(" {title}")),
        Piece::new(Ink::Dim, "  -"),
        plain(" old "),
        Piece::new(Ink::Strong, old.unwrap_or_default()),
        Piece::new(Ink::Dim, "  +"),
        plain(" new "),
        Piece::new(Ink::Strong, new.unwrap_or_default()),
    ];
    canvas.line(area, &line);
    let second = Rect {
        y: area.y + 1,
        height: 1,
        ..area
    };
    if state.effect.is_some() {
        let text = " the effect on every possible case";
        canvas.line(second, &[Piece::new(Ink::Strong, text)]);
        return;
    }
    canvas.ends(second, &verdict(state), &[Piece::new(Ink::Strong, count)]);
}

/// What it comes to, in a line.
fn verdict(state: &State) -> Vec<Piece> {
    let Some(comparison) = state.comparison() else {
        return vec![];
    };
    if comparison.is_unchanged() {
        return vec![plain(" criteria, codes and text are the same")];
    }
    let parts = [
        ("criteria", comparison.criteria.len()),
        ("codes", comparison.codes.len() + comparison.tables.len()),
        ("paragraphs", comparison.sections.len()),
    ];
    let told: Vec<String> = parts
        .iter()
        .map(|(what, count)| format!("{what} {count}"))
        .collect();
    let mut pieces = vec![];
    if let Some(spot) = &state.unchanged {
        let text = format!(" {} is the same in both ·", spot.name());
        pieces.push(Piece::new(Ink::Open, text));
    }
    let told = format!(" changed: {}", told.join(" · "));
    pieces.push(Piece::new(Ink::Dim, told));
    let undeclared = state.undeclared();
    if undeclared > 0 {
        let text = format!(" · {undeclared} UNDECLARED");
        pieces.push(Piece::new(Ink::Bad, text));
    }
    pieces
}

fn columns(state: &State, beside: bool, areas: &Areas, canvas: &mut Canvas<'_>) {
    let rule = |width: u16| Piece::new(Ink::Dim, "─".repeat(width.into()));
    canvas.line(areas.sides, &[rule(areas.sides.width)]);
    let Some(versions) = state.versions.as_ref().filter(|_| beside) else {
        return;
    };
    let text = areas.text.area();
    let half = text.width.saturating_sub(6) / 2;
    for (x, name) in [
        (text.x + 2, &versions.old.version),
        (text.x + 2 + half + 3, &versions.new.version),
    ] {
        let area = Rect {
            x,
            width: half.min(areas.sides.right().saturating_sub(x)),
            ..areas.sides
        };
        canvas.line(area, &[Piece::new(Ink::Strong, format!(" {name} "))]);
    }
}

fn outline(blocks: &[Block<Key>], cursor: usize, area: Rect, canvas: &mut Canvas<'_>) {
    let inner = Rect {
        width: area.width - 1,
        ..area
    };
    let listing = Listing {
        selected: cursor,
        offset: cursor.saturating_sub(usize::from(inner.height) / 2),
    };
    canvas.list(inner, listing, blocks.len(), |index| {
        let Some((depth, text)) = &blocks[index].outline else {
            return vec![];
        };
        let ink = if *depth == 0 { Ink::Strong } else { Ink::Plain };
        vec![plain("  ".repeat(*depth)), Piece::new(ink, text)]
    });
}
