//! A page of text: lines of spans, wrapped to a width, with or without colour.

use unicode_width::UnicodeWidthStr;

use crate::text::SafeText;

/// What a piece of text is, for those who draw it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// Nothing special.
    #[default]
    Plain,
    /// A heading.
    Heading,
    /// Less important.
    Quiet,
    /// Only in the new version; or met, or borne out.
    Good,
    /// Only in the old version; or not met, or contradicted.
    Bad,
    /// It cannot be told.
    Doubt,
    /// Found by a search.
    Found,
}

impl Role {
    /// The escape sequence that begins it; none for plain text.
    fn sequence(self) -> Option<&'static str> {
        Some(match self {
            Role::Plain => return None,
            Role::Heading => "\u{1b}[1m",
            Role::Quiet => "\u{1b}[2m",
            Role::Good => "\u{1b}[32m",
            Role::Bad => "\u{1b}[31m",
            Role::Doubt => "\u{1b}[33m",
            Role::Found => "\u{1b}[1;4m",
        })
    }
}

/// A line before it is wrapped.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    spans: Vec<(Role, SafeText)>,
    indent: usize,
    hang: usize,
}

impl Line {
    /// A line that begins after `indent` columns.
    pub fn indented(indent: usize) -> Self {
        Line {
            indent,
            hang: indent,
            ..Line::default()
        }
    }

    /// Continuation lines begin after `columns` more columns than the first.
    #[must_use]
    pub fn hanging(mut self, columns: usize) -> Self {
        self.hang = self.indent + columns;
        self
    }

    /// Adds text; what is hidden in it is written out.
    #[must_use]
    pub fn add(mut self, role: Role, text: &str) -> Self {
        self.spans.push((role, SafeText::exact(text)));
        self
    }

    /// Adds plain text.
    #[must_use]
    pub fn plain(self, text: &str) -> Self {
        self.add(Role::Plain, text)
    }

    /// Adds text padded with spaces to a number of columns.
    #[must_use]
    pub fn padded(self, role: Role, text: &str, columns: usize) -> Self {
        let safe = SafeText::exact(text);
        let missing = columns.saturating_sub(safe.as_str().width());
        let mut line = self.add(role, text);
        if missing > 0 {
            line = line.plain(&" ".repeat(missing));
        }
        line
    }
}

/// Lines of text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    lines: Vec<Line>,
}

impl Page {
    /// Adds a line.
    pub fn push(&mut self, line: Line) {
        self.lines.push(line);
    }

    /// Adds a line of one role.
    pub fn line(&mut self, role: Role, text: &str) {
        self.push(Line::default().add(role, text));
    }

    /// Adds a heading, with an empty line before it.
    pub fn heading(&mut self, text: &str) {
        self.blank();
        self.line(Role::Heading, text);
    }

    /// Adds an empty line, unless there is one or nothing before it.
    pub fn blank(&mut self) {
        if self.lines.last().is_some_and(|last| !last.spans.is_empty()) {
            self.push(Line::default());
        }
    }

    /// The page as text, wrapped to `width` columns.
    pub fn write(&self, width: usize, colour: bool) -> String {
        let mut text = String::new();
        for line in &self.lines {
            write_line(line, width, colour, &mut text);
        }
        text
    }
}

/// A word or a run of spaces.
struct Piece<'a> {
    role: Role,
    text: &'a str,
}

fn pieces(line: &Line) -> Vec<Piece<'_>> {
    let mut pieces = vec![];
    for (role, text) in &line.spans {
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let spaces = rest.len() - rest.trim_start_matches(' ').len();
            let end = if spaces > 0 {
                spaces
            } else {
                rest.find(' ').unwrap_or(rest.len())
            };
            let (text, after) = rest.split_at(end);
            pieces.push(Piece { role: *role, text });
            rest = after;
        }
    }
    pieces
}

/// Words that touch across spans, as a marked word and its full stop, stay
/// together.
fn write_line(line: &Line, width: usize, colour: bool, out: &mut String) {
    let mut row = Row::new(line.indent, colour);
    let mut pieces = pieces(line).into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let mut word = vec![piece];
        let is_space = word[0].text.starts_with(' ');
        while let Some(next) = pieces.next_if(|next| !is_space && !next.text.starts_with(' ')) {
            word.push(next);
        }
        let columns: usize = word.iter().map(|piece| piece.text.width()).sum();
        if row.columns + columns > width && row.columns > line.hang {
            row.end(out);
            row = Row::new(line.hang, colour);
            if is_space {
                continue;
            }
        }
        for piece in word {
            row.add(&piece);
        }
    }
    row.end(out);
}

struct Row {
    text: String,
    role: Role,
    columns: usize,
    colour: bool,
}

impl Row {
    fn new(indent: usize, colour: bool) -> Self {
        Row {
            text: " ".repeat(indent),
            role: Role::Plain,
            columns: indent,
            colour,
        }
    }

    fn add(&mut self, piece: &Piece<'_>) {
        self.turn(piece.role);
        self.text.push_str(piece.text);
        self.columns += piece.text.width();
    }

    fn turn(&mut self, role: Role) {
        if self.colour && role != self.role {
            if self.role.sequence().is_some() {
                self.text.push_str("\u{1b}[0m");
            }
            self.text.push_str(role.sequence().unwrap_or_default());
            self.role = role;
        }
    }

    fn end(mut self, out: &mut String) {
        self.turn(Role::Plain);
        out.push_str(self.text.trim_end_matches(' '));
        out.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_wrap_with_a_hanging_indent_and_keep_touching_words_together() {
        let mut page = Page::default();
        page.push(
            Line::indented(2)
                .hanging(4)
                .add(Role::Heading, "I.A ")
                .plain("no ")
                .add(Role::Bad, "[-local-]")
                .add(Role::Good, "{+active+}")
                .plain(" infection"),
        );
        assert_eq!(
            page.write(24, false),
            "  I.A no\n      [-local-]{+active+}\n      infection\n"
        );
        assert!(
            page.write(80, true)
                .contains("\u{1b}[31m[-local-]\u{1b}[0m\u{1b}[32m{+active+}")
        );
    }

    #[test]
    fn no_control_character_of_a_document_reaches_the_page() {
        let mut page = Page::default();
        page.line(Role::Plain, "a\u{1b}[2Jb\u{200b}c");
        assert_eq!(page.write(80, false), "a<U+001B>[2Jb<U+200B>c\n");
    }

    #[test]
    fn a_word_wider_than_the_page_is_kept_whole() {
        let mut page = Page::default();
        page.push(Line::indented(2).plain("abcdefghij klm"));
        assert_eq!(page.write(8, false), "  abcdefghij\n  klm\n");
    }
}
