//! `gate`: no more responsibility than a body is ready for, on the day on which it becomes accountable.

pub(crate) mod evidence;
pub mod state;

use crate::check::Check;
use crate::model::bodies::BodyId;
use crate::model::clock::Cause;
use crate::model::value::{Datum, Value};
use crate::model::{Entity, Field};
use crate::problem::Verdict;
use crate::rules::gate::state::{Known, Question, State};
use crate::rules::judgement::Judgement;
use crate::rules::{Gate, Rule};
use crate::source::Span;
use crate::time::Date;
use crate::vocabulary::TermId;

/// What the message of a gate may name.
pub(crate) const NAMES: [&str; 4] = ["function", "body", "day", "needs"];

/// Where a body becomes accountable for a function that has a gate.
pub(crate) struct Passage<'q> {
    pub(crate) entity: &'q Entity,
    pub(crate) field: &'q Field,
    pub(crate) function: TermId,
    /// The words that name the body.
    pub(crate) place: Span,
    /// The body; `None` where it could not be read.
    pub(crate) body: Option<BodyId>,
}

impl Passage<'_> {
    /// The day on which the body becomes accountable; `None` where it could not be read.
    pub(crate) fn day(&self, cx: &Check<'_>) -> Option<Date> {
        let horizon = cx.plan.days().map(|days| days.first);
        let unread = horizon.is_none() && cx.plan.header().is_some_and(|header| header.fenced || header.field("horizon").is_some());
        let from = self.field.clause("from");
        if from.is_some_and(|datum| datum.value.is_none()) || (from.is_none() && unread) {
            return None;
        }
        Some(self.written_day(cx).unwrap_or_else(|| cx.plan.day()))
    }

    /// The day that the plan gives; `None`: it gives none, and that of the check stands in for it.
    fn written_day(&self, cx: &Check<'_>) -> Option<Date> {
        let horizon = cx.plan.days().map(|days| days.first);
        self.field.day("from").or(horizon).or(cx.plan.submitted)
    }
}

/// Every place at which a gate stands before a body: bodies above the tier at which the function opens need none.
pub(crate) fn passages<'q>(cx: &Check<'q>, gate: &Gate) -> Vec<Passage<'q>> {
    let Some(responsibility) = cx.vocabulary.kind("responsibility") else { return Vec::new() };
    let mut passages = Vec::new();
    for (_, entity) in cx.plan.of_kind(responsibility) {
        let Some(Value::Term(function)) = entity.value("function") else { continue };
        if !gate.functions.contains(function) {
            continue;
        }
        for field in entity.all("accountable") {
            let passage = |datum: &Datum, body| Passage { entity, field, function: *function, place: datum.place, body };
            passages.extend(field.values.iter().filter_map(|datum| match datum.value {
                Some(Value::Body(body)) => (cx.plan.bodies.tier(body) <= gate.opens_at).then(|| passage(datum, Some(body))),
                Some(_) => None,
                None => Some(passage(datum, None)),
            }));
        }
    }
    passages
}

/// A judgement, and the state that it follows from; none where the body or the day could not be read.
pub(crate) type Judged = (Judgement, Option<State>);

pub(crate) fn judge(cx: &Check<'_>, at: usize, rule: &Rule, gate: &Gate, judgements: &mut Vec<Judgement>) {
    judgements.extend(judged(cx, at, rule, gate).into_iter().map(|(judgement, _)| judgement));
}

/// What the gate says of every passage, with its state.
pub(crate) fn judged(cx: &Check<'_>, at: usize, rule: &Rule, gate: &Gate) -> Vec<Judged> {
    let same = |(one, _): &Judged, (other, _): &Judged| (one.verdict, one.severity) == (other.verdict, other.severity);
    let judged = |passage: &Passage<'_>| {
        let answer = || judgement(cx, (at, rule, gate), passage);
        cx.plan.clock.watch(Cause::Asked, |_| (Some(passage.place), None), answer, same)
    };
    passages(cx, gate).iter().map(judged).collect()
}

fn judgement(cx: &Check<'_>, (at, rule, gate): (usize, &Rule, &Gate), passage: &Passage<'_>) -> Judged {
    let (entity, place) = (passage.entity, passage.place);
    let function_name = cx.title(passage.function);
    let unread = |message: String| {
        let mut judgement = Judgement::fail(at, cx.subject(entity), place, rule.severity, message);
        judgement.verdict = Verdict::Undetermined;
        (judgement, None)
    };
    let Some(body) = passage.body else {
        return unread(format!("cannot tell whether the body is ready for {function_name}: who becomes accountable could not be read"));
    };
    let body_name = cx.plan.bodies.shown(body);
    let Some(day) = passage.day(cx) else {
        return unread(format!(
            "cannot tell whether {body_name} is ready for {function_name}: the day on which it becomes accountable could not be read"
        ));
    };
    // The day of the check names nothing: tomorrow it would be another.
    let words = cx.sources.words(place);
    let distinct = passage.written_day(cx).map_or_else(|| words.to_owned(), |day| format!("{words} {day}"));
    let standing = Question::new(*cx, rule, gate, passage.function, body).on(day, Known::AsOf);
    let mut missing = standing.missing.into_iter();
    let Some(worst) = missing.next() else {
        let mut judgement = Judgement::pass(at, cx.subject(entity), place);
        judgement.distinct = distinct;
        judgement.label = match standing.state {
            State::Lapsing(last) => format!("ready on {day}; what it rests on lapses after {last}"),
            _ => format!("ready on {day}"),
        };
        return (judgement, Some(standing.state));
    };
    let needs = cx.vocabulary.level_name(gate.needs.0, gate.needs.1).to_owned();
    let names = [("function", function_name.clone()), ("body", body_name.clone()), ("day", day.to_string()), ("needs", needs)];
    let (verdict, severity) = (worst.sort.verdict(), worst.sort.severity(rule.severity));
    let message = match verdict {
        Verdict::Undetermined => format!("cannot tell whether {body_name} is ready for {function_name}: {}", worst.why),
        _ if severity < rule.severity => format!("{body_name} may no longer be ready for {function_name} on {day}: {}", worst.why),
        _ => format!("{}: {}", rule.message.fill(None, &names), worst.why),
    };
    let mut judgement = Judgement::fail(at, cx.subject(entity), place, severity, message);
    judgement.verdict = verdict;
    judgement.label = format!("accountable from {day}");
    judgement.distinct = distinct;
    judgement.names = cx.names(entity);
    for (span, label) in worst.labels {
        judgement = judgement.also(span, label);
    }
    // The rest is shown at its places, so that one reading tells all that is missing.
    for other in missing {
        let shown = judgement.labels.len();
        for (span, _) in other.labels {
            if !judgement.labels.iter().take(shown).any(|known| known.span == span) {
                judgement = judgement.also(span, format!("and {}", other.why));
            }
        }
    }
    judgement.help = worst.help.or_else(|| rule.help.as_ref().map(|help| help.fill(None, &names)));
    (judgement, Some(standing.state))
}
