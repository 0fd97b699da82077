//! What would pass: the smallest change of one figure, or of one word, that makes a rule hold. The rule itself is asked about each.

use num_traits::{CheckedAdd, CheckedDiv, CheckedMul, CheckedSub, Signed, Zero};

use crate::check::Check;
use crate::model::value::{self, Measure, Operation, Quantity, Value};
use crate::problem::Verdict;
use crate::rules::each::Traced;
use crate::rules::expression::Comparison;
use crate::rules::trace::{Figure, Found, Sort, Step, Suppose};
use crate::source::Span;
use crate::syntax::literal::Rational;
use crate::time::{Date, Days};

/// How many figures are tried.
const MOST_FIGURES: usize = 60;

/// A change of one thing alone that would pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What changes, as rules call it.
    pub name: String,
    /// Where it stands, or the statement in which it is absent.
    pub place: Option<Span>,
    /// What it is.
    pub from: String,
    /// What it would have to be.
    pub to: String,
    /// Which other values would do.
    pub bound: Bound,
    /// How much that is, and which way: `1.1 points lower`.
    pub by: Option<String>,
}

/// Which values would do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bound {
    /// This one.
    This,
    /// This one, or anything below it, or before it.
    OrLess,
    /// This one, or anything above it, or after it.
    OrMore,
    /// Anything below it.
    Below,
    /// Anything above it.
    Above,
}

impl Change {
    /// As a sentence, without its stop.
    pub fn told(&self) -> String {
        let by = self.by.as_ref().map(|by| format!(": {by}")).unwrap_or_default();
        if matches!(self.from.as_str(), "given" | "not given") {
            return format!("`{}` would have to be {}", self.name, self.to);
        }
        let is_day = self.by.as_ref().is_some_and(|by| by.ends_with("earlier") || by.ends_with("later"));
        let to = match self.bound {
            Bound::This => self.to.clone(),
            Bound::OrLess if is_day => format!("{} or earlier", self.to),
            Bound::OrMore if is_day => format!("{} or later", self.to),
            Bound::OrLess => format!("{} or less", self.to),
            Bound::OrMore => format!("{} or more", self.to),
            Bound::Below => format!("less than {}", self.to),
            Bound::Above => format!("more than {}", self.to),
        };
        format!("{} is {} and would have to be {to}{by}", self.name, self.from)
    }
}

impl Bound {
    /// The name in outputs.
    pub fn word(self) -> &'static str {
        match self {
            Self::This => "this",
            Self::OrLess => "or-less",
            Self::OrMore => "or-more",
            Self::Below => "below",
            Self::Above => "above",
        }
    }
}

/// Asks the rule again while something is supposed.
type Again<'a> = dyn Fn(Suppose) -> Option<Traced> + 'a;

/// The changes of one thing alone that would pass: of figures, the smallest share first.
pub(super) fn changes(cx: &Check<'_>, words: &str, expect: &Step, again: &Again<'_>) -> Vec<Change> {
    let steps = expect.all();
    let mut figures: Vec<(&Figure, Span, Quantity)> = Vec::new();
    for figure in steps.iter().filter_map(|step| step.figure.as_ref()).filter(|figure| figure.is_written) {
        if let (Some(place), Some(Value::Number(number))) = (figure.place, &figure.value)
            && !figures.iter().any(|(_, known, _)| *known == place)
            && figures.len() < MOST_FIGURES
        {
            figures.push((figure, place, *number));
        }
    }
    let mut of_figures: Vec<(Rational, Change)> = Vec::new();
    for (figure, place, number) in figures {
        let line = Line { place, number, again };
        for (to, bound) in line.solve(expect).unwrap_or_default() {
            let Some(by) = to.apply(Operation::Subtract, Quantity { places: None, ..number }) else { continue };
            let size = by.amount.abs();
            let way = if by.amount.is_negative() { "lower" } else { "higher" };
            let show = |quantity| value::show_quantity(quantity, cx.vocabulary);
            let change = Change {
                name: figure.name.clone(),
                place: Some(place),
                from: show(number),
                to: show(to),
                bound,
                by: Some(format!("{} {way}", show(Quantity { amount: size, ..by }))),
            };
            let share = size.checked_div(&number.amount.abs()).unwrap_or(size);
            of_figures.push((share, change));
        }
    }
    of_figures.sort_by_key(|(share, _)| *share);
    let mut changes: Vec<Change> = of_figures.into_iter().map(|(_, change)| change).collect();
    for step in steps.into_iter().filter(|step| step.found == Found::Fails) {
        let found = match step.sort {
            Sort::Compares(comparison) => compared(cx, step, comparison, again),
            Sort::Among => among(step, again),
            Sort::Gives(given) => gives(words, step, given, again),
            _ => None,
        };
        changes.extend(found.filter(|change| !changes.contains(change)));
    }
    changes
}

fn passes(traced: Option<&Traced>) -> bool {
    traced.and_then(|traced| traced.judgement.as_ref()).is_some_and(|judgement| judgement.verdict == Verdict::Pass)
}

/// A figure, of which everything is asked again with another value.
struct Line<'a> {
    place: Span,
    number: Quantity,
    again: &'a Again<'a>,
}

/// Two sides of a comparison: which part of the rule it is, what stands left and right.
type Sides = (usize, Comparison, Option<(Quantity, Quantity)>);

impl Line<'_> {
    fn at(&self, amount: Rational) -> Option<Traced> {
        (self.again)(Suppose::Figure(self.place, Value::Number(Quantity { amount, ..self.number })))
    }

    fn holds(&self, amount: Rational) -> bool {
        passes(self.at(amount).as_ref())
    }

    /// The nearest values below and above that pass; `None` where the rule is not linear in the figure, so that nobody knows.
    ///
    /// INVARIANT: between two values at which a comparison turns, the rule says the same everywhere, since it is linear in the figure.
    fn solve(&self, expect: &Step) -> Option<Vec<(Quantity, Bound)>> {
        let here = self.number.amount;
        let turns = self.turns(expect)?;
        let rounds = expect.all().iter().any(|step| step.sort == Sort::Compares(Comparison::Follows));
        let mut found = Vec::new();
        for upward in [false, true] {
            let mut ahead: Vec<Rational> = turns.iter().copied().filter(|turn| if upward { *turn > here } else { *turn < here }).collect();
            // What is not negative does not become so.
            ahead.retain(|turn| here.is_negative() || !turn.is_negative());
            ahead.sort();
            if !upward {
                ahead.reverse();
            }
            ahead.dedup();
            found.extend(self.nearest(&ahead, upward, rounds));
        }
        Some(found)
    }

    fn nearest(&self, ahead: &[Rational], upward: bool, rounds: bool) -> Option<(Quantity, Bound)> {
        let step = if upward { unit(self.number) } else { -unit(self.number) };
        // A value between this turn and the next; beyond the last of them, any.
        let beyond = |at: usize| {
            let turn = *ahead.get(at)?;
            match ahead.get(at + 1) {
                Some(next) => turn.checked_add(next)?.checked_div(&Rational::from_integer(2)),
                None => turn.checked_add(&step),
            }
        };
        for (at, turn) in ahead.iter().enumerate() {
            let holds_beyond = beyond(at).is_some_and(|beyond| self.holds(beyond));
            let holds_on = || {
                let rest = ahead.iter().enumerate().skip(at + 1);
                holds_beyond && rest.into_iter().all(|(at, turn)| self.holds(*turn) && beyond(at).is_some_and(|beyond| self.holds(beyond)))
            };
            if self.holds(*turn) {
                // Nothing is less than nought.
                let is_least = !upward && turn.is_zero();
                let written = if rounds || !is_short(*turn, self.number) { self.rounded(*turn, upward) } else { None };
                let (to, bound) = (
                    written.unwrap_or(*turn),
                    if is_least || !holds_on() {
                        Bound::This
                    } else if upward {
                        Bound::OrMore
                    } else {
                        Bound::OrLess
                    },
                );
                return Some((Quantity { amount: to, places: written.and(self.number.places), ..self.number }, bound));
            }
            if holds_beyond && holds_on() {
                let bound = if upward { Bound::Above } else { Bound::Below };
                return Some((Quantity { amount: *turn, places: None, ..self.number }, bound));
            }
        }
        None
    }

    /// The next value that can be written with as many places as the figure was, if it passes.
    fn rounded(&self, amount: Rational, upward: bool) -> Option<Rational> {
        let places = self.number.places.filter(|places| (0..=12).contains(places))?;
        let power = Rational::from_integer(10_i128.pow(u32::from(places.unsigned_abs())));
        let scaled = amount.checked_mul(&power)?;
        let rounded = if upward { scaled.ceil() } else { scaled.floor() }.checked_div(&power)?;
        self.holds(rounded).then_some(rounded)
    }

    /// Where comparisons turn, of each of which both sides' difference is a straight line in the figure.
    fn turns(&self, expect: &Step) -> Option<Vec<Rational>> {
        let here = self.number.amount;
        let unit = unit(self.number);
        let base = sides(expect);
        let mut others = Vec::new();
        for steps in [1, 2, -3, 7] {
            let gone = unit.checked_mul(&Rational::from_integer(steps))?;
            let found = sides(self.at(here.checked_add(&gone)?)?.expect.as_ref()?);
            others.push((gone, found));
        }
        if others.iter().any(|(_, found)| found.len() != base.len()) {
            return None;
        }
        let mut turns = Vec::new();
        for (at, (part, comparison, both)) in base.iter().enumerate() {
            let difference = |both: &Option<(Quantity, Quantity)>| both.and_then(|(one, other)| one.amount.checked_sub(&other.amount));
            let mut differences = Vec::new();
            for (gone, found) in &others {
                let (other_part, _, both) = found.get(at)?;
                if other_part != part {
                    return None;
                }
                differences.push((*gone, difference(both)));
            }
            let Some(now) = difference(both) else {
                // What cannot be told here cannot be told there either, and does not turn.
                if differences.iter().all(|(_, difference)| difference.is_none()) {
                    continue;
                }
                return None;
            };
            let (first_gone, first) = differences.first().copied()?;
            let slope = first?.checked_sub(&now)?.checked_div(&first_gone)?;
            for (gone, difference) in &differences {
                if difference.as_ref()? != &now.checked_add(&slope.checked_mul(gone)?)? {
                    return None;
                }
            }
            if slope.is_zero() {
                continue;
            }
            let half = match (comparison, both.and_then(|(left, _)| left.places)) {
                (Comparison::Follows, Some(places @ 0..=15)) => Rational::new(1, 2 * 10_i128.pow(u32::from(places.unsigned_abs()))),
                _ => Rational::zero(),
            };
            for edge in [half, -half] {
                turns.push(here.checked_add(&edge.checked_sub(&now)?.checked_div(&slope)?)?);
            }
        }
        Some(turns)
    }
}

/// One of what a figure counts; of rates, a point.
fn unit(number: Quantity) -> Rational {
    match number.measure {
        Measure::Rate | Measure::Points => Rational::new(1, 100),
        _ => Rational::from_integer(1),
    }
}

/// Whether a number is shown exactly.
fn is_short(amount: Rational, like: Quantity) -> bool {
    let places = if matches!(like.measure, Measure::Rate | Measure::Points) { 1_000_000 } else { 10_000 };
    amount.checked_mul(&Rational::from_integer(places)).is_some_and(|scaled| scaled.is_integer())
}

/// Every comparison of numbers that was made, in order.
fn sides(expect: &Step) -> Vec<Sides> {
    let number = |step: Option<&Step>| match step.and_then(|step| step.value.as_ref()) {
        Some(Value::Number(number)) => Some(*number),
        _ => None,
    };
    let of = |step: &&Step| match step.sort {
        Sort::Compares(comparison) => Some((step.part, comparison, number(step.parts.first()).zip(number(step.parts.get(1))))),
        _ => None,
    };
    expect.all().iter().filter_map(of).collect()
}

/// A value that is compared, and is no number: what it is compared with would pass.
fn compared(cx: &Check<'_>, step: &Step, comparison: Comparison, again: &Again<'_>) -> Option<Change> {
    let (left, right) = (step.parts.first()?, step.parts.get(1)?);
    let read = |side: &Step| {
        side.figure
            .as_ref()
            .filter(|figure| figure.is_written)
            .and_then(|figure| Some((figure.clone(), figure.place?, figure.value.clone()?)))
    };
    for (side, other, comparison) in [(left, right, comparison), (right, left, turned(comparison))] {
        let (Some((figure, place, now)), Some(wanted)) = (read(side), &other.value) else { continue };
        if matches!(now, Value::Number(_) | Value::Estimate(_) | Value::Between(_)) {
            continue;
        }
        let is_ordered = matches!(now, Value::Date(_) | Value::Level(..) | Value::Duration(_) | Value::Year(_) | Value::Period(_));
        let inside;
        let (wanted, comparison) = match (&now, wanted, comparison) {
            (Value::Date(day), wanted, Comparison::Includes) => {
                let Some(days) = days_of(wanted) else { continue };
                inside = Value::Date((*day).clamp(days.first, days.last));
                (&inside, Comparison::Equal)
            }
            (_, wanted, comparison) => (wanted, comparison),
        };
        let bound = match comparison {
            Comparison::AtMost if is_ordered => Bound::OrLess,
            Comparison::AtLeast if is_ordered => Bound::OrMore,
            Comparison::Equal => Bound::This,
            _ => continue,
        };
        if !passes(again(Suppose::Figure(place, wanted.clone())).as_ref()) {
            continue;
        }
        let show = |value: &Value| value::show(value, cx.vocabulary, &cx.plan.bodies);
        let by = match (&now, wanted) {
            (Value::Date(now), Value::Date(wanted)) => Some(days(*now, *wanted)),
            _ => None,
        };
        return Some(Change { name: figure.name, place: Some(place), from: show(&now), to: show(wanted), bound, by });
    }
    None
}

/// The days of a run of years or of days.
fn days_of(value: &Value) -> Option<Days> {
    match value {
        Value::Years(first, last) => Some(Days { first: first.first_day(), last: last.last_day() }),
        Value::Days(days) => Some(*days),
        _ => None,
    }
}

fn turned(comparison: Comparison) -> Comparison {
    match comparison {
        Comparison::AtMost => Comparison::AtLeast,
        Comparison::AtLeast => Comparison::AtMost,
        other => other,
    }
}

fn days(now: Date, wanted: Date) -> String {
    let between = Days { first: now.min(wanted), last: now.max(wanted) };
    let count = between.count() - 1;
    format!("{count} {} {}", if count == 1 { "day" } else { "days" }, if wanted < now { "earlier" } else { "later" })
}

/// A value that is none of several: each of them that would pass.
fn among(step: &Step, again: &Again<'_>) -> Option<Change> {
    let (left, members) = step.parts.split_first()?;
    let figure = left.figure.as_ref().filter(|figure| figure.is_written)?;
    let (place, from) = (figure.place?, figure.shown.clone()?);
    let would = |member: &&Step| {
        let value = member.value.clone()?;
        passes(again(Suppose::Figure(place, value)).as_ref()).then_some(())?;
        match &member.found {
            Found::Value(shown) => Some(shown.clone()),
            _ => None,
        }
    };
    let to: Vec<String> = members.iter().filter_map(|member| would(&member)).collect();
    (!to.is_empty()).then(|| Change {
        name: figure.name.clone(),
        place: Some(place),
        from,
        to: to.join(" or "),
        bound: Bound::This,
        by: None,
    })
}

/// Something that is not given, and would do whatever it is; or that is, and is not to be.
fn gives(words: &str, step: &Step, given: bool, again: &Again<'_>) -> Option<Change> {
    step.place?;
    if !passes(again(Suppose::Given(step.part, step.place)).as_ref()) {
        return None;
    }
    let name = words.get(step.range.start..step.after?)?.trim().trim_start_matches('(').to_owned();
    let (from, to) = if given { ("not given", "given") } else { ("given", "left out") };
    Some(Change { name, place: step.place, from: from.to_owned(), to: to.to_owned(), bound: Bound::This, by: None })
}
