//! The real program in a pseudo-terminal: started, used, resized, left, and
//! ended in every way that must give the terminal back.
//!
//! Nothing sleeps to wait: each step polls the screen until a text appears.

#![cfg(unix)]

use std::io::{Read, Write};
use std::num::NonZero;
use std::process::Command;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};

/// Generous: a loaded machine must not fail the test.
const PATIENCE: Duration = Duration::from_secs(60);

fn nonzero(number: u16) -> NonZero<u16> {
    NonZero::new(number).expect("not zero")
}

/// The program in a terminal.
struct Session {
    parser: vt100::Parser,
    /// Everything it wrote.
    written: Vec<u8>,
    output: Receiver<Vec<u8>>,
    input: Box<dyn Write + Send>,
    master: Box<dyn MasterPty + Send>,
    child: Box<dyn Child + Send + Sync>,
    /// Keeps the terminal open, and its settings readable, after the program ended.
    _slave: Box<dyn portable_pty::SlavePty + Send>,
    _folder: tempfile::TempDir,
}

impl Session {
    fn start(test_panic: &str) -> Self {
        let size = PtySize {
            rows: 24,
            cols: 80,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).expect("a terminal");
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_lookback"));
        // An empty folder: the embedded library is opened.
        let folder = tempfile::tempdir().expect("a folder");
        command.cwd(folder.path());
        command.env("TERM", "xterm-256color");
        command.env("LOOKBACK_TEST_PANIC", test_panic);
        let child = pair.slave.spawn_command(command).expect("the program");
        let mut reader = pair.master.try_clone_reader().expect("its output");
        let (sender, output) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if sender.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        Session {
            parser: vt100::Parser::new(nonzero(size.rows), nonzero(size.cols), 0),
            written: vec![],
            output,
            input: pair.master.take_writer().expect("its input"),
            master: pair.master,
            child,
            _slave: pair.slave,
            _folder: folder,
        }
    }

    fn screen(&self) -> String {
        self.parser.screen().contents()
    }

    /// Reads on until `done`, or fails with what is on the screen.
    fn until(&mut self, what: &str, done: impl Fn(&Session) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !done(self) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.output.recv_timeout(left) {
                Ok(bytes) => {
                    self.parser.process(&bytes);
                    self.written.extend(bytes);
                }
                Err(RecvTimeoutError::Timeout) => panic!("no {what}:\n{}", self.screen()),
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("ended without {what}:\n{}", self.screen())
                }
            }
        }
    }

    fn until_shown(&mut self, text: &str) {
        self.until(text, |session| session.screen().contains(text));
    }

    fn type_text(&mut self, text: &str) {
        self.input.write_all(text.as_bytes()).expect("typed");
        self.input.flush().expect("typed");
    }

    fn resize(&mut self, rows: u16, cols: u16) {
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        self.master.resize(size).expect("resized");
        self.parser
            .screen_mut()
            .set_size(nonzero(rows), nonzero(cols));
    }

    fn signal(&mut self, name: &str) {
        let id = self.child.process_id().expect("running").to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.expect("kill runs").success());
    }

    /// Waits for the end, after the terminal was given back.
    fn end(&mut self) -> ExitStatus {
        self.until("a restored terminal", |session| {
            let screen = session.parser.screen();
            session.has_written(LEFT)
                && !screen.alternate_screen()
                && !screen.hide_cursor()
                && !screen.bracketed_paste()
        });
        let status = self.child.wait().expect("ended");
        assert!(self.is_cooked(), "the terminal is still raw");
        status
    }

    fn has_written(&self, sequence: &[u8]) -> bool {
        self.written
            .windows(sequence.len())
            .any(|window| window == sequence)
    }

    /// Whether the terminal echoes and edits lines again.
    fn is_cooked(&self) -> bool {
        let settings = self.master.get_termios().expect("settings");
        let flags = format!("{:?}", settings.local_flags);
        flags.contains("ECHO") && flags.contains("ICANON")
    }
}

/// Leaves the alternate screen.
const LEFT: &[u8] = b"\x1b[?1049l";

const HOME: &str = "In this library";

#[test]
fn it_is_started_used_resized_and_left() {
    let mut session = Session::start("");
    session.until_shown(HOME);
    assert!(session.parser.screen().alternate_screen());
    session.type_text("infection");
    session.until_shown("2019-02 to 2019-07");
    session.resize(60, 200);
    session.until_shown("┌ CP.MP.173 criterion");
    session.resize(24, 80);
    session.until_shown("── CP.MP.173 criterion");
    // Escape alone, then q: two keys, not one with Alt.
    session.type_text("\u{1b}");
    session.until_shown("q quit");
    session.type_text("2");
    session.until_shown("[2 Policy]");
    session.type_text("q");
    assert!(session.end().success());
}

#[test]
fn signals_restore_the_terminal() {
    for (signal, name) in [
        ("TERM", "Terminated"),
        ("HUP", "Hangup"),
        ("INT", "Interrupt"),
    ] {
        let mut session = Session::start("");
        session.until_shown(HOME);
        session.signal(signal);
        assert_eq!(session.end().signal(), Some(name));
    }
}

#[test]
fn a_panic_of_the_screen_restores_the_terminal_and_is_told() {
    let mut session = Session::start("ui");
    assert_eq!(session.end().exit_code(), 101);
    session.until_shown("panicked at");
}

#[test]
fn a_panic_of_a_worker_leaves_the_screen_as_it_is() {
    let mut session = Session::start("worker");
    session.until_shown("failed inside the program");
    assert!(session.parser.screen().alternate_screen());
    assert!(!session.screen().contains("panicked"));
    session.type_text("infection");
    session.until_shown("2019-02 to 2019-07");
    session.type_text("\u{3}");
    assert!(session.end().success());
}
