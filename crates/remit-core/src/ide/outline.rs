//! The outline of a file, and finding a statement or a body of the plan by a part of its name.

use crate::ide::View;
use crate::model::value::Value;
use crate::problem::cut;
use crate::source::{FileId, Span};
use crate::syntax::literal;
use crate::syntax::tree::{Cell, Statement};

/// How many symbols are found at most.
const MOST_FOUND: usize = 500;
/// How long a detail may be, in characters.
const LONGEST_DETAIL: usize = 80;

/// An entry of an outline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `responsibility workforce-planning`.
    pub name: String,
    /// Its title or its values.
    pub detail: String,
    /// What sort of thing it is.
    pub sort: Sort,
    /// From the first word to the closing brace.
    pub whole: Span,
    /// The words that name it.
    pub place: Span,
    /// What is in its block.
    pub children: Vec<Entry>,
}

/// What sort of thing an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// The plan.
    Plan,
    /// A body.
    Body,
    /// Something about a function.
    Function,
    /// A table.
    Table,
    /// Any other statement.
    Statement,
    /// A field.
    Field,
    /// A row of a table.
    Row,
}

/// A statement found by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// Its kind, and its title where it has one.
    pub detail: String,
    /// What sort of thing it is.
    pub sort: Sort,
    /// From the first word to the closing brace.
    pub whole: Span,
    /// The words that name it.
    pub place: Span,
}

/// The outline of a file.
pub fn outline(view: View<'_>, file: FileId) -> Vec<Entry> {
    let Some(tree) = view.tree(file) else { return Vec::new() };
    tree.statements().map(|statement| entry(view, statement)).collect()
}

fn entry<'v>(view: View<'v>, statement: Statement<'v>) -> Entry {
    let head = view.words(statement.head());
    let kind = view.kind_of(statement);
    let named = kind.and_then(|(_, kind)| kind.named.as_ref()).and_then(|_| statement.cells().next()).and_then(Cell::span);
    let name = match named {
        Some(span) => format!("{head} {}", literal::text(view.words(span))),
        None => head.to_owned(),
    };
    let title = statement
        .cells()
        .skip(usize::from(named.is_some()))
        .filter_map(Cell::span)
        .map(|span| literal::text(view.words(span)).into_owned());
    let clauses = statement.clauses().map(|part| {
        let words: Vec<&str> = part.cells().filter_map(Cell::span).map(|span| view.words(span)).collect();
        format!("{} {}", part.word().word(), words.join(" "))
    });
    let parts: Vec<String> = title.chain(clauses).collect();
    let children = statement
        .children()
        .map(|child| {
            let row = kind.is_some_and(|(_, kind)| kind.row(view.words(child.head())).is_some());
            let detail = view.words(Span { start: child.head().end, ..child.span() }).trim().to_owned();
            Entry {
                name: shortened(view.words(child.head())),
                detail: shortened(&detail.split_whitespace().collect::<Vec<_>>().join(" ")),
                sort: if row { Sort::Row } else { Sort::Field },
                whole: child.whole(),
                place: child.head(),
                children: Vec::new(),
            }
        })
        .collect();
    Entry {
        name: shortened(if name.is_empty() { "…" } else { &name }),
        detail: shortened(&parts.join(" ")),
        sort: sort(view, statement),
        whole: statement.whole(),
        place: named.unwrap_or(statement.head()),
        children,
    }
}

fn sort<'v>(view: View<'v>, statement: Statement<'v>) -> Sort {
    use crate::vocabulary::types::Type;
    let Some((_, kind)) = view.kind_of(statement) else { return Sort::Statement };
    match kind.named.as_ref().map(|named| &named.ty) {
        _ if kind.columns => Sort::Table,
        _ if &*kind.name == "plan" => Sort::Plan,
        Some(Type::Body) => Sort::Body,
        Some(Type::Term(_)) => Sort::Function,
        _ => Sort::Statement,
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_DETAIL) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or("")),
    }
}

/// The statements whose name, title or body holds the letters of a query, in their order.
pub fn find(view: View<'_>, query: &str) -> Vec<Found> {
    let query = query.to_lowercase();
    let mut found = Vec::new();
    for entity in &view.plan().entities {
        let Some(kind) = view.vocabulary().kind_def(entity.kind) else { continue };
        let title = match entity.title.as_ref().and_then(|title| title.value.as_ref()) {
            Some(Value::Text(title)) => title.to_string(),
            _ => entity
                .bodies("code")
                .next()
                .and_then(|(body, _)| view.plan().bodies.get(body))
                .map_or_else(String::new, |body| body.name.to_string()),
        };
        let name = format!("{} {}", kind.name, entity.name).to_lowercase();
        if !name.contains(&query) && !title.to_lowercase().contains(&query) && !holds(&entity.name.to_lowercase(), &query) {
            continue;
        }
        let detail = if title.is_empty() { kind.name.to_string() } else { format!("{} {title}", kind.name) };
        let statement = view.tree(entity.place.file).and_then(|tree| tree.before(entity.line.start));
        found.push(Found {
            name: cut(entity.name.to_string()),
            detail: shortened(&detail),
            sort: statement.map_or(Sort::Statement, |statement| sort(view, statement)),
            whole: entity.whole,
            place: entity.place,
        });
        if found.len() >= MOST_FOUND {
            break;
        }
    }
    found
}

/// Whether the letters of a query stand in a text in their order.
fn holds(text: &str, query: &str) -> bool {
    let mut letters = text.chars();
    query.chars().filter(|letter| !letter.is_whitespace()).all(|wanted| letters.any(|letter| letter == wanted))
}
