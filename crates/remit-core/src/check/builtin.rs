//! What the language itself asks of a plan: that it is one, that its files are text, and that it agrees with the register.

use crate::check::Check;
use crate::model::bodies::Known;
use crate::model::clock::Cause;
use crate::model::value::{self, Value};
use crate::model::{Entity, Plan};
use crate::packs::edition::{self, InForce};
use crate::packs::{PackInfo, Packs};
use crate::problem::{Problem, Severity, did_you_mean};
use crate::source::{EncodingFault, FileId, Sources, Span};
use crate::syntax::tree::Tree;

const FRAMEWORK: &str = "remit/framework";

/// What was wrong with a file's bytes.
pub(super) fn encoding(file: FileId, fault: EncodingFault) -> Problem {
    match fault {
        EncodingFault::Utf16 => Problem {
            severity: Severity::Note,
            ..Problem::error("remit/encoding", Span::new(file, 0..0), "this file is in UTF-16; we read it, and others may not")
                .help("save it as UTF-8")
        },
        EncodingFault::NotUtf8 { offset, byte } => Problem::error(
            "remit/encoding",
            Span::new(file, offset..offset + '\u{FFFD}'.len_utf8()),
            format!("this file is not UTF-8: there is a byte 0x{byte:02X} here"),
        )
        .help("save it as plain text in UTF-8"),
    }
}

/// What is missing from the whole, and what differs from what packs know.
pub(super) fn plan(cx: &Check<'_>, packs: &Packs, trees: &[(FileId, Tree)]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let Some(header) = cx.plan.header() else {
        let plan = cx.vocabulary.kind("plan");
        if !plan.is_some_and(|plan| cx.plan.fenced.contains(&plan)) {
            let span = Span::new(trees.first().map_or(FileId(0), |(file, _)| *file), 0..0);
            problems.push(
                Problem::error("remit/missing", span, "there is no `plan` statement here")
                    .help("a plan begins with `plan \"Our people\" for QHM { … }`; a folder has one, in any of its files; until there is one, no rule is asked"),
            );
        }
        return problems;
    };
    framework(cx, header, packs, &mut problems);
    register_differs(cx, &mut problems);
    problems
}

/// For each pack, the place of the edition that the plan is written to: the one that it names, else the one in force on its day.
pub(super) fn editions(plan: &Plan, sources: &Sources, packs: &Packs) -> Vec<Option<usize>> {
    let named = plan.header().and_then(|header| header.field("framework"));
    let edition = |info: &PackInfo| {
        let mut values = named?.values.iter();
        match &values.next()?.value {
            Some(Value::Name(name)) if **name == *info.name => {}
            _ => return None,
        }
        let edition = sources.words(values.next()?.place);
        info.editions.iter().position(|known| known.name == edition)
    };
    let in_force =
        |info: &PackInfo| plan.clock.watch(Cause::EditionInForce, |_| (None, None), || info.edition_on(plan.day()), PartialEq::eq);
    packs.infos.iter().map(|info| edition(info).or_else(|| in_force(info))).collect()
}

/// Whether the plan names its framework and its edition, and whether there is such a one in force.
fn framework(cx: &Check<'_>, header: &Entity, packs: &Packs, problems: &mut Vec<Problem>) {
    let frameworks = || packs.infos.iter().filter(|info| !info.editions.is_empty());
    let day = cx.plan.shown_day();
    let Some(field) = header.field("framework") else {
        if header.fenced {
            return;
        }
        let mut problem = Problem::warning(FRAMEWORK, header.place, "this plan does not name the framework that it is written to");
        // Of several frameworks nobody can say which one is meant.
        if let (Some(info), None) = (frameworks().next(), frameworks().nth(1))
            && let Some(edition) = info.edition_on(day).and_then(|at| info.editions.get(at))
        {
            let line = format!("framework {} {}", info.name, edition.name);
            problem = problem.help(format!("write `{line}`: that is the edition in force on {day}, and we check the plan against it"));
            problem = problem.fix(format!("add `{line}`"), after_brace(cx, header), in_block(cx, header, &line));
        }
        problems.push(problem);
        return;
    };
    let mut values = field.values.iter();
    let Some((Value::Name(name), place)) = values.next().and_then(|datum| datum.value.as_ref().map(|value| (value, datum.place))) else {
        return;
    };
    let Some(info) = frameworks().find(|info| info.name == **name) else {
        let problem = Problem::error(FRAMEWORK, place, format!("there is no framework `{name}`"));
        problems.push(match did_you_mean(name, frameworks().map(|info| info.name.as_str())) {
            Some(near) => problem.meant(near),
            None => {
                problem.help(format!("there is {}", frameworks().map(|info| format!("`{}`", info.name)).collect::<Vec<_>>().join(", ")))
            }
        });
        return;
    };
    let Some(written) = values.next() else {
        let Some(edition) = info.edition_on(day).and_then(|at| info.editions.get(at)) else { return };
        problems.push(
            Problem::warning(FRAMEWORK, place, format!("this plan does not name the edition of `{name}`"))
                .help(format!(
                    "write `framework {name} {}`: that is the edition in force on {day}, and we check the plan against it",
                    edition.name
                ))
                .fix(format!("write `{name} {}`", edition.name), place.after(), format!(" {}", edition.name)),
        );
        return;
    };
    let words = cx.sources.words(written.place);
    let in_force =
        |from: InForce| cx.plan.clock.watch(Cause::EditionInForce, |_| (None, None), || from.holds(cx.plan.day()), PartialEq::eq);
    let problem = match info.editions.iter().find(|edition| edition.name == words) {
        Some(edition) if in_force(edition.in_force) => return,
        Some(edition) => {
            let when = match edition.in_force {
                InForce::From(from) => format!("it is in force from {from}"),
                InForce::NoDate => "no date is published from which it is".to_owned(),
            };
            Problem::warning(FRAMEWORK, written.place, format!("the edition `{words}` of `{name}` is not yet in force on {day}"))
                .help(format!("{when}; the plan is checked against it all the same"))
        }
        None => {
            let problem = Problem::error(FRAMEWORK, written.place, format!("`{name}` has no edition `{words}`"));
            let near = did_you_mean(words, info.editions.iter().map(|edition| edition.name.as_str()));
            let listed = format!("it has {}", edition::listed(&info.editions));
            match near {
                Some(near) => {
                    let problem = problem.meant(near);
                    problem.help(format!("did you mean `{near}`? {listed}"))
                }
                None => problem.help(listed),
            }
        }
    };
    problems.push(problem);
}

/// The place after a statement's brace; where it has no block, after its own words.
fn after_brace(cx: &Check<'_>, entity: &Entity) -> Span {
    let line = entity.line;
    let rest = cx.sources.get(line.file).map_or("", |source| source.slice(line.end as usize..entity.whole.end as usize));
    match rest.find('{') {
        Some(at) => Span::new(line.file, line.end as usize + at + 1..line.end as usize + at + 1),
        None => line.after(),
    }
}

/// A field at the beginning of a statement's block, laid out as the block is.
fn in_block(cx: &Check<'_>, entity: &Entity, field: &str) -> String {
    let place = after_brace(cx, entity);
    if place == entity.line.after() {
        return format!(" {{\n  {field}\n}}");
    }
    let rest = cx.sources.get(place.file).map_or("", |source| source.slice(place.start as usize..entity.whole.end as usize));
    let line = rest.lines().next().unwrap_or("").trim_start();
    match line {
        "" => format!("\n  {field}"),
        comment if comment.starts_with('#') => format!("\n  {field}\n "),
        "}" => format!(" {field}"),
        _ => format!(" {field};"),
    }
}

/// What the register knows need not be written; writing it differently is a finding.
fn register_differs(cx: &Check<'_>, problems: &mut Vec<Problem>) {
    for entity in &cx.plan.entities {
        let Some((id, _)) = entity.bodies("code").next() else { continue };
        let Some(body) = cx.plan.bodies.get(id).filter(|body| body.declared.is_none()) else { continue };
        if let (Some(Value::Term(written)), Some(known), Some(field)) = (entity.value("kind"), body.kind, entity.field("kind"))
            && *written != known
            && !cx.vocabulary.is_part_of(*written, known)
        {
            let place = field.values.first().map_or(field.place, |datum| datum.place);
            let known = value::show(&Value::Term(known), cx.vocabulary, &cx.plan.bodies);
            problems.push(
                Problem::warning("remit/register-differs", place, format!("the register knows {} as `{known}`", cx.plan.bodies.shown(id)))
                    .help("leave `kind` out: the register's is used")
                    .fix(format!("write `{known}`"), place, known.clone()),
            );
        }
        let parent = cx.plan.clock.watch(Cause::Register, |_| (Some(entity.place), None), || body.parent_on(cx.plan.day()), PartialEq::eq);
        for name in ["region"] {
            let (Some(Value::Body(written)), Known::Evidence(known), Some(field)) = (entity.value(name), parent, entity.field(name)) else {
                continue;
            };
            if *written != known {
                let place = field.values.first().map_or(field.place, |datum| datum.place);
                let alias = cx.plan.bodies.written(known);
                problems.push(
                    Problem::warning(
                        "remit/register-differs",
                        place,
                        format!("the register shows {} in {}", cx.plan.bodies.shown(id), cx.plan.bodies.shown(known)),
                    )
                    .help("leave it out: the register's is used")
                    .fix(format!("write `{alias}`"), place, alias),
                );
            }
        }
    }
}
