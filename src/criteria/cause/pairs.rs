//! Two versions criterion by criterion, and where they differ.

use std::collections::HashMap;

use super::Responsible;
use crate::criteria::evaluate::{criterion_truth, own_truth, statement_scope};
use crate::criteria::truth::Truth;
use crate::policy::{Criterion, CriterionId, Facts};

/// Something that can be given its old value or its new one.
pub(super) struct Difference<'a> {
    pub what: Responsible,
    pub old: Option<&'a Criterion>,
    pub new: Option<&'a Criterion>,
}

/// A criterion of both versions, or of one.
pub(super) struct Pair<'a> {
    pub old: Option<Side<'a>>,
    pub new: Option<Side<'a>>,
    children: Vec<Pair<'a>>,
    /// Its place among the differences, if it is one.
    differs: Option<usize>,
    /// The place of its scope, if that differs.
    pub scope_differs: Option<usize>,
}

/// A criterion in one of the versions.
#[derive(Clone, Copy)]
pub(super) struct Side<'a> {
    pub criterion: &'a Criterion,
    pub scope: Truth,
    own: Truth,
    value: Truth,
}

impl<'a> Side<'a> {
    fn of(criterion: &'a Criterion, facts: &Facts) -> Self {
        Side {
            criterion,
            scope: statement_scope(criterion, facts),
            own: own_truth(criterion, facts),
            value: criterion_truth(criterion, facts),
        }
    }

    /// Its value, had its children these.
    fn with_children(&self, children: impl Iterator<Item = Truth>) -> Truth {
        if self.criterion.children.is_empty() {
            return self.own;
        }
        self.own.and(Truth::combine(self.criterion.need, children))
    }
}

/// The new criteria with their counterparts among the old ones, then the old
/// ones that have none.
pub(super) fn pairs<'a>(
    old: &'a [Criterion],
    new: &'a [Criterion],
    facts: &Facts,
    old_id: &dyn Fn(&CriterionId) -> Option<CriterionId>,
) -> Vec<Pair<'a>> {
    let mut left: HashMap<&CriterionId, &'a Criterion> =
        old.iter().map(|one| (&one.id, one)).collect();
    let mut paired: Vec<(Option<&Criterion>, Option<&Criterion>)> = vec![];
    for criterion in new {
        let counterpart = old_id(&criterion.id).and_then(|id| left.remove(&id));
        paired.push((counterpart, Some(criterion)));
    }
    let gone = old.iter().filter(|one| left.contains_key(&one.id));
    paired.extend(gone.map(|one| (Some(one), None)));
    paired
        .into_iter()
        .map(|(old, new)| Pair {
            old: old.map(|one| Side::of(one, facts)),
            new: new.map(|one| Side::of(one, facts)),
            // What only one version has comes and goes as a whole.
            children: match (old, new) {
                (Some(old), Some(new)) => pairs(&old.children, &new.children, facts, old_id),
                _ => vec![],
            },
            differs: None,
            scope_differs: None,
        })
        .collect()
}

impl<'a> Pair<'a> {
    /// Its value, where the differences that `is_old` marks keep their old
    /// values; none where it is left out.
    pub(super) fn value(&self, is_old: &[bool]) -> Option<Truth> {
        if self.differs.is_some_and(|index| is_old[index]) {
            return self.old.map(|old| old.value);
        }
        let new = self.new?;
        if self.old.is_none() {
            return Some(new.value);
        }
        let children = self.children.iter().filter_map(|child| child.value(is_old));
        Some(new.with_children(children))
    }

    /// Whether it differs even where everything under it keeps its old value.
    fn differs_itself(&self) -> bool {
        let (Some(old), Some(new)) = (self.old, self.new) else {
            return true;
        };
        let old_children = self.children.iter().filter_map(|child| child.old);
        new.with_children(old_children.map(|child| child.value)) != old.value
    }

    pub(super) fn scope_differs(&self) -> bool {
        let framed = |side: Option<Side>| side.map(|side| (side.scope, side.criterion.covers));
        framed(self.old) != framed(self.new)
    }

    /// Its number, and whether only the old version has it.
    pub(super) fn named(&self) -> Option<(CriterionId, bool)> {
        let side = self.new.or(self.old)?;
        Some((side.criterion.id.clone(), self.new.is_none()))
    }

    pub(super) fn difference(&self, what: Responsible) -> Difference<'a> {
        Difference {
            what,
            old: self.old.map(|side| side.criterion),
            new: self.new.map(|side| side.criterion),
        }
    }

    /// Lists the differences from here on down, and how many pairs there are.
    pub(super) fn list(&mut self, listed: &mut Listed<'a, '_>) -> usize {
        if self.differs_itself() {
            self.differs = listed.place(self);
        }
        let below = self.children.iter_mut();
        1 + below.map(|child| child.list(listed)).sum::<usize>()
    }
}

/// The differences, as they are found. A criterion that moved is met twice,
/// where it stood and where it stands, and is one difference.
pub(super) struct Listed<'a, 'f> {
    differences: &'f mut Vec<Difference<'a>>,
    old_id: &'f dyn Fn(&CriterionId) -> Option<CriterionId>,
    /// The places of those met only where they stood, or only where they
    /// stand, by their old numbers.
    gone: HashMap<CriterionId, usize>,
    come: HashMap<CriterionId, usize>,
}

impl<'a, 'f> Listed<'a, 'f> {
    pub(super) fn in_addition_to(
        differences: &'f mut Vec<Difference<'a>>,
        old_id: &'f dyn Fn(&CriterionId) -> Option<CriterionId>,
    ) -> Self {
        Listed {
            differences,
            old_id,
            gone: HashMap::new(),
            come: HashMap::new(),
        }
    }

    /// The place of a pair among the differences.
    fn place(&mut self, pair: &Pair<'a>) -> Option<usize> {
        let (id, gone) = pair.named()?;
        let from = match (pair.old, pair.new) {
            (Some(_), Some(_)) => None,
            (Some(_), None) => Some(id.clone()),
            _ => (self.old_id)(&id),
        };
        let next = self.differences.len();
        let Some(from) = from else {
            let what = Responsible::Criterion { id, gone };
            self.differences.push(pair.difference(what));
            return Some(next);
        };
        let (here, there) = if gone {
            (&mut self.gone, &mut self.come)
        } else {
            (&mut self.come, &mut self.gone)
        };
        if let Some(place) = there.remove(&from) {
            let met = &mut self.differences[place];
            let Difference { old, new, .. } = pair.difference(Responsible::Codes);
            (met.old, met.new) = (met.old.or(old), met.new.or(new));
            if let Some(new) = met.new {
                let id = new.id.clone();
                met.what = Responsible::Moved { id, from };
            }
            return Some(place);
        }
        here.entry(from).or_insert(next);
        let what = Responsible::Criterion { id, gone };
        self.differences.push(pair.difference(what));
        Some(next)
    }
}
