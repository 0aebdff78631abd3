//! What a replay rests on, row by row.

use super::{Cell, Table};
use crate::policy::ContentHash;
use crate::workbench::Evidence;

/// Every thing the answer rests on, with the SHA-256 of those that are files.
pub(in crate::report) fn provenance(evidence: &Evidence) -> Table<'_> {
    let library = &evidence.library;
    let state = library.state().unwrap_or_default();
    let mut rows = vec![
        row("program", evidence.program.as_str(), "", None),
        row("library", library.place.as_str(), state, None),
    ];
    let unusable = evidence.unusable.iter();
    rows.extend(unusable.map(|file| row("not used", file.as_str(), "", None)));
    rows.extend(evidence.versions.iter().map(|one| {
        let (name, provenance) = (one.version.to_string(), one.provenance.name());
        row("version", name, provenance, Some(&one.hash))
    }));
    let files = evidence.case_files.iter();
    rows.extend(files.map(|one| row("cases", one.file.as_str(), "", Some(&one.hash))));
    let command = evidence.command();
    rows.extend(command.map(|command| row("command", command, "", None)));
    Table::new(&["what", "name", "detail", "sha256"], rows.into_iter())
}

fn row<'a>(
    what: &'static str,
    name: impl Into<Cell<'a>>,
    detail: impl Into<Cell<'a>>,
    hash: Option<&ContentHash>,
) -> Vec<Cell<'a>> {
    let hash = hash.map_or(Cell::EMPTY, |hash| hash.to_string().into());
    vec![what.into(), name.into(), detail.into(), hash]
}
