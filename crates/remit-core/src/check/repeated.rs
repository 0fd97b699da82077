//! One plan, checked as of one day after another: it is read once.

use crate::check::{Analysis, Everything, PlanText, Texts, conclude, read_texts, rule_names};
use crate::model::clock::{Clock, Turn};
use crate::model::{self, Plan, Reading};
use crate::packs::Packs;
use crate::time::Days;

/// A plan that was read, to be checked as of several days.
pub(crate) struct Repeated<'p> {
    path: &'p str,
    packs: &'p Packs,
    texts: Option<Texts>,
    checks: usize,
}

impl<'p> Repeated<'p> {
    /// Reads a plan.
    pub(crate) fn new(path: &'p str, texts: &[PlanText], packs: &'p Packs) -> Self {
        Self { path, packs, texts: Some(read_texts(texts, packs, None)), checks: 0 }
    }

    /// Checks it as of the first of some days, and says what would turn out otherwise on the others: all is found again on every day before
    /// the first such turn.
    pub(crate) fn check(&mut self, days: Days) -> Option<(Analysis, Plan, Vec<Turn>)> {
        let Texts { sources, trees, problems } = self.texts.take()?;
        self.checks += 1;
        let rules = rule_names(self.packs);
        let reading = Reading { sources: &sources, vocabulary: &self.packs.vocabulary, files: &trees, as_of: days.first, rules: &rules };
        let (mut plan, found) = model::build(reading, &self.packs.register);
        plan.clock = Clock::recording(days);
        let all = problems.iter().cloned().chain(found).collect();
        let read = Everything { sources: sources.clone(), trees, plan, problems: all };
        let opened = conclude(self.path, read, self.packs, days.first);
        self.texts = Some(Texts { sources, trees: opened.trees, problems });
        let turns = opened.plan.clock.turns();
        Some((opened.analysis, opened.plan, turns))
    }

    /// How often it was checked.
    pub(crate) fn checks(&self) -> usize {
        self.checks
    }
}
