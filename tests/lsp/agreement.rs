//! One analysis, two windows: the command line and the language server give the same rules at the same places.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};

use crate::case;
use crate::cli::Folder;
use crate::lsp::editor::{Editor, uri};

/// What is found in each file: the rule, and its place as the command line counts it.
type Found = BTreeMap<PathBuf, Vec<(String, [u64; 4])>>;

/// Every case of the suite and every example but all England, each in a folder with its day.
pub(crate) fn corpus() -> Folder {
    let folder = Folder::new();
    for path in case::files(&case::root().join("tests/suite"), ".md") {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        for (at, case) in case::cases(&fs::read_to_string(&path).unwrap()).iter().enumerate() {
            let plan = format!("{name}-{at}");
            folder.write(&format!("{plan}/remit.yaml"), format!("as-of: {}\n", case.as_of).as_bytes());
            for file in case.plan_files("somewhere") {
                folder.write(&format!("{plan}/{}", file.path), &file.bytes);
            }
        }
    }
    let examples = case::root().join("examples");
    // With the settings, and the packs that these name.
    for ending in [".remit", ".yaml", ".md"] {
        for path in case::files(&examples, ending).iter().filter(|path| !path.starts_with(examples.join("england"))) {
            let name = path.strip_prefix(&examples).unwrap().to_string_lossy().into_owned();
            folder.write(&format!("examples/{name}"), &fs::read(path).unwrap());
        }
    }
    // What is no text at all is told by both as well.
    folder.write("latin/plan.remit", b"plan \"Caf\xE9\" for QHM {\n}\n");
    folder.write("wide/plan.remit", b"\xFF\xFEp\0l\0a\0n\0");
    folder
}

fn sorted(mut found: Found) -> Found {
    found.retain(|_, findings| !findings.is_empty());
    found.values_mut().for_each(|findings| findings.sort());
    found
}

fn of_command_line(folder: &Folder) -> Found {
    let told = folder.remit("check . --format json").json();
    // An editor shows a plan; what many come to together, or only several show, is for whoever checks them all.
    let over_many: Vec<&Value> = told["together"].as_array().unwrap().iter().map(|one| &one["rule"]).collect();
    let mut found = Found::new();
    for finding in told["findings"].as_array().unwrap().iter().filter(|finding| !over_many.contains(&&finding["rule"])) {
        let location = &finding["location"];
        let place = |end: &str, what: &str| location[end][what].as_u64().unwrap() - 1;
        let places = [place("start", "line"), place("start", "column"), place("end", "line"), place("end", "column")];
        let file = folder.0.join(location["file"].as_str().unwrap());
        found.entry(file).or_default().push((finding["rule"].as_str().unwrap().to_owned(), places));
    }
    sorted(found)
}

/// The rule and the place of each diagnostic.
pub(crate) fn places(diagnostics: &[Value]) -> Vec<(String, [u64; 4])> {
    let place = |diagnostic: &Value| {
        let range = &diagnostic["range"];
        let number = |end: &str, what: &str| range[end][what].as_u64().unwrap();
        let places = [number("start", "line"), number("start", "character"), number("end", "line"), number("end", "character")];
        (diagnostic["code"].as_str().unwrap().to_owned(), places)
    };
    diagnostics.iter().map(place).collect()
}

#[test]
fn the_command_line_and_the_server_find_the_same_rules_at_the_same_places() {
    let folder = corpus();
    let said = of_command_line(&folder);
    assert!(said.len() > 250, "only {} files have findings", said.len());
    let files: BTreeSet<PathBuf> = case::files(&folder.0, ".remit").into_iter().collect();
    let host = Arc::new(remit::Disk::new(folder.0.clone(), case::DAY.parse().unwrap()));
    // The command line counts in Unicode scalar values.
    let introduction = json!({ "rootUri": uri(&folder.0), "capabilities": { "general": { "positionEncodings": ["utf-32"] } } });
    // Pulled, each document by itself. First, since whoever asks is answered, and does not wait for what never comes.
    let mut editor = Editor::start(host.clone(), introduction.clone());
    let pulled: Found = files.iter().map(|path| (path.clone(), places(&editor.pulled(path)))).collect();
    same(&said, &sorted(pulled), "pulled");
    let mut editor = Editor::start(host, introduction);
    for path in said.keys() {
        editor.pushed_when(path, |_, diagnostics| !diagnostics.is_empty());
    }
    let pushed: Found = files.iter().map(|path| (path.clone(), places(&editor.shown(path)))).collect();
    same(&said, &sorted(pushed), "pushed");
    let report = editor.ask("workspace/diagnostic", json!({ "previousResultIds": [] }));
    let all: Found = report["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| (PathBuf::from(item["uri"].as_str().unwrap().trim_start_matches("file://")), places(item["items"].as_array().unwrap())))
        .collect();
    same(&said, &sorted(all), "pulled at once");
}

fn same(said: &Found, told: &Found, how: &str) {
    for path in said.keys().chain(told.keys()) {
        let name = path.strip_prefix(std::env::temp_dir()).unwrap_or(Path::new(path)).display();
        assert_eq!(said.get(path), told.get(path), "{name}: the command line, and what is {how}");
    }
}
