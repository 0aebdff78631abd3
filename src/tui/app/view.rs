//! Drawing the frame, and the screen in it.

use std::sync::Arc;

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::state::{App, LEAST, Shelf, Waiting};
use crate::policy::Date;
use crate::replay::Applied;
use crate::tui::keys::{self, Context};
use crate::tui::paint::{Canvas, Ink, Piece, plain, width_of};
use crate::tui::place::Tab;
use crate::tui::screens::{check, compare, log, policy, replay, search};
use crate::tui::theme::Theme;
use crate::workbench::Problem;

/// Draws everything; answers where the text cursor stands.
pub fn draw(app: &App, theme: &Theme, area: Rect, cells: &mut Buffer) -> Option<Position> {
    let mut canvas = Canvas::new(cells, theme);
    if area.width < LEAST.0 || area.height < LEAST.1 {
        let text = format!(
            "Make the window larger: at least {} x {}.",
            LEAST.0, LEAST.1
        );
        canvas.text(area, &[plain(text)]);
        return None;
    }
    if (area.width, area.height) != app.size {
        // The terminal was resized a moment ago; the message is on its way.
        return None;
    }
    let line = |y: u16| Rect::new(area.x, y, area.width, 1);
    tabs(app, line(area.y), &mut canvas);
    body(app, &mut canvas);
    status(app, line(area.bottom() - 2), &mut canvas);
    hints(app, line(area.bottom() - 1), &mut canvas);
    if let Some(overlay) = &app.overlay {
        overlay.draw(app.body(), &mut canvas);
    }
    canvas.cursor()
}

fn tabs(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let narrow = area.width < 64;
    let mut pieces = vec![plain(" ")];
    for (index, tab) in Tab::ALL.into_iter().enumerate() {
        let number = index + 1;
        let here = tab == app.tab;
        let text = match (here, narrow) {
            (true, _) => format!("[{number} {}]", tab.name()),
            (false, false) => format!(" {number} {} ", tab.name()),
            (false, true) => format!(" {number} "),
        };
        pieces.push(Piece::new(
            if here { Ink::Selected } else { Ink::Plain },
            text,
        ));
        pieces.push(plain(" "));
    }
    canvas.line(area, &pieces);
    let name = Piece::new(Ink::Dim, "lookback ");
    if width_of(&pieces) + name.width() < area.width.into() {
        canvas.right(area, &[name]);
    }
}

fn body(app: &App, canvas: &mut Canvas<'_>) {
    let workbench = match &app.shelf {
        Shelf::Open(workbench) => Arc::clone(workbench),
        Shelf::Opening => {
            canvas.text(inset(app.body()), &[plain("Opening the library …")]);
            return;
        }
        Shelf::Failed(problem) => return failed(problem, inset(app.body()), canvas),
    };
    let env = app.env(&workbench);
    let screens = &app.screens;
    if let (Some(Waiting::Arrive(_)), Some(policy)) = (&app.waiting, &app.opening) {
        canvas.text(inset(app.body()), &[plain(format!("Opening {policy} …"))]);
        return;
    }
    match app.tab {
        Tab::Search => search::draw(&screens.search, env, canvas),
        Tab::Policy => policy::draw(&screens.policy, env, canvas),
        Tab::Compare => compare::draw(&screens.compare, env, canvas),
        Tab::Log => log::draw(&screens.log, env, canvas),
        Tab::Replay => replay::draw(&screens.replay, env, canvas),
        Tab::Check => check::draw(&screens.check, env, canvas),
    }
}

fn inset(area: Rect) -> Rect {
    Rect {
        x: area.x + 2,
        y: area.y + 1,
        width: area.width.saturating_sub(4),
        height: area.height.saturating_sub(1),
    }
}

fn failed(problem: &Problem, area: Rect, canvas: &mut Canvas<'_>) {
    let head = Piece::new(Ink::Bad, "The library cannot be opened. ");
    let mut row = canvas.text(area, &[head, plain(&problem.message)]);
    for hint in &problem.hints {
        let rest = Rect {
            y: area.y + row + 1,
            height: area.height.saturating_sub(row + 1),
            ..area
        };
        row += 1 + canvas.text(rest, &[plain(hint)]);
    }
}

/// The date asked about, with what was in force then as long as it is asked
/// about: where the dates leave that open, an answer must not look certain.
fn as_of(app: &App, date: Date) -> String {
    let policy = app
        .workbench()
        .zip(app.policy.as_deref())
        .and_then(|(workbench, reference)| workbench.library().policy_read(reference));
    match policy.map(|policy| Applied::on(policy, date)) {
        Some(Applied::One(version)) => format!("as of {date}: {version}"),
        Some(Applied::None) => format!("as of {date}: none in force"),
        Some(applied) => format!("as of {date}: {}", applied.describe()),
        None => format!("as of {date}"),
    }
}

/// What there is to tell on the left; where the library is from and which
/// date is asked about otherwise.
fn status(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let mut pieces = vec![plain(" ")];
    if let Some(date) = app.as_of.filter(|_| app.note.is_none()) {
        pieces.push(Piece::new(Ink::Strong, as_of(app, date)));
        pieces.push(Piece::new(Ink::Dim, " · "));
    }
    if let Some(gauge) = app.screens.replay.running {
        let text = format!("replaying {} of {}, Esc stops · ", gauge.done, gauge.total);
        pieces.push(Piece::new(Ink::Open, text));
    }
    if let Some(progress) = app.progress {
        let stops = match app.tab {
            Tab::Search | Tab::Check => ", Esc stops",
            _ => "",
        };
        let text = format!("{}{stops} · ", progress.describe());
        pieces.push(Piece::new(Ink::Open, text));
    }
    match (&app.note, app.workbench()) {
        (Some(note), _) => pieces.push(Piece::new(note.ink, &note.text)),
        (None, Some(workbench)) => {
            let library = workbench.library();
            let origin = app.origin.as_deref().unwrap_or("…");
            pieces.push(Piece::new(Ink::Dim, format!("library: {origin}")));
            let faults = library.faults();
            if faults > 0 {
                let read = match library.unread() {
                    0 => "its files",
                    _ => "the files read so far",
                };
                let text = format!(" · {faults} findings on {read}, see Check");
                pieces.push(Piece::new(Ink::Open, text));
            }
        }
        (None, None) => {}
    }
    canvas.line(area, &pieces);
}

/// The keys that matter here, as many as fit; help and quit always.
fn hints(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let context = app.context();
    let hint = |binding: &keys::Binding| {
        [
            Piece::new(Ink::Key, binding.keys[0].name()),
            Piece::new(Ink::Dim, format!(" {}", binding.label)),
        ]
    };
    let foreign = context == Context::Help;
    let hinted: Vec<_> = keys::bindings(context)
        .filter(|one| one.hinted && !(foreign && one.context != context))
        .collect();
    let own = hinted.iter().filter(|one| one.context == context);
    let others = hinted.iter().filter(|one| one.context != context);
    let tail: Vec<Piece> = others
        .flat_map(|one| [plain("  ")].into_iter().chain(hint(one)))
        .collect();
    let room = usize::from(area.width).saturating_sub(width_of(&tail) + 1);
    let mut pieces = vec![];
    for binding in own {
        let lead = if pieces.is_empty() { " " } else { "  " };
        let next: Vec<Piece> = [plain(lead)].into_iter().chain(hint(binding)).collect();
        if width_of(&pieces) + width_of(&next) > room {
            break;
        }
        pieces.extend(next);
    }
    pieces.extend(tail);
    canvas.line(area, &pieces);
}
