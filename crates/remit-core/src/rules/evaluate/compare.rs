//! How two values compare: exactly, and not at all where it cannot be told.

use crate::model::value::{Between, Quantity, Said, Value};
use crate::rules::expression::Comparison;
use crate::time::Duration;

pub(crate) fn three(value: &Value) -> Option<[Quantity; 3]> {
    match value {
        Value::Number(quantity) => Some([*quantity; 3]),
        Value::Estimate(three) => Some(*three),
        _ => None,
    }
}

/// The least and the most that a number may be.
pub(super) fn bounds(value: &Value) -> Option<(Quantity, Quantity)> {
    match value {
        Value::Number(number) => Some((*number, *number)),
        Value::Estimate([low, _, high]) => Some((*low, *high)),
        Value::Between(between) => Some((between.low, between.high)),
        _ => None,
    }
}

/// How two numbers compare of which at least one is not exact: only where all that they may be compare alike.
fn compare_bounds(comparison: Comparison, left: &Value, (low, high): (Quantity, Quantity), other: (Quantity, Quantity)) -> Option<bool> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    // The most on one side against the least on the other, both ways round.
    let (up, down) = (high.compare(other.0)?, low.compare(other.1)?);
    let is_point = |(one, two): (Quantity, Quantity)| one.compare(two) == Some(Equal);
    let apart = up == Less || down == Greater;
    let tell = |holds: bool, fails: bool| if holds { Some(true) } else { fails.then_some(false) };
    match comparison {
        Comparison::Less => tell(up == Less, down != Less),
        Comparison::AtMost => tell(up != Greater, down == Greater),
        Comparison::More => tell(down == Greater, up != Greater),
        Comparison::AtLeast => tell(down != Less, up == Less),
        Comparison::Equal | Comparison::Includes => tell(is_point((low, high)) && is_point(other) && !apart, apart),
        Comparison::Unequal => tell(apart, is_point((low, high)) && is_point(other) && !apart),
        // A figure that is written as about another is what that rounds to.
        Comparison::Follows => {
            let about = matches!(left, Value::Between(Between { said: Said::About(_), .. }));
            tell(!apart && about && is_point(other), apart)
        }
    }
}

/// How two values compare; `None` when it cannot be told.
pub(super) fn compare(comparison: Comparison, left: &Value, right: &Value) -> Option<bool> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    if let (Some(left), Some(right)) = (three(left), three(right)) {
        let mut each = left.into_iter().zip(right).map(|(left, right)| match comparison {
            Comparison::Follows => left.follows(right),
            _ => left.compare(right).map(|ordering| holds(comparison, ordering)),
        });
        let first = each.next()??;
        return each.all(|one| one == Some(first)).then_some(first);
    }
    if let (Some((low, high)), Some((other_low, other_high))) = (bounds(left), bounds(right)) {
        return compare_bounds(comparison, left, (low, high), (other_low, other_high));
    }
    let ordering = match (left, right) {
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        (left, right) if left.period().is_some() && right.period().is_some() => {
            let (left, right) = (left.period()?, right.period()?);
            if left.grain() != right.grain() {
                return None;
            }
            left.ordinal().cmp(&right.ordinal())
        }
        (Value::Level(scale, left), Value::Level(other, right)) if scale == other => left.cmp(right),
        (Value::Duration(left), Value::Duration(right)) => match (left, right) {
            (Duration::Months(left), Duration::Months(right)) | (Duration::Days(left), Duration::Days(right)) => left.cmp(right),
            _ => return None,
        },
        (Value::Years(first, last), period) if comparison == Comparison::Includes && period.period().is_some() => {
            let period = period.period()?;
            return Some(first.first_day() <= period.first_day() && period.last_day() <= last.last_day());
        }
        (Value::Years(first, last), Value::Date(day)) if comparison == Comparison::Includes => {
            return Some(first.first_day() <= *day && *day <= last.last_day());
        }
        (Value::Years(first, last), Value::Years(from, to)) if comparison == Comparison::Includes => {
            return Some(first <= from && to <= last);
        }
        (Value::Days(days), Value::Date(day)) if comparison == Comparison::Includes => return Some(days.holds(*day)),
        (Value::Text(left) | Value::Name(left), Value::Text(right) | Value::Name(right)) => {
            if left == right {
                Equal
            } else {
                Less
            }
        }
        (left, right) => {
            if left == right {
                Equal
            } else {
                Less
            }
        }
    };
    fn holds(comparison: Comparison, ordering: std::cmp::Ordering) -> bool {
        match comparison {
            Comparison::Equal | Comparison::Follows | Comparison::Includes => ordering == Equal,
            Comparison::Unequal => ordering != Equal,
            Comparison::Less => ordering == Less,
            Comparison::AtMost => ordering != Greater,
            Comparison::More => ordering == Greater,
            Comparison::AtLeast => ordering != Less,
        }
    }
    Some(holds(comparison, ordering))
}
