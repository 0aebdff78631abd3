//! Claims about codes.
//!
//! An entry that names a list is judged on that list; one that names none
//! speaks of the whole version. So a code that went from one list and still
//! stands in another was removed from the list, and not from the version.

use std::collections::BTreeSet;

use super::{Finding, Ledger, borne_out, contradicted};
use crate::compare::{CodeChange, CodeChangeKind, CodeView};
use crate::policy::{Code, Version};
use crate::revlog::claims::CodesNamed;
use crate::revlog::place::Tables;

/// What a claim says happened, to which codes and where.
struct Told<'a> {
    kind: CodeChangeKind,
    named: &'a CodesNamed,
    tables: &'a Tables,
}

impl Ledger<'_> {
    pub(super) fn codes_changed(
        &mut self,
        codes: &[CodesNamed],
        kind: CodeChangeKind,
        anchor: Option<&str>,
    ) -> Finding {
        let tables = Tables::named(anchor, self.before, self.version);
        let (mut wrong, mut notes) = (vec![], vec![]);
        let mut count = 0;
        for named in codes {
            let told = Told {
                kind,
                named,
                tables: &tables,
            };
            let changed = self.strike_off(&told);
            count += changed.len();
            if changed.is_empty() {
                wrong.push(self.code_instead(&told));
                continue;
            }
            wrong.extend(self.rest_of_range(&told, &changed));
            for code in &changed {
                let (in_scope, elsewhere) = self.still_listed(&told, code);
                match in_scope.as_slice() {
                    [] if elsewhere.is_empty() => {}
                    [] => notes.push(format!(
                        "{code} is listed in {} as before",
                        list(&elsewhere)
                    )),
                    still => wrong.push(format!(
                        "{code} was removed from {}, but {} still lists it",
                        list(&self.left(code)),
                        list(still)
                    )),
                }
            }
        }
        if !wrong.is_empty() {
            return contradicted(wrong.join("; "));
        }
        let noun = if count == 1 { "code" } else { "codes" };
        let all = if count > 2 { "all " } else { "" };
        notes.insert(0, format!("{all}{count} {noun} {}", kind.name()));
        borne_out(notes.join("; "))
    }

    /// Strikes off what the claim accounts for, and gives the codes.
    fn strike_off(&mut self, told: &Told<'_>) -> BTreeSet<Code> {
        let mut changed = BTreeSet::new();
        for (change, declared) in self.comparison.codes.iter().zip(&mut self.codes) {
            if !told.named.names(&change.code) {
                continue;
            }
            let sides = change.views.as_ref().map(Option::as_ref);
            let holds =
                |view: Option<&CodeView>| view.is_some_and(|view| told.tables.hold(&view.table));
            let (went, came) = match told.kind {
                CodeChangeKind::Removed => (holds(sides.old) && !holds(sides.new), false),
                CodeChangeKind::Added => (false, holds(sides.new) && !holds(sides.old)),
                kind => (change.kind == kind, change.kind == kind),
            };
            declared.old |= went;
            declared.new |= came;
            if went || came {
                changed.insert(change.code.clone());
            }
        }
        changed
    }

    /// The tables of the claim that list a code as before, though it should
    /// have gone from them, and the other tables that do.
    fn still_listed(&self, told: &Told<'_>, code: &Code) -> (Vec<&str>, Vec<&str>) {
        let of = |version: &'_ Version| -> BTreeSet<String> {
            let rows = version.all_codes().filter(|(_, row)| row.code == *code);
            rows.map(|(table, _)| table.title.clone()).collect()
        };
        let (before, now) = (of(self.before), of(self.version));
        let titles = self.version.codes.iter().map(|table| table.title.as_str());
        let mut kept: Vec<&str> = titles
            .filter(|title| before.contains(*title) && now.contains(*title))
            .collect();
        kept.dedup();
        match told.kind {
            CodeChangeKind::Removed => kept.into_iter().partition(|title| told.tables.hold(title)),
            CodeChangeKind::Added => (vec![], kept),
            _ => (vec![], vec![]),
        }
    }

    /// The tables a code is gone from.
    fn left(&self, code: &Code) -> Vec<&str> {
        let changes = self.comparison.codes.iter();
        let of_code = changes.filter(|change| change.code == *code);
        let gone = of_code.filter(|change| change.views.new.is_none());
        gone.filter_map(|change| Some(change.views.old.as_ref()?.table.as_str()))
            .collect()
    }

    /// What is wrong with a range of which some codes changed as claimed: an
    /// end point that is not listed, or a code that was listed all along.
    fn rest_of_range(&self, told: &Told<'_>, changed: &BTreeSet<Code>) -> Option<String> {
        let CodesNamed::Range(first, last) = told.named else {
            return None;
        };
        let side = match told.kind {
            CodeChangeKind::Removed => self.before,
            _ => self.version,
        };
        let listed: BTreeSet<&Code> = side
            .all_codes()
            .filter(|(table, _)| told.tables.hold(&table.title))
            .map(|(_, row)| &row.code)
            .filter(|code| told.named.names(code))
            .collect();
        let ends: Vec<&Code> = [first, last]
            .into_iter()
            .filter(|end| !listed.contains(end))
            .collect();
        let kept: Vec<&Code> = listed
            .iter()
            .copied()
            .filter(|code| !changed.contains(code))
            .collect();
        if ends.is_empty() && kept.is_empty() {
            return None;
        }
        let changed: Vec<&Code> = changed.iter().collect();
        let kind = told.kind.name();
        let mut found = format!("of {}, {} {kind}", told.named, list(&changed));
        if !ends.is_empty() {
            let side = &side.name;
            found.push_str(&format!(", but {side} does not list {}", list(&ends)));
        }
        if !kept.is_empty() {
            found.push_str(&format!(", but {} not", list(&kept)));
        }
        Some(found)
    }

    /// What happened to a code instead of what the claim says.
    fn code_instead(&self, told: &Told<'_>) -> String {
        let named = told.named;
        let moved = self.comparison.codes.iter().find_map(|change| {
            let moved = change.kind == CodeChangeKind::Moved && named.names(&change.code);
            moved.then(|| moved_between(change)).flatten()
        });
        if let Some(moved) = moved {
            return moved;
        }
        let listed = |version: &Version| {
            let mut rows = version.all_codes();
            rows.any(|(table, row)| named.names(&row.code) && told.tables.hold(&table.title))
        };
        let place = told.tables.in_words();
        match (told.kind, listed(self.before), listed(self.version)) {
            (CodeChangeKind::Moved, true, true) => format!("{named} stands where it stood"),
            (_, true, true) => format!("{named} is listed in both versions{place}"),
            (_, false, false) => format!("{named} is listed in neither version{place}"),
            (_, true, false) => format!("{named} was removed{place}"),
            (_, false, true) => format!("{named} was added{place}"),
        }
    }
}

fn moved_between(change: &CodeChange) -> Option<String> {
    let (old, new) = (change.views.old.as_ref()?, change.views.new.as_ref()?);
    let code = &change.code;
    (old.table != new.table).then(|| format!("{code} moved from {} to {}", old.table, new.table))
}

fn list<T: ToString>(all: &[T]) -> String {
    let all: Vec<_> = all.iter().map(ToString::to_string).collect();
    all.join(", ")
}
