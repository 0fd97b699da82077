//! Whatever the bytes are: no panic, no hang, no lost finding, and as much work and output as the input deserves.
//!
//! Work is bounded by what comes out of it (a cap on problems, spans that lie in their files), never by a stopwatch.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use remit_core::check::{Analysis, PlanFile, analyze};
use remit_core::packs::{PackFiles, Packs};
use remit_core::problem::Verdict;
use remit_core::time::Date;

use crate::case;

/// The most findings that one hostile file may cause: the cap on faults of form, one line that says how many more there are, and
/// room for what else is said of the same places.
const MOST: usize = 2_500;

/// How many bytes of many small things: a megabyte, or, in a debug build, where the parser takes ten times as long, an eighth of one.
const MEGA: usize = if cfg!(debug_assertions) { 1 << 17 } else { 1 << 20 };

/// How many statements: 200,000, or, in a debug build, a tenth.
const STATEMENTS: usize = if cfg!(debug_assertions) { 20_000 } else { 200_000 };

/// One small plan that a statement may be added to.
const PLAN: &str = "plan \"A\" for somewhere { framework nhs-people-framework 2019; horizon 2019/20 to 2023/24; submitted 2019-09-27 }\nsystem somewhere \"Somewhere\"\n";

/// Every rule.
fn packs() -> &'static Packs {
    static PACKS: OnceLock<Packs> = OnceLock::new();
    PACKS.get_or_init(case::packs)
}

/// The rules of the suite, which stay as they are when one is added: where what is found is counted.
fn few() -> &'static Packs {
    static PACKS: OnceLock<Packs> = OnceLock::new();
    PACKS.get_or_init(|| case::packs_with(&case::SUITE_RULES))
}

fn day(day: &str) -> Date {
    day.parse().unwrap()
}

/// Checks files of any bytes, and that what is found can be shown.
fn check_files(files: Vec<(String, Vec<u8>)>, packs: &Packs, as_of: &str) -> Analysis {
    let files = files.into_iter().map(|(path, bytes)| PlanFile { path, bytes }).collect();
    let analysis = analyze("hostile", files, packs, day(as_of));
    hold(&analysis);
    analysis
}

fn check(bytes: impl Into<Vec<u8>>) -> Analysis {
    check_files(vec![("hostile.remit".to_owned(), bytes.into())], few(), "2020-02-01")
}

/// What holds of every analysis: every place lies in its file, on the bounds of its characters, and no two findings have one name.
fn hold(analysis: &Analysis) {
    let mut ids = HashSet::new();
    for finding in &analysis.findings {
        let problem = &finding.problem;
        assert!(!problem.message.is_empty() && !problem.message.contains('\n'), "{:?} is one line", problem.message);
        assert!(ids.insert(&finding.id), "two findings have the name {}: {problem:#?}", finding.id);
        let labels = problem.labels.iter().map(|label| label.span);
        let edits = problem.fixes.iter().flat_map(|fix| &fix.edits).map(|edit| edit.span);
        for span in [problem.span].into_iter().chain(labels).chain(edits).chain(finding.rule_place) {
            let source = analysis.sources.get(span.file).unwrap_or_else(|| panic!("{span:?} is in no file: {problem:#?}"));
            assert!(span.start <= span.end, "{span:?} ends before it begins: {problem:#?}");
            assert!(
                source.text().get(span.range()).is_some(),
                "{span:?} does not lie in {} on the bounds of characters: {problem:#?}",
                source.path()
            );
        }
    }
    for count in &analysis.rules {
        assert_eq!(count.matched, count.passed + count.failed + count.undetermined + count.waived, "{count:?}");
    }
}

/// A check whose output is bounded, whatever the input; at least one thing is found.
fn bounded(what: &str, text: impl Into<Vec<u8>>) -> Analysis {
    let analysis = check(text);
    let count = analysis.findings.len();
    assert!(count > 0, "{what}: nothing was found");
    assert!(count <= MOST, "{what}: {count} findings");
    let longest =
        analysis.findings.iter().map(|finding| finding.problem.message.len() + finding.problem.label.len() + finding.subject.len()).max();
    assert!(longest < Some(2_000), "{what}: a finding says {longest:?} bytes");
    analysis
}

fn says(analysis: &Analysis, rule: &str, message: &str) -> bool {
    analysis.findings.iter().any(|finding| finding.problem.rule.ends_with(rule) && finding.problem.message.contains(message))
}

/// Numbers that look random, and are the same every time.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        self.next() % count.max(1)
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

// Much of one thing.

#[test]
fn a_line_of_a_megabyte() {
    let long = "a".repeat(1 << 20);
    bounded("a word", long.clone());
    bounded("a name", format!("{PLAN}partner {long} \"A\"\npartner {long} \"A\"\n"));
    bounded("a misspelt body", format!("{PLAN}responsibility staff-experience {{ accountable {long} }}\n"));
    bounded("a misspelt term", format!("{PLAN}responsibility {long} {{ accountable somewhere }}\n"));
    bounded("a misspelt field", format!("{PLAN}evidence a {{ {long} 5 }}\n"));
    bounded("a misspelt unit", format!("{PLAN}fact a {{ value 5 {long} }}\n"));
    bounded("a misspelt rule", format!("{PLAN}waiver {long} for somewhere\n"));
    bounded("a misspelt name", format!("{PLAN}risk a {{ mitigated-by {long} }}\n"));
    bounded("a misspelt edition", PLAN.replace("2019;", &format!("{long};")));
    bounded("a misspelt framework", PLAN.replace("nhs-people-framework", &long));
    bounded("a body that is named and fails", format!("{PLAN}organisation {long} {{ kind acute-trust }}\n"));
    bounded("a title", format!("{PLAN}organisation northgate \"{long}\" {{ kind acute-trust }}\n"));
    bounded("digits", format!("{PLAN}fact a {{ value {} }}\n", "9".repeat(1 << 20)));
    bounded("dashes", format!("{PLAN}fact a {{ value {} }}\n", "-".repeat(1 << 20)));
    bounded("a text that is not closed", format!("{PLAN}evidence a {{ file \"{long}"));
    let text = check(format!("{PLAN}evidence a {{ file \"{long}\" }} # {long}\n"));
    assert!(text.findings.is_empty(), "a long text is no fault: {:#?}", text.findings);
}

#[test]
fn a_line_of_many_words() {
    bounded("words", "wibble ".repeat(MEGA / 7));
    bounded("a list", format!("{PLAN}evidence a {{ dated {} }}\n", "2019-09-01, ".repeat(MEGA / 12)));
    bounded("a row", format!("{PLAN}workforce midwifery {{\n  unit wte\n  year 2019/20\n  in-post {}\n}}\n", "900 ".repeat(MEGA / 4)));
    bounded("years", format!("{PLAN}workforce midwifery {{\n  unit wte\n  year {}\n}}\n", "2019/20 ".repeat(70_000)));
    bounded(
        "clauses",
        format!("{PLAN}responsibility staff-experience {{ accountable somewhere{} }}\n", " from 2019-04-01".repeat(MEGA / 16)),
    );
}

#[test]
fn ten_thousand_deep() {
    let deep = 10_000;
    for head in ["a { ", "{ ", "a {\n", "  a {\n"] {
        let nested = bounded("closed", format!("{PLAN}{}{}", head.repeat(deep), "}\n".repeat(deep)));
        assert!(says(&nested, "syntax", "blocks stand more than 32 deep here"));
        bounded("not closed", format!("{PLAN}{}", head.repeat(deep)));
    }
    bounded("closed only", "}".repeat(deep));
    bounded("brackets of all kinds", "([<{".repeat(deep));
}

#[test]
fn much_of_one_character() {
    bounded("100,000 open braces", "{".repeat(100_000));
    for character in ["\"", "~", ",", ";", "}", "“", "-", "£", "\\", "\0", "\u{FEFF}", "\u{A0}", "\u{301}", "é", "\u{1F600}", "/", "_", "%"]
    {
        let text = character.repeat(MEGA / character.len());
        let analysis = bounded("a megabyte of one character", text.clone());
        assert!(says(&analysis, "missing", "there is no `plan` statement here"), "{character:?}");
        bounded("and after a plan", format!("{PLAN}fact a {{ value five {text}")).findings.iter().for_each(drop);
    }
    let comment = check("#".repeat(MEGA));
    assert_eq!(comment.findings.len(), 1, "a comment is no fault");
    for pair in [
        "\"\"", "\"\"\"", "\"\\", "a{", "a;", "a,\n", "a\n", ",\n", "\"\n", "~\n", "{\n", "{}", "{}\n", "\r", "\r\n", " \n", "a{}\n",
        "a\"", "a~", "1~", "5 ", "1/",
    ] {
        bounded("much of one pair", pair.repeat(MEGA / 16));
        bounded("much of one pair, and a plan before it", format!("{PLAN}fact a {{ value five }}\n{}", pair.repeat(MEGA / 16)));
    }
}

#[test]
fn two_hundred_thousand_statements() {
    let many = |each: &dyn Fn(usize) -> String| {
        let mut text = PLAN.to_owned();
        (0..STATEMENTS).for_each(|at| text.push_str(&each(at)));
        text
    };
    let sound = check(many(&|at| format!("fact a{at} {{ value {at} }}\n")));
    assert!(sound.findings.is_empty(), "{} findings of a plan without fault", sound.findings.len());
    bounded("unknown statements", many(&|at| format!("wibble{at}\n")));
    bounded("broken statements", many(&|_| "@@\n".to_owned()));
    bounded("statements of one name", many(&|_| "fact a { value 5 }\n".to_owned()));
    bounded("unknown fields", many(&|at| format!("fact a{at} {{ wibble 5 }}\n")));
    bounded("values of another type", many(&|at| format!("fact a{at} {{ value five }}\n")));
    bounded("unknown bodies", many(&|at| format!("evidence a{at} {{ by nobody{at} }}\n")));
    bounded("unknown names", many(&|at| format!("risk a{at} {{ mitigated-by b{at} }}\n")));
}

/// What is asked of many statements is asked of each, and in time that grows with their number only.
#[test]
fn many_statements_that_rules_look_at() {
    let many = |count: usize, each: &dyn Fn(usize) -> String| {
        let mut text = PLAN.to_owned();
        (0..count).for_each(|at| text.push_str(&each(at)));
        text
    };
    let left = check(many(2_000, &|at| format!("organisation a{at} \"A\" {{ kind acute-trust }}\n")));
    assert_eq!(left.findings.len(), 2_000, "a failure of each organisation is not lost");
    check(many(1_000, &|at| {
        format!(
            "responsibility workforce-planning {{ accountable somewhere from 2020-04-01 }}\nreadiness workforce-planning {{ assessed {}-01-01 by midlands }}\n",
            2019 + at % 2
        )
    }));
    check(many(2_000, &|at| format!("organisation a{at} \"A\" {{ kind acute-trust }}\nwaiver wellbeing-guardian for a{at}\n")));
    let bodies: Vec<String> = (0..1_000).map(|at| format!("a{at}")).collect();
    let declared: String = bodies.iter().map(|body| format!("partner {body} \"A\"\n")).collect();
    let one = check(format!("{PLAN}{declared}responsibility staff-experience {{ accountable {} }}\n", bodies.join(", ")));
    assert!(one.findings.len() <= MOST, "{} findings of one field that names 1,000 bodies", one.findings.len());
}

// Any bytes.

#[test]
fn bytes_that_are_no_text() {
    let mut bytes = case::language_plan().as_bytes().to_vec();
    let at = case::language_plan().find("Newcastle College").unwrap();
    bytes[at] = 0xE9;
    let latin = check(bytes);
    assert!(says(&latin, "encoding", "this file is not UTF-8: there is a byte 0xE9 here"), "{:#?}", latin.findings);
    assert!(says(&latin, "pay-stays-national", "pay policy stays national"), "the rest is still checked");
    for bytes in [&b"\xFF"[..], b"\xC3", b"\xED\xA0\x80", b"\xF4\x90\x80\x80", b"\xC0\x80", b"plan \xFF\xFE", b"\xEF\xBB", b"\xFE"] {
        assert!(says(&check(bytes), "encoding", "this file is not UTF-8"), "{bytes:?}");
    }
}

#[test]
fn utf_16_is_read_with_a_note() {
    let little: Vec<u8> = [0xFF, 0xFE].into_iter().chain(case::language_plan().encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let big: Vec<u8> = [0xFE, 0xFF].into_iter().chain(case::language_plan().encode_utf16().flat_map(u16::to_be_bytes)).collect();
    let plain = named(&check(case::language_plan()));
    for bytes in [little.clone(), big] {
        let analysis = check(bytes);
        assert!(says(&analysis, "encoding", "this file is in UTF-16"));
        let rest: BTreeSet<_> = named(&analysis).into_iter().filter(|(rule, ..)| rule != "remit/encoding").collect();
        assert_eq!(rest, plain);
    }
    let mut odd = little.clone();
    odd.push(0x41);
    check(odd);
    check([0xFF, 0xFE, 0x00, 0xD8, 0x41, 0x00]);
    check([0xFF, 0xFE]);
    bounded("without a mark", &little[2..]);
}

#[test]
fn random_bytes() {
    let mut random = Random(0x5EED);
    for size in [1, 2, 3, 10, 100, 1_000, 10_000, 100_000] {
        let bytes: Vec<u8> = (0..size).map(|_| random.next() as u8).collect();
        bounded("random bytes", bytes);
        let letters = b"plan \"{};,~#-\n\r0123456789/%\xC2\xA3 to from wte";
        let bytes: Vec<u8> = (0..size).map(|_| letters[random.below(letters.len())]).collect();
        bounded("random letters", bytes);
    }
}

// Half-written plans.

fn examples() -> Vec<(String, String)> {
    let root = case::root().join("examples");
    let mut paths = case::files(&root.join("ultra-vires"), ".remit");
    paths.push(root.join("first-plan.remit"));
    let text = |path: &Path| fs::read_to_string(path).unwrap();
    paths.iter().map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), text(path))).collect()
}

#[test]
fn every_prefix_of_the_examples() {
    for (name, text) in examples() {
        let mut longest = 0;
        for end in (0..=text.len()).step_by(11).chain([text.len()]) {
            let analysis = check_files(vec![(name.clone(), text.as_bytes()[..end].to_vec())], few(), "2026-06-01");
            assert!(analysis.findings.len() < 200, "{name} to {end}: {} findings", analysis.findings.len());
            longest = longest.max(analysis.findings.len());
        }
        assert!(longest > 0, "{name}: half a plan is never without a finding");
    }
}

#[test]
fn three_thousand_random_edits_of_the_sample() {
    const PIECES: [&str; 24] = [
        "{", "}", "\"", "\"\"\"", ";", ",", "~", "#", "-", "£", "\n", "\r\n", " ", "\t", "\u{A0}", "\0", "“", "\u{FEFF}", "to ", "from ",
        "5", "@@", "é", "2028/30",
    ];
    let mut random = Random(0xC0FFEE);
    let mut text = case::language_plan().to_owned();
    for edit in 0..3_000 {
        if edit % 12 == 0 {
            case::language_plan().clone_into(&mut text);
        }
        let bound = |text: &str, mut at: usize| {
            while !text.is_char_boundary(at) {
                at -= 1;
            }
            at
        };
        let from = bound(&text, random.below(text.len() + 1));
        let to = bound(&text, (from + random.below(12)).min(text.len())).max(from);
        let piece = match random.below(4) {
            0 => "",
            1 => {
                let start = bound(case::language_plan(), random.below(case::language_plan().len()));
                &case::language_plan()
                    [start..bound(case::language_plan(), (start + random.below(60)).min(case::language_plan().len())).max(start)]
            }
            _ => PIECES[random.below(PIECES.len())],
        };
        text.replace_range(from..to, piece);
        // Every third text is checked: a text of three edits is as strange as one of one.
        if edit % 3 != 2 {
            continue;
        }
        let analysis = check(text.clone());
        assert!(analysis.findings.len() < 400, "edit {edit}: {} findings", analysis.findings.len());
    }
}

// What may be changed without changing what is found.

/// What is found, without its place.
fn named(analysis: &Analysis) -> BTreeSet<(String, String, String)> {
    analysis
        .findings
        .iter()
        .map(|finding| {
            let verdict = if finding.verdict == Verdict::Fail { "" } else { finding.verdict.word() };
            (finding.problem.rule.clone(), finding.subject.clone(), format!("{verdict}{}", finding.problem.message))
        })
        .collect()
}

/// The statements at top level of a text in which every brace is closed; `None` for any other.
fn statements(text: &str) -> Option<Vec<String>> {
    let mut found = vec![String::new()];
    let mut depth = 0_i32;
    for line in text.split_inclusive('\n') {
        let code = line.split('#').next().unwrap_or("");
        if code.matches('"').count() % 2 == 1
            || code.trim_end().ends_with(',')
            || code.trim_start().starts_with('{')
            || code.contains(['“', '\u{FEFF}', '\r', '\0'])
        {
            return None;
        }
        found.last_mut()?.push_str(line);
        depth += code.matches('{').count() as i32 - code.matches('}').count() as i32;
        if depth < 0 {
            return None;
        }
        if depth == 0 {
            found.last_mut()?.push_str(if line.ends_with('\n') { "" } else { "\n" });
            found.push(String::new());
        }
    }
    (depth == 0).then_some(found)
}

/// Plans with all sorts of findings: the examples, the sample, and every case of the suite whose text can be taken apart.
fn plans() -> Vec<(String, String, String)> {
    let mut plans: Vec<(String, String, String)> = examples()
        .into_iter()
        .filter(|(name, _)| name == "first-plan.remit")
        .map(|(name, text)| (name, text, "2019-10-01".to_owned()))
        .collect();
    plans.push(("the sample".to_owned(), case::language_plan().to_owned(), "2020-02-01".to_owned()));
    let whole: Vec<String> = examples().into_iter().filter(|(name, _)| name != "first-plan.remit").map(|(_, text)| text).collect();
    plans.push(("ultra-vires".to_owned(), whole.concat(), "2026-06-01".to_owned()));
    for path in case::files(&case::root().join("tests/suite"), ".md") {
        for case in case::cases(&fs::read_to_string(&path).unwrap()) {
            let text: String = case.files.iter().map(|(_, text)| text.as_str()).collect();
            let text = if text.contains("plan ") { text } else { format!("{PLAN}{text}") };
            plans.push((format!("{}: {}", path.file_stem().unwrap().to_string_lossy(), case.title), text, case.as_of));
        }
    }
    plans
}

fn check_text(text: &str, as_of: &str) -> Analysis {
    check_files(vec![("plan.remit".to_owned(), text.as_bytes().to_vec())], packs(), as_of)
}

#[test]
fn the_order_of_statements_never_matters() {
    let mut random = Random(0xD15EA5E);
    let mut differences = Vec::new();
    let mut compared = 0;
    for (name, text, as_of) in plans() {
        let Some(mut parts) = statements(&text) else { continue };
        let expected = named(&check_text(&text, &as_of));
        compared += 1;
        for turn in 0..4 {
            if turn == 0 {
                parts.reverse()
            } else {
                random.shuffle(&mut parts)
            }
            let found = named(&check_text(&parts.concat(), &as_of));
            if found != expected {
                let only = |one: &BTreeSet<_>, other: &BTreeSet<_>| {
                    one.difference(other).map(|one| format!("{one:?}")).collect::<Vec<_>>().join("\n    ")
                };
                differences.push(format!(
                    "{name}\n  in order:\n    {}\n  in another:\n    {}",
                    only(&expected, &found),
                    only(&found, &expected)
                ));
                break;
            }
        }
    }
    assert!(compared > 100, "only {compared} plans could be taken apart");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn the_order_of_fields_never_matters() {
    let mut random = Random(0xF1E1D);
    for (name, text, as_of) in plans().into_iter().filter(|(name, ..)| !name.contains(':')) {
        let expected: BTreeSet<_> = named(&check_text(&text, &as_of)).into_iter().map(|(rule, subject, _)| (rule, subject)).collect();
        for _ in 0..8 {
            let mut shuffled = Vec::new();
            for statement in statements(&text).unwrap() {
                let mut lines: Vec<&str> = statement.split_inclusive('\n').collect();
                let blocks = lines.len() > 3 && statement.matches('{').count() == 1 && lines.first().is_some_and(|line| line.contains('{'));
                if blocks {
                    let last = lines.len() - 1;
                    random.shuffle(&mut lines[1..last]);
                }
                shuffled.push(lines.concat());
            }
            let found: BTreeSet<_> =
                named(&check_text(&shuffled.concat(), &as_of)).into_iter().map(|(rule, subject, _)| (rule, subject)).collect();
            assert_eq!(found, expected, "{name}");
        }
    }
}

#[test]
fn the_order_and_the_number_of_files_never_matter() {
    let mut random = Random(0xF11E5);
    for (folder, as_of) in [("ultra-vires", "2026-06-01"), ("north-east-and-north-cumbria-2019", "2019-10-01")] {
        let paths = case::files(&case::root().join("examples").join(folder), ".remit");
        let mut files: Vec<(String, Vec<u8>)> =
            paths.iter().map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), fs::read(path).unwrap())).collect();
        let expected = check_files(files.clone(), packs(), as_of);
        for _ in 0..4 {
            random.shuffle(&mut files);
            let found = check_files(files.clone(), packs(), as_of);
            assert_eq!(named(&found), named(&expected), "{folder}");
            assert_eq!(found.rules, expected.rules, "{folder}");
            assert_eq!(ids(&found), ids(&expected), "{folder}");
        }
        let whole: Vec<u8> = files.iter().flat_map(|(_, bytes)| bytes.iter().copied().chain([b'\n'])).collect();
        let found = check_files(vec![("whole.remit".to_owned(), whole)], packs(), as_of);
        assert_eq!(named(&found), named(&expected), "{folder} as one file");
        assert_eq!(ids(&found), ids(&expected), "{folder} as one file");
    }
}

fn ids(analysis: &Analysis) -> BTreeSet<&str> {
    analysis.findings.iter().map(|finding| finding.id.as_str()).collect()
}

/// A rule that is added finds what it finds, and takes nothing from another.
#[test]
fn adding_a_rule_never_removes_a_finding_of_another() {
    let all = remit_framework::packs();
    // Without the rule that it waives, a waiver says so: that is about the waiver.
    let plans: Vec<_> = plans().into_iter().filter(|(_, text, _)| !text.contains("waiver ")).take(120).collect();
    let whole: Vec<BTreeSet<_>> = plans.iter().map(|(_, text, as_of)| named(&check_text(text, as_of))).collect();
    for rule in packs().rules.iter().map(|rule| rule.id.to_string()) {
        let short = rule.split_once('/').unwrap().1;
        let own = [format!("rules/{short}.yaml"), format!("rules/{short}.md")];
        let without: Vec<PackFiles> = all
            .iter()
            .map(|pack| PackFiles {
                path: pack.path.clone(),
                files: pack.files.iter().filter(|(path, _)| !own.contains(path)).cloned().collect(),
            })
            .collect();
        let packs = Packs::load(&without).unwrap_or_else(|errors| panic!("without {rule}: {:#?}", errors.problems));
        for ((name, text, as_of), with) in plans.iter().zip(&whole) {
            let found = named(&check_files(vec![("plan.remit".to_owned(), text.clone().into_bytes())], &packs, as_of));
            // That some organisations are left out is said once for all rules that ask of them, and names those rules.
            let of_one_rule = |(rule, ..): &&(String, String, String)| rule != "remit/left-out";
            let lost: Vec<_> = found.difference(with).filter(of_one_rule).collect();
            assert!(lost.is_empty(), "{name}: with {rule}, {lost:#?} is not found");
            let more: Vec<_> = with.difference(&found).filter(of_one_rule).filter(|(other, ..)| *other != rule).collect();
            assert!(more.is_empty(), "{name}: without {rule}, {more:#?} is not found");
        }
    }
}

/// A finding keeps its name when what stands above it changes.
#[test]
fn findings_keep_their_names_under_edits_elsewhere() {
    let above = "\n# A comment, and a blank line\n".repeat(10);
    for (name, text, as_of) in plans() {
        if text.starts_with('\u{FEFF}') {
            continue;
        }
        let before = check_text(&text, &as_of);
        let after = check_text(&format!("{above}{text}"), &as_of);
        let list = |analysis: &Analysis| {
            analysis.findings.iter().map(|finding| (finding.id.clone(), finding.problem.message.clone())).collect::<Vec<_>>()
        };
        assert_eq!(list(&before), list(&after), "{name}");
    }
    // Another statement before it, too, and the same statement in another file.
    let before = check_text(case::language_plan(), "2020-02-01");
    let after =
        check_text(&format!("section \"First\" {{ text \"a\" }}\npartner durham \"Durham\"\n{}", case::language_plan()), "2020-02-01");
    assert_eq!(ids(&before), ids(&after));
    let after = check_files(vec![("folder/other.remit".to_owned(), case::language_plan().into())], packs(), "2020-02-01");
    assert_eq!(ids(&before), ids(&after));
}

/// The same plan, packs and day: the same findings, in the same order.
#[test]
fn the_same_twice() {
    for (name, text, as_of) in plans().into_iter().take(40) {
        assert_eq!(check_text(&text, &as_of).findings, check_text(&text, &as_of).findings, "{name}");
    }
}
