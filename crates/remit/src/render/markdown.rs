//! A table for a pull request or a paper. The sums stand above it, so the rows wait.

use std::io::{self, Write};

use remit_core::problem::{Finding, Severity, Verdict};
use remit_core::rules::over::Rollups;
use remit_core::source::{Sources, Span};

use crate::render::spool::Spool;
use crate::render::text::{clean, counted, escaped_markdown, fixed, sentence, standing, waived};
use crate::render::{Checked, Renderer, Tally};

/// The format `markdown`.
pub(crate) struct Markdown<W> {
    out: W,
    rows: Spool,
    /// How many bytes of rows there may be, and how many there are.
    room: usize,
    used: usize,
    shown: usize,
    left_out: usize,
}

impl<W: Write> Markdown<W> {
    /// Writes to `out`.
    pub(crate) fn new(out: W) -> Self {
        Self::within(out, usize::MAX)
    }

    /// Writes to `out`, with no more than so many bytes of rows: what does not fit is counted.
    pub(crate) fn within(out: W, room: usize) -> Self {
        Self { out, rows: Spool::new(), room, used: 0, shown: 0, left_out: 0 }
    }

    fn finding(&mut self, sources: &Sources, finding: &Finding) -> io::Result<()> {
        let row = row(sources, finding);
        if self.left_out > 0 || row.len() > self.room - self.used {
            self.left_out += 1;
            return Ok(());
        }
        self.used += row.len();
        self.shown += 1;
        self.rows.write_all(row.as_bytes())
    }
}

impl<W: Write> Renderer for Markdown<W> {
    fn plan(&mut self, checked: &Checked<'_>) -> io::Result<()> {
        let analysis = checked.analysis;
        analysis.findings.iter().try_for_each(|finding| self.finding(&analysis.sources, finding))
    }

    fn together(&mut self, rollups: &Rollups, _: Severity) -> io::Result<()> {
        rollups.findings.iter().try_for_each(|finding| self.finding(&rollups.sources, finding))
    }

    fn finish(&mut self, tally: &Tally) -> io::Result<()> {
        writeln!(self.out, "**{}**", escaped_markdown(&sentence(&tally.sentence())))?;
        if self.shown > 0 {
            writeln!(self.out, "\n| | Where | What | Rule |\n| --- | --- | --- | --- |")?;
            self.rows.copy(&mut self.out)?;
        }
        if self.left_out > 0 {
            let more = counted(self.left_out, "more finding is", "more findings are");
            writeln!(self.out, "\n{more} not shown here, for want of room: the other reports hold them.")?;
        }
        let notes = [Some(tally.effort()), tally.waiting(), tally.silent(), tally.outdated()];
        for note in notes.into_iter().flatten() {
            writeln!(self.out, "\n{}", escaped_markdown(&sentence(&note)))?;
        }
        self.out.flush()
    }
}

fn row(sources: &Sources, finding: &Finding) -> String {
    let problem = &finding.problem;
    let mut what = vec![sentence(&problem.message)];
    if !problem.label.is_empty() {
        what.push(sentence(&problem.label));
    }
    match finding.verdict {
        Verdict::Undetermined => what.push(format!("The rule's level is {}.", problem.severity.word())),
        Verdict::Waived => what.push(sentence(&waived(finding.waiver.as_ref()))),
        Verdict::Pass | Verdict::Fail | Verdict::NotApplicable => {}
    }
    if finding.is_known {
        what.push(format!("Known before, and fails nothing. Its level is {}.", problem.severity.word()));
    }
    if finding.is_consulted {
        what.push(format!("Put to consultation, and counts for nothing. Its level is {}.", problem.severity.word()));
    }
    what.extend(problem.help.iter().map(|help| format!("To do: {}", sentence(help))));
    what.extend(problem.fixes.iter().map(|fix| format!("Fix: {}", sentence(&fixed(fix)))));
    what.extend(finding.slack.iter().map(|slack| format!("Gap: {}", sentence(slack))));
    let mut what: Vec<String> = what.iter().map(|text| escaped_markdown(text)).collect();
    what.extend(
        problem
            .labels
            .iter()
            .map(|label| format!("See also {}: {}", place(sources, label.span), escaped_markdown(&sentence(&label.message)))),
    );
    let mut rule = vec![code(&problem.rule)];
    rule.extend(finding.source.iter().map(|source| escaped_markdown(&source.to_string())));
    rule.extend(
        finding
            .tightens
            .iter()
            .map(|tightened| format!("tightens {}, from {}", code(&tightened.rule), escaped_markdown(&tightened.source.to_string()))),
    );
    rule.extend(finding.rule_place.map(|span| place(sources, span)));
    let word = match standing(finding) {
        word @ ("error" | "warning") => format!("**{word}**"),
        word => word.to_owned(),
    };
    format!("| {word} | {} | {} | {} |\n", place(sources, problem.span), what.join("<br>"), rule.join("<br>"))
}

/// A place as code, so that nothing of a path is read as Markdown.
fn place(sources: &Sources, span: Span) -> String {
    let at = sources.get(span.file).map(|source| source.position(span.start));
    code(&at.map(|at| format!("{}:{}:{}", sources.path(span), at.line, at.column)).unwrap_or_default())
}

/// A name as code within a table.
fn code(text: &str) -> String {
    let text = clean(text).replace('`', "'").replace('|', "\\|");
    if text.is_empty() { text } else { format!("`{text}`") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_code_in_a_table() {
        assert_eq!(code("plans/a|b`c.remit:3:1"), "`plans/a\\|b'c.remit:3:1`");
    }
}
