//! YAML with places: text in, a tree out in which every word knows the bytes it was written as, and every fault of the file with it.
//!
//! Scalars stay text (`yes` is not a truth value here, and `1.10` keeps its nought). What makes YAML hard to read for people
//! (aliases, anchors, tags, merge keys, keys that are not text) is a problem at its place, and reading goes on after it.
//! A syntax fault stops the parser underneath; its lines are blanked, byte for byte, and the file is read again,
//! so that one run reports the faults of the whole file. After a fault the tree may lack what was blanked.

mod explain;
mod mend;
mod places;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use granit_parser::{Event, Parser, ScalarStyle, Span, StructureStyle, options};

use self::explain::word_at;
use self::mend::{Lines, Part, blank, goes_on_from, replace_control_characters, replace_tabs};
use self::places::runs_of;

/// Lists and maps inside one another, at most.
const MAX_DEPTH: usize = 32;
/// Values in one file, at most; this also bounds the number of problems about single values.
const MAX_NODES: usize = 100_000;
/// Syntax faults reported for one file, at most.
const MAX_FAULTS: usize = 20;
/// Readings of one file, at most: some only clear away what follows from a fault already reported.
const MAX_READINGS: usize = 3 * MAX_FAULTS;
const FEWER_LEVELS: &str = "write it with fewer levels";

/// A value and the bytes it was written as. A block text's span is its content, without the `|` or `>`.
#[derive(Debug, Clone)]
pub(crate) struct Yaml {
    /// Byte offsets in the source text.
    pub(crate) span: Range<usize>,
    /// What is there.
    pub(crate) node: Node,
}

/// What a value is.
#[derive(Debug, Clone)]
pub(crate) enum Node {
    /// Nothing, `~` or `null`, without quotes.
    Null,
    /// A text.
    Scalar(Scalar),
    /// Items in their order.
    List(Vec<Yaml>),
    /// Entries in their order.
    Map(Vec<Entry>),
}

/// One `key: value`. The key is always a scalar, and no two keys of one map are the same.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Always a scalar.
    pub(crate) key: Yaml,
    /// Anything.
    pub(crate) value: Yaml,
}

/// A text and the way back to where each piece of it was written.
#[derive(Debug, Clone)]
pub(crate) struct Scalar {
    /// The text that is meant, after quotes, escapes and folding.
    pub(crate) text: String,
    /// The whole scalar, for when `runs` is empty: no text, or a notation that could not be followed.
    whole: Range<usize>,
    /// In order of text and of source, covering the text without gaps.
    runs: Vec<Run>,
}

/// A piece of the text, up to the next run, and the bytes it was written as. Where both are equally long, byte stands for byte;
/// else the piece is whole (an escape, a folded line break).
#[derive(Debug, Clone)]
struct Run {
    text: usize,
    source: Range<usize>,
}

/// A fault of the file, in plain words.
#[derive(Debug, Clone)]
pub(crate) struct YamlProblem {
    /// Byte offsets in the source text.
    pub(crate) span: Range<usize>,
    /// What is wrong.
    pub(crate) message: String,
    /// What to do next.
    pub(crate) help: Option<String>,
}

/// Reads all documents of `text`, and finds all its problems, in the order of their places. Never fails.
pub(crate) fn parse(text: &str) -> (Vec<Yaml>, Vec<YamlProblem>) {
    let lines = Lines::new(text);
    let mut problems = Vec::new();
    let readable = replace_control_characters(text, &mut problems);
    let mut working = Cow::Borrowed(&*readable);
    let mut faulty_lines = BTreeSet::new();
    let mut misfits = Vec::new();
    let mut faults = 0;
    let mut readings = 0;
    loop {
        readings += 1;
        let mut reader = Reader::new(&readable, &working, &lines);
        let fault = reader.read();
        let (documents, found) = reader.finish();
        let recovered = fault.and_then(|fault| {
            let line = lines.last_line_with_text(&working, fault.span.start);
            // A second fault on a line nearly always follows from the first.
            let is_new = faulty_lines.insert(line);
            let is_misfit = matches!(fault.recovery, Recovery::BlankMisfit);
            if is_new && !(is_misfit && goes_on_from(&misfits, line, &readable, &working, &lines)) {
                faults += 1;
                problems.push(YamlProblem { span: fault.span, message: fault.message, help: fault.help });
            }
            if is_misfit {
                misfits.push(line);
            }
            let part = if is_new { Part::Words } else { Part::Line };
            match fault.recovery {
                _ if faults >= MAX_FAULTS || readings >= MAX_READINGS => None,
                Recovery::Stop => None,
                Recovery::TabsToSpaces => {
                    replace_tabs(&working, &lines, line, &mut faulty_lines).or_else(|| blank(&working, &lines, line, part))
                }
                Recovery::BlankLine | Recovery::BlankMisfit => blank(&working, &lines, line, part),
                Recovery::BlankBlock => blank(&working, &lines, line, Part::Block),
            }
        });
        match recovered {
            Some(changed) => working = Cow::Owned(changed),
            None => {
                problems.extend(found);
                problems.sort_by_key(|problem| (problem.span.start, problem.span.end));
                problems.dedup_by(|second, first| second.span == first.span && second.message == first.message);
                return (documents, problems);
            }
        }
    }
}

impl Scalar {
    /// The source bytes that the bytes `range` of `text` were written as, through quotes, escapes, folding and block indentation.
    pub(crate) fn source_span(&self, range: Range<usize>) -> Range<usize> {
        let (Some(first), Some(last)) = (self.runs.first(), self.runs.last()) else {
            return self.whole.clone();
        };
        let run_at = |offset: usize| {
            let index = self.runs.partition_point(|run| run.text <= offset).saturating_sub(1);
            let run = self.runs.get(index).unwrap_or(first);
            let text_end = self.runs.get(index + 1).map_or(self.text.len(), |next| next.text);
            (run, text_end - run.text.min(text_end) == run.source.len())
        };
        let start = match run_at(range.start) {
            _ if range.start >= self.text.len() => last.source.end,
            (run, true) => run.source.start + (range.start - run.text),
            (run, false) => run.source.start,
        };
        if range.end <= range.start {
            return start..start;
        }
        let end = match run_at(range.end - 1) {
            _ if range.end >= self.text.len() => last.source.end,
            (run, true) => run.source.start + (range.end - run.text),
            (run, false) => run.source.end,
        };
        start..end.max(start)
    }
}

impl Yaml {
    /// The value of a key, if this is a map that has it.
    pub(crate) fn get(&self, key: &str) -> Option<&Yaml> {
        let has_key = |entry: &&Entry| entry.key.as_text() == Some(key);
        self.entries().iter().find(has_key).map(|entry| &entry.value)
    }

    /// The text of a scalar.
    pub(crate) fn as_text(&self) -> Option<&str> {
        self.as_scalar().map(|scalar| scalar.text.as_str())
    }

    /// The scalar, if this is one.
    pub(crate) fn as_scalar(&self) -> Option<&Scalar> {
        match &self.node {
            Node::Scalar(scalar) => Some(scalar),
            Node::Null | Node::List(_) | Node::Map(_) => None,
        }
    }

    /// The entries of a map; none for anything else.
    pub(crate) fn entries(&self) -> &[Entry] {
        match &self.node {
            Node::Map(entries) => entries,
            Node::Null | Node::Scalar(_) | Node::List(_) => &[],
        }
    }

    /// The items of a list; none for anything else.
    pub(crate) fn items(&self) -> &[Yaml] {
        match &self.node {
            Node::List(items) => items,
            Node::Null | Node::Scalar(_) | Node::Map(_) => &[],
        }
    }
}

// Reading the parser's events into a tree.

/// One reading of the file, up to its end or its first syntax fault.
struct Reader<'text> {
    /// The file as it was written, but for control characters.
    written: &'text str,
    /// The file as mended so far: as long, and its characters start where those of the file start, or at more places.
    text: &'text str,
    lines: &'text Lines,
    problems: Vec<YamlProblem>,
    documents: Vec<Yaml>,
    open: Vec<Open>,
    nodes: usize,
    /// How many collections are open inside one that is nested too deep.
    skipped: usize,
    /// The end of what has been read so far.
    read_to: usize,
}

struct Open {
    start: usize,
    style: StructureStyle,
    content: Content,
}

enum Content {
    List(Vec<Yaml>),
    Map { entries: Vec<Entry>, key: Key, places: HashMap<String, usize> },
}

enum Key {
    Awaited,
    Read(Yaml),
    /// The key was a problem, so its value is read only for the problems in it.
    Dropped,
}

/// What ended a reading, and how to go on after it.
struct Fault {
    span: Range<usize>,
    message: String,
    help: Option<String>,
    recovery: Recovery,
}

enum Recovery {
    BlankLine,
    /// The lines next to it at the same indentation will not fit either.
    BlankMisfit,
    /// The lines next to it at the same indentation are part of the same text.
    BlankBlock,
    TabsToSpaces,
    Stop,
}

impl<'text> Reader<'text> {
    fn new(written: &'text str, text: &'text str, lines: &'text Lines) -> Self {
        let (problems, documents, open) = (Vec::new(), Vec::new(), Vec::new());
        Reader { written, text, lines, problems, documents, open, nodes: 0, skipped: 0, read_to: 0 }
    }

    fn read(&mut self) -> Option<Fault> {
        let options = options! {
            emit_anchor_events: true,
            emit_unresolved_aliases: true,
            disallow_directives: true,
        };
        for event in Parser::new_from_str_with_options(self.text, options) {
            match event {
                Ok((event, span)) => self.take(event, &span),
                Err(error) => return Some(self.explain(&error)),
            }
            if self.nodes > MAX_NODES {
                let message = format!("this file holds more than {MAX_NODES} values");
                let help = Some("split it into several files".to_owned());
                return Some(Fault { span: word_at(self.text, self.read_to), message, help, recovery: Recovery::Stop });
            }
        }
        None
    }

    /// What has been read, after closing what a fault left open.
    fn finish(mut self) -> (Vec<Yaml>, Vec<YamlProblem>) {
        while !self.open.is_empty() {
            self.end_collection(0..0);
        }
        (self.documents, self.problems)
    }

    fn take(&mut self, event: Event<'_>, span: &Span) {
        let range = whole_characters(self.written, span.byte_range().unwrap_or(0..0));
        if event.tag().is_some() {
            let tag = span.tag_span().and_then(|tag| tag.byte_range()).unwrap_or_else(|| range.clone());
            self.problem(tag, "a tag is not allowed here", "remove it: values are read as they are written");
        }
        match event {
            Event::Scalar(text, style, ..) => self.scalar(text, style, span, range.clone()),
            Event::SequenceStart(style, ..) => self.start_collection(range.start, style, Content::List(Vec::new())),
            Event::MappingStart(style, ..) => {
                let content = Content::Map { entries: Vec::new(), key: Key::Awaited, places: HashMap::new() };
                self.start_collection(range.start, style, content);
            }
            Event::SequenceEnd | Event::MappingEnd => self.end_collection(range.clone()),
            Event::Alias(_) | Event::UnresolvedAlias(_) => {
                self.nodes += 1;
                let help = "write the value out, or put quotes around a text that starts with `*`";
                self.problem(range.clone(), "an alias is not allowed here", help);
                if !self.drop_key() {
                    self.place(Yaml { span: range.clone(), node: Node::Null });
                }
            }
            Event::Anchor(..) => {
                let help = "remove it, or put quotes around a text that starts with `&`";
                self.problem(range.clone(), "an anchor is not allowed here", help);
            }
            _ => {}
        }
        self.read_to = self.read_to.max(range.end);
    }

    fn scalar(&mut self, text: Cow<'_, str>, style: ScalarStyle, span: &Span, mut range: Range<usize>) {
        self.nodes += 1;
        let is_plain = style == ScalarStyle::Plain;
        if range.is_empty() && self.text.get(range.start..).is_some_and(|rest| rest.starts_with(':')) {
            // The parser puts a missing value before the colon of its key; a missing key stays there.
            if self.awaits_key() {
                self.problem(range.start..range.start + 1, "there is no key before this `:`", "write `key: value`");
                self.drop_key();
                return;
            }
            range = range.start + 1..range.start + 1;
        }
        if self.awaits_key() {
            if let Some(mark) = self.key_mark(range.start) {
                self.problem(mark..mark + 1, "a key marked with `?` is not allowed here", "write `key: value`");
            }
            if is_plain && text == "<<" {
                self.problem(range, "a merge key is not allowed here", "write the entries out");
                self.drop_key();
                return;
            }
        }
        let is_null = range.is_empty() || (is_plain && matches!(&*text, "" | "~" | "null"));
        if is_null && !self.awaits_key() {
            return self.place(Yaml { span: range, node: Node::Null });
        }
        if matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted) && self.quote_swallows_lines(&range) {
            let help = "close the quote, or indent the lines that go on under it";
            self.problem(range.start..range.start + 1, "this quote is not closed before a line that is not under it", help);
        }
        let is_mended = self.text.get(range.clone()) != self.written.get(range.clone());
        let runs = match runs_of(self.text, range.clone(), span.indent, style, &text) {
            Some(runs) if !is_mended => runs,
            _ => Vec::new(),
        };
        if matches!(style, ScalarStyle::Literal | ScalarStyle::Folded) {
            let content = self.text.get(range.clone()).unwrap_or_default();
            range.end = range.start + content.trim_end().len();
        }
        let scalar = Scalar { text: text.into_owned(), whole: range.clone(), runs };
        self.place(Yaml { span: range, node: Node::Scalar(scalar) });
    }

    fn start_collection(&mut self, start: usize, style: StructureStyle, content: Content) {
        self.nodes += 1;
        if self.skipped > 0 || self.open.len() >= MAX_DEPTH {
            if self.skipped == 0 {
                self.problem(word_at(self.text, start), &too_deep(), FEWER_LEVELS);
            }
            self.skipped += 1;
        } else {
            self.open.push(Open { start, style, content });
        }
    }

    fn end_collection(&mut self, range: Range<usize>) {
        if self.skipped > 1 {
            self.skipped -= 1;
            return;
        }
        if self.skipped == 1 {
            self.skipped = 0;
            if !self.drop_key() {
                self.place(Yaml { span: range.start..range.start, node: Node::Null });
            }
            return;
        }
        let Some(Open { start, style, content }) = self.open.pop() else { return };
        let (last, node) = match content {
            Content::List(items) => (items.last().map(|item| item.span.end), Node::List(items)),
            Content::Map { entries, .. } => (entries.last().map(|entry| entry.value.span.end.max(entry.key.span.end)), Node::Map(entries)),
        };
        let is_closed = style == StructureStyle::Flow && !range.is_empty();
        // The parser ends a block where the next one starts; people see it end with its last word.
        let end = if is_closed { range.end } else { last.unwrap_or(start) };
        self.place(Yaml { span: start..end.max(start), node });
    }

    fn place(&mut self, yaml: Yaml) {
        if self.skipped > 0 {
            return;
        }
        let (entries, key, places) = match self.open.last_mut() {
            None => return self.documents.push(yaml),
            Some(Open { content: Content::List(items), .. }) => return items.push(yaml),
            Some(Open { content: Content::Map { entries, key, places }, .. }) => (entries, key, places),
        };
        match std::mem::replace(key, Key::Awaited) {
            Key::Read(key) => entries.push(Entry { key, value: yaml }),
            Key::Dropped => {}
            Key::Awaited => {
                *key = Key::Dropped;
                let Some(text) = yaml.as_text() else {
                    return self.problem(yaml.span, "a list or a map cannot be a key", "write the key as a text");
                };
                if let Some(first) = places.get(text) {
                    let message = format!("the key `{text}` is already on line {}", self.lines.index_of(*first) + 1);
                    return self.problem(yaml.span, &message, "remove one of the two");
                }
                places.insert(text.to_owned(), yaml.span.start);
                *key = Key::Read(yaml);
            }
        }
    }

    /// The `?` before a key that starts at `key`. The parser takes it without a word.
    fn key_mark(&self, key: usize) -> Option<usize> {
        let mut line_end = self.read_to;
        self.text.get(self.read_to..key)?.split_inclusive(['\n', '\r']).find_map(|line| {
            line_end += line.len();
            let rest = line.trim_start_matches([' ', '\t', '-', ',']);
            let is_mark = rest.strip_prefix('?')?.chars().next().is_none_or(char::is_whitespace);
            is_mark.then_some(line_end - rest.len())
        })
    }

    fn awaits_key(&self) -> bool {
        let awaits = |open: &Open| matches!(open.content, Content::Map { key: Key::Awaited, .. });
        self.skipped == 0 && self.open.last().is_some_and(awaits)
    }

    /// Leaves out the entry whose key comes now; false where no key is due.
    fn drop_key(&mut self) -> bool {
        match self.open.last_mut() {
            Some(Open { content: Content::Map { key: key @ Key::Awaited, .. }, .. }) if self.skipped == 0 => {
                *key = Key::Dropped;
                true
            }
            _ => false,
        }
    }

    fn problem(&mut self, span: Range<usize>, message: &str, help: &str) {
        self.problems.push(YamlProblem { span, message: message.to_owned(), help: Some(help.to_owned()) });
    }
}

fn too_deep() -> String {
    format!("this is nested more than {MAX_DEPTH} levels deep")
}

/// What was blanked can be read as part of a text, and then starts or ends anywhere in a character.
fn whole_characters(text: &str, range: Range<usize>) -> Range<usize> {
    let start = (0..=range.start).rev().find(|offset| text.is_char_boundary(*offset)).unwrap_or(0);
    let end = (range.end..text.len()).find(|offset| text.is_char_boundary(*offset)).unwrap_or(text.len());
    start..end
}
