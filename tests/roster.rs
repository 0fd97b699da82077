//! The roster: who is expected, who has sent a plan, how each stands, and the notes to those who are missing or failing.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::case;
use crate::cli::{Folder, copied};

const REGION: &str = "expected: [north-east-and-yorkshire]";

/// The region's repository without the plan of South Yorkshire, under these words of `roster`.
fn region(roster: &str) -> Folder {
    let folder = Folder::new();
    copied(&case::root().join("examples/north-east-and-yorkshire/plans"), &folder.0.join("plans"));
    fs::remove_dir_all(folder.0.join("plans/QF7")).expect("removed");
    folder.write("remit.yaml", format!("plans: [plans]\nas-of: 2025-09-30\nroster: {{ {roster} }}\n").as_bytes());
    folder
}

fn told(folder: &Folder, words: &str) -> Value {
    let told = folder.remit(&format!("roster {words} --format json"));
    assert_eq!(told.code, 0, "{}", told.err);
    told.json()
}

/// Code and state of each, as a line.
fn states(told: &Value) -> String {
    let system = |one: &Value| {
        let expected = if one["is_expected"] == true { "" } else { " unexpected" };
        format!("{} {}{expected}", one["code"].as_str().expect("a code"), one["state"].as_str().expect("a state"))
    };
    told["systems"].as_array().expect("systems").iter().map(system).collect::<Vec<_>>().join(", ")
}

#[test]
fn who_is_expected_is_what_the_settings_say() {
    for (roster, expected) in [
        (REGION, "QF7 missing, QHM failing, QOQ failing, QWO passing"),
        ("expected: [QF7, QHM]", "QF7 missing, QHM failing, QOQ failing unexpected, QWO passing unexpected"),
        // Until the day there is still time; on the day after, there is none.
        ("expected: [QF7], due: 2025-09-30", "QF7 awaited, QHM failing unexpected, QOQ failing unexpected, QWO passing unexpected"),
        ("expected: [QF7], due: 2025-09-29", "QF7 missing, QHM failing unexpected, QOQ failing unexpected, QWO passing unexpected"),
    ] {
        assert_eq!(states(&told(&region(roster), "")), expected, "{roster}");
    }
}

#[test]
fn without_a_list_every_system_of_the_day_is_expected() {
    let told = told(&region(""), "");
    assert_eq!((&told["expected"], &told["sent"], &told["missing"]), (&42.into(), &3.into(), &39.into()));
}

/// Two plans of one system are two lines, and both are told whether they came in time.
#[test]
fn a_second_plan_of_one_system_has_a_line_of_its_own() {
    for (due, is_late) in [("2019-09-27", false), ("2019-09-26", true)] {
        let folder = region(&format!("expected: [QHM], due: {due}"));
        copied(&folder.0.join("plans/QHM"), &folder.0.join("plans/again"));
        let told = told(&folder, "plans/QHM plans/again --as-of 2025-09-30");
        assert_eq!(states(&told), "QHM failing, QHM failing");
        assert_eq!((&told["expected"], &told["sent"], &told["missing"]), (&1.into(), &2.into(), &0.into()));
        assert!(told["systems"].as_array().expect("systems").iter().all(|one| one["plan"]["is_late"] == is_late), "{due}");
    }
}

#[test]
fn a_name_that_nobody_has_is_told() {
    for (roster, said) in [("expected: [QHMM]", "the register knows no `QHMM`"), ("expected: [RTD]", "is no system, and has none on")] {
        let told = region(roster).remit("roster");
        assert_eq!(told.code, 2, "{roster}");
        assert!(told.err.contains(said), "{}", told.err);
    }
}

#[test]
fn all_england_has_sent_its_plans() {
    let folder = Folder::new();
    let told = folder.remit(&format!("roster {} --format json", case::root().join("examples/england").display())).json();
    assert_eq!((&told["expected"], &told["sent"], &told["missing"], &told["failing"]), (&42.into(), &42.into(), &0.into(), &0.into()));
    assert!(told["systems"].as_array().expect("systems").iter().all(|one| one["state"] == "passing"));
}

/// The counts are those of the check, and the formats tell of every system.
#[test]
fn every_format_tells_of_each_as_the_check_does() {
    let folder = region(REGION);
    let roster = told(&folder, "");
    let checked = folder.remit("check --format json").json();
    for system in roster["systems"].as_array().expect("systems") {
        let code = &system["code"];
        if let Some(findings) = system["plan"]["findings"].as_object() {
            let of = |what: &str| {
                let stands = |one: &&Value| {
                    let word = if one["verdict"] == "fail" { &one["severity"] } else { &one["verdict"] };
                    one["plan"] == *code && *word == what
                };
                checked["findings"].as_array().expect("findings").iter().filter(stands).count()
            };
            for (what, count) in findings {
                assert_eq!(count, of(what), "{code}: {what}");
            }
        }
        for format in ["human", "plain", "markdown"] {
            let told = folder.remit(&format!("roster --format {format}"));
            let at = told.out.to_lowercase().find(&code.as_str().expect("a code").to_lowercase());
            assert!(at.is_some() && told.out.to_lowercase().contains(system["state"].as_str().expect("a state")), "{format}: {}", told.out);
        }
    }
}

#[test]
fn a_note_goes_to_each_that_is_missing_or_failing_and_to_nobody_else() {
    let folder = region(&format!("{REGION}, due: 2025-09-01"));
    assert_eq!(folder.remit("roster --notes notes").code, 0);
    let names: Vec<String> =
        case::files(&folder.0.join("notes"), ".md").iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect();
    assert_eq!(names, ["QF7.md", "QHM.md", "QOQ.md"]);
    let missing = folder.read("notes/QF7.md");
    assert!(missing.contains("To South Yorkshire (QF7)") && missing.contains("It was due on 2025-09-01."), "{missing}");
    let failing = folder.read("notes/QHM.md");
    let checked = folder.remit("check plans/QHM --format json").json();
    let wrong: Vec<&Value> = checked["findings"]
        .as_array()
        .expect("findings")
        .iter()
        .filter(|one| one["verdict"] == "fail" && one["severity"] == "error")
        .collect();
    assert_eq!(failing.lines().filter(|line| line.starts_with("- ")).count(), wrong.len(), "{failing}");
    assert!(wrong.iter().all(|one| failing.contains(one["rule"].as_str().expect("a rule"))), "{failing}");
    let england = format!("roster {} --notes none", case::root().join("examples/england").display());
    assert_eq!(folder.remit(&england).code, 0);
    assert!(case::files(&folder.0.join("none"), ".md").is_empty());
}

#[test]
fn git_says_when_a_plan_changed_and_nothing_where_there_is_none() {
    let folder = region(REGION);
    let changed = |folder: &Folder| {
        let told = told(folder, "");
        told["systems"].as_array().expect("systems").iter().map(|one| one["plan"]["changed"].clone()).collect::<Vec<_>>()
    };
    assert!(changed(&folder).iter().all(Value::is_null));
    let git = |words: &[&str]| {
        let who = ["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgsign=false"];
        let output = Command::new("git")
            .arg("-C")
            .arg(&folder.0)
            .args(who)
            .args(words)
            .env("GIT_COMMITTER_DATE", "2025-08-01T12:00:00Z")
            .output()
            .expect("git");
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "--quiet"]);
    git(&["add", "plans/QHM"]);
    git(&["commit", "--quiet", "--message", "a plan"]);
    assert_eq!(changed(&folder), [Value::Null, "2025-08-01".into(), Value::Null, Value::Null]);
}

#[test]
fn what_is_written_fits_its_schema() {
    let schema = fs::read_to_string(case::root().join("docs/schema/roster.schema.json")).expect("the schema");
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).expect("JSON")).expect("a schema");
    for roster in [REGION, "", "expected: [QF7], due: 2025-06-01"] {
        let told = told(&region(roster), "");
        let wrong: Vec<String> = validator.iter_errors(&told).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{roster}: {wrong:#?}");
    }
}
