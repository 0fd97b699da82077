//! What is known stays known wherever its lines and files go, a second one like it is new, and a baseline only ever shrinks.

use std::fs;
use std::process::Command;

use remit_tests::england::{self, Options, Sown};
use serde_json::Value;

use crate::case;
use crate::cli::{FORMATS, Folder};

const PLAN: &str = "plan \"Our people\" for QHM {\n  framework nhs-people-framework 2019\n  horizon   2019/20 to 2023/24\n  baseline  2018/19\n  submitted 2019-09-27\n}\n";
const PAY: &str = "responsibility pay-policy {\n  accountable QHM\n}\n";

fn folder(text: &str) -> Folder {
    let folder = Folder::new();
    folder.write("plans/QHM/plan.remit", format!("{PLAN}{text}").as_bytes());
    folder
}

/// The rules of what is new, and how many findings are known.
fn standing(folder: &Folder, words: &str) -> (u8, Vec<String>, usize) {
    let told = folder.remit(&format!("check --format json {words}"));
    let json = told.json();
    let findings = json["findings"].as_array().expect("findings");
    let (known, new): (Vec<&Value>, Vec<&Value>) = findings.iter().partition(|finding| finding["known"] == true);
    assert_eq!(json["summary"]["known"], known.len());
    let counted = |finding: &&&Value| finding["verdict"] == "fail" && finding["severity"] == "error" && finding["consultation"] == false;
    let new = new.iter().filter(counted).map(|finding| finding["rule"].as_str().expect("a rule").to_owned());
    (told.code, new.collect(), known.len())
}

const WITH: &str = "--baseline remit-baseline.json";

#[test]
fn only_what_is_new_fails() {
    let folder = folder(PAY);
    assert_eq!(folder.remit("check").code, 1);
    let told = folder.remit("baseline");
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert!(
        told.out.contains("of 1 plan from now on: `remit check --baseline remit-baseline.json` fails for what is new."),
        "{}",
        told.out
    );
    let (code, new, known) = standing(&folder, WITH);
    assert_eq!((code, new), (0, vec![]));
    assert!(known > 0);
    assert_eq!(folder.remit(&format!("check --strict --fail-on note {WITH}")).code, 0);
    let human = folder.remit(&format!("check {WITH}")).out;
    assert!(human.contains("known  nhs-people-framework/pay-stays-national (level: error)"), "{human}");
    folder.write("plans/QHM/more.remit", b"responsibility pension-scheme {\n  accountable QHM\n}\n");
    let (code, new, _) = standing(&folder, WITH);
    assert_eq!((code, new.len()), (1, 1), "{new:?}");
    for format in FORMATS {
        assert_eq!(folder.remit(&format!("check {WITH} --format {format}")).code, 1, "{format}");
    }
}

#[test]
fn the_file_is_as_its_schema_says_and_the_same_each_time() {
    let folder = folder(PAY);
    folder.remit("baseline");
    let text = folder.read("remit-baseline.json");
    let schema: Value = serde_json::from_str(&crate::cli::printed("schema baseline").0).expect("JSON");
    let schema = jsonschema::validator_for(&schema).expect("a schema");
    let json: Value = serde_json::from_str(&text).expect("JSON");
    let wrong: Vec<String> = schema.iter_errors(&json).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(text.lines().filter(|line| line.contains("pay-stays-national")).count(), 1, "a line for each");
    folder.remit("baseline");
    assert_eq!(folder.read("remit-baseline.json"), text);
}

#[test]
fn a_second_equal_finding_is_new() {
    let fault = "fact x { value 2028/30 }\n";
    for count in 1..4 {
        let folder = folder(&fault.repeat(count));
        folder.remit("baseline");
        assert_eq!(standing(&folder, WITH).1, Vec::<String>::new());
        folder.write("plans/QHM/plan.remit", format!("{PLAN}{}", fault.repeat(count + 1)).as_bytes());
        let (code, new, _) = standing(&folder, WITH);
        assert_eq!((code, new.iter().filter(|rule| *rule == "remit/syntax").count()), (1, 1), "{new:?}");
    }
}

#[test]
fn what_stands_worse_than_before_is_new() {
    // What cannot be told yet is known; then it fails.
    let before = "commitment pay \"Pay\" { on pay-policy; owner QHM; due 2020-03-31 }\n";
    let folder = folder(before);
    folder.remit("baseline");
    assert_eq!(standing(&folder, &format!("{WITH} --strict")).0, 0);
    folder.write("plans/QHM/plan.remit", format!("{PLAN}{}", before.replace("owner", "effect set; owner")).as_bytes());
    assert_eq!(standing(&folder, WITH).0, 1);
}

#[test]
fn a_baseline_only_ever_shrinks() {
    let folder = folder(PAY);
    folder.write("plans/QHM/more.remit", b"responsibility pension-scheme {\n  accountable QHM\n}\n");
    folder.remit("baseline");
    let known = |folder: &Folder| {
        let json: Value = serde_json::from_str(&folder.read("remit-baseline.json")).expect("JSON");
        json["known"].as_array().expect("a list").len()
    };
    let all = known(&folder);
    // One is put right, and another comes.
    folder.write("plans/QHM/more.remit", b"responsibility professional-regulation {\n  accountable QHM\n}\n");
    let before = folder.read("remit-baseline.json");
    let told = folder.remit("baseline");
    assert_eq!(told.code, 1);
    assert!(
        told.err.contains("`remit-baseline.json` would have to learn 1 finding, and a baseline only ever shrinks: QHM: "),
        "{}",
        told.err
    );
    assert_eq!(folder.read("remit-baseline.json"), before);
    let told = folder.remit(&format!("check {WITH}"));
    assert!(told.out.contains("knows 1 finding that is no longer found"), "{}", told.out);
    let told = folder.remit("baseline --shrink");
    assert_eq!(told.code, 0);
    assert!(
        told.out.contains("1 is no longer found, and taken out") && told.out.contains("1 finding is new, and stays out of it"),
        "{}",
        told.out
    );
    assert_eq!(known(&folder), all - 1);
    assert_eq!(standing(&folder, WITH).0, 1);
    assert_eq!(folder.remit("baseline --grow").code, 0);
    assert_eq!((known(&folder), standing(&folder, WITH).0), (all, 0));
}

#[test]
fn plans_that_are_not_checked_stay_known() {
    let folder = folder(PAY);
    let other = format!("{PLAN}{PAY}").replace("QHM", "QOQ");
    folder.write("plans/QOQ/plan.remit", other.as_bytes());
    folder.remit("baseline");
    let before = folder.read("remit-baseline.json");
    let told = folder.remit(&format!("check plans/QHM {WITH}"));
    assert!(told.code == 0 && !told.out.contains("no longer found"), "{}", told.out);
    let told = folder.remit("baseline plans/QHM --shrink");
    assert!(told.out.contains("of plans that were not checked"), "{}", told.out);
    assert_eq!(folder.read("remit-baseline.json"), before);
}

#[test]
fn what_is_no_baseline_is_told_apart() {
    let folder = folder(PAY);
    folder.write("findings.json", folder.remit("check --format json").out.as_bytes());
    for (words, said) in [
        ("check --baseline nowhere.json", "there is no file or folder `nowhere.json`"),
        ("check --baseline findings.json", "`findings.json` is no baseline"),
        ("baseline --output findings.json", "`findings.json` is no baseline"),
        ("baseline --output plans/QHM/plan.remit", "`plans/QHM/plan.remit` would be written over"),
        ("baseline --shrink", "there is no baseline `remit-baseline.json`"),
        ("baseline nowhere", "`remit-baseline.json` is not written"),
    ] {
        let told = folder.remit(words);
        assert_eq!(told.code, 2, "{words}");
        assert!(told.err.contains(said), "{words}: {}", told.err);
    }
}

/// A number from a seed, and the next seed.
fn random(seed: &mut u64, below: usize) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).expect("small") % below
}

/// Puts something that no rule asks about before a statement of a plan, or takes away a comment that was put there.
fn edit(text: &str, seed: &mut u64, number: usize) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let begins = |line: &str| line.starts_with(|character: char| character.is_ascii_lowercase());
    let places: Vec<usize> = (0..lines.len()).filter(|at| begins(lines[*at])).collect();
    let at = places.get(random(seed, places.len().max(1))).copied().unwrap_or(lines.len());
    let new = match random(seed, 5) {
        0 => format!("event edit-{number} 2019-10-{:02}", 1 + random(seed, 28)),
        1 => String::new(),
        2 => format!("# a comment, the {number}th of them: { }", "long ".repeat(random(seed, 40)).trim_end()),
        3 => format!("section \"Edit {number}\" {{\n  text \"Nothing of weight\"\n}}"),
        _ => "\n\n".to_owned(),
    };
    let mut edited: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    if random(seed, 6) == 0
        && let Some(comment) = edited.iter().position(|line| line.starts_with("# a comment"))
    {
        edited.remove(comment);
    } else {
        edited.insert(at, new);
    }
    edited.join("\n") + "\n"
}

#[test]
fn a_finding_stays_known_after_a_hundred_edits_elsewhere_and_a_rename() {
    let packs = case::packs();
    let plans = england::england(&packs, Options { sown: Sown::Everything, ..Options::default() });
    let as_of = england::as_of();
    for (turn, plan) in plans.iter().filter(|plan| plan.expected.len() > 4).take(3).enumerate() {
        let folder = Folder::new();
        for (name, text) in &plan.files {
            folder.write(&format!("plan/{name}"), text.as_bytes());
        }
        // Faults of the text itself, within a statement and outside of any.
        folder.write("plan/faults.remit", b"fact wrong { value 2028/30 }\n%%% what is this\n");
        assert_eq!(folder.remit(&format!("baseline --as-of {as_of}")).code, 0);
        let words = format!("{WITH} --as-of {as_of} --strict --fail-on note");
        let (code, _, known) = standing(&folder, &words);
        assert_eq!(code, 0);
        let mut seed = turn as u64 + 1;
        for number in 0..100 {
            let files = case::files(&folder.0.join("plan"), ".remit");
            let file = &files[random(&mut seed, files.len())];
            let edited = edit(&fs::read_to_string(file).expect("read"), &mut seed, number);
            fs::write(file, edited).expect("written");
        }
        for (at, file) in case::files(&folder.0.join("plan"), ".remit").into_iter().enumerate() {
            fs::rename(&file, file.with_file_name(format!("renamed-{at}.remit"))).expect("renamed");
        }
        fs::rename(folder.0.join("plan"), folder.0.join("another")).expect("renamed");
        let (code, new, still) = standing(&folder, &words);
        assert_eq!((code, new, still), (0, vec![], known), "{}", plan.code);
        // And a check can fail: one fault more is new.
        folder.write("another/more.remit", b"fact wrong-too { value 2028/30 }\n");
        assert_eq!(standing(&folder, &words).0, 1);
    }
}

fn git(folder: &Folder, words: &[&str]) {
    let output = Command::new("git")
        .arg("-C")
        .arg(&folder.0)
        .args([
            "-c",
            "user.name=Somebody",
            "-c",
            "user.email=somebody@example.org",
            "-c",
            "init.defaultBranch=main",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(words)
        .output()
        .expect("git");
    assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn committed(text: &str) -> Folder {
    let folder = folder(text);
    git(&folder, &["init", "--quiet"]);
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "--quiet", "-m", "first"]);
    folder
}

#[test]
fn only_what_came_since_a_commit_fails() {
    let folder = committed(PAY);
    folder.write("plans/QOQ/plan.remit", format!("{PLAN}{PAY}").replace("QHM", "QOQ").as_bytes());
    git(&folder, &["add", "."]);
    git(&folder, &["commit", "--quiet", "-m", "second"]);
    assert_eq!(standing(&folder, "").0, 1);
    let (code, new, known) = standing(&folder, "--since HEAD");
    assert_eq!((code, new), (0, vec![]));
    assert!(known > 1);
    // Since the first commit, the second plan is new.
    let (code, new, _) = standing(&folder, "--since HEAD~1");
    assert_eq!((code, new), (1, vec!["nhs-people-framework/pay-stays-national".to_owned()]));
    assert_eq!(standing(&folder, "plans/QHM --since HEAD~1").0, 0);
    // Renamed, and with another fault: only that is new.
    fs::rename(folder.0.join("plans/QHM"), folder.0.join("plans/north-east")).expect("renamed");
    let more = "responsibility pension-scheme {\n  accountable QHM\n}\n";
    folder.write("plans/north-east/plan.remit", format!("# moved\n\n{PLAN}{more}{PAY}").as_bytes());
    for words in ["--since main", "plans/north-east --since main", "plans/north-east/plan.remit --since main"] {
        let (code, new, _) = standing(&folder, words);
        assert_eq!((code, new.len()), (1, 1), "{words}: {new:?}");
        assert!(new[0].ends_with("-stays-national") && !new[0].contains("pay"), "{new:?}");
    }
}

#[test]
fn what_was_known_once_and_twice_today_is_new_once_by_both() {
    let folder = committed(PAY);
    folder.remit("baseline");
    let fault = "fact x { value 2028/30 }\n";
    folder.write("plans/QHM/plan.remit", format!("{PLAN}{PAY}{fault}").as_bytes());
    git(&folder, &["commit", "--quiet", "-a", "-m", "second"]);
    folder.remit("baseline --grow");
    assert_eq!(standing(&folder, &format!("{WITH} --since HEAD")).0, 0);
    folder.write("plans/QHM/plan.remit", format!("{PLAN}{PAY}{fault}{fault}").as_bytes());
    let (code, new, _) = standing(&folder, &format!("{WITH} --since HEAD"));
    assert_eq!((code, new.iter().filter(|rule| *rule == "remit/syntax").count()), (1, 1), "{new:?}");
}

#[test]
fn what_git_does_not_know_is_a_clear_error() {
    let folder = committed(PAY);
    let told = folder.remit("check --since never");
    assert_eq!((told.code, told.out.as_str()), (2, ""));
    assert!(told.err.starts_with("remit: git knows no `never` here\n  help: "), "{}", told.err);
    assert_eq!(folder.remit("check --since --output=x").code, 2);
    let outside = Folder::with(&[("plan.remit", PLAN)]);
    let told = outside.remit("check --since HEAD");
    assert_eq!(told.code, 2);
    assert!(told.err.contains("the folder lies in no repository of git"), "{}", told.err);
    let told = folder.remit(&format!("check . {} --since HEAD", outside.0.display()));
    assert_eq!(told.code, 2);
    assert!(told.err.contains("does not lie in the repository"), "{}", told.err);
}
