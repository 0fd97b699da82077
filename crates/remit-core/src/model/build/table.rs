//! The tables of a plan: columns of years, quarters or months, and rows of figures, of bodies or of sectors.

use std::collections::HashMap;
use std::sync::Arc;

use crate::model::build::{DUPLICATE, MISSING, clauses};
use crate::model::read::{Cells, Slot, TYPE};
use crate::model::value::{Datum, Value};
use crate::model::{ACTUAL, Part, Row, actual};
use crate::problem::{Problem, did_you_mean};
use crate::source::Span;
use crate::syntax::literal::{self, Literal};
use crate::syntax::tree::{Cell, Element, Statement, Value as Word};
use crate::time::{Grain, Period};
use crate::vocabulary::types::Type;
use crate::vocabulary::{FieldDef, Kind, UnitId};

pub(super) const TABLE: &str = "remit/table";

/// How many columns a table may have.
const MOST_COLUMNS: usize = 200;

/// The table in a statement's block.
#[derive(Debug, Clone, Default)]
pub(super) struct Table {
    pub(super) columns: Vec<(Option<Period>, Span)>,
    pub(super) rows: Vec<Row>,
    pub(super) parts: Vec<Part>,
    /// Something could not be read, so that what is absent may have stood there.
    pub(super) fenced: bool,
    /// The word that begins the row of its columns.
    header: Option<(Grain, Span)>,
    /// Where the first row of each name stands.
    seen: HashMap<Arc<str>, Span>,
}

/// What the rows of a table are, when they are not the kind's own.
#[derive(Clone, Copy)]
pub(super) struct Breakdown<'v> {
    /// `organisation`, `sector` or `place`.
    pub(super) by: &'v str,
    /// What is measured of each; `None` where that could not be read.
    pub(super) measure: Option<&'v FieldDef>,
}

/// The grain of the row that a word begins, where such a row gives the columns.
pub(super) fn header_word(kind: &Kind, word: &str) -> Option<Grain> {
    let grain = Grain::ALL.into_iter().find(|grain| grain.word() == word)?;
    (kind.columns && kind.field(word).is_none() && kind.row(word).is_none()).then_some(grain)
}

/// The unit of the table, which its figures take.
pub(super) fn unit(cells: &Cells<'_>, statement: Statement<'_>, unit: &str) -> Option<UnitId> {
    let sources = cells.reading.sources;
    let child = statement.children().find(|child| sources.words(child.head()) == unit)?;
    let span = child.cells().next()?.span()?;
    cells.reading.vocabulary.unit(sources.words(span))
}

/// What a table by organisation, sector or place measures; said where it does not say, or names no row.
pub(super) fn breakdown<'v>(cells: &mut Cells<'_>, statement: Statement<'_>, kind: &'v Kind, by: &'v str, place: Span) -> Breakdown<'v> {
    let sources = cells.reading.sources;
    let child = statement.children().find(|child| sources.words(child.head()) == "measure" && !child.is_broken());
    let Some(word) = child.and_then(|child| child.cells().next()).and_then(Cell::span) else {
        if child.is_none() && !statement.is_fenced() {
            cells.problems.push(
                Problem::error(MISSING, place, format!("this table by {by} does not say what it measures"))
                    .help("name one of the rows of the kind, as in `measure in-post`"),
            );
        }
        return Breakdown { by, measure: None };
    };
    // A name that is no row's is said where the field is read.
    let measure = kind.rows.iter().find(|row| *row.name == *sources.words(word));
    Breakdown { by, measure }
}

impl Table {
    /// The columns, from the row that gives them; every row below is read against them.
    pub(super) fn read_columns(&mut self, cells: &mut Cells<'_>, statement: Statement<'_>, kind: &Kind) {
        for child in statement.children().filter(|child| !child.is_broken()) {
            let Some(grain) = header_word(kind, cells.reading.sources.words(child.head())) else { continue };
            match self.header {
                None => {
                    self.header = Some((grain, child.head()));
                    self.columns = columns(cells, child, grain);
                }
                Some((first, place)) => {
                    let problem = if first == grain {
                        Problem::error(DUPLICATE, child.head(), format!("this table has two `{}` rows", grain.word())).help("keep one")
                    } else {
                        Problem::error(TABLE, child.head(), format!("this table has a `{}` row already", first.word()))
                            .also(place, "it is here")
                            .help("years, quarters and months are not mixed: write a table for each")
                    };
                    cells.problems.push(problem);
                }
            }
        }
    }

    /// Reads one row of figures: planned, or after `actual` as reached; `false` where the word begins none.
    pub(super) fn read_row(&mut self, cells: &mut Cells<'_>, child: Statement<'_>, kind: &Kind, by: Option<Breakdown<'_>>) -> bool {
        let sources = cells.reading.sources;
        let word = sources.words(child.head());
        let is_actual = word == ACTUAL && kind.actuals;
        let place = if is_actual { child.cells().next().and_then(Cell::span) } else { Some(child.head()) };
        let Some(place) = place else {
            cells.problems.push(
                Problem::error(MISSING, child.head(), "`actual` names no row")
                    .help("write the row after it, as in `actual in-post 20_139 20_400`"),
            );
            return true;
        };
        let name = sources.words(place);
        if is_actual && !literal::is_name(name) {
            cells.problems.push(
                Problem::error(TYPE, place, "`actual` is followed by the row that was reached")
                    .help("write the row after it, as in `actual in-post 20_139 20_400`"),
            );
            return true;
        }
        let whole = if is_actual { child.head().to(place) } else { place };
        let Some(breakdown) = by else {
            let Some(def) = kind.rows.iter().find(|row| *row.name == *name) else {
                if is_actual {
                    let known = kind.rows.iter().map(|row| &*row.name);
                    let problem = Problem::error("remit/unknown-field", place, format!("`{}` has no row `{name}`", kind.name));
                    cells.problems.push(match did_you_mean(name, known) {
                        Some(near) => problem.meant(near),
                        None => problem.help("`actual` is followed by the name of a row, as in `actual in-post 20_139`"),
                    });
                }
                return is_actual;
            };
            if self.is_new(cells, if is_actual { actual(name) } else { name.to_owned() }, whole) {
                let row = self.row(cells, child, def, is_actual);
                self.rows.push(Row { place: whole, ..row });
            }
            return true;
        };
        if kind.rows.iter().any(|row| *row.name == *name) {
            let help = format!("name what is measured with `measure {name}`, and begin each row with the {} it is about", breakdown.by);
            cells.problems.push(
                Problem::error(TABLE, place, format!("the rows of this table are {}, and `{name}` is none", plural(breakdown.by)))
                    .help(help),
            );
            self.fenced = true;
            return true;
        }
        let Some(of) = whose(cells, kind, breakdown, place) else {
            self.fenced = true;
            return true;
        };
        if !self.is_new(cells, if is_actual { actual(name) } else { name.to_owned() }, whole) {
            return true;
        }
        let Some(def) = breakdown.measure else { return true };
        let row = Row { place: whole, ..self.row(cells, child, def, is_actual) };
        match self.parts.iter_mut().find(|part| part.of.value == of) {
            Some(part) => part.rows.push(row),
            None => self.parts.push(Part { of: Datum { value: of, place }, rows: vec![row] }),
        }
        true
    }

    /// A table with rows and no columns.
    pub(super) fn finish(&self, cells: &mut Cells<'_>, place: Span) {
        if self.header.is_none() && !(self.rows.is_empty() && self.parts.is_empty()) {
            cells.problems.push(
                Problem::error(TABLE, place, "this table has no `year` row")
                    .help("write the years above the figures, as in `year 2018/19 2019/20`; or quarters, or months"),
            );
        }
    }

    fn is_new(&mut self, cells: &mut Cells<'_>, name: String, place: Span) -> bool {
        if let Some(first) = self.seen.get(name.as_str()) {
            cells.problems.push(
                Problem::error(DUPLICATE, place, format!("`{name}` stands twice")).also(*first, "the first is here").help("keep one"),
            );
            return false;
        }
        self.seen.insert(Arc::from(name), place);
        true
    }

    fn row(&self, cells: &mut Cells<'_>, child: Statement<'_>, def: &FieldDef, is_actual: bool) -> Row {
        let ty = match def.ty() {
            Some(Type::Series(inner)) => (**inner).clone(),
            Some(ty) => ty.clone(),
            None => Type::Value,
        };
        let slot = Slot { name: &def.name, doc: &def.doc };
        let name: Arc<str> = if is_actual { Arc::from(actual(&def.name)) } else { def.name.clone() };
        let elements: Vec<&Element> = child.cells().skip(usize::from(is_actual)).flat_map(Cell::elements).collect();
        let values: Vec<Option<Datum>> = elements.iter().map(|element| cells.element(element, &ty, slot)).collect();
        let _ = clauses(cells, child, &def.clauses, &def.name, None);
        let has_columns = !self.columns.is_empty();
        if has_columns && values.len() != self.columns.len() {
            let place = elements.last().filter(|_| values.len() > self.columns.len()).map_or(child.span(), |last| last.span());
            let word = self.header.map_or("year", |(grain, _)| grain.word());
            let count = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
            let row = cells.reading.sources.words(child.head());
            let row = if is_actual { &*name } else { row };
            let mut problem = Problem::error(
                TABLE,
                place,
                format!("`{row}` has {} for {}", count(values.len(), "figure"), count(self.columns.len(), word)),
            )
            .help(format!("write `-` where there is no figure, so that each stands below its {word}; we check none of this row"));
            if let (Some((_, first)), Some((_, last))) = (self.columns.first(), self.columns.last()) {
                problem = problem.also(first.to(*last), format!("the {word}s"));
            }
            cells.problems.push(problem);
            // What was written is not known for any column: neither given nor absent.
            let unknown = self.columns.iter().map(|_| Some(Datum { value: None, place: child.span() })).collect();
            return Row { name, place: child.head(), cells: unknown };
        }
        Row { name, place: child.head(), cells: values }
    }
}

fn plural(by: &str) -> String {
    format!("{by}s")
}

/// Whose row it is: a body below the systems, a place, or a sector; `None`, said, where it is none.
fn whose(cells: &mut Cells<'_>, kind: &Kind, breakdown: Breakdown<'_>, place: Span) -> Option<Option<Value>> {
    let vocabulary = cells.reading.vocabulary;
    let name = cells.reading.sources.words(place);
    let word = Word { literal: Literal::Name, span: place };
    if breakdown.by == "sector" {
        let set = vocabulary.set("sector")?;
        let slot = Slot { name: "by sector", doc: "each row is a sector" };
        return cells.named(word, &Type::Term(set), slot, name).map(Some);
    }
    let known = cells.bodies.find(name);
    if known.is_none()
        && let Some(near) = did_you_mean(name, kind.fields.iter().map(|field| &*field.name)).filter(|near| near.len() > 3)
    {
        // What is neither a body nor a field was more likely meant as the field that is near.
        if cells.bodies.find(&name.to_uppercase()).is_none() && !cells.bodies.own_names().any(|own| did_you_mean(name, [own]).is_some()) {
            cells
                .problems
                .push(Problem::error("remit/unknown-field", place, format!("there is neither a body nor a field `{name}`")).meant(near));
            return None;
        }
    }
    let Some(Value::Body(body)) = cells.body(word, name) else { return None };
    let level = |name: &str| vocabulary.scale("tier").and_then(|tier| vocabulary.level(tier, name));
    let tier = Some(cells.bodies.tier(body));
    let fits = if breakdown.by == "place" { tier == level("place") } else { tier < level("system") };
    if !fits {
        let shown = cells.bodies.shown(body);
        let help = format!(
            "the rows of a table by {0} are {1}; a {0} that the register does not hold is declared",
            breakdown.by,
            plural(breakdown.by)
        );
        cells.problems.push(Problem::error(TYPE, place, format!("{shown} is not {} {}", article(breakdown.by), breakdown.by)).help(help));
        return None;
    }
    Some(Some(Value::Body(body)))
}

fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}

/// The periods of the columns. One that could not be read is a column nobody asks for, so that the figures below stay in theirs.
fn columns(cells: &mut Cells<'_>, child: Statement<'_>, grain: Grain) -> Vec<(Option<Period>, Span)> {
    let elements: Vec<&Element> = child.cells().flat_map(Cell::elements).collect();
    if let Some(columns) = months_in_words(cells, &elements, grain) {
        return columns;
    }
    let grain = other_grain(cells, child, &elements, grain).unwrap_or(grain);
    let ty = match grain {
        Grain::Year => Type::Year,
        Grain::Quarter => Type::Quarter,
        Grain::Month => Type::Month,
    };
    let doc = format!("the {0}s of the columns, as in `{0} {1}`", grain.word(), grain.example());
    let slot = Slot { name: grain.word(), doc: &doc };
    let mut columns: Vec<(Option<Period>, Span)> = Vec::new();
    for element in elements {
        if columns.len() == MOST_COLUMNS {
            cells.problems.push(
                Problem::error(TABLE, element.span(), format!("a table has at most {MOST_COLUMNS} {}s", grain.word()))
                    .help("what follows is not checked"),
            );
            break;
        }
        let period = cells.element(element, &ty, slot).and_then(|datum| datum.value).and_then(|value| value.period());
        match period {
            Some(period) if columns.iter().any(|(known, _)| *known == Some(period)) => {
                cells.problems.push(
                    Problem::error(TABLE, element.span(), format!("{period} stands twice"))
                        .help(format!("each {} has one column", grain.word())),
                );
                columns.push((None, element.span()));
            }
            period => columns.push((period, element.span())),
        }
    }
    if columns.is_empty() {
        cells.problems.push(Problem::error(MISSING, child.head(), format!("`{}` has no value", grain.word())).help(format!(
            "write the {0}s of the columns after it, as in `{0} {1}`",
            grain.word(),
            grain.example()
        )));
    }
    columns
}

/// Where every column is of another length than the row's word says, the word is what is wrong; the columns are read as they stand.
fn other_grain(cells: &mut Cells<'_>, child: Statement<'_>, elements: &[&Element], grain: Grain) -> Option<Grain> {
    let of = |element: &&Element| match element.one()?.literal {
        Literal::Year(_) => Some(Grain::Year),
        Literal::Quarter(..) => Some(Grain::Quarter),
        Literal::Month(..) => Some(Grain::Month),
        _ => None,
    };
    let found = elements.first().and_then(of).filter(|found| *found != grain)?;
    // `2011-12` is a month by its form, and a financial year to many: the one that stands there says which.
    let may_be_year =
        |element: &&Element| matches!(element.one().map(|word| word.literal), Some(Literal::Month(year, month)) if follows(year, month));
    if !elements.iter().all(|element| of(element) == Some(found)) || (grain == Grain::Year && elements.iter().any(may_be_year)) {
        return None;
    }
    cells.problems.push(
        Problem::error(TABLE, child.head(), format!("the columns of this table are {}s, not {}s", found.word(), grain.word()))
            .help(format!("the row that gives the columns begins with `{}`", found.word()))
            .fix(format!("write `{}`", found.word()), child.head(), found.word()),
    );
    Some(found)
}

/// Whether a month, as written, may be meant for a financial year: `2011-12`.
pub(in crate::model) fn follows(year: i16, month: i8) -> bool {
    i16::from(month) == (year + 1).rem_euclid(100)
}

/// `April 2024  May 2024`, `Apr-24`: read as the months that they name, and reported once with the fix.
fn months_in_words(cells: &mut Cells<'_>, elements: &[&Element], grain: Grain) -> Option<Vec<(Option<Period>, Span)>> {
    let (first, last) = (elements.first()?.span(), elements.last()?.span());
    if grain != Grain::Month || !matches!(elements.first()?.one()?.literal, Literal::Name) {
        return None;
    }
    let place = first.to(last);
    let words = cells.reading.sources.words(place);
    let mut found = Vec::new();
    let mut parts = words.split_whitespace();
    while let Some(part) = parts.next() {
        let (month, year) = match part.split_once('-') {
            Some(both) => both,
            None => (part, parts.next()?),
        };
        let month = literal::month(month)?;
        let year: i16 = year.parse().ok()?;
        let year = if (0..100).contains(&year) { 2000 + year } else { year };
        if !(1900..=2200).contains(&year) || found.len() == MOST_COLUMNS {
            return None;
        }
        found.push(Period::Month(year, month));
    }
    let written: Vec<String> = found.iter().map(Period::to_string).collect();
    cells.problems.push(Problem::error(TYPE, place, "a month is written in figures, year first: `2024-04`").fix(
        "write the months in figures",
        place,
        written.join("  "),
    ));
    Some(found.into_iter().map(|period| (Some(period), place)).collect())
}
