//! How each meaning looks: the terminal's own sixteen colours, no background.

use std::env;

use ratatui::style::{Color, Modifier, Style};

use super::paint::Ink;

/// A way to draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    colours: bool,
}

impl Theme {
    /// Colours.
    pub const COLOURED: Theme = Theme { colours: true };
    /// None: bold, underline and reverse video only.
    pub const PLAIN: Theme = Theme { colours: false };

    /// What the environment asks for: `NO_COLOR` (not empty) and `TERM=dumb`
    /// mean no colours.
    pub fn from_environment() -> Self {
        let refused = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|value| value == "dumb");
        if refused || dumb {
            Theme::PLAIN
        } else {
            Theme::COLOURED
        }
    }

    /// How a meaning looks.
    pub fn style(&self, ink: Ink) -> Style {
        let (colour, modifier) = look(ink);
        let style = Style::new().add_modifier(modifier);
        match colour {
            Some(colour) if self.colours => style.fg(colour),
            _ => style,
        }
    }
}

fn look(ink: Ink) -> (Option<Color>, Modifier) {
    let (none, bold) = (Modifier::empty(), Modifier::BOLD);
    match ink {
        Ink::Plain => (None, none),
        Ink::Strong => (None, bold),
        Ink::Dim => (None, Modifier::DIM),
        Ink::Heading => (Some(Color::Cyan), bold),
        Ink::Id => (Some(Color::Cyan), none),
        Ink::Match => (Some(Color::Yellow), bold | Modifier::UNDERLINED),
        Ink::Added => (Some(Color::Green), Modifier::UNDERLINED),
        Ink::Removed => (Some(Color::Red), Modifier::CROSSED_OUT),
        Ink::Changed => (Some(Color::Yellow), none),
        Ink::Good => (Some(Color::Green), none),
        Ink::Bad => (Some(Color::Red), bold),
        Ink::Open => (Some(Color::Yellow), none),
        Ink::Key => (Some(Color::Cyan), bold),
        Ink::Selected => (None, bold | Modifier::REVERSED),
    }
}
