//! `lookback effect`

use clap::Args;

use crate::cli::Ending;
use crate::cli::output::{FormatArgs, Output};
use crate::report::{document, json, text};
use crate::workbench::{Problem, Workbench};

/// Tell whether a version is stricter or looser than another, over every possible case.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  lookback effect CP.MP.173                 its last two versions
  lookback effect CP.MP.173@2019-07..2020-01")]
pub(in crate::cli) struct EffectArgs {
    /// The older and the newer version; or one, to compare with the one before it.
    #[arg(value_name = "REF@V", num_args = 0..=2)]
    versions: Vec<String>,
    #[command(flatten)]
    format: FormatArgs,
}

pub(in crate::cli) fn run(
    args: &EffectArgs,
    workbench: &Workbench,
    output: &Output,
) -> Result<Ending, Problem> {
    let affected = workbench.effect(workbench.version_pair(&args.versions)?)?;
    let title = format!(
        "Effect of {} to {}",
        affected.versions.old, affected.versions.new
    );
    output.write_as(
        &args.format,
        &title,
        || text::effect(&affected),
        || json::effect(&affected),
        || document::effect(&affected),
    )?;
    Ok(Ending::Done)
}
