//! A region in which a long text is read: laid out, moved about in and drawn
//! with the same width, or the cursor would stand beside what is seen.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::flow::{Block, Flow, Laid, Motion};

/// Lines longer than this are hard to read.
const MEASURE: u16 = 120;

/// Columns of the mark before each line, and of the scroll bar.
const MARGIN: u16 = 3;

/// A region in which a text is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reader(Rect);

impl Reader {
    /// All of a region.
    pub fn of(area: Rect) -> Self {
        Reader(area)
    }

    /// A region, no wider than lines can be read well.
    pub fn measured(area: Rect) -> Self {
        Reader(Rect {
            width: area.width.min(MEASURE),
            ..area
        })
    }

    /// The region.
    pub fn area(&self) -> Rect {
        self.0
    }

    /// The text broken into lines of the region.
    pub fn lay<K>(&self, blocks: &[Block<K>]) -> Laid {
        Laid::of(blocks, self.0.width.saturating_sub(MARGIN).into())
    }

    /// Moves in the text.
    pub fn go<K>(&self, flow: &mut Flow, motion: Motion, blocks: &[Block<K>]) {
        flow.go(motion, &self.lay(blocks), self.0.height.into());
    }

    /// To the next block that is wanted, or with a negative step the one
    /// before; stays where there is none.
    pub fn seek<K>(
        &self,
        flow: &mut Flow,
        step: isize,
        blocks: &[Block<K>],
        wanted: impl Fn(&K) -> bool,
    ) {
        let mut places = blocks
            .iter()
            .enumerate()
            .filter(|(_, block)| wanted(&block.key))
            .map(|(place, _)| place);
        let found = if step > 0 {
            places.find(|place| *place > flow.cursor)
        } else {
            places.rfind(|place| *place < flow.cursor)
        };
        flow.cursor = found.unwrap_or(flow.cursor);
        *flow = flow.settled(&self.lay(blocks), self.0.height.into());
    }

    /// Draws the text, the block under the cursor marked.
    pub fn draw<K>(&self, canvas: &mut Canvas<'_>, flow: Flow, blocks: &[Block<K>]) {
        canvas.flow(self.0, flow, &self.lay(blocks));
    }
}
