//! `over: … among: KIND`: statements of several plans that belong together, because they agree in what `same` asks.
//!
//! What belongs together is judged as soon as it is there, whoever else has yet to send a plan: unless `between` names the bodies whose plans
//! have to agree, and then when each of those systems has sent one. A plan that is asked and has no such statement adds nothing.

use std::collections::BTreeMap;

use crate::check::Check;
use crate::model::bodies::BodyId;
use crate::model::value::{self, Measure, Quantity, Value};
use crate::model::{Entity, Plan};
use crate::packs::Packs;
use crate::problem::{Finding, Label, Verdict, cut};
use crate::rules::evaluate::compare::three;
use crate::rules::evaluate::{Evaluation, Outcome, Subject};
use crate::rules::expression::{self, Expr, Node};
use crate::rules::over::{
    Contribution, Group, MOST_LABELS, Part, Rollup, Rollups, Sum, Whole, aggregates, evaluate, figure, finding_of, label, nowhere, part_of,
    show_decided, sum_of, told, total, untold,
};
use crate::rules::trace::Step;
use crate::rules::{Among, Over, Rule};
use crate::source::Sources;
use crate::time::Date;

/// What a plan's statements add, for each set of them that belongs together.
pub(super) fn groups(cx: &Check<'_>, plan: Evaluation<'_>, over: &Over, among: &Among) -> Vec<Group> {
    let mut sets: BTreeMap<Vec<String>, (Vec<&Entity>, Vec<String>)> = BTreeMap::new();
    for (_, entity) in cx.plan.of_kind(among.kind) {
        let evaluation = Evaluation { subject: Subject::Entity(entity), ..plan };
        let asked = among.condition.as_ref().map(|condition| evaluation.truth(condition));
        let doubt = match asked {
            Some(Outcome { holds: Some(false), .. }) => continue,
            Some(Outcome { holds: None, missing, .. }) => Some(missing),
            Some(_) | None => None,
        };
        let said = |expr: &Expr| Some(said(cx, &evaluation.value(expr, &mut Outcome::default())?));
        let Some(key) = among.same.iter().map(said).collect::<Option<Vec<String>>>() else { continue };
        let (entities, doubts) = sets.entry(key).or_default();
        entities.push(entity);
        if let Some(missing) = doubt {
            let why = if missing.is_empty() { "something it asks for could not be read".to_owned() } else { missing.join("; ") };
            doubts.push(format!("for {}, {why}", cx.subject(entity)));
        }
    }
    let mut groups: Vec<Group> =
        sets.into_iter().filter_map(|(key, (entities, doubt))| group(cx, plan, over, among, key, &entities, doubt)).collect();
    groups.sort_by_key(|group| group.first.line.position(0).line);
    groups
}

/// A value in the words by which it is the same in every plan.
fn said(cx: &Check<'_>, value: &Value) -> String {
    match value {
        Value::Body(body) => cx.plan.bodies.written(*body),
        Value::Term(term) => cx.vocabulary.term_def(*term).map(|term| term.name.to_string()).unwrap_or_default(),
        value => value::show(value, cx.vocabulary, &cx.plan.bodies),
    }
}

fn group(
    cx: &Check<'_>,
    plan: Evaluation<'_>,
    over: &Over,
    among: &Among,
    key: Vec<String>,
    entities: &[&Entity],
    doubt: Vec<String>,
) -> Option<Group> {
    let first = *entities.first()?;
    let evaluation = Evaluation { subject: Subject::Entity(first), ..plan };
    let body = |expr: &Expr| match evaluation.value(expr, &mut Outcome::default()) {
        Some(Value::Body(body)) => Some(body).filter(|body| cx.plan.bodies.register().get(*body).is_some()),
        _ => None,
    };
    let name = cx.subject(first);
    Some(Group {
        key,
        first: figure(cx, name, String::new(), first.place)?,
        between: among.between.iter().filter_map(body).collect(),
        doubt,
        sums: aggregates(&over.expect).into_iter().map(|expr| sum(cx, plan, among, expr, entities)).collect(),
    })
}

/// What those statements add to a sum or count. The rule's check has seen to it that it is over their kind, or counts the plans.
fn sum(cx: &Check<'_>, plan: Evaluation<'_>, among: &Among, expr: &Expr, entities: &[&Entity]) -> Sum {
    let mut outcome = Outcome::default();
    let subjects = || entities.iter().map(|entity| Subject::Entity(entity)).collect();
    let plain = |count: i128| Value::Number(Quantity::of(count.into(), Measure::Plain));
    let value = match &expr.node {
        Node::Count(range) if range.over == expression::Over::Kind(among.kind) => plan.count_of(range, subjects(), &mut outcome),
        Node::Count(_) => Some(plain(1)),
        Node::Sum(value, range) => plan.sum_of(value, range, subjects(), &mut outcome).map(|total| total.unwrap_or(plain(0))),
        _ => None,
    };
    sum_of(cx, value.as_ref().and_then(three), outcome)
}

/// What belongs together in the plans of a body's systems, set by set: a verdict for each.
pub(super) fn judge(
    packs: &Packs,
    rule: &Rule,
    over: &Over,
    whole: &Whole,
    given: &[&Contribution],
    day: Date,
    rollups: &mut Rollups,
) -> Vec<Verdict> {
    let member = |body: BodyId| whole.members.iter().any(|(member, _)| *member == body);
    let sent: Vec<&Contribution> = given.iter().copied().filter(|one| one.body.is_some_and(member)).collect();
    let mut sets: BTreeMap<&[String], Vec<(&Contribution, &Group)>> = BTreeMap::new();
    for one in &sent {
        for group in &one.groups {
            sets.entry(&group.key).or_default().push((one, group));
        }
    }
    let nowhere = nowhere(packs, day);
    let judge = Judge { packs, rule, over, whole, sent: &sent, day, nowhere: &nowhere };
    sets.into_iter().map(|(key, set)| judge.judge(key, &set, rollups)).collect()
}

/// What the sets of a rule are judged by.
struct Judge<'j> {
    packs: &'j Packs,
    rule: &'j Rule,
    over: &'j Over,
    whole: &'j Whole,
    /// The plans of the body's systems.
    sent: &'j [&'j Contribution],
    day: Date,
    /// A plan that says nothing, in which the sums are compared.
    nowhere: &'j Plan,
}

impl Judge<'_> {
    fn judge(&self, key: &[String], set: &[(&Contribution, &Group)], rollups: &mut Rollups) -> Verdict {
        let register = &self.packs.register;
        let code = |body: BodyId| register.get(body).map(|body| body.code.to_string()).unwrap_or_default();
        // Those who have to agree and are systems, each of which has a plan to send.
        let mut asked: Vec<BodyId> = set.iter().flat_map(|(_, group)| &group.between).copied().collect();
        asked.retain(|body| self.whole.members.iter().any(|(member, _)| member == body));
        asked.sort_unstable();
        asked.dedup();
        let has_sent = |body: &BodyId| self.sent.iter().any(|one| one.body == Some(*body));
        let absent: Vec<String> = asked.iter().filter(|body| !has_sent(body)).map(|body| code(*body)).collect();
        let mut parts: Vec<(&Contribution, Option<&Group>)> = set.iter().map(|(one, group)| (*one, Some(*group))).collect();
        let silent = self.sent.iter().filter(|one| one.body.is_some_and(|body| asked.contains(&body)));
        parts.extend(silent.filter(|one| !set.iter().any(|(other, _)| std::ptr::eq(*other, **one))).map(|one| (*one, None)));
        parts.sort_by(|(one, _), (other, _)| (one.body, &one.plan.path).cmp(&(other.body, &other.plan.path)));
        let kind = self.over.among.as_ref().and_then(|among| self.packs.vocabulary.kind_def(among.kind));
        let subject = format!("{} {}", kind.map_or("", |kind| &*kind.name), key.join(", "));
        let told = parts.iter().map(|(one, group)| self.part(one, *group, &mut rollups.sources)).collect();
        let mut rollup = Rollup {
            rule: self.rule.id.to_string(),
            body: self.whole.code.clone(),
            name: self.whole.name.clone(),
            subject: Some(subject),
            verdict: Verdict::NotApplicable,
            day: self.day,
            members: parts.len() + absent.len(),
            absent,
            found: None,
            expected: None,
            parts: told,
            steps: None,
        };
        if !rollup.absent.is_empty() {
            rollups.judged.push(rollup);
            return Verdict::NotApplicable;
        }
        let (outcome, missing, steps) = self.outcome(&parts, &rollup.parts);
        let presumed = parts.iter().filter_map(|(_, group)| *group).flat_map(|group| &group.sums).any(|sum| sum.presumed);
        rollup.verdict = match outcome.holds {
            Some(true) => Verdict::Pass,
            Some(false) if !presumed && missing.is_empty() => Verdict::Fail,
            _ => Verdict::Undetermined,
        };
        if rollup.verdict == Verdict::Pass {
            return Verdict::Pass;
        }
        rollup.steps = steps;
        show_decided(&outcome, &self.packs.vocabulary, &mut rollup);
        let finding = self.finding(key, &rollup, &outcome, &missing);
        rollups.findings.push(finding);
        let verdict = rollup.verdict;
        rollups.judged.push(rollup);
        verdict
    }

    /// What the rule says of a set, and why it cannot be told.
    fn outcome(&self, parts: &[(&Contribution, Option<&Group>)], told: &[Part]) -> (Outcome, Vec<String>, Option<Step>) {
        let mut missing = Vec::new();
        let mut systems: BTreeMap<Option<BodyId>, Vec<&str>> = BTreeMap::new();
        for (one, _) in parts {
            systems.entry(one.body).or_default().push(&one.plan.path);
        }
        for (paths, (one, _)) in systems.values().zip(parts).filter(|(paths, _)| paths.len() > 1) {
            missing.push(format!("{} has sent {} plans, {}", one.plan.id, paths.len(), paths.join(" and ")));
        }
        for (one, group) in parts {
            missing.extend(group.iter().flat_map(|group| &group.doubt).map(|why| format!("in the plan of {}, {why}", one.plan.id)));
        }
        let sums: Vec<(&str, &[Sum])> =
            parts.iter().filter_map(|(one, group)| Some((one.plan.id.as_str(), group.as_ref()?.sums.as_slice()))).collect();
        let mut untotalled = Vec::new();
        let total = |at: usize| match total(at, &sums, &self.packs.vocabulary) {
            Ok(total) => Node::Literal(total),
            Err(why) => {
                untotalled.push(why);
                // There is no period to speak of: whatever rests on it cannot be told.
                Node::This(None)
            }
        };
        let totals: Vec<Node> = (0..aggregates(&self.over.expect).len()).map(total).collect();
        let (outcome, steps) = evaluate(self.packs, self.nowhere, self.over, totals);
        if outcome.holds.is_none() {
            let reasons = untold(told);
            missing.extend(if reasons.is_empty() { untotalled } else { reasons });
            missing.extend(outcome.missing.iter().cloned());
        }
        (outcome, missing, steps)
    }

    /// A plan's part: the first of its statements, and the figures that it gives.
    fn part(&self, one: &Contribution, group: Option<&Group>, sources: &mut Sources) -> Part {
        let Some(group) = group else {
            return part_of(self.packs, one, &[], Vec::new());
        };
        let mut places = vec![label(&group.first, group.first.name.clone(), sources)];
        let figures = group.sums.iter().flat_map(|sum| &sum.figures);
        places.extend(figures.map(|figure| label(figure, format!("{} is {}", figure.name, figure.shown), sources)));
        part_of(self.packs, one, &group.sums, places)
    }

    fn finding(&self, key: &[String], rollup: &Rollup, outcome: &Outcome, missing: &[String]) -> Finding {
        let plans: Vec<&str> = rollup.parts.iter().map(|part| part.system.as_str()).collect();
        let subject = rollup.subject.clone().unwrap_or_default();
        let names = [
            ("found", rollup.found.clone().unwrap_or_default()),
            ("expected", rollup.expected.clone().unwrap_or_default()),
            ("body", rollup.name.clone()),
            ("count", rollup.parts.len().to_string()),
            ("subject", subject.clone()),
            ("plans", joined(&plans)),
        ];
        let fails = self.rule.message.fill(None, &names);
        let message = match rollup.verdict {
            Verdict::Fail => fails,
            _ if outcome.at_risk => format!("at risk: {fails}"),
            _ => format!("cannot tell for {subject} in the plans of {}: {}", joined(&plans), told(missing)),
        };
        let mut finding = finding_of(self.packs, self.rule, rollup, outcome, message, key);
        let problem = &mut finding.problem;
        problem.help = self.rule.help.as_ref().map(|help| cut(help.fill(None, &names))).filter(|_| rollup.verdict == Verdict::Fail);
        let first = |part: &Part| {
            let place = part.figures.get(1).or(part.figures.first())?;
            Some(Label { span: place.span, message: cut(format!("{} ({}): {}", part.name, part.system, place.message)) })
        };
        problem.labels.extend(rollup.parts.iter().filter_map(first).take(MOST_LABELS));
        finding
    }
}

/// Systems' codes in a sentence.
fn joined(codes: &[&str]) -> String {
    match codes {
        [others @ .., one, last] => [others, &[format!("{one} and {last}").as_str()]].concat().join(", "),
        _ => codes.concat(),
    }
}
