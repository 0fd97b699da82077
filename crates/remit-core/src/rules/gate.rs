//! `gate`: no more responsibility than a body is ready for, on the day on which it becomes accountable.

use crate::check::Check;
use crate::model::bodies::BodyId;
use crate::model::clock::Cause;
use crate::model::value::Value;
use crate::model::{Entity, Field};
use crate::problem::{Severity, Verdict};
use crate::rules::judgement::Judgement;
use crate::rules::{Gate, Rule};
use crate::source::Span;
use crate::time::{Date, Duration};
use crate::vocabulary::TermId;

/// What the message of a gate may name.
pub(crate) const NAMES: [&str; 4] = ["function", "body", "day", "needs"];

/// What keeps a gate shut, worst first.
struct Shut {
    verdict: Verdict,
    severity: Severity,
    why: String,
    labels: Vec<(Span, String)>,
    help: Option<String>,
}

pub(crate) fn judge(cx: &Check<'_>, at: usize, rule: &Rule, gate: &Gate, judgements: &mut Vec<Judgement>) {
    let Some(responsibility) = cx.vocabulary.kind("responsibility") else { return };
    for (_, entity) in cx.plan.of_kind(responsibility) {
        let Some(Value::Term(function)) = entity.value("function") else { continue };
        if !gate.functions.contains(function) {
            continue;
        }
        for field in entity.all("accountable") {
            for datum in &field.values {
                let Some(Value::Body(body)) = datum.value else {
                    if datum.value.is_none() {
                        let message = format!(
                            "cannot tell whether the body is ready for {}: who becomes accountable could not be read",
                            cx.title(*function)
                        );
                        let mut judgement = Judgement::fail(at, cx.subject(entity), datum.place, rule.severity, message);
                        judgement.verdict = Verdict::Undetermined;
                        judgements.push(judgement);
                    }
                    continue;
                };
                if cx.plan.bodies.tier(body) <= gate.opens_at {
                    let answer = || judgement(cx, (at, rule, gate), entity, field, (*function, body, datum.place));
                    let same = |one: &Judgement, other: &Judgement| (one.verdict, one.severity) == (other.verdict, other.severity);
                    judgements.push(cx.plan.clock.watch(Cause::Asked, |_| (Some(datum.place), None), answer, same));
                }
            }
        }
    }
}

fn judgement(
    cx: &Check<'_>,
    (at, rule, gate): (usize, &Rule, &Gate),
    entity: &Entity,
    field: &Field,
    (function, body, place): (TermId, BodyId, Span),
) -> Judgement {
    let vocabulary = cx.vocabulary;
    let horizon = cx.plan.days().map(|days| days.first);
    let horizon_unread = horizon.is_none() && cx.plan.header().is_some_and(|header| header.fenced || header.field("horizon").is_some());
    let from = field.clause("from");
    if from.is_some_and(|datum| datum.value.is_none()) || (from.is_none() && horizon_unread) {
        let (body, function) = (cx.plan.bodies.shown(body), cx.title(function));
        let message =
            format!("cannot tell whether {body} is ready for {function}: the day on which it becomes accountable could not be read");
        let mut judgement = Judgement::fail(at, cx.subject(entity), place, rule.severity, message);
        judgement.verdict = Verdict::Undetermined;
        return judgement;
    }
    let begins = field.day("from").or(horizon).or(cx.plan.submitted);
    let day = begins.unwrap_or_else(|| cx.plan.day());
    // The day of the check names nothing: tomorrow it would be another.
    let distinct = begins.map_or_else(|| cx.sources.words(place).to_owned(), |day| format!("{} {day}", cx.sources.words(place)));
    let function_name = cx.title(function);
    let body_name = cx.plan.bodies.shown(body);
    let shut = if cx.plan.bodies.tier(body) < gate.opens_at {
        let tier = vocabulary.scale("tier").map_or("", |scale| vocabulary.level_name(scale, gate.opens_at));
        Some(Shut {
            verdict: Verdict::Fail,
            severity: rule.severity,
            why: format!("this function opens at the {tier}, and {body_name} is below it"),
            labels: Vec::new(),
            help: Some(format!("name the {tier} as accountable, and {body_name} as `responsible`")),
        })
    } else {
        assess(cx, rule, gate, function, body, day)
    };
    let Some(shut) = shut else {
        let mut judgement = Judgement::pass(at, cx.subject(entity), place);
        judgement.distinct = distinct;
        judgement.label = format!("ready on {day}");
        return judgement;
    };
    let needs = vocabulary.level_name(gate.needs.0, gate.needs.1).to_owned();
    let names = [("function", function_name.clone()), ("body", body_name.clone()), ("day", day.to_string()), ("needs", needs)];
    let message = match shut.verdict {
        Verdict::Undetermined => format!("cannot tell whether {body_name} is ready for {function_name}: {}", shut.why),
        _ if shut.severity < rule.severity => format!("{body_name} may no longer be ready for {function_name} on {day}: {}", shut.why),
        _ => format!("{}: {}", rule.message.fill(None, &names), shut.why),
    };
    let mut judgement = Judgement::fail(at, cx.subject(entity), place, shut.severity, message);
    judgement.verdict = shut.verdict;
    judgement.label = format!("accountable from {day}");
    judgement.distinct = distinct;
    judgement.names = cx.names(entity);
    for (span, label) in shut.labels {
        judgement = judgement.also(span, label);
    }
    judgement.help = shut.help.or_else(|| rule.help.as_ref().map(|help| help.fill(None, &names)));
    judgement
}

/// One assessment of the plan.
struct Assessment<'e> {
    entity: &'e Entity,
    day: Option<Date>,
    place: Span,
}

/// What keeps the gate shut on a day; `None` when it is open.
fn assess(cx: &Check<'_>, rule: &Rule, gate: &Gate, function: TermId, body: BodyId, day: Date) -> Option<Shut> {
    let kind = cx.vocabulary.kind("readiness")?;
    let assessments: Vec<Assessment<'_>> = cx
        .plan
        .of_kind(kind)
        .map(|(_, entity)| entity)
        .filter(|entity| entity.value("function") == Some(&Value::Term(function)))
        .filter(|entity| match entity.field("body") {
            Some(_) => entity.value("body") == Some(&Value::Body(body)),
            None => cx.plan.body == Some(body),
        })
        .map(|entity| {
            let assessed = entity.field("assessed").and_then(|field| field.values.first());
            let day = assessed.and_then(|datum| match datum.value {
                Some(Value::Date(date)) => Some(date),
                _ => None,
            });
            Assessment { entity, day, place: assessed.map_or(entity.place, |datum| datum.place) }
        })
        .collect();
    let known =
        |assessment: &&Assessment<'_>| assessment.day.is_some_and(|assessed| assessed <= day && is_known(cx, assessed, assessment.place));
    let Some(latest) = assessments.iter().filter(known).map(|assessment| assessment.day).max() else {
        return Some(unassessed(cx, rule, gate, &assessments, day));
    };
    // Were there two of one day, neither is better than the other: whatever keeps one of them shut counts.
    let of_that_day = assessments.iter().filter(|assessment| assessment.day == latest);
    let mut shuts: Vec<Shut> = of_that_day.flat_map(|assessment| findings_of(cx, rule, gate, assessment, day)).collect();
    // The worst decides: an error before a warning, and a failure before what cannot be told.
    shuts.sort_by_key(|shut| match shut.verdict {
        Verdict::Fail if shut.severity == rule.severity => 0,
        // What cannot be told may be an error; a warning only hides it.
        Verdict::Undetermined => 1,
        _ => 2,
    });
    let mut shuts = shuts.into_iter();
    let mut worst = shuts.next()?;
    // The rest is shown at its places, so that one reading tells all that is missing.
    for other in shuts {
        let places = other.labels.into_iter().filter(|(span, _)| !worst.labels.iter().any(|(known, _)| known == span)).collect::<Vec<_>>();
        worst.labels.extend(places.into_iter().map(|(span, _)| (span, format!("and {}", other.why))));
    }
    Some(worst)
}

/// Whether an assessment is known on the day of the check.
fn is_known(cx: &Check<'_>, assessed: Date, place: Span) -> bool {
    cx.plan.clock.reached(assessed, Cause::Assessed, Some(place))
}

fn unassessed(cx: &Check<'_>, rule: &Rule, gate: &Gate, assessments: &[Assessment<'_>], day: Date) -> Shut {
    let unread = |kind| cx.plan.may_hide(kind) || cx.plan.of_kind(kind).any(|(_, entity)| entity.value("function").is_none());
    let hidden = cx.vocabulary.kind("readiness").is_some_and(unread) || assessments.iter().any(|assessment| assessment.day.is_none());
    let mut shut = Shut {
        verdict: Verdict::Fail,
        severity: rule.severity,
        why: "no assessment of it is in the plan".to_owned(),
        labels: Vec::new(),
        help: None,
    };
    for assessment in assessments {
        match assessment.day {
            None => shut.labels.push((assessment.place, "this assessment has no day".to_owned())),
            Some(assessed) if !is_known(cx, assessed, assessment.place) => {
                shut.why = format!("its assessment of {assessed} is not yet known on {}", cx.plan.as_of);
                shut.labels.push((assessment.place, format!("after {}", cx.plan.as_of)));
            }
            Some(assessed) => {
                shut.why = format!("its assessment of {assessed} comes after that day");
                shut.labels.push((assessment.place, format!("after {day}")));
            }
        }
    }
    if hidden {
        shut.verdict = Verdict::Undetermined;
        shut.why = "an assessment could not be read, or has no day".to_owned();
        return shut;
    }
    shut.help = assessments
        .iter()
        .filter_map(|assessment| earliest(cx, rule, gate, assessment))
        .min()
        .map(|earliest| format!("the gate can open on {earliest}: accountability may begin then"));
    shut
}

/// The first day on which an assessment opens the gate.
fn earliest(cx: &Check<'_>, rule: &Rule, gate: &Gate, assessment: &Assessment<'_>) -> Option<Date> {
    let mut first = assessment.day?;
    for datum in assessment.entity.all("evidence").flat_map(|field| &field.values) {
        let Some(Value::Entity(at)) = datum.value else { return None };
        let Some(Value::Date(dated)) = cx.plan.entity(at as usize)?.value("dated") else { return None };
        first = first.max(*dated);
    }
    findings_of(cx, rule, gate, assessment, first).is_empty().then_some(first)
}

fn findings_of(cx: &Check<'_>, rule: &Rule, gate: &Gate, assessment: &Assessment<'_>, day: Date) -> Vec<Shut> {
    let mut shuts = Vec::new();
    let fail = |severity, why: String, labels: Vec<(Span, String)>, help: Option<String>| Shut {
        verdict: Verdict::Fail,
        severity,
        why,
        labels,
        help,
    };
    let unclear = |why: String, labels: Vec<(Span, String)>| Shut {
        verdict: Verdict::Undetermined,
        severity: rule.severity,
        why,
        labels,
        help: None,
    };
    let entity = assessment.entity;
    let levels = cx.vocabulary;
    let needs = levels.level_name(gate.needs.0, gate.needs.1);
    match entity.field("level").and_then(|field| field.values.first()) {
        Some(datum) => match datum.value {
            Some(Value::Level(scale, level)) if scale == gate.needs.0 && level >= gate.needs.1 => {}
            Some(Value::Level(scale, level)) => {
                let found = levels.level_name(scale, level);
                shuts.push(fail(
                    rule.severity,
                    format!("it was assessed as {found}, and {needs} is needed"),
                    vec![(datum.place, format!("{found}, below {needs}"))],
                    None,
                ));
            }
            _ => shuts.push(unclear("the level could not be read".to_owned(), vec![(datum.place, String::new())])),
        },
        None => shuts.push(unclear("the assessment gives no level".to_owned(), vec![(entity.place, "`level` is not given".to_owned())])),
    }
    let tier = levels.scale("tier").map_or("", |scale| levels.level_name(scale, gate.assessed_by));
    match entity.field("assessed").and_then(|field| field.clause("assessor")) {
        Some(datum) => match datum.value {
            Some(Value::Body(assessor)) if cx.plan.bodies.tier(assessor) >= gate.assessed_by => {}
            Some(Value::Body(assessor)) => {
                let who = cx.plan.bodies.shown(assessor);
                shuts.push(fail(
                    rule.severity,
                    format!("{who} made the assessment, and it takes the {tier}"),
                    vec![(datum.place, format!("not a {tier}"))],
                    None,
                ));
            }
            _ => shuts.push(unclear("who assessed it could not be read".to_owned(), vec![(datum.place, String::new())])),
        },
        None => shuts.push(unclear("nobody says who assessed it".to_owned(), vec![(assessment.place, format!("add `by` and the {tier}"))])),
    }
    let mut evidence = entity.all("evidence").flat_map(|field| &field.values).peekable();
    if evidence.peek().is_none() {
        let labels = vec![(entity.place, "no `evidence`".to_owned())];
        if entity.fenced {
            shuts.push(unclear("part of the assessment could not be read".to_owned(), labels));
        } else {
            shuts.push(fail(
                rule.severity,
                "the assessment rests on no evidence".to_owned(),
                labels,
                Some("name the evidence in the assessment, with its day".to_owned()),
            ));
        }
    }
    for datum in evidence {
        let Some(Value::Entity(at)) = datum.value else {
            shuts.push(unclear("a piece of its evidence is not in the plan".to_owned(), vec![(datum.place, String::new())]));
            continue;
        };
        let Some(piece) = cx.plan.entity(at as usize) else { continue };
        shuts.extend(shut_by_evidence(cx, rule, gate, piece, datum.place, day));
    }
    shuts
}

fn shut_by_evidence(cx: &Check<'_>, rule: &Rule, gate: &Gate, piece: &Entity, named: Span, day: Date) -> Option<Shut> {
    let name = format!("`{}`", piece.name);
    let dated = piece.field("dated").and_then(|field| field.values.first());
    let Some((Value::Date(made), place)) = dated.and_then(|datum| datum.value.clone().map(|value| (value, datum.place))) else {
        let place = dated.map_or(piece.place, |datum| datum.place);
        return Some(Shut {
            verdict: Verdict::Undetermined,
            severity: rule.severity,
            why: if dated.is_some() { format!("the day of {name} could not be read") } else { format!("{name} has no day") },
            labels: vec![
                (place, if dated.is_some() { "could not be read" } else { "`dated` is not given" }.to_owned()),
                (named, "named here".to_owned()),
            ],
            help: None,
        });
    };
    let fail =
        |severity, why, label: String, help| Some(Shut { verdict: Verdict::Fail, severity, why, labels: vec![(place, label)], help });
    if !cx.plan.clock.reached(made, Cause::EvidenceKnown, Some(place)) {
        return fail(rule.severity, format!("{name} is not yet known on {}", cx.plan.as_of), "dated later".to_owned(), None);
    }
    if made > day {
        return fail(
            rule.severity,
            format!("{name} comes after that day"),
            format!("after {day}"),
            Some(format!("let accountability begin on {made} or later")),
        );
    }
    let own = match piece.value("valid") {
        Some(Value::Duration(duration)) => Some(*duration),
        _ => None,
    };
    // The shorter of the two, as it falls on the calendar: it ages back from the day.
    let oldest = [own, gate.within]
        .into_iter()
        .flatten()
        .filter_map(|duration| duration.before(day).map(|oldest| (oldest, duration)))
        .max_by_key(|(oldest, _)| *oldest);
    match oldest {
        Some((oldest, duration)) if made < oldest => {
            let until = last_valid(made, duration);
            let until = until.map_or_else(String::new, |until| format!("valid for {}, to {until}", in_months(duration)));
            fail(
                Severity::Warning.min(rule.severity),
                format!("{name} is older than {} on {day}", in_months(duration)),
                until,
                Some("renew the evidence, or let accountability begin while it is still valid".to_owned()),
            )
        }
        _ => None,
    }
}

/// A duration as packs and plans write it: `24 months`.
fn in_months(duration: Duration) -> String {
    match duration {
        Duration::Months(1) => "1 month".to_owned(),
        Duration::Months(months) => format!("{months} months"),
        Duration::Days(_) => duration.to_string(),
    }
}

/// The last day on which something made on a day is not older than a duration.
pub(crate) fn last_valid(made: Date, duration: Duration) -> Option<Date> {
    let mut last = duration.after(made)?;
    // By the calendar's clamping, the day after the anniversary may still reach back to a shorter month's end.
    while let Some(next) = crate::time::day_after(last) {
        if duration.before(next)? > made {
            break;
        }
        last = next;
    }
    Some(last)
}
