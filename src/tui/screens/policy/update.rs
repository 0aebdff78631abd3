//! What a key does in the reader.

use super::document::Spot;
use super::state::State;
use super::view::areas;
use crate::compare::Pair;
use crate::tui::env::{Env, Step, neighbour};
use crate::tui::keys::Action;
use crate::tui::paint::{Block, Flow, Laid, Motion};
use crate::tui::place::Place;

impl State {
    /// What a key does.
    pub fn update(&mut self, action: Action, env: Env<'_>) -> Vec<Step> {
        match action {
            Action::Move(motion) => self.go(motion, env),
            Action::Next => self.part(1, env),
            Action::Previous => self.part(-1, env),
            Action::Earlier => return self.step(-1, env),
            Action::Later => return self.step(1, env),
            Action::Compare => return self.compare(env),
            Action::Log => return self.log(),
            _ => {}
        }
        vec![]
    }

    fn go(&mut self, motion: Motion, env: Env<'_>) {
        let text = areas(env.body).text;
        let laid = Laid::of(&self.blocks(env), text.width.saturating_sub(3).into());
        self.flow.go(motion, &laid, text.height.into());
    }

    /// To the heading after or before the cursor; a statement counts as one.
    fn part(&mut self, step: isize, env: Env<'_>) {
        let blocks = self.blocks(env);
        let is_part = |block: &Block<Spot>| match &block.key {
            Spot::Part(_) => true,
            Spot::Criterion(id) => id.parent().is_none(),
            _ => false,
        };
        let parts = blocks.iter().enumerate().filter(|(_, one)| is_part(one));
        let mut parts = parts.map(|(index, _)| index);
        let cursor = self.flow.cursor;
        let found = if step > 0 {
            parts.find(|index| *index > cursor)
        } else {
            parts.rfind(|index| *index < cursor)
        };
        if let Some(found) = found {
            self.flow = Flow::at(found);
        }
    }

    /// To another version, at the same spot.
    fn step(&mut self, step: isize, env: Env<'_>) -> Vec<Step> {
        let Some(named) = &self.version else {
            return vec![];
        };
        let policy = env.policy(&named.policy);
        match policy.and_then(|policy| neighbour(policy, &named.version, step)) {
            Some(version) => {
                let spot = self.spot(env);
                self.show(version, spot.as_ref(), env);
                vec![]
            }
            None if step < 0 => vec![Step::Say("this is the oldest version".to_owned())],
            None => vec![Step::Say("this is the latest version".to_owned())],
        }
    }

    /// Compares with the version before; the first with the one after.
    fn compare(&self, env: Env<'_>) -> Vec<Step> {
        let Some(named) = &self.version else {
            return vec![];
        };
        let other = |step| {
            let policy = env.policy(&named.policy)?;
            neighbour(policy, &named.version, step)
        };
        let versions = match (other(-1), other(1)) {
            (Some(before), _) => Pair::new(before, named.clone()),
            (None, Some(after)) => Pair::new(named.clone(), after),
            (None, None) => {
                let text = "there is only one version: nothing to compare";
                return vec![Step::Say(text.to_owned())];
            }
        };
        let spot = self.spot(env);
        vec![Step::Go(Place::Compare { versions, spot })]
    }

    fn log(&self) -> Vec<Step> {
        let go = |named: &crate::policy::VersionRef| {
            Step::Go(Place::Log {
                policy: named.policy.clone(),
                version: Some(named.version.clone()),
            })
        };
        self.version.iter().map(go).collect()
    }
}

impl State {
    /// Shows the policy that is looked at now, if it is another.
    pub fn enter(&mut self, policy: &crate::policy::Policy, env: Env<'_>) -> Vec<Step> {
        let shown = self.version.as_ref().map(|named| named.policy.as_str());
        if shown == Some(policy.reference.as_str()) {
            return vec![];
        }
        let in_force = env.as_of.and_then(|date| match policy.in_force(date) {
            crate::policy::InForce::One(version) => Some(version),
            _ => None,
        });
        match in_force.or(policy.latest()) {
            Some(version) => self.show(policy.version_ref(version), None, env),
            None => self.version = None,
        }
        vec![]
    }

    /// The place one is at.
    pub fn place(&self, env: Env<'_>) -> Option<Place> {
        Some(Place::Policy {
            version: self.version.clone()?,
            spot: self.spot(env),
        })
    }
}
