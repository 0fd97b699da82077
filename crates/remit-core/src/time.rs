//! Dates, financial years and durations by the calendar. There is no clock here: today is always given.

use jiff::ToSpan;
pub use jiff::civil::Date;

/// A financial year, known by the calendar year in which it begins: `FinancialYear(2028)` is 2028/29, from 1 April 2028 to 31 March 2029.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FinancialYear(pub i16);

/// A day, written as `2026-03-31` and in no other way.
///
/// # Errors
/// What is wrong with it, as a sentence.
pub fn day(text: &str) -> Result<Date, String> {
    let shape = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
    match text.parse() {
        Ok(date) if shape => Ok(date),
        _ if shape => Err(format!("there is no day {text}")),
        _ => Err("a day is written as 2026-03-31".to_owned()),
    }
}

impl FinancialYear {
    /// 1 April.
    pub fn first_day(self) -> Date {
        Date::new(self.0, 4, 1).unwrap_or(Date::MIN)
    }

    /// 31 March.
    pub fn last_day(self) -> Date {
        Date::new(self.0 + 1, 3, 31).unwrap_or(Date::MAX)
    }

    /// The year in which a day falls.
    pub fn of(day: Date) -> Self {
        Self(if day.month() >= 4 { day.year() } else { day.year() - 1 })
    }

    /// The year before; `None` before the first that can be written.
    pub fn previous(self) -> Option<Self> {
        (self.0 > 0).then(|| Self(self.0 - 1))
    }
}

impl std::fmt::Display for FinancialYear {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}/{:02}", self.0, (self.0 + 1).rem_euclid(100))
    }
}

/// How long the columns of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grain {
    /// A financial year.
    Year,
    /// A quarter of a financial year: the first begins on 1 April.
    Quarter,
    /// A month of the calendar.
    Month,
}

impl Grain {
    /// All of them, the longest first.
    pub const ALL: [Self; 3] = [Self::Year, Self::Quarter, Self::Month];

    /// As plans and rules write it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Year => "year",
            Self::Quarter => "quarter",
            Self::Month => "month",
        }
    }

    /// How plans write one of them.
    pub fn example(self) -> &'static str {
        match self {
            Self::Year => "2024/25",
            Self::Quarter => "2024/25 Q1",
            Self::Month => "2024-04",
        }
    }
}

/// A year, a quarter or a month: what a column of a table stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Period {
    /// A financial year.
    Year(FinancialYear),
    /// A quarter of a financial year, from 1 to 4.
    Quarter(FinancialYear, u8),
    /// A month of the calendar: the year, and from 1 to 12.
    Month(i16, i8),
}

impl Period {
    /// How long it is.
    pub fn grain(self) -> Grain {
        match self {
            Self::Year(_) => Grain::Year,
            Self::Quarter(..) => Grain::Quarter,
            Self::Month(..) => Grain::Month,
        }
    }

    /// Its place among the periods of its length: the next is one more.
    pub fn ordinal(self) -> i32 {
        match self {
            Self::Year(year) => i32::from(year.0),
            Self::Quarter(year, quarter) => i32::from(year.0) * 4 + i32::from(quarter) - 1,
            Self::Month(year, month) => i32::from(year) * 12 + i32::from(month) - 1,
        }
    }

    /// The period of a length at a place; `None` beyond what can be written.
    pub fn at(grain: Grain, ordinal: i32) -> Option<Self> {
        let year = |year: i32| i16::try_from(year).ok().filter(|year| (0..=9_998).contains(year));
        Some(match grain {
            Grain::Year => Self::Year(FinancialYear(year(ordinal)?)),
            Grain::Quarter => Self::Quarter(FinancialYear(year(ordinal.div_euclid(4))?), ordinal.rem_euclid(4) as u8 + 1),
            Grain::Month => Self::Month(year(ordinal.div_euclid(12))?, ordinal.rem_euclid(12) as i8 + 1),
        })
    }

    /// The one before.
    pub fn previous(self) -> Option<Self> {
        Self::at(self.grain(), self.ordinal() - 1)
    }

    /// Its first day.
    pub fn first_day(self) -> Date {
        match self {
            Self::Year(year) => year.first_day(),
            Self::Quarter(year, 4) => Date::new(year.0 + 1, 1, 1).unwrap_or(Date::MAX),
            Self::Quarter(year, quarter) => Date::new(year.0, 1 + 3 * quarter as i8, 1).unwrap_or(Date::MIN),
            Self::Month(year, month) => Date::new(year, month, 1).unwrap_or(Date::MIN),
        }
    }

    /// Its last day.
    pub fn last_day(self) -> Date {
        match self {
            Self::Year(year) => year.last_day(),
            Self::Quarter(..) => Duration::Months(2).after(self.first_day()).map_or(Date::MAX, Date::last_of_month),
            Self::Month(..) => self.first_day().last_of_month(),
        }
    }
}

impl std::fmt::Display for Period {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Year(year) => year.fmt(f),
            Self::Quarter(year, quarter) => write!(f, "{year} Q{quarter}"),
            Self::Month(year, month) => write!(f, "{year:04}-{month:02}"),
        }
    }
}

/// A run of days, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl Days {
    /// Whether a day lies in it.
    pub fn holds(self, day: Date) -> bool {
        self.first <= day && day <= self.last
    }

    /// The days in both.
    pub fn overlap(self, other: Self) -> Option<Self> {
        let both = Self { first: self.first.max(other.first), last: self.last.min(other.last) };
        (both.first <= both.last).then_some(both)
    }

    /// How many days there are.
    pub fn count(self) -> i64 {
        i64::from(self.first.until(self.last).map_or(0, |span| span.get_days())) + 1
    }
}

impl std::fmt::Display for Days {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.first == self.last { write!(f, "on {}", self.first) } else { write!(f, "from {} to {}", self.first, self.last) }
    }
}

/// A length of time by the calendar: months (years are twelve) or days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Duration {
    /// Whole months.
    Months(i32),
    /// Whole days.
    Days(i32),
}

impl Duration {
    /// As packs and plans write it: `24 months`, and not two years.
    pub fn in_months(self) -> String {
        match self {
            Self::Months(1) => "1 month".to_owned(),
            Self::Months(months) => format!("{months} months"),
            Self::Days(_) => self.to_string(),
        }
    }

    /// The day so long after: clamped to the month's end; `None` past the calendar's end.
    pub fn after(self, day: Date) -> Option<Date> {
        match self {
            Self::Months(months) => day.checked_add(months.months()).ok(),
            Self::Days(days) => day.checked_add(days.days()).ok(),
        }
    }

    /// The day so long before: clamped to the month's end; `None` before the calendar's start.
    pub fn before(self, day: Date) -> Option<Date> {
        match self {
            Self::Months(months) => day.checked_sub(months.months()).ok(),
            Self::Days(days) => day.checked_sub(days.days()).ok(),
        }
    }
}

impl std::fmt::Display for Duration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (count, unit) = match self {
            Self::Months(months) if months % 12 == 0 => (months / 12, "year"),
            Self::Months(months) => (*months, "month"),
            Self::Days(days) => (*days, "day"),
        };
        write!(f, "{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

/// The day after; the last day of the calendar has none.
pub fn day_after(day: Date) -> Option<Date> {
    day.tomorrow().ok()
}

/// The day before; the first day of the calendar has none.
pub fn day_before(day: Date) -> Option<Date> {
    day.yesterday().ok()
}

/// A day in words: `Friday 27 September 2019`.
pub fn in_words(day: Date) -> String {
    const DAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
    const MONTHS: [&str; 12] =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    let weekday = DAYS.get(usize::from(day.weekday().to_monday_zero_offset().unsigned_abs())).unwrap_or(&"");
    let month = MONTHS.get(usize::from((day.month() - 1).unsigned_abs())).unwrap_or(&"");
    format!("{weekday} {} {month} {}", day.day(), day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_has_one_form() {
        assert!(day("2020-02-29").is_ok());
        assert_eq!(day("2019-02-29"), Err("there is no day 2019-02-29".to_owned()));
        for wrong in ["20200229", "2020-02-29T00:00", "29/02/2020", "", "2020-2-29", "+020-02-29"] {
            assert_eq!(day(wrong), Err("a day is written as 2026-03-31".to_owned()), "{wrong}");
        }
    }
}
