//! The cases of `suite/`, and the examples on the rules' pages.

use std::collections::BTreeSet;
use std::path::PathBuf;

use remit_core::packs::{PackFiles, Packs};
use similar::{ChangeTag, TextDiff};

use crate::case;

fn pages() -> Vec<PathBuf> {
    case::files(&case::root().join("crates/remit-framework/packs"), ".md")
        .into_iter()
        .filter(|path| path.parent().unwrap().ends_with("rules"))
        .collect()
}

fn rule_of(page: &std::path::Path) -> String {
    page.file_stem().unwrap().to_string_lossy().into_owned()
}

/// On a rule's page, what its own rule and the language say; other rules are not spoken of. Which organisations a plan leaves out is
/// spoken of only by rules that ask of them.
fn on_page(page: &std::path::Path) -> impl Fn(&str) -> bool + use<> {
    let rule = rule_of(page);
    let asks = std::fs::read_to_string(page.with_extension("yaml")).unwrap().contains("omission:");
    move |id: &str| match id {
        "remit/left-out" => asks,
        _ => id.starts_with("remit/") || id.ends_with(&format!("/{rule}")),
    }
}

#[test]
fn every_case_of_the_suite_finds_what_it_says() {
    let packs = case::packs_with(&case::SUITE_RULES);
    let mut differences = Vec::new();
    for path in case::files(&case::root().join("tests/suite"), ".md") {
        differences.extend(case::check_file(&path, &packs, "somewhere", |_| true));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_rule_page_finds_what_it_says() {
    let packs = case::packs();
    let mut differences = Vec::new();
    for path in pages() {
        differences.extend(case::check_file(&path, &packs, "QHM", on_page(&path)));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn every_rule_page_has_a_failing_and_a_passing_example_one_line_apart() {
    for path in pages() {
        let rule = rule_of(&path);
        let cases = case::cases(&std::fs::read_to_string(&path).unwrap());
        let fails =
            |case: &&case::Case| case.findings.lines().any(|line| line.contains(&format!("[{rule}]")) && !line.contains("undetermined"));
        let failing: Vec<_> = cases.iter().filter(fails).collect();
        let passing: Vec<_> = cases.iter().filter(|case| case.findings.is_empty()).collect();
        let lines_apart = |one: &case::Case, other: &case::Case| {
            let whole = |case: &case::Case| case.files.iter().map(|(_, text)| text.as_str()).collect::<String>();
            let (one, other) = (whole(one), whole(other));
            let diff = TextDiff::from_lines(&one, &other);
            let count = |tag| diff.iter_all_changes().filter(|change| change.tag() == tag).count();
            count(ChangeTag::Delete).max(count(ChangeTag::Insert))
        };
        let closest = failing
            .iter()
            .flat_map(|fail| {
                passing
                    .iter()
                    .filter(|pass| pass.everywhere == fail.everywhere && pass.together == fail.together)
                    .map(move |pass| lines_apart(fail, pass))
            })
            .min();
        assert_eq!(closest, Some(1), "{rule}: no failing and passing example of its page are one line apart");
    }
}

/// A rule that can be switched off unnoticed is not tested.
#[test]
fn switching_any_rule_off_changes_what_its_page_finds() {
    let all = remit_framework::packs();
    for page in pages() {
        let rule = rule_of(&page);
        let without: Vec<PackFiles> = all
            .iter()
            .map(|pack| {
                let own = [format!("rules/{rule}.yaml"), format!("rules/{rule}.md")];
                PackFiles { path: pack.path.clone(), files: pack.files.iter().filter(|(path, _)| !own.contains(path)).cloned().collect() }
            })
            .collect();
        let packs = Packs::load(&without).unwrap_or_else(|errors| panic!("without {rule}: {:#?}", errors.problems));
        let markdown = std::fs::read_to_string(&page).unwrap();
        let changed = case::cases(&markdown)
            .iter()
            .any(|one| case::shown(&case::analysis(one, &packs, "QHM"), one.is_told_by_file(), on_page(&page)) != one.findings);
        assert!(changed, "{rule} can be switched off, and its page does not notice");
    }
}

/// Every rule of the packs has its own page, and every rule that the language reports under has one too.
#[test]
fn every_rule_that_a_case_names_can_be_explained() {
    let packs = case::packs();
    let mut named = BTreeSet::new();
    for path in case::files(&case::root().join("tests/suite"), ".md") {
        for case in case::cases(&std::fs::read_to_string(path).unwrap()) {
            named.extend(case.findings.lines().filter_map(|line| Some(line.split_once('[')?.1.split_once(']')?.0.to_owned())));
        }
    }
    for rule in named {
        assert!(packs.rule(&rule).is_ok(), "`{rule}` cannot be explained");
    }
}
