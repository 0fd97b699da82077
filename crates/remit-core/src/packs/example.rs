//! The examples on a rule's page, which are its tests: plans in ```` ```remit ```` blocks and what is found in ```` ```findings ```` blocks.
//!
//! One line of a findings block is `LINE:COLUMN severity [rule] "words" message`, with `undetermined` or `waived` before the severity where
//! that is the verdict, `FILE:` before the line where an example has several files, and the pack's name left out of the rule.
//!
//! After `remit`, `as-of=DATE` says on which day it is read, `edition=2025` to which edition the plan around it is written, `file=NAME` that it is one
//! file of several, `everywhere` that every system sends the plan, each under its own code, and `together` that each file is a plan of its own.

use std::fmt::Write as _;
use std::ops::Range;

use crate::check::{Analysis, Opened, PlanFile, analyze, open};
use crate::packs::Packs;
use crate::problem::Verdict;
use crate::rules::over::combine;
use crate::source::Source;
use crate::time::{self, Date, FinancialYear};

/// The day as of which an example is read where it does not say.
pub const DAY: &str = "2019-10-01";

/// The body that an example is for where it has no `plan` statement of its own.
pub const BODY: &str = "QHM";

/// What a rule's page may say of an example that it is read without a plan around it.
const BARE: &str = "(bare)";

/// One example: the files of a plan, and what is found in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Example {
    /// The heading above it.
    pub title: String,
    /// Name and text of each file.
    pub files: Vec<(String, String)>,
    /// Where the text of each file begins in the page.
    pub starts: Vec<usize>,
    /// The as-of date, as written.
    pub as_of: String,
    /// Whether every system of the register sends this plan, in place of QHM.
    pub everywhere: bool,
    /// Whether each file is a plan of its own, and the rule is asked of all of them together.
    pub together: bool,
    /// The edition of the framework to which the plan around it is written.
    pub edition: i16,
    /// What is found, as written; empty where there is no block.
    pub findings: String,
    /// Where the text of the findings block stands in the page; `None` where there is no block.
    pub place: Option<Range<usize>>,
    /// Where the last `remit` block ends in the page.
    pub end: usize,
}

/// Every example of a page, in order.
///
/// # Errors
/// What is wrong with the page's blocks, in a sentence.
pub fn examples(page: &str) -> Result<Vec<Example>, String> {
    let mut examples: Vec<Example> = Vec::new();
    let mut title = String::new();
    let mut fence: Option<(String, usize)> = None;
    let mut open = false;
    let mut at = 0;
    for (number, line) in page.split_inclusive('\n').enumerate() {
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
                let text = page.get(*from..start).unwrap_or_default();
                match info.split(' ').next() {
                    Some("remit") => {
                        let option = |name: &str| info.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
                        if !open {
                            let edition = option("edition").unwrap_or("2019");
                            let edition = edition.parse().map_err(|_| format!("line {}: `{edition}` is no edition", number + 1))?;
                            examples.push(Example {
                                title: title.clone(),
                                files: Vec::new(),
                                starts: Vec::new(),
                                everywhere: info.split(' ').any(|word| word == "everywhere"),
                                together: info.split(' ').any(|word| word == "together"),
                                as_of: option("edition").map_or_else(|| DAY.to_owned(), |edition| format!("{edition}-10-01")),
                                edition,
                                findings: String::new(),
                                place: None,
                                end: at,
                            });
                        }
                        open = option("file").is_some();
                        if let Some(example) = examples.last_mut() {
                            let name = option("file").map_or_else(|| "plan.remit".to_owned(), str::to_owned);
                            example.files.push((name, unescaped(text)));
                            example.starts.push(*from);
                            example.end = at;
                            if let Some(day) = option("as-of") {
                                day.clone_into(&mut example.as_of);
                            }
                        }
                    }
                    Some("findings") => {
                        let example = examples
                            .last_mut()
                            .ok_or_else(|| format!("line {}: findings follow the plan in which they are found", number + 1))?;
                        text.clone_into(&mut example.findings);
                        example.place = Some(*from..start);
                        open = false;
                    }
                    _ => {}
                }
                fence = None;
            }
            Some(_) => {}
        }
    }
    match fence {
        Some((_, from)) => Err(format!("line {}: this block is not closed", page.get(..from).unwrap_or_default().lines().count())),
        None => Ok(examples),
    }
}

/// Characters that Markdown, or an editor, would not keep.
fn unescaped(text: &str) -> String {
    const MARKS: [(&str, &str); 6] =
        [("<CR>\n", "\r\n"), ("<BOM>", "\u{FEFF}"), ("<NBSP>", "\u{A0}"), ("<TAB>", "\t"), ("<NUL>", "\0"), ("<END>\n", "")];
    MARKS.iter().fold(text.to_owned(), |text, (mark, character)| text.replace(mark, character))
}

impl Example {
    /// Whether several plans are sent, which are judged together.
    pub fn is_of_several(&self) -> bool {
        self.everywhere || self.together
    }

    /// Whether findings say in which file of its plan they are: those on several plans are at the words of the rule.
    pub fn is_told_by_file(&self) -> bool {
        self.files.len() > 1 && !self.together
    }

    /// The day as of which it is read.
    ///
    /// # Errors
    /// That it is no day.
    pub fn day(&self) -> Result<Date, String> {
        time::day(&self.as_of).map_err(|_| format!("`{}` is no day on which an example can be read", self.as_of))
    }

    /// Checks it with everything that was read kept. Without a `plan` statement it is read within a plan for `body`.
    ///
    /// # Errors
    /// That its day is no day.
    pub fn open(&self, packs: &Packs, body: &str) -> Result<Opened, String> {
        Ok(open("case", self.plan_files(body), packs, self.day()?))
    }

    /// Checks it; where several plans are sent, what they come to together. Without a `plan` statement it is read within a plan for `body`.
    ///
    /// # Errors
    /// That its day is no day.
    pub fn check(&self, packs: &Packs, body: &str) -> Result<Analysis, String> {
        if !self.is_of_several() {
            return Ok(self.open(packs, body)?.analysis);
        }
        let day = self.day()?;
        let mut contributions = Vec::new();
        let mut last = None;
        for (path, files) in self.plans(packs, day, body) {
            let analysis = analyze(&path, files, packs, day);
            contributions.extend(analysis.contributions.iter().cloned());
            last = Some(analysis);
        }
        let together = combine(&contributions, packs);
        let last = last.ok_or_else(|| format!("the register shows no system on {day}"))?;
        Ok(Analysis { findings: together.findings, sources: together.sources, rules: together.rules, ..last })
    }

    /// The plans that are sent, each with its path.
    fn plans(&self, packs: &Packs, day: Date, body: &str) -> Vec<(String, Vec<PlanFile>)> {
        if self.together {
            let plan =
                |(path, text): &(String, String)| (path.clone(), vec![PlanFile { path: path.clone(), bytes: text.clone().into_bytes() }]);
            return self.files.iter().map(plan).collect();
        }
        let files = self.plan_files(body);
        let of = |system: String| {
            let file = |file: &PlanFile| PlanFile {
                path: format!("{system}.remit"),
                bytes: String::from_utf8_lossy(&file.bytes).replace(&format!("for {BODY}"), &format!("for {system}")).into_bytes(),
            };
            let files = files.iter().map(file).collect();
            (system, files)
        };
        systems(packs, day).into_iter().map(of).collect()
    }

    /// The files of its plan. Without a `plan` statement it stands within a plan for `body`.
    pub fn plan_files(&self, body: &str) -> Vec<PlanFile> {
        let mut files: Vec<PlanFile> =
            self.files.iter().map(|(path, text)| PlanFile { path: path.clone(), bytes: text.clone().into_bytes() }).collect();
        let begins = |line: &str| line.trim_start_matches('\u{FEFF}').starts_with("plan ");
        if !self.files.iter().any(|(_, text)| text.lines().any(begins)) && !self.title.contains(BARE) {
            let edition = self.edition;
            let [before, first, last] = [edition.saturating_sub(1), edition, edition.saturating_add(4)].map(FinancialYear);
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
}

/// The systems that the register shows on a day, by their codes.
pub fn systems(packs: &Packs, day: Date) -> Vec<String> {
    let tier = packs.vocabulary.scale("tier").and_then(|scale| packs.vocabulary.level(scale, "system"));
    let systems = packs.register.all().filter(|(_, body)| Some(body.tier) == tier && body.existed_on(day));
    systems.map(|(_, body)| body.code.to_string()).collect()
}

/// What was found, one line each, of the rules that are asked for.
pub fn told(analysis: &Analysis, several: bool, wanted: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    for finding in &analysis.findings {
        let problem = &finding.problem;
        if !wanted(&problem.rule) {
            continue;
        }
        let source = analysis.sources.get(problem.span.file);
        let path = source.map_or("", Source::path);
        if several || path == "prelude.remit" {
            let _ = write!(text, "{path}:");
        }
        if let Some(at) = source.map(|source| source.position(problem.span.start)) {
            let _ = write!(text, "{}:{} ", at.line, at.column);
        }
        if finding.verdict != Verdict::Fail {
            let _ = write!(text, "{} ", finding.verdict.word());
        }
        let rule = problem.rule.split_once('/').filter(|(pack, _)| *pack != "remit").map_or(problem.rule.as_str(), |(_, rule)| rule);
        let words = analysis.sources.words(problem.span).replace('\n', "⏎").replace('\0', "<NUL>");
        let _ = writeln!(text, "{} [{rule}] \"{words}\" {}", problem.severity.word(), problem.message);
    }
    text
}
