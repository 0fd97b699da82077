//! Inlay hints: the names of codes, whether gates are open, the rates that follow from a table, and how it grows.

use crate::ide::View;
use crate::ide::hover::signed;
use crate::ide::index::Symbol;
use crate::ide::parts::{Around, Is, Part};
use crate::model::value::{self, Quantity};
use crate::model::{ACTUAL, Entity, actual};
use crate::rules::expression::Comparison;
use crate::source::{FileId, Span};
use crate::syntax::tree::Statement;

/// How much of a body's name is shown, in characters.
const LONGEST_NAME: usize = 44;
/// The rows whose growth over the years is shown: what there is at a year's end.
const STOCKS: [&str; 2] = ["establishment", "in-post"];

/// A few words that are shown in the text and are not part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hint {
    /// The byte before which they are shown.
    pub at: u32,
    /// The words.
    pub label: String,
    /// What there is to read about them, as Markdown.
    pub tooltip: String,
    /// What they are.
    pub sort: Sort,
}

/// What a hint is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// The name of a body.
    Name,
    /// The state of a gate.
    Gate,
    /// A figure that follows from others.
    Figure,
}

/// The hints of a file within a span, in order.
pub fn hints(view: View<'_>, within: Span) -> Vec<Hint> {
    let Some(tree) = view.tree(within.file) else { return Vec::new() };
    let first = tree.before(within.start).map_or(0, |statement| statement.head().start);
    let mut hints = Vec::new();
    let mut parts = Vec::new();
    for statement in tree.from(first).take_while(|statement| statement.head().start < within.end) {
        parts.clear();
        view.parts(Around { statement, within: view.within(statement) }, &mut parts);
        for part in &parts {
            hints.extend(name(view, statement, part));
            hints.extend(gates(view, part));
        }
        if let Some(Part { is: Is::Row(_, def), .. }) = parts.first()
            && let Some(entity) = view.entity_at(statement.head())
        {
            let reached = view.words(statement.head()) == ACTUAL;
            let row = if reached { actual(&def.name) } else { def.name.to_string() };
            hints.extend(growth(view, entity, &row, statement.span()).filter(|_| STOCKS.contains(&&*def.name)));
            if row == "in-post" {
                hints.extend(rates(view, entity, statement.span()));
            }
        }
    }
    hints.retain(|hint| within.start <= hint.at && hint.at <= within.end);
    hints
}

/// The hints of a whole file.
pub fn of_file(view: View<'_>, file: FileId) -> Vec<Hint> {
    hints(view, Span::new(file, 0..view.text(file).len()))
}

fn name<'v>(view: View<'v>, statement: Statement<'v>, part: &Part<'v>) -> Option<Hint> {
    if !matches!(part.is, Is::Value(..) | Is::Whose) {
        return None;
    }
    let Symbol::Body(id) = view.symbol(statement, part)? else { return None };
    let body = view.plan().bodies.get(id)?;
    // A region's name is plain already, and what the plan declares has its name there.
    if body.declared.is_some() || body.code.contains(|letter: char| letter.is_ascii_lowercase()) || view.words(part.span) != &*body.code {
        return None;
    }
    Some(Hint {
        at: part.span.end,
        label: shortened(&body.name),
        tooltip: view.about_symbol(&Symbol::Body(id), part.span),
        sort: Sort::Name,
    })
}

fn gates<'v>(view: View<'v>, part: &Part<'v>) -> impl Iterator<Item = Hint> + use<'v> {
    let place = part.span;
    view.gates_at(place).map(move |gate| Hint {
        at: place.end,
        label: gate.label(),
        tooltip: format!("{}\n\n`{}`", gate.says, gate.rule),
        sort: Sort::Gate,
    })
}

fn growth(view: View<'_>, entity: &Entity, row: &str, line: Span) -> Option<Hint> {
    let growth = view.growth(entity, row)?;
    let show = |quantity: Quantity| value::show_quantity(quantity, view.vocabulary());
    Some(Hint {
        at: line.end,
        label: format!("{} since {}", signed(&show(growth.rate)), growth.first.0),
        tooltip: format!(
            "From {} in {} to {} in {}: {}.",
            show(growth.first.1),
            growth.first.0,
            show(growth.last.1),
            growth.last.0,
            signed(&show(growth.change))
        ),
        sort: Sort::Figure,
    })
}

/// The rates that follow from a table which does not write them.
fn rates<'v>(view: View<'v>, entity: &'v Entity, line: Span) -> Vec<Hint> {
    let derived = view.derived(entity);
    let unwritten: Vec<_> =
        derived.iter().filter(|derived| derived.comparison == Comparison::Follows && entity.row(derived.row).is_none()).collect();
    let show = |quantity: Quantity| value::show_quantity(quantity, view.vocabulary());
    let (Some(first), Some(last)) = (unwritten.first(), unwritten.last()) else { return Vec::new() };
    let label = if first.year == last.year {
        format!("{} {}", first.row, show(first.expected))
    } else {
        format!("{} {} → {}", first.row, show(first.expected), show(last.expected))
    };
    let years: Vec<String> = unwritten.iter().map(|derived| format!("- {}: {}", derived.year, show(derived.expected))).collect();
    vec![Hint {
        at: line.end,
        label,
        tooltip: format!("`{}` follows from the other figures (`{}`):\n\n{}", first.row, first.rule.short(), years.join("\n")),
        sort: Sort::Figure,
    }]
}

fn shortened(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        None => name.to_owned(),
        Some((at, _)) => format!("{}…", name.get(..at).unwrap_or("").trim_end()),
    }
}
