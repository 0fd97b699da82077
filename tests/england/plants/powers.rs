//! Plants in who answers for what: the reserves, the gate, and who is accountable on which days.

use remit_core::time::{Date, Duration, day_before};

use crate::england::draft::{Access, Draft};
use crate::england::plants::{Expected, Plant, breaks, error, holds, note, plant, warning};

const ONE: &str = "one-accountable-body";
const LEVEL: &str = "held-at-the-right-level";
const GATE: &str = "ready-before-responsible";
const FUNDED: &str = "responsibility-is-funded";
const REGION: &str = "region-coordinates";

/// What passes to a system when it is ready.
pub(super) const DEVOLVED: [&str; 5] =
    ["workforce-planning", "education-and-training", "supply-and-retention", "system-deployment", "leadership-development"];

/// The national bodies of the register, but for the nation as a whole.
const NATIONAL: [&str; 15] = [
    "dhsc",
    "health-education-england",
    "nhs-england",
    "nhs-improvement",
    "cqc",
    "gdc",
    "gmc",
    "goc",
    "gphc",
    "hcpc",
    "nmc",
    "social-work-england",
    "ddrb",
    "nhsprb",
    "ssrb",
];

fn responsibility(function: &str) -> String {
    format!("responsibility {function}")
}

/// Each accountable for a month, one after the other, the last to the horizon's end.
fn in_turn(bodies: &[&str], first: Date) -> Vec<String> {
    let mut from = first;
    let mut lines = Vec::new();
    for (at, body) in bodies.iter().enumerate() {
        let next = Duration::Months(1).after(from).expect("a month later");
        let begins = if at == 0 { String::new() } else { format!(" from {from}") };
        let ends = if at + 1 == bodies.len() { String::new() } else { format!(" until {}", day_before(next).expect("a day before")) };
        lines.push(format!("{body}{begins}{ends}"));
        from = next;
    }
    lines
}

pub(super) fn reserves() -> Vec<Plant> {
    let regulators = &["gmc", "nmc", "hcpc", "gphc", "goc", "gdc", "social-work-england"];
    [
        reserve("pay-stays-national", "pay-policy", "national-pay", &["dhsc"]),
        reserve("pension-scheme-stays-national", "pension-scheme", "pension-advice", &["dhsc"]),
        reserve("professional-regulation-stays-national", "professional-regulation", "registration-checks", regulators),
        reserve("credentialing-stays-national", "credentialing", "credentialed-practice", &[]),
        reserve("prescribing-rights-stay-national", "prescribing-rights", "prescribers", &[]),
        vec![holds("pay-stays-national", "the system answers for its own senior managers", |draft| {
            let system = draft.system.code.clone();
            draft.statement("responsibility senior-manager-regulation").replace("accountable", [system]);
        })],
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A function that stays national: its commitment in the clean plan, and who may hold it; anybody national where that is empty.
fn reserve(rule: &'static str, function: &'static str, commitment: &'static str, holders: &'static [&'static str]) -> Vec<Plant> {
    let subject = responsibility(function);
    let promised = format!("commitment {commitment}");
    let at = |key: &str| key.to_owned();
    let lower = |field: &'static str, who: fn(&Draft) -> String, found: fn(&str, String) -> Expected| {
        let subject = at(&subject);
        move |draft: &mut Draft| {
            let body = who(draft);
            draft.statement(&subject).set(field, body);
            vec![found(rule, subject.clone())]
        }
    };
    let does = |effect: &'static str, found: fn(&str, String) -> Expected| {
        let promised = at(&promised);
        move |draft: &mut Draft| {
            draft.statement(&promised).set("effect", effect);
            vec![found(rule, promised.clone())]
        }
    };
    let may = |effect: &'static str| {
        let promised = at(&promised);
        move |draft: &mut Draft| {
            draft.statement(&promised).set("effect", effect);
        }
    };
    let system = |draft: &Draft| draft.system.code.clone();
    let region = |draft: &Draft| draft.system.region.clone();
    let found = |rule: &str, subject: String| error(rule, subject);
    let seen = |rule: &str, subject: String| warning(rule, subject);
    let mut plants = vec![
        breaks(rule, "the system is accountable", lower("accountable", system, found)),
        breaks(rule, "the region is accountable", lower("accountable", region, found)),
        breaks(rule, "the system is responsible", lower("responsible", system, seen)),
        breaks(rule, "the region is responsible", lower("responsible", region, seen)),
        breaks(rule, "the system sets it", does("set", found)),
        breaks(rule, "the system delivers it", does("deliver", seen)),
        holds(rule, "the system advises on it", may("advise")),
        holds(rule, "the system influences it", may("influence")),
        breaks(rule, "nobody says what the system does to it", {
            let promised = at(&promised);
            move |draft| {
                draft.statement(&promised).take("effect");
                vec![error(rule, promised.clone()).undetermined()]
            }
        }),
        breaks(rule, "the region sets it", {
            let promised = at(&promised);
            move |draft| {
                let region = draft.system.region.clone();
                draft.statement(&promised).set("owner", region).set("effect", "set");
                vec![error(rule, promised.clone())]
            }
        }),
        holds(rule, "the nation sets it", {
            let promised = at(&promised);
            move |draft| {
                draft.statement(&promised).set("owner", "nhs-england").set("effect", "set");
            }
        }),
    ];
    let right: Vec<&str> = if holders.is_empty() { NATIONAL.to_vec() } else { [&["nation"], holders].concat() };
    plants.push(holds(rule, "each right holder in turn", {
        let subject = at(&subject);
        move |draft| {
            draft.touch("horizon", Access::Read);
            let lines = in_turn(&right, draft.system.round.begins(0));
            draft.statement(&subject).replace("accountable", lines);
        }
    }));
    if !holders.is_empty() {
        let wrong: Vec<&str> = NATIONAL.into_iter().filter(|body| !holders.contains(body)).collect();
        plants.push(breaks(rule, "each wrong national body in turn", {
            let subject = at(&subject);
            move |draft| {
                draft.touch("horizon", Access::Read);
                let lines = in_turn(&wrong, draft.system.round.begins(0));
                draft.statement(&subject).replace("accountable", lines);
                wrong.iter().map(|_| warning(rule, subject.clone())).collect()
            }
        }));
    }
    plants
}

/// Passes a function from the region to a body on a day; its evidence is of another day, and its assessment by the region.
pub(super) fn pass_on(draft: &mut Draft, function: &str, to: &str, day: Date) {
    draft.touch("horizon", Access::Read);
    draft.touch("funding planning-capacity", Access::Read);
    let region = draft.system.region.clone();
    let before = day_before(day).expect("a day before");
    draft.statement(&responsibility(function)).replace("accountable", [format!("{region} until {before}"), format!("{to} from {day}")]);
}

/// An assessment of a function as ready, with evidence of its own.
pub(super) fn assess(draft: &mut Draft, function: &str, level: &str, by: &str, dated: Date) {
    let assessed = draft.system.round.assessed.max(dated);
    let (key, evidence) = (format!("readiness {function}"), format!("{function}-evidence"));
    if draft.has(&key) {
        draft.remove(&key);
    }
    let assessed = format!("{assessed} by {by}");
    draft.add("readiness", key, &[("level", level), ("assessed", assessed.as_str()), ("evidence", evidence.as_str())]);
    let dated = dated.to_string();
    draft.add("readiness", format!("evidence {evidence} \"What the assessment rests on\""), &[("dated", dated.as_str())]);
}

/// The system takes a function on, and is ready for it.
fn take_on(draft: &mut Draft, function: &str) {
    let (system, region, round) = (draft.system.code.clone(), draft.system.region.clone(), draft.system.round);
    pass_on(draft, function, &system, round.begins(1));
    assess(draft, function, "maturing", &region, round.evidence);
}

/// What nobody below the nation may hold.
const RESERVED: [(&str, &str); 5] = [
    ("pay-policy", "pay-stays-national"),
    ("pension-scheme", "pension-scheme-stays-national"),
    ("professional-regulation", "professional-regulation-stays-national"),
    ("credentialing", "credentialing-stays-national"),
    ("prescribing-rights", "prescribing-rights-stay-national"),
];

/// The system answers for everything of which the rule does not speak, with no money of its own for it.
fn everything_else(rule: &'static str) -> Plant {
    breaks(rule, "the system answers for everything else, without money of its own", |draft| {
        let system = draft.system.code.clone();
        let reserved = RESERVED.into_iter().map(|(function, _)| function);
        for function in reserved.chain(["recruitment-coordination", "senior-manager-regulation"]) {
            draft.statement(&responsibility(function)).replace("accountable", [system.clone()]);
        }
        draft.statement("funding one-workforce-fund").set("dedicated", "no");
        RESERVED.into_iter().map(|(function, rule)| error(rule, responsibility(function))).collect()
    })
}

/// Those of the plants that need the system to take on what the region holds: not with the edition of 2025.
fn where_it_passes_on(plants: Vec<Plant>) -> Vec<Plant> {
    plants.into_iter().map(|plant| plant.only(|draft| draft.system.round.passes_on())).collect()
}

/// A trust of the system that is there throughout the horizon.
fn trust(draft: &Draft) -> String {
    let trusts = draft.system.trusts.iter();
    trusts.rev().find(|trust| trust.closed.is_none()).expect("a trust that goes on").code.clone()
}

pub(super) fn ready_before_responsible() -> Vec<Plant> {
    let mut plants = vec![everything_else(GATE)];
    for function in DEVOLVED {
        plants.push(breaks(GATE, format!("{function} taken on without an assessment"), move |draft| {
            let (system, day) = (draft.system.code.clone(), draft.system.round.begins(1));
            pass_on(draft, function, &system, day);
            let key = format!("readiness {function}");
            if draft.has(&key) {
                draft.remove(&key);
            }
            vec![error(GATE, responsibility(function))]
        }));
    }
    let assessed = |what: &str, level: &'static str, by: fn(&Draft) -> String, found: Option<Expected>| {
        breaks(GATE, what, move |draft| {
            take_on(draft, "supply-and-retention");
            let (by, evidence) = (by(draft), draft.system.round.evidence);
            draft.remove("evidence supply-and-retention-evidence");
            assess(draft, "supply-and-retention", level, &by, evidence);
            found.clone().into_iter().collect()
        })
    };
    let region = |draft: &Draft| draft.system.region.clone();
    let system = |draft: &Draft| draft.system.code.clone();
    let another = |draft: &Draft| if draft.system.code == "QHM" { "QOQ" } else { "QHM" }.to_owned();
    let shut = error(GATE, responsibility("supply-and-retention"));
    plants.extend([
        assessed("assessed as developing", "developing", region, Some(shut.clone())),
        assessed("assessed as thriving", "thriving", region, None),
        assessed("assessed by the system itself", "maturing", system, Some(shut.clone())),
        assessed("assessed by another system", "maturing", another, Some(shut)),
        assessed("assessed by the nation", "maturing", |_| "nhs-england".to_owned(), None),
    ]);
    let aged = |what: &str, months: fn(Date) -> Date, found: Option<Expected>| {
        breaks(GATE, what, move |draft| {
            let (system, region, day) = (draft.system.code.clone(), draft.system.region.clone(), draft.system.round.begins(1));
            pass_on(draft, "system-deployment", &system, day);
            assess(draft, "system-deployment", "maturing", &region, months(day));
            found.clone().into_iter().collect()
        })
    };
    let stale = warning(GATE, responsibility("system-deployment"));
    let two_years = |day: Date| Duration::Months(24).before(day).expect("two years earlier");
    plants.extend([
        aged("evidence of 24 months to the day", two_years, None),
        aged(
            "evidence a day older than 24 months",
            |day| day_before(Duration::Months(24).before(day).expect("two years earlier")).expect("a day before"),
            Some(stale),
        ),
    ]);
    plants.push(breaks(GATE, "a trust takes on what opens at the system", |draft| {
        let (trust, day) = (trust(draft), draft.system.round.begins(1));
        pass_on(draft, "leadership-development", &trust, day);
        vec![error(GATE, responsibility("leadership-development"))]
    }));
    plants.push(breaks(GATE, "a place takes on what opens at the system", |draft| {
        let day = draft.system.round.begins(1);
        place(draft);
        pass_on(draft, "leadership-development", "the-city", day);
        vec![error(GATE, responsibility("leadership-development"))]
    }));
    where_it_passes_on(plants)
}

/// A place of the system.
pub(super) fn place(draft: &mut Draft) {
    let head = format!("place the-city \"The city\" in {}", draft.system.code);
    draft.add("organisations", head, &[]);
}

pub(super) fn one_accountable_body() -> Vec<Plant> {
    let handed_over = |what: &str, last: fn(Date) -> Date, found: fn(&str, String) -> Expected| {
        breaks(ONE, what, move |draft| {
            draft.touch("horizon", Access::Read);
            let (system, region, day) = (draft.system.code.clone(), draft.system.region.clone(), draft.system.round.begins(1));
            let lines = [format!("{region} until {}", last(day)), format!("{system} from {day}")];
            draft.statement("responsibility staff-experience").replace("accountable", lines);
            vec![found(ONE, responsibility("staff-experience"))]
        })
    };
    vec![
        handed_over("two bodies on one day", |day| day, error),
        handed_over("nobody for one day", |day| day_before(day_before(day).expect("a day before")).expect("a day before"), warning),
        breaks(ONE, "nobody at all", |draft| {
            draft.statement("responsibility continuing-professional-development").take("accountable");
            vec![warning(ONE, responsibility("continuing-professional-development"))]
        }),
    ]
}

/// What the manifesto says where nobody holds something for which the system is ready, or which is its own.
pub(super) fn above_nobody(function: &str) -> Vec<Expected> {
    above(function).into_iter().map(|note| if note.rule == "subsidiarity" { note.undetermined() } else { note }).collect()
}

/// What the manifesto says where something is held above a system that is ready for it, or whose own it is.
fn above(function: &str) -> Vec<Expected> {
    let rule = match function {
        "workforce-planning" | "leadership-development" => "subsidiarity",
        "system-architecture" | "external-relationships" => "autonomy-over-architecture",
        _ => return Vec::new(),
    };
    vec![note(rule, responsibility(function))]
}

pub(super) fn held_at_the_right_level() -> Vec<Plant> {
    const SPOKEN_OF: [&str; 5] =
        ["workforce-planning", "education-and-training", "supply-and-retention", "system-deployment", "labour-market"];
    const OTHERS: [&str; 13] = [
        "apprenticeships",
        "five-year-workforce-plan",
        "recruitment-coordination",
        "system-architecture",
        "external-relationships",
        "leadership-development",
        "staff-experience",
        "staff-wellbeing",
        "international-recruitment",
        "continuing-professional-development",
        "senior-manager-regulation",
        "new-roles",
        "workforce-technology",
    ];
    let mut plants = Vec::new();
    for function in SPOKEN_OF {
        plants.push(breaks(LEVEL, format!("the nation is accountable for {function}"), move |draft| {
            draft.statement(&responsibility(function)).replace("accountable", ["nhs-england"]);
            [vec![warning(LEVEL, responsibility(function))], above(function)].concat()
        }));
    }
    for function in OTHERS {
        let what = format!("the nation is accountable for {function}, of which the edition does not speak");
        plants.push(plant(LEVEL, what, move |draft| {
            let key = responsibility(function);
            if !draft.has(&key) {
                return None;
            }
            draft.statement(&key).replace("accountable", ["nhs-england"]);
            Some(above(function))
        }));
    }
    plants.push(breaks(LEVEL, "a trust is accountable for the labour market", |draft| {
        let trust = trust(draft);
        draft.statement("responsibility labour-market").replace("accountable", [trust]);
        vec![warning(LEVEL, responsibility("labour-market"))]
    }));
    plants.push(breaks(LEVEL, "a place is accountable for the labour market", |draft| {
        place(draft);
        draft.statement("responsibility labour-market").replace("accountable", ["the-city"]);
        vec![warning(LEVEL, responsibility("labour-market"))]
    }));
    plants.push(breaks(LEVEL, "the nation first, then the system", |draft| {
        draft.touch("horizon", Access::Read);
        let lines = in_turn(&["nhs-england", &draft.system.code], draft.system.round.begins(0));
        draft.statement("responsibility labour-market").replace("accountable", lines);
        vec![warning(LEVEL, responsibility("labour-market"))]
    }));
    plants.push(holds(LEVEL, "the region is accountable for the labour market", |draft| {
        let region = draft.system.region.clone();
        draft.statement("responsibility labour-market").replace("accountable", [region]);
    }));
    plants.push(breaks(LEVEL, "nobody is accountable for the labour market, which is another rule's matter", |draft| {
        draft.statement("responsibility labour-market").take("accountable");
        vec![warning(ONE, responsibility("labour-market"))]
    }));
    where_it_passes_on(plants)
}

pub(super) fn region_coordinates() -> Vec<Plant> {
    let mut plants = Vec::new();
    for function in ["recruitment-coordination", "five-year-workforce-plan"] {
        let coordinated = |what: &str, by: fn(&Draft) -> Vec<String>, found: Option<Expected>| {
            breaks(REGION, format!("{function}: {what}"), move |draft| {
                let by = by(draft);
                draft.statement(&responsibility(function)).replace("coordinated-by", by);
                found.clone().into_iter().collect()
            })
        };
        let found = warning(REGION, responsibility(function));
        plants.extend([
            coordinated("nobody coordinates it", |_| Vec::new(), Some(found.clone())),
            coordinated("the system coordinates it", |draft| vec![draft.system.code.clone()], Some(found.clone())),
            // Which region a system is in, the register knows from July 2022 on.
            coordinated(
                "another region coordinates it",
                |draft| vec![if draft.system.region == "london" { "midlands" } else { "london" }.to_owned()],
                Some(found.clone()),
            )
            .only(|draft| draft.system.round.edition > "2019"),
            coordinated("the nation coordinates it", |_| vec!["nhs-england".to_owned()], Some(found)),
            coordinated("region and system coordinate it", |draft| vec![draft.system.region.clone(), draft.system.code.clone()], None),
        ]);
    }
    plants
}

pub(super) fn responsibility_is_funded() -> Vec<Plant> {
    let mut plants = vec![everything_else(FUNDED)];
    for function in DEVOLVED {
        plants.push(breaks(FUNDED, format!("no money for {function}"), move |draft| {
            take_on(draft, function);
            draft.statement("funding planning-capacity").leave_out("purpose", function);
            vec![warning(FUNDED, responsibility(function))]
        }));
    }
    // Both functions that the clean plan passes on lose their money of their own.
    let both: fn() -> Vec<Expected> =
        || vec![warning(FUNDED, responsibility("workforce-planning")), warning(FUNDED, responsibility("leadership-development"))];
    let streams: fn() -> Vec<Expected> = || vec![note("dedicated-funding-streams", "funding planning-capacity")];
    let changed = |what: &str, word: &'static str, value: fn(&Draft) -> String| {
        breaks(FUNDED, what, move |draft| {
            let value = value(draft);
            draft.touch("responsibility workforce-planning", Access::Write);
            draft.touch("responsibility leadership-development", Access::Write);
            draft.statement("funding planning-capacity").set(word, value);
            [both(), streams()].concat()
        })
    };
    plants.push(changed("money that is not dedicated", "dedicated", |_| "no".to_owned()));
    plants.push(changed("money that the region holds", "holder", |draft| draft.system.region.clone()));
    plants.push(breaks(FUNDED, "a trust first, with money, then the system without", move |draft| {
        let (trust, system, day) = (trust(draft), draft.system.code.clone(), draft.system.round.begins(1));
        take_on(draft, "workforce-planning");
        let lines = [format!("{trust} until {}", day_before(day).expect("a day before")), format!("{system} from {day}")];
        draft.statement("responsibility workforce-planning").replace("accountable", lines);
        draft.touch("responsibility leadership-development", Access::Read);
        draft.statement("funding planning-capacity").set("holder", trust);
        [both(), streams(), vec![error(GATE, responsibility("workforce-planning")), warning(LEVEL, responsibility("workforce-planning"))]]
            .concat()
    }));
    plants.push(breaks(FUNDED, "a trust holds it without money, which is another rule's matter", |draft| {
        let trust = trust(draft);
        draft.statement("responsibility education-and-training").replace("accountable", [trust]);
        draft.statement("funding planning-capacity").leave_out("purpose", "education-and-training");
        vec![error(GATE, responsibility("education-and-training")), warning(LEVEL, responsibility("education-and-training"))]
    }));
    plants.push(holds(FUNDED, "the region holds it without money of its own", |draft| {
        draft.touch("responsibility education-and-training", Access::Read);
        draft.statement("funding planning-capacity").leave_out("purpose", "education-and-training");
    }));
    plants.push(breaks(FUNDED, "nobody holds it, which is another rule's matter", |draft| {
        draft.statement("responsibility system-deployment").take("accountable");
        vec![warning(ONE, responsibility("system-deployment"))]
    }));
    plants.push(holds(FUNDED, "a second stream beside the first", |draft| {
        let system = draft.system.code.clone();
        draft.touch("responsibility workforce-planning", Access::Read);
        let fields =
            [("amount", "£0.2m"), ("holder", &system), ("dedicated", "yes"), ("status", "planned"), ("purpose", "workforce-planning")];
        draft.add("commitments", "funding planning-analysts \"Analysts for workforce planning\"", &fields);
    }));
    where_it_passes_on(plants)
}
