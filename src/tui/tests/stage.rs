//! A stage for tests: the program without a terminal and without threads.

use std::collections::VecDeque;
use std::sync::{Arc, OnceLock};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use crate::library::{EmbeddedSource, MemorySource, Source};
use crate::tui::app::{App, draw};
use crate::tui::job::Job;
use crate::tui::message::{Effect, Message};
use crate::tui::theme::Theme;
use crate::tui::worker::perform;
use crate::workbench::Workbench;

/// The program on a stage.
pub struct Stage {
    /// The program.
    pub app: App,
    /// Whether it asked to leave.
    pub left: bool,
    /// What it asked to find out, the latest last.
    pub jobs: Vec<Job>,
    /// What it asked of the world and has not got yet, while that is held up.
    pub held: Option<Vec<Effect>>,
}

impl Stage {
    /// With the embedded library, on a terminal of that size.
    pub fn new(columns: u16, rows: u16) -> Self {
        static EMBEDDED: OnceLock<Arc<Workbench>> = OnceLock::new();
        // The search index is the slow part; every test may use the same.
        let open = || Arc::new(Workbench::of(&EmbeddedSource).expect("the embedded library"));
        Stage::on(Arc::clone(EMBEDDED.get_or_init(open)), columns, rows)
    }

    /// With the library of a source.
    pub fn of<S: Source + Clone + 'static>(source: &S, columns: u16, rows: u16) -> Self {
        let workbench = Workbench::of(source).expect("a library");
        Stage::on(Arc::new(workbench), columns, rows)
    }

    fn on(workbench: Arc<Workbench>, columns: u16, rows: u16) -> Self {
        let mut stage = Stage {
            app: App::new((columns, rows)),
            left: false,
            jobs: vec![],
            held: None,
        };
        stage.send(Message::Opened(Ok(workbench)));
        stage
    }

    /// Sends a message and does at once whatever it leads to.
    pub fn send(&mut self, message: Message) {
        let effects = self.app.update(message);
        match &mut self.held {
            Some(held) => held.extend(effects),
            None => self.carry_out(effects),
        }
    }

    /// From now on nothing that is asked for comes, until it is let go.
    #[must_use]
    pub fn hold(mut self) -> Self {
        self.held = Some(vec![]);
        self
    }

    /// What was asked for comes.
    #[must_use]
    pub fn let_go(mut self) -> Self {
        let held = self.held.take();
        self.carry_out(held.unwrap_or_default());
        self
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        let mut effects: VecDeque<Effect> = effects.into();
        while let Some(effect) = effects.pop_front() {
            match effect {
                Effect::Quit => self.left = true,
                Effect::CancelReplay | Effect::CancelAnalysis | Effect::Stop(_) => {}
                Effect::Run(job) => {
                    let workbench = Arc::clone(self.app.workbench().expect("an open library"));
                    let answer = perform(&job, &workbench, &mut |_| true);
                    self.jobs.push(job);
                    effects.extend(self.app.update(Message::Answer(answer)));
                }
            }
        }
    }

    /// Presses keys: names as `Enter`, anything else character by character.
    #[must_use]
    pub fn press(mut self, keys: &[&str]) -> Self {
        for key in keys {
            match code(key) {
                Some(code) => self.key(code, KeyModifiers::NONE),
                None => key
                    .chars()
                    .for_each(|one| self.key(KeyCode::Char(one), KeyModifiers::NONE)),
            }
        }
        self
    }

    /// Presses one key.
    pub fn key(&mut self, code: KeyCode, modifiers: KeyModifiers) {
        self.send(Message::Key(KeyEvent::new(code, modifiers)));
    }

    /// What is on the screen, without colours.
    pub fn screen(&self) -> String {
        let (columns, rows) = self.app.size;
        let mut terminal = Terminal::new(TestBackend::new(columns, rows)).expect("a test terminal");
        let drawn = terminal.draw(|frame| {
            let area = frame.area();
            draw(&self.app, &Theme::PLAIN, area, frame.buffer_mut());
        });
        drawn.expect("a frame");
        let buffer = terminal.backend().buffer();
        let width = usize::from(columns);
        let lines = buffer.content.chunks(width).map(|row| {
            let line: String = row.iter().map(ratatui::buffer::Cell::symbol).collect();
            line.trim_end().to_owned()
        });
        lines.collect::<Vec<_>>().join("\n")
    }

    /// Whether a text is on the screen.
    pub fn shows(&self, text: &str) -> bool {
        self.screen().contains(text)
    }
}

fn code(key: &str) -> Option<KeyCode> {
    Some(match key {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" => KeyCode::Tab,
        "BackTab" => KeyCode::BackTab,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "PgUp" => KeyCode::PageUp,
        "PgDn" => KeyCode::PageDown,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "Backspace" => KeyCode::Backspace,
        _ => return None,
    })
}

/// A small library of one policy and two versions, its texts replaced.
pub fn small_library(text: &str) -> MemorySource {
    let escape = |text: &str| -> String {
        text.chars()
            .map(|one| match one {
                '"' | '\\' => format!("\\{one}"),
                one if (one as u32) < 0x20 || one as u32 == 0x7f => {
                    format!("\\u{:04X}", one as u32)
                }
                one => one.to_string(),
            })
            .collect()
    };
    let text = escape(text);
    let policy = format!(
        "format = 1\nreference = \"XX.1\"\ntitle = \"{text}\"\npublisher = \"{text}\"\n\
         [facts.a]\nask = \"{text}\"\ntype = \"bool\"\n"
    );
    let version = |name: &str, more: &str| {
        format!(
            "format = 1\nversion = \"{name}\"\neffective = \"{name}\"\nprovenance = \"published\"\n\
             [[sections]]\nheading = \"{text}\"\ntext = \"{text}{more}\"\n\
             [[criteria]]\nid = \"I\"\ntext = \"{text}{more}\"\nrule = \"a\"\n\
             [[codes]]\nsystem = \"CPT\"\ntitle = \"{text}\"\ngate = \"address\"\n\
             rows = [ {{ code = \"62320\", text = \"{text}{more}\" }} ]\n\
             [[notices]]\ntext = \"{text}\"\n\
             [[revisions]]\ndate = \"{name}\"\ntext = \"{text}\"\n\
             [[references]]\ntext = \"{text}\"\n"
        )
    };
    let case = serde_json::json!({
        "case_id": format!("C{text}"), "policy": "XX.1", "procedure_codes": ["62320"],
        "determination": "met", "determination_version": "2020-01",
        "facts": { "a": false }, "note": text,
    });
    MemorySource::default()
        .with("XX.1/policy.toml", policy)
        .with("XX.1/2019-01.toml", version("2019-01", ""))
        .with("XX.1/2020-01.toml", version("2020-01", " more"))
        .with("XX.1/cases.jsonl", case.to_string())
}

/// A library of several small policies: `XX.1`, `XX.2` and so on.
pub fn several(count: usize) -> MemorySource {
    let mut library = MemorySource::default();
    for number in 1..=count {
        let one = small_library(&format!("text of {number}"));
        for file in ["policy.toml", "2019-01.toml", "2020-01.toml"] {
            let bytes = one.read(&format!("XX.1/{file}")).expect("a file");
            let text = String::from_utf8(bytes).expect("a text");
            let text = text.replace("\"XX.1\"", &format!("\"XX.{number}\""));
            library = library.with(&format!("XX.{number}/{file}"), text);
        }
    }
    library
}
