//! The loop: messages in, effects out, one frame for all that came together.

use std::env;
use std::io::{self, IsTerminal, stdin, stdout};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use crossterm::event::{Event, KeyEventKind, read};

use super::app::App;
use super::job::Job;
use super::message::{Effect, Message};
use super::signals;
use super::terminal::Session;
use super::theme::Theme;
use super::worker::{self, Workers};
use crate::workbench::Opening;

/// How the terminal UI starts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Start {
    /// The library to open.
    pub opening: Opening,
}

/// Why the terminal UI ended other than by being left.
#[derive(Debug, thiserror::Error)]
pub enum TuiError {
    /// Standard input or output is no terminal.
    #[error("this is no terminal; name a command, as in `lookback search infection`")]
    NotATerminal,
    /// The terminal does not do what is asked of it.
    #[error("the terminal cannot be used: {0}")]
    Terminal(#[from] io::Error),
}

/// Forces a panic, for the test that the terminal survives one: `ui` in the
/// screen's thread after the first frame, `worker` in a worker.
const TEST_PANIC: &str = "LOOKBACK_TEST_PANIC";

/// Runs the terminal UI until it is left.
///
/// After a signal the process ends as that signal would have ended it, once
/// the terminal is restored.
///
/// # Errors
/// When there is no terminal, or it cannot be used.
pub fn run(start: Start) -> Result<(), TuiError> {
    if !stdin().is_terminal() || !stdout().is_terminal() {
        return Err(TuiError::NotATerminal);
    }
    let (sender, receiver) = channel();
    let mut session = Session::enter()?;
    signals::watch(sender.clone())?;
    read_input(sender.clone())?;
    let mut program = Program {
        app: App::new(session.size()?),
        theme: Theme::from_environment(),
        workers: None,
        opening: Some(start.opening),
        sender,
        test_panic: env::var(TEST_PANIC).unwrap_or_default(),
    };
    let left = program.run(&mut session, &receiver)?;
    drop(session);
    if let Left::Signal(signal) = left {
        signals::end_by(signal);
    }
    Ok(())
}

/// Why the loop was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Left {
    /// It was asked to.
    Asked,
    /// A signal came.
    Signal(i32),
}

/// Reads events on a thread of its own, which ends with the process.
fn read_input(screen: Sender<Message>) -> io::Result<()> {
    let work = move || {
        while let Ok(event) = read() {
            if let Some(message) = message(event)
                && screen.send(message).is_err()
            {
                return;
            }
        }
        let _ = screen.send(Message::InputEnded);
    };
    thread::Builder::new()
        .name("input".to_owned())
        .spawn(work)?;
    Ok(())
}

/// Key releases, which some terminals report, are no second press.
fn message(event: Event) -> Option<Message> {
    match event {
        Event::Key(key) if key.kind != KeyEventKind::Release => Some(Message::Key(key)),
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Resize(columns, rows) => Some(Message::Resize(columns, rows)),
        _ => None,
    }
}

struct Program {
    app: App,
    theme: Theme,
    /// None until the library is open.
    workers: Option<Workers>,
    /// The library to open once the first frame is drawn.
    opening: Option<Opening>,
    sender: Sender<Message>,
    test_panic: String,
}

impl Program {
    fn run(
        &mut self,
        session: &mut Session,
        messages: &Receiver<Message>,
    ) -> Result<Left, TuiError> {
        loop {
            self.app.size = session.size()?;
            session.draw(&self.app, &self.theme)?;
            if let Some(opening) = self.opening.take() {
                worker::open(opening, self.sender.clone());
            }
            assert!(self.test_panic != "ui", "asked for by {TEST_PANIC}");
            let Ok(message) = messages.recv() else {
                return Ok(Left::Asked);
            };
            // One frame for everything that came together.
            let waiting = std::iter::once(message).chain(messages.try_iter());
            if let Some(left) = self.take_all(waiting) {
                return Ok(left);
            }
        }
    }

    fn take_all(&mut self, messages: impl Iterator<Item = Message>) -> Option<Left> {
        let mut messages = messages;
        messages.find_map(|message| self.take(message))
    }

    /// Takes a message; answers why to leave, if it is time to.
    fn take(&mut self, message: Message) -> Option<Left> {
        match &message {
            Message::Stop(signal) => return Some(Left::Signal(*signal)),
            Message::InputEnded => return Some(Left::Asked),
            Message::Opened(Ok(workbench)) => {
                self.workers = Some(Workers::start(workbench, &self.sender));
                self.test_worker();
            }
            _ => {}
        }
        let effects = self.app.update(message);
        let leave = effects.contains(&Effect::Quit);
        effects
            .into_iter()
            .for_each(|effect| self.carry_out(effect));
        leave.then_some(Left::Asked)
    }

    fn carry_out(&self, effect: Effect) {
        let Some(workers) = &self.workers else { return };
        match effect {
            Effect::Run(job) => workers.run(job),
            Effect::CancelReplay => workers.cancel_replay(),
            Effect::CancelAnalysis => workers.cancel_analysis(),
            Effect::Stop(work) => workers.stop(work),
            Effect::Quit => {}
        }
    }

    fn test_worker(&self) {
        if self.test_panic == "worker" {
            self.carry_out(Effect::Run(Job::Panic));
        }
    }
}
