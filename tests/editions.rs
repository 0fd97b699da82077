//! Editions: which one a plan is checked against, which rules then stand, and what packs may say of them.

use remit_core::check::{PlanFile, analyze};
use remit_core::packs::Packs;

use crate::case;
use crate::packs::{HEAD, PAGE, all, check, errors_of, errors_of_rule, with};

const EDITIONS: &str =
    "editions:\n  first: 2020-01-01\n  second: 2022-01-01\n  third: { title: The third, source: ours, from: no date published }\n";

/// A plan for a system of its own, written to an edition of the pack `local`.
fn plan(framework: &str, submitted: &str) -> String {
    format!(
        "plan \"P\" for somewhere {{\n  framework {framework}\n  horizon 2019/20 to 2023/24\n  submitted {submitted}\n}}\nsystem somewhere \"Somewhere\" in midlands\n"
    )
}

/// The message of what the pack's rules find, and how they were counted.
fn found(rules: &[(&str, &str)], framework: &str, submitted: &str, as_of: &str) -> String {
    let head = format!("{HEAD}{EDITIONS}");
    let mut files = vec![("pack.yaml", head.as_str())];
    let pages: Vec<String> = rules.iter().map(|(id, _)| format!("rules/{id}.md")).collect();
    let yaml: Vec<(String, String)> = rules.iter().map(|(id, text)| (format!("rules/{id}.yaml"), (*text).to_owned())).collect();
    for (page, (path, text)) in pages.iter().zip(&yaml) {
        files.push((page, PAGE));
        files.push((path, text));
    }
    let analysis = check(&with(&files), &plan(framework, submitted), as_of);
    let mut text = String::new();
    for finding in analysis.findings.iter().filter(|finding| finding.problem.rule.starts_with("local/")) {
        text.push_str(&format!("{} {} {}\n", finding.problem.severity.word(), finding.problem.rule, finding.problem.message));
    }
    for count in analysis.rules.iter().filter(|count| count.rule.starts_with("local/")) {
        text.push_str(&format!("{}: {} asked, {} not in edition\n", count.rule, count.matched, count.not_in_edition));
    }
    text
}

fn rule(id: &str, lines: &str) -> String {
    format!("id: {id}\nseverity: error\nsource: {{ document: ours }}\nmessage: no owner\neach: plan\nexpect: owner is given\n{lines}")
}

#[test]
fn only_the_rules_of_the_plans_edition_are_asked() {
    let asked = |editions: &str, framework: &str| {
        let rule = rule("ours", editions);
        found(&[("ours", &rule)], framework, "2022-06-01", "2022-06-01")
    };
    let fails = "error local/ours no owner\nlocal/ours: 1 asked, 0 not in edition\n";
    let silent = "local/ours: 0 asked, 1 not in edition\n";
    all(vec![
        ("without a word, in every edition: the first", asked("", "local first"), fails),
        ("without a word, in every edition: the last", asked("", "local third"), fails),
        ("one edition", asked("editions: second\n", "local second"), fails),
        ("before it", asked("editions: second\n", "local first"), silent),
        ("after it", asked("editions: second\n", "local third"), silent),
        ("since", asked("editions: since second\n", "local third"), fails),
        ("before since", asked("editions: since second\n", "local first"), silent),
        ("until", asked("editions: until second\n", "local first"), fails),
        ("until, the last", asked("editions: until second\n", "local second"), fails),
        ("after until", asked("editions: until second\n", "local third"), silent),
        ("from one to another", asked("editions: first to second\n", "local second"), fails),
        ("after both", asked("editions: first to second\n", "local third"), silent),
        // The plan names another framework: of this one the edition in force on its day is the second.
        ("in force on the day", asked("editions: second\n", "nhs-people-framework 2021"), fails),
        ("not in force on the day", asked("editions: first\n", "nhs-people-framework 2021"), silent),
        ("no day is published for the third", asked("editions: third\n", "nhs-people-framework 2021"), silent),
        ("an edition that there is not: the one in force", asked("editions: second\n", "local secnd"), fails),
    ]);
    let day = |submitted: &str| {
        let rule = rule("ours", "editions: second\n");
        found(&[("ours", &rule)], "nhs-people-framework 2019", submitted, "2024-01-01")
    };
    all(vec![
        ("the day before the second", day("2021-12-31"), silent),
        ("the day of the second", day("2022-01-01"), fails),
        ("before the first, the first", day("2019-09-27"), silent),
    ]);
}

#[test]
fn a_later_edition_may_loosen() {
    let both = format!(
        "{}---\n{}",
        rule("ours", "editions: first\n"),
        rule("ours", "editions: since second\n").replace("severity: error", "severity: note").replace("no owner", "still no owner")
    );
    let found = |framework: &str| found(&[("ours", &both)], framework, "2022-06-01", "2022-06-01");
    all(vec![
        ("the first", found("local first"), "error local/ours no owner\nlocal/ours: 1 asked, 0 not in edition\n"),
        ("the second", found("local second"), "note local/ours still no owner\nlocal/ours: 1 asked, 0 not in edition\n"),
    ]);
    let same = format!("{}---\n{}", rule("ours", "editions: until second\n"), rule("ours", "editions: since second\n"));
    let head = format!("{HEAD}{EDITIONS}");
    let errors = errors_of(&with(&[("pack.yaml", &head), ("rules/ours.yaml", &same), ("rules/ours.md", PAGE)]));
    assert_eq!(errors, "local/rules/ours.yaml:9 \"ours\" there is a rule `local/ours` already\n");
}

/// Each rule of a name is waived where it stands, and by its own terms.
#[test]
fn a_waiver_is_judged_by_the_rule_of_the_plans_edition() {
    let both = format!(
        "{}---\n{}",
        rule("ours", "editions: first\nwaivable-by: nation\n"),
        rule("ours", "editions: since second\nwaivable-by: region\n")
    );
    let head = format!("{HEAD}{EDITIONS}");
    let packs = with(&[("pack.yaml", &head), ("rules/ours.yaml", &both), ("rules/ours.md", PAGE)]);
    let waiver = "waiver ours for plan { until 2023-01-01; because \"Later\"; approved 2022-06-01 by midlands }\n";
    let found = |edition: &str| {
        let analysis = check(&packs, &format!("{}{waiver}", plan(&format!("local {edition}"), "2022-06-01")), "2022-06-01");
        let ours = analysis.findings.iter().filter(|finding| finding.problem.rule.starts_with("local/"));
        ours.map(|finding| finding.verdict.word()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!((found("first").as_str(), found("second").as_str()), ("fail", "waived"));
}

#[test]
fn a_rule_not_yet_in_force_is_no_more_than_a_warning() {
    let from = |in_force: &str, as_of: &str| {
        let rule = rule("ours", &format!("in-force: {in_force}\n"));
        found(&[("ours", &rule)], "local first", "2022-06-01", as_of)
    };
    let count = "local/ours: 1 asked, 0 not in edition\n";
    all(vec![
        ("the day before", from("2022-07-01", "2022-06-30"), &format!("warning local/ours no owner (in force from 2022-07-01)\n{count}")),
        ("the day", from("2022-07-01", "2022-07-01"), &format!("error local/ours no owner\n{count}")),
        ("no date", from("no date published", "2099-01-01"), &format!("warning local/ours no owner (no date published)\n{count}")),
    ]);
    let note = rule("ours", "in-force: no date published\n").replace("severity: error", "severity: note");
    assert!(found(&[("ours", &note)], "local first", "2022-06-01", "2022-06-01").starts_with("note "));
}

#[test]
fn what_packs_may_say_of_editions() {
    let head = |editions: &str| errors_of(&with(&[("pack.yaml", &format!("{HEAD}editions:\n{editions}"))]));
    let of_rule = |editions: &str| errors_of_rule(&rule("ours", &format!("editions: {editions}\n")));
    all(vec![
        ("no title", head("  a: { source: ours, from: 2020-01-01 }\n"), "local/pack.yaml:9 \"source\" an edition needs `title`\n"),
        (
            "no document",
            head("  a: { title: A, source: our, from: 2020-01-01 }\n"),
            "local/pack.yaml:9 \"our\" the pack lists no document `our` | did you mean `ours`?\n",
        ),
        ("no day", head("  a: { title: A, source: ours }\n"), "local/pack.yaml:9 \"title\" an edition needs `from`\n"),
        (
            "a day that is none",
            head("  a: { title: A, source: ours, from: soon }\n"),
            "local/pack.yaml:9 \"soon\" `from` is a day such as `2019-06-03`, or `no date published`\n",
        ),
        (
            "a key that there is not",
            head("  a: { title: A, source: ours, form: 2020-01-01 }\n"),
            "local/pack.yaml:9 \"title\" an edition needs `from`\nlocal/pack.yaml:9 \"form\" an edition has no `form` | did you mean `from`?\n",
        ),
        (
            "out of order",
            head("  b: 2022-01-01\n  a: 2020-01-01\n"),
            "local/pack.yaml:10 \"a\" the edition `a` is not in force after `b`, which stands before it | list editions oldest first: each extends the one before\n",
        ),
        (
            "after one without a date",
            head("  b: { title: B, source: ours, from: no date published }\n  a: 2020-01-01\n"),
            "local/pack.yaml:10 \"a\" the edition `a` is not in force after `b`, which stands before it | list editions oldest first: each extends the one before\n",
        ),
        ("a rule in the editions of the pack that it extends", of_rule("since 2023"), "none\n"),
        (
            "an edition that there is not",
            of_rule("since 2024"),
            "local/rules/ours.yaml:7 \"since 2024\" there is no edition `2024` | did you mean `2021`?\n",
        ),
        (
            "words that say nothing",
            of_rule("from 2019 on"),
            "local/rules/ours.yaml:7 \"from 2019 on\" `from 2019 on` does not say which editions | write `2019`, `2019 to 2023`, `since 2023` or `until 2021`\n",
        ),
        (
            "the wrong way round",
            of_rule("2023 to 2019"),
            "local/rules/ours.yaml:7 \"2023 to 2019\" `2023 to 2019` ends before it begins | write the older edition first\n",
        ),
        (
            "a day that is none, of a rule",
            errors_of_rule(&rule("ours", "in-force: soon\n")),
            "local/rules/ours.yaml:7 \"soon\" `in-force` is a day such as `2019-06-03`, or `no date published`\n",
        ),
        (
            "no editions to stand in",
            errors_of(&with(&[
                ("pack.yaml", &HEAD.replace("extends: nhs-people-framework\n", "")),
                ("rules/ours.yaml", &rule("ours", "editions: 2019\n")),
                ("rules/ours.md", PAGE),
            ])),
            "local/rules/ours.yaml:7 \"2019\" there are no editions here to stand in | list `editions` in pack.yaml, or extend a pack that has some\n",
        ),
    ]);
}

/// What the fix writes is what was checked: with it, nothing is left to say of the framework.
#[test]
fn the_fix_writes_the_edition_in_force() {
    let packs = Packs::load(&remit_framework::packs()).unwrap_or_else(|errors| panic!("{:#?}", errors.problems));
    for (text, expected) in [
        (
            "plan \"P\" for QHM { horizon 2019/20 to 2023/24 }\n",
            "plan \"P\" for QHM { framework nhs-people-framework 2021; horizon 2019/20 to 2023/24 }\n",
        ),
        (
            "plan \"P\" for QHM {\n  horizon 2019/20 to 2023/24\n}\n",
            "plan \"P\" for QHM {\n  framework nhs-people-framework 2021\n  horizon 2019/20 to 2023/24\n}\n",
        ),
        ("plan \"P\" for QHM { # why\n}\n", "plan \"P\" for QHM {\n  framework nhs-people-framework 2021\n  # why\n}\n"),
        ("plan \"P\" for QHM {}\n", "plan \"P\" for QHM { framework nhs-people-framework 2021}\n"),
        ("plan \"P\" for QHM\n", "plan \"P\" for QHM {\n  framework nhs-people-framework 2021\n}\n"),
        ("plan \"P\" for QHM {\n  framework nhs-people-framework\n}\n", "plan \"P\" for QHM {\n  framework nhs-people-framework 2021\n}\n"),
    ] {
        let read = |text: &str| {
            let files = vec![PlanFile { path: "plan.remit".to_owned(), bytes: text.as_bytes().to_vec() }];
            analyze("plan.remit", files, &packs, "2022-06-01".parse().unwrap())
        };
        let analysis = read(text);
        let finding = analysis.findings.iter().find(|finding| finding.problem.rule == "remit/framework").unwrap();
        let edit = &finding.problem.fixes[0].edits[0];
        let mut fixed = text.to_owned();
        fixed.replace_range(edit.span.range(), &edit.text);
        assert_eq!(fixed, expected);
        assert!(!case::shown(&read(&fixed), false, |rule| rule.starts_with("remit/")).contains("framework"), "{fixed}");
    }
}
