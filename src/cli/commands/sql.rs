//! `lookback sql`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cli::Ending;
use crate::cli::output::Output;
use crate::report::{json, sql};
use crate::workbench::{Against, Problem, SqlDialect, SqlRequest, Workbench};

/// Write the replay of a policy as one SQL statement, for cases in a warehouse.
#[derive(Args, Debug)]
#[command(after_help = "\
The statement gives, for each case: why it is rejected, if it is; what each version determines
and the criteria that decide it; and whether neighbouring versions differ. The table has the
columns of a case file, one column a fact; the head of the statement lists those it reads.

Examples:
  lookback sql CP.MP.173 --dialect spark --table claims.cases --out replay.sql
  lookback sql CP.MP.173 --against 2019-07,2020-01 --without policy")]
pub(in crate::cli) struct SqlArgs {
    /// The policy.
    #[arg(value_name = "REF")]
    policy: String,
    /// The versions, separated by commas, or all.
    #[arg(
        long,
        value_name = "V,V|all",
        default_value = "all",
        value_delimiter = ','
    )]
    against: Vec<String>,
    /// Whose SQL to write.
    #[arg(long, value_name = "ENGINE", default_value = "duckdb")]
    dialect: DialectChoice,
    /// The table or view of cases, with its schema if need be.
    #[arg(long, value_name = "TABLE", default_value = "cases")]
    table: String,
    /// Columns the table does not have: their values are missing in every case.
    #[arg(long, value_name = "COLUMN,COLUMN", value_delimiter = ',')]
    without: Vec<String>,
    /// Write to this file, readable by its owner only, instead of printing.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace the file of --out if it is there.
    #[arg(long, requires = "out")]
    force: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DialectChoice {
    Duckdb,
    Spark,
    Postgres,
    Sqlite,
}

impl From<DialectChoice> for SqlDialect {
    fn from(choice: DialectChoice) -> Self {
        match choice {
            DialectChoice::Duckdb => SqlDialect::Duckdb,
            DialectChoice::Spark => SqlDialect::Spark,
            DialectChoice::Postgres => SqlDialect::Postgres,
            DialectChoice::Sqlite => SqlDialect::Sqlite,
        }
    }
}

pub(in crate::cli) fn run(
    args: &SqlArgs,
    workbench: &Workbench,
    output: &Output,
) -> Result<Ending, Problem> {
    let written = workbench.sql(&SqlRequest {
        policy: args.policy.clone(),
        against: if args.against == ["all"] {
            Against::All
        } else {
            Against::Versions(args.against.clone())
        },
        dialect: args.dialect.into(),
        table: args.table.clone(),
        without: args.without.iter().cloned().collect(),
    })?;
    let statement = || sql::statement(&written);
    let document = || json::sql(&written);
    output.write_plain(args.out.as_deref(), args.force, statement, document)?;
    Ok(Ending::Done)
}
