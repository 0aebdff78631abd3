//! Three-valued logic after Kleene: a missing fact is unknown, and unknown is
//! carried until something settles it.

use std::fmt;

use crate::policy::Need;

/// True, false, or not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It does not hold.
    False,
    /// A fact is missing.
    Unknown,
    /// It holds.
    True,
}

impl Truth {
    /// The three values.
    pub const ALL: [Truth; 3] = [Truth::False, Truth::Unknown, Truth::True];

    /// Both hold: the lesser of the two.
    #[must_use]
    pub fn and(self, other: Truth) -> Truth {
        self.min(other)
    }

    /// One holds: the greater of the two.
    #[must_use]
    pub fn or(self, other: Truth) -> Truth {
        self.max(other)
    }

    /// Combines the values of children as their parent needs them.
    ///
    /// No children: `all` and `none` hold, `any` does not, `at_least(k)`
    /// holds only for `k = 0`.
    pub fn combine(need: Need, values: impl IntoIterator<Item = Truth>) -> Truth {
        let (mut yes, mut open, mut total) = (0u32, 0u32, 0u32);
        for value in values {
            total += 1;
            yes += u32::from(value == Truth::True);
            open += u32::from(value == Truth::Unknown);
        }
        let at_least = |count: u32| match (yes >= count, yes + open >= count) {
            (true, _) => Truth::True,
            (false, true) => Truth::Unknown,
            (false, false) => Truth::False,
        };
        match need {
            Need::All => at_least(total),
            Need::Any => at_least(1),
            Need::None => !at_least(1),
            Need::AtLeast(count) => at_least(count),
        }
    }

    /// Whether it is known.
    pub fn is_known(self) -> bool {
        self != Truth::Unknown
    }

    /// What a criterion of this value is: `met`, `not-met` or `unknown`.
    pub fn outcome(self) -> &'static str {
        match self {
            Truth::True => "met",
            Truth::False => "not-met",
            Truth::Unknown => "unknown",
        }
    }

    /// The word reports use.
    pub fn name(self) -> &'static str {
        match self {
            Truth::True => "true",
            Truth::False => "false",
            Truth::Unknown => "unknown",
        }
    }
}

impl std::ops::Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::True => Truth::False,
            Truth::Unknown => Truth::Unknown,
            Truth::False => Truth::True,
        }
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Self {
        if value { Truth::True } else { Truth::False }
    }
}

impl fmt::Display for Truth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{False as F, True as T, Unknown as U};
    use super::*;

    #[test]
    fn connectives_follow_kleenes_tables() {
        // rows: left; columns: right; both in the order F U T
        let and = [[F, F, F], [F, U, U], [F, U, T]];
        let or = [[F, U, T], [U, U, T], [T, T, T]];
        for (row, left) in Truth::ALL.into_iter().enumerate() {
            for (column, right) in Truth::ALL.into_iter().enumerate() {
                assert_eq!(left.and(right), and[row][column], "{left} and {right}");
                assert_eq!(left.or(right), or[row][column], "{left} or {right}");
            }
        }
        assert_eq!([!F, !U, !T], [T, U, F]);
    }

    #[test]
    fn combinators() {
        let table: [(Need, &[Truth], Truth); 18] = [
            (Need::All, &[T, T], T),
            (Need::All, &[T, U], U),
            (Need::All, &[F, U], F),
            (Need::All, &[], T),
            (Need::Any, &[F, F], F),
            (Need::Any, &[F, U], U),
            (Need::Any, &[T, U], T),
            (Need::Any, &[], F),
            (Need::None, &[F, F], T),
            (Need::None, &[F, U], U),
            (Need::None, &[T, U], F),
            (Need::None, &[], T),
            (Need::AtLeast(2), &[T, T, F], T),
            (Need::AtLeast(2), &[T, T, U], T),
            (Need::AtLeast(2), &[T, U, F], U),
            (Need::AtLeast(2), &[T, F, F], F),
            (Need::AtLeast(2), &[U, U, F], U),
            (Need::AtLeast(0), &[], T),
        ];
        for (need, values, expected) in table {
            assert_eq!(
                Truth::combine(need, values.iter().copied()),
                expected,
                "{need} of {values:?}"
            );
        }
    }
}
