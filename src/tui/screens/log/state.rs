//! Whose log is read, and where.

use super::entries::{Key, blocks};
use crate::compare::Pair;
use crate::revlog::{EntryReading, Undeclared};
use crate::tui::env::Step;
use crate::tui::job::Job;
use crate::tui::paint::{Block, Flow};
use crate::workbench::TracedLog;

/// The state of the log.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// The policy, by reference number.
    pub policy: Option<String>,
    /// Its log, once it is read.
    pub log: Option<Box<TracedLog>>,
    /// Where one is.
    pub flow: Flow,
    /// Where to go once the log is read.
    pub wanted: Option<Wanted>,
}

/// A place in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// The entry that made a version.
    Version(String),
    /// A claim, or something else that is known by its place.
    Key(Key),
}

impl State {
    /// Shows the log of a policy, at a place.
    pub fn show(&mut self, policy: String, wanted: Option<Wanted>) -> Vec<Step> {
        self.wanted = wanted;
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
    pub fn answer(&mut self, policy: &str, log: Box<TracedLog>) {
        if self.policy.as_deref() == Some(policy) {
            self.log = Some(log);
            self.go_to_wanted();
        }
    }

    fn go_to_wanted(&mut self) {
        let Some(log) = &self.log else { return };
        let key = match self.wanted.take() {
            None => return,
            Some(Wanted::Key(key)) => Some(key),
            Some(Wanted::Version(version)) => {
                let reading = &log.reading;
                let made = |entry: &EntryReading| entry.version.as_ref() == Some(&version);
                let entry = reading.entries.iter().position(made).map(Key::Entry);
                let mut unlogged = reading.unlogged.iter();
                entry.or_else(|| {
                    let unlogged = unlogged.position(|(name, _)| *name == version);
                    unlogged.map(Key::Unlogged)
                })
            }
        };
        let mut blocks = blocks(log).into_iter();
        if let Some(place) = blocks.position(|block| Some(block.key) == key) {
            self.flow = Flow::at(place);
        }
    }

    /// The blocks of the log.
    pub fn blocks(&self) -> Vec<Block<Key>> {
        self.log.as_ref().map_or(vec![], |log| blocks(log))
    }

    /// What is under the cursor.
    pub fn key(&self) -> Option<Key> {
        Some(self.blocks().get(self.flow.cursor)?.key)
    }

    /// The versions that what is under the cursor is about: the one before,
    /// and the one made, as far as the library has them.
    pub fn versions(&self) -> Option<Pair<Option<String>>> {
        let reading = &self.log.as_ref()?.reading;
        match self.key()? {
            Key::About => None,
            Key::Entry(entry) | Key::Claim(entry, _) | Key::Undeclared(entry, _) => {
                let entry = reading.entries.get(entry)?;
                Some(Pair::new(entry.before.clone(), entry.version.clone()))
            }
            Key::Unlogged(version) | Key::UnloggedChange(version, _) => {
                let (version, _) = reading.unlogged.get(version)?;
                Some(Pair::new(None, Some(version.clone())))
            }
        }
    }

    /// The changes that what is under the cursor leads to.
    pub fn changes(&self) -> &[Undeclared] {
        let found = self.log.as_ref().zip(self.key()).and_then(|(log, key)| {
            let reading = &log.reading;
            Some(match key {
                Key::Claim(entry, claim) => log.accounts.get(entry)?.get(claim)?.as_slice(),
                Key::Undeclared(entry, at) => {
                    std::slice::from_ref(reading.entries.get(entry)?.undeclared.get(at)?)
                }
                Key::UnloggedChange(version, at) => {
                    std::slice::from_ref(reading.unlogged.get(version)?.1.get(at)?)
                }
                _ => &[],
            })
        });
        found.unwrap_or_default()
    }
}
