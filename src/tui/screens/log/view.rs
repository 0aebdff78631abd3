//! Drawing the log.
//!
//! ```text
//! CP.MP.173  the revision log, held against the versions
//! > 2019-07  ! no approval date in the log  made version 2019-07 out of 2019-02
//! │   "Added CPT 62320, 62321, 62351, 62361."
//! │   BORNE OUT      codes added: …: all 4 codes added
//! ```

use ratatui::layout::{Constraint, Layout, Rect};

use super::state::State;
use crate::revlog::{LogReading, Status};
use crate::tui::env::Env;
use crate::tui::paint::{Canvas, Ink, Piece, Reader, plain};

/// The regions of the log.
pub struct Areas {
    head: Rect,
    /// The entries.
    pub text: Reader,
}

/// The regions of the log.
pub fn areas(body: Rect) -> Areas {
    let [head, text] = Layout::vertical([Constraint::Length(3), Constraint::Min(1)]).areas(body);
    Areas {
        head,
        text: Reader::measured(text),
    }
}

/// Draws the log.
pub fn draw(state: &State, env: Env<'_>, canvas: &mut Canvas<'_>) {
    let areas = areas(env.body);
    let Some(reference) = &state.policy else {
        canvas.line(
            areas.text.area(),
            &[plain("  The library holds no policy.")],
        );
        return;
    };
    let title = env
        .policy(reference)
        .map_or("", |policy| policy.title.as_str());
    let head = [
        Piece::new(Ink::Heading, format!(" {reference}")),
        Piece::new(Ink::Strong, format!("  {title}")),
        Piece::new(Ink::Dim, "  revision log"),
    ];
    canvas.line(areas.head, &head);
    let rule = Piece::new(Ink::Dim, "─".repeat(areas.head.width.into()));
    canvas.row(areas.head, 2, &[rule]);
    let Some(reading) = state.log.as_ref().map(|log| &log.reading) else {
        canvas.line(
            areas.text.area(),
            &[Piece::new(Ink::Dim, "  reading the log …")],
        );
        return;
    };
    canvas.row(areas.head, 1, &summary(reading));
    if reading.entries.is_empty() && reading.unlogged.is_empty() {
        canvas.line(
            areas.text.area(),
            &[plain("  The latest version has no revision log.")],
        );
        return;
    }
    areas.text.draw(canvas, state.flow, &state.blocks());
}

fn summary(reading: &LogReading) -> Vec<Piece> {
    let count = |status: Status| {
        let claims = reading.entries.iter().flat_map(|entry| &entry.claims);
        claims.filter(|claim| claim.status == status).count()
    };
    let undeclared = reading.undeclared().count();
    let parts = [
        (Ink::Plain, reading.entries.len(), "entries"),
        (Ink::Good, count(Status::BorneOut), "borne out"),
        (Ink::Bad, count(Status::Contradicted), "contradicted"),
        (Ink::Open, count(Status::NotCheckable), "not checkable"),
        (Ink::Bad, undeclared, "undeclared"),
    ];
    let mut pieces = vec![plain(" ")];
    for (index, (ink, count, what)) in parts.into_iter().enumerate() {
        if index > 0 {
            pieces.push(Piece::new(Ink::Dim, " · "));
        }
        let ink = if count == 0 { Ink::Dim } else { ink };
        pieces.push(Piece::new(ink, format!("{count} {what}")));
    }
    pieces
}
