//! Claims that criteria came, went or moved.

use std::collections::BTreeSet;

use super::{Finding, Ledger, borne_out, contradicted, every_id};
use crate::compare::{ChangeKind, CriterionChange};
use crate::policy::CriterionId;
use crate::revlog::check::Status;
use crate::revlog::place::{known_ids, meet, telling_words};

impl Ledger<'_> {
    pub(super) fn criteria_changed(&mut self, text: &str, kinds: &[ChangeKind]) -> Finding {
        let numbers: BTreeSet<String> = known_ids(text, self.before, self.version)
            .into_iter()
            .collect();
        let wanted = telling_words(text);
        let of_kind: Vec<usize> = (0..self.comparison.criteria.len())
            .filter(|index| kinds.contains(&self.comparison.criteria[*index].kind))
            .collect();
        let Some(first) = kinds.first() else {
            return contradicted("nothing was claimed");
        };
        if of_kind.is_empty() {
            return contradicted(format!("no criterion was {}", first.name()));
        }
        let meant = |change: &CriterionChange| {
            let by_number = every_id(change).any(|id| is_numbered(id, &numbers));
            match (numbers.is_empty(), wanted.is_empty()) {
                (false, _) => by_number,
                (true, true) => true,
                (true, false) => self.is_told_by(change, &wanted),
            }
        };
        let changes = of_kind.iter();
        let changes: Vec<&CriterionChange> = changes
            .map(|index| &self.comparison.criteria[*index])
            .collect();
        let (named, others): (Vec<_>, Vec<_>) =
            changes.into_iter().partition(|change| meant(change));
        if named.is_empty() {
            let found = format!(
                "{}, which the entry does not name",
                what_happened(&others, *first)
            );
            return if numbers.is_empty() {
                (Status::NotCheckable, found)
            } else {
                contradicted(found)
            };
        }
        let found = what_happened(&named, *first);
        let named: Vec<CriterionId> = named.iter().map(|change| change.id().clone()).collect();
        // What stands under an added or removed criterion came or went with it.
        for index in of_kind {
            let id = self.comparison.criteria[index].id();
            let with = std::iter::successors(Some(id.clone()), CriterionId::parent);
            if with.into_iter().any(|id| named.contains(&id)) {
                self.criteria[index] = true;
            }
        }
        borne_out(found)
    }

    /// Whether most of an entry's words for a criterion are the criterion's
    /// own, those aside that say under which it stands. One word of several is
    /// too little: `smoking cessation` is not the cessation of a drug.
    fn is_told_by(&self, change: &CriterionChange, wanted: &BTreeSet<String>) -> bool {
        let sides = [
            (&change.views.new, self.version),
            (&change.views.old, self.before),
        ];
        let Some((view, version)) = sides
            .into_iter()
            .find_map(|(view, version)| Some((view.as_ref()?, version)))
        else {
            return false;
        };
        let above: BTreeSet<String> = std::iter::successors(view.id.parent(), CriterionId::parent)
            .filter_map(|id| version.criterion(&id))
            .flat_map(|criterion| telling_words(&criterion.text))
            .collect();
        let mut telling: Vec<&String> = wanted
            .iter()
            .filter(|word| !above.iter().any(|other| meet(word, other)))
            .collect();
        if telling.is_empty() {
            telling = wanted.iter().collect();
        }
        let own = telling_words(&view.text);
        let shared = telling
            .iter()
            .filter(|word| own.iter().any(|other| meet(word, other)))
            .count();
        shared * 2 > telling.len() && shared >= telling.len().min(2)
    }
}

fn is_numbered(id: &CriterionId, numbers: &BTreeSet<String>) -> bool {
    std::iter::successors(Some(id.clone()), CriterionId::parent)
        .any(|id| numbers.contains(id.as_str()))
}

/// `I.1, I.2 added; I.3 to I.3 and I.4 split`
fn what_happened(changes: &[&CriterionChange], kind: ChangeKind) -> String {
    type Changes<'a> = Vec<&'a CriterionChange>;
    let (divided, plain): (Changes<'_>, Changes<'_>) = changes
        .iter()
        .copied()
        .partition(|change| change.is_divided());
    let ids: Vec<_> = plain.iter().map(|change| change.id().to_string()).collect();
    let plain = (!ids.is_empty()).then(|| format!("{} {}", ids.join(", "), kind.name()));
    let divided = divided.iter();
    let divided = divided.map(|change| format!("{} {}", change.numbers(), change.kind.name()));
    plain
        .into_iter()
        .chain(divided)
        .collect::<Vec<_>>()
        .join("; ")
}
