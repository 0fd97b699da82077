//! What may be written where somebody types: which kind, field, clause and cell it is, however little can be read there yet.

use crate::ide::View;
use crate::ide::parts::{find, header, row_type};
use crate::model::ACTUAL;
use crate::source::{FileId, Span};
use crate::syntax::tree::Statement;
use crate::syntax::typed::{Progress, Typed, What, typed};
use crate::vocabulary::types::{CellType, Type};
use crate::vocabulary::{ClauseDef, FieldDef, Kind, KindId, Title};

/// A place at which somebody types.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'v> {
    /// The word that is being typed; empty between words.
    pub(crate) word: Span,
    /// What of it stands before the cursor.
    pub(crate) typed: &'v str,
    pub(crate) place: Place<'v>,
}

#[derive(Debug, Clone)]
pub(crate) enum Place<'v> {
    /// A comment.
    Comment,
    /// The first word of a statement at top level.
    Margin,
    /// The first word of a statement in the block of a kind, or (`None`) of something that has no fields.
    Block(Option<(KindId, &'v Kind)>, Statement<'v>),
    /// What follows in a statement.
    Rest(Rest<'v>),
}

/// What follows in a statement.
#[derive(Debug, Clone)]
pub(crate) struct Rest<'v> {
    pub(crate) kind: (KindId, &'v Kind),
    pub(crate) part: Within<'v>,
    pub(crate) progress: Progress,
    /// Whether the place stands in quotes.
    pub(crate) quoted: bool,
    /// The block's statement, where it stands in one.
    pub(crate) outer: Option<Statement<'v>>,
}

/// Which statement it is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Within<'v> {
    /// Of a kind.
    Kind,
    /// A field.
    Field(&'v FieldDef),
    /// A row of a table.
    Row(&'v FieldDef),
    /// The columns of a table, and what they are.
    Years(&'v Type),
    /// The row after `actual`, which is not named yet.
    Actual,
}

/// What a cell holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Expected<'v> {
    pub(crate) ty: &'v Type,
    pub(crate) list: bool,
    /// Its name, for people.
    pub(crate) name: &'v str,
    pub(crate) doc: &'v str,
    /// Whether it names its statement.
    pub(crate) names: bool,
}

impl<'v> View<'v> {
    /// The nearest place at or before a byte at which a character begins.
    pub(crate) fn boundary(self, file: FileId, byte: u32) -> u32 {
        let text = self.text(file);
        let mut at = (byte as usize).min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        crate::source::offset(at)
    }

    /// What may be written at a byte.
    pub(crate) fn cursor(self, file: FileId, byte: u32) -> Option<Cursor<'v>> {
        let tree = self.tree(file)?;
        let text = self.text(file);
        let byte = self.boundary(file, byte);
        let Typed { start, end, what } = typed(text, tree, byte);
        let word = Span { file, start, end };
        let typed = text.get(start as usize..byte as usize).unwrap_or("");
        let place = match what {
            What::Comment => Place::Comment,
            What::Head => self.head_place(file, start),
            What::Rest(progress) => self.rest(file, progress, false)?,
            What::Text(progress) => self.rest(file, progress, true)?,
        };
        Some(Cursor { word, typed, place })
    }

    fn head_place(self, file: FileId, start: u32) -> Place<'v> {
        match self.block_at(file, start) {
            Some(statement) => Place::Block(self.kind_of(statement).filter(|_| statement.outer().is_none()), statement),
            None => Place::Margin,
        }
    }

    /// The statement in whose block a new statement would stand.
    fn block_at(self, file: FileId, start: u32) -> Option<Statement<'v>> {
        let text = self.text(file);
        let at_margin = start == 0 || text.get(..start as usize).is_some_and(|before| before.ends_with(['\n', '\r']));
        let mut next = start.checked_sub(1).and_then(|byte| self.tree(file)?.before(byte));
        while let Some(statement) = next {
            if let Some(block) = statement.block().filter(|block| block.start < start) {
                let closed = self.words(block).ends_with('}') && block.end > block.start + 1;
                if if closed { start < block.end } else { !at_margin } {
                    return Some(statement);
                }
            }
            next = statement.outer();
        }
        None
    }

    fn actual(self, statement: Statement<'v>, kind: &'v Kind) -> Within<'v> {
        let named = statement.cells().next().and_then(|cell| cell.span()).map(|span| self.words(span));
        named.and_then(|name| kind.rows.iter().find(|row| *row.name == *name)).map_or(Within::Actual, Within::Row)
    }

    fn rest(self, file: FileId, progress: Progress, quoted: bool) -> Option<Place<'v>> {
        let statement = self.tree(file)?.before(progress.head).filter(|statement| statement.head().start == progress.head)?;
        let word = self.words(statement.head());
        let Some(outer) = statement.outer() else {
            let kind = self.kind_of(statement)?;
            return Some(Place::Rest(Rest { kind, part: Within::Kind, progress, quoted, outer: None }));
        };
        let kind = self.kind_of(outer).filter(|_| outer.outer().is_none())?;
        let part = match (kind.1.field(word), kind.1.row(word)) {
            _ if header(kind.1, word).is_some() => Within::Years(header(kind.1, word)?),
            _ if word == ACTUAL && kind.1.actuals => self.actual(statement, kind.1),
            _ if kind.1.field(word).is_none() && self.breakdown(outer).is_some() => return None,
            (Some(def), _) => Within::Field(def),
            (None, Some(def)) => Within::Row(def),
            (None, None) => return None,
        };
        Some(Place::Rest(Rest { kind, part, progress, quoted, outer: Some(outer) }))
    }
}

impl<'v> Rest<'v> {
    /// The clauses that may stand in it.
    pub(crate) fn clauses(&self) -> &'v [ClauseDef] {
        match self.part {
            Within::Kind => &self.kind.1.clauses,
            Within::Field(def) | Within::Row(def) => &def.clauses,
            Within::Years(_) | Within::Actual => &[],
        }
    }

    /// What the cell holds that is being written; `None` where the statement takes no more.
    pub(crate) fn expected(&self) -> Option<Expected<'v>> {
        // A comma carries the cell before on.
        let cell = if self.progress.joined { self.progress.cells.saturating_sub(1) } else { self.progress.cells };
        if let Some(clause) = self.progress.clause {
            let def = find(self.clauses(), clause).filter(|_| cell == 0)?;
            return Some(of(&def.cell, clause.word(), &def.doc));
        }
        match self.part {
            Within::Kind => cells(self.kind.1).nth(cell),
            Within::Field(def) => def.cells.get(cell).map(|ty| of(ty, &def.name, &def.doc)),
            Within::Row(def) => row_type(def).map(|ty| Expected { ty, list: false, name: &def.name, doc: &def.doc, names: false }),
            Within::Years(ty) => Some(Expected { ty, list: false, name: "year", doc: "The columns of the table", names: false }),
            Within::Actual => Some(Expected { ty: &Type::Row, list: false, name: ACTUAL, doc: "The row that was reached", names: false }),
        }
    }

    /// Whether enough stands there already that a clause may follow.
    pub(crate) fn may_end(&self) -> bool {
        if self.progress.joined {
            return false;
        }
        if self.progress.clause.is_some() {
            return self.progress.cells > 0;
        }
        match self.part {
            Within::Kind => self.progress.cells >= usize::from(self.kind.1.named.is_some()) + self.kind.1.cells.len(),
            Within::Field(def) => self.progress.cells >= def.cells.iter().filter(|cell| !cell.optional).count().min(1),
            Within::Row(_) | Within::Years(_) | Within::Actual => false,
        }
    }
}

/// The cells after a kind's word, in order.
pub(crate) fn cells(kind: &Kind) -> impl Iterator<Item = Expected<'_>> {
    let named = kind.named.iter().map(|ty| Expected { names: true, ..of(ty, &kind.alias, &kind.doc) });
    let more = kind.cells.iter().filter_map(|def| def.cells.first().map(|ty| of(ty, &def.name, &def.doc)));
    let title = (kind.title != Title::None).then_some(Expected {
        ty: &Type::Text,
        list: false,
        name: "title",
        doc: "What people call it",
        names: false,
    });
    named.chain(more).chain(title)
}

pub(crate) fn of<'v>(cell: &'v CellType, name: &'v str, doc: &'v str) -> Expected<'v> {
    Expected { ty: &cell.ty, list: cell.list, name, doc, names: false }
}
