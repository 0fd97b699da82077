//! Cases as data: a Markdown file with plans in ```` ```remit ```` blocks and what is found in ```` ```findings ```` blocks.
//!
//! One line of a findings block is `LINE:COLUMN severity [rule] "words" message`, with `undetermined` or `waived` before the
//! severity where that is the verdict, `FILE:` before the line where a case has several files, and the pack's name left out of the
//! rule. `everywhere` after `remit` says that every system sends the plan, each under its own code; `edition=2025` after `remit` to which edition the plan around a case without one is written. `REMIT_BLESS=1` writes what is found into the blocks: read the difference before it is committed.

use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::{env, fs};

use remit_core::check::{Analysis, PlanFile, analyze};
use remit_core::packs::Packs;
use remit_core::problem::Verdict;
use remit_core::rules::over::combine;
use remit_core::time::{Date, FinancialYear};

/// The day as of which a case is read where it does not say.
pub(crate) const DAY: &str = "2019-10-01";

/// One case: the files of a plan, and where what is found is written.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    /// The heading above it.
    pub(crate) title: String,
    /// Name and text of each file.
    pub(crate) files: Vec<(String, String)>,
    /// The as-of date.
    pub(crate) as_of: String,
    /// Whether every system of the register sends this plan, in place of QHM.
    pub(crate) everywhere: bool,
    /// The edition of the plan within which a case without one is checked.
    pub(crate) edition: i16,
    /// What is found, as written; empty where there is no block.
    pub(crate) findings: String,
    /// Where the block's text stands in the Markdown; `None` where there is no block.
    pub(crate) place: Option<Range<usize>>,
    /// Where the last `remit` block ends.
    pub(crate) end: usize,
}

/// The packs that are embedded.
pub(crate) fn packs() -> Packs {
    Packs::load(&remit_framework::packs()).unwrap_or_else(|errors| panic!("the embedded packs do not load: {:#?}", errors.problems))
}

/// The packs that are embedded, with only the rules that are named: the cases of the suite are about the language and the forms
/// of rules, and stay as they are when a rule is added. Each rule has its own page.
pub(crate) fn packs_with(rules: &[&str]) -> Packs {
    let mut packs = remit_framework::packs();
    for pack in &mut packs {
        pack.files.retain(|(path, _)| match path.strip_prefix("rules/").and_then(|rule| rule.rsplit_once('.')) {
            Some((rule, _)) => rules.contains(&rule),
            None => true,
        });
    }
    Packs::load(&packs).unwrap_or_else(|errors| panic!("the embedded packs do not load: {:#?}", errors.problems))
}

/// The rules with which the cases of the suite are checked: one at least of each form, and all of arithmetic.
pub(crate) const SUITE_RULES: [&str; 16] = [
    "pay-stays-national",
    "pension-scheme-stays-national",
    "professional-regulation-stays-national",
    "credentialing-stays-national",
    "prescribing-rights-stay-national",
    "ready-before-responsible",
    "one-accountable-body",
    "wellbeing-guardian",
    "five-year-horizon",
    "bridge-closes",
    "vacancy-rate-follows",
    "contract-types-sum",
    "unit-is-given",
    "deadline-in-horizon",
    "body-exists",
    "trust-in-system",
];

/// The plan on the page of the language.
pub(crate) fn language_plan() -> &'static str {
    const PAGE: &str = include_str!("../docs/language.md");
    PAGE.split_once("```remit\n").and_then(|(_, rest)| rest.split_once("```")).expect("a plan on the page").0
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every case of a Markdown text.
pub(crate) fn cases(markdown: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let mut title = String::new();
    let mut fence: Option<(String, usize)> = None;
    let mut open = false;
    let mut at = 0;
    for line in markdown.split_inclusive('\n') {
        let start = at;
        at += line.len();
        match &fence {
            None if line.starts_with("```") => fence = Some((line.trim_end().trim_start_matches('`').to_owned(), at)),
            None => {
                if let Some(heading) = line.trim_end().strip_prefix("## ") {
                    heading.clone_into(&mut title);
                    open = false;
                }
            }
            Some((info, from)) if line.trim_end() == "```" => {
                let text = &markdown[*from..start];
                let mut words = info.split(' ');
                match words.next() {
                    Some("remit") => {
                        let option = |name: &str| info.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
                        if !open {
                            cases.push(Case {
                                title: title.clone(),
                                files: Vec::new(),
                                everywhere: info.split(' ').any(|word| word == "everywhere"),
                                as_of: option("edition").map_or_else(|| DAY.to_owned(), |edition| format!("{edition}-10-01")),
                                edition: option("edition").map_or(2019, |edition| edition.parse().unwrap()),
                                findings: String::new(),
                                place: None,
                                end: at,
                            });
                        }
                        let case = cases.last_mut().unwrap();
                        let name = option("file").map_or_else(|| "plan.remit".to_owned(), str::to_owned);
                        open = option("file").is_some();
                        case.files.push((name, unescaped(text)));
                        case.end = at;
                        if let Some(day) = option("as-of") {
                            day.clone_into(&mut case.as_of);
                        }
                    }
                    Some("findings") => {
                        let case = cases.last_mut().expect("findings follow a plan");
                        text.clone_into(&mut case.findings);
                        case.place = Some(*from..start);
                        open = false;
                    }
                    _ => {}
                }
                fence = None;
            }
            Some(_) => {}
        }
    }
    assert!(fence.is_none(), "a block is not closed");
    cases
}

/// Characters that Markdown, or an editor, would not keep.
fn unescaped(text: &str) -> String {
    const MARKS: [(&str, &str); 6] =
        [("<CR>\n", "\r\n"), ("<BOM>", "\u{FEFF}"), ("<NBSP>", "\u{A0}"), ("<TAB>", "\t"), ("<NUL>", "\0"), ("<END>\n", "")];
    MARKS.iter().fold(text.to_owned(), |text, (mark, character)| text.replace(mark, character))
}

/// Checks a case.
pub(crate) fn analysis(case: &Case, packs: &Packs, body: &str) -> Analysis {
    let as_of: Date = case.as_of.parse().unwrap();
    let files = plan_files(case, body);
    if !case.everywhere {
        return analyze("case", files, packs, as_of);
    }
    let mut contributions = Vec::new();
    let mut last = None;
    for system in systems(packs, as_of) {
        let file = |file: &PlanFile| PlanFile {
            path: format!("{system}.remit"),
            bytes: String::from_utf8_lossy(&file.bytes).replace("for QHM", &format!("for {system}")).into_bytes(),
        };
        let analysis = analyze(&system, files.iter().map(file).collect(), packs, as_of);
        contributions.extend(analysis.contributions.iter().cloned());
        last = Some(analysis);
    }
    let together = combine(&contributions, packs);
    Analysis { findings: together.findings, sources: together.sources, ..last.unwrap() }
}

/// The systems that the register shows on a day.
pub(crate) fn systems(packs: &Packs, day: Date) -> Vec<String> {
    let tier = packs.vocabulary.scale("tier").and_then(|scale| packs.vocabulary.level(scale, "system"));
    let systems = packs.register.all().filter(|(_, body)| Some(body.tier) == tier && body.existed_on(day));
    systems.map(|(_, body)| body.code.to_string()).collect()
}

/// The files of a case. A case without a `plan` statement is checked within one for `body`.
pub(crate) fn plan_files(case: &Case, body: &str) -> Vec<PlanFile> {
    let mut files: Vec<PlanFile> =
        case.files.iter().map(|(path, text)| PlanFile { path: path.clone(), bytes: text.clone().into_bytes() }).collect();
    let has_plan = case.files.iter().any(|(_, text)| text.lines().any(|line| line.trim_start_matches('\u{FEFF}').starts_with("plan ")));
    if !has_plan && !case.title.contains("(bare)") {
        let edition = case.edition;
        let [before, first, last] = [edition - 1, edition, edition + 4].map(FinancialYear);
        let mut text = format!(
            "plan \"Example\" for {body} {{\n  framework nhs-people-framework {edition}\n  horizon {first} to {last}\n  baseline {before}\n  submitted {edition}-09-27\n}}\n"
        );
        if body == "somewhere" {
            text.push_str("system somewhere \"Somewhere\" in north-east-and-yorkshire\n");
        }
        files.push(PlanFile { path: "prelude.remit".to_owned(), bytes: text.into_bytes() });
    }
    files
}

/// What was found, one line each, of the rules that are asked for.
pub(crate) fn shown(analysis: &Analysis, several: bool, wanted: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    for finding in &analysis.findings {
        let problem = &finding.problem;
        if !wanted(&problem.rule) {
            continue;
        }
        let source = analysis.sources.get(problem.span.file).unwrap();
        let at = source.position(problem.span.start);
        if several || source.path() == "prelude.remit" {
            let _ = write!(text, "{}:", source.path());
        }
        let _ = write!(text, "{}:{} ", at.line, at.column);
        if finding.verdict != Verdict::Fail {
            let _ = write!(text, "{} ", finding.verdict.word());
        }
        let rule = problem.rule.split_once('/').filter(|(pack, _)| *pack != "remit").map_or(problem.rule.as_str(), |(_, rule)| rule);
        let words = analysis.sources.words(problem.span).replace('\n', "⏎").replace('\0', "<NUL>");
        let _ = writeln!(text, "{} [{rule}] \"{words}\" {}", problem.severity.word(), problem.message);
    }
    text
}

/// Checks every case of a Markdown file; what differs is returned, or written where `REMIT_BLESS` is set.
pub(crate) fn check_file(path: &Path, packs: &Packs, body: &str, wanted: impl Fn(&str) -> bool) -> Vec<String> {
    let markdown = fs::read_to_string(path).unwrap();
    let mut blessed = markdown.clone();
    let mut differences = Vec::new();
    for case in cases(&markdown).iter().rev() {
        let found = shown(&analysis(case, packs, body), case.files.len() > 1, &wanted);
        if found == case.findings {
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy();
        differences.push(format!("{name}, \"{}\":\nexpected\n{}found\n{found}", case.title, case.findings));
        match &case.place {
            Some(place) => blessed.replace_range(place.clone(), &found),
            None => blessed.insert_str(case.end, &format!("\n```findings\n{found}```\n")),
        }
    }
    if env::var_os("REMIT_BLESS").is_some() && blessed != markdown {
        fs::write(path, blessed).unwrap();
        return Vec::new();
    }
    differences.reverse();
    differences
}

/// Every file of a folder with an ending, in order.
pub(crate) fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.to_string_lossy().ends_with(ending) {
            found.push(path);
        }
    }
    found.sort();
    found
}
