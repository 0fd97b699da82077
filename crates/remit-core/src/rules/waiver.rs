//! Waivers: one function decides, for every window, whether a failure is waived. A waiver that does nothing is a finding.

use std::sync::Arc;

use crate::check::Check;
use crate::model::Entity;
use crate::model::bodies::BodyId;
use crate::model::clock::Cause;
use crate::model::value::{Datum, Value};
use crate::problem::{Problem, Severity, Verdict, WaiverUse};
use crate::rules::judgement::Judgement;
use crate::rules::{Form, Rule};
use crate::source::Span;
use crate::time::{Date, Duration};

/// The rules under which waivers themselves are reported.
pub(crate) const REFUSED: &str = "remit/waiver-refused";
pub(crate) const EXPIRED: &str = "remit/waiver-expired";
pub(crate) const UNUSED: &str = "remit/waiver-unused";

/// One waiver of the plan.
pub(crate) struct Waiver<'e> {
    entity: &'e Entity,
    rule: Arc<str>,
    subject: Arc<str>,
    approved_by: Option<String>,
    standing: Standing,
    used: bool,
}

/// Whether a waiver holds.
enum Standing {
    InForce,
    Expired(Date),
    /// It does not hold, and why; what cannot be read has been reported already.
    Refused(Option<Box<Problem>>),
}

/// Every waiver of the plan, each judged by itself.
pub(crate) fn read<'e>(cx: &Check<'e>) -> Vec<Waiver<'e>> {
    let Some(kind) = cx.vocabulary.kind("waiver") else { return Vec::new() };
    let mut waivers = Vec::new();
    for (_, entity) in cx.plan.of_kind(kind) {
        let (Some(Value::Name(rule)), Some(Value::Name(subject))) = (entity.value("name"), entity.value("subject")) else { continue };
        cx.plan.clock.about(cx.rules.iter().position(|known| known.id == *rule));
        let standing = standing(cx, entity, rule);
        let approved_by = match approver(entity).and_then(|datum| datum.value.as_ref()) {
            Some(Value::Body(body)) => Some(cx.plan.bodies.shown(*body)),
            _ => None,
        };
        waivers.push(Waiver { entity, rule: rule.clone(), subject: subject.clone(), approved_by, standing, used: false });
    }
    cx.plan.clock.about(None);
    renewed_too_often(cx, &mut waivers);
    waivers
}

/// The rule and the subject that each waiver of the plan names.
pub(crate) fn named(cx: &Check<'_>) -> Vec<(Arc<str>, Arc<str>)> {
    read(cx).into_iter().map(|waiver| (waiver.rule, waiver.subject)).collect()
}

/// Whether a waiver of this subject is for what a rule says here.
pub(crate) fn is_for(subject: &str, judgement: &Judgement) -> bool {
    judgement.names.iter().any(|name| **name == *subject) || *subject == *judgement.subject
}

/// Refuses what renews a waiver more often than its rule allows: those that held before it, for the same rule and the same thing, by their approval.
fn renewed_too_often(cx: &Check<'_>, waivers: &mut [Waiver<'_>]) {
    let approved = |waiver: &Waiver<'_>| match waiver.entity.value("approved") {
        Some(Value::Date(date)) if !matches!(waiver.standing, Standing::Refused(_)) => Some((*date, waiver.entity.place)),
        _ => None,
    };
    let mut refused = Vec::new();
    for (at, waiver) in waivers.iter().enumerate() {
        let (Some(rule), Some(own)) = (rule_of(cx, &waiver.rule), approved(waiver)) else { continue };
        let Some(most) = rule.renewals else { continue };
        let same = |other: &&Waiver<'_>| other.rule == waiver.rule && same_subject(&other.subject, &waiver.subject);
        let mut before: Vec<(Date, Span)> = waivers.iter().filter(same).filter_map(approved).filter(|other| *other < own).collect();
        before.sort();
        if before.len() > most as usize {
            let allowed = match most {
                0 => "it may not be renewed".to_owned(),
                1 => "it may be renewed once".to_owned(),
                many => format!("it may be renewed {many} times"),
            };
            let days: Vec<String> = before.iter().map(|(day, _)| day.to_string()).collect();
            let message = format!("`{}` was waived for {} on {}, and {allowed}", rule.short(), waiver.subject, days.join(", on "));
            let mut problem = Problem::error(REFUSED, waiver.entity.place, message).help("put the matter right: it cannot be waived again");
            for (day, place) in before {
                problem = problem.also(place, format!("approved on {day}"));
            }
            refused.push((at, problem));
        }
    }
    for (at, problem) in refused {
        if let Some(waiver) = waivers.get_mut(at) {
            waiver.standing = Standing::Refused(Some(Box::new(problem)));
        }
    }
}

/// Whether two waivers are for the same thing, with its kind or without.
fn same_subject(one: &str, other: &str) -> bool {
    let ends = |long: &str, short: &str| long.strip_suffix(short).is_some_and(|kind| kind.is_empty() || kind.ends_with(' '));
    ends(one, other) || ends(other, one)
}

/// The rule that a waiver names, as it stands for the plan.
fn rule_of<'c>(cx: &Check<'c>, rule: &Arc<str>) -> Option<&'c Rule> {
    cx.rules.iter().filter(|known| known.id == *rule).max_by_key(|known| cx.stands(known))
}

/// Who approved a waiver, as written.
fn approver(entity: &Entity) -> Option<&Datum> {
    entity.field("approved").and_then(|field| field.clause("approver"))
}

fn standing(cx: &Check<'_>, entity: &Entity, rule: &Arc<str>) -> Standing {
    let refuse = |problem: Problem| Standing::Refused(Some(Box::new(problem)));
    let place = |name: &str| entity.field(name).map_or(entity.place, |field| field.values.first().map_or(field.place, |datum| datum.place));
    let Some(rule) = rule_of(cx, rule) else { return Standing::Refused(None) };
    if matches!(rule.form, Form::Reserve(_)) {
        return refuse(
            Problem::error(REFUSED, entity.place, format!("`{}` is never waived", rule.short()))
                .help("what stays national cannot be waived: remove the waiver, and the responsibility with it"),
        );
    }
    for field in ["until", "because", "approved"] {
        let says_nothing = matches!(entity.value(field), Some(Value::Text(text)) if text.trim().is_empty());
        if (entity.field(field).is_none() && !entity.fenced) || says_nothing {
            return refuse(
                Problem::error(REFUSED, entity.place, format!("this waiver has no `{field}`"))
                    .help("a waiver is dated, reasoned and approved: `until`, `because` and `approved … by …`"),
            );
        }
    }
    let (Some(Value::Date(until)), Some(Value::Date(approved))) = (entity.value("until"), entity.value("approved")) else {
        return Standing::Refused(None);
    };
    let Some(approver) = approver(entity) else {
        return refuse(
            Problem::error(REFUSED, place("approved"), "nobody approved this waiver").help("write `by` and the body that approved it"),
        );
    };
    let Some(Value::Body(body)) = approver.value else { return Standing::Refused(None) };
    let tier_name = |tier| cx.vocabulary.scale("tier").map_or("", |scale| cx.vocabulary.level_name(scale, tier));
    match rule.waivable_by {
        Some(tier) if cx.plan.bodies.tier(body) >= tier => {}
        Some(tier) => {
            let message = format!("{} cannot waive `{}`: the {} can", cx.plan.bodies.shown(body), rule.short(), tier_name(tier));
            return refuse(Problem::error(REFUSED, approver.place, message).help(format!("ask the {} to approve it", tier_name(tier))));
        }
        None => {
            return refuse(Problem::error(REFUSED, entity.place, format!("`{}` is never waived", rule.short())).help("remove the waiver"));
        }
    }
    if asked_by(cx, entity, body) {
        let message = format!("{} asked for this waiver, and cannot approve it", cx.plan.bodies.shown(body));
        return refuse(
            Problem::error(REFUSED, approver.place, message)
                .also(place("requested-by"), "asked for here")
                .help("have another body approve it"),
        );
    }
    if let Some((term, last)) = rule.max_term.and_then(|term| Some((term, term.after(*approved)?))).filter(|(_, last)| *last < *until) {
        let message = format!("this waiver lasts longer than {}: approved on {approved}, it may hold to {last}", term.in_months());
        return refuse(
            Problem::error(REFUSED, place("until"), message)
                .also(place("approved"), "approved here")
                .help(format!("end it on {last} or before, and have it renewed then")),
        );
    }
    let clock = &cx.plan.clock;
    if !clock.reached(*approved, Cause::WaiverBegins, Some(entity.whole)) {
        return refuse(
            Problem::error(REFUSED, place("approved"), format!("this waiver is not yet approved on {}", cx.plan.as_of))
                .help(format!("it holds from {approved}")),
        );
    }
    if clock.passed(*until, Cause::WaiverEnded, Some(entity.whole)) {
        return Standing::Expired(*until);
    }
    Standing::InForce
}

/// Whether a body asked for a waiver itself, by its code or by its name.
fn asked_by(cx: &Check<'_>, entity: &Entity, body: BodyId) -> bool {
    let Some(Value::Text(asked)) = entity.value("requested-by") else { return false };
    let asked = asked.trim().to_lowercase();
    let Some(known) = cx.plan.bodies.get(body) else { return false };
    let names = [
        Some(known.code.to_string()),
        known.alias.as_ref().map(ToString::to_string),
        Some(known.name.to_string()),
        Some(cx.plan.bodies.shown(body)),
    ];
    names.into_iter().flatten().any(|name| name.to_lowercase() == asked)
}

/// Whether a failure is waived, and by what. Only a failure can be; the waiver is then used.
pub(crate) fn decide(rule: &Rule, judgement: &Judgement, waivers: &mut [Waiver<'_>]) -> Option<WaiverUse> {
    if !matches!(judgement.verdict, Verdict::Fail | Verdict::Undetermined) {
        return None;
    }
    let matching = |waiver: &&mut Waiver<'_>| waiver.rule == rule.id && is_for(&waiver.subject, judgement);
    let mut applied = None;
    // Of what cannot be told yet, nobody can say that the waiver is not needed: it is used, and waives nothing.
    for waiver in waivers.iter_mut().filter(matching).filter(|waiver| matches!(waiver.standing, Standing::InForce)) {
        waiver.used = true;
        if judgement.verdict == Verdict::Fail && applied.is_none() {
            applied = Some(use_of(waiver));
        }
    }
    // Of one that has ended it is said that the rule still fails only where it does.
    if applied.is_none() && judgement.verdict == Verdict::Fail {
        waivers.iter_mut().filter(matching).for_each(|waiver| waiver.used = true);
    }
    applied
}

fn use_of(waiver: &Waiver<'_>) -> WaiverUse {
    let entity = waiver.entity;
    let text = |name: &str| match entity.value(name) {
        Some(Value::Text(text)) => Some(text.to_string()),
        Some(Value::Date(date)) => Some(date.to_string()),
        _ => None,
    };
    WaiverUse { span: entity.line, until: text("until"), because: text("because"), approved_by: waiver.approved_by.clone() }
}

/// How long before its last day a waiver is said to be expiring.
pub const EXPIRES_WITHIN: Duration = Duration::Days(90);

/// Whether a waiver holds, for the register of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Held {
    /// It holds, and waives something.
    InForce,
    /// It holds, waives something, and its last day is not far off.
    Expiring,
    /// It holds, and there is nothing for it to waive.
    Unused,
    /// Its last day is over.
    Expired,
    /// It does not hold.
    Refused,
}

impl Held {
    /// The name in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::InForce => "in-force",
            Self::Expiring => "expiring",
            Self::Unused => "unused",
            Self::Expired => "expired",
            Self::Refused => "refused",
        }
    }
}

/// A waiver in the register.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Whether it holds.
    pub held: Held,
    /// Why it does not, as a part of a sentence.
    pub why: Option<String>,
    /// The rule, as `pack/rule`.
    pub rule: String,
    /// What it is for, as written.
    pub subject: String,
    /// The last day.
    pub until: Option<Date>,
    /// The day of the approval.
    pub approved: Option<Date>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// Who asked for it.
    pub requested_by: Option<String>,
    /// The reason.
    pub because: Option<String>,
    /// Whether something fails that it is, or was, for.
    pub needed: bool,
    /// Where it stands in the plan.
    pub span: Span,
}

/// The register of the waivers, once every rule has been asked.
pub(crate) fn register(cx: &Check<'_>, waivers: &[Waiver<'_>]) -> Vec<Entry> {
    let soon = EXPIRES_WITHIN.after(cx.plan.as_of).unwrap_or(Date::MAX);
    let entry = |waiver: &Waiver<'_>| {
        let date = |name: &str| match waiver.entity.value(name) {
            Some(Value::Date(date)) => Some(*date),
            _ => None,
        };
        let text = |name: &str| match waiver.entity.value(name) {
            Some(Value::Text(text)) => Some(text.to_string()),
            _ => None,
        };
        let until = date("until");
        let (held, why) = match &waiver.standing {
            Standing::Refused(Some(problem)) => (Held::Refused, Some(problem.message.clone())),
            Standing::Refused(None) => (Held::Refused, Some("part of it could not be read, or it names no rule that is known".to_owned())),
            Standing::Expired(_) => (Held::Expired, None),
            Standing::InForce if !waiver.used => (Held::Unused, None),
            Standing::InForce if until.is_some_and(|until| until <= soon) => (Held::Expiring, None),
            Standing::InForce => (Held::InForce, None),
        };
        Entry {
            held,
            why,
            rule: waiver.rule.to_string(),
            subject: waiver.subject.to_string(),
            until,
            approved: date("approved"),
            approved_by: waiver.approved_by.clone(),
            requested_by: text("requested-by"),
            because: text("because"),
            needed: waiver.used,
            span: waiver.entity.place,
        }
    };
    waivers.iter().map(entry).collect()
}

/// What is wrong with the waivers themselves, once every rule has been asked.
pub(crate) fn findings(cx: &Check<'_>, waivers: Vec<Waiver<'_>>) -> Vec<(String, Problem)> {
    let mut found = Vec::new();
    for waiver in waivers {
        let entity = waiver.entity;
        let subject = format!("{} for {}", cx.subject(entity), waiver.subject);
        let name = waiver.rule.split_once('/').map_or(&*waiver.rule, |(_, id)| id);
        let until = entity.field("until").and_then(|field| field.values.first()).map_or(entity.place, |datum| datum.place);
        let problem = match (waiver.standing, waiver.used) {
            (Standing::Refused(problem), _) => problem.map(|problem| *problem),
            (Standing::Expired(day), true) => Some(
                Problem::warning(EXPIRED, until, format!("this waiver ended on {day}, and the rule still fails"))
                    .help("put the matter right, or have the waiver renewed"),
            ),
            (Standing::Expired(day), false) => Some(Problem {
                severity: Severity::Note,
                ..Problem::warning(EXPIRED, until, format!("this waiver ended on {day}")).help("remove it: the rule no longer fails")
            }),
            (Standing::InForce, false) => Some(
                Problem::warning(
                    UNUSED,
                    entity.place,
                    format!("this waiver waives nothing: `{name}` does not fail for {}", waiver.subject),
                )
                .help("remove it, or check the rule's name and whom it is for"),
            ),
            (Standing::InForce, true) => None,
        };
        found.extend(problem.map(|problem| (subject, problem)));
    }
    found
}
