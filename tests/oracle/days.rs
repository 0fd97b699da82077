//! A calendar of its own for the reference: days that are counted one by one, and months that end where they end.

use std::fmt;
use std::str::FromStr;

/// A day of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Day {
    pub(crate) year: i32,
    pub(crate) month: i32,
    pub(crate) day: i32,
}

/// A length of time, by the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Span {
    Days(i32),
    Months(i32),
}

pub(crate) fn day(year: i32, month: i32, day: i32) -> Day {
    Day { year, month, day }
}

/// How many days a month has.
fn length(year: i32, month: i32) -> i32 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl Day {
    pub(crate) fn next(self) -> Self {
        if self.day < length(self.year, self.month) {
            return day(self.year, self.month, self.day + 1);
        }
        if self.month < 12 { day(self.year, self.month + 1, 1) } else { day(self.year + 1, 1, 1) }
    }

    pub(crate) fn previous(self) -> Self {
        if self.day > 1 {
            return day(self.year, self.month, self.day - 1);
        }
        let (year, month) = if self.month > 1 { (self.year, self.month - 1) } else { (self.year - 1, 12) };
        day(year, month, length(year, month))
    }

    /// So much earlier. A month that is too short gives its last day.
    pub(crate) fn back(self, span: Span) -> Self {
        match span {
            Span::Days(days) => (0..days).fold(self, |day, _| day.previous()),
            Span::Months(months) => {
                let (mut year, mut month) = (self.year, self.month);
                for _ in 0..months {
                    (year, month) = if month > 1 { (year, month - 1) } else { (year - 1, 12) };
                }
                day(year, month, self.day.min(length(year, month)))
            }
        }
    }

    /// So many months later. A month that is too short gives its last day.
    pub(crate) fn months_later(self, months: i32) -> Self {
        let (mut year, mut month) = (self.year, self.month);
        for _ in 0..months {
            (year, month) = if month < 12 { (year, month + 1) } else { (year + 1, 1) };
        }
        day(year, month, self.day.min(length(year, month)))
    }

    /// Every day from this one to another, both included.
    pub(crate) fn to(self, last: Self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |day| Some(day.next())).take_while(move |day| *day <= last)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Day {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts: Vec<i32> = text.split('-').filter_map(|part| part.parse().ok()).collect();
        match parts[..] {
            [year, month, date] if text.len() == 10 => Ok(day(year, month, date)),
            _ => Err(format!("`{text}` is not a day")),
        }
    }
}

#[test]
fn days_by_hand() {
    assert_eq!(day(2020, 2, 28).next(), day(2020, 2, 29));
    assert_eq!(day(2019, 2, 28).next(), day(2019, 3, 1));
    assert_eq!(day(2100, 3, 1).previous(), day(2100, 2, 28));
    assert_eq!(day(2000, 3, 1).previous(), day(2000, 2, 29));
    assert_eq!(day(2019, 12, 31).next(), day(2020, 1, 1));
    assert_eq!(day(2020, 1, 1).previous(), day(2019, 12, 31));
    assert_eq!(day(2020, 2, 29).back(Span::Months(24)), day(2018, 2, 28));
    assert_eq!(day(2020, 1, 31).back(Span::Months(2)), day(2019, 11, 30));
    assert_eq!(day(2020, 3, 1).back(Span::Days(1)), day(2020, 2, 29));
    assert_eq!(day(2019, 12, 31).months_later(2), day(2020, 2, 29));
    assert_eq!(day(2019, 4, 1).to(day(2020, 3, 31)).count(), 366);
}
