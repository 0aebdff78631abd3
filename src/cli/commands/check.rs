//! `lookback check`

use clap::{Args, ValueEnum};

use crate::cli::Ending;
use crate::cli::output::Output;
use crate::report::{json, text};
use crate::workbench::{Finding, Problem, Workbench};

/// List every finding on the library: files, revision logs, codes, stored cases.
///
/// Exits with 1 if there is an error or a warning; notes are for information.
#[derive(Args, Debug)]
pub(in crate::cli) struct CheckArgs {
    /// The form of the answer.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: CheckFormat,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum CheckFormat {
    /// Text for the terminal.
    Text,
    /// JSON.
    Json,
    /// SARIF 2.1.0, for pipelines.
    Sarif,
}

pub(in crate::cli) fn run(
    args: &CheckArgs,
    workbench: &Workbench,
    output: &Output,
) -> Result<Ending, Problem> {
    let findings = workbench.check();
    let versions: Vec<_> = workbench
        .library()
        .policies()
        .into_iter()
        .flat_map(|policy| policy.versions.iter().map(move |version| (policy, version)))
        .collect();
    let evidence = workbench
        .evidence(&versions)
        .resting_on(workbench.code_set_evidence());
    let output = &Output {
        json: output.json || !matches!(args.format, CheckFormat::Text),
        style: output.style,
    };
    output.write(
        || text::check(&findings, &evidence),
        || match args.format {
            CheckFormat::Sarif => json::sarif(&findings, &evidence),
            CheckFormat::Text | CheckFormat::Json => json::check(&findings, &evidence),
        },
    )?;
    let notable = findings.iter().any(Finding::is_notable);
    Ok(if notable {
        Ending::Findings
    } else {
        Ending::Done
    })
}
