//! Tests of what is drawn.

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

use super::*;
use crate::text::is_hidden;
use crate::tui::theme::Theme;

fn lines(text: &str, width: usize) -> Vec<String> {
    let wrapped = super::wrap::wrap(&[plain(text)], width);
    let joined = |line: &Vec<Piece>| line.iter().map(Piece::text).collect();
    wrapped.iter().map(joined).collect()
}

#[test]
fn words_wrap_by_display_width() {
    let table: [(&str, usize, &[&str]); 8] = [
        ("one two three", 7, &["one two", "three"]),
        ("one two three", 8, &["one two", "three"]),
        ("one two", 7, &["one two"]),
        ("abcdefgh", 3, &["abc", "def", "gh"]),
        ("ab cdefgh", 4, &["ab", "cdef", "gh"]),
        ("漢字漢字", 5, &["漢字", "漢字"]),
        ("", 5, &[""]),
        ("e\u{301}e\u{301} x", 2, &["e\u{301}e\u{301}", "x"]),
    ];
    for (text, width, expected) in table {
        assert_eq!(lines(text, width), expected, "{text} at {width}");
    }
}

#[test]
fn what_is_cut_says_so() {
    let cut = |text: &str, width: usize| -> String {
        fit(&[plain(text)], width).iter().map(Piece::text).collect()
    };
    assert_eq!(cut("infection", 9), "infection");
    assert_eq!(cut("infection", 5), "infe…");
    assert_eq!(cut("漢字漢字", 4), "漢…");
    assert_eq!(cut("x", 0), "");
}

#[test]
fn lists_keep_the_selection_in_sight() {
    let mut listing = Listing::default();
    for (motion, expected) in [
        (Motion::Down, (1, 0)),
        (Motion::PageDown, (5, 1)),
        (Motion::End, (99, 95)),
        (Motion::Up, (98, 95)),
        (Motion::PageUp, (94, 94)),
        (Motion::Home, (0, 0)),
        (Motion::Up, (0, 0)),
    ] {
        listing.go(motion, 100, 5);
        assert_eq!((listing.selected, listing.offset), expected, "{motion:?}");
    }
    listing.go(Motion::Down, 0, 5);
    assert_eq!(listing, Listing::default());
}

fn blocks(sizes: &[usize]) -> Vec<Block<usize>> {
    let para = |_: usize| Para::of(0, vec![plain("x")]);
    let block = |(key, lines): (usize, &usize)| Block::of(key, (0..*lines).map(para).collect());
    sizes.iter().enumerate().map(block).collect()
}

#[test]
fn a_block_taller_than_the_screen_is_scrolled_through() {
    let laid = Laid::of(&blocks(&[1, 9, 1]), 10);
    let mut flow = Flow::default();
    let mut seen = vec![];
    for _ in 0..8 {
        flow.go(Motion::Down, &laid, 4);
        seen.push((flow.cursor, flow.offset));
    }
    assert_eq!(
        seen,
        [
            (1, 1),
            (1, 2),
            (1, 3),
            (1, 4),
            (1, 5),
            (1, 6),
            (2, 7),
            (2, 7)
        ]
    );
}

proptest! {
    #[test]
    fn no_line_is_wider_than_it_may_be(text: String, width in 2usize..40) {
        // What is read as one character may be wider than the line: an emoji
        // with a mark of its own width, say.
        let safe = crate::text::SafeText::exact(&text);
        let widest = safe.as_str().graphemes(true).map(UnicodeWidthStr::width).max();
        for line in super::wrap::wrap(&[plain(&text)], width) {
            prop_assert!(width_of(&line) <= width.max(widest.unwrap_or(0)));
        }
        prop_assert!(width_of(&fit(&[plain(&text)], width)) <= width);
    }

    #[test]
    fn wrapping_loses_nothing_but_spaces(text in "[a-z漢 ]{0,60}", width in 2usize..20) {
        let spaceless = |text: &str| text.replace(' ', "");
        prop_assert_eq!(spaceless(&lines(&text, width).concat()), spaceless(&text));
    }

    #[test]
    fn no_text_brings_a_hidden_character_to_a_cell(text: String) {
        let mut cells = Buffer::empty(Rect::new(0, 0, 20, 3));
        let area = cells.area;
        Canvas::new(&mut cells, &Theme::COLOURED).text(area, &[Piece::new(Ink::Bad, &text)]);
        for cell in &cells.content {
            prop_assert!(!cell.symbol().chars().any(is_hidden));
        }
    }

    #[test]
    fn the_cursor_is_always_on_the_screen(
        sizes in prop::collection::vec(1usize..12, 1..12),
        motions in prop::collection::vec(0usize..6, 0..40),
        height in 1usize..8,
    ) {
        let all = [Motion::Up, Motion::Down, Motion::PageUp, Motion::PageDown, Motion::Home, Motion::End];
        let laid = Laid::of(&blocks(&sizes), 10);
        let mut flow = Flow::default();
        for motion in motions {
            flow.go(all[motion], &laid, height);
            let (start, end) = laid.place(flow.cursor);
            prop_assert!(start < flow.offset + height && end > flow.offset);
        }
    }
}
