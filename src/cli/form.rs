//! The forms of an answer, and which one is meant.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use crate::workbench::Problem;

/// The form of an answer, where a command offers documents.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Text for the terminal.
    #[default]
    Text,
    /// JSON.
    Json,
    /// One HTML file, made to be printed.
    Html,
    /// Markdown.
    Md,
}

/// The form of a report on cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum ReportFormat {
    /// Text for the terminal.
    #[default]
    Text,
    /// JSON.
    Json,
    /// CSV, one row a case.
    Csv,
    /// Markdown.
    Md,
    /// One HTML file with charts, made to be printed.
    Html,
    /// An Excel workbook; needs --out.
    Xlsx,
}

/// Options of commands that offer answers in several forms.
#[derive(clap::Args, Debug)]
pub(super) struct FormatArgs<F: ValueEnum + Send + Sync + 'static = Format> {
    /// The form of the answer; if none is named, the one that --out ends in, or else text.
    #[arg(long, value_name = "FORMAT")]
    format: Option<F>,
    /// Write to this file, readable by its owner only, instead of printing.
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// Replace the file of --out if it is there.
    #[arg(long, requires = "out")]
    pub(super) force: bool,
}

impl<F: ValueEnum + Default + Send + Sync> FormatArgs<F> {
    /// The form that is meant: the one named, the one that `--json` or else
    /// the name of the file asks for, or text.
    pub(super) fn form(&self, json: bool) -> Result<F, Problem> {
        if let Some(named) = &self.format {
            return Ok(named.clone());
        }
        let asked = match &self.out {
            _ if json => Some("json".to_owned()),
            Some(path) => ending(path),
            None => None,
        };
        let Some(asked) = asked else {
            return Ok(F::default());
        };
        F::from_str(&asked, true).map_err(|_| {
            let forms = F::value_variants().iter();
            let names =
                forms.filter_map(|form| Some(form.to_possible_value()?.get_name().to_owned()));
            let names: Vec<_> = names.collect();
            Problem::usage(
                format!("this answer has no form called .{asked}"),
                format!("name one with --format: {}", names.join(", ")),
            )
        })
    }
}

/// What a file's name ends in, as the forms are called.
fn ending(path: &Path) -> Option<String> {
    let ending = path.extension()?.to_string_lossy().to_lowercase();
    Some(match ending.as_str() {
        "txt" => "text".to_owned(),
        "htm" => "html".to_owned(),
        "markdown" => "md".to_owned(),
        _ => ending,
    })
}
