//! Whether a case was decided under the version that applied on its dates.

use super::Basis;
use crate::cases::Case;
use crate::policy::{Date, InForce, Policy};

/// A date of a case, and the versions in force on it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// Which date.
    pub basis: Basis,
    /// The date.
    pub date: Date,
    /// What was in force.
    pub in_force: Applied,
}

/// What was in force on a date, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// No version had taken effect.
    None,
    /// This one.
    One(String),
    /// One of these, or none yet where `before_first`: a date is too coarse to tell.
    OneOf {
        /// The candidates.
        versions: Vec<String>,
        /// Whether possibly none had taken effect.
        before_first: bool,
    },
    /// It cannot be told while these files cannot be used.
    Unread(Vec<String>),
}

impl Applied {
    /// What was in force on `date`.
    pub fn on(policy: &Policy, date: Date) -> Self {
        match policy.in_force(date) {
            InForce::None => Applied::None,
            InForce::One(version) => Applied::One(version.name.clone()),
            InForce::Ambiguous {
                candidates,
                before_first,
            } => Applied::OneOf {
                versions: candidates.iter().map(|one| one.name.clone()).collect(),
                before_first,
            },
            InForce::Unread { files } => Applied::Unread(files.to_vec()),
        }
    }

    /// What was in force, in words.
    pub fn describe(&self) -> String {
        match self {
            Applied::None => "no version was in force".to_owned(),
            Applied::One(version) => format!("{version} was in force"),
            Applied::OneOf {
                versions,
                before_first,
            } => {
                let none = before_first.then_some("no version yet");
                let names = none.into_iter().chain(versions.iter().map(String::as_str));
                let names: Vec<_> = names.collect();
                format!("{} was in force", names.join(" or "))
            }
            Applied::Unread(files) => {
                format!("it cannot be told: {} cannot be used", files.join(", "))
            }
        }
    }
}

/// The dates of a case, with what was in force on each.
pub fn dates(policy: &Policy, case: &Case) -> Vec<Dated> {
    let decided = case.recorded.as_ref().and_then(|one| one.decision_date);
    [
        (Basis::Service, case.service_date),
        (Basis::Decision, decided),
    ]
    .into_iter()
    .filter_map(|(basis, date)| {
        let date = date?;
        Some(Dated {
            basis,
            date,
            in_force: Applied::on(policy, date),
        })
    })
    .collect()
}

/// The dates on which the version a case was decided under was not in force,
/// or not certainly so.
pub(super) fn doubts(policy: &Policy, case: &Case) -> Vec<Dated> {
    let version = case.recorded.as_ref().and_then(|one| one.version.as_ref());
    let Some(version) = version else {
        return vec![];
    };
    let mut dates = dates(policy, case);
    dates.retain(|dated| dated.in_force != Applied::One(version.clone()));
    dates
}
