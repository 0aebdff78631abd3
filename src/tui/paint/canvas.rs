//! Writing pieces into the cells of one region.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::widgets::{Block as Frame, Clear, Widget};
use tui_input::Input;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::flow::{Flow, Laid};
use super::ink::{Ink, Piece, plain, width_of};
use super::list::Listing;
use super::wrap::{fit, wrap};
use crate::tui::theme::Theme;

/// How far a long task is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gauge {
    /// Steps done.
    pub done: usize,
    /// Steps in all.
    pub total: usize,
}

/// The cells of the screen, the theme, and where the text cursor shall stand.
pub struct Canvas<'a> {
    cells: &'a mut Buffer,
    theme: &'a Theme,
    cursor: Option<Position>,
}

impl<'a> Canvas<'a> {
    /// A canvas over a buffer.
    pub fn new(cells: &'a mut Buffer, theme: &'a Theme) -> Self {
        Canvas {
            cells,
            theme,
            cursor: None,
        }
    }

    /// Where the text cursor shall stand, if a field is being typed in.
    pub fn cursor(&self) -> Option<Position> {
        self.cursor
    }

    /// Puts the text cursor somewhere.
    pub fn place_cursor(&mut self, x: u16, y: u16) {
        self.cursor = Some(Position::new(x, y));
    }

    /// One line at the top of `area`, cut with a `…` where it does not fit.
    pub fn line(&mut self, area: Rect, pieces: &[Piece]) {
        self.row(area, 0, pieces);
    }

    /// One line, `row` rows below the top of `area`.
    pub fn row(&mut self, area: Rect, row: u16, pieces: &[Piece]) {
        if row >= area.height {
            return;
        }
        let mut x = area.x;
        for piece in fit(pieces, area.width.into()) {
            let style = self.theme.style(piece.ink());
            let room = area.right().saturating_sub(x).into();
            let y = area.y + row;
            x = self.cells.set_stringn(x, y, piece.text(), room, style).0;
        }
    }

    /// One line, its end at the right edge.
    pub fn right(&mut self, area: Rect, pieces: &[Piece]) {
        let width = (width_of(pieces) as u16).min(area.width);
        let area = Rect {
            x: area.right() - width,
            width,
            ..area
        };
        self.line(area, pieces);
    }

    /// One line with something at its right end; the left gives way.
    pub fn ends(&mut self, area: Rect, left: &[Piece], right: &[Piece]) {
        let taken = width_of(right) as u16;
        let rest = Rect {
            width: area.width.saturating_sub(taken + 1),
            ..area
        };
        self.line(rest, left);
        self.right(area, right);
    }

    /// Lines below each other, wrapped; answers how many rows they took. What
    /// does not fit is cut with a `…`.
    pub fn text(&mut self, area: Rect, pieces: &[Piece]) -> u16 {
        let mut lines = wrap(pieces, area.width.into());
        let height = usize::from(area.height);
        if lines.len() > height && height > 0 {
            lines.truncate(height);
            let room = usize::from(area.width).saturating_sub(2);
            let last = fit(&lines[height - 1], room);
            lines[height - 1] = last.into_iter().chain([plain(" …")]).collect();
        }
        for (row, line) in lines.iter().enumerate() {
            self.row(area, row as u16, line);
        }
        lines.len() as u16
    }

    /// A field that is typed in: what leads it, its text, and the cursor.
    pub fn field(&mut self, area: Rect, lead: &[Piece], input: &Input) {
        self.line(area, lead);
        let start = area.x + width_of(lead) as u16;
        let room = Rect {
            x: start,
            width: area.right().saturating_sub(start),
            height: 1,
            ..area
        };
        // What was typed is shown as safe text, so the cursor is measured on that.
        let before: String = input.value().chars().take(input.cursor()).collect();
        let at = plain(before).width();
        let skipped = at.saturating_sub(usize::from(room.width.saturating_sub(2)));
        self.line(room, &[plain(tail(plain(input.value()).text(), skipped))]);
        self.place_cursor(room.x + (at - skipped) as u16, room.y);
    }

    /// Reverses the colours of an area.
    fn reverse(&mut self, area: Rect) {
        self.cells
            .set_style(area, Style::new().add_modifier(Modifier::REVERSED));
    }

    /// A box with a title; answers the area inside.
    pub fn framed(&mut self, area: Rect, title: &[Piece]) -> Rect {
        let frame = Frame::bordered().border_style(self.theme.style(Ink::Dim));
        let inside = frame.inner(area);
        frame.render(area, self.cells);
        if area.width > 4 && !title.is_empty() {
            let mut padded = vec![plain(" ")];
            padded.extend(fit(title, usize::from(area.width) - 6));
            padded.push(plain(" "));
            let top = Rect {
                x: area.x + 1,
                width: area.width - 2,
                height: 1,
                ..area
            };
            self.line(top, &padded);
        }
        inside
    }

    /// A box that covers what is below it.
    pub fn popup(&mut self, area: Rect, title: &[Piece]) -> Rect {
        Clear.render(area, self.cells);
        self.framed(area, title)
    }

    /// A horizontal rule with a title.
    pub fn rule(&mut self, area: Rect, title: &[Piece]) {
        let mut pieces = vec![Piece::new(Ink::Dim, "── ")];
        pieces.extend(title.iter().cloned());
        let rest = usize::from(area.width).saturating_sub(width_of(&pieces) + 1);
        pieces.push(Piece::new(Ink::Dim, format!(" {}", "─".repeat(rest))));
        self.line(area, &pieces);
    }

    /// The visible rows of a list; `row` is asked for those only.
    pub fn list(
        &mut self,
        area: Rect,
        listing: Listing,
        total: usize,
        mut row: impl FnMut(usize) -> Vec<Piece>,
    ) {
        let listing = listing.settled(total, area.height.into());
        let inner = self.scrolled(area, listing.offset, total);
        for at in 0..inner.height {
            let index = listing.offset + usize::from(at);
            if index >= total {
                break;
            }
            let selected = index == listing.selected;
            let mut pieces = vec![Piece::new(Ink::Key, if selected { "> " } else { "  " })];
            pieces.extend(row(index));
            self.row(inner, at, &pieces);
            if selected {
                self.reverse(Rect {
                    y: inner.y + at,
                    height: 1,
                    ..inner
                });
            }
        }
    }

    /// The visible lines of a text, the block under the cursor marked.
    pub fn flow(&mut self, area: Rect, flow: Flow, laid: &Laid) {
        let flow = flow.settled(laid, area.height.into());
        let inner = self.scrolled(area, flow.offset, laid.lines.len());
        let (start, _) = laid.place(flow.cursor);
        for at in 0..inner.height {
            let index = flow.offset + usize::from(at);
            let Some(line) = laid.lines.get(index) else {
                break;
            };
            let marked = line.block == flow.cursor && index >= start;
            let mark = match marked {
                true if index == start => "> ",
                true => "│ ",
                false => "  ",
            };
            let mut pieces = vec![Piece::new(Ink::Key, mark)];
            pieces.extend(line.pieces.iter().cloned());
            self.row(inner, at, &pieces);
            if marked && index == start {
                self.reverse_lead(inner, at, &line.pieces);
            }
        }
    }

    /// Reverses the first words of a line: its number, or all of a heading.
    fn reverse_lead(&mut self, area: Rect, row: u16, pieces: &[Piece]) {
        let mut x = area.x + 2;
        for piece in pieces {
            let width = piece.width() as u16;
            if !piece.text().trim().is_empty() {
                let width = piece.text().trim_end().width() as u16;
                let room = area.right().saturating_sub(x);
                self.reverse(Rect::new(x, area.y + row, width.min(room), 1));
                return;
            }
            x += width;
        }
    }

    /// Draws a scroll bar where `total` lines do not fit; answers what is
    /// left of the area.
    pub fn scrolled(&mut self, area: Rect, offset: usize, total: usize) -> Rect {
        let height = usize::from(area.height);
        if total <= height || area.width < 4 {
            return area;
        }
        let thumb = (height * height / total).max(1);
        let start = offset * (height - thumb) / (total - height).max(1);
        for row in 0..height {
            let inside = (start..start + thumb).contains(&row);
            let (sign, ink) = match inside {
                true => ("█", Ink::Plain),
                false => ("│", Ink::Dim),
            };
            let cell = Rect::new(area.right() - 1, area.y + row as u16, 1, 1);
            self.line(cell, &[Piece::new(ink, sign)]);
        }
        Rect {
            width: area.width - 1,
            ..area
        }
    }
}

/// A text without its first columns.
fn tail(text: &str, columns: usize) -> &str {
    let mut taken = 0;
    let mut characters = text.char_indices();
    let start = characters.find(|(_, character)| {
        let before = taken;
        taken += character.width().unwrap_or_default();
        before >= columns
    });
    start.map_or("", |(index, _)| &text[index..])
}
