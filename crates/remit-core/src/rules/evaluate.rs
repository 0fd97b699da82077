//! What an expression says of a plan: true, false or undetermined, with every figure it looked at and where that came from.

mod bodies;
pub(crate) mod compare;
mod several;
mod shortlist;
mod values;

use crate::model::bodies::BodyId;
use crate::model::clock::Cause;
use crate::model::value::{self, Value};
use crate::model::{Entity, Field, Mention, Part, Plan};
use crate::rules::evaluate::compare::compare;
use crate::rules::expression::{Comparison, Counted, Expr, Node, Trend, Way};
use crate::rules::trace::Trace;
use crate::source::Span;
use crate::time::Period;
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
    /// A row of a table whose rows are bodies, sectors or places.
    Row(&'e Entity, &'e Part),
    /// A field where it stands in its statement.
    Line(&'e Field),
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
    /// The year, the quarter or the month that is looked at.
    pub(crate) period: Option<Period>,
    /// What is looked at further out.
    pub(crate) outer: Option<&'e Evaluation<'e>>,
    /// Who notes what is asked, where somebody wants to know why.
    pub(crate) trace: Option<&'e Trace>,
}

impl<'e> Evaluation<'e> {
    /// Whether an expression holds.
    pub(crate) fn truth(&self, expr: &Expr) -> Outcome {
        let Some(trace) = self.trace else { return self.truth_untold(expr) };
        trace.enter(self, expr);
        let outcome = self.truth_untold(expr);
        trace.told(expr, &outcome);
        outcome
    }

    fn truth_untold(&self, expr: &Expr) -> Outcome {
        // What is put together of others is asked part by part.
        if matches!(expr.node, Node::Or(_) | Node::And(_) | Node::Not(_) | Node::Any(..) | Node::Every(..) | Node::Outer(..)) {
            return self.truth_of(expr);
        }
        let same = |one: &Outcome, other: &Outcome| (one.holds, one.presumed, one.at_risk) == (other.holds, other.presumed, other.at_risk);
        let grounds = |outcome: &Outcome| {
            let said = outcome.leaves.iter().map(|leaf| format!("{} is {}", leaf.name, leaf.shown)).next();
            (outcome.leaves.iter().find_map(|leaf| leaf.place), said)
        };
        self.plan.clock.watch(Cause::Asked, grounds, || self.truth_of(expr), same)
    }

    fn truth_of(&self, expr: &Expr) -> Outcome {
        let mut outcome = Outcome::default();
        match &expr.node {
            Node::Or(parts) => return self.all_of(parts, true),
            Node::And(parts) => return self.all_of(parts, false),
            Node::Not(inner) => {
                outcome = self.truth(inner);
                outcome.holds = outcome.holds.map(|holds| !holds);
            }
            Node::Given(inner, expected) => {
                let given = self.is_given(inner, &mut outcome);
                let given = self.trace.map_or(given, |trace| trace.given(self, expr, given));
                outcome.holds = given.map(|given| given == *expected);
            }
            Node::In(left, members) => {
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
            }
            Node::PartOf(left, right, expected) => {
                if let (Some(Value::Term(part)), Some(Value::Term(whole))) =
                    (self.value(left, &mut outcome), self.value(right, &mut outcome))
                {
                    outcome.holds = Some((part != whole && self.vocabulary.is_part_of(part, whole)) == *expected);
                }
            }
            Node::CountedIn(inner, counted, expected) => {
                if let (Some(value), Counted::Measure(measure)) = (self.value(inner, &mut outcome), counted) {
                    outcome.holds =
                        compare::bounds(&value).map(|(low, high)| (low.measure == *measure && high.measure == *measure) == *expected);
                }
            }
            Node::Compare(Comparison::Includes, left, right) => return self.includes(left, right),
            Node::Compare(comparison, left, right) => {
                if let (Some(left), Some(right)) = (self.value(left, &mut outcome), self.value(right, &mut outcome)) {
                    self.settle(left, *comparison, right, &mut outcome);
                }
            }
            Node::Within(day, length, way, anchor) => self.is_within(day, length, *way, anchor, &mut outcome),
            Node::Never(series, trend) => self.never(series, *trend, &mut outcome),
            Node::Any(quantifier, several, body) => return self.any(*quantifier, several, body),
            Node::Outer(depth, inner) => {
                if let Some(outer) = self.further_out(*depth) {
                    outcome = outer.truth(inner);
                }
            }
            Node::Every(grain, only_given, series, body) => {
                let Some(periods) = self.periods(*grain, *only_given, series, &mut outcome) else { return outcome };
                let mut whole = Outcome { holds: Some(true), ..Outcome::default() };
                let mut periods = periods.into_iter();
                while let Some(period) = periods.next() {
                    let one = self.in_period(series, body, period);
                    match one.holds {
                        Some(false) => {
                            self.for_the_record(|| periods.for_each(|period| drop(self.in_period(series, body, period))));
                            return one;
                        }
                        None if whole.holds.is_some() => whole = one,
                        _ => {}
                    }
                }
                return whole;
            }
            _ => {
                if let Some(Value::YesNo(yes)) = self.value(expr, &mut outcome) {
                    outcome.holds = Some(yes);
                }
            }
        }
        outcome
    }

    /// Asks what decides nothing any more: only where somebody wants to know why.
    fn for_the_record(&self, ask: impl FnOnce()) {
        if self.trace.is_some() {
            ask();
        }
    }

    /// Compares two values, and keeps what decided.
    fn settle(&self, left: Value, comparison: Comparison, right: Value, outcome: &mut Outcome) {
        outcome.holds = compare(comparison, &left, &right);
        if outcome.holds.is_none() {
            outcome.at_risk = matches!(left, Value::Estimate(_)) || matches!(right, Value::Estimate(_));
            if !outcome.at_risk {
                let show = |value: &Value| value::show(value, self.vocabulary, &self.plan.bodies);
                let either_way = |inexact: &Value, other: &Value| format!("{} may lie on either side of {}", show(inexact), show(other));
                let why = match (&left, &right) {
                    (Value::Between(_), _) => either_way(&left, &right),
                    (_, Value::Between(_)) => either_way(&right, &left),
                    _ => format!("{} and {} do not count the same", show(&left), show(&right)),
                };
                outcome.missing.push(why);
            }
        }
        outcome.decided = Some((left, comparison, right));
    }

    /// By the calendar, clamped to the month's end, both ends included.
    fn is_within(&self, day: &Expr, length: &Expr, way: Way, anchor: &Expr, outcome: &mut Outcome) {
        let (day, length, anchor) = (self.value(day, outcome), self.value(length, outcome), self.value(anchor, outcome));
        let (Some(Value::Date(day)), Some(Value::Duration(length)), Some(Value::Date(anchor))) = (day, length, anchor) else { return };
        let (Some(first), Some(last)) = (length.before(anchor), length.after(anchor)) else {
            outcome.missing.push(format!("{length} from {anchor} lies outside the calendar"));
            return;
        };
        let (first, last) = match way {
            Way::Of => (first, last),
            Way::After => (anchor, last),
            Way::Before => (first, anchor),
        };
        outcome.holds = Some(first <= day && day <= last);
        let (comparison, limit) = if day < first { (Comparison::AtLeast, first) } else { (Comparison::AtMost, last) };
        outcome.decided = Some((Value::Date(day), comparison, Value::Date(limit)));
    }

    /// Whether no figure of a row is below (or above) one before it; a gap leaves it untold, unless the figures around it tell.
    fn never(&self, series: &Expr, trend: Trend, outcome: &mut Outcome) {
        let Some((at, name)) = self.locate(series, outcome) else { return };
        let mut periods = at.columns();
        periods.sort_by_key(|period| period.ordinal());
        let mut previous: Option<Value> = None;
        let mut holds = Some(true);
        let mut gap = false;
        for period in periods {
            let Some(value) = at.in_that(period).value(name, &mut Outcome::default()) else {
                gap = true;
                continue;
            };
            if let Some(before) = previous.replace(value.clone()) {
                let comparison = if trend == Trend::Falls { Comparison::AtLeast } else { Comparison::AtMost };
                match compare(comparison, &value, &before) {
                    Some(true) => {}
                    Some(false) => {
                        for period in [Some(period), period.previous()].into_iter().flatten() {
                            at.in_that(period).value(name, outcome);
                        }
                        outcome.missing.clear();
                        outcome.holds = Some(false);
                        outcome.decided = Some((value, comparison, before));
                        return;
                    }
                    None => holds = None,
                }
            }
        }
        if gap || previous.is_none() {
            outcome.missing.push("not every year of the row has a figure".to_owned());
            holds = None;
        }
        outcome.holds = holds;
    }

    /// What is looked at so many steps further out, in the period that is looked at here.
    fn further_out(&self, depth: u8) -> Option<Self> {
        let found = (0..depth).try_fold(*self, |evaluation, _| evaluation.outer.copied())?;
        Some(Evaluation { period: self.period, ..found })
    }

    /// The same subject in one period.
    fn in_that(&self, period: Period) -> Self {
        Evaluation { period: Some(period), ..*self }
    }

    /// The subject whose field an expression names, further out or through other fields, and the field itself.
    fn locate<'x>(&self, expr: &'x Expr, outcome: &mut Outcome) -> Option<(Self, &'x Expr)> {
        match &expr.node {
            Node::Outer(depth, inner) => self.further_out(*depth)?.locate(inner, outcome),
            Node::Through(field, inner) => {
                let (subject, _) = self.things(field, outcome)?.into_iter().next()?;
                Evaluation { subject, ..*self }.locate(inner, outcome)
            }
            _ => Some((*self, expr)),
        }
    }

    fn all_of(&self, parts: &[Expr], any: bool) -> Outcome {
        let mut whole = Outcome { holds: Some(!any), ..Outcome::default() };
        let mut parts = parts.iter();
        while let Some(part) = parts.next() {
            let one = self.truth(part);
            if one.holds == Some(any) {
                self.for_the_record(|| parts.for_each(|part| drop(self.truth(part))));
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
        if let Some((at, Expr { node: Node::Field(name, None), .. })) = self.locate(left, &mut outcome) {
            outcome.holds = at.field_includes(name, right_value.as_ref());
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
        self.plan.look_into(entity, name);
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
        if matches!(expr.node, Node::Outer(..) | Node::Through(..)) {
            let (at, field) = self.locate(expr, outcome)?;
            return at.is_given(field, outcome);
        }
        if let (Subject::Line(line), Node::Field(name, _)) = (self.subject, &expr.node) {
            let datum = if &**name == "value" { line.values.first() } else { line.clause(name) };
            return datum.map_or(Some(false), |datum| datum.value.as_ref().map(|_| true));
        }
        if let (Subject::Row(_, part), Node::Field(name, _)) = (self.subject, &expr.node)
            && part.rows.iter().any(|row| row.name == *name)
        {
            return match self.period {
                Some(period) => self.cell(name, period).map_or(Some(false), |datum| datum.value.as_ref().map(|_| true)),
                None => self.row_is_given(name),
            };
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
        if let Node::Field(name, _) = &expr.node {
            self.plan.look_into(entity, name);
        }
        match &expr.node {
            Node::Field(name, None) | Node::PlanField(name) => {
                let row = entity.row(name);
                if let (Some(_), Some(period), Node::Field(..)) = (row, self.period, &expr.node) {
                    // Inside `every year of`, a row stands for that year's value.
                    return match self.cell(name, period) {
                        Some(datum) => datum.value.as_ref().map(|_| true),
                        None => Some(false),
                    };
                }
                if row.is_some() {
                    return self.row_is_given(name);
                }
                let mut fields = entity.all(name).flat_map(|field| &field.values).peekable();
                if fields.peek().is_none() {
                    if self.derived(name).is_some_and(|known| known.value().is_some())
                        || self.derived_list(name).is_some_and(|list| !list.is_empty())
                    {
                        return Some(true);
                    }
                    // The rows of a table by organisation, sector or place are bodies or sectors: nothing else hides there.
                    let of_others = entity.field("breakdown").is_some()
                        && self.vocabulary.kind_def(entity.kind).is_some_and(|kind| kind.row(name).is_some());
                    return (of_others || !entity.fenced).then_some(false);
                }
                fields.any(|datum| datum.value.is_some()).then_some(true)
            }
            Node::Field(name, Some(clause)) => match entity.field(name).and_then(|field| field.clause(clause)) {
                Some(datum) => datum.value.as_ref().map(|_| true),
                None => (!entity.fenced).then_some(false),
            },
            Node::At(series, period) => {
                let period = self.value(period, outcome)?.period()?;
                let (at, field) = self.locate(series, outcome)?;
                let Node::Field(name, None) = &field.node else { return None };
                match at.cell(name, period) {
                    Some(datum) => datum.value.as_ref().map(|_| true),
                    None => (!entity.fenced).then_some(false),
                }
            }
            _ => None,
        }
    }
}
