//! What the core answers about a file, in the protocol's words: one function for each question.

use remit_core::source::Span;
use tower_lsp::ls_types::{FoldingRange, FoldingRangeKind};

use crate::snapshot::Here;

/// Blocks that can be folded away.
pub(crate) fn folding_ranges(here: &Here) -> Option<Vec<FoldingRange>> {
    let (_, tree) = here.snapshot.opened().trees.iter().find(|(file, _)| *file == here.file)?;
    let fold = |block: Span| {
        let range = here.snapshot.range(block);
        // The line of the closing brace stays in sight.
        let end_line = range.end.line.checked_sub(1).filter(|end| *end > range.start.line)?;
        Some(FoldingRange {
            start_line: range.start.line,
            end_line,
            kind: Some(FoldingRangeKind::Region),
            start_character: None,
            end_character: None,
            collapsed_text: None,
        })
    };
    Some(tree.all().filter_map(|statement| fold(statement.block()?)).collect())
}
