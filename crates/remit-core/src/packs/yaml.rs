//! YAML with places: text in, a tree out in which every word knows the bytes it was written as, and every fault of the file with it.
//!
//! Scalars stay text (`yes` is not a truth value here, and `1.10` keeps its nought). What makes YAML hard to read for people
//! (aliases, anchors, tags, merge keys, keys that are not text) is a problem at its place, and reading goes on after it.
//! A syntax fault stops the parser underneath; its lines are blanked, byte for byte, and the file is read again,
//! so that one run reports the faults of the whole file. After a fault the tree may lack what was blanked.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use granit_parser::{ErrorKind as Kind, Event, Parser, ScalarStyle, ScanError, Span, StructureStyle, options};

/// Lists and maps inside one another, at most.
const MAX_DEPTH: usize = 32;
/// Values in one file, at most; this also bounds the number of problems about single values.
const MAX_NODES: usize = 100_000;
/// Syntax faults reported for one file, at most.
const MAX_FAULTS: usize = 20;
/// Readings of one file, at most: some only clear away what follows from a fault already reported.
const MAX_READINGS: usize = 3 * MAX_FAULTS;

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
    /// Whether the text was in quotes or a block, and so is meant as text whatever it looks like.
    pub(crate) quoted: bool,
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
        let scalar = Scalar { text: text.into_owned(), quoted: !is_plain, whole: range.clone(), runs };
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

    // Explaining what the parser stopped at.

    fn explain(&self, error: &ScanError) -> Fault {
        let marker = error.marker().byte_offset().unwrap_or_default().min(self.text.len());
        let marker_line = self.lines.index_of(marker);
        let search_to = match error.kind() {
            Kind::UnclosedFlowCollection { .. } | Kind::UnclosedQuotedScalar => self.text.len(),
            _ => marker,
        };
        let is_tab = matches!(error.kind(), Kind::TabNotAllowed | Kind::TabInBlockIndentation | Kind::TabInIndentation);
        if let Some(place) = self.find_unclosed(search_to).filter(|_| !is_tab) {
            return unclosed(self.text, place);
        }
        let rest = self.text.get(marker..).unwrap_or_default();
        let first = rest.chars().next().unwrap_or(' ');
        match error.kind() {
            Kind::UnclosedFlowCollection { .. } | Kind::UnclosedQuotedScalar | Kind::DocumentIndicatorInQuotedScalar => {
                unclosed(self.text, marker)
            }
            Kind::RecursionLimitExceeded => {
                let deepest = self.problems.iter().find(|problem| problem.message == too_deep());
                let fault = fault(self.text, marker, &too_deep(), FEWER_LEVELS);
                Fault { span: deepest.map_or(fault.span, |problem| problem.span.clone()), recovery: Recovery::Stop, ..fault }
            }
            Kind::TabAtBlockScalarStart | Kind::TabInPlainScalar => self.explain_tab(marker, self.lines.starts.len()),
            _ if is_tab => self.explain_tab(marker, marker_line),
            Kind::InvalidBlockEntryWhitespace | Kind::InvalidMappingValueWhitespace => self.explain_tab(marker, marker_line),
            Kind::MappingValueNotAllowed => self.explain_colon(marker),
            // A key on a line below its start can only be the next line of the map around a list that was not closed.
            Kind::InvalidColonPlacement => match self.open.iter().rfind(|open| open.style == StructureStyle::Flow) {
                Some(open) => unclosed(self.text, open.start),
                None => fault(self.text, marker, "a `:` cannot stand here", QUOTE_TEXT),
            },
            Kind::SimpleKeyExpected | Kind::InvalidSimpleKey => no_key(self.text, marker),
            Kind::UnexpectedCharacter { character } => {
                let place = marker + rest.find(*character).unwrap_or_default();
                fault(self.text, place, &format!("a text without quotes cannot start with `{character}`"), QUOTE_TEXT)
            }
            Kind::InvalidBlockScalarHeader | Kind::ZeroBlockScalarIndent => {
                let message = format!("`{first}` starts a text on the lines below, so no text can follow it here");
                fault(self.text, marker, &message, "put quotes around the value if it starts with this sign")
            }
            Kind::MismatchedFlowCollectionEnd { open, close } => {
                fault(self.text, marker, &format!("this `{open}` is closed by `{close}`"), QUOTE_TEXT)
            }
            Kind::ExpectedBlockSequenceEntry => {
                let message = "this does not fit the list above: it has no `-`, or not its indentation";
                Fault { recovery: Recovery::BlankMisfit, ..fault(self.text, marker, message, LINE_UP) }
            }
            kind => match plain_words(kind) {
                Some((message, help)) if help == KNOWN_ESCAPES => fault(self.text, first_bad_escape(self.text, marker), message, help),
                Some((message, help)) => fault(self.text, marker, message, help),
                None if self.starts_its_line(marker) => {
                    let place = self.lines.start(marker_line) + indent_of(self.lines.text(self.text, marker_line));
                    let message = "this line does not fit the lines above: look at its indentation";
                    Fault { recovery: Recovery::BlankMisfit, ..fault(self.text, place, message, LINE_UP) }
                }
                None if matches!(first, ',' | ']' | '}' | ':') => {
                    fault(self.text, marker, &format!("something is missing before this `{first}`"), QUOTE_TEXT)
                }
                None => fault(self.text, marker, "this is not expected here", QUOTE_TEXT),
            },
        }
    }

    /// The parser names the line before the tab for some notations.
    fn explain_tab(&self, marker: usize, last: usize) -> Fault {
        let tab = (self.lines.index_of(marker)..=last).find_map(|index| {
            let line = self.lines.text(self.text, index);
            let blank = line.get(..indent_of(line)).unwrap_or_default();
            blank.find('\t').filter(|_| blank.len() < line.len()).map(|tab| self.lines.start(index) + tab)
        });
        let Some(tab) = tab else { return fault(self.text, marker, "a tab cannot stand here", "write spaces") };
        let fault = fault(self.text, tab, "a tab cannot indent a line", "indent with spaces");
        Fault { span: tab..tab + 1, recovery: Recovery::TabsToSpaces, ..fault }
    }

    /// A `:` that can follow nothing: a second one on its line, or one on a line that was read as part of the text above it.
    fn explain_colon(&self, marker: usize) -> Fault {
        let index = self.lines.index_of(marker);
        let line_start = self.lines.start(index);
        let before = self.text.get(line_start..marker).unwrap_or_default();
        let is_first = !before.contains(": ");
        // The text that swallowed this line is the last one read, and ends where the colon stands.
        let swallowing = self.last_scalar().filter(|scalar| is_first && scalar.end == marker && scalar.start < line_start);
        match swallowing {
            Some(scalar) if self.starts_its_line(scalar.start) => no_key(self.text, scalar.start),
            Some(_) => {
                let message = "this line is indented under a text, so it is read as part of that text";
                let help = "line it up with the keys above, or put quotes around a text of several lines";
                Fault { recovery: Recovery::BlankBlock, ..fault(self.text, line_start + indent_of(before), message, help) }
            }
            None if is_first => fault(self.text, marker, "a `:` cannot stand here", "put quotes around a text that contains `: `"),
            None => fault(self.text, marker, "a second `:` cannot stand on this line", "put quotes around a text that contains `: `"),
        }
    }

    fn last_scalar(&self) -> Option<Range<usize>> {
        match self.open.last().map(|open| &open.content) {
            None => self.documents.last().map(|yaml| yaml.span.clone()),
            Some(Content::List(items)) => items.last().map(|yaml| yaml.span.clone()),
            Some(Content::Map { key: Key::Read(key), .. }) => Some(key.span.clone()),
            Some(Content::Map { entries, .. }) => entries.last().map(|entry| entry.value.span.clone()),
        }
    }

    fn starts_its_line(&self, offset: usize) -> bool {
        let start = self.lines.start(self.lines.index_of(offset));
        let before = self.text.get(start..offset).unwrap_or_default();
        before.chars().all(|character| matches!(character, ' ' | '\t' | '-'))
    }

    /// The bracket or quote that was forgotten to close, if the lines up to `until` show one: a line that is not
    /// under the line of the opening is no part of it. The parser itself reads on and stops somewhere far below.
    fn find_unclosed(&self, until: usize) -> Option<usize> {
        let flow = self.open.iter().find(|open| open.style == StructureStyle::Flow).map(|open| open.start);
        let from = flow.unwrap_or(self.read_to);
        let mut brackets: Vec<usize> = Vec::new();
        let mut quote: Option<(usize, char)> = None;
        let mut last = ':';
        let mut previous = ' ';
        let mut in_comment = false;
        let mut characters = self.text.get(from..until.max(from))?.char_indices().peekable();
        while let Some((index, character)) = characters.next() {
            let place = from + index;
            if matches!(character, '\n' | '\r') {
                in_comment = false;
                if let Some(open) = quote.map(|(open, _)| open).or(brackets.last().copied()) {
                    let next = self.lines.index_of(place) + 1;
                    if self.lines.start(next) <= until && self.is_outside(next, open) {
                        return Some(open);
                    }
                }
                if quote.is_none() {
                    last = '\n';
                }
            } else if let Some((_, sign)) = quote {
                if character == '\\' && sign == '"' {
                    characters.next_if(|(_, next)| !matches!(next, '\n' | '\r'));
                } else if character == sign && (sign == '"' || characters.next_if(|(_, next)| *next == sign).is_none()) {
                    quote = None;
                    last = character;
                }
            } else if !in_comment {
                let starts_token = matches!(last, ':' | '-' | '?' | '\n') || (!brackets.is_empty() && matches!(last, ',' | '[' | '{'));
                match character {
                    '#' if previous.is_whitespace() => in_comment = true,
                    '"' | '\'' if starts_token => quote = Some((place, character)),
                    '[' | '{' if starts_token || !brackets.is_empty() => brackets.push(place),
                    ']' | '}' => drop(brackets.pop()),
                    _ => {}
                }
                if !character.is_whitespace() {
                    last = character;
                }
            }
            previous = character;
        }
        None
    }

    /// Whether a quoted text goes on over a line that is not under it. YAML forbids this, the parser lets it pass, and
    /// it is nearly always a forgotten quote that ends at the next one.
    fn quote_swallows_lines(&self, range: &Range<usize>) -> bool {
        let first = self.lines.index_of(range.start);
        let last = self.lines.index_of(range.end);
        !self.open.is_empty() && (first + 1..=last).any(|index| self.is_outside(index, range.start))
    }

    /// Whether the line, by its indentation, is no part of what opens at `open`.
    fn is_outside(&self, index: usize, open: usize) -> bool {
        let line = self.lines.text(self.text, index);
        let opening_index = self.lines.index_of(open);
        let opening_line = self.lines.text(self.text, opening_index);
        let content = content_of(opening_line);
        let starts_line = open == self.lines.start(opening_index) + content;
        // What starts its line is under the dash before it, or, without one, under the key on a line above.
        let limit = match dash_of(opening_line) {
            Some(dash) if starts_line => dash,
            None if starts_line => content.saturating_sub(1),
            _ => content,
        };
        let is_closing = matches!(line.trim_start().chars().next(), None | Some(']' | '}'));
        !is_closing && indent_of(line) <= limit
    }
}

const FEWER_LEVELS: &str = "write it with fewer levels";
const KNOWN_ESCAPES: &str = "write `\\\\` for a backslash, or use single quotes";
const LINE_UP: &str = "line it up with the lines it belongs to; indent with spaces";
const QUOTE_TEXT: &str = "put quotes around the value if it is one text";

/// The faults whose words need nothing from the file.
fn plain_words(kind: &Kind) -> Option<(&'static str, &'static str)> {
    Some(match kind {
        Kind::InvalidTrailingSingleQuotedScalar => {
            ("this is not expected after the closing quote", "write a quote inside the text as `''`, or put the whole value in quotes")
        }
        Kind::InvalidTrailingDoubleQuotedScalar => {
            ("this is not expected after the closing quote", "write a quote inside the text as `\\\"`, or put the whole value in quotes")
        }
        Kind::UnknownQuotedScalarEscape
        | Kind::InvalidQuotedScalarHexEscape
        | Kind::InvalidLowSurrogateHexEscape
        | Kind::InvalidLowSurrogate
        | Kind::MissingLowSurrogate
        | Kind::UnpairedLowSurrogate
        | Kind::InvalidUnicodeEscape => ("this `\\` does not start a known sign", KNOWN_ESCAPES),
        Kind::MisplacedFlowCollectionEnd => ("this bracket closes nothing", "remove it, or put quotes around the text"),
        Kind::ExpectedFlowMappingSeparator => ("a `,` or a `}` is missing before this", QUOTE_TEXT),
        Kind::ExpectedFlowSequenceSeparator => ("a `,` or a `]` is missing before this", QUOTE_TEXT),
        Kind::BlockSequenceEntryNotAllowed | Kind::BlockEntryInFlowCollection => {
            ("a list item cannot start here", "start the list on the next line, or put quotes around `-`")
        }
        Kind::PlainScalarStartsWithDashFlowIndicator => ("`-` cannot stand alone here", "put quotes around `-`"),
        Kind::CommentInterceptedScalar => {
            ("a comment ends this text, but the next line goes on with it", "move the comment, or put quotes around the text")
        }
        Kind::CommentNotSeparated => ("there is no space before this `#`", "write a space before a comment, or put quotes around the text"),
        Kind::DirectiveDisallowed => ("a line that starts with `%` is not allowed", "remove it"),
        Kind::BomInsideDocument => ("a byte order mark can only stand at the start of a file", "remove it"),
        Kind::ExpectedTagBang
        | Kind::UndeclaredTagHandle
        | Kind::InvalidTagTerminator
        | Kind::InvalidGlobalTagCharacter
        | Kind::MissingTagUri
        | Kind::UnclosedVerbatimTag => ("a tag is not allowed here", "remove it, or put quotes around a text that starts with `!`"),
        Kind::MissingAnchorOrAliasName => ("a text without quotes cannot start with this sign", QUOTE_TEXT),
        _ => return None,
    })
}

fn too_deep() -> String {
    format!("this is nested more than {MAX_DEPTH} levels deep")
}

fn fault(text: &str, place: usize, message: &str, help: &str) -> Fault {
    Fault { span: word_at(text, place), message: message.to_owned(), help: Some(help.to_owned()), recovery: Recovery::BlankLine }
}

fn unclosed(text: &str, place: usize) -> Fault {
    match text.get(place..).and_then(|rest| rest.chars().next()) {
        Some(bracket @ ('[' | '{')) => fault(
            text,
            place,
            &format!("this `{bracket}` is not closed"),
            "close it, or put quotes around a text that starts with a bracket",
        ),
        _ => fault(text, place, "this quote is not closed", "close it on this line, or indent the lines that go on under it"),
    }
}

fn no_key(text: &str, place: usize) -> Fault {
    fault(text, place, "there is no `key: ` on this line", "write `key: value`, with a space after the colon")
}

fn first_bad_escape(text: &str, quote: usize) -> usize {
    let mut at = quote + 1;
    while let Some(rest) = text.get(at..) {
        let Some(backslash) = rest.find('\\') else { return quote };
        at += backslash;
        let after = text.get(at..).unwrap_or_default();
        match read_escape(after) {
            Some((_, length)) => at += length,
            None if after.get(1..).is_some_and(|next| next.starts_with(['\n', '\r'])) => at += 2,
            None => return at,
        }
    }
    quote
}

/// The word at `place`; a sign alone where one stands there; the end of the text before where there is nothing.
fn word_at(text: &str, place: usize) -> Range<usize> {
    let rest = text.get(place..).unwrap_or_default();
    match rest.chars().next() {
        Some(sign @ (':' | ',' | '[' | ']' | '{' | '}' | '"' | '\'' | '`' | '@' | '%' | '|' | '>')) => place..place + sign.len_utf8(),
        Some('\\') => place..place + 1 + rest.chars().nth(1).map_or(0, char::len_utf8),
        Some(character) if !character.is_whitespace() => {
            place..place + rest.find(|next: char| next.is_whitespace() || ":,[]{}".contains(next)).unwrap_or(rest.len())
        }
        _ => {
            let end = text.get(..place).unwrap_or(text).trim_end().len();
            end..end
        }
    }
}

/// What was blanked can be read as part of a text, and then starts or ends anywhere in a character.
fn whole_characters(text: &str, range: Range<usize>) -> Range<usize> {
    let start = (0..=range.start).rev().find(|offset| text.is_char_boundary(*offset)).unwrap_or(0);
    let end = (range.end..text.len()).find(|offset| text.is_char_boundary(*offset)).unwrap_or(text.len());
    start..end
}

// Lines, and mending a file enough to read on.

/// Where the lines start. Mending never changes it: it replaces bytes by as many, and no line breaks.
struct Lines {
    starts: Vec<usize>,
    length: usize,
}

impl Lines {
    fn new(text: &str) -> Self {
        // A byte order mark is no part of its line: it indents nothing.
        let mut at = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut starts = vec![at];
        while let Some(length) = text.get(at..).and_then(length_through_break) {
            at += length;
            starts.push(at);
        }
        Lines { starts, length: text.len() }
    }

    fn index_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    fn start(&self, index: usize) -> usize {
        self.starts.get(index).copied().unwrap_or(self.length)
    }

    /// The line without its break.
    fn text<'text>(&self, text: &'text str, index: usize) -> &'text str {
        let line = text.get(self.start(index)..self.start(index + 1)).unwrap_or_default();
        line.trim_end_matches(['\n', '\r'])
    }

    /// The line of `offset`, or the nearest one above it that is not blank.
    fn last_line_with_text(&self, text: &str, offset: usize) -> usize {
        let line = self.index_of(offset);
        let has_text = |index: &usize| !self.text(text, *index).trim().is_empty();
        (0..=line).rev().find(has_text).unwrap_or(line)
    }
}

fn length_through_break(text: &str) -> Option<usize> {
    let at = text.find(['\n', '\r'])?;
    let is_pair = text.get(at..).is_some_and(|rest| rest.starts_with("\r\n"));
    Some(at + if is_pair { 2 } else { 1 })
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '\t']).len()
}

/// Where the words of a line start, after the dashes of a list or of a document.
fn content_of(line: &str) -> usize {
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
fn dash_of(line: &str) -> Option<usize> {
    line.get(..content_of(line)).unwrap_or_default().rfind('-')
}

/// Whether a line that does not fit is next to one found before, with nothing left between them, and so no new fault.
fn goes_on_from(misfits: &[usize], line: usize, written: &str, text: &str, lines: &Lines) -> bool {
    let indent = indent_of(lines.text(written, line));
    misfits.iter().any(|earlier| {
        let is_level = *earlier < line && indent_of(lines.text(written, *earlier)) == indent;
        is_level && (earlier + 1..line).all(|between| lines.text(text, between).trim().is_empty())
    })
}

/// What of a faulty line is blanked, with what is under it.
enum Part {
    /// All after a list's dash, so that the rest of its item is still read.
    Words,
    Line,
    /// The line and those after it that are indented as far.
    Block,
}

fn blank(text: &str, lines: &Lines, index: usize, part: Part) -> Option<String> {
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
fn replace_tabs(text: &str, lines: &Lines, first: usize, faulty_lines: &mut BTreeSet<usize>) -> Option<String> {
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
fn replace_control_characters<'text>(text: &'text str, problems: &mut Vec<YamlProblem>) -> Cow<'text, str> {
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

// Following the text of a scalar back to its source.

/// The places of a scalar's text, by reading its source again; none if that does not give the same text.
fn runs_of(source: &str, range: Range<usize>, indent: Option<usize>, style: ScalarStyle, text: &str) -> Option<Vec<Run>> {
    let mut trace = Trace::default();
    match style {
        ScalarStyle::Plain => trace.flow(source, range, style)?,
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            trace.flow(source, range.start + 1..range.end.saturating_sub(1), style)?;
        }
        ScalarStyle::Literal | ScalarStyle::Folded => {
            let last_breaks = trace.block(source, range, indent?, style)?;
            let rest = text.get(trace.text.len()..)?;
            if rest.trim_matches('\n').is_empty() {
                trace.push(rest, last_breaks);
            }
        }
    }
    (trace.text == text).then_some(trace.runs)
}

#[derive(Default)]
struct Trace {
    text: String,
    runs: Vec<Run>,
}

impl Trace {
    fn push(&mut self, piece: &str, source: Range<usize>) {
        if piece.is_empty() {
            return;
        }
        let text = self.text.len();
        self.text.push_str(piece);
        if let Some(last) = self.runs.last_mut() {
            let goes_on = last.source.end == source.start && text - last.text == last.source.len();
            if goes_on && piece.len() == source.len() {
                last.source.end = source.end;
                return;
            }
        }
        self.runs.push(Run { text, source });
    }

    /// Text between quotes, or without any, whose line breaks are folded.
    fn flow(&mut self, source: &str, inner: Range<usize>, style: ScalarStyle) -> Option<()> {
        let mut at = inner.start;
        while at < inner.end {
            let rest = source.get(at..inner.end)?;
            let is_backslash = style == ScalarStyle::DoubleQuoted && rest.starts_with('\\');
            let after = if is_backslash { rest.get(1..)? } else { rest };
            let is_break = after.starts_with(['\n', '\r']);
            if !is_backslash || is_break {
                let blank = after.get(..after.len() - after.trim_start_matches([' ', '\t', '\n', '\r']).len())?;
                let breaks = count_breaks(blank);
                let length = rest.len() - after.len() + blank.len();
                if length > 0 {
                    match breaks {
                        0 => self.push(blank, at..at + length),
                        1 if !is_backslash => self.push(" ", at..at + length),
                        _ => self.push(&"\n".repeat(breaks - 1), at..at + length),
                    }
                    at += length;
                    continue;
                }
            }
            let character = rest.chars().next()?;
            let (meant, length) = match style {
                ScalarStyle::DoubleQuoted if is_backslash => read_escape(rest)?,
                ScalarStyle::SingleQuoted if rest.starts_with("''") => ('\'', 2),
                _ => (character, character.len_utf8()),
            };
            self.push(meant.encode_utf8(&mut [0; 4]), at..at + length);
            at += length;
        }
        Some(())
    }

    /// The lines of a block, without its last line breaks, whose number the header decides; returns where those are.
    fn block(&mut self, source: &str, range: Range<usize>, indent: usize, style: ScalarStyle) -> Option<Range<usize>> {
        // The parser's range starts at the first words; the blank lines between these and the header are text too.
        let header_end = source.get(..range.start)?.trim_end_matches([' ', '\t', '\n', '\r']).len();
        let mut at = header_end + length_through_break(source.get(header_end..)?)?;
        let mut breaks = 0;
        let mut gap = at..at;
        let mut previous_starts_blank = None;
        while at < range.end {
            let rest = source.get(at..range.end)?;
            let length = length_through_break(rest).unwrap_or(rest.len());
            let line = rest.get(..length)?;
            let words = line.trim_end_matches(['\n', '\r']);
            let strip = words.bytes().take(indent).take_while(|byte| *byte == b' ').count();
            let content = words.get(strip..)?;
            if !content.is_empty() {
                let starts_blank = content.starts_with([' ', '\t']);
                let is_folded = style == ScalarStyle::Folded && !starts_blank && previous_starts_blank == Some(false);
                match breaks {
                    1 if is_folded => self.push(" ", gap),
                    _ if is_folded => self.push(&"\n".repeat(breaks - 1), gap),
                    _ => self.push(&"\n".repeat(breaks), gap),
                }
                previous_starts_blank = Some(starts_blank);
                self.push(content, at + strip..at + words.len());
                gap = at + words.len()..at + words.len();
                breaks = 0;
            }
            at += length;
            if words.len() < line.len() {
                breaks += 1;
                gap.end = at;
            }
        }
        Some(gap)
    }
}

fn count_breaks(blank: &str) -> usize {
    blank.matches(['\n', '\r']).count() - blank.matches("\r\n").count()
}

/// What an escape means, and its length with the backslash. An escaped line break is none.
fn read_escape(rest: &str) -> Option<(char, usize)> {
    let hexadecimal = |start: usize, length: usize| {
        let digits = rest.get(start..start + length)?;
        digits.chars().try_fold(0_u32, |value, digit| Some((value << 4) | digit.to_digit(16)?))
    };
    let meant = match rest.chars().nth(1)? {
        '0' => '\0',
        'a' => '\u{7}',
        'b' => '\u{8}',
        't' | '\t' => '\t',
        'n' => '\n',
        'v' => '\u{b}',
        'f' => '\u{c}',
        'r' => '\r',
        'e' => '\u{1b}',
        same @ (' ' | '"' | '/' | '\\') => same,
        'N' => '\u{85}',
        '_' => '\u{a0}',
        'L' => '\u{2028}',
        'P' => '\u{2029}',
        'x' => return Some((char::from_u32(hexadecimal(2, 2)?)?, 4)),
        'U' => return Some((char::from_u32(hexadecimal(2, 8)?)?, 10)),
        'u' => {
            let high = hexadecimal(2, 4)?;
            if !(0xd800..0xdc00).contains(&high) {
                return Some((char::from_u32(high)?, 6));
            }
            let low = hexadecimal(8, 4).filter(|low| (0xdc00..0xe000).contains(low) && rest.get(6..8) == Some("\\u"))?;
            return Some((char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))?, 12));
        }
        _ => return None,
    };
    Some((meant, 2))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

    use super::{MAX_DEPTH, MAX_FAULTS, MAX_NODES, Node, Yaml, parse};

    /// Checks the tree, in one line, and the problems, each as its line, its underlined words and its message.
    #[track_caller]
    fn check(text: &str, tree: &str, problems: &[(usize, &str, &str)]) {
        let (documents, found) = parse(text);
        let found: Vec<_> =
            found.iter().map(|problem| (line(text, problem.span.start), &text[problem.span.clone()], &*problem.message)).collect();
        assert_eq!(found, problems, "{text}");
        assert_eq!(documents.iter().map(outline).collect::<Vec<_>>().join(" --- "), tree, "{text}");
        documents.iter().for_each(|yaml| check_places(text, yaml));
    }

    fn line(text: &str, offset: usize) -> usize {
        text[..offset].replace("\r\n", "\n").matches(['\n', '\r']).count() + 1
    }

    fn outline(yaml: &Yaml) -> String {
        match &yaml.node {
            Node::Null => "null".to_owned(),
            Node::Scalar(scalar) if scalar.quoted => format!("{:?}", scalar.text),
            Node::Scalar(scalar) => scalar.text.clone(),
            Node::List(items) => format!("[{}]", items.iter().map(outline).collect::<Vec<_>>().join(", ")),
            Node::Map(entries) => {
                let entries = entries.iter().map(|entry| format!("{}: {}", outline(&entry.key), outline(&entry.value)));
                format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
            }
        }
    }

    /// Every word's character was written as itself, or as an escape; ranges of the text map to ranges in order.
    fn check_places(text: &str, yaml: &Yaml) {
        assert!(text.get(yaml.span.clone()).is_some());
        yaml.items().iter().for_each(|item| check_places(text, item));
        for entry in yaml.entries() {
            check_places(text, &entry.key);
            check_places(text, &entry.value);
        }
        let Some(scalar) = yaml.as_scalar() else { return };
        assert!(!scalar.runs.is_empty() || scalar.text.trim().is_empty(), "no places for {:?} in {text:?}", scalar.text);
        let mut previous = 0;
        for (offset, character) in scalar.text.char_indices() {
            let span = scalar.source_span(offset..offset + character.len_utf8());
            let source = &text[span.clone()];
            let is_itself = source.starts_with(character) && source.len() == character.len_utf8();
            let is_made = source.starts_with(['\\', '\0', '\u{9f}']) || source == "''" || character.is_whitespace();
            assert!(is_itself || is_made, "{character:?} was written {source:?} in {text:?}");
            assert!(span.start >= previous, "{text:?}");
            previous = span.start;
        }
        let whole = scalar.source_span(0..scalar.text.len());
        assert!(scalar.runs.is_empty() || whole.start == scalar.runs[0].source.start);
        assert!(whole.end >= scalar.source_span(0..0).start);
    }

    /// Weaker than [`check_places`], for files whose faults were mended.
    fn assert_sliceable(text: &str, yaml: &Yaml) {
        assert!(text.get(yaml.span.clone()).is_some(), "{text:?}");
        yaml.items().iter().for_each(|item| assert_sliceable(text, item));
        yaml.entries().iter().for_each(|entry| assert_sliceable(text, &entry.value));
        let Some(scalar) = yaml.as_scalar() else { return };
        for (offset, character) in scalar.text.char_indices() {
            assert!(text.get(scalar.source_span(offset..offset + character.len_utf8())).is_some(), "{text:?}");
        }
    }

    #[track_caller]
    fn check_span(text: &str, words: &str, source: &str) {
        let (documents, problems) = parse(text);
        assert!(problems.is_empty(), "{problems:?}");
        let scalar = documents[0].get("a").unwrap().as_scalar().unwrap();
        let offset = scalar.text.find(words).unwrap();
        assert_eq!(&text[scalar.source_span(offset..offset + words.len())], source, "{text}");
    }

    #[test]
    fn reads_values_as_text() {
        check("a: yes\nb: 1.10\nc: '2'\nd: |\n  x\n", "{a: yes, b: 1.10, c: \"2\", d: \"x\\n\"}", &[]);
        check(
            "a:\nb: ~\nc: null\nd: 'null'\ne: {f, g: , h: 1}\n-1: x",
            "{a: null, b: null, c: null, d: \"null\", e: {f: null, g: null, h: 1}, -1: x}",
            &[],
        );
        let mark = "a key marked with `?` is not allowed here";
        check("{? a : b, ? c}\n", "{a: b, c: null}", &[(1, "?", mark), (1, "?", mark)]);
        check("a: b?\n? # what ?\n  c\n: d\n", "{a: b?, c: d}", &[(2, "?", mark)]);
        assert_eq!(parse("? |\n  c\n: d").1[0].message, mark);
        check("null: 1\n~: 2\n'': 3", "{null: 1, ~: 2, \"\": 3}", &[]);
        check("a: [\n  b,\n  c\n]\nd:\n- e\n- f: g\n  h: i\n", "{a: [b, c], d: [e, {f: g, h: i}]}", &[]);
    }

    #[test]
    fn reads_any_text_file() {
        check("", "", &[]);
        check("# only this\n\n", "", &[]);
        check("---\n", "null", &[]);
        check("a: 1\n---\n# x\n---\nb: 2\n...\n", "{a: 1} --- null --- {b: 2}", &[]);
        check("\u{feff}a: é\r\nü: '🦀 x'\r\nb: [1,\r\n 2]\r\n", "{a: é, ü: \"🦀 x\", b: [1, 2]}", &[]);
        check("a: é\rb: c\r", "{a: é, b: c}", &[]);
        let control = "the control character U+0000 is not allowed";
        check("a: x\0\0y\nb: z\n", "{a: x__y, b: z}", &[(1, "\0\0", control)]);
        check(
            "# \0\na: \"\u{9f}\"\n",
            "{a: \"\u{bf}\"}",
            &[(1, "\0", control), (2, "\u{9f}", "the control character U+009F is not allowed")],
        );
    }

    #[test]
    fn spans_are_the_words() {
        let text = "a:\n  - b: 'c'\n    d: |\n      e\n\n\nf: [g, {h: i}]\nj:\n";
        let (documents, _) = parse(text);
        let words = |yaml: &Yaml| text[yaml.span.clone()].to_owned();
        let list = documents[0].get("a").unwrap();
        assert_eq!(words(list), "- b: 'c'\n    d: |\n      e");
        assert_eq!(words(list.items()[0].get("b").unwrap()), "'c'");
        assert_eq!(words(list.items()[0].get("d").unwrap()), "e");
        assert_eq!(words(documents[0].get("f").unwrap()), "[g, {h: i}]");
        assert_eq!(documents[0].get("j").unwrap().span, text.len() - 1..text.len() - 1);
        assert_eq!(documents[0].span, 0..text.len() - 1);
    }

    #[test]
    fn reports_what_is_not_allowed_and_reads_on() {
        let text = "a: &b c\nd: *b\ne: *missing\nf: !t g\n<<: {h: 1}\na: 2\n? i\n: j\n[k]: l\n: m\n? {n: o}\nz: {*b : 1, y: 2}\n";
        let tree = "{a: c, d: null, e: null, f: g, i: j, z: {y: 2}}";
        check(
            text,
            tree,
            &[
                (1, "&b", "an anchor is not allowed here"),
                (2, "*b", "an alias is not allowed here"),
                (3, "*missing", "an alias is not allowed here"),
                (4, "!t", "a tag is not allowed here"),
                (5, "<<", "a merge key is not allowed here"),
                (6, "a", "the key `a` is already on line 1"),
                (7, "?", "a key marked with `?` is not allowed here"),
                (9, "[k]", "a list or a map cannot be a key"),
                (10, ":", "there is no key before this `:`"),
                (11, "{n: o}", "a list or a map cannot be a key"),
                (12, "*b", "an alias is not allowed here"),
            ],
        );
    }

    #[test]
    fn each_syntax_fault_is_reported_once_at_its_place() {
        let unclosed_quote = "this quote is not closed";
        let unclosed_list = "this `[` is not closed";
        let misfit = "this line does not fit the lines above: look at its indentation";
        let no_key = "there is no `key: ` on this line";
        let tab = "a tab cannot indent a line";
        let unexpected = "this is not expected here";
        check("a: 1\nb\nc: 3", "{a: 1, c: 3}", &[(2, "b", no_key)]);
        check("a:b\nc: d", "{c: d}", &[(1, "a", no_key)]);
        check("a: b: c\nd: e", "{d: e}", &[(1, ":", "a second `:` cannot stand on this line")]);
        check("a: \"b\nc: \"d\"\ne: f", "{c: \"d\", e: f}", &[(1, "\"", unclosed_quote)]);
        check("a: 'b\nc: d", "{c: d}", &[(1, "'", unclosed_quote)]);
        check(
            "a: \"b\nc: \"\nd: \"e\"",
            "{a: \"b c: \", d: \"e\"}",
            &[(1, "\"", "this quote is not closed before a line that is not under it")],
        );
        check("- a: \"x\n  b: \"y\"\n- c: [z\n  d: e", "[{b: \"y\"}, {d: e}]", &[(1, "\"", unclosed_quote), (3, "[", unclosed_list)]);
        check("a: [b, c\nd: e\nf: {g: h\ni: j", "{d: e, i: j}", &[(1, "[", unclosed_list), (3, "{", "this `{` is not closed")]);
        check("a: [b\n  c: d\ne: f", "{e: f}", &[(1, "[", unclosed_list)]);
        check("a: {x} stays\nb: 1\nc: [x] is", "{b: 1}", &[(1, "stays", unexpected), (3, "is", unexpected)]);
        check("a: 1\n  b: 2\nc: 3", "{a: 1, c: 3}", &[(2, "b", "this line is indented under a text, so it is read as part of that text")]);
        check("a:\n  b: 1\n c: 2\nd:\n  - e\n - f\n", "{a: {b: 1}, d: [e]}", &[(3, "c", misfit), (6, "-", misfit)]);
        check("a:\n\tb: 1\n\tc:\n\t\td: 2\ne: [", "{a: {b: 1, c: {d: 2}}}", &[(2, "\t", tab), (5, "[", unclosed_list)]);
        check("a:\n  b: 1\n\tc: 2\n  d: 3\n", "{a: {b: 1}}", &[(3, "\t", tab)]);
        check(
            "a: \"b \\q\"\nc: \"\\u12\"",
            "",
            &[(1, "\\q", "this `\\` does not start a known sign"), (2, "\\u", "this `\\` does not start a known sign")],
        );
        check(
            "a: >= 5\nb: %\nc: 1",
            "{c: 1}",
            &[
                (1, ">", "`>` starts a text on the lines below, so no text can follow it here"),
                (2, "%", "a text without quotes cannot start with `%`"),
            ],
        );
        check(
            "%YAML 1.2\n---\na: 1\n---\nb: ]\n---\nc: 2",
            "{a: 1} --- null --- {c: 2}",
            &[(1, "%", "a line that starts with `%` is not allowed"), (5, "]", "this bracket closes nothing")],
        );
        check(
            "é: [ü\r\nb: 'c' d\r\ne: f\r\n",
            "{e: f}",
            &[(1, "[", unclosed_list), (2, "d", "this is not expected after the closing quote")],
        );
    }

    #[test]
    fn what_follows_from_a_fault_is_not_reported() {
        let misfit = "this line does not fit the lines above: look at its indentation";
        let swallowed = "this line is indented under a text, so it is read as part of that text";
        check(" a: 1\nb: 2\nc: 3\n---\nd: 4", "{a: 1} --- {d: 4}", &[(2, "b", misfit)]);
        check("a:: b\n  c: 1\n  d: 2\ne: 3", "{a:: b, e: 3}", &[(2, "c", swallowed)]);
        check(
            "a: @[\n  b,\n]\nc:\n- %d\n- e",
            "{c: [null, e]}",
            &[(1, "@", "a text without quotes cannot start with `@`"), (5, "%", "a text without quotes cannot start with `%`")],
        );
        check("@a:\n- b\n- c\nd: e", "{d: e}", &[(1, "@", "a text without quotes cannot start with `@`")]);
        check(
            "- a\nb: 1\n- c\nd: 2",
            "[a, c]",
            &[
                (2, "b", "this does not fit the list above: it has no `-`, or not its indentation"),
                (4, "d", "this does not fit the list above: it has no `-`, or not its indentation"),
            ],
        );
        // What was blanked may be read as part of a text; its places are still places of the file.
        let text = ">-\n  &x @b}\n> \"\\x4\u{2028}|+\n";
        let (documents, problems) = parse(text);
        assert_eq!(problems.len(), 1);
        documents.iter().for_each(|yaml| assert_sliceable(text, yaml));
    }

    #[test]
    fn size_is_bounded() {
        let deep = |depth: usize| format!("a: {}x{}\nb: 1", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&deep(MAX_DEPTH - 1)).1.is_empty());
        for depth in [MAX_DEPTH, 200, 255, 256, 400, 10_000, 100_000] {
            let (_, problems) = parse(&deep(depth));
            assert_eq!(problems.len(), 1, "{depth}");
            assert_eq!(problems[0].message, "this is nested more than 32 levels deep");
        }
        let stairs: String = (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
        assert_eq!(parse(&stairs).1.len(), 1);
        assert_eq!(parse(&"- ".repeat(5_000)).1.len(), 1);
        let (documents, problems) = parse(&"- a\n".repeat(MAX_NODES));
        assert_eq!((documents[0].items().len(), problems.len()), (MAX_NODES, 1));
        assert_eq!(problems[0].message, "this file holds more than 100000 values");
        assert_eq!(parse(&"a: ]\n".repeat(1_000)).1.len(), MAX_FAULTS);
    }

    #[test]
    fn places_go_through_the_notation() {
        check_span("a: plain words", "words", "words");
        check_span("a: plain\n  words here\n\n  and more", "words", "words");
        check_span("a: plain\n  words", "plain words", "plain\n  words");
        check_span("a: 'it''s this'", "it's", "it''s");
        check_span("a: 'it''s this'", "'", "''");
        check_span("a: 'it''s\n  this'", "this", "this");
        check_span("a: \"tab\\tand \\u00e9 x\\\n  y\"", "é x", "\\u00e9 x");
        check_span("a: \"tab\\tand \\u00e9 x\\\n  y\"", "xy", "x\\\n  y");
        check_span("a: \"\\uD834\\uDD1E!\"", "𝄞", "\\uD834\\uDD1E");
        check_span("a: | # note\n\n  first\n    second\n", "second", "second");
        check_span("a: |2-\n   first\n\n  second\n", " first", " first");
        check_span("a: >\n  first\n  second\n\n  third\n", "first second", "first\n  second");
        check_span("a: >\r\n  first\r\n\r\n  third\r\n", "third", "third");
        check_span("a: |\n  é first\n  second", "d\n", "d");
    }

    /// Random texts in each notation, at random depths and in random places of the file.
    #[test]
    fn places_hold_for_random_texts() {
        let mut seed = 20_190_603_u64;
        let mut random = move |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap() % below
        };
        let words = ["a", "wte", "é", "🦀", "5%", "in-post", "x:y", "it's", "a#b", "(b)", ">=", "\u{a0}"];
        let escapes = ["\\\"", "\\\\", "\\n", "\\t", "\\u00e9", "\\x41", "\\U0001F980", "\\ud83e\\udd80", "\\_", "\\P", "\\0", "\\ "];
        for round in 0..6_000 {
            let newline = ["\n", "\r\n"][random(2)];
            let depth = random(4);
            let mut text = ["", "\u{feff}", "# é\n", "---\n"][random(4)].to_owned();
            (0..depth).for_each(|level| text.push_str(&format!("{}k{level}:{newline}", "  ".repeat(level))));
            let indent = "  ".repeat(depth);
            text.push_str(&format!("{indent}key: "));
            let style = round % 5;
            let deeper = " ".repeat(2 * depth + 1 + random(3));
            let gap = |random: &mut dyn FnMut(usize) -> usize| match random(5) {
                0 => format!("{newline}{deeper}"),
                1 => format!("  {newline}{}{newline}{deeper}", " ".repeat(random(3))),
                _ => " ".repeat(1 + random(2)),
            };
            match style {
                0..3 => {
                    let quote = ["", "'", "\""][style];
                    text.push_str(quote);
                    text.push_str(["a", "b c", "é"][random(3)]);
                    for _ in 0..random(9) {
                        match (style, random(4)) {
                            (2, 0) => text.push_str(escapes[random(escapes.len())]),
                            (2, 1) => text.push_str(&format!("\\{newline}{deeper}{}", ["", "\\ "][random(2)])),
                            (1, 0) => text.push_str("''"),
                            _ => text.push_str(&gap(&mut random)),
                        }
                        text.push_str(&words[random(words.len())].replace('\'', if style == 1 { "''" } else { "'" }));
                    }
                    text.push_str(quote);
                }
                _ => {
                    let step = 1 + random(4);
                    let given = if random(3) == 0 { step.to_string() } else { String::new() };
                    let chomping = ["", "-", "+"][random(3)];
                    text.push_str(&format!("{}{given}{chomping}{}{newline}", ["|", ">"][style - 3], ["", " # note"][random(2)]));
                    let mut has_words = !given.is_empty();
                    for _ in 0..1 + random(6) {
                        if random(4) == 0 {
                            text.push_str(&format!("{}{newline}", " ".repeat(random(step + 1))));
                            continue;
                        }
                        // Without an indicator, the first words say how far the block is indented.
                        let blank = " ".repeat(if has_words { random(3) } else { 0 } + step);
                        has_words = true;
                        text.push_str(&format!("{indent}{blank}{} z{newline}", words[random(words.len())]));
                    }
                }
            }
            text.push_str([newline, &format!("{newline}{newline}{indent}last: 'x'{newline}"), ""][random(3)]);
            let (documents, problems) = parse(&text);
            assert!(problems.is_empty(), "{text:?}: {problems:?}");
            documents.iter().for_each(|yaml| check_places(&text, yaml));
        }
    }

    /// Every prefix and random edits: no panic, and every place is one of the file.
    #[test]
    fn survives_half_typed_files() {
        let corpus = "\u{feff}id: é # x\neach: 'it''s'\nwhere: \"a\\u00e9 \\\n  b\"\nlist: [a, {b: c}, *d]\ntext: |2-\n   x\n\n  y\nmore: >+\n  z\n\n---\n- - !t &e f\n  - ? g\n    : h\n- <<: 1\n";
        let signs = [
            "\n", "\t", "\0", "\"", "'", "[", "}", ": ", "- ", "? ", "é", "|", "%", "\r", "&", "!", "#", " ", "\u{feff}", "\\", ",",
            "---\n", "*",
        ];
        let mut seed = 7_u64;
        let mut random = move |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap() % below
        };
        for round in 0..6_000 {
            let mut text: Vec<char> = corpus.chars().collect();
            if round < text.len() {
                text.truncate(round);
            }
            for _ in 0..round % 5 {
                let place = random(text.len() + 1);
                let removed = place..(place + random(4)).min(text.len());
                text.splice(removed, signs[random(signs.len())].chars());
            }
            let text: String = text.into_iter().collect();
            let (documents, problems) = parse(&text);
            for problem in &problems {
                assert!(text.get(problem.span.clone()).is_some(), "{text:?}: {problem:?}");
                assert!(!problem.message.is_empty() && !problem.message.ends_with('.'));
            }
            documents.iter().for_each(|yaml| assert_sliceable(&text, yaml));
        }
    }
}
