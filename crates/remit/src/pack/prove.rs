//! `remit pack test`: the examples on each rule's page, checked; and what they show of each part of the rule.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::{Duration, SystemTime};
use std::{fs, thread};

use anstyle::{AnsiColor, Style};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use remit_core::check::note_parts;
use remit_core::packs::Packs;
use remit_core::packs::example::{BODY, examples, told};
use remit_core::rules::Rule;
use remit_core::rules::coverage::Seen;
use remit_core::source::{Source, Sources, Span};
use serde::Serialize;

use crate::Environment;
use crate::arguments::{PackTestArguments, TestTell};
use crate::exit::{Failure, Outcome};
use crate::pack::sets::Set;
use crate::packs::tell_invalid;
use crate::project::Place;
use crate::render::Look;
use crate::render::json::{self, CONTRACT, LocationJson};
use crate::render::text::{clean, counted, listed, words};

/// How often a watched pack is looked at.
const PAUSE: Duration = Duration::from_millis(300);

/// What came of one rule's page.
struct Proof {
    rule: String,
    page: String,
    examples: Vec<Tried>,
    /// What the page as a whole does not show, in sentences.
    wants: Vec<String>,
    parts: Vec<Part>,
}

/// One example, tried.
struct Tried {
    title: String,
    expected: String,
    found: String,
}

/// One part of a rule, and what the examples show of it.
struct Part {
    words: String,
    /// File and line, for people.
    place: String,
    location: LocationJson,
    seen: Seen,
}

impl Proof {
    fn holds(&self, strict: bool) -> bool {
        self.wants.is_empty() && self.examples.iter().all(Tried::holds) && !(strict && self.unseen().next().is_some())
    }

    fn unseen(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| !part.seen.whole())
    }
}

impl Tried {
    fn holds(&self) -> bool {
        self.expected == self.found
    }
}

impl Part {
    /// What no example shows of it.
    fn want(&self) -> String {
        let want = match (self.seen.held, self.seen.failed) {
            (true, _) => "not to hold",
            (_, true) => "to hold",
            _ => "to be asked at all",
        };
        format!("no example shows `{}` {want}", self.words)
    }
}

/// Runs the command.
pub(crate) fn run(
    arguments: &PackTestArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let place = Place::given(&environment.folder, arguments.pack.as_deref().unwrap_or(".".as_ref()));
    if !arguments.watch {
        return once(&place, arguments, out, err, environment);
    }
    let mut known = None;
    loop {
        let now = stamps(&place);
        if known.as_ref() != Some(&now) {
            known = Some(now);
            if let Err(failure) = once(&place, arguments, out, err, environment) {
                failure.tell(err);
            }
            out.flush().map_err(|error| Failure::writing("standard output", &error))?;
        }
        thread::sleep(PAUSE);
    }
}

/// When each file of a pack was last written.
fn stamps(place: &Place) -> BTreeMap<std::path::PathBuf, Option<SystemTime>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![place.real.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(metadata) if metadata.is_dir() && folders.len() < 64 => folders.push(entry.path()),
                Ok(metadata) => {
                    found.insert(entry.path(), metadata.modified().ok());
                }
                Err(_) => {}
            }
        }
    }
    found
}

fn once(
    place: &Place,
    arguments: &PackTestArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let set = match Set::of(place, environment)? {
        Ok(set) => set,
        Err(errors) => return tell_invalid(&errors, err, environment),
    };
    let proofs: Vec<Proof> =
        set.packs.rules.iter().filter(|rule| !rule.is_beside && set.owns(&rule.id)).map(|rule| prove(&set.packs, rule)).collect();
    let look = Look { color: environment.color, width: environment.width.unwrap_or(80) };
    let written = match arguments.format {
        TestTell::Human => write_text(&proofs, arguments.strict, look, out),
        TestTell::Json => write_json(&proofs, out),
        TestTell::Junit => write_junit(&proofs, arguments.strict, out),
    };
    written.map_err(|error| Failure::writing("standard output", &error))?;
    Ok(if proofs.iter().all(|proof| proof.holds(arguments.strict)) { Outcome::Clean } else { Outcome::Findings })
}

fn prove(packs: &Packs, rule: &Rule) -> Proof {
    let path = packs.sources.path(rule.place);
    let page = path.strip_suffix(".yaml").map_or_else(|| path.to_owned(), |path| format!("{path}.md"));
    let text = packs.sources.iter().find(|source| source.path() == page).map_or("", Source::text);
    let mut proof = Proof { rule: rule.id.to_string(), page, examples: Vec::new(), wants: Vec::new(), parts: Vec::new() };
    let mut seen: Vec<Seen> = Vec::new();
    let (mut fails, mut passes) = (false, false);
    // Which organisations a plan leaves out is spoken of only by rules that ask of them.
    let speaks =
        |id: &str| if id == "remit/left-out" { rule.asks_of_those_left_out() } else { id.starts_with("remit/") || *id == *rule.id };
    match examples(text) {
        Err(error) => proof.wants.push(error),
        Ok(examples) => {
            for example in examples {
                let opened = if example.is_of_several() {
                    example.check(packs, BODY)
                } else {
                    example.open(packs, BODY).map(|opened| {
                        note_parts(&opened, packs, rule, &mut seen);
                        opened.analysis
                    })
                };
                let analysis = match opened {
                    Ok(analysis) => analysis,
                    Err(error) => {
                        proof.wants.push(error);
                        continue;
                    }
                };
                let count = analysis.rules.iter().find(|count| *count.rule == *rule.id);
                fails |= count.is_some_and(|count| count.failed > 0);
                passes |= count.is_some_and(|count| count.passed > 0 && count.failed + count.undetermined == 0);
                let found = told(&analysis, example.is_told_by_file(), speaks);
                proof.examples.push(Tried { title: example.title, expected: example.findings, found });
            }
        }
    }
    if !fails {
        proof.wants.push("no example shows the rule to fail".to_owned());
    }
    if !passes {
        proof.wants.push("no example shows the rule to hold".to_owned());
    }
    seen.resize(rule.parts().len(), Seen::default());
    let part = |(span, seen): (&Span, Seen)| Part {
        words: words(&packs.sources, *span),
        place: located(&packs.sources, *span),
        location: json::location(&packs.sources, *span),
        seen,
    };
    proof.parts = rule.parts().iter().zip(seen).map(part).collect();
    proof
}

/// File and line.
fn located(sources: &Sources, span: Span) -> String {
    let line = sources.get(span.file).map_or(1, |source| source.position(span.start).line);
    format!("{}:{line}", sources.path(span))
}

fn write_text(proofs: &[Proof], strict: bool, look: Look, out: &mut dyn Write) -> io::Result<()> {
    for proof in proofs {
        let word = if proof.holds(strict) {
            look.paint(AnsiColor::Green.on_default(), "holds")
        } else {
            look.paint(AnsiColor::Red.on_default().bold(), "fails")
        };
        writeln!(out, "{word}  {}: {}", clean(&proof.rule), counted(proof.examples.len(), "example", "examples"))?;
        for tried in proof.examples.iter().filter(|tried| !tried.holds()) {
            writeln!(out, "  {} finds something else, in {}", look.paint(Style::new().bold(), &clean(&tried.title)), clean(&proof.page))?;
            let written = |line: &&str| tried.expected.lines().any(|other| other == *line);
            let found = |line: &&str| tried.found.lines().any(|other| other == *line);
            for line in tried.expected.lines().filter(|line| !found(line)) {
                writeln!(out, "    {}", look.paint(AnsiColor::Red.on_default(), &format!("- {}", clean(line))))?;
            }
            for line in tried.found.lines().filter(|line| !written(line)) {
                writeln!(out, "    {}", look.paint(AnsiColor::Green.on_default(), &format!("+ {}", clean(line))))?;
            }
        }
        for want in &proof.wants {
            writeln!(out, "  {}: {}", clean(&proof.page), clean(want))?;
        }
        for part in proof.unseen() {
            writeln!(out, "  {}: {}", clean(&part.place), clean(&part.want()))?;
        }
    }
    let examples: usize = proofs.iter().map(|proof| proof.examples.len()).sum();
    let differ: usize = proofs.iter().flat_map(|proof| &proof.examples).filter(|tried| !tried.holds()).count();
    let parts: usize = proofs.iter().map(|proof| proof.parts.len()).sum();
    let unseen: usize = proofs.iter().map(|proof| proof.unseen().count()).sum();
    let wanting: usize = proofs.iter().filter(|proof| !proof.wants.is_empty()).count();
    let mut sums = vec![counted(proofs.len(), "rule", "rules"), counted(examples, "example", "examples")];
    if differ > 0 {
        sums.push(format!("{differ} of them not as written"));
    }
    if wanting > 0 {
        sums.push(format!("{} not shown to fail and to hold", counted(wanting, "rule", "rules")));
    }
    sums.push(format!("{} of {} of rules shown both to hold and not to", parts - unseen, counted(parts, "part", "parts")));
    writeln!(out, "{}.", listed(&sums))
}

fn write_junit(proofs: &[Proof], strict: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut report = Report::new("remit pack test");
    for proof in proofs {
        let mut suite = TestSuite::new(proof.rule.clone());
        let mut add = |name: &str, fault: Option<String>| {
            let status = fault.map_or_else(TestCaseStatus::success, |fault| {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_message(fault.lines().next().unwrap_or_default().to_owned()).set_description(fault.clone());
                status
            });
            let mut case = TestCase::new(name, status);
            case.set_classname(proof.rule.clone());
            suite.add_test_case(case);
        };
        for tried in &proof.examples {
            let fault = format!("it finds something else than {} says\nwritten:\n{}found:\n{}", proof.page, tried.expected, tried.found);
            add(&tried.title, (!tried.holds()).then_some(fault));
        }
        add("shown to fail and to hold", (!proof.wants.is_empty()).then(|| proof.wants.join("\n")));
        let unseen: Vec<String> = proof.unseen().map(Part::want).collect();
        add("every part shown", (strict && !unseen.is_empty()).then(|| unseen.join("\n")));
        report.add_test_suite(suite);
    }
    report.serialize(out).map_err(io::Error::other)
}

#[derive(Serialize)]
struct Document<'r> {
    remit: u32,
    rules: Vec<RuleJson<'r>>,
}

#[derive(Serialize)]
struct RuleJson<'r> {
    rule: &'r str,
    page: &'r str,
    examples: Vec<ExampleJson<'r>>,
    wants: &'r [String],
    parts: Vec<PartJson<'r>>,
}

#[derive(Serialize)]
struct ExampleJson<'r> {
    title: &'r str,
    holds: bool,
    expected: &'r str,
    found: &'r str,
}

#[derive(Serialize)]
struct PartJson<'r> {
    words: &'r str,
    location: &'r LocationJson,
    held: bool,
    failed: bool,
}

fn write_json(proofs: &[Proof], out: &mut dyn Write) -> io::Result<()> {
    fn example(tried: &Tried) -> ExampleJson<'_> {
        ExampleJson { title: &tried.title, holds: tried.holds(), expected: &tried.expected, found: &tried.found }
    }
    fn part(part: &Part) -> PartJson<'_> {
        PartJson { words: &part.words, location: &part.location, held: part.seen.held, failed: part.seen.failed }
    }
    let rules = proofs.iter().map(|proof| RuleJson {
        rule: &proof.rule,
        page: &proof.page,
        examples: proof.examples.iter().map(example).collect(),
        wants: &proof.wants,
        parts: proof.parts.iter().map(part).collect(),
    });
    json::write(out, &Document { remit: CONTRACT, rules: rules.collect() })
}
