//! Looks up the names of an expression and checks its types, before any plan is read. What passes cannot fail to run.

pub(crate) mod fit;
mod names;
mod types;

use std::ops::Range;
use std::sync::Arc;

use crate::model::bodies::Register;
use crate::model::value::Value;
use crate::rules::expression::{self as tree, Comparison, Expr, Fault, Node};
use crate::time::Grain;
use crate::vocabulary::{FieldDef, Kind, Vocabulary};

pub use types::{Dimension, Ty};
use types::{describe, dimension, together};

/// What an expression may name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'s> {
    pub(crate) vocabulary: &'s Vocabulary,
    pub(crate) register: &'s Register,
    /// The kind of the subject.
    pub(crate) kind: &'s Kind,
}

/// Looks up every name of an expression and gives its type.
pub(crate) fn resolve(scope: Scope<'_>, expr: &mut Expr, faults: &mut Vec<Fault>) -> Ty {
    let table = scope.vocabulary.kind("workforce").and_then(|kind| scope.vocabulary.kind_def(kind));
    let shape = match table {
        Some(table) if &*scope.kind.name == "row" => Shape::Row(scope.kind, table),
        _ => Shape::Kind(scope.kind),
    };
    let outermost = Frame { shape, alias: None };
    Resolver { scope, faults, period: None, frames: vec![outermost] }.expr(expr)
}

/// Checks that an expression is true or false.
pub(crate) fn resolve_truth(scope: Scope<'_>, expr: &mut Expr, faults: &mut Vec<Fault>) {
    let before = faults.len();
    let ty = resolve(scope, expr, faults);
    if faults.len() == before && ty != Ty::Truth {
        faults.push(Fault {
            range: expr.range.clone(),
            message: format!("this is {}, and a rule needs something that holds or does not", describe(scope.vocabulary, &ty)),
            help: Some("compare it, as in `due <= 2020-03-31`, or ask whether it `is given`".to_owned()),
        });
    }
}

/// A type, as people call it.
pub(crate) fn describe_type(vocabulary: &Vocabulary, ty: &Ty) -> String {
    describe(vocabulary, ty)
}

/// What a field's type is in an expression.
pub(crate) fn type_of(ty: &crate::vocabulary::types::Type) -> Ty {
    types::cell_type(&crate::vocabulary::types::CellType::one(ty.clone()), false)
}

struct Resolver<'s, 'f> {
    scope: Scope<'s>,
    faults: &'f mut Vec<Fault>,
    /// What we look at within `every … of … satisfies`: years, quarters, months, or whatever the table has.
    period: Option<Option<Grain>>,
    /// The subject, and those that are ranged over within it, the innermost last.
    frames: Vec<Frame<'s>>,
}

/// One subject of an expression.
struct Frame<'s> {
    shape: Shape<'s>,
    /// What the expression calls it.
    alias: Option<Arc<str>>,
}

/// What can be asked of a subject.
#[derive(Debug, Clone, Copy)]
enum Shape<'s> {
    /// A statement, or a body.
    Kind(&'s Kind),
    /// A row of a table whose rows are bodies, sectors or places: what such a row is, and the table.
    Row(&'s Kind, &'s Kind),
    /// A field where it stands, with its clauses.
    Line(&'s FieldDef),
}

impl<'s> Resolver<'s, '_> {
    fn fault(&mut self, range: &Range<usize>, message: impl Into<String>, help: Option<String>) {
        self.faults.push(Fault { range: range.clone(), message: message.into(), help });
    }

    fn describe(&self, ty: &Ty) -> String {
        describe(self.scope.vocabulary, ty)
    }

    fn innermost(&self) -> Shape<'s> {
        self.frames.last().map_or(Shape::Kind(self.scope.kind), |frame| frame.shape)
    }

    fn expr(&mut self, expr: &mut Expr) -> Ty {
        let range = expr.range.clone();
        match &mut expr.node {
            Node::Or(parts) | Node::And(parts) => {
                for part in parts {
                    self.truth(part);
                }
                Ty::Truth
            }
            Node::Not(inner) => {
                self.truth(inner);
                Ty::Truth
            }
            Node::Compare(comparison, left, right) => {
                let comparison = *comparison;
                let left_ty = self.expr(left);
                let right_ty = self.beside(&left_ty, right);
                self.compare(comparison, (left, left_ty), (right, right_ty), &range);
                Ty::Truth
            }
            Node::In(left, members) => {
                let left_ty = self.expr(left);
                for member in members {
                    let ty = self.beside(&left_ty, member);
                    self.compare(Comparison::Equal, (left, left_ty.clone()), (member, ty), &range);
                }
                Ty::Truth
            }
            Node::Given(inner, _) => {
                let ty = self.expr_with_series(inner);
                let is_field =
                    matches!(inner.node, Node::Field(..) | Node::PlanField(_) | Node::At(..) | Node::Outer(..) | Node::Through(..));
                if let Ty::Word(word) = ty {
                    self.unknown(&inner.range, &word);
                } else if ty != Ty::Unknown && !is_field {
                    self.fault(&inner.range.clone(), "only a field can be given or not", None);
                }
                Ty::Truth
            }
            Node::PartOf(left, right, _) => {
                let (left_ty, right_ty) = (self.expr(left), self.expr(right));
                for (side, ty) in [(&*left, &left_ty), (&*right, &right_ty)] {
                    if !matches!(ty, Ty::Term(_) | Ty::Word(_) | Ty::Unknown) {
                        let found = self.describe(ty);
                        let help = Some("a staff group, a function or a kind of body may be part of another".to_owned());
                        self.fault(&side.range.clone(), format!("this is {found}, and only a term is part of another"), help);
                        return Ty::Truth;
                    }
                }
                self.compare(Comparison::Equal, (left, left_ty), (right, right_ty), &range);
                Ty::Truth
            }
            Node::CountedIn(inner, counted, _) => {
                self.counted(counted);
                let ty = self.expr(inner);
                if !matches!(ty, Ty::Number(_) | Ty::Unknown) {
                    let found = self.describe(&ty);
                    self.fault(&inner.range.clone(), format!("only a figure is in a unit, and this is {found}"), None);
                }
                Ty::Truth
            }
            Node::Within(day, length, _, anchor) => {
                self.wanted(day, &Ty::Date, "`within` takes");
                self.wanted(length, &Ty::Duration, "`within` takes");
                self.wanted(anchor, &Ty::Date, "`within` is counted from");
                Ty::Truth
            }
            Node::Never(series, _) => {
                self.series(series, "`never falls` and `never rises` speak of the row of a table");
                Ty::Truth
            }
            Node::Every(grain, _, series, body) => {
                let grain = *grain;
                self.series(series, &format!("`every {} of` ranges over the row of a table", word_of(grain)));
                let outer = self.period.replace(grain);
                self.truth(body);
                self.period = outer;
                Ty::Truth
            }
            Node::Any(_, several, body) => {
                self.within(several, |resolver| resolver.truth(body));
                Ty::Truth
            }
            Node::Sum(value, several) => self.sum(value, several, "a sum"),
            Node::Share(value, several) => {
                if several.condition.is_none() {
                    let help = Some("say which of them, as in `share of commitment where funding is given`".to_owned());
                    self.fault(&range, "a share needs `where`", help);
                }
                match value {
                    Some(value) => {
                        self.sum(value, several, "a share");
                    }
                    None => self.within(several, |_| {}),
                }
                Ty::Number(Dimension::Rate)
            }
            Node::Count(several) => {
                self.within(several, |_| {});
                Ty::Number(Dimension::Plain)
            }
            Node::Change(relative, series, from, to) => {
                let dimension = self.series(series, "a change is that of the row of a table");
                self.two_periods(from, to);
                Ty::Number(match dimension {
                    _ if *relative => Dimension::Rate,
                    Dimension::Rate => Dimension::Points,
                    other => other,
                })
            }
            Node::Line(line) => {
                let dimension = self.series(&mut line.series, "a straight line is that of the row of a table");
                let grain = self.two_periods(&mut line.from, &mut line.end);
                let to = self.expr(&mut line.to);
                if !matches!(to, Ty::Number(other) if together(dimension, other)) && to != Ty::Unknown {
                    let (row, found) = (self.describe(&Ty::Number(dimension)), self.describe(&to));
                    self.fault(&line.to.range.clone(), format!("the row holds {row}, and the line ends at {found}"), None);
                }
                if !self.period.is_some_and(|looked_at| looked_at.is_none() || grain.is_none() || looked_at == grain) {
                    let word = word_of(grain);
                    self.fault(
                        &range,
                        "a straight line has a value in each period, and none is looked at here",
                        Some(format!("it belongs inside `every {word} of … satisfies …`")),
                    );
                }
                Ty::Number(dimension)
            }
            Node::Outer(_, inner) => self.expr(inner),
            Node::Operate(operation, left, right) => {
                let operation = *operation;
                let (left_ty, right_ty) = (self.expr(left), self.expr(right));
                self.operate(operation, &left_ty, &right_ty, &range)
            }
            Node::At(series, period) => {
                let dimension = self.series(series, "only the row of a table has a value for each year");
                self.a_period(period, "`in` takes");
                Ty::Number(dimension)
            }
            Node::Otherwise(left, right) => {
                let (left_ty, right_ty) = (self.expr(left), self.expr(right));
                match (&left_ty, &right_ty) {
                    (Ty::Number(one), Ty::Number(other)) if together(*one, *other) => left_ty,
                    (one, other) if one == other => left_ty,
                    _ => {
                        let (one, other) = (self.describe(&left_ty), self.describe(&right_ty));
                        self.fault(&range, format!("`otherwise` joins two values of one type, and these are {one} and {other}"), None);
                        left_ty
                    }
                }
            }
            Node::Length(inner) => {
                let ty = self.expr(inner);
                if !matches!(ty, Ty::Years | Ty::Days) {
                    let found = self.describe(&ty);
                    self.fault(&inner.range.clone(), format!("`length of` takes a run of years, and this is {found}"), None);
                }
                Ty::Duration
            }
            Node::DayOf(_, inner) => {
                self.a_period(inner, "the first and the last day are those of");
                Ty::Date
            }
            Node::YearOf(inner) => {
                self.wanted(inner, &Ty::Date, "`year of` takes");
                Ty::Year
            }
            Node::Previous(grain) | Node::This(grain) => {
                let grain = *grain;
                let word = word_of(grain);
                match self.period {
                    Some(period) if period == grain => {}
                    Some(period) => self.fault(
                        &range,
                        format!("there is no such {word} here"),
                        Some(format!("here we look at each {0}: write `previous {0}` or `this {0}`", word_of(period))),
                    ),
                    None => self.fault(
                        &range,
                        format!("there is no such {word} here"),
                        Some(format!("`previous {word}` and `this {word}` belong inside `every {word} of … satisfies …`")),
                    ),
                }
                Ty::of_grain(grain)
            }
            Node::Number(number, unit) => {
                let (number, unit) = (*number, unit.clone());
                let (node, ty) = self.number(number, unit);
                expr.node = node;
                ty
            }
            Node::Name(words) => {
                let words = words.clone();
                let (node, ty) = self.name(&words, &range);
                if let Some(node) = node {
                    expr.node = node;
                }
                match ty {
                    Ty::Series(dimension) if self.period.is_some() => Ty::Number(dimension),
                    Ty::Series(_) => {
                        self.fault(
                            &range,
                            format!("`{}` has a value for each year", words.join(".")),
                            Some(format!("say which: `{0} in 2027/28`, or `every year of {0} satisfies …`", words.join("."))),
                        );
                        Ty::Number(Dimension::Any)
                    }
                    ty => ty,
                }
            }
            Node::Field(..) | Node::PlanField(_) | Node::AsOf | Node::Through(..) => Ty::Text,
            Node::Literal(value) => match value {
                Value::Text(_) | Value::Name(_) => Ty::Text,
                Value::Number(quantity) => Ty::Number(dimension(*quantity)),
                Value::Date(_) => Ty::Date,
                Value::Duration(_) => Ty::Duration,
                Value::Term(_) | Value::Level(..) | Value::Body(_) | Value::YesNo(_) | Value::Unit(_) => Ty::Text,
                value => value.period().map_or(Ty::Truth, |period| Ty::of_grain(Some(period.grain()))),
            },
        }
    }

    /// What stands beside a value: beside the name of a row, a word is such a name, even where the table has a row of it.
    fn beside(&mut self, other: &Ty, expr: &mut Expr) -> Ty {
        match &expr.node {
            Node::Name(words) if *other == Ty::Row && words.len() == 1 => words.first().map_or(Ty::Unknown, |word| Ty::Word(word.clone())),
            _ => self.expr(expr),
        }
    }

    /// Looks within the subjects that are ranged over, at which of them and at what is asked of each.
    fn within(&mut self, several: &mut tree::Range, look: impl FnOnce(&mut Self)) {
        let Some(shape) = self.over(&mut several.over) else { return };
        let alias = several.alias.as_ref().map(|(alias, _)| alias.clone());
        if let Some((alias, place)) = several.alias.clone() {
            let taken = self.frames.iter().any(|frame| frame.alias.as_ref() == Some(&alias));
            if taken || alias.contains('.') || &*alias == "plan" {
                let help = Some("give it a short name of its own, as in `over workforce as part`".to_owned());
                self.fault(&place, format!("nothing can be called `{alias}` here"), help);
            }
        }
        self.frames.push(Frame { shape, alias });
        if let Some(condition) = &mut several.condition {
            self.truth(condition);
        }
        look(self);
        self.frames.pop();
    }

    fn sum(&mut self, value: &mut Expr, several: &mut tree::Range, what: &str) -> Ty {
        let mut ty = Ty::Number(Dimension::Any);
        self.within(several, |resolver| ty = resolver.expr(value));
        if matches!(ty, Ty::Number(_) | Ty::Unknown) {
            return ty;
        }
        let found = self.describe(&ty);
        self.fault(&value.range.clone(), format!("{what} is made of numbers, and this is {found}"), None);
        Ty::Number(Dimension::Any)
    }

    /// The row of a table; anything else is a fault.
    fn series(&mut self, expr: &mut Expr, what: &str) -> Dimension {
        match self.expr_with_series(expr) {
            Ty::Series(dimension) => dimension,
            Ty::Unknown => Dimension::Any,
            Ty::Word(word) => {
                self.unknown(&expr.range.clone(), &word);
                Dimension::Any
            }
            other => {
                let found = self.describe(&other);
                self.fault(&expr.range.clone(), format!("{what}, and this is {found}"), None);
                Dimension::Any
            }
        }
    }

    /// A year, a quarter or a month.
    fn a_period(&mut self, expr: &mut Expr, what: &str) -> Option<Grain> {
        let ty = self.expr(expr);
        if ty.grain().is_none() && !matches!(ty, Ty::Unknown | Ty::Period) {
            let found = self.describe(&ty);
            self.fault(
                &expr.range.clone(),
                format!("{what} a financial year, a quarter or a month, and this is {found}"),
                Some("write it as `2027/28`, `2027/28 Q1` or `2027-04`".to_owned()),
            );
        }
        ty.grain()
    }

    fn two_periods(&mut self, from: &mut Expr, to: &mut Expr) -> Option<Grain> {
        let (first, last) = (self.a_period(from, "a row changes from"), self.a_period(to, "a row changes to"));
        if let (Some(first), Some(last)) = (first, last)
            && first != last
        {
            self.fault(&to.range.clone(), format!("this is a {}, and the other is a {}", last.word(), first.word()), None);
        }
        first.or(last)
    }

    /// An expression in which the row of a table stands for all its years.
    fn expr_with_series(&mut self, expr: &mut Expr) -> Ty {
        let Node::Name(words) = &expr.node else { return self.expr(expr) };
        let words = words.clone();
        let (node, ty) = self.name(&words, &expr.range.clone());
        if let Some(node) = node {
            expr.node = node;
        }
        ty
    }

    fn truth(&mut self, expr: &mut Expr) {
        let before = self.faults.len();
        let ty = self.expr(expr);
        if ty != Ty::Truth && self.faults.len() == before {
            let found = self.describe(&ty);
            let help = if ty == Ty::YesNo { "write `= yes`" } else { "compare it, or ask whether it `is given`" };
            self.fault(
                &expr.range.clone(),
                format!("this is {found}, and something that holds or does not is needed"),
                Some(help.to_owned()),
            );
        }
    }
}

fn word_of(grain: Option<Grain>) -> &'static str {
    grain.map_or("period", Grain::word)
}
