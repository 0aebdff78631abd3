//! The findings, and which is looked at.

use super::findings::{Key, blocks};
use crate::tui::env::Step;
use crate::tui::job::Job;
use crate::tui::paint::{Block, Flow};
use crate::workbench::Finding;

/// The state of the check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Whether it has been asked for.
    pub asked: bool,
    /// The findings, once they are known.
    pub findings: Option<Vec<Finding>>,
    /// Where one is.
    pub flow: Flow,
}

impl State {
    /// Asks for the findings, once.
    pub fn enter(&mut self) -> Vec<Step> {
        if std::mem::replace(&mut self.asked, true) {
            return vec![];
        }
        vec![Step::Ask(Job::Check)]
    }

    /// The check was stopped.
    pub fn stopped(&mut self) {
        self.asked = false;
    }

    /// Takes the findings.
    pub fn answer(&mut self, findings: Vec<Finding>) {
        self.flow.cursor = usize::from(!findings.is_empty());
        self.findings = Some(findings);
    }

    /// The blocks.
    pub fn blocks(&self) -> Vec<Block<Key>> {
        self.findings.as_deref().map_or(vec![], blocks)
    }

    /// The finding under the cursor.
    pub fn finding(&self) -> Option<&Finding> {
        match self.blocks().get(self.flow.cursor)?.key {
            Key::Finding(index) => self.findings.as_ref()?.get(index),
            Key::Severity(_) => None,
        }
    }
}
