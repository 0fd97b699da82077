//! Which plans a command is about, each with its packs, its day and its level; what cannot be read is told, and the rest still done.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use remit_core::packs::{PackErrors, Packs};
use remit_core::problem::Severity;
use remit_core::rules::over::Contribution;
use remit_core::time::Date;

use crate::Environment;
use crate::config::Configs;
use crate::exit::{Failure, Outcome};
use crate::output::Format;
use crate::packs::{Library, PackFailure};
use crate::project::{Place, Plan, plans_at};
use crate::render::{Look, pack_errors};

/// What a command was told of the plans.
pub(crate) struct Asked<'a> {
    /// Where they are; none: this folder.
    pub(crate) paths: &'a [PathBuf],
    /// The day; `None`: that of `remit.yaml`, else today.
    pub(crate) as_of: Option<Date>,
    /// The least level that counts; `None`: that of `remit.yaml`, else error.
    pub(crate) fail_on: Option<Severity>,
    /// How faults of packs are told.
    pub(crate) format: Format,
}

/// A plan with everything that decides how it is checked.
pub(crate) struct Job {
    /// The plan.
    pub(crate) plan: Plan,
    /// Its packs.
    pub(crate) packs: Arc<Packs>,
    /// The day of the check.
    pub(crate) as_of: Date,
    /// The least level that counts.
    pub(crate) fail_on: Severity,
}

/// Every plan that is asked for, in the order of the paths.
pub(crate) fn jobs(asked: &Asked<'_>, failures: &mut Failures<'_>, environment: &Environment<'_>) -> Result<Vec<Job>, Failure> {
    Ok(search(asked, failures, environment)?.jobs)
}

/// What a search found, and with what further plans are checked.
pub(crate) struct Searched<'a> {
    /// Every plan that is asked for, in the order of the paths.
    pub(crate) jobs: Vec<Job>,
    /// The files and folders that were searched.
    pub(crate) roots: Vec<Place>,
    /// Makes jobs of further plans.
    pub(crate) maker: Maker<'a>,
}

/// Finds every plan that is asked for.
pub(crate) fn search<'a>(
    asked: &'a Asked<'a>,
    failures: &mut Failures<'_>,
    environment: &'a Environment<'a>,
) -> Result<Searched<'a>, Failure> {
    let mut configs = Configs::new(&environment.folder);
    let roots = roots(asked.paths, &mut configs, environment, failures);
    let plans = plans(&roots, failures);
    let mut maker = Maker { asked, configs, library: Library::default(), environment };
    let mut jobs = Vec::new();
    for plan in plans {
        match maker.job(plan) {
            Ok(job) => jobs.push(job),
            Err(PackFailure::Unreadable(failure)) => failures.tell(failure),
            Err(PackFailure::Invalid(errors)) => failures.tell_packs(&errors, asked.format, environment)?,
        }
    }
    maker.library.tell_notes(failures.err);
    Ok(Searched { jobs, roots, maker })
}

/// What could not be done: each told once, and the rest still done.
pub(crate) struct Failures<'f> {
    pub(crate) err: &'f mut dyn Write,
    pub(crate) worst: Outcome,
    told: Vec<Failure>,
}

impl<'f> Failures<'f> {
    /// None yet.
    pub(crate) fn new(err: &'f mut dyn Write) -> Self {
        Self { err, worst: Outcome::Clean, told: Vec::new() }
    }

    /// Tells one.
    pub(crate) fn tell(&mut self, failure: Failure) {
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

/// Where plans are looked for: the paths, or what `remit.yaml` in one of them names.
fn roots(paths: &[PathBuf], configs: &mut Configs, environment: &Environment<'_>, failures: &mut Failures<'_>) -> Vec<Place> {
    let here = [PathBuf::from(".")];
    let paths = if paths.is_empty() { &here[..] } else { paths };
    let mut roots = Vec::new();
    for path in paths {
        let place = Place::given(&environment.folder, path);
        let held = if place.real.is_dir() { configs.held_by(&place.folder()) } else { Ok(Rc::default()) };
        match held {
            Ok(config) if config.plans.is_empty() => roots.push(place),
            Ok(config) => roots.extend(config.plans.iter().cloned()),
            Err(failure) => failures.tell(failure),
        }
    }
    roots
}

/// Every plan of the places, once, in the order of their paths.
fn plans(roots: &[Place], failures: &mut Failures<'_>) -> BTreeSet<Plan> {
    let mut plans = BTreeSet::new();
    for root in roots {
        match plans_at(root) {
            Ok(found) => plans.extend(found),
            Err(failure) => failures.tell(failure),
        }
    }
    plans
}

/// Says with what a plan is checked.
pub(crate) struct Maker<'a> {
    asked: &'a Asked<'a>,
    configs: Configs,
    library: Library,
    environment: &'a Environment<'a>,
}

impl Maker<'_> {
    /// A plan with everything that decides how it is checked.
    pub(crate) fn job(&mut self, plan: Plan) -> Result<Job, PackFailure> {
        let config = self.configs.nearest(&plan.place.folder()).map_err(PackFailure::Unreadable)?;
        let packs = self.library.load(&config, self.environment)?;
        let as_of = self.asked.as_of.or(config.as_of).unwrap_or(self.environment.today);
        let fail_on = self.asked.fail_on.or(config.fail_on).unwrap_or(Severity::Error);
        Ok(Job { plan, packs, as_of, fail_on })
    }
}

/// What plans leave behind for rules over many: those that are checked with the same packs come together.
#[derive(Default)]
pub(crate) struct Together {
    /// The packs, the least level that counts, and the parts of the plans.
    pub(crate) groups: Vec<(Arc<Packs>, Severity, Vec<Contribution>)>,
}

impl Together {
    /// Adds a plan's part.
    pub(crate) fn add(&mut self, job: &Job, contributions: Vec<Contribution>) {
        match self.groups.iter_mut().find(|(packs, ..)| Arc::ptr_eq(packs, &job.packs)) {
            Some((_, fail_on, group)) => {
                *fail_on = job.fail_on.min(*fail_on);
                group.extend(contributions);
            }
            None => self.groups.push((job.packs.clone(), job.fail_on, contributions)),
        }
    }
}
