//! Everything a committee asks about two versions.

use super::compare::Compared;
use super::effect::Affected;
use super::names::Named;
use super::open::Workbench;
use crate::cases::Case;
use crate::compare::Pair;
use crate::replay::{Replay, replay};
use crate::revlog::{EntryReading, read_log};

/// Two versions compared, with what the log says, what it does to every case,
/// and what it does to the stored ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Redline {
    /// What differs.
    pub compared: Compared,
    /// The log entries of the versions after the older, up to the newer.
    pub entries: Vec<EntryReading>,
    /// The effect, where it can be analysed.
    pub affected: Option<Affected>,
    /// The stored cases against both.
    pub replay: Replay,
}

impl Workbench {
    /// Gathers everything about two versions.
    pub fn redline(&self, pair: Pair<Named<'_>>) -> Redline {
        let (policy, old) = pair.old;
        let (_, new) = pair.new;
        let entries = read_log(policy).entries.into_iter().filter(|entry| {
            let made = entry
                .version
                .as_deref()
                .and_then(|name| policy.version(name));
            made.is_some_and(|made| {
                old.effective < made.effective && made.effective <= new.effective
            })
        });
        let cases: Vec<&Case> = self
            .stored_cases()
            .cases
            .iter()
            .filter(|case| case.policy == policy.reference)
            .collect();
        Redline {
            compared: self.compare(pair),
            entries: entries.collect(),
            affected: self.effect(pair).ok(),
            replay: replay(&cases, &[pair.old, pair.new], &mut |_| true),
        }
    }
}
