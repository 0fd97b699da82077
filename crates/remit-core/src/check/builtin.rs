//! What the language itself asks of a plan: that it is one, that its files are text, and that it agrees with the register.

use crate::check::Check;
use crate::model::bodies::Known;
use crate::model::value::{self, Value};
use crate::packs::Packs;
use crate::problem::{Problem, Severity, did_you_mean};
use crate::source::{EncodingFault, FileId, Span};
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
    if header.field("framework").is_none() && !header.fenced {
        problems.push(
            Problem::warning(FRAMEWORK, header.place, "this plan does not name the framework that it is written to").help(format!(
                "write `framework {}`; we check it against the edition in force on {}",
                in_force(packs, cx),
                cx.plan.as_of
            )),
        );
    }
    if let Some(field) = header.field("framework") {
        let mut values = field.values.iter();
        if let Some((Value::Name(name), place)) = values.next().and_then(|datum| datum.value.as_ref().map(|value| (value, datum.place))) {
            match packs.infos.iter().find(|info| info.name == **name) {
                None => {
                    let near =
                        did_you_mean(name, packs.infos.iter().filter(|info| !info.editions.is_empty()).map(|info| info.name.as_str()));
                    let problem = Problem::error(FRAMEWORK, place, format!("there is no framework `{name}`"));
                    problems.push(match near {
                        Some(near) => problem.meant(near),
                        None => problem.help(format!("write `framework {}`", in_force(packs, cx))),
                    });
                }
                Some(info) => match values.next() {
                    Some(datum) => {
                        let edition = cx.sources.words(datum.place);
                        if !info.editions.iter().any(|(known, _)| known == edition) {
                            let known: Vec<String> =
                                info.editions.iter().map(|(edition, from)| format!("`{edition}` (from {from})")).collect();
                            problems.push(
                                Problem::error(FRAMEWORK, datum.place, format!("`{name}` has no edition `{edition}`"))
                                    .help(format!("it has {}", known.join(", "))),
                            );
                        }
                    }
                    None => problems.push(
                        Problem::warning(FRAMEWORK, place, format!("this plan does not name the edition of `{name}`")).help(format!(
                            "write `framework {name} {}`; we check it against that edition, which is in force on {}",
                            info.edition(cx.plan.as_of),
                            cx.plan.as_of
                        )),
                    ),
                },
            }
        }
    }
    register_differs(cx, &mut problems);
    problems
}

fn in_force(packs: &Packs, cx: &Check<'_>) -> String {
    let info = packs.infos.iter().find(|info| !info.editions.is_empty());
    info.map_or_else(String::new, |info| format!("{} {}", info.name, info.edition(cx.plan.as_of)))
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
        let parent = body.parent_on(cx.plan.day());
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
