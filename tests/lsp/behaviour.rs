//! What the server does while people type, save, rename and change their minds.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::lsp::editor::{Editor, Memory};

const PLAN: &str = "plan \"Our people\" for QHM {\n  framework  nhs-people-framework 2019\n  horizon    2019/20 to 2023/24\n  baseline   2018/19\n  submitted  2019-09-27\n}\n";

fn rules(diagnostics: &[Value]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic["code"].as_str().unwrap()).collect()
}

#[test]
fn findings_are_pushed_and_pulled_alike() {
    let path = Path::new("/plans/plan.remit");
    let mut editor = Editor::open_folder(Arc::new(Memory::new(&[])), Path::new("/plans"));
    editor.open(path, &format!("{PLAN}responsibility pay-policy {{\n  accountable  QHM\n}}\n"));
    let pushed = editor.pushed(path, 1);
    let pay = pushed.iter().find(|one| one["code"] == "nhs-people-framework/pay-stays-national").unwrap();
    assert_eq!(pay["range"], json!({ "start": { "line": 7, "character": 15 }, "end": { "line": 7, "character": 18 } }));
    assert_eq!(pay["severity"], 1);
    assert_eq!(pay["codeDescription"]["href"], "file:///provided/nhs-people-framework/rules/pay-stays-national.md");
    assert_eq!(editor.pulled(path), pushed);
    let folds = editor.ask_about("textDocument/foldingRange", path, json!({}));
    assert_eq!(folds, json!([{ "startLine": 0, "endLine": 4, "kind": "region" }, { "startLine": 6, "endLine": 7, "kind": "region" }]));
}

#[test]
fn a_file_whose_findings_vanish_is_told_to_be_empty_of_them() {
    let path = Path::new("/plans/plan.remit");
    let mut editor = Editor::open_folder(Arc::new(Memory::new(&[])), Path::new("/plans"));
    editor.open(path, "plan");
    assert_eq!(rules(&editor.pushed(path, 1))[0], "remit/missing");
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": crate::lsp::editor::uri(path) } }));
    assert_eq!(editor.pushed_when(path, |version, found| version.is_none() && found.is_empty()), Some(Vec::new()));
}

#[test]
fn edits_are_applied_in_order_and_counted_as_the_editor_counts() {
    for (encoding, character) in [("utf-8", 26), ("utf-16", 17), ("utf-32", 16)] {
        let path = Path::new("/plans/plan.remit");
        let capabilities = json!({ "general": { "positionEncodings": [encoding] } });
        let mut editor = Editor::start(Arc::new(Memory::new(&[])), json!({ "rootUri": "file:///plans", "capabilities": capabilities }));
        assert_eq!(editor.welcome["capabilities"]["positionEncoding"], encoding);
        editor.open(path, PLAN);
        // Two changes of one message, the second counted in what the first left; then one that lies behind an emoji.
        editor.edit(path, 2, &[([6, 0, 6, 0], "section \"👩‍⚕️ é\" {}\n"), ([6, 0, 6, 7], "event")]);
        let found = editor.pushed(path, 2);
        let last = found.last().unwrap();
        assert_eq!(last["message"], "this `event` needs its day\nhelp: The day", "{found:#?}");
        editor.edit(path, 3, &[([6, character, 6, character], "\nboard {}")]);
        editor.write(path, 4, &format!("{PLAN}section \"👩‍⚕️ é\" nurse {{}}\n"));
        let found = editor.pushed(path, 4);
        let last = found.last().unwrap();
        assert_eq!(last["message"].as_str().unwrap().lines().next(), Some("`section` takes no further value here"), "{found:#?}");
        assert_eq!(last["range"]["start"], json!({ "line": 6, "character": character + 1 }), "{encoding}");
    }
}

const PAY: &str = "responsibility pay-policy {\n  accountable  QHM\n}\n";

fn has(diagnostics: &[Value], rule: &str) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic["code"].as_str().is_some_and(|code| code.ends_with(rule)))
}

/// A machine that the test can change while the server looks at it.
fn changing(files: &[(&str, &str)]) -> (Arc<Memory>, impl Fn(&str, Option<&str>) + use<>) {
    let memory = Arc::new(Memory::new(files));
    let other = memory.clone();
    let change = move |path: &str, text: Option<&str>| {
        let mut files = other.files.lock().unwrap();
        match text {
            Some(text) => files.insert(path.into(), text.to_owned()),
            None => files.remove(Path::new(path)),
        };
    };
    (memory, change)
}

fn watched(editor: &mut Editor, path: &str, kind: u8) {
    editor.tell("workspace/didChangeWatchedFiles", json!({ "changes": [{ "uri": format!("file://{path}"), "type": kind }] }));
}

#[test]
fn a_plan_is_its_folder_and_buffers_stand_over_the_disk() {
    let (host, change) = changing(&[("/plans/a/plan.remit", PLAN), ("/plans/a/pay.remit", PAY), ("/plans/b/plan.remit", PLAN)]);
    let mut editor = Editor::open_folder(host, Path::new("/plans"));
    let pay = Path::new("/plans/a/pay.remit");
    // Nothing is open, and everything is told.
    editor.pushed_when(pay, |_, found| has(found, "/pay-stays-national"));
    // The buffer counts, not the disk.
    editor.open(pay, "");
    assert_eq!(editor.pushed(pay, 1), Vec::<Value>::new());
    change("/plans/a/pay.remit", Some("responsibility pension-scheme {\n  accountable  QHM\n}\n"));
    watched(&mut editor, "/plans/a/pay.remit", 2);
    assert_eq!(editor.pulled(pay), Vec::<Value>::new());
    // Closed, the disk counts again, as it is now.
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": "file:///plans/a/pay.remit" } }));
    assert!(has(&editor.pulled(pay), "/pension-scheme-stays-national"));
}

#[test]
fn files_that_are_renamed_deleted_or_made_elsewhere_take_their_findings_along() {
    let (host, change) = changing(&[("/plans/plan.remit", PLAN), ("/plans/pay.remit", PAY)]);
    let mut editor = Editor::open_folder(host, Path::new("/plans"));
    let (old, new) = (Path::new("/plans/pay.remit"), Path::new("/plans/wages.remit"));
    editor.pushed_when(old, |_, found| has(found, "/pay-stays-national"));
    change("/plans/pay.remit", None);
    change("/plans/wages.remit", Some(PAY));
    editor.tell(
        "workspace/didRenameFiles",
        json!({ "files": [{ "oldUri": "file:///plans/pay.remit", "newUri": "file:///plans/wages.remit" }] }),
    );
    editor.pushed_when(new, |_, found| has(found, "/pay-stays-national"));
    editor.pushed_when(old, |_, found| found.is_empty());
    change("/plans/wages.remit", None);
    watched(&mut editor, "/plans/wages.remit", 3);
    editor.pushed_when(new, |_, found| found.is_empty());
    change("/plans/later/plan.remit", Some(&format!("{PLAN}{PAY}")));
    watched(&mut editor, "/plans/later/plan.remit", 1);
    editor.pushed_when(Path::new("/plans/later/plan.remit"), |_, found| has(found, "/pay-stays-national"));
    // A whole folder is gone.
    change("/plans/later/plan.remit", None);
    watched(&mut editor, "/plans/later", 3);
    editor.pushed_when(Path::new("/plans/later/plan.remit"), |_, found| found.is_empty());
}

#[test]
fn several_folders_come_and_go() {
    let text = format!("{PLAN}{PAY}");
    let (host, _) = changing(&[("/one/plan.remit", &text), ("/two/plan.remit", &text)]);
    let mut editor = Editor::start(host, json!({ "workspaceFolders": [{ "uri": "file:///one", "name": "one" }], "capabilities": {} }));
    editor.pushed_when(Path::new("/one/plan.remit"), |_, found| !found.is_empty());
    let two = json!({ "uri": "file:///two", "name": "two" });
    editor.tell("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": [two], "removed": [] } }));
    editor.pushed_when(Path::new("/two/plan.remit"), |_, found| !found.is_empty());
    editor.tell("workspace/didChangeWorkspaceFolders", json!({ "event": { "added": [], "removed": [two] } }));
    editor.pushed_when(Path::new("/two/plan.remit"), |_, found| found.is_empty());
    assert!(!editor.shown(Path::new("/one/plan.remit")).is_empty());
}

#[test]
fn settings_change_without_a_restart() {
    const PACK: &str =
        "name: ours\ntitle: Ours\nversion: 1.0.0\ntier: region\nextends: nhs-people-framework\nsources:\n  guide: { title: The guide }\n";
    const RULE: &str = "id: sro-is-named\nseverity: warning\nsource: { document: guide, paragraph: \"1\" }\neach: commitment\nexpect: sro is given\nmessage: \"{name} has nobody\"\n";
    let plan = format!("{PLAN}commitment more-nurses {{\n  on  international-recruitment\n}}\n");
    let (host, _) = changing(&[
        ("/plans/plan.remit", &plan),
        ("/plans/packs/ours/pack.yaml", PACK),
        ("/plans/packs/ours/rules/sro-is-named.yaml", RULE),
        ("/plans/packs/ours/rules/sro-is-named.md", "# Somebody answers\n\nBy name.\n"),
    ]);
    let path = Path::new("/plans/plan.remit");
    let mut editor = Editor::start(host, json!({ "rootUri": "file:///plans", "capabilities": { "workspace": { "configuration": true } } }));
    editor.pushed_when(path, |_, found| has(found, "remit/left-out") && !has(found, "ours/sro-is-named"));
    editor.settings = json!({ "packs": ["packs/ours"] });
    editor.tell("workspace/didChangeConfiguration", json!({ "settings": null }));
    let found = editor.pushed_when(path, |_, found| has(found, "ours/sro-is-named")).unwrap();
    let ours = found.iter().find(|one| one["code"] == "ours/sro-is-named").unwrap();
    assert_eq!(ours["severity"], 2);
    assert_eq!(ours["codeDescription"]["href"], "file:///plans/packs/ours/rules/sro-is-named.md");
    // What fails the check is red.
    editor.settings = json!({ "packs": ["packs/ours"], "failOn": "warning" });
    editor.tell("workspace/didChangeConfiguration", json!({ "settings": null }));
    editor.pushed_when(path, |_, found| found.iter().any(|one| one["code"] == "ours/sro-is-named" && one["severity"] == 1));
    // A day on which the plan was not yet submitted, and one that is none.
    editor.settings = json!({ "asOf": "2019-13-01" });
    editor.tell("workspace/didChangeConfiguration", json!({ "settings": null }));
    let shown = editor.wait(|message| message["method"] == "window/showMessage");
    assert_eq!(shown["params"]["message"], "`remit.asOf`: there is no day 2019-13-01");
    editor.pushed_when(path, |_, found| !has(found, "ours/sro-is-named"));
}

#[test]
fn a_rule_being_written_is_checked_at_its_words() {
    const PACK: &str =
        "name: ours\ntitle: Ours\nversion: 1.0.0\ntier: region\nextends: nhs-people-framework\nsources:\n  guide: { title: The guide }\n";
    const RULE: &str = "id: sro-is-named\nseverity: warning\nsource: { document: guide, paragraph: \"1\" }\neach: commitment\nexpect: sro is given\nmessage: \"{name} has nobody\"\n";
    let (host, _) = changing(&[
        ("/ours/pack.yaml", PACK),
        ("/ours/rules/sro-is-named.yaml", RULE),
        ("/ours/rules/sro-is-named.md", "# Somebody answers\n\nBy name.\n"),
    ]);
    let rule = Path::new("/ours/rules/sro-is-named.yaml");
    // No plan names the pack, and no folder is open: only this file.
    let mut editor = Editor::start(host, json!({ "capabilities": {} }));
    editor.open(rule, RULE);
    assert_eq!(editor.pulled(rule), Vec::<Value>::new());
    let mut editor = Editor::start(
        Arc::new(Memory::new(&[("/ours/pack.yaml", PACK), ("/ours/rules/sro-is-named.md", "# Somebody answers\n\nBy name.\n")])),
        json!({ "capabilities": {} }),
    );
    editor.open(rule, &RULE.replace("sro is given", "srq is given"));
    let found = editor.pushed_when(rule, |_, found| !found.is_empty()).unwrap();
    assert_eq!(found[0]["code"], "remit/pack");
    assert_eq!(found[0]["range"], json!({ "start": { "line": 4, "character": 8 }, "end": { "line": 4, "character": 11 } }), "{found:#?}");
    editor.write(rule, 2, RULE);
    editor.pushed_when(rule, |_, found| found.is_empty());
}

#[test]
fn an_editor_that_asks_by_itself_is_not_told_as_well() {
    let mut editor = Editor::open_folder(Arc::new(Memory::new(&[])), Path::new("/plans"));
    let path = Path::new("/plans/plan.remit");
    editor.open(path, &format!("{PLAN}{PAY}"));
    assert!(!editor.pushed(path, 1).is_empty());
    let report = editor.ask_about("textDocument/diagnostic", path, json!({}));
    assert_eq!(report["kind"], "full");
    editor.edit(path, 2, &[([0, 0, 0, 0], "\n")]);
    // What was pushed is taken back, or it would be shown twice.
    editor.pushed_when(path, |_, found| found.is_empty());
    let again = editor.ask_about("textDocument/diagnostic", path, json!({ "previousResultId": report["resultId"] }));
    assert_eq!(again["kind"], "full");
    let unchanged = editor.ask_about("textDocument/diagnostic", path, json!({ "previousResultId": again["resultId"] }));
    assert_eq!(unchanged, json!({ "kind": "unchanged", "resultId": again["resultId"] }));
}

#[test]
fn the_first_load_shows_how_far_it_is() {
    let text = format!("{PLAN}{PAY}");
    let (host, _) = changing(&[("/plans/a/plan.remit", &text), ("/plans/b/plan.remit", &text)]);
    let capabilities = json!({ "window": { "workDoneProgress": true } });
    let mut editor = Editor::start(host, json!({ "rootUri": "file:///plans", "capabilities": capabilities }));
    let progress =
        |kind: &'static str| move |message: &Value| message["method"] == "$/progress" && message["params"]["value"]["kind"] == kind;
    editor.wait(|message| message["method"] == "window/workDoneProgress/create");
    assert_eq!(editor.wait(progress("begin"))["params"]["value"]["title"], "Checking plans");
    assert_eq!(editor.wait(progress("report"))["params"]["value"]["message"], "a");
    editor.wait(progress("end"));
}

/// A plan that takes a while to check.
fn long_plan() -> String {
    let commitment = |at: usize| {
        format!(
            "commitment commitment-{at} {{\n  on     international-recruitment\n  owner  QHM\n  sro    \"Director {at}\"\n  due    2021-03-31\n}}\n"
        )
    };
    (0..2_000).map(commitment).fold(PLAN.to_owned(), |text, one| text + &one)
}

#[test]
fn cancelling_a_long_request_frees_the_server_at_once() {
    let (short, long) = (Path::new("/short/plan.remit"), Path::new("/long/plan.remit"));
    let (host, _) = changing(&[]);
    let mut editor = Editor::start(host.clone(), json!({ "capabilities": {} }));
    // Once it has asked, only what it asks is worked out.
    editor.open(short, PLAN);
    editor.pulled(short);
    // A busy machine may have checked it all before it hears of it: then once more.
    let again = ["workspace/diagnostic", "textDocument/diagnostic", "textDocument/hover"].map(|method| [method; 20]);
    let mut freed: Vec<&str> = Vec::new();
    for method in again.into_iter().flatten() {
        if freed.contains(&method) {
            continue;
        }
        let stopped = host.logged("stopped checking");
        let begun = host.logged("checking /long");
        editor.open(long, &long_plan());
        let params = json!({ "previousResultIds": [], "textDocument": { "uri": crate::lsp::editor::uri(long) }, "position": { "line": 0, "character": 1 } });
        let id = editor.begin(method, params);
        host.await_log("checking /long", begun + 1);
        editor.tell("$/cancelRequest", json!({ "id": id }));
        let answer = editor.answer(id);
        if answer["error"]["code"] == -32800 && host.logs_soon("stopped checking", stopped + 1) {
            freed.push(method);
        }
        assert!(!editor.pulled(short).is_empty(), "{method}");
        editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": crate::lsp::editor::uri(long) } }));
    }
    assert_eq!(freed.len(), 3, "{freed:?} were freed");
    // Whoever waits for it after all gets it.
    editor.open(long, &long_plan());
    assert!(!editor.pulled(long).is_empty());
}

#[test]
fn what_is_outdated_while_it_is_checked_is_dropped() {
    let path = Path::new("/plans/plan.remit");
    let (host, _) = changing(&[]);
    let mut editor = Editor::start(host.clone(), json!({ "capabilities": {} }));
    editor.open(path, &long_plan());
    host.await_log("checking /plans", 1);
    let mut version = 1;
    let dropped = (0..20).any(|_| {
        version += 1;
        editor.edit(path, version, &[([0, 0, 0, 0], "\n")]);
        host.logs_soon("stopped checking /plans", 1)
    });
    assert!(dropped, "nothing is dropped");
    assert!(!editor.pushed(path, version).is_empty());
}
