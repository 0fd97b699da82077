//! The lines of a file, and mending a faulty file enough to read on: every byte and every line keeps its place.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{MAX_FAULTS, YamlProblem};

/// Where the lines start. Mending never changes it: it replaces bytes by as many, and no line breaks.
pub(super) struct Lines {
    pub(super) starts: Vec<usize>,
    length: usize,
}

impl Lines {
    pub(super) fn new(text: &str) -> Self {
        // A byte order mark is no part of its line: it indents nothing.
        let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut starts = vec![at];
        while let Some(length) = text.get(at..).and_then(length_through_break) {
            at += length;
            starts.push(at);
        }
        Lines { starts, length: text.len() }
    }

    pub(super) fn index_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    pub(super) fn start(&self, index: usize) -> usize {
        self.starts.get(index).copied().unwrap_or(self.length)
    }

    /// The line without its break.
    pub(super) fn text<'text>(&self, text: &'text str, index: usize) -> &'text str {
        let line = text.get(self.start(index)..self.start(index + 1)).unwrap_or_default();
        line.trim_end_matches(['\n', '\r'])
    }

    /// The line of `offset`, or the nearest one above it that is not blank.
    pub(super) fn last_line_with_text(&self, text: &str, offset: usize) -> usize {
        let line = self.index_of(offset);
        let has_text = |index: &usize| !self.text(text, *index).trim().is_empty();
        (0..=line).rev().find(has_text).unwrap_or(line)
    }
}

pub(super) fn length_through_break(text: &str) -> Option<usize> {
    let at = text.find(['\n', '\r'])?;
    let is_pair = text.get(at..).is_some_and(|rest| rest.starts_with("\r\n"));
    Some(at + if is_pair { 2 } else { 1 })
}

pub(super) fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// Where the words of a line start, after the dashes of a list or of a document.
pub(super) fn content_of(line: &str) -> usize {
    let mut rest = line.strip_prefix("---").filter(|rest| rest.starts_with(' ')).unwrap_or(line);
    loop {
        rest = rest.trim_start_matches([' ', '\t']);
        match rest.strip_prefix('-') {
            Some(after) if after.starts_with(' ') => rest = after,
            _ => return line.len() - rest.len(),
        }
    }
}

/// Where the last dash before the words of a line stands.
pub(super) fn dash_of(line: &str) -> Option<usize> {
    line.get(..content_of(line)).unwrap_or_default().rfind('-')
}

/// Whether a line that does not fit is next to one found before, with nothing left between them, and so no new fault.
pub(super) fn goes_on_from(misfits: &[usize], line: usize, written: &str, text: &str, lines: &Lines) -> bool {
    let indent = indent_of(lines.text(written, line));
    misfits.iter().any(|earlier| {
        let is_level = *earlier < line && indent_of(lines.text(written, *earlier)) == indent;
        is_level && (earlier + 1..line).all(|between| lines.text(text, between).trim().is_empty())
    })
}

/// What of a faulty line is blanked, with what is under it.
pub(super) enum Part {
    /// All after a list's dash, so that the rest of its item is still read.
    Words,
    Line,
    /// The line and those after it that are indented as far.
    Block,
}

pub(super) fn blank(text: &str, lines: &Lines, index: usize, part: Part) -> Option<String> {
    let line = lines.text(text, index);
    let (indent, content) = (indent_of(line), content_of(line));
    let (blank_from, limit) = match part {
        Part::Words if content < line.len() => (content, content + 1),
        Part::Words | Part::Line => (0, indent + 1),
        Part::Block => (0, indent),
    };
    let awaits_list = dash_of(line).is_none() && line.trim_end().ends_with(':');
    let opens = line.matches(['[', '{']).count() > line.matches([']', '}']).count();
    let mut blanked = String::with_capacity(text.len());
    blanked.push_str(text.get(..lines.start(index) + blank_from)?);
    let mut end = index;
    for below in index + 1..lines.starts.len() {
        let line = lines.text(text, below);
        let indent = indent_of(line);
        let words = line.get(indent..)?;
        // A list may be as far left as its key, and so may a closing bracket.
        let is_tail = (awaits_list && words.starts_with("- ")) || (opens && words.starts_with([']', '}']));
        if indent >= limit || (is_tail && indent + 1 == limit) {
            end = below;
        } else if !words.trim().is_empty() && !words.starts_with('#') {
            break;
        }
    }
    let (from, to) = (blanked.len(), lines.start(end + 1));
    for byte in text.get(from..to)?.bytes() {
        blanked.push(if matches!(byte, b'\n' | b'\r') { char::from(byte) } else { ' ' });
    }
    blanked.push_str(text.get(to..)?);
    (blanked != text).then_some(blanked)
}

/// Makes each tab before the words of a line one space, in this line and those after it that have one.
pub(super) fn replace_tabs(text: &str, lines: &Lines, first: usize, faulty_lines: &mut BTreeSet<usize>) -> Option<String> {
    let mut replaced = text.get(..lines.start(first))?.to_owned();
    for index in first..lines.starts.len() {
        let line = text.get(lines.start(index)..lines.start(index + 1))?;
        let (blank, words) = line.split_at_checked(indent_of(line))?;
        if !blank.contains('\t') && !words.trim().is_empty() {
            replaced.push_str(text.get(lines.start(index)..)?);
            break;
        }
        faulty_lines.insert(index);
        replaced.push_str(&blank.replace('\t', " "));
        replaced.push_str(words);
    }
    (replaced != text).then_some(replaced)
}

/// Reports what no text may contain, and puts a visible character in its place: the parser takes some of it for the end of the file.
pub(super) fn replace_control_characters<'text>(text: &'text str, problems: &mut Vec<YamlProblem>) -> Cow<'text, str> {
    let is_control = |character: char| matches!(character, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{84}' | '\u{86}'..='\u{9f}' | '\u{fffe}' | '\u{ffff}');
    if !text.contains(is_control) {
        return Cow::Borrowed(text);
    }
    let mut replaced = String::with_capacity(text.len());
    for character in text.chars() {
        if !is_control(character) {
            replaced.push(character);
            continue;
        }
        let place = replaced.len();
        let end = place + character.len_utf8();
        if let Some(last) = problems.last_mut().filter(|last| last.span.end == place) {
            last.span.end = end;
        } else if problems.len() < MAX_FAULTS {
            let message = format!("the control character U+{:04X} is not allowed", u32::from(character));
            problems.push(YamlProblem { span: place..end, message, help: Some("remove it".to_owned()) });
        }
        // As many bytes, so that every place after it stays.
        replaced.push(match character.len_utf8() {
            1 => '_',
            2 => '\u{bf}',
            _ => '\u{fffd}',
        });
    }
    Cow::Owned(replaced)
}
