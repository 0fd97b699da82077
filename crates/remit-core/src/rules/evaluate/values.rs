//! What an expression comes to: exact, and `None` where something it takes is not given.

use crate::model::ACTUAL;
use crate::model::bodies::Known;
use crate::model::clock::Cause;
use crate::model::value::{self, Between, Datum, Operation, Quantity, Said, Value};
use crate::rules::evaluate::compare::{bounds, three};
use crate::rules::evaluate::{Evaluation, Leaf, Outcome, Subject};
use crate::rules::expression::{Expr, Line, Node};
use crate::source::Span;
use crate::syntax::literal::Rational;
use crate::time::{Duration, FinancialYear, Period};

impl<'e> Evaluation<'e> {
    /// The value of an expression; `None` when it is not given or cannot be worked out.
    pub(crate) fn value(&self, expr: &Expr, outcome: &mut Outcome) -> Option<Value> {
        let Some(trace) = self.trace else { return self.value_untold(expr, outcome) };
        trace.enter(self, expr);
        let before = outcome.missing.len();
        let value = self.value_untold(expr, outcome);
        trace.valued(self, expr, value.as_ref(), outcome.missing.get(before..).unwrap_or(&[]));
        value
    }

    fn value_untold(&self, expr: &Expr, outcome: &mut Outcome) -> Option<Value> {
        match &expr.node {
            Node::Literal(value) => Some(value.clone()),
            Node::AsOf => Some(Value::Date(self.plan.clock.read())),
            Node::PlanField(name) => {
                if let Some(known) = self.of_plan(name) {
                    outcome.presumed |= matches!(known, Known::Presumed(_));
                    return self.leaf(name, known.value(), None, outcome);
                }
                let header = self.plan.header()?;
                let found = header.field(name).and_then(|field| field.values.first());
                self.leaf(name, found.and_then(|datum| datum.value.clone()), found.map(|datum| datum.place), outcome)
            }
            Node::Field(name, clause) => self.field(name, clause.as_deref(), outcome),
            Node::At(series, period) => match self.value(period, outcome)?.period() {
                Some(period) => self.in_that(period).value(series, outcome),
                None => None,
            },
            Node::This(_) => self.period.map(Value::of_period),
            Node::Previous(_) => self.period.and_then(Period::previous).map(Value::of_period),
            Node::Otherwise(left, right) => {
                let missing = outcome.missing.len();
                if let Some(value) = self.value(left, outcome) {
                    return Some(value);
                }
                // What was written but could not be read is not the same as what is not given.
                if self.is_given(left, outcome) == Some(false) {
                    outcome.missing.truncate(missing);
                    return self.value(right, outcome);
                }
                None
            }
            Node::Operate(operation, left, right) => {
                let (left, right) = (self.value(left, outcome), self.value(right, outcome));
                self.reckon(*operation, &left?, &right?, outcome)
            }
            Node::Outer(..) | Node::Through(..) => {
                let (at, field) = self.locate(expr, outcome)?;
                at.value(field, outcome)
            }
            Node::Count(range) => self.count(range, outcome),
            Node::Sum(value, range) => self.sum(value, range, outcome),
            Node::Share(value, range) => self.share(value.as_deref(), range, outcome),
            Node::Change(relative, series, from, to) => {
                let (from, to) = (self.at(series, from, outcome), self.at(series, to, outcome));
                let (from, to) = (from?, to?);
                let change = self.reckon(Operation::Subtract, &to, &from, outcome)?;
                if *relative { self.reckon(Operation::Divide, &unlike_points(change, &from), &from, outcome) } else { Some(change) }
            }
            Node::Line(line) => self.straight_line(line, outcome),
            Node::Length(inner) => match self.value(inner, outcome)? {
                Value::Years(first, last) => Some(Value::Duration(Duration::Months((i32::from(last.0) - i32::from(first.0) + 1) * 12))),
                Value::Days(days) => i32::try_from(days.count()).ok().map(|count| Value::Duration(Duration::Days(count))),
                _ => None,
            },
            Node::DayOf(first, inner) => {
                let period = self.value(inner, outcome)?.period()?;
                Some(Value::Date(if *first { period.first_day() } else { period.last_day() }))
            }
            Node::YearOf(inner) => match self.value(inner, outcome)? {
                Value::Date(day) => Some(Value::Year(FinancialYear::of(day))),
                _ => None,
            },
            _ => self.truth(expr).holds.map(Value::YesNo),
        }
    }

    /// The value of a row in the period that an expression gives.
    fn at(&self, series: &Expr, period: &Expr, outcome: &mut Outcome) -> Option<Value> {
        let period = self.value(period, outcome)?.period()?;
        self.in_that(period).value(series, outcome)
    }

    /// Where a row would stand in this period; after its end, the line stays where it ended.
    fn straight_line(&self, line: &Line, outcome: &mut Outcome) -> Option<Value> {
        let (from, end) = (self.value(&line.from, outcome)?.period()?, self.value(&line.end, outcome)?.period()?);
        let here = self.period?;
        if end.grain() != from.grain() || here.grain() != from.grain() || end.ordinal() <= from.ordinal() || here.ordinal() < from.ordinal()
        {
            outcome.missing.push(format!("no straight line from {from} to {end} passes {here}"));
            return None;
        }
        let (start, to) = (self.in_that(from).value(&line.series, outcome), self.value(&line.to, outcome));
        let (start, to) = (start?, to?);
        if here.ordinal() >= end.ordinal() {
            return Some(to);
        }
        let passed = Rational::new(i128::from(here.ordinal() - from.ordinal()), i128::from(end.ordinal() - from.ordinal()));
        let share = Value::Number(Quantity::of(passed, value::Measure::Plain));
        let whole = self.reckon(Operation::Subtract, &to, &start, outcome)?;
        let gone = self.reckon(Operation::Multiply, &share, &whole, outcome)?;
        self.reckon(Operation::Add, &start, &gone, outcome)
    }

    /// One operation on two values, each of the three of an estimate with its like.
    pub(super) fn reckon(&self, operation: Operation, left: &Value, right: &Value, outcome: &mut Outcome) -> Option<Value> {
        if let (Value::Date(day), Value::Duration(length)) = (left, right) {
            let moved = if operation == Operation::Subtract { length.before(*day) } else { length.after(*day) };
            if moved.is_none() {
                outcome.missing.push(format!("{length} from {day} lies outside the calendar"));
            }
            return moved.map(Value::Date);
        }
        if matches!(left, Value::Between(_)) || matches!(right, Value::Between(_)) {
            return self.reckon_bounds(operation, bounds(left)?, bounds(right)?, outcome);
        }
        let (one, other) = (three(left)?, three(right)?);
        let mut results = Vec::with_capacity(3);
        for (one, other) in one.into_iter().zip(other) {
            let result = one.apply(operation, other);
            if result.is_none() {
                let show = |quantity| value::show_quantity(quantity, self.vocabulary);
                outcome.missing.push(if operation == Operation::Divide && other.is_zero() {
                    format!("nothing is a share of {}", show(other))
                } else {
                    format!("{} and {} cannot be reckoned together", show(one), show(other))
                });
            }
            results.push(result?);
        }
        let [low, central, high] = <[Quantity; 3]>::try_from(results).ok()?;
        Some(if low == central && central == high { Value::Number(central) } else { Value::Estimate([low, central, high]) })
    }

    /// One operation on two numbers that may lie anywhere between theirs.
    fn reckon_bounds(
        &self,
        operation: Operation,
        (low, high): (Quantity, Quantity),
        (other_low, other_high): (Quantity, Quantity),
        outcome: &mut Outcome,
    ) -> Option<Value> {
        let nought = Rational::from_integer(0);
        if operation == Operation::Divide && other_low.amount <= nought && other_high.amount >= nought {
            outcome.missing.push("nothing is a share of what may be nought".to_owned());
            return None;
        }
        let corners = [(low, other_low), (low, other_high), (high, other_low), (high, other_high)];
        let results: Option<Vec<Quantity>> = corners.into_iter().map(|(one, other)| one.apply(operation, other)).collect();
        if results.is_none() {
            let show = |quantity| value::show_quantity(quantity, self.vocabulary);
            outcome.missing.push(format!("{} and {} cannot be reckoned together", show(low), show(other_low)));
        }
        let results = results?;
        let low = *results.iter().min_by_key(|one| one.amount)?;
        let high = *results.iter().max_by_key(|one| one.amount)?;
        Some(Value::Between(Between { low, high, said: Said::WorkedOut }))
    }

    fn field(&self, name: &str, clause: Option<&str>, outcome: &mut Outcome) -> Option<Value> {
        let entity = match self.subject {
            Subject::Entity(entity) => entity,
            Subject::Line(line) => {
                let datum = if name == "value" { line.values.first() } else { line.clause(name) };
                return self.datum(name, datum, outcome);
            }
            Subject::Row(entity, part) => return self.row_field(name, entity, part, outcome),
            _ => {
                let known = self.derived(name).unwrap_or(Known::Nothing);
                outcome.presumed |= matches!(known, Known::Presumed(_));
                let place = match self.subject {
                    Subject::Mention(mention) => Some(mention.place),
                    Subject::Named(_, place) => Some(place),
                    _ => None,
                };
                return self.leaf(name, known.value(), place, outcome);
            }
        };
        self.plan.look_into(entity, name);
        if let (Some(clause), Some(field)) = (clause, entity.field(name)) {
            if entity.all(name).nth(1).is_some() {
                outcome.missing.push(format!("`{name}` stands several times, and only `each of {name}` asks of them all"));
                return None;
            }
            return self.datum(&format!("{name} {clause}"), field.clause(clause), outcome);
        }
        let kind = self.vocabulary.kind_def(entity.kind);
        if kind.is_some_and(|kind| kind.row(name).is_some()) {
            return self.of_row(name, outcome);
        }
        if let Some(datum) = entity.field(name).and_then(|field| field.values.first()) {
            return self.leaf(name, datum.value.clone(), Some(datum.place), outcome);
        }
        if name == "period" && kind.is_some_and(|kind| kind.columns) {
            let grain = self.columns().first().map(|period| period.grain().word());
            let set = self.vocabulary.set("period");
            let term = set.zip(grain).and_then(|(set, grain)| self.vocabulary.term(set, grain));
            return self.leaf(name, term.map(Value::Term), None, outcome);
        }
        let known = self.derived(name).unwrap_or(Known::Nothing);
        outcome.presumed |= matches!(known, Known::Presumed(_));
        self.leaf(name, known.value(), None, outcome)
    }

    /// The value of a row of the subject's table in the period that is looked at.
    fn of_row(&self, name: &str, outcome: &mut Outcome) -> Option<Value> {
        let period = self.period?;
        let called = match self.subject {
            Subject::Row(_, part) => {
                let of = part.of.value.as_ref().map_or_else(String::new, |of| value::show(of, self.vocabulary, &self.plan.bodies));
                format!("{name} of {of} in {period}")
            }
            _ => format!("{name} in {period}"),
        };
        if let Some(own) = self.columns().first().map(|own| own.grain()).filter(|own| *own != period.grain()) {
            outcome.missing.push(format!("`{name}` is given by {}, not by {}", own.word(), period.grain().word()));
            return None;
        }
        if self.is_not_known_yet(name, period) {
            outcome.missing.push(format!("`{called}` is not known yet on {}", self.plan.as_of));
            return None;
        }
        self.datum(&called, self.cell(name, period), outcome)
    }

    /// What was reached in a period that has not ended is not known yet.
    fn is_not_known_yet(&self, name: &str, period: Period) -> bool {
        name.starts_with(ACTUAL) && name.contains(' ') && !self.plan.clock.reached(period.last_day(), Cause::PeriodOver, None)
    }

    /// The cell of a row in a period, as far as it is known on the day of the check.
    pub(super) fn cell(&self, name: &str, period: Period) -> Option<&'e Datum> {
        if self.is_not_known_yet(name, period) {
            return None;
        }
        match self.subject {
            Subject::Entity(entity) => entity.cell(name, period),
            Subject::Row(entity, part) => {
                let column = entity.columns.iter().position(|(column, _)| *column == Some(period))?;
                part.rows.iter().find(|row| *row.name == *name)?.cells.get(column)?.as_ref()
            }
            _ => None,
        }
    }

    /// Whether a row has a figure anywhere; `None` where what it has could not be read.
    pub(super) fn row_is_given(&self, name: &str) -> Option<bool> {
        let cells = self.columns().into_iter().filter_map(|period| self.cell(name, period));
        let (mut given, mut unreadable) = (false, false);
        for datum in cells {
            given |= datum.value.is_some();
            unreadable |= datum.value.is_none();
        }
        if given { Some(true) } else { (!unreadable).then_some(false) }
    }

    /// A row of a table whose rows are bodies, sectors or places: whose it is, and its figures.
    fn row_field(
        &self,
        name: &str,
        entity: &'e crate::model::Entity,
        part: &'e crate::model::Part,
        outcome: &mut Outcome,
    ) -> Option<Value> {
        let of = |wanted: bool, outcome: &mut Outcome| match wanted {
            true => self.leaf(name, part.of.value.clone(), Some(part.of.place), outcome),
            false => self.leaf(name, None, None, outcome),
        };
        match name {
            "body" => of(matches!(part.of.value, Some(Value::Body(_))), outcome),
            "sector" => of(matches!(part.of.value, Some(Value::Term(_))), outcome),
            "table" => self.plan.place_of(entity).map(|at| Value::Entity(at as u32)),
            _ => self.of_row(name, outcome),
        }
    }

    fn datum(&self, name: &str, datum: Option<&Datum>, outcome: &mut Outcome) -> Option<Value> {
        self.leaf(name, datum.and_then(|datum| datum.value.clone()), datum.map(|datum| datum.place), outcome)
    }

    fn leaf(&self, name: &str, value: Option<Value>, place: Option<Span>, outcome: &mut Outcome) -> Option<Value> {
        let value = match self.trace {
            Some(trace) => trace.read(self, name, value, place),
            None => value,
        };
        match &value {
            Some(value) => {
                outcome.leaves.push(Leaf { place, name: name.to_owned(), shown: value::show(value, self.vocabulary, &self.plan.bodies) })
            }
            None if place.is_some() => outcome.missing.push(format!("`{name}` could not be read")),
            None => outcome.missing.push(format!("`{name}` is not given")),
        }
        value
    }
}

/// The change of a rate is points; as a share of the rate it is counted as the rate is.
fn unlike_points(change: Value, from: &Value) -> Value {
    let measure = three(from).map(|[one, ..]| one.measure);
    match (change, measure) {
        (Value::Number(change), Some(measure)) => Value::Number(Quantity { measure, ..change }),
        (change, _) => change,
    }
}
