//! A list of rows of one line each, of which only the visible are drawn.

use super::flow::Motion;

/// The selected row of a list and the first row on the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The selected row.
    pub selected: usize,
    /// The first row on the screen.
    pub offset: usize,
}

impl Listing {
    /// Moves the selection among `total` rows, `height` of them on the screen.
    pub fn go(&mut self, motion: Motion, total: usize, height: usize) {
        let page = height.saturating_sub(1).max(1);
        let last = total.saturating_sub(1);
        self.selected = match motion {
            Motion::Up => self.selected.saturating_sub(1),
            Motion::Down => self.selected.saturating_add(1).min(last),
            Motion::PageUp => self.selected.saturating_sub(page),
            Motion::PageDown => self.selected.saturating_add(page).min(last),
            Motion::Home => 0,
            Motion::End => last,
        };
        *self = self.settled(total, height);
    }

    /// The same with the selection on the screen.
    #[must_use]
    pub fn settled(self, total: usize, height: usize) -> Self {
        let selected = self.selected.min(total.saturating_sub(1));
        let lowest = (selected + 1).saturating_sub(height.max(1));
        let highest = selected.min(total.saturating_sub(height));
        Listing {
            selected,
            offset: self.offset.clamp(lowest, highest.max(lowest)),
        }
    }
}
