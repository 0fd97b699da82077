//! The figures that follow from a table: what its rules reckon for each year, and how it grows. The rules' own arithmetic.

use std::sync::Arc;

use crate::ide::View;
use crate::model::Entity;
use crate::model::value::{Measure, Operation, Quantity, Value};
use crate::rules::evaluate::{Evaluation, Outcome, Subject};
use crate::rules::expression::{Comparison, Expr, Node};
use crate::rules::{Form, Rule};
use crate::source::Span;
use crate::time::Period;

/// What a rule reckons for a row of a table in one year.
#[derive(Debug, Clone)]
pub(crate) struct Derived<'v> {
    pub(crate) rule: &'v Rule,
    /// The row of which the rule speaks.
    pub(crate) row: &'v Arc<str>,
    pub(crate) year: Period,
    /// The figure as written, with its place.
    pub(crate) found: Option<(Quantity, Span)>,
    /// What follows from the other figures, rounded as the written one is where one is written.
    pub(crate) expected: Quantity,
    /// Whether it is a rounding of what follows, or that itself.
    pub(crate) comparison: Comparison,
}

/// What a table says is, or is not, so of the first and the last year.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Growth {
    pub(crate) first: (Period, Quantity),
    pub(crate) last: (Period, Quantity),
    /// The difference, relative to the first.
    pub(crate) rate: Quantity,
    /// The difference.
    pub(crate) change: Quantity,
}

impl<'v> View<'v> {
    /// What the packs' rules reckon for the rows of a table, in the order of rules and years.
    pub(crate) fn derived(self, entity: &'v Entity) -> Vec<Derived<'v>> {
        let mut derived = Vec::new();
        let evaluation = Evaluation {
            plan: self.plan(),
            vocabulary: self.vocabulary(),
            subject: Subject::Entity(entity),
            period: None,
            outer: None,
            trace: None,
        };
        for rule in self.rules() {
            let Form::Each(each) = &rule.form else { continue };
            let Node::Every(_, _, _, body) = &each.expect.node else { continue };
            let Some((row, comparison, right)) = reckoned(body).filter(|_| each.kind == entity.kind) else { continue };
            for year in entity.columns.iter().filter_map(|(period, _)| *period) {
                let inner = Evaluation { period: Some(year), ..evaluation };
                let Some(Value::Number(expected)) = inner.value(right, &mut Outcome::default()) else { continue };
                let found = entity.cell(row, year).and_then(|datum| match datum.value {
                    Some(Value::Number(quantity)) => Some((quantity, datum.place)),
                    _ => None,
                });
                let places = found.map_or_else(|| self.places(&expected), |(found, _)| found);
                let expected = expected.rounded_like(places);
                derived.push(Derived { rule, row, year, found, expected, comparison });
            }
        }
        derived
    }

    /// A rate that nobody wrote is shown to a tenth of a per cent.
    fn places(self, expected: &Quantity) -> Quantity {
        let places = if expected.measure == Measure::Rate { Some(3) } else { expected.places };
        Quantity { places, ..*expected }
    }

    /// How a row grows from the baseline, or its first figure, to its last.
    pub(crate) fn growth(self, entity: &Entity, row: &str) -> Option<Growth> {
        let figures: Vec<(Period, Quantity)> = entity
            .columns
            .iter()
            .filter_map(|(year, _)| match entity.cell(row, (*year)?)?.value {
                Some(Value::Number(quantity)) => Some(((*year)?, quantity)),
                _ => None,
            })
            .collect();
        let baseline = self.plan().header().and_then(|header| match header.value("baseline") {
            Some(Value::Year(year)) => Some(Period::Year(*year)),
            _ => None,
        });
        let first = figures.iter().find(|(year, _)| Some(*year) == baseline).or(figures.first())?;
        let last = figures.last().filter(|last| last.0.ordinal() > first.0.ordinal())?;
        let change = last.1.apply(Operation::Subtract, first.1)?;
        let rate = change.apply(Operation::Divide, first.1).filter(|rate| rate.measure == Measure::Rate)?;
        let rate = rate.rounded_like(Quantity { places: Some(3), ..rate });
        Some(Growth { first: *first, last: *last, rate, change })
    }
}

/// A comparison of a row with what follows from other figures.
fn reckoned(body: &Expr) -> Option<(&Arc<str>, Comparison, &Expr)> {
    let Node::Compare(comparison @ (Comparison::Follows | Comparison::Equal), left, right) = &body.node else { return None };
    match (&left.node, &right.node) {
        (Node::Field(row, None), Node::Operate(..)) => Some((row, *comparison, right)),
        _ => None,
    }
}
