//! What a key does in the comparison.

use super::changes::{Group, Key};
use super::spots::spot_at;
use super::state::State;
use super::view::areas;
use crate::compare::Pair;
use crate::policy::{Policy, VersionRef};
use crate::tui::env::{Env, Step, neighbour};
use crate::tui::keys::Action;
use crate::tui::paint::{Block, Flow, Laid, Motion};
use crate::tui::place::Place;

impl State {
    /// What a key does.
    pub fn update(&mut self, action: Action, env: Env<'_>) -> Vec<Step> {
        match action {
            Action::Move(motion) => self.go(motion, env),
            Action::Next => self.change(1, env),
            Action::Previous => self.change(-1, env),
            Action::Earlier => return self.step(-1, 0, env),
            Action::Later => return self.step(1, 0, env),
            Action::NewerEarlier => return self.step(0, -1, env),
            Action::NewerLater => return self.step(0, 1, env),
            Action::Sides => self.beside = Some(!self.is_beside(env.body.width)),
            Action::Fold => self.fold(),
            Action::FoldAll => self.fold_all(),
            Action::Open => return self.read(),
            Action::Log => return self.log(),
            _ => {}
        }
        vec![]
    }

    /// Shows the policy that is looked at now, if it is another.
    pub fn enter(&mut self, policy: &Policy) -> Vec<Step> {
        let shown = self.versions.as_ref().map(|pair| pair.new.policy.as_str());
        if shown == Some(policy.reference.as_str()) {
            return vec![];
        }
        match policy.versions.as_slice() {
            [.., old, new] => {
                let versions = Pair::new(old, new).map(|one| policy.version_ref(one));
                self.show(versions, None)
            }
            _ => {
                *self = State::default();
                let text = format!("{} has no two versions to compare", policy.reference);
                vec![Step::Say(text)]
            }
        }
    }

    /// The place one is at.
    pub fn place(&self) -> Option<Place> {
        let spot = self
            .comparison()
            .and_then(|comparison| spot_at(self.key()?, comparison));
        Some(Place::Compare {
            versions: self.versions.clone()?,
            spot: spot.map(|(_, spot)| spot),
        })
    }

    fn laid(&self, env: Env<'_>) -> (Vec<Block<Key>>, Laid, usize) {
        let text = areas(env.body).text;
        let blocks = self.blocks(self.is_beside(env.body.width));
        let laid = Laid::of(&blocks, text.width.saturating_sub(3).into());
        (blocks, laid, text.height.into())
    }

    fn go(&mut self, motion: Motion, env: Env<'_>) {
        let (_, laid, height) = self.laid(env);
        self.flow.go(motion, &laid, height);
    }

    /// To the change after or before the cursor; folded groups are passed over.
    fn change(&mut self, step: isize, env: Env<'_>) {
        let (blocks, laid, height) = self.laid(env);
        let changes = blocks.iter().enumerate();
        let mut changes = changes
            .filter(|(_, block)| matches!(block.key, Key::Change(..)))
            .map(|(index, _)| index);
        let cursor = self.flow.cursor;
        let found = if step > 0 {
            changes.find(|index| *index > cursor)
        } else {
            changes.rfind(|index| *index < cursor)
        };
        self.flow.cursor = found.unwrap_or(cursor);
        self.flow = self.flow.settled(&laid, height);
    }

    /// Another version on one side. The older side stays the older.
    fn step(&mut self, old: isize, new: isize, env: Env<'_>) -> Vec<Step> {
        let Some(versions) = self.versions.clone() else {
            return vec![];
        };
        let Some(policy) = env.policy(&versions.old.policy) else {
            return vec![];
        };
        let beside = |named: &VersionRef, step| neighbour(policy, &named.version, step);
        let moved = beside(&versions.old, old).zip(beside(&versions.new, new));
        let at = |named: &VersionRef| {
            let mut names = policy.versions.iter().map(|one| one.name.as_str());
            names.position(|name| name == named.version)
        };
        match moved {
            Some((old, new)) if at(&old) < at(&new) => {
                let spot = self.place().and_then(|place| match place {
                    Place::Compare { spot, .. } => spot,
                    _ => None,
                });
                self.show(Pair::new(old, new), spot)
            }
            Some(_) => vec![Step::Say(
                "the old side comes before the new one".to_owned(),
            )],
            None => vec![Step::Say("there is no further version".to_owned())],
        }
    }

    fn fold(&mut self) {
        let Some(Key::Group(group) | Key::Change(group, _)) = self.key() else {
            return;
        };
        if !self.folded.remove(&group) {
            self.folded.insert(group);
        }
        self.stand_on(group);
    }

    fn fold_all(&mut self) {
        let Some(Key::Group(group) | Key::Change(group, _)) = self.key() else {
            return;
        };
        if self.folded.is_empty() {
            self.folded.extend(Group::ALL);
        } else {
            self.folded.clear();
        }
        self.stand_on(group);
    }

    fn stand_on(&mut self, group: Group) {
        let blocks = self.blocks(false);
        let found = blocks
            .iter()
            .position(|block| block.key == Key::Group(group));
        self.flow = Flow {
            cursor: found.unwrap_or_default(),
            ..self.flow
        };
    }

    fn read(&mut self) -> Vec<Step> {
        let (Some(versions), Some(key)) = (&self.versions, self.key()) else {
            return vec![];
        };
        if matches!(key, Key::Group(_)) {
            self.fold();
            return vec![];
        }
        let found = self
            .comparison()
            .and_then(|comparison| spot_at(key, comparison));
        let is_new = found.as_ref().is_none_or(|(is_new, _)| *is_new);
        let version = if is_new { &versions.new } else { &versions.old };
        vec![Step::Go(Place::Policy {
            version: version.clone(),
            spot: found.map(|(_, spot)| spot),
        })]
    }

    fn log(&self) -> Vec<Step> {
        let go = |versions: &Pair<VersionRef>| {
            Step::Go(Place::Log {
                policy: versions.new.policy.clone(),
                version: Some(versions.new.version.clone()),
            })
        };
        self.versions.iter().map(go).collect()
    }
}
