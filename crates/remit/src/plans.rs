//! Many plans are checked side by side: each is let go once it is taken, in the order of the paths, however many there are.

use std::num::NonZeroUsize;
use std::thread;

use remit_core::check::{Analysis, PlanFile, PlanText, open_assuming};
use remit_core::model::streams::Assumption;

use crate::Environment;
use crate::exit::Failure;
use crate::in_order::in_order;
use crate::jobs::Job;
use crate::progress::Progress;

/// How plans are checked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct How<'h> {
    /// How many at a time; `None`: as many as the machine has cores.
    pub(crate) threads: Option<NonZeroUsize>,
    /// What is assumed of money that waits for something.
    pub(crate) assume: &'h [Assumption],
    /// What of a plan's files is still needed once it is checked.
    pub(crate) files: Files,
}

/// What becomes of a plan's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Files {
    /// They are let go.
    LetGo,
    /// They are given back.
    Kept,
}

/// A plan that was checked.
pub(crate) struct Done {
    /// What was found.
    pub(crate) analysis: Analysis,
    /// Its files, where they are kept.
    pub(crate) files: Vec<PlanFile>,
}

/// Checks plans as `read` reads them, and has each taken on this thread, in order.
///
/// # Errors
/// The first failure of `take`. What a plan's files cannot be read for is no failure of the run: `take` is told.
pub(crate) fn check(
    jobs: &[Job],
    how: &How<'_>,
    read: impl Fn(&Job) -> Result<Vec<PlanFile>, Failure> + Sync,
    environment: &Environment<'_>,
    mut take: impl FnMut(&Job, Result<Done, Failure>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let threads = how.threads.unwrap_or_else(|| thread::available_parallelism().unwrap_or(NonZeroUsize::MIN));
    let progress = Progress::new(jobs.len(), environment);
    let work = |job: &Job| {
        let files = read(job)?;
        let kept = if how.files == Files::Kept { files.clone() } else { Vec::new() };
        let texts: Vec<PlanText> = files.into_iter().map(PlanText::from).collect();
        let analysis = open_assuming(&job.plan.place.shown, &texts, &job.packs, job.as_of, how.assume).analysis;
        Ok(Done { analysis, files: kept })
    };
    in_order(jobs, threads, work, |job, done| progress.step(|| take(job, done)))
}
