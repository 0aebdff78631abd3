//! The terminal: entering, leaving, and leaving whatever happens.
//!
//! There are four ways out: the loop ends, the screen's thread panics, a
//! signal comes, or the input ends. All of them restore the terminal exactly
//! once. A panic of a worker thread must not: the screen stays.

use std::io::{self, Stdout, Write, stdout};
use std::panic::{self, PanicHookInfo};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ThreadId};

use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;

use super::app::{self, App};
use super::theme::Theme;
use super::worker;

/// Whether the terminal is ours at the moment.
static ENTERED: AtomicBool = AtomicBool::new(false);

/// Gives the terminal back, if we have it. May be called from any thread.
pub fn restore() {
    if ENTERED.swap(false, Ordering::SeqCst) {
        // Nothing can be done about a terminal that is gone.
        let _ = disable_raw_mode();
        let _ = execute!(
            stdout(),
            EndSynchronizedUpdate,
            DisableBracketedPaste,
            LeaveAlternateScreen,
            cursor::Show
        );
    }
}

/// The terminal while it is ours; dropping it gives it back.
pub struct Session {
    terminal: Terminal<CrosstermBackend<Stdout>>,
}

impl Session {
    /// Takes the terminal.
    ///
    /// # Errors
    /// When it cannot be switched to raw mode or written to.
    pub fn enter() -> io::Result<Self> {
        install_hook(thread::current().id());
        enable_raw_mode()?;
        ENTERED.store(true, Ordering::SeqCst);
        let entered = execute!(stdout(), EnterAlternateScreen, EnableBracketedPaste);
        let terminal = entered.and_then(|()| Terminal::new(CrosstermBackend::new(stdout())));
        match terminal {
            Ok(terminal) => Ok(Session { terminal }),
            Err(error) => {
                restore();
                Err(error)
            }
        }
    }

    /// The columns and rows.
    ///
    /// # Errors
    /// When the terminal does not say.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }

    /// Draws a frame; the terminal shows it all at once where it can.
    ///
    /// # Errors
    /// When the terminal cannot be written to.
    pub fn draw(&mut self, app: &App, theme: &Theme) -> io::Result<()> {
        queue!(stdout(), BeginSynchronizedUpdate)?;
        self.terminal.draw(|frame| {
            let area = frame.area();
            let cursor = app::draw(app, theme, area, frame.buffer_mut());
            if let Some(cursor) = cursor {
                frame.set_cursor_position(cursor);
            }
        })?;
        queue!(stdout(), EndSynchronizedUpdate)?;
        stdout().flush()
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        restore();
    }
}

/// A panic of the screen's thread restores the terminal before it is told;
/// one of a worker is noted for the status line and told nowhere else.
fn install_hook(screen: ThreadId) {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        if thread::current().id() == screen {
            restore();
            usual(info);
        } else if ENTERED.load(Ordering::SeqCst) {
            let place = info.location().map(ToString::to_string);
            worker::note_failure(place.unwrap_or_default());
        } else {
            usual(info);
        }
    }));
}
