//! From a spot of a policy to its change, and back.

use super::changes::{Group, Key};
use crate::compare::Comparison;
use crate::policy::Revision;
use crate::tui::screens::policy::Spot;
use crate::workbench::{Kept, Unchanged};

/// The change of a spot, if that changed.
pub fn change_at(spot: &Spot, comparison: &Comparison) -> Option<Key> {
    let found = |group: Group, index: Option<usize>| Some(Key::Change(group, index?));
    match spot {
        Spot::Criterion(id) => {
            let mut changes = comparison.criteria.iter();
            let index = changes.position(|one| {
                let ids = one.ids();
                ids.new.contains(&id) || ids.old.contains(&id)
            });
            found(Group::Criteria, index)
        }
        Spot::Code(code) => {
            let mut changes = comparison.codes.iter();
            found(Group::Codes, changes.position(|one| one.code == *code))
        }
        Spot::Paragraph(heading, _) | Spot::Part(heading) => {
            let mut changes = comparison.sections.iter();
            found(Group::Text, changes.position(|one| one.heading == *heading))
        }
        Spot::Entry(date) => {
            let is = |one: &Option<Revision>| one.as_ref().is_some_and(|one| one.date == *date);
            let mut changes = comparison.revisions.iter();
            let index = changes.position(|one| is(&one.entry.new) || is(&one.entry.old));
            found(Group::Log, index)
        }
        Spot::Notice(_) => change_at(&Spot::Part("Notices".to_owned()), comparison),
        Spot::Reference(_) => change_at(&Spot::Part("References".to_owned()), comparison),
    }
}

/// The gap between changes in which a criterion or code stayed as it is.
pub fn gap_of(spot: &Spot, unchanged: &Unchanged) -> Option<Key> {
    let (group, gaps, name) = match spot {
        Spot::Criterion(id) => (Group::Criteria, &unchanged.criteria, id.to_string()),
        Spot::Code(code) => {
            let name = format!("{} {code}", code.system());
            (Group::Codes, &unchanged.codes, name)
        }
        _ => return None,
    };
    let holds = |gap: &Vec<Kept>| gap.iter().any(|kept| kept.name == name);
    Some(Key::Kept(group, gaps.iter().position(holds)?))
}

/// Where a change stands in the new version, or in the old one if it is gone;
/// with `true` for the new.
pub fn spot_at(key: Key, comparison: &Comparison) -> Option<(bool, Spot)> {
    let Key::Change(group, index) = key else {
        return None;
    };
    match group {
        Group::Criteria => {
            let change = comparison.criteria.get(index)?;
            let spot = Spot::Criterion(change.id().clone());
            Some((change.views.new.is_some(), spot))
        }
        Group::Codes => {
            let change = comparison.codes.get(index)?;
            let spot = Spot::Code(change.code.clone());
            Some((change.views.new.is_some(), spot))
        }
        Group::Text => {
            let change = comparison.sections.get(index)?;
            let spot = Spot::Part(change.heading.clone());
            Some((change.text.new.is_some(), spot))
        }
        Group::Log => {
            let entry = &comparison.revisions.get(index)?.entry;
            let date = entry.new.as_ref().or(entry.old.as_ref())?.date;
            Some((entry.new.is_some(), Spot::Entry(date)))
        }
        Group::Head => None,
    }
}
