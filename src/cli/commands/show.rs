//! `lookback show`

use clap::{Args, ValueEnum};

use crate::cli::Ending;
use crate::cli::output::Output;
use crate::report::text::Part;
use crate::report::{json, text};
use crate::workbench::{Problem, Workbench};

/// Print a version of a policy.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  lookback show CP.MP.173
  lookback show CP.MP.173@2019-07 --section criteria
  lookback show CP.MP.173@2019-08-14        the version in force on that day")]
pub(in crate::cli) struct ShowArgs {
    /// The policy and version: REF, REF@VERSION or REF@DATE. The latest version, if none is named.
    #[arg(value_name = "REF[@V]")]
    version: Option<String>,
    /// Only this part.
    #[arg(long, default_value = "all")]
    section: SectionChoice,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum SectionChoice {
    Criteria,
    Codes,
    Log,
    All,
}

pub(in crate::cli) fn run(
    args: &ShowArgs,
    workbench: &Workbench,
    output: &Output,
) -> Result<Ending, Problem> {
    let name = args.version.as_deref().unwrap_or("@latest");
    let (policy, version) = workbench.version(name)?;
    let part = match args.section {
        SectionChoice::Criteria => Part::Criteria,
        SectionChoice::Codes => Part::Codes,
        SectionChoice::Log => Part::Log,
        SectionChoice::All => Part::All,
    };
    let evidence = workbench.evidence(&[(policy, version)]);
    output.write(
        || text::show(policy, version, part, &evidence),
        || json::show(policy, version, part, &evidence),
    )?;
    Ok(Ending::Done)
}
