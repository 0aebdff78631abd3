//! The life of a code: when it was valid, and what it was called.

use std::sync::Arc;

use jiff::civil::Date;

/// Days in a row on which a code was there, billable or as a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    /// The first day.
    pub from: Date,
    /// The last day; none while it has not ended in the newest edition.
    pub to: Option<Date>,
    /// Whether a claim may carry it; a header only groups others.
    pub billable: bool,
}

impl Interval {
    /// Whether a day lies in it.
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// What a code is called.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Title {
    /// The long descriptor.
    pub long: Arc<str>,
    /// The short descriptor, where it differs from the long one.
    pub short: Option<Arc<str>>,
}

impl Title {
    /// A title of a long and a short descriptor, each with its spaces folded.
    pub fn new(long: &str, short: &str) -> Title {
        let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (mut long, short) = (fold(long), fold(short));
        if long.is_empty() {
            long.clone_from(&short);
        }
        Title {
            short: (!short.is_empty() && short != long).then(|| short.into()),
            long: long.into(),
        }
    }
}

/// A title and the day from which a code bears it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatedTitle {
    /// The first day; of the first title, the first day known.
    pub from: Date,
    /// The title.
    pub title: Title,
}

/// Everything known of a code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Life {
    /// When it was valid, in order of time, without overlap.
    pub intervals: Vec<Interval>,
    /// What it was called, in order of time.
    pub titles: Vec<DatedTitle>,
}

impl Life {
    /// The interval that has not ended.
    pub(super) fn open(&mut self) -> Option<&mut Interval> {
        self.intervals.last_mut().filter(|one| one.to.is_none())
    }

    /// Ends it with the day before `day`. What ends before it began was never.
    pub(super) fn end_before(&mut self, day: Date) {
        let Ok(last) = day.yesterday() else { return };
        if let Some(open) = self.open() {
            open.to = Some(last);
            if last < open.from {
                self.intervals.pop();
            }
        }
    }

    /// From `day` on it is there, billable or not.
    pub(super) fn continue_from(&mut self, day: Date, billable: bool) {
        match self.open() {
            Some(open) if open.billable == billable => {}
            _ => {
                self.end_before(day);
                self.intervals.push(Interval {
                    from: day,
                    to: None,
                    billable,
                });
            }
        }
    }

    /// From `day` on it is called so.
    pub(super) fn name_from(&mut self, day: Date, title: Title) {
        match self.titles.last_mut() {
            Some(last) if last.title == title => {}
            Some(last) if last.from >= day => last.title = title,
            _ => self.titles.push(DatedTitle { from: day, title }),
        }
    }
}
