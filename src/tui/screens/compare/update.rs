//! What a key does in the comparison.

use super::changes::{Group, Key};
use super::sides::changes;
use super::spots::spot_at;
use super::state::State;
use super::view::areas;
use crate::compare::Pair;
use crate::policy::{Policy, VersionRef};
use crate::tui::env::{Env, Step, neighbour};
use crate::tui::keys::Action;
use crate::tui::overlay::Chosen;
use crate::tui::overlay::chooser::Entry;
use crate::tui::paint::Flow;
use crate::tui::place::Place;
use crate::tui::screens::log::Key as LogKey;
use crate::workbench::Declared;

impl State {
    /// What a key does.
    pub fn update(&mut self, action: Action, env: Env<'_>) -> Vec<Step> {
        if self.effect.is_some() {
            return self.update_effect(action, env);
        }
        match action {
            Action::Move(motion) => {
                let blocks = self.blocks(self.is_beside(env.body.width));
                areas(env.body).text.go(&mut self.flow, motion, &blocks);
            }
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
            Action::Effect => return self.ask_effect(),
            Action::Outline => return self.choose(),
            Action::PickOlder => return self.choose_older(env),
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
        if let Some(effect) = &self.effect {
            return Some(Place::Effect {
                versions: self.versions.clone()?,
                example: effect.example,
            });
        }
        let spot = self
            .comparison()
            .and_then(|comparison| spot_at(self.key()?, comparison));
        Some(Place::Compare {
            versions: self.versions.clone()?,
            spot: spot.map(|(_, spot)| spot),
        })
    }

    /// To the change after or before the cursor; folded groups are passed over.
    fn change(&mut self, step: isize, env: Env<'_>) {
        let blocks = self.blocks(self.is_beside(env.body.width));
        let text = areas(env.body).text;
        text.seek(&mut self.flow, step, &blocks, Key::is_change);
    }

    /// The changes as a list to choose from.
    fn choose(&self) -> Vec<Step> {
        let (Some(versions), Some(comparison)) = (&self.versions, self.comparison()) else {
            return vec![];
        };
        let entries = Group::ALL.into_iter().flat_map(|group| {
            let changes = changes(group, comparison).into_iter().enumerate();
            changes.filter_map(move |(index, change)| {
                let (_, spot) = spot_at(Key::Change(group, index), comparison)?;
                Some(Entry {
                    name: format!("{} {}", change.sign, change.title),
                    about: change.note,
                    does: Chosen::Go(Place::Compare {
                        versions: versions.clone(),
                        spot: Some(spot),
                    }),
                })
            })
        });
        vec![Step::Choose("Changes", entries.collect())]
    }

    /// Any version of any policy, to be the older side. Of a policy that is
    /// not open its files tell the versions.
    fn choose_older(&self, env: Env<'_>) -> Vec<Step> {
        let Some(versions) = &self.versions else {
            return vec![];
        };
        let library = env.workbench.library();
        let all = library.heads().iter().flat_map(|head| {
            let names: Vec<&str> = match library.policy_read(&head.reference) {
                Some(policy) => policy
                    .versions
                    .iter()
                    .map(|one| one.name.as_str())
                    .collect(),
                None => library.version_files(&head.reference),
            };
            let version = |name: &str| VersionRef {
                policy: head.reference.clone(),
                version: name.to_owned(),
            };
            let versions: Vec<_> = names.into_iter().map(version).collect();
            versions.into_iter().map(move |version| (head, version))
        });
        let others = all.filter(|(_, version)| *version != versions.new);
        let entries = others.map(|(policy, version)| Entry {
            name: version.to_string(),
            about: policy.title.clone(),
            does: Chosen::Go(Place::Compare {
                versions: Pair::new(version, versions.new.clone()),
                spot: None,
            }),
        });
        vec![Step::Choose("Compare with", entries.collect())]
    }

    /// Another version on one side. The older side stays the older.
    fn step(&mut self, old: isize, new: isize, env: Env<'_>) -> Vec<Step> {
        let Some(versions) = self.versions.clone() else {
            return vec![];
        };
        let beside =
            |named: &VersionRef, step| neighbour(env.policy(&named.policy)?, &named.version, step);
        let moved = beside(&versions.old, old).zip(beside(&versions.new, new));
        let two_policies = versions.old.policy != versions.new.policy;
        let at = |named: &VersionRef| {
            let policy = env.policy(&named.policy)?;
            let mut names = policy.versions.iter().map(|one| one.name.as_str());
            names.position(|name| name == named.version)
        };
        match moved {
            Some((old, new)) if two_policies || at(&old) < at(&new) => {
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

    /// Folds or unfolds the group; what stayed is opened or closed.
    fn fold(&mut self) {
        let Some(key) = self.key() else { return };
        if let Key::Kept(group, place) = key {
            if !self.opened.remove(&(group, place)) {
                self.opened.insert((group, place));
            }
            return;
        }
        let group = key.group();
        if !self.folded.remove(&group) {
            self.folded.insert(group);
        }
        self.stand_on(group);
    }

    fn fold_all(&mut self) {
        let Some(group) = self.key().map(Key::group) else {
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
        if !key.is_change() {
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

    /// The log, at what it says of the change under the cursor.
    fn log(&self) -> Vec<Step> {
        let (Some(versions), Some(examined)) = (&self.versions, self.examined()) else {
            return vec![];
        };
        let Pair { old, new } = versions;
        if old.policy != new.policy {
            let text = "these are two policies: no log tells of the difference";
            return vec![Step::Say(text.to_owned())];
        }
        let declared = match self.key() {
            Some(Key::Change(group, index)) => group.declared(&examined.declared, index),
            _ => Declared::NotAsked,
        };
        let key = match declared {
            Declared::NotAsked => {
                return vec![Step::Go(Place::Log {
                    policy: new.policy.clone(),
                    version: Some(new.version.clone()),
                })];
            }
            Declared::By { entry, claim } => LogKey::Claim(entry, claim),
            Declared::Left { entry, index } => LogKey::Undeclared(entry, index),
            Declared::Unlogged { version, index } => LogKey::UnloggedChange(version, index),
        };
        let policy = new.policy.clone();
        vec![Step::Go(Place::Claim { policy, key })]
    }
}
