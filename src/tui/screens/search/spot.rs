//! From what was found to where it stands.

use crate::policy::{CriterionId, Date, InForce, Policy, Version, VersionRef};
use crate::search::{Item, ItemKind};
use crate::tui::screens::policy::Spot;

/// The version to read an item in: the one in force on the date asked about
/// if that has it, or else the last that has it. Nothing, if the policy is not
/// the one that was searched.
pub fn version_of<'a>(item: &Item, policy: &'a Policy, as_of: Option<Date>) -> Option<&'a Version> {
    let having = policy.versions.get(item.first_index..=item.last_index)?;
    // The files may have changed since they were searched.
    let ends = [having.first()?, having.last()?].map(|version| version.name.as_str());
    if ends != [item.first.as_str(), item.last.as_str()] {
        return None;
    }
    let in_force = as_of.and_then(|date| match policy.in_force(date) {
        InForce::One(version) => having.iter().find(|one| one.name == version.name),
        _ => None,
    });
    in_force.or(having.last())
}

/// Where an item stands in a version.
pub fn spot_of(item: &Item, version: &Version) -> Option<Spot> {
    match item.kind {
        ItemKind::Title => None,
        ItemKind::Criterion => Some(Spot::Criterion(CriterionId::new(item.ids.first()?)?)),
        ItemKind::Code => item.code.clone().map(Spot::Code),
        ItemKind::Log => Some(Spot::Entry(item.ids.first()?.parse().ok()?)),
        ItemKind::Section => paragraph(item, version),
        ItemKind::Notice => {
            numbered(item, version.notices.iter().map(|one| &one.text)).map(Spot::Notice)
        }
        ItemKind::Reference => {
            numbered(item, version.references.iter().map(|one| &one.text)).map(Spot::Reference)
        }
    }
}

fn paragraph(item: &Item, version: &Version) -> Option<Spot> {
    let sections = version.sections.iter();
    let mut sections = sections.filter(|section| section.heading == item.heading);
    sections.find_map(|section| {
        let index = section.paragraphs().position(|text| text == item.text)?;
        Some(Spot::Paragraph(section.heading.clone(), index))
    })
}

/// The place of the text that an item ends with, beside what leads it.
fn numbered<'a>(item: &Item, mut texts: impl Iterator<Item = &'a String>) -> Option<usize> {
    texts.position(|text| {
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        item.text.ends_with(&folded)
    })
}

/// The versions between which an item changed: it went after the last version
/// that has it, or else came with the first.
pub fn changed_between(item: &Item, policy: &Policy) -> Option<(VersionRef, VersionRef)> {
    let named = |index: usize| {
        let version = policy.versions.get(index)?;
        Some(policy.version_ref(version))
    };
    let (old, new) = if item.current {
        (item.first_index.checked_sub(1)?, item.first_index)
    } else {
        (item.last_index, item.last_index + 1)
    };
    Some((named(old)?, named(new)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::library::{EmbeddedSource, load};
    use crate::search::items;

    #[test]
    fn a_policy_that_changed_since_it_was_searched_is_not_taken_for_it() {
        let mut library = load(&EmbeddedSource).expect("a library");
        let policy = &mut library.policies[0];
        let found = items(policy);
        let named = |policy: &Policy, item: &Item| {
            version_of(item, policy, None).map(|version| version.name.clone())
        };
        for item in &found {
            assert_eq!(named(policy, item).as_ref(), Some(&item.last));
        }
        policy.versions.remove(0);
        for item in &found {
            assert_eq!(named(policy, item), None, "{item:?}");
        }
    }
}
