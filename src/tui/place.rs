//! Places one can be at, go to and come back to.

use crate::compare::Pair;
use crate::policy::VersionRef;

use super::screens::log::Key as LogKey;
use super::screens::policy::Spot;

/// The six screens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tab {
    /// Search as you type.
    #[default]
    Search,
    /// The policy reader.
    Policy,
    /// Two versions compared.
    Compare,
    /// The revision log.
    Log,
    /// Stored cases against every version.
    Replay,
    /// The findings.
    Check,
}

impl Tab {
    /// Every tab, in order.
    pub const ALL: [Tab; 6] = [
        Tab::Search,
        Tab::Policy,
        Tab::Compare,
        Tab::Log,
        Tab::Replay,
        Tab::Check,
    ];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Tab::Search => "Search",
            Tab::Policy => "Policy",
            Tab::Compare => "Compare",
            Tab::Log => "Log",
            Tab::Replay => "Replay",
            Tab::Check => "Check",
        }
    }

    /// The tab so many after this one, round and round.
    #[must_use]
    pub fn after(self, steps: usize) -> Tab {
        let at = Tab::ALL.iter().position(|tab| *tab == self);
        Tab::ALL[(at.unwrap_or_default() + steps) % Tab::ALL.len()]
    }
}

/// A place: a screen and what it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A screen as it was last left.
    Tab(Tab),
    /// A version of a policy, at a spot.
    Policy {
        /// The version.
        version: VersionRef,
        /// The spot; the beginning if none.
        spot: Option<Spot>,
    },
    /// Two versions, at the change of a spot.
    Compare {
        /// The versions.
        versions: Pair<VersionRef>,
        /// What changed.
        spot: Option<Spot>,
    },
    /// The log of a policy, at the entry that made a version.
    Log {
        /// The policy.
        policy: String,
        /// The version.
        version: Option<String>,
    },
    /// The log of a policy, at a claim or an entry.
    Claim {
        /// The policy.
        policy: String,
        /// The claim.
        key: LogKey,
    },
    /// The effect of changing from one version to another.
    Effect {
        /// The versions.
        versions: Pair<VersionRef>,
        /// The example whose explanation is shown, counted from 0.
        example: Option<usize>,
    },
    /// The replay, at a case; with a version, its explanation.
    Replay {
        /// The policy whose cases are replayed.
        policy: String,
        /// The case.
        case: Option<String>,
        /// The version to explain it under.
        version: Option<String>,
    },
}

impl Place {
    /// The policies it is about; none for a screen as it was left.
    pub fn policies(&self) -> Vec<&str> {
        match self {
            Place::Tab(_) => vec![],
            Place::Policy { version, .. } => vec![&version.policy],
            Place::Compare { versions, .. } => vec![&versions.old.policy, &versions.new.policy],
            Place::Effect { versions, .. } => vec![&versions.old.policy, &versions.new.policy],
            Place::Log { policy, .. }
            | Place::Claim { policy, .. }
            | Place::Replay { policy, .. } => vec![policy],
        }
    }

    /// The screen it is on.
    pub fn tab(&self) -> Tab {
        match self {
            Place::Tab(tab) => *tab,
            Place::Policy { .. } => Tab::Policy,
            Place::Compare { .. } | Place::Effect { .. } => Tab::Compare,
            Place::Log { .. } | Place::Claim { .. } => Tab::Log,
            Place::Replay { .. } => Tab::Replay,
        }
    }
}
