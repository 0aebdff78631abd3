//! `lookback code-set`

use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::cli::Ending;
use crate::cli::output::Output;
use crate::report::{json, text};
use crate::workbench::{CodeSetImport, Opening, Problem, import_code_sets};

/// Build reference code sets from published files.
#[derive(Args, Debug)]
pub(in crate::cli) struct CodeSetArgs {
    #[command(subcommand)]
    command: CodeSetCommand,
}

#[derive(Debug, Subcommand)]
enum CodeSetCommand {
    Import(ImportArgs),
}

/// Read ICD-10-CM and HCPCS files as CMS publishes them, or a licensed CPT file.
///
/// Years are added to the set that is there. The same files give the same bytes.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  lookback code-set import cms_2027_dx.zip           the next fiscal year
  lookback code-set import --rebuild cms_*_dx.zip *-Alpha-Numeric-HCPCS-File.zip
  lookback code-set import cpt-long.txt --year 2020  your licensed CPT file

A CPT set stays on your machine: do not commit or pass on cpt.lookback-codes.")]
struct ImportArgs {
    /// Zip archives, order files, addenda, HCPCS texts or workbooks, CPT texts.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// The folder for the code sets. The library's code-sets folder, if none is named.
    #[arg(long, value_name = "DIR")]
    into: Option<PathBuf>,
    /// The year of files whose names do not tell it; for ICD-10-CM, the fiscal year.
    #[arg(long, value_name = "YYYY")]
    year: Option<i16>,
    /// Begin anew from the files named, instead of adding to what is there.
    #[arg(long)]
    rebuild: bool,
}

pub(in crate::cli) fn run(
    args: &CodeSetArgs,
    opening: &Opening,
    output: &Output,
) -> Result<Ending, Problem> {
    let CodeSetCommand::Import(args) = &args.command;
    let request = CodeSetImport {
        files: args.files.clone(),
        into: args.into.clone(),
        year: args.year,
        rebuild: args.rebuild,
    };
    let imported = import_code_sets(opening, &request)?;
    output.write(
        || text::imported_sets(&imported),
        || json::imported_sets(&imported),
    )?;
    Ok(Ending::Done)
}
