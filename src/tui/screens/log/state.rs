//! Whose log is read, and where.

use super::entries::{Key, blocks};
use crate::revlog::{EntryReading, LogReading};
use crate::tui::env::Step;
use crate::tui::job::Job;
use crate::tui::paint::{Block, Flow};

/// The state of the log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The policy, by reference number.
    pub policy: Option<String>,
    /// Its log, once it is read.
    pub reading: Option<Box<LogReading>>,
    /// Where one is.
    pub flow: Flow,
    /// The version whose entry to go to once the log is read.
    pub wanted: Option<String>,
}

impl State {
    /// Shows the log of a policy, at the entry that made a version.
    pub fn show(&mut self, policy: String, version: Option<String>) -> Vec<Step> {
        self.wanted = version;
        if self.policy.as_ref() == Some(&policy) {
            self.go_to_wanted();
            return vec![];
        }
        *self = State {
            policy: Some(policy.clone()),
            wanted: self.wanted.take(),
            ..State::default()
        };
        vec![Step::Ask(Job::ReadLog(policy))]
    }

    /// Takes an answer, unless another log is read by now.
    pub fn answer(&mut self, policy: &str, reading: Box<LogReading>) {
        if self.policy.as_deref() == Some(policy) {
            self.reading = Some(reading);
            self.go_to_wanted();
        }
    }

    fn go_to_wanted(&mut self) {
        let (Some(reading), Some(wanted)) = (&self.reading, self.wanted.clone()) else {
            return;
        };
        let made = |entry: &EntryReading| entry.version.as_ref() == Some(&wanted);
        if let Some(index) = reading.entries.iter().position(made) {
            self.flow = Flow::at(index);
        }
        self.wanted = None;
    }

    /// The blocks of the log.
    pub fn blocks(&self) -> Vec<Block<Key>> {
        self.reading
            .as_ref()
            .map_or(vec![], |reading| blocks(reading))
    }

    /// The entry under the cursor.
    pub fn entry(&self) -> Option<&EntryReading> {
        match self.blocks().get(self.flow.cursor)?.key {
            Key::Entry(index) => self.reading.as_ref()?.entries.get(index),
            Key::About => None,
        }
    }
}
