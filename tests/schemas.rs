//! The JSON Schemas say what the loader says: packs that are shipped, changed in every way that the tables speak of, are put to both.

use std::collections::HashMap;
use std::fs;

use jsonschema::Validator;
use remit_core::packs::{PackFiles, Packs};
use serde_json::{Value, json};

use crate::case::{pack_of, root};

const GENERATED: [&str; 6] = ["rule", "pack", "vocabulary", "paragraphs", "project", "lock"];

fn printed(name: &str) -> String {
    let (printed, code) = crate::cli::printed(&format!("schema {name}"));
    assert_eq!(code, 0, "{name}");
    printed
}

fn validator(name: &str) -> Validator {
    let schema = serde_json::from_str(&printed(name)).expect("JSON");
    jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn the_kept_copies_are_what_is_printed() {
    let listed = printed("");
    for name in GENERATED {
        assert!(listed.contains(name));
        let path = root().join(format!("docs/schema/{name}.schema.json"));
        let printed = printed(name);
        if std::env::var_os("REMIT_BLESS").is_some() {
            fs::write(&path, printed).expect("written");
        } else {
            let kept = fs::read_to_string(&path).unwrap_or_default();
            assert!(kept == printed, "{} is not what `remit schema {name}` prints (REMIT_BLESS=1 writes it)", path.display());
        }
    }
    for name in ["check", "explain", "why", "outcomes", "calendar", "record", "ready", "roster", "waivers", "baseline"] {
        assert_eq!(fs::read_to_string(root().join(format!("docs/schema/{name}.schema.json"))).expect("kept"), printed(name));
    }
}

/// A file as an editor sees it: what looks like a number is one.
fn as_editors_see(yaml: &str) -> Vec<Value> {
    let documents = yaml_serde::Deserializer::from_str(yaml);
    documents.map(|document| <Value as serde::Deserialize>::deserialize(document).expect("the shipped packs are YAML")).collect()
}

/// One change to a document, and what it is.
fn changes(document: &Value) -> Vec<(String, Value)> {
    let mut changes = Vec::new();
    let mut places = Vec::new();
    walk(document, &mut Vec::new(), &mut places);
    for place in places {
        let shown = place.join(" > ");
        let (last, above) = place.split_last().expect("not the root");
        let of = |value: &mut Value| at(value, above).and_then(Value::as_object_mut).and_then(|map| map.remove(last.as_str()));
        let mut change = |what: &str, act: &dyn Fn(&mut serde_json::Map<String, Value>, Value)| {
            let mut changed = document.clone();
            let Some(value) = of(&mut changed) else { return };
            act(at(&mut changed, above).and_then(Value::as_object_mut).expect("a map"), value);
            changes.push((format!("{shown}: {what}"), changed));
        };
        change("taken away", &|_, _| {});
        change("misspelt", &|map, value| drop(map.insert(format!("{last}z"), value)));
        change("nothing", &|map, _| drop(map.insert(last.clone(), Value::Null)));
        change("a word", &|map, _| drop(map.insert(last.clone(), json!("strange word"))));
        change("a number", &|map, _| drop(map.insert(last.clone(), json!(7))));
        change("a list", &|map, value| drop(map.insert(last.clone(), json!([value]))));
        change("an empty list", &|map, _| drop(map.insert(last.clone(), json!([]))));
        change("a map", &|map, value| drop(map.insert(last.clone(), json!({ "strange": value }))));
        change("one key more", &|map, value| {
            map.insert(last.clone(), value);
            map.insert("strange".to_owned(), json!("word"));
        });
    }
    changes
}

fn at<'v>(value: &'v mut Value, path: &[String]) -> Option<&'v mut Value> {
    path.iter().try_fold(value, |value, key| value.get_mut(key))
}

/// The paths of keys; of many entries alike (terms, kinds), the first two of each map.
fn walk(value: &Value, above: &mut Vec<String>, places: &mut Vec<Vec<String>>) {
    let Some(map) = value.as_object() else { return };
    let alike = above
        .last()
        .is_some_and(|key| ["terms", "kinds", "fields", "rows", "derived", "cells", "units", "sources"].contains(&key.as_str()));
    for (key, value) in map.iter().take(if alike { 2 } else { usize::MAX }) {
        above.push(key.clone());
        places.push(above.clone());
        walk(value, above, places);
        above.pop();
    }
}

/// The packs with as few bodies as the rules need, so that they load in no time.
fn shipped() -> Vec<PackFiles> {
    let mut packs = remit_framework::packs();
    packs.push(pack_of("examples/packs/north-east"));
    for (path, text) in packs.iter_mut().flat_map(|pack| &mut pack.files) {
        if path == "data/bodies.csv" {
            let few =
                text.lines().enumerate().filter(|(at, line)| *at == 0 || !line.starts_with(char::is_uppercase) || line.starts_with("Q"));
            *text = few.map(|(_, line)| format!("{line}\n")).collect();
        } else if path.ends_with(".csv") {
            *text = format!("{}\n", text.lines().next().unwrap_or(""));
        }
    }
    packs
}

/// What the loader says of the form of one file: nothing of words and types, which only a whole pack knows.
fn faults_of_form(packs: &[PackFiles], file: &str) -> (bool, Vec<String>) {
    const FORM: [&str; 21] = [
        "a rule that tightens has no `",
        "an edition has no `",
        "` rule has no `",
        "a pack has no `",
        "a source has no `",
        "a vocabulary has no `",
        "a paragraph has no `",
        "paragraphs are written as a list",
        "does not say how sure this is",
        "a set of terms has no `",
        "a term has no `",
        "a kind of statement has no `",
        "a field has no `",
        "a clause has no `",
        "evidence has no `",
        "` is one value",
        "` is a list, as in",
        " is written as `key: value` lines",
        "` is `yes` or `no`",
        "is not a severity",
        "names no function",
    ];
    match Packs::load(packs) {
        Ok(_) => (true, Vec::new()),
        Err(errors) => {
            let here =
                errors.problems.iter().filter(|problem| errors.sources.get(problem.span.file).is_some_and(|source| source.path() == file));
            let form = here.map(|problem| problem.message.clone());
            (false, form.filter(|message| FORM.iter().any(|form| message.contains(form)) || is_missing(message)).collect())
        }
    }
}

fn is_missing(message: &str) -> bool {
    message.contains(" needs `") && !message.starts_with('`') && !message.contains("needs a `doc`") && !message.contains("kind `")
}

#[test]
fn schema_and_loader_say_the_same_of_packs() {
    let packs = shipped();
    Packs::load(&packs).unwrap_or_else(|errors| panic!("{:#?}", errors.problems));
    let validators: HashMap<&str, Validator> =
        ["rule", "pack", "vocabulary", "paragraphs"].into_iter().map(|name| (name, validator(name))).collect();
    let every = if std::env::var_os("REMIT_THOROUGH").is_some() { 1 } else { 17 };
    let (mut turn, mut asked) = (0, 0);
    let mut rejected = 0;
    let mut differences = Vec::new();
    for (pack, (path, text)) in packs.iter().enumerate().flat_map(|(at, pack)| pack.files.iter().map(move |file| (at, file))) {
        let name = match path.as_str() {
            "pack.yaml" => "pack",
            "vocabulary.yaml" => "vocabulary",
            "paragraphs.yaml" => "paragraphs",
            path if path.starts_with("rules/") && path.ends_with(".yaml") => "rule",
            _ => continue,
        };
        // Only the rule in question is compiled, with what it stands on.
        let mut small = packs.clone();
        for files in &mut small {
            files.files.retain(|(other, _)| {
                other == path || !other.starts_with("rules/") || path.strip_suffix(".yaml") == other.strip_suffix(".md")
            });
        }
        let shown = format!("{}/{path}", small[pack].path);
        let file = small[pack].files.iter().position(|(other, _)| other == path).expect("it is there");
        for document in as_editors_see(text) {
            assert!(
                validators[name].is_valid(&document),
                "{shown}: {:?}",
                validators[name].iter_errors(&document).map(|error| error.to_string()).collect::<Vec<_>>()
            );
            for (what, changed) in changes(&document) {
                // One change in seventeen, others in each file: all of them take minutes.
                turn += 1;
                if turn % every != 0 {
                    continue;
                }
                small[pack].files[file].1 = yaml_serde::to_string(&changed).expect("YAML");
                let fits = validators[name].is_valid(&changed);
                let (loads, form) = faults_of_form(&small, &shown);
                asked += 1;
                rejected += usize::from(!fits);
                if !fits && loads {
                    differences.push(format!("{shown}, {what}: the schema rejects what the loader accepts"));
                }
                if fits && !form.is_empty() {
                    differences.push(format!("{shown}, {what}: the loader rejects what the schema accepts: {form:?}"));
                }
            }
        }
    }
    assert!(asked > 200 && rejected > 150, "{asked} {rejected}");
    assert!(differences.is_empty(), "{} of {asked}:\n{}", differences.len(), differences.join("\n"));
}
