//! The commands: arguments understood, a use case called, its answer printed.
//!
//! Data goes to standard output, everything else to standard error.

mod args;
mod commands;
mod output;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use output::{Output, Style};

use crate::workbench::{Problem, Workbench};

/// How a command ended, if nothing stood in its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// It answered.
    Done,
    /// It answered, and there is something to look at.
    Findings,
    /// It answered, but rows of its input were rejected.
    Rejected,
}

impl Ending {
    fn code(self) -> u8 {
        match self {
            Ending::Done => 0,
            Ending::Findings => 1,
            Ending::Rejected => 3,
        }
    }
}

/// Runs the program on the arguments it was started with.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return output::print_usage(&error),
    };
    let style = Style::of_stderr(cli.global.color);
    match run(&cli) {
        Ok(ending) => ExitCode::from(ending.code()),
        Err(problem) => {
            output::print_problem(&problem, style);
            ExitCode::from(problem.kind.exit_code())
        }
    }
}

fn run(cli: &Cli) -> Result<Ending, Problem> {
    let Some(command) = &cli.command else {
        return commands::tui::run(cli);
    };
    let output = Output {
        json: cli.global.json,
        style: Style::of_stdout(cli.global.color),
    };
    // The library need not be there yet, nor be sound.
    if let Command::CodeSet(args) = command {
        return commands::code_set::run(args, &cli.global.opening(), &output);
    }
    let workbench = Workbench::open(&cli.global.opening())?;
    output::print_diagnostics(&workbench, command, Style::of_stderr(cli.global.color));
    match command {
        Command::Search(args) => commands::search::run(args, &workbench, &output),
        Command::Codes(args) => commands::codes::run(args, &workbench, &output),
        Command::Show(args) => commands::show::run(args, &workbench, &output),
        Command::Diff(args) => commands::diff::run(args, &workbench, &output),
        Command::Log(args) => commands::log::run(args, &workbench, &output),
        Command::Effect(args) => commands::effect::run(args, &workbench, &output),
        Command::Replay(args) => commands::replay::run(args, &workbench, &output),
        Command::Explain(args) => commands::explain::run(args, &workbench, &output),
        Command::Check(args) => commands::check::run(args, &workbench, &output),
        Command::CodeSet(args) => commands::code_set::run(args, &cli.global.opening(), &output),
    }
}
