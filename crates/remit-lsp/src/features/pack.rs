//! The features in the files of rule packs: the text as the editor has it, against the packs as they were last right.

use remit_core::ide::pack::{self, NewName, PackView, Sort};
use remit_core::source::{Source, Span};
use tower_lsp::ls_types as lsp;

use crate::features::markdown;
use crate::positions;
use crate::snapshot::Here;

/// A file of a pack.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PackFile<'h> {
    here: &'h Here,
    source: &'h Source,
    /// The path within the pack.
    path: &'h str,
}

impl Here {
    /// The file as one of a pack; `None` for a plan's.
    pub(crate) fn pack(&self) -> Option<PackFile<'_>> {
        let source = self.snapshot.pack_set.current(&self.uri)?;
        let whole = source.path();
        let path = match whole.rfind("/rules/") {
            Some(at) => whole.get(at + 1..)?,
            None => whole.rsplit('/').next()?,
        };
        Some(PackFile { here: self, source, path })
    }
}

impl<'h> PackFile<'h> {
    fn view(self) -> PackView<'h> {
        PackView::new(self.here.snapshot.packs(), self.path, self.source.text())
    }

    fn byte(self, position: lsp::Position) -> usize {
        positions::offset(self.source, position, self.here.snapshot.encoding)
    }

    fn range(self, range: std::ops::Range<usize>) -> lsp::Range {
        positions::range(self.source, Span::new(remit_core::source::FileId(0), range), self.here.snapshot.encoding)
    }

    /// What can be written at a place.
    pub(crate) fn completion(self, position: lsp::Position) -> lsp::CompletionResponse {
        let kind = |sort| match sort {
            Sort::Key => lsp::CompletionItemKind::PROPERTY,
            Sort::Word => lsp::CompletionItemKind::VALUE,
            Sort::Kind => lsp::CompletionItemKind::CLASS,
            Sort::Field => lsp::CompletionItemKind::FIELD,
            Sort::Term => lsp::CompletionItemKind::ENUM_MEMBER,
            Sort::Body => lsp::CompletionItemKind::MODULE,
            Sort::Keyword => lsp::CompletionItemKind::KEYWORD,
            Sort::Name => lsp::CompletionItemKind::REFERENCE,
        };
        let item = |(at, item): (usize, pack::Completion)| lsp::CompletionItem {
            label: item.label,
            kind: Some(kind(item.sort)),
            detail: (!item.detail.is_empty()).then_some(item.detail),
            documentation: (!item.documentation.is_empty()).then(|| lsp::Documentation::MarkupContent(markdown(item.documentation))),
            sort_text: Some(format!("{at:04}")),
            text_edit: Some(lsp::CompletionTextEdit::Edit(lsp::TextEdit { range: self.range(item.replace), new_text: item.text })),
            ..lsp::CompletionItem::default()
        };
        let items = pack::complete(self.view(), self.byte(position));
        lsp::CompletionResponse::Array(items.into_iter().enumerate().map(item).collect())
    }

    /// What there is to read about a word.
    pub(crate) fn hover(self, position: lsp::Position) -> Option<lsp::Hover> {
        let found = pack::hover(self.view(), self.byte(position))?;
        Some(lsp::Hover { range: Some(self.range(found.range)), contents: lsp::HoverContents::Markup(markdown(found.text)) })
    }

    /// Where a word is declared.
    pub(crate) fn definition(self, position: lsp::Position) -> Option<lsp::GotoDefinitionResponse> {
        let place = pack::definition(self.view(), self.byte(position))?;
        self.here.snapshot.location(place).map(lsp::GotoDefinitionResponse::Scalar)
    }

    /// The id that would be given another name.
    pub(crate) fn prepare_rename(self, position: lsp::Position) -> Result<lsp::PrepareRenameResponse, String> {
        let (range, placeholder) = pack::prepare_rename(self.view(), self.byte(position))?;
        Ok(lsp::PrepareRenameResponse::RangeWithPlaceholder { range: self.range(range), placeholder })
    }

    /// What gives a rule another name: its entry, its page, and what they are called.
    pub(crate) fn rename(self, position: lsp::Position, name: &str) -> Result<lsp::WorkspaceEdit, String> {
        let byte = self.byte(position);
        let (_, old) = pack::prepare_rename(self.view(), byte)?;
        let page = self.beside(&format!("rules/{old}.md")).and_then(|uri| self.here.snapshot.pack_set.current(&uri));
        let NewName { edits, files } = pack::rename(self.view(), byte, page.map(Source::text), name)?;
        let mut operations = Vec::new();
        for (path, range, text) in edits {
            let Some((uri, source)) = self.beside(&path).and_then(|uri| Some((uri.clone(), self.here.snapshot.pack_set.current(&uri)?)))
            else {
                continue;
            };
            let range = positions::range(source, Span::new(remit_core::source::FileId(0), range), self.here.snapshot.encoding);
            operations.push(lsp::DocumentChangeOperation::Edit(lsp::TextDocumentEdit {
                text_document: lsp::OptionalVersionedTextDocumentIdentifier { uri, version: None },
                edits: vec![lsp::OneOf::Left(lsp::TextEdit { range, new_text: text })],
            }));
        }
        for (old, new) in files {
            if let (Some(old_uri), Some(new_uri)) =
                (self.beside(&old).filter(|uri| self.here.snapshot.pack_set.current(uri).is_some()), self.beside(&new))
            {
                let rename = lsp::RenameFile { old_uri, new_uri, options: None, annotation_id: None };
                operations.push(lsp::DocumentChangeOperation::Op(lsp::ResourceOp::Rename(rename)));
            }
        }
        Ok(lsp::WorkspaceEdit { document_changes: Some(lsp::DocumentChanges::Operations(operations)), ..lsp::WorkspaceEdit::default() })
    }

    /// What editors call another file of the pack.
    fn beside(self, path: &str) -> Option<lsp::Uri> {
        let own = self.here.uri.to_file_path()?;
        let folder = own.ancestors().nth(self.path.split('/').count())?;
        lsp::Uri::from_file_path(folder.join(path))
    }

    /// The fixes of what is wrong within a range.
    pub(crate) fn code_actions(self, range: lsp::Range) -> lsp::CodeActionResponse {
        let set = &self.here.snapshot.pack_set;
        let within = self.byte(range.start) as u32..=self.byte(range.end) as u32;
        let problems = set
            .errors
            .iter()
            .flat_map(|errors| &errors.problems)
            .filter(|problem| set.error_uri(problem.span.file) == Some(&self.here.uri));
        let here = problems.filter(|problem| problem.span.start <= *within.end() && *within.start() <= problem.span.end);
        let action = |fix: &remit_core::problem::Fix| {
            let edits = fix.edits.iter().map(|edit| lsp::TextEdit { range: self.range(edit.span.range()), new_text: edit.text.clone() });
            lsp::CodeActionOrCommand::CodeAction(lsp::CodeAction {
                title: fix.title.clone(),
                kind: Some(lsp::CodeActionKind::QUICKFIX),
                edit: Some(lsp::WorkspaceEdit {
                    changes: Some([(self.here.uri.clone(), edits.collect())].into()),
                    ..lsp::WorkspaceEdit::default()
                }),
                ..lsp::CodeAction::default()
            })
        };
        here.flat_map(|problem| problem.fixes.iter().map(action)).collect()
    }
}
