//! `remit explain`: what a rule asks, where it comes from and who may waive it; without a name, every rule.

use std::io::{self, Write};
use std::rc::Rc;

use anstyle::{AnsiColor, Style};
use remit_core::packs::{Packs, RuleInfo};
use serde::Serialize;

use crate::Environment;
use crate::arguments::{ExplainArguments, ExplainFormat};
use crate::config::Configs;
use crate::exit::{Failure, Outcome};
use crate::packs::{Library, PackFailure};
use crate::project::Place;
use crate::render::json::{self, CONTRACT, CitationJson, LocationJson};
use crate::render::text::{cited, clean, wrap};
use crate::render::{Look, pack_errors, page};

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
    let packs = match Library::default().load(&config.packs) {
        Ok(packs) => packs,
        Err(PackFailure::Unreadable(failure)) => return Err(failure),
        Err(PackFailure::Invalid(errors)) => {
            let look = Look { color: environment.color_of_errors, width: environment.width.unwrap_or(80) };
            pack_errors(crate::output::Format::Human, &errors, err, look).map_err(|error| Failure::writing("standard error", &error))?;
            return Ok(Outcome::Packs);
        }
    };
    let rules = match &arguments.rule {
        Some(name) => vec![packs.rule(name).map_err(|near| unknown(name, near))?],
        None => packs.rules(),
    };
    let look = Look { color: environment.color, width: environment.width.unwrap_or(80).min(WIDEST) };
    let written = match (arguments.format, &arguments.rule, rules.as_slice()) {
        (ExplainFormat::Json, _, rules) => write_json(&packs, rules, out),
        (ExplainFormat::Human, Some(_), [rule]) => write_rule(rule, look, out),
        (ExplainFormat::Human, _, rules) => write_list(rules, look, out),
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

fn write_rule(rule: &RuleInfo<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
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
        row("Comes from", &cited(source))?;
    }
    if rule.page.trim().is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    page::write(rule.page, look, out)
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
}

fn write_json(packs: &Rc<Packs>, rules: &[RuleInfo<'_>], out: &mut dyn Write) -> io::Result<()> {
    let rules = rules.iter().map(|rule| RuleJson {
        rule: &rule.id,
        title: &rule.title,
        severity: rule.severity.word(),
        waivable_by: rule.waivable_by,
        source: rule.source.as_ref().map(json::citation),
        page: rule.page,
        location: rule.place.map(|place| json::location(&packs.sources, place)),
    });
    json::write(out, &Document { remit: CONTRACT, rules: rules.collect() })
}
