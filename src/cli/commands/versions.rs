//! `lookback versions`

use clap::Args;

use crate::cli::Ending;
use crate::cli::output::Output;
use crate::report::{json, text};
use crate::workbench::{Period, Problem, Workbench};

/// List versions and when each was in force; for a period, with the criteria in use.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  lookback versions
  lookback versions --in-force-during 2019              with their criteria
  lookback versions CP.MP.173 --in-force-during 2019-07..2020-01")]
pub(in crate::cli) struct VersionsArgs {
    /// Only this policy.
    #[arg(value_name = "REF")]
    policy: Option<String>,
    /// Only versions that were in force on a day of this period, or may have been: 2019, 2019-07
    /// or 2019-02..2020-01.
    #[arg(long, value_name = "PERIOD")]
    in_force_during: Option<String>,
}

pub(in crate::cli) fn run(
    args: &VersionsArgs,
    workbench: &Workbench,
    output: &Output,
) -> Result<Ending, Problem> {
    let period = args.in_force_during.as_deref().map(Period::read);
    let versions = workbench.versions(args.policy.as_deref(), period.transpose()?)?;
    output.write(|| text::versions(&versions), || json::versions(&versions))?;
    let unread = versions
        .policies
        .iter()
        .any(|one| !one.policy.unread.is_empty());
    Ok(if unread {
        Ending::Rejected
    } else {
        Ending::Done
    })
}
