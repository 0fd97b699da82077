//! `remit check`: plans are found, read and checked one after another; each is told in every format that was asked for.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::PathBuf;
use std::rc::Rc;

use remit_core::check::{PlanText, open_assuming};
use remit_core::packs::{PackErrors, Packs};
use remit_core::problem::Severity;
use remit_core::rules::over::{Contribution, combine};
use remit_core::time::Date;

use crate::Environment;
use crate::arguments::{CheckArguments, Level};
use crate::assume::{known, waited_for};
use crate::config::Configs;
use crate::exit::{Failure, Outcome};
use crate::output::{Format, create, targets};
use crate::packs::{Library, PackFailure};
use crate::project::{Place, Plan, plans_at};
use crate::render::{Checked, Look, Renderer, Tally, pack_errors, renderer};

/// A plan with everything that decides how it is checked.
struct Job {
    plan: Plan,
    packs: Rc<Packs>,
    as_of: Date,
    fail_on: Severity,
}

/// Runs the command.
pub(crate) fn run(
    arguments: &CheckArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let targets = targets(&arguments.format, arguments.output.as_deref(), &environment.folder)?;
    let format = targets.first().map_or(Format::Human, |(format, _)| *format);
    let mut configs = Configs::new(&environment.folder);
    let mut failures = Failures { err, worst: Outcome::Clean, told: Vec::new() };
    let plans = plans(arguments, &mut configs, environment, &mut failures);
    let mut library = Library::default();
    let mut jobs = Vec::new();
    for plan in plans {
        match job(plan, arguments, &mut configs, &mut library, environment) {
            Ok(job) => jobs.push(job),
            Err(PackFailure::Unreadable(failure)) => failures.tell(failure),
            Err(PackFailure::Invalid(errors)) => failures.tell_packs(&errors, format, environment)?,
        }
    }
    library.tell_notes(failures.err);
    assumed(arguments, &jobs)?;
    let mut worst = failures.worst;
    let mut waiting = Some((targets, out));
    let mut windows = Windows { open: Vec::new() };
    let mut tally = Tally { assumed: arguments.assume.clone(), ..Tally::default() };
    let mut together = Together::default();
    for job in jobs {
        let files = match job.plan.read() {
            Ok(files) => files,
            Err(failure) => {
                worst = worst.max(failure.outcome);
                failures.tell(failure);
                continue;
            }
        };
        // Files are begun only when there is something to write.
        if let Some((targets, out)) = waiting.take() {
            windows = Windows::open(targets, out, environment)?;
        }
        let texts: Vec<PlanText> = files.into_iter().map(PlanText::from).collect();
        let analysis = open_assuming(&job.plan.place.shown, &texts, &job.packs, job.as_of, &arguments.assume).analysis;
        worst = worst.max(Outcome::of(&analysis.findings, job.fail_on, arguments.strict));
        let checked = Checked { analysis: &analysis, packs: &job.packs.infos };
        tally.add(&checked);
        windows.each(|renderer| renderer.plan(&checked))?;
        together.add(&job, analysis.contributions);
    }
    for (packs, fail_on, contributions) in together.groups {
        let rollups = combine(&contributions, &packs);
        worst = worst.max(Outcome::of(&rollups.findings, fail_on, arguments.strict));
        tally.add_together(&rollups);
        windows.each(|renderer| renderer.together(&rollups))?;
    }
    windows.each(|renderer| renderer.finish(&tally))?;
    Ok(worst)
}

/// That what is assumed is something that the money of these plans waits for.
fn assumed(arguments: &CheckArguments, jobs: &[Job]) -> Result<(), Failure> {
    if arguments.assume.is_empty() {
        return Ok(());
    }
    let mut names = Vec::new();
    for job in jobs {
        let texts: Vec<PlanText> = job.plan.read()?.into_iter().map(PlanText::from).collect();
        names.extend(waited_for(&job.plan.place.shown, &texts, &job.packs, job.as_of));
    }
    known(&arguments.assume, names)
}

/// What plans leave behind for rules over many: those that are checked with the same packs come together.
#[derive(Default)]
struct Together {
    groups: Vec<(Rc<Packs>, Severity, Vec<Contribution>)>,
}

impl Together {
    fn add(&mut self, job: &Job, contributions: Vec<Contribution>) {
        match self.groups.iter_mut().find(|(packs, ..)| Rc::ptr_eq(packs, &job.packs)) {
            Some((_, fail_on, group)) => {
                *fail_on = job.fail_on.min(*fail_on);
                group.extend(contributions);
            }
            None => self.groups.push((job.packs.clone(), job.fail_on, contributions)),
        }
    }
}

/// What could not be done: each told once, and the rest still done.
struct Failures<'f> {
    err: &'f mut dyn Write,
    worst: Outcome,
    told: Vec<Failure>,
}

impl Failures<'_> {
    fn tell(&mut self, failure: Failure) {
        self.worst = self.worst.max(failure.outcome);
        if !self.told.contains(&failure) {
            failure.tell(self.err);
            self.told.push(failure);
        }
    }

    fn tell_packs(&mut self, errors: &Rc<PackErrors>, format: Format, environment: &Environment<'_>) -> Result<(), Failure> {
        self.worst = self.worst.max(Outcome::Packs);
        let first = errors.problems.first().map(|problem| errors.sources.path(problem.span).to_owned()).unwrap_or_default();
        let failure = Failure::pack(format!("the rule packs are invalid, first `{first}`"));
        if self.told.contains(&failure) {
            return Ok(());
        }
        self.told.push(failure);
        let look = Look { color: environment.color_of_errors, width: environment.width.unwrap_or(80) };
        pack_errors(format, errors, self.err, look).map_err(|error| Failure::writing("standard error", &error))
    }
}

/// Every plan of the paths, once, in the order of their paths.
fn plans(arguments: &CheckArguments, configs: &mut Configs, environment: &Environment<'_>, failures: &mut Failures<'_>) -> BTreeSet<Plan> {
    let here = [PathBuf::from(".")];
    let paths = if arguments.paths.is_empty() { &here[..] } else { &arguments.paths };
    let mut plans = BTreeSet::new();
    for path in paths {
        let place = Place::given(&environment.folder, path);
        let held = if place.real.is_dir() { configs.held_by(&place.folder()) } else { Ok(Rc::default()) };
        let places = match held {
            Ok(config) if config.plans.is_empty() => vec![place],
            Ok(config) => config.plans.clone(),
            Err(failure) => {
                failures.tell(failure);
                continue;
            }
        };
        for place in places {
            match plans_at(&place) {
                Ok(found) => plans.extend(found),
                Err(failure) => failures.tell(failure),
            }
        }
    }
    plans
}

fn job(
    plan: Plan,
    arguments: &CheckArguments,
    configs: &mut Configs,
    library: &mut Library,
    environment: &Environment<'_>,
) -> Result<Job, PackFailure> {
    let config = configs.nearest(&plan.place.folder()).map_err(PackFailure::Unreadable)?;
    let packs = library.load(&config, environment)?;
    let as_of = arguments.as_of.or(config.as_of).unwrap_or(environment.today);
    let fail_on = arguments.fail_on.map(Level::severity).or(config.fail_on).unwrap_or(Severity::Error);
    Ok(Job { plan, packs, as_of, fail_on })
}

/// Every format with the place it goes to.
struct Windows<'w> {
    open: Vec<(String, Box<dyn Renderer + 'w>)>,
}

impl<'w> Windows<'w> {
    fn open(targets: Vec<(Format, Option<Place>)>, out: &'w mut dyn Write, environment: &Environment<'_>) -> Result<Self, Failure> {
        let look = Look { color: environment.color, width: environment.width.unwrap_or(80) };
        let mut out = Some(out);
        let mut open: Vec<(String, Box<dyn Renderer + 'w>)> = Vec::new();
        for (format, place) in targets {
            match place {
                Some(place) => open.push((place.shown.clone(), renderer(format, Box::new(create(&place)?), Look::FILE))),
                // INVARIANT: `targets` lets one format at most go to the standard output.
                None => open.extend(out.take().map(|out| ("standard output".to_owned(), renderer(format, Box::new(out), look)))),
            }
        }
        Ok(Self { open })
    }

    fn each(&mut self, mut act: impl FnMut(&mut dyn Renderer) -> io::Result<()>) -> Result<(), Failure> {
        for (shown, renderer) in &mut self.open {
            act(renderer.as_mut()).map_err(|error| Failure::writing(shown, &error))?;
        }
        Ok(())
    }
}
