//! Going somewhere, and coming back.

use std::sync::Arc;

use super::state::{App, Waiting};
use crate::tui::job::{Job, Work};
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
        if self.tab == Tab::Search && self.screens.search.narrowing {
            self.screens.search.narrowing = false;
            return vec![];
        }
        if self.tab == Tab::Search && self.screens.search.typing {
            self.screens.search.typing = false;
            return vec![];
        }
        if let Some(work) = self.work_here() {
            return vec![Effect::Stop(work)];
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

    /// The long work whose screen one is at.
    fn work_here(&self) -> Option<Work> {
        let work = self.progress?.work;
        let screen = match work {
            Work::Index => Tab::Search,
            Work::Check => Tab::Check,
        };
        (self.tab == screen).then_some(work)
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

    /// Arrives at a place. The policy it is about is opened first; meanwhile
    /// the screen says so.
    pub(super) fn arrive(&mut self, place: Place) -> Vec<Effect> {
        self.tab = place.tab();
        self.waiting = None;
        let Some(workbench) = self.workbench().map(Arc::clone) else {
            return vec![];
        };
        let env = self.env(&workbench);
        let unopened = match place.policies().as_slice() {
            [] => self.needed().filter(|one| env.has_to_open(one)),
            named => named.iter().copied().find(|one| env.has_to_open(one)),
        };
        if let Some(policy) = unopened.map(str::to_owned) {
            self.waiting = Some(Waiting::Arrive(place));
            return self.open(policy);
        }
        let screens = &mut self.screens;
        let steps = match place {
            Place::Tab(tab) => return self.enter(tab),
            Place::Policy { version, .. } if env.version(&version).is_none() => {
                self.say(Ink::Bad, format!("the library has no version {version}"));
                self.policy = Some(version.policy);
                return self.enter(Tab::Policy);
            }
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

    /// The policy that the screen one is at is about.
    fn needed(&self) -> Option<&str> {
        let is_about_one = !matches!(self.tab, Tab::Search | Tab::Check);
        self.policy.as_deref().filter(|_| is_about_one)
    }

    /// Has a policy opened, unless that was asked last.
    pub(super) fn open(&mut self, policy: String) -> Vec<Effect> {
        if self.opening.as_ref() == Some(&policy) {
            return vec![];
        }
        self.opening = Some(policy.clone());
        vec![Effect::Run(Job::Open(policy))]
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
