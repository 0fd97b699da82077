//! For screen readers: full sentences, no colour, no drawing, a line for each sentence's purpose.

use std::io::{self, Write};

use remit_core::packs::PackErrors;
use remit_core::problem::{Finding, Problem, Severity, Verdict};
use remit_core::rules::over::Rollups;
use remit_core::source::{Sources, Span};

use crate::render::text::{capital, clean, counted, fixed, sentence, standing, waived, words};
use crate::render::{Checked, Renderer, Tally};

/// The format `plain`.
pub(crate) struct Plain<W> {
    out: W,
}

impl<W: Write> Plain<W> {
    /// Writes to `out`.
    pub(crate) fn new(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> Renderer for Plain<W> {
    fn plan(&mut self, checked: &Checked<'_>) -> io::Result<()> {
        let analysis = checked.analysis;
        let plan = &analysis.plan;
        let title = plan.title.as_ref().map(|title| format!(", {title}")).unwrap_or_default();
        let count = counted(analysis.findings.len(), "finding", "findings");
        writeln!(self.out, "Plan {}{}, as of {}: {count}.\n", clean(&plan.id), clean(&title), analysis.as_of)?;
        for finding in &analysis.findings {
            writeln!(self.out, "{}", told(&analysis.sources, finding))?;
        }
        Ok(())
    }

    fn together(&mut self, rollups: &Rollups, _: Severity) -> io::Result<()> {
        if rollups.findings.is_empty() {
            return Ok(());
        }
        writeln!(self.out, "All plans together: {}.\n", counted(rollups.findings.len(), "finding", "findings"))?;
        for finding in &rollups.findings {
            writeln!(self.out, "{}", told(&rollups.sources, finding))?;
        }
        Ok(())
    }

    fn finish(&mut self, tally: &Tally) -> io::Result<()> {
        writeln!(self.out, "Summary: {}.", clean(&tally.sentence()))?;
        writeln!(self.out, "{}.", capital(&tally.effort()))?;
        for waiting in [tally.waiting(), tally.awaited()].into_iter().flatten() {
            writeln!(self.out, "{}.", capital(&waiting))?;
        }
        if let Some(silent) = tally.silent() {
            writeln!(self.out, "{silent}.")?;
        }
        if let Some(outdated) = tally.outdated() {
            writeln!(self.out, "{}.", capital(&outdated))?;
        }
        self.out.flush()
    }
}

/// Tells what is wrong with packs.
pub(crate) fn pack_errors(errors: &PackErrors, out: &mut dyn Write) -> io::Result<()> {
    for one in &errors.problems {
        problem(&errors.sources, one, out)?;
    }
    writeln!(out, "Summary: {} in the rule packs. Nothing was checked with them.", counted(errors.problems.len(), "problem", "problems"))
}

/// Tells one problem.
pub(crate) fn problem(sources: &Sources, problem: &Problem, out: &mut dyn Write) -> io::Result<()> {
    what(out, sources, problem, problem.severity.word())?;
    writeln!(out, "Rule {}.", clean(&problem.rule))?;
    to_do(out, sources, problem)?;
    writeln!(out)
}

/// Everything that is to be said of a finding, a line for each purpose: other formats tell it in these words too.
pub(crate) fn told(sources: &Sources, finding: &Finding) -> String {
    let mut told = Vec::new();
    // Writing into memory does not fail.
    let _ = tell(&mut told, sources, finding);
    String::from_utf8_lossy(&told).into_owned()
}

fn tell(out: &mut dyn Write, sources: &Sources, finding: &Finding) -> io::Result<()> {
    let problem = &finding.problem;
    what(out, sources, problem, standing(finding))?;
    match finding.verdict {
        Verdict::Pass | Verdict::Fail | Verdict::NotApplicable => {}
        Verdict::Undetermined => writeln!(out, "This cannot be told yet. The rule's level is {}.", problem.severity.word())?,
        Verdict::Waived => writeln!(out, "{}", sentence(&waived(finding.waiver.as_ref())))?,
    }
    if finding.is_known {
        writeln!(out, "This was known before, and fails nothing. Its level is {}.", problem.severity.word())?;
    }
    let source = finding.source.as_ref().map(|source| format!(", from {}", source)).unwrap_or_default();
    if finding.is_consulted {
        writeln!(out, "This rule is put to consultation, and counts for nothing. Its level is {}.", problem.severity.word())?;
    }
    let place = finding.rule_place.map(|place| format!(", written in {}", located(sources, place, false))).unwrap_or_default();
    writeln!(out, "{}", sentence(&format!("Rule {}{source}{place}", problem.rule)))?;
    if let Some(tightened) = &finding.tightens {
        writeln!(out, "{}", sentence(&format!("It tightens {}, from {}", tightened.rule, tightened.source)))?;
    }
    to_do(out, sources, problem)?;
    if let Some(slack) = &finding.slack {
        writeln!(out, "How far from passing: {}", sentence(slack))?;
    }
    Ok(())
}

fn what(out: &mut dyn Write, sources: &Sources, problem: &Problem, word: &str) -> io::Result<()> {
    let label = if problem.label.is_empty() { String::new() } else { format!(" ({})", problem.label) };
    let place = located(sources, problem.span, true);
    writeln!(out, "{} in {}: {}", capital(word), place + &clean(&label), sentence(&problem.message))
}

fn to_do(out: &mut dyn Write, sources: &Sources, problem: &Problem) -> io::Result<()> {
    for label in &problem.labels {
        writeln!(out, "See also {}: {}", located(sources, label.span, true), sentence(&label.message))?;
    }
    if let Some(help) = &problem.help {
        writeln!(out, "To do: {}", sentence(help))?;
    }
    for fix in &problem.fixes {
        writeln!(out, "Fix: {}", sentence(&fixed(fix)))?;
    }
    Ok(())
}

fn located(sources: &Sources, span: Span, quoted: bool) -> String {
    let Some(source) = sources.get(span.file) else { return "the plan".to_owned() };
    let at = source.position(span.start);
    let words = words(sources, span);
    let words = if quoted && !words.is_empty() { format!(", at the words «{words}»") } else { String::new() };
    format!("{}, line {}, column {}{words}", clean(source.path()), at.line, at.column)
}
