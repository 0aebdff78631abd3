//! Dates that keep the precision they were written with.
//!
//! A revision log says `01/20`; turning that into 1 January 2020 would invent
//! a day nobody wrote. A [`Date`] is therefore a year, a month or a day, and
//! every comparison goes through the period it leaves open.

use std::fmt;
use std::str::FromStr;

use jiff::civil;

/// A calendar date known to the year, the month or the day.
///
/// Ordered by the first day it may mean, the coarser date first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Date {
    year: i16,
    month: Option<i8>,
    day: Option<i8>,
}

/// Why a text is not a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{value}` is not a date: {reason}")]
pub struct DateError {
    /// The text as it was written.
    pub value: String,
    /// What is wrong with it, in words.
    pub reason: String,
}

/// Years outside this range are taken for slips of the pen.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2199;

impl Date {
    /// The date of one known day.
    pub fn of_day(day: civil::Date) -> Self {
        Date {
            year: day.year(),
            month: Some(day.month()),
            day: Some(day.day()),
        }
    }

    /// The first day this date may mean.
    pub fn first_day(self) -> civil::Date {
        civil::date(self.year, self.month.unwrap_or(1), self.day.unwrap_or(1))
    }

    /// The last day this date may mean.
    pub fn last_day(self) -> civil::Date {
        match (self.month, self.day) {
            (Some(_), Some(_)) => self.first_day(),
            (Some(_), None) => self.first_day().last_of_month(),
            _ => civil::date(self.year, 12, 31),
        }
    }

    /// Whether a single day is meant.
    pub fn is_exact(self) -> bool {
        self.day.is_some()
    }

    /// Whether every day this date may mean lies before every day `other` may mean.
    pub fn certainly_before(self, other: Date) -> bool {
        self.last_day() < other.first_day()
    }

    /// Whether some day is meant by both dates.
    pub fn overlaps(self, other: Date) -> bool {
        self.first_day() <= other.last_day() && other.first_day() <= self.last_day()
    }

    /// The precision in words: `year`, `month` or `day`.
    pub fn precision(self) -> &'static str {
        match (self.month, self.day) {
            (_, Some(_)) => "day",
            (Some(_), None) => "month",
            _ => "year",
        }
    }
}

impl PartialOrd for Date {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Date {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.first_day(), other.last_day()).cmp(&(other.first_day(), self.last_day()))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if let Some(month) = self.month {
            write!(f, "-{month:02}")?;
        }
        if let Some(day) = self.day {
            write!(f, "-{day:02}")?;
        }
        Ok(())
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(value: &str) -> Result<Self, DateError> {
        let fail = |reason: &str| DateError {
            value: value.to_owned(),
            reason: reason.to_owned(),
        };
        let shape = "write YYYY, YYYY-MM or YYYY-MM-DD";
        let mut parts = value.split('-');
        let mut number = |width: usize| -> Result<Option<i16>, DateError> {
            match parts.next() {
                None => Ok(None),
                Some(part)
                    if part.len() == width && part.bytes().all(|byte| byte.is_ascii_digit()) =>
                {
                    part.parse().map(Some).map_err(|_| fail(shape))
                }
                Some(_) => Err(fail(shape)),
            }
        };
        let year = number(4)?.ok_or_else(|| fail(shape))?;
        let month = number(2)?;
        let day = number(2)?;
        if parts.next().is_some() {
            return Err(fail(shape));
        }
        if !YEARS.contains(&year) {
            return Err(fail("the year lies outside 1900 to 2199"));
        }
        if month.is_some_and(|month| !(1..=12).contains(&month)) {
            return Err(fail("there is no such month"));
        }
        let date = Date {
            year,
            month: month.map(|month| month as i8),
            day: day.map(|day| day as i8),
        };
        if let (Some(month), Some(day)) = (date.month, date.day)
            && civil::Date::new(year, month, day).is_err()
        {
            return Err(fail("that month has no such day"));
        }
        Ok(date)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        text.parse().expect("a valid date")
    }

    #[test]
    fn precision_is_kept() {
        for text in ["2019", "2019-07", "2019-07-10", "2020-02-29"] {
            assert_eq!(date(text).to_string(), text);
        }
    }

    #[test]
    fn open_period_has_a_first_and_a_last_day() {
        let cases = [
            ("2019", "2019-01-01", "2019-12-31"),
            ("2020-02", "2020-02-01", "2020-02-29"),
            ("2019-07-10", "2019-07-10", "2019-07-10"),
        ];
        for (text, first, last) in cases {
            assert_eq!(date(text).first_day().to_string(), first);
            assert_eq!(date(text).last_day().to_string(), last);
        }
    }

    #[test]
    fn impossible_dates_are_refused_with_a_reason() {
        let cases = [
            ("2020-13", "no such month"),
            ("2019-02-29", "no such day"),
            ("2020-1", "write YYYY"),
            ("01/20", "write YYYY"),
            ("0020-01", "outside 1900"),
            ("2020-01-01-01", "write YYYY"),
            ("", "write YYYY"),
            ("２０２０", "write YYYY"),
        ];
        for (text, reason) in cases {
            let error = text.parse::<Date>().expect_err(text);
            assert!(error.to_string().contains(reason), "{text}: {error}");
        }
    }

    #[test]
    fn order_is_by_first_day_then_coarser_first() {
        let mut dates = [
            date("2019-07-01"),
            date("2019-07"),
            date("2019-02"),
            date("2019"),
        ];
        dates.sort();
        assert_eq!(
            dates.map(|date| date.to_string()),
            ["2019", "2019-02", "2019-07", "2019-07-01"]
        );
    }
}
