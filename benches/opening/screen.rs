//! The terminal UI on a pseudo-terminal: when its first frame is complete,
//! when it knows the library, when a search is answered.

use std::io::{Read, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::{BINARY, Outcome, row};

const STARTS: usize = 10;
const PATIENCE: Duration = Duration::from_secs(120);
const COLUMNS: u16 = 200;
const ROWS: u16 = 60;

/// The program on a terminal.
struct Screen {
    start: Instant,
    parser: vt100::Parser,
    output: Receiver<(Instant, Vec<u8>)>,
    input: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
}

impl Screen {
    fn start(place: &Path, cache: &Path) -> Outcome<Self> {
        let size = PtySize {
            rows: ROWS,
            cols: COLUMNS,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size)?;
        let mut command = CommandBuilder::new(BINARY);
        command.arg("--library");
        command.arg(place.join("library"));
        command.env("TERM", "xterm-256color");
        command.env("LOOKBACK_CACHE", cache);
        let mut reader = pair.master.try_clone_reader()?;
        let (sender, output) = channel();
        let start = Instant::now();
        let child = pair.slave.spawn_command(command)?;
        std::thread::spawn(move || {
            let mut buffer = [0; 65_536];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                let now = Instant::now();
                if sender.send((now, buffer[..count].to_vec())).is_err() {
                    return;
                }
            }
        });
        let size = |number| NonZero::new(number).ok_or("no size");
        Ok(Screen {
            start,
            parser: vt100::Parser::new(size(ROWS)?, size(COLUMNS)?, 0),
            output,
            input: pair.master.take_writer()?,
            child,
            _master: pair.master,
        })
    }

    /// The time from the start to when all of `texts` were on the screen.
    fn until(&mut self, texts: &[&str]) -> Outcome<Duration> {
        let mut at = Instant::now();
        loop {
            let screen = self.parser.screen().contents();
            if texts.iter().all(|text| screen.contains(text)) {
                return Ok(at - self.start);
            }
            let (now, bytes) = self.output.recv_timeout(PATIENCE).map_err(|_| screen)?;
            self.parser.process(&bytes);
            at = now;
        }
    }

    fn press(&mut self, keys: &str) -> Outcome<()> {
        self.input.write_all(keys.as_bytes())?;
        Ok(self.input.flush()?)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A frame is complete once its last line, the hints, is there.
const FRAME: [&str; 3] = ["1 Search", "lookback", "Ctrl-C quit"];

pub fn first_frames(name: &str, place: &Path) -> Outcome<()> {
    let empty = place.join("empty-cache");
    for (cache, state) in [(place.join("cache"), "index kept"), (empty, "no index")] {
        let (mut frames, mut names, mut searched, mut opened) = (vec![], vec![], vec![], vec![]);
        for _ in 0..STARTS {
            let mut screen = Screen::start(place, &cache)?;
            frames.push(screen.until(&FRAME)?);
            if state == "no index" {
                names.push(screen.until(&["In this library"])?);
                continue;
            }
            screen.press("infection")?;
            searched.push(screen.until(&["results", "infection…"])?);
            let asked = screen.start.elapsed();
            screen.press("\r")?;
            opened.push(screen.until(&["[2 Policy]", "sha256"])? - asked);
        }
        row(&format!("{name}, {state}: first frame"), frames);
        if state == "no index" {
            row(&format!("{name}, {state}: policies listed"), names);
            continue;
        }
        row(&format!("{name}, {state}: typed query answered"), searched);
        row(&format!("{name}, {state}: hit opened, from Enter"), opened);
    }
    Ok(())
}
