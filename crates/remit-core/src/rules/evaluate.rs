//! What an expression says of a plan: true, false or undetermined, with every figure it looked at and where that came from.

use crate::model::bodies::{BodyId, Known};
use crate::model::value::{self, Quantity, Value};
use crate::model::{Entity, Mention, Plan};
use crate::rules::expression::{Comparison, Expr, Node, Over};
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
    /// A body that a field of the plan names, and where.
    Named(BodyId, Span),
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
    pub(crate) plan: &'e Plan,
    pub(crate) vocabulary: &'e Vocabulary,
    pub(crate) subject: Subject<'e>,
    /// The year that is looked at.
    pub(crate) year: Option<FinancialYear>,
    /// What is looked at further out.
    pub(crate) outer: Option<&'e Evaluation<'e>>,
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
            Node::Any(some, over, condition, body) => self.any(*some, over, condition.as_deref(), body),
            Node::Outer(depth, inner) => match self.further_out(*depth) {
                Some(outer) => outer.truth(inner),
                None => Outcome::default(),
            },
            Node::EveryYear(series, body) => {
                let Some((first, last)) = self.plan.horizon else {
                    return Outcome { missing: vec!["the plan's horizon is not known".to_owned()], ..Outcome::default() };
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

    /// What is looked at so many steps further out.
    fn further_out(&self, depth: u8) -> Option<&Self> {
        (0..depth).try_fold(self, |evaluation, _| evaluation.outer)
    }

    /// What is ranged over, and whether something of it may not have been read.
    fn subjects(&self, over: &Over, outcome: &mut Outcome) -> (Vec<Subject<'_>>, bool) {
        match over {
            Over::Name(..) => (Vec::new(), true),
            Over::Kind(kind) => (self.plan.of_kind(*kind).map(|(_, entity)| Subject::Entity(entity)).collect(), self.plan.may_hide(*kind)),
            Over::Field(name, _) => {
                let Subject::Entity(entity) = self.subject else { return (Vec::new(), true) };
                let mut unread = entity.fenced;
                let mut found = Vec::new();
                for datum in entity.all(name).flat_map(|field| &field.values) {
                    match datum.value {
                        Some(Value::Body(body)) => found.push(Subject::Named(body, datum.place)),
                        Some(Value::Entity(at)) => found.extend(self.plan.entities.get(at as usize).map(Subject::Entity)),
                        _ => unread = true,
                    }
                }
                if found.is_empty() && !unread {
                    // A field that is absent is undetermined; only `is given` asks.
                    outcome.missing.push(format!("`{name}` is not given"));
                    unread = true;
                }
                (found, unread)
            }
        }
    }

    /// Which of the subjects a condition holds for; `None` for one of which it cannot be told.
    fn chosen(&self, subject: Subject<'_>, condition: Option<&Expr>) -> Option<bool> {
        let inner = Evaluation { subject, year: None, outer: Some(self), ..*self };
        condition.map_or(Some(true), |condition| inner.truth(condition).holds)
    }

    fn any(&self, some: bool, over: &Over, condition: Option<&Expr>, body: &Expr) -> Outcome {
        let mut whole = Outcome::default();
        let (subjects, unread) = self.subjects(over, &mut whole);
        // As in `and` and `or`: one that decides, decides; one that cannot be told leaves the whole untold.
        let mut holds = (!unread).then_some(!some);
        for subject in subjects {
            let one = match self.chosen(subject, condition) {
                Some(false) => continue,
                Some(true) => Evaluation { subject, year: None, outer: Some(self), ..*self }.truth(body),
                None => Outcome::default(),
            };
            if one.holds == Some(some) {
                return one;
            }
            whole.presumed |= one.presumed;
            if one.holds.is_none() {
                holds = None;
                whole.missing.extend(one.missing);
            }
        }
        whole.holds = holds;
        whole
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
        let (holder, field) = match &left.node {
            Node::Field(name, None) => (Some(self), Some(name)),
            Node::Outer(depth, inner) => match &inner.node {
                Node::Field(name, None) => (self.further_out(*depth), Some(name)),
                _ => (None, None),
            },
            _ => (None, None),
        };
        if let (Some(holder), Some(name)) = (holder, field) {
            outcome.holds = holder.field_includes(name, right_value.as_ref());
            return outcome;
        }
        if let (Some(left), Some(right)) = (self.value(left, &mut outcome), right_value) {
            outcome.holds = compare(Comparison::Includes, &left, &right);
            outcome.decided = Some((left, Comparison::Includes, right));
        }
        outcome
    }

    /// Whether one of a field's values is, or includes, another value.
    fn field_includes(&self, name: &str, sought: Option<&Value>) -> Option<bool> {
        let Subject::Entity(entity) = self.subject else { return None };
        let mut unread = entity.fenced || sought.is_none();
        for datum in entity.all(name).flat_map(|field| &field.values) {
            let found = match (&datum.value, sought) {
                (Some(one @ (Value::Years(..) | Value::Days(_))), Some(sought)) => compare(Comparison::Includes, one, sought),
                (Some(one), Some(sought)) => compare(Comparison::Equal, one, sought),
                _ => None,
            };
            match found {
                Some(true) => return Some(true),
                Some(false) => {}
                None => unread = true,
            }
        }
        (!unread).then_some(false)
    }

    fn is_given(&self, expr: &Expr, outcome: &mut Outcome) -> Option<bool> {
        if let Node::Outer(depth, inner) = &expr.node {
            return self.further_out(*depth)?.is_given(inner, outcome);
        }
        if let Node::PlanField(name) = &expr.node
            && let Some(known) = self.of_plan(name)
        {
            return Some(known.value().is_some());
        }
        let entity = match (self.subject, &expr.node) {
            (Subject::Entity(entity), Node::Field(..) | Node::At(..)) => entity,
            (_, Node::PlanField(_)) => self.plan.header()?,
            _ => return Some(self.value(expr, outcome).is_some()),
        };
        match &expr.node {
            Node::Field(name, None) | Node::PlanField(name) => {
                if let (true, Some(year), Node::Field(..)) = (entity.row(name).is_some(), self.year, &expr.node) {
                    // Inside `every year of`, a row stands for that year's value.
                    return match entity.cell(name, year) {
                        Some(datum) => datum.value.as_ref().map(|_| true),
                        None => Some(false),
                    };
                }
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
                if let Some(known) = self.of_plan(name) {
                    outcome.presumed |= matches!(known, Known::Presumed(_));
                    return self.leaf(name, known.value(), None, outcome);
                }
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
            Node::Outer(depth, inner) => self.further_out(*depth)?.value(inner, outcome),
            Node::Count(over, condition) => {
                let (subjects, unread) = self.subjects(over, outcome);
                let mut count = 0;
                for subject in subjects {
                    count += i128::from(self.chosen(subject, condition.as_deref())?);
                }
                (!unread).then(|| Value::Number(Quantity::of(count.into(), crate::model::value::Measure::Plain)))
            }
            Node::Sum(value, over, condition) => {
                let (subjects, unread) = self.subjects(over, outcome);
                let mut total: Option<[Quantity; 3]> = None;
                for subject in subjects {
                    if !self.chosen(subject, condition.as_deref())? {
                        continue;
                    }
                    let inner = Evaluation { subject, year: None, outer: Some(self), ..*self };
                    let one = three(&inner.value(value, outcome)?)?;
                    total = Some(match total {
                        None => one,
                        Some(so_far) => {
                            let added: Option<Vec<Quantity>> = so_far
                                .into_iter()
                                .zip(one)
                                .map(|(so_far, one)| so_far.apply(crate::model::value::Operation::Add, one))
                                .collect();
                            <[Quantity; 3]>::try_from(added?).ok()?
                        }
                    });
                }
                let nothing = Quantity::of(0.into(), crate::model::value::Measure::Plain);
                let [low, central, high] = total.unwrap_or([nothing; 3]);
                (!unread)
                    .then(|| if low == central && central == high { Value::Number(central) } else { Value::Estimate([low, central, high]) })
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
                Subject::Named(_, place) => Some(place),
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
            Subject::Named(body, _) => Some((body, self.plan.day())),
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

    /// What the compiler works out of the plan as a whole: `None` when a name is nothing of the kind.
    fn of_plan(&self, name: &str) -> Option<Known<Value>> {
        if name != "region" {
            return None;
        }
        let tier = self.vocabulary.scale("tier").and_then(|scale| self.vocabulary.level(scale, name))?;
        Some(match self.plan.above(tier) {
            Known::Evidence(region) => Known::Evidence(Value::Body(region)),
            Known::Presumed(region) => Known::Presumed(Value::Body(region)),
            Known::Nothing => Known::Nothing,
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
