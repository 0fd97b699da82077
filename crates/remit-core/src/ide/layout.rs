//! Formatting as an editor asks for it: the changes that `remit fmt` would make, of a file, of some lines, or around what is typed.

use crate::ide::View;
use crate::problem::Edit;
use crate::source::{FileId, Span};
use crate::syntax::format::format;

/// How many lines are looked through for the next that both texts have.
const FAR: usize = 40;

/// The changes that lay out a file.
pub fn whole(view: View<'_>, file: FileId) -> Vec<Edit> {
    let text = view.text(file);
    changes(Span::new(file, 0..text.len()), text)
}

/// The changes that lay out the statements within a span, each whole.
pub fn range(view: View<'_>, within: Span) -> Vec<Edit> {
    let Some(tree) = view.tree(within.file) else { return Vec::new() };
    let touched = tree.statements().map(|statement| statement.whole()).filter(|whole| whole.start < within.end && within.start < whole.end);
    let grown = touched.fold(within, Span::to);
    let mut edits = whole(view, within.file);
    edits.retain(|edit| edit.span.start < grown.end && grown.start < edit.span.end);
    edits
}

/// The changes that line up the statement around what was typed; the line with the cursor stays as it is.
pub fn as_typed(view: View<'_>, file: FileId, byte: u32) -> Vec<Edit> {
    let byte = view.boundary(file, byte);
    let text = view.text(file);
    let line_start = text.get(..byte as usize).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let line_end = text.get(byte as usize..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| byte as usize + length);
    // What was typed on the line before, or here, belongs to the statement at top level that begins there or above.
    let Some(mut statement) = view.tree(file).and_then(|tree| tree.before(byte.saturating_sub(1))) else { return Vec::new() };
    while let Some(outer) = statement.outer() {
        statement = outer;
    }
    let whole = statement.whole();
    let start = text.get(..whole.start as usize).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
    let end = text.get(whole.end as usize..).and_then(|rest| rest.find('\n')).map_or(text.len(), |length| whole.end as usize + length + 1);
    let mut edits = changes(Span::new(file, start..end), text.get(start..end).unwrap_or(""));
    // A line that is still empty, or still being typed, is nobody's to change.
    let (line_start, line_end) = (line_start as u32, line_end as u32);
    edits.retain(|edit| edit.span.end <= line_start || edit.span.start > line_end);
    edits
}

/// The changes, line by line, between a text and its layout.
fn changes(place: Span, text: &str) -> Vec<Edit> {
    let laid_out = format(text);
    if laid_out == text {
        return Vec::new();
    }
    let old: Vec<&str> = text.split_inclusive('\n').collect();
    let new: Vec<&str> = laid_out.split_inclusive('\n').collect();
    let mut edits: Vec<Edit> = Vec::new();
    let (mut at, mut other) = (0, 0);
    let mut byte = place.start;
    while at < old.len() || other < new.len() {
        let (skipped, added) = next_alike(old.get(at..).unwrap_or(&[]), new.get(other..).unwrap_or(&[]));
        let gone: u32 = old.iter().skip(at).take(skipped).map(|line| line.len() as u32).sum();
        let come: String = new.iter().skip(other).take(added).copied().collect();
        push(&mut edits, Span { start: byte, end: byte + gone, ..place }, &come);
        byte += gone;
        at += skipped;
        other += added;
        let (Some(one), Some(two)) = (old.get(at), new.get(other)) else { continue };
        if one != two {
            push(&mut edits, Span { start: byte, end: byte + one.len() as u32, ..place }, two);
        }
        byte += one.len() as u32;
        at += 1;
        other += 1;
    }
    edits
}

fn push(edits: &mut Vec<Edit>, span: Span, text: &str) {
    if span.start == span.end && text.is_empty() {
        return;
    }
    edits.push(Edit { span, text: text.to_owned() });
}

/// How many lines to pass over in each until a line says the same, blanks apart.
fn next_alike(old: &[&str], new: &[&str]) -> (usize, usize) {
    let squeezed = |line: &str| line.chars().filter(|letter| !letter.is_whitespace()).collect::<String>();
    let new_lines: Vec<String> = new.iter().take(FAR).map(|line| squeezed(line)).collect();
    let mut best: Option<(usize, usize)> = None;
    for (skipped, line) in old.iter().take(FAR).enumerate() {
        if best.is_some_and(|(a, b)| skipped >= a + b) {
            break;
        }
        let line = squeezed(line);
        if let Some(added) = new_lines.iter().position(|known| *known == line)
            && best.is_none_or(|(a, b)| skipped + added < a + b)
        {
            best = Some((skipped, added));
        }
        if best == Some((0, 0)) {
            break;
        }
    }
    best.unwrap_or((old.len(), new.len()))
}
