//! What editors colour by name is what the vocabulary has: kinds, fields, clause words, levels and units.
//!
//! `REMIT_BLESS=1 cargo test -p remit-tests colouring` writes the words of a changed vocabulary into the editors' files.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;

use remit_core::syntax::tree::Clause;

use crate::case::{packs, root};

/// Longest first, so that `staff` never hides `staff-passport`.
fn alternatives(words: &BTreeSet<String>) -> String {
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.sort_by_key(|word| (std::cmp::Reverse(word.len()), *word));
    words.join("|")
}

/// What the core and the embedded packs declare, by the name under which the grammar colours it.
fn vocabulary() -> Vec<(&'static str, BTreeSet<String>)> {
    let vocabulary = packs().vocabulary;
    let written = || vocabulary.kinds().iter().filter(|kind| kind.written);
    let kinds: BTreeSet<String> = written().map(|kind| kind.name.to_string()).collect();
    let fields = written().flat_map(|kind| kind.fields.iter().chain(&kind.rows)).map(|field| field.name.to_string());
    // A table's columns are a row of their own.
    let columns = written().filter(|kind| kind.columns).map(|_| "year".to_owned());
    let units = vocabulary.units().iter().flat_map(|unit| unit.also.iter().chain([&unit.name])).map(ToString::to_string);
    let levels = vocabulary.scales().iter().flat_map(|scale| scale.levels.iter()).map(ToString::to_string);
    let clauses = Clause::ALL.iter().map(|clause| clause.word().to_owned()).chain(["to".to_owned()]);
    vec![
        ("kinds", kinds),
        ("fields", fields.chain(columns).collect()),
        ("figures", units.collect()),
        ("clauses", clauses.collect()),
        ("levels", levels.collect()),
    ]
}

/// The place of the words in the rule of that name: the group of the form `(word|word|…)`.
fn words_of(text: &str, name: &str) -> Range<usize> {
    let rule = text.find(&format!("\"{name}\": {{")).unwrap_or_else(|| panic!("the grammar has no `{name}`"));
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '|');
    let groups = text[rule..].match_indices('(').map(|(at, _)| rule + at + 1);
    let mut groups = groups.filter_map(|start| {
        let end = start + text[start..].find(|letter| !is_word(letter))?;
        // Of capitals only in a grammar that is not blessed yet.
        let holds = text[start..end].len() > 3 && !text[start..end].starts_with("bn|");
        (holds && text[end..].starts_with(')')).then_some(start..end)
    });
    groups.next().unwrap_or_else(|| panic!("`{name}` has no group of words"))
}

#[test]
fn the_editor_colours_the_words_of_the_vocabulary() {
    let path = root().join("editors/vscode/syntaxes/remit.tmLanguage.json");
    let mut text = fs::read_to_string(&path).unwrap();
    for (name, words) in vocabulary() {
        let place = words_of(&text, name);
        if std::env::var_os("REMIT_BLESS").is_some() {
            text.replace_range(place, &alternatives(&words));
        } else {
            let coloured: BTreeSet<String> = text[place.clone()].split('|').map(str::to_owned).collect();
            assert_eq!(coloured, words, "{name}: REMIT_BLESS=1 cargo test -p remit-tests colouring writes them");
            assert_eq!(text[place], alternatives(&words), "{name}: the longest comes first");
        }
    }
    if std::env::var_os("REMIT_BLESS").is_some() {
        fs::write(&path, text).unwrap();
    }
}

/// Where other editors name clause words, they name all of them.
#[test]
fn every_editor_knows_the_clause_words() {
    let words: Vec<&str> = Clause::ALL.iter().map(|clause| clause.word()).chain(["to"]).collect();
    let lists = [
        ("editors/neovim/syntax/remit.vim", words.join(" ")),
        ("editors/emacs/remit-mode.el", words.iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" ")),
        ("editors/kate/remit.xml", words.iter().map(|word| format!("<item>{word}</item>")).collect::<Vec<_>>().join("")),
        (
            "grammar/tree-sitter-remit/grammar.js",
            words[..words.len() - 1].iter().map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", "),
        ),
    ];
    for (path, list) in lists {
        let text = fs::read_to_string(root().join(path)).unwrap();
        assert!(text.contains(&list), "{path} does not hold `{list}`");
    }
}
