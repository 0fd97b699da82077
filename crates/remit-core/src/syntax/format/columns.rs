//! What stands in one column with the lines above and below: first values, clauses and the cells of tables.

use crate::syntax::format::entries::{Entry, Kind, Part, Statement, Words};
use crate::syntax::format::{INDENT, WIDTH};

// INVARIANT: no column is wider than a constant, so the blanks of a layout stay in proportion to its lines.

/// A longer head does not push the values of its neighbours.
const WIDEST_HEAD: usize = 24;
/// A longer cell does not push the next column of its table.
const WIDEST_CELL: usize = 32;

/// Puts blanks before the parts of every statement, and says whose lists go on over several lines.
pub(super) fn line_up(entries: &mut [Entry<'_>]) {
    let mut depth: usize = 0;
    let mut group = Vec::new();
    for entry in entries {
        match entry {
            Entry::Comment(_) => {}
            Entry::Statement(statement) => {
                if !statement.opens {
                    group.push(statement);
                    continue;
                }
                line_up_group(std::mem::take(&mut group), depth);
                statement.spread = is_to_spread(statement, depth, " {".len());
                depth += 1;
            }
            Entry::Close(_) => {
                line_up_group(std::mem::take(&mut group), depth);
                depth = depth.saturating_sub(1);
            }
            Entry::Blank | Entry::Folded(..) => line_up_group(std::mem::take(&mut group), depth),
        }
    }
    line_up_group(group, depth);
}

/// Statements with no blank line and no block between them. One with a fault stays as it is and does not part its neighbours.
fn line_up_group(group: Vec<&mut Statement<'_>>, depth: usize) {
    let mut rows: Vec<_> = group.into_iter().filter(|statement| matches!(statement.words, Words::Parts(_))).collect();
    // At top level, one statement or several with one head have nothing to line up with: `system QHM in …`.
    let stands_alone = depth == 0 && rows.windows(2).all(|pair| matches!(pair, [one, next] if head(one) == head(next)));
    if !stands_alone {
        line_up_first_values(&mut rows);
    }
    for row in &mut rows {
        row.spread = is_to_spread(row, depth, 0);
    }
    for same in rows.chunk_by_mut(|one, next| head(one) == head(next)) {
        line_up_clauses(same, depth);
    }
    for table in rows.chunk_by_mut(|one, next| is_row(one) && is_row(next)) {
        // Figures stand apart even in a table of one row, which then stays where it is when the next is written.
        let is_table = table.len() > 1 || (!stands_alone && table.iter().all(|row| is_row(row) && holds_figures(row)));
        if is_table {
            line_up_cells(table);
        }
    }
}

fn line_up_first_values(rows: &mut [&mut Statement<'_>]) {
    let width = |row: &Statement<'_>| match parts(row) {
        [head, _, ..] if head.width <= WIDEST_HEAD => Some(head.width),
        _ => None,
    };
    let widest = rows.iter().filter_map(|row| width(row)).max().unwrap_or(0);
    for row in rows {
        let gap = widest.saturating_sub(width(row).unwrap_or(widest)) + 2;
        if let Some(value) = parts_mut(row).get_mut(1) {
            value.gap = gap;
        }
    }
}

/// The first clause of statements with one head, and the value after its word; unless that makes a line too long.
fn line_up_clauses(rows: &mut [&mut Statement<'_>], depth: usize) {
    let first = |row: &Statement<'_>| {
        let at = parts(row).iter().position(|part| part.kind == Kind::Clause).filter(|_| is_plain(row))?;
        let width = width(row, depth);
        let before: usize = parts(row).iter().take(at).map(|part| part.gap + part.width).sum();
        let clause = parts(row).get(at).filter(|_| width <= WIDTH)?;
        Some((at, before + clause.gap, clause.width, width))
    };
    let column = rows.iter().filter_map(|row| first(row)).map(|(_, start, ..)| start).max().unwrap_or(0);
    let word = rows.iter().filter_map(|row| first(row)).map(|(_, _, word, _)| word).max().unwrap_or(0);
    let more = |(_, start, own, _): (usize, usize, usize, usize)| (column - start, word - own);
    if rows.iter().filter_map(|row| first(row)).any(|clause| clause.3 + more(clause).0 + more(clause).1 > WIDTH) {
        return;
    }
    for row in rows {
        let Some(clause) = first(row) else { continue };
        let (before, after) = more(clause);
        let mut from_clause = parts_mut(row).iter_mut().skip(clause.0);
        if let Some(word) = from_clause.next() {
            word.gap += before;
        }
        if let Some(value) = from_clause.next() {
            value.gap += after;
        }
    }
}

/// Whether a statement may be a row: three cells or more, or two figures, and no clause.
fn is_row(statement: &Statement<'_>) -> bool {
    let values = parts(statement).get(1..).unwrap_or(&[]);
    let cells = values.iter().filter(|part| !part.joined).count();
    is_plain(statement) && values.iter().all(|part| part.kind != Kind::Clause) && (cells > 2 || cells == 2 && holds_figures(statement))
}

/// Whether every value of a statement is a figure, or is not given.
fn holds_figures(statement: &Statement<'_>) -> bool {
    parts(statement).iter().skip(1).all(|part| part.kind == Kind::Figure || part.text == "-")
}

fn line_up_cells(rows: &mut [&mut Statement<'_>]) {
    // Each column's width, and whether there is a figure in it, which puts names to the right too.
    let mut columns: Vec<(usize, bool)> = Vec::new();
    for row in rows.iter() {
        for (nth, cell) in cells(parts(row)).enumerate() {
            if nth == columns.len() {
                columns.push((0, false));
            }
            let (Some((width, figures)), Some(first)) = (columns.get_mut(nth), cell.first()) else { continue };
            *width = (*width).max(Some(cell_width(cell)).filter(|width| *width <= WIDEST_CELL).unwrap_or(0));
            *figures |= first.kind == Kind::Figure;
        }
    }
    for row in rows {
        let mut columns = columns.iter();
        let mut before = None;
        for cell in parts_mut(row).get_mut(1..).unwrap_or(&mut []).chunk_by_mut(|_, next| next.joined) {
            let (width, figures) = columns.next().copied().unwrap_or((0, false));
            let room = width.saturating_sub(cell_width(cell));
            let Some(first) = cell.first_mut() else { continue };
            let (left, right) = if figures && first.kind != Kind::Text { (room, 0) } else { (0, room) };
            first.gap = before.unwrap_or(first.gap) + left;
            before = Some(right + 2);
        }
    }
}

fn cells<'p, 's>(parts: &'p [Part<'s>]) -> impl Iterator<Item = &'p [Part<'s>]> {
    parts.get(1..).unwrap_or(&[]).chunk_by(|_, next| next.joined)
}

fn cell_width(cell: &[Part<'_>]) -> usize {
    cell.iter().map(|part| part.width).sum::<usize>() + cell.iter().skip(1).map(|part| part.gap).sum::<usize>()
}

fn is_to_spread(statement: &Statement<'_>, depth: usize, more: usize) -> bool {
    let parts = parts(statement);
    let commented = parts.iter().any(|part| !part.comment_before.is_empty() || !part.comments_above.is_empty());
    let too_long = width(statement, depth) + more > WIDTH && !has_line_ends(parts);
    (commented || too_long) && parts.iter().any(|part| part.may_wrap)
}

/// Whether a statement stands on one line.
fn is_plain(statement: &Statement<'_>) -> bool {
    !statement.spread && !has_line_ends(parts(statement))
}

fn has_line_ends(parts: &[Part<'_>]) -> bool {
    parts.iter().any(|part| part.text.contains(['\n', '\r']))
}

fn width(statement: &Statement<'_>, depth: usize) -> usize {
    depth * INDENT + parts(statement).iter().map(|part| part.gap + part.width).sum::<usize>()
}

fn head<'p>(statement: &'p Statement<'_>) -> &'p str {
    parts(statement).first().map_or("", |part| &part.text)
}

fn parts<'p, 's>(statement: &'p Statement<'s>) -> &'p [Part<'s>] {
    match &statement.words {
        Words::Parts(parts) => parts,
        Words::Kept(_) => &[],
    }
}

fn parts_mut<'p, 's>(statement: &'p mut Statement<'s>) -> &'p mut [Part<'s>] {
    match &mut statement.words {
        Words::Parts(parts) => parts,
        Words::Kept(_) => &mut [],
    }
}
