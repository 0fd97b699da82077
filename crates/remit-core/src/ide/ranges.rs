//! What can be folded away, and how a selection grows: word, value, statement, block, file.

use crate::ide::View;
use crate::ide::parts::{Around, Is};
use crate::source::{FileId, Span};
use crate::syntax::literal;
use crate::syntax::tree::Statement;

/// Something that can be folded away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fold {
    /// From the first byte that stays to the last that goes.
    pub span: Span,
    /// What it is.
    pub sort: Sort,
}

/// What can be folded away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// A block.
    Block,
    /// Lines of comment.
    Comment,
    /// A text of several lines.
    Text,
}

/// Everything in a file that can be folded away, in order.
pub fn folds(view: View<'_>, file: FileId) -> Vec<Fold> {
    let Some(tree) = view.tree(file) else { return Vec::new() };
    let mut folds = Vec::new();
    let mut parts = Vec::new();
    for statement in tree.all() {
        if let Some(block) = statement.block().filter(|block| view.words(*block).contains('\n')) {
            let closed = view.words(block).ends_with('}');
            let end = if closed { block.end - 1 } else { block.end };
            folds.push(Fold { span: Span { start: statement.head().start, end, ..block }, sort: Sort::Block });
        }
        if view.words(statement.span()).contains('\n') {
            parts.clear();
            view.parts(Around { statement, within: view.within(statement) }, &mut parts);
            let texts = parts.iter().filter(|part| matches!(part.is, Is::Value(..) | Is::Title) && view.words(part.span).contains('\n'));
            folds.extend(texts.map(|part| Fold { span: part.span, sort: Sort::Text }));
        }
    }
    folds.extend(comments(view, file));
    folds.sort_by_key(|fold| (fold.span.start, fold.span.end));
    folds
}

/// Runs of at least two lines that are comments.
fn comments(view: View<'_>, file: FileId) -> Vec<Fold> {
    let mut folds = Vec::new();
    // Where the run begins and ends, and of how many lines it is.
    let mut run: Option<(usize, usize, usize)> = None;
    let mut at = 0;
    let text = view.text(file);
    let mut done = |run: Option<(usize, usize, usize)>| {
        if let Some((start, end, _)) = run.filter(|(_, _, lines)| *lines > 1) {
            folds.push(Fold { span: Span::new(file, start..end), sort: Sort::Comment });
        }
    };
    for line in text.split_inclusive('\n') {
        let words = line.trim_end();
        if words.trim_start().starts_with('#') {
            run = Some(run.map_or((at, at + words.len(), 1), |(start, _, lines)| (start, at + words.len(), lines + 1)));
        } else {
            done(run.take());
        }
        at += line.len();
    }
    done(run);
    folds
}

/// How a selection grows from a byte: each span holds the one before.
pub fn selections(view: View<'_>, file: FileId, byte: u32) -> Vec<Span> {
    let text = view.text(file);
    let byte = view.boundary(file, byte);
    let mut spans: Vec<Span> = Vec::new();
    if let Some((around, part)) = view.part_at(file, byte) {
        let words = view.words(part.span);
        let inside = literal::inside(words);
        if !inside.is_empty() && inside.len() < words.len() {
            spans.push(Span { start: part.span.start + inside.start as u32, end: part.span.start + inside.end as u32, ..part.span });
        }
        spans.push(part.span);
        let list = around.statement.cells().chain(around.statement.clauses().flat_map(|clause| clause.cells()));
        spans.extend(list.filter_map(|cell| cell.span()).find(|cell| cell.contains(part.span)));
        spans.push(around.statement.span());
    }
    let mut next = view.tree(file).and_then(|tree| tree.before(byte));
    while let Some(statement) = next {
        grow(view, statement, byte, &mut spans);
        next = statement.outer();
    }
    spans.push(Span::new(file, 0..text.len()));
    spans.retain(|span| span.start <= byte && byte <= span.end);
    let mut grown: Vec<Span> = Vec::new();
    for span in spans {
        if grown.last().is_none_or(|last| *last != span && span.contains(*last)) {
            grown.push(span);
        }
    }
    grown
}

fn grow(view: View<'_>, statement: Statement<'_>, byte: u32, spans: &mut Vec<Span>) {
    let Some(block) = statement.block() else {
        spans.push(statement.whole());
        return;
    };
    if block.start < byte && byte < block.end {
        let inside = view.words(block).trim_start_matches('{').trim_end_matches('}');
        let start = block.start + 1 + (inside.len() - inside.trim_start().len()) as u32;
        spans.push(Span { start, end: start + inside.trim().len() as u32, ..block });
    }
    spans.push(statement.whole());
}
