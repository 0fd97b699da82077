//! What every word of a plan is, for colouring.

use crate::ide::View;
use crate::ide::index::Symbol;
use crate::ide::parts::{Around, Is, Part};
use crate::source::{FileId, Span};
use crate::syntax::literal::Literal;
use crate::syntax::tree::{Element, Statement};

/// A word with what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// The word.
    pub span: Span,
    /// What it is.
    pub sort: Sort,
    /// What else is to be said of it.
    pub mark: Mark,
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// Begins a statement.
    Kind,
    /// Begins a field.
    Field,
    /// Begins a row.
    Row,
    /// Begins a clause.
    Clause,
    /// Names a body.
    Body,
    /// A term of the vocabulary.
    Term,
    /// A level of a scale.
    Level,
    /// Names a statement of the plan.
    Name,
    /// Names a rule.
    Rule,
    /// In quotes.
    Text,
    /// A number, a rate or money, with its unit.
    Number,
    /// A day or a year.
    Day,
    /// `yes`, `no` and units.
    Word,
    /// A comment.
    Comment,
}

/// What else is to be said of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Nothing.
    None,
    /// It is declared here.
    Declares,
    /// The register knows it.
    Register,
    /// It stays at a higher tier.
    Reserved,
}

/// The words of a file that lie within a span, in order.
pub fn tokens(view: View<'_>, file: FileId, within: Option<Span>) -> Vec<Token> {
    let Some(tree) = view.tree(file) else { return Vec::new() };
    let text = view.text(file);
    let within = within.unwrap_or(Span::new(file, 0..text.len()));
    let first = tree.before(within.start).map_or(0, |statement| statement.head().start.min(within.start));
    let mut list = Vec::new();
    let mut parts = Vec::new();
    let mut end = if within.start == 0 { 0 } else { first };
    for statement in tree.from(first) {
        if statement.head().start >= within.end {
            break;
        }
        parts.clear();
        view.parts(Around { statement, within: view.within(statement) }, &mut parts);
        for part in &parts {
            // What could not be told apart may lie within something else.
            if part.span.start < end {
                continue;
            }
            comments(view, Span { start: end, end: part.span.start, ..within }, &mut list);
            list.extend(token(view, statement, part));
            end = part.span.end;
        }
    }
    let rest = tree.before(within.end).map_or(end, |statement| end.max(statement.span().end)).max(end);
    comments(view, Span { start: end, end: within.end.max(rest), ..within }, &mut list);
    list.retain(|token| token.span.end > within.start && token.span.start < within.end);
    list
}

fn token<'v>(view: View<'v>, statement: Statement<'v>, part: &Part<'v>) -> Option<Token> {
    let token = |sort, mark| Some(Token { span: part.span, sort, mark });
    match part.is {
        Is::Kind(..) | Is::KindWord(_) => token(Sort::Kind, Mark::None),
        Is::Field(..) => token(Sort::Field, Mark::None),
        Is::Row(..) | Is::Years => token(Sort::Row, Mark::None),
        Is::Clause(..) => token(Sort::Clause, Mark::None),
        Is::Title => token(Sort::Text, Mark::None),
        Is::Unknown => None,
        Is::Whose => named(view, statement, part, Mark::None),
        Is::Value(slot, element) => {
            let literal = match element {
                Element::One(value) | Element::Range(value, _) | Element::About(value, _) | Element::UpTo(value, _) => value.literal,
                Element::Estimate(_) => return token(Sort::Number, Mark::None),
            };
            let declares = if slot.names { Mark::Declares } else { Mark::None };
            match literal {
                Literal::Text if !slot.names => token(Sort::Text, Mark::None),
                Literal::Date(_) | Literal::Year(_) | Literal::Quarter(..) | Literal::Month(..) => token(Sort::Day, Mark::None),
                Literal::Number(_) | Literal::Quantity(..) | Literal::Percent(_) | Literal::Money(_) => token(Sort::Number, Mark::None),
                Literal::Absent => token(Sort::Word, Mark::None),
                Literal::Bad => None,
                Literal::Name | Literal::Text => named(view, statement, part, declares),
            }
        }
    }
}

fn named<'v>(view: View<'v>, statement: Statement<'v>, part: &Part<'v>, declares: Mark) -> Option<Token> {
    let token = |sort, mark| Some(Token { span: part.span, sort, mark });
    match view.symbol(statement, part) {
        Some(Symbol::Body(body)) => {
            let known = view.plan().bodies.get(body).is_some_and(|body| body.declared.is_none());
            token(Sort::Body, if known { Mark::Register } else { declares })
        }
        Some(Symbol::Term(term)) => token(Sort::Term, if view.reserve_of(term).is_some() { Mark::Reserved } else { Mark::None }),
        Some(Symbol::Level(..)) => token(Sort::Level, Mark::None),
        Some(Symbol::Unit(_)) => token(Sort::Word, Mark::None),
        Some(Symbol::Rule(_)) => token(Sort::Rule, Mark::None),
        Some(Symbol::Statement(..)) => token(Sort::Name, declares),
        Some(Symbol::Kind(_)) => token(Sort::Kind, Mark::None),
        None if matches!(view.words(part.span), "yes" | "no") => token(Sort::Word, Mark::None),
        None => None,
    }
}

/// The comments in what stands between two words.
fn comments(view: View<'_>, gap: Span, list: &mut Vec<Token>) {
    let text = view.words(gap);
    let mut at = 0;
    while let Some(start) = text.get(at..).and_then(|rest| rest.find('#')).map(|found| at + found) {
        let end = text.get(start..).and_then(|rest| rest.find(['\n', '\r'])).map_or(text.len(), |length| start + length);
        let span = Span { start: gap.start + start as u32, end: gap.start + end as u32, ..gap };
        list.push(Token { span, sort: Sort::Comment, mark: Mark::None });
        at = end;
    }
}
