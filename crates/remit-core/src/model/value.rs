//! Values: exact, with their units, and with the place that each came from.

use std::fmt::Write as _;
use std::sync::Arc;

use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub, Signed, Zero};

use crate::model::bodies::{Bodies, BodyId};
use crate::source::Span;
use crate::syntax::literal::Rational;
use crate::time::{Date, Days, Duration, FinancialYear, Period};
use crate::vocabulary::{ScaleId, TermId, UnitId, Vocabulary};

/// A value with the words it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Datum {
    /// What it is; `None` where the words could not be read, which has been reported.
    pub value: Option<Value>,
    /// The words.
    pub place: Span,
}

/// What a plan says in one value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Text, without its quotes.
    Text(Arc<str>),
    /// A bare name of nothing in particular.
    Name(Arc<str>),
    /// A number.
    Number(Quantity),
    /// Low, central and high.
    Estimate([Quantity; 3]),
    /// A number that is known to lie between two.
    Between(Between),
    /// A day.
    Date(Date),
    /// A financial year.
    Year(FinancialYear),
    /// A quarter or a month.
    Period(Period),
    /// Financial years, both ends included.
    Years(FinancialYear, FinancialYear),
    /// Days, both ends included.
    Days(Days),
    /// A length of time.
    Duration(Duration),
    /// Yes or no.
    YesNo(bool),
    /// A term of a set.
    Term(TermId),
    /// A level of a scale, lowest first.
    Level(ScaleId, u8),
    /// A unit.
    Unit(UnitId),
    /// A body.
    Body(BodyId),
    /// A statement of the plan, by its place in it.
    Entity(u32),
}

impl Value {
    /// A period as a value.
    pub fn of_period(period: Period) -> Self {
        match period {
            Period::Year(year) => Self::Year(year),
            period => Self::Period(period),
        }
    }

    /// The year, the quarter or the month that it is.
    pub fn period(&self) -> Option<Period> {
        match self {
            Self::Year(year) => Some(Period::Year(*year)),
            Self::Period(period) => Some(*period),
            _ => None,
        }
    }
}

/// A number that is known to lie between two, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Between {
    /// The least that it may be.
    pub low: Quantity,
    /// The most that it may be.
    pub high: Quantity,
    /// How the plan says so.
    pub said: Said,
}

/// How a plan says that a number is not exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// `about 6_500`
    About(Quantity),
    /// `up to £24m`
    UpTo(Quantity),
    /// It was worked out from others.
    WorkedOut,
}

impl Between {
    /// `about` a number: half of its last written place that is not nought to either side, and no more than a twentieth of it.
    pub fn about(number: Quantity) -> Self {
        let size = number.amount.abs();
        let twentieth = size / Rational::from_integer(20);
        let width = last_place(number).map_or(twentieth, |place| (place / Rational::from_integer(2)).min(twentieth));
        let at = |amount| Quantity { amount, ..number };
        Self { low: at(number.amount - width), high: at(number.amount + width), said: Said::About(number) }
    }

    /// `up to` a number: anything from nought; `None` below nought.
    pub fn up_to(number: Quantity) -> Option<Self> {
        let low = Quantity { amount: Rational::zero(), ..number };
        (!number.amount.is_negative()).then_some(Self { low, high: number, said: Said::UpTo(number) })
    }
}

/// The last place of a number as it was written that is not a nought before its point.
fn last_place(number: Quantity) -> Option<Rational> {
    let ten = Rational::from_integer(10);
    let shift = i8::from(matches!(number.measure, Measure::Rate | Measure::Points)) * 2;
    let mut places = number.places.filter(|places| (-15..=17).contains(places))?;
    let power = |places: i8| if places >= 0 { ten.pow(-i32::from(places)) } else { ten.pow(i32::from(places.unsigned_abs())) };
    let written = number.amount / power(places);
    let mut digits = written.is_integer().then(|| written.to_integer())?;
    while places <= shift && digits != 0 && digits % 10 == 0 {
        digits /= 10;
        places -= 1;
    }
    Some(power(places))
}

/// An exact number with what it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quantity {
    /// The number: a rate as a fraction of one, points as a hundredth each, money in pounds.
    pub amount: Rational,
    /// What it counts.
    pub measure: Measure,
    /// How many places after the point it was written with, in terms of `amount`; `None` when it was worked out.
    pub places: Option<i8>,
}

/// What a number counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Measure {
    /// Nothing in particular.
    Plain,
    /// A unit of the vocabulary: wte, headcount, places.
    Unit(UnitId),
    /// A share of a whole, or a relative change.
    Rate,
    /// The difference of two rates.
    Points,
    /// Pounds.
    Money,
}

/// An operation on numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

impl Quantity {
    /// A number that was worked out.
    pub fn of(amount: Rational, measure: Measure) -> Self {
        Self { amount, measure, places: None }
    }

    /// Whether it is nought.
    pub fn is_zero(self) -> bool {
        self.amount.is_zero()
    }

    /// Whether it is nought of nothing in particular, which goes with any measure.
    fn is_bare_zero(self) -> bool {
        self.measure == Measure::Plain && self.amount.is_zero()
    }

    /// The result of an operation; `None` on overflow, division by zero, or measures that do not go together.
    pub fn apply(self, operation: Operation, other: Self) -> Option<Self> {
        let (one, two) = (self.amount, other.amount);
        let (amount, measure) = match operation {
            Operation::Add | Operation::Subtract => {
                let measure = match (self.measure, other.measure) {
                    (Measure::Rate, Measure::Rate) if operation == Operation::Subtract => Measure::Points,
                    (Measure::Rate, Measure::Points) => Measure::Rate,
                    (one, two) if one == two => one,
                    (measure, _) if other.is_bare_zero() => measure,
                    (_, measure) if self.is_bare_zero() => measure,
                    _ => return None,
                };
                (if operation == Operation::Add { one.checked_add(&two)? } else { one.checked_sub(&two)? }, measure)
            }
            Operation::Multiply => {
                let measure = match (self.measure, other.measure) {
                    (Measure::Plain | Measure::Rate, measure) => measure,
                    (measure, Measure::Plain | Measure::Rate) => measure,
                    _ => return None,
                };
                (one.checked_mul(&two)?, measure)
            }
            Operation::Divide => {
                if two.is_zero() {
                    return None;
                }
                let measure = match (self.measure, other.measure) {
                    (measure, Measure::Plain) => measure,
                    (one, two) if one == two => Measure::Rate,
                    (measure, Measure::Rate) => measure,
                    _ => return None,
                };
                (one.checked_div(&two)?, measure)
            }
        };
        Some(Self::of(amount, measure))
    }

    /// How two numbers compare; `None` when what they count does not go together.
    pub fn compare(self, other: Self) -> Option<std::cmp::Ordering> {
        let alike = self.measure == other.measure
            || self.is_bare_zero()
            || other.is_bare_zero()
            || matches!((self.measure, other.measure), (Measure::Plain, Measure::Rate) | (Measure::Rate, Measure::Plain));
        alike.then(|| self.amount.cmp(&other.amount))
    }

    /// This number, rounded to the places with which another was written.
    #[must_use]
    pub fn rounded_like(self, written: Self) -> Self {
        let Some(places @ 0..=15) = written.places else { return self };
        let power = Rational::from_integer(10_i128.pow(u32::from(places.unsigned_abs())));
        let Some(scaled) = self.amount.checked_mul(&power) else { return self };
        Self { amount: scaled.round() / power, measure: self.measure, places: Some(places) }
    }

    /// Whether this figure, as written, is what `other` rounds to: within half of the last written place.
    pub fn follows(self, other: Self) -> Option<bool> {
        self.compare(other)?;
        let difference = self.amount.checked_sub(&other.amount)?.abs();
        let Some(places) = self.places else { return Some(difference.is_zero()) };
        let power = Rational::from_integer(10_i128.checked_pow(u32::from(places.unsigned_abs()))?);
        let last_place = if places >= 0 { Rational::from_integer(1).checked_div(&power)? } else { power };
        Some(difference.checked_mul(&Rational::from_integer(2))? <= last_place)
    }
}

/// A number as people read it: thousands grouped, exact where that takes at most four places, else rounded to one more than needed.
fn number(amount: Rational, places: Option<i8>) -> String {
    let negative = amount.is_negative();
    let amount = amount.abs();
    let written = usize::from(places.unwrap_or(0).max(0).unsigned_abs());
    let exact = (written..=4).find(|places| (amount * Rational::from_integer(10_i128.pow(*places as u32))).is_integer());
    // What is not nought is never shown as nought.
    let rounded = |places: usize| (amount * Rational::from_integer(10_i128.pow(places as u32))).round();
    let shown = exact.unwrap_or_else(|| (2.max(written)..=9).find(|places| !rounded(*places).is_zero()).unwrap_or(9));
    let scaled = (amount * Rational::from_integer(10_i128.pow(shown as u32))).round().to_integer();
    let digits = format!("{scaled:0>width$}", width = shown + 1);
    let (whole, fraction) = digits.split_at(digits.len() - shown);
    let mut text = String::new();
    if negative {
        text.push('-');
    }
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        let _ = write!(text, ".{fraction}");
    }
    text
}

/// A quantity as people read it.
pub fn show_quantity(quantity: Quantity, vocabulary: &Vocabulary) -> String {
    let hundred = Rational::from_integer(100);
    match quantity.measure {
        Measure::Plain => number(quantity.amount, quantity.places),
        Measure::Unit(unit) => {
            let unit = vocabulary.unit_def(unit).map_or("", |unit| &*unit.name);
            format!("{} {unit}", number(quantity.amount, quantity.places))
        }
        Measure::Rate => format!("{}%", number(quantity.amount * hundred, quantity.places.map(|places| places.saturating_sub(2)))),
        Measure::Points => {
            let points = quantity.amount * hundred;
            let unit = if points.abs() == Rational::from_integer(1) { "point" } else { "points" };
            format!("{} {unit}", number(points, quantity.places.map(|places| places.saturating_sub(2))))
        }
        Measure::Money => money(quantity),
    }
}

fn money(quantity: Quantity) -> String {
    let at_least = |power: u32| quantity.amount.abs() >= Rational::from_integer(10_i128.pow(power));
    let (unit, zeros) = match () {
        () if at_least(9) => ("bn", 9),
        () if at_least(6) => ("m", 6),
        () => ("", 0),
    };
    let sign = if quantity.amount.is_negative() { "-" } else { "" };
    let amount = quantity.amount.abs() / Rational::from_integer(10_i128.pow(zeros));
    format!("{sign}£{}{unit}", number(amount, None))
}

/// A value as people read it.
pub fn show(value: &Value, vocabulary: &Vocabulary, bodies: &Bodies) -> String {
    match value {
        Value::Text(text) | Value::Name(text) => text.to_string(),
        Value::Number(quantity) => show_quantity(*quantity, vocabulary),
        Value::Estimate(three) => three.iter().map(|one| show_quantity(*one, vocabulary)).collect::<Vec<_>>().join(" ~ "),
        Value::Between(between) => match between.said {
            Said::About(number) => format!("about {}", show_quantity(number, vocabulary)),
            Said::UpTo(number) => format!("up to {}", show_quantity(number, vocabulary)),
            Said::WorkedOut => format!("{} to {}", show_quantity(between.low, vocabulary), show_quantity(between.high, vocabulary)),
        },
        Value::Date(date) => date.to_string(),
        Value::Year(year) => year.to_string(),
        Value::Period(period) => period.to_string(),
        Value::Years(first, last) if first == last => first.to_string(),
        Value::Years(first, last) => format!("{first} to {last}"),
        Value::Days(days) => format!("{} to {}", days.first, days.last),
        Value::Duration(duration) => duration.to_string(),
        Value::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::Term(term) => vocabulary.term_def(*term).map_or_else(String::new, |term| term.name.to_string()),
        Value::Level(scale, level) => vocabulary.level_name(*scale, *level).to_owned(),
        Value::Unit(unit) => vocabulary.unit_def(*unit).map_or_else(String::new, |unit| unit.name.to_string()),
        Value::Body(body) => bodies.shown(*body),
        Value::Entity(_) => String::new(),
    }
}
