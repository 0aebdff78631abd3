//! The question for an as-of date.

use crossterm::event::Event;
use ratatui::layout::Rect;
use tui_input::Input;

use super::{Chosen, Outcome, middle};
use crate::policy::Date;
use crate::tui::field;
use crate::tui::keys::Action;
use crate::tui::paint::{Canvas, Ink, Piece, plain};

/// A date being typed.
pub struct AsOf {
    input: Input,
    fault: Option<String>,
}

impl AsOf {
    pub(super) fn new(date: Option<Date>) -> Self {
        let text = date.map(|date| date.to_string()).unwrap_or_default();
        AsOf {
            input: Input::new(text),
            fault: None,
        }
    }

    pub(super) fn edit(&mut self, event: &Event) {
        field::edit(&mut self.input, event);
        self.fault = None;
    }

    pub(super) fn update(&mut self, action: Action) -> Outcome {
        match action {
            Action::Open => self.answer(),
            Action::Back => Outcome::Close,
            _ => Outcome::Stay,
        }
    }

    fn answer(&mut self) -> Outcome {
        let text = self.input.value().trim();
        if text.is_empty() {
            return Outcome::Chosen(Chosen::AsOf(None));
        }
        match text.parse::<Date>() {
            Ok(date) => Outcome::Chosen(Chosen::AsOf(Some(date))),
            Err(error) => {
                self.fault = Some(error.to_string());
                Outcome::Stay
            }
        }
    }

    pub(super) fn draw(&self, area: Rect, canvas: &mut Canvas<'_>) {
        let inside = canvas.popup(
            middle(area, 60, 6),
            &[Piece::new(Ink::Heading, "As of which date?")],
        );
        canvas.field(inside, &[plain("> ")], &self.input);
        let help = "2019-08-14, 2019-08 or 2019; empty for no date";
        canvas.row(inside, 2, &[Piece::new(Ink::Dim, help)]);
        if let Some(fault) = &self.fault {
            canvas.row(inside, 3, &[Piece::new(Ink::Bad, fault)]);
        }
    }
}
