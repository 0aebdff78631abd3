//! `lookback` alone: the terminal interface.

use std::io::IsTerminal;

use crate::cli::Ending;
use crate::cli::args::Cli;
use crate::workbench::Problem;

pub(in crate::cli) fn run(cli: &Cli) -> Result<Ending, Problem> {
    if !std::io::stdout().is_terminal() || !std::io::stdin().is_terminal() {
        return Err(Problem::usage(
            "the terminal interface needs a terminal",
            "run a command instead: `lookback --help` lists them",
        ));
    }
    crate::tui::run(crate::tui::Start {
        opening: cli.global.opening(),
    })
    .map_err(|error| Problem::environment(error.to_string(), ""))?;
    Ok(Ending::Done)
}
