//! What covers the screen for a moment: the keys, a list to choose from, a
//! question.

mod as_of;
pub mod chooser;
mod help;

use crossterm::event::Event;
use ratatui::layout::Rect;

use self::as_of::AsOf;
use self::chooser::{Chooser, Entry};
use self::help::Help;
#[cfg(test)]
pub use self::help::help_rows;
use super::keys::{Action, Context};
use super::paint::Canvas;
use super::place::Place;
use crate::policy::Date;

/// Something that covers the screen.
pub enum Overlay {
    /// The keys.
    Help(Help),
    /// A list to choose from.
    Chooser(Chooser),
    /// The question for a date.
    AsOf(AsOf),
}

/// What was chosen.
#[derive(Clone, Debug, PartialEq)]
pub enum Chosen {
    /// Something to do.
    Act(Action),
    /// Somewhere to go.
    Go(Place),
    /// A policy to look at.
    Policy(String),
    /// A date, or none any more.
    AsOf(Option<Date>),
}

/// What an action makes of an overlay.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// It stays.
    Stay,
    /// It goes.
    Close,
    /// It goes, and something was chosen.
    Chosen(Chosen),
}

impl Overlay {
    /// The keys that hold in a context.
    pub fn help(context: Context) -> Self {
        Overlay::Help(Help::new(context))
    }

    /// Commands, policies, versions and cases to choose from.
    /// `unopened` policies have cases that are not among them.
    pub fn palette(entries: Vec<Entry>, unopened: usize) -> Self {
        Overlay::Chooser(Chooser::new("Go to or do", entries, unopened))
    }

    /// Something to choose from.
    pub fn choose(title: &'static str, entries: Vec<Entry>) -> Self {
        Overlay::Chooser(Chooser::new(title, entries, 0))
    }

    /// Policies to choose from.
    pub fn policies(entries: Vec<Entry>) -> Self {
        Overlay::Chooser(Chooser::new("Policies", entries, 0))
    }

    /// The question for a date.
    pub fn as_of(date: Option<Date>) -> Self {
        Overlay::AsOf(AsOf::new(date))
    }

    /// Where keys are pressed while it is open.
    pub fn context(&self) -> Context {
        match self {
            Overlay::Help(_) => Context::Help,
            _ => Context::Choosing,
        }
    }

    /// What an action does; `height` rows are on the screen.
    pub fn update(&mut self, action: Action, height: usize) -> Outcome {
        match self {
            Overlay::Help(help) => help.update(action, height),
            Overlay::Chooser(chooser) => chooser.update(action, height),
            Overlay::AsOf(question) => question.update(action),
        }
    }

    /// Text that is typed.
    pub fn edit(&mut self, event: &Event) {
        match self {
            Overlay::Help(_) => {}
            Overlay::Chooser(chooser) => chooser.edit(event),
            Overlay::AsOf(question) => question.edit(event),
        }
    }

    /// Draws it over the screen.
    pub fn draw(&self, area: Rect, canvas: &mut Canvas<'_>) {
        match self {
            Overlay::Help(help) => help.draw(area, canvas),
            Overlay::Chooser(chooser) => chooser.draw(area, canvas),
            Overlay::AsOf(question) => question.draw(area, canvas),
        }
    }
}

/// A box in the middle, no larger than asked for.
fn middle(area: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(area.width), height.min(area.height));
    Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    }
}
