//! Facts, named once: their values where a figure is expected, and their names in narrative text.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::read::{Cells, Slot, TYPE, UNKNOWN_NAME};
use crate::model::value::{Measure, Quantity, Value};
use crate::problem::{Problem, did_you_mean};
use crate::source::Span;
use crate::syntax::literal;
use crate::syntax::tree::{Cell, Statement, Value as Word};
use crate::vocabulary::KindId;
use crate::vocabulary::types::Type;

/// The value of a fact, as far as its statement gives one; what is wrong with it is said when the statement is read.
pub(super) fn value(cells: &mut Cells<'_>, statement: Statement<'_>) -> Option<Value> {
    let sources = cells.reading.sources;
    let child = statement.children().find(|child| sources.words(child.head()) == "value" && !child.is_broken())?;
    let element = child.cells().next().and_then(|cell: Cell<'_>| cell.elements().first())?;
    let problems = cells.problems.len();
    let read = cells.element(element, &Type::Value, Slot { name: "value", doc: "" });
    cells.problems.truncate(problems);
    read.and_then(|datum| datum.value)
}

impl Cells<'_> {
    fn kind_of_facts(&self) -> Option<KindId> {
        self.reading.vocabulary.kind("fact")
    }

    /// A figure that is given by the name of a fact.
    pub(super) fn fact(&mut self, word: Word, name: &str, ty: &Type, slot: Slot<'_>) -> Option<Value> {
        let known = self.facts.as_ref().and_then(|facts: &HashMap<Arc<str>, Option<Value>>| facts.get(name).cloned());
        let Some(value) = known else {
            let near = self.facts.as_ref().and_then(|facts| did_you_mean(name, facts.keys().map(AsRef::as_ref)).map(str::to_owned));
            if let Some(near) = near {
                self.problems.push(Problem::error(UNKNOWN_NAME, word.span, format!("there is no fact `{name}`")).meant(&near));
            } else {
                self.mismatch(word.span, ty, slot);
            }
            return None;
        };
        self.use_fact(name, word.span);
        // What is wrong with the fact is said there.
        let value = value?;
        let measures = match &value {
            Value::Number(number) => vec![number.measure],
            Value::Estimate(three) => three.iter().map(|one| one.measure).collect(),
            Value::Between(between) => vec![between.low.measure],
            _ => Vec::new(),
        };
        let of = |measure: &Measure| match measure {
            Measure::Unit(unit) => self.reading.vocabulary.unit_def(*unit).map_or("", |unit| &*unit.of),
            _ => "",
        };
        let fits = |measure: &Measure| match (ty, measure) {
            (Type::Value, _) | (Type::Number | Type::Amount, Measure::Plain) | (Type::Rate, Measure::Rate) => true,
            (Type::Change, Measure::Rate | Measure::Points) | (Type::Money, Measure::Money) => true,
            (Type::Amount, Measure::Unit(_)) => matches!(of(measure), "people" | "places"),
            (Type::Quantity, Measure::Unit(unit)) => of(measure) == "people" && self.unit.is_none_or(|table| table == *unit),
            (Type::Quantity, Measure::Plain) => true,
            _ => false,
        };
        if !measures.iter().all(fits) {
            let shown = crate::model::value::show(&value, self.reading.vocabulary, self.bodies);
            let expected = match (ty, self.unit.and_then(|unit| self.reading.vocabulary.unit_def(unit))) {
                (Type::Quantity, Some(unit)) => format!("this table counts {}", unit.name),
                _ => format!("`{}` takes {}", slot.name, self.reading.vocabulary.describe(ty)),
            };
            self.problems.push(
                Problem::error(TYPE, word.span, format!("{expected}, and the fact `{name}` is {shown}"))
                    .help("name a fact that counts the same, or write the figure"),
            );
            return None;
        }
        // A fact without a unit is counted as the table is.
        let in_table = |number: Quantity| match (ty, number.measure, self.unit) {
            (Type::Quantity, Measure::Plain, Some(unit)) => Quantity { measure: Measure::Unit(unit), ..number },
            _ => number,
        };
        Some(match value {
            Value::Number(number) => Value::Number(in_table(number)),
            Value::Estimate(three) => Value::Estimate(three.map(in_table)),
            value => value,
        })
    }

    /// The facts that narrative text names: `"We employ {staff-total} people"`.
    pub(super) fn facts_in_text(&mut self, text: Span, words: &str) {
        let mut at = 0;
        // Names hold neither quotes nor backslashes, so that the words as written give every place.
        while let Some(open) = words.get(at..).and_then(|rest| rest.find('{')).map(|found| at + found) {
            let rest = words.get(open + 1..).unwrap_or("");
            // A brace with a blank or a mark behind it is a brace.
            if !rest.starts_with(|first: char| first.is_alphanumeric() || first == '}') {
                at = open + 1;
                continue;
            }
            let end = rest.find(['}', '{', '\n']).filter(|end| rest.as_bytes().get(*end) == Some(&b'}'));
            let place = |from: usize, to: usize| Span { start: text.start + from as u32, end: text.start + to as u32, ..text };
            let Some(end) = end else {
                self.problems.push(
                    Problem::error(TYPE, place(open, open + 1), "this `{` begins the name of a fact, and is not closed")
                        .help("write the fact's name between `{` and `}`, as in `{staff-total}`"),
                );
                at = open + 1;
                continue;
            };
            let name = rest.get(..end).unwrap_or("");
            let span = place(open + 1, open + 1 + end);
            at = open + end + 2;
            let known = self.kind_of_facts().is_some_and(|kind| self.names.contains_key(&(kind, Arc::from(name))));
            if known {
                self.use_fact(name, span);
                continue;
            }
            let near = self.kind_of_facts().and_then(|kind| {
                let facts = self.names.keys().filter(|(of, _)| *of == kind).map(|(_, name)| &**name);
                did_you_mean(name, facts).map(str::to_owned)
            });
            let is_name = literal::is_name(name);
            let problem = if is_name {
                Problem::error(UNKNOWN_NAME, span, format!("there is no fact `{name}`"))
            } else {
                Problem::error(TYPE, place(open, at), "what stands between `{` and `}` is the name of a fact")
            };
            self.problems.push(match near {
                Some(near) if is_name => problem.meant(&near),
                _ if is_name => problem.help(format!("name one that this plan has, or add `fact {name} {{ value … }}`")),
                _ => problem.help("write the fact's name, as in `{staff-total}`, or leave the braces out"),
            });
        }
    }

    fn use_fact(&mut self, name: &str, place: Span) {
        let fact = self.kind_of_facts().and_then(|kind| self.names.get(&(kind, Arc::from(name))));
        if let Some(fact) = fact {
            self.fact_uses.push((*fact as u32, place));
        }
    }
}
