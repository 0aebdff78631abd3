//! What a key does in the search.

use super::spot::{changed_between, spot_of, version_of};
use super::state::State;
use super::view::areas;
use crate::compare::Pair;
use crate::tui::env::{Env, Step};
use crate::tui::keys::Action;
use crate::tui::place::Place;

impl State {
    /// What a key does.
    pub fn update(&mut self, action: Action, env: Env<'_>) -> Vec<Step> {
        match action {
            Action::Move(motion) => {
                let height = areas(env.body).list.height.into();
                let total = self.hits().len();
                self.listing.go(motion, total, height);
                vec![]
            }
            Action::Open => self.open(env).into_iter().collect(),
            Action::Compare => self.compare(env),
            _ => vec![],
        }
    }

    fn open(&self, env: Env<'_>) -> Option<Step> {
        let item = &self.hit()?.item;
        let policy = env.policy(&item.policy)?;
        let version = version_of(item, policy, env.as_of)?;
        Some(Step::Go(Place::Policy {
            version: policy.version_ref(version),
            spot: spot_of(item, version),
        }))
    }

    fn compare(&self, env: Env<'_>) -> Vec<Step> {
        let Some(item) = self.hit().map(|hit| &hit.item) else {
            return vec![];
        };
        let Some(policy) = env.policy(&item.policy) else {
            return vec![];
        };
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
