//! Records of checks: made again they are the same to the byte, and what differs is said; nothing is believed that is not signed by a trusted key.

use serde_json::Value;

use crate::case;
use crate::cli::Folder;

const PLAN: &str = "plan \"Our people\" for QHM {\n  framework nhs-people-framework 2019\n  horizon   2019/20 to 2023/24\n  baseline  2018/19\n  submitted 2019-09-27\n}\nresponsibility pay-policy {\n  accountable QHM\n}\n";

fn recorded() -> Folder {
    let folder = Folder::with(&[
        ("plan/plan.remit", PLAN),
        ("plan/more.remit", "commitment a \"More\" { on staff-experience; due 2020-03-31; owner QHM }\n"),
    ]);
    let told = folder.remit("check plan --as-of 2019-10-01 --record check.json --format json");
    assert_eq!((told.code, told.err.as_str()), (1, ""));
    folder
}

#[test]
fn a_record_says_what_was_checked_and_what_was_found() {
    let folder = recorded();
    let record: Value = serde_json::from_str(&folder.read("check.json")).expect("JSON");
    let schema: Value = serde_json::from_str(&crate::cli::printed("schema record").0).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    assert!(validator.is_valid(&record), "{:?}", validator.iter_errors(&record).map(|error| error.to_string()).collect::<Vec<_>>());
    let plan = &record["plans"][0];
    assert_eq!((plan["id"].as_str(), plan["as_of"].as_str()), (Some("QHM"), Some("2019-10-01")));
    let files: Vec<&str> = plan["files"].as_array().expect("files").iter().filter_map(|file| file["path"].as_str()).collect();
    assert_eq!(files, ["more.remit", "plan.remit"]);
    assert_eq!(plan["packs"].as_array().map(Vec::len), Some(case::packs().infos.len()));
    assert!(plan["verdicts"].as_array().expect("verdicts").iter().any(|one| one["rule"] == "nhs-people-framework/pay-stays-national"));
}

#[test]
fn the_same_check_is_the_same_to_the_byte_wherever_the_plan_lies() {
    let folder = recorded();
    let first = folder.read("check.json");
    let told = folder.remit("replay check.json");
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert!(told.out.starts_with("The same, to the byte: 1 plan and "), "{}", told.out);
    assert_eq!(folder.remit("check plan --as-of 2019-10-01 --record again.json").code, 1);
    assert_eq!(folder.read("again.json"), first);
    folder.write("elsewhere/deep/plan.remit", PLAN.as_bytes());
    folder.write("elsewhere/deep/more.remit", folder.read("plan/more.remit").as_bytes());
    let told = folder.remit("replay check.json --plan elsewhere/deep");
    assert_eq!((told.code, told.err.as_str()), (0, ""), "{}", told.out);
}

#[test]
fn what_differs_is_said() {
    let folder = recorded();
    folder.write("plan/plan.remit", PLAN.replace("accountable QHM", "accountable dhsc").as_bytes());
    folder.write("plan/new.remit", b"# nothing\n");
    let told = folder.remit("replay check.json");
    assert_eq!(told.code, 1);
    for said in [
        "Not the same as the record of 1 plan and ",
        "  QHM: the file `plan.remit` has changed\n",
        "  QHM: the file `new.remit` is new\n",
        "  QHM: `nhs-people-framework/pay-stays-national` of responsibility pay-policy was fail (error); it is not found now\n",
    ] {
        assert!(told.out.contains(said), "{said:?} is not in\n{}", told.out);
    }
    assert!(!told.out.contains("more.remit"), "{}", told.out);
    // Another program, another pack, another day: each is said by itself.
    let folder = recorded();
    let record = folder.read("check.json");
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    for (old, new, said) in [
        (version.as_str(), "\"version\": \"0.0.1\"", "the record was made by 0.0.1"),
        ("\"name\": \"nhs-people-framework\"", "\"name\": \"another-framework\"", "the pack `another-framework` (version "),
    ] {
        assert!(record.contains(old), "{old}");
        folder.write("other.json", record.replacen(old, new, 1).as_bytes());
        let told = folder.remit("replay other.json");
        assert_eq!(told.code, 1, "{new}");
        assert!(told.out.contains(said), "{said:?} is not in\n{}", told.out);
    }
    folder.write("other.json", record.replace("\"as_of\": \"2019-10-01\"", "\"as_of\": \"soon\"").as_bytes());
    assert_eq!(folder.remit("replay other.json").code, 2);
    folder.write("other.json", b"{}");
    assert_eq!(folder.remit("replay other.json").code, 2);
    assert_eq!(folder.remit("replay none.json").code, 2);
}

#[test]
fn a_signature_is_held_to_the_keys_that_are_trusted() {
    let folder = recorded();
    for key in ["ours", "theirs"] {
        assert_eq!(folder.remit(&format!("pack key new {key}.key --no-password")).code, 0);
    }
    assert_eq!(folder.remit("replay check.json --require-signature --key ours.key.pub").code, 3);
    let told = folder.remit("check plan --as-of 2019-10-01 --record check.json --sign ours.key");
    assert_eq!((told.code, told.err.as_str()), (1, ""));
    let told = folder.remit("replay check.json --key ours.key.pub");
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert!(told.out.contains("Signed by the key "), "{}", told.out);
    let told = folder.remit("replay check.json --key theirs.key.pub");
    assert_eq!(told.code, 3, "{}", told.out);
    assert!(told.err.contains("`check.json` is signed by the key "), "{}", told.err);
    // By the keys of `remit.yaml`.
    let key = folder.read("ours.key.pub").lines().nth(1).expect("a key").to_owned();
    folder.write("remit.yaml", format!("trusted-keys:\n  - publisher: Region\n    key: {key}\n    packs: [region-*]\n").as_bytes());
    let told = folder.remit("replay check.json --require-signature");
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert!(told.out.contains("Signed by Region, key "), "{}", told.out);
    let record = folder.read("check.json").replace("pay-policy", "pay-policies");
    folder.write("check.json", record.as_bytes());
    let told = folder.remit("replay check.json");
    assert_eq!(told.code, 3, "{}", told.out);
    assert!(told.err.contains("does not belong to these bytes"), "{}", told.err);
}

#[test]
fn nothing_is_recorded_of_half_a_check() {
    let folder = Folder::with(&[("plan/plan.remit", PLAN)]);
    let told = folder.remit("check plan none --record check.json");
    assert_eq!(told.code, 2);
    assert!(told.err.contains("`check.json` is not written: not everything could be checked"), "{}", told.err);
    assert!(!folder.0.join("check.json").exists());
    assert_eq!(folder.remit("check plan --record plan/plan.remit").code, 2);
    assert_eq!(folder.read("plan/plan.remit"), PLAN);
    assert_eq!(folder.remit("check plan --sign ours.key").code, 2);
}
