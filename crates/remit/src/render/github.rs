//! For the log of a GitHub action: commands that mark the lines of a pull request, no more than GitHub shows of a step; the rest as text, and a page of all for the run.

use std::io::{self, Write};

use remit_core::problem::{Finding, Severity, Verdict};
use remit_core::rules::over::Rollups;
use remit_core::source::Sources;

use crate::render::markdown::Markdown;
use crate::render::plain::told;
use crate::render::spool::Spool;
use crate::render::text::{capital, counted, sentence, standing};
use crate::render::{Checked, Renderer, Tally};

/// How many marks of each kind GitHub shows of one step; it drops what is more without a word.
const MOST_OF_A_KIND: usize = 10;
/// How large the page of a run may be, in bytes, with room for its sums.
const MOST_ON_THE_PAGE: usize = (1 << 20) - (1 << 16);
const KINDS: [&str; 3] = ["error", "warning", "notice"];

/// The format `github`.
pub(crate) struct GitHub<W, P> {
    out: W,
    page: Option<Markdown<P>>,
    /// How many marks there are of each kind.
    marks: [usize; 3],
    rest: Spool,
    more: usize,
}

impl<W: Write, P: Write> GitHub<W, P> {
    /// Writes to `out`, and to the page of the run where there is one.
    pub(crate) fn new(out: W, page: Option<P>) -> Self {
        let page = page.map(|page| Markdown::within(page, MOST_ON_THE_PAGE));
        Self { out, page, marks: [0; 3], rest: Spool::new(), more: 0 }
    }

    fn finding(&mut self, sources: &Sources, finding: &Finding) -> io::Result<()> {
        let kind = kind(finding);
        let text = told(sources, finding);
        match self.marks.get_mut(kind) {
            Some(count) if *count < MOST_OF_A_KIND => {
                *count += 1;
                let word = KINDS.get(kind).copied().unwrap_or("notice");
                let title = format!("{}: {}", capital(standing(finding)), finding.problem.rule);
                let place = place(sources, finding);
                writeln!(self.out, "::{word} {place},title={}::{}", property(&title), data(text.trim_end()))
            }
            _ => {
                self.more += 1;
                for line in text.lines() {
                    writeln!(self.rest, "{}", logged(line))?;
                }
                writeln!(self.rest)
            }
        }
    }
}

impl<W: Write, P: Write> Renderer for GitHub<W, P> {
    fn plan(&mut self, checked: &Checked<'_>) -> io::Result<()> {
        let analysis = checked.analysis;
        analysis.findings.iter().try_for_each(|finding| self.finding(&analysis.sources, finding))?;
        self.page.as_mut().map_or(Ok(()), |page| page.plan(checked))
    }

    fn together(&mut self, rollups: &Rollups, fail_on: Severity) -> io::Result<()> {
        rollups.findings.iter().try_for_each(|finding| self.finding(&rollups.sources, finding))?;
        self.page.as_mut().map_or(Ok(()), |page| page.together(rollups, fail_on))
    }

    fn finish(&mut self, tally: &Tally) -> io::Result<()> {
        if self.more > 0 {
            let more = counted(self.more, "more finding", "more findings");
            writeln!(self.out, "::group::{more}: GitHub marks no more than {MOST_OF_A_KIND} of a kind")?;
            self.rest.copy(&mut self.out)?;
            writeln!(self.out, "::endgroup::")?;
        }
        for note in [Some(tally.sentence()), Some(tally.effort()), tally.waiting(), tally.silent(), tally.outdated()].into_iter().flatten()
        {
            writeln!(self.out, "{}", logged(&sentence(&note)))?;
        }
        self.out.flush()?;
        self.page.as_mut().map_or(Ok(()), |page| page.finish(tally))
    }
}

/// The place of its kind among [`KINDS`].
fn kind(finding: &Finding) -> usize {
    match (finding.verdict, finding.problem.severity) {
        _ if finding.is_consulted || finding.is_known => 2,
        (Verdict::Fail, Severity::Error) => 0,
        (Verdict::Fail, Severity::Warning) => 1,
        _ => 2,
    }
}

/// Where the mark goes. Columns belong to one line: with several, GitHub refuses them.
fn place(sources: &Sources, finding: &Finding) -> String {
    let span = finding.problem.span;
    let file = property(sources.path(span));
    let Some(source) = sources.get(span.file) else { return format!("file={file}") };
    let (start, end) = (source.position(span.start), source.position(span.end));
    let columns = if start.line == end.line { format!(",col={},endColumn={}", start.column, end.column) } else { String::new() };
    format!("file={file},line={},endLine={}{columns}", start.line, end.line)
}

/// What a command says, escaped as GitHub's own toolkit does it.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

/// A line of the log that is no command, whatever a plan says: those are known by their beginning, and older ones anywhere in a line.
fn logged(line: &str) -> String {
    let line = line.replace("##[", "## [");
    if line.trim_start().starts_with("::") { format!("> {line}") } else { line }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_of_a_plan_is_a_command() {
        assert_eq!(data("50%: a,b\r\n::error::x"), "50%25: a,b%0D%0A::error::x");
        assert_eq!(property("a:b,c%"), "a%3Ab%2Cc%25");
        assert_eq!(logged("  ::set-env name=x::y"), ">   ::set-env name=x::y");
        assert_eq!(logged("Error ##[add-path]x"), "Error ## [add-path]x");
    }
}
