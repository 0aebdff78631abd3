//! Drawing the reader.
//!
//! ```text
//! CP.MP.173  Implantable Intrathecal Pain Pump
//! 2019-02 ── 2019-07 ──[2020-01]                  version 3 of 3
//! effective 2020-01 · approved 2020-01 · published · 8dde308c78b2
//! ┌ outline ─────────┐┌ text ──────────────────────────────────┐
//! ```

use ratatui::layout::{Constraint, Layout, Rect};

use super::document::Spot;
use super::state::State;
use crate::policy::{InForce, Policy, Version};
use crate::tui::env::Env;
use crate::tui::paint::{Block, Canvas, Flow, Ink, Laid, Listing, Piece, plain};

/// The regions of the reader.
pub struct Areas {
    head: Rect,
    outline: Rect,
    /// The text.
    pub text: Rect,
}

/// Lines longer than this are hard to read.
const MEASURE: u16 = 110;

/// The regions of the reader. Narrow screens have no outline.
pub fn areas(body: Rect) -> Areas {
    let [head, _, rest] = Layout::vertical([
        Constraint::Length(3),
        Constraint::Length(1),
        Constraint::Min(1),
    ])
    .areas(body);
    let width = match body.width {
        ..70 => 0,
        70..120 => 26,
        120.. => 48,
    };
    let [outline, text] =
        Layout::horizontal([Constraint::Length(width), Constraint::Min(1)]).areas(rest);
    let text = Rect {
        width: text.width.min(MEASURE),
        ..text
    };
    Areas {
        head,
        outline,
        text,
    }
}

/// Draws the reader.
pub fn draw(state: &State, env: Env<'_>, canvas: &mut Canvas<'_>) {
    let areas = areas(env.body);
    let named = state.version.as_ref().and_then(|named| env.version(named));
    let Some((policy, version)) = named else {
        canvas.text(env.body, &[plain("The library holds no policy to read.")]);
        return;
    };
    let blocks = state.blocks(env);
    let laid = Laid::of(&blocks, areas.text.width.saturating_sub(3).into());
    let inset = Rect {
        x: areas.head.x + 1,
        width: areas.head.width - 2,
        ..areas.head
    };
    head(policy, version, env, inset, canvas);
    let rule = Rect {
        y: areas.head.bottom(),
        height: 1,
        ..env.body
    };
    canvas.line(rule, &[Piece::new(Ink::Dim, "─".repeat(rule.width.into()))]);
    if areas.outline.width > 0 {
        outline(&blocks, state.flow, areas.outline, canvas);
    }
    canvas.flow(areas.text, state.flow, &laid);
}

fn head(policy: &Policy, version: &Version, env: Env<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    canvas.row(
        area,
        0,
        &[
            Piece::new(Ink::Heading, &policy.reference),
            plain("  "),
            Piece::new(Ink::Strong, &policy.title),
            Piece::new(Ink::Dim, format!("  {}", policy.publisher)),
        ],
    );
    let at = policy
        .versions
        .iter()
        .position(|one| one.name == version.name);
    let at = at.unwrap_or_default();
    let mut count = format!("version {} of {}", at + 1, policy.versions.len());
    if !policy.unread.is_empty() {
        // One of them may be the latest: that must not go unsaid.
        count.push_str(&format!(", {} more unread, see Check", policy.unread.len()));
    }
    let line = timeline(
        policy,
        at,
        env,
        usize::from(area.width).saturating_sub(count.len() + 2),
    );
    canvas.row(area, 1, &line);
    let second = Rect {
        y: area.y + 1,
        height: 1,
        ..area
    };
    let ink = if policy.unread.is_empty() {
        Ink::Dim
    } else {
        Ink::Open
    };
    canvas.right(second, &[Piece::new(ink, count)]);
    canvas.row(area, 2, &facts(version));
}

/// The versions in a row, the one at `at` in brackets; those in force on the
/// as-of date with a star. Shows the part of the row that fits.
pub fn timeline(policy: &Policy, at: usize, env: Env<'_>, width: usize) -> Vec<Piece> {
    let starred: Vec<&str> = env
        .as_of
        .map_or(vec![], |date| match policy.in_force(date) {
            InForce::None | InForce::Unread { .. } => vec![],
            InForce::One(version) => vec![version.name.as_str()],
            InForce::Ambiguous { candidates, .. } => {
                candidates.iter().map(|one| one.name.as_str()).collect()
            }
        });
    let label = |index: usize| {
        let name = &policy.versions[index].name;
        let star = if starred.contains(&name.as_str()) {
            "*"
        } else {
            ""
        };
        if index == at {
            Piece::new(Ink::Selected, format!("[{name}{star}]"))
        } else {
            Piece::new(Ink::Plain, format!(" {name}{star} "))
        }
    };
    let (mut first, mut last) = (at, at);
    let mut taken = label(at).width() + 4;
    loop {
        let before = first.checked_sub(1).map(|index| label(index).width() + 2);
        let after = (last + 1 < policy.versions.len()).then(|| label(last + 1).width() + 2);
        match (before, after) {
            (Some(more), _) if taken + more <= width => (first, taken) = (first - 1, taken + more),
            (_, Some(more)) if taken + more <= width => (last, taken) = (last + 1, taken + more),
            _ => break,
        }
    }
    let line = Piece::new(Ink::Dim, "──");
    let mut pieces = (first..=last)
        .map(label)
        .flat_map(|piece| [line.clone(), piece])
        .skip(1)
        .collect::<Vec<_>>();
    if first > 0 {
        pieces.insert(0, Piece::new(Ink::Dim, "… "));
    }
    if last + 1 < policy.versions.len() {
        pieces.push(Piece::new(Ink::Dim, " …"));
    }
    pieces
}

/// Dates, provenance and content of a version.
fn facts(version: &Version) -> Vec<Piece> {
    let dot = Piece::new(Ink::Dim, " · ");
    let dated = |word: &str, missing: &str, date: Option<crate::policy::Date>| match date {
        Some(date) => vec![
            Piece::new(Ink::Dim, format!("{word} ")),
            plain(date.to_string()),
        ],
        None => vec![Piece::new(Ink::Open, format!("no {missing} date"))],
    };
    [
        dated("effective", "effective", Some(version.effective)),
        dated("approved", "approval", version.approved),
        vec![plain(version.provenance.name())],
        vec![Piece::new(Ink::Dim, "sha256 "), plain(version.hash.short())],
    ]
    .join(&dot)
}

fn outline(blocks: &[Block<Spot>], flow: Flow, area: Rect, canvas: &mut Canvas<'_>) {
    let entries: Vec<(usize, &(usize, String))> = blocks
        .iter()
        .enumerate()
        .filter_map(|(index, block)| Some((index, block.outline.as_ref()?)))
        .collect();
    let here = entries.iter().rposition(|(index, _)| *index <= flow.cursor);
    let inner = Rect {
        width: area.width - 1,
        ..area
    };
    let height = usize::from(inner.height);
    let selected = here.unwrap_or_default();
    let listing = Listing {
        selected,
        offset: selected.saturating_sub(height / 2),
    };
    canvas.list(inner, listing, entries.len(), |index| {
        let (depth, text) = entries[index].1;
        let ink = if *depth == 0 { Ink::Strong } else { Ink::Plain };
        vec![
            plain("  ".repeat(depth.saturating_sub(1))),
            Piece::new(ink, text),
        ]
    });
}
