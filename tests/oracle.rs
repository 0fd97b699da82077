//! The checker against a reference that was written from the design alone: thousands of plans from a seed, and twenty worked by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;
use std::{env, fs};

use remit_core::check::{Analysis, PlanFile, PlanText, analyze};
use remit_core::outlook::calendar::calendar;
use remit_core::outlook::outcomes::outcomes;
use remit_core::packs::Packs;
use remit_core::problem::{Finding, Severity, Verdict};
use remit_core::source::Sources;
use remit_core::time::Days;

use crate::case;
use crate::hostile::Random;
use crate::oracle::days::{Day, Span};
use crate::oracle::draft::{Draft, OUTCOMES, RULES, draft};
use crate::oracle::read::read;
use crate::oracle::reference::{Outcome, covered, found, found_beside, runs};

mod days;
mod draft;
mod read;
mod reference;

/// What is said of waivers.
const WAIVERS: [&str; 3] = ["waiver-refused", "waiver-expired", "waiver-unused"];

/// The rules that the reference knows.
fn packs() -> &'static Packs {
    static PACKS: OnceLock<Packs> = OnceLock::new();
    PACKS.get_or_init(|| case::packs_with(&RULES))
}

/// How many plans are tried: so many, or `REMIT_TRIES` times as many.
fn tries(few: u64) -> u64 {
    few * env::var("REMIT_TRIES").ok().and_then(|tries| tries.parse().ok()).unwrap_or(1)
}

fn checked(text: &str, as_of: Day) -> Analysis {
    let file = PlanFile { path: "plan.remit".to_owned(), bytes: text.as_bytes().to_vec() };
    analyze("oracle", vec![file], packs(), as_of.to_string().parse().unwrap())
}

/// The days that a message names, in order.
fn days(message: &str) -> Vec<Day> {
    message.split(|letter: char| !letter.is_ascii_digit() && letter != '-').filter_map(|word| word.parse().ok()).collect()
}

/// What the checker found, in the reference's words: rule, subject, verdict, severity, what is underlined, and the days.
fn told(draft: &Draft, analysis: &Analysis) -> Vec<String> {
    told_of(draft, &analysis.sources, analysis.findings.iter())
}

fn told_of<'f>(draft: &Draft, sources: &Sources, findings: impl Iterator<Item = &'f Finding>) -> Vec<String> {
    let mut lines = Vec::new();
    // Where several are accountable, each finding names two; who is accountable on a day is what all of that day name.
    let mut crowds: BTreeMap<(String, &str, &str), BTreeMap<Day, BTreeSet<String>>> = BTreeMap::new();
    for finding in findings {
        let problem = &finding.problem;
        let Some(rule) = rule_of(finding) else { continue };
        let days = days(&problem.message);
        let horizon = (draft.first_day(), draft.last_day());
        let words = sources.get(problem.span.file).and_then(|source| source.text().get(problem.span.range())).unwrap_or("");
        let about = match rule {
            "ready-before-responsible" if finding.verdict == Verdict::Undetermined => words.to_owned(),
            "ready-before-responsible" => format!("{words} on {}", days[0]),
            "one-accountable-body" => match (&days[..], problem.message.split_once(" has two accountable bodies ")) {
                (&[first, ref last @ ..], Some((title, names))) => {
                    let place = ["north", "south"].into_iter().find(|place| title.ends_with(&format!(" for The {place}")));
                    let days = crowds.entry((finding.subject.clone(), verdict(finding), place.unwrap_or(""))).or_default();
                    for day in first.to(last.first().copied().unwrap_or(first)) {
                        let names = names.rsplit_once(": ").expect("two bodies").1;
                        days.entry(day).or_default().extend(names.split(", and ").map(str::to_owned));
                    }
                    continue;
                }
                (_, None) if words.contains("until") => format!("{words}: the wrong way round"),
                (&[first, last], None) => format!("nobody from {first} to {last}"),
                (&[day], None) => format!("nobody from {day} to {day}"),
                _ => format!("nobody from {} to {}", horizon.0, horizon.1),
            },
            "funding-before-commitment" => words.to_owned(),
            _ => String::new(),
        };
        let severity = match problem.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        lines.push(format!("{rule} | {} | {} {severity} | {about}", finding.subject, verdict(finding)));
    }
    for ((subject, verdict, place), days) in crowds {
        let place = if place.is_empty() { String::new() } else { format!(" for {place}") };
        for (first, last, names) in runs(days.into_iter()) {
            let names = Vec::from_iter(names).join(" and ");
            lines.push(format!("one-accountable-body | {subject} | {verdict} error | {names}{place} from {first} to {last}"));
        }
    }
    lines.sort();
    lines
}

/// The rule of a finding, where the reference knows it.
fn rule_of(finding: &Finding) -> Option<&str> {
    let rule = finding.problem.rule.split_once('/').map_or(&*finding.problem.rule, |(_, rule)| rule);
    (RULES.contains(&rule) || WAIVERS.contains(&rule)).then_some(rule)
}

fn verdict(finding: &Finding) -> &'static str {
    match finding.verdict {
        Verdict::Undetermined => "undetermined",
        Verdict::Waived => "waived",
        _ => "fail",
    }
}

/// What one finds and the other does not, as of the draft's day.
fn difference(draft: &Draft) -> Option<String> {
    let text = draft.text();
    let checker = told(draft, &checked(&text, draft.as_of));
    let reference = found(draft, draft.as_of, None);
    (checker != reference).then(|| {
        let only = |these: &[String], those: &[String]| {
            these.iter().filter(|line| !those.contains(line)).map(|line| format!("  {line}\n")).collect::<String>()
        };
        format!("{text}\nonly the checker finds\n{}only the reference finds\n{}", only(&checker, &reference), only(&reference, &checker))
    })
}

/// The smallest plan that still differs.
fn shrunk(draft: Draft, differs: &dyn Fn(&Draft) -> Option<String>) -> Option<String> {
    let mut draft = draft;
    while let Some(simpler) = draft.simpler().into_iter().find(|simpler| differs(simpler).is_some()) {
        draft = simpler;
    }
    differs(&draft)
}

#[test]
fn random_plans_find_what_the_design_says() {
    let mut found_by_rule: BTreeMap<String, usize> = BTreeMap::new();
    let mut differences = Vec::new();
    for seed in 1..=tries(3_000) {
        let draft = draft(&mut Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)));
        for line in found(&draft, draft.as_of, None) {
            let mut parts = line.split(" | ");
            let (rule, verdict) = (parts.next().unwrap_or(""), parts.nth(1).unwrap_or(""));
            *found_by_rule.entry(format!("{rule} {verdict}")).or_default() += 1;
        }
        if difference(&draft).is_some() {
            differences.push(format!("seed {seed}\n{}", shrunk(draft, &difference).unwrap()));
        }
        if differences.len() >= 12 {
            break;
        }
    }
    differences.sort_by_key(String::len);
    assert!(differences.is_empty(), "{}", differences.join("\n----\n"));
    // Drafts that found nothing of some sort would agree on it, and show nothing.
    for rule in RULES {
        for verdict in ["fail warning", "waived"] {
            let count: usize =
                found_by_rule.iter().filter(|(what, _)| what.starts_with(&format!("{rule} {verdict}"))).map(|(_, count)| count).sum();
            assert!(count >= 10, "{rule} {verdict}: {found_by_rule:#?}");
        }
    }
    assert!(found_by_rule.get("ready-before-responsible undetermined error").is_some_and(|count| *count >= 50), "{found_by_rule:#?}");
}

/// How long the calendars are that are compared.
const WINDOW: usize = 1_200;

/// The days of a window on which the calendar says that something changes, and on which what the reference finds is not what it found the day before.
fn turns(draft: &Draft) -> (BTreeSet<Day>, BTreeSet<Day>) {
    let days: Vec<Day> =
        std::iter::successors(Some(draft.first_day().back(Span::Months(12))), |day| Some(day.next())).take(WINDOW).collect();
    let texts = [PlanText::new("plan.remit", draft.text())];
    let (first, last) = (days[0].to_string().parse().unwrap(), days[WINDOW - 1].to_string().parse().unwrap());
    let calendar = calendar("plan.remit", &texts, packs(), Days { first, last }).expect("a calendar");
    let of_known = calendar.turns.iter().filter(|turn| turn.changes.iter().any(|change| rule_of(&change.finding).is_some()));
    let told = of_known.map(|turn| turn.day.to_string().parse().unwrap()).collect();
    let covered = covered(draft);
    let on = |day: &Day| found_beside(draft, *day, None, covered.clone());
    let changed = days.windows(2).filter(|pair| on(&pair[0]) != on(&pair[1])).map(|pair| pair[1]).collect();
    (told, changed)
}

fn calendars_differ(draft: &Draft) -> Option<String> {
    let (told, changed) = turns(draft);
    let listed = |days: &BTreeSet<Day>| days.iter().map(|day| format!("  {day}\n")).collect::<String>();
    (told != changed).then(|| format!("{}\nthe calendar turns on\n{}the reference on\n{}", draft.text(), listed(&told), listed(&changed)))
}

#[test]
fn calendars_turn_on_the_days_of_the_reference() {
    let mut turned = 0;
    let mut differences = Vec::new();
    for seed in 1..=tries(250) {
        let draft = draft(&mut Random(seed.wrapping_mul(0xD1B5_4A32_D192_ED03)));
        let (told, changed) = turns(&draft);
        turned += changed.len();
        if told != changed {
            differences.push(format!("seed {seed}\n{}", shrunk(draft, &calendars_differ).unwrap()));
        }
        if differences.len() >= 6 {
            break;
        }
    }
    differences.sort_by_key(String::len);
    assert!(differences.is_empty(), "{}", differences.join("\n----\n"));
    assert!(turned >= 100, "verdicts turn on {turned} days only");
}

/// Every outcome of the money that plans wait for.
fn every_outcome() -> impl Iterator<Item = Outcome> {
    (0..1 << OUTCOMES.len()).map(|bits: usize| OUTCOMES.iter().enumerate().map(|(at, name)| (*name, bits & (1 << at) != 0)).collect())
}

fn outcomes_differ(draft: &Draft) -> Option<String> {
    let text = draft.text();
    let found = outcomes("plan.remit", &[PlanText::new("plan.remit", text.clone())], packs(), draft.as_of.to_string().parse().unwrap());
    assert!(found.undecided.is_empty());
    every_outcome().find_map(|outcome| {
        let holds = |cases: &[Vec<(usize, bool)>]| {
            cases.iter().any(|case| case.iter().all(|(stream, arrives)| outcome[&*found.streams[*stream].name] == *arrives))
        };
        let here = found.sometimes.iter().filter(|one| holds(&one.when)).map(|one| &one.finding);
        let checker = told_of(draft, &found.sources, found.always.iter().chain(here));
        let reference = crate::oracle::reference::found(draft, draft.as_of, Some(&outcome));
        (checker != reference).then(|| {
            format!(
                "{text}\nwith {outcome:?}\nthe checker finds\n  {}\nthe reference\n  {}\n",
                checker.join("\n  "),
                reference.join("\n  ")
            )
        })
    })
}

#[test]
fn outcomes_are_those_of_the_reference() {
    let mut waiting = 0;
    let mut differences = Vec::new();
    for seed in 1..=tries(400) {
        let draft = draft(&mut Random(seed.wrapping_mul(0xA24B_AED4_963E_E407)));
        waiting += usize::from(draft.text().contains("subject-to"));
        if outcomes_differ(&draft).is_some() {
            differences.push(format!("seed {seed}\n{}", shrunk(draft, &outcomes_differ).unwrap()));
        }
        if differences.len() >= 6 {
            break;
        }
    }
    differences.sort_by_key(String::len);
    assert!(differences.is_empty(), "{}", differences.join("\n----\n"));
    assert!(waiting >= 100, "{waiting} plans wait for money");
}

/// The rows of the table: a plan's name, the day, and what is found.
fn worked() -> Vec<(String, Day, Vec<String>)> {
    let page = fs::read_to_string(case::root().join("docs/worked-cases.md")).unwrap();
    let rows = page.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| |"));
    let row = |line: &str| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let plan = cells[2].split_once(['[', ']']).and_then(|(_, rest)| rest.split_once(']')).expect("a link to a plan").0;
        let mut found: Vec<String> = cells[4].split("<br>").filter(|found| *found != "nothing").map(str::to_owned).collect();
        found.sort();
        (plan.to_owned(), cells[3].parse().expect("a day"), found)
    };
    rows.map(row).collect()
}

/// A line of what is found, as the table has it.
fn in_table(lines: Vec<String>) -> Vec<String> {
    let mut lines: Vec<String> = lines.iter().map(|line| line.trim_end_matches([' ', '|']).replace(" | ", ", ")).collect();
    lines.sort();
    lines
}

#[test]
fn the_cases_worked_by_hand() {
    let folder = case::root().join("docs/worked-cases");
    let worked = worked();
    assert!(worked.len() >= 20, "{} cases", worked.len());
    let mut unused: BTreeSet<String> =
        case::files(&folder, ".remit").iter().map(|path| path.file_stem().unwrap().to_string_lossy().into()).collect();
    let mut differences = String::new();
    for (plan, as_of, expected) in worked {
        let text = fs::read_to_string(folder.join(format!("{plan}.remit"))).unwrap();
        let draft = read(&text, as_of);
        for (who, found) in [("the checker", told(&draft, &checked(&text, as_of))), ("the reference", found(&draft, as_of, None))] {
            let found = in_table(found);
            if found != expected {
                differences += &format!("{plan} as of {as_of}: by hand\n  {}\n{who}\n  {}\n", expected.join("\n  "), found.join("\n  "));
            }
        }
        unused.remove(&plan);
    }
    assert!(differences.is_empty(), "{differences}");
    assert!(unused.is_empty(), "no case has {unused:?}");
}
