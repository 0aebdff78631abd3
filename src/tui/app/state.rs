//! Everything the program remembers while it runs.

use std::sync::Arc;

use ratatui::layout::Rect;

use crate::policy::Date;
use crate::tui::env::Env;
use crate::tui::job::Progress;
use crate::tui::keys::{Action, Context};
use crate::tui::overlay::Overlay;
use crate::tui::paint::Ink;
use crate::tui::place::{Place, Tab};
use crate::tui::screens::{check, compare, log, policy, replay, search};
use crate::workbench::{Problem, Workbench};

/// The library, on its way.
pub enum Shelf {
    /// It is being opened.
    Opening,
    /// It is open.
    Open(Arc<Workbench>),
    /// It cannot be opened.
    Failed(Problem),
}

/// A line at the foot of the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it says.
    pub text: String,
    /// How it is meant.
    pub ink: Ink,
}

/// Something to do as soon as a policy is open.
#[derive(Clone, Debug, PartialEq)]
pub enum Waiting {
    /// Go somewhere.
    Arrive(Place),
    /// Do something with the selected hit.
    Act(Action),
}

/// The state of the program.
pub struct App {
    /// The library.
    pub shelf: Shelf,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// The screen that is shown.
    pub tab: Tab,
    /// The policy that is looked at, by reference number.
    pub policy: Option<String>,
    /// The date asked about.
    pub as_of: Option<Date>,
    /// Where one came from, the latest last.
    pub history: Vec<Place>,
    /// What covers the screen.
    pub overlay: Option<Overlay>,
    /// What there is to tell.
    pub note: Option<Note>,
    /// What the library was read from, once git has told.
    pub origin: Option<String>,
    /// How far long work is.
    pub progress: Option<Progress>,
    /// What waits for a policy to be opened.
    pub waiting: Option<Waiting>,
    /// The policy that was asked for last to be opened.
    pub opening: Option<String>,
    /// The screens.
    pub screens: Screens,
}

/// The states of the screens.
#[derive(Default)]
pub struct Screens {
    /// Search.
    pub search: search::State,
    /// The policy reader.
    pub policy: policy::State,
    /// The comparison.
    pub compare: compare::State,
    /// The revision log.
    pub log: log::State,
    /// The replay.
    pub replay: replay::State,
    /// The findings.
    pub check: check::State,
}

/// Smaller terminals get a message instead.
pub const LEAST: (u16, u16) = (40, 10);

impl App {
    /// A program whose library is still being opened.
    pub fn new(size: (u16, u16)) -> Self {
        App {
            shelf: Shelf::Opening,
            size,
            tab: Tab::Search,
            policy: None,
            as_of: None,
            history: vec![],
            overlay: None,
            note: None,
            origin: None,
            progress: None,
            waiting: None,
            opening: None,
            screens: Screens::default(),
        }
    }

    /// The library, once it is open.
    pub fn workbench(&self) -> Option<&Arc<Workbench>> {
        match &self.shelf {
            Shelf::Open(workbench) => Some(workbench),
            _ => None,
        }
    }

    /// The cells of the screen that is shown.
    pub fn body(&self) -> Rect {
        let (width, height) = self.size;
        Rect::new(0, 1, width, height.saturating_sub(3))
    }

    /// What screens may look at.
    pub fn env<'a>(&self, workbench: &'a Workbench) -> Env<'a> {
        Env {
            workbench,
            body: self.body(),
            as_of: self.as_of,
        }
    }

    /// Where a key would be pressed.
    pub fn context(&self) -> Context {
        if let Some(overlay) = &self.overlay {
            return overlay.context();
        }
        match self.tab {
            Tab::Search if self.screens.search.narrowing => Context::Narrow,
            Tab::Search if self.screens.search.typing => Context::Typing,
            Tab::Search => Context::Search,
            Tab::Policy => Context::Policy,
            Tab::Compare if self.screens.compare.effect.is_some() => Context::Effect,
            Tab::Compare => Context::Compare,
            Tab::Log => Context::Log,
            Tab::Replay if self.screens.replay.explain.is_some() => Context::Explain,
            Tab::Replay => Context::Replay,
            Tab::Check => Context::Check,
        }
    }

    /// Tells something at the foot of the screen until the next key.
    pub fn say(&mut self, ink: Ink, text: impl Into<String>) {
        let text = text.into();
        self.note = Some(Note { text, ink });
    }
}
