//! Writing answers and problems.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

use super::Command;
use super::args::ColorChoice;
use super::form::{Format, FormatArgs, ReportFormat};
use crate::report::document::{self, Block};
use crate::report::{Line, Page, ReplayReport, Role, counted, csv, xlsx};
use crate::text::SafeText;
use crate::workbench::{Problem, Workbench};

/// Columns of a page that is not written to a terminal.
const PLAIN_COLUMNS: usize = 100;

/// How text is written to one stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    colour: bool,
    columns: usize,
}

impl Style {
    /// For a file.
    const PLAIN: Style = Style {
        colour: false,
        columns: PLAIN_COLUMNS,
    };

    pub(super) fn of_stdout(choice: ColorChoice) -> Self {
        Style::of(choice, io::stdout().is_terminal())
    }

    pub(super) fn of_stderr(choice: ColorChoice) -> Self {
        Style::of(choice, io::stderr().is_terminal())
    }

    /// The flag comes before NO_COLOR, that before CLICOLOR_FORCE, that
    /// before what kind of stream it is.
    fn of(choice: ColorChoice, terminal: bool) -> Self {
        let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        let colour = match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto if set("NO_COLOR") => false,
            ColorChoice::Auto if set("CLICOLOR_FORCE") => true,
            ColorChoice::Auto => terminal && !dumb,
        };
        let columns = terminal
            .then(terminal_size::terminal_size)
            .flatten()
            .map_or(PLAIN_COLUMNS, |(width, _)| usize::from(width.0).max(20));
        Style { colour, columns }
    }
}

/// Where an answer goes, and in which form.
pub(super) struct Output {
    pub(super) json: bool,
    pub(super) style: Style,
}

/// Where a report goes, and in which form.
pub(super) struct Destination<'a> {
    form: ReportFormat,
    out: Option<&'a Path>,
    force: bool,
}

impl Output {
    /// Writes an answer that is also offered as a document, to a file if one is named.
    pub(super) fn write_as(
        &self,
        choice: &FormatArgs,
        title: &str,
        text: impl FnOnce() -> Page,
        json: impl FnOnce() -> Vec<u8>,
        blocks: impl FnOnce() -> Vec<Block>,
    ) -> Result<(), Problem> {
        let bytes = match choice.form(self.json)? {
            Format::Html => document::html(title, &blocks()),
            Format::Md => document::markdown(&blocks()),
            Format::Json => json(),
            Format::Text => self.page(choice.out.as_deref(), &text()),
        };
        deliver(choice.out.as_deref(), choice.force, &bytes)
    }

    /// Where a report is to go. What stands against that is told before the
    /// cases are read.
    pub(super) fn destination<'a>(
        &self,
        choice: &'a FormatArgs<ReportFormat>,
    ) -> Result<Destination<'a>, Problem> {
        let form = choice.form(self.json)?;
        let out = choice.out.as_deref();
        match out {
            None if form == ReportFormat::Xlsx => {
                return Err(Problem::usage(
                    "a workbook is not printed",
                    "name the file to write it to with --out",
                ));
            }
            Some(path) => refuse_to_replace(path, choice.force)?,
            None => {}
        }
        Ok(Destination {
            form,
            out,
            force: choice.force,
        })
    }

    /// Writes a report on cases.
    pub(super) fn write_report(
        &self,
        to: &Destination<'_>,
        report: ReplayReport<'_>,
        text: impl FnOnce() -> Page,
        json: impl FnOnce() -> Vec<u8>,
    ) -> Result<(), Problem> {
        let bytes = match to.form {
            ReportFormat::Text => self.page(to.out, &text()),
            ReportFormat::Json => json(),
            ReportFormat::Csv => csv::replay(report),
            ReportFormat::Md => document::markdown(&document::replay(report)),
            ReportFormat::Html => document::html(&report.title(), &document::replay(report)),
            ReportFormat::Xlsx => xlsx::replay(report)
                .map_err(|error| Problem::input(error.to_string(), error.way_out()))?,
        };
        deliver(to.out, to.force, &bytes)
    }

    /// Writes a report that comes in two forms.
    pub(super) fn write_text_or_json(
        &self,
        to: &Destination<'_>,
        text: impl FnOnce() -> Page,
        json: impl FnOnce() -> Vec<u8>,
    ) -> Result<(), Problem> {
        let bytes = match to.form {
            ReportFormat::Text => self.page(to.out, &text()),
            ReportFormat::Json => json(),
            _ => {
                return Err(Problem::usage(
                    "this replay comes as text or JSON",
                    "name one of them with --format",
                ));
            }
        };
        deliver(to.out, to.force, &bytes)
    }

    /// Writes what is no page, such as a statement for another program, to a
    /// file if one is named.
    pub(super) fn write_plain(
        &self,
        out: Option<&Path>,
        force: bool,
        plain: impl FnOnce() -> Vec<u8>,
        json: impl FnOnce() -> Vec<u8>,
    ) -> Result<(), Problem> {
        deliver(out, force, &if self.json { json() } else { plain() })
    }

    /// A page for where it goes.
    fn page(&self, out: Option<&Path>, page: &Page) -> Vec<u8> {
        let style = match out {
            Some(_) => Style::PLAIN,
            None => self.style,
        };
        page.write(style.columns, style.colour).into_bytes()
    }

    /// Writes an answer to standard output.
    pub(super) fn write(
        &self,
        text: impl FnOnce() -> Page,
        json: impl FnOnce() -> Vec<u8>,
    ) -> Result<(), Problem> {
        to_stdout(&if self.json {
            json()
        } else {
            self.page(None, &text())
        })
    }
}

fn deliver(out: Option<&Path>, force: bool, bytes: &[u8]) -> Result<(), Problem> {
    match out {
        Some(path) => to_file(path, force, bytes),
        None => to_stdout(bytes),
    }
}

/// A report is evidence: one that is there is not replaced unasked.
fn refuse_to_replace(path: &Path, force: bool) -> Result<(), Problem> {
    if !force && path.symlink_metadata().is_ok() {
        return Err(Problem::usage(
            format!("{} is there already", path.display()),
            "write to another file, or add --force to replace it",
        ));
    }
    Ok(())
}

fn to_file(path: &Path, force: bool, bytes: &[u8]) -> Result<(), Problem> {
    refuse_to_replace(path, force)?;
    write_file(path, bytes).map_err(|error| {
        Problem::environment(
            format!("{} cannot be written: {}", path.display(), error.kind()),
            "see whether the folder is there, writable and not full",
        )
    })
}

/// A temporary file beside it, readable by its owner only, takes its name
/// once it is complete.
fn write_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let mut file = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new(".")))?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

/// Whoever reads may stop reading: a closed pipe is no problem.
fn to_stdout(bytes: &[u8]) -> Result<(), Problem> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Problem::environment(
            format!("the answer cannot be written: {error}"),
            "see whether the disk is full",
        )),
        _ => Ok(()),
    }
}

/// Writes a page to standard error. Nothing more can be done if that fails.
pub(super) fn to_stderr(page: &Page, style: Style) {
    let text = page.write(style.columns, style.colour);
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Help as asked for; or what was wrong with the arguments, which may hold
/// anything a terminal would act upon.
pub(super) fn print_usage(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() {
        return match error.print() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::from(4),
        };
    }
    let text = error.render().to_string();
    let mut stderr = io::stderr().lock();
    for line in SafeText::lines(&text) {
        let _ = writeln!(stderr, "{line}");
    }
    ExitCode::from(2)
}

/// A problem and the ways out of it.
pub(super) fn print_problem(problem: &Problem, style: Style) {
    let mut page = Page::default();
    page.push(
        Line::default()
            .hanging(2)
            .add(Role::Bad, "error: ")
            .plain(&problem.message),
    );
    for hint in &problem.hints {
        page.push(
            Line::default()
                .hanging(6)
                .add(Role::Heading, "hint: ")
                .plain(hint),
        );
    }
    to_stderr(&page, style);
}

/// What there is to say about how the answer was come by.
pub(super) fn print_notes(notes: &[String], style: Style) {
    let mut page = Page::default();
    for note in notes {
        page.push(
            Line::default()
                .hanging(2)
                .add(Role::Quiet, "note: ")
                .plain(note),
        );
    }
    to_stderr(&page, style);
}

/// Says what of the library could not be used, once it is known what was read.
pub(super) fn print_diagnostics(workbench: &Workbench, command: &Command, style: Style) {
    if matches!(command, Command::Check(_)) {
        return;
    }
    print_unusable(&workbench.library().unusable_files(), style);
}

/// Says that part of the library is not used: an answer that rests on the
/// rest must not look complete.
pub(super) fn print_unusable(files: &[String], style: Style) {
    if files.is_empty() {
        return;
    }
    let mut page = Page::default();
    page.push(
        Line::default()
            .hanging(2)
            .add(Role::Doubt, "warning: ")
            .plain(&format!(
                "{} of the library cannot be used and {} no part in this answer: {}",
                counted(files.len(), "file", "files"),
                if files.len() == 1 { "takes" } else { "take" },
                files.join(", ")
            )),
    );
    page.push(
        Line::default()
            .hanging(6)
            .add(Role::Heading, "hint: ")
            .plain("see why with `lookback check`"),
    );
    to_stderr(&page, style);
}
