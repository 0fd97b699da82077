//! What reserves, gates and covers asked for, and what was there: a line for each condition.

use crate::check::Check;
use crate::model::value::Value;
use crate::problem::Verdict;
use crate::rules::gate::passages;
use crate::rules::gate::state::{Assessment, Known, Missing, Question, Sort};
use crate::rules::judgement::Judgement;
use crate::rules::{Cover, Form, Gate, Reserve, Rule, cover, gate, holders, reserve};
use crate::source::Span;
use crate::why::{Absent, Condition, Why};

/// What a rule of one of these forms says of everything that it looks at.
pub(super) fn judgements(cx: &Check<'_>, (at, rule): (usize, &Rule), form: &Form) -> Vec<Judgement> {
    let mut judgements = Vec::new();
    match form {
        Form::Reserve(form) => reserve::judge(cx, at, rule, form, &mut judgements),
        Form::Gate(form) => gate::judge(cx, at, rule, form, &mut judgements),
        Form::Cover(form) => cover::judge(cx, at, rule, form, &mut judgements),
        Form::Each(_) | Form::Over(_) => {}
    }
    judgements
}

/// Tells what a rule asked for where it came to a judgement, which is given back.
pub(super) fn told(
    cx: &Check<'_>,
    (at, rule): (usize, &Rule),
    form: &Form,
    is_it: impl Fn(&Judgement) -> bool,
    why: &mut Why,
) -> Option<Judgement> {
    let judgement = judgements(cx, (at, rule), form).into_iter().find(|judgement| is_it(judgement))?;
    match form {
        Form::Reserve(form) => of_reserve(cx, form, &judgement, why),
        Form::Gate(form) => of_gate(cx, rule, form, &judgement, why),
        Form::Cover(form) => of_cover(cx, form, &judgement, why),
        Form::Each(_) | Form::Over(_) => {}
    }
    if judgement.verdict == Verdict::Undetermined && why.absent.is_empty() {
        why.absent.push(Absent { what: judgement.message.clone(), place: Some(judgement.span) });
    }
    Some(judgement)
}

fn tier<'c>(cx: &Check<'c>, tier: u8) -> &'c str {
    cx.vocabulary.scale("tier").map_or("", |scale| cx.vocabulary.level_name(scale, tier))
}

/// What a judgement itself says would pass.
fn would(judgement: &Judgement) -> Option<String> {
    let fixes: Vec<&str> = judgement.fixes.iter().map(|fix| fix.title.as_str()).collect();
    if fixes.is_empty() { judgement.help.clone().filter(|help| !help.is_empty()) } else { Some(fixes.join(", or ")) }
}

fn holds(judgement: &Judgement) -> Option<bool> {
    match judgement.verdict {
        Verdict::Pass => Some(true),
        Verdict::Undetermined => None,
        _ => Some(false),
    }
}

fn of_reserve(cx: &Check<'_>, reserve: &Reserve, judgement: &Judgement, why: &mut Why) {
    let who: Vec<String> = reserve.holders.iter().map(|holder| cx.plan.bodies.shown(*holder)).collect();
    let level = tier(cx, reserve.to);
    let who = if who.is_empty() { format!("a body of the {level}") } else { who.join(" or ") };
    let entity = cx.plan.entities.iter().find(|entity| entity.whole.contains(judgement.span));
    let is_commitment = entity.is_some_and(|entity| cx.vocabulary.kind("commitment") == Some(entity.kind));
    let mut found: Vec<(String, Span)> = Vec::new();
    let fields: &[&str] = if is_commitment { &["owner", "effect"] } else { &["accountable", "responsible"] };
    for (name, datum) in fields.iter().flat_map(|name| {
        entity.iter().flat_map(move |entity| entity.all(name).flat_map(|field| &field.values).map(move |datum| (name, datum)))
    }) {
        let shown = match &datum.value {
            Some(Value::Body(body)) => format!("{} ({})", cx.plan.bodies.shown(*body), tier(cx, cx.plan.bodies.tier(*body))),
            Some(value) => crate::model::value::show(value, cx.vocabulary, &cx.plan.bodies),
            None => "what could not be read".to_owned(),
        };
        found.push((format!("{name} is {shown}"), datum.place));
    }
    let below: Vec<&str> = reserve.below.iter().filter_map(|effect| cx.vocabulary.term_def(*effect)).map(|effect| &*effect.name).collect();
    let asked = if is_commitment {
        format!("only {who} may do more to it; bodies below the {level} may {}", below.join(", "))
    } else {
        format!("it stays with {who}, and nobody below the {level} is accountable or responsible for it")
    };
    let said: Vec<&str> = found.iter().map(|(said, _)| said.as_str()).collect();
    why.conditions.push(Condition {
        asked,
        found: if said.is_empty() { "the plan does not say who".to_owned() } else { said.join(", ") },
        holds: holds(judgement),
        passes: would(judgement).filter(|_| judgement.verdict != Verdict::Pass),
        places: found.into_iter().map(|(said, place)| (place, said)).collect(),
    });
}

fn of_cover(cx: &Check<'_>, cover: &Cover, judgement: &Judgement, why: &mut Why) {
    let (Some(horizon), Some(entity)) = (cx.plan.days(), cx.plan.entities.iter().find(|entity| entity.whole.contains(judgement.span)))
    else {
        return;
    };
    let line = holders::line(cx, entity, &cover.field, horizon);
    let mut found: Vec<(String, Span)> =
        line.holdings.iter().map(|holding| (format!("{} {}", cx.plan.bodies.shown(holding.body), holding.days), holding.place)).collect();
    found.extend(line.for_places.iter().map(|(holding, place)| {
        (format!("{} for {} {}", cx.plan.bodies.shown(holding.body), cx.plan.bodies.shown(*place), holding.days), holding.place)
    }));
    let mut said: Vec<String> = found.iter().map(|(said, _)| said.clone()).collect();
    said.extend(holders::gaps(&line.holdings, horizon).into_iter().map(|gap| format!("nobody {gap}")));
    why.conditions.push(Condition {
        asked: format!("exactly one `{}` body on each day {horizon}", cover.field),
        found: said.join("; "),
        holds: holds(judgement),
        passes: would(judgement).filter(|_| judgement.verdict != Verdict::Pass),
        places: found.into_iter().map(|(said, place)| (place, said)).collect(),
    });
}

fn of_gate(cx: &Check<'_>, rule: &Rule, gate: &Gate, judgement: &Judgement, why: &mut Why) {
    let passages = passages(cx, gate);
    let here = passages.iter().filter(|passage| passage.place == judgement.span);
    let day_of = |judgement: &Judgement| judgement.message.clone() + &judgement.label;
    let Some(passage) = here
        .clone()
        .find(|passage| passage.day(cx).is_some_and(|day| day_of(judgement).contains(&day.to_string())))
        .or(here.clone().next())
    else {
        return;
    };
    let (Some(body), Some(day)) = (passage.body, passage.day(cx)) else { return };
    let question = Question::new(*cx, rule, gate, passage.function, body);
    let standing = question.on(day, Known::AsOf);
    let lacks = |sort: fn(Sort) -> bool| standing.missing.iter().filter(move |missing| sort(missing.sort)).collect::<Vec<_>>();
    let unclear = lacks(|sort| sort == Sort::Unclear);
    let mut ask = |asked: String, found: String, lacking: Vec<&Missing>, place: Option<Span>, otherwise: Option<String>| {
        let held = lacking.is_empty().then_some(true).or(lacking.iter().any(|one| one.sort.verdict() == Verdict::Fail).then_some(false));
        let mut places: Vec<(Span, String)> = lacking.iter().flat_map(|one| one.labels.clone()).collect();
        places.extend(place.filter(|place| !places.iter().any(|(known, _)| known == place)).map(|place| (place, String::new())));
        let helps: Vec<String> = lacking.iter().filter_map(|one| one.help.clone()).collect();
        let passes = if helps.is_empty() { otherwise.filter(|_| !lacking.is_empty()) } else { Some(helps.join("; ")) };
        why.conditions.push(Condition { asked, found, holds: held, passes, places });
    };
    let bodies = &cx.plan.bodies;
    let own = tier(cx, bodies.tier(body));
    ask(
        format!("a body of the {} or above", tier(cx, gate.opens_at)),
        format!("{} ({own})", bodies.shown(body)),
        lacks(|sort| sort == Sort::Tier),
        Some(passage.place),
        None,
    );
    let reasons = |lacking: &[&Missing], or: String| {
        let said: Vec<&str> = lacking.iter().map(|one| one.why.as_str()).collect();
        if said.is_empty() { or } else { said.join("; ") }
    };
    let assessment: Option<Assessment<'_>> = standing.assessment;
    let assessed = assessment.and_then(|assessment| assessment.day).map_or(String::new(), |day| format!("assessed on {day}"));
    let lacking = lacks(|sort| sort == Sort::Assessment);
    let found = reasons(&lacking, assessed);
    if !found.is_empty() {
        ask(format!("an assessment on {day} or before, known by {}", cx.plan.as_of), found, lacking, assessment.map(|one| one.place), None);
    }
    if let Some(assessment) = assessment {
        let (scale, least) = gate.needs;
        let place = |field: &str| assessment.entity.field(field).and_then(|field| field.values.first()).map(|datum| datum.place);
        let level = assessment.level().map_or("not given".to_owned(), |(scale, level)| cx.vocabulary.level_name(scale, level).to_owned());
        let needs = cx.vocabulary.level_name(scale, least);
        let higher = Some(format!("a later assessment that finds {needs}, or a higher level"));
        ask(format!("{needs} or a higher level"), level, lacks(|sort| sort == Sort::Level), place("level"), higher);
        let assessor = assessment.assessor().map_or("nobody is named".to_owned(), |body| bodies.shown(body));
        ask(
            format!("assessed by another body, of the {} or above", tier(cx, gate.assessed_by)),
            assessor,
            lacks(|sort| sort == Sort::Assessor),
            place("assessed"),
            Some(format!("an assessment by a body of the {} or above", tier(cx, gate.assessed_by))),
        );
        let pieces: Vec<String> = question
            .pieces(assessment.entity)
            .map(|piece| match piece.last {
                Some(last) => format!("`{}` of {}, valid to {last}", piece.entity.name, piece.dated),
                None => format!("`{}` of {}", piece.entity.name, piece.dated),
            })
            .collect();
        let within = gate.within.map_or(String::new(), |within| format!(", no older than {}", within.in_months()));
        let lacking = lacks(|sort| matches!(sort, Sort::Evidence | Sort::Renewal(_)));
        let found = if pieces.is_empty() { reasons(&lacking, "none with a day".to_owned()) } else { pieces.join(", ") };
        ask(format!("evidence that is valid on {day}{within}"), found, lacking, place("evidence"), None);
        let lacking = lacks(|sort| sort == Sort::Condition);
        let found = reasons(&lacking, "none".to_owned());
        ask("no condition that is still to be met".to_owned(), found, lacking, place("condition"), None);
    }
    if !unclear.is_empty() {
        let found = reasons(&unclear, String::new());
        why.absent.extend(unclear.iter().map(|one| Absent { what: one.why.clone(), place: one.labels.first().map(|(place, _)| *place) }));
        ask("that everything can be read and is said".to_owned(), found, unclear, None, None);
    }
    why.opens = Some(question.first_open(cx.plan.as_of));
}
