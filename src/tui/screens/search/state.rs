//! What was typed and what was found.

use std::sync::Arc;

use crossterm::event::Event;
use tui_input::Input;

use crate::policy::Date;
use crate::search::{Hit, Item, SearchResults};
use crate::tui::field;
use crate::tui::job::Query;
use crate::tui::paint::Listing;
use crate::workbench::Problem;

/// The state of the search.
pub struct State {
    /// The field.
    pub input: Input,
    /// Whether letters go into the field.
    pub typing: bool,
    /// The number of the newest search; answers to older ones are dropped.
    pub generation: u64,
    /// Whether the newest search is not answered yet.
    pub waiting: bool,
    /// What was found last.
    pub results: Option<SearchResults>,
    /// Why the newest search has no answer.
    pub problem: Option<Problem>,
    /// The selected hit.
    pub listing: Listing,
}

impl Default for State {
    fn default() -> Self {
        State {
            input: Input::default(),
            typing: true,
            generation: 0,
            waiting: false,
            results: None,
            problem: None,
            listing: Listing::default(),
        }
    }
}

/// A field longer than this would be refused by the search anyway.
const MAX_TYPED: usize = 2_000;

impl State {
    /// Text for the field; answers whether it changed.
    pub fn edit(&mut self, event: &Event) -> bool {
        let before = self.input.value().to_owned();
        field::edit(&mut self.input, event);
        if self.input.value().chars().count() > MAX_TYPED {
            self.input = Input::new(before.clone());
        }
        self.input.value() != before
    }

    /// The search to do now; none for an empty field.
    pub fn ask(&mut self, as_of: Option<Date>) -> Option<Query> {
        self.generation += 1;
        self.problem = None;
        self.waiting = !self.input.value().trim().is_empty();
        if !self.waiting {
            self.results = None;
            return None;
        }
        Some(Query {
            generation: self.generation,
            text: self.input.value().to_owned(),
            as_of,
        })
    }

    /// Takes an answer, unless something newer was asked since. The selection
    /// stays on the same item if that is still there.
    pub fn answer(&mut self, generation: u64, results: Result<SearchResults, Problem>) {
        if generation != self.generation {
            return;
        }
        self.waiting = false;
        match results {
            Ok(results) => {
                let selected = self.hit().map(|hit| Arc::clone(&hit.item));
                let found = selected.and_then(|item| position(&results, &item));
                self.listing = Listing {
                    selected: found.unwrap_or_default(),
                    ..Listing::default()
                };
                self.results = Some(results);
            }
            Err(problem) => {
                self.results = None;
                self.problem = Some(problem);
            }
        }
    }

    /// The hits.
    pub fn hits(&self) -> &[Hit] {
        self.results.as_ref().map_or(&[], |results| &results.hits)
    }

    /// The selected hit.
    pub fn hit(&self) -> Option<&Hit> {
        self.hits().get(self.listing.selected)
    }
}

fn position(results: &SearchResults, item: &Item) -> Option<usize> {
    results.hits.iter().position(|hit| *hit.item == *item)
}
