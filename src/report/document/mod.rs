//! Answers as documents to hand on: blocks of runs, written as HTML or Markdown.

mod changes;
mod chart;
mod effect;
mod explain;
mod history;
mod html;
mod library;
mod log;
mod markdown;
mod redline;
mod replay;
mod svg;

pub use chart::Chart;
pub use effect::effect;
pub use explain::explain;
pub use history::history;
pub use html::html;
pub use library::library;
pub use log::log;
pub use markdown::markdown;
pub use redline::redline;
pub use replay::replay;

use super::counted;
use super::page::Role;
use crate::workbench::{Evidence, Origin};

/// A piece of a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading, 1 for the document's own.
    Heading(u8, String),
    /// A paragraph.
    Paragraph(Vec<Run>),
    /// A list.
    List(Vec<Vec<Run>>),
    /// A table with a head.
    Table {
        /// The head.
        head: Vec<String>,
        /// The rows, each with as many cells as the head.
        rows: Vec<Vec<Vec<Run>>>,
    },
    /// A list with lists below its items.
    Tree(Vec<Branch>),
    /// A picture of figures that stand in a table beside it. Markdown has none.
    Chart(Chart),
}

/// An item of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// The item.
    pub runs: Vec<Run>,
    /// Those below it.
    pub below: Vec<Branch>,
}

/// Text of one role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// What it is.
    pub role: Role,
    /// The text.
    pub text: String,
}

/// Plain text.
pub(super) fn plain(text: impl Into<String>) -> Run {
    run(Role::Plain, text)
}

/// Text of a role.
pub(super) fn run(role: Role, text: impl Into<String>) -> Run {
    Run {
        role,
        text: text.into(),
    }
}

/// What a document rests on, as its last section.
fn evidence(evidence: &Evidence) -> Vec<Block> {
    let mut rows = vec![
        vec![plain(evidence.program.clone())],
        place("library ", &evidence.library),
    ];
    rows.extend(
        evidence
            .unusable
            .iter()
            .map(|file| vec![run(Role::Bad, format!("not used: {file}"))]),
    );
    if evidence.unread > 0 {
        let policies = counted(evidence.unread, "other policy", "other policies");
        rows.push(vec![plain(format!("not read: the versions of {policies}"))]);
    }
    if let Some(older) = &evidence.older_library {
        rows.push(place("older side: ", older));
    }
    rows.extend(evidence.older_unusable.iter().map(|file| {
        let text = format!("not used of the older side: {file}");
        vec![run(Role::Bad, text)]
    }));
    rows.extend(evidence.versions.iter().map(|one| {
        vec![
            plain(format!("{} {} ", one.version, one.provenance.name())),
            run(Role::Quiet, format!("sha256 {}", one.hash)),
        ]
    }));
    rows.extend(evidence.case_files.iter().map(|one| {
        vec![
            plain(format!("{} ", one.file)),
            run(Role::Quiet, format!("sha256 {}", one.hash)),
        ]
    }));
    if let Some(command) = evidence.command() {
        rows.push(vec![plain("command "), run(Role::Quiet, command)]);
    }
    vec![
        Block::Heading(2, "What this rests on".to_owned()),
        Block::List(rows),
    ]
}

/// Where a library was read from.
fn place(what: &str, origin: &Origin) -> Vec<Run> {
    let mut runs = vec![plain(format!("{what}{}", origin.place))];
    let state = origin.state();
    runs.extend(state.map(|state| run(Role::Quiet, format!(" {state}"))));
    runs
}
