//! Plants in what is asked of a plan as a whole: its horizon, its commitments and money, what it measures and agrees.

use remit_core::time::{Date, day_after};

use crate::england::draft::{Access, Draft};
use crate::england::plants::{Expected, Plant, breaks, holds, note, warning};

const HORIZON: &str = "five-year-horizon";
const DEADLINE: &str = "deadline-in-horizon";
const MONEY: &str = "funding-before-commitment";
const SCORECARD: &str = "balanced-scorecard";
const COMPACT: &str = "compact";
const FEEDBACK: &str = "upward-feedback";
const CARE: &str = "social-care-included";

pub(super) fn five_year_horizon() -> Vec<Plant> {
    vec![
        breaks(HORIZON, "four years", |draft| {
            draft.lasts(4);
            vec![warning(HORIZON, "plan")]
        })
        .only(|draft| draft.system.round.kind == "people-plan"),
        holds(HORIZON, "six years", |draft| draft.lasts(6)),
    ]
}

pub(super) fn deadline_in_horizon() -> Vec<Plant> {
    let due = |what: &str, commitment: &'static str, day: fn(&Draft) -> Date, found: fn(String) -> Vec<Expected>| {
        breaks(DEADLINE, what, move |draft| {
            draft.touch("horizon", Access::Read);
            let (key, day) = (format!("commitment {commitment}"), day(draft).to_string());
            draft.statement(&key).set("due", day);
            found(key)
        })
    };
    let late = |key: String| vec![warning(DEADLINE, key)];
    vec![
        due("due on the first day", "e-rostering", |draft| draft.system.round.begins(0), |_| Vec::new()),
        due("due the day before the first", "share-what-works", |draft| draft.system.round.ends_before(0), late),
        due("due on the last day", "staff-bank", |draft| draft.system.round.ends_before(draft.years), |_| Vec::new()),
        due("due the day after the last", "system-people-team", |draft| draft.system.round.begins(draft.years), late),
        holds(DEADLINE, "no day on which it is due", |draft| {
            draft.statement("commitment care-and-health-careers").take("due");
        }),
    ]
}

pub(super) fn funding_before_commitment() -> Vec<Plant> {
    let mut plants = Vec::new();
    for commitment in ["overseas-recruitment", "learning-after-qualifying", "senior-manager-standards"] {
        let key = format!("commitment {commitment}");
        let funded = |what: &str, money: &'static [&'static str], found: Option<Expected>| {
            let key = key.clone();
            breaks(MONEY, format!("{commitment}: {what}"), move |draft| {
                money.iter().for_each(|money| draft.touch(format!("funding {money}"), Access::Read));
                draft.statement(&key).replace("funding", (!money.is_empty()).then(|| money.join(", ")));
                found.clone().into_iter().collect()
            })
        };
        let found = warning(MONEY, key.clone());
        plants.extend([
            funded("no money", &[], Some(found.clone())),
            funded("planned money", &["one-workforce-fund"], Some(found.clone())),
            funded("confirmed money", &["planning-capacity"], None),
            funded("confirmed and planned money", &["planning-capacity", "one-workforce-fund"], Some(found)),
        ]);
    }
    let settled = |what: &str, event: &'static str, day: fn(Date) -> Date, found: Option<Expected>| {
        breaks(MONEY, what, move |draft| {
            let day = day(draft.system.round.submitted);
            draft.touch("funding one-workforce-fund", Access::Read);
            for other in ["overseas-recruitment", "senior-manager-standards"] {
                draft.touch(format!("commitment {other}"), Access::Write);
            }
            draft.statement("commitment learning-after-qualifying").set("funding", "one-workforce-fund");
            draft.add("plan", format!("event {event} {day}"), &[]);
            found.clone().into_iter().collect()
        })
    };
    let waits = || Some(warning(MONEY, "commitment learning-after-qualifying"));
    plants.extend([
        settled("a settlement of the day on which the plan is sent in", "spending-review-settlement", |day| day, None),
        settled("a settlement of the day after", "spending-review-settlement", |day| day_after(day).expect("a day after"), waits()),
        settled("another event", "spring-budget", |day| day, waits()),
    ]);
    plants.push(holds(MONEY, "other commitments without money", |draft| {
        for commitment in ["take-on-planning", "leaders-of-the-system", "system-people-team"] {
            draft.statement(&format!("commitment {commitment}")).take("funding");
        }
    }));
    for (what, status) in [
        ("money that waits, nobody says for what", "subject-to"),
        ("money that is planned after something", "planned \"The next spending review\""),
    ] {
        plants.push(breaks(MONEY, what, move |draft| {
            draft.add("commitments", "funding hope \"Further recruitment\"", &[("amount", "£0.5m"), ("status", status)]);
            draft.statement("commitment overseas-recruitment").set("funding", "hope");
            vec![warning(MONEY, "commitment overseas-recruitment")]
        }));
    }
    plants.push(breaks(MONEY, "money that is unfunded", |draft| {
        draft.add("commitments", "funding wish \"Further recruitment\"", &[("amount", "£0.5m"), ("status", "unfunded")]);
        draft.statement("commitment overseas-recruitment").set("funding", "wish");
        vec![warning(MONEY, "commitment overseas-recruitment")]
    }));
    plants
}

pub(super) fn balanced_scorecard() -> Vec<Plant> {
    let mut plants = Vec::new();
    for (measure, elsewhere) in [("staff-engagement", "retention"), ("visible-leadership", "inclusion")] {
        let key = format!("measure {measure}");
        let missing = warning(SCORECARD, "plan");
        for word in ["planned", "reported-to"] {
            let (key, found) = (key.clone(), missing.clone());
            plants.push(breaks(SCORECARD, format!("{measure} without `{word}`"), move |draft| {
                draft.statement(&key).take(word);
                vec![found.clone()]
            }));
        }
        plants.push(breaks(SCORECARD, format!("{measure} in another domain"), move |draft| {
            draft.statement(&key).set("domain", elsewhere);
            vec![missing.clone()]
        }));
    }
    plants
}

pub(super) fn compact() -> Vec<Plant> {
    let between = |what: &str, who: fn(&Draft) -> Vec<&str>, found: Option<Expected>| {
        breaks(COMPACT, what, move |draft| {
            let parties = who(draft).join(", ");
            draft.touch("finding compact plan", Access::Write);
            draft.statement("agreement compact").replace("between", (!parties.is_empty()).then_some(parties));
            found.clone().into_iter().collect()
        })
    };
    let none = warning(COMPACT, "plan");
    let first = |draft: &Draft| draft.system.trusts.first().map_or(String::new(), |trust| trust.code.clone());
    vec![
        breaks(COMPACT, "an agreement of another kind", {
            let none = none.clone();
            move |draft| {
                draft.statement("agreement compact").set("kind", "portability");
                vec![none.clone()]
            }
        }),
        between("without parties", |_| Vec::new(), Some(none.clone())),
        between("of region and nation only", |draft| vec!["nation", &draft.system.region], Some(none.clone())),
        between("of the system and a trust only", |draft| vec![&draft.system.code, &draft.system.trusts[0].code], Some(none.clone())),
        between("of region and system", |draft| vec![&draft.system.region, &draft.system.code], None),
        between("of nation and system", |draft| vec!["nation", &draft.system.code], None),
        breaks(COMPACT, "of region and a trust", move |draft| {
            let parties = format!("{}, {}", draft.system.region, first(draft));
            draft.touch("finding compact plan", Access::Write);
            draft.statement("agreement compact").set("between", parties);
            Vec::new()
        }),
    ]
}

pub(super) fn upward_feedback() -> Vec<Plant> {
    let none = || vec![warning(FEEDBACK, "plan")];
    let mut plants = Vec::new();
    for feedback in ["on-the-region", "on-the-nation"] {
        let key = format!("feedback {feedback}");
        let by = |what: &str, who: fn(&Draft) -> Option<String>, found: fn() -> Vec<Expected>| {
            let key = key.clone();
            breaks(FEEDBACK, format!("{feedback}: {what}"), move |draft| {
                let who = who(draft);
                draft.touch("finding upward-feedback plan", Access::Write);
                draft.statement(&key).replace("by", who);
                found()
            })
        };
        plants.extend([
            by("by nobody", |_| None, none),
            by("by the region", |draft| Some(draft.system.region.clone()), none),
            by("by a trust", |draft| Some(draft.system.trusts[0].code.clone()), Vec::new),
            by("by region and system", |draft| Some(format!("{}, {}", draft.system.region, draft.system.code)), Vec::new),
        ]);
    }
    plants.extend([
        breaks(FEEDBACK, "on the nation only", move |draft| {
            draft.remove("feedback on-the-region");
            none()
        }),
        breaks(FEEDBACK, "on the region only", move |draft| {
            draft.remove("feedback on-the-nation");
            none()
        }),
        breaks(FEEDBACK, "on the region, and on the system itself", move |draft| {
            let system = draft.system.code.clone();
            draft.statement("feedback on-the-nation").set("on", system);
            none()
        }),
        breaks(FEEDBACK, "on the system itself, and on the nation", move |draft| {
            let system = draft.system.code.clone();
            draft.statement("feedback on-the-region").set("on", system);
            none()
        }),
        holds(FEEDBACK, "on both, in one statement", |draft| {
            let both = format!("nation, {}", draft.system.region);
            draft.touch("finding upward-feedback plan", Access::Write);
            draft.remove("feedback on-the-region");
            draft.statement("feedback on-the-nation").set("on", both);
        }),
    ]);
    plants
}

pub(super) fn social_care_included() -> Vec<Plant> {
    let none = || vec![note(CARE, "plan")];
    vec![
        breaks(CARE, "no table", move |draft| {
            draft.remove("workforce adult-social-care");
            none()
        }),
        breaks(CARE, "no staff in post", move |draft| {
            draft.statement("workforce adult-social-care").take("in-post");
            none()
        }),
    ]
}
