//! What stands before a place in a text that is being typed: how far its statement has come, however little of it can be read.

use crate::source::offset;
use crate::syntax::literal::{self, Literal};
use crate::syntax::shape::{self, Shape};
use crate::syntax::tree::{Clause, Tree};

/// How far a text has come at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typed {
    /// Where the word begins in which the place stands; the place itself where it stands in none.
    pub start: u32,
    /// Where that word ends.
    pub end: u32,
    /// What is to be written there.
    pub what: What,
}

/// What is to be written at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Nothing that anyone could know: it is a comment.
    Comment,
    /// The first word of a statement.
    Head,
    /// The words of a text in quotes, which belongs to the statement.
    Text(Progress),
    /// A value, a clause, or what else may follow in a statement.
    Rest(Progress),
}

/// How much of a statement stands before a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The first byte of the statement.
    pub head: u32,
    /// The clause that is being written.
    pub clause: Option<Clause>,
    /// The clauses before and with it.
    pub clauses: Vec<Clause>,
    /// How many cells of the statement, or of the clause, stand before.
    pub cells: usize,
    /// How many elements, of all cells, stand before, clauses apart.
    pub elements: usize,
    /// Whether a comma stands before, so that the value joins those before it.
    pub joined: bool,
    /// Whether a number stands right before, so that a unit may follow.
    pub after_number: bool,
    /// Whether `up` stands before, so that `to` joins nothing.
    pub up: bool,
    /// Where the last word before begins and ends.
    pub last: (u32, u32),
}

/// Letters that belong to a word: the grammar's `letter`.
fn is_letter(letter: char) -> bool {
    !matches!(letter, ' ' | '\n' | '\t' | '\r' | '{' | '}' | '"' | ',' | '~' | '#' | ';' | '\u{A0}' | '\u{FEFF}' | '“' | '”')
}

/// How far a text has come at a byte, which is within it and begins a character.
pub fn typed(text: &str, tree: &Tree, byte: u32) -> Typed {
    let at = byte as usize;
    let before = text.get(..at).unwrap_or("");
    let start = before.trim_end_matches(is_letter).len();
    let rest = text.get(at..).unwrap_or("");
    let end = at + rest.find(|letter| !is_letter(letter)).unwrap_or(rest.len());
    let typed = |what| Typed { start: offset(start), end: offset(end), what };
    // The statement whose head is not the word itself.
    let statement = offset(start).checked_sub(1).and_then(|byte| tree.before(byte));
    let head = statement.map_or(0, |statement| statement.head().start);
    let mut statements = 0;
    let mut is_head = true;
    let mut last: Option<(Shape, (u32, u32))> = None;
    let mut progress = fresh(head);
    let said = text.get(head as usize..start).unwrap_or("");
    // INVARIANT: the grammar accepts every text.
    let _ = shape::shapes(said, |shape, (from, to)| {
        let bytes = (head + from, head + to);
        match shape {
            Shape::Statement => {
                statements += 1;
                is_head = true;
                progress = fresh(bytes.0);
                return;
            }
            Shape::Open | Shape::Close | Shape::Stray => progress = fresh(bytes.1),
            _ if is_head => is_head = false,
            Shape::Comma => progress.joined = true,
            _ => progress.take(text.get(bytes.0 as usize..bytes.1 as usize).unwrap_or(""), shape),
        }
        progress.last = bytes;
        last = Some((shape, bytes));
    });
    let Some((shape, (from, to))) = last else {
        return typed(if is_comment(said) { What::Comment } else { What::Head });
    };
    let gap = text.get(to as usize..start).unwrap_or("");
    if is_comment(gap) {
        return typed(What::Comment);
    }
    let in_statement = statements > 0 && !matches!(shape, Shape::Open | Shape::Close | Shape::Stray);
    if in_statement && matches!(shape, Shape::OpenText | Shape::OpenLong)
        || shape == Shape::Curly && is_open(text, from, to) && gap.is_empty()
    {
        // What is typed in quotes is one value with them, up to the line's end.
        progress.cells = progress.cells.saturating_sub(1);
        return Typed { start: from, end: to.max(offset(end)), what: What::Text(progress) };
    }
    let goes_on = shape == Shape::Comma || !gap.contains(['\n', '\r', ';']);
    typed(if in_statement && goes_on { What::Rest(progress) } else { What::Head })
}

fn is_open(text: &str, from: u32, to: u32) -> bool {
    let words = text.get(from as usize..to as usize).unwrap_or("");
    words.chars().nth(1).is_none() || !words.ends_with(['“', '”', '"'])
}

/// Whether the last line of what stands between two words has a comment.
fn is_comment(gap: &str) -> bool {
    gap.rsplit(['\n', '\r']).next().unwrap_or("").contains('#')
}

fn fresh(head: u32) -> Progress {
    Progress {
        head,
        clause: None,
        clauses: Vec::new(),
        cells: 0,
        elements: 0,
        joined: false,
        after_number: false,
        up: false,
        last: (head, head),
    }
}

impl Progress {
    fn take(&mut self, word: &str, shape: Shape) {
        let after_number = std::mem::take(&mut self.after_number);
        let joined = std::mem::take(&mut self.joined);
        match (shape, Clause::from_word(word)) {
            (Shape::Word, Some(clause)) => {
                self.clause = Some(clause);
                self.clauses.push(clause);
                self.cells = 0;
                return;
            }
            // `about 6_500` and `up to £24m` are one value each.
            (Shape::Word, None) if matches!(word, "about" | "up") => {
                self.up = word == "up";
                self.joined = joined;
                return;
            }
            (Shape::Word, None) if word == "to" => {
                self.joined = joined || !std::mem::take(&mut self.up);
                return;
            }
            (Shape::Word, None) => {
                if after_number && literal::is_name(word) && !word.contains('/') {
                    // The unit of the number.
                    return;
                }
                self.after_number = matches!(literal::classify(word), Ok(Literal::Number(_)));
            }
            (Shape::Tilde, _) => {
                self.joined = true;
                return;
            }
            _ => {}
        }
        if !joined {
            self.cells += 1;
        }
        if self.clause.is_none() {
            self.elements += 1;
        }
    }
}
