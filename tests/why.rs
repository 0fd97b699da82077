//! `remit why`: what it draws, case by case; that asking why changes no verdict; and that what it says would pass does pass.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use remit_core::check::{Opened, PlanText, open_texts};
use remit_core::ide::{Memory, View, hover};
use remit_core::packs::Packs;
use remit_core::problem::{Finding, Verdict};
use remit_core::time::Date;
use remit_core::why::{self, Bound, Change};

use crate::case::{DAY, cases, files, packs, root};
use crate::cli::{Folder, Told, printed};

/// A plan in `remit`, a question in `why`, and what is answered in `text`: `REMIT_BLESS=1` writes it.
#[test]
fn every_case_is_told_as_it_says() {
    let mut differences = Vec::new();
    for path in files(&root().join("tests/why"), ".md") {
        let markdown = fs::read_to_string(&path).unwrap();
        let mut blessed = markdown.clone();
        let mut plan = "";
        for block in blocks(&markdown) {
            match block.kind {
                "remit" => plan = block.text,
                "why" => {
                    let folder = Folder::with(&[("plan.remit", plan)]);
                    let told = folder.remit(&format!("why {} --as-of {DAY}", block.text.trim()));
                    let said = said(&told);
                    let kept = blocks(&markdown).find(|next| next.start > block.start).filter(|next| next.kind == "text");
                    let kept = kept.unwrap_or_else(|| panic!("{}: no answer to {}", path.display(), block.text));
                    if kept.text != said {
                        differences.push(format!("{}: {}\nexpected\n{}\nfound\n{said}", path.display(), block.text, kept.text));
                        let now = blessed.find(&format!("```why\n{}```", block.text)).expect("the question");
                        let start = now + blessed[now..].find("```text\n").expect("an answer") + "```text\n".len();
                        let end = start + blessed[start..].find("```").expect("an end");
                        blessed.replace_range(start..end, &said);
                    }
                }
                _ => {}
            }
        }
        if std::env::var_os("REMIT_BLESS").is_some() && blessed != markdown {
            fs::write(&path, blessed).unwrap();
            differences.clear();
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// What a command said: its answer, or why there is none.
fn said(told: &Told) -> String {
    if told.code == 0 { told.out.clone() } else { format!("exit {}\n{}", told.code, told.err) }
}

struct Block<'m> {
    start: usize,
    kind: &'m str,
    text: &'m str,
}

/// The fenced blocks of a text.
fn blocks(markdown: &str) -> impl Iterator<Item = Block<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + markdown[from..].find("```")?;
        let line = start + markdown[start..].find('\n')?;
        let end = line + markdown[line..].find("\n```")? + 1;
        from = end + "```".len();
        Some(Block { start, kind: &markdown[start + "```".len()..line], text: &markdown[line + 1..end] })
    })
}

/// Plans of every sort: those of the suite, and those of the rules' pages.
fn plans(packs: &Packs) -> Vec<(String, Vec<PlanText>, Date)> {
    let mut plans = Vec::new();
    let pages = packs.rules().into_iter().filter(|rule| rule.place.is_some()).map(|rule| rule.page.to_owned());
    let suite = files(&root().join("tests/suite"), ".md").into_iter().map(|path| fs::read_to_string(path).unwrap());
    for markdown in pages.chain(suite) {
        for case in cases(&markdown) {
            let texts = case.plan_files("QHM").into_iter().map(PlanText::from).collect();
            plans.push((case.title.clone(), texts, case.day().unwrap()));
        }
    }
    for (folder, day) in [("ultra-vires", "2026-06-01"), ("north-east-and-north-cumbria-2019", "2019-10-01"), ("essex-2026", "2026-11-30")]
    {
        plans.push((folder.to_owned(), texts(&root().join("examples").join(folder)), day.parse().unwrap()));
    }
    plans
}

fn texts(folder: &Path) -> Vec<PlanText> {
    let text = |path: std::path::PathBuf| PlanText::new(path.to_string_lossy(), fs::read_to_string(&path).unwrap());
    files(folder, ".remit").into_iter().map(text).collect()
}

#[test]
fn asking_why_changes_no_verdict() {
    let packs = packs();
    let mut asked = 0;
    for (title, texts, day) in plans(&packs) {
        let opened = open_texts("plan", &texts, &packs, day);
        let mut traced: BTreeMap<String, [u32; 3]> = BTreeMap::new();
        for why in why::everything(&opened, &packs) {
            let at = match why.verdict {
                Some(Verdict::Pass) => 0,
                Some(Verdict::Fail) => 1,
                _ => 2,
            };
            traced.entry(why.rule).or_default()[at] += 1;
            asked += 1;
        }
        for count in &opened.analysis.rules {
            let Some(found) = traced.remove(&count.rule) else { continue };
            let plain = [count.passed, count.failed + count.waived, count.undetermined];
            assert_eq!(found, plain, "{title}: {}", count.rule);
        }
        assert!(traced.is_empty(), "{title}: {traced:?}");
    }
    assert!(asked > 5_000, "only {asked} were asked");
}

#[test]
fn every_finding_is_explained() {
    let packs = packs();
    for (title, texts, day) in plans(&packs) {
        let opened = open_texts("plan", &texts, &packs, day);
        for finding in &opened.analysis.findings {
            let why = why::finding(&opened, &packs, finding);
            let what = || format!("{title}: {} for {}: {}", finding.problem.rule, finding.subject, finding.problem.message);
            match why.form {
                None => assert!(finding.rule_place.is_none(), "{}", what()),
                Some("each") => assert!(!why.asked.is_empty() || !why.absent.is_empty(), "{}", what()),
                Some(_) => assert!(!why.conditions.is_empty() || !why.absent.is_empty(), "{}", what()),
            }
            if finding.verdict == Verdict::Undetermined && why.form.is_some() {
                assert!(
                    !why.absent.is_empty()
                        || why.estimates.is_some()
                        || why.conditions.iter().any(|one| one.holds.is_none())
                        || finding.problem.message.contains("register"),
                    "{}",
                    what()
                );
            }
        }
    }
}

/// Every figure that is said to pass is written into the plan, which is checked again; and the value before it is not enough.
#[test]
fn what_is_said_to_pass_passes() {
    let packs = packs();
    let (mut tried, mut of_figures) = (0, 0);
    for (title, texts, day) in plans(&packs) {
        let opened = open_texts("plan", &texts, &packs, day);
        for finding in opened.analysis.findings.iter().filter(|finding| finding.verdict == Verdict::Fail) {
            for change in why::finding(&opened, &packs, finding).changes {
                let Some(written) = written(&change) else { continue };
                let found = with(&opened, &texts, &packs, &change, &written, day);
                assert!(!has(&found, finding), "{title}: {} still fails with {}", finding.problem.rule, change.told());
                tried += 1;
                of_figures += u32::from(change.by.is_some());
            }
        }
    }
    assert!(tried > 150 && of_figures > 80, "only {tried} changes, {of_figures} of them of figures");
}

fn has(opened: &Opened, finding: &Finding) -> bool {
    let same =
        |other: &&Finding| other.problem.rule == finding.problem.rule && other.subject == finding.subject && other.verdict == Verdict::Fail;
    let count = |opened: &Opened| opened.analysis.findings.iter().filter(same).filter(|other| other.id == finding.id).count();
    count(opened) > 0
}

/// A value as plans write it; `None` for what is no single value in one place.
fn written(change: &Change) -> Option<String> {
    if matches!(change.bound, Bound::Below | Bound::Above)
        || matches!(change.to.as_str(), "given" | "left out")
        || change.to.contains(" or ")
    {
        return None;
    }
    let is_number =
        change.from.starts_with(|letter: char| letter.is_ascii_digit() || letter == '-' || letter == '£') && change.by.is_some();
    let number = change.to.replace(',', "_");
    match () {
        () if is_number => Some(number),
        () if change.to.contains(|letter: char| letter.is_whitespace() || letter == '(') => None,
        () => Some(change.to.clone()),
    }
}

fn with(opened: &Opened, texts: &[PlanText], packs: &Packs, change: &Change, written: &str, day: Date) -> Opened {
    let place = change.place.expect("a place");
    let path = opened.analysis.sources.path(place);
    let texts: Vec<PlanText> = texts
        .iter()
        .map(|text| {
            if text.source.path() != path {
                return text.clone();
            }
            let mut changed = text.source.text().to_owned();
            changed.replace_range(place.range(), written);
            PlanText::new(path, changed)
        })
        .collect();
    open_texts("plan", &texts, packs, day)
}

#[test]
fn every_format_tells_why() {
    let (schema, _) = printed("schema why");
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).expect("JSON")).expect("a schema");
    let (found, _) = printed("check examples/ultra-vires --format json");
    let found: serde_json::Value = serde_json::from_str(&found).expect("JSON");
    let findings = found["findings"].as_array().expect("findings");
    assert!(findings.len() > 40);
    for finding in findings {
        let id = finding["id"].as_str().expect("an id");
        let (json, code) = printed(&format!("why {id} examples/ultra-vires --format json"));
        assert_eq!(code, 0, "{finding}");
        let json: serde_json::Value = serde_json::from_str(&json).expect("JSON");
        let wrong: Vec<String> = validator.iter_errors(&json).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(wrong.is_empty(), "{id}: {wrong:#?}");
        assert_eq!(json["finding"]["message"], finding["message"]);
        for format in ["human", "plain", "markdown"] {
            let (told, code) = printed(&format!("why {id} examples/ultra-vires --format {format}"));
            let flat = told.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
            let message = finding["message"].as_str().expect("a message").to_lowercase();
            assert!(code == 0 && flat.contains(&message), "{format}: {told}");
        }
    }
}

/// In an editor, money that waits for something shows what depends on it: what `remit outcomes` says.
#[test]
fn money_shows_what_depends_on_it() {
    let packs = packs();
    let texts = texts(&root().join("examples/north-east-and-north-cumbria-2019"));
    let opened = open_texts("plan", &texts, &packs, DAY.parse().unwrap());
    let memory = Memory::default();
    let view = View::new(&opened, &packs, &memory);
    let text = texts.iter().find(|text| text.source.text().contains("subject-to")).expect("money that waits");
    let file = view.file(text.source.path()).expect("a file");
    let at = text.source.text().find("subject-to").expect("money that waits");
    let shown = hover::hover(view, file, at as u32).expect("a hover").text;
    assert_eq!(shown.matches("- found only if it does not arrive: this commitment on ").count(), 3, "{shown}");
}
