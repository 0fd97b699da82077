//! `remit roster`: whose plans are expected, which are here, on which edition, changed when, and how each stands.

mod expected;
mod notes;
mod text;

use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

use remit_core::check::{Analysis, counts_against};
use remit_core::packs::Packs;
use remit_core::problem::Severity;
use remit_core::time::Date;
use serde::Serialize;

use crate::Environment;
use crate::arguments::{RosterArguments, RosterFormat};
use crate::config::Configs;
use crate::exit::{Failure, Outcome};
use crate::git::Repository;
use crate::jobs::{Asked, Failures, Job, jobs};
use crate::output::Format;
use crate::plans::{self, Files, How};
use crate::project::Place;
use crate::render::Look;
use crate::render::json::{self, CONTRACT};
use crate::render::text::{at, standing};
use crate::roster::expected::Expected;

/// How a system stands. In the order in which a region asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// No plan is here, and it should be.
    Missing,
    /// No plan is here, and there is still time.
    Awaited,
    /// A plan is here, with something to put right.
    Failing,
    /// A plan is here, and nothing in it fails.
    Passing,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Awaited => "awaited",
            Self::Failing => "failing",
            Self::Passing => "passing",
        }
    }
}

/// A system, and the plan that it has sent.
#[derive(Debug, Serialize)]
pub(crate) struct Entry {
    code: String,
    name: Option<String>,
    region: Option<String>,
    is_expected: bool,
    state: State,
    plan: Option<Sent>,
}

/// A plan that is here.
#[derive(Debug, Serialize)]
pub(crate) struct Sent {
    title: Option<String>,
    path: String,
    submitted: Option<String>,
    is_late: bool,
    editions: Vec<Edition>,
    changed: Option<String>,
    findings: Counts,
    /// What has to be put right, for a note.
    #[serde(skip)]
    wrong: Vec<Wrong>,
}

/// The edition of a pack by which the plan is checked.
#[derive(Debug, Serialize)]
pub(crate) struct Edition {
    pack: String,
    edition: String,
}

/// How many findings there are.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Counts {
    error: usize,
    warning: usize,
    note: usize,
    undetermined: usize,
    waived: usize,
}

/// Something to put right.
#[derive(Debug)]
pub(crate) struct Wrong {
    message: String,
    place: String,
    rule: String,
    help: Option<String>,
}

/// Everything that is told.
#[derive(Debug, Serialize)]
pub(crate) struct Roster {
    remit: u32,
    as_of: String,
    due: Option<String>,
    expected: usize,
    sent: usize,
    missing: usize,
    failing: usize,
    systems: Vec<Entry>,
}

/// Runs the command.
pub(crate) fn run(
    arguments: &RosterArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let mut failures = Failures::new(err);
    let asked = Asked { paths: &arguments.paths, as_of: arguments.as_of, fail_on: None, format: Format::Human };
    let jobs = jobs(&asked, &mut failures, environment)?;
    // Whose plans are expected is known from the packs of those that are here.
    let Some((packs, job_day)) = jobs.first().map(|job| (Arc::clone(&job.packs), job.as_of)) else { return Ok(failures.worst) };
    let root = Place::given(&environment.folder, arguments.paths.first().unwrap_or(&PathBuf::from(".")));
    let settings = Configs::new(&environment.folder).nearest(&root.folder())?;
    let as_of = arguments.as_of.or(settings.as_of).unwrap_or(job_day);
    let due = settings.roster.due;
    let expected = expected::of(&settings.roster.expected, &packs, as_of)?;
    let count_expected = expected.len();
    let mut entries: Vec<Entry> = expected.into_iter().map(|one| awaited(one, due, as_of)).collect();
    let repository = Repository::of(&root.folder()).ok();
    let how = How { threads: None, assume: &[], files: Files::LetGo };
    plans::check(
        &jobs,
        &how,
        |job| job.plan.read(),
        environment,
        |job, done| {
            match done {
                Ok(done) => {
                    let changed =
                        repository.as_ref().and_then(|repository| repository.changed(job.plan.files.iter().map(|file| &file.real)));
                    let plan = sent(job, &done.analysis, due, changed, arguments.notes.is_some());
                    enter(&mut entries, &done.analysis.plan.id, plan, &packs, as_of);
                }
                Err(failure) => failures.tell(failure),
            }
            Ok(())
        },
    )?;
    entries.sort_by(|one, other| (&one.region, &one.code, one.path()).cmp(&(&other.region, &other.code, other.path())));
    let count = |state| entries.iter().filter(|entry| entry.state == state).count();
    let roster = Roster {
        remit: CONTRACT,
        as_of: as_of.to_string(),
        due: due.map(|due| due.to_string()),
        expected: count_expected,
        sent: entries.iter().filter(|entry| entry.plan.is_some()).count(),
        missing: count(State::Missing),
        failing: count(State::Failing),
        systems: entries,
    };
    if let Some(folder) = &arguments.notes {
        notes::write(&roster, &Place::given(&environment.folder, folder))?;
    }
    tell(&roster, arguments.format, out, environment).map_err(|error| Failure::writing("standard output", &error))?;
    Ok(failures.worst)
}

fn tell(roster: &Roster, format: RosterFormat, out: &mut dyn Write, environment: &Environment<'_>) -> io::Result<()> {
    let look = Look { color: environment.color, width: environment.width.unwrap_or(80).min(100) };
    match format {
        RosterFormat::Human => text::human(roster, look, out),
        RosterFormat::Plain => text::plain(roster, out),
        RosterFormat::Markdown => text::markdown(roster, out),
        RosterFormat::Json => json::write(out, roster),
    }
}

/// A system before any plan was looked at.
fn awaited(expected: Expected, due: Option<Date>, as_of: Date) -> Entry {
    let state = if due.is_some_and(|due| as_of <= due) { State::Awaited } else { State::Missing };
    Entry { code: expected.code, name: Some(expected.name), region: expected.region, is_expected: true, state, plan: None }
}

/// A plan as it stands.
fn sent(job: &Job, analysis: &Analysis, due: Option<Date>, changed: Option<String>, is_noted: bool) -> (Sent, State) {
    let mut findings = Counts::default();
    let mut wrong = Vec::new();
    let mut state = State::Passing;
    for finding in &analysis.findings {
        match standing(finding) {
            "error" => findings.error += 1,
            "warning" => findings.warning += 1,
            "undetermined" => findings.undetermined += 1,
            "waived" => findings.waived += 1,
            word if word == Severity::Note.word() => findings.note += 1,
            _ => {}
        }
        if counts_against(finding, job.fail_on) {
            state = State::Failing;
            if is_noted {
                let problem = &finding.problem;
                let place = at(&analysis.sources, problem.span);
                wrong.push(Wrong { message: problem.message.clone(), place, rule: problem.rule.clone(), help: problem.help.clone() });
            }
        }
    }
    let info = &analysis.plan;
    let editions = analysis.editions.iter().map(|(pack, edition)| Edition { pack: pack.clone(), edition: edition.clone() }).collect();
    let sent = Sent {
        title: info.title.clone(),
        path: info.path.clone(),
        submitted: info.submitted.map(|day| day.to_string()),
        is_late: info.submitted.zip(due).is_some_and(|(submitted, due)| submitted > due),
        editions,
        changed,
        findings,
        wrong,
    };
    (sent, state)
}

/// Enters a plan where it is expected, or as one that nobody expects. A second plan of one system gets a line of its own.
fn enter(entries: &mut Vec<Entry>, id: &str, (plan, state): (Sent, State), packs: &Packs, as_of: Date) {
    let (code, name, region) = match expected::system(id, packs, as_of) {
        Some(known) => (known.code, Some(known.name), known.region),
        None => (id.to_owned(), None, None),
    };
    if let Some(entry) = entries.iter_mut().find(|entry| entry.code == code && entry.plan.is_none()) {
        entry.state = state;
        entry.plan = Some(plan);
        return;
    }
    let is_expected = entries.iter().any(|entry| entry.code == code && entry.is_expected);
    entries.push(Entry { code, name, region, is_expected, state, plan: Some(plan) });
}

impl Entry {
    fn path(&self) -> Option<&str> {
        self.plan.as_ref().map(|plan| plan.path.as_str())
    }

    /// The name and the code, as far as they are known.
    fn shown(&self) -> String {
        self.name.as_ref().map_or_else(|| self.code.clone(), |name| format!("{name} ({})", self.code))
    }
}
