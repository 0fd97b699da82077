//! Findings as an editor's diagnostics: the same rules at the same places as on the command line.

use std::collections::BTreeMap;

use remit_core::problem::{Finding, Label, Problem, Severity, Verdict};
use remit_core::source::{FileId, Span};
use tower_lsp::ls_types::{
    CodeDescription, Diagnostic, DiagnosticRelatedInformation, DiagnosticSeverity, DiagnosticTag, Location, NumberOrString, Range, Uri,
};

use crate::positions;
use crate::snapshot::Snapshot;

/// What is to be shown in each file.
pub(crate) type ByFile = BTreeMap<Uri, Vec<Diagnostic>>;

/// The findings of a plan, and the faults of its packs; each file of the plan is there, with or without.
pub(crate) fn of(snapshot: &Snapshot) -> ByFile {
    let mut found: ByFile = snapshot.documents.iter().map(|document| (document.uri.clone(), Vec::new())).collect();
    if !snapshot.documents.is_empty() {
        let analysis = snapshot.analysis();
        for finding in &analysis.findings {
            let uri = snapshot.uri(finding.problem.span.file).or(snapshot.documents.first().map(|document| &document.uri));
            if let Some(uri) = uri {
                found.entry(uri.clone()).or_default().push(of_finding(snapshot, finding));
            }
        }
    }
    if let Some(errors) = &snapshot.pack_set.errors {
        let location = |span: Span| {
            let source = errors.sources.get(span.file)?;
            let uri = snapshot.pack_set.error_uri(span.file)?;
            Some(Location { uri: uri.clone(), range: positions::range(source, span, snapshot.encoding) })
        };
        for problem in &errors.problems {
            if let Some(place) = location(problem.span) {
                found.entry(place.uri).or_default().push(of_problem(snapshot, problem, place.range, &location));
            }
        }
    }
    found
}

pub(crate) fn of_finding(snapshot: &Snapshot, finding: &Finding) -> Diagnostic {
    let location = |span: Span| snapshot.location(span);
    let problem = &finding.problem;
    let mut diagnostic = of_problem(snapshot, problem, snapshot.range(problem.span), &location);
    diagnostic.severity = Some(severity(snapshot, finding));
    diagnostic.data = Some(serde_json::json!({ "finding": finding.id }));
    if let Some(slack) = &finding.slack {
        diagnostic.message.push_str(&format!("\n{slack}"));
    }
    let related = diagnostic.related_information.get_or_insert_default();
    if let Some(waiver) = &finding.waiver {
        let until = waiver.until.as_ref().map(|until| format!(" until {until}")).unwrap_or_default();
        related.extend(location(waiver.span).map(|location| say(location, format!("waived here{until}"))));
    }
    if finding.is_consulted {
        diagnostic.message.insert_str(0, "consultation: ");
    }
    if let Some(tightened) = &finding.tightens {
        related
            .extend(location(tightened.place).map(|location| say(location, format!("it tightens this rule, from {}", tightened.source))));
    }
    if let Some(rule) = finding.rule_place {
        related.extend(location(rule).map(|location| say(location, "the rule is here".to_owned())));
    }
    if matches!(problem.rule.as_str(), "remit/waiver-unused" | "remit/waiver-expired") {
        diagnostic.tags = Some(vec![DiagnosticTag::UNNECESSARY]);
    }
    diagnostic
}

fn of_problem(snapshot: &Snapshot, problem: &Problem, range: Range, location: &dyn Fn(Span) -> Option<Location>) -> Diagnostic {
    let mut message = problem.message.clone();
    if let Some(help) = &problem.help {
        message.push_str(&format!("\nhelp: {help}"));
    }
    let related = |label: &Label| {
        let what = if label.message.is_empty() { problem.message.clone() } else { label.message.clone() };
        Some(say(location(label.span)?, what))
    };
    Diagnostic {
        range,
        severity: Some(level(problem.severity)),
        code: Some(NumberOrString::String(problem.rule.clone())),
        code_description: snapshot.pack_set.page(&problem.rule).map(|page| CodeDescription { href: page.clone() }),
        source: Some("remit".to_owned()),
        message,
        related_information: Some(problem.labels.iter().filter_map(related).collect()),
        tags: None,
        data: None,
    }
}

fn say(location: Location, message: String) -> DiagnosticRelatedInformation {
    DiagnosticRelatedInformation { location, message }
}

/// What fails at the level that fails a check is red; what cannot be told yet never is, nor what is waived.
fn severity(snapshot: &Snapshot, finding: &Finding) -> DiagnosticSeverity {
    match finding.verdict {
        Verdict::Fail if finding.is_consulted => DiagnosticSeverity::INFORMATION,
        _ if finding.is_consulted => DiagnosticSeverity::HINT,
        Verdict::Fail if finding.problem.severity >= snapshot.fail_on => DiagnosticSeverity::ERROR,
        Verdict::Fail | Verdict::Pass => level(finding.problem.severity),
        Verdict::Undetermined => DiagnosticSeverity::INFORMATION,
        Verdict::Waived | Verdict::NotApplicable => DiagnosticSeverity::HINT,
    }
}

fn level(severity: Severity) -> DiagnosticSeverity {
    match severity {
        Severity::Error => DiagnosticSeverity::ERROR,
        Severity::Warning => DiagnosticSeverity::WARNING,
        Severity::Note => DiagnosticSeverity::INFORMATION,
    }
}

/// The findings of one file, by which a question about that file alone is answered.
pub(crate) fn of_file(snapshot: &Snapshot, file: FileId) -> Vec<Diagnostic> {
    let mut found = of(snapshot);
    snapshot.uri(file).and_then(|uri| found.remove(uri)).unwrap_or_default()
}

/// A name for what was told, the same for the same.
pub(crate) fn result_id(diagnostics: &[Diagnostic]) -> String {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    serde_json::to_vec(diagnostics).unwrap_or_default().hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
