//! Who holds a function on which days: what the plan writes, ended where a body ceases, and followed where one body alone takes over from it.

use crate::check::Check;
use crate::model::bodies::BodyId;
use crate::model::clock::Cause;
use crate::model::value::Value;
use crate::model::{Entity, Field};
use crate::source::Span;
use crate::time::{Date, Days, day_after, day_before};
use crate::vocabulary::TermId;

/// How many bodies may take over one from another before nobody follows them further.
const MOST_SUCCESSORS: usize = 8;

/// One holder with its days.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Holding<'e> {
    pub(crate) body: BodyId,
    /// The words that name it, or the body that it took over from.
    pub(crate) place: Span,
    pub(crate) field: &'e Field,
    pub(crate) days: Days,
    /// The body that it took over from, where the plan still names that one.
    pub(crate) follows: Option<BodyId>,
}

/// A body that ceases before its days are over, and is not followed.
#[derive(Debug, Clone)]
pub(crate) struct Ceased {
    pub(crate) body: BodyId,
    /// The last day on which it exists.
    pub(crate) last: Date,
    /// The bodies that take over: none, or several.
    pub(crate) successors: Vec<BodyId>,
}

/// A field whose days end before they begin.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Inverted<'e> {
    pub(crate) field: &'e Field,
    pub(crate) days: Days,
    /// Whether it is for a place only: then it leaves no day of the whole open.
    pub(crate) is_for_place: bool,
}

/// Everything that one statement says of who holds a function.
#[derive(Debug, Default)]
pub(crate) struct Line<'e> {
    /// The holders of the whole function, in the order written, then those that follow.
    pub(crate) holdings: Vec<Holding<'e>>,
    /// The holders for a place, with the place.
    pub(crate) for_places: Vec<(Holding<'e>, BodyId)>,
    /// Who ceases and is not followed.
    pub(crate) ceased: Vec<Ceased>,
    /// Whose days are turned round.
    pub(crate) inverted: Vec<Inverted<'e>>,
    /// Whether a holder or a day could not be read.
    pub(crate) unreadable: bool,
}

/// Reads the holders that a statement names in a field, within the horizon.
pub(crate) fn line<'e>(cx: &Check<'_>, entity: &'e Entity, name: &str, horizon: Days) -> Line<'e> {
    let mut line = Line { unreadable: entity.fenced, ..Line::default() };
    let mut ending: Vec<(Holding<'e>, Date)> = Vec::new();
    for field in entity.fields.iter().filter(|field| &*field.name == name) {
        let place = field.clause("place");
        if field.clauses.iter().flat_map(|(_, values)| values).any(|datum| datum.value.is_none()) {
            // From when or until when could not be read: it may hold any day, or none. Of a place it takes nothing from the whole.
            line.unreadable |= place.is_none();
            continue;
        }
        let days = Days { first: field.day("from").unwrap_or(horizon.first), last: field.day("until").unwrap_or(horizon.last) };
        if days.first > days.last && field.day("from").is_some() && field.day("until").is_some() {
            line.inverted.push(Inverted { field, days, is_for_place: place.is_some() });
            continue;
        }
        for datum in &field.values {
            match (&datum.value, days.overlap(horizon), place.map(|datum| &datum.value)) {
                (Some(Value::Body(body)), Some(days), place) => {
                    let holding = Holding { body: *body, place: datum.place, field, days, follows: None };
                    match place {
                        Some(Some(Value::Body(place))) => line.for_places.push((holding, *place)),
                        Some(_) => {}
                        None => match ceases(cx, *body, days, datum.place) {
                            Some(last) => {
                                line.holdings.push(Holding { days: Days { last, ..days }, ..holding });
                                ending.push((holding, last));
                            }
                            None => line.holdings.push(holding),
                        },
                    }
                }
                (None, _, None) => line.unreadable = true,
                _ => {}
            }
        }
    }
    for (holding, last) in ending {
        follow(cx, &mut line, holding, last);
    }
    line
}

/// The last day of a body that ceases within its days, where that is known on the day as of which the plan is read: what the register says of
/// later days is not, and what the plan says of its own bodies is.
fn ceases(cx: &Check<'_>, body: BodyId, days: Days, place: Span) -> Option<Date> {
    let known = cx.plan.bodies.get(body)?;
    let last = known.closed?;
    let is_known = || known.declared.is_some() || cx.plan.clock.passed(last, Cause::Register, Some(place));
    (days.first <= last && last < days.last && is_known()).then_some(last)
}

/// Lets the one body that takes over hold the days that nobody else is named for.
fn follow<'e>(cx: &Check<'_>, line: &mut Line<'e>, holding: Holding<'e>, last: Date) {
    let (mut body, mut last) = (holding.body, last);
    for _ in 0..MOST_SUCCESSORS {
        let Some(next) = day_after(last) else { return };
        let successors = successors(cx, body);
        let rest = Days { first: next, last: holding.days.last };
        let [successor] = successors.as_slice() else {
            line.ceased.push(Ceased { body, last, successors });
            return;
        };
        let ends = ceases(cx, *successor, rest, holding.place);
        let held = Days { last: ends.unwrap_or(rest.last), ..rest };
        for days in gaps(&line.holdings, held) {
            line.holdings.push(Holding { body: *successor, days, follows: Some(body), ..holding });
        }
        let Some(end) = ends else { return };
        (body, last) = (*successor, end);
    }
}

/// The bodies that take over from one, once each.
pub(crate) fn successors(cx: &Check<'_>, body: BodyId) -> Vec<BodyId> {
    let mut successors: Vec<BodyId> = Vec::new();
    for succession in cx.plan.bodies.get(body).map_or(&[][..], |body| &body.successions) {
        if !successors.contains(&succession.successor) {
            successors.push(succession.successor);
        }
    }
    successors
}

/// The days on which nobody holds.
pub(crate) fn gaps(holdings: &[Holding<'_>], within: Days) -> Vec<Days> {
    let mut covered: Vec<Days> = holdings.iter().map(|holding| holding.days).collect();
    covered.sort_by_key(|days| days.first);
    let mut gaps = Vec::new();
    let mut next = Some(within.first);
    for days in covered {
        let Some(first) = next else { return gaps };
        if let Some(last) = day_before(days.first).map(|last| last.min(within.last)).filter(|last| first <= *last) {
            gaps.push(Days { first, last });
        }
        if days.last >= first {
            next = day_after(days.last);
        }
    }
    if let Some(first) = next.filter(|first| *first <= within.last) {
        gaps.push(Days { first, last: within.last });
    }
    gaps
}

/// The days of some that are not among others.
pub(crate) fn without(all: &[Days], others: Days) -> Vec<Days> {
    let rest = |days: &Days| {
        let before = day_before(others.first).map(|last| Days { first: days.first, last: last.min(days.last) });
        let after = day_after(others.last).map(|first| Days { first: first.max(days.first), last: days.last });
        [before, after].into_iter().flatten().filter(|days| days.first <= days.last)
    };
    all.iter().flat_map(rest).collect()
}

/// The lines of a function: of every statement about it.
pub(crate) fn of_function<'q>(cx: &Check<'q>, function: TermId) -> Vec<(&'q Entity, Line<'q>)> {
    let (Some(kind), Some(horizon)) = (cx.vocabulary.kind("responsibility"), cx.plan.days()) else { return Vec::new() };
    let of_it = cx.plan.of_kind(kind).map(|(_, entity)| entity).filter(|entity| entity.value("function") == Some(&Value::Term(function)));
    of_it.map(|entity| (entity, line(cx, entity, "accountable", horizon))).collect()
}

/// Whether a body had a function before a day and a higher one has it again on that day: since when, and which.
pub(crate) fn handed_back(cx: &Check<'_>, function: TermId, body: BodyId, day: Date) -> Option<(Date, BodyId)> {
    let lines = of_function(cx, function);
    let holdings = || lines.iter().flat_map(|(_, line)| &line.holdings);
    if holdings().any(|holding| holding.body == body && holding.days.holds(day)) {
        return None;
    }
    let left = holdings().filter(|holding| holding.body == body && holding.days.last < day).map(|holding| holding.days.last).max()?;
    let tier = cx.plan.bodies.tier(body);
    let above = holdings().filter(|holding| cx.plan.bodies.tier(holding.body) > tier && holding.days.holds(day));
    above
        .filter(|holding| holding.days.first > left)
        .min_by_key(|holding| holding.days.first)
        .map(|holding| (holding.days.first, holding.body))
}
