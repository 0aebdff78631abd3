//! Which version is read, and where.

use super::document::{Spot, blocks};
use crate::policy::VersionRef;
use crate::tui::env::Env;
use crate::tui::paint::{Block, Flow};

/// The reader's state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The version that is read; none before a library is open.
    pub version: Option<VersionRef>,
    /// Where in its text.
    pub flow: Flow,
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
        named.map_or(vec![], |(policy, version)| blocks(policy, version))
    }

    /// The spot under the cursor.
    pub fn spot(&self, env: Env<'_>) -> Option<Spot> {
        let mut blocks = self.blocks(env);
        (self.flow.cursor < blocks.len()).then(|| blocks.swap_remove(self.flow.cursor).key)
    }
}
