//! Signals that end the program: leave cleanly, or else restore and exit.

#[cfg(unix)]
mod unix {
    use std::io::{self, Read};
    use std::os::unix::net::UnixStream;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::mpsc::Sender;
    use std::thread;
    use std::time::Duration;

    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::{flag, low_level};

    use crate::tui::message::Message;
    use crate::tui::terminal;

    /// How long the loop has to leave by itself.
    const PATIENCE: Duration = Duration::from_millis(500);

    /// Watches for signals on a thread of its own.
    ///
    /// # Errors
    /// When they cannot be watched.
    pub fn watch(screen: Sender<Message>) -> io::Result<()> {
        let which = Arc::new(AtomicUsize::new(0));
        let (mut bell, ringer) = UnixStream::pair()?;
        for signal in [SIGTERM, SIGHUP, SIGINT] {
            // In this order: the number is there when the bell rings.
            flag::register_usize(signal, Arc::clone(&which), signal as usize)?;
            low_level::pipe::register(signal, ringer.try_clone()?)?;
        }
        thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || {
                let rung = bell.read_exact(&mut [0]).is_ok();
                if rung {
                    leave(which.load(Ordering::SeqCst) as i32, &screen);
                }
            })?;
        Ok(())
    }

    /// Ends the process as the signal would have, so that whoever sent it
    /// sees what they expect.
    pub fn end_by(signal: i32) {
        if low_level::emulate_default_handler(signal).is_err() {
            std::process::exit(128 + signal);
        }
    }

    fn leave(signal: i32, screen: &Sender<Message>) {
        // If nobody listens any more, the program is leaving anyway.
        let _ = screen.send(Message::Stop(signal));
        thread::sleep(PATIENCE);
        terminal::restore();
        std::process::exit(128 + signal);
    }
}

#[cfg(unix)]
pub use unix::{end_by, watch};

/// Elsewhere the console sends Ctrl-C as a key.
///
/// # Errors
/// Never.
#[cfg(not(unix))]
pub fn watch(_screen: std::sync::mpsc::Sender<super::message::Message>) -> std::io::Result<()> {
    Ok(())
}

/// Elsewhere no signal is watched for.
#[cfg(not(unix))]
pub fn end_by(_signal: i32) {}
