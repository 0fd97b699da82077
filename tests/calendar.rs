//! When verdicts change: what `remit calendar` says is what a check of every single day says, with far fewer checks.
//!
//! `REMIT_THOROUGH=1` checks every day of every example's horizon, and not only those around what changes and some others.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;

use remit_core::check::{PlanText, analyze};
use remit_core::outlook::calendar::{Calendar, State, calendar, days_of};
use remit_core::packs::{PackFiles, Packs};
use remit_core::problem::Finding;
use remit_core::source::Source;
use remit_core::time::{Date, Days, Duration, day_after, day_before};
use remit_tests::england::random::Random;

use crate::case;

type States = BTreeMap<String, State>;

fn states(findings: &[Finding]) -> States {
    findings.iter().map(|finding| (finding.id.clone(), State::of(finding))).collect()
}

/// What a check of one day says, by the door that everybody uses.
fn on(texts: &[(String, String)], packs: &Packs, day: Date) -> States {
    let file = |(path, text): &(String, String)| remit_core::check::PlanFile { path: path.clone(), bytes: text.clone().into_bytes() };
    states(&analyze("plan", texts.iter().map(file).collect(), packs, day).findings)
}

fn told(texts: &[(String, String)], packs: &Packs, days: Days) -> Calendar {
    let texts: Vec<PlanText> = texts.iter().map(|(path, text)| PlanText::from(Source::new(path.clone(), text.clone()))).collect();
    calendar("plan", &texts, packs, days).expect("a calendar")
}

/// What the calendar says of a day: what it said of the first, and every change up to then.
fn by_calendar(calendar: &Calendar, day: Date) -> States {
    let mut now = states(&calendar.at_first);
    for change in calendar.turns.iter().filter(|turning| turning.day <= day).flat_map(|turning| &turning.changes) {
        let id = change.finding.id.clone();
        assert_eq!(now.get(&id).copied(), change.before, "{id} was something else before");
        assert_ne!(change.before, change.after, "{id} does not change");
        assert!(!change.because.is_empty(), "{id} changes for no reason");
        match change.after {
            Some(state) => now.insert(id, state),
            None => now.remove(&id),
        };
    }
    now
}

fn each(days: Days) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(days.first), |day| day_after(*day)).take_while(move |day| *day <= days.last)
}

fn folder(name: &str) -> Vec<(String, String)> {
    let folder = case::root().join("examples").join(name);
    let files = case::files(&folder, ".remit");
    files.iter().map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn an_example_changes_on_the_days_that_a_check_of_each_day_shows() {
    let packs = case::packs();
    let thorough = std::env::var_os("REMIT_THOROUGH").is_some();
    let mut random = Random::new(6, "days");
    let mut changes = 0;
    for name in [
        "coventry-and-warwickshire-2023",
        "essex-2026",
        "north-east-and-north-cumbria-2019",
        "surrey-talent-2022",
        "ultra-vires",
        "ultra-vires-2025",
    ] {
        let texts = folder(name);
        let plan: Vec<PlanText> = texts.iter().map(|(path, text)| PlanText::new(path.clone(), text.clone())).collect();
        let horizon = days_of("plan", &plan, &packs, texts_day()).expect("a horizon");
        // A year before the plan is submitted, too: then nothing of it is known yet.
        let days = Days { first: Duration::Months(12).before(horizon.first).expect("a day"), last: horizon.last };
        let found = told(&texts, &packs, days);
        changes += found.turns.len();
        assert!(found.checks as i64 * 50 <= days.count(), "{name}: {} checks for {} days", found.checks, days.count());
        let mut asked: Vec<Date> = vec![days.first, days.last];
        if thorough {
            asked = each(days).collect();
        } else {
            asked.extend(found.turns.iter().flat_map(|turning| [day_before(turning.day), Some(turning.day)]).flatten());
            asked.extend((0..6).filter_map(|_| Duration::Days(random.between(0, days.count() - 1) as i32).after(days.first)));
        }
        for day in asked {
            assert_eq!(by_calendar(&found, day), on(&texts, &packs, day), "{name} on {day}");
        }
    }
    assert!(changes > 3, "the examples hardly change: {changes}");
}

/// Any day: it only decides what is not asked for here.
fn texts_day() -> Date {
    "2026-01-01".parse().expect("a day")
}

/// Rules that ask of the day in every way there is.
const RULES: &str = r#"
id: due-is-to-come
severity: error
source: { document: made }
waivable-by: region
each: commitment
expect: due >= as-of
message: "{subject} was due on {due}"
---
id: within-a-month
severity: warning
source: { document: made }
each: commitment
expect: due within 1 month of as-of
message: "{subject} is not due about now"
---
id: half-a-year-ahead
severity: note
source: { document: made }
in-force: 2020-02-29
each: commitment
where: owner is given
expect: due <= as-of + 2 months and not (due = as-of)
message: "{subject} is due long after"
---
id: few-are-late
severity: warning
source: { document: made }
in-force: 2020-03-31
each: plan
expect: (count of commitment where due < as-of) <= 1
message: "much is late"
---
id: this-year
severity: error
source: { document: made }
in-force: 2020-03-01
waivable-by: region
each: commitment
expect: year of due = year of as-of
message: "{subject} is due in another year"
---
id: reached
severity: warning
source: { document: made }
each: workforce
expect: every given month of actual in-post satisfies actual in-post >= in-post
message: "fewer are in post"
"#;

fn random_packs() -> Packs {
    let mut packs = remit_framework::packs();
    let kept = [
        "ready-before-responsible",
        "one-accountable-body",
        "body-exists",
        "trust-in-system",
        "wellbeing-guardian",
        "staff-passport",
        "coordinated-workforce-planning",
    ];
    for pack in &mut packs {
        pack.files.retain(|(path, _)| match path.strip_prefix("rules/").and_then(|rule| rule.rsplit_once('.')) {
            Some((rule, _)) => kept.contains(&rule),
            None => true,
        });
    }
    let page = "# Made\n\n## Fails\n\n```remit\n```\n";
    let mut files = vec![(
        "pack.yaml".to_owned(),
        "name: made\ntitle: Made for a test\nversion: 1.0.0\ntier: nation\nextends: nhs-people-framework\nsources: { made: { title: Made } }\n".to_owned(),
    )];
    for rule in RULES.split("---\n") {
        let id = rule.lines().find_map(|line| line.strip_prefix("id: ")).expect("an id");
        files.push((format!("rules/{id}.yaml"), rule.trim_start().to_owned()));
        files.push((format!("rules/{id}.md"), page.to_owned()));
    }
    packs.push(PackFiles { path: "made".to_owned(), files });
    Packs::load(&packs).unwrap_or_else(|errors| panic!("{:#?}", errors.problems))
}

/// A short plan with something dated in every statement: month ends, a leap day, a year's end among them.
fn random_plan(random: &mut Random) -> String {
    const DAYS: [&str; 14] = [
        "2020-01-31",
        "2020-02-01",
        "2020-02-27",
        "2020-02-28",
        "2020-02-29",
        "2020-03-01",
        "2020-03-02",
        "2020-03-14",
        "2020-03-30",
        "2020-03-31",
        "2020-04-01",
        "2020-01-15",
        "2018-02-28",
        "2020-04-10",
    ];
    let mut text = String::from("plan \"Random\" for QHM {\n");
    if random.between(0, 3) > 0 {
        let edition = random.pick(&["2019", "2021", "2023"]);
        let _ = writeln!(text, "  framework nhs-people-framework {edition}");
    }
    text.push_str("  horizon 2019/20 to 2020/21\n");
    if random.between(0, 2) > 0 {
        let _ = writeln!(text, "  submitted {}", random.pick(&DAYS));
    }
    text.push_str("}\nsystem QHM in north-east-and-yorkshire\n");
    let day = |random: &mut Random| random.pick(&DAYS);
    for nth in 0..random.between(1, 3) {
        let _ = write!(text, "commitment c{nth} \"Do it\" {{ on staff-experience; due {}", day(random));
        text.push_str(if random.between(0, 1) == 0 { "; owner QHM }\n" } else { " }\n" });
    }
    if random.between(0, 1) == 0 {
        let _ = writeln!(
            text,
            "responsibility workforce-planning {{\n  accountable north-east-and-yorkshire until 2020-02-29\n  accountable QHM from 2020-03-01\n}}"
        );
        for nth in 0..random.between(0, 2) {
            let level = random.pick(&["emerging", "developing", "maturing", "thriving"]);
            let _ = writeln!(
                text,
                "readiness workforce-planning {{\n  level {level}\n  assessed {} by north-east-and-yorkshire\n  evidence e{nth}\n}}\nevidence e{nth} \"Seen\" {{ dated {}; valid {} months }}",
                day(random),
                day(random),
                random.between(1, 30)
            );
        }
        if random.between(0, 1) == 0 {
            let _ = writeln!(
                text,
                "waiver ready-before-responsible for workforce-planning {{\n  until {}\n  because \"So it is\"\n  approved {} by nhs-england\n}}",
                day(random),
                day(random)
            );
        }
    }
    for rule in ["due-is-to-come", "this-year"] {
        if random.between(0, 1) == 0 {
            let _ = writeln!(
                text,
                "waiver {rule} for c{} {{\n  until {}\n  because \"So it is\"\n  approved {} by north-east-and-yorkshire\n}}",
                random.between(0, 1),
                day(random),
                day(random)
            );
        }
    }
    if random.between(0, 1) == 0 {
        text.push_str("organisation RNL { wellbeing-guardian \"Chair\" }\n");
    }
    if random.between(0, 1) == 0 {
        let _ = writeln!(
            text,
            "workforce registered-nursing {{\n  unit wte\n  month 2020-01 2020-02 2020-03\n  in-post 100 101 102\n  actual in-post {} {} {}\n}}",
            random.between(99, 103),
            random.between(99, 103),
            random.between(99, 103)
        );
    }
    text
}

#[test]
fn five_hundred_random_plans_change_on_the_days_that_a_check_of_each_day_shows() {
    let packs = random_packs();
    let days = |first: &str, last: &str| Days { first: first.parse().expect("a day"), last: last.parse().expect("a day") };
    let (mut changes, mut checks, mut asked) = (0, 0, 0);
    for seed in 0..500 {
        let mut random = Random::new(seed, "calendar");
        let texts = vec![("plan.remit".to_owned(), random_plan(&mut random))];
        // A few weeks in detail, the weeks in which most happens; a different stretch for each plan.
        let first = Duration::Days(random.between(0, 50) as i32).after("2020-01-29".parse().expect("a day")).expect("a day");
        let days = match seed % 50 {
            0 => days("2020-01-14", "2020-04-12"),
            _ => Days { first, last: Duration::Days(7).after(first).expect("a day") },
        };
        let found = told(&texts, &packs, days);
        for day in each(days) {
            assert_eq!(by_calendar(&found, day), on(&texts, &packs, day), "seed {seed} on {day}:\n{}", texts[0].1);
        }
        changes += found.turns.iter().map(|turning| turning.changes.len()).sum::<usize>();
        checks += found.checks;
        asked += days.count();
    }
    assert!(changes > 300, "the plans hardly change: {changes}");
    assert!((checks as i64) < asked, "{checks} checks for {asked} days");
}

/// The picture in the README is the one that is drawn today.
#[test]
fn the_picture_shows_the_calendar() {
    let words = "calendar examples/north-east-and-north-cumbria-2019 --from 2019-04-01 --format svg";
    let (drawn, code) = crate::cli::printed(words);
    assert_eq!(code, 0);
    let path = case::root().join("docs/calendar.svg");
    if std::env::var_os("REMIT_BLESS").is_some() {
        fs::write(&path, &drawn).unwrap();
    } else {
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == drawn, "docs/calendar.svg is not what `remit {words}` draws (REMIT_BLESS=1 draws it)");
    }
    for loads in ["href", "url(", "@import", "<script", "<image"] {
        assert!(!drawn.contains(loads), "the picture loads something: {loads}");
    }
}

/// What calendar programs are given is what a program of others reads in it.
#[test]
fn calendar_programs_read_every_day() {
    use icalendar::{Calendar as Read, CalendarComponent, Component, DatePerhapsTime};
    let plan = "examples/north-east-and-north-cumbria-2019 --from 2019-04-01";
    let (text, code) = crate::cli::printed(&format!("calendar {plan} --format ics"));
    assert_eq!(code, 0);
    assert!(text.ends_with("END:VCALENDAR\r\n") && !text.replace("\r\n", "").contains(['\r', '\n']), "lines end with CR LF");
    for line in text.split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
    }
    assert_eq!(text, crate::cli::printed(&format!("calendar {plan} --format ics")).0);
    let (json, _) = crate::cli::printed(&format!("calendar {plan} --format json"));
    let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let mut wanted: Vec<String> = ["changes", "dates"]
        .iter()
        .flat_map(|list| json["calendars"][0][list].as_array().expect("a list"))
        .map(|one| one["day"].as_str().expect("a day").to_owned())
        .collect();
    wanted.sort();
    let read: Read = text.parse().expect("iCalendar");
    let mut found = Vec::new();
    let mut names = std::collections::BTreeSet::new();
    for component in &read.components {
        let CalendarComponent::Event(event) = component else { panic!("{component:?} is no event") };
        assert!(names.insert(event.get_uid().expect("a name").to_owned()), "two events are called {:?}", event.get_uid());
        assert!(event.get_summary().expect("a summary").starts_with("QHM: "));
        let (Some(DatePerhapsTime::Date(start)), Some(DatePerhapsTime::Date(end))) = (event.get_start(), event.get_end()) else {
            panic!("{event:?} does not last a day");
        };
        assert_eq!(start.succ_opt(), Some(end));
        assert_eq!(event.property_value("DTSTAMP"), Some("20190401T000000Z"));
        found.push(start.to_string());
    }
    found.sort();
    assert!(found.len() > 30 && found == wanted, "{found:?} are not {wanted:?}");
}

/// What programs are given keeps to its schema.
#[test]
fn programs_are_given_what_the_schema_says() {
    let schema = serde_json::from_str(&crate::cli::printed("schema calendar").0).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    let (json, _) = crate::cli::printed("calendar examples --from 2019-04-01 --until 2031-03-31 --format json");
    let json = serde_json::from_str(&json).expect("JSON");
    let errors: Vec<String> = validator.iter_errors(&json).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert!(json["calendars"].as_array().is_some_and(|all| all.len() > 5));
}

#[test]
fn days_that_cannot_be_are_said() {
    use crate::cli::Folder;
    let folder = Folder::with(&[("plan.remit", "plan \"Ours\" for QHM {\n  framework nhs-people-framework 2019\n}\n")]);
    let told = folder.remit("calendar");
    assert_eq!(told.code, 2);
    assert!(
        told.err.contains("the horizon of `plan.remit` is not known") || told.err.contains("the horizon of `.` is not known"),
        "{}",
        told.err
    );
    assert_eq!(folder.remit("calendar --from 2020-01-01 --until 2020-12-31").code, 0);
    let told = folder.remit("calendar --from 2020-01-02 --until 2020-01-01");
    assert_eq!(told.code, 2);
    assert!(told.err.contains("would end on 2020-01-01 before it begins on 2020-01-02"), "{}", told.err);
    assert_eq!(folder.remit("calendar --from 2020-01-01 --until 2020-12-31 --output plan.remit").code, 2);
}

/// Every output on the page is what the program prints for the plan on it.
#[test]
fn the_page_on_time_shows_what_is_printed() {
    use crate::cli::Folder;
    let path = case::root().join("docs/time.md");
    let page = fs::read_to_string(&path).unwrap();
    let block = |mark: &str| page.split_once(mark).and_then(|(_, rest)| rest.split_once("```")).expect("a block").0;
    let plan = block("```remit\n");
    let folder = Folder::with(&[("plan.remit", plan), ("changed.remit", &plan.replace("maturing", "developing"))]);
    let mut shown = String::new();
    let mut rest = page.as_str();
    while let Some((before, after)) = rest.split_once("```text\n") {
        let (kept, after) = after.split_once("```").expect("an end");
        let _ = writeln!(shown, "{before}```text");
        for command in kept.lines().filter(|line| line.starts_with("$ remit ")) {
            let told = folder.remit(command.trim_start_matches("$ remit "));
            let _ = write!(shown, "{command}\n{}{}", told.out, told.err);
        }
        shown.push_str("```");
        rest = after;
    }
    shown.push_str(rest);
    if std::env::var_os("REMIT_BLESS").is_some() {
        fs::write(&path, &shown).unwrap();
    } else {
        assert!(shown == page, "docs/time.md does not show what is printed now (REMIT_BLESS=1 writes it)");
    }
    assert!(shown.contains("The same, to the byte") && shown.contains("has changed"), "{shown}");
}

/// The cases of `tests/calendar/cases.md`: a plan, and the days on which its verdicts change.
#[test]
fn the_cases_change_on_their_days() {
    let path = case::root().join("tests/calendar/cases.md");
    let markdown = fs::read_to_string(&path).unwrap();
    let packs = case::packs_with(&case::SUITE_RULES);
    let mut written = String::new();
    let mut count = 0;
    for (nth, section) in markdown.split("\n## ").enumerate() {
        if nth == 0 {
            written.push_str(section);
            continue;
        }
        let (head, rest) = section.split_once("```remit\n").expect("a plan");
        let plan = rest.split_once("```").expect("an end").0;
        let header = "plan \"Example\" for QHM {\n  framework nhs-people-framework 2019\n  horizon 2019/20 to 2023/24\n  baseline 2018/19\n  submitted 2019-09-27\n}\n";
        let text = if plan.starts_with("plan ") { plan.to_owned() } else { format!("{header}{plan}") };
        let texts = vec![("plan.remit".to_owned(), text)];
        let days = Days { first: "2019-09-27".parse().expect("a day"), last: "2024-03-31".parse().expect("a day") };
        let found = told(&texts, &packs, days);
        let mut changes = String::new();
        for turning in &found.turns {
            for change in &turning.changes {
                let state = |state: Option<State>| {
                    state.map_or("-".to_owned(), |state| format!("{} {}", state.verdict.word(), state.severity.word()))
                };
                let mut why: Vec<String> = change.because.iter().map(|turn| format!("{:?}", turn.cause)).collect();
                why.dedup();
                let rule = change.finding.problem.rule.rsplit('/').next().unwrap_or("");
                let _ = writeln!(
                    changes,
                    "{} {} → {} [{rule}] {}: {}",
                    turning.day,
                    state(change.before),
                    state(change.after),
                    change.finding.subject,
                    why.join(", ")
                );
            }
            // The day before, the day and the day after, by a check of each.
            for day in [day_before(turning.day), Some(turning.day), day_after(turning.day)].into_iter().flatten() {
                assert_eq!(by_calendar(&found, day), on(&texts, &packs, day), "{head} on {day}");
            }
        }
        let _ = write!(written, "\n## {head}```remit\n{plan}```\n\n```changes\n{changes}```\n");
        count += 1;
    }
    if std::env::var_os("REMIT_BLESS").is_some() {
        fs::write(&path, &written).unwrap();
    } else {
        assert!(written == markdown, "tests/calendar/cases.md says otherwise (REMIT_BLESS=1 writes it):\n{written}");
    }
    assert!(count > 8);
}
