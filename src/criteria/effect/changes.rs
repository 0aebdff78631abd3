//! Which of the changes between two versions move the outcome.

use super::NotCompared;
use super::cases::{Cases, TooLarge};
use super::mix::Mixer;
use super::outcome::Outcomes;
use crate::policy::{CriterionId, Dictionary, Version};

/// A difference between two versions: criteria of the old one that became
/// criteria of the new one. One list is empty if something came or went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Their numbers in the old version.
    pub old: Vec<CriterionId>,
    /// Their numbers in the new version.
    pub new: Vec<CriterionId>,
}

/// For each difference, whether it *moves the outcome*: whether any case comes
/// out differently where it alone is made to the old version, or it alone is
/// taken back from the new one. What a criterion that came brought with it,
/// and what one that went took along, is made and taken back with it.
///
/// `old_id` gives the number a criterion of the new version had in the old
/// one. None where it cannot be told within the room the analysis is given, or
/// where the difference cannot be made by itself.
///
/// # Errors
/// When not even the two versions can be compared.
pub fn changes_that_move(
    old: &Version,
    new: &Version,
    dictionary: &Dictionary,
    old_id: &dyn Fn(&CriterionId) -> Option<CriterionId>,
    differences: &[Difference],
) -> Result<Vec<Option<bool>>, NotCompared> {
    let cases = Cases::of(&[old, new], dictionary)?;
    let was = Outcomes::of(&old.criteria, &cases)?;
    let now = Outcomes::of(&new.criteria, &cases)?;
    let mixer = Mixer::of(&old.criteria, &new.criteria, old_id);
    let differs = |marked: &[bool], from: &Outcomes| -> Option<Result<bool, TooLarge>> {
        let criteria = mixer.mixed(marked)?;
        let outcomes = Outcomes::of(&criteria, &cases);
        Some(outcomes.map(|outcomes| outcomes != *from))
    };
    let moves = |difference: &Difference| {
        let made = mixer.made_with(&difference.old, &difference.new);
        let others: Vec<bool> = made.iter().map(|made| !made).collect();
        cases.begin_another();
        match differs(&made, &was)? {
            Ok(true) => Some(true),
            Err(TooLarge) => None,
            Ok(false) => differs(&others, &now)?.ok(),
        }
    };
    Ok(differences.iter().map(moves).collect())
}
