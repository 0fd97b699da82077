//! The core's answers as an editor gets them: every question once over the protocol, for plans and for packs.

use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use crate::lsp::editor::{Editor, Memory, uri};

const PLAN: &str = "plan \"Our people\" for QHM {\n  framework  nhs-people-framework 2019\n  horizon    2019/20 to 2023/24\n  baseline   2018/19\n  submitted  2019-09-27\n}\n";
const WORK: &str = "responsibility pay-policy {\n  accountable  QHM\n  consulted    college, RTD\n}\npartner college \"Café 👩‍⚕️ College\" { kind further-education }\nresponsibility workforce-planning { accountable QHM; responsible RTD }\n";

fn editor() -> (Editor, &'static Path) {
    let path = Path::new("/plans/work.remit");
    let capabilities = json!({ "textDocument": { "completion": { "completionItem": { "snippetSupport": true } } } });
    let host = Arc::new(Memory::new(&[("/plans/plan.remit", PLAN)]));
    let mut editor = Editor::start(host, json!({ "rootUri": "file:///plans", "capabilities": capabilities }));
    editor.open(path, WORK);
    (editor, path)
}

fn at(line: u32, character: u32) -> Value {
    json!({ "position": { "line": line, "character": character } })
}

fn labels(items: &Value) -> Vec<&str> {
    items["items"].as_array().or(items.as_array()).unwrap().iter().map(|item| item["label"].as_str().unwrap()).collect()
}

#[test]
fn what_can_be_written_is_offered_and_explained() {
    let (mut editor, path) = editor();
    editor.edit(path, 2, &[([5, 0, 5, 0], "evidence x {\n  \n}\n")]);
    let found = editor.ask_about("textDocument/completion", path, at(6, 2));
    assert_eq!(labels(&found), ["dated", "file", "by", "valid"]);
    let file = &found["items"][1];
    assert_eq!(file["textEdit"]["newText"], "file  \"$1\"");
    let explained = editor.ask("completionItem/resolve", file.clone());
    assert!(explained["documentation"]["value"].as_str().unwrap().contains("Where it is kept"), "{explained}");
    let form = editor.ask_about("textDocument/signatureHelp", path, at(1, 15));
    assert_eq!(form["signatures"][0]["label"], "accountable BODY, … [from DATE] [until DATE] [for BODY]");
    let hover = editor.ask_about("textDocument/hover", path, at(0, 20));
    assert!(hover["contents"]["value"].as_str().unwrap().contains("Pay policy stays national"), "{hover}");
}

#[test]
fn names_are_found_and_changed_in_every_file() {
    let (mut editor, path) = editor();
    let place =
        |line: u32, from: u32, to: u32| json!({ "start": { "line": line, "character": from }, "end": { "line": line, "character": to } });
    let found = editor.ask_about("textDocument/definition", path, at(2, 16));
    assert_eq!(found, json!([{ "uri": uri(path), "range": place(4, 8, 15) }]));
    let rule = editor.ask_about("textDocument/definition", path, at(0, 20));
    assert_eq!(rule[0]["uri"], "file:///provided/nhs-people-framework/vocabulary.yaml");
    let mut asked = at(2, 16);
    asked["context"] = json!({ "includeDeclaration": false });
    assert_eq!(editor.ask_about("textDocument/references", path, asked).as_array().unwrap().len(), 1);
    assert_eq!(editor.ask_about("textDocument/documentHighlight", path, at(2, 16)).as_array().unwrap().len(), 2);
    assert_eq!(editor.ask_about("textDocument/prepareRename", path, at(2, 16))["placeholder"], "college");
    let mut renamed = at(2, 16);
    renamed["newName"] = json!("tyne-college");
    let changes = editor.ask_about("textDocument/rename", path, renamed.clone());
    assert_eq!(changes["changes"][uri(path)].as_array().unwrap().len(), 2, "{changes}");
    renamed["position"] = json!({ "line": 1, "character": 16 });
    renamed["textDocument"] = json!({ "uri": uri(path) });
    let id = editor.begin("textDocument/rename", renamed);
    let refused = editor.answer(id);
    assert!(refused["error"]["message"].as_str().unwrap().contains("the bodies register calls"), "{refused}");
    let outline = editor.ask_about("textDocument/documentSymbol", path, json!({}));
    assert_eq!(outline[1]["name"], "partner college");
    let symbols = editor.ask("workspace/symbol", json!({ "query": "coll" }));
    assert_eq!(symbols[0]["name"], "college", "{symbols}");
}

#[test]
fn a_plan_is_coloured_hinted_linked_and_laid_out() {
    let (mut editor, path) = editor();
    let full = editor.ask_about("textDocument/semanticTokens/full", path, json!({}));
    let numbers = full["data"].as_array().unwrap();
    assert_eq!(numbers[..5], [json!(0), json!(0), json!(14), json!(0), json!(0)]);
    editor.edit(path, 2, &[([0, 0, 0, 0], "# One line more\n")]);
    let changed = editor.ask_about("textDocument/semanticTokens/full/delta", path, json!({ "previousResultId": full["resultId"] }));
    let edits = changed["edits"].as_array().unwrap();
    assert!(edits.len() == 1 && edits[0]["deleteCount"].as_u64().unwrap() < 10, "{changed}");
    let again = editor.ask_about("textDocument/semanticTokens/full/delta", path, json!({ "previousResultId": changed["resultId"] }));
    assert_eq!(again["edits"], json!([]));
    let lines = json!({ "range": { "start": { "line": 0, "character": 0 }, "end": { "line": 9, "character": 0 } } });
    assert!(editor.ask_about("textDocument/semanticTokens/range", path, lines.clone())["data"].as_array().unwrap().len() > 50);
    let hints = editor.ask_about("textDocument/inlayHint", path, lines.clone());
    let said: Vec<&str> = hints.as_array().unwrap().iter().map(|hint| hint["label"].as_str().unwrap()).collect();
    assert!(said.contains(&"gate shut: not assessed") && said.iter().any(|label| label.starts_with("North East")), "{said:?}");
    let lenses = editor.ask_about("textDocument/codeLens", path, json!({}));
    assert!(lenses.as_array().unwrap().iter().any(|lens| lens["command"]["title"] == "not assessed"), "{lenses}");
    assert_eq!(editor.ask_about("textDocument/documentLink", path, json!({})), json!([]));
    let grown = editor.ask_about("textDocument/selectionRange", path, json!({ "positions": [{ "line": 3, "character": 17 }] }));
    assert_eq!(grown[0]["range"]["end"]["character"], 22);
    assert_eq!(grown[0]["parent"]["range"]["end"]["character"], 27);
    let options = json!({ "options": { "tabSize": 2, "insertSpaces": true } });
    assert_eq!(editor.ask_about("textDocument/formatting", path, options.clone()), json!([]));
    editor.edit(path, 3, &[([2, 13, 2, 14], "")]);
    let laid_out = editor.ask_about("textDocument/formatting", path, options);
    assert_eq!(laid_out[0]["newText"], "  accountable  QHM\n", "{laid_out}");
    let line = editor.ask_about("textDocument/prepareCallHierarchy", path, at(6, 49));
    assert_eq!(line[0]["detail"], "accountable for workforce planning");
    let below = editor.ask("callHierarchy/outgoingCalls", json!({ "item": line[0] }));
    assert!(below[0]["to"]["name"].as_str().unwrap().contains("RTD"), "{below}");
    let above = editor.ask("callHierarchy/incomingCalls", json!({ "item": line[0] }));
    assert_eq!(above[0]["from"]["name"], "North East and Yorkshire", "{above}");
}

#[test]
fn what_was_found_can_be_put_right() {
    let (mut editor, path) = editor();
    let place = json!({ "start": { "line": 1, "character": 16 }, "end": { "line": 1, "character": 16 } });
    let found = editor.ask_about("textDocument/codeAction", path, json!({ "range": place, "context": { "diagnostics": [] } }));
    let titles: Vec<&str> = found.as_array().unwrap().iter().map(|action| action["title"].as_str().unwrap()).collect();
    assert_eq!(titles[..2], ["write `dhsc`", "record QHM as `consulted`"], "{titles:?}");
    assert_eq!(found[0]["isPreferred"], true);
    assert_eq!(found[0]["diagnostics"][0]["code"], "nhs-people-framework/pay-stays-national");
    let only = json!({ "range": place, "context": { "diagnostics": [], "only": ["source.fixAll"] } });
    let all = editor.ask_about("textDocument/codeAction", path, only);
    assert_eq!(all.as_array().unwrap().len(), 1, "{all}");
    let head = json!({ "start": { "line": 4, "character": 0 }, "end": { "line": 4, "character": 0 } });
    let moves = json!({ "range": head, "context": { "diagnostics": [], "only": ["refactor"] } });
    let moved = editor.ask_about("textDocument/codeAction", path, moves);
    assert_eq!(moved[0]["edit"]["documentChanges"][0]["uri"], "file:///plans/partner-college.remit", "{moved}");
}

#[test]
fn a_rule_is_written_explained_and_renamed() {
    const PACK: &str =
        "name: ours\ntitle: Ours\nversion: 1.0.0\ntier: region\nextends: nhs-people-framework\nsources:\n  guide: { title: The guide }\n";
    const RULE: &str = "id: sro-is-named\nseverity: warning\nsource: { document: guide, paragraph: \"1\" }\neach: commitment\nexpect: sro is given\nmessage: \"{name} has nobody\"\n";
    let rule = Path::new("/ours/rules/sro-is-named.yaml");
    let files = [
        ("/ours/pack.yaml", PACK),
        ("/ours/rules/sro-is-named.yaml", RULE),
        ("/ours/rules/sro-is-named.md", "# Somebody answers\n\nSee `sro-is-named`.\n"),
    ];
    let mut editor = Editor::start(Arc::new(Memory::new(&files)), json!({ "capabilities": {} }));
    editor.open(rule, RULE);
    let hover = editor.ask_about("textDocument/hover", rule, at(4, 9));
    assert!(hover["contents"]["value"].as_str().unwrap().contains("The senior responsible officer"), "{hover}");
    let page = editor.ask_about("textDocument/definition", rule, at(0, 6));
    assert_eq!(page["uri"], "file:///ours/rules/sro-is-named.md");
    let mut asked = at(0, 6);
    asked["newName"] = json!("somebody-answers");
    let renamed = editor.ask_about("textDocument/rename", rule, asked);
    let changes = renamed["documentChanges"].as_array().unwrap();
    assert_eq!(changes.len(), 4, "{renamed}");
    assert_eq!(changes[3]["newUri"], "file:///ours/rules/somebody-answers.yaml");
    // Half typed, the pack is wrong, and the words are offered all the same.
    editor.edit(rule, 2, &[([4, 8, 4, 20], "du")]);
    let found = editor.ask_about("textDocument/completion", rule, at(4, 10));
    assert!(labels(&found).contains(&"due"), "{found}");
}
