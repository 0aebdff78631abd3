//! `lookback explain`

use std::path::PathBuf;

use clap::Args;

use crate::cli::Ending;
use crate::cli::asked::arguments;
use crate::cli::case_files::ColumnArgs;
use crate::cli::form::FormatArgs;
use crate::cli::output::Output;
use crate::report::{document, json, text};
use crate::workbench::{Problem, Workbench};

/// Explain one case: each criterion, the facts it read, and what decided.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  lookback explain IPP-0004
  lookback explain IPP-0004 --against 2020-01
  lookback explain A-17 --cases my-cases.jsonl --against latest")]
pub(in crate::cli) struct ExplainArgs {
    /// The case.
    #[arg(value_name = "CASE")]
    case: String,
    /// The version. If none is named: the one it was decided under, the one in force on its
    /// date, or the latest.
    #[arg(long, value_name = "V")]
    against: Option<String>,
    /// Look for the case in these files instead of the library's stored cases.
    #[arg(long, value_name = "FILE")]
    cases: Vec<PathBuf>,
    #[command(flatten)]
    columns: ColumnArgs,
    #[command(flatten)]
    format: FormatArgs,
}

pub(in crate::cli) fn run(
    args: &ExplainArgs,
    workbench: &Workbench,
    output: &Output,
) -> Result<Ending, Problem> {
    let source = args.columns.source(&args.cases);
    let case = workbench.case(&source, &args.case)?;
    let mut explained = workbench.explain(&case, args.against.as_deref())?;
    explained.evidence.arguments = arguments();
    output.write_as(
        &args.format,
        &format!("{} under {}", explained.case.id, explained.version),
        || text::explain(&explained),
        || json::explain(&explained),
        || document::explain(&explained),
    )?;
    Ok(Ending::Done)
}
