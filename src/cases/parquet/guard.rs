//! Damaged files make the Parquet reader panic in places. Such a panic ends
//! the reading of the file, not the program.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static READING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is inside a reader whose panics are told as damage of
/// the file, and need not be told otherwise.
pub fn is_guarded() -> bool {
    READING.get()
}

/// Does `work`; nothing if it panics. What it worked on is not to be used then.
pub(super) fn guarded<T>(work: impl FnOnce() -> T) -> Option<T> {
    READING.set(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    READING.set(false);
    result.ok()
}
