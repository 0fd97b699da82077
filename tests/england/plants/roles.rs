//! Plants in roles and professions, and in what commitments do to partners.

use remit_core::time::{Date, Duration, day_after, day_before};

use crate::england::draft::{Access, Draft, Statement};
use crate::england::plants::{Expected, Plant, breaks, holds, note, warning};

const RIGHT: &str = "prescriber-has-the-right";
const CREDENTIAL: &str = "credential-is-national";
const INFLUENCE: &str = "influence-not-control";
const SHARES: &str = "shares-good-practice";

/// Professions that could prescribe before any date that the rule gives.
const INDEPENDENT: [&str; 9] =
    ["doctor", "dentist", "nurse", "midwife", "pharmacist", "optometrist", "physiotherapist", "podiatrist", "diagnostic-radiographer"];

/// A role that the clean plan does not have.
fn role(draft: &mut Draft, name: &str, fields: &[(&str, &str)]) -> String {
    draft.add("commitments", format!("role {name} \"A new role\""), fields);
    format!("role {name}")
}

pub(super) fn prescriber_has_the_right() -> Vec<Plant> {
    let prescribes = |profession: &'static str, prescribes: &'static str, found: fn(&str, String) -> Vec<Expected>| {
        breaks(RIGHT, format!("a role of the profession {profession} that prescribes: {prescribes}"), move |draft| {
            let name = format!("{profession}-{}", prescribes.replace(' ', "-"));
            let subject = role(draft, &name, &[("profession", profession), ("prescribes", prescribes)]);
            found(RIGHT, subject)
        })
    };
    let nothing = |_: &str, _: String| Vec::new();
    let wrong = |rule: &str, subject: String| vec![warning(rule, subject)];
    let mut plants = Vec::new();
    for profession in INDEPENDENT {
        plants.push(prescribes(profession, "yes", nothing));
    }
    for profession in
        ["occupational-therapist", "orthoptist", "operating-department-practitioner", "physician-associate", "anaesthesia-associate"]
    {
        plants.push(prescribes(profession, "yes", wrong));
        plants.push(prescribes(profession, "no", nothing));
    }
    for profession in ["nursing-associate", "speech-and-language-therapist"] {
        plants.push(prescribes(profession, "yes", nothing));
    }
    for (profession, first, before) in [
        ("paramedic", "yes from 2018-04-01", "yes from 2018-03-31"),
        ("therapeutic-radiographer", "yes from 2016-04-01", "yes from 2016-03-31"),
        ("dietitian", "yes from 2016-04-01", "yes from 2016-03-31"),
    ] {
        plants.extend([
            prescribes(profession, first, nothing),
            prescribes(profession, before, wrong),
            prescribes(profession, "yes", nothing),
        ]);
    }
    // The others had the right long before.
    for profession in INDEPENDENT {
        plants.push(prescribes(profession, "yes from 2015-04-01", nothing));
    }
    plants
}

pub(super) fn consultation_within_24_months() -> Vec<Plant> {
    const CONSULTED: &str = "consultation-within-24-months";
    // A consultation that the nation holds on the last day on which it may, but for what is changed.
    let held = |what: &str, event: &'static str, change: fn(&mut Statement, Date), found: Option<Expected>| {
        breaks(CONSULTED, what, move |draft| {
            draft.touch("horizon", Access::Read);
            let day = draft.system.round.begins(1);
            draft.add("plan", format!("event {event} {day}"), &[]);
            let due = Duration::Months(24).after(day).expect("two years later");
            let fields = [("on", "prescribing-rights"), ("effect", "advise"), ("owner", "nhs-england"), ("due", &*due.to_string())];
            change(draft.add("commitments", "commitment consultation \"Consult on prescribing by physician associates\"", &fields), due);
            found.clone().into_iter().collect()
        })
    };
    let late = || Some(warning(CONSULTED, "event pa-regulation"));
    vec![
        held("held on the last day", "pa-regulation", |_, _| {}, None),
        held(
            "held the day after",
            "pa-regulation",
            |consultation, due| {
                consultation.set("due", day_after(due).expect("a day after").to_string());
            },
            late(),
        ),
        held(
            "held before the event",
            "pa-regulation",
            |consultation, due| {
                let before = Duration::Months(24).before(due).and_then(day_before).expect("the day before the event");
                consultation.set("due", before.to_string());
            },
            late(),
        ),
        held(
            "without a day",
            "pa-regulation",
            |consultation, _| {
                consultation.take("due");
            },
            late(),
        ),
        held(
            "without an owner",
            "pa-regulation",
            |consultation, _| {
                consultation.take("owner");
            },
            late(),
        ),
        held(
            "on something else",
            "pa-regulation",
            |consultation, _| {
                consultation.set("on", "new-roles");
            },
            late(),
        ),
        breaks(CONSULTED, "held by the region", |draft| {
            draft.touch("horizon", Access::Read);
            let (day, region) = (draft.system.round.begins(1), draft.system.region.clone());
            draft.add("plan", format!("event pa-regulation {day}"), &[]);
            let fields = [("on", "prescribing-rights"), ("effect", "advise"), ("owner", &*region), ("due", &*day.to_string())];
            draft.add("commitments", "commitment consultation \"Consult on prescribing by physician associates\"", &fields);
            vec![warning(CONSULTED, "event pa-regulation")]
        }),
        held(
            "after another event, a day late",
            "spring-budget",
            |consultation, due| {
                consultation.set("due", day_after(due).expect("a day after").to_string());
            },
            None,
        ),
    ]
}

pub(super) fn credential_is_national() -> Vec<Plant> {
    let defined = |what: &str, by: fn(&Draft) -> Option<String>, found: Option<Expected>| {
        breaks(CREDENTIAL, what, move |draft| {
            let by = by(draft);
            let subject =
                role(draft, "new-role", &[("profession", "nurse"), ("prescribes", "no"), ("credential", "\"Advanced clinical practice\"")]);
            if let Some(by) = by {
                draft.statement(&subject).set("defined-by", by);
            }
            found.clone().into_iter().collect()
        })
    };
    let wrong = Some(warning(CREDENTIAL, "role new-role"));
    vec![
        defined("a credential that a national body defines", |_| Some("health-education-england".to_owned()), None),
        holds(CREDENTIAL, "a role without a credential", |draft| {
            role(draft, "plain-role", &[("profession", "nurse"), ("prescribes", "no")]);
        }),
        defined("a credential that nobody defines", |_| None, wrong.clone()),
        defined("a credential that the region defines", |draft| Some(draft.system.region.clone()), wrong.clone()),
        defined("a credential that the system defines", |draft| Some(draft.system.code.clone()), wrong),
    ]
}

pub(super) fn influence_not_control() -> Vec<Plant> {
    let kinds = [
        "local-authority",
        "university",
        "further-education",
        "training-provider",
        "social-care-provider",
        "voluntary-organisation",
        "independent-provider",
        "employer",
        "trade-union",
    ];
    let others = [
        "provider",
        "nhs-trust",
        "care-trust",
        "mental-health-trust",
        "community-trust",
        "ambulance-trust",
        "social-enterprise",
        "general-practice",
        "primary-care-network",
        "acute-trust",
        "board",
        "place",
        "integrated-care-system",
        "nhs-region",
        "national-body",
        "professional-regulator",
        "system-regulator",
        "pay-review-body",
        "nation",
    ];
    let with = |kind: &'static str, effect: &'static str, found: Option<Expected>| {
        breaks(INFLUENCE, format!("a commitment with a partner of the kind {kind}: {effect}"), move |draft| {
            draft.touch("horizon", Access::Read);
            let (system, due) = (draft.system.code.clone(), draft.system.round.ends_before(2).to_string());
            let (partner, name) = (format!("the-{kind}-{effect}"), format!("together-{kind}-{effect}"));
            draft.add("organisations", format!("partner {partner} \"The partner\""), &[("kind", kind)]);
            let fields = [
                ("on", "labour-market"),
                ("owner", system.as_str()),
                ("effect", effect),
                ("due", due.as_str()),
                ("with", partner.as_str()),
            ];
            draft.add("commitments", format!("commitment {name} \"One programme for the local labour market\""), &fields);
            found.clone().into_iter().collect()
        })
    };
    let controls = |kind: &str| Some(note(INFLUENCE, format!("commitment together-{kind}-set")));
    let mut plants: Vec<Plant> = kinds.into_iter().map(|kind| with(kind, "set", controls(kind))).collect();
    plants.extend(others.into_iter().map(|kind| with(kind, "set", None)));
    plants.extend(["apply", "advise", "deliver"].into_iter().map(|effect| with("university", effect, None)));
    plants.push(breaks(INFLUENCE, "a commitment that sets something, with the councils and a board", |draft| {
        draft.statement("commitment care-and-health-careers").set("effect", "set").set("with", "councils, people-board");
        vec![note(INFLUENCE, "commitment care-and-health-careers")]
    }));
    plants.push(breaks(INFLUENCE, "a commitment that sets something, with nobody", |draft| {
        draft.statement("commitment care-and-health-careers").set("effect", "set").take("with");
        Vec::new()
    }));
    plants
}

pub(super) fn shares_good_practice() -> Vec<Plant> {
    ["shares-with", "owner", "due"]
        .into_iter()
        .map(|word| {
            breaks(SHARES, format!("nothing is shared: no `{word}`"), move |draft| {
                draft.statement("commitment share-what-works").take(word);
                vec![note(SHARES, "plan")]
            })
        })
        .collect()
}
