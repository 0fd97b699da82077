//! A calendar for calendar programs: iCalendar, as RFC 5545 has it. Events last the whole day, and keep their names from run to run.

use std::io::{self, Write};

use remit_core::outlook::calendar::{Calendar, Change, Dated};
use remit_core::time::{Date, day_after};

use crate::calendar::{reasons, word};
use crate::render::text::{capital, clean, listed, sentence};

/// The most octets of a line, without its end.
const LONGEST: usize = 75;

/// Writes calendars as one.
pub(super) fn write(calendars: &[Calendar], out: &mut dyn Write) -> io::Result<()> {
    let mut lines = Lines { out };
    lines.line("BEGIN:VCALENDAR")?;
    lines.line("VERSION:2.0")?;
    lines.line(concat!("PRODID:-//remit//remit ", env!("CARGO_PKG_VERSION"), "//EN"))?;
    lines.line("CALSCALE:GREGORIAN")?;
    lines.line("METHOD:PUBLISH")?;
    for calendar in calendars {
        for turning in &calendar.turns {
            for change in &turning.changes {
                lines.change(calendar, turning.day, change)?;
            }
        }
        for dated in &calendar.dates {
            lines.dated(calendar, dated)?;
        }
    }
    lines.line("END:VCALENDAR")
}

struct Lines<'w> {
    out: &'w mut dyn Write,
}

impl Lines<'_> {
    fn change(&mut self, calendar: &Calendar, day: Date, change: &Change) -> io::Result<()> {
        let problem = &change.finding.problem;
        let rule = problem.rule.rsplit('/').next().unwrap_or(&problem.rule);
        let name = format!("{}-{}", change.finding.id, compact(day));
        let summary =
            format!("{}: {} → {}, {rule} of {}", calendar.plan.id, word(change.before), word(change.after), change.finding.subject);
        let mut told = Vec::new();
        if change.after.is_some() {
            told.push(sentence(&problem.message));
        }
        let reasons = reasons(calendar, change);
        if !reasons.is_empty() {
            told.push(sentence(&format!("because {}", listed(&reasons))));
        }
        self.event(calendar, &name, day, &summary, &told.join(" "), "Verdict")
    }

    fn dated(&mut self, calendar: &Calendar, dated: &Dated) -> io::Result<()> {
        let name = format!("{}-{}-{}", slug(&dated.subject), slug(&dated.what), compact(dated.day));
        let summary = format!("{}: {}, {}", calendar.plan.id, dated.subject, dated.what);
        let title = dated.title.as_deref().map(sentence).unwrap_or_default();
        self.event(calendar, &name, dated.day, &summary, &title, "Plan")
    }

    fn event(&mut self, calendar: &Calendar, name: &str, day: Date, summary: &str, description: &str, category: &str) -> io::Result<()> {
        self.line("BEGIN:VEVENT")?;
        self.line(&format!("UID:{name}@{}.remit", slug(&calendar.plan.id)))?;
        // The same plan, packs and days: the same bytes. Nothing here asks a clock.
        self.line(&format!("DTSTAMP:{}T000000Z", compact(calendar.days.first)))?;
        self.line(&format!("DTSTART;VALUE=DATE:{}", compact(day)))?;
        if let Some(next) = day_after(day) {
            self.line(&format!("DTEND;VALUE=DATE:{}", compact(next)))?;
        }
        self.line(&format!("SUMMARY:{}", escaped(summary)))?;
        if !description.is_empty() {
            self.line(&format!("DESCRIPTION:{}", escaped(&capital(description))))?;
        }
        self.line(&format!("CATEGORIES:{category}"))?;
        self.line("TRANSP:TRANSPARENT")?;
        self.line("END:VEVENT")
    }

    /// One line, folded: what goes on begins with a space, and no character is cut.
    fn line(&mut self, text: &str) -> io::Result<()> {
        let mut used = 0;
        for character in text.chars() {
            let length = character.len_utf8();
            if used + length > LONGEST {
                self.out.write_all(b"\r\n ")?;
                used = 1;
            }
            write!(self.out, "{character}")?;
            used += length;
        }
        self.out.write_all(b"\r\n")
    }
}

/// A day as iCalendar writes it: `20200701`.
fn compact(day: Date) -> String {
    day.to_string().replace('-', "")
}

/// Text in which nothing ends the value.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in clean(text).chars() {
        if matches!(character, '\\' | ';' | ',') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// A name of letters, digits and dashes only.
fn slug(text: &str) -> String {
    let dashed: String = text.chars().map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '-' }).collect();
    dashed.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}
