//! Plants in what the Confederation's manifesto proposes: notes, never policy.

use remit_core::time::day_after;

use crate::england::draft::{Access, Draft};
use crate::england::plants::powers::DEVOLVED;
use crate::england::plants::{Expected, Plant, breaks, holds, note, warning};
use crate::england::systems::as_of;

const ANCHOR: &str = "anchor-institution";
const AUTONOMY: &str = "autonomy-over-architecture";
const STREAMS: &str = "dedicated-funding-streams";
const SUBSIDIARITY: &str = "subsidiarity";

pub(super) fn anchor_institution() -> Vec<Plant> {
    let anchor = |draft: &Draft| {
        let anchors = draft.statements.iter().filter(|statement| statement.get("anchor").is_some());
        anchors.map(crate::england::draft::Statement::key).next().expect("the clean plan has one")
    };
    vec![
        breaks(ANCHOR, "nobody says that it is one", move |draft| {
            let key = anchor(draft);
            draft.statement(&key).take("anchor");
            vec![note(ANCHOR, "plan")]
        }),
        breaks(ANCHOR, "somebody says that it is none", move |draft| {
            let key = anchor(draft);
            draft.statement(&key).set("anchor", "no");
            vec![note(ANCHOR, "plan")]
        }),
    ]
}

pub(super) fn autonomy_over_architecture() -> Vec<Plant> {
    let mut plants = vec![everything_else(AUTONOMY)];
    for function in ["system-architecture", "external-relationships"] {
        let key = format!("responsibility {function}");
        let held = |what: &str, by: fn(&Draft) -> Vec<String>, found: fn(String) -> Vec<Expected>| {
            let key = key.clone();
            breaks(AUTONOMY, format!("{function}: {what}"), move |draft| {
                draft.touch("horizon", Access::Read);
                let by = by(draft);
                draft.statement(&key).replace("accountable", by);
                found(key.clone())
            })
        };
        plants.extend([
            held("the region holds it", |draft| vec![draft.system.region.clone()], |key| vec![note(AUTONOMY, key)]),
            held("the people board holds it", |_| vec!["people-board".to_owned()], |_| Vec::new()),
            // Later editions ask for somebody accountable.
            held("nobody holds it", |_| Vec::new(), |key| vec![note(AUTONOMY, key.clone()), warning("one-accountable-body", key)])
                .only(|draft| draft.system.round.edition == "2019"),
            held(
                "the region holds it first",
                |draft| {
                    let (ends, begins) = (draft.system.round.ends_before(1), draft.system.round.begins(1));
                    vec![format!("{} until {ends}", draft.system.region), format!("{} from {begins}", draft.system.code)]
                },
                |key| vec![note(AUTONOMY, key)],
            ),
        ]);
    }
    plants
}

pub(super) fn dedicated_funding_streams() -> Vec<Plant> {
    let stream = |what: String, purpose: &'static str, change: fn(&mut Vec<(&'static str, String)>, &Draft), found: Option<Expected>| {
        breaks(STREAMS, what, move |draft| {
            let mut fields = vec![
                ("amount", "£0.2m".to_owned()),
                ("holder", draft.system.code.clone()),
                ("dedicated", "yes".to_owned()),
                ("status", "planned".to_owned()),
                ("purpose", purpose.to_owned()),
            ];
            change(&mut fields, draft);
            // Where money has no holder or no purpose, whether a function has money of its own cannot be told either.
            if fields.len() < 5 {
                for function in DEVOLVED {
                    draft.touch(format!("responsibility {function}"), Access::Read);
                }
            }
            let fields: Vec<(&str, &str)> = fields.iter().map(|(word, value)| (*word, value.as_str())).collect();
            draft.add("commitments", "funding stream \"A stream for one purpose\"", &fields);
            found.clone().into_iter().collect()
        })
    };
    let wrong = || Some(note(STREAMS, "funding stream"));
    let mut plants = Vec::new();
    for purpose in ["workforce-planning", "supply-and-retention", "system-deployment"] {
        plants.push(stream(
            format!("{purpose}: the region holds it"),
            purpose,
            |fields, draft| fields[1].1.clone_from(&draft.system.region),
            wrong(),
        ));
    }
    plants.extend([
        stream(
            "a stream of the region for learning".to_owned(),
            "education-and-training",
            |fields, draft| fields[1].1.clone_from(&draft.system.region),
            None,
        ),
        stream("money that is not dedicated".to_owned(), "workforce-planning", |fields, _| fields[2].1 = "no".to_owned(), wrong()),
        stream("money that nobody says is dedicated".to_owned(), "workforce-planning", |fields, _| drop(fields.remove(2)), wrong()),
        stream("money that nobody holds".to_owned(), "workforce-planning", |fields, _| drop(fields.remove(1)), wrong()),
        stream(
            "money that a trust holds".to_owned(),
            "workforce-planning",
            |fields, draft| fields[1].1.clone_from(&draft.system.trusts[0].code),
            wrong(),
        ),
        stream(
            "money for nothing that is named".to_owned(),
            "workforce-planning",
            |fields, draft| {
                fields[1].1.clone_from(&draft.system.region);
                fields.pop();
            },
            None,
        ),
    ]);
    plants
}

pub(super) fn subsidiarity() -> Vec<Plant> {
    // The region keeps a function for which the system is ready.
    let kept = |what: String, function: &'static str, change: fn(&mut Draft, &str), found: Option<Expected>| {
        breaks(SUBSIDIARITY, what, move |draft| {
            let (region, readiness) = (draft.system.region.clone(), format!("readiness {function}"));
            draft.statement(&format!("responsibility {function}")).replace("accountable", [region.clone()]);
            if draft.has(&readiness) {
                draft.remove(&readiness);
            }
            let (evidence, assessed) = (draft.system.round.evidence.to_string(), format!("{} by {region}", draft.system.round.assessed));
            draft.add("readiness", "evidence kept-back \"What the assessment rests on\"", &[("dated", &evidence)]);
            draft.add("readiness", readiness.clone(), &[("level", "maturing"), ("assessed", &assessed), ("evidence", "kept-back")]);
            change(draft, &readiness);
            found.clone().into_iter().collect()
        })
    };
    let ready = |function: &str| Some(note(SUBSIDIARITY, format!("responsibility {function}")));
    let mut plants = vec![everything_else(SUBSIDIARITY)];
    for function in DEVOLVED {
        plants.push(kept(format!("{function} is kept back"), function, |_, _| {}, ready(function)));
    }
    let one = "supply-and-retention";
    // What is changed, and whether the system is then still ready.
    type Change = fn(&mut Draft, &str);
    let more: Vec<(&str, Change, bool)> = vec![
        (
            "a system that is thriving",
            |draft, key| {
                draft.statement(key).set("level", "thriving");
            },
            true,
        ),
        (
            "a system that is developing",
            |draft, key| {
                draft.statement(key).set("level", "developing");
            },
            false,
        ),
        (
            "an assessment of the day of the check",
            |draft, key| {
                let assessed = format!("{} by {}", as_of(), draft.system.region);
                draft.statement(key).set("assessed", assessed);
            },
            true,
        ),
        (
            "an assessment of the day after",
            |draft, key| {
                let assessed = format!("{} by {}", day_after(as_of()).expect("a day after"), draft.system.region);
                draft.statement(key).set("assessed", assessed);
            },
            false,
        ),
        (
            "evidence of the day of the check",
            |draft, _| {
                draft.statement("evidence kept-back").set("dated", as_of().to_string());
            },
            true,
        ),
        (
            "evidence of the day after",
            |draft, _| {
                draft.statement("evidence kept-back").set("dated", day_after(as_of()).expect("a day after").to_string());
            },
            false,
        ),
        (
            "one piece of evidence of the day after",
            |draft, key| {
                let late = day_after(as_of()).expect("a day after").to_string();
                draft.add("readiness", "evidence still-to-come \"What is still to come\"", &[("dated", &late)]);
                draft.statement(key).set("evidence", "kept-back, still-to-come");
            },
            false,
        ),
        (
            "no evidence",
            |draft, key| {
                draft.statement(key).take("evidence");
            },
            false,
        ),
    ];
    plants.extend(more.into_iter().map(|(what, change, found)| kept(what.to_owned(), one, change, found.then(|| ready(one)).flatten())));
    plants.push(breaks(SUBSIDIARITY, "the system is named in the assessment", |draft| {
        let (system, region) = (draft.system.code.clone(), draft.system.region.clone());
        another(draft, &system, &region);
        vec![note(SUBSIDIARITY, "responsibility system-deployment")]
    }));
    plants.push(holds(SUBSIDIARITY, "a trust is assessed, and not the system", |draft| {
        let (trust, region) = (draft.system.trusts[0].code.clone(), draft.system.region.clone());
        another(draft, &trust, &region);
    }));
    plants.into_iter().map(|plant| plant.only(|draft| draft.system.round.passes_on())).collect()
}

/// What a system may hold beside what is passed on to it, and what no system holds.
const OTHERS: [&str; 17] = [
    "five-year-workforce-plan",
    "recruitment-coordination",
    "staff-experience",
    "staff-wellbeing",
    "international-recruitment",
    "continuing-professional-development",
    "senior-manager-regulation",
    "new-roles",
    "workforce-technology",
    "apprenticeships",
    "system-architecture",
    "external-relationships",
    "pay-policy",
    "pension-scheme",
    "professional-regulation",
    "credentialing",
    "prescribing-rights",
];

/// The nation holds everything else, and the system is ready for all of it.
fn everything_else(rule: &'static str) -> Plant {
    breaks(rule, "the nation holds everything else, for which the system is ready", |draft| {
        let assessed = format!("{} by {}", draft.system.round.assessed, draft.system.region);
        draft.touch("evidence planning-assurance", Access::Read);
        for (at, function) in OTHERS.into_iter().chain(["labour-market"]).enumerate() {
            let fields = [("level", "maturing"), ("assessed", assessed.as_str()), ("evidence", "planning-assurance")];
            draft.add("readiness", format!("readiness {function}"), &fields);
            // What stays national is held as it was.
            if at < 12 || function == "labour-market" {
                draft.statement(&format!("responsibility {function}")).replace("accountable", ["nhs-england"]);
            }
        }
        let own = ["system-architecture", "external-relationships"].map(|function| note(AUTONOMY, format!("responsibility {function}")));
        [own.to_vec(), vec![warning("held-at-the-right-level", "responsibility labour-market")]].concat()
    })
    .only(|draft| draft.system.round.edition == "2023")
}

/// An assessment of a body by its name.
fn another(draft: &mut Draft, body: &str, region: &str) {
    draft.touch("responsibility system-deployment", Access::Read);
    draft.touch("evidence planning-assurance", Access::Read);
    let assessed = format!("{} by {region}", draft.system.round.assessed);
    draft.remove("readiness system-deployment");
    let fields = [("level", "maturing"), ("assessed", assessed.as_str()), ("evidence", "planning-assurance")];
    draft.add("readiness", format!("readiness system-deployment for {body}"), &fields);
}
