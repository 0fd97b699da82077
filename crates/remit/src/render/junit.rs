//! JUnit's XML, as Jenkins, GitLab and Azure read it: a plan is a suite, and each finding a case of its own. What a rule passed is a case too.
//!
//! A case fails where the finding fails the run; everything else that is found is skipped, and says why.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Property, Report, TestCase, TestCaseStatus, TestSuite};
use remit_core::check::{RuleCount, counts_against};
use remit_core::problem::{Finding, Severity, Verdict};
use remit_core::rules::over::Rollups;
use remit_core::source::Sources;

use crate::render::plain::told;
use crate::render::spool::Spool;
use crate::render::text::{clean, sentence, standing, waived};
use crate::render::{Checked, Renderer, Tally};

/// The format `junit`. The first element holds sums, so the suites wait.
pub(crate) struct Junit<W> {
    out: W,
    suites: Spool,
    sums: Report,
    names: BTreeSet<String>,
}

impl<W: Write> Junit<W> {
    /// Writes to `out`.
    pub(crate) fn new(out: W) -> Self {
        Self { out, suites: Spool::new(), sums: Report::new("remit check"), names: BTreeSet::new() }
    }

    /// Adds a suite, whose cases are named by the plan, since servers know a case by its names alone.
    fn suite(&mut self, name: &str, plan: &str, cases: Vec<TestCase>, counts: &[RuleCount]) -> io::Result<()> {
        let mut suite = TestSuite::new(name);
        for count in counts {
            suite.add_property(Property::new(count.rule.as_str(), counted(count).as_str()));
        }
        let mut seen: BTreeMap<(String, String), usize> = BTreeMap::new();
        for mut case in cases {
            let names = (case.classname.clone().map(String::from).unwrap_or_default(), case.name.clone().into_string());
            let times = seen.entry(names).or_insert(0);
            *times += 1;
            let again = if *times > 1 { format!(" ({times})") } else { String::new() };
            case.name = format!("{plan}: {}{again}", case.name.as_str()).into();
            suite.add_test_case(case);
        }
        let mut alone = Report::new("");
        alone.add_test_suite(suite);
        let text = alone.to_string().map_err(io::Error::other)?;
        self.suites.write_all(inner(&text).as_bytes())?;
        self.sums.tests += alone.tests;
        self.sums.failures += alone.failures;
        self.sums.errors += alone.errors;
        Ok(())
    }

    /// A name that no other plan of the run has: two plans may be for one body.
    fn only(&mut self, id: &str, path: &str) -> String {
        let name = if self.names.contains(id) { format!("{id} ({path})") } else { id.to_owned() };
        self.names.insert(name.clone());
        name
    }
}

impl<W: Write> Renderer for Junit<W> {
    fn plan(&mut self, checked: &Checked<'_>) -> io::Result<()> {
        let analysis = checked.analysis;
        let plan = self.only(&analysis.plan.id, &analysis.plan.path);
        let mut cases: Vec<TestCase> = analysis.findings.iter().map(|finding| case(&analysis.sources, finding, checked.fail_on)).collect();
        cases.extend(passed(&analysis.rules, &analysis.findings));
        let title = analysis.plan.title.as_ref().map(|title| format!(", {title}")).unwrap_or_default();
        self.suite(&clean(&format!("{plan}{title}")), &clean(&plan), cases, &analysis.rules)
    }

    fn together(&mut self, rollups: &Rollups, fail_on: Severity) -> io::Result<()> {
        if rollups.findings.is_empty() && rollups.rules.is_empty() {
            return Ok(());
        }
        let plan = self.only("all plans together", "by other packs");
        let mut cases: Vec<TestCase> = rollups.findings.iter().map(|finding| case(&rollups.sources, finding, fail_on)).collect();
        cases.extend(passed(&rollups.rules, &rollups.findings));
        self.suite(&plan, &plan, cases, &rollups.rules)
    }

    fn finish(&mut self, tally: &Tally) -> io::Result<()> {
        self.sums.name = format!("remit check: {}", clean(&tally.sentence())).into();
        let frame = self.sums.to_string().map_err(io::Error::other)?;
        let (begin, end) = frame.split_at(frame.rfind(END).unwrap_or(frame.len()));
        self.out.write_all(begin.trim_end().as_bytes())?;
        self.suites.copy(&mut self.out)?;
        self.out.write_all(format!("\n{end}").as_bytes())?;
        self.out.flush()
    }
}

const END: &str = "</testsuites>";

/// The suite of a report that holds one. What people wrote is escaped, so that neither mark can stand within it.
fn inner(report: &str) -> String {
    let start = report.find("\n    <testsuite ").unwrap_or(report.len());
    let end = report.rfind(END).unwrap_or(report.len());
    let suite = report.get(start..end).unwrap_or("").trim_end();
    // The writer says `disabled`, as one test framework does; the servers, and the schema of Jenkins, say `skipped`.
    suite.replacen(" disabled=\"", " skipped=\"", 1)
}

fn case(sources: &Sources, finding: &Finding, fail_on: Severity) -> TestCase {
    let problem = &finding.problem;
    let word = standing(finding);
    let message = sentence(&problem.message);
    let mut status = if counts_against(finding, fail_on) {
        let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
        status.set_message(message);
        status
    } else {
        let why = match finding.verdict {
            _ if finding.is_consulted => "put to consultation, and counts for nothing".to_owned(),
            _ if finding.is_known => format!("known before ({})", problem.severity.word()),
            Verdict::Undetermined => "cannot be told".to_owned(),
            Verdict::Waived => waived(finding.waiver.as_ref()),
            Verdict::Pass | Verdict::Fail | Verdict::NotApplicable => format!("{word}, below the level that fails"),
        };
        let mut status = TestCaseStatus::skipped();
        status.set_message(format!("{} {message}", sentence(&why)));
        status
    };
    status.set_type(word).set_description(told(sources, finding));
    named(&problem.rule, &clean(&finding.subject), status)
}

/// The rules that found nothing but what holds.
fn passed(counts: &[RuleCount], findings: &[Finding]) -> Vec<TestCase> {
    let all_hold = |count: &&RuleCount| count.matched > 0 && !findings.iter().any(|finding| finding.problem.rule == count.rule);
    counts.iter().filter(all_hold).map(|count| named(&count.rule, "everything that the rule asks of", TestCaseStatus::success())).collect()
}

/// A case of a rule: its pack becomes the package, and the rule the class.
fn named(rule: &str, name: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(clean(&rule.replace('/', ".")));
    case
}

fn counted(count: &RuleCount) -> String {
    let RuleCount { matched, passed, failed, undetermined, waived, not_in_edition, .. } = count;
    format!(
        "matched {matched}, passed {passed}, failed {failed}, undetermined {undetermined}, waived {waived}, not in edition {not_in_edition}"
    )
}
