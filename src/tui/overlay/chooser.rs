//! A list to choose from, narrowed as one types.

use crossterm::event::Event;
use ratatui::layout::Rect;
use tui_input::Input;

use super::{Chosen, Outcome, middle};
use crate::tui::field;
use crate::tui::keys::{self, Action, Context};
use crate::tui::paint::{Canvas, Ink, Listing, Motion, Piece, plain};
use crate::tui::place::Place;
use crate::workbench::Workbench;

/// A line of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it is called.
    pub name: String,
    /// More about it.
    pub about: String,
    /// What choosing it does.
    pub does: Chosen,
}

/// A list being narrowed.
pub struct Chooser {
    title: &'static str,
    input: Input,
    entries: Vec<Entry>,
    listing: Listing,
}

impl Chooser {
    pub(super) fn new(title: &'static str, entries: Vec<Entry>) -> Self {
        Chooser {
            title,
            input: Input::default(),
            entries,
            listing: Listing::default(),
        }
    }

    /// The entries that hold every word typed.
    fn shown(&self) -> Vec<&Entry> {
        let typed = self.input.value().to_lowercase();
        let words: Vec<&str> = typed.split_whitespace().collect();
        let fits = |entry: &&Entry| {
            let text = format!("{} {}", entry.name, entry.about).to_lowercase();
            words.iter().all(|word| text.contains(word))
        };
        self.entries.iter().filter(fits).collect()
    }

    pub(super) fn edit(&mut self, event: &Event) {
        field::edit(&mut self.input, event);
        self.listing = Listing::default();
    }

    pub(super) fn update(&mut self, action: Action, height: usize) -> Outcome {
        match action {
            Action::Move(motion) => self.go(motion, height),
            Action::Back => return Outcome::Close,
            Action::Open => {
                let chosen = self
                    .shown()
                    .get(self.listing.selected)
                    .map(|one| one.does.clone());
                return chosen.map_or(Outcome::Stay, Outcome::Chosen);
            }
            _ => {}
        }
        Outcome::Stay
    }

    fn go(&mut self, motion: Motion, height: usize) {
        let total = self.shown().len();
        self.listing.go(motion, total, height.saturating_sub(6));
    }

    pub(super) fn draw(&self, area: Rect, canvas: &mut Canvas<'_>) {
        let shown = self.shown();
        let rows = (self.entries.len() as u16).saturating_add(4);
        let inside = canvas.popup(
            middle(area, 90, rows),
            &[Piece::new(Ink::Heading, self.title)],
        );
        canvas.field(inside, &[plain("> ")], &self.input);
        let list = Rect {
            y: inside.y + 1,
            height: inside.height.saturating_sub(1),
            ..inside
        };
        if shown.is_empty() {
            canvas.row(
                list,
                0,
                &[Piece::new(Ink::Dim, "  nothing here has that name")],
            );
        }
        canvas.list(list, self.listing, shown.len(), |index| {
            let entry = shown[index];
            let gap = 24usize
                .saturating_sub(Piece::new(Ink::Plain, &entry.name).width())
                .max(2);
            vec![
                Piece::new(Ink::Strong, &entry.name),
                plain(" ".repeat(gap)),
                Piece::new(Ink::Dim, &entry.about),
            ]
        });
    }
}

/// Everything that can be done or gone to from a context.
pub fn commands(context: Context, workbench: Option<&Workbench>) -> Vec<Entry> {
    let context = match context {
        Context::Typing => Context::Search,
        context => context,
    };
    let mut entries: Vec<Entry> = keys::bindings(context)
        .filter(|one| !matches!(one.action, Action::Move(_) | Action::Palette | Action::Back))
        .map(|one| Entry {
            name: one.label.to_owned(),
            about: format!("{} ({})", one.help, one.keys[0].name()),
            does: Chosen::Act(one.action),
        })
        .collect();
    if let Some(workbench) = workbench {
        entries.extend(versions(workbench));
        entries.extend(cases(workbench));
    }
    entries
}

fn versions(workbench: &Workbench) -> Vec<Entry> {
    let policies = workbench.library().policies.iter();
    let all = policies.flat_map(|policy| policy.versions.iter().map(move |one| (policy, one)));
    all.map(|(policy, version)| {
        let named = policy.version_ref(version);
        Entry {
            name: named.to_string(),
            about: policy.title.clone(),
            does: Chosen::Go(Place::Policy {
                version: named,
                spot: None,
            }),
        }
    })
    .collect()
}

fn cases(workbench: &Workbench) -> Vec<Entry> {
    let cases = workbench.stored_cases().cases.iter();
    cases
        .map(|case| Entry {
            name: case.id.clone(),
            about: case.note.clone().unwrap_or_default(),
            does: Chosen::Go(Place::Replay {
                policy: case.policy.clone(),
                case: Some(case.id.clone()),
                version: None,
            }),
        })
        .collect()
}

/// Every policy; choosing one shows it on the screen one is at.
pub fn policies(workbench: &Workbench) -> Vec<Entry> {
    let policies = workbench.library().policies.iter();
    policies
        .map(|policy| Entry {
            name: policy.reference.clone(),
            about: format!("{} ({} versions)", policy.title, policy.versions.len()),
            does: Chosen::Policy(policy.reference.clone()),
        })
        .collect()
}
