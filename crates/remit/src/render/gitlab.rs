//! GitLab's report of code quality: a list of findings, each known by its fingerprint from one pipeline to the next.

use std::collections::HashMap;
use std::io::{self, Write};

use remit_core::problem::{Finding, Severity, Verdict};
use remit_core::rules::over::Rollups;
use remit_core::source::{Position, Sources};
use serde_json::json;

use crate::render::plain::told;
use crate::render::text::{sentence, standing};
use crate::render::{Checked, Renderer, Tally};

/// The format `gitlab`.
pub(crate) struct GitLab<W> {
    out: W,
    /// How often each fingerprint was written: of two alike, GitLab would show one.
    written: HashMap<String, usize>,
}

impl<W: Write> GitLab<W> {
    /// Writes to `out`.
    pub(crate) fn new(out: W) -> Self {
        Self { out, written: HashMap::new() }
    }

    fn finding(&mut self, sources: &Sources, finding: &Finding) -> io::Result<()> {
        self.out.write_all(if self.written.is_empty() { b"[\n" } else { b",\n" })?;
        let times = self.written.entry(finding.id.clone()).or_insert(0);
        *times += 1;
        let fingerprint = if *times > 1 { format!("{}-{times}", finding.id) } else { finding.id.clone() };
        let problem = &finding.problem;
        let position = |byte| {
            let none = Position { line: 1, column: 1, offset: 0 };
            let at = sources.get(problem.span.file).map_or(none, |source| source.position(byte));
            json!({ "line": at.line, "column": at.column })
        };
        let (begin, end) = (position(problem.span.start), position(problem.span.end));
        let word = standing(finding);
        // A word before what is no plain failure, since GitLab has no other place for it.
        let before = if word == problem.severity.word() { String::new() } else { format!("{word}: ") };
        let to_do = problem.help.as_ref().map(|help| format!(" To do: {}", sentence(help))).unwrap_or_default();
        let told = json!({
            "type": "issue",
            "check_name": problem.rule,
            "description": format!("{before}{}{to_do}", sentence(&problem.message)),
            "content": { "body": told(sources, finding) },
            "categories": ["Compatibility"],
            "fingerprint": fingerprint,
            "severity": severity(finding),
            "location": { "path": sources.path(problem.span), "positions": { "begin": begin, "end": end }, "lines": { "begin": begin["line"], "end": end["line"] } },
        });
        serde_json::to_writer(&mut self.out, &told).map_err(io::Error::from)
    }
}

impl<W: Write> Renderer for GitLab<W> {
    fn plan(&mut self, checked: &Checked<'_>) -> io::Result<()> {
        let analysis = checked.analysis;
        analysis.findings.iter().try_for_each(|finding| self.finding(&analysis.sources, finding))
    }

    fn together(&mut self, rollups: &Rollups, _: Severity) -> io::Result<()> {
        rollups.findings.iter().try_for_each(|finding| self.finding(&rollups.sources, finding))
    }

    fn finish(&mut self, _: &Tally) -> io::Result<()> {
        self.out.write_all(if self.written.is_empty() { b"[]\n" } else { b"\n]\n" })?;
        self.out.flush()
    }
}

/// One of GitLab's five words.
fn severity(finding: &Finding) -> &'static str {
    match (finding.verdict, finding.problem.severity) {
        _ if finding.is_consulted || finding.is_known => "info",
        (Verdict::Fail, Severity::Error) => "critical",
        (Verdict::Fail, Severity::Warning) => "major",
        (Verdict::Fail, Severity::Note) => "minor",
        (Verdict::Undetermined | Verdict::Waived | Verdict::Pass | Verdict::NotApplicable, _) => "info",
    }
}
