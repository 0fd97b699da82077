//! Faults of rules themselves: cases as data in `tests/pack-check/`, each with the plan that shows it, which is checked again here.

use std::fmt::Write as _;
use std::{env, fs};

use remit_core::packs::{PackFiles, Packs};
use remit_core::reason::{self, Review};

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

#[test]
fn every_planted_fault_is_found_with_a_plan_that_shows_it() {
    let mut differences = String::new();
    let mut planted = 0;
    for path in case::files(&case::root().join("tests/pack-check"), ".md") {
        let markdown = fs::read_to_string(&path).unwrap();
        let mut blessed = String::new();
        let mut pieces = markdown.split("```yaml\n");
        blessed.push_str(pieces.next().unwrap());
        for piece in pieces {
            let (rules, rest) = piece.split_once("```\n").unwrap();
            let (expected, rest) =
                match rest.trim_start_matches('\n').strip_prefix("```faults\n").map(|rest| rest.split_once("```\n").unwrap()) {
                    Some((expected, rest)) => (expected, rest),
                    None => ("", rest),
                };
            let packs = packs(rules);
            let found = shown(&packs, &reason::review(&packs));
            planted += found.lines().filter(|line| line.starts_with("pack/")).count();
            if found != expected {
                let _ = writeln!(differences, "{}\n{rules}expected\n{expected}found\n{found}", path.display());
            }
            let _ = write!(blessed, "```yaml\n{rules}```\n\n```faults\n{found}```\n{rest}");
        }
        if env::var_os("REMIT_BLESS").is_some() {
            fs::write(&path, blessed).unwrap();
            differences.clear();
        }
    }
    assert!(differences.is_empty(), "{differences}");
    assert!(planted >= 20, "only {planted} faults are planted");
}

#[test]
fn the_shipped_packs_have_no_fault() {
    let packs = case::packs();
    let review = reason::review(&packs);
    assert!(review.faults.is_empty(), "{}", shown(&packs, &review));
}
