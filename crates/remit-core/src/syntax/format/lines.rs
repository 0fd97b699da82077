//! Entries become lines: blocks that fit on one, lists that do not, and the comments at the ends of lines.

use crate::syntax::format::entries::{Entry, Part, Statement, Words};
use crate::syntax::format::{INDENT, WIDTH};

/// A list further to the right than this goes on below its statement instead of below its first element.
const RIGHTMOST_LIST: usize = 60;

/// Puts every block that was written on one line, and fits there, on the line of its statement.
pub(super) fn fold(entries: Vec<Entry<'_>>) -> Vec<Entry<'_>> {
    let mut folded = Vec::with_capacity(entries.len());
    let mut entries = entries.into_iter();
    let mut depth: usize = 0;
    loop {
        if let Some((line, comment, others)) = on_one_line(entries.as_slice(), depth) {
            folded.push(Entry::Folded(line, comment));
            entries.nth(others);
            continue;
        }
        let Some(entry) = entries.next() else { return folded };
        match &entry {
            Entry::Statement(Statement { opens: true, .. }) => depth += 1,
            Entry::Close(_) => depth = depth.saturating_sub(1),
            _ => {}
        }
        folded.push(entry);
    }
}

/// The first entry with its block, the comment after it, and how many other entries they take.
fn on_one_line<'s>(entries: &[Entry<'s>], depth: usize) -> Option<(String, &'s str, usize)> {
    let Some(Entry::Statement(first @ Statement { opens: true, one_line: true, .. })) = entries.first() else { return None };
    let mut line = String::new();
    let mut most = 0;
    let mut open = 0_usize;
    let mut is_first = true;
    for (at, entry) in entries.iter().enumerate() {
        match entry {
            Entry::Statement(statement) => {
                line.push_str(match (at, is_first) {
                    (0, _) => "",
                    (_, true) => " ",
                    _ => "; ",
                });
                push_words(&mut line, statement)?;
                is_first = statement.opens;
                if statement.opens {
                    line.push_str(" {");
                    open += 1;
                }
            }
            Entry::Close(comment) => {
                line.push_str(if is_first { "}" } else { " }" });
                is_first = false;
                open = open.saturating_sub(1);
                if open == 0 {
                    let comment = match (first.comment, *comment) {
                        (comment, "") | ("", comment) => comment,
                        _ => return None,
                    };
                    let last = line.rsplit('\n').next().unwrap_or("");
                    let width = last.chars().count() + if last.len() == line.len() { depth * INDENT } else { 0 };
                    return (width <= WIDTH).then_some((line, comment, at));
                }
            }
            _ => return None,
        }
        // A character has at most four bytes: beyond this, the block does not fit, and looking on would take time for nothing.
        if at == 0 {
            most = line.len() + 4 * WIDTH;
        } else if line.len() > most {
            return None;
        }
    }
    None
}

/// The words of a statement on one line; `None` where there are comments between them.
fn push_words(line: &mut String, statement: &Statement<'_>) -> Option<()> {
    match &statement.words {
        Words::Kept(kept) => match kept.as_slice() {
            [only] => line.push_str(only),
            _ => return None,
        },
        Words::Parts(parts) => {
            for part in parts {
                if !part.comment_before.is_empty() || !part.comments_above.is_empty() {
                    return None;
                }
                push_blanks(line, part.gap);
                push_part(line, part);
            }
        }
    }
    Some(())
}

struct Line<'s> {
    depth: usize,
    text: String,
    comment: &'s str,
}

impl Line<'_> {
    /// Whether its comment may stand in one column with others.
    fn has_column(&self) -> bool {
        !self.comment.is_empty() && !self.text.contains('\n')
    }
}

/// The whole text.
pub(super) fn text(entries: &[Entry<'_>]) -> String {
    let lines = lines(entries);
    let mut text = String::with_capacity(lines.iter().map(|line| line.text.len() + line.comment.len() + 3).sum());
    for run in lines.chunk_by(|one, next| one.has_column() && next.has_column() && one.depth == next.depth) {
        let widest = run.iter().filter(|line| line.has_column()).map(|line| line.text.chars().count()).max().unwrap_or(0);
        for line in run {
            text.push_str(&line.text);
            if !line.comment.is_empty() {
                let more = if line.has_column() && widest + 2 <= WIDTH { widest - line.text.chars().count() } else { 0 };
                push_blanks(&mut text, more + 2);
                text.push_str(line.comment);
            }
            text.push('\n');
        }
    }
    text
}

fn lines<'s>(entries: &[Entry<'s>]) -> Vec<Line<'s>> {
    let mut lines = Vec::with_capacity(entries.len());
    let mut depth: usize = 0;
    let mut after_open = false;
    for entry in entries {
        let opened = std::mem::replace(&mut after_open, false);
        match entry {
            // A blank line that stood between a statement and its `{`.
            Entry::Blank if opened => after_open = true,
            Entry::Blank => lines.push(Line { depth, text: String::new(), comment: "" }),
            Entry::Comment(words) => lines.push(line(depth, words)),
            Entry::Folded(words, comment) => lines.push(Line { comment, ..line(depth, words) }),
            Entry::Close(comment) => {
                depth = depth.saturating_sub(1);
                match lines.last_mut() {
                    Some(last) if opened && last.comment.is_empty() => {
                        last.text.push('}');
                        last.comment = comment;
                    }
                    _ => lines.push(Line { comment, ..line(depth, "}") }),
                }
            }
            Entry::Statement(statement) => {
                match &statement.words {
                    Words::Kept(kept) => push_kept(&mut lines, kept, depth),
                    Words::Parts(parts) => push_parts(&mut lines, parts, statement.spread, depth),
                }
                if statement.opens && statement.left_open {
                    lines.push(line(depth, "{"));
                }
                let Some(last) = lines.last_mut() else { continue };
                last.comment = statement.comment;
                if statement.opens && !statement.left_open {
                    last.text.push_str(" {");
                } else if statement.needs_semicolon {
                    last.text.push(';');
                }
                depth += usize::from(statement.opens);
                after_open = statement.opens;
            }
        }
    }
    lines
}

fn push_kept<'s>(lines: &mut Vec<Line<'s>>, kept: &[String], depth: usize) {
    for (nth, words) in kept.iter().enumerate() {
        let indent = if nth == 0 { depth * INDENT } else { (depth + 2) * INDENT };
        lines.push(Line { depth, text: format!("{:indent$}{words}", ""), comment: "" });
    }
}

fn push_parts<'s>(lines: &mut Vec<Line<'s>>, parts: &[Part<'s>], spread: bool, depth: usize) {
    let mut current = line(depth, "");
    let mut column = depth * INDENT;
    let mut list = column;
    for part in parts {
        if spread && part.may_wrap {
            let blanks = " ".repeat(list);
            let next = Line { depth, text: blanks.clone(), comment: "" };
            lines.push(Line { comment: part.comment_before, ..std::mem::replace(&mut current, next) });
            lines.extend(part.comments_above.iter().map(|words| Line { depth, text: format!("{blanks}{words}"), comment: "" }));
            column = list;
        } else {
            push_blanks(&mut current.text, part.gap);
            column += part.gap;
        }
        if !part.joined {
            list = if column > RIGHTMOST_LIST { (depth + 2) * INDENT } else { column };
        }
        push_part(&mut current.text, part);
        column = match part.text.rsplit_once(['\n', '\r']) {
            Some((_, last)) => last.chars().count() + usize::from(part.comma),
            None => column + part.width,
        };
    }
    lines.push(current);
}

fn line<'s>(depth: usize, words: &str) -> Line<'s> {
    let indent = depth * INDENT;
    Line { depth, text: format!("{:indent$}{words}", ""), comment: "" }
}

fn push_part(line: &mut String, part: &Part<'_>) {
    line.push_str(&part.text);
    if part.comma {
        line.push(',');
    }
}

fn push_blanks(line: &mut String, count: usize) {
    line.extend(std::iter::repeat_n(' ', count));
}
