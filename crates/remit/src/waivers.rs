//! `remit waivers`: the register of waivers: which hold, for how long, who asked, who approved, and why.

use std::io::{self, Write};

use anstyle::Style;
use remit_core::check::{Analysis, analyze};
use remit_core::rules::waiver::{Entry, Held};
use serde::Serialize;

use crate::Environment;
use crate::arguments::{WaiversArguments, WaiversFormat};
use crate::exit::{Failure, Outcome};
use crate::jobs::{Asked, Failures, jobs};
use crate::output::Format;
use crate::render::Look;
use crate::render::json::{self, CONTRACT, LocationJson};
use crate::render::text::{clean, escaped_markdown, listed, sentence, wrap};

/// The order in which waivers are told: first what needs somebody.
const ORDER: [(Held, &str); 5] = [
    (Held::Refused, "refused"),
    (Held::Expiring, "expiring"),
    (Held::Expired, "expired"),
    (Held::Unused, "unused"),
    (Held::InForce, "in force"),
];

/// Runs the command.
pub(crate) fn run(
    arguments: &WaiversArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let mut failures = Failures::new(err);
    let asked = Asked { paths: &arguments.paths, as_of: arguments.as_of, fail_on: None, format: Format::Human };
    let mut checked = Vec::new();
    for job in jobs(&asked, &mut failures, environment)? {
        match job.plan.read() {
            Ok(files) => checked.push(analyze(&job.plan.place.shown, files, &job.packs, job.as_of)),
            Err(failure) => failures.tell(failure),
        }
    }
    let worst = failures.worst;
    if checked.is_empty() && worst != Outcome::Clean {
        return Ok(worst);
    }
    let look = Look { color: environment.color, width: environment.width.unwrap_or(80).min(100) };
    let written = match arguments.format {
        WaiversFormat::Human => human(&checked, look, out),
        WaiversFormat::Plain => plain(&checked, out),
        WaiversFormat::Markdown => markdown(&checked, out),
        WaiversFormat::Json => write_json(&checked, out),
    };
    written.map_err(|error| Failure::writing("standard output", &error))?;
    Ok(worst)
}

/// The waivers of a plan in the order in which they are told.
pub(crate) fn in_order(analysis: &Analysis) -> Vec<(&Entry, &'static str)> {
    ORDER
        .iter()
        .flat_map(|(held, word)| analysis.waivers.iter().filter(move |entry| entry.held == *held).map(move |entry| (entry, *word)))
        .collect()
}

/// How many there are of each, as of when.
fn heading(analysis: &Analysis) -> String {
    let counts = ORDER.iter().filter_map(|(held, word)| {
        let count = analysis.waivers.iter().filter(|entry| entry.held == *held).count();
        (count > 0).then(|| format!("{count} {word}"))
    });
    let counts: Vec<String> = counts.collect();
    let counts = if counts.is_empty() { "no waivers".to_owned() } else { listed(&counts) };
    let name = analysis.plan.title.as_ref().map_or(analysis.plan.id.clone(), |title| format!("{title} ({})", analysis.plan.id));
    clean(&format!("{name}, as of {}: {counts}", analysis.as_of)).into_owned()
}

/// What is said of one, part by part.
pub(crate) fn parts(entry: &Entry) -> Vec<(&'static str, String)> {
    let mut parts = Vec::new();
    parts.extend(entry.why.as_ref().map(|why| ("refused", why.clone())));
    parts.extend(entry.until.map(|until| ("until", until.to_string())));
    parts.extend(entry.because.as_ref().map(|because| ("because", because.clone())));
    parts.extend(entry.requested_by.as_ref().map(|who| ("asked by", who.clone())));
    let by = entry.approved_by.as_ref().map_or(String::new(), |by| format!(" by {by}"));
    parts.extend(entry.approved.map(|approved| ("approved", format!("{approved}{by}"))));
    if entry.held == Held::Unused {
        parts.push(("unused", "nothing fails that it is for: remove it, or check its rule and whom it is for".to_owned()));
    }
    if entry.held == Held::Expired {
        let next = if entry.needed {
            "the rule still fails: put the matter right, or have it renewed"
        } else {
            "the rule no longer fails: remove it"
        };
        parts.push(("expired", next.to_owned()));
    }
    parts.into_iter().map(|(label, said)| (label, clean(&said).into_owned())).collect()
}

pub(crate) fn subject(entry: &Entry) -> String {
    let rule = entry.rule.split_once('/').map_or(entry.rule.as_str(), |(_, rule)| rule);
    clean(&format!("{rule} for {}", entry.subject)).into_owned()
}

fn human(checked: &[Analysis], look: Look, out: &mut dyn Write) -> io::Result<()> {
    for (at, analysis) in checked.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", look.paint(Style::new().bold(), &heading(analysis)))?;
        for (entry, word) in in_order(analysis) {
            writeln!(out, "\n  {word:<10}{}", look.paint(Style::new().bold(), &subject(entry)))?;
            for (label, said) in parts(entry) {
                for (at, line) in wrap(&said, look.width.saturating_sub(24)).iter().enumerate() {
                    writeln!(out, "            {:<12}{line}", if at == 0 { label } else { "" })?;
                }
            }
        }
    }
    Ok(())
}

fn plain(checked: &[Analysis], out: &mut dyn Write) -> io::Result<()> {
    for (at, analysis) in checked.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{}", sentence(&heading(analysis)))?;
        for (entry, word) in in_order(analysis) {
            writeln!(out, "\n{}", sentence(&format!("{word}: {}", subject(entry))))?;
            for (label, said) in parts(entry) {
                writeln!(out, "{}", sentence(&format!("{label}: {said}")))?;
            }
        }
    }
    Ok(())
}

fn markdown(checked: &[Analysis], out: &mut dyn Write) -> io::Result<()> {
    for (at, analysis) in checked.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        writeln!(out, "# Waivers: {}\n", escaped_markdown(&heading(analysis)))?;
        if analysis.waivers.is_empty() {
            continue;
        }
        writeln!(out, "| | Waiver | Until | Because | Asked by | Approved |\n| --- | --- | --- | --- | --- | --- |")?;
        for (entry, word) in in_order(analysis) {
            let of = |label: &str| {
                parts(entry).into_iter().find(|(found, _)| *found == label).map_or(String::new(), |(_, said)| escaped_markdown(&said))
            };
            let state = entry.why.as_ref().map_or(word.to_owned(), |why| format!("{word}: {}", escaped_markdown(why)));
            let (until, because, asked, approved) = (of("until"), of("because"), of("asked by"), of("approved"));
            writeln!(out, "| {state} | {} | {until} | {because} | {asked} | {approved} |", escaped_markdown(&subject(entry)))?;
        }
    }
    Ok(())
}

#[derive(Serialize)]
struct Document<'r> {
    remit: u32,
    registers: Vec<RegisterJson<'r>>,
}

#[derive(Serialize)]
struct RegisterJson<'r> {
    id: &'r str,
    title: Option<&'r str>,
    path: &'r str,
    as_of: String,
    waivers: Vec<EntryJson<'r>>,
    summary: SummaryJson,
}

#[derive(Serialize)]
struct EntryJson<'r> {
    rule: &'r str,
    subject: &'r str,
    state: &'static str,
    why: Option<&'r str>,
    needed: bool,
    until: Option<String>,
    because: Option<&'r str>,
    requested_by: Option<&'r str>,
    approved: Option<String>,
    approved_by: Option<&'r str>,
    location: LocationJson,
}

#[derive(Serialize)]
struct SummaryJson {
    in_force: usize,
    expiring: usize,
    unused: usize,
    expired: usize,
    refused: usize,
}

fn write_json(checked: &[Analysis], out: &mut dyn Write) -> io::Result<()> {
    json::write(out, &Document { remit: CONTRACT, registers: checked.iter().map(register).collect() })
}

fn register(analysis: &Analysis) -> RegisterJson<'_> {
    let count = |held| analysis.waivers.iter().filter(|entry| entry.held == held).count();
    RegisterJson {
        id: &analysis.plan.id,
        title: analysis.plan.title.as_deref(),
        path: &analysis.plan.path,
        as_of: analysis.as_of.to_string(),
        waivers: analysis.waivers.iter().map(|entry| entry_json(analysis, entry)).collect(),
        summary: SummaryJson {
            in_force: count(Held::InForce),
            expiring: count(Held::Expiring),
            unused: count(Held::Unused),
            expired: count(Held::Expired),
            refused: count(Held::Refused),
        },
    }
}

fn entry_json<'r>(analysis: &'r Analysis, entry: &'r Entry) -> EntryJson<'r> {
    EntryJson {
        rule: &entry.rule,
        subject: &entry.subject,
        state: entry.held.word(),
        why: entry.why.as_deref(),
        needed: entry.needed,
        until: entry.until.map(|day| day.to_string()),
        because: entry.because.as_deref(),
        requested_by: entry.requested_by.as_deref(),
        approved: entry.approved.map(|day| day.to_string()),
        approved_by: entry.approved_by.as_deref(),
        location: json::location(&analysis.sources, entry.span),
    }
}
