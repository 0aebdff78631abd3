//! Going somewhere, and coming back.

use std::sync::Arc;

use super::state::App;
use crate::tui::message::Effect;
use crate::tui::paint::Ink;
use crate::tui::place::{Place, Tab};
use crate::tui::screens::log::Wanted;

/// So many places are remembered.
const MEMORY: usize = 100;

impl App {
    /// Goes somewhere; `Esc` leads back here.
    pub(super) fn go(&mut self, place: Place) -> Vec<Effect> {
        let here = self.here();
        if here != place && place != Place::Tab(self.tab) {
            self.history.push(here);
            let surplus = self.history.len().saturating_sub(MEMORY);
            self.history.drain(..surplus);
        }
        self.arrive(place)
    }

    /// Back to where one was; first out of what is open here.
    pub(super) fn back(&mut self) -> Vec<Effect> {
        if self.tab == Tab::Search && self.screens.search.typing {
            self.screens.search.typing = false;
            return vec![];
        }
        if self.tab == Tab::Replay && self.screens.replay.running.is_some() {
            return vec![Effect::CancelReplay];
        }
        match self.history.pop() {
            Some(place) => self.arrive(place),
            None => {
                self.say(Ink::Dim, "you are where you started; q leaves the program");
                vec![]
            }
        }
    }

    /// The place one is at.
    fn here(&self) -> Place {
        let elsewhere = Place::Tab(self.tab);
        let Some(workbench) = self.workbench() else {
            return elsewhere;
        };
        let env = self.env(workbench);
        let place = match self.tab {
            Tab::Search | Tab::Check => None,
            Tab::Policy => self.screens.policy.place(env),
            Tab::Compare => self.screens.compare.place(),
            Tab::Log => self.screens.log.place(),
            Tab::Replay => self.screens.replay.place(),
        };
        place.unwrap_or(elsewhere)
    }

    fn arrive(&mut self, place: Place) -> Vec<Effect> {
        self.tab = place.tab();
        let Some(workbench) = self.workbench().map(Arc::clone) else {
            return vec![];
        };
        let env = self.env(&workbench);
        let screens = &mut self.screens;
        let steps = match place {
            Place::Tab(tab) => return self.enter(tab),
            Place::Policy { version, spot } => {
                self.policy = Some(version.policy.clone());
                screens.policy.show(version, spot.as_ref(), env);
                vec![]
            }
            Place::Compare { versions, spot } => {
                self.policy = Some(versions.new.policy.clone());
                screens.compare.show(versions, spot)
            }
            Place::Log { policy, version } => {
                self.policy = Some(policy.clone());
                screens.log.show(policy, version.map(Wanted::Version))
            }
            Place::Claim { policy, key } => {
                self.policy = Some(policy.clone());
                screens.log.show(policy, Some(Wanted::Key(key)))
            }
            Place::Effect { versions, example } => {
                self.policy = Some(versions.new.policy.clone());
                screens.compare.show_effect(versions, example)
            }
            Place::Replay {
                policy,
                case,
                version,
            } => {
                self.policy = Some(policy.clone());
                screens.replay.show(policy, case, version)
            }
        };
        self.take_steps(steps)
    }

    /// Shows a screen as it was left, unless another policy is looked at now.
    pub(super) fn enter(&mut self, tab: Tab) -> Vec<Effect> {
        self.tab = tab;
        let Some(workbench) = self.workbench().map(Arc::clone) else {
            return vec![];
        };
        let env = self.env(&workbench);
        let screens = &mut self.screens;
        let Some(policy) = self.policy.as_deref().and_then(|one| env.policy(one)) else {
            let steps = match tab {
                Tab::Check => screens.check.enter(),
                _ => vec![],
            };
            return self.take_steps(steps);
        };
        let steps = match tab {
            Tab::Search => vec![],
            Tab::Policy => screens.policy.enter(policy, env),
            Tab::Compare => screens.compare.enter(policy),
            Tab::Log => screens.log.enter(policy),
            Tab::Replay => screens.replay.enter(policy),
            Tab::Check => screens.check.enter(),
        };
        self.take_steps(steps)
    }
}
