//! `remit ready`: the earliest day against every day, what is written against its schema, and the picture in the README against the plan.

use remit_core::check::{PlanFile, open};
use remit_core::packs::Packs;
use remit_core::problem::Verdict;
use remit_core::ready::{Ladder, ladder};
use remit_core::rules::gate::state::State;
use remit_core::time::{Date, day, day_after};

use crate::case::{packs_with, root};
use crate::cli::printed;

const EXAMPLES: [&str; 7] = [
    "examples/north-east-and-north-cumbria-2019",
    "examples/essex-2026",
    "examples/surrey-talent-2022",
    "examples/coventry-and-warwickshire-2023",
    "examples/ultra-vires",
    "examples/ultra-vires-2025",
    "examples/first-plan.remit",
];

/// A plan for a fictional system with what is given; the function is held by the region unless that says otherwise.
fn plan(rest: &str) -> Vec<PlanFile> {
    let text = format!(
        "plan \"A\" for somewhere {{ framework nhs-people-framework 2019; horizon 2019/20 to 2023/24; submitted 2019-09-27 }}\n\
         system somewhere \"Somewhere\" in north-east-and-yorkshire\n{rest}\n"
    );
    vec![PlanFile { path: "plan.remit".to_owned(), bytes: text.into_bytes() }]
}

fn gates() -> Packs {
    packs_with(&["ready-before-responsible", "one-accountable-body"])
}

fn ladder_of(rest: &str, packs: &Packs, as_of: Date) -> Ladder {
    ladder(&open("plan.remit", plan(rest), packs, as_of), packs)
}

/// Whether the check lets the function go on a day, when everything up to that day is known.
fn lets_go(rest: &str, packs: &Packs, from: Date) -> bool {
    let responsibility = format!("responsibility workforce-planning {{ accountable somewhere from {from} }}");
    let opened = open("plan.remit", plan(&format!("{rest}\n{responsibility}")), packs, from);
    let gate = opened.analysis.rules.iter().find(|count| count.rule.ends_with("ready-before-responsible")).expect("the gate");
    assert_eq!(gate.matched, 1);
    assert!(opened.analysis.findings.iter().all(|finding| finding.verdict != Verdict::Waived));
    gate.passed == 1
}

/// Readiness and evidence, and the day on which the gate first opens, worked by hand.
const OPENINGS: [(&str, Option<&str>); 10] = [
    // Assessed already, on evidence that holds: on the day itself.
    (
        "readiness workforce-planning { level maturing; assessed 2019-09-16 by nhs-england; evidence a }\nevidence a { dated 2019-08-30 }",
        Some("2019-10-01"),
    ),
    // Assessed later: on that day, and the evidence is older.
    (
        "readiness workforce-planning { level maturing; assessed 2019-12-31 by nhs-england; evidence a }\nevidence a { dated 2019-08-30 }",
        Some("2019-12-31"),
    ),
    // The evidence comes last, on a leap day.
    (
        "readiness workforce-planning { level maturing; assessed 2019-12-31 by nhs-england; evidence a }\nevidence a { dated 2020-02-29 }",
        Some("2020-02-29"),
    ),
    // Two pieces: the later decides.
    (
        "readiness workforce-planning { level maturing; assessed 2019-09-16 by nhs-england; evidence a, b }\nevidence a { dated 2020-01-01 }\nevidence b { dated 2019-11-05 }",
        Some("2020-01-01"),
    ),
    // The first piece is too old when the second comes.
    (
        "readiness workforce-planning { level maturing; assessed 2019-09-16 by nhs-england; evidence a, b }\nevidence a { dated 2019-08-31; valid 6 months }\nevidence b { dated 2020-03-01 }",
        None,
    ),
    // On the last day of the first piece the second is there.
    (
        "readiness workforce-planning { level maturing; assessed 2019-09-16 by nhs-england; evidence a, b }\nevidence a { dated 2019-08-31; valid 6 months }\nevidence b { dated 2020-02-29 }",
        Some("2020-02-29"),
    ),
    // Too low at first; a later assessment is high enough.
    (
        "readiness workforce-planning { level developing; assessed 2019-09-16 by nhs-england; evidence a }\nreadiness workforce-planning { level thriving; assessed 2020-04-01 by nhs-england; evidence a }\nevidence a { dated 2019-08-30 }",
        Some("2020-04-01"),
    ),
    // The wrong tier: no day opens it.
    (
        "readiness workforce-planning { level maturing; assessed 2019-09-16 by somewhere; evidence a }\nevidence a { dated 2019-08-30 }",
        None,
    ),
    // On a condition, until it is assessed anew without it.
    (
        "readiness workforce-planning { level maturing; assessed 2019-09-16 by nhs-england; evidence a; condition \"Leavers are counted\" }\nreadiness workforce-planning { level maturing; assessed 2020-03-31 by nhs-england; evidence a }\nevidence a { dated 2019-08-30 }",
        Some("2020-03-31"),
    ),
    // Nothing at all.
    ("", None),
];

#[test]
fn no_day_before_the_earliest_opens_and_that_day_does() {
    let packs = gates();
    let as_of = day("2019-10-01").expect("a day");
    for (rest, expected) in OPENINGS {
        let held = format!("{rest}\nresponsibility workforce-planning {{ accountable midlands }}");
        let step = ladder_of(&held, &packs, as_of).steps.into_iter().find(|step| step.function == "workforce-planning").expect("a step");
        assert_eq!(step.opens.map(|day| day.to_string()).as_deref(), expected, "{rest}");
        let mut tried = as_of;
        let end = step.opens.unwrap_or_else(|| day("2020-10-31").expect("a day"));
        while tried < end {
            assert!(!lets_go(rest, &packs, tried), "{rest}: open on {tried}");
            tried = day_after(tried).expect("a day");
        }
        assert_eq!(lets_go(rest, &packs, end), step.opens.is_some(), "{rest}: on {end}");
        if let (Some(_), Some(last)) = (step.opens, step.lasts) {
            assert!(lets_go(rest, &packs, last), "{rest}: shut on {last}");
            let after = day_after(last).expect("a day");
            assert!(!lets_go(rest, &packs, after), "{rest}: open on {after}");
        }
    }
}

/// Every state, on the day before, the day and the day after it begins.
#[test]
fn states_begin_on_their_day() {
    let packs = gates();
    let assessed = "readiness workforce-planning { level maturing; assessed 2019-12-31 by nhs-england; evidence a }\n\
                    readiness workforce-planning { level developing; assessed 2020-12-01 by nhs-england; evidence a }\n\
                    evidence a { dated 2019-08-29; valid 18 months }\nresponsibility workforce-planning { accountable midlands }";
    let aged = "readiness workforce-planning { level maturing; assessed 2019-12-31 by nhs-england; evidence a }\n\
                evidence a { dated 2019-08-29; valid 18 months }\nresponsibility workforce-planning { accountable midlands }";
    let conditional = "readiness workforce-planning { level maturing; assessed 2019-12-31 by nhs-england; evidence a; condition \"More\" }\n\
                       evidence a { dated 2019-08-29 }\nresponsibility workforce-planning { accountable midlands }";
    let handed_back = "readiness workforce-planning { level maturing; assessed 2019-12-31 by nhs-england; evidence a }\n\
                       evidence a { dated 2019-12-29 }\n\
                       responsibility workforce-planning {\n  accountable midlands until 2020-03-31\n  accountable somewhere from 2020-04-01 until 2021-03-31\n  accountable midlands from 2021-04-01\n}";
    let low = "readiness workforce-planning { level emerging; assessed 2019-12-31 by nhs-england; evidence a }\n\
               evidence a { dated 2019-08-29 }\nresponsibility workforce-planning { accountable midlands }";
    let unclear = "readiness workforce-planning { assessed 2019-12-31 by nhs-england; evidence a }\n\
                   evidence a { dated 2019-08-29 }\nresponsibility workforce-planning { accountable midlands }";
    let cases = [
        (assessed, "2019-12-30", "not-assessed"),
        (assessed, "2019-12-31", "open"),
        (assessed, "2020-01-01", "open"),
        (assessed, "2020-11-30", "lapsing"),
        (assessed, "2020-12-01", "reverted"),
        (assessed, "2020-12-02", "reverted"),
        // 18 months after 2019-08-29 is clamped to 2021-02-28.
        (aged, "2020-08-27", "open"),
        (aged, "2020-08-28", "lapsing"),
        (aged, "2020-08-29", "lapsing"),
        (aged, "2021-02-28", "lapsing"),
        (aged, "2021-03-01", "lapsed"),
        (conditional, "2019-12-30", "not-assessed"),
        (conditional, "2019-12-31", "conditional"),
        (handed_back, "2020-03-31", "open"),
        (handed_back, "2021-03-31", "open"),
        (handed_back, "2021-04-01", "reverted"),
        (low, "2019-12-31", "assessed"),
        (unclear, "2019-12-30", "not-assessed"),
        (unclear, "2019-12-31", "cannot-tell"),
    ];
    let mut wrong = Vec::new();
    for (rest, as_of, expected) in cases {
        let found = ladder_of(rest, &packs, day(as_of).expect("a day"));
        let step = found.steps.iter().find(|step| step.function == "workforce-planning").expect("a step");
        if step.state.word() != expected {
            wrong.push(format!("{as_of}: {:?}, not {expected}\n{rest}", step.state));
        }
        assert_eq!(step.missing.is_empty(), step.state.is_open() || matches!(step.state, State::Reverted(_)) && rest == handed_back);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let told: Vec<&str> = cases.iter().map(|(_, _, state)| *state).collect();
    assert!(State::WORDS.iter().all(|word| told.contains(word)), "a state has no case");
}

/// What the ladder says of a day on which the plan makes a body accountable is what the check says.
#[test]
fn the_ladder_says_what_the_check_says() {
    let packs = crate::case::packs();
    for example in EXAMPLES {
        let (json, _) = printed(&format!("check {example} --format json"));
        let (ladders, _) = printed(&format!("ready {example} --format json"));
        let [checked, ladders]: [serde_json::Value; 2] = [json, ladders].map(|json| serde_json::from_str(&json).expect("JSON"));
        for step in
            ladders["ladders"].as_array().expect("ladders").iter().flat_map(|ladder| ladder["functions"].as_array().expect("functions"))
        {
            for passage in step["passages"].as_array().expect("passages") {
                let open = matches!(passage["state"].as_str(), Some("open" | "lapsing"));
                let found = checked["findings"].as_array().expect("findings").iter().any(|finding| {
                    let ours = finding["rule"] == step["rule"] && finding["verdict"] != "waived";
                    ours && finding["location"]["start"]["offset"] == passage["location"]["start"]["offset"]
                });
                assert_eq!(open, !found, "{example}: {passage}");
            }
        }
    }
    assert!(packs.rules().iter().any(|rule| rule.id.ends_with("ready-before-responsible")));
}

#[test]
fn what_is_written_fits_its_schema() {
    let (schema, _) = printed("schema ready");
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).expect("JSON")).expect("a schema");
    for words in
        EXAMPLES.iter().map(|example| (*example).to_owned()).chain(["examples".to_owned(), "examples --as-of 2026-11-30".to_owned()])
    {
        let (json, code) = printed(&format!("ready {words} --format json"));
        assert_eq!(code, 0, "{words}");
        let json = serde_json::from_str(&json).expect("JSON");
        let wrong: Vec<String> = validator.iter_errors(&json).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{words}: {wrong:#?}");
    }
}

/// Every format tells of every function, and of its state.
#[test]
fn every_format_tells_the_same_ladder() {
    let example = EXAMPLES[0];
    let words = [
        ("Workforce planning", "open"),
        ("Supply and retention", "shut"),
        ("Deployment across the system", "shut"),
        ("Education and training", "not assessed"),
        ("Leadership development", "open"),
    ];
    for format in ["human", "plain", "markdown", "svg"] {
        let (text, code) = printed(&format!("ready {example} --format {format}"));
        assert_eq!(code, 0);
        for (function, state) in words {
            assert!(text.contains(function) && text.contains(state), "{format} does not say that {function} is {state}:\n{text}");
        }
        assert!(text.contains("it was assessed as developing") && text.contains("2021-08-30"), "{format}:\n{text}");
    }
}

/// The picture in the README is what `remit ready` draws now.
#[test]
fn the_picture_is_what_is_drawn() {
    let (picture, _) = printed(&format!("ready {} --format svg", EXAMPLES[0]));
    let path = root().join("docs/ready.svg");
    if std::env::var_os("REMIT_BLESS").is_some() {
        std::fs::write(&path, picture).expect("written");
    } else {
        let kept = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == picture, "docs/ready.svg is not what `remit ready {} --format svg` draws (REMIT_BLESS=1 writes it)", EXAMPLES[0]);
    }
}
