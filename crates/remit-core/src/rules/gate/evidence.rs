//! Evidence ages: by the shorter of its own time and the gate's, back from the day asked about.

use crate::check::Check;
use crate::model::Entity;
use crate::model::clock::Cause;
use crate::model::value::Value;
use crate::rules::Gate;
use crate::rules::gate::state::{Known, Missing, Sort, unclear};
use crate::source::Span;
use crate::time::{Date, Duration, day_after};

/// A piece of evidence with its day.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece<'e> {
    pub(crate) entity: &'e Entity,
    /// The day it was made.
    pub(crate) dated: Date,
    /// The last day on which a gate takes it; `None`: it does not age.
    pub(crate) last: Option<Date>,
}

impl<'e> Piece<'e> {
    /// What a gate reads of a piece of evidence; `None` where it has no day.
    pub(crate) fn of(entity: &'e Entity, gate: &Gate) -> Option<Self> {
        let Some(Value::Date(dated)) = entity.value("dated") else { return None };
        let last = times(entity, gate).filter_map(|duration| last_valid(*dated, duration)).min();
        Some(Self { entity, dated: *dated, last })
    }
}

/// How long a piece may be relied on: by itself, and by the gate.
fn times(entity: &Entity, gate: &Gate) -> impl Iterator<Item = Duration> {
    let own = match entity.value("valid") {
        Some(Value::Duration(duration)) => Some(*duration),
        _ => None,
    };
    [own, gate.within].into_iter().flatten()
}

/// What is wrong with a piece of evidence on a day, by what is known on another.
pub(super) fn missing((cx, gate): (&Check<'_>, &Gate), entity: &Entity, named: Span, day: Date, known: Known) -> Option<Missing> {
    let name = format!("`{}`", entity.name);
    let dated = entity.field("dated").and_then(|field| field.values.first());
    let (Some(piece), Some(datum)) = (Piece::of(entity, gate), dated) else {
        let place = dated.map_or(entity.place, |datum| datum.place);
        let (why, label) = match dated {
            Some(_) => (format!("the day of {name} could not be read"), "could not be read"),
            None => (format!("{name} has no day"), "`dated` is not given"),
        };
        return Some(unclear(why, vec![(place, label.to_owned()), (named, "named here".to_owned())]));
    };
    let made = piece.dated;
    let missing = |sort, why, label: String, help| Some(Missing { sort, why, labels: vec![(datum.place, label)], help });
    if !known.has(cx, made, Cause::EvidenceKnown, datum.place) {
        return missing(Sort::Evidence, format!("{name} is not yet known on {}", known.shown(cx)), "dated later".to_owned(), None);
    }
    if made > day {
        let help = Some(format!("let accountability begin on {made} or later"));
        return missing(Sort::Evidence, format!("{name} comes after that day"), format!("after {day}"), help);
    }
    // The shorter of the two, as it falls on the calendar: it ages back from the day.
    let (oldest, duration) = times(entity, gate)
        .filter_map(|duration| duration.before(day).map(|oldest| (oldest, duration)))
        .max_by_key(|(oldest, _)| *oldest)?;
    if made >= oldest {
        return None;
    }
    let months = duration.in_months();
    let last = piece.last.unwrap_or(made);
    let help = Some("renew the evidence, or let accountability begin while it is still valid".to_owned());
    missing(
        Sort::Renewal(last),
        format!("{name} is older than {months} on {day}"),
        format!("valid for {months}, to {}", last_valid(made, duration).unwrap_or(last)),
        help,
    )
}

/// The last day on which something made on a day is not older than a duration.
pub(crate) fn last_valid(made: Date, duration: Duration) -> Option<Date> {
    let mut last = duration.after(made)?;
    // By the calendar's clamping, the day after the anniversary may still reach back to a shorter month's end.
    while let Some(next) = day_after(last) {
        if duration.before(next)? > made {
            break;
        }
        last = next;
    }
    Some(last)
}
