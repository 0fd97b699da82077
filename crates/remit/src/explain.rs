//! `remit explain`: what a rule asks, where it comes from and who may waive it; without a name, every rule.

use std::io::{self, Write};
use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use remit_core::packs::edition::{Edition, InForce};
use remit_core::packs::{Packs, RuleInfo};
use serde::Serialize;

use crate::Environment;
use crate::arguments::{ExplainArguments, ExplainFormat};
use crate::config::Configs;
use crate::exit::{Failure, Outcome};
use crate::packs::{Library, PackFailure, tell_invalid};
use crate::project::Place;
use crate::render::json::{self, CONTRACT, CitationJson, LocationJson};
use crate::render::text::{clean, wrap};
use crate::render::{Look, page};

/// The widest that prose is set.
const WIDEST: usize = 90;

/// Runs the command.
pub(crate) fn run(
    arguments: &ExplainArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let here = Place::given(&environment.folder, ".".as_ref());
    let config = Configs::new(&environment.folder).nearest(&here.folder())?;
    let mut library = Library::default();
    let packs = match library.load(&config, environment) {
        Ok(packs) => packs,
        Err(PackFailure::Unreadable(failure)) => return Err(failure),
        Err(PackFailure::Invalid(errors)) => return tell_invalid(&errors, err, environment),
    };
    library.tell_notes(err);
    let rules = match &arguments.rule {
        Some(name) => packs.rules_named(name).map_err(|near| unknown(name, near))?,
        None => packs.rules(),
    };
    let look = Look { color: environment.color, width: environment.width.unwrap_or(80).min(WIDEST) };
    let written = match (arguments.format, &arguments.rule, rules.as_slice()) {
        (ExplainFormat::Json, _, rules) => write_json(&packs, rules, out),
        (ExplainFormat::Human, Some(_), rules) => rules.iter().enumerate().try_for_each(|(at, rule)| {
            if at > 0 {
                writeln!(out)?;
            }
            write_rule(&packs, rule, look, out)
        }),
        (ExplainFormat::Human, None, rules) => write_list(rules, look, out),
    };
    written.map_err(|error| Failure::writing("standard output", &error))?;
    Ok(Outcome::Clean)
}

fn unknown(name: &str, near: Option<String>) -> Failure {
    let failure = Failure::usage(format!("there is no rule `{name}`"));
    match near {
        Some(near) => failure.help(format!("did you mean `{near}`?")),
        None => failure.help("`remit explain` alone lists every rule"),
    }
}

fn write_rule(packs: &Packs, rule: &RuleInfo<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    for line in wrap(&clean(&rule.title), look.width) {
        writeln!(out, "{}", look.paint(Style::new().bold(), &line))?;
    }
    writeln!(out, "{}\n", look.paint(Style::new().dimmed(), &clean(&rule.id)))?;
    let mut row = |word: &str, text: &str| {
        let mut label = look.paint(AnsiColor::Cyan.on_default(), &format!("{word:<14}"));
        for line in wrap(&clean(text), look.width.saturating_sub(16)) {
            writeln!(out, "{label}  {line}")?;
            label = " ".repeat(14);
        }
        Ok::<(), io::Error>(())
    };
    row("Level", rule.severity.word())?;
    row("May waive it", rule.waivable_by.unwrap_or("nobody"))?;
    if let Some(source) = &rule.source {
        row("Comes from", &source.to_string())?;
    }
    if let Some(tightened) = rule.tightens {
        row("Tightens", &format!("{}, from {}", tightened.rule, tightened.source))?;
    }
    if rule.is_consulted {
        row("Status", "put to consultation: what it finds is shown, and counts for nothing")?;
    }
    if let Some(stands) = stands_in(packs, rule) {
        row("Editions", &stands)?;
    }
    for edition in &rule.editions {
        let title = if edition.title.is_empty() { String::new() } else { format!("{}, ", edition.title) };
        row("", &format!("{}: {title}{}", edition.name, in_force(edition.in_force)))?;
    }
    if let Some(from) = rule.in_force {
        row("In force", &format!("{}; until then, a failure is a warning", in_force(from)))?;
    }
    if rule.page.trim().is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    page::write(rule.page, look, out)
}

/// Which editions of their framework a rule stands in, in short.
fn stands_in(packs: &Packs, rule: &RuleInfo<'_>) -> Option<String> {
    let (first, last) = (rule.editions.first()?, rule.editions.last()?);
    let all = packs.infos.iter().map(|info| &info.editions).find(|editions| editions.contains(first))?;
    let (from_first, to_last) = (all.first() == Some(first), all.last() == Some(last));
    Some(match (from_first, to_last) {
        (true, true) => "every edition".to_owned(),
        (false, true) => format!("since {}", first.name),
        (true, false) => format!("until {}", last.name),
        (false, false) if first == last => format!("{} only", first.name),
        (false, false) => format!("{} to {}", first.name, last.name),
    })
}

fn in_force(in_force: InForce) -> String {
    match in_force {
        InForce::From(day) => format!("in force from {day}"),
        InForce::NoDate => in_force.to_string(),
    }
}

fn write_list(rules: &[RuleInfo<'_>], look: Look, out: &mut dyn Write) -> io::Result<()> {
    let name = |rule: &RuleInfo<'_>| rule.id.rsplit('/').next().unwrap_or(&rule.id).to_owned();
    let widest = rules.iter().map(|rule| name(rule).chars().count()).max().unwrap_or(0);
    let mut pack = None;
    for rule in rules {
        let of = rule.id.rsplit_once('/').map_or("", |(pack, _)| pack);
        if pack != Some(of) {
            let gap = if pack.is_some() { "\n" } else { "" };
            writeln!(out, "{gap}{}", look.paint(Style::new().bold(), &clean(of)))?;
            pack = Some(of);
        }
        let indent = widest + 13;
        let mut start = format!("  {:<widest$}  {:<7}  ", clean(&name(rule)), rule.severity.word());
        for line in wrap(&clean(&rule.title), look.width.saturating_sub(indent).max(24)) {
            writeln!(out, "{start}{line}")?;
            start = " ".repeat(indent);
        }
    }
    if rules.is_empty() {
        writeln!(out, "There are no rules.")?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Document<'r> {
    remit: u32,
    rules: Vec<RuleJson<'r>>,
}

#[derive(Serialize)]
struct RuleJson<'r> {
    rule: &'r str,
    title: &'r str,
    severity: &'static str,
    waivable_by: Option<&'r str>,
    source: Option<CitationJson>,
    page: &'r str,
    location: Option<LocationJson>,
    editions: Vec<EditionJson<'r>>,
    in_force: Option<InForceJson>,
    tightens: Option<json::TightensJson>,
    consultation: bool,
}

#[derive(Serialize)]
struct EditionJson<'r> {
    edition: &'r str,
    title: Option<&'r str>,
    source: Option<&'r str>,
    from: Option<String>,
}

#[derive(Serialize)]
struct InForceJson {
    from: Option<String>,
}

/// A day; `None` where none is published.
fn day(in_force: InForce) -> Option<String> {
    match in_force {
        InForce::From(day) => Some(day.to_string()),
        InForce::NoDate => None,
    }
}

fn edition_json(edition: &Edition) -> EditionJson<'_> {
    EditionJson {
        edition: &edition.name,
        title: Some(edition.title.as_str()).filter(|title| !title.is_empty()),
        source: edition.source.as_deref(),
        from: day(edition.in_force),
    }
}

fn write_json(packs: &Arc<Packs>, rules: &[RuleInfo<'_>], out: &mut dyn Write) -> io::Result<()> {
    let rules = rules.iter().map(|rule| RuleJson {
        rule: &rule.id,
        title: &rule.title,
        severity: rule.severity.word(),
        waivable_by: rule.waivable_by,
        source: rule.source.as_ref().map(json::citation),
        page: rule.page,
        location: rule.place.map(|place| json::location(&packs.sources, place)),
        editions: rule.editions.iter().map(|edition| edition_json(edition)).collect(),
        in_force: rule.in_force.map(|in_force| InForceJson { from: day(in_force) }),
        tightens: rule.tightens.map(|tightened| json::tightens(&packs.sources, tightened)),
        consultation: rule.is_consulted,
    });
    json::write(out, &Document { remit: CONTRACT, rules: rules.collect() })
}
