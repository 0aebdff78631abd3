//! `lookback/sql/1`

use serde::Serialize;

use super::evidence::Provenance;
use super::writer::bytes;
use crate::workbench::WrittenSql;

#[derive(Serialize)]
struct Document {
    schema: &'static str,
    versions: Vec<String>,
    dialect: &'static str,
    table: String,
    /// The columns the statement reads from the table.
    reads: Vec<Read>,
    /// The columns it gives.
    gives: Vec<String>,
    statement: String,
    provenance: Provenance,
}

#[derive(Serialize)]
struct Read {
    column: String,
    r#type: &'static str,
    /// The table was said to be without it: the statement takes it for
    /// missing in every case.
    without: bool,
}

/// A replay as a statement, as `lookback/sql/1`.
pub fn sql(written: &WrittenSql) -> Vec<u8> {
    let reads = written.statement.reads.iter();
    bytes(&Document {
        schema: "lookback/sql/1",
        versions: written.versions.iter().map(ToString::to_string).collect(),
        dialect: written.dialect.name(),
        table: written.table.clone(),
        reads: reads
            .map(|read| Read {
                column: read.column.clone(),
                r#type: read.kind,
                without: read.missing,
            })
            .collect(),
        gives: written.statement.gives.clone(),
        statement: written.statement.sql.clone(),
        provenance: Provenance::from(&written.evidence),
    })
}
