//! The examples of a rule's page as they are judged now: the plan with the words in question underlined, and what is found.

use remit_core::check::Analysis;
use remit_core::packs::example::{self, Example};
use remit_core::packs::{Packs, RuleInfo};
use remit_core::problem::{Finding, Verdict};
use remit_core::rules::Rule;
use remit_core::source::FileId;

use crate::pack::docs::html::escaped;

/// The body whose plan an example is where it has no `plan` statement.
const BODY: &str = "QHM";

/// What stands for each fenced block of plans and findings, by where the block begins in the page. A block that is no example is
/// shown as it is written.
pub(crate) fn judged(packs: &Packs, rule: &RuleInfo<'_>) -> Vec<(usize, String)> {
    let known = packs.rules.iter().find(|known| *known.id == *rule.id);
    let asks = known.is_some_and(Rule::asks_of_those_left_out);
    let speaks_of = |id: &str| if id == "remit/left-out" { asks } else { id.starts_with("remit/") || id == rule.id };
    let mut blocks = Vec::new();
    for example in example::examples(rule.page).unwrap_or_default() {
        let Ok(analysis) = example.check(packs, BODY) else { continue };
        let found: Vec<&Finding> = analysis.findings.iter().filter(|finding| speaks_of(&finding.problem.rule)).collect();
        for (at, start) in example.starts.iter().enumerate() {
            let file = file_of(&analysis, &example, at);
            let last = at + 1 == example.starts.len();
            blocks.push((opening(rule.page, *start), figure(&analysis, &example, at, file, &found, last)));
        }
        // What the page says is found is what is found; it is shown once, under the plan.
        blocks.extend(example.place.as_ref().map(|place| (opening(rule.page, place.start), String::new())));
    }
    blocks
}

/// Where the line above a place begins.
fn opening(text: &str, place: usize) -> usize {
    let above = text.get(..place.saturating_sub(1)).unwrap_or("");
    above.rfind('\n').map_or(0, |at| at + 1)
}

fn file_of(analysis: &Analysis, example: &Example, at: usize) -> Option<FileId> {
    let (path, _) = example.files.get(at)?;
    (0..10_000)
        .map(FileId)
        .map_while(|file| analysis.sources.get(file).map(|source| (file, source)))
        .filter(|(_, source)| source.path() == path)
        .map(|(file, _)| file)
        .last()
}

fn figure(analysis: &Analysis, example: &Example, at: usize, file: Option<FileId>, found: &[&Finding], last: bool) -> String {
    let Some((path, text)) = example.files.get(at) else { return String::new() };
    let mut marks: Vec<&Finding> = found.iter().copied().filter(|finding| Some(finding.problem.span.file) == file).collect();
    marks.sort_by_key(|finding| (finding.problem.span.start, std::cmp::Reverse(finding.problem.span.end)));
    let mut code = String::new();
    let mut read = 0;
    for finding in marks {
        let range = finding.problem.span.range();
        if range.start < read || range.is_empty() {
            continue;
        }
        let (Some(before), Some(words)) = (text.get(read..range.start), text.get(range.clone())) else { continue };
        code.push_str(&format!("{}<mark class=\"{}\">{}</mark>", escaped(before), finding.problem.severity.word(), escaped(words)));
        read = range.end;
    }
    code.push_str(&escaped(text.get(read..).unwrap_or("")));
    let name = if example.files.len() > 1 { format!("<p><code>{}</code></p>\n", escaped(path)) } else { String::new() };
    let told = if last { format!("<figcaption>{}</figcaption>\n", told(analysis, example, found)) } else { String::new() };
    format!("<figure>\n{name}<pre tabindex=\"0\"><code>{code}</code></pre>\n{told}</figure>\n")
}

fn told(analysis: &Analysis, example: &Example, found: &[&Finding]) -> String {
    let day = escaped(&example.as_of);
    if found.is_empty() {
        return format!("<span class=\"good\">Passes</span>, as of {day}.");
    }
    let item = |finding: &&Finding| {
        let problem = &finding.problem;
        let line = analysis.sources.get(problem.span.file).map_or(0, |source| source.position(problem.span.start).line);
        let verdict = match finding.verdict {
            Verdict::Pass | Verdict::Fail => String::new(),
            other => format!(", {}", other.word()),
        };
        let level = problem.severity.word();
        let help = problem.help.as_ref().map(|help| format!("<br><small>{}</small>", escaped(help))).unwrap_or_default();
        format!("<li><span class=\"level {level}\">{level}{verdict}</span>, line {line}: {}{help}</li>\n", escaped(&problem.message))
    };
    format!("As of {day}:\n<ul>\n{}</ul>", found.iter().map(item).collect::<String>())
}
