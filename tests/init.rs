//! `remit init`: a first plan of any body reads as a plan, and nothing in it has to be put right before somebody has written a word.

use remit_core::check::{PlanFile, analyze};
use remit_core::draft::draft;
use remit_core::problem::{Severity, Verdict};
use remit_core::syntax::format::format;
use remit_core::time::day;

use crate::case;
use crate::cli::Folder;

/// The bodies, and the days as at which their first plans are begun.
const BEGUN: [(&str, &str); 10] = [
    ("QHM", "2019-09-01"),
    ("QWO", "2021-10-01"),
    ("QNX", "2023-07-01"),
    ("QMJ", "2025-06-01"),
    ("QHM", "2026-03-31"),
    ("QHM", "2026-04-01"),
    ("QOQ", "2026-04-01"),
    ("RTD", "2019-09-01"),
    ("RTD", "2026-04-01"),
    ("north-east-and-yorkshire", "2024-02-29"),
];

#[test]
fn a_first_plan_reads_as_a_plan_and_only_lacks_what_nobody_wrote() {
    let packs = case::packs();
    for (code, on) in BEGUN {
        let begun = format!("{code} as at {on}");
        let on = day(on).expect("a day");
        let body = packs.register.find(code).expect("a body");
        assert!(packs.register.get(body).is_some_and(|body| body.existed_on(on)), "{begun} did not exist");
        let draft = draft(&packs, body, on);
        assert!(draft.gaps > 0, "{begun}: nothing is left to write");
        for (name, text) in &draft.files {
            assert_eq!(&format(text), text, "{begun}: {name} is not laid out");
        }
        let files = draft.files.iter().map(|(name, text)| PlanFile { path: name.clone(), bytes: text.clone().into_bytes() }).collect();
        let analysis = analyze("draft", files, &packs, on);
        for finding in &analysis.findings {
            let at =
                format!("{begun}: {} {} {}", finding.problem.rule, finding.problem.message, analysis.sources.words(finding.problem.span));
            assert!(!finding.problem.rule.starts_with("remit/") || finding.problem.rule == "remit/left-out", "{at}");
            assert!(finding.verdict != Verdict::Fail || finding.problem.severity < Severity::Error, "{at}");
        }
    }
}

#[test]
fn the_gaps_of_a_first_plan_say_which_rule_asks() {
    let packs = case::packs();
    let draft = draft(&packs, packs.register.find("QHM").expect("QHM"), day("2019-09-01").expect("a day"));
    let text: String = draft.files.iter().map(|(_, text)| text.as_str()).collect();
    for said in [
        "framework   nhs-people-framework 2019",
        "(asked by five-year-horizon)",
        "organisation RTD { wellbeing-guardian - }  # The Newcastle upon Tyne Hospitals",
        "organisation U02739 { wellbeing-guardian - }",
        "accountable  dhsc  # stays national (pay-stays-national)",
        "accountable  north-east-and-yorkshire  # until QHM is assessed as maturing or above (ready-before-responsible)",
        "workforce registered-nursing {",
    ] {
        let squeezed = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(squeezed(&text).contains(&squeezed(said)), "not in the draft: {said}\n{text}");
    }
}

#[test]
fn init_writes_a_folder_of_its_own_and_nothing_over() {
    let folder = Folder::new();
    let told = folder.remit("init QHM --as-of 2019-09-01");
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert!(told.out.contains("qhm/plan.remit\n") && told.out.contains("remit check qhm"), "{}", told.out);
    assert_eq!(folder.remit("fmt --check qhm").code, 0);
    assert_eq!(folder.remit("check qhm --as-of 2019-09-01").code, 0);
    let before = folder.read("qhm/plan.remit");
    let again = folder.remit("init QHM");
    assert_eq!(again.code, 2);
    assert!(again.err.contains("`qhm` is not empty, and nothing in it is written over"), "{}", again.err);
    assert_eq!(folder.read("qhm/plan.remit"), before);
    for (words, said) in [
        ("init north-east-and-yorkshir", "did you mean `north-east-and-yorkshire`"),
        ("init newcastle", "`RTD`, The Newcastle upon Tyne Hospitals NHS Foundation Trust"),
        ("init QHM x --as-of 2019-13-01", "2019-13-01"),
        ("init QUE --as-of 2026-04-01", "did not exist on 2026-04-01"),
    ] {
        let told = folder.remit(words);
        assert_eq!(told.code, 2, "{words}");
        assert!(told.err.contains(said), "{words}: {}", told.err);
    }
}
