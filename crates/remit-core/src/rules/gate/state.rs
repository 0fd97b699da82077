//! The state of a gate: how ready a body is for a function on a day, what that rests on and what is missing. It follows from plan, packs and days alone.

use crate::check::Check;
use crate::model::Entity;
use crate::model::bodies::BodyId;
use crate::model::clock::Cause;
use crate::model::value::Value;
use crate::problem::{Severity, Verdict};
use crate::rules::gate::evidence::{self, Piece};
use crate::rules::{Gate, Rule, holders};
use crate::source::Span;
use crate::time::{Date, Duration, day_after, day_before};
use crate::vocabulary::TermId;

/// How long before its last day an open gate is said to lapse.
pub const LAPSES_WITHIN: Duration = Duration::Months(6);

/// The state of a gate for a function and a body on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// No assessment is known.
    NotAssessed,
    /// Assessed, and something is missing: the gate is shut.
    Assessed,
    /// All that is missing is a condition of the assessment, of which nothing says that it is met.
    Conditional,
    /// Nothing is missing.
    Open,
    /// Nothing is missing, and this is the last day on which that holds, not far off.
    Lapsing(Date),
    /// All that is missing is newer evidence: this was the last day of the old.
    Lapsed(Date),
    /// It was open, and from this day on it is not: a later assessment found less, or the function was handed back.
    Reverted(Date),
    /// It cannot be told: something could not be read, or has no day.
    CannotTell,
}

impl State {
    /// The state's name in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotAssessed => "not-assessed",
            Self::Assessed => "assessed",
            Self::Conditional => "conditional",
            Self::Open => "open",
            Self::Lapsing(_) => "lapsing",
            Self::Lapsed(_) => "lapsed",
            Self::Reverted(_) => "reverted",
            Self::CannotTell => "cannot-tell",
        }
    }

    /// Every name, from the first step of the ladder to the last.
    pub const WORDS: [&'static str; 8] =
        ["not-assessed", "assessed", "conditional", "open", "lapsing", "lapsed", "reverted", "cannot-tell"];

    /// Whether the gate lets the function go.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Lapsing(_))
    }

    /// The state for people, as in "the gate is …".
    pub fn says(self) -> String {
        match self {
            Self::NotAssessed => "shut: not assessed".to_owned(),
            Self::Assessed => "shut".to_owned(),
            Self::Conditional => "conditional".to_owned(),
            Self::Open => "open".to_owned(),
            Self::Lapsing(last) => format!("open to {last}"),
            Self::Lapsed(last) => format!("lapsed after {last}"),
            Self::Reverted(day) => format!("shut again from {day}"),
            Self::CannotTell => "not known".to_owned(),
        }
    }
}

/// By what is known a gate is judged: what is dated later does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// On the day as of which the plan is read.
    AsOf,
    /// On another day.
    On(Date),
}

/// Something that keeps a gate shut.
#[derive(Debug, Clone)]
pub(crate) struct Missing {
    pub(crate) sort: Sort,
    /// The fact, to stand after a colon.
    pub(crate) why: String,
    pub(crate) labels: Vec<(Span, String)>,
    pub(crate) help: Option<String>,
}

/// What sort of thing is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// The body stands below the tier at which the function opens.
    Tier,
    /// An assessment.
    Assessment,
    /// A higher level.
    Level,
    /// An assessment by a body of the right tier, and not by the one assessed.
    Assessor,
    /// Evidence, or evidence of no later day.
    Evidence,
    /// Newer evidence: this was the old one's last day.
    Renewal(Date),
    /// Word that a condition is met.
    Condition,
    /// What could not be read, or is not said.
    Unclear,
}

impl Sort {
    /// The name in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::Tier => "tier",
            Self::Assessment => "assessment",
            Self::Level => "level",
            Self::Assessor => "assessor",
            Self::Evidence => "evidence",
            Self::Renewal(_) => "renewal",
            Self::Condition => "condition",
            Self::Unclear => "unclear",
        }
    }

    /// What it comes to, alone.
    pub(crate) fn verdict(self) -> Verdict {
        match self {
            Self::Condition | Self::Unclear => Verdict::Undetermined,
            _ => Verdict::Fail,
        }
    }

    /// How bad it is, under a rule of a severity: old evidence is no more than a warning.
    pub(crate) fn severity(self, rule: Severity) -> Severity {
        if matches!(self, Self::Renewal(_)) { Severity::Warning.min(rule) } else { rule }
    }

    /// Its place among others, the worst first: an error before a warning, and a failure before what cannot be told.
    fn rank(self, rule: Severity) -> u8 {
        match self.verdict() {
            Verdict::Fail if self.severity(rule) == rule => 0,
            // What cannot be told may be an error; a warning only hides it.
            Verdict::Undetermined => 1,
            _ => 2,
        }
    }
}

/// One assessment of the plan.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Assessment<'q> {
    pub(crate) entity: &'q Entity,
    pub(crate) day: Option<Date>,
    pub(crate) place: Span,
}

impl Assessment<'_> {
    /// The level found, as its scale and its place on it.
    pub(crate) fn level(&self) -> Option<(crate::vocabulary::ScaleId, u8)> {
        match self.entity.value("level") {
            Some(Value::Level(scale, level)) => Some((*scale, *level)),
            _ => None,
        }
    }

    /// Whether it is known, being of a day.
    fn is_known(&self, cx: &Check<'_>, assessed: Date, known: Known) -> bool {
        known.has(cx, assessed, Cause::Assessed, self.place)
    }

    /// Who assessed.
    pub(crate) fn assessor(&self) -> Option<BodyId> {
        match self.entity.field("assessed")?.clause("assessor")?.value {
            Some(Value::Body(body)) => Some(body),
            _ => None,
        }
    }
}

/// A gate's state on a day, with what is missing.
#[derive(Debug, Clone)]
pub(crate) struct Standing<'q> {
    pub(crate) state: State,
    /// What keeps it shut, the worst first; empty where the gate is open, or was handed back.
    pub(crate) missing: Vec<Missing>,
    /// The assessment that counts.
    pub(crate) assessment: Option<Assessment<'q>>,
}

/// What is asked: whether a gate is open for a function and a body. Days come with each question.
pub(crate) struct Question<'q> {
    pub(crate) cx: Check<'q>,
    pub(crate) rule: &'q Rule,
    pub(crate) gate: &'q Gate,
    pub(crate) function: TermId,
    pub(crate) body: BodyId,
    assessments: Vec<Assessment<'q>>,
}

impl<'q> Question<'q> {
    /// Gathers the assessments of a body for a function.
    pub(crate) fn new(cx: Check<'q>, rule: &'q Rule, gate: &'q Gate, function: TermId, body: BodyId) -> Self {
        let assessments = cx.vocabulary.kind("readiness").map_or_else(Vec::new, |kind| {
            let of_it = cx.plan.of_kind(kind).map(|(_, entity)| entity).filter(|entity| {
                let of_body = match entity.field("body") {
                    Some(_) => entity.value("body") == Some(&Value::Body(body)),
                    None => cx.plan.body == Some(body),
                };
                of_body && entity.value("function") == Some(&Value::Term(function))
            });
            of_it.map(assessment).collect()
        });
        Self { cx, rule, gate, function, body, assessments }
    }

    /// The state on a day, by what is known on another: what is dated later than either does not count.
    pub(crate) fn on(&self, day: Date, known: Known) -> Standing<'q> {
        let mut missing = self.missing(day, known);
        if let Some(worst) = missing.first_mut().filter(|worst| worst.sort == Sort::Assessment) {
            let first = self.first_open(day.min(self.cx.plan.clock.shown()));
            worst.help = first.map(|first| format!("the gate can open on {first}: accountability may begin then"));
        }
        let assessment = self.latest(day, known);
        let state = match missing.first() {
            None => match self.last_open(day, Known::On(known.shown(&self.cx))) {
                Some(last) if LAPSES_WITHIN.after(day).is_none_or(|soon| last <= soon) => State::Lapsing(last),
                _ => State::Open,
            },
            Some(worst) => match worst.sort {
                Sort::Assessment => State::NotAssessed,
                Sort::Condition => State::Conditional,
                Sort::Unclear => State::CannotTell,
                Sort::Renewal(last) => State::Lapsed(last),
                Sort::Level if self.was_open_before(assessment) => {
                    assessment.and_then(|assessment| assessment.day).map_or(State::Assessed, State::Reverted)
                }
                _ => State::Assessed,
            },
        };
        let handed_back = holders::handed_back(&self.cx, self.function, self.body, day);
        Standing { state: handed_back.map_or(state, |(day, _)| State::Reverted(day)), missing, assessment }
    }

    /// What keeps the gate shut on a day, the worst first; nothing when it is open.
    pub(crate) fn missing(&self, day: Date, known: Known) -> Vec<Missing> {
        let (cx, tier) = (self.cx, self.cx.plan.bodies.tier(self.body));
        if tier < self.gate.opens_at {
            let (opens_at, body) = (self.tier(self.gate.opens_at), cx.plan.bodies.shown(self.body));
            return vec![Missing {
                sort: Sort::Tier,
                why: format!("this function opens at the {opens_at}, and {body} is below it"),
                labels: Vec::new(),
                help: Some(format!("name the {opens_at} as accountable, and {body} as `responsible`")),
            }];
        }
        let Some(latest) = self.latest(day, known) else { return vec![self.unassessed(day, known)] };
        // Were there two of one day, neither is better than the other: whatever keeps one of them shut counts.
        let of_that_day = self.assessments.iter().filter(|assessment| assessment.day == latest.day);
        let mut missing: Vec<Missing> = of_that_day.flat_map(|assessment| self.missing_of(assessment, day, known)).collect();
        // One without a day may be the latest, and may have found less.
        let undated: Vec<(Span, String)> = self.undated().map(|place| (place, "this assessment has no day".to_owned())).collect();
        if !undated.is_empty() {
            let why = "an assessment has no day, and may be the latest".to_owned();
            missing.push(Missing { sort: Sort::Unclear, why, labels: undated, help: Some("say when it was made".to_owned()) });
        }
        missing.sort_by_key(|missing| missing.sort.rank(self.rule.severity));
        missing
    }

    /// The assessments that have no day.
    fn undated(&self) -> impl Iterator<Item = Span> {
        self.assessments.iter().filter(|assessment| assessment.day.is_none()).map(|assessment| assessment.place)
    }

    /// The assessment that counts on a day.
    fn latest(&self, day: Date, known: Known) -> Option<Assessment<'q>> {
        let counts = |assessment: &&Assessment<'q>| {
            assessment.day.is_some_and(|assessed| assessed <= day && assessment.is_known(&self.cx, assessed, known))
        };
        // Of two of one day the first written: what is missing of both is told all the same.
        self.assessments.iter().rev().filter(counts).max_by_key(|assessment| assessment.day).copied()
    }

    /// The first day from one on, on which the gate is open; every fact of the plan counts from its own day on.
    ///
    /// INVARIANT: between two of the days looked at, nothing begins that could open it, so no day before the answer is open.
    pub(crate) fn first_open(&self, from: Date) -> Option<Date> {
        let mut days = self.days_of_facts();
        days.push(from);
        days.retain(|day| *day >= from);
        days.sort();
        days.dedup();
        days.into_iter().find(|day| self.missing(*day, Known::On((*day).max(self.cx.plan.clock.shown()))).is_empty())
    }

    /// The last day to which a gate stays open that is open on a day; `None`: nothing that is known ends it.
    pub(crate) fn last_open(&self, day: Date, known: Known) -> Option<Date> {
        let mut ends: Vec<Date> = self.assessments.iter().filter_map(|assessment| assessment.day).collect();
        let pieces = self.assessments.iter().flat_map(|assessment| self.pieces(assessment.entity));
        ends.extend(pieces.filter_map(|piece| day_after(piece.last?)));
        ends.retain(|end| *end > day);
        ends.sort();
        ends.dedup();
        ends.into_iter().find(|end| !self.missing(*end, known).is_empty()).and_then(day_before)
    }

    /// The evidence of an assessment that is in the plan and has a day.
    pub(crate) fn pieces(&self, entity: &'q Entity) -> impl Iterator<Item = Piece<'q>> {
        entity.all("evidence").flat_map(|field| &field.values).filter_map(|datum| match datum.value {
            Some(Value::Entity(at)) => Piece::of(self.cx.plan.entity(at as usize)?, self.gate),
            _ => None,
        })
    }

    fn days_of_facts(&self) -> Vec<Date> {
        let mut days: Vec<Date> = self.assessments.iter().filter_map(|assessment| assessment.day).collect();
        days.extend(self.assessments.iter().flat_map(|assessment| self.pieces(assessment.entity)).map(|piece| piece.dated));
        days
    }

    /// Whether an assessment before the one that counts had opened the gate.
    fn was_open_before(&self, latest: Option<Assessment<'q>>) -> bool {
        let Some(latest) = latest.and_then(|latest| latest.day) else { return false };
        self.days_of_facts().into_iter().filter(|day| *day < latest).any(|day| self.missing(day, Known::On(day)).is_empty())
    }

    /// What people call a tier.
    pub(crate) fn tier(&self, tier: u8) -> &'q str {
        self.cx.vocabulary.scale("tier").map_or("", |scale| self.cx.vocabulary.level_name(scale, tier))
    }

    fn unassessed(&self, day: Date, known: Known) -> Missing {
        let cx = self.cx;
        let unread = |kind| cx.plan.may_hide(kind) || cx.plan.of_kind(kind).any(|(_, entity)| entity.value("function").is_none());
        let hidden =
            cx.vocabulary.kind("readiness").is_some_and(unread) || self.assessments.iter().any(|assessment| assessment.day.is_none());
        let mut why = "no assessment of it is in the plan".to_owned();
        let mut labels = Vec::new();
        for assessment in &self.assessments {
            match assessment.day {
                None => labels.push((assessment.place, "this assessment has no day".to_owned())),
                Some(assessed) if !assessment.is_known(&cx, assessed, known) => {
                    let known = known.shown(&cx);
                    why = format!("its assessment of {assessed} is not yet known on {known}");
                    labels.push((assessment.place, format!("after {known}")));
                }
                Some(assessed) => {
                    why = format!("its assessment of {assessed} comes after that day");
                    labels.push((assessment.place, format!("after {day}")));
                }
            }
        }
        if hidden {
            let why = "an assessment could not be read, or has no day".to_owned();
            return Missing { sort: Sort::Unclear, why, labels, help: None };
        }
        Missing { sort: Sort::Assessment, why, labels, help: None }
    }

    fn missing_of(&self, assessment: &Assessment<'q>, day: Date, known: Known) -> Vec<Missing> {
        let entity = assessment.entity;
        let mut missing: Vec<Missing> = [self.level(entity), self.assessor(assessment)].into_iter().flatten().collect();
        let mut named = entity.all("evidence").flat_map(|field| &field.values).peekable();
        if named.peek().is_none() {
            let labels = vec![(entity.place, "no `evidence`".to_owned())];
            missing.push(if entity.fenced {
                unclear("part of the assessment could not be read".to_owned(), labels)
            } else {
                let help = Some("name the evidence in the assessment, with its day".to_owned());
                Missing { sort: Sort::Evidence, why: "the assessment rests on no evidence".to_owned(), labels, help }
            });
        }
        for datum in named {
            let Some(Value::Entity(at)) = datum.value else {
                missing.push(unclear("a piece of its evidence is not in the plan".to_owned(), vec![(datum.place, String::new())]));
                continue;
            };
            let Some(piece) = self.cx.plan.entity(at as usize) else { continue };
            missing.extend(evidence::missing((&self.cx, self.gate), piece, datum.place, day, known));
        }
        missing.extend(condition(entity));
        missing
    }

    fn level(&self, entity: &Entity) -> Option<Missing> {
        let (scale, least) = self.gate.needs;
        let needs = self.cx.vocabulary.level_name(scale, least);
        let Some(datum) = entity.field("level").and_then(|field| field.values.first()) else {
            return Some(unclear("the assessment gives no level".to_owned(), vec![(entity.place, "`level` is not given".to_owned())]));
        };
        match datum.value {
            Some(Value::Level(found, level)) if found == scale && level >= least => None,
            Some(Value::Level(scale, level)) => {
                let found = self.cx.vocabulary.level_name(scale, level);
                Some(Missing {
                    sort: Sort::Level,
                    why: format!("it was assessed as {found}, and {needs} is needed"),
                    labels: vec![(datum.place, format!("{found}, below {needs}"))],
                    help: None,
                })
            }
            _ => Some(unclear("the level could not be read".to_owned(), vec![(datum.place, String::new())])),
        }
    }

    fn assessor(&self, assessment: &Assessment<'_>) -> Option<Missing> {
        let tier = self.tier(self.gate.assessed_by);
        let Some(datum) = assessment.entity.field("assessed").and_then(|field| field.clause("assessor")) else {
            return Some(unclear("nobody says who assessed it".to_owned(), vec![(assessment.place, format!("add `by` and the {tier}"))]));
        };
        let Some(Value::Body(assessor)) = datum.value else {
            return Some(unclear("who assessed it could not be read".to_owned(), vec![(datum.place, String::new())]));
        };
        let who = self.cx.plan.bodies.shown(assessor);
        let (why, label) = if self.cx.plan.bodies.tier(assessor) < self.gate.assessed_by {
            (format!("{who} made the assessment, and it takes the {tier}"), format!("not a {tier}"))
        } else if assessor == self.body {
            (format!("{who} made the assessment of itself, and it takes another body"), "the body assessed".to_owned())
        } else {
            return None;
        };
        Some(Missing { sort: Sort::Assessor, why, labels: vec![(datum.place, label)], help: None })
    }
}

impl Known {
    /// Whether a fact of a day is known. INVARIANT: nothing else of a gate compares with the day as of which the plan is read.
    pub(super) fn has(self, cx: &Check<'_>, fact: Date, cause: Cause, place: Span) -> bool {
        match self {
            Self::AsOf => cx.plan.clock.reached(fact, cause, Some(place)),
            Self::On(day) => fact <= day,
        }
    }

    /// The day, for words.
    pub(super) fn shown(self, cx: &Check<'_>) -> Date {
        match self {
            Self::AsOf => cx.plan.clock.shown(),
            Self::On(day) => day,
        }
    }
}

/// An assessment that holds on conditions: a plan cannot say that one is met, and a later assessment without it does.
fn condition(entity: &Entity) -> Option<Missing> {
    let says_nothing = |value: &Option<Value>| matches!(value, Some(Value::Text(text)) if text.trim().is_empty());
    let conditions: Vec<Span> = entity
        .all("condition")
        .flat_map(|field| &field.values)
        .filter(|datum| !says_nothing(&datum.value))
        .map(|datum| datum.place)
        .collect();
    let holds_on = match conditions.len() {
        0 => return None,
        1 => "a condition, and nothing says that it is met".to_owned(),
        many => format!("{many} conditions, and nothing says that they are met"),
    };
    Some(Missing {
        sort: Sort::Condition,
        why: format!("the assessment holds on {holds_on}"),
        labels: conditions.into_iter().map(|place| (place, "to be met".to_owned())).collect(),
        help: Some("once it is met, have the readiness assessed anew, without it".to_owned()),
    })
}

fn assessment(entity: &Entity) -> Assessment<'_> {
    let assessed = entity.field("assessed").and_then(|field| field.values.first());
    let day = assessed.and_then(|datum| match datum.value {
        Some(Value::Date(date)) => Some(date),
        _ => None,
    });
    Assessment { entity, day, place: assessed.map_or(entity.place, |datum| datum.place) }
}

/// What cannot be told.
pub(super) fn unclear(why: String, labels: Vec<(Span, String)>) -> Missing {
    Missing { sort: Sort::Unclear, why, labels, help: None }
}
