//! `remit check`: plans are found and checked; each is told in every format that was asked for.

use std::fs::OpenOptions;
use std::io::{self, BufWriter, Write};

use remit_core::check::PlanText;
use remit_core::rules::over::combine;

use crate::Environment;
use crate::arguments::{CheckArguments, Level};
use crate::assume::{self, waited_for};
use crate::before::Before;
use crate::exit::{Failure, Outcome};
use crate::jobs::{Asked, Failures, Job, Searched, Together, search};
use crate::known;
use crate::output::{Format, create, targets};
use crate::plans::{self, Files, How};
use crate::project::Place;
use crate::record::Record;
use crate::render::{Checked, Compared, Look, Renderer, Setting, Tally, renderer};
use crate::since::Earlier;

/// Runs the command.
pub(crate) fn run(
    arguments: &CheckArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let targets = targets(&arguments.format, arguments.output.as_deref(), &environment.folder)?;
    let format = targets.first().map_or(Format::Human, |(format, _)| *format);
    let mut failures = Failures::new(err);
    let asked = Asked { paths: &arguments.paths, as_of: arguments.as_of, fail_on: arguments.fail_on.map(Level::severity), format };
    let Searched { jobs, roots, mut maker } = search(&asked, &mut failures, environment)?;
    assumed(arguments, &jobs)?;
    let files = if arguments.record.is_some() { Files::Kept } else { Files::LetGo };
    let how = How { threads: arguments.jobs, assume: &arguments.assume, files };
    let mut before = Before::default();
    if let Some(file) = &arguments.baseline {
        before.baseline = Some(known::read_present(&Place::given(&environment.folder, file))?);
    }
    if let Some(revision) = &arguments.since {
        before.since = Some(Earlier::of(revision, &roots, &jobs, &how, |plan| maker.job(plan).ok(), environment)?);
    }
    let compared = before.compared();
    let mut worst = failures.worst;
    let mut waiting = Some((targets, out));
    let mut windows = Windows { open: Vec::new() };
    let mut tally = Tally { assumed: arguments.assume.clone(), ..Tally::default() };
    let mut together = Together::default();
    let mut record = arguments.record.is_some().then(Record::new);
    plans::check(
        &jobs,
        &how,
        |job| job.plan.read(),
        environment,
        |job, done| {
            let done = match done {
                Ok(done) => done,
                Err(failure) => {
                    worst = worst.max(failure.outcome);
                    failures.tell(failure);
                    return Ok(());
                }
            };
            // Files are begun only when there is something to write.
            if let Some((targets, out)) = waiting.take() {
                windows = Windows::open(targets, out, compared, environment)?;
            }
            let mut analysis = done.analysis;
            before.mark(job, &mut analysis);
            if let Some(record) = &mut record {
                record.add(&done.files, &analysis, &job.packs.infos);
            }
            worst = worst.max(Outcome::of(&analysis.findings, job.fail_on, arguments.strict));
            let checked = Checked { analysis: &analysis, packs: &job.packs, fail_on: job.fail_on };
            tally.add(&checked);
            windows.each(|renderer| renderer.plan(&checked))?;
            together.add(job, analysis.contributions);
            Ok(())
        },
    )?;
    for (packs, fail_on, contributions) in together.groups {
        let mut rollups = combine(&contributions, &packs);
        before.mark_together(&mut rollups);
        worst = worst.max(Outcome::of(&rollups.findings, fail_on, arguments.strict));
        tally.add_together(&rollups);
        if let Some(record) = &mut record {
            record.add_together(&rollups);
        }
        windows.each(|renderer| renderer.together(&rollups, fail_on))?;
    }
    tally.no_longer_found = before.no_longer_found();
    windows.each(|renderer| renderer.finish(&tally))?;
    if let (Some(record), Some(file)) = (&record, &arguments.record) {
        let place = Place::given(&environment.folder, file);
        if worst >= Outcome::Packs {
            failures.tell(Failure::usage(format!("`{}` is not written: not everything could be checked", place.shown)));
            return Ok(worst);
        }
        if place.is_plan_file() {
            return Err(Failure::usage(format!("`{}` would be written over: a record does not go into a plan's file", place.shown)));
        }
        record.write(&place, arguments.sign.as_deref(), environment)?;
    }
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
    assume::known(&arguments.assume, names)
}

/// Every format with the place it goes to.
struct Windows<'w> {
    open: Vec<(String, Box<dyn Renderer + 'w>)>,
}

impl<'w> Windows<'w> {
    fn open(
        targets: Vec<(Format, Option<Place>)>,
        out: &'w mut dyn Write,
        compared: Compared,
        environment: &Environment<'_>,
    ) -> Result<Self, Failure> {
        let look = Look { color: environment.color, width: environment.width.unwrap_or(80) };
        let mut out = Some(out);
        let mut open: Vec<(String, Box<dyn Renderer + 'w>)> = Vec::new();
        for (format, place) in targets {
            let page = if format == Format::GitHub { page_of_the_run(environment)? } else { None };
            match place {
                Some(place) => open
                    .push((place.shown.clone(), renderer(format, Box::new(create(&place)?), Setting { look: Look::FILE, page, compared }))),
                // INVARIANT: `targets` lets one format at most go to the standard output.
                None => open.extend(
                    out.take().map(|out| ("standard output".to_owned(), renderer(format, Box::new(out), Setting { look, page, compared }))),
                ),
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

/// The page that GitHub shows of a run: whatever a step adds to the file that the variable names.
fn page_of_the_run<'w>(environment: &Environment<'_>) -> Result<Option<Box<dyn Write + 'w>>, Failure> {
    let Some(file) = (environment.variable)("GITHUB_STEP_SUMMARY").filter(|file| !file.is_empty()) else { return Ok(None) };
    let place = Place::given(&environment.folder, file.as_ref());
    let opened = OpenOptions::new().create(true).append(true).open(&place.real);
    let opened = opened.map_err(|error| Failure::writing(&place.shown, &error))?;
    Ok(Some(Box::new(BufWriter::new(opened))))
}
