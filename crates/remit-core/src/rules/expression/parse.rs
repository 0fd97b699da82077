//! Reads an expression: text in, a tree with places out, or the first place at which the text stops being one.

use std::ops::Range;
use std::sync::Arc;

use crate::model::value::{Measure, Operation, Quantity, Value};
use crate::rules::expression::{self as tree, Comparison, Counted, Expr, Line, Node, Over, Quantifier, Trend, Way};
use crate::syntax::literal::{self, Decimal, Literal};
use crate::time::{Grain, Period};
use pest::Parser;
use pest::iterators::{Pair, Pairs};

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
        + text.matches("no ").count()
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
        || [
            " and",
            " or",
            " not",
            " in",
            " is",
            " where",
            " satisfies",
            " includes",
            " follows",
            " otherwise",
            " of",
            " over",
            " within",
            " never",
            " as",
        ]
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
        Rule::every => return every(pair, range),
        Rule::any => {
            let mut parts = pair.into_inner();
            let quantifier = match parts.next().map_or("", |word| word.as_str()) {
                "some" => Quantifier::Some,
                "no" => Quantifier::No,
                _ => Quantifier::Every,
            };
            let several = parts.next().map_or_else(|| no_range(range.clone()), several_of);
            Node::Any(quantifier, several, next(&mut parts, &range))
        }
        Rule::sum_of => {
            let mut parts = pair.into_inner();
            let value = next(&mut parts, &range);
            Node::Sum(value, parts.next().map_or_else(|| no_range(range.clone()), several_of))
        }
        Rule::count_of => Node::Count(pair.into_inner().next().map_or_else(|| no_range(range.clone()), several_of)),
        Rule::share_of => {
            let mut parts = pair.into_inner().peekable();
            let counted = parts.peek().is_some_and(|part| part.as_rule() == Rule::range);
            let value = (!counted).then(|| parts.next().map(expr).map(Box::new)).flatten();
            Node::Share(value, parts.next().map_or_else(|| no_range(range.clone()), several_of))
        }
        Rule::change_of => {
            let mut parts = pair.into_inner();
            let relative = parts.next().is_some_and(|word| word.as_str() == "growth");
            Node::Change(relative, next(&mut parts, &range), next(&mut parts, &range), next(&mut parts, &range))
        }
        Rule::line_of => {
            let mut parts = pair.into_inner();
            let mut part = || *next(&mut parts, &range);
            Node::Line(Box::new(Line { series: part(), from: part(), to: part(), end: part() }))
        }
        Rule::length => Node::Length(Box::new(inner(pair, range.clone()))),
        Rule::day_of => {
            let mut parts = pair.into_inner();
            let first = parts.next().is_some_and(|word| word.as_str() == "first");
            Node::DayOf(first, next(&mut parts, &range))
        }
        Rule::year_of => Node::YearOf(Box::new(inner(pair, range.clone()))),
        Rule::that_period => {
            let (word, period) = pair.as_str().split_once(' ').unwrap_or(("this", "year"));
            if word == "previous" { Node::Previous(grain(period)) } else { Node::This(grain(period)) }
        }
        Rule::series => return inner(pair, range),
        Rule::actual => {
            // The row of what was reached has a name of its own, so that it is never mixed up with what was planned.
            let name = pair.into_inner().next().map_or("", |name| name.as_str());
            let mut words: Vec<Arc<str>> = name.split('.').map(Arc::from).collect();
            if let Some(last) = words.last_mut() {
                *last = Arc::from(crate::model::actual(last));
            }
            Node::Name(words)
        }
        Rule::number => number(pair),
        Rule::text => Node::Literal(Value::Text(Arc::from(pair.as_str().trim_matches('"')))),
        Rule::name => Node::Name(pair.as_str().split('.').map(Arc::from).collect()),
        _ => constant(pair.as_str()),
    };
    Expr { node, range }
}

fn every(pair: Pair<'_, Rule>, range: Range<usize>) -> Expr {
    let mut parts = pair.into_inner().peekable();
    let only_given = parts.next_if(|part| part.as_rule() == Rule::only_given).is_some();
    let grain = grain(parts.next().map_or("year", |grain| grain.as_str()));
    let mut part = || parts.next().map_or_else(|| nothing(range.clone()), expr);
    let (series, body) = (Box::new(part()), Box::new(part()));
    Expr { node: Node::Every(grain, only_given, series, body), range }
}

/// `None` for `period`.
fn grain(word: &str) -> Option<Grain> {
    Grain::ALL.into_iter().find(|grain| grain.word() == word)
}

/// What is ranged over, what one of it is called, and which of it.
fn several_of(pair: Pair<'_, Rule>) -> tree::Range {
    let span = pair.as_span();
    let mut parts = pair.into_inner();
    let over = parts.next().map(|part| {
        let of_list = part.as_rule() == Rule::of_list;
        let name = if of_list { part.into_inner().next() } else { Some(part) };
        let (words, place) = name.map_or(("", span.start()..span.end()), |name| {
            let place = name.as_span();
            (name.as_str(), place.start()..place.end())
        });
        Over::Name(words.split('.').map(Arc::from).collect(), of_list, place)
    });
    let mut range =
        tree::Range { over: over.unwrap_or(Over::Name(Vec::new(), false, span.start()..span.end())), alias: None, condition: None };
    for part in parts {
        if part.as_rule() == Rule::alias {
            range.alias = part.into_inner().next().map(|name| (Arc::from(name.as_str()), name.as_span().start()..name.as_span().end()));
        } else {
            let place = part.as_span();
            range.condition = Some(Box::new(inner(part, place.start()..place.end())));
        }
    }
    range
}

fn no_range(range: Range<usize>) -> tree::Range {
    tree::Range { over: Over::Name(Vec::new(), false, range), alias: None, condition: None }
}

fn next(parts: &mut Pairs<'_, Rule>, range: &Range<usize>) -> Box<Expr> {
    Box::new(parts.next().map_or_else(|| nothing(range.clone()), expr))
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
        Rule::part => {
            let mut parts = right.into_inner().peekable();
            let is_part = parts.next_if(|part| part.as_rule() == Rule::absent).is_none();
            let whole = parts.next().map_or_else(|| nothing(range.clone()), expr);
            Node::PartOf(left, Box::new(whole), is_part)
        }
        Rule::counts => {
            let mut parts = right.into_inner().peekable();
            let is_in = parts.next_if(|part| part.as_rule() == Rule::absent).is_none();
            let (word, place) =
                parts.next().map_or(("", range.clone()), |word| (word.as_str(), word.as_span().start()..word.as_span().end()));
            Node::CountedIn(left, Counted::Word(Arc::from(word), place), is_in)
        }
        Rule::never => {
            let falls = right.into_inner().next().is_some_and(|trend| trend.as_str() == "falls");
            Node::Never(left, if falls { Trend::Falls } else { Trend::Rises })
        }
        Rule::within => {
            let mut parts = right.into_inner();
            let length = next(&mut parts, &range);
            let way = match parts.next().map_or("of", |way| way.as_str()) {
                "after" => Way::After,
                "before" => Way::Before,
                _ => Way::Of,
            };
            Node::Within(left, length, way, next(&mut parts, &range))
        }
        _ => {
            let mut relation = right.into_inner();
            let comparison = Comparison::from_sign(relation.next().map_or("=", |sign| sign.as_str()));
            Node::Compare(comparison, left, next(&mut relation, &range))
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
    if let Some((year, quarter)) = words.split_once(" Q")
        && let (Ok(Literal::Year(year)), Ok(quarter)) = (literal::classify(year), quarter.parse())
    {
        return Node::Literal(Value::Period(Period::Quarter(year, quarter)));
    }
    match literal::classify(words) {
        Ok(Literal::Year(year)) => Node::Literal(Value::Year(year)),
        Ok(Literal::Month(year, month)) => Node::Literal(Value::Period(Period::Month(year, month))),
        Ok(Literal::Date(date)) => Node::Literal(Value::Date(date)),
        Ok(Literal::Money(number)) => quantity(number, Measure::Money),
        Ok(Literal::Percent(number)) => quantity(Decimal { places: number.places.saturating_add(2), ..number }, Measure::Rate),
        // Not a day or a year of the calendar: said when the name is looked up.
        _ => Node::Name(vec![Arc::from(words)]),
    }
}
