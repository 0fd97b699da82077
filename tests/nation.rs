//! England as the generator makes it: exactly what was planted is found, and every rule is broken and held somewhere in it.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::thread;

use remit_core::check::{Analysis, PlanFile, analyze};
use remit_core::packs::Packs;
use remit_core::problem::Finding;
use remit_tests::england::plants::Expected;
use remit_tests::england::{self, Options, Plan, Sown};

use crate::case;
use crate::unnoticed::SHOWN_ELSEWHERE;

/// What is found in a plan, as the generator says it.
pub(crate) fn found(plan: &Plan, packs: &Packs) -> (Vec<Expected>, Analysis) {
    let files = plan.files.iter().map(|(path, text)| PlanFile { path: path.clone(), bytes: text.clone().into_bytes() }).collect();
    let analysis = analyze(&plan.code, files, packs, england::as_of());
    let mut found: Vec<Expected> = analysis.findings.iter().map(said).collect();
    found.sort();
    (found, analysis)
}

/// A finding, as the generator says it.
pub(crate) fn said(finding: &Finding) -> Expected {
    Expected {
        rule: match finding.problem.rule.split_once('/') {
            Some((pack, rule)) if pack != "remit" => rule.to_owned(),
            _ => finding.problem.rule.clone(),
        },
        subject: finding.subject.clone(),
        severity: finding.problem.severity.word(),
        verdict: finding.verdict.word(),
    }
}

/// What differs between what is found in England and what was planted, plan by plan, and how often each rule was asked.
fn differences(plans: &[Plan], packs: &Packs) -> (Vec<String>, Vec<(String, u32, u32)>) {
    let halves: Vec<&[Plan]> = plans.chunks(plans.len().div_ceil(2)).collect();
    let results: Vec<_> = thread::scope(|scope| {
        let workers: Vec<_> = halves
            .into_iter()
            .map(|half| scope.spawn(move || half.iter().map(|plan| (plan, found(plan, packs))).collect::<Vec<_>>()))
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a check does not panic")).collect()
    });
    let mut differences = Vec::new();
    let mut counts: Vec<(String, u32, u32)> = packs.rules.iter().map(|rule| (rule.short().to_owned(), 0, 0)).collect();
    for (plan, (found, analysis)) in results {
        for (count, rule) in counts.iter_mut().zip(&analysis.rules) {
            count.1 += rule.matched;
            count.2 += rule.failed;
        }
        if found != plan.expected {
            let lines = |these: &[Expected], those: &[Expected]| {
                let mut rest = those.to_vec();
                let left = these.iter().filter(|one| match rest.iter().position(|other| other == *one) {
                    Some(at) => {
                        rest.remove(at);
                        false
                    }
                    None => true,
                });
                left.map(|one| format!("    {} {} [{}] {}\n", one.verdict, one.severity, one.rule, one.subject)).collect::<String>()
            };
            let (missed, more) = (lines(&plan.expected, &found), lines(&found, &plan.expected));
            differences.push(format!(
                "{}, with {:#?}\n  planted and not found:\n{missed}  found and not planted:\n{more}",
                plan.code, plan.plants
            ));
        }
    }
    (differences, counts)
}

/// England with everything planted, made once for the tests that look at it.
fn planted() -> &'static [Plan] {
    static PLANTED: OnceLock<Vec<Plan>> = OnceLock::new();
    PLANTED.get_or_init(|| england::england(&case::packs(), Options { sown: Sown::Everything, ..Options::default() }))
}

/// The rules of these counts that a single plan can hold or break.
fn alone<'c>(counts: impl Iterator<Item = &'c (String, u32, u32)>) -> Vec<&'c str> {
    counts.map(|(rule, ..)| rule.as_str()).filter(|rule| !SHOWN_ELSEWHERE.contains(rule)).collect()
}

#[test]
fn the_clean_england_has_no_finding_and_asks_every_rule() {
    let packs = case::packs();
    let plans = england::england(&packs, Options::default());
    assert_eq!(plans.len(), 42);
    assert_eq!(plans.iter().map(|plan| plan.region.as_str()).collect::<BTreeSet<_>>().len(), 7);
    let (differences, counts) = differences(&plans, &packs);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    let unasked = alone(counts.iter().filter(|(_, matched, _)| *matched == 0));
    assert!(unasked.is_empty(), "nothing in England is what these rules ask about: add it to tests/england/clean.rs: {unasked:?}");
}

#[test]
fn exactly_what_was_planted_in_england_is_found() {
    let packs = case::packs();
    let (differences, counts) = differences(planted(), &packs);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
    let unplanted = alone(counts.iter().filter(|(.., failed)| *failed == 0));
    assert!(unplanted.is_empty(), "these rules have no plant: add them to tests/england/plants.rs: {unplanted:?}");
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_other_figures() {
    let packs = case::packs();
    let again = england::england(&packs, Options { sown: Sown::Everything, ..Options::default() });
    assert!(again == planted());
    let other = england::england(&packs, Options { seed: 2, ..Options::default() });
    let changed =
        |(one, other): (&Plan, &Plan)| one.files.iter().zip(&other.files).any(|(one, other)| one.0 == "workforce.remit" && one != other);
    assert!(again.iter().zip(&other).all(changed));
    let (differences, _) = differences(&other[..6], &packs);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Copies of systems, and statements said many times over, are as clean as what they were made of.
#[test]
fn england_grows_as_clean_as_it_is() {
    let packs = case::packs();
    let plans = england::england(&packs, Options { scale: 2, statements: 3, ..Options::default() });
    assert_eq!(plans.len(), 84);
    let (differences, _) = differences(&[plans[0].clone(), plans[42].clone(), plans[83].clone()], &packs);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
