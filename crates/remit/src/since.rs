//! `--since`: what was found in the plans as they stood at an earlier commit is known; what is found today beside that is new.
//!
//! Today's packs, today's day: what is new is what the plans brought.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use remit_core::check::{Analysis, PlanFile};
use remit_core::rules::over::combine;

use crate::Environment;
use crate::exit::Failure;
use crate::git::{Blob, Repository};
use crate::jobs::{Job, Together};
use crate::known::{Entry, Known};
use crate::plans::{self, Files, How};
use crate::project::{Place, Plan, is_in_sight};

/// What an earlier state of the plans had.
pub(crate) struct Earlier {
    /// The findings of plans that have changed since; those of the others are learnt when they are checked.
    pub(crate) known: Known,
    /// The plans that are as they were, by their places: what is found in them now was found in them then.
    unchanged: BTreeSet<String>,
    together: Together,
}

impl Earlier {
    /// Checks the plans as they stood. `job` says with what a plan is checked; `roots` are the places that the command is about.
    ///
    /// # Errors
    /// There is no git, or it does not know the commit; or a plan of today lies outside of the repository.
    pub(crate) fn of(
        revision: &str,
        roots: &[Place],
        jobs: &[Job],
        how: &How<'_>,
        mut job: impl FnMut(Plan) -> Option<Job>,
        environment: &Environment<'_>,
    ) -> Result<Self, Failure> {
        let folder = roots.first().map_or_else(|| environment.folder.clone(), Place::folder);
        let repository = Repository::of(&folder)?;
        let commit = repository.commit(revision)?;
        let then = plans_then(&repository, &commit, roots, environment)?;
        let now: BTreeMap<&str, &Job> = jobs.iter().map(|job| (job.plan.place.shown.as_str(), job)).collect();
        let mut reader = repository.reader()?;
        let mut unchanged = BTreeSet::new();
        let mut changed = Vec::new();
        let mut blobs = BTreeMap::new();
        for (plan, files) in then {
            let same = now.get(plan.place.shown.as_str()).filter(|job| job.plan.files == plan.files);
            let is_same = match same.map(|job| job.plan.read()) {
                Some(Ok(today)) => today.iter().zip(&files).all(|(file, blob)| reader.read(blob).is_ok_and(|bytes| bytes == file.bytes)),
                _ => false,
            };
            if is_same {
                unchanged.insert(plan.place.shown);
                continue;
            }
            blobs.extend(plan.files.iter().map(|place| place.shown.clone()).zip(files));
            changed.extend(job(plan));
        }
        let reader = Mutex::new(reader);
        let read = |job: &Job| {
            let file = |place: &Place| {
                let blob = blobs.get(&place.shown).ok_or_else(|| Failure::usage(format!("git does not know `{}`", place.shown)))?;
                let bytes = reader.lock().unwrap_or_else(PoisonError::into_inner).read(blob)?;
                Ok(PlanFile { path: place.shown.clone(), bytes })
            };
            job.plan.files.iter().map(file).collect::<Result<Vec<_>, Failure>>()
        };
        let mut entries = Vec::new();
        let mut together = Together::default();
        let how = How { files: Files::LetGo, ..*how };
        plans::check(&changed, &how, read, environment, |job, done| {
            let analysis = done?.analysis;
            entries.extend(analysis.findings.iter().filter_map(|finding| Entry::of(&analysis.sources, Some(&analysis.plan), finding)));
            together.add(job, analysis.contributions);
            Ok(())
        })?;
        Ok(Self { known: Known::new(entries), unchanged, together })
    }

    /// A plan of today: where it is as it was, what is found in it was found then.
    pub(crate) fn today(&mut self, job: &Job, analysis: &Analysis) {
        if self.unchanged.contains(&job.plan.place.shown) {
            for finding in &analysis.findings {
                self.known.learn(Entry::of(&analysis.sources, Some(&analysis.plan), finding));
            }
            self.together.add(job, analysis.contributions.clone());
        }
    }

    /// Learns what the plans came to together then, once all plans of today were seen.
    pub(crate) fn learn_together(&mut self) {
        for (packs, _, contributions) in std::mem::take(&mut self.together).groups {
            let rollups = combine(&contributions, &packs);
            for finding in &rollups.findings {
                self.known.learn(Entry::of(&rollups.sources, None, finding));
            }
        }
    }
}

/// The plans of a commit, below the places that a command is about, each with what git knows its files by. A place that was not there then may have had another
/// name: all plans of the commit are looked at.
fn plans_then(
    repository: &Repository,
    commit: &str,
    roots: &[Place],
    environment: &Environment<'_>,
) -> Result<Vec<(Plan, Vec<Blob>)>, Failure> {
    let top = repository.top.canonicalize().unwrap_or_else(|_| repository.top.clone());
    let files: Vec<Blob> = repository.files(commit)?.into_iter().filter(|blob| is_in_sight(&blob.path)).collect();
    let mut plans: BTreeMap<PathBuf, (Plan, Vec<Blob>)> = BTreeMap::new();
    for root in roots {
        let real = canonical(&root.real);
        let within = real.strip_prefix(&top).map_err(|_| {
            Failure::usage(format!("`{}` does not lie in the repository `{}`", root.shown, top.display()))
                .help("name plans of one repository, or compare with a baseline instead: `--baseline FILE`")
        })?;
        let was_there = files.iter().any(|blob| Path::new(&blob.path).starts_with(within));
        for blob in files.iter().filter(|blob| !was_there || Path::new(&blob.path).starts_with(within)) {
            let path = Path::new(&blob.path);
            // A plan that is one file, where it was asked for as one.
            let of = if path == within { path } else { path.parent().unwrap_or(path) };
            let shown = |path: &Path| shown_as(root, within, path, &top, environment);
            let (plan, blobs) = plans.entry(of.to_owned()).or_insert_with(|| (Plan { place: shown(of), files: Vec::new() }, Vec::new()));
            let place = shown(path);
            if !plan.files.contains(&place) {
                plan.files.push(place);
                blobs.push(blob.clone());
            }
        }
    }
    // In the order in which today's are read.
    let sorted = |(plan, blobs): (Plan, Vec<Blob>)| {
        let mut pairs: Vec<(Place, Blob)> = plan.files.into_iter().zip(blobs).collect();
        pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
        let (files, blobs) = pairs.into_iter().unzip();
        (Plan { place: plan.place, files }, blobs)
    };
    Ok(plans.into_values().map(sorted).collect())
}

/// A file of the repository, named as it would be if the command had found it.
fn shown_as(root: &Place, within: &Path, path: &Path, top: &Path, environment: &Environment<'_>) -> Place {
    match path.strip_prefix(within) {
        Ok(below) if below.as_os_str().is_empty() => root.clone(),
        Ok(below) => below.components().fold(root.clone(), |place, part| place.child(part.as_os_str())),
        Err(_) => Place::given(&environment.folder, &top.join(path)),
    }
}

/// A path without links; of one that is no longer there, as far as it still is.
fn canonical(path: &Path) -> PathBuf {
    path.canonicalize().unwrap_or_else(|_| path.to_owned())
}
