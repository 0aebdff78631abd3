//! Two versions for somebody who reads them side by side: what stayed, and
//! which change the log declares.

use std::collections::BTreeSet;

use super::compare::{Compared, Relation};
use super::names::Named;
use super::open::Workbench;
use crate::compare::{Alignment, Comparison, CriterionChange, Pair};
use crate::policy::{CriterionId, Policy, Version};
use crate::revlog::{CheckedClaim, LogReading, Status, Undeclared, hold, read_log};

/// Two versions compared, with all that stayed and what the log declares.
#[derive(Clone, Debug, PartialEq)]
pub struct Examined {
    /// What differs.
    pub compared: Compared,
    /// What does not.
    pub unchanged: Unchanged,
    /// What the log says of each change.
    pub declared: Declarations,
}

/// What two versions have in common, in the gaps between the changes: the
/// first before the first change, the last after the last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unchanged {
    /// Criteria, in the order of the new version.
    pub criteria: Vec<Vec<Kept>>,
    /// Code rows, by code.
    pub codes: Vec<Vec<Kept>>,
    /// Paragraphs, all behind the last change.
    pub sections: Vec<Vec<Kept>>,
}

/// Something that both versions have as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its number, code or heading.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What the log says of each change, in the order of the comparison.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declarations {
    /// Of criteria.
    pub criteria: Vec<Declared>,
    /// Of codes.
    pub codes: Vec<Declared>,
    /// Of code tables.
    pub tables: Vec<Declared>,
    /// Of paragraphs.
    pub sections: Vec<Declared>,
}

/// What the log says of a change; entries, claims, undeclared changes and
/// versions without entry are counted from 0, as the log's reading has them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Declared {
    /// It is not asked: the versions are no neighbours, or the change is none
    /// that a log would name.
    #[default]
    NotAsked,
    /// A claim accounts for it.
    By {
        /// The entry.
        entry: usize,
        /// The claim.
        claim: usize,
    },
    /// The entry that made the version does not say it.
    Left {
        /// The entry.
        entry: usize,
        /// The place among what the entry leaves out.
        index: usize,
    },
    /// No entry made the version.
    Unlogged {
        /// The version.
        version: usize,
        /// The place among what it changed.
        index: usize,
    },
}

impl Declared {
    /// Whether the log should have said it and does not.
    pub fn is_undeclared(self) -> bool {
        matches!(self, Declared::Left { .. } | Declared::Unlogged { .. })
    }
}

/// A revision log, read, with the changes that each claim accounts for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TracedLog {
    /// The log.
    pub reading: LogReading,
    /// For each entry and claim: the changes.
    pub accounts: Vec<Vec<Vec<Undeclared>>>,
}

impl Workbench {
    /// Compares two versions for somebody who reads them side by side.
    pub fn examine(&self, pair: Pair<Named<'_>>) -> Examined {
        let compared = self.compare(pair);
        Examined {
            unchanged: unchanged(pair.old.1, pair.new.1, &compared.comparison),
            declared: declarations(pair, &compared),
            compared,
        }
    }

    /// Reads the log of a policy and what each claim accounts for.
    pub fn trace_log(&self, policy: &Policy) -> TracedLog {
        let reading = read_log(policy);
        let accounts = reading.entries.iter().map(|entry| {
            let version = |name: &Option<String>| policy.version(name.as_deref()?);
            match (version(&entry.before), version(&entry.version)) {
                (Some(before), Some(version)) => accounts(&entry.claims, before, version),
                _ => vec![vec![]; entry.claims.len()],
            }
        });
        TracedLog {
            accounts: accounts.collect(),
            reading,
        }
    }
}

/// The changes that each claim alone accounts for: those that are left over
/// without it and not with it.
fn accounts(claims: &[CheckedClaim], before: &Version, version: &Version) -> Vec<Vec<Undeclared>> {
    let (_, all) = hold(vec![], before, version);
    claims
        .iter()
        .map(|checked| {
            if checked.status == Status::NotCheckable {
                return vec![];
            }
            let (_, left) = hold(vec![checked.claim.clone()], before, version);
            // What is left stands in the order of all.
            let mut left = left.iter().peekable();
            let gone = all.iter().filter(|one| left.next_if_eq(one).is_none());
            gone.cloned().collect()
        })
        .collect()
}

/// What the log says of each change between two versions of one policy.
pub(super) fn declarations(pair: Pair<Named<'_>>, compared: &Compared) -> Declarations {
    if compared.relation != Relation::Versions {
        return Declarations::default();
    }
    let comparison = &compared.comparison;
    let (policy, old) = pair.old;
    let new = pair.new.1;
    let reading = read_log(policy);
    let mut all = Declarations {
        criteria: vec![Declared::NotAsked; comparison.criteria.len()],
        codes: vec![Declared::NotAsked; comparison.codes.len()],
        tables: vec![Declared::NotAsked; comparison.tables.len()],
        sections: vec![Declared::NotAsked; comparison.sections.len()],
    };
    for (at, entry) in reading.entries.iter().enumerate() {
        let made = entry.version.as_ref() == Some(&new.name);
        if !made || entry.before.as_ref() != Some(&old.name) {
            continue;
        }
        let accounts = accounts(&entry.claims, old, new);
        for (claim, changes) in accounts.iter().enumerate() {
            let by = |_| Declared::By { entry: at, claim };
            all.note(comparison, changes, by);
        }
        let left = |index| Declared::Left { entry: at, index };
        all.note(comparison, &entry.undeclared, left);
    }
    let place = |version: &Version| {
        let mut versions = policy.versions.iter();
        versions.position(|one| one.name == version.name)
    };
    let neighbours = place(old).map(|place| place + 1) == place(new);
    for (version, (name, changes)) in reading.unlogged.iter().enumerate() {
        if neighbours && *name == new.name {
            let unlogged = |index| Declared::Unlogged { version, index };
            all.note(comparison, changes, unlogged);
        }
    }
    all
}

impl Declarations {
    /// Notes what is said of changes, which stand in the order of the
    /// comparison. What was noted first stays.
    fn note(
        &mut self,
        comparison: &Comparison,
        changes: &[Undeclared],
        said: impl Fn(usize) -> Declared,
    ) {
        let mut changes = changes.iter().enumerate().peekable();
        let mut mark = |declared: &mut [Declared], is: &dyn Fn(usize, &Undeclared) -> bool| {
            for (place, declared) in declared.iter_mut().enumerate() {
                if let Some((index, _)) = changes.next_if(|(_, one)| is(place, one))
                    && *declared == Declared::NotAsked
                {
                    *declared = said(index);
                }
            }
        };
        mark(
            &mut self.criteria,
            &|at, one| matches!(one, Undeclared::Criterion(one) if *one == comparison.criteria[at]),
        );
        mark(
            &mut self.codes,
            &|at, one| matches!(one, Undeclared::Code(one) if *one == comparison.codes[at]),
        );
        mark(
            &mut self.tables,
            &|at, one| matches!(one, Undeclared::Table(one) if *one == comparison.tables[at]),
        );
        mark(
            &mut self.sections,
            &|at, one| matches!(one, Undeclared::Section(one) if *one == comparison.sections[at]),
        );
    }
}

fn unchanged(old: &Version, new: &Version, comparison: &Comparison) -> Unchanged {
    Unchanged {
        criteria: kept_criteria(old, new, &comparison.criteria),
        codes: kept_codes(new, comparison),
        sections: kept_paragraphs(new, comparison),
    }
}

/// The criteria between the changes, which stand in the order of the new
/// version, each removed one before what took its place.
fn kept_criteria(old: &Version, new: &Version, changes: &[CriterionChange]) -> Vec<Vec<Kept>> {
    let alignment = Alignment::of(old, new);
    let place: std::collections::HashMap<&CriterionId, usize> = old
        .all_criteria()
        .enumerate()
        .map(|(place, one)| (&one.id, place))
        .collect();
    let criteria: Vec<_> = new.all_criteria().collect();
    // For each criterion, the old place of the first at or after it that has one.
    let mut following = vec![usize::MAX; criteria.len() + 1];
    for index in (0..criteria.len()).rev() {
        let own = alignment.old_id(&criteria[index].id);
        let own = own.and_then(|id| place.get(id).copied());
        following[index] = own.unwrap_or(following[index + 1]);
    }
    let mut gaps = vec![vec![]];
    let mut changes = changes.iter().peekable();
    for (index, criterion) in criteria.into_iter().enumerate() {
        let gone_before = |change: &&CriterionChange| match (&change.views.old, &change.views.new) {
            (Some(view), None) => place.get(&view.id) < Some(&following[index]),
            _ => false,
        };
        while changes.next_if(gone_before).is_some() {
            gaps.push(vec![]);
        }
        let own = |change: &&CriterionChange| {
            let view = change.views.new.as_ref();
            view.is_some_and(|view| view.id == criterion.id)
        };
        if changes.next_if(own).is_some() {
            gaps.push(vec![]);
        } else if let Some(gap) = gaps.last_mut() {
            gap.push(Kept {
                name: criterion.id.to_string(),
                text: criterion.text.clone(),
            });
        }
    }
    gaps.extend(changes.map(|_| vec![]));
    gaps
}

/// The codes between the changed ones.
fn kept_codes(new: &Version, comparison: &Comparison) -> Vec<Vec<Kept>> {
    let changed: BTreeSet<_> = comparison.codes.iter().map(|one| &one.code).collect();
    let mut rows: Vec<_> = new
        .all_codes()
        .filter(|(_, row)| !changed.contains(&row.code))
        .collect();
    rows.sort_by_key(|(_, row)| &row.code);
    let mut rows = rows.into_iter().peekable();
    let mut gaps = vec![];
    let kept = |row: &crate::policy::CodeRow| Kept {
        name: format!("{} {}", row.code.system(), row.code),
        text: row.text.clone(),
    };
    for change in &comparison.codes {
        let mut gap = vec![];
        while let Some((_, row)) = rows.next_if(|(_, row)| row.code < change.code) {
            gap.push(kept(row));
        }
        gaps.push(gap);
    }
    gaps.push(rows.map(|(_, row)| kept(row)).collect());
    gaps
}

/// The paragraphs of prose that are the same, behind the last change.
fn kept_paragraphs(new: &Version, comparison: &Comparison) -> Vec<Vec<Kept>> {
    let changed: BTreeSet<(&str, &str)> = comparison
        .sections
        .iter()
        .filter_map(|change| Some((change.heading.as_str(), change.text.new.as_deref()?)))
        .collect();
    let kept = new.sections.iter().flat_map(|section| {
        let paragraphs = section.paragraphs();
        let kept =
            paragraphs.filter(|text| !changed.contains(&(section.heading.as_str(), text.as_str())));
        kept.map(|text| Kept {
            name: section.heading.clone(),
            text,
        })
    });
    let mut gaps = vec![vec![]; comparison.sections.len()];
    gaps.push(kept.collect());
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::EmbeddedSource;

    fn examined(old: &str, new: &str) -> Examined {
        let workbench = Workbench::of(&EmbeddedSource).expect("the embedded library");
        let names = [old, new].map(str::to_owned);
        workbench.examine(workbench.version_pair(&names).expect("two versions"))
    }

    #[test]
    fn what_stayed_and_what_changed_are_all_there_is() {
        let workbench = Workbench::of(&EmbeddedSource).expect("the embedded library");
        for (old, new) in [
            ("2019-02", "2019-07"),
            ("2019-07", "2020-01"),
            ("2020-01", "2019-02"),
        ] {
            let examined = examined(old, new);
            let (_, version) = workbench.version(new).expect("a version");
            let comparison = &examined.compared.comparison;
            let kept = &examined.unchanged;
            assert_eq!(kept.criteria.len(), comparison.criteria.len() + 1);
            assert_eq!(kept.codes.len(), comparison.codes.len() + 1);
            let mut ids: Vec<String> = vec![];
            for (gap, kept) in kept.criteria.iter().enumerate() {
                ids.extend(kept.iter().map(|one| one.name.clone()));
                let change = comparison.criteria.get(gap);
                ids.extend(change.map(|change| change.id().to_string()));
            }
            let all: Vec<String> = version
                .all_criteria()
                .map(|one| one.id.to_string())
                .collect();
            assert_eq!(ids, all, "{old} to {new}");
            let codes: usize = kept.codes.iter().map(Vec::len).sum();
            let come = comparison
                .codes
                .iter()
                .filter(|one| one.views.new.is_some());
            assert_eq!(codes + come.count(), version.all_codes().count());
        }
    }

    #[test]
    fn every_change_leads_to_its_claim() {
        let declared = examined("2019-07", "2020-01").declared;
        assert_eq!(declared.criteria, [Declared::By { entry: 2, claim: 0 }; 3]);
        let declared = examined("2019-02", "2019-07").declared;
        assert_eq!(declared.codes, [Declared::By { entry: 1, claim: 0 }; 4]);
        let two_steps = examined("2019-02", "2020-01").declared;
        assert_eq!(two_steps.criteria, [Declared::NotAsked; 3]);
    }

    #[test]
    fn every_claim_that_is_borne_out_by_a_change_leads_to_it() {
        let workbench = Workbench::of(&EmbeddedSource).expect("the embedded library");
        let policy = workbench.policy(None).expect("a policy");
        let log = workbench.trace_log(policy);
        let counts: Vec<Vec<usize>> = log
            .accounts
            .iter()
            .map(|claims| claims.iter().map(Vec::len).collect())
            .collect();
        assert_eq!(counts, [vec![0, 0], vec![4], vec![3, 0]]);
    }
}
