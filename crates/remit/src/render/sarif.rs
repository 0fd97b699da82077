//! SARIF 2.1.0, for code scanning and whatever else reads the results of analyses. Results are written as they come; what is said of the tool, its packs and their
//! rules follows them, since only then all are known.

use std::collections::HashMap;
use std::io::{self, Write};

use remit_core::packs::{PackInfo, Packs, RuleInfo};
use remit_core::problem::{Edit, Finding, Fix, Severity, Verdict, WaiverUse};
use remit_core::rules::over::Rollups;
use remit_core::source::{Sources, Span};
use serde_json::{Map, Value, json};

use crate::pack::docs::file_of;
use crate::render::text::{capital, sentence};
use crate::render::{Checked, Compared, Renderer, Tally};

/// What stands before the results.
const BEGIN: &str = r#"{
"$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
"version": "2.1.0",
"runs": [{
"columnKind": "unicodeCodePoints",
"results": ["#;

/// The format `sarif`.
pub(crate) struct Sarif<W> {
    out: W,
    tool: Tool,
    results: usize,
    compared: Compared,
}

impl<W: Write> Sarif<W> {
    /// Writes to `out`.
    pub(crate) fn new(out: W, compared: Compared) -> Self {
        Self { out, tool: Tool::default(), results: 0, compared }
    }

    fn result(&mut self, sources: &Sources, finding: &Finding) -> io::Result<()> {
        let before = if self.results == 0 { format!("{BEGIN}\n") } else { ",\n".to_owned() };
        self.out.write_all(before.as_bytes())?;
        self.results += 1;
        let rule = self.tool.place(&finding.problem.rule, finding.problem.severity);
        serde_json::to_writer(&mut self.out, &result(sources, finding, rule, self.compared)).map_err(io::Error::from)
    }
}

impl<W: Write> Renderer for Sarif<W> {
    fn plan(&mut self, checked: &Checked<'_>) -> io::Result<()> {
        self.tool.know(checked.packs);
        let analysis = checked.analysis;
        analysis.findings.iter().try_for_each(|finding| self.result(&analysis.sources, finding))
    }

    fn together(&mut self, rollups: &Rollups, _: Severity) -> io::Result<()> {
        rollups.findings.iter().try_for_each(|finding| self.result(&rollups.sources, finding))
    }

    fn finish(&mut self, tally: &Tally) -> io::Result<()> {
        let begin = if self.results == 0 { BEGIN } else { "\n" };
        let plans: Vec<Value> = tally
            .plans
            .iter()
            .map(|(plan, as_of)| {
                without_nothing(json!({ "id": plan.id, "title": plan.title, "path": plan.path, "asOf": as_of.to_string() }))
            })
            .collect();
        let counts: Vec<Value> = tally
            .rules
            .iter()
            .map(|count| {
                json!({
                    "rule": count.rule, "matched": count.matched, "passed": count.passed, "failed": count.failed,
                    "undetermined": count.undetermined, "waived": count.waived, "notInEdition": count.not_in_edition,
                })
            })
            .collect();
        let about = without_nothing(json!({
            "asOf": tally.as_of().map(|day| day.to_string()),
            "summary": tally.sentence(),
            "plans": plans,
            "rules": counts,
        }));
        let tool = self.tool.told();
        let tail = format!(
            "{begin}],\n\"invocations\": [{{\"executionSuccessful\": true}}],\n\"properties\": {about},\n\"tool\": {tool}\n}}]\n}}\n"
        );
        self.out.write_all(tail.as_bytes())?;
        self.out.flush()
    }
}

/// A rule's place among those of the tool: its component, where it is no rule of the language, and its number there.
#[derive(Debug, Clone, Copy)]
struct RulePlace {
    component: Option<usize>,
    at: usize,
}

/// What is said of the tool: the program with the rules of the language, and each pack with its own.
#[derive(Default)]
struct Tool {
    packs: Vec<(PackInfo, Vec<Value>)>,
    language: Vec<Value>,
    places: HashMap<String, RulePlace>,
}

impl Tool {
    /// Adds packs that are not known yet. Of two versions of a pack, the rules of the one that came first are told.
    fn know(&mut self, packs: &Packs) {
        if packs.infos.iter().all(|info| self.packs.iter().any(|(known, _)| known == info)) {
            return;
        }
        for info in &packs.infos {
            if !self.packs.iter().any(|(known, _)| known == info) {
                self.packs.push((info.clone(), Vec::new()));
            }
        }
        let rules = packs.rules();
        for (at, rule) in rules.iter().enumerate() {
            // Rules of one name that stand in different editions are one rule here: the newest is told.
            if !rules.iter().skip(at + 1).any(|newer| newer.id == rule.id) {
                let of = packs.infos.iter().find(|info| rule.id.split_once('/').is_some_and(|(pack, _)| pack == info.name));
                let site = of.and_then(|info| info.pages.as_deref());
                let page = site.map(|site| format!("{}/{}", site.trim_end_matches('/'), uri(&file_of(rule, &rules))));
                self.add(&rule.id, described(rule, page));
            }
        }
    }

    /// The place of a rule; one of which no pack tells has at least its name and its level.
    fn place(&mut self, rule: &str, severity: Severity) -> RulePlace {
        if !self.places.contains_key(rule) {
            self.add(rule, json!({ "id": rule, "defaultConfiguration": { "level": severity.word() } }));
        }
        self.places.get(rule).copied().unwrap_or(RulePlace { component: None, at: 0 })
    }

    fn add(&mut self, id: &str, description: Value) {
        if self.places.contains_key(id) {
            return;
        }
        let pack = id.split_once('/').and_then(|(pack, _)| self.packs.iter().position(|(info, _)| info.name == pack));
        let rules = match pack.and_then(|at| self.packs.get_mut(at)) {
            Some((_, rules)) => rules,
            None => &mut self.language,
        };
        let at = rules.len();
        rules.push(description);
        self.places.insert(id.to_owned(), RulePlace { component: pack, at });
    }

    fn told(&mut self) -> Value {
        let extensions: Vec<Value> = self
            .packs
            .iter_mut()
            .map(|(info, rules)| {
                let mut told = without_nothing(json!({
                    "name": info.name,
                    "fullName": format!("{} {}", info.name, info.version),
                    "organization": info.publisher,
                    "version": info.version,
                    "shortDescription": { "text": info.title },
                    "informationUri": info.pages,
                    "properties": { "digest": info.digest, "consultation": info.is_consulted },
                }));
                told["rules"] = Value::Array(std::mem::take(rules));
                told
            })
            .collect();
        json!({
            "driver": {
                "name": "Remit",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "shortDescription": { "text": "Policy as code for the people plans of the NHS in England" },
                "rules": std::mem::take(&mut self.language),
            },
            "extensions": extensions,
        })
    }
}

/// What is said of a rule. `page` is where its page is published.
fn described(rule: &RuleInfo<'_>, page: Option<String>) -> Value {
    let mut description = json!({
        "id": rule.id,
        "shortDescription": { "text": sentence(&rule.title) },
        "defaultConfiguration": { "level": rule.severity.word() },
    });
    if let Some(source) = &rule.source {
        description["fullDescription"] = json!({ "text": sentence(&format!("{}, from {source}", rule.title)) });
    }
    if !rule.page.trim().is_empty() {
        description["help"] = json!({ "text": rule.page, "markdown": rule.page });
    }
    if let Some(page) = page {
        description["helpUri"] = json!(page);
    }
    description["properties"] = without_nothing(json!({
        "waivableBy": rule.waivable_by,
        "tightens": rule.tightens.map(|tightened| tightened.rule.to_string()),
        "consultation": rule.is_consulted.then_some(true),
        "tags": ["people-plan"],
    }));
    description
}

fn result(sources: &Sources, finding: &Finding, rule: RulePlace, compared: Compared) -> Value {
    let problem = &finding.problem;
    let mut reference = json!({ "id": problem.rule, "index": rule.at });
    if let Some(component) = rule.component {
        reference["toolComponent"] = json!({ "index": component });
    }
    let kind = match finding.verdict {
        _ if finding.is_consulted => "review",
        Verdict::Undetermined => "open",
        Verdict::NotApplicable => "notApplicable",
        Verdict::Pass => "pass",
        Verdict::Fail | Verdict::Waived => "fail",
    };
    // What is no failure has no level, by the standard.
    let level = if kind == "fail" { problem.severity.word() } else { "none" };
    let help = problem.help.as_ref().map(|help| format!(" To do: {}", sentence(help))).unwrap_or_default();
    let mut place = location(sources, problem.span, &problem.label);
    place["logicalLocations"] =
        json!([{ "fullyQualifiedName": format!("{}: {}", finding.plan, finding.subject), "name": finding.subject }]);
    let mut related: Vec<Value> = problem.labels.iter().map(|label| location(sources, label.span, &label.message)).collect();
    related.extend(finding.rule_place.map(|place| location(sources, place, "the rule stands here")));
    related.extend(finding.tightens.as_ref().map(|tightened| location(sources, tightened.place, "the rule that it tightens")));
    for (at, location) in related.iter_mut().enumerate() {
        location["id"] = json!(at + 1);
    }
    let mut fixes: Vec<Value> = Vec::new();
    for told in problem.fixes.iter().map(|fix| fix_json(sources, fix)) {
        if !fixes.contains(&told) {
            fixes.push(told);
        }
    }
    let state = match (finding.is_known, compared) {
        (true, _) => Some("unchanged"),
        (false, Compared::WithWhatIsKnown) => Some("new"),
        (false, Compared::WithNothing) => None,
    };
    without_nothing(json!({
        "ruleId": problem.rule,
        "rule": reference,
        "kind": kind,
        "level": level,
        "message": { "text": format!("{}{help}", sentence(&problem.message)) },
        "locations": [place],
        "relatedLocations": related,
        // The first is ours; by the second, code scanning knows a result again. Neither holds a line.
        "partialFingerprints": { "remitFinding/v1": finding.id, "primaryLocationLineHash": finding.id },
        "baselineState": state,
        "fixes": fixes,
        "suppressions": finding.waiver.iter().map(|waiver| suppression(sources, waiver)).collect::<Vec<_>>(),
        "properties": {
            "plan": finding.plan,
            "subject": finding.subject,
            "verdict": finding.verdict.word(),
            "severity": problem.severity.word(),
            "consultation": finding.is_consulted.then_some(true),
            "source": finding.source.as_ref().map(ToString::to_string),
            "tightens": finding.tightens.as_ref().map(|tightened| tightened.rule.to_string()),
            "gap": finding.slack,
        },
    }))
}

fn suppression(sources: &Sources, waiver: &WaiverUse) -> Value {
    let by = waiver.approved_by.as_ref().map(|by| format!(" (approved by {by})")).unwrap_or_default();
    let because = waiver.because.as_ref().map(|because| format!("{}{by}", capital(because)));
    let until = waiver.until.as_ref().map(|until| format!("until {until}"));
    let justification = [because, until].into_iter().flatten().collect::<Vec<_>>().join(", ");
    json!({
        "kind": "inSource",
        "status": "accepted",
        "justification": justification,
        "location": location(sources, waiver.span, ""),
    })
}

fn fix_json(sources: &Sources, fix: &Fix) -> Value {
    let mut changes: Vec<(Span, Vec<Value>)> = Vec::new();
    for Edit { span, text } in &fix.edits {
        let replacement = json!({ "deletedRegion": region(sources, *span), "insertedContent": { "text": text } });
        match changes.iter_mut().find(|(first, _)| first.file == span.file) {
            Some((_, replacements)) => replacements.push(replacement),
            None => changes.push((*span, vec![replacement])),
        }
    }
    let change =
        |(span, replacements): (Span, Vec<Value>)| json!({ "artifactLocation": artifact(sources, span), "replacements": replacements });
    json!({ "description": { "text": sentence(&fix.title) }, "artifactChanges": changes.into_iter().map(change).collect::<Vec<_>>() })
}

fn location(sources: &Sources, span: Span, message: &str) -> Value {
    let mut location = json!({ "physicalLocation": { "artifactLocation": artifact(sources, span), "region": region(sources, span) } });
    if !message.is_empty() {
        location["message"] = json!({ "text": capital(message) });
    }
    location
}

fn artifact(sources: &Sources, span: Span) -> Value {
    json!({ "uri": uri(sources.path(span)) })
}

fn region(sources: &Sources, span: Span) -> Value {
    let Some(source) = sources.get(span.file) else { return json!({ "startLine": 1 }) };
    let (start, end) = (source.position(span.start), source.position(span.end));
    json!({ "startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column })
}

/// A path as a reference: relative where the path is, and a file of this machine where it lies elsewhere.
fn uri(path: &str) -> String {
    let mut uri = if path.starts_with('/') { "file://".to_owned() } else { String::new() };
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'@' => uri.push(char::from(byte)),
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri
}

/// An object without the keys that hold nothing, at whatever depth.
fn without_nothing(value: Value) -> Value {
    let is_nothing = |value: &Value| match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    };
    match value {
        Value::Object(map) => {
            let kept = map.into_iter().map(|(key, value)| (key, without_nothing(value))).filter(|(_, value)| !is_nothing(value));
            Value::Object(kept.collect::<Map<_, _>>())
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_a_reference() {
        assert_eq!(uri("plans/QHM/plan.remit"), "plans/QHM/plan.remit");
        assert_eq!(uri("plans/North East #1/50% plan: é.remit"), "plans/North%20East%20%231/50%25%20plan%3A%20%C3%A9.remit");
        assert_eq!(uri("/elsewhere/a b"), "file:///elsewhere/a%20b");
    }

    #[test]
    fn what_holds_nothing_is_left_out() {
        assert_eq!(without_nothing(json!({ "a": null, "b": [], "c": { "d": null }, "e": 0, "f": "" })), json!({ "e": 0, "f": "" }));
    }
}
