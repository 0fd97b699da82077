//! `remit pack check`, `test`, `diff` and `impact`, run in process on packs in a folder of their own.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::case;

const HEAD: &str = "name: local\ntitle: A pack of ours\nversion: 1.0.0\ntier: region\nextends: nhs-people-framework\nsources:\n  ours: { title: A paper of ours, status: ours }\n";
const RULE: &str = "id: sro-is-named\nseverity: warning\nsource: { document: ours }\neach: commitment\nwhere: due is given\nexpect: sro is given\nmessage: nobody answers for it\n";
const PAGE: &str = "# Somebody answers\n\n## Fails\n\n```remit\ncommitment c { due 2020-03-31 }\n```\n\n```findings\n1:12 warning [sro-is-named] \"c\" nobody answers for it\n```\n\n## Passes\n\n```remit\ncommitment c { due 2020-03-31; sro \"Chief nurse\" }\n```\n\n## Has no day\n\n```remit\ncommitment c\n```\n";

/// Packs in a folder of their own, which is gone afterwards.
struct Packs(PathBuf);

impl Packs {
    /// Each pack by its name: its rule, and the rule's page.
    fn with(name: &str, packs: &[(&str, &str, &str)]) -> Self {
        let folder = std::env::temp_dir().join(format!("remit-packs-{}-{name}", std::process::id()));
        for (pack, rule, page) in packs {
            let rules = folder.join(pack).join("rules");
            fs::create_dir_all(&rules).unwrap();
            fs::write(folder.join(pack).join("pack.yaml"), HEAD).unwrap();
            fs::write(rules.join("sro-is-named.yaml"), rule).unwrap();
            fs::write(rules.join("sro-is-named.md"), page).unwrap();
        }
        Self(folder)
    }

    fn remit(&self, words: &str) -> (u8, String) {
        run(self.0.clone(), words)
    }
}

impl Drop for Packs {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn run(folder: PathBuf, words: &str) -> (u8, String) {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let environment = remit::Environment {
        folder,
        today: "2026-11-23".parse().unwrap(),
        color: false,
        color_of_errors: false,
        width: Some(100),
        watched: false,
        variable: &|_| None,
        input: &|| Ok(Vec::new()),
        password: &|_| Err(std::io::Error::other("nobody sits there")),
    };
    let words = std::iter::once("remit").chain(words.split(' ')).map(OsString::from);
    let code = remit::run(words, &mut out, &mut err, &environment);
    (code, String::from_utf8(out).unwrap() + &String::from_utf8(err).unwrap())
}

#[test]
fn a_pack_whose_pages_say_what_is_found_passes() {
    let packs = Packs::with("good", &[("ours", RULE, PAGE)]);
    let (code, told) = packs.remit("pack test ours --strict");
    assert_eq!(
        told,
        "holds  local/sro-is-named: 3 examples\n1 rule, 3 examples and 2 of 2 parts of rules shown both to hold and not to.\n"
    );
    assert_eq!(code, 0);
}

#[test]
fn a_page_that_says_something_else_fails_with_both() {
    let page = PAGE.replace("\"c\" nobody answers", "\"c\" somebody answers");
    let packs = Packs::with("other", &[("ours", RULE, &page)]);
    let (code, told) = packs.remit("pack test ours");
    assert_eq!(code, 1);
    assert!(told.contains("- 1:12 warning [sro-is-named] \"c\" somebody answers for it"), "{told}");
    assert!(told.contains("+ 1:12 warning [sro-is-named] \"c\" nobody answers for it"), "{told}");
    let (code, told) = packs.remit("pack test ours --format junit");
    assert_eq!(code, 1);
    assert!(told.contains("<testsuite name=\"local/sro-is-named\"") && told.contains("<failure"), "{told}");
}

#[test]
fn what_no_example_shows_is_said() {
    let page = PAGE.split("## Passes").next().unwrap();
    let packs = Packs::with("thin", &[("ours", RULE, page)]);
    let (code, told) = packs.remit("pack test ours");
    assert_eq!(code, 1);
    assert!(told.contains("ours/rules/sro-is-named.md: no example shows the rule to hold"), "{told}");
    assert!(told.contains("ours/rules/sro-is-named.yaml:5: no example shows `due is given` not to hold"), "{told}");
    assert!(told.contains("ours/rules/sro-is-named.yaml:6: no example shows `sro is given` to hold"), "{told}");
}

#[test]
fn a_fault_of_the_rules_is_a_warning_with_a_plan() {
    let rule = RULE.replace("where: due is given", "where: sro is not given");
    let packs = Packs::with("torn", &[("ours", &rule, PAGE)]);
    let (code, told) = packs.remit("pack check ours");
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("no `commitment` that matches `sro-is-named` can ever hold it"), "{told}");
    assert!(told.contains("    commitment  example"), "{told}");
    assert_eq!(packs.remit("pack check ours --fail-on warning").0, 1);
    let (_, told) = packs.remit("pack check ours --format json");
    let json: Value = serde_json::from_str(&told).unwrap();
    assert_eq!(json["faults"][0]["fault"], "pack/impossible");
    assert!(json["faults"][0]["witness"]["plan"].as_str().unwrap().starts_with("plan "));
    assert_eq!(Packs::with("whole", &[("ours", RULE, PAGE)]).remit("pack check ours --fail-on warning").0, 0);
}

#[test]
fn two_versions_differ_by_a_plan_that_only_one_refuses() {
    let rule = RULE.replace("expect: sro is given", "expect: sro is given and owner is given");
    let packs = Packs::with("versions", &[("old", RULE, PAGE), ("new", &rule, PAGE)]);
    let (code, told) = packs.remit("pack diff old new");
    assert_eq!(code, 0);
    assert!(told.contains("tightened  local/sro-is-named") && told.contains("only the new one refuses"), "{told}");
    assert!(told.ends_with("1 rule tightened.\n"), "{told}");
    assert!(packs.remit("pack diff old old").1.ends_with("No rule differs.\n"));
}

#[test]
fn the_edition_of_2025_moves_planning_and_education_to_the_region() {
    let examples = "examples/north-east-and-north-cumbria-2019 examples/ultra-vires-2025";
    let (code, told) =
        run(case::root(), &format!("pack impact nhs-people-framework@2019 nhs-people-framework@2025 {examples} --format json"));
    assert_eq!(code, 0, "{told}");
    let json: Value = serde_json::from_str(&told).unwrap();
    let fails: Vec<&Value> = json["plans"].as_array().unwrap().iter().flat_map(|plan| plan["newly_fails"].as_array().unwrap()).collect();
    for (rule, words) in [("planning-moves-to-region", "workforce planning"), ("education-moves-to-region", "education and training")] {
        let fail = fails.iter().find(|fail| fail["rule"].as_str().unwrap().ends_with(rule)).unwrap_or_else(|| panic!("no {rule}: {told}"));
        assert!(fail["message"].as_str().unwrap().starts_with(words), "{fail}");
        assert_eq!(fail["from"], "no date published");
    }
    let (code, told) = run(case::root(), "pack impact nhs-people-framework@2019 nhs-people-framework@2024 examples");
    assert_eq!(code, 2);
    assert!(told.contains("has no edition `2024`"), "{told}");
}
