//! What was typed and what was found.

use std::sync::Arc;

use crossterm::event::Event;
use tui_input::Input;

use super::facets::{Value, values};
use crate::policy::{Code, Date};
use crate::search::{Hit, Item, SearchResults};
use crate::tui::field;
use crate::tui::job::{Found, Lived, Query};
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
    /// Where a date was asked about and nothing found: the hits without it.
    pub without_date: Option<usize>,
    /// Why the newest search has no answer.
    pub problem: Option<Problem>,
    /// The selected hit.
    pub listing: Listing,
    /// Whether one is choosing among what the hits are of.
    pub narrowing: bool,
    /// The selected value of these.
    pub facet: Listing,
    /// The code and date asked about last, with what is known by now.
    pub life: Option<Life>,
}

/// A code and a date, and what is known of them by now.
pub struct Life {
    /// The code.
    pub code: Code,
    /// The date.
    pub date: Date,
    /// The answer; none yet.
    pub lived: Option<Result<Box<Lived>, Problem>>,
}

impl Default for State {
    fn default() -> Self {
        State {
            input: Input::default(),
            typing: true,
            generation: 0,
            waiting: false,
            results: None,
            without_date: None,
            problem: None,
            listing: Listing::default(),
            narrowing: false,
            facet: Listing::default(),
            life: None,
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
    pub fn answer(&mut self, generation: u64, found: Result<Found, Problem>) {
        if generation != self.generation {
            return;
        }
        self.waiting = false;
        match found {
            Ok(Found {
                results,
                without_date,
            }) => {
                let selected = self.hit().map(|hit| Arc::clone(&hit.item));
                let found = selected.and_then(|item| position(&results, &item));
                self.listing = Listing {
                    selected: found.unwrap_or_default(),
                    ..Listing::default()
                };
                self.results = Some(results);
                self.without_date = without_date;
            }
            Err(problem) => {
                self.results = None;
                self.problem = Some(problem);
            }
        }
    }

    /// Takes the life of a code, unless another is asked about by now.
    pub fn lived(&mut self, code: &Code, date: Date, lived: Result<Box<Lived>, Problem>) {
        let asked = self.life.as_mut();
        if let Some(life) = asked.filter(|life| life.code == *code && life.date == date) {
            life.lived = Some(lived);
        }
    }

    /// The values the hits have, by which they can be narrowed.
    pub fn values(&self) -> Vec<Value> {
        let results = self.results.as_ref();
        results.map_or(vec![], |results| {
            values(&results.facets, self.input.value())
        })
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
