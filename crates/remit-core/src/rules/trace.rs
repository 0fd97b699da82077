//! What is noted while an expression is evaluated: every part with what it came to; and what is supposed of the plan meanwhile.
//!
//! Nothing is evaluated here. The one evaluator tells what it does, and takes what is supposed in the place of what it reads.

use std::cell::RefCell;
use std::ops::Range;

use crate::model::value::{self, Value};
use crate::model::{self, Field};
use crate::rules::evaluate::{Evaluation, Outcome, Subject};
use crate::rules::expression::{Comparison, Expr, Node, Quantifier};
use crate::source::Span;

/// A part of an expression as it was evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Its bytes in the words of the expression.
    pub range: Range<usize>,
    /// The end of its first operand, after which its sign stands; `None` where it begins with its own word.
    pub after: Option<usize>,
    /// What sort of part it is.
    pub sort: Sort,
    /// What it came to.
    pub found: Found,
    /// The figure that it reads in the plan or the register.
    pub figure: Option<Figure>,
    /// What it asks for and is not given.
    pub missing: Vec<String>,
    /// Of what it was asked, where that is not what the part around it was asked of.
    pub about: Option<About>,
    /// The parts that it is made of, in the order in which they were asked: of what is ranged over, again for each.
    pub parts: Vec<Step>,
    /// Whether it asks that none of several is so.
    pub(crate) is_of_none: bool,
    /// What it came to, as a value.
    pub(crate) value: Option<Value>,
    /// Which part of the rule it is: the same for each of what is ranged over.
    pub(crate) part: usize,
    /// The statement, or the words, that it was asked of.
    pub(crate) place: Option<Span>,
    at: At,
}

/// What sort of part of an expression something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// `and`, `or`
    Joins,
    /// Something that is asked of several, one by one.
    Ranges,
    /// A comparison.
    Compares(Comparison),
    /// Whether something is given (`true`) or is not.
    Gives(bool),
    /// Whether a value is one of several.
    Among,
    /// What the rule itself writes.
    Written,
    /// A name that is read: a field, the day.
    Reads,
    /// Any other.
    Other,
}

/// What a part came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// It holds.
    Holds,
    /// It does not.
    Fails,
    /// It holds for a part of an estimate only.
    AtRisk,
    /// It cannot be told.
    Unknown,
    /// A value, as people read it.
    Value(String),
}

/// A figure that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// What it is, as rules call it.
    pub name: String,
    /// Where it stands in the plan; `None` for what the register says, or what is not given.
    pub place: Option<Span>,
    /// Its value, as people read it; `None` where it is not given.
    pub shown: Option<String>,
    pub(crate) value: Option<Value>,
    /// Whether the plan writes it, so that it may be written otherwise; not so what follows from the body that it names.
    pub(crate) is_written: bool,
}

/// Of what something is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// For people: a statement, a body, a year.
    pub shown: String,
    /// Where it stands in the plan.
    pub place: Option<Span>,
}

/// Which subject, and in which period.
type At = (u8, usize, Option<i32>);

/// What is supposed of the plan while an expression is evaluated.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Suppose {
    /// It is as it is.
    Nothing,
    /// The figure at a place is another.
    Figure(Span, Value),
    /// Of every estimate one value is known to be right: the low, the central or the high.
    Estimates(usize),
    /// A part of the rule that asks whether something is given, of a subject, is answered otherwise.
    Given(usize, Option<Span>),
}

/// A recorder that the evaluator tells what it does.
#[derive(Debug)]
pub(crate) struct Trace {
    suppose: Suppose,
    open: RefCell<Vec<Step>>,
    done: RefCell<Vec<Step>>,
}

impl Trace {
    pub(crate) fn new(suppose: Suppose) -> Self {
        Self { suppose, open: RefCell::new(Vec::new()), done: RefCell::new(Vec::new()) }
    }

    /// What was asked since it was last taken, from the outermost parts in.
    pub(crate) fn take(&self) -> Vec<Step> {
        std::mem::take(&mut self.done.borrow_mut())
    }

    /// A part is asked.
    pub(super) fn enter(&self, evaluation: &Evaluation<'_>, expr: &Expr) {
        let mut open = self.open.borrow_mut();
        let at = at(evaluation);
        let around = open.last().map(|step| step.at);
        open.push(Step {
            range: expr.range.clone(),
            after: after(expr),
            sort: sort(&expr.node),
            found: Found::Unknown,
            figure: None,
            missing: Vec::new(),
            about: around.filter(|around| *around != at).map(|around| about(evaluation, around, at)),
            parts: Vec::new(),
            value: None,
            is_of_none: matches!(expr.node, Node::Any(Quantifier::No, ..)),
            // INVARIANT: rules do not move while a plan is checked, and no two expressions stand in one place.
            part: std::ptr::from_ref(expr) as usize,
            place: place_of(evaluation).filter(|_| is_written(evaluation)),
            at,
        });
    }

    /// A part has been asked whether it holds.
    pub(super) fn told(&self, expr: &Expr, outcome: &Outcome) {
        let found = match outcome.holds {
            Some(true) => Found::Holds,
            Some(false) => Found::Fails,
            None if outcome.at_risk => Found::AtRisk,
            None => Found::Unknown,
        };
        self.leave(expr, found, None, if outcome.holds.is_none() { outcome.missing.clone() } else { Vec::new() });
    }

    /// A part has been asked for its value.
    pub(super) fn valued(&self, evaluation: &Evaluation<'_>, expr: &Expr, value: Option<&Value>, missing: &[String]) {
        let found = value.map_or(Found::Unknown, |value| Found::Value(show(evaluation, value)));
        self.leave(expr, found, value.cloned(), if value.is_none() { missing.to_vec() } else { Vec::new() });
    }

    fn leave(&self, expr: &Expr, found: Found, value: Option<Value>, missing: Vec<String>) {
        let mut open = self.open.borrow_mut();
        let Some(mut step) = open.pop() else { return };
        // What holds is a value too: one part, asked twice.
        if matches!(step.parts.as_slice(), [only] if only.part == step.part) {
            let about = step.about.take();
            if let Some(only) = step.parts.pop() {
                step = Step { about, ..only };
            }
        } else {
            step.found = found;
            step.value = value;
            step.missing = missing;
        }
        if matches!(expr.node, Node::Outer(..) | Node::Through(..) | Node::At(..))
            && let Some(last) = step.parts.pop()
        {
            step.parts.clear();
            step.figure = last.figure;
            step.sort = Sort::Reads;
        }
        match open.last_mut() {
            Some(around) => around.parts.push(step),
            None => self.done.borrow_mut().push(step),
        }
    }

    /// A figure is read: what is supposed of it stands in its place.
    pub(super) fn read(&self, evaluation: &Evaluation<'_>, name: &str, value: Option<Value>, place: Option<Span>) -> Option<Value> {
        let value = match (&self.suppose, value) {
            (Suppose::Figure(supposed, other), Some(_)) if place == Some(*supposed) => Some(other.clone()),
            (Suppose::Estimates(which), Some(Value::Estimate(three))) => three.get(*which).copied().map(Value::Number),
            (_, value) => value,
        };
        if let Some(step) = self.open.borrow_mut().last_mut() {
            let shown = value.as_ref().map(|value| show(evaluation, value));
            step.figure = Some(Figure { name: name.to_owned(), place, shown, value: value.clone(), is_written: is_written(evaluation) });
        }
        value
    }

    /// Whether something is given, or is supposed to be.
    pub(super) fn given(&self, evaluation: &Evaluation<'_>, expr: &Expr, given: Option<bool>) -> Option<bool> {
        match self.suppose {
            Suppose::Given(part, place) if part == std::ptr::from_ref(expr) as usize && place == place_of(evaluation) => {
                given.map(|given| !given)
            }
            _ => given,
        }
    }
}

impl Step {
    /// It and everything that it is made of, from the outside in.
    pub fn all(&self) -> Vec<&Step> {
        let mut all = vec![self];
        all.extend(self.parts.iter().flat_map(Step::all));
        all
    }
}

fn show(evaluation: &Evaluation<'_>, value: &Value) -> String {
    match value {
        Value::Entity(at) => {
            evaluation.plan.entities.get(*at as usize).map_or_else(String::new, |entity| model::subject(evaluation.vocabulary, entity))
        }
        value => value::show(value, evaluation.vocabulary, &evaluation.plan.bodies),
    }
}

fn sort(node: &Node) -> Sort {
    match node {
        Node::Or(_) | Node::And(_) => Sort::Joins,
        Node::Every(..) | Node::Any(..) | Node::Sum(..) | Node::Count(..) | Node::Share(..) | Node::Never(..) => Sort::Ranges,
        Node::Compare(comparison, ..) => Sort::Compares(*comparison),
        Node::Given(_, given) => Sort::Gives(*given),
        Node::In(..) => Sort::Among,
        Node::Literal(_) => Sort::Written,
        Node::Field(..) | Node::PlanField(_) | Node::AsOf | Node::This(_) | Node::Previous(_) => Sort::Reads,
        _ => Sort::Other,
    }
}

fn after(expr: &Expr) -> Option<usize> {
    match &expr.node {
        Node::Compare(_, first, _)
        | Node::In(first, _)
        | Node::Given(first, _)
        | Node::PartOf(first, ..)
        | Node::CountedIn(first, ..)
        | Node::Within(first, ..)
        | Node::Never(first, _)
        | Node::Operate(_, first, _)
        | Node::Otherwise(first, _) => Some(first.range.end),
        _ => None,
    }
}

fn at(evaluation: &Evaluation<'_>) -> At {
    fn of<T>(reference: &T) -> usize {
        std::ptr::from_ref(reference) as usize
    }
    let (sort, which) = match evaluation.subject {
        Subject::Entity(entity) => (0, of(entity)),
        Subject::LeftOut(body) => (1, body.0 as usize),
        Subject::Mention(mention) => (2, of(mention)),
        Subject::Named(_, place) => (3, place.start as usize),
        Subject::Row(_, part) => (4, of(part)),
        Subject::Line(field) => (5, of(field)),
    };
    (sort, which, evaluation.period.map(|period| period.ordinal()))
}

/// Whether what is looked at is the plan's own, and no body of the register.
fn is_written(evaluation: &Evaluation<'_>) -> bool {
    matches!(evaluation.subject, Subject::Entity(_) | Subject::Row(..) | Subject::Line(_))
}

/// The statement, or the words, that are looked at.
pub(crate) fn place_of(evaluation: &Evaluation<'_>) -> Option<Span> {
    Some(match evaluation.subject {
        Subject::Entity(entity) => entity.place,
        Subject::LeftOut(_) => return None,
        Subject::Mention(mention) => mention.place,
        Subject::Named(_, place) => place,
        Subject::Row(_, part) => part.of.place,
        Subject::Line(field) => field.place,
    })
}

fn about(evaluation: &Evaluation<'_>, around: At, at: At) -> About {
    let bodies = &evaluation.plan.bodies;
    let subject = match evaluation.subject {
        Subject::Entity(entity) => model::subject(evaluation.vocabulary, entity),
        Subject::LeftOut(body) | Subject::Named(body, _) => bodies.shown(body),
        Subject::Mention(mention) => bodies.shown(mention.body),
        Subject::Row(_, part) => part.of.value.as_ref().map(|of| show(evaluation, of)).unwrap_or_default(),
        Subject::Line(field) => line(evaluation, field),
    };
    let same_subject = (around.0, around.1) == (at.0, at.1);
    let shown = match evaluation.period {
        Some(period) if same_subject => period.to_string(),
        Some(period) => format!("{subject}, {period}"),
        None => subject,
    };
    About { shown, place: place_of(evaluation) }
}

/// A field where it stands, with its values.
fn line(evaluation: &Evaluation<'_>, field: &Field) -> String {
    let values: Vec<String> = field.values.iter().filter_map(|datum| datum.value.as_ref()).map(|value| show(evaluation, value)).collect();
    format!("{} {}", field.name, values.join(", "))
}
