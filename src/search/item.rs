//! The unit that is found: a text and the versions it lives in.

use std::fmt;

use crate::policy::{Code, Date, Policy, Version};

/// What an item is. The order is the order in which equals are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    /// A policy's title and reference number.
    Title,
    /// A criterion.
    Criterion,
    /// A row of a code table.
    Code,
    /// A paragraph of a section.
    Section,
    /// An entry of the revision log.
    Log,
    /// Words shown with a determination.
    Notice,
    /// A pointer to another document.
    Reference,
}

impl ItemKind {
    /// Every kind.
    pub const ALL: [ItemKind; 7] = [
        ItemKind::Title,
        ItemKind::Criterion,
        ItemKind::Code,
        ItemKind::Section,
        ItemKind::Log,
        ItemKind::Notice,
        ItemKind::Reference,
    ];

    /// The word queries and screens use.
    pub fn name(self) -> &'static str {
        match self {
            ItemKind::Title => "title",
            ItemKind::Criterion => "criterion",
            ItemKind::Code => "code",
            ItemKind::Section => "section",
            ItemKind::Log => "log",
            ItemKind::Notice => "notice",
            ItemKind::Reference => "reference",
        }
    }

    /// The kind of that name, in any case, in the singular or the plural.
    pub fn from_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        if name == "criteria" {
            return Some(ItemKind::Criterion);
        }
        let singular = name.strip_suffix('s').unwrap_or(&name);
        Self::ALL.into_iter().find(|kind| kind.name() == singular)
    }

    /// Its place in [`ItemKind::ALL`], under which the index knows it.
    pub(super) fn number(self) -> u64 {
        self as u64
    }

    /// Whether it is what a policy decides by, rather than words about it.
    pub(super) fn is_prominent(self) -> bool {
        matches!(self, ItemKind::Title | ItemKind::Criterion)
    }
}

impl fmt::Display for ItemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A text of a policy and the run of versions in which it is unchanged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// What it is.
    pub kind: ItemKind,
    /// The policy's reference number.
    pub policy: String,
    /// Under which numbers it stands, as the last version of its span has
    /// them: criterion ids; the code of a code row; the date of a log entry;
    /// the reference number of a title or of the policy referred to.
    pub ids: Vec<String>,
    /// The heading of its section or code table; empty for the others.
    pub heading: String,
    /// The text, its white space folded.
    pub text: String,
    /// The code of a code row.
    pub code: Option<Code>,
    /// The first version that has it.
    pub first: String,
    /// The last version that has it.
    pub last: String,
    /// The first version's place among the policy's versions.
    pub first_index: usize,
    /// The last version's place among the policy's versions.
    pub last_index: usize,
    /// Whether the latest version has it.
    pub current: bool,
    /// When it was in effect.
    pub effective: Period,
    /// The days on which it may have been in force.
    pub(super) days: Days,
}

/// From when to when the versions of a span were in effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The effective date of the first version.
    pub from: Date,
    /// The effective date of the version after the last; `None`: it still is.
    pub to: Option<Date>,
}

/// The days on which one of a run of versions may be in force, as numbers
/// that sort (`20190731`).
///
/// A version may be in force on a date if it may have taken effect by then
/// and no later version certainly has. Along the versions of a policy both
/// days only grow, so a run of versions is one interval and as-of is two
/// comparisons, whatever the policy. A test holds this against
/// [`Policy::in_force`](crate::policy::Policy::in_force).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Days {
    /// The first day on which the run may have begun.
    pub(super) from: u64,
    /// The day by which a later version certainly applies.
    pub(super) until: u64,
}

impl Days {
    /// The first day a date may mean, and the last.
    pub(super) fn of(date: Date) -> (u64, u64) {
        (number(date.first_day()), number(date.last_day()))
    }

    /// The days of a run of versions; none at all for drafts.
    pub(super) fn of_run(policy: &Policy, run: &[Version]) -> Self {
        match policy.days_in_force(run) {
            Some((from, until)) => Days {
                from: number(from),
                until: until.map_or(u64::MAX, number),
            },
            None => Days {
                from: u64::MAX,
                until: 0,
            },
        }
    }
}

fn number(day: jiff::civil::Date) -> u64 {
    let (year, month, day) = (day.year(), day.month(), day.day());
    u64::from(year.unsigned_abs()) * 10_000
        + u64::from(month.unsigned_abs()) * 100
        + u64::from(day.unsigned_abs())
}
