//! The lines around the places of a finding, cut out so that showing them costs nothing in the size of the file.
//!
//! The lines of several files become one small text of their own; each run of lines knows where it comes from.

use std::collections::BTreeMap;
use std::ops::Range;

use remit_core::problem::Problem;
use remit_core::source::{FileId, Source, Sources, Span};

use crate::render::text::{clean, safe, wrap};

/// How many places of one finding are shown as snippets; what is more is counted.
const MOST_MARKS: usize = 16;
/// How many lines a label may take beside its words.
const MOST_LINES: usize = 2;
/// How wide a tab is.
const TAB: usize = 4;

/// Lines cut out, with the places marked.
#[derive(Debug, Default)]
pub(crate) struct Excerpt {
    /// The lines, each with its end.
    pub(crate) text: String,
    /// The runs of lines.
    pub(crate) runs: Vec<Run>,
    /// The places.
    pub(crate) marks: Vec<Mark>,
    /// What is too long to stand beside its words: whether it is about the finding's own words, and the text.
    pub(crate) notes: Vec<(bool, String)>,
    /// How many places are not shown.
    pub(crate) left_out: usize,
}

/// Lines of one file that follow one another.
#[derive(Debug)]
pub(crate) struct Run {
    /// The file's path.
    pub(crate) path: String,
    /// The first line's number, from 1.
    pub(crate) line: usize,
    /// How many there are.
    pub(crate) lines: usize,
    /// Where they are in the excerpt.
    pub(crate) range: Range<usize>,
}

/// A place in the excerpt; it never goes beyond its line.
#[derive(Debug)]
pub(crate) struct Mark {
    /// Where it is in the excerpt.
    pub(crate) range: Range<usize>,
    /// What it is.
    pub(crate) message: Option<String>,
    /// Whether the finding is about these words.
    pub(crate) primary: bool,
    /// Its line in the file, from 1.
    pub(crate) line: usize,
    /// Its column in the file, from 1.
    pub(crate) column: usize,
}

struct Wanted<'p> {
    span: Span,
    message: &'p str,
    primary: bool,
}

/// Cuts out the lines of a problem, no wider than `width` with their numbers.
pub(crate) fn excerpt(sources: &Sources, problem: &Problem, width: usize) -> Excerpt {
    let mut wanted = vec![Wanted { span: problem.span, message: &problem.label, primary: true }];
    for label in &problem.labels {
        let known = |other: &Wanted<'_>| other.span == label.span && (label.message.is_empty() || other.message == label.message);
        if !wanted.iter().any(known) {
            wanted.push(Wanted { span: label.span, message: &label.message, primary: false });
        }
    }
    let mut excerpt = Excerpt { left_out: wanted.len().saturating_sub(MOST_MARKS), ..Excerpt::default() };
    wanted.truncate(MOST_MARKS);
    let mut files: Vec<FileId> = Vec::new();
    for one in &wanted {
        if !files.contains(&one.span.file) {
            files.push(one.span.file);
        }
    }
    for file in files {
        if let Some(source) = sources.get(file) {
            let of_file: Vec<&Wanted<'_>> = wanted.iter().filter(|one| one.span.file == file).collect();
            cut(source, &of_file, width, &mut excerpt);
        }
    }
    excerpt
}

fn cut(source: &Source, wanted: &[&Wanted<'_>], width: usize, excerpt: &mut Excerpt) {
    let text = source.text();
    let mut lines: BTreeMap<usize, Range<usize>> = BTreeMap::new();
    let mut places: Vec<(usize, usize, Range<usize>, &Wanted<'_>)> = Vec::new();
    for one in wanted {
        let at = source.position(one.span.start);
        let begin = source.line_of(one.span.start).1.end;
        let line = line_around(text, begin);
        let mut end = (one.span.end as usize).clamp(begin, line.end.max(begin));
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        if one.primary {
            if line.start > 0 {
                keep(&mut lines, text, at.line - 1, line_around(text, line.start - 1));
            }
            if let Some(newline) = text[line.end..].find('\n') {
                keep(&mut lines, text, at.line + 1, line_around(text, line.end + newline + 1));
            }
        }
        lines.insert(at.line, line);
        places.push((at.line, at.column, begin..end, one));
    }
    // One line alone between two that are shown is shown as well.
    let numbers: Vec<usize> = lines.keys().copied().collect();
    for pair in numbers.windows(2) {
        if let [one, other] = *pair
            && other == one + 2
            && let Some(newline) = text[lines[&one].end..].find('\n')
        {
            let after = lines[&one].end + newline + 1;
            lines.insert(one + 1, line_around(text, after));
        }
    }
    let gutter = lines.keys().last().map_or(1, |last| last.to_string().len()) + 4;
    let room = width.saturating_sub(gutter).max(32);
    for (number, line) in lines {
        let begin = excerpt.text.len();
        let here: Vec<_> = places.iter().filter(|(at, ..)| *at == number).collect();
        let ranges: Vec<Range<usize>> = here.iter().map(|(_, _, range, _)| range.clone()).collect();
        let mapped = copy(text, line, &ranges, room, &mut excerpt.text);
        for ((line, column, _, one), range) in here.into_iter().zip(mapped) {
            let from = excerpt.text.get(begin..range.start).map_or(0, |before| before.chars().count());
            let middle = from + excerpt.text.get(range.clone()).map_or(0, |words| words.chars().count()) / 2;
            let mut lines = wrap(&clean(one.message), room.saturating_sub(middle + 4).max(24));
            if lines.len() > MOST_LINES {
                lines.clear();
                let place = if one.primary { String::new() } else { format!("{}:{line}:{column} ", source.path()) };
                excerpt.notes.push((one.primary, format!("{place}{}", one.message)));
            }
            let message = lines.join("\n");
            let message = (!message.is_empty()).then_some(message);
            excerpt.marks.push(Mark { range, message, primary: one.primary, line: *line, column: *column });
        }
        excerpt.text.push('\n');
        let end = excerpt.text.len();
        match excerpt.runs.last_mut() {
            Some(run) if run.path == source.path() && run.line + run.lines == number => {
                run.lines += 1;
                run.range.end = end;
            }
            _ => excerpt.runs.push(Run { path: clean(source.path()).into_owned(), line: number, lines: 1, range: begin..end }),
        }
    }
}

/// Keeps a line of context unless it is blank.
fn keep(lines: &mut BTreeMap<usize, Range<usize>>, text: &str, number: usize, line: Range<usize>) {
    if !text[line.clone()].trim().is_empty() {
        lines.insert(number, line);
    }
}

/// The line in which a byte lies, without its end.
fn line_around(text: &str, at: usize) -> Range<usize> {
    let start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
    let end = text[at..].find('\n').map_or(text.len(), |newline| at + newline);
    start..if text[start..end].ends_with('\r') { end - 1 } else { end }
}

/// Copies what there is room for of a line, and says where the places went.
fn copy(text: &str, line: Range<usize>, places: &[Range<usize>], room: usize, into: &mut String) -> Vec<Range<usize>> {
    let window = window(text, line.clone(), places, room);
    let mut mapped: Vec<(Option<usize>, Option<usize>)> = vec![(None, None); places.len()];
    let mut map = |at: usize, now: usize| {
        for (place, (start, end)) in places.iter().zip(&mut mapped) {
            if place.start <= at {
                start.get_or_insert(now);
            }
            if place.end <= at {
                end.get_or_insert(now);
            }
        }
    };
    if window.start > line.start {
        into.push('…');
    }
    let mut column = 0;
    for (at, character) in text[window.clone()].char_indices() {
        map(window.start + at, into.len());
        let count = if character == '\t' { TAB - column % TAB } else { usize::from(character != '\u{FEFF}') };
        into.extend(std::iter::repeat_n(safe(character), count));
        column += count;
    }
    map(usize::MAX, into.len());
    if window.end < line.end {
        into.push('…');
    }
    let end = into.len();
    mapped.into_iter().map(|(from, to)| from.unwrap_or(end)..to.unwrap_or(end)).collect()
}

/// The part of a line that is shown: from its start where the places still fit, else the part around the first place.
fn window(text: &str, line: Range<usize>, places: &[Range<usize>], room: usize) -> Range<usize> {
    let forward = |from: usize, count: usize| text[from..line.end].char_indices().nth(count).map_or(line.end, |(at, _)| from + at);
    if forward(line.start, room) == line.end {
        return line;
    }
    let first = places.iter().map(|place| place.start).min().unwrap_or(line.start);
    let last = places.iter().map(|place| place.end).max().unwrap_or(line.start);
    let cut = forward(line.start, room - 1);
    if last <= cut {
        return line.start..cut;
    }
    let back = |from: usize, count: usize| {
        text[line.start..from].char_indices().rev().nth(count.saturating_sub(1)).map_or(line.start, |(at, _)| line.start + at)
    };
    let wide = text[first..last.max(first)].chars().take(room).count();
    let start = if wide + 4 < room { back(first, (room - wide) / 2) } else { back(first, 4) };
    start..forward(start, room - 2)
}
