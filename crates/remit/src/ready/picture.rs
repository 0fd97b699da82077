//! The ladder as a picture for a paper: SVG on white, in which a word stands beside every colour.

use std::fmt::Write as _;

use remit_core::ready::{Ladder, Step};
use remit_core::rules::gate::state::State;
use remit_core::time::{Date, Days, FinancialYear};

use crate::ready::{Climbed, text, words};
use crate::render::text::{capital, clean, sentence, wrap};

const WIDTH: f64 = 1120.0;
const MARGIN: f64 = 24.0;
/// Where the days are drawn.
const DAYS_LEFT: f64 = 300.0;
const DAYS_RIGHT: f64 = 720.0;
/// Where what is missing is told.
const TOLD: f64 = 748.0;
const TOLD_CHARACTERS: usize = 50;
const BAR: f64 = 22.0;
const LINE: f64 = 17.0;

/// Draws one ladder, or a table of several.
pub(super) fn picture(climbed: &[Climbed]) -> String {
    match climbed {
        [only] => one(&only.ladder),
        many => table(many),
    }
}

/// Text being drawn.
struct Drawing {
    body: String,
    y: f64,
}

impl Drawing {
    fn text(&mut self, x: f64, y: f64, class: &str, words: &str) {
        let _ = writeln!(self.body, "<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{}</text>", escaped(words));
    }

    fn rectangle(&mut self, (x, y): (f64, f64), (width, height): (f64, f64), class: &str) {
        let _ =
            writeln!(self.body, "<rect class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"3\"/>");
    }

    fn line(&mut self, (x, y): (f64, f64), (to_x, to_y): (f64, f64), class: &str) {
        let _ = writeln!(self.body, "<line class=\"{class}\" x1=\"{x:.1}\" y1=\"{y:.1}\" x2=\"{to_x:.1}\" y2=\"{to_y:.1}\"/>");
    }

    /// The word for a state, in its frame.
    fn badge(&mut self, x: f64, y: f64, state: State, held: bool) {
        let word = words::cell(state);
        let width = 24.0 + word.chars().count() as f64 * 7.4;
        self.rectangle((x, y), (width, 22.0), &format!("badge {}", state.word()));
        self.text(x + width / 2.0, y + 15.5, &format!("word {}", state.word()), word);
        if held {
            self.text(x + width + 8.0, y + 15.5, "small", "held");
        }
    }

    fn finish(self, title: &str, description: &str) -> String {
        let height = self.y + MARGIN;
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH:.0} {height:.0}\" width=\"{WIDTH:.0}\" height=\"{height:.0}\" role=\"img\" \
             aria-labelledby=\"title description\">\n<title id=\"title\">{}</title>\n<desc id=\"description\">{}</desc>\n{STYLE}\
             <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n{}</svg>\n",
            escaped(title),
            escaped(description),
            self.body
        )
    }
}

const STYLE: &str = "<style>
text { font: 13px Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif; fill: #212b32; }
.title { font-size: 22px; font-weight: bold; } .head { font-size: 15px; font-weight: bold; } .small { font-size: 12px; fill: #425563; }
.rule { stroke: #d8dde0; } .year { stroke: #e8edee; } .today { stroke: #212b32; stroke-dasharray: 4 3; }
.own { fill: #005eb8; } .other { fill: #e8edee; stroke: #768692; } .on-own { fill: #ffffff; font-weight: bold; font-size: 12px; } .on-other { font-size: 12px; }
.ready { fill: #007f3b; } .badge { stroke-width: 1.5; } .word { font-weight: bold; text-anchor: middle; }
.badge.open { fill: #007f3b; stroke: #007f3b; } .word.open { fill: #ffffff; }
.badge.lapsing, .badge.conditional { fill: #fff4c2; stroke: #8a6100; }
.badge.assessed { fill: #ffffff; stroke: #425563; }
.badge.not-assessed, .badge.cannot-tell { fill: #ffffff; stroke: #768692; stroke-dasharray: 4 3; }
.badge.lapsed, .badge.reverted { fill: #fbe3e0; stroke: #b02318; }
</style>
";

fn one(ladder: &Ladder) -> String {
    let name = words::plan(ladder);
    let title = format!("How ready {name} is, as of {}", ladder.as_of);
    let mut drawing = Drawing { body: String::new(), y: MARGIN };
    drawing.text(MARGIN, drawing.y + 20.0, "title", &title);
    drawing.text(MARGIN, drawing.y + 46.0, "small", &sentence(&words::next(ladder)));
    drawing.y += 66.0;
    let days = horizon(ladder);
    let top = drawing.y;
    if let Some(days) = days {
        years(&mut drawing, days);
    }
    drawing.text(MARGIN, top + 12.0, "small", "Function, and its gate today");
    drawing.text(TOLD, top + 12.0, "small", "What it rests on, and what is missing");
    drawing.y = top + 24.0;
    let (body_top, behind) = (drawing.y, drawing.body.len());
    for step in &ladder.steps {
        row(&mut drawing, ladder, step, days);
    }
    if let Some(x) = days.and_then(|days| place(days, ladder.as_of)) {
        let bottom = drawing.y;
        // Behind the words.
        let rest = drawing.body.split_off(behind);
        drawing.line((x, body_top), (x, bottom), "today");
        drawing.body.push_str(&rest);
        drawing.text((x - 14.0).max(DAYS_LEFT), bottom + 14.0, "small", &format!("{}", ladder.as_of));
        drawing.y += 20.0;
    }
    legend(&mut drawing, &name);
    let described: Vec<String> = ladder.steps.iter().map(described).collect();
    drawing.finish(&title, &described.join(" "))
}

/// A step in one or two sentences, for those who do not see the picture.
fn described(step: &Step) -> String {
    let held = sentence(&format!("accountable: {}", words::held(step)));
    format!("{} {held} {}", sentence(&step.title), sentence(&format!("the gate is {}", words::state(step))))
}

/// All the days that holders are shown on.
fn horizon(ladder: &Ladder) -> Option<Days> {
    let days = || ladder.steps.iter().flat_map(|step| &step.holders).map(|holder| holder.days);
    Some(Days { first: days().map(|days| days.first).min()?, last: days().map(|days| days.last).max()? })
}

/// Where a day is drawn; `None` outside of the days shown.
fn place(days: Days, day: Date) -> Option<f64> {
    let part = Days { first: days.first, last: day }.count() - 1;
    days.holds(day).then(|| DAYS_LEFT + (DAYS_RIGHT - DAYS_LEFT) * part as f64 / days.count() as f64)
}

fn years(drawing: &mut Drawing, days: Days) {
    let (first, last) = (FinancialYear::of(days.first), FinancialYear::of(days.last));
    let y = drawing.y;
    for year in first.0..=last.0 {
        let year = FinancialYear(year);
        let Some(x) = place(days, year.first_day().max(days.first)) else { continue };
        drawing.text(x + 2.0, y + 12.0, "small", &year.to_string());
    }
}

fn row(drawing: &mut Drawing, ladder: &Ladder, step: &Step, days: Option<Days>) {
    let top = drawing.y;
    drawing.line((MARGIN, top), (WIDTH - MARGIN, top), "rule");
    let other = ladder.body.as_ref() != Some(&step.body);
    drawing.text(MARGIN, top + 24.0, "head", &clean(&capital(&step.title)));
    if other {
        drawing.text(MARGIN, top + 42.0, "small", &clean(&format!("for {}", step.body.name)));
    }
    drawing.badge(MARGIN, top + if other { 50.0 } else { 34.0 }, step.state, step.is_held());
    if let Some(days) = days {
        bars(drawing, step, days, top + 12.0);
    }
    let mut said = Vec::new();
    if let Some(rests) = &step.rests_on {
        said.push(capital(&words::rests(rests)));
    }
    said.extend(words::missing(step).iter().map(|why| format!("Missing: {why}")));
    said.push(format!("Could open: {}", words::opens(step, ladder.as_of)));
    let lines: Vec<String> = said.iter().flat_map(|said| wrap(&said.replace('`', ""), TOLD_CHARACTERS)).collect();
    for (at, line) in lines.iter().enumerate() {
        drawing.text(TOLD, top + 22.0 + LINE * at as f64, "told", line);
    }
    let told = 22.0 + LINE * lines.len() as f64;
    drawing.y = top + told.max(if other { 84.0 } else { 76.0 });
}

/// Who holds the function on which days, and below, when its gate is open.
fn bars(drawing: &mut Drawing, step: &Step, days: Days, top: f64) {
    for holder in step.holders.iter().filter(|holder| holder.place.is_none()) {
        let (Some(from), Some(to)) = (place(days, holder.days.first), end(days, holder.days.last)) else { continue };
        let own = holder.body == step.body;
        drawing.rectangle((from, top), (to - from, BAR), if own { "own" } else { "other" });
        let character = if own { 7.7 } else { 6.4 };
        let name = shortened(&clean(&holder.body.name), ((to - from - 10.0) / character) as usize);
        drawing.text(from + 6.0, top + 15.0, if own { "on-own" } else { "on-other" }, &name);
    }
    if let Some(opens) = step.opens.filter(|opens| *opens <= days.last) {
        let last = step.lasts.unwrap_or(days.last).min(days.last);
        if let (Some(from), Some(to)) = (place(days, opens.max(days.first)), end(days, last)) {
            drawing.rectangle((from, top + BAR + 6.0), ((to - from).max(2.0), 6.0), "ready");
            drawing.text(
                from + 4.0,
                top + BAR + 26.0,
                "small",
                &format!("gate open {}", Days { first: opens, last: step.lasts.unwrap_or(days.last) }),
            );
        }
    }
}

/// Where the end of a day is drawn.
fn end(days: Days, last: Date) -> Option<f64> {
    let width = (DAYS_RIGHT - DAYS_LEFT) / days.count() as f64;
    place(days, last).map(|x| x + width)
}

fn shortened(name: &str, most: usize) -> String {
    if name.chars().count() <= most {
        return name.to_owned();
    }
    let mut short: String = name.chars().take(most.saturating_sub(1)).collect();
    short.truncate(short.trim_end().len());
    if short.is_empty() { short } else { format!("{short}…") }
}

fn legend(drawing: &mut Drawing, name: &str) {
    let y = drawing.y + 12.0;
    drawing.rectangle((MARGIN, y), (18.0, 12.0), "own");
    drawing.text(MARGIN + 26.0, y + 11.0, "small", &format!("accountable: {name}"));
    drawing.rectangle((MARGIN + 380.0, y), (18.0, 12.0), "other");
    drawing.text(MARGIN + 406.0, y + 11.0, "small", "accountable: another body, as named");
    drawing.rectangle((MARGIN + 680.0, y + 3.0), (18.0, 6.0), "ready");
    drawing.text(MARGIN + 706.0, y + 11.0, "small", "days on which the gate is open, by what is in the plan");
    drawing.y = y + 16.0;
}

fn table(climbed: &[Climbed]) -> String {
    let functions = text::functions(climbed);
    let title = format!("Who is ready for what: {} plans", climbed.len());
    let mut drawing = Drawing { body: String::new(), y: MARGIN };
    drawing.text(MARGIN, drawing.y + 20.0, "title", &title);
    drawing.y += 44.0;
    let left = 330.0;
    let column = (WIDTH - MARGIN - left) / functions.len().max(1) as f64;
    let most = (column / 8.5) as usize;
    let heads: Vec<Vec<String>> = functions.iter().map(|(_, title)| wrap(&capital(&clean(title)), most.max(8))).collect();
    for (at, head) in heads.iter().enumerate() {
        for (line, words) in head.iter().enumerate() {
            drawing.text(left + column * at as f64, drawing.y + 14.0 + LINE * line as f64, "head", words);
        }
    }
    drawing.y += 14.0 + LINE * heads.iter().map(Vec::len).max().unwrap_or(1) as f64;
    for Climbed { ladder, .. } in climbed {
        let top = drawing.y;
        drawing.line((MARGIN, top), (WIDTH - MARGIN, top), "rule");
        drawing.text(MARGIN, top + 20.0, "head", &shortened(&words::plan(ladder), 38));
        drawing.text(MARGIN, top + 37.0, "small", &format!("as of {}", ladder.as_of));
        for (at, (function, _)) in functions.iter().enumerate() {
            let x = left + column * at as f64;
            match text::own(ladder, function) {
                Some(step) => drawing.badge(x, top + 12.0, step.state, step.is_held()),
                None => drawing.text(x, top + 28.0, "small", "no gate"),
            }
        }
        drawing.y += 48.0;
    }
    let described: Vec<String> = climbed
        .iter()
        .map(|Climbed { ladder, .. }| {
            let steps: Vec<String> = functions
                .iter()
                .filter_map(|(function, title)| Some(format!("{title} {}", words::cell(text::own(ladder, function)?.state))))
                .collect();
            format!("{}: {}.", words::plan(ladder), steps.join(", "))
        })
        .collect();
    drawing.finish(&title, &described.join(" "))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
