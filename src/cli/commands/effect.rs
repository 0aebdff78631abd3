//! `lookback effect`

use clap::Args;

use crate::cli::Ending;
use crate::cli::args::BetweenArgs;
use crate::cli::form::FormatArgs;
use crate::cli::output::Output;
use crate::report::{document, json, text};
use crate::workbench::{Affected, Between, Problem, Workbench};

/// Tell whether a version is stricter or looser than another, over every possible case.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  lookback effect CP.MP.173                 its last two versions
  lookback effect CP.MP.173@2019-07..2020-01
  lookback effect CP.MP.173@2020-01 --between HEAD~3..HEAD")]
pub(in crate::cli) struct EffectArgs {
    /// The older and the newer version; or one, to compare with the one before it.
    #[arg(value_name = "REF@V", num_args = 0..=2)]
    versions: Vec<String>,
    #[command(flatten)]
    between: BetweenArgs,
    #[command(flatten)]
    format: FormatArgs,
}

impl EffectArgs {
    /// The two states of the library that are asked about, if two.
    pub(in crate::cli) fn between(&self) -> Option<&str> {
        self.between.between.as_deref()
    }
}

pub(in crate::cli) fn run(
    args: &EffectArgs,
    workbench: &Workbench,
    output: &Output,
) -> Result<Ending, Problem> {
    let pair = workbench.version_pair(&args.versions)?;
    print(args, &workbench.effect(pair)?, output)
}

/// A version as two states of the library have it.
pub(in crate::cli) fn run_between(
    args: &EffectArgs,
    between: &Between,
    output: &Output,
) -> Result<Ending, Problem> {
    let pair = between.version_pair(&args.versions)?;
    print(args, &between.effect(pair)?, output)
}

fn print(args: &EffectArgs, affected: &Affected, output: &Output) -> Result<Ending, Problem> {
    let title = format!("Effect of {}", affected.title());
    output.write_as(
        &args.format,
        &title,
        || text::effect(affected),
        || json::effect(affected),
        || document::effect(affected),
    )?;
    Ok(Ending::Done)
}
