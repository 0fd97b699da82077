//! Hover: what a word means, the national text that bears on it, and the figures that follow from a table.

use std::fmt::Write as _;

use crate::ide::View;
use crate::ide::index::Symbol;
use crate::ide::parts::{Around, Is, Part, Slot};
use crate::ide::words::{self, code, sentence};
use crate::model::value::{self, Operation, Quantity, Value};
use crate::model::{Entity, actual};
use crate::rules::expression::Comparison;
use crate::rules::gate::state::State;
use crate::source::{FileId, Span};
use crate::syntax::literal::Literal;
use crate::syntax::tree::Element;
use crate::time::{Date, Duration, FinancialYear, Period, in_words};

/// How many lines of a statement are shown where it is named.
const MOST_LINES: usize = 12;

/// What there is to read about a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hover {
    /// The words it is about.
    pub span: Span,
    /// As Markdown.
    pub text: String,
}

/// What there is to read about the word at a byte of a file.
pub fn hover(view: View<'_>, file: FileId, byte: u32) -> Option<Hover> {
    let (around, part) = view.part_at(file, view.boundary(file, byte))?;
    let mut text = view.about(around, &part).unwrap_or_default();
    text.push_str(&view.waits(part.span));
    text.push_str(&view.why(part.span));
    let text = text.trim_start_matches("\n\n---\n\n").to_owned();
    (!text.is_empty()).then_some(Hover { span: part.span, text })
}

impl<'v> View<'v> {
    /// The statement of the plan in which a place lies.
    pub(crate) fn entity_at(self, place: Span) -> Option<&'v Entity> {
        // INVARIANT: entities stand in the order of the texts, and never within one another.
        let entities = &self.plan().entities;
        let after = entities.partition_point(|entity| (entity.whole.file, entity.whole.start) <= (place.file, place.start));
        // Of `organisation RTD, RTF` there are several in one place: the one whose name it is, or the last.
        let last = entities.get(after.checked_sub(1)?).filter(|entity| entity.whole.contains(place))?;
        let alike = entities.get(..after)?.iter().rev().take_while(|entity| entity.whole == last.whole);
        alike.into_iter().find(|entity| entity.place.contains(place)).or(Some(last))
    }

    fn about(self, around: Around<'v>, part: &Part<'v>) -> Option<String> {
        match part.is {
            Is::Kind(_, kind) => {
                let mut text = words::about_kind(self.vocabulary(), kind);
                if let Some(entity) = self.entity_at(part.span) {
                    text.push_str(&self.table(entity, None));
                }
                Some(text)
            }
            Is::Field(id, def) => Some(words::about_field(self.vocabulary(), self.vocabulary().kind_def(id)?, def)),
            Is::Row(id, def) => {
                let mut text = words::about_field(self.vocabulary(), self.vocabulary().kind_def(id)?, def);
                if let Some(entity) = self.entity_at(part.span) {
                    text.push_str(&self.table(entity, Some(&def.name)));
                }
                Some(text)
            }
            Is::Years => Some(format!("{}\n\nThe financial years of the columns, from 1 April to 31 March.", code("year YEAR YEAR …"))),
            Is::Clause(def) => Some(words::about_clause(self.vocabulary(), def?)),
            Is::KindWord(id) => Some(words::about_kind(self.vocabulary(), self.vocabulary().kind_def(id)?)),
            Is::Whose => self.symbol(around.statement, part).map(|symbol| self.about_symbol(&symbol, part.span)),
            Is::Title | Is::Unknown => None,
            Is::Value(slot, element) => self.about_value(around, part, slot, element),
        }
    }

    fn about_value(self, around: Around<'v>, part: &Part<'v>, slot: Slot<'v>, element: &Element) -> Option<String> {
        if let Some(symbol) = self.symbol(around.statement, part) {
            let mut text = self.about_symbol(&symbol, part.span);
            if slot.names
                && let Some(entity) = self.entity_at(part.span)
            {
                text.push_str(&self.table(entity, None));
            }
            for gate in self.gates_at(part.span) {
                let rule = short(&gate.rule);
                let _ = match gate.state {
                    Some(State::CannotTell) | None => write!(text, "\n\n---\n\n**The gate**: {} `{rule}`", sentence(&gate.says)),
                    Some(state) => write!(text, "\n\n---\n\n**The gate is {}**: {} `{rule}`", state.says(), sentence(&gate.says)),
                };
            }
            return Some(text);
        }
        if let (Some(row), Some(column)) = (slot.field, slot.column)
            && let Some(entity) = self.entity_at(part.span)
            && let Some((Some(year), _)) = entity.columns.get(column)
        {
            let name = if slot.reached { actual(&row.name) } else { row.name.to_string() };
            return Some(self.figure(entity, &name, *year, part.span));
        }
        match element {
            Element::One(value) => self.about_literal(value.literal, around, part.span),
            Element::Range(from, to) => match (from.literal, to.literal) {
                (Literal::Year(first), Literal::Year(last)) => Some(format!(
                    "**{first} to {last}**: {} financial years, from {} to {}.",
                    i32::from(last.0) - i32::from(first.0) + 1,
                    in_words(first.first_day()),
                    in_words(last.last_day())
                )),
                (Literal::Date(first), Literal::Date(last)) => {
                    Some(format!("From {} to {}, both included.", in_words(first), in_words(last)))
                }
                _ => None,
            },
            Element::About(..) => Some("A figure that is not exact: what depends on its last places cannot be told.".to_owned()),
            Element::UpTo(..) => Some("At most this: what it would take to tell more is not known.".to_owned()),
            Element::Estimate(_) => {
                Some("An estimate: low ~ central ~ high. What all three pass, passes; what all three fail, fails.".to_owned())
            }
        }
    }

    /// The gates on a place.
    pub(crate) fn gates_at(self, place: Span) -> impl Iterator<Item = &'v crate::ide::Gate> {
        let gates = self.gates();
        let from = gates.partition_point(|gate| gate.place < place);
        gates.get(from..).unwrap_or(&[]).iter().take_while(move |gate| gate.place == place)
    }

    /// What there is to read about what a word names, where it stands.
    pub(crate) fn about_symbol(self, symbol: &Symbol, place: Span) -> String {
        match symbol {
            Symbol::Body(body) => {
                let mut text = self.about_body(*body, self.day_of(place));
                let described = self.index().all(symbol).find(|occurrence| occurrence.declares && occurrence.place != place);
                if let Some(entity) = described.and_then(|occurrence| self.entity_at(occurrence.place)) {
                    let _ = write!(text, "\n\n{}", self.excerpt(entity.whole));
                }
                text
            }
            Symbol::Statement(kind, name) => match self.plan().find(*kind, name) {
                Some(entity) if !entity.whole.contains(place) => self.excerpt(entity.whole),
                _ => self.vocabulary().kind_def(*kind).map_or_else(String::new, |kind| sentence(&kind.doc)),
            },
            Symbol::Term(term) => self.about_term(*term),
            Symbol::Level(scale, level) => self.about_level(*scale, *level),
            Symbol::Unit(unit) => self.about_unit(*unit),
            Symbol::Rule(at) => self.packs().rules.get(*at).map_or_else(String::new, |rule| self.about_rule(rule)),
            Symbol::Kind(kind) => {
                self.vocabulary().kind_def(*kind).map_or_else(String::new, |kind| words::about_kind(self.vocabulary(), kind))
            }
        }
    }

    /// The day for which a body is named at a place.
    fn day_of(self, place: Span) -> Date {
        let mentions = &self.plan().mentions;
        let at = mentions.partition_point(|mention| mention.place < place);
        mentions.get(at).filter(|mention| mention.place == place).map_or(self.plan().day(), |mention| mention.day)
    }

    fn excerpt(self, whole: Span) -> String {
        let words = self.words(whole);
        let mut lines: Vec<&str> = words.lines().take(MOST_LINES).collect();
        if words.lines().nth(MOST_LINES).is_some() {
            lines.push("  …");
        }
        code(&lines.join("\n"))
    }

    /// What follows from a table, or from one of its rows, as Markdown; empty where nothing does.
    fn table(self, entity: &'v Entity, row: Option<&str>) -> String {
        let mut text = String::new();
        if entity.columns.is_empty() {
            return text;
        }
        let show = |quantity: Quantity| value::show_quantity(quantity, self.vocabulary());
        let mut last: Option<&str> = None;
        for derived in self.derived(entity).into_iter().filter(|derived| row.is_none_or(|row| **derived.row == *row)) {
            if last != Some(derived.rule.short()) {
                let _ = write!(
                    text,
                    "\n\n`{}`, as `{}` reckons it:\n\n| year | written | reckoned |\n|---|--:|--:|",
                    derived.row,
                    derived.rule.short()
                );
                last = Some(derived.rule.short());
            }
            let found = derived.found.map_or_else(|| "–".to_owned(), |(found, _)| show(found));
            let differs = derived.found.is_some_and(|(found, _)| !agrees(found, derived.expected, derived.comparison));
            let expected = if differs { format!("**{}**", show(derived.expected)) } else { show(derived.expected) };
            let _ = write!(text, "\n| {} | {found} | {expected} |", derived.year);
        }
        if let Some(line) = self.growth_line(entity, row.unwrap_or("in-post")) {
            let _ = write!(text, "\n\n{line}");
        }
        if text.is_empty() { text } else { format!("\n\n---{text}") }
    }

    fn growth_line(self, entity: &Entity, row: &str) -> Option<String> {
        let growth = self.growth(entity, row)?;
        let show = |quantity: Quantity| value::show_quantity(quantity, self.vocabulary());
        Some(format!(
            "`{row}` goes from {} in {} to {} in {}: {}, {}.",
            show(growth.first.1),
            growth.first.0,
            show(growth.last.1),
            growth.last.0,
            signed(&show(growth.change)),
            signed(&show(growth.rate))
        ))
    }

    /// One figure of a table.
    fn figure(self, entity: &'v Entity, row: &str, year: Period, place: Span) -> String {
        let show = |quantity: Quantity| value::show_quantity(quantity, self.vocabulary());
        let mut text = match entity.cell(row, year).and_then(|datum| datum.value.as_ref()) {
            Some(found) => format!("`{row}` in {year}: **{}**", value::show(found, self.vocabulary(), &self.plan().bodies)),
            None => format!("`{row}` in {year}: {}", if self.words(place) == "-" { "not given" } else { "could not be read" }),
        };
        for derived in self.derived(entity).into_iter().filter(|derived| **derived.row == *row && derived.year == year) {
            let _ = write!(text, "\n\n{} from the other figures (`{}`)", show(derived.expected), derived.rule.short());
            let Some((found, _)) = derived.found else { continue };
            if !agrees(found, derived.expected, derived.comparison)
                && let Some(difference) = found.apply(Operation::Subtract, derived.expected)
            {
                let _ = write!(text, ": the difference is **{}**", signed(&show(difference)));
            }
            text.push('.');
        }
        if let (Some(Value::Number(now)), Some(before)) =
            (entity.cell(row, year).and_then(|datum| datum.value.as_ref()), year.previous().and_then(|before| entity.cell(row, before)))
            && let Some(Value::Number(then)) = before.value
            && let Some(change) = now.apply(Operation::Subtract, then)
        {
            let _ = write!(text, "\n\n{} on the year before.", signed(&show(change)));
        }
        text
    }

    fn about_literal(self, literal: Literal, around: Around<'v>, place: Span) -> Option<String> {
        match literal {
            Literal::Date(day) => Some(self.about_day(day)),
            Literal::Year(year) => {
                Some(format!("**{year}**: the financial year from {} to {}.", in_words(year.first_day()), in_words(year.last_day())))
            }
            Literal::Quantity(..) => {
                let entity = self.entity_at(place)?;
                let head = self.words(around.statement.head());
                let field = entity.field(head)?;
                match field.values.first()?.value.as_ref()? {
                    Value::Duration(duration) => Some(about_duration(*duration, entity)),
                    value => Some(format!("**{}**", value::show(value, self.vocabulary(), &self.plan().bodies))),
                }
            }
            Literal::Money(number) => {
                let pounds = Quantity::of(number.rational(), value::Measure::Plain);
                Some(format!("**£{}**", value::show_quantity(pounds, self.vocabulary())))
            }
            Literal::Absent => Some("Not given.".to_owned()),
            _ => None,
        }
    }

    fn about_day(self, day: Date) -> String {
        let mut text = format!("**{}**, in the financial year {}.", in_words(day), FinancialYear::of(day));
        let as_of = self.plan().as_of;
        let days = as_of.until(day).map_or(0, |span| span.get_days());
        let _ = match days {
            0 => write!(text, " The day of the check."),
            1.. => write!(text, " {} after the day of the check.", count(days, "day")),
            _ => write!(text, " {} before the day of the check.", count(-days, "day")),
        };
        if self.plan().days().is_some_and(|horizon| !horizon.holds(day)) {
            text.push_str(" Outside the plan's horizon.");
        }
        text
    }
}

/// Whether a figure is what was reckoned, as the rule asks.
pub(crate) fn agrees(found: Quantity, expected: Quantity, comparison: Comparison) -> bool {
    let agrees = match comparison {
        Comparison::Follows => found.follows(expected),
        _ => found.compare(expected).map(std::cmp::Ordering::is_eq),
    };
    agrees.unwrap_or(false)
}

/// How long something holds that was made on a day.
fn about_duration(duration: Duration, entity: &Entity) -> String {
    let mut text = format!("**{duration}**, by the calendar.");
    if let Some(Value::Date(dated)) = entity.value("dated").or(entity.value("assessed"))
        && let Some(until) = duration.after(*dated)
    {
        let _ = write!(text, " From {dated} to {until}.");
    }
    text
}

/// A number with its sign, since it is a change.
pub(crate) fn signed(shown: &str) -> String {
    if shown.starts_with('-') { shown.replacen('-', "−", 1) } else { format!("+{shown}") }
}

fn count(count: i32, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn short(rule: &str) -> &str {
    rule.split_once('/').map_or(rule, |(_, short)| short)
}
