//! Which version applied on a date.

use jiff::civil;

use super::{Date, Policy, Provenance, Version};

/// The version in force at a date, as far as the dates allow an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum InForce<'a> {
    /// No version had taken effect.
    None,
    /// This version certainly applied.
    One(&'a Version),
    /// A date is too coarse to tell: any of these may have applied, the
    /// earliest first. `before_first` says whether possibly none did.
    Ambiguous {
        /// The candidates, by effective date.
        candidates: Vec<&'a Version>,
        /// Whether the date may lie before the first version took effect.
        before_first: bool,
    },
    /// It cannot be told: these files may hold the version in force.
    Unread {
        /// The files of versions that could not be used.
        files: &'a [String],
    },
}

/// Days on which the same is in force.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch<'a> {
    /// The first of them.
    pub from: civil::Date,
    /// The last of them; none, if nothing known ends it.
    pub until: Option<civil::Date>,
    /// What is in force on each.
    pub in_force: InForce<'a>,
}

impl Policy {
    /// The version in force at `date`: the latest whose effective date is on
    /// or before it. Where a coarse date leaves that open, every candidate is
    /// named. Drafts are never in force.
    pub fn in_force(&self, date: Date) -> InForce<'_> {
        if !self.unread.is_empty() {
            return InForce::Unread {
                files: &self.unread,
            };
        }
        let candidates: Vec<&Version> = self
            .approved()
            .filter(|version| {
                version.effective.first_day() <= date.last_day()
                    && !self.is_superseded(version, date)
            })
            .collect();
        let has_begun = |version: &Version| version.effective.last_day() <= date.first_day();
        match candidates.as_slice() {
            [] => InForce::None,
            [version] if has_begun(version) => InForce::One(version),
            _ => InForce::Ambiguous {
                before_first: !self.approved().any(has_begun),
                candidates,
            },
        }
    }

    /// Whether a version that is certainly later had certainly begun.
    fn is_superseded(&self, version: &Version, date: Date) -> bool {
        self.approved().any(|later| {
            later.effective.last_day() <= date.first_day()
                && version.effective.certainly_before(later.effective)
        })
    }

    /// Every stretch of days on which the same is in force, in order, from the
    /// first day on which a version may be; the last is open.
    pub fn stretches(&self) -> Vec<Stretch<'_>> {
        let mut starts: Vec<civil::Date> = self
            .approved()
            .flat_map(|version| {
                let (first, last) = (version.effective.first_day(), version.effective.last_day());
                [first, last]
            })
            .collect();
        starts.sort_unstable();
        starts.dedup();
        let mut stretches: Vec<Stretch<'_>> = vec![];
        for (index, from) in starts.iter().enumerate() {
            let until = starts.get(index + 1).and_then(|next| next.yesterday().ok());
            let in_force = self.in_force(Date::of_day(*from));
            match stretches.last_mut() {
                Some(last) if last.in_force == in_force => last.until = until,
                _ => stretches.push(Stretch {
                    from: *from,
                    until,
                    in_force,
                }),
            }
        }
        stretches
    }

    /// The days on which one of a run of versions may be in force: from the
    /// first, and until the day by which a later version certainly applies.
    /// None for drafts.
    pub fn days_in_force(&self, run: &[Version]) -> Option<(civil::Date, Option<civil::Date>)> {
        let run = || {
            run.iter()
                .filter(|version| version.provenance != Provenance::Draft)
        };
        let from = run().map(|version| version.effective.first_day()).min()?;
        let until = |version: &Version| {
            self.approved()
                .filter(|later| version.effective.certainly_before(later.effective))
                .map(|later| later.effective.last_day())
                .min()
        };
        let ends: Vec<Option<civil::Date>> = run().map(until).collect();
        let until = if ends.contains(&None) {
            None
        } else {
            ends.into_iter().flatten().max()
        };
        Some((from, until))
    }

    /// The versions that are no drafts, by effective date.
    pub fn approved(&self) -> impl DoubleEndedIterator<Item = &Version> {
        self.versions
            .iter()
            .filter(|version| version.provenance != Provenance::Draft)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{ContentHash, Dictionary};
    use super::*;

    fn policy(effective: &[&str]) -> Policy {
        let version = |date: &&str| Version {
            name: (*date).to_owned(),
            effective: date.parse().expect("a date"),
            reviewed: None,
            approved: None,
            provenance: Provenance::Published,
            source: None,
            sections: vec![],
            criteria: vec![],
            codes: vec![],
            notices: vec![],
            revisions: vec![],
            references: vec![],
            hash: ContentHash([0; 32]),
        };
        Policy {
            reference: "P".to_owned(),
            title: String::new(),
            publisher: String::new(),
            facts: Dictionary::default(),
            versions: effective.iter().map(version).collect(),
            unread: vec![],
        }
    }

    /// `2019-02` for one version, `2019-02|2019-07` for a doubt, `-` for none.
    fn in_force(effective: &[&str], date: &str) -> String {
        match policy(effective).in_force(date.parse().expect("a date")) {
            InForce::None => "-".to_owned(),
            InForce::Unread { files } => format!("? {}", files.join(" ")),
            InForce::One(version) => version.name.clone(),
            InForce::Ambiguous {
                candidates,
                before_first,
            } => before_first
                .then_some("-")
                .into_iter()
                .chain(candidates.iter().map(|version| version.name.as_str()))
                .collect::<Vec<_>>()
                .join("|"),
        }
    }

    #[test]
    fn month_precision_leaves_the_month_in_doubt() {
        let months = ["2019-02", "2019-07", "2020-01"];
        let table = [
            ("2018-12-31", "-"),
            ("2019-02-10", "-|2019-02"),
            ("2019-02-28", "2019-02"),
            ("2019-06-30", "2019-02"),
            ("2019-07-01", "2019-02|2019-07"),
            ("2019-07-10", "2019-02|2019-07"),
            ("2019-07-31", "2019-07"),
            ("2019-08-14", "2019-07"),
            ("2019-07", "2019-02|2019-07"),
            ("2019", "-|2019-02|2019-07"),
            ("2026-11-23", "2020-01"),
        ];
        for (date, expected) in table {
            assert_eq!(in_force(&months, date), expected, "{date}");
        }
    }

    #[test]
    fn on_each_day_of_a_stretch_the_same_is_in_force() {
        for effective in [
            &["2019-02", "2019-07", "2020-01"][..],
            &["2019", "2019-07-10"],
            &["2019-07", "2019-07"],
            &["2019-02-15", "2019-02-15", "2019-03"],
            &["2018", "2019"],
        ] {
            let policy = policy(effective);
            let mut day = "2017-12-30".parse::<Date>().expect("a date").first_day();
            let stretches = policy.stretches();
            for _ in 0..1200 {
                let mut hold = stretches
                    .iter()
                    .filter(|one| one.from <= day && one.until.is_none_or(|until| day <= until));
                let found = hold
                    .next()
                    .map_or(InForce::None, |one| one.in_force.clone());
                assert_eq!(
                    found,
                    policy.in_force(Date::of_day(day)),
                    "{effective:?} {day}"
                );
                assert_eq!(hold.next(), None);
                day = day.tomorrow().expect("a day");
            }
        }
        assert_eq!(policy(&[]).stretches(), []);
    }

    #[test]
    fn a_version_that_could_not_be_read_may_be_the_one() {
        let mut policy = policy(&["2019-02"]);
        policy.unread.push("2019-07.toml".to_owned());
        let date = "2026-01-01".parse().expect("a date");
        assert!(
            matches!(policy.in_force(date), InForce::Unread { files } if files == ["2019-07.toml"])
        );
    }

    #[test]
    fn a_coarse_date_may_lie_after_a_finer_one() {
        let mixed = ["2019", "2019-07-10"];
        assert_eq!(in_force(&mixed, "2019-08-01"), "2019|2019-07-10");
        // The first of them may have begun in November.
        assert_eq!(in_force(&mixed, "2020-01-01"), "2019|2019-07-10");
        let tied = ["2019-07", "2019-07"];
        assert_eq!(in_force(&tied, "2019-12-01"), "2019-07|2019-07");
    }

    #[test]
    fn a_draft_is_never_in_force() {
        let mut policy = policy(&["2019-02", "2019-07"]);
        policy.versions[1].provenance = Provenance::Draft;
        let date = "2026-01-01".parse().expect("a date");
        assert!(
            matches!(policy.in_force(date), InForce::One(version) if version.name == "2019-02")
        );
        assert_eq!(
            policy.latest().map(|version| version.name.as_str()),
            Some("2019-02")
        );
    }

    #[test]
    fn day_precision_leaves_no_doubt() {
        let days = ["2019-02-15", "2019-07-10"];
        assert_eq!(in_force(&days, "2019-07-09"), "2019-02-15");
        assert_eq!(in_force(&days, "2019-07-10"), "2019-07-10");
        assert_eq!(in_force(&days, "2019-02-14"), "-");
        assert_eq!(in_force(&days, "2019-07"), "2019-02-15|2019-07-10");
    }
}
