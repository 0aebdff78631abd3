//! Everything that writes cells.
//!
//! Text of documents enters as a [`Piece`], which is safe by construction:
//! nothing outside this folder hands a string to the terminal's buffer.

mod canvas;
mod flow;
mod ink;
mod list;
mod reader;
mod wrap;

pub use canvas::{Canvas, Gauge};
pub use flow::{Block, Body, Flow, Laid, Motion, Para};
pub use ink::{Ink, Piece, plain, width_of};
pub use list::Listing;
pub use reader::Reader;
pub use wrap::fit;

#[cfg(test)]
mod tests;
