//! `lookback check`

use clap::Args;

use crate::cli::Ending;
use crate::cli::output::Output;
use crate::report::{json, text};
use crate::workbench::{Problem, Workbench};

/// List every finding on the library: files, revision logs, stored cases.
///
/// Exits with 1 if there is a finding.
#[derive(Args, Debug)]
pub(in crate::cli) struct CheckArgs {}

pub(in crate::cli) fn run(
    _: &CheckArgs,
    workbench: &Workbench,
    output: &Output,
) -> Result<Ending, Problem> {
    let findings = workbench.check();
    let versions: Vec<_> = workbench
        .library()
        .policies
        .iter()
        .flat_map(|policy| policy.versions.iter().map(move |version| (policy, version)))
        .collect();
    let evidence = workbench.evidence(&versions);
    output.write(
        || text::check(&findings, &evidence),
        || json::check(&findings, &evidence),
    )?;
    Ok(if findings.is_empty() {
        Ending::Done
    } else {
        Ending::Findings
    })
}
