//! Claims held against changes. Each change a claim accounts for is struck
//! off; what is left over was not declared.

mod codes;
mod criteria;
mod prose;
mod wording;

use std::collections::BTreeSet;

use super::check::{CheckedClaim, Status, Undeclared};
use super::claims::Claim;
use crate::compare::{ChangeKind, CodeChangeKind, Comparison, CriterionChange, Pair, compare};
use crate::policy::{CriterionId, Version};

/// Holds the claims of an entry against the change from `before` to `version`.
/// Gives each claim its status, and the changes that none accounts for.
pub fn hold(
    claims: Vec<Claim>,
    before: &Version,
    version: &Version,
) -> (Vec<CheckedClaim>, Vec<Undeclared>) {
    let (mut checked, undeclared) = hold_together(vec![claims], before, version);
    (checked.pop().unwrap_or_default(), undeclared)
}

/// Holds the claims of all entries that made one version against its change:
/// what one of them declares is no omission of another.
pub(super) fn hold_together(
    entries: Vec<Vec<Claim>>,
    before: &Version,
    version: &Version,
) -> (Vec<Vec<CheckedClaim>>, Vec<Undeclared>) {
    let comparison = compare(before, version);
    let mut ledger = Ledger {
        criteria: vec![false; comparison.criteria.len()],
        codes: comparison
            .codes
            .iter()
            .map(|change| change.views.as_ref().map(Option::is_none))
            .collect(),
        sections: vec![false; comparison.sections.len()],
        comparison,
        before,
        version,
    };
    let checked = entries
        .into_iter()
        .map(|claims| {
            claims
                .into_iter()
                .map(|claim| ledger.check(claim))
                .collect()
        })
        .collect();
    (checked, ledger.undeclared())
}

/// A claim that nothing observed can speak to.
pub(super) fn unchecked(claim: Claim, why: &str) -> CheckedClaim {
    let found = match &claim {
        Claim::NotRead { .. } => "this program does not read this sentence",
        Claim::Reviewed => "a review leaves no trace in the text",
        Claim::TitleChanged => "the library keeps one title for all versions",
        _ => why,
    };
    CheckedClaim {
        status: Status::NotCheckable,
        found: found.to_owned(),
        claim,
    }
}

/// What a check comes to: a status and what was found.
type Finding = (Status, String);

fn borne_out(found: String) -> Finding {
    (Status::BorneOut, found)
}

fn contradicted(found: impl Into<String>) -> Finding {
    (Status::Contradicted, found.into())
}

struct Ledger<'a> {
    comparison: Comparison,
    before: &'a Version,
    version: &'a Version,
    /// Which changes are accounted for, each in the order of the comparison;
    /// of a code that it went and that it came, which may be two claims.
    criteria: Vec<bool>,
    codes: Vec<Pair<bool>>,
    sections: Vec<bool>,
}

impl Ledger<'_> {
    fn check(&mut self, claim: Claim) -> CheckedClaim {
        let (status, found) = match &claim {
            Claim::CodesAdded { codes, anchor } => {
                self.codes_changed(codes, CodeChangeKind::Added, anchor.as_deref())
            }
            Claim::CodesRemoved { codes, anchor } => {
                self.codes_changed(codes, CodeChangeKind::Removed, anchor.as_deref())
            }
            Claim::CodesMoved { codes } => self.codes_changed(codes, CodeChangeKind::Moved, None),
            Claim::CodesReplaced { old, new } => {
                let gone = self.codes_changed(old, CodeChangeKind::Removed, None);
                let come = self.codes_changed(new, CodeChangeKind::Added, None);
                both(gone, come)
            }
            Claim::TextReplaced { old, new, anchor } => {
                self.text_changed(Some(old), Some(new), anchor.as_deref())
            }
            Claim::TextAdded { phrase, anchor } => {
                self.text_changed(None, Some(phrase), anchor.as_deref())
            }
            Claim::TextRemoved { phrase, anchor } => {
                self.text_changed(Some(phrase), None, anchor.as_deref())
            }
            Claim::ValueChanged { old, new, anchor } => {
                self.value_changed(old.as_deref(), new, anchor.as_deref())
            }
            Claim::CriteriaAdded { words } => {
                self.criteria_changed(words, &[ChangeKind::Added, ChangeKind::Split])
            }
            Claim::CriteriaRemoved { words } => {
                self.criteria_changed(words, &[ChangeKind::Removed, ChangeKind::Merged])
            }
            Claim::CriteriaMoved { words } => {
                self.criteria_changed(words, &[ChangeKind::Moved, ChangeKind::Renumbered])
            }
            Claim::SectionUpdated { heading } => self.section_updated(heading),
            Claim::ReferencesReviewed => self.references_reviewed(),
            Claim::NoChange => self.nothing_changed(),
            Claim::PolicyDeveloped => {
                contradicted(format!("version {} came before", self.before.name))
            }
            Claim::TitleChanged | Claim::Reviewed | Claim::NotRead { .. } => {
                return unchecked(claim, "");
            }
        };
        CheckedClaim {
            claim,
            status,
            found,
        }
    }

    fn undeclared(self) -> Vec<Undeclared> {
        let disturbed = disturbed_parents(&self.comparison.criteria);
        let open = |accounted: Vec<bool>| accounted.into_iter().map(|accounted| !accounted);
        let tables = self.comparison.tables.into_iter();
        let tables = tables.filter(|change| change.is_of_empty());
        let criteria = self
            .comparison
            .criteria
            .into_iter()
            .zip(open(self.criteria));
        let codes = self.codes.into_iter().map(|sides| sides.old && sides.new);
        let codes = self.comparison.codes.into_iter().zip(open(codes.collect()));
        let sections = self
            .comparison
            .sections
            .into_iter()
            .zip(open(self.sections));
        criteria
            .filter(|(change, _)| !only_pushed_along(change, &disturbed))
            .filter_map(|(change, open)| open.then_some(Undeclared::Criterion(change)))
            .chain(codes.filter_map(|(change, open)| open.then_some(Undeclared::Code(change))))
            .chain(tables.map(Undeclared::Table))
            .chain(
                sections.filter_map(|(change, open)| open.then_some(Undeclared::Section(change))),
            )
            .collect()
    }
}

fn both(one: Finding, other: Finding) -> Finding {
    match (one.0, other.0) {
        (Status::BorneOut, _) => (other.0, format!("{}; {}", one.1, other.1)),
        (_, Status::BorneOut) => one,
        _ => (one.0, format!("{}; {}", one.1, other.1)),
    }
}

/// The criteria under which something came, went or moved.
fn disturbed_parents(changes: &[CriterionChange]) -> BTreeSet<Option<CriterionId>> {
    changes
        .iter()
        .filter(|change| !matches!(change.kind, ChangeKind::Changed | ChangeKind::Renumbered))
        .flat_map(every_id)
        .map(CriterionId::parent)
        .collect()
}

/// Whether a criterion has another number only because one before it came or went.
fn only_pushed_along(change: &CriterionChange, disturbed: &BTreeSet<Option<CriterionId>>) -> bool {
    change.kind == ChangeKind::Renumbered
        && change.aspects.is_empty()
        && every_id(change).any(|id| disturbed.contains(&id.parent()))
}

/// Its numbers in both versions.
fn every_id(change: &CriterionChange) -> impl Iterator<Item = &CriterionId> {
    let ids = change.ids();
    ids.old.into_iter().chain(ids.new)
}
