//! `lookback diff`

use clap::Args;

use crate::cli::Ending;
use crate::cli::output::{FormatArgs, Output};
use crate::report::{document, json, text};
use crate::workbench::{Problem, Workbench};

/// Tell what changed between two versions.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  lookback diff CP.MP.173                   its last two versions
  lookback diff CP.MP.173@2019-07           that version and the one before it
  lookback diff CP.MP.173@2019-02 CP.MP.173@2020-01
  lookback diff CP.MP.173@2019-02..2020-01
  lookback diff CP.MP.173 --format html --out redline.html

As html or md the answer is a redline for a committee: what changed, what the revision log says
of it, its effect on every possible case, and the stored cases that come out differently.")]
pub(in crate::cli) struct DiffArgs {
    /// The older and the newer version; or one, to compare with the one before it.
    #[arg(value_name = "REF@V", num_args = 0..=2)]
    versions: Vec<String>,
    #[command(flatten)]
    format: FormatArgs,
    /// Exit with 1 if criteria, codes or text differ.
    #[arg(long)]
    exit_code: bool,
}

pub(in crate::cli) fn run(
    args: &DiffArgs,
    workbench: &Workbench,
    output: &Output,
) -> Result<Ending, Problem> {
    let pair = workbench.version_pair(&args.versions)?;
    let compared = workbench.compare(pair);
    let title = format!("{} to {}", compared.versions.old, compared.versions.new);
    output.write_as(
        &args.format,
        &title,
        || text::diff(&compared),
        || json::diff(&compared),
        || document::redline(&workbench.redline(pair)),
    )?;
    Ok(if args.exit_code && !compared.comparison.is_unchanged() {
        Ending::Findings
    } else {
        Ending::Done
    })
}
