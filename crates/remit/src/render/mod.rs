//! What every format has in common: one plan after another goes in, and the same findings come out of each.

mod excerpt;
mod github;
mod gitlab;
mod human;
pub(crate) mod json;
mod junit;
mod markdown;
pub(crate) mod page;
mod plain;
#[cfg(test)]
pub(crate) mod sample;
mod sarif;
mod spool;
#[cfg(test)]
mod tests;
pub(crate) mod text;

use std::io::{self, Write};

use remit_core::check::{Analysis, PlanInfo, RuleCount};
use remit_core::model::streams::Assumption;
use remit_core::packs::{PackErrors, PackInfo, Packs};
use remit_core::problem::{Finding, Problem, Severity, Verdict};
use remit_core::rules::over::{Rollup, Rollups};
use remit_core::source::Sources;
use remit_core::time::Date;

use crate::output::Format;
use crate::render::text::counted;

/// One plan's analysis with the packs that were in force for it.
pub(crate) struct Checked<'a> {
    /// What was found.
    pub(crate) analysis: &'a Analysis,
    /// The packs.
    pub(crate) packs: &'a Packs,
    /// The least level that fails the run.
    pub(crate) fail_on: Severity,
}

/// A format: takes plans one by one, and may let go of each before the next.
pub(crate) trait Renderer {
    /// Takes one plan.
    fn plan(&mut self, checked: &Checked<'_>) -> io::Result<()>;
    /// Takes what the plans come to together, after all of them, with the least level that fails the run.
    fn together(&mut self, rollups: &Rollups, fail_on: Severity) -> io::Result<()>;
    /// Ends the run: `tally` holds what all plans came to.
    fn finish(&mut self, tally: &Tally) -> io::Result<()>;
}

/// How text may look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// Whether colours may be used.
    pub(crate) color: bool,
    /// How many columns there are.
    pub(crate) width: usize,
}

impl Look {
    /// For a file, or a pipe of unknown width.
    pub(crate) const FILE: Self = Self { color: false, width: 80 };

    /// The text in a style, where colours may be used.
    pub(crate) fn paint(self, style: anstyle::Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// What a format is told before the first plan.
pub(crate) struct Setting<'w> {
    /// How text may look.
    pub(crate) look: Look,
    /// The page of a run on GitHub, where there is one: only `github` writes it.
    pub(crate) page: Option<Box<dyn Write + 'w>>,
    /// What findings are compared with.
    pub(crate) compared: Compared,
}

/// Whether findings are compared with what was known before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compared {
    /// There is nothing to compare with.
    WithNothing,
    /// With a baseline, or an earlier state of the plans.
    WithWhatIsKnown,
}

impl Setting<'_> {
    /// For a file, without anything to compare with.
    #[cfg(test)]
    pub(crate) const FILE: Self = Self { look: Look::FILE, page: None, compared: Compared::WithNothing };
}

/// The renderer of a format.
pub(crate) fn renderer<'w>(format: Format, out: Box<dyn Write + 'w>, setting: Setting<'w>) -> Box<dyn Renderer + 'w> {
    let Setting { look, page, compared } = setting;
    match format {
        Format::Human => Box::new(human::Human::new(out, look)),
        Format::Plain => Box::new(plain::Plain::new(out)),
        Format::Json => Box::new(json::Json::new(out)),
        Format::Sarif => Box::new(sarif::Sarif::new(out, compared)),
        Format::Junit => Box::new(junit::Junit::new(out)),
        Format::GitHub => Box::new(github::GitHub::new(out, page)),
        Format::GitLab => Box::new(gitlab::GitLab::new(out)),
        Format::Markdown => Box::new(markdown::Markdown::new(out)),
    }
}

/// Tells what is wrong with packs.
pub(crate) fn pack_errors(format: Format, errors: &PackErrors, out: &mut dyn Write, look: Look) -> io::Result<()> {
    match format {
        Format::Human => human::pack_errors(errors, out, look),
        // Faults of packs go to the log, whatever the reports are.
        Format::Plain | Format::GitHub => plain::pack_errors(errors, out),
        Format::Json | Format::Sarif | Format::Junit | Format::GitLab | Format::Markdown => human::pack_errors(errors, out, look),
    }
}

/// Tells one problem of the packs, in full sentences or with the words underlined.
pub(crate) fn problem(plain: bool, sources: &Sources, problem: &Problem, out: &mut dyn Write, look: Look) -> io::Result<()> {
    if plain { plain::problem(sources, problem, out) } else { human::problem(sources, problem, out, look) }
}

/// What all plans of a run came to.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    /// The plans with their dates, in order.
    pub(crate) plans: Vec<(PlanInfo, Date)>,
    /// Every pack that was in force for one of them, with its edition then; empty where it has none.
    pub(crate) packs: Vec<(PackInfo, String)>,
    /// How often each rule was asked, over all plans.
    pub(crate) rules: Vec<RuleCount>,
    /// What the plans come to together, for every rule over many.
    pub(crate) together: Vec<Rollup>,
    /// The rules that look at what belongs together in several plans.
    pub(crate) among: Vec<String>,
    /// Failures of severity error.
    pub(crate) errors: usize,
    /// Failures of severity warning.
    pub(crate) warnings: usize,
    /// Failures of severity note.
    pub(crate) notes: usize,
    /// What cannot be told.
    pub(crate) undetermined: usize,
    /// What is waived.
    pub(crate) waived: usize,
    /// What rules found that are put to consultation only.
    pub(crate) consulted: usize,
    /// What was known before.
    pub(crate) known: usize,
    /// What the baseline knows of these plans, and was not found.
    pub(crate) no_longer_found: usize,
    /// What was assumed of money that waits for something.
    pub(crate) assumed: Vec<Assumption>,
}

impl Tally {
    /// Counts one plan.
    pub(crate) fn add(&mut self, checked: &Checked<'_>) {
        let analysis = checked.analysis;
        self.plans.push((analysis.plan.clone(), analysis.as_of));
        for pack in &checked.packs.infos {
            let edition = analysis.editions.iter().find(|(name, _)| *name == pack.name).map(|(_, edition)| edition.clone());
            let pack = (pack.clone(), edition.unwrap_or_default());
            if !self.packs.contains(&pack) {
                self.packs.push(pack);
            }
        }
        self.add_findings(&analysis.findings);
        self.add_counts(&analysis.rules);
    }

    /// Counts what the plans come to together.
    pub(crate) fn add_together(&mut self, rollups: &Rollups) {
        self.add_findings(&rollups.findings);
        self.add_counts(&rollups.rules);
        self.together.extend(rollups.judged.iter().cloned());
        self.among.extend(rollups.among.iter().cloned());
    }

    fn add_findings(&mut self, findings: &[Finding]) {
        for finding in findings {
            match (finding.verdict, finding.problem.severity) {
                (Verdict::Pass | Verdict::NotApplicable, _) => {}
                _ if finding.is_consulted => self.consulted += 1,
                _ if finding.is_known => self.known += 1,
                (Verdict::Fail, Severity::Error) => self.errors += 1,
                (Verdict::Fail, Severity::Warning) => self.warnings += 1,
                (Verdict::Fail, Severity::Note) => self.notes += 1,
                (Verdict::Undetermined, _) => self.undetermined += 1,
                (Verdict::Waived, _) => self.waived += 1,
            }
        }
    }

    fn add_counts(&mut self, counts: &[RuleCount]) {
        for count in counts {
            match self.rules.iter_mut().find(|other| other.rule == count.rule) {
                Some(sum) => sum.merge(count),
                None => self.rules.push(count.clone()),
            }
        }
    }

    /// The date of all plans; `None` where they differ.
    pub(crate) fn as_of(&self) -> Option<Date> {
        let (_, first) = self.plans.first()?;
        self.plans.iter().all(|(_, date)| date == first).then_some(*first)
    }

    /// What was found, in which plans, as of when and with which packs: one sentence.
    pub(crate) fn sentence(&self) -> String {
        let found = [
            (self.errors, "error", "errors"),
            (self.warnings, "warning", "warnings"),
            (self.notes, "note", "notes"),
            (self.undetermined, "undetermined", "undetermined"),
            (self.waived, "waived", "waived"),
            (self.consulted, "in consultation", "in consultation"),
            (self.known, "known before", "known before"),
        ];
        let found: Vec<String> =
            found.into_iter().filter(|(count, _, _)| *count > 0).map(|(count, one, many)| counted(count, one, many)).collect();
        let found = match (self.errors + self.warnings + self.notes, found.is_empty()) {
            (_, true) => "nothing to put right".to_owned(),
            (0, false) => format!("nothing to put right, {}", found.join(", ")),
            _ => found.join(", "),
        };
        let plans = match self.plans.as_slice() {
            [(plan, _)] => format!("1 plan ({})", plan.id),
            many => format!("{} plans", many.len()),
        };
        let date = self.as_of().map_or("each as of its own date".to_owned(), |date| format!("as of {date}"));
        let mut packs: Vec<String> = self.packs.iter().map(|(pack, _)| format!("{} {}", pack.name, pack.version)).collect();
        packs.dedup();
        let packs = if packs.is_empty() { "with no rule packs".to_owned() } else { format!("with {}", text::listed(&packs)) };
        let assumed =
            |one: &Assumption| format!(", assuming that `{}` {}", one.stream, if one.arrives { "arrives" } else { "does not arrive" });
        let assumed: String = self.assumed.iter().map(assumed).collect();
        format!("{found} in {plans}, {date}, {packs}{assumed}")
    }

    /// What the baseline knows for nothing; `None` where there is nothing of the kind.
    pub(crate) fn outdated(&self) -> Option<String> {
        let findings = counted(self.no_longer_found, "finding that is", "findings that are");
        (self.no_longer_found > 0)
            .then(|| format!("the baseline knows {findings} no longer found: `remit baseline --shrink` takes them out, so that they cannot come back unnoticed"))
    }

    /// How much was asked.
    pub(crate) fn effort(&self) -> String {
        let asked = self.rules.iter().filter(|count| count.matched > 0).count();
        let checks: u64 = self.rules.iter().map(|count| u64::from(count.matched)).sum();
        let checks = usize::try_from(checks).unwrap_or(usize::MAX);
        if checks == 0 {
            return "no rule found anything to check".to_owned();
        }
        let elsewhere = self.rules.iter().filter(|count| self.is_elsewhere(count)).count();
        let elsewhere = match elsewhere {
            0 => String::new(),
            1 => "; 1 rule stands in other editions only".to_owned(),
            many => format!("; {many} rules stand in other editions only"),
        };
        format!("{}, {}{elsewhere}", counted(asked, "rule", "rules"), counted(checks, "check", "checks"))
    }

    /// Whether a rule stands in the edition of none of the plans.
    fn is_elsewhere(&self, count: &RuleCount) -> bool {
        count.not_in_edition as usize == self.plans.len() && count.not_in_edition > 0
    }

    /// The rules over many plans that cannot be asked yet, and of how many there are plans; `None` where there is none.
    pub(crate) fn waiting(&self) -> Option<String> {
        let waits = |one: &&Rollup| one.verdict == Verdict::NotApplicable && one.subject.is_none();
        let waiting: Vec<&Rollup> = self.together.iter().filter(waits).collect();
        let mut rules: Vec<&str> = waiting.iter().map(|one| one.rule.as_str()).collect();
        rules.dedup();
        let mut bodies: Vec<String> = Vec::new();
        for one in &waiting {
            let body = format!("{} of {} in {}", one.members - one.absent.len(), one.members, one.name);
            if !bodies.contains(&body) {
                bodies.push(body);
            }
        }
        let need = if rules.len() == 1 { "1 rule needs" } else { &format!("{} rules need", rules.len()) };
        (!waiting.is_empty()).then(|| format!("{need} a plan from every system, and there are plans from {}", text::listed(&bodies)))
    }

    /// What several plans have to agree on, where one of them has not been sent; `None` where there is no such thing.
    pub(crate) fn awaited(&self) -> Option<String> {
        let awaited = self.together.iter().filter(|one| one.verdict == Verdict::NotApplicable);
        let said = awaited.filter_map(|one| {
            let absent: Vec<&str> = one.absent.iter().map(String::as_str).collect();
            Some(format!("{} waits for the plan of {}", one.subject.as_deref()?, absent.join(" and that of ")))
        });
        let said: Vec<String> = said.collect();
        (!said.is_empty()).then(|| said.join("; "))
    }

    /// The rules that found nothing to look at; `None` where there is none. Those that look at several plans do not count where there is one.
    pub(crate) fn silent(&self) -> Option<String> {
        let silent: Vec<&str> = self
            .rules
            .iter()
            .filter(|count| count.matched == 0 && !self.is_elsewhere(count) && !self.together.iter().any(|one| one.rule == count.rule))
            .filter(|count| self.plans.len() > 1 || !self.among.contains(&count.rule))
            .map(|count| count.rule.as_str())
            .collect();
        let plans = if self.plans.len() == 1 { "this plan" } else { "these plans" };
        let rules = counted(silent.len(), "rule", "rules");
        (!silent.is_empty()).then(|| format!("{rules} matched nothing in {plans}: {}", silent.join(", ")))
    }
}
