//! Expressions of rules: a tree with places. What names mean is worked out by `rules/resolve.rs`.

mod parse;

use std::sync::Arc;

use crate::model::value::{Measure, Operation, Value};
use crate::syntax::literal::Decimal;
use crate::time::Grain;

pub use parse::{Fault, parse};

/// A part of an expression with its place in the expression's text.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub node: Node,
    /// Its bytes in the text of the expression.
    pub range: std::ops::Range<usize>,
}

/// What a part of an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Any of them.
    Or(Vec<Expr>),
    /// All of them.
    And(Vec<Expr>),
    /// The contrary.
    Not(Box<Expr>),
    /// Two values, compared.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// Whether a value is one of several, or a part of one.
    In(Box<Expr>, Vec<Expr>),
    /// Whether something is given (`true`) or is not (`false`).
    Given(Box<Expr>, bool),
    /// Whether a term is (`true`) or is not (`false`) a part of another, however far down.
    PartOf(Box<Expr>, Box<Expr>, bool),
    /// Whether a number is (`true`) or is not (`false`) written in per cent, points, money or a unit.
    CountedIn(Box<Expr>, Counted, bool),
    /// Whether a day is no further than a length of time from another.
    Within(Box<Expr>, Box<Expr>, Way, Box<Expr>),
    /// Whether the row of a table never goes one way.
    Never(Box<Expr>, Trend),
    /// For every year of the horizon, or for every quarter or month of a table; or (`true`) for those only that are given.
    /// `every period` has no length of its own: it takes the table's.
    Every(Option<Grain>, bool, Box<Expr>, Box<Expr>),
    /// Whether some, every or none of several satisfies something.
    Any(Quantifier, Range, Box<Expr>),
    /// The sum of an expression over several.
    Sum(Box<Expr>, Range),
    /// How many there are.
    Count(Range),
    /// What share those that fulfil the condition have of all: of a sum, or by their number.
    Share(Option<Box<Expr>>, Range),
    /// What the row of a table gains from one period to another: absolutely, or (`true`) as a share of where it began.
    Change(bool, Box<Expr>, Box<Expr>, Box<Expr>),
    /// Where a row would stand in the period that is looked at, on a straight line from its own value in one to a value in another.
    Line(Box<Line>),
    /// A field of a subject further out, counted from within.
    Outer(u8, Box<Expr>),
    /// A field of what a field names.
    Through(Box<Expr>, Box<Expr>),
    /// Arithmetic.
    Operate(Operation, Box<Expr>, Box<Expr>),
    /// The value of a series in a period.
    At(Box<Expr>, Box<Expr>),
    /// The first, or the second where the first is not given.
    Otherwise(Box<Expr>, Box<Expr>),
    /// How long a run of years is.
    Length(Box<Expr>),
    /// The first (`true`) or the last day of a year, a quarter or a month.
    DayOf(bool, Box<Expr>),
    /// The financial year in which a day falls.
    YearOf(Box<Expr>),
    /// The period before the one that is looked at.
    Previous(Option<Grain>),
    /// The period that is looked at.
    This(Option<Grain>),
    /// A name that has not been looked up yet.
    Name(Vec<Arc<str>>),
    /// A number whose unit has not been looked up yet.
    Number(Decimal, Option<(Arc<str>, std::ops::Range<usize>)>),
    /// A field of the subject, and perhaps one of its clauses or further values, by what rules call it.
    Field(Arc<str>, Option<Arc<str>>),
    /// A field of the `plan` statement.
    PlanField(Arc<str>),
    /// The as-of date.
    AsOf,
    /// A value.
    Literal(Value),
}

impl Expr {
    /// The parts that it is made of, in the order in which they are asked.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.node {
            Node::Or(parts) | Node::And(parts) => parts.iter().collect(),
            Node::Not(inner)
            | Node::Given(inner, _)
            | Node::CountedIn(inner, ..)
            | Node::Never(inner, _)
            | Node::Outer(_, inner)
            | Node::Length(inner)
            | Node::DayOf(_, inner)
            | Node::YearOf(inner) => vec![inner],
            Node::Compare(_, one, other)
            | Node::PartOf(one, other, _)
            | Node::Through(one, other)
            | Node::Operate(_, one, other)
            | Node::At(one, other)
            | Node::Otherwise(one, other)
            | Node::Every(_, _, one, other) => vec![one, other],
            Node::In(one, members) => std::iter::once(&**one).chain(members).collect(),
            Node::Within(day, length, _, anchor) => vec![day, length, anchor],
            Node::Any(_, range, body) => range.children().chain([&**body]).collect(),
            Node::Sum(value, range) => range.children().chain([&**value]).collect(),
            Node::Count(range) => range.children().collect(),
            Node::Share(value, range) => range.children().chain(value.as_deref()).collect(),
            Node::Change(_, series, from, to) => vec![series, from, to],
            Node::Line(line) => vec![&line.series, &line.from, &line.to, &line.end],
            Node::Previous(_)
            | Node::This(_)
            | Node::Name(_)
            | Node::Number(..)
            | Node::Field(..)
            | Node::PlanField(_)
            | Node::AsOf
            | Node::Literal(_) => Vec::new(),
        }
    }

    /// Whether a part of it, or the whole, is such.
    pub fn has(&self, is_such: &dyn Fn(&Node) -> bool) -> bool {
        is_such(&self.node) || self.children().into_iter().any(|part| part.has(is_such))
    }
}

impl Range {
    fn children(&self) -> impl Iterator<Item = &Expr> {
        let over = match &self.over {
            Over::Field(field) | Over::Lines(field) => Some(&**field),
            Over::Name(..) | Over::Kind(_) => None,
        };
        over.into_iter().chain(self.condition.as_deref())
    }
}

/// Several things, which of them, and what one of them is called.
#[derive(Debug, Clone, PartialEq)]
pub struct Range {
    /// What is ranged over.
    pub over: Over,
    /// What one of them is called within, and where that is said.
    pub alias: Option<(Arc<str>, std::ops::Range<usize>)>,
    /// Which of them.
    pub condition: Option<Box<Expr>>,
}

/// What is ranged over.
#[derive(Debug, Clone, PartialEq)]
pub enum Over {
    /// A name that has not been looked up yet: `true` where `of` stands before it.
    Name(Vec<Arc<str>>, bool, std::ops::Range<usize>),
    /// The statements of a kind.
    Kind(crate::vocabulary::KindId),
    /// What a field names: bodies, or statements of a kind.
    Field(Box<Expr>),
    /// Each time that a field stands, with its clauses.
    Lines(Box<Expr>),
}

/// How many of several satisfy something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantifier {
    /// `some`
    Some,
    /// `every`, `each`
    Every,
    /// `no`
    No,
}

/// What a number is written in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Counted {
    /// A word that has not been looked up yet.
    Word(Arc<str>, std::ops::Range<usize>),
    /// A measure.
    Measure(Measure),
}

/// On which side of a day another may lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// `of`: on either.
    Of,
    /// `after`: on it, or later.
    After,
    /// `before`: on it, or earlier.
    Before,
}

/// Which way a row goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trend {
    /// `falls`
    Falls,
    /// `rises`
    Rises,
}

/// A straight line.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The row in which it begins.
    pub series: Expr,
    /// The period in which it begins.
    pub from: Expr,
    /// The value at which it ends.
    pub to: Expr,
    /// The period in which it ends.
    pub end: Expr,
}

/// How two values are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `!=`
    Unequal,
    /// `<`
    Less,
    /// `<=`
    AtMost,
    /// `>`
    More,
    /// `>=`
    AtLeast,
    /// A run of years or days holds a year or a day; a list holds a value.
    Includes,
    /// A figure is what the other rounds to.
    Follows,
}

impl Comparison {
    /// All of them.
    pub const ALL: [Self; 8] =
        [Self::Equal, Self::Unequal, Self::Less, Self::AtMost, Self::More, Self::AtLeast, Self::Includes, Self::Follows];

    /// As it is written.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
            Self::Includes => "includes",
            Self::Follows => "follows",
        }
    }

    fn from_sign(sign: &str) -> Self {
        Self::ALL.into_iter().find(|comparison| comparison.sign() == sign).unwrap_or(Self::Equal)
    }
}
