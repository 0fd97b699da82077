//! Code lenses: above a statement, what it comes to: what a body answers for, how ready it is, what was found.

use crate::ide::View;
use crate::ide::index::Symbol;
use crate::model::Entity;
use crate::model::bodies::BodyId;
use crate::model::value::Value;
use crate::problem::{Severity, Verdict};
use crate::source::{FileId, Span};
use crate::vocabulary::TermId;

/// How many functions are named in a lens.
const MOST_NAMED: usize = 3;

/// A line above a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lens {
    /// The words above which it stands.
    pub span: Span,
    /// What it says.
    pub title: String,
    /// What happens when it is chosen.
    pub opens: Opens,
}

/// What happens when a lens is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opens {
    /// Nothing: it only says.
    Nothing,
    /// Those places are shown.
    Places(Vec<Span>),
    /// The findings are shown.
    Findings,
    /// The readiness ladder is shown.
    Readiness,
}

/// The lenses of a file.
pub fn lenses(view: View<'_>, file: FileId) -> Vec<Lens> {
    let plan = view.plan();
    let mut lenses = Vec::new();
    let from = plan.entities.partition_point(|entity| entity.whole.file < file);
    let mut last = None;
    for entity in plan.entities.get(from..).unwrap_or(&[]).iter().take_while(|entity| entity.whole.file == file) {
        let kind = view.vocabulary().kind_def(entity.kind).map_or("", |kind| &*kind.name);
        match kind {
            "plan" => lenses.extend(findings(view, entity)),
            "readiness" => lenses.extend(readiness(view, entity)),
            "responsibility" => lenses.extend(line(view, entity)),
            _ => {}
        }
        // Of `organisation RTD, RTF` each has its own.
        for (body, place) in entity.bodies("code") {
            if last != Some(place) {
                lenses.extend(answers_for(view, entity, body));
            }
            last = Some(place);
        }
    }
    lenses
}

/// What was found in the plan, on its statement.
fn findings(view: View<'_>, entity: &Entity) -> Option<Lens> {
    let count = |wanted: &dyn Fn(Verdict, Severity) -> bool| {
        view.findings().iter().filter(|finding| !finding.is_consulted && wanted(finding.verdict, finding.problem.severity)).count()
    };
    let failed = |severity| count(&|verdict, found| verdict == Verdict::Fail && found == severity);
    let plural = |count: usize, what: &str| (count > 0).then(|| format!("{count} {what}{}", if count == 1 { "" } else { "s" }));
    let parts: Vec<String> = [
        plural(failed(Severity::Error), "error"),
        plural(failed(Severity::Warning), "warning"),
        plural(failed(Severity::Note), "note"),
        Some(count(&|verdict, _| verdict == Verdict::Undetermined))
            .filter(|count| *count > 0)
            .map(|count| format!("{count} cannot be told")),
        Some(count(&|verdict, _| verdict == Verdict::Waived)).filter(|count| *count > 0).map(|count| format!("{count} waived")),
        Some(view.findings().iter().filter(|finding| finding.is_consulted).count())
            .filter(|count| *count > 0)
            .map(|count| format!("{count} in consultation")),
    ]
    .into_iter()
    .flatten()
    .collect();
    let says = if parts.is_empty() { "nothing found".to_owned() } else { parts.join(" · ") };
    Some(Lens { span: entity.place, title: format!("as of {}: {says}", view.plan().as_of), opens: Opens::Findings })
}

/// What an assessment comes to: the gates that it opens, or does not.
fn readiness(view: View<'_>, entity: &Entity) -> Option<Lens> {
    let Some(Value::Term(function)) = entity.value("function") else { return None };
    let level = match entity.value("level") {
        Some(Value::Level(scale, level)) => view.vocabulary().level_name(*scale, *level).to_owned(),
        _ => "no level".to_owned(),
    };
    let body = entity.bodies("body").next().map(|(body, _)| body).or(view.plan().body)?;
    let places = accountable(view, *function, Some(body));
    let gate = places.iter().flat_map(|place| view.gates_at(*place)).next();
    let title = match gate {
        Some(gate) => format!("{level} · {}: {}", gate.label(), gate.says),
        None => format!("{level} · {} is not accountable for it here", view.plan().bodies.shown(body)),
    };
    Some(Lens { span: entity.place, title, opens: if places.is_empty() { Opens::Readiness } else { Opens::Places(places) } })
}

/// Who becomes accountable for a function, where a gate stands before it.
fn line(view: View<'_>, entity: &Entity) -> Option<Lens> {
    let Some(Value::Term(function)) = entity.value("function") else { return None };
    let kind = view.vocabulary().kind("readiness")?;
    view.rules_on(*function).find(|rule| matches!(rule.form, crate::rules::Form::Gate(_)))?;
    let assessments: Vec<Span> = view
        .plan()
        .of_kind(kind)
        .filter(|(_, readiness)| readiness.value("function") == Some(&Value::Term(*function)))
        .map(|(_, readiness)| readiness.place)
        .collect();
    let title = match assessments.len() {
        0 => "not assessed".to_owned(),
        1 => "1 assessment".to_owned(),
        count => format!("{count} assessments"),
    };
    Some(Lens { span: entity.place, title, opens: if assessments.is_empty() { Opens::Readiness } else { Opens::Places(assessments) } })
}

/// What a body is accountable and responsible for.
fn answers_for(view: View<'_>, entity: &Entity, body: BodyId) -> Option<Lens> {
    let holds = |role: &str| -> (Vec<String>, Vec<Span>) {
        let mut names: Vec<String> = Vec::new();
        let mut places = Vec::new();
        for occurrence in view.index().all(&Symbol::Body(body)) {
            let Some(found) = view.entity_at(occurrence.place) else { continue };
            let named = found.bodies(role).any(|(_, place)| place == occurrence.place);
            if let (true, Some(Value::Term(function))) = (named, found.value("function")) {
                places.push(occurrence.place);
                let title = view.vocabulary().title(*function);
                if !names.contains(&title) {
                    names.push(title);
                }
            }
        }
        (names, places)
    };
    let list = |names: &[String]| {
        let shown: Vec<&str> = names.iter().take(MOST_NAMED).map(String::as_str).collect();
        let more = names.len().saturating_sub(shown.len());
        if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
    };
    let ((accountable, mut places), (responsible, more)) = (holds("accountable"), holds("responsible"));
    places.extend(more);
    let mut parts = Vec::new();
    if !accountable.is_empty() {
        parts.push(format!("accountable for {}", list(&accountable)));
    }
    if !responsible.is_empty() {
        parts.push(format!("responsible for {}", list(&responsible)));
    }
    (!parts.is_empty()).then(|| Lens { span: entity.place, title: parts.join(" · "), opens: Opens::Places(places) })
}

/// Where a body, or anyone, becomes accountable for a function.
fn accountable(view: View<'_>, function: TermId, body: Option<BodyId>) -> Vec<Span> {
    let Some(kind) = view.vocabulary().kind("responsibility") else { return Vec::new() };
    view.plan()
        .of_kind(kind)
        .filter(|(_, entity)| entity.value("function") == Some(&Value::Term(function)))
        .flat_map(|(_, entity)| entity.bodies("accountable"))
        .filter(|(found, _)| body.is_none_or(|body| body == *found))
        .map(|(_, place)| place)
        .collect()
}
