//! What was replayed, which cases are listed, and which cell is looked at.

use super::cases::{Filter, Listed, Order, Tally};
use super::explain::{Key, blocks};
use crate::policy::VersionRef;
use crate::replay::Outcome;
use crate::tui::env::Step;
use crate::tui::job::{CaseUnder, Job};
use crate::tui::paint::{Block, Flow, Gauge, Listing};
use crate::workbench::{Explained, Problem, Replayed};

/// The state of the replay.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The policy whose cases are replayed.
    pub policy: Option<String>,
    /// What came of it, once it is over.
    pub replayed: Option<Result<Box<Replayed>, Problem>>,
    /// How far it is, while it runs.
    pub running: Option<Gauge>,
    /// Which cases are listed.
    pub filter: Filter,
    /// In which order.
    pub order: Order,
    /// The cases that are listed.
    pub listed: Listed,
    /// What the replay comes to.
    pub tally: Tally,
    /// The selected case.
    pub listing: Listing,
    /// The selected version, by its place among those replayed.
    pub column: usize,
    /// The case to select once it is known.
    pub wanted: Option<String>,
    /// The cell that is explained.
    pub explain: Option<Explaining>,
}

/// A cell being explained.
#[derive(Clone, Debug, PartialEq)]
pub struct Explaining {
    /// Which case under which version.
    pub of: CaseUnder,
    /// The explanation, once it is known.
    pub explained: Option<Result<Box<Explained>, Problem>>,
    /// Where one is.
    pub flow: Flow,
}

impl State {
    /// Shows the replay of a policy's cases, at a case; with a version, its
    /// explanation.
    pub fn show(
        &mut self,
        policy: String,
        case: Option<String>,
        version: Option<String>,
    ) -> Vec<Step> {
        let before = self.explain.take();
        let mut steps = vec![];
        if self.policy.as_ref() != Some(&policy) {
            *self = State {
                policy: Some(policy.clone()),
                filter: self.filter,
                order: self.order,
                ..State::default()
            };
            steps.push(self.start());
        }
        if let Some(case) = &case {
            self.wanted = Some(case.clone());
            self.select_wanted();
        }
        if let (Some(case), Some(version)) = (case, version) {
            let version = VersionRef { policy, version };
            let of = CaseUnder { case, version };
            // Coming back finds the explanation as it was left.
            self.explain = before.filter(|before| before.of.case == of.case);
            steps.extend(self.explain(of));
        }
        steps
    }

    /// Begins a replay.
    pub fn start(&mut self) -> Step {
        let policy = self.policy.clone().unwrap_or_default();
        self.replayed = None;
        self.running = Some(Gauge { done: 0, total: 0 });
        Step::Ask(Job::Replay(policy))
    }

    /// Begins an explanation.
    pub fn explain(&mut self, of: CaseUnder) -> Vec<Step> {
        if let Some(column) = self.versions().iter().position(|one| *one == of.version) {
            self.column = column;
        }
        let flow = self
            .explain
            .as_ref()
            .map_or(Flow::default(), |one| one.flow);
        self.explain = Some(Explaining {
            of: of.clone(),
            explained: None,
            flow,
        });
        vec![Step::Ask(Job::Explain(of))]
    }

    /// Takes how far a replay is.
    pub fn progress(&mut self, policy: &str, gauge: Gauge) {
        if self.policy.as_deref() == Some(policy) && self.running.is_some() {
            self.running = Some(gauge);
        }
    }

    /// Takes what came of a replay.
    pub fn answer(&mut self, policy: &str, replayed: Result<Box<Replayed>, Problem>) {
        if self.policy.as_deref() != Some(policy) {
            return;
        }
        self.running = None;
        let first = self.replayed.is_none();
        self.replayed = Some(replayed);
        self.tally = self
            .done()
            .map(|done| Tally::of(&done.replay))
            .unwrap_or_default();
        self.list();
        if first && self.wanted.is_none() {
            self.column = self.versions().len().saturating_sub(1);
        }
        self.select_wanted();
    }

    /// Takes an explanation, unless another is wanted by now.
    pub fn explained(&mut self, of: &CaseUnder, explained: Result<Box<Explained>, Problem>) {
        if let Some(explaining) = &mut self.explain
            && explaining.of == *of
        {
            explaining.explained = Some(explained);
        }
    }

    fn select_wanted(&mut self) {
        let Some(wanted) = self.wanted.clone() else {
            return;
        };
        if self.replayed.is_none() {
            return;
        }
        if self.position(&wanted).is_none() {
            self.filter = Filter::All;
            self.list();
        }
        if let Some(selected) = self.position(&wanted) {
            self.listing.selected = selected;
        }
        self.wanted = None;
    }

    /// The place of a case in the list.
    pub fn position(&self, case: &str) -> Option<usize> {
        let outcomes = &self.done()?.replay.outcomes;
        let mut rows = self.listed.rows.iter();
        rows.position(|index| outcomes[*index].case == case)
    }

    /// Lists anew, after the replay, the filter or the order changed.
    pub fn list(&mut self) {
        let listed = self
            .done()
            .map(|done| Listed::of(&done.replay, self.filter, self.order));
        self.listed = listed.unwrap_or_default();
    }

    /// The replay, if it is over and succeeded.
    pub fn done(&self) -> Option<&Replayed> {
        self.replayed.as_ref()?.as_ref().ok().map(Box::as_ref)
    }

    /// The versions that were replayed.
    pub fn versions(&self) -> &[VersionRef] {
        self.done().map_or(&[], |done| &done.replay.versions)
    }

    /// A case of the list.
    pub fn row(&self, row: usize) -> Option<&Outcome> {
        let index = self.listed.rows.get(row)?;
        self.done()?.replay.outcomes.get(*index)
    }

    /// The selected case.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.row(self.listing.selected)
    }

    /// The blocks of the explanation.
    pub fn explanation(&self) -> Vec<Block<Key>> {
        let explained = self.explain.as_ref().and_then(|one| one.explained.as_ref());
        match explained {
            Some(Ok(explained)) => blocks(explained),
            _ => vec![],
        }
    }
}
