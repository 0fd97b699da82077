//! Everything by which a run knows findings already: a baseline, an earlier state of the plans, or both.

use std::collections::BTreeSet;

use remit_core::check::{Analysis, PlanInfo};
use remit_core::problem::{Finding, Verdict};
use remit_core::rules::over::Rollups;
use remit_core::source::Sources;

use crate::jobs::Job;
use crate::known::{Entry, Known, is_of};
use crate::render::Compared;
use crate::since::Earlier;

/// What is known before a run, which marks what it finds again.
#[derive(Default)]
pub(crate) struct Before {
    /// What a baseline knows.
    pub(crate) baseline: Option<Known>,
    /// What an earlier state of the plans had.
    pub(crate) since: Option<Earlier>,
    /// The plans and the bodies that were judged.
    plans: BTreeSet<String>,
}

impl Before {
    /// Whether there is anything to compare with.
    pub(crate) fn compared(&self) -> Compared {
        if self.baseline.is_some() || self.since.is_some() { Compared::WithWhatIsKnown } else { Compared::WithNothing }
    }

    /// Marks what is known of a plan.
    pub(crate) fn mark(&mut self, job: &Job, analysis: &mut Analysis) {
        if self.compared() == Compared::WithNothing {
            return;
        }
        if let Some(since) = &mut self.since {
            since.today(job, analysis);
        }
        self.plans.insert(analysis.plan.id.clone());
        self.findings(&analysis.sources, Some(&analysis.plan), &mut analysis.findings);
    }

    /// Marks what is known of many plans together, once all of them were seen.
    pub(crate) fn mark_together(&mut self, rollups: &mut Rollups) {
        if self.compared() == Compared::WithNothing {
            return;
        }
        if let Some(since) = &mut self.since {
            since.learn_together();
        }
        let judged = rollups.judged.iter().filter(|rollup| rollup.verdict != Verdict::NotApplicable);
        self.plans.extend(judged.map(|rollup| rollup.body.clone()));
        self.findings(&rollups.sources, None, &mut rollups.findings);
    }

    fn findings(&mut self, sources: &Sources, plan: Option<&PlanInfo>, findings: &mut [Finding]) {
        for finding in findings {
            let Some(entry) = Entry::of(sources, plan, finding) else { continue };
            // Both are asked, so that neither knows a second one for the other.
            let in_baseline = self.baseline.as_mut().is_some_and(|known| known.take(&entry));
            let then = self.since.as_mut().is_some_and(|earlier| earlier.known.take(&entry));
            finding.is_known = in_baseline || then;
        }
    }

    /// How many findings the baseline knows of what was judged, and were not found.
    pub(crate) fn no_longer_found(self) -> usize {
        let (_, rest) = self.baseline.unwrap_or_default().parted();
        rest.iter().filter(|entry| is_of(entry, &self.plans)).count()
    }
}
