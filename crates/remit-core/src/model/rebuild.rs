//! A plan after an edit: the statements that were read again, and those that name them, are made anew; the others are moved.
//!
//! INVARIANT: the outcome is what building the whole plan anew would give. Where that is not certain there is no outcome.

use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

use crate::model::build::{self, Found};
use crate::model::read::Cells;
use crate::model::value::{Datum, Value};
use crate::model::{Entity, Field, Part, Plan, Reading, Row};
use crate::problem::Problem;
use crate::source::{FileId, Shift};
use crate::syntax::MOST_PROBLEMS;
use crate::syntax::splice::Spliced;
use crate::vocabulary::KindId;

/// What was read of one statement at top level: how many entities it made, and what was wrong with it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Record {
    pub(super) file: Option<FileId>,
    pub(super) entities: usize,
    pub(super) problems: Vec<Problem>,
    /// The kinds that it may hide, since it could not be read.
    pub(super) fenced: Vec<KindId>,
    pub(super) all_fenced: bool,
}

/// The values of facts, by name.
pub(super) type Facts = HashMap<Arc<str>, Option<Value>>;

/// Everything that is kept of reading a plan, so that an edit need not read it again.
#[derive(Debug, Clone, Default)]
pub(crate) struct Records {
    pub(super) of: Vec<Record>,
    /// What is wrong with names that two statements share.
    pub(super) declared: Vec<Problem>,
    pub(super) facts: Facts,
}

/// What an edit changed.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    /// The entities that were there, and are no more …
    pub(crate) old: Range<usize>,
    /// … and how many stand in their place.
    pub(crate) now: usize,
    /// Others that were made anew, as they are counted now.
    pub(crate) anew: Vec<Range<usize>>,
    /// The kinds of all of these.
    pub(crate) kinds: HashSet<KindId>,
}

impl Records {
    /// What is wrong with the statements, in order, for those who need no more.
    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.declared.into_iter().chain(self.of.into_iter().flat_map(|record| record.problems)).collect()
    }

    /// What is wrong with the statements, in order.
    pub(crate) fn problems(&self) -> impl Iterator<Item = &Problem> {
        self.declared.iter().chain(self.of.iter().flat_map(|record| &record.problems))
    }
}

/// Turns a plan into what it is after an edit; `None` where the whole has to be built, and the plan is of no more use.
pub(crate) fn rebuild(reading: Reading<'_>, plan: &mut Plan, records: &mut Records, file: FileId, spliced: &Spliced) -> Option<Touched> {
    if !records.declared.is_empty() || records.problems().count() >= MOST_PROBLEMS / 2 {
        return None;
    }
    let first = records.of.iter().position(|record| record.file == Some(file))?;
    let old_records = first + spliced.old.start..first + spliced.old.end;
    let count = |records: &[Record]| records.iter().map(|record| record.entities).sum::<usize>();
    let start = count(records.of.get(..old_records.start)?);
    let old = start..start + count(records.of.get(old_records.clone())?);
    let header = plan.header?;
    if old.contains(&header) {
        return None;
    }

    // What stands there now: what it is called first, then what it says.
    let (_, tree) = reading.files.iter().find(|(known, _)| *known == file)?;
    let statements: Vec<_> = tree.statements().collect();
    let mut found: Vec<(Option<Found<'_, '_>>, Record)> = Vec::new();
    for statement in statements.get(spliced.old.start..spliced.now)? {
        found.push(build::find_one(reading, plan.bodies.register(), file, *statement, 0));
    }
    let old_keys: Vec<(KindId, Arc<str>)> =
        plan.entities.get(old.clone())?.iter().map(|entity| (entity.kind, entity.name.clone())).collect();
    let new_keys: Vec<(KindId, Arc<str>)> =
        found.iter().filter_map(|(found, _)| found.as_ref()).flat_map(|found| build::keys(reading, found)).collect();
    let declares = |name: &str| plan.bodies.own_names().any(|own| own == name);
    let is_own =
        |(kind, name): &(KindId, Arc<str>)| build::declares_bodies(reading, *kind) && (declares(name) || plan.bodies.find(name).is_none());
    if old_keys.iter().chain(&new_keys).any(is_own) || new_keys.iter().any(|(kind, _)| reading.vocabulary.kind("plan") == Some(*kind)) {
        return None;
    }
    let fact = reading.vocabulary.kind("fact");
    if old_keys.iter().chain(&new_keys).any(|(kind, _)| Some(*kind) == fact) {
        return None;
    }
    let of_the_plan = plan.entities.get(old.clone())?.iter().any(|entity| entity.bodies("code").any(|(body, _)| Some(body) == plan.body));
    if of_the_plan {
        return None;
    }

    let grown = new_keys.len() as i64 - old_keys.len() as i64;
    let renamed = old_keys != new_keys;
    let mut anew_records: Vec<usize> = Vec::new();
    if renamed {
        let many = |(kind, _): &(KindId, Arc<str>)| reading.vocabulary.kind_def(*kind).is_some_and(|kind| kind.many);
        let mut seen = HashSet::new();
        let elsewhere = |key: &(KindId, Arc<str>)| plan.by_name.get(key).is_some_and(|at| !old.contains(at));
        if old_keys.iter().chain(&new_keys).any(many) || new_keys.iter().any(|key| elsewhere(key) || !seen.insert(key)) {
            return None;
        }
        // Whoever names one of them, or could not be read, or may name anything, is read again.
        let waiver = reading.vocabulary.kind("waiver");
        let mut at = 0;
        for (index, record) in records.of.iter().enumerate() {
            let own = plan.entities.get(at..at + record.entities)?;
            at += record.entities;
            let names_one = own.iter().any(|entity| Some(entity.kind) == waiver || names_one_of(entity, &old));
            if !old_records.contains(&index) && (names_one || !record.problems.is_empty()) {
                anew_records.push(index);
            }
        }
    }

    // The names are known from here on.
    for key in &old_keys {
        plan.by_name.remove(key);
    }
    if grown != 0 {
        plan.by_name.values_mut().filter(|at| **at >= old.end).for_each(|at| *at = moved(*at, grown));
    }
    for (at, key) in new_keys.iter().enumerate() {
        plan.by_name.insert(key.clone(), start + at);
    }
    let shift = spliced.shift;
    let now = start + new_keys.len();
    let mut touched = Touched { old: old.clone(), now: new_keys.len(), ..Touched::default() };
    touched.kinds.extend(old_keys.iter().chain(&new_keys).map(|(kind, _)| *kind));

    // What follows moves.
    for entity in plan.entities.get_mut(old.end..)? {
        if entity.whole.file == file {
            shift_entity(entity, shift);
        }
    }
    if grown != 0 {
        for entity in &mut plan.entities {
            each_datum(entity, &mut |datum| {
                if let Some(Value::Entity(at)) = &mut datum.value
                    && *at as usize >= old.end
                {
                    *at = moved(*at as usize, grown) as u32;
                }
            });
        }
    }
    for (at, record) in records.of.iter_mut().enumerate() {
        if at >= old_records.end && record.file == Some(file) {
            record.problems.iter_mut().for_each(|problem| problem.shift(shift));
        }
    }
    plan.bodies.shift(shift);

    plan.fact_uses.retain(|(_, place)| !(place.file == file && (spliced.from..spliced.shift.from).contains(&place.start)));
    for (at, place) in &mut plan.fact_uses {
        shift.span(place);
        if *at as usize >= old.end {
            *at = moved(*at as usize, grown) as u32;
        }
    }

    // What was read again is made anew.
    let mut made: Vec<Entity> = Vec::new();
    let mut uses;
    {
        let mut cells = Cells {
            reading,
            bodies: &plan.bodies,
            names: &plan.by_name,
            problems: Vec::new(),
            said: 0,
            unit: None,
            facts: None,
            fact_uses: Vec::new(),
        };
        for (found, record) in &mut found {
            if let Some(found) = found {
                let entities = build::with_facts(&mut cells, &mut records.facts, found);
                record.entities = entities.len();
                made.extend(entities);
            }
            record.problems.append(&mut cells.problems);
        }
        uses = cells.fact_uses;
    }
    if made.len() != new_keys.len() {
        return None;
    }
    plan.entities.splice(old.clone(), made);
    plan.fact_uses.append(&mut uses);
    let new_records: Vec<Record> = found.into_iter().map(|(_, record)| record).collect();
    let records_grown = new_records.len() as i64 - old_records.len() as i64;
    records.of.splice(old_records.clone(), new_records);
    for index in anew_records {
        let index = if index >= old_records.end { moved(index, records_grown) } else { index };
        remake(reading, plan, records, index, &mut touched)?;
    }

    plan.fact_uses.sort_by_key(|(_, place)| *place);
    let mut fenced = HashSet::new();
    for record in &records.of {
        fenced.extend(record.fenced.iter().copied());
    }
    let all_fenced = records.of.iter().any(|record| record.all_fenced) || reading.files.iter().any(|(_, tree)| tree.is_fenced());
    if fenced != plan.fenced || all_fenced != plan.all_fenced {
        return None;
    }
    if header >= old.end {
        plan.header = Some(moved(header, grown));
    }
    let mut anew = touched.anew.clone();
    anew.push(start..now);
    for mention in &mut plan.mentions {
        if mention.entity >= old.end {
            mention.entity = moved(mention.entity, grown);
            shift.span(&mut mention.place);
        } else if old.contains(&mention.entity) {
            // Taken out below.
            mention.entity = usize::MAX;
        }
    }
    plan.mentions.retain(|mention| mention.entity != usize::MAX && !touched.anew.iter().any(|range| range.contains(&mention.entity)));
    for range in anew {
        let found = build::mentions_of(plan, range);
        let Some(first) = found.first() else { continue };
        let place = (first.place, first.day);
        let at = plan.mentions.partition_point(|mention| (mention.place, mention.day) < place);
        plan.mentions.splice(at..at, found);
    }
    Some(touched)
}

/// Reads a statement again that names what has changed.
fn remake(reading: Reading<'_>, plan: &mut Plan, records: &mut Records, index: usize, touched: &mut Touched) -> Option<()> {
    let file = records.of.get(index)?.file?;
    let first = records.of.iter().position(|record| record.file == Some(file))?;
    let (_, tree) = reading.files.iter().find(|(known, _)| *known == file)?;
    let statement = tree.statements().nth(index - first)?;
    let (found, mut record) = build::find_one(reading, plan.bodies.register(), file, statement, 0);
    let start: usize = records.of.get(..index)?.iter().map(|record| record.entities).sum();
    let known = records.of.get(index)?.entities;
    let mut cells = Cells {
        reading,
        bodies: &plan.bodies,
        names: &plan.by_name,
        problems: Vec::new(),
        said: 0,
        unit: None,
        facts: None,
        fact_uses: Vec::new(),
    };
    let made = found.map(|found| build::with_facts(&mut cells, &mut records.facts, &found)).unwrap_or_default();
    record.problems.append(&mut cells.problems);
    let uses = cells.fact_uses;
    plan.fact_uses.retain(|(_, place)| !statement.whole().contains(*place));
    plan.fact_uses.extend(uses);
    record.entities = made.len();
    if made.len() != known {
        return None;
    }
    touched.kinds.extend(made.iter().map(|entity| entity.kind));
    touched.anew.push(start..start + known);
    plan.entities.splice(start..start + known, made);
    *records.of.get_mut(index)? = record;
    Some(())
}

fn moved(at: usize, by: i64) -> usize {
    usize::try_from(at as i64 + by).unwrap_or(0)
}

fn names_one_of(entity: &Entity, range: &Range<usize>) -> bool {
    let is_one = |datum: &Datum| matches!(datum.value, Some(Value::Entity(at)) if range.contains(&(at as usize)));
    let of_field = |field: &Field| field.values.iter().chain(field.clauses.iter().flat_map(|(_, values)| values)).any(is_one);
    let rows = entity.rows.iter().chain(entity.parts.iter().flat_map(|part| &part.rows));
    entity.fields.iter().any(of_field) || rows.flat_map(|row| &row.cells).flatten().any(is_one)
}

/// Every value of a statement. What a statement holds is taken apart here and below, so that what is added to it cannot be forgotten.
fn each_datum(entity: &mut Entity, each: &mut impl FnMut(&mut Datum)) {
    let Entity { kind: _, name: _, place: _, whole: _, line: _, title, fields, columns: _, rows, parts, fenced: _ } = entity;
    title.iter_mut().for_each(&mut *each);
    for Field { name: _, place: _, line: _, values, clauses } in fields {
        values.iter_mut().for_each(&mut *each);
        clauses.iter_mut().flat_map(|(_, values)| values).for_each(&mut *each);
    }
    for Part { of, rows } in parts {
        each(of);
        rows.iter_mut().flat_map(|row| &mut row.cells).flatten().for_each(&mut *each);
    }
    rows.iter_mut().flat_map(|row| &mut row.cells).flatten().for_each(&mut *each);
}

fn shift_entity(entity: &mut Entity, shift: Shift) {
    let Entity { kind: _, name: _, place, whole, line, title: _, fields, columns, rows, parts, fenced: _ } = entity;
    for span in [place, whole, line] {
        shift.span(span);
    }
    for Field { name: _, place, line, values: _, clauses: _ } in fields {
        shift.span(place);
        shift.span(line);
    }
    for Row { name: _, place, cells: _ } in rows.iter_mut().chain(parts.iter_mut().flat_map(|part| &mut part.rows)) {
        shift.span(place);
    }
    columns.iter_mut().for_each(|(_, span)| shift.span(span));
    each_datum(entity, &mut |datum| shift.span(&mut datum.place));
}
