//! Which version is read, and where.

use super::document::{Notes, Spot, blocks};
use crate::policy::VersionRef;
use crate::tui::env::{Env, Step};
use crate::tui::job::Job;
use crate::tui::paint::{Block, Flow};
use crate::workbench::CodeNote;

/// The reader's state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The version that is read; none before a library is open.
    pub version: Option<VersionRef>,
    /// Where in its text.
    pub flow: Flow,
    /// The policy whose codes were asked to be audited last.
    audited: Option<String>,
    /// What there is to say of its codes, once that is known.
    notes: Option<Vec<CodeNote>>,
}

impl State {
    /// Shows a version, at a spot or at the beginning.
    pub fn show(&mut self, version: VersionRef, spot: Option<&Spot>, env: Env<'_>) {
        self.version = Some(version);
        let blocks = self.blocks(env);
        let found = spot.and_then(|spot| spot.find(&blocks));
        self.flow = found.map(Flow::at).unwrap_or_default();
    }

    /// The blocks of the version that is read.
    pub fn blocks(&self, env: Env<'_>) -> Vec<Block<Spot>> {
        let named = self.version.as_ref().and_then(|named| env.version(named));
        named.map_or(vec![], |(policy, version)| {
            let asked = self.audited.as_ref() == Some(&policy.reference);
            let notes = self.notes.as_deref().filter(|_| asked);
            blocks(version, &Notes::of(policy, version, notes))
        })
    }

    /// Asks for the audit of the codes of the policy that is read, once.
    pub fn look_ahead(&mut self, env: Env<'_>) -> Vec<Step> {
        let named = self.version.as_ref().and_then(|named| env.version(named));
        let Some((policy, _)) = named else {
            return vec![];
        };
        if self.audited.as_ref() == Some(&policy.reference) {
            return vec![];
        }
        self.audited = Some(policy.reference.clone());
        self.notes = None;
        vec![Step::Ask(Job::Audit(policy.reference.clone()))]
    }

    /// Takes an audit, unless another is wanted by now.
    pub fn audited(&mut self, policy: &str, notes: Vec<CodeNote>) {
        if self.audited.as_deref() == Some(policy) {
            self.notes = Some(notes);
        }
    }

    /// The spot under the cursor.
    pub fn spot(&self, env: Env<'_>) -> Option<Spot> {
        let mut blocks = self.blocks(env);
        (self.flow.cursor < blocks.len()).then(|| blocks.swap_remove(self.flow.cursor).key)
    }
}
