//! Claims held against changes. Each change a claim accounts for is struck
//! off; what is left over was not declared.

use std::collections::BTreeSet;

use super::check::{CheckedClaim, Status, Undeclared};
use super::claims::{Claim, CodesNamed};
use super::place::{Place, absent, known_ids, meet, names_table, places, telling_words};
use super::values::value_differs;
use super::wording::{holds, phrase_changed};
use crate::compare::{
    ChangeKind, CodeChange, CodeChangeKind, Comparison, CriterionChange, compare,
};
use crate::policy::{Code, CriterionId, Provenance, Version};

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
        codes: vec![false; comparison.codes.len()],
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
    /// Which changes are accounted for, each in the order of the comparison.
    criteria: Vec<bool>,
    codes: Vec<bool>,
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
            Claim::CriteriaAdded { words } => self.criteria_changed(words, &[ChangeKind::Added]),
            Claim::CriteriaRemoved { words } => {
                self.criteria_changed(words, &[ChangeKind::Removed])
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

    fn codes_changed(
        &mut self,
        codes: &[CodesNamed],
        kind: CodeChangeKind,
        anchor: Option<&str>,
    ) -> Finding {
        let tables = self.table_titles();
        let mut wrong = vec![];
        let mut count = 0;
        for named in codes {
            let mut found: BTreeSet<&Code> = BTreeSet::new();
            for (index, change) in self.comparison.codes.iter().enumerate() {
                if change.kind == kind
                    && named.names(&change.code)
                    && names_table(anchor, table_of(change), &tables)
                {
                    self.codes[index] = true;
                    found.insert(&change.code);
                }
            }
            count += found.len();
            if found.is_empty() {
                wrong.push(self.code_instead(named, kind, anchor));
            } else {
                wrong.extend(self.rest_of_range(named, kind, anchor, &found));
            }
        }
        if wrong.is_empty() {
            let noun = if count == 1 { "code" } else { "codes" };
            let all = if count > 2 { "all " } else { "" };
            borne_out(format!("{all}{count} {noun} {}", kind.name()))
        } else {
            contradicted(wrong.join("; "))
        }
    }

    /// What is wrong with a range of which some codes changed as claimed: an
    /// end point that is not listed, or a code that was listed all along.
    fn rest_of_range(
        &self,
        named: &CodesNamed,
        kind: CodeChangeKind,
        anchor: Option<&str>,
        changed: &BTreeSet<&Code>,
    ) -> Option<String> {
        let CodesNamed::Range(first, last) = named else {
            return None;
        };
        let side = match kind {
            CodeChangeKind::Removed => self.before,
            _ => self.version,
        };
        let tables = self.table_titles();
        let listed: BTreeSet<&Code> = side
            .all_codes()
            .filter(|(table, _)| names_table(anchor, &table.title, &tables))
            .map(|(_, row)| &row.code)
            .filter(|code| named.names(code))
            .collect();
        let list = |codes: &[&Code]| {
            let codes: Vec<_> = codes.iter().map(ToString::to_string).collect();
            codes.join(", ")
        };
        let ends: Vec<&Code> = [first, last]
            .into_iter()
            .filter(|end| !listed.contains(end))
            .collect();
        let kept: Vec<&Code> = listed.difference(changed).copied().collect();
        if ends.is_empty() && kept.is_empty() {
            return None;
        }
        let changed: Vec<&Code> = changed.iter().copied().collect();
        let mut found = format!("of {named}, {} {}", list(&changed), kind.name());
        if !ends.is_empty() {
            let side = &side.name;
            found.push_str(&format!(", but {side} does not list {}", list(&ends)));
        }
        if !kept.is_empty() {
            found.push_str(&format!(", but {} not", list(&kept)));
        }
        Some(found)
    }

    fn table_titles(&self) -> Vec<String> {
        let tables = self.before.codes.iter().chain(&self.version.codes);
        tables.map(|table| table.title.clone()).collect()
    }

    /// What happened to a code instead of what the claim says.
    fn code_instead(
        &self,
        named: &CodesNamed,
        kind: CodeChangeKind,
        anchor: Option<&str>,
    ) -> String {
        let tables = self.table_titles();
        let listed = |version: &Version| {
            version.all_codes().any(|(table, row)| {
                named.names(&row.code) && names_table(anchor, &table.title, &tables)
            })
        };
        match (kind, listed(self.before), listed(self.version)) {
            (CodeChangeKind::Moved, true, true) => format!("{named} stands where it stood"),
            (_, true, true) => format!("{named} is listed in both versions"),
            (_, false, false) => format!("{named} is listed in neither version"),
            (_, true, false) => format!("{named} was removed"),
            (_, false, true) => format!("{named} was added"),
        }
    }

    /// A phrase that went, came, or was replaced.
    fn text_changed(
        &mut self,
        old: Option<&str>,
        new: Option<&str>,
        anchor: Option<&str>,
    ) -> Finding {
        let places = self.places(anchor);
        let mut changed: Vec<CriterionId> = vec![];
        for (index, change) in self.comparison.criteria.iter().enumerate() {
            if phrase_changed(old, new, side(change, false), side(change, true))
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

    fn value_changed(&mut self, old: Option<&str>, new: &str, anchor: Option<&str>) -> Finding {
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

    fn criteria_changed(&mut self, text: &str, kinds: &[ChangeKind]) -> Finding {
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
            let by_number = [&change.views.old, &change.views.new]
                .into_iter()
                .flatten()
                .any(|view| is_numbered(&view.id, &numbers));
            match (numbers.is_empty(), wanted.is_empty()) {
                (false, _) => by_number,
                (true, true) => true,
                (true, false) => self.is_told_by(change, &wanted),
            }
        };
        let named: Vec<CriterionId> = of_kind
            .iter()
            .map(|index| &self.comparison.criteria[*index])
            .filter(|change| meant(change))
            .map(|change| change.id().clone())
            .collect();
        if named.is_empty() {
            let ids: Vec<_> = of_kind
                .iter()
                .map(|index| self.comparison.criteria[*index].id().to_string())
                .collect();
            let found = format!(
                "{} {}, which the entry does not name",
                ids.join(", "),
                first.name()
            );
            return if numbers.is_empty() {
                (Status::NotCheckable, found)
            } else {
                contradicted(found)
            };
        }
        // What stands under an added or removed criterion came or went with it.
        for index in of_kind {
            let id = self.comparison.criteria[index].id();
            let with = std::iter::successors(Some(id.clone()), CriterionId::parent);
            if with.into_iter().any(|id| named.contains(&id)) {
                self.criteria[index] = true;
            }
        }
        let named: Vec<_> = named.iter().map(ToString::to_string).collect();
        borne_out(format!("{} {}", named.join(", "), first.name()))
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

    fn section_updated(&mut self, heading: &str) -> Finding {
        let is_meant = |text: &str| text.to_lowercase().contains(heading);
        let mut changed = 0;
        for (index, change) in self.comparison.sections.iter().enumerate() {
            if is_meant(&change.heading) {
                self.sections[index] = true;
                changed += 1;
            }
        }
        let sections = self.before.sections.iter().chain(&self.version.sections);
        let exists = sections.clone().any(|section| is_meant(&section.heading));
        match (changed, self.rebuilt(), exists) {
            (0, Some(rebuilt), _) => not_checkable_in(rebuilt, heading),
            (0, None, true) => contradicted(format!("no paragraph under {heading} changed")),
            (0, None, false) => (
                Status::NotCheckable,
                format!("neither version has a section {heading}"),
            ),
            (1, ..) => borne_out("1 paragraph changed".to_owned()),
            (changed, ..) => borne_out(format!("{changed} paragraphs changed")),
        }
    }

    fn references_reviewed(&mut self) -> Finding {
        let mut changed = 0;
        for (index, change) in self.comparison.sections.iter().enumerate() {
            if change.heading == "References" {
                self.sections[index] = true;
                changed += 1;
            }
        }
        match (changed, self.rebuilt()) {
            (0, Some(rebuilt)) => not_checkable_in(rebuilt, "references"),
            (0, None) => (
                Status::NotCheckable,
                "the references are the same in both; a review need not change them".to_owned(),
            ),
            (1, _) => borne_out("1 reference changed".to_owned()),
            (changed, _) => borne_out(format!("{changed} references changed")),
        }
    }

    fn rebuilt(&self) -> Option<&Version> {
        [self.before, self.version]
            .into_iter()
            .find(|version| version.provenance == Provenance::Reconstructed)
    }

    fn nothing_changed(&self) -> Finding {
        let changes = [
            (self.comparison.criteria.len(), "criteria"),
            (self.comparison.codes.len(), "codes"),
            (self.comparison.tables.len(), "code tables"),
        ];
        let changed: Vec<String> = changes
            .into_iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} {what} changed"))
            .collect();
        if changed.is_empty() {
            borne_out("criteria and codes are the same".to_owned())
        } else {
            contradicted(changed.join(", "))
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
        let codes = self.comparison.codes.into_iter().zip(open(self.codes));
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

fn not_checkable_in(rebuilt: &Version, what: &str) -> Finding {
    (
        Status::NotCheckable,
        format!(
            "the {what} of {} were carried back from a later version",
            rebuilt.name
        ),
    )
}

fn table_of(change: &CodeChange) -> &str {
    let view = change.views.old.as_ref().or(change.views.new.as_ref());
    view.map_or("", |view| &view.table)
}

fn side(change: &CriterionChange, new: bool) -> Option<&str> {
    let view = if new {
        &change.views.new
    } else {
        &change.views.old
    };
    view.as_ref().map(|view| view.text.as_str())
}

fn is_in(places: &[Place], change: &CriterionChange) -> bool {
    places.is_empty()
        || places.iter().any(|place| {
            [&change.views.old, &change.views.new]
                .into_iter()
                .flatten()
                .any(|view| place.criteria.contains(&view.id))
        })
}

fn is_numbered(id: &CriterionId, numbers: &BTreeSet<String>) -> bool {
    std::iter::successors(Some(id.clone()), CriterionId::parent)
        .any(|id| numbers.contains(id.as_str()))
}

/// The criteria under which something came, went or moved.
fn disturbed_parents(changes: &[CriterionChange]) -> BTreeSet<Option<CriterionId>> {
    changes
        .iter()
        .filter(|change| {
            matches!(
                change.kind,
                ChangeKind::Added | ChangeKind::Removed | ChangeKind::Moved
            )
        })
        .flat_map(|change| [&change.views.old, &change.views.new])
        .flatten()
        .map(|view| view.id.parent())
        .collect()
}

/// Whether a criterion has another number only because one before it came or went.
fn only_pushed_along(change: &CriterionChange, disturbed: &BTreeSet<Option<CriterionId>>) -> bool {
    change.kind == ChangeKind::Renumbered
        && change.aspects.is_empty()
        && [&change.views.old, &change.views.new]
            .into_iter()
            .flatten()
            .any(|view| disturbed.contains(&view.id.parent()))
}
