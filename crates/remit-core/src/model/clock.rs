//! The day of the check, and every comparison that rests on it: so that whoever asks what a later day changes need not ask every day.
//!
//! INVARIANT: rules learn the day from here and from nowhere else. What is found on a day is then found on every later day up to
//! the first on which a comparison made here would turn out otherwise.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::source::Span;
use crate::time::{Date, Days, day_after};

/// Why something may turn out otherwise from a day on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// A rule comes into force.
    RuleInForce,
    /// An edition of a framework comes into force.
    EditionInForce,
    /// A waiver is approved: it holds from that day.
    WaiverBegins,
    /// The day before was a waiver's last.
    WaiverEnded,
    /// An assessment becomes known.
    Assessed,
    /// A piece of evidence becomes known.
    EvidenceKnown,
    /// A year, a quarter or a month is over, and what was reached in it is known.
    PeriodOver,
    /// The register shows other bodies, or one of them elsewhere.
    Register,
    /// What a rule itself asks of the day turns out otherwise.
    Asked,
}

/// A comparison with the day of the check that turns out otherwise from a later day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turn {
    /// The first day on which it does.
    pub day: Date,
    /// What it compares.
    pub cause: Cause,
    /// The words of the plan that it rests on, where there are some.
    pub place: Option<Span>,
    /// What was compared, where a rule says so itself: `closed is 2019-09-30`.
    pub says: Option<String>,
    /// The place of the rule that was asked, or waived; `None` for what the language itself asks.
    pub rule: Option<usize>,
}

/// What a comparison rests on: the words of the plan, and what they say.
pub(crate) type Grounds = (Option<Span>, Option<String>);

/// The day of the check.
#[derive(Debug)]
pub(crate) struct Clock {
    day: Date,
    record: Option<Mutex<Record>>,
}

/// What is noted of a check.
#[derive(Debug)]
struct Record {
    /// The day that rules see: another one while it is tried what that would change.
    seen: Date,
    /// The last day that anybody wants to know of.
    last: Date,
    /// Whether another day is being tried: nothing is noted then.
    trying: bool,
    /// Whether somebody watches what is asked, and will try other days.
    watched: bool,
    /// Whether the day itself was read while somebody watched.
    read: bool,
    rule: Option<usize>,
    turns: Vec<Turn>,
}

impl Clock {
    /// A day, of which nothing is noted.
    pub(crate) fn new(day: Date) -> Self {
        Self { day, record: None }
    }

    /// The first of some days, noting what turns on the others.
    pub(crate) fn recording(days: Days) -> Self {
        let (seen, last) = (days.first, days.last);
        let record = Record { seen, last, trying: false, watched: false, read: false, rule: None, turns: Vec::new() };
        Self { day: seen, record: Some(Mutex::new(record)) }
    }

    /// What was noted, by its days.
    pub(crate) fn turns(&self) -> Vec<Turn> {
        let mut turns = self.record().map_or_else(Vec::new, |record| record.turns.clone());
        turns.sort_by_key(|turn| (turn.day, turn.rule, turn.cause, turn.place));
        turns.dedup();
        turns
    }

    /// Says which rule is asked from here on.
    pub(crate) fn about(&self, rule: Option<usize>) {
        if let Some(mut record) = self.record() {
            record.rule = rule;
        }
    }

    /// The day itself. Outside of [`Self::watch`] that is noted as turning every day.
    pub(crate) fn read(&self) -> Date {
        let Some(mut record) = self.record() else { return self.day };
        if record.watched || record.trying {
            record.read = true;
        } else if let Some(next) = day_after(record.seen) {
            record.note(next, Cause::Asked, (None, None));
        }
        record.seen
    }

    /// The day, for words: no verdict may rest on it.
    pub(crate) fn shown(&self) -> Date {
        self.day
    }

    /// Whether a day has come.
    pub(crate) fn reached(&self, day: Date, cause: Cause, place: Option<Span>) -> bool {
        let Some(mut record) = self.record() else { return day <= self.day };
        let reached = day <= record.seen;
        if !reached && !record.trying {
            record.note(day, cause, (place, None));
        }
        reached
    }

    /// Whether a day is over.
    pub(crate) fn passed(&self, day: Date, cause: Cause, place: Option<Span>) -> bool {
        day_after(day).is_some_and(|next| self.reached(next, cause, place))
    }

    /// What an answer is that may rest on the day in any way: where it does, it is asked again of the days to come until it is another.
    pub(crate) fn watch<T>(
        &self,
        cause: Cause,
        grounds: impl Fn(&T) -> Grounds,
        answer: impl Fn() -> T,
        same: impl Fn(&T, &T) -> bool,
    ) -> T {
        if !self.begins_to_watch() {
            return answer();
        }
        let now = answer();
        let mut days = None;
        if let Some(mut record) = self.record() {
            record.watched = false;
            // Only the first turn of all decides how far to go: a later one need not be found.
            days = record.read.then(|| (record.seen, record.turns.iter().map(|turn| turn.day).min().unwrap_or(record.last)));
            record.trying = days.is_some();
        }
        let Some((seen, last)) = days else { return now };
        let mut why = (None, None);
        let mut next = day_after(seen).filter(|day| *day <= last);
        while let Some(day) = next {
            if let Some(mut record) = self.record() {
                record.seen = day;
            }
            let other = answer();
            if !same(&now, &other) {
                let (now, other) = (grounds(&now), grounds(&other));
                why = (now.0.or(other.0), now.1.or(other.1));
                break;
            }
            next = day_after(day).filter(|day| *day <= last);
        }
        if let Some(mut record) = self.record() {
            (record.seen, record.trying) = (seen, false);
            if let Some(day) = next {
                record.note(day, cause, why);
            }
        }
        now
    }

    /// Whether what is asked from here on is watched from here, and not from further out. The lock is let go: what is watched may watch as well.
    fn begins_to_watch(&self) -> bool {
        let Some(mut record) = self.record() else { return false };
        let begins = !record.watched && !record.trying;
        if begins {
            (record.watched, record.read) = (true, false);
        }
        begins
    }

    fn record(&self) -> Option<MutexGuard<'_, Record>> {
        self.record.as_ref().map(|record| record.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Record {
    fn note(&mut self, day: Date, cause: Cause, (place, says): Grounds) {
        if day <= self.last {
            self.turns.push(Turn { day, cause, place, says, rule: self.rule });
        }
    }
}

impl Clone for Clock {
    fn clone(&self) -> Self {
        Self::new(self.day)
    }
}
