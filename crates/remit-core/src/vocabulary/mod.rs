//! What words mean: kinds of statement, their fields and types, scales, terms and units. Knows nothing of plans or rules.

pub mod types;

use std::collections::HashMap;
use std::sync::Arc;

use crate::source::Span;
use crate::syntax::tree::Clause;
use crate::vocabulary::types::{CellType, Type};

/// The core vocabulary's own file: the kinds that every pack builds on.
pub const CORE: &str = include_str!("core.yaml");

/// Everything that core and packs declare.
#[derive(Debug, Clone, Default)]
pub struct Vocabulary {
    pub(crate) scales: Vec<Scale>,
    pub(crate) sets: Vec<TermSet>,
    pub(crate) terms: Vec<Term>,
    pub(crate) units: Vec<Unit>,
    pub(crate) kinds: Vec<Kind>,
    pub(crate) kind_names: HashMap<Arc<str>, KindId>,
    pub(crate) term_names: HashMap<(SetId, Arc<str>), TermId>,
    pub(crate) places: HashMap<Word, Span>,
}

/// A word that a vocabulary declares.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Word {
    /// A kind of statement.
    Kind(KindId),
    /// A field or row of a kind.
    Field(KindId, Arc<str>),
    /// A term of a set.
    Term(TermId),
}

/// A kind of statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KindId(pub u16);

/// A set of terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SetId(pub u16);

/// A term of a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TermId(pub u32);

/// A scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScaleId(pub u16);

/// A unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct UnitId(pub u16);

/// Levels in order, lowest first.
#[derive(Debug, Clone)]
pub struct Scale {
    /// Its name.
    pub name: Arc<str>,
    /// What it measures.
    pub doc: String,
    /// Lowest first.
    pub levels: Vec<Arc<str>>,
}

/// A closed list of terms, to which packs may add.
#[derive(Debug, Clone)]
pub struct TermSet {
    /// Its name.
    pub name: Arc<str>,
    /// What its terms are.
    pub doc: String,
}

/// One term.
#[derive(Debug, Clone)]
pub struct Term {
    /// The set it belongs to.
    pub set: SetId,
    /// As plans write it.
    pub name: Arc<str>,
    /// For people.
    pub title: String,
    /// What it is; may be empty.
    pub doc: String,
    /// The term of which it is a part.
    pub part_of: Option<TermId>,
    /// For kinds of body: the level of the scale `tier`.
    pub tier: Option<u8>,
}

/// A unit of numbers.
#[derive(Debug, Clone)]
pub struct Unit {
    /// As it is shown.
    pub name: Arc<str>,
    /// Other words for the very same unit.
    pub also: Vec<Arc<str>>,
    /// What it counts: `people`, `places`, `points` or `duration`.
    pub of: Arc<str>,
    /// What it is.
    pub doc: String,
}

/// A kind of statement.
#[derive(Debug, Clone)]
pub struct Kind {
    /// The word that begins it.
    pub name: Arc<str>,
    /// What it is for.
    pub doc: String,
    /// Whether plans write it; the others are made by the compiler, for rules.
    pub written: bool,
    /// What names it.
    pub named: Option<CellType>,
    /// What rules call the thing that names it; `name` when nothing is said.
    pub alias: Arc<str>,
    /// Whether a title may or has to follow.
    pub title: Title,
    /// Whether several may share a name.
    pub many: bool,
    /// Values after the name: `event NAME DATE`.
    pub cells: Vec<FieldDef>,
    /// Clauses of the statement itself.
    pub clauses: Vec<ClauseDef>,
    /// Whether its block is a table with a `year` row.
    pub columns: bool,
    /// Whether the rows of its table may be written twice: as planned, and after `actual` as reached.
    pub actuals: bool,
    /// The field that holds the unit of the table.
    pub unit_field: Option<Arc<str>>,
    /// Fields of its block.
    pub fields: Vec<FieldDef>,
    /// Rows of its table.
    pub rows: Vec<FieldDef>,
    /// Values that the compiler works out, for rules only.
    pub derived: Vec<FieldDef>,
}

/// Whether a statement has a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Title {
    /// None may be written.
    None,
    /// It may be left out.
    Optional,
    /// It has to be there.
    Required,
}

/// A field of a kind.
#[derive(Debug, Clone)]
pub struct FieldDef {
    /// The word that begins it.
    pub name: Arc<str>,
    /// What it says.
    pub doc: String,
    /// The types of its cells.
    pub cells: Vec<CellType>,
    /// Whether it may be written several times.
    pub repeats: bool,
    /// The clauses that it takes.
    pub clauses: Vec<ClauseDef>,
}

/// A clause of a field or of a statement.
#[derive(Debug, Clone)]
pub struct ClauseDef {
    /// Which one.
    pub clause: Clause,
    /// What rules call its value.
    pub alias: Arc<str>,
    /// The type of its value.
    pub cell: CellType,
    /// Whether it has to be there.
    pub required: bool,
    /// What it says.
    pub doc: String,
}

impl Vocabulary {
    /// The kind of statement that a word begins.
    pub fn kind(&self, name: &str) -> Option<KindId> {
        self.kind_names.get(name).copied()
    }

    /// Where a word is declared; the first place, where several packs say more of it.
    pub fn place(&self, word: &Word) -> Option<Span> {
        self.places.get(word).copied()
    }

    /// What a kind is.
    pub fn kind_def(&self, kind: KindId) -> Option<&Kind> {
        self.kinds.get(usize::from(kind.0))
    }

    /// Every kind.
    pub fn kinds(&self) -> &[Kind] {
        &self.kinds
    }

    /// The set of terms of a name.
    pub fn set(&self, name: &str) -> Option<SetId> {
        self.sets.iter().position(|set| &*set.name == name).map(|at| SetId(at as u16))
    }

    /// What a set is.
    pub fn set_def(&self, set: SetId) -> Option<&TermSet> {
        self.sets.get(usize::from(set.0))
    }

    /// Every set of terms.
    pub fn sets(&self) -> &[TermSet] {
        &self.sets
    }

    /// The term of a name in a set.
    pub fn term(&self, set: SetId, name: &str) -> Option<TermId> {
        self.term_names.get(&(set, Arc::from(name))).copied()
    }

    /// What a term is.
    pub fn term_def(&self, term: TermId) -> Option<&Term> {
        self.terms.get(term.0 as usize)
    }

    /// A term inside a sentence: its title, begun small where it is no name.
    pub fn title(&self, term: TermId) -> String {
        self.term_def(term).map_or_else(String::new, |term| {
            let mut letters = term.title.chars();
            match (letters.next(), letters.next()) {
                (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(term.title.chars().skip(1)).collect(),
                _ => term.title.clone(),
            }
        })
    }

    /// The terms of a set, in the order of the packs.
    pub fn terms(&self, set: SetId) -> impl Iterator<Item = &Term> {
        self.terms.iter().filter(move |term| term.set == set)
    }

    /// Whether a term is another one, or a part of it however far down.
    pub fn is_part_of(&self, term: TermId, whole: TermId) -> bool {
        let mut at = Some(term);
        // INVARIANT: the reader refuses circles, and nothing is deeper than the list is long.
        for _ in 0..=self.terms.len() {
            match at {
                Some(term) if term == whole => return true,
                Some(term) => at = self.term_def(term).and_then(|term| term.part_of),
                None => return false,
            }
        }
        false
    }

    /// The scale of a name.
    pub fn scale(&self, name: &str) -> Option<ScaleId> {
        self.scales.iter().position(|scale| &*scale.name == name).map(|at| ScaleId(at as u16))
    }

    /// What a scale is.
    pub fn scale_def(&self, scale: ScaleId) -> Option<&Scale> {
        self.scales.get(usize::from(scale.0))
    }

    /// Every scale.
    pub fn scales(&self) -> &[Scale] {
        &self.scales
    }

    /// The level of a name on a scale.
    pub fn level(&self, scale: ScaleId, name: &str) -> Option<u8> {
        self.scale_def(scale)?.levels.iter().position(|level| &**level == name).map(|at| at as u8)
    }

    /// The name of a level.
    pub fn level_name(&self, scale: ScaleId, level: u8) -> &str {
        self.scale_def(scale).and_then(|scale| scale.levels.get(usize::from(level))).map_or("", AsRef::as_ref)
    }

    /// The unit that a word names.
    pub fn unit(&self, name: &str) -> Option<UnitId> {
        self.units.iter().position(|unit| &*unit.name == name || unit.also.iter().any(|also| &**also == name)).map(|at| UnitId(at as u16))
    }

    /// What a unit is.
    pub fn unit_def(&self, unit: UnitId) -> Option<&Unit> {
        self.units.get(usize::from(unit.0))
    }

    /// Every unit.
    pub fn units(&self) -> &[Unit] {
        &self.units
    }

    /// A type in the words of the person who writes a plan: `a date, as in `2019-11-02``.
    pub fn describe(&self, ty: &Type) -> String {
        let of = |set: &SetId| self.set_def(*set).map_or("term", |set| &*set.name).replace('-', " ");
        match ty {
            Type::Text | Type::Narrative => "text in quotes".to_owned(),
            Type::Name => "a name".to_owned(),
            Type::Number => "a number".to_owned(),
            Type::Quantity => "a number of staff".to_owned(),
            Type::Rate => "a rate, as in `5%`".to_owned(),
            Type::Change => "a change in per cent or points, as in `5%` or `2 points`".to_owned(),
            Type::Amount => "a number with its unit, as in `400 wte`".to_owned(),
            Type::Money => "an amount of money, as in `£2.4m`".to_owned(),
            Type::Date => "a date, as in `2019-11-02`".to_owned(),
            Type::Year => "a financial year, as in `2019/20`".to_owned(),
            Type::Quarter => "a quarter of a financial year, as in `2024/25 Q1`".to_owned(),
            Type::Month => "a month, as in `2024-04`".to_owned(),
            Type::Years => "financial years, as in `2019/20 to 2023/24`".to_owned(),
            Type::Days => "days, as in `2019-04-01 to 2020-03-31`".to_owned(),
            Type::Duration => "a length of time, as in `24 months`".to_owned(),
            Type::YesNo => "`yes` or `no`".to_owned(),
            Type::Body => "a body: an ODS code or a declared name".to_owned(),
            Type::Value => "a value".to_owned(),
            Type::Term(set) => {
                let names: Vec<String> = self.terms(*set).take(9).map(|term| format!("`{}`", term.name)).collect();
                match names.len() {
                    0 => format!("a {}", of(set)),
                    count if count <= 8 => names.join(", "),
                    _ => format!("a {}, such as {}", of(set), names.iter().take(3).cloned().collect::<Vec<_>>().join(", ")),
                }
            }
            Type::Level(scale) => {
                let levels = self
                    .scale_def(*scale)
                    .map(|scale| scale.levels.iter().map(|level| format!("`{level}`")).collect::<Vec<_>>())
                    .unwrap_or_default();
                format!("a level: {}", levels.join(", "))
            }
            Type::Reference(kind) => format!("the name of a `{}`", self.kind_def(*kind).map_or("statement", |kind| &*kind.name)),
            Type::Unit(of) => {
                let units: Vec<String> = self.units.iter().filter(|unit| unit.of == *of).map(|unit| format!("`{}`", unit.name)).collect();
                units.join(" or ")
            }
            Type::Row => "the name of a row, as in `in-post`".to_owned(),
            Type::Rule => "the name of a rule".to_owned(),
            Type::Subject => "the name of something in this plan".to_owned(),
            Type::Series(inner) => format!("for each year {}", self.describe(inner)),
        }
    }
}

impl Kind {
    /// The field of a name.
    pub fn field(&self, name: &str) -> Option<&FieldDef> {
        self.fields.iter().find(|field| &*field.name == name)
    }

    /// The row of a name; `actual in-post` is a row beside `in-post`.
    pub fn row(&self, name: &str) -> Option<&FieldDef> {
        let planned = name.strip_prefix("actual ").filter(|_| self.actuals).unwrap_or(name);
        self.rows.iter().find(|row| &*row.name == planned)
    }

    /// The clause of the statement itself.
    pub fn clause(&self, clause: Clause) -> Option<&ClauseDef> {
        self.clauses.iter().find(|def| def.clause == clause)
    }
}

impl FieldDef {
    /// The clause of this field.
    pub fn clause(&self, clause: Clause) -> Option<&ClauseDef> {
        self.clauses.iter().find(|def| def.clause == clause)
    }

    /// The type of its first cell.
    pub fn ty(&self) -> Option<&Type> {
        self.cells.first().map(|cell| &cell.ty)
    }
}
