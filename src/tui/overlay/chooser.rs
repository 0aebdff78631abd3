//! A list to choose from, narrowed as one types.

use crossterm::event::Event;
use ratatui::layout::Rect;
use tui_input::Input;

use super::{Chosen, Outcome, middle};
use crate::policy::{Policy, VersionRef};
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
    /// What to say where nothing has the name typed.
    none: String,
    input: Input,
    entries: Vec<Entry>,
    listing: Listing,
}

impl Chooser {
    pub(super) fn new(title: &'static str, entries: Vec<Entry>, unopened: usize) -> Self {
        let none = match unopened {
            0 => "nothing here has that name".to_owned(),
            count => format!(
                "nothing has that name; cases of {count} policies not opened yet are not listed"
            ),
        };
        Chooser {
            title,
            none,
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
            canvas.row(list, 0, &[Piece::new(Ink::Dim, format!("  {}", self.none))]);
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

/// Every version; of a policy that was not opened, by the names of the files.
fn versions(workbench: &Workbench) -> Vec<Entry> {
    let library = workbench.library();
    let of_policy = |head: &Policy| -> Vec<Entry> {
        let names: Vec<&str> = match library.policy_read(&head.reference) {
            Some(policy) => policy
                .versions
                .iter()
                .map(|one| one.name.as_str())
                .collect(),
            None => library.version_files(&head.reference),
        };
        let entry = |name: &str| {
            let named = VersionRef {
                policy: head.reference.clone(),
                version: name.to_owned(),
            };
            Entry {
                name: named.to_string(),
                about: head.title.clone(),
                does: Chosen::Go(Place::Policy {
                    version: named,
                    spot: None,
                }),
            }
        };
        names.into_iter().map(entry).collect()
    };
    library.heads().iter().flat_map(of_policy).collect()
}

/// The cases of the policies that were opened.
fn cases(workbench: &Workbench) -> Vec<Entry> {
    let opened = workbench.library().policies_read();
    let books: Vec<_> = opened
        .map(|policy| workbench.cases_of(&policy.reference))
        .collect();
    let cases = books.iter().flat_map(|book| &book.cases);
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
    let library = workbench.library();
    let entry = |head: &Policy| {
        let versions = match library.policy_read(&head.reference) {
            Some(policy) => policy.versions.len(),
            None => library.version_files(&head.reference).len(),
        };
        Entry {
            name: head.reference.clone(),
            about: format!("{} ({versions} versions)", head.title),
            does: Chosen::Policy(head.reference.clone()),
        }
    };
    library.heads().iter().map(entry).collect()
}
