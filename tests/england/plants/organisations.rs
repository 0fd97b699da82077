//! Plants in what is asked of each trust and network, and of each mention of a body.

use remit_core::time::{Date, day_after, day_before};

use crate::england::draft::{Access, Draft, Statement};
use crate::england::plants::{Expected, Plant, breaks, error, holds, plant, warning};
use crate::england::systems::{Known, as_of, date};

const GUARDIAN: &str = "wellbeing-guardian";
const BETTER: &str = "better-place-to-work";
const LEADERS: &str = "leadership-and-culture";
const PASSPORT: &str = "staff-passport";
const EXISTS: &str = "body-exists";
const IN_SYSTEM: &str = "trust-in-system";

/// Kinds of organisation that no rule of the framework asks anything of.
const OTHER_KINDS: [(&str, &str); 9] = [
    ("general-practice", "The Market Street practice"),
    ("social-care-provider", "Riverside homes"),
    ("voluntary-organisation", "The carers' centre"),
    ("university", "The university"),
    ("further-education", "The college"),
    ("training-provider", "The apprenticeship agency"),
    ("trade-union", "The joint union office"),
    ("employer", "The airport"),
    ("board", "The safeguarding board"),
];

/// A trust that goes on, and of which nothing else is planted.
fn trust(draft: &Draft) -> Option<String> {
    draft.system.trusts.iter().find(|trust| trust.closed.is_none()).map(|trust| trust.code.clone())
}

fn network(draft: &Draft) -> Option<String> {
    draft.system.networks.first().map(|network| network.code.clone())
}

fn organisation(code: &str) -> String {
    format!("organisation {code}")
}

/// An organisation that the register does not know, with a guardian.
fn declare(draft: &mut Draft, code: &str, title: &str, kind: &str, until: Option<Date>) -> String {
    let until = until.map(|day| day.to_string());
    let fields = [("kind", kind), ("wellbeing-guardian", "\"Chair of the People Committee\"")];
    let statement = draft.add("organisations", format!("organisation {code} \"{title}\""), &fields);
    if let Some(until) = until {
        statement.set("until", until);
    }
    organisation(code)
}

/// Organisations of every kind of which the rule asks nothing, and which do nothing of what it asks.
fn others(rule: &'static str) -> Plant {
    holds(rule, "organisations of other kinds", |draft| {
        for (kind, title) in OTHER_KINDS {
            draft.add("organisations", format!("organisation other-{kind} \"{title}\""), &[("kind", kind)]);
        }
    })
}

pub(super) fn wellbeing_guardian() -> Vec<Plant> {
    let without = |what: &str, whom: fn(&Draft) -> Option<String>| {
        plant(GUARDIAN, what, move |draft| {
            let key = organisation(&whom(draft)?);
            draft.statement(&key).take("wellbeing-guardian");
            Some(vec![warning(GUARDIAN, key)])
        })
    };
    vec![
        without("a trust without a guardian", trust),
        without("a network without a guardian", network),
        plant(GUARDIAN, "a trust that the plan leaves out", |draft| {
            // The register has evidence for the day only from March 2022 on.
            if draft.system.round.submitted < date(2022, 3, 31) || draft.system.known == Known::FromThePlan {
                return None;
            }
            let key = organisation(&trust(draft)?);
            if draft.read(&key).get("anchor").is_some() {
                return None;
            }
            draft.remove(&key);
            Some(vec![warning(GUARDIAN, format!("organisations of {} left out", draft.system.code))])
        }),
        plant(GUARDIAN, "a network of which nobody can tell whether the plan leaves it out", |draft| {
            if draft.system.known == Known::FromThePlan {
                return None;
            }
            draft.remove(&organisation(&network(draft)?));
            Some(vec![warning("remit/left-out", format!("organisations of {} left out", draft.system.code)).undetermined()])
        }),
        breaks(GUARDIAN, "a social enterprise, which is a provider, without a guardian", |draft| {
            let head = "organisation community-care \"Community care, a social enterprise\"";
            draft.statement("commitment one-offer").also("covers", "community-care");
            draft.statement("commitment leaders-of-the-system").also("covers", "community-care");
            draft.statement("agreement staff-passport").also("between", "community-care");
            draft.add("organisations", head, &[("kind", "social-enterprise")]);
            vec![warning(GUARDIAN, "organisation community-care")]
        }),
        others(GUARDIAN),
    ]
}

/// A rule that asks for a commitment on a function that covers each organisation, owned and dated.
fn covered(rule: &'static str, commitment: &'static str, on: &'static str, elsewhere: &'static str) -> Vec<Plant> {
    let key = format!("commitment {commitment}");
    // The trust is taken out of the common commitment, and has one of its own.
    let own = |what: &str,
               whom: fn(&Draft) -> Option<String>,
               change: fn(&mut Statement),
               found: fn(&str, String) -> Option<Expected>,
               on: &'static str| {
        let key = key.clone();
        plant(rule, what, move |draft| {
            let code = whom(draft)?;
            draft.touch(organisation(&code), Access::Read);
            draft.statement(&key).leave_out("covers", &code);
            let (system, due) = (draft.system.code.clone(), draft.system.round.ends_before(2).to_string());
            draft.touch("horizon", Access::Read);
            let fields = [("on", on), ("owner", system.as_str()), ("due", due.as_str()), ("covers", code.as_str())];
            change(draft.add("commitments", format!("commitment own-{commitment} \"A programme of its own\""), &fields));
            Some(found(rule, organisation(&code)).into_iter().collect())
        })
    };
    let fails = |rule: &str, subject: String| Some(warning(rule, subject));
    let ends = |what: &str, code: &'static str, until: fn() -> Date, found: Option<Expected>| {
        breaks(rule, what, move |draft| {
            // The other rules that ask of organisations have what they ask for.
            for (other, word) in [
                ("commitment one-offer", "covers"),
                ("commitment leaders-of-the-system", "covers"),
                ("agreement staff-passport", "between"),
            ] {
                if other != format!("commitment {commitment}") {
                    draft.statement(other).also(word, code);
                }
            }
            // The passport is of the day on which the plan is sent in, and the commitments of none.
            declare(draft, code, "A hospital that closes", "acute-trust", Some(until()));
            found.clone().into_iter().collect()
        })
    };
    vec![
        own("a trust with a commitment of its own", trust, |_| {}, |_, _| None, on),
        own(
            "a trust in no commitment",
            trust,
            |own| {
                own.take("covers");
            },
            fails,
            on,
        ),
        own(
            "a network in no commitment",
            network,
            |own| {
                own.take("covers");
            },
            fails,
            on,
        ),
        own(
            "a trust in a commitment without an owner",
            trust,
            |own| {
                own.take("owner");
            },
            fails,
            on,
        ),
        own(
            "a trust in a commitment without a day",
            trust,
            |own| {
                own.take("due");
            },
            fails,
            on,
        ),
        own("a trust in a commitment on something else", trust, |_| {}, fails, elsewhere),
        ends(
            "a trust that closes on the day of the check",
            "closing-hospital",
            as_of,
            Some(warning(rule, "organisation closing-hospital")),
        ),
        ends("a trust that closed the day before", "closed-hospital", || day_before(as_of()).expect("a day before"), None),
        others(rule),
    ]
}

pub(super) fn better_place_to_work() -> Vec<Plant> {
    covered(BETTER, "one-offer", "staff-experience", "staff-wellbeing")
}

pub(super) fn leadership_and_culture() -> Vec<Plant> {
    covered(LEADERS, "leaders-of-the-system", "leadership-development", "staff-experience")
}

pub(super) fn staff_passport() -> Vec<Plant> {
    let own = |what: &str, change: fn(&mut Statement, Date), found: fn(String) -> Vec<Expected>| {
        plant(PASSPORT, what, move |draft| {
            let (code, submitted) = (trust(draft)?, draft.system.round.submitted);
            draft.touch(organisation(&code), Access::Read);
            draft.statement("agreement staff-passport").leave_out("between", &code);
            let live = submitted.to_string();
            let fields = [("kind", "passport"), ("between", code.as_str()), ("live", live.as_str())];
            change(draft.add("commitments", "agreement own-passport \"A passport of its own\"", &fields), submitted);
            Some(found(organisation(&code)))
        })
    };
    let fails = |subject: String| vec![warning(PASSPORT, subject)];
    let ends = |what: &str, code: &'static str, until: fn() -> Date, found: Option<Expected>| {
        breaks(PASSPORT, what, move |draft| {
            draft.statement("commitment one-offer").also("covers", code);
            draft.statement("commitment leaders-of-the-system").also("covers", code);
            declare(draft, code, "A hospital that closes", "acute-trust", Some(until()));
            found.clone().into_iter().collect()
        })
    };
    vec![
        own("a passport that is live when the plan is sent in", |_, _| {}, |_| Vec::new()),
        own(
            "a passport that is live the day after",
            |own, day| {
                own.set("live", day_after(day).expect("a day after").to_string());
            },
            fails,
        ),
        own(
            "a passport without a day",
            |own, _| {
                own.take("live");
            },
            fails,
        ),
        own(
            "an agreement of another kind",
            |own, _| {
                own.set("kind", "portability");
            },
            fails,
        ),
        own(
            "a passport of somebody else",
            |own, _| {
                own.set("between", "social-partnership-forum");
            },
            fails,
        ),
        ends(
            "a trust that closes on the day of the check",
            "closing-hospital",
            as_of,
            Some(warning(PASSPORT, "organisation closing-hospital")),
        ),
        ends("a trust that closed the day before", "closed-hospital", || day_before(as_of()).expect("a day before"), None),
        holds(PASSPORT, "a network without a passport", |draft| draft.touch("agreement staff-passport", Access::Read)),
        others(PASSPORT),
    ]
}

pub(super) fn body_exists() -> Vec<Plant> {
    // Somebody who works for a hospital from or until a day, beside whoever does already.
    let works = |what: &str,
                 title: &'static str,
                 lives: fn(Date) -> Vec<(&'static str, Date)>,
                 works: fn(Date) -> String,
                 found: Option<Expected>| {
        breaks(EXISTS, what, move |draft| {
            draft.touch("horizon", Access::Read);
            let day = draft.system.round.begins(1);
            for key in ["commitment one-offer", "commitment leaders-of-the-system"] {
                draft.statement(key).also("covers", "new-hospital");
            }
            draft.statement("agreement staff-passport").also("between", "new-hospital");
            declare(draft, "new-hospital", title, "acute-trust", None);
            for (word, day) in lives(day) {
                draft.statement("organisation new-hospital").set(word, day.to_string());
            }
            draft.statement("responsibility new-roles").also("responsible", format!("new-hospital {}", works(day)));
            found.clone().into_iter().collect()
        })
    };
    let found = || Some(error(EXISTS, "responsibility new-roles"));
    let opened = |day: Date| vec![("from", Date::new(day.year() - 1, 4, 1).expect("the year before"))];
    vec![
        works("at work from its first day", "A new hospital", opened, |day| format!("from {}-04-01", day.year() - 1), None),
        works("at work from the day before its first", "A new hospital", opened, |day| format!("from {}-03-31", day.year() - 1), found()),
        works("at work until its last day", "A hospital that closes", |day| vec![("until", day)], |day| format!("until {day}"), None),
        works(
            "at work until the day after its last",
            "A hospital that closes",
            |day| vec![("until", day)],
            |day| format!("until {}", day_after(day).expect("a day after")),
            found(),
        ),
    ]
}

pub(super) fn trust_in_system() -> Vec<Plant> {
    // A trust of North East and North Cumbria in another system's plan, whose system that plan may name.
    let elsewhere = |what: &str, code: &'static str, wrong: Option<Expected>, system: fn(&Draft) -> Option<String>| {
        plant(IN_SYSTEM, what, move |draft| {
            // The register has evidence for the day only from March 2022 on.
            if draft.system.code == "QHM" || draft.system.round.submitted < date(2022, 3, 31) {
                return None;
            }
            for key in ["commitment one-offer", "commitment leaders-of-the-system"] {
                draft.statement(key).also("covers", code);
            }
            draft.statement("agreement staff-passport").also("between", code);
            let system = system(draft);
            let statement = draft.add("organisations", organisation(code), &[("wellbeing-guardian", "\"Chair of the People Committee\"")]);
            if let Some(system) = system {
                statement.set("system", system);
            }
            Some(wrong.clone().into_iter().collect())
        })
    };
    let wrong = |code: &str| Some(error(IN_SYSTEM, organisation(code)));
    vec![
        elsewhere("a trust of another system", "RTD", wrong("RTD"), |draft| Some(draft.system.code.clone())),
        elsewhere("a trust of another system, of which the plan says nothing", "RTF", wrong("RTF"), |_| None),
        elsewhere("a trust of another system that the plan names", "RXP", None, |_| Some("QHM".to_owned())),
        holds(IN_SYSTEM, "an organisation that the register does not know", |draft| {
            let system = draft.system.code.clone();
            let head = "organisation the-hospice \"The hospice\"";
            draft.add("organisations", head, &[("kind", "voluntary-organisation"), ("system", &system)]);
        }),
    ]
}
