//! A plan with its types: statements as entities, values with their places, bodies as at a date.

pub mod bodies;
mod build;
pub mod clock;
mod facts;
pub(crate) mod looks;
mod read;
pub(crate) mod rebuild;
pub mod streams;
pub mod systems;
pub mod value;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::model::bodies::{Bodies, BodyId, Known};
use crate::model::clock::Clock;
use crate::model::looks::{Kinds, Looks, Shortlists, Watch};
use crate::model::value::{Datum, Value};
use crate::problem::Problem;
use crate::source::{FileId, Sources, Span};
use crate::syntax::tree::Tree;
use crate::time::{Date, Days, FinancialYear, Period};
use crate::vocabulary::{KindId, Vocabulary};

pub(crate) use build::{build, build_and_record, same_assessments};

/// A plan, read.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Its statements at top level, in the order of the files.
    pub entities: Vec<Entity>,
    /// The bodies it may name.
    pub bodies: Bodies,
    /// Every place at which it names a body.
    pub mentions: Vec<Mention>,
    /// Every place at which it names a fact, in narrative or for a figure, and the fact's place among the statements.
    pub fact_uses: Vec<(u32, Span)>,
    /// The `plan` statement.
    pub header: Option<usize>,
    /// The body that the plan is for.
    pub body: Option<BodyId>,
    /// The years that it covers.
    pub horizon: Option<(FinancialYear, FinancialYear)>,
    /// The day on which it was submitted.
    pub submitted: Option<Date>,
    /// The day as of which it is read, for words. What rules ask of it goes through the clock.
    pub as_of: Date,
    pub(crate) clock: Clock,
    /// Kinds of which a statement could not be read, so that one that is absent may have stood there.
    pub fenced: HashSet<KindId>,
    /// Whether a statement whose kind is not known could not be read: then that goes for every kind.
    pub all_fenced: bool,
    by_name: HashMap<(KindId, Arc<str>), usize>,
    looks: Looks,
    /// What rules that range over statements have left to ask of.
    pub(crate) shortlists: Shortlists,
    /// Which money was asked whether it arrives.
    pub(crate) watch: Watch,
}

/// A statement at top level.
#[derive(Debug, Clone)]
pub struct Entity {
    /// What kind of statement it is.
    pub kind: KindId,
    /// What names it, as written: `RTD`, `workforce-planning`; the kind's word where it has no name.
    pub name: Arc<str>,
    /// The words that name it.
    pub place: Span,
    /// The first word to the closing brace.
    pub whole: Span,
    /// The line without its block.
    pub line: Span,
    /// The title.
    pub title: Option<Datum>,
    /// Fields, clauses of the statement itself (by what rules call them) and what names it.
    pub fields: Vec<Field>,
    /// The years, quarters or months of its table; `None` for one that could not be read.
    pub columns: Vec<(Option<Period>, Span)>,
    /// The rows of its table.
    pub rows: Vec<Row>,
    /// Of a table by organisation, sector or place: whose rows there are.
    pub parts: Vec<Part>,
    /// Something inside could not be read, so that what is absent may have stood there.
    pub fenced: bool,
}

/// One field as written.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name, or what rules call it.
    pub name: Arc<str>,
    /// Its first word.
    pub place: Span,
    /// The whole line.
    pub line: Span,
    /// Its values: of every cell and list.
    pub values: Vec<Datum>,
    /// Its clauses, by what rules call them.
    pub clauses: Vec<(Arc<str>, Vec<Datum>)>,
}

/// One row of a table.
#[derive(Debug, Clone)]
pub struct Row {
    /// Its name.
    pub name: Arc<str>,
    /// Its first word.
    pub place: Span,
    /// For each column a value, if there is one; empty when the row does not fit the years.
    pub cells: Vec<Option<Datum>>,
}

/// What a table by organisation, sector or place says of one of them.
#[derive(Debug, Clone)]
pub struct Part {
    /// The body or the sector.
    pub of: Datum,
    /// What is measured of it, by the name of the measure: as planned, and as reached.
    pub rows: Vec<Row>,
}

/// A place at which the plan names a body.
#[derive(Debug, Clone)]
pub struct Mention {
    /// Which body.
    pub body: BodyId,
    /// Where.
    pub place: Span,
    /// The day for which it is named.
    pub day: Date,
    /// Whether the plan gives that day; otherwise it is the day on which the plan is read.
    pub dated: bool,
    /// The statement in which it stands.
    pub entity: usize,
}

/// What a plan is read with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading<'r> {
    pub(crate) sources: &'r Sources,
    pub(crate) vocabulary: &'r Vocabulary,
    pub(crate) files: &'r [(FileId, Tree)],
    pub(crate) as_of: Date,
    /// Every rule, as `pack/rule`.
    pub(crate) rules: &'r [Arc<str>],
}

impl Plan {
    /// The statement of a kind and name.
    pub fn find(&self, kind: KindId, name: &str) -> Option<&Entity> {
        self.by_name.get(&(kind, Arc::from(name))).and_then(|at| self.entities.get(*at))
    }

    /// The `plan` statement.
    pub fn header(&self) -> Option<&Entity> {
        self.header.and_then(|at| self.entities.get(at))
    }

    /// The days of the horizon.
    pub fn days(&self) -> Option<Days> {
        self.horizon.map(|(first, last)| Days { first: first.first_day(), last: last.last_day() })
    }

    /// The day on which bodies are read where nothing else says: the day submitted, else the as-of date.
    pub fn day(&self) -> Date {
        self.submitted.unwrap_or_else(|| self.clock.read())
    }

    /// The same day, for words: no verdict may rest on it.
    pub(crate) fn shown_day(&self) -> Date {
        self.submitted.unwrap_or_else(|| self.clock.shown())
    }

    /// The body of a tier above the plan's own, or its own, on the day the plan is read at: as the register shows it, and for a body that the
    /// plan itself declares, as it is written.
    pub(crate) fn above(&self, tier: u8) -> Known<BodyId> {
        let Some(mut body) = self.body else { return Known::Nothing };
        let mut presumed = false;
        // A body stands on a tier, and what it belongs to on a higher one: there are fewer steps than tiers.
        for _ in 0..=tier {
            if self.bodies.tier(body) >= tier {
                break;
            }
            let registered = self.bodies.get(body).map_or(Known::Nothing, |known| known.parent_on(self.day()));
            let written = || {
                self.looks.note_all();
                let own = self.entities.iter().find(|entity| entity.bodies("code").any(|(code, _)| code == body));
                own.and_then(|entity| entity.bodies("region").chain(entity.bodies("system")).next()).map(|(parent, _)| parent)
            };
            presumed |= matches!(registered, Known::Presumed(_));
            match registered.value().or_else(written) {
                Some(parent) => body = parent,
                None => return Known::Nothing,
            }
        }
        match self.bodies.tier(body) == tier {
            true if presumed => Known::Presumed(body),
            true => Known::Evidence(body),
            false => Known::Nothing,
        }
    }

    /// The statements of a kind.
    pub fn of_kind(&self, kind: KindId) -> impl Iterator<Item = (usize, &Entity)> {
        self.looks.note(kind);
        self.entities.iter().enumerate().filter(move |(_, entity)| entity.kind == kind)
    }

    /// The statement at a place in the plan.
    pub(crate) fn entity(&self, at: usize) -> Option<&Entity> {
        let entity = self.entities.get(at)?;
        self.looks.note(entity.kind);
        Some(entity)
    }

    /// Notes that rules look at a kind of statement.
    pub(crate) fn look_at(&self, kind: KindId) {
        self.looks.note(kind);
    }

    /// Notes that a rule looks into a field of a statement.
    pub(crate) fn look_into(&self, entity: &Entity, field: &str) {
        if field == streams::STATUS {
            self.watch.note(entity.place);
        }
    }

    /// The place of a statement in the plan.
    pub(crate) fn place_of(&self, entity: &Entity) -> Option<usize> {
        self.entities.iter().position(|known| std::ptr::eq(known, entity))
    }

    /// What was looked at since [`Self::forget_looks`].
    pub(crate) fn looks(&self) -> Kinds {
        self.looks.kinds()
    }

    /// Begins to note anew which kinds of statement are looked at.
    pub(crate) fn forget_looks(&self) {
        self.looks.forget();
    }

    /// Whether a statement of a kind may have stood in what could not be read.
    pub fn may_hide(&self, kind: KindId) -> bool {
        self.all_fenced || self.fenced.contains(&kind)
    }
}

impl Entity {
    /// The fields of a name, in the order written.
    pub fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Field> {
        self.fields.iter().filter(move |field| &*field.name == name)
    }

    /// The first field of a name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| &*field.name == name)
    }

    /// The row of a name.
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| &*row.name == name)
    }

    /// The value of a row in a period.
    pub fn cell(&self, row: &str, period: Period) -> Option<&Datum> {
        let column = self.columns.iter().position(|(column, _)| *column == Some(period))?;
        self.row(row)?.cells.get(column)?.as_ref()
    }

    /// The first value of a field, where it could be read.
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.field(name)?.values.first()?.value.as_ref()
    }

    /// The bodies of every field of a name, with their places.
    pub fn bodies<'e>(&'e self, name: &'e str) -> impl Iterator<Item = (BodyId, Span)> + 'e {
        self.all(name).flat_map(|field| &field.values).filter_map(|datum| match datum.value {
            Some(Value::Body(body)) => Some((body, datum.place)),
            _ => None,
        })
    }
}

impl Field {
    /// The first value of a clause, by what rules call it.
    pub fn clause(&self, alias: &str) -> Option<&Datum> {
        self.clauses.iter().find(|(name, _)| &**name == alias).and_then(|(_, values)| values.first())
    }

    /// The day that a clause gives.
    pub fn day(&self, alias: &str) -> Option<Date> {
        match self.clause(alias)?.value {
            Some(Value::Date(date)) => Some(date),
            _ => None,
        }
    }
}

/// What the row of a table is called that holds what was reached, beside the one that holds what was planned.
pub fn actual(row: &str) -> String {
    format!("{ACTUAL} {row}")
}

/// The word that begins such a row.
pub const ACTUAL: &str = "actual";

/// What names a statement of a kind, for messages: `organisation RTD`.
pub(crate) fn subject(vocabulary: &Vocabulary, entity: &Entity) -> String {
    let kind = vocabulary.kind_def(entity.kind).map_or("", |kind| &*kind.name);
    crate::problem::cut(if *entity.name == *kind { kind.to_owned() } else { format!("{kind} {}", entity.name) })
}

/// The problems of reading, and the plan.
pub(crate) type Read = (Plan, Vec<Problem>);
