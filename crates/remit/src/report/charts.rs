//! Where the marks of a chart stand. The figures beside them are the plan's own, as it writes them; only places are worked out here.

use remit_core::overview::{Bridge, Figure, Table};
use remit_core::ready::Step;
use remit_core::syntax::literal::Rational;
use remit_core::time::{Date, Days};
use serde::Serialize;

use crate::render::text::{capital, clean};

/// A chart of a table: one line for each row that is drawn.
#[derive(Debug, Serialize)]
pub(super) struct Chart {
    width: f64,
    height: f64,
    /// What it shows, for those who do not see it.
    described: String,
    lines: Vec<Drawn>,
    aims: Vec<Mark>,
    /// The first column and the last, under their points.
    first: (f64, String),
    last: (f64, String),
}

/// A row as it is drawn.
#[derive(Debug, Serialize)]
struct Drawn {
    name: String,
    class: String,
    points: String,
    /// The area between low and high, of a row with estimates.
    band: Option<String>,
    dots: Vec<(f64, f64)>,
    first: Option<Mark>,
    last: Option<Mark>,
}

/// A figure at its place.
#[derive(Debug, Serialize)]
pub(super) struct Mark {
    x: f64,
    y: f64,
    text: String,
    /// Where the words stand, so that none covers another.
    text_y: f64,
}

/// A line of days.
#[derive(Debug, Serialize)]
pub(super) struct Line {
    described: String,
    bars: Vec<Bar>,
    today: Option<f64>,
    from: String,
    to: String,
}

#[derive(Debug, Serialize)]
struct Bar {
    x: f64,
    width: f64,
    class: &'static str,
    title: String,
}

/// A bridge from one figure to another.
#[derive(Debug, Serialize)]
pub(super) struct Waterfall {
    width: f64,
    height: f64,
    described: String,
    bars: Vec<Fall>,
}

#[derive(Debug, Serialize)]
struct Fall {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
    class: &'static str,
    name: String,
    text: String,
}

const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 190.0;
const LEFT: f64 = 78.0;
const RIGHT: f64 = 342.0;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 158.0;
/// How far the words of two figures stand apart at least.
const APART: f64 = 14.0;

/// The rows that are drawn, with the class of each: counted, and as rates.
const COUNTS: [(&str, &str); 3] = [("establishment", "establishment"), ("in-post", "in-post"), ("actual in-post", "actual")];
const RATES: [(&str, &str); 3] = [("vacancy-rate", "vacancy"), ("turnover", "turnover"), ("sickness", "sickness")];

/// A number as a place on paper.
fn real(amount: Rational) -> f64 {
    *amount.numer() as f64 / *amount.denom() as f64
}

/// A place to a tenth of a point, so that the same plan gives the same bytes.
fn tenth(place: f64) -> f64 {
    (place * 10.0).round() / 10.0
}

/// Draws the counts of a table, or its rates. `None` where fewer than two columns could be drawn.
pub(super) fn chart(table: &Table, rates: bool) -> Option<Chart> {
    let columns = table.periods.len();
    if columns < 2 {
        return None;
    }
    let wanted = if rates { &RATES[..] } else { &COUNTS[..] };
    let mut rows: Vec<(usize, &str)> = wanted
        .iter()
        .filter_map(|(name, class)| Some((table.rows.iter().position(|row| row.name == *name)?, *class)))
        .filter(|(row, _)| table.rows[*row].cells.iter().flatten().count() > 1)
        .collect();
    // Of a table by organisation, the rows are bodies: the first few are drawn alike.
    if rows.is_empty() && !rates {
        rows = (0..table.rows.len())
            .filter(|row| !table.rows[*row].is_rate && table.rows[*row].cells.iter().flatten().count() > 1)
            .map(|row| (row, "part"))
            .take(6)
            .collect();
    }
    if rows.is_empty() {
        return None;
    }
    let is_aim = |row: usize| rows.iter().any(|(drawn, _)| *drawn == row);
    let aims: Vec<_> = table.aims.iter().filter_map(|aim| Some((aim, aim.at.as_ref().filter(|at| is_aim(at.row))?))).collect();
    let amounts = rows
        .iter()
        .flat_map(|(row, _)| table.rows[*row].cells.iter().flatten())
        .flat_map(|figure| figure.amounts)
        .chain(aims.iter().map(|(_, at)| at.amount));
    let (least, most) =
        amounts.map(real).fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), amount| (least.min(amount), most.max(amount)));
    // A line that never moves is drawn in the middle.
    let (least, room) = if most > least { (least, most - least) } else { (least - 1.0, 2.0) };
    let x = |column: usize| tenth(LEFT + (RIGHT - LEFT) * column as f64 / (columns - 1) as f64);
    let y = |amount: Rational| tenth(BOTTOM - (BOTTOM - TOP) * (real(amount) - least) / room);
    let mut lines = Vec::new();
    let mut described = Vec::new();
    for (row, class) in &rows {
        let series = &table.rows[*row];
        let given: Vec<(usize, &Figure)> =
            series.cells.iter().enumerate().filter_map(|(column, cell)| Some((column, cell.as_ref()?))).collect();
        let at = |(column, figure): &(usize, &Figure)| (x(*column), y(figure.amounts[1]));
        let points: Vec<String> = given.iter().map(at).map(|(x, y)| format!("{x},{y}")).collect();
        let is_estimate = given.iter().any(|(_, figure)| figure.amounts[0] != figure.amounts[2]);
        let edge = |which: usize| given.iter().map(move |(column, figure)| (x(*column), y(figure.amounts[which])));
        let band = is_estimate.then(|| {
            let low: Vec<(f64, f64)> = edge(0).collect();
            let around: Vec<String> = edge(2).chain(low.into_iter().rev()).map(|(x, y)| format!("{x},{y}")).collect();
            around.join(" ")
        });
        let mark = |one: Option<&(usize, &Figure)>| {
            one.map(|one| {
                let (x, y) = at(one);
                Mark { x, y, text: clean(&one.1.shown).into_owned(), text_y: y }
            })
        };
        let said: Vec<String> = given.iter().map(|(column, figure)| format!("{} in {}", figure.shown, table.periods[*column])).collect();
        described.push(format!("{}: {}.", capital(&series.name), said.join(", ")));
        lines.push(Drawn {
            name: clean(&series.name).into_owned(),
            class: (*class).to_owned(),
            points: points.join(" "),
            band,
            dots: given.iter().map(at).collect(),
            first: mark(given.first()),
            last: mark(given.last()),
        });
    }
    let aims: Vec<Mark> = aims
        .iter()
        .map(|(aim, at)| {
            let place = y(at.amount);
            described.push(format!("The aim: {} by {}.", aim.to, aim.by));
            Mark { x: x(at.column), y: place, text: clean(&aim.to).into_owned(), text_y: place }
        })
        .collect();
    spread(lines.iter_mut().filter_map(|line| line.first.as_mut()).collect());
    spread(lines.iter_mut().filter_map(|line| line.last.as_mut()).collect());
    let column = |at: usize| (x(at), clean(&table.periods[at]).into_owned());
    Some(Chart {
        width: WIDTH,
        height: HEIGHT,
        described: clean(&described.join(" ")).into_owned(),
        lines,
        aims,
        first: column(0),
        last: column(columns - 1),
    })
}

/// Moves words apart, in the order in which they stand.
fn spread(mut marks: Vec<&mut Mark>) {
    marks.sort_by(|one, other| one.y.total_cmp(&other.y));
    let mut above = f64::NEG_INFINITY;
    for mark in &mut marks {
        mark.text_y = tenth(mark.y.max(above + APART));
        above = mark.text_y;
    }
    // What was pushed beyond the frame moves up again.
    let mut below = BOTTOM + APART / 2.0;
    for mark in marks.iter_mut().rev() {
        mark.text_y = tenth(mark.text_y.min(below));
        below = mark.text_y - APART;
    }
}

/// Draws who holds a function on which days.
pub(super) fn bars(step: &Step, as_of: Date) -> Option<Line> {
    let whole = || step.holders.iter().filter(|holder| holder.place.is_none());
    let days = Days { first: whole().map(|holder| holder.days.first).min()?, last: whole().map(|holder| holder.days.last).max()? };
    let part = |day: Date| tenth((Days { first: days.first, last: day }.count() - 1) as f64 / days.count() as f64 * 1000.0) / 10.0;
    let bar = |holder: &remit_core::ready::Holder| {
        let x = part(holder.days.first);
        let width = tenth(holder.days.count() as f64 / days.count() as f64 * 1000.0) / 10.0;
        let class = if holder.body == step.body { "own" } else { "other" };
        Bar { x, width, class, title: clean(&format!("{} {}", holder.body.name, holder.days)).into_owned() }
    };
    let described: Vec<String> = whole().map(|holder| format!("{} {}", holder.body.name, holder.days)).collect();
    Some(Line {
        described: clean(&described.join("; ")).into_owned(),
        bars: whole().map(bar).collect(),
        today: days.holds(as_of).then(|| part(as_of)),
        from: days.first.to_string(),
        to: days.last.to_string(),
    })
}

/// Draws a bridge.
pub(super) fn waterfall(bridge: &Bridge) -> Waterfall {
    const BAR: f64 = 60.0;
    const GAP: f64 = 20.0;
    const FLOOR: f64 = 140.0;
    const CEILING: f64 = 24.0;
    // Where each bar begins and ends.
    let mut level = real(bridge.ends.0);
    let mut spans = vec![(0.0, level, "total", bridge.first.0.clone(), bridge.first.1.clone())];
    for step in &bridge.steps {
        let next = level + real(step.amount);
        spans.push((level, next, if next < level { "less" } else { "more" }, step.row.clone(), step.shown.clone()));
        level = next;
    }
    spans.push((0.0, real(bridge.ends.1), "total", bridge.last.0.clone(), bridge.last.1.clone()));
    let most = spans.iter().flat_map(|(from, to, ..)| [*from, *to]).fold(1.0, f64::max);
    let y = |amount: f64| tenth(FLOOR - (FLOOR - CEILING) * amount.max(0.0) / most);
    let bars: Vec<Fall> = spans
        .iter()
        .enumerate()
        .map(|(at, (from, to, class, name, text))| {
            let (top, bottom) = (y(from.max(*to)), y(from.min(*to)));
            Fall {
                x: tenth(10.0 + (BAR + GAP) * at as f64),
                y: top,
                width: BAR,
                height: tenth((bottom - top).max(1.0)),
                class,
                name: clean(name).into_owned(),
                text: clean(text).into_owned(),
            }
        })
        .collect();
    let said: Vec<String> = spans.iter().map(|(.., name, text)| format!("{name} {text}")).collect();
    Waterfall {
        width: tenth(20.0 + (BAR + GAP) * spans.len() as f64),
        height: 160.0,
        described: clean(&said.join(", ")).into_owned(),
        bars,
    }
}
