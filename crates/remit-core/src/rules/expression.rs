//! Expressions of rules: text in, a tree with places out. What names mean is worked out by `rules/resolve.rs`.

use std::ops::Range;
use std::sync::Arc;

use crate::model::value::{Measure, Operation, Quantity, Value};
use crate::syntax::literal::{self, Decimal, Literal};
use pest::Parser;
use pest::iterators::Pair;

/// What pest makes of the grammar.
mod grammar {
    use pest_derive::Parser;

    #[derive(Parser)]
    #[grammar = "../../../grammar/expression.pest"]
    pub(super) struct Grammar;
}

use grammar::{Grammar, Rule};

/// How long an expression may be, in bytes.
const LONGEST: usize = 4_000;
/// How many brackets, `not`s and minus signs may stand in one.
const MOST_NESTED: usize = 64;

/// A part of an expression with its place in the expression's text.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub node: Node,
    /// Its bytes in the text of the expression.
    pub range: Range<usize>,
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
    /// For every year of the horizon.
    EveryYear(Box<Expr>, Box<Expr>),
    /// Whether some (`true`) or every one of several satisfies something: statements of a kind, or the values of a field.
    Any(bool, Over, Option<Box<Expr>>, Box<Expr>),
    /// The sum of an expression over the statements of a kind.
    Sum(Box<Expr>, Over, Option<Box<Expr>>),
    /// How many statements of a kind there are.
    Count(Over, Option<Box<Expr>>),
    /// A field of a subject further out, counted from within, by its kind's name.
    Outer(u8, Box<Expr>),
    /// Arithmetic.
    Operate(Operation, Box<Expr>, Box<Expr>),
    /// The value of a series in a year.
    At(Box<Expr>, Box<Expr>),
    /// The first, or the second where the first is not given.
    Otherwise(Box<Expr>, Box<Expr>),
    /// How long a run of years is.
    Length(Box<Expr>),
    /// The year before the one that is looked at.
    PreviousYear,
    /// The year that is looked at.
    ThisYear,
    /// A name that has not been looked up yet.
    Name(Vec<Arc<str>>),
    /// A number whose unit has not been looked up yet.
    Number(Decimal, Option<(Arc<str>, Range<usize>)>),
    /// A field of the subject, and perhaps one of its clauses, by what rules call it.
    Field(Arc<str>, Option<Arc<str>>),
    /// A field of the `plan` statement.
    PlanField(Arc<str>),
    /// The as-of date.
    AsOf,
    /// A value.
    Literal(Value),
}

/// What is ranged over.
#[derive(Debug, Clone, PartialEq)]
pub enum Over {
    /// A name that has not been looked up yet: `true` where `of` stands before it.
    Name(Arc<str>, bool),
    /// The statements of a kind.
    Kind(crate::vocabulary::KindId),
    /// The values of a field of the subject, which are bodies or statements of a kind.
    Field(Arc<str>, crate::vocabulary::KindId),
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
}

/// Why a text is not an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub range: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: Option<String>,
}

/// Reads an expression.
///
/// # Errors
/// The first place at which the text stops being one.
pub fn parse(text: &str) -> Result<Expr, Fault> {
    if text.len() > LONGEST {
        return Err(Fault {
            range: 0..text.len(),
            message: format!("this expression is longer than {LONGEST} bytes"),
            help: Some("split the rule into several".to_owned()),
        });
    }
    let nested = text.matches('(').count()
        + text.matches("not ").count()
        + text.matches("every ").count()
        + text.matches("some ").count()
        + text.matches("each ").count()
        + text.matches(" of ").count()
        + text.matches('-').count().saturating_sub(200);
    if nested > MOST_NESTED || text.contains("-----") {
        return Err(Fault {
            range: 0..text.len(),
            message: "this expression is nested too deeply".to_owned(),
            help: Some("split the rule into several".to_owned()),
        });
    }
    let mut pairs = match Grammar::parse(Rule::all, text) {
        Ok(pairs) => pairs,
        Err(_) => {
            // The right place of an error costs every parse dear, those of plans too, so it is asked for only here.
            pest::set_error_detail(true);
            let result = Grammar::parse(Rule::all, text);
            pest::set_error_detail(false);
            result.map_err(|error| fault(text, &error))?
        }
    };
    let or = pairs.next().and_then(|all| all.into_inner().next());
    or.map(expr).ok_or(Fault { range: 0..text.len(), message: "there is no expression here".to_owned(), help: None })
}

fn fault(text: &str, error: &pest::error::Error<Rule>) -> Fault {
    let start = match error.location {
        pest::error::InputLocation::Pos(at) | pest::error::InputLocation::Span((at, _)) => at,
    };
    // What is cut off is missing at its end, wherever the grammar gave up.
    let said = text.trim_end();
    let cut_off = ["<=", ">=", "!=", "=", "<", ">", "+", "-", "*", "/", "(", "[", ","].iter().any(|sign| said.ends_with(sign))
        || [" and", " or", " not", " in", " of", " is", " where", " satisfies", " includes", " follows", " otherwise"]
            .iter()
            .any(|word| said.ends_with(word))
        || said.matches('(').count() > said.matches(')').count();
    let start = if cut_off { said.len() } else { start };
    let rest = text.get(start..).unwrap_or("").trim_end();
    let end = start + rest.find([' ', '\n', ')', ']']).filter(|length| *length > 0).unwrap_or(rest.len());
    let word = text.get(start..end).unwrap_or("");
    let (message, help) = if word.is_empty() {
        ("the expression stops here, and something is missing".to_owned(), "write the value that is compared, or what follows `and`")
    } else if matches!(word, "==" | "is" | "equals") {
        (format!("`{word}` is not used here"), "write `=` to compare, and `is given` to ask whether something is there")
    } else if matches!(word, "&&" | "||" | "!") {
        (format!("`{word}` is not used here"), "write `and`, `or` and `not`")
    } else {
        (format!("`{word}` is not expected here"), "operators have spaces around them; one comparison stands between `and` and `or`")
    };
    Fault { range: start..end, message, help: Some(help.to_owned()) }
}

fn expr(pair: Pair<'_, Rule>) -> Expr {
    let span = pair.as_span();
    let range = span.start()..span.end();
    let node = match pair.as_rule() {
        Rule::or => return several(pair, range, Node::Or),
        Rule::and => return several(pair, range, Node::And),
        Rule::not | Rule::unary | Rule::primary | Rule::literal => return inner(pair, range),
        Rule::negation => Node::Not(Box::new(inner(pair, range.clone()))),
        Rule::comparison => return comparison(pair, range),
        Rule::sum | Rule::product => return arithmetic(pair, range),
        Rule::minus => {
            let zero = Expr { node: Node::Number(Decimal::whole(0), None), range: range.start..range.start };
            Node::Operate(Operation::Subtract, Box::new(zero), Box::new(inner(pair, range.clone())))
        }
        Rule::postfix => return postfix(pair, range),
        Rule::every => {
            let mut parts = pair.into_inner();
            let series = parts.next().map_or_else(|| nothing(range.clone()), expr);
            let body = parts.next().map_or_else(|| nothing(range.clone()), expr);
            Node::EveryYear(Box::new(series), Box::new(body))
        }
        Rule::any => return any(pair, range),
        Rule::sum_of => {
            let mut parts = pair.into_inner();
            let value = parts.next().map_or_else(|| nothing(range.clone()), expr);
            let (over, condition) = over(parts);
            Node::Sum(Box::new(value), over, condition)
        }
        Rule::count_of => {
            let (over, condition) = over(pair.into_inner());
            Node::Count(over, condition)
        }
        Rule::length => Node::Length(Box::new(inner(pair, range.clone()))),
        Rule::that_year if pair.as_str().starts_with("previous") => Node::PreviousYear,
        Rule::that_year => Node::ThisYear,
        Rule::number => number(pair),
        Rule::text => Node::Literal(Value::Text(Arc::from(pair.as_str().trim_matches('"')))),
        Rule::name => Node::Name(pair.as_str().split('.').map(Arc::from).collect()),
        _ => constant(pair.as_str()),
    };
    Expr { node, range }
}

fn any(pair: Pair<'_, Rule>, range: Range<usize>) -> Expr {
    let mut parts = pair.into_inner();
    let some = parts.next().is_some_and(|word| word.as_str() == "some");
    let of_list = parts.peek().is_some_and(|part| part.as_rule() == Rule::of_list);
    let name = parts.next().map(|part| if of_list { part.into_inner().next().map_or("", |name| name.as_str()) } else { part.as_str() });
    let over = Over::Name(Arc::from(name.unwrap_or("")), of_list);
    let mut condition = None;
    if parts.peek().is_some_and(|part| part.as_rule() == Rule::condition) {
        condition = parts.next().map(|part| Box::new(inner(part, range.clone())));
    }
    let body = parts.next().map_or_else(|| nothing(range.clone()), expr);
    Expr { node: Node::Any(some, over, condition, Box::new(body)), range }
}

/// A kind, and which of it.
fn over(mut parts: pest::iterators::Pairs<'_, Rule>) -> (Over, Option<Box<Expr>>) {
    let name = parts.next().map_or("", |name| name.as_str());
    let over = Over::Name(Arc::from(name), false);
    let condition = parts.next().map(|part| {
        let range = part.as_span().start()..part.as_span().end();
        Box::new(inner(part, range))
    });
    (over, condition)
}

fn nothing(range: Range<usize>) -> Expr {
    Expr { node: Node::Name(Vec::new()), range }
}

fn inner(pair: Pair<'_, Rule>, range: Range<usize>) -> Expr {
    pair.into_inner().next().map_or_else(|| nothing(range), expr)
}

fn several(pair: Pair<'_, Rule>, range: Range<usize>, make: fn(Vec<Expr>) -> Node) -> Expr {
    let mut parts: Vec<Expr> = pair.into_inner().map(expr).collect();
    match (parts.len(), parts.pop()) {
        (1, Some(only)) => only,
        (_, last) => {
            parts.extend(last);
            Expr { node: make(parts), range }
        }
    }
}

fn comparison(pair: Pair<'_, Rule>, range: Range<usize>) -> Expr {
    let mut parts = pair.into_inner();
    let left = parts.next().map_or_else(|| nothing(range.clone()), expr);
    let Some(right) = parts.next() else { return left };
    let left = Box::new(left);
    let node = match right.as_rule() {
        Rule::given => Node::Given(left, right.into_inner().next().is_none()),
        Rule::member => Node::In(left, right.into_inner().map(expr).collect()),
        _ => {
            let mut relation = right.into_inner();
            let comparison = match relation.next().map_or("=", |sign| sign.as_str()) {
                "!=" => Comparison::Unequal,
                "<" => Comparison::Less,
                "<=" => Comparison::AtMost,
                ">" => Comparison::More,
                ">=" => Comparison::AtLeast,
                "includes" => Comparison::Includes,
                "follows" => Comparison::Follows,
                _ => Comparison::Equal,
            };
            let right = relation.next().map_or_else(|| nothing(range.clone()), expr);
            Node::Compare(comparison, left, Box::new(right))
        }
    };
    Expr { node, range }
}

fn arithmetic(pair: Pair<'_, Rule>, range: Range<usize>) -> Expr {
    let mut parts = pair.into_inner();
    let mut left = parts.next().map_or_else(|| nothing(range.clone()), expr);
    while let (Some(sign), Some(right)) = (parts.next(), parts.next()) {
        let operation = match sign.as_str() {
            "+" => Operation::Add,
            "-" => Operation::Subtract,
            "*" => Operation::Multiply,
            _ => Operation::Divide,
        };
        let right = expr(right);
        let range = left.range.start..right.range.end;
        left = Expr { node: Node::Operate(operation, Box::new(left), Box::new(right)), range };
    }
    left
}

fn postfix(pair: Pair<'_, Rule>, range: Range<usize>) -> Expr {
    let mut parts = pair.into_inner();
    let mut left = parts.next().map_or_else(|| nothing(range.clone()), expr);
    for part in parts {
        let end = part.as_span().end();
        let range = left.range.start..end;
        left = if part.as_rule() == Rule::otherwise {
            let default = inner(part, range.clone());
            Expr { node: Node::Otherwise(Box::new(left), Box::new(default)), range }
        } else {
            Expr { node: Node::At(Box::new(left), Box::new(expr(part))), range }
        };
    }
    left
}

fn number(pair: Pair<'_, Rule>) -> Node {
    let mut parts = pair.into_inner();
    let figure = parts.next().map_or("0", |figure| figure.as_str());
    let unit = parts.next().map(|unit| (Arc::from(unit.as_str()), unit.as_span().start()..unit.as_span().end()));
    match literal::classify(figure) {
        Ok(Literal::Number(number)) => Node::Number(number, unit),
        _ => Node::Name(vec![Arc::from(figure)]),
    }
}

fn constant(words: &str) -> Node {
    let quantity = |number: Decimal, measure| {
        Node::Literal(Value::Number(Quantity { amount: number.rational(), measure, places: Some(number.places) }))
    };
    match literal::classify(words) {
        Ok(Literal::Year(year)) => Node::Literal(Value::Year(year)),
        Ok(Literal::Date(date)) => Node::Literal(Value::Date(date)),
        Ok(Literal::Money(number)) => quantity(number, Measure::Money),
        Ok(Literal::Percent(number)) => quantity(Decimal { places: number.places.saturating_add(2), ..number }, Measure::Rate),
        // Not a day or a year of the calendar: said when the name is looked up.
        _ => Node::Name(vec![Arc::from(words)]),
    }
}
