//! Drawing the findings.

use ratatui::layout::{Constraint, Layout, Rect};

use super::state::State;
use crate::tui::env::Env;
use crate::tui::paint::{Canvas, Ink, Piece, Reader, plain};

/// The regions of the check.
pub struct Areas {
    head: Rect,
    /// The findings.
    pub text: Reader,
}

/// The regions of the check.
pub fn areas(body: Rect) -> Areas {
    let [head, text] = Layout::vertical([Constraint::Length(1), Constraint::Min(1)]).areas(body);
    Areas {
        head,
        text: Reader::measured(text),
    }
}

/// Draws the findings.
pub fn draw(state: &State, env: Env<'_>, canvas: &mut Canvas<'_>) {
    let areas = areas(env.body);
    let Some(findings) = &state.findings else {
        let text = match state.asked {
            true => " checking …",
            false => " The check was stopped, so nothing can be said yet; R checks again.",
        };
        canvas.line(areas.head, &[Piece::new(Ink::Dim, text)]);
        return;
    };
    let text = match findings.len() {
        0 => " Nothing was found that a person should look at.".to_owned(),
        1 => " 1 finding".to_owned(),
        count => format!(" {count} findings"),
    };
    canvas.line(areas.head, &[plain(text)]);
    areas.text.draw(canvas, state.flow, &state.blocks());
}
