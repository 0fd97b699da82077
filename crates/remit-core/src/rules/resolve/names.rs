//! What the names of an expression mean: fields of the subject, of those further out, and of what fields name.

use std::ops::Range;
use std::sync::Arc;

use crate::model::value::{Measure, Quantity, Value};
use crate::problem::did_you_mean;
use crate::rules::expression::{Counted, Expr, Node, Over};
use crate::rules::resolve::types::{Dimension, Ty, cell_type};
use crate::rules::resolve::{Frame, Resolver, Shape};
use crate::time::Duration;
use crate::vocabulary::types::{CellType, Type};
use crate::vocabulary::{FieldDef, Kind};

/// How many points may stand in a name.
const MOST_POINTS: usize = 3;

/// What a name means.
pub(super) struct Found<'s> {
    /// The node that looks it up; `None` where it could not be found, or is a bare word.
    pub(super) node: Option<Node>,
    pub(super) ty: Ty,
    /// The field, and the shape whose field it is.
    pub(super) field: Option<(&'s FieldDef, Shape<'s>)>,
}

impl<'s> Found<'s> {
    fn unknown() -> Self {
        Self { node: None, ty: Ty::Unknown, field: None }
    }

    fn of(node: Node, ty: Ty) -> Self {
        Self { node: Some(node), ty, field: None }
    }
}

impl<'s> Shape<'s> {
    /// What it is called in messages, and by expressions further in.
    pub(super) fn name(self) -> &'s str {
        match self {
            Self::Kind(kind) | Self::Row(kind, _) => &kind.name,
            Self::Line(field) => &field.name,
        }
    }

    fn field(self, word: &str) -> Option<&'s FieldDef> {
        let (kind, table) = match self {
            Self::Kind(kind) => (kind, kind),
            Self::Row(kind, table) => (kind, table),
            Self::Line(_) => return None,
        };
        let own = kind.fields.iter().chain(&kind.cells).chain(&kind.derived).find(|field| *field.name == *word);
        own.or_else(|| table.row(word))
    }

    /// Every word that may be asked of it, for what was most likely meant.
    fn known(self) -> Vec<&'s str> {
        match self {
            Self::Kind(kind) => kind.fields.iter().chain(&kind.rows).chain(&kind.derived).map(|field| &*field.name).collect(),
            Self::Row(kind, table) => kind.derived.iter().chain(&table.rows).map(|field| &*field.name).collect(),
            Self::Line(field) => {
                let cells = field.cells.iter().filter_map(|cell| cell.alias.as_deref());
                ["value"].into_iter().chain(cells).chain(field.clauses.iter().map(|clause| &*clause.alias)).collect()
            }
        }
    }
}

impl<'s> Resolver<'s, '_> {
    pub(super) fn number(&mut self, number: crate::syntax::literal::Decimal, unit: Option<(Arc<str>, Range<usize>)>) -> (Node, Ty) {
        let literal = |measure| Node::Literal(Value::Number(Quantity { amount: number.rational(), measure, places: Some(number.places) }));
        let Some((word, range)) = unit else {
            let dimension = if number.digits == 0 { Dimension::Zero } else { Dimension::Plain };
            return (literal(Measure::Plain), Ty::Number(dimension));
        };
        let vocabulary = self.scope.vocabulary;
        let Some(unit) = self.unit(&word, &range) else { return (literal(Measure::Plain), Ty::Number(Dimension::Any)) };
        let def = vocabulary.unit_def(unit);
        match (def.map_or("", |unit| &*unit.of), def.map_or("", |unit| &*unit.name)) {
            ("duration", name) => {
                let count = if number.places == 0 { i32::try_from(number.digits).unwrap_or(i32::MAX).min(12_000) } else { 0 };
                let duration = match name {
                    "years" => Duration::Months(count * 12),
                    "months" => Duration::Months(count),
                    _ => Duration::Days(count),
                };
                (Node::Literal(Value::Duration(duration)), Ty::Duration)
            }
            ("points", _) => {
                let hundredths = crate::syntax::literal::Decimal { places: number.places.saturating_add(2), ..number };
                let quantity = Quantity { amount: hundredths.rational(), measure: Measure::Points, places: Some(hundredths.places) };
                (Node::Literal(Value::Number(quantity)), Ty::Number(Dimension::Points))
            }
            _ => (literal(Measure::Unit(unit)), Ty::Number(Dimension::Counted)),
        }
    }

    fn unit(&mut self, word: &str, range: &Range<usize>) -> Option<crate::vocabulary::UnitId> {
        let vocabulary = self.scope.vocabulary;
        let found = vocabulary.unit(word);
        if found.is_none() {
            let near = did_you_mean(word, vocabulary.units().iter().map(|unit| &*unit.name)).map(|near| format!("did you mean `{near}`?"));
            self.fault(range, format!("there is no unit `{word}`"), near);
        }
        found
    }

    /// What `is in …` asks for.
    pub(super) fn counted(&mut self, counted: &mut Counted) {
        let Counted::Word(word, range) = counted.clone() else { return };
        let measure = match &*word {
            "per cent" => Measure::Rate,
            "money" => Measure::Money,
            word => {
                let Some(unit) = self.unit(word, &range) else { return };
                match self.scope.vocabulary.unit_def(unit).map_or("", |unit| &*unit.of) {
                    "points" => Measure::Points,
                    "duration" => {
                        let help = Some("ask for `per cent`, `points`, `money` or a unit such as `wte`".to_owned());
                        self.fault(&range, format!("`{word}` is a length of time, and no figure is counted in it"), help);
                        return;
                    }
                    _ => Measure::Unit(unit),
                }
            }
        };
        *counted = Counted::Measure(measure);
    }

    pub(super) fn name(&mut self, words: &[Arc<str>], range: &Range<usize>) -> (Option<Node>, Ty) {
        let found = self.find(words, range);
        (found.node, found.ty)
    }

    /// Looks up a name: by what ranges call their own, in the innermost subject, in those further out, and in the plan.
    pub(super) fn find(&mut self, words: &[Arc<str>], range: &Range<usize>) -> Found<'s> {
        let Some((first, rest)) = words.split_first() else { return Found { node: None, ty: Ty::Truth, field: None } };
        if first.starts_with(|letter: char| letter.is_ascii_digit() || letter == '£') {
            let what = if first.contains('/') {
                "one financial year"
            } else if first.contains('-') {
                "a day of the calendar"
            } else {
                "a number"
            };
            self.fault(range, format!("`{first}` is not {what}"), None);
            return Found::unknown();
        }
        if rest.len() > MOST_POINTS {
            self.fault(range, "a name has at most three points in it", Some("write `field`, or `field.clause`".to_owned()));
            return Found::unknown();
        }
        let depth_of = |frames: &[Frame<'_>], called: &dyn Fn(&Frame<'_>) -> bool| frames.iter().rev().position(called);
        if !rest.is_empty() {
            if let Some(depth) = depth_of(&self.frames, &|frame| frame.alias.as_ref() == Some(first)) {
                return self.further_out(depth, rest, range);
            }
            if let ("plan", [field]) = (&**first, rest) {
                let (node, ty) = self.plan_field(field, range);
                return Found { node, ty, field: None };
            }
        }
        let innermost = self.innermost();
        if let Some(found) = self.look(innermost, words, range) {
            return found;
        }
        if !rest.is_empty() {
            // One that has a name of its own is called by that.
            let by_kind =
                |frame: &Frame<'_>| frame.alias.is_none() && !matches!(frame.shape, Shape::Line(_)) && *frame.shape.name() == **first;
            let outside = self.frames.len().saturating_sub(1);
            let found = self.frames.get(..outside).and_then(|frames| depth_of(frames, &by_kind)).map(|depth| depth + 1);
            if let Some(depth) = found.or_else(|| self.frames.last().is_some_and(by_kind).then_some(0)) {
                return self.further_out(depth, rest, range);
            }
            self.fault(range, format!("`{}` has no field `{first}`", innermost.name()), None);
            return Found::unknown();
        }
        if &**first == "as-of" {
            return Found::of(Node::AsOf, Ty::Date);
        }
        let plan = self.plan_kind().filter(|plan| plan.field(first).is_some() && *innermost.name() != *plan.name);
        if plan.is_some() {
            let (node, ty) = self.plan_field(first, range);
            return Found { node, ty, field: None };
        }
        Found { node: None, ty: Ty::Word(first.clone()), field: None }
    }

    /// A name of a subject so many steps further out.
    fn further_out(&mut self, depth: usize, words: &[Arc<str>], range: &Range<usize>) -> Found<'s> {
        let Some(shape) = self.frames.iter().rev().nth(depth).map(|frame| frame.shape) else { return Found::unknown() };
        let Some(mut found) = self.look(shape, words, range) else {
            self.unknown_in(shape, range, words.first().map_or("", |word| word));
            return Found::unknown();
        };
        if depth > 0 {
            found.node = found.node.map(|node| Node::Outer(depth as u8, Box::new(Expr { node, range: range.clone() })));
        }
        found
    }

    /// What a name means within one shape; `None` where the shape has nothing that its first word names.
    fn look(&mut self, shape: Shape<'s>, words: &[Arc<str>], range: &Range<usize>) -> Option<Found<'s>> {
        let (first, rest) = words.split_first()?;
        let (ty, field) = match shape {
            Shape::Line(field) => {
                let cell = field.cells.iter().find(|cell| cell.alias.as_ref() == Some(first));
                let own = field.cells.first().filter(|_| &**first == "value");
                let clause = field.clauses.iter().find(|clause| clause.alias == *first).map(|clause| &clause.cell);
                (cell_type(cell.or(own).or(clause)?, false), None)
            }
            Shape::Kind(kind) | Shape::Row(kind, _) => match shape.field(first) {
                Some(field) => (field.cells.first().map_or(Ty::Truth, |cell| cell_type(cell, field.repeats)), Some(field)),
                None => {
                    let clause = kind.clauses.iter().find(|def| def.alias == *first).map(|def| cell_type(&def.cell, false));
                    let named = kind.named.as_ref().filter(|_| kind.alias == *first);
                    (clause.or_else(|| named.map(|named| cell_type(&CellType { list: false, ..named.clone() }, false)))?, None)
                }
            },
        };
        let Some(second) = rest.first() else {
            return Some(Found { node: Some(Node::Field(first.clone(), None)), ty, field: field.map(|field| (field, shape)) });
        };
        let clauses = field.map_or(&[][..], |field| &field.clauses);
        let cells = || field.into_iter().flat_map(|field| &field.cells).filter(|cell| cell.alias.is_some());
        let of_clause = clauses.iter().find(|def| def.alias == *second).map(|def| &def.cell);
        let of_cell = cells().find(|cell| cell.alias.as_ref() == Some(second));
        if let Some(cell) = of_clause.or(of_cell).filter(|_| rest.len() == 1) {
            return Some(Found::of(Node::Field(first.clone(), Some(second.clone())), cell_type(cell, false)));
        }
        let vocabulary = self.scope.vocabulary;
        let named = match &ty {
            Ty::Entity(kind) => vocabulary.kind_def(*kind),
            Ty::Body => vocabulary.kind("body").and_then(|kind| vocabulary.kind_def(kind)),
            _ => None,
        };
        if let Some(kind) = named {
            let mut found = match self.look(Shape::Kind(kind), rest, range) {
                Some(found) => found,
                None => {
                    self.unknown_in(Shape::Kind(kind), range, second);
                    return Some(Found::unknown());
                }
            };
            let by = |node| Box::new(Expr { node, range: range.clone() });
            found.node = found.node.map(|node| Node::Through(by(Node::Field(first.clone(), None)), by(node)));
            return Some(found);
        }
        let help = match &ty {
            Ty::List(inner) if matches!(**inner, Ty::Entity(_) | Ty::Body) => {
                Some(format!("it names several: ask `some of {first} satisfies {second} …`"))
            }
            _ => {
                let known = clauses.iter().map(|def| &*def.alias).chain(cells().filter_map(|cell| cell.alias.as_deref()));
                did_you_mean(second, known).map(|near| format!("did you mean `{first}.{near}`?"))
            }
        };
        self.fault(range, format!("`{first}` has no `{second}`"), help);
        Some(Found::unknown())
    }

    fn plan_kind(&self) -> Option<&'s Kind> {
        self.scope.vocabulary.kind("plan").and_then(|plan| self.scope.vocabulary.kind_def(plan))
    }

    fn plan_field(&mut self, field: &Arc<str>, range: &Range<usize>) -> (Option<Node>, Ty) {
        let plan = self.plan_kind();
        let found = plan.and_then(|plan| {
            let of_field = plan.field(field).and_then(|def| def.cells.first().map(|cell| cell_type(cell, def.repeats)));
            let of_clause = || plan.clauses.iter().find(|def| def.alias == *field).map(|def| cell_type(&def.cell, false));
            let derived = || plan.derived.iter().find(|def| def.name == *field)?.cells.first().map(|cell| cell_type(cell, false));
            of_field.or_else(of_clause).or_else(derived)
        });
        match found {
            Some(ty) => (Some(Node::PlanField(field.clone())), ty),
            None => {
                let near = plan.and_then(|plan| did_you_mean(field, plan.fields.iter().map(|field| &*field.name)));
                self.fault(range, format!("a plan has no field `{field}`"), near.map(|near| format!("did you mean `{near}`?")));
                (None, Ty::Unknown)
            }
        }
    }

    pub(super) fn unknown(&mut self, range: &Range<usize>, word: &str) {
        let innermost = self.innermost();
        let outside = self.frames.iter().rev().skip(1).find(|frame| frame.shape.field(word).is_some());
        if let Some(frame) = outside {
            let called = frame.alias.as_deref().unwrap_or(frame.shape.name());
            let help = Some(format!("`{word}` belongs to what is outside: write `{called}.{word}`"));
            return self.fault(range, format!("`{}` has no field `{word}`", innermost.name()), help);
        }
        self.unknown_in(innermost, range, word);
    }

    fn unknown_in(&mut self, shape: Shape<'_>, range: &Range<usize>, word: &str) {
        let known = shape.known();
        let help = match did_you_mean(word, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let words: Vec<String> = known.iter().take(12).map(|name| format!("`{name}`")).collect();
                format!("`{}` has {}", shape.name(), words.join(", "))
            }
        };
        self.fault(range, format!("`{}` has no field `{word}`, and it is not a term either", shape.name()), Some(help));
    }

    /// Looks up what is ranged over, and gives what one of it is.
    pub(super) fn over(&mut self, over: &mut Over) -> Option<Shape<'s>> {
        let Over::Name(words, of_list, range) = over.clone() else { return None };
        let vocabulary = self.scope.vocabulary;
        if !of_list {
            let name = words.join(".");
            let found = vocabulary.kind(&name).filter(|kind| vocabulary.kind_def(*kind).is_some_and(|kind| kind.written));
            let Some(kind) = found else {
                let near = did_you_mean(&name, vocabulary.kinds().iter().filter(|kind| kind.written).map(|kind| &*kind.name));
                let help = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("to range over the values of a field, write `of {name}`"),
                };
                self.fault(&range, format!("there is no kind of statement `{name}`"), Some(help));
                return None;
            };
            *over = Over::Kind(kind);
            return vocabulary.kind_def(kind).map(Shape::Kind);
        }
        let found = self.find(&words, &range);
        if let Ty::Word(word) = &found.ty {
            self.unknown(&range, word);
            return None;
        }
        let (node, (field, holder)) = match (found.node, found.field) {
            (Some(node), Some(field)) => (node, field),
            (None, _) if found.ty == Ty::Unknown => return None,
            _ => {
                self.fault(&range, format!("`{}` does not name several, so nothing can be ranged over", words.join(".")), None);
                return None;
            }
        };
        let expr = Box::new(Expr { node, range: range.clone() });
        let kind = match field.ty() {
            Some(Type::Reference(kind)) => vocabulary.kind_def(*kind),
            Some(Type::Body) => vocabulary.kind("body").and_then(|kind| vocabulary.kind_def(kind)),
            _ => None,
        };
        if let Some(kind) = kind {
            *over = Over::Field(expr);
            return Some(match holder {
                Shape::Kind(table) if &*kind.name == "row" => Shape::Row(kind, table),
                _ => Shape::Kind(kind),
            });
        }
        let is_written = matches!(holder, Shape::Kind(kind) if kind.field(&field.name).is_some());
        if !is_written {
            self.fault(&range, format!("`{}` does not name several, so nothing can be ranged over", words.join(".")), None);
            return None;
        }
        *over = Over::Lines(expr);
        Some(Shape::Line(field))
    }

    /// Gives a word its meaning from the type of the other side.
    pub(super) fn word(&mut self, expr: &mut Expr, word: &Arc<str>, other: &Ty) -> bool {
        let vocabulary = self.scope.vocabulary;
        let other = if let Ty::List(inner) = other { inner } else { other };
        let (found, what, known): (Option<Value>, String, Vec<&str>) = match other {
            Ty::Term(set) => {
                let what = vocabulary.set_def(*set).map_or_else(String::new, |set| set.name.replace('-', " "));
                (vocabulary.term(*set, word).map(Value::Term), what, vocabulary.terms(*set).map(|term| &*term.name).collect())
            }
            Ty::Level(scale) => {
                let levels = vocabulary.scale_def(*scale).map(|scale| scale.levels.iter().map(AsRef::as_ref).collect()).unwrap_or_default();
                (vocabulary.level(*scale, word).map(|level| Value::Level(*scale, level)), "level".to_owned(), levels)
            }
            Ty::Unit => {
                (vocabulary.unit(word).map(Value::Unit), "unit".to_owned(), vocabulary.units().iter().map(|unit| &*unit.name).collect())
            }
            Ty::YesNo => (matches!(&**word, "yes" | "no").then(|| Value::YesNo(&**word == "yes")), "answer".to_owned(), vec!["yes", "no"]),
            Ty::Body => (self.scope.register.find(word).map(Value::Body), "body".to_owned(), self.scope.register.names().collect()),
            Ty::Text => (Some(Value::Name(word.clone())), String::new(), Vec::new()),
            Ty::Row => {
                let rows: Vec<&str> = vocabulary.kinds().iter().flat_map(|kind| &kind.rows).map(|row| &*row.name).collect();
                (rows.contains(&&**word).then(|| Value::Name(word.clone())), "row".to_owned(), rows)
            }
            _ => {
                self.unknown(&expr.range.clone(), word);
                return false;
            }
        };
        match found {
            Some(value) => {
                expr.node = Node::Literal(value);
                true
            }
            None => {
                let near = did_you_mean(word, known.iter().copied()).map(|near| format!("did you mean `{near}`?"));
                self.fault(&expr.range.clone(), format!("there is no {what} `{word}`"), near);
                false
            }
        }
    }
}
