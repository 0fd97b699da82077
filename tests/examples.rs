//! The examples: the real ones check clean with every rule matching in one, the fictional ones break every rule, and every text in
//! the documents that is said to be a plan is one.

use std::collections::BTreeSet;
use std::fs;

use remit_core::check::{Analysis, PlanFile, analyze};
use remit_core::problem::Verdict;

use remit_tests::england::{self, Options, Plan, Sown};

use crate::case;
use crate::cli::printed;

/// Checks a folder's plan as of the day that its `remit.yaml` pins.
fn example(folder: &str) -> Analysis {
    let folder = case::root().join("examples").join(folder);
    let settings = fs::read_to_string(folder.join("remit.yaml")).unwrap();
    let day = settings.lines().find_map(|line| line.strip_prefix("as-of: ")).unwrap();
    let files = case::files(&folder, ".remit");
    let files = files
        .iter()
        .map(|path| PlanFile { path: path.file_name().unwrap().to_string_lossy().into_owned(), bytes: fs::read(path).unwrap() });
    analyze("example", files.collect(), &case::packs(), day.parse().unwrap())
}

/// The folders of `examples/` that pin a day: what is fictional is broken on purpose, and the rest is clean.
fn folders(fictional: &str) -> Vec<String> {
    let is_fictional = |name: &String| name.starts_with("ultra-vires") == (fictional == "fictional");
    let mut found: Vec<String> = fs::read_dir(case::root().join("examples"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("remit.yaml").exists())
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .filter(|name| is_fictional(name) && !case::GENERATED.contains(&name.as_str()))
        .collect();
    found.sort();
    assert!(found.len() > 1, "{found:?}");
    found
}

/// What many plans come to together is broken and held on the rules' pages: one plan alone is not asked.
fn is_asked_of_one_plan(rule: &str) -> bool {
    use std::sync::OnceLock;
    static OVER: OnceLock<BTreeSet<String>> = OnceLock::new();
    let over = OVER.get_or_init(|| {
        let packs = case::packs();
        let over = packs.rules.iter().filter(|rule| matches!(rule.form, remit_core::rules::Form::Over(_)));
        over.map(|rule| rule.id.to_string()).collect()
    });
    !over.contains(rule)
}

#[test]
fn the_real_examples_are_clean_and_every_rule_matches_something_in_one() {
    let mut matched: BTreeSet<String> = BTreeSet::new();
    let mut all: BTreeSet<String> = BTreeSet::new();
    for folder in folders("real") {
        let analysis = example(&folder);
        assert_eq!(case::shown(&analysis, true, |_| true), "", "{folder}");
        for rule in &analysis.rules {
            assert!(rule.passed == rule.matched, "{folder}: {rule:?}");
            if is_asked_of_one_plan(&rule.rule) {
                all.insert(rule.rule.clone());
            }
            if rule.matched > 0 {
                matched.insert(rule.rule.clone());
            }
        }
    }
    assert_eq!(matched, all);
    // A clean pass by saying little does not count: so much is asked of it.
    let asked = |folder: &str, id: &str| example(folder).rules.iter().find(|rule| rule.rule.ends_with(id)).unwrap().matched;
    let nenc = |id: &str| asked("north-east-and-north-cumbria-2019", id);
    assert_eq!(nenc("/one-accountable-body"), 22);
    assert_eq!(nenc("/wellbeing-guardian"), 78);
    assert_eq!(nenc("/ready-before-responsible"), 2);
    assert_eq!(nenc("/bridge-closes"), 45);
    assert_eq!(nenc("/deadline-in-horizon"), 24);
    assert_eq!(asked("essex-2026", "/one-accountable-body"), 13);
    assert_eq!(asked("essex-2026", "/planning-moves-to-region"), 1);
    assert_eq!(asked("coventry-and-warwickshire-2023", "/rows-sum-to-whole"), 5);
    assert_eq!(asked("coventry-and-warwickshire-2023", "/wellbeing-guardian"), 25);
    assert_eq!(asked("surrey-talent-2022", "/one-accountable-body"), 14);
    assert_eq!(asked("surrey-talent-2022", "/wellbeing-guardian"), 29);
}

#[test]
fn the_fictional_examples_break_every_rule() {
    let mut failed: BTreeSet<String> = BTreeSet::new();
    let mut all: BTreeSet<String> = BTreeSet::new();
    for folder in folders("fictional") {
        let analysis = example(&folder);
        let fails = analysis.findings.iter().filter(|finding| finding.verdict == Verdict::Fail);
        failed.extend(fails.map(|finding| finding.problem.rule.clone()));
        all.extend(analysis.rules.iter().map(|rule| rule.rule.clone()).filter(|rule| is_asked_of_one_plan(rule)));
        let markdown = case::root().join(format!("tests/suite/{folder}.md"));
        let expected = fs::read_to_string(&markdown).unwrap_or_default();
        let found = format!(
            "# What `examples/{folder}` breaks\n\nEach finding by its rule and the words it underlines; `REMIT_BLESS=1` writes it.\n\n```text\n{}```\n",
            case::shown(&analysis, true, |_| true)
        );
        if std::env::var_os("REMIT_BLESS").is_some() {
            fs::write(&markdown, &found).unwrap();
        } else {
            assert_eq!(found, expected);
        }
    }
    assert_eq!(failed, all);
}

/// The plan of the documentation of the language, as one file.
#[test]
fn the_plan_on_the_language_page_finds_what_the_page_says() {
    let plan = case::language_plan();
    let files = vec![PlanFile { path: "plan.remit".to_owned(), bytes: plan.as_bytes().to_vec() }];
    let analysis = analyze("plan.remit", files, &case::packs(), "2020-02-01".parse().unwrap());
    let found: Vec<(&str, &str, Verdict)> = analysis
        .findings
        .iter()
        .map(|finding| (finding.problem.rule.split_once('/').unwrap().1, analysis.sources.words(finding.problem.span), finding.verdict))
        .collect();
    for expected in [("wellbeing-guardian", "U02739", Verdict::Waived), ("pay-stays-national", "QHM", Verdict::Fail)] {
        assert!(found.contains(&expected), "{found:?}");
    }
    let pay = analysis.findings.iter().find(|finding| finding.problem.rule.ends_with("/pay-stays-national")).unwrap();
    let line = analysis.sources.get(pay.problem.span.file).unwrap().position(pay.problem.span.start).line;
    assert!(plan.lines().nth(line - 1).unwrap().trim_start().starts_with("accountable  QHM"));
    // No problem of form, of type or of an unknown word; and no error but the one.
    let language = |finding: &&remit_core::problem::Finding| finding.problem.rule.starts_with("remit/") && finding.verdict == Verdict::Fail;
    assert!(!analysis.findings.iter().any(|finding| language(&finding)), "{found:?}");
    let errors =
        analysis.findings.iter().filter(|finding| remit_core::check::counts_against(finding, remit_core::problem::Severity::Error));
    assert_eq!(errors.count(), 1);
    let waived = analysis.findings.iter().find(|finding| finding.verdict == Verdict::Waived).unwrap();
    assert_eq!(waived.subject, "organisation U02739");
    assert_eq!(waived.waiver.as_ref().unwrap().approved_by.as_deref(), Some("North East and Yorkshire"));
}

#[test]
fn every_example_is_laid_out_and_reads_without_a_fault_of_form() {
    for path in case::files(&case::root().join("examples"), ".remit") {
        let text = fs::read_to_string(&path).unwrap();
        assert!(remit_core::syntax::format::format(&text) == text, "`remit fmt` would change {}", path.display());
    }
}

/// The figures that are said to be real are those of the file beside the plan.
#[test]
fn the_baseline_of_the_real_example_is_the_published_one() {
    let folder = case::root().join("examples/north-east-and-north-cumbria-2019");
    let rows = fs::read_to_string(folder.join("evidence/hchs-fte-2018-06.csv")).unwrap();
    let plan = fs::read_to_string(folder.join("workforce.remit")).unwrap();
    let figure =
        |group: &str| rows.lines().find(|row| row.contains(group)).and_then(|row| row.rsplit(',').next()).unwrap().trim().to_owned();
    for (group, named) in [
        ("Nurses & health visitors", "registered-nursing"),
        ("Midwives", "midwifery"),
        ("HCHS doctors", "hchs-doctors"),
        ("Ambulance staff", "ambulance-staff"),
    ] {
        let table = plan.split(&format!("workforce {named} ")).nth(1).unwrap_or_else(|| panic!("no table for {named}"));
        let in_post = table.lines().find(|line| line.trim_start().starts_with("in-post")).unwrap();
        let first = in_post.split_whitespace().nth(1).unwrap().replace('_', "");
        let same =
            |one: &str, other: &str| one.trim_end_matches('0').trim_end_matches('.') == other.trim_end_matches('0').trim_end_matches('.');
        assert!(same(&first, &figure(group)), "{named}: the plan has {first}, the published file {}", figure(group));
    }
}

/// That a folder holds these plans, and nothing else that would be a plan.
fn is_made_again(folder: &str, plans: &[Plan], within: impl Fn(&Plan) -> String, command: &str) {
    let root = case::root().join(folder);
    let expected = serde_json::to_string_pretty(&england::expected_json(plans)).unwrap() + "\n";
    let mut made = vec![("expected.json".to_owned(), expected)];
    for plan in plans {
        made.extend(plan.files.iter().map(|(name, text)| (format!("{}/{name}", within(plan)), text.clone())));
    }
    for (name, text) in &made {
        let kept = fs::read_to_string(root.join(name)).unwrap_or_default();
        assert!(kept == *text, "{folder}/{name} is not what the generator makes: `{command}` writes it");
    }
    assert_eq!(case::files(&root, ".remit").len(), made.len() - 1, "{folder} holds plans that the generator does not make");
}

#[test]
fn all_england_is_what_the_generator_makes() {
    let plans = england::england(&case::packs(), Options::default());
    let within = |plan: &Plan| format!("{}/{}", plan.region, plan.code);
    is_made_again("examples/england", &plans, within, "cargo run -p remit-tests --example england -- examples/england");
}

#[test]
fn the_plans_of_the_region_are_what_the_generator_makes() {
    const REGION: &str = "north-east-and-yorkshire";
    let mut plans = england::england(&case::packs(), Options { sown: Sown::Everything, ..Options::default() });
    plans.retain(|plan| plan.region == REGION);
    let folder = format!("examples/{REGION}/plans");
    let command = format!("cargo run -p remit-tests --example england -- {folder} --planted --region {REGION}");
    is_made_again(&folder, &plans, |plan| plan.code.clone(), &command);
}

/// 42 plans in one run: nothing is found in any of them, and what is told is of several together, with what each gave.
#[test]
fn all_england_is_checked_in_one_run_with_what_it_comes_to() {
    let (told, code) = printed("check examples/england --format json");
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!(code, 0);
    assert_eq!(told["plans"].as_array().unwrap().len(), 42);
    let judged: Vec<_> = told["together"].as_array().unwrap().iter().filter(|one| one["verdict"] != "not-applicable").collect();
    assert!(judged.len() > 2, "{judged:#?}");
    assert!(judged.iter().all(|one| one["parts"].as_array().unwrap().len() > 1), "{judged:#?}");
    for finding in told["findings"].as_array().unwrap() {
        assert!(judged.iter().any(|one| one["rule"] == finding["rule"]), "{finding:#}");
    }
}

/// The region's repository: red without what is known, green with it, and set up by the project's own files.
#[test]
fn the_repository_of_the_region_is_green_with_what_it_knows() {
    let folder = "examples/north-east-and-yorkshire";
    assert_eq!(printed(&format!("check {folder} --format plain")).1, 1);
    let (told, code) = printed(&format!("check {folder} --baseline {folder}/remit-baseline.json --format json"));
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    assert_eq!((code, &told["summary"]["no_longer_found"]), (0, &serde_json::json!(0)));
    for (ours, theirs) in
        [("github-workflow.yml", ".github/workflows/plans.yml"), ("gitlab.yml", ".gitlab-ci.yml"), ("check-plans", "check-plans")]
    {
        let read = |path: String| fs::read(case::root().join(path)).unwrap();
        assert!(read(format!("ci/{ours}")) == read(format!("{folder}/{theirs}")), "{folder}/{theirs} is no copy of ci/{ours}");
    }
}

/// Whether a path names a file or folder of the repository.
pub(crate) fn exists(path: &str) -> bool {
    case::root().join(path).exists()
}
