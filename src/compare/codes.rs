//! Changes of code tables, by code and never by row position.

use super::pair::Pair;
use super::words::{folded, folds_to_same};
use crate::policy::{Code, CodeRow, CodeSystem, CodeTable, Gate, Version};

/// What happened to a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CodeChangeKind {
    /// It is listed now.
    Added,
    /// It is no longer listed.
    Removed,
    /// It is worded otherwise.
    Changed,
    /// It stands in another table, or its table decides something else.
    Moved,
}

impl CodeChangeKind {
    /// The word reports use.
    pub fn name(self) -> &'static str {
        match self {
            CodeChangeKind::Added => "added",
            CodeChangeKind::Removed => "removed",
            CodeChangeKind::Changed => "changed",
            CodeChangeKind::Moved => "moved",
        }
    }
}

/// A code row with its table, as one version has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeView {
    /// Its descriptor.
    pub text: String,
    /// Its table's heading.
    pub table: String,
    /// What its table decides.
    pub gate: Gate,
}

/// One changed code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeChange {
    /// What happened to it.
    pub kind: CodeChangeKind,
    /// The code.
    pub code: Code,
    /// The row in both versions; one is absent if it was added or removed.
    pub views: Pair<Option<CodeView>>,
}

/// A row with its table.
type Row<'a> = (&'a CodeTable, &'a CodeRow);

/// Every changed code, by system and code. A code that stands in several
/// tables is compared table by table.
pub(super) fn changes(old: &Version, new: &Version) -> Vec<CodeChange> {
    let rows = Pair::new(old, new).map(by_code);
    let mut rest = rows.as_ref().map(Vec::as_slice);
    let mut changes = vec![];
    loop {
        let first = rest.map(|rows| rows.first().map(|(_, row)| &row.code));
        let code = match (first.old, first.new) {
            (Some(old), Some(new)) => old.min(new),
            (Some(code), None) | (None, Some(code)) => code,
            (None, None) => return changes,
        };
        let same = rest.map(|rows| {
            let count = rows.iter().take_while(|(_, row)| row.code == *code).count();
            rows.split_at(count)
        });
        rest = same.map(|(_, after)| after);
        pairs(same.old.0, same.new.0, |rows| {
            if let Some(kind) = kind(&rows) {
                changes.push(CodeChange {
                    kind,
                    code: code.clone(),
                    views: rows.map(|row| row.map(view)),
                });
            }
        });
    }
}

/// The rows of a version, by code; of one code in document order.
fn by_code(version: &Version) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = version.all_codes().collect();
    rows.sort_by_key(|(_, row)| &row.code);
    rows
}

fn view((table, row): Row<'_>) -> CodeView {
    CodeView {
        text: folded(&row.text),
        table: table.title.clone(),
        gate: table.gate,
    }
}

/// What a row's table is to it.
fn place<'a>((table, _): Row<'a>) -> (&'a str, Gate) {
    (&table.title, table.gate)
}

/// The rows of one code in pairs: those of the same table, then the rest in
/// order, as rows that moved.
fn pairs<'a>(old: &[Row<'a>], new: &[Row<'a>], mut pair: impl FnMut(Pair<Option<Row<'a>>>)) {
    if let ([old], [new]) = (old, new) {
        return pair(Pair::new(Some(*old), Some(*new)));
    }
    let mut come = new.to_vec();
    let mut gone = vec![];
    for row in old {
        match come.iter().position(|one| place(*one) == place(*row)) {
            Some(at) => pair(Pair::new(Some(*row), Some(come.remove(at)))),
            None => gone.push(*row),
        }
    }
    for index in 0..gone.len().max(come.len()) {
        let rest = Pair::new(&gone, &come);
        pair(rest.map(|rows| rows.get(index).copied()));
    }
}

/// A table that came, went or decides something else: that matters even
/// where it lists no code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableChange {
    /// The code system.
    pub system: CodeSystem,
    /// Its heading.
    pub title: String,
    /// The table in both versions; one is absent if it was added or removed.
    pub views: Pair<Option<TableView>>,
}

/// A table without its rows, as one version has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableView {
    /// What it decides.
    pub gate: Gate,
    /// How many rows it has.
    pub rows: usize,
}

impl TableChange {
    /// What happened to it.
    pub fn kind(&self) -> CodeChangeKind {
        match (&self.views.old, &self.views.new) {
            (None, _) => CodeChangeKind::Added,
            (_, None) => CodeChangeKind::Removed,
            _ => CodeChangeKind::Changed,
        }
    }

    /// Whether no row tells of the change.
    pub fn is_of_empty(&self) -> bool {
        let views = [self.views.old, self.views.new];
        views.into_iter().flatten().all(|view| view.rows == 0)
    }

    /// The change in a few words.
    pub fn describe(&self) -> String {
        let view = |view: TableView| {
            let rows = if view.rows == 0 { ", empty" } else { "" };
            format!("gate {}{rows}", view.gate.name())
        };
        let told = match (self.views.old.map(view), self.views.new.map(view)) {
            (Some(old), Some(new)) => format!("{old} to {new}"),
            (old, new) => old.or(new).unwrap_or_default(),
        };
        let (title, kind) = (&self.title, self.kind().name());
        format!("table {title} of {} {kind} ({told})", self.system)
    }
}

/// Every table that came, went or decides something else, those of the new
/// version first.
pub(super) fn table_changes(old: &Version, new: &Version) -> Vec<TableChange> {
    let mut gone: Vec<&CodeTable> = old.codes.iter().collect();
    let mut come: Vec<&CodeTable> = new.codes.iter().collect();
    take_pairs(&mut gone, &mut come, |one| {
        (one.system, &one.title, Some(one.gate))
    });
    let changed = take_pairs(&mut gone, &mut come, |one| (one.system, &one.title, None));
    let changed = changed.into_iter().map(|(old, new)| (Some(old), Some(new)));
    let come = come.into_iter().map(|table| (None, Some(table)));
    let gone = gone.into_iter().map(|table| (Some(table), None));
    changed
        .chain(come)
        .chain(gone)
        .filter_map(|(old, new)| {
            let table = new.or(old)?;
            Some(TableChange {
                system: table.system,
                title: table.title.clone(),
                views: Pair::new(old, new).map(|side| side.map(table_view)),
            })
        })
        .collect()
}

fn table_view(table: &CodeTable) -> TableView {
    TableView {
        gate: table.gate,
        rows: table.rows.len(),
    }
}

/// What makes two tables one.
type TableKey<'a> = (CodeSystem, &'a String, Option<Gate>);

/// Takes out the tables of both sides that have the same key.
fn take_pairs<'a>(
    old: &mut Vec<&'a CodeTable>,
    new: &mut Vec<&'a CodeTable>,
    key: impl Fn(&'a CodeTable) -> TableKey<'a>,
) -> Vec<(&'a CodeTable, &'a CodeTable)> {
    let mut pairs = vec![];
    old.retain(|table| {
        let place = new.iter().position(|other| key(other) == key(table));
        if let Some(place) = place {
            pairs.push((*table, new.remove(place)));
        }
        place.is_none()
    });
    pairs
}

fn kind(rows: &Pair<Option<Row<'_>>>) -> Option<CodeChangeKind> {
    match (rows.old, rows.new) {
        (None, Some(_)) => Some(CodeChangeKind::Added),
        (Some(_), None) => Some(CodeChangeKind::Removed),
        (Some(old), Some(new)) if place(old) != place(new) => Some(CodeChangeKind::Moved),
        (Some((_, old)), Some((_, new))) => {
            (!folds_to_same(&old.text, &new.text)).then_some(CodeChangeKind::Changed)
        }
        (None, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::compare;
    use crate::format::{read_policy, read_version};

    fn version(tables: &[(&str, &str, &[&str])]) -> Version {
        let mut text = "format = 1\nversion = \"v\"\neffective = \"2020\"\n\
             provenance = \"published\"\n\
             [[criteria]]\nid = \"I\"\ntext = \"Pain\"\n"
            .to_owned();
        for (title, gate, codes) in tables {
            let rows: Vec<String> = codes
                .iter()
                .map(|code| format!("{{ code = \"{code}\", text = \"t\" }}"))
                .collect();
            text.push_str(&format!(
                "[[codes]]\nsystem = \"CPT\"\ntitle = \"{title}\"\ngate = \"{gate}\"\nrows = [{}]\n",
                rows.join(", ")
            ));
        }
        let head = b"format = 1\nreference = \"P\"\ntitle = \"t\"\npublisher = \"p\"\n";
        let facts = read_policy("policy.toml", head).0.expect("a policy").facts;
        let (version, found) = read_version("v.toml", text.as_bytes(), &facts);
        version.unwrap_or_else(|| panic!("{found:?}\n{text}"))
    }

    type Tables<'a> = &'a [(&'a str, &'a str, &'a [&'a str])];

    #[test]
    fn rows_are_compared_table_by_table_and_tables_as_such() {
        let both: Tables<'_> = &[("T1", "advise", &["62320"]), ("T2", "advise", &["62320"])];
        let one: Tables<'_> = &[("T1", "advise", &[]), ("T2", "advise", &["62320"])];
        let requires: Tables<'_> = &[("T1", "require", &[])];
        let table: [(Tables<'_>, Tables<'_>, &[&str]); 7] = [
            (both, both, &[]),
            (both, one, &["removed T1 > -"]),
            (one, both, &["added - > T1"]),
            (
                &[("T1", "advise", &["62320"]), ("T2", "advise", &[])],
                one,
                &["moved T1 > T2"],
            ),
            (
                &[],
                requires,
                &["table T1 of CPT added (gate require, empty)"],
            ),
            (
                requires,
                &[],
                &["table T1 of CPT removed (gate require, empty)"],
            ),
            (
                &[("T1", "advise", &[])],
                requires,
                &["table T1 of CPT changed (gate advise, empty to gate require, empty)"],
            ),
        ];
        for (old, new, expected) in table {
            let comparison = compare(&version(old), &version(new));
            let name = |view: &Option<CodeView>| {
                view.as_ref()
                    .map_or("-".to_owned(), |view| view.table.clone())
            };
            let codes = comparison.codes.iter().map(|change| {
                let tables = change.views.as_ref().map(name);
                format!("{} {} > {}", change.kind.name(), tables.old, tables.new)
            });
            let tables = comparison.tables.iter().map(TableChange::describe);
            let found: Vec<String> = codes.chain(tables).collect();
            assert_eq!(found, expected, "{old:?} / {new:?}");
            assert_eq!(comparison.is_unchanged(), expected.is_empty());
        }
    }
}
