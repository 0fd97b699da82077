//! What each word of a statement is: its kind or field, its clauses, and every value with what the vocabulary expects there.

use crate::ide::View;
use crate::model::ACTUAL;
use crate::source::{FileId, Span};
use crate::syntax::tree::{Cell, Clause, Element, Statement};
use crate::time::Grain;
use crate::vocabulary::types::{CellType, Type};
use crate::vocabulary::{ClauseDef, FieldDef, Kind, KindId, Title};

/// A word of a statement, or a value.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'v> {
    pub(crate) span: Span,
    pub(crate) is: Is<'v>,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Is<'v> {
    /// The word that begins a statement of a kind.
    Kind(KindId, &'v Kind),
    /// The word that begins a field.
    Field(KindId, &'v FieldDef),
    /// The word that begins a row of a table.
    Row(KindId, &'v FieldDef),
    /// The word `year`, `quarter` or `month`, above the columns of a table.
    Years,
    /// The body or the sector whose row of a table it begins.
    Whose,
    /// The word that begins a statement which the vocabulary does not know.
    Unknown,
    /// A clause's word; `None` where nothing of the kind is expected.
    Clause(Option<&'v ClauseDef>),
    /// The kind before the name in `waiver … for organisation RTD`.
    KindWord(KindId),
    /// The title.
    Title,
    /// A value.
    Value(Slot<'v>, &'v Element),
}

/// What is expected where a value stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Slot<'v> {
    /// What is expected; `None` where nothing is.
    pub(crate) ty: Option<&'v Type>,
    /// Whether it names its statement.
    pub(crate) names: bool,
    /// The field or row, when it stands in one.
    pub(crate) field: Option<&'v FieldDef>,
    /// The clause, when it stands in one.
    pub(crate) clause: Option<&'v ClauseDef>,
    /// Which column of the table it stands in.
    pub(crate) column: Option<usize>,
    /// Whether it is a figure that was reached, after `actual`.
    pub(crate) reached: bool,
}

/// The statement at a place, and the kind in whose block it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Around<'v> {
    pub(crate) statement: Statement<'v>,
    pub(crate) within: Option<KindId>,
}

impl<'v> View<'v> {
    /// The kind of a statement at top level.
    pub(crate) fn kind_of(self, statement: Statement<'v>) -> Option<(KindId, &'v Kind)> {
        let vocabulary = self.vocabulary();
        let id = vocabulary.kind(self.words(statement.head()))?;
        vocabulary.kind_def(id).filter(|kind| kind.written).map(|kind| (id, kind))
    }

    /// The statement whose words hold a byte, or end at it.
    pub(crate) fn around(self, file: FileId, byte: u32) -> Option<Around<'v>> {
        let statement = self.tree(file)?.before(byte)?;
        (byte <= statement.span().end).then(|| Around { statement, within: self.within(statement) })
    }

    /// The kind in whose block a statement stands.
    pub(crate) fn within(self, statement: Statement<'v>) -> Option<KindId> {
        statement.outer().filter(|outer| outer.outer().is_none()).and_then(|outer| self.kind_of(outer)).map(|(id, _)| id)
    }

    /// The part of a statement that holds a byte; of two that touch there, the first that is more than a blank.
    pub(crate) fn part_at(self, file: FileId, byte: u32) -> Option<(Around<'v>, Part<'v>)> {
        let around = self.around(file, byte)?;
        let mut parts = Vec::new();
        self.parts(around, &mut parts);
        let inside = parts.iter().find(|part| part.span.start <= byte && byte < part.span.end);
        let part = inside.or_else(|| parts.iter().find(|part| part.span.end == byte))?;
        Some((around, *part))
    }

    /// Every part of a statement's own words, in order.
    pub(crate) fn parts(self, around: Around<'v>, parts: &mut Vec<Part<'v>>) {
        let statement = around.statement;
        let head = statement.head();
        let nested = statement.outer().is_some();
        let kind = around.within.and_then(|id| self.vocabulary().kind_def(id).map(|kind| (id, kind)));
        let word = self.words(head);
        match (nested, kind) {
            (false, _) => match self.kind_of(statement) {
                Some((id, kind)) => {
                    parts.push(Part { span: head, is: Is::Kind(id, kind) });
                    self.kind_parts(statement, kind, parts);
                }
                None => self.unknown(statement, parts),
            },
            (true, Some((_, kind))) if header(kind, word).is_some() => {
                parts.push(Part { span: head, is: Is::Years });
                let slot = Slot { ty: header(kind, word), ..Slot::NOTHING };
                figures(statement, 0, slot, parts);
            }
            (true, Some((id, kind))) if word == ACTUAL && kind.actuals && !self.is_broken_down(statement) => {
                let named = statement.cells().next().and_then(Cell::span);
                match named.and_then(|span| Some((span, kind.rows.iter().find(|row| *row.name == *self.words(span))?))) {
                    Some((span, def)) => {
                        parts.push(Part { span: head, is: Is::Row(id, def) });
                        parts.push(Part { span, is: Is::Row(id, def) });
                        figures(statement, 1, Slot { ty: row_type(def), field: Some(def), reached: true, ..Slot::NOTHING }, parts);
                    }
                    None => self.unknown(statement, parts),
                }
            }
            (true, Some((_, kind))) if kind.field(word).is_none() && self.is_broken_down(statement) => {
                let is_actual = word == ACTUAL && kind.actuals;
                let whose = if is_actual { statement.cells().next().and_then(Cell::span) } else { Some(head) };
                if is_actual {
                    parts.push(Part { span: head, is: Is::Years });
                }
                if let Some(span) = whose {
                    parts.push(Part { span, is: Is::Whose });
                }
                let ty = self.measured(statement, kind);
                figures(statement, usize::from(is_actual), Slot { ty: ty.and_then(row_type), reached: is_actual, ..Slot::NOTHING }, parts);
            }
            (true, Some((id, kind))) => match (kind.field(word), kind.row(word)) {
                (Some(def), _) => {
                    parts.push(Part { span: head, is: Is::Field(id, def) });
                    let mut types = def.cells.iter();
                    for cell in statement.cells() {
                        self.cell(cell, types.next(), Slot { field: Some(def), ..Slot::NOTHING }, parts);
                    }
                    self.clause_parts(statement, &def.clauses, Some(def), parts);
                }
                (None, Some(def)) => {
                    parts.push(Part { span: head, is: Is::Row(id, def) });
                    figures(statement, 0, Slot { ty: row_type(def), field: Some(def), ..Slot::NOTHING }, parts);
                    self.clause_parts(statement, &def.clauses, Some(def), parts);
                }
                (None, None) => self.unknown(statement, parts),
            },
            (true, None) => self.unknown(statement, parts),
        }
    }

    /// Whether a statement stands in a table by organisation, sector or place.
    pub(crate) fn is_broken_down(self, statement: Statement<'v>) -> bool {
        statement.outer().is_some_and(|outer| self.breakdown(outer).is_some())
    }

    /// What the rows of a table are, where they are not the kind's own.
    pub(crate) fn breakdown(self, table: Statement<'v>) -> Option<&'v str> {
        let (_, kind) = self.kind_of(table).filter(|(_, kind)| kind.columns)?;
        let by = table.clauses().find(|part| find(&kind.clauses, part.word()).is_some_and(|def| &*def.alias == "breakdown"))?;
        by.cells().next().and_then(Cell::span).map(|span| self.words(span))
    }

    /// The row that a table by organisation, sector or place gives for each.
    fn measured(self, statement: Statement<'v>, kind: &'v Kind) -> Option<&'v FieldDef> {
        let measure = statement.outer()?.children().find(|child| self.words(child.head()) == "measure")?;
        let name = self.words(measure.cells().next()?.span()?);
        kind.rows.iter().find(|row| *row.name == *name)
    }

    fn unknown(self, statement: Statement<'v>, parts: &mut Vec<Part<'v>>) {
        parts.push(Part { span: statement.head(), is: Is::Unknown });
        for cell in statement.cells() {
            self.cell(cell, None, Slot::NOTHING, parts);
        }
        self.clause_parts(statement, &[], None, parts);
    }

    fn kind_parts(self, statement: Statement<'v>, kind: &'v Kind, parts: &mut Vec<Part<'v>>) {
        let mut cells = statement.cells();
        if let Some(ty) = &kind.named
            && let Some(cell) = cells.next()
        {
            self.cell(cell, Some(ty), Slot { names: true, ..Slot::NOTHING }, parts);
        }
        for def in &kind.cells {
            if let Some(cell) = cells.next() {
                self.cell(cell, def.cells.first(), Slot { field: Some(def), ..Slot::NOTHING }, parts);
            }
        }
        if kind.title != Title::None
            && let Some(span) = cells.next().and_then(Cell::span)
        {
            parts.push(Part { span, is: Is::Title });
        }
        for cell in cells {
            self.cell(cell, None, Slot::NOTHING, parts);
        }
        self.clause_parts(statement, &kind.clauses, None, parts);
    }

    fn clause_parts(self, statement: Statement<'v>, defs: &'v [ClauseDef], field: Option<&'v FieldDef>, parts: &mut Vec<Part<'v>>) {
        for part in statement.clauses() {
            let def = find(defs, part.word());
            parts.push(Part { span: part.span(), is: Is::Clause(def) });
            let mut cells = part.cells();
            if def.is_some_and(|def| def.cell.ty == Type::Subject) && cells.len() == 2 {
                let kind =
                    cells.clone().next().and_then(Cell::span).and_then(|span| Some((span, self.vocabulary().kind(self.words(span))?)));
                if let Some((span, kind)) = kind {
                    cells.next();
                    parts.push(Part { span, is: Is::KindWord(kind) });
                }
            }
            let mut ty = def.map(|def| &def.cell);
            for cell in cells {
                self.cell(cell, ty.take(), Slot { field, clause: def, ..Slot::NOTHING }, parts);
            }
        }
    }

    fn cell(self, cell: Cell<'v>, ty: Option<&'v CellType>, slot: Slot<'v>, parts: &mut Vec<Part<'v>>) {
        for element in cell.elements() {
            let slot = Slot { ty: ty.map(|cell| &cell.ty), ..slot };
            parts.push(Part { span: element.span(), is: Is::Value(slot, element) });
        }
    }
}

impl Slot<'_> {
    const NOTHING: Self = Self { ty: None, names: false, field: None, clause: None, column: None, reached: false };
}

/// The clause of a word, among those that are expected.
pub(crate) fn find(defs: &[ClauseDef], clause: Clause) -> Option<&ClauseDef> {
    defs.iter().find(|def| def.clause == clause)
}

/// The figures of a row, each in its column.
fn figures<'v>(statement: Statement<'v>, skipped: usize, slot: Slot<'v>, parts: &mut Vec<Part<'v>>) {
    for (column, element) in statement.cells().skip(skipped).flat_map(Cell::elements).enumerate() {
        parts.push(Part { span: element.span(), is: Is::Value(Slot { column: Some(column), ..slot }, element) });
    }
}

/// What the row of a table's columns holds, where a word begins it.
pub(crate) fn header(kind: &Kind, word: &str) -> Option<&'static Type> {
    if !kind.columns || kind.field(word).is_some() || kind.row(word).is_some() {
        return None;
    }
    match Grain::ALL.into_iter().find(|grain| grain.word() == word)? {
        Grain::Year => Some(&Type::Year),
        Grain::Quarter => Some(&Type::Quarter),
        Grain::Month => Some(&Type::Month),
    }
}

/// What stands in each column of a row.
pub(crate) fn row_type(def: &FieldDef) -> Option<&Type> {
    match def.ty() {
        Some(Type::Series(inner)) => Some(inner),
        other => other,
    }
}
