//! The types of expressions: what may be compared and reckoned with what is a table of `rules/resolve/fit.rs`.

use std::sync::Arc;

use crate::model::value::{Measure, Quantity};
use crate::time::Grain;
use crate::vocabulary::types::{CellType, Type};
use crate::vocabulary::{KindId, ScaleId, SetId, Vocabulary};

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
    /// A quarter of a financial year.
    Quarter,
    /// A month.
    Month,
    /// A year, a quarter or a month: which, is known only when the plan is.
    Period,
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
    /// The name of a row of a table.
    Row,
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

impl Ty {
    /// Of a year, a quarter or a month, how long it is.
    pub(super) fn grain(&self) -> Option<Grain> {
        match self {
            Self::Year => Some(Grain::Year),
            Self::Quarter => Some(Grain::Quarter),
            Self::Month => Some(Grain::Month),
            _ => None,
        }
    }

    pub(super) fn of_grain(grain: Option<Grain>) -> Self {
        match grain {
            Some(Grain::Year) => Self::Year,
            Some(Grain::Quarter) => Self::Quarter,
            Some(Grain::Month) => Self::Month,
            None => Self::Period,
        }
    }
}

pub(super) fn together(one: Dimension, other: Dimension) -> bool {
    use Dimension::{Any, Plain, Rate, Zero};
    one == other || matches!((one, other), (Any | Zero, _) | (_, Any | Zero) | (Plain, Rate) | (Rate, Plain))
}

pub(super) fn dimension(quantity: Quantity) -> Dimension {
    match quantity.measure {
        Measure::Plain => Dimension::Plain,
        Measure::Unit(_) => Dimension::Counted,
        Measure::Rate => Dimension::Rate,
        Measure::Points => Dimension::Points,
        Measure::Money => Dimension::Money,
    }
}

pub(super) fn cell_type(cell: &CellType, repeats: bool) -> Ty {
    let ty = match &cell.ty {
        Type::Text | Type::Narrative | Type::Name | Type::Rule | Type::Subject => Ty::Text,
        Type::Number => Ty::Number(Dimension::Plain),
        Type::Quantity => Ty::Number(Dimension::Counted),
        Type::Rate => Ty::Number(Dimension::Rate),
        Type::Change | Type::Value | Type::Amount => Ty::Number(Dimension::Any),
        Type::Money => Ty::Number(Dimension::Money),
        Type::Date => Ty::Date,
        Type::Year => Ty::Year,
        Type::Quarter => Ty::Quarter,
        Type::Month => Ty::Month,
        Type::Years => Ty::Years,
        Type::Days => Ty::Days,
        Type::Duration => Ty::Duration,
        Type::YesNo => Ty::YesNo,
        Type::Body => Ty::Body,
        Type::Term(set) => Ty::Term(*set),
        Type::Level(scale) => Ty::Level(*scale),
        Type::Reference(kind) => Ty::Entity(*kind),
        Type::Unit(_) => Ty::Unit,
        Type::Row => Ty::Row,
        Type::Series(inner) => match cell_type(&CellType::one((**inner).clone()), false) {
            Ty::Number(dimension) => return Ty::Series(dimension),
            other => other,
        },
    };
    if cell.list || repeats { Ty::List(Box::new(ty)) } else { ty }
}

pub(super) fn describe(vocabulary: &Vocabulary, ty: &Ty) -> String {
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
        Ty::Quarter => "a quarter".to_owned(),
        Ty::Month => "a month".to_owned(),
        Ty::Period => "a period".to_owned(),
        Ty::Years => "a run of years".to_owned(),
        Ty::Days => "a run of days".to_owned(),
        Ty::Duration => "a length of time".to_owned(),
        Ty::YesNo => "`yes` or `no`".to_owned(),
        Ty::Term(set) => format!("a {}", vocabulary.set_def(*set).map_or_else(String::new, |set| set.name.replace('-', " "))),
        Ty::Level(scale) => format!("a level of {}", vocabulary.scale_def(*scale).map_or("", |scale| &*scale.name)),
        Ty::Unit => "a unit".to_owned(),
        Ty::Row => "the name of a row".to_owned(),
        Ty::Body => "a body".to_owned(),
        Ty::Entity(kind) => format!("a `{}`", vocabulary.kind_def(*kind).map_or("", |kind| &*kind.name)),
        Ty::Series(_) => "a row of a table".to_owned(),
        Ty::List(inner) => format!("a list ({})", describe(vocabulary, inner)),
        Ty::Unknown => "something unknown".to_owned(),
        Ty::Word(word) => format!("the word `{word}`"),
    }
}
