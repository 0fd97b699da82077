//! Links in a plan: files of evidence and tables, addresses on the web, and the pages of rules and frameworks.

use crate::ide::View;
use crate::ide::index::Symbol;
use crate::ide::parts::{Around, Is, Part};
use crate::source::{FileId, Span};
use crate::syntax::literal::{self, Literal};
use crate::syntax::tree::{Element, Statement};

/// Words that lead somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The words.
    pub span: Span,
    /// Where they lead.
    pub to: To,
}

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum To {
    /// An address on the web.
    Web(String),
    /// A file, by its path from the folder of the plan's file.
    File(String),
    /// The page of a rule, in a pack's texts.
    Page(Span),
}

/// The links of a file, in order.
pub fn links(view: View<'_>, file: FileId) -> Vec<Link> {
    let Some(tree) = view.tree(file) else { return Vec::new() };
    let mut links = Vec::new();
    let mut parts = Vec::new();
    for statement in tree.all() {
        parts.clear();
        view.parts(Around { statement, within: view.within(statement) }, &mut parts);
        for part in &parts {
            links.extend(link(view, statement, part));
        }
    }
    links
}

fn link<'v>(view: View<'v>, statement: Statement<'v>, part: &Part<'v>) -> Vec<Link> {
    let Is::Value(slot, Element::One(value)) = part.is else { return Vec::new() };
    if let Some(Symbol::Rule(at)) = view.symbol(statement, part) {
        return view.page_of(at).map(|page| Link { span: part.span, to: To::Page(page) }).into_iter().collect();
    }
    if value.literal != Literal::Text {
        return Vec::new();
    }
    let words = view.words(part.span);
    let text = literal::text(words);
    let is_file = slot.clause.is_none() && slot.field.is_some_and(|field| matches!(&*field.name, "file" | "from"));
    if is_file && !text.trim().is_empty() && !text.contains("://") {
        let inside = literal::inside(words);
        let span = Span { start: part.span.start + inside.start as u32, end: part.span.start + inside.end as u32, ..part.span };
        return vec![Link { span, to: To::File(text.into_owned()) }];
    }
    web(words)
        .map(|(start, end)| Link {
            span: Span { start: part.span.start + start as u32, end: part.span.start + end as u32, ..part.span },
            to: To::Web(words.get(start..end).unwrap_or("").to_owned()),
        })
        .collect()
}

/// The addresses in a text.
fn web(words: &str) -> impl Iterator<Item = (usize, usize)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = words.get(at..)?;
        let start = at + ["https://", "http://"].into_iter().filter_map(|scheme| rest.find(scheme)).min()?;
        let length = words.get(start..)?.find(|letter: char| letter.is_whitespace() || matches!(letter, '"' | '“' | '”' | '<' | '>'));
        let end = length.map_or(words.len(), |length| start + length);
        let address = words.get(start..end)?.trim_end_matches(['.', ',', ';', ')']);
        at = end;
        Some((start, start + address.len()))
    })
}
