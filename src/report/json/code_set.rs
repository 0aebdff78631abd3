//! `lookback/code-set/1`

use serde::Serialize;

use super::writer::bytes;
use crate::workbench::ImportedSet;

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    sets: Vec<Set>,
}

#[derive(Serialize)]
struct Set {
    system: &'static str,
    path: String,
    size: usize,
    years: Vec<Year>,
}

#[derive(Serialize)]
struct Year {
    year: String,
    codes: u32,
    added: usize,
    ended: usize,
}

/// Code sets that were built, as `lookback/code-set/1`.
pub fn imported_sets(sets: &[ImportedSet]) -> Vec<u8> {
    let set = |set: &ImportedSet| Set {
        system: set.system.name(),
        path: set.path.display().to_string(),
        size: set.size,
        years: set
            .years
            .iter()
            .map(|one| Year {
                year: one.edition.year_name(),
                codes: one.codes,
                added: one.added,
                ended: one.ended,
            })
            .collect(),
    };
    bytes(&Document {
        schema: "lookback/code-set/1",
        sets: sets.iter().map(set).collect(),
    })
}
