//! `remit fmt`: one way to lay out a plan. Blanks, line ends, `;` and what word processors make of `"` and `-` change; words never do.

mod columns;
mod entries;
mod lines;

use std::borrow::Cow;

use crate::problem::Problem;
use crate::source::FileId;
use crate::syntax::format::entries::Mark;
use crate::syntax::literal::Literal;
use crate::syntax::shape::{self, Bytes, Shape};
use crate::syntax::tree::{Element, Node, Tree, Value};
use crate::syntax::{Parsed, build};

/// How wide a line may grow, in characters, before a list in it goes on over several lines.
const WIDTH: usize = 100;
/// How far a block stands in from its statement.
const INDENT: usize = 2;
/// What counts as a blank within a line: the grammar's `space`.
const BLANKS: [char; 3] = [' ', '\t', '\u{A0}'];
const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// Lays out a plan's text. Where braces do not pair up, only line ends and trailing blanks change; a statement that cannot be
/// read keeps its own words and the blanks between them.
pub fn format(text: &str) -> String {
    // INVARIANT: a layout counts only when it reads as the text did (tree, comments and faults) and is laid out as itself.
    // Otherwise the text comes back unchanged. So whatever the text, and whatever fault the layout may have, nothing that
    // was written is lost, and formatting twice is formatting once.
    let read = Reading::of(text);
    let laid_out = lay_out(&read);
    if laid_out == text {
        return laid_out;
    }
    let again = Reading::of(&laid_out);
    if reads_the_same(&read, &again) && lay_out(&again) == laid_out { laid_out } else { text.to_owned() }
}

fn lay_out(reading: &Reading<'_>) -> String {
    match entries::entries(reading) {
        Some(entries) => {
            let mut entries = lines::fold(entries);
            columns::line_up(&mut entries);
            lines::text(&entries)
        }
        None => tidy(reading),
    }
}

/// A text with its shapes and its tree.
struct Reading<'s> {
    text: &'s str,
    tokens: Vec<(Shape, Bytes)>,
    tree: Tree,
    problems: Vec<Problem>,
}

impl<'s> Reading<'s> {
    fn of(text: &'s str) -> Self {
        let mut tokens = Vec::with_capacity(text.len() / 6);
        // A text that the grammar refused would have no tokens, and a problem that no layout has: the self-check then keeps it.
        let _ = shape::shapes(text, |shape, bytes| tokens.push((shape, bytes)));
        let Parsed { tree, problems, .. } = build::build(FileId(0), text);
        Self { text, tokens, tree, problems }
    }

    fn words(&self, from: u32, to: u32) -> &'s str {
        self.text.get(from as usize..to as usize).unwrap_or("")
    }

    /// The words of every token, with the text before each; last, what stands after them all.
    fn pieces(&self) -> impl Iterator<Item = (&'s str, Option<(Shape, &'s str)>)> {
        let mut end = 0;
        let tokens = self.tokens.iter().filter(|(shape, _)| *shape != Shape::Statement).map(Some);
        tokens.chain([None]).map(move |token| match token {
            Some(&(shape, (from, to))) => (self.words(std::mem::replace(&mut end, to), from), Some((shape, self.words(from, to)))),
            None => (self.text.get(end as usize..).unwrap_or(""), None),
        })
    }

    fn comments(&self) -> impl Iterator<Item = &'s str> {
        self.pieces().flat_map(|(gap, _)| entries::marks(gap)).filter_map(|mark| match mark {
            Mark::Comment(words) => Some(words),
            _ => None,
        })
    }
}

/// Whether two texts hold the same statements, comments and faults.
fn reads_the_same(one: &Reading<'_>, other: &Reading<'_>) -> bool {
    let problem = |problem: &Problem| (problem.severity, problem.message.clone());
    one.tokens.iter().map(straight_shape).eq(other.tokens.iter().map(straight_shape))
        && one.pieces().map(|(_, token)| token.map(written)).eq(other.pieces().map(|(_, token)| token.map(written)))
        && one.comments().eq(other.comments())
        && one.problems.iter().map(problem).eq(other.problems.iter().map(problem))
        && one.tree.fenced == other.tree.fenced
        && one.tree.nodes.iter().map(node_form).eq(other.tree.nodes.iter().map(node_form))
        && one.tree.clauses.iter().map(|clause| &clause.cells).eq(other.tree.clauses.iter().map(|clause| &clause.cells))
        && one.tree.cells.iter().map(|cell| &cell.elements).eq(other.tree.cells.iter().map(|cell| &cell.elements))
        && one.tree.elements.len() == other.tree.elements.len()
        && one.tree.elements.iter().zip(&other.tree.elements).all(|(one, other)| same_element(one, other))
}

fn straight_shape((shape, _): &(Shape, Bytes)) -> Shape {
    if *shape == Shape::Curly { Shape::Text } else { *shape }
}

fn node_form(node: &Node) -> impl PartialEq + use<> {
    (node.cells.clone(), node.clauses.clone(), node.block.is_some(), node.next, node.broken, node.fenced)
}

fn same_element(one: &Element, other: &Element) -> bool {
    let same = |one: &Value, other: &Value| match (one.literal, other.literal) {
        (Literal::Quantity(one, _), Literal::Quantity(other, _)) => one == other,
        (one, other) => one == other,
    };
    match (one, other) {
        (Element::One(one), Element::One(other)) => same(one, other),
        (Element::Range(from, to), Element::Range(other_from, other_to)) => same(from, other_from) && same(to, other_to),
        (Element::About(one, _), Element::About(other, _)) | (Element::UpTo(one, _), Element::UpTo(other, _)) => same(one, other),
        (Element::Estimate(one), Element::Estimate(other)) => one.iter().zip(other).all(|(one, other)| same(one, other)),
        _ => false,
    }
}

/// A token as it is written: straight quotes and plain hyphens where that says the same; no blanks after a text left open.
fn written<'s>((shape, words): (Shape, &'s str)) -> Cow<'s, str> {
    match shape {
        Shape::Word if words.contains(['–', '—', '−']) => Cow::Owned(words.replace(['–', '—', '−'], "-")),
        Shape::Curly if is_left_open(shape, words) => Cow::Borrowed(words.trim_end_matches(BLANKS)),
        Shape::Curly => match words.strip_prefix(['“', '”']).and_then(|words| words.strip_suffix(['“', '”', '"'])) {
            Some(inner) if !inner.contains(['"', '\\']) => Cow::Owned(format!("\"{inner}\"")),
            _ => Cow::Borrowed(words),
        },
        Shape::OpenText | Shape::OpenLong => Cow::Borrowed(words.trim_end_matches(BLANKS)),
        _ => Cow::Borrowed(words),
    }
}

/// Whether a token takes in everything up to the line's end, so that nothing can follow it there.
fn is_left_open(shape: Shape, words: &str) -> bool {
    match shape {
        Shape::OpenText | Shape::OpenLong => true,
        Shape::Curly => words.chars().nth(1).is_none() || !words.ends_with(['“', '”', '"']),
        _ => false,
    }
}

/// The text with plain line ends, no trailing blanks and no byte order mark; everything else as it was.
fn tidy(reading: &Reading<'_>) -> String {
    let mut tidied = String::with_capacity(reading.text.len() + 1);
    for (gap, token) in reading.pieces() {
        let gap = if tidied.is_empty() { gap.trim_start_matches(BYTE_ORDER_MARK) } else { gap };
        let gap = gap.replace("\r\n", "\n").replace('\r', "\n");
        let mut lines = gap.split('\n').peekable();
        while let Some(line) = lines.next() {
            if lines.peek().is_some() {
                tidied.push_str(line.trim_end_matches(BLANKS));
                tidied.push('\n');
            } else {
                tidied.push_str(if token.is_some() { line } else { line.trim_end_matches(BLANKS) });
            }
        }
        match token {
            Some((shape, words)) if is_left_open(shape, words) => tidied.push_str(words.trim_end_matches(BLANKS)),
            Some((_, words)) => tidied.push_str(words),
            None => {}
        }
    }
    if !tidied.is_empty() && !tidied.ends_with('\n') {
        tidied.push('\n');
    }
    tidied
}

#[cfg(test)]
mod tests;
