//! Ranging: over statements, over what a field names, over the rows of a table, and over years, quarters and months.

use crate::model::value::{Operation, Quantity, Value};
use crate::model::{Entity, Part};
use crate::rules::evaluate::compare::three;
use crate::rules::evaluate::{Evaluation, Outcome, Subject};
use crate::rules::expression::{Expr, Node, Over, Quantifier, Range};
use crate::time::{FinancialYear, Grain, Period};
use crate::vocabulary::TermId;

impl<'e> Evaluation<'e> {
    /// Whether the body of an `every year of` holds in one period. Without that period's own value it cannot be told.
    pub(crate) fn in_period(&self, series: &Expr, body: &Expr, period: Period) -> Outcome {
        let inner = self.in_that(period);
        let mut outcome = Outcome::default();
        if inner.value(series, &mut outcome).is_none() {
            return outcome;
        }
        inner.truth(body)
    }

    /// The periods over which an `every … of` ranges: the years of the horizon, or what the table has; `None`, said, where it cannot be told.
    pub(crate) fn periods(&self, grain: Option<Grain>, only_given: bool, series: &Expr, outcome: &mut Outcome) -> Option<Vec<Period>> {
        let (at, field) = self.locate(series, outcome)?;
        let Node::Field(name, _) = &field.node else { return None };
        let columns = at.columns();
        let own = columns.first().map(|period| period.grain());
        let grain = grain.or(own).unwrap_or(Grain::Year);
        if let Some(own) = own.filter(|own| *own != grain) {
            outcome.missing.push(format!("`{name}` is given by {}, not by {}", own.word(), grain.word()));
            return None;
        }
        if grain == Grain::Year && !only_given {
            let Some((first, last)) = self.plan.horizon else {
                outcome.missing.push("the plan's horizon is not known".to_owned());
                return None;
            };
            return Some((first.0..=last.0).map(|year| Period::Year(FinancialYear(year))).collect());
        }
        let periods: Vec<Period> = columns.into_iter().filter(|period| !only_given || at.cell(name, *period).is_some()).collect();
        if periods.is_empty() {
            outcome.missing.push(format!("`{name}` is not given"));
            return None;
        }
        Some(periods)
    }

    /// What the subject's table has for columns.
    pub(super) fn columns(&self) -> Vec<Period> {
        let (Subject::Entity(entity) | Subject::Row(entity, _)) = self.subject else { return Vec::new() };
        entity.columns.iter().filter_map(|(period, _)| *period).collect()
    }

    /// The things that a field names, and whether something of it could not be read; `None`, said, where it is not given.
    pub(super) fn things(&self, field: &Expr, outcome: &mut Outcome) -> Option<Vec<(Subject<'e>, bool)>> {
        let (at, field) = self.locate(field, outcome)?;
        let Node::Field(name, _) = &field.node else { return None };
        let mut found = Vec::new();
        let mut unread = false;
        match at.subject {
            Subject::Entity(entity) => {
                self.plan.look_into(entity, name);
                unread = entity.fenced;
                for datum in entity.all(name).flat_map(|field| &field.values) {
                    match datum.value {
                        Some(Value::Body(body)) => found.push((Subject::Named(body, datum.place), false)),
                        Some(Value::Entity(nth)) => {
                            found.extend(self.plan.entity(nth as usize).map(|entity| (Subject::Entity(entity), false)))
                        }
                        _ => unread = true,
                    }
                }
                if let Some(list) = at.derived_list(name) {
                    unread |= self.plan.may_hide(entity.kind);
                    found.extend(list.into_iter().map(|subject| (subject, false)));
                }
            }
            Subject::Line(line) => {
                for datum in line.values.iter().chain(line.clause(name)) {
                    match datum.value {
                        Some(Value::Body(body)) => found.push((Subject::Named(body, datum.place), false)),
                        Some(Value::Entity(nth)) => {
                            found.extend(self.plan.entity(nth as usize).map(|entity| (Subject::Entity(entity), false)))
                        }
                        _ => {}
                    }
                }
            }
            _ => {
                let place = || match at.subject {
                    Subject::Mention(mention) => Some(mention.place),
                    Subject::Named(_, place) => Some(place),
                    Subject::Row(_, part) => Some(part.of.place),
                    _ => self.plan.header().map(|header| header.place),
                };
                match at.value(field, outcome) {
                    Some(Value::Body(body)) => found.push((Subject::Named(body, place()?), false)),
                    Some(Value::Entity(nth)) => {
                        found.extend(self.plan.entity(nth as usize).map(|entity| (Subject::Entity(entity), false)));
                    }
                    // What is missing has been said.
                    _ => return None,
                }
            }
        }
        if found.is_empty() && !unread {
            // A field that is absent is undetermined; only `is given` asks.
            outcome.missing.push(format!("`{name}` is not given"));
            return None;
        }
        if unread {
            if let Some((_, last)) = found.last_mut() {
                *last = true;
            }
            if found.is_empty() {
                outcome.missing.push(format!("`{name}` could not be read"));
                return None;
            }
        }
        Some(found)
    }

    /// What is ranged over, and whether something of it may not have been read.
    fn subjects(&self, over: &Over, outcome: &mut Outcome) -> (Vec<Subject<'e>>, bool) {
        match over {
            Over::Name(..) => (Vec::new(), true),
            Over::Kind(kind) => (self.plan.of_kind(*kind).map(|(_, entity)| Subject::Entity(entity)).collect(), self.plan.may_hide(*kind)),
            Over::Field(field) => match self.things(field, outcome) {
                Some(found) => {
                    let unread = found.iter().any(|(_, unread)| *unread);
                    (found.into_iter().map(|(subject, _)| subject).collect(), unread)
                }
                None => (Vec::new(), true),
            },
            Over::Lines(field) => {
                let Some((at, Expr { node: Node::Field(name, _), .. })) = self.locate(field, outcome) else { return (Vec::new(), true) };
                let Subject::Entity(entity) = at.subject else { return (Vec::new(), true) };
                self.plan.look_into(entity, name);
                let lines: Vec<Subject<'e>> = entity.fields.iter().filter(|field| field.name == *name).map(Subject::Line).collect();
                if lines.is_empty() {
                    outcome.missing.push(format!("`{name}` is not given"));
                }
                let unread = lines.is_empty() || entity.fenced;
                (lines, unread)
            }
        }
    }

    /// One of what is ranged over, seen from here.
    fn inner<'i>(&'i self, subject: Subject<'i>) -> Evaluation<'i> {
        Evaluation { subject, outer: Some(self), ..*self }
    }

    /// Whether a subject is one of those that are asked; `None` where it cannot be told.
    fn chosen(&self, subject: Subject<'_>, range: &Range, outcome: &mut Outcome) -> Option<bool> {
        let Some(condition) = &range.condition else { return Some(true) };
        let one = Evaluation { subject, outer: Some(self), ..*self }.truth(condition);
        if one.holds.is_none() {
            outcome.missing.extend(one.missing);
        }
        one.holds
    }

    pub(super) fn any(&self, quantifier: Quantifier, range: &Range, body: &Expr) -> Outcome {
        let decides = quantifier != Quantifier::Every;
        let mut whole = Outcome::default();
        let (subjects, unread) = match self.shortlist(quantifier, range, body) {
            Some((subjects, presumed)) => {
                whole.presumed = presumed;
                (subjects, matches!(range.over, Over::Kind(kind) if self.plan.may_hide(kind)))
            }
            None => self.subjects(&range.over, &mut whole),
        };
        // As in `and` and `or`: one that decides, decides; one that cannot be told leaves the whole untold.
        let mut holds = (!unread).then_some(!decides);
        let mut subjects = subjects.into_iter();
        while let Some(subject) = subjects.next() {
            let one = match self.chosen(subject, range, &mut whole) {
                Some(false) => continue,
                Some(true) => self.inner(subject).truth(body),
                None => Outcome::default(),
            };
            if one.holds == Some(decides) {
                self.for_the_record(|| {
                    let chosen = subjects.filter(|subject| self.chosen(*subject, range, &mut Outcome::default()) == Some(true));
                    chosen.for_each(|subject| drop(self.inner(subject).truth(body)));
                });
                let holds = if quantifier == Quantifier::No { Some(false) } else { one.holds };
                return Outcome { holds, ..one };
            }
            whole.presumed |= one.presumed;
            if one.holds.is_none() {
                holds = None;
                whole.missing.extend(one.missing);
            }
        }
        whole.holds = if quantifier == Quantifier::No { holds.map(|some| !some) } else { holds };
        whole
    }

    pub(super) fn count(&self, range: &Range, outcome: &mut Outcome) -> Option<Value> {
        let (subjects, unread) = self.subjects(&range.over, outcome);
        self.count_of(range, subjects, outcome).filter(|_| !unread)
    }

    /// How many of some subjects a range chooses.
    pub(crate) fn count_of(&self, range: &Range, subjects: Vec<Subject<'e>>, outcome: &mut Outcome) -> Option<Value> {
        let mut count = 0;
        for subject in subjects {
            count += i128::from(self.chosen(subject, range, outcome)?);
        }
        Some(Value::Number(Quantity::of(count.into(), crate::model::value::Measure::Plain)))
    }

    pub(super) fn sum(&self, value: &Expr, range: &Range, outcome: &mut Outcome) -> Option<Value> {
        let (subjects, unread) = self.subjects(&range.over, outcome);
        let nothing = Value::Number(Quantity::of(0.into(), crate::model::value::Measure::Plain));
        self.sum_of(value, range, subjects, outcome).filter(|_| !unread).map(|total| total.unwrap_or(nothing))
    }

    /// What those that a range chooses of some subjects come to: `None` where it cannot be told, and nothing where none is chosen.
    pub(crate) fn sum_of(&self, value: &Expr, range: &Range, subjects: Vec<Subject<'e>>, outcome: &mut Outcome) -> Option<Option<Value>> {
        let mut total: Option<Value> = None;
        for subject in subjects {
            if !self.chosen(subject, range, outcome)? {
                continue;
            }
            let one = self.inner(subject).value(value, outcome)?;
            total = Some(match total {
                None => one,
                Some(so_far) => self.reckon(Operation::Add, &so_far, &one, outcome)?,
            });
        }
        Some(total)
    }

    /// What share those chosen have of all.
    pub(super) fn share(&self, value: Option<&Expr>, range: &Range, outcome: &mut Outcome) -> Option<Value> {
        let all = Range { condition: None, ..range.clone() };
        let (part, whole) = match value {
            Some(value) => (self.sum(value, range, outcome)?, self.sum(value, &all, outcome)?),
            None => (self.count(range, outcome)?, self.count(&all, outcome)?),
        };
        let share = self.reckon(Operation::Divide, &part, &whole, outcome)?;
        // A count over a count is a share too.
        match three(&share) {
            Some([low, central, high]) if low == high => {
                Some(Value::Number(Quantity::of(central.amount, crate::model::value::Measure::Rate)))
            }
            _ => Some(share),
        }
    }

    /// What the compiler finds for a table: its rows that are bodies or sectors, the tables of the parts of its group, and of its whole.
    pub(super) fn derived_list(&self, name: &str) -> Option<Vec<Subject<'e>>> {
        let Subject::Entity(entity) = self.subject else { return None };
        match name {
            "rows" => Some(entity.parts.iter().map(|part: &'e Part| Subject::Row(entity, part)).collect()),
            "parts" if entity.parts.is_empty() => Some(self.parts(entity)),
            "whole" => Some(self.whole(entity).into_iter().collect()),
            _ => None,
        }
    }

    /// The undivided tables of a body's groups that are parts of this one, without those that are parts of one another.
    fn parts(&self, entity: &'e Entity) -> Vec<Subject<'e>> {
        let Some(group) = group(entity) else { return Vec::new() };
        let tables: Vec<(&'e Entity, TermId)> = self.tables_beside(entity).filter(|(_, part)| self.is_part(*part, group)).collect();
        let topmost = |part: TermId| !tables.iter().any(|(_, other)| self.is_part(part, *other));
        tables.iter().filter(|(_, part)| topmost(*part)).map(|(table, _)| Subject::Entity(table)).collect()
    }

    /// The undivided table of the same group; for that one, the table of the nearest group of which it is a part.
    fn whole(&self, entity: &'e Entity) -> Option<Subject<'e>> {
        let own = group(entity)?;
        if !entity.parts.is_empty() || entity.field("breakdown").is_some() {
            return self.tables_beside(entity).find(|(_, group)| *group == own).map(|(table, _)| Subject::Entity(table));
        }
        let wholes: Vec<(&'e Entity, TermId)> = self.tables_beside(entity).filter(|(_, group)| self.is_part(own, *group)).collect();
        let nearest = wholes.iter().find(|(_, group)| !wholes.iter().any(|(_, other)| self.is_part(*other, *group)));
        nearest.map(|(table, _)| Subject::Entity(table))
    }

    fn is_part(&self, part: TermId, whole: TermId) -> bool {
        part != whole && self.vocabulary.is_part_of(part, whole)
    }

    /// The undivided tables of the same kind and body, and their groups.
    fn tables_beside(&self, entity: &'e Entity) -> impl Iterator<Item = (&'e Entity, TermId)> + use<'e> {
        let plan = self.plan;
        let body = move |entity: &Entity| entity.bodies("body").next().map(|(body, _)| body).or(plan.body);
        let own = body(entity);
        plan.of_kind(entity.kind)
            .map(|(_, table)| table)
            .filter(move |table| table.field("breakdown").is_none() && body(table) == own)
            .filter_map(|table| Some((table, group(table)?)))
    }
}

fn group(entity: &Entity) -> Option<TermId> {
    match entity.value("group") {
        Some(Value::Term(group)) => Some(*group),
        _ => None,
    }
}
