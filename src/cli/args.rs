//! The arguments, as clap reads them. Doc comments are the help.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::commands::{
    check, code_set, codes, diff, effect, explain, log, replay, search, show, sql, versions,
};
use crate::workbench::{IndexPlace, Opening};

/// Audit versioned clinical policies.
///
/// Without a command, opens the terminal interface. The library is
/// policy-versions/ in this folder if there is one, or else the one built in.
#[derive(Debug, Parser)]
#[command(name = "lookback", version, max_term_width = 100)]
#[command(after_help = "\
Versions are named 2020-01, latest, previous, or by a date on which they were in force:
  lookback show CP.MP.173@2019-08-14

Exit codes: 0 done; 1 findings; 2 wrong usage; 3 input refused or rows rejected;
4 the machine stands in the way (permissions, disk).")]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

/// Options of every command.
#[derive(Args, Debug)]
pub(super) struct Global {
    /// The library folder.
    #[arg(long, global = true, value_name = "DIR")]
    library: Option<PathBuf>,
    /// The library as git had it at a branch, tag or commit (HEAD~2, v1, 4f04c4b).
    #[arg(long, global = true, value_name = "REV")]
    at: Option<String>,
    /// When to use colour.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub(super) color: ColorChoice,
    /// Keep no search index in the cache folder; make it in memory each time.
    ///
    /// The index is kept in the user's cache folder, or in the folder that
    /// LOOKBACK_CACHE names. It holds nothing of any case.
    #[arg(long, global = true)]
    no_index_cache: bool,
    /// Print JSON instead of text.
    #[arg(long, global = true)]
    pub(super) json: bool,
}

impl Global {
    /// Which library is meant.
    pub(super) fn opening(&self) -> Opening {
        Opening {
            folder: self.library.clone(),
            revision: self.at.clone(),
            index: if self.no_index_cache {
                IndexPlace::Memory
            } else {
                IndexPlace::User
            },
        }
    }
}

/// Options of commands that compare.
#[derive(Args, Debug)]
pub(super) struct BetweenArgs {
    /// The library as git had it at two revisions, as HEAD~3..HEAD; HEAD.. goes to the files as
    /// they are. The older side is read from the first, the newer from the second.
    #[arg(long, value_name = "OLD..NEW")]
    pub(super) between: Option<String>,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Search(search::SearchArgs),
    Codes(codes::CodesArgs),
    Show(show::ShowArgs),
    Versions(versions::VersionsArgs),
    Diff(diff::DiffArgs),
    Log(log::LogArgs),
    Effect(effect::EffectArgs),
    Replay(replay::ReplayArgs),
    Sql(sql::SqlArgs),
    Explain(explain::ExplainArgs),
    Check(check::CheckArgs),
    CodeSet(code_set::CodeSetArgs),
}

impl Command {
    /// The two states of the library that are asked about, if two.
    pub(super) fn between(&self) -> Option<&str> {
        match self {
            Command::Diff(args) => args.between(),
            Command::Effect(args) => args.between(),
            _ => None,
        }
    }
}
