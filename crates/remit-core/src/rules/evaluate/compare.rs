//! How two values compare: exactly, and not at all where it cannot be told.

use crate::model::value::{Quantity, Value};
use crate::rules::expression::Comparison;
use crate::time::Duration;

pub(super) fn three(value: &Value) -> Option<[Quantity; 3]> {
    match value {
        Value::Number(quantity) => Some([*quantity; 3]),
        Value::Estimate(three) => Some(*three),
        _ => None,
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
