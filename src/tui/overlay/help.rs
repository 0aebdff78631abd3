//! The keys, out of the table.

use ratatui::layout::Rect;

use super::{Outcome, middle};
use crate::tui::keys::{Action, BINDINGS, Binding, Context};
use crate::tui::paint::{Canvas, Ink, Listing, Piece, plain};

/// The keys of a context, then those that hold everywhere.
pub struct Help {
    context: Context,
    listing: Listing,
}

/// Columns of the keys.
const KEYS: usize = 18;

impl Help {
    pub(super) fn new(context: Context) -> Self {
        Help {
            context,
            listing: Listing::default(),
        }
    }

    fn rows(&self) -> Vec<Vec<Piece>> {
        help_rows(self.context)
    }

    pub(super) fn update(&mut self, action: Action, height: usize) -> Outcome {
        match action {
            Action::Move(motion) => {
                let total = self.rows().len();
                self.listing.go(motion, total, height.saturating_sub(4));
                Outcome::Stay
            }
            Action::Back => Outcome::Close,
            _ => Outcome::Stay,
        }
    }

    pub(super) fn draw(&self, area: Rect, canvas: &mut Canvas<'_>) {
        let rows = self.rows();
        let area = middle(area, 96, rows.len() as u16 + 2);
        let inside = canvas.popup(area, &[Piece::new(Ink::Heading, "Keys")]);
        canvas.list(inside, self.listing, rows.len(), |index| {
            rows[index].clone()
        });
    }
}

fn row(binding: &Binding) -> Vec<Piece> {
    let names: Vec<String> = binding.keys.iter().map(|key| key.name()).collect();
    let keys = Piece::new(Ink::Key, names.join(" "));
    let gap = KEYS.saturating_sub(keys.width()).max(1);
    vec![keys, plain(" ".repeat(gap)), plain(binding.help)]
}

/// The keys of a context, then those that hold everywhere, a line each.
pub fn help_rows(context: Context) -> Vec<Vec<Piece>> {
    let everywhere = (context != Context::Everywhere).then_some(Context::Everywhere);
    let mut rows = vec![];
    for context in [context].into_iter().chain(everywhere) {
        if !rows.is_empty() {
            rows.push(vec![]);
        }
        rows.push(vec![Piece::new(Ink::Heading, context.name())]);
        let own = BINDINGS.iter().filter(|one| one.context == context);
        rows.extend(own.map(row));
    }
    rows
}
