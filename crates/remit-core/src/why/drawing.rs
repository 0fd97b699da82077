//! A rule's words with what each part came to beneath them, as lines of plain text. What `and` and `or` join stands on lines of its own.

use std::ops::Range;

use crate::rules::trace::{Found, Sort, Step};
use crate::why::Part;

/// How many of those that are ranged over are drawn.
pub const MOST_DRAWN: usize = 3;

/// How many letters of a value are drawn.
const MOST_LETTERS: usize = 60;

/// How far parts stand within what they are parts of.
const INDENT: usize = 2;

/// Draws a part of a rule in lines of at most a width, as far as its words can be broken; what something is asked of gets a mark from `place`.
pub fn draw(part: &Part, width: usize, place: &dyn Fn(crate::source::Span) -> String) -> Vec<String> {
    let mut drawing = Drawing { words: &part.words, width, place, lines: Vec::new() };
    // Of `every year of … satisfies …` only what was asked of the one year is drawn.
    let before = part.words.get(..part.step.range.start).unwrap_or("");
    let is_whole = before.trim_matches(|letter: char| letter.is_whitespace() || letter == '(').is_empty();
    drawing.lay(&part.step, if is_whole { 0..part.words.len() } else { part.step.range.clone() }, 0);
    drawing.lines
}

struct Drawing<'d> {
    words: &'d str,
    width: usize,
    place: &'d dyn Fn(crate::source::Span) -> String,
    lines: Vec<String>,
}

/// One of several that something was asked of.
pub struct Instance<'s> {
    /// Of what.
    pub about: &'s crate::rules::trace::About,
    /// What was asked of it: the last is what counts.
    pub steps: Vec<&'s Step>,
}

/// Those that something was asked of, one by one, those that decide first; and how many were not chosen by its condition.
pub fn instances(step: &Step) -> (Vec<Instance<'_>>, usize) {
    let mut all: Vec<Instance<'_>> = Vec::new();
    for part in &step.parts {
        let Some(about) = &part.about else { continue };
        match all.last_mut() {
            Some(last) if last.about == about && !last.steps.iter().any(|known| known.part == part.part) => last.steps.push(part),
            _ => all.push(Instance { about, steps: vec![part] }),
        }
    }
    let body = all.iter().flat_map(|one| &one.steps).map(|step| step.range.start).max();
    let asks = |found: &Found| !matches!(found, Found::Value(_));
    if asks(&step.found) {
        let before = all.len();
        let mut chosen: Vec<Instance<'_>> =
            all.into_iter().filter(|one| one.steps.last().is_some_and(|last| Some(last.range.start) == body)).collect();
        let passed_over = before - chosen.len();
        let like = |found: &Found| if step.is_of_none { found != &step.found } else { found == &step.found };
        chosen.sort_by_key(|one| !one.steps.last().is_some_and(|last| like(&last.found)));
        return (chosen, passed_over);
    }
    // What is added up or counted: those that the condition leaves.
    let counted = |one: &Instance<'_>| one.steps.iter().all(|step| !matches!(step.found, Found::Fails | Found::Unknown));
    let before = all.len();
    let chosen: Vec<Instance<'_>> = all.into_iter().filter(counted).collect();
    let passed_over = before - chosen.len();
    (chosen, passed_over)
}

/// A part and everything of it that is drawn: of what is ranged over, the first few.
pub fn drawn(step: &Step) -> Vec<&Step> {
    let mut all = vec![step];
    if step.sort == Sort::Ranges {
        let (each, _) = instances(step);
        all.extend(each.into_iter().take(MOST_DRAWN).flat_map(|one| one.steps).flat_map(drawn));
    } else {
        all.extend(step.parts.iter().flat_map(drawn));
    }
    all
}

impl Drawing<'_> {
    fn lay(&mut self, step: &Step, within: Range<usize>, indent: usize) {
        if step.sort == Sort::Joins && step.parts.len() > 1 {
            let mut from = within.start;
            for (at, part) in step.parts.iter().enumerate() {
                let is_last = at + 1 == step.parts.len();
                let to = if is_last { within.end } else { part.range.end + self.closing(part.range.end) };
                let deeper = if part.sort == Sort::Joins { indent + INDENT } else { indent };
                self.lay(part, from..to, deeper);
                from = to;
            }
            return;
        }
        let asked_of_each = step.sort == Sort::Ranges && !matches!(step.found, Found::Value(_));
        let (each, _) = instances(step);
        let body = each.first().and_then(|one| one.steps.last()).map(|step| step.range.start);
        match body.filter(|_| asked_of_each) {
            Some(body) => {
                let head = self.words.get(within.start..body).unwrap_or("").trim_end();
                let closing = self.words.get(step.range.end..within.end).unwrap_or("").trim();
                let text = format!("{head} …{closing}");
                let mark = (step.range.start.saturating_sub(within.start), word(&step.found).to_owned());
                self.under(&text, vec![mark], indent);
            }
            None => {
                let text = self.words.get(within.clone()).unwrap_or("");
                let mut marks = Vec::new();
                self.marks(step, &mut marks);
                let marks = marks.into_iter().filter_map(|(at, said)| Some((at.checked_sub(within.start)?, said))).collect();
                self.under(text, marks, indent);
            }
        }
        for ranged in outermost_ranges(step) {
            self.each(ranged, indent + INDENT);
        }
    }

    /// Those that something was asked of, beneath it.
    fn each(&mut self, step: &Step, indent: usize) {
        let (each, passed_over) = instances(step);
        let is_value = matches!(step.found, Found::Value(_));
        for one in each.iter().take(MOST_DRAWN) {
            let place = one.about.place.map(|place| (self.place)(place)).filter(|place| !place.is_empty());
            let place = place.map(|place| format!(" ({place})")).unwrap_or_default();
            let value = one.steps.last().filter(|_| is_value).and_then(|last| match &last.found {
                Found::Value(shown) => Some(format!(": {shown}")),
                _ => None,
            });
            self.lines.push(format!("{:indent$}of {}{place}{}", "", one.about.shown, value.unwrap_or_default()));
            if let Some(last) = one.steps.last().filter(|_| !is_value) {
                self.lay(last, last.range.clone(), indent + INDENT);
            }
        }
        let more = each.len().saturating_sub(MOST_DRAWN);
        let said = match (each.len(), passed_over, more) {
            (0, 0, _) if step.parts.is_empty() => "there is none".to_owned(),
            (0, 0, _) => return,
            (0, many, _) => format!("of none: {many} not meant by its `where`"),
            (_, _, 0) => return,
            _ => format!("and of {more} more"),
        };
        self.lines.push(format!("{:indent$}{said}", ""));
    }

    /// What stands beneath the words of a part, by their bytes.
    fn marks(&self, step: &Step, marks: &mut Vec<(usize, String)>) {
        let words = self.words.get(step.range.clone()).unwrap_or("");
        let said = match (&step.found, step.sort) {
            (_, Sort::Joins) => None,
            (Found::Value(shown), _) => (plain(words) != plain(shown)).then(|| shown.clone()),
            (Found::Unknown, Sort::Written) => None,
            (Found::Unknown, Sort::Reads) => Some("not given".to_owned()),
            (found, _) => Some(word(found).to_owned()),
        };
        let at = step.after.map_or(step.range.start, |after| {
            let rest = self.words.get(after..step.range.end).unwrap_or("");
            after + rest.find(|letter: char| !letter.is_whitespace() && letter != ')').unwrap_or(0)
        });
        marks.extend(said.map(|said| (at, short(&said))));
        if step.sort != Sort::Ranges {
            step.parts.iter().for_each(|part| self.marks(part, marks));
        }
    }

    fn closing(&self, from: usize) -> usize {
        self.words.get(from..).map_or(0, |rest| rest.bytes().take_while(|byte| *byte == b')').count())
    }

    /// A text in lines, and beneath each what its parts came to.
    fn under(&mut self, text: &str, marks: Vec<(usize, String)>, indent: usize) {
        let width = self.width.saturating_sub(indent).max(20);
        let mut lines: Vec<(String, Vec<(usize, String)>)> = vec![(String::new(), Vec::new())];
        let mut used = 0;
        for (start, found) in words_of(text) {
            let length = found.chars().count();
            if used > 0 && used + 1 + length > width {
                lines.push((String::from("  "), Vec::new()));
                used = 2;
            } else if used > 0 {
                used += 1;
                if let Some((line, _)) = lines.last_mut() {
                    line.push(' ');
                }
            }
            if let Some((line, beneath)) = lines.last_mut() {
                for (at, said) in marks.iter().filter(|(at, _)| (start..start + found.len()).contains(at)) {
                    let inside = text.get(start..*at).map_or(0, |before| before.chars().count());
                    beneath.push((used + inside, said.clone()));
                }
                line.push_str(found);
            }
            used += length;
        }
        for (line, beneath) in lines {
            self.lines.push(format!("{:indent$}{line}", ""));
            self.lines.extend(rows(beneath).into_iter().map(|row| format!("{:indent$}{row}", "")));
        }
    }
}

/// A value in one line, and no more of it than a drawing has room for.
fn short(said: &str) -> String {
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST_LETTERS) {
        Some((at, _)) => format!("{}…", line.get(..at).unwrap_or("")),
        None => line,
    }
}

/// The words of a text with the bytes at which they begin.
fn words_of(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.split_whitespace().map(move |word| (word.as_ptr() as usize - text.as_ptr() as usize, word))
}

/// What stands under some columns, in as few rows as it takes: a bar leads down to what has no room yet.
fn rows(mut marks: Vec<(usize, String)>) -> Vec<String> {
    marks.sort_by_key(|(column, _)| *column);
    let mut rows = Vec::new();
    while !marks.is_empty() {
        let mut row: Vec<(usize, String)> = Vec::new();
        let mut left = Vec::new();
        let mut free = usize::MAX;
        for (column, said) in marks.into_iter().rev() {
            if column + said.chars().count() < free {
                free = column;
                row.push((column, said));
            } else {
                if column < free {
                    row.push((column, "│".to_owned()));
                    free = column;
                }
                left.push((column, said));
            }
        }
        left.reverse();
        marks = left;
        row.reverse();
        let mut line = String::new();
        for (column, said) in row {
            let used = line.chars().count();
            line.extend(std::iter::repeat_n(' ', column.saturating_sub(used)));
            line.push_str(&said);
        }
        rows.push(line);
    }
    rows
}

/// What ranges over several, without what stands within that again.
fn outermost_ranges(step: &Step) -> Vec<&Step> {
    if step.sort == Sort::Ranges { vec![step] } else { step.parts.iter().flat_map(outermost_ranges).collect() }
}

/// A number with its thousands as plans and people write them, so that the two compare.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| !matches!(letter, '_' | ',' | '"') && !letter.is_whitespace()).collect()
}

/// What something came to, in a word.
pub fn word(found: &Found) -> &str {
    match found {
        Found::Holds => "true",
        Found::Fails => "false",
        Found::AtRisk => "at risk",
        Found::Unknown => "unknown",
        Found::Value(shown) => shown,
    }
}
