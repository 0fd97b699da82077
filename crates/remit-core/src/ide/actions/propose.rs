//! What people do about findings that have no certain fix: name what is missing, record a part as consulted, ask for a waiver; and moving statements to files of their own.

use crate::ide::View;
use crate::ide::actions::{Action, Sort};
use crate::model::Entity;
use crate::model::bodies::BodyId;
use crate::problem::{Edit, Finding, Verdict};
use crate::rules::expression::{Expr, Node};
use crate::rules::{Form, Reserve, Rule};
use crate::source::Span;
use crate::syntax::literal;
use crate::time::Duration;
use crate::vocabulary::types::Type;

/// How long the skeleton of a waiver runs.
const WAIVER_TERM: Duration = Duration::Months(6);

/// What can be done about a finding.
pub(super) fn answers(view: View<'_>, at: usize, finding: &Finding) -> Vec<Action> {
    let Some(rule) = view.rules().find(|rule| *rule.id == *finding.problem.rule) else { return Vec::new() };
    let mut actions = Vec::new();
    match &rule.form {
        Form::Each(each) => actions.extend(name_missing(view, finding, &each.expect)),
        Form::Reserve(reserve) => actions.extend(record_as_consulted(view, finding, reserve)),
        Form::Gate(_) | Form::Cover(_) | Form::Over(_) => {}
    }
    actions.extend(waiver(view, finding, rule));
    for action in &mut actions {
        action.finding = Some(at);
    }
    actions
}

/// Adds the fields that a rule expects to be given.
fn name_missing(view: View<'_>, finding: &Finding, expect: &Expr) -> Vec<Action> {
    let Some(entity) = view.entity_at(finding.problem.span).filter(|_| finding.verdict == Verdict::Fail) else { return Vec::new() };
    let Some(kind) = view.vocabulary().kind_def(entity.kind) else { return Vec::new() };
    if finding.subject.split(' ').next() != Some(&*kind.name) {
        return Vec::new();
    }
    let mut fields = Vec::new();
    asked(expect, &mut fields);
    fields
        .into_iter()
        .filter_map(|name| kind.field(name).filter(|_| entity.field(name).is_none()))
        .filter_map(|def| {
            let value = match def.ty() {
                Some(Type::Text) => "\"\"",
                Some(Type::YesNo) => "yes",
                _ => "-",
            };
            let edit = add_field(view, entity, &format!("{}  {value}", def.name))?;
            Some(action(format!("add `{}`", def.name), vec![edit]))
        })
        .collect()
}

/// The fields that have to be given for an expression to hold.
fn asked<'e>(expr: &'e Expr, fields: &mut Vec<&'e str>) {
    match &expr.node {
        Node::And(parts) | Node::Or(parts) => parts.iter().for_each(|part| asked(part, fields)),
        Node::Given(inner, true) => {
            if let Node::Field(name, None) = &inner.node {
                fields.push(name);
            }
        }
        _ => {}
    }
}

/// A new field at the end of a statement's block, or in a block of its own.
fn add_field(view: View<'_>, entity: &Entity, field: &str) -> Option<Edit> {
    let whole = entity.whole;
    let statement = view.tree(whole.file)?.before(whole.start)?;
    let Some(block) = statement.block() else {
        return Some(Edit { span: statement.span().after(), text: format!(" {{\n  {field}\n}}") });
    };
    let words = view.words(block);
    let closing = words.rfind('}').filter(|at| *at > 0)?;
    let inside = words.get(1..closing)?;
    let said = inside.trim_end();
    let after = block.start + 1 + said.len() as u32;
    let span = Span { start: after, end: after, ..block };
    if !inside.contains('\n') {
        let separator = if said.trim().is_empty() { "" } else { ";" };
        let blank = if inside.ends_with(' ') { "" } else { " " };
        return Some(Edit { span, text: format!("{separator} {}{blank}", field.replace("  ", " ")) });
    }
    let last = said.rsplit('\n').next().unwrap_or("");
    let indent: String = last.chars().take_while(|letter| letter.is_whitespace()).collect();
    let indent = if indent.is_empty() { "  ".to_owned() } else { indent };
    Some(Edit { span, text: format!("\n{indent}{field}") })
}

/// Takes a body off a role that stays at a higher tier, and records its part as consulted.
fn record_as_consulted(view: View<'_>, finding: &Finding, reserve: &Reserve) -> Option<Action> {
    let place = finding.problem.span;
    let entity = view.entity_at(place)?;
    let field = entity
        .fields
        .iter()
        .find(|field| matches!(&*field.name, "accountable" | "responsible") && field.values.iter().any(|datum| datum.place == place))?;
    let word = view.words(place);
    let consulted = entity.field("consulted").and_then(|field| field.values.last());
    let mut edits = Vec::new();
    let alone = field.values.len() == 1;
    match (reserve.holders.as_slice(), &*field.name) {
        // Somebody has to be accountable: the one who is.
        ([holder], "accountable") => edits.push(Edit { span: place, text: view.plan().bodies.written(*holder) }),
        (_, "responsible") if alone && consulted.is_none() => {
            // The fix of the rule itself says the same where nothing else stands on the line.
            return None;
        }
        (_, "responsible") if alone => edits.push(Edit { span: whole_line(view, field.line), text: String::new() }),
        (_, "responsible") => edits.push(Edit { span: with_comma(view, place)?, text: String::new() }),
        _ => return None,
    }
    edits.push(match consulted {
        Some(last) => Edit { span: last.place.after(), text: format!(", {word}") },
        None => {
            let before = view.text(place.file).get(..field.place.start as usize)?;
            let line = before.rsplit('\n').next().unwrap_or("");
            let text = if line.trim().is_empty() { format!("\n{line}consulted  {word}") } else { format!("; consulted {word}") };
            Edit { span: field.line.after(), text }
        }
    });
    edits.sort_by_key(|edit| edit.span.start);
    Some(action(format!("record {word} as `consulted`"), edits))
}

/// A line with the break before it.
fn whole_line(view: View<'_>, line: Span) -> Span {
    let before = view.text(line.file).get(..line.start as usize).unwrap_or("");
    let said = before.trim_end_matches([' ', '\t']);
    let start = said.strip_suffix('\n').map_or(said.len(), |said| said.trim_end_matches('\r').len());
    Span { start: start as u32, ..line }
}

/// A value of a list with the comma that joins it to its neighbour.
fn with_comma(view: View<'_>, place: Span) -> Option<Span> {
    let text = view.text(place.file);
    let rest = text.get(place.end as usize..)?;
    if let Some(more) = rest.trim_start().strip_prefix(',') {
        let end = text.len() - more.trim_start().len();
        return Some(Span { end: end as u32, ..place });
    }
    let before = text.get(..place.start as usize)?.trim_end().strip_suffix(',')?;
    Some(Span { start: before.trim_end().len() as u32, ..place })
}

/// The skeleton of a waiver, at the end of the file.
fn waiver(view: View<'_>, finding: &Finding, rule: &Rule) -> Option<Action> {
    let tier = rule.waivable_by.filter(|_| finding.verdict == Verdict::Fail && !matches!(rule.form, Form::Reserve(_)))?;
    let plan = view.plan();
    let subject = finding.subject.split(", ").next().unwrap_or("");
    let (kind, name) = subject.split_once(' ').unwrap_or((subject, ""));
    let name = match view.vocabulary().kind(kind) {
        Some(_) if name.is_empty() => plan.header().and_then(|header| header.bodies("body").next()).map(|(_, place)| view.words(place))?,
        Some(_) => name,
        None => return None,
    };
    let name = if literal::is_name(name) { name.to_owned() } else { format!("\"{name}\"") };
    let until = WAIVER_TERM.after(plan.as_of)?;
    let by = approver(view, tier).map(|body| plan.bodies.written(body))?;
    let file = finding.problem.span.file;
    let text = view.text(file);
    let gap = if text.ends_with('\n') { "\n" } else { "\n\n" };
    let skeleton = format!(
        "{gap}waiver {} for {name} {{\n  until     {until}\n  because   \"\"\n  approved  {} by {by}\n}}\n",
        rule.short(),
        plan.as_of
    );
    let end = text.len() as u32;
    let tier = view.vocabulary().scale("tier").map_or("", |scale| view.vocabulary().level_name(scale, tier));
    Some(action(
        format!("draft a waiver of `{}` for {name}, for the {tier} to approve", rule.short()),
        vec![Edit { span: Span { file, start: end, end }, text: skeleton }],
    ))
}

/// The body at a tier to which the plan's body answers.
fn approver(view: View<'_>, tier: u8) -> Option<BodyId> {
    let plan = view.plan();
    let mut body = plan.body?;
    // A body belongs to one at a higher tier, of which there are only so many.
    for _ in 0..8 {
        if plan.bodies.tier(body) >= tier {
            return Some(body);
        }
        match view.parent(body) {
            Some(parent) => body = parent,
            None => break,
        }
    }
    plan.bodies.find("nhs-england").filter(|nation| plan.bodies.tier(*nation) >= tier)
}

/// Moves the statements at top level within a span to a file of their kind.
pub(super) fn extract(view: View<'_>, within: Span) -> Option<Action> {
    let tree = view.tree(within.file)?;
    let chosen: Vec<_> = tree
        .statements()
        .skip_while(|statement| statement.whole().end < within.start)
        .take_while(|statement| statement.head().start <= within.end)
        .collect();
    let (first, last) = (chosen.first()?, chosen.last()?);
    // One statement is moved from its first line; several, when they are chosen whole.
    let on_head = chosen.len() == 1 && first.span().start <= within.start && within.end <= first.span().end;
    let whole = within.start <= first.head().start && last.whole().end <= within.end;
    if tree.statements().nth(chosen.len()).is_none() || !(on_head || whole) || chosen.iter().any(|statement| statement.is_broken()) {
        return None;
    }
    let (_, kind) = view.kind_of(*first).filter(|(_, kind)| &*kind.name != "plan")?;
    let text = view.text(within.file);
    let start = text.get(..first.head().start as usize).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    if !text.get(start..first.head().start as usize)?.trim().is_empty() {
        return None;
    }
    let rest = text.get(last.whole().end as usize..)?;
    let end = last.whole().end as usize + rest.find('\n').map_or(rest.len(), |length| length + 1);
    let moved = text.get(start..end)?;
    let path = view.sources().path(within);
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let name = match (chosen.len(), first.cells().next().and_then(|cell| cell.span())) {
        (1, Some(named)) => format!("{}-{}.remit", kind.name, literal::text(view.words(named))),
        _ => format!("{}.remit", kind.name),
    };
    let name: String =
        name.chars().map(|letter| if letter.is_alphanumeric() || matches!(letter, '-' | '.') { letter } else { '-' }).collect();
    let taken = |name: &str| {
        view.files().any(|(file, _)| {
            view.sources().get(file).is_some_and(|source| source.path() == format!("{folder}/{name}") || source.path() == name)
        })
    };
    if taken(&name) {
        return None;
    }
    let what = if chosen.len() == 1 { format!("`{}`", view.words(first.span()).trim()) } else { format!("{} statements", chosen.len()) };
    Some(Action {
        title: format!("move {} to {name}", crate::problem::cut(what)),
        sort: Sort::Move,
        finding: None,
        edits: vec![Edit { span: Span::new(within.file, start..end), text: String::new() }],
        makes: Some((name, moved.trim_end().to_owned() + "\n")),
    })
}

fn action(title: String, edits: Vec<Edit>) -> Action {
    Action { title, sort: Sort::Answer, finding: None, edits, makes: None }
}
