//! `reserve`: functions that stay at a tier. Lower bodies may apply, advise on and influence them.

use crate::check::Check;
use crate::model::Entity;
use crate::model::bodies::BodyId;
use crate::model::value::Value;
use crate::problem::{Fix, Severity, Verdict};
use crate::rules::judgement::Judgement;
use crate::rules::{Reserve, Rule};
use crate::source::Span;
use crate::vocabulary::{TermId, Vocabulary};

/// What the message of a reserve may name.
pub(crate) const NAMES: [&str; 4] = ["function", "holder", "body", "effect"];

pub(crate) fn judge(cx: &Check<'_>, at: usize, rule: &Rule, reserve: &Reserve, judgements: &mut Vec<Judgement>) {
    let vocabulary = cx.vocabulary;
    let (Some(responsibility), Some(commitment)) = (vocabulary.kind("responsibility"), vocabulary.kind("commitment")) else { return };
    for (_, entity) in cx.plan.of_kind(responsibility) {
        if let Some(function) = function(entity, "function", reserve) {
            responsibility_judgements(cx, (at, rule, reserve), entity, function, judgements);
        }
    }
    for (_, entity) in cx.plan.of_kind(commitment) {
        if let Some(function) = function(entity, "on", reserve) {
            judgements.push(commitment_judgement(cx, (at, rule, reserve), entity, function));
        }
    }
}

fn function(entity: &Entity, field: &str, reserve: &Reserve) -> Option<TermId> {
    match entity.value(field) {
        Some(Value::Term(term)) => reserve.functions.contains(term).then_some(*term),
        _ => None,
    }
}

fn responsibility_judgements(
    cx: &Check<'_>,
    (at, rule, reserve): (usize, &Rule, &Reserve),
    entity: &Entity,
    function: TermId,
    judgements: &mut Vec<Judgement>,
) {
    let bodies = &cx.plan.bodies;
    let mut found = Vec::new();
    for (body, place) in entity.bodies("accountable") {
        let right = reserve.holders.is_empty() || reserve.holders.contains(&body) || holds_all(cx, body, reserve);
        if bodies.tier(body) < reserve.to {
            let message = rule.message.fill(None, &names(cx, reserve, function, &bodies.shown(body), ""));
            let mut judgement = Judgement::fail(at, cx.subject(entity), place, rule.severity, message);
            judgement.label = format!("{} is {}", bodies.shown(body), tier_words(cx.vocabulary, bodies.tier(body)));
            judgement.fixes = holder_fix(cx, reserve, place);
            judgement.distinct = cx.sources.words(place).to_owned();
            found.push(judgement);
        } else if !right {
            let message = cannot(cx, (reserve, function), body, "accountable");
            let mut judgement = Judgement::fail(at, cx.subject(entity), place, Severity::Warning.min(rule.severity), message);
            judgement.fixes = holder_fix(cx, reserve, place);
            judgement.distinct = cx.sources.words(place).to_owned();
            found.push(judgement);
        }
    }
    for (body, place) in entity.bodies("responsible").filter(|(body, _)| bodies.tier(*body) < reserve.to) {
        let message = cannot(cx, (reserve, function), body, "responsible");
        let mut judgement = Judgement::fail(at, cx.subject(entity), place, Severity::Warning.min(rule.severity), message);
        judgement.distinct = format!("responsible {}", cx.sources.words(place));
        judgement.fixes = responsible_fix(entity, place);
        found.push(judgement);
    }
    for judgement in &mut found {
        judgement.names = cx.names(entity);
        judgement.help = rule.help.as_ref().map(|help| help.fill(None, &names(cx, reserve, function, "", "")));
    }
    if found.is_empty() {
        let unreadable = entity.fenced
            || entity
                .all("accountable")
                .chain(entity.all("responsible"))
                .flat_map(|field| &field.values)
                .any(|datum| datum.value.is_none());
        let mut judgement = Judgement::pass(at, cx.subject(entity), entity.place);
        if unreadable {
            judgement.verdict = Verdict::Undetermined;
            judgement.severity = rule.severity;
            judgement.message = format!("cannot tell who holds {}: part of this statement could not be read", cx.title(function));
        }
        found.push(judgement);
    }
    judgements.extend(found);
}

fn cannot(cx: &Check<'_>, (reserve, function): (&Reserve, TermId), body: BodyId, part: &str) -> String {
    let shown = cx.plan.bodies.shown(body);
    let who = if cx.plan.bodies.tier(body) < reserve.to { shown } else { with_article(&shown) };
    format!("{who} cannot be {part} for {}: that is for {}", cx.title(function), holder(cx, reserve))
}

/// A nation that stands for all its bodies holds whatever one of them does.
fn holds_all(cx: &Check<'_>, body: BodyId, reserve: &Reserve) -> bool {
    let name = cx.plan.bodies.get(body).map_or("", |body| &*body.code);
    name == "nation" && !reserve.holders.is_empty()
}

fn commitment_judgement(cx: &Check<'_>, (at, rule, reserve): (usize, &Rule, &Reserve), entity: &Entity, function: TermId) -> Judgement {
    let vocabulary = cx.vocabulary;
    let owner = entity.bodies("owner").next().map(|(body, _)| body).or(cx.plan.body);
    let subject = cx.subject(entity);
    if owner.is_some_and(|owner| cx.plan.bodies.tier(owner) >= reserve.to) {
        return Judgement::pass(at, subject, entity.place);
    }
    let allowed: Vec<&str> = reserve.below.iter().filter_map(|effect| vocabulary.term_def(*effect)).map(|effect| &*effect.name).collect();
    let listed = allowed.iter().map(|effect| format!("`{effect}`")).collect::<Vec<_>>().join(", ");
    let who = owner.map_or_else(|| "this body".to_owned(), |owner| cx.plan.bodies.shown(owner));
    let Some(effect) = entity.field("effect") else {
        let on = entity.field("on");
        let mut judgement = Judgement::fail(
            at,
            subject,
            on.and_then(|field| field.values.first()).map_or(entity.place, |datum| datum.place),
            rule.severity,
            format!("cannot tell what this commitment does to {}: `effect` is not given", cx.title(function)),
        );
        judgement.verdict = Verdict::Undetermined;
        judgement.help = Some(format!("say what it does: {listed} are open to {who}"));
        judgement.names = cx.names(entity);
        if let Some(on) = on.filter(|_| !entity.fenced) {
            let after = on.line.after();
            judgement.fixes = allowed
                .iter()
                .map(|effect| Fix::replace(format!("add `effect {effect}`"), after, separator(cx, on.place, &format!("effect {effect}"))))
                .collect();
        }
        return judgement;
    };
    let place = effect.values.first().map_or(effect.place, |datum| datum.place);
    let Some(Some(Value::Term(term))) = effect.values.first().map(|datum| datum.value.clone()) else {
        let mut judgement =
            Judgement::fail(at, subject, place, rule.severity, format!("cannot tell what this commitment does to {}", cx.title(function)));
        judgement.verdict = Verdict::Undetermined;
        return judgement;
    };
    let word = vocabulary.term_def(term).map_or("", |term| &*term.name);
    if reserve.below.contains(&term) {
        return Judgement::pass(at, subject, entity.place);
    }
    let severity = if word == "set" { rule.severity } else { Severity::Warning.min(rule.severity) };
    let message = format!("{who} cannot {word} {}: that is for {}", cx.title(function), holder(cx, reserve));
    let mut judgement = Judgement::fail(at, subject, place, severity, message);
    judgement.names = cx.names(entity);
    judgement.label = format!("what {who} would do");
    judgement.help = rule.help.as_ref().map(|help| help.fill(None, &names(cx, reserve, function, &who, word)));
    judgement.fixes =
        allowed.first().map(|effect| Fix::replace(format!("write `{effect}`"), place, (*effect).to_owned())).into_iter().collect();
    if let Some(on) = entity.field("on").and_then(|field| field.values.first()) {
        judgement = judgement.also(on.place, "this function stays national");
    }
    judgement
}

/// A new field after another: on a line of its own, indented alike, or after `;` in a block of one line.
fn separator(cx: &Check<'_>, place: Span, field: &str) -> String {
    let before = cx.sources.get(place.file).map_or("", |source| source.slice(0..place.start as usize));
    let line = before.rsplit('\n').next().unwrap_or("");
    if line.trim().is_empty() { format!("\n{line}{field}") } else { format!("; {field}") }
}

fn names<'n>(cx: &Check<'_>, reserve: &Reserve, function: TermId, body: &str, effect: &str) -> [(&'n str, String); 4] {
    [("function", cx.title(function)), ("holder", holder(cx, reserve)), ("body", body.to_owned()), ("effect", effect.to_owned())]
}

fn holder(cx: &Check<'_>, reserve: &Reserve) -> String {
    match reserve.holders.as_slice() {
        [] => format!("the {}", cx.vocabulary.scale("tier").map_or("", |scale| cx.vocabulary.level_name(scale, reserve.to))),
        [first @ .., last] if first.len() > 1 => {
            let codes: Vec<String> = first.iter().map(|holder| cx.plan.bodies.written(*holder)).collect();
            format!("one of {} and {}", codes.join(", "), cx.plan.bodies.written(*last))
        }
        holders => holders
            .iter()
            .map(|holder| with_article(cx.plan.bodies.get(*holder).map_or("", |body| &*body.name)))
            .collect::<Vec<_>>()
            .join(" or "),
    }
}

fn with_article(name: &str) -> String {
    if name.starts_with("NHS") { name.to_owned() } else { format!("the {name}") }
}

fn holder_fix(cx: &Check<'_>, reserve: &Reserve, place: Span) -> Vec<Fix> {
    match reserve.holders.as_slice() {
        [only] => {
            let code = cx.plan.bodies.get(*only).map_or("", |body| &*body.code).to_owned();
            vec![Fix::replace(format!("write `{code}`"), place, code)]
        }
        _ => Vec::new(),
    }
}

fn responsible_fix(entity: &Entity, place: Span) -> Vec<Fix> {
    let Some(field) = entity.all("responsible").find(|field| field.line.contains(place)) else { return Vec::new() };
    if field.values.len() == 1 && field.clauses.is_empty() && entity.field("consulted").is_none() {
        return vec![Fix::replace("record it as `consulted`".to_owned(), field.place, "consulted".to_owned())];
    }
    Vec::new()
}

fn tier_words(vocabulary: &Vocabulary, tier: u8) -> String {
    let name = vocabulary.scale("tier").map_or("", |scale| vocabulary.level_name(scale, tier));
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    format!("{article} {name}")
}
