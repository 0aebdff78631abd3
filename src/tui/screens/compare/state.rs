//! Which versions are compared, and what is looked at.

use std::collections::{BTreeMap, BTreeSet};

use super::changes::{Group, Key, Style, blocks};
use super::effect::{Analysed, EffectView};
use super::spots::{change_at, gap_of};
use crate::compare::{Comparison, Pair};
use crate::policy::VersionRef;
use crate::tui::env::Step;
use crate::tui::job::Job;
use crate::tui::paint::{Block, Flow};
use crate::tui::screens::policy::Spot;
use crate::workbench::{Examined, Problem};

/// The state of the comparison.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The versions that are compared.
    pub versions: Option<Pair<VersionRef>>,
    /// What differs, once it is known.
    pub examined: Option<Result<Box<Examined>, Problem>>,
    /// Where one is.
    pub flow: Flow,
    /// The groups of which only the heading is shown.
    pub folded: BTreeSet<Group>,
    /// The gaps between changes of which all that stayed is shown.
    pub opened: BTreeSet<(Group, usize)>,
    /// The effect, if that is looked at rather than the changes.
    pub effect: Option<EffectView>,
    /// Where one is in the effect, and in the explanation of each example.
    pub effect_flows: BTreeMap<Option<usize>, Flow>,
    /// What was analysed last.
    pub analysed: Option<Analysed>,
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
        let left = self.leave_effect();
        self.wanted = spot;
        if self.versions.as_ref() == Some(&versions) {
            self.go_to_wanted();
            return left.into_iter().collect();
        }
        self.versions = Some(versions.clone());
        self.examined = None;
        self.opened.clear();
        self.effect_flows.clear();
        self.flow = Flow::default();
        let ask = Step::Ask(Job::Compare(versions));
        left.into_iter().chain([ask]).collect()
    }

    /// Takes an answer, unless other versions are compared by now.
    pub fn answer(
        &mut self,
        versions: &Pair<VersionRef>,
        examined: Result<Box<Examined>, Problem>,
    ) {
        if self.versions.as_ref() == Some(versions) {
            self.examined = Some(examined);
            self.go_to_wanted();
        }
    }

    /// To what is wanted: its change, or the gap in which it stayed as it is;
    /// or else to the first change there is.
    fn go_to_wanted(&mut self) {
        let Some(examined) = self.examined() else {
            return;
        };
        let wanted = self.wanted.as_ref();
        let change = wanted.and_then(|spot| change_at(spot, &examined.compared.comparison));
        let gap = || wanted.and_then(|spot| gap_of(spot, &examined.unchanged));
        let key = change.or_else(gap);
        match key {
            Some(Key::Kept(group, place)) => {
                self.folded.remove(&group);
                self.opened.insert((group, place));
            }
            Some(key) => {
                self.folded.remove(&key.group());
            }
            None => {}
        }
        let is_wanted = |block: &Block<Key>| match key {
            Some(key) => block.key == key,
            None => block.key.is_change(),
        };
        // The heading of the first group stays in sight.
        let found = self.blocks(false).iter().position(is_wanted);
        self.flow = Flow {
            cursor: found.unwrap_or_default(),
            offset: 0,
        };
        let wanted = self.wanted.take();
        self.unchanged = wanted.filter(|_| change.is_none());
    }

    /// What is known of the versions.
    pub fn examined(&self) -> Option<&Examined> {
        self.examined.as_ref()?.as_deref().ok()
    }

    /// What differs, if it is known.
    pub fn comparison(&self) -> Option<&Comparison> {
        Some(&self.examined()?.compared.comparison)
    }

    /// The blocks, side by side or one below the other.
    pub fn blocks(&self, beside: bool) -> Vec<Block<Key>> {
        let style = Style {
            beside,
            folded: &self.folded,
            opened: &self.opened,
        };
        self.examined()
            .map_or(vec![], |examined| blocks(examined, style))
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

    /// How many changes the log should declare and does not.
    pub fn undeclared(&self) -> usize {
        self.examined().map_or(0, |examined| {
            let declared = &examined.declared;
            let codes = declared.codes.iter().chain(&declared.tables);
            let all = declared.criteria.iter().chain(codes);
            all.chain(&declared.sections)
                .filter(|one| one.is_undeclared())
                .count()
        })
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
            Some(Key::Kept(group, place)) => before(group) + place,
            None => 0,
        };
        (number, counts.iter().map(|(_, count)| count).sum())
    }
}
