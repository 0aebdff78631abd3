//! `lookback diff`

use clap::Args;

use crate::cli::Ending;
use crate::cli::output::Output;
use crate::report::{json, text};
use crate::workbench::{Problem, Workbench};

/// Tell what changed between two versions.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  lookback diff CP.MP.173                   its last two versions
  lookback diff CP.MP.173@2019-07           that version and the one before it
  lookback diff CP.MP.173@2019-02 CP.MP.173@2020-01
  lookback diff CP.MP.173@2019-02..2020-01")]
pub(in crate::cli) struct DiffArgs {
    /// The older and the newer version; or one, to compare with the one before it.
    #[arg(value_name = "REF@V", num_args = 0..=2)]
    versions: Vec<String>,
    /// Exit with 1 if criteria, codes or text differ.
    #[arg(long)]
    exit_code: bool,
}

pub(in crate::cli) fn run(
    args: &DiffArgs,
    workbench: &Workbench,
    output: &Output,
) -> Result<Ending, Problem> {
    let compared = workbench.compare(workbench.version_pair(&args.versions)?);
    output.write(|| text::diff(&compared), || json::diff(&compared))?;
    Ok(if args.exit_code && !compared.comparison.is_unchanged() {
        Ending::Findings
    } else {
        Ending::Done
    })
}
