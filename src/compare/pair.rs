//! An old and a new one of something.

/// An old and a new value, instead of two variables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair<T> {
    /// Before.
    pub old: T,
    /// After.
    pub new: T,
}

impl<T> Pair<T> {
    /// A pair.
    pub fn new(old: T, new: T) -> Self {
        Pair { old, new }
    }

    /// Both changed in the same way.
    pub fn map<U>(self, mut change: impl FnMut(T) -> U) -> Pair<U> {
        Pair {
            old: change(self.old),
            new: change(self.new),
        }
    }

    /// Both borrowed.
    pub fn as_ref(&self) -> Pair<&T> {
        Pair {
            old: &self.old,
            new: &self.new,
        }
    }
}

impl<T: PartialEq> Pair<T> {
    /// Whether the two differ.
    pub fn differs(&self) -> bool {
        self.old != self.new
    }
}
