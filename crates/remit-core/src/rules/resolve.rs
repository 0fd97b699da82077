//! Looks up the names of an expression and checks its types, before any plan is read. What passes cannot fail to run.

use std::ops::Range;
use std::sync::Arc;

use crate::model::bodies::Register;
use crate::model::value::{Measure, Operation, Quantity, Value};
use crate::problem::did_you_mean;
use crate::rules::expression::{Comparison, Expr, Fault, Node, Over};
use crate::time::Duration;
use crate::vocabulary::types::{CellType, Type};
use crate::vocabulary::{Kind, KindId, ScaleId, SetId, Vocabulary};

/// The type of an expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Ty {
    /// True, false or undetermined.
    Truth,
    /// A number.
    Number(Dimension),
    /// Text or a name.
    Text,
    /// A day.
    Date,
    /// A financial year.
    Year,
    /// A run of financial years.
    Years,
    /// A run of days.
    Days,
    /// A length of time.
    Duration,
    /// Yes or no.
    YesNo,
    /// A term of a set.
    Term(SetId),
    /// A level of a scale.
    Level(ScaleId),
    /// A unit.
    Unit,
    /// A body.
    Body,
    /// A statement of a kind.
    Entity(KindId),
    /// A value for each year.
    Series(Dimension),
    /// Several values.
    List(Box<Ty>),
    /// It could not be looked up, which has been said.
    Unknown,
    /// A word that is no field: what it means depends on what it is compared with.
    Word(Arc<str>),
}

/// What a number counts, as far as it is known before a plan is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    /// Nothing in particular.
    Plain,
    /// Nothing in particular, and it is nought.
    Zero,
    /// A unit of the vocabulary that is not known before the plan is: people or places.
    Counted,
    /// A share of a whole.
    Rate,
    /// A difference of rates.
    Points,
    /// Pounds.
    Money,
    /// Known only when the plan is.
    Any,
}

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
    Resolver { scope, faults, in_year: false, outer: Vec::new() }.expr(expr)
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

struct Resolver<'s, 'f> {
    scope: Scope<'s>,
    faults: &'f mut Vec<Fault>,
    /// Whether we stand inside `every year of … satisfies`.
    in_year: bool,
    /// The kinds of the subjects further out, outermost first.
    outer: Vec<&'s Kind>,
}

impl<'s> Resolver<'s, '_> {
    fn fault(&mut self, range: &Range<usize>, message: impl Into<String>, help: Option<String>) {
        self.faults.push(Fault { range: range.clone(), message: message.into(), help });
    }

    fn describe(&self, ty: &Ty) -> String {
        describe(self.scope.vocabulary, ty)
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
                let (left_ty, right_ty) = (self.expr(left), self.expr(right));
                self.compare(comparison, (left, left_ty), (right, right_ty), &range);
                Ty::Truth
            }
            Node::In(left, members) => {
                let left_ty = self.expr(left);
                for member in members {
                    let ty = self.expr(member);
                    self.compare(Comparison::Equal, (left, left_ty.clone()), (member, ty), &range);
                }
                Ty::Truth
            }
            Node::Given(inner, _) => {
                let ty = self.expr_with_series(inner);
                if let Ty::Word(word) = ty {
                    self.unknown(&inner.range, &word);
                } else if ty != Ty::Unknown && !matches!(inner.node, Node::Field(..) | Node::PlanField(_) | Node::At(..) | Node::Outer(..))
                {
                    self.fault(&inner.range.clone(), "only a field can be given or not", None);
                }
                Ty::Truth
            }
            Node::EveryYear(series, body) => {
                let ty = self.expr_with_series(series);
                if !matches!(ty, Ty::Series(_)) {
                    let found = self.describe(&ty);
                    self.fault(&series.range.clone(), format!("`every year of` ranges over the row of a table, and this is {found}"), None);
                }
                let outer = std::mem::replace(&mut self.in_year, true);
                self.truth(body);
                self.in_year = outer;
                Ty::Truth
            }
            Node::Any(_, over, condition, body) => {
                let kind = self.over(over, &range);
                self.within(kind, |resolver| {
                    if let Some(condition) = condition {
                        resolver.truth(condition);
                    }
                    resolver.truth(body);
                });
                Ty::Truth
            }
            Node::Sum(value, over, condition) => {
                let kind = self.over(over, &range);
                let mut ty = Ty::Number(Dimension::Any);
                self.within(kind, |resolver| {
                    if let Some(condition) = condition {
                        resolver.truth(condition);
                    }
                    ty = resolver.expr(value);
                });
                if !matches!(ty, Ty::Number(_)) {
                    let found = self.describe(&ty);
                    self.fault(&value.range.clone(), format!("a sum is made of numbers, and this is {found}"), None);
                    return Ty::Number(Dimension::Any);
                }
                ty
            }
            Node::Count(over, condition) => {
                let kind = self.over(over, &range);
                self.within(kind, |resolver| {
                    if let Some(condition) = condition {
                        resolver.truth(condition);
                    }
                });
                Ty::Number(Dimension::Plain)
            }
            Node::Outer(_, inner) => self.expr(inner),
            Node::Operate(operation, left, right) => {
                let operation = *operation;
                let (left_ty, right_ty) = (self.expr(left), self.expr(right));
                self.operate(operation, &left_ty, &right_ty, &range)
            }
            Node::At(series, year) => {
                let ty = self.expr_with_series(series);
                let year_ty = self.expr(year);
                if year_ty != Ty::Year && year_ty != Ty::Unknown {
                    let found = self.describe(&year_ty);
                    self.fault(
                        &year.range.clone(),
                        format!("`in` takes a financial year, and this is {found}"),
                        Some("write it as `in 2027/28`".to_owned()),
                    );
                }
                match ty {
                    Ty::Series(dimension) => Ty::Number(dimension),
                    other => {
                        let found = self.describe(&other);
                        self.fault(
                            &series.range.clone(),
                            format!("only the row of a table has a value for each year, and this is {found}"),
                            None,
                        );
                        Ty::Number(Dimension::Any)
                    }
                }
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
            Node::PreviousYear | Node::ThisYear => {
                if !self.in_year {
                    self.fault(
                        &range,
                        "there is no such year here",
                        Some("`previous year` and `this year` belong inside `every year of … satisfies …`".to_owned()),
                    );
                }
                Ty::Year
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
                    Ty::Series(dimension) if self.in_year => Ty::Number(dimension),
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
            Node::Field(..) | Node::PlanField(_) | Node::AsOf => Ty::Text,
            Node::Literal(value) => match value {
                Value::Text(_) | Value::Name(_) => Ty::Text,
                Value::Number(quantity) => Ty::Number(dimension(*quantity)),
                Value::Date(_) => Ty::Date,
                Value::Year(_) => Ty::Year,
                Value::Duration(_) => Ty::Duration,
                Value::Term(_) | Value::Level(..) | Value::Body(_) | Value::YesNo(_) | Value::Unit(_) => Ty::Text,
                _ => Ty::Truth,
            },
        }
    }

    /// Looks within the subjects that are ranged over; the one outside is then named by its kind.
    fn within(&mut self, kind: Option<&'s Kind>, look: impl FnOnce(&mut Self)) {
        let Some(kind) = kind else { return };
        let outside = std::mem::replace(&mut self.scope.kind, kind);
        self.outer.push(outside);
        let in_year = std::mem::replace(&mut self.in_year, false);
        look(self);
        self.in_year = in_year;
        self.outer.pop();
        self.scope.kind = outside;
    }

    /// Looks up what is ranged over, and gives its kind.
    fn over(&mut self, over: &mut Over, range: &Range<usize>) -> Option<&'s Kind> {
        let Over::Name(name, of_list) = over.clone() else { return None };
        let vocabulary = self.scope.vocabulary;
        if !of_list {
            let found = vocabulary.kind(&name).filter(|kind| vocabulary.kind_def(*kind).is_some_and(|kind| kind.written));
            let Some(kind) = found else {
                let near = did_you_mean(&name, vocabulary.kinds().iter().filter(|kind| kind.written).map(|kind| &*kind.name));
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("to range over the values of a field, write `of {name}`"),
                };
                self.fault(range, format!("there is no kind of statement `{name}`"), Some(help));
                return None;
            };
            *over = Over::Kind(kind);
            return vocabulary.kind_def(kind);
        }
        let field = self.scope.kind.fields.iter().find(|field| field.name == name);
        let Some(field) = field else {
            self.unknown(range, &name);
            return None;
        };
        let kind = match field.ty() {
            Some(Type::Reference(kind)) => Some(*kind),
            Some(Type::Body) => vocabulary.kind("body"),
            _ => None,
        };
        let Some(kind) = kind else {
            self.fault(range, format!("`{name}` names neither bodies nor statements, so nothing can be asked of its values"), None);
            return None;
        };
        *over = Over::Field(name, kind);
        vocabulary.kind_def(kind)
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

    fn number(&mut self, number: crate::syntax::literal::Decimal, unit: Option<(Arc<str>, Range<usize>)>) -> (Node, Ty) {
        let literal = |measure| Node::Literal(Value::Number(Quantity { amount: number.rational(), measure, places: Some(number.places) }));
        let Some((word, range)) = unit else {
            let dimension = if number.digits == 0 { Dimension::Zero } else { Dimension::Plain };
            return (literal(Measure::Plain), Ty::Number(dimension));
        };
        let vocabulary = self.scope.vocabulary;
        let Some(unit) = vocabulary.unit(&word) else {
            let near = did_you_mean(&word, vocabulary.units().iter().map(|unit| &*unit.name)).map(|near| format!("did you mean `{near}`?"));
            self.fault(&range, format!("there is no unit `{word}`"), near);
            return (literal(Measure::Plain), Ty::Number(Dimension::Any));
        };
        let def = vocabulary.unit_def(unit);
        match (def.map_or("", |unit| &*unit.of), def.map_or("", |unit| &*unit.name)) {
            ("duration", name) => {
                let count = if number.places == 0 { i32::try_from(number.digits).unwrap_or(i32::MAX).min(12_000) } else { 0 };
                let duration = match name {
                    "years" => Duration::Months(count * 12),
                    "months" => Duration::Months(count),
                    _ => Duration::Days(count),
                };
                (Node::Literal(Value::Duration(duration)), Ty::Duration)
            }
            ("points", _) => {
                let hundredths = crate::syntax::literal::Decimal { places: number.places.saturating_add(2), ..number };
                let quantity = Quantity { amount: hundredths.rational(), measure: Measure::Points, places: Some(hundredths.places) };
                (Node::Literal(Value::Number(quantity)), Ty::Number(Dimension::Points))
            }
            _ => (literal(Measure::Unit(unit)), Ty::Number(Dimension::Counted)),
        }
    }

    fn name(&mut self, words: &[Arc<str>], range: &Range<usize>) -> (Option<Node>, Ty) {
        let Some(first) = words.first() else { return (None, Ty::Truth) };
        if first.starts_with(|letter: char| letter.is_ascii_digit() || letter == '£') {
            let what = if first.contains('/') {
                "one financial year"
            } else if first.contains('-') {
                "a day of the calendar"
            } else {
                "a number"
            };
            self.fault(range, format!("`{first}` is not {what}"), None);
            return (None, Ty::Unknown);
        }
        let kind = self.scope.kind;
        if words.len() > 2 {
            self.fault(range, "a name has at most one point in it", Some("write `field`, or `field.clause`".to_owned()));
            return (None, Ty::Unknown);
        }
        if let ("plan", Some(field)) = (&**first, words.get(1)) {
            return self.plan_field(field, range);
        }
        let field = kind.fields.iter().chain(&kind.rows).chain(&kind.cells).chain(&kind.derived).find(|field| field.name == *first);
        if let Some(field) = field {
            let Some(clause) = words.get(1) else {
                let ty = field.cells.first().map_or(Ty::Truth, |cell| cell_type(cell, field.repeats));
                return (Some(Node::Field(first.clone(), None)), ty);
            };
            return match field.clauses.iter().find(|def| def.alias == *clause) {
                Some(def) => (Some(Node::Field(first.clone(), Some(clause.clone()))), cell_type(&def.cell, false)),
                None => {
                    let near = did_you_mean(clause, field.clauses.iter().map(|def| &*def.alias))
                        .map(|near| format!("did you mean `{first}.{near}`?"));
                    self.fault(range, format!("`{first}` has no `{clause}`"), near);
                    (None, Ty::Unknown)
                }
            };
        }
        if let Some(def) = kind.clauses.iter().find(|def| def.alias == *first).filter(|_| words.len() == 1) {
            return (Some(Node::Field(first.clone(), None)), cell_type(&def.cell, false));
        }
        if let Some(named) = kind.named.as_ref().filter(|_| kind.alias == *first && words.len() == 1) {
            return (Some(Node::Field(first.clone(), None)), cell_type(&CellType { list: false, ..named.clone() }, false));
        }
        if let (Some(depth), Some(field)) = (self.outer.iter().rev().position(|outer| outer.name == *first), words.get(1)) {
            let outer = self.outer.iter().rev().nth(depth).copied();
            let inside = std::mem::replace(&mut self.scope.kind, outer.unwrap_or(kind));
            let (node, ty) = self.name(std::slice::from_ref(field), range);
            self.scope.kind = inside;
            let node = node.map(|node| Node::Outer(depth as u8 + 1, Box::new(Expr { node, range: range.clone() })));
            return (node, ty);
        }
        if words.len() == 2 {
            self.fault(range, format!("`{}` has no field `{first}`", kind.name), None);
            return (None, Ty::Unknown);
        }
        if &**first == "as-of" {
            return (Some(Node::AsOf), Ty::Date);
        }
        let on_plan = self
            .scope
            .vocabulary
            .kind("plan")
            .and_then(|plan| self.scope.vocabulary.kind_def(plan))
            .is_some_and(|plan| plan.field(first).is_some() && &*kind.name != "plan");
        if on_plan {
            return self.plan_field(first, range);
        }
        (None, Ty::Word(first.clone()))
    }

    fn plan_field(&mut self, field: &Arc<str>, range: &Range<usize>) -> (Option<Node>, Ty) {
        let plan = self.scope.vocabulary.kind("plan").and_then(|plan| self.scope.vocabulary.kind_def(plan));
        let found = plan.and_then(|plan| {
            let of_field = plan.field(field).and_then(|def| def.cells.first().map(|cell| cell_type(cell, def.repeats)));
            let of_clause = || plan.clauses.iter().find(|def| def.alias == *field).map(|def| cell_type(&def.cell, false));
            let derived = || plan.derived.iter().find(|def| def.name == *field)?.cells.first().map(|cell| cell_type(cell, false));
            of_field.or_else(of_clause).or_else(derived)
        });
        match found {
            Some(ty) => (Some(Node::PlanField(field.clone())), ty),
            None => {
                let near = plan.and_then(|plan| did_you_mean(field, plan.fields.iter().map(|field| &*field.name)));
                self.fault(range, format!("a plan has no field `{field}`"), near.map(|near| format!("did you mean `{near}`?")));
                (None, Ty::Unknown)
            }
        }
    }

    fn unknown(&mut self, range: &Range<usize>, word: &str) {
        let kind = self.scope.kind;
        let known = kind.fields.iter().chain(&kind.rows).chain(&kind.derived).map(|field| &*field.name);
        let help = match did_you_mean(word, known.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("`{}` has {}", kind.name, known.take(12).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")),
        };
        self.fault(range, format!("`{}` has no field `{word}`, and it is not a term either", kind.name), Some(help));
    }

    /// Gives a word its meaning from the type of the other side.
    fn word(&mut self, expr: &mut Expr, word: &Arc<str>, other: &Ty) -> bool {
        let vocabulary = self.scope.vocabulary;
        let other = if let Ty::List(inner) = other { inner } else { other };
        let (found, what, known): (Option<Value>, String, Vec<&str>) = match other {
            Ty::Term(set) => {
                let what = vocabulary.set_def(*set).map_or_else(String::new, |set| set.name.replace('-', " "));
                (vocabulary.term(*set, word).map(Value::Term), what, vocabulary.terms(*set).map(|term| &*term.name).collect())
            }
            Ty::Level(scale) => {
                let levels = vocabulary.scale_def(*scale).map(|scale| scale.levels.iter().map(AsRef::as_ref).collect()).unwrap_or_default();
                (vocabulary.level(*scale, word).map(|level| Value::Level(*scale, level)), "level".to_owned(), levels)
            }
            Ty::Unit => {
                (vocabulary.unit(word).map(Value::Unit), "unit".to_owned(), vocabulary.units().iter().map(|unit| &*unit.name).collect())
            }
            Ty::YesNo => (matches!(&**word, "yes" | "no").then(|| Value::YesNo(&**word == "yes")), "answer".to_owned(), vec!["yes", "no"]),
            Ty::Body => (self.scope.register.find(word).map(Value::Body), "body".to_owned(), self.scope.register.names().collect()),
            Ty::Text => (Some(Value::Name(word.clone())), String::new(), Vec::new()),
            _ => {
                self.unknown(&expr.range.clone(), word);
                return false;
            }
        };
        match found {
            Some(value) => {
                expr.node = Node::Literal(value);
                true
            }
            None => {
                let near = did_you_mean(word, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
                self.fault(&expr.range.clone(), format!("there is no {what} `{word}`"), near);
                false
            }
        }
    }

    fn compare(&mut self, comparison: Comparison, left: (&mut Expr, Ty), right: (&mut Expr, Ty), range: &Range<usize>) {
        let ((left, mut left_ty), (right, mut right_ty)) = (left, right);
        if left_ty == Ty::Unknown || right_ty == Ty::Unknown {
            return;
        }
        // A bare word that is a term of the other side's set is that term, even where a plan has a field of its name.
        let (of_left, of_right) = (left_ty.clone(), right_ty.clone());
        for (expr, ty, other) in [(&mut *left, &mut left_ty, of_right), (&mut *right, &mut right_ty, of_left)] {
            let Node::PlanField(name) = &expr.node else { continue };
            let other = if let Ty::List(inner) = other { *inner } else { other };
            if matches!(&other, Ty::Term(set) if self.scope.vocabulary.term(*set, name).is_some()) && *ty != other {
                *ty = Ty::Word(name.clone());
            }
        }
        match (left_ty.clone(), right_ty.clone()) {
            (Ty::Word(word), Ty::Word(_)) => return self.unknown(&left.range.clone(), &word),
            (Ty::Word(word), other) => {
                if !self.word(left, &word, &other) {
                    return;
                }
                left_ty = other;
            }
            (other, Ty::Word(word)) => {
                if !self.word(right, &word, &other) {
                    return;
                }
                right_ty = if let Ty::List(inner) = other { *inner } else { other };
            }
            _ => {}
        }
        let (one, other) = (self.describe(&left_ty), self.describe(&right_ty));
        if comparison == Comparison::Includes {
            let fits = match (&left_ty, &right_ty) {
                (Ty::Years, Ty::Year | Ty::Date | Ty::Years) | (Ty::Days, Ty::Date) => true,
                (Ty::List(inner), right) => **inner == *right,
                _ => false,
            };
            if !fits {
                self.fault(
                    range,
                    format!("{one} cannot include {other}"),
                    Some("a run of years includes a year or a day; a list includes a value".to_owned()),
                );
            }
            return;
        }
        let ordered = !matches!(comparison, Comparison::Equal | Comparison::Unequal);
        match (&left_ty, &right_ty) {
            (Ty::Number(a), Ty::Number(b)) if together(*a, *b) => {
                if comparison == Comparison::Follows && !matches!(left.node, Node::Field(..) | Node::At(..)) {
                    self.fault(&left.range.clone(), "only a figure as written in the plan can follow from others", None);
                }
            }
            (Ty::Number(_), Ty::Number(_)) => self.fault(
                range,
                format!("{one} cannot be compared with {other}"),
                Some("give both the same unit, as in `40_000 wte`; a rate less a rate is points".to_owned()),
            ),
            (Ty::Date, Ty::Date) | (Ty::Year, Ty::Year) | (Ty::Duration, Ty::Duration) if comparison != Comparison::Follows => {}
            (Ty::Level(a), Ty::Level(b)) if a == b && comparison != Comparison::Follows => {}
            (Ty::Truth, _) | (_, Ty::Truth) => {
                self.fault(range, "a comparison cannot be compared again", Some("join the two with `and`".to_owned()))
            }
            (a, b) if a == b && !ordered && !matches!(a, Ty::List(_)) => {}
            (Ty::List(_), _) | (_, Ty::List(_)) => {
                self.fault(range, "a list cannot be compared", Some("ask whether it `includes` a value".to_owned()))
            }
            (a, b) if a == b => self.fault(
                range,
                format!("{one} has no order, so `{}` means nothing", comparison.sign()),
                Some("compare with `=` or `!=`".to_owned()),
            ),
            _ => self.fault(range, format!("{one} cannot be compared with {other}"), None),
        }
    }

    fn operate(&mut self, operation: Operation, left: &Ty, right: &Ty, range: &Range<usize>) -> Ty {
        use Dimension::{Any, Counted, Money, Plain, Points, Rate, Zero};
        if *left == Ty::Unknown || *right == Ty::Unknown {
            return Ty::Unknown;
        }
        let (Ty::Number(one), Ty::Number(two)) = (left, right) else {
            for ty in [left, right] {
                if let Ty::Word(word) = ty {
                    self.unknown(range, word);
                    return Ty::Number(Any);
                }
            }
            let (one, two) = (self.describe(left), self.describe(right));
            self.fault(range, format!("{one} and {two} cannot be reckoned with"), Some("arithmetic takes numbers".to_owned()));
            return Ty::Number(Any);
        };
        let result = match (operation, *one, *two) {
            (_, Any, _) | (_, _, Any) => Some(Any),
            (Operation::Add | Operation::Subtract, one, Zero) => Some(one),
            (Operation::Add | Operation::Subtract, Zero, two) => Some(two),
            (Operation::Subtract, Rate, Rate) => Some(Points),
            (Operation::Add | Operation::Subtract, Rate, Points) => Some(Rate),
            (Operation::Add | Operation::Subtract, one, two) if one == two => Some(one),
            (Operation::Multiply, Plain | Zero | Rate, other) | (Operation::Multiply, other, Plain | Zero | Rate) => Some(other),
            (Operation::Divide, one, Plain) => Some(one),
            (Operation::Divide, one, two) if one == two => Some(Rate),
            (Operation::Divide, one @ (Counted | Money), Rate) => Some(one),
            _ => None,
        };
        match result {
            Some(dimension) => Ty::Number(dimension),
            None => {
                let (one, two) = (self.describe(left), self.describe(right));
                self.fault(
                    range,
                    format!("{one} and {two} do not go together"),
                    Some("give both the same unit; a rate less a rate is points".to_owned()),
                );
                Ty::Number(Any)
            }
        }
    }
}

fn together(one: Dimension, other: Dimension) -> bool {
    use Dimension::{Any, Plain, Rate, Zero};
    one == other || matches!((one, other), (Any | Zero, _) | (_, Any | Zero) | (Plain, Rate) | (Rate, Plain))
}

fn dimension(quantity: Quantity) -> Dimension {
    match quantity.measure {
        Measure::Plain => Dimension::Plain,
        Measure::Unit(_) => Dimension::Counted,
        Measure::Rate => Dimension::Rate,
        Measure::Points => Dimension::Points,
        Measure::Money => Dimension::Money,
    }
}

fn cell_type(cell: &CellType, repeats: bool) -> Ty {
    let ty = match &cell.ty {
        Type::Text | Type::Name | Type::Rule | Type::Subject => Ty::Text,
        Type::Number => Ty::Number(Dimension::Plain),
        Type::Quantity => Ty::Number(Dimension::Counted),
        Type::Rate => Ty::Number(Dimension::Rate),
        Type::Change | Type::Value | Type::Amount => Ty::Number(Dimension::Any),
        Type::Money => Ty::Number(Dimension::Money),
        Type::Date => Ty::Date,
        Type::Year => Ty::Year,
        Type::Years => Ty::Years,
        Type::Days => Ty::Days,
        Type::Duration => Ty::Duration,
        Type::YesNo => Ty::YesNo,
        Type::Body => Ty::Body,
        Type::Term(set) => Ty::Term(*set),
        Type::Level(scale) => Ty::Level(*scale),
        Type::Reference(kind) => Ty::Entity(*kind),
        Type::Unit(_) => Ty::Unit,
        Type::Series(inner) => match cell_type(&CellType::one((**inner).clone()), false) {
            Ty::Number(dimension) => return Ty::Series(dimension),
            other => other,
        },
    };
    if cell.list || repeats { Ty::List(Box::new(ty)) } else { ty }
}

fn describe(vocabulary: &Vocabulary, ty: &Ty) -> String {
    match ty {
        Ty::Truth => "a comparison".to_owned(),
        Ty::Number(Dimension::Plain | Dimension::Zero) => "a number without a unit".to_owned(),
        Ty::Number(Dimension::Counted) => "a number of staff".to_owned(),
        Ty::Number(Dimension::Rate) => "a rate".to_owned(),
        Ty::Number(Dimension::Points) => "percentage points".to_owned(),
        Ty::Number(Dimension::Money) => "money".to_owned(),
        Ty::Number(Dimension::Any) => "a number".to_owned(),
        Ty::Text => "text".to_owned(),
        Ty::Date => "a date".to_owned(),
        Ty::Year => "a financial year".to_owned(),
        Ty::Years => "a run of years".to_owned(),
        Ty::Days => "a run of days".to_owned(),
        Ty::Duration => "a length of time".to_owned(),
        Ty::YesNo => "`yes` or `no`".to_owned(),
        Ty::Term(set) => format!("a {}", vocabulary.set_def(*set).map_or_else(String::new, |set| set.name.replace('-', " "))),
        Ty::Level(scale) => format!("a level of {}", vocabulary.scale_def(*scale).map_or("", |scale| &*scale.name)),
        Ty::Unit => "a unit".to_owned(),
        Ty::Body => "a body".to_owned(),
        Ty::Entity(kind) => format!("a `{}`", vocabulary.kind_def(*kind).map_or("", |kind| &*kind.name)),
        Ty::Series(_) => "a row of a table".to_owned(),
        Ty::List(inner) => format!("a list ({})", describe(vocabulary, inner)),
        Ty::Unknown => "something unknown".to_owned(),
        Ty::Word(word) => format!("the word `{word}`"),
    }
}
