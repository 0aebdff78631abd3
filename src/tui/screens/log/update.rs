//! What a key does in the log.

use super::state::State;
use super::view::areas;
use crate::compare::Pair;
use crate::policy::{Policy, VersionRef};
use crate::tui::env::{Env, Step};
use crate::tui::keys::Action;
use crate::tui::paint::Laid;
use crate::tui::place::Place;

impl State {
    /// What a key does.
    pub fn update(&mut self, action: Action, env: Env<'_>) -> Vec<Step> {
        match action {
            Action::Move(motion) => {
                let text = areas(env.body).text;
                let laid = Laid::of(&self.blocks(), text.width.saturating_sub(3).into());
                self.flow.go(motion, &laid, text.height.into());
                vec![]
            }
            Action::Compare => self.compare(),
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
        Some(Place::Log {
            policy: self.policy.clone()?,
            version: self.entry().and_then(|entry| entry.version.clone()),
        })
    }

    fn named(&self, version: &str) -> VersionRef {
        VersionRef {
            policy: self.policy.clone().unwrap_or_default(),
            version: version.to_owned(),
        }
    }

    fn compare(&self) -> Vec<Step> {
        let Some(entry) = self.entry() else {
            return vec![];
        };
        match (&entry.before, &entry.version) {
            (Some(before), Some(version)) => vec![Step::Go(Place::Compare {
                versions: Pair::new(self.named(before), self.named(version)),
                spot: None,
            })],
            (None, Some(_)) => {
                let text = "the library has no version before it: nothing to compare";
                vec![Step::Say(text.to_owned())]
            }
            _ => vec![Step::Say(
                "the library has no version of that date".to_owned(),
            )],
        }
    }

    fn read(&self) -> Vec<Step> {
        let version = self.entry().and_then(|entry| entry.version.as_deref());
        match version {
            Some(version) => vec![Step::Go(Place::Policy {
                version: self.named(version),
                spot: None,
            })],
            None => vec![Step::Say(
                "the library has no version of that date".to_owned(),
            )],
        }
    }
}
