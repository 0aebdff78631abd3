//! `lookback log`

use clap::Args;

use crate::cli::Ending;
use crate::cli::form::FormatArgs;
use crate::cli::output::Output;
use crate::report::{document, json, text};
use crate::workbench::{Problem, Workbench};

/// Read the revision log: what each entry says, and whether the versions bear it out.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  lookback log CP.MP.173
  lookback log CP.MP.173 --json")]
pub(in crate::cli) struct LogArgs {
    /// The policy.
    #[arg(value_name = "REF")]
    policy: Option<String>,
    #[command(flatten)]
    format: FormatArgs,
}

pub(in crate::cli) fn run(
    args: &LogArgs,
    workbench: &Workbench,
    output: &Output,
) -> Result<Ending, Problem> {
    let policy = workbench.policy(args.policy.as_deref())?;
    let reading = workbench.read_log(policy);
    let versions: Vec<_> = policy
        .versions
        .iter()
        .map(|version| (policy, version))
        .collect();
    let evidence = workbench.evidence(&versions);
    output.write_as(
        &args.format,
        &format!("{} revision log", policy.reference),
        || text::log(&policy.reference, &reading, &evidence),
        || json::log(&policy.reference, &reading, &evidence),
        || document::log(&policy.reference, &reading, &evidence),
    )?;
    Ok(Ending::Done)
}
