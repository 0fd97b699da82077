//! Makes findings of judgements and problems: groups what belongs together, gives each its name, and puts them in order.

use std::collections::HashMap;

use crate::check::Check;
use crate::digest;
use crate::model::Entity;
use crate::model::bodies::BodyId;
use crate::problem::{Finding, Label, Problem, Severity, Verdict, WaiverUse, cut};
use crate::rules::Form;
use crate::rules::judgement::Judgement;
use crate::source::Span;
use crate::syntax::MOST_PROBLEMS;

/// How many of the bodies that a plan leaves out are named in the message.
const MOST_NAMED: usize = 5;

pub(super) struct Gather<'c> {
    cx: &'c Check<'c>,
    plan: &'c str,
    findings: Vec<(Finding, String)>,
    /// What the plan leaves out, by rule and verdict.
    left_out: Vec<(usize, Verdict, Vec<Judgement>)>,
}

impl<'c> Gather<'c> {
    pub(super) fn new(cx: &'c Check<'c>, plan: &'c str) -> Self {
        Self { cx, plan, findings: Vec::new(), left_out: Vec::new() }
    }

    /// What a rule says of one subject.
    pub(super) fn judgement(&mut self, judgement: Judgement, waiver: Option<WaiverUse>) {
        if judgement.left_out.is_some() && waiver.is_none() {
            let group = self.left_out.iter_mut().find(|(rule, verdict, _)| *rule == judgement.rule && *verdict == judgement.verdict);
            match group {
                Some((_, _, group)) => group.push(judgement),
                None => self.left_out.push((judgement.rule, judgement.verdict, vec![judgement])),
            }
            return;
        }
        self.push(judgement, waiver);
    }

    fn push(&mut self, judgement: Judgement, waiver: Option<WaiverUse>) {
        let Some(rule) = self.cx.rules.get(judgement.rule) else { return };
        let labels = judgement.labels.into_iter().map(|label| Label { message: cut(label.message), ..label }).collect();
        let problem = Problem {
            rule: rule.id.to_string(),
            severity: judgement.severity,
            message: cut(judgement.message),
            span: judgement.span,
            label: cut(judgement.label),
            labels,
            help: judgement.help.map(cut),
            fixes: judgement.fixes,
        };
        let finding = Finding {
            id: String::new(),
            plan: self.plan.to_owned(),
            subject: cut(judgement.subject),
            verdict: judgement.verdict,
            problem,
            source: Some(rule.source.clone()),
            rule_place: Some(rule.decides),
            tightens: rule.tightens.clone(),
            is_consulted: rule.is_consulted,
            is_known: false,
            slack: judgement.slack.map(cut),
            waiver,
        };
        self.findings.push((finding, judgement.distinct));
    }

    /// What is wrong with the text, before any policy.
    pub(super) fn problem(&mut self, problem: Problem, subject: Option<String>) {
        let subject = cut(subject.unwrap_or_else(|| self.subject_at(problem.span)));
        let distinct = self.cx.sources.words(problem.span).to_owned();
        self.language(problem, subject, Verdict::Fail, distinct);
    }

    /// A finding of the language's own rules.
    fn language(&mut self, problem: Problem, subject: String, verdict: Verdict, distinct: String) {
        let finding = Finding {
            id: String::new(),
            plan: self.plan.to_owned(),
            subject,
            verdict,
            problem,
            source: None,
            rule_place: None,
            tightens: None,
            is_consulted: false,
            is_known: false,
            slack: None,
            waiver: None,
        };
        self.findings.push((finding, distinct));
    }

    /// The statement in which a place lies; the file where it lies in none.
    fn subject_at(&self, span: Span) -> String {
        // INVARIANT: entities stand in the order of the texts, and never within one another.
        let entities = &self.cx.plan.entities;
        let after = entities.partition_point(|entity| (entity.whole.file, entity.whole.start) <= (span.file, span.start));
        let holds = |entity: &&Entity| entity.whole.contains(span);
        let entity = after.checked_sub(1).and_then(|at| entities.get(at)).filter(holds);
        entity.map_or_else(|| self.cx.sources.path(span).rsplit('/').next().unwrap_or("").to_owned(), |entity| self.cx.subject(entity))
    }

    /// Every finding, named and in order.
    pub(super) fn finish(mut self) -> Vec<Finding> {
        let (untold, failed): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.left_out).into_iter().partition(|(_, verdict, _)| *verdict == Verdict::Undetermined);
        for (rule, _, group) in failed {
            if let Some(judgement) = self.grouped(rule, &group) {
                self.push(judgement, None);
            }
        }
        self.untold(untold);
        let key = |finding: &Finding| {
            let place = finding.problem.span;
            (place.file, place.start, std::cmp::Reverse(finding.problem.severity), finding.problem.rule.clone(), finding.subject.clone())
        };
        self.findings.sort_by_cached_key(|(finding, distinct)| (key(finding), distinct.clone()));
        self.cap();
        let mut seen: HashMap<String, u32> = HashMap::new();
        let mut findings = Vec::with_capacity(self.findings.len());
        for (mut finding, distinct) in self.findings {
            let identity = [&finding.problem.rule, &finding.plan, &finding.subject, &distinct].map(|part| part.as_str()).join("\u{1F}");
            let count = seen.entry(identity.clone()).or_insert(0);
            *count += 1;
            finding.id = name(&identity, *count);
            findings.push(finding);
        }
        findings
    }

    /// A file that is no plan has a fault at every word: the first tell that, and the rest are counted. Policy is never capped.
    fn cap(&mut self) {
        let is_language = |finding: &Finding| {
            finding.rule_place.is_none() && finding.verdict == Verdict::Fail && finding.problem.severity == Severity::Error
        };
        let mut kept = 0;
        let mut dropped: Option<(Finding, usize)> = None;
        self.findings.retain(|(finding, _)| {
            if !is_language(finding) || kept < MOST_PROBLEMS {
                kept += usize::from(is_language(finding));
                return true;
            }
            match &mut dropped {
                Some((_, count)) => *count += 1,
                None => dropped = Some((finding.clone(), 1)),
            }
            false
        });
        if let Some((mut first, count)) = dropped {
            first.problem =
                Problem::error(&first.problem.rule, first.problem.span, format!("{count} more faults like those above begin here"))
                    .help("put the first ones right and check again; the file may not be a plan at all");
            self.findings.push((first, "more".to_owned()));
        }
    }

    fn left_out_subject(&self) -> String {
        format!("organisations of {} left out", self.cx.sources.words(self.cx.plan_place()))
    }

    /// The plan's system, as people call it.
    fn system(&self) -> String {
        self.cx.plan.body.map(|body| self.cx.plan.bodies.shown(body)).unwrap_or_default()
    }

    /// The first few of the bodies, and how many more there are.
    fn list(&self, bodies: &[BodyId]) -> String {
        let named: Vec<String> = bodies.iter().take(MOST_NAMED).map(|body| self.cx.plan.bodies.shown(*body)).collect();
        let more = bodies.len().saturating_sub(named.len());
        if more > 0 { format!("{} and {more} more", named.join(", ")) } else { named.join(", ") }
    }

    /// The bodies of which nobody can tell whether the plan leaves them out: one finding, however many rules ask of them.
    fn untold(&mut self, groups: Vec<(usize, Verdict, Vec<Judgement>)>) {
        let cx = self.cx;
        let mut bodies: Vec<BodyId> = groups.iter().flat_map(|(.., group)| group).filter_map(|judgement| judgement.left_out).collect();
        bodies.sort_unstable();
        bodies.dedup();
        let is_consulted = |rule: &usize| cx.rules.get(*rule).is_some_and(|rule| rule.is_consulted);
        let all_consulted = groups.iter().all(|(rule, ..)| is_consulted(rule));
        let counting = groups.iter().filter(|(rule, ..)| all_consulted || !is_consulted(rule));
        let Some(severity) = counting.flat_map(|(.., group)| group).map(|judgement| judgement.severity).max() else { return };
        let mut rules: Vec<String> =
            groups.iter().filter_map(|(rule, ..)| cx.rules.get(*rule)).map(|rule| format!("`{}`", rule.short())).collect();
        rules.dedup();
        let system = self.system();
        let day = cx.plan.shown_day();
        let count = organisations(bodies.len());
        let message = if cx.vocabulary.kind("organisation").is_some_and(|kind| cx.plan.may_hide(kind)) {
            format!("cannot tell for {count} of {system}: they may stand in what could not be read")
        } else {
            format!("cannot tell for {count} that the register shows in {system} on other days: it has no evidence for {day}")
        };
        let mut problem = Problem::error("remit/left-out", cx.plan_place(), message).label(cut(self.list(&bodies))).help(format!(
            "describe those that belonged to the system on {day} in `organisation` statements; {} then {} them",
            rules.join(", "),
            if rules.len() == 1 { "asks of" } else { "ask of" }
        ));
        problem.severity = severity;
        self.language(problem, self.left_out_subject(), Verdict::Undetermined, String::new());
        if let Some((finding, _)) = self.findings.last_mut() {
            finding.is_consulted = all_consulted;
        }
    }

    /// What a rule says of the bodies that the plan does leave out, as one.
    fn grouped(&self, at: usize, group: &[Judgement]) -> Option<Judgement> {
        let (cx, first) = (self.cx, group.first()?);
        let rule = cx.rules.get(at)?;
        let list = self.list(&group.iter().filter_map(|judgement| judgement.left_out).collect::<Vec<_>>());
        let system = self.system();
        let day = cx.plan.shown_day();
        let count = organisations(group.len());
        let names = [("count", count.clone()), ("system", system.clone()), ("day", day.to_string())];
        let omission = match &rule.form {
            Form::Each(each) => each.omission.as_ref().map(|omission| omission.fill(None, &names)),
            _ => None,
        };
        let mut judgement = first.clone();
        judgement.subject = self.left_out_subject();
        judgement.distinct = Verdict::Fail.word().to_owned();
        judgement.message = omission.unwrap_or_else(|| format!("{count} of {system} are left out of this plan"));
        judgement.label = list;
        judgement.help =
            Some("describe each in an `organisation` statement; every organisation of the system counts, written down or not".to_owned());
        Some(judgement)
    }
}

/// Whether a finding speaks of the bodies that a plan leaves out, all together.
pub(crate) fn is_of_left_out(finding: &Finding) -> bool {
    finding.subject.starts_with("organisations of ") && finding.subject.ends_with(" left out")
}

fn organisations(count: usize) -> String {
    format!("{count} organisation{}", if count == 1 { "" } else { "s" })
}

/// A short name that depends on rule, plan and subject only, never on a line.
fn name(identity: &str, count: u32) -> String {
    let mut bytes = identity.as_bytes().to_vec();
    bytes.extend(count.to_be_bytes());
    let mut name = digest::of_bytes(&bytes);
    name.truncate(12);
    name
}
