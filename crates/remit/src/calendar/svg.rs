//! A calendar as a picture for a board paper: how each verdict stands from day to day, and what the plan itself puts on a day.
//! It loads nothing, and says in words whatever it says in colours.

use std::io::{self, Write};

use remit_core::outlook::calendar::{Calendar, Dated, State};
use remit_core::time::{Date, Days, FinancialYear};

use crate::calendar::{effort, ending, opening, word};
use crate::pack::docs::html;
use crate::render::text::{clean, sentence};

/// Pixels.
const WIDTH: i64 = 1120;
const LEFT: i64 = 372;
const RIGHT: i64 = 1096;
const VERDICT: i64 = 40;
const DATE: i64 = 23;
/// How many characters a name may have beside the picture.
const LONGEST: usize = 46;

/// The words by which a verdict is shown, with the colours of its bar and of the word on it.
const COLOURS: [(&str, &str, &str); 6] = [
    ("clear", "#d8ebdd", "#1e5631"),
    ("fails", "#b3261e", "#ffffff"),
    ("warning", "#f2c14e", "#4a3400"),
    ("note", "#d5dbe1", "#33414d"),
    ("undetermined", "#cfc6e6", "#3b2c66"),
    ("waived", "#bcd7f0", "#123c63"),
];

/// Writes calendars below one another.
pub(super) fn write(calendars: &[Calendar], out: &mut dyn Write) -> io::Result<()> {
    let pictures: Vec<Picture<'_>> = calendars.iter().map(Picture::new).collect();
    let height: i64 = pictures.iter().map(Picture::height).sum();
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" \
         font-family=\"Arial, 'Liberation Sans', Helvetica, sans-serif\" font-size=\"13\" fill=\"#1c2833\">"
    )?;
    let names: Vec<String> = calendars.iter().map(name).collect();
    writeln!(out, "<title>When verdicts change: {}</title>", html::escaped(&clean(&names.join("; "))))?;
    writeln!(out, "<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\"/>")?;
    let mut top = 0;
    for picture in &pictures {
        picture.draw(top, out)?;
        top += picture.height();
    }
    writeln!(out, "</svg>")
}

/// One finding that changes, with what it is from each of its days on.
struct Verdicts<'c> {
    subject: &'c str,
    rule: &'c str,
    states: Vec<(Date, Option<State>)>,
}

struct Picture<'c> {
    calendar: &'c Calendar,
    verdicts: Vec<Verdicts<'c>>,
    /// The days that each statement names.
    dates: Vec<(String, Vec<&'c Dated>)>,
}

impl<'c> Picture<'c> {
    fn new(calendar: &'c Calendar) -> Self {
        let mut verdicts: Vec<(&str, Verdicts<'c>)> = Vec::new();
        for turning in &calendar.turns {
            for change in &turning.changes {
                let finding = &change.finding;
                match verdicts.iter_mut().find(|(id, _)| *id == finding.id) {
                    Some((_, known)) => known.states.push((turning.day, change.after)),
                    None => {
                        let rule = finding.problem.rule.rsplit('/').next().unwrap_or(&finding.problem.rule);
                        let states = vec![(calendar.days.first, change.before), (turning.day, change.after)];
                        verdicts.push((&finding.id, Verdicts { subject: &finding.subject, rule, states }));
                    }
                }
            }
        }
        let mut dates: Vec<(String, Vec<&'c Dated>)> = Vec::new();
        for dated in &calendar.dates {
            let name = match &dated.title {
                Some(title) => title.clone(),
                None => dated.subject.clone(),
            };
            match dates.iter_mut().find(|(_, all)| all.first().is_some_and(|first| first.subject == dated.subject)) {
                Some((_, all)) => all.push(dated),
                None => dates.push((name, vec![dated])),
            }
        }
        Self { calendar, verdicts: verdicts.into_iter().map(|(_, one)| one).collect(), dates }
    }

    fn rows(&self) -> i64 {
        let count = |all: usize| i64::try_from(all).unwrap_or(0);
        let dates = if self.dates.is_empty() { 0 } else { 44 + count(self.dates.len()) * DATE };
        44 + count(self.verdicts.len()).max(1) * VERDICT + dates
    }

    fn height(&self) -> i64 {
        118 + self.rows() + 58
    }

    fn draw(&self, top: i64, out: &mut dyn Write) -> io::Result<()> {
        let calendar = self.calendar;
        text(out, (24, top + 38), "font-size=\"21\" font-weight=\"bold\"", &name(calendar))?;
        text(
            out,
            (24, top + 62),
            "fill=\"#44525f\"",
            &format!("When verdicts change, {}. {}", calendar.days, sentence(&opening(calendar))),
        )?;
        let (axis, bottom) = (top + 108, top + 118 + self.rows());
        self.years(axis, bottom, out)?;
        let mut y = axis + 32;
        text(out, (24, y), "font-size=\"15\" font-weight=\"bold\"", "Verdicts that change")?;
        y += 14;
        if self.verdicts.is_empty() {
            text(out, (24, y + 20), "fill=\"#44525f\"", "None: what is found on the first day is found on every other")?;
            y += VERDICT;
        }
        for verdicts in &self.verdicts {
            self.verdict(verdicts, y, out)?;
            y += VERDICT;
        }
        if !self.dates.is_empty() {
            y += 30;
            text(out, (24, y), "font-size=\"15\" font-weight=\"bold\"", "Days that the plan names")?;
            y += 14;
            for (nth, (name, all)) in self.dates.iter().enumerate() {
                if nth % 2 == 0 {
                    writeln!(
                        out,
                        "<rect x=\"16\" y=\"{y}\" width=\"{}\" height=\"{DATE}\" fill=\"#eef2f5\" fill-opacity=\"0.6\"/>",
                        WIDTH - 32
                    )?;
                }
                self.dated(name, all, y, out)?;
                y += DATE;
            }
        }
        text(out, (24, bottom + 26), "fill=\"#44525f\"", &sentence(&ending(calendar)))?;
        text(out, (24, bottom + 44), "fill=\"#6b7884\" font-size=\"11\"", &format!("Remit. {}", sentence(&effort(calendar))))
    }

    /// The financial years above, each with a line where it begins.
    fn years(&self, axis: i64, bottom: i64, out: &mut dyn Write) -> io::Result<()> {
        let days = self.calendar.days;
        let (first, last) = (FinancialYear::of(days.first), FinancialYear::of(days.last));
        writeln!(out, "<line x1=\"{LEFT}\" y1=\"{axis}\" x2=\"{RIGHT}\" y2=\"{axis}\" stroke=\"#8a97a3\"/>")?;
        for year in (first.0..=last.0).map(FinancialYear) {
            let Some(shown) = (Days { first: year.first_day(), last: year.last_day() }).overlap(days) else { continue };
            let (from, to) = (self.x(shown.first), self.x(shown.last));
            writeln!(out, "<line x1=\"{0}\" y1=\"{axis}\" x2=\"{0}\" y2=\"{bottom}\" stroke=\"#c9d1d8\"/>", pixels(from))?;
            if to - from > 500 {
                text(out, ((from + to) / 20, axis - 8), "text-anchor=\"middle\" fill=\"#44525f\"", &year.to_string())?;
            }
        }
        writeln!(out, "<line x1=\"{RIGHT}\" y1=\"{axis}\" x2=\"{RIGHT}\" y2=\"{bottom}\" stroke=\"#c9d1d8\"/>")
    }

    fn verdict(&self, verdicts: &Verdicts<'_>, y: i64, out: &mut dyn Write) -> io::Result<()> {
        text(out, (24, y + 15), "", &short(verdicts.subject))?;
        text(out, (24, y + 30), "fill=\"#6b7884\" font-size=\"11\"", &short(verdicts.rule))?;
        let ends = verdicts.states.iter().skip(1).map(|(day, _)| self.x(*day)).chain([RIGHT * 10]);
        for (nth, ((day, state), to)) in verdicts.states.iter().zip(ends).enumerate() {
            let (from, word) = (self.x(*day), word(*state));
            let (_, fill, ink) = COLOURS.into_iter().find(|(known, ..)| *known == word).unwrap_or(("", "#ffffff", "#000000"));
            writeln!(
                out,
                "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"18\" fill=\"{fill}\"><title>{word} from {day}</title></rect>",
                pixels(from),
                y + 4,
                pixels((to - from).max(20))
            )?;
            let said = if nth == 0 { word.to_owned() } else { format!("{word} from {day}") };
            let fits = |said: &str| to - from > 65 * i64::try_from(said.len()).unwrap_or(0) + 80;
            if let Some(said) = [said.as_str(), word].into_iter().find(|said| fits(said)) {
                text(out, (from / 10 + 5, y + 17), &format!("fill=\"{ink}\" font-size=\"11\""), said)?;
            }
        }
        Ok(())
    }

    fn dated(&self, name: &str, all: &[&Dated], y: i64, out: &mut dyn Write) -> io::Result<()> {
        text(out, (24, y + 16), "", &short(name))?;
        for dated in all {
            writeln!(out, "<circle cx=\"{}\" cy=\"{}\" r=\"4\" fill=\"#1f5a94\"/>", pixels(self.x(dated.day)), y + 11)?;
        }
        // The first and the last say which they are; more would not be read.
        let said = |dated: &Dated| match dated.what.as_str() {
            "day" => dated.day.to_string(),
            what => format!("{what} {}", dated.day),
        };
        let (Some(first), Some(last)) = (all.first(), all.last()) else { return Ok(()) };
        let (x, end) = (self.x(first.day) / 10, self.x(last.day) / 10);
        let style = |anchor: &str| format!("fill=\"#44525f\" font-size=\"11\" text-anchor=\"{anchor}\"");
        let length = |said: &str| i64::try_from(said.len()).unwrap_or(0) * 6;
        let (before, after) = (said(first), said(last));
        if all.len() == 1 {
            return match end + 9 + length(&after) < RIGHT {
                true => text(out, (end + 9, y + 15), &style("start"), &after),
                false => text(out, (end - 9, y + 15), &style("end"), &after),
            };
        }
        // Two that stand together: what comes last is said after them, and what comes first before, where there is room for it.
        if end + 9 + length(&after) < RIGHT {
            text(out, (end + 9, y + 15), &style("start"), &after)?;
            if x - 9 - length(&before) > LEFT {
                text(out, (x - 9, y + 15), &style("end"), &before)?;
            }
            return Ok(());
        }
        text(out, (x - 9, y + 15), &style("end"), &format!("{before}, {after}"))
    }

    /// Where a day stands, in tenths of a pixel.
    fn x(&self, day: Date) -> i64 {
        let days = self.calendar.days;
        let passed = Days { first: days.first, last: day }.count() - 1;
        LEFT * 10 + (RIGHT - LEFT) * 10 * passed / days.count().max(1)
    }
}

fn name(calendar: &Calendar) -> String {
    let plan = &calendar.plan;
    plan.title.as_ref().map_or_else(|| plan.id.clone(), |title| format!("{title} ({})", plan.id))
}

fn pixels(tenths: i64) -> String {
    format!("{}.{}", tenths / 10, tenths % 10)
}

fn text(out: &mut dyn Write, (x, y): (i64, i64), style: &str, words: &str) -> io::Result<()> {
    writeln!(out, "<text x=\"{x}\" y=\"{y}\" {style}>{}</text>", html::escaped(&clean(words)))
}

/// So much of a name as there is room for.
fn short(name: &str) -> String {
    if name.chars().count() <= LONGEST {
        return name.to_owned();
    }
    let mut short: String = name.chars().take(LONGEST - 1).collect();
    short.truncate(short.trim_end().len());
    short.push('…');
    short
}
