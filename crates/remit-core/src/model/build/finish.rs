//! What is known only when every statement of a plan is read: its header, its bodies, and where it names them.

use std::ops::Range;

use crate::model::build::DUPLICATE;
use crate::model::value::Value;
use crate::model::{Entity, Field, Mention, Part, Plan, Reading};
use crate::problem::Problem;
use crate::source::Span;
use crate::time::Date;

/// An assessment is known by its function, its body and its day.
pub(crate) fn same_assessments(reading: Reading<'_>, entities: &[Entity], problems: &mut Vec<Problem>) {
    let Some(kind) = reading.vocabulary.kind("readiness") else { return };
    let mut seen: Vec<([Option<&Value>; 3], Span)> = Vec::new();
    for entity in entities.iter().filter(|entity| entity.kind == kind) {
        let identity = ["function", "body", "assessed"].map(|name| entity.value(name));
        if identity.first().is_none_or(Option::is_none) || entity.value("assessed").is_none() {
            continue;
        }
        match seen.iter().find(|(known, _)| *known == identity) {
            Some((_, first)) => problems.push(
                Problem::error(DUPLICATE, entity.place, "there are two assessments of this function on one day")
                    .also(*first, "the first is here")
                    .help("keep the one that counts; a later one has a later day"),
            ),
            None => seen.push((identity, entity.place)),
        }
    }
}

pub(super) fn read_header(reading: Reading<'_>, plan: &mut Plan) {
    let Some(kind) = reading.vocabulary.kind("plan") else { return };
    plan.header = plan.entities.iter().position(|entity| entity.kind == kind);
    let Some(header) = plan.header() else { return };
    let body = header.bodies("body").next().map(|(body, _)| body);
    let horizon = match header.value("horizon") {
        Some(Value::Years(first, last)) => Some((*first, *last)),
        _ => None,
    };
    let submitted = match header.value("submitted") {
        Some(Value::Date(date)) => Some(*date),
        _ => None,
    };
    (plan.body, plan.horizon, plan.submitted) = (body, horizon, submitted);
}

/// What the plan says of its own bodies: kind, dates, and the tier that follows from them.
pub(super) fn finish_bodies(reading: Reading<'_>, plan: &mut Plan) {
    let vocabulary = reading.vocabulary;
    let board = vocabulary.set("body-kind").and_then(|set| vocabulary.term(set, "board"));
    let mut changes = Vec::new();
    for entity in &plan.entities {
        let Some((body, _)) = entity.bodies("code").next() else { continue };
        let kind_name = vocabulary.kind_def(entity.kind).map_or("", |kind| &*kind.name);
        let kind = match entity.value("kind") {
            Some(Value::Term(term)) if kind_name != "board" => Some(*term),
            _ if kind_name == "board" => board,
            _ => vocabulary.set("body-kind").and_then(|set| {
                let word = match kind_name {
                    "system" => "integrated-care-system",
                    "region" => "nhs-region",
                    other => other,
                };
                vocabulary.term(set, word)
            }),
        };
        let day = |name: &str| match entity.value(name) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        };
        let parent_tier = entity.bodies("parent").map(|(parent, _)| plan.bodies.tier(parent)).max();
        changes.push((body, kind, day("from"), day("until"), parent_tier));
    }
    // Were a body declared twice, by two kinds, the same one of them would count in any order.
    changes.sort_by_key(|(body, kind, ..)| (*body, *kind));
    for (body, kind, opened, closed, parent_tier) in changes {
        let tier = kind.and_then(|kind| vocabulary.term_def(kind)).and_then(|kind| kind.tier);
        if let Some(body) = plan.bodies.own_mut(body) {
            body.kind = kind;
            body.opened = opened;
            body.closed = closed;
            body.tier = parent_tier.or(tier).unwrap_or(body.tier);
        }
    }
}

/// The days for which a field names its bodies: its own, else its statement's; none where neither gives one.
fn mention_days(entity: &Entity, field: &Field) -> Vec<Date> {
    let mut days: Vec<Date> = ["from", "until"].into_iter().filter_map(|clause| field.day(clause)).collect();
    let day_of = |field: &Field| match field.values.first()?.value {
        Some(Value::Date(date)) => Some(date),
        _ => None,
    };
    if days.is_empty() {
        // `assessed 2019-11-02 by …`
        days.extend(day_of(field));
    }
    if days.is_empty() && &*field.name == "code" {
        // A body that the plan declares exists on the days that the declaration gives.
        days.extend(["from", "until"].into_iter().filter_map(|name| entity.field(name)).filter_map(day_of));
    }
    if days.is_empty() {
        days.extend(["dated", "day", "live"].into_iter().filter_map(|name| entity.field(name)).find_map(day_of));
    }
    days
}

/// A body is named in a table for the periods in which it has figures: from the end of the first to the beginning of the last.
fn row_days(entity: &Entity, part: &Part) -> Vec<Date> {
    let given = |at: usize| part.rows.iter().any(|row| row.cells.get(at).is_some_and(Option::is_some));
    let periods = || entity.columns.iter().enumerate().filter(|(at, _)| given(*at)).filter_map(|(_, (period, _))| *period);
    let first = periods().min_by_key(|period| period.ordinal());
    let last = periods().max_by_key(|period| period.ordinal());
    match (first, last) {
        (Some(first), Some(last)) if first != last => vec![first.last_day(), last.first_day()],
        (Some(only), _) => vec![only.last_day()],
        _ => Vec::new(),
    }
}

/// Every place at which some of the statements name a body, in order.
pub(crate) fn mentions_of(plan: &Plan, entities: Range<usize>) -> Vec<Mention> {
    let mut mentions = Vec::new();
    for (at, entity) in entities.clone().zip(plan.entities.get(entities).unwrap_or_default()) {
        for field in &entity.fields {
            let mut days = mention_days(entity, field);
            let dated = !days.is_empty();
            if !dated {
                days.push(plan.shown_day());
            }
            let clauses = field.clauses.iter().flat_map(|(_, values)| values);
            for datum in field.values.iter().chain(clauses) {
                if let Some(Value::Body(body)) = datum.value {
                    mentions.extend(days.iter().map(|day| Mention { body, place: datum.place, day: *day, dated, entity: at }));
                }
            }
        }
        for part in &entity.parts {
            let Some(Value::Body(body)) = part.of.value else { continue };
            mentions.extend(row_days(entity, part).into_iter().map(|day| Mention {
                body,
                place: part.of.place,
                day,
                dated: true,
                entity: at,
            }));
        }
    }
    mentions.sort_by_key(|mention| (mention.place, mention.day));
    mentions.dedup_by_key(|mention| (mention.place, mention.day));
    mentions
}
