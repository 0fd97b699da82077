//! A generated England: 42 systems with their real trusts and networks, honest plans, and findings planted in them one by one.
//!
//! The same seed gives the same bytes. `plants.rs` lists, rule by rule, what can be planted: whoever adds a rule adds its line there.

pub mod clean;
pub mod draft;
pub mod plants;
pub mod random;
pub mod systems;
pub mod tables;

use remit_core::packs::Packs;
use remit_core::time::Date;

use crate::england::draft::Draft;
use crate::england::plants::{Expected, Plant};
use crate::england::random::Random;
use crate::england::systems::{System, systems};

/// What England to make.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// The same seed, the same bytes.
    pub seed: u64,
    /// How many times 42 systems there are; those beyond the first are copies that their plans declare.
    pub scale: usize,
    /// How many times each plan says what it can say more than once.
    pub statements: usize,
    /// What is planted.
    pub sown: Sown,
}

/// What is planted in England.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sown {
    /// Only what stays on the allowed side of each boundary.
    WhatHolds,
    /// That, and every way to break each rule.
    Everything,
}

/// A plan as it is sent in, and what is found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The code of its system.
    pub code: String,
    /// The region of its system.
    pub region: String,
    /// Name and text of each file.
    pub files: Vec<(String, String)>,
    /// What was planted, in order.
    pub expected: Vec<Expected>,
    /// Which plants stand in it: rule, and what it changes.
    pub plants: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 1, scale: 1, statements: 1, sown: Sown::WhatHolds }
    }
}

/// The day as of which England is checked.
pub fn as_of() -> Date {
    systems::as_of()
}

/// The plans of England, in the order of their systems' codes.
///
/// # Panics
/// Where a plant fits into no plan.
pub fn england(packs: &Packs, options: Options) -> Vec<Plan> {
    let systems = systems(packs);
    let mut drafts: Vec<Draft> = systems.iter().map(|system| clean::clean(system, options.seed)).collect();
    let plants = all_plants(packs, &systems);
    let mut sown = sow(&plants, &mut drafts, options.sown, options.seed);
    for copy in 2..=options.scale {
        // A copy is as its original is, under another name; what is planted in it needs no register.
        let mut copies: Vec<Draft> = systems.iter().map(|system| clean::clean(&system.copy(copy), options.seed)).collect();
        for (draft, original) in
            copies.iter_mut().zip(sown.iter().take(systems.len()).map(|(_, plants)| plants.clone()).collect::<Vec<_>>())
        {
            let clean = draft.clone();
            let (expected, kept): (Vec<_>, Vec<_>) =
                original.into_iter().filter_map(|at| Some((plants[at].sow(draft, &clean)?, at))).unzip();
            sown.push((expected.concat(), kept));
        }
        drafts.extend(copies);
    }
    drafts.iter_mut().for_each(|draft| draft.repeat(options.statements));
    drafts.iter().zip(sown).map(|(draft, (expected, held))| plan(draft, expected, &held, &plants)).collect()
}

/// Every plant, those with waivers included.
pub fn all_plants(packs: &Packs, systems: &[System]) -> Vec<Plant> {
    let mut plants = plants::plants();
    // One system of each round, so that each plant fits into one of them.
    let mut samples: Vec<Draft> = Vec::new();
    for system in systems {
        if !samples.iter().any(|sample| sample.system.round.edition == system.round.edition) {
            samples.push(clean::clean(&system.small(), 1));
        }
    }
    plants.extend(plants::waived(packs, &plants, &samples));
    plants
}

/// What is found in a plan, and the plants that stand in it.
pub type Held = (Vec<Expected>, Vec<usize>);

/// Sows each plant in the first plan that it fits into, beginning anywhere.
///
/// # Panics
/// Where a plant fits into no plan.
pub fn sow(plants: &[Plant], drafts: &mut [Draft], what: Sown, seed: u64) -> Vec<Held> {
    let clean = drafts.to_vec();
    let mut held: Vec<Held> = vec![(Vec::new(), Vec::new()); drafts.len()];
    let mut order: Vec<(usize, &Plant)> = plants.iter().enumerate().collect();
    // Those with the fewest plans to go into come first, and of these the largest.
    order.sort_by_cached_key(|(_, plant)| {
        let (plans, touched) = plant.room(&clean);
        (plans, std::cmp::Reverse(touched))
    });
    for (number, plant) in order {
        let begin = Random::new(seed, &format!("{} {}", plant.rule, plant.what)).between(0, drafts.len() as i64 - 1) as usize;
        let mut fits = false;
        for at in (0..drafts.len()).map(|step| (begin + step) % drafts.len()) {
            let mut changed = drafts[at].clone();
            let Some(expected) = plant.sow(&mut changed, &clean[at]) else { continue };
            fits = true;
            if what == Sown::Everything || expected.is_empty() {
                drafts[at] = changed;
                held[at].0.extend(expected);
                held[at].1.push(number);
            }
            break;
        }
        assert!(fits, "{}: no plan has room for \"{}\"", plant.rule, plant.what);
    }
    held.iter_mut().for_each(|(expected, _)| expected.sort());
    held
}

/// A draft as a plan.
pub fn plan(draft: &Draft, expected: Vec<Expected>, held: &[usize], plants: &[Plant]) -> Plan {
    Plan {
        code: draft.system.code.clone(),
        region: draft.system.region.clone(),
        files: draft.files(),
        expected,
        plants: held.iter().filter_map(|at| plants.get(*at)).map(|plant| format!("{}: {}", plant.rule, plant.what)).collect(),
    }
}

/// What is found in the plans, as findings in the JSON contract name it: for whatever checks them elsewhere.
pub fn expected_json(plans: &[Plan]) -> serde_json::Value {
    let finding = |plan: &Plan, one: &Expected| {
        serde_json::json!({
            "plan": plan.code, "rule": one.rule, "subject": one.subject, "severity": one.severity, "verdict": one.verdict,
        })
    };
    let findings: Vec<serde_json::Value> = plans.iter().flat_map(|plan| plan.expected.iter().map(move |one| finding(plan, one))).collect();
    serde_json::json!({ "as_of": as_of().to_string(), "plans": plans.len(), "findings": findings })
}
