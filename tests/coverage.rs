//! What the embedded packs rest on: how sure each rule's source is, and what becomes of each paragraph they hold.

use std::fmt::Write as _;
use std::fs;

use remit_core::packs::Packs;
use remit_core::packs::provenance::{Kept, Paragraph, Status};
use remit_core::problem::Severity;

use crate::{case, cli};

#[test]
fn no_error_rests_on_what_is_not_verified() {
    let packs = case::packs();
    let errors = packs.rules.iter().filter(|rule| rule.severity == Severity::Error);
    let unsure: Vec<String> = errors
        .clone()
        .filter(|rule| !matches!(rule.status, Some(Status::Verified | Status::Arithmetic)))
        .map(|rule| format!("{}: {:?}", rule.id, rule.status))
        .collect();
    assert!(unsure.is_empty(), "rules of severity error that rest on no verified source: {unsure:#?}");
    assert!(errors.count() > 10);
}

#[test]
fn every_rule_names_a_paragraph_that_its_pack_holds() {
    let packs = case::packs();
    let missing: Vec<String> = packs
        .rules
        .iter()
        .filter(|rule| !packs.paragraphs.iter().any(|known| is_cited(known, &rule.source)))
        .map(|rule| format!("{}: {:?} of {}", rule.id, rule.source.paragraph, rule.source.document))
        .collect();
    assert!(missing.is_empty(), "paragraphs that stand in no paragraphs.yaml: {missing:#?}");
}

fn is_cited(paragraph: &Paragraph, source: &remit_core::problem::Citation) -> bool {
    paragraph.document == source.document && Some(&paragraph.name) == source.paragraph.as_ref()
}

#[test]
fn what_is_not_covered_says_why() {
    let packs = case::packs();
    let silent: Vec<&str> = packs
        .paragraphs
        .iter()
        .filter(|paragraph| matches!(paragraph.kept, Kept::NotCovered(None)))
        .map(|paragraph| paragraph.name.as_str())
        .collect();
    assert!(silent.is_empty(), "no rule checks these, and nothing says why: {silent:#?}");
}

/// What `--strict` asks is whole: every part of every rule is shown by an example to hold, and by an example not to.
#[test]
fn every_part_of_every_shipped_rule_is_shown_both_ways() {
    let packs = remit_framework::packs();
    assert_eq!(packs.len(), 3);
    for pack in &packs {
        let (told, code) = cli::printed(&format!("pack test --strict {}", pack.path));
        let faults: Vec<&str> = told.lines().filter(|line| !line.starts_with("holds  ")).collect();
        assert_eq!(code, 0, "{}", faults.join("\n"));
    }
}

#[test]
fn the_table_of_coverage_is_current() {
    let path = case::root().join("docs/coverage.md");
    let table = coverage(&case::packs());
    if std::env::var_os("REMIT_BLESS").is_some() {
        fs::write(&path, &table).unwrap();
    } else {
        assert!(fs::read_to_string(&path).unwrap_or_default() == table, "docs/coverage.md is out of date (REMIT_BLESS=1 writes it)");
    }
}

/// The page: for each document, its paragraphs and what becomes of each.
fn coverage(packs: &Packs) -> String {
    let count = |wanted: fn(&Kept) -> bool| packs.paragraphs.iter().filter(|paragraph| wanted(&paragraph.kept)).count();
    let mut page = String::from(
        "# What is checked, and what is not\n\n\
         Every paragraph that the embedded packs hold, in our words, with where it was read. Made from `paragraphs.yaml` of each pack and from the\n\
         `source` of each rule by the tests; do not edit it by hand.\n\n",
    );
    let _ = writeln!(
        page,
        "Of {} paragraphs, {} are checked by a rule, {} are left to judgement, and {} are not covered.\n",
        packs.paragraphs.len(),
        count(|kept| matches!(kept, Kept::Checked(..))),
        count(|kept| matches!(kept, Kept::Judgement(_))),
        count(|kept| matches!(kept, Kept::NotCovered(_))),
    );
    let _ = writeln!(page, "How sure a paragraph is:\n");
    for (status, means) in [
        (Status::Verified, "read in the document itself, or in pages that quote or report it directly"),
        (Status::VerifiedSecondary, "read in pages that tell of the document"),
        (Status::Arithmetic, "follows from the figures themselves"),
        (Status::Ours, "our own"),
        (Status::Unverified, "from memory, or not found: no rule that rests on it is an error"),
    ] {
        let _ = writeln!(page, "- `{}`: {means}", status.word());
    }
    let mut documents: Vec<&str> = Vec::new();
    for paragraph in &packs.paragraphs {
        if !documents.contains(&paragraph.document.as_str()) {
            documents.push(&paragraph.document);
        }
    }
    for document in documents {
        let of_document: Vec<&Paragraph> = packs.paragraphs.iter().filter(|paragraph| paragraph.document == document).collect();
        let title = of_document.first().map_or("", |paragraph| &paragraph.document_title);
        let _ = writeln!(page, "\n## {title}\n\n| paragraph | what it says | how sure | what becomes of it |\n|---|---|---|---|");
        for paragraph in of_document {
            let sure = paragraph.status.map_or("", Status::word);
            let read_in = paragraph.read_in.as_ref().map(|page| format!(": {page}")).unwrap_or_default();
            let _ = writeln!(page, "| {} | {} | {sure}{read_in} | {} |", paragraph.name, paragraph.says, kept(&paragraph.kept));
        }
    }
    page
}

fn kept(kept: &Kept) -> String {
    match kept {
        Kept::Checked(rules, left) => {
            let short = |rule: &String| format!("`{}`", rule.split_once('/').map_or(rule.as_str(), |(_, short)| short));
            let named: Vec<String> = rules.iter().map(short).collect();
            let left = left.as_ref().map(|left| format!(" The rest is left to judgement. {left}")).unwrap_or_default();
            format!("Checked by {}.{left}", named.join(", "))
        }
        Kept::Judgement(why) => format!("Left to judgement. {why}"),
        Kept::NotCovered(why) => format!("Not covered. {}", why.as_deref().unwrap_or_default()),
    }
}
