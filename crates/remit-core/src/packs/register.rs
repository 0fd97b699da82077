//! Reads a pack's register of bodies: `data/bodies.csv`, `data/memberships.csv` and `data/successions.csv`.

use std::sync::Arc;

use csv::StringRecord;

use crate::model::bodies::{Body, BodyId, Membership, Register, Succession};
use crate::packs::reader::PACK;
use crate::problem::Problem;
use crate::source::{FileId, Span};
use crate::time::Date;
use crate::vocabulary::Vocabulary;

/// One CSV file of a pack, with the place of every row.
struct Table<'t> {
    file: FileId,
    text: &'t str,
    columns: StringRecord,
}

/// The pack whose register is read: it adds bodies, and changes none of another pack.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Owner<'o> {
    /// The pack's tier: its bodies stand no higher.
    pub(crate) tier: u8,
    /// How many bodies there were before its own.
    pub(crate) before: usize,
    pub(crate) vocabulary: &'o Vocabulary,
}

/// Reads the bodies of a file into the register.
pub(crate) fn read_bodies(register: &mut Register, owner: Owner<'_>, problems: &mut Vec<Problem>, file: FileId, text: &str) {
    let vocabulary = owner.vocabulary;
    let Some(kinds) = vocabulary.set("body-kind") else { return };
    rows(problems, file, text, &["code", "name", "kind"], |table, row, problems| {
        let code = table.cell(row, "code");
        if code.is_empty() {
            problems.push(table.error(row, "this body has no code"));
            return;
        }
        let kind = vocabulary.term(kinds, table.cell(row, "kind"));
        if kind.is_none() {
            problems.push(table.error(row, format!("`{}` is not a kind of body", table.cell(row, "kind"))));
        }
        let tier = kind.and_then(|kind| vocabulary.term_def(kind)).and_then(|kind| kind.tier).unwrap_or(0);
        if tier > owner.tier {
            let level = |tier| vocabulary.scale("tier").map_or("", |scale| vocabulary.level_name(scale, tier));
            let message = format!("`{code}` stands at the {}, above this pack of the {}", level(tier), level(owner.tier));
            problems.push(table.error(row, message).help("a pack adds bodies of its own tier or of a lower one"));
        }
        let alias = Some(table.cell(row, "alias")).filter(|alias| !alias.is_empty() && *alias != code).map(Arc::from);
        let (opened, closed) = (table.date(row, "opened", problems), table.date(row, "closed", problems));
        if opened.zip(closed).is_some_and(|(opened, closed)| closed < opened) {
            problems.push(table.error(row, "the last day comes before the first"));
        }
        let body = Body {
            code: Arc::from(code),
            alias,
            name: Arc::from(table.cell(row, "name")),
            kind,
            tier,
            opened,
            closed,
            memberships: Vec::new(),
            successions: Vec::new(),
            declared: None,
        };
        if register.add(body).is_none() {
            problems.push(table.error(row, format!("`{code}` is in the register already")));
        }
    });
}

/// Reads what belonged to what.
pub(crate) fn read_memberships(register: &mut Register, owner: Owner<'_>, problems: &mut Vec<Problem>, file: FileId, text: &str) {
    rows(problems, file, text, &["code", "parent", "first", "last"], |table, row, problems| {
        let (Some(body), Some(parent)) = (table.body(register, row, "code", problems), table.body(register, row, "parent", problems))
        else {
            return;
        };
        let Some(first) = table.date(row, "first", problems) else {
            problems.push(table.error(row, "a membership needs its `first` day"));
            return;
        };
        let last = table.date(row, "last", problems);
        if last.is_some_and(|last| last < first) {
            problems.push(table.error(row, "the last day comes before the first"));
            return;
        }
        if table.is_own(row, owner, body, problems) {
            register.add_membership(body, Membership { parent, first, last });
        }
    });
}

/// Reads what took over from what.
pub(crate) fn read_successions(register: &mut Register, owner: Owner<'_>, problems: &mut Vec<Problem>, file: FileId, text: &str) {
    rows(problems, file, text, &["code", "successor", "date", "kind"], |table, row, problems| {
        let (Some(body), Some(successor)) = (table.body(register, row, "code", problems), table.body(register, row, "successor", problems))
        else {
            return;
        };
        let Some(from) = table.date(row, "date", problems) else {
            problems.push(table.error(row, "a succession needs its `date`"));
            return;
        };
        if table.is_own(row, owner, body, problems) {
            register.add_succession(body, Succession { successor, from, kind: Arc::from(table.cell(row, "kind")) });
        }
    });
}

fn rows(
    problems: &mut Vec<Problem>,
    file: FileId,
    text: &str,
    needed: &[&str],
    mut each: impl FnMut(&Table<'_>, &StringRecord, &mut Vec<Problem>),
) {
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let columns = reader.headers().cloned().unwrap_or_default();
    let table = Table { file, text, columns };
    for column in needed {
        if !table.columns.iter().any(|name| name == *column) {
            problems.push(Problem::error(PACK, Span::new(file, 0..0), format!("this register has no column `{column}`")));
            return;
        }
    }
    let mut row = StringRecord::new();
    loop {
        match reader.read_record(&mut row) {
            Ok(true) => each(&table, &row, problems),
            Ok(false) => break,
            Err(error) => {
                let at = error.position().map_or(0, |position| position.byte() as usize);
                let end = text.get(at..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| at + length);
                problems.push(Problem::error(PACK, Span::new(file, at..end), "this row has another number of cells than the header"));
            }
        }
    }
}

impl Table<'_> {
    fn cell<'r>(&self, row: &'r StringRecord, column: &str) -> &'r str {
        self.columns.iter().position(|name| name == column).and_then(|at| row.get(at)).unwrap_or("")
    }

    fn date(&self, row: &StringRecord, column: &str, problems: &mut Vec<Problem>) -> Option<Date> {
        let text = self.cell(row, column);
        if text.is_empty() {
            return None;
        }
        let date = text.parse().ok();
        if date.is_none() {
            problems.push(self.error(row, format!("`{text}` is not a day: `{column}` is written as `2026-03-31`")));
        }
        date
    }

    fn body(&self, register: &Register, row: &StringRecord, column: &str, problems: &mut Vec<Problem>) -> Option<BodyId> {
        let name = self.cell(row, column);
        let body = register.find(name);
        if body.is_none() {
            problems.push(self.error(row, format!("`{name}` is not in the register")));
        }
        body
    }

    /// Whether a body is of the pack's own register: what another pack says of its bodies stays as it is.
    fn is_own(&self, row: &StringRecord, owner: Owner<'_>, body: BodyId, problems: &mut Vec<Problem>) -> bool {
        let is_own = body.0 as usize >= owner.before;
        if !is_own {
            let message = format!("`{}` is a body of a pack above, and a layer changes nothing of it", self.cell(row, "code"));
            problems.push(self.error(row, message).help("a pack adds bodies of its own, with what they belong to"));
        }
        is_own
    }

    fn error(&self, row: &StringRecord, message: impl Into<String>) -> Problem {
        let start = row.position().map_or(0, |position| position.byte() as usize);
        let end = self.text.get(start..).and_then(|rest| rest.find('\n')).map_or(self.text.len(), |length| start + length);
        Problem::error(PACK, Span::new(self.file, start..end), message)
    }
}
