//! Which versions there are, and which were in force when.

use jiff::civil;

use super::evidence::Evidence;
use super::names::Named;
use super::open::Workbench;
use super::problem::Problem;
use crate::policy::{Date, InForce, Policy, Version};

/// A run of days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: civil::Date,
    /// The last day.
    pub until: civil::Date,
}

impl Period {
    /// Reads `2019`, `2019-07`, `2019-07-10` or two of them as `A..B`.
    ///
    /// # Errors
    /// When it is none of these.
    pub fn read(text: &str) -> Result<Period, Problem> {
        let (from, until) = text.split_once("..").unwrap_or((text, text));
        let date = |text: &str| {
            text.trim().parse::<Date>().map_err(|error| {
                Problem::usage(
                    error.to_string(),
                    "write a period as 2019, 2019-07 or 2019-02..2020-01",
                )
            })
        };
        let period = Period {
            from: date(from)?.first_day(),
            until: date(until)?.last_day(),
        };
        if period.from > period.until {
            return Err(Problem::usage(
                format!("the period {text} ends before it begins"),
                "write the earlier date first",
            ));
        }
        Ok(period)
    }
}

/// Versions, and when they were in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Versions<'a> {
    /// The period asked about.
    pub period: Option<Period>,
    /// By reference number.
    pub policies: Vec<PolicyVersions<'a>>,
    /// What the answer rests on.
    pub evidence: Evidence,
}

/// The versions of one policy.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyVersions<'a> {
    /// The policy. If any of its files is unread, no version of it can be
    /// said to be in force.
    pub policy: &'a Policy,
    /// The versions: all; or those in force in the period, or possibly so.
    pub versions: Vec<VersionInForce<'a>>,
}

/// A version, and when it was in force.
#[derive(Clone, Debug, PartialEq)]
pub struct VersionInForce<'a> {
    /// The version.
    pub version: &'a Version,
    /// The days, within the period if one was asked about, in order.
    pub days: Vec<DaysInForce>,
}

/// Days on which a version was in force, certainly or possibly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DaysInForce {
    /// The first of them.
    pub from: civil::Date,
    /// The last of them; none, if nothing known ends it.
    pub until: Option<civil::Date>,
    /// What else may have been in force: nothing, if it is certain.
    pub or: Vec<String>,
    /// Whether possibly no version had taken effect.
    pub or_none_yet: bool,
}

impl DaysInForce {
    /// Whether the version certainly was in force.
    pub fn is_certain(&self) -> bool {
        self.or.is_empty() && !self.or_none_yet
    }
}

impl Workbench {
    /// The versions of one policy or of all; with a period, those that were
    /// in force on a day of it, or may have been.
    ///
    /// # Errors
    /// When there is no such policy.
    pub fn versions(
        &self,
        reference: Option<&str>,
        period: Option<Period>,
    ) -> Result<Versions<'_>, Problem> {
        let policies = match reference {
            Some(reference) => vec![self.policy(Some(reference))?],
            None => self.library.policies(),
        };
        let policies: Vec<PolicyVersions<'_>> = policies
            .iter()
            .map(|policy| PolicyVersions {
                policy,
                versions: in_force(policy, period),
            })
            .collect();
        let named: Vec<Named<'_>> = policies
            .iter()
            .flat_map(|one| one.versions.iter().map(|shown| (one.policy, shown.version)))
            .collect();
        Ok(Versions {
            period,
            evidence: self.evidence(&named),
            policies,
        })
    }
}

fn in_force(policy: &Policy, period: Option<Period>) -> Vec<VersionInForce<'_>> {
    let versions = policy.versions.iter().map(|version| VersionInForce {
        version,
        days: days(policy, version, period),
    });
    versions
        .filter(|one| period.is_none() || !one.days.is_empty())
        .collect()
}

fn days(policy: &Policy, version: &Version, period: Option<Period>) -> Vec<DaysInForce> {
    let mut days = vec![];
    for stretch in policy.stretches() {
        let (names, before_first): (Vec<&str>, bool) = match &stretch.in_force {
            InForce::One(one) => (vec![&one.name], false),
            InForce::Ambiguous {
                candidates,
                before_first,
            } => (
                candidates.iter().map(|one| one.name.as_str()).collect(),
                *before_first,
            ),
            InForce::None | InForce::Unread { .. } => continue,
        };
        if !names.contains(&version.name.as_str()) {
            continue;
        }
        let Some((from, until)) = within(stretch.from, stretch.until, period) else {
            continue;
        };
        days.push(DaysInForce {
            from,
            until,
            or: names
                .into_iter()
                .filter(|name| *name != version.name)
                .map(ToOwned::to_owned)
                .collect(),
            or_none_yet: before_first,
        });
    }
    days
}

/// The part of some days that lies within a period.
fn within(
    from: civil::Date,
    until: Option<civil::Date>,
    period: Option<Period>,
) -> Option<(civil::Date, Option<civil::Date>)> {
    let Some(period) = period else {
        return Some((from, until));
    };
    let from = from.max(period.from);
    let until = until.map_or(period.until, |until| until.min(period.until));
    (from <= until).then_some((from, Some(until)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::EmbeddedSource;

    fn shown(period: Option<&str>) -> Vec<String> {
        let workbench = Workbench::of(&EmbeddedSource).expect("the embedded library");
        let period = period.map(|text| Period::read(text).expect(text));
        let versions = workbench.versions(None, period).expect("versions");
        let versions = versions.policies.iter().flat_map(|one| &one.versions);
        versions
            .map(|one| {
                let days = one.days.iter().map(|days| {
                    let until = days.until.map_or(String::new(), |until| until.to_string());
                    let none = days.or_none_yet.then_some("none").into_iter();
                    let or = none.chain(days.or.iter().map(String::as_str));
                    let or: String = or.map(|one| format!(" or {one}")).collect();
                    format!("{}..{until}{or}", days.from)
                });
                format!(
                    "{}: {}",
                    one.version.name,
                    days.collect::<Vec<_>>().join(", ")
                )
            })
            .collect()
    }

    #[test]
    fn a_version_is_in_force_within_the_period_certainly_or_possibly() {
        assert_eq!(
            shown(None),
            [
                "2019-02: 2019-02-01..2019-02-27 or none, 2019-02-28..2019-06-30, 2019-07-01..2019-07-30 or 2019-07",
                "2019-07: 2019-07-01..2019-07-30 or 2019-02, 2019-07-31..2019-12-31, 2020-01-01..2020-01-30 or 2020-01",
                "2020-01: 2020-01-01..2020-01-30 or 2019-07, 2020-01-31..",
            ]
        );
        assert_eq!(
            shown(Some("2019-07-31..2020-01")),
            [
                "2019-07: 2019-07-31..2019-12-31, 2020-01-01..2020-01-30 or 2020-01",
                "2020-01: 2020-01-01..2020-01-30 or 2019-07, 2020-01-31..2020-01-31",
            ]
        );
        assert_eq!(shown(Some("2018")), [""; 0]);
    }

    #[test]
    fn periods_are_read_or_refused() {
        let period = Period::read("2019-02..2020").expect("a period");
        assert_eq!(period.from.to_string(), "2019-02-01");
        assert_eq!(period.until.to_string(), "2020-12-31");
        for text in ["", "2020..2019", "2019..", "19", "2019-13"] {
            Period::read(text).expect_err(text);
        }
    }
}
