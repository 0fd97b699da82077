//! The ladder as text: to read at a terminal, as full sentences, and as Markdown.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use remit_core::ready::{Ladder, Step};
use remit_core::rules::gate::state::State;

use crate::ready::{Climbed, words};
use crate::render::Look;
use crate::render::text::{capital, clean, escaped_markdown, sentence, wrap};

/// The columns before what is said of a function.
const INDENT: usize = 16;

/// What is told of a step, with the word that each line stands beside.
fn lines(step: &Step, ladder: &Ladder) -> Vec<(&'static str, String)> {
    let mut lines = vec![("accountable", words::held(step))];
    lines.extend(words::for_places(step).map(|parts| ("for places", parts)));
    lines.extend(words::supported(step).map(|names| ("supported by", names)));
    lines.push(("gate", words::state(step)));
    lines.extend(step.rests_on.as_ref().map(|rests| ("rests on", words::rests(rests))));
    lines.extend(words::missing(step).into_iter().map(|why| ("missing", why)));
    lines.extend(words::passages(step).into_iter().map(|passage| ("passes", passage)));
    lines.push(("could open", words::opens(step, ladder.as_of)));
    lines
}

/// What a function is called where several bodies may take it on.
fn heading(step: &Step, ladder: &Ladder) -> String {
    let other = ladder.body.as_ref() != Some(&step.body);
    let heading = if other { format!("{}, for {}", step.title, step.body.name) } else { step.title.clone() };
    clean(&heading).into_owned()
}

fn style(state: State) -> Style {
    match state {
        State::Open => AnsiColor::Green.on_default().bold(),
        State::Lapsing(_) | State::Conditional | State::Lapsed(_) => AnsiColor::Yellow.on_default().bold(),
        _ => Style::new().bold(),
    }
}

/// Text to read.
pub(super) fn human(climbed: &[Climbed], look: Look, out: &mut dyn Write) -> io::Result<()> {
    if let [only] = climbed {
        return one(&only.ladder, look, out);
    }
    let Some(first) = climbed.first() else { return Ok(()) };
    let functions = functions(climbed);
    let names: Vec<String> = climbed.iter().map(|climbed| words::plan(&climbed.ladder)).collect();
    let widest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).min(40);
    let dates = climbed.iter().all(|climbed| climbed.ladder.as_of == first.ladder.as_of);
    let date = if dates { format!("as of {}", first.ladder.as_of) } else { "each as of its own date".to_owned() };
    writeln!(out, "{}\n", look.paint(Style::new().bold(), &format!("Who is ready for what: {} plans, {date}", climbed.len())))?;
    for (at, (_, title)) in functions.iter().enumerate() {
        writeln!(out, "  {}  {}", letter(at), clean(title))?;
    }
    writeln!(out)?;
    let heads: String = (0..functions.len()).map(|at| format!("  {:<15}", letter(at))).collect();
    writeln!(out, "  {:<widest$}{}", "", heads.trim_end())?;
    for (climbed, name) in climbed.iter().zip(&names) {
        let name: String = name.chars().take(widest).collect();
        write!(out, "  {name:<widest$}")?;
        let mut row = String::new();
        for (function, _) in &functions {
            let step = own(&climbed.ladder, function);
            let text = step.map_or("-".to_owned(), |step| format!("{} {}", words::mark(step.state), words::cell(step.state)));
            let held = if step.is_some_and(Step::is_held) { "*" } else { "" };
            row.push_str(&format!("  {:<15}", format!("{text}{held}")));
        }
        writeln!(out, "{}", row.trim_end())?;
    }
    writeln!(out, "\n  * the system holds the function on that day")?;
    for (climbed, name) in climbed.iter().zip(&names) {
        for line in wrap(&format!("{name}: {}", words::next(&climbed.ladder)), look.width.saturating_sub(2)) {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}

fn one(ladder: &Ladder, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let bold = Style::new().bold();
    writeln!(out, "{}", look.paint(bold, &format!("{}, as of {}", words::plan(ladder), ladder.as_of)))?;
    for step in &ladder.steps {
        let state = format!("{} {}", words::mark(step.state), words::cell(step.state));
        writeln!(out, "\n{}  {}", look.paint(bold, &capital(&heading(step, ladder))), look.paint(style(step.state), &state))?;
        let mut before = "";
        for (label, said) in lines(step, ladder) {
            let shown = if label == before { "" } else { label };
            before = label;
            for (at, line) in wrap(&said, look.width.saturating_sub(INDENT)).iter().enumerate() {
                writeln!(out, "  {:<14}{line}", if at == 0 { shown } else { "" })?;
            }
        }
    }
    if ladder.steps.is_empty() {
        writeln!(out, "\n{}", nothing(ladder))?;
        return Ok(());
    }
    writeln!(out)?;
    for line in wrap(&sentence(&words::next(ladder)), look.width) {
        writeln!(out, "{line}")?;
    }
    Ok(())
}

fn nothing(ladder: &Ladder) -> &'static str {
    match ladder.body {
        Some(_) => "No rule that stands for this plan has a gate: there is nothing to be devolved.",
        None => "The plan's body could not be read, so nobody can say what it is ready for.",
    }
}

/// Full sentences.
pub(super) fn plain(climbed: &[Climbed], out: &mut dyn Write) -> io::Result<()> {
    for (at, Climbed { ladder, .. }) in climbed.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        writeln!(out, "How ready {} is, as of {}.", words::plan(ladder), ladder.as_of)?;
        for step in &ladder.steps {
            writeln!(out, "\n{}", sentence(&heading(step, ladder)))?;
            writeln!(out, "{}", sentence(&format!("Accountable: {}", words::held(step))))?;
            if let Some(parts) = words::for_places(step) {
                writeln!(out, "{}", sentence(&format!("For places: {parts}")))?;
            }
            if let Some(names) = words::supported(step) {
                writeln!(out, "{}", sentence(&format!("Supported by {names}")))?;
            }
            writeln!(out, "{}", sentence(&format!("The gate is {}", words::state(step))))?;
            if let Some(rests) = &step.rests_on {
                writeln!(out, "{}", sentence(&format!("It rests on: {}", words::rests(rests))))?;
            }
            for why in words::missing(step) {
                writeln!(out, "{}", sentence(&format!("Missing: {why}")))?;
            }
            for passage in words::passages(step) {
                writeln!(out, "{}", sentence(&format!("Passes {passage}")))?;
            }
            writeln!(out, "{}", sentence(&format!("Could open: {}", words::opens(step, ladder.as_of))))?;
        }
        if ladder.steps.is_empty() {
            writeln!(out, "{}", nothing(ladder))?;
        } else {
            writeln!(out, "\n{}", sentence(&words::next(ladder)))?;
        }
    }
    Ok(())
}

/// A table and a list.
pub(super) fn markdown(climbed: &[Climbed], out: &mut dyn Write) -> io::Result<()> {
    if climbed.len() > 1 {
        let functions = functions(climbed);
        writeln!(out, "# Who is ready for what\n")?;
        let heads: Vec<String> = functions.iter().map(|(_, title)| escaped_markdown(&capital(title))).collect();
        writeln!(out, "| System | As of | {} |", heads.join(" | "))?;
        writeln!(out, "| --- | --- | {} |", vec!["---"; heads.len()].join(" | "))?;
        for Climbed { ladder, .. } in climbed {
            let cells: Vec<String> = functions
                .iter()
                .map(|(function, _)| {
                    own(ladder, function).map_or("-".to_owned(), |step| {
                        let held = if step.is_held() { ", held" } else { "" };
                        format!("{} {}{held}", words::mark(step.state), words::cell(step.state))
                    })
                })
                .collect();
            writeln!(out, "| {} | {} | {} |", escaped_markdown(&words::plan(ladder)), ladder.as_of, cells.join(" | "))?;
        }
        writeln!(out)?;
    }
    for (at, Climbed { ladder, .. }) in climbed.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        writeln!(out, "# {}, as of {}\n", escaped_markdown(&words::plan(ladder)), ladder.as_of)?;
        if ladder.steps.is_empty() {
            writeln!(out, "{}", nothing(ladder))?;
            continue;
        }
        writeln!(out, "| Function | Accountable | Gate | Could open |")?;
        writeln!(out, "| --- | --- | --- | --- |")?;
        for step in &ladder.steps {
            writeln!(
                out,
                "| {} | {} | {} {} | {} |",
                escaped_markdown(&capital(&heading(step, ladder))),
                escaped_markdown(&words::held(step)),
                words::mark(step.state),
                words::cell(step.state),
                escaped_markdown(&words::opens(step, ladder.as_of))
            )?;
        }
        for step in &ladder.steps {
            writeln!(out, "\n## {}\n", escaped_markdown(&capital(&heading(step, ladder))))?;
            for (label, said) in lines(step, ladder) {
                writeln!(out, "- {}: {}", capital(label), escaped_markdown(&said))?;
            }
        }
        writeln!(out, "\n{}", escaped_markdown(&sentence(&words::next(ladder))))?;
    }
    Ok(())
}

/// Every function of the ladders, with its title, in their order.
pub(crate) fn functions(climbed: &[Climbed]) -> Vec<(&str, &str)> {
    let mut functions: Vec<(&str, &str)> = Vec::new();
    for step in climbed.iter().flat_map(|climbed| &climbed.ladder.steps) {
        if !functions.iter().any(|(function, _)| *function == step.function) {
            functions.push((&step.function, &step.title));
        }
    }
    functions
}

/// The step of the plan's own body for a function.
pub(crate) fn own<'l>(ladder: &'l Ladder, function: &str) -> Option<&'l Step> {
    ladder.steps.iter().find(|step| step.function == function && ladder.body.as_ref() == Some(&step.body))
}

fn letter(at: usize) -> String {
    u8::try_from(at).ok().filter(|at| *at < 26).map_or_else(|| (at + 1).to_string(), |at| char::from(b'A' + at).to_string())
}
