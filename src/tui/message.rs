//! What the program is told, by the keyboard and by its workers.

use std::sync::Arc;

use crossterm::event::KeyEvent;

use super::job::{Answer, Job, Work};
use crate::workbench::{Problem, Workbench};

/// Something happened.
pub enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// Text was pasted.
    Paste(String),
    /// The terminal has another size: columns and rows.
    Resize(u16, u16),
    /// The library was opened, or could not be.
    Opened(Result<Arc<Workbench>, Problem>),
    /// A worker found something out.
    Answer(Answer),
    /// A worker failed: which work, and where in the program.
    Failed {
        /// The work.
        work: &'static str,
        /// Where in the source.
        place: String,
    },
    /// The program shall leave: a signal came.
    Stop(i32),
    /// Nobody can press a key any more.
    InputEnded,
}

/// What the program asks of the world outside it.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Find something out.
    Run(Job),
    /// Stop the replay that is running.
    CancelReplay,
    /// The analysis that is running is no longer wanted.
    CancelAnalysis,
    /// Stop long work.
    Stop(Work),
    /// Leave.
    Quit,
}
