//! Why a rule says what it says: its words with what each part came to, where every figure stands, what is absent, and what would pass.
//!
//! Nothing is judged here: the rules' own functions are asked again, and tell what they ask.

mod change;
pub mod drawing;
mod forms;

use crate::check::{Check, Opened};
use crate::packs::Packs;
use crate::problem::{Finding, Verdict, cut};
use crate::rules::each::{self, Asked, Traced};
use crate::rules::judgement::Judgement;
use crate::rules::over::Rollup;
use crate::rules::trace::{Found, Sort, Step, Suppose};
use crate::rules::waiver::{self, Entry, Held};
use crate::rules::{Each, Form, Rule, Words};
use crate::source::Span;
use crate::time::Date;

pub use crate::why::change::{Bound, Change};

/// Why a rule says what it says of one subject.
#[derive(Debug, Clone)]
pub struct Why {
    /// The rule, as `pack/rule`.
    pub rule: String,
    /// What it looked at.
    pub subject: String,
    /// What it says, waivers included; `None`: it does not look at the subject.
    pub verdict: Option<Verdict>,
    /// The words of the plan that it is about.
    pub place: Span,
    /// The finding; `None` where there is none, since it passes or does not look at the subject.
    pub finding: Option<Finding>,
    /// The form of the rule; `None` for the language's own.
    pub form: Option<&'static str>,
    /// Of a rule with expressions, what it asked, in order.
    pub asked: Vec<Part>,
    /// Of a rule of another form, what it asks for, and what was there.
    pub conditions: Vec<Condition>,
    /// Where it cannot be told: what is absent.
    pub absent: Vec<Absent>,
    /// Where it fails: the changes of one thing alone that would pass, the smallest first.
    pub changes: Vec<Change>,
    /// Where it rests on estimates: what it says if each turned out low, central or high.
    pub estimates: Option<[Option<Verdict>; 3]>,
    /// The waivers of the plan that are for it, whether they count or not.
    pub waivers: Vec<Entry>,
    /// Of a gate: the first day on or after that of the check on which it could open, by what is in the plan.
    pub opens: Option<Option<Date>>,
}

/// A part of a rule with expressions.
#[derive(Debug, Clone)]
pub struct Part {
    /// The key: `where`, `expect`.
    pub key: &'static str,
    /// Whether it widens the one before it, for a rule of a lower pack.
    pub is_further: bool,
    /// Its words, as the rule writes them.
    pub words: String,
    /// What it came to.
    pub step: Step,
}

/// What a rule asks for, and what was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// What is asked for.
    pub asked: String,
    /// What was there.
    pub found: String,
    /// Whether that is enough; `None`: it cannot be told.
    pub holds: Option<bool>,
    /// What would be.
    pub passes: Option<String>,
    /// The words of the plan, and what they are.
    pub places: Vec<(Span, String)>,
}

/// Something that is absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absent {
    /// What, as a part of a sentence.
    pub what: String,
    /// The statement in which it is looked for.
    pub place: Option<Span>,
}

/// Why there is a finding in a plan.
pub fn finding(opened: &Opened, packs: &Packs, finding: &Finding) -> Why {
    let cx = opened.check(packs);
    let mut why = of_finding(finding);
    for (at, rule) in packs.rules.iter().enumerate() {
        if *rule.id != *finding.problem.rule || Some(rule.decides) != finding.rule_place || !cx.stands(rule) {
            continue;
        }
        why.form = Some(rule.form.name());
        let found = match &rule.form {
            Form::Each(each) => each_finding(&cx, (at, rule, each), finding, &mut why),
            form => forms::told(&cx, (at, rule), form, |judgement| is_of(finding, judgement), &mut why),
        };
        if let Some(judgement) = found {
            why.waivers = waivers(&opened.analysis.waivers, rule, &judgement);
            break;
        }
    }
    why
}

/// Why there is a finding of several plans together.
pub fn together(packs: &Packs, finding: &Finding, rollups: &[Rollup]) -> Why {
    let mut why = of_finding(finding);
    let rule = packs.rules.iter().find(|rule| *rule.id == *finding.problem.rule && Some(rule.decides) == finding.rule_place);
    let Some((rule, Form::Over(over))) = rule.map(|rule| (rule, &rule.form)) else { return why };
    why.form = Some(rule.form.name());
    let is_it =
        |one: &&Rollup| one.rule == *rule.id && one.body == finding.plan && one.subject.as_ref().unwrap_or(&one.body) == &finding.subject;
    let Some(rollup) = rollups.iter().find(is_it) else { return why };
    why.asked.extend(rollup.steps.clone().map(|step| Part { key: "expect", is_further: false, words: over.words.to_string(), step }));
    for part in &rollup.parts {
        let amounts: Vec<&str> = part.amounts.iter().map(|amount| amount.as_deref().unwrap_or("cannot be told")).collect();
        why.conditions.push(Condition {
            asked: format!("{} ({})", part.name, part.system),
            found: amounts.join(", "),
            holds: if part.missing.is_empty() { Some(true) } else { None },
            passes: None,
            places: part.figures.iter().map(|label| (label.span, label.message.clone())).collect(),
        });
        why.absent.extend(part.missing.iter().map(|what| Absent { what: format!("in the plan of {}, {what}", part.system), place: None }));
    }
    why
}

/// What a rule says of everything that words name: a statement, a body, a table.
pub fn subject(opened: &Opened, packs: &Packs, rule: &str, words: &str) -> Vec<Why> {
    let cx = opened.check(packs);
    let mut found = Vec::new();
    for (at, known) in packs.rules.iter().enumerate().filter(|(_, known)| *known.id == *rule && cx.stands(known)) {
        match &known.form {
            Form::Each(each) => {
                for asked in each::asked(&cx, each).iter().filter(|asked| asked.is_called(words)) {
                    let traced = asked.traced(&cx, at, known, each, Suppose::Nothing);
                    let told = |(nth, traced): (usize, &Traced)| {
                        let mut why = nothing(rule, asked.subject().to_owned(), asked.place());
                        why.form = Some(known.form.name());
                        each_told(&cx, (at, known, each), (asked, nth, traced), &mut why);
                        if let Some(judgement) = &traced.judgement {
                            why.subject.clone_from(&judgement.subject);
                            why.verdict = Some(judgement.verdict);
                            why.waivers = waivers(&opened.analysis.waivers, known, judgement);
                        }
                        why
                    };
                    found.extend(traced.iter().enumerate().map(told));
                }
            }
            Form::Over(_) => {}
            form => {
                for judgement in forms::judgements(&cx, (at, known), form).iter().filter(|judgement| is_called(judgement, words)) {
                    let mut why = nothing(rule, judgement.subject.clone(), judgement.span);
                    why.form = Some(known.form.name());
                    why.verdict = Some(judgement.verdict);
                    let is_it = |other: &Judgement| {
                        (other.span, &other.message, &other.distinct) == (judgement.span, &judgement.message, &judgement.distinct)
                    };
                    forms::told(&cx, (at, known), form, is_it, &mut why);
                    why.waivers = waivers(&opened.analysis.waivers, known, judgement);
                    found.push(why);
                }
            }
        }
    }
    for why in &mut found {
        let of_it =
            |finding: &&Finding| finding.problem.rule == rule && finding.subject == why.subject && Some(finding.verdict) == why.verdict;
        let here = |finding: &&Finding| why.place == finding.problem.span;
        let all = || opened.analysis.findings.iter().filter(of_it);
        if let Some(finding) = all().find(here).or_else(|| all().next()) {
            why.finding = Some(finding.clone());
            why.place = finding.problem.span;
        }
    }
    found
}

/// What every rule with expressions says of everything that it looks at, and why: for tests, that it says the same when it is asked why.
pub fn everything(opened: &Opened, packs: &Packs) -> Vec<Why> {
    let cx = opened.check(packs);
    let mut all = Vec::new();
    for (at, rule) in packs.rules.iter().enumerate().filter(|(_, rule)| cx.stands(rule) && opened.plan.header().is_some()) {
        let Form::Each(each) = &rule.form else { continue };
        for asked in each::asked(&cx, each) {
            let traced = asked.traced(&cx, at, rule, each, Suppose::Nothing);
            let plain = asked.judged(&cx, at, rule, each);
            for (nth, traced) in traced.iter().enumerate() {
                let Some(judgement) = &traced.judgement else { continue };
                // What holds of a body that the plan leaves out is no pass of the plan's.
                if judgement.verdict == Verdict::Pass && plain.len() <= nth {
                    continue;
                }
                let mut why = nothing(&rule.id, judgement.subject.clone(), judgement.span);
                why.form = Some(rule.form.name());
                each_told(&cx, (at, rule, each), (&asked, nth, traced), &mut why);
                why.verdict = Some(judgement.verdict);
                all.push(why);
            }
        }
    }
    all
}

/// What a rule may be asked about, for whoever names nothing that it looks at: the subjects of an `each`.
pub fn subjects(opened: &Opened, packs: &Packs, rule: &str) -> Vec<String> {
    let cx = opened.check(packs);
    let mut all = Vec::new();
    for (at, known) in packs.rules.iter().enumerate().filter(|(_, known)| *known.id == *rule && cx.stands(known)) {
        match &known.form {
            Form::Each(each) => all.extend(each::asked(&cx, each).iter().map(|asked| asked.subject().to_owned())),
            Form::Over(_) => {}
            form => all.extend(forms::judgements(&cx, (at, known), form).into_iter().map(|judgement| judgement.subject)),
        }
    }
    all.dedup();
    all
}

fn nothing(rule: &str, subject: String, place: Span) -> Why {
    Why {
        rule: rule.to_owned(),
        subject,
        verdict: None,
        place,
        finding: None,
        form: None,
        asked: Vec::new(),
        conditions: Vec::new(),
        absent: Vec::new(),
        changes: Vec::new(),
        estimates: None,
        waivers: Vec::new(),
        opens: None,
    }
}

fn of_finding(finding: &Finding) -> Why {
    let why = nothing(&finding.problem.rule, finding.subject.clone(), finding.problem.span);
    Why { verdict: Some(finding.verdict), finding: Some(finding.clone()), ..why }
}

/// Whether a finding is what a judgement became.
fn is_of(finding: &Finding, judgement: &Judgement) -> bool {
    let is_group = judgement.left_out.is_some() && finding.subject.ends_with(" left out");
    let is_one = judgement.span == finding.problem.span
        && cut(judgement.subject.clone()) == finding.subject
        && finding.problem.message.starts_with(cut(judgement.message.clone()).trim_end_matches('…'));
    judgement.verdict != Verdict::Pass && (is_group && judgement.verdict == finding.verdict || is_one)
}

/// Whether words name what a judgement is about.
fn is_called(judgement: &Judgement, words: &str) -> bool {
    let is = |name: &str| name.to_lowercase() == words.to_lowercase();
    is(&judgement.subject)
        || judgement.names.iter().any(|name| is(name))
        || judgement.subject.split_once(' ').is_some_and(|(_, name)| is(name))
}

fn waivers(all: &[Entry], rule: &Rule, judgement: &Judgement) -> Vec<Entry> {
    let is_for = |entry: &&Entry| *entry.rule == *rule.id && waiver::is_for(&entry.subject, judgement);
    let mut found: Vec<Entry> = all.iter().filter(is_for).cloned().collect();
    // Of a pass, one that holds says nothing.
    found.retain(|entry| judgement.verdict != Verdict::Pass || matches!(entry.held, Held::Refused | Held::Expired));
    found
}

type One<'r> = (usize, &'r Rule, &'r Each);

fn each_finding(cx: &Check<'_>, (at, rule, each): One<'_>, finding: &Finding, why: &mut Why) -> Option<Judgement> {
    let all = each::asked(cx, each);
    let asked = all.iter().find(|asked| asked.judged(cx, at, rule, each).iter().any(|judgement| is_of(finding, judgement)))?;
    let traced = asked.traced(cx, at, rule, each, Suppose::Nothing);
    let is_it = |traced: &&Traced| traced.judgement.as_ref().is_some_and(|judgement| is_of(finding, judgement));
    let nth = traced.iter().position(|traced| is_it(&traced))?;
    each_told(cx, (at, rule, each), (asked, nth, traced.get(nth)?), why);
    traced.into_iter().nth(nth)?.judgement
}

fn each_told(cx: &Check<'_>, (at, rule, each): One<'_>, (asked, nth, traced): (&Asked<'_>, usize, &Traced), why: &mut Why) {
    if let (Some(words), Some(step)) = (&each.condition_words, &traced.condition) {
        written("where", words, step, &mut why.asked);
    }
    if let Some(step) = &traced.expect {
        why.asked.push(Part { key: "expect", is_further: false, words: each.words.to_string(), step: step.clone() });
    }
    let again = |suppose: Suppose| asked.traced(cx, at, rule, each, suppose).into_iter().nth(nth);
    match traced.judgement.as_ref().map(|judgement| judgement.verdict) {
        Some(Verdict::Fail) => {
            if let Some(step) = &traced.expect {
                why.changes = change::changes(cx, &each.words, step, &again);
            }
        }
        Some(Verdict::Undetermined) => {
            let steps = traced.condition.iter().filter(|step| step.found == Found::Unknown).chain(&traced.expect);
            steps.for_each(|step| absent(step, &mut why.absent));
            let said = traced.outcome.missing.iter().map(|what| Absent { what: what.clone(), place: None });
            let unsaid: Vec<Absent> = said.filter(|one| !why.absent.iter().any(|known| known.what == one.what)).collect();
            if why.absent.is_empty() {
                why.absent = unsaid;
            }
            let judgement = traced.judgement.as_ref().filter(|_| why.absent.is_empty() && !traced.outcome.at_risk);
            why.absent.extend(judgement.map(|judgement| Absent { what: judgement.message.clone(), place: Some(judgement.span) }));
        }
        _ => {}
    }
    let estimates = |step: &Step| {
        let is_estimate =
            |step: &&Step| step.figure.as_ref().is_some_and(|figure| matches!(figure.value, Some(crate::model::value::Value::Estimate(_))));
        step.all().iter().any(is_estimate)
    };
    if traced.expect.as_ref().is_some_and(estimates) {
        let verdict = |which| again(Suppose::Estimates(which)).and_then(|traced| Some(traced.judgement?.verdict));
        why.estimates = Some([verdict(0), verdict(1), verdict(2)]);
    }
}

/// The words of a `where`, and of what a lower pack adds to it.
fn written(key: &'static str, words: &Words, step: &Step, parts: &mut Vec<Part>) {
    match words {
        Words::Written(words) => {
            parts.push(Part { key, is_further: !parts.is_empty(), words: words.to_string(), step: step.clone() });
        }
        Words::Either(one, other) if step.sort == Sort::Joins => {
            [one, other].into_iter().zip(&step.parts).for_each(|(words, step)| written(key, words, step, parts));
        }
        Words::Either(..) => {}
    }
}

/// What is absent, as far down as it can be told.
fn absent(step: &Step, found: &mut Vec<Absent>) {
    if step.found != Found::Unknown {
        return;
    }
    let before = found.len();
    step.parts.iter().for_each(|part| absent(part, found));
    if found.len() > before {
        return;
    }
    for what in &step.missing {
        let one = Absent { what: what.clone(), place: step.place };
        if !found.contains(&one) {
            found.push(one);
        }
    }
}
