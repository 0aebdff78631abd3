//! Breaking text into lines by display width.

use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::ink::{Ink, Piece, width_of};

/// One character as a person sees it.
#[derive(Clone, Copy)]
struct Cell<'a> {
    text: &'a str,
    width: usize,
    ink: Ink,
}

fn cells(pieces: &[Piece]) -> Vec<Cell<'_>> {
    pieces
        .iter()
        .flat_map(|piece| {
            piece.text().graphemes(true).map(|text| Cell {
                text,
                width: text.width(),
                ink: piece.ink(),
            })
        })
        .collect()
}

fn joined(cells: &[Cell<'_>]) -> Vec<Piece> {
    let mut pieces: Vec<(Ink, String)> = vec![];
    for cell in cells {
        match pieces.last_mut() {
            Some((ink, text)) if *ink == cell.ink => text.push_str(cell.text),
            _ => pieces.push((cell.ink, cell.text.to_owned())),
        }
    }
    pieces
        .into_iter()
        .map(|(ink, text)| Piece::new(ink, text))
        .collect()
}

/// Breaks text at spaces into lines of at most `width` columns; a word that
/// is longer than a line is broken where the line ends. At least one line.
pub fn wrap(pieces: &[Piece], width: usize) -> Vec<Vec<Piece>> {
    let width = width.max(1);
    let cells = cells(pieces);
    let mut lines = vec![];
    let (mut start, mut taken, mut space) = (0, 0, None);
    let mut at = 0;
    while at < cells.len() {
        let cell = cells[at];
        if cell.text == " " {
            space = Some(at);
        }
        if taken + cell.width <= width || at == start {
            taken += cell.width;
            at += 1;
            continue;
        }
        let end = space.filter(|space| *space > start).unwrap_or(at);
        lines.push(joined(&cells[start..end]));
        start = end + usize::from(cells[end].text == " ");
        (at, taken, space) = (start, 0, None);
    }
    if start < cells.len() || lines.is_empty() {
        lines.push(joined(&cells[start..]));
    }
    lines
}

/// One line of at most `width` columns. What does not fit is cut with a `…`.
pub fn fit(pieces: &[Piece], width: usize) -> Vec<Piece> {
    if width_of(pieces) <= width {
        return pieces.to_vec();
    }
    if width == 0 {
        return vec![];
    }
    let cells = cells(pieces);
    let mut taken = 0;
    let kept = cells
        .iter()
        .take_while(|cell| {
            taken += cell.width;
            taken < width
        })
        .count();
    let ink = cells.get(kept).map_or(Ink::Plain, |cell| cell.ink);
    let mut line = joined(&cells[..kept]);
    line.push(Piece::new(ink, "…"));
    line
}
