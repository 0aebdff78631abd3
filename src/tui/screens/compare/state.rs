//! Which versions are compared, and what is looked at.

use std::collections::BTreeSet;

use super::changes::{Group, Key, Style, blocks};
use super::spots::change_at;
use crate::compare::{Comparison, Pair};
use crate::policy::VersionRef;
use crate::tui::env::Step;
use crate::tui::job::Job;
use crate::tui::paint::{Block, Flow};
use crate::tui::screens::policy::Spot;
use crate::workbench::{Compared, Problem};

/// The state of the comparison.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The versions that are compared.
    pub versions: Option<Pair<VersionRef>>,
    /// What differs, once it is known.
    pub compared: Option<Result<Box<Compared>, Problem>>,
    /// Where one is.
    pub flow: Flow,
    /// The groups of which only the heading is shown.
    pub folded: BTreeSet<Group>,
    /// Side by side or not, if it was chosen; by the width otherwise.
    pub beside: Option<bool>,
    /// The spot to go to once it is known what differs.
    pub wanted: Option<Spot>,
    /// The spot that was wanted and has not changed.
    pub unchanged: Option<Spot>,
}

/// From this width on, old and new stand side by side.
const WIDE: u16 = 100;

impl State {
    /// Compares two versions and goes to the change of a spot.
    pub fn show(&mut self, versions: Pair<VersionRef>, spot: Option<Spot>) -> Vec<Step> {
        self.wanted = spot;
        if self.versions.as_ref() == Some(&versions) {
            self.go_to_wanted();
            return vec![];
        }
        self.versions = Some(versions.clone());
        self.compared = None;
        self.flow = Flow::default();
        vec![Step::Ask(Job::Compare(versions))]
    }

    /// Takes an answer, unless other versions are compared by now.
    pub fn answer(
        &mut self,
        versions: &Pair<VersionRef>,
        compared: Result<Box<Compared>, Problem>,
    ) {
        if self.versions.as_ref() == Some(versions) {
            self.compared = Some(compared);
            self.go_to_wanted();
        }
    }

    /// To the change that is wanted, or else the first there is.
    fn go_to_wanted(&mut self) {
        let Some(comparison) = self.comparison() else {
            return;
        };
        let wanted = self.wanted.as_ref();
        let key = wanted.and_then(|spot| change_at(spot, comparison));
        if let Some(Key::Change(group, _)) = key {
            self.folded.remove(&group);
        }
        let blocks = self.blocks(false);
        let is_wanted = |block: &Block<Key>| match key {
            Some(key) => block.key == key,
            None => matches!(block.key, Key::Change(..)),
        };
        // The heading of the first group stays in sight.
        let found = blocks.iter().position(is_wanted);
        self.flow = Flow {
            cursor: found.unwrap_or_default(),
            offset: 0,
        };
        let wanted = self.wanted.take();
        self.unchanged = wanted.filter(|_| key.is_none());
    }

    /// What differs, if it is known.
    pub fn comparison(&self) -> Option<&Comparison> {
        let compared = self.compared.as_ref()?.as_ref().ok()?;
        Some(&compared.comparison)
    }

    /// The blocks, side by side or one below the other.
    pub fn blocks(&self, beside: bool) -> Vec<Block<Key>> {
        let style = Style {
            beside,
            folded: &self.folded,
        };
        self.comparison()
            .map_or(vec![], |comparison| blocks(comparison, style))
    }

    /// Whether old and new stand side by side on a screen of that width.
    pub fn is_beside(&self, width: u16) -> bool {
        self.beside.unwrap_or(width >= WIDE)
    }

    /// The block under the cursor.
    pub fn key(&self) -> Option<Key> {
        self.blocks(false)
            .get(self.flow.cursor)
            .map(|block| block.key)
    }

    /// The number of the change under the cursor and how many there are.
    pub fn count(&self) -> (usize, usize) {
        let Some(comparison) = self.comparison() else {
            return (0, 0);
        };
        let counts = Group::ALL.map(|group| (group, group.count(comparison)));
        let before = |wanted: Group| -> usize {
            let before = counts.iter().filter(|(group, _)| *group < wanted);
            before.map(|(_, count)| count).sum()
        };
        let number = match self.key() {
            Some(Key::Change(group, index)) => before(group) + index + 1,
            Some(Key::Group(group)) => before(group),
            None => 0,
        };
        (number, counts.iter().map(|(_, count)| count).sum())
    }
}
