//! The roster for people: as text, in sentences, and as a table for a paper.

use std::io::{self, Write};

use anstyle::Style;

use crate::render::Look;
use crate::render::text::{clean, counted, escaped_markdown, listed, sentence, wrap};
use crate::roster::{Counts, Entry, Roster, Sent};

/// What there is to say of all of them.
fn heading(roster: &Roster) -> String {
    let without = roster.systems.iter().filter(|entry| entry.plan.is_none()).count();
    let (here, systems) = (roster.expected.saturating_sub(without), roster.expected);
    let due = roster.due.as_ref().map(|due| format!(", due {due}")).unwrap_or_default();
    let mut said = format!("Plans as of {}{due}: {here} of {} here", roster.as_of, counted(systems, "system", "systems"));
    for (count, word) in [(roster.missing, "missing"), (roster.failing, "failing")] {
        if count > 0 {
            said.push_str(&format!(", {count} {word}"));
        }
    }
    said
}

/// How many findings there are, in words.
pub(crate) fn counts(counts: &Counts) -> String {
    let mut words = Vec::new();
    for (count, one, many) in [(counts.error, "error", "errors"), (counts.warning, "warning", "warnings"), (counts.note, "note", "notes")] {
        if count > 0 {
            words.push(counted(count, one, many));
        }
    }
    for (count, word) in [(counts.undetermined, "undetermined"), (counts.waived, "waived")] {
        if count > 0 {
            words.push(format!("{count} {word}"));
        }
    }
    if words.is_empty() { "no findings".to_owned() } else { listed(&words) }
}

fn editions(plan: &Sent) -> String {
    let words: Vec<String> = plan.editions.iter().map(|one| format!("{} {}", one.pack, one.edition)).collect();
    listed(&words)
}

/// What is said of a plan, part by part.
fn parts(plan: &Sent) -> Vec<String> {
    let mut parts = vec![counts(&plan.findings)];
    let late = if plan.is_late { ", late" } else { "" };
    parts.push(plan.submitted.as_ref().map_or("it does not say when it was sent in".to_owned(), |day| format!("sent in on {day}{late}")));
    parts.extend(Some(editions(plan)).filter(|editions| !editions.is_empty()).map(|editions| format!("written to {editions}")));
    parts.extend(plan.changed.as_ref().map(|day| format!("changed on {day}")));
    parts.push(plan.path.clone());
    parts
}

fn unexpected(entry: &Entry) -> &'static str {
    if entry.is_expected { "" } else { ", not expected" }
}

pub(crate) fn human(roster: &Roster, look: Look, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", look.paint(Style::new().bold(), &heading(roster)))?;
    let mut region = None;
    for entry in &roster.systems {
        if region != Some(&entry.region) {
            region = Some(&entry.region);
            writeln!(out, "\n{}", clean(entry.region.as_deref().unwrap_or("In no region that is known")))?;
        }
        let shown = format!("{}{}", entry.shown(), unexpected(entry));
        writeln!(out, "  {:<9}{}", entry.state.word(), look.paint(Style::new().bold(), &clean(&shown)))?;
        for line in entry.plan.iter().flat_map(|plan| wrap(&clean(&parts(plan).join("; ")), look.width.saturating_sub(11))) {
            writeln!(out, "           {line}")?;
        }
    }
    Ok(())
}

pub(crate) fn plain(roster: &Roster, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "{}", sentence(&heading(roster)))?;
    for entry in &roster.systems {
        let region = entry.region.as_ref().map(|region| format!(", {region}")).unwrap_or_default();
        let shown = format!("{}{region}{}", entry.shown(), unexpected(entry));
        let said = entry.plan.as_ref().map(|plan| format!(": {}", parts(plan).join("; "))).unwrap_or_default();
        writeln!(out, "\n{}", sentence(&format!("{}, {shown}{said}", entry.state.word())))?;
    }
    Ok(())
}

pub(crate) fn markdown(roster: &Roster, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# {}\n", escaped_markdown(&heading(roster)))?;
    writeln!(out, "| System | Region | | Sent in | Edition | Changed | Findings |\n| --- | --- | --- | --- | --- | --- | --- |")?;
    for entry in &roster.systems {
        let of = |part: &dyn Fn(&Sent) -> Option<String>| {
            entry.plan.as_ref().and_then(part).map(|said| escaped_markdown(&said)).unwrap_or_default()
        };
        let submitted = of(&|plan| plan.submitted.as_ref().map(|day| format!("{day}{}", if plan.is_late { ", late" } else { "" })));
        writeln!(
            out,
            "| {} | {} | {}{} | {submitted} | {} | {} | {} |",
            escaped_markdown(&entry.shown()),
            escaped_markdown(entry.region.as_deref().unwrap_or("")),
            entry.state.word(),
            unexpected(entry),
            of(&|plan| Some(editions(plan))),
            of(&|plan| plan.changed.clone()),
            of(&|plan| Some(counts(&plan.findings))),
        )?;
    }
    Ok(())
}
