//! The whole text of a hit, where it stands, and what else is known of it.

use std::ops::Range;

use ratatui::layout::Rect;

use super::state::Life;
use super::view::{highlighted, span};
use crate::search::{Hit, Item};
use crate::tui::env::Env;
use crate::tui::job::Lived;
use crate::tui::paint::{Canvas, Ink, Piece, plain};
use crate::workbench::Problem;

/// Draws a hit; of a code, what is known of its life too.
pub fn draw(hit: &Hit, life: Option<&Life>, env: Env<'_>, area: Rect, canvas: &mut Canvas<'_>) {
    let item = &hit.item;
    let place = [item.heading.as_str(), &item.ids.join(", ")]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" · ");
    let mut lines = vec![
        vec![Piece::new(Ink::Id, place)],
        text(&item.text, &hit.highlights),
        vec![],
    ];
    let life = life.filter(|life| item.code.as_ref() == Some(&life.code));
    match life.and_then(|life| life.lived.as_ref()) {
        // The life names the versions, of every policy.
        Some(lived) => lines.extend(of_code(lived)),
        None => lines.push(versions(item, env)),
    }
    let mut area = area;
    for line in lines {
        let taken = if line.is_empty() {
            1
        } else {
            canvas.text(area, &line)
        };
        area.y += taken.min(area.height);
        area.height = area.height.saturating_sub(taken);
    }
}

fn text(text: &str, highlights: &[Range<usize>]) -> Vec<Piece> {
    match text.is_empty() {
        true => vec![Piece::new(Ink::Dim, "no text")],
        false => highlighted(text, highlights, 0),
    }
}

/// Which versions have an item and which do not.
fn versions(item: &Item, env: Env<'_>) -> Vec<Piece> {
    let mut pieces = vec![Piece::new(Ink::Dim, "Versions: "), plain(span(item))];
    let Some(policy) = env.policy(&item.policy) else {
        return pieces;
    };
    let without: Vec<&str> = policy
        .versions
        .iter()
        .enumerate()
        .filter(|(index, _)| !(item.first_index..=item.last_index).contains(index))
        .map(|(_, version)| version.name.as_str())
        .collect();
    if !without.is_empty() {
        let text = format!("; not in {}", without.join(", "));
        pieces.push(Piece::new(Ink::Dim, text));
    }
    pieces
}

/// Whether a code was valid, what the audit says of it, and its life across
/// the library.
fn of_code(lived: &Result<Box<Lived>, Problem>) -> Vec<Vec<Piece>> {
    let lived = match lived {
        Ok(lived) => lived,
        Err(problem) => {
            let lead = Piece::new(Ink::Bad, "Its life cannot be told: ");
            return vec![vec![lead, plain(&problem.message)]];
        }
    };
    let mut lines = vec![vec![
        Piece::new(Ink::Dim, "Validity: "),
        plain(&lived.validity),
    ]];
    let Some(life) = &lived.life else {
        return lines;
    };
    for finding in &life.findings {
        // As the policy marks them.
        let (ink, mark) = match finding.severity.name() {
            "note" => (Ink::Dim, "* "),
            _ => (Ink::Open, "! "),
        };
        let place = format!("{}@{} ", finding.policy, finding.version);
        lines.push(vec![
            Piece::new(ink, mark),
            Piece::new(Ink::Dim, place),
            Piece::new(ink, &finding.message),
        ]);
    }
    for listing in &life.listings {
        lines.push(vec![
            Piece::new(Ink::Id, format!("{} ", listing.policy)),
            plain(listing.describe()),
        ]);
    }
    if let Some(reference) = &life.reference {
        lines.push(vec![Piece::new(Ink::Dim, reference.describe())]);
        for title in &reference.life.titles {
            let text = format!("from {}: {}", title.from, title.title.long);
            lines.push(vec![Piece::new(Ink::Dim, text)]);
        }
    }
    lines
}
