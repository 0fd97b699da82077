//! What the core answers about a file, in the protocol's words: one function for each question.

pub(crate) mod colour;
pub(crate) mod pack;
pub(crate) mod read;
pub(crate) mod walk;
pub(crate) mod write;

use std::collections::HashMap;

use remit_core::ide::View;
use remit_core::problem::Edit;
use remit_core::source::Span;
use tower_lsp::ls_types as lsp;

use crate::snapshot::{Here, Snapshot};

impl Snapshot {
    /// The plan, as the core's features look at it.
    pub(crate) fn view(&self) -> View<'_> {
        View::new(self.opened(), self.packs(), &self.memory)
    }

    /// Whether a run of bytes ends before a closing brace.
    pub(crate) fn is_closed(&self, span: Span) -> bool {
        self.source(span.file).is_some_and(|source| source.slice(span.end as usize..span.end as usize + 1) == "}")
    }
}

impl Here {
    pub(crate) fn view(&self) -> View<'_> {
        self.snapshot.view()
    }

    pub(crate) fn offset(&self, position: lsp::Position) -> u32 {
        self.snapshot.offset(self.file, position)
    }
}

fn markdown(value: String) -> lsp::MarkupContent {
    lsp::MarkupContent { kind: lsp::MarkupKind::Markdown, value }
}

/// Changes by the document that they are in; `None` where one is in none that an editor can open.
fn sort_edits(here: &Here, edits: &[Edit]) -> Option<HashMap<lsp::Uri, Vec<lsp::TextEdit>>> {
    let mut changes: HashMap<lsp::Uri, Vec<lsp::TextEdit>> = HashMap::new();
    for edit in edits {
        let uri = here.snapshot.uri(edit.span.file)?.clone();
        let range = here.snapshot.range(edit.span);
        changes.entry(uri).or_default().push(lsp::TextEdit { range, new_text: edit.text.clone() });
    }
    Some(changes)
}

/// What is said of the features when the server introduces itself.
pub(crate) fn capabilities() -> lsp::ServerCapabilities {
    let words = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
    lsp::ServerCapabilities {
        completion_provider: Some(lsp::CompletionOptions {
            resolve_provider: Some(true),
            trigger_characters: words(&[" ", ",", ".", "{", "["]),
            ..lsp::CompletionOptions::default()
        }),
        hover_provider: Some(lsp::HoverProviderCapability::Simple(true)),
        signature_help_provider: Some(lsp::SignatureHelpOptions {
            trigger_characters: words(&[" "]),
            retrigger_characters: words(&[",", " "]),
            ..lsp::SignatureHelpOptions::default()
        }),
        definition_provider: Some(lsp::OneOf::Left(true)),
        type_definition_provider: Some(lsp::TypeDefinitionProviderCapability::Simple(true)),
        references_provider: Some(lsp::OneOf::Left(true)),
        document_highlight_provider: Some(lsp::OneOf::Left(true)),
        rename_provider: Some(lsp::OneOf::Right(lsp::RenameOptions {
            prepare_provider: Some(true),
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        })),
        document_symbol_provider: Some(lsp::OneOf::Left(true)),
        workspace_symbol_provider: Some(lsp::OneOf::Left(true)),
        semantic_tokens_provider: Some(
            lsp::SemanticTokensOptions {
                legend: colour::legend(),
                range: Some(true),
                full: Some(lsp::SemanticTokensFullOptions::Delta { delta: Some(true) }),
                ..lsp::SemanticTokensOptions::default()
            }
            .into(),
        ),
        inlay_hint_provider: Some(lsp::OneOf::Left(true)),
        code_lens_provider: Some(lsp::CodeLensOptions { resolve_provider: Some(false) }),
        document_link_provider: Some(lsp::DocumentLinkOptions {
            resolve_provider: Some(false),
            work_done_progress_options: lsp::WorkDoneProgressOptions::default(),
        }),
        folding_range_provider: Some(lsp::FoldingRangeProviderCapability::Simple(true)),
        selection_range_provider: Some(lsp::SelectionRangeProviderCapability::Simple(true)),
        document_formatting_provider: Some(lsp::OneOf::Left(true)),
        document_range_formatting_provider: Some(lsp::OneOf::Left(true)),
        document_on_type_formatting_provider: Some(lsp::DocumentOnTypeFormattingOptions {
            first_trigger_character: "\n".to_owned(),
            more_trigger_character: words(&["}", ";"]),
        }),
        code_action_provider: Some(lsp::CodeActionProviderCapability::Options(lsp::CodeActionOptions {
            code_action_kinds: Some(vec![
                lsp::CodeActionKind::QUICKFIX,
                lsp::CodeActionKind::REFACTOR_EXTRACT,
                lsp::CodeActionKind::SOURCE_FIX_ALL,
            ]),
            ..lsp::CodeActionOptions::default()
        })),
        call_hierarchy_provider: Some(lsp::CallHierarchyServerCapability::Simple(true)),
        ..lsp::ServerCapabilities::default()
    }
}
