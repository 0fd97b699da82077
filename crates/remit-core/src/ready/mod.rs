//! The readiness ladder: for each function that may be devolved, who holds it, the state of its gate, what is missing, and when it could open.

use crate::check::{Check, Opened, PlanInfo};
use crate::model::bodies::BodyId;
use crate::model::value::Value;
use crate::packs::Packs;
use crate::problem::Citation;
use crate::rules::gate::state::{Assessment, Known, Missing, Question, Sort, State};
use crate::rules::gate::{Passage, passages};
use crate::rules::holders::{self, Holding};
use crate::rules::{Form, Gate, Rule};
use crate::source::Span;
use crate::time::{Date, Days, day_after};
use crate::vocabulary::TermId;

/// The ladder of one plan.
#[derive(Debug, Clone)]
pub struct Ladder {
    /// Which plan.
    pub plan: PlanInfo,
    /// The day on which it is read.
    pub as_of: Date,
    /// The body that the plan is for; `None` where it could not be read.
    pub body: Option<Party>,
    /// One step for each function that may be devolved and each body that may take it on, in the order of the gates.
    pub steps: Vec<Step>,
    /// What the framework would next let go.
    pub next: Option<Next>,
}

/// A body, for people and for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    /// Its code, or the name by which plans write it.
    pub code: String,
    /// What people call it.
    pub name: String,
}

/// A function and a body that may take it on.
#[derive(Debug, Clone)]
pub struct Step {
    /// The function's name.
    pub function: String,
    /// Its title, inside a sentence.
    pub title: String,
    /// The body.
    pub body: Party,
    /// Who holds the function within the horizon, in the order of the days.
    pub holders: Vec<Holder>,
    /// Who holds it on the day of the ladder; `None`: nobody is named for that day.
    pub now: Option<usize>,
    /// The bodies that support whoever holds it.
    pub supported_by: Vec<Party>,
    /// The rule whose gate it is, as `pack/rule`; of several, the one that is furthest from open.
    pub rule: String,
    /// Where that rule comes from.
    pub source: Citation,
    /// The level that the gate asks for.
    pub needs: String,
    /// The state of the gate on the day of the ladder.
    pub state: State,
    /// What it rests on; `None` where no assessment is known.
    pub rests_on: Option<Rests>,
    /// What is missing, the worst first.
    pub missing: Vec<Lack>,
    /// The first day on or after that of the ladder on which every gate of the function is open, by what is in the plan; `None`: none is.
    pub opens: Option<Date>,
    /// The last day to which it then stays open; `None`: nothing that is in the plan ends it.
    pub lasts: Option<Date>,
    /// Where the plan makes the body accountable.
    pub passages: Vec<Pass>,
}

/// Somebody who holds a function.
#[derive(Debug, Clone)]
pub struct Holder {
    /// Who.
    pub body: Party,
    /// On which days.
    pub days: Days,
    /// The place for which it answers; `None`: for the whole.
    pub place: Option<Party>,
    /// The body that it took over from, where the plan names that one.
    pub follows: Option<Party>,
    /// The words of the plan.
    pub span: Span,
}

/// What the state of a gate rests on.
#[derive(Debug, Clone)]
pub struct Rests {
    /// The day of the assessment.
    pub assessed: Option<Date>,
    /// Who assessed.
    pub by: Option<Party>,
    /// The level found.
    pub level: Option<String>,
    /// The conditions on which it holds.
    pub conditions: Vec<String>,
    /// The evidence.
    pub evidence: Vec<Evidence>,
    /// The words of the plan.
    pub span: Span,
}

/// A piece of evidence.
#[derive(Debug, Clone)]
pub struct Evidence {
    /// Its name in the plan.
    pub name: String,
    /// The day it was made.
    pub dated: Date,
    /// The last day on which the gate takes it; `None`: it does not age.
    pub last: Option<Date>,
}

/// Something that is missing.
#[derive(Debug, Clone)]
pub struct Lack {
    /// What sort of thing.
    pub sort: Sort,
    /// The fact, as a part of a sentence.
    pub why: String,
    /// The words of the plan that it is about.
    pub places: Vec<Span>,
}

/// A day on which the plan makes a body accountable.
#[derive(Debug, Clone)]
pub struct Pass {
    /// The first day.
    pub from: Date,
    /// The state of the gate on that day, as the check judges it.
    pub state: State,
    /// The place for which it answers; `None`: for the whole.
    pub place: Option<Party>,
    /// The words that name the body.
    pub span: Span,
}

/// What the framework would next let go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// From which day.
    pub from: Date,
    /// The titles of the functions, in the order of the ladder.
    pub functions: Vec<String>,
}

/// Builds the ladder of a plan that was read.
pub fn ladder(opened: &Opened, packs: &Packs) -> Ladder {
    let cx = opened.check(packs);
    let gates: Vec<(&Rule, &Gate)> = packs
        .rules
        .iter()
        .filter(|rule| cx.stands(rule))
        .filter_map(|rule| match &rule.form {
            Form::Gate(gate) => Some((rule, gate)),
            _ => None,
        })
        .collect();
    let mut functions: Vec<TermId> = Vec::new();
    for function in gates.iter().flat_map(|(_, gate)| &gate.functions) {
        if !functions.contains(function) {
            functions.push(*function);
        }
    }
    let mut steps = Vec::new();
    for function in functions.into_iter().filter(|_| cx.plan.header().is_some()) {
        let of_it: Vec<(&Rule, &Gate)> = gates.iter().filter(|(_, gate)| gate.functions.contains(&function)).copied().collect();
        for body in bodies(&cx, &of_it, function) {
            steps.extend(step(&cx, &of_it, function, body));
        }
    }
    let next = next(&steps);
    Ladder { plan: opened.analysis.plan.clone(), as_of: cx.plan.as_of, body: cx.plan.body.map(|body| party(&cx, body)), steps, next }
}

/// The bodies that may take a function on: the plan's own, and those of the tier that it names as accountable or assesses.
fn bodies(cx: &Check<'_>, gates: &[(&Rule, &Gate)], function: TermId) -> Vec<BodyId> {
    let opens_at = gates.iter().map(|(_, gate)| gate.opens_at).max().unwrap_or(0);
    let mut bodies: Vec<BodyId> = cx.plan.body.into_iter().collect();
    let accountable = gates.iter().flat_map(|(_, gate)| passages(cx, gate)).filter(|passage| passage.function == function);
    bodies.extend(accountable.filter_map(|passage| passage.body));
    if let Some(kind) = cx.vocabulary.kind("readiness") {
        let of_it = cx.plan.of_kind(kind).filter(|(_, entity)| entity.value("function") == Some(&Value::Term(function)));
        bodies.extend(of_it.flat_map(|(_, entity)| entity.bodies("body")).map(|(body, _)| body));
    }
    let own = cx.plan.body;
    bodies.retain(|body| cx.plan.bodies.tier(*body) == opens_at || Some(*body) == own && cx.plan.bodies.tier(*body) < opens_at);
    let mut seen = Vec::new();
    bodies.retain(|body| {
        !seen.contains(body) && {
            seen.push(*body);
            true
        }
    });
    bodies
}

fn step(cx: &Check<'_>, gates: &[(&Rule, &Gate)], function: TermId, body: BodyId) -> Option<Step> {
    let as_of = cx.plan.as_of;
    let questions: Vec<Question<'_>> = gates.iter().map(|(rule, gate)| Question::new(*cx, rule, gate, function, body)).collect();
    // Of several gates, the one that is furthest from open speaks for all.
    let worst = |day| {
        let standings = questions.iter().map(|question| (question, question.on(day, Known::AsOf)));
        standings.max_by_key(|(_, standing)| (standing.missing.len(), !standing.state.is_open()))
    };
    let (question, standing) = worst(as_of)?;
    let lines = holders::of_function(cx, function);
    let (held, _, now) = held(cx, function);
    let passes = passages(cx, question.gate).into_iter().filter(|passage| passage.function == function && passage.body == Some(body));
    let pass = |passage: Passage<'_>| {
        let from = passage.day(cx)?;
        let place = match passage.field.clause("place").map(|datum| &datum.value) {
            Some(Some(Value::Body(place))) => Some(party(cx, *place)),
            _ => None,
        };
        Some(Pass { from, state: worst(from)?.1.state, place, span: passage.place })
    };
    let mut passages: Vec<Pass> = passes.filter_map(pass).collect();
    passages.sort_by_key(|pass| (pass.from, pass.span));
    let opens = all_open(&questions, as_of);
    let supports = lines.iter().flat_map(|(entity, _)| entity.bodies("supported-by"));
    Some(Step {
        function: cx.vocabulary.term_def(function).map_or_else(String::new, |term| term.name.to_string()),
        title: cx.title(function),
        body: party(cx, body),
        now,
        supported_by: supports.map(|(body, _)| party(cx, body)).collect(),
        rule: question.rule.id.to_string(),
        source: question.rule.source.clone(),
        needs: cx.vocabulary.level_name(question.gate.needs.0, question.gate.needs.1).to_owned(),
        state: standing.state,
        rests_on: standing.assessment.map(|assessment| rests(cx, question, assessment)),
        missing: standing.missing.into_iter().map(lack).collect(),
        opens,
        lasts: opens.and_then(|day| questions.iter().filter_map(|question| question.last_open(day, Known::On(day))).min()),
        passages,
        holders: held,
    })
}

/// The first day on which all gates are open: whatever opens one of them is a day that the others are asked about as well.
fn all_open(questions: &[Question<'_>], from: Date) -> Option<Date> {
    let mut day = from;
    loop {
        let opens: Option<Vec<Date>> = questions.iter().map(|question| question.first_open(day)).collect();
        let latest = opens?.into_iter().max()?;
        if latest == day {
            return Some(day);
        }
        day = latest;
    }
}

fn rests(cx: &Check<'_>, question: &Question<'_>, assessment: Assessment<'_>) -> Rests {
    let texts = assessment.entity.all("condition").flat_map(|field| &field.values).filter_map(|datum| match &datum.value {
        Some(Value::Text(text)) => Some(text.to_string()),
        _ => None,
    });
    Rests {
        assessed: assessment.day,
        by: assessment.assessor().map(|body| party(cx, body)),
        level: assessment.level().map(|(scale, level)| cx.vocabulary.level_name(scale, level).to_owned()),
        conditions: texts.collect(),
        evidence: question
            .pieces(assessment.entity)
            .map(|piece| Evidence { name: piece.entity.name.to_string(), dated: piece.dated, last: piece.last })
            .collect(),
        span: assessment.entity.place,
    }
}

fn lack(missing: Missing) -> Lack {
    Lack { sort: missing.sort, why: missing.why, places: missing.labels.into_iter().map(|(span, _)| span).collect() }
}

/// Who holds a function within the horizon, in the order of the days, with the tier of each; and who holds the whole of it on the day.
pub(crate) fn held(cx: &Check<'_>, function: TermId) -> (Vec<Holder>, Vec<u8>, Option<usize>) {
    let lines = holders::of_function(cx, function);
    let mut held: Vec<(Holding<'_>, Option<BodyId>)> =
        lines.iter().flat_map(|(_, line)| line.holdings.iter().map(|holding| (*holding, None))).collect();
    held.extend(lines.iter().flat_map(|(_, line)| line.for_places.iter().map(|(holding, place)| (*holding, Some(*place)))));
    held.sort_by_key(|(holding, place)| (holding.days.first, place.is_some(), holding.place));
    let now = held.iter().position(|(holding, place)| place.is_none() && holding.days.holds(cx.plan.as_of));
    let tiers = held.iter().map(|(holding, _)| cx.plan.bodies.tier(holding.body)).collect();
    let holder = |(holding, place): (Holding<'_>, Option<BodyId>)| Holder {
        body: party(cx, holding.body),
        days: holding.days,
        place: place.map(|place| party(cx, place)),
        follows: holding.follows.map(|body| party(cx, body)),
        span: holding.place,
    };
    (held.into_iter().map(holder).collect(), tiers, now)
}

pub(crate) fn party(cx: &Check<'_>, body: BodyId) -> Party {
    Party { code: cx.plan.bodies.written(body), name: cx.plan.bodies.shown(body) }
}

/// Of the functions that their body does not hold yet, those whose gates open first.
fn next(steps: &[Step]) -> Option<Next> {
    let waiting: Vec<(&Step, Date)> = steps.iter().filter(|step| !step.is_held()).filter_map(|step| Some((step, step.opens?))).collect();
    let from = waiting.iter().map(|(_, opens)| *opens).min()?;
    Some(Next { from, functions: waiting.iter().filter(|(_, opens)| *opens == from).map(|(step, _)| step.title.clone()).collect() })
}

impl Step {
    /// Who holds the function on the day of the ladder.
    pub fn holder(&self) -> Option<&Holder> {
        self.now.and_then(|at| self.holders.get(at))
    }

    /// Who holds it from the day after that holder's last, and when that is.
    pub fn holder_after(&self) -> Option<&Holder> {
        let next = day_after(self.holder()?.days.last)?;
        self.holders.iter().find(|holder| holder.place.is_none() && holder.days.holds(next))
    }

    /// Whether the body holds the function on the day of the ladder.
    pub fn is_held(&self) -> bool {
        self.holder().is_some_and(|holder| holder.body == self.body)
    }
}
