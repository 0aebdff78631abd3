//! The criteria of one version, by place in the document.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::policy::{Criterion, CriterionId, Version};

/// The criteria of one version in document order, and what each is paired with.
pub(in crate::compare) struct Side<'a> {
    /// The criteria.
    pub criteria: Vec<&'a Criterion>,
    /// The place of the one each stands under; none for a statement.
    pub parents: Vec<Option<usize>>,
    /// The place of each one's counterpart on the other side.
    pub partners: Vec<Option<usize>>,
    /// Equal numbers for equal texts, white space apart.
    pub texts: Vec<usize>,
}

impl<'a> Side<'a> {
    /// The criteria of a version, none of them paired. `known` numbers the
    /// texts of both sides.
    pub fn of(version: &'a Version, known: &mut HashMap<Cow<'a, str>, usize>) -> Self {
        let mut side = Side {
            criteria: vec![],
            parents: vec![],
            partners: vec![],
            texts: vec![],
        };
        let mut pending: Vec<(Option<usize>, &Criterion)> = version
            .criteria
            .iter()
            .rev()
            .map(|one| (None, one))
            .collect();
        while let Some((parent, criterion)) = pending.pop() {
            let place = side.criteria.len();
            let children = criterion.children.iter().rev();
            pending.extend(children.map(|child| (Some(place), child)));
            let number = known.len();
            let text = known.entry(key(&criterion.text)).or_insert(number);
            side.texts.push(*text);
            side.criteria.push(criterion);
            side.parents.push(parent);
        }
        side.partners = vec![None; side.criteria.len()];
        side
    }

    /// The places of those that are not paired.
    pub fn open(&self) -> impl Iterator<Item = usize> {
        let partners = self.partners.iter().enumerate();
        partners.filter_map(|(place, partner)| partner.is_none().then_some(place))
    }

    /// The places by number.
    pub fn by_number(&self) -> HashMap<&'a CriterionId, usize> {
        let criteria = self.criteria.iter().enumerate();
        criteria.map(|(place, one)| (&one.id, place)).collect()
    }
}

/// A text by which it is known again: every kind of white space is one space.
fn key(text: &str) -> Cow<'_, str> {
    let plain = |text: &str| {
        text.bytes()
            .all(|byte| byte == b' ' || byte.is_ascii_graphic())
            && !text.starts_with(' ')
            && !text.ends_with(' ')
            && !text.contains("  ")
    };
    if plain(text) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}
