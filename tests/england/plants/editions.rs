//! Plants in what later editions ask, and in plans to the edition before, of which they are not asked.

use crate::england::draft::{Access, Draft};
use crate::england::plants::powers::{above_nobody, assess, pass_on, place};
use crate::england::plants::{Expected, Plant, breaks, error, holds, note, warning};

const APPRENTICES: &str = "apprenticeship-strategy";
const COORDINATED: &str = "coordinated-workforce-planning";
const FUNCTIONS: &str = "people-functions-covered";
const FORWARD: &str = "joint-forward-plan-horizon";
const BOARD: &str = "health-and-wellbeing-board-statement";
const HORIZON: &str = "five-year-horizon";

fn to_2019(draft: &Draft) -> bool {
    draft.system.round.edition == "2019"
}

fn to_2021(draft: &Draft) -> bool {
    draft.system.round.edition == "2021"
}

fn to_2023(draft: &Draft) -> bool {
    draft.system.round.edition == "2023"
}

fn to_2025(draft: &Draft) -> bool {
    draft.system.round.edition == "2025"
}

/// The one commitment on a function without what the rule asks of it: in the first edition that asks, and in the one before.
fn committed(
    rule: &'static str,
    commitment: &'static str,
    elsewhere: &'static str,
    first: fn(&Draft) -> bool,
    before: fn(&Draft) -> bool,
) -> Vec<Plant> {
    let key = format!("commitment {commitment}");
    let mut plants: Vec<Plant> = ["owner", "due"]
        .into_iter()
        .map(|word| {
            let key = key.clone();
            breaks(rule, format!("{commitment} without `{word}`"), move |draft| {
                draft.statement(&key).take(word);
                vec![warning(rule, "plan")]
            })
            .only(first)
        })
        .collect();
    let moved = key.clone();
    plants.push(
        breaks(rule, format!("{commitment} on something else"), move |draft| {
            draft.statement(&moved).set("on", elsewhere);
            vec![warning(rule, "plan")]
        })
        .only(first),
    );
    plants.push(
        holds(rule, format!("no {commitment}, to the edition before"), move |draft| {
            if draft.has(&key) {
                draft.remove(&key);
            }
        })
        .only(before),
    );
    plants
}

pub(super) fn apprenticeship_strategy() -> Vec<Plant> {
    committed(APPRENTICES, "levy-transfers", "new-roles", to_2023, to_2021)
}

pub(super) fn coordinated_workforce_planning() -> Vec<Plant> {
    committed(COORDINATED, "take-on-planning", "supply-and-retention", to_2021, to_2019)
}

pub(super) fn people_functions_covered() -> Vec<Plant> {
    let mut plants = Vec::new();
    for function in [
        "staff-wellbeing",
        "supply-and-retention",
        "staff-experience",
        "leadership-development",
        "new-roles",
        "education-and-training",
        "external-relationships",
        "workforce-technology",
        "workforce-planning",
        "system-architecture",
    ] {
        let key = format!("responsibility {function}");
        let silent = key.clone();
        plants.push(
            breaks(FUNCTIONS, format!("nothing said of {function}"), move |draft| {
                draft.remove(&silent);
                vec![note(FUNCTIONS, "plan")]
            })
            .only(to_2021),
        );
        plants.push(
            breaks(FUNCTIONS, format!("nobody accountable for {function}"), move |draft| {
                draft.statement(&key).take("accountable");
                [vec![note(FUNCTIONS, "plan"), warning("one-accountable-body", key.clone())], above_nobody(function)].concat()
            })
            .only(|draft| !to_2019(draft)),
        );
    }
    plants.push(
        holds(FUNCTIONS, "nothing said of staff wellbeing, to the edition before", |draft| draft.remove("responsibility staff-wellbeing"))
            .only(to_2019),
    );
    plants
}

pub(super) fn joint_forward_plan_horizon() -> Vec<Plant> {
    let lasts = |what: &str, years: i16, kind: &'static str, found: fn() -> Vec<Expected>| {
        breaks(FORWARD, what, move |draft| {
            draft.lasts(years);
            draft.statement("plan").set("kind", kind);
            found()
        })
    };
    let short = || vec![warning(HORIZON, "plan")];
    let unlawful = || vec![error(FORWARD, "plan"), warning(HORIZON, "plan")];
    vec![
        lasts("a joint forward plan of four years", 4, "joint-forward-plan", unlawful).only(to_2023),
        lasts("a joint forward plan of six years", 6, "joint-forward-plan", Vec::new).only(to_2023),
        lasts("a people plan of four years", 4, "people-plan", short).only(to_2023),
        lasts("a joint forward plan of four years, to the edition before", 4, "joint-forward-plan", short).only(to_2021),
    ]
}

pub(super) fn health_and_wellbeing_board_statement() -> Vec<Plant> {
    let key = "statement wellbeing-board-statement";
    let mut plants: Vec<Plant> = ["by", "says"]
        .into_iter()
        .map(|word| {
            breaks(BOARD, format!("a statement without `{word}`"), move |draft| {
                draft.touch("plan", Access::Read);
                draft.statement(key).take(word);
                vec![warning(BOARD, "plan")]
            })
            .only(to_2023)
        })
        .collect();
    plants.push(
        breaks(BOARD, "no statement", move |draft| {
            draft.touch("plan", Access::Read);
            draft.remove(key);
            vec![warning(BOARD, "plan")]
        })
        .only(to_2023),
    );
    plants.push(
        holds(BOARD, "a people plan without one", move |draft| {
            draft.remove(key);
            draft.statement("plan").set("kind", "people-plan");
        })
        .only(to_2023),
    );
    plants.push(
        holds(BOARD, "a joint forward plan without one, to the edition before", move |draft| {
            draft.remove(key);
            draft.statement("plan").set("kind", "joint-forward-plan");
        })
        .only(to_2021),
    );
    plants
}

pub(super) fn education_moves_to_region() -> Vec<Plant> {
    moves("education-moves-to-region", "education-and-training")
}

pub(super) fn planning_moves_to_region() -> Vec<Plant> {
    moves("planning-moves-to-region", "workforce-planning")
}

/// What moves to the region with the edition of 2025.
fn moves(rule: &'static str, function: &'static str) -> Vec<Plant> {
    let subject = format!("responsibility {function}");
    let held = |what: &str, by: fn(&Draft) -> String, found: fn(&str, String) -> Vec<Expected>| {
        let subject = subject.clone();
        breaks(rule, format!("{what} holds {function}"), move |draft| {
            place(draft);
            let (by, region, evidence) = (by(draft), draft.system.region.clone(), draft.system.round.evidence);
            draft.statement(&subject).replace("accountable", [by]);
            // The system's accountability begins with the horizon: it is ready for it by then.
            let earlier = remit_core::time::Duration::Months(12).before(evidence).expect("a year earlier");
            assess(draft, function, "maturing", &region, earlier);
            found(rule, subject.clone())
        })
    };
    let (key, later) = (subject.clone(), subject.clone());
    vec![
        breaks(rule, format!("the region holds {function} first, and then the system"), move |draft| {
            let (system, region, round) = (draft.system.code.clone(), draft.system.region.clone(), draft.system.round);
            pass_on(draft, function, &system, round.begins(1));
            assess(draft, function, "maturing", &region, round.evidence);
            vec![warning(rule, key.clone())]
        })
        .only(to_2025),
        breaks(rule, format!("the system holds {function} from the year after next, to the edition before"), move |draft| {
            let (system, region, round) = (draft.system.code.clone(), draft.system.region.clone(), draft.system.round);
            pass_on(draft, function, &system, round.begins(1));
            assess(draft, function, "maturing", &region, round.evidence);
            Vec::new()
        })
        .only(to_2023),
        held(
            "the nation",
            |_| "nhs-england".to_owned(),
            |_, key| vec![warning("held-at-the-right-level", key.clone()), note("subsidiarity", key)],
        )
        .only(to_2025),
        breaks(rule, format!("nobody holds {function}"), move |draft| {
            draft.statement(&later).take("accountable");
            [vec![note(FUNCTIONS, "plan"), warning("one-accountable-body", later.clone())], Vec::new()].concat()
        })
        .only(to_2025),
        held(
            "a place",
            |_| "the-city".to_owned(),
            |rule, key| {
                vec![warning(rule, key.clone()), error("ready-before-responsible", key.clone()), warning("held-at-the-right-level", key)]
            },
        )
        .only(to_2025),
        held(
            "a trust",
            |draft| draft.system.trusts[0].code.clone(),
            |rule, key| {
                vec![warning(rule, key.clone()), error("ready-before-responsible", key.clone()), warning("held-at-the-right-level", key)]
            },
        )
        .only(to_2025),
    ]
}
