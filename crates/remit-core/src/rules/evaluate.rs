//! What an expression says of a plan: true, false or undetermined, with every figure it looked at and where that came from.

use crate::model::bodies::{BodyId, Known};
use crate::model::value::{self, Quantity, Value};
use crate::model::{Entity, Mention, Plan};
use crate::rules::expression::{Comparison, Expr, Node};
use crate::source::Span;
use crate::time::{Date, Duration, FinancialYear};
use crate::vocabulary::Vocabulary;

/// What a rule looks at.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Subject<'e> {
    /// A statement of the plan.
    Entity(&'e Entity),
    /// A body of the register that the plan leaves out.
    LeftOut(BodyId),
    /// A place at which the plan names a body.
    Mention(&'e Mention),
}

/// A figure that was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leaf {
    /// Where it stands in the plan; `None` for what the register says.
    pub(crate) place: Option<Span>,
    /// What it is, as rules call it.
    pub(crate) name: String,
    /// Its value, as people read it.
    pub(crate) shown: String,
}

/// What came of an expression.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outcome {
    /// Holds, does not, or cannot be told.
    pub(crate) holds: Option<bool>,
    /// The figures that decided.
    pub(crate) leaves: Vec<Leaf>,
    /// What was asked for and is not given.
    pub(crate) missing: Vec<String>,
    /// Whether something rests on the register's nearest evidence rather than on evidence for the day.
    pub(crate) presumed: bool,
    /// Whether an estimate passes in part.
    pub(crate) at_risk: bool,
    /// The comparison that decided, with both its sides.
    pub(crate) decided: Option<(Value, Comparison, Value)>,
}

/// What an expression is evaluated on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Evaluation<'e> {
    pub(crate) plan: &'e Plan<'e>,
    pub(crate) vocabulary: &'e Vocabulary,
    pub(crate) subject: Subject<'e>,
    /// The year that is looked at.
    pub(crate) year: Option<FinancialYear>,
}

impl Evaluation<'_> {
    /// Whether an expression holds.
    pub(crate) fn truth(&self, expr: &Expr) -> Outcome {
        match &expr.node {
            Node::Or(parts) => self.several(parts, true),
            Node::And(parts) => self.several(parts, false),
            Node::Not(inner) => {
                let mut outcome = self.truth(inner);
                outcome.holds = outcome.holds.map(|holds| !holds);
                outcome
            }
            Node::Given(inner, expected) => {
                let mut outcome = Outcome::default();
                outcome.holds = self.is_given(inner, &mut outcome).map(|given| given == *expected);
                outcome
            }
            Node::In(left, members) => {
                let mut outcome = Outcome::default();
                let left = self.value(left, &mut outcome);
                let mut holds = Some(false);
                for member in members {
                    let one = match (&left, self.value(member, &mut outcome)) {
                        (Some(Value::Term(term)), Some(Value::Term(whole))) => Some(self.vocabulary.is_part_of(*term, whole)),
                        (Some(left), Some(member)) => compare(Comparison::Equal, left, &member),
                        _ => None,
                    };
                    holds = match (holds, one) {
                        (Some(true), _) | (_, Some(true)) => Some(true),
                        (None, _) | (_, None) => None,
                        _ => Some(false),
                    };
                }
                outcome.holds = holds;
                outcome
            }
            Node::Compare(comparison, left, right) => {
                let mut outcome = Outcome::default();
                let (left, right) = if *comparison == Comparison::Includes {
                    return self.includes(left, right);
                } else {
                    (self.value(left, &mut outcome), self.value(right, &mut outcome))
                };
                if let (Some(left), Some(right)) = (left, right) {
                    outcome.holds = compare(*comparison, &left, &right);
                    if outcome.holds.is_none() {
                        outcome.at_risk = matches!(left, Value::Estimate(_)) || matches!(right, Value::Estimate(_));
                        if !outcome.at_risk {
                            let show = |value: &Value| value::show(value, self.vocabulary, &self.plan.bodies);
                            outcome.missing.push(format!("{} and {} do not count the same", show(&left), show(&right)));
                        }
                    }
                    outcome.decided = Some((left, *comparison, right));
                }
                outcome
            }
            Node::EveryYear(series, body) => {
                let Some((first, last)) = self.plan.horizon else {
                    return Outcome { missing: vec!["the plan's horizon is not given".to_owned()], ..Outcome::default() };
                };
                let mut whole = Outcome { holds: Some(true), ..Outcome::default() };
                for year in (first.0..=last.0).map(FinancialYear) {
                    let one = self.in_year(series, body, year);
                    match one.holds {
                        Some(false) => return one,
                        None if whole.holds.is_some() => whole = one,
                        _ => {}
                    }
                }
                whole
            }
            _ => {
                let mut outcome = Outcome::default();
                if let Some(Value::YesNo(yes)) = self.value(expr, &mut outcome) {
                    outcome.holds = Some(yes);
                }
                outcome
            }
        }
    }

    /// Whether the body of an `every year of` holds in one year. Without the year's own value it cannot be told.
    pub(crate) fn in_year(&self, series: &Expr, body: &Expr, year: FinancialYear) -> Outcome {
        let inner = Evaluation { year: Some(year), ..*self };
        let mut outcome = Outcome::default();
        if inner.value(series, &mut outcome).is_none() {
            return outcome;
        }
        inner.truth(body)
    }

    fn several(&self, parts: &[Expr], any: bool) -> Outcome {
        let mut whole = Outcome { holds: Some(!any), ..Outcome::default() };
        for part in parts {
            let one = self.truth(part);
            if one.holds == Some(any) {
                return one;
            }
            let undetermined = one.holds.is_none() || whole.holds.is_none();
            whole.leaves.extend(one.leaves);
            whole.missing.extend(one.missing);
            whole.presumed |= one.presumed;
            whole.at_risk |= one.at_risk;
            whole.decided = whole.decided.or(one.decided);
            if undetermined {
                whole.holds = None;
            }
        }
        whole
    }

    fn includes(&self, left: &Expr, right: &Expr) -> Outcome {
        let mut outcome = Outcome::default();
        let right_value = self.value(right, &mut outcome);
        if let Node::Field(name, None) = &left.node {
            let Subject::Entity(entity) = self.subject else { return outcome };
            let mut unreadable = entity.fenced;
            let mut holds = false;
            for datum in entity.all(name).flat_map(|field| &field.values) {
                match (&datum.value, &right_value) {
                    (Some(one), Some(other)) if !matches!(one, Value::Years(..) | Value::Days(_)) => {
                        holds |= compare(Comparison::Equal, one, other) == Some(true)
                    }
                    (Some(one), Some(other)) => holds |= compare(Comparison::Includes, one, other) == Some(true),
                    (None, _) => unreadable = true,
                    _ => {}
                }
            }
            outcome.holds = if holds { Some(true) } else { (!unreadable && right_value.is_some()).then_some(false) };
            return outcome;
        }
        if let (Some(left), Some(right)) = (self.value(left, &mut outcome), right_value) {
            outcome.holds = compare(Comparison::Includes, &left, &right);
            outcome.decided = Some((left, Comparison::Includes, right));
        }
        outcome
    }

    fn is_given(&self, expr: &Expr, outcome: &mut Outcome) -> Option<bool> {
        let entity = match (self.subject, &expr.node) {
            (Subject::Entity(entity), Node::Field(..) | Node::At(..)) => entity,
            (_, Node::PlanField(_)) => self.plan.header()?,
            _ => return Some(self.value(expr, outcome).is_some()),
        };
        match &expr.node {
            Node::Field(name, None) | Node::PlanField(name) => {
                if let Some(row) = entity.row(name) {
                    let (mut given, mut unreadable) = (false, false);
                    for datum in row.cells.iter().flatten() {
                        given |= datum.value.is_some();
                        unreadable |= datum.value.is_none();
                    }
                    return if given { Some(true) } else { (!unreadable).then_some(false) };
                }
                let mut fields = entity.all(name).flat_map(|field| &field.values).peekable();
                if fields.peek().is_none() {
                    if self.derived(name).is_some_and(|known| known.value().is_some()) {
                        return Some(true);
                    }
                    return (!entity.fenced).then_some(false);
                }
                fields.any(|datum| datum.value.is_some()).then_some(true)
            }
            Node::Field(name, Some(clause)) => match entity.field(name).and_then(|field| field.clause(clause)) {
                Some(datum) => datum.value.as_ref().map(|_| true),
                None => (!entity.fenced).then_some(false),
            },
            Node::At(series, year) => {
                let (Node::Field(name, None), Some(Value::Year(year))) = (&series.node, self.value(year, outcome)) else { return None };
                match entity.cell(name, year) {
                    Some(datum) => datum.value.as_ref().map(|_| true),
                    None => (!entity.fenced).then_some(false),
                }
            }
            _ => None,
        }
    }

    /// The value of an expression; `None` when it is not given or cannot be worked out.
    pub(crate) fn value(&self, expr: &Expr, outcome: &mut Outcome) -> Option<Value> {
        match &expr.node {
            Node::Literal(value) => Some(value.clone()),
            Node::AsOf => Some(Value::Date(self.plan.as_of)),
            Node::PlanField(name) => {
                let header = self.plan.header()?;
                let found = header.field(name).and_then(|field| field.values.first());
                self.leaf(name, found.and_then(|datum| datum.value.clone()), found.map(|datum| datum.place), outcome)
            }
            Node::Field(name, clause) => self.field(name, clause.as_deref(), self.year, outcome),
            Node::At(series, year) => match (&series.node, self.value(year, outcome)) {
                (Node::Field(name, None), Some(Value::Year(year))) => self.field(name, None, Some(year), outcome),
                _ => None,
            },
            Node::ThisYear => self.year.map(Value::Year),
            Node::PreviousYear => self.year.and_then(FinancialYear::previous).map(Value::Year),
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
                let (one, other) = (three(&left?)?, three(&right?)?);
                let mut results = Vec::with_capacity(3);
                for (one, other) in one.into_iter().zip(other) {
                    let result = one.apply(*operation, other);
                    if result.is_none() {
                        let show = |quantity| value::show_quantity(quantity, self.vocabulary);
                        outcome.missing.push(if *operation == crate::model::value::Operation::Divide && other.is_zero() {
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
            Node::Length(inner) => match self.value(inner, outcome)? {
                Value::Years(first, last) => Some(Value::Duration(Duration::Months((i32::from(last.0) - i32::from(first.0) + 1) * 12))),
                Value::Days(days) => i32::try_from(days.count()).ok().map(|count| Value::Duration(Duration::Days(count))),
                _ => None,
            },
            _ => self.truth(expr).holds.map(Value::YesNo),
        }
    }

    fn field(&self, name: &str, clause: Option<&str>, year: Option<FinancialYear>, outcome: &mut Outcome) -> Option<Value> {
        let Subject::Entity(entity) = self.subject else {
            let known = self.derived(name).unwrap_or(Known::Nothing);
            outcome.presumed |= matches!(known, Known::Presumed(_));
            let place = match self.subject {
                Subject::Mention(mention) => Some(mention.place),
                _ => None,
            };
            return self.leaf(name, known.value(), place, outcome);
        };
        if let (Some(clause), Some(field)) = (clause, entity.field(name)) {
            let datum = field.clause(clause);
            return self.leaf(
                &format!("{name} {clause}"),
                datum.and_then(|datum| datum.value.clone()),
                datum.map(|datum| datum.place),
                outcome,
            );
        }
        let kind = self.vocabulary.kind_def(entity.kind);
        if kind.is_some_and(|kind| kind.row(name).is_some()) {
            let year = year?;
            let datum = entity.cell(name, year);
            return self.leaf(
                &format!("{name} in {year}"),
                datum.and_then(|datum| datum.value.clone()),
                datum.map(|datum| datum.place),
                outcome,
            );
        }
        if let Some(datum) = entity.field(name).and_then(|field| field.values.first()) {
            return self.leaf(name, datum.value.clone(), Some(datum.place), outcome);
        }
        let known = self.derived(name).unwrap_or(Known::Nothing);
        outcome.presumed |= matches!(known, Known::Presumed(_));
        self.leaf(name, known.value(), None, outcome)
    }

    fn leaf(&self, name: &str, value: Option<Value>, place: Option<Span>, outcome: &mut Outcome) -> Option<Value> {
        match &value {
            Some(value) => {
                outcome.leaves.push(Leaf { place, name: name.to_owned(), shown: value::show(value, self.vocabulary, &self.plan.bodies) })
            }
            None if place.is_some() => outcome.missing.push(format!("`{name}` could not be read")),
            None => outcome.missing.push(format!("`{name}` is not given")),
        }
        value
    }

    /// The body that is looked at, and the day on which.
    pub(crate) fn body(&self) -> Option<(BodyId, Date)> {
        match self.subject {
            Subject::LeftOut(body) => Some((body, self.plan.day())),
            Subject::Mention(mention) => Some((mention.body, mention.day)),
            Subject::Entity(entity) => entity.bodies("code").next().map(|(body, _)| (body, self.plan.day())),
        }
    }

    /// What the compiler works out: `None` when a name is nothing of the kind.
    fn derived(&self, name: &str) -> Option<Known<Value>> {
        let (id, day) = self.body()?;
        let body = self.plan.bodies.get(id)?;
        let known = |value: Option<Value>| value.map_or(Known::Nothing, Known::Evidence);
        Some(match name {
            "code" => Known::Evidence(Value::Body(id)),
            "kind" => known(body.kind.map(Value::Term)),
            "tier" => known(self.vocabulary.scale("tier").map(|scale| Value::Level(scale, body.tier))),
            "day" | "read-on" => Known::Evidence(Value::Date(day)),
            "opened" => known(body.opened.map(Value::Date)),
            "closed" => known(body.closed.map(Value::Date)),
            "successor" => known(match body.successions.as_slice() {
                [only] => Some(Value::Body(only.successor)),
                _ => None,
            }),
            "successors" => known(self.successors(id).map(|text| Value::Text(text.into()))),
            "registered" => Known::Evidence(Value::YesNo(body.declared.is_none())),
            "registered-system" => match body.parent_on(day) {
                Known::Evidence(parent) => Known::Evidence(Value::Body(parent)),
                Known::Presumed(parent) => Known::Presumed(Value::Body(parent)),
                Known::Nothing => Known::Nothing,
            },
            // What is not said of an organisation's system follows from whose plan it is.
            "system" => {
                let system = self.vocabulary.scale("tier").and_then(|scale| self.vocabulary.level(scale, "system"));
                known(self.plan.body.filter(|body| Some(self.plan.bodies.tier(*body)) == system).map(Value::Body))
            }
            _ => return None,
        })
    }

    fn successors(&self, body: BodyId) -> Option<String> {
        let body = self.plan.bodies.get(body)?;
        let shown = |succession: &crate::model::bodies::Succession| {
            format!("`{}`", self.plan.bodies.get(succession.successor).map_or("", |body| &*body.code))
        };
        match body.successions.as_slice() {
            [] => None,
            [only] => Some(format!("its successor from {} is {}", only.from, self.plan.bodies.shown(only.successor))),
            [first, ..] => {
                let all: Vec<String> = body.successions.iter().map(shown).collect();
                Some(format!("it was divided among {} on {}: choose the one that holds this", all.join(", "), first.from))
            }
        }
    }
}

fn three(value: &Value) -> Option<[Quantity; 3]> {
    match value {
        Value::Number(quantity) => Some([*quantity; 3]),
        Value::Estimate(three) => Some(*three),
        _ => None,
    }
}

/// How two values compare; `None` when it cannot be told.
fn compare(comparison: Comparison, left: &Value, right: &Value) -> Option<bool> {
    use std::cmp::Ordering::{Equal, Greater, Less};
    if let (Some(left), Some(right)) = (three(left), three(right)) {
        let mut each = left.into_iter().zip(right).map(|(left, right)| match comparison {
            Comparison::Follows => left.follows(right),
            _ => left.compare(right).map(|ordering| holds(comparison, ordering)),
        });
        let first = each.next()??;
        return each.all(|one| one == Some(first)).then_some(first);
    }
    let ordering = match (left, right) {
        (Value::Date(left), Value::Date(right)) => left.cmp(right),
        (Value::Year(left), Value::Year(right)) => left.cmp(right),
        (Value::Level(scale, left), Value::Level(other, right)) if scale == other => left.cmp(right),
        (Value::Duration(left), Value::Duration(right)) => match (left, right) {
            (Duration::Months(left), Duration::Months(right)) | (Duration::Days(left), Duration::Days(right)) => left.cmp(right),
            _ => return None,
        },
        (Value::Years(first, last), Value::Year(year)) if comparison == Comparison::Includes => return Some(first <= year && year <= last),
        (Value::Years(first, last), Value::Date(day)) if comparison == Comparison::Includes => {
            return Some(first.first_day() <= *day && *day <= last.last_day());
        }
        (Value::Years(first, last), Value::Years(from, to)) if comparison == Comparison::Includes => {
            return Some(first <= from && to <= last);
        }
        (Value::Days(days), Value::Date(day)) if comparison == Comparison::Includes => return Some(days.holds(*day)),
        (Value::Text(left) | Value::Name(left), Value::Text(right) | Value::Name(right)) => {
            if left == right {
                Equal
            } else {
                Less
            }
        }
        (left, right) => {
            if left == right {
                Equal
            } else {
                Less
            }
        }
    };
    fn holds(comparison: Comparison, ordering: std::cmp::Ordering) -> bool {
        match comparison {
            Comparison::Equal | Comparison::Follows | Comparison::Includes => ordering == Equal,
            Comparison::Unequal => ordering != Equal,
            Comparison::Less => ordering == Less,
            Comparison::AtMost => ordering != Greater,
            Comparison::More => ordering == Greater,
            Comparison::AtLeast => ordering != Less,
        }
    }
    Some(holds(comparison, ordering))
}
