//! Switching a rule off, or loosening or tightening anything in it by a step, changes what is found in England.
//!
//! England in small: systems with a few organisations each, and in them every plant of one rule. A mutant that nothing can notice
//! stands in a list, with the reason; one that stands there and is noticed is a fault of the list.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;

use remit_core::check::{PlanFile, analyze};
use remit_core::packs::{PackFiles, Packs};
use remit_tests::england::draft::Draft;
use remit_tests::england::plants::{Expected, Plant};
use remit_tests::england::systems::{System, systems};
use remit_tests::england::{self, Plan, clean};

use crate::case;
use crate::mutator::{self, Mutant};
use crate::unnoticed::{SHOWN_ELSEWHERE, UNNOTICED};

/// One system of each planning round, and one that closes.
const SMALL: [&str; 4] = ["QWO", "QJ2", "QNX", "QR1"];
/// Bodies of other systems that plants name.
const ELSEWHERE: [&str; 4] = ["QHM", "RTD", "RTF", "RXP"];

/// A rule's file.
struct File {
    pack: usize,
    path: String,
    text: String,
    rule: String,
}

/// The packs without their rules, and with no more of the register than England in small needs.
fn small_packs(all: &[PackFiles], systems: &[System]) -> Vec<PackFiles> {
    let mut kept: BTreeSet<&str> = ELSEWHERE.into_iter().collect();
    for system in systems {
        kept.insert(&system.code);
        kept.extend(system.organisations().map(|organisation| organisation.code.as_str()));
    }
    let known = |code: &str| !code.starts_with(['R', 'U', 'Q', 'G']) || code.contains('-') || kept.contains(code);
    let line = |line: &str| line.split(',').take(2).all(|code| known(code.trim_matches('"')));
    let body = |line: &str| line.split(',').take(1).all(known);
    all.iter()
        .map(|pack| PackFiles {
            path: pack.path.clone(),
            files: pack
                .files
                .iter()
                .filter(|(path, _)| !path.starts_with("rules/"))
                .map(|(path, text)| match path.as_str() {
                    "data/bodies.csv" | "data/memberships.csv" => {
                        let line = |text: &str| if path.ends_with("bodies.csv") { body(text) } else { line(text) };
                        let kept: Vec<&str> =
                            text.lines().enumerate().filter(|(at, text)| *at == 0 || line(text)).map(|(_, text)| text).collect();
                        (path.clone(), kept.join("\n") + "\n")
                    }
                    "data/successions.csv" => (path.clone(), text.lines().next().unwrap_or_default().to_owned() + "\n"),
                    _ => (path.clone(), text.clone()),
                })
                .collect(),
        })
        .collect()
}

fn with_rule(base: &[PackFiles], file: &File, text: &str) -> Vec<PackFiles> {
    let mut packs = base.to_vec();
    packs[file.pack].files.push((file.path.clone(), text.to_owned()));
    let page = file.path.replace(".yaml", ".md");
    packs[file.pack].files.push((page, "# A rule\n\nIt is being changed.\n".to_owned()));
    packs
}

/// Plans with every plant of these rules: as few as will hold them.
fn small_england(plants: &[&Plant], systems: &[System]) -> Vec<Plan> {
    let clean: Vec<Draft> = systems.iter().map(|system| clean::clean(system, 1)).collect();
    let mut drafts: Vec<(Draft, usize, Vec<Expected>)> = Vec::new();
    for plant in plants {
        let sown = drafts.iter_mut().find_map(|(draft, of, expected)| {
            let found = plant.sow(draft, &clean[*of])?;
            expected.extend(found);
            Some(())
        });
        if sown.is_none() {
            let (draft, of, expected) = (0..clean.len())
                .find_map(|of| {
                    let mut draft = clean[of].clone();
                    let expected = plant.sow(&mut draft, &clean[of])?;
                    Some((draft, of, expected))
                })
                .unwrap_or_else(|| panic!("{}: no system of England in small can hold \"{}\"", plant.rule, plant.what));
            drafts.push((draft, of, expected));
        }
    }
    // And the clean plan of each round: nothing that is planted may hide what is asked of it.
    drafts.extend(clean.iter().enumerate().map(|(of, draft)| (draft.clone(), of, Vec::new())));
    drafts.into_iter().map(|(draft, _, expected)| england::plan(&draft, expected, &[], &[])).collect()
}

/// What one rule, and the language, find in a plan.
fn found(plan: &Plan, packs: &Packs) -> Vec<Expected> {
    let files = plan.files.iter().map(|(path, text)| PlanFile { path: path.clone(), bytes: text.clone().into_bytes() }).collect();
    let analysis = analyze(&plan.code, files, packs, england::as_of());
    let mut found: Vec<Expected> = analysis.findings.iter().map(crate::nation::said).collect();
    found.sort();
    found
}

/// What is wrong with the tests of one rule: mutants that nobody notices, and those that are said to be unnoticed and are not.
fn faults(
    base: &[PackFiles],
    file: &File,
    plants: &[Plant],
    systems: &[System],
    vocabulary: &remit_core::vocabulary::Vocabulary,
) -> Vec<String> {
    let is_reserve = file.text.contains("\nreserve:");
    let relevant: Vec<&Plant> =
        plants.iter().filter(|plant| plant.rule == file.rule || (is_reserve && plant.rule.contains("-national"))).collect();
    if !relevant.iter().any(|plant| plant.rule == file.rule) {
        return vec![format!("rule {} has no plant: add it to tests/england/plants.rs", file.rule)];
    }
    let mut plans = small_england(&relevant, systems);
    let own =
        |expected: &Expected| expected.rule == file.rule || (expected.rule.starts_with("remit/") && expected.subject.contains(&file.rule));
    let packs = Packs::load(&with_rule(base, file, &file.text)).unwrap_or_else(|errors| panic!("{}: {:#?}", file.rule, errors.problems));
    let mut faults = Vec::new();
    for plan in &mut plans {
        plan.expected.retain(own);
        plan.expected.sort();
        let seen: Vec<Expected> = found(plan, &packs).into_iter().filter(own).collect();
        if seen != plan.expected {
            faults.push(format!("{}: in small, {} gives {seen:#?} and not {:#?}", file.rule, plan.code, plan.expected));
        }
    }
    if !plans.iter().any(|plan| !plan.expected.is_empty()) {
        faults.push(format!("rule {} can be switched off: add a plant that breaks it to tests/england/plants.rs", file.rule));
    }
    // The plans that say most are asked first.
    plans.sort_by_key(|plan| std::cmp::Reverse(plan.expected.len()));
    let mut last = 0;
    for Mutant { what, text } in mutator::mutants(&file.text, vocabulary) {
        let Ok(packs) = Packs::load(&with_rule(base, file, &text)) else { continue };
        let order = std::iter::once(last).chain(0..plans.len());
        let noticed =
            order.clone().find(|at| found(&plans[*at], &packs).into_iter().filter(own).collect::<Vec<_>>() != plans[*at].expected);
        let listed = UNNOTICED.iter().any(|(rule, mutant, _)| *rule == file.rule && *mutant == what);
        match (noticed, listed) {
            (None, false) => faults.push(format!("{}: {what} is not noticed", file.rule)),
            (Some(_), true) => faults.push(format!("{}: {what} is noticed: take it out of tests/unnoticed.rs", file.rule)),
            _ => {}
        }
        last = noticed.unwrap_or(last);
    }
    faults
}

#[test]
fn any_rule_switched_off_loosened_or_tightened_is_noticed_in_england() {
    let all = remit_framework::packs();
    let packs = case::packs();
    let everywhere = systems(&packs);
    let small: Vec<System> =
        SMALL.iter().filter_map(|code| everywhere.iter().find(|system| system.code == *code)).map(System::small).collect();
    let plants = england::all_plants(&packs, &everywhere);
    let base = small_packs(&all, &small);
    let only = std::env::var("REMIT_RULE").ok();
    let mut files: Vec<File> = Vec::new();
    for (pack, contents) in all.iter().enumerate() {
        for (path, text) in &contents.files {
            if let Some(rule) = path.strip_prefix("rules/").and_then(|path| path.strip_suffix(".yaml"))
                && only.as_deref().is_none_or(|only| only == rule)
                && !SHOWN_ELSEWHERE.contains(&rule)
            {
                files.push(File { pack, path: path.clone(), text: text.clone(), rule: rule.to_owned() });
            }
        }
    }
    let waiting = Mutex::new(files.iter());
    let faults: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    let mut found = Vec::new();
                    loop {
                        let Some(file) = waiting.lock().ok().and_then(|mut waiting| waiting.next()) else { return found };
                        found.extend(faults(&base, file, &plants, &small, &packs.vocabulary));
                    }
                })
            })
            .collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("no mutant stops the checker")).collect()
    });
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
    for (rule, mutant, _) in UNNOTICED {
        assert!(
            only.is_some() || files.iter().any(|file| file.rule == *rule),
            "tests/unnoticed.rs speaks of {rule}, {mutant}: there is no such rule"
        );
    }
}
