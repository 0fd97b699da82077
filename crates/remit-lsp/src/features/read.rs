//! What helps people read a plan: hover, hints, lenses, links, folds, and how a selection grows.

use remit_core::ide::{hints, hover, lens, links, ranges};
use serde_json::json;
use tower_lsp::ls_types as lsp;

use crate::features::markdown;
use crate::snapshot::Here;

/// What there is to read about a word.
pub(crate) fn hover(here: &Here, position: lsp::Position) -> Option<lsp::Hover> {
    if let Some(pack) = here.pack() {
        return pack.hover(position);
    }
    let found = hover::hover(here.view(), here.file, here.offset(position))?;
    Some(lsp::Hover { range: Some(here.snapshot.range(found.span)), contents: lsp::HoverContents::Markup(markdown(found.text)) })
}

/// The hints between two places.
pub(crate) fn inlay_hints(here: &Here, range: lsp::Range) -> Option<Vec<lsp::InlayHint>> {
    let within = here.snapshot.span(here.file, range);
    let hint = |hint: hints::Hint| {
        let place = remit_core::source::Span { start: hint.at, end: hint.at, ..within };
        lsp::InlayHint {
            position: here.snapshot.range(place).start,
            label: lsp::InlayHintLabel::String(hint.label),
            kind: (hint.sort == hints::Sort::Name).then_some(lsp::InlayHintKind::TYPE),
            text_edits: None,
            tooltip: Some(lsp::InlayHintTooltip::MarkupContent(markdown(hint.tooltip))),
            padding_left: Some(true),
            padding_right: None,
            data: None,
        }
    };
    Some(hints::hints(here.view(), within).into_iter().map(hint).collect())
}

/// The lenses of a file.
pub(crate) fn code_lenses(here: &Here) -> Option<Vec<lsp::CodeLens>> {
    let uri = here.snapshot.uri(here.file)?;
    let lens = |lens: lens::Lens| {
        let range = here.snapshot.range(lens.span);
        let (command, arguments) = match &lens.opens {
            lens::Opens::Nothing => (String::new(), None),
            lens::Opens::Findings => ("remit.showFindings".to_owned(), None),
            lens::Opens::Readiness => ("remit.showReadiness".to_owned(), None),
            lens::Opens::Places(places) => {
                let places: Vec<lsp::Location> = places.iter().filter_map(|place| here.snapshot.location(*place)).collect();
                ("remit.showPlaces".to_owned(), Some(vec![json!(uri), json!(range.start), json!(places)]))
            }
        };
        lsp::CodeLens { range, command: Some(lsp::Command { title: lens.title, command, arguments }), data: None }
    };
    Some(lens::lenses(here.view(), here.file).into_iter().map(lens).collect())
}

/// The links of a file.
pub(crate) fn links(here: &Here) -> Option<Vec<lsp::DocumentLink>> {
    let folder = here.snapshot.uri(here.file)?.to_file_path()?.parent()?.to_owned();
    let link = |link: links::Link| {
        let (target, tooltip) = match link.to {
            links::To::Web(address) => (address.parse().ok()?, None),
            links::To::File(path) => (lsp::Uri::from_file_path(folder.join(&path))?, Some(path)),
            links::To::Page(page) => (here.snapshot.uri(page.file)?.clone(), Some("the rule's page".to_owned())),
        };
        Some(lsp::DocumentLink { range: here.snapshot.range(link.span), target: Some(target), tooltip, data: None })
    };
    Some(links::links(here.view(), here.file).into_iter().filter_map(link).collect())
}

/// What can be folded away.
pub(crate) fn folding_ranges(here: &Here) -> Option<Vec<lsp::FoldingRange>> {
    let fold = |fold: ranges::Fold| {
        let range = here.snapshot.range(fold.span);
        // The line of a closing brace stays in sight.
        let end_line = if fold.sort == ranges::Sort::Block && here.snapshot.is_closed(fold.span) {
            range.end.line.checked_sub(1)?
        } else {
            range.end.line
        };
        let kind = if fold.sort == ranges::Sort::Comment { lsp::FoldingRangeKind::Comment } else { lsp::FoldingRangeKind::Region };
        (end_line > range.start.line).then_some(lsp::FoldingRange {
            start_line: range.start.line,
            end_line,
            kind: Some(kind),
            start_character: None,
            end_character: None,
            collapsed_text: None,
        })
    };
    Some(ranges::folds(here.view(), here.file).into_iter().filter_map(fold).collect())
}

/// How the selections at some places grow.
pub(crate) fn selection_ranges(here: &Here, positions: &[lsp::Position]) -> Option<Vec<lsp::SelectionRange>> {
    let grown = |position: &lsp::Position| {
        let spans = ranges::selections(here.view(), here.file, here.offset(*position));
        let outermost_first = spans.into_iter().rev();
        let nested = outermost_first.fold(None, |parent: Option<lsp::SelectionRange>, span| {
            Some(lsp::SelectionRange { range: here.snapshot.range(span), parent: parent.map(Box::new) })
        });
        nested.unwrap_or(lsp::SelectionRange { range: lsp::Range { start: *position, end: *position }, parent: None })
    };
    Some(positions.iter().map(grown).collect())
}
