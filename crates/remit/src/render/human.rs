//! For people at a terminal: each finding with the plan's own lines and the words underlined. The only file that names miette.

use std::fmt;
use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents, SourceSpan, SpanContents};
use remit_core::packs::PackErrors;
use remit_core::problem::{Finding, Problem, Severity, Verdict};
use remit_core::rules::over::Rollups;
use remit_core::source::{Sources, Span};

use crate::render::excerpt::{Excerpt, excerpt};
use crate::render::text::{capital, clean, counted, fixed, waived, wrap};
use crate::render::{Checked, Look, Renderer, Tally};

/// The widest that prose is set; longer lines are hard to read.
const WIDEST: usize = 100;
const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// The format `human`.
pub(crate) struct Human<W> {
    out: W,
    look: Look,
    /// Whether a finding of a pack's rule was shown.
    of_packs: bool,
    /// Whether the last line written is blank.
    blank: bool,
}

impl<W: Write> Human<W> {
    /// Writes to `out`.
    pub(crate) fn new(out: W, look: Look) -> Self {
        Self { out, look, of_packs: false, blank: true }
    }

    fn paragraph(&mut self, text: &str, style: Style) -> io::Result<()> {
        for line in wrap(&clean(text), self.look.width.min(WIDEST)) {
            writeln!(self.out, "{}", self.look.paint(style, &line))?;
        }
        Ok(())
    }
}

impl<W: Write> Renderer for Human<W> {
    fn plan(&mut self, checked: &Checked<'_>) -> io::Result<()> {
        let analysis = checked.analysis;
        let plan = &analysis.plan;
        let name = match &plan.title {
            Some(title) => format!("{title} ({})", plan.id),
            None => plan.id.clone(),
        };
        let path = if plan.path == "." || plan.path == plan.id { String::new() } else { format!(", in {}", plan.path) };
        if !self.blank && !analysis.findings.is_empty() {
            writeln!(self.out)?;
        }
        self.paragraph(&format!("{name}{path}, as of {}", analysis.as_of), BOLD)?;
        self.blank = !analysis.findings.is_empty();
        if self.blank {
            writeln!(self.out)?;
        }
        for finding in &analysis.findings {
            self.of_packs |= finding.source.is_some() || finding.rule_place.is_some();
            tell(&mut self.out, &analysis.sources, finding, self.look)?;
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn together(&mut self, rollups: &Rollups, _: Severity) -> io::Result<()> {
        if rollups.findings.is_empty() {
            return Ok(());
        }
        if !self.blank {
            writeln!(self.out)?;
        }
        self.paragraph("All plans together", BOLD)?;
        writeln!(self.out)?;
        self.blank = true;
        for finding in &rollups.findings {
            self.of_packs = true;
            tell(&mut self.out, &rollups.sources, finding, self.look)?;
            writeln!(self.out)?;
        }
        Ok(())
    }

    fn finish(&mut self, tally: &Tally) -> io::Result<()> {
        if !self.blank {
            writeln!(self.out)?;
        }
        let style = match (tally.errors, tally.warnings) {
            (0, 0) => AnsiColor::Green.on_default().bold(),
            (0, _) => severity_style(Severity::Warning),
            _ => severity_style(Severity::Error),
        };
        self.paragraph(&format!("{}.", capital(&tally.sentence())), style)?;
        self.paragraph(&format!("{}.", capital(&tally.effort())), Style::new())?;
        for waiting in [tally.waiting(), tally.awaited()].into_iter().flatten() {
            self.paragraph(&format!("{}.", capital(&waiting)), DIM)?;
        }
        if let Some(silent) = tally.silent() {
            self.paragraph(&format!("{silent}."), DIM)?;
        }
        if let Some(outdated) = tally.outdated() {
            self.paragraph(&format!("{}.", capital(&outdated)), Style::new())?;
        }
        if self.of_packs {
            self.paragraph("`remit explain` and a rule's name tell what the rule asks, and why.", DIM)?;
        }
        self.out.flush()
    }
}

/// Tells what is wrong with packs, at the words.
pub(crate) fn pack_errors(errors: &PackErrors, out: &mut dyn Write, look: Look) -> io::Result<()> {
    for one in &errors.problems {
        problem(&errors.sources, one, out, look)?;
    }
    let count = counted(errors.problems.len(), "problem", "problems");
    writeln!(out, "{count} in the rule packs: nothing was checked with them.")
}

/// Tells one problem at its words.
pub(crate) fn problem(sources: &Sources, problem: &Problem, out: &mut dyn Write, look: Look) -> io::Result<()> {
    let word = look.paint(severity_style(problem.severity), problem.severity.word());
    headline(out, &word, &problem.rule, "", look)?;
    let excerpt = body(out, sources, problem, problem.severity, look)?;
    footer(out, &mut Rows::of(problem, &excerpt), look)?;
    writeln!(out)
}

fn tell(out: &mut dyn Write, sources: &Sources, finding: &Finding, look: Look) -> io::Result<()> {
    let problem = &finding.problem;
    let word = match finding.verdict {
        Verdict::Waived => return in_short(out, sources, finding, look),
        _ if finding.is_known => return in_short(out, sources, finding, look),
        _ if finding.is_consulted => look.paint(AnsiColor::Cyan.on_default().bold(), "consultation"),
        Verdict::Pass | Verdict::Fail | Verdict::NotApplicable => look.paint(severity_style(problem.severity), problem.severity.word()),
        Verdict::Undetermined => look.paint(AnsiColor::Magenta.on_default().bold(), "undetermined"),
    };
    let level = match (finding.verdict, finding.is_consulted) {
        (Verdict::Undetermined, true) => format!(" (undetermined; level: {})", problem.severity.word()),
        (Verdict::Undetermined, false) | (_, true) => format!(" (level: {})", problem.severity.word()),
        _ => String::new(),
    };
    headline(out, &word, &problem.rule, &level, look)?;
    let excerpt = body(out, sources, problem, problem.severity, look)?;
    let mut rows = Rows::of(problem, &excerpt);
    if let Some(slack) = &finding.slack {
        rows.add("gap", slack);
    }
    if let Some(source) = &finding.source {
        rows.add("source", &source.to_string());
    }
    if let Some(tightened) = &finding.tightens {
        rows.add("tightens", &format!("{}, from {}", tightened.rule, tightened.source));
    }
    if finding.is_consulted {
        rows.add("status", "put to consultation: it counts for nothing");
    }
    // Both places, always: the plan's words, and where the rule stands.
    if let Some(place) = finding.rule_place
        && !excerpt.runs.iter().any(|run| run.path == sources.path(place))
    {
        rows.add("rule", &located(sources, place));
    }
    footer(out, &mut rows, look)
}

fn headline(out: &mut dyn Write, word: &str, rule: &str, level: &str, look: Look) -> io::Result<()> {
    writeln!(out, "{word}  {}{level}", look.paint(DIM, &clean(rule)))
}

/// What somebody decided on already, or knows: no more than what it is, and where.
fn in_short(out: &mut dyn Write, sources: &Sources, finding: &Finding, look: Look) -> io::Result<()> {
    let problem = &finding.problem;
    let (word, why) = match finding.verdict {
        Verdict::Waived => ("waived", format!(", {}", waived(finding.waiver.as_ref()))),
        _ => ("known", String::new()),
    };
    let text = format!("{}{why} ({})", problem.message, located(sources, problem.span));
    let status = match (finding.is_consulted, finding.verdict) {
        (true, _) => " (consultation)".to_owned(),
        (false, Verdict::Undetermined) => format!(" (undetermined; level: {})", problem.severity.word()),
        (false, _) if finding.is_known => format!(" (level: {})", problem.severity.word()),
        (false, _) => String::new(),
    };
    headline(out, &look.paint(DIM, word), &problem.rule, &status, look)?;
    for line in wrap(&clean(&text), look.width.min(WIDEST) - 2) {
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

/// The message and the lines it is about.
fn body(out: &mut dyn Write, sources: &Sources, problem: &Problem, severity: Severity, look: Look) -> io::Result<Excerpt> {
    for line in wrap(&clean(&problem.message), look.width.min(WIDEST).saturating_sub(2)) {
        writeln!(out, "  {}", look.paint(BOLD, &line))?;
    }
    let snippet = Snippet { excerpt: excerpt(sources, problem, look.width) };
    let mut drawn = String::new();
    handler(&snippet.excerpt, severity, look).render_report(&mut drawn, &snippet).map_err(io::Error::other)?;
    // The first line would be miette's own headline; ours stands above.
    let drawn = drawn.split_once('\n').map_or("", |(_, rest)| rest);
    for line in drawn.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(snippet.excerpt)
}

/// The lines below a snippet, each with a word that says what it is.
struct Rows(Vec<(&'static str, String)>);

impl Rows {
    fn of(problem: &Problem, excerpt: &Excerpt) -> Self {
        let mut rows = Self(Vec::new());
        for (primary, note) in &excerpt.notes {
            rows.add(if *primary { "here" } else { "also" }, note);
        }
        if excerpt.left_out > 0 {
            rows.add("also", &format!("{} not shown here", counted(excerpt.left_out, "more place", "more places")));
        }
        if let Some(help) = &problem.help {
            rows.add("help", help);
        }
        for fix in &problem.fixes {
            rows.add("fix", &fixed(fix));
        }
        rows
    }

    fn add(&mut self, word: &'static str, text: &str) {
        self.0.push((word, clean(text).into_owned()));
    }
}

fn footer(out: &mut dyn Write, rows: &mut Rows, look: Look) -> io::Result<()> {
    for (word, text) in rows.0.drain(..) {
        let mut label = look.paint(AnsiColor::Cyan.on_default(), &format!("{word:>8}:"));
        for line in wrap(&text, look.width.min(WIDEST).saturating_sub(10)) {
            writeln!(out, "{label} {line}")?;
            label = " ".repeat(9);
        }
    }
    Ok(())
}

fn located(sources: &Sources, span: Span) -> String {
    let at = sources.get(span.file).map(|source| source.position(span.start));
    at.map(|at| format!("{}:{}:{}", sources.path(span), at.line, at.column)).unwrap_or_default()
}

fn severity_style(severity: Severity) -> Style {
    match severity {
        Severity::Error => AnsiColor::Red.on_default().bold(),
        Severity::Warning => AnsiColor::Yellow.on_default().bold(),
        Severity::Note => AnsiColor::Cyan.on_default().bold(),
    }
}

/// The primary words in the colour of the severity, the other places in another.
fn handler(excerpt: &Excerpt, severity: Severity, look: Look) -> GraphicalReportHandler {
    let mut theme = if look.color { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let styles = &mut theme.styles;
    let primary = match severity {
        Severity::Error => styles.error,
        Severity::Warning => styles.warning,
        Severity::Note => styles.advice,
    };
    let mut marks: Vec<_> = excerpt.marks.iter().map(|mark| (mark.range.start, mark.primary)).collect();
    marks.sort_by_key(|(start, _)| *start);
    styles.link = styles.linum;
    styles.highlights = marks.into_iter().map(|(_, is_primary)| if is_primary { primary } else { styles.advice }).collect();
    GraphicalReportHandler::new_themed(theme).with_width(look.width).without_syntax_highlighting().with_links(false)
}

#[derive(Debug)]
struct Snippet {
    excerpt: Excerpt,
}

impl fmt::Display for Snippet {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        Ok(())
    }
}

impl std::error::Error for Snippet {}

impl miette::Diagnostic for Snippet {
    fn source_code(&self) -> Option<&dyn miette::SourceCode> {
        (!self.excerpt.runs.is_empty()).then_some(self)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.excerpt.marks.iter().map(|mark| {
            let span = SourceSpan::from(mark.range.clone());
            if mark.primary {
                LabeledSpan::new_primary_with_span(mark.message.clone(), span)
            } else {
                LabeledSpan::new_with_span(mark.message.clone(), span)
            }
        })))
    }
}

impl miette::SourceCode for Snippet {
    /// The run of lines in which a span lies; with no lines of context asked for, the place as people count it in the file.
    fn read_span<'a>(&'a self, span: &SourceSpan, before: usize, after: usize) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (start, end) = (span.offset(), span.offset() + span.len());
        let run = self.excerpt.runs.iter().find(|run| run.range.start <= start && start < run.range.end && end <= run.range.end);
        let run = run.ok_or(MietteError::OutOfBounds)?;
        let data = self.excerpt.text.get(run.range.clone()).ok_or(MietteError::OutOfBounds)?.as_bytes();
        let mark = self.excerpt.marks.iter().find(|mark| mark.range.start == start && mark.range.end == end);
        let (line, column) = match mark {
            Some(mark) if before == 0 && after == 0 => (mark.line - 1, mark.column - 1),
            _ => (run.line - 1, 0),
        };
        let range = SourceSpan::from(run.range.clone());
        Ok(Box::new(MietteSpanContents::new_named(run.path.clone(), data, range, line, column, run.lines)))
    }
}
