//! Waivers of a rule that limits them, case by case; and the register of waivers against its schema.

use remit_core::packs::Packs;

use crate::case::{check_file, root};
use crate::cli::printed;

/// The guardian's rule, whose waivers last a year at most and are renewed once.
fn limited() -> Packs {
    let mut packs = remit_framework::packs();
    for pack in &mut packs {
        pack.files.retain(|(path, _)| !path.starts_with("rules/") || path.starts_with("rules/wellbeing-guardian."));
        for (path, text) in &mut pack.files {
            if path == "rules/wellbeing-guardian.yaml" {
                text.push_str("max-term: 12 months\nrenewals: 1\n");
            }
        }
    }
    Packs::load(&packs).unwrap_or_else(|errors| panic!("{:#?}", errors.problems))
}

#[test]
fn every_waiver_of_a_limited_rule_finds_what_it_says() {
    let path = root().join("tests/waivers/limited.md");
    let differences = check_file(&path, &limited(), "somewhere", |_| true);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// What a pack may write after the two keys.
#[test]
fn limits_that_say_nothing_are_refused() {
    for (written, said) in [
        ("max-term: a while", "`a while` is not a length of time"),
        ("max-term: 0 months", "`0 months` is not a length of time"),
        ("renewals: often", "`often` is not a number of renewals"),
        ("renewals: -1", "`-1` is not a number of renewals"),
    ] {
        let mut packs = remit_framework::packs();
        for (path, text) in packs.iter_mut().flat_map(|pack| &mut pack.files) {
            if path == "rules/wellbeing-guardian.yaml" {
                text.push_str(&format!("{written}\n"));
            }
        }
        let errors = Packs::load(&packs).expect_err(written);
        assert!(errors.problems.iter().any(|problem| problem.message == said), "{written}: {:#?}", errors.problems);
    }
}

#[test]
fn the_register_fits_its_schema() {
    let (schema, _) = printed("schema waivers");
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).expect("JSON")).expect("a schema");
    let mut states: Vec<String> = Vec::new();
    for words in ["examples", "examples --as-of 2020-02-01", "examples --as-of 2026-11-30"] {
        let (json, code) = printed(&format!("waivers {words} --format json"));
        assert_eq!(code, 0, "{words}");
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let wrong: Vec<String> = validator.iter_errors(&json).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{words}: {wrong:#?}");
        for format in ["human", "plain", "markdown"] {
            let (text, _) = printed(&format!("waivers {words} --format {format}"));
            for waiver in
                json["registers"].as_array().expect("registers").iter().flat_map(|plan| plan["waivers"].as_array().expect("waivers"))
            {
                let subject = waiver["subject"].as_str().expect("a subject");
                assert!(text.contains(subject), "{format} does not tell of {subject}:\n{text}");
                states.push(waiver["state"].as_str().expect("a state").to_owned());
            }
        }
    }
    assert!(!states.is_empty());
}
