//! The tree of one file: a flat run of statements in the order of the text, each knowing where its block ends.

use std::ops::Range;

use crate::source::Span;
use crate::syntax::literal::Literal;

/// The statements of one file.
#[derive(Debug, Default, Clone)]
pub struct Tree {
    pub(super) nodes: Vec<Node>,
    pub(super) clauses: Vec<ClauseNode>,
    pub(super) cells: Vec<CellNode>,
    pub(super) elements: Vec<Element>,
    pub(super) fenced: bool,
}

#[derive(Debug, Clone)]
pub(super) struct Node {
    pub(super) head: Span,
    pub(super) span: Span,
    pub(super) cells: Range<u32>,
    pub(super) clauses: Range<u32>,
    pub(super) block: Option<Span>,
    /// The index after the last statement of its block.
    pub(super) next: u32,
    /// The statement in whose block it stands.
    pub(super) outer: Option<u32>,
    pub(super) broken: bool,
    /// Something inside its block was fenced off.
    pub(super) fenced: bool,
}

#[derive(Debug, Clone)]
pub(super) struct ClauseNode {
    pub(super) word: Clause,
    pub(super) span: Span,
    pub(super) cells: Range<u32>,
}

#[derive(Debug, Clone)]
pub(super) struct CellNode {
    pub(super) elements: Range<u32>,
}

/// One value between commas: a single one, a range `A to B`, or an estimate `L ~ C ~ H`.
#[derive(Debug, Clone, PartialEq)]
pub enum Element {
    /// A single value.
    One(Value),
    /// `A to B`, both included.
    Range(Value, Value),
    /// `L ~ C ~ H`: low, central and high.
    Estimate([Value; 3]),
    /// `about 6_500`, and all its words.
    About(Value, Span),
    /// `up to £24m`, and all its words.
    UpTo(Value, Span),
}

impl Element {
    /// All its words.
    pub fn span(&self) -> Span {
        match self {
            Self::One(value) => value.span,
            Self::Range(from, to) => from.span.to(to.span),
            Self::Estimate([low, _, high]) => low.span.to(high.span),
            Self::About(_, span) | Self::UpTo(_, span) => *span,
        }
    }

    /// The single value; `None` for a range or an estimate.
    pub fn one(&self) -> Option<&Value> {
        match self {
            Self::One(value) => Some(value),
            _ => None,
        }
    }
}

/// One literal with its place; the unit is part of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Value {
    /// What it is.
    pub literal: Literal,
    /// All its words.
    pub span: Span,
}

/// The words that begin a clause. The list is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Clause {
    /// `from`
    From,
    /// `until`
    Until,
    /// `by`
    By,
    /// `of`
    Of,
    /// `for`
    For,
    /// `in`
    In,
    /// `dated`
    Dated,
    /// `sheet`
    Sheet,
}

impl Clause {
    /// All of them.
    pub const ALL: [Self; 8] = [Self::From, Self::Until, Self::By, Self::Of, Self::For, Self::In, Self::Dated, Self::Sheet];

    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::From => "from",
            Self::Until => "until",
            Self::By => "by",
            Self::Of => "of",
            Self::For => "for",
            Self::In => "in",
            Self::Dated => "dated",
            Self::Sheet => "sheet",
        }
    }

    /// The clause that a word begins.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|clause| clause.word() == word)
    }
}

impl Tree {
    /// The statements at top level.
    pub fn statements(&self) -> Statements<'_> {
        Statements { tree: self, at: 0, end: self.nodes.len() as u32 }
    }

    /// Every statement, at whatever depth.
    pub fn all(&self) -> impl Iterator<Item = Statement<'_>> {
        (0..self.nodes.len() as u32).filter_map(|at| Statement::at(self, at))
    }

    /// The last statement that begins at or before a byte, at whatever depth.
    pub fn before(&self, byte: u32) -> Option<Statement<'_>> {
        // INVARIANT: statements stand in the order of the text, each before those of its block.
        let after = self.nodes.partition_point(|node| node.head.start <= byte);
        Statement::at(self, after.checked_sub(1)? as u32)
    }

    /// The statements that begin at or after a byte, at whatever depth.
    pub fn from(&self, byte: u32) -> impl Iterator<Item = Statement<'_>> {
        let first = self.nodes.partition_point(|node| node.head.start < byte);
        (first as u32..self.nodes.len() as u32).filter_map(|at| Statement::at(self, at))
    }

    /// Whether something at top level was fenced off, so that what is absent may have stood there.
    pub fn is_fenced(&self) -> bool {
        self.fenced
    }
}

/// One statement of a tree.
#[derive(Debug, Clone, Copy)]
pub struct Statement<'t> {
    tree: &'t Tree,
    node: &'t Node,
    at: u32,
}

impl<'t> Statement<'t> {
    fn at(tree: &'t Tree, at: u32) -> Option<Self> {
        tree.nodes.get(at as usize).map(|node| Self { tree, node, at })
    }

    /// The first word.
    pub fn head(self) -> Span {
        self.node.head
    }

    /// The statement's own words, without its block.
    pub fn span(self) -> Span {
        self.node.span
    }

    /// From the head to the closing brace.
    pub fn whole(self) -> Span {
        self.node.block.map_or(self.node.span, |block| self.node.span.to(block))
    }

    /// From `{` to `}`; `None` where there is no block.
    pub fn block(self) -> Option<Span> {
        self.node.block
    }

    /// Whether its own words could not be read, so that it stands for nothing.
    pub fn is_broken(self) -> bool {
        self.node.broken
    }

    /// Whether something in its block was fenced off, so that what is absent may have stood there.
    pub fn is_fenced(self) -> bool {
        self.node.fenced
    }

    /// Its cells, before any clause.
    pub fn cells(self) -> impl ExactSizeIterator<Item = Cell<'t>> + Clone {
        cells(self.tree, &self.node.cells)
    }

    /// Its clauses.
    pub fn clauses(self) -> impl Iterator<Item = ClausePart<'t>> + Clone {
        let tree = self.tree;
        slice(&tree.clauses, &self.node.clauses).iter().map(move |node| ClausePart { tree, node })
    }

    /// The statement in whose block it stands; `None` at top level.
    pub fn outer(self) -> Option<Self> {
        Self::at(self.tree, self.node.outer?)
    }

    /// The statements of its block.
    pub fn children(self) -> Statements<'t> {
        Statements { tree: self.tree, at: self.at + 1, end: self.node.next }
    }
}

/// Statements one after another, each with its block.
#[derive(Debug, Clone)]
pub struct Statements<'t> {
    tree: &'t Tree,
    at: u32,
    end: u32,
}

impl<'t> Iterator for Statements<'t> {
    type Item = Statement<'t>;

    fn next(&mut self) -> Option<Statement<'t>> {
        if self.at >= self.end {
            return None;
        }
        let statement = Statement::at(self.tree, self.at)?;
        self.at = statement.node.next.max(self.at + 1);
        Some(statement)
    }
}

/// A clause of a statement: its word and what follows.
#[derive(Debug, Clone, Copy)]
pub struct ClausePart<'t> {
    tree: &'t Tree,
    node: &'t ClauseNode,
}

impl<'t> ClausePart<'t> {
    /// Which clause it is.
    pub fn word(self) -> Clause {
        self.node.word
    }

    /// The clause word's place.
    pub fn span(self) -> Span {
        self.node.span
    }

    /// What follows the word.
    pub fn cells(self) -> impl ExactSizeIterator<Item = Cell<'t>> + Clone {
        cells(self.tree, &self.node.cells)
    }
}

/// One cell: values joined by commas.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'t> {
    elements: &'t [Element],
}

impl<'t> Cell<'t> {
    /// The values.
    pub fn elements(self) -> &'t [Element] {
        self.elements
    }

    /// All its words; `None` for a cell that was fenced off.
    pub fn span(self) -> Option<Span> {
        let first = self.elements.first()?.span();
        Some(self.elements.last().map_or(first, |last| first.to(last.span())))
    }
}

fn cells<'t>(tree: &'t Tree, range: &Range<u32>) -> impl ExactSizeIterator<Item = Cell<'t>> + Clone + use<'t> {
    slice(&tree.cells, range).iter().map(move |node| Cell { elements: slice(&tree.elements, &node.elements) })
}

fn slice<'t, T>(all: &'t [T], range: &Range<u32>) -> &'t [T] {
    all.get(range.start as usize..range.end as usize).unwrap_or(&[])
}
