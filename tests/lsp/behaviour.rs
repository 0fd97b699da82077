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
