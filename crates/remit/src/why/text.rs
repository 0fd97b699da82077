//! An explanation for people: drawn for a terminal, in full sentences for a screen reader, and in Markdown.

use std::io::{self, Write};

use anstyle::Style;
use remit_core::problem::Verdict;
use remit_core::rules::trace::{Found, Sort, Step};
use remit_core::rules::waiver::{Entry, Held};
use remit_core::source::Span;
use remit_core::why::drawing::{MOST_DRAWN, draw, drawn, instances, word};
use remit_core::why::{Condition, Part};

use crate::one::file_and_line;
use crate::render::Look;
use crate::render::text::{capital, clean, counted, sentence, words, wrap};
use crate::why::Told;

impl Told<'_> {
    fn place(&self, span: Span) -> String {
        file_and_line(self.sources, span)
    }

    /// In a word what the rule says.
    pub(super) fn verdict(&self) -> &'static str {
        match (&self.why.finding, self.why.verdict) {
            (Some(finding), Some(Verdict::Fail)) => finding.problem.severity.word(),
            (_, Some(verdict)) => verdict.word(),
            (_, None) => "not asked",
        }
    }

    fn says(&self) -> String {
        match (&self.why.finding, self.why.verdict) {
            (Some(finding), _) => finding.problem.message.clone(),
            (None, Some(Verdict::Pass)) => format!("it holds for {}", self.why.subject),
            (None, Some(_)) => format!("it does not hold for {}", self.why.subject),
            (None, None) => format!("it does not look at {}, since what its `where` asks does not hold", self.why.subject),
        }
    }

    /// Where each figure of the plan stands: what it is, its value, its place and its words.
    fn figures(&self) -> Vec<(String, String, Span)> {
        let mut figures: Vec<(String, String, Span)> = Vec::new();
        for part in &self.why.asked {
            for step in drawn(&part.step) {
                let Some(figure) = &step.figure else { continue };
                if let (Some(place), Some(shown)) = (figure.place, &figure.shown)
                    && !figures.iter().any(|(.., known)| *known == place)
                {
                    figures.push((figure.name.clone(), shown.clone(), place));
                }
            }
        }
        figures
    }

    /// What would pass, as sentences without their stops.
    fn would_pass(&self) -> Vec<String> {
        let told = |change: &remit_core::why::Change| {
            let place = change.place.map(|place| format!(" ({})", self.place(place))).unwrap_or_default();
            format!("{}{place}", change.told())
        };
        let mut all: Vec<String> = self.why.changes.iter().map(told).collect();
        if self.is_unknown() {
            all.push("no change of one figure or one word alone is known that would pass".to_owned());
        }
        all
    }

    /// Whether nobody knows what would pass.
    fn is_unknown(&self) -> bool {
        let fails = matches!(self.why.verdict, Some(Verdict::Fail | Verdict::Waived));
        fails && self.why.changes.is_empty() && self.why.form == Some("each")
    }

    fn estimates(&self) -> Vec<String> {
        let Some(verdicts) = self.why.estimates else { return Vec::new() };
        let said = |verdict: Option<Verdict>| verdict.map_or("not asked", Verdict::word);
        let words = ["low", "central", "high"];
        words.into_iter().zip(verdicts).map(|(word, verdict)| format!("with every {word} value: {}", said(verdict))).collect()
    }

    fn opens(&self) -> Option<String> {
        Some(match self.why.opens? {
            Some(day) => format!("the gate can open on {day} at the earliest, by what is in the plan on {}", self.as_of),
            None => "nothing that is in the plan opens the gate".to_owned(),
        })
    }

    fn rule(&self) -> Option<String> {
        let place = self.why.finding.as_ref()?.rule_place?;
        Some(self.place(place))
    }

    fn is_of_the_language(&self) -> bool {
        self.why.form.is_none()
    }
}

fn of_the_language(rule: &str) -> String {
    format!("this is a rule of the language itself, which has no expression: `remit explain {rule}` tells what it asks")
}

/// Whether a waiver counts, and why.
fn waiver(entry: &Entry) -> String {
    let until = entry.until.map(|until| format!(" until {until}")).unwrap_or_default();
    let by = entry.approved_by.as_ref().map(|by| format!(", approved by {by}")).unwrap_or_default();
    let approved = entry.approved.map(|day| format!(" on {day}")).unwrap_or_default();
    let because = entry.because.as_ref().map(|because| format!(", because: {because}")).unwrap_or_default();
    match entry.held {
        Held::Refused => format!("it does not count: {}", entry.why.as_deref().unwrap_or("it is refused")),
        Held::Expired => format!("it no longer counts: it held{until}"),
        Held::Unused => format!("it counts for nothing: there is nothing for it to waive{until}"),
        Held::InForce | Held::Expiring => format!("it counts{until}{by}{approved}{because}"),
    }
}

fn held(condition: &Condition) -> &'static str {
    match condition.holds {
        Some(true) => "yes",
        Some(false) => "no",
        None => "cannot be told",
    }
}

fn part_says(part: &Part) -> &'static str {
    match part.step.found {
        Found::Holds => "holds",
        Found::Fails => "does not hold",
        Found::AtRisk => "holds for a part of the estimate only",
        _ => "cannot be told",
    }
}

pub(super) fn human(told: &Told<'_>, look: Look, out: &mut dyn Write) -> io::Result<()> {
    let bold = Style::new().bold();
    let why = &told.why;
    writeln!(out, "{}  {}", look.paint(bold, told.verdict()), clean(&why.rule))?;
    let text = |out: &mut dyn Write, indent: usize, said: &str| {
        let mut lines = wrap(&clean(said), look.width.saturating_sub(indent + 2)).into_iter();
        let first = lines.next().unwrap_or_default();
        writeln!(out, "{:indent$}{first}", "")?;
        lines.try_for_each(|line| writeln!(out, "{:1$}{line}", "", indent + 2))
    };
    text(out, 2, &told.says())?;
    text(out, 2, &format!("{}, {}, as of {}", why.subject, told.place(why.place), told.as_of))?;
    if let Some(finding) = &why.finding {
        let rule = told.rule().map(|rule| format!(", of the rule in {rule}")).unwrap_or_default();
        text(out, 2, &format!("finding {}{rule}", finding.id))?;
    }
    let heading = |out: &mut dyn Write, said: &str| writeln!(out, "\n{}", look.paint(bold, &clean(said)));
    if told.is_of_the_language() {
        writeln!(out)?;
        return text(out, 0, &sentence(&of_the_language(&why.rule)));
    }
    for part in &why.asked {
        let also = if part.is_further { "or " } else { "" };
        heading(out, &format!("{also}{}: {}", part.key, part_says(part)))?;
        for line in draw(part, look.width.saturating_sub(2), &|place| told.place(place)) {
            writeln!(out, "  {}", clean_line(&line))?;
        }
    }
    if !why.conditions.is_empty() {
        heading(out, if why.form == Some("over") { "What each plan adds" } else { "What is asked for, and what was there" })?;
    }
    for condition in &why.conditions {
        let is_part = why.form == Some("over");
        text(out, 2, &if is_part { format!("{}: {}", condition.asked, condition.found) } else { condition.asked.clone() })?;
        if !is_part {
            text(out, 4, &format!("there was: {}", condition.found))?;
            text(out, 4, &format!("enough: {}", held(condition)))?;
            if let Some(passes) = &condition.passes {
                text(out, 4, &format!("would pass: {passes}"))?;
            }
        }
        for (place, _) in condition.places.iter().take(if is_part { 3 } else { 12 }) {
            text(out, 4, &format!("{} «{}»", told.place(*place), words(told.sources, *place)))?;
        }
    }
    let figures = told.figures();
    if !figures.is_empty() {
        heading(out, "Where the figures stand")?;
        let widest = |of: &dyn Fn(&(String, String, Span)) -> usize| figures.iter().map(of).max().unwrap_or(0);
        let (name, value) = (widest(&|(name, ..)| name.chars().count()), widest(&|(_, shown, _)| shown.chars().count()));
        let (name, value) = (name.min(32), value.min(32));
        for (called, shown, place) in &figures {
            let line = format!("{called:<name$}  {shown:<value$}  {}  «{}»", told.place(*place), words(told.sources, *place));
            writeln!(out, "  {}", clean_line(&line))?;
        }
    }
    if !why.absent.is_empty() {
        heading(out, "What is absent")?;
        for absent in &why.absent {
            let place = absent.place.map(|place| format!(" ({})", told.place(place))).unwrap_or_default();
            text(out, 2, &format!("{}{place}", absent.what))?;
        }
    }
    for (title, lines) in [("What its estimates come to", told.estimates()), ("What would pass", told.would_pass())] {
        if !lines.is_empty() {
            heading(out, title)?;
        }
        lines.iter().try_for_each(|line| text(out, 2, line))?;
    }
    let (slack, help) = why.finding.as_ref().map_or((None, None), |finding| (finding.slack.as_ref(), finding.problem.help.as_ref()));
    if let Some(slack) = slack.filter(|_| why.changes.is_empty()) {
        heading(out, "How far from passing")?;
        text(out, 2, slack)?;
    }
    if let Some(opens) = told.opens() {
        heading(out, "When")?;
        text(out, 2, &opens)?;
    }
    if let Some(help) = help {
        heading(out, "What to do")?;
        text(out, 2, help)?;
    }
    for entry in &why.waivers {
        heading(out, &format!("Waiver, {}", told.place(entry.span)))?;
        text(out, 2, &waiver(entry))?;
    }
    Ok(())
}

/// A drawn line keeps its spaces, and steers nothing.
fn clean_line(line: &str) -> String {
    clean(line).trim_end().to_owned()
}

pub(super) fn plain(told: &Told<'_>, out: &mut dyn Write) -> io::Result<()> {
    sentences(told).iter().try_for_each(|said| writeln!(out, "{said}"))
}

/// Everything in full sentences.
fn sentences(told: &Told<'_>) -> Vec<String> {
    let why = &told.why;
    let mut all = vec![
        format!("{}, rule {}.", capital(told.verdict()), clean(&why.rule)),
        sentence(&told.says()),
        sentence(&format!("this is about {}, in {}, as of {}", why.subject, told.place(why.place), told.as_of)),
    ];
    all.extend(why.finding.as_ref().map(|finding| format!("The finding is {}.", finding.id)));
    if told.is_of_the_language() {
        all.push(sentence(&of_the_language(&why.rule)));
        return all;
    }
    for part in &why.asked {
        let what = if part.key == "where" { "it looks at what fulfils this" } else { "it expects this" };
        let also = if part.is_further { "; or this" } else { "" };
        all.push(sentence(&format!("{what}{also}: {}. That {}", one_line(&part.words), part_says(part))));
        spoken(told, &part.words, &part.step, &mut all);
    }
    for condition in &why.conditions {
        if why.form == Some("over") {
            all.push(sentence(&format!("{} adds {}", condition.asked, condition.found)));
            continue;
        }
        let enough = match condition.holds {
            Some(true) => "that is enough",
            Some(false) => "that is not enough",
            None => "whether that is enough cannot be told",
        };
        let places: Vec<String> = condition.places.iter().map(|(place, _)| told.place(*place)).collect();
        let places = if places.is_empty() { String::new() } else { format!(", in {}", places.join(" and ")) };
        all.push(sentence(&format!("asked for: {}. There was: {}{places}; {enough}", condition.asked, condition.found)));
        all.extend(condition.passes.as_ref().map(|passes| sentence(&format!("would pass: {passes}"))));
    }
    for absent in &why.absent {
        let place = absent.place.map(|place| format!(", in {}", told.place(place))).unwrap_or_default();
        all.push(sentence(&format!("absent: {}{place}", absent.what)));
    }
    all.extend(told.estimates().iter().map(|said| sentence(said)));
    all.extend(told.would_pass().iter().map(|said| sentence(&format!("what would pass: {said}"))));
    if let Some(finding) = &why.finding {
        let slack = finding.slack.as_ref().filter(|_| why.changes.is_empty());
        all.extend(slack.map(|slack| sentence(&format!("how far from passing: {slack}"))));
    }
    all.extend(told.opens().map(|opens| sentence(&opens)));
    all.extend(why.finding.as_ref().and_then(|finding| finding.problem.help.as_ref()).map(|help| sentence(&format!("to do: {help}"))));
    for entry in &why.waivers {
        all.push(sentence(&format!("there is a waiver in {}: {}", told.place(entry.span), waiver(entry))));
    }
    all
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What each part came to, the inner ones first.
fn spoken(told: &Told<'_>, words: &str, step: &Step, all: &mut Vec<String>) {
    let text = one_line(words.get(step.range.clone()).unwrap_or(""));
    if step.sort == Sort::Ranges {
        let (each, passed_over) = instances(step);
        for one in each.iter().take(MOST_DRAWN) {
            let place = one.about.place.map(|place| format!(", in {}", told.place(place))).unwrap_or_default();
            all.push(sentence(&format!("of {}{place}", one.about.shown)));
            one.steps.last().into_iter().for_each(|last| spoken(told, words, last, all));
        }
        let more = each.len().saturating_sub(MOST_DRAWN);
        if more > 0 {
            all.push(format!("It was asked of {more} more."));
        } else if each.is_empty() && passed_over > 0 {
            all.push(format!("It was asked of none: {} not meant.", counted(passed_over, "is", "are")));
        } else if step.parts.is_empty() {
            all.push("There is none to ask it of.".to_owned());
        }
    } else {
        step.parts.iter().for_each(|part| spoken(told, words, part, all));
    }
    if step.sort == Sort::Written {
        return;
    }
    let place = step.figure.as_ref().and_then(|figure| figure.place).map(|place| format!(", in {}", told.place(place))).unwrap_or_default();
    let came_to = match (&step.found, step.sort) {
        (Found::Value(shown), _) => format!("is {shown}"),
        (Found::Unknown, Sort::Reads) => "is not given".to_owned(),
        (Found::Unknown, _) => "cannot be told".to_owned(),
        (Found::Holds, _) => "holds".to_owned(),
        (Found::Fails, _) => "does not hold".to_owned(),
        (Found::AtRisk, _) => "holds for a part of the estimate only".to_owned(),
    };
    let said = format!("`{text}` {came_to}{place}");
    if step.sort != Sort::Joins && word(&step.found) != text {
        all.push(sentence(&said));
    }
}

pub(super) fn markdown(told: &Told<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut drawn = Vec::new();
    human(told, Look::FILE, &mut drawn)?;
    writeln!(out, "## Why: `{}`\n", clean(&told.why.rule))?;
    let drawn = String::from_utf8_lossy(&drawn);
    let fence = "`".repeat(drawn.split(|letter| letter != '`').map(str::len).max().unwrap_or(0).max(2) + 1);
    writeln!(out, "{fence}text\n{drawn}{fence}")
}
