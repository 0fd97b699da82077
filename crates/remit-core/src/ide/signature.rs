//! Signature help: the form of the statement that is being written, and which part of it comes next.

use std::ops::Range;

use crate::ide::View;
use crate::ide::cursor::{Place, Rest, Within, cells};
use crate::ide::words;
use crate::source::FileId;
use crate::vocabulary::types::{CellType, Type};
use crate::vocabulary::{ClauseDef, Title};

/// The form of a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// `accountable BODY, … [from DATE] [until DATE]`.
    pub label: String,
    /// What the vocabulary says of it.
    pub documentation: String,
    /// Its parts, as bytes of the label, with what is said of each.
    pub parts: Vec<(Range<usize>, String)>,
    /// The part that is being written.
    pub active: Option<usize>,
}

/// The form of the statement at a byte of a file.
pub fn signature(view: View<'_>, file: FileId, byte: u32) -> Option<Signature> {
    let cursor = view.cursor(file, byte)?;
    let Place::Rest(rest) = cursor.place else { return None };
    let vocabulary = view.vocabulary();
    let mut signature = Signature { label: String::new(), documentation: String::new(), parts: Vec::new(), active: None };
    let at = if rest.progress.joined { rest.progress.cells.saturating_sub(1) } else { rest.progress.cells };
    let in_cell = |index: usize| rest.progress.clause.is_none() && index == at;
    match rest.part {
        Within::Kind => {
            let kind = rest.kind.1;
            signature.label.push_str(&kind.name);
            signature.documentation = words::sentence(&kind.doc);
            for (index, cell) in cells(kind).enumerate() {
                let ty = CellType { ty: cell.ty.clone(), list: cell.list, optional: false, alias: None };
                let shown = words::placeholder(vocabulary, &ty, cell.name);
                let optional = cell.name == "title" && kind.title == Title::Optional;
                let shown = if optional { format!("[{shown}]") } else { shown };
                let doc = if cell.names { format!("Takes {}.", vocabulary.describe(cell.ty)) } else { words::sentence(cell.doc) };
                signature.part(&shown, doc, in_cell(index));
            }
        }
        Within::Field(def) | Within::Row(def) => {
            signature.label.push_str(&def.name);
            signature.documentation = words::sentence(&def.doc);
            for (index, cell) in def.cells.iter().enumerate() {
                let shown = words::placeholder(vocabulary, cell, &def.name);
                let shown = if cell.optional { format!("[{shown}]") } else { shown };
                let is_row = matches!(rest.part, Within::Row(_));
                signature.part(&shown, format!("Takes {}.", vocabulary.describe(&cell.ty)), in_cell(index) || is_row);
            }
        }
        Within::Years(ty) => {
            let one = words::placeholder(vocabulary, &CellType::one(ty.clone()), "year");
            signature.label.push_str(&one.to_lowercase());
            signature.documentation = "The columns of the table.".to_owned();
            signature.part(&format!("{one} {one} …"), format!("Takes {}.", vocabulary.describe(ty)), true);
        }
        Within::Actual => {
            signature.label.push_str("actual");
            signature.documentation = "What was reached, beside what was planned.".to_owned();
            signature.part("ROW", format!("Takes {}.", vocabulary.describe(&Type::Row)), true);
            signature.part("NUMBER NUMBER …", "The figures.".to_owned(), false);
        }
    }
    for clause in rest.clauses() {
        signature.part(&words::clause_form(vocabulary, clause), words::sentence(&clause.doc), is_active(&rest, clause));
    }
    Some(signature)
}

fn is_active(rest: &Rest<'_>, clause: &ClauseDef) -> bool {
    rest.progress.clause == Some(clause.clause)
}

impl Signature {
    fn part(&mut self, shown: &str, doc: String, active: impl Into<Option<bool>>) {
        self.label.push(' ');
        let start = self.label.len();
        self.label.push_str(shown);
        if active.into() == Some(true) && self.active.is_none() {
            self.active = Some(self.parts.len());
        }
        self.parts.push((start..self.label.len(), doc));
    }
}
