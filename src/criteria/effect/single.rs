//! What single criteria do to the outcome.

use super::NotCompared;
use super::cases::Cases;
use super::outcome::{Fixed, Outcomes, criterion_told};
use crate::policy::{CriterionId, Dictionary, Version};

/// A criterion that cannot do what it is there for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dead {
    /// The criterion.
    pub id: CriterionId,
    /// In which way.
    pub kind: DeadKind,
}

/// In which way a criterion cannot do what it is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadKind {
    /// No case can meet it.
    NeverMet,
    /// Every case meets it.
    AlwaysMet,
    /// Met or not, no case comes out differently.
    NeverMatters,
}

impl DeadKind {
    /// The kind in words.
    pub fn describe(self) -> &'static str {
        match self {
            DeadKind::NeverMet => "can never be met",
            DeadKind::AlwaysMet => "is always met",
            DeadKind::NeverMatters => "never changes the outcome",
        }
    }
}

/// The criteria of a version that cannot do what they are there for, in
/// document order. What holds of a criterion is not said again of those under it.
///
/// # Errors
/// When the analysis would take more room than it is given.
pub fn dead_criteria(version: &Version, dictionary: &Dictionary) -> Result<Vec<Dead>, NotCompared> {
    let cases = Cases::of(&[version], dictionary)?;
    let mut dead: Vec<Dead> = vec![];
    for criterion in version.all_criteria() {
        let below_dead = std::iter::successors(criterion.id.parent(), CriterionId::parent)
            .any(|above| dead.iter().any(|one| one.id == above));
        if below_dead {
            continue;
        }
        let told = criterion_told(criterion, &cases)?;
        let fixed = |value| {
            let fixed = Fixed {
                id: &criterion.id,
                value,
            };
            Outcomes::with(version, &cases, Some(&fixed))
        };
        let kind = if cases.and(&told.yes, cases.complete())?.is_false() {
            Some(DeadKind::NeverMet)
        } else if cases.and(&told.no, cases.complete())?.is_false() {
            Some(DeadKind::AlwaysMet)
        } else if fixed(true)?.same(&fixed(false)?) {
            Some(DeadKind::NeverMatters)
        } else {
            None
        };
        dead.extend(kind.map(|kind| Dead {
            id: criterion.id.clone(),
            kind,
        }));
    }
    Ok(dead)
}

/// Whether any case comes out differently under the two versions.
///
/// # Errors
/// When the analysis would take more room than it is given.
pub fn moves_the_outcome(
    old: &Version,
    new: &Version,
    dictionary: &Dictionary,
) -> Result<bool, NotCompared> {
    let cases = Cases::of(&[old, new], dictionary)?;
    Ok(!Outcomes::of(old, &cases)?.same(&Outcomes::of(new, &cases)?))
}
