//! `each … where … expect`: something holds for each of a kind, those that the plan leaves out included.

use std::sync::Arc;

use num_traits::Signed;

use crate::check::Check;
use crate::model::bodies::{BodyId, Known};
use crate::model::clock::Cause;
use crate::model::value::{self, Quantity, Value};
use crate::model::{Entity, Mention, Part};
use crate::problem::{Fix, Label, Verdict};
use crate::rules::evaluate::{Evaluation, Outcome, Subject};
use crate::rules::expression::{Comparison, Node};
use crate::rules::judgement::Judgement;
use crate::rules::trace::{Step, Suppose, Trace};
use crate::rules::{Each, Rule};
use crate::source::Span;
use crate::time::Period;
use crate::vocabulary::Vocabulary;

/// What the message of an `each` may name, beside every field of its kind.
pub(crate) const NAMES: [&str; 5] = ["subject", "found", "expected", "year", "period"];

/// How many figures a finding points at, beside the first.
const MOST_LABELS: usize = 8;

/// A subject with what is needed to speak of it.
struct About<'a> {
    evaluation: Evaluation<'a>,
    subject: String,
    names: Vec<Arc<str>>,
    distinct: String,
    place: Span,
    left_out: Option<(BodyId, bool)>,
}

/// What an `each` ranges over.
pub(crate) enum Subjects {
    /// Every mention of a body.
    Mentions,
    /// The rows of every table whose rows are bodies or sectors.
    Rows,
    /// The statements of its kind, and of organisations those that the plan leaves out.
    Statements {
        /// Whether it is about organisations.
        and_left_out: bool,
    },
}

/// What an `each` ranges over.
pub(crate) fn subjects(cx: &Check<'_>, each: &Each) -> Subjects {
    match cx.vocabulary.kind_def(each.kind).map_or("", |kind| &*kind.name) {
        "body" => Subjects::Mentions,
        "row" => Subjects::Rows,
        kind => Subjects::Statements { and_left_out: kind == "organisation" },
    }
}

pub(crate) fn judge(cx: &Check<'_>, at: usize, rule: &Rule, each: &Each, judgements: &mut Vec<Judgement>) {
    for about in all(cx, each) {
        judge_one(cx, at, rule, each, &about, judgements);
    }
}

/// All that a rule is asked of, ready to be evaluated.
pub(crate) fn evaluations<'a>(cx: &Check<'a>, each: &Each) -> Vec<Evaluation<'a>> {
    all(cx, each).into_iter().map(|about| about.evaluation).collect()
}

/// What a rule says of one mention of a body.
pub(crate) fn judge_mention(cx: &Check<'_>, at: usize, rule: &Rule, each: &Each, mention: &Mention, judgements: &mut Vec<Judgement>) {
    if let Some(about) = about_mention(cx, mention) {
        judge_one(cx, at, rule, each, &about, judgements);
    }
}

/// What a rule says of the rows of one table.
pub(crate) fn judge_rows(cx: &Check<'_>, at: usize, rule: &Rule, each: &Each, entity: &Entity, judgements: &mut Vec<Judgement>) {
    about_rows(cx, entity).iter().for_each(|about| judge_one(cx, at, rule, each, about, judgements));
}

/// What a rule says of one statement.
pub(crate) fn judge_entity(cx: &Check<'_>, at: usize, rule: &Rule, each: &Each, entity: &Entity, judgements: &mut Vec<Judgement>) {
    judge_one(cx, at, rule, each, &about_entity(cx, entity), judgements);
}

/// What a rule says of the organisations that the plan leaves out.
pub(crate) fn judge_left_out(cx: &Check<'_>, at: usize, rule: &Rule, each: &Each, judgements: &mut Vec<Judgement>) {
    about_left_out(cx).iter().for_each(|about| judge_one(cx, at, rule, each, about, judgements));
}

fn all<'a>(cx: &Check<'a>, each: &Each) -> Vec<About<'a>> {
    let plan = cx.plan;
    match subjects(cx, each) {
        Subjects::Mentions => plan.mentions.iter().filter_map(|mention| about_mention(cx, mention)).collect(),
        Subjects::Rows => plan.entities.iter().flat_map(|entity| about_rows(cx, entity)).collect(),
        Subjects::Statements { and_left_out } => {
            let mut all: Vec<About<'a>> = plan.of_kind(each.kind).map(|(_, entity)| about_entity(cx, entity)).collect();
            if and_left_out {
                all.extend(about_left_out(cx));
            }
            all
        }
    }
}

fn evaluation<'a>(cx: &Check<'a>, subject: Subject<'a>) -> Evaluation<'a> {
    Evaluation { plan: cx.plan, vocabulary: cx.vocabulary, subject, period: None, outer: None, trace: None }
}

fn about_mention<'a>(cx: &Check<'a>, mention: &'a Mention) -> Option<About<'a>> {
    let entity = cx.plan.entities.get(mention.entity)?;
    Some(About {
        evaluation: evaluation(cx, Subject::Mention(mention)),
        subject: cx.subject(entity),
        names: vec![entity.name.clone(), Arc::from(cx.sources.words(mention.place))],
        distinct: match mention.dated || cx.plan.submitted.is_some() {
            true => format!("{} {}", cx.sources.words(mention.place), mention.day),
            // The day of the check names nothing: tomorrow it would be another.
            false => cx.sources.words(mention.place).to_owned(),
        },
        place: mention.place,
        left_out: None,
    })
}

fn about_rows<'a>(cx: &Check<'a>, entity: &'a Entity) -> Vec<About<'a>> {
    let about = |part: &'a Part| {
        let words = cx.sources.words(part.of.place);
        About {
            evaluation: evaluation(cx, Subject::Row(entity, part)),
            subject: format!("{}, {words}", cx.subject(entity)),
            names: vec![entity.name.clone(), Arc::from(words)],
            distinct: String::new(),
            place: part.of.place,
            left_out: None,
        }
    };
    entity.parts.iter().map(about).collect()
}

fn about_entity<'a>(cx: &Check<'a>, entity: &'a Entity) -> About<'a> {
    About {
        evaluation: evaluation(cx, Subject::Entity(entity)),
        subject: cx.subject(entity),
        names: cx.names(entity),
        distinct: String::new(),
        place: entity.place,
        left_out: None,
    }
}

fn about_left_out<'a>(cx: &Check<'a>) -> Vec<About<'a>> {
    let about = |(body, known): (BodyId, Known<BodyId>)| {
        let code = cx.plan.bodies.get(body).map(|body| body.code.clone()).unwrap_or_default();
        About {
            evaluation: evaluation(cx, Subject::LeftOut(body)),
            subject: format!("organisation {code}"),
            names: vec![code],
            distinct: String::new(),
            place: cx.plan_place(),
            left_out: Some((body, matches!(known, Known::Presumed(_)))),
        }
    };
    left_out(cx).into_iter().map(about).collect()
}

/// The bodies that the register shows in the plan's system on the day the plan is read at, and that the plan does not describe.
fn left_out(cx: &Check<'_>) -> Vec<(BodyId, Known<BodyId>)> {
    let (Some(system), Some(kind)) = (cx.plan.body, cx.vocabulary.kind("organisation")) else { return Vec::new() };
    let described: std::collections::HashSet<BodyId> =
        cx.plan.of_kind(kind).flat_map(|(_, entity)| entity.bodies("code")).map(|(body, _)| body).collect();
    let members = || cx.plan.bodies.register().members_on(system, cx.plan.day());
    let members = cx.plan.clock.watch(Cause::Register, |_| (None, None), members, PartialEq::eq);
    members
        .into_iter()
        .filter(|(body, _)| !described.contains(body))
        .filter(|(body, _)| cx.plan.bodies.tier(*body) < cx.plan.bodies.tier(system))
        .collect()
}

fn judge_one(cx: &Check<'_>, at: usize, rule: &Rule, each: &Each, about: &About<'_>, judgements: &mut Vec<Judgement>) {
    ask(&about.evaluation, each, |period, outcome| {
        // What holds of a body that the plan does not speak of is no pass of the plan's.
        if period.is_some() || outcome.holds != Some(true) || about.left_out.is_none() {
            judgements.push(judgement(cx, at, rule, about, period, outcome));
        }
    });
}

/// Asks a rule of one subject: no answer where it does not look at it, one for each period where it asks of periods, else one.
fn ask(evaluation: &Evaluation<'_>, each: &Each, mut answer: impl FnMut(Option<Period>, &Outcome)) {
    if let Some(condition) = &each.condition {
        let outcome = evaluation.truth(condition);
        match outcome.holds {
            Some(false) => return,
            Some(true) => {}
            None => return answer(None, &outcome),
        }
    }
    match &each.expect.node {
        Node::Every(grain, only_given, series, body) => {
            let mut outcome = Outcome::default();
            let Some(periods) = evaluation.periods(*grain, *only_given, series, &mut outcome) else { return answer(None, &outcome) };
            periods.into_iter().for_each(|period| answer(Some(period), &evaluation.in_period(series, body, period)));
        }
        _ => answer(None, &evaluation.truth(&each.expect)),
    }
}

/// One of those that a rule is asked of.
pub(crate) struct Asked<'a>(About<'a>);

/// What a rule says of one subject, with what it asked.
pub(crate) struct Traced {
    /// What it says; `None` where it does not look at the subject.
    pub(crate) judgement: Option<Judgement>,
    /// What its `where` came to.
    pub(crate) condition: Option<Step>,
    /// What its `expect` came to; `None` where it was not asked.
    pub(crate) expect: Option<Step>,
    /// Whether it holds.
    pub(crate) outcome: Outcome,
}

/// All that a rule may be asked of.
pub(crate) fn asked<'a>(cx: &Check<'a>, each: &Each) -> Vec<Asked<'a>> {
    all(cx, each).into_iter().map(Asked).collect()
}

impl Asked<'_> {
    /// Whether it is what words name: its name, or its kind and name, in any case of letters.
    pub(crate) fn is_called(&self, words: &str) -> bool {
        let is = |name: &str| name.to_lowercase() == words.to_lowercase();
        is(&self.0.subject) || self.0.names.iter().any(|name| is(name))
    }

    /// What names it: `organisation RTD`.
    pub(crate) fn subject(&self) -> &str {
        &self.0.subject
    }

    /// The words of the plan.
    pub(crate) fn place(&self) -> Span {
        self.0.place
    }

    /// What a rule says of it, without what it asked.
    pub(crate) fn judged(&self, cx: &Check<'_>, at: usize, rule: &Rule, each: &Each) -> Vec<Judgement> {
        let mut judgements = Vec::new();
        judge_one(cx, at, rule, each, &self.0, &mut judgements);
        judgements
    }

    /// What a rule says of it, with what it asked, while something is supposed of the plan.
    pub(crate) fn traced(&self, cx: &Check<'_>, at: usize, rule: &Rule, each: &Each, suppose: Suppose) -> Vec<Traced> {
        let trace = Trace::new(suppose);
        let evaluation = Evaluation { trace: Some(&trace), ..self.0.evaluation };
        let mut all = Vec::new();
        let mut condition = None;
        ask(&evaluation, each, |period, outcome| {
            let mut steps = trace.take();
            if all.is_empty() && each.condition.is_some() && !steps.is_empty() {
                condition = Some(steps.remove(0));
            }
            all.push(Traced {
                judgement: Some(judgement(cx, at, rule, &self.0, period, outcome)),
                condition: condition.clone(),
                expect: steps.pop(),
                outcome: outcome.clone(),
            });
        });
        if all.is_empty() {
            let condition = trace.take().into_iter().next();
            all.push(Traced { judgement: None, condition, expect: None, outcome: Outcome::default() });
        }
        all
    }
}

fn judgement(cx: &Check<'_>, at: usize, rule: &Rule, about: &About<'_>, period: Option<Period>, outcome: &Outcome) -> Judgement {
    let evaluation = Evaluation { period, ..about.evaluation };
    let subject = match period {
        Some(period) => format!("{}, {period}", about.subject),
        None => about.subject.clone(),
    };
    let mut judgement = Judgement::pass(at, subject, about.place);
    judgement.names.clone_from(&about.names);
    if period.is_some() {
        // A waiver of a table, by kind and name, is for each of its years and months.
        judgement.names.push(Arc::from(about.subject.as_str()));
    }
    judgement.distinct.clone_from(&about.distinct);
    judgement.left_out = about.left_out.map(|(body, _)| body);
    let presumed = outcome.presumed || about.left_out.is_some_and(|(_, presumed)| presumed);
    let hidden = about.left_out.is_some() && cx.vocabulary.kind("organisation").is_some_and(|kind| cx.plan.may_hide(kind));
    judgement.verdict = match outcome.holds {
        Some(true) => Verdict::Pass,
        // What is only presumed, or may stand in what could not be read, never fails.
        Some(false) if presumed || hidden => Verdict::Undetermined,
        Some(false) => Verdict::Fail,
        None => Verdict::Undetermined,
    };
    if judgement.verdict == Verdict::Pass {
        return judgement;
    }
    judgement.severity = rule.severity;
    let show = |value: &Value| value::show(value, cx.vocabulary, &cx.plan.bodies);
    let decided = outcome.decided.as_ref();
    let expected = decided.map(|(found, comparison, expected)| match (comparison, found, expected) {
        (Comparison::Follows, Value::Number(found), Value::Number(expected)) => show(&Value::Number(expected.rounded_like(*found))),
        _ => show(expected),
    });
    let names = [
        ("subject", about.subject.clone()),
        ("found", decided.map(|(found, _, _)| show(found)).unwrap_or_default()),
        ("expected", expected.unwrap_or_default()),
        ("year", period.map(|period| period.to_string()).unwrap_or_default()),
        ("period", period.map(|period| period.to_string()).unwrap_or_default()),
    ];
    point_at_words(cx, rule, about, outcome, &mut judgement);
    judgement.message = match judgement.verdict {
        Verdict::Fail => rule.message.fill(Some(evaluation), &names),
        _ if outcome.at_risk => format!("at risk: {}", rule.message.fill(Some(evaluation), &names)),
        _ if outcome.holds.is_none() => {
            let mut missing: Vec<&str> = outcome.missing.iter().map(String::as_str).collect();
            missing.dedup();
            let why = if missing.is_empty() { "something it asks for could not be read".to_owned() } else { missing.join("; ") };
            let subject = if judgement.subject == "plan" { "the plan" } else { &judgement.subject };
            format!("cannot tell for {subject}: {why}")
        }
        _ => format!("cannot tell for {}: the register has no evidence for {}", about.subject, cx.plan.shown_day()),
    };
    judgement.help = match (&rule.help, outcome.at_risk) {
        (_, true) => Some("it holds for part of the estimate only: narrow the estimate, or plan for the rest".to_owned()),
        (Some(help), _) if judgement.verdict == Verdict::Fail => Some(help.fill(Some(evaluation), &names)).filter(|help| !help.is_empty()),
        _ => None,
    };
    if judgement.verdict == Verdict::Fail {
        judgement.slack = decided.and_then(|(found, comparison, expected)| slack(cx.vocabulary, found, *comparison, expected));
        if let Some((title, text)) = &rule.fix
            && let (Some(title), Some(text)) = (title.write(Some(evaluation), &names), text.write(Some(evaluation), &names))
        {
            judgement.fixes.push(Fix::replace(title, judgement.span, text));
        }
    }
    judgement
}

/// The words a finding is about, and the words every figure came from.
fn point_at_words(cx: &Check<'_>, rule: &Rule, about: &About<'_>, outcome: &Outcome, judgement: &mut Judgement) {
    let entity = match about.evaluation.subject {
        Subject::Entity(entity) => Some(entity),
        _ => None,
    };
    let asked = rule.at.as_ref().and_then(|field| entity?.field(field)?.values.first()).map(|datum| datum.place);
    let inside = |place: Span| entity.is_none_or(|entity| entity.whole.contains(place));
    let first = outcome.leaves.iter().filter_map(|leaf| leaf.place).find(|place| inside(*place));
    let is_number = matches!(outcome.decided, Some((Value::Number(_) | Value::Estimate(_) | Value::Between(_), ..)));
    let primary = asked.or(first.filter(|_| is_number || outcome.holds.is_none())).unwrap_or(about.place);
    judgement.span = primary;
    let mut seen = vec![primary];
    for leaf in &outcome.leaves {
        let Some(place) = leaf.place else { continue };
        if place == primary && judgement.label.is_empty() {
            judgement.label = format!("{} is {}", leaf.name, leaf.shown);
        }
        if !seen.contains(&place) && seen.len() <= MOST_LABELS {
            seen.push(place);
            let what = if cx.sources.words(place) == leaf.shown { leaf.name.clone() } else { format!("{} is {}", leaf.name, leaf.shown) };
            judgement.labels.push(Label { span: place, message: what });
        }
    }
}

/// How far a number is from what was expected of it.
pub(crate) fn slack(vocabulary: &Vocabulary, found: &Value, comparison: Comparison, expected: &Value) -> Option<String> {
    let (Value::Number(found), Value::Number(expected)) = (found, expected) else { return None };
    let difference = found.apply(crate::model::value::Operation::Subtract, *expected)?;
    let size = value::show_quantity(Quantity { amount: difference.amount.abs(), ..difference }, vocabulary);
    let way = if difference.amount.is_negative() { "below" } else { "above" };
    Some(match comparison {
        Comparison::Unequal => return None,
        Comparison::Equal | Comparison::Follows => format!("{size} {way} what follows from the other figures"),
        _ => format!("{size} {way} the limit"),
    })
}
