//! The command line, run in process: paths, settings, formats, exit codes, layout.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use remit_core::time::Date;
use serde_json::Value;

const PLAN: &str = "plan \"Our people, our future\" for QHM {\n  horizon  2019/20 to 2023/24\n}\n";
const BROKEN: &str = "plan \"Our people, our future\" for QHM {\n  horizon  2019/20 to 2023/25\n}\n";

/// Every format of `remit check`.
pub(crate) const FORMATS: [&str; 8] = ["human", "plain", "json", "sarif", "junit", "github", "gitlab", "markdown"];

/// A folder of its own, gone afterwards.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("remit-cli-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).expect("a folder");
        Self(path.canonicalize().expect("a folder"))
    }

    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self::new();
        for (path, text) in files {
            folder.write(path, text.as_bytes());
        }
        folder
    }

    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.0.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("written");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.0.join(path)).expect(path)
    }

    pub(crate) fn remit(&self, words: &str) -> Told {
        let mut out = Vec::new();
        let mut told = self.remit_to(words, &mut out);
        told.out = String::from_utf8(out).expect("UTF-8");
        told
    }

    fn remit_to(&self, words: &str, out: &mut dyn Write) -> Told {
        run(&self.0, words, out)
    }
}

/// Copies a folder of texts, with all below it.
pub(crate) fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copied(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("copied");
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) struct Told {
    pub(crate) code: u8,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Told {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {} {}", self.out, self.err))
    }

    fn plans(&self) -> Vec<String> {
        let json = self.json();
        let plans = json["plans"].as_array().expect("plans");
        plans.iter().map(|plan| plan["path"].as_str().expect("a path").to_owned()).collect()
    }
}

fn run(folder: &Path, words: &str, out: &mut dyn Write) -> Told {
    run_on(folder, words, out, Date::constant(2019, 10, 1), &|_| None)
}

/// Runs a command on a day, with what the environment's variables say.
pub(crate) fn run_on(folder: &Path, words: &str, out: &mut dyn Write, today: Date, variable: &dyn Fn(&str) -> Option<String>) -> Told {
    let mut err = Vec::new();
    let environment = remit::Environment {
        folder: folder.to_owned(),
        today,
        color: false,
        color_of_errors: false,
        width: None,
        watched: false,
        variable,
        password: &|_| Err(io::Error::other("nobody sits there")),
        input: &|| Ok(b"plan   \"x\"   for QHM {}\n".to_vec()),
    };
    // What stands between quotes is one word.
    let unquoted = |(at, part): (usize, &'_ str)| -> Vec<String> {
        if at % 2 == 1 { vec![part.to_owned()] } else { part.split_whitespace().map(str::to_owned).collect() }
    };
    let arguments = ["remit".to_owned()].into_iter().chain(words.split('"').enumerate().flat_map(unquoted)).map(OsString::from);
    let code = remit::run(arguments, out, &mut err, &environment);
    Told { code, out: String::new(), err: String::from_utf8(err).expect("UTF-8") }
}

#[test]
fn the_help_names_every_verb() {
    let told = Folder::new().remit("--help");
    assert_eq!(told.code, 0);
    for verb in ["check", "explain", "fmt", "pack", "schema", "completions", "Examples:"] {
        assert!(told.out.contains(verb), "{verb}");
    }
    assert_eq!(Folder::new().remit("--version").out, format!("remit {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(Folder::new().remit("chek").code, 2);
    assert_eq!(Folder::new().remit("").code, 2);
}

#[test]
fn a_path_that_is_not_there_is_a_clear_error() {
    let folder = Folder::with(&[("plans/plan.remit", PLAN), ("plans/notes.txt", "")]);
    let told = folder.remit("check plan");
    assert_eq!((told.code, told.out.as_str()), (2, ""));
    assert_eq!(told.err, "remit: there is no file or folder `plan`\n  help: did you mean `plans`?\n");
    let told = folder.remit("check plans/plan.remt");
    assert_eq!(told.err, "remit: there is no file or folder `plans/plan.remt`\n  help: did you mean `plans/plan.remit`?\n");
    assert_eq!(folder.remit("check elsewhere/and/further").err, "remit: there is no file or folder `elsewhere/and/further`\n");
    let told = folder.remit("check plans/notes.txt");
    assert_eq!(told.code, 2);
    assert!(told.err.contains("`plans/notes.txt` is no plan"), "{}", told.err);
}

#[test]
fn a_folder_without_a_plan_is_an_error() {
    let folder = Folder::with(&[
        ("a/readme.md", ""),
        (".hidden/plan.remit", PLAN),
        ("node_modules/x/plan.remit", PLAN),
        ("target/plan.remit", PLAN),
    ]);
    let told = folder.remit("check");
    assert_eq!(told.code, 2);
    assert!(told.err.starts_with("remit: there is no plan in `.`\n  help: a plan is a file whose name ends in `.remit`"), "{}", told.err);
}

#[test]
fn folders_are_searched_in_the_order_of_their_paths() {
    let folder = Folder::with(&[
        ("region/b/plan.remit", PLAN),
        ("region/a/staff.remit", ""),
        ("region/a/plan.remit", PLAN),
        ("region/a/below/plan.remit", PLAN),
        ("region/a/.old/plan.remit", PLAN),
        ("region/a/.plan.remit", BROKEN),
        ("single.remit", PLAN),
    ]);
    assert_eq!(folder.remit("check region --format json").plans(), ["region/a", "region/a/below", "region/b"]);
    assert_eq!(folder.remit("check ./region/b region region/b/ --format json").plans(), ["region/a", "region/a/below", "region/b"]);
    assert_eq!(folder.remit("check --format json").plans(), [".", "region/a", "region/a/below", "region/b"]);
    assert_eq!(folder.remit("check single.remit --format json").plans(), ["single.remit"]);
    let absolute = format!("check {} --format json", folder.0.join("region/b").display());
    assert_eq!(folder.remit(&absolute).plans(), ["region/b"]);
}

#[cfg(unix)]
#[test]
fn links_are_neither_followed_round_nor_passed_over() {
    use std::os::unix::fs::symlink;
    let folder = Folder::with(&[("plans/plan.remit", PLAN)]);
    symlink(&folder.0, folder.0.join("plans/back")).expect("a link");
    assert_eq!(folder.remit("check plans --format json").plans(), ["plans"]);
    symlink("nowhere", folder.0.join("plans/staff.remit")).expect("a link");
    let told = folder.remit("check plans");
    assert_eq!((told.code, told.err.as_str()), (2, "remit: `plans/staff.remit` cannot be read: no such file or directory\n"));
}

#[test]
fn usage_goes_before_findings_and_both_are_told() {
    let folder = Folder::with(&[("a/plan.remit", BROKEN)]);
    let told = folder.remit("check a b");
    assert_eq!(told.code, 2);
    assert!(told.out.contains("a/plan.remit:2:"), "{}", told.out);
    assert!(told.err.contains("`b`"), "{}", told.err);
}

#[test]
fn settings_are_the_nearest_and_the_command_line_wins() {
    let folder = Folder::with(&[
        ("remit.yaml", "as-of: 2019-01-01\n"),
        ("a/plan.remit", PLAN),
        ("b/plan.remit", PLAN),
        ("b/remit.yaml", "# ours\nas-of: 2019-02-02\n"),
    ]);
    let dates = |words: &str| {
        let json = folder.remit(words).json();
        let plans: Vec<String> = json["plans"].as_array().expect("plans").iter().map(|plan| plan["as_of"].to_string()).collect();
        (json["as_of"].to_string(), plans.join(" "))
    };
    assert_eq!(dates("check a --format json"), ("\"2019-01-01\"".to_owned(), "\"2019-01-01\"".to_owned()));
    assert_eq!(dates("check --format json"), ("null".to_owned(), "\"2019-01-01\" \"2019-02-02\"".to_owned()));
    let flag = ("\"2020-02-29\"".to_owned(), "\"2020-02-29\" \"2020-02-29\"".to_owned());
    assert_eq!(dates("check --format json --as-of 2020-02-29"), flag);
    let free = Folder::with(&[("plan.remit", PLAN)]);
    assert_eq!(free.remit("check --format json").json()["as_of"], "2019-10-01");
}

#[test]
fn settings_that_are_wrong_say_where() {
    for (text, line, words) in [
        ("as-of: 2019-10-01\nfail_on: note\n", 2, "this file has no `fail_on`"),
        ("as-of: 2019-02-29\n", 1, "there is no day 2019-02-29"),
        ("fail-on: never\n", 1, "there is no level `never`"),
        ("packs: {a: b}\n", 1, "a list of folders belongs here"),
    ] {
        let folder = Folder::with(&[("plan.remit", PLAN), ("remit.yaml", text)]);
        let told = folder.remit("check");
        assert_eq!(told.code, 2, "{text}");
        assert!(told.err.starts_with(&format!("remit: `remit.yaml`, line {line}: {words}")), "{}", told.err);
    }
}

#[test]
fn settings_name_plans_and_packs() {
    let folder = Folder::with(&[
        ("remit.yaml", "plans: [plans]\npacks: [packs/ours]\n"),
        ("plans/plan.remit", PLAN),
        ("drafts/plan.remit", PLAN),
        ("packs/ours/notes.md", ""),
    ]);
    let told = folder.remit("check");
    assert_eq!((told.code, told.err.as_str()), (3, "remit: `packs/ours` is no rule pack: it has no `pack.yaml`\n"));
    folder.write("remit.yaml", b"plans: [plans]\npacks: packs/our\n");
    let told = folder.remit("check");
    assert_eq!(told.code, 2);
    assert!(told.err.contains("`packs/our`, which `remit.yaml` names") && told.err.contains("`packs/ours`?"), "{}", told.err);
    folder.write("remit.yaml", b"plans: [plans]\n");
    assert_eq!(folder.remit("check --format json").plans(), ["plans"]);
    assert_eq!(folder.remit("check drafts --format json").plans(), ["drafts"]);
}

#[test]
fn a_wrong_pack_is_shown_and_nothing_is_checked() {
    let folder = Folder::with(&[("plan.remit", BROKEN), ("remit.yaml", "packs: ours\n"), ("ours/pack.yaml", "name: [\n")]);
    for format in FORMATS {
        let told = folder.remit(&format!("check --format {format}"));
        assert_eq!((told.code, told.out.as_str()), (3, ""), "{format}");
        assert!(told.err.contains("ours/pack.yaml"), "{}", told.err);
    }
    assert_eq!(folder.remit("check . nowhere").code, 2, "2 goes before 3");
    assert_eq!(folder.remit("explain").code, 3);
}

#[test]
fn the_exit_code_depends_on_no_format() {
    let folder = Folder::with(&[("broken/plan.remit", BROKEN)]);
    for format in FORMATS {
        assert_eq!(folder.remit(&format!("check broken --format {format}")).code, 1, "{format}");
    }
    let told = folder.remit("check broken --format plain --format json=out.json --format human=out.txt");
    assert_eq!(told.code, 1);
    assert!(told.out.starts_with("Plan QHM") || told.out.starts_with("Plan broken"), "{}", told.out);
    assert!(folder.read("out.txt").contains("broken/plan.remit:2:"));
    let json: Value = serde_json::from_str(&folder.read("out.json")).expect("JSON");
    assert_eq!(json["findings"][0]["location"]["file"], "broken/plan.remit");
    assert_eq!(folder.remit("check broken --output again.txt").out, "");
    assert_eq!(folder.read("again.txt"), folder.read("out.txt"));
}

#[test]
fn formats_do_not_get_in_each_others_way() {
    let folder = Folder::with(&[("plan.remit", PLAN)]);
    for words in [
        "check --format human --format json",
        "check --format human=x --format json=./x",
        "check --format json=plan.remit",
        "check --format json=a --output b",
        "check --format jsn",
        "check --format json=",
        "check --output nowhere/out.txt",
        "check --as-of 31/03/2026",
        "check --fail-on never",
    ] {
        let told = folder.remit(words);
        assert_eq!(told.code, 2, "{words}");
        assert!(!told.err.is_empty(), "{words}");
    }
    assert_eq!(folder.read("plan.remit"), PLAN);
}

#[test]
fn json_is_valid_and_the_same_each_time() {
    let schema: Value = serde_json::from_str(include_str!("../docs/schema/check.schema.json")).expect("JSON");
    let schema = jsonschema::draft202012::new(&schema).expect("a schema");
    let folder = Folder::with(&[("a/plan.remit", BROKEN), ("b/plan.remit", PLAN), ("c/x.remit", "\u{FEFF}é “\r\n\0 {"), ("d/e.remit", "")]);
    let told = folder.remit("check --format json");
    let json = told.json();
    let wrong: Vec<String> = schema.iter_errors(&json).map(|error| format!("{error} at {}", error.instance_path())).collect();
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(folder.remit("check --format json").out, told.out);
}

/// The contract as it is written in the design, field by field.
#[test]
fn the_contract_of_the_design_is_kept() {
    let json = Folder::with(&[("plan.remit", BROKEN)]).remit("check --format json").json();
    let keys = |value: &Value| value.as_object().map(|object| object.keys().cloned().collect::<Vec<_>>().join(" ")).unwrap_or_default();
    assert_eq!(keys(&json), "as_of findings packs plans remit rules summary together");
    let findings = json["findings"].as_array().expect("findings");
    let finding = findings.iter().find(|finding| finding["rule"] == "remit/syntax").expect("a finding");
    for key in [
        "id", "rule", "subject", "severity", "verdict", "plan", "message", "help", "source", "location", "labels", "fixes", "slack",
        "waiver",
    ] {
        assert!(finding.get(key).is_some(), "{key}");
    }
    let start = &finding["location"]["start"];
    let offset = usize::try_from(start["offset"].as_u64().expect("a number")).expect("small");
    let end = usize::try_from(finding["location"]["end"]["offset"].as_u64().expect("a number")).expect("small");
    assert_eq!(&BROKEN[offset..end], "2023/25");
    assert_eq!((start["line"].as_u64(), start["column"].as_u64()), (Some(2), Some(23)));
}

/// Takes a little at a time, then has its reader go away.
struct Pipe {
    taken: Vec<u8>,
    closes_after: usize,
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.taken.len() >= self.closes_after {
            return Err(io::ErrorKind::BrokenPipe.into());
        }
        let some = &bytes[..bytes.len().min(1_000)];
        self.taken.extend_from_slice(some);
        Ok(some.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_large_result_is_whole_and_a_closed_pipe_is_no_error() {
    let faults = "fact x { value 2028/30 }\n".repeat(200);
    let names: Vec<String> = (0..10).map(|number| format!("{number}/plan.remit")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), faults.as_str())).collect();
    let folder = Folder::with(&files);
    for format in FORMATS {
        let words = format!("check --format {format}");
        let whole = folder.remit(&words);
        assert!(whole.out.len() > 250_000, "{format}: {}", whole.out.len());
        let mut pipe = Pipe { taken: Vec::new(), closes_after: usize::MAX };
        assert_eq!(folder.remit_to(&words, &mut pipe).code, 1);
        assert_eq!(pipe.taken, whole.out.as_bytes());
        let mut pipe = Pipe { taken: Vec::new(), closes_after: 10_000 };
        let told = folder.remit_to(&words, &mut pipe);
        assert_eq!((told.code, told.err.as_str()), (1, ""), "{format}");
    }
    let told = folder.remit("check --format json");
    let of_syntax =
        told.json()["findings"].as_array().expect("findings").iter().filter(|finding| finding["rule"] == "remit/syntax").count();
    assert_eq!(of_syntax, 2_000);
}

#[test]
fn a_full_disk_is_an_error() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let told = Folder::with(&[("plan.remit", PLAN)]).remit_to("check", &mut Full);
    assert_eq!(told.code, 2);
    assert!(told.err.contains("standard output cannot be written"), "{}", told.err);
}

#[test]
fn explain_says_what_a_rule_is() {
    let folder = Folder::new();
    let told = folder.remit("explain pay-stays-national");
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(told.out.contains("/pay-stays-national") && told.out.contains("nobody"), "{}", told.out);
    let told = folder.remit("explain pay-stay-national");
    assert_eq!(told.code, 2);
    assert!(told.err.contains("did you mean") && told.err.contains("pay-stays-national"), "{}", told.err);
    let list = folder.remit("explain");
    assert!(list.out.contains("pay-stays-national") && list.out.contains("wellbeing-guardian"), "{}", list.out);
    let schema: Value = serde_json::from_str(include_str!("../docs/schema/explain.schema.json")).expect("JSON");
    let schema = jsonschema::draft202012::new(&schema).expect("a schema");
    for words in ["explain --format json", "explain wellbeing-guardian --format json"] {
        let json = folder.remit(words).json();
        let wrong: Vec<String> = schema.iter_errors(&json).map(|error| format!("{error} at {}", error.instance_path())).collect();
        assert_eq!(wrong, Vec::<String>::new());
    }
}

#[test]
fn completions_are_written_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let told = Folder::new().remit(&format!("completions {shell}"));
        assert_eq!(told.code, 0);
        assert!(told.out.contains("explain"), "{shell}");
    }
}

const UNTIDY: &str = "plan   \"x\"   for QHM {\nhorizon  2019/20   to 2023/24\n}\n";

#[test]
fn fmt_changes_files_and_says_which() {
    let folder = Folder::with(&[("a/plan.remit", UNTIDY), ("b.remit", UNTIDY)]);
    let told = folder.remit("fmt --check");
    assert_eq!(told.code, 1);
    assert_eq!(told.out, "would change a/plan.remit\nwould change b.remit\n2 of 2 files would change.\n");
    let told = folder.remit("fmt --diff b.remit");
    assert_eq!(told.code, 0);
    assert!(told.out.starts_with("--- b.remit\n+++ b.remit") && told.out.contains("\n-plan   \"x\""), "{}", told.out);
    assert_eq!(folder.remit("fmt --diff --check b.remit").code, 1);
    assert_eq!(folder.read("b.remit"), UNTIDY);
    let told = folder.remit("fmt");
    assert_eq!((told.code, told.out.as_str()), (0, "changed a/plan.remit\nchanged b.remit\n2 of 2 files changed.\n"));
    assert_ne!(folder.read("b.remit"), UNTIDY);
    let told = folder.remit("fmt --check");
    assert_eq!((told.code, told.out.as_str()), (0, "0 of 2 files would change.\n"));
    let left: Vec<_> = fs::read_dir(&folder.0).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left.len(), 2, "{left:?}");
}

#[test]
fn fmt_leaves_alone_what_is_not_utf_8() {
    let folder = Folder::with(&[("b.remit", UNTIDY)]);
    folder.write("a.remit", b"plan   \"caf\xe9\" for QHM {}\n");
    let told = folder.remit("fmt");
    assert_eq!(told.code, 2);
    assert!(told.err.contains("`a.remit` is not UTF-8 text, and was left as it is"), "{}", told.err);
    assert_eq!(fs::read(folder.0.join("a.remit")).expect("a file"), b"plan   \"caf\xe9\" for QHM {}\n");
    assert_ne!(folder.read("b.remit"), UNTIDY, "the other is laid out all the same");
}

#[test]
fn fmt_reads_the_standard_input() {
    let told = Folder::new().remit("fmt -");
    assert_eq!(told.code, 0);
    assert!(told.out.starts_with("plan \"x\" for QHM"), "{}", told.out);
    let told = Folder::new().remit("fmt --check -");
    assert_eq!((told.code, told.out.as_str()), (1, ""));
}

#[cfg(unix)]
#[test]
fn fmt_keeps_links_and_permissions() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::with(&[("real/plan.txt", UNTIDY)]);
    let real = folder.0.join("real/plan.txt");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("permissions");
    symlink(&real, folder.0.join("plan.remit")).expect("a link");
    assert_eq!(folder.remit("fmt plan.remit").code, 0);
    assert!(fs::symlink_metadata(folder.0.join("plan.remit")).expect("a link").is_symlink());
    assert_ne!(folder.read("real/plan.txt"), UNTIDY);
    assert_eq!(fs::metadata(&real).expect("a file").permissions().mode() & 0o777, 0o640);
    folder.write("real/plan.txt", UNTIDY.as_bytes());
    fs::set_permissions(&real, fs::Permissions::from_mode(0o440)).expect("permissions");
    let told = folder.remit("fmt plan.remit");
    assert_eq!((told.code, folder.read("real/plan.txt").as_str()), (2, UNTIDY));
    assert!(told.err.contains("it is read-only"), "{}", told.err);
}

/// What a command prints when it runs at the root of the repository, without colour and 80 columns wide.
pub(crate) fn printed(words: &str) -> (String, u8) {
    let mut out = Vec::new();
    let code = run(&crate::case::root(), words, &mut out).code;
    (String::from_utf8(out).expect("UTF-8"), code)
}

#[test]
fn the_readme_commands_do_what_they_say() {
    let readme = fs::read_to_string(crate::case::root().join("README.md")).expect("README.md");
    let (real, code) = printed("check examples/north-east-and-north-cumbria-2019");
    assert_eq!(code, 0, "{real}");
    assert!(readme.contains("cargo run --release -- check examples/north-east-and-north-cumbria-2019"));
    assert_eq!(printed("check examples/ultra-vires").1, 1);
    assert_eq!(printed("check examples/first-plan.remit --as-of 2019-10-01").1, 0);
}

/// The formats hold the same findings, and the exit code never depends on the format.
#[test]
fn every_format_holds_the_same_findings() {
    for (path, code) in [("examples/ultra-vires", 1), ("examples/north-east-and-north-cumbria-2019", 0)] {
        let (json, json_code) = printed(&format!("check {path} --format json"));
        let (human, human_code) = printed(&format!("check {path} --format human"));
        let (plain, plain_code) = printed(&format!("check {path} --format plain"));
        assert_eq!([json_code, human_code, plain_code], [code; 3]);
        let json: Value = serde_json::from_str(&json).expect("JSON");
        for finding in json["findings"].as_array().expect("findings") {
            let rule = finding["rule"].as_str().expect("a rule");
            let line = finding["location"]["start"]["line"].as_u64().expect("a line");
            let file = finding["location"]["file"].as_str().expect("a file");
            // The plain format begins each sentence with a capital.
            let message: String =
                finding["message"].as_str().expect("a message").split_whitespace().collect::<String>().chars().skip(1).collect();
            let squeezed = |text: &str| text.split_whitespace().collect::<String>();
            assert!(squeezed(&human).contains(&message) && squeezed(&plain).contains(&message), "{message}");
            assert!(human.contains(rule) && plain.contains(rule), "{rule}");
            assert!(human.contains(&format!("{file}:{line}:")) && plain.contains(&format!("{file}, line {line}")), "{file} {line}");
        }
        let count = json["findings"].as_array().expect("findings").len();
        let opens =
            |line: &&str| ["error  ", "warning  ", "note  ", "undetermined  ", "waived  "].iter().any(|word| line.starts_with(word));
        assert_eq!(human.lines().filter(opens).count(), count, "{human}");
    }
}

/// The page on writing packs, followed to the letter: two files, a line in `remit.yaml`, and the rule is asked. No Rust is touched.
#[test]
fn the_pack_of_the_documentation_is_picked_up() {
    let page = fs::read_to_string(crate::case::root().join("docs/packs.md")).expect("docs/packs.md");
    let blocks: Vec<&str> = page.split("```").skip(1).step_by(2).map(|block| block.split_once('\n').expect("a block").1).collect();
    let block = |mark: &str| *blocks.iter().find(|block| block.starts_with(mark)).unwrap_or_else(|| panic!("no block begins with {mark}"));
    let plan = format!("{PLAN}commitment more-nurses {{ on supply-and-retention; due 2021-03-31 }}\n");
    let folder = Folder::with(&[
        ("plan.remit", &plan),
        ("my-rules/pack.yaml", block("name: my-rules")),
        ("my-rules/rules/sro-is-named.yaml", block("id: sro-is-named")),
        ("my-rules/rules/sro-is-named.md", block("# Every dated commitment")),
        ("remit.yaml", block("packs:")),
    ]);
    let told = folder.remit("check --format json");
    let json = told.json();
    let findings = json["findings"].as_array().expect("findings");
    let finding = findings.iter().find(|finding| finding["rule"] == "my-rules/sro-is-named").expect("its finding");
    assert_eq!(finding["message"], "more-nurses has no senior responsible officer");
    assert_eq!(finding["location"]["start"]["line"], 4);
    assert_eq!(finding["source"]["title"], "The regional planning guide 2019");
    let told = folder.remit("explain sro-is-named");
    assert!(told.out.contains("Every dated commitment has a senior responsible officer"), "{}{}", told.out, told.err);

    folder.write("my-rules/rules/sro-is-named.yaml", block("id: sro-is-named").replace("expect: sro is", "expect: sr is").as_bytes());
    let told = folder.remit("check");
    assert_eq!(told.code, 3, "{}", told.err);
    assert!(told.err.contains("my-rules/rules/sro-is-named.yaml:6:9") && told.err.contains("did you mean `sro`?"), "{}", told.err);
}
