//! Reads cells by their types, and says what was expected where something else stands.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::Reading;
use crate::model::bodies::Bodies;
use crate::model::build::table::follows;
use crate::model::value::{Between, Datum, Measure, Quantity, Value};
use crate::problem::{Problem, did_you_mean};
use crate::source::Span;
use crate::syntax::MOST_PROBLEMS;
use crate::syntax::literal::{self, Decimal, Literal};
use crate::syntax::tree::{Cell, Element, Value as Word};
use crate::time::{Days, Duration, FinancialYear, Period};
use crate::vocabulary::types::{CellType, Type};
use crate::vocabulary::{KindId, UnitId};

/// The rules under which faults of words and types are reported.
pub(super) const TYPE: &str = "remit/type";
pub(super) const UNKNOWN_BODY: &str = "remit/unknown-body";
pub(super) const UNKNOWN_NAME: &str = "remit/unknown-name";
pub(super) const UNKNOWN_TERM: &str = "remit/unknown-term";

/// What is known when cells are read.
pub(super) struct Cells<'r> {
    pub(super) reading: Reading<'r>,
    pub(super) bodies: &'r Bodies,
    pub(super) names: &'r HashMap<(KindId, Arc<str>), usize>,
    pub(super) problems: Vec<Problem>,
    /// How much is wrong with the other statements, as far as that is known.
    pub(super) said: usize,
    /// The unit of the table that is being read.
    pub(super) unit: Option<UnitId>,
    /// The value of each fact, where a figure may be given by the fact's name; a fact itself is a figure, so not there.
    pub(super) facts: Option<HashMap<Arc<str>, Option<Value>>>,
    /// Where facts are used, and which.
    pub(super) fact_uses: Vec<(u32, Span)>,
}

/// What a cell belongs to, for messages.
#[derive(Clone, Copy)]
pub(super) struct Slot<'v> {
    /// The field or clause, as people write it.
    pub(super) name: &'v str,
    /// What the vocabulary's author says of it.
    pub(super) doc: &'v str,
}

impl Cells<'_> {
    /// The values of one cell.
    pub(super) fn cell(&mut self, cell: Cell<'_>, ty: &CellType, slot: Slot<'_>) -> Vec<Datum> {
        let elements = cell.elements();
        if let ([_, second, ..], false) = (elements, ty.list) {
            let span = cell.span().unwrap_or(second.span());
            self.problems.push(Problem::error(TYPE, span, format!("`{}` takes one value, not a list", slot.name)).help(slot.doc));
        }
        elements.iter().filter_map(|element| self.element(element, &ty.ty, slot)).collect()
    }

    /// One value; `None` where `-` says that it is not given.
    pub(super) fn element(&mut self, element: &Element, ty: &Type, slot: Slot<'_>) -> Option<Datum> {
        let place = element.span();
        let read = |value: Option<Value>| Some(Datum { value, place });
        match (element, ty) {
            (Element::One(word), _) if word.literal == Literal::Absent => None,
            (Element::One(word), _) if word.literal == Literal::Bad => read(None),
            (Element::One(word), _) => {
                let value = self.word(*word, ty, slot);
                read(value)
            }
            (Element::Range(from, to), Type::Years) => match (from.literal, to.literal) {
                (Literal::Year(first), Literal::Year(last)) if first <= last => read(Some(Value::Years(first, last))),
                (Literal::Year(first), Literal::Year(last)) => {
                    self.problems.push(
                        Problem::error(TYPE, place, format!("{last} comes before {first}")).help("write the first year first").fix(
                            "turn the years round",
                            place,
                            format!("{last} to {first}"),
                        ),
                    );
                    read(None)
                }
                (Literal::Bad, _) | (_, Literal::Bad) => read(None),
                (Literal::Month(first, second), Literal::Month(last, next)) if follows(first, second) && follows(last, next) => {
                    let written = format!("{} to {}", FinancialYear(first), FinancialYear(last));
                    self.dashed_year(place, written);
                    read(None)
                }
                _ => self.wrong(place, ty, slot),
            },
            (Element::Range(from, to), Type::Days) => match (from.literal, to.literal) {
                (Literal::Date(first), Literal::Date(last)) if first <= last => read(Some(Value::Days(Days { first, last }))),
                (Literal::Bad, _) | (_, Literal::Bad) => read(None),
                _ => self.wrong(place, ty, slot),
            },
            (Element::About(word, _) | Element::UpTo(word, _), ty) if is_numeric(ty) => {
                let Some(Value::Number(number)) = self.word(*word, ty, slot) else { return read(None) };
                if matches!(element, Element::About(..)) {
                    return read(Some(Value::Between(Between::about(number))));
                }
                let bound = Between::up_to(number);
                if bound.is_none() {
                    self.problems.push(
                        Problem::error(TYPE, place, "`up to` begins at nought, and this is below it")
                            .help("write the range that is meant, or the figure itself"),
                    );
                }
                read(bound.map(Value::Between))
            }
            (Element::Estimate(three), ty) if is_numeric(ty) => {
                let mut quantities = Vec::new();
                for word in three {
                    match self.word(*word, ty, slot) {
                        Some(Value::Number(quantity)) => quantities.push(quantity),
                        _ => return read(None),
                    }
                }
                if quantities.iter().any(|one| Some(one.measure) != quantities.first().map(|first| first.measure)) {
                    self.problems.push(
                        Problem::error(TYPE, place, "the three values of this estimate do not count the same")
                            .help("give all three one unit; a last unit covers all"),
                    );
                    return read(None);
                }
                read(<[Quantity; 3]>::try_from(quantities).ok().map(Value::Estimate))
            }
            _ => self.wrong(place, ty, slot),
        }
    }

    /// `2011-12`, which is a month by its form.
    fn dashed_year(&mut self, place: Span, written: String) {
        self.problems.push(Problem::error(TYPE, place, "a financial year is written with a `/`").fix(
            format!("write `{written}`"),
            place,
            written,
        ));
    }

    fn wrong(&mut self, place: Span, ty: &Type, slot: Slot<'_>) -> Option<Datum> {
        self.mismatch(place, ty, slot);
        Some(Datum { value: None, place })
    }

    pub(super) fn mismatch(&mut self, place: Span, ty: &Type, slot: Slot<'_>) -> &mut Problem {
        let expected = self.reading.vocabulary.describe(ty);
        let words = self.reading.sources.words(place).to_owned();
        let mut problem =
            Problem::error(TYPE, place, format!("`{}` takes {expected}", slot.name)).help(format!("{}: {}", slot.name, slot.doc));
        if matches!(ty, Type::Text | Type::Narrative) && literal::is_name(&words) {
            problem = problem.fix("put it in quotes", place, format!("\"{words}\""));
        }
        self.problems.push(problem);
        let last = self.problems.len() - 1;
        #[expect(clippy::indexing_slicing, reason = "the problem was pushed on the line above")]
        &mut self.problems[last]
    }

    fn word(&mut self, word: Word, ty: &Type, slot: Slot<'_>) -> Option<Value> {
        let words = self.reading.sources.words(word.span);
        let value = match (ty, word.literal) {
            (Type::Narrative, Literal::Text) => {
                self.facts_in_text(word.span, words);
                Some(Value::Text(Arc::from(&*literal::text(words))))
            }
            (Type::Text, Literal::Text) => Some(Value::Text(Arc::from(&*literal::text(words)))),
            (Type::Row, Literal::Name) => return self.row_name(word, words),
            (Type::Name, Literal::Name | Literal::Number(_)) => Some(Value::Name(Arc::from(words))),
            (Type::Name, Literal::Text) => Some(Value::Name(Arc::from(&*literal::text(words)))),
            (Type::Date, Literal::Date(date)) => Some(Value::Date(date)),
            (Type::Year, Literal::Year(year)) => Some(Value::Year(year)),
            (Type::Quarter, Literal::Quarter(year, quarter)) => Some(Value::Period(Period::Quarter(year, quarter))),
            (Type::Year | Type::Years, Literal::Month(year, month)) if follows(year, month) => {
                self.dashed_year(word.span, FinancialYear(year).to_string());
                return None;
            }
            (Type::Month, Literal::Month(year, month)) => Some(Value::Period(Period::Month(year, month))),
            (Type::Years, Literal::Year(year)) => Some(Value::Years(year, year)),
            (Type::Days, Literal::Date(day)) => Some(Value::Days(Days { first: day, last: day })),
            (Type::YesNo, Literal::Name) if matches!(words, "yes" | "no") => Some(Value::YesNo(words == "yes")),
            (Type::Duration, Literal::Quantity(number, unit)) => self.duration(number, unit),
            (Type::Body, Literal::Name | Literal::Text) => return self.body(word, words),
            (
                Type::Term(_) | Type::Level(_) | Type::Reference(_) | Type::Unit(_) | Type::Rule | Type::Subject,
                Literal::Name | Literal::Text,
            ) => {
                return self.named(word, ty, slot, &literal::text(words));
            }
            (ty, Literal::Name) if is_numeric(ty) && self.facts.is_some() => return self.fact(word, words, ty, slot),
            (ty, literal) if is_numeric(ty) => return self.number(word, literal, ty, slot),
            _ => None,
        };
        if value.is_none() {
            self.mismatch(word.span, ty, slot);
        }
        value
    }

    fn row_name(&mut self, word: Word, name: &str) -> Option<Value> {
        let rows = || self.reading.vocabulary.kinds().iter().flat_map(|kind| &kind.rows).map(|row| &*row.name);
        if rows().any(|row| row == name) {
            return Some(Value::Name(Arc::from(name)));
        }
        let problem = Problem::error(UNKNOWN_TERM, word.span, format!("there is no row `{name}`"));
        let problem = match did_you_mean(name, rows()) {
            Some(near) => problem.meant(near),
            None => problem.help("name a row that tables have, such as `in-post` or `establishment`"),
        };
        self.problems.push(problem);
        None
    }

    fn duration(&self, number: Decimal, unit: Span) -> Option<Value> {
        let unit = self.reading.vocabulary.unit(self.reading.sources.words(unit))?;
        let whole =
            (number.places == 0).then(|| i32::try_from(number.digits).ok()).flatten().filter(|count| (0..=12_000).contains(count))?;
        match &*self.reading.vocabulary.unit_def(unit)?.name {
            "months" => Some(Value::Duration(Duration::Months(whole))),
            "years" => Some(Value::Duration(Duration::Months(whole * 12))),
            "days" => Some(Value::Duration(Duration::Days(whole))),
            _ => None,
        }
    }

    pub(super) fn body(&mut self, word: Word, words: &str) -> Option<Value> {
        let name = literal::text(words);
        if let Some(body) = self.bodies.find(&name) {
            return Some(Value::Body(body));
        }
        let upper = name.to_uppercase();
        let near = if self.bodies.find(&upper).is_some() {
            Some(upper.as_str())
        } else if self.said + self.problems.len() >= MOST_PROBLEMS {
            None
        } else {
            let long_names = self.bodies.register().names().filter(|known| known.len() > 6 && name.len() > 3);
            did_you_mean(&name, self.bodies.own_names().chain(long_names))
        };
        let mut problem = Problem::error(UNKNOWN_BODY, word.span, format!("there is no body `{name}`"));
        problem = match near {
            Some(near) => problem.meant(near),
            None => problem.help("check the ODS code; a body that the register does not hold is declared, as in `partner newcastle-college \"Newcastle College\"`"),
        };
        self.problems.push(problem);
        None
    }

    pub(super) fn named(&mut self, word: Word, ty: &Type, slot: Slot<'_>, name: &str) -> Option<Value> {
        let vocabulary = self.reading.vocabulary;
        let rules = self.reading.rules;
        let short = |rule: &'_ Arc<str>| rule.split_once('/').map_or(rule.to_string(), |(_, rule)| rule.to_owned());
        let found = match ty {
            Type::Term(set) => vocabulary.term(*set, name).map(Value::Term),
            Type::Level(scale) => vocabulary.level(*scale, name).map(|level| Value::Level(*scale, level)),
            Type::Unit(of) => {
                vocabulary.unit(name).filter(|unit| vocabulary.unit_def(*unit).is_some_and(|unit| unit.of == *of)).map(Value::Unit)
            }
            Type::Reference(kind) => self.names.get(&(*kind, Arc::from(name))).map(|at| Value::Entity(*at as u32)),
            Type::Rule => rules.iter().find(|rule| &***rule == name || short(rule) == name).map(|rule| Value::Name(rule.clone())),
            _ => self.is_subject(name).then(|| Value::Name(Arc::from(name))),
        };
        if found.is_some() {
            return found;
        }
        if matches!(ty, Type::Rule) && name.starts_with("remit/") {
            self.problems.push(
                Problem::error("remit/waiver-refused", word.span, format!("`{name}` is never waived"))
                    .help("the language's own rules say that something could not be read: put that right, and remove the waiver"),
            );
            return None;
        }
        let (rule, what): (&str, String) = match ty {
            Type::Term(set) => (UNKNOWN_TERM, vocabulary.set_def(*set).map_or(String::new(), |set| set.name.replace('-', " "))),
            Type::Level(_) => (UNKNOWN_TERM, "level".to_owned()),
            Type::Unit(_) => (UNKNOWN_TERM, "unit".to_owned()),
            Type::Reference(kind) => (UNKNOWN_NAME, vocabulary.kind_def(*kind).map_or("", |kind| &*kind.name).to_owned()),
            Type::Rule => ("remit/unknown-rule", "rule".to_owned()),
            _ => (UNKNOWN_NAME, "statement".to_owned()),
        };
        // A file that is no plan has a fault at every word: beyond the cap nobody reads what was meant.
        let near = if self.said + self.problems.len() < MOST_PROBLEMS { self.near(ty, name) } else { None };
        let mut problem = Problem::error(rule, word.span, format!("there is no {what} `{name}`"));
        problem = match near {
            Some(near) => problem.meant(&near),
            None if matches!(ty, Type::Subject) => problem.help("name a statement or a body of this plan, or the organisation's ODS code"),
            None if rule == UNKNOWN_NAME => problem.help(format!("name one that this plan has, or add `{what} {name} {{ … }}`")),
            None => problem.help(format!("{} takes {}", slot.name, vocabulary.describe(ty))),
        };
        self.problems.push(problem);
        None
    }

    /// Whether a waiver may name it: a statement, a body, or a kind of which there is one.
    fn is_subject(&self, name: &str) -> bool {
        let kinds = || (0..self.reading.vocabulary.kinds().len()).map(|at| KindId(at as u16));
        let arc: Arc<str> = Arc::from(name);
        self.bodies.find(name).is_some()
            || self.reading.vocabulary.kind(name).is_some()
            || kinds().any(|kind| self.names.contains_key(&(kind, arc.clone())))
    }

    /// What was most likely meant by a name that there is not.
    fn near(&self, ty: &Type, name: &str) -> Option<String> {
        let vocabulary = self.reading.vocabulary;
        let mut known: Vec<&str> = match ty {
            Type::Term(set) => vocabulary.terms(*set).map(|term| &*term.name).collect(),
            Type::Level(scale) => {
                vocabulary.scale_def(*scale).map(|scale| scale.levels.iter().map(AsRef::as_ref).collect()).unwrap_or_default()
            }
            Type::Unit(of) => vocabulary.units().iter().filter(|unit| unit.of == *of).map(|unit| &*unit.name).collect(),
            Type::Reference(kind) => self.names.keys().filter(|(of, _)| of == kind).map(|(_, name)| &**name).collect(),
            Type::Rule => self.reading.rules.iter().map(|rule| rule.split_once('/').map_or(&**rule, |(_, rule)| rule)).collect(),
            _ => self.names.keys().map(|(_, name)| &**name).collect(),
        };
        // Of many names, what was meant is looked for among some: a guess is not worth a wait.
        known.sort_unstable();
        known.truncate(5_000);
        did_you_mean(name, known).map(str::to_owned)
    }

    fn number(&mut self, word: Word, literal: Literal, ty: &Type, slot: Slot<'_>) -> Option<Value> {
        let vocabulary = self.reading.vocabulary;
        let plain = |number: Decimal, measure: Measure| {
            Some(Value::Number(Quantity { amount: number.rational(), measure, places: Some(number.places) }))
        };
        let hundredth = |number: Decimal, measure: Measure| {
            let number = Decimal { places: number.places.saturating_add(2), ..number };
            plain(number, measure)
        };
        let words = self.reading.sources.words(word.span);
        match (ty, literal) {
            (Type::Number | Type::Amount | Type::Value, Literal::Number(number)) => plain(number, Measure::Plain),
            (Type::Quantity, Literal::Number(number)) => plain(number, self.unit.map_or(Measure::Plain, Measure::Unit)),
            (Type::Rate | Type::Change | Type::Value, Literal::Percent(number)) => hundredth(number, Measure::Rate),
            (Type::Money | Type::Value, Literal::Money(number)) => plain(number, Measure::Money),
            (Type::Rate, Literal::Number(_)) => {
                let fixed = format!("{words}%");
                self.mismatch(word.span, ty, slot).fixes.push(crate::problem::Fix::replace(
                    "write it in per cent".to_owned(),
                    word.span,
                    fixed,
                ));
                None
            }
            (Type::Quantity | Type::Amount | Type::Change | Type::Value, Literal::Quantity(number, unit)) => {
                let unit_words = self.reading.sources.words(unit);
                let Some(id) = vocabulary.unit(unit_words) else {
                    let near = did_you_mean(unit_words, vocabulary.units().iter().map(|unit| &*unit.name)).map(str::to_owned);
                    let mut problem = Problem::error(UNKNOWN_TERM, unit, format!("there is no unit `{unit_words}`"));
                    problem = match near {
                        Some(near) => problem.meant(&near),
                        None => problem.help("a bare word straight after a number is its unit: `wte`, `headcount`, `points` …"),
                    };
                    self.problems.push(problem);
                    return None;
                };
                let of = vocabulary.unit_def(id).map_or("", |unit| &*unit.of);
                if let (Type::Quantity, Some(table)) = (ty, self.unit.filter(|table| *table != id && of == "people")) {
                    let table = vocabulary.unit_def(table).map_or("", |unit| &*unit.name);
                    self.problems.push(
                        Problem::error(TYPE, word.span, format!("this table counts {table}"))
                            .help("wte and headcount are never summed: keep them in tables of their own"),
                    );
                    return None;
                }
                match (of, ty) {
                    ("points", Type::Change | Type::Value) => hundredth(number, Measure::Points),
                    ("people", Type::Quantity | Type::Amount | Type::Value) | ("places", Type::Amount | Type::Value) => {
                        plain(number, Measure::Unit(id))
                    }
                    _ => {
                        self.mismatch(word.span, ty, slot);
                        None
                    }
                }
            }
            _ => {
                self.mismatch(word.span, ty, slot);
                None
            }
        }
    }
}

fn is_numeric(ty: &Type) -> bool {
    matches!(ty, Type::Number | Type::Quantity | Type::Rate | Type::Change | Type::Amount | Type::Money | Type::Value)
}
