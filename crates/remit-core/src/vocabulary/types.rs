//! The types of fields.

use std::sync::Arc;

use crate::vocabulary::{KindId, ScaleId, SetId};

/// What may stand in a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Text in quotes.
    Text,
    /// Text in quotes, in which `{…}` names facts.
    Narrative,
    /// A bare name, or text.
    Name,
    /// A number without a unit.
    Number,
    /// A number of staff, whose unit the table gives.
    Quantity,
    /// `5%`, a share of a whole.
    Rate,
    /// `5%` relative to what was, or `2 points`.
    Change,
    /// A number with its unit: `400 wte`, `30 places`.
    Amount,
    /// `£2.4m`.
    Money,
    /// A day.
    Date,
    /// A financial year.
    Year,
    /// A quarter of a financial year.
    Quarter,
    /// A month.
    Month,
    /// One financial year, or several as a range.
    Years,
    /// One day, or several as a range.
    Days,
    /// `24 months`.
    Duration,
    /// `yes` or `no`.
    YesNo,
    /// A body.
    Body,
    /// Any number, with any unit.
    Value,
    /// A term of a set.
    Term(SetId),
    /// A level of a scale.
    Level(ScaleId),
    /// The name of a statement of a kind.
    Reference(KindId),
    /// A unit that counts something.
    Unit(Arc<str>),
    /// The name of a row of a table.
    Row,
    /// The name of a rule.
    Rule,
    /// The name of any statement or body of the plan.
    Subject,
    /// A value for each year of a table.
    Series(Box<Type>),
}

/// A cell of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellType {
    /// What may stand in it.
    pub ty: Type,
    /// Whether several, joined by commas, may stand in it.
    pub list: bool,
    /// Whether it may be left out.
    pub optional: bool,
    /// What rules call it, where it is not the first of its field.
    pub alias: Option<Arc<str>>,
}

impl CellType {
    /// A single value that has to be there.
    pub fn one(ty: Type) -> Self {
        Self { ty, list: false, optional: false, alias: None }
    }
}
