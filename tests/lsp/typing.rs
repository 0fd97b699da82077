//! People type: every state of a text on the way leaves the server alive, in order, and equal to a fresh analysis.

use std::path::Path;
use std::sync::{Arc, OnceLock};
use std::{env, fs};

use remit_core::check::{PlanFile, analyze};
use remit_core::packs::Packs;
use serde_json::{Value, json};

use crate::case;
use crate::lsp::agreement::places;
use crate::lsp::editor::{Editor, Memory, uri};

const PATH: &str = "/plans/plan.remit";

/// How much more is tried where there is time for it: `REMIT_TRIES`, as `.ci/editor` sets it.
pub(crate) fn tries(few: usize) -> usize {
    env::var("REMIT_TRIES").ok().and_then(|tries| tries.parse().ok()).unwrap_or(few)
}

/// Numbers that look random and are the same every time.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}

/// A place as an editor counts it, worked out anew and in the plainest way.
fn counted(text: &str, byte: usize, encoding: &str) -> [u32; 2] {
    let before = &text[..byte];
    let line = before.matches('\n').count();
    let last = &before[before.rfind('\n').map_or(0, |at| at + 1)..];
    let character = match encoding {
        "utf-8" => last.len(),
        "utf-16" => last.encode_utf16().count(),
        _ => last.chars().count(),
    };
    [line as u32, character as u32]
}

fn packs() -> &'static Packs {
    static PACKS: OnceLock<Packs> = OnceLock::new();
    PACKS.get_or_init(case::packs)
}

/// What a fresh analysis finds in a text.
fn fresh(text: &str, encoding: &str) -> Vec<(String, [u64; 4])> {
    let files = vec![PlanFile { path: "plan.remit".to_owned(), bytes: text.as_bytes().to_vec() }];
    let analysis = analyze(".", files, packs(), case::DAY.parse().unwrap());
    let found = analysis.findings.iter().map(|finding| {
        let span = finding.problem.span.range();
        let ([line, start], [end_line, end]) = (counted(text, span.start, encoding), counted(text, span.end, encoding));
        (finding.problem.rule.clone(), [line, start, end_line, end].map(u64::from))
    });
    found.collect()
}

fn editor(encoding: &str) -> Editor {
    let capabilities = json!({ "general": { "positionEncodings": [encoding] } });
    Editor::start(Arc::new(Memory::new(&[])), json!({ "rootUri": "file:///plans", "capabilities": capabilities }))
}

/// One edit that somebody might make: where, and what.
pub(crate) fn edit(dice: &mut Dice, text: &str) -> (std::ops::Range<usize>, &'static str) {
    const WORDS: [&str; 24] = [
        "a",
        "}",
        "{",
        "\n",
        "\"",
        " ",
        ",",
        "é",
        "👩\u{200D}⚕\u{FE0F}",
        "𝔸",
        "#",
        "-",
        "~",
        "2019/20",
        "QHM",
        "\"\"\"",
        "\norganisation RTD {\n",
        "\n}\n",
        "\n  accountable QHM\n",
        "for",
        "to",
        "5%",
        ";",
        "",
    ];
    let mut bound = |most: usize| {
        let mut at = dice.below(most + 1);
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        at
    };
    let start = bound(text.len());
    let longest = (text.len() - start).min(if bound(9) == 0 { 40 } else { 3 });
    let mut end = start + bound(longest).min(longest);
    while !text.is_char_boundary(end) {
        end += 1;
    }
    (start..end, WORDS[dice.below(WORDS.len())])
}

fn type_in(editor: &mut Editor, text: &mut String, version: i64, encoding: &str, edits: &[(std::ops::Range<usize>, &'static str)]) {
    let mut changes = Vec::new();
    for (range, with) in edits {
        let ([line, start], [end_line, end]) = (counted(text, range.start, encoding), counted(text, range.end, encoding));
        changes.push(([line, start, end_line, end], *with));
        text.replace_range(range.clone(), with);
    }
    editor.edit(Path::new(PATH), version, &changes);
}

fn text_there(editor: &mut Editor) -> String {
    let text = editor.ask("remit/text", json!({ "textDocument": { "uri": uri(Path::new(PATH)) } }));
    text.as_str().unwrap().to_owned()
}

#[test]
fn a_burst_of_a_thousand_edits_ends_in_the_exact_text_and_findings() {
    let start = fs::read_to_string(case::root().join("examples/first-plan.remit")).unwrap();
    for encoding in ["utf-8", "utf-16", "utf-32"] {
        let mut dice = Dice(0x5EED);
        for round in 0..tries(1) {
            let mut editor = editor(encoding);
            let mut text = start.clone();
            editor.open(Path::new(PATH), &text);
            let mut asked = Vec::new();
            for version in 2..1_002 {
                let one = edit(&mut dice, &text);
                type_in(&mut editor, &mut text, version, encoding, &[one]);
                if version % 10 == 0 {
                    let method = ["textDocument/foldingRange", "textDocument/diagnostic"][dice.below(2)];
                    asked.push(editor.begin(method, json!({ "textDocument": { "uri": uri(Path::new(PATH)) } })));
                }
            }
            assert_eq!(text_there(&mut editor), text, "{encoding}, round {round}");
            assert_eq!(places(&editor.pulled(Path::new(PATH))), fresh(&text, encoding), "{encoding}, round {round}");
            for id in asked {
                let answer = editor.answer(id);
                assert!(answer.get("error").is_none(), "{answer}");
            }
        }
    }
}

/// Follows a text through its states, and compares what is found in each with a fresh analysis.
fn follow(encoding: &str, states: impl Iterator<Item = String>) {
    let mut editor = editor(encoding);
    editor.open(Path::new(PATH), "");
    for (at, text) in states.enumerate() {
        editor.write(Path::new(PATH), at as i64 + 2, &text);
        assert_eq!(places(&editor.pulled(Path::new(PATH))), fresh(&text, encoding), "{text}");
    }
}

#[test]
fn every_prefix_of_every_example_is_read_as_if_it_were_new() {
    for path in case::written_examples(".remit") {
        let text = fs::read_to_string(&path).unwrap();
        // Every one where there is time; else every so many, and never the same.
        let step = if tries(1) > 1 { 1 } else { (text.len() / 25).max(1) | 1 };
        let prefixes = (0..text.len()).filter(|at| text.is_char_boundary(*at)).step_by(step).map(|at| text[..at].to_owned());
        follow("utf-16", prefixes);
    }
}

#[test]
fn what_was_edited_is_read_as_if_it_were_new() {
    let start = fs::read_to_string(case::root().join("examples/first-plan.remit")).unwrap();
    let mut dice = Dice(0xACE);
    let mut editor = editor("utf-16");
    let mut text = start.clone();
    editor.open(Path::new(PATH), &text);
    let mut alike = 0;
    for version in 2..tries(2) as i64 * 100 + 2 {
        // Now and then somebody undoes it all.
        if dice.below(40) == 0 {
            text.clone_from(&start);
            editor.write(Path::new(PATH), version, &text);
        } else {
            let first = edit(&mut dice, &text);
            type_in(&mut editor, &mut text, version, "utf-16", &[first]);
        }
        let found = places(&editor.pulled(Path::new(PATH)));
        assert_eq!(found, fresh(&text, "utf-16"), "{text}");
        alike += usize::from(found.iter().any(|(rule, _)| !rule.starts_with("remit/")));
    }
    assert!(alike > 50, "hardly any state of the text had findings of rules");
}

#[test]
fn a_server_that_cannot_read_a_message_goes_on() {
    let mut editor = editor("utf-16");
    editor.tell("textDocument/didChange", json!({ "textDocument": { "uri": 7 } }));
    editor.tell(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": "file:///plans/never-opened.remit", "version": 1 }, "contentChanges": [] }),
    );
    editor.tell("textDocument/didClose", json!({ "textDocument": { "uri": "file:///plans/never-opened.remit" } }));
    editor.open(Path::new(PATH), "plan");
    // A range that lies outside, and one that is turned round.
    editor.edit(Path::new(PATH), 2, &[([9, 9, 9, 9], "\n"), ([0, 4, 0, 1], " ")]);
    assert_eq!(text_there(&mut editor), "plan \n");
    let answer = editor.begin("textDocument/foldingRange", json!({ "textDocument": { "uri": "untitled:never" } }));
    assert_eq!(editor.answer(answer)["result"], Value::Null);
}
