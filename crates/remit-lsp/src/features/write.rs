//! What helps while people type: completion, signature help, formatting, and what can be done about what was found.

use remit_core::ide::complete::{self, About, Completion, Mark, More, Sort, Text};
use remit_core::ide::{actions, layout, signature};
use remit_core::problem::Edit;
use remit_core::vocabulary::{KindId, ScaleId, TermId, UnitId};
use serde_json::{Value, json};
use tower_lsp::ls_types as lsp;

use crate::diagnostics;
use crate::features::{markdown, sort_edits};
use crate::snapshot::Here;

/// Whether an editor fills in the gaps of a snippet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Snippets {
    /// It does.
    Filled,
    /// It inserts what it is given as it stands.
    #[default]
    Plain,
}

/// What can be written at a place.
pub(crate) fn completion(here: &Here, position: lsp::Position, snippets: Snippets) -> Option<lsp::CompletionResponse> {
    if let Some(pack) = here.pack() {
        return Some(pack.completion(position));
    }
    let found = complete::complete(here.view(), here.file, here.offset(position));
    let uri = here.snapshot.uri(here.file)?;
    let items = found.items.iter().enumerate().map(|(at, item)| completion_item(here, uri, item, at, snippets)).collect();
    Some(lsp::CompletionResponse::List(lsp::CompletionList { is_incomplete: found.more == More::Yes, items }))
}

fn completion_item(here: &Here, uri: &lsp::Uri, item: &Completion, at: usize, snippets: Snippets) -> lsp::CompletionItem {
    let (text, format) = match &item.text {
        Text::Snippet(snippet) if snippets == Snippets::Filled => (snippet.clone(), lsp::InsertTextFormat::SNIPPET),
        Text::Snippet(snippet) => (plain(snippet), lsp::InsertTextFormat::PLAIN_TEXT),
        Text::Plain(plain) => (plain.clone(), lsp::InsertTextFormat::PLAIN_TEXT),
    };
    let kind = match item.sort {
        Sort::Kind => lsp::CompletionItemKind::CLASS,
        Sort::Field => lsp::CompletionItemKind::FIELD,
        Sort::Row => lsp::CompletionItemKind::PROPERTY,
        Sort::Clause => lsp::CompletionItemKind::KEYWORD,
        Sort::Body => lsp::CompletionItemKind::MODULE,
        Sort::Term => lsp::CompletionItemKind::ENUM_MEMBER,
        Sort::Level => lsp::CompletionItemKind::ENUM,
        Sort::Name => lsp::CompletionItemKind::REFERENCE,
        Sort::Unit => lsp::CompletionItemKind::UNIT,
        Sort::Value => lsp::CompletionItemKind::VALUE,
        Sort::Rule => lsp::CompletionItemKind::INTERFACE,
    };
    let range = here.snapshot.range(item.replace);
    let description = match item.mark {
        Mark::Reserved => Some("reserved".to_owned()),
        Mark::Gone => Some("did not exist then".to_owned()),
        Mark::None => None,
    };
    lsp::CompletionItem {
        label: item.label.clone(),
        label_details: description.map(|description| lsp::CompletionItemLabelDetails { detail: None, description: Some(description) }),
        kind: Some(kind),
        detail: Some(item.detail.clone()),
        tags: (item.mark == Mark::Gone).then(|| vec![lsp::CompletionItemTag::DEPRECATED]),
        sort_text: Some(format!("{at:04}")),
        filter_text: (item.filter != item.label).then(|| item.filter.clone()),
        insert_text_format: Some(format),
        text_edit: Some(lsp::CompletionTextEdit::Edit(lsp::TextEdit { range, new_text: text })),
        data: Some(json!({ "uri": uri, "about": kept(&item.about) })),
        ..lsp::CompletionItem::default()
    }
}

/// A snippet for an editor that fills nothing in: without its gaps.
fn plain(snippet: &str) -> String {
    let mut text = String::new();
    let mut rest = snippet;
    while let Some((before, gap)) = rest.split_once('$') {
        text.push_str(before);
        rest = match gap.strip_prefix('{') {
            Some(gap) => {
                let (inside, after) = gap.split_once('}').unwrap_or((gap, ""));
                text.push_str(inside.split_once(':').map_or("", |(_, shown)| shown));
                after
            }
            None => gap.trim_start_matches(|letter: char| letter.is_ascii_digit()),
        };
    }
    text + rest
}

/// What a completion is about, as an editor keeps it until somebody looks at it.
fn kept(about: &About) -> Value {
    match about {
        About::Kind(kind) => json!(["kind", kind.0]),
        About::Field(kind, name) => json!(["field", kind.0, &**name]),
        About::Statement(kind, name) => json!(["statement", kind.0, &**name]),
        About::Body(code) => json!(["body", &**code]),
        About::Term(term) => json!(["term", term.0]),
        About::Level(scale, level) => json!(["level", scale.0, level]),
        About::Unit(unit) => json!(["unit", unit.0]),
        About::Rule(at) => json!(["rule", at]),
        About::Words(words) => json!(["words", words]),
    }
}

fn about(kept: &Value) -> Option<About> {
    let number = |at: usize| kept.get(at).and_then(Value::as_u64);
    let word = |at: usize| kept.get(at).and_then(Value::as_str);
    let small = |at: usize| number(at).and_then(|number| u16::try_from(number).ok());
    Some(match word(0)? {
        "kind" => About::Kind(KindId(small(1)?)),
        "field" => About::Field(KindId(small(1)?), word(2)?.into()),
        "statement" => About::Statement(KindId(small(1)?), word(2)?.into()),
        "body" => About::Body(word(1)?.into()),
        "term" => About::Term(TermId(u32::try_from(number(1)?).ok()?)),
        "level" => About::Level(ScaleId(small(1)?), u8::try_from(number(2)?).ok()?),
        "unit" => About::Unit(UnitId(small(1)?)),
        "rule" => About::Rule(usize::try_from(number(1)?).ok()?),
        _ => About::Words(word(1)?.to_owned()),
    })
}

/// The document in which a completion was offered.
pub(crate) fn completed_in(item: &lsp::CompletionItem) -> Option<lsp::Uri> {
    item.data.as_ref()?.get("uri")?.as_str()?.parse().ok()
}

/// A completion with what there is to read about it.
pub(crate) fn resolved(here: &Here, mut item: lsp::CompletionItem) -> lsp::CompletionItem {
    if let Some(about) = item.data.as_ref().and_then(|data| about(data.get("about")?)) {
        let text = complete::documentation(here.view(), &about);
        item.documentation = (!text.is_empty()).then(|| lsp::Documentation::MarkupContent(markdown(text)));
    }
    item
}

/// The form of the statement at a place.
pub(crate) fn signature_help(here: &Here, position: lsp::Position) -> Option<lsp::SignatureHelp> {
    let signature = signature::signature(here.view(), here.file, here.offset(position))?;
    // Whatever an editor counts in, parts of a label are counted in UTF-16.
    let units = |to: usize| signature.label.get(..to).map_or(0, |before| before.encode_utf16().count() as u32);
    let parameters = signature.parts.iter().map(|(range, doc)| lsp::ParameterInformation {
        label: lsp::ParameterLabel::LabelOffsets([units(range.start), units(range.end)]),
        documentation: Some(lsp::Documentation::MarkupContent(markdown(doc.clone()))),
    });
    let active = signature.active.map(|active| active as u32);
    Some(lsp::SignatureHelp {
        signatures: vec![lsp::SignatureInformation {
            parameters: Some(parameters.collect()),
            documentation: Some(lsp::Documentation::MarkupContent(markdown(signature.documentation.clone()))),
            active_parameter: active,
            label: signature.label.clone(),
        }],
        active_signature: Some(0),
        active_parameter: active,
    })
}

/// The changes that lay out a file.
pub(crate) fn formatting(here: &Here) -> Option<Vec<lsp::TextEdit>> {
    Some(text_edits(here, &layout::whole(here.view(), here.file)))
}

/// The changes that lay out some lines.
pub(crate) fn range_formatting(here: &Here, range: lsp::Range) -> Option<Vec<lsp::TextEdit>> {
    Some(text_edits(here, &layout::range(here.view(), here.snapshot.span(here.file, range))))
}

/// The changes that line up what was just typed.
pub(crate) fn on_type_formatting(here: &Here, position: lsp::Position) -> Option<Vec<lsp::TextEdit>> {
    Some(text_edits(here, &layout::as_typed(here.view(), here.file, here.offset(position))))
}

fn text_edits(here: &Here, edits: &[Edit]) -> Vec<lsp::TextEdit> {
    edits.iter().map(|edit| lsp::TextEdit { range: here.snapshot.range(edit.span), new_text: edit.text.clone() }).collect()
}

/// What can be done about what stands at a place.
pub(crate) fn code_actions(here: &Here, params: &lsp::CodeActionParams) -> Option<lsp::CodeActionResponse> {
    if let Some(pack) = here.pack() {
        return Some(pack.code_actions(params.range));
    }
    let within = here.snapshot.span(here.file, params.range);
    let wanted = |kind: &lsp::CodeActionKind| {
        let asked = params.context.only.as_ref();
        asked.is_none_or(|only| {
            only.iter().any(|only| kind.as_str() == only.as_str() || kind.as_str().starts_with(&format!("{}.", only.as_str())))
        })
    };
    let mut found = Vec::new();
    for action in actions::actions(here.view(), within) {
        let kind = match action.sort {
            actions::Sort::Fix | actions::Sort::Answer => lsp::CodeActionKind::QUICKFIX,
            actions::Sort::Move => lsp::CodeActionKind::REFACTOR_EXTRACT,
            actions::Sort::FixAll => lsp::CodeActionKind::SOURCE_FIX_ALL,
        };
        if !wanted(&kind) {
            continue;
        }
        let findings = &here.snapshot.analysis().findings;
        let finding = action.finding.and_then(|at| findings.get(at));
        // A fix is the one to take where it is the only certain one.
        let preferred = finding.is_some_and(|finding| finding.problem.fixes.len() == 1) && action.sort == actions::Sort::Fix;
        let answers = finding.map(|finding| vec![diagnostics::of_finding(&here.snapshot, finding)]);
        found.push(lsp::CodeActionOrCommand::CodeAction(lsp::CodeAction {
            title: action.title.clone(),
            kind: Some(kind),
            diagnostics: answers,
            edit: Some(workspace_edit(here, &action)?),
            is_preferred: preferred.then_some(true),
            ..lsp::CodeAction::default()
        }));
    }
    Some(found)
}

fn workspace_edit(here: &Here, action: &actions::Action) -> Option<lsp::WorkspaceEdit> {
    let changes = sort_edits(here, &action.edits)?;
    let Some((name, text)) = &action.makes else {
        return Some(lsp::WorkspaceEdit { changes: Some(changes), ..lsp::WorkspaceEdit::default() });
    };
    let folder = here.snapshot.uri(here.file)?.to_file_path()?.parent()?.to_owned();
    let uri = lsp::Uri::from_file_path(folder.join(name))?;
    let edit = |uri: lsp::Uri, edits: Vec<lsp::TextEdit>| {
        lsp::DocumentChangeOperation::Edit(lsp::TextDocumentEdit {
            text_document: lsp::OptionalVersionedTextDocumentIdentifier { uri, version: None },
            edits: edits.into_iter().map(lsp::OneOf::Left).collect(),
        })
    };
    let make = lsp::CreateFile { uri: uri.clone(), options: None, annotation_id: None };
    let mut operations = vec![lsp::DocumentChangeOperation::Op(lsp::ResourceOp::Create(make))];
    operations.push(edit(uri, vec![lsp::TextEdit { range: lsp::Range::default(), new_text: text.clone() }]));
    operations.extend(changes.into_iter().map(|(uri, edits)| edit(uri, edits)));
    Some(lsp::WorkspaceEdit { document_changes: Some(lsp::DocumentChanges::Operations(operations)), ..lsp::WorkspaceEdit::default() })
}
