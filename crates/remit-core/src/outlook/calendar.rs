//! When verdicts change: every day of a run of days on which a finding comes, goes or is another, and why.
//!
//! INVARIANT: what is said is what a check of every single day would say. The plan is checked on the first day, which tells the earliest
//! later day on which anything that it asked of the day turns out otherwise; it is checked again on that day, and so on.

use std::collections::BTreeMap;

use crate::check::gather::is_of_left_out;
use crate::check::{Analysis, PlanInfo, PlanText, Repeated};
use crate::model::clock::{Cause, Turn};
use crate::model::value::{Datum, Value};
use crate::model::{self, Plan};
use crate::packs::Packs;
use crate::problem::{Finding, Severity, Verdict};
use crate::rules::gate::evidence;
use crate::source::{Sources, Span};
use crate::time::{Date, Days};

/// When the verdicts on a plan change.
#[derive(Debug)]
pub struct Calendar {
    /// The packs' texts and the plan's, for the words and the places of findings.
    pub sources: Sources,
    /// Which plan it is.
    pub plan: PlanInfo,
    /// The days that were looked at.
    pub days: Days,
    /// What is found on the first of them.
    pub at_first: Vec<Finding>,
    /// What is found on the last.
    pub at_last: Vec<Finding>,
    /// The days on which something changes, the earliest first.
    pub turns: Vec<Turning>,
    /// Every day that the plan itself names among those looked at, the earliest first: what falls due, begins or ends.
    pub dates: Vec<Dated>,
    /// How often the plan was checked.
    pub checks: usize,
}

/// A day that the plan names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dated {
    /// The day.
    pub day: Date,
    /// The statement: `commitment overseas-recruitment`.
    pub subject: String,
    /// The statement's title, where it has one.
    pub title: Option<String>,
    /// What is on that day, as the plan calls it: `due`, `accountable from`.
    pub what: String,
    /// The words.
    pub place: Span,
}

/// A day on which something changes.
#[derive(Debug, Clone)]
pub struct Turning {
    /// The first day on which it is so.
    pub day: Date,
    /// What changes, in the order of findings.
    pub changes: Vec<Change>,
}

/// One finding that comes, goes or is another.
#[derive(Debug, Clone)]
pub struct Change {
    /// The finding as it is from that day on; where it goes, as it was.
    pub finding: Finding,
    /// What it was on the day before; `None`: there was no such finding.
    pub before: Option<State>,
    /// What it is from that day on; `None`: there is no such finding any more.
    pub after: Option<State>,
    /// Why.
    pub because: Vec<Turn>,
}

/// What a calendar follows of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct State {
    /// Whether it fails, is waived, or cannot be told.
    pub verdict: Verdict,
    /// How much it matters.
    pub severity: Severity,
}

impl State {
    /// What is followed of a finding.
    pub fn of(finding: &Finding) -> Self {
        Self { verdict: finding.verdict, severity: finding.problem.severity }
    }
}

/// The days that a plan's calendar looks at where nobody says: from the day on which the plan was submitted, since before it there was nothing
/// to judge; otherwise from the horizon's first; to the horizon's last. `None` for a plan without a horizon.
pub fn days_of(path: &str, texts: &[PlanText], packs: &Packs, as_of: Date) -> Option<Days> {
    let opened = crate::check::open_texts(path, texts, packs, as_of);
    let horizon = opened.plan.days()?;
    let submitted = opened.plan.submitted.filter(|submitted| *submitted <= horizon.last);
    Some(Days { first: submitted.unwrap_or(horizon.first), last: horizon.last })
}

/// Finds every day of some days on which a verdict on a plan changes. `path` names the plan where it has no plan statement.
pub fn calendar(path: &str, texts: &[PlanText], packs: &Packs, days: Days) -> Option<Calendar> {
    let mut plan = Repeated::new(path, texts, packs);
    let (first, read, mut turns) = plan.check(days)?;
    let mut turnings = Vec::new();
    let mut last: Vec<Finding> = first.findings.clone();
    while let Some(day) = turns.first().map(|turn| turn.day) {
        let (next, _, later) = plan.check(Days { first: day, ..days })?;
        let why: Vec<Turn> = turns.into_iter().filter(|turn| turn.day == day).collect();
        let changes = changes(packs, &last, &next.findings, &why);
        if !changes.is_empty() {
            turnings.push(Turning { day, changes });
        }
        (last, turns) = (next.findings, later);
    }
    let Analysis { sources, plan: info, findings, .. } = first;
    let dates = dates(&read, packs, days);
    Some(Calendar { sources, plan: info, days, at_first: findings, at_last: last, turns: turnings, dates, checks: plan.checks() })
}

/// Every day that a plan names, of some days.
fn dates(plan: &Plan, packs: &Packs, days: Days) -> Vec<Dated> {
    let mut dates = Vec::new();
    for entity in &plan.entities {
        let title = entity.title.as_ref().and_then(|title| match &title.value {
            Some(Value::Text(text)) => Some(text.to_string()),
            _ => None,
        });
        let mut add = |day: Option<Date>, what: String, place: Span| {
            if let Some(day) = day.filter(|day| days.holds(*day)) {
                dates.push(Dated { day, subject: model::subject(&packs.vocabulary, entity), title: title.clone(), what, place });
            }
        };
        for field in &entity.fields {
            for datum in &field.values {
                add(date(datum), field.name.to_string(), datum.place);
            }
            for (clause, values) in &field.clauses {
                for datum in values {
                    add(date(datum), format!("{} {clause}", field.name), datum.place);
                }
            }
        }
        // Evidence also has a last day, which is worked out.
        if let (Some(Value::Date(made)), Some(Value::Duration(valid)), Some(field)) =
            (entity.value("dated"), entity.value("valid"), entity.field("valid"))
        {
            add(evidence::last_valid(*made, *valid), "valid to".to_owned(), field.line);
        }
    }
    dates.sort_by_key(|one| (one.day, one.place));
    dates
}

fn date(datum: &Datum) -> Option<Date> {
    match datum.value {
        Some(Value::Date(day)) => Some(day),
        _ => None,
    }
}

/// What differs between the findings of two days.
fn changes(packs: &Packs, before: &[Finding], after: &[Finding], why: &[Turn]) -> Vec<Change> {
    let known: BTreeMap<&str, State> = before.iter().map(|finding| (finding.id.as_str(), State::of(finding))).collect();
    let mut left = known.clone();
    let mut changes = Vec::new();
    for finding in after {
        let was = left.remove(finding.id.as_str()).or_else(|| together(finding, before));
        let is = State::of(finding);
        if was != Some(is) {
            changes.push(Change { finding: finding.clone(), before: was, after: Some(is), because: because(packs, finding, why) });
        }
    }
    for finding in before.iter().filter(|finding| left.contains_key(finding.id.as_str())) {
        let (before, after) = (Some(State::of(finding)), together(finding, after));
        changes.push(Change { finding: finding.clone(), before, after, because: because(packs, finding, why) });
    }
    changes
}

/// How a body stands that a plan leaves out, and whose waiver begins or ends: without one of its own it is told together with the others.
fn together(waived: &Finding, findings: &[Finding]) -> Option<State> {
    let of_all =
        |finding: &&Finding| finding.problem.rule == waived.problem.rule && finding.verdict == Verdict::Fail && is_of_left_out(finding);
    (waived.verdict == Verdict::Waived).then(|| findings.iter().find(of_all).map(State::of)).flatten()
}

/// Of what turns on a day, what bears on a finding: what its own rule asked, or was asked for its waiver; where nothing did, all of it.
fn because(packs: &Packs, finding: &Finding, why: &[Turn]) -> Vec<Turn> {
    let is_own = |turn: &&Turn| {
        let rule = turn.rule.and_then(|rule| packs.rules.get(rule));
        let of_waiver = matches!(turn.cause, Cause::WaiverBegins | Cause::WaiverEnded);
        rule.is_some_and(|rule| *rule.id == *finding.problem.rule)
            || (of_waiver
                && finding.problem.rule.starts_with("remit/waiver-")
                && turn.place.is_some_and(|place| place.contains(finding.problem.span)))
    };
    let own: Vec<Turn> = why.iter().filter(is_own).cloned().collect();
    if own.is_empty() { why.to_vec() } else { own }
}
