//! Faults of rules themselves: cases as data in `tests/pack-check/`, each with the plan that shows it, which is checked again here.

use std::fmt::Write as _;
use std::{env, fs};

use remit_core::packs::{PackFiles, Packs};
use remit_core::reason::{self, FaultSort, Review};

use crate::case;

const HEAD: &str = "name: local\ntitle: A pack of ours\nversion: 1.0.0\ntier: region\nextends: nhs-people-framework\nsources:\n  ours: { title: A paper of ours }\n";

/// The words of the framework without its rules, and rules of ours: each a YAML document, to which what every rule needs is added.
fn packs(rules: &str) -> Packs {
    let mut packs = remit_framework::packs();
    for pack in &mut packs {
        pack.files.retain(|(path, _)| !path.starts_with("rules/"));
    }
    let mut files = vec![("pack.yaml".to_owned(), HEAD.to_owned())];
    for rule in rules.split("---\n") {
        let id = rule.lines().find_map(|line| line.strip_prefix("id: ")).expect("a rule has an id");
        let mut text = rule.to_owned();
        for (key, line) in
            [("severity", "severity: error"), ("source", "source: { document: ours }"), ("message", "message: it does not hold")]
        {
            if !rule.lines().any(|line| line.starts_with(&format!("{key}:"))) {
                text = format!("{text}{line}\n");
            }
        }
        files.push((format!("rules/{id}.yaml"), text));
        files.push((format!("rules/{id}.md"), format!("# Of {id}\n\nWhy it is there.\n")));
    }
    packs.push(PackFiles { path: "local".to_owned(), files });
    Packs::load(&packs).unwrap_or_else(|errors| panic!("{:#?}\n{rules}", errors.problems))
}

/// What was found: each fault with its words, what its plan shows, and the plan.
fn shown(packs: &Packs, review: &Review) -> String {
    let mut text = String::new();
    for fault in &review.faults {
        let problem = &fault.problem;
        let rules: Vec<&str> = fault.rules.iter().map(|rule| rule.rsplit('/').next().unwrap()).collect();
        let _ = writeln!(text, "{} [{}] \"{}\" {}", problem.rule, rules.join(", "), words(packs, problem.span), problem.message);
        for label in &problem.labels {
            let _ = writeln!(text, "  \"{}\" {}", words(packs, label.span), label.message);
        }
        match &fault.witness {
            Some((witness, what)) => {
                let _ = writeln!(text, "  {what}, as of {}:", witness.as_of);
                witness.text.lines().for_each(|line| {
                    let _ = writeln!(text, "{}", format!("  | {line}").trim_end());
                });
            }
            None => text.push_str("  no plan shows it\n"),
        }
    }
    for question in &review.undecided {
        let _ = writeln!(text, "undecided: {question}");
    }
    text
}

fn words(packs: &Packs, span: remit_core::source::Span) -> String {
    packs.sources.words(span).replace('\n', "⏎")
}

/// How two versions differ, with the plans that tell them apart.
fn differences(old: &Packs, new: &Packs) -> String {
    let mut text = String::new();
    for difference in reason::differences(old, new) {
        for change in difference.changes {
            let _ = writeln!(text, "{} {}: {}", difference.rule.rsplit('/').next().unwrap(), change.way.word(), change.what);
            for line in change.witness.iter().flat_map(|witness| witness.text.lines()) {
                let _ = writeln!(text, "{}", format!("  | {line}").trim_end());
            }
        }
    }
    text
}

/// Holds what follows each group of so many YAML blocks to what is written in the block of that name, or writes it.
pub(crate) fn hold(folder: &str, group: usize, block: &str, found: &mut dyn FnMut(&[&str]) -> String) {
    let mut told = String::new();
    for path in case::files(&case::root().join(folder), ".md") {
        let markdown = fs::read_to_string(&path).unwrap();
        let mut blessed = String::new();
        let mut rest = markdown.as_str();
        while let Some(start) = rest.find("```yaml\n") {
            let mut yaml = Vec::new();
            let mut end = start;
            for _ in 0..group {
                let from = end + rest[end..].find("```yaml\n").expect("another block") + "```yaml\n".len();
                let to = from + rest[from..].find("```\n").expect("the block is closed");
                yaml.push(&rest[from..to]);
                end = to + "```\n".len();
            }
            let found = found(&yaml);
            let opening = format!("```{block}\n");
            let written = rest[end..].trim_start_matches('\n').strip_prefix(&opening).map(|text| text.split_once("```\n").unwrap());
            let (expected, after) = written.unwrap_or(("", &rest[end..]));
            if found != expected {
                let _ = writeln!(told, "{}\n{}expected\n{expected}found\n{found}", path.display(), yaml.join("---\n"));
            }
            let _ = write!(blessed, "{}\n{opening}{found}```\n", &rest[..end]);
            rest = after;
        }
        blessed.push_str(rest);
        if env::var_os("REMIT_BLESS").is_some() {
            fs::write(&path, blessed).unwrap();
            told.clear();
        }
    }
    assert!(told.is_empty(), "{told}");
}

#[test]
fn every_difference_is_told_with_a_plan_that_shows_it() {
    hold("tests/pack-diff", 2, "differences", &mut |yaml| differences(&packs(yaml[0]), &packs(yaml[1])));
}

#[test]
fn every_planted_fault_is_found_with_a_plan_that_shows_it() {
    let mut planted = 0;
    hold("tests/pack-check", 1, "faults", &mut |yaml| {
        let packs = packs(yaml[0]);
        let review = reason::review(&packs);
        planted += review.faults.len();
        shown(&packs, &review)
    });
    assert!(planted >= 20, "only {planted} faults are planted");
}

#[test]
fn the_shipped_packs_have_no_fault() {
    let packs = case::packs();
    let review = reason::review(&packs);
    assert!(review.faults.is_empty(), "{}", shown(&packs, &review));
}

/// A generator of numbers, so that every run asks the same.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[self.below(words.len())]
    }
}

const DAYS: [&str; 3] = ["2025-03-31", "2025-04-01", "2025-04-02"];
const EFFECTS: [&str; 3] = ["apply", "advise", "deliver"];
const RATES: [&str; 3] = ["4%", "5%", "6%"];

fn condition(random: &mut Random, kind: &str, depth: usize) -> String {
    if depth > 0 && random.below(3) > 0 {
        let joint = random.of(&["and", "or"]);
        let (one, other) = (condition(random, kind, depth - 1), condition(random, kind, depth - 1));
        let not = if random.below(4) == 0 { "not " } else { "" };
        return format!("{not}({one} {joint} {other})");
    }
    let sign = random.of(&["=", "!=", "<", "<=", ">", ">="]);
    match (kind, random.below(4)) {
        ("commitment", 0) => format!("due {sign} {}", random.of(&DAYS)),
        ("commitment", 1) => format!("{} is {}given", random.of(&["due", "sro", "effect"]), random.of(&["", "not "])),
        ("commitment", 2) => format!("effect {} {}", random.of(&["=", "!="]), random.of(&EFFECTS)),
        ("commitment", _) => format!("effect in [{}, {}]", random.of(&EFFECTS), random.of(&EFFECTS)),
        (_, 0) => format!("vacancy-rate in 2027/28 {sign} {}", random.of(&RATES)),
        (_, 1) => format!("turnover in 2027/28 {sign} vacancy-rate in 2027/28"),
        (_, 2) => format!("turnover in 2027/28 - vacancy-rate in 2027/28 {sign} {} points", random.of(&["0", "1", "2"])),
        _ => format!("every year of vacancy-rate satisfies vacancy-rate {sign} (turnover otherwise 5%)"),
    }
}

/// Every statement of a kind there is, over a few values that tell the limits apart.
fn statements(kind: &str) -> Vec<String> {
    let optional = |words: &[&str]| -> Vec<Option<String>> {
        std::iter::once(None).chain(words.iter().map(|word| Some((*word).to_owned()))).collect()
    };
    let mut found = Vec::new();
    if kind == "commitment" {
        for due in optional(&DAYS) {
            for effect in optional(&EFFECTS) {
                for sro in optional(&["\"Chief nurse\""]) {
                    let line =
                        |name: &str, value: &Option<String>| value.as_ref().map_or_else(String::new, |value| format!("  {name} {value}\n"));
                    found.push(format!("commitment c {{\n{}{}{}}}\n", line("due", &due), line("effect", &effect), line("sro", &sro)));
                }
            }
        }
    } else {
        for rate in optional(&RATES) {
            for turnover in optional(&["3%", "4%", "5%", "7%"]) {
                let cell = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
                found.push(format!(
                    "workforce midwifery {{\n  unit wte\n  year 2027/28\n  vacancy-rate {}\n  turnover {}\n}}\n",
                    cell(&rate),
                    cell(&turnover)
                ));
            }
        }
    }
    found
}

#[test]
fn what_is_said_of_random_rules_is_true_of_every_statement() {
    let mut random = Random(20_190_603);
    let (mut claims, mut asked, mut undecided) = (0, 0, 0);
    for round in 0..60 {
        let kind = if round % 2 == 0 { "commitment" } else { "workforce" };
        let rules: Vec<String> = ["one", "other"]
            .iter()
            .map(|id| {
                let (condition, expect) = (condition(&mut random, kind, 1), condition(&mut random, kind, 2));
                format!("id: {id}\neach: {kind}\nwhere: {condition}\nexpect: {expect}\n")
            })
            .collect();
        let text = rules.join("---\n");
        let packs = packs(&text);
        let review = reason::review(&packs);
        asked += review.asked;
        undecided += review.undecided.len();
        for statement in statements(kind) {
            let plan = format!(
                "plan \"Example\" for example-system {{\n  horizon 2027/28\n}}\nsystem example-system \"An example\" in midlands\n{statement}"
            );
            let witness = reason::Witness { text: plan, as_of: "2025-06-30".parse().unwrap() };
            let counts = witness.counts(&packs).expect("the statement is read");
            let count = |rule: &str| counts.iter().find(|count| count.rule == rule).unwrap();
            for fault in &review.faults {
                let first = count(&fault.rules[0]);
                let second = fault.rules.get(1).map(|rule| count(rule));
                let refuted = match fault.sort {
                    FaultSort::NeverMatches => first.passed + first.failed > 0,
                    FaultSort::Impossible => first.passed > 0,
                    FaultSort::CannotFail => first.failed > 0,
                    FaultSort::Contradictory => first.passed > 0 && second.is_some_and(|second| second.passed > 0),
                    FaultSort::Shadowed => first.failed > 0 && second.is_some_and(|second| second.failed == 0),
                    FaultSort::Redundant => second.is_some_and(|second| (first.failed > 0) != (second.failed > 0)),
                    FaultSort::IdlePart | FaultSort::ReservedAndGated => false,
                };
                assert!(!refuted, "{:?} of {:?} is refuted by\n{statement}{text}", fault.sort, fault.rules);
            }
        }
        claims += review.faults.len();
    }
    assert!(claims > 40, "the rules are too tame: {claims} faults");
    assert!(undecided * 20 < asked, "{undecided} of {asked} questions could not be decided");
}
