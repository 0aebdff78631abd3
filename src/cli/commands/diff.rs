//! `lookback diff`

use clap::Args;

use crate::cli::Ending;
use crate::cli::args::BetweenArgs;
use crate::cli::form::FormatArgs;
use crate::cli::output::Output;
use crate::policy::Date;
use crate::report::{document, json, text};
use crate::workbench::{Between, Compared, History, Problem, Redline, Workbench};

/// Tell what changed between two versions.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  lookback diff CP.MP.173                   its last two versions
  lookback diff CP.MP.173@2019-07           that version and the one before it
  lookback diff CP.MP.173@2019-02 CP.MP.173@2020-01
  lookback diff CP.MP.173@2019-02..2020-01
  lookback diff CP.MP.173@2019-02..2020-01 --steps
  lookback diff CP.MP.173 --since 2018      every change since, with the version that made it
  lookback diff CP.MP.173 --format html --out redline.html
  lookback diff CP.MP.173@2020-01 CP.MP.209@2020-03
                                            two policies
  lookback diff --between HEAD~3..HEAD      what commits did to the library: policies and versions
                                            added, removed, and edited after approval
  lookback diff CP.MP.173@2020-01 --between HEAD~3..HEAD
                                            what they did to that version

As html or md the answer on two versions is a redline for a committee: what changed, what the
revision log says of it, its effect on every possible case, and the stored cases that come out
differently. Over several versions it lists the changes alone.")]
pub(in crate::cli) struct DiffArgs {
    /// The older and the newer version; or one, to compare with the one before it.
    #[arg(value_name = "REF@V", num_args = 0..=2)]
    versions: Vec<String>,
    #[command(flatten)]
    between: BetweenArgs,
    /// Every version between the two on its own: each change with the version that made it, and
    /// whether a later one undid it.
    #[arg(long, conflicts_with = "between")]
    steps: bool,
    /// As --steps, for every version that may have taken effect on or after this date.
    #[arg(long, value_name = "DATE", conflicts_with_all = ["steps", "between"])]
    since: Option<Date>,
    #[command(flatten)]
    format: FormatArgs,
    /// Exit with 1 if criteria, codes or text differ.
    #[arg(long)]
    exit_code: bool,
}

impl DiffArgs {
    /// The two states of the library that are asked about, if two.
    pub(in crate::cli) fn between(&self) -> Option<&str> {
        self.between.between.as_deref()
    }
}

pub(in crate::cli) fn run(
    args: &DiffArgs,
    workbench: &Workbench,
    output: &Output,
) -> Result<Ending, Problem> {
    if let Some(history) = history(args, workbench)? {
        return print_history(args, &history, output);
    }
    let pair = workbench.version_pair(&args.versions)?;
    let redline = || workbench.redline(pair);
    print(args, &workbench.compare(pair), redline, output)
}

/// Two states of the library: what differs in it, or in a version.
pub(in crate::cli) fn run_between(
    args: &DiffArgs,
    between: &Between,
    output: &Output,
) -> Result<Ending, Problem> {
    if let Some(policy) = between.whole_policies(&args.versions) {
        let changes = between.changes(policy)?;
        output.write_as(
            &args.format,
            &changes.title(),
            || text::library(&changes),
            || json::library(&changes),
            || document::library(&changes),
        )?;
        return Ok(ending(args, changes.policies.is_empty()));
    }
    let pair = between.version_pair(&args.versions)?;
    let redline = || between.redline(pair);
    print(args, &between.compare(pair), redline, output)
}

fn print(
    args: &DiffArgs,
    compared: &Compared,
    redline: impl FnOnce() -> Redline,
    output: &Output,
) -> Result<Ending, Problem> {
    output.write_as(
        &args.format,
        &compared.title(),
        || text::diff(compared),
        || json::diff(compared),
        || document::redline(&redline()),
    )?;
    Ok(ending(args, compared.is_unchanged()))
}

/// The changes version by version, if that is what is asked for.
fn history(args: &DiffArgs, workbench: &Workbench) -> Result<Option<History>, Problem> {
    if let Some(since) = args.since {
        if args.versions.len() > 1 {
            return Err(Problem::usage(
                "--since goes from a date to the latest version: two versions are too many",
                "name the policy alone, or the two versions with --steps",
            ));
        }
        let policy = workbench.policy(args.versions.first().map(String::as_str))?;
        return workbench.history_since(policy, since).map(Some);
    }
    if args.steps {
        let pair = workbench.version_pair(&args.versions)?;
        return workbench.history_between(pair).map(Some);
    }
    Ok(None)
}

fn print_history(args: &DiffArgs, history: &History, output: &Output) -> Result<Ending, Problem> {
    output.write_as(
        &args.format,
        &history.title(),
        || text::history(history),
        || json::history(history),
        || document::history(history),
    )?;
    Ok(ending(args, history.is_unchanged()))
}

fn ending(args: &DiffArgs, unchanged: bool) -> Ending {
    if args.exit_code && !unchanged {
        Ending::Findings
    } else {
        Ending::Done
    }
}
