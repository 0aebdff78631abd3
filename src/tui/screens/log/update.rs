//! What a key does in the log.

use super::entries::Key;
use super::state::State;
use super::view::areas;
use crate::compare::Pair;
use crate::policy::{Policy, VersionRef};
use crate::revlog::Undeclared;
use crate::tui::env::{Env, Step, neighbour};
use crate::tui::keys::Action;
use crate::tui::place::Place;
use crate::tui::screens::policy::Spot;

impl State {
    /// What a key does.
    pub fn update(&mut self, action: Action, env: Env<'_>) -> Vec<Step> {
        match action {
            Action::Move(motion) => {
                let blocks = self.blocks();
                areas(env.body).text.go(&mut self.flow, motion, &blocks);
                vec![]
            }
            Action::Next => self.seek(1, env),
            Action::Previous => self.seek(-1, env),
            Action::Compare => self.compare(env),
            Action::Read => self.read(),
            _ => vec![],
        }
    }

    /// Shows the log of the policy that is looked at now, if it is another.
    pub fn enter(&mut self, policy: &Policy) -> Vec<Step> {
        if self.policy.as_deref() == Some(policy.reference.as_str()) {
            return vec![];
        }
        self.show(policy.reference.clone(), None)
    }

    /// The place one is at.
    pub fn place(&self) -> Option<Place> {
        Some(Place::Claim {
            policy: self.policy.clone()?,
            key: self.key()?,
        })
    }

    /// To the entry after or before.
    fn seek(&mut self, step: isize, env: Env<'_>) -> Vec<Step> {
        let blocks = self.blocks();
        let text = areas(env.body).text;
        text.seek(&mut self.flow, step, &blocks, Key::is_head);
        vec![]
    }

    fn named(&self, version: &str) -> VersionRef {
        VersionRef {
            policy: self.policy.clone().unwrap_or_default(),
            version: version.to_owned(),
        }
    }

    /// The comparison of what was made with the version before, at the change
    /// that is claimed, or left out.
    fn compare(&self, env: Env<'_>) -> Vec<Step> {
        let Some(Pair { old, new }) = self.versions() else {
            return vec![];
        };
        let Some(new) = new.map(|new| self.named(&new)) else {
            let text = "the library has no version of that date";
            return vec![Step::Say(text.to_owned())];
        };
        let before = || neighbour(env.policy(&new.policy)?, &new.version, -1);
        let Some(old) = old.map(|old| self.named(&old)).or_else(before) else {
            let text = "the library has no version before it: nothing to compare";
            return vec![Step::Say(text.to_owned())];
        };
        let changes = self.changes();
        let spot = changes.iter().find_map(spot);
        let told = match (self.key(), changes.len()) {
            (Some(Key::Claim(..)), 0) => Some("no change bears this claim out".to_owned()),
            (_, 0 | 1) => None,
            (_, count) => Some(format!("the first of {count} changes of this claim")),
        };
        let versions = Pair::new(old, new);
        let go = Step::Go(Place::Compare { versions, spot });
        [go].into_iter().chain(told.map(Step::Say)).collect()
    }

    fn read(&self) -> Vec<Step> {
        match self.versions().and_then(|pair| pair.new) {
            Some(version) => vec![Step::Go(Place::Policy {
                version: self.named(&version),
                spot: None,
            })],
            None => vec![Step::Say(
                "the library has no version of that date".to_owned(),
            )],
        }
    }
}

/// Where a change stands.
fn spot(change: &Undeclared) -> Option<Spot> {
    match change {
        Undeclared::Criterion(change) => Some(Spot::Criterion(change.id().clone())),
        Undeclared::Code(change) => Some(Spot::Code(change.code.clone())),
        Undeclared::Section(change) => Some(Spot::Part(change.heading.clone())),
        Undeclared::Table(_) => None,
    }
}
