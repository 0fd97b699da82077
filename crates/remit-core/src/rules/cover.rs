//! `cover`: a function has exactly one holder on every day of the horizon.

use crate::check::Check;
use crate::model::Entity;
use crate::model::bodies::BodyId;
use crate::model::value::Value;
use crate::problem::{Fix, Verdict};
use crate::rules::holders::{self, Ceased, Holding};
use crate::rules::judgement::Judgement;
use crate::rules::{Cover, Rule};
use crate::source::Span;
use crate::time::{Days, day_after, day_before};

/// What the message of a cover may name.
pub(crate) const NAMES: [&str; 3] = ["function", "bodies", "days"];

pub(crate) fn judge(cx: &Check<'_>, at: usize, rule: &Rule, cover: &Cover, judgements: &mut Vec<Judgement>) {
    for (_, entity) in cx.plan.of_kind(cover.kind) {
        let found = of_entity(cx, at, rule, cover, entity);
        if found.is_empty() {
            judgements.push(Judgement::pass(at, cx.subject(entity), entity.place));
        }
        for mut judgement in found {
            judgement.names = cx.names(entity);
            judgements.push(judgement);
        }
    }
}

fn of_entity(cx: &Check<'_>, at: usize, rule: &Rule, cover: &Cover, entity: &Entity) -> Vec<Judgement> {
    let subject = cx.subject(entity);
    let function = title(cx, entity);
    let unclear = |why: String, span: Span| {
        let mut judgement = Judgement::fail(at, subject.clone(), span, rule.severity, why);
        judgement.verdict = Verdict::Undetermined;
        judgement
    };
    let Some(horizon) = cx.plan.days() else {
        return vec![unclear(
            format!("cannot tell who is accountable for {} on every day: the plan's horizon is not known", function),
            entity.place,
        )];
    };
    let mut found = Vec::new();
    let line = holders::line(cx, entity, &cover.field, horizon);
    for inverted in &line.inverted {
        let (field, written) = (inverted.field, inverted.days);
        let message = format!("this accountability ends on {} before it begins on {}", written.last, written.first);
        let dates = ["from", "until"].into_iter().filter_map(|clause| field.clause(clause)).map(|datum| datum.place).reduce(Span::to);
        found.push(Judgement::fail(at, subject.clone(), dates.unwrap_or(field.line), rule.severity, message));
    }
    let holders = &line.holdings;
    overlaps(cx, (at, rule, entity), (&function, &holders.iter().collect::<Vec<_>>()), &mut found);
    let mut places: Vec<BodyId> = Vec::new();
    for (_, place) in &line.for_places {
        if !places.contains(place) {
            places.push(*place);
        }
    }
    for place in places {
        let of_place: Vec<&Holding<'_>> = line.for_places.iter().filter(|(_, of)| *of == place).map(|(holding, _)| holding).collect();
        overlaps(cx, (at, rule, entity), (&format!("{function} for {}", cx.plan.bodies.shown(place)), &of_place), &mut found);
    }
    // Where somebody's days are turned round, the gap that this leaves is no fault of its own.
    let mend_first = line.inverted.iter().any(|inverted| !inverted.is_for_place);
    for gap in holders::gaps(holders, horizon).into_iter().filter(|_| !mend_first) {
        if line.unreadable {
            found.push(unclear(
                format!("cannot tell who is accountable for {} {gap}: part of this statement could not be read", function),
                entity.place,
            ));
            break;
        }
        let ceased = line.ceased.iter().find(|ceased| day_after(ceased.last) == Some(gap.first));
        let message = if holders.is_empty() {
            format!("{function} has no accountable body{}", if line.for_places.is_empty() { "" } else { " beyond the places named" })
        } else {
            format!(
                "{function} has no accountable body {gap}{}",
                ceased.map_or(String::new(), |ceased| format!(": {}", followed(cx, ceased)))
            )
        };
        let mut judgement = Judgement::fail(at, subject.clone(), entity.place, cover.gap.min(rule.severity), message);
        judgement.distinct = format!("gap {gap}");
        judgement.help = Some(match ceased {
            Some(ceased) if !ceased.successors.is_empty() => format!("choose which of them answers for it from {}, and name it", gap.first),
            _ => format!("name the body that answers for it{}", if holders.is_empty() { "" } else { " on these days" }),
        });
        if let Some(before) = holders.iter().filter(|holder| holder.days.last < gap.first).max_by_key(|holder| holder.days.last) {
            judgement = judgement.also(before.place, format!("accountable to {}", before.days.last));
        }
        if let Some(after) = holders.iter().filter(|holder| holder.days.first > gap.last).min_by_key(|holder| holder.days.first) {
            judgement = judgement.also(after.place, format!("accountable from {}", after.days.first));
        }
        found.push(judgement);
    }
    found
}

/// Every day on which there are two, for the whole or for one place: one finding for each body that comes on top of the first that was there, however
/// many were there before it, and each run of days.
fn overlaps(
    cx: &Check<'_>,
    (at, rule, entity): (usize, &Rule, &Entity),
    (function, holders): (&str, &[&Holding<'_>]),
    found: &mut Vec<Judgement>,
) {
    for (later_at, later) in holders.iter().enumerate() {
        let before = holders.get(..later_at).unwrap_or_default();
        // On days on which the body was named before, it was told then.
        let is_again = |other: &&&Holding<'_>| other.body == later.body;
        let mut left = before.iter().filter(is_again).fold(vec![later.days], |left, other| holders::without(&left, other.days));
        for earlier in before.iter().filter(|other| other.body != later.body) {
            let both: Vec<Days> = left.iter().filter_map(|days| days.overlap(earlier.days)).collect();
            left = holders::without(&left, earlier.days);
            for both in both {
                found.push(overlap(cx, (at, rule, entity), function, (earlier, later, before), both));
            }
        }
    }
}

fn overlap(
    cx: &Check<'_>,
    (at, rule, entity): (usize, &Rule, &Entity),
    function: &str,
    (earlier, later, before): (&Holding<'_>, &Holding<'_>, &[&Holding<'_>]),
    both: Days,
) -> Judgement {
    let [one, other] = [earlier, later].map(|holder| cx.plan.bodies.shown(holder.body));
    let names: [(&str, String); 3] =
        [("function", function.to_owned()), ("bodies", format!("{one}, and {other}")), ("days", both.to_string())];
    let mut judgement = Judgement::fail(at, cx.subject(entity), later.place, rule.severity, rule.message.fill(None, &names));
    judgement.label = format!("accountable {}", later.days);
    let place = later.field.clause("place").map_or(String::new(), |place| format!(" for {}", cx.sources.words(place.place)));
    judgement.distinct = format!("{} {} {both}{place}", cx.sources.words(earlier.place), cx.sources.words(later.place));
    judgement.help = rule.help.as_ref().map(|help| help.fill(None, &names));
    judgement.fixes = handover(earlier, later).into_iter().collect();
    for earlier in before.iter().filter(|other| other.body != later.body && other.days.overlap(both).is_some()) {
        judgement = judgement.also(earlier.place, format!("accountable {}", earlier.days));
    }
    judgement
}

/// What names the function, inside a sentence.
fn title(cx: &Check<'_>, entity: &Entity) -> String {
    match entity.value("function") {
        Some(Value::Term(term)) => cx.title(*term),
        _ => format!("`{}`", entity.name),
    }
}

/// Where one follows the other and neither says when the first ends: it ends the day before.
fn handover(earlier: &Holding<'_>, later: &Holding<'_>) -> Option<Fix> {
    let begins = later.field.day("from")?;
    let ends = day_before(begins).filter(|ends| *ends >= earlier.days.first)?;
    if earlier.field.clause("until").is_some() || earlier.field.values.len() != 1 {
        return None;
    }
    Some(Fix::replace(format!("end the first on {ends}"), earlier.field.line.after(), format!(" until {ends}")))
}

/// Why nobody follows a body that ceases.
fn followed(cx: &Check<'_>, ceased: &Ceased) -> String {
    let successors: Vec<String> = ceased.successors.iter().map(|body| cx.plan.bodies.shown(*body)).collect();
    let body = cx.plan.bodies.shown(ceased.body);
    match successors.split_last() {
        Some((last, others)) => format!("{body} ends on {}, and {} and {last} take over from it", ceased.last, others.join(", ")),
        None => format!("{body} ends on {}, and nobody is known to take over from it", ceased.last),
    }
}
