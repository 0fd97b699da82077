//! `remit replay`: a check that was recorded is made again as of its day, and is the same to the byte, or what differs is said.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use remit_core::check::analyze;
use remit_core::rules::over::combine;
use remit_core::time::day;

use crate::Environment;
use crate::arguments::ReplayArguments;
use crate::config::Configs;
use crate::exit::{Failure, Outcome};
use crate::jobs::{Asked, Failures, Job, Together, jobs};
use crate::output::Format;
use crate::pack::installed::Project;
use crate::pack::place::read_bounded;
use crate::pack::{key, say, signature, trust};
use crate::project::Place;
use crate::record::{Planned, Record, Verdict};
use crate::render::text::{clean, counted, sentence};

/// The largest record, in bytes.
const LARGEST: u64 = 256 * 1024 * 1024;

/// Runs the command.
pub(crate) fn run(
    arguments: &ReplayArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let place = Place::given(&environment.folder, &arguments.record);
    let bytes = read_bounded(&place, LARGEST)?.ok_or_else(|| crate::project::not_there(&place))?;
    let signed = signed(&place, &bytes, arguments, environment)?;
    let record: Record = serde_json::from_slice(&bytes).map_err(|error| {
        Failure::usage(format!("`{}` is no record of a check: {error}", place.shown)).help("`remit check --record FILE` writes one")
    })?;
    if let (Some(_), [_, _, ..]) = (&arguments.plan, record.plans.as_slice()) {
        return Err(Failure::usage(format!("`{}` records {} plans, and `--plan` says where one is", place.shown, record.plans.len()))
            .help("run the command where the check was made, and leave `--plan` out"));
    }
    let mut failures = Failures::new(err);
    let mut now = Record::new();
    let mut together = Together::default();
    for planned in &record.plans {
        let job = job(planned, arguments, &mut failures, environment)?;
        let mut files = job.plan.read()?;
        // The plan may lie elsewhere today: it is told by the names under which it was recorded.
        for file in &mut files {
            if let Some(below) = file.path.strip_prefix(&job.plan.place.shown) {
                file.path = format!("{}{below}", planned.path);
            }
        }
        let analysis = analyze(&planned.path, files.clone(), &job.packs, job.as_of);
        now.add(&files, &analysis, &job.packs.infos);
        together.add(&job, analysis.contributions);
    }
    for (packs, _, contributions) in together.groups {
        now.add_together(&combine(&contributions, &packs));
    }
    let differences = if now.bytes()? == bytes { Vec::new() } else { differences(&record, &now) };
    let verdicts: usize = record.plans.iter().map(|plan| plan.verdicts.len()).sum();
    let what = format!("{} and {}", counted(record.plans.len(), "plan", "plans"), counted(verdicts, "finding", "findings"));
    if now.bytes()? == bytes {
        say(out, &format!("The same, to the byte: {what}, as of {}.\n{signed}", days(&record)))?;
        return Ok(Outcome::Clean);
    }
    say(out, &format!("Not the same as the record of {what}, as of {}:\n", days(&record)))?;
    for difference in &differences {
        say(out, &format!("  {}\n", clean(difference)))?;
    }
    say(out, &signed)?;
    Ok(Outcome::Findings)
}

/// The days of a record, each once.
fn days(record: &Record) -> String {
    let mut days: Vec<&str> = record.plans.iter().map(|plan| plan.as_of.as_str()).collect();
    days.sort_unstable();
    days.dedup();
    days.join(", ")
}

/// The plan of a record as it is today, to be checked as of the recorded day.
fn job(planned: &Planned, arguments: &ReplayArguments, failures: &mut Failures<'_>, environment: &Environment<'_>) -> Result<Job, Failure> {
    let as_of = day(&planned.as_of).map_err(|why| Failure::usage(format!("the record of {} names no day: {why}", planned.id)))?;
    let path = arguments.plan.clone().unwrap_or_else(|| PathBuf::from(&planned.path));
    let shown = Place::given(&environment.folder, &path).shown;
    let asked = Asked { paths: &[path], as_of: Some(as_of), fail_on: None, format: Format::Human };
    let found = jobs(&asked, failures, environment)?;
    found
        .into_iter()
        .find(|job| job.plan.place.shown == shown)
        .ok_or_else(|| Failure::usage(format!("the plan of {} is not at `{shown}`", planned.id)).help("say where it is with `--plan`"))
}

/// By whom a record is signed, as a sentence; nothing where it is not and nobody asks.
fn signed(place: &Place, bytes: &[u8], arguments: &ReplayArguments, environment: &Environment<'_>) -> Result<String, Failure> {
    let beside = place.with(".minisig");
    let signature = read_bounded(&beside, signature::LARGEST)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    if signature.is_none() && !arguments.require_signature && arguments.key.is_none() {
        return Ok(String::new());
    }
    let given = arguments.key.as_deref().map(|text| key::read_public(text, environment)).transpose()?;
    if let Some(key) = given {
        let number = trust::signed_with(&place.shown, bytes, signature.as_deref(), &key)?;
        return Ok(format!("Signed by the key {number}.\n"));
    }
    let here = Place::given(&environment.folder, ".".as_ref());
    let config = Configs::new(&environment.folder).nearest(&here.folder())?;
    match Project::of(&config, &environment.into()) {
        Some(project) if !project.trust.keys.is_empty() || arguments.require_signature => {
            let (number, publisher) = project.trust.vouched(&place.shown, bytes, signature.as_deref())?;
            Ok(format!("Signed by {}, key {number}.\n", clean(&publisher)))
        }
        _ if arguments.require_signature => {
            Err(Failure::usage("there is no `remit.yaml` here or above, so no key is trusted").help("name the public key with `--key`"))
        }
        _ => Ok("It is signed, and nothing here says which keys to trust: name the public key with `--key`.\n".to_owned()),
    }
}

/// Everything that differs, in the order in which it explains the rest: the program, the texts, the packs, the verdicts.
fn differences(then: &Record, now: &Record) -> Vec<String> {
    let mut found = Vec::new();
    if then.version != now.version {
        found.push(format!("this is remit {}, and the record was made by {}", now.version, then.version));
    }
    for (then, now) in then.plans.iter().zip(&now.plans) {
        let plan = &now.id;
        compare(
            &then.files.iter().map(|file| (&*file.path, &*file.digest)).collect(),
            &now.files.iter().map(|file| (&*file.path, &*file.digest)).collect(),
            |name, was, is| {
                found.push(match (was, is) {
                    (Some(_), Some(_)) => format!("{plan}: the file `{name}` has changed"),
                    (Some(_), None) => format!("{plan}: the file `{name}` is gone"),
                    _ => format!("{plan}: the file `{name}` is new"),
                });
            },
        );
        let packs = |plan: &Planned| -> BTreeMap<String, String> {
            let told = |pack: &crate::record::Pack| {
                let edition = pack.edition.as_ref().map_or_else(String::new, |edition| format!(", edition {edition}"));
                (pack.name.clone(), format!("version {}{edition}, {}", pack.version, pack.digest))
            };
            plan.packs.iter().map(told).collect()
        };
        let (old, new) = (packs(then), packs(now));
        compare(&borrowed(&old), &borrowed(&new), |name, was, is| {
            found.push(match (was, is) {
                (Some(was), Some(is)) => format!("{plan}: the pack `{name}` was {was}; it is {is}"),
                (Some(was), None) => format!("{plan}: the pack `{name}` ({was}) is not in force here"),
                (None, is) => format!("{plan}: the pack `{name}` ({}) was not in force", is.unwrap_or("")),
            });
        });
        verdicts(plan, &then.verdicts, &now.verdicts, &mut found);
        let counts = |plan: &Planned| -> BTreeMap<String, String> {
            let told = |count: &crate::record::Count| {
                let told = format!(
                    "{} asked: {} passed, {} failed, {} undetermined, {} waived",
                    count.matched, count.passed, count.failed, count.undetermined, count.waived
                );
                (count.rule.clone(), told)
            };
            plan.rules.iter().map(told).collect()
        };
        let (old, new) = (counts(then), counts(now));
        compare(&borrowed(&old), &borrowed(&new), |name, was, is| {
            let [was, is] = [was, is].map(|count| count.unwrap_or("not asked"));
            found.push(format!("{plan}: `{name}` was {was}; it is {is}"));
        });
    }
    verdicts("all plans together", &then.together, &now.together, &mut found);
    if found.is_empty() {
        found.push("the record itself was written otherwise than this program writes one".to_owned());
    }
    found
}

fn borrowed(map: &BTreeMap<String, String>) -> BTreeMap<&str, &str> {
    map.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect()
}

/// Everything that is not the same in both.
fn compare<'m>(
    then: &BTreeMap<&'m str, &'m str>,
    now: &BTreeMap<&'m str, &'m str>,
    mut differs: impl FnMut(&str, Option<&str>, Option<&str>),
) {
    for (name, was) in then {
        let is = now.get(name).copied();
        if is != Some(*was) {
            differs(name, Some(was), is);
        }
    }
    for (name, is) in now.iter().filter(|(name, _)| !then.contains_key(*name)) {
        differs(name, None, Some(is));
    }
}

fn verdicts(plan: &str, then: &[Verdict], now: &[Verdict], found: &mut Vec<String>) {
    let by_id = |all: &[Verdict]| -> BTreeMap<String, Verdict> { all.iter().map(|one| (one.id.clone(), one.clone())).collect() };
    let (old, new) = (by_id(then), by_id(now));
    let told = |one: &Verdict| format!("{} ({})", one.verdict, one.severity);
    for (id, was) in &old {
        let name = format!("{plan}: `{}` of {}", was.rule, was.subject);
        match new.get(id) {
            None => found.push(format!("{name} was {}; it is not found now", told(was))),
            Some(is) if (&is.verdict, &is.severity) != (&was.verdict, &was.severity) => {
                found.push(format!("{name} was {}; it is {}", told(was), told(is)));
            }
            Some(is) if is != was => found.push(format!("{name} is told otherwise: {}", sentence(&is.message))),
            Some(_) => {}
        }
    }
    for (_, is) in new.iter().filter(|(id, _)| !old.contains_key(*id)) {
        found.push(format!("{plan}: `{}` of {} was not found; it is {}", is.rule, is.subject, told(is)));
    }
}
