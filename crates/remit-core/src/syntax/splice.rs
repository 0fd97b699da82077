//! A tree after an edit: the statements that the edit touches are read again, the others are moved.
//!
//! INVARIANT: the outcome is what reading the whole text anew would give. Where that is not certain there is no outcome, and the whole
//! is read. It is certain where every brace and text is closed and nothing was mended: then a statement at the left margin begins anew,
//! unless the one before it ends with a comma.

use std::ops::Range;

use crate::source::{FileId, Shift, offset};
use crate::syntax::build;
use crate::syntax::literal::Literal;
use crate::syntax::tree::{Element, Tree};
use crate::syntax::{MOST_PROBLEMS, Parsed};

/// What was read again.
#[derive(Debug, Clone)]
pub(crate) struct Spliced {
    /// The statements at top level that were read again, counted in the file as it was.
    pub(crate) old: Range<usize>,
    /// How many stand in their place now.
    pub(crate) now: usize,
    /// Where the first of them begins.
    pub(crate) from: u32,
    /// How what follows them moved.
    pub(crate) shift: Shift,
}

/// One statement at top level: where its node is, and where it begins.
struct Top {
    node: usize,
    start: usize,
    at_margin: bool,
}

/// Turns what was read of `old` into what `new` is read as; `None` where the whole has to be read, and nothing is changed.
pub(crate) fn splice(file: FileId, old: &str, new: &str, parsed: &mut Parsed) -> Option<Spliced> {
    if !parsed.is_closed || parsed.tree.fenced {
        return None;
    }
    let (from, old_to) = difference(old, new);
    let grown = new.len() as i64 - old.len() as i64;
    let tops = tops(&parsed.tree, old);
    // From the statement before the one in which the edit begins, since a list may go on after a comma at a line's end …
    let touched = tops.partition_point(|top| top.start <= from);
    let first = (0..touched).rev().filter(|at| tops.get(*at).is_some_and(|top| top.at_margin)).nth(1).unwrap_or(0);
    // … to the next that begins behind it.
    let behind = tops.partition_point(|top| top.start <= old_to);
    let last = (behind..tops.len()).find(|at| tops.get(*at).is_some_and(|top| top.at_margin)).unwrap_or(tops.len());
    let start = if first == 0 { 0 } else { tops.get(first)?.start };
    let end = tops.get(last).map_or(old.len(), |top| top.start);
    let new_end = usize::try_from(end as i64 + grown).ok()?;
    let region = new.get(start..new_end)?;
    let read = build::build(file, region);
    let ends_the_file = last == tops.len();
    if !read.is_closed || read.tree.fenced || !(ends_the_file || read.ends_itself) {
        return None;
    }
    let now = first + read.tree.statements().count();
    let nodes = node(&tops, first, &parsed.tree)..node(&tops, last, &parsed.tree);
    let shift = Shift { file, from: offset(end), by: grown };
    replace(&mut parsed.tree, read.tree, nodes, offset(start), shift);
    parsed.problems.retain(|problem| {
        let at = problem.span.start as usize;
        at < start || at >= end
    });
    parsed.problems.iter_mut().for_each(|problem| problem.shift(shift));
    let base = Shift { file, from: 0, by: start as i64 };
    let at = parsed.problems.partition_point(|problem| (problem.span.start as usize) < start);
    let found = read.problems.into_iter().map(|mut problem| {
        problem.shift(base);
        problem
    });
    parsed.problems.splice(at..at, found);
    (parsed.problems.len() < MOST_PROBLEMS).then_some(Spliced { old: first..last, now, from: offset(start), shift })
}

fn node(tops: &[Top], at: usize, tree: &Tree) -> usize {
    tops.get(at).map_or(tree.nodes.len(), |top| top.node)
}

fn tops(tree: &Tree, text: &str) -> Vec<Top> {
    let mut tops = Vec::new();
    let mut at = 0;
    while let Some(node) = tree.nodes.get(at) {
        let start = node.span.start as usize;
        let at_margin = text.get(..start).is_some_and(|before| before.is_empty() || before.ends_with('\n'));
        tops.push(Top { node: at, start, at_margin });
        at = (node.next as usize).max(at + 1);
    }
    tops
}

/// The first byte at which two texts differ, and the byte of the first from which on they are the same.
fn difference(old: &str, new: &str) -> (usize, usize) {
    const PIECE: usize = 256;
    let (one, other) = (old.as_bytes(), new.as_bytes());
    let pieces = one.chunks(PIECE).zip(other.chunks(PIECE)).take_while(|(one, other)| one == other).count() * PIECE;
    let mut from = pieces.min(one.len()).min(other.len());
    while one.get(from).is_some() && one.get(from) == other.get(from) {
        from += 1;
    }
    let most = one.len().min(other.len()) - from;
    let pieces = one.rchunks(PIECE).zip(other.rchunks(PIECE)).take_while(|(one, other)| one == other).count() * PIECE;
    let mut alike = pieces.min(most);
    while alike < most && one.get(one.len() - alike - 1) == other.get(other.len() - alike - 1) {
        alike += 1;
    }
    (from, one.len() - alike)
}

/// Puts what was read again in the place of what it was read from, and moves the rest.
fn replace(tree: &mut Tree, read: Tree, nodes: Range<usize>, base: u32, shift: Shift) {
    let own = Shift { file: shift.file, from: 0, by: i64::from(base) };
    let bound = |tree: &Tree, node: usize| {
        let cells = tree.nodes.get(node).map_or(tree.cells.len(), |node| node.cells.start as usize);
        let clauses = tree.nodes.get(node).map_or(tree.clauses.len(), |node| node.clauses.start as usize);
        let elements = tree.cells.get(cells).map_or(tree.elements.len(), |cell| cell.elements.start as usize);
        (cells, clauses, elements)
    };
    let (cells, clauses, elements) = bound(tree, nodes.start);
    let (cells_end, clauses_end, elements_end) = bound(tree, nodes.end);
    let counts = (read.nodes.len(), read.cells.len(), read.clauses.len(), read.elements.len());
    // By how much the places in the lists move: of what was read again, and of what follows.
    let read_moves = Moves { nodes: nodes.start as i64, cells: cells as i64, clauses: clauses as i64, elements: elements as i64 };
    let moves = Moves {
        nodes: counts.0 as i64 - nodes.len() as i64,
        cells: counts.1 as i64 - (cells_end - cells) as i64,
        clauses: counts.2 as i64 - (clauses_end - clauses) as i64,
        elements: counts.3 as i64 - (elements_end - elements) as i64,
    };
    tree.nodes.splice(nodes.clone(), read.nodes);
    tree.cells.splice(cells..cells_end, read.cells);
    tree.clauses.splice(clauses..clauses_end, read.clauses);
    tree.elements.splice(elements..elements_end, read.elements);
    moved(
        tree,
        [nodes.start..nodes.start + counts.0, cells..cells + counts.1, clauses..clauses + counts.2, elements..elements + counts.3],
        own,
        read_moves,
    );
    let after = [nodes.start + counts.0, cells + counts.1, clauses + counts.2, elements + counts.3];
    let lengths = [tree.nodes.len(), tree.cells.len(), tree.clauses.len(), tree.elements.len()];
    let [a, b, c, d] = after;
    let [e, f, g, h] = lengths;
    moved(tree, [a..e, b..f, c..g, d..h], shift, moves);
}

#[derive(Clone, Copy)]
struct Moves {
    nodes: i64,
    cells: i64,
    clauses: i64,
    elements: i64,
}

fn by(place: &mut Range<u32>, by: i64) {
    place.start = offset(usize::try_from(i64::from(place.start) + by).unwrap_or(0));
    place.end = offset(usize::try_from(i64::from(place.end) + by).unwrap_or(0));
}

fn node_by(node: u32, by: i64) -> u32 {
    offset(usize::try_from(i64::from(node) + by).unwrap_or(0))
}

fn moved(tree: &mut Tree, [nodes, cells, clauses, elements]: [Range<usize>; 4], shift: Shift, moves: Moves) {
    for node in tree.nodes.get_mut(nodes).unwrap_or_default() {
        shift.span(&mut node.head);
        shift.span(&mut node.span);
        if let Some(block) = &mut node.block {
            shift.span(block);
        }
        by(&mut node.cells, moves.cells);
        by(&mut node.clauses, moves.clauses);
        node.next = node_by(node.next, moves.nodes);
        node.outer = node.outer.map(|outer| node_by(outer, moves.nodes));
    }
    for cell in tree.cells.get_mut(cells).unwrap_or_default() {
        by(&mut cell.elements, moves.elements);
    }
    for clause in tree.clauses.get_mut(clauses).unwrap_or_default() {
        shift.span(&mut clause.span);
        by(&mut clause.cells, moves.cells);
    }
    for element in tree.elements.get_mut(elements).unwrap_or_default() {
        let values = match element {
            Element::One(value) => [Some(value), None, None],
            Element::About(value, span) | Element::UpTo(value, span) => {
                shift.span(span);
                [Some(value), None, None]
            }
            Element::Range(first, last) => [Some(first), Some(last), None],
            Element::Estimate([low, central, high]) => [Some(low), Some(central), Some(high)],
        };
        for value in values.into_iter().flatten() {
            shift.span(&mut value.span);
            if let Literal::Quantity(_, unit) = &mut value.literal {
                shift.span(unit);
            }
        }
    }
}
