//! What a text holds, in the order of its lines: statements with their words told apart, comments and blank lines.

use std::borrow::Cow;

use crate::syntax::MOST_PROBLEMS;
use crate::syntax::format::{BLANKS, Reading, is_left_open, written};
use crate::syntax::literal::Literal;
use crate::syntax::shape::{Bytes, Shape};
use crate::syntax::tree::{Clause, Element, Node};

/// What stands on lines of its own. Comments hold their `#`; one that is absent is empty.
pub(super) enum Entry<'s> {
    /// One or more blank lines.
    Blank,
    /// A comment on a line of its own.
    Comment(&'s str),
    /// A statement, and the `{` of its block when it has one.
    Statement(Statement<'s>),
    /// A statement with its whole block in one line, and the comment after it.
    Folded(String, &'s str),
    /// The `}` of a block, and the comment after it.
    Close(&'s str),
}

pub(super) struct Statement<'s> {
    pub(super) words: Words<'s>,
    /// Whether its block follows, up to the `Close` that pairs with it.
    pub(super) opens: bool,
    /// Whether that block stands on one line.
    pub(super) one_line: bool,
    /// Whether its last word takes in everything up to the line's end.
    pub(super) left_open: bool,
    /// Whether only a `;` keeps the next statement from being read as part of its list.
    pub(super) needs_semicolon: bool,
    /// Whether its lists go on over several lines, an element on each.
    pub(super) spread: bool,
    pub(super) comment: &'s str,
}

pub(super) enum Words<'s> {
    /// A statement with a fault: its lines as they were written.
    Kept(Vec<String>),
    /// A statement that could be read.
    Parts(Vec<Part<'s>>),
}

/// The head, a clause's word, or one element of a cell.
pub(super) struct Part<'s> {
    pub(super) text: Cow<'s, str>,
    pub(super) kind: Kind,
    /// Whether it goes on with the list of the part before it.
    pub(super) joined: bool,
    /// Whether it may begin a line after a comma: the grammar's `lone`.
    pub(super) may_wrap: bool,
    pub(super) comma: bool,
    /// The comment behind the comma before it.
    pub(super) comment_before: &'s str,
    /// The comments on lines of their own between that comma and it.
    pub(super) comments_above: Vec<&'s str>,
    /// How many blanks stand before it.
    pub(super) gap: usize,
    /// Its characters, and the comma.
    pub(super) width: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Head,
    Clause,
    /// A number, date, year, range or estimate.
    Figure,
    /// A bare name, or `-`.
    Name,
    Text,
}

/// What may stand between two tokens, blanks apart.
pub(super) enum Mark<'s> {
    LineEnd,
    Comment(&'s str),
    /// `;`, or a byte order mark.
    Separator,
}

/// The marks of the text between two tokens.
pub(super) fn marks(gap: &str) -> impl Iterator<Item = Mark<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let rest = gap.get(at..)?;
            let first = rest.chars().next()?;
            let start = at;
            at += first.len_utf8();
            return Some(match first {
                '\n' => Mark::LineEnd,
                '\r' => {
                    at += usize::from(rest.starts_with("\r\n"));
                    Mark::LineEnd
                }
                '#' => {
                    let comment = rest.split(['\n', '\r']).next().unwrap_or(rest);
                    at = start + comment.len();
                    Mark::Comment(comment.trim_end_matches(BLANKS))
                }
                ';' => Mark::Separator,
                _ => continue,
            });
        }
    })
}

/// The entries of a text; `None` where its braces do not pair up, or so much is wrong that not every fault was reported.
pub(super) fn entries<'s>(reading: &Reading<'s>) -> Option<Vec<Entry<'s>>> {
    if reading.problems.len() > MOST_PROBLEMS {
        return None;
    }
    let mut listing = Listing { entries: Vec::new(), line_ends: 0, blank: false, same_line: false };
    let mut nodes = reading.tree.nodes.iter();
    let mut problems = reading.problems.iter().map(|problem| problem.span.start).peekable();
    let mut open: Vec<(usize, &Node, u32)> = Vec::new();
    // The statement just before, whose block a `{` would open; and whether it ends with a comma.
    let mut owner: Option<(usize, &Node)> = None;
    let mut hanging: Option<usize> = None;
    let (mut at, mut end) = (0, 0);
    while let Some(&(shape, bytes)) = reading.tokens.get(at) {
        at += 1;
        listing.gap(reading.words(end, bytes.0));
        end = bytes.1;
        match shape {
            Shape::Statement => {
                let rest = reading.tokens.get(at..).unwrap_or(&[]);
                let ends = |(shape, _): &(Shape, Bytes)| matches!(shape, Shape::Statement | Shape::Open | Shape::Close | Shape::Stray);
                let items = rest.get(..rest.iter().position(ends).unwrap_or(rest.len())).unwrap_or(&[]);
                at += items.len();
                let node = nodes.next().filter(|node| node.span.start == bytes.0)?;
                while problems.next_if(|start| *start < bytes.0).is_some() {}
                if let Some(statement) = hanging.filter(|_| could_go_on_a_list(reading, items)) {
                    listing.statement_mut(statement)?.needs_semicolon = true;
                }
                let words = if problems.peek().is_none_or(|start| *start > bytes.1) {
                    Words::Parts(parts(reading, node, items))
                } else {
                    Words::Kept(kept(reading, bytes.0, items))
                };
                let last = items.last().map(|(shape, bytes)| (*shape, reading.words(bytes.0, bytes.1)));
                let place = listing.push(Entry::Statement(Statement {
                    words,
                    opens: false,
                    one_line: false,
                    left_open: last.is_some_and(|(shape, words)| is_left_open(shape, words)),
                    needs_semicolon: false,
                    spread: false,
                    comment: "",
                }));
                owner = Some((place, node));
                hanging = matches!(last, Some((Shape::Comma, _))).then_some(place);
            }
            Shape::Open => {
                let (place, node) = owner.take()?;
                listing.statement_mut(place)?.opens = true;
                (listing.blank, listing.line_ends, listing.same_line, hanging) = (false, 0, true, None);
                open.push((place, node, bytes.0));
            }
            Shape::Close => {
                (owner, hanging) = (None, None);
                let (place, node, from) = open.pop()?;
                if node.block.is_none_or(|block| (block.start, block.end) != (from, bytes.1)) {
                    return None;
                }
                let close = listing.push(Entry::Close(""));
                let statement = listing.statement_mut(place)?;
                let is_empty = close == place + 1 && statement.comment.is_empty();
                statement.one_line = !statement.left_open && (is_empty || !reading.words(from, bytes.1).contains(['\n', '\r']));
            }
            // Nobody can tell to which list a comma outside every statement belongs: the layout is left alone.
            Shape::Stray => return None,
            _ => {}
        }
    }
    listing.gap(reading.text.get(end as usize..).unwrap_or(""));
    (open.is_empty() && nodes.next().is_none()).then_some(listing.entries)
}

struct Listing<'s> {
    entries: Vec<Entry<'s>>,
    /// How many line ends stand one after another here.
    line_ends: usize,
    /// Whether a blank line stands before what comes next.
    blank: bool,
    /// Whether the last entry ends on this line.
    same_line: bool,
}

impl<'s> Listing<'s> {
    fn push(&mut self, entry: Entry<'s>) -> usize {
        let blank = std::mem::take(&mut self.blank);
        match (self.entries.last(), &entry) {
            (None, _) | (Some(Entry::Statement(Statement { opens: true, .. })), _) | (_, Entry::Close(_)) => {}
            _ if blank => self.entries.push(Entry::Blank),
            _ => {}
        }
        self.line_ends = 0;
        self.same_line = true;
        self.entries.push(entry);
        self.entries.len() - 1
    }

    fn statement_mut(&mut self, place: usize) -> Option<&mut Statement<'s>> {
        match self.entries.get_mut(place) {
            Some(Entry::Statement(statement)) => Some(statement),
            _ => None,
        }
    }

    fn gap(&mut self, gap: &'s str) {
        for mark in marks(gap) {
            match mark {
                Mark::LineEnd => {
                    self.same_line = false;
                    self.line_ends += 1;
                    self.blank |= self.line_ends > 1;
                    continue;
                }
                Mark::Comment(words) => match self.entries.last_mut() {
                    Some(Entry::Statement(Statement { comment, .. }) | Entry::Close(comment)) if self.same_line && comment.is_empty() => {
                        *comment = words;
                    }
                    _ => {
                        self.push(Entry::Comment(words));
                    }
                },
                Mark::Separator => {}
            }
            self.line_ends = 0;
        }
    }
}

/// Whether the grammar's `wrap` would take a line with these items for more of the list that the line before left open.
fn could_go_on_a_list(reading: &Reading<'_>, items: &[(Shape, Bytes)]) -> bool {
    match items.get(1) {
        None | Some((Shape::Comma, _)) => true,
        Some((shape, bytes)) => *shape == Shape::Word && Clause::from_word(reading.words(bytes.0, bytes.1)).is_some(),
    }
}

/// The lines of a statement with a fault, from `start` on: words and the blanks between them as they were written.
fn kept(reading: &Reading<'_>, start: u32, items: &[(Shape, Bytes)]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut end = start;
    for &(shape, bytes) in items {
        let gap = reading.words(end, bytes.0);
        end = bytes.1;
        if gap.contains(['\n', '\r']) {
            for (nth, piece) in gap.split(['\n', '\r']).enumerate() {
                let piece = piece.trim_end_matches(BLANKS);
                if nth == 0 {
                    line.push_str(piece);
                    lines.push(std::mem::take(&mut line));
                } else if !piece.is_empty() {
                    lines.push(piece.trim_start_matches(BLANKS).to_owned());
                }
            }
        } else {
            line.push_str(gap);
        }
        let words = reading.words(bytes.0, bytes.1);
        line.push_str(if is_left_open(shape, words) { words.trim_end_matches(BLANKS) } else { words });
    }
    lines.push(line);
    lines
}

/// The parts of a statement that could be read.
fn parts<'s>(reading: &Reading<'s>, node: &Node, items: &[(Shape, Bytes)]) -> Vec<Part<'s>> {
    let tree = &reading.tree;
    let clauses = tree.clauses.get(node.clauses.start as usize..node.clauses.end as usize).unwrap_or(&[]);
    let last_cell = clauses.last().map_or(node.cells.end, |clause| clause.cells.end);
    let cells = tree.cells.get(node.cells.start as usize..last_cell as usize).unwrap_or(&[]);
    let mut elements = cells
        .iter()
        .flat_map(|cell| cell.elements.clone().map(move |at| (at > cell.elements.start, at)))
        .filter_map(|(joined, at)| Some((joined, tree.elements.get(at as usize)?)))
        .peekable();
    let mut parts: Vec<Part<'s>> = Vec::with_capacity(items.len());
    let mut end = node.span.start;
    for &(shape, bytes) in items {
        let between = reading.words(std::mem::replace(&mut end, bytes.1), bytes.0);
        let words = written((shape, reading.words(bytes.0, bytes.1)));
        let element = elements.next_if(|(_, element)| element.span().start == bytes.0);
        match (parts.last_mut(), element) {
            (None, _) => parts.push(part(words, Kind::Head, false)),
            (_, Some((joined, element))) => {
                let mut part = part(words, kind(element), joined);
                let mut same_line = true;
                for mark in marks(between) {
                    match mark {
                        Mark::Comment(words) if same_line => part.comment_before = words,
                        Mark::Comment(words) => part.comments_above.push(words),
                        _ => {}
                    }
                    same_line = false;
                }
                parts.push(part);
            }
            (Some(last), None) if shape == Shape::Comma => {
                last.comma = true;
                last.width += 1;
            }
            (_, None) if shape == Shape::Word && Clause::from_word(&words).is_some() => parts.push(part(words, Kind::Clause, false)),
            (Some(last), None) => {
                last.width += 1 + words.chars().count();
                last.may_wrap = false;
                let text = last.text.to_mut();
                text.push(' ');
                text.push_str(&words);
            }
        }
    }
    // `actual in-post` stands where `in-post` does, and its figures below those of the plan.
    if let [head, row, figure, ..] = parts.as_slice()
        && head.text == "actual"
        && row.kind == Kind::Name
        && row.text != "-"
        && (figure.kind == Kind::Figure || figure.text == "-")
        && !figure.joined
        && row.comment_before.is_empty()
    {
        let row = parts.remove(1);
        if let Some(head) = parts.first_mut() {
            let text = head.text.to_mut();
            text.push(' ');
            text.push_str(&row.text);
            head.width += 1 + row.width;
        }
    }
    // What follows an element that begins a line is a comma, a clause or the end.
    let mut may_wrap = true;
    for part in parts.iter_mut().rev() {
        let before = part.joined || part.kind == Kind::Clause;
        part.may_wrap &= part.joined && may_wrap;
        may_wrap = before;
    }
    parts
}

fn part(text: Cow<'_, str>, kind: Kind, joined: bool) -> Part<'_> {
    let width = text.chars().count();
    let gap = usize::from(kind != Kind::Head);
    Part { text, kind, joined, may_wrap: true, comma: false, comment_before: "", comments_above: Vec::new(), gap, width }
}

fn kind(element: &Element) -> Kind {
    match element.one().map(|value| value.literal) {
        Some(Literal::Name | Literal::Absent) => Kind::Name,
        Some(Literal::Text) => Kind::Text,
        _ => Kind::Figure,
    }
}
