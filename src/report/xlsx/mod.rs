//! Answers as Excel workbooks.

mod replay;
mod sheet;

pub use replay::replay;
pub use sheet::SheetError;
