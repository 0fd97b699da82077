//! Nests the flat run of shapes into a tree, tells literals apart, and mends what people leave open.

mod values;

use crate::problem::Problem;
use crate::source::{FileId, Span};
use crate::syntax::literal;
use crate::syntax::shape::{self, Bytes, Shape};
use crate::syntax::tree::{CellNode, Clause, ClauseNode, Node, Tree};
use crate::syntax::{DEEPEST, MOST_PROBLEMS, Parsed, SYNTAX};

pub(super) fn build(file: FileId, text: &str) -> Parsed {
    let mut tokens: Vec<(Shape, Bytes)> = Vec::with_capacity(text.len() / 6);
    let result = shape::shapes(text, |shape, bytes| tokens.push((shape, bytes)));
    let mut builder = Builder {
        file,
        text,
        tree: Tree::default(),
        problems: Vec::new(),
        dropped: 0,
        stack: Vec::new(),
        too_deep: 0,
        swallowed: Swallowed::default(),
        is_mended: false,
    };
    if let Err(at) = result {
        // INVARIANT: the grammar accepts every text. Were it ever not to, that is said rather than hidden.
        let span = Span::new(file, at..at);
        builder.report(Problem::error(SYNTAX, span, "this file could not be read from here on"));
        builder.tree.fenced = true;
        builder.is_mended = true;
    }
    builder.run(&tokens);
    let is_open = |(shape, _): &(Shape, Bytes)| *shape == Shape::OpenLong;
    builder.is_mended |= tokens.iter().any(is_open) || builder.swallowed.open + builder.swallowed.close > 0 || builder.dropped > 0;
    let is_closed = !builder.is_mended;
    let ends_itself = tokens.last().is_none_or(|(shape, _)| !matches!(shape, Shape::Comma | Shape::Stray));
    let (tree, problems) = builder.finish();
    Parsed { tree, problems, is_closed, ends_itself }
}

struct Builder<'s> {
    file: FileId,
    text: &'s str,
    tree: Tree,
    problems: Vec<Problem>,
    dropped: usize,
    stack: Vec<Block>,
    /// How many blocks beyond the deepest are open.
    too_deep: usize,
    /// How many braces stand in texts that are not closed: what they leave open or close twice is no fault of its own.
    swallowed: Swallowed,
    /// Whether a brace was missing, stood where none belongs, or stood too deep.
    is_mended: bool,
}

#[derive(Default)]
struct Swallowed {
    open: usize,
    close: usize,
}

struct Block {
    node: usize,
    open: Bytes,
    /// Whether its first statement on a line of its own was indented; `None` until there is one.
    indented: Option<bool>,
    /// Whether the statement that opened it stands at the left margin.
    at_margin: bool,
}

#[derive(Clone, Copy)]
enum Event<'k> {
    Statement(&'k [(Shape, Bytes)]),
    Open(Bytes),
    Close(Bytes),
    Stray(Bytes),
}

impl<'s> Builder<'s> {
    fn run(&mut self, tokens: &[(Shape, Bytes)]) {
        let events = events(tokens);
        let balanced = is_balanced(&events);
        let mut last_end = 0;
        let mut owner: Option<(usize, bool)> = None;
        for (at, event) in events.iter().enumerate() {
            let next = events.get(at + 1);
            match *event {
                Event::Statement(items) => {
                    let Some(&(_, (start, _))) = items.first() else { continue };
                    let at_margin = self.at_margin(start);
                    if at_margin && matches!(next, Some(Event::Open(_))) {
                        self.close_what_was_left_open(start, last_end, balanced);
                    }
                    if self.too_deep > 0 {
                        continue;
                    }
                    if let Some(block) = self.stack.last_mut() {
                        block.indented = block.indented.or(Some(!at_margin));
                    }
                    let node = self.statement(items);
                    owner = Some((node, at_margin));
                    last_end = self.tree.nodes.get(node).map_or(last_end, |node| node.span.end);
                }
                Event::Open(bytes) => {
                    last_end = bytes.1;
                    if self.too_deep > 0 || self.stack.len() >= DEEPEST {
                        if self.too_deep == 0 {
                            self.report(
                                Problem::error(SYNTAX, self.span(bytes), format!("blocks stand more than {DEEPEST} deep here"))
                                    .help("what is inside is not checked"),
                            );
                            self.fence();
                        }
                        self.is_mended = true;
                        self.too_deep += 1;
                        owner = None;
                        continue;
                    }
                    self.is_mended |= owner.is_none();
                    let (node, at_margin) = owner.take().unwrap_or_else(|| {
                        self.report(
                            Problem::error(SYNTAX, self.span(bytes), "this block belongs to no statement")
                                .help("write what it describes before the `{`, as in `organisation RTD {`"),
                        );
                        (self.broken(self.span(bytes)), false)
                    });
                    self.stack.push(Block { node, open: bytes, indented: None, at_margin });
                }
                Event::Stray(bytes) => {
                    let span = self.span(bytes);
                    self.report(
                        Problem::error(SYNTAX, span, "this comma joins nothing")
                            .help("a list goes on in the next line after a comma at the line's end")
                            .fix("remove the comma", span, ""),
                    );
                }
                Event::Close(bytes) => {
                    owner = None;
                    self.close(bytes, next);
                    last_end = bytes.1;
                }
            }
        }
        while let Some(block) = self.stack.pop() {
            self.report_unclosed(&block, last_end, "the file ends here");
            self.end_block(&block, last_end);
        }
    }

    fn close(&mut self, bytes: Bytes, next: Option<&Event<'_>>) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        let closes_outer = self.at_margin(bytes.0)
            && self.stack.iter().any(|block| block.at_margin)
            && !matches!(next, Some(Event::Close(next)) if self.at_margin(next.0));
        while closes_outer && self.stack.last().is_some_and(|block| !block.at_margin) {
            if let Some(block) = self.stack.pop() {
                self.report_unclosed(&block, bytes.0, "this `}` at the left margin closes the outer block");
                self.end_block(&block, bytes.0);
            }
        }
        match self.stack.pop() {
            Some(block) => self.end_block(&block, bytes.1),
            None if self.swallowed.open > 0 => {
                self.is_mended = true;
                self.swallowed.open -= 1;
            }
            None => {
                self.is_mended = true;
                let span = self.span(bytes);
                self.report(Problem::error(SYNTAX, span, "this `}` closes nothing").fix("remove it", span, ""));
            }
        }
    }

    /// A statement at the left margin that opens a block closes every block left open, unless people wrote it flush and it all adds up.
    fn close_what_was_left_open(&mut self, start: u32, last_end: u32, balanced: bool) {
        let left_open =
            self.too_deep > 0 || self.stack.iter().any(|block| block.indented == Some(true)) || (!balanced && !self.stack.is_empty());
        if !left_open {
            return;
        }
        self.too_deep = 0;
        while let Some(block) = self.stack.pop() {
            self.report_unclosed(&block, start, "we read the block as ending before this statement");
            self.end_block(&block, last_end);
        }
    }

    fn report_unclosed(&mut self, block: &Block, end: u32, why: &str) {
        self.is_mended = true;
        if self.swallowed.close > 0 {
            self.swallowed.close -= 1;
            return;
        }
        let closing = match self.text.get(end as usize..).and_then(|rest| rest.chars().next()) {
            Some('}') => "} ",
            Some(_) => "}\n",
            None => "\n}\n",
        };
        let at = self.span((end, end));
        self.report(Problem::error(SYNTAX, self.span(block.open), "this block is not closed").also(at, why).help("close it with `}`").fix(
            "close the block",
            at,
            closing,
        ));
    }

    fn end_block(&mut self, block: &Block, end: u32) {
        let next = self.tree.nodes.len() as u32;
        let span = self.span((block.open.0, end.max(block.open.1)));
        if let Some(node) = self.tree.nodes.get_mut(block.node) {
            node.block = Some(span);
            node.next = next;
        }
    }

    /// What is absent from the block that is open here may have stood in what could not be read.
    fn fence(&mut self) {
        match self.stack.last().and_then(|block| self.tree.nodes.get_mut(block.node)) {
            Some(node) => node.fenced = true,
            None => self.tree.fenced = true,
        }
    }

    /// The statement whose block is open here.
    fn outer(&self) -> Option<u32> {
        self.stack.last().map(|block| block.node as u32)
    }

    fn broken(&mut self, span: Span) -> usize {
        self.fence();
        let at = self.tree.nodes.len();
        let (cells, clauses) = (self.tree.cells.len() as u32, self.tree.clauses.len() as u32);
        self.tree.nodes.push(Node {
            head: span,
            span,
            cells: cells..cells,
            clauses: clauses..clauses,
            block: None,
            next: at as u32 + 1,
            outer: self.outer(),
            broken: true,
            fenced: false,
        });
        at
    }

    fn statement(&mut self, items: &[(Shape, Bytes)]) -> usize {
        let (Some(&first), Some(&last)) = (items.first(), items.last()) else { return self.tree.nodes.len() };
        let whole = self.span((first.1.0, last.1.1));
        let Some(head) = self.head(first) else { return self.broken(whole) };
        let cells_from = self.tree.cells.len() as u32;
        let clauses_from = self.tree.clauses.len() as u32;
        let mut broken = false;
        let mut cells_end: Option<u32> = None;
        let mut after_comma: Option<Bytes> = None;
        let mut after_head = true;
        let mut at = 1;
        let mut previous_end = first.1.1;
        while let Some(&(shape, bytes)) = items.get(at) {
            let word = self.words(bytes);
            match shape {
                Shape::Comma => {
                    if after_head || after_comma.is_some() {
                        self.report(Problem::error(SYNTAX, self.span(bytes), "there is nothing before this comma").fix(
                            "remove the comma",
                            self.span(bytes),
                            "",
                        ));
                    } else {
                        after_comma = Some(bytes);
                    }
                    at += 1;
                    previous_end = bytes.1;
                    continue;
                }
                Shape::Word if Clause::from_word(word).is_some() => {
                    let Some(clause) = Clause::from_word(word) else { continue };
                    self.dangling(after_comma.take());
                    let here = self.tree.cells.len() as u32;
                    cells_end.get_or_insert(here);
                    self.tree.clauses.push(ClauseNode { word: clause, span: self.span(bytes), cells: here..here });
                    at += 1;
                    after_head = true;
                    previous_end = bytes.1;
                    continue;
                }
                _ => {}
            }
            let after_any_comma = self.text.get(..bytes.0 as usize).is_some_and(|before| before.ends_with(','));
            if bytes.0 == previous_end && !after_any_comma {
                let between = self.span((bytes.0, bytes.0));
                self.report(Problem::error(SYNTAX, self.span(bytes), "a space is missing before this").fix(
                    "put a space between",
                    between,
                    " ",
                ));
            }
            let (element, next) = self.element(items, at, &mut broken);
            previous_end = items.get(next.saturating_sub(1)).map_or(previous_end, |(_, bytes)| bytes.1);
            at = next.max(at + 1);
            let Some(element) = element else { continue };
            let count = self.tree.elements.len() as u32;
            self.tree.elements.push(element);
            match self.tree.cells.last_mut() {
                Some(cell) if after_comma.is_some() => cell.elements.end = count + 1,
                _ => self.tree.cells.push(CellNode { elements: count..count + 1 }),
            }
            after_comma = None;
            after_head = false;
        }
        self.dangling(after_comma);
        let cells_to = cells_end.unwrap_or(self.tree.cells.len() as u32);
        self.end_clauses(clauses_from, &mut broken);
        if broken {
            self.fence();
        }
        let node = self.tree.nodes.len();
        let clauses_to = self.tree.clauses.len() as u32;
        self.tree.nodes.push(Node {
            head,
            span: whole,
            cells: cells_from..cells_to,
            clauses: clauses_from..clauses_to,
            block: None,
            next: node as u32 + 1,
            outer: self.outer(),
            broken,
            fenced: false,
        });
        node
    }

    /// The first word of a statement; `None`, reported, where it is none.
    fn head(&mut self, (shape, bytes): (Shape, Bytes)) -> Option<Span> {
        let word = self.words(bytes);
        let span = self.span(bytes);
        if shape == Shape::Word {
            if literal::is_name(word) {
                return Some(span);
            }
            match literal::classify(word) {
                Err(fault) => {
                    let named = fault.instead.as_deref().is_some_and(|name| !name.is_empty() && word.strip_suffix(':') == Some(name));
                    self.fault(span, fault);
                    return named.then(|| self.span((bytes.0, bytes.1 - 1)));
                }
                Ok(_) => {
                    self.report(
                        Problem::error(SYNTAX, span, format!("a statement cannot begin with `{word}`"))
                            .help("begin with a word, such as `organisation` or `level`; all the values of a row stand on one line"),
                    );
                    return None;
                }
            }
        }
        let what = match shape {
            Shape::Comma => "a comma",
            Shape::Tilde => "`~`",
            _ => "text",
        };
        self.report(
            Problem::error(SYNTAX, span, format!("a statement cannot begin with {what}"))
                .help("it begins with a word, such as `organisation` or `level`"),
        );
        None
    }

    fn dangling(&mut self, comma: Option<Bytes>) {
        if let Some(bytes) = comma {
            let span = self.span(bytes);
            self.report(Problem::error(SYNTAX, span, "the list ends with a comma").help("name what follows, or remove the comma").fix(
                "remove the comma",
                span,
                "",
            ));
        }
    }

    /// Each clause ends where the next begins; one that holds nothing is reported.
    fn end_clauses(&mut self, from: u32, broken: &mut bool) {
        let mut end = self.tree.cells.len() as u32;
        for at in (from as usize..self.tree.clauses.len()).rev() {
            let Some(clause) = self.tree.clauses.get_mut(at) else { continue };
            clause.cells.end = std::mem::replace(&mut end, clause.cells.start);
            let end = clause.cells.end;
            if clause.cells.start == end {
                let (span, word) = (clause.span, clause.word.word());
                *broken = true;
                self.report(
                    Problem::error(SYNTAX, span, format!("`{word}` is followed by nothing"))
                        .help(format!("write a value after `{word}`, or put a name that is itself `{word}` in quotes")),
                );
            }
        }
    }

    fn fault(&mut self, span: Span, fault: literal::Fault) {
        let mut problem = Problem::error(SYNTAX, span, fault.message);
        problem.help = fault.help;
        if let Some(instead) = fault.instead {
            let title = if instead.is_empty() { "remove it".to_owned() } else { format!("write `{instead}`") };
            problem = problem.fix(title, span, instead);
        }
        self.report(problem);
    }

    fn report(&mut self, problem: Problem) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(problem);
        } else {
            self.dropped += 1;
        }
    }

    fn finish(mut self) -> (Tree, Vec<Problem>) {
        self.problems.sort_by_key(|problem| problem.span.start);
        if self.dropped > 0 {
            let span = self.problems.last().map_or(Span::new(self.file, 0..0), |problem| problem.span);
            self.problems.push(
                Problem::error(SYNTAX, span.after(), format!("{} more faults of form follow in this file", self.dropped))
                    .help("put these right first; the file may not be a plan at all"),
            );
        }
        (self.tree, self.problems)
    }

    fn words(&self, (start, end): Bytes) -> &'s str {
        self.text.get(start as usize..end as usize).unwrap_or("")
    }

    fn span(&self, (start, end): Bytes) -> Span {
        Span { file: self.file, start, end }
    }

    fn at_margin(&self, start: u32) -> bool {
        match self.text.get(..start as usize) {
            Some(before) => before.is_empty() || before.ends_with(['\n', '\r', '\u{FEFF}']),
            None => false,
        }
    }
}

/// Statements and braces, in order. Each statement is the run of items after its `Statement` mark.
fn events(tokens: &[(Shape, Bytes)]) -> Vec<Event<'_>> {
    let mut events = Vec::with_capacity(tokens.len() / 3);
    let mut at = 0;
    while let Some((shape, bytes)) = tokens.get(at) {
        at += 1;
        match shape {
            Shape::Open => events.push(Event::Open(*bytes)),
            Shape::Close => events.push(Event::Close(*bytes)),
            Shape::Stray => events.push(Event::Stray(*bytes)),
            Shape::Statement => {
                let rest = tokens.get(at..).unwrap_or(&[]);
                let count = rest
                    .iter()
                    .position(|(shape, _)| matches!(shape, Shape::Statement | Shape::Open | Shape::Close | Shape::Stray))
                    .unwrap_or(rest.len());
                events.push(Event::Statement(rest.get(..count).unwrap_or(&[])));
                at += count;
            }
            _ => {}
        }
    }
    events
}

/// Whether the braces, taken as they stand, all pair up.
fn is_balanced(events: &[Event<'_>]) -> bool {
    let mut depth = 0_i64;
    for event in events {
        match event {
            Event::Open(_) => depth += 1,
            Event::Close(_) => depth -= 1,
            Event::Statement(_) | Event::Stray(_) => {}
        }
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}
