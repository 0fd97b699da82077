//! A calendar as text: to read at a terminal, as full sentences, and as a table for a paper.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use remit_core::outlook::calendar::{Calendar, Change};
use remit_core::time::in_words;

use crate::calendar::{effort, ending, heading, opening, reasons, word};
use crate::render::Look;
use crate::render::text::{capital, clean, listed, sentence, wrap};

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// For people at a terminal.
pub(super) fn human(calendars: &[Calendar], look: Look, out: &mut dyn Write) -> io::Result<()> {
    for (nth, calendar) in calendars.iter().enumerate() {
        if nth > 0 {
            writeln!(out)?;
        }
        paragraph(&heading(calendar), 0, BOLD, look, out)?;
        paragraph(&sentence(&opening(calendar)), 0, Style::new(), look, out)?;
        for turning in &calendar.turns {
            writeln!(out, "\n{}", look.paint(BOLD, &format!("{}  {}", turning.day, in_words(turning.day))))?;
            for change in &turning.changes {
                tell(calendar, change, look, out)?;
            }
        }
        writeln!(out)?;
        paragraph(&sentence(&ending(calendar)), 0, Style::new(), look, out)?;
        paragraph(&sentence(&effort(calendar)), 0, DIM, look, out)?;
    }
    Ok(())
}

fn tell(calendar: &Calendar, change: &Change, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let style = |word: &str| match word {
        "fails" => AnsiColor::Red.on_default().bold(),
        "warning" | "undetermined" => AnsiColor::Yellow.on_default().bold(),
        "clear" => AnsiColor::Green.on_default().bold(),
        _ => BOLD,
    };
    let (before, after) = (word(change.before), word(change.after));
    writeln!(
        out,
        "  {before} → {}  {}  {}",
        look.paint(style(after), after),
        clean(&change.finding.subject),
        look.paint(DIM, &clean(&change.finding.problem.rule))
    )?;
    if change.after.is_some() {
        paragraph(&capital(&change.finding.problem.message), 4, Style::new(), look, out)?;
    }
    for reason in reasons(calendar, change) {
        paragraph(&format!("because {reason}"), 4, DIM, look, out)?;
    }
    Ok(())
}

fn paragraph(text: &str, indent: usize, style: Style, look: Look, out: &mut dyn Write) -> io::Result<()> {
    for line in wrap(&clean(text), look.width.saturating_sub(indent)) {
        writeln!(out, "{:indent$}{}", "", look.paint(style, &line))?;
    }
    Ok(())
}

/// For screen readers: full sentences.
pub(super) fn plain(calendars: &[Calendar], out: &mut dyn Write) -> io::Result<()> {
    for (nth, calendar) in calendars.iter().enumerate() {
        if nth > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}\n{}", sentence(&heading(calendar)), sentence(&opening(calendar)))?;
        for turning in &calendar.turns {
            writeln!(out, "\nOn {}:", in_words(turning.day))?;
            for change in &turning.changes {
                let reasons = reasons(calendar, change);
                let because = if reasons.is_empty() { String::new() } else { format!(", because {}", listed(&reasons)) };
                let (before, after) = (word(change.before), word(change.after));
                writeln!(
                    out,
                    "{} {}",
                    sentence(&format!(
                        "`{}` of {} changes from {before} to {after}{because}",
                        change.finding.problem.rule, change.finding.subject
                    )),
                    if change.after.is_some() { sentence(&change.finding.problem.message) } else { String::new() }
                )?;
            }
        }
        writeln!(out, "\n{}\n{}", sentence(&ending(calendar)), sentence(&effort(calendar)))?;
    }
    Ok(())
}

/// A table for a paper.
pub(super) fn markdown(calendars: &[Calendar], out: &mut dyn Write) -> io::Result<()> {
    let cell = |text: &str| clean(text).replace('\\', "\\\\").replace('|', "\\|").replace('<', "&lt;");
    for (nth, calendar) in calendars.iter().enumerate() {
        if nth > 0 {
            writeln!(out)?;
        }
        writeln!(out, "## {}\n\n{}\n", cell(&heading(calendar)), cell(&sentence(&opening(calendar))))?;
        if !calendar.turns.is_empty() {
            writeln!(out, "| From | What | Before | Then | Because |\n|---|---|---|---|---|")?;
        }
        for turning in &calendar.turns {
            for change in &turning.changes {
                let problem = &change.finding.problem;
                let what = match change.after {
                    Some(_) => format!("{}: {} (`{}`)", change.finding.subject, problem.message, problem.rule),
                    None => format!("{} (`{}`)", change.finding.subject, problem.rule),
                };
                writeln!(
                    out,
                    "| {} | {} | {} | {} | {} |",
                    turning.day,
                    cell(&what),
                    word(change.before),
                    word(change.after),
                    cell(&reasons(calendar, change).join("; "))
                )?;
            }
        }
        if !calendar.turns.is_empty() {
            writeln!(out)?;
        }
        writeln!(out, "{} {}", cell(&sentence(&ending(calendar))), cell(&sentence(&effort(calendar))))?;
    }
    Ok(())
}
