//! What a key does in the replay and in an explanation.

use super::explain::Key;
use super::state::State;
use super::view::{areas, explain_areas};
use crate::compare::Pair;
use crate::criteria::Responsible;
use crate::policy::{Policy, VersionRef};
use crate::tui::env::{Env, Step, neighbour};
use crate::tui::job::CaseUnder;
use crate::tui::keys::Action;
use crate::tui::paint::{Flow, Laid, Listing, Motion};
use crate::tui::place::Place;
use crate::tui::screens::policy::Spot;

impl State {
    /// What a key does.
    pub fn update(&mut self, action: Action, env: Env<'_>) -> Vec<Step> {
        if self.explain.is_some() {
            return self.update_explanation(action, env);
        }
        match action {
            Action::Move(motion) => self.go(motion, env),
            Action::Earlier => self.column = self.column.saturating_sub(1),
            Action::Later => {
                let last = self.versions().len().saturating_sub(1);
                self.column = (self.column + 1).min(last);
            }
            Action::Filter => self.relist(|state| state.filter = state.filter.next()),
            Action::Sort => self.relist(|state| state.order = state.order.next()),
            Action::Open => return self.open(),
            Action::Compare => return self.compare_flip(),
            Action::Again => return vec![Step::CancelReplay, self.start()],
            _ => {}
        }
        vec![]
    }

    /// Shows the cases of the policy that is looked at now, if it is another.
    pub fn enter(&mut self, policy: &Policy) -> Vec<Step> {
        if self.policy.as_deref() == Some(policy.reference.as_str()) {
            return vec![];
        }
        *self = State {
            policy: Some(policy.reference.clone()),
            filter: self.filter,
            order: self.order,
            ..State::default()
        };
        vec![self.start()]
    }

    /// The place one is at.
    pub fn place(&self) -> Option<Place> {
        let explaining = self.explain.as_ref();
        let case = match explaining {
            Some(explaining) => Some(explaining.of.case.clone()),
            None => self.outcome().map(|outcome| outcome.case.clone()),
        };
        Some(Place::Replay {
            policy: self.policy.clone()?,
            case,
            version: explaining.map(|one| one.of.version.version.clone()),
        })
    }

    fn go(&mut self, motion: Motion, env: Env<'_>) {
        let total = self.listed.rows.len();
        let height = areas(env.body).list.height.into();
        self.listing.go(motion, total, height);
    }

    /// Lists otherwise; the selection stays on the case if it is still there.
    fn relist(&mut self, change: impl FnOnce(&mut State)) {
        let selected = self.outcome().map(|outcome| outcome.case.clone());
        change(self);
        self.list();
        let found = selected.and_then(|case| self.position(&case));
        self.listing = Listing {
            selected: found.unwrap_or_default(),
            ..Listing::default()
        };
    }

    fn open(&self) -> Vec<Step> {
        let (Some(outcome), Some(version)) = (self.outcome(), self.versions().get(self.column))
        else {
            return vec![];
        };
        vec![Step::Go(Place::Replay {
            policy: version.policy.clone(),
            case: Some(outcome.case.clone()),
            version: Some(version.version.clone()),
        })]
    }

    /// Compares the versions of the selected case's flip, at what accounts for it.
    fn compare_flip(&self) -> Vec<Step> {
        let (Some(done), Some(outcome)) = (self.done(), self.outcome()) else {
            return vec![];
        };
        let at = self.versions().get(self.column);
        let flips: Vec<_> = done.replay.flips_of(&outcome.case).collect();
        let here = flips.iter().find(|flip| Some(&flip.to) == at);
        match here.or(flips.first()) {
            Some(flip) => vec![Step::Go(Place::Compare {
                versions: Pair::new(flip.from.clone(), flip.to.clone()),
                spot: flip.because.iter().find_map(|cause| spot(&cause.what)),
            })],
            None => vec![Step::Say(
                "this case comes out the same under every version".to_owned(),
            )],
        }
    }

    fn update_explanation(&mut self, action: Action, env: Env<'_>) -> Vec<Step> {
        match action {
            Action::Move(motion) => self.scroll(motion, env),
            Action::Earlier => return self.other_version(-1, env),
            Action::Later => return self.other_version(1, env),
            Action::Next => return self.other_case(1),
            Action::Previous => return self.other_case(-1),
            Action::Read => return self.read(),
            Action::Compare => return self.compare_before(env),
            _ => {}
        }
        vec![]
    }

    fn scroll(&mut self, motion: Motion, env: Env<'_>) {
        let text = explain_areas(env.body).text;
        let laid = Laid::of(&self.explanation(), text.width.saturating_sub(3).into());
        if let Some(explaining) = &mut self.explain {
            explaining.flow.go(motion, &laid, text.height.into());
        }
    }

    fn of(&self) -> Option<CaseUnder> {
        self.explain
            .as_ref()
            .map(|explaining| explaining.of.clone())
    }

    fn other_version(&mut self, step: isize, env: Env<'_>) -> Vec<Step> {
        let Some(of) = self.of() else { return vec![] };
        let policy = env.policy(&of.version.policy);
        match policy.and_then(|policy| neighbour(policy, &of.version.version, step)) {
            Some(version) => self.explain(CaseUnder { version, ..of }),
            None => vec![Step::Say("there is no further version".to_owned())],
        }
    }

    fn other_case(&mut self, step: isize) -> Vec<Step> {
        let Some(of) = self.of() else { return vec![] };
        let next = self.listing.selected.checked_add_signed(step);
        let next = next.filter(|next| *next < self.listed.rows.len());
        let Some((next, case)) = next.and_then(|next| Some((next, self.row(next)?.case.clone())))
        else {
            return vec![Step::Say("there is no further case in the list".to_owned())];
        };
        self.listing.selected = next;
        if let Some(explaining) = &mut self.explain {
            explaining.flow = Flow::default();
        }
        self.explain(CaseUnder { case, ..of })
    }

    /// The criterion under the cursor.
    fn spot(&self) -> Option<Spot> {
        let cursor = self.explain.as_ref()?.flow.cursor;
        match &self.explanation().get(cursor)?.key {
            Key::Criterion(id) => Some(Spot::Criterion(id.clone())),
            Key::About => None,
        }
    }

    fn read(&self) -> Vec<Step> {
        let go = |of: CaseUnder| {
            Step::Go(Place::Policy {
                version: of.version,
                spot: self.spot(),
            })
        };
        self.of().map(go).into_iter().collect()
    }

    fn compare_before(&self, env: Env<'_>) -> Vec<Step> {
        let Some(of) = self.of() else { return vec![] };
        let policy = env.policy(&of.version.policy);
        let before: Option<VersionRef> =
            policy.and_then(|policy| neighbour(policy, &of.version.version, -1));
        match before {
            Some(before) => vec![Step::Go(Place::Compare {
                versions: Pair::new(before, of.version),
                spot: self.spot(),
            })],
            None => vec![Step::Say("this is the oldest version".to_owned())],
        }
    }
}

/// The criterion that a cause names. One that is gone has no place of its own
/// in the newer version, where another may bear its number.
fn spot(what: &Responsible) -> Option<Spot> {
    match what {
        Responsible::Codes => None,
        Responsible::Scope { id, gone } | Responsible::Criterion { id, gone } => {
            (!gone).then(|| Spot::Criterion(id.clone()))
        }
        Responsible::Moved { id, .. } => Some(Spot::Criterion(id.clone())),
    }
}
