//! `lookback codes`

use clap::Args;

use crate::cli::Ending;
use crate::cli::output::Output;
use crate::report::{json, text};
use crate::workbench::{Finder, Problem};

/// Tell which policies and versions list a code, since when, and when it was valid.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  lookback codes 62351
  lookback codes 6236*
  lookback codes 62360-62370
  lookback codes g90521")]
pub(in crate::cli) struct CodesArgs {
    /// A code (62351), a prefix (6236*), a pattern (G90.52?) or a range (62360-62370).
    #[arg(value_name = "CODE")]
    code: String,
}

pub(in crate::cli) fn run(
    args: &CodesArgs,
    finder: &Finder,
    output: &Output,
) -> Result<Ending, Problem> {
    let (lives, evidence) = finder.codes(&args.code)?;
    output.write(
        || text::codes(&args.code, &lives, &evidence),
        || json::codes(&lives, &evidence),
    )?;
    Ok(Ending::Done)
}
