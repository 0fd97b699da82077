//! How far long work has come, for whoever watches a terminal; for nobody else a word. The only file that names indicatif.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::Environment;

/// Fewer plans are checked before anybody could read of it.
const FEWEST: usize = 20;

/// A bar on the standard error, or nothing.
pub(crate) struct Progress(Option<ProgressBar>);

impl Progress {
    /// For so many plans.
    pub(crate) fn new(plans: usize, environment: &Environment<'_>) -> Self {
        let bar = (environment.watched && plans >= FEWEST).then(|| {
            let bar = ProgressBar::with_draw_target(Some(plans as u64), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("checking {wide_bar} {pos} of {len} plans, {eta} left");
            // The words are ours: where they could not be read, the bar would be as it comes.
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        Self(bar)
    }

    /// Does what writes somewhere, so that it does not write into the bar, and counts one plan more.
    pub(crate) fn step<T>(&self, act: impl FnOnce() -> T) -> T {
        let Some(bar) = &self.0 else { return act() };
        let done = bar.suspend(act);
        bar.inc(1);
        done
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.0 {
            bar.finish_and_clear();
        }
    }
}
