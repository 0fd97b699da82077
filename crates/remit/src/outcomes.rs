//! `remit outcomes`: which findings hold in all, in some or in no outcomes of the funding, and which confirmations a plan depends on.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use remit_core::outlook::outcomes::{MOST, Outcomes, outcomes};
use remit_core::problem::{Finding, Severity, Verdict};
use serde::Serialize;

use crate::Environment;
use crate::arguments::{OutcomesArguments, OutcomesFormat};
use crate::exit::{Failure, Outcome};
use crate::one::{One, file_and_line, one};
use crate::packs::{PackFailure, tell_invalid};
use crate::render::Look;
use crate::render::json::{self, CONTRACT, FindingJson, LocationJson, finding_json};
use crate::render::text::{capital, clean, counted, listed, sentence, wrap};

/// The widest that prose is set.
const WIDEST: usize = 100;

/// Runs the command.
pub(crate) fn run(
    arguments: &OutcomesArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let One { shown, texts, packs, as_of } = match one(arguments.path.as_deref(), arguments.as_of, err, environment) {
        Ok(one) => one,
        Err(PackFailure::Unreadable(failure)) => return Err(failure),
        Err(PackFailure::Invalid(errors)) => return tell_invalid(&errors, err, environment),
    };
    let found = outcomes(&shown, &texts, &packs, as_of);
    let look = Look { color: environment.color, width: environment.width.unwrap_or(80).min(WIDEST) };
    let written = match arguments.format {
        OutcomesFormat::Human => write_human(&found, look, out),
        OutcomesFormat::Plain => write_plain(&found, out),
        OutcomesFormat::Json => write_json(&found, out),
        OutcomesFormat::Markdown => write_markdown(&found, out),
    };
    written.map_err(|error| Failure::writing("standard output", &error))?;
    Ok(Outcome::Clean)
}

/// `Our people (QHM)`.
fn name(found: &Outcomes) -> String {
    match &found.plan.title {
        Some(title) => format!("{title} ({})", found.plan.id),
        None => found.plan.id.clone(),
    }
}

pub(crate) fn waits(found: &Outcomes) -> String {
    format!("the money of this plan waits for {}", counted(found.streams.len(), "thing", "things"))
}

/// What findings come to: `2 errors and 1 note`.
pub(crate) fn sum(findings: &[Finding]) -> String {
    let of = |severity, one, many| {
        let count = findings.iter().filter(|finding| finding.verdict == Verdict::Fail && finding.problem.severity == severity).count();
        (count > 0).then(|| counted(count, one, many))
    };
    let verdict = |verdict, word: &str| {
        let count = findings.iter().filter(|finding| finding.verdict == verdict).count();
        (count > 0).then(|| format!("{count} {word}"))
    };
    let sums = [
        of(Severity::Error, "error", "errors"),
        of(Severity::Warning, "warning", "warnings"),
        of(Severity::Note, "note", "notes"),
        verdict(Verdict::Undetermined, "undetermined"),
        verdict(Verdict::Waived, "waived"),
    ];
    let sums: Vec<String> = sums.into_iter().flatten().collect();
    if sums.is_empty() { "nothing".to_owned() } else { listed(&sums) }
}

pub(crate) fn word(finding: &Finding) -> &'static str {
    match finding.verdict {
        Verdict::Fail => finding.problem.severity.word(),
        other => other.word(),
    }
}

fn quoted(found: &Outcomes, streams: &[usize]) -> Vec<String> {
    streams.iter().filter_map(|at| found.streams.get(*at)).map(|stream| format!("\"{}\"", stream.name)).collect()
}

/// `when "Spending Review 2019" does not arrive`, or each of several cases.
pub(crate) fn when(found: &Outcomes, cases: &[Vec<(usize, bool)>]) -> String {
    let case = |case: &Vec<(usize, bool)>| {
        let of = |wanted: bool| {
            let streams: Vec<usize> = case.iter().filter(|(_, arrives)| *arrives == wanted).map(|(stream, _)| *stream).collect();
            let names = quoted(found, &streams);
            let verb = match (wanted, names.len()) {
                (true, 1) => "arrives",
                (true, _) => "arrive",
                (false, 1) => "does not arrive",
                (false, _) => "do not arrive",
            };
            (!names.is_empty()).then(|| format!("{} {verb}", listed(&names)))
        };
        [of(true), of(false)].into_iter().flatten().collect::<Vec<_>>().join(" and ")
    };
    let cases: Vec<String> = cases.iter().map(case).collect();
    format!("when {}", cases.join("; or when "))
}

/// What a plan needs of one group, as a sentence without its stop.
pub(crate) fn need(found: &Outcomes, needs: &[Vec<usize>]) -> String {
    match needs {
        [] => "no confirmation avoids all that fails in some outcomes only: what helps one rule hurts another".to_owned(),
        [none] if none.is_empty() => "no failure depends on it; only what cannot be told does".to_owned(),
        [only] => format!("confirm {}", listed(&quoted(found, only))),
        several => {
            let sets: Vec<String> = several.iter().map(|set| listed(&quoted(found, set))).collect();
            format!("confirm {}", sets.join("; or else "))
        }
    }
}

pub(crate) fn undecided(found: &Outcomes) -> Vec<String> {
    let one = |one: &remit_core::outlook::outcomes::Undecided| {
        let rules: Vec<String> = one.rules.iter().map(|rule| format!("`{rule}`")).collect();
        format!(
            "{} was not decided: more than {MOST} things that money waits for meet in it ({}); settle some of them with `remit check --assume`",
            listed(&rules),
            listed(&quoted(found, &one.streams))
        )
    };
    found.undecided.iter().map(one).collect()
}

fn write_human(found: &Outcomes, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let bold = Style::new().bold();
    let heading = |out: &mut dyn Write, text: &str| writeln!(out, "\n{}", look.paint(bold, text));
    let text = |out: &mut dyn Write, indent: usize, text: &str| {
        wrap(&clean(text), look.width.saturating_sub(indent)).iter().try_for_each(|line| writeln!(out, "{:indent$}{line}", ""))
    };
    writeln!(out, "{}", look.paint(bold, &clean(&format!("{}, as of {}", name(found), found.as_of))))?;
    if found.streams.is_empty() {
        return writeln!(out, "\nNo money of this plan waits for anything: there is one outcome, and `remit check` tells it.");
    }
    heading(out, &format!("{}:", capital(&waits(found))))?;
    for stream in &found.streams {
        let places: Vec<String> = stream.places.iter().map(|place| file_and_line(&found.sources, *place)).collect();
        text(out, 2, &format!("\"{}\", in {}", stream.name, listed(&places)))?;
    }
    heading(out, "Found in some outcomes only")?;
    if found.sometimes.is_empty() {
        writeln!(out, "  nothing")?;
    }
    for (at, one) in found.sometimes.iter().enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        let finding = &one.finding;
        let style = match finding.problem.severity {
            Severity::Error => AnsiColor::Red.on_default().bold(),
            _ => AnsiColor::Yellow.on_default().bold(),
        };
        let place = file_and_line(&found.sources, finding.problem.span);
        writeln!(out, "  {}  {}, {place}", look.paint(style, word(finding)), clean(&finding.problem.rule))?;
        text(out, 4, &finding.problem.message)?;
        text(out, 4, &when(found, &one.when))?;
    }
    if !found.groups.is_empty() {
        heading(out, "What this plan depends on")?;
        for group in &found.groups {
            text(out, 2, &sentence(&need(found, &group.needs)))?;
        }
    }
    heading(out, "Found whatever arrives")?;
    text(out, 2, &sum(&found.always))?;
    if !found.never.is_empty() {
        heading(out, "Found only as long as nobody knows")?;
        for finding in &found.never {
            text(out, 2, &format!("{}  {}: {}", word(finding), finding.problem.rule, finding.problem.message))?;
        }
    }
    undecided(found).iter().try_for_each(|one| {
        writeln!(out)?;
        text(out, 0, &sentence(one))
    })
}

fn write_plain(found: &Outcomes, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "Plan {}, as of {}: {}.", clean(&name(found)), found.as_of, waits(found))?;
    for stream in &found.streams {
        let places: Vec<String> = stream.places.iter().map(|place| file_and_line(&found.sources, *place)).collect();
        writeln!(out, "It waits for \"{}\", in {}.", clean(&stream.name), listed(&places))?;
    }
    for one in &found.sometimes {
        let problem = &one.finding.problem;
        let place = file_and_line(&found.sources, problem.span);
        writeln!(out, "\n{} in {place}: {}", capital(word(&one.finding)), sentence(&problem.message))?;
        writeln!(out, "Rule {}. It is found {}", clean(&problem.rule), sentence(&when(found, &one.when)).replacen("When", "when", 1))?;
    }
    writeln!(out)?;
    for group in &found.groups {
        writeln!(out, "What this plan depends on: {}", sentence(&need(found, &group.needs)))?;
    }
    writeln!(out, "Found whatever arrives: {}.", sum(&found.always))?;
    for finding in &found.never {
        let (rule, message) = (clean(&finding.problem.rule), sentence(&finding.problem.message));
        writeln!(out, "Found only as long as nobody knows: rule {rule}. {message}")?;
    }
    undecided(found).iter().try_for_each(|one| writeln!(out, "{}", sentence(one)))
}

fn write_markdown(found: &Outcomes, out: &mut dyn Write) -> io::Result<()> {
    let cell = |text: &str| clean(text).replace('|', "\\|");
    writeln!(out, "# {}, as of {}\n\n{}.\n", cell(&name(found)), found.as_of, capital(&waits(found)))?;
    if !found.sometimes.is_empty() {
        writeln!(out, "| | found | rule | when |\n|---|---|---|---|")?;
    }
    for one in &found.sometimes {
        let problem = &one.finding.problem;
        let (message, when) = (cell(&problem.message), cell(&when(found, &one.when)));
        writeln!(out, "| {} | {message} | `{}` | {when} |", word(&one.finding), cell(&problem.rule))?;
    }
    writeln!(out)?;
    for group in &found.groups {
        writeln!(out, "- What this plan depends on: {}", cell(&sentence(&need(found, &group.needs))))?;
    }
    writeln!(out, "- Found whatever arrives: {}.", sum(&found.always))?;
    for finding in &found.never {
        writeln!(out, "- Found only as long as nobody knows: {}", cell(&sentence(&finding.problem.message)))?;
    }
    undecided(found).iter().try_for_each(|one| writeln!(out, "- {}", cell(&sentence(one))))
}

#[derive(Serialize)]
struct Document<'o> {
    remit: u32,
    as_of: String,
    plan: &'o str,
    title: Option<&'o str>,
    streams: Vec<StreamJson<'o>>,
    sometimes: Vec<SometimesJson<'o>>,
    always: Vec<FindingJson>,
    never: Vec<FindingJson>,
    groups: Vec<GroupJson<'o>>,
    undecided: Vec<UndecidedJson<'o>>,
}

#[derive(Serialize)]
struct StreamJson<'o> {
    stream: &'o str,
    locations: Vec<LocationJson>,
}

#[derive(Serialize)]
struct SometimesJson<'o> {
    finding: FindingJson,
    when: Vec<Vec<CaseJson<'o>>>,
}

#[derive(Serialize)]
struct CaseJson<'o> {
    stream: &'o str,
    arrives: bool,
}

#[derive(Serialize)]
struct GroupJson<'o> {
    streams: Vec<&'o str>,
    needs: Vec<Vec<&'o str>>,
}

#[derive(Serialize)]
struct UndecidedJson<'o> {
    rules: &'o [String],
    streams: Vec<&'o str>,
}

fn write_json(found: &Outcomes, out: &mut dyn Write) -> io::Result<()> {
    let stream = |at: usize| found.streams.get(at).map_or("", |stream| &*stream.name);
    let streams = |set: &[usize]| set.iter().map(|at| stream(*at)).collect::<Vec<_>>();
    let finding = |finding: &Finding| finding_json(&found.sources, finding);
    let case = |case: &Vec<(usize, bool)>| case.iter().map(|(at, arrives)| CaseJson { stream: stream(*at), arrives: *arrives }).collect();
    let document = Document {
        remit: CONTRACT,
        as_of: found.as_of.to_string(),
        plan: &found.plan.id,
        title: found.plan.title.as_deref(),
        streams: found
            .streams
            .iter()
            .map(|stream| StreamJson {
                stream: &stream.name,
                locations: stream.places.iter().map(|place| json::location(&found.sources, *place)).collect(),
            })
            .collect(),
        sometimes: found
            .sometimes
            .iter()
            .map(|one| SometimesJson { finding: finding(&one.finding), when: one.when.iter().map(case).collect() })
            .collect(),
        always: found.always.iter().map(finding).collect(),
        never: found.never.iter().map(finding).collect(),
        groups: found
            .groups
            .iter()
            .map(|group| GroupJson { streams: streams(&group.streams), needs: group.needs.iter().map(|set| streams(set)).collect() })
            .collect(),
        undecided: found.undecided.iter().map(|one| UndecidedJson { rules: &one.rules, streams: streams(&one.streams) }).collect(),
    };
    json::write(out, &document)
}
