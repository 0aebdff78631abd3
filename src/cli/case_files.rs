//! Options of commands that read files of cases.

use std::path::PathBuf;

use clap::Args;

use crate::cases::ColumnMap;
use crate::workbench::{CaseFiles, CaseSource};

/// What the columns of files of cases are called.
#[derive(Args, Debug)]
pub(super) struct ColumnArgs {
    /// In CSV and Parquet: what the file calls a column, as case_id="Auth No". Repeatable.
    #[arg(long = "column", value_name = "NAME=HEADER", value_parser = renamed)]
    columns: Vec<(String, String)>,
    /// In CSV and Parquet: leave a column out. Repeatable.
    #[arg(long = "ignore-column", value_name = "HEADER")]
    ignored: Vec<String>,
}

impl ColumnArgs {
    /// The cases of these files; the stored ones, if there are none.
    pub(super) fn source(&self, paths: &[PathBuf]) -> CaseSource {
        if paths.is_empty() {
            return CaseSource::Stored;
        }
        CaseSource::Files(CaseFiles {
            paths: paths.to_vec(),
            columns: ColumnMap {
                columns: self.columns.clone(),
                ignored: self.ignored.clone(),
            },
        })
    }
}

fn renamed(text: &str) -> Result<(String, String), String> {
    let (name, header) = text
        .split_once('=')
        .ok_or("write NAME=HEADER: our name, then the header of the file")?;
    Ok((name.trim().to_owned(), header.trim().to_owned()))
}
