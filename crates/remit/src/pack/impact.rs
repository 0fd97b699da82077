//! `remit pack impact`: which plans newly fail or pass when one version of the rules, or one edition of a framework, takes the place of another.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use anstyle::{AnsiColor, Style};
use remit_core::check::{Opened, PlanFile, PlanText, open_texts};
use remit_core::packs::{PackErrors, Packs};
use remit_core::problem::{Finding, Severity, Verdict};
use remit_core::source::Span;
use remit_core::time::Date;
use serde::Serialize;

use crate::Environment;
use crate::arguments::{PackImpactArguments, Tell};
use crate::exit::{Failure, Outcome};
use crate::pack::sets::Set;
use crate::packs::tell_invalid;
use crate::project::{Place, plans_at};
use crate::render::Look;
use crate::render::json::{self, CONTRACT};
use crate::render::text::{clean, counted, wrap};

/// The rules on one side of the comparison.
struct Side {
    packs: Arc<Packs>,
    /// The framework and the edition as which every plan is read; `None`: the one that it names.
    edition: Option<(String, String)>,
}

/// What changes for one plan.
struct Impact {
    id: String,
    path: String,
    fails: Vec<Change>,
    passes: Vec<Change>,
    untold: Vec<Change>,
}

/// One thing that changes.
struct Change {
    rule: String,
    subject: String,
    severity: Severity,
    message: String,
    file: String,
    line: usize,
    /// From when, where the rule or its edition says so.
    from: Option<String>,
}

/// Runs the command.
pub(crate) fn run(
    arguments: &PackImpactArguments,
    out: &mut dyn Write,
    err: &mut dyn Write,
    environment: &Environment<'_>,
) -> Result<Outcome, Failure> {
    let mut sides = Vec::new();
    for words in [&arguments.old, &arguments.new] {
        match side(words, environment)? {
            Ok(side) => sides.push(side),
            Err(errors) => return tell_invalid(&errors, err, environment),
        }
    }
    let [old, new] = sides.as_slice() else { return Ok(Outcome::Usage) };
    let as_of = arguments.as_of.unwrap_or(environment.today);
    let mut plans = BTreeSet::new();
    for path in &arguments.plans {
        plans.extend(plans_at(&Place::given(&environment.folder, path))?);
    }
    let mut impacts = Vec::new();
    for plan in plans {
        let files = plan.read()?;
        impacts.push(impact(&plan.place.shown, &files, old, new, as_of));
    }
    let look = Look { color: environment.color, width: environment.width.unwrap_or(80) };
    let written = match arguments.format {
        Tell::Human | Tell::Plain => write_text(&impacts, as_of, look, out),
        Tell::Json => write_json(&impacts, as_of, out),
    };
    written.map_err(|error| Failure::writing("standard output", &error))?;
    Ok(Outcome::Clean)
}

/// A pack's folder, a pack that comes with the program, or `NAME@EDITION`.
fn side(words: &str, environment: &Environment<'_>) -> Result<Result<Side, Rc<PackErrors>>, Failure> {
    let (name, edition) = words.rsplit_once('@').map_or((words, None), |(name, edition)| (name, Some(edition)));
    let set = match Set::of(&Place::given(&environment.folder, Path::new(name)), environment)? {
        Ok(set) => set,
        Err(errors) => return Ok(Err(errors)),
    };
    let Some(edition) = edition else { return Ok(Ok(Side { packs: set.packs, edition: None })) };
    let info = set.packs.infos.iter().find(|info| set.meant.contains(&info.name) || info.name == name);
    let known: Vec<&str> = info.map(|info| info.editions.iter().map(|known| known.name.as_str()).collect()).unwrap_or_default();
    match info {
        Some(info) if known.contains(&edition) => {
            let edition = Some((info.name.clone(), edition.to_owned()));
            Ok(Ok(Side { packs: set.packs, edition }))
        }
        _ => {
            let failure = Failure::usage(format!("`{name}` has no edition `{edition}`"));
            let known = if known.is_empty() { "it has none".to_owned() } else { format!("it has {}", known.join(", ")) };
            Err(failure.help(known))
        }
    }
}

/// Reads a plan as if it named an edition: nothing else in it is touched.
fn opened(path: &str, files: &[PlanFile], side: &Side, as_of: Date) -> Opened {
    let texts = |files: &[PlanFile]| -> Vec<PlanText> { files.iter().cloned().map(PlanText::from).collect() };
    let opened = open_texts(path, &texts(files), &side.packs, as_of);
    let Some((name, edition)) = &side.edition else { return opened };
    let Some(header) = opened.plan.header() else { return opened };
    let (span, text) = match header.field("framework") {
        Some(field) => (field.line, format!("framework {name} {edition}")),
        None => {
            let end = header.whole.end.saturating_sub(1);
            (Span { start: end, end, ..header.whole }, format!("\n  framework {name} {edition}\n"))
        }
    };
    let source = opened.analysis.sources.path(span).to_owned();
    let words = opened.analysis.sources.get(span.file).map(|source| source.text().to_owned()).unwrap_or_default();
    let (Some(before), Some(after)) = (words.get(..span.start as usize), words.get(span.end as usize..)) else { return opened };
    let changed = format!("{before}{text}{after}");
    let files: Vec<PlanFile> = files
        .iter()
        .map(|file| if file.path == source { PlanFile { bytes: changed.clone().into_bytes(), ..file.clone() } } else { file.clone() })
        .collect();
    open_texts(path, &texts(&files), &side.packs, as_of)
}

fn impact(path: &str, files: &[PlanFile], old: &Side, new: &Side, as_of: Date) -> Impact {
    let (before, after) = (opened(path, files, old, as_of), opened(path, files, new, as_of));
    let of = |opened: &Opened, verdict: Verdict| -> BTreeMap<String, usize> {
        let findings = opened.analysis.findings.iter().enumerate();
        // What the language itself says is the same under any rules.
        let of_packs = findings.filter(|(_, finding)| finding.verdict == verdict && !finding.problem.rule.starts_with("remit/"));
        of_packs.map(|(at, finding)| (finding.id.clone(), at)).collect()
    };
    let changes = |opened: &Opened, side: &Side, mine: &BTreeMap<String, usize>, others: &BTreeMap<String, usize>| -> Vec<Change> {
        let changed = mine.iter().filter(|(id, _)| !others.contains_key(*id)).map(|(_, at)| *at).collect::<BTreeSet<usize>>();
        changed.into_iter().filter_map(|at| opened.analysis.findings.get(at)).map(|finding| change(opened, side, finding)).collect()
    };
    let (failed, fails) = (of(&before, Verdict::Fail), of(&after, Verdict::Fail));
    let (untold_before, untold) = (of(&before, Verdict::Undetermined), of(&after, Verdict::Undetermined));
    Impact {
        id: after.analysis.plan.id.clone(),
        path: path.to_owned(),
        fails: changes(&after, new, &fails, &failed),
        passes: changes(&before, old, &failed, &fails),
        untold: changes(&after, new, &untold, &untold_before),
    }
}

fn change(opened: &Opened, side: &Side, finding: &Finding) -> Change {
    let analysis = &opened.analysis;
    let line = analysis.sources.get(finding.problem.span.file).map_or(1, |source| source.position(finding.problem.span.start).line);
    let rules = side.packs.rules().into_iter().filter(|rule| rule.id == finding.problem.rule);
    // The rule's own day, else that of the edition in which it first stands.
    let from = rules.flat_map(|rule| rule.in_force.or_else(|| rule.editions.first().map(|edition| edition.in_force))).next();
    Change {
        rule: finding.problem.rule.clone(),
        subject: finding.subject.clone(),
        severity: finding.problem.severity,
        message: finding.problem.message.clone(),
        file: analysis.sources.path(finding.problem.span).to_owned(),
        line,
        from: from.map(|from| from.to_string()),
    }
}

fn write_text(impacts: &[Impact], as_of: Date, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let mut rules: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for impact in impacts {
        let name = look.paint(Style::new().bold(), &clean(&impact.id));
        let (fails, passes) = (impact.fails.len(), impact.passes.len());
        let sum = match (fails, passes) {
            (0, 0) => "nothing changes".to_owned(),
            _ => format!("{} newly, {} no longer", counted(fails, "failure", "failures"), passes),
        };
        writeln!(out, "{name}  {}: {sum}", clean(&impact.path))?;
        let groups = [
            ("fails", AnsiColor::Red, &impact.fails),
            ("passes", AnsiColor::Green, &impact.passes),
            ("cannot be told", AnsiColor::Magenta, &impact.untold),
        ];
        for (word, color, changes) in groups {
            for change in changes {
                let word = look.paint(color.on_default(), word);
                writeln!(out, "  {word}  {} ({})", clean(&change.rule), change.severity.word())?;
                for line in wrap(&clean(&change.message), look.width.saturating_sub(4).max(40)) {
                    writeln!(out, "    {line}")?;
                }
                let from = change.from.as_ref().map_or(String::new(), |from| format!(", {from}"));
                writeln!(out, "    {}:{}{from}", clean(&change.file), change.line)?;
            }
        }
        for change in &impact.fails {
            rules.entry(&change.rule).or_default().0 += 1;
        }
        for change in &impact.passes {
            rules.entry(&change.rule).or_default().1 += 1;
        }
        writeln!(out)?;
    }
    let newly = impacts.iter().filter(|impact| !impact.fails.is_empty()).count();
    writeln!(out, "Of {}, {newly} would newly fail something, as of {as_of}.", counted(impacts.len(), "plan", "plans"))?;
    for (rule, (fails, passes)) in rules {
        writeln!(out, "  {}: {} newly, {passes} no longer", clean(rule), counted(fails, "failure", "failures"))?;
    }
    Ok(())
}

#[derive(Serialize)]
struct Document<'r> {
    remit: u32,
    as_of: String,
    plans: Vec<PlanJson<'r>>,
}

#[derive(Serialize)]
struct PlanJson<'r> {
    id: &'r str,
    path: &'r str,
    newly_fails: Vec<ChangeJson<'r>>,
    newly_passes: Vec<ChangeJson<'r>>,
    newly_undetermined: Vec<ChangeJson<'r>>,
}

#[derive(Serialize)]
struct ChangeJson<'r> {
    rule: &'r str,
    subject: &'r str,
    severity: &'static str,
    message: &'r str,
    file: &'r str,
    line: usize,
    from: Option<&'r str>,
}

fn write_json(impacts: &[Impact], as_of: Date, out: &mut dyn Write) -> io::Result<()> {
    fn changes(changes: &[Change]) -> Vec<ChangeJson<'_>> {
        changes
            .iter()
            .map(|Change { rule, subject, severity, message, file, line, from }| ChangeJson {
                rule,
                subject,
                severity: severity.word(),
                message,
                file,
                line: *line,
                from: from.as_deref(),
            })
            .collect()
    }
    let plans = impacts
        .iter()
        .map(|impact| PlanJson {
            id: &impact.id,
            path: &impact.path,
            newly_fails: changes(&impact.fails),
            newly_passes: changes(&impact.passes),
            newly_undetermined: changes(&impact.untold),
        })
        .collect();
    json::write(out, &Document { remit: CONTRACT, as_of: as_of.to_string(), plans })
}
