//! `remit why`: why a rule says what it says of something: its words with what each part came to, where every figure stands, and what would pass.

mod json;
mod text;

use std::io::Write;
use std::sync::Arc;

use remit_core::check::{Opened, PlanText, open_texts};
use remit_core::packs::Packs;
use remit_core::problem::{Finding, did_you_mean};
use remit_core::rules::over::{Rollups, combine};
use remit_core::source::Sources;
use remit_core::time::Date;
use remit_core::why::{self, Why};

use crate::Environment;
use crate::arguments::{WhyArguments, WhyFormat};
use crate::exit::{Failure, Outcome};
use crate::jobs::{Asked, Failures, Together, jobs};
use crate::one::file_and_line;
use crate::output::Format;
use crate::render::Look;
use crate::render::text::{clean, counted, standing};

/// How many of several choices are listed.
const MOST_CHOICES: usize = 24;
/// How many characters of a finding's id are enough.
const LEAST_ID: usize = 4;

/// A plan, checked.
struct Plan {
    opened: Opened,
    packs: Arc<Packs>,
}

/// Everything that was found.
struct Everything {
    plans: Vec<Plan>,
    together: Vec<(Arc<Packs>, Rollups)>,
}

/// An explanation with the texts that it points into.
pub(crate) struct Told<'e> {
    why: Why,
    sources: &'e Sources,
    as_of: Date,
    plan: String,
}

/// Runs the command.
pub(crate) fn run(
    arguments: &WhyArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let paths: Vec<_> = arguments.path.iter().cloned().collect();
    let mut failures = Failures::new(err);
    let asked = Asked { paths: &paths, as_of: arguments.as_of, fail_on: None, format: Format::Human };
    let mut plans = Vec::new();
    let mut parts = Together::default();
    for job in jobs(&asked, &mut failures, environment)? {
        match job.plan.read() {
            Ok(files) => {
                let texts: Vec<PlanText> = files.into_iter().map(PlanText::from).collect();
                let mut opened = open_texts(&job.plan.place.shown, &texts, &job.packs, job.as_of);
                parts.add(&job, std::mem::take(&mut opened.analysis.contributions));
                plans.push(Plan { opened, packs: job.packs.clone() });
            }
            Err(failure) => failures.tell(failure),
        }
    }
    let worst = failures.worst;
    if plans.is_empty() && worst != Outcome::Clean {
        return Ok(worst);
    }
    let together = parts.groups.into_iter().map(|(packs, _, parts)| (packs.clone(), combine(&parts, &packs))).collect();
    let all = Everything { plans, together };
    let told = match all.choose(arguments.finding.trim())? {
        Choice::One(told) => told,
        Choice::Several(choices) => {
            let count = choices.len();
            Failure::usage(format!("`{}` may be any of {count}", arguments.finding)).help("name one by its id, or by more words").tell(err);
            for line in choices.iter().take(MOST_CHOICES) {
                let _ = writeln!(err, "  {}", clean(line));
            }
            if count > MOST_CHOICES {
                let _ = writeln!(err, "  and {} more", count - MOST_CHOICES);
            }
            return Ok(Outcome::Usage);
        }
    };
    let look = Look { color: environment.color, width: environment.width.unwrap_or(80).min(100) };
    let written = match arguments.format {
        WhyFormat::Human => text::human(&told, look, out),
        WhyFormat::Plain => text::plain(&told, out),
        WhyFormat::Markdown => text::markdown(&told, out),
        WhyFormat::Json => json::write(&told, out),
    };
    written.map_err(|error| Failure::writing("standard output", &error))?;
    Ok(worst)
}

/// What words may mean.
enum Choice<'e> {
    One(Box<Told<'e>>),
    Several(Vec<String>),
}

/// Something that was found, and where it belongs.
#[derive(Clone, Copy)]
struct Here<'e> {
    finding: &'e Finding,
    sources: &'e Sources,
    of: Of,
}

#[derive(Clone, Copy)]
enum Of {
    Plan(usize),
    Together(usize),
}

impl Everything {
    fn findings(&self) -> impl Iterator<Item = Here<'_>> {
        let of_plans = self.plans.iter().enumerate().flat_map(|(at, plan)| {
            let analysis = &plan.opened.analysis;
            analysis.findings.iter().map(move |finding| Here { finding, sources: &analysis.sources, of: Of::Plan(at) })
        });
        let of_all = self.together.iter().enumerate().flat_map(|(at, (_, rollups))| {
            rollups.findings.iter().map(move |finding| Here { finding, sources: &rollups.sources, of: Of::Together(at) })
        });
        of_plans.chain(of_all)
    }

    fn choose(&self, words: &str) -> Result<Choice<'_>, Failure> {
        if let Some((file, line)) = place(words) {
            return self.at(file, line);
        }
        let is_id = words.len() >= LEAST_ID && words.chars().all(|letter| letter.is_ascii_hexdigit());
        let by_id: Vec<Here<'_>> = self.findings().filter(|here| is_id && here.finding.id.starts_with(words)).collect();
        if !by_id.is_empty() {
            return Ok(self.one_of(by_id));
        }
        let (rule, subject) = words.split_once(char::is_whitespace).map_or((words, ""), |(rule, rest)| (rule, rest.trim()));
        let subject = subject.strip_prefix("for ").unwrap_or(subject);
        let rule = self.rule(rule, is_id)?;
        let of_rule: Vec<Here<'_>> = self.findings().filter(|here| here.finding.problem.rule == rule).collect();
        let named: Vec<Here<'_>> = of_rule.iter().filter(|here| is_about(here, subject)).copied().collect();
        let exactly: Vec<Here<'_>> = named.iter().filter(|here| here.finding.subject.eq_ignore_ascii_case(subject)).copied().collect();
        match (exactly.len(), named.len()) {
            (1, _) => return Ok(self.one_of(exactly)),
            (_, 0) => {}
            _ => return Ok(self.one_of(named)),
        }
        self.unfound(&rule, subject)
    }

    /// What a rule says of something of which there is no finding.
    fn unfound(&self, rule: &str, subject: &str) -> Result<Choice<'_>, Failure> {
        if subject.is_empty() {
            let subjects = self.subjects(rule);
            let failure = Failure::usage(format!("nothing is found of `{rule}` here"));
            return Err(match subjects.as_slice() {
                [] => failure.help("it looks at nothing in these plans"),
                [first, ..] => failure.help(format!("why it holds can be asked of what it looks at, as in `{rule} {first}`")),
            });
        }
        let mut told = self.told(rule, subject);
        // `workforce registered-nursing, 2020/21`: a year of a table.
        if let Some((name, year)) = subject.rsplit_once([' ', ',']).filter(|_| told.is_empty()) {
            told = self.told(rule, name.trim_end_matches(','));
            told.retain(|told| told.why.subject.ends_with(&format!(", {year}")));
        }
        let line = |told: &Told<'_>| format!("{} {}, {}", short(rule), told.why.subject, file_and_line(told.sources, told.why.place));
        match told.len() {
            0 => {}
            1 => return Ok(Choice::One(Box::new(told.remove(0)))),
            _ => return Ok(Choice::Several(told.iter().map(line).collect())),
        }
        let subjects = self.subjects(rule);
        let names = subjects.iter().map(String::as_str).chain(subjects.iter().filter_map(|subject| Some(subject.split_once(' ')?.1)));
        let failure = Failure::usage(format!("`{rule}` looks at nothing that is called `{subject}`"));
        Err(match did_you_mean(subject, names) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None if subjects.is_empty() => failure.help("it looks at nothing in these plans"),
            None => failure.help(format!("it looks at {}", listed_first(&subjects))),
        })
    }

    /// What a rule says of what words name, in every plan.
    fn told(&self, rule: &str, subject: &str) -> Vec<Told<'_>> {
        let mut all = Vec::new();
        for Plan { opened, packs } in &self.plans {
            let analysis = &opened.analysis;
            let told = |why| Told { why, sources: &analysis.sources, as_of: analysis.as_of, plan: analysis.plan.id.clone() };
            all.extend(why::subject(opened, packs, rule, subject).into_iter().map(told));
        }
        all
    }

    /// The rule that is meant.
    fn rule(&self, name: &str, may_be_id: bool) -> Result<String, Failure> {
        let mut near = None;
        for plan in &self.plans {
            match plan.packs.rules_named(name) {
                Ok(rules) => return Ok(rules.first().map(|rule| rule.id.clone()).unwrap_or_default()),
                Err(found) => near = near.or(found),
            }
        }
        // What a finding is of may have no page.
        if let Some(here) = self.findings().find(|here| here.finding.problem.rule == name) {
            return Ok(here.finding.problem.rule.clone());
        }
        let failure = Failure::usage(if may_be_id {
            format!("there is no finding whose id begins with `{name}`, and no rule of that name")
        } else {
            format!("there is no finding and no rule `{name}`")
        });
        Err(match near {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => failure.help("`remit check` tells what is found, and `--format json` each finding's id"),
        })
    }

    fn subjects(&self, rule: &str) -> Vec<String> {
        self.plans.iter().flat_map(|plan| why::subjects(&plan.opened, &plan.packs, rule)).collect()
    }

    /// The findings on a line.
    fn at(&self, file: &str, line: usize) -> Result<Choice<'_>, Failure> {
        let is_in = |path: &str| path == file || path.ends_with(&format!("/{file}")) || file.ends_with(&format!("/{path}"));
        let line_of = |here: &Here<'_>| {
            here.sources.get(here.finding.problem.span.file).map(|source| source.position(here.finding.problem.span.start).line)
        };
        let in_file: Vec<Here<'_>> = self.findings().filter(|here| is_in(here.sources.path(here.finding.problem.span))).collect();
        let found: Vec<Here<'_>> = in_file.iter().filter(|here| line_of(here) == Some(line)).copied().collect();
        if !found.is_empty() {
            return Ok(self.one_of(found));
        }
        let nearest = in_file.iter().filter_map(line_of).min_by_key(|other| other.abs_diff(line));
        let failure = Failure::usage(format!("nothing is found on line {line} of `{file}`"));
        Err(match nearest {
            Some(nearest) => failure.help(format!("the nearest finding is on line {nearest}")),
            None => failure.help("name a file of the plan, and a line on which `remit check` shows a finding"),
        })
    }

    fn one_of<'e>(&'e self, found: Vec<Here<'e>>) -> Choice<'e> {
        let [only] = found.as_slice() else { return Choice::Several(found.iter().map(line_of).collect()) };
        let (why, as_of) = match only.of {
            Of::Plan(at) => {
                let plan = &self.plans[at];
                (why::finding(&plan.opened, &plan.packs, only.finding), plan.opened.analysis.as_of)
            }
            Of::Together(at) => {
                let (packs, rollups) = &self.together[at];
                let day = self.plans.iter().map(|plan| plan.opened.analysis.as_of).max().unwrap_or_default();
                (why::together(packs, only.finding, &rollups.judged), day)
            }
        };
        Choice::One(Box::new(Told { why, sources: only.sources, as_of, plan: only.finding.plan.clone() }))
    }
}

/// `plan.remit:12`, perhaps with a column.
fn place(words: &str) -> Option<(&str, usize)> {
    let (before, last) = words.rsplit_once(':')?;
    let last: usize = last.parse().ok()?;
    match before.rsplit_once(':') {
        Some((file, line)) if line.parse::<usize>().is_ok() => Some((file, line.parse().ok()?)),
        _ => Some((before, last)),
    }
}

/// Whether every one of some words names what a finding is about.
fn is_about(here: &Here<'_>, words: &str) -> bool {
    let finding = here.finding;
    let about = format!("{} {} {}", finding.subject, finding.plan, here.sources.words(finding.problem.span)).to_lowercase();
    let has = |word: &str| about.split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | '"')).any(|known| known == word);
    words.to_lowercase().split(|letter: char| letter.is_whitespace() || letter == ',').filter(|word| !word.is_empty()).all(has)
}

fn short(rule: &str) -> &str {
    rule.split_once('/').map_or(rule, |(_, rule)| rule)
}

fn line_of(here: &Here<'_>) -> String {
    let finding = here.finding;
    let place = file_and_line(here.sources, finding.problem.span);
    format!("{}  {}  {} {}, {place}", finding.id, standing(finding), short(&finding.problem.rule), finding.subject)
}

fn listed_first(all: &[String]) -> String {
    let first: Vec<String> = all.iter().take(6).map(|one| format!("`{one}`")).collect();
    let more = all.len().saturating_sub(first.len());
    if more > 0 { format!("{} and {}", first.join(", "), counted(more, "other", "others")) } else { first.join(", ") }
}
