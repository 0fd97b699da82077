//! Rules about the code itself: the house keeps its rooms.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::case::{files, root};

fn rust_files() -> Vec<PathBuf> {
    let mut found = files(&root().join("crates"), ".rs");
    found.extend(files(&root().join("tests"), ".rs"));
    found
}

fn shown(path: &std::path::Path) -> String {
    path.strip_prefix(root()).unwrap().to_string_lossy().into_owned()
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    for path in rust_files() {
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("//! "), "{} does not open with `//!`", shown(&path));
    }
}

/// The core reads no files, no clock, no network, and prints nothing.
#[test]
fn the_core_does_no_input_or_output() {
    const FORBIDDEN: [&str; 10] = [
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "std::io",
        "std::thread",
        "SystemTime",
        "Instant::now",
        "println!",
        "Zoned::now",
    ];
    for path in files(&root().join("crates/remit-core/src"), ".rs") {
        let text = fs::read_to_string(&path).unwrap();
        for word in FORBIDDEN {
            assert!(!text.contains(word), "{} uses {word}", shown(&path));
        }
    }
}

/// Each outside library has one room.
#[test]
fn each_library_stays_in_its_room() {
    const ROOMS: [(&str, &[&str]); 14] = [
        ("miette::", &["crates/remit/src/render/human.rs"]),
        ("granit_parser", &["crates/remit-core/src/packs/yaml"]),
        ("pest::", &["crates/remit-core/src/syntax/shape.rs", "crates/remit-core/src/rules/expression"]),
        ("csv::", &["crates/remit-core/src/packs/register.rs"]),
        ("tower_lsp", &["crates/remit-lsp/src"]),
        ("tokio::", &["crates/remit-lsp/src", "crates/remit/src/lsp.rs"]),
        ("pulldown_cmark", &["crates/remit/src/pack/docs/html.rs"]),
        ("minisign::", &["crates/remit/src/pack/signature.rs"]),
        ("tar::", &["crates/remit/src/pack/archive.rs"]),
        ("ureq::tls", &["crates/remit/src/pack/http.rs"]),
        ("line_index", &["crates/remit-core/src/source.rs"]),
        ("indicatif", &["crates/remit/src/progress.rs"]),
        ("tempfile", &["crates/remit/src/render/spool.rs"]),
        ("thread::scope", &["crates/remit/src/in_order.rs"]),
    ];
    for path in files(&root().join("crates"), ".rs") {
        let text = fs::read_to_string(&path).unwrap();
        for (library, rooms) in ROOMS {
            let at_home = rooms.iter().any(|room| shown(&path).starts_with(room));
            assert!(at_home || !text.contains(library), "{} uses {library}", shown(&path));
        }
    }
}

/// `syntax` knows nothing of vocabularies, packs or rules; `vocabulary` nothing of plans.
#[test]
fn rooms_look_one_way() {
    const WALLS: [(&str, &[&str]); 5] = [
        ("syntax", &["crate::vocabulary", "crate::packs", "crate::rules", "crate::model", "crate::check"]),
        ("vocabulary", &["crate::packs", "crate::rules", "crate::model", "crate::check"]),
        ("model", &["crate::packs", "crate::rules", "crate::check"]),
        ("source.rs", &["crate::problem", "crate::syntax"]),
        ("problem.rs", &["crate::syntax", "crate::model", "crate::packs"]),
    ];
    for path in files(&root().join("crates/remit-core/src"), ".rs") {
        let place = shown(&path);
        let text = fs::read_to_string(&path).unwrap();
        for (room, unseen) in WALLS {
            if place.contains(&format!("/src/{room}")) {
                for word in unseen {
                    assert!(!text.contains(word), "{place} looks at {word}");
                }
            }
        }
    }
}

/// What a rule looks at is noted by the plan, so that what it said can be kept while that stays as it is: nothing reads statements past it.
#[test]
fn rules_look_at_statements_through_the_plan() {
    for path in files(&root().join("crates/remit-core/src/rules/evaluate"), ".rs") {
        let text = fs::read_to_string(&path).unwrap();
        let past = text.lines().find(|line| line.contains("plan.entities") && !line.contains("left.iter()"));
        assert!(past.is_none(), "{} looks past the plan: {}", shown(&path), past.unwrap_or(""));
    }
}

/// The calendar is exact because the clock hears of every comparison with the day of the check.
#[test]
fn rules_learn_the_day_from_the_clock() {
    for folder in ["crates/remit-core/src/rules", "crates/remit-core/src/check"] {
        for path in files(&root().join(folder), ".rs") {
            let text = fs::read_to_string(&path).unwrap();
            let compares = |line: &&str| {
                line.contains("plan.as_of")
                    && [" < ", " > ", " <= ", " >= ", " == ", " != ", "holds(", "_on("].iter().any(|sign| line.contains(sign))
            };
            let past = text.lines().find(compares);
            assert!(past.is_none(), "{} compares with the day past the clock: {}", shown(&path), past.unwrap_or(""));
        }
    }
}

/// Every path that ARCHITECTURE.md names in backticks exists.
#[test]
fn the_architecture_page_names_what_exists() {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let named: BTreeSet<&str> =
        text.split('`').skip(1).step_by(2).filter(|word| word.contains('/') && !word.contains([' ', '<', '*', '{'])).collect();
    assert!(named.len() > 10, "ARCHITECTURE.md names hardly anything");
    for path in named {
        assert!(crate::examples::exists(path), "ARCHITECTURE.md names `{path}`, which does not exist");
    }
}

/// Every dependency earns a line in its decision page.
#[test]
fn every_dependency_has_a_reason() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let reasons = fs::read_to_string(root().join("docs/decisions/0002-dependencies.md")).unwrap();
    let dependencies = manifest.split("[workspace.dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    for name in
        dependencies.lines().filter(|line| !line.contains("path = ")).filter_map(|line| line.split_once(" = ")).map(|(name, _)| name)
    {
        assert!(reasons.contains(&format!("`{name}`")), "docs/decisions/0002-dependencies.md does not say why `{name}` is used");
    }
}

/// The picture in the README shows a finding as it is today.
#[test]
fn the_picture_shows_what_the_checker_says() {
    let picture = fs::read_to_string(root().join("docs/finding.svg")).unwrap();
    let text: String = picture
        .replace("&#160;", " ")
        .replace("&#x27;", "'")
        .split('<')
        .filter_map(|part| part.split_once('>'))
        .map(|(_, text)| text)
        .collect();
    let words: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in ["pay policy stays national: Wessex and Mercia cannot be accountable for it", "Name `dhsc` as accountable", "write `dhsc`"]
    {
        assert!(words.contains(said), "docs/finding.svg does not show {said:?}");
    }
}

/// The output that is printed in documents is the output.
#[test]
fn the_documents_show_what_the_checker_prints() {
    shows("examples/ultra-vires/README.md", "check examples/ultra-vires");
    shows("docs/explanations.md", "why \"nursing-vacancies-at-five-per-cent 2027/28\" examples/ultra-vires --as-of 2026-06-01");
    shows("docs/explanations.md", "outcomes examples/north-east-and-north-cumbria-2019 --as-of 2019-10-01");
}

fn shows(document: &str, arguments: &str) {
    let path = root().join(document);
    let text = fs::read_to_string(&path).unwrap();
    let mark = "```text\n";
    // The output follows the command, where the document says it.
    let command = text.find(&format!("remit {arguments}\n")).unwrap_or(0);
    let start = text[command..].find(mark).map(|at| command + at).unwrap_or_else(|| panic!("{document} shows no output")) + mark.len();
    let end = start + text[start..].find("```").unwrap();
    let (printed, _) = crate::cli::printed(arguments);
    if std::env::var_os("REMIT_BLESS").is_some() {
        fs::write(&path, format!("{}{printed}{}", &text[..start], &text[end..])).unwrap();
    } else {
        assert!(text[start..end] == printed, "{document} does not show what `remit {arguments}` prints now (REMIT_BLESS=1 writes it)");
    }
}

/// The page on expressions is made from the tables by which they are checked.
#[test]
fn the_page_on_expressions_is_what_the_checker_says() {
    let packs = crate::case::packs();
    let page = remit_core::rules::reference::page(&packs.vocabulary, &packs.register).unwrap_or_else(|wrong| panic!("{wrong:#?}"));
    let path = root().join("docs/expressions.md");
    if std::env::var_os("REMIT_BLESS").is_some() {
        fs::write(&path, page).unwrap();
    } else {
        let kept = fs::read_to_string(&path).unwrap_or_default();
        assert!(kept == page, "docs/expressions.md is not what the checker says (REMIT_BLESS=1 writes it)");
    }
}
