//! One-line fields: keys and pasted text into an input.

use crossterm::event::Event;
use tui_input::backend::crossterm::EventHandler;
use tui_input::{Input, InputRequest};

/// Takes an event into a field. A pasted paragraph becomes one line.
pub fn edit(input: &mut Input, event: &Event) {
    let Event::Paste(text) = event else {
        input.handle_event(event);
        return;
    };
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for character in line.chars().take(MAX_PASTED) {
        input.handle(InputRequest::InsertChar(character));
    }
}

/// More than this is no query and no date.
const MAX_PASTED: usize = 2_000;
