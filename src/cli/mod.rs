//! The commands: arguments understood, a use case called, its answer printed.
//!
//! Data goes to standard output, everything else to standard error.

mod args;
mod asked;
mod case_files;
mod commands;
mod form;
mod output;

use std::process::ExitCode;

use clap::Parser;

use args::{Cli, Command};
use output::{Output, Style};

use crate::workbench::{Between, Finder, Problem, Workbench};

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
    quiet_guarded_panics();
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

/// A panic that is told as damage of a file is not told twice.
fn quiet_guarded_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        if !crate::cases::parquet::is_guarded() {
            usual(info);
        }
    }));
}

fn run(cli: &Cli) -> Result<Ending, Problem> {
    let Some(command) = &cli.command else {
        return commands::tui::run(cli);
    };
    let output = Output {
        json: cli.global.json,
        style: Style::of_stdout(cli.global.color),
    };
    let opening = cli.global.opening();
    let stderr = Style::of_stderr(cli.global.color);
    // The library need not be there yet, nor be sound.
    if let Command::CodeSet(args) = command {
        return commands::code_set::run(args, &opening, &output);
    }
    if let Command::Search(_) | Command::Codes(_) = command {
        return find(command, &Finder::open(&opening)?, &output, stderr);
    }
    if let Some(range) = command.between() {
        return compare_states(command, &Between::open(&opening, range)?, &output, stderr);
    }
    let workbench = Workbench::open(&opening)?;
    let ending = answer(command, &workbench, &output);
    // What was read is known only now.
    output::print_diagnostics(&workbench, command, stderr);
    ending
}

/// The commands that read the policies they are about.
fn answer(command: &Command, workbench: &Workbench, output: &Output) -> Result<Ending, Problem> {
    match command {
        // Answered before.
        Command::Search(_) | Command::Codes(_) | Command::CodeSet(_) => Ok(Ending::Done),
        Command::Show(args) => commands::show::run(args, workbench, output),
        Command::Versions(args) => commands::versions::run(args, workbench, output),
        Command::Diff(args) => commands::diff::run(args, workbench, output),
        Command::Log(args) => commands::log::run(args, workbench, output),
        Command::Effect(args) => commands::effect::run(args, workbench, output),
        Command::Replay(args) => commands::replay::run(args, workbench, output),
        Command::Sql(args) => commands::sql::run(args, workbench, output),
        Command::Explain(args) => commands::explain::run(args, workbench, output),
        Command::Check(args) => commands::check::run(args, workbench, output),
    }
}

/// The commands that compare, on two states of the library.
fn compare_states(
    command: &Command,
    between: &Between,
    output: &Output,
    stderr: Style,
) -> Result<Ending, Problem> {
    let states = between.states();
    for state in [states.old, states.new] {
        output::print_unusable(&state.library().unusable_files(), stderr);
    }
    match command {
        Command::Diff(args) => commands::diff::run_between(args, between, output),
        Command::Effect(args) => commands::effect::run_between(args, between, output),
        _ => Ok(Ending::Done),
    }
}

/// The commands that the index answers: they do not load the library.
fn find(
    command: &Command,
    finder: &Finder,
    output: &Output,
    stderr: Style,
) -> Result<Ending, Problem> {
    output::print_unusable(&finder.unusable_files(), stderr);
    let ending = match command {
        Command::Search(args) => commands::search::run(args, finder, output),
        Command::Codes(args) => commands::codes::run(args, finder, output),
        _ => Ok(Ending::Done),
    };
    output::print_notes(&finder.notes(), stderr);
    ending
}
