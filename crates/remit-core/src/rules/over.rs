//! `over: region` and `over: nation`: what many plans come to together. Each plan leaves its part behind, and may then be let go.

mod among;

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use crate::check::{Check, PlanInfo, RuleCount};
use crate::digest;
use crate::model::bodies::{BodyId, Register};
use crate::model::value::{self, Measure, Operation, Quantity, Value};
use crate::model::{self, Plan, Reading};
use crate::packs::Packs;
use crate::problem::{Finding, Label, Problem, Verdict, cut};
use crate::rules::evaluate::compare::three;
use crate::rules::evaluate::{Evaluation, Leaf, Outcome, Subject};
use crate::rules::expression::{self, Comparison, Expr, Node};
use crate::rules::trace::{Step, Suppose, Trace};
use crate::rules::{Among, Form, Level, Over, Rule, each};
use crate::source::{Source, Sources, Span};
use crate::time::Date;
use crate::vocabulary::{KindId, Vocabulary};

/// What the message of an `over` rule may name.
pub(crate) const NAMES: [&str; 4] = ["found", "expected", "body", "count"];
/// What the message of an `over` rule with `among` may name.
pub(crate) const NAMES_AMONG: [&str; 6] = ["found", "expected", "body", "count", "subject", "plans"];

/// How many systems a finding points at; all of them are in its parts.
const MOST_LABELS: usize = 12;
/// How many systems a message names that lack the same.
const MOST_NAMED: usize = 4;
/// How many figures of one plan are kept for each sum.
const MOST_FIGURES: usize = 24;
/// A line that is longer is kept as the figure alone.
const LONGEST_LINE: usize = 2_000;

/// What one plan adds to a rule over many. It holds nothing of the plan but the lines of its figures.
#[derive(Debug, Clone)]
pub struct Contribution {
    /// The place of the rule in the packs.
    rule: usize,
    /// Which plan.
    plan: PlanInfo,
    /// The body that the plan is for, where the register knows it.
    body: Option<BodyId>,
    /// The day on which the plan reads the register.
    day: Date,
    /// For each sum and count of the rule's `expect`, in order; none where the rule looks at statements that belong together.
    sums: Vec<Sum>,
    /// The statements that belong together with others, in the order of the plan.
    groups: Vec<Group>,
}

/// The statements of one plan that belong together, and with those of others.
#[derive(Debug, Clone)]
struct Group {
    /// What they agree in.
    key: Vec<String>,
    /// The first of them, where it stands.
    first: Figure,
    /// The bodies whose plans have to agree.
    between: Vec<BodyId>,
    /// Why it cannot be told whether one of them is meant.
    doubt: Vec<String>,
    /// For each sum and count of the rule's `expect`, in order.
    sums: Vec<Sum>,
}

/// What one plan adds to one sum.
#[derive(Debug, Clone)]
struct Sum {
    /// Low, central and high; `None`: it cannot be told.
    amount: Option<[Quantity; 3]>,
    /// Why it cannot be told.
    missing: Vec<String>,
    /// Whether it rests on what the register only presumes.
    presumed: bool,
    figures: Vec<Figure>,
}

/// A figure with its line.
#[derive(Debug, Clone)]
struct Figure {
    name: String,
    shown: String,
    line: Arc<Source>,
    range: Range<usize>,
}

/// What the plans of a run come to together.
#[derive(Debug)]
pub struct Rollups {
    /// The packs' texts, and the lines of the plans' figures.
    pub sources: Sources,
    /// Every rule over many plans for every body that it is about, in order.
    pub judged: Vec<Rollup>,
    /// What does not hold, or cannot be told.
    pub findings: Vec<Finding>,
    /// How often each rule was asked: once for each body all of whose systems have sent a plan.
    pub rules: Vec<RuleCount>,
    /// The rules that look at what belongs together in several plans, by their ids.
    pub among: Vec<String>,
}

/// What the plans of a body's systems come to.
#[derive(Debug, Clone)]
pub struct Rollup {
    /// `pack/rule`.
    pub rule: String,
    /// The region or nation, as plans write it.
    pub body: String,
    /// The region or nation, for people.
    pub name: String,
    /// What belongs together, as findings name it; `None` where the rule speaks of the plans as a whole.
    pub subject: Option<String>,
    /// Not applicable until every system has sent a plan.
    pub verdict: Verdict,
    /// The day on which the register says which systems there are.
    pub day: Date,
    /// How many systems there are.
    pub members: usize,
    /// The systems that have sent no plan, by their codes.
    pub absent: Vec<String>,
    /// What the plans come to, as people read it; `None` where it cannot be told.
    pub found: Option<String>,
    /// What they are to come to.
    pub expected: Option<String>,
    /// Each plan's part, in the order of the register.
    pub parts: Vec<Part>,
    /// What the rule's `expect` came to, part by part; `None` where it was not asked.
    pub steps: Option<Step>,
}

/// The part of one plan.
#[derive(Debug, Clone)]
pub struct Part {
    /// The system's code.
    pub system: String,
    /// The system, for people.
    pub name: String,
    /// The plan's file or folder.
    pub plan: String,
    /// What it adds to each sum of the rule; `None` where it cannot be told.
    pub amounts: Vec<Option<String>>,
    /// Why it cannot be told.
    pub missing: Vec<String>,
    /// The figures it rests on.
    pub figures: Vec<Label>,
}

/// The sums and counts of an expression, in order.
pub(crate) fn aggregates(expr: &Expr) -> Vec<&Expr> {
    let mut found = Vec::new();
    collect(expr, &mut found);
    found
}

fn collect<'e>(expr: &'e Expr, found: &mut Vec<&'e Expr>) {
    match &expr.node {
        Node::Sum(..) | Node::Count(..) => found.push(expr),
        Node::Or(parts) | Node::And(parts) => parts.iter().for_each(|part| collect(part, found)),
        Node::Not(inner) => collect(inner, found),
        Node::Compare(_, one, other) | Node::Operate(_, one, other) => {
            collect(one, found);
            collect(other, found);
        }
        _ => {}
    }
}

/// What an expression over many plans asks beside sums and counts: only numbers may stand there.
pub(crate) fn beside(expr: &Expr) -> Option<&Expr> {
    match &expr.node {
        Node::Sum(..) | Node::Count(..) | Node::Literal(_) | Node::Number(..) => None,
        Node::Or(parts) | Node::And(parts) => parts.iter().find_map(beside),
        Node::Not(inner) => beside(inner),
        Node::Compare(_, one, other) | Node::Operate(_, one, other) => beside(one).or_else(|| beside(other)),
        _ => Some(expr),
    }
}

/// Puts the sums over all plans in the place of the sums over one.
fn substitute(expr: &mut Expr, totals: &mut impl Iterator<Item = Node>) {
    match &mut expr.node {
        Node::Sum(..) | Node::Count(..) => {
            if let Some(total) = totals.next() {
                expr.node = total;
            }
        }
        Node::Or(parts) | Node::And(parts) => parts.iter_mut().for_each(|part| substitute(part, totals)),
        Node::Not(inner) => substitute(inner, totals),
        Node::Compare(_, one, other) | Node::Operate(_, one, other) => {
            substitute(one, totals);
            substitute(other, totals);
        }
        _ => {}
    }
}

/// What a plan adds to a rule.
pub(crate) fn contribution(cx: &Check<'_>, at: usize, over: &Over, plan: &PlanInfo) -> Option<Contribution> {
    let header = cx.plan.header()?;
    let evaluation =
        Evaluation { plan: cx.plan, vocabulary: cx.vocabulary, subject: Subject::Entity(header), period: None, outer: None, trace: None };
    let (sums, groups) = match &over.among {
        None => (aggregates(&over.expect).into_iter().map(|expr| sum(cx, evaluation, expr)).collect(), Vec::new()),
        Some(among) => (Vec::new(), among::groups(cx, evaluation, over, among)),
    };
    let body = cx.plan.body.filter(|body| cx.plan.bodies.register().get(*body).is_some());
    Some(Contribution { rule: at, plan: plan.clone(), body, day: cx.plan.shown_day(), sums, groups })
}

/// Whether a sum or count is one of what belongs together: over its kind, or a count of the plans.
pub(crate) fn is_among(expr: &Expr, among: &Among, plan: Option<KindId>) -> bool {
    match &expr.node {
        Node::Sum(_, range) => range.over == expression::Over::Kind(among.kind),
        Node::Count(range) => {
            range.over == expression::Over::Kind(among.kind)
                || (plan.is_some_and(|plan| range.over == expression::Over::Kind(plan)) && range.condition.is_none())
        }
        _ => false,
    }
}

fn sum(cx: &Check<'_>, evaluation: Evaluation<'_>, expr: &Expr) -> Sum {
    let mut outcome = Outcome::default();
    let mut amount = evaluation.value(expr, &mut outcome).as_ref().and_then(three);
    let mut missing = std::mem::take(&mut outcome.missing);
    if let Node::Sum(_, several) = &expr.node {
        // Nothing to add up is no nought: the plan says nothing of what is asked.
        let count = Expr { node: Node::Count(several.clone()), range: expr.range.clone() };
        let counted = evaluation.value(&count, &mut Outcome::default());
        if matches!(counted, Some(Value::Number(count)) if count.is_zero()) {
            amount = None;
            missing = vec!["there is nothing in it to add up".to_owned()];
        }
    }
    outcome.missing = missing;
    sum_of(cx, amount, outcome)
}

/// What one plan adds to one sum, with the figures that were looked at.
fn sum_of(cx: &Check<'_>, amount: Option<[Quantity; 3]>, outcome: Outcome) -> Sum {
    let mut missing = outcome.missing;
    if amount.is_none() && missing.is_empty() {
        missing.push("part of what is asked could not be read, or does not count the same".to_owned());
    }
    missing.dedup();
    let figure = |leaf: &Leaf| figure(cx, leaf.name.clone(), leaf.shown.clone(), leaf.place?);
    let figures = outcome.leaves.iter().filter_map(figure).filter(|_| amount.is_some()).take(MOST_FIGURES).collect();
    Sum { amount, missing, presumed: outcome.presumed, figures }
}

fn figure(cx: &Check<'_>, name: String, shown: String, place: Span) -> Option<Figure> {
    let (line, range) = line_of(cx.sources.get(place.file)?, place);
    Some(Figure { name, shown, line: Arc::new(line), range })
}

/// The line on which a figure stands, and the figure's bytes in it.
fn line_of(source: &Source, place: Span) -> (Source, Range<usize>) {
    let text = source.text();
    let (start, end) = (place.start as usize, place.end as usize);
    let first = text.get(..start).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let last = text.get(end..).and_then(|after| after.find('\n')).map_or(text.len(), |newline| end + newline);
    let (from, to) = if last - first > LONGEST_LINE { (start, end) } else { (first, last) };
    let at = source.position(crate::source::offset(from));
    (Source::cut_out(source.path(), source.slice(from..to), at), start - from..end - from)
}

/// What the plans of a run come to together. The contributions were made with these packs.
pub fn combine(contributions: &[Contribution], packs: &Packs) -> Rollups {
    let mut rollups =
        Rollups { sources: packs.sources.clone(), judged: Vec::new(), findings: Vec::new(), rules: Vec::new(), among: Vec::new() };
    let Some(day) = contributions.iter().map(|contribution| contribution.day).max() else { return rollups };
    let mut by_rule: BTreeMap<usize, Vec<&Contribution>> = BTreeMap::new();
    for contribution in contributions {
        by_rule.entry(contribution.rule).or_default().push(contribution);
    }
    for (at, mut given) in by_rule {
        let Some(rule) = packs.rules.get(at) else { continue };
        let Form::Over(over) = &rule.form else { continue };
        given.sort_by(|one, other| (one.body, &one.plan.path).cmp(&(other.body, &other.plan.path)));
        let mut count = RuleCount { rule: rule.id.to_string(), ..RuleCount::default() };
        for body in bodies_of(&packs.vocabulary, &packs.register, over, &given, day) {
            let verdicts = match &over.among {
                None => vec![judge(packs, rule, over, &body, &given, day, &mut rollups)],
                Some(_) => among::judge(packs, rule, over, &body, &given, day, &mut rollups),
            };
            verdicts.into_iter().filter(|verdict| *verdict != Verdict::NotApplicable).for_each(|verdict| count.add(verdict));
        }
        if over.among.is_some() {
            rollups.among.push(count.rule.clone());
        }
        rollups.rules.push(count);
    }
    rollups
}

/// A region or the nation with its systems on the day, each with whether that is only presumed.
struct Whole {
    code: String,
    name: String,
    members: Vec<(BodyId, bool)>,
}

/// The bodies that a rule is about: the nation, or each region of which a system has sent a plan.
fn bodies_of(vocabulary: &Vocabulary, register: &Register, over: &Over, given: &[&Contribution], day: Date) -> Vec<Whole> {
    let system = vocabulary.scale("tier").and_then(|scale| vocabulary.level(scale, "system"));
    let is_system = |body: BodyId| register.get(body).is_some_and(|body| Some(body.tier) == system);
    let whole = |id: BodyId, members: Vec<(BodyId, bool)>| {
        let body = register.get(id)?;
        let code = body.alias.as_ref().unwrap_or(&body.code).to_string();
        Some(Whole { code, name: body.name.to_string(), members })
    };
    if over.level == Level::Nation {
        let members = register.all().filter(|(id, body)| is_system(*id) && body.existed_on(day)).map(|(id, _)| (id, false)).collect();
        return register
            .find("nation")
            .and_then(|nation| whole(nation, members))
            .into_iter()
            .map(|whole| Whole { name: "England".to_owned(), ..whole })
            .collect();
    }
    let mut regions: Vec<BodyId> =
        given.iter().filter_map(|one| register.get(one.body?)?.parent_on(day).value()).filter(|region| !is_system(*region)).collect();
    regions.sort_unstable();
    regions.dedup();
    let members = |region: BodyId| {
        let all = register.members_on(region, day).into_iter().filter(|(member, _)| is_system(*member));
        all.map(|(member, known)| (member, matches!(known, model::bodies::Known::Presumed(_)))).collect()
    };
    regions.into_iter().filter_map(|region| whole(region, members(region))).collect()
}

fn judge(packs: &Packs, rule: &Rule, over: &Over, whole: &Whole, given: &[&Contribution], day: Date, rollups: &mut Rollups) -> Verdict {
    let of = |member: BodyId| given.iter().filter(move |one| one.body == Some(member));
    let code = |member: BodyId| packs.register.get(member).map(|body| body.code.to_string()).unwrap_or_default();
    let absent: Vec<String> =
        whole.members.iter().filter(|(member, _)| of(*member).next().is_none()).map(|(member, _)| code(*member)).collect();
    let present: Vec<&Contribution> = whole.members.iter().flat_map(|(member, _)| of(*member)).copied().collect();
    let vocabulary = &packs.vocabulary;
    let parts: Vec<Part> = present.iter().map(|one| part(packs, one, &mut rollups.sources)).collect();
    let mut rollup = Rollup {
        rule: rule.id.to_string(),
        body: whole.code.clone(),
        name: whole.name.clone(),
        subject: None,
        verdict: Verdict::NotApplicable,
        day,
        members: whole.members.len(),
        absent,
        found: None,
        expected: None,
        parts,
        steps: None,
    };
    if !rollup.absent.is_empty() || rollup.members == 0 {
        rollups.judged.push(rollup);
        return Verdict::NotApplicable;
    }
    let mut missing = Vec::new();
    for (member, _) in &whole.members {
        let paths: Vec<&str> = of(*member).map(|one| one.plan.path.as_str()).collect();
        if paths.len() > 1 {
            missing.push(format!("{} has sent {} plans, {}", code(*member), paths.len(), paths.join(" and ")));
        }
    }
    missing.extend(untold(&rollup.parts));
    let mut outcome = Outcome::default();
    if missing.is_empty() {
        let parts: Vec<(&str, &[Sum])> = present.iter().map(|one| (one.plan.id.as_str(), one.sums.as_slice())).collect();
        match totals(over, &parts, vocabulary) {
            Ok(totals) => (outcome, rollup.steps) = evaluate(packs, &nowhere(packs, day), over, totals),
            Err(why) => missing.push(why),
        }
    }
    let presumed = whole.members.iter().any(|(_, presumed)| *presumed) || present.iter().any(|one| one.sums.iter().any(|sum| sum.presumed));
    rollup.verdict = match outcome.holds {
        Some(true) => Verdict::Pass,
        Some(false) if !presumed => Verdict::Fail,
        _ => Verdict::Undetermined,
    };
    show_decided(&outcome, vocabulary, &mut rollup);
    if rollup.verdict != Verdict::Pass {
        missing.extend(outcome.missing.iter().cloned());
        if presumed && outcome.holds == Some(false) {
            missing.push(format!("the register has no evidence for {day} of which systems belong to {}", whole.name));
        }
        let finding = finding(packs, rule, &rollup, &outcome, &missing, &present);
        rollups.findings.push(finding);
    }
    let verdict = rollup.verdict;
    rollups.judged.push(rollup);
    verdict
}

/// The two sides of the comparison that decided.
fn show_decided(outcome: &Outcome, vocabulary: &Vocabulary, rollup: &mut Rollup) {
    let show = |value: &Value| three(value).map(|amount| shown(amount, vocabulary)).unwrap_or_default();
    if let Some((found, _, expected)) = &outcome.decided {
        rollup.found = Some(show(found));
        rollup.expected = Some(show(expected));
    }
}

/// Why plans' parts cannot be told: those that lack the same are named together.
fn untold(parts: &[Part]) -> Vec<String> {
    let mut reasons: Vec<(String, Vec<&str>)> = Vec::new();
    for part in parts.iter().filter(|part| !part.missing.is_empty()) {
        let reason = part.missing.join("; ");
        match reasons.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, systems)) => systems.push(&part.system),
            None => reasons.push((reason, vec![&part.system])),
        }
    }
    let told = |(reason, systems): (String, Vec<&str>)| match systems.as_slice() {
        [only] => format!("in the plan of {only}, {reason}"),
        [named @ .., last] if named.len() < MOST_NAMED => format!("in the plans of {} and {last}, {reason}", named.join(", ")),
        all => {
            let named: Vec<&str> = all.iter().take(MOST_NAMED).copied().collect();
            format!("in the plans of {} and {} more, {reason}", named.join(", "), all.len() - named.len())
        }
    };
    reasons.into_iter().map(told).collect()
}

/// A plan's part, with its lines among the texts.
fn part(packs: &Packs, one: &Contribution, sources: &mut Sources) -> Part {
    let figures = one.sums.iter().flat_map(|sum| &sum.figures);
    let figures = figures.map(|figure| label(figure, format!("{} is {}", figure.name, figure.shown), sources)).collect();
    part_of(packs, one, &one.sums, figures)
}

/// A place of a plan that was let go, with a message.
fn label(figure: &Figure, message: String, sources: &mut Sources) -> Label {
    let file = sources.share(figure.line.clone());
    Label { span: Span::new(file, figure.range.clone()), message: cut(message) }
}

fn part_of(packs: &Packs, one: &Contribution, sums: &[Sum], figures: Vec<Label>) -> Part {
    let body = one.body.and_then(|body| packs.register.get(body));
    let mut missing: Vec<String> = Vec::new();
    for why in sums.iter().flat_map(|sum| &sum.missing) {
        if !missing.contains(why) {
            missing.push(cut(why.clone()));
        }
    }
    Part {
        system: body.map(|body| body.code.to_string()).unwrap_or_default(),
        name: body.map(|body| body.name.to_string()).unwrap_or_default(),
        plan: one.plan.path.clone(),
        amounts: sums.iter().map(|sum| sum.amount.map(|amount| shown(amount, &packs.vocabulary))).collect(),
        missing,
        figures,
    }
}

fn shown(amount: [Quantity; 3], vocabulary: &Vocabulary) -> String {
    let [low, central, high] = amount.map(|one| value::show_quantity(one, vocabulary));
    if low == central && central == high { central } else { format!("{low} ~ {central} ~ {high}") }
}

/// Each sum over all plans, of each of which there is the name and its sums; or why there is none.
fn totals(over: &Over, present: &[(&str, &[Sum])], vocabulary: &Vocabulary) -> Result<Vec<Node>, String> {
    (0..aggregates(&over.expect).len()).map(|at| total(at, present, vocabulary).map(Node::Literal)).collect()
}

/// One sum over all plans.
fn total(at: usize, present: &[(&str, &[Sum])], vocabulary: &Vocabulary) -> Result<Value, String> {
    let mut total: Option<[Quantity; 3]> = None;
    for (plan, sums) in present {
        let Some(amount) = sums.get(at).and_then(|sum| sum.amount) else {
            return Err(format!("the part of {plan} cannot be told"));
        };
        let Some(so_far) = total else {
            total = Some(amount);
            continue;
        };
        let mut added = Vec::with_capacity(3);
        for (so_far, amount) in so_far.into_iter().zip(amount) {
            let Some(sum) = so_far.apply(Operation::Add, amount) else {
                let (so_far, amount) = (value::show_quantity(so_far, vocabulary), value::show_quantity(amount, vocabulary));
                return Err(format!("the plans so far come to {so_far}, and that of {plan} to {amount}, which does not count the same"));
            };
            added.push(sum);
        }
        total = <[Quantity; 3]>::try_from(added).ok();
    }
    let [low, central, high] = total.unwrap_or([Quantity::of(0.into(), Measure::Plain); 3]);
    Ok(if low == central && central == high { Value::Number(central) } else { Value::Estimate([low, central, high]) })
}

/// A plan that says nothing, in which sums over many plans are compared.
fn nowhere(packs: &Packs, day: Date) -> Plan {
    let reading = Reading { sources: &packs.sources, vocabulary: &packs.vocabulary, files: &[], as_of: day, rules: &[] };
    let (plan, _): (Plan, Vec<Problem>) = model::build(reading, &packs.register);
    plan
}

/// What the rule says of the sums: read by the very evaluator of every other rule.
fn evaluate(packs: &Packs, nowhere: &Plan, over: &Over, totals: Vec<Node>) -> (Outcome, Option<Step>) {
    let mut expect = over.expect.clone();
    substitute(&mut expect, &mut totals.into_iter());
    let Some(nation) = packs.register.find("nation") else { return (Outcome::default(), None) };
    let trace = Trace::new(Suppose::Nothing);
    let subject = Subject::LeftOut(nation);
    let evaluation = Evaluation { plan: nowhere, vocabulary: &packs.vocabulary, subject, period: None, outer: None, trace: Some(&trace) };
    let outcome = evaluation.truth(&expect);
    (outcome, trace.take().pop())
}

/// The first of several reasons.
fn told(missing: &[String]) -> String {
    let more = missing.len().saturating_sub(3);
    let first: Vec<&str> = missing.iter().take(3).map(String::as_str).collect();
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    format!("{}{more}", first.join("; "))
}

fn finding(packs: &Packs, rule: &Rule, rollup: &Rollup, outcome: &Outcome, missing: &[String], present: &[&Contribution]) -> Finding {
    let names = [
        ("found", rollup.found.clone().unwrap_or_default()),
        ("expected", rollup.expected.clone().unwrap_or_default()),
        ("body", rollup.name.clone()),
        ("count", rollup.members.to_string()),
    ];
    let fails = rule.message.fill(None, &names);
    let message = match rollup.verdict {
        Verdict::Fail => fails,
        _ if outcome.at_risk => format!("at risk: {fails}"),
        _ => format!("cannot tell what the {} plans of {} come to: {}", rollup.members, rollup.name, told(missing)),
    };
    let mut finding = finding_of(packs, rule, rollup, outcome, message, &[]);
    let problem = &mut finding.problem;
    problem.label = rollup.found.as_ref().map(|found| format!("{found} in {} plans", rollup.members)).unwrap_or_default();
    problem.help = rule.help.as_ref().map(|help| cut(help.fill(None, &names))).filter(|_| rollup.verdict == Verdict::Fail);
    // The least first: whoever looks for what is missing looks there.
    let least = |one: &&Contribution| one.sums.first().and_then(|sum| sum.amount).map(|[_, central, _]| central.amount);
    let mut order: Vec<(&&Contribution, &Part)> = present.iter().zip(&rollup.parts).collect();
    order.sort_by_key(|(one, _)| least(one));
    for (_, part) in order.iter().filter(|(_, part)| !part.figures.is_empty()).take(MOST_LABELS) {
        let amounts: Vec<&str> = part.amounts.iter().map(|amount| amount.as_deref().unwrap_or("cannot be told")).collect();
        if let Some(figure) = part.figures.first() {
            problem
                .labels
                .push(Label { span: figure.span, message: cut(format!("{} ({}): {}", part.name, part.system, amounts.join(", "))) });
        }
    }
    let more = order.len().saturating_sub(problem.labels.len());
    if more > 0 && rollup.found.is_some() && !problem.labels.is_empty() {
        problem.label = format!("{}; the {} least are shown, and {more} more counted", problem.label, problem.labels.len());
    }
    finding
}

/// A finding on what plans come to, at the words of the rule; `key` is what those agree in that belong together.
fn finding_of(packs: &Packs, rule: &Rule, rollup: &Rollup, outcome: &Outcome, message: String, key: &[String]) -> Finding {
    let mut problem = Problem::error(&rule.id, rule.decides, message);
    problem.severity = rule.severity;
    let identity: Vec<&str> = [&*rule.id, rollup.body.as_str()].into_iter().chain(key.iter().map(String::as_str)).collect();
    let mut id = digest::of_bytes(identity.join("\u{1F}").as_bytes());
    id.truncate(12);
    let slack = match &outcome.decided {
        Some((found, comparison, expected)) if rollup.verdict == Verdict::Fail && *comparison != Comparison::Includes => {
            each::slack(&packs.vocabulary, found, *comparison, expected)
        }
        _ => None,
    };
    Finding {
        id,
        plan: rollup.body.clone(),
        subject: rollup.subject.clone().unwrap_or_else(|| rollup.body.clone()),
        verdict: rollup.verdict,
        problem,
        source: Some(rule.source.clone()),
        rule_place: Some(rule.decides),
        tightens: rule.tightens.clone(),
        is_consulted: rule.is_consulted,
        is_known: false,
        slack,
        waiver: None,
    }
}
