//! `lookback replay`

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::cases::Reject;
use crate::cli::Ending;
use crate::cli::asked::arguments;
use crate::cli::case_files::ColumnArgs;
use crate::cli::form::{FormatArgs, ReportFormat};
use crate::cli::output::Output;
use crate::replay::{Basis, Follows};
use crate::report::{ReplayReport, json, text};
use crate::workbench::{Against, InForceRequest, Problem, ReplayRequest, WhatIf, Workbench};

/// Re-run cases against versions: what each would have decided, and why it differs.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  lookback replay                            the stored cases against every version
  lookback replay --flips                    without the cases that come out the same
  lookback replay --against 2019-07,2020-01
  lookback replay --against in-force         each against the version in force on its date
  lookback replay --flips --edit 'II.B.1: pain_reduction_pct >= 60'
  lookback replay year.csv --policy CP.MP.173 --summary
  zcat cases.csv.gz | lookback replay - --column case_id=AuthNo
  lookback replay my-cases.jsonl --policy CP.MP.173 --out report.html")]
pub(in crate::cli) struct ReplayArgs {
    /// Files of cases: CSV, JSON Lines or Parquet, the first two also as .gz or .zst; - is
    /// standard input. The library's stored cases, if none is named.
    #[arg(value_name = "CASES")]
    cases: Vec<PathBuf>,
    #[command(flatten)]
    columns: ColumnArgs,
    /// Only cases of this policy; cases that name none are of this one.
    #[arg(long, value_name = "REF")]
    policy: Option<String>,
    /// The versions, separated by commas, or all; in-force for the one in force on each case's
    /// date.
    #[arg(
        long,
        value_name = "V,V|all|in-force",
        default_value = "all",
        value_delimiter = ','
    )]
    against: Vec<String>,
    /// With --against in-force: the date that counts. If none is named, when a case was decided,
    /// or else when the service was to be given.
    #[arg(long)]
    basis: Option<BasisChoice>,
    /// Replay a version file that is not in the library, too. Repeatable.
    #[arg(long, value_name = "FILE")]
    draft: Vec<PathBuf>,
    /// Replay a version with another rule for one criterion, too: 'II.B.1: pain_reduction_pct >=
    /// 60', or 'REF@V/II.B.1: ...' for another version than the latest. Repeatable.
    #[arg(long, value_name = "ID: RULE")]
    edit: Vec<String>,
    /// List only the cases that come out differently.
    #[arg(long)]
    flips: bool,
    /// Print what comes out, counted, without the cases: for files of any length.
    #[arg(long, conflicts_with = "flips")]
    summary: bool,
    /// Exit with 1 if a case flips or a recorded determination does not follow.
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    format: FormatArgs<ReportFormat>,
}

/// A date of a case.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum BasisChoice {
    /// When it was decided.
    Decision,
    /// When the service was to be given.
    Service,
}

impl From<BasisChoice> for Basis {
    fn from(choice: BasisChoice) -> Self {
        match choice {
            BasisChoice::Decision => Basis::Decision,
            BasisChoice::Service => Basis::Service,
        }
    }
}

pub(in crate::cli) fn run(
    args: &ReplayArgs,
    workbench: &Workbench,
    output: &Output,
) -> Result<Ending, Problem> {
    if args.against == ["in-force"] {
        return in_force(args, workbench, output);
    }
    if args.basis.is_some() {
        return Err(Problem::usage(
            "--basis tells which date counts for --against in-force",
            "add --against in-force, or leave it out",
        ));
    }
    if args.summary {
        return summary(args, workbench, output);
    }
    let to = output.destination(&args.format)?;
    let mut replayed = workbench.replay(&request(args), &mut |_| true)?;
    replayed.evidence.arguments = arguments();
    output.write_report(
        &to,
        ReplayReport::listed(&replayed, args.flips),
        || text::replay(&replayed, args.flips),
        || json::replay(&replayed, args.flips),
    )?;
    let replay = &replayed.replay;
    let notable = !replay.flips.is_empty() || replay.deviations().next().is_some();
    Ok(ending(args, &replayed.rejects, notable))
}

fn summary(args: &ReplayArgs, workbench: &Workbench, output: &Output) -> Result<Ending, Problem> {
    let to = output.destination(&args.format)?;
    let mut counted = workbench.count(&request(args), &mut |_| true)?;
    counted.evidence.arguments = arguments();
    output.write_report(
        &to,
        ReplayReport::counted(&counted),
        || text::replay_summary(&counted),
        || json::replay_summary(&counted),
    )?;
    let (summary, recorded) = (&counted.summary, &counted.summary.recorded);
    let notable = summary.flipping > 0 || recorded.deviating > 0;
    Ok(ending(args, &counted.rejects, notable))
}

/// Each case against the version in force on its date.
fn in_force(args: &ReplayArgs, workbench: &Workbench, output: &Output) -> Result<Ending, Problem> {
    if !(args.draft.is_empty() && args.edit.is_empty()) {
        return Err(Problem::usage(
            "what is not approved is never in force",
            "replay drafts and edits with --against all or named versions",
        ));
    }
    if args.summary {
        return Err(Problem::usage(
            "--summary counts a replay against named versions",
            "leave it out, or name versions with --against",
        ));
    }
    let to = output.destination(&args.format)?;
    let request = InForceRequest {
        cases: args.columns.source(&args.cases),
        policy: args.policy.clone(),
        basis: args.basis.map(Basis::from),
    };
    let mut replayed = workbench.replay_in_force(&request, &mut |_| true)?;
    replayed.evidence.arguments = arguments();
    output.write_text_or_json(
        &to,
        || text::in_force(&replayed, args.flips),
        || json::in_force(&replayed, args.flips),
    )?;
    let replay = &replayed.replay;
    let notable = replay.following(Follows::No) > 0
        || replay
            .outcomes
            .iter()
            .any(|one| one.other_in_force().is_some());
    Ok(ending(args, &replayed.rejects, notable))
}

fn ending(args: &ReplayArgs, rejects: &[Reject], notable: bool) -> Ending {
    if !rejects.is_empty() {
        Ending::Rejected
    } else if args.exit_code && notable {
        Ending::Findings
    } else {
        Ending::Done
    }
}

fn request(args: &ReplayArgs) -> ReplayRequest {
    ReplayRequest {
        cases: args.columns.source(&args.cases),
        policy: args.policy.clone(),
        against: if args.against == ["all"] {
            Against::All
        } else {
            Against::Versions(args.against.clone())
        },
        what_if: WhatIf {
            drafts: args.draft.clone(),
            edits: args.edit.clone(),
        },
    }
}
