//! A plan at a glance, for a reader who has not seen it: who answers for what at which tier, and the figures of its tables beside what they
//! aim at. Plain data, as of a day; the figures are the plan's own.

use crate::check::{Check, Opened};
use crate::model::value::{Datum, Measure, Operation, Quantity, Value, show, show_quantity};
use crate::model::{self, Entity};
use crate::packs::Packs;
use crate::ready::{Holder, Party, held, party};
use crate::rules::{Form, Rule};
use crate::source::Span;
use crate::syntax::literal::Rational;
use crate::time::{Date, Period, day_after};
use crate::vocabulary::TermId;

/// A plan at a glance.
#[derive(Debug, Clone)]
pub struct Overview {
    /// The day on which it is read.
    pub as_of: Date,
    /// The body that the plan is for; `None` where it could not be read.
    pub body: Option<Party>,
    /// The tiers that any function is held at, or takes part in, the highest first, as packs call them.
    pub tiers: Vec<String>,
    /// Who answers for what: what stays where it is first, then what may be devolved, then the rest.
    pub functions: Vec<Function>,
    /// The tables, in the order of the plan.
    pub tables: Vec<Table>,
    /// What the plan sets out to reach and no table is about.
    pub further: Vec<Aim>,
}

/// A function, and who has which part in it.
#[derive(Debug, Clone)]
pub struct Function {
    /// Its name.
    pub name: String,
    /// Its title, inside a sentence.
    pub title: String,
    /// Whether it may move.
    pub scope: Scope,
    /// Who is accountable, on which days, in the order of the days; bodies for a place are among them.
    pub holders: Vec<Holder>,
    /// Who is accountable on the day, for the whole: their place among the holders.
    pub now: Option<usize>,
    /// For each tier, in the order of the tiers: who takes which part in it on the day.
    pub cells: Vec<Vec<Part>>,
    /// The words of the plan; `None` where it says nothing of the function.
    pub span: Option<Span>,
}

/// Whether a function may move from one tier to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// It stays.
    Reserved {
        /// The tier at which it stays.
        tier: String,
        /// Who holds it there; none: any body of the tier.
        holders: Vec<String>,
        /// The rule, as `pack/rule`.
        rule: String,
    },
    /// A body may take it on when it is ready.
    Devolvable {
        /// The tier that may.
        tier: String,
        /// The rule, as `pack/rule`.
        rule: String,
    },
    /// No rule says.
    Open,
}

/// Somebody's part in a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Who.
    pub body: Party,
    /// Which part.
    pub what: What,
    /// The last day, of who is accountable and does not stay so to the end of the horizon.
    pub until: Option<Date>,
    /// The first day, of who becomes accountable later.
    pub from: Option<Date>,
    /// The place for which they answer; `None`: for the whole.
    pub place: Option<Party>,
}

/// Which part somebody has in a function, the greatest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// Answers for it.
    Accountable,
    /// Becomes accountable on a later day.
    Next,
    /// Coordinates it.
    Coordinates,
    /// Does it.
    Responsible,
    /// Is asked.
    Consulted,
    /// Is told.
    Informed,
}

/// A table of the plan.
#[derive(Debug, Clone)]
pub struct Table {
    /// The statement: `workforce registered-nursing`.
    pub subject: String,
    /// The staff group's title.
    pub title: String,
    /// The body whose staff they are; `None`: the plan's own.
    pub body: Option<Party>,
    /// The unit.
    pub unit: String,
    /// The columns, as people read them.
    pub periods: Vec<String>,
    /// The rows, in the order of the plan.
    pub rows: Vec<Series>,
    /// How staff in post come to be what they are, from the first to the last column; `None` where a figure on the way is missing.
    pub bridge: Option<Bridge>,
    /// What the plan sets out to reach with this group.
    pub aims: Vec<Aim>,
    /// Where the figures come from, as the plan says.
    pub source: Option<String>,
    /// The words of the plan that name it.
    pub span: Span,
}

/// A row of a table.
#[derive(Debug, Clone)]
pub struct Series {
    /// Its name, as the plan writes it; of a table by organisation, the body's.
    pub name: String,
    /// What is measured of it: one for an ordinary row.
    pub cells: Vec<Option<Figure>>,
    /// Whether it is a rate.
    pub is_rate: bool,
}

/// A figure of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// As people read it, without the table's unit.
    pub shown: String,
    /// Low, central and high; all the same for a figure that is exact.
    pub amounts: [Rational; 3],
    /// What it counts.
    pub measure: Measure,
    /// Where the plan says it.
    pub span: Span,
}

/// How staff in post come to be what they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bridge {
    /// The first column and the figure there.
    pub first: (String, String),
    /// What is added and taken off on the way, as the rows are called, with the sums over all later columns.
    pub steps: Vec<Step>,
    /// What the steps come to.
    pub comes_to: String,
    /// The last column and the figure there.
    pub last: (String, String),
    /// By how much the last figure is more or less than what the steps come to; `None` where they agree.
    pub off: Option<String>,
    /// The amounts of the first figure and of the last, to draw them.
    pub ends: (Rational, Rational),
}

/// A step of a bridge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The row: `joiners`.
    pub row: String,
    /// The sum, with its sign.
    pub shown: String,
    /// The sum.
    pub amount: Rational,
}

/// Something that the plan sets out to reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aim {
    /// Its title, or its name.
    pub title: String,
    /// What is measured, as the plan says.
    pub measure: String,
    /// The figure, with its unit.
    pub to: String,
    /// By when, as people read it.
    pub by: String,
    /// The column and the row of the table it is about, and the amount, to draw it.
    pub at: Option<At>,
    /// The words of the plan that name it.
    pub span: Span,
}

/// Where an aim stands in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The row's place among the rows.
    pub row: usize,
    /// The column's place.
    pub column: usize,
    /// The amount aimed at.
    pub amount: Rational,
    /// What the table says there, as people read it.
    pub planned: String,
    /// How much the table is above or below the aim; `None`: it is the same.
    pub off: Option<String>,
}

/// What there is to see of a plan.
pub fn overview(opened: &Opened, packs: &Packs) -> Overview {
    let cx = opened.check(packs);
    let mut functions = functions(&cx);
    let tiers = tiers(&cx, &functions);
    for (function, parts) in &mut functions {
        function.cells =
            tiers.iter().map(|tier| parts.iter().filter(|(at, _)| at == tier).map(|(_, part)| part.clone()).collect()).collect();
    }
    let mut aims = aims(&cx);
    let tables = tables(&cx, &mut aims);
    Overview {
        as_of: cx.plan.as_of,
        body: cx.plan.body.map(|body| party(&cx, body)),
        tiers: tiers.iter().map(|tier| tier_name(&cx, *tier)).collect(),
        functions: functions.into_iter().map(|(function, _)| function).collect(),
        tables,
        further: aims.into_iter().map(|(_, aim)| aim).collect(),
    }
}

/// A function, and who takes part in it at which tier.
type Filled = (Function, Vec<(u8, Part)>);

fn functions(cx: &Check<'_>) -> Vec<Filled> {
    let scopes = scopes(cx);
    let mut functions: Vec<TermId> = scopes.iter().map(|(function, _)| *function).collect();
    let mut statements: Vec<(TermId, &Entity)> = Vec::new();
    if let Some(kind) = cx.vocabulary.kind("responsibility") {
        for (_, entity) in cx.plan.of_kind(kind) {
            if let Some(Value::Term(function)) = entity.value("function") {
                statements.push((*function, entity));
                if !functions.contains(function) {
                    functions.push(*function);
                }
            }
        }
    }
    let filled = functions.into_iter().map(|function| {
        let own: Vec<&Entity> = statements.iter().filter(|(of, _)| *of == function).map(|(_, entity)| *entity).collect();
        let (holders, tiers, now) = held(cx, function);
        let mut parts = accountable(cx, &holders, &tiers);
        for (field, what) in [
            ("coordinated-by", What::Coordinates),
            ("responsible", What::Responsible),
            ("consulted", What::Consulted),
            ("informed", What::Informed),
        ] {
            for (body, _) in own.iter().flat_map(|entity| entity.bodies(field)) {
                let part = Part { body: party(cx, body), what, until: None, from: None, place: None };
                let tier = cx.plan.bodies.tier(body);
                if !parts.iter().any(|(_, known)| *known == part) {
                    parts.push((tier, part));
                }
            }
        }
        parts.sort_by_key(|(_, part)| (part.what, part.from));
        let scope = scopes.iter().find(|(of, _)| *of == function).map_or(Scope::Open, |(_, scope)| scope.clone());
        let name = cx.vocabulary.term_def(function).map_or_else(String::new, |term| term.name.to_string());
        let function = Function {
            name,
            title: cx.title(function),
            scope,
            holders,
            now,
            cells: Vec::new(),
            span: own.first().map(|entity| entity.place),
        };
        (function, parts)
    });
    filled.collect()
}

/// Who answers for a function on the day, and who will later.
fn accountable(cx: &Check<'_>, holders: &[Holder], tiers: &[u8]) -> Vec<(u8, Part)> {
    let as_of = cx.plan.as_of;
    let end = cx.plan.days().map(|days| days.last);
    let parts = holders.iter().zip(tiers).filter(|(holder, _)| holder.days.last >= as_of);
    let part = |(holder, tier): (&Holder, &u8)| {
        let later = holder.days.first > as_of;
        let part = Part {
            body: holder.body.clone(),
            what: if later { What::Next } else { What::Accountable },
            until: Some(holder.days.last).filter(|last| Some(*last) != end),
            from: Some(holder.days.first).filter(|_| later),
            place: holder.place.clone(),
        };
        (*tier, part)
    };
    parts.map(part).collect()
}

/// What rules say of whether functions may move, what stays first.
fn scopes(cx: &Check<'_>) -> Vec<(TermId, Scope)> {
    let standing = || cx.rules.iter().filter(|rule| cx.stands(rule));
    let reserved = standing().filter_map(|rule| match &rule.form {
        Form::Reserve(reserve) => Some((rule, reserve)),
        _ => None,
    });
    let gated = standing().filter_map(|rule| match &rule.form {
        Form::Gate(gate) => Some((rule, gate)),
        _ => None,
    });
    let mut scopes: Vec<(TermId, Scope)> = Vec::new();
    let mut add = |function: TermId, scope: Scope| {
        if !scopes.iter().any(|(known, _)| *known == function) {
            scopes.push((function, scope));
        }
    };
    let id = |rule: &Rule| rule.id.to_string();
    for (rule, reserve) in reserved {
        let holders: Vec<String> = reserve.holders.iter().map(|body| cx.plan.bodies.shown(*body)).collect();
        for function in &reserve.functions {
            add(*function, Scope::Reserved { tier: tier_name(cx, reserve.to), holders: holders.clone(), rule: id(rule) });
        }
    }
    for (rule, gate) in gated {
        for function in &gate.functions {
            add(*function, Scope::Devolvable { tier: tier_name(cx, gate.opens_at), rule: id(rule) });
        }
    }
    scopes
}

/// The tiers of everybody who takes part, the highest first.
fn tiers(cx: &Check<'_>, functions: &[Filled]) -> Vec<u8> {
    let mut tiers: Vec<u8> = functions.iter().flat_map(|(_, parts)| parts).map(|(tier, _)| *tier).collect();
    tiers.extend(cx.plan.body.map(|body| cx.plan.bodies.tier(body)));
    tiers.sort_unstable();
    tiers.dedup();
    tiers.reverse();
    tiers
}

fn tier_name(cx: &Check<'_>, tier: u8) -> String {
    cx.vocabulary.scale("tier").map_or_else(String::new, |scale| cx.vocabulary.level_name(scale, tier).to_owned())
}

/// The plan's aims, each with the group that it is about.
fn aims(cx: &Check<'_>) -> Vec<(Option<TermId>, Aim)> {
    let Some(kind) = cx.vocabulary.kind("target") else { return Vec::new() };
    let aims = cx.plan.of_kind(kind).filter_map(|(_, entity)| {
        let field = entity.field("to")?;
        let to = field.values.first()?.value.as_ref()?;
        let by = field.clause("year").and_then(|datum| datum.value.as_ref());
        let group = match entity.value("of") {
            Some(Value::Term(group)) => Some(*group),
            _ => None,
        };
        let aim = Aim {
            title: text(entity.title.as_ref()).unwrap_or_else(|| entity.name.to_string()),
            measure: text(entity.field("measure").and_then(|field| field.values.first())).unwrap_or_default(),
            to: show(to, cx.vocabulary, &cx.plan.bodies),
            by: by.map(|by| show(by, cx.vocabulary, &cx.plan.bodies)).unwrap_or_default(),
            at: None,
            span: entity.place,
        };
        Some((group, aim))
    });
    aims.collect()
}

fn text(datum: Option<&Datum>) -> Option<String> {
    match datum?.value.as_ref()? {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

/// The tables. An aim that is about one of them is taken out of the aims.
fn tables(cx: &Check<'_>, aims: &mut Vec<(Option<TermId>, Aim)>) -> Vec<Table> {
    let Some(kind) = cx.vocabulary.kind("workforce") else { return Vec::new() };
    let mut tables = Vec::new();
    for (_, entity) in cx.plan.of_kind(kind) {
        let Some(Value::Term(group)) = entity.value("group") else { continue };
        let periods: Vec<Option<Period>> = entity.columns.iter().map(|(period, _)| *period).collect();
        let own = entity.bodies("body").next().map(|(body, _)| body).filter(|body| Some(*body) != cx.plan.body);
        let mut table = Table {
            subject: model::subject(cx.vocabulary, entity),
            title: cx.vocabulary.term_def(*group).map_or_else(String::new, |term| term.title.clone()),
            body: own.map(|body| party(cx, body)),
            unit: entity.value("unit").map(|unit| show(unit, cx.vocabulary, &cx.plan.bodies)).unwrap_or_default(),
            periods: periods.iter().map(|period| period.map_or_else(String::new, |period| period.to_string())).collect(),
            rows: rows(cx, entity),
            bridge: bridge(cx, entity),
            aims: Vec::new(),
            source: text(entity.field("source").and_then(|field| field.values.first())),
            span: entity.place,
        };
        // What speaks of the plan's own staff of the group; the tables of single bodies have their own.
        if own.is_none() && entity.parts.is_empty() {
            let mut rest = Vec::new();
            for (of, mut aim) in aims.drain(..) {
                if of == Some(*group) {
                    aim.at = at(cx, entity, &table, &aim);
                    table.aims.push(aim);
                } else {
                    rest.push((of, aim));
                }
            }
            *aims = rest;
        }
        tables.push(table);
    }
    tables
}

fn rows(cx: &Check<'_>, entity: &Entity) -> Vec<Series> {
    let series = |name: String, row: &model::Row| {
        let cells: Vec<Option<Figure>> = row.cells.iter().map(|cell| cell.as_ref().and_then(|datum| figure(cx, datum))).collect();
        let is_rate = cells.iter().flatten().any(|figure| figure.measure == Measure::Rate);
        Series { name, cells, is_rate }
    };
    let own = entity.rows.iter().map(|row| series(row.name.to_string(), row));
    let of_parts = entity.parts.iter().flat_map(|part| {
        let whose = part.of.value.as_ref().map(|value| show(value, cx.vocabulary, &cx.plan.bodies)).unwrap_or_default();
        let several = part.rows.len() > 1;
        part.rows.iter().map(move |row| (if several { format!("{whose}, {}", row.name) } else { whose.clone() }, row))
    });
    own.chain(of_parts.map(|(name, row)| series(name, row))).collect()
}

fn figure(cx: &Check<'_>, datum: &Datum) -> Option<Figure> {
    let value = datum.value.as_ref()?;
    let (quantities, shown) = match value {
        Value::Number(quantity) => ([*quantity; 3], bare(cx, *quantity)),
        Value::Estimate(three) => (*three, three.iter().map(|one| bare(cx, *one)).collect::<Vec<_>>().join(" ~ ")),
        Value::Between(between) => {
            let middle = between.low.apply(Operation::Add, between.high)?;
            let middle = Quantity { amount: middle.amount / Rational::from_integer(2), ..middle };
            ([between.low, middle, between.high], show(value, cx.vocabulary, &cx.plan.bodies))
        }
        _ => return None,
    };
    let [low, central, high] = quantities;
    Some(Figure { shown, amounts: [low.amount, central.amount, high.amount], measure: central.measure, span: datum.place })
}

/// A number without the unit that the whole table has.
fn bare(cx: &Check<'_>, quantity: Quantity) -> String {
    let measure = match quantity.measure {
        Measure::Unit(_) => Measure::Plain,
        other => other,
    };
    show_quantity(Quantity { measure, ..quantity }, cx.vocabulary)
}

fn number(entity: &Entity, row: &str, period: Period) -> Option<Quantity> {
    match entity.cell(row, period)?.value {
        Some(Value::Number(quantity)) => Some(quantity),
        _ => None,
    }
}

/// How staff in post come to be what they are. `None` where any figure on the way is missing or not exact.
fn bridge(cx: &Check<'_>, entity: &Entity) -> Option<Bridge> {
    let periods: Vec<Period> = entity.columns.iter().map(|(period, _)| *period).collect::<Option<_>>()?;
    let (first, later) = periods.split_first()?;
    let last = later.last()?;
    let start = number(entity, "in-post", *first)?;
    let end = number(entity, "in-post", *last)?;
    let mut sum = start;
    let mut steps = Vec::new();
    for (row, operation, needed) in
        [("joiners", Operation::Add, true), ("leavers", Operation::Subtract, true), ("transfers", Operation::Add, false)]
    {
        if !needed && entity.row(row).is_none() {
            continue;
        }
        let zero = Quantity { amount: Rational::from_integer(0), ..start };
        let total = later.iter().try_fold(zero, |sum, period| sum.apply(Operation::Add, number(entity, row, *period)?))?;
        sum = sum.apply(operation, total)?;
        let signed = if operation == Operation::Subtract { zero.apply(Operation::Subtract, total)? } else { total };
        steps.push(Step { row: row.to_owned(), shown: with_sign(cx, signed), amount: signed.amount });
    }
    let off = end.apply(Operation::Subtract, sum)?;
    Some(Bridge {
        first: (first.to_string(), bare(cx, start)),
        steps,
        comes_to: bare(cx, Quantity { places: end.places, ..sum }),
        last: (last.to_string(), bare(cx, end)),
        off: (off.amount != Rational::from_integer(0)).then(|| with_sign(cx, off)),
        ends: (start.amount, end.amount),
    })
}

fn with_sign(cx: &Check<'_>, quantity: Quantity) -> String {
    let size =
        Quantity { amount: if quantity.amount < Rational::from_integer(0) { -quantity.amount } else { quantity.amount }, ..quantity };
    let sign = if quantity.amount < Rational::from_integer(0) { "−" } else { "+" };
    format!("{sign}{}", bare(cx, size))
}

/// Where an aim stands in a table: it has to name a row, and the year a column.
fn at(cx: &Check<'_>, entity: &Entity, table: &Table, aim: &Aim) -> Option<At> {
    let measure: String = aim.measure.trim().to_lowercase().split_whitespace().collect::<Vec<_>>().join("-");
    let row = table.rows.iter().position(|row| row.name == measure)?;
    let column = table.periods.iter().position(|period| *period == aim.by)?;
    let period = entity.columns.get(column)?.0?;
    let planned = number(entity, &measure, period)?;
    let target = cx.plan.of_kind(cx.vocabulary.kind("target")?).find(|(_, target)| target.place == aim.span)?.1;
    let Some(Value::Number(to)) = target.value("to") else { return None };
    let off = planned.apply(Operation::Subtract, *to)?;
    Some(At {
        row,
        column,
        amount: to.amount,
        planned: show_quantity(planned, cx.vocabulary),
        off: (off.amount != Rational::from_integer(0)).then(|| {
            let size = Quantity { amount: if off.amount < Rational::from_integer(0) { -off.amount } else { off.amount }, ..off };
            let side = if off.amount < Rational::from_integer(0) { "below" } else { "above" };
            format!("{} {side}", show_quantity(size, cx.vocabulary))
        }),
    })
}

impl Function {
    /// Who answers for it on the day.
    pub fn holder(&self) -> Option<&Holder> {
        self.now.and_then(|at| self.holders.get(at))
    }

    /// Who answers for it after that, where somebody else does.
    pub fn holder_after(&self) -> Option<&Holder> {
        let next = day_after(self.holder()?.days.last)?;
        self.holders.iter().find(|holder| holder.place.is_none() && holder.days.holds(next))
    }
}
