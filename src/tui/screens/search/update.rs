//! What a key does in the search.

use tui_input::Input;

use super::facets::narrowed;
use super::spot::{changed_between, spot_of, version_of};
use super::state::{Life, State};
use super::view::areas;
use crate::compare::Pair;
use crate::search::Item;
use crate::tui::env::{Env, Step};
use crate::tui::job::Job;
use crate::tui::keys::Action;
use crate::tui::paint::Listing;
use crate::tui::place::Place;

impl State {
    /// What a key does.
    pub fn update(&mut self, action: Action, env: Env<'_>) -> Vec<Step> {
        if self.narrowing {
            return self.update_facets(action, env);
        }
        match action {
            Action::Filter if self.values().is_empty() => {
                vec![Step::Say("there are no results to narrow".to_owned())]
            }
            Action::Filter => {
                self.narrowing = true;
                vec![]
            }
            Action::Move(motion) => {
                let height = areas(env.body).list.height.into();
                let total = self.hits().len();
                self.listing.go(motion, total, height);
                vec![]
            }
            Action::Open => self.open(env),
            Action::Compare => self.compare(env),
            _ => vec![],
        }
    }

    fn update_facets(&mut self, action: Action, env: Env<'_>) -> Vec<Step> {
        let values = self.values();
        match action {
            Action::Move(motion) => {
                let height = areas(env.body).facets(true).height.into();
                self.facet.go(motion, values.len(), height);
                vec![]
            }
            Action::Open => {
                self.narrowing = false;
                let Some(value) = values.get(self.facet.selected) else {
                    return vec![];
                };
                self.input = Input::new(narrowed(self.input.value(), value));
                self.facet = Listing::default();
                vec![Step::Search]
            }
            Action::Filter => {
                self.narrowing = false;
                vec![]
            }
            _ => vec![],
        }
    }

    /// Asks for the life of the selected code.
    pub fn look_ahead(&mut self, env: Env<'_>) -> Vec<Step> {
        let wanted = self.hit().and_then(|hit| {
            let code = hit.item.code.clone()?;
            let policy = env.policy(&hit.item.policy)?;
            Some((code, version_of(&hit.item, policy, env.as_of)?.effective))
        });
        let Some((code, date)) = wanted else {
            return vec![];
        };
        let asked = self.life.as_ref();
        if asked.is_some_and(|life| life.code == code && life.date == date) {
            return vec![];
        }
        self.life = Some(Life {
            code: code.clone(),
            date,
            lived: None,
        });
        vec![Step::Ask(Job::Life(code, date))]
    }

    fn open(&self, env: Env<'_>) -> Vec<Step> {
        let Some(item) = self.hit().map(|hit| &hit.item) else {
            return vec![];
        };
        let Some(policy) = env.policy(&item.policy) else {
            return vec![];
        };
        match version_of(item, policy, env.as_of) {
            Some(version) => vec![Step::Go(Place::Policy {
                version: policy.version_ref(version),
                spot: spot_of(item, version),
            })],
            None => vec![Step::Say(has_changed(item))],
        }
    }

    fn compare(&self, env: Env<'_>) -> Vec<Step> {
        let Some(item) = self.hit().map(|hit| &hit.item) else {
            return vec![];
        };
        let Some(policy) = env.policy(&item.policy) else {
            return vec![];
        };
        if version_of(item, policy, env.as_of).is_none() {
            return vec![Step::Say(has_changed(item))];
        }
        match changed_between(item, policy) {
            Some((old, new)) => vec![Step::Go(Place::Compare {
                versions: Pair::new(old, new),
                spot: version_of(item, policy, env.as_of)
                    .and_then(|version| spot_of(item, version)),
            })],
            None => vec![Step::Say(format!(
                "this has not changed since the first version, {}",
                item.first
            ))],
        }
    }
}

/// What was found is not what was opened.
fn has_changed(item: &Item) -> String {
    format!(
        "the files of {} changed since they were searched; start lookback again",
        item.policy
    )
}
