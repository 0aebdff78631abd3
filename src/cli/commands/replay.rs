//! `lookback replay`

use std::path::PathBuf;

use clap::Args;

use crate::cli::Ending;
use crate::cli::output::Output;
use crate::report::{json, text};
use crate::workbench::{Against, CaseSource, Problem, ReplayRequest, Workbench};

/// Re-run cases against versions: what each would have decided, and why it differs.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  lookback replay                            the stored cases against every version
  lookback replay --flips                    without the cases that come out the same
  lookback replay --against 2019-07,2020-01
  lookback replay my-cases.jsonl --policy CP.MP.173 --out report.json")]
pub(in crate::cli) struct ReplayArgs {
    /// Files of cases, one JSON object a line. The library's stored cases, if none is named.
    #[arg(value_name = "CASES")]
    cases: Vec<PathBuf>,
    /// Only cases of this policy; cases that name none are of this one.
    #[arg(long, value_name = "REF")]
    policy: Option<String>,
    /// The versions, separated by commas, or all.
    #[arg(
        long,
        value_name = "V,V|all",
        default_value = "all",
        value_delimiter = ','
    )]
    against: Vec<String>,
    /// List only the cases that come out differently.
    #[arg(long)]
    flips: bool,
    /// Print what comes out, counted, without the cases: for files of any length.
    #[arg(long, conflicts_with = "flips")]
    summary: bool,
    /// Exit with 1 if a case flips or a recorded determination does not follow.
    #[arg(long)]
    exit_code: bool,
    /// Write to this file, readable by its owner only, instead of printing; as JSON if it ends
    /// in .json.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Replace the file of --out if it is there.
    #[arg(long, requires = "out")]
    force: bool,
}

pub(in crate::cli) fn run(
    args: &ReplayArgs,
    workbench: &Workbench,
    output: &Output,
) -> Result<Ending, Problem> {
    if args.summary {
        return summary(args, workbench, output);
    }
    let replayed = workbench.replay(&request(args), &mut |_| true)?;
    let page = || text::replay(&replayed, args.flips);
    let document = || json::replay(&replayed, args.flips);
    match &args.out {
        Some(path) => output.write_to(path, args.force, page, document)?,
        None => output.write(page, document)?,
    }
    let replay = &replayed.replay;
    let notable = !replay.flips.is_empty() || replay.deviations().next().is_some();
    Ok(if !replayed.rejects.is_empty() {
        Ending::Rejected
    } else if args.exit_code && notable {
        Ending::Findings
    } else {
        Ending::Done
    })
}

fn summary(args: &ReplayArgs, workbench: &Workbench, output: &Output) -> Result<Ending, Problem> {
    let counted = workbench.count(&request(args), &mut |_| true)?;
    let page = || text::replay_summary(&counted);
    let document = || json::replay_summary(&counted);
    match &args.out {
        Some(path) => output.write_to(path, args.force, page, document)?,
        None => output.write(page, document)?,
    }
    let (summary, recorded) = (&counted.summary, &counted.summary.recorded);
    let notable = summary.flipping > 0 || recorded.deviating > 0;
    Ok(if !counted.rejects.is_empty() {
        Ending::Rejected
    } else if args.exit_code && notable {
        Ending::Findings
    } else {
        Ending::Done
    })
}

fn request(args: &ReplayArgs) -> ReplayRequest {
    ReplayRequest {
        cases: if args.cases.is_empty() {
            CaseSource::Stored
        } else {
            CaseSource::Files(args.cases.clone())
        },
        policy: args.policy.clone(),
        against: if args.against == ["all"] {
            Against::All
        } else {
            Against::Versions(args.against.clone())
        },
    }
}
