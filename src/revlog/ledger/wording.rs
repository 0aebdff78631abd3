//! Claims about words and values.

use super::{Finding, Ledger, borne_out, contradicted, every_id};
use crate::compare::CriterionChange;
use crate::policy::CriterionId;
use crate::revlog::place::{Place, absent, places};
use crate::revlog::values::value_differs;
use crate::revlog::wording::{holds, phrase_changed};

impl Ledger<'_> {
    /// A phrase that went, came, or was replaced.
    pub(super) fn text_changed(
        &mut self,
        old: Option<&str>,
        new: Option<&str>,
        anchor: Option<&str>,
    ) -> Finding {
        let places = self.places(anchor);
        let mut changed: Vec<CriterionId> = vec![];
        for (index, change) in self.comparison.criteria.iter().enumerate() {
            let text = change.texts();
            if phrase_changed(old, new, text.old.as_deref(), text.new.as_deref())
                && is_in(&places, change)
            {
                self.criteria[index] = true;
                changed.push(change.id().clone());
            }
        }
        let mut found: Vec<String> = changed.iter().map(ToString::to_string).collect();
        let in_prose = !places.iter().any(|place| place.numbered);
        for (index, change) in self.comparison.sections.iter().enumerate() {
            if in_prose
                && phrase_changed(
                    old,
                    new,
                    change.text.old.as_deref(),
                    change.text.new.as_deref(),
                )
            {
                self.sections[index] = true;
                found.push(format!("section {}", change.heading));
            }
        }
        let untouched: Vec<&str> = places
            .iter()
            .filter(|place| !changed.iter().any(|id| place.criteria.contains(id)))
            .map(|place| place.words.as_str())
            .collect();
        let still = old.map_or(vec![], |old| self.still_saying(old, new, &places));
        if found.is_empty() {
            if let Some(absent) = absent(&places) {
                return contradicted(absent);
            }
            return contradicted(match (still.as_slice(), old) {
                ([], _) => "no text changed in this way".to_owned(),
                (still, Some(old)) => format!("{} still says \"{old}\"", still.join(", ")),
                (_, None) => "no text changed in this way".to_owned(),
            });
        }
        let found = format!("in {}", found.join(", "));
        if !still.is_empty() {
            contradicted(format!(
                "{found}, but {} still says \"{}\"",
                still.join(", "),
                old.unwrap_or_default()
            ))
        } else if untouched.is_empty() || changed.is_empty() {
            borne_out(found)
        } else {
            contradicted(format!("{found}, but nowhere {}", untouched.join(", ")))
        }
    }

    /// The criteria of the new version that hold the old phrase and not the new.
    fn still_saying(&self, old: &str, new: Option<&str>, places: &[Place]) -> Vec<String> {
        let criteria = self.version.all_criteria().filter(|criterion| {
            let named = places.is_empty()
                || places
                    .iter()
                    .any(|place| place.criteria.contains(&criterion.id));
            named
                && holds(&criterion.text, old)
                && !new.is_some_and(|new| holds(&criterion.text, new))
        });
        criteria.map(|criterion| criterion.id.to_string()).collect()
    }

    fn places(&self, anchor: Option<&str>) -> Vec<Place> {
        anchor.map_or(vec![], |anchor| places(anchor, self.before, self.version))
    }

    pub(super) fn value_changed(
        &mut self,
        old: Option<&str>,
        new: &str,
        anchor: Option<&str>,
    ) -> Finding {
        let places = self.places(anchor);
        let mut found = vec![];
        let mut others = vec![];
        for (index, change) in self.comparison.criteria.iter().enumerate() {
            if !is_in(&places, change) {
                continue;
            }
            if value_differs(change, old, new) {
                self.criteria[index] = true;
                found.push(change.id().to_string());
            } else if change.views.old.is_some() && change.views.new.is_some() {
                others.push(change.id().to_string());
            }
        }
        match (found.is_empty(), others.is_empty()) {
            (false, _) => borne_out(format!("in {}", found.join(", "))),
            (true, false) => contradicted(format!(
                "{} changed, but not in this way",
                others.join(", ")
            )),
            (true, true) => contradicted(
                absent(&places).unwrap_or_else(|| "no criterion changed in this way".to_owned()),
            ),
        }
    }
}

fn is_in(places: &[Place], change: &CriterionChange) -> bool {
    places.is_empty()
        || places
            .iter()
            .any(|place| every_id(change).any(|id| place.criteria.contains(id)))
}
