//! Answers into bytes: one folder a format, one file an answer.
//!
//! Text is built as a [`Page`] of spans with roles; whether a role becomes a
//! colour is decided when the page is written. Every page and every JSON
//! document ends with the evidence the answer rests on.

pub mod csv;
pub mod document;
pub mod json;
mod page;
mod replayed;
pub mod sql;
pub mod text;
pub mod xlsx;

pub use page::{Line, Page, Role};
pub use replayed::ReplayReport;

/// `1 case`, `2 cases`.
pub fn counted(count: usize, one: &str, many: &str) -> String {
    let noun = if count == 1 { one } else { many };
    format!("{count} {noun}")
}

/// A number as people read it: `1,004`.
pub fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn numbers_are_grouped_by_thousands() {
        let table = [
            (0, "0"),
            (812, "812"),
            (1004, "1,004"),
            (100_000, "100,000"),
            (18_446_744_073_709_551_615, "18,446,744,073,709,551,615"),
        ];
        for (count, expected) in table {
            assert_eq!(grouped(count), expected);
        }
    }
}
