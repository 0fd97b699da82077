//! `remit baseline`: what is found today is written down as known, so that only what is new fails; and what is no longer found is taken out again.

use std::collections::BTreeSet;
use std::io::Write;

use remit_core::problem::Verdict;
use remit_core::rules::over::combine;

use crate::Environment;
use crate::arguments::BaselineArguments;
use crate::exit::{Failure, Outcome};
use crate::jobs::{Asked, Failures, Together, jobs};
use crate::known::{self, Entry, Known, is_of};
use crate::output::Format;
use crate::pack::say;
use crate::plans::{self, Files, How};
use crate::project::Place;
use crate::render::text::{clean, counted};

/// How many findings that a baseline would have to learn are named.
const MOST_NAMED: usize = 10;

/// Runs the command.
pub(crate) fn run(
    arguments: &BaselineArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let place = Place::given(&environment.folder, &arguments.output);
    if place.is_plan_file() {
        return Err(Failure::usage(format!("`{}` would be written over: a baseline does not go into a plan's file", place.shown)));
    }
    let before = known::read(&place)?;
    if before.is_none() && arguments.shrink {
        return Err(Failure::usage(format!("there is no baseline `{}` to take anything out of", place.shown))
            .help("`remit baseline` without `--shrink` writes one"));
    }
    let mut failures = Failures::new(err);
    let asked = Asked { paths: &arguments.paths, as_of: arguments.as_of, fail_on: None, format: Format::Human };
    let Found { entries, plans, bodies } = found(&asked, &mut failures, environment)?;
    if failures.worst > Outcome::Clean {
        failures.tell(Failure::usage(format!("`{}` is not written: not everything could be checked", place.shown)));
        return Ok(failures.worst);
    }
    let Some(before) = before else {
        let what = format!("{} of {}", counted(entries.len(), "finding", "findings"), counted(plans, "plan", "plans"));
        known::write(&place, entries)?;
        say(
            out,
            &format!("`{}` knows {what} from now on: `remit check --baseline {}` fails for what is new.\n", place.shown, place.shown),
        )?;
        return Ok(Outcome::Clean);
    };
    let Compared { kept, gone, elsewhere, new } = compare(before, entries, &bodies);
    if !new.is_empty() && !arguments.shrink && !arguments.grow {
        return Err(would_grow(&place, &new));
    }
    let mut told = format!("`{}` knows {}", place.shown, counted(kept.len() + elsewhere.len(), "finding", "findings"));
    if !gone.is_empty() {
        told.push_str(&format!("; {} no longer found, and taken out", counted(gone.len(), "is", "are")));
    }
    if !elsewhere.is_empty() {
        told.push_str(&format!("; {} of plans that were not checked", counted(elsewhere.len(), "is", "are")));
    }
    let mut entries = [kept, elsewhere].concat();
    if arguments.grow {
        told.push_str(&format!("; {} added", counted(new.len(), "is", "are")));
        entries.extend(new);
    } else if !new.is_empty() {
        told.push_str(&format!("; {} new, and stays out of it", counted(new.len(), "finding is", "findings are")));
    }
    known::write(&place, entries)?;
    say(out, &format!("{told}.\n"))?;
    Ok(Outcome::Clean)
}

/// What is found today, and in which plans.
struct Found {
    entries: Vec<Entry>,
    /// How many plans there are, and whose they are, with the bodies whose plans were added up.
    plans: usize,
    bodies: BTreeSet<String>,
}

fn found(asked: &Asked<'_>, failures: &mut Failures<'_>, environment: &Environment<'_>) -> Result<Found, Failure> {
    let jobs = jobs(asked, failures, environment)?;
    let mut found = Found { entries: Vec::new(), plans: 0, bodies: BTreeSet::new() };
    let mut together = Together::default();
    let how = How { threads: None, assume: &[], files: Files::LetGo };
    plans::check(
        &jobs,
        &how,
        |job| job.plan.read(),
        environment,
        |job, done| {
            match done {
                Ok(done) => {
                    let analysis = done.analysis;
                    let entry = |finding| Entry::of(&analysis.sources, Some(&analysis.plan), finding);
                    found.entries.extend(analysis.findings.iter().filter_map(entry));
                    found.plans += 1;
                    found.bodies.insert(analysis.plan.id.clone());
                    together.add(job, analysis.contributions);
                }
                Err(failure) => failures.tell(failure),
            }
            Ok(())
        },
    )?;
    for (packs, _, contributions) in together.groups {
        let rollups = combine(&contributions, &packs);
        found.entries.extend(rollups.findings.iter().filter_map(|finding| Entry::of(&rollups.sources, None, finding)));
        let judged = rollups.judged.iter().filter(|rollup| rollup.verdict != Verdict::NotApplicable);
        found.bodies.extend(judged.map(|rollup| rollup.body.clone()));
    }
    Ok(found)
}

/// What a baseline knew, beside what is found.
struct Compared {
    /// Known and found.
    kept: Vec<Entry>,
    /// Known, and no longer found.
    gone: Vec<Entry>,
    /// Known, of plans that were not looked at.
    elsewhere: Vec<Entry>,
    /// Found, and not known.
    new: Vec<Entry>,
}

fn compare(mut before: Known, found: Vec<Entry>, bodies: &BTreeSet<String>) -> Compared {
    let new = found.into_iter().filter(|entry| !before.take(entry)).collect();
    let (kept, rest) = before.parted();
    let (gone, elsewhere) = rest.into_iter().partition(|entry| is_of(entry, bodies));
    Compared { kept, gone, elsewhere, new }
}

fn would_grow(place: &Place, new: &[Entry]) -> Failure {
    let named: Vec<String> =
        new.iter().take(MOST_NAMED).map(|entry| clean(&format!("{}: {}", entry.plan, entry.message)).into_owned()).collect();
    let more = new.len().saturating_sub(named.len());
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    let message = format!(
        "`{}` would have to learn {}, and a baseline only ever shrinks: {}{more}",
        place.shown,
        counted(new.len(), "finding", "findings"),
        named.join("; ")
    );
    let failure = Failure::usage(message)
        .help("put them right; or take them in knowingly, with `--grow`. `--shrink` takes out what is no longer found");
    Failure { outcome: Outcome::Findings, ..failure }
}
